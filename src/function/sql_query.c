/*
 * sql_query.c
 *		Any relation as a source of edges: a query for each level of a walk.
 *
 * What an image cannot answer, a query over the relation can: views, tables in
 * parts, tables elsewhere, tables under row-level security, tables without an
 * index. It is asked with the caller's rights under the statement's snapshot, so
 * the edges are those that a recursive query would find.
 *
 * How it is asked is sql_query_ask.c's business. Here its rows become steps of a
 * walk and edges of an answer; the graph has as many nodes as have been met.
 */
#include "postgres.h"

#include "base/pt_guc.h"
#include "base/pt_interrupts.h"
#include "base/pt_varatt.h"
#include "catalog/pg_type.h"
#include "common/pg_prng.h"
#include "function/sql_args.h"
#include "function/sql_node.h"
#include "function/sql_query_private.h"
#include "function/sql_source.h"
#include "lib/stringinfo.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/* ---- edges ---- */

static text *
keep_text(SqlQuery *query, TupleTableSlot *slot, int column)
{
	PtBudget   *budget = query->graph->budget;
	MemoryContext old;
	text	   *value;

	if (slot->tts_isnull[column])
		return NULL;
	old = MemoryContextSwitchTo(budget->context);
	value = DatumGetTextPCopy(slot->tts_values[column]);
	MemoryContextSwitchTo(old);
	pt_budget_take(budget, GetMemoryChunkSpace(value));
	return value;
}

/* What the row of an edge, known by its number, has to tell. */
static void
fill_edge(SqlQuery *query, uint64 number, TupleTableSlot *slot)
{
	QueryEdge  *edge = &query->edges[number - 1];

	edge->is_fact = slot->tts_isnull[ROW_CONFIDENCE];
	if (!edge->is_fact)
		edge->confidence = DatumGetFloat8(slot->tts_values[ROW_CONFIDENCE]);
	if (query->keep_rows)
	{
		edge->label = keep_text(query, slot, ROW_LABEL);
		edge->location = keep_text(query, slot, ROW_LOCATION);
	}
}

static GraphEdge
numbered_edge(uint64 number, GraphDirection direction)
{
	return number | (direction == GRAPH_IN ? GRAPH_EDGE_REVERSED : 0);
}

static uint64
edge_number(GraphEdge edge)
{
	return edge & ~GRAPH_EDGE_REVERSED;
}

/* An edge for an answer. */
static GraphEdge
keep_edge(SqlQuery *query, TupleTableSlot *slot, GraphDirection direction)
{
	query->edges = pt_grow(query->graph->budget, query->edges, &query->edge_capacity,
						   query->nedges + 1, sizeof(QueryEdge));
	memset(&query->edges[query->nedges++], 0, sizeof(QueryEdge));
	fill_edge(query, query->nedges, slot);
	return numbered_edge(query->nedges, direction);
}

/* The same in the place of one that is not wanted any more. */
static GraphEdge
replace_edge(SqlQuery *query, GraphEdge other, TupleTableSlot *slot, GraphDirection direction)
{
	QueryEdge  *edge = &query->edges[edge_number(other) - 1];

	pt_free(query->graph->budget, edge->label);
	pt_free(query->graph->budget, edge->location);
	memset(edge, 0, sizeof(QueryEdge));
	fill_edge(query, edge_number(other), slot);
	return numbered_edge(edge_number(other), direction);
}

/* ---- the graph ---- */

/*
 * Of the nodes that lead to a new one the first is its parent, in whatever order
 * the rows come.
 */
