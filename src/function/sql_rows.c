/*
 * sql_rows.c
 *		How many rows a walk is likely to return, for the planner.
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

/* of starts in an array that is not known yet */
#define EXPECTED_STARTS 10

/* as far as most ask, where it is not known */
#define USUAL_HOPS 3

/* What is known of a graph. */
typedef struct GraphSize
{
	double		edges;
	double		nodes;
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
 * The argument of a name, NULL if the function has none. The planner has put
 * arguments in their order and defaults in their places.
 */
static Node *
find_argument(const FuncExpr *call, const char *wanted)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(call->funcid));
	Node	   *found = NULL;
	Oid		   *types;
	char	  **names;
	char	   *modes;
	int			count;

	if (!HeapTupleIsValid(tuple))
		return NULL;
	count = get_func_arg_info(tuple, &types, &names, &modes);
	for (int i = 0; names != NULL && found == NULL && i < Min(count, list_length(call->args)); i++)
	{
		if (strcmp(names[i], wanted) == 0)
			found = list_nth(call->args, i);
	}
	ReleaseSysCache(tuple);
	return found;
}

/* The same, NULL if it is not constant. */
static Const *
constant_argument(const FuncExpr *call, const char *wanted)
{
	Node	   *argument = find_argument(call, wanted);

	return argument != NULL && IsA(argument, Const) ? (Const *) argument : NULL;
}

/* Does the function have such an argument, and the call one that is not NULL? */
static bool
is_given(const FuncExpr *call, const char *wanted)
{
	Node	   *argument = find_argument(call, wanted);

	return argument != NULL && !(IsA(argument, Const) && ((Const *) argument)->constisnull);
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
	double		sources;
	double		targets;

	if (!find_ends(graph, &ends) ||
		(pg_class_aclcheck_ext(ends.table, GetUserId(), ACL_SELECT, &is_missing) != ACLCHECK_OK &&
		 pg_attribute_aclcheck_all(ends.table, GetUserId(), ACL_SELECT, ACLMASK_ANY) != ACLCHECK_OK))
		return false;
	if (image_known_size(ends.index, &image) && image.nodes > 0)
	{
		*size = (GraphSize) {image.edges, image.nodes};
		return true;
	}
	size->edges = class_of(ends.table).reltuples;
	if (size->edges <= 0)
		return false;
	sources = distinct_values(ends.table, ends.source, size->edges);
	targets = distinct_values(ends.table, ends.target, size->edges);
	size->nodes = Max(sources, targets);
	return sources > 0 && targets > 0;
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

static double
estimate(const FuncExpr *call, const GraphSize *size)
{
	double		degree = size->edges / size->nodes;
	Const	   *hops = constant_argument(call, "hops");
	Const	   *direction = constant_argument(call, "direction");
	Const	   *bound = constant_argument(call, "max_nodes");
	Const	   *within = constant_argument(call, "within");
	Const	   *targets = constant_argument(call, "targets");
	double		starts = count_starts(call);
	double		rows;

	if (direction != NULL && !direction->constisnull &&
		strcmp(TextDatumGetCString(direction->constvalue), "both") == 0)
		degree *= 2;
	/* algorithms over a whole graph have none */
	if (find_argument(call, "hops") == NULL || (hops != NULL && hops->constisnull))
		rows = size->nodes;
	else
		rows = starts *
			sum_of_powers(degree, hops == NULL ? USUAL_HOPS : DatumGetInt64(hops->constvalue));
	rows = Min(rows, size->nodes);
	if (within != NULL && !within->constisnull)
		rows = Min(rows, starts + count_elements(within));
	if (targets != NULL && !targets->constisnull)
		rows = Min(rows, count_elements(targets));
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
	/* how much lies within a cost nobody can tell */
	if (!OidIsValid(graph) || is_given((FuncExpr *) rows->node, "max_cost") ||
		!measure(graph, &size))
		PG_RETURN_POINTER(NULL);
	rows->rows = Max(estimate((FuncExpr *) rows->node, &size), 1);
	PG_RETURN_POINTER(request);
}
