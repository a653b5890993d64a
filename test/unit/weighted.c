/*
 * weighted.c
 *		Kernels over weights compared with the plainest way to the same, over
 *		graphs with ties, loops, parallel edges and edges that are not passable.
 */
#include "postgres.h"

#include <math.h>

#include "array_graph.h"
#include "checks.h"
#include "base/pt_sort.h"
#include "common/pg_prng.h"
#include "fmgr.h"
#include "graph/graph_rows.h"
#include "kernel/kernel_bellman_ford.h"
#include "kernel/kernel_betweenness.h"
#include "kernel/kernel_closeness.h"
#include "kernel/kernel_dijkstra_paths.h"
#include "kernel/kernel_flow.h"
#include "kernel/kernel_leiden.h"
#include "kernel/kernel_pagerank.h"
#include "kernel/kernel_spanning.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(unit_dijkstra);
PG_FUNCTION_INFO_V1(unit_cheapest);
PG_FUNCTION_INFO_V1(unit_bellman_ford);
PG_FUNCTION_INFO_V1(unit_spanning);
PG_FUNCTION_INFO_V1(unit_flow);
PG_FUNCTION_INFO_V1(unit_weighted_memory);

#define MAX_NODES 40

/* ---- the plainest way ---- */

/* One of the edges both ways, or none if it cannot be passed in the direction. */
static bool
passable(const ArrayGraph *g, uint32 i, GraphDirection direction, const GraphSets *sets,
		 uint32 start, ArrayEdge *edge)
{
	*edge = g->edges[i / 2];
	if (isnan(edge->weight) || (i % 2 == 0 && direction == GRAPH_IN) ||
		(i % 2 == 1 && direction == GRAPH_OUT))
		return false;
	if (i % 2 == 1)
		*edge = (ArrayEdge) {edge->target, edge->source, edge->weight};
	return sets == NULL ||
		(graph_sets_admit(sets, edge->target) &&
		 (edge->source == start || sets->stop_at == NULL ||
		  !graph_set_has(sets->stop_at, edge->source)));
}

/* Relax all edges until nothing changes, or as often as there are nodes. False: a cycle below 0. */
static bool
relax(const ArrayGraph *g, uint32 start, GraphDirection direction, const GraphSets *sets,
	  double *costs)
{
	bool		changed = true;

	for (uint32 v = 0; v < g->nnodes; v++)
		costs[v] = v == start ? 0 : INFINITY;
	for (uint32 pass = 0; changed; pass++)
	{
		if (pass > g->nnodes)
			return false;
		changed = false;
		for (uint32 i = 0; i < 2 * g->nedges; i++)
		{
			ArrayEdge	edge;

			if (!passable(g, i, direction, sets, start, &edge) ||
				!(costs[edge.source] + edge.weight < costs[edge.target]))
				continue;
			costs[edge.target] = costs[edge.source] + edge.weight;
			changed = true;
		}
	}
	return true;
}

/* The fewest edges by which each node has its cost, and the least node before it on such a way. */
static void
count_hops(const ArrayGraph *g, uint32 start, GraphDirection direction, const GraphSets *sets,
		   const double *costs, uint32 *hops, uint32 *parents)
{
	for (uint32 v = 0; v < g->nnodes; v++)
	{
		hops[v] = v == start ? 0 : PG_UINT32_MAX;
		parents[v] = GRAPH_NO_NODE;
	}
	for (uint32 level = 0; level < g->nnodes; level++)
	{
		for (uint32 i = 0; i < 2 * g->nedges; i++)
		{
			ArrayEdge	edge;

			if (!passable(g, i, direction, sets, start, &edge) || hops[edge.source] != level ||
				costs[edge.source] + edge.weight != costs[edge.target] ||
				hops[edge.target] <= level)
				continue;
			hops[edge.target] = level + 1;
			parents[edge.target] = Min(parents[edge.target], edge.source);
		}
	}
}

