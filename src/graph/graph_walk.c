/*
 * graph_walk.c
 *		The memory of a walk.
 *
 * The arrays grow with what is reached. The visited bits are lent by the
 * session, which keeps some bitmaps as large as the largest graph seen, all
 * zero while nobody has them: a walk clears the bits it set, so that a short
 * walk on a large graph does not pay for the graph's size. Each walk has a
 * bitmap of its own, however deep walks nest. Where an error ends a walk its
 * bitmap comes back when the context of the call goes, and is cleared whole
 * before it is lent again.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "graph/graph_walk.h"
#include "utils/memutils.h"

/* bitmaps kept while nobody has them */
#define MAX_IDLE 4

struct GraphBitmap
{
	uint64	   *bits;
	uint64		words;
	Size		charged;		/* to the budget of the call that has it */
	bool		is_dirty;
	GraphBitmap *next;			/* of the idle ones */
};

static GraphBitmap *idle = NULL;
static int	nidle = 0;
static MemoryContext bitmaps = NULL;

static void
drop_bitmap(GraphBitmap *bitmap)
{
	if (bitmap->bits != NULL)
		pfree(bitmap->bits);
	pfree(bitmap);
}

static void
put_back(GraphBitmap *bitmap)
{
	if (nidle == MAX_IDLE)
	{
		drop_bitmap(bitmap);
		return;
	}
	bitmap->next = idle;
	idle = bitmap;
	nidle++;
}

/* The context of a call goes, with a walk that has not ended. */
static void
call_is_over(void *arg)
{
	GraphBitmap **held = arg;

	if (*held == NULL)
		return;
	(*held)->is_dirty = true;
	put_back(*held);
	*held = NULL;
}

