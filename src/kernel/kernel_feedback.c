/*
 * kernel_feedback.c
 *		Few edges without which a graph has no cycle.
 *
 * Eades, Lin, Smyth, "A fast and effective heuristic for the feedback arc set
 * problem" (1993). Nodes are put in a row: one that no edge leaves goes to the
 * back end, one that no edge enters to the front, and where there is neither,
 * the one that most more edges leave than enter, to the front. Edges that lead
 * back in the row are the answer. Each strong component has a row of its own:
 * other edges are on no cycle.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "kernel/kernel_feedback.h"

#define NONE PG_UINT32_MAX

typedef struct Feedback
{
	const GraphProjection *out;
	const GraphProjection *in;
	const uint32 *least;
	uint32	   *outdegrees;		/* what is left, within the component */
	uint32	   *indegrees;
	uint32	   *before;			/* by node: in its list */
	uint32	   *after;
	int64	   *places;			/* by node: in the row; 0: not yet */
	uint32	   *lists;			/* by excess of out over in, shifted: the first */
	uint32		shift;			/* the greatest excess */
	uint32		nlists;
	uint32		sinks;			/* those without an edge out, and in, are in lists */
	uint32		sources;		/* of their own */
	uint32		highest;		/* no list above has any */
} Feedback;

static uint32 *
list_of(Feedback *f, uint32 node)
{
	if (f->outdegrees[node] == 0)
		return &f->sinks;
	if (f->indegrees[node] == 0)
		return &f->sources;
	return &f->lists[f->shift + f->outdegrees[node] - f->indegrees[node]];
}

static void
list_add(Feedback *f, uint32 node)
{
	uint32	   *list = list_of(f, node);

	f->before[node] = NONE;
	f->after[node] = *list;
	if (*list != NONE)
		f->before[*list] = node;
	*list = node;
	if (list != &f->sinks && list != &f->sources)
		f->highest = Max(f->highest, (uint32) (list - f->lists));
}

static void
list_remove(Feedback *f, uint32 node)
{
	if (f->before[node] != NONE)
		f->after[f->before[node]] = f->after[node];
	else
		*list_of(f, node) = f->after[node];
	if (f->after[node] != NONE)
		f->before[f->after[node]] = f->before[node];
}

static bool
is_inner(const Feedback *f, uint32 from, uint32 to)
{
	return from != to && f->least[from] == f->least[to];
}

/* One of a node's rows has lost it. */
static void
lower_ends(Feedback *f, const GraphProjection *rows, uint32 node, uint32 *degrees)
{
	for (uint64 i = rows->offsets[node]; i < rows->offsets[node + 1]; i++)
	{
		uint32		end = rows->ends[i];

		pt_check_interrupts(i);
		if (!is_inner(f, node, end) || f->places[end] != 0)
			continue;
		list_remove(f, end);
		degrees[end]--;
		list_add(f, end);
	}
}

static void
put(Feedback *f, uint32 node, int64 place)
{
	list_remove(f, node);
	f->places[node] = place;
	lower_ends(f, f->out, node, f->indegrees);
	lower_ends(f, f->in, node, f->outdegrees);
}

static void
put_all(Feedback *f)
{
	int64		front = 0;
	int64		back = (int64) f->out->nnodes + 1;

	for (uint64 step = 0;; step++)
	{
		pt_check_interrupts(step);
		if (f->sinks != NONE)
			put(f, f->sinks, --back);
		else if (f->sources != NONE)
			put(f, f->sources, ++front);
		else if (f->lists[f->highest] != NONE)
			put(f, f->lists[f->highest], ++front);
		else if (f->highest > 0)
			f->highest--;
		else
			break;
	}
}

static uint32
count_inner(const Feedback *f, const GraphProjection *rows, uint32 node)
{
	uint32		count = 0;

	for (uint64 i = rows->offsets[node]; i < rows->offsets[node + 1]; i++)
	{
		pt_check_interrupts(i);
		count += is_inner(f, node, rows->ends[i]);
	}
	return count;
}

/* Nodes by descending number, so that of several the least is taken first. */
static void
fill_lists(Feedback *f, PtBudget *budget)
{
	uint32		nnodes = f->out->nnodes;
	uint32		most = 0;

	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		f->outdegrees[v] = count_inner(f, f->out, v);
		f->indegrees[v] = count_inner(f, f->in, v);
		f->places[v] = 0;
		most = Max(most, Max(f->outdegrees[v], f->indegrees[v]));
	}
	f->shift = most;
	f->nlists = 2 * most + 1;
	f->lists = pt_alloc(budget, f->nlists, sizeof(uint32));
	memset(f->lists, 0xFF, (Size) f->nlists * sizeof(uint32));
	f->sinks = f->sources = NONE;
	for (uint32 v = nnodes; v-- > 0;)
	{
		pt_check_interrupts(v);
		list_add(f, v);
	}
}

static uint64 *
mark_back_edges(const Feedback *f, PtBudget *budget)
{
	const GraphProjection *out = f->out;
	uint64	   *bits = pt_alloc(budget, out->nedges / 64 + 1, sizeof(uint64));

	memset(bits, 0, (out->nedges / 64 + 1) * sizeof(uint64));
	for (uint32 v = 0; v < out->nnodes; v++)
	{
		pt_check_interrupts(v);
		for (uint64 i = out->offsets[v]; i < out->offsets[v + 1]; i++)
		{
			uint32		end = out->ends[i];

			pt_check_interrupts(i);
			if (end == v || (is_inner(f, v, end) && f->places[end] < f->places[v]))
				bits[i / 64] |= UINT64CONST(1) << (i % 64);
		}
	}
	return bits;
}

uint64 *
kernel_feedback(const GraphProjection *out, const GraphProjection *in, const uint32 *least,
				PtBudget *budget)
{
	Feedback	f = {out, in, least};
	uint64	   *bits;

	f.outdegrees = pt_alloc(budget, out->nnodes, sizeof(uint32));
	f.indegrees = pt_alloc(budget, out->nnodes, sizeof(uint32));
	f.before = pt_alloc(budget, out->nnodes, sizeof(uint32));
	f.after = pt_alloc(budget, out->nnodes, sizeof(uint32));
	f.places = pt_alloc(budget, out->nnodes, sizeof(int64));
	fill_lists(&f, budget);
	put_all(&f);
	bits = mark_back_edges(&f, budget);
	pt_free(budget, f.outdegrees);
	pt_free(budget, f.indegrees);
	pt_free(budget, f.before);
	pt_free(budget, f.after);
	pt_free(budget, f.places);
	pt_free(budget, f.lists);
	return bits;
}
