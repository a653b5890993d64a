/*
 * kernel_closeness.c
 *		How near a node is to the others.
 *
 * A breadth-first search from each node, which adds up a level at a time. Closeness:
 * Wasserman and Faust, "Social network analysis" (1994), which compares nodes
 * that do not reach all others, too. Harmonic: Boldi and Vigna, "Axioms for
 * centrality" (2014). Oracles: networkx.closeness_centrality,
 * networkx.harmonic_centrality.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "kernel/kernel_closeness.h"

typedef struct Searcher
{
	const GraphProjection *rows;
	KernelNearness nearness;
	uint32	   *queue;
	uint32	   *visited;		/* by node: the start of the last search that met it, plus 1 */
} Searcher;

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
	double		others;

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
	if (s->nearness == KERNEL_HARMONIC)
		return inverse;
	others = last - 1;
	return last == 1 ? 0 : others / sum * (others / (s->rows->nnodes - 1));
}

double *
kernel_closeness(const GraphProjection *rows, KernelNearness nearness, PtBudget *budget)
{
	double	   *scores = pt_alloc(budget, rows->nnodes, sizeof(double));
	Searcher	s = {rows, nearness};

	s.queue = pt_alloc(budget, rows->nnodes, sizeof(uint32));
	s.visited = pt_alloc(budget, rows->nnodes, sizeof(uint32));
	memset(s.visited, 0, rows->nnodes * sizeof(uint32));
	for (uint32 v = 0; v < rows->nnodes; v++)
	{
		CHECK_FOR_INTERRUPTS();
		scores[v] = score_of(&s, v);
	}
	pt_free(budget, s.queue);
	pt_free(budget, s.visited);
	return scores;
}
