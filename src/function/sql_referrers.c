/*
 * sql_referrers.c
 *		pt_referrers: how many others refer to each of some keys.
 *
 * Edges of types that are no references are asked for a second time, by
 * themselves: who leads to a key by as many of these as by edges at all does not
 * refer to it.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "catalog/pg_type.h"
#include "function/sql_args.h"
#include "function/sql_node.h"
#include "function/sql_source.h"
#include "miscadmin.h"
#include "utils/array.h"

PG_FUNCTION_INFO_V1(pt_referrers);

/* arguments of pt_referrers before the common options */
enum
{
	ARG_KEYS,
	ARG_WITHOUT
};

/* edges asked for at a time */
#define BATCH 1024

/* Edges, each as the place of the key that it leads to and the node it comes from. */
typedef struct EdgeEnds
{
	PtNumbered *items;
	uint64		count;
	uint64		capacity;
} EdgeEnds;

static uint32 *
find_nodes(SqlGraph *graph, const Datum *keys, int count)
{
	uint32	   *nodes = pt_alloc(graph->budget, count, sizeof(uint32));

	for (int i = 0; i < count; i += SQL_FIND_BATCH)
	{
		int			batch = Min(SQL_FIND_BATCH, count - i);
		Datum		values[SQL_FIND_BATCH] = {0};

		CHECK_FOR_INTERRUPTS();
		sql_graph_pause(graph);
		for (int j = 0; j < batch; j++)
			values[j] = sql_node_argument(graph, keys[i + j], TEXTOID);
		graph->source->find_nodes(graph, values, batch, nodes + i);
	}
	return nodes;
}

/* The edges to the keys that have a node, but for those from there, in order. */
static EdgeEnds
gather(SqlGraph *graph, Graph *view, const uint32 *nodes, const uint32 *places, uint64 count)
{
	EdgeEnds	ends = {0};
	GraphArc	arcs[BATCH];
	GraphArcs	question = {0};

	question.nodes = nodes;
	question.count = count;
	question.direction = GRAPH_IN;
	question.ends_only = true;
	question.arcs = arcs;
	question.capacity = BATCH;
	do
	{
		(void) graph_edges(view, &question);
		ends.items = pt_grow(graph->budget, ends.items, &ends.capacity,
							 ends.count + question.narcs, sizeof(PtNumbered));
		for (uint32 i = 0; i < question.narcs; i++)
		{
			if (arcs[i].to != nodes[arcs[i].from])
				ends.items[ends.count++].number =
					(uint64) places[arcs[i].from] << 32 | arcs[i].to;
		}
	} while (question.narcs > 0);
	pt_sort_numbered(ends.items, ends.count, graph->budget);
	return ends;
}

/* How many edges from here on have these ends? */
static uint64
count_alike(const EdgeEnds *ends, uint64 first, uint64 number)
{
	uint64		end = first;

	while (end < ends->count && ends->items[end].number == number)
		pt_check_interrupts(++end);
	return end - first;
}

/* Nodes from which more edges lead to a key than of those that are no references. */
static void
count_referrers(const EdgeEnds *all, const EdgeEnds *without, Datum *counts)
{
	uint64		other = 0;

	for (uint64 i = 0; i < all->count;)
	{
		uint64		number = all->items[i].number;
		uint64		alike = count_alike(all, i, number);

		while (other < without->count && without->items[other].number < number)
			pt_check_interrupts(++other);
		if (alike > count_alike(without, other, number))
			counts[number >> 32] = Int64GetDatum(DatumGetInt64(counts[number >> 32]) + 1);
		i += alike;
	}
}

Datum
pt_referrers(PG_FUNCTION_ARGS)
{
	SqlOptions	options = sql_options(fcinfo, SQL_OPTION_NO_KEYS | SQL_OPTION_GRAPH);
	ArrayType  *without = PG_ARGISNULL(ARG_WITHOUT) ? NULL : PG_GETARG_ARRAYTYPE_P(ARG_WITHOUT);
	EdgeEnds	left_out = {0};
	EdgeEnds	all;
	SqlGraph	graph;
	Datum	   *keys;
	Datum	   *counts;
	uint32	   *nodes;
	uint32	   *places;
	uint64		known = 0;
	int			count;

	sql_require(fcinfo, ARG_KEYS, "keys");
	keys = sql_elements(PG_GETARG_ARRAYTYPE_P(ARG_KEYS), "keys", &count);
	counts = palloc_extended(((Size) count + 1) * sizeof(Datum), MCXT_ALLOC_HUGE);
	for (int i = 0; i < count; i++)
		counts[i] = Int64GetDatum(0);
	sql_graph_open(&graph, fcinfo, options.graph_argno,
				   options.edge_types != NULL || without != NULL ? SQL_READ_LABEL : 0,
				   "references", "Raise parseltongue.local_image_memory.");
	sql_graph_sync(&graph);
	sql_graph_follow(&graph, options.edge_types, options.min_confidence);
	nodes = find_nodes(&graph, keys, count);
	places = pt_alloc(graph.budget, count, sizeof(uint32));
	for (int i = 0; i < count; i++)
	{
		pt_check_interrupts(i);
		if (nodes[i] == GRAPH_NO_NODE)
			continue;
		places[known] = i;
		nodes[known++] = nodes[i];
	}
	all = gather(&graph, graph.view, nodes, places, known);
	if (without != NULL)
		left_out = gather(&graph, graph.source->follow(&graph, without, options.min_confidence),
						  nodes, places, known);
	sql_graph_leave(&graph);
	count_referrers(&all, &left_out, counts);
	sql_graph_close(&graph);
	PG_RETURN_ARRAYTYPE_P(construct_array(counts, count, INT8OID, sizeof(int64),
										  sizeof(Datum) >= sizeof(int64), TYPALIGN_DOUBLE));
}
