/*
 * array_graph.c
 *		A graph that is an array of edges, for testing kernels.
 */
#include "postgres.h"

#include <math.h>

#include "array_graph.h"
#include "common/pg_prng.h"

/* The source has come upon a node. */
static void
meet(ArrayGraph *g, GraphWalk *walk, uint32 node)
{
	if (node < g->graph.nnodes)
		return;
	g->graph.nnodes = node + 1;
	if (walk != NULL)
		graph_walk_cover(walk, g->graph.nnodes);
}

/* One end of an edge if it is the other way from the other, or GRAPH_NO_NODE. */
static uint32
other_end(const ArrayEdge *edge, uint32 node, GraphDirection direction)
{
	if (direction == GRAPH_OUT)
		return edge->source == node ? edge->target : GRAPH_NO_NODE;
	return edge->target == node ? edge->source : GRAPH_NO_NODE;
}

static GraphEdge
edge_number(uint32 i, GraphDirection direction)
{
	return (direction == GRAPH_IN ? GRAPH_EDGE_REVERSED : 0) | (i + 1);
}

static bool
expand_node(ArrayGraph *g, GraphWalk *walk, uint64 place, GraphDirection direction)
{
	for (uint32 i = 0; i < g->nedges; i++)
	{
		uint32		end = other_end(&g->edges[i], walk->nodes[place], direction);

		if (end == GRAPH_NO_NODE)
			continue;
		meet(g, walk, end);
		if (graph_is_visited(walk, end))
			continue;
		if (walk->count >= walk->max_nodes)
		{
			walk->truncated = true;
			return false;
		}
		graph_walk_add(walk, end, place, edge_number(i, direction));
	}
	return true;
}

static void
expand(Graph *graph, GraphWalk *walk, uint64 first, uint64 last)
{
	ArrayGraph *g = (ArrayGraph *) graph;

	for (; first < last; first++)
	{
		if (g->on_expand != NULL)
			g->on_expand(g);
		if (walk->direction != GRAPH_IN && !expand_node(g, walk, first, GRAPH_OUT))
			return;
		if (walk->direction != GRAPH_OUT && !expand_node(g, walk, first, GRAPH_IN))
			return;
	}
}

/* Returns false when the batch is full, and the edge comes again. */
static bool
put_arc(ArrayGraph *g, GraphArcs *arcs, uint32 from, uint32 to)
{
	meet(g, NULL, to);
	if (!graph_is_within(arcs, to) ||
		(arcs->weights != NULL && isnan(g->edges[arcs->cursor].weight)))
		return true;
	if (arcs->narcs == arcs->capacity)
		return false;
	if (arcs->weights != NULL)
		arcs->weights[arcs->narcs] = g->edges[arcs->cursor].weight;
	arcs->arcs[arcs->narcs].from = from;
	arcs->arcs[arcs->narcs].to = to;
	arcs->arcs[arcs->narcs++].edge = edge_number(arcs->cursor, arcs->direction);
	return true;
}

static bool
put_edge_everywhere(ArrayGraph *g, GraphArcs *arcs, const ArrayEdge *edge)
{
	for (; arcs->place < arcs->count; arcs->place++)
	{
		uint32		end = other_end(edge, arcs->nodes[arcs->place], arcs->direction);

		if (end != GRAPH_NO_NODE && !put_arc(g, arcs, arcs->place, end))
			return false;
	}
	arcs->place = 0;
	return true;
}

/* Edge by edge, so what belongs to a node comes in pieces. */
static bool
edges(Graph *graph, GraphArcs *arcs)
{
	ArrayGraph *g = (ArrayGraph *) graph;

	arcs->narcs = 0;
	for (; arcs->cursor < g->nedges; arcs->cursor++)
	{
		const ArrayEdge *edge = &g->edges[arcs->cursor];
		bool		out = arcs->direction == GRAPH_OUT;

		if (arcs->nodes != NULL)
		{
			if (!put_edge_everywhere(g, arcs, edge))
				return true;
			continue;
		}
		meet(g, NULL, out ? edge->source : edge->target);
		if (!put_arc(g, arcs, out ? edge->source : edge->target, out ? edge->target : edge->source))
			return true;
	}
	return arcs->narcs > 0;
}

static uint64
edge_bound(Graph *graph)
{
	return ((ArrayGraph *) graph)->nedges;
}

/* Only if all nodes are known. */
static void
rows(Graph *graph, GraphDirection direction, uint64 *offsets, uint32 *ends)
{
	const ArrayGraph *g = (const ArrayGraph *) graph;
	uint64		count = 0;

	for (uint32 node = 0; node < graph->nnodes; node++)
	{
		offsets[node] = count;
		for (uint32 i = 0; i < g->nedges; i++)
		{
			uint32		end = other_end(&g->edges[i], node, direction);

			if (end != GRAPH_NO_NODE)
				ends[count++] = end;
		}
	}
	offsets[graph->nnodes] = count;
}

static const GraphOps growing_ops = {expand, edges, edge_bound};
static const GraphOps known_ops = {expand, edges, edge_bound, rows};

ArrayGraph *
array_graph_random(uint64 seed, uint32 nnodes, uint32 nedges, bool grows)
{
	ArrayGraph *g = palloc0(sizeof(ArrayGraph));
	pg_prng_state state;

	pg_prng_seed(&state, seed);
	g->graph.ops = grows ? &growing_ops : &known_ops;
	g->graph.nnodes = grows ? 1 : nnodes;
	g->nnodes = nnodes;
	g->nedges = nedges;
	g->edges = palloc((nedges + 1) * sizeof(ArrayEdge));
	for (uint32 i = 0; i < nedges; i++)
	{
		g->edges[i].source = pg_prng_uint64_range(&state, 0, nnodes - 1);
		g->edges[i].target = pg_prng_uint64_range(&state, 0, nnodes - 1);
		g->edges[i].weight = 1;
	}
	return g;
}

void
array_graph_weigh(ArrayGraph *g, uint64 seed, int least, int most)
{
	pg_prng_state state;

	pg_prng_seed(&state, seed);
	for (uint32 i = 0; i < g->nedges; i++)
		g->edges[i].weight = pg_prng_uint64(&state) % 7 == 0 ? NAN :
			least + (double) pg_prng_uint64_range(&state, 0, most - least);
}
