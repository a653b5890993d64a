/*
 * sql_walk.c
 *		pt_blast_radius, pt_blast_radius_summary, pt_blast_radius_count,
 *		pt_impact, pt_bfs.
 *
 * One walk, five ways to print it. Nodes get their names from the image, if
 * it has them, else from the row of the edge by which they were reached.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "sql_graph.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"
#include "utils/uuid.h"

PG_FUNCTION_INFO_V1(pt_blast_radius);
PG_FUNCTION_INFO_V1(pt_blast_radius_summary);
PG_FUNCTION_INFO_V1(pt_blast_radius_count);
PG_FUNCTION_INFO_V1(pt_impact);
PG_FUNCTION_INFO_V1(pt_bfs);
PG_FUNCTION_INFO_V1(pt_bfs_array);

/* A start without a visible edge: perhaps an entity, perhaps unknown. */
typedef struct UnseenStart
{
	AdjNode		hash;
	Datum		value;
} UnseenStart;

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
	PtDirection direction;
	ArrayType  *edge_types;
	int			min_confidence;
	uint64		max_nodes;
	bool		missing_ok;

	bool		starts_count;	/* do starts count for max_nodes? */

	/* found */
	PtWalk	   *walk;
	Datum	   *listed;			/* values of the starts in walk->nodes */
	uint64		nlisted;		/* they come first there */
	UnseenStart *unseen;		/* starts without a visible edge */
	int			nunseen;
} SqlWalk;

/* ---- the walk ---- */

static int
compare_unseen(const void *a, const void *b)
{
	static uint32 calls = 0;
	const AdjNode *x = &((const UnseenStart *) a)->hash;
	const AdjNode *y = &((const UnseenStart *) b)->hash;

	if ((++calls & 0xFFFF) == 0)
		CHECK_FOR_INTERRUPTS();
	if (x->fingerprint != y->fingerprint)
		return x->fingerprint < y->fingerprint ? -1 : 1;
	if (x->check != y->check)
		return x->check < y->check ? -1 : 1;
	return 0;
}

