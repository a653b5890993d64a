/*
 * sql_query_hold.c
 *		All edges of a relation in memory, once a call has come to read them all.
 *
 * For answers that want nothing of an edge but its ends: the levels of a walk
 * that follow need no query.
 */
#include "postgres.h"

#include "function/sql_query_private.h"

/*
 * What holding edges may yet take, in bytes: arrays of pairs double, and both
 * projections come; the table of nodes and their array double; and some values.
 */
#define HOLD_PAIR 16
#define HOLD_NODE 96
#define HOLD_SLACK (256 * 1024)

/*
 * Is there room for some pairs more, for what grows with them while they are
 * numbered, and for a projection of all of them then?
 */
static bool
has_room(const QueryGraph *g)
{
	return pt_budget_has(g->query->graph->budget, HOLD_SLACK + g->npairs * HOLD_PAIR +
						 (Size) sql_values_count(g->query->values) * HOLD_NODE);
}

/* Ends of rows, to be numbered together. */
typedef struct Pairs
{
	QueryGraph *g;
	int			count;
	Datum		ends[2][SQL_VALUES_BATCH];
} Pairs;

/* Returns false if there is no room. */
static bool
number_pairs(Pairs *pairs)
{
	QueryGraph *g = pairs->g;
	SqlQuery   *query = g->query;

	if (!has_room(g))
	{
		g->is_too_large = true;
		return false;
	}
	for (int i = GRAPH_OUT; i <= GRAPH_IN; i++)
	{
		g->ends[i] = pt_grow(query->graph->budget, g->ends[i], &g->capacities[i],
							 g->npairs + pairs->count, sizeof(uint32));
		sql_values_number_many(query->values, pairs->ends[i], pairs->count, g->ends[i] + g->npairs);
	}
	g->npairs += pairs->count;
	pairs->count = 0;
	return true;
}

static bool
put_pair(void *answer, TupleTableSlot *slot)
{
	Pairs	   *pairs = answer;
	SqlQuery   *query = pairs->g->query;

	if (slot->tts_isnull[ROW_SOURCE] || slot->tts_isnull[ROW_TARGET])
		return true;
	pairs->ends[GRAPH_OUT][pairs->count] = sql_query_key(query, slot, ROW_SOURCE);
	pairs->ends[GRAPH_IN][pairs->count++] = sql_query_key(query, slot, ROW_TARGET);
	/* other values are the row's, and go with it */
	if (query->is_integer[ROW_SOURCE] && pairs->count < SQL_VALUES_BATCH)
		return true;
	return number_pairs(pairs);
}

/* Read all edges. Where there is no room nothing of them stays. */
static void
hold_all(QueryGraph *g)
{
	SqlQuery   *query = g->query;
	uint32		known = sql_values_count(query->values);
	PtBudget   *budget = query->graph->budget;
	Pairs	   *pairs = MemoryContextAlloc(budget->context, sizeof(Pairs));

	pairs->g = g;
	pairs->count = 0;
	sql_query_read_all(g, put_pair, pairs);
	if (!g->is_too_large)
		(void) number_pairs(pairs);
	pfree(pairs);
	g->is_held = !g->is_too_large;
	if (g->is_held)
	{
		sql_query_note_nodes(query);
		return;
	}
	sql_values_forget(query->values, known);
	for (int i = GRAPH_OUT; i <= GRAPH_IN; i++)
	{
		pt_free(budget, g->ends[i]);
		g->ends[i] = NULL;
	}
}

bool
sql_query_holds_all(QueryGraph *g, GraphDirection direction, uint64 count)
{
	if (!g->is_held && !g->is_too_large &&
		sql_query_wants_all(g, direction == GRAPH_BOTH ? GRAPH_OUT : direction, count))
		hold_all(g);
	return g->is_held;
}

void
sql_query_expand_held(QueryGraph *g, GraphWalk *walk, uint64 first, uint64 last)
{
	PtBudget   *budget = g->query->graph->budget;
	Graph	   *held;

	for (int i = GRAPH_OUT; i <= GRAPH_IN; i++)
	{
		if (g->rows[i] == NULL && (walk->direction == GRAPH_BOTH || walk->direction == i))
			g->rows[i] = graph_project_pairs(g->ends[i], g->ends[1 - i], g->npairs,
											 g->graph.nnodes, budget);
	}
	graph_walk_cover(walk, g->graph.nnodes);
	held = graph_of_projection(g->rows[GRAPH_OUT], g->rows[GRAPH_IN], budget);
	held->ops->expand(held, walk, first, last);
	pfree(held);
}
