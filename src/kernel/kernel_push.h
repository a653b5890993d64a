/*
 * kernel_push.h
 *		Personalised PageRank near some nodes, without looking at the rest.
 */
#ifndef KERNEL_PUSH_H
#define KERNEL_PUSH_H

#include "graph/graph_sets.h"

#define KERNEL_NO_DISTANCE PG_UINT32_MAX

/* A node that the push has met, by place. */
typedef struct PushedNode
{
	uint32		node;
	GraphEdge	edge;			/* one that led to it; GRAPH_NO_EDGE for a start */
	double		score;
	uint32		distance[2];	/* by direction: from the nearest start, along what was seen */
} PushedNode;

typedef struct GraphPush
{
	/* asked */
	double		damping;		/* how much of a score goes on along edges */
	double		epsilon;		/* how much may stay unsettled at a node for each of its edges */
	uint64		max_edges;		/* end when as many have been pushed along */
	const GraphSets *sets;		/* where it may go; starts are exempt. stop_at is not looked at */
	const uint32 *starts;		/* each once */
	uint32		nstarts;

	/* found */
	PushedNode *nodes;			/* starts first */
	uint32		count;
	double		rest;			/* sum of what is unsettled: scores fall short of 1 by less */
	bool		truncated;		/* max_edges ended it: more is unsettled than epsilon says */
} GraphPush;

/*
 * Scores of a walk that begins at a random start, follows a random edge with
 * probability damping, whichever way it points, and else begins anew; parallel
 * edges count each, a loop twice. A score never exceeds the exact one, and
 * falls short of it by no more than epsilon for each edge of the node, all of
 * them together by no more than rest * damping. What is found, and the bits
 * of each score, do not depend on the order of nodes or edges.
 *
 * Pushes along O(1 / ((1 - damping) epsilon)) edges, whatever the graph's
 * size. Memory from the budget: what it has met; error 53400 beyond it.
 * Interruptible.
 */
extern void kernel_push(Graph *graph, GraphPush *push, PtBudget *budget);

#endif							/* KERNEL_PUSH_H */
