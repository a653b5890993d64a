/*
 * sql_subgraph.c
 *		pt_subgraph: the nodes around a key and every edge among them.
 *
 * A breadth-first walk finds the nodes. Then the edges that leave each of them
 * are looked through, and those are kept whose other end was reached, too:
 * every edge leaves one node, so every edge comes once. The tree edges of the
 * walk alone would not do:
 *
 *		a -> b, a -> c, b -> c: from a, the walk never looks at the row of
 *		b -> c, since c is visited; the picture needs it.
 *
 * Rows come in the order in which the walk reached the later one of their
 * ends, so a cut by max_edges leaves what is nearest and hangs together.
 *
 * O(edges touched by the walk + edges that leave its nodes); memory for the
 * nodes and for all edges among them, also those that max_edges cuts.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "sql_path.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(pt_subgraph);

/* Where in the walk a node stands; an array of them is sorted by node. */
typedef struct NodePlace
{
	uint32		node;
	uint32		place;
} NodePlace;

/* An edge with both ends in the walk. */
typedef struct InnerEdge
{
	uint32		from;			/* places in the walk */
	uint32		to;
	ItemPointerData tid;
} InnerEdge;

typedef struct Subgraph
{
	SqlGraph	graph;
	ReturnSetInfo *result;

	/* asked */
	uint64		hops;
	PtDirection direction;
	ArrayType  *edge_types;
	int			min_confidence;
	uint64		max_nodes;
	uint64		max_edges;

	/* found */
	SqlPathEnd	start;
	PtWalk	   *walk;
	NodePlace  *places;
	uint32		at;				/* place whose edges are being gathered */
	InnerEdge  *edges;
	uint64		count;
	uint64		capacity;
	bool		truncated;
} Subgraph;

#define SUBGRAPH_COLUMNS (SQL_EDGE_COLUMNS + 3)

/* ---- nodes and edges, under the barrier ---- */

/* The walk and what is gathered after it have half of the memory each. */
static void
check_memory(Size bytes)
{
	if (bytes > sql_walk_memory() / 2)
		ereport(ERROR,
				(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
				 errmsg("subgraph needs more than %zu kB of memory", sql_walk_memory() / 1024),
				 errhint("Raise parseltongue.local_image_memory, or bound the subgraph by hops or max_nodes.")));
}

/* Interrupts are looked for now and then: sorting many takes seconds. */
static inline void
check_interrupts_sometimes(void)
{
	static uint32 calls = 0;

	if ((++calls & 0xFFFF) == 0)
		CHECK_FOR_INTERRUPTS();
}

static int
compare_nodes(const void *a, const void *b)
{
	uint32		x = ((const NodePlace *) a)->node;
	uint32		y = ((const NodePlace *) b)->node;

	check_interrupts_sometimes();
	return x < y ? -1 : x > y;
}

static void
sort_places(Subgraph *s)
{
	uint64		count = s->walk->count;

	check_memory(count * sizeof(NodePlace));
	s->places = palloc_extended(count * sizeof(NodePlace), MCXT_ALLOC_HUGE);
	for (uint64 i = 0; i < count; i++)
	{
		s->places[i].node = s->walk->nodes[i];
		s->places[i].place = i;
	}
	qsort(s->places, count, sizeof(NodePlace), compare_nodes);
}

/* node was reached */
static uint32
place_of(const Subgraph *s, uint32 node)
{
	uint64		low = 0;
	uint64		high = s->walk->count - 1;

	while (low < high)
	{
		uint64		middle = low + (high - low) / 2;

		if (s->places[middle].node < node)
			low = middle + 1;
		else
			high = middle;
	}
	return s->places[low].place;
}

static bool
gather(uint32 other, const ItemPointerData *tid, PtDirection direction, void *arg)
{
	Subgraph   *s = arg;
	InnerEdge  *edge;

	if (!graph_is_visited(s->walk, other))
		return true;
	if (s->count == s->capacity)
	{
		uint64		capacity = Max(64, s->capacity * 2);

		check_memory(capacity * sizeof(InnerEdge) + s->walk->count * sizeof(NodePlace));
		s->edges = s->edges == NULL ? palloc(capacity * sizeof(InnerEdge)) :
			repalloc_huge(s->edges, capacity * sizeof(InnerEdge));
		s->capacity = capacity;
	}
	edge = &s->edges[s->count++];
	edge->from = s->at;
	edge->to = place_of(s, other);
	edge->tid = *tid;
	return true;
}

static void
walk_and_gather(Subgraph *s)
{
	bool	   *labels = sql_label_filter(&s->graph, s->edge_types, s->min_confidence);
	PtGraph    *graph = image_graph_create(s->graph.image, &s->graph.vis, labels);
	PtTreeEdge	none = {0, 0, 0};

	s->walk = graph_walk_create(s->direction, 0, sql_walk_memory() / 2);
	s->truncated = s->max_nodes == 0;
	if (s->start.node == IMAGE_NO_NODE || s->max_nodes == 0)
		return;

	graph_visited_acquire(s->walk, 0, graph->nnodes);
	graph_walk_add(s->walk, s->start.node, PT_NO_PARENT, none);
	s->walk->max_nodes = s->max_nodes;
	kernel_bfs(graph, s->walk, s->hops);
	s->truncated = s->walk->truncated;

	sort_places(s);
	for (uint64 i = 0; i < s->walk->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		s->at = i;
		image_visit_edges(s->graph.image, &s->graph.vis, labels, s->walk->nodes[i],
						  PT_OUT, gather, s);
	}
	graph_visited_release(s->walk, graph->nnodes);
}

