/*
 * kernel_flow.h
 *		How much can flow from one node to another, and what holds it back.
 */
#ifndef KERNEL_FLOW_H
#define KERNEL_FLOW_H

#include "graph/graph_rows.h"

typedef struct GraphFlow
{
	double	   *flows;			/* by place in the rows */
	uint64	   *near;			/* a bit for each node on the source's side of the cut */
	bool		is_unbounded;	/* edges without bound lead all the way: only that is set */
	uint32	   *way;			/* then: its nodes, without the sink */
	uint32		way_length;
} GraphFlow;

/*
 * A greatest flow along edges whose weights are what may flow there: 0 or more,
 * also infinite. Rows are sorted, without parallel edges. Of two edges there and back at most
 * one has a flow. The cut is the nearest to the source of those that nothing more
 * can pass. O(nodes^2 edges) at worst, and hardly ever; interruptible. Memory
 * from the budget: 8 bytes an edge; 12 an edge and 32 a node while it computes.
 */
extern GraphFlow kernel_flow(const GraphProjection *out, uint32 source, uint32 sink,
							 PtBudget *budget);

#endif							/* KERNEL_FLOW_H */