static double
weight_of(const ArrayGraph *g, GraphEdge edge, uint32 from, uint32 to)
{
	uint32		i = (uint32) (edge & ~GRAPH_EDGE_REVERSED) - 1;
	bool		reversed = (edge & GRAPH_EDGE_REVERSED) != 0;

	check(i < g->nedges && g->edges[i].source == (reversed ? to : from) &&
		  g->edges[i].target == (reversed ? from : to), "edge");
	return g->edges[i].weight;
}

/* ---- Dijkstra ---- */

static GraphWalk *
random_set(ArrayGraph *g, pg_prng_state *random, PtBudget *budget)
{
	uint64		few = 1 + pg_prng_uint64(random) % 6;
	GraphWalk  *set;

	if (few < 4)
		return NULL;
	set = graph_set_begin(&g->graph, budget);
	for (uint32 v = 1; v < g->nnodes; v++)
	{
		if (pg_prng_uint64(random) % few == 0)
			graph_set_add(&g->graph, set, v);
	}
	return set;
}

static void
check_costs(ArrayGraph *g, GraphDijkstra *d)
{
	double		costs[MAX_NODES];
	uint32		hops[MAX_NODES];
	uint32		parents[MAX_NODES];
	uint32		expected = 0;

	check(relax(g, 0, d->direction, d->sets, costs), "cycle");
	count_hops(g, 0, d->direction, d->sets, costs, hops, parents);
	for (uint32 v = 0; v < g->nnodes; v++)
		expected += costs[v] <= d->max_cost && !isinf(costs[v]);
	check(d->nsettled == expected, "number of nodes settled");
	for (uint64 i = 0; i < d->nsettled; i++)
	{
		uint32		place = d->settled[i];
		uint32		node = d->walk->nodes[place];
		const GraphTie *tie;

		check(d->costs[place].cost == costs[node] && d->costs[place].hops == hops[node], "cost");
		check(i == 0 || !kernel_is_cheaper(&d->costs[place], &d->costs[d->settled[i - 1]]), "order");
		if (node == 0)
			continue;
		tie = kernel_dijkstra_parent(d, place, NULL, NULL);
		check(d->walk->nodes[tie->from] == parents[node], "parent");
		check(weight_of(g, tie->edge, parents[node], node) == tie->weight &&
			  costs[parents[node]] + tie->weight == costs[node], "weight of the parent's edge");
	}
}

/* An edge is refused if, and only if, a node is settled that a negative one leaves. */
static void
check_refused(ArrayGraph *g, GraphDijkstra *d)
{
	const GraphWeightedArc *refused = &d->refused;

	if (d->is_refused)
	{
		check(weight_of(g, refused->edge, refused->from, refused->to) == refused->weight &&
			  refused->weight < 0, "refused edge");
		return;
	}
	for (uint32 i = 0; i < 2 * g->nedges; i++)
	{
		ArrayEdge	edge;

		if (passable(g, i, d->direction, NULL, 0, &edge) && edge.weight < 0)
			check(kernel_dijkstra_place(d, edge.source) == GRAPH_NO_NODE ||
				  isinf(d->costs[kernel_dijkstra_place(d, edge.source)].cost), "negative edge");
	}
}

Datum
unit_dijkstra(PG_FUNCTION_ARGS)
{
	PtBudget   *budget = begin(fcinfo);
	pg_prng_state random;

	pg_prng_seed(&random, seed);
	for (int round = 0; round < 24; round++)
	{
		bool		negative = round >= 18;
		ArrayGraph *g = array_graph_random(seed + round, 2 + seed % (MAX_NODES - 2),
										   seed * 7 % 120, round % 2 == 0);
		GraphSets	sets = {0};
		GraphDijkstra d = {&g->graph, budget, round % 3, round % 5 == 0 ? 6 : INFINITY};
		uint32		place;

		array_graph_weigh(g, seed + round, negative ? -1 : 0, negative ? 9 : round % 4);
		if (round % 2 == 1 && !negative)
		{
			sets.avoid = random_set(g, &random, budget);
			sets.within = random_set(g, &random, budget);
			sets.stop_at = random_set(g, &random, budget);
			d.sets = &sets;
		}
		d.far_end = GRAPH_NO_NODE;
		d.asks_many = round % 4 >= 2;
		kernel_dijkstra_begin(&d, 0, 0, 0);
		while ((place = kernel_dijkstra_settle(&d)) != GRAPH_NO_NODE &&
			   kernel_dijkstra_look(&d, place))
			continue;
		if (negative)
			check_refused(g, &d);
		else
			check_costs(g, &d);
		kernel_dijkstra_end(&d);
		graph_sets_end(&sets);
	}
	PG_RETURN_INT64(comparisons);
}

