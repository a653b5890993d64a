/*
 * sql_subgraph.c
 *		pt_subgraph: the nodes around a key and every edge among them.
 *
 * A breadth-first walk finds the nodes. Then the edges that leave them are
 * projected, those whose other end was reached, too: every edge leaves one
 * node, so every edge comes once. The tree edges of the walk alone would not
 * do:
 *
 *		a -> b, a -> c, b -> c: from a, the walk never looks at the row of
 *		b -> c, since c is visited; the picture needs it.
 *
 * Rows come in the order in which the walk reached the later one of their
 * ends, so a cut by max_edges leaves what is nearest and hangs together.
 *
 * O(edges touched by the walk + edges that leave its nodes); memory for the
 * nodes and for all edges among them, also those that max_edges cuts.
 */
#include "postgres.h"

#include "base/pt_sort.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "function/sql_args.h"
#include "function/sql_edges.h"
#include "function/sql_node.h"
#include "function/sql_sets.h"
#include "function/sql_start.h"
#include "graph/graph_project.h"
#include "kernel/kernel_bfs.h"
#include "miscadmin.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(pt_subgraph_0_2);

/* arguments of pt_subgraph before the common options */
enum
{
	ARG_KEY,
	ARG_HOPS,
	ARG_DIRECTION,
	ARG_MAX_EDGES
};

/* An edge with both ends in the walk. */
typedef struct InnerEdge
{
	uint32		from;			/* places in the walk */
	uint32		to;
	GraphEdge	edge;
} InnerEdge;

typedef struct Subgraph
{
	SqlGraph	graph;
	ReturnSetInfo *result;

	/* asked */
	uint64		hops;
	GraphDirection direction;
	uint64		max_edges;
	SqlOptions	options;

	/* found */
	SqlStart	start;
	GraphWalk  *walk;
	InnerEdge  *edges;
	uint64		count;
	bool		truncated;
} Subgraph;

/* columns of a row after those of its edge */
enum
{
	FROM_DISTANCE = SQL_EDGE_COLUMNS,
	TO_DISTANCE,
	TRUNCATED,
	SUBGRAPH_COLUMNS
};

/* ---- nodes and edges ---- */

/* Under the barrier. */
static GraphProjection *
walk_and_project(Subgraph *sub)
{
	GraphProjection *inner;

	sub->walk = sql_walk_begin(&sub->graph, sub->direction, 0);
	sub->truncated = sub->options.max_nodes == 0;
	if (sub->start.node == GRAPH_NO_NODE || sub->options.max_nodes == 0)
	{
		graph_walk_end(sub->walk);
		return NULL;
	}
	graph_walk_start(sub->walk, sub->start.node);
	sub->walk->max_nodes = sub->options.max_nodes;
	graph_sets_bound(&sub->graph.sets, sub->walk);
	kernel_bfs(sub->graph.view, sub->walk, sub->hops);
	graph_walk_unbar(sub->walk);
	sub->truncated = sub->walk->truncated;
	inner = graph_project(sub->graph.view, sub->walk, GRAPH_OUT, GRAPH_PROJECT_EDGES,
						  sub->graph.budget);
	graph_walk_end(sub->walk);
	return inner;
}

/*
 * By the later end, then by the other one; parallel edges as the rows stand.
 */
static int
compare_edges(const void *a, const void *b, void *arg)
{
	const InnerEdge *x = a;
	const InnerEdge *y = b;
	uint32		x_later = Max(x->from, x->to);
	uint32		y_later = Max(y->from, y->to);

	if (x_later != y_later)
		return x_later < y_later ? -1 : 1;
	if (Min(x->from, x->to) != Min(y->from, y->to))
		return Min(x->from, x->to) < Min(y->from, y->to) ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->edge < y->edge ? -1 : x->edge > y->edge;
}

static void
list_edges(Subgraph *sub, GraphProjection *inner)
{
	sub->count = inner->nedges;
	sub->edges = pt_alloc(sub->graph.budget, sub->count, sizeof(InnerEdge));
	for (uint32 v = 0; v < inner->nnodes; v++)
	{
		CHECK_FOR_INTERRUPTS();
		for (uint64 e = inner->offsets[v]; e < inner->offsets[v + 1]; e++)
			sub->edges[e] = (InnerEdge) {v, inner->ends[e], inner->edges[e]};
	}
	pt_sort(sub->edges, sub->count, sizeof(InnerEdge), compare_edges, NULL);
}

/* ---- rows ---- */

