/*
 * kernel_leiden.c
 *		Communities by modularity.
 *
 * Traag, Waltman, van Eck, "From Louvain to Leiden: guaranteeing well-connected
 * communities" (2019). On each level nodes move to the best community as long as any
 * move helps; each community is refined into parts that are well connected, and the
 * parts are the nodes of the next level, which begin in the communities they
 * come from. Refining takes the best part instead of drawing one, so that
 * the seed decides only about the order of nodes.
 *
 * Moving a node that held a community together can take that apart, which a later
 * level need not notice. So in the end each community is divided into what hangs
 * together in it: that never lowers modularity. Weights are whole numbers, whose
 * sums are exact in any order, unless edges have weights of their own: then sums
 * are made in the order of nodes and their rows.
 */
#include "postgres.h"

#include <math.h>

#include "base/pt_interrupts.h"
#include "base/pt_random.h"
#include "kernel/kernel_leiden.h"
#include "kernel/kernel_modularity.h"

/* what a move must gain at least, by edge of the node: more than rounding does */
#define LEAST_GAIN 1e-10

/* what an iteration must, in modularity */
#define LEAST_IMPROVEMENT 1e-12

/* A graph whose nodes are parts of that of the level below. */
typedef struct Level
{
	uint32		nnodes;
	const uint64 *offsets;
	const uint32 *ends;			/* the node itself may be among them on the lowest level */
	const double *weights;		/* on the lowest level those of the rows; NULL: all 1 */
} Level;

typedef struct Leiden
{
	const GraphProjection *both;
	PtBudget   *budget;
	double		factor;			/* resolution / ends of edges */
	uint64		random;
	Level		level;
	uint32	   *at;				/* by node of the graph: which of the level it is in */

	/* by node of the level */
	double	   *strengths;
	uint32	   *groups;			/* its community */
	uint32	   *parts;			/* its part of that */
	uint32	   *order;
	bool	   *queued;

	/* by community, then by part */
	uint32	   *sizes;			/* nodes of the level */
	double	   *totals;			/* strength */
	uint32	   *part_sizes;
	double	   *part_totals;
	double	   *part_cuts;		/* weight to other parts of the community */

	uint32	   *spare;			/* communities without nodes */
	uint32		nspare;
	double	   *weights;		/* of one node to others' communities or parts; 0 in between */
	uint32	   *touched;		/* which are not 0 */
	uint32		ntouched;
} Leiden;

static double
edge_weight(const Level *level, uint64 place)
{
	return level->weights == NULL ? 1 : level->weights[place];
}

static void
touch(Leiden *l, uint32 group, double weight)
{
	/* an edge that weighs nothing is none, and would be noted again and again */
	if (weight == 0)
		return;
	if (l->weights[group] == 0)
		l->touched[l->ntouched++] = group;
	l->weights[group] += weight;
}

static void
forget_touched(Leiden *l)
{
	for (uint32 i = 0; i < l->ntouched; i++)
	{
		pt_check_interrupts(i);
		l->weights[l->touched[i]] = 0;
	}
	l->ntouched = 0;
}

static void
shuffle(Leiden *l)
{
	for (uint32 i = 0; i < l->level.nnodes; i++)
	{
		uint32		k = (uint32) (pt_random(&l->random) % ((uint64) i + 1));

		pt_check_interrupts(i);
		l->order[i] = l->order[k];
		l->order[k] = i;
	}
}

/* ---- moving nodes ---- */

static void
count_groups(Leiden *l)
{
	uint32		nnodes = l->level.nnodes;

	memset(l->sizes, 0, nnodes * sizeof(uint32));
	memset(l->totals, 0, nnodes * sizeof(double));
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		l->sizes[l->groups[v]]++;
		l->totals[l->groups[v]] += l->strengths[v];
	}
	l->nspare = 0;
	for (uint32 g = 0; g < nnodes; g++)
	{
		pt_check_interrupts(g);
		if (l->sizes[g] == 0)
			l->spare[l->nspare++] = g;
	}
}

/* The best community for a node that has been taken out of its own. */
static uint32
best_group(Leiden *l, uint32 node)
{
	const Level *level = &l->level;
	double		expected = l->factor * l->strengths[node];
	double		least = LEAST_GAIN * l->strengths[node];
	uint32		best = l->groups[node];
	double		best_gain;

	for (uint64 i = level->offsets[node]; i < level->offsets[node + 1]; i++)
	{
		pt_check_interrupts(i);
		if (level->ends[i] != node)
			touch(l, l->groups[level->ends[i]], edge_weight(level, i));
	}
	best_gain = l->weights[best] - expected * l->totals[best];
	for (uint32 i = 0; i < l->ntouched; i++)
	{
		uint32		group = l->touched[i];
		double		gain = l->weights[group] - expected * l->totals[group];

		pt_check_interrupts(i);
		if (gain > best_gain + least)
		{
			best = group;
			best_gain = gain;
		}
	}
	forget_touched(l);
	/* alone it would gain nothing and lose nothing */
	if (best_gain < -least && l->sizes[l->groups[node]] > 0)
		best = l->spare[l->nspare - 1];
	return best;
}

