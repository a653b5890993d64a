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
 * The edges of a projection, over nodes that are numbered anew: order[v] is the
 * old number of node v, or GRAPH_NO_NODE for one that had none; every end of an
 * edge has a number. Rows by source become rows by target, or the other way round, and are
 * sorted. Weights are dropped. Flags are GRAPH_PROJECT_MERGE and
 * GRAPH_PROJECT_NO_LOOPS. O(nodes + edges), interruptible. Memory from the
 * budget: 8 bytes a node, 4 an edge, and twice as much meanwhile.
 */
extern GraphProjection *graph_turn_numbered(const GraphProjection *rows, const uint32 *order,
											uint32 nnodes, int flags, PtBudget *budget);

/*
 * The same for passes over all rows again and again, of nodes that all had a number.
 * Rows stand in the order of how long they are, so that a loop over one ends when
 * the processor expects it to. That makes the places of nodes, which are set by
 * number; ends are told by place, and in a row are in the order of their numbers all
 * the same. sizes: how long the rows given are, by place; they have no ends. O(nodes +
 * edges), interruptible. Memory from the budget: 16 bytes a node, 4 an edge, and
 * as much meanwhile.
 */
extern GraphProjection *graph_turn_by_size(const GraphProjection *rows, const uint32 *order,
										   uint32 nnodes, uint32 *places,
										   GraphProjection **sizes, PtBudget *budget);

/*
 * The rows of a projection with weights as they stood, over nodes that are numbered
 * anew, sorted. Flags are as in graph_turn_numbered and GRAPH_PROJECT_SUM: of what
 * is merged the least weight is kept, with GRAPH_PROJECT_SUM the sum, unless one is
 * less than 0. O(nodes + edges), and O(n log n) a row. Interruptible. Memory from
 * the budget: 8 bytes a node, 12 an edge, and 4 a node meanwhile.
 */
extern GraphProjection *graph_renumber_weighted(const GraphProjection *rows, const uint32 *order,
												uint32 nnodes, int flags, PtBudget *budget);

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
 * there are, either way; what that weighs is as in graph_renumber_weighted. O(nodes + edges). Memory as of graph_turn.
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
