/*
 * kernel_modularity.h
 *		Modularity.
 */
#ifndef KERNEL_MODULARITY_H
#define KERNEL_MODULARITY_H

#include "graph/graph_rows.h"

/*
 * How many ends of edges are at a node, of undirected rows, which have a loop once;
 * if they have weights, what those weigh.
 */
extern double kernel_strength(const GraphProjection *both, uint32 node);

/*
 * How many more edges there are within groups than if they lay at random, as a
 * part of all, in a graph with any: of each group its part of the edges, less
 * resolution times the square of its part of their ends. groups has a number below
 * nnodes by node. Parallel edges count each, loops too, as much as they weigh, which
 * is more than 0 in sum. O(nodes + edges). Memory
 * from the budget: 16 bytes a node while it computes.
 */
extern double kernel_modularity(const GraphProjection *both, const uint32 *groups,
								double resolution, PtBudget *budget);

#endif							/* KERNEL_MODULARITY_H */
