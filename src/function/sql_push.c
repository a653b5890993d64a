/*
 * sql_push.c
 *		pt_push: what is near some keys, ranked by personalised PageRank.
 *
 * The best rows are wanted; of those that score as well as the last of them the
 * first by key, so that the order of rows does not show. Only what may be wanted
 * is named, as a name costs fetching a row.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "base/pt_texts.h"
#include "base/pt_varatt.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "function/sql_args.h"
#include "function/sql_node.h"
#include "function/sql_sets.h"
#include "function/sql_source.h"
#include "function/sql_spelling.h"
#include "function/sql_start.h"
#include "kernel/kernel_push.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(pt_push);

/* arguments of pt_push before the common options */
enum
{
	PUSH_KEYS,
	PUSH_MAX_RESULTS,
	PUSH_EPSILON,
	PUSH_DAMPING
};

#define PUSH_OPTIONS (SQL_OPTION_SETS | SQL_OPTION_GRAPH)

/* no more edges than this are pushed along, whatever epsilon is */
#define MOST_EDGES 20000000

typedef struct SqlPush
{
	SqlGraph	graph;
	ReturnSetInfo *result;
	SqlOptions	options;
	uint64		max_results;

	Datum	   *keys;
	int			nkeys;
	SqlStart   *starts;			/* of all keys */
	uint32	   *nodes;			/* of those that have edges, each once */
	Datum	   *listed;			/* their keys */
	uint32		nlisted;

	GraphPush	push;
	uint64	   *facts[3];		/* nodes that facts alone lead to: by direction, and at all; NULL
								 * where there is nothing but facts */
	uint32	   *order;			/* places beyond the starts, best first */
} SqlPush;

/* ---- the push ---- */

/* Between sync and follow. */
static void
find_starts(SqlPush *p)
{
	SqlGraph   *graph = &p->graph;
	GraphWalk  *seen = graph_set_begin(graph->all, graph->budget);

	p->starts = pt_alloc(graph->budget, p->nkeys, sizeof(SqlStart));
	p->nodes = pt_alloc(graph->budget, p->nkeys, sizeof(uint32));
	p->listed = pt_alloc(graph->budget, p->nkeys, sizeof(Datum));
	for (int i = 0; i < p->nkeys; i++)
	{
		CHECK_FOR_INTERRUPTS();
		p->starts[i] = sql_find_start(graph, DatumGetTextPP(p->keys[i]));
		if (p->starts[i].node == GRAPH_NO_NODE || graph_set_has(seen, p->starts[i].node))
			continue;
		graph_set_add(graph->all, seen, p->starts[i].node);
		p->listed[p->nlisted] = sql_node_canonical(graph, p->keys[i], TEXTOID);
		p->nodes[p->nlisted++] = p->starts[i].node;
	}
	graph_walk_end(seen);
}

/* in facts: led to in either direction, one edge this way and one that way, too */
#define FACTS_NEAR 2

/* The nodes that facts alone lead to. Under the barrier. */
static void
find_facts(SqlPush *p)
{
	SqlGraph   *graph = &p->graph;
	Graph	   *facts = sql_graph_facts(graph);
	GraphPush	push = p->push;
	uint64		words;

	if (facts == NULL)
		return;
	kernel_push(facts, &push, graph->budget);
	words = GRAPH_WORDS(Max(facts->nnodes, graph->view->nnodes));
	for (int i = 0; i < lengthof(p->facts); i++)
	{
		p->facts[i] = pt_alloc(graph->budget, words, sizeof(uint64));
		memset(p->facts[i], 0, words * sizeof(uint64));
	}
	for (uint32 i = 0; i < push.count; i++)
	{
		const PushedNode *node = &push.nodes[i];

		pt_check_interrupts(i);
		graph_set_bit(p->facts[FACTS_NEAR], node->node);
		for (int direction = GRAPH_OUT; direction <= GRAPH_IN; direction++)
		{
			if (node->distance[direction] != KERNEL_NO_DISTANCE)
				graph_set_bit(p->facts[direction], node->node);
		}
	}
	pt_free(graph->budget, push.nodes);
}

