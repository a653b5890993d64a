/*
 * sql_hint.c
 *		Keys that a call names and the graph does not have.
 *
 * Whether a key is known is judged by what the caller may read: by rows of the
 * entity table and of the relation itself under the caller's grants and policies,
 * and by visible edges, never by the image. So are the similar keys of a hint.
 */
#include "postgres.h"

#include "access/xact.h"
#include "base/pt_varatt.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "adjacency/adj_columns.h"
#include "function/sql_hint.h"
#include "function/sql_node.h"
#include "function/sql_relation.h"
#include "function/sql_statement.h"
#include "function/sql_tables.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rls.h"

#define MAX_SEARCHED 1000		/* bytes of a key that hints are looked for */
#define SEARCH_INDEX "pt_entity_search_trigram"	/* made by pt_enable_search */
#define SPELLING_INDEX "pt_entity_spelling"	/* every codebase has it */

/*
 * What a hint looks through, and what it shows. A call that fails is not to take
 * longer than one that does not: so an index is asked or, if there is none that
 * helps, the first pages of the tables, a few milliseconds.
 */
#define HINT_PAGES 50			/* of entities, and of edges */
#define HINT_ROWS 5000			/* where the pages may not be asked for */
#define HINT_SPELLINGS 100
#define HINT_KEYS 3
#define HINT_KEY_BYTES 300		/* longer keys are left out */
#define SHOWN_BYTES 200			/* of the unknown key itself */

bool
sql_may_read_entities(const SqlGraph *graph)
{
	Oid			table = graph->entity_table;
	AttrNumber	key;

	if (!OidIsValid(table))
		return false;
	if (pg_class_aclcheck(table, GetUserId(), ACL_SELECT) == ACLCHECK_OK)
		return true;
	key = get_attnum(table, "key");
	return key != InvalidAttrNumber &&
		pg_attribute_aclcheck(table, key, GetUserId(), ACL_SELECT) == ACLCHECK_OK;
}

/* Run a query with one parameter; returns the number of its rows, in SPI. */
static uint64
query(const char *sql, Datum value, Oid type, long max_rows)
{
	sql_check_result(SPI_execute_with_args(sql, 1, &type, &value, NULL, true, max_rows), SPI_OK_SELECT, sql);
	return SPI_processed;
}

static uint64
query_with_key(const char *sql, text *key)
{
	return query(sql, PointerGetDatum(key), TEXTOID, 0);
}

/* Does a query with one parameter find a row? It stops at the first. */
static bool
has_rows(const char *sql, Datum value, Oid type)
{
	bool		found;

	SPI_connect();
	found = query(sql, value, type, 1) > 0;
	SPI_finish();
	return found;
}

static bool
is_entity(const SqlGraph *graph, text *key)
{
	return sql_may_read_entities(graph) &&
		has_rows(psprintf("SELECT 1 FROM %s WHERE key OPERATOR(pg_catalog.=) $1",
						  sql_qualified_name(graph->entity_table)), PointerGetDatum(key), TEXTOID);
}

static bool
is_nullable(const SqlGraph *graph, AttrNumber attno)
{
	return !TupleDescAttr(RelationGetDescr(graph->heap), attno - 1)->attnotnull;
}

/*
 * Is a key at one end of a row whose other end is NULL? It is compared as a value
 * of a type that the column's compares with, so that the column's indexes serve.
 */
static bool
is_lone_end(const SqlGraph *graph, text *key, AttrNumber attno, AttrNumber other)
{
	Oid			table = RelationGetRelid(graph->heap);
	Oid			column = getBaseType(TupleDescAttr(RelationGetDescr(graph->heap), attno - 1)->atttypid);
	Oid			type = adj_is_integer(column) ? INT8OID :
		column == VARCHAROID || column == NAMEOID ? TEXTOID : column;
	Datum		value = PointerGetDatum(key);

	if (!is_nullable(graph, other))
		return false;
	if (type != TEXTOID && type != BPCHAROID)
		value = sql_node_argument(graph, value, TEXTOID);
	return has_rows(psprintf("SELECT 1 FROM %s WHERE %s%s %s $1 AND %s IS NULL",
							 sql_qualified_name(table),
							 quote_identifier(get_attname(table, attno, false)),
							 column == OIDOID ? "::pg_catalog.int8" : "",
							 sql_equality_operator(type),
							 quote_identifier(get_attname(table, other, false))), value, type);
}

/*
 * Rows that have a key at one end only are no edges, but where a table refers to
 * itself they are those above and below which there is nobody.
 */
bool
sql_graph_knows(SqlGraph *graph, text *key)
{
	AttrNumber	source = graph->columns.source_attno;
	AttrNumber	target = graph->columns.target_attno;

	return is_entity(graph, key) || is_lone_end(graph, key, target, source) ||
		is_lone_end(graph, key, source, target);
}

/*
 * The part of a key to look for in others: of lang:type:name:..., the name, of which
 * the last part will do among entities.
 */
