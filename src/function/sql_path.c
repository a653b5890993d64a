/*
 * sql_path.c
 *		pt_path: one shortest path between two keys, edge by edge.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "function/sql_start.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(pt_path);

/* A path's edges, in order. */
typedef struct PathEdges
{
	SqlEdge    *edges;
	uint64		count;
} PathEdges;

SqlPathEnd
sql_find_end(SqlGraph *graph, text *key)
{
	SqlPathEnd	end;

	end.key = key;
	end.node = image_find_node(graph->image,
							   sql_node_hash(graph, PointerGetDatum(key), TEXTOID));
	if (end.node != IMAGE_NO_NODE && !sql_graph_has_visible_edge(graph, end.node))
		end.node = IMAGE_NO_NODE;
	return end;
}

bool
sql_check_end(SqlGraph *graph, const SqlPathEnd *end, bool missing_ok)
{
	if (end->node != IMAGE_NO_NODE || sql_graph_is_entity(graph, end->key))
		return true;
	if (!missing_ok)
		sql_unknown_key(graph, PointerGetDatum(end->key), TEXTOID);
	return false;
}

static PtWalk *
begin_walk(PtDirection direction, uint32 node, int set, uint32 nnodes)
{
	PtWalk	   *walk = graph_walk_create(direction, PT_KEEP_EDGES | PT_KEEP_PARENTS,
											 sql_walk_memory() / 2);
	PtTreeEdge	none = {0, 0, 0};

	graph_visited_acquire(walk, set, nnodes);
	graph_walk_add(walk, node, PT_NO_PARENT, none);
	return walk;
}

/* The edge by which a walk reached its i-th node. */
static SqlEdge
edge_to(const PtWalk *walk, uint64 i)
{
	return sql_tree_edge(walk->edges[i], walk->nodes[i], walk->nodes[walk->parents[i]]);
}

/* The edges from the forward start to the middle, then on to the other end. */
static PathEdges
collect(const PtWalk *forward, uint64 forward_end,
		const PtWalk *backward, uint64 backward_end)
{
	PathEdges	path = {NULL, 0};
	uint64		half = 0;

	for (uint64 i = forward_end; forward->parents[i] != PT_NO_PARENT; i = forward->parents[i])
		half++;
	path.count = half;
	for (uint64 i = backward_end; backward->parents[i] != PT_NO_PARENT; i = backward->parents[i])
		path.count++;

	path.edges = palloc_extended(path.count * sizeof(SqlEdge), MCXT_ALLOC_HUGE);
	for (uint64 i = forward_end; forward->parents[i] != PT_NO_PARENT; i = forward->parents[i])
		path.edges[--half] = edge_to(forward, i);
	half = forward->levels - 1;
	for (uint64 i = backward_end; backward->parents[i] != PT_NO_PARENT; i = backward->parents[i])
		path.edges[half++] = edge_to(backward, i);
	return path;
}

/* Search under the barrier. */
static PathEdges
search(SqlGraph *graph, const SqlPathEnd *from, const SqlPathEnd *to,
	   PtDirection direction, const bool *labels, uint64 max_hops)
{
	PtGraph    *g = image_graph_create(graph->image, &graph->vis, labels);
	PathEdges	path = {NULL, 0};
	PtWalk	   *forward;
	PtWalk	   *backward;
	uint64		forward_end;
	uint64		backward_end;

	if (from->node == IMAGE_NO_NODE || to->node == IMAGE_NO_NODE || from->node == to->node)
		return path;
	forward = begin_walk(direction, from->node, 0, g->nnodes);
	backward = begin_walk(graph_reverse(direction), to->node, 1, g->nnodes);
	if (kernel_path(g, forward, backward, max_hops, &forward_end, &backward_end))
		path = collect(forward, forward_end, backward, backward_end);
	graph_visited_release(forward, g->nnodes);
	graph_visited_release(backward, g->nnodes);
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
pt_path(PG_FUNCTION_ARGS)
{
	text	   *start_key = sql_key(fcinfo, 0, "start_key");
	text	   *end_key = sql_key(fcinfo, 1, "end_key");
	uint64		max_hops = sql_bound(fcinfo, 2, "max_hops");
	PtDirection direction = sql_direction(fcinfo, 3);
	ArrayType  *edge_types = sql_edge_types(fcinfo, 4);
	bool		missing_ok = sql_flag(fcinfo, 5);
	int			min_confidence = sql_min_confidence(fcinfo, 7);
	SqlGraph	graph;
	SqlPathEnd	from;
	SqlPathEnd	to;
	PathEdges	path;

	InitMaterializedSRF(fcinfo, 0);
	sql_graph_open(&graph, fcinfo, 6, SQL_READ_LABEL | SQL_READ_LOCATION);
	sql_graph_sync(&graph);
	from = sql_find_end(&graph, start_key);
	to = sql_find_end(&graph, end_key);
	path = search(&graph, &from, &to, direction,
				  sql_label_filter(&graph, edge_types, min_confidence), max_hops);
	sql_graph_leave(&graph);

	sql_put_edges(&graph, (ReturnSetInfo *) fcinfo->resultinfo, path.count, 1, next_edge, &path);
	(void) sql_check_end(&graph, &from, missing_ok);
	(void) sql_check_end(&graph, &to, missing_ok);
	sql_graph_close(&graph);
	return (Datum) 0;
}
