/*
 * unit.c
 *		Kernels and projections compared with the plainest way to the same.
 *
 * Each function takes a seed, makes a graph from it, compares, and returns how
 * many comparisons it has made; a difference is an error that names the seed.
 */
#include "postgres.h"

#include <math.h>

#include "array_graph.h"
#include "checks.h"
#include "base/pt_guc.h"
#include "base/pt_sort.h"
#include "common/pg_prng.h"
#include "fmgr.h"
#include "graph/graph_project.h"
#include "graph/graph_sets.h"
#include "kernel/kernel_bfs.h"
#include "kernel/kernel_match.h"
#include "kernel/kernel_path.h"
#include "kernel/kernel_paths.h"
#include "kernel/kernel_push.h"
#include "utils/memutils.h"

PG_MODULE_MAGIC;

PG_FUNCTION_INFO_V1(unit_bfs);
PG_FUNCTION_INFO_V1(unit_nested);
PG_FUNCTION_INFO_V1(unit_project);
PG_FUNCTION_INFO_V1(unit_sets);
PG_FUNCTION_INFO_V1(unit_paths);
PG_FUNCTION_INFO_V1(unit_match);
PG_FUNCTION_INFO_V1(unit_push);
PG_FUNCTION_INFO_V1(unit_sort);
PG_FUNCTION_INFO_V1(unit_budget);
PG_FUNCTION_INFO_V1(unit_walk_memory);

/* what pt_guc.c defines in the extension */
int			pt_local_image_memory = 512 * 1024;

#define MAX_NODES 60

/* ---- the plainest way ---- */

/*
 * Distances from a node by relaxing all edges until nothing changes (Bellman
 * 1958): no queue, no levels, nothing in common with a search.
 */
static void
relax(const ArrayGraph *g, uint32 start, GraphDirection direction, uint32 *distance)
{
	bool		changed = true;

	for (uint32 v = 0; v < g->nnodes; v++)
		distance[v] = v == start ? 0 : PG_UINT32_MAX;
	while (changed)
	{
		changed = false;
		for (uint32 i = 0; i < 2 * g->nedges; i++)
		{
			uint32		from = g->edges[i / 2].source;
			uint32		to = g->edges[i / 2].target;

			if (i % 2 == 1)
			{
				uint32		swap = from;

				from = to;
				to = swap;
			}
			if ((i % 2 == 0 && direction == GRAPH_IN) || (i % 2 == 1 && direction == GRAPH_OUT))
				continue;
			if (distance[from] != PG_UINT32_MAX && distance[from] + 1 < distance[to])
			{
				distance[to] = distance[from] + 1;
				changed = true;
			}
		}
	}
}

static bool
is_edge(const ArrayGraph *g, GraphEdge edge, uint32 from, uint32 to)
{
	uint32		i = (edge & ~GRAPH_EDGE_REVERSED) - 1;

	if (i >= g->nedges)
		return false;
	if (edge & GRAPH_EDGE_REVERSED)
		return g->edges[i].source == to && g->edges[i].target == from;
	return g->edges[i].source == from && g->edges[i].target == to;
}

/* ---- breadth-first search ---- */

static void
check_walk(const ArrayGraph *g, const GraphWalk *walk, uint32 start, uint64 max_depth)
{
	uint32		distance[MAX_NODES];
	uint32		expected = 0;
	uint64		depth = 0;

	relax(g, start, walk->direction, distance);
	for (uint32 v = 0; v < g->nnodes; v++)
		expected += distance[v] != PG_UINT32_MAX && distance[v] <= max_depth;
	check(walk->count == expected, "number of nodes reached");
	for (uint64 i = 0; i < walk->count; i++)
	{
		while (i >= graph_level_end(walk, depth))
			depth++;
		check(distance[walk->nodes[i]] == depth, "distance");
		check(i == 0 || is_edge(g, walk->edges[i], walk->nodes[walk->parents[i]], walk->nodes[i]),
			  "tree edge");
	}
}

static GraphWalk *
walk_from(Graph *graph, PtBudget *budget, uint32 start, GraphDirection direction, uint64 max_depth)
{
	GraphWalk  *walk = graph_walk_begin(graph, budget, direction,
										GRAPH_KEEP_EDGES | GRAPH_KEEP_PARENTS);

	graph_walk_start(walk, start);
	kernel_bfs(graph, walk, max_depth);
	return walk;
}

Datum
unit_bfs(PG_FUNCTION_ARGS)
{
	PtBudget   *budget = begin(fcinfo);

	for (int round = 0; round < 12; round++)
	{
		GraphDirection direction = round % 3;
		uint64		max_depth = round < 6 ? PG_UINT64_MAX : round - 6;
		ArrayGraph *g = array_graph_random(seed, 2 + seed % (MAX_NODES - 2), seed * 7 % 120,
										   round % 2 == 0);
		GraphWalk  *walk = walk_from(&g->graph, budget, 0, direction, max_depth);

		check_walk(g, walk, 0, max_depth);
		graph_walk_end(walk);
	}
	PG_RETURN_INT64(comparisons);
}

