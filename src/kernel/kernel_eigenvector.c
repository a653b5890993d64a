/*
 * kernel_eigenvector.c
 *		Eigenvector centrality.
 *
 * Bonacich, "Power and centrality: a family of measures" (1987), by power
 * iteration. A node's own score is added to the sum, which changes no vector
 * that the iteration comes to, and keeps it from going back and forth between two
 * where all cycles are even. Oracle: networkx.eigenvector_centrality.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "kernel/kernel_spectral.h"

static void
iterate(GraphScores *scores)
{
	kernel_gather(scores->self, scores->scores, scores->next);
	for (uint32 v = 0; v < scores->nnodes; v++)
	{
		pt_check_interrupts(v);
		scores->next[v] += scores->scores[v];
	}
	kernel_normalize_length(scores->next, scores->nnodes);
}

double *
kernel_eigenvector(const GraphProjection *in, GraphIteration *iteration, PtBudget *budget)
{
	GraphScores scores = kernel_scores_begin(in->nnodes, 1, (void *) in, budget);

	kernel_normalize_length(scores.scores, in->nnodes);
	(void) kernel_iterate(&scores, iterate, iteration);
	return kernel_scores_end(&scores, budget);
}
