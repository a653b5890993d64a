/*
 * kernel_path.h
 *		One shortest path.
 */
#ifndef KERNEL_PATH_H
#define KERNEL_PATH_H

#include "graph/graph_walk.h"

/*
 * Both walks come with one start each, different ones, at level 0, opposite
 * directions, and keep edges and parents if the path is to be told. Returns true if there is a path of
 * at most max_hops edges; then *forward_end and *backward_end are the places
 * of its middle node in the two walks, from which the parents lead to the
 * ends. O(edges touched), interruptible.
 */
extern bool kernel_path(Graph *graph, GraphWalk *forward, GraphWalk *backward,
						uint64 max_hops, uint64 *forward_end, uint64 *backward_end);

#endif							/* KERNEL_PATH_H */
