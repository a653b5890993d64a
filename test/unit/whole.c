/*
 * whole.c
 *		Kernels over whole graphs: rows in another order of nodes, and what each
 *		kernel does where memory ends.
 */
#include "postgres.h"

#include "array_graph.h"
#include "checks.h"
#include "graph/graph_rows.h"
#include "kernel/kernel_betweenness.h"
#include "kernel/kernel_bridges.h"
#include "kernel/kernel_closeness.h"
#include "kernel/kernel_components.h"
#include "kernel/kernel_coupling.h"
#include "kernel/kernel_crossing.h"
#include "kernel/kernel_cycles.h"
#include "kernel/kernel_dominators.h"
#include "kernel/kernel_feedback.h"
#include "kernel/kernel_kcore.h"
#include "kernel/kernel_labels.h"
#include "kernel/kernel_leiden.h"
#include "kernel/kernel_modularity.h"
#include "kernel/kernel_order.h"
#include "kernel/kernel_pagerank.h"
#include "kernel/kernel_push.h"
#include "kernel/kernel_reduction.h"
#include "kernel/kernel_similarity.h"
#include "kernel/kernel_spectral.h"
#include "kernel/kernel_strong.h"
#include "kernel/kernel_triangles.h"

PG_FUNCTION_INFO_V1(unit_rows);
PG_FUNCTION_INFO_V1(unit_memory);

/* One order of nodes and its inverse: the step is prime to the number of nodes. */
static void
shuffle(uint32 nnodes, uint32 *order, uint32 *numbers)
{
	for (uint32 v = 0; v < nnodes; v++)
	{
		order[v] = (uint32) (((uint64) v * 7919 + 3) % nnodes);
		numbers[order[v]] = v;
	}
}

static uint64
count_end(const GraphProjection *rows, uint32 node, uint32 end)
{
	uint64		count = 0;

	for (uint64 i = rows->offsets[node]; i < rows->offsets[node + 1]; i++)
	{
		count += rows->ends[i] == end;
		if (i > rows->offsets[node] && rows->ends[i - 1] > rows->ends[i])
			elog(ERROR, "row %u is not sorted", node);
	}
	return count;
}

/* How many edges a graph has between two nodes. */
static uint64
count_edges(const ArrayGraph *g, uint32 from, uint32 to)
{
	uint64		count = 0;

	for (uint32 i = 0; i < g->nedges; i++)
		count += g->edges[i].source == from && g->edges[i].target == to;
	return count;
}

Datum
unit_rows(PG_FUNCTION_ARGS)
{
	PtBudget   *budget = begin(fcinfo);
	uint32		nnodes = 1 + seed % 30;
	ArrayGraph *g = array_graph_random(seed, nnodes, seed * 7 % 90, false);
	uint32	   *order = pt_alloc(budget, nnodes, sizeof(uint32));
	uint32	   *numbers = pt_alloc(budget, nnodes, sizeof(uint32));
	uint32	   *places = pt_alloc(budget, nnodes, sizeof(uint32));
	GraphProjection *rows = graph_project(&g->graph, NULL, GRAPH_OUT, 0, budget);
	GraphProjection *in;
	GraphProjection *out;
	GraphProjection *by_size;
	GraphProjection *sizes;
	GraphProjection *both;
	GraphProjection *merged;

	shuffle(nnodes, order, numbers);
	/* one more, which is in no row */
	order = pt_resize(budget, order, nnodes + 1, sizeof(uint32));
	order[nnodes] = GRAPH_NO_NODE;
	in = graph_turn_numbered(rows, order, nnodes + 1, 0, budget);
	out = graph_turn(in, budget);
	by_size = graph_turn_by_size(rows, order, nnodes, places, &sizes, budget);
	merged = graph_turn_numbered(rows, order, nnodes + 1, GRAPH_PROJECT_MERGE | GRAPH_PROJECT_NO_LOOPS,
								 budget);
	both = graph_both_ways(out, in, 0, budget);
	check(graph_row_size(out, nnodes) == 0 && graph_row_size(in, nnodes) == 0, "row of a node without edges");
	for (uint32 v = 0; v < nnodes; v++)
	{
		check(v == 0 || graph_row_size(by_size, v - 1) <= graph_row_size(by_size, v), "order of sizes");
		check(graph_row_size(sizes, places[v]) == graph_row_size(out, v), "size of a row");
		check(graph_row_size(by_size, places[v]) == graph_row_size(in, v), "size of a turned row");
		for (uint64 i = 0; i < graph_row_size(in, v); i++)
			check(by_size->ends[by_size->offsets[places[v]] + i] == places[in->ends[in->offsets[v] + i]],
				  "row by size");
		for (uint32 w = 0; w < nnodes; w++)
		{
			uint64		edges = count_edges(g, order[v], order[w]);
			uint64		back = count_edges(g, order[w], order[v]);

			check(count_end(out, v, w) == edges && count_end(in, w, v) == edges &&
				  count_end(merged, w, v) == (edges > 0 && v != w) &&
				  count_end(both, v, w) == (v == w ? edges : edges + back), "row");
		}
	}
	pt_budget_delete(budget);
	PG_RETURN_INT64(comparisons);
}

