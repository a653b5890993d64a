/*
 * kernel_bfs.c
 *		Breadth-first search, level by level.
 *
 * The walk comes with its starts in nodes. Each level is one expansion of the
 * one before, so every node is reached at its minimum depth, by an edge from a
 * node of the level above. Moore, "The shortest path through a maze" (1959).
 * O(edges that leave the nodes reached).
 */
#include "postgres.h"

#include "graph.h"
#include "miscadmin.h"
#include "utils/memutils.h"

static void
begin_level(PtWalk *walk)
{
	if (walk->levels == walk->level_capacity)
	{
		uint64		capacity = Max(16, walk->level_capacity * 2);

		if (capacity > walk->memory_limit / sizeof(uint64))
			ereport(ERROR,
					(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
					 errmsg("walk needs more than %zu kB of memory",
							walk->memory_limit / 1024),
					 errhint("Raise parseltongue.local_image_memory, or bound the walk by hops.")));
		if (walk->level_start == NULL)
			walk->level_start = palloc(capacity * sizeof(uint64));
		else
			walk->level_start = repalloc_huge(walk->level_start,
											  capacity * sizeof(uint64));
		walk->level_capacity = capacity;
	}
	walk->level_start[walk->levels++] = walk->count;
}

/* max_depth PG_UINT64_MAX: no bound. */
void
kernel_bfs(PtGraph *graph, PtWalk *walk, uint64 max_depth)
{
	uint64		first = 0;

	walk->levels = 0;
	begin_level(walk);
	walk->level_start[0] = 0;
	for (uint64 depth = 0; depth < max_depth && !walk->truncated; depth++)
	{
		uint64		last = walk->count;

		if (first == last)
			break;
		CHECK_FOR_INTERRUPTS();
		begin_level(walk);
		graph->expand(graph, walk, first, last);
		first = last;
	}
}
