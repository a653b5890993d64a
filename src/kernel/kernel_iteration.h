/*
 * kernel_iteration.h
 *		Scores that are made better and better, until they hardly change.
 */
#ifndef KERNEL_ITERATION_H
#define KERNEL_ITERATION_H

#include "graph/graph_rows.h"

typedef struct GraphIteration
{
	uint64		max_iterations;
	double		tolerance;		/* end when scores change by less, in sum; 0: never */

	uint64		iterations;		/* made */
	bool		converged;		/* ended by tolerance */
} GraphIteration;

/*
 * Scores and the ones to come. step makes next of scores and may use what is
 * in self; both arrays are as long as there are nodes.
 */
typedef struct GraphScores
{
	uint32		nnodes;
	double	   *scores;
	double	   *next;
	void	   *self;
} GraphScores;

typedef void (*GraphStep) (GraphScores *scores);

/*
 * Iterate until scores change by less than the tolerance, or often enough.
 * Returns by how much they changed last. Interruptible if the step is.
 */
extern double kernel_iterate(GraphScores *scores, GraphStep step, GraphIteration *iteration);

/* Arrays for them, all of one value; the second one is freed. */
extern GraphScores kernel_scores_begin(uint32 nnodes, double value, void *self, PtBudget *budget);
extern double *kernel_scores_end(GraphScores *scores, PtBudget *budget);

/* Of each node the sum of what the nodes in its row have, in their order. */
extern void kernel_gather(const GraphProjection *rows, const double *from, double *to);

/* Divide by the sum, or by the square root of the sum of squares, unless it is 0. */
extern void kernel_normalize_sum(double *scores, uint32 nnodes);
extern void kernel_normalize_length(double *scores, uint32 nnodes);

#endif							/* KERNEL_ITERATION_H */
