/*
 * sql_rows.c
 *		How many rows a walk, or an algorithm over a whole graph, is likely to
 *		return, for the planner.
 *
 * A constant is wrong by orders of magnitude one way or the other, and a join
 * planned for a hundred rows of a walk that returns a million is a nested loop.
 * What is needed are the nodes and their mean degree. The image knows both, if there
 * is one; else the catalogs have the rows of the edge table and the distinct values of both
 * ends, if it has been analyzed.
 *
 *	rows = degree + degree^2 + ... + degree^hops, at most the nodes
 *
 * Degrees of real graphs are far from even, and a start may be anywhere, so this
 * is no more than a guess; it errs where a cheap question is planned as a large
 * one, which costs a scan, rather than the other way, which has no bound.
 *
 * An algorithm has a row for each node, or for each edge, as a rule.
 *
 * Only arguments that are constants when the query is planned are looked at;
 * without them, or where nothing is known, the function's own ROWS stands. No image
 * is built or opened for it, which is a walk's business.
 */
#include "postgres.h"

#include <math.h>

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "adjacency/adj_columns.h"
#include "catalog/indexing.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_statistic.h"
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "funcapi.h"
#include "function/sql_relation.h"
#include "image/image.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

PG_FUNCTION_INFO_V1(pt_walk_rows);
PG_FUNCTION_INFO_V1(pt_network_rows);

/* of starts in an array that is not known yet */
#define EXPECTED_STARTS 10

/* as far as most ask, where it is not known */
#define USUAL_HOPS 3

/* What is known of a graph. */
typedef struct GraphSize
{
	double		edges;
	double		sources;		/* distinct */
	double		targets;
	double		entities;		/* of a codebase */
} GraphSize;

typedef struct GraphEnds
{
	Oid			index;
	Oid			table;
	AttrNumber	source;
	AttrNumber	target;
} GraphEnds;

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

/* What pg_class has of a relation; zeros if it is gone. */
static FormData_pg_class
class_of(Oid relation)
{
	FormData_pg_class class = {0};
	HeapTuple	row = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));

	if (HeapTupleIsValid(row))
	{
		memcpy(&class, GETSTRUCT(row), CLASS_TUPLE_SIZE);
		ReleaseSysCache(row);
	}
	return class;
}

/* The columns of the ends, if the row of pg_index is that of an adjacency index. */
static bool
read_ends(HeapTuple row, GraphEnds *ends)
{
	Form_pg_index index = (Form_pg_index) GETSTRUCT(row);

	if (class_of(index->indexrelid).relam != get_index_am_oid("adjacency", true))
		return false;
	ends->index = index->indexrelid;
	ends->table = index->indrelid;
	ends->source = index->indkey.values[ADJ_SOURCE_COLUMN];
	ends->target = index->indkey.values[ADJ_TARGET_COLUMN];
	return true;
}

/* By any adjacency index of the table, or by the index that is named itself. */
static bool
find_ends(Oid graph, GraphEnds *ends)
{
	HeapTuple	row = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(graph));
	bool		found = false;
	Relation	catalog;
	SysScanDesc scan;
	ScanKeyData key;

	if (HeapTupleIsValid(row))
	{
		found = read_ends(row, ends);
		ReleaseSysCache(row);
		return found;
	}
	catalog = table_open(IndexRelationId, AccessShareLock);
	ScanKeyInit(&key, Anum_pg_index_indrelid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(graph));
	scan = systable_beginscan(catalog, IndexIndrelidIndexId, true, NULL, 1, &key);
	while (!found && (row = systable_getnext(scan)) != NULL)
		found = read_ends(row, ends);
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return found;
}

/*
 * False if it is not known, or not the caller's to know. Table and index are not
 * locked: to wait for them here would be to take the statement's snapshot later,
 * which is what decides what is seen, and which index may be walked.
 */
static bool
measure(Oid graph, GraphSize *size)
{
	GraphEnds	ends;
	ImageSize	image;
	bool		is_missing = false;

	if (!find_ends(graph, &ends) ||
		(pg_class_aclcheck_ext(ends.table, GetUserId(), ACL_SELECT, &is_missing) != ACLCHECK_OK &&
		 pg_attribute_aclcheck_all(ends.table, GetUserId(), ACL_SELECT, ACLMASK_ANY) != ACLCHECK_OK))
		return false;
	size->entities = Max(class_of(sql_entity_table(ends.table)).reltuples, 0);
	if (image_known_size(ends.index, &image) && image.nodes > 0)
	{
		size->edges = image.edges;
		size->sources = size->targets = image.nodes;
		return true;
	}
	size->edges = class_of(ends.table).reltuples;
	if (size->edges <= 0)
		return false;
	size->sources = distinct_values(ends.table, ends.source, size->edges);
	size->targets = distinct_values(ends.table, ends.target, size->edges);
	return size->sources > 0 && size->targets > 0;
}

