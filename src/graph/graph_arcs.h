/*
 * graph_arcs.h
 *		Weighted edges gathered one by one, and the nodes at their ends numbered.
 *
 * For searches that look at a small part of a large graph: what they have seen
 * becomes a projection of its own.
 */
#ifndef GRAPH_ARCS_H
#define GRAPH_ARCS_H

#include "graph/graph_project.h"

typedef struct GraphWeightedArc
{
	uint32		from;
	uint32		to;
	GraphEdge	edge;			/* as it leads from one to the other */
	double		weight;
} GraphWeightedArc;

typedef struct GraphArcList
{
	GraphWeightedArc *arcs;
	uint64		count;
	uint64		capacity;
} GraphArcList;

/* Amortised O(1). Memory from the budget: 24 bytes an edge. */
extern void graph_arcs_add(GraphArcList *list, const GraphWeightedArc *arc, PtBudget *budget);

/*
 * The nodes at their ends, each once, ascending, and how many. O(n log n) for n
 * edges, interruptible. Memory from the budget: 4 bytes a node.
 */
extern uint32 *graph_arcs_nodes(const GraphArcList *list, Graph *graph, uint32 *count,
								PtBudget *budget);

/*
 * Number the ends of edges anew: a node by its place among count nodes, ascending, or, where
 * numbers are given, by what they have at that place. O(n log n), interruptible.
 */
extern void graph_arcs_number(GraphArcList *list, const uint32 *nodes, const uint32 *numbers,
							  uint32 count);

/*
 * Edges between nodes that are numbered below nnodes as a projection, in sorted
 * rows by source; of parallel ones the lightest, of several the least edge. Edges and
 * weights are kept. The list is sorted. O(n log n), interruptible. Memory from
 * the budget: 8 bytes a node, 20 an edge.
 */
extern GraphProjection *graph_arcs_project(GraphArcList *list, uint32 nnodes, PtBudget *budget);

/* The same edges the other way round, in rows by target. */
extern GraphProjection *graph_arcs_project_back(GraphArcList *list, uint32 nnodes,
												PtBudget *budget);

#endif							/* GRAPH_ARCS_H */