/* ---- a walk within an expansion ---- */

static int	depth_of_calls;
static uint32 expansions;

/* What user code may do while a source is asked: another walk, even one that fails. */
static void
walk_meanwhile(ArrayGraph *outer)
{
	PtBudget   *budget;
	ArrayGraph *g;
	GraphWalk  *walk;

	if (depth_of_calls == 3 || ++expansions % 7 != 0)
		return;
	depth_of_calls++;
	budget = pt_budget_create("inner walk", "Raise it.");
	g = array_graph_random(seed + depth_of_calls, MAX_NODES, 100, depth_of_calls % 2 == 0);
	g->on_expand = walk_meanwhile;
	walk = walk_from(&g->graph, budget, 0, GRAPH_OUT, PG_UINT64_MAX);
	check_walk(g, walk, 0, PG_UINT64_MAX);
	/* every other one ends as after an error: with its memory */
	if (comparisons % 2 == 0)
		graph_walk_end(walk);
	pt_budget_delete(budget);
	depth_of_calls--;
}

Datum
unit_nested(PG_FUNCTION_ARGS)
{
	PtBudget   *budget = begin(fcinfo);
	ArrayGraph *g = array_graph_random(seed, MAX_NODES, 90, true);
	GraphWalk  *walk;

	depth_of_calls = 0;
	expansions = 0;
	g->on_expand = walk_meanwhile;
	walk = walk_from(&g->graph, budget, 0, GRAPH_BOTH, PG_UINT64_MAX);
	check_walk(g, walk, 0, PG_UINT64_MAX);
	graph_walk_end(walk);
	PG_RETURN_INT64(comparisons);
}

/* ---- projections ---- */

typedef struct Row
{
	uint32		from;
	uint32		to;
} Row;

static int
compare_rows(const void *a, const void *b, void *arg)
{
	const Row  *x = a;
	const Row  *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->to < y->to ? -1 : x->to > y->to;
}

static uint64
merge_rows(Row *rows, uint64 count)
{
	uint64		kept = 0;

	for (uint64 i = 0; i < count; i++)
	{
		if (kept == 0 || compare_rows(&rows[kept - 1], &rows[i], NULL) != 0)
			rows[kept++] = rows[i];
	}
	return kept;
}

/* What a projection should hold, from the array of edges. */
static uint64
expected_rows(const ArrayGraph *g, const GraphWalk *walk, GraphDirection direction, int flags,
			  Row *rows)
{
	uint64		count = 0;

	for (uint32 i = 0; i < g->nedges; i++)
	{
		uint32		s = g->edges[i].source;
		uint32		t = g->edges[i].target;

		if (walk != NULL && !(graph_is_visited(walk, s) && graph_is_visited(walk, t)))
			continue;
		if (s == t && (flags & GRAPH_PROJECT_NO_LOOPS))
			continue;
		if (direction != GRAPH_IN)
			rows[count++] = (Row) {s, t};
		if (direction == GRAPH_IN || (direction == GRAPH_BOTH && s != t))
			rows[count++] = (Row) {t, s};
	}
	pt_sort(rows, count, sizeof(Row), compare_rows, NULL);
	return flags & GRAPH_PROJECT_MERGE ? merge_rows(rows, count) : count;
}

static void
check_projection(const ArrayGraph *g, const GraphWalk *walk, GraphDirection direction, int flags,
				 const GraphProjection *p)
{
	Row		   *expected = palloc(2 * (g->nedges + 1) * sizeof(Row));
	Row		   *found = palloc((p->nedges + 1) * sizeof(Row));
	uint64		count = expected_rows(g, walk, direction, flags, expected);

	check(p->nnodes == (walk != NULL ? walk->count : g->graph.nnodes), "nodes of a projection");
	check(p->nedges == count && p->offsets[p->nnodes] == count, "edges of a projection");
	for (uint32 v = 0; v < p->nnodes; v++)
	{
		for (uint64 i = p->offsets[v]; i < p->offsets[v + 1]; i++)
		{
			uint32		from = walk != NULL ? walk->nodes[v] : v;
			uint32		to = walk != NULL ? walk->nodes[p->ends[i]] : p->ends[i];

			found[i] = (Row) {from, to};
			if (flags & GRAPH_PROJECT_EDGES)
				check(is_edge(g, p->edges[i], from, to), "edge of a projection");
			if ((flags & GRAPH_PROJECT_MERGE) && i > p->offsets[v])
				check(p->ends[i - 1] < p->ends[i], "order of a merged row");
		}
	}
	pt_sort(found, p->nedges, sizeof(Row), compare_rows, NULL);
	for (uint64 i = 0; i < count; i++)
		check(compare_rows(&expected[i], &found[i], NULL) == 0, "row of a projection");
}