static bool
put_step(Question *question, uint32 from, uint32 to, TupleTableSlot *slot)
{
	GraphWalk  *walk = question->walk;
	SqlQuery   *query = question->g->query;
	uint32		parent = (uint32) (question->first + sql_query_place(question, from));
	bool		keeps_edges = (walk->keep & GRAPH_KEEP_EDGES) != 0;

	graph_walk_cover(walk, question->g->graph.nnodes);
	if (graph_is_visited(walk, to))
	{
		uint32		place = query->places[to];

		if (!(walk->keep & GRAPH_KEEP_PARENTS) || place < question->begin ||
			place >= walk->count || walk->nodes[place] != to || walk->parents[place] <= parent)
			return true;
		walk->parents[place] = parent;
		if (keeps_edges)
			walk->edges[place] = replace_edge(query, walk->edges[place], slot, question->direction);
		return true;
	}
	if (walk->count >= walk->max_nodes)
	{
		walk->truncated = true;
		return false;
	}
	/* what is asked about may be reached itself: its rows need their place */
	if (sql_query_place(question, to) < 0)
		query->places[to] = walk->count;
	graph_walk_add(walk, to, parent,
				   keeps_edges ? keep_edge(query, slot, question->direction) : GRAPH_NO_EDGE);
	/* it may have moved */
	question->nodes = walk->nodes + question->first;
	return true;
}

static void
expand_in(QueryGraph *g, GraphWalk *walk, uint64 first, uint64 last, uint64 begin,
		  GraphDirection direction)
{
	Question	question = {0};

	question.g = g;
	question.direction = direction;
	question.nodes = walk->nodes + first;
	question.count = last - first;
	question.put = put_step;
	question.walk = walk;
	question.first = first;
	question.begin = begin;
	sql_query_ask(&question);
}

static void
expand(Graph *graph, GraphWalk *walk, uint64 first, uint64 last)
{
	QueryGraph *g = (QueryGraph *) graph;
	uint64		begin = walk->count;

	graph_walk_cover(walk, graph->nnodes);
	if (first == last)
		return;
	if (!(walk->keep & GRAPH_KEEP_EDGES) && sql_query_holds_all(g, walk->direction, last - first))
	{
		sql_query_expand_held(g, walk, first, last);
		return;
	}
	if (walk->direction != GRAPH_IN)
		expand_in(g, walk, first, last, begin, GRAPH_OUT);
	if (walk->direction != GRAPH_OUT && !walk->truncated)
		expand_in(g, walk, first, last, begin, GRAPH_IN);
}

/* The answer to a question about edges, handed out a batch at a time. */
typedef struct GatheredArcs
{
	GraphArc   *arcs;
	double	   *weights;		/* if they are asked for */
	uint64		count;
	uint64		capacity;
	uint64		weight_capacity;
} GatheredArcs;

/* A node for a message. */
static const char *
node_name(const SqlQuery *query, uint32 node)
{
	SqlGraph   *graph = query->graph;

	return TextDatumGetCString(sql_node_to_text(graph->source->node_value(graph, node, GRAPH_NO_EDGE),
												graph->columns.node_type));
}

static void
bad_weight(const Question *question, uint32 from, uint32 to, double weight)
{
	const SqlQuery *query = question->g->query;
	bool		out = question->direction == GRAPH_OUT;

	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("weight of an edge of relation \"%s\" is %s",
					RelationGetRelationName(query->graph->heap), isnan(weight) ? "NaN" : "-Infinity"),
			 errdetail("The edge goes from \"%s\" to \"%s\".",
					   node_name(query, out ? from : to), node_name(query, out ? to : from)),
			 errhint("Use a number, or NULL for an edge that cannot be passed.")));
}

/* The weight of an edge; false if it cannot be passed at any cost. */
static bool
get_weight(const Question *question, uint32 from, uint32 to, const TupleTableSlot *slot,
		   double *weight)
{
	*weight = 1;
	if (!question->g->query->graph->reads_weights)
		return true;
	if (slot->tts_isnull[ROW_WEIGHT])
		return false;
	*weight = DatumGetFloat8(slot->tts_values[ROW_WEIGHT]);
	if (isnan(*weight) || *weight == -get_float8_infinity())
		bad_weight(question, from, to, *weight);
	return *weight != get_float8_infinity() || question->arcs->with_infinite;
}

