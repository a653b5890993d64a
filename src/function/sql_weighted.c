/*
 * sql_weighted.c
 *		pt_bellman_ford, pt_minimum_spanning_tree, pt_max_flow: whole graphs by
 *		the weights of their edges.
 */
#include "postgres.h"

#include <math.h>

#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "function/sql_network.h"
#include "kernel/kernel_bellman_ford.h"
#include "kernel/kernel_flow.h"
#include "kernel/kernel_spanning.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/rel.h"

PG_FUNCTION_INFO_V1(pt_bellman_ford);
PG_FUNCTION_INFO_V1(pt_minimum_spanning_tree);
PG_FUNCTION_INFO_V1(pt_max_flow);

/* ---- least costs ---- */

/* own arguments of pt_bellman_ford */
enum
{
	COSTS_START,
	COSTS_DIRECTION
};

typedef struct Costs
{
	GraphPotentials found;
	uint32	   *nodes;			/* in the order of rows */
	uint64		count;
} Costs;

#define SHOWN_NODES 20

/* The nodes of a way, and the one it ends at, for a message. */
static char *
way_text(const SqlNetwork *network, const uint32 *nodes, uint32 count, uint32 end)
{
	StringInfoData way;

	initStringInfo(&way);
	for (uint32 i = 0; i < Min(count, SHOWN_NODES); i++)
		appendStringInfo(&way, "%s -> ", sql_network_name(network, nodes[i]));
	if (count > SHOWN_NODES)
		appendStringInfoString(&way, "... -> ");
	appendStringInfoString(&way, sql_network_name(network, end));
	return way.data;
}

/* Does not return. */
static void
refuse_cycle(const SqlNetwork *network, const GraphPotentials *found)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg("graph \"%s\" has a cycle of negative cost",
					RelationGetRelationName(network->graph.heap)),
			 errdetail_plural("One of %u node: %s.", "One of %u nodes: %s.", found->cycle_length,
							  found->cycle_length,
							  way_text(network, found->cycle, found->cycle_length, found->cycle[0])),
			 errhint("Whoever goes around it again pays less each time, so nothing has a least cost. Leave it out by avoid or edge_types.")));
}