/* ---- rows ---- */

/* By the later end, then by the other one; parallel edges as the rows stand. */
static int
compare_edges(const void *a, const void *b)
{
	const InnerEdge *x = a;
	const InnerEdge *y = b;
	uint32		x_later = Max(x->from, x->to);
	uint32		y_later = Max(y->from, y->to);

	check_interrupts_sometimes();
	if (x_later != y_later)
		return x_later < y_later ? -1 : 1;
	if (Min(x->from, x->to) != Min(y->from, y->to))
		return Min(x->from, x->to) < Min(y->from, y->to) ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return ItemPointerCompare(unconstify(ItemPointerData *, &x->tid),
							  unconstify(ItemPointerData *, &y->tid));
}

/* The level of a place. */
static int32
distance_of(const PtWalk *walk, uint32 place)
{
	uint64		low = 0;
	uint64		high = walk->levels - 1;

	/* the last level that begins at or before it; an empty one is never it */
	while (low < high)
	{
		uint64		middle = low + (high - low + 1) / 2;

		if (walk->level_start[middle] <= place)
			low = middle;
		else
			high = middle - 1;
	}
	return (int32) low;
}

static SqlEdge
next_edge(void *answer, uint64 place, Datum *values, bool *nulls)
{
	const Subgraph *s = answer;
	const InnerEdge *inner = &s->edges[place];
	SqlEdge		edge;

	values[4] = Int32GetDatum(distance_of(s->walk, inner->from));
	values[5] = Int32GetDatum(distance_of(s->walk, inner->to));
	values[6] = BoolGetDatum(s->truncated);
	edge.tid = inner->tid;
	edge.source = s->walk->nodes[inner->from];
	edge.target = s->walk->nodes[inner->to];
	return edge;
}

/* The start alone. */
static void
put_lone_start(Subgraph *s)
{
	Datum		values[SUBGRAPH_COLUMNS] = {0};
	bool		nulls[SUBGRAPH_COLUMNS] = {false, true, true, true, false, true, false};

	values[0] = sql_node_canonical(&s->graph, PointerGetDatum(s->start.key), TEXTOID);
	values[4] = Int32GetDatum(0);
	values[6] = BoolGetDatum(s->truncated);
	tuplestore_putvalues(s->result->setResult, s->result->setDesc, values, nulls);
}

static void
put_rows(Subgraph *s, bool missing_ok)
{
	uint64		kept = Min(s->count, s->max_edges);

	qsort(s->edges, s->count, sizeof(InnerEdge), compare_edges);
	if (kept < s->count)
		s->truncated = true;
	sql_put_edges(&s->graph, s->result, kept, 0, next_edge, s);
	if (sql_check_end(&s->graph, &s->start, missing_ok) && kept == 0 && s->max_nodes > 0)
		put_lone_start(s);
}

static void
warn_of_cuts(const Subgraph *s)
{
	if (s->walk->truncated || s->max_nodes == 0)
		ereport(WARNING,
				(errmsg("the answer was cut at max_nodes, " UINT64_FORMAT, s->max_nodes),
				 errhint("Raise max_nodes, or pass NULL for all.")));
	if (s->count > s->max_edges)
		ereport(WARNING,
				(errmsg("the answer was cut at max_edges, " UINT64_FORMAT, s->max_edges),
				 errhint("Raise max_edges, or pass NULL for all.")));
}

static uint64
max_edges_argument(FunctionCallInfo fcinfo, int argno)
{
	if (PG_ARGISNULL(argno))
		return PG_UINT64_MAX;
	if (PG_GETARG_INT64(argno) < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("max_edges must not be negative: " INT64_FORMAT,
						PG_GETARG_INT64(argno)),
				 errhint("Use 0 or more, or NULL for no bound.")));
	return PG_GETARG_INT64(argno);
}

Datum
pt_subgraph(PG_FUNCTION_ARGS)
{
	Subgraph	s = {0};
	text	   *key = sql_key(fcinfo, 0, "key");
	bool		missing_ok;

	s.hops = sql_bound(fcinfo, 1, "hops");
	s.direction = sql_direction(fcinfo, 2);
	s.edge_types = sql_edge_types(fcinfo, 3);
	s.max_nodes = sql_max_nodes(fcinfo, 4);
	s.max_edges = max_edges_argument(fcinfo, 5);
	missing_ok = sql_flag(fcinfo, 6);
	s.min_confidence = sql_min_confidence(fcinfo, 8);

	InitMaterializedSRF(fcinfo, 0);
	s.result = (ReturnSetInfo *) fcinfo->resultinfo;
	sql_graph_open(&s.graph, fcinfo, 7, SQL_READ_LABEL | SQL_READ_LOCATION);
	sql_graph_sync(&s.graph);
	s.start = sql_find_end(&s.graph, key);
	walk_and_gather(&s);
	sql_graph_leave(&s.graph);

	put_rows(&s, missing_ok);
	sql_graph_close(&s.graph);
	warn_of_cuts(&s);
	return (Datum) 0;
}
