/*
 * sql_dijkstra.c
 *		pt_dijkstra: what it costs to get to other nodes.
 *
 * The search is made under the barrier. Which parent a node has, of several by
 * which it costs the same, is decided by their keys after that.
 */
#include "postgres.h"

#include <math.h>

#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "function/sql_args.h"
#include "function/sql_cost.h"
#include "function/sql_hint.h"
#include "function/sql_node.h"
#include "function/sql_sets.h"
#include "function/sql_spelling.h"
#include "miscadmin.h"
#include "utils/datum.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"
#include "utils/uuid.h"

PG_FUNCTION_INFO_V1(pt_dijkstra);

/* arguments of pt_dijkstra before the common options */
enum
{
	ARG_GRAPH,
	ARG_START,
	ARG_TARGETS,
	ARG_MAX_COST,
	ARG_DIRECTION
};

#define OPTIONS (SQL_OPTION_SETS | SQL_OPTION_STOP_AT | SQL_OPTION_MAX_NODES)

typedef struct CostRow
{
	double		cost;
	Datum		key;
	uint32		place;
} CostRow;

typedef struct CostCall
{
	SqlGraph	graph;
	ReturnSetInfo *result;
	SqlOptions	options;
	Oid			type;			/* of the start, and of what is returned */
	Datum	   *named;			/* the start, then the targets */
	int			ntargets;
	bool		has_targets;

	uint32		start_node;
	GraphWalk  *wanted;			/* nodes of the targets, or NULL */
	Datum	   *unseen;			/* the start and targets without a visible edge */
	int			nunseen;
	GraphDijkstra search;
	bool		truncated;

	CostRow    *rows;
	uint64		nrows;
} CostCall;

/* ---- the search ---- */

/* The nodes of start and targets. Those without a visible edge are noted. */
static void
find_nodes(CostCall *c)
{
	SqlGraph   *graph = &c->graph;
	int			count = c->ntargets + 1;
	uint32	   *nodes = pt_alloc(graph->budget, count, sizeof(uint32));
	uint32	   *known = pt_alloc(graph->budget, count, sizeof(uint32));
	uint64	   *visible = pt_alloc(graph->budget, GRAPH_WORDS(count), sizeof(uint64));
	uint32		nknown = 0;

	memset(visible, 0, GRAPH_WORDS(count) * sizeof(uint64));
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		nodes[i] = graph->source->find_node(graph, sql_node_argument(graph, c->named[i], c->type));
		if (nodes[i] != GRAPH_NO_NODE)
			known[nknown++] = nodes[i];
	}
	graph->source->find_visible(graph, known, nknown, visible);
	nknown = 0;
	if (c->has_targets)
		c->wanted = graph_set_begin(graph->view, graph->budget);
	c->start_node = GRAPH_NO_NODE;
	for (int i = 0; i < count; i++)
	{
		if (nodes[i] == GRAPH_NO_NODE || !graph_bit(visible, nknown++))
			c->unseen[c->nunseen++] = c->named[i];
		else if (i == 0)
			c->start_node = nodes[i];
		else
			graph_set_add(graph->view, c->wanted, nodes[i]);
	}
	pt_free(graph->budget, nodes);
	pt_free(graph->budget, known);
	pt_free(graph->budget, visible);
}

static bool
is_wanted(const CostCall *c, uint32 place)
{
	return c->wanted == NULL || graph_set_has(c->wanted, c->search.walk->nodes[place]);
}

/* Settle nodes until there is nothing more to know. */
static void
search(CostCall *c)
{
	GraphDijkstra *d = &c->search;
	uint64		left = c->wanted == NULL ? PG_UINT64_MAX : c->wanted->count;
	uint32		place;

	if (c->start_node == GRAPH_NO_NODE)
		return;
	d->graph = c->graph.view;
	d->budget = c->graph.budget;
	d->sets = &c->graph.sets;
	d->far_end = GRAPH_NO_NODE;
	d->asks_many = c->graph.query != NULL;
	kernel_dijkstra_begin(d, c->start_node, 0, 0);
	while (left > 0 && d->heap.count > 0)
	{
		if (d->nsettled >= c->options.max_nodes)
		{
			c->truncated = true;
			break;
		}
		place = kernel_dijkstra_settle(d);
		if (is_wanted(c, place))
			left--;
		if (left > 0 && !kernel_dijkstra_look(d, place))
			break;
	}
	kernel_dijkstra_end(d);
}

