/*
 * sql_similarity.c
 *		pt_similarity: which nodes have the same neighbours as one?
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "function/sql_network.h"
#include "kernel/kernel_similarity.h"

PG_FUNCTION_INFO_V1(pt_similarity);

/* own arguments of pt_similarity */
enum
{
	SIMILARITY_NODE,
	SIMILARITY_DIRECTION,
	SIMILARITY_MAX_RESULTS
};

typedef struct Similarity
{
	uint64		neighbours;		/* of the key */
	GraphSimilar *similar;
	uint64	   *ranks;
} Similarity;

static uint64
either(const Similarity *similarity, const GraphSimilar *similar)
{
	return similarity->neighbours + similar->neighbours - similar->common;
}

static uint64
lesser(const Similarity *similarity, const GraphSimilar *similar)
{
	return Min(similarity->neighbours, similar->neighbours);
}

/* The greater part first, exactly. */
static int
compare_parts(uint64 part_a, uint64 whole_a, uint64 part_b, uint64 whole_b)
{
	uint64		a = part_a * whole_b;
	uint64		b = part_b * whole_a;

	return a > b ? -1 : a < b;
}

/* By Jaccard, then by overlap. */
static int
compare_scores(const GraphSimilar *a, const GraphSimilar *b, const Similarity *similarity)
{
	int			order = compare_parts(a->common, either(similarity, a),
									  b->common, either(similarity, b));

	if (order != 0)
		return order;
	return compare_parts(a->common, lesser(similarity, a), b->common, lesser(similarity, b));
}

static int
compare_similar(const void *a, const void *b, void *arg)
{
	const GraphSimilar *x = a;
	const GraphSimilar *y = b;
	int			order = compare_scores(x, y, arg);

	if (order != 0)
		return order;
	return x->node < y->node ? -1 : x->node > y->node;
}

static void
fill_similar(const SqlNetwork *network, const void *answer, uint64 place, Datum *values,
			 bool *nulls)
{
	const Similarity *similarity = answer;
	const GraphSimilar *similar = &similarity->similar[place];

	values[0] = sql_network_node(network, similar->node);
	values[1] = Float8GetDatum((double) similar->common / either(similarity, similar));
	values[2] = Float8GetDatum((double) similar->common / lesser(similarity, similar));
	values[3] = Int64GetDatum((int64) similar->common);
	values[4] = Int64GetDatum((int64) similarity->ranks[place]);
}

/* The rows of a direction, and those turned round. */
static Similarity
find_similar(SqlNetwork *network, uint32 node, GraphDirection direction, uint64 *count)
{
	PtBudget   *budget = network->graph.budget;
	const GraphProjection *rows = direction == GRAPH_OUT ? network->out :
		direction == GRAPH_IN ? network->in : sql_network_both_ways(network);
	const GraphProjection *turned = direction == GRAPH_OUT ? network->in :
		direction == GRAPH_IN ? network->out : rows;
	Similarity	similarity = {graph_row_size(rows, node)};

	similarity.similar = kernel_similar(rows, turned, node, count, budget);
	pt_sort(similarity.similar, *count, sizeof(GraphSimilar), compare_similar, &similarity);
	return similarity;
}

static void
rank_similar(Similarity *similarity, uint64 count, PtBudget *budget)
{
	similarity->ranks = pt_alloc(budget, count, sizeof(uint64));
	for (uint64 i = 0; i < count; i++)
	{
		const GraphSimilar *similar = &similarity->similar[i];

		CHECK_FOR_INTERRUPTS();
		similarity->ranks[i] = i > 0 && compare_scores(similar - 1, similar, similarity) == 0 ?
			similarity->ranks[i - 1] : i + 1;
	}
}

Datum
pt_similarity(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	GraphDirection direction;
	uint64		max_results;
	uint32		node;

	sql_network_begin(&network, fcinfo,
					  SQL_NETWORK_KEYS | SQL_NETWORK_ROOT | SQL_NETWORK_MERGE | SQL_NETWORK_NO_LOOPS);
	if (sql_is_absent(fcinfo, network.first + SIMILARITY_NODE, "node", network.options.missing_ok))
		return (Datum) 0;
	direction = sql_direction(fcinfo, network.first + SIMILARITY_DIRECTION);
	max_results = sql_bound(fcinfo, network.first + SIMILARITY_MAX_RESULTS, "max_results");
	sql_network_load(&network);
	node = sql_network_find_root(&network);
	if (node != GRAPH_NO_NODE)
	{
		uint64		count;
		Similarity	similarity = find_similar(&network, node, direction, &count);

		count = Min(count, max_results);
		rank_similar(&similarity, count, network.graph.budget);
		sql_put_rows(&network, count, fill_similar, &similarity);
	}
	sql_network_end(&network);
	return (Datum) 0;
}
