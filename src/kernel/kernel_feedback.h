/*
 * kernel_feedback.h
 *		Few edges without which a graph has no cycle.
 */
#ifndef KERNEL_FEEDBACK_H
#define KERNEL_FEEDBACK_H

#include "graph/graph_rows.h"

/*
 * A bit for each such edge, by its place in the rows by source. Loops are among
 * them; edges between strong components are not. least is what kernel_strong has
 * found; rows are sorted and without parallel edges. A heuristic: to find the fewest is
 * NP-hard. Without edges back and forth, at most half of the edges less a sixth
 * of the nodes. O(nodes + edges). Memory from the budget: a bit an edge, and 24
 * bytes a node while it computes.
 */
extern uint64 *kernel_feedback(const GraphProjection *out, const GraphProjection *in,
							   const uint32 *least, PtBudget *budget);

#endif							/* KERNEL_FEEDBACK_H */