Datum
unit_project(PG_FUNCTION_ARGS)
{
	PtBudget   *budget = begin(fcinfo);

	for (int round = 0; round < 48; round++)
	{
		GraphDirection direction = round % 3;
		int			flags = round / 3 % 8;
		ArrayGraph *g = array_graph_random(seed, 1 + seed % (MAX_NODES - 1), seed * 11 % 150,
										   round % 2 == 0);
		GraphWalk  *walk = NULL;
		GraphProjection *p;

		if (round >= 24)
			walk = walk_from(&g->graph, budget, 0, GRAPH_BOTH, 2);
		p = graph_project(&g->graph, walk, direction, flags, budget);
		check_projection(g, walk, direction, flags, p);
		if (walk != NULL)
			graph_walk_end(walk);
	}
	PG_RETURN_INT64(comparisons);
}

/* ---- where a walk may go ---- */

/* NULL, or some of the nodes, one in a few. */
static GraphWalk *
random_set(ArrayGraph *g, pg_prng_state *random, PtBudget *budget)
{
	uint64		few = 1 + pg_prng_uint64(random) % 5;
	GraphWalk  *set;

	if (few == 1)
		return NULL;
	set = graph_set_begin(&g->graph, budget);
	for (uint32 v = 0; v < 2 * g->nnodes; v++)
	{
		if (pg_prng_uint64(random) % few == 0)
			graph_set_add(&g->graph, set, v % g->nnodes);
	}
	return set;
}

/* The edges that a walk from a start may take, in its direction. */
static ArrayGraph *
passable(const ArrayGraph *g, const GraphSets *sets, uint32 start, GraphDirection direction)
{
	ArrayGraph *result = palloc(sizeof(ArrayGraph));

	*result = *g;
	result->edges = palloc((2 * g->nedges + 1) * sizeof(ArrayEdge));
	result->nedges = 0;
	for (uint32 i = 0; i < 2 * g->nedges; i++)
	{
		ArrayEdge	edge = g->edges[i / 2];

		if ((i % 2 == 0 && direction == GRAPH_IN) || (i % 2 == 1 && direction == GRAPH_OUT))
			continue;
		if (i % 2 == 1)
			edge = (ArrayEdge) {edge.target, edge.source};
		if ((sets->avoid == NULL || !graph_set_has(sets->avoid, edge.target)) &&
			(sets->within == NULL || graph_set_has(sets->within, edge.target)) &&
			(edge.source == start || sets->stop_at == NULL ||
			 !graph_set_has(sets->stop_at, edge.source)))
			result->edges[result->nedges++] = edge;
	}
	return result;
}

static void
check_bound_walk(ArrayGraph *g, const GraphSets *sets, GraphDirection direction, PtBudget *budget)
{
	GraphWalk  *walk = graph_walk_begin(&g->graph, budget, direction,
										GRAPH_KEEP_EDGES | GRAPH_KEEP_PARENTS);
	ArrayGraph *allowed = passable(g, sets, 0, direction);
	uint32		distance[MAX_NODES];
	uint64		depth = 0;
	uint64		expected = 0;

	graph_walk_start(walk, 0);
	graph_sets_bound(sets, walk);
	kernel_bfs(&g->graph, walk, PG_UINT64_MAX);
	relax(allowed, 0, GRAPH_OUT, distance);
	for (uint32 v = 0; v < g->nnodes; v++)
		expected += distance[v] != PG_UINT32_MAX;
	check(walk->count == expected, "number of nodes within bounds");
	for (uint64 i = 0; i < walk->count; i++)
	{
		while (i >= graph_level_end(walk, depth))
			depth++;
		check(distance[walk->nodes[i]] == depth, "distance within bounds");
		check(i == 0 || is_edge(g, walk->edges[i], walk->nodes[walk->parents[i]], walk->nodes[i]),
			  "tree edge within bounds");
	}
	graph_walk_unbar(walk);
	for (uint32 v = 0; v < g->nnodes; v++)
		check(graph_is_visited(walk, v) == (distance[v] != PG_UINT32_MAX), "visited bit");
	graph_walk_end(walk);
}

