/*
 * sql_graph.c
 *		Opening a graph for a statement.
 *
 * The order of steps is what makes answers exact:
 *
 *	open	lock table and index for the transaction, check privileges, take
 *			the statement's snapshot, take predicate locks
 *	sync	enter the vacuum barrier (not in recovery); only then read the
 *			log's end and catch the image up. Whatever the snapshot sees was
 *			logged before its transaction committed, so it is in the image
 *	walk	judge edges by visibility map and heap
 *	leave	the barrier. Rows that were seen stay where they are while the
 *			snapshot is registered, so keys may be fetched afterwards
 *	close
 *
 * Between sync and leave: no SPI, no user code, no other lock that could be
 * waited for.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "pt_guc.h"
#include "sql_graph.h"
#include "storage/predicate.h"
#include "storage/procarray.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
#include "utils/varlena.h"

#define EDGE_TABLE "pt_edge"
#define ENTITY_TABLE "pt_entity"
#define LOCATION_COLUMN "source_location"
#define MAX_SEARCHED 1000		/* bytes of a key that hints are looked for */
#define SEARCH_INDEX "pt_entity_search_trigram"	/* made by pt_enable_search */

/* ---- which graph ---- */

/*
 * The graph of a call that names none: the setting's, else pt_edge in the
 * schema of the function that is being called.
 */
Oid
sql_default_graph(FunctionCallInfo fcinfo)
{
	Oid			schema;
	Oid			relation;

	if (pt_graph[0] != '\0')
		return RangeVarGetRelid(makeRangeVarFromNameList(textToQualifiedNameList(cstring_to_text(pt_graph))),
								NoLock, false);
	schema = get_func_namespace(fcinfo->flinfo->fn_oid);
	relation = get_relname_relid(EDGE_TABLE, schema);
	if (!OidIsValid(relation))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("table \"%s.%s\" does not exist",
						get_namespace_name(schema), EDGE_TABLE),
				 errhint("Name an edge table with the argument graph, or set parseltongue.graph.")));
	return relation;
}

/*
 * The entities of an edge table: a table pt_entity with text keys beside a
 * pt_edge, or InvalidOid.
 */
Oid
sql_entity_table(Oid heap)
{
	char	   *name = get_rel_name(heap);
	Oid			entities;

	if (name == NULL || strcmp(name, EDGE_TABLE) != 0 ||
		get_rel_relkind(heap) != RELKIND_RELATION)
		return InvalidOid;
	entities = get_relname_relid(ENTITY_TABLE, get_rel_namespace(heap));
	if (!OidIsValid(entities) || get_rel_relkind(entities) != RELKIND_RELATION ||
		get_atttype(entities, get_attnum(entities, "key")) != TEXTOID)
		return InvalidOid;
	return entities;
}

PG_FUNCTION_INFO_V1(pt_default_graph);
PG_FUNCTION_INFO_V1(pt_entity_table);

Datum
pt_default_graph(PG_FUNCTION_ARGS)
{
	PG_RETURN_OID(sql_default_graph(fcinfo));
}

Datum
pt_entity_table(PG_FUNCTION_ARGS)
{
	Oid			relation = PG_ARGISNULL(0) ? sql_default_graph(fcinfo) : PG_GETARG_OID(0);
	Oid			entities = sql_entity_table(sql_graph_table(relation));

	if (!OidIsValid(entities))
		PG_RETURN_NULL();
	PG_RETURN_OID(entities);
}

/* ---- what the caller may read ---- */

static void
check_column(Relation heap, AttrNumber attno)
{
	if (attno != InvalidAttrNumber &&
		pg_attribute_aclcheck(RelationGetRelid(heap), attno, GetUserId(),
							  ACL_SELECT) != ACLCHECK_OK)
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_TABLE, RelationGetRelationName(heap));
}

