/*
 * sql_structure.c
 *		pt_components, pt_strong_components, pt_bridges,
 *		pt_articulation_points, pt_dominators: how a graph hangs together.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "function/sql_network.h"
#include "kernel/kernel_bridges.h"
#include "kernel/kernel_components.h"
#include "kernel/kernel_dominators.h"
#include "kernel/kernel_strong.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(pt_components);
PG_FUNCTION_INFO_V1(pt_strong_components);
PG_FUNCTION_INFO_V1(pt_bridges);
PG_FUNCTION_INFO_V1(pt_articulation_points);
PG_FUNCTION_INFO_V1(pt_dominators);

/* ---- components ---- */

Datum
pt_components(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	uint32	   *groups;

	sql_network_begin(&network, fcinfo, SQL_NETWORK_ENTITIES | SQL_NETWORK_AS_FOUND);
	sql_network_load(&network);
	groups = kernel_components(network.out, network.graph.budget);
	sql_put_groups(&network, sql_network_groups(&network, groups), NULL);
	sql_network_end(&network);
	return (Datum) 0;
}

/* By how many a component has: what depends on itself cannot be changed alone. */
static void
fill_risk(const SqlNetwork *network, const void *answer, uint64 size, Datum *values, bool *nulls)
{
	nulls[3] = size < 2;
	if (!nulls[3])
		values[3] = CStringGetTextDatum(size == 2 ? "MEDIUM" : "HIGH");
}

Datum
pt_strong_components(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	uint32	   *groups;

	sql_network_begin(&network, fcinfo, SQL_NETWORK_ENTITIES | SQL_NETWORK_AS_FOUND);
	sql_network_load(&network);
	groups = kernel_strong(network.out, network.graph.budget);
	sql_put_groups(&network, sql_network_groups(&network, groups), fill_risk);
	sql_network_end(&network);
	return (Datum) 0;
}

/* ---- what it falls apart without ---- */

/* The edge as it is stored, which is in one of the rows only. */
static uint64
stored_pair(const SqlNetwork *network, uint32 a, uint32 b)
{
	return graph_has_end(network->out, a, b) ? (uint64) a << 32 | b : (uint64) b << 32 | a;
}

static int
compare_pairs(const void *a, const void *b, void *arg)
{
	uint64		x = *(const uint64 *) a;
	uint64		y = *(const uint64 *) b;

	return x < y ? -1 : x > y;
}

static void
fill_pair(const SqlNetwork *network, const void *answer, uint64 place, Datum *values, bool *nulls)
{
	uint64		pair = ((const uint64 *) answer)[place];

	values[0] = sql_network_node(network, (uint32) (pair >> 32));
	values[1] = sql_network_node(network, (uint32) pair);
}

Datum
pt_bridges(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	GraphCuts	cuts;
	uint64	   *pairs;
	uint64		count = 0;

	sql_network_begin(&network, fcinfo, SQL_NETWORK_NO_LOOPS);
	sql_network_load(&network);
	cuts = kernel_bridges(sql_network_both_ways(&network), network.graph.budget);
	pairs = pt_alloc(network.graph.budget, network.nnodes, sizeof(uint64));
	for (uint32 v = 0; v < network.nnodes; v++)
	{
		pt_check_interrupts(v);
		if (graph_bit(cuts.bridges, v))
			pairs[count++] = stored_pair(&network, cuts.parents[v], v);
	}
	pt_sort(pairs, count, sizeof(uint64), compare_pairs, NULL);
	sql_put_rows(&network, count, fill_pair, pairs);
	sql_network_end(&network);
	return (Datum) 0;
}

typedef struct Points
{
	const uint32 *parts;		/* by node */
	uint32	   *nodes;
} Points;

static void
fill_point(const SqlNetwork *network, const void *answer, uint64 place, Datum *values, bool *nulls)
{
	const Points *points = answer;

	values[0] = sql_network_node(network, points->nodes[place]);
	values[1] = Int64GetDatum((int64) points->parts[points->nodes[place]]);
}

Datum
pt_articulation_points(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	Points		points;
	uint32		count = 0;

	sql_network_begin(&network, fcinfo, SQL_NETWORK_MERGE | SQL_NETWORK_NO_LOOPS);
	sql_network_load(&network);
	points.parts = kernel_bridges(sql_network_both_ways(&network), network.graph.budget).parts;
	points.nodes = pt_alloc(network.graph.budget, network.nnodes, sizeof(uint32));
	for (uint32 v = 0; v < network.nnodes; v++)
	{
		pt_check_interrupts(v);
		if (points.parts[v] > 1)
			points.nodes[count++] = v;
	}
	sql_put_rows(&network, count, fill_point, &points);
	sql_network_end(&network);
	return (Datum) 0;
}

/* ---- dominators ---- */

typedef struct DominatorTree
{
	GraphDominators found;
	uint32	   *places;			/* in the order of rows */
} DominatorTree;

/* By depth, then by key. */
static int
compare_dominated(const void *a, const void *b, void *arg)
{
	const GraphDominators *found = arg;
	uint32		x = *(const uint32 *) a;
	uint32		y = *(const uint32 *) b;

	if (found->depths[x] != found->depths[y])
		return found->depths[x] < found->depths[y] ? -1 : 1;
	return found->nodes[x] < found->nodes[y] ? -1 : found->nodes[x] > found->nodes[y];
}

static void
fill_dominated(const SqlNetwork *network, const void *answer, uint64 place, Datum *values,
			   bool *nulls)
{
	const DominatorTree *tree = answer;
	uint32		at = tree->places[place];

	values[0] = sql_network_node(network, tree->found.nodes[at]);
	nulls[1] = at == 0;
	if (!nulls[1])
		values[1] = sql_network_node(network, tree->found.nodes[tree->found.dominators[at]]);
	values[2] = Int32GetDatum((int32) tree->found.depths[at]);
}

Datum
pt_dominators(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	DominatorTree tree;
	uint32		root;

	sql_network_begin(&network, fcinfo, SQL_NETWORK_KEYS | SQL_NETWORK_ROOT);
	if (sql_is_absent(fcinfo, network.first, "start", network.options.missing_ok))
		return (Datum) 0;
	sql_network_load(&network);
	root = sql_network_find_root(&network);
	if (root != GRAPH_NO_NODE)
	{
		tree.found = kernel_dominators(network.out, network.in, root, network.graph.budget);
		tree.places = pt_alloc(network.graph.budget, tree.found.count, sizeof(uint32));
		for (uint32 i = 0; i < tree.found.count; i++)
		{
			pt_check_interrupts(i);
			tree.places[i] = i;
		}
		pt_sort(tree.places, tree.found.count, sizeof(uint32), compare_dominated, &tree.found);
		sql_put_rows(&network, tree.found.count, fill_dominated, &tree);
	}
	sql_network_end(&network);
	return (Datum) 0;
}
