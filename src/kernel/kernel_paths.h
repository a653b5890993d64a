/*
 * kernel_paths.h
 *		The shortest simple paths.
 */
#ifndef KERNEL_PATHS_H
#define KERNEL_PATHS_H

#include "graph/graph_walk.h"

/* A node of a path, and the edge that leads to it; the first has none. */
typedef struct GraphPathStep
{
	uint32		node;
	GraphEdge	edge;
} GraphPathStep;

/* A path of length edges: steps[first .. first + length] */
typedef struct GraphPath
{
	uint64		first;
	uint32		length;
} GraphPath;

/* What is asked, and what was found, shortest first. */
typedef struct GraphPaths
{
	uint64		max_paths;
	uint64		max_hops;
	bool		shortest_only;	/* leave out what is longer than the first */

	GraphPath  *paths;
	uint64		count;
	uint64		capacity;
	GraphPathStep *steps;		/* of all paths */
	uint64		nsteps;
	uint64		step_capacity;
} GraphPaths;

/*
 * Find paths from start, as many as are asked for or as there are. backward
 * comes with the end in nodes, level 0, and the direction against the paths';
 * start is another node. Memory is taken from its budget, error 53400 beyond
 * it, and the paths and steps stay there. Interruptible; kernel_paths.c has
 * the cost.
 *
 * The graph has all its nodes from the start, and answers for single nodes
 * quickly, since they are expanded one at a time: an image, or a projection
 * of what is neither.
 */
extern void kernel_paths(Graph *graph, GraphWalk *backward, uint32 start, GraphPaths *paths);

#endif							/* KERNEL_PATHS_H */