/* Is a node by facts alone what it is: a caller, else a callee, else near? */
static bool
is_certain(const SqlPush *p, const PushedNode *node)
{
	uint32		caller = node->distance[GRAPH_IN];
	uint32		callee = node->distance[GRAPH_OUT];

	if (p->facts[FACTS_NEAR] == NULL || node->node == GRAPH_NO_NODE)
		return true;
	if (caller == KERNEL_NO_DISTANCE && callee == KERNEL_NO_DISTANCE)
		return graph_bit(p->facts[FACTS_NEAR], node->node);
	return graph_bit(p->facts[caller <= callee ? GRAPH_IN : GRAPH_OUT], node->node);
}

static int
compare_scores(const void *a, const void *b, void *arg)
{
	const PushedNode *nodes = arg;
	double		x = nodes[*(const uint32 *) a].score;
	double		y = nodes[*(const uint32 *) b].score;

	return x > y ? -1 : x < y;
}

/* Open, push, leave the barrier. */
static void
run_push(SqlPush *p, FunctionCallInfo fcinfo)
{
	SqlGraph   *graph = &p->graph;

	sql_graph_open(graph, fcinfo, p->options.graph_argno,
				   p->options.edge_types != NULL ? SQL_READ_LABEL : 0, "context",
				   "Raise parseltongue.local_image_memory, or give fewer keys.");
	sql_graph_sync(graph);
	sql_respell(graph, &p->options, p->keys, p->nkeys, TEXTOID);
	find_starts(p);
	sql_graph_follow(graph, p->options.edge_types, p->options.min_confidence);
	sql_graph_bound(graph, &p->options);
	p->push.max_edges = MOST_EDGES;
	p->push.sets = &graph->sets;
	p->push.starts = p->nodes;
	p->push.nstarts = p->nlisted;
	kernel_push(graph->view, &p->push, graph->budget);
	find_facts(p);
	sql_graph_leave(graph);
}

/* Places with a score, beyond the starts, best first. */
static uint64
sort_places(SqlPush *p)
{
	const PushedNode *nodes = p->push.nodes;
	uint64		count = 0;

	p->order = pt_alloc(p->graph.budget, p->push.count, sizeof(uint32));
	for (uint32 i = p->nlisted; i < p->push.count; i++)
	{
		pt_check_interrupts(i);
		if (nodes[i].score > 0)
			p->order[count++] = i;
	}
	pt_sort(p->order, count, sizeof(uint32), compare_scores, p->push.nodes);
	return count;
}

/* ---- rows ---- */

/* key, score, distance of a caller, distance of a callee, certain */
static void
put_row(SqlPush *p, Datum key, const PushedNode *node)
{
	Datum		values[5] = {key, Float8GetDatum(node->score)};
	bool		nulls[5] = {false};
	const GraphDirection directions[] = {GRAPH_IN, GRAPH_OUT};

	for (int i = 0; i < lengthof(directions); i++)
	{
		uint32		distance = node->distance[directions[i]];

		values[2 + i] = Int32GetDatum((int32) distance);
		nulls[2 + i] = distance == KERNEL_NO_DISTANCE;
	}
	values[4] = BoolGetDatum(is_certain(p, node));
	tuplestore_putvalues(p->result->setResult, p->result->setDesc, values, nulls);
}

/* The key of a place, in the current memory context. */
static Datum
key_of(SqlPush *p, uint32 place)
{
	SqlGraph   *graph = &p->graph;
	const PushedNode *node = &p->push.nodes[place];

	return sql_node_to_text(graph->source->node_value(graph, node->node, node->edge),
							graph->columns.node_type);
}

