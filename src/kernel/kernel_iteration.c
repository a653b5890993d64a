/*
 * kernel_iteration.c
 *		Scores that are made better and better, until they hardly change.
 *
 * Each node gathers from its row, so its sum is made in one place and in one
 * order, and is the same each time.
 */
#include "postgres.h"

#include <math.h>

#include "base/pt_interrupts.h"
#include "kernel/kernel_iteration.h"

static double
change_of(const GraphScores *scores)
{
	double		change = 0;

	for (uint32 v = 0; v < scores->nnodes; v++)
	{
		pt_check_interrupts(v);
		change += fabs(scores->next[v] - scores->scores[v]);
	}
	return change;
}

double
kernel_iterate(GraphScores *scores, GraphStep step, GraphIteration *iteration)
{
	double		change = 0;

	while (!iteration->converged && iteration->iterations < iteration->max_iterations)
	{
		double	   *swap;

		CHECK_FOR_INTERRUPTS();
		step(scores);
		change = change_of(scores);
		swap = scores->scores;
		scores->scores = scores->next;
		scores->next = swap;
		iteration->converged = change < iteration->tolerance;
		iteration->iterations++;
	}
	return change;
}

GraphScores
kernel_scores_begin(uint32 nnodes, double value, void *self, PtBudget *budget)
{
	GraphScores scores = {nnodes};

	scores.scores = pt_alloc(budget, nnodes, sizeof(double));
	scores.next = pt_alloc(budget, nnodes, sizeof(double));
	scores.self = self;
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		scores.scores[v] = value;
	}
	return scores;
}

double *
kernel_scores_end(GraphScores *scores, PtBudget *budget)
{
	pt_free(budget, scores->next);
	return scores->scores;
}

void
kernel_gather(const GraphProjection *rows, const double *from, double *to)
{
	for (uint32 v = 0; v < rows->nnodes; v++)
	{
		pt_check_interrupts(v);
		to[v] = kernel_sum(rows, v, from);
	}
}

static void
divide(double *scores, uint32 nnodes, double by)
{
	for (uint32 v = 0; v < nnodes && by != 0; v++)
	{
		pt_check_interrupts(v);
		scores[v] /= by;
	}
}

void
kernel_normalize_sum(double *scores, uint32 nnodes)
{
	double		sum = 0;

	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		sum += scores[v];
	}
	divide(scores, nnodes, sum);
}

void
kernel_normalize_length(double *scores, uint32 nnodes)
{
	double		sum = 0;
	double		greatest = 0;

	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		sum += scores[v] * scores[v];
		greatest = Max(greatest, fabs(scores[v]));
	}
	if (sum > 0 && !isinf(sum))
		divide(scores, nnodes, sqrt(sum));
	else if (greatest > 0 && !isinf(greatest))
	{
		/* their squares are too large or too small, they are not */
		divide(scores, nnodes, greatest);
		kernel_normalize_length(scores, nnodes);
	}
}
