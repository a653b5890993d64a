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
	char	   *new_name;		/* of a codebase in the making, or NULL: */
	char	   *old_name;		/* what its schema is called meanwhile */
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

/* SCHEMA of SCHEMA.pt_edge, without quotes. */
static char *
schema_of(const char *graph)
{
	Span		schema = span_of(graph);

	if (span_ends(schema, ".pt_edge"))
		schema.length -= strlen(".pt_edge");
	if (schema.length > 1 && schema.bytes[0] == '"')
		schema = (Span) {schema.bytes + 1, schema.length - 2};
	return copy_span(schema);
}

#define MAX_NAME_BYTES 63
#define MAKING_SUFFIX " (being indexed)"

/* What the schema of a codebase is called until all of it is there. */
static char *
name_meanwhile(const char *name)
{
	Text		meanwhile = {NULL, 0, 0};
	size_t		length = strlen(name);

	if (length > MAX_NAME_BYTES - strlen(MAKING_SUFFIX))
	{
		length = MAX_NAME_BYTES - strlen(MAKING_SUFFIX);
		while (length > 0 && (name[length] & 0xC0) == 0x80)
			length--;
	}
	text_add(&meanwhile, (Span) {name, length});
	text_adds(&meanwhile, MAKING_SUFFIX);
	return meanwhile.bytes;
}

/* The first column of a query for one row with these values; NULL on an error. */
static char *
ask_value(Store *store, const char *sql, int nvalues, const char *const *values)
{
	PGresult   *result = ask(store, sql, nvalues, values);
	char	   *value = result ? copy_value(result, 0) : NULL;

	PQclear(result);
	return value;
}

/* A statement with the extension's schema in it. */
static bool
run_with(Store *store, const char *format, const char *value)
{
	Text		sql = {NULL, 0, 0};
	PGresult   *result;

	text_addf(&sql, format, store->schema);
	result = ask(store, sql.bytes, 1, &value);
	text_free(&sql);
	PQclear(result);
	return result != NULL;
}

/* Does a schema exist? False on an error, too, which found tells. */
static bool
has_schema(Store *store, const char *name, bool *found)
{
	char	   *value = ask_value(store, "SELECT pg_catalog.to_regnamespace(pg_catalog.quote_ident($1)) IS NOT NULL", 1, &name);

	*found = value != NULL && *value == 't';
	free(value);
	return value != NULL;
}

/*
 * Make the codebase SCHEMA of SCHEMA.pt_edge unless it is there. Others who want
 * to wait until it is; what one has left who was killed is removed.
 */
static bool
create_codebase(Store *store, const char *graph)
{
	char	   *name = schema_of(graph);
	char	   *meanwhile = name_meanwhile(name);
	const char *lock = meanwhile;
	char	   *locked;
	Text		sql = {NULL, 0, 0};
	bool		found;
	bool		done = has_schema(store, name, &found);

	if (done && !found)
	{
		report_doing("waiting for others who make this codebase");
		locked = ask_value(store, "SELECT pg_catalog.pg_advisory_lock(pg_catalog.hashtextextended($1, 0))", 1, &lock);
		done = locked != NULL && has_schema(store, name, &found);
		free(locked);
	}
	if (done && !found)
	{
		text_addf(&sql, "SELECT %s.pt_create_codebase($1)::pg_catalog.oid", store->schema);
		done = run_with(store, "SELECT %s.pt_drop_codebase($1) WHERE pg_catalog.to_regnamespace(pg_catalog.quote_ident($1)) IS NOT NULL", meanwhile) &&
			(store->graph = ask_value(store, sql.bytes, 1, &lock)) != NULL;
		text_free(&sql);
	}
	if (store->graph != NULL)
	{
		store->new_name = name;
		store->old_name = meanwhile;
		return done;
	}
	free(name);
	free(meanwhile);
	return done;
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

/*
 * What statements here rely on. A limit of time that is set for the role is meant for
 * its questions: a codebase may take longer, and as in pg_dump there is none.
 */
static bool
set_session(Store *store)
{
	return run(store, "SET statement_timeout = 0") && run(store, "SET standard_conforming_strings = on") &&
		run(store, "SET synchronous_commit = off") &&
		run(store, "SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings "
			"WHERE name IN ('transaction_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', "
			"'idle_session_timeout')");
}

static Store *
open_store(const char *conninfo, const char *graph, bool create)
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
		if (set_session(store) && find_extension(store) &&
			(!create || create_codebase(store, graph)) && (store->graph != NULL || find_graph(store, graph)))
			return store;
	}
	report_error("%s", store_error(store));
	store_close(store);
	return NULL;
}

Store *
store_open(const char *conninfo, const char *graph)
{
	return open_store(conninfo, graph, false);
}

Store *
store_create(const char *conninfo, const char *graph)
{
	return open_store(conninfo, graph, true);
}

