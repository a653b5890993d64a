/*
 * code_hotspots.c
 *		pt_hotspots: what has the most to do with others.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "code/code_files.h"
#include "function/sql_network.h"

PG_FUNCTION_INFO_V1(pt_hotspots);

typedef struct Hotspot
{
	uint32		node;
	uint32		rank;
	uint64		degree;
} Hotspot;

/* Most first; of equal ones by key. */
static int
compare_hotspots(const void *a, const void *b, void *arg)
{
	const Hotspot *x = a;
	const Hotspot *y = b;

	if (x->degree != y->degree)
		return x->degree > y->degree ? -1 : 1;
	return x->node < y->node ? -1 : x->node > y->node;
}

static void
fill_hotspot(const SqlNetwork *network, const void *answer, uint64 place, Datum *values,
			 bool *nulls)
{
	const Hotspot *spot = (const Hotspot *) answer + place;

	values[0] = sql_network_node(network, spot->node);
	values[1] = Int64GetDatum((int64) graph_row_size(network->in, spot->node));
	values[2] = Int64GetDatum((int64) graph_row_size(network->out, spot->node));
	values[3] = Int64GetDatum((int64) spot->degree);
	values[4] = Int64GetDatum((int64) spot->rank);
}

Datum
pt_hotspots(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	Hotspot    *spots;
	bool		placeholders;
	uint32		count = 0;

	sql_network_begin(&network, fcinfo, SQL_NETWORK_MERGE | SQL_NETWORK_NO_LOOPS);
	placeholders = sql_flag(fcinfo, network.first);
	sql_network_load(&network);
	spots = pt_alloc(network.graph.budget, network.nnodes, sizeof(Hotspot));
	for (uint32 v = 0; v < network.nnodes; v++)
	{
		pt_check_interrupts(v);
		if (placeholders || !code_is_placeholder(&network, v))
			spots[count++] = (Hotspot) {v, 0, graph_row_size(network.in, v) +
				graph_row_size(network.out, v)};
	}
	pt_sort(spots, count, sizeof(Hotspot), compare_hotspots, NULL);
	for (uint32 i = 0; i < count; i++)
	{
		pt_check_interrupts(i);
		spots[i].rank = i > 0 && spots[i].degree == spots[i - 1].degree ? spots[i - 1].rank : i + 1;
	}
	sql_put_rows(&network, count, fill_hotspot, spots);
	sql_network_end(&network);
	return (Datum) 0;
}
