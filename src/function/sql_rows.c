/*
 * sql_rows.c
 *		How many rows a walk is likely to return, for the planner.
 *
 * A constant is wrong by orders of magnitude one way or the other, and a join
 * planned for a hundred rows of a walk that returns a million is a nested loop.
 * What the catalogs know of the edge table is enough for the order: the edges,
 * and the distinct values of both ends, hence the nodes and their mean degree.
 *
 *	rows = degree + degree^2 + ... + degree^hops, at most the nodes
 *
 * Degrees of real graphs are far from even, and a start may be anywhere, so this
 * is no more than a guess; it errs where a cheap question is planned as a large
 * one, which costs a scan, rather than the other way, which has no bound.
 *
 * Only arguments that are constants when the query is planned are looked at;
 * without them, or without statistics, the function's own ROWS stands. The image
 * would know better, but to open it is a walk's business.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "adjacency/adj_columns.h"
#include "base/pt_guc.h"
#include "catalog/index.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_statistic.h"
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "funcapi.h"
#include "function/sql_relation.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

PG_FUNCTION_INFO_V1(pt_walk_rows);

/* of starts in an array that is not known yet */
#define EXPECTED_STARTS 10

/* What the catalogs say of a graph. */
typedef struct GraphSize
{
	double		edges;
	double		sources;		/* distinct */
	double		targets;
} GraphSize;

/* ---- arguments ---- */

/*
 * The argument of a name, NULL if the function has none or it is not constant.
 * The planner has put arguments in their order and defaults in their places.
 */
static Const *
constant_argument(const FuncExpr *call, const char *wanted)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(call->funcid));
	Const	   *found = NULL;
	Oid		   *types;
	char	  **names;
	char	   *modes;
	int			count;

	if (!HeapTupleIsValid(tuple))
		return NULL;
	count = get_func_arg_info(tuple, &types, &names, &modes);
	for (int i = 0; names != NULL && i < Min(count, list_length(call->args)); i++)
	{
		Node	   *argument = list_nth(call->args, i);

		if (strcmp(names[i], wanted) == 0 && IsA(argument, Const))
			found = (Const *) argument;
		if (strcmp(names[i], wanted) == 0)
			break;
	}
	ReleaseSysCache(tuple);
	return found;
}

/* The graph that the call means, InvalidOid if that is not known. */
static Oid
graph_of(const FuncExpr *call)
{
	Const	   *graph = constant_argument(call, "graph");

	if (graph == NULL)
		return InvalidOid;
	if (!graph->constisnull)
		return DatumGetObjectId(graph->constvalue);
	return sql_default_graph_if_any();
}

/* ---- the graph ---- */

/* The distinct values of a column among so many rows, 0 if nobody knows. */
static double
distinct_values(Oid table, AttrNumber attno, double rows)
{
	HeapTuple	tuple = SearchSysCache3(STATRELATTINH, ObjectIdGetDatum(table),
										Int16GetDatum(attno), BoolGetDatum(false));
	double		distinct;

	if (!HeapTupleIsValid(tuple))
		return 0;
	distinct = ((Form_pg_statistic) GETSTRUCT(tuple))->stadistinct;
	ReleaseSysCache(tuple);
	return distinct < 0 ? -distinct * rows : distinct;
}

static Oid
access_method(Oid index)
{
	HeapTuple	row = SearchSysCache1(RELOID, ObjectIdGetDatum(index));
	Oid			method = HeapTupleIsValid(row) ? ((Form_pg_class) GETSTRUCT(row))->relam : InvalidOid;

	if (HeapTupleIsValid(row))
		ReleaseSysCache(row);
	return method;
}

/*
 * The columns of the ends, by any adjacency index of the table, or the one named.
 * Indexes are not opened: on a standby one of them may be locked by replay.
 */
static bool
find_ends(Relation heap, Oid named, AttrNumber *source, AttrNumber *target)
{
	Oid			adjacency = get_index_am_oid("adjacency", true);
	ListCell   *lc;

	foreach(lc, RelationGetIndexList(heap))
	{
		Oid			oid = lfirst_oid(lc);
		HeapTuple	row;
		Form_pg_index index;

		if ((OidIsValid(named) && oid != named) || access_method(oid) != adjacency)
			continue;
		row = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(oid));
		if (!HeapTupleIsValid(row))
			continue;
		index = (Form_pg_index) GETSTRUCT(row);
		*source = index->indkey.values[ADJ_SOURCE_COLUMN];
		*target = index->indkey.values[ADJ_TARGET_COLUMN];
		ReleaseSysCache(row);
		return true;
	}
	return false;
}

