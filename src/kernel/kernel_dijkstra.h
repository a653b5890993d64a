/*
 * kernel_dijkstra.h
 *		Least costs from a node, of edges that weigh something.
 *
 * A search is a walk that settles one node after the other, the cheapest first.
 * It asks the graph for the edges of what it settles, and of no others than
 * what it has reached by then, so a target that is near costs little in a large
 * graph. Costs are sums of weights in their order along the way. Of ways that
 * cost the same the one of fewest edges counts.
 */
#ifndef KERNEL_DIJKSTRA_H
#define KERNEL_DIJKSTRA_H

#include "graph/graph_arcs.h"
#include "graph/graph_sets.h"
#include "kernel/kernel_heap.h"

/* sums of the same weights in another order differ by less, relatively */
#define KERNEL_COST_SLACK 1e-9

/* An edge by which a node is reached at its least cost. */
typedef struct GraphTie
{
	uint32		from;			/* place of the node that it comes from */
	uint32		next;			/* another such edge */
	GraphEdge	edge;
	double		weight;
} GraphTie;

/* An edge that came with its weight before it was looked at. */
typedef struct GraphFetched
{
	uint32		to;
	uint32		next;
	GraphEdge	edge;
	double		weight;
} GraphFetched;

typedef struct GraphDijkstra
{
	/* asked */
	Graph	   *graph;
	PtBudget   *budget;
	GraphDirection direction;
	double		max_cost;		/* nodes that cost more are not reached; may be infinite */
	bool		asks_many;		/* one question for many nodes is much cheaper than many */
	const GraphSets *sets;		/* or NULL */
	uint32		far_end;		/* of a path: may be entered, and no node to stop at
								 * elsewhere; GRAPH_NO_NODE: nodes to stop at are not left */
	GraphArcList *seen;			/* where to note the edges looked at, or NULL */
	bool		is_backward;	/* note them the other way round */
	const uint64 *barred;		/* nodes that are not entered, or NULL */
	const uint64 *barred_next;	/* not from the start */
	const double *rest;			/* by node: what is to come costs at least, or NULL */
	double		most;			/* with it no more than this */

	/* by place, in the order in which nodes were met; costs are infinite until one is reached */
	GraphWalk  *walk;
	KernelCost *costs;
	uint32	   *ties;			/* the first; the start has none */
	uint32	   *fetched;
	uint64		cost_capacity;
	uint64		tie_first_capacity;
	uint64		fetched_first_capacity;

	uint32	   *places;			/* by node that the walk has visited */
	uint64		place_capacity;
	KernelHeap	heap;
	uint32	   *settled;		/* places, in the order in which they were settled */
	uint64		nsettled;
	uint64		settled_capacity;

	GraphTie   *all_ties;
	uint64		nties;
	uint64		tie_capacity;
	uint32		spare_tie;
	GraphFetched *all_fetched;
	uint64		nfetched;
	uint64		fetched_capacity;
	uint32	   *ahead;			/* places of nodes that fetched edges lead to */
	uint64		nahead;
	uint64		ahead_capacity;
	GraphArc   *arcs;			/* a batch */
	double	   *weights;

	/* the edge that ended it: its weight is less than 0, or no number */
	bool		is_refused;
	GraphWeightedArc refused;
} GraphDijkstra;

/*
 * Begin with what is asked set and all else zero. hops and cost are what the
 * start, at place 0, has already; far_end is another node. Memory from the budget: 4 bytes a node of the
 * graph, about 60 a node reached, 24 for each tie.
 */
extern void kernel_dijkstra_begin(GraphDijkstra *d, uint32 start, double cost, uint32 hops);

/* Begin anew, with another start, and other bars. */
extern void kernel_dijkstra_again(GraphDijkstra *d, uint32 start, double cost, uint32 hops);

/* Give back what the session lends; the arrays stay. */
extern void kernel_dijkstra_end(GraphDijkstra *d);

/* What the next node to settle costs; infinite if there is none. */
extern double kernel_dijkstra_least(const GraphDijkstra *d);

/* Settle the next node. Returns its place, GRAPH_NO_NODE if there is none. */
extern uint32 kernel_dijkstra_settle(GraphDijkstra *d);

/*
 * Look at the edges that leave the node settled last, before the next is
 * settled. Returns false if one is refused. O(edges log n), interruptible.
 */
extern bool kernel_dijkstra_look(GraphDijkstra *d, uint32 place);

/* The place of a node that has been met, else GRAPH_NO_NODE. */
extern uint32 kernel_dijkstra_place(const GraphDijkstra *d, uint32 node);

/*
 * Which of two nodes comes first: less than 0 for a. The edges lead to them.
 * NULL: the one with the lesser number.
 */
typedef int (*KernelCompareNodes) (void *arg, uint32 a, GraphEdge to_a, uint32 b, GraphEdge to_b);

/*
 * The edge by which a settled node, not the start, is reached: of those of least cost and
 * fewest edges from the node that comes first, of parallel ones the lightest,
 * then the least.
 */
extern const GraphTie *kernel_dijkstra_parent(GraphDijkstra *d, uint32 place,
											  KernelCompareNodes compare, void *arg);

/*
 * Let two searches that face each other go on until they have seen all edges of
 * every way between their starts that costs at most bound, or, if the best way
 * costs less, at most as much; best is what the last such call returned, at first
 * infinite. Returns what the best way costs by adding up both halves, infinite
 * if none was met. It has ended early if one of the searches has refused an edge.
 */
extern double kernel_dijkstra_meet(GraphDijkstra *forward, GraphDijkstra *backward, double best,
								   double bound);

/*
 * Let them go on until they have seen all edges of every way that costs at most bound,
 * or have settled so many nodes. Returns false in the second case.
 */
extern bool kernel_dijkstra_widen(GraphDijkstra *forward, GraphDijkstra *backward, double bound,
								  uint64 most_settled);

/*
 * Drop from what they have seen the edges that are on no way that costs at most
 * bound. O(edges).
 */
extern void kernel_dijkstra_prune(GraphArcList *seen, const GraphDijkstra *forward,
								  const GraphDijkstra *backward, double bound);

#endif							/* KERNEL_DIJKSTRA_H */
