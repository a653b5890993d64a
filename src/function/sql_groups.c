/*
 * sql_groups.c
 *		pt_communities, pt_label_propagation, pt_triangles,
 *		pt_clustering_coefficient: which nodes belong together, and how closely.
 */
#include "postgres.h"

#include <math.h>

#include "base/pt_interrupts.h"
#include "function/sql_network.h"
#include "kernel/kernel_labels.h"
#include "kernel/kernel_leiden.h"
#include "kernel/kernel_triangles.h"

PG_FUNCTION_INFO_V1(pt_communities);
PG_FUNCTION_INFO_V1(pt_label_propagation);
PG_FUNCTION_INFO_V1(pt_triangles);
PG_FUNCTION_INFO_V1(pt_clustering_coefficient);

#define SIMPLE_NETWORK (SQL_NETWORK_MERGE | SQL_NETWORK_NO_LOOPS | SQL_NETWORK_ENTITIES)

/* ---- groups by label ---- */

typedef struct Groups
{
	const uint32 *labels;		/* by node: a node */
	uint32	   *nodes;			/* by label, then by key */
	uint32	   *sizes;			/* by label */
} Groups;

static Groups
gather_groups(const SqlNetwork *network, const uint32 *labels)
{
	PtBudget   *budget = network->graph.budget;
	uint32		nnodes = network->nnodes;
	uint32	   *next = pt_alloc(budget, nnodes, sizeof(uint32));
	Groups		groups = {labels};
	uint32		place = 0;

	groups.nodes = pt_alloc(budget, nnodes, sizeof(uint32));
	groups.sizes = pt_alloc(budget, nnodes, sizeof(uint32));
	memset(groups.sizes, 0, nnodes * sizeof(uint32));
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		groups.sizes[labels[v]]++;
	}
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		next[v] = place;
		place += groups.sizes[v];
	}
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		groups.nodes[next[labels[v]]++] = v;
	}
	pt_free(budget, next);
	return groups;
}

/* ---- label propagation ---- */

/* own arguments of pt_label_propagation */
enum
{
	LABELS_DIRECTED,
	LABELS_MAX_ITERATIONS
};

static void
fill_label(const SqlNetwork *network, const void *answer, uint64 place, Datum *values, bool *nulls)
{
	const Groups *groups = answer;
	uint32		node = groups->nodes[place];
	uint32		label = groups->labels[node];

	values[0] = sql_network_node(network, label);
	values[1] = sql_network_node(network, node);
	values[2] = Int64GetDatum((int64) groups->sizes[label]);
}

Datum
pt_label_propagation(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	Groups		groups;
	bool		directed;
	uint64		max_iterations;

	sql_network_begin(&network, fcinfo, SIMPLE_NETWORK);
	directed = sql_flag(fcinfo, network.first + LABELS_DIRECTED);
	sql_require(fcinfo, network.first + LABELS_MAX_ITERATIONS, "max_iterations");
	max_iterations = sql_bound(fcinfo, network.first + LABELS_MAX_ITERATIONS, "max_iterations");
	sql_network_load(&network);
	groups = gather_groups(&network,
						   directed ? kernel_labels(network.out, network.in, max_iterations,
													network.graph.budget) :
						   kernel_labels(sql_network_both_ways(&network), NULL, max_iterations,
										 network.graph.budget));
	sql_put_rows(&network, network.nnodes, fill_label, &groups);
	sql_network_end(&network);
	return (Datum) 0;
}

/* ---- communities ---- */

/* own arguments of pt_communities */
enum
{
	COMMUNITIES_RESOLUTION,
	COMMUNITIES_SEED,
	COMMUNITIES_MAX_ITERATIONS,
	COMMUNITIES_WEIGHTED
};

typedef struct Communities
{
	Groups		groups;
	uint32	   *numbers;		/* by label */
	double		modularity;
} Communities;

static void
number_groups(const SqlNetwork *network, Communities *communities)
{
	uint32		number = 0;

	communities->numbers = pt_alloc(network->graph.budget, network->nnodes, sizeof(uint32));
	for (uint32 v = 0; v < network->nnodes; v++)
	{
		pt_check_interrupts(v);
		number += communities->groups.sizes[v] > 0;
		communities->numbers[v] = number;
	}
}

