/*
 * kernel_cycles.h
 *		Cycles: the shortest ones, or all.
 */
#ifndef KERNEL_CYCLES_H
#define KERNEL_CYCLES_H

#include "graph/graph_rows.h"

/* Cycle i has the nodes from starts[i] on, the edge behind the last back to the first. */
typedef struct GraphCycles
{
	uint64		max_cycles;		/* find no more */
	bool		truncated;		/* there are more */

	uint64	   *starts;			/* [count + 1] */
	uint64		count;
	uint64		capacity;
	uint32	   *nodes;
	uint64		nnodes;
	uint64		node_capacity;
} GraphCycles;

/*
 * One shortest cycle of two or more nodes in each strong component that has any,
 * and each loop, both by the least node: of the component, or of the loop. least
 * is what kernel_strong has found, rows are sorted and without parallel edges.
 * A cycle begins with its least node; of several as short, the one found first
 * by searching from nodes in ascending order.
 *
 * O(edges) for components in which an edge has one back, or in which taking
 * away a node leaves few cycles; O(nodes * edges) of a component at worst.
 * Memory from the budget: 20 bytes a node, and the cycles.
 */
extern void kernel_shortest_cycles(const GraphProjection *out, const GraphProjection *in,
								   const uint32 *least, GraphCycles *cycles, PtBudget *budget);

/*
 * All elementary cycles, by their least node, from which each begins, then
 * as a depth-first search from there goes. There may be exponentially many.
 * O(nodes + edges) between two of them. Arguments are those of the shortest.
 * Memory from the budget: 20 bytes a node, a bit an edge, and the cycles.
 */
extern void kernel_all_cycles(const GraphProjection *out, const GraphProjection *in,
							  const uint32 *least, GraphCycles *cycles, PtBudget *budget);

/* Add a cycle; false, and truncated, if there are enough of them. */
extern bool kernel_add_cycle(GraphCycles *cycles, const uint32 *nodes, uint32 count,
							 PtBudget *budget);

#endif							/* KERNEL_CYCLES_H */
