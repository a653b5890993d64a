/*
 * kernel_cycles.c
 *		A shortest cycle of each strong component.
 *
 * An edge with one back is found by going through two sorted rows together. Where there is
 * none, breadth-first searches from one node after the other look for the
 * first edge back to their start, no deeper than the best cycle so far. A node
 * that has been searched from is taken away, with all that is on no cycle
 * without it. Itai and Rodeh, "Finding a minimum circuit in a graph" (1978).
 *
 *		a -> b -> c -> a, c -> d -> c: one component, whose shortest cycle is
 *		c, d. The cycle that a depth-first search closes first would be a, b, c.
 *
 * Oracle: lengths by networkx.shortest_path_length from each node to itself.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "kernel/kernel_cycles.h"
#include "kernel/kernel_remains.h"
#include "kernel/kernel_strong.h"

typedef struct Finder
{
	GraphRemains remains;
	uint32	   *queue;
	uint32	   *parents;
	uint32	   *visited;		/* by node: the start of the last search that met it, plus 1 */
	uint32	   *best;			/* the cycle found so far */
	uint32		length;			/* 0: none */
} Finder;

bool
kernel_add_cycle(GraphCycles *cycles, const uint32 *nodes, uint32 count, PtBudget *budget)
{
	if (cycles->count >= cycles->max_cycles)
	{
		cycles->truncated = true;
		return false;
	}
	cycles->starts = pt_grow(budget, cycles->starts, &cycles->capacity, cycles->count + 2,
							 sizeof(uint64));
	cycles->nodes = pt_grow(budget, cycles->nodes, &cycles->node_capacity,
							cycles->nnodes + count, sizeof(uint32));
	memcpy(cycles->nodes + cycles->nnodes, nodes, count * sizeof(uint32));
	cycles->starts[cycles->count++] = cycles->nnodes;
	cycles->nnodes += count;
	cycles->starts[cycles->count] = cycles->nnodes;
	return true;
}

/* The least node in both of a node's rows, in its component; or itself. */
static uint32
there_and_back(const GraphRemains *remains, uint32 node)
{
	const GraphProjection *out = remains->out;
	const GraphProjection *in = remains->in;
	uint64		o = out->offsets[node];
	uint64		i = in->offsets[node];

	while (o < out->offsets[node + 1] && i < in->offsets[node + 1])
	{
		pt_check_interrupts(o + i);
		if (out->ends[o] == in->ends[i] && out->ends[o] != node)
			return out->ends[o];
		if (out->ends[o] <= in->ends[i])
			o++;
		else
			i++;
	}
	return node;
}

/* The way back from a node to the start of the search, which is its own parent. */
static void
keep_best(Finder *finder, uint32 last, uint32 length)
{
	finder->length = length;
	for (uint32 i = length; i-- > 0;)
	{
		pt_check_interrupts(i);
		finder->best[i] = last;
		last = finder->parents[last];
	}
}

/* Look for a cycle through start that is shorter than the best. */
static void
search_from(Finder *finder, uint32 start)
{
	const GraphProjection *out = finder->remains.out;
	uint32		count = 1;
	uint32		depth = 0;
	uint32		level_end = 1;

	finder->queue[0] = start;
	finder->visited[start] = start + 1;
	finder->parents[start] = start;
	for (uint32 first = 0; first < count; first++)
	{
		uint32		v = finder->queue[first];

		pt_check_interrupts(first);
		if (first == level_end)
		{
			depth++;
			level_end = count;
		}
		if (finder->length > 0 && depth + 1 >= finder->length)
			return;
		for (uint64 i = out->offsets[v]; i < out->offsets[v + 1]; i++)
		{
			uint32		end = out->ends[i];

			pt_check_interrupts(i);
			if (!kernel_remains_has(&finder->remains, v, end))
				continue;
			if (end == start)
			{
				keep_best(finder, v, depth + 1);
				return;
			}
			if (finder->visited[end] == start + 1)
				continue;
			finder->visited[end] = start + 1;
			finder->parents[end] = v;
			finder->queue[count++] = end;
		}
	}
}

/* The nodes of a component, ascending. */
static void
search_component(Finder *finder, const uint32 *nodes, uint32 count)
{
	finder->length = 0;
	for (uint32 i = 0; i < count; i++)
	{
		uint32		back = there_and_back(&finder->remains, nodes[i]);

		pt_check_interrupts(i);
		if (back != nodes[i])
		{
			finder->best[0] = nodes[i];
			finder->best[1] = back;
			finder->length = 2;
			return;
		}
	}
	/* there is none of two nodes, so three are the fewest */
	for (uint32 i = 0; i < count && finder->length != 3; i++)
	{
		pt_check_interrupts(i);
		if (finder->remains.outdegrees[nodes[i]] == 0)
			continue;
		search_from(finder, nodes[i]);
		kernel_remains_take(&finder->remains, nodes[i]);
	}
}

/* Those of more than one node, one behind the other: where each ends, by least node. */
static uint32 *
group_nodes(const uint32 *least, const uint32 *sizes, uint32 nnodes, uint32 *nodes,
			PtBudget *budget)
{
	uint32	   *next = pt_alloc(budget, nnodes, sizeof(uint32));
	uint32		place = 0;

	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		if (least[v] == v)
		{
			next[v] = place;
			place += sizes[v];
		}
		nodes[next[least[v]]++] = v;
	}
	return next;
}

/* From the least node on. */
static bool
add_best(Finder *finder, GraphCycles *cycles, PtBudget *budget)
{
	uint32		least = 0;

	for (uint32 i = 0; i < finder->length; i++)
	{
		pt_check_interrupts(i);
		if (finder->best[i] < finder->best[least])
			least = i;
	}
	for (uint32 i = 0; i < finder->length; i++)
	{
		pt_check_interrupts(i);
		finder->queue[i] = finder->best[(least + (uint64) i) % finder->length];
	}
	return kernel_add_cycle(cycles, finder->queue, finder->length, budget);
}

void
kernel_shortest_cycles(const GraphProjection *out, const GraphProjection *in,
					   const uint32 *least, GraphCycles *cycles, PtBudget *budget)
{
	uint32		nnodes = out->nnodes;
	uint32	   *sizes = kernel_strong_sizes(least, nnodes, budget);
	uint32	   *nodes = pt_alloc(budget, nnodes, sizeof(uint32));
	uint32	   *ends = group_nodes(least, sizes, nnodes, nodes, budget);
	Finder		finder = {0};

	kernel_remains_begin(&finder.remains, out, in, least, budget);
	finder.queue = pt_alloc(budget, nnodes, sizeof(uint32));
	finder.parents = pt_alloc(budget, nnodes, sizeof(uint32));
	finder.visited = pt_alloc(budget, nnodes, sizeof(uint32));
	finder.best = pt_alloc(budget, nnodes, sizeof(uint32));
	memset(finder.visited, 0, nnodes * sizeof(uint32));
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		if (sizes[v] > 1)
		{
			search_component(&finder, nodes + ends[v] - sizes[v], sizes[v]);
			if (!add_best(&finder, cycles, budget))
				break;
		}
		if (graph_has_end(out, v, v) && !kernel_add_cycle(cycles, &v, 1, budget))
			break;
	}
	kernel_remains_end(&finder.remains, budget);
	pt_free(budget, finder.queue);
	pt_free(budget, finder.parents);
	pt_free(budget, finder.visited);
	pt_free(budget, finder.best);
	pt_free(budget, ends);
	pt_free(budget, nodes);
	pt_free(budget, sizes);
}