/* ---- paths ---- */

typedef struct PlainPath
{
	double		cost;
	uint32		length;
	uint32		nodes[MAX_NODES];
} PlainPath;

#define MAX_PATHS 20000

static PlainPath *plain;
static uint32 nplain;
static double (*adjacent)[MAX_NODES];	/* the least weight, or infinite */

static void
enumerate(uint32 nnodes, PlainPath *path, uint32 end, uint64 on_path)
{
	uint32		at = path->nodes[path->length];

	if (at == end)
	{
		if (nplain == MAX_PATHS)
			elog(ERROR, "too many paths");
		plain[nplain++] = *path;
		return;
	}
	for (uint32 v = 0; v < nnodes; v++)
	{
		double		cost = path->cost;

		if (isinf(adjacent[at][v]) || on_path & (UINT64CONST(1) << v))
			continue;
		path->cost += adjacent[at][v];
		path->nodes[++path->length] = v;
		enumerate(nnodes, path, end, on_path | UINT64CONST(1) << v);
		path->length--;
		path->cost = cost;
	}
}

static int
compare_plain(const void *a, const void *b, void *arg)
{
	const PlainPath *x = a;
	const PlainPath *y = b;

	if (x->cost != y->cost)
		return x->cost < y->cost ? -1 : 1;
	if (x->length != y->length)
		return x->length < y->length ? -1 : 1;
	for (uint32 i = x->length; i > 0; i--)
	{
		if (x->nodes[i] != y->nodes[i])
			return x->nodes[i] < y->nodes[i] ? -1 : 1;
	}
	return 0;
}

static void
list_paths(const ArrayGraph *g, GraphDirection direction, uint32 end)
{
	PlainPath	path = {0};

	plain = palloc(MAX_PATHS * sizeof(PlainPath));
	adjacent = palloc(MAX_NODES * sizeof(*adjacent));
	nplain = 0;
	for (uint32 v = 0; v < MAX_NODES * MAX_NODES; v++)
		adjacent[v / MAX_NODES][v % MAX_NODES] = INFINITY;
	for (uint32 i = 0; i < 2 * g->nedges; i++)
	{
		ArrayEdge	edge;

		if (passable(g, i, direction, NULL, 0, &edge))
			adjacent[edge.source][edge.target] = Min(adjacent[edge.source][edge.target], edge.weight);
	}
	enumerate(g->nnodes, &path, end, 1);
	pt_sort(plain, nplain, sizeof(PlainPath), compare_plain, NULL);
}

/* All paths in what two searches have seen, which is the least that has them all. */
static GraphCostPaths
cheapest(ArrayGraph *g, GraphDirection direction, uint32 end, double max_cost, uint64 max_paths,
		 bool asks_many, PtBudget *budget, double *best)
{
	GraphArcList seen = {0};
	GraphDijkstra forward = {&g->graph, budget, direction, max_cost, asks_many};
	GraphDijkstra backward = {&g->graph, budget, graph_reverse(direction), max_cost * (1 + KERNEL_COST_SLACK), asks_many};
	GraphCostPaths paths = {.max_paths = max_paths, .max_cost = max_cost};
	GraphProjection *out;

	forward.far_end = end;
	backward.far_end = 0;
	forward.seen = backward.seen = &seen;
	backward.is_backward = true;
	kernel_dijkstra_begin(&forward, 0, 0, 0);
	kernel_dijkstra_begin(&backward, end, 0, 0);
	*best = kernel_dijkstra_meet(&forward, &backward, INFINITY, max_cost);
	if (max_paths > 1 && !isinf(*best))
	{
		check(kernel_dijkstra_widen(&forward, &backward, max_cost, PG_UINT64_MAX), "widening");
		kernel_dijkstra_prune(&seen, &forward, &backward, max_cost);
	}
	kernel_dijkstra_end(&forward);
	kernel_dijkstra_end(&backward);
	if (isinf(*best))
		return paths;
	out = graph_arcs_project(&seen, g->nnodes, budget);
	kernel_dijkstra_paths(out, graph_arcs_project_back(&seen, g->nnodes, budget), 0, end, &paths,
						  budget);
	return paths;
}