static void
check_cut(ArrayGraph *g, const GraphSets *sets, PtBudget *budget)
{
	GraphProjection *whole = graph_project(&g->graph, NULL, GRAPH_OUT, GRAPH_PROJECT_EDGES,
										   budget);
	GraphProjection *cut = graph_project(&g->graph, NULL, GRAPH_OUT, GRAPH_PROJECT_EDGES,
										 budget);

	graph_sets_cut(sets, cut);
	for (uint32 v = 0; v < whole->nnodes; v++)
	{
		uint64		at = cut->offsets[v];

		for (uint64 i = whole->offsets[v]; i < whole->offsets[v + 1]; i++)
		{
			if (graph_sets_admit(sets, v) && graph_sets_admit(sets, whole->ends[i]))
			{
				check(cut->ends[at] == whole->ends[i] && cut->edges[at] == whole->edges[i],
					  "edge of a cut");
				at++;
			}
		}
		check(at == cut->offsets[v + 1], "row of a cut");
	}
}

Datum
unit_sets(PG_FUNCTION_ARGS)
{
	PtBudget   *budget = begin(fcinfo);
	pg_prng_state random;

	pg_prng_seed(&random, seed);
	for (int round = 0; round < 12; round++)
	{
		ArrayGraph *g = array_graph_random(seed + round, 2 + seed % (MAX_NODES - 2),
										   seed * 7 % 150, false);
		GraphSets	sets;
		GraphWalk  *walk;

		sets.avoid = random_set(g, &random, budget);
		sets.within = random_set(g, &random, budget);
		sets.stop_at = random_set(g, &random, budget);
		check_bound_walk(g, &sets, round % 3, budget);
		check_cut(g, &sets, budget);
		graph_sets_end(&sets);
		/* nothing is left of them in the bits that the next one is lent */
		walk = walk_from(&g->graph, budget, 0, round % 3, PG_UINT64_MAX);
		check_walk(g, walk, 0, PG_UINT64_MAX);
		graph_walk_end(walk);
	}
	PG_RETURN_INT64(comparisons);
}

/* ---- paths, on a projection as a graph ---- */

static Graph *
project_graph(ArrayGraph *g, PtBudget *budget)
{
	return graph_of_projection(graph_project(&g->graph, NULL, GRAPH_OUT, GRAPH_PROJECT_EDGES, budget),
							   graph_project(&g->graph, NULL, GRAPH_IN, GRAPH_PROJECT_EDGES, budget),
							   budget);
}

/* The number of simple paths to the end of each length, by trying them all. */
static void
count_paths(const bool (*adjacent)[MAX_NODES], uint32 nnodes, uint32 at, uint32 end,
			uint64 on_path, uint32 length, uint64 *counts)
{
	if (at == end)
	{
		counts[length]++;
		return;
	}
	for (uint32 v = 0; v < nnodes; v++)
	{
		if (adjacent[at][v] && !(on_path & (UINT64CONST(1) << v)))
			count_paths(adjacent, nnodes, v, end, on_path | UINT64CONST(1) << v, length + 1, counts);
	}
}

static void
check_path(const ArrayGraph *g, const GraphPaths *paths, const GraphPath *path, uint32 start, uint32 end)
{
	const GraphPathStep *steps = &paths->steps[path->first];
	uint64		seen = 0;

	check(steps[0].node == start && steps[path->length].node == end, "ends of a path");
	for (uint32 i = 0; i <= path->length; i++)
	{
		check(!(seen & (UINT64CONST(1) << steps[i].node)), "simplicity of a path");
		seen |= UINT64CONST(1) << steps[i].node;
		if (i > 0)
			check(is_edge(g, steps[i].edge, steps[i - 1].node, steps[i].node), "edge of a path");
	}
}

static void
check_all_paths(ArrayGraph *g, Graph *graph, PtBudget *budget, uint32 start, uint32 end)
{
	bool		adjacent[MAX_NODES][MAX_NODES] = {{false}};
	uint64		expected[MAX_NODES] = {0};
	uint64		found[MAX_NODES] = {0};
	GraphPaths	paths = {0};
	GraphWalk  *backward = graph_walk_begin(graph, budget, GRAPH_IN, 0);

	for (uint32 i = 0; i < g->nedges; i++)
		adjacent[g->edges[i].source][g->edges[i].target] = true;
	count_paths((const bool (*)[MAX_NODES]) adjacent, g->nnodes, start, end,
				UINT64CONST(1) << start, 0, expected);

	paths.max_paths = PG_INT32_MAX;
	paths.max_hops = PG_UINT64_MAX;
	graph_walk_start(backward, end);
	kernel_paths(graph, backward, start, &paths);
	graph_walk_end(backward);
	for (uint64 i = 0; i < paths.count; i++)
	{
		check(i == 0 || paths.paths[i - 1].length <= paths.paths[i].length, "order of paths");
		check_path(g, &paths, &paths.paths[i], start, end);
		found[paths.paths[i].length]++;
	}
	for (uint32 i = 0; i < g->nnodes; i++)
		check(expected[i] == found[i], "number of paths");
}

