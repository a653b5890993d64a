/*
 * kernel_iteration.h
 *		Scores that are made better and better, until they hardly change.
 */
#ifndef KERNEL_ITERATION_H
#define KERNEL_ITERATION_H

#include "base/pt_interrupts.h"
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

/* how many edges ahead what a node has is fetched: the rows after this one are next */
#define KERNEL_AHEAD 48

/*
 * The sum of what the nodes in a node's row have, in their order. Most rows are short, so
 * looking for interrupts in each step would take a quarter of the time.
 */
static inline double
kernel_sum(const GraphProjection *rows, uint32 node, const double *from)
{
	const uint32 *ends = rows->ends;
	uint64		last = rows->offsets[node + 1];
	double		sum = 0;

	for (uint64 i = rows->offsets[node]; i < last;)
	{
		uint64		stop = Min(last, i + PT_CHECK_EVERY);

		for (; i < stop; i++)
		{
			if (i + KERNEL_AHEAD < rows->nedges)
				__builtin_prefetch(&from[ends[i + KERNEL_AHEAD]]);
			sum += from[ends[i]];
		}
		if (i < last)
			pt_take_interrupts();
	}
	return sum;
}

/* The same, what each has being multiplied by what the edge to it weighs. */
static inline double
kernel_weighted_sum(const GraphProjection *rows, uint32 node, const double *from)
{
	uint64		last = rows->offsets[node + 1];
	double		sum = 0;

	for (uint64 i = rows->offsets[node]; i < last; i++)
	{
		pt_check_interrupts(i);
		sum += from[rows->ends[i]] * rows->weights[i];
	}
	return sum;
}

/* The sums of all nodes. */
extern void kernel_gather(const GraphProjection *rows, const double *from, double *to);

/* Divide by the sum, or by the square root of the sum of squares, unless it is 0. */
extern void kernel_normalize_sum(double *scores, uint32 nnodes);
extern void kernel_normalize_length(double *scores, uint32 nnodes);

#endif							/* KERNEL_ITERATION_H */
