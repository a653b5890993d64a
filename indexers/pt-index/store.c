/*
 * store.c
 *		The database, by libpq.
 *
 * Rows are copied into the table that pt_import_stage makes, as tools/pt-import
 * does it, and pt_replace_staged does the rest in the same transaction. Should
 * two of them want the same rows in such ways that the server ends one, it is
 * tried again.
 */
#include "store.h"

#include "report.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TRIES 5
#define COPY_BYTES (1 << 20)

struct Store
{
	PGconn	   *connection;
	char	   *schema;			/* of the extension, quoted */
	char	   *graph;			/* oid of the edge table */
	Text		error;
	char		state[6];		/* its SQLSTATE */
};

const char *
store_error(Store *store)
{
	return store->error.length > 0 ? store->error.bytes : "unknown error";
}

/* The message of the last error on one line. */
static void
remember_error(Store *store, const PGresult *result)
{
	const char *message = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	const char *hint = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_HINT) : NULL;

	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;

	text_clear(&store->error);
	snprintf(store->state, sizeof(store->state), "%s", state ? state : "");
	text_adds(&store->error, message ? message : PQerrorMessage(store->connection));
	if (hint != NULL)
		text_addf(&store->error, " (%s)", hint);
	for (size_t i = 0; i < store->error.length; i++)
	{
		if (store->error.bytes[i] == '\n')
			store->error.bytes[i] = ' ';
	}
	while (store->error.length > 0 && store->error.bytes[store->error.length - 1] == ' ')
		store->error.bytes[--store->error.length] = '\0';
}

/* The result of a statement, or NULL after an error, which is remembered. */
static PGresult *
ask(Store *store, const char *sql, int nvalues, const char *const *values)
{
	PGresult   *result = PQexecParams(store->connection, sql, nvalues, NULL, values, NULL, NULL, 0);
	ExecStatusType status = PQresultStatus(result);

	if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_COPY_IN)
		return result;
	remember_error(store, result);
	PQclear(result);
	return NULL;
}

static bool
run(Store *store, const char *sql)
{
	PGresult   *result = ask(store, sql, 0, NULL);

	PQclear(result);
	return result != NULL;
}

/* ---- opening ---- */

static void
ignore_notice(void *state, const PGresult *result)
{
	(void) state;
	(void) result;
}

static char *
copy_value(const PGresult *result, int column)
{
	return copy_span(span_of(PQgetvalue(result, 0, column)));
}

static bool
find_extension(Store *store)
{
	PGresult   *result = ask(store,
							 "SELECT pg_catalog.quote_ident(n.nspname), "
							 "pg_catalog.to_regprocedure('_parseltongue.pt_replace_staged(text[],text[],pg_catalog.regclass)') IS NOT NULL "
							 "FROM pg_catalog.pg_extension AS e JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace "
							 "WHERE e.extname = 'parseltongue'", 0, NULL);

	if (result == NULL)
		return false;
	text_clear(&store->error);
	if (PQntuples(result) == 0)
		text_addf(&store->error, "database \"%s\" has no extension parseltongue (CREATE EXTENSION parseltongue makes it)",
				  PQdb(store->connection));
	else if (*PQgetvalue(result, 0, 1) != 't')
		text_addf(&store->error, "the extension parseltongue of database \"%s\" is of another release than this pt-index "
				  "(ALTER EXTENSION parseltongue UPDATE may help)", PQdb(store->connection));
	else
		store->schema = copy_value(result, 0);
	PQclear(result);
	return store->schema != NULL;
}

/* Make the codebase SCHEMA of SCHEMA.pt_edge unless it is there. */
static bool
create_codebase(Store *store, const char *graph)
{
	Text		sql = {NULL, 0, 0};
	Text		name = {NULL, 0, 0};
	Span		schema = span_of(graph);
	const char *values[1];
	PGresult   *result;

	if (span_ends(schema, ".pt_edge"))
		schema.length -= strlen(".pt_edge");
	if (schema.length > 1 && schema.bytes[0] == '"')
		schema = (Span) {schema.bytes + 1, schema.length - 2};
	text_add(&name, schema);
	values[0] = name.bytes;
	text_addf(&sql, "SELECT %s.pt_create_codebase($1) WHERE pg_catalog.to_regnamespace(pg_catalog.quote_ident($1)) IS NULL",
			  store->schema);
	result = ask(store, sql.bytes, 1, values);
	PQclear(result);
	text_free(&sql);
	text_free(&name);
	return result != NULL;
}

