/*
 * sql_degree.c
 *		pt_degree, pt_kcore: what counts of each node can be said at once.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "function/sql_network.h"
#include "kernel/kernel_kcore.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(pt_degree);
PG_FUNCTION_INFO_V1(pt_kcore);

/* ---- degrees ---- */

/* How many other nodes a sorted row leads to. */
static int64
count_others(const GraphProjection *rows, uint32 node)
{
	int64		count = 0;
	uint32		last = node;

	for (uint64 i = rows->offsets[node]; i < rows->offsets[node + 1]; i++)
	{
		pt_check_interrupts(i);
		if (rows->ends[i] == node || rows->ends[i] == last)
			continue;
		last = rows->ends[i];
		count++;
	}
	return count;
}

static void
fill_degrees(const SqlNetwork *network, const void *answer, uint64 place, Datum *values, bool *nulls)
{
	uint32		node = (uint32) place;
	int64		in = graph_row_size(network->in, node);
	int64		out = graph_row_size(network->out, node);

	values[0] = sql_network_node(network, node);
	values[1] = Int64GetDatum(in);
	values[2] = Int64GetDatum(out);
	values[3] = Int64GetDatum(in + out);
	values[4] = Int64GetDatum(count_others(network->in, node));
	values[5] = Int64GetDatum(count_others(network->out, node));
	values[6] = Int64GetDatum(count_others(answer, node));
}

Datum
pt_degree(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;

	sql_network_begin(&network, fcinfo, SQL_NETWORK_ENTITIES);
	sql_network_load(&network);
	sql_put_rows(&network, network.nnodes, fill_degrees,
				 graph_both_ways(network.out, network.in,
								 GRAPH_PROJECT_MERGE | GRAPH_PROJECT_NO_LOOPS,
								 network.graph.budget));
	sql_network_end(&network);
	return (Datum) 0;
}

/* ---- cores ---- */

/* what counts as the core of a program, and as near to it */
#define CORENESS_CORE 8
#define CORENESS_MID 3

typedef struct Cores
{
	const uint32 *coreness;		/* by node */
	Datum		core;			/* what layers are called, made once */
	Datum		mid;
	Datum		peripheral;
} Cores;

static void
fill_core(const SqlNetwork *network, const void *answer, uint64 place, Datum *values, bool *nulls)
{
	const Cores *cores = answer;
	uint32		coreness = cores->coreness[place];

	values[0] = sql_network_node(network, (uint32) place);
	values[1] = Int64GetDatum((int64) coreness);
	values[2] = coreness >= CORENESS_CORE ? cores->core :
		coreness >= CORENESS_MID ? cores->mid : cores->peripheral;
}

Datum
pt_kcore(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	Cores		cores = {.core = CStringGetTextDatum("CORE"),.mid = CStringGetTextDatum("MID"),
	.peripheral = CStringGetTextDatum("PERIPHERAL")};

	sql_network_begin(&network, fcinfo,
					  SQL_NETWORK_MERGE | SQL_NETWORK_NO_LOOPS | SQL_NETWORK_ENTITIES);
	sql_network_load(&network);
	cores.coreness = kernel_kcore(sql_network_both_ways(&network), network.graph.budget);
	sql_put_rows(&network, network.nnodes, fill_core, &cores);
	sql_network_end(&network);
	return (Datum) 0;
}