static void
check_shortest_path(const ArrayGraph *g, Graph *graph, PtBudget *budget, uint32 start, uint32 end)
{
	uint32		distance[MAX_NODES];
	GraphWalk  *forward = graph_walk_begin(graph, budget, GRAPH_OUT, GRAPH_KEEP_EDGES | GRAPH_KEEP_PARENTS);
	GraphWalk  *backward = graph_walk_begin(graph, budget, GRAPH_IN, GRAPH_KEEP_EDGES | GRAPH_KEEP_PARENTS);
	uint64		forward_end;
	uint64		backward_end;
	uint32		length = 0;

	relax(g, start, GRAPH_OUT, distance);
	graph_walk_start(forward, start);
	graph_walk_start(backward, end);
	check(kernel_path(graph, forward, backward, PG_UINT64_MAX, &forward_end, &backward_end) ==
		  (distance[end] != PG_UINT32_MAX), "existence of a path");
	if (distance[end] != PG_UINT32_MAX)
	{
		check(forward->nodes[forward_end] == backward->nodes[backward_end], "middle of a path");
		for (uint64 i = forward_end; forward->parents[i] != GRAPH_NO_PARENT; i = forward->parents[i])
			length++;
		for (uint64 i = backward_end; backward->parents[i] != GRAPH_NO_PARENT; i = backward->parents[i])
			length++;
		check(length == distance[end], "length of a path");
	}
	graph_walk_end(forward);
	graph_walk_end(backward);
}

Datum
unit_paths(PG_FUNCTION_ARGS)
{
	PtBudget   *budget = begin(fcinfo);
	uint32		nnodes = 2 + seed % 8;
	ArrayGraph *g = array_graph_random(seed, nnodes, seed * 5 % 24, false);
	Graph	   *graph = project_graph(g, budget);

	for (uint32 end = 1; end < nnodes; end++)
	{
		check_all_paths(g, graph, budget, 0, end);
		check_shortest_path(g, graph, budget, 0, end);
	}
	PG_RETURN_INT64(comparisons);
}

/* ---- ways by pattern ---- */

#define MATCH_STATES 5
#define MATCH_SYMBOLS 2

/*
 * Least distances of pairs of a node and a state, by going over all edges and
 * all pairs of states until nothing changes.
 */
static void
relax_pairs(const MatchAutomaton *automaton, const MatchSymbol *symbols, uint32 nnodes,
			uint32 start, uint32 (*distance)[MATCH_STATES])
{
	bool		changed = true;

	for (uint32 v = 0; v < nnodes; v++)
	{
		for (int s = 0; s < MATCH_STATES; s++)
			distance[v][s] = v == start && s == 0 ? 0 : PG_UINT32_MAX;
	}
	while (changed)
	{
		changed = false;
		for (int i = 0; i < MATCH_STATES * MATCH_STATES; i++)
		{
			int			before = i / MATCH_STATES;
			int			state = i % MATCH_STATES;
			const MatchSymbol *symbol = &symbols[automaton->symbols[state]];
			const ArrayGraph *g = (const ArrayGraph *) symbol->graph;

			if (!bms_is_member(state, automaton->follow[before]))
				continue;
			for (uint32 e = 0; e < g->nedges; e++)
			{
				bool		out = symbol->direction == GRAPH_OUT;
				uint32		from = out ? g->edges[e].source : g->edges[e].target;
				uint32		to = out ? g->edges[e].target : g->edges[e].source;

				if (distance[from][before] == PG_UINT32_MAX ||
					distance[from][before] + 1 >= distance[to][state])
					continue;
				distance[to][state] = distance[from][before] + 1;
				changed = true;
			}
		}
	}
}

static uint32
least_accepting(const MatchAutomaton *automaton, const uint32 *distance)
{
	uint32		least = PG_UINT32_MAX;

	for (int s = 0; s < MATCH_STATES; s++)
	{
		if (bms_is_member(s, automaton->accepting))
			least = Min(least, distance[s]);
	}
	return least;
}

static void
draw_automaton(MatchAutomaton *automaton)
{
	pg_prng_state state;

	pg_prng_seed(&state, seed);
	automaton->nstates = MATCH_STATES;
	automaton->symbols = palloc0(MATCH_STATES * sizeof(int));
	automaton->follow = palloc0(MATCH_STATES * sizeof(Bitmapset *));
	automaton->accepting = NULL;
	for (int s = 0; s < MATCH_STATES; s++)
	{
		automaton->symbols[s] = pg_prng_uint64(&state) % MATCH_SYMBOLS;
		if (pg_prng_uint64(&state) % 3 == 0)
			automaton->accepting = bms_add_member(automaton->accepting, s);
		for (int next = 1; next < MATCH_STATES; next++)
		{
			if (pg_prng_uint64(&state) % 3 == 0)
				automaton->follow[s] = bms_add_member(automaton->follow[s], next);
		}
	}
}