/* All kernels, one after the other, on one graph. */
static void
run_all(void *self, PtBudget *budget)
{
	ArrayGraph *g = self;
	GraphProjection *in = graph_project(&g->graph, NULL, GRAPH_IN, GRAPH_PROJECT_MERGE, budget);
	GraphProjection *out = graph_project(&g->graph, NULL, GRAPH_OUT, GRAPH_PROJECT_MERGE, budget);
	GraphProjection *both = graph_both_ways(out, in, GRAPH_PROJECT_MERGE | GRAPH_PROJECT_NO_LOOPS,
											budget);
	uint32	   *least = kernel_strong(out, budget);
	GraphOrder	order = kernel_order(out, budget);
	GraphCycles shortest = {.max_cycles = PG_UINT64_MAX};
	GraphCycles all = {.max_cycles = 50};
	GraphRanking ranking = {.damping = 0.85};
	GraphIteration iteration = {.max_iterations = 5};
	GraphLeiden leiden = {1, 1, 2};
	GraphCrossing crossing = {0};
	uint32		near[] = {0, g->nnodes - 1};
	GraphPush	push = {.damping = 0.85,.epsilon = 1e-6,.max_edges = PG_UINT64_MAX,.starts = near,.nstarts = 2};
	uint64		words = GRAPH_WORDS(both->nnodes);
	GraphProjection *sizes;
	uint64		similar;
	uint32	   *same;
	uint64	   *bits;
	bool		grows;

	same = pt_alloc(budget, out->nnodes, sizeof(uint32));
	for (uint32 v = 0; v < out->nnodes; v++)
		same[v] = v;
	(void) graph_turn_numbered(graph_project(&g->graph, NULL, GRAPH_OUT, 0, budget), same,
							   out->nnodes, GRAPH_PROJECT_MERGE, budget);
	(void) graph_turn_by_size(graph_project(&g->graph, NULL, GRAPH_OUT, 0, budget), same,
							  out->nnodes, pt_alloc(budget, out->nnodes, sizeof(uint32)), &sizes, budget);
	(void) kernel_components(out, budget);
	(void) kernel_condense(out, least, budget);
	kernel_shortest_cycles(out, in, least, &shortest, budget);
	kernel_all_cycles(out, in, least, &all, budget);
	(void) kernel_feedback(out, in, least, budget);
	if (order.count == out->nnodes)
		(void) kernel_reduction(out, &order, budget);
	(void) kernel_bridges(both, budget);
	(void) kernel_dominators(out, in, 0, budget);
	(void) kernel_kcore(both, budget);
	(void) kernel_pagerank(out, in, &ranking, &iteration, budget);
	ranking.personal = near;
	ranking.npersonal = 1;
	(void) kernel_pagerank(out, in, &ranking, &iteration, budget);
	(void) kernel_eigenvector(in, &iteration, budget);
	(void) kernel_katz(in, 0.01, 1, &grows, &iteration, budget);
	(void) kernel_hits(out, in, true, &iteration, budget);
	(void) kernel_betweenness(out, in, PG_UINT64_MAX, 0, budget);
	(void) kernel_closeness(in, KERNEL_HARMONIC, budget);
	(void) kernel_coupling(both, both, budget);
	(void) kernel_labels(out, in, 3, budget);
	(void) kernel_triangles(both, out, budget);
	(void) kernel_leiden(both, &leiden, budget);
	(void) kernel_modularity(both, least, 1, budget);
	(void) kernel_similar(both, both, 0, &similar, budget);
	kernel_push(&g->graph, &push, budget);
	/* out of the last node into the first, over nodes in between */
	bits = pt_alloc(budget, 2 * words, sizeof(uint64));
	memset(bits, 0, 2 * words * sizeof(uint64));
	crossing.from = bits;
	crossing.to = bits + words;
	graph_set_bit(bits, both->nnodes - 1);
	graph_set_bit(bits + words, 0);
	kernel_crossing(both, &crossing, budget);
	(void) kernel_crossing_next(both, &crossing, both->nnodes - 1);
}

/* With ever more memory, so that each allocation is once the one that fails. */
Datum
unit_memory(PG_FUNCTION_ARGS)
{
	ArrayGraph *g;
	int64		refusals = 0;

	seed = PG_GETARG_INT64(0);
	g = array_graph_random(seed, 20, 10 + seed % 40, false);
	for (Size limit = 0; !runs_within(run_all, g, pt_budget_create("unit test", "Raise it."), limit); limit += 64)
		refusals++;
	PG_RETURN_INT64(refusals);
}
