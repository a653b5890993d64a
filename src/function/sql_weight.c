/*
 * sql_weight.c
 *		pt_degree, pt_kcore, pt_pagerank: what weighs how much in the network.
 */
#include "postgres.h"

#include <math.h>

#include "base/pt_interrupts.h"
#include "function/sql_network.h"
#include "kernel/kernel_kcore.h"
#include "kernel/kernel_pagerank.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

PG_FUNCTION_INFO_V1(pt_degree);
PG_FUNCTION_INFO_V1(pt_kcore);
PG_FUNCTION_INFO_V1(pt_pagerank);

/* ---- arguments ---- */

/* Required: a number from a range. */
static double
number_between(FunctionCallInfo fcinfo, int argno, const char *name, double least, double most)
{
	double		number;

	sql_require(fcinfo, argno, name);
	number = PG_GETARG_FLOAT8(argno);
	if (!(number >= least && number <= most))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 isinf(most) ? errmsg("%s must not be less than %g: %s", name, least,
									  DatumGetCString(DirectFunctionCall1(float8out, Float8GetDatum(number)))) :
				 errmsg("%s must be between %g and %g: %s", name, least, most,
						DatumGetCString(DirectFunctionCall1(float8out, Float8GetDatum(number))))));
	return number;
}

/* max_iterations and tolerance, from an argument on */
static GraphIteration
iteration_arguments(FunctionCallInfo fcinfo, int argno)
{
	GraphIteration iteration = {0};

	sql_require(fcinfo, argno, "max_iterations");
	iteration.max_iterations = sql_bound(fcinfo, argno, "max_iterations");
	iteration.tolerance = number_between(fcinfo, argno + 1, "tolerance", 0, INFINITY);
	return iteration;
}

static void
warn_unless_converged(const GraphIteration *iteration)
{
	if (iteration->converged || iteration->tolerance == 0)
		return;
	ereport(WARNING,
			(errcode(SQL_WARNING_NOT_CONVERGED),
			 errmsg_plural("scores still change by more than tolerance after " UINT64_FORMAT " iteration",
						   "scores still change by more than tolerance after " UINT64_FORMAT " iterations",
						   iteration->iterations, iteration->iterations),
			 errhint("Raise max_iterations or tolerance.")));
}

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

static void
fill_core(const SqlNetwork *network, const void *answer, uint64 place, Datum *values, bool *nulls)
{
	uint32		coreness = ((const uint32 *) answer)[place];

	values[0] = sql_network_node(network, (uint32) place);
	values[1] = Int64GetDatum((int64) coreness);
	values[2] = CStringGetTextDatum(coreness >= CORENESS_CORE ? "CORE" :
									coreness >= CORENESS_MID ? "MID" : "PERIPHERAL");
}

Datum
pt_kcore(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;

	sql_network_begin(&network, fcinfo,
					  SQL_NETWORK_MERGE | SQL_NETWORK_NO_LOOPS | SQL_NETWORK_ENTITIES);
	sql_network_load(&network);
	sql_put_rows(&network, network.nnodes, fill_core,
				 kernel_kcore(sql_network_both_ways(&network), network.graph.budget));
	sql_network_end(&network);
	return (Datum) 0;
}

/* ---- PageRank ---- */

/* own arguments of pt_pagerank */
enum
{
	RANK_DAMPING,
	RANK_MAX_ITERATIONS,
	RANK_TOLERANCE,
	RANK_PERSONALIZATION
};

Datum
pt_pagerank(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	GraphRanking ranking = {0};
	double	   *scores;

	sql_network_begin(&network, fcinfo, SQL_NETWORK_KEYS);
	ranking.damping = number_between(fcinfo, network.first + RANK_DAMPING, "damping", 0, 1);
	ranking.iteration = iteration_arguments(fcinfo, network.first + RANK_MAX_ITERATIONS);
	sql_network_load(&network);
	ranking.personal = sql_network_find_all(&network, network.first + RANK_PERSONALIZATION,
											"personalization", &ranking.npersonal);
	/* nowhere to begin anew: there is no score to give */
	if (ranking.personal == NULL || ranking.npersonal > 0)
	{
		scores = kernel_pagerank(network.out, network.in, &ranking, network.graph.budget);
		sql_put_scores(&network, scores);
		warn_unless_converged(&ranking.iteration);
	}
	sql_network_end(&network);
	return (Datum) 0;
}
