/*
 * kernel_modularity.c
 *		Modularity.
 *
 * Newman and Girvan, "Finding and evaluating community structure in networks"
 * (2004), with the resolution of Reichardt and Bornholdt (2006). Oracle:
 * networkx.community.modularity.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "kernel/kernel_modularity.h"

double
kernel_strength(const GraphProjection *both, uint32 node)
{
	double		sum = 0;

	for (uint64 i = graph_find_end(both, node, node);
		 i < both->offsets[node + 1] && both->ends[i] == node; i++)
	{
		pt_check_interrupts(i);
		sum += both->weights == NULL ? 1 : both->weights[i];
	}
	if (both->weights == NULL)
		return graph_row_size(both, node) + sum;
	for (uint64 i = both->offsets[node]; i < both->offsets[node + 1]; i++)
	{
		pt_check_interrupts(i);
		sum += both->weights[i];
	}
	return sum;
}

double
kernel_modularity(const GraphProjection *both, const uint32 *groups, double resolution,
				  PtBudget *budget)
{
	uint32		nnodes = both->nnodes;
	double	   *strengths = pt_alloc(budget, nnodes, sizeof(double));
	double	   *inside = pt_alloc(budget, nnodes, sizeof(double));
	double		total = 0;
	double		sum = 0;

	memset(strengths, 0, nnodes * sizeof(double));
	memset(inside, 0, nnodes * sizeof(double));
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		strengths[groups[v]] += kernel_strength(both, v);
		for (uint64 i = both->offsets[v]; i < both->offsets[v + 1]; i++)
		{
			pt_check_interrupts(i);
			if (groups[both->ends[i]] == groups[v])
				inside[groups[v]] += (both->ends[i] == v ? 2 : 1) *
					(both->weights == NULL ? 1 : both->weights[i]);
		}
	}
	for (uint32 g = 0; g < nnodes; g++)
	{
		pt_check_interrupts(g);
		total += strengths[g];
	}
	for (uint32 g = 0; g < nnodes; g++)
	{
		double		part = strengths[g] / total;

		pt_check_interrupts(g);
		sum += inside[g] / total - resolution * part * part;
	}
	pt_free(budget, strengths);
	pt_free(budget, inside);
	return sum;
}