/* False if it is not known, or not the caller's to know. */
static bool
measure(Oid graph, GraphSize *size)
{
	char		kind = get_rel_relkind(graph);
	Oid			table = kind == RELKIND_INDEX ? IndexGetRelation(graph, true) : graph;
	AttrNumber	source;
	AttrNumber	target;
	Relation	heap;
	bool		found;

	if (!OidIsValid(table) || (kind != RELKIND_INDEX && kind != RELKIND_RELATION && kind != RELKIND_MATVIEW) ||
		(pg_class_aclcheck(table, GetUserId(), ACL_SELECT) != ACLCHECK_OK &&
		 pg_attribute_aclcheck_all(table, GetUserId(), ACL_SELECT, ACLMASK_ANY) != ACLCHECK_OK))
		return false;
	heap = try_table_open(table, AccessShareLock);
	if (heap == NULL)
		return false;
	size->edges = heap->rd_rel->reltuples;
	found = find_ends(heap, kind == RELKIND_INDEX ? graph : InvalidOid, &source, &target);
	table_close(heap, AccessShareLock);
	if (!found || size->edges <= 0)
		return false;
	size->sources = distinct_values(table, source, size->edges);
	size->targets = distinct_values(table, target, size->edges);
	return size->sources > 0 && size->targets > 0;
}

/* ---- the estimate ---- */

static double
count_starts(const FuncExpr *call)
{
	static const char *const names[] = {"keys", "starts"};

	for (int i = 0; i < lengthof(names); i++)
	{
		Const	   *starts = constant_argument(call, names[i]);
		ArrayType  *array;

		if (starts == NULL || starts->constisnull || get_element_type(starts->consttype) == InvalidOid)
			continue;
		array = DatumGetArrayTypeP(starts->constvalue);
		return ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	}
	return type_is_array(exprType(linitial(call->args))) ||
		(list_length(call->args) > 1 && type_is_array(exprType(lsecond(call->args)))) ? EXPECTED_STARTS : 1;
}

static double
estimate(const FuncExpr *call, const GraphSize *size)
{
	double		nodes = Max(size->sources, size->targets);
	double		degree = size->edges / nodes;
	Const	   *hops = constant_argument(call, "hops");
	Const	   *direction = constant_argument(call, "direction");
	Const	   *bound = constant_argument(call, "max_nodes");
	double		level = count_starts(call);
	double		rows = 0;

	if (direction != NULL && !direction->constisnull &&
		strcmp(TextDatumGetCString(direction->constvalue), "both") == 0)
		degree *= 2;
	if (hops != NULL && hops->constisnull)
		rows = nodes;
	for (int64 hop = 0; hops == NULL || !hops->constisnull; hop++)
	{
		/* without a constant, as far as most ask */
		if (hop >= (hops == NULL ? 3 : DatumGetInt64(hops->constvalue)) || rows >= nodes)
			break;
		level *= degree;
		rows += level;
		if (level < 0.01)
			break;
	}
	rows = Min(rows, nodes);
	if (bound != NULL && !bound->constisnull && DatumGetInt64(bound->constvalue) >= 0)
		rows = Min(rows, (double) DatumGetInt64(bound->constvalue));
	return rows;
}

Datum
pt_walk_rows(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);
	SupportRequestRows *rows;
	GraphSize	size;
	Oid			graph;

	if (!IsA(request, SupportRequestRows))
		PG_RETURN_POINTER(NULL);
	rows = (SupportRequestRows *) request;
	if (rows->node == NULL || !IsA(rows->node, FuncExpr))
		PG_RETURN_POINTER(NULL);
	graph = graph_of((FuncExpr *) rows->node);
	if (!OidIsValid(graph) || !measure(graph, &size))
		PG_RETURN_POINTER(NULL);
	rows->rows = Max(estimate((FuncExpr *) rows->node, &size), 1);
	PG_RETURN_POINTER(request);
}
