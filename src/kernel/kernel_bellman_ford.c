/*
 * kernel_bellman_ford.c
 *		Least costs from a node, of edges that may weigh less than nothing.
 *
 * Bellman, "On a routing problem" (1958), Ford (1956), with Moore's queue
 * (1959): a pass goes over the nodes that the last one has made cheaper. The
 * parents are a tree unless there is a cycle below 0, which is looked for
 * after 1, 2, 4, ... passes (Cherkassky and Goldberg, "Negative-cycle detection
 * algorithms", 1999), so that it is found soon, and hardly costs anything where there is none.
 * Oracle: networkx.single_source_bellman_ford_path_length.
 */
#include "postgres.h"

#include <math.h>

#include "base/pt_interrupts.h"
#include "kernel/kernel_bellman_ford.h"

typedef struct Search
{
	const GraphProjection *rows;
	PtBudget   *budget;
	GraphPotentials found;
	uint32	   *queue;			/* nodes that have become cheaper */
	uint32	   *next;
	uint32		nnext;
	uint32	   *marks;			/* by node: the last pass that put it there; for cycles, the root */
	uint32	   *levels;
} Search;

/* Look at the edges of a node. */
static void
relax(Search *s, uint32 node, uint32 pass)
{
	const GraphProjection *rows = s->rows;

	for (uint64 i = rows->offsets[node]; i < rows->offsets[node + 1]; i++)
	{
		uint32		end = rows->ends[i];
		double		cost = s->found.costs[node] + rows->weights[i];

		pt_check_interrupts(i);
		if (!(cost < s->found.costs[end]))
			continue;
		s->found.costs[end] = cost;
		s->found.parents[end] = node;
		if (s->marks[end] != pass)
		{
			s->marks[end] = pass;
			s->next[s->nnext++] = end;
		}
	}
}

/* ---- cycles ---- */

static void
keep_cycle(Search *s, uint32 node)
{
	uint32		least = node;
	uint32		at = node;
	uint32		count = 0;

	do
	{
		pt_check_interrupts(count);
		least = Min(least, at);
		count++;
		at = s->found.parents[at];
	} while (at != node);
	s->found.cycle = pt_alloc(s->budget, count, sizeof(uint32));
	s->found.cycle_length = count;
	/* parents lead back */
	at = least;
	for (uint32 i = count; i > 0; i--)
	{
		pt_check_interrupts(i);
		s->found.cycle[i % count] = at;
		at = s->found.parents[at];
	}
}

/* Do the parents have a cycle? */
static bool
look_for_cycle(Search *s)
{
	uint32	   *roots = s->levels;

	memset(roots, 0xFF, s->rows->nnodes * sizeof(uint32));
	for (uint32 v = 0; v < s->rows->nnodes; v++)
	{
		uint32		at = v;

		pt_check_interrupts(v);
		for (uint64 step = 0; at != GRAPH_NO_NODE && roots[at] == GRAPH_NO_NODE; step++)
		{
			pt_check_interrupts(step);
			roots[at] = v;
			at = s->found.parents[at];
		}
		if (at != GRAPH_NO_NODE && roots[at] == v)
		{
			keep_cycle(s, at);
			return true;
		}
	}
	return false;
}

/* ---- parents ---- */

/*
 * The parents that count are those of a breadth-first search along edges that cost
 * exactly the difference. What it does not reach, where rounding has closed a
 * cycle of such edges, keeps the parent it has.
 */
static void
choose_parents(Search *s, uint32 start)
{
	const GraphProjection *rows = s->rows;
	const double *costs = s->found.costs;
	uint32		count = 1;

	memset(s->levels, 0xFF, rows->nnodes * sizeof(uint32));
	s->queue[0] = start;
	s->levels[start] = 0;
	for (uint32 first = 0; first < count; first++)
	{
		uint32		v = s->queue[first];

		pt_check_interrupts(first);
		for (uint64 i = rows->offsets[v]; i < rows->offsets[v + 1]; i++)
		{
			uint32		end = rows->ends[i];

			pt_check_interrupts(i);
			if (costs[v] + rows->weights[i] != costs[end] || isinf(costs[end]))
				continue;
			if (s->levels[end] == GRAPH_NO_NODE)
			{
				s->levels[end] = s->levels[v] + 1;
				s->found.parents[end] = v;
				s->queue[count++] = end;
			}
			else if (s->levels[end] == s->levels[v] + 1 && v < s->found.parents[end])
				s->found.parents[end] = v;
		}
	}
}

GraphPotentials
kernel_bellman_ford(const GraphProjection *rows, uint32 start, PtBudget *budget)
{
	uint32		nnodes = rows->nnodes;
	Search		s = {rows, budget};
	uint32		count = 1;

	s.found.costs = pt_alloc(budget, nnodes, sizeof(double));
	s.found.parents = pt_alloc(budget, nnodes, sizeof(uint32));
	s.queue = pt_alloc(budget, nnodes, sizeof(uint32));
	s.next = pt_alloc(budget, nnodes, sizeof(uint32));
	s.marks = pt_alloc(budget, nnodes, sizeof(uint32));
	s.levels = pt_alloc(budget, nnodes, sizeof(uint32));
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		s.found.costs[v] = INFINITY;
		s.found.parents[v] = GRAPH_NO_NODE;
		s.marks[v] = 0;
	}
	s.found.costs[start] = 0;
	s.queue[0] = start;
	for (uint32 pass = 1; count > 0; pass++)
	{
		uint32	   *swap = s.queue;

		s.nnext = 0;
		for (uint32 i = 0; i < count; i++)
		{
			CHECK_FOR_INTERRUPTS();
			relax(&s, s.queue[i], pass);
		}
		s.queue = s.next;
		s.next = swap;
		count = s.nnext;
		if (((pass & (pass - 1)) == 0 || pass >= nnodes) && look_for_cycle(&s))
			break;
	}
	if (s.found.cycle == NULL)
		choose_parents(&s, start);
	pt_free(budget, s.queue);
	pt_free(budget, s.next);
	pt_free(budget, s.marks);
	pt_free(budget, s.levels);
	return s.found;
}
