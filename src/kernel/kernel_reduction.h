/*
 * kernel_reduction.h
 *		The transitive reduction of a graph without cycles.
 */
#ifndef KERNEL_REDUCTION_H
#define KERNEL_REDUCTION_H

#include "kernel/kernel_order.h"

/*
 * A bit for each edge, by its place in the rows, that no longer way replaces.
 * Rows by source, without parallel edges; all nodes have a place in the order.
 * O(nodes * edges) at worst: for each node, the edges between the first and the
 * last of those that it leads to. Memory from the budget: a bit an edge, and 16
 * bytes a node while it computes.
 */
extern uint64 *kernel_reduction(const GraphProjection *out, const GraphOrder *order,
								PtBudget *budget);

#endif							/* KERNEL_REDUCTION_H */