static bool
put_arc(Question *question, uint32 from, uint32 to, TupleTableSlot *slot)
{
	SqlQuery   *query = question->g->query;
	GatheredArcs *gathered = question->gathered;
	GraphArc   *arc;

	if (!graph_is_within(question->arcs, to))
		return true;
	if (question->arcs->weights != NULL)
	{
		double		weight;

		if (!get_weight(question, from, to, slot, &weight))
			return true;
		gathered->weights = pt_grow(query->graph->budget, gathered->weights,
									&gathered->weight_capacity, gathered->count + 1, sizeof(double));
		gathered->weights[gathered->count] = weight;
	}
	gathered->arcs = pt_grow(query->graph->budget, gathered->arcs, &gathered->capacity,
							 gathered->count + 1, sizeof(GraphArc));
	arc = &gathered->arcs[gathered->count++];
	arc->from = question->nodes == NULL ? from : (uint32) sql_query_place(question, from);
	arc->to = to;
	arc->edge = question->arcs->ends_only ? GRAPH_NO_EDGE :
		keep_edge(query, slot, question->direction);
	return true;
}

static GatheredArcs *
gather(QueryGraph *g, GraphArcs *arcs)
{
	Question	question = {0};

	question.g = g;
	question.direction = arcs->direction;
	question.nodes = arcs->nodes;
	question.count = arcs->count;
	question.put = put_arc;
	question.arcs = arcs;
	question.gathered = MemoryContextAllocZero(g->query->graph->budget->context,
											   sizeof(GatheredArcs));
	if (arcs->nodes == NULL || arcs->count > 0)
		sql_query_ask(&question);
	return question.gathered;
}

/* cursor is what was gathered, place how much of it has been handed out. */
static bool
edges(Graph *graph, GraphArcs *arcs)
{
	QueryGraph *g = (QueryGraph *) graph;
	GatheredArcs *gathered;

	if (arcs->cursor == 0)
		arcs->cursor = (uintptr_t) gather(g, arcs);
	gathered = (GatheredArcs *) (uintptr_t) arcs->cursor;
	arcs->narcs = Min(arcs->capacity, gathered->count - arcs->place);
	if (arcs->narcs > 0)
		memcpy(arcs->arcs, gathered->arcs + arcs->place, arcs->narcs * sizeof(GraphArc));
	if (arcs->narcs > 0 && arcs->weights != NULL)
		memcpy(arcs->weights, gathered->weights + arcs->place, arcs->narcs * sizeof(double));
	arcs->place += arcs->narcs;
	if (arcs->narcs == 0)
	{
		pt_free(g->query->graph->budget, gathered->arcs);
		pt_free(g->query->graph->budget, gathered->weights);
		memset(gathered, 0, sizeof(GatheredArcs));
		arcs->place = 0;
	}
	return arcs->narcs > 0;
}

/* A query has no bound. */
static uint64
edge_bound(Graph *graph)
{
	return PG_UINT64_MAX;
}

static const GraphOps query_ops = {expand, edges, edge_bound};

/*
 * ---- which edges count ----
 *
 * The parameters are those of sql_query_ask.c. No value is written into a query, or
 * the planner would leave out partitions for one graph of a call and not for another.
 */

/* The condition for a type, or a guess that stands for it. */
static void
append_types(const SqlQuery *query, StringInfo filter)
{
	const char *label = sql_query_column(query, query->shape->label);

	appendStringInfo(filter, " AND (e.%s::pg_catalog.text COLLATE pg_catalog.\"C\" OPERATOR(pg_catalog.=) ANY ($2)", label);
	if (query->shape->confidence != InvalidAttrNumber)
		appendStringInfo(filter, " OR (e.%s::pg_catalog.numeric OPERATOR(pg_catalog.<) $5 "
						 "AND e.%s::pg_catalog.text COLLATE pg_catalog.\"C\" OPERATOR(pg_catalog.=) ANY ($3))",
						 sql_query_column(query, query->shape->confidence), label);
	appendStringInfoChar(filter, ')');
}

static void
append_confidence(const SqlQuery *query, StringInfo filter)
{
	const char *confidence = sql_query_column(query, query->shape->confidence);

	appendStringInfo(filter, " AND (e.%s IS NULL OR e.%s::pg_catalog.numeric OPERATOR(pg_catalog.>=) $4)",
					 confidence, confidence);
}

