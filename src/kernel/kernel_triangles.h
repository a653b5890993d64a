/*
 * kernel_triangles.h
 *		Triangles.
 */
#ifndef KERNEL_TRIANGLES_H
#define KERNEL_TRIANGLES_H

#include "graph/graph_rows.h"

/*
 * Of each node in how many triangles it is. Undirected, merged, sorted rows
 * without loops. With out, the sorted rows by source, merged too: of each node
 * how many edges these have between its neighbours, each direction counting.
 * O(edges sqrt(edges)) at worst, less where few nodes have many neighbours. Memory
 * from the budget: 8 bytes a node; 12 a node and 2.5 an entry of both while it
 * computes.
 */
extern uint64 *kernel_triangles(const GraphProjection *both, const GraphProjection *out,
								PtBudget *budget);

#endif							/* KERNEL_TRIANGLES_H */
