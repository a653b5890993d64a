/*
 * sql_network_rows.c
 *		Shapes of answers that algorithms over a whole graph share.
 */
#include "postgres.h"

#include <math.h>

#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "function/sql_network.h"

/* how many rows ahead what is somewhere else in memory is fetched */
#define AHEAD 16

/* ---- scores ---- */

/*
 * Bits of a score that do not decide its rank: sums may differ in them. Those that do are
 * ten digits.
 */
#define LOOSE_BITS 18

typedef struct Ranking
{
	const double *scores;
	const PtNumbered *nodes;	/* by descending rounded scores, then by node */
	const uint32 *ranks;		/* by place */
} Ranking;

/* What a score is ranked by, the highest first; what is next to nothing in the ranking is 0. */
static uint64
rank_number(double score, double highest)
{
	uint64		half = UINT64CONST(1) << (LOOSE_BITS - 1);

	/* nothing orders it */
	if (isnan(score))
		return PG_UINT64_MAX;
	if (fabs(score) < highest * 1e-15)
		score = 0;
	return ~((pt_number_of_double(score) + half) >> LOOSE_BITS);
}

static void
fill_score(const SqlNetwork *network, const void *answer, uint64 place, Datum *values, bool *nulls)
{
	const Ranking *ranking = answer;
	uint32		node = ranking->nodes[place].item;

	/* ranks are in no order of memory */
	if (place + AHEAD < network->nnodes)
	{
		uint32		later = ranking->nodes[place + AHEAD].item;

		__builtin_prefetch(&network->keys[later]);
		__builtin_prefetch(&ranking->scores[later]);
	}
	values[0] = sql_network_node(network, node);
	values[1] = Float8GetDatum(ranking->scores[node]);
	values[2] = Int64GetDatum((int64) ranking->ranks[place]);
}

void
sql_put_scores(SqlNetwork *network, const double *scores, uint64 max_results)
{
	PtBudget   *budget = network->graph.budget;
	PtNumbered *nodes = pt_alloc(budget, network->nnodes, sizeof(PtNumbered));
	uint64		count = Min(max_results, network->nnodes);
	uint32	   *ranks = pt_alloc(budget, count, sizeof(uint32));
	Ranking		ranking = {scores, nodes, ranks};
	double		highest = 0;

	for (uint32 v = 0; v < network->nnodes; v++)
	{
		pt_check_interrupts(v);
		highest = Max(highest, fabs(scores[v]));
	}
	for (uint32 v = 0; v < network->nnodes; v++)
	{
		pt_check_interrupts(v);
		nodes[v] = (PtNumbered) {rank_number(scores[v], highest), v};
	}
	pt_sort_numbered(nodes, network->nnodes, budget);
	(void) sql_network_name_best(network, nodes, network->nnodes, 0, count);
	for (uint64 i = 0; i < count; i++)
	{
		pt_check_interrupts(i);
		ranks[i] = i > 0 && nodes[i].number == nodes[i - 1].number ? ranks[i - 1] : i + 1;
	}
	sql_put_rows(network, count, fill_score, &ranking);
}

/* ---- groups ---- */

typedef struct Grouping
{
	const uint32 *least;		/* by node */
	const uint32 *nodes;		/* group by group */
	const uint32 *sizes;		/* by least node */
	const uint32 *numbers;		/* by least node */
	SqlFillRow	fill;
} Grouping;

static void
fill_member(const SqlNetwork *network, const void *answer, uint64 place, Datum *values, bool *nulls)
{
	const Grouping *grouping = answer;
	uint32		node = grouping->nodes[place];
	uint32		size = grouping->sizes[grouping->least[node]];

	if (place + AHEAD < network->nnodes)
		__builtin_prefetch(&network->keys[grouping->nodes[place + AHEAD]]);
	values[0] = Int64GetDatum((int64) grouping->numbers[grouping->least[node]]);
	values[1] = sql_network_node(network, node);
	values[2] = Int64GetDatum((int64) size);
	if (grouping->fill != NULL)
		grouping->fill(network, NULL, size, values, nulls);
}

void
sql_put_groups(SqlNetwork *network, const uint32 *least, SqlFillRow fill)
{
	PtBudget   *budget = network->graph.budget;
	uint32		nnodes = network->nnodes;
	uint32	   *nodes = pt_alloc(budget, nnodes, sizeof(uint32));
	uint32	   *sizes = pt_alloc(budget, nnodes, sizeof(uint32));
	uint32	   *numbers = pt_alloc(budget, nnodes, sizeof(uint32));
	uint32	   *next = pt_alloc(budget, nnodes, sizeof(uint32));
	Grouping	grouping = {least, nodes, sizes, numbers, fill};
	uint32		place = 0;
	uint32		number = 0;

	memset(sizes, 0, nnodes * sizeof(uint32));
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		sizes[least[v]]++;
	}
	/* the least node of a group comes before the others of it */
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		if (least[v] == v)
		{
			numbers[v] = ++number;
			next[v] = place;
			place += sizes[v];
		}
		nodes[next[least[v]]++] = v;
	}
	pt_free(budget, next);
	sql_put_rows(network, nnodes, fill_member, &grouping);
}

/* ---- pairs ---- */

typedef struct Pairs
{
	const uint32 *froms;
	const uint32 *ends;
} Pairs;

static void
fill_pair(const SqlNetwork *network, const void *answer, uint64 place, Datum *values, bool *nulls)
{
	const Pairs *pairs = answer;

	values[0] = sql_network_node(network, pairs->froms[place]);
	values[1] = sql_network_node(network, pairs->ends[place]);
}

void
sql_put_pairs(SqlNetwork *network, const uint32 *froms, const uint32 *ends, uint64 count)
{
	Pairs		pairs = {froms, ends};

	sql_put_rows(network, count, fill_pair, &pairs);
}