/* Put a node where it is best. Has it moved? */
static bool
move_node(Leiden *l, uint32 node)
{
	uint32		old = l->groups[node];
	uint32		best;

	l->sizes[old]--;
	l->totals[old] -= l->strengths[node];
	best = best_group(l, node);
	if (l->sizes[best] == 0 && best != old)
		l->nspare--;
	l->groups[node] = best;
	l->sizes[best]++;
	l->totals[best] += l->strengths[node];
	if (l->sizes[old] == 0)
		l->spare[l->nspare++] = old;
	return best != old;
}

/* Until no move helps: who has moved makes its neighbours think again. */
static void
move_nodes(Leiden *l)
{
	const Level *level = &l->level;
	uint32		count = level->nnodes;
	uint32		head = 0;

	shuffle(l);
	memset(l->queued, true, level->nnodes * sizeof(bool));
	for (uint64 step = 0; count > 0; step++)
	{
		uint32		node = l->order[head];

		pt_check_interrupts(step);
		head = head + 1 == level->nnodes ? 0 : head + 1;
		count--;
		l->queued[node] = false;
		if (!move_node(l, node))
			continue;
		for (uint64 i = level->offsets[node]; i < level->offsets[node + 1]; i++)
		{
			uint32		end = level->ends[i];

			pt_check_interrupts(i);
			if (l->queued[end] || end == node || l->groups[end] == l->groups[node])
				continue;
			l->queued[end] = true;
			l->order[((uint64) head + count++) % level->nnodes] = end;
		}
	}
}

/* ---- refining communities ---- */

static void
begin_parts(Leiden *l)
{
	const Level *level = &l->level;

	for (uint32 v = 0; v < level->nnodes; v++)
	{
		pt_check_interrupts(v);
		l->parts[v] = v;
		l->part_sizes[v] = 1;
		l->part_totals[v] = l->strengths[v];
		l->part_cuts[v] = 0;
		for (uint64 i = level->offsets[v]; i < level->offsets[v + 1]; i++)
		{
			pt_check_interrupts(i);
			if (level->ends[i] != v && l->groups[level->ends[i]] == l->groups[v])
				l->part_cuts[v] += edge_weight(level, i);
		}
	}
}

/* Is a part connected with the rest of its community at least as well as at random? */
static bool
is_well_connected(const Leiden *l, uint32 part, uint32 group)
{
	double		rest = l->totals[group] - l->part_totals[part];

	return l->part_cuts[part] >= l->factor * l->part_totals[part] * rest;
}

/* A node that is alone joins the best part that it has an edge to, if that helps. */
static void
join_part(Leiden *l, uint32 node)
{
	const Level *level = &l->level;
	uint32		group = l->groups[node];
	double		expected = l->factor * l->strengths[node];
	double		least = LEAST_GAIN * l->strengths[node];
	uint32		best = node;
	double		best_gain = 0;

	for (uint64 i = level->offsets[node]; i < level->offsets[node + 1]; i++)
	{
		uint32		end = level->ends[i];

		pt_check_interrupts(i);
		if (end != node && l->groups[end] == group)
			touch(l, l->parts[end], edge_weight(level, i));
	}
	for (uint32 i = 0; i < l->ntouched; i++)
	{
		uint32		part = l->touched[i];
		double		gain = l->weights[part] - expected * l->part_totals[part];

		pt_check_interrupts(i);
		if (gain > best_gain + least && is_well_connected(l, part, group))
		{
			best = part;
			best_gain = gain;
		}
	}
	if (best != node)
	{
		l->parts[node] = best;
		l->part_sizes[best]++;
		l->part_sizes[node] = 0;
		l->part_totals[best] += l->strengths[node];
		l->part_cuts[best] += l->part_cuts[node] - 2 * l->weights[best];
	}
	forget_touched(l);
}

static void
refine(Leiden *l)
{
	begin_parts(l);
	shuffle(l);
	for (uint32 i = 0; i < l->level.nnodes; i++)
	{
		uint32		node = l->order[i];

		pt_check_interrupts(i);
		if (l->parts[node] == node && l->part_sizes[node] == 1 &&
			is_well_connected(l, node, l->groups[node]))
			join_part(l, node);
	}
}

/* ---- the next level ---- */

/* Numbers from 0 of those that have nodes, in place of their sizes; how many. */
static uint32
number_sizes(uint32 *sizes, uint32 nnodes)
{
	uint32		count = 0;

	for (uint32 i = 0; i < nnodes; i++)
	{
		pt_check_interrupts(i);
		if (sizes[i] > 0)
			sizes[i] = count++;
	}
	return count;
}

