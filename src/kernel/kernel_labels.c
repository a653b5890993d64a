/*
 * kernel_labels.c
 *		Label propagation.
 *
 * Raghavan, Albert, Kumara, "Near linear time algorithm to detect community
 * structures in large-scale networks" (2007), made deterministic as LDBC
 * Graphalytics defines it (CDLP): all nodes change at once, the least of several
 * labels wins. Labels may go to and fro for ever, as between the two ends of an
 * edge; the number of iterations is part of the definition. Oracle: a plain second
 * implementation in test/networkx_oracle.py.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "kernel/kernel_labels.h"

typedef struct Vote
{
	const uint32 *labels;
	uint32	   *counts;			/* by label; 0 between nodes */
	uint32		best;
} Vote;

static void
count_row(Vote *vote, const GraphProjection *rows, uint32 node)
{
	for (uint64 i = rows->offsets[node]; i < rows->offsets[node + 1]; i++)
	{
		uint32		label = vote->labels[rows->ends[i]];
		uint32		count = ++vote->counts[label];

		pt_check_interrupts(i);
		if (vote->best == GRAPH_NO_NODE || count > vote->counts[vote->best] ||
			(count == vote->counts[vote->best] && label < vote->best))
			vote->best = label;
	}
}

static void
forget_row(Vote *vote, const GraphProjection *rows, uint32 node)
{
	for (uint64 i = rows->offsets[node]; i < rows->offsets[node + 1]; i++)
	{
		pt_check_interrupts(i);
		vote->counts[vote->labels[rows->ends[i]]] = 0;
	}
}

static uint32
elect(Vote *vote, const GraphProjection *rows, const GraphProjection *more, uint32 node)
{
	vote->best = GRAPH_NO_NODE;
	count_row(vote, rows, node);
	if (more != NULL)
		count_row(vote, more, node);
	forget_row(vote, rows, node);
	if (more != NULL)
		forget_row(vote, more, node);
	return vote->best == GRAPH_NO_NODE ? vote->labels[node] : vote->best;
}

uint32 *
kernel_labels(const GraphProjection *rows, const GraphProjection *more,
			  uint64 max_iterations, PtBudget *budget)
{
	uint32		nnodes = rows->nnodes;
	uint32	   *labels = pt_alloc(budget, nnodes, sizeof(uint32));
	uint32	   *next = pt_alloc(budget, nnodes, sizeof(uint32));
	Vote		vote = {NULL, pt_alloc(budget, nnodes, sizeof(uint32)), GRAPH_NO_NODE};
	bool		changed = true;

	memset(vote.counts, 0, nnodes * sizeof(uint32));
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		labels[v] = v;
	}
	for (uint64 i = 0; i < max_iterations && changed; i++)
	{
		uint32	   *old = labels;

		CHECK_FOR_INTERRUPTS();
		changed = false;
		vote.labels = labels;
		for (uint32 v = 0; v < nnodes; v++)
		{
			pt_check_interrupts(v);
			next[v] = elect(&vote, rows, more, v);
			changed |= next[v] != labels[v];
		}
		labels = next;
		next = old;
	}
	pt_free(budget, next);
	pt_free(budget, vote.counts);
	return labels;
}
