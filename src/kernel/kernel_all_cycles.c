/*
 * kernel_all_cycles.c
 *		All elementary cycles.
 *
 * Johnson, "Finding all the elementary circuits of a directed graph" (1975),
 * without recursion. From each node, the least of those that are left, a
 * depth-first search goes for ways back to it. A node from which none was found
 * stays blocked until one of those that it leads to is free again; which wait
 * for whom is a bit at the edge. Then the start is taken away.
 *
 * Johnson looks for strong components anew before each start. Here what is on
 * no cycle is peeled off, and the search enters only what leads back to the
 * start, as far as a walk against the edges from there gets. Oracle:
 * networkx.simple_cycles.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "kernel/kernel_cycles.h"
#include "kernel/kernel_remains.h"

typedef struct Circuits
{
	GraphRemains remains;
	uint32		start;
	uint64	   *next;			/* by depth: the edge to look at */
	uint32	   *path;
	uint32		depth;
	uint64	   *blocked;		/* bits by node */
	uint64	   *found;			/* bits by node of the path: a cycle goes through it */
	uint64	   *waiting;		/* bits by edge in the rows by target: its source waits for it */
	uint64	   *leads_back;		/* bits by node */
	uint32	   *queue;
} Circuits;

/* Mark what leads back to the start. */
static void
mark_leads_back(Circuits *c, uint32 *marked)
{
	const GraphProjection *in = c->remains.in;
	uint32		count = 1;

	c->queue[0] = c->start;
	graph_set_bit(c->leads_back, c->start);
	for (uint32 first = 0; first < count; first++)
	{
		uint32		v = c->queue[first];

		pt_check_interrupts(first);
		for (uint64 i = in->offsets[v]; i < in->offsets[v + 1]; i++)
		{
			pt_check_interrupts(i);
			if (!kernel_remains_has(&c->remains, in->ends[i], v) ||
				graph_bit(c->leads_back, in->ends[i]))
				continue;
			graph_set_bit(c->leads_back, in->ends[i]);
			c->queue[count++] = in->ends[i];
		}
	}
	*marked = count;
}

/* Forget all of a search from the start: what it marked, blocked, let wait. */
static void
clear_marks(Circuits *c, uint32 marked)
{
	const GraphProjection *in = c->remains.in;

	for (uint32 first = 0; first < marked; first++)
	{
		uint32		v = c->queue[first];

		pt_check_interrupts(first);
		graph_clear_bit(c->leads_back, v);
		graph_clear_bit(c->blocked, v);
		for (uint64 i = in->offsets[v]; i < in->offsets[v + 1]; i++)
		{
			pt_check_interrupts(i);
			c->waiting[i / 64] &= ~(UINT64CONST(1) << (i % 64));
		}
	}
}

/* The search goes along this edge. */
static bool
goes(const Circuits *c, uint32 from, uint32 to)
{
	return kernel_remains_has(&c->remains, from, to) && graph_bit(c->leads_back, to);
}

/* The node waits for all that it leads to. */
static void
wait_for_ends(Circuits *c, uint32 node)
{
	const GraphProjection *out = c->remains.out;
	const GraphProjection *in = c->remains.in;

	for (uint64 i = out->offsets[node]; i < out->offsets[node + 1]; i++)
	{
		uint32		end = out->ends[i];
		uint64		edge;

		pt_check_interrupts(i);
		if (!goes(c, node, end))
			continue;
		edge = graph_find_end(in, end, node);
		c->waiting[edge / 64] |= UINT64CONST(1) << (edge % 64);
	}
}

/*
 * Free a node, and all that waited for it. What is to be freed yet stands
 * behind the path in its array: these nodes are blocked and not on it.
 */
