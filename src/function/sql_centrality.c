/*
 * sql_centrality.c
 *		pt_pagerank, pt_betweenness, pt_closeness, pt_harmonic, pt_hits,
 *		pt_eigenvector, pt_katz: how much each node weighs in the network.
 */
#include "postgres.h"

#include <math.h>

#include "base/pt_interrupts.h"
#include "function/sql_network.h"
#include "kernel/kernel_betweenness.h"
#include "kernel/kernel_closeness.h"
#include "kernel/kernel_pagerank.h"
#include "kernel/kernel_spectral.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(pt_pagerank);
PG_FUNCTION_INFO_V1(pt_betweenness);
PG_FUNCTION_INFO_V1(pt_closeness);
PG_FUNCTION_INFO_V1(pt_harmonic);
PG_FUNCTION_INFO_V1(pt_hits);
PG_FUNCTION_INFO_V1(pt_eigenvector);
PG_FUNCTION_INFO_V1(pt_katz);

/* ---- arguments ---- */

/* max_iterations and tolerance, from an argument on */
static GraphIteration
iteration_arguments(FunctionCallInfo fcinfo, int argno)
{
	GraphIteration iteration = {0};

	sql_require(fcinfo, argno, "max_iterations");
	iteration.max_iterations = sql_bound(fcinfo, argno, "max_iterations");
	iteration.tolerance = sql_number(fcinfo, argno + 1, "tolerance", 0, INFINITY);
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
			 errhint("Raise max_iterations or tolerance, or lower alpha where there is one.")));
}

/* Load a network whose weights, if they are wanted, must not be negative. */
static void
load_weights(SqlNetwork *network, bool positive)
{
	sql_network_load(network);
	if (network->flags & SQL_NETWORK_WEIGHTS)
		sql_network_check_weights(network, positive,
								  SQL_NETWORK_WEIGHT_HINT);
}

/* max_results */
static uint64
most_rows(SqlNetwork *network, int argno)
{
	return sql_bound(network->fcinfo, network->first + argno, "max_results");
}

/*
 * The same of scores that can be told of unnamed nodes: sums may differ in the last digits,
 * which decide no rank.
 */
static uint64
most_rows_unnamed(SqlNetwork *network, int argno)
{
	uint64		most = most_rows(network, argno);

	if (most != PG_UINT64_MAX)
		network->flags |= SQL_NETWORK_UNNAMED;
	return most;
}

/* ---- PageRank ---- */

/* own arguments of pt_pagerank */
enum
{
	RANK_DAMPING,
	RANK_MAX_ITERATIONS,
	RANK_TOLERANCE,
	RANK_PERSONALIZATION,
	RANK_WEIGHTED,
	RANK_MAX_RESULTS
};

/* Of nodes at their places, scores by number. */
static double *
scores_by_number(SqlNetwork *network, double *scores)
{
	double	   *numbered;

	if (network->places == NULL)
		return scores;
	numbered = pt_alloc(network->graph.budget, network->nnodes, sizeof(double));
	for (uint32 v = 0; v < network->nnodes; v++)
	{
		pt_check_interrupts(v);
		numbered[v] = scores[network->places[v]];
	}
	pt_free(network->graph.budget, scores);
	return numbered;
}

Datum
pt_pagerank(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	GraphRanking ranking = {0};
	GraphIteration iteration;
	uint32	   *personal;
	uint64		max_results;

	sql_network_begin(&network, fcinfo, SQL_NETWORK_KEYS);
	ranking.damping = sql_number(fcinfo, network.first + RANK_DAMPING, "damping", 0, 1);
	iteration = iteration_arguments(fcinfo, network.first + RANK_MAX_ITERATIONS);
	sql_network_weigh(&network, network.first + RANK_WEIGHTED);
	if (!(network.flags & SQL_NETWORK_WEIGHTS))
		network.flags |= SQL_NETWORK_BY_SIZE;
	/* nodes and weights that are refused are named */
	max_results = (network.flags & SQL_NETWORK_WEIGHTS) ||
		!PG_ARGISNULL(network.first + RANK_PERSONALIZATION) ?
		most_rows(&network, RANK_MAX_RESULTS) : most_rows_unnamed(&network, RANK_MAX_RESULTS);
	sql_network_mention(&network, network.first + RANK_PERSONALIZATION, "personalization");
	load_weights(&network, false);
	personal = sql_network_find_named(&network, &ranking.npersonal);
	for (uint32 i = 0; network.places != NULL && i < ranking.npersonal; i++)
		personal[i] = network.places[personal[i]];
	ranking.personal = personal;
	/* nowhere to begin anew: there is no score to give */
	if (personal == NULL || ranking.npersonal > 0)
	{
		double	   *scores = kernel_pagerank(network.out, network.in, &ranking, &iteration,
											 network.graph.budget);

		sql_put_scores(&network, scores_by_number(&network, scores), max_results);
		warn_unless_converged(&iteration);
	}
	sql_network_end(&network);
	return (Datum) 0;
}

