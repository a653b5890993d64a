/*
 * graph_project.h
 *		The visible edges of a graph as compressed sparse rows of a call's own.
 *
 * For kernels that pass over all edges, or over some of them again and again:
 * once projected, the source is not needed any more, so a walk may leave what
 * it holds against VACUUM before it computes.
 */
#ifndef GRAPH_PROJECT_H
#define GRAPH_PROJECT_H

#include "graph/graph_walk.h"

/* flags of graph_project */
#define GRAPH_PROJECT_EDGES		0x01	/* keep which edge each one is */
#define GRAPH_PROJECT_MERGE		0x02	/* of parallel edges, one */
#define GRAPH_PROJECT_NO_LOOPS	0x04	/* leave out edges from a node to itself */
#define GRAPH_PROJECT_WEIGHTS	0x08	/* keep what each one weighs */
#define GRAPH_PROJECT_INFINITE	0x20	/* with weights: edges of infinite weight, too */
#define GRAPH_PROJECT_SUM		0x10	/* of graph_rows.h: what is merged weighs the sum */

/*
 * The edges of node v are ends[offsets[v]] .. ends[offsets[v + 1] - 1], the
 * nodes at their other ends. Nodes are those of the graph, or places in the
 * walk where one was given.
 */
typedef struct GraphProjection
{
	uint32		nnodes;
	uint64		nedges;
	uint64	   *offsets;		/* [nnodes + 1] */
	uint32	   *ends;			/* [nedges]; NULL where only sizes of rows are told */
	GraphEdge  *edges;			/* [nedges], or NULL */
	double	   *weights;		/* [nedges], or NULL */
} GraphProjection;

/*
 * Project the edges of all nodes, or those among the nodes of a walk, which
 * has not ended. Rows are by source for GRAPH_OUT, by target for GRAPH_IN; for
 * GRAPH_BOTH every edge is in the rows of both of its ends, a loop once. With
 * GRAPH_PROJECT_MERGE rows are sorted, and of parallel edges the lightest stays.
 * Interruptible.
 *
 * O(nodes + edges at them), and O(n log n) a row where rows are sorted. Memory
 * from the budget: 8 bytes a node; 4 bytes an edge, 12 with
 * GRAPH_PROJECT_EDGES, 8 more for weights; 4 bytes an edge more while it is made, and twice as
 * much if the source gives edges out of order. Error 53400 beyond the budget.
 */
extern GraphProjection *graph_project(Graph *graph, const GraphWalk *walk,
									  GraphDirection direction, int flags, PtBudget *budget);

/*
 * A projection of edges that are given as pairs of nodes, in rows by the first.
 * O(nodes + edges). Memory from the budget: 8 bytes a node, 4 an edge.
 */
extern GraphProjection *graph_project_pairs(const uint32 *froms, const uint32 *ends,
											uint64 count, uint32 nnodes, PtBudget *budget);

/*
 * A projection as a graph of its own: rows by source and rows by target, of
 * which a kernel that walks in one direction needs one, and NULL for the other. Edges are known if the
 * projection kept them. It is in the budget's context, and so must they be.
 */
extern Graph *graph_of_projection(const GraphProjection *forward,
								  const GraphProjection *backward, PtBudget *budget);

#endif							/* GRAPH_PROJECT_H */
