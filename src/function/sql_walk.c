/*
 * sql_walk.c
 *		pt_blast_radius, pt_blast_radius_summary, pt_blast_radius_count,
 *		pt_impact, pt_bfs, pt_multi_source_bfs, pt_reached.
 *
 * One walk, and ways to print it. Where it followed guesses, a second one over
 * the facts tells which of the nodes need none: it is the walk that the same
 * call would make with min_confidence 1, so it may reach them further away.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "base/pt_texts.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "function/sql_args.h"
#include "function/sql_hint.h"
#include "function/sql_node.h"
#include "function/sql_sets.h"
#include "function/sql_source.h"
#include "function/sql_spelling.h"
#include "kernel/kernel_bfs.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(pt_blast_radius_0_2);
PG_FUNCTION_INFO_V1(pt_blast_radius_summary_0_2);
PG_FUNCTION_INFO_V1(pt_blast_radius_count_0_2);
PG_FUNCTION_INFO_V1(pt_impact_0_2);
PG_FUNCTION_INFO_V1(pt_bfs_0_2);
PG_FUNCTION_INFO_V1(pt_multi_source_bfs);
PG_FUNCTION_INFO_V1(pt_reached);

/* arguments of pt_blast_radius and its like before the common options */
enum
{
	RADIUS_KEY,
	RADIUS_HOPS,
	RADIUS_DIRECTION
};

#define RADIUS_OPTIONS \
	(SQL_OPTION_SETS | SQL_OPTION_STOP_AT | SQL_OPTION_MAX_NODES | SQL_OPTION_GRAPH)

/* arguments of pt_bfs and pt_multi_source_bfs before the common options */
enum
{
	BFS_GRAPH,
	BFS_START,
	BFS_HOPS,
	BFS_DIRECTION
};

#define BFS_OPTIONS (SQL_OPTION_SETS | SQL_OPTION_STOP_AT | SQL_OPTION_MAX_NODES)

/* arguments of pt_reached before the common options */
enum
{
	REACHED_STARTS,
	REACHED_WANTED,
	REACHED_HOPS,
	REACHED_DIRECTION
};

/* A node that the caller wants to hear of, if it is reached. */
typedef struct WantedNode
{
	uint32		node;
	int			number;			/* in wanted */
	uint64		depth;
} WantedNode;

/* What a call asks, and how far it has come. */
typedef struct SqlWalk
{
	SqlGraph	graph;
	ReturnSetInfo *result;

	/* asked */
	Datum	   *starts;
	Oid			start_type;
	int			nstarts;
	uint64		hops;
	GraphDirection direction;
	SqlOptions	options;

	bool		starts_count;	/* do starts count for max_nodes? */
	bool		wants_certain;	/* is it asked which nodes need no guess? */
	Datum	   *wanted;			/* keys: is it asked which of them are reached? */
	int			nwanted;

	/* found */
	GraphWalk  *walk;
	Datum	   *listed;			/* values of the starts in walk->nodes */
	uint64		nlisted;		/* they come first there */
	uint64	   *certain;		/* by place in the walk; NULL: all are */
	Datum	   *unseen;			/* starts without a visible edge */
	int			nunseen;
	WantedNode *met;			/* of wanted, those that were reached */
	int			nmet;
} SqlWalk;

/* ---- the walk ---- */

/*
 * The nodes of the starts that have visible edges, others being GRAPH_NO_NODE
 * and noted as unseen.
 */
static uint32 *
find_starts(SqlWalk *w)
{
	SqlGraph   *graph = &w->graph;
	uint32	   *nodes = pt_alloc(graph->budget, w->nstarts, sizeof(uint32));
	uint32	   *known = pt_alloc(graph->budget, w->nstarts, sizeof(uint32));
	uint64	   *visible = pt_alloc(graph->budget, GRAPH_WORDS(w->nstarts), sizeof(uint64));
	int			nknown = 0;

	memset(visible, 0, GRAPH_WORDS(w->nstarts) * sizeof(uint64));
	for (int i = 0; i < w->nstarts; i++)
	{
		CHECK_FOR_INTERRUPTS();
		nodes[i] = graph->source->find_node(graph, sql_node_argument(graph, w->starts[i],
																	 w->start_type));
		w->starts[i] = sql_node_canonical(graph, w->starts[i], w->start_type);
		if (nodes[i] != GRAPH_NO_NODE)
			known[nknown++] = nodes[i];
	}
	graph->source->find_visible(graph, known, nknown, visible);
	nknown = 0;
	for (int i = 0; i < w->nstarts; i++)
	{
		if (nodes[i] != GRAPH_NO_NODE && !graph_bit(visible, nknown++))
			nodes[i] = GRAPH_NO_NODE;
		if (nodes[i] == GRAPH_NO_NODE)
			w->unseen[w->nunseen++] = w->starts[i];
	}
	return nodes;
}