static void
run(CostCall *c, FunctionCallInfo fcinfo)
{
	SqlGraph   *graph = &c->graph;

	sql_graph_open(graph, fcinfo, ARG_GRAPH,
				   SQL_READ_WEIGHT | (c->options.edge_types != NULL ? SQL_READ_LABEL : 0),
				   "search for least costs",
				   "Raise parseltongue.local_image_memory, or bound the search by max_cost or max_nodes.");
	sql_graph_sync(graph);
	sql_respell(graph, &c->options, c->named, c->ntargets + 1, c->type);
	c->unseen = pt_alloc(graph->budget, (uint64) c->ntargets + 1, sizeof(Datum));
	sql_graph_follow(graph, c->options.edge_types, c->options.min_confidence);
	sql_graph_bound(graph, &c->options);
	find_nodes(c);
	search(c);
	sql_graph_leave(graph);
	if (c->search.is_refused)
		sql_refuse_weight(graph, &c->search);
}

/* ---- rows ---- */

static int
compare_rows(const void *a, const void *b, void *arg)
{
	const CostRow *x = a;
	const CostRow *y = b;

	if (x->cost != y->cost)
		return x->cost < y->cost ? -1 : 1;
	return sql_compare_order_keys(x->key, y->key, *(const Oid *) arg);
}

/* A key of any place but the start, by any edge that leads there. */
static Datum
key_at(CostCall *c, uint32 place)
{
	GraphDijkstra *d = &c->search;

	if (place == 0)
		return sql_order_value(&c->graph, sql_node_argument(&c->graph, c->named[0], c->type));
	return sql_order_key(&c->graph, d->walk->nodes[place], d->all_ties[d->ties[place]].edge);
}

