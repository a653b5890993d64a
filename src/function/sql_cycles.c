/*
 * sql_cycles.c
 *		pt_has_cycle, pt_cycles, pt_feedback_edges, pt_topological_sort,
 *		pt_transitive_reduction: cycles, and what there is where there are none.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "function/sql_network.h"
#include "kernel/kernel_cycles.h"
#include "kernel/kernel_feedback.h"
#include "kernel/kernel_order.h"
#include "kernel/kernel_reduction.h"
#include "kernel/kernel_strong.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(pt_has_cycle);
PG_FUNCTION_INFO_V1(pt_cycles);
PG_FUNCTION_INFO_V1(pt_feedback_edges);
PG_FUNCTION_INFO_V1(pt_topological_sort);
PG_FUNCTION_INFO_V1(pt_transitive_reduction);

/* ---- cycles ---- */

Datum
pt_has_cycle(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	bool		result;

	sql_network_begin(&network, fcinfo, SQL_NETWORK_SCALAR | SQL_NETWORK_AS_FOUND);
	sql_network_load(&network);
	result = kernel_order(network.out, network.graph.budget).count < network.out->nnodes;
	sql_network_end(&network);
	PG_RETURN_BOOL(result);
}

/* A step of a cycle: its edge, as the result numbers it. */
static void
fill_step(const SqlNetwork *network, const void *answer, uint64 place, Datum *values, bool *nulls)
{
	const GraphCycles *cycles = answer;
	uint64		low = 0;
	uint64		high = cycles->count - 1;

	/* the last cycle that begins at or before the place */
	while (low < high)
	{
		uint64		middle = low + (high - low + 1) / 2;

		if (cycles->starts[middle] <= place)
			low = middle;
		else
			high = middle - 1;
	}
	values[0] = Int64GetDatum((int64) low + 1);
	values[1] = Int32GetDatum((int32) (place - cycles->starts[low] + 1));
	values[2] = sql_network_node(network, cycles->nodes[place]);
	values[3] = sql_network_node(network, cycles->nodes[place + 1 < cycles->starts[low + 1] ?
														place + 1 : cycles->starts[low]]);
}

/* 'shortest' or 'elementary' */
static bool
wants_all_cycles(FunctionCallInfo fcinfo, int argno)
{
	static const char *const modes[] = {"shortest", "elementary"};

	return sql_choice(fcinfo, argno, "mode", modes, lengthof(modes)) == 1;
}

Datum
pt_cycles(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	GraphCycles cycles = {0};
	PtBudget   *budget;
	uint32	   *least;
	bool		all;

	sql_network_begin(&network, fcinfo, SQL_NETWORK_MERGE);
	all = wants_all_cycles(fcinfo, network.first);
	cycles.max_cycles = sql_bound(fcinfo, network.first + 1, "max_cycles");
	sql_network_load(&network);
	budget = network.graph.budget;
	least = kernel_strong(network.out, budget);
	if (all)
		kernel_all_cycles(network.out, network.in, least, &cycles, budget);
	else
		kernel_shortest_cycles(network.out, network.in, least, &cycles, budget);
	sql_put_rows(&network, cycles.nnodes, fill_step, &cycles);
	if (cycles.truncated)
		ereport(WARNING,
				(errcode(SQL_WARNING_TRUNCATED),
				 errmsg_plural("result truncated at " UINT64_FORMAT " cycle",
							   "result truncated at " UINT64_FORMAT " cycles",
							   cycles.max_cycles, cycles.max_cycles),
				 errhint("Raise max_cycles, or pass NULL for all.")));
	sql_network_end(&network);
	return (Datum) 0;
}

/* ---- a topological order ---- */

/* nodes of a cycle that an error shows */
#define SHOWN_NODES 8

typedef struct Sorted
{
	const uint32 *layers;		/* by representative */
	const uint32 *least;		/* of each node, its representative; NULL: itself */
	const uint32 *nodes;
} Sorted;

static void
report_cycle(SqlNetwork *network, const GraphOrder *order, const char *hint)
{
	StringInfoData way;
	uint32		count;
	PtBudget   *budget = network->graph.budget;
	uint32	   *nodes = kernel_any_cycle(graph_turn(network->out, budget), order, budget, &count);

	initStringInfo(&way);
	for (uint32 i = 0; i < Min(count, SHOWN_NODES); i++)
		appendStringInfo(&way, "%s -> ", sql_network_name(network, nodes[i]));
	if (count > SHOWN_NODES)
		appendStringInfoString(&way, "... -> ");
	appendStringInfoString(&way, sql_network_name(network, nodes[0]));
	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg("graph \"%s\" has a cycle", RelationGetRelationName(network->graph.heap)),
			 errdetail_plural("One of %u node: %s.", "One of %u nodes: %s.", count, count, way.data),
			 errhint("%s", hint)));
}