static uint32
count_used(const uint32 *sizes, uint32 nnodes)
{
	uint32		count = 0;

	for (uint32 i = 0; i < nnodes; i++)
	{
		pt_check_interrupts(i);
		count += sizes[i] > 0;
	}
	return count;
}

/* Nodes in the order of their parts, which are numbered; where each begins. */
static uint64 *
sort_by_part(Leiden *l, uint32 nparts)
{
	uint64	   *starts = pt_alloc(l->budget, (uint64) nparts + 2, sizeof(uint64));

	/* one place on at first: placing moves each to where it begins */
	memset(starts, 0, ((uint64) nparts + 2) * sizeof(uint64));
	for (uint32 v = 0; v < l->level.nnodes; v++)
	{
		pt_check_interrupts(v);
		starts[(uint64) l->parts[v] + 2]++;
	}
	for (uint64 p = 2; p < (uint64) nparts + 2; p++)
	{
		pt_check_interrupts(p);
		starts[p] += starts[p - 1];
	}
	for (uint32 v = 0; v < l->level.nnodes; v++)
	{
		pt_check_interrupts(v);
		l->order[starts[(uint64) l->parts[v] + 1]++] = v;
	}
	return starts;
}

/* Edges of a node of the level count for its part. */
static void
touch_parts(Leiden *l, uint32 node)
{
	const Level *level = &l->level;

	for (uint64 i = level->offsets[node]; i < level->offsets[node + 1]; i++)
	{
		pt_check_interrupts(i);
		if (l->parts[level->ends[i]] != l->parts[node])
			touch(l, l->parts[level->ends[i]], edge_weight(level, i));
	}
}

/* The graph of the parts, which are numbered. */
static Level
join_parts(Leiden *l, uint32 nparts)
{
	uint64	   *starts = sort_by_part(l, nparts);
	uint64	   *offsets = pt_alloc(l->budget, (uint64) nparts + 1, sizeof(uint64));
	uint32	   *ends = NULL;
	double	   *weights = NULL;
	uint64		ends_room = 0;
	uint64		weights_room = 0;
	uint64		count = 0;

	for (uint32 p = 0; p < nparts; p++)
	{
		offsets[p] = count;
		for (uint64 i = starts[p]; i < starts[p + 1]; i++)
		{
			pt_check_interrupts(i);
			touch_parts(l, l->order[i]);
		}
		ends = pt_grow(l->budget, ends, &ends_room, count + l->ntouched, sizeof(uint32));
		weights = pt_grow(l->budget, weights, &weights_room, count + l->ntouched, sizeof(double));
		for (uint32 i = 0; i < l->ntouched; i++)
		{
			pt_check_interrupts(i);
			ends[count] = l->touched[i];
			weights[count++] = l->weights[l->touched[i]];
		}
		forget_touched(l);
	}
	offsets[nparts] = count;
	pt_free(l->budget, starts);
	return (Level) {nparts, offsets, ends, weights};
}

static void
free_level(Leiden *l)
{
	if (l->level.offsets == l->both->offsets)
		return;
	pt_free(l->budget, unconstify(uint64 *, l->level.offsets));
	pt_free(l->budget, unconstify(uint32 *, l->level.ends));
	pt_free(l->budget, unconstify(double *, l->level.weights));
}

/* Go up a level: parts become nodes, which keep their communities. */
static void
go_up(Leiden *l, uint32 nparts)
{
	uint32		nnodes = l->level.nnodes;
	Level		next;

	(void) number_sizes(l->sizes, nnodes);
	(void) number_sizes(l->part_sizes, nnodes);
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		l->order[v] = l->sizes[l->groups[v]];
		l->queued[v] = l->parts[v] == v;
		l->parts[v] = l->part_sizes[l->parts[v]];
	}
	/* whose part has its own number begins it: numbers are below those of nodes */
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		if (!l->queued[v])
			continue;
		l->groups[l->parts[v]] = l->order[v];
		l->strengths[l->parts[v]] = l->part_totals[v];
	}
	for (uint32 v = 0; v < l->both->nnodes; v++)
	{
		pt_check_interrupts(v);
		l->at[v] = l->parts[l->at[v]];
	}
	next = join_parts(l, nparts);
	free_level(l);
	l->level = next;
}

/* ---- an iteration ---- */

