/*
 * code_hotspots.c
 *		pt_hotspots: what has the most to do with others.
 *
 * Keys cost more than all of the counting, and what is no code is told by its key. So
 * nodes are named from the highest degree down, until there are as many rows as wanted.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "code/code_files.h"
#include "function/sql_network.h"

PG_FUNCTION_INFO_V1(pt_hotspots);

/* own arguments of pt_hotspots */
enum
{
	HOTSPOTS_PLACEHOLDERS,
	HOTSPOTS_MAX_RESULTS
};

/* nodes that are named at a time, at least: some are no code */
#define LEAST_NAMED 256

typedef struct Hotspot
{
	uint32		node;
	uint32		rank;
} Hotspot;

static uint64
degree_of(const SqlNetwork *network, uint32 node)
{
	return graph_row_size(network->in, node) + graph_row_size(network->out, node);
}

static void
fill_hotspot(const SqlNetwork *network, const void *answer, uint64 place, Datum *values,
			 bool *nulls)
{
	const Hotspot *spot = (const Hotspot *) answer + place;

	values[0] = sql_network_node(network, spot->node);
	values[1] = Int64GetDatum((int64) graph_row_size(network->in, spot->node));
	values[2] = Int64GetDatum((int64) graph_row_size(network->out, spot->node));
	values[3] = Int64GetDatum((int64) degree_of(network, spot->node));
	values[4] = Int64GetDatum((int64) spot->rank);
}

/* All nodes, the one of the highest degree first. */
static PtNumbered *
sort_by_degree(SqlNetwork *network)
{
	PtNumbered *nodes = pt_alloc(network->graph.budget, network->nnodes, sizeof(PtNumbered));

	for (uint32 v = 0; v < network->nnodes; v++)
	{
		pt_check_interrupts(v);
		nodes[v] = (PtNumbered) {~degree_of(network, v), v};
	}
	pt_sort_numbered(nodes, network->nnodes, network->graph.budget);
	return nodes;
}

/* The first of them that count, at least max_results if there are so many. */
static uint64
choose(SqlNetwork *network, PtNumbered *nodes, bool placeholders, uint64 max_results,
	   Hotspot **spots)
{
	uint64		capacity = 0;
	uint64		count = 0;
	uint64		last;

	*spots = NULL;
	for (uint64 first = 0; first < network->nnodes && count < max_results; first = last)
	{
		/* twice as many each time, or what is no code would take a pass for each few */
		uint64		wanted = Max(max_results - count, Max(first, LEAST_NAMED));

		last = sql_network_name_best(network, nodes, network->nnodes, first, wanted);
		*spots = pt_grow(network->graph.budget, *spots, &capacity, count + (last - first),
						 sizeof(Hotspot));
		for (uint64 i = first; i < last; i++)
		{
			uint32		node = nodes[i].item;
			uint32		rank = (uint32) count + 1;

			pt_check_interrupts(i);
			if (!placeholders && code_is_placeholder(network, node))
				continue;
			if (count > 0 && degree_of(network, node) == degree_of(network, (*spots)[count - 1].node))
				rank = (*spots)[count - 1].rank;
			(*spots)[count++] = (Hotspot) {node, rank};
		}
	}
	return count;
}

Datum
pt_hotspots(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	Hotspot    *spots;
	bool		placeholders;
	uint64		max_results;
	uint64		count;

	sql_network_begin(&network, fcinfo,
					  SQL_NETWORK_MERGE | SQL_NETWORK_NO_LOOPS | SQL_NETWORK_UNNAMED);
	placeholders = sql_flag(fcinfo, network.first + HOTSPOTS_PLACEHOLDERS);
	max_results = sql_bound(fcinfo, network.first + HOTSPOTS_MAX_RESULTS, "max_results");
	sql_network_load(&network);
	count = choose(&network, sort_by_degree(&network), placeholders, max_results, &spots);
	sql_put_rows(&network, Min(count, max_results), fill_hotspot, spots);
	sql_network_end(&network);
	return (Datum) 0;
}