/* SELECT on the table or on the columns read, and no policies in the way. */
static void
check_privileges(const SqlGraph *graph, int reads)
{
	Relation	heap = graph->heap;
	const int16 *columns = graph->index->rd_index->indkey.values;
	int			ncolumns = IndexRelationGetNumberOfKeyAttributes(graph->index);

	if (pg_class_aclcheck(RelationGetRelid(heap), GetUserId(), ACL_SELECT) != ACLCHECK_OK)
	{
		check_column(heap, columns[0]);
		check_column(heap, columns[1]);
		if ((reads & SQL_READ_LABEL) && ncolumns > ADJ_LABEL_COLUMN)
			check_column(heap, columns[ADJ_LABEL_COLUMN]);
		/* what is followed depends on it in any case */
		if (ncolumns > ADJ_CONFIDENCE_COLUMN)
			check_column(heap, columns[ADJ_CONFIDENCE_COLUMN]);
		check_column(heap, graph->location_attno);
	}

	if (check_enable_rls(RelationGetRelid(heap), InvalidOid, false) == RLS_ENABLED)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("row-level security applies to you on table \"%s\"",
						RelationGetRelationName(heap)),
				 errdetail("A walk reads the index, which knows no policies."),
				 errhint("Ask as a role that bypasses row-level security, or query the table with WITH RECURSIVE.")));
}

/* ---- can this snapshot use this index? ---- */

static void
check_snapshot(const SqlGraph *graph)
{
	Relation	index = graph->index;

	if (!IsMVCCSnapshot(graph->snapshot))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("a graph can only be read with an MVCC snapshot")));
	if (PtOldSnapshotThreshold() >= 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("a graph cannot be read while old_snapshot_threshold is set"),
				 errhint("Set old_snapshot_threshold to -1.")));
	if (index->rd_index->indcheckxmin &&
		!TransactionIdPrecedes(HeapTupleHeaderGetXmin(index->rd_indextuple->t_data),
							   TransactionXmin))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("index \"%s\" cannot be used by this transaction yet",
						RelationGetRelationName(index)),
				 errdetail("It was created after the transaction's snapshot, or over rows whose older versions it lacks."),
				 errhint("Ask again in a new transaction.")));
}

/* ---- the steps ---- */

static AttrNumber
find_location_column(Relation heap)
{
	TupleDesc	desc = RelationGetDescr(heap);

	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		/* a virtual generated column (18 and later) has no value in the row */
		if (!att->attisdropped && att->attgenerated != 'v' && strcmp(NameStr(att->attname), LOCATION_COLUMN) == 0)
			return att->attnum;
	}
	return InvalidAttrNumber;
}

/* The graph that argument argno names; NULL there is pt_edge. */
void
sql_graph_open(SqlGraph *graph, FunctionCallInfo fcinfo, int argno, int reads)
{
	Oid			relation;

	memset(graph, 0, sizeof(SqlGraph));
	graph->barrier = -1;
	graph->home = get_func_namespace(fcinfo->flinfo->fn_oid);

	if (!ActiveSnapshotSet())
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("a graph can only be read within a statement")));
	relation = PG_ARGISNULL(argno) ? sql_default_graph(fcinfo) : PG_GETARG_OID(argno);
	sql_open_adjacency(relation, reads, &graph->heap, &graph->index);
	adj_check_collations(graph->heap, graph->index);
	adj_check_confidence(graph->heap, graph->index);
	if (reads & SQL_READ_LOCATION)
		graph->location_attno = find_location_column(graph->heap);
	check_privileges(graph, reads);
	graph->entity_table = sql_entity_table(RelationGetRelid(graph->heap));

	sql_lock_toast(graph->heap);

	graph->in_recovery = RecoveryInProgress();
	graph->snapshot = RegisterSnapshot(GetActiveSnapshot());
	check_snapshot(graph);
	PredicateLockRelation(graph->heap, graph->snapshot);
	PredicateLockRelation(graph->index, graph->snapshot);
}

/* Enter the barrier and read the metapage under it. */
void
sql_graph_enter(SqlGraph *graph)
{
	if (graph->in_recovery)
		adj_read_meta(graph->index, &graph->copy);
	else
		graph->barrier = adj_barrier_enter(graph->index, &graph->copy);
	graph->columns = *adj_columns(graph->index, &graph->copy.meta);
}

/*
 * Enter the barrier and catch up with the log. Where the visibility map cannot
 * be trusted every edge is fetched from the heap: in recovery, since there is
 * no barrier; in a serializable transaction, since the fetch is what notices
 * that the row's deleter is a conflict; and where a table access method may
 * not keep the map as heap does.
 */
