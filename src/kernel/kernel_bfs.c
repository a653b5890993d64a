/*
 * kernel_bfs.c
 *		Breadth-first search, level by level.
 *
 * Each level is one expansion of the one before, so every node is reached at
 * its minimum depth, by an edge from a node of the level above. Moore, "The
 * shortest path through a maze" (1959).
 */
#include "postgres.h"

#include "kernel/kernel_bfs.h"
#include "miscadmin.h"

void
kernel_bfs(Graph *graph, GraphWalk *walk, uint64 max_depth)
{
	uint64		first = 0;

	for (uint64 depth = 0; depth < max_depth && !walk->truncated; depth++)
	{
		uint64		next = walk->count;
		uint64		last = next;

		/* starts are left in any case */
		if (depth > 0 && walk->stop_at != NULL)
			last = graph_walk_set_aside(walk);
		if (first == last)
			break;
		CHECK_FOR_INTERRUPTS();
		graph_begin_level(walk);
		graph->ops->expand(graph, walk, first, last);
		first = next;
	}
}
