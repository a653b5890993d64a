/*
 * kernel_bfs.h
 *		Breadth-first search.
 */
#ifndef KERNEL_BFS_H
#define KERNEL_BFS_H

#include "graph/graph_walk.h"

/*
 * Walk from the nodes in the walk, level 0, until a level has nothing new, the
 * walk is full, or max_depth levels have been added (PG_UINT64_MAX: no bound).
 * Every node is reached at its least distance. Nodes that the walk must stop at
 * are reached, and left only if they are starts. O(edges at the nodes reached),
 * interruptible.
 */
extern void kernel_bfs(Graph *graph, GraphWalk *walk, uint64 max_depth);

#endif							/* KERNEL_BFS_H */
