/*
 * kernel_remains.h
 *		What is left of strong components as nodes are taken away.
 */
#ifndef KERNEL_REMAINS_H
#define KERNEL_REMAINS_H

#include "graph/graph_rows.h"

/*
 * What is left of the graph as nodes are taken away, and with them all that is
 * on no cycle any more: that leads nowhere, or that nothing leads to. Edges count
 * only within strong components, loops not at all.
 */
typedef struct GraphRemains
{
	const GraphProjection *out;
	const GraphProjection *in;
	const uint32 *least;
	uint32	   *outdegrees;		/* by node; both 0 for one that is gone */
	uint32	   *indegrees;
	uint32	   *queue;
} GraphRemains;

extern void kernel_remains_begin(GraphRemains *remains, const GraphProjection *out,
								 const GraphProjection *in, const uint32 *least,
								 PtBudget *budget);

/* O(edges at what goes). */
extern void kernel_remains_take(GraphRemains *remains, uint32 node);

extern void kernel_remains_end(GraphRemains *remains, PtBudget *budget);

/* Is the edge still there? */
static inline bool
kernel_remains_has(const GraphRemains *remains, uint32 from, uint32 to)
{
	return from != to && remains->least[from] == remains->least[to] &&
		remains->outdegrees[from] > 0 && remains->outdegrees[to] > 0;
}

#endif							/* KERNEL_REMAINS_H */
