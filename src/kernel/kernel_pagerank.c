/*
 * kernel_pagerank.c
 *		PageRank.
 *
 * Page, Brin, Motwani, Winograd, "The PageRank citation ranking: bringing order
 * to the web" (1999), by power iteration from equal scores. Oracle:
 * networkx.pagerank.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "kernel/kernel_pagerank.h"

typedef struct Ranker
{
	const GraphProjection *out;
	const GraphProjection *in;
	const GraphRanking *ranking;
	double	   *shares;			/* by node: what goes along each of its edges, or with
								 * weights for each unit of them */
	double	   *strengths;		/* by node: what its edges weigh; NULL without weights */
} Ranker;

/* What the edges of each node weigh together. */
static double *
add_weights(const GraphProjection *out, PtBudget *budget)
{
	double	   *strengths = pt_alloc(budget, out->nnodes, sizeof(double));

	for (uint32 v = 0; v < out->nnodes; v++)
	{
		strengths[v] = 0;
		pt_check_interrupts(v);
		for (uint64 i = out->offsets[v]; i < out->offsets[v + 1]; i++)
		{
			pt_check_interrupts(i);
			strengths[v] += out->weights[i];
		}
	}
	return strengths;
}

/* kernel_gather by weights. */
static void
gather_weighted(const GraphProjection *in, const double *shares, double *to)
{
	for (uint32 v = 0; v < in->nnodes; v++)
	{
		double		sum = 0;

		pt_check_interrupts(v);
		for (uint64 i = in->offsets[v]; i < in->offsets[v + 1]; i++)
		{
			pt_check_interrupts(i);
			sum += shares[in->ends[i]] * in->weights[i];
		}
		to[v] = sum;
	}
}

/* Shares of all nodes. Returns the sum of those that have nowhere to go. */
static double
share_out(Ranker *r, const double *scores)
{
	double		stuck = 0;

	for (uint32 v = 0; v < r->out->nnodes; v++)
	{
		double		edges = r->strengths != NULL ? r->strengths[v] : graph_row_size(r->out, v);

		pt_check_interrupts(v);
		if (edges == 0)
		{
			stuck += scores[v];
			r->shares[v] = 0;
		}
		else
			r->shares[v] = scores[v] / edges;
	}
	return stuck;
}

static void
iterate(GraphScores *scores)
{
	Ranker	   *r = scores->self;
	const GraphRanking *ranking = r->ranking;
	double		damping = ranking->damping;
	double		rest = damping * share_out(r, scores->scores) + (1 - damping);
	double		each = ranking->personal == NULL ? rest / scores->nnodes : 0;

	if (r->strengths != NULL)
		gather_weighted(r->in, r->shares, scores->next);
	else
		kernel_gather(r->in, r->shares, scores->next);
	for (uint32 v = 0; v < scores->nnodes; v++)
	{
		pt_check_interrupts(v);
		scores->next[v] = each + damping * scores->next[v];
	}
	for (uint32 i = 0; i < ranking->npersonal; i++)
	{
		pt_check_interrupts(i);
		scores->next[ranking->personal[i]] += rest / ranking->npersonal;
	}
}

double *
kernel_pagerank(const GraphProjection *out, const GraphProjection *in,
				const GraphRanking *ranking, GraphIteration *iteration, PtBudget *budget)
{
	Ranker		r = {out, in, ranking};
	GraphScores scores = kernel_scores_begin(out->nnodes, 1.0 / Max(out->nnodes, 1), &r, budget);

	r.shares = pt_alloc(budget, out->nnodes, sizeof(double));
	if (out->weights != NULL)
		r.strengths = add_weights(out, budget);
	(void) kernel_iterate(&scores, iterate, iteration);
	pt_free(budget, r.shares);
	pt_free(budget, r.strengths);
	return kernel_scores_end(&scores, budget);
}