static void
check_cheapest(const ArrayGraph *g, const GraphCostPaths *paths, uint64 expected)
{
	check(paths->count == expected, "number of paths");
	for (uint64 i = 0; i < paths->count; i++)
	{
		const GraphCostPath *path = &paths->paths[i];
		const GraphCostStep *steps = &paths->steps[path->first];

		check(path->length == plain[i].length && path->cost == plain[i].cost, "path");
		for (uint32 k = 0; k <= path->length; k++)
		{
			check(steps[k].node == plain[i].nodes[k], "node of a path");
			if (k == 0)
				continue;
			check(weight_of(g, steps[k].edge, steps[k - 1].node, steps[k].node) == steps[k].weight &&
				  steps[k - 1].cost + steps[k].weight == steps[k].cost, "weight of a step");
		}
	}
}

Datum
unit_cheapest(PG_FUNCTION_ARGS)
{
	PtBudget   *budget = begin(fcinfo);

	for (int round = 0; round < 8; round++)
	{
		uint32		nnodes = 2 + seed % 6;
		GraphDirection direction = round % 3;
		ArrayGraph *g = array_graph_random(seed + round, nnodes, seed * 5 % 18, round % 2 == 0);
		uint32		end = 1 + seed % (nnodes - 1);
		double		max_cost = round % 4 == 3 ? 4 : INFINITY;
		uint64		within = 0;
		double		best;
		GraphCostPaths paths;

		array_graph_weigh(g, seed + round, 0, 1 + round % 5);
		list_paths(g, direction, end);
		while (within < nplain && plain[within].cost <= max_cost)
			within++;
		paths = cheapest(g, direction, end, max_cost, PG_INT32_MAX, round % 4 >= 2, budget, &best);
		check_cheapest(g, &paths, within);
		check(within == 0 ? isinf(best) || best > max_cost : best == plain[0].cost,
			  "cost of the best path");
		paths = cheapest(g, direction, end, max_cost, 1, round % 4 < 2, budget, &best);
		check_cheapest(g, &paths, Min(within, 1));
		paths = cheapest(g, direction, end, max_cost, 3, false, budget, &best);
		check_cheapest(g, &paths, Min(within, 3));
	}
	PG_RETURN_INT64(comparisons);
}

/* ---- whole graphs ---- */

static GraphProjection *
project(ArrayGraph *g, GraphDirection direction, int flags, PtBudget *budget)
{
	uint32	   *order = pt_alloc(budget, g->nnodes, sizeof(uint32));
	GraphProjection *rows;

	for (uint32 v = 0; v < g->nnodes; v++)
		order[v] = v;
	rows = graph_project(&g->graph, NULL, direction, GRAPH_PROJECT_WEIGHTS, budget);
	rows = graph_renumber_weighted(rows, order, g->nnodes, flags, budget);
	pt_free(budget, order);
	return rows;
}

static double
weight_between(const ArrayGraph *g, uint32 from, uint32 to, bool sum)
{
	double		weight = sum ? 0 : INFINITY;

	for (uint32 i = 0; i < g->nedges; i++)
	{
		if (g->edges[i].source == from && g->edges[i].target == to && !isnan(g->edges[i].weight))
			weight = sum ? weight + g->edges[i].weight : Min(weight, g->edges[i].weight);
	}
	return weight;
}

