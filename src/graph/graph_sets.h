/*
 * graph_sets.h
 *		Sets of nodes that say where a walk may go.
 *
 * A set is a walk that goes nowhere: it has the nodes once each and a bit for
 * each of them. So the bits are lent by the session, and what a set costs
 * depends on its own size, not the graph's.
 */
#ifndef GRAPH_SETS_H
#define GRAPH_SETS_H

#include "graph/graph_project.h"
#include "graph/graph_walk.h"

/* Each is NULL where it is not given. */
typedef struct GraphSets
{
	GraphWalk  *avoid;			/* none of these is entered */
	GraphWalk  *within;			/* no others are entered */
	GraphWalk  *stop_at;		/* entered, and not left */
} GraphSets;

/* An empty set of the graph's nodes, in the budget's context. */
extern GraphWalk *graph_set_begin(Graph *graph, PtBudget *budget);

/* Put a node into a set, once. Amortised O(1). */
extern void graph_set_add(Graph *graph, GraphWalk *set, uint32 node);

/* Is a node in a set? It may be one that the graph has met since. */
extern bool graph_set_has(const GraphWalk *set, uint32 node);

/* May a node be entered? */
extern bool graph_sets_admit(const GraphSets *sets, uint32 node);

/*
 * Bound a walk that has its starts, which are exempt, and no other nodes.
 * Nodes that may not be entered are visited from now on, as its bits say; so
 * are those that the graph meets later, if there is a set within. The sets
 * stay until the walk has ended. O(sets), and a word for every 64 nodes of the
 * graph if there is a set within.
 */
extern void graph_sets_bound(const GraphSets *sets, GraphWalk *walk);

/*
 * Bound a walk that looks for a path from one end, its only start, to the far
 * end. That one may be entered, whatever the sets say: whether it is the end
 * of a path is for the caller to decide. Nodes to stop at are on no path
 * elsewhere than at its ends.
 */
extern void graph_sets_bound_path(const GraphSets *sets, GraphWalk *walk, uint32 far_end);

/*
 * Leave out of a projection of all nodes the edges at nodes that may not be
 * entered. The nodes stay, without edges: whoever lists nodes asks
 * graph_sets_admit. O(nodes + edges), interruptible.
 */
extern void graph_sets_cut(const GraphSets *sets, GraphProjection *rows);

/* Give all bits back. */
extern void graph_sets_end(GraphSets *sets);

#endif							/* GRAPH_SETS_H */
