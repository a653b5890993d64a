/*
 * kernel_dijkstra_paths.c
 *		The cheapest simple paths.
 *
 * Yen, "Finding the k shortest loopless paths in a network" (1971), with
 * Lawler's partition (1972): kernel_paths.c has the classes of paths. Here each
 * class is searched when it arises, by Dijkstra's algorithm from its spur on,
 * and its best path is a candidate. What the rest of the way costs at least, as a search from
 * the end has found, keeps searches from what cannot be among the candidates
 * that are still wanted. Sums are made along the whole path, so a path costs
 * the same whatever class it was found in.
 *
 * Of a class the best path in one order of all paths is found, by cost, edges, and
 * nodes from the end back; so the answer is in that order, too. Oracle:
 * networkx.shortest_simple_paths.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "base/pt_interrupts.h"
#include "kernel/kernel_dijkstra_paths.h"

#define NONE PG_UINT32_MAX

typedef struct Ban
{
	uint32		node;
	uint32		next;
} Ban;

typedef struct Yen
{
	GraphDijkstra search;
	GraphCostPaths *result;
	PtBudget   *budget;
	uint32		end;
	uint64	   *barred;
	uint64	   *banned;

	Ban		   *bans;
	uint64		nbans;
	uint64		ban_capacity;

	/* all that were found; of those that wait, which, the best first */
	GraphCostPath *found;
	uint64		nfound;
	uint64		found_capacity;
	uint32	   *waiting;
	uint64		first;
	uint64		nwaiting;
	uint64		waiting_capacity;
} Yen;

/* ---- candidates ---- */

static bool
comes_before(const Yen *y, const GraphCostPath *a, const GraphCostPath *b)
{
	const GraphCostStep *x = &y->result->steps[a->first];
	const GraphCostStep *z = &y->result->steps[b->first];

	if (a->cost != b->cost)
		return a->cost < b->cost;
	if (a->length != b->length)
		return a->length < b->length;
	for (uint32 i = a->length; i > 0; i--)
	{
		if (x[i].node != z[i].node)
			return x[i].node < z[i].node;
	}
	return false;
}

/* No more of them are wanted than there are paths to come. */
static void
trim(Yen *y)
{
	y->nwaiting = Min(y->nwaiting, y->result->max_paths - y->result->count);
	if (y->nwaiting > 0 && y->nwaiting == y->result->max_paths - y->result->count)
		y->search.most = y->found[y->waiting[y->first + y->nwaiting - 1]].cost;
}

static void
add_candidate(Yen *y, const GraphCostPath *path)
{
	uint64		low = y->first;
	uint64		high = y->first + y->nwaiting;
	uint64		last = high;

	pt_check_count(y->nfound, NONE, "paths");
	y->found = pt_grow(y->budget, y->found, &y->found_capacity, y->nfound + 1,
					   sizeof(GraphCostPath));
	y->waiting = pt_grow(y->budget, y->waiting, &y->waiting_capacity, last + 1, sizeof(uint32));
	y->found[y->nfound] = *path;
	while (low < high)
	{
		uint64		middle = low + (high - low) / 2;

		CHECK_FOR_INTERRUPTS();
		if (comes_before(y, &y->found[y->waiting[middle]], path))
			low = middle + 1;
		else
			high = middle;
	}
	memmove(y->waiting + low + 1, y->waiting + low, (last - low) * sizeof(uint32));
	y->waiting[low] = (uint32) y->nfound++;
	y->nwaiting++;
	trim(y);
}

/* ---- classes ---- */

static uint32
add_ban(Yen *y, uint32 node, uint32 next)
{
	pt_check_count(y->nbans, NONE, "steps that paths must not take");
	y->bans = pt_grow(y->budget, y->bans, &y->ban_capacity, y->nbans + 1, sizeof(Ban));
	y->bans[y->nbans] = (Ban) {node, next};
	return (uint32) y->nbans++;
}

/* Write down what the search has found, behind the steps before its spur. */
static void
keep_path(Yen *y, GraphCostPath *path, uint64 prefix, uint32 place)
{
	GraphCostPaths *result = y->result;
	GraphDijkstra *d = &y->search;
	GraphCostStep *steps;

	path->length = d->costs[place].hops;
	path->cost = d->costs[place].cost;
	path->first = result->nsteps;
	result->steps = pt_grow(y->budget, result->steps, &result->step_capacity,
							result->nsteps + path->length + 1, sizeof(GraphCostStep));
	steps = result->steps + path->first;
	if (path->spur > 0)
		memcpy(steps, result->steps + prefix, (path->spur + 1) * sizeof(GraphCostStep));
	else
		steps[0] = (GraphCostStep) {d->walk->nodes[0], GRAPH_NO_EDGE, 0, 0};
	for (uint32 i = path->length; i > path->spur; i--)
	{
		const GraphTie *tie = kernel_dijkstra_parent(d, place, NULL, NULL);

		pt_check_interrupts(i);
		steps[i] = (GraphCostStep) {d->walk->nodes[place], tie->edge, tie->weight,
									d->costs[place].cost};
		place = tie->from;
	}
	result->nsteps += path->length + 1;
}