/* ---- betweenness ---- */

/* own arguments of pt_betweenness */
enum
{
	BETWEEN_DIRECTED,
	BETWEEN_NORMALIZED,
	BETWEEN_SAMPLES,
	BETWEEN_SEED,
	BETWEEN_WEIGHTED,
	BETWEEN_MAX_RESULTS
};

/* Paths of an undirected graph have been counted from both ends. */
static double
betweenness_scale(const SqlNetwork *network, bool directed, bool normalized)
{
	double		nnodes = network->nnodes;

	if (normalized && nnodes > 2)
		return 1 / ((nnodes - 1) * (nnodes - 2));
	return directed ? 1 : 0.5;
}

Datum
pt_betweenness(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	const GraphProjection *both = NULL;
	bool		directed;
	bool		normalized;
	uint64		samples;
	uint64		max_results;
	double	   *scores;
	double		scale;

	sql_network_begin(&network, fcinfo, SQL_NETWORK_MERGE | SQL_NETWORK_NO_LOOPS);
	directed = sql_flag(fcinfo, network.first + BETWEEN_DIRECTED);
	normalized = sql_flag(fcinfo, network.first + BETWEEN_NORMALIZED);
	samples = sql_bound(fcinfo, network.first + BETWEEN_SAMPLES, "samples");
	if (samples == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("samples must not be 0"),
				 errhint("Use 1 or more, or NULL for all nodes.")));
	sql_require(fcinfo, network.first + BETWEEN_SEED, "seed");
	sql_network_weigh(&network, network.first + BETWEEN_WEIGHTED);
	max_results = most_rows(&network, BETWEEN_MAX_RESULTS);
	/* nodes at distance 0 would have any number of shortest paths between them */
	load_weights(&network, true);
	if (!directed)
		both = sql_network_both_ways(&network);
	scores = kernel_betweenness(directed ? network.out : both, directed ? network.in : both,
								samples, PG_GETARG_INT64(network.first + BETWEEN_SEED),
								network.graph.budget);
	scale = betweenness_scale(&network, directed, normalized);
	for (uint32 v = 0; v < network.nnodes; v++)
	{
		pt_check_interrupts(v);
		scores[v] *= scale;
	}
	sql_put_scores(&network, scores, max_results);
	sql_network_end(&network);
	return (Datum) 0;
}

/* ---- closeness ---- */

/* own arguments of pt_closeness and pt_harmonic */
enum
{
	NEAR_DIRECTION,
	NEAR_WEIGHTED,
	NEAR_MAX_RESULTS
};

static Datum
nearness(FunctionCallInfo fcinfo, KernelNearness kind)
{
	SqlNetwork	network;
	GraphDirection direction;
	uint64		max_results;

	sql_network_begin(&network, fcinfo, SQL_NETWORK_MERGE | SQL_NETWORK_NO_LOOPS);
	direction = sql_direction(fcinfo, network.first + NEAR_DIRECTION);
	sql_network_weigh(&network, network.first + NEAR_WEIGHTED);
	max_results = most_rows(&network, NEAR_MAX_RESULTS);
	load_weights(&network, false);
	sql_put_scores(&network,
				   kernel_closeness(direction == GRAPH_OUT ? network.out :
									direction == GRAPH_IN ? network.in :
									sql_network_both_ways(&network),
									kind, network.graph.budget), max_results);
	sql_network_end(&network);
	return (Datum) 0;
}

Datum
pt_closeness(PG_FUNCTION_ARGS)
{
	return nearness(fcinfo, KERNEL_CLOSENESS);
}

