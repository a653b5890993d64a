/*
 * kernel_leiden.h
 *		Communities by modularity.
 */
#ifndef KERNEL_LEIDEN_H
#define KERNEL_LEIDEN_H

#include "graph/graph_rows.h"

typedef struct GraphLeiden
{
	double		resolution;		/* 0 .. : greater gives smaller communities */
	uint64		seed;			/* of the order in which nodes are looked at */
	uint64		max_iterations;
} GraphLeiden;

typedef struct GraphCommunities
{
	uint32	   *least;			/* by node: the least of its community */
	double		modularity;		/* NaN if there are no edges, or weigh nothing */
} GraphCommunities;

/*
 * Communities of high modularity, each of which hangs together. Undirected,
 * sorted rows; parallel edges count each, loops too, if there are weights, which
 * are 0 or more, as much as they weigh. Iterations end when one
 * improves nothing. O(edges) each as a rule. Memory from the budget: 4 bytes a
 * node; about 100 a node and up to 24 an edge while it computes.
 */
extern GraphCommunities kernel_leiden(const GraphProjection *both, const GraphLeiden *wanted,
									  PtBudget *budget);

#endif							/* KERNEL_LEIDEN_H */