static bool
find_graph(Store *store, const char *graph)
{
	PGresult   *result = ask(store, "SELECT edges::pg_catalog.oid FROM _parseltongue.pt_graph_tables($1::pg_catalog.regclass)",
							 1, &graph);

	if (result == NULL)
		return false;
	store->graph = copy_value(result, 0);
	PQclear(result);
	return true;
}

Store *
store_open(const char *conninfo, const char *graph, bool create)
{
	const char *const names[] = {"dbname", "fallback_application_name", "client_encoding", NULL};
	const char *const values[] = {conninfo, "pt-index", "UTF8", NULL};
	Store	   *store = make_room(NULL, 1, sizeof(Store));

	*store = (Store) {PQconnectdbParams(names, values, 1)};
	if (PQstatus(store->connection) != CONNECTION_OK)
		remember_error(store, NULL);
	else
	{
		PQsetNoticeReceiver(store->connection, ignore_notice, NULL);
		if (run(store, "SET standard_conforming_strings = on") &&
			run(store, "SET synchronous_commit = off") && find_extension(store) &&
			(!create || graph == NULL || create_codebase(store, graph)) && find_graph(store, graph))
			return store;
	}
	report_error("%s", store_error(store));
	store_close(store);
	return NULL;
}

void
store_close(Store *store)
{
	PQfinish(store->connection);
	free(store->schema);
	free(store->graph);
	text_free(&store->error);
	free(store);
}

/* ---- arrays ---- */

static void
begin_array(Text *array)
{
	text_clear(array);
	text_addc(array, '{');
}

static void
add_to_array(Text *array, const char *value)
{
	if (array->length > 1)
		text_addc(array, ',');
	text_addc(array, '"');
	for (; *value != '\0'; value++)
	{
		if (*value == '"' || *value == '\\')
			text_addc(array, '\\');
		text_addc(array, *value);
	}
	text_addc(array, '"');
}

/* ---- transactions ---- */

/* What the transaction is to do, once begun. False on an error. */
typedef bool (*Work) (Store *store, const void *work);

/* deadlocks, and what SERIALIZABLE may say */
static bool
is_temporary(const Store *store)
{
	return strcmp(store->state, "40P01") == 0 || strcmp(store->state, "40001") == 0;
}

static StoreResult
in_transaction(Store *store, Work work, const void *what)
{
	for (int n = 0;; n++)
	{
		if (run(store, "BEGIN") && work(store, what) && run(store, "COMMIT"))
			return STORE_DONE;
		if (PQstatus(store->connection) != CONNECTION_OK)
			return STORE_LOST;
		/* what the server ended for the sake of another */
		PQclear(PQexec(store->connection, "ROLLBACK"));
		if (!is_temporary(store) || n >= TRIES)
			return STORE_REFUSED;
		usleep((n + 1) * 50000);
	}
}

/* ---- files in ---- */

typedef struct Replacement
{
	const Rows *rows;
	size_t		first;
	size_t		last;
} Replacement;

static bool
copy_text(Store *store, const Text *text, size_t from, size_t to)
{
	while (from < to)
	{
		size_t		bytes = to - from < COPY_BYTES ? to - from : COPY_BYTES;

		if (PQputCopyData(store->connection, text->bytes + from, bytes) != 1)
		{
			remember_error(store, NULL);
			return false;
		}
		from += bytes;
	}
	return true;
}

static bool
copy_rows(Store *store, const Replacement *work)
{
	const Rows *rows = work->rows;
	bool		whole = work->last == rows->nfiles;
	PGresult   *result = ask(store, "COPY pg_temp.pt_import_stage (section, position, element, content, reason) FROM STDIN",
							 0, NULL);
	bool		done;

	if (result == NULL)
		return false;
	PQclear(result);
	done = copy_text(store, &rows->entities, rows->files[work->first].entities_from,
					 whole ? rows->entities.length : rows->files[work->last].entities_from) &&
		copy_text(store, &rows->edges, rows->files[work->first].edges_from,
				  whole ? rows->edges.length : rows->files[work->last].edges_from);
	if (PQputCopyEnd(store->connection, done ? NULL : "given up") != 1)
	{
		remember_error(store, NULL);
		return false;
	}
	while ((result = PQgetResult(store->connection)) != NULL)
	{
		if (PQresultStatus(result) != PGRES_COMMAND_OK)
		{
			remember_error(store, result);
			done = false;
		}
		PQclear(result);
	}
	return done;
}

