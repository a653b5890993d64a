/*
 * kernel_remains.c
 *		What is left of strong components as nodes are taken away.
 *
 * A node that no edge of its component enters, or that none leaves, is on no
 * cycle, so it goes as well, and what hung on it after it. A ring of a million
 * nodes is gone with the first one. Each edge is looked at twice in all.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "kernel/kernel_remains.h"

static uint32
count_inner(const GraphProjection *rows, const uint32 *least, uint32 node)
{
	uint32		count = 0;

	for (uint64 i = rows->offsets[node]; i < rows->offsets[node + 1]; i++)
	{
		pt_check_interrupts(i);
		count += rows->ends[i] != node && least[rows->ends[i]] == least[node];
	}
	return count;
}

void
kernel_remains_begin(GraphRemains *remains, const GraphProjection *out,
					 const GraphProjection *in, const uint32 *least, PtBudget *budget)
{
	remains->out = out;
	remains->in = in;
	remains->least = least;
	remains->outdegrees = pt_alloc(budget, out->nnodes, sizeof(uint32));
	remains->indegrees = pt_alloc(budget, out->nnodes, sizeof(uint32));
	remains->queue = pt_alloc(budget, out->nnodes, sizeof(uint32));
	for (uint32 v = 0; v < out->nnodes; v++)
	{
		pt_check_interrupts(v);
		remains->outdegrees[v] = count_inner(out, least, v);
		remains->indegrees[v] = count_inner(in, least, v);
	}
}

/* One side of a node that goes: queue what loses its last edge by that. */
static uint32
take_side(GraphRemains *remains, const GraphProjection *rows, uint32 *degrees, uint32 node,
		  uint32 count)
{
	for (uint64 i = rows->offsets[node]; i < rows->offsets[node + 1]; i++)
	{
		uint32		end = rows->ends[i];

		pt_check_interrupts(i);
		if (end == node || remains->least[end] != remains->least[node] ||
			remains->outdegrees[end] == 0 || remains->indegrees[end] == 0)
			continue;
		if (--degrees[end] == 0)
			remains->queue[count++] = end;
	}
	return count;
}

void
kernel_remains_take(GraphRemains *remains, uint32 node)
{
	uint32		count = 0;

	if (remains->outdegrees[node] == 0)
		return;
	remains->queue[count++] = node;
	for (uint32 i = 0; i < count; i++)
	{
		uint32		gone = remains->queue[i];

		pt_check_interrupts(i);
		/* gone first, so that nothing is taken from it again */
		remains->outdegrees[gone] = remains->indegrees[gone] = 0;
		count = take_side(remains, remains->out, remains->indegrees, gone, count);
		count = take_side(remains, remains->in, remains->outdegrees, gone, count);
	}
}

void
kernel_remains_end(GraphRemains *remains, PtBudget *budget)
{
	pt_free(budget, remains->outdegrees);
	pt_free(budget, remains->indegrees);
	pt_free(budget, remains->queue);
}
