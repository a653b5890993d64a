/*
 * graph.h
 *		What a kernel sees of a graph.
 *
 * A graph is what some source of edges shows to one call. Nodes are dense ids
 * below nnodes, which may grow while the graph is asked, since a source may
 * meet nodes as it goes. Where the edges come from, and what makes one
 * visible, is the source's business: a kernel asks it for the nodes one edge
 * away from many at a time (expand), or for the edges themselves (edges).
 *
 * An edge is known to its source by a GraphEdge, which says nothing to kernels
 * but in which direction it was walked.
 *
 * Kernels know memory contexts, ereport, CHECK_FOR_INTERRUPTS and bit
 * operations; no relations, no SQL, no settings. Walks may nest: a source may
 * run user code while it is asked, and that may begin another call.
 */
#ifndef GRAPH_H
#define GRAPH_H

typedef enum GraphDirection
{
	GRAPH_OUT,					/* from source to target */
	GRAPH_IN,					/* from target to source */
	GRAPH_BOTH
} GraphDirection;

#define GRAPH_NO_NODE PG_UINT32_MAX

/*
 * An edge as its source knows it, and whether it was walked against its
 * direction, so that the node reached is the edge's own source.
 */
typedef uint64 GraphEdge;

#define GRAPH_EDGE_REVERSED (UINT64CONST(1) << 63)
#define GRAPH_NO_EDGE UINT64CONST(0)

typedef struct Graph Graph;
struct GraphWalk;

/* An edge at one of the nodes that were asked about. */
typedef struct GraphArc
{
	uint32		from;			/* place of that node in the question, or itself */
	uint32		to;				/* node at the other end */
	GraphEdge	edge;
} GraphArc;

/*
 * The edges at some nodes, a batch at a time. Zero it, set what is asked and
 * where the batch goes, and call graph_edges until it returns false. One
 * question is as good as many: sources answer for all the nodes at once.
 */
typedef struct GraphArcs
{
	/* asked */
	const uint32 *nodes;		/* NULL: all of the graph, from is the node itself */
	uint64		count;			/* of nodes */
	GraphDirection direction;	/* GRAPH_OUT or GRAPH_IN */
	const uint64 *within;		/* only to nodes whose bit is set; NULL: to all */
	uint32		within_nodes;	/* it has bits for */
	const uint64 *most;			/* by place in nodes: a source may stop at one more than so many of
								 * its edges; NULL: all are wanted */
	bool		ends_only;		/* nobody will ask which edge one is: it may be GRAPH_NO_EDGE */
	bool		with_infinite;	/* where weights are asked for: edges of infinite weight, too */

	/* a batch */
	GraphArc   *arcs;
	double	   *weights;		/* of the arcs, if they are asked for: as many; else NULL */
	uint32		capacity;
	uint32		narcs;

	/* how far the source has come */
	uint64		place;
	uint64		cursor;
	uint64		given;			/* edges of that place, by a source that heeds most */
} GraphArcs;

typedef struct GraphOps
{
	/*
	 * Add to the walk what is one edge away from its nodes[first .. last), in
	 * the walk's direction, in no particular order, each node once. Sets
	 * walk->truncated and returns when max_nodes is reached and there is
	 * more. Interruptible. Nodes that the walk has visited are not added: a
	 * kernel bars nodes by setting their bits. Those that it asks about need
	 * not be visited, and are added then if an edge leads to them.
	 */
	void		(*expand) (Graph *graph, struct GraphWalk *walk, uint64 first, uint64 last);

	/*
	 * The next batch of the visible edges at the nodes asked about, parallel
	 * ones each, a loop once, in no particular order. Returns false when there
	 * was none left. Where weights are asked for, edges whose weight is NULL, or
	 * infinite unless these are asked for, are left out, NaN and -infinity are
	 * error 22003, and each edge weighs 1 in a source without weights.
	 * Interruptible.
	 */
	bool		(*edges) (Graph *graph, GraphArcs *arcs);

	/* No more edges than this are in the graph: for sizing. */
	uint64		(*edge_bound) (Graph *graph);

	/*
	 * All visible edges at once, where the source has them by node; NULL where
	 * it has not. What is at node v, in GRAPH_OUT or GRAPH_IN, parallel edges
	 * each, goes to ends[offsets[v]] .. ends[offsets[v + 1] - 1]. There is room
	 * for nnodes + 1 offsets and edge_bound ends. Interruptible.
	 */
	void		(*rows) (Graph *graph, GraphDirection direction, uint64 *offsets, uint32 *ends);
} GraphOps;

/* What a source hands out begins with this. */
struct Graph
{
	const GraphOps *ops;
	uint32		nnodes;			/* so far */
};

static inline bool
graph_edges(Graph *graph, GraphArcs *arcs)
{
	return graph->ops->edges(graph, arcs);
}

static inline GraphDirection
graph_reverse(GraphDirection direction)
{
	return direction == GRAPH_BOTH ? GRAPH_BOTH : direction == GRAPH_OUT ? GRAPH_IN : GRAPH_OUT;
}

/* ---- bitmaps over nodes ---- */

#define GRAPH_WORDS(nnodes) ((uint64) (nnodes) / 64 + 1)

static inline bool
graph_bit(const uint64 *bits, uint32 node)
{
	return (bits[node / 64] >> (node % 64)) & 1;
}

static inline void
graph_set_bit(uint64 *bits, uint32 node)
{
	bits[node / 64] |= UINT64CONST(1) << (node % 64);
}

static inline void
graph_clear_bit(uint64 *bits, uint32 node)
{
	bits[node / 64] &= ~(UINT64CONST(1) << (node % 64));
}

/* Has a question got as many edges as it wants at the node it has come to? */
static inline bool
graph_has_most(const GraphArcs *arcs)
{
	return arcs->most != NULL && arcs->given > arcs->most[arcs->place];
}

/* Does a question about edges want those to a node? */
static inline bool
graph_is_within(const GraphArcs *arcs, uint32 node)
{
	return arcs->within == NULL ||
		(node < arcs->within_nodes && graph_bit(arcs->within, node));
}

#endif							/* GRAPH_H */