Datum
unit_match(PG_FUNCTION_ARGS)
{
	PtBudget   *budget = begin(fcinfo);
	uint32		nnodes = 2 + seed % (MAX_NODES - 2);
	uint32		distance[MAX_NODES][MATCH_STATES];
	GraphSets	sets = {0};
	MatchSymbol symbols[MATCH_SYMBOLS];
	MatchAutomaton automaton;
	GraphWalk  *reached;
	uint64		depth = 0;
	uint32		expected = 0;

	draw_automaton(&automaton);
	for (int i = 0; i < MATCH_SYMBOLS; i++)
	{
		symbols[i].graph = &array_graph_random(seed + i, nnodes, nnodes + seed % 20, false)->graph;
		symbols[i].direction = (seed >> i) % 2 == 0 ? GRAPH_OUT : GRAPH_IN;
	}
	relax_pairs(&automaton, symbols, nnodes, 0, distance);
	reached = graph_walk_begin(symbols[0].graph, budget, GRAPH_OUT, GRAPH_KEEP_EDGES);
	kernel_match(symbols[0].graph, &automaton, symbols, &sets, 0, reached);
	for (uint64 i = 0; i < reached->count; i++)
	{
		while (i >= graph_level_end(reached, depth))
			depth++;
		check(least_accepting(&automaton, distance[reached->nodes[i]]) == depth, "distance of a way");
	}
	for (uint32 v = 0; v < nnodes; v++)
	{
		uint32		least = least_accepting(&automaton, distance[v]);
		MatchWay	way = {0};

		expected += least != PG_UINT32_MAX;
		check(kernel_match_way(symbols[0].graph, &automaton, symbols, &sets, 0, v, budget, &way) ==
			  (least != PG_UINT32_MAX), "whether there is a way");
		check(way.count == (least == PG_UINT32_MAX ? 0 : least), "length of a way");
		check(least == PG_UINT32_MAX || (way.nodes[0] == 0 && way.nodes[way.count] == v), "ends of a way");
		for (uint64 i = 0; i < way.count; i++)
			check(is_edge((ArrayGraph *) symbols[0].graph, way.edges[i], way.nodes[i], way.nodes[i + 1]) ||
				  is_edge((ArrayGraph *) symbols[1].graph, way.edges[i], way.nodes[i], way.nodes[i + 1]),
				  "edge of a way");
	}
	check(reached->count == expected, "number of nodes that ways reach");
	graph_walk_end(reached);
	PG_RETURN_INT64(comparisons);
}

/* ---- pushing ---- */

/* How many edges a node has, a loop counting twice. */
static uint32
degree(const ArrayGraph *g, uint32 node)
{
	uint32		count = 0;

	for (uint32 e = 0; e < g->nedges; e++)
		count += (g->edges[e].source == node) + (g->edges[e].target == node);
	return count;
}

/* Exact scores from some starts, by iterating until nothing is left to change. */
static void
iterate_scores(const ArrayGraph *g, const GraphPush *push, double *scores)
{
	double		next[MAX_NODES];

	memset(scores, 0, g->nnodes * sizeof(double));
	for (int round = 0; round < 400; round++)
	{
		memset(next, 0, sizeof(next));
		for (uint32 i = 0; i < push->nstarts; i++)
			next[push->starts[i]] += (1 - push->damping) / push->nstarts;
		for (uint32 e = 0; e < g->nedges; e++)
		{
			uint32		a = g->edges[e].source;
			uint32		b = g->edges[e].target;

			next[b] += push->damping * scores[a] / degree(g, a);
			next[a] += push->damping * scores[b] / degree(g, b);
		}
		for (uint32 i = 0; i < push->nstarts; i++)
		{
			/* where there is nowhere to go, all stays */
			if (degree(g, push->starts[i]) == 0)
				next[push->starts[i]] = 1.0 / push->nstarts;
		}
		memcpy(scores, next, g->nnodes * sizeof(double));
	}
}

static double
pushed_score(const GraphPush *push, uint32 node)
{
	for (uint32 i = 0; i < push->count; i++)
	{
		if (push->nodes[i].node == node)
			return push->nodes[i].score;
	}
	return 0;
}

/* The same graph with its nodes numbered and its edges listed otherwise. */
static ArrayGraph *
disguise(const ArrayGraph *g)
{
	ArrayGraph *other = array_graph_random(seed, g->nnodes, g->nedges, false);

	for (uint32 e = 0; e < g->nedges; e++)
	{
		other->edges[g->nedges - 1 - e].source = g->nnodes - 1 - g->edges[e].source;
		other->edges[g->nedges - 1 - e].target = g->nnodes - 1 - g->edges[e].target;
	}
	return other;
}