static void
unblock(Circuits *c, uint32 node)
{
	const GraphProjection *in = c->remains.in;
	uint32		top = c->depth;

	graph_clear_bit(c->blocked, node);
	c->path[top++] = node;
	while (top > c->depth)
	{
		uint32		v = c->path[--top];

		for (uint64 i = in->offsets[v]; i < in->offsets[v + 1]; i++)
		{
			uint64		bit = UINT64CONST(1) << (i % 64);

			pt_check_interrupts(i);
			if (!(c->waiting[i / 64] & bit))
				continue;
			c->waiting[i / 64] &= ~bit;
			if (!graph_bit(c->blocked, in->ends[i]))
				continue;
			graph_clear_bit(c->blocked, in->ends[i]);
			c->path[top++] = in->ends[i];
		}
	}
}

static void
enter(Circuits *c, uint32 node)
{
	graph_set_bit(c->blocked, node);
	graph_clear_bit(c->found, node);
	c->path[c->depth] = node;
	c->next[c->depth++] = c->remains.out->offsets[node];
}

static void
leave(Circuits *c)
{
	uint32		node = c->path[--c->depth];

	if (!graph_bit(c->found, node))
		wait_for_ends(c, node);
	else
	{
		unblock(c, node);
		if (c->depth > 0)
			graph_set_bit(c->found, c->path[c->depth - 1]);
	}
}

/* Returns false when there are enough. */
static bool
search(Circuits *c, GraphCycles *cycles, PtBudget *budget)
{
	const GraphProjection *out = c->remains.out;

	enter(c, c->start);
	for (uint64 step = 0; c->depth > 0; step++)
	{
		uint32		node = c->path[c->depth - 1];
		uint32		end;

		pt_check_interrupts(step);
		if (c->next[c->depth - 1] == out->offsets[node + 1])
		{
			leave(c);
			continue;
		}
		end = out->ends[c->next[c->depth - 1]++];
		if (!goes(c, node, end))
			continue;
		if (end == c->start)
		{
			if (!kernel_add_cycle(cycles, c->path, c->depth, budget))
				return false;
			graph_set_bit(c->found, node);
		}
		else if (!graph_bit(c->blocked, end))
			enter(c, end);
	}
	return true;
}

static uint64 *
alloc_bits(uint64 count, PtBudget *budget)
{
	uint64	   *bits = pt_alloc(budget, count / 64 + 1, sizeof(uint64));

	memset(bits, 0, (count / 64 + 1) * sizeof(uint64));
	return bits;
}

void
kernel_all_cycles(const GraphProjection *out, const GraphProjection *in, const uint32 *least,
				  GraphCycles *cycles, PtBudget *budget)
{
	uint32		nnodes = out->nnodes;
	Circuits	c = {0};

	kernel_remains_begin(&c.remains, out, in, least, budget);
	c.next = pt_alloc(budget, nnodes, sizeof(uint64));
	c.path = pt_alloc(budget, (uint64) nnodes + 1, sizeof(uint32));
	c.queue = pt_alloc(budget, nnodes, sizeof(uint32));
	c.blocked = alloc_bits(nnodes, budget);
	c.found = alloc_bits(nnodes, budget);
	c.leads_back = alloc_bits(nnodes, budget);
	c.waiting = alloc_bits(in->nedges, budget);
	for (c.start = 0; c.start < nnodes; c.start++)
	{
		uint32		marked;

		pt_check_interrupts(c.start);
		if (graph_has_end(out, c.start, c.start) && !kernel_add_cycle(cycles, &c.start, 1, budget))
			break;
		if (c.remains.outdegrees[c.start] == 0)
			continue;
		mark_leads_back(&c, &marked);
		if (!search(&c, cycles, budget))
			break;
		clear_marks(&c, marked);
		kernel_remains_take(&c.remains, c.start);
	}
	kernel_remains_end(&c.remains, budget);
	pt_free(budget, c.next);
	pt_free(budget, c.path);
	pt_free(budget, c.queue);
	pt_free(budget, c.blocked);
	pt_free(budget, c.found);
	pt_free(budget, c.leads_back);
	pt_free(budget, c.waiting);
}
