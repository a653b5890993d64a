/*
 * Whatever PostgreSQL answers: MORE is a file of queries (cte.sql, ...), and
 * the server is the one that PGHOST, PGPORT and PGDATABASE name. A question is
 * one execution of a prepared statement, timed in the client: the round trip
 * and the transfer of all rows are in it.
 *
 * In the file, "-- version: SQL" is asked for the version, "-- set: SQL" is run
 * after connecting, "-- columns: SOURCE TARGET" names other columns than a and
 * b, and "-- query count|rows all|hops" begins a query: $1 the start, $2 the bound
 * (or, where there is none, a bound for the distances). :graph, :from, :to and
 * :direction are replaced.
 */
#include <libpq-fe.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rival.h"

#define MAX_QUERY 4096

static PGconn *connection;
static char query[2][2][MAX_QUERY]; /* by rows, and whether bounded */
static bool is_prepared[3][2][2];	/* by direction, too: out, in, both */
static const char *graph;
static char column[2][64] = {"a", "b"};

static PGresult *
checked(PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		rival_die("%s", PQerrorMessage(connection));
	return result;
}

/* SQL with the names put in. Only ":direction" can say that it is both. */
static char *
filled_in(const char *sql, bool in, bool both)
{
	static const char *const name[] = {":graph", ":from", ":to", ":direction"};
	const char *const value[] = {graph, column[in], column[!in], both ? "both" : in ? "in" : "out"};
	static char text[2 * MAX_QUERY];
	size_t		n = 0;

	while (*sql && n < MAX_QUERY)
	{
		int			which;

		for (which = 0; which < 4; which++)
			if (strncmp(sql, name[which], strlen(name[which])) == 0)
				break;
		if (which == 4)
			text[n++] = *sql++;
		else
		{
			n += (size_t) sprintf(text + n, "%s", value[which]);
			sql += strlen(name[which]);
		}
	}
	text[n] = '\0';
	return text;
}

static void
read_queries(const char *path)
{
	FILE	   *file = fopen(path, "r");
	char		line[MAX_QUERY];
	char	   *to = NULL;

	if (!file)
		rival_die("%s: %s", path, strerror(errno));
	while (fgets(line, sizeof(line), file))
	{
		char		mode[8];
		char		bound[8];

		if (sscanf(line, "-- query %7s %7s", mode, bound) == 2)
			to = query[strcmp(mode, "rows") == 0][strcmp(bound, "hops") == 0];
		else if (strncmp(line, "-- version: ", 12) == 0)
		{
			PGresult   *result = checked(PQexec(connection, line + 12));

			rival_say("version", PQgetvalue(result, 0, 0));
			PQclear(result);
		}
		else if (sscanf(line, "-- columns: %63s %63s", column[0], column[1]) == 2)
			continue;
		else if (strncmp(line, "-- set: ", 8) == 0)
		{
			rival_say("settings", line + 8);
			PQclear(checked(PQexec(connection, line + 8)));
		}
		else if (to && strncmp(line, "--", 2) != 0 && strlen(to) + strlen(line) < MAX_QUERY)
			strcat(to, line);
	}
	fclose(file);
}

void
rival_load(const Setup *setup)
{
	graph = setup->graph;
	connection = PQconnectdb("");
	if (PQstatus(connection) != CONNECTION_OK)
		rival_die("%s", PQerrorMessage(connection));
	if (!setup->more)
		rival_die("no file of queries");
	read_queries(setup->more);
	for (int i = 0; i < 4; i++)
		if (query[i / 2][i % 2][0])
			rival_say("query", filled_in(query[i / 2][i % 2], true, false));
}

/* The first two columns are the node and its distance. */
static void
write_rows(const PGresult *result, FILE *into)
{
	for (int i = 0; i < PQntuples(result); i++)
	{
		fputs(PQgetvalue(result, i, 0), into);
		if (PQnfields(result) > 1)
			fprintf(into, "\t%s", PQgetvalue(result, i, 1));
		fputc('\n', into);
	}
}

Answer
rival_ask(const Question *question)
{
	bool		bounded = question->hops >= 0;
	char	   *sql = query[question->rows][bounded];
	int			direction = question->both ? 2 : question->in;
	bool	   *prepared = &is_prepared[direction][question->rows][bounded];
	char		name[8];
	char		hops[24];
	const char *values[2] = {question->start, hops};
	Oid			types[2] = {0, 23};	/* int4 */
	int			parameters = strstr(sql, "$2") ? 2 : 1;
	Answer		answer = {.count = -1, .touched = -1, .levels = -1};
	PGresult   *result;

	if (!sql[0])
		return answer;
	snprintf(hops, sizeof(hops), "%ld", bounded ? question->hops : question->levels);
	snprintf(name, sizeof(name), "q%d%d%d", direction, question->rows, bounded);
	if (!*prepared)
		PQclear(checked(PQprepare(connection, name, filled_in(sql, question->in, question->both), parameters, types)));
	*prepared = true;

	result = PQexecPrepared(connection, name, parameters, values, NULL, NULL, 0);
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		rival_die("%s", PQerrorMessage(connection));
	if (question->into)
		write_rows(result, question->into);
	answer.count = question->rows ? PQntuples(result) : atol(PQgetvalue(result, 0, 0));
	PQclear(result);
	return answer;
}