static void
fill_community(const SqlNetwork *network, const void *answer, uint64 place, Datum *values,
			   bool *nulls)
{
	const Communities *communities = answer;
	uint32		node = communities->groups.nodes[place];
	uint32		label = communities->groups.labels[node];

	values[0] = Int64GetDatum((int64) communities->numbers[label]);
	values[1] = sql_network_node(network, node);
	values[2] = Int64GetDatum((int64) communities->groups.sizes[label]);
	values[3] = Float8GetDatum(communities->modularity);
	nulls[3] = isnan(communities->modularity);
}

Datum
pt_communities(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	GraphLeiden wanted;
	GraphCommunities found;
	Communities communities;

	sql_network_begin(&network, fcinfo, SQL_NETWORK_ENTITIES);
	wanted.resolution = sql_number(fcinfo, network.first + COMMUNITIES_RESOLUTION, "resolution",
								   0, SQL_MOST_RESOLUTION);
	sql_require(fcinfo, network.first + COMMUNITIES_SEED, "seed");
	wanted.seed = PG_GETARG_INT64(network.first + COMMUNITIES_SEED);
	sql_require(fcinfo, network.first + COMMUNITIES_MAX_ITERATIONS, "max_iterations");
	wanted.max_iterations = sql_bound(fcinfo, network.first + COMMUNITIES_MAX_ITERATIONS,
									  "max_iterations");
	sql_network_weigh(&network, network.first + COMMUNITIES_WEIGHTED);
	sql_network_load(&network);
	if (network.flags & SQL_NETWORK_WEIGHTS)
		sql_network_check_weights(&network, false,
								  SQL_NETWORK_WEIGHT_HINT);
	found = kernel_leiden(sql_network_both_ways(&network), &wanted, network.graph.budget);
	communities.groups = gather_groups(&network, found.least);
	communities.modularity = found.modularity;
	number_groups(&network, &communities);
	sql_put_rows(&network, network.nnodes, fill_community, &communities);
	sql_network_end(&network);
	return (Datum) 0;
}

/* ---- triangles ---- */

static void
fill_triangles(const SqlNetwork *network, const void *answer, uint64 place, Datum *values,
			   bool *nulls)
{
	values[0] = sql_network_node(network, (uint32) place);
	values[1] = Int64GetDatum((int64) ((const uint64 *) answer)[place]);
}

Datum
pt_triangles(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;

	sql_network_begin(&network, fcinfo, SIMPLE_NETWORK);
	sql_network_load(&network);
	sql_put_rows(&network, network.nnodes, fill_triangles,
				 kernel_triangles(sql_network_both_ways(&network), NULL, network.graph.budget));
	sql_network_end(&network);
	return (Datum) 0;
}

typedef struct Clustering
{
	const GraphProjection *both;
	const uint64 *joined;		/* edges between neighbours */
	int			most;			/* that may be between two of them */
} Clustering;

static void
fill_clustering(const SqlNetwork *network, const void *answer, uint64 place, Datum *values,
				bool *nulls)
{
	const Clustering *clustering = answer;
	double		neighbours = (double) graph_row_size(clustering->both, (uint32) place);
	double		pairs = neighbours * (neighbours - 1) / 2;

	values[0] = sql_network_node(network, (uint32) place);
	values[1] = Float8GetDatum(pairs > 0 ?
							   clustering->joined[place] / (pairs * clustering->most) : 0);
}

Datum
pt_clustering_coefficient(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	Clustering	clustering;
	bool		directed;

	sql_network_begin(&network, fcinfo, SIMPLE_NETWORK);
	directed = sql_flag(fcinfo, network.first);
	sql_network_load(&network);
	clustering.both = sql_network_both_ways(&network);
	clustering.most = directed ? 2 : 1;
	clustering.joined = kernel_triangles(clustering.both, directed ? network.out : NULL,
										 network.graph.budget);
	sql_put_rows(&network, network.nnodes, fill_clustering, &clustering);
	sql_network_end(&network);
	return (Datum) 0;
}
