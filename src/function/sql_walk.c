/*
 * sql_walk.c
 *		pt_blast_radius, pt_blast_radius_summary, pt_blast_radius_count,
 *		pt_impact, pt_bfs.
 *
 * One walk, five ways to print it.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "base/pt_varatt.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "function/sql_args.h"
#include "function/sql_hint.h"
#include "function/sql_node.h"
#include "function/sql_source.h"
#include "kernel/kernel_bfs.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(pt_blast_radius);
PG_FUNCTION_INFO_V1(pt_blast_radius_summary);
PG_FUNCTION_INFO_V1(pt_blast_radius_count);
PG_FUNCTION_INFO_V1(pt_impact);
PG_FUNCTION_INFO_V1(pt_bfs);
PG_FUNCTION_INFO_V1(pt_bfs_array);

/* arguments of pt_blast_radius and its like, by position */
enum
{
	RADIUS_KEY,
	RADIUS_HOPS,
	RADIUS_DIRECTION,
	RADIUS_EDGE_TYPES,
	RADIUS_MAX_NODES,
	RADIUS_MISSING_OK,
	RADIUS_GRAPH,
	RADIUS_MIN_CONFIDENCE
};

/* arguments of pt_bfs, by position */
enum
{
	BFS_GRAPH,
	BFS_START,
	BFS_MAX_DEPTH,
	BFS_DIRECTION,
	BFS_EDGE_TYPES,
	BFS_MAX_NODES,
	BFS_MISSING_OK,
	BFS_MIN_CONFIDENCE
};

/* What a call asks, and how far it has come. */
typedef struct SqlWalk
{
	SqlGraph	graph;
	ReturnSetInfo *result;

	/* asked */
	Datum	   *starts;
	Oid			start_type;
	int			nstarts;
	uint64		max_depth;
	GraphDirection direction;
	ArrayType  *edge_types;
	int			min_confidence;
	uint64		max_nodes;
	bool		missing_ok;

	bool		starts_count;	/* do starts count for max_nodes? */

	/* found */
	GraphWalk  *walk;
	Datum	   *listed;			/* values of the starts in walk->nodes */
	uint64		nlisted;		/* they come first there */
	Datum	   *unseen;			/* starts without a visible edge */
	int			nunseen;
} SqlWalk;

/* ---- the walk ---- */

/* Put the starts that have visible edges into the walk, each node once. */
static void
add_starts(SqlWalk *w)
{
	SqlGraph   *graph = &w->graph;

	w->listed = pt_alloc(graph->budget, w->nstarts, sizeof(Datum));
	w->unseen = pt_alloc(graph->budget, w->nstarts, sizeof(Datum));
	for (int i = 0; i < w->nstarts; i++)
	{
		Datum		value = sql_node_argument(graph, w->starts[i], w->start_type);
		uint32		node = graph->source->find_node(graph, value);

		CHECK_FOR_INTERRUPTS();
		w->starts[i] = sql_node_canonical(graph, w->starts[i], w->start_type);
		if (node == GRAPH_NO_NODE || !sql_graph_has_visible_edge(graph, node))
		{
			w->unseen[w->nunseen++] = w->starts[i];
			continue;
		}
		if (graph_is_visited(w->walk, node))
			continue;
		if (w->starts_count && w->walk->count >= w->max_nodes)
		{
			w->walk->truncated = true;
			continue;
		}
		w->listed[w->walk->count] = w->starts[i];
		graph_walk_start(w->walk, node);
	}
	w->nlisted = w->walk->count;
}

static int
compare_texts(const void *a, const void *b, void *arg)
{
	const text *x = *(text *const *) a;
	const text *y = *(text *const *) b;
	int			order = memcmp(VARDATA_ANY(x), VARDATA_ANY(y),
							   Min(VARSIZE_ANY_EXHDR(x), VARSIZE_ANY_EXHDR(y)));

	if (order != 0)
		return order;
	return VARSIZE_ANY_EXHDR(x) < VARSIZE_ANY_EXHDR(y) ? -1 :
		VARSIZE_ANY_EXHDR(x) > VARSIZE_ANY_EXHDR(y);
}

typedef struct UnseenStart
{
	text	   *key;
	Datum		value;
} UnseenStart;

