/*
 * graph_walk.c
 *		The memory of a walk.
 *
 * The arrays grow with what is reached. The visited bits are bitmaps that the
 * session keeps, large enough for the largest graph seen, all zero between
 * walks: a walk clears the bits it set, so that a short walk on a large graph
 * does not pay for the graph's size. There are two, for kernels that walk from
 * both ends.
 */
#include "postgres.h"

#include "graph/graph.h"
#include "utils/memutils.h"

#define INITIAL_CAPACITY 64

typedef struct VisitedBits
{
	uint64	   *bits;
	uint64		words;
	bool		in_use;
} VisitedBits;

static VisitedBits visited[GRAPH_VISITED_SETS];

PtWalk *
graph_walk_create(PtDirection direction, int keep, Size memory_limit)
{
	PtWalk	   *walk = palloc0(sizeof(PtWalk));

	walk->direction = direction;
	walk->keep = keep;
	walk->memory_limit = memory_limit;
	walk->max_nodes = PG_UINT64_MAX;
	graph_begin_level(walk);
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

	if (walk->keep & PT_KEEP_EDGES)
		element += sizeof(PtTreeEdge);
	if (walk->keep & PT_KEEP_PARENTS)
		element += sizeof(uint32);
	if (capacity > walk->memory_limit / element)
		limit_exceeded(walk->memory_limit);

	walk->nodes = grow_array(walk->nodes, capacity, sizeof(uint32));
	if (walk->keep & PT_KEEP_EDGES)
		walk->edges = grow_array(walk->edges, capacity, sizeof(PtTreeEdge));
	if (walk->keep & PT_KEEP_PARENTS)
		walk->parents = grow_array(walk->parents, capacity, sizeof(uint32));
	walk->capacity = capacity;
}

/* What is added from now on is one level further from the starts. */
void
graph_begin_level(PtWalk *walk)
{
	if (walk->levels == walk->level_capacity)
	{
		uint64		capacity = Max(16, walk->level_capacity * 2);

		if (capacity > walk->memory_limit / sizeof(uint64))
			limit_exceeded(walk->memory_limit);
		walk->level_start = grow_array(walk->level_start, capacity, sizeof(uint64));
		walk->level_capacity = capacity;
	}
	walk->level_start[walk->levels++] = walk->count;
}

/*
 * Give a walk a zeroed bitmap for nnodes nodes, the set-th of the session.
 * Hand it back with graph_visited_release.
 */
void
graph_visited_acquire(PtWalk *walk, int set, uint32 nnodes)
{
	VisitedBits *v = &visited[set];
	uint64		words = (uint64) nnodes / 64 + 1;

	if (words > v->words)
	{
		if (words * sizeof(uint64) > walk->memory_limit)
			limit_exceeded(walk->memory_limit);
		if (v->bits != NULL)
			pfree(v->bits);
		v->bits = NULL;
		v->words = 0;
		words = Max(words + words / 8, 1024);
		v->bits = MemoryContextAllocExtended(TopMemoryContext, words * sizeof(uint64),
											 MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
		v->words = words;
	}
	else if (v->in_use)
	{
		/* Walks do not nest, so one that failed left its bits behind. */
		memset(v->bits, 0, v->words * sizeof(uint64));
	}
	v->in_use = true;
	walk->visited = v->bits;
	walk->visited_set = set;
}

/* Clear the bits of all nodes of a finished walk. */
void
graph_visited_release(PtWalk *walk, uint32 nnodes)
{
	uint64		words = (uint64) nnodes / 64 + 1;

	if (walk->count > words / 8)
		memset(walk->visited, 0, words * sizeof(uint64));
	else
		for (uint64 i = 0; i < walk->count; i++)
			walk->visited[walk->nodes[i] / 64] = 0;
	visited[walk->visited_set].in_use = false;
	walk->visited = NULL;
}
