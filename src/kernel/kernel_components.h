/*
 * kernel_components.h
 *		Weakly connected components.
 */
#ifndef KERNEL_COMPONENTS_H
#define KERNEL_COMPONENTS_H

#include "graph/graph_rows.h"

/*
 * Of each node the least one that it is connected with, in whatever direction
 * edges lead; itself where it has no edges. Rows by either end will do, in any
 * order. O(edges), all but. Memory from the budget: 4 bytes a node.
 */
extern uint32 *kernel_components(const GraphProjection *rows, PtBudget *budget);

#endif							/* KERNEL_COMPONENTS_H */
