/*
 * kernel_hits.c
 *		Hubs and authorities.
 *
 * Kleinberg, "Authoritative sources in a hyperlinked environment" (1999), by
 * power iteration from equal scores, two gatherings at a time. Oracle:
 * networkx.hits.
 */
#include "postgres.h"

#include "kernel/kernel_spectral.h"

typedef struct Hits
{
	const GraphProjection *out;
	const GraphProjection *in;
	double	   *authorities;
} Hits;

static void
iterate(GraphScores *scores)
{
	Hits	   *hits = scores->self;

	kernel_gather(hits->in, scores->scores, hits->authorities);
	kernel_gather(hits->out, hits->authorities, scores->next);
	kernel_normalize_sum(scores->next, scores->nnodes);
}

double *
kernel_hits(const GraphProjection *out, const GraphProjection *in, bool authorities,
			GraphIteration *iteration, PtBudget *budget)
{
	Hits		hits = {out, in};
	GraphScores scores = kernel_scores_begin(out->nnodes, 1.0 / Max(out->nnodes, 1), &hits,
											 budget);
	double	   *hubs;

	hits.authorities = pt_alloc(budget, out->nnodes, sizeof(double));
	(void) kernel_iterate(&scores, iterate, iteration);
	hubs = kernel_scores_end(&scores, budget);
	if (!authorities)
	{
		pt_free(budget, hits.authorities);
		return hubs;
	}
	kernel_gather(in, hubs, hits.authorities);
	kernel_normalize_sum(hits.authorities, out->nnodes);
	pt_free(budget, hubs);
	return hits.authorities;
}