/*
 * A start without a visible edge is known if the entity table has it; else it
 * is an error, unless missing_ok. put, if given, is called for each known one.
 * Runs queries, so it is the last thing to do.
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
		if (sql_graph_is_entity(&w->graph, unseen[i].key))
		{
			if (put != NULL)
				put(w, unseen[i].value);
		}
		else if (!w->missing_ok)
			sql_unknown_key(&w->graph, unseen[i].value, w->start_type);
	}
}

/* Open, walk, leave the barrier. The rows are then to be fetched. */
static void
run_walk(SqlWalk *w, FunctionCallInfo fcinfo, int graph_argno, int keep)
{
	sql_graph_open(&w->graph, fcinfo, graph_argno, w->edge_types != NULL ? SQL_READ_LABEL : 0,
				   "walk", SQL_BOUND_HINT);
	sql_graph_sync(&w->graph);
	sql_graph_follow(&w->graph, w->edge_types, w->min_confidence);
	if (w->graph.source->names_nodes(&w->graph))
		keep &= ~GRAPH_KEEP_EDGES;
	w->walk = sql_walk_begin(&w->graph, w->direction, keep);
	add_starts(w);
	w->walk->max_nodes = w->max_nodes;
	if (!w->starts_count && w->max_nodes < PG_UINT64_MAX - w->nlisted)
		w->walk->max_nodes += w->nlisted;
	kernel_bfs(w->graph.view, w->walk, w->max_depth);
	graph_walk_end(w->walk);
	sql_graph_leave(&w->graph);
}

static void
finish_walk(SqlWalk *w)
{
	if (w->walk->truncated)
		ereport(WARNING,
				(errmsg("the answer was cut at max_nodes, " UINT64_FORMAT, w->max_nodes),
				 errhint("Raise max_nodes, or pass NULL for all.")));
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
	w->max_depth = sql_bound(fcinfo, RADIUS_HOPS, "hops");
	w->direction = sql_direction(fcinfo, RADIUS_DIRECTION);
	w->edge_types = sql_edge_types(fcinfo, RADIUS_EDGE_TYPES);
	w->max_nodes = sql_max_rows(fcinfo, RADIUS_MAX_NODES, "max_nodes");
	w->missing_ok = sql_flag(fcinfo, RADIUS_MISSING_OK);
	w->min_confidence = sql_min_confidence(fcinfo, RADIUS_MIN_CONFIDENCE);
}

static void
start_at_key(SqlWalk *w, FunctionCallInfo fcinfo)
{
	w->starts = palloc(sizeof(Datum));
	w->starts[0] = PointerGetDatum(sql_key(fcinfo, RADIUS_KEY, "key"));
	w->nstarts = 1;
}

static void
put_radius_row(SqlWalk *w, uint64 place, uint64 depth, Datum node)
{
	Datum		values[2];
	bool		nulls[2] = {false, false};

	values[0] = sql_node_to_text(node, w->graph.columns.node_type);
	values[1] = Int32GetDatum((int32) depth);
	tuplestore_putvalues(w->result->setResult, w->result->setDesc, values, nulls);
}

Datum
pt_blast_radius(PG_FUNCTION_ARGS)
{
	SqlWalk		w;

	InitMaterializedSRF(fcinfo, 0);
	read_radius_arguments(&w, fcinfo);
	start_at_key(&w, fcinfo);
	run_walk(&w, fcinfo, RADIUS_GRAPH, GRAPH_KEEP_EDGES);
	put_reached(&w, put_radius_row);
	check_unseen(&w, NULL);
	finish_walk(&w);
	return (Datum) 0;
}

Datum
pt_blast_radius_summary(PG_FUNCTION_ARGS)
{
	SqlWalk		w;

	InitMaterializedSRF(fcinfo, 0);
	read_radius_arguments(&w, fcinfo);
	start_at_key(&w, fcinfo);
	run_walk(&w, fcinfo, RADIUS_GRAPH, 0);
	check_unseen(&w, NULL);
	for (uint64 depth = 1; depth < w.walk->levels; depth++)
	{
		uint64		end = graph_level_end(w.walk, depth);
		Datum		values[2];
		bool		nulls[2] = {false, false};

		if (end == w.walk->level_start[depth])
			continue;
		values[0] = Int32GetDatum((int32) depth);
		values[1] = Int64GetDatum(end - w.walk->level_start[depth]);
		tuplestore_putvalues(w.result->setResult, w.result->setDesc, values, nulls);
	}
	finish_walk(&w);
	return (Datum) 0;
}

Datum
pt_blast_radius_count(PG_FUNCTION_ARGS)
{
	SqlWalk		w;
	int64		count;

	read_radius_arguments(&w, fcinfo);
	start_at_key(&w, fcinfo);
	run_walk(&w, fcinfo, RADIUS_GRAPH, 0);
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
	Datum		values[3];
	bool		nulls[3] = {false, false, false};

	values[0] = sql_node_to_text(node, w->graph.columns.node_type);
	values[1] = Int32GetDatum((int32) depth);
	values[2] = w->listed[w->walk->parents[place]];
	tuplestore_putvalues(w->result->setResult, w->result->setDesc, values, nulls);
}