const char *
store_graph(const Store *store)
{
	return store->graph;
}

bool
store_is_new(const Store *store)
{
	return store->new_name != NULL;
}

StoreResult
store_publish(Store *store)
{
	const char *const values[] = {store->old_name, store->new_name};
	char	   *sql = ask_value(store, "SELECT pg_catalog.format('ALTER SCHEMA %I RENAME TO %I', $1::pg_catalog.text, $2::pg_catalog.text)", 2, values);
	bool		done = sql != NULL && run(store, sql);

	free(sql);
	if (!done)
		return PQstatus(store->connection) == CONNECTION_OK ? STORE_REFUSED : STORE_LOST;
	free(store->new_name);
	store->new_name = NULL;
	PQclear(PQexec(store->connection, "SELECT pg_catalog.pg_advisory_unlock_all()"));
	return STORE_DONE;
}

void
store_close(Store *store)
{
	if (store->new_name != NULL && PQstatus(store->connection) == CONNECTION_OK)
		run_with(store, "SELECT %s.pt_drop_codebase($1)", store->old_name);
	PQfinish(store->connection);
	free(store->schema);
	free(store->graph);
	free(store->new_name);
	free(store->old_name);
	text_free(&store->error);
	free(store);
}

/* ---- arrays ---- */

void
array_add(Text *array, const char *value)
{
	text_addc(array, array->length > 0 ? ',' : '{');
	if (value == NULL)
	{
		text_adds(array, "NULL");
		return;
	}
	text_addc(array, '"');
	for (; *value != '\0'; value++)
	{
		if (*value == '"' || *value == '\\')
			text_addc(array, '\\');
		text_addc(array, *value);
	}
	text_addc(array, '"');
}

