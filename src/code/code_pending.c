/*
 * code_pending.c
 *		Which references may mean something else since some files were replaced.
 *
 * Concerned are the references of these files, those that lead by way of a name by
 * which something else may be meant (code_affected.c), and those that were taken for
 * something that has another key now, since it stands somewhere else: nothing more
 * about it has changed, so nothing else can be taken for it now. To resolve these, not
 * more is read than what their names lead to (code_near.c).
 *
 * Two references that lead from one entity to another have the last name of the
 * latter. So of an entity all references by a name are concerned if one is, and the
 * guesses that there are of them can be compared with the new ones alone.
 *
 * Where that cannot be said of a change, everything is resolved: code_pending_take
 * returns false then.
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "code/code_affected.h"
#include "code/code_near.h"
#include "code/code_pending.h"
#include "executor/spi.h"
#include "function/sql_relation.h"
#include "function/sql_statement.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"

/* what pt_enable_updates makes indexes of */
#define REFERENCE_OF(d) "_parseltongue.pt_reference_name(" d ".to_key)"

#define REFERENCE_COLUMNS \
	"d.from_key::text, d.to_key::text, d.edge_type::text, d.source_location::text, d.method::text"

#define NOTED_QUERY \
	"WITH taken AS (DELETE FROM @notes WHERE files IS NOT NULL AND moved IS NULL RETURNING files, gone, gone_names, names, rebased)" \
	" SELECT DISTINCT what, value, name FROM (" \
	"  SELECT 'file' AS what, unnest(files)::text AS value, NULL AS name FROM taken" \
	"  UNION ALL SELECT 'new', unnest(files)::text, NULL FROM taken WHERE names IS NULL" \
	"  UNION ALL SELECT 'rebased', unnest(files)::text, NULL FROM taken WHERE rebased" \
	"  UNION ALL SELECT 'gone', g.key::text, g.name::text FROM taken, unnest(gone, gone_names) AS g (key, name)" \
	"  UNION ALL SELECT 'name', unnest(names)::text, NULL FROM taken) AS n" \
	" WHERE value IS NOT NULL"

/* what is in the files, by whatever spelling of their path */
#define CHANGED_QUERY \
	"SELECT e.key::text, " CODE_NAME_OF("e") ", f.is_new" \
	" FROM (SELECT _parseltongue.pt_file_id(value) AS id, max(what) AS is_new FROM pt_noted" \
	"  WHERE what IN ('file', 'new') GROUP BY 1) AS f" \
	" JOIN @entities AS e ON " CODE_FILE_OF("e") " = f.id"

/* of whom all references by a name are concerned, or by any */
#define PAIR_QUERY \
	"SELECT d.from_key::text, g.name FROM (SELECT DISTINCT name, value FROM pt_noted WHERE what = 'gone') AS g" \
	" JOIN @edges AS d ON " REFERENCE_OF("d") " = g.name" \
	" WHERE " CODE_IS_FACT("d") " AND EXISTS (SELECT FROM @edges AS x WHERE x.from_key = d.from_key AND x.to_key = g.value)" \
	" UNION SELECT key, NULL FROM pt_changed" \
	" UNION SELECT e.key, NULL FROM pt_file AS f JOIN @entities AS e ON " CODE_FILE_OF("e") " = f.id"

/* and of those that lead by way of a name; but all of that name itself are concerned anyhow */
#define PAIR_BY_PART_QUERY \
	" UNION SELECT d.from_key, " REFERENCE_OF("d") " FROM @edges AS d" \
	" WHERE _parseltongue.pt_reference_parts(d.to_key) && (SELECT array_agg(name) FROM pt_name) AND " CODE_IS_FACT("d") \
	" AND " REFERENCE_OF("d") " NOT IN (SELECT name FROM pt_name)"

#define REFERENCE_QUERY \
	"SELECT " REFERENCE_COLUMNS " FROM pt_name AS n JOIN @edges AS d ON " REFERENCE_OF("d") " = n.name WHERE " CODE_IS_FACT("d") \
	" UNION SELECT " REFERENCE_COLUMNS " FROM pt_pair AS p JOIN @edges AS d ON d.from_key = p.from_key" \
	" WHERE " REFERENCE_OF("d") " IS NOT NULL AND (p.name IS NULL OR p.name = " REFERENCE_OF("d") ") AND " CODE_IS_FACT("d")