/* Put the starts that have visible edges into the walk, each node once. */
static void
add_starts(SqlWalk *w)
{
	SqlGraph   *graph = &w->graph;
	uint32	   *nodes;

	w->listed = pt_alloc(graph->budget, w->nstarts, sizeof(Datum));
	w->unseen = pt_alloc(graph->budget, w->nstarts, sizeof(Datum));
	nodes = find_starts(w);
	graph_walk_cover(w->walk, graph->view->nnodes);
	for (int i = 0; i < w->nstarts; i++)
	{
		if (nodes[i] == GRAPH_NO_NODE || graph_is_visited(w->walk, nodes[i]))
			continue;
		if (w->starts_count && w->walk->count >= w->options.max_nodes)
		{
			w->walk->truncated = true;
			continue;
		}
		w->listed[w->walk->count] = w->starts[i];
		graph_walk_start(w->walk, nodes[i]);
	}
	w->nlisted = w->walk->count;
}

static int
compare_texts(const void *a, const void *b, void *arg)
{
	return pt_compare_text_values(*(text *const *) a, *(text *const *) b);
}

typedef struct UnseenStart
{
	text	   *key;
	Datum		value;
} UnseenStart;

/*
 * A start without a visible edge is an error, unless missing_ok or the entity
 * table has it. put, if given, is called for each. Runs queries, so it is the
 * last thing to do.
 */
static void
check_unseen(SqlWalk *w, void (*put) (SqlWalk *w, Datum start))
{
	UnseenStart *unseen = pt_alloc(w->graph.budget, w->nunseen, sizeof(UnseenStart));

	for (int i = 0; i < w->nunseen; i++)
	{
		unseen[i].value = w->unseen[i];
		unseen[i].key = DatumGetTextPP(sql_node_to_text(w->unseen[i], w->start_type));
	}
	pt_sort(unseen, w->nunseen, sizeof(UnseenStart), compare_texts, NULL);
	for (int i = 0; i < w->nunseen; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (i > 0 && compare_texts(&unseen[i], &unseen[i - 1], NULL) == 0)
			continue;
		if (!w->options.missing_ok && !sql_graph_knows(&w->graph, unseen[i].key))
			sql_missing_key(&w->graph, unseen[i].value, w->start_type);
		if (put != NULL)
			put(w, unseen[i].value);
	}
}

static void
walk_from_starts(SqlWalk *w, Graph *view, GraphWalk *walk)
{
	walk->max_nodes = w->options.max_nodes;
	if (!w->starts_count && walk->max_nodes < PG_UINT64_MAX - w->nlisted)
		walk->max_nodes += w->nlisted;
	graph_sets_bound(&w->graph.sets, walk);
	kernel_bfs(view, walk, w->hops);
}

/* Which nodes does the call reach without guesses? Under the barrier. */
static void
find_certain(SqlWalk *w)
{
	Graph	   *facts = sql_graph_facts(&w->graph);
	GraphWalk  *walk;

	if (facts == NULL)
		return;
	/* what a walk keeps decides in which order it goes, and so what is cut */
	walk = graph_walk_begin(facts, w->graph.budget, w->direction, w->walk->keep);
	for (uint64 i = 0; i < w->nlisted; i++)
		graph_walk_start(walk, w->walk->nodes[i]);
	walk_from_starts(w, facts, walk);
	w->certain = pt_alloc(w->graph.budget, GRAPH_WORDS(w->walk->count), sizeof(uint64));
	memset(w->certain, 0, GRAPH_WORDS(w->walk->count) * sizeof(uint64));
	for (uint64 i = 0; i < w->walk->count; i++)
	{
		pt_check_interrupts(i);
		if (graph_is_visited(walk, w->walk->nodes[i]))
			graph_set_bit(w->certain, (uint32) i);
	}
	graph_walk_end(walk);
}

