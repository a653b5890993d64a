/*
 * kernel_crossing.h
 *		Ways out of one set of nodes into another.
 */
#ifndef KERNEL_CROSSING_H
#define KERNEL_CROSSING_H

#include "graph/graph_rows.h"

/* Bitmaps over the nodes, and of each node how far the nearest of the second set is. */
typedef struct GraphCrossing
{
	const uint64 *from;
	const uint64 *to;
	uint32	   *distances;		/* through nodes of neither; 0 in to; GRAPH_NO_NODE: no way, or
								 * in from only */
} GraphCrossing;

/*
 * Find the distances. Rows by target. O(edges), interruptible. Memory from the
 * budget: 4 bytes a node; 4 more while it computes.
 */
extern void kernel_crossing(const GraphProjection *in, GraphCrossing *crossing, PtBudget *budget);

/*
 * The node after this one on a shortest way to the second set, the least of
 * several, or GRAPH_NO_NODE if there is none. Sorted rows by source. O(edges of
 * the node), interruptible.
 */
extern uint32 kernel_crossing_next(const GraphProjection *out, const GraphCrossing *crossing,
								   uint32 node);

#endif							/* KERNEL_CROSSING_H */
