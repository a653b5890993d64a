/*
 * kernel_pagerank.c
 *		PageRank.
 *
 * Page, Brin, Motwani, Winograd, "The PageRank citation ranking: bringing order
 * to the web" (1999), by power iteration from equal scores. Oracle:
 * networkx.pagerank.
 */
#include "postgres.h"

#include <math.h>

#include "base/pt_interrupts.h"
#include "kernel/kernel_pagerank.h"

typedef struct Ranker
{
	const GraphProjection *in;
	const GraphRanking *ranking;
	double	   *scores;
	double	   *strengths;		/* by node: its edges, or what they weigh together */
	double	   *shares;			/* by node: of its score what goes along an edge, or with
								 * weights for each unit of them */
	double	   *next;			/* the shares to come */
	double	   *starts;			/* by node: how likely a walk begins anew there; NULL: alike */
	double		stuck;			/* the scores of nodes without edges */
} Ranker;

static void
add_strengths(Ranker *r, const GraphProjection *out)
{
	for (uint32 v = 0; v < out->nnodes; v++)
	{
		pt_check_interrupts(v);
		r->strengths[v] = out->weights == NULL ? graph_row_size(out, v) : 0;
		for (uint64 i = out->offsets[v]; out->weights != NULL && i < out->offsets[v + 1]; i++)
		{
			pt_check_interrupts(i);
			r->strengths[v] += out->weights[i];
		}
	}
}

static void
set_starts(Ranker *r, uint32 nnodes)
{
	memset(r->starts, 0, nnodes * sizeof(double));
	for (uint32 i = 0; i < r->ranking->npersonal; i++)
	{
		pt_check_interrupts(i);
		r->starts[r->ranking->personal[i]] = 1.0 / r->ranking->npersonal;
	}
}

/* A node's score, and what goes along its edges the next time. */
static inline void
set_score(Ranker *r, uint32 node, double score)
{
	bool		is_stuck = r->strengths[node] == 0;

	r->scores[node] = score;
	r->next[node] = is_stuck ? 0 : score / r->strengths[node];
	r->stuck += is_stuck ? score : 0;
}

static void
swap_shares(Ranker *r)
{
	double	   *shares = r->shares;

	r->shares = r->next;
	r->next = shares;
}

/* Returns by how much scores have changed. One pass: memory is what it waits for. */
static double
iterate(Ranker *r)
{
	const GraphProjection *in = r->in;
	double		damping = r->ranking->damping;
	double		rest = damping * r->stuck + (1 - damping);
	double		each = rest / in->nnodes;
	double		change = 0;

	r->stuck = 0;
	for (uint32 v = 0; v < in->nnodes; v++)
	{
		double		sum = in->weights == NULL ? kernel_sum(in, v, r->shares) :
			kernel_weighted_sum(in, v, r->shares);
		double		score = (r->starts == NULL ? each : rest * r->starts[v]) + damping * sum;

		pt_check_interrupts(v);
		change += fabs(score - r->scores[v]);
		set_score(r, v, score);
	}
	swap_shares(r);
	return change;
}

double *
kernel_pagerank(const GraphProjection *out, const GraphProjection *in,
				const GraphRanking *ranking, GraphIteration *iteration, PtBudget *budget)
{
	uint32		nnodes = in->nnodes;
	Ranker		r = {in, ranking};

	r.scores = pt_alloc(budget, nnodes, sizeof(double));
	r.strengths = pt_alloc(budget, nnodes, sizeof(double));
	r.shares = pt_alloc(budget, nnodes, sizeof(double));
	r.next = pt_alloc(budget, nnodes, sizeof(double));
	add_strengths(&r, out);
	if (ranking->personal != NULL)
	{
		r.starts = pt_alloc(budget, nnodes, sizeof(double));
		set_starts(&r, nnodes);
	}
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		set_score(&r, v, 1.0 / nnodes);
	}
	swap_shares(&r);
	while (!iteration->converged && iteration->iterations < iteration->max_iterations)
	{
		/* without nodes nothing else looks for them */
		pt_take_interrupts();
		iteration->converged = iterate(&r) < iteration->tolerance;
		iteration->iterations++;
	}
	pt_free(budget, r.strengths);
	pt_free(budget, r.shares);
	pt_free(budget, r.next);
	pt_free(budget, r.starts);
	return r.scores;
}