void
array_end(Text *array)
{
	text_adds(array, array->length > 0 ? "}" : "{}");
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

/* a full disk, one that fails, and a server or a role that only reads: no other rows would be taken */
static bool
is_hopeless(const Store *store)
{
	return strcmp(store->state, "53100") == 0 || strcmp(store->state, "58030") == 0 || strcmp(store->state, "25006") == 0;
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
		if (is_hopeless(store))
			return STORE_LOST;
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

	for (size_t i = work->first; i < work->last; i++)
	{
		const RowFile *file = &work->rows->files[i];

		array_add(&paths, file->path);
		array_add(&keys, file->key);
		if (file->other_key != NULL)
			array_add(&keys, file->other_key);
	}
	array_end(&paths);
	array_end(&keys);
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

	for (size_t i = 0; i < work->count; i++)
		array_add(&paths, work->paths[i]);
	array_end(&paths);
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

static StoreResult
result_of(const Store *store, bool done)
{
	if (done)
		return STORE_DONE;
	return PQstatus(store->connection) == CONNECTION_OK ? STORE_REFUSED : STORE_LOST;
}

StoreResult
store_known_files(Store *store, const char *prefix, const Text *paths, KnownFile found, void *state)
{
	const char *const values[] = {store->graph, prefix, paths ? paths->bytes : NULL};
	PGresult   *result = ask(store, "SELECT file_path, hash, pg_catalog.array_to_string(reasons, ' ') "
							 "FROM _parseltongue.pt_indexed_files($1::pg_catalog.oid::pg_catalog.regclass, $3::pg_catalog.text[]) "
							 "WHERE pg_catalog.starts_with(file_path, $2)", 3, values);

	if (result == NULL)
		return result_of(store, false);
	for (int i = 0; i < PQntuples(result); i++)
		found(state, PQgetvalue(result, i, 0), PQgetvalue(result, i, 1), PQgetvalue(result, i, 2));
	PQclear(result);
	return STORE_DONE;
}

/* Indexes lock writers out, who may be in its way. */
static bool
enable_updates(Store *store, const void *nothing)
{
	(void) nothing;
	return run_with(store, "SELECT %s.pt_enable_updates($1::pg_catalog.oid::pg_catalog.regclass) WHERE NOT EXISTS ("
					"SELECT FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid = indexrelid, "
					"_parseltongue.pt_graph_tables($1::pg_catalog.oid::pg_catalog.regclass) AS t "
					"WHERE indrelid = t.edges::pg_catalog.oid AND relname = 'pt_edge_base_parts')", store->graph);
}

StoreResult
store_prepare(Store *store)
{
	const char *const values[] = {store->graph};
	StoreResult result;

	/* what the user may not make is done without */
	PQclear(PQexecParams(store->connection, "SELECT _parseltongue.pt_complete_codebase($1::pg_catalog.oid::pg_catalog.regclass)",
						 1, NULL, values, NULL, NULL, 0));
	result = in_transaction(store, enable_updates, NULL);
	return result == STORE_REFUSED && strcmp(store->state, "42501") == 0 ? STORE_DONE : result;
}

static bool
put_left_out(Store *store, const LeftOutRows *rows)
{
	const char *const values[] = {rows->prefix, rows->looked_at.length > 0 ? rows->looked_at.bytes : NULL,
		rows->paths.bytes, rows->languages.bytes, rows->reasons.bytes, rows->details.bytes, store->graph};
	PGresult   *result = ask(store, "SELECT _parseltongue.pt_put_left_out($1, $2, $3, $4, $5, $6, $7::pg_catalog.oid::pg_catalog.regclass)", 7, values);

	PQclear(result);
	return result != NULL;
}

static bool
do_put_left_out(Store *store, const void *rows)
{
	return put_left_out(store, rows);
}

/* A text whose characters every encoding has. */
static Text
in_ascii(Text text)
{
	Text		ascii = {NULL, 0, 0};

	text_add(&ascii, text_span(&text));
	for (size_t i = 0; i < ascii.length; i++)
	{
		if ((unsigned char) ascii.bytes[i] >= 0x80)
			ascii.bytes[i] = '?';
	}
	return ascii;
}

StoreResult
store_put_left_out(Store *store, const LeftOutRows *rows)
{
	StoreResult result = in_transaction(store, do_put_left_out, rows);

	/* what the database has no characters for is told all the same */
	if (result == STORE_REFUSED && strcmp(store->state, "22P05") == 0)
	{
		LeftOutRows plain = *rows;

		plain.paths = in_ascii(rows->paths);
		plain.details = in_ascii(rows->details);
		result = in_transaction(store, do_put_left_out, &plain);
		text_free(&plain.paths);
		text_free(&plain.details);
	}
	return result;
}

static bool
resolve(Store *store, bool changed, Resolution *resolution)
{
	Text		sql = {NULL, 0, 0};
	const char *const values[] = {store->graph};
	PGresult   *result;

	text_addf(&sql, "SELECT reference_edges, resolved, ambiguous, unresolved FROM %s.%s($1::pg_catalog.oid::pg_catalog.regclass)",
			  store->schema, changed ? "pt_resolve_changed" : "pt_resolve_references");
	result = ask(store, sql.bytes, 1, values);
	text_free(&sql);
	if (result == NULL)
		return false;
	*resolution = (Resolution) {strtoull(PQgetvalue(result, 0, 0), NULL, 10), strtoull(PQgetvalue(result, 0, 1), NULL, 10),
		strtoull(PQgetvalue(result, 0, 2), NULL, 10), strtoull(PQgetvalue(result, 0, 3), NULL, 10)};
	PQclear(result);
	return true;
}

typedef struct ResolveWork
{
	bool		changed;
	Resolution *resolution;
} ResolveWork;

static bool
do_resolve(Store *store, const void *what)
{
	const ResolveWork *work = what;

	return resolve(store, work->changed, work->resolution);
}

StoreResult
store_resolve(Store *store, bool changed, Resolution *resolution)
{
	return in_transaction(store, do_resolve, &(ResolveWork) {changed, resolution});
}

/* ---- all at once ---- */

typedef struct Application
{
	const Rows *rows;
	const char *const *gone;
	size_t		ngone;
	const LeftOutRows *left_out;
	Resolution *resolution;
} Application;

/*
 * Whoever resolves references holds a lock, and waits for writers of the rows
 * that it changes: so the lock comes first, after that on the entities.
 */
static bool
lock_tables(Store *store)
{
	const char *const values[] = {store->graph};
	PGresult   *result = ask(store, "SELECT _parseltongue.pt_lock_tables(entities, edges, 'ROW EXCLUSIVE', 'SHARE UPDATE EXCLUSIVE') "
							 "FROM _parseltongue.pt_graph_tables($1::pg_catalog.oid::pg_catalog.regclass)", 1, values);

	PQclear(result);
	return result != NULL;
}

static bool
apply(Store *store, const void *what)
{
	const Application *work = what;
	const Rows *rows = work->rows;
	Text		paths = {NULL, 0, 0};
	bool		done = work->resolution == NULL || lock_tables(store);

	for (size_t i = 0; i < rows->nfiles; i++)
		array_add(&paths, rows->files[i].path);
	for (size_t i = 0; i < work->ngone; i++)
		array_add(&paths, work->gone[i]);
	if (done && paths.length > 0)
	{
		array_end(&paths);
		done = run(store, "SELECT _parseltongue.pt_import_stage()") &&
			(rows->nfiles == 0 || copy_rows(store, &(Replacement) {rows, 0, rows->nfiles})) &&
			call_replace(store, &paths, NULL);
	}
	text_free(&paths);
	return done && put_left_out(store, work->left_out) &&
		(work->resolution == NULL || resolve(store, true, work->resolution));
}

StoreResult
store_apply(Store *store, const Rows *rows, const char *const *gone, size_t ngone,
			const LeftOutRows *left_out, Resolution *resolution)
{
	return in_transaction(store, apply, &(Application) {rows, gone, ngone, left_out, resolution});
}
