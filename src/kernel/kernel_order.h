/*
 * kernel_order.h
 *		A topological order, in layers.
 */
#ifndef KERNEL_ORDER_H
#define KERNEL_ORDER_H

#include "graph/graph_rows.h"

#define KERNEL_NO_LAYER PG_UINT32_MAX

typedef struct GraphOrder
{
	uint32	   *layers;			/* by node: edges of the longest way to it; KERNEL_NO_LAYER
								 * for what is on a cycle or behind one */
	uint32	   *nodes;			/* those that have a layer, by it, then by number */
	uint32		count;			/* of these */
} GraphOrder;

/*
 * Layers from 0. All nodes have one if and only if there is no cycle; a loop is
 * one. Rows by source, in any order. O(nodes + edges). Memory from the budget:
 * 8 bytes a node, and 12 while it computes.
 */
extern GraphOrder kernel_order(const GraphProjection *out, PtBudget *budget);

/*
 * A cycle among nodes without a layer, from its least node on; there is one.
 * Rows are by target. Returns the nodes, and in count how many. O(edges).
 */
extern uint32 *kernel_any_cycle(const GraphProjection *in, const GraphOrder *order,
								PtBudget *budget, uint32 *count);

#endif							/* KERNEL_ORDER_H */