#define NAME_PART \
	"CASE WHEN pg_catalog.textne(pg_catalog.split_part($1, ':', 3), '') " \
	"THEN pg_catalog.split_part($1, ':', 3) ELSE $1 END"
#define LAST_PART \
	"COALESCE((_parseltongue.pt_query_name(" NAME_PART "))[1], " NAME_PART ")"

/* The texts in the second column of what a query with a key as $1 finds. */
static char *
list_keys(const char *sql, text *key)
{
	StringInfoData list;

	initStringInfo(&list);
	SPI_connect();
	query_with_key(sql, key);
	for (uint64 i = 0; i < SPI_processed; i++)
		appendStringInfo(&list, "%s\"%s\"", i == 0 ? "" : ", ",
						 SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 2));
	SPI_finish();
	return list.len == 0 ? NULL : list.data;
}

static bool
has_index(Oid table, const char *name)
{
	Oid			index = get_relname_relid(name, get_rel_namespace(table));

	return OidIsValid(index) && IndexGetRelation(index, true) == table && get_index_isvalid(index);
}

/*
 * What pt_search finds, where its indexes make that quick; else NULL, also
 * where it would refuse the table. It sets a threshold of pg_trgm, which
 * parallel mode forbids.
 */
static char *
search_keys(const SqlGraph *graph, text *key)
{
	static const char *const columns[] = {"name", "entity_type", "language", "file_path", "line_start"};

	if (!OidIsValid(graph->entity_table) || IsInParallelMode() ||
		!has_index(graph->entity_table, SEARCH_INDEX) ||
		!sql_has_columns(graph->entity_table, columns, lengthof(columns)) ||
		sql_is_distributed(graph->entity_table) ||
		pg_class_aclcheck(graph->entity_table, GetUserId(), ACL_SELECT) != ACLCHECK_OK ||
		strspn(text_to_cstring(key), " \t\r\n\f\v") == VARSIZE_ANY_EXHDR(key))
		return NULL;
	return list_keys(psprintf("SELECT 0, key FROM %s.pt_search($1, %d::pg_catalog.int8, "
							  "NULL::pg_catalog.text[], %u::pg_catalog.regclass) "
							  "WHERE pg_catalog.int4lt(pg_catalog.octet_length(key), %d)",
							  quote_identifier(get_namespace_name(sql_extension_schema())), HINT_KEYS,
							  RelationGetRelid(graph->heap), HINT_KEY_BYTES), key);
}

/*
 * Keys of the same name in the same file, as after an edit that moved lines; NULL
 * if there are none. Under policies the index would not be used.
 */
static char *
moved_keys(const SqlGraph *graph, text *key)
{
	if (!sql_may_read_entities(graph) || !has_index(graph->entity_table, SPELLING_INDEX) ||
		check_enable_rls(graph->entity_table, InvalidOid, true) == RLS_ENABLED)
		return NULL;
	return list_keys(psprintf("SELECT pg_catalog.length(key), key FROM (SELECT key FROM %s "
							  "WHERE _parseltongue.pt_key_bucket(key) OPERATOR(pg_catalog.=) "
							  "_parseltongue.pt_key_bucket($1) LIMIT %d) AS k "
							  "WHERE pg_catalog.int4lt(pg_catalog.octet_length(key), %d) "
							  "ORDER BY 1, key COLLATE pg_catalog.\"C\" LIMIT %d",
							  sql_qualified_name(graph->entity_table), HINT_SPELLINGS, HINT_KEY_BYTES,
							  HINT_KEYS), key);
}

/*
 * What bounds the rows that are read of a table, as the end of a query; NULL where
 * nothing does. A LIMIT bounds those that a policy lets pass, and of a view what it
 * gives, not what they read. Column privileges do not allow to ask for pages.
 */
static const char *
bound_of(Oid table)
{
	if (get_rel_relkind(table) != RELKIND_RELATION)
		return NULL;
	if (pg_class_aclcheck(table, GetUserId(), ACL_SELECT) == ACLCHECK_OK)
		return psprintf("WHERE ctid OPERATOR(pg_catalog.<) '(%d,0)'::pg_catalog.tid", HINT_PAGES);
	if (check_enable_rls(table, InvalidOid, true) == RLS_ENABLED)
		return NULL;
	return psprintf("LIMIT %d", HINT_ROWS);
}

/* A query for a column of the rows at the front of a table, behind those that there are. */
static void
add_front(StringInfo sql, Oid table, const char *column)
{
	const char *bound = bound_of(table);

	if (bound != NULL)
		appendStringInfo(sql, "%s(SELECT %s::pg_catalog.text FROM %s %s)", sql->len > 0 ? " UNION ALL " : "",
						 quote_identifier(column), sql_qualified_name(table), bound);
}

