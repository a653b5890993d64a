/*
 * kernel_flow.c
 *		How much can flow from one node to another, and what holds it back.
 *
 * Dinic, "Algorithm for solution of a problem of maximum flow in networks with
 * power estimation" (1970): a breadth-first search from the source through what is left
 * of capacities gives levels; ways from level to level are filled one by one
 * until there are none, and so on. Each way uses up an edge exactly, since a
 * capacity less itself is 0, so it ends with numbers that are not whole, too.
 * What the last search reaches is the near side of a smallest cut (Ford and
 * Fulkerson, "Maximal flow through a network", 1956). No recursion: the way
 * is a stack. Oracles: networkx.maximum_flow_value, networkx.minimum_cut.
 */
#include "postgres.h"

#include <math.h>

#include "base/pt_interrupts.h"
#include "kernel/kernel_flow.h"

#define FAR PG_UINT32_MAX

/* A step of a way: along an edge, or back against its flow. */
typedef struct Step
{
	uint32		node;			/* where it leads from */
	bool		back;
	uint64		place;			/* of the edge in out */
} Step;

typedef struct Dinic
{
	const GraphProjection *out;
	const GraphProjection *in;
	uint64	   *places;			/* by place in in: the same edge in out */
	double	   *flows;
	uint32	   *levels;
	uint32	   *queue;
	uint64	   *next;			/* by node: how many of its edges, out then in, are done with */
	Step	   *way;
	uint32		length;
} Dinic;

/* An edge at a node by its number, out edges before others: what is left, where it leads. */
static double
left_at(const Dinic *d, uint32 node, uint64 number, Step *step, uint32 *end)
{
	uint64		outward = graph_row_size(d->out, node);
	uint64		place;

	step->node = node;
	step->back = number >= outward;
	if (!step->back)
	{
		place = step->place = d->out->offsets[node] + number;
		*end = d->out->ends[place];
		return d->out->weights[place] - d->flows[place];
	}
	place = d->in->offsets[node] + number - outward;
	*end = d->in->ends[place];
	step->place = d->places[place];
	return d->flows[step->place];
}

static uint64
edges_at(const Dinic *d, uint32 node)
{
	return graph_row_size(d->out, node) + graph_row_size(d->in, node);
}

/* Levels from the source through what is left. Is the sink among what is reached? */
static bool
find_levels(Dinic *d, uint32 source, uint32 sink)
{
	uint32		count = 1;

	memset(d->levels, 0xFF, d->out->nnodes * sizeof(uint32));
	memset(d->next, 0, d->out->nnodes * sizeof(uint64));
	d->levels[source] = 0;
	d->queue[0] = source;
	for (uint32 first = 0; first < count; first++)
	{
		uint32		node = d->queue[first];
		uint64		edges = edges_at(d, node);

		pt_check_interrupts(first);
		for (uint64 i = 0; i < edges; i++)
		{
			Step		step;
			uint32		end;

			pt_check_interrupts(i);
			if (!(left_at(d, node, i, &step, &end) > 0) || d->levels[end] != FAR)
				continue;
			d->levels[end] = d->levels[node] + 1;
			d->queue[count++] = end;
		}
	}
	return d->levels[sink] != FAR;
}

/* Go on from a node by the next edge that leads a level further. */
static bool
go_on(Dinic *d, uint32 *node)
{
	uint64		edges = edges_at(d, *node);

	for (; d->next[*node] < edges; d->next[*node]++)
	{
		Step		step;
		uint32		end;

		pt_check_interrupts(d->next[*node]);
		if (!(left_at(d, *node, d->next[*node], &step, &end) > 0) ||
			d->levels[end] != d->levels[*node] + 1)
			continue;
		d->way[d->length++] = step;
		*node = end;
		return true;
	}
	return false;
}

static double
left_of(const Dinic *d, const Step *step)
{
	return step->back ? d->flows[step->place] :
		d->out->weights[step->place] - d->flows[step->place];
}

