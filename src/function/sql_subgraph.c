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
#include "function/sql_start.h"
#include "graph/graph_project.h"
#include "kernel/kernel_bfs.h"
#include "miscadmin.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(pt_subgraph);

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
	ArrayType  *edge_types;
	int			min_confidence;
	uint64		max_nodes;
	uint64		max_edges;

	/* found */
	SqlStart	start;
	GraphWalk  *walk;
	InnerEdge  *edges;
	uint64		count;
	bool		truncated;
} Subgraph;

#define SUBGRAPH_COLUMNS (SQL_EDGE_COLUMNS + 3)

/* ---- nodes and edges ---- */

/* Under the barrier. */
static GraphProjection *
walk_and_project(Subgraph *s)
{
	GraphProjection *inner;

	s->walk = sql_walk_begin(&s->graph, s->direction, 0);
	s->truncated = s->max_nodes == 0;
	if (s->start.node == GRAPH_NO_NODE || s->max_nodes == 0)
	{
		graph_walk_end(s->walk);
		return NULL;
	}
	graph_walk_start(s->walk, s->start.node);
	s->walk->max_nodes = s->max_nodes;
	kernel_bfs(s->graph.view, s->walk, s->hops);
	s->truncated = s->walk->truncated;
	inner = graph_project(s->graph.view, s->walk, GRAPH_OUT, GRAPH_PROJECT_EDGES,
						  s->graph.budget);
	graph_walk_end(s->walk);
	return inner;
}

/* By the later end, then by the other one; parallel edges as the rows stand. */
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
list_edges(Subgraph *s, GraphProjection *inner)
{
	s->count = inner->nedges;
	s->edges = pt_alloc(s->graph.budget, s->count, sizeof(InnerEdge));
	for (uint32 v = 0; v < inner->nnodes; v++)
	{
		CHECK_FOR_INTERRUPTS();
		for (uint64 e = inner->offsets[v]; e < inner->offsets[v + 1]; e++)
			s->edges[e] = (InnerEdge) {v, inner->ends[e], inner->edges[e]};
	}
	pt_sort(s->edges, s->count, sizeof(InnerEdge), compare_edges, NULL);
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
	const Subgraph *s = answer;
	const InnerEdge *inner = &s->edges[place];
	SqlEdge		edge;

	values[4] = Int32GetDatum(distance_of(s->walk, inner->from));
	values[5] = Int32GetDatum(distance_of(s->walk, inner->to));
	values[6] = BoolGetDatum(s->truncated);
	edge.edge = inner->edge;
	edge.source = s->walk->nodes[inner->from];
	edge.target = s->walk->nodes[inner->to];
	return edge;
}

/* The start alone. */
static void
put_lone_start(Subgraph *s)
{
	Datum		values[SUBGRAPH_COLUMNS] = {0};
	bool		nulls[SUBGRAPH_COLUMNS] = {false, true, true, true, false, true, false};

	values[0] = sql_node_canonical(&s->graph, PointerGetDatum(s->start.key), TEXTOID);
	values[4] = Int32GetDatum(0);
	values[6] = BoolGetDatum(s->truncated);
	tuplestore_putvalues(s->result->setResult, s->result->setDesc, values, nulls);
}

static void
put_rows(Subgraph *s, bool missing_ok)
{
	uint64		kept = Min(s->count, s->max_edges);

	if (kept < s->count)
		s->truncated = true;
	sql_put_edges(&s->graph, s->result, kept, 0, next_edge, s);
	if (sql_check_start(&s->graph, &s->start, missing_ok) && kept == 0 && s->max_nodes > 0)
		put_lone_start(s);
}

static void
warn_of_cuts(const Subgraph *s)
{
	if (s->walk->truncated || s->max_nodes == 0)
		ereport(WARNING,
				(errmsg("the answer was cut at max_nodes, " UINT64_FORMAT, s->max_nodes),
				 errhint("Raise max_nodes, or pass NULL for all.")));
	if (s->count > s->max_edges)
		ereport(WARNING,
				(errmsg("the answer was cut at max_edges, " UINT64_FORMAT, s->max_edges),
				 errhint("Raise max_edges, or pass NULL for all.")));
}

Datum
pt_subgraph(PG_FUNCTION_ARGS)
{
	Subgraph	s = {0};
	text	   *key = sql_key(fcinfo, 0, "key");
	GraphProjection *inner;
	bool		missing_ok;

	s.hops = sql_bound(fcinfo, 1, "hops");
	s.direction = sql_direction(fcinfo, 2);
	s.edge_types = sql_edge_types(fcinfo, 3);
	s.max_nodes = sql_max_rows(fcinfo, 4, "max_nodes");
	s.max_edges = sql_max_rows(fcinfo, 5, "max_edges");
	missing_ok = sql_flag(fcinfo, 6);
	s.min_confidence = sql_min_confidence(fcinfo, 8);

	InitMaterializedSRF(fcinfo, 0);
	s.result = (ReturnSetInfo *) fcinfo->resultinfo;
	sql_graph_open(&s.graph, fcinfo, 7, SQL_READ_LABEL | SQL_READ_LOCATION,
				   "subgraph", SQL_BOUND_HINT);
	sql_graph_sync(&s.graph);
	s.start = sql_find_start(&s.graph, key);
	sql_graph_follow(&s.graph, s.edge_types, s.min_confidence);
	inner = walk_and_project(&s);
	sql_graph_leave(&s.graph);

	if (inner != NULL)
		list_edges(&s, inner);
	put_rows(&s, missing_ok);
	warn_of_cuts(&s);
	sql_graph_close(&s.graph);
	return (Datum) 0;
}
