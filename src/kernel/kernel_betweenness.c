/*
 * kernel_betweenness.c
 *		Betweenness.
 *
 * Brandes, "A faster algorithm for betweenness centrality" (2001): from each
 * source a breadth-first search counts shortest paths, and then, from the
 * furthest node back, what depends on each is shared among those before it.
 * These are not kept, but found again in the rows by their distance. Sampled:
 * Brandes and Pich, "Centrality estimation in large networks" (2007). Oracle:
 * networkx.betweenness_centrality.
 *
 * With weights Dijkstra's algorithm takes the place of the breadth-first search,
 * and a node comes before another on a shortest path if what the edge weighs is
 * exactly the difference. Where it is too little to show in a sum, the one
 * settled first comes first.
 */
#include "postgres.h"

#include <math.h>

#include "base/pt_interrupts.h"
#include "base/pt_random.h"
#include "kernel/kernel_betweenness.h"
#include "kernel/kernel_heap.h"

#define FAR PG_UINT32_MAX

typedef struct Brandes
{
	const GraphProjection *out;
	const GraphProjection *in;
	uint32	   *queue;
	uint32		count;
	uint32	   *distances;		/* with weights places in the queue; FAR: not reached */
	KernelHeap	heap;			/* with weights, whose costs are by node */
	double	   *paths;			/* how many shortest ones there are, times 2^exponents */
	int32	   *exponents;
	double	   *shares;			/* of paths to nodes behind it that pass it */
	double	   *scores;
} Brandes;

/* Grids have more paths than a number can be. */
#define MANY_PATHS 0x1.0p500

/* How many paths lead to a node, in the scale of another's. */
static inline double
paths_in_scale(const Brandes *b, uint32 node, uint32 of)
{
	if (likely(b->exponents[node] == b->exponents[of]))
		return b->paths[node];
	return ldexp(b->paths[node], b->exponents[node] - b->exponents[of]);
}

/* All paths to a node are counted. */
static inline void
scale_paths(Brandes *b, uint32 node)
{
	int			exponent;

	if (likely(b->paths[node] < MANY_PATHS))
		return;
	b->paths[node] = frexp(b->paths[node], &exponent);
	b->exponents[node] += exponent;
}

/* The paths to a node lead on to the next. */
static inline void
add_paths(Brandes *b, uint32 node, uint32 next)
{
	if (unlikely(b->exponents[node] > b->exponents[next]))
	{
		b->paths[next] = paths_in_scale(b, next, node);
		b->exponents[next] = b->exponents[node];
	}
	b->paths[next] += paths_in_scale(b, node, next);
}

static void
count_paths(Brandes *b, uint32 source)
{
	b->count = 1;
	b->queue[0] = source;
	b->distances[source] = 0;
	b->paths[source] = 1;
	b->exponents[source] = 0;
	for (uint32 first = 0; first < b->count; first++)
	{
		uint32		v = b->queue[first];

		pt_check_interrupts(first);
		b->shares[v] = 0;
		scale_paths(b, v);
		for (uint64 i = b->out->offsets[v]; i < b->out->offsets[v + 1]; i++)
		{
			uint32		end = b->out->ends[i];

			pt_check_interrupts(i);
			if (b->distances[end] == FAR)
			{
				b->distances[end] = b->distances[v] + 1;
				b->paths[end] = 0;
				b->exponents[end] = b->exponents[v];
				b->queue[b->count++] = end;
			}
			if (b->distances[end] == b->distances[v] + 1)
				add_paths(b, v, end);
		}
	}
}

/* ---- by weights ---- */

/* Settle all nodes that are reached, into the queue. */
static void
settle_nodes(Brandes *b, uint32 source, PtBudget *budget)
{
	KernelCost *costs = b->heap.costs;

	b->count = 0;
	costs[source].cost = 0;
	kernel_heap_push(&b->heap, source, budget);
	while (b->heap.count > 0)
	{
		uint32		v = kernel_heap_pop(&b->heap);

		CHECK_FOR_INTERRUPTS();
		b->distances[v] = b->count;
		b->queue[b->count++] = v;
		for (uint64 i = b->out->offsets[v]; i < b->out->offsets[v + 1]; i++)
		{
			uint32		end = b->out->ends[i];
			double		cost = costs[v].cost + b->out->weights[i];

			pt_check_interrupts(i);
			if (b->distances[end] != FAR || !(cost < costs[end].cost))
				continue;
			costs[end].cost = cost;
			if (costs[end].slot == KERNEL_NO_SLOT)
				kernel_heap_push(&b->heap, end, budget);
			else
				kernel_heap_lift(&b->heap, end);
		}
	}
}