/* Fill a way to the sink. Returns false if nothing bounds it; else cuts it where it is full. */
static bool
fill(Dinic *d, uint32 *node)
{
	double		most = INFINITY;
	uint32		full = 0;

	for (uint32 i = 0; i < d->length; i++)
	{
		pt_check_interrupts(i);
		most = Min(most, left_of(d, &d->way[i]));
	}
	if (isinf(most))
		return false;
	for (uint32 i = d->length; i > 0; i--)
	{
		Step	   *step = &d->way[i - 1];

		pt_check_interrupts(i);
		/* what is used up is so exactly, whatever sums have been rounded to */
		if (left_of(d, step) == most)
		{
			d->flows[step->place] = step->back ? 0 : d->out->weights[step->place];
			full = i - 1;
		}
		else
			d->flows[step->place] = step->back ? Max(d->flows[step->place] - most, 0) :
				Min(d->flows[step->place] + most, d->out->weights[step->place]);
	}
	*node = d->way[full].node;
	d->length = full;
	return true;
}

/* Fill all ways from level to level. */
static bool
fill_levels(Dinic *d, uint32 source, uint32 sink)
{
	uint32		node = source;

	d->length = 0;
	for (uint64 step = 0;; step++)
	{
		pt_check_interrupts(step);
		if (node == sink)
		{
			if (!fill(d, &node))
				return false;
		}
		else if (!go_on(d, &node))
		{
			/* a dead end */
			if (d->length == 0)
				return true;
			node = d->way[--d->length].node;
			d->next[node]++;
		}
	}
}

/* Where nothing bounds it: the nodes of the way, without its end. */
static void
keep_way(const Dinic *d, GraphFlow *found, PtBudget *budget)
{
	found->way = pt_alloc(budget, d->length, sizeof(uint32));
	found->way_length = d->length;
	for (uint32 i = 0; i < d->length; i++)
	{
		pt_check_interrupts(i);
		found->way[i] = d->way[i].node;
	}
}

/* What flows there and back flows nowhere. */
static void
cancel_out(const GraphProjection *out, double *flows)
{
	for (uint32 v = 0; v < out->nnodes; v++)
	{
		pt_check_interrupts(v);
		for (uint64 i = out->offsets[v]; i < out->offsets[v + 1]; i++)
		{
			uint32		end = out->ends[i];
			uint64		back = graph_find_end(out, end, v);
			double		both;

			pt_check_interrupts(i);
			if (end <= v || back == out->offsets[end + 1] || out->ends[back] != v)
				continue;
			both = Min(flows[i], flows[back]);
			flows[i] -= both;
			flows[back] -= both;
		}
	}
}

/* By place in the rows by target the place of the same edge in those by source. */
static uint64 *
find_places(const GraphProjection *out, const GraphProjection *in, PtBudget *budget)
{
	uint64	   *places = pt_alloc(budget, out->nedges, sizeof(uint64));
	uint64	   *next = pt_alloc(budget, (uint64) in->nnodes + 1, sizeof(uint64));

	memcpy(next, in->offsets, in->nnodes * sizeof(uint64));
	for (uint64 i = 0; i < out->nedges; i++)
	{
		pt_check_interrupts(i);
		places[next[out->ends[i]]++] = i;
	}
	pt_free(budget, next);
	return places;
}

GraphFlow
kernel_flow(const GraphProjection *out, uint32 source, uint32 sink, PtBudget *budget)
{
	uint32		nnodes = out->nnodes;
	GraphProjection *in = graph_turn(out, budget);
	GraphFlow	found = {0};
	Dinic		d = {out, in};

	d.places = find_places(out, in, budget);
	d.flows = found.flows = pt_alloc(budget, out->nedges, sizeof(double));
	d.levels = pt_alloc(budget, nnodes, sizeof(uint32));
	d.queue = pt_alloc(budget, nnodes, sizeof(uint32));
	d.next = pt_alloc(budget, nnodes, sizeof(uint64));
	d.way = pt_alloc(budget, nnodes, sizeof(Step));
	memset(d.flows, 0, out->nedges * sizeof(double));
	while (!found.is_unbounded && find_levels(&d, source, sink))
		found.is_unbounded = !fill_levels(&d, source, sink);
	if (found.is_unbounded)
		keep_way(&d, &found, budget);
	found.near = pt_alloc(budget, GRAPH_WORDS(nnodes), sizeof(uint64));
	memset(found.near, 0, GRAPH_WORDS(nnodes) * sizeof(uint64));
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		if (d.levels[v] != FAR)
			graph_set_bit(found.near, v);
	}
	cancel_out(out, found.flows);
	graph_free_rows(in, budget);
	pt_free(budget, d.places);
	pt_free(budget, d.levels);
	pt_free(budget, d.queue);
	pt_free(budget, d.next);
	pt_free(budget, d.way);
	return found;
}
