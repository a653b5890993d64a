/*
 * kernel_dijkstra_paths.h
 *		The cheapest simple paths.
 */
#ifndef KERNEL_DIJKSTRA_PATHS_H
#define KERNEL_DIJKSTRA_PATHS_H

#include "kernel/kernel_dijkstra.h"

/* A node of a path, and the edge that leads to it; the first has none. */
typedef struct GraphCostStep
{
	uint32		node;
	GraphEdge	edge;
	double		weight;
	double		cost;			/* so far */
} GraphCostStep;

/* A path of length edges: steps[first .. first + length] */
typedef struct GraphCostPath
{
	uint64		first;
	uint32		length;
	double		cost;
	uint32		spur;			/* what divides it from others begins here */
	uint32		banned;			/* chain of nodes that do not come next there */
} GraphCostPath;

/* What is asked, and what was found, the cheapest first. */
typedef struct GraphCostPaths
{
	uint64		max_paths;
	double		max_cost;		/* may be infinite */

	GraphCostPath *paths;
	uint64		count;
	uint64		capacity;
	GraphCostStep *steps;		/* of all paths */
	uint64		nsteps;
	uint64		step_capacity;
} GraphCostPaths;

/*
 * Find paths between two different nodes. The rows, by source and by target, have no
 * parallel edges, know edges and weights, and no weight is less than 0. Of
 * paths that cost the same those of fewest edges come first, then those whose
 * last nodes but one are less, and so on from the end. O(paths * length) searches
 * of the graph at worst. Interruptible. Memory from the budget.
 */
extern void kernel_dijkstra_paths(const GraphProjection *out, const GraphProjection *in,
								  uint32 start, uint32 end, GraphCostPaths *paths,
								  PtBudget *budget);

#endif							/* KERNEL_DIJKSTRA_PATHS_H */
