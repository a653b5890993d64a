/*
 * kernel_strong.c
 *		Strongly connected components.
 *
 * Tarjan, "Depth-first search and linear graph algorithms" (1972), with a stack
 * of its own in place of recursion: a chain of a million nodes is as deep.
 * Oracle: networkx.strongly_connected_components.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "kernel/kernel_strong.h"

typedef struct Frame
{
	uint64		next;			/* place of the edge to look at next */
	uint32		node;
} Frame;

typedef struct Search
{
	const GraphProjection *out;
	uint32	   *order;			/* in which nodes were met, from 1; 0: not yet */
	uint32	   *low;			/* the least order that a node is known to lead back to */
	uint32	   *open;			/* nodes met whose component is not known yet */
	uint32		nopen;
	Frame	   *frames;			/* the way from the start to where we are */
	uint32		depth;
	uint32		met;
	uint32	   *least;			/* GRAPH_NO_NODE: not known yet */
} Search;

static void
enter(Search *s, uint32 node)
{
	s->order[node] = s->low[node] = ++s->met;
	s->open[s->nopen++] = node;
	s->frames[s->depth++] = (Frame) {s->out->offsets[node], node};
}

/* What is open from the node on is its component. */
static void
close_component(Search *s, uint32 node)
{
	uint32		first = s->nopen;
	uint32		least = node;

	do
	{
		first--;
		pt_check_interrupts(first);
		least = Min(least, s->open[first]);
	} while (s->open[first] != node);
	for (uint32 i = first; i < s->nopen; i++)
	{
		pt_check_interrupts(i);
		s->least[s->open[i]] = least;
	}
	s->nopen = first;
}

static void
search_from(Search *s, uint32 start)
{
	enter(s, start);
	for (uint64 step = 0; s->depth > 0; step++)
	{
		Frame	   *frame = &s->frames[s->depth - 1];
		uint32		node = frame->node;

		pt_check_interrupts(step);
		if (frame->next < s->out->offsets[node + 1])
		{
			uint32		end = s->out->ends[frame->next++];

			if (s->order[end] == 0)
				enter(s, end);
			else if (s->least[end] == GRAPH_NO_NODE)
				s->low[node] = Min(s->low[node], s->order[end]);
			continue;
		}
		s->depth--;
		if (s->low[node] == s->order[node])
			close_component(s, node);
		else
		{
			/* only a start has nobody above it, and it closes its component */
			uint32		above = s->frames[s->depth - 1].node;

			s->low[above] = Min(s->low[above], s->low[node]);
		}
	}
}

uint32 *
kernel_strong(const GraphProjection *out, PtBudget *budget)
{
	uint32		nnodes = out->nnodes;
	Search		s = {out};

	s.least = pt_alloc(budget, nnodes, sizeof(uint32));
	s.order = pt_alloc(budget, nnodes, sizeof(uint32));
	s.low = pt_alloc(budget, nnodes, sizeof(uint32));
	s.open = pt_alloc(budget, nnodes, sizeof(uint32));
	s.frames = pt_alloc(budget, nnodes, sizeof(Frame));
	memset(s.least, 0xFF, nnodes * sizeof(uint32));
	memset(s.order, 0, nnodes * sizeof(uint32));
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		if (s.order[v] == 0)
			search_from(&s, v);
	}
	pt_free(budget, s.order);
	pt_free(budget, s.low);
	pt_free(budget, s.open);
	pt_free(budget, s.frames);
	return s.least;
}

uint32 *
kernel_strong_sizes(const uint32 *least, uint32 nnodes, PtBudget *budget)
{
	uint32	   *sizes = pt_alloc(budget, nnodes, sizeof(uint32));

	memset(sizes, 0, nnodes * sizeof(uint32));
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		sizes[least[v]]++;
	}
	return sizes;
}

GraphProjection *
kernel_condense(const GraphProjection *out, const uint32 *least, PtBudget *budget)
{
	uint32	   *froms = pt_alloc(budget, out->nedges, sizeof(uint32));
	uint32	   *ends = pt_alloc(budget, out->nedges, sizeof(uint32));
	uint64		count = 0;
	GraphProjection *result;

	for (uint32 v = 0; v < out->nnodes; v++)
	{
		pt_check_interrupts(v);
		for (uint64 i = out->offsets[v]; i < out->offsets[v + 1]; i++)
		{
			pt_check_interrupts(i);
			if (least[v] == least[out->ends[i]])
				continue;
			froms[count] = least[v];
			ends[count++] = least[out->ends[i]];
		}
	}
	result = graph_project_pairs(froms, ends, count, out->nnodes, budget);
	pt_free(budget, froms);
	pt_free(budget, ends);
	return result;
}