/* Does what an edge in a node's row comes from lie just before it on a shortest path? */
static inline bool
precedes(const Brandes *b, uint64 place, uint32 node)
{
	uint32		before = b->in->ends[place];

	if (b->distances[before] == FAR)
		return false;
	if (b->heap.costs == NULL)
		return b->distances[before] + 1 == b->distances[node];
	return b->distances[before] < b->distances[node] &&
		b->heap.costs[before].cost + b->in->weights[place] == b->heap.costs[node].cost;
}

static void
count_weighted_paths(Brandes *b, uint32 source, PtBudget *budget)
{
	settle_nodes(b, source, budget);
	b->paths[source] = 1;
	b->exponents[source] = 0;
	b->shares[source] = 0;
	for (uint32 place = 1; place < b->count; place++)
	{
		uint32		v = b->queue[place];
		bool		is_first = true;

		pt_check_interrupts(place);
		b->paths[v] = 0;
		b->shares[v] = 0;
		for (uint64 i = b->in->offsets[v]; i < b->in->offsets[v + 1]; i++)
		{
			uint32		before = b->in->ends[i];

			pt_check_interrupts(i);
			if (!precedes(b, i, v))
				continue;
			if (is_first)
				b->exponents[v] = b->exponents[before];
			is_first = false;
			add_paths(b, before, v);
		}
		scale_paths(b, v);
	}
}

/* From the furthest back; what has been shared out is forgotten for the next source. */
static void
share_paths(Brandes *b)
{
	for (uint32 place = b->count - 1; place > 0; place--)
	{
		uint32		v = b->queue[place];
		double		each = (1 + b->shares[v]) / b->paths[v];

		pt_check_interrupts(place);
		for (uint64 i = b->in->offsets[v]; i < b->in->offsets[v + 1]; i++)
		{
			uint32		before = b->in->ends[i];

			pt_check_interrupts(i);
			if (precedes(b, i, v))
				b->shares[before] += each * paths_in_scale(b, before, v);
		}
		b->scores[v] += b->shares[v];
	}
	for (uint32 place = 0; place < b->count; place++)
	{
		pt_check_interrupts(place);
		b->distances[b->queue[place]] = FAR;
		if (b->heap.costs != NULL)
			b->heap.costs[b->queue[place]].cost = INFINITY;
	}
}

/* ---- samples ---- */

/*
 * Is the next of some nodes, of which so many are wanted yet, one of these?
 * Knuth, The Art of Computer Programming, volume 2, algorithm S.
 */
static bool
is_drawn(uint64 *state, uint64 left, uint64 wanted)
{
	return (pt_random(state) >> 11) * 0x1.0p-53 * left < wanted;
}

static void
begin_weighted(Brandes *b, uint32 nnodes, PtBudget *budget)
{
	b->heap.costs = pt_alloc(budget, nnodes, sizeof(KernelCost));
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		b->heap.costs[v] = (KernelCost) {INFINITY, 0, KERNEL_NO_SLOT};
	}
}

double *
kernel_betweenness(const GraphProjection *out, const GraphProjection *in, uint64 samples,
				   uint64 seed, PtBudget *budget)
{
	uint32		nnodes = out->nnodes;
	uint64		wanted = Min(samples, nnodes);
	double		scale = wanted == 0 ? 0 : (double) nnodes / wanted;
	Brandes		b = {out, in};

	b.queue = pt_alloc(budget, nnodes, sizeof(uint32));
	b.distances = pt_alloc(budget, nnodes, sizeof(uint32));
	b.paths = pt_alloc(budget, nnodes, sizeof(double));
	b.exponents = pt_alloc(budget, nnodes, sizeof(int32));
	b.shares = pt_alloc(budget, nnodes, sizeof(double));
	b.scores = pt_alloc(budget, nnodes, sizeof(double));
	memset(b.distances, 0xFF, nnodes * sizeof(uint32));
	memset(b.scores, 0, nnodes * sizeof(double));
	if (out->weights != NULL)
		begin_weighted(&b, nnodes, budget);
	for (uint32 v = 0; v < nnodes && wanted > 0; v++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!is_drawn(&seed, nnodes - v, wanted))
			continue;
		wanted--;
		if (out->weights != NULL)
			count_weighted_paths(&b, v, budget);
		else
			count_paths(&b, v);
		share_paths(&b);
	}
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		b.scores[v] *= scale;
	}
	pt_free(budget, b.queue);
	pt_free(budget, b.distances);
	pt_free(budget, b.paths);
	pt_free(budget, b.exponents);
	pt_free(budget, b.shares);
	pt_free(budget, b.heap.costs);
	pt_free(budget, b.heap.items);
	return b.scores;
}