/* At least so many words, all zero. */
static void
make_words(GraphBitmap *bitmap, uint64 words)
{
	if (bitmap->is_dirty && bitmap->words > 0)
		memset(bitmap->bits, 0, bitmap->words * sizeof(uint64));
	bitmap->is_dirty = false;
	if (words <= bitmap->words)
		return;
	words = Max(words + words / 8, 1024);
	if (bitmap->bits != NULL)
		pfree(bitmap->bits);
	bitmap->bits = NULL;
	bitmap->words = 0;
	bitmap->bits = MemoryContextAllocExtended(bitmaps, words * sizeof(uint64),
											  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	bitmap->words = words;
}

/* The largest idle bitmap, or a new one without any words. */
static GraphBitmap *
take_bitmap(void)
{
	GraphBitmap **largest = &idle;
	GraphBitmap *found;

	if (bitmaps == NULL)
		bitmaps = AllocSetContextCreate(TopMemoryContext, "parseltongue bitmaps",
										ALLOCSET_SMALL_SIZES);
	if (idle == NULL)
		return MemoryContextAllocZero(bitmaps, sizeof(GraphBitmap));
	for (GraphBitmap **b = &idle; *b != NULL; b = &(*b)->next)
	{
		if ((*b)->words > (*largest)->words)
			largest = b;
	}
	found = *largest;
	*largest = found->next;
	nidle--;
	return found;
}

static void
lend_bitmap(GraphWalk *walk, uint32 nnodes)
{
	uint64		words = GRAPH_WORDS(nnodes);
	MemoryContextCallback *callback;

	pt_budget_take(walk->budget, words * sizeof(uint64));
	callback = MemoryContextAlloc(walk->budget->context, sizeof(MemoryContextCallback));
	callback->func = call_is_over;
	callback->arg = &walk->bitmap;
	MemoryContextRegisterResetCallback(walk->budget->context, callback);
	walk->bitmap = take_bitmap();
	walk->bitmap->charged = words * sizeof(uint64);
	make_words(walk->bitmap, words);
	walk->visited = walk->bitmap->bits;
}

GraphWalk *
graph_walk_begin(Graph *graph, PtBudget *budget, GraphDirection direction, int keep)
{
	GraphWalk  *walk = MemoryContextAllocZero(budget->context, sizeof(GraphWalk));

	walk->budget = budget;
	walk->direction = direction;
	walk->keep = keep;
	walk->max_nodes = PG_UINT64_MAX;
	lend_bitmap(walk, graph->nnodes);
	graph_begin_level(walk);
	return walk;
}

static void
hand_in(GraphWalk *walk)
{
	pt_budget_return(walk->budget, walk->bitmap->charged);
	put_back(walk->bitmap);
	walk->bitmap = NULL;
	walk->visited = NULL;
}

uint64
graph_walk_covered(const GraphWalk *walk)
{
	return walk->bitmap->words * 64;
}

void
graph_walk_discard(GraphWalk *walk)
{
	walk->bitmap->is_dirty = true;
	hand_in(walk);
}

/* Clear the bits that a walk and what is barred in it have set. */
static void
clear_bits(GraphWalk *walk)
{
	GraphBitmap *bitmap = walk->bitmap;
	const GraphWalk *setters[] = {walk, walk->barred[0], walk->barred[1]};
	uint64		count = 0;

	for (int s = 0; s < lengthof(setters); s++)
		count += setters[s] == NULL ? 0 : setters[s]->count;
	if (walk->is_confined || count > bitmap->words / 8)
	{
		memset(bitmap->bits, 0, bitmap->words * sizeof(uint64));
		return;
	}
	for (int s = 0; s < lengthof(setters); s++)
	{
		for (uint64 i = 0; setters[s] != NULL && i < setters[s]->count; i++)
			bitmap->bits[setters[s]->nodes[i] / 64] = 0;
	}
}

void
graph_walk_end(GraphWalk *walk)
{
	clear_bits(walk);
	hand_in(walk);
}

void
graph_walk_cover(GraphWalk *walk, uint32 nnodes)
{
	GraphBitmap *bitmap = walk->bitmap;
	uint64		words = GRAPH_WORDS(nnodes);

	if (words <= bitmap->words)
		return;
	words += words / 8;
	pt_budget_take(walk->budget, (words - bitmap->words) * sizeof(uint64));
	bitmap->charged += (words - bitmap->words) * sizeof(uint64);
	bitmap->bits = repalloc_huge(bitmap->bits, words * sizeof(uint64));
	memset(bitmap->bits + bitmap->words, walk->is_confined ? 0xFF : 0,
		   (words - bitmap->words) * sizeof(uint64));
	bitmap->words = words;
	walk->visited = bitmap->bits;
}

void
graph_walk_grow(GraphWalk *walk)
{
	uint64		needed = walk->count + 1;
	uint64		capacity;

	/* the capacity is noted last: after an error no array is shorter */
	if (walk->keep & GRAPH_KEEP_EDGES)
	{
		capacity = walk->capacity;
		walk->edges = pt_grow(walk->budget, walk->edges, &capacity, needed, sizeof(GraphEdge));
	}
	if (walk->keep & GRAPH_KEEP_PARENTS)
	{
		capacity = walk->capacity;
		walk->parents = pt_grow(walk->budget, walk->parents, &capacity, needed, sizeof(uint32));
	}
	walk->nodes = pt_grow(walk->budget, walk->nodes, &walk->capacity, needed, sizeof(uint32));
}

void
graph_begin_level(GraphWalk *walk)
{
	walk->level_start = pt_grow(walk->budget, walk->level_start, &walk->level_capacity,
								walk->levels + 1, sizeof(uint64));
	walk->level_start[walk->levels++] = walk->count;
}

/* ---- where it may go ---- */

void
graph_walk_bar(GraphWalk *walk, const GraphWalk *set)
{
	walk->barred[walk->barred[0] == NULL ? 0 : 1] = set;
	for (uint64 i = 0; i < set->count; i++)
	{
		pt_check_interrupts(i);
		graph_walk_cover(walk, set->nodes[i] + 1);
		graph_set_bit(walk->visited, set->nodes[i]);
	}
}

void
graph_walk_confine(GraphWalk *walk, const GraphWalk *set)
{
	walk->is_confined = true;
	memset(walk->bitmap->bits, 0xFF, walk->bitmap->words * sizeof(uint64));
	for (uint64 i = 0; i < set->count; i++)
	{
		pt_check_interrupts(i);
		graph_walk_cover(walk, set->nodes[i] + 1);
		graph_clear_bit(walk->visited, set->nodes[i]);
	}
	for (uint64 i = 0; i < walk->count; i++)
		graph_set_bit(walk->visited, walk->nodes[i]);
}

void
graph_walk_unbar(GraphWalk *walk)
{
	clear_bits(walk);
	walk->is_confined = false;
	walk->barred[0] = walk->barred[1] = NULL;
	for (uint64 i = 0; i < walk->count; i++)
	{
		pt_check_interrupts(i);
		graph_set_bit(walk->visited, walk->nodes[i]);
	}
}

static void
swap_places(GraphWalk *walk, uint64 a, uint64 b)
{
	uint32		node = walk->nodes[a];

	walk->nodes[a] = walk->nodes[b];
	walk->nodes[b] = node;
	if (walk->keep & GRAPH_KEEP_EDGES)
	{
		GraphEdge	edge = walk->edges[a];

		walk->edges[a] = walk->edges[b];
		walk->edges[b] = edge;
	}
	if (walk->keep & GRAPH_KEEP_PARENTS)
	{
		uint32		parent = walk->parents[a];

		walk->parents[a] = walk->parents[b];
		walk->parents[b] = parent;
	}
}

uint64
graph_walk_set_aside(GraphWalk *walk)
{
	uint64		covered = graph_walk_covered(walk->stop_at);
	uint64		last = walk->level_start[walk->levels - 1];

	for (uint64 i = last; i < walk->count; i++)
	{
		uint32		node = walk->nodes[i];

		pt_check_interrupts(i);
		if (node < covered && graph_is_visited(walk->stop_at, node))
			continue;
		if (i != last)
			swap_places(walk, i, last);
		last++;
	}
	return last;
}
