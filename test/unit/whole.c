/*
 * whole.c
 *		Kernels over whole graphs: rows in another order of nodes, and what each
 *		kernel does where memory ends.
 */
#include "postgres.h"

#include "array_graph.h"
#include "fmgr.h"
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
#include "kernel/kernel_order.h"
#include "kernel/kernel_pagerank.h"
#include "kernel/kernel_push.h"
#include "kernel/kernel_reduction.h"
#include "kernel/kernel_spectral.h"
#include "kernel/kernel_strong.h"
#include "utils/memutils.h"

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
	int64		seed = PG_GETARG_INT64(0);
	PtBudget   *budget = pt_budget_create("unit test", "Raise it.");
	uint32		nnodes = 1 + seed % 30;
	ArrayGraph *g = array_graph_random(seed, nnodes, seed * 7 % 90, false);
	uint32	   *order = pt_alloc(budget, nnodes, sizeof(uint32));
	uint32	   *numbers = pt_alloc(budget, nnodes, sizeof(uint32));
	GraphProjection *rows = graph_project(&g->graph, NULL, GRAPH_OUT, 0, budget);
	GraphProjection *out;
	GraphProjection *in;
	GraphProjection *both;
	GraphProjection *merged;

	shuffle(nnodes, order, numbers);
	out = graph_renumber(rows, order, numbers, nnodes, 0, budget);
	merged = graph_renumber(rows, order, numbers, nnodes,
							GRAPH_PROJECT_MERGE | GRAPH_PROJECT_NO_LOOPS, budget);
	in = graph_turn(out, budget);
	both = graph_both_ways(out, in, 0, budget);
	for (uint32 v = 0; v < nnodes; v++)
	{
		for (uint32 w = 0; w < nnodes; w++)
		{
			uint64		edges = count_edges(g, order[v], order[w]);
			uint64		back = count_edges(g, order[w], order[v]);

			if (count_end(out, v, w) != edges || count_end(in, w, v) != edges ||
				count_end(merged, v, w) != (edges > 0 && v != w) ||
				count_end(both, v, w) != (v == w ? edges : edges + back))
				elog(ERROR, "rows differ, seed " INT64_FORMAT, seed);
		}
	}
	pt_budget_delete(budget);
	PG_RETURN_INT64((int64) nnodes * nnodes);
}

/* All kernels, one after the other, on one graph. */
static void
run_all(const ArrayGraph *g, const GraphProjection *out, const GraphProjection *in,
		PtBudget *budget)
{
	GraphProjection *both = graph_both_ways(out, in, GRAPH_PROJECT_MERGE | GRAPH_PROJECT_NO_LOOPS,
											budget);
	uint32	   *least = kernel_strong(out, budget);
	GraphOrder	order = kernel_order(out, budget);
	GraphCycles shortest = {.max_cycles = PG_UINT64_MAX};
	GraphCycles all = {.max_cycles = 50};
	GraphRanking ranking = {.damping = 0.85};
	GraphIteration iteration = {.max_iterations = 5};
	GraphCrossing crossing = {0};
	uint32		near[] = {0, g->nnodes - 1};
	GraphPush	push = {.damping = 0.85,.epsilon = 1e-6,.max_edges = PG_UINT64_MAX,.starts = near,.nstarts = 2};
	uint64		words = GRAPH_WORDS(both->nnodes);
	uint64	   *bits;
	bool		grows;

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
	(void) kernel_eigenvector(in, &iteration, budget);
	(void) kernel_katz(in, 0.01, 1, &grows, &iteration, budget);
	(void) kernel_hits(out, in, true, &iteration, budget);
	(void) kernel_betweenness(out, in, PG_UINT64_MAX, 0, budget);
	(void) kernel_closeness(in, KERNEL_HARMONIC, budget);
	(void) kernel_coupling(both, both, budget);
	kernel_push((Graph *) &g->graph, &push, budget);
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

/* False if memory ended: by the right error. */
static bool
runs_within(const ArrayGraph *g, Size limit)
{
	MemoryContext context = CurrentMemoryContext;
	PtBudget   *budget = pt_budget_create("unit test", "Raise it.");
	volatile bool done = false;
	GraphProjection *in = graph_project((Graph *) &g->graph, NULL, GRAPH_IN, GRAPH_PROJECT_MERGE,
										budget);
	GraphProjection *out = graph_project((Graph *) &g->graph, NULL, GRAPH_OUT, GRAPH_PROJECT_MERGE,
										 budget);

	PG_TRY();
	{
		budget->limit = budget->used + limit;
		run_all(g, out, in, budget);
		done = true;
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		if (geterrcode() != ERRCODE_CONFIGURATION_LIMIT_EXCEEDED)
			PG_RE_THROW();
		FlushErrorState();
	}
	PG_END_TRY();
	pt_budget_delete(budget);
	return done;
}

/* With ever more memory, so that each allocation is once the one that fails. */
Datum
unit_memory(PG_FUNCTION_ARGS)
{
	int64		seed = PG_GETARG_INT64(0);
	ArrayGraph *g = array_graph_random(seed, 20, 10 + seed % 40, false);
	int64		refusals = 0;

	for (Size limit = 0; !runs_within(g, limit); limit += 64)
		refusals++;
	PG_RETURN_INT64(refusals);
}
