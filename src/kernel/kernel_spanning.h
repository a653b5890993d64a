/*
 * kernel_spanning.h
 *		The lightest edges that hold together what hangs together.
 */
#ifndef KERNEL_SPANNING_H
#define KERNEL_SPANNING_H

#include "graph/graph_rows.h"

typedef struct GraphSpanning
{
	uint32	   *froms;
	uint32	   *ends;
	double	   *weights;
	uint64		count;
} GraphSpanning;

/*
 * A minimum spanning forest of the undirected graph of rows by source, which are sorted and
 * have weights, parallel edges or not: edges as they stand there, the lightest first; of edges that
 * weigh the same the one from the lesser node, then the one to the lesser. O(edges log
 * edges), interruptible. Memory from the budget: 16 bytes a node, and 16 an edge while it
 * computes.
 */
extern GraphSpanning kernel_spanning(const GraphProjection *out, PtBudget *budget);

#endif							/* KERNEL_SPANNING_H */
