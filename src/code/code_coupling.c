/*
 * code_coupling.c
 *		pt_coupling, pt_technical_debt: how strongly each thing is tied to others.
 *
 * Chidamber and Kemerer's metrics (1994) and Martin's (1994), as far as a graph
 * of dependencies tells them, with the bounds of SQALE for what is too much.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "code/code_files.h"
#include "kernel/kernel_coupling.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(pt_coupling);
PG_FUNCTION_INFO_V1(pt_technical_debt);

/* own arguments of both */
enum
{
	COUPLING_GROUP_BY,
	COUPLING_PLACEHOLDERS
};

/* more than these is too much: a failure, or of the last two a warning */
#define MOST_CBO 10
#define MOST_LCOM 0.8
#define MOST_RFC 50
#define MOST_WMC 50

/* what it costs to mend, in hours; here fewer edges are too many */
#define HOURS_CBO 4
#define HOURS_LCOM 8
#define HOURS_WMC 2
#define DEBT_MOST_WMC 15
#define HOURS_LOW 4
#define HOURS_MEDIUM 8

typedef struct Metrics
{
	GraphCoupling coupling;
	GraphProjection *out;		/* of parallel edges, one */
	GraphProjection *in;
	uint32	   *order;			/* of rows */
} Metrics;

static Metrics
measure(SqlNetwork *network, FunctionCallInfo fcinfo)
{
	Metrics		metrics = {0};
	CodeGrouping grouping;
	bool		placeholders;

	sql_network_begin(network, fcinfo, SQL_NETWORK_NO_LOOPS | SQL_NETWORK_ENTITIES);
	grouping = code_grouping(fcinfo, network->first + COUPLING_GROUP_BY);
	placeholders = sql_flag(fcinfo, network->first + COUPLING_PLACEHOLDERS);
	sql_network_load(network);
	code_regroup(network, grouping, placeholders);
	metrics.out = graph_merge(network->out, network->graph.budget);
	metrics.in = graph_merge(network->in, network->graph.budget);
	metrics.coupling = kernel_coupling(metrics.out, metrics.in, network->graph.budget);
	return metrics;
}

/* ---- pt_coupling ---- */

static const char *
grade(int failures, int warnings)
{
	static const char *const without_failure[] = {"A", "B", "C"};

	return failures == 0 ? without_failure[warnings] : failures == 1 ? "D" : "F";
}

static void
fill_coupling(const SqlNetwork *network, const void *answer, uint64 place, Datum *values,
			  bool *nulls)
{
	const Metrics *metrics = answer;
	uint32		node = (uint32) place;
	uint32		cbo = metrics->coupling.around[node];
	double		lcom = metrics->coupling.apart[node];
	uint32		rfc = metrics->coupling.responses[node];
	uint64		wmc = graph_row_size(network->out, node);
	uint64		afferent = graph_row_size(metrics->in, node);
	uint64		efferent = graph_row_size(metrics->out, node);

	values[0] = sql_network_node(network, node);
	values[1] = Int64GetDatum((int64) cbo);
	values[2] = Float8GetDatum(lcom);
	values[3] = Int64GetDatum((int64) rfc);
	values[4] = Int64GetDatum((int64) wmc);
	values[5] = Int64GetDatum((int64) afferent);
	values[6] = Int64GetDatum((int64) efferent);
	/* what is tied to nothing is neither stable nor unstable */
	nulls[7] = cbo == 0;
	if (!nulls[7])
		values[7] = Float8GetDatum((double) efferent / (double) (afferent + efferent));
	values[8] = CStringGetTextDatum(grade((cbo > MOST_CBO) + (lcom > MOST_LCOM),
										  (rfc > MOST_RFC) + (wmc > MOST_WMC)));
}

Datum
pt_coupling(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	Metrics		metrics = measure(&network, fcinfo);

	sql_put_rows(&network, network.nnodes, fill_coupling, &metrics);
	sql_network_end(&network);
	return (Datum) 0;
}

/* ---- pt_technical_debt ---- */

static int
hours_of(const SqlNetwork *network, const Metrics *metrics, uint32 node)
{
	return (metrics->coupling.around[node] > MOST_CBO ? HOURS_CBO : 0) +
		(metrics->coupling.apart[node] > MOST_LCOM ? HOURS_LCOM : 0) +
		(graph_row_size(network->out, node) > DEBT_MOST_WMC ? HOURS_WMC : 0);
}

/* Most first; of equal ones by key. */
static void
order_by_hours(const SqlNetwork *network, Metrics *metrics)
{
	uint32		count = 0;

	metrics->order = pt_alloc(network->graph.budget, network->nnodes, sizeof(uint32));
	for (int hours = HOURS_CBO + HOURS_LCOM + HOURS_WMC; hours >= 0; hours--)
	{
		for (uint32 v = 0; v < network->nnodes; v++)
		{
			pt_check_interrupts(v);
			if (hours_of(network, metrics, v) == hours)
				metrics->order[count++] = v;
		}
	}
}

static void
fill_debt(const SqlNetwork *network, const void *answer, uint64 place, Datum *values, bool *nulls)
{
	const Metrics *metrics = answer;
	uint32		node = metrics->order[place];
	int			hours = hours_of(network, metrics, node);

	values[0] = sql_network_node(network, node);
	values[1] = Int64GetDatum((int64) hours);
	values[2] = CStringGetTextDatum(hours <= HOURS_LOW ? "LOW" :
									hours <= HOURS_MEDIUM ? "MEDIUM" : "HIGH");
	values[3] = Int64GetDatum((int64) metrics->coupling.around[node]);
	values[4] = Float8GetDatum(metrics->coupling.apart[node]);
	values[5] = Int64GetDatum((int64) graph_row_size(network->out, node));
}

Datum
pt_technical_debt(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	Metrics		metrics = measure(&network, fcinfo);

	order_by_hours(&network, &metrics);
	sql_put_rows(&network, network.nnodes, fill_debt, &metrics);
	sql_network_end(&network);
	return (Datum) 0;
}