static bool
call_replace(Store *store, const Text *paths, const Text *keys)
{
	const char *const values[] = {paths->bytes, keys ? keys->bytes : NULL, store->graph};
	PGresult   *result = ask(store, "SELECT * FROM _parseltongue.pt_replace_staged($1::text[], $2::text[], $3::pg_catalog.oid::pg_catalog.regclass)",
							 3, values);

	PQclear(result);
	return result != NULL;
}

static bool
replace(Store *store, const void *what)
{
	const Replacement *work = what;
	Text		paths = {NULL, 0, 0};
	Text		keys = {NULL, 0, 0};
	bool		done;

	begin_array(&paths);
	begin_array(&keys);
	for (size_t i = work->first; i < work->last; i++)
	{
		const RowFile *file = &work->rows->files[i];

		add_to_array(&paths, file->path);
		add_to_array(&keys, file->key);
		if (file->other_key != NULL)
			add_to_array(&keys, file->other_key);
	}
	text_addc(&paths, '}');
	text_addc(&keys, '}');
	done = run(store, "SELECT _parseltongue.pt_import_stage()") && copy_rows(store, work) &&
		call_replace(store, &paths, &keys);
	text_free(&paths);
	text_free(&keys);
	return done;
}

StoreResult
store_replace(Store *store, const Rows *rows, size_t first, size_t last)
{
	Replacement work = {rows, first, last};

	return in_transaction(store, replace, &work);
}

/* ---- files out ---- */

typedef struct Removal
{
	const char *const *paths;
	size_t		count;
} Removal;

static bool
remove_files(Store *store, const void *what)
{
	const Removal *work = what;
	Text		paths = {NULL, 0, 0};
	bool		done;

	begin_array(&paths);
	for (size_t i = 0; i < work->count; i++)
		add_to_array(&paths, work->paths[i]);
	text_addc(&paths, '}');
	done = run(store, "SELECT _parseltongue.pt_import_stage()") && call_replace(store, &paths, NULL);
	text_free(&paths);
	return done;
}

StoreResult
store_remove(Store *store, const char *const *paths, size_t count)
{
	Removal		work = {paths, count};

	return in_transaction(store, remove_files, &work);
}

/* ---- questions ---- */

StoreResult
store_known_files(Store *store, const char *prefix, KnownFile found, void *state)
{
	const char *const values[] = {store->graph, prefix};
	PGresult   *result = ask(store, "SELECT file_path, hash FROM _parseltongue.pt_indexed_files($1::pg_catalog.oid::pg_catalog.regclass) "
							 "WHERE pg_catalog.starts_with(file_path, $2)", 2, values);

	if (result == NULL)
		return PQstatus(store->connection) == CONNECTION_OK ? STORE_REFUSED : STORE_LOST;
	for (int i = 0; i < PQntuples(result); i++)
		found(state, PQgetvalue(result, i, 0), PQgetvalue(result, i, 1));
	PQclear(result);
	return STORE_DONE;
}

StoreResult
store_resolve(Store *store, Resolution *resolution)
{
	Text		sql = {NULL, 0, 0};
	const char *const values[] = {store->graph};
	PGresult   *result = NULL;

	text_addf(&sql, "SELECT reference_edges, resolved, ambiguous, unresolved FROM %s.pt_resolve_references($1::pg_catalog.oid::pg_catalog.regclass)",
			  store->schema);
	for (int n = 0; n < TRIES && result == NULL; n++)
	{
		result = ask(store, sql.bytes, 1, values);
		if (result == NULL && !is_temporary(store))
			break;
	}
	text_free(&sql);
	if (result == NULL)
		return PQstatus(store->connection) == CONNECTION_OK ? STORE_REFUSED : STORE_LOST;
	*resolution = (Resolution) {strtoull(PQgetvalue(result, 0, 0), NULL, 10), strtoull(PQgetvalue(result, 0, 1), NULL, 10),
		strtoull(PQgetvalue(result, 0, 2), NULL, 10), strtoull(PQgetvalue(result, 0, 3), NULL, 10)};
	PQclear(result);
	return STORE_DONE;
}
