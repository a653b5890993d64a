/*
 * sql_dijkstra_path.c
 *		pt_dijkstra_path: the cheapest path between two keys, edge by edge.
 *		pt_dijkstra_paths: the cheapest simple paths.
 *
 * Two searches under the barrier look at what lies between the keys. What they
 * have seen is searched after that: in the order of the path, so that costs
 * are sums in that order, and by keys where paths cost the same.
 */
#include "postgres.h"

#include <math.h>

#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "function/sql_args.h"
#include "function/sql_cost.h"
#include "function/sql_edges.h"
#include "function/sql_sets.h"
#include "function/sql_start.h"
#include "graph/graph_rows.h"
#include "kernel/kernel_dijkstra_paths.h"
#include "miscadmin.h"
#include "utils/datum.h"
#include "utils/memutils.h"
#include "utils/uuid.h"

PG_FUNCTION_INFO_V1(pt_dijkstra_path);
PG_FUNCTION_INFO_V1(pt_dijkstra_paths);

/* arguments of pt_dijkstra_path before the common options */
enum
{
	PATH_START_KEY,
	PATH_END_KEY,
	PATH_MAX_COST,
	PATH_DIRECTION
};

/* arguments of pt_dijkstra_paths before the common options */
enum
{
	PATHS_START_KEY,
	PATHS_END_KEY,
	PATHS_MAX_PATHS,
	PATHS_MAX_COST,
	PATHS_DIRECTION
};

#define OPTIONS (SQL_OPTION_SETS | SQL_OPTION_STOP_AT | SQL_OPTION_GRAPH)

/* columns of a row behind those of an edge */
#define NODE_COLUMNS 1

typedef struct PathCall
{
	SqlGraph	graph;
	GraphDirection direction;
	double		max_cost;
	SqlOptions	options;
	SqlStart	from;
	SqlStart	to;

	GraphDijkstra forward;
	GraphDijkstra backward;
	GraphArcList seen;
	double		best;			/* what the best path costs, about */

	/* what was seen, as a graph of its own */
	uint32	   *nodes;			/* those of the source */
	uint32		nnodes;
	uint32		start;			/* places among them, or numbers by key */
	uint32		end;

	GraphCostPaths paths;
	const uint32 *path_nodes;	/* of the source, by the nodes of paths */
} PathCall;

/* ---- looking ---- */

static void
begin_search(PathCall *c, GraphDijkstra *d, GraphDirection direction, uint32 start, uint32 far_end)
{
	d->graph = c->graph.view;
	d->budget = c->graph.budget;
	d->direction = direction;
	d->asks_many = c->graph.query != NULL;
	d->sets = &c->graph.sets;
	d->far_end = far_end;
	d->seen = &c->seen;
	kernel_dijkstra_begin(d, start, 0, 0);
}

/* Look at what lies between the keys until the best way is known. Returns false if there is none. */
static bool
look(PathCall *c)
{
	if (c->from.node == GRAPH_NO_NODE || c->to.node == GRAPH_NO_NODE ||
		c->from.node == c->to.node || !graph_sets_admit(&c->graph.sets, c->to.node))
		return false;
	c->forward.max_cost = c->max_cost;
	c->backward.max_cost = c->max_cost * (1 + KERNEL_COST_SLACK);
	begin_search(c, &c->forward, c->direction, c->from.node, c->to.node);
	begin_search(c, &c->backward, graph_reverse(c->direction), c->to.node, c->from.node);
	/* a search back walks edges against the direction of the path */
	c->backward.is_backward = true;
	c->best = kernel_dijkstra_meet(&c->forward, &c->backward, INFINITY, c->max_cost);
	return c->best <= c->max_cost * (1 + KERNEL_COST_SLACK) && !isinf(c->best);
}

static void
open_call(PathCall *c, FunctionCallInfo fcinfo, text *start_key, text *end_key, const char *what,
		  const char *hint)
{
	SqlGraph   *graph = &c->graph;
	text	   *keys[2] = {start_key, end_key};
	SqlStart	ends[2];

	sql_graph_open(graph, fcinfo, c->options.graph_argno,
				   SQL_READ_WEIGHT | SQL_READ_LABEL | SQL_READ_LOCATION, what, hint);
	sql_graph_sync(graph);
	sql_find_starts(graph, &c->options, keys, lengthof(keys), ends);
	c->from = ends[0];
	c->to = ends[1];
	sql_graph_follow(graph, c->options.edge_types, c->options.min_confidence);
	sql_graph_bound(graph, &c->options);
}

/* The searches are over. */
static void
end_searches(PathCall *c)
{
	sql_graph_leave(&c->graph);
	if (c->forward.is_refused)
		sql_refuse_weight(&c->graph, &c->forward);
	if (c->backward.is_refused)
		sql_refuse_weight(&c->graph, &c->backward);
	if (c->forward.walk != NULL)
	{
		kernel_dijkstra_end(&c->forward);
		kernel_dijkstra_end(&c->backward);
	}
}