/* What is returned, by cost, then by key. */
static void
gather_rows(CostCall *c)
{
	GraphDijkstra *d = &c->search;
	PtBudget   *budget = c->graph.budget;
	Oid			type = sql_order_type(&c->graph);
	MemoryContext keys = AllocSetContextCreate(budget->context, "parseltongue keys",
											   ALLOCSET_DEFAULT_SIZES);
	MemoryContext scratch = AllocSetContextCreate(budget->context, "parseltongue key",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = CurrentMemoryContext;
	Size		charged = 0;

	c->rows = pt_alloc(budget, d->nsettled, sizeof(CostRow));
	for (uint64 i = 0; i < d->nsettled; i++)
	{
		uint32		place = d->settled[i];
		CostRow    *row = &c->rows[c->nrows];
		Size		now;

		CHECK_FOR_INTERRUPTS();
		if (!is_wanted(c, place))
			continue;
		MemoryContextSwitchTo(scratch);
		row->key = key_at(c, place);
		MemoryContextSwitchTo(keys);
		row->key = datumCopy(row->key, type == INT8OID, type == UUIDOID ? UUID_LEN : -1);
		row->cost = d->costs[place].cost;
		row->place = place;
		c->nrows++;
		MemoryContextReset(scratch);
		now = MemoryContextMemAllocated(keys, false);
		if (now > charged)
			pt_budget_take(budget, now - charged);
		charged = now;
	}
	MemoryContextSwitchTo(old);
	pt_sort(c->rows, c->nrows, sizeof(CostRow), compare_rows, &type);
}

/* A key as it is returned. */
static Datum
result_value(const CostCall *c, Datum key)
{
	return c->type == TEXTOID ? sql_node_to_text(key, sql_order_type(&c->graph)) : key;
}

static void
put_row(CostCall *c, Datum node, double cost, const Datum *parent)
{
	Datum		values[3] = {node, Float8GetDatum(cost)};
	bool		nulls[3] = {false, false, parent == NULL};

	if (parent != NULL)
		values[2] = *parent;
	tuplestore_putvalues(c->result->setResult, c->result->setDesc, values, nulls);
}

static void
put_rows(CostCall *c)
{
	GraphDijkstra *d = &c->search;
	SqlNodeOrder order = sql_node_order(&c->graph, NULL);
	MemoryContext row_context = AllocSetContextCreate(CurrentMemoryContext, "parseltongue row",
													  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(row_context);

	for (uint64 i = 0; i < c->nrows; i++)
	{
		const CostRow *row = &c->rows[i];
		Datum		node = result_value(c, row->key);
		Datum		parent = (Datum) 0;

		CHECK_FOR_INTERRUPTS();
		if (row->place != 0)
		{
			const GraphTie *tie = kernel_dijkstra_parent(d, row->place, sql_compare_nodes, &order);

			parent = result_value(c, sql_order_key(&c->graph, d->walk->nodes[tie->from],
												   tie->edge ^ GRAPH_EDGE_REVERSED));
		}
		put_row(c, node, row->cost, row->place == 0 ? NULL : &parent);
		MemoryContextReset(row_context);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(row_context);
}

/*
 * The start and targets without a visible edge must be known, unless missing_ok.
 * The start costs nothing all the same. Runs queries, so it is the last thing to do.
 */
static void
check_unseen(CostCall *c)
{
	for (int i = 0; i < c->nunseen && !c->options.missing_ok; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!sql_graph_knows(&c->graph, DatumGetTextPP(sql_node_to_text(c->unseen[i], c->type))))
			sql_missing_key(&c->graph, c->unseen[i], c->type);
	}
	if (c->start_node != GRAPH_NO_NODE)
		return;
	for (int i = 0; i < (c->has_targets ? c->ntargets : 1); i++)
	{
		Datum		start = sql_order_value(&c->graph, sql_node_argument(&c->graph, c->named[0], c->type));
		Datum		other = c->has_targets ?
			sql_order_value(&c->graph, sql_node_argument(&c->graph, c->named[i + 1], c->type)) : start;

		CHECK_FOR_INTERRUPTS();
		if (sql_compare_order_keys(start, other, sql_order_type(&c->graph)) != 0)
			continue;
		c->truncated = c->options.max_nodes == 0;
		if (!c->truncated)
			put_row(c, sql_node_canonical(&c->graph, c->named[0], c->type), 0, NULL);
		return;
	}
}

static void
read_named(CostCall *c, FunctionCallInfo fcinfo)
{
	Datum		start = PG_GETARG_DATUM(ARG_START);
	Datum	   *targets = NULL;

	c->has_targets = !PG_ARGISNULL(ARG_TARGETS);
	if (c->has_targets)
		targets = sql_start_elements(PG_GETARG_ARRAYTYPE_P(ARG_TARGETS), "targets",
									 c->options.missing_ok, &c->ntargets);
	c->named = palloc_extended(((Size) c->ntargets + 1) * sizeof(Datum), MCXT_ALLOC_HUGE);
	c->named[0] = c->type == TEXTOID ? PointerGetDatum(PG_DETOAST_DATUM_PACKED(start)) : start;
	if (c->ntargets > 0)
		memcpy(c->named + 1, targets, c->ntargets * sizeof(Datum));
}

Datum
pt_dijkstra(PG_FUNCTION_ARGS)
{
	CostCall	c = {0};

	InitMaterializedSRF(fcinfo, 0);
	c.result = (ReturnSetInfo *) fcinfo->resultinfo;
	/* as the function declares it: bigint, text or uuid */
	c.type = sql_declared_type(fcinfo, ARG_START);
	c.search.max_cost = sql_max_cost(fcinfo, ARG_MAX_COST);
	c.search.direction = sql_direction(fcinfo, ARG_DIRECTION);
	c.options = sql_options(fcinfo, OPTIONS);
	if (sql_is_absent(fcinfo, ARG_START, "start", c.options.missing_ok))
		return (Datum) 0;
	read_named(&c, fcinfo);
	run(&c, fcinfo);
	if (c.start_node != GRAPH_NO_NODE)
	{
		gather_rows(&c);
		put_rows(&c);
	}
	check_unseen(&c);
	if (c.truncated)
		sql_warn_truncated(c.options.max_nodes);
	if (c.wanted != NULL)
		graph_walk_end(c.wanted);
	sql_graph_close(&c.graph);
	return (Datum) 0;
}
