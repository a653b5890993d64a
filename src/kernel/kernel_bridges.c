/*
 * kernel_bridges.c
 *		Bridges and articulation points.
 *
 * Hopcroft and Tarjan, "Algorithm 447: efficient algorithms for graph
 * manipulation" (1973), without recursion. From what is below a node in the
 * tree of a depth-first search some edge leads above it, or only the node holds
 * that part. Oracle: networkx.bridges, networkx.articulation_points.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "kernel/kernel_bridges.h"

typedef struct Frame
{
	uint64		next;			/* place of the edge to look at next */
	uint32		node;
	bool		came;			/* the edge by which we came has been passed over */
} Frame;

typedef struct Search
{
	const GraphProjection *both;
	uint32	   *order;			/* in which nodes were met, from 1; 0: not yet */
	uint32	   *low;			/* the least order that an edge leads to from below */
	Frame	   *frames;
	uint32		depth;
	uint32		met;
	GraphCuts	cuts;
} Search;

static void
enter(Search *s, uint32 node, uint32 parent)
{
	s->order[node] = s->low[node] = ++s->met;
	s->cuts.parents[node] = parent;
	s->frames[s->depth++] = (Frame) {s->both->offsets[node], node, node == parent};
}

/* All below the node has been seen. Above a root there is nothing to be cut off from. */
static void
leave(Search *s, uint32 node, uint32 root)
{
	uint32		parent = s->cuts.parents[node];

	s->cuts.parts[node] += node != root;
	if (node == root)
		return;
	s->low[parent] = Min(s->low[parent], s->low[node]);
	if (s->low[node] > s->order[parent])
		graph_set_bit(s->cuts.bridges, node);
	if (s->low[node] >= s->order[parent])
		s->cuts.parts[parent]++;
}

static void
search_from(Search *s, uint32 root)
{
	enter(s, root, root);
	for (uint64 step = 0; s->depth > 0; step++)
	{
		Frame	   *frame = &s->frames[s->depth - 1];
		uint32		node = frame->node;
		uint32		end;

		pt_check_interrupts(step);
		if (frame->next == s->both->offsets[node + 1])
		{
			s->depth--;
			leave(s, node, root);
			continue;
		}
		end = s->both->ends[frame->next++];
		if (s->order[end] == 0)
			enter(s, end, node);
		else if (end == s->cuts.parents[node] && !frame->came)
			frame->came = true;
		else
			s->low[node] = Min(s->low[node], s->order[end]);
	}
}

GraphCuts
kernel_bridges(const GraphProjection *both, PtBudget *budget)
{
	uint32		nnodes = both->nnodes;
	Search		s = {both};

	s.cuts.parts = pt_alloc(budget, nnodes, sizeof(uint32));
	s.cuts.bridges = pt_alloc(budget, GRAPH_WORDS(nnodes), sizeof(uint64));
	memset(s.cuts.parts, 0, nnodes * sizeof(uint32));
	memset(s.cuts.bridges, 0, GRAPH_WORDS(nnodes) * sizeof(uint64));
	s.cuts.parents = pt_alloc(budget, nnodes, sizeof(uint32));
	s.order = pt_alloc(budget, nnodes, sizeof(uint32));
	s.low = pt_alloc(budget, nnodes, sizeof(uint32));
	s.frames = pt_alloc(budget, nnodes, sizeof(Frame));
	memset(s.order, 0, nnodes * sizeof(uint32));
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		if (s.order[v] == 0)
			search_from(&s, v);
	}
	pt_free(budget, s.order);
	pt_free(budget, s.low);
	pt_free(budget, s.frames);
	return s.cuts;
}
