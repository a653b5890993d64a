/*
 * kernel_coupling.h
 *		How each node is tied to its neighbours.
 */
#ifndef KERNEL_COUPLING_H
#define KERNEL_COUPLING_H

#include "graph/graph_rows.h"

/* By node. */
typedef struct GraphCoupling
{
	uint32	   *around;			/* neighbours, whichever way edges lead */
	uint32	   *responses;		/* ends, and ends of these */
	double	   *apart;			/* of the pairs of ends the part that has no end in common; 0
								 * where there is no pair */
} GraphCoupling;

/*
 * Of sorted, merged rows without loops by source and by target. A node with d
 * ends, whose rows have e ends together, costs O(d + e min(k, d / 64)), where k of
 * the d lead to the same one: that d is large is no harm. Interruptible. Memory
 * from the budget: 16 bytes a node; while it computes 20 more, and at most 24 e.
 */
extern GraphCoupling kernel_coupling(const GraphProjection *out, const GraphProjection *in,
									 PtBudget *budget);

#endif							/* KERNEL_COUPLING_H */