/* The level of a place. */
static int32
distance_of(const GraphWalk *walk, uint32 place)
{
	uint64		low = 0;
	uint64		high = walk->levels - 1;

	/* the last level that begins at or before it; an empty one is never it */
	while (low < high)
	{
		uint64		middle = low + (high - low + 1) / 2;

		if (walk->level_start[middle] <= place)
			low = middle;
		else
			high = middle - 1;
	}
	return (int32) low;
}

static SqlEdge
next_edge(void *answer, uint64 place, Datum *values, bool *nulls)
{
	const Subgraph *sub = answer;
	const InnerEdge *inner = &sub->edges[place];
	SqlEdge		edge;

	values[FROM_DISTANCE] = Int32GetDatum(distance_of(sub->walk, inner->from));
	values[TO_DISTANCE] = Int32GetDatum(distance_of(sub->walk, inner->to));
	values[TRUNCATED] = BoolGetDatum(sub->truncated);
	edge.edge = inner->edge;
	edge.source = sub->walk->nodes[inner->from];
	edge.target = sub->walk->nodes[inner->to];
	return edge;
}

/* The start alone. */
static void
put_lone_start(Subgraph *sub)
{
	Datum		values[SUBGRAPH_COLUMNS] = {0};
	bool		nulls[SUBGRAPH_COLUMNS];

	memset(nulls, true, sizeof(nulls));
	nulls[0] = nulls[FROM_DISTANCE] = nulls[TRUNCATED] = false;
	values[0] = sql_node_canonical(&sub->graph, PointerGetDatum(sub->start.key), TEXTOID);
	values[FROM_DISTANCE] = Int32GetDatum(0);
	values[TRUNCATED] = BoolGetDatum(sub->truncated);
	tuplestore_putvalues(sub->result->setResult, sub->result->setDesc, values, nulls);
}

static void
put_rows(Subgraph *sub)
{
	uint64		kept = Min(sub->count, sub->max_edges);

	if (kept < sub->count)
		sub->truncated = true;
	sql_put_edges(&sub->graph, sub->result, kept, 0, next_edge, sub);
	sql_check_start(&sub->graph, &sub->start, sub->options.missing_ok);
	if (kept == 0 && sub->options.max_nodes > 0)
		put_lone_start(sub);
}

static void
warn_of_cuts(const Subgraph *sub)
{
	if (sub->walk->truncated || sub->options.max_nodes == 0)
		sql_warn_truncated(sub->options.max_nodes);
	if (sub->count > sub->max_edges)
		ereport(WARNING,
				(errcode(SQL_WARNING_TRUNCATED),
				 errmsg_plural("result truncated at " UINT64_FORMAT " edge",
							   "result truncated at " UINT64_FORMAT " edges",
							   sub->max_edges, sub->max_edges),
				 errhint("Raise max_edges, or pass NULL for all.")));
}

Datum
pt_subgraph_0_2(PG_FUNCTION_ARGS)
{
	Subgraph	sub = {0};
	text	   *key;
	GraphProjection *inner;

	sub.hops = sql_bound(fcinfo, ARG_HOPS, "hops");
	sub.direction = sql_direction(fcinfo, ARG_DIRECTION);
	sub.max_edges = sql_bound(fcinfo, ARG_MAX_EDGES, "max_edges");
	sub.options = sql_options(fcinfo, SQL_OPTION_SETS | SQL_OPTION_STOP_AT |
							  SQL_OPTION_MAX_NODES | SQL_OPTION_GRAPH);

	InitMaterializedSRF(fcinfo, 0);
	if (sql_is_absent(fcinfo, ARG_KEY, "key", sub.options.missing_ok))
		return (Datum) 0;
	key = sql_key(fcinfo, ARG_KEY, "key");
	sub.result = (ReturnSetInfo *) fcinfo->resultinfo;
	sql_graph_open(&sub.graph, fcinfo, sub.options.graph_argno, SQL_READ_LABEL | SQL_READ_LOCATION,
				   "subgraph", SQL_BOUND_HINT);
	sql_graph_sync(&sub.graph);
	sql_find_starts(&sub.graph, &sub.options, &key, 1, &sub.start);
	sql_graph_follow(&sub.graph, sub.options.edge_types, sub.options.min_confidence);
	sql_graph_bound(&sub.graph, &sub.options);
	inner = walk_and_project(&sub);
	sql_graph_leave(&sub.graph);

	if (inner != NULL)
		list_edges(&sub, inner);
	put_rows(&sub);
	warn_of_cuts(&sub);
	sql_graph_close(&sub.graph);
	return (Datum) 0;
}
