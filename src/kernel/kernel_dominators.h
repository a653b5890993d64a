/*
 * kernel_dominators.h
 *		Dominators: what every way from a root to a node passes.
 */
#ifndef KERNEL_DOMINATORS_H
#define KERNEL_DOMINATORS_H

#include "graph/graph_rows.h"

/* The tree of dominators. */
typedef struct GraphDominators
{
	uint32	   *nodes;			/* that the root reaches, itself first; each after its dominator */
	uint32	   *dominators;		/* by place in nodes: the place of its immediate dominator */
	uint32	   *depths;			/* by place: in the tree, 0 for the root */
	uint32		count;
} GraphDominators;

/*
 * Of each node that the root reaches the last one that every way there passes.
 * Rows by source and by target. O(edges log nodes). Memory from the budget: 12
 * bytes a node, and 40 while it computes.
 */
extern GraphDominators kernel_dominators(const GraphProjection *out, const GraphProjection *in,
										 uint32 root, PtBudget *budget);

#endif							/* KERNEL_DOMINATORS_H */
