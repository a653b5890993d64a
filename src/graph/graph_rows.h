/*
 * graph_rows.h
 *		A graph's rows both ways, over nodes in an order of one's own.
 *
 * For algorithms over the whole graph. A source numbers nodes as it met them,
 * so what depends on those numbers depends on the order in which rows were
 * written. Over nodes numbered by their keys it does not: sums of floating
 * point are made in the same order each time, and the lesser of two nodes is
 * the one with the lesser key.
 */
#ifndef GRAPH_ROWS_H
#define GRAPH_ROWS_H

#include "graph/graph_project.h"

/*
 * The rows of a projection, over nodes that are numbered anew: order[v] is the
 * old number of node v, or GRAPH_NO_NODE for one that had none, numbers[u] the
 * new one of node u. Every end of an edge has a number. Rows are sorted. Flags
 * are GRAPH_PROJECT_MERGE, GRAPH_PROJECT_SUM and GRAPH_PROJECT_NO_LOOPS. Weights
 * are kept if there are any: with GRAPH_PROJECT_MERGE the least of parallel edges,
 * with GRAPH_PROJECT_SUM their sum, unless one is less than 0. O(nodes + edges),
 * and O(n log n) a row. Interruptible. Memory from the budget: 8 bytes a node, 4 an
 * edge, 8 more for weights, and 4 more meanwhile.
 */
extern GraphProjection *graph_renumber(const GraphProjection *rows, const uint32 *order,
									   const uint32 *numbers, uint32 nnodes, int flags,
									   PtBudget *budget);

/*
 * Rows by source as rows by target, or the other way round, sorted, whatever
 * those given are, with their weights. O(nodes + edges), interruptible. Memory from
 * the budget: 8 bytes a node, 4 an edge, 8 more for weights.
 */
extern GraphProjection *graph_turn(const GraphProjection *rows, PtBudget *budget);

/*
 * Both directions together: of sorted rows by source and by target those of the
 * undirected graph, sorted. An edge is in the rows of both of its ends, a loop
 * once. With GRAPH_PROJECT_MERGE two nodes are joined once, however many edges
 * there are, either way; what that weighs is as in graph_renumber. O(nodes + edges). Memory as of graph_turn.
 */
extern GraphProjection *graph_both_ways(const GraphProjection *out, const GraphProjection *in,
										int flags, PtBudget *budget);

/* Sorted rows with of parallel edges one, without weights. O(edges), memory as of graph_turn. */
extern GraphProjection *graph_merge(const GraphProjection *rows, PtBudget *budget);

extern void graph_free_rows(GraphProjection *rows, PtBudget *budget);

/* How many edges are in a node's row. */
static inline uint64
graph_row_size(const GraphProjection *rows, uint32 node)
{
	return rows->offsets[node + 1] - rows->offsets[node];
}

/* In a sorted row, the place of the first end that is not less. O(log of its size). */
static inline uint64
graph_find_end(const GraphProjection *rows, uint32 node, uint32 end)
{
	uint64		low = rows->offsets[node];
	uint64		high = rows->offsets[node + 1];

	while (low < high)
	{
		uint64		middle = low + (high - low) / 2;

		if (rows->ends[middle] < end)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static inline bool
graph_has_end(const GraphProjection *rows, uint32 node, uint32 end)
{
	uint64		place = graph_find_end(rows, node, end);

	return place < rows->offsets[node + 1] && rows->ends[place] == end;
}

#endif							/* GRAPH_ROWS_H */