/* Put the starts that have visible edges into the walk, each node once. */
static void
add_starts(SqlWalk *w)
{
	PtTreeEdge	none = {0, 0, 0};

	if ((Size) w->nstarts > sql_walk_memory() / (2 * sizeof(Datum) + sizeof(UnseenStart)))
		ereport(ERROR,
				(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
				 errmsg("%d starts need more than %zu kB of memory",
						w->nstarts, sql_walk_memory() / 1024),
				 errhint("Raise parseltongue.local_image_memory, or ask with fewer starts.")));
	w->listed = palloc_extended(w->nstarts * sizeof(Datum), MCXT_ALLOC_HUGE);
	w->unseen = palloc_extended(w->nstarts * sizeof(UnseenStart), MCXT_ALLOC_HUGE);
	for (int i = 0; i < w->nstarts; i++)
	{
		AdjNode		hash = sql_node_hash(&w->graph, w->starts[i], w->start_type);
		uint32		node = image_find_node(w->graph.image, hash);

		CHECK_FOR_INTERRUPTS();
		w->starts[i] = sql_node_canonical(&w->graph, w->starts[i], w->start_type);
		if (node == IMAGE_NO_NODE || !sql_graph_has_visible_edge(&w->graph, node))
		{
			w->unseen[w->nunseen].hash = hash;
			w->unseen[w->nunseen++].value = w->starts[i];
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
		graph_walk_add(w->walk, node, PT_NO_PARENT, none);
	}
	w->nlisted = w->walk->count;
}

/*
 * What of the unseen starts is an entity at least? Runs queries, under which
 * the image may go: the last thing to do. put, if given, is called for each
 * that is.
 */
static void
check_unseen(SqlWalk *w, void (*put) (SqlWalk *w, Datum start))
{
	qsort(w->unseen, w->nunseen, sizeof(UnseenStart), compare_unseen);
	for (int i = 0; i < w->nunseen; i++)
	{
		UnseenStart *start = &w->unseen[i];

		CHECK_FOR_INTERRUPTS();
		if (i > 0 && compare_unseen(start, start - 1) == 0)
			continue;
		if (sql_graph_is_entity(&w->graph,
								DatumGetTextPP(sql_node_to_text(start->value, w->start_type))))
		{
			if (put != NULL)
				put(w, start->value);
		}
		else if (!w->missing_ok)
			sql_unknown_key(&w->graph, start->value, w->start_type);
	}
}

/* Open, walk, leave the barrier. The rows are then to be fetched. */
static void
run_walk(SqlWalk *w, FunctionCallInfo fcinfo, int graph_argno, int keep)
{
	PtGraph    *graph;
	uint32		nnodes;

	sql_graph_open(&w->graph, fcinfo, graph_argno,
				   w->edge_types != NULL ? SQL_READ_LABEL : 0);
	sql_graph_sync(&w->graph);

	/* integers are named without their edges' rows */
	if (adj_is_integer(w->graph.columns.node_type))
		keep &= ~PT_KEEP_EDGES;
	w->walk = graph_walk_create(w->direction, keep, sql_walk_memory());
	graph = image_graph_create(w->graph.image, &w->graph.vis,
							   sql_label_filter(&w->graph, w->edge_types,
												w->min_confidence));
	nnodes = graph->nnodes;
	graph_visited_acquire(w->walk, 0, nnodes);
	add_starts(w);
	w->walk->max_nodes = w->max_nodes;
	if (!w->starts_count && w->max_nodes < PG_UINT64_MAX - w->nlisted)
		w->walk->max_nodes += w->nlisted;
	kernel_bfs(graph, w->walk, w->max_depth);
	graph_visited_release(w->walk, nnodes);
	sql_graph_leave(&w->graph);
}

static void
finish_walk(SqlWalk *w)
{
	sql_graph_close(&w->graph);
	if (w->walk->truncated)
		ereport(WARNING,
				(errmsg("the answer was cut at max_nodes, " UINT64_FORMAT, w->max_nodes),
				 errhint("Raise max_nodes, or pass NULL for all.")));
}

/* ---- rows ---- */

/* A node's value from the row of the edge by which it was reached. */
static Datum
fetch_node(SqlWalk *w, uint64 place)
{
	SqlGraph   *graph = &w->graph;
	PtTreeEdge	edge = w->walk->edges[place];
	AttrNumber	attno = edge.node_is_source ? graph->columns.source_attno : graph->columns.target_attno;
	ItemPointerData tid;

	ItemPointerSet(&tid, edge.block, edge.offset);
	if (!adj_fetch_row(&graph->vis, &tid))
		sql_corrupt_row(graph, &tid, "The row is not visible, though its page is all-visible or it was seen before.");
	return sql_row_node(graph, &tid, attno, w->walk->nodes[place]);
}

/*
 * The node that was reached at a place, beyond the starts, as a value of the
 * node column. It is good until the row context is reset.
 */
static Datum
node_value(SqlWalk *w, uint64 place)
{
	uint32		node = w->walk->nodes[place];
	Datum		value;

	if (sql_node_known(&w->graph, node, &value))
		return value;
	value = fetch_node(w, place);
	sql_node_learn(&w->graph, node, value);
	/* the next fetch takes the row away */
	return datumCopy(value, false, w->graph.columns.node_type == UUIDOID ? UUID_LEN : -1);
}

/* Call put for every node beyond the starts, with its place in the walk and its depth. */
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
		while (depth + 1 < w->walk->levels && i >= w->walk->level_start[depth + 1])
			depth++;
		put(w, i, depth, node_value(w, i));
		MemoryContextReset(row_context);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(row_context);
}

/* ---- pt_blast_radius ---- */

/* but the first, which says where to start */
static void
read_radius_arguments(SqlWalk *w, FunctionCallInfo fcinfo)
{
	memset(w, 0, sizeof(SqlWalk));
	w->result = (ReturnSetInfo *) fcinfo->resultinfo;
	w->start_type = TEXTOID;
	w->max_depth = sql_bound(fcinfo, 1, "hops");
	w->direction = sql_direction(fcinfo, 2);
	w->edge_types = sql_edge_types(fcinfo, 3);
	w->max_nodes = sql_max_nodes(fcinfo, 4);
	w->missing_ok = sql_flag(fcinfo, 5);
	w->min_confidence = sql_min_confidence(fcinfo, 7);
}

