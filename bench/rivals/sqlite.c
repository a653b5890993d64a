/*
 * SQLite: recursive CTEs over a table clustered by source and an index by
 * target, both covering. In the asking process: no round trip to a server.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rival.h"

static const char settings[] =
	"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -2000000; "
	"PRAGMA mmap_size = 4000000000; PRAGMA temp_store = MEMORY;";

static const char schema[] =
	"CREATE TABLE edge (a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a, b)) WITHOUT ROWID; "
	"CREATE INDEX edge_b ON edge (b, a); ANALYZE;";

/* By direction, rows, and whether the hops are bounded. */
#define EVERYTHING(from, to, result) \
	"WITH RECURSIVE r(x) AS (SELECT ?1 UNION SELECT e." to " FROM r JOIN edge e ON e." from " = r.x) " result
#define BOUNDED(from, to, result) \
	"WITH RECURSIVE r(x, d) AS (SELECT ?1, 0 UNION SELECT e." to ", r.d + 1 FROM r " \
	"JOIN edge e ON e." from " = r.x WHERE r.d < ?2) " result

static const char *const query[2][2][2] = {
	{
		{EVERYTHING("a", "b", "SELECT count(*) - 1 FROM r"),
		BOUNDED("a", "b", "SELECT count(DISTINCT x) - 1 FROM r")},
		{EVERYTHING("a", "b", "SELECT x FROM r WHERE x <> ?1"),
		BOUNDED("a", "b", "SELECT x, min(d) FROM r WHERE x <> ?1 GROUP BY x")},
	}, {
		{EVERYTHING("b", "a", "SELECT count(*) - 1 FROM r"),
		BOUNDED("b", "a", "SELECT count(DISTINCT x) - 1 FROM r")},
		{EVERYTHING("b", "a", "SELECT x FROM r WHERE x <> ?1"),
		BOUNDED("b", "a", "SELECT x, min(d) FROM r WHERE x <> ?1 GROUP BY x")},
	},
};

static sqlite3 *database;
static sqlite3_stmt *prepared[2][2][2];

static void
run(const char *sql)
{
	char	   *message = NULL;

	if (sqlite3_exec(database, sql, NULL, NULL, &message) != SQLITE_OK)
		rival_die("%s: %s", sql, message ? message : "?");
}

static sqlite3_stmt *
prepare(const char *sql)
{
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK)
		rival_die("%s: %s", sql, sqlite3_errmsg(database));
	return statement;
}

static void
fill(const Setup *setup)
{
	size_t		n;
	uint32_t   *edge = rival_edges(setup, &n);
	sqlite3_stmt *insert;

	run("BEGIN");
	run("CREATE TABLE edge (a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a, b)) WITHOUT ROWID");
	insert = prepare("INSERT INTO edge VALUES (?1, ?2)");
	for (size_t i = 0; i < n; i++)
	{
		sqlite3_bind_int64(insert, 1, edge[2 * i]);
		sqlite3_bind_int64(insert, 2, edge[2 * i + 1]);
		if (sqlite3_step(insert) != SQLITE_DONE)
			rival_die("insert: %s", sqlite3_errmsg(database));
		sqlite3_reset(insert);
	}
	sqlite3_finalize(insert);
	run("CREATE INDEX edge_b ON edge (b, a)");
	run("COMMIT");
	run("ANALYZE");
	run("PRAGMA wal_checkpoint(TRUNCATE)");
	free(edge);
}

void
rival_load(const Setup *setup)
{
	char		path[4096];
	bool		there;

	snprintf(path, sizeof(path), "%s/edges.sqlite", setup->folder);
	there = access(path, F_OK) == 0;
	if (sqlite3_open(path, &database) != SQLITE_OK)
		rival_die("%s: %s", path, sqlite3_errmsg(database));
	run(settings);
	if (!there)
		fill(setup);
	for (int in = 0; in < 2; in++)
		for (int rows = 0; rows < 2; rows++)
			for (int bounded = 0; bounded < 2; bounded++)
				prepared[in][rows][bounded] = prepare(query[in][rows][bounded]);
	rival_say("version", sqlite3_libversion());
	rival_say("settings", settings);
	rival_say("settings", schema);
	rival_say("query", query[0][0][0]);
	rival_say("query", query[0][1][1]);
}

/* The node and, in bounded queries, its distance. */
static void
write_row(sqlite3_stmt *statement, FILE *into)
{
	fprintf(into, "%lld", (long long) sqlite3_column_int64(statement, 0));
	if (sqlite3_column_count(statement) > 1)
		fprintf(into, "\t%lld", (long long) sqlite3_column_int64(statement, 1));
	fputc('\n', into);
}

Answer
rival_ask(const Question *question)
{
	sqlite3_stmt *statement = prepared[question->in][question->rows][question->hops >= 0];
	long		count = 0;
	int			code;

	sqlite3_bind_int64(statement, 1, atol(question->start));
	if (question->hops >= 0)
		sqlite3_bind_int64(statement, 2, question->hops);
	while ((code = sqlite3_step(statement)) == SQLITE_ROW)
	{
		if (question->rows)
			count++;
		else
			count = sqlite3_column_int64(statement, 0);
		if (question->into)
			write_row(statement, question->into);
	}
	if (code != SQLITE_DONE)
		rival_die("%s", sqlite3_errmsg(database));
	sqlite3_reset(statement);
	return (Answer) {.count = count, .touched = -1, .levels = -1};
}
