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
	double	   *shares;			/* by node: what goes along each of its edges */
} Ranker;

/* Shares of all nodes. Returns the sum of those that have nowhere to go. */
static double
share_out(Ranker *r, const double *scores)
{
	double		stuck = 0;

	for (uint32 v = 0; v < r->out->nnodes; v++)
	{
		uint64		edges = graph_row_size(r->out, v);

		pt_check_interrupts(v);
		if (edges == 0)
			stuck += scores[v];
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
	(void) kernel_iterate(&scores, iterate, iteration);
	pt_free(budget, r.shares);
	return kernel_scores_end(&scores, budget);
}
