/*
 * kernel_order.c
 *		A topological order, in layers.
 *
 * Kahn, "Topological sorting of large networks" (1962): a node is due when all
 * before it are done. By layer and number the order depends on nothing else.
 * Oracle: networkx.topological_generations.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "kernel/kernel_order.h"

/* How many edges end in each node. */
static uint32 *
count_before(const GraphProjection *out, PtBudget *budget)
{
	uint32	   *before = pt_alloc(budget, out->nnodes, sizeof(uint32));

	memset(before, 0, out->nnodes * sizeof(uint32));
	for (uint64 i = 0; i < out->nedges; i++)
	{
		pt_check_interrupts(i);
		before[out->ends[i]]++;
	}
	return before;
}

/* Give layers to all that are due. nodes is the queue. */
static void
find_layers(const GraphProjection *out, uint32 *before, GraphOrder *order)
{
	for (uint32 v = 0; v < out->nnodes; v++)
	{
		pt_check_interrupts(v);
		order->layers[v] = before[v] == 0 ? 0 : KERNEL_NO_LAYER;
		if (before[v] == 0)
			order->nodes[order->count++] = v;
	}
	/* by layers, so the last one before a node is in the layer above it */
	for (uint32 first = 0; first < order->count; first++)
	{
		uint32		v = order->nodes[first];

		pt_check_interrupts(first);
		for (uint64 i = out->offsets[v]; i < out->offsets[v + 1]; i++)
		{
			uint32		end = out->ends[i];

			pt_check_interrupts(i);
			if (--before[end] > 0)
				continue;
			order->layers[end] = order->layers[v] + 1;
			order->nodes[order->count++] = end;
		}
	}
}

/* The queue has them by layer; within one, by number. */
static void
sort_layers(uint32 nnodes, GraphOrder *order, PtBudget *budget)
{
	uint32		nlayers = order->count == 0 ? 0 :
		order->layers[order->nodes[order->count - 1]] + 1;
	uint32	   *next = pt_alloc(budget, nlayers, sizeof(uint32));

	for (uint32 i = order->count; i-- > 0;)
	{
		pt_check_interrupts(i);
		next[order->layers[order->nodes[i]]] = i;
	}
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		if (order->layers[v] != KERNEL_NO_LAYER)
			order->nodes[next[order->layers[v]]++] = v;
	}
	pt_free(budget, next);
}

GraphOrder
kernel_order(const GraphProjection *out, PtBudget *budget)
{
	uint32	   *before = count_before(out, budget);
	GraphOrder	order = {0};

	order.layers = pt_alloc(budget, out->nnodes, sizeof(uint32));
	order.nodes = pt_alloc(budget, out->nnodes, sizeof(uint32));
	find_layers(out, before, &order);
	pt_free(budget, before);
	sort_layers(out->nnodes, &order, budget);
	return order;
}

/* ---- a cycle ---- */

/* The first node without a layer that leads to another such one. */
static uint32
one_before(const GraphProjection *in, const GraphOrder *order, uint32 node)
{
	for (uint64 i = in->offsets[node]; i < in->offsets[node + 1]; i++)
	{
		pt_check_interrupts(i);
		if (order->layers[in->ends[i]] == KERNEL_NO_LAYER)
			return in->ends[i];
	}
	elog(ERROR, "node %u has no layer, but all before it have", node);
}

static void
reverse_nodes(uint32 *nodes, uint32 count)
{
	for (uint32 i = 0; i < count / 2; i++)
	{
		uint32		swap = nodes[i];

		pt_check_interrupts(i);
		nodes[i] = nodes[count - 1 - i];
		nodes[count - 1 - i] = swap;
	}
}

/* So that the least comes first: three reversals turn it round. */
static void
begin_with_least(uint32 *nodes, uint32 count)
{
	uint32		least = 0;

	for (uint32 i = 0; i < count; i++)
	{
		pt_check_interrupts(i);
		if (nodes[i] < nodes[least])
			least = i;
	}
	reverse_nodes(nodes, least);
	reverse_nodes(nodes + least, count - least);
	reverse_nodes(nodes, count);
}

uint32 *
kernel_any_cycle(const GraphProjection *in, const GraphOrder *order, PtBudget *budget,
				 uint32 *count)
{
	uint32	   *way = pt_alloc(budget, in->nnodes, sizeof(uint32));
	uint32	   *places = pt_alloc(budget, in->nnodes, sizeof(uint32));
	uint32		length = 0;
	uint32		node = 0;

	memset(places, 0xFF, in->nnodes * sizeof(uint32));
	while (order->layers[node] != KERNEL_NO_LAYER)
	{
		node++;
		pt_check_interrupts(node);
	}
	/* against the edges there is always one more, so the way comes back to itself */
	while (places[node] == PG_UINT32_MAX)
	{
		pt_check_interrupts(length);
		places[node] = length;
		way[length++] = node;
		node = one_before(in, order, node);
	}
	*count = length - places[node];
	memmove(way, way + places[node], *count * sizeof(uint32));
	pt_free(budget, places);
	reverse_nodes(way, *count);
	begin_with_least(way, *count);
	return way;
}
