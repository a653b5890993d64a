/*
 * kernel_pagerank.h
 *		PageRank.
 */
#ifndef KERNEL_PAGERANK_H
#define KERNEL_PAGERANK_H

#include "kernel/kernel_iteration.h"

typedef struct GraphRanking
{
	double		damping;		/* how much of a score goes on along edges */
	const uint32 *personal;		/* nodes where the rest begins anew, evenly; NULL: all */
	uint32		npersonal;
} GraphRanking;

/*
 * A score for each node; they sum to 1. Parallel edges count each, loops too; if
 * the rows have weights, 0 or more, as much as they weigh.
 * What a node without outgoing edges has goes to where the rest goes. Rows in
 * both directions, of sorted ends if sums are to be the same each time.
 * O(nodes + edges) an iteration. Memory from the budget: 8 bytes a node, and 24
 * while it computes, 8 more with nodes to begin at.
 */
extern double *kernel_pagerank(const GraphProjection *out, const GraphProjection *in,
							   const GraphRanking *ranking, GraphIteration *iteration,
							   PtBudget *budget);

#endif							/* KERNEL_PAGERANK_H */
