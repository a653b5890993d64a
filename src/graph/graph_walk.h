/*
 * graph_walk.h
 *		A walk: the nodes that a kernel has reached, and how.
 */
#ifndef GRAPH_WALK_H
#define GRAPH_WALK_H

#include "base/pt_budget.h"
#include "graph/graph.h"

/*
 * What a walk remembers of how it reached a node. The parent is the first node
 * of the walk from which an edge leads to it. Parents cost more than their
 * memory: a graph that need not tell them may expand a level in any order.
 */
#define GRAPH_KEEP_EDGES	0x01
#define GRAPH_KEEP_PARENTS	0x02

#define GRAPH_NO_PARENT PG_UINT32_MAX

typedef struct GraphBitmap GraphBitmap;

/*
 * nodes are in the order in which they were reached, which doubles as the
 * queue. parents (places in nodes) and edges are kept if the caller wants
 * them, else NULL. visited has a bit for every node of the graph. All of the
 * arrays move when they grow.
 */
typedef struct GraphWalk
{
	PtBudget   *budget;			/* that all of this is taken from */
	GraphDirection direction;
	uint64		max_nodes;		/* stop when nodes holds this many */
	int			keep;			/* GRAPH_KEEP_... */

	uint64	   *visited;
	uint32	   *nodes;
	uint32	   *parents;
	GraphEdge  *edges;
	uint64		count;
	uint64		capacity;
	bool		truncated;		/* max_nodes cut something */

	/* where it may go (graph_sets.h) */
	const struct GraphWalk *stop_at;	/* nodes that it must not leave, or NULL */
	const struct GraphWalk *barred[2];	/* sets whose nodes are visited without it */
	bool		is_confined;	/* so is what the graph meets from now on */

	uint64	   *level_start;	/* place in nodes where each level begins */
	uint64		levels;
	uint64		level_capacity;

	GraphBitmap *bitmap;		/* where visited comes from */
} GraphWalk;

/*
 * An empty walk at level 0, in the budget's context. End it, unless an error
 * ends the call. Error 53400 if the budget has not a bit a node left.
 */
extern GraphWalk *graph_walk_begin(Graph *graph, PtBudget *budget,
								   GraphDirection direction, int keep);

/*
 * Give the visited bits back. The other arrays stay, and go with the budget.
 * O(nodes reached): only bits of nodes in the walk may be set. Where others
 * are, discard the walk instead; then the next one pays for the whole bitmap.
 */
extern void graph_walk_end(GraphWalk *walk);
extern void graph_walk_discard(GraphWalk *walk);

/*
 * Bar the nodes of a set, or all others than those and the walk's own, which
 * comes first if both are wanted: they are visited without being in the walk,
 * which then may still be ended. At most two sets are barred, O(set). To
 * confine a walk takes a word for every 64 nodes of the graph.
 */
extern void graph_walk_bar(GraphWalk *walk, const GraphWalk *set);
extern void graph_walk_confine(GraphWalk *walk, const GraphWalk *set);

/* Let visited tell what the walk has reached, and nothing else. */
extern void graph_walk_unbar(GraphWalk *walk);

/*
 * Put the nodes of the last level that must not be left behind the others,
 * which stay in their order. Returns where they begin in nodes.
 */
extern uint64 graph_walk_set_aside(GraphWalk *walk);

/* How many nodes there are visited bits for. */
extern uint64 graph_walk_covered(const GraphWalk *walk);

/*
 * Make room for visited bits of so many nodes: for sources that meet nodes as
 * they go. walk->visited may move.
 */
extern void graph_walk_cover(GraphWalk *walk, uint32 nnodes);

/* What is added from now on is one level further from the starts. */
extern void graph_begin_level(GraphWalk *walk);

/* Make room for one node more. Part of graph_walk_add; amortised O(1). */
extern void graph_walk_grow(GraphWalk *walk);

/* Where the level of a depth ends in nodes. */
static inline uint64
graph_level_end(const GraphWalk *walk, uint64 depth)
{
	return depth + 1 < walk->levels ? walk->level_start[depth + 1] : walk->count;
}

static inline bool
graph_is_visited(const GraphWalk *walk, uint32 node)
{
	return graph_bit(walk->visited, node);
}

/* Add an unvisited node. The caller has compared count with max_nodes. */
static inline void
graph_walk_add(GraphWalk *walk, uint32 node, uint32 parent, GraphEdge edge)
{
	if (walk->count == walk->capacity)
		graph_walk_grow(walk);
	graph_set_bit(walk->visited, node);
	walk->nodes[walk->count] = node;
	if (walk->keep & GRAPH_KEEP_EDGES)
		walk->edges[walk->count] = edge;
	if (walk->keep & GRAPH_KEEP_PARENTS)
		walk->parents[walk->count] = parent;
	walk->count++;
}

/* A start, at level 0. */
static inline void
graph_walk_start(GraphWalk *walk, uint32 node)
{
	graph_walk_add(walk, node, GRAPH_NO_PARENT, GRAPH_NO_EDGE);
}

#endif							/* GRAPH_WALK_H */