/* Rows of the places first .. end - 1, in that order. */
static void
put_places(SqlPush *p, uint64 first, uint64 end)
{
	MemoryContext row_context = AllocSetContextCreate(CurrentMemoryContext, "parseltongue row",
													  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(row_context);

	for (uint64 i = first; i < end; i++)
	{
		CHECK_FOR_INTERRUPTS();
		put_row(p, key_of(p, p->order[i]), &p->push.nodes[p->order[i]]);
		MemoryContextReset(row_context);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(row_context);
}

/* One of equals, and its key. */
typedef struct NamedPlace
{
	uint32		place;
	text	   *key;
} NamedPlace;

static int
compare_keys(const void *a, const void *b, void *arg)
{
	return pt_compare_text_values(((const NamedPlace *) a)->key, ((const NamedPlace *) b)->key);
}

/* Of the places first .. end - 1, which are equal, those with the first keys. */
static void
put_first_keys(SqlPush *p, uint64 first, uint64 end, uint64 wanted)
{
	PtBudget   *budget = p->graph.budget;
	NamedPlace *named = pt_alloc(budget, end - first, sizeof(NamedPlace));
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "parseltongue key",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(scratch);

	for (uint64 i = 0; i < end - first; i++)
	{
		text	   *key;

		CHECK_FOR_INTERRUPTS();
		key = DatumGetTextPP(key_of(p, p->order[first + i]));
		named[i].place = p->order[first + i];
		named[i].key = pt_alloc(budget, VARSIZE_ANY(key), 1);
		memcpy(named[i].key, key, VARSIZE_ANY(key));
		MemoryContextReset(scratch);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
	pt_sort(named, end - first, sizeof(NamedPlace), compare_keys, NULL);
	for (uint64 i = 0; i < wanted; i++)
	{
		CHECK_FOR_INTERRUPTS();
		put_row(p, PointerGetDatum(named[i].key), &p->push.nodes[named[i].place]);
	}
}

static void
put_near(SqlPush *p)
{
	const PushedNode *nodes = p->push.nodes;
	uint64		count = sort_places(p);
	uint64		first = Min(count, p->max_results);
	uint64		end = first;

	/* those that are equal to the last one wanted, if not all of them are */
	if (first > 0 && first < count)
	{
		double		last = nodes[p->order[first - 1]].score;

		for (; first > 0 && nodes[p->order[first - 1]].score == last; first--)
			pt_check_interrupts(first);
		for (; end < count && nodes[p->order[end]].score == last; end++)
			pt_check_interrupts(end);
	}
	put_places(p, 0, first);
	if (end > first)
		put_first_keys(p, first, end, Min(count, p->max_results) - first);
}

/* Keys that are on no edge, each as often as it is given. Runs queries. */
static void
put_unseen(SqlPush *p)
{
	const PushedNode alone = {GRAPH_NO_NODE, GRAPH_NO_EDGE, 0, {0, 0}};

	for (int i = 0; i < p->nkeys; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (p->starts[i].node != GRAPH_NO_NODE)
			continue;
		sql_check_start(&p->graph, &p->starts[i], p->options.missing_ok);
		put_row(p, p->keys[i], &alone);
	}
}

Datum
pt_push(PG_FUNCTION_ARGS)
{
	SqlPush		p = {0};

	InitMaterializedSRF(fcinfo, 0);
	p.result = (ReturnSetInfo *) fcinfo->resultinfo;
	p.options = sql_options(fcinfo, PUSH_OPTIONS);
	p.max_results = sql_bound(fcinfo, PUSH_MAX_RESULTS, "max_results");
	p.push.epsilon = sql_number(fcinfo, PUSH_EPSILON, "epsilon", 1e-9, 1);
	p.push.damping = sql_number(fcinfo, PUSH_DAMPING, "damping", 0, 0.99);
	if (sql_is_absent(fcinfo, PUSH_KEYS, "keys", p.options.missing_ok))
		return (Datum) 0;
	p.keys = sql_start_elements(PG_GETARG_ARRAYTYPE_P(PUSH_KEYS), "keys", p.options.missing_ok,
								&p.nkeys);
	run_push(&p, fcinfo);
	for (uint32 i = 0; i < p.nlisted; i++)
	{
		CHECK_FOR_INTERRUPTS();
		put_row(&p, p.listed[i], &p.push.nodes[i]);
	}
	put_near(&p);
	put_unseen(&p);
	sql_graph_close(&p.graph);
	return (Datum) 0;
}
