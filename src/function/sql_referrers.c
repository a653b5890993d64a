/*
 * sql_referrers.c
 *		pt_referrer_count, pt_is_reached: of entity after entity, how many others refer
 *		to it, and whether a walk leads there.
 *
 * A codebase has millions of entities, most of which nothing refers to. So it is a
 * query that passes over them, and these functions are asked in its conditions. The first
 * call in a query passes over the graph, once, and keeps what there is to know of nodes by
 * their hashes; the graph is closed then, so that nothing is held between two rows.
 *
 * Edges of types that are no references are asked for a second time, by
 * themselves: who leads to a node by as many of these as by edges at all does not
 * refer to it.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "catalog/pg_type.h"
#include "function/sql_args.h"
#include "function/sql_node.h"
#include "function/sql_source.h"
#include "graph/graph_rows.h"
#include "kernel/kernel_bfs.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "utils/array.h"

PG_FUNCTION_INFO_V1(pt_referrer_count);
PG_FUNCTION_INFO_V1(pt_is_reached);

/* arguments of both before the common options */
enum
{
	ARG_KEY,
	ARG_WITHOUT,
	ARG_STARTS = ARG_WITHOUT
};

/* A node by its hash; empty if it has no number. */
typedef struct KnownNode
{
	AdjNode		hash;
	uint32		number;
} KnownNode;

/* What is known of nodes, for the rest of a query. */
typedef struct KnownNodes
{
	AdjColumns	columns;		/* that hashes are made by */
	uint64		mask;			/* of slots, less than two thirds of which are taken */
	KnownNode  *slots;
} KnownNodes;

/* ---- the table ---- */

/* The slot of a node, or the one where it would be. */
static KnownNode *
find_slot(const KnownNodes *known, AdjNode hash)
{
	uint64		place = hash.fingerprint & known->mask;

	while (known->slots[place].number != 0 &&
		   (known->slots[place].hash.fingerprint != hash.fingerprint ||
			known->slots[place].hash.check != hash.check))
		place = (place + 1) & known->mask;
	return &known->slots[place];
}

/* Those of the graph's nodes whose numbers are not 0, in a context that lives as long as the query. */
static KnownNodes *
keep_numbers(SqlGraph *graph, const uint32 *numbers, uint32 nnodes, MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	PtBudget   *budget = pt_budget_create("references", "Raise parseltongue.local_image_memory.");
	KnownNodes *known = pt_alloc(budget, 1, sizeof(KnownNodes));
	uint64		count = 0;

	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		count += numbers[v] != 0;
	}
	known->columns = graph->columns;
	known->mask = pg_nextpower2_64(count + count / 2 + 2) - 1;
	known->slots = pt_alloc(budget, known->mask + 1, sizeof(KnownNode));
	memset(known->slots, 0, (known->mask + 1) * sizeof(KnownNode));
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		if (numbers[v] != 0)
		{
			AdjNode		hash = graph->source->node_hash(graph, v);

			*find_slot(known, hash) = (KnownNode) {hash, numbers[v]};
		}
	}
	MemoryContextSwitchTo(old);
	return known;
}

/* The number of the key that is an argument, 0 if it has none. */
static uint32
number_of(FunctionCallInfo fcinfo, const KnownNodes *known)
{
	return find_slot(known, adj_hash_node(&known->columns, PG_GETARG_DATUM(ARG_KEY)))->number;
}

/* ---- references ---- */

/* Others from which more edges lead to a node than of those that are no references. */
static uint32
count_referrers(const GraphProjection *all, const GraphProjection *without, uint32 node,
				int32 *edges)
{
	uint32		count = 0;

	for (uint64 i = all->offsets[node]; i < all->offsets[node + 1]; i++)
	{
		pt_check_interrupts(i);
		edges[all->ends[i]]++;
	}
	for (uint64 i = without == NULL ? 0 : without->offsets[node];
		 without != NULL && i < without->offsets[node + 1]; i++)
	{
		pt_check_interrupts(i);
		edges[without->ends[i]]--;
	}
	edges[node] = 0;
	for (uint64 i = all->offsets[node]; i < all->offsets[node + 1]; i++)
	{
		pt_check_interrupts(i);
		count += edges[all->ends[i]] > 0;
		edges[all->ends[i]] = 0;
	}
	return count;
}

static void
open_graph(SqlGraph *graph, FunctionCallInfo fcinfo, const SqlOptions *options, bool by_label)
{
	sql_graph_open(graph, fcinfo, options->graph_argno, by_label ? SQL_READ_LABEL : 0, "references",
				   "Raise parseltongue.local_image_memory.");
	sql_graph_sync(graph);
	sql_graph_follow(graph, options->edge_types, options->min_confidence);
}