static bool
is_certain(const SqlWalk *w, uint64 place)
{
	return w->certain == NULL || graph_bit(w->certain, (uint32) place);
}

static int
compare_wanted(const void *a, const void *b, void *arg)
{
	const WantedNode *x = a;
	const WantedNode *y = b;

	if (x->node != y->node)
		return x->node < y->node ? -1 : 1;
	return x->number - y->number;
}

/* The first place of a node among those met, which are sorted. */
static int
first_met(const SqlWalk *w, uint32 node)
{
	WantedNode	least = {node, 0};

	return (int) pt_lower_bound(w->met, w->nmet, sizeof(WantedNode), &least, compare_wanted, NULL);
}

/* Which of the wanted keys are reached, and where? Under the barrier. */
static void
find_wanted(SqlWalk *w)
{
	SqlGraph   *graph = &w->graph;
	GraphWalk  *set = graph_set_begin(graph->all, graph->budget);
	uint64		depth = 0;
	int			left;

	w->met = pt_alloc(graph->budget, w->nwanted, sizeof(WantedNode));
	for (int i = 0; i < w->nwanted; i++)
	{
		uint32		node = graph->source->find_node(graph, sql_node_argument(graph, w->wanted[i], TEXTOID));

		CHECK_FOR_INTERRUPTS();
		if (node != GRAPH_NO_NODE && node < graph_walk_covered(w->walk) && graph_is_visited(w->walk, node))
		{
			w->met[w->nmet++] = (WantedNode) {node, i};
			if (!graph_set_has(set, node))
				graph_set_add(graph->all, set, node);
		}
	}
	pt_sort(w->met, w->nmet, sizeof(WantedNode), compare_wanted, NULL);
	left = (int) set->count;
	for (uint64 place = 0; place < w->walk->count && left > 0; place++)
	{
		uint32		node = w->walk->nodes[place];

		pt_check_interrupts(place);
		while (place >= graph_level_end(w->walk, depth))
			depth++;
		if (!graph_set_has(set, node))
			continue;
		left--;
		for (int i = first_met(w, node); i < w->nmet && w->met[i].node == node; i++)
			w->met[i].depth = depth;
	}
	graph_walk_end(set);
}

/* Open, walk, leave the barrier. The rows are then to be fetched. */
static void
run_walk(SqlWalk *w, FunctionCallInfo fcinfo, int keep)
{
	sql_graph_open(&w->graph, fcinfo, w->options.graph_argno,
				   w->options.edge_types != NULL ? SQL_READ_LABEL : 0,
				   "walk", SQL_BOUND_HINT);
	sql_graph_sync(&w->graph);
	/* wanted keys come from what is stored, and so do starts then */
	if (w->nwanted == 0)
		sql_respell(&w->graph, &w->options, w->starts, w->nstarts, w->start_type);
	sql_graph_follow(&w->graph, w->options.edge_types, w->options.min_confidence);
	sql_graph_bound(&w->graph, &w->options);
	if (w->graph.source->names_nodes(&w->graph))
		keep &= ~GRAPH_KEEP_EDGES;
	w->walk = sql_walk_begin(&w->graph, w->direction, keep);
	add_starts(w);
	walk_from_starts(w, w->graph.view, w->walk);
	if (w->wants_certain)
		find_certain(w);
	if (w->nwanted > 0)
		find_wanted(w);
	graph_walk_end(w->walk);
	sql_graph_leave(&w->graph);
}

static void
finish_walk(SqlWalk *w)
{
	if (w->walk->truncated)
		sql_warn_truncated(w->options.max_nodes);
	sql_graph_close(&w->graph);
}

/* ---- rows ---- */

/*
 * The node that was reached at a place, beyond the starts, as a value of the
 * node column. It is good until the row context is reset.
 */
static Datum
node_value(SqlWalk *w, uint64 place)
{
	return w->graph.source->node_value(&w->graph, w->walk->nodes[place],
									   w->walk->edges == NULL ? GRAPH_NO_EDGE :
									   w->walk->edges[place]);
}

/*
 * Call put for every node beyond the starts, with its place in the walk and
 * its depth.
 */