static ArrayType *
guesses_of(ArrayType *types)
{
	Datum	   *elements;
	int			count;

	deconstruct_array(types, TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &count);
	for (int i = 0; i < count; i++)
		elements[i] = sql_guess_type(elements[i]);
	return construct_array(elements, count, TEXTOID, -1, false, TYPALIGN_INT);
}

static Graph *
create_graph(SqlQuery *query, ArrayType *types, int min_confidence)
{
	MemoryContext old = MemoryContextSwitchTo(query->graph->budget->context);
	QueryGraph *g = palloc0(sizeof(QueryGraph));
	StringInfoData filter;

	initStringInfo(&filter);
	if (types != NULL)
	{
		append_types(query, &filter);
		g->types = types;
		g->guesses = guesses_of(types);
	}
	if (min_confidence > 0)
		append_confidence(query, &filter);
	g->graph.ops = &query_ops;
	g->graph.nnodes = sql_values_count(query->values);
	g->query = query;
	g->filter = filter.data;
	g->min_confidence = min_confidence;
	g->next = query->graphs;
	query->graphs = g;
	MemoryContextSwitchTo(old);
	return &g->graph;
}

static void
lacks_column(const SqlQuery *query, const char *what, const char *option)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("relation \"%s\" has no %s column to compare %s with",
					RelationGetRelationName(query->graph->heap), what, option),
			 errhint("Leave %s out, or name such a column.", option)));
}

/*
 * A confidence that was found by its name alone may mean something else than
 * trust: it counts only where the call asks for it.
 */
static Graph *
follow(SqlGraph *graph, ArrayType *edge_types, int min_confidence)
{
	SqlQuery   *query = graph->query;
	const SqlShape *shape = query->shape;

	if (min_confidence == SQL_TRUST_SETTING)
		min_confidence = shape->rule == SQL_SHAPE_INDEX && shape->confidence != InvalidAttrNumber ?
			sql_hundredths(pt_min_confidence_setting) : 0;
	if (min_confidence > 0 && shape->confidence == InvalidAttrNumber)
		lacks_column(query, "confidence", "min_confidence");
	if (edge_types != NULL && shape->label == InvalidAttrNumber)
		lacks_column(query, "label", "edge_types");
	if (edge_types == NULL && min_confidence == 0)
		return graph->all;
	return create_graph(query, edge_types, min_confidence);
}

static Graph *
facts(SqlGraph *graph)
{
	QueryGraph *view = (QueryGraph *) graph->view;

	if (graph->shape.confidence == InvalidAttrNumber || view->min_confidence >= SQL_TRUST_FACTS)
		return NULL;
	return create_graph(graph->query, view->types, SQL_TRUST_FACTS);
}

/* ---- for SQL ---- */

static uint32
find_node(SqlGraph *graph, Datum value)
{
	return sql_query_number(graph->query, value);
}

static bool
put_visible(Question *question, uint32 from, uint32 to, TupleTableSlot *slot)
{
	uint32		place = (uint32) sql_query_place(question, from);

	question->nvisible += !graph_bit(question->visible, place);
	graph_set_bit(question->visible, place);
	return question->nvisible < question->count;
}

/* One question in each direction. Of places with one node the last is its own. */
static void
find_visible(SqlGraph *graph, const uint32 *nodes, uint64 count, uint64 *visible)
{
	SqlQuery   *query = graph->query;
	Question	question = {0};

	question.g = (QueryGraph *) graph->all;
	question.nodes = nodes;
	question.count = count;
	question.put = put_visible;
	question.visible = visible;
	for (int i = GRAPH_OUT; i <= GRAPH_IN && question.nvisible < count; i++)
	{
		question.direction = (GraphDirection) i;
		question.is_over = false;
		sql_query_ask(&question);
	}
	for (uint64 i = 0; i < count; i++)
	{
		pt_check_interrupts(i);
		if (graph_bit(visible, query->places[nodes[i]]))
			graph_set_bit(visible, (uint32) i);
	}
}

