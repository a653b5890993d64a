/*
 * sql_path.c
 *		pt_path: one shortest path between two keys, edge by edge.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "funcapi.h"
#include "function/sql_args.h"
#include "function/sql_edges.h"
#include "function/sql_sets.h"
#include "function/sql_start.h"
#include "kernel/kernel_path.h"

PG_FUNCTION_INFO_V1(pt_path_0_2);

/* arguments of pt_path before the common options */
enum
{
	ARG_START_KEY,
	ARG_END_KEY,
	ARG_HOPS,
	ARG_DIRECTION
};

/* A path's edges, in order. */
typedef struct PathEdges
{
	SqlEdge    *edges;
	uint64		count;
} PathEdges;

/* A walk from one end of the path that looks for the other. */
static GraphWalk *
begin_walk(SqlGraph *graph, GraphDirection direction, uint32 node, uint32 far_end)
{
	GraphWalk  *walk = sql_walk_begin(graph, direction, GRAPH_KEEP_EDGES | GRAPH_KEEP_PARENTS);

	graph_walk_start(walk, node);
	graph_sets_bound_path(&graph->sets, walk, far_end);
	return walk;
}

/* The edge by which a walk reached its i-th node. */
static SqlEdge
edge_to(const GraphWalk *walk, uint64 i)
{
	return sql_tree_edge(walk->edges[i], walk->nodes[i], walk->nodes[walk->parents[i]]);
}

/* The edges from the forward start to the middle, then on to the other end. */
static PathEdges
collect(const GraphWalk *forward, uint64 forward_end,
		const GraphWalk *backward, uint64 backward_end)
{
	PathEdges	path = {NULL, 0};
	uint64		half = 0;

	for (uint64 i = forward_end; forward->parents[i] != GRAPH_NO_PARENT; i = forward->parents[i])
		pt_check_interrupts(++half);
	path.count = half;
	for (uint64 i = backward_end; backward->parents[i] != GRAPH_NO_PARENT; i = backward->parents[i])
		pt_check_interrupts(++path.count);

	path.edges = pt_alloc(forward->budget, path.count, sizeof(SqlEdge));
	for (uint64 i = forward_end; forward->parents[i] != GRAPH_NO_PARENT; i = forward->parents[i])
	{
		pt_check_interrupts(half);
		path.edges[--half] = edge_to(forward, i);
	}
	half = forward->levels - 1;
	for (uint64 i = backward_end; backward->parents[i] != GRAPH_NO_PARENT; i = backward->parents[i])
	{
		pt_check_interrupts(half);
		path.edges[half] = edge_to(backward, i);
		/* this walk came from the other side */
		path.edges[half++].end = backward->nodes[backward->parents[i]];
	}
	return path;
}

/* Search under the barrier. */
static PathEdges
search(SqlGraph *graph, const SqlStart *from, const SqlStart *to,
	   GraphDirection direction, uint64 hops)
{
	PathEdges	path = {NULL, 0};
	GraphWalk  *forward;
	GraphWalk  *backward;
	uint64		forward_end;
	uint64		backward_end;

	if (from->node == GRAPH_NO_NODE || to->node == GRAPH_NO_NODE || from->node == to->node ||
		!graph_sets_admit(&graph->sets, to->node))
		return path;
	forward = begin_walk(graph, direction, from->node, to->node);
	backward = begin_walk(graph, graph_reverse(direction), to->node, from->node);
	if (kernel_path(graph->view, forward, backward, hops, &forward_end, &backward_end))
		path = collect(forward, forward_end, backward, backward_end);
	graph_walk_end(forward);
	graph_walk_end(backward);
	return path;
}

static SqlEdge
next_edge(void *answer, uint64 place, Datum *values, bool *nulls)
{
	const PathEdges *path = answer;

	values[0] = Int32GetDatum((int32) (place + 1));
	return path->edges[place];
}

Datum
pt_path_0_2(PG_FUNCTION_ARGS)
{
	text	   *keys[2];
	uint64		hops = sql_bound(fcinfo, ARG_HOPS, "hops");
	GraphDirection direction = sql_direction(fcinfo, ARG_DIRECTION);
	SqlOptions	options = sql_options(fcinfo, SQL_OPTION_SETS | SQL_OPTION_STOP_AT | SQL_OPTION_GRAPH);
	SqlGraph	graph;
	SqlStart	ends[2];
	PathEdges	path;

	InitMaterializedSRF(fcinfo, 0);
	if (sql_is_absent(fcinfo, ARG_START_KEY, "start_key", options.missing_ok) ||
		sql_is_absent(fcinfo, ARG_END_KEY, "end_key", options.missing_ok))
		return (Datum) 0;
	keys[0] = sql_key(fcinfo, ARG_START_KEY, "start_key");
	keys[1] = sql_key(fcinfo, ARG_END_KEY, "end_key");
	sql_graph_open(&graph, fcinfo, options.graph_argno, SQL_READ_LABEL | SQL_READ_LOCATION,
				   "path",
				   "Raise parseltongue.local_image_memory, or bound the path by hops.");
	sql_graph_sync(&graph);
	sql_find_starts(&graph, &options, keys, lengthof(keys), ends);
	sql_graph_follow(&graph, options.edge_types, options.min_confidence);
	sql_graph_bound(&graph, &options);
	path = search(&graph, &ends[0], &ends[1], direction, hops);
	sql_graph_leave(&graph);

	sql_put_edges(&graph, (ReturnSetInfo *) fcinfo->resultinfo, path.count, 1,
				  next_edge, &path);
	for (int i = 0; i < lengthof(ends); i++)
		sql_check_start(&graph, &ends[i], options.missing_ok);
	sql_graph_close(&graph);
	return (Datum) 0;
}