void
sql_graph_sync(SqlGraph *graph)
{
	bool		use_map = !graph->in_recovery &&
		!graph->snapshot->takenDuringRecovery && !IsolationIsSerializable() &&
		graph->heap->rd_tableam == GetHeapamTableAmRoutine();

	sql_graph_enter(graph);
	graph->image = image_open(graph->index, &graph->copy, graph->in_recovery);
	adj_visibility_begin(&graph->vis, graph->heap, graph->snapshot, use_map);
}

/* The walk is over: let VACUUM pass. The image stays until user code runs. */
void
sql_graph_leave(SqlGraph *graph)
{
	if (graph->barrier >= 0)
		adj_barrier_leave(graph->index, graph->barrier);
	graph->barrier = -1;
}

void
sql_graph_close(SqlGraph *graph)
{
	if (graph->image != NULL)
		adj_visibility_end(&graph->vis);
	UnregisterSnapshot(graph->snapshot);
	index_close(graph->index, NoLock);
	table_close(graph->heap, NoLock);
}

/* Bytes that a walk may take besides the images. */
Size
sql_walk_memory(void)
{
	return (Size) pt_local_image_memory * 1024;
}

/* ---- is a key known? ---- */

static bool
stop_at_first(uint32 other, const ItemPointerData *tid, PtDirection direction, void *arg)
{
	return false;
}

bool
sql_graph_has_visible_edge(SqlGraph *graph, uint32 node)
{
	return !image_visit_edges(graph->image, &graph->vis, NULL, node, PT_OUT,
							  stop_at_first, NULL) ||
		!image_visit_edges(graph->image, &graph->vis, NULL, node, PT_IN,
						   stop_at_first, NULL);
}

static bool
may_read_entities(const SqlGraph *graph)
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

static char *
qualified_name(Oid relation)
{
	return quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)),
									  get_rel_name(relation));
}

/* Run a query with $1 a text; returns the number of its rows, in SPI. */
static uint64
query_with_key(const char *sql, text *key)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {PointerGetDatum(key)};

	if (SPI_execute_with_args(sql, 1, types, values, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "query failed: %s", sql);
	return SPI_processed;
}

/*
 * Is key in the entity table, as far as the caller may see? After leave, since
 * this runs a query, under the grants and policies of the caller.
 */
bool
sql_graph_is_entity(SqlGraph *graph, text *key)
{
	bool		found;

	if (!may_read_entities(graph))
		return false;
	SPI_connect();
	found = query_with_key(psprintf("SELECT 1 FROM %s WHERE key OPERATOR(pg_catalog.=) $1",
									qualified_name(graph->entity_table)), key) > 0;
	SPI_finish();
	return found;
}

/*
 * The part of a key to look for in others: of lang:type:name:..., the name.
 */
#define NAME_PART \
	"CASE WHEN pg_catalog.textne(pg_catalog.split_part($1, ':', 3), '') " \
	"THEN pg_catalog.split_part($1, ':', 3) ELSE $1 END"

/* how many entities and edges to look through for a hint */
#define HINT_ROWS 100000

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

/*
 * What pt_search finds, where its indexes make that quick; else NULL. It sets
 * a threshold of pg_trgm, which parallel mode forbids.
 */
static char *
search_keys(const SqlGraph *graph, text *key)
{
	if (!OidIsValid(graph->entity_table) || IsInParallelMode() ||
		VARSIZE_ANY_EXHDR(key) > MAX_SEARCHED ||
		!OidIsValid(get_relname_relid(SEARCH_INDEX, get_rel_namespace(graph->entity_table))) ||
		pg_class_aclcheck(graph->entity_table, GetUserId(), ACL_SELECT) != ACLCHECK_OK ||
		strspn(text_to_cstring(key), " \t\r\n\f\v") == VARSIZE_ANY_EXHDR(key))
		return NULL;
	return list_keys(psprintf("SELECT 0, key FROM %s.pt_search($1, 3, NULL::pg_catalog.text[], %u::pg_catalog.regclass) "
							  "WHERE pg_catalog.int4lt(pg_catalog.length(key), 300)",
							  quote_identifier(get_namespace_name(graph->home)),
							  RelationGetRelid(graph->heap)), key);
}

