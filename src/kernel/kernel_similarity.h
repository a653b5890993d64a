/*
 * kernel_similarity.h
 *		Who has neighbours in common with a node.
 */
#ifndef KERNEL_SIMILARITY_H
#define KERNEL_SIMILARITY_H

#include "graph/graph_rows.h"

typedef struct GraphSimilar
{
	uint32		node;
	uint32		common;			/* neighbours that both have */
	uint32		neighbours;		/* that it has */
} GraphSimilar;

/*
 * All that share an entry of their row with the node, in no order. Merged rows, and the
 * same turned round. O(edges at the node's neighbours). Memory from the budget: 12
 * bytes each; 4 a node of the graph while it computes.
 */
extern GraphSimilar *kernel_similar(const GraphProjection *rows, const GraphProjection *turned,
									uint32 node, uint64 *count, PtBudget *budget);

#endif							/* KERNEL_SIMILARITY_H */