typedef void (*PutRow) (SqlWalk *w, uint64 place, uint64 depth, Datum node);

static void
put_reached(SqlWalk *w, PutRow put)
{
	MemoryContext row_context = AllocSetContextCreate(CurrentMemoryContext,
													  "parseltongue row",
													  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(row_context);
	uint64		depth = 0;

	for (uint64 i = w->nlisted; i < w->walk->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		while (i >= graph_level_end(w->walk, depth))
			depth++;
		put(w, i, depth, node_value(w, i));
		MemoryContextReset(row_context);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(row_context);
}

/* ---- pt_blast_radius ---- */

/* All but the key or keys. */
static void
read_radius_arguments(SqlWalk *w, FunctionCallInfo fcinfo)
{
	memset(w, 0, sizeof(SqlWalk));
	w->result = (ReturnSetInfo *) fcinfo->resultinfo;
	w->start_type = TEXTOID;
	w->hops = sql_bound(fcinfo, RADIUS_HOPS, "hops");
	w->direction = sql_direction(fcinfo, RADIUS_DIRECTION);
	w->options = sql_options(fcinfo, RADIUS_OPTIONS);
}

/* False if there is none, and that is well. */
static bool
start_at_key(SqlWalk *w, FunctionCallInfo fcinfo)
{
	if (sql_is_absent(fcinfo, RADIUS_KEY, "key", w->options.missing_ok))
		return false;
	w->starts = palloc(sizeof(Datum));
	w->starts[0] = PointerGetDatum(sql_key(fcinfo, RADIUS_KEY, "key"));
	w->nstarts = 1;
	return true;
}

static void
put_radius_row(SqlWalk *w, uint64 place, uint64 depth, Datum node)
{
	Datum		values[3];
	bool		nulls[3] = {false, false, false};

	values[0] = sql_node_to_text(node, w->graph.columns.node_type);
	values[1] = Int32GetDatum((int32) depth);
	values[2] = BoolGetDatum(is_certain(w, place));
	tuplestore_putvalues(w->result->setResult, w->result->setDesc, values, nulls);
}

Datum
pt_blast_radius_0_2(PG_FUNCTION_ARGS)
{
	SqlWalk		w;

	InitMaterializedSRF(fcinfo, 0);
	read_radius_arguments(&w, fcinfo);
	if (!start_at_key(&w, fcinfo))
		return (Datum) 0;
	w.wants_certain = true;
	run_walk(&w, fcinfo, GRAPH_KEEP_EDGES);
	put_reached(&w, put_radius_row);
	check_unseen(&w, NULL);
	finish_walk(&w);
	return (Datum) 0;
}

/* How many nodes of a level need no guess? */
static uint64
count_certain(const SqlWalk *w, uint64 first, uint64 end)
{
	uint64		count = 0;

	if (w->certain == NULL)
		return end - first;
	for (uint64 i = first; i < end; i++)
	{
		pt_check_interrupts(i);
		count += is_certain(w, i);
	}
	return count;
}

Datum
pt_blast_radius_summary_0_2(PG_FUNCTION_ARGS)
{
	SqlWalk		w;

	InitMaterializedSRF(fcinfo, 0);
	read_radius_arguments(&w, fcinfo);
	if (!start_at_key(&w, fcinfo))
		return (Datum) 0;
	w.wants_certain = true;
	run_walk(&w, fcinfo, 0);
	check_unseen(&w, NULL);
	for (uint64 depth = 1; depth < w.walk->levels; depth++)
	{
		uint64		first = w.walk->level_start[depth];
		uint64		end = graph_level_end(w.walk, depth);
		Datum		values[3];
		bool		nulls[3] = {false, false, false};

		if (end == first)
			continue;
		values[0] = Int32GetDatum((int32) depth);
		values[1] = Int64GetDatum(end - first);
		values[2] = Int64GetDatum(count_certain(&w, first, end));
		tuplestore_putvalues(w.result->setResult, w.result->setDesc, values, nulls);
	}
	finish_walk(&w);
	return (Datum) 0;
}

Datum
pt_blast_radius_count_0_2(PG_FUNCTION_ARGS)
{
	SqlWalk		w;
	int64		count;

	read_radius_arguments(&w, fcinfo);
	if (!start_at_key(&w, fcinfo))
		PG_RETURN_INT64(0);
	run_walk(&w, fcinfo, 0);
	count = w.walk->count - w.nlisted;
	check_unseen(&w, NULL);
	finish_walk(&w);
	PG_RETURN_INT64(count);
}

/* ---- pt_impact ---- */

/*
 * Replace each node's parent by the start above it. A parent's place is below
 * its children's, so one pass does.
 */
static void
replace_parents_by_starts(SqlWalk *w)
{
	GraphWalk  *walk = w->walk;

	for (uint64 i = 0; i < walk->count; i++)
	{
		pt_check_interrupts(i);
		walk->parents[i] = i < w->nlisted ? (uint32) i : walk->parents[walk->parents[i]];
	}
}

static void
put_impact_row(SqlWalk *w, uint64 place, uint64 depth, Datum node)
{
	Datum		values[4];
	bool		nulls[4] = {false, false, false, false};

	values[0] = sql_node_to_text(node, w->graph.columns.node_type);
	values[1] = Int32GetDatum((int32) depth);
	values[2] = BoolGetDatum(is_certain(w, place));
	values[3] = w->listed[w->walk->parents[place]];
	tuplestore_putvalues(w->result->setResult, w->result->setDesc, values, nulls);
}

/*
 * An array given as text: what an untyped literal becomes, as drivers send
 * lists, since text is the type that PostgreSQL prefers for one.
 */
static ArrayType *
array_of_text(text *literal)
{
	Oid			input;
	Oid			parameter;

	getTypeInputInfo(TEXTARRAYOID, &input, &parameter);
	return DatumGetArrayTypeP(OidInputFunctionCall(input, text_to_cstring(literal),
												   parameter, -1));
}

static ArrayType *
array_argument(FunctionCallInfo fcinfo, int argno)
{
	return sql_declared_type(fcinfo, argno) == TEXTOID ?
		array_of_text(PG_GETARG_TEXT_PP(argno)) : PG_GETARG_ARRAYTYPE_P(argno);
}

Datum
pt_impact_0_2(PG_FUNCTION_ARGS)
{
	ArrayType  *keys;
	SqlWalk		w;

	InitMaterializedSRF(fcinfo, 0);
	read_radius_arguments(&w, fcinfo);
	if (sql_is_absent(fcinfo, RADIUS_KEY, "keys", w.options.missing_ok))
		return (Datum) 0;
	keys = array_argument(fcinfo, RADIUS_KEY);
	w.starts = sql_start_elements(keys, "keys", w.options.missing_ok, &w.nstarts);
	for (int i = 0; i < w.nstarts; i++)
	{
		CHECK_FOR_INTERRUPTS();
		w.starts[i] = sql_node_to_text(w.starts[i], ARR_ELEMTYPE(keys));
	}
	w.wants_certain = true;
	run_walk(&w, fcinfo, GRAPH_KEEP_EDGES | GRAPH_KEEP_PARENTS);
	replace_parents_by_starts(&w);
	put_reached(&w, put_impact_row);
	check_unseen(&w, NULL);
	finish_walk(&w);
	return (Datum) 0;
}

/* ---- pt_bfs ---- */

/* A row's node, distance, parent (NULL for a start) and whether it is certain. */
static void
put_bfs_values(SqlWalk *w, Datum node, uint64 distance, Datum *parent, bool certain)
{
	Datum		values[4] = {node, Int32GetDatum((int32) distance), 0, BoolGetDatum(certain)};
	bool		nulls[4] = {false, false, parent == NULL, false};

	if (parent != NULL)
		values[2] = *parent;
	tuplestore_putvalues(w->result->setResult, w->result->setDesc, values, nulls);
}

static void
put_bfs_row(SqlWalk *w, uint64 place, uint64 depth, Datum node)
{
	uint32		place_above = w->walk->parents[place];
	Datum		value = sql_node_value(&w->graph, node, w->start_type);
	Datum		parent = place_above < w->nlisted ? w->listed[place_above] :
		sql_node_value(&w->graph, node_value(w, place_above), w->start_type);

	put_bfs_values(w, value, depth, &parent, is_certain(w, place));
}

static void
put_start(SqlWalk *w, Datum start)
{
	if (w->walk->count >= w->options.max_nodes)
	{
		w->walk->truncated = true;
		return;
	}
	put_bfs_values(w, start, 0, NULL, true);
	w->walk->count++;
}

static void
put_listed_starts(SqlWalk *w)
{
	for (uint64 i = 0; i < w->nlisted; i++)
	{
		CHECK_FOR_INTERRUPTS();
		put_bfs_values(w, w->listed[i], 0, NULL, true);
	}
}

/* Arguments but the starts; false if these are NULL, and that is well. */
static bool
read_bfs_arguments(SqlWalk *w, FunctionCallInfo fcinfo, const char *name)
{
	InitMaterializedSRF(fcinfo, 0);
	w->result = (ReturnSetInfo *) fcinfo->resultinfo;
	w->hops = sql_bound(fcinfo, BFS_HOPS, "hops");
	w->direction = sql_direction(fcinfo, BFS_DIRECTION);
	w->options = sql_options(fcinfo, BFS_OPTIONS);
	w->starts_count = true;
	w->wants_certain = true;
	return !sql_is_absent(fcinfo, BFS_START, name, w->options.missing_ok);
}

/* starts, start_type and nstarts are set */
static Datum
bfs(SqlWalk *w, FunctionCallInfo fcinfo)
{
	run_walk(w, fcinfo, GRAPH_KEEP_EDGES | GRAPH_KEEP_PARENTS);
	put_listed_starts(w);
	put_reached(w, put_bfs_row);
	check_unseen(w, put_start);
	finish_walk(w);
	return (Datum) 0;
}

Datum
pt_bfs_0_2(PG_FUNCTION_ARGS)
{
	SqlWalk		w = {0};
	Datum		start;

	if (!read_bfs_arguments(&w, fcinfo, "start"))
		return (Datum) 0;
	/* as the function declares it: bigint, text or uuid */
	w.start_type = sql_declared_type(fcinfo, BFS_START);
	start = PG_GETARG_DATUM(BFS_START);
	if (w.start_type == TEXTOID)
		start = PointerGetDatum(PG_DETOAST_DATUM_PACKED(start));
	w.starts = &start;
	w.nstarts = 1;
	return bfs(&w, fcinfo);
}

Datum
pt_multi_source_bfs(PG_FUNCTION_ARGS)
{
	SqlWalk		w = {0};
	ArrayType  *array;

	if (!read_bfs_arguments(&w, fcinfo, "starts"))
		return (Datum) 0;
	array = array_argument(fcinfo, BFS_START);
	w.start_type = ARR_ELEMTYPE(array);
	w.starts = sql_start_elements(array, "starts", w.options.missing_ok, &w.nstarts);
	return bfs(&w, fcinfo);
}

/* ---- pt_reached ---- */

Datum
pt_reached(PG_FUNCTION_ARGS)
{
	SqlWalk		w = {0};

	InitMaterializedSRF(fcinfo, 0);
	w.result = (ReturnSetInfo *) fcinfo->resultinfo;
	w.start_type = TEXTOID;
	w.hops = sql_bound(fcinfo, REACHED_HOPS, "hops");
	w.direction = sql_direction(fcinfo, REACHED_DIRECTION);
	w.options = sql_options(fcinfo, SQL_OPTION_GRAPH);
	if (sql_is_absent(fcinfo, REACHED_STARTS, "starts", w.options.missing_ok) ||
		sql_is_absent(fcinfo, REACHED_WANTED, "wanted", w.options.missing_ok))
		return (Datum) 0;
	w.starts = sql_start_elements(PG_GETARG_ARRAYTYPE_P(REACHED_STARTS), "starts",
								  w.options.missing_ok, &w.nstarts);
	w.wanted = sql_start_elements(PG_GETARG_ARRAYTYPE_P(REACHED_WANTED), "wanted",
								  w.options.missing_ok, &w.nwanted);
	run_walk(&w, fcinfo, 0);
	for (int i = 0; i < w.nmet; i++)
	{
		Datum		values[2] = {w.wanted[w.met[i].number], Int32GetDatum((int32) w.met[i].depth)};
		bool		nulls[2] = {false, false};

		CHECK_FOR_INTERRUPTS();
		tuplestore_putvalues(w.result->setResult, w.result->setDesc, values, nulls);
	}
	check_unseen(&w, NULL);
	finish_walk(&w);
	return (Datum) 0;
}