/* GRAPH_NO_NODE if it is on no edge that is left. */
static uint32
place_of(const PathCall *c, uint32 node)
{
	uint32		low = 0;
	uint32		high = c->nnodes;

	while (low < high)
	{
		uint32		middle = low + (high - low) / 2;

		if (c->nodes[middle] < node)
			low = middle + 1;
		else
			high = middle;
	}
	return low < c->nnodes && c->nodes[low] == node ? low : GRAPH_NO_NODE;
}

/* Number the nodes of some edges. Returns false if not both ends are among them. */
static bool
number_nodes(PathCall *c, GraphArcList *arcs)
{
	c->nodes = graph_arcs_nodes(arcs, c->graph.view, &c->nnodes, c->graph.budget);
	graph_arcs_number(arcs, c->nodes, NULL, c->nnodes);
	c->start = place_of(c, c->from.node);
	c->end = place_of(c, c->to.node);
	return c->start != GRAPH_NO_NODE && c->end != GRAPH_NO_NODE;
}

/* ---- one path ---- */

/* Search what is left of what was seen again, in the order of the path. */
static void
find_path(PathCall *c)
{
	PtBudget   *budget = c->graph.budget;
	GraphDijkstra d = {.budget = budget, .direction = GRAPH_OUT, .max_cost = c->max_cost,
	.far_end = GRAPH_NO_NODE};
	SqlNodeOrder order;
	GraphCostStep *steps;
	uint32		place;
	uint32		length;

	if (!number_nodes(c, &c->seen))
		return;
	c->path_nodes = c->nodes;
	d.graph = graph_of_projection(graph_arcs_project(&c->seen, c->nnodes, budget), NULL, budget);
	kernel_dijkstra_begin(&d, c->start, 0, 0);
	while ((place = kernel_dijkstra_settle(&d)) != GRAPH_NO_NODE &&
		   d.walk->nodes[place] != c->end)
		(void) kernel_dijkstra_look(&d, place);
	kernel_dijkstra_end(&d);
	if (place == GRAPH_NO_NODE)
		return;

	order = sql_node_order(&c->graph, c->nodes);
	length = d.costs[place].hops;
	steps = c->paths.steps = pt_alloc(budget, (uint64) length + 1, sizeof(GraphCostStep));
	for (uint32 i = length; i > 0; i--)
	{
		const GraphTie *tie = kernel_dijkstra_parent(&d, place, sql_compare_nodes, &order);

		pt_check_interrupts(i);
		steps[i] = (GraphCostStep) {d.walk->nodes[place], tie->edge, tie->weight,
									d.costs[place].cost};
		place = tie->from;
	}
	steps[0] = (GraphCostStep) {d.walk->nodes[0], GRAPH_NO_EDGE, 0, 0};
	c->paths.paths = pt_alloc(budget, 1, sizeof(GraphCostPath));
	c->paths.paths[0] = (GraphCostPath) {.length = length, .cost = steps[length].cost};
	c->paths.count = 1;
}

/* ---- several ---- */

/* Paths in what has been seen so far, over nodes in the order that is given. */
static void
find_paths_in(PathCall *c, GraphArcList *arcs, uint32 nnodes, GraphCostPaths *paths)
{
	PtBudget   *budget = c->graph.budget;
	GraphProjection *out = graph_arcs_project(arcs, nnodes, budget);
	GraphProjection *in = graph_arcs_project_back(arcs, nnodes, budget);

	kernel_dijkstra_paths(out, in, c->start, c->end, paths, budget);
	graph_free_rows(out, budget);
	graph_free_rows(in, budget);
}

/* What is on ways that cost so much, of what has been seen. */
static GraphArcList
arcs_within(const PathCall *c, double bound)
{
	PtBudget   *budget = c->graph.budget;
	GraphArcList copy = {pt_alloc(budget, c->seen.count, sizeof(GraphWeightedArc)), c->seen.count};

	memcpy(copy.arcs, c->seen.arcs, c->seen.count * sizeof(GraphWeightedArc));
	kernel_dijkstra_prune(&copy, &c->forward, &c->backward, bound);
	return copy;
}

/* What does the last path cost that is wanted? Infinite if fewer cost at most bound. */
static double
cost_of_last(PathCall *c, double bound)
{
	PtBudget   *budget = c->graph.budget;
	GraphCostPaths paths = {.max_paths = c->paths.max_paths, .max_cost = bound};
	GraphArcList arcs = arcs_within(c, bound);
	double		cost = INFINITY;

	if (number_nodes(c, &arcs))
		find_paths_in(c, &arcs, c->nnodes, &paths);
	if (paths.count == paths.max_paths)
		cost = paths.paths[paths.count - 1].cost;
	pt_free(budget, arcs.arcs);
	pt_free(budget, c->nodes);
	pt_free(budget, paths.paths);
	pt_free(budget, paths.steps);
	return cost;
}

