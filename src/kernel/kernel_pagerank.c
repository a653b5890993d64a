/*
 * kernel_pagerank.c
 *		PageRank.
 *
 * Page, Brin, Motwani, Winograd, "The PageRank citation ranking: bringing order
 * to the web" (1999), by power iteration from equal scores. Each node gathers
 * from those that lead to it, so its sum is made in one place and in one order.
 * Oracle: networkx.pagerank.
 */
#include "postgres.h"

#include <math.h>

#include "base/pt_interrupts.h"
#include "kernel/kernel_pagerank.h"

typedef struct Ranker
{
	const GraphProjection *out;
	const GraphProjection *in;
	const GraphRanking *ranking;
	double	   *scores;
	double	   *shares;			/* by node: what goes along each of its edges */
	double	   *next;
} Ranker;

/* Shares of all nodes. Returns the sum of those that have nowhere to go. */
static double
share_out(Ranker *r)
{
	double		stuck = 0;

	for (uint32 v = 0; v < r->out->nnodes; v++)
	{
		uint64		edges = graph_row_size(r->out, v);

		pt_check_interrupts(v);
		if (edges == 0)
			stuck += r->scores[v];
		else
			r->shares[v] = r->scores[v] / edges;
	}
	return stuck;
}

/* What every node has, or only those that are named, before it gathers. */
static void
begin_anew(Ranker *r, double rest)
{
	const GraphRanking *ranking = r->ranking;
	double		each = ranking->personal == NULL ? rest / r->out->nnodes : 0;

	for (uint32 v = 0; v < r->out->nnodes; v++)
	{
		pt_check_interrupts(v);
		r->next[v] = each;
	}
	for (uint32 i = 0; i < ranking->npersonal; i++)
	{
		pt_check_interrupts(i);
		r->next[ranking->personal[i]] = rest / ranking->npersonal;
	}
}

/* Returns by how much scores have changed in sum. */
static double
iterate(Ranker *r)
{
	double		damping = r->ranking->damping;
	double		change = 0;
	double	   *swap;

	begin_anew(r, damping * share_out(r) + (1 - damping));
	for (uint32 v = 0; v < r->in->nnodes; v++)
	{
		double		sum = 0;

		pt_check_interrupts(v);
		for (uint64 i = r->in->offsets[v]; i < r->in->offsets[v + 1]; i++)
		{
			pt_check_interrupts(i);
			sum += r->shares[r->in->ends[i]];
		}
		r->next[v] += damping * sum;
		change += fabs(r->next[v] - r->scores[v]);
	}
	swap = r->scores;
	r->scores = r->next;
	r->next = swap;
	return change;
}

double *
kernel_pagerank(const GraphProjection *out, const GraphProjection *in, GraphRanking *ranking,
				PtBudget *budget)
{
	GraphIteration *iteration = &ranking->iteration;
	Ranker		r = {out, in, ranking};

	r.scores = pt_alloc(budget, out->nnodes, sizeof(double));
	r.shares = pt_alloc(budget, out->nnodes, sizeof(double));
	r.next = pt_alloc(budget, out->nnodes, sizeof(double));
	for (uint32 v = 0; v < out->nnodes; v++)
	{
		pt_check_interrupts(v);
		r.scores[v] = 1.0 / out->nnodes;
	}
	while (!iteration->converged && iteration->iterations < iteration->max_iterations)
	{
		iteration->converged = iterate(&r) < iteration->tolerance;
		iteration->iterations++;
	}
	pt_free(budget, r.shares);
	pt_free(budget, r.next);
	return r.scores;
}