/* From the communities given to better ones. */
static void
improve(Leiden *l, uint32 *least)
{
	uint32		nnodes = l->both->nnodes;

	l->level = (Level) {nnodes, l->both->offsets, l->both->ends, l->both->weights};
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		l->at[v] = v;
		l->groups[v] = least[v];
		l->strengths[v] = kernel_strength(l->both, v);
	}
	for (;;)
	{
		uint32		nparts;

		count_groups(l);
		move_nodes(l);
		if (count_used(l->sizes, l->level.nnodes) == l->level.nnodes)
			break;
		refine(l);
		nparts = count_used(l->part_sizes, l->level.nnodes);
		if (nparts == l->level.nnodes)
			break;
		go_up(l, nparts);
	}
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		least[v] = l->groups[l->at[v]];
	}
	free_level(l);
}

/* Divide communities into what hangs together; each gets the number of its least node. */
static void
divide(Leiden *l, uint32 *least)
{
	const GraphProjection *both = l->both;

	memcpy(l->groups, least, both->nnodes * sizeof(uint32));
	memset(least, 0xFF, both->nnodes * sizeof(uint32));
	for (uint32 v = 0; v < both->nnodes; v++)
	{
		uint32		open = 0;

		pt_check_interrupts(v);
		if (least[v] != GRAPH_NO_NODE)
			continue;
		least[v] = v;
		l->order[open++] = v;
		while (open > 0)
		{
			uint32		node = l->order[--open];

			pt_check_interrupts(open);
			for (uint64 i = both->offsets[node]; i < both->offsets[node + 1]; i++)
			{
				uint32		end = both->ends[i];

				pt_check_interrupts(i);
				if (least[end] != GRAPH_NO_NODE || l->groups[end] != l->groups[v])
					continue;
				least[end] = v;
				l->order[open++] = end;
			}
		}
	}
}

static void
begin(Leiden *l)
{
	uint32		nnodes = l->both->nnodes;

	l->at = pt_alloc(l->budget, nnodes, sizeof(uint32));
	l->strengths = pt_alloc(l->budget, nnodes, sizeof(double));
	l->groups = pt_alloc(l->budget, nnodes, sizeof(uint32));
	l->parts = pt_alloc(l->budget, nnodes, sizeof(uint32));
	l->order = pt_alloc(l->budget, nnodes, sizeof(uint32));
	l->queued = pt_alloc(l->budget, nnodes, sizeof(bool));
	l->sizes = pt_alloc(l->budget, nnodes, sizeof(uint32));
	l->totals = pt_alloc(l->budget, nnodes, sizeof(double));
	l->part_sizes = pt_alloc(l->budget, nnodes, sizeof(uint32));
	l->part_totals = pt_alloc(l->budget, nnodes, sizeof(double));
	l->part_cuts = pt_alloc(l->budget, nnodes, sizeof(double));
	l->spare = pt_alloc(l->budget, nnodes, sizeof(uint32));
	l->weights = pt_alloc(l->budget, nnodes, sizeof(double));
	l->touched = pt_alloc(l->budget, nnodes, sizeof(uint32));
	memset(l->weights, 0, nnodes * sizeof(double));
}

static void
finish(Leiden *l)
{
	void	   *arrays[] = {l->at, l->strengths, l->groups, l->parts, l->order, l->queued, l->sizes,
	l->totals, l->part_sizes, l->part_totals, l->part_cuts, l->spare, l->weights, l->touched};

	for (int i = 0; i < (int) lengthof(arrays); i++)
		pt_free(l->budget, arrays[i]);
}

static double
count_ends(const GraphProjection *both)
{
	double		sum = 0;

	for (uint32 v = 0; v < both->nnodes; v++)
	{
		pt_check_interrupts(v);
		sum += kernel_strength(both, v);
	}
	return sum;
}

GraphCommunities
kernel_leiden(const GraphProjection *both, const GraphLeiden *wanted, PtBudget *budget)
{
	Leiden		l = {both, budget};
	GraphCommunities best = {pt_alloc(budget, both->nnodes, sizeof(uint32)), NAN};
	uint32	   *next = pt_alloc(budget, both->nnodes, sizeof(uint32));
	double		ends;

	for (uint32 v = 0; v < both->nnodes; v++)
	{
		pt_check_interrupts(v);
		best.least[v] = v;
	}
	if (both->nedges == 0 || (ends = count_ends(both)) == 0)
		return best;
	best.modularity = kernel_modularity(both, best.least, wanted->resolution, budget);
	l.factor = wanted->resolution / ends;
	l.random = wanted->seed;
	begin(&l);
	for (uint64 i = 0; i < wanted->max_iterations; i++)
	{
		uint32	   *old = best.least;
		double		modularity;

		CHECK_FOR_INTERRUPTS();
		memcpy(next, old, both->nnodes * sizeof(uint32));
		improve(&l, next);
		divide(&l, next);
		modularity = kernel_modularity(both, next, wanted->resolution, budget);
		if (modularity <= best.modularity + LEAST_IMPROVEMENT)
			break;
		best = (GraphCommunities) {next, modularity};
		next = old;
	}
	finish(&l);
	pt_free(budget, next);
	return best;
}
