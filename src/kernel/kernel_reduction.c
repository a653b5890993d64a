/*
 * kernel_reduction.c
 *		The transitive reduction of a graph without cycles.
 *
 * Aho, Garey, Ullman, "The transitive reduction of a directed graph" (1972): it
 * is what is left without the edges that a longer way replaces. From each node
 * its ends are taken in topological order. One that an earlier one reaches is
 * not needed; from one that is, all is searched that comes no later in the order
 * than the last end. Oracle: networkx.transitive_reduction.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "kernel/kernel_reduction.h"

typedef struct Reducer
{
	const GraphProjection *out;
	uint32	   *places;			/* by node: in the order */
	uint32	   *reached;		/* by node: from which node, plus 1 */
	uint32	   *queue;
	uint64	   *ends;			/* of one node: place in the order, and in the row */
	uint64	   *kept;
} Reducer;

static int
compare_ends(const void *a, const void *b, void *arg)
{
	uint64		x = *(const uint64 *) a;
	uint64		y = *(const uint64 *) b;

	return x < y ? -1 : x > y;
}

/* What an end reaches up to a place in the order. */
static void
search_from(Reducer *r, uint32 node, uint32 end, uint32 last)
{
	uint32		count = 1;

	r->queue[0] = end;
	for (uint32 first = 0; first < count; first++)
	{
		uint32		v = r->queue[first];

		pt_check_interrupts(first);
		for (uint64 i = r->out->offsets[v]; i < r->out->offsets[v + 1]; i++)
		{
			uint32		next = r->out->ends[i];

			pt_check_interrupts(i);
			if (r->places[next] > last || r->reached[next] == node + 1)
				continue;
			r->reached[next] = node + 1;
			r->queue[count++] = next;
		}
	}
}

static void
reduce_row(Reducer *r, uint32 node)
{
	uint64		first = r->out->offsets[node];
	uint64		count = graph_row_size(r->out, node);

	for (uint64 i = 0; i < count; i++)
	{
		pt_check_interrupts(i);
		r->ends[i] = (uint64) r->places[r->out->ends[first + i]] << 32 | i;
	}
	pt_sort(r->ends, count, sizeof(uint64), compare_ends, NULL);
	for (uint64 i = 0; i < count; i++)
	{
		uint64		edge = first + (r->ends[i] & PG_UINT32_MAX);
		uint32		end = r->out->ends[edge];

		pt_check_interrupts(i);
		if (r->reached[end] == node + 1)
			continue;
		r->kept[edge / 64] |= UINT64CONST(1) << (edge % 64);
		/* nothing comes after the last one */
		if (i + 1 < count)
			search_from(r, node, end, (uint32) (r->ends[count - 1] >> 32));
	}
}

uint64 *
kernel_reduction(const GraphProjection *out, const GraphOrder *order, PtBudget *budget)
{
	Reducer		r = {out};
	uint64		most = 0;

	r.places = pt_alloc(budget, out->nnodes, sizeof(uint32));
	r.reached = pt_alloc(budget, out->nnodes, sizeof(uint32));
	r.queue = pt_alloc(budget, out->nnodes, sizeof(uint32));
	r.kept = pt_alloc(budget, out->nedges / 64 + 1, sizeof(uint64));
	memset(r.reached, 0, out->nnodes * sizeof(uint32));
	memset(r.kept, 0, (out->nedges / 64 + 1) * sizeof(uint64));
	for (uint32 i = 0; i < order->count; i++)
	{
		pt_check_interrupts(i);
		r.places[order->nodes[i]] = i;
		most = Max(most, graph_row_size(out, i));
	}
	r.ends = pt_alloc(budget, most, sizeof(uint64));
	for (uint32 v = 0; v < out->nnodes; v++)
	{
		pt_check_interrupts(v);
		reduce_row(&r, v);
	}
	pt_free(budget, r.places);
	pt_free(budget, r.reached);
	pt_free(budget, r.queue);
	pt_free(budget, r.ends);
	return r.kept;
}