StaticAssertDecl(SQL_FIND_BATCH <= SQL_VALUES_BATCH, "nodes are numbered in one go");

static void
find_nodes(SqlGraph *graph, const Datum *values, int count, uint32 *nodes)
{
	sql_values_number_many(graph->query->values, values, count, nodes);
	sql_query_note_nodes(graph->query);
}

static Datum
node_value(SqlGraph *graph, uint32 node, GraphEdge edge)
{
	Datum		value = sql_values_get(graph->query->values, node);
	Oid			type = graph->columns.node_type;

	return adj_is_integer(type) ? sql_integer_datum(DatumGetInt64(value), type) : value;
}

static Datum
optional_text(text *value, bool *isnull)
{
	*isnull = value == NULL;
	return PointerGetDatum(value);
}

static void
edge_row(SqlGraph *graph, const SqlEdge *edge, Datum *values, bool *nulls)
{
	const QueryEdge *kept = &graph->query->edges[edge_number(edge->edge) - 1];
	Oid			type = graph->columns.node_type;

	values[0] = sql_node_to_text(node_value(graph, edge->source, edge->edge), type);
	values[1] = sql_node_to_text(node_value(graph, edge->target, edge->edge), type);
	nulls[0] = nulls[1] = false;
	values[SQL_EDGE_TYPE] = optional_text(kept->label, &nulls[SQL_EDGE_TYPE]);
	values[SQL_EDGE_LOCATION] = optional_text(kept->location, &nulls[SQL_EDGE_LOCATION]);
	nulls[SQL_EDGE_CONFIDENCE] = kept->is_fact;
	values[SQL_EDGE_CONFIDENCE] = Float8GetDatum(kept->confidence);
}

static bool
names_nodes(const SqlGraph *graph)
{
	return true;
}

static AdjNode
node_hash(const SqlGraph *graph, uint32 node)
{
	Datum		value = sql_values_get(graph->query->values, node);

	return adj_is_integer(graph->columns.node_type) ? adj_hash_integer(DatumGetInt64(value)) :
		adj_hash_node(&graph->columns, value);
}

static bool
has_name(const SqlGraph *graph, uint32 node)
{
	return true;
}

void
sql_query_open(SqlGraph *graph, bool keep_rows)
{
	MemoryContext old = MemoryContextSwitchTo(graph->budget->context);
	SqlQuery   *query = palloc0(sizeof(SqlQuery));
	const SqlShape *shape = &graph->shape;
	Oid			key_type = adj_is_integer(shape->node_type) && shape->node_type != OIDOID ?
		INT8OID : shape->node_type;

	query->graph = graph;
	query->shape = shape;
	for (int i = ROW_SOURCE; i <= ROW_TARGET; i++)
	{
		query->end_types[i] = getBaseType(TupleDescAttr(RelationGetDescr(graph->heap),
														(i == ROW_SOURCE ? shape->source : shape->target) - 1)->atttypid);
		query->is_integer[i] = adj_is_integer(query->end_types[i]);
	}
	query->keep_rows = keep_rows;
	query->values = sql_values_create(key_type, shape->collation, graph->budget);
	query->array_type = get_array_type(key_type);
	query->equals = sql_equality_operator(key_type);
	graph->query = query;
	graph->all = create_graph(query, NULL, 0);
	graph->columns.node_type = shape->node_type;
	graph->columns.source_attno = shape->source;
	graph->columns.target_attno = shape->target;
	/* for hashes that last no longer than a statement */
	graph->columns.hash_bits = 64;
	graph->columns.hash_seed = pg_prng_uint64(&pg_global_prng_state);
	MemoryContextSwitchTo(old);
}

const SqlSource sql_query_source = {
	.follow = follow,
	.facts = facts,
	.find_node = find_node,
	.find_visible = find_visible,
	.find_nodes = find_nodes,
	.node_value = node_value,
	.edge_row = edge_row,
	.names_nodes = names_nodes,
	.node_hash = node_hash,
	.has_name = has_name,
};
