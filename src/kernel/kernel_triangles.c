/*
 * kernel_triangles.c
 *		Triangles.
 *
 * Chiba and Nishizeki, "Arboricity and subgraph listing algorithms" (1985), as
 * "forward": each edge is looked at from its end of lower degree only, so that no
 * node has more than sqrt(2 edges) ends, and each triangle is found once, from its
 * lowest node, whose ends are marked while theirs are looked through. Oracles:
 * networkx.triangles and networkx.clustering.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "kernel/kernel_triangles.h"

typedef struct Triangles
{
	const GraphProjection *both;
	uint64	   *offsets;		/* rows of ends that are higher */
	uint32	   *ends;
	uint8	   *weights;		/* of edges to them; NULL: all 1 */
	uint32	   *marks;			/* by node: 1 + place of it among the ends of the lowest */
	uint64	   *counts;
} Triangles;

static bool
is_lower(const GraphProjection *both, uint32 a, uint32 b)
{
	uint64		x = graph_row_size(both, a);
	uint64		y = graph_row_size(both, b);

	return x != y ? x < y : a < b;
}

/* Each edge in the row of its lower end; in how many directions it is stored. */
static void
order_ends(Triangles *t, const GraphProjection *out)
{
	const GraphProjection *both = t->both;
	uint64		place = 0;

	for (uint32 v = 0; v < both->nnodes; v++)
	{
		pt_check_interrupts(v);
		t->offsets[v] = place;
		for (uint64 i = both->offsets[v]; i < both->offsets[v + 1]; i++)
		{
			uint32		end = both->ends[i];

			pt_check_interrupts(i);
			if (!is_lower(both, v, end))
				continue;
			if (out != NULL)
				t->weights[place] = graph_has_end(out, v, end) + graph_has_end(out, end, v);
			t->ends[place++] = end;
		}
	}
	t->offsets[both->nnodes] = place;
}

static uint8
weight_at(const Triangles *t, uint64 place)
{
	return t->weights == NULL ? 1 : t->weights[place];
}

/* The triangles whose lowest node is this one: what the opposite edge weighs goes to each. */
static void
count_from(Triangles *t, uint32 lowest)
{
	uint64		first = t->offsets[lowest];
	uint64		last = t->offsets[lowest + 1];

	for (uint64 i = first; i < last; i++)
	{
		pt_check_interrupts(i);
		t->marks[t->ends[i]] = (uint32) (i - first) + 1;
	}
	for (uint64 i = first; i < last; i++)
	{
		uint32		middle = t->ends[i];

		pt_check_interrupts(i);
		for (uint64 k = t->offsets[middle]; k < t->offsets[middle + 1]; k++)
		{
			uint32		highest = t->ends[k];

			pt_check_interrupts(k);
			if (t->marks[highest] == 0)
				continue;
			t->counts[lowest] += weight_at(t, k);
			t->counts[middle] += weight_at(t, first + t->marks[highest] - 1);
			t->counts[highest] += weight_at(t, i);
		}
	}
	for (uint64 i = first; i < last; i++)
	{
		pt_check_interrupts(i);
		t->marks[t->ends[i]] = 0;
	}
}

uint64 *
kernel_triangles(const GraphProjection *both, const GraphProjection *out, PtBudget *budget)
{
	uint32		nnodes = both->nnodes;
	uint64		nedges = both->nedges / 2;
	Triangles	t = {both};

	t.counts = pt_alloc(budget, nnodes, sizeof(uint64));
	t.offsets = pt_alloc(budget, (uint64) nnodes + 1, sizeof(uint64));
	t.ends = pt_alloc(budget, nedges, sizeof(uint32));
	t.weights = out == NULL ? NULL : pt_alloc(budget, nedges, sizeof(uint8));
	t.marks = pt_alloc(budget, nnodes, sizeof(uint32));
	memset(t.counts, 0, nnodes * sizeof(uint64));
	memset(t.marks, 0, nnodes * sizeof(uint32));
	order_ends(&t, out);
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		count_from(&t, v);
	}
	pt_free(budget, t.offsets);
	pt_free(budget, t.ends);
	pt_free(budget, t.weights);
	pt_free(budget, t.marks);
	return t.counts;
}
