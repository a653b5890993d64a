/*
 * kernel_similarity.c
 *		Who has neighbours in common with a node.
 *
 * Each neighbour counts for everybody else whose neighbour it is. Oracle:
 * networkx.jaccard_coefficient.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "kernel/kernel_similarity.h"

GraphSimilar *
kernel_similar(const GraphProjection *rows, const GraphProjection *turned, uint32 node,
			   uint64 *count, PtBudget *budget)
{
	/* 1 + where a node is in the answer */
	uint32	   *places = pt_alloc(budget, rows->nnodes, sizeof(uint32));
	GraphSimilar *similar = NULL;
	uint64		capacity = 0;

	*count = 0;
	memset(places, 0, rows->nnodes * sizeof(uint32));
	for (uint64 i = rows->offsets[node]; i < rows->offsets[node + 1]; i++)
	{
		uint32		neighbour = rows->ends[i];

		pt_check_interrupts(i);
		for (uint64 k = turned->offsets[neighbour]; k < turned->offsets[neighbour + 1]; k++)
		{
			uint32		other = turned->ends[k];

			pt_check_interrupts(k);
			if (other == node)
				continue;
			if (places[other] == 0)
			{
				similar = pt_grow(budget, similar, &capacity, *count + 1, sizeof(GraphSimilar));
				similar[*count] = (GraphSimilar) {other, 0, (uint32) graph_row_size(rows, other)};
				places[other] = (uint32) ++(*count);
			}
			similar[places[other] - 1].common++;
		}
	}
	pt_free(budget, places);
	return similar;
}
