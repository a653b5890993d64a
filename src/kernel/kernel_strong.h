/*
 * kernel_strong.h
 *		Strongly connected components.
 */
#ifndef KERNEL_STRONG_H
#define KERNEL_STRONG_H

#include "graph/graph_rows.h"

/*
 * Of each node the least one among those that it reaches and that reach it,
 * itself included. Rows by source, in any order. O(nodes + edges). Memory from
 * the budget: 4 bytes a node, and 24 while it computes.
 */
extern uint32 *kernel_strong(const GraphProjection *out, PtBudget *budget);

/* How many nodes are in the component of each least node; 0 for other nodes. */
extern uint32 *kernel_strong_sizes(const uint32 *least, uint32 nnodes, PtBudget *budget);

/*
 * The condensation: rows by source of edges between different components, whose
 * nodes are the least of each; other nodes have no edges.
 */
extern GraphProjection *kernel_condense(const GraphProjection *out, const uint32 *least,
										PtBudget *budget);

#endif							/* KERNEL_STRONG_H */
