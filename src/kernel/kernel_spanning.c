/*
 * kernel_spanning.c
 *		The lightest edges that hold together what hangs together.
 *
 * Kruskal, "On the shortest spanning subtree of a graph" (1956), with union and
 * find by path halving. As edges are told apart by their ends where they weigh the
 * same, there is one answer. Oracle: networkx.minimum_spanning_edges.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "kernel/kernel_spanning.h"

typedef struct Edge
{
	double		weight;
	uint32		from;
	uint32		to;
} Edge;

static int
compare_edges(const void *a, const void *b, void *arg)
{
	const Edge *x = a;
	const Edge *y = b;

	if (x->weight != y->weight)
		return x->weight < y->weight ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->to < y->to ? -1 : x->to > y->to;
}

static uint64
gather(const GraphProjection *out, Edge *edges)
{
	uint64		count = 0;

	for (uint32 v = 0; v < out->nnodes; v++)
	{
		pt_check_interrupts(v);
		for (uint64 i = out->offsets[v]; i < out->offsets[v + 1]; i++)
		{
			pt_check_interrupts(i);
			if (out->ends[i] != v)
				edges[count++] = (Edge) {out->weights[i], v, out->ends[i]};
		}
	}
	return count;
}

static uint32
find(uint32 *parents, uint32 node)
{
	while (parents[node] != node)
	{
		parents[node] = parents[parents[node]];
		node = parents[node];
	}
	return node;
}

GraphSpanning
kernel_spanning(const GraphProjection *out, PtBudget *budget)
{
	GraphSpanning found = {0};
	Edge	   *edges = pt_alloc(budget, out->nedges, sizeof(Edge));
	uint32	   *parents = pt_alloc(budget, out->nnodes, sizeof(uint32));
	uint64		count = gather(out, edges);

	found.froms = pt_alloc(budget, out->nnodes, sizeof(uint32));
	found.ends = pt_alloc(budget, out->nnodes, sizeof(uint32));
	found.weights = pt_alloc(budget, out->nnodes, sizeof(double));
	for (uint32 v = 0; v < out->nnodes; v++)
	{
		pt_check_interrupts(v);
		parents[v] = v;
	}
	pt_sort(edges, count, sizeof(Edge), compare_edges, NULL);
	for (uint64 i = 0; i < count; i++)
	{
		uint32		a = find(parents, edges[i].from);
		uint32		b = find(parents, edges[i].to);

		pt_check_interrupts(i);
		if (a == b)
			continue;
		parents[Max(a, b)] = Min(a, b);
		found.froms[found.count] = edges[i].from;
		found.ends[found.count] = edges[i].to;
		found.weights[found.count++] = edges[i].weight;
	}
	pt_free(budget, edges);
	pt_free(budget, parents);
	return found;
}
