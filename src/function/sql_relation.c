/*
 * sql_relation.c
 *		From the name of a graph to its table and index.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/xlog.h"
#include "adjacency/adj_columns.h"
#include "adjacency/adj_handler.h"
#include "base/pt_guc.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "function/sql_relation.h"
#include "function/sql_tables.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rls.h"
#include "utils/varlena.h"

#define EDGE_TABLE "pt_edge"
#define ENTITY_TABLE "pt_entity"
#define LOCATION_COLUMN "source_location"

/* how often to look again for an index that REINDEX CONCURRENTLY swaps */
#define SWAP_TRIES 5

/* ---- finding table and index ---- */

static RangeVar *
parse_name(const char *name)
{
	return makeRangeVarFromNameList(textToQualifiedNameList(cstring_to_text(name)));
}

Oid
sql_default_graph(FunctionCallInfo fcinfo)
{
	const char *setting = pt_default_graph_name();
	Oid			schema;
	Oid			relation;

	if (setting[0] != '\0')
		return RangeVarGetRelid(parse_name(setting), NoLock, false);
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

/* The table of a graph, which may be named by its index; else InvalidOid. */
Oid
sql_graph_table(Oid relation)
{
	char		kind = get_rel_relkind(relation);

	if (kind == RELKIND_INDEX || kind == RELKIND_PARTITIONED_INDEX)
		return IndexGetRelation(relation, true);
	return kind == '\0' ? InvalidOid : relation;
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

static bool
is_usable(Relation index)
{
	return adj_is_adjacency_index(index) && index->rd_index->indisvalid &&
		index->rd_index->indisready && index->rd_index->indislive;
}

static void
not_a_graph(Oid relation)
{
	ereport(ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
			 errmsg("\"%s\" is neither a table nor an adjacency index",
					get_rel_name(relation)),
			 errhint("Name a table with an adjacency index, or such an index.")));
}

/*
 * Open all indexes of a locked table and look for the usable adjacency
 * indexes. All are locked before any is judged: locking takes note of what
 * REINDEX CONCURRENTLY, which swaps two indexes, has committed. Returns their
 * number, the first two in found[], opened.
 */
static int
find_usable_indexes(Relation heap, Relation *found)
{
	List	   *oids = RelationGetIndexList(heap);
	List	   *opened = NIL;
	int			count = 0;
	ListCell   *lc;

	foreach(lc, oids)
		opened = lappend(opened, index_open(lfirst_oid(lc), AccessShareLock));
	foreach(lc, opened)
	{
		Relation	index = lfirst(lc);

		if (is_usable(index) && count++ < 2)
			found[count - 1] = index;
		else
			index_close(index, AccessShareLock);
	}
	list_free(oids);
	list_free(opened);
	return count;
}

/* The one usable adjacency index of a locked table, locked. */
static Relation
open_only_index(Relation heap)
{
	Relation	found[2];
	int			count = 0;

	/* a swap may be seen half done; it is over in a moment */
	for (int try = 0; try < SWAP_TRIES; try++)
	{
		count = find_usable_indexes(heap, found);
		if (count == 1)
			return found[0];
		if (try < SWAP_TRIES - 1)
		{
			for (int i = 0; i < Min(count, 2); i++)
				index_close(found[i], AccessShareLock);
			CHECK_FOR_INTERRUPTS();
			pg_usleep(1000L);
			AcceptInvalidationMessages();
		}
	}
	if (count > 1)
		ereport(ERROR,
				(errcode(ERRCODE_AMBIGUOUS_PARAMETER),
				 errmsg("table \"%s\" has more than one adjacency index: \"%s\" and \"%s\"",
						RelationGetRelationName(heap),
						RelationGetRelationName(found[0]), RelationGetRelationName(found[1])),
				 errhint("Name the index instead of the table.")));
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("table \"%s\" has no valid adjacency index",
					RelationGetRelationName(heap)),
			 errhint("CREATE INDEX ON %s USING adjacency (source, target [, label [, confidence]]).",
					 quote_identifier(RelationGetRelationName(heap)))));
}

/* Do children add rows that the table's own index does not have? */
static void
refuse_children(Relation heap)
{
	if (heap->rd_rel->relkind == RELKIND_PARTITIONED_TABLE ||
		(heap->rd_rel->relhassubclass &&
		 find_inheritance_children(RelationGetRelid(heap), NoLock) != NIL))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("\"%s\" has partitions or inheritance children",
						RelationGetRelationName(heap)),
				 errdetail("An index covers one table; the graph would lack the children's edges."),
				 errhint("Ask a partition or child by its name, or keep the edges in one table.")));
}