/* how much more than the best path others may cost, at first: by this part of it */
#define MORE (1.0 / 64)

/*
 * Look further until what has been seen has as many paths as are wanted, and
 * all that cost no more. Returns what the last of them costs, or more if there are fewer.
 * How far the searches have come tells up to which cost all paths have been seen.
 */
static double
look_further(PathCall *c)
{
	GraphDijkstra *forward = &c->forward;
	GraphDijkstra *backward = &c->backward;

	if (c->paths.max_paths == PG_INT32_MAX)
	{
		(void) kernel_dijkstra_widen(forward, backward, c->max_cost, PG_UINT64_MAX);
		return c->max_cost;
	}
	sql_graph_step_out(&c->graph);
	for (double more = MORE;; more *= 2)
	{
		double		seen;
		double		bound;
		double		last;

		CHECK_FOR_INTERRUPTS();
		if (c->best > 0)
			(void) kernel_dijkstra_widen(forward, backward,
										 Min(c->max_cost, c->best * (1 + more)), PG_UINT64_MAX);
		else
			(void) kernel_dijkstra_widen(forward, backward, c->max_cost,
										 2 * (forward->nsettled + backward->nsettled));
		seen = kernel_dijkstra_least(forward) + kernel_dijkstra_least(backward);
		bound = Min(c->max_cost, seen * (1 - KERNEL_COST_SLACK));
		if (forward->is_refused || backward->is_refused)
			return bound;
		last = cost_of_last(c, bound);
		if (!isinf(last))
			return last;
		if (bound == c->max_cost)
			return bound;
	}
}

typedef struct KeyedNode
{
	Datum		key;
	uint32		place;
} KeyedNode;

static int
compare_keyed(const void *a, const void *b, void *arg)
{
	return sql_compare_order_keys(((const KeyedNode *) a)->key, ((const KeyedNode *) b)->key,
								  *(const Oid *) arg);
}