Datum
pt_impact(PG_FUNCTION_ARGS)
{
	SqlWalk		w;

	InitMaterializedSRF(fcinfo, 0);
	read_radius_arguments(&w, fcinfo);
	w.starts = sql_array(fcinfo, RADIUS_KEY, "keys", &w.nstarts);
	run_walk(&w, fcinfo, RADIUS_GRAPH, GRAPH_KEEP_EDGES | GRAPH_KEEP_PARENTS);
	replace_parents_by_starts(&w);
	put_reached(&w, put_impact_row);
	check_unseen(&w, NULL);
	finish_walk(&w);
	return (Datum) 0;
}

/* ---- pt_bfs ---- */

static void
put_bfs_row(SqlWalk *w, uint64 place, uint64 depth, Datum node)
{
	uint32		parent = w->walk->parents[place];
	Datum		values[3];
	bool		nulls[3] = {false, false, false};

	values[0] = sql_node_value(&w->graph, node, w->start_type);
	values[1] = Int32GetDatum((int32) depth);
	values[2] = parent < w->nlisted ? w->listed[parent] :
		sql_node_value(&w->graph, node_value(w, parent), w->start_type);
	tuplestore_putvalues(w->result->setResult, w->result->setDesc, values, nulls);
}

static void
put_start(SqlWalk *w, Datum start)
{
	Datum		values[3] = {start, Int32GetDatum(0), (Datum) 0};
	bool		nulls[3] = {false, false, true};

	if (w->walk->count >= w->max_nodes)
	{
		w->walk->truncated = true;
		return;
	}
	tuplestore_putvalues(w->result->setResult, w->result->setDesc, values, nulls);
	w->walk->count++;
}

static void
put_listed_starts(SqlWalk *w)
{
	for (uint64 i = 0; i < w->nlisted; i++)
	{
		Datum		values[3] = {w->listed[i], Int32GetDatum(0), (Datum) 0};
		bool		nulls[3] = {false, false, true};

		CHECK_FOR_INTERRUPTS();
		tuplestore_putvalues(w->result->setResult, w->result->setDesc, values, nulls);
	}
}

/* starts, start_type and nstarts are set */
static Datum
bfs(FunctionCallInfo fcinfo, SqlWalk *w)
{
	InitMaterializedSRF(fcinfo, 0);
	w->result = (ReturnSetInfo *) fcinfo->resultinfo;
	w->max_depth = sql_bound(fcinfo, BFS_MAX_DEPTH, "max_depth");
	w->direction = sql_direction(fcinfo, BFS_DIRECTION);
	w->edge_types = sql_edge_types(fcinfo, BFS_EDGE_TYPES);
	w->max_nodes = sql_max_rows(fcinfo, BFS_MAX_NODES, "max_nodes");
	w->missing_ok = sql_flag(fcinfo, BFS_MISSING_OK);
	w->min_confidence = sql_min_confidence(fcinfo, BFS_MIN_CONFIDENCE);
	w->starts_count = true;

	run_walk(w, fcinfo, BFS_GRAPH, GRAPH_KEEP_EDGES | GRAPH_KEEP_PARENTS);
	put_listed_starts(w);
	put_reached(w, put_bfs_row);
	check_unseen(w, put_start);
	finish_walk(w);
	return (Datum) 0;
}

Datum
pt_bfs(PG_FUNCTION_ARGS)
{
	SqlWalk		w = {0};
	Datum		start;

	sql_require(fcinfo, BFS_GRAPH, "graph");
	sql_require(fcinfo, BFS_START, "start");
	w.start_type = get_fn_expr_argtype(fcinfo->flinfo, BFS_START);
	start = PG_GETARG_DATUM(BFS_START);
	/* varchar and domains come with their own type */
	w.start_type = getBaseType(w.start_type);
	if (w.start_type == VARCHAROID)
		w.start_type = TEXTOID;
	if (w.start_type == TEXTOID)
		start = PointerGetDatum(PG_DETOAST_DATUM_PACKED(start));
	w.starts = &start;
	w.nstarts = 1;
	return bfs(fcinfo, &w);
}

Datum
pt_bfs_array(PG_FUNCTION_ARGS)
{
	SqlWalk		w = {0};

	sql_require(fcinfo, BFS_GRAPH, "graph");
	w.starts = sql_array(fcinfo, BFS_START, "starts", &w.nstarts);
	w.start_type = ARR_ELEMTYPE(PG_GETARG_ARRAYTYPE_P(BFS_START));
	if (w.start_type == VARCHAROID)
		w.start_type = TEXTOID;
	return bfs(fcinfo, &w);
}
