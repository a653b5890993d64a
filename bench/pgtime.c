/*
 * pgtime: statements timed one by one in a client of PostgreSQL.
 *
 * Reads lines "LABEL<TAB>CONNECTION<TAB>SQL" and prints, for each, "LABEL<TAB>
 * MICROSECONDS<TAB>VALUE": the time from sending to having all rows, and the
 * first column of the first row, or the number of rows in brackets. Connections
 * have names and are opened when first named. "+" is a new connection for this
 * one statement, whose time it prints without, and then a second line
 * "LABEL connected" with that of connecting. A failure is "LABEL<TAB>error<TAB>
 * MESSAGE", and the next line is read. The server is the one that PGHOST, ... name.
 */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_CONNECTIONS 64
#define MAX_NAME 32

typedef struct Connection
{
	char		name[MAX_NAME];
	PGconn	   *conn;
} Connection;

static Connection connections[MAX_CONNECTIONS];

static double
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

/* Notices, such as that an answer was cut, are not for the terminal. */
static void
ignore_notice(void *arg, const PGresult *result)
{
	(void) arg;
	(void) result;
}

static PGconn *
connect_now(void)
{
	PGconn	   *conn = PQconnectdb("");

	if (PQstatus(conn) != CONNECTION_OK)
	{
		fprintf(stderr, "pgtime: %s", PQerrorMessage(conn));
		exit(1);
	}
	PQsetNoticeReceiver(conn, ignore_notice, NULL);
	return conn;
}

static PGconn *
connection_of(const char *name)
{
	for (int i = 0; i < MAX_CONNECTIONS; i++)
	{
		if (!connections[i].conn)
		{
			snprintf(connections[i].name, MAX_NAME, "%s", name);
			connections[i].conn = connect_now();
		}
		if (strcmp(connections[i].name, name) == 0)
			return connections[i].conn;
	}
	fprintf(stderr, "pgtime: more than %d connections\n", MAX_CONNECTIONS);
	exit(1);
}

static void
print_line(const char *label, const char *what, const char *text)
{
	printf("%s\t%s\t", label, what);
	for (; *text; text++)
		putchar(*text == '\n' || *text == '\t' ? ' ' : *text);
	putchar('\n');
}

static void
run(const char *label, PGconn *conn, const char *sql)
{
	double		begun = now_us();
	PGresult   *result = PQexec(conn, sql);
	double		took = now_us() - begun;
	ExecStatusType status = PQresultStatus(result);
	char		time[32];
	char		rows[32];

	snprintf(time, sizeof(time), "%.1f", took);
	snprintf(rows, sizeof(rows), "[%d]", PQntuples(result));
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		print_line(label, "error", PQerrorMessage(conn));
	else
		print_line(label, time, PQntuples(result) == 1 ? PQgetvalue(result, 0, 0) : rows);
	PQclear(result);
}

static void
take(char *line)
{
	char	   *label = strsep(&line, "\t");
	char	   *name = strsep(&line, "\t");

	if (!line)
	{
		fprintf(stderr, "pgtime: not understood: %s\n", label);
		exit(1);
	}
	if (strcmp(name, "+") == 0)
	{
		double		begun = now_us();
		PGconn	   *conn = connect_now();
		double		took = now_us() - begun;

		run(label, conn, line);
		printf("%s connected\t%.1f\t\n", label, took);
		PQfinish(conn);
	}
	else
		run(label, connection_of(name), line);
}

int
main(void)
{
	char	   *line = NULL;
	size_t		allocated = 0;
	ssize_t		length;

	while ((length = getline(&line, &allocated, stdin)) > 0)
	{
		if (line[length - 1] == '\n')
			line[length - 1] = '\0';
		take(line);
		fflush(stdout);
	}
	return 0;
}
