/*
 * kernel_bellman_ford.h
 *		Least costs from a node, of edges that may weigh less than nothing.
 */
#ifndef KERNEL_BELLMAN_FORD_H
#define KERNEL_BELLMAN_FORD_H

#include "graph/graph_rows.h"

typedef struct GraphPotentials
{
	double	   *costs;			/* by node; infinite for one that is not reached */
	uint32	   *parents;		/* by node; GRAPH_NO_NODE for the start and what is not reached */
	uint32	   *cycle;			/* nodes of a cycle that costs less than nothing, or NULL */
	uint32		cycle_length;
} GraphPotentials;

/*
 * Costs are sums in the order of edges. Where a cycle below 0 can be reached there
 * are no least costs, and cycle is set, beginning with its least node. Of several edges by which
 * a node is reached at its least cost, the one on a way of fewest edges counts,
 * of these the one from the least node. Rows are sorted, with weights, which are
 * numbers. O(nodes * edges), interruptible. Memory from the budget: 12 bytes a
 * node, and 20 while it computes.
 */
extern GraphPotentials kernel_bellman_ford(const GraphProjection *rows, uint32 start,
										   PtBudget *budget);

#endif							/* KERNEL_BELLMAN_FORD_H */
