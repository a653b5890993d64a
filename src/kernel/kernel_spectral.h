/*
 * kernel_spectral.h
 *		Scores by the scores of those that a node is connected with.
 */
#ifndef KERNEL_SPECTRAL_H
#define KERNEL_SPECTRAL_H

#include "kernel/kernel_iteration.h"

/*
 * Eigenvector: a score in proportion to the sum of those in the node's row; the squares
 * sum to 1. Rows by target: of those that lead to it.
 */
extern double *kernel_eigenvector(const GraphProjection *in, GraphIteration *iteration,
								  PtBudget *budget);

/*
 * Katz: beta, and alpha times the sum of the scores in the node's row. *grows if
 * they get larger than a number can be. They converge where alpha is less than 1 /
 * the greatest eigenvalue.
 */
extern double *kernel_katz(const GraphProjection *in, double alpha, double beta, bool *grows,
						   GraphIteration *iteration, PtBudget *budget);

/*
 * HITS: a hub leads to good authorities, an authority is what good hubs lead
 * to. Scores of one of the two, which sum to 1.
 */
extern double *kernel_hits(const GraphProjection *out, const GraphProjection *in,
						   bool authorities, GraphIteration *iteration, PtBudget *budget);

/*
 * All: parallel edges count each, loops too. O(nodes + edges) an iteration.
 * Memory from the budget: 8 bytes a node, and 16 while it computes.
 */

#endif							/* KERNEL_SPECTRAL_H */
