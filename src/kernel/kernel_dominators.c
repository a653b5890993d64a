/*
 * kernel_dominators.c
 *		Dominators.
 *
 * Lengauer and Tarjan, "A fast algorithm for finding dominators in a flowgraph"
 * (1979), the simple version, without recursion. Nodes are known by the place at
 * which a depth-first search met them. The semidominator of a node is the least
 * place from which a way leads to it over places greater than its own only.
 * Oracle: networkx.immediate_dominators.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "kernel/kernel_dominators.h"

#define NONE PG_UINT32_MAX

typedef struct Finder
{
	const GraphProjection *out;
	const GraphProjection *in;
	PtBudget   *budget;
	GraphDominators found;		/* nodes: by place, as the search met them */
	uint32	   *places;			/* by node; NONE if not reached */

	/* by place */
	uint32	   *parents;
	uint32	   *semis;
	uint32	   *ancestors;		/* in the forest of what has been linked; NONE: a root of it */
	uint32	   *labels;			/* of the least semidominator on the way up there */
	uint32	   *buckets;		/* the first of those that have it as semidominator; NONE */
	uint32	   *next_in_bucket;
	uint32	   *stack;
} Finder;

typedef struct Frame
{
	uint64		next;
	uint32		place;
} Frame;

static void
enter(Finder *f, Frame *frames, uint32 *depth, uint32 node, uint32 parent)
{
	uint32		place = f->found.count++;

	f->places[node] = place;
	f->found.nodes[place] = node;
	f->parents[place] = parent;
	frames[(*depth)++] = (Frame) {f->out->offsets[node], place};
}

static void
search(Finder *f, uint32 root)
{
	Frame	   *frames = pt_alloc(f->budget, f->out->nnodes, sizeof(Frame));
	uint32		depth = 0;

	enter(f, frames, &depth, root, 0);
	for (uint64 step = 0; depth > 0; step++)
	{
		Frame	   *frame = &frames[depth - 1];
		uint32		end;

		pt_check_interrupts(step);
		if (frame->next == f->out->offsets[f->found.nodes[frame->place] + 1])
		{
			depth--;
			continue;
		}
		end = f->out->ends[frame->next++];
		if (f->places[end] == NONE)
			enter(f, frames, &depth, end, frame->place);
	}
	pt_free(f->budget, frames);
}

/* Let the place and all above it hang on their root, from there down. */
static void
compress(Finder *f, uint32 place)
{
	uint32		count = 0;

	for (; f->ancestors[f->ancestors[place]] != NONE; place = f->ancestors[place])
	{
		pt_check_interrupts(count);
		f->stack[count++] = place;
	}
	while (count > 0)
	{
		uint32		below = f->stack[--count];
		uint32		above = f->ancestors[below];

		pt_check_interrupts(count);
		if (f->semis[f->labels[above]] < f->semis[f->labels[below]])
			f->labels[below] = f->labels[above];
		f->ancestors[below] = f->ancestors[above];
	}
}

/* The place with the least semidominator from here up to below the root. */
static uint32
evaluate(Finder *f, uint32 place)
{
	if (f->ancestors[place] == NONE)
		return place;
	compress(f, place);
	return f->labels[place];
}

static void
find_semidominator(Finder *f, uint32 place)
{
	uint32		node = f->found.nodes[place];

	for (uint64 i = f->in->offsets[node]; i < f->in->offsets[node + 1]; i++)
	{
		uint32		before = f->places[f->in->ends[i]];

		pt_check_interrupts(i);
		if (before != NONE)
			f->semis[place] = Min(f->semis[place], f->semis[evaluate(f, before)]);
	}
	f->next_in_bucket[place] = f->buckets[f->semis[place]];
	f->buckets[f->semis[place]] = place;
}

/* What has the parent as semidominator: dominated by it, or as another one is. */
static void
empty_bucket(Finder *f, uint32 parent)
{
	for (uint32 place = f->buckets[parent]; place != NONE; place = f->next_in_bucket[place])
	{
		uint32		least = evaluate(f, place);

		pt_check_interrupts(place);
		f->found.dominators[place] = f->semis[least] < f->semis[place] ? least : parent;
	}
	f->buckets[parent] = NONE;
}

static void
find_dominators(Finder *f)
{
	GraphDominators *found = &f->found;

	for (uint32 place = found->count - 1; place > 0; place--)
	{
		pt_check_interrupts(place);
		find_semidominator(f, place);
		f->ancestors[place] = f->parents[place];
		empty_bucket(f, f->parents[place]);
	}
	found->dominators[0] = found->depths[0] = 0;
	for (uint32 place = 1; place < found->count; place++)
	{
		pt_check_interrupts(place);
		if (found->dominators[place] != f->semis[place])
			found->dominators[place] = found->dominators[found->dominators[place]];
		found->depths[place] = found->depths[found->dominators[place]] + 1;
	}
}

static void
alloc_places(Finder *f)
{
	uint32		count = f->found.count;

	f->semis = pt_alloc(f->budget, count, sizeof(uint32));
	f->ancestors = pt_alloc(f->budget, count, sizeof(uint32));
	f->labels = pt_alloc(f->budget, count, sizeof(uint32));
	f->buckets = pt_alloc(f->budget, count, sizeof(uint32));
	f->next_in_bucket = pt_alloc(f->budget, count, sizeof(uint32));
	f->stack = pt_alloc(f->budget, count, sizeof(uint32));
	f->found.dominators = pt_alloc(f->budget, count, sizeof(uint32));
	f->found.depths = pt_alloc(f->budget, count, sizeof(uint32));
	for (uint32 place = 0; place < count; place++)
	{
		pt_check_interrupts(place);
		f->semis[place] = f->labels[place] = place;
		f->ancestors[place] = f->buckets[place] = NONE;
	}
}

GraphDominators
kernel_dominators(const GraphProjection *out, const GraphProjection *in, uint32 root,
				  PtBudget *budget)
{
	Finder		f = {out, in, budget};

	f.places = pt_alloc(budget, out->nnodes, sizeof(uint32));
	f.parents = pt_alloc(budget, out->nnodes, sizeof(uint32));
	f.found.nodes = pt_alloc(budget, out->nnodes, sizeof(uint32));
	memset(f.places, 0xFF, out->nnodes * sizeof(uint32));
	search(&f, root);
	alloc_places(&f);
	find_dominators(&f);
	pt_free(budget, f.places);
	pt_free(budget, f.parents);
	pt_free(budget, f.semis);
	pt_free(budget, f.ancestors);
	pt_free(budget, f.labels);
	pt_free(budget, f.buckets);
	pt_free(budget, f.next_in_bucket);
	pt_free(budget, f.stack);
	return f.found;
}