Datum
unit_bellman_ford(PG_FUNCTION_ARGS)
{
	PtBudget   *budget = begin(fcinfo);

	for (int round = 0; round < 8; round++)
	{
		ArrayGraph *g = array_graph_random(seed + round, 2 + seed % (MAX_NODES - 2), seed * 7 % 80,
										   false);
		GraphDirection direction = round % 2;
		GraphPotentials found;
		double		costs[MAX_NODES];
		uint32		hops[MAX_NODES];
		uint32		parents[MAX_NODES];
		double		sum = 0;

		array_graph_weigh(g, seed + round, -(int) (1 + seed % 3), 12);
		found = kernel_bellman_ford(project(g, direction, GRAPH_PROJECT_MERGE, budget), 0, budget);
		check((found.cycle == NULL) == relax(g, 0, direction, NULL, costs), "cycle below 0");
		for (uint32 i = 0; i < found.cycle_length; i++)
		{
			uint32		a = found.cycle[i];
			uint32		b = found.cycle[(i + 1) % found.cycle_length];

			check(i == 0 || found.cycle[0] < a, "first node of a cycle");
			sum += direction == GRAPH_OUT ? weight_between(g, a, b, false) :
				weight_between(g, b, a, false);
		}
		check(found.cycle == NULL || sum < 0, "cost of a cycle");
		if (found.cycle != NULL)
			continue;
		count_hops(g, 0, direction, NULL, costs, hops, parents);
		for (uint32 v = 0; v < g->nnodes; v++)
			check(found.costs[v] == costs[v] && found.parents[v] == parents[v], "cost");
	}
	PG_RETURN_INT64(comparisons);
}

/* By growing a tree from each node that has none: Prim's algorithm. */
static double
span(const ArrayGraph *g, uint32 *count)
{
	bool		in_tree[MAX_NODES] = {false};
	double		sum = 0;

	*count = 0;
	for (uint32 root = 0; root < g->nnodes; root++)
	{
		in_tree[root] = true;
		for (;;)
		{
			const ArrayEdge *best = NULL;

			for (uint32 i = 0; i < g->nedges; i++)
			{
				const ArrayEdge *edge = &g->edges[i];

				if (in_tree[edge->source] != in_tree[edge->target] && !isnan(edge->weight) &&
					(best == NULL || edge->weight < best->weight))
					best = edge;
			}
			if (best == NULL)
				break;
			in_tree[best->source] = in_tree[best->target] = true;
			sum += best->weight;
			(*count)++;
		}
	}
	return sum;
}

Datum
unit_spanning(PG_FUNCTION_ARGS)
{
	PtBudget   *budget = begin(fcinfo);

	for (int round = 0; round < 4; round++)
	{
		ArrayGraph *g = array_graph_random(seed + round, 2 + seed % (MAX_NODES - 2), seed * 7 % 80,
										   false);
		GraphSpanning found;
		uint32		count;
		double		sum;

		array_graph_weigh(g, seed + round, -2, 5 * round);
		found = kernel_spanning(project(g, GRAPH_OUT, GRAPH_PROJECT_MERGE, budget), budget);
		sum = span(g, &count);
		check(found.count == count, "number of edges of a forest");
		for (uint64 i = 0; i < found.count; i++)
		{
			check(weight_between(g, found.froms[i], found.ends[i], false) == found.weights[i],
				  "edge of a forest");
			check(i == 0 || found.weights[i - 1] < found.weights[i] ||
				  (found.weights[i - 1] == found.weights[i] &&
				   (found.froms[i - 1] < found.froms[i] ||
					(found.froms[i - 1] == found.froms[i] && found.ends[i - 1] < found.ends[i]))),
				  "order of a forest");
			sum -= found.weights[i];
		}
		check(sum == 0, "weight of a forest");
	}
	PG_RETURN_INT64(comparisons);
}

/*
 * A flow within capacities, conserved everywhere else, that is as great as what a
 * cut between its ends lets through, is a greatest one, and the cut a smallest.
 */
