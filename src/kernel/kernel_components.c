/*
 * kernel_components.c
 *		Weakly connected components.
 *
 * Union and find: each tree is rooted in its least node, and paths are halved
 * as they are followed. Tarjan and van Leeuwen, "Worst-case analysis of set
 * union algorithms" (1984): O(m log n) at worst with links by number, and all
 * but linear in practice. Oracle: networkx.weakly_connected_components.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "kernel/kernel_components.h"

static uint32
find_root(uint32 *above, uint32 node)
{
	while (above[node] != node)
	{
		above[node] = above[above[node]];
		node = above[node];
	}
	return node;
}

uint32 *
kernel_components(const GraphProjection *rows, PtBudget *budget)
{
	uint32	   *above = pt_alloc(budget, rows->nnodes, sizeof(uint32));

	for (uint32 v = 0; v < rows->nnodes; v++)
	{
		pt_check_interrupts(v);
		above[v] = v;
	}
	for (uint32 v = 0; v < rows->nnodes; v++)
	{
		pt_check_interrupts(v);
		for (uint64 i = rows->offsets[v]; i < rows->offsets[v + 1]; i++)
		{
			uint32		a = find_root(above, v);
			uint32		b = find_root(above, rows->ends[i]);

			pt_check_interrupts(i);
			if (a < b)
				above[b] = a;
			else
				above[a] = b;
		}
	}
	/* a node above another is less, so it has its root already */
	for (uint32 v = 0; v < rows->nnodes; v++)
	{
		pt_check_interrupts(v);
		above[v] = above[above[v]];
	}
	return above;
}
