/*
 * code_pending.c
 *		Which references may mean something else since some files were replaced.
 *
 * What a reference can mean depends on its own key and file, on the entities
 * of its last name, and on what its file imports. So concerned are the
 * references of the files, and all those by a name of an entity that is new,
 * gone or changed. To resolve these, all entities of their names are read, and
 * the imports of the files that they are in.
 *
 * Two references that lead from one entity to another have the last name of
 * the latter. So all that may have made a guess is concerned if one is, and the
 * guesses that there are of them can be compared with the new ones alone.
 *
 * Where files qualify their references, a name leads from one entity to the
 * next, by modules, types, their bases and fields. Then all entities and bases
 * are read; and if one of them has changed by more than its key, all references
 * are resolved (pt_resolve_changed sees to that). But names in C lead no further
 * than to what is in the same file, or to what is called as a part of the name: if
 * all that is concerned is C, the files of the references and the entities of
 * all parts of their names do.
 *
 * The steps are statements, each of which leaves a named tuplestore for the
 * next ones: the planner knows how many rows they have.
 */
#include "postgres.h"

#include "base/pt_compat.h"

#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "code/code_pending.h"
#include "executor/spi.h"
#include "executor/tstoreReceiver.h"
#include "function/sql_relation.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* what pt_enable_updates makes indexes of */
#define NAME_OF(e) "_parseltongue.pt_entity_name(" e ".name, " e ".key, " e ".language)"
#define FILE_OF(e) "_parseltongue.pt_entity_file(" e ".file_path, " e ".key)"
#define REFERENCE_OF(d) "_parseltongue.pt_reference_name(" d ".to_key)"

#define IS_FACT(d) "(" d ".confidence IS NULL OR " d ".confidence = 1) AND " d ".reference_key IS NULL"

/* Statements, with words for tables in them. */
typedef struct Step
{
	const char *name;
	const char *columns[5];
	const char *query;
} Step;

static const Step steps[PENDING_STORES] = {
	{"pt_noted", {"what", "value"},
		"WITH taken AS (DELETE FROM @notes WHERE files IS NOT NULL AND moved IS NULL RETURNING files, gone, names)"
		" SELECT DISTINCT what, value FROM ("
		"  SELECT 'file' AS what, unnest(files) AS value FROM taken"
		"  UNION ALL SELECT 'new', unnest(files) FROM taken WHERE names IS NULL"
		"  UNION ALL SELECT 'gone', unnest(gone) FROM taken"
		"  UNION ALL SELECT 'name', unnest(names) FROM taken) AS n"
		" WHERE value IS NOT NULL"},
	/* what is in the files, by whatever spelling of their path */
	{"pt_changed", {"key", "name", "is_new"},
		"SELECT e.key::text, " NAME_OF("e") ", f.is_new"
		" FROM (SELECT _parseltongue.pt_file_id(value) AS id, max(what) AS is_new FROM pt_noted"
		"  WHERE what IN ('file', 'new') GROUP BY 1) AS f"
		" JOIN @entities AS e ON " FILE_OF("e") " = f.id"},
	/* names by which something else may be meant */
	{"pt_name", {"name"},
		"SELECT value FROM pt_noted WHERE what = 'name' UNION SELECT name FROM pt_changed WHERE is_new = 'new'"},
	{"pt_reference", {"from_key", "to_key", "edge_type", "source_location", "method"},
		"SELECT d.from_key::text, d.to_key::text, d.edge_type::text, d.source_location::text, d.method::text"
		" FROM pt_name AS n JOIN @edges AS d ON " REFERENCE_OF("d") " = n.name WHERE " IS_FACT("d")
		" UNION SELECT d.from_key, d.to_key, d.edge_type, d.source_location, d.method"
		" FROM pt_changed AS c JOIN @edges AS d ON d.from_key = c.key"
		" WHERE " REFERENCE_OF("d") " IS NOT NULL AND " IS_FACT("d")},
	/* what is in the files that these are in, and may import something */
	{"pt_importer", {"key"},
		"SELECT e.key::text"
		" FROM (SELECT DISTINCT " FILE_OF("e") " AS id FROM (SELECT DISTINCT from_key FROM pt_reference) AS r"
		"  JOIN @entities AS e ON e.key = r.from_key) AS f"
		" JOIN @entities AS e ON " FILE_OF("e") " = f.id"
		" WHERE EXISTS (SELECT FROM @edges AS d"
		"  WHERE d.from_key = e.key AND d.edge_type = 'Uses' AND " IS_FACT("d") ")"},
	{"pt_concerned", {"key"},
		"SELECT e.key::text FROM (SELECT DISTINCT " REFERENCE_OF("r") " AS name FROM pt_reference AS r) AS r"
		" JOIN @entities AS e ON " NAME_OF("e") " = r.name"
		" UNION SELECT from_key FROM pt_reference UNION SELECT key FROM pt_importer"},
	/*
	 * Guesses that there are of these references, or of what the files say no
	 * longer. From what is gone one may have come while it went.
	 */
	{"pt_guessed", {"from_key", "reference_key"},
		"SELECT from_key, to_key FROM pt_reference"
		" UNION SELECT g.from_key, g.reference_key"
		" FROM (SELECT key FROM pt_changed UNION SELECT value FROM pt_noted WHERE what = 'gone') AS c"
		" JOIN @edges AS g ON g.from_key = c.key WHERE g.reference_key IS NOT NULL"},
	/* the whole files, and what any part of a name may be, of the family of C */
	{"pt_near", {"key"},
		"SELECT key FROM pt_concerned"
		" UNION SELECT e.key::text"
		" FROM (SELECT DISTINCT " FILE_OF("e") " AS id FROM (SELECT DISTINCT from_key FROM pt_reference) AS r"
		"  JOIN @entities AS e ON e.key = r.from_key) AS f"
		" JOIN @entities AS e ON " FILE_OF("e") " = f.id"
		" UNION SELECT e.key::text"
		" FROM (SELECT DISTINCT p.part FROM (SELECT DISTINCT @extension.pt_key_name(to_key) AS name FROM pt_reference) AS r,"
		"  regexp_split_to_table(r.name, '[^[:alnum:]_$]+') AS p (part) WHERE p.part <> '') AS p"
		" JOIN @entities AS e ON " NAME_OF("e") " = p.part"
		" WHERE _parseltongue.pt_language_family(e.language) = 'c'"},
};

