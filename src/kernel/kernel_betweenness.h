/*
 * kernel_betweenness.h
 *		Betweenness: how many shortest paths pass a node.
 */
#ifndef KERNEL_BETWEENNESS_H
#define KERNEL_BETWEENNESS_H

#include "graph/graph_rows.h"

/*
 * For each node the sum, over all pairs of other nodes, of the share of their
 * shortest paths that pass it. Rows by source and by target, sorted, without
 * parallel edges; of an undirected graph both are the same rows, and each pair
 * counts twice. With fewer samples than nodes only paths from so many of them, drawn
 * by the seed, are looked at, and scores are scaled to what all would give.
 *
 * If the rows have weights, which are then greater than 0, paths are as long as
 * their edges weigh.
 *
 * O(samples * edges), with weights O(samples * edges * log nodes). Memory from the
 * budget: 8 bytes a node, and 28 while it computes, 48 with weights.
 */
extern double *kernel_betweenness(const GraphProjection *out, const GraphProjection *in,
								  uint64 samples, uint64 seed, PtBudget *budget);

#endif							/* KERNEL_BETWEENNESS_H */