static void
check_push(const ArrayGraph *g, const GraphPush *push)
{
	double		exact[MAX_NODES];
	double		missing = 0;

	iterate_scores(g, push, exact);
	for (uint32 v = 0; v < g->nnodes; v++)
	{
		double		score = pushed_score(push, v);

		check(score <= exact[v] + 1e-9, "score, which is too high,");
		check(push->truncated || score >= exact[v] - push->epsilon * Max(degree(g, v), 1) - 1e-9,
			  "score, which is too low,");
		missing += exact[v] - score;
	}
	check(missing <= push->rest * push->damping + 1e-9, "what is missing of all scores");
}

/* Callers and callees, of starts exactly, further ones no nearer than they are. */
static void
check_distances(const ArrayGraph *g, const GraphPush *push)
{
	for (int direction = GRAPH_OUT; direction <= GRAPH_IN; direction++)
	{
		uint32		least[MAX_NODES];

		for (uint32 v = 0; v < g->nnodes; v++)
			least[v] = PG_UINT32_MAX;
		for (uint32 i = 0; i < push->nstarts; i++)
		{
			uint32		distance[MAX_NODES];

			relax(g, push->starts[i], direction, distance);
			for (uint32 v = 0; v < g->nnodes; v++)
				least[v] = Min(least[v], distance[v]);
		}
		for (uint32 i = 0; i < push->count; i++)
		{
			const PushedNode *node = &push->nodes[i];

			check(node->distance[direction] >= least[node->node], "distance, which is too low,");
			check(least[node->node] > 1 || node->distance[direction] == least[node->node], "short distance");
			check(i < push->nstarts || node->edge != GRAPH_NO_EDGE, "edge to a node");
		}
	}
}

Datum
unit_push(PG_FUNCTION_ARGS)
{
	PtBudget   *budget = begin(fcinfo);
	uint32		nnodes = 1 + seed % (MAX_NODES - 1);
	ArrayGraph *g = array_graph_random(seed, nnodes, seed * 7 % 200, false);
	ArrayGraph *other = disguise(g);
	uint32		starts[] = {seed % nnodes, (seed + 1) % nnodes};
	uint32		other_starts[] = {nnodes - 1 - starts[0], nnodes - 1 - starts[1]};
	const double epsilons[] = {0.1, 0.01, 1e-3, 1e-6};

	for (int i = 0; i < lengthof(epsilons); i++)
	{
		GraphPush	push = {.damping = seed % 2 == 0 ? 0.85 : 0.5,.epsilon = epsilons[i]};
		GraphPush	again;

		push.max_edges = seed % 5 == 0 ? 50 : PG_UINT64_MAX;
		push.starts = starts;
		push.nstarts = nnodes == 1 || seed % 3 == 0 ? 1 : 2;
		again = push;
		again.starts = other_starts;
		kernel_push(&g->graph, &push, budget);
		check_push(g, &push);
		check_distances(g, &push);
		kernel_push(&other->graph, &again, budget);
		check(push.count == again.count && push.rest == again.rest, "number of nodes in another order");
		for (uint32 v = 0; v < nnodes; v++)
			check(pushed_score(&push, v) == pushed_score(&again, nnodes - 1 - v), "score in another order");
	}
	pt_budget_delete(budget);
	PG_RETURN_INT64(comparisons);
}

/* ---- sorting and searching ---- */

static int
compare_numbers(const void *a, const void *b, void *arg)
{
	uint32		x = *(const uint32 *) a;
	uint32		y = *(const uint32 *) b;

	return x < y ? -1 : x > y;
}

/*
 * By radix: doubles of all sizes or numbers of few bits, each as large as the one
 * before or larger, each item once, those of equal numbers in their order.
 */
static void
check_numbered(PtBudget *budget)
{
	double		doubles[500];
	PtNumbered	items[500];
	uint32		count = seed % 500;
	int			bits = seed % 3 == 0 ? 0 : seed % 64 + 1;
	uint64		seen = 0;
	Size		used = budget->used;
	pg_prng_state state;

	pg_prng_seed(&state, seed);
	for (uint32 i = 0; i < count; i++)
	{
		doubles[i] = ldexp(pg_prng_double(&state) - 0.5, (int) pg_prng_uint64_range(&state, 0, 90) - 45);
		if (pg_prng_uint64(&state) % 8 == 0)
			doubles[i] = i % 2 == 0 ? 0.0 : -0.0;
		items[i].number = bits == 0 ? pt_number_of_double(doubles[i]) : pg_prng_uint64(&state) >> (64 - bits);
		items[i].item = i;
	}
	pt_sort_numbered(items, count, budget);
	for (uint32 i = 0; i < count; i++)
	{
		uint32		item = items[i].item;

		seen += item + 1;
		check(bits != 0 || items[i].number == pt_number_of_double(doubles[item]), "item of a number");
		if (i == 0)
			continue;
		check(items[i - 1].number <= items[i].number, "order by radix");
		check(items[i - 1].number < items[i].number || items[i - 1].item < item, "order of equal numbers");
		check(bits != 0 || doubles[items[i - 1].item] <= doubles[item], "order of doubles");
	}
	check(seen == (uint64) count * (count + 1) / 2, "items");
	check(budget->used == used, "memory of a radix sort");
}

