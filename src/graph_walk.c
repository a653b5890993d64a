/*
 * graph_walk.c
 *		The memory of a walk.
 *
 * The arrays grow with what is reached. The visited bits are one bitmap per
 * session, large enough for the largest graph seen, all zero between walks: a
 * walk clears the bits it set, so that a short walk on a large graph does not
 * pay for the graph's size.
 */
#include "postgres.h"

#include "graph.h"
#include "utils/memutils.h"

#define INITIAL_CAPACITY 64

static uint64 *visited_bits = NULL;
static uint64 visited_words = 0;
static bool visited_in_use = false;

PtWalk *
graph_walk_create(PtDirection direction, bool want_edges, Size memory_limit)
{
	PtWalk	   *walk = palloc0(sizeof(PtWalk));

	walk->direction = direction;
	walk->want_edges = want_edges;
	walk->memory_limit = memory_limit;
	walk->max_nodes = PG_UINT64_MAX;
	return walk;
}

static void
limit_exceeded(Size limit)
{
	ereport(ERROR,
			(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
			 errmsg("walk needs more than %zu kB of memory", limit / 1024),
			 errhint("Raise parseltongue.local_image_memory, or bound the walk by hops or max_nodes.")));
}

static void *
grow_array(void *array, uint64 capacity, Size element)
{
	if (array == NULL)
		return palloc_extended(capacity * element, MCXT_ALLOC_HUGE);
	return repalloc_huge(array, capacity * element);
}

void
graph_walk_grow(PtWalk *walk)
{
	uint64		capacity = Max(INITIAL_CAPACITY, walk->capacity * 2);
	Size		element = sizeof(uint32);

	if (walk->want_edges)
		element += sizeof(uint32) + sizeof(PtTreeEdge);
	if (capacity > walk->memory_limit / element)
		limit_exceeded(walk->memory_limit);

	walk->nodes = grow_array(walk->nodes, capacity, sizeof(uint32));
	if (walk->want_edges)
	{
		walk->parents = grow_array(walk->parents, capacity, sizeof(uint32));
		walk->edges = grow_array(walk->edges, capacity, sizeof(PtTreeEdge));
	}
	walk->capacity = capacity;
}

/* A zeroed bitmap for nnodes nodes; give it back with graph_visited_release. */
uint64 *
graph_visited_acquire(uint32 nnodes, Size memory_limit)
{
	uint64		words = (uint64) nnodes / 64 + 1;

	if (words > visited_words)
	{
		if (words * sizeof(uint64) > memory_limit)
			limit_exceeded(memory_limit);
		if (visited_bits != NULL)
			pfree(visited_bits);
		visited_bits = NULL;
		visited_words = 0;
		words = Max(words + words / 8, 1024);
		visited_bits = MemoryContextAllocExtended(TopMemoryContext,
												  words * sizeof(uint64),
												  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
		visited_words = words;
	}
	else if (visited_in_use)
	{
		/* Walks do not nest, so one that failed left its bits behind. */
		memset(visited_bits, 0, visited_words * sizeof(uint64));
	}
	visited_in_use = true;
	return visited_bits;
}

/* Clear the bits of all nodes of a finished walk. */
void
graph_visited_release(const PtWalk *walk, uint32 nnodes)
{
	uint64		words = (uint64) nnodes / 64 + 1;

	if (walk->count > words / 8)
		memset(walk->visited, 0, words * sizeof(uint64));
	else
		for (uint64 i = 0; i < walk->count; i++)
			walk->visited[walk->nodes[i] / 64] = 0;
	visited_in_use = false;
}