static KnownNodes *
find_referrers(FunctionCallInfo fcinfo)
{
	SqlOptions	options = sql_options(fcinfo, SQL_OPTION_NO_KEYS | SQL_OPTION_GRAPH);
	ArrayType  *types = PG_ARGISNULL(ARG_WITHOUT) ? NULL : PG_GETARG_ARRAYTYPE_P(ARG_WITHOUT);
	SqlGraph	graph;
	GraphProjection *all;
	GraphProjection *without = NULL;
	KnownNodes *known;
	uint32	   *counts;
	int32	   *edges;

	open_graph(&graph, fcinfo, &options, options.edge_types != NULL || types != NULL);
	all = graph_project(graph.view, NULL, GRAPH_IN, 0, graph.budget);
	if (types != NULL)
		without = graph_project(graph.source->follow(&graph, types, options.min_confidence),
								NULL, GRAPH_IN, 0, graph.budget);
	sql_graph_leave(&graph);
	counts = pt_alloc(graph.budget, all->nnodes, sizeof(uint32));
	edges = pt_alloc(graph.budget, all->nnodes, sizeof(int32));
	memset(edges, 0, all->nnodes * sizeof(int32));
	for (uint32 v = 0; v < all->nnodes; v++)
	{
		pt_check_interrupts(v);
		counts[v] = count_referrers(all, without, v, edges);
	}
	known = keep_numbers(&graph, counts, all->nnodes, fcinfo->flinfo->fn_mcxt);
	sql_graph_close(&graph);
	return known;
}

Datum
pt_referrer_count(PG_FUNCTION_ARGS)
{
	sql_require(fcinfo, ARG_KEY, "key");
	if (fcinfo->flinfo->fn_extra == NULL)
		fcinfo->flinfo->fn_extra = find_referrers(fcinfo);
	PG_RETURN_INT64((int64) number_of(fcinfo, fcinfo->flinfo->fn_extra));
}

/* ---- a walk ---- */

static void
add_starts(SqlGraph *graph, GraphWalk *walk, const Datum *keys, int count)
{
	for (int i = 0; i < count; i += SQL_FIND_BATCH)
	{
		int			batch = Min(SQL_FIND_BATCH, count - i);
		Datum		values[SQL_FIND_BATCH] = {0};
		uint32		nodes[SQL_FIND_BATCH];

		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < batch; j++)
			values[j] = sql_node_argument(graph, keys[i + j], TEXTOID);
		graph->source->find_nodes(graph, values, batch, nodes);
		graph_walk_cover(walk, graph->view->nnodes);
		for (int j = 0; j < batch; j++)
		{
			if (nodes[j] != GRAPH_NO_NODE && !graph_is_visited(walk, nodes[j]))
				graph_walk_start(walk, nodes[j]);
		}
	}
}

static KnownNodes *
find_reached(FunctionCallInfo fcinfo)
{
	SqlOptions	options = sql_options(fcinfo, SQL_OPTION_NO_KEYS | SQL_OPTION_GRAPH);
	SqlGraph	graph;
	GraphWalk  *walk;
	KnownNodes *known;
	uint32	   *reached;
	Datum	   *keys;
	int			count;

	sql_require(fcinfo, ARG_STARTS, "starts");
	keys = sql_elements(PG_GETARG_ARRAYTYPE_P(ARG_STARTS), "starts", &count);
	open_graph(&graph, fcinfo, &options, options.edge_types != NULL);
	walk = sql_walk_begin(&graph, GRAPH_OUT, 0);
	add_starts(&graph, walk, keys, count);
	kernel_bfs(graph.view, walk, PG_UINT64_MAX);
	graph_walk_end(walk);
	sql_graph_leave(&graph);
	reached = pt_alloc(graph.budget, graph.view->nnodes, sizeof(uint32));
	memset(reached, 0, graph.view->nnodes * sizeof(uint32));
	for (uint64 i = 0; i < walk->count; i++)
	{
		pt_check_interrupts(i);
		reached[walk->nodes[i]] = 1;
	}
	known = keep_numbers(&graph, reached, graph.view->nnodes, fcinfo->flinfo->fn_mcxt);
	sql_graph_close(&graph);
	return known;
}

Datum
pt_is_reached(PG_FUNCTION_ARGS)
{
	sql_require(fcinfo, ARG_KEY, "key");
	if (fcinfo->flinfo->fn_extra == NULL)
		fcinfo->flinfo->fn_extra = find_reached(fcinfo);
	PG_RETURN_BOOL(number_of(fcinfo, fcinfo->flinfo->fn_extra) != 0);
}
