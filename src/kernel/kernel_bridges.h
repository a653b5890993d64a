/*
 * kernel_bridges.h
 *		What a graph falls apart without: bridges and articulation points.
 */
#ifndef KERNEL_BRIDGES_H
#define KERNEL_BRIDGES_H

#include "graph/graph_rows.h"

typedef struct GraphCuts
{
	uint32	   *parts;			/* by node: how many its component falls into without it */
	uint64	   *bridges;		/* bits by node: without the edge between it and its parent */
	uint32	   *parents;		/* by node, in the trees of the search; itself for a root */
} GraphCuts;

/*
 * Rows are those of an undirected graph, sorted, without loops, with parallel
 * edges: where there are two, neither is a bridge. O(nodes + edges). Memory
 * from the budget: 8 bytes a node, and 24 while it computes.
 */
extern GraphCuts kernel_bridges(const GraphProjection *both, PtBudget *budget);

#endif							/* KERNEL_BRIDGES_H */