/* Keys at the front of the tables that contain a part of this one. */
static char *
front_keys(const SqlGraph *graph, text *key, const char *part)
{
	StringInfoData rows;
	Oid			edges = RelationGetRelid(graph->heap);
	const char *last = "";

	initStringInfo(&rows);
	if (sql_may_read_entities(graph))
		add_front(&rows, graph->entity_table, "key");
	add_front(&rows, edges, get_attname(edges, graph->columns.source_attno, false));
	add_front(&rows, edges, get_attname(edges, graph->columns.target_attno, false));
	if (rows.len == 0)
		return NULL;
	/* of a codebase what is not part of the code comes last, as its keys are short */
	if (OidIsValid(graph->entity_table))
		last = psprintf(" OPERATOR(pg_catalog.+) CASE WHEN %s.pt_key_kind(key) OPERATOR(pg_catalog.=) "
						"ANY ('{local,file}'::pg_catalog.text[]) THEN 0 ELSE %d END",
						quote_identifier(get_namespace_name(sql_extension_schema())), HINT_KEY_BYTES);

	/*
	 * The length first, for which nothing long is fetched. The case of ASCII
	 * alone: other letters take several times as long.
	 */
	return list_keys(psprintf("SELECT DISTINCT pg_catalog.length(key)%s, key COLLATE pg_catalog.\"C\" "
							  "FROM (%s) AS k (key) "
							  "WHERE CASE WHEN pg_catalog.int4lt(pg_catalog.octet_length(key), %d) THEN "
							  "pg_catalog.int4gt(pg_catalog.strpos(pg_catalog.lower(key COLLATE pg_catalog.\"C\"), "
							  "pg_catalog.lower(%s COLLATE pg_catalog.\"C\")), 0) END "
							  "ORDER BY 1, 2 LIMIT %d", last, rows.data, HINT_KEY_BYTES, part, HINT_KEYS), key);
}

/*
 * Keys like this one, for a hint; NULL if none are found. Only what the caller may
 * read is looked at: the queries run under the caller's grants, policies and
 * snapshot.
 */
static char *
similar_keys(const SqlGraph *graph, text *key)
{
	char	   *found;

	if (graph->columns.node_type != TEXTOID || VARSIZE_ANY_EXHDR(key) == 0 ||
		VARSIZE_ANY_EXHDR(key) > MAX_SEARCHED)
		return NULL;
	found = search_keys(graph, key);
	if (found == NULL)
		found = moved_keys(graph, key);
	if (found == NULL)
		found = front_keys(graph, key, NAME_PART);
	if (found == NULL && OidIsValid(graph->entity_table))
		found = front_keys(graph, key, LAST_PART);
	return found;
}

/* A key as a message shows it. */
static char *
shown_key(text *key)
{
	char	   *string = text_to_cstring(key);
	int			length = pg_mbcliplen(string, strlen(string), SHOWN_BYTES);

	if (string[length] != '\0')
		return psprintf("%.*s...", length, string);
	return string;
}

/* An array without a type becomes a key where one is asked for. */
static bool
looks_like_array(text *key)
{
	int			length = VARSIZE_ANY_EXHDR(key);

	return length >= 2 && VARDATA_ANY(key)[0] == '{' && VARDATA_ANY(key)[length - 1] == '}';
}

/*
 * Functions on any graph take it first, those on code the key: is a relation
 * given as the key? The catalog's names are no secret.
 */
static bool
names_relation(const SqlGraph *graph, text *key)
{
	char	   *name = text_to_cstring(key);
	Oid			relation = strlen(name) < NAMEDATALEN ? RelnameGetRelid(name) : InvalidOid;

	return OidIsValid(relation) && relation != RelationGetRelid(graph->heap) &&
		get_rel_relkind(relation) != RELKIND_SEQUENCE && get_rel_relkind(relation) != RELKIND_COMPOSITE_TYPE;
}

/* Is this the default graph, and there is nothing in it? Then another is meant. */
static bool
is_empty_default(const SqlGraph *graph)
{
	return graph->is_default && graph->heap->rd_rel->relkind == RELKIND_RELATION &&
		RelationGetNumberOfBlocks(graph->heap) == 0;
}

void
sql_missing_key(SqlGraph *graph, Datum node, Oid type)
{
	text	   *key = DatumGetTextPP(sql_node_to_text(node, type));
	char	   *similar = similar_keys(graph, key);
	bool		is_relation = similar == NULL && names_relation(graph, key);

	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("key \"%s\" does not exist in graph \"%s\"", shown_key(key),
					RelationGetRelationName(graph->heap)),
			 OidIsValid(graph->entity_table) ?
			 errdetail("No edge and no entity that you can see has this key.") :
			 errdetail("No edge that you can see has this key."),
			 looks_like_array(key) ?
			 errhint("This is one key. pt_multi_source_bfs and pt_impact take arrays of them.") :
			 is_relation ?
			 errhint("There is a relation of that name. Give the graph as graph => '%s'.", text_to_cstring(key)) :
			 is_empty_default(graph) ?
			 errhint("The call names no graph, and this one is empty. Give the graph as graph => 'name'.") :
			 similar != NULL ?
			 errhint("Similar keys: %s. With missing_ok a key that does not exist is no error.",
					 similar) :
			 errhint("With missing_ok a key that does not exist is no error.")));
}
