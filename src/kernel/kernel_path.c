/*
 * kernel_path.c
 *		One shortest path, searched for from both ends.
 *
 * Pohl, "Bi-directional search" (1971), level by level. Of the two frontiers
 * the smaller one is expanded, the other way round from the far end, until a
 * new node of one walk has been visited by the other. With levels expanded
 * whole, that node lies on a shortest path: before the expansion the walks had
 * reached depths f and b without meeting, so the distance is at least
 * f + b + 1, and the node shows a path of just that length.
 *
 *		a -> b -> c -> d: forward {a}, {b}; backward {d}, {c}; the next
 *		expansion of either meets the other. Stopping in the midst of a level
 *		at the first node met would be as right here, but not once edges have
 *		weights.
 *
 * O(edges touched), for a tree-like graph about the square root of what a
 * search from one end touches.
 */
#include "postgres.h"

#include "kernel/kernel_path.h"
#include "miscadmin.h"

static uint64
frontier_start(const GraphWalk *walk)
{
	return walk->level_start[walk->levels - 1];
}

static uint64
frontier_size(const GraphWalk *walk)
{
	return walk->count - frontier_start(walk);
}

/* Where a node stands in the last level of a walk. It must be there. */
static uint64
place_in_frontier(const GraphWalk *walk, uint32 node)
{
	for (uint64 i = frontier_start(walk); i < walk->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (walk->nodes[i] == node)
			return i;
	}
	elog(ERROR, "walks met in a node that is not in the frontier");
}

bool
kernel_path(Graph *graph, GraphWalk *forward, GraphWalk *backward,
			uint64 max_hops, uint64 *forward_end, uint64 *backward_end)
{
	for (uint64 hops = 0; hops < max_hops; hops++)
	{
		bool		ahead = frontier_size(forward) <= frontier_size(backward);
		GraphWalk  *walk = ahead ? forward : backward;
		GraphWalk  *other = ahead ? backward : forward;
		uint64		first = frontier_start(walk);
		uint64		last = walk->count;

		/* an exhausted walk has seen all that is connected to its end */
		if (first == last)
			return false;
		CHECK_FOR_INTERRUPTS();
		graph_begin_level(walk);
		graph->ops->expand(graph, walk, first, last);
		graph_walk_cover(other, graph->nnodes);

		for (uint64 i = last; i < walk->count; i++)
		{
			uint64		met;

			CHECK_FOR_INTERRUPTS();
			if (!graph_is_visited(other, walk->nodes[i]))
				continue;
			met = place_in_frontier(other, walk->nodes[i]);
			*forward_end = ahead ? i : met;
			*backward_end = ahead ? met : i;
			return true;
		}
	}
	return false;
}
