/*
 * kernel_closeness.h
 *		How near a node is to the others.
 */
#ifndef KERNEL_CLOSENESS_H
#define KERNEL_CLOSENESS_H

#include "graph/graph_rows.h"

/* What the distances of a node to all that it reaches are made into. */
typedef enum KernelNearness
{
	KERNEL_CLOSENESS,			/* how many are reached by their mean distance, by how many
								 * others there are; 0 where none is reached */
	KERNEL_HARMONIC				/* the sum of 1 / distance */
} KernelNearness;

/*
 * Distances are along the rows, and what their edges weigh if they have weights,
 * 0 or more; then what is at distance 0 adds nothing. O(nodes * edges), with weights
 * O(nodes * edges * log nodes). Memory from the budget: 8 bytes a node, and 8 while
 * it computes, 28 with weights.
 */
extern double *kernel_closeness(const GraphProjection *rows, KernelNearness nearness,
								PtBudget *budget);

#endif							/* KERNEL_CLOSENESS_H */