/* By cost, then by key. */
static int
compare_costs(const void *a, const void *b, void *arg)
{
	const double *costs = arg;
	uint32		x = *(const uint32 *) a;
	uint32		y = *(const uint32 *) b;

	if (costs[x] != costs[y])
		return costs[x] < costs[y] ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void
fill_cost(const SqlNetwork *network, const void *answer, uint64 place, Datum *values, bool *nulls)
{
	const Costs *costs = answer;
	uint32		node = costs->nodes[place];
	uint32		parent = costs->found.parents[node];

	values[0] = sql_network_node(network, node);
	values[1] = Float8GetDatum(costs->found.costs[node]);
	nulls[2] = parent == GRAPH_NO_NODE;
	if (!nulls[2])
		values[2] = sql_network_node(network, parent);
}

/* A start on no edge. */
static void
fill_start(const SqlNetwork *network, const void *answer, uint64 place, Datum *values, bool *nulls)
{
	values[0] = sql_network_root_value(network);
	values[1] = Float8GetDatum(0);
	nulls[2] = true;
}

Datum
pt_bellman_ford(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	GraphDirection direction;
	Costs		costs = {0};
	uint32		start;

	sql_network_begin(&network, fcinfo,
					  SQL_NETWORK_MERGE | SQL_NETWORK_KEYS | SQL_NETWORK_ROOT | SQL_NETWORK_WEIGHTS);
	direction = sql_direction(fcinfo, network.first + COSTS_DIRECTION);
	if (sql_is_absent(fcinfo, network.first + COSTS_START, "start", network.options.missing_ok))
		return (Datum) 0;
	sql_network_load(&network);
	start = sql_network_find_root(&network);
	if (start != GRAPH_NO_NODE)
	{
		costs.found = kernel_bellman_ford(direction == GRAPH_OUT ? network.out :
										  direction == GRAPH_IN ? network.in :
										  sql_network_both_ways(&network),
										  start, network.graph.budget);
		if (costs.found.cycle != NULL)
			refuse_cycle(&network, &costs.found);
		costs.nodes = pt_alloc(network.graph.budget, network.nnodes, sizeof(uint32));
		for (uint32 v = 0; v < network.nnodes; v++)
		{
			pt_check_interrupts(v);
			if (costs.found.costs[v] < INFINITY)
				costs.nodes[costs.count++] = v;
		}
		pt_sort(costs.nodes, costs.count, sizeof(uint32), compare_costs, costs.found.costs);
		sql_put_rows(&network, costs.count, fill_cost, &costs);
	}
	else
		sql_put_rows(&network, 1, fill_start, NULL);
	sql_network_end(&network);
	return (Datum) 0;
}

/* ---- spanning trees ---- */

static void
fill_edge(const SqlNetwork *network, const void *answer, uint64 place, Datum *values, bool *nulls)
{
	const GraphSpanning *tree = answer;

	values[0] = sql_network_node(network, tree->froms[place]);
	values[1] = sql_network_node(network, tree->ends[place]);
	values[2] = Float8GetDatum(tree->weights[place]);
}

Datum
pt_minimum_spanning_tree(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	GraphSpanning tree;

	sql_network_begin(&network, fcinfo, SQL_NETWORK_MERGE | SQL_NETWORK_NO_LOOPS |
					  SQL_NETWORK_OUT_ONLY | SQL_NETWORK_WEIGHTS);
	sql_network_load(&network);
	tree = kernel_spanning(network.out, network.graph.budget);
	sql_put_rows(&network, tree.count, fill_edge, &tree);
	sql_network_end(&network);
	return (Datum) 0;
}

/* ---- flow ---- */

/* own arguments of pt_max_flow */
enum
{
	FLOW_SOURCE,
	FLOW_SINK,
	FLOW_DIRECTED
};

typedef struct Flow
{
	const GraphProjection *rows;
	GraphFlow	found;
	uint64	   *places;			/* of edges that something flows along */
	uint32	   *froms;
	uint64		count;
} Flow;

static void
gather_flow(Flow *flow, PtBudget *budget)
{
	const GraphProjection *rows = flow->rows;

	flow->places = pt_alloc(budget, rows->nedges, sizeof(uint64));
	flow->froms = pt_alloc(budget, rows->nedges, sizeof(uint32));
	for (uint32 v = 0; v < rows->nnodes; v++)
	{
		pt_check_interrupts(v);
		for (uint64 i = rows->offsets[v]; i < rows->offsets[v + 1]; i++)
		{
			pt_check_interrupts(i);
			if (!(flow->found.flows[i] > 0))
				continue;
			flow->froms[flow->count] = v;
			flow->places[flow->count++] = i;
		}
	}
}

static void
fill_flow(const SqlNetwork *network, const void *answer, uint64 place, Datum *values, bool *nulls)
{
	const Flow *flow = answer;
	uint64		edge = flow->places[place];
	uint32		from = flow->froms[place];
	uint32		to = flow->rows->ends[edge];

	values[0] = sql_network_node(network, from);
	values[1] = sql_network_node(network, to);
	values[2] = Float8GetDatum(flow->rows->weights[edge]);
	values[3] = Float8GetDatum(flow->found.flows[edge]);
	values[4] = BoolGetDatum(graph_bit(flow->found.near, from) && !graph_bit(flow->found.near, to));
}

/* Does not return. */
static void
refuse_flow(const SqlNetwork *network, const GraphFlow *found, uint32 source, uint32 sink)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg("nothing bounds the flow from \"%s\" to \"%s\"",
					sql_network_name(network, source), sql_network_name(network, sink)),
			 errdetail("The capacity of each edge of a way is infinite: %s.",
					   way_text(network, found->way, found->way_length, sink)),
			 errhint("Give one of these edges a capacity, or leave it out by avoid or edge_types.")));
}

Datum
pt_max_flow(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	Flow		flow = {0};
	bool		directed;
	uint32		source;
	uint32		sink;

	sql_network_begin(&network, fcinfo, SQL_NETWORK_MERGE | SQL_NETWORK_SUM | SQL_NETWORK_NO_LOOPS |
					  SQL_NETWORK_KEYS | SQL_NETWORK_ROOT | SQL_NETWORK_SINK | SQL_NETWORK_WEIGHTS |
					  SQL_NETWORK_INFINITE);
	directed = sql_flag(fcinfo, network.first + FLOW_DIRECTED);
	if (sql_is_absent(fcinfo, network.first + FLOW_SOURCE, "source", network.options.missing_ok) ||
		sql_is_absent(fcinfo, network.first + FLOW_SINK, "sink", network.options.missing_ok))
		return (Datum) 0;
	sql_network_load(&network);
	source = sql_network_find_root(&network);
	sink = sql_network_find_sink(&network);
	if (source == sink && source != GRAPH_NO_NODE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("source and sink are the same node, \"%s\"",
						sql_network_name(&network, source))));
	sql_network_check_weights(&network, false, "A capacity is 0 or more.");
	if (source != GRAPH_NO_NODE && sink != GRAPH_NO_NODE)
	{
		flow.rows = directed ? network.out : sql_network_both_ways(&network);
		flow.found = kernel_flow(flow.rows, source, sink, network.graph.budget);
		if (flow.found.is_unbounded)
			refuse_flow(&network, &flow.found, source, sink);
		gather_flow(&flow, network.graph.budget);
		sql_put_rows(&network, flow.count, fill_flow, &flow);
	}
	sql_network_end(&network);
	return (Datum) 0;
}