Datum
pt_harmonic(PG_FUNCTION_ARGS)
{
	return nearness(fcinfo, KERNEL_HARMONIC);
}

/* ---- by the scores of neighbours ---- */

/* 'authority' or 'hub' */
static bool
wants_authorities(FunctionCallInfo fcinfo, int argno)
{
	static const char *const roles[] = {"authority", "hub"};

	return sql_choice(fcinfo, argno, "role", roles, lengthof(roles)) == 0;
}

/* own arguments of pt_hits */
enum
{
	HITS_ROLE,
	HITS_MAX_ITERATIONS,
	HITS_TOLERANCE,
	HITS_MAX_RESULTS
};

Datum
pt_hits(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	GraphIteration iteration;
	uint64		max_results;
	bool		authorities;

	sql_network_begin(&network, fcinfo, 0);
	authorities = wants_authorities(fcinfo, network.first + HITS_ROLE);
	iteration = iteration_arguments(fcinfo, network.first + HITS_MAX_ITERATIONS);
	max_results = most_rows_unnamed(&network, HITS_MAX_RESULTS);
	sql_network_load(&network);
	sql_put_scores(&network, kernel_hits(network.out, network.in, authorities, &iteration,
										 network.graph.budget), max_results);
	warn_unless_converged(&iteration);
	sql_network_end(&network);
	return (Datum) 0;
}

/* Rows by the end that scores come to: edges' targets, or both. */
static const GraphProjection *
rows_into(SqlNetwork *network, bool directed)
{
	return directed ? network->in : sql_network_both_ways(network);
}

/* own arguments of pt_eigenvector */
enum
{
	EIGEN_DIRECTED,
	EIGEN_MAX_ITERATIONS,
	EIGEN_TOLERANCE,
	EIGEN_MAX_RESULTS
};

Datum
pt_eigenvector(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	GraphIteration iteration;
	uint64		max_results;
	bool		directed;

	sql_network_begin(&network, fcinfo, 0);
	directed = sql_flag(fcinfo, network.first + EIGEN_DIRECTED);
	iteration = iteration_arguments(fcinfo, network.first + EIGEN_MAX_ITERATIONS);
	max_results = most_rows_unnamed(&network, EIGEN_MAX_RESULTS);
	sql_network_load(&network);
	sql_put_scores(&network, kernel_eigenvector(rows_into(&network, directed), &iteration,
												network.graph.budget), max_results);
	warn_unless_converged(&iteration);
	sql_network_end(&network);
	return (Datum) 0;
}

/* own arguments of pt_katz */
enum
{
	KATZ_ALPHA,
	KATZ_BETA,
	KATZ_DIRECTED,
	KATZ_NORMALIZED,
	KATZ_MAX_ITERATIONS,
	KATZ_TOLERANCE,
	KATZ_MAX_RESULTS
};

static void
refuse_growth(double alpha)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("scores grow beyond bounds with alpha %g", alpha),
			 errhint("For scores to converge alpha must be less than 1 / the greatest eigenvalue of the graph, which is at most its greatest degree.")));
}

Datum
pt_katz(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	GraphIteration iteration;
	double		alpha;
	double		beta;
	double	   *scores;
	uint64		max_results;
	bool		directed;
	bool		normalized;
	bool		grows;

	sql_network_begin(&network, fcinfo, 0);
	alpha = sql_number(fcinfo, network.first + KATZ_ALPHA, "alpha", 0, 1);
	beta = sql_number(fcinfo, network.first + KATZ_BETA, "beta", 0, INFINITY);
	directed = sql_flag(fcinfo, network.first + KATZ_DIRECTED);
	normalized = sql_flag(fcinfo, network.first + KATZ_NORMALIZED);
	iteration = iteration_arguments(fcinfo, network.first + KATZ_MAX_ITERATIONS);
	max_results = most_rows_unnamed(&network, KATZ_MAX_RESULTS);
	sql_network_load(&network);
	scores = kernel_katz(rows_into(&network, directed), alpha, beta, &grows, &iteration,
						 network.graph.budget);
	if (grows)
		refuse_growth(alpha);
	if (normalized)
		kernel_normalize_length(scores, network.nnodes);
	sql_put_scores(&network, scores, max_results);
	warn_unless_converged(&iteration);
	sql_network_end(&network);
	return (Datum) 0;
}