/* ---- the estimate ---- */

static int
count_elements(const Const *constant)
{
	ArrayType  *array = DatumGetArrayTypeP(constant->constvalue);

	return ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
}

static double
count_starts(const FuncExpr *call)
{
	static const char *const names[] = {"keys", "starts"};

	for (int i = 0; i < lengthof(names); i++)
	{
		Const	   *starts = constant_argument(call, names[i]);

		if (starts != NULL && !starts->constisnull && OidIsValid(get_element_type(starts->consttype)))
			return count_elements(starts);
	}
	return type_is_array(exprType(linitial(call->args))) ||
		(list_length(call->args) > 1 && type_is_array(exprType(lsecond(call->args)))) ? EXPECTED_STARTS : 1;
}

/* degree + degree^2 + ... + degree^hops */
static double
sum_of_powers(double degree, int64 hops)
{
	double		count = (double) Max(hops, 0);

	if (fabs(degree - 1) < 1e-6)
		return count;
	return degree * (pow(degree, count) - 1) / (degree - 1);
}

/* Is an argument given that makes any guess wrong? */
static bool
has_value(const FuncExpr *call, const char *name)
{
	Const	   *argument = constant_argument(call, name);

	return argument != NULL && !argument->constisnull;
}

/* No more than a set has, and so many besides. */
static double
bound_by_set(const FuncExpr *call, const char *name, double besides, double rows)
{
	if (!has_value(call, name))
		return rows;
	return Min(rows, besides + count_elements(constant_argument(call, name)));
}

static double
bound_by_number(const FuncExpr *call, const char *name, double rows)
{
	int64		most;

	if (!has_value(call, name))
		return rows;
	most = DatumGetInt64(constant_argument(call, name)->constvalue);
	return most < 0 ? rows : Min(rows, (double) most);
}

static double
estimate_walk(const FuncExpr *call, const GraphSize *size)
{
	double		nodes = Max(size->sources, size->targets);
	double		degree = size->edges / nodes;
	Const	   *hops = constant_argument(call, "hops");
	Const	   *direction = constant_argument(call, "direction");
	double		starts = count_starts(call);
	double		rows;

	if (direction != NULL && !direction->constisnull &&
		strcmp(TextDatumGetCString(direction->constvalue), "both") == 0)
		degree *= 2;
	if (hops != NULL && hops->constisnull)
		rows = nodes;
	else
		rows = starts *
			sum_of_powers(degree, hops == NULL ? USUAL_HOPS : DatumGetInt64(hops->constvalue));
	rows = bound_by_set(call, "within", starts, Min(rows, nodes));
	return bound_by_number(call, "max_nodes", rows);
}

/* have a row for each edge, at most */
static const char *const of_edges[] = {"pt_transitive_reduction"};

/* Less than 0 if there is no telling. */
static double
estimate_network(const FuncExpr *call, const GraphSize *size)
{
	char	   *name = get_func_name(call->funcid);
	double		rows = Max(Max(size->sources, size->targets), size->entities);

	/* as many as there are files, or as are near */
	if (name == NULL || has_value(call, "group_by") || has_value(call, "max_cost"))
		return -1;
	for (int i = 0; i < lengthof(of_edges); i++)
	{
		if (strcmp(name, of_edges[i]) == 0)
			rows = size->edges;
	}
	rows = bound_by_set(call, "within", 0, rows);
	rows = bound_by_set(call, "targets", 0, rows);
	rows = bound_by_number(call, "max_results", rows);
	return bound_by_number(call, "max_nodes", rows);
}

typedef double (*Estimate) (const FuncExpr *call, const GraphSize *size);

static Node *
answer(Node *request, Estimate estimate)
{
	SupportRequestRows *rows = (SupportRequestRows *) request;
	GraphSize	size;
	Oid			graph;
	double		count;

	if (!IsA(request, SupportRequestRows) || rows->node == NULL || !IsA(rows->node, FuncExpr))
		return NULL;
	graph = graph_of((FuncExpr *) rows->node);
	if (!OidIsValid(graph) || !measure(graph, &size))
		return NULL;
	count = estimate((FuncExpr *) rows->node, &size);
	if (count < 0)
		return NULL;
	rows->rows = Max(count, 1);
	return request;
}

Datum
pt_walk_rows(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(answer((Node *) PG_GETARG_POINTER(0), estimate_walk));
}

Datum
pt_network_rows(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(answer((Node *) PG_GETARG_POINTER(0), estimate_network));
}
