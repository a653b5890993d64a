/* SQLite in WAL mode, every commit synced; the tables of parseltongue. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "writer.h"

typedef struct Connection
{
	sqlite3    *database;
	sqlite3_stmt *begin;
	sqlite3_stmt *commit;
	sqlite3_stmt *work[3];
} Connection;

static char path[4096];

static const char *const sql[3] = {
	"INSERT INTO entity (key, name, entity_type, entity_class, language, file_path, line_start, line_end) "
	"VALUES (?1, ?1, 'function', 'CODE', 'c', ?2, 1, 20) ON CONFLICT (key) DO UPDATE SET file_path = excluded.file_path",
	"INSERT INTO edge VALUES (?1, ?2, 'Calls', ?3) "
	"ON CONFLICT DO UPDATE SET source_location = excluded.source_location",
	"SELECT * FROM entity WHERE key = ?1"
};

static void
run(sqlite3 *database, const char *text)
{
	if (sqlite3_exec(database, text, NULL, NULL, NULL) != SQLITE_OK)
		writer_die(text, sqlite3_errmsg(database));
}

static void
step(Connection *connection, sqlite3_stmt *statement)
{
	int			code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW)
		;
	if (code != SQLITE_DONE)
		writer_die("step", sqlite3_errmsg(connection->database));
	sqlite3_reset(statement);
}

void
writer_open(const char *folder)
{
	sqlite3    *database;

	snprintf(path, sizeof(path), "%s/write.sqlite", folder);
	if (sqlite3_open(path, &database) != SQLITE_OK)
		writer_die(path, sqlite3_errmsg(database));
	run(database, "PRAGMA journal_mode = WAL");
	run(database, "CREATE TABLE IF NOT EXISTS entity (key TEXT PRIMARY KEY, name TEXT, entity_type TEXT, "
		"entity_class TEXT, language TEXT, file_path TEXT, line_start INTEGER, line_end INTEGER, "
		"signature TEXT, code TEXT, properties TEXT NOT NULL DEFAULT '{}', "
		"updated_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP) WITHOUT ROWID");
	run(database, "CREATE TABLE IF NOT EXISTS edge (from_key TEXT NOT NULL, to_key TEXT NOT NULL, "
		"edge_type TEXT NOT NULL, source_location TEXT, PRIMARY KEY (from_key, to_key, edge_type)) WITHOUT ROWID");
	run(database, "CREATE INDEX IF NOT EXISTS edge_to ON edge (to_key, from_key)");
	sqlite3_close(database);
}

void *
writer_connect(void)
{
	Connection *connection = calloc(1, sizeof(Connection));

	if (!connection || sqlite3_open(path, &connection->database) != SQLITE_OK)
		writer_die(path, "cannot be opened");
	run(connection->database, "PRAGMA synchronous = FULL; PRAGMA cache_size = -200000");
	sqlite3_busy_timeout(connection->database, 60000);
	sqlite3_prepare_v2(connection->database, "BEGIN IMMEDIATE", -1, &connection->begin, NULL);
	sqlite3_prepare_v2(connection->database, "COMMIT", -1, &connection->commit, NULL);
	for (int i = 0; i < 3; i++)
		if (sqlite3_prepare_v2(connection->database, sql[i], -1, &connection->work[i], NULL) != SQLITE_OK)
			writer_die(sql[i], sqlite3_errmsg(connection->database));
	return connection;
}

void
writer_work(void *argument, Work work, long first, int n)
{
	Connection *connection = argument;
	sqlite3_stmt *statement = connection->work[work];
	char		text[3][TEXT_LENGTH];

	if (work != WORK_READ)
		step(connection, connection->begin);
	for (long item = first; item < first + n; item++)
	{
		sqlite3_bind_text(statement, 1, writer_key(text[0], item), -1, SQLITE_STATIC);
		if (work == WORK_ENTITY)
			sqlite3_bind_text(statement, 2, writer_file(text[1], item), -1, SQLITE_STATIC);
		else if (work == WORK_EDGE)
		{
			sqlite3_bind_text(statement, 2, writer_key(text[1], item * 7919 % 1000003), -1, SQLITE_STATIC);
			sqlite3_bind_text(statement, 3, writer_file(text[2], item), -1, SQLITE_STATIC);
		}
		step(connection, statement);
	}
	if (work != WORK_READ)
		step(connection, connection->commit);
}