static void
start_at_key(SqlWalk *w, FunctionCallInfo fcinfo)
{
	w->starts = palloc(sizeof(Datum));
	w->starts[0] = PointerGetDatum(sql_key(fcinfo, 0, "key"));
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
	run_walk(&w, fcinfo, 6, PT_KEEP_EDGES);
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
	run_walk(&w, fcinfo, 6, 0);
	check_unseen(&w, NULL);
	for (uint64 depth = 1; depth < w.walk->levels; depth++)
	{
		uint64		end = depth + 1 < w.walk->levels ?
			w.walk->level_start[depth + 1] : w.walk->count;
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

	read_radius_arguments(&w, fcinfo);
	start_at_key(&w, fcinfo);
	run_walk(&w, fcinfo, 6, 0);
	check_unseen(&w, NULL);
	finish_walk(&w);
	PG_RETURN_INT64(w.walk->count - w.nlisted);
}

/* ---- pt_impact ---- */

static void
start_at_keys(SqlWalk *w, FunctionCallInfo fcinfo)
{
	ArrayType  *keys;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("keys must not be NULL")));
	keys = PG_GETARG_ARRAYTYPE_P(0);
	if (array_contains_nulls(keys))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("keys must not contain NULL")));
	deconstruct_array(keys, TEXTOID, -1, false, TYPALIGN_INT,
					  &w->starts, NULL, &w->nstarts);
}

/*
 * Replace each node's parent by the start above it. A parent's place is below
 * its children's, so one pass does.
 */
static void
replace_parents_by_starts(SqlWalk *w)
{
	PtWalk	   *walk = w->walk;

	for (uint64 i = 0; i < walk->count; i++)
	{
		if ((i & 0xFFFF) == 0)
			CHECK_FOR_INTERRUPTS();
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
	start_at_keys(&w, fcinfo);
	run_walk(&w, fcinfo, 6, PT_KEEP_EDGES | PT_KEEP_PARENTS);
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
	w->max_depth = sql_bound(fcinfo, 2, "max_depth");
	w->direction = sql_direction(fcinfo, 3);
	w->edge_types = sql_edge_types(fcinfo, 4);
	w->max_nodes = sql_max_nodes(fcinfo, 5);
	w->missing_ok = sql_flag(fcinfo, 6);
	w->min_confidence = sql_min_confidence(fcinfo, 7);
	w->starts_count = true;

	run_walk(w, fcinfo, 0, PT_KEEP_EDGES | PT_KEEP_PARENTS);
	put_listed_starts(w);
	put_reached(w, put_bfs_row);
	check_unseen(w, put_start);
	finish_walk(w);
	return (Datum) 0;
}

static void
refuse_null(FunctionCallInfo fcinfo, const char *start)
{
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be NULL", PG_ARGISNULL(0) ? "graph" : start)));
}

Datum
pt_bfs(PG_FUNCTION_ARGS)
{
	SqlWalk		w = {0};
	Datum		start;

	refuse_null(fcinfo, "start");
	w.start_type = get_fn_expr_argtype(fcinfo->flinfo, 1);
	start = PG_GETARG_DATUM(1);
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
	ArrayType  *array;
	int16		length;
	bool		by_value;
	char		align;

	refuse_null(fcinfo, "starts");
	array = PG_GETARG_ARRAYTYPE_P(1);
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("starts must not contain NULL")));
	w.start_type = ARR_ELEMTYPE(array);
	if (w.start_type == VARCHAROID)
		w.start_type = TEXTOID;
	get_typlenbyvalalign(w.start_type, &length, &by_value, &align);
	deconstruct_array(array, w.start_type, length, by_value, align,
					  &w.starts, NULL, &w.nstarts);
	return bfs(fcinfo, &w);
}