#define NEAR_STEP (PENDING_STORES - 1)

Oid
code_pending_table(const CodeTables *tables)
{
	Oid			table = sql_own_table_beside(tables->edges, "pt_pending");

	if (OidIsValid(table) &&
		pg_class_aclcheck(table, GetUserId(), ACL_SELECT) == ACLCHECK_OK &&
		pg_class_aclcheck(table, GetUserId(), ACL_DELETE) == ACLCHECK_OK)
		return table;
	return InvalidOid;
}

static void
run(const char *sql, int expected)
{
	int			result = SPI_execute(sql, false, 0);

	if (result != expected)
		elog(ERROR, "statement failed: %s: %s", SPI_result_code_string(result), sql);
}

void
code_pending_forget(Oid pending)
{
	run(psprintf("DELETE FROM %s WHERE moved IS NULL", sql_qualified_name(pending)), SPI_OK_DELETE);
}

void
code_pending_follow(const CodeTables *tables)
{
	run(psprintf("SELECT _parseltongue.pt_follow_moves(%u)", tables->edges), SPI_OK_SELECT);
}

void
code_pending_everything(Oid pending)
{
	run(psprintf("INSERT INTO %s (files) VALUES (NULL)", sql_qualified_name(pending)), SPI_OK_INSERT);
}

static bool
has_row(const char *sql)
{
	run(sql, SPI_OK_SELECT);
	return SPI_processed > 0;
}

/* A query with the names of tables in place of these words. */
static char *
fill_in(const char *query, const char *const words[][2], int nwords)
{
	StringInfoData filled;

	initStringInfo(&filled);
	while (*query != '\0')
	{
		int			i = 0;

		while (i < nwords && strncmp(query, words[i][0], strlen(words[i][0])) != 0)
			i++;
		if (i < nwords)
		{
			appendStringInfoString(&filled, words[i][1]);
			query += strlen(words[i][0]);
		}
		else
			appendStringInfoChar(&filled, *query++);
	}
	return filled.data;
}