/*
 * Guesses that there are of these references, or of what the files say no
 * longer. From what is gone one may have come while it went.
 */
#define GUESSED_QUERY \
	"SELECT from_key, to_key FROM pt_reference" \
	" UNION SELECT g.from_key, g.reference_key" \
	" FROM (SELECT key FROM pt_changed UNION SELECT value FROM pt_noted WHERE what = 'gone') AS c" \
	" JOIN @edges AS g ON g.from_key = c.key WHERE g.reference_key IS NOT NULL"

#define ANY_QUALIFIED_QUERY \
	"SELECT FROM @entities WHERE entity_type = 'file' AND properties -> 'qualified' = 'true' LIMIT 1"

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

void
code_pending_forget(Oid pending)
{
	sql_run(psprintf("DELETE FROM %s WHERE moved IS NULL", sql_qualified_name(pending)), SPI_OK_DELETE);
}

void
code_pending_follow(const CodeTables *tables)
{
	sql_run(psprintf("SELECT _parseltongue.pt_follow_moves(%u)", tables->edges), SPI_OK_SELECT);
}

void
code_pending_everything(Oid pending)
{
	sql_run(psprintf("INSERT INTO %s (files) VALUES (NULL)", sql_qualified_name(pending)), SPI_OK_INSERT);
}

/* What is noted, and whom that concerns; false if that is not to be told. */
static bool
find_references(CodeSteps *steps)
{
	bool		qualified;
	bool		found;

	code_steps_keep(steps, "pt_noted", (const char *const[]) {"what", "value", "name", NULL}, NOTED_QUERY);
	code_steps_keep(steps, "pt_changed", (const char *const[]) {"key", "name", "is_new", NULL}, CHANGED_QUERY);
	qualified = code_steps_any(steps, ANY_QUALIFIED_QUERY);
	PushActiveSnapshot(GetTransactionSnapshot());
	found = code_affected_names(steps, qualified);
	PopActiveSnapshot();
	if (!found)
		return false;
	code_steps_keep(steps, "pt_pair", (const char *const[]) {"from_key", "name", NULL},
					qualified ? PAIR_QUERY PAIR_BY_PART_QUERY : PAIR_QUERY);
	code_steps_keep(steps, "pt_reference", (const char *const[]) {"from_key", "to_key", "edge_type", "source_location", "method", NULL}, REFERENCE_QUERY);
	code_steps_keep(steps, "pt_guessed", (const char *const[]) {"from_key", "reference_key", NULL}, GUESSED_QUERY);
	return true;
}

bool
code_pending_take(Oid pending, const CodeTables *tables, CodeRows *rows)
{
	const char *edges = sql_qualified_name(tables->edges);

	code_steps_begin(&rows->steps, tables, pending);
	if (!find_references(&rows->steps))
		return false;
	PushActiveSnapshot(GetTransactionSnapshot());
	code_near_read(&rows->steps);
	PopActiveSnapshot();
	rows->entities = "SELECT * FROM pt_near";
	rows->sources = psprintf("(SELECT d.* FROM pt_importer AS i,"
							 " LATERAL (SELECT d.from_key, d.to_key, d.edge_type, d.source_location, d.confidence, d.reference_key FROM %s AS d"
							 "  WHERE d.from_key = i.key AND d.edge_type = 'Uses' AND d.reference_key IS NULL OFFSET 0) AS d"
							 " UNION ALL SELECT * FROM pt_base) AS d", edges);
	rows->references = "(SELECT from_key, to_key, edge_type, source_location, method, NULL::numeric AS confidence,"
		" NULL::text AS reference_key FROM pt_reference) AS e";
	/* all that a source has is read once */
	rows->guesses = psprintf("(SELECT * FROM (SELECT d.* FROM (SELECT DISTINCT from_key FROM pt_guessed) AS g"
							 " JOIN %s AS d ON d.from_key = g.from_key WHERE d.reference_key IS NOT NULL OFFSET 0) AS d"
							 " WHERE (d.from_key, d.reference_key) IN (SELECT from_key, reference_key FROM pt_guessed)) AS d", edges);
	return true;
}

void
code_pending_end(CodeRows *rows)
{
	code_steps_end(&rows->steps);
}