static void
bar(Yen *y, const GraphCostPath *path, uint64 prefix, bool on)
{
	for (uint32 i = 0; i < path->spur; i++)
	{
		uint32		node = y->result->steps[prefix + i].node;

		pt_check_interrupts(i);
		if (on)
			graph_set_bit(y->barred, node);
		else
			graph_clear_bit(y->barred, node);
	}
	for (uint32 at = path->banned; at != NONE; at = y->bans[at].next)
	{
		if (on)
			graph_set_bit(y->banned, y->bans[at].node);
		else
			graph_clear_bit(y->banned, y->bans[at].node);
	}
}

/* The best path of a class becomes a candidate. */
static void
search_class(Yen *y, GraphCostPath class, uint64 prefix, uint32 spur, double cost)
{
	GraphDijkstra *d = &y->search;
	uint32		place;

	bar(y, &class, prefix, true);
	kernel_dijkstra_again(d, spur, cost, class.spur);
	while ((place = kernel_dijkstra_settle(d)) != GRAPH_NO_NODE &&
		   d->walk->nodes[place] != y->end)
		(void) kernel_dijkstra_look(d, place);
	bar(y, &class, prefix, false);
	if (place == GRAPH_NO_NODE)
		return;
	keep_path(y, &class, prefix, place);
	add_candidate(y, &class);
}

/* The best candidate is a result; divide what is left of its class. */
static void
take_path(Yen *y)
{
	GraphCostPaths *result = y->result;
	GraphCostPath path = y->found[y->waiting[y->first]];

	y->first++;
	y->nwaiting--;
	result->paths = pt_grow(y->budget, result->paths, &result->capacity, result->count + 1,
							sizeof(GraphCostPath));
	result->paths[result->count++] = path;
	if (result->count == result->max_paths)
		return;
	trim(y);
	for (uint32 i = path.spur; i < path.length; i++)
	{
		GraphCostStep spur = result->steps[path.first + i];
		GraphCostPath rest = {.spur = i};

		CHECK_FOR_INTERRUPTS();
		rest.banned = add_ban(y, result->steps[path.first + i + 1].node,
							  i == path.spur ? path.banned : NONE);
		search_class(y, rest, path.first, spur.node, spur.cost);
	}
}

/* What the way from each node to the end costs at least. */
static double *
costs_to_end(const GraphProjection *in, uint32 end, PtBudget *budget)
{
	double	   *rest = pt_alloc(budget, in->nnodes, sizeof(double));
	GraphDijkstra d = {graph_of_projection(in, NULL, budget), budget, GRAPH_OUT, INFINITY};
	uint32		place;

	for (uint32 v = 0; v < in->nnodes; v++)
	{
		pt_check_interrupts(v);
		rest[v] = INFINITY;
	}
	d.far_end = GRAPH_NO_NODE;
	kernel_dijkstra_begin(&d, end, 0, 0);
	while ((place = kernel_dijkstra_settle(&d)) != GRAPH_NO_NODE)
	{
		rest[d.walk->nodes[place]] = d.costs[place].cost;
		(void) kernel_dijkstra_look(&d, place);
	}
	kernel_dijkstra_end(&d);
	return rest;
}

void
kernel_dijkstra_paths(const GraphProjection *out, const GraphProjection *in, uint32 start,
					  uint32 end, GraphCostPaths *paths, PtBudget *budget)
{
	Yen			y = {.result = paths, .budget = budget, .end = end};

	if (paths->max_paths == 0)
		return;
	y.barred = pt_alloc(budget, GRAPH_WORDS(out->nnodes), sizeof(uint64));
	y.banned = pt_alloc(budget, GRAPH_WORDS(out->nnodes), sizeof(uint64));
	memset(y.barred, 0, GRAPH_WORDS(out->nnodes) * sizeof(uint64));
	memset(y.banned, 0, GRAPH_WORDS(out->nnodes) * sizeof(uint64));
	y.search.graph = graph_of_projection(out, NULL, budget);
	y.search.budget = budget;
	y.search.direction = GRAPH_OUT;
	y.search.max_cost = paths->max_cost;
	y.search.far_end = GRAPH_NO_NODE;
	y.search.barred = y.barred;
	y.search.barred_next = y.banned;
	y.search.rest = costs_to_end(in, end, budget);
	/* so that nothing is looked at which does not lead to the end, or not in time */
	y.search.most = Min(paths->max_cost, DBL_MAX);
	kernel_dijkstra_begin(&y.search, start, 0, 0);
	search_class(&y, (GraphCostPath) {.banned = NONE}, 0, start, 0);
	while (y.nwaiting > 0 && paths->count < paths->max_paths)
		take_path(&y);
	kernel_dijkstra_end(&y.search);
}
