/*
 * graph_rows.c
 *		A graph's rows both ways, over nodes in an order of one's own.
 *
 * Rows are turned by counting: edges are visited by ascending source, and so
 * come to the rows of their targets in that order.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "graph/graph_rows.h"

static GraphProjection *
create_rows(uint32 nnodes, PtBudget *budget)
{
	GraphProjection *rows = MemoryContextAllocZero(budget->context, sizeof(GraphProjection));

	rows->nnodes = nnodes;
	rows->offsets = pt_alloc(budget, (uint64) nnodes + 1, sizeof(uint64));
	memset(rows->offsets, 0, ((uint64) nnodes + 1) * sizeof(uint64));
	return rows;
}

/* From counts, that of row v at v + 1, to where rows end. */
static void
add_up(GraphProjection *rows, PtBudget *budget)
{
	for (uint64 v = 0; v < rows->nnodes; v++)
	{
		pt_check_interrupts(v);
		rows->offsets[v + 1] += rows->offsets[v];
	}
	rows->nedges = rows->offsets[rows->nnodes];
	rows->ends = pt_alloc(budget, rows->nedges, sizeof(uint32));
}

/* ---- turning ---- */

typedef struct Turn
{
	const GraphProjection *rows;
	const uint32 *order;
	const uint32 *numbers;
	int			flags;
	GraphProjection *result;
	uint32	   *last;			/* by row: the last node that came; with MERGE */
	uint64	   *next;			/* by row: where the next one goes; NULL: only count */
} Turn;

static void
turn_edge(Turn *turn, uint32 from, uint32 to)
{
	if (from == to && (turn->flags & GRAPH_PROJECT_NO_LOOPS))
		return;
	if (turn->last != NULL)
	{
		if (turn->last[to] == from)
			return;
		turn->last[to] = from;
	}
	if (turn->next == NULL)
		turn->result->offsets[to + 1]++;
	else
		turn->result->ends[turn->next[to]++] = from;
}

static void
turn_edges(Turn *turn)
{
	const GraphProjection *rows = turn->rows;

	if (turn->last != NULL)
		memset(turn->last, 0xFF, turn->result->nnodes * sizeof(uint32));
	for (uint32 from = 0; from < turn->result->nnodes; from++)
	{
		uint32		row = turn->order == NULL ? from : turn->order[from];

		pt_check_interrupts(from);
		if (row >= rows->nnodes)
			continue;
		for (uint64 i = rows->offsets[row]; i < rows->offsets[row + 1]; i++)
		{
			pt_check_interrupts(i);
			turn_edge(turn, from, turn->numbers == NULL ? rows->ends[i] :
					  turn->numbers[rows->ends[i]]);
		}
	}
}

GraphProjection *
graph_turn(const GraphProjection *rows, const uint32 *order, const uint32 *numbers,
		   uint32 nnodes, int flags, PtBudget *budget)
{
	Turn		turn = {rows, order, numbers, flags, create_rows(nnodes, budget), NULL, NULL};

	if (flags & GRAPH_PROJECT_MERGE)
		turn.last = pt_alloc(budget, nnodes, sizeof(uint32));
	turn_edges(&turn);
	add_up(turn.result, budget);
	turn.next = pt_alloc(budget, nnodes, sizeof(uint64));
	memcpy(turn.next, turn.result->offsets, nnodes * sizeof(uint64));
	turn_edges(&turn);
	pt_free(budget, turn.next);
	pt_free(budget, turn.last);
	return turn.result;
}

/* ---- both ways ---- */

/* A node's two rows as one, from ends on; NULL: only count. Returns how many. */
static uint64
join_rows(const GraphProjection *out, const GraphProjection *in, uint32 node, int flags,
		  uint32 *ends)
{
	uint64		o = out->offsets[node];
	uint64		i = in->offsets[node];
	uint64		count = 0;
	uint32		last = GRAPH_NO_NODE;

	while (o < out->offsets[node + 1] || i < in->offsets[node + 1])
	{
		bool		outward = i == in->offsets[node + 1] ||
			(o < out->offsets[node + 1] && out->ends[o] <= in->ends[i]);
		uint32		end = outward ? out->ends[o] : in->ends[i];

		pt_check_interrupts(o + i);
		if (outward)
			o++;
		else
			i++;
		if (end == node && (!outward || (flags & GRAPH_PROJECT_NO_LOOPS)))
			continue;
		if (end == last && (flags & GRAPH_PROJECT_MERGE))
			continue;
		last = end;
		if (ends != NULL)
			ends[count] = end;
		count++;
	}
	return count;
}

GraphProjection *
graph_both_ways(const GraphProjection *out, const GraphProjection *in, int flags,
				PtBudget *budget)
{
	GraphProjection *rows = create_rows(out->nnodes, budget);

	for (uint32 v = 0; v < rows->nnodes; v++)
	{
		pt_check_interrupts(v);
		rows->offsets[v + 1] = join_rows(out, in, v, flags, NULL);
	}
	add_up(rows, budget);
	for (uint32 v = 0; v < rows->nnodes; v++)
	{
		pt_check_interrupts(v);
		(void) join_rows(out, in, v, flags, rows->ends + rows->offsets[v]);
	}
	return rows;
}

void
graph_free_rows(GraphProjection *rows, PtBudget *budget)
{
	pt_free(budget, rows->offsets);
	pt_free(budget, rows->ends);
	pt_free(budget, rows->edges);
	pfree(rows);
}
