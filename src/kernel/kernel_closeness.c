/*
 * kernel_closeness.c
 *		How near a node is to the others.
 *
 * A breadth-first search from each node, which adds up a level at a time; with
 * weights Dijkstra's algorithm. Closeness:
 * Wasserman and Faust, "Social network analysis" (1994), which compares nodes
 * that do not reach all others, too. Harmonic: Boldi and Vigna, "Axioms for
 * centrality" (2014). Oracles: networkx.closeness_centrality,
 * networkx.harmonic_centrality.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "kernel/kernel_closeness.h"
#include "kernel/kernel_heap.h"

#include <math.h>

typedef struct Searcher
{
	const GraphProjection *rows;
	KernelNearness nearness;
	uint32	   *queue;
	uint32	   *visited;		/* by node: the start of the last search that met it, plus 1 */
	KernelHeap	heap;			/* with weights, whose costs are by node */
	PtBudget   *budget;
} Searcher;

/* What sums of distances to so many others make. */
static double
make_score(const Searcher *s, double others, double sum, double inverse)
{
	if (s->nearness == KERNEL_HARMONIC)
		return inverse;
	return sum == 0 ? 0 : others / sum * (others / (s->rows->nnodes - 1));
}

/* Add the level that ends at last; returns where the next one does. */
static uint32
expand_level(Searcher *s, uint32 start, uint32 first, uint32 last)
{
	uint32		count = last;

	for (; first < last; first++)
	{
		uint32		v = s->queue[first];

		pt_check_interrupts(first);
		for (uint64 i = s->rows->offsets[v]; i < s->rows->offsets[v + 1]; i++)
		{
			uint32		end = s->rows->ends[i];

			pt_check_interrupts(i);
			if (s->visited[end] == start + 1)
				continue;
			s->visited[end] = start + 1;
			s->queue[count++] = end;
		}
	}
	return count;
}

static double
score_of(Searcher *s, uint32 start)
{
	uint32		first = 0;
	uint32		last = 1;
	uint64		distance = 1;
	uint64		sum = 0;
	double		inverse = 0;

	s->queue[0] = start;
	s->visited[start] = start + 1;
	for (;; distance++)
	{
		uint32		next = expand_level(s, start, first, last);

		if (next == last)
			break;
		sum += distance * (next - last);
		inverse += (double) (next - last) / distance;
		first = last;
		last = next;
	}
	return make_score(s, last - 1, sum, inverse);
}

/* Nodes by Dijkstra's algorithm, and forget them. */
static double
weighted_score_of(Searcher *s, uint32 start)
{
	KernelCost *costs = s->heap.costs;
	uint32		count = 0;
	double		sum = 0;
	double		inverse = 0;

	costs[start].cost = 0;
	kernel_heap_push(&s->heap, start, s->budget);
	while (s->heap.count > 0)
	{
		uint32		v = kernel_heap_pop(&s->heap);

		CHECK_FOR_INTERRUPTS();
		s->queue[count++] = v;
		sum += costs[v].cost;
		inverse += costs[v].cost > 0 ? 1 / costs[v].cost : 0;
		for (uint64 i = s->rows->offsets[v]; i < s->rows->offsets[v + 1]; i++)
		{
			uint32		end = s->rows->ends[i];
			double		cost = costs[v].cost + s->rows->weights[i];

			pt_check_interrupts(i);
			if (!(cost < costs[end].cost))
				continue;
			costs[end].cost = cost;
			if (costs[end].slot == KERNEL_NO_SLOT)
				kernel_heap_push(&s->heap, end, s->budget);
			else
				kernel_heap_lift(&s->heap, end);
		}
	}
	for (uint32 i = 0; i < count; i++)
	{
		pt_check_interrupts(i);
		costs[s->queue[i]].cost = INFINITY;
	}
	return make_score(s, count - 1, sum, inverse);
}

static void
begin_weighted(Searcher *s)
{
	s->heap.costs = pt_alloc(s->budget, s->rows->nnodes, sizeof(KernelCost));
	for (uint32 v = 0; v < s->rows->nnodes; v++)
	{
		pt_check_interrupts(v);
		s->heap.costs[v] = (KernelCost) {INFINITY, 0, KERNEL_NO_SLOT};
	}
}

double *
kernel_closeness(const GraphProjection *rows, KernelNearness nearness, PtBudget *budget)
{
	double	   *scores = pt_alloc(budget, rows->nnodes, sizeof(double));
	Searcher	s = {rows, nearness};

	s.queue = pt_alloc(budget, rows->nnodes, sizeof(uint32));
	s.visited = pt_alloc(budget, rows->nnodes, sizeof(uint32));
	s.budget = budget;
	memset(s.visited, 0, rows->nnodes * sizeof(uint32));
	if (rows->weights != NULL)
		begin_weighted(&s);
	for (uint32 v = 0; v < rows->nnodes; v++)
	{
		CHECK_FOR_INTERRUPTS();
		scores[v] = rows->weights != NULL ? weighted_score_of(&s, v) : score_of(&s, v);
	}
	pt_free(budget, s.queue);
	pt_free(budget, s.visited);
	pt_free(budget, s.heap.costs);
	pt_free(budget, s.heap.items);
	return scores;
}