/* The keys of the nodes at the ends of what was seen. */
static KeyedNode *
name_nodes(PathCall *c)
{
	PtBudget   *budget = c->graph.budget;
	Oid			type = sql_order_type(&c->graph);
	MemoryContext context = AllocSetContextCreate(budget->context, "parseltongue keys",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext scratch = AllocSetContextCreate(budget->context, "parseltongue key",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = CurrentMemoryContext;
	KeyedNode  *keyed = pt_alloc(budget, c->nnodes, sizeof(KeyedNode));
	GraphEdge  *edges = pt_alloc(budget, c->nnodes, sizeof(GraphEdge));

	for (uint64 i = 0; i < c->seen.count; i++)
	{
		const GraphWeightedArc *arc = &c->seen.arcs[i];

		pt_check_interrupts(i);
		edges[arc->from] = arc->edge ^ GRAPH_EDGE_REVERSED;
		edges[arc->to] = arc->edge;
	}
	for (uint32 v = 0; v < c->nnodes; v++)
	{
		Datum		key;

		CHECK_FOR_INTERRUPTS();
		MemoryContextSwitchTo(scratch);
		key = sql_order_key(&c->graph, c->nodes[v], edges[v]);
		MemoryContextSwitchTo(context);
		keyed[v] = (KeyedNode) {datumCopy(key, type == INT8OID, type == UUIDOID ? UUID_LEN : -1), v};
		MemoryContextReset(scratch);
	}
	MemoryContextSwitchTo(old);
	pt_budget_take(budget, MemoryContextMemAllocated(context, false));
	pt_free(budget, edges);
	pt_sort(keyed, c->nnodes, sizeof(KeyedNode), compare_keyed, &type);
	return keyed;
}

/* Number what was seen by keys, and find the paths. */
static void
find_paths(PathCall *c)
{
	PtBudget   *budget = c->graph.budget;
	uint32	   *numbers;
	uint32	   *path_nodes;
	uint32	   *places;
	KeyedNode  *keyed;

	if (!number_nodes(c, &c->seen))
		return;
	keyed = name_nodes(c);
	numbers = pt_alloc(budget, c->nnodes, sizeof(uint32));
	places = pt_alloc(budget, c->nnodes, sizeof(uint32));
	path_nodes = pt_alloc(budget, c->nnodes, sizeof(uint32));
	for (uint32 v = 0; v < c->nnodes; v++)
	{
		pt_check_interrupts(v);
		numbers[keyed[v].place] = v;
		places[v] = v;
		path_nodes[v] = c->nodes[keyed[v].place];
	}
	c->start = numbers[c->start];
	c->end = numbers[c->end];
	c->path_nodes = path_nodes;
	graph_arcs_number(&c->seen, places, numbers, c->nnodes);
	find_paths_in(c, &c->seen, c->nnodes, &c->paths);
}

/* ---- rows ---- */

/* Where in the paths the rows have come to. */
typedef struct Cursor
{
	const PathCall *call;
	uint64		path;
	uint32		step;
	int			first_column;	/* of the edge's */
} Cursor;

static SqlEdge
next_edge(void *answer, uint64 place, Datum *values, bool *nulls)
{
	Cursor	   *cursor = answer;
	const GraphCostPaths *paths = &cursor->call->paths;
	const uint32 *nodes = cursor->call->path_nodes;
	const GraphCostStep *step;
	int			column = cursor->first_column;

	if (cursor->step == paths->paths[cursor->path].length)
	{
		cursor->path++;
		cursor->step = 0;
	}
	step = &paths->steps[paths->paths[cursor->path].first + ++cursor->step];
	if (column == 2)
		values[0] = Int32GetDatum((int32) (cursor->path + 1));
	values[column - 1] = Int32GetDatum((int32) cursor->step);
	values[column + SQL_EDGE_COLUMNS + NODE_COLUMNS] = Float8GetDatum(step->weight);
	values[column + SQL_EDGE_COLUMNS + NODE_COLUMNS + 1] = Float8GetDatum(step->cost);
	return sql_tree_edge(step->edge, nodes[step->node], nodes[step[-1].node]);
}

static void
put_paths(PathCall *c, FunctionCallInfo fcinfo, int first_column)
{
	Cursor		cursor = {c, 0, 0, first_column};
	uint64		edges = 0;

	for (uint64 i = 0; i < c->paths.count; i++)
		edges += c->paths.paths[i].length;
	sql_put_edges(&c->graph, (ReturnSetInfo *) fcinfo->resultinfo, edges, first_column, next_edge,
				  &cursor);
	sql_check_start(&c->graph, &c->from, c->options.missing_ok);
	sql_check_start(&c->graph, &c->to, c->options.missing_ok);
	sql_graph_close(&c->graph);
}

Datum
pt_dijkstra_path(PG_FUNCTION_ARGS)
{
	PathCall	c = {0};
	bool		found;

	c.max_cost = sql_max_cost(fcinfo, PATH_MAX_COST);
	c.direction = sql_direction(fcinfo, PATH_DIRECTION);
	c.options = sql_options(fcinfo, OPTIONS);
	InitMaterializedSRF(fcinfo, 0);
	if (sql_is_absent(fcinfo, PATH_START_KEY, "start_key", c.options.missing_ok) ||
		sql_is_absent(fcinfo, PATH_END_KEY, "end_key", c.options.missing_ok))
		return (Datum) 0;
	open_call(&c, fcinfo, sql_key(fcinfo, PATH_START_KEY, "start_key"),
			  sql_key(fcinfo, PATH_END_KEY, "end_key"), "path",
			  "Raise parseltongue.local_image_memory, or bound the path by max_cost.");
	found = look(&c);
	if (found)
		kernel_dijkstra_prune(&c.seen, &c.forward, &c.backward, c.best);
	end_searches(&c);
	if (found)
		find_path(&c);
	put_paths(&c, fcinfo, 1);
	return (Datum) 0;
}

Datum
pt_dijkstra_paths(PG_FUNCTION_ARGS)
{
	PathCall	c = {0};
	bool		found;

	/* paths are numbered with integers */
	c.paths.max_paths = Min(sql_bound(fcinfo, PATHS_MAX_PATHS, "max_paths"), PG_INT32_MAX);
	c.paths.max_cost = c.max_cost = sql_max_cost(fcinfo, PATHS_MAX_COST);
	c.direction = sql_direction(fcinfo, PATHS_DIRECTION);
	c.options = sql_options(fcinfo, OPTIONS);
	InitMaterializedSRF(fcinfo, 0);
	if (sql_is_absent(fcinfo, PATHS_START_KEY, "start_key", c.options.missing_ok) ||
		sql_is_absent(fcinfo, PATHS_END_KEY, "end_key", c.options.missing_ok))
		return (Datum) 0;
	open_call(&c, fcinfo, sql_key(fcinfo, PATHS_START_KEY, "start_key"),
			  sql_key(fcinfo, PATHS_END_KEY, "end_key"), "paths",
			  "Raise parseltongue.local_image_memory, or ask for fewer or cheaper paths.");
	found = c.paths.max_paths > 0 && look(&c);
	if (found)
	{
		double		bound = look_further(&c);

		kernel_dijkstra_prune(&c.seen, &c.forward, &c.backward, bound);
		c.paths.max_cost = Min(c.max_cost, bound);
	}
	end_searches(&c);
	if (found)
		find_paths(&c);
	put_paths(&c, fcinfo, 2);
	return (Datum) 0;
}
