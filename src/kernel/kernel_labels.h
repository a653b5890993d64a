/*
 * kernel_labels.h
 *		Label propagation.
 */
#ifndef KERNEL_LABELS_H
#define KERNEL_LABELS_H

#include "graph/graph_rows.h"

/*
 * The label of each node, which is a node, after so many iterations, or fewer
 * if labels do not change any more. In each iteration all nodes at once take
 * the label that most entries in their rows have, the least of several; a node
 * whose rows are empty keeps its own. The second rows are added to the first;
 * NULL: there are none. Each O(nodes + edges). Memory from the budget: 4 bytes
 * a node, and 12 while it computes.
 */
extern uint32 *kernel_labels(const GraphProjection *rows, const GraphProjection *more,
							 uint64 max_iterations, PtBudget *budget);

#endif							/* KERNEL_LABELS_H */