/*
 * Keys that contain the name of this one, for a hint; NULL if there are none.
 * Only what the caller may read is looked at: the queries run under the
 * caller's grants, policies and snapshot.
 */
static char *
similar_keys(const SqlGraph *graph, text *key)
{
	StringInfoData sql;
	char	   *edges = qualified_name(RelationGetRelid(graph->heap));
	char	   *found;

	if (graph->columns.node_type != TEXTOID || VARSIZE_ANY_EXHDR(key) == 0)
		return NULL;
	found = search_keys(graph, key);
	if (found != NULL)
		return found;
	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT DISTINCT pg_catalog.length(key), key COLLATE \"C\" FROM (");
	if (may_read_entities(graph))
		appendStringInfo(&sql, "(SELECT key::pg_catalog.text FROM %s LIMIT %d) UNION ALL ",
						 qualified_name(graph->entity_table), HINT_ROWS);
	for (int i = 0; i < 2; i++)
		appendStringInfo(&sql, "%s(SELECT %s::pg_catalog.text FROM %s LIMIT %d)",
						 i == 0 ? "" : " UNION ALL ",
						 quote_identifier(get_attname(RelationGetRelid(graph->heap),
													  i == 0 ? graph->columns.source_attno : graph->columns.target_attno,
													  false)),
						 edges, HINT_ROWS);
	appendStringInfoString(&sql, ") AS k (key) WHERE pg_catalog.int4gt(pg_catalog.strpos("
						   "pg_catalog.lower(key), pg_catalog.lower(" NAME_PART ")), 0) "
						   "AND pg_catalog.int4lt(pg_catalog.length(key), 300) "
						   "ORDER BY 1, 2 LIMIT 3");
	return list_keys(sql.data, key);
}

/* A key as a message shows it. */
static char *
shown_key(text *key)
{
	char	   *string = text_to_cstring(key);
	int			length = pg_mbcliplen(string, strlen(string), 200);

	if (string[length] != '\0')
		return psprintf("%.*s...", length, string);
	return string;
}

/* Report a start that is neither an entity nor on any edge. */
void
sql_unknown_key(SqlGraph *graph, Datum node, Oid type)
{
	text	   *key = DatumGetTextPP(sql_node_to_text(node, type));
	char	   *similar = similar_keys(graph, key);

	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("unknown key: \"%s\"", shown_key(key)),
			 errdetail("It is on no edge of table \"%s\"%s that you can see.",
					   RelationGetRelationName(graph->heap),
					   OidIsValid(graph->entity_table) ? " and no entity" : ""),
			 similar != NULL ?
			 errhint("Similar keys: %s. With missing_ok an unknown key gives no rows.", similar) :
			 errhint("With missing_ok an unknown key gives no rows.")));
}

/* An entry that does not fit its row: never skipped, always reported. */
void
sql_corrupt_row(SqlGraph *graph, ItemPointer tid, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INDEX_CORRUPTED),
			 errmsg("adjacency index \"%s\" does not fit row (%u,%u) of table \"%s\"",
					RelationGetRelationName(graph->index),
					ItemPointerGetBlockNumberNoCheck(tid),
					ItemPointerGetOffsetNumberNoCheck(tid),
					RelationGetRelationName(graph->heap)),
			 errdetail_internal("%s", detail),
			 errhint("REINDEX the index; pt_check_index lists all differences.")));
}

/*
 * One end of the row in the slot, as a value of the node column. It must be
 * the node that the row's index entry names.
 */
Datum
sql_row_node(SqlGraph *graph, ItemPointer tid, AttrNumber attno, uint32 node)
{
	AdjNode		expected = image_node(graph->image, node);
	AdjNode		hash;
	bool		isnull;
	Datum		value = slot_getattr(graph->vis.slot, attno, &isnull);

	if (isnull)
		sql_corrupt_row(graph, tid, "The row has a NULL node.");
	if (graph->columns.node_type == TEXTOID)
		value = PointerGetDatum(PG_DETOAST_DATUM_PACKED(value));
	hash = adj_hash_node(&graph->columns, value);
	if (hash.fingerprint != expected.fingerprint || hash.check != expected.check)
		sql_corrupt_row(graph, tid, "The row names another node than its index entry.");
	return value;
}
