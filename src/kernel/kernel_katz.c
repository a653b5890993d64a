/*
 * kernel_katz.c
 *		Katz centrality.
 *
 * Katz, "A new status index derived from sociometric analysis" (1953): the ways
 * that lead to a node count, each edge of one by the factor alpha. By iteration
 * from 0, so after n of them ways of up to n - 1 edges have counted. Oracle:
 * networkx.katz_centrality.
 */
#include "postgres.h"

#include <math.h>

#include "base/pt_interrupts.h"
#include "kernel/kernel_spectral.h"

typedef struct Katz
{
	const GraphProjection *in;
	double		alpha;
	double		beta;
} Katz;

static void
iterate(GraphScores *scores)
{
	const Katz *katz = scores->self;

	kernel_gather(katz->in, scores->scores, scores->next);
	for (uint32 v = 0; v < scores->nnodes; v++)
	{
		pt_check_interrupts(v);
		scores->next[v] = katz->alpha * scores->next[v] + katz->beta;
	}
}

/* The first change is that from 0 to beta everywhere. */
double *
kernel_katz(const GraphProjection *in, double alpha, double beta, bool *grows,
			GraphIteration *iteration, PtBudget *budget)
{
	Katz		katz = {in, alpha, beta};
	GraphScores scores = kernel_scores_begin(in->nnodes, 0, &katz, budget);
	double		change = kernel_iterate(&scores, iterate, iteration);

	*grows = isinf(change) || isnan(change);
	return kernel_scores_end(&scores, budget);
}