/* Run a step and keep what it finds under its name. */
static void
take_step(const Step *step, const char *query, CodeRows *rows)
{
	Tuplestorestate *store = tuplestore_begin_heap(false, false, work_mem);
	DestReceiver *receiver = CreateDestReceiver(DestTuplestore);
	SPIExecuteOptions options = {.dest = receiver};
	EphemeralNamedRelationData *relation = palloc0(sizeof(EphemeralNamedRelationData));
	int			natts = 0;

	rows->stores[rows->nstores++] = store;
	SetTuplestoreDestReceiverParams(receiver, store, CurrentMemoryContext, false, NULL, NULL);
	if (SPI_execute_extended(query, &options) != SPI_OK_SELECT)
		elog(ERROR, "statement failed: %s", query);
	receiver->rDestroy(receiver);

	while (natts < lengthof(step->columns) && step->columns[natts] != NULL)
		natts++;
	relation->md.name = pstrdup(step->name);
	relation->md.tupdesc = CreateTemplateTupleDesc(natts);
	for (int i = 0; i < natts; i++)
		TupleDescInitEntry(relation->md.tupdesc, i + 1, step->columns[i], TEXTOID, -1, 0);
	pt_finalize_tupdesc(relation->md.tupdesc);
	relation->md.enrtype = ENR_NAMED_TUPLESTORE;
	relation->md.enrtuples = tuplestore_tuple_count(store);
	relation->reldata = store;
	if (SPI_register_relation(relation) != SPI_OK_REL_REGISTER)
		elog(ERROR, "could not register %s", step->name);
}

/* Is one of the references in code of another language, or in no entity? */
#define FROM_OTHERS \
	"SELECT FROM pt_reference AS r LEFT JOIN @entities AS e ON e.key = r.from_key" \
	" WHERE e.language IS DISTINCT FROM 'c' LIMIT 1"

/* Does something that is near lead on to what is not? */
#define LEADS_ON \
	"SELECT FROM pt_near AS n JOIN @entities AS e ON e.key = n.key" \
	" WHERE _parseltongue.pt_language_family(e.language) = 'c' AND (e.properties ?| '{fields,returns}'" \
	"  OR EXISTS (SELECT FROM @edges AS d WHERE d.from_key = e.key AND d.edge_type = 'Extends')) LIMIT 1"

#define BASES \
	" UNION ALL SELECT from_key, to_key, edge_type, source_location, confidence, reference_key" \
	" FROM %s WHERE edge_type IN ('Extends', 'Implements')"

void
code_pending_take(Oid pending, const CodeTables *tables, CodeRows *rows)
{
	const char *entities = sql_qualified_name(tables->entities);
	const char *edges = sql_qualified_name(tables->edges);
	const char *const words[][2] = {
		{"@entities", entities}, {"@edges", edges}, {"@notes", sql_qualified_name(pending)},
		{"@extension", quote_identifier(get_namespace_name(sql_extension_schema()))}
	};
	bool		qualified;
	bool		near_by;

	for (int i = 0; i < NEAR_STEP; i++)
		take_step(&steps[i], fill_in(steps[i].query, words, lengthof(words)), rows);

	qualified = has_row(psprintf("SELECT FROM %s WHERE entity_type = 'file'"
								 " AND properties -> 'qualified' = 'true' LIMIT 1", entities));
	near_by = qualified && !has_row(fill_in(FROM_OTHERS, words, lengthof(words)));
	if (near_by)
	{
		take_step(&steps[NEAR_STEP], fill_in(steps[NEAR_STEP].query, words, lengthof(words)), rows);
		near_by = !has_row(fill_in(LEADS_ON, words, lengthof(words)));
		qualified = !near_by;
	}
	rows->entities = qualified ? entities :
		psprintf("(SELECT e.* FROM %s AS c JOIN %s AS e ON e.key = c.key) AS e",
				 near_by ? "pt_near" : "pt_concerned", entities);
	/* where they stand may matter, too */
	rows->sources = psprintf("(SELECT d.from_key, d.to_key, d.edge_type, d.source_location, d.confidence, d.reference_key"
							 " FROM pt_importer AS i JOIN %s AS d ON d.from_key = i.key"
							 " WHERE d.edge_type = 'Uses'%s) AS d", edges,
							 qualified ? psprintf(BASES, edges) : "");
	rows->references = "(SELECT from_key, to_key, edge_type, source_location, method, NULL::numeric AS confidence,"
		" NULL::text AS reference_key FROM pt_reference) AS e";
	rows->guesses = psprintf("(SELECT d.* FROM pt_guessed AS g JOIN %s AS d"
							 " ON d.from_key = g.from_key AND d.reference_key = g.reference_key) AS d", edges);
}

void
code_pending_end(CodeRows *rows)
{
	while (rows->nstores > 0)
	{
		SPI_unregister_relation(steps[rows->nstores - 1].name);
		tuplestore_end(rows->stores[--rows->nstores]);
	}
}
