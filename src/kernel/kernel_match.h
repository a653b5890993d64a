/*
 * kernel_match.h
 *		Ways whose edges, read in order, match a pattern.
 */
#ifndef KERNEL_MATCH_H
#define KERNEL_MATCH_H

#include "graph/graph_sets.h"
#include "nodes/bitmapset.h"

/* A step that a pattern may ask for: an edge of this graph, walked that way. */
typedef struct MatchSymbol
{
	Graph	   *graph;
	GraphDirection direction;	/* GRAPH_OUT or GRAPH_IN */
} MatchSymbol;

/*
 * A pattern as an automaton of Glushkov's form: it begins in state 0, which it
 * never comes back to, and all steps into another state are of one symbol.
 */
#define MATCH_MAX_STATES 256

typedef struct MatchAutomaton
{
	int			nstates;
	int		   *symbols;		/* by state, from 1 on */
	Bitmapset **follow;			/* by state: those it leads to */
	Bitmapset  *accepting;
} MatchAutomaton;

/* A way: its edges in order, each with the node that it leads to. */
typedef struct MatchWay
{
	GraphEdge  *edges;
	uint32	   *nodes;			/* nodes[0] is the start */
	uint64		count;			/* of edges */
} MatchWay;

/*
 * Add to reached, an empty walk, all nodes that a matching way from start leads
 * to, each on the level of its least distance; start itself on level 0 if the
 * empty way matches. Stops when reached is full. Edges are kept if reached
 * keeps them. A way may come to a node, start included, any number of times,
 * but enters only what the sets admit, and goes on from a node to stop at only
 * if it begins there. graph is any of the call.
 *
 * O(states * edges at the nodes reached), and a bit per node and state that is
 * reached; interruptible.
 */
extern void kernel_match(Graph *graph, const MatchAutomaton *automaton,
						 const MatchSymbol *symbols, const GraphSets *sets,
						 uint32 start, GraphWalk *reached);

/*
 * One of the shortest of these ways that lead to a node, from the budget; false
 * if there is none.
 */
extern bool kernel_match_way(Graph *graph, const MatchAutomaton *automaton,
							 const MatchSymbol *symbols, const GraphSets *sets,
							 uint32 start, uint32 target, PtBudget *budget, MatchWay *way);

#endif							/* KERNEL_MATCH_H */
