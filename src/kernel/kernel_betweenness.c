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
 */
#include "postgres.h"

#include <math.h>

#include "base/pt_interrupts.h"
#include "base/pt_random.h"
#include "kernel/kernel_betweenness.h"

#define FAR PG_UINT32_MAX

typedef struct Brandes
{
	const GraphProjection *out;
	const GraphProjection *in;
	uint32	   *queue;
	uint32		count;
	uint32	   *distances;		/* FAR: not reached */
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
			if (b->distances[before] != FAR && b->distances[before] + 1 == b->distances[v])
				b->shares[before] += each * paths_in_scale(b, before, v);
		}
		b->scores[v] += b->shares[v];
	}
	for (uint32 place = 0; place < b->count; place++)
	{
		pt_check_interrupts(place);
		b->distances[b->queue[place]] = FAR;
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
	for (uint32 v = 0; v < nnodes && wanted > 0; v++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!is_drawn(&seed, nnodes - v, wanted))
			continue;
		wanted--;
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
	return b.scores;
}
