/*
 * kernel_crossing.c
 *		Ways out of one set of nodes into another.
 *
 * One breadth-first search against the edges, from all of the second set at
 * once. It does not go on from nodes of the first: whoever gets there through
 * another one of its own set does not cross by itself. Oracle: a recursive
 * query, sql/metrics.sql.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "kernel/kernel_crossing.h"

void
kernel_crossing(const GraphProjection *in, GraphCrossing *crossing, PtBudget *budget)
{
	uint32		nnodes = in->nnodes;
	uint32	   *distances = pt_alloc(budget, nnodes, sizeof(uint32));
	uint32	   *queue = pt_alloc(budget, nnodes, sizeof(uint32));
	uint32		count = 0;

	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		distances[v] = GRAPH_NO_NODE;
		if (!graph_bit(crossing->to, v))
			continue;
		distances[v] = 0;
		queue[count++] = v;
	}
	for (uint32 place = 0; place < count; place++)
	{
		uint32		v = queue[place];

		pt_check_interrupts(place);
		for (uint64 i = in->offsets[v]; i < in->offsets[v + 1]; i++)
		{
			uint32		before = in->ends[i];

			pt_check_interrupts(i);
			if (distances[before] != GRAPH_NO_NODE || graph_bit(crossing->from, before))
				continue;
			distances[before] = distances[v] + 1;
			queue[count++] = before;
		}
	}
	pt_free(budget, queue);
	crossing->distances = distances;
}

uint32
kernel_crossing_next(const GraphProjection *out, const GraphCrossing *crossing, uint32 node)
{
	uint32		next = GRAPH_NO_NODE;
	uint32		least = GRAPH_NO_NODE;

	for (uint64 i = out->offsets[node]; i < out->offsets[node + 1]; i++)
	{
		uint32		distance = crossing->distances[out->ends[i]];

		pt_check_interrupts(i);
		if (distance >= least)
			continue;
		least = distance;
		next = out->ends[i];
	}
	return next;
}