/*
 * Open a table and its adjacency index, given either, with AccessShareLock.
 * The table is locked first, as everybody does, and everything is looked at
 * again under the lock.
 */
void
sql_open_adjacency(Oid relation, Relation *heap, Relation *index)
{
	char		kind = get_rel_relkind(relation);
	bool		is_index = kind == RELKIND_INDEX || kind == RELKIND_PARTITIONED_INDEX;
	Oid			heap_oid = is_index ? IndexGetRelation(relation, true) : relation;

	if (kind == '\0' || !OidIsValid(heap_oid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation with OID %u does not exist", relation)));
	if (!is_index && kind != RELKIND_RELATION && kind != RELKIND_MATVIEW &&
		kind != RELKIND_PARTITIONED_TABLE)
		not_a_graph(relation);
	/* keep those who may read nothing of it from holding a lock on it */
	if (pg_class_aclcheck(heap_oid, GetUserId(), ACL_SELECT) != ACLCHECK_OK &&
		pg_attribute_aclcheck_all(heap_oid, GetUserId(), ACL_SELECT,
								  ACLMASK_ANY) != ACLCHECK_OK)
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_TABLE, get_rel_name(heap_oid));

	*heap = table_open(heap_oid, AccessShareLock);
	if (RELATION_IS_OTHER_TEMP(*heap))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot access temporary tables of other sessions")));
	if (RecoveryInProgress() && (*heap)->rd_rel->relpersistence != RELPERSISTENCE_PERMANENT)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot access temporary or unlogged relations during recovery")));
	sql_refuse_distributed(heap_oid);
	refuse_children(*heap);
	if (!is_index)
	{
		*index = open_only_index(*heap);
		return;
	}
	*index = index_open(relation, AccessShareLock);
	if (!adj_is_adjacency_index(*index))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("index \"%s\" is not an adjacency index",
						RelationGetRelationName(*index)),
				 errhint("Name an index created with USING adjacency.")));
	if (!is_usable(*index))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("adjacency index \"%s\" is not valid",
						RelationGetRelationName(*index)),
				 errhint("A concurrent build may be under way or may have failed; REINDEX it.")));
}

PG_FUNCTION_INFO_V1(pt_default_graph);
PG_FUNCTION_INFO_V1(pt_default_graph_if_any);
PG_FUNCTION_INFO_V1(pt_entity_table);

Datum
pt_default_graph(PG_FUNCTION_ARGS)
{
	PG_RETURN_OID(sql_default_graph(fcinfo));
}

/* NULL if the setting names nothing. Whether the caller may use it is not asked. */
Datum
pt_default_graph_if_any(PG_FUNCTION_ARGS)
{
	const char *setting = pt_default_graph_name();
	Oid			schema = get_func_namespace(fcinfo->flinfo->fn_oid);
	const char *name = EDGE_TABLE;
	Oid			relation;

	if (setting[0] != '\0')
	{
		RangeVar   *range = parse_name(setting);

		schema = get_namespace_oid(range->schemaname, true);
		name = range->relname;
	}
	relation = get_relname_relid(name, schema);
	if (!OidIsValid(relation))
		PG_RETURN_NULL();
	PG_RETURN_OID(relation);
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

void
sql_check_privileges(Relation heap, Relation index, bool label, AttrNumber location)
{
	const int16 *columns = index->rd_index->indkey.values;
	int			ncolumns = IndexRelationGetNumberOfKeyAttributes(index);

	if (pg_class_aclcheck(RelationGetRelid(heap), GetUserId(), ACL_SELECT) != ACLCHECK_OK)
	{
		check_column(heap, columns[0]);
		check_column(heap, columns[1]);
		if (label && ncolumns > ADJ_LABEL_COLUMN)
			check_column(heap, columns[ADJ_LABEL_COLUMN]);
		/* what is followed depends on it in any case */
		if (ncolumns > ADJ_CONFIDENCE_COLUMN)
			check_column(heap, columns[ADJ_CONFIDENCE_COLUMN]);
		check_column(heap, location);
	}

	if (check_enable_rls(RelationGetRelid(heap), InvalidOid, false) == RLS_ENABLED)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("row-level security applies to you on table \"%s\"",
						RelationGetRelationName(heap)),
				 errdetail("A walk reads the index, which knows no policies."),
				 errhint("Ask as a role that bypasses row-level security, or query the table with WITH RECURSIVE.")));
}

AttrNumber
sql_location_column(Relation heap)
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