/* By layer, component and key. */
static int
compare_sorted(const void *a, const void *b, void *arg)
{
	const Sorted *sorted = arg;
	uint32		x = *(const uint32 *) a;
	uint32		y = *(const uint32 *) b;
	uint32		of_x = sorted->least[x];
	uint32		of_y = sorted->least[y];

	if (sorted->layers[of_x] != sorted->layers[of_y])
		return sorted->layers[of_x] < sorted->layers[of_y] ? -1 : 1;
	if (of_x != of_y)
		return of_x < of_y ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* All of a strong component where its least node stands in the condensation's order. */
static Sorted
sort_condensed(SqlNetwork *network)
{
	PtBudget   *budget = network->graph.budget;
	uint32	   *least = kernel_strong(network->out, budget);
	GraphOrder	order = kernel_order(kernel_condense(network->out, least, budget), budget);
	Sorted		sorted = {order.layers, least};

	for (uint32 v = 0; v < network->nnodes; v++)
	{
		pt_check_interrupts(v);
		order.nodes[v] = v;
	}
	pt_sort(order.nodes, network->nnodes, sizeof(uint32), compare_sorted, &sorted);
	sorted.nodes = order.nodes;
	return sorted;
}

static Sorted
sort_acyclic(SqlNetwork *network)
{
	GraphOrder	order = kernel_order(network->out, network->graph.budget);

	if (order.count < network->nnodes)
		report_cycle(network, &order, "pt_cycles shows the others; cyclic => 'condense' sorts strong components instead.");
	return (Sorted) {order.layers, NULL, order.nodes};
}

static void
fill_sorted(const SqlNetwork *network, const void *answer, uint64 place, Datum *values, bool *nulls)
{
	const Sorted *sorted = answer;
	uint32		node = sorted->nodes[place];

	values[0] = sql_network_node(network, node);
	values[1] = Int64GetDatum((int64) place + 1);
	values[2] = Int64GetDatum((int64) sorted->layers[sorted->least == NULL ? node :
													 sorted->least[node]] + 1);
}

/* 'error' or 'condense' */
static bool
wants_condensed(FunctionCallInfo fcinfo, int argno)
{
	static const char *const choices[] = {"error", "condense"};

	return sql_choice(fcinfo, argno, "cyclic", choices, lengthof(choices)) == 1;
}

Datum
pt_topological_sort(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	Sorted		sorted;
	bool		condense;

	sql_network_begin(&network, fcinfo, SQL_NETWORK_OUT_ONLY);
	condense = wants_condensed(fcinfo, network.first);
	sql_network_load(&network);
	sorted = condense ? sort_condensed(&network) : sort_acyclic(&network);
	sql_put_rows(&network, network.nnodes, fill_sorted, &sorted);
	sql_network_end(&network);
	return (Datum) 0;
}

/* ---- some of the edges ---- */

/* Put the edges whose bits are set, by place in the rows by source. */
static void
put_marked(SqlNetwork *network, const uint64 *bits)
{
	const GraphProjection *out = network->out;
	PtBudget   *budget = network->graph.budget;
	uint32	   *froms = NULL;
	uint32	   *ends = NULL;
	uint64		from_capacity = 0;
	uint64		end_capacity = 0;
	uint64		count = 0;

	for (uint32 v = 0; v < out->nnodes; v++)
	{
		pt_check_interrupts(v);
		for (uint64 i = out->offsets[v]; i < out->offsets[v + 1]; i++)
		{
			pt_check_interrupts(i);
			if (!(bits[i / 64] >> (i % 64) & 1))
				continue;
			froms = pt_grow(budget, froms, &from_capacity, count + 1, sizeof(uint32));
			ends = pt_grow(budget, ends, &end_capacity, count + 1, sizeof(uint32));
			froms[count] = v;
			ends[count++] = out->ends[i];
		}
	}
	sql_put_pairs(network, froms, ends, count);
}

Datum
pt_feedback_edges(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;

	sql_network_begin(&network, fcinfo, SQL_NETWORK_MERGE);
	sql_network_load(&network);
	put_marked(&network, kernel_feedback(network.out, network.in,
										 kernel_strong(network.out, network.graph.budget),
										 network.graph.budget));
	sql_network_end(&network);
	return (Datum) 0;
}

Datum
pt_transitive_reduction(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	GraphOrder	order;

	sql_network_begin(&network, fcinfo, SQL_NETWORK_MERGE | SQL_NETWORK_OUT_ONLY);
	sql_network_load(&network);
	order = kernel_order(network.out, network.graph.budget);
	if (order.count < network.nnodes)
		report_cycle(&network, &order, "pt_cycles shows the others; pt_feedback_edges lists edges to leave out.");
	put_marked(&network, kernel_reduction(network.out, &order, network.graph.budget));
	sql_network_end(&network);
	return (Datum) 0;
}