Datum
unit_sort(PG_FUNCTION_ARGS)
{
	uint32		numbers[200];
	uint32		count;
	uint64		sum = 0;
	pg_prng_state state;

	check_numbered(begin(fcinfo));
	count = seed % 200;
	pg_prng_seed(&state, seed);
	for (uint32 i = 0; i < count; i++)
	{
		numbers[i] = pg_prng_uint64_range(&state, 0, 50);
		sum += numbers[i];
	}
	pt_sort(numbers, count, sizeof(uint32), compare_numbers, NULL);
	for (uint32 i = 0; i < count; i++)
	{
		check(i == 0 || numbers[i - 1] <= numbers[i], "order");
		sum -= numbers[i];
	}
	check(sum == 0, "sum");
	for (uint32 key = 0; key <= 51; key++)
	{
		uint32		at = 0;

		while (at < count && numbers[at] < key)
			at++;
		check(pt_lower_bound(numbers, count, sizeof(uint32), &key, compare_numbers, NULL) == at,
			  "lower bound");
	}
	PG_RETURN_INT64(comparisons);
}

/* ---- budgets ---- */

/* Does taking so much fail as it should, and nothing stay taken? */
static bool
is_refused(PtBudget *budget, uint64 count)
{
	MemoryContext context = CurrentMemoryContext;
	Size		used = budget->used;
	volatile bool refused = false;

	PG_TRY();
	{
		(void) pt_alloc(budget, count, 1);
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		refused = geterrcode() == ERRCODE_CONFIGURATION_LIMIT_EXCEEDED;
		FlushErrorState();
	}
	PG_END_TRY();
	return refused && budget->used == used;
}

Datum
unit_budget(PG_FUNCTION_ARGS)
{
	PtBudget   *budget = begin(fcinfo);
	uint32	   *array = NULL;
	uint64		capacity = 0;
	Size		start = budget->used;

	for (uint32 i = 0; i < 10000; i++)
	{
		array = pt_grow(budget, array, &capacity, i + 1, sizeof(uint32));
		check(capacity > i, "capacity");
		array[i] = i;
	}
	for (uint32 i = 0; i < 10000; i++)
		check(array[i] == i, "element of an array that has grown");
	check(budget->used >= 10000 * sizeof(uint32), "use of a budget");
	check(is_refused(budget, budget->limit), "refusal");
	check(pt_budget_has(budget, budget->limit - budget->used) &&
		  !pt_budget_has(budget, budget->limit - budget->used + 1), "rest of a budget");
	pt_free(budget, array);
	check(budget->used == start, "use after the array is gone");
	pt_budget_delete(budget);
	PG_RETURN_INT64(comparisons);
}

/* ---- where memory ends ---- */

/* Everything that walks, one after the other. */
static void
walk_all(void *self, PtBudget *budget)
{
	ArrayGraph *g = self;
	GraphSets	sets = {0};
	MatchWay	way = {0};
	MatchSymbol symbols[MATCH_SYMBOLS];
	MatchAutomaton automaton;
	GraphWalk  *reached;

	graph_walk_end(walk_from(&g->graph, budget, 0, GRAPH_BOTH, PG_UINT64_MAX));
	check_all_paths(g, project_graph(g, budget), budget, 0, 1);
	check_shortest_path(g, &g->graph, budget, 0, 1);
	draw_automaton(&automaton);
	for (int i = 0; i < MATCH_SYMBOLS; i++)
		symbols[i] = (MatchSymbol) {&g->graph, i % 2 == 0 ? GRAPH_OUT : GRAPH_IN};
	reached = graph_walk_begin(&g->graph, budget, GRAPH_OUT, GRAPH_KEEP_EDGES);
	kernel_match(&g->graph, &automaton, symbols, &sets, 0, reached);
	graph_walk_end(reached);
	(void) kernel_match_way(&g->graph, &automaton, symbols, &sets, 0, 1, budget, &way);
}

/* With ever more memory, so that each allocation is once the one that fails. */
Datum
unit_walk_memory(PG_FUNCTION_ARGS)
{
	ArrayGraph *g;
	int64		refusals = 0;

	seed = PG_GETARG_INT64(0);
	g = array_graph_random(seed, 9, 10 + seed % 10, false);
	for (Size limit = 0; !runs_within(walk_all, g, pt_budget_create("unit test", "Raise it."), limit); limit += 64)
		refusals++;
	PG_RETURN_INT64(refusals);
}
