/*
 * kernel_kcore.h
 *		Coreness: how deep in the dense parts of a graph a node is.
 */
#ifndef KERNEL_KCORE_H
#define KERNEL_KCORE_H

#include "graph/graph_rows.h"

/*
 * Of each node the greatest k so that it is in a subgraph in which every node
 * has k neighbours. Rows are those of an undirected graph, without parallel
 * edges and loops. O(nodes + edges). Memory from the budget: 4 bytes a node, and
 * 12 while it computes.
 */
extern uint32 *kernel_kcore(const GraphProjection *both, PtBudget *budget);

#endif							/* KERNEL_KCORE_H */