Datum
unit_flow(PG_FUNCTION_ARGS)
{
	PtBudget   *budget = begin(fcinfo);

	for (int round = 0; round < 6; round++)
	{
		ArrayGraph *g = array_graph_random(seed + round, 2 + seed % (MAX_NODES - 2), seed * 7 % 150,
										   false);
		int			flags = GRAPH_PROJECT_MERGE | GRAPH_PROJECT_SUM | GRAPH_PROJECT_NO_LOOPS;
		GraphProjection *rows;
		GraphFlow	found;
		double		balance[MAX_NODES] = {0};
		double		cut = 0;

		array_graph_weigh(g, seed + round, 0, 6);
		rows = project(g, GRAPH_OUT, flags, budget);
		for (uint32 v = 0; v < rows->nnodes; v++)
		{
			for (uint64 i = rows->offsets[v]; i < rows->offsets[v + 1]; i++)
				check(weight_between(g, v, rows->ends[i], true) == rows->weights[i], "sum of weights");
		}
		if (round % 2 == 1)
			rows = graph_both_ways(rows, graph_turn(rows, budget), flags, budget);
		found = kernel_flow(rows, 0, 1, budget);
		check(!found.is_unbounded && graph_bit(found.near, 0) && !graph_bit(found.near, 1), "sides");
		for (uint32 v = 0; v < rows->nnodes; v++)
		{
			for (uint64 i = rows->offsets[v]; i < rows->offsets[v + 1]; i++)
			{
				uint32		end = rows->ends[i];
				uint64		back = graph_find_end(rows, end, v);

				check(found.flows[i] >= 0 && found.flows[i] <= rows->weights[i], "flow");
				check(found.flows[i] == 0 || back == rows->offsets[end + 1] ||
					  rows->ends[back] != v || found.flows[back] == 0, "flow there and back");
				if (round % 2 == 1)
					check(weight_between(g, v, end, true) + weight_between(g, end, v, true) ==
						  rows->weights[i], "weight both ways");
				balance[v] -= found.flows[i];
				balance[end] += found.flows[i];
				if (graph_bit(found.near, v) && !graph_bit(found.near, end))
					cut += rows->weights[i];
			}
		}
		for (uint32 v = 2; v < rows->nnodes; v++)
			check(balance[v] == 0, "conservation");
		check(balance[1] == cut && balance[0] == -cut, "flow and cut");
	}
	PG_RETURN_INT64(comparisons);
}

/* ---- where memory ends ---- */

static void
run_all(void *self, PtBudget *budget)
{
	ArrayGraph *g = self;
	GraphProjection *out = project(g, GRAPH_OUT, 0, budget);
	GraphProjection *in = graph_turn(out, budget);
	GraphProjection *both = graph_both_ways(out, in, GRAPH_PROJECT_MERGE, budget);
	GraphRanking ranking = {.damping = 0.85};
	GraphIteration iteration = {.max_iterations = 5};
	GraphLeiden leiden = {1, 1, 2};
	double		best;

	(void) cheapest(g, GRAPH_OUT, 1, INFINITY, 5, true, budget, &best);
	(void) kernel_bellman_ford(out, 0, budget);
	(void) kernel_spanning(out, budget);
	(void) kernel_flow(both, 0, 1, budget);
	(void) kernel_pagerank(out, in, &ranking, &iteration, budget);
	(void) kernel_betweenness(out, in, PG_UINT64_MAX, 0, budget);
	(void) kernel_closeness(in, KERNEL_CLOSENESS, budget);
	(void) kernel_leiden(both, &leiden, budget);
}

/* With ever more memory, so that each allocation is once the one that fails. */
Datum
unit_weighted_memory(PG_FUNCTION_ARGS)
{
	ArrayGraph *g;
	int64		refusals = 0;

	seed = PG_GETARG_INT64(0);
	g = array_graph_random(seed, 16, 10 + seed % 40, false);
	array_graph_weigh(g, seed, 1, 5);
	for (Size limit = 0; !runs_within(run_all, g, pt_budget_create("unit test", "Raise it."), limit); limit += 64)
		refusals++;
	PG_RETURN_INT64(refusals);
}
