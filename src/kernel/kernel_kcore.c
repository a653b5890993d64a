/*
 * kernel_kcore.c
 *		Coreness.
 *
 * Batagelj and Zaversnik, "An O(m) algorithm for cores decomposition of
 * networks" (2003): nodes are kept sorted by degree in buckets; the least is
 * taken away, and each neighbour of a greater degree moves one bucket down by
 * changing places with the first node of its own. Oracle: networkx.core_number.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "kernel/kernel_kcore.h"

typedef struct Cores
{
	const GraphProjection *both;
	uint32	   *degrees;		/* what is left; in the end the coreness */
	uint32	   *nodes;			/* by degree */
	uint32	   *places;			/* by node: where in nodes */
	uint32	   *buckets;		/* by degree: where in nodes it begins */
} Cores;

static void
sort_by_degree(Cores *c, PtBudget *budget)
{
	uint32		nnodes = c->both->nnodes;
	uint32		most = 0;
	uint32		place = 0;

	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		c->degrees[v] = (uint32) graph_row_size(c->both, v);
		most = Max(most, c->degrees[v]);
	}
	c->buckets = pt_alloc(budget, (uint64) most + 1, sizeof(uint32));
	memset(c->buckets, 0, ((uint64) most + 1) * sizeof(uint32));
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		c->buckets[c->degrees[v]]++;
	}
	for (uint64 degree = 0; degree <= most; degree++)
	{
		uint32		size = c->buckets[degree];

		pt_check_interrupts(degree);
		c->buckets[degree] = place;
		place += size;
	}
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		c->places[v] = c->buckets[c->degrees[v]]++;
		c->nodes[c->places[v]] = v;
	}
	/* placing has moved each bucket to where the next one begins */
	for (uint64 degree = most; degree > 0; degree--)
	{
		pt_check_interrupts(degree);
		c->buckets[degree] = c->buckets[degree - 1];
	}
	c->buckets[0] = 0;
}

/* A neighbour has gone: one bucket down. */
static void
lower(Cores *c, uint32 node)
{
	uint32		place = c->places[node];
	uint32		first = c->buckets[c->degrees[node]];
	uint32		other = c->nodes[first];

	c->nodes[first] = node;
	c->places[node] = first;
	c->nodes[place] = other;
	c->places[other] = place;
	c->buckets[c->degrees[node]]++;
	c->degrees[node]--;
}

uint32 *
kernel_kcore(const GraphProjection *both, PtBudget *budget)
{
	Cores		c = {both};

	c.degrees = pt_alloc(budget, both->nnodes, sizeof(uint32));
	c.nodes = pt_alloc(budget, both->nnodes, sizeof(uint32));
	c.places = pt_alloc(budget, both->nnodes, sizeof(uint32));
	sort_by_degree(&c, budget);
	for (uint32 i = 0; i < both->nnodes; i++)
	{
		uint32		node = c.nodes[i];

		pt_check_interrupts(i);
		for (uint64 e = both->offsets[node]; e < both->offsets[node + 1]; e++)
		{
			pt_check_interrupts(e);
			if (c.degrees[both->ends[e]] > c.degrees[node])
				lower(&c, both->ends[e]);
		}
	}
	pt_free(budget, c.nodes);
	pt_free(budget, c.places);
	pt_free(budget, c.buckets);
	return c.degrees;
}
