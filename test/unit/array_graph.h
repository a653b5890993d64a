/*
 * array_graph.h
 *		A graph that is an array of edges, for testing kernels.
 *
 * It answers as a source may that is not an image: edges out of order, nodes
 * met as it goes, user code in the midst of an expansion. If all nodes are known
 * it gives all edges at once, too.
 */
#ifndef ARRAY_GRAPH_H
#define ARRAY_GRAPH_H

#include "graph/graph_walk.h"

typedef struct ArrayEdge
{
	uint32		source;
	uint32		target;
	double		weight;			/* NaN: not passable */
} ArrayEdge;

typedef struct ArrayGraph
{
	Graph		graph;			/* must be first */
	ArrayEdge  *edges;
	uint32		nedges;
	uint32		nnodes;			/* in the end; graph.nnodes is what has been met */
	void		(*on_expand) (struct ArrayGraph *graph);	/* user code, or NULL */
} ArrayGraph;

/* nedges random edges among nnodes nodes, all of which are known at once unless grows. */
extern ArrayGraph *array_graph_random(uint64 seed, uint32 nnodes, uint32 nedges, bool grows);

/* Weigh its edges: whole numbers from a range, so that there are ties; one in seven is not passable. */
extern void array_graph_weigh(ArrayGraph *g, uint64 seed, int least, int most);

#endif							/* ARRAY_GRAPH_H */
