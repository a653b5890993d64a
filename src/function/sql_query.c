/*
 * sql_query.c
 *		Any relation as a source of edges: a query for each level of a walk.
 *
 * What an image cannot answer, a query over the relation can: views, tables in
 * parts, tables elsewhere, tables under row-level security, tables without an
 * index. It is asked with the caller's rights under the statement's snapshot, so
 * the edges are those that a recursive query would find.
 *
 * A level is one of two queries. With few nodes: the rows of which one end is
 * among them, for which indexes serve. With many: all rows. The planner says what
 * either costs; it counts on ten elements in an array that it does not know. Once
 * all rows have been read, their edges stay in memory for the levels that follow,
 * if there is room, and the answer wants nothing of an edge but its ends.
 *
 * Each query is planned once in a call (sql_plan.h), and all plans of a call
 * must read the same relations: a partition that comes or goes in between is an
 * error, never a mixture.
 */
#include "postgres.h"

#include "base/pt_guc.h"
#include "base/pt_interrupts.h"
#include "base/pt_varatt.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "function/sql_args.h"
#include "function/sql_node.h"
#include "function/sql_plan.h"
#include "function/sql_query.h"
#include "function/sql_relation.h"
#include "function/sql_source.h"
#include "function/sql_values.h"
#include "graph/graph_project.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/* as the planner has it for an array that it does not know */
#define PLANNED_KEYS 10

/* below this cost nobody asks whether another plan would do better */
#define CHEAP_COST 1000

/* keys in one question */
#define MAX_KEYS 10000

/* parameters of the queries */
enum
{
	PARAM_KEYS,
	PARAM_TYPES,
	PARAM_GUESSES,
	PARAMS
};

/* columns of their rows; those behind the ends only where edges are kept */
enum
{
	ROW_SOURCE,
	ROW_TARGET,
	ROW_CONFIDENCE,
	ROW_LABEL,
	ROW_LOCATION
};

/* What is kept of an edge for its row in an answer. */
typedef struct QueryEdge
{
	double		confidence;
	bool		is_fact;		/* has no confidence */
	text	   *label;			/* or NULL */
	text	   *location;		/* or NULL */
} QueryEdge;

typedef struct QueryGraph QueryGraph;

struct SqlQuery
{
	SqlGraph   *graph;
	const SqlShape *shape;
	bool		is_integer[2];	/* are the ends, by column? */
	Oid			end_types[2];
	Oid			array_type;		/* of node keys, or InvalidOid if there is none */
	const char *equals;			/* the operator between them */
	SqlValues  *values;			/* the nodes */
	uint32	   *places;			/* by node: where in what is asked; may be stale */
	uint64		nplaces;
	bool		keep_rows;		/* labels and locations, too */
	QueryEdge  *edges;			/* by number less 1 */
	uint64		nedges;
	uint64		edge_capacity;
	List	   *relations;		/* that the first plan reads */
	QueryGraph *graphs;			/* all that exist */
};

/* The edges that pass a filter, as a graph. */
struct QueryGraph
{
	Graph		graph;			/* must be first */
	SqlQuery   *query;
	const char *filter;			/* of SQL, beginning with AND, or empty */
	ArrayType  *types;			/* parameters of it, or NULL */
	ArrayType  *guesses;
	int			min_confidence; /* in hundredths */

	/* all edges, once they have been read */
	uint32	   *ends[2];		/* by direction: the end that it leaves */
	uint64		npairs;
	uint64		capacities[2];
	bool		is_held;
	bool		is_too_large;	/* for that */
	GraphProjection *rows[2];	/* by direction, once it is asked for */

	SqlPlan    *all;
	SqlPlan    *keys[2];		/* by direction */
	QueryGraph *next;
};

/* ---- nodes ---- */

/* A value of either end, as nodes are told apart. */
static inline Datum
key_of(const SqlQuery *query, TupleTableSlot *slot, int column)
{
	return query->is_integer[column] ?
		Int64GetDatum(adj_integer_value(slot->tts_values[column], query->end_types[column])) :
		slot->tts_values[column];
}

/* Make room for the nodes there are by now. */
static void
note_nodes(SqlQuery *query)
{
	uint32		nnodes = sql_values_count(query->values);
	uint64		before = query->nplaces;

	query->places = pt_grow(query->graph->budget, query->places, &query->nplaces, nnodes,
							sizeof(uint32));
	if (query->nplaces > before)
		memset(query->places + before, 0, (query->nplaces - before) * sizeof(uint32));
	for (QueryGraph *g = query->graphs; g != NULL; g = g->next)
		g->graph.nnodes = nnodes;
}

static uint32
number_node(SqlQuery *query, Datum key)
{
	uint32		node = sql_values_number(query->values, key);

	if (node >= query->nplaces || node >= query->graphs->graph.nnodes)
		note_nodes(query);
	return node;
}

/* ---- plans ---- */

static const char *
column_name(const SqlQuery *query, AttrNumber attno)
{
	return quote_identifier(NameStr(TupleDescAttr(RelationGetDescr(query->graph->heap),
												  attno - 1)->attname));
}

static AttrNumber
end_of(const SqlQuery *query, GraphDirection direction)
{
	return direction == GRAPH_OUT ? query->shape->source : query->shape->target;
}

/* SELECT and FROM. Columns that the relation lacks are NULL. */
static void
append_select(const SqlQuery *query, StringInfo sql)
{
	const SqlShape *shape = query->shape;

	appendStringInfo(sql, "SELECT e.%s, e.%s", column_name(query, shape->source),
					 column_name(query, shape->target));
	if (shape->confidence == InvalidAttrNumber)
		appendStringInfoString(sql, ", NULL");
	else
		appendStringInfo(sql, ", e.%s::pg_catalog.float8", column_name(query, shape->confidence));
	if (query->keep_rows)
	{
		const AttrNumber texts[] = {shape->label, shape->location};

		for (int i = 0; i < lengthof(texts); i++)
		{
			if (texts[i] == InvalidAttrNumber)
				appendStringInfoString(sql, ", NULL");
			else
				appendStringInfo(sql, ", e.%s::pg_catalog.text", column_name(query, texts[i]));
		}
	}
	appendStringInfo(sql, " FROM %s AS e WHERE true",
					 sql_qualified_name(RelationGetRelid(query->graph->heap)));
}

/*
 * All plans of a call read the same relations. The locks of the first one do not
 * keep partitions from being attached before the next one is made.
 */
static void
check_relations(SqlQuery *query, const SqlPlan *plan)
{
	List	   *relations = sql_plan_relations(plan);

	if (query->relations == NIL)
		query->relations = relations;
	if (list_difference_oid(relations, query->relations) != NIL ||
		list_difference_oid(query->relations, relations) != NIL)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("partitions of \"%s\" were attached or detached meanwhile",
						RelationGetRelationName(query->graph->heap)),
				 errhint("Ask again.")));
}

static SqlPlan *
make_plan(QueryGraph *g, const char *condition)
{
	SqlQuery   *query = g->query;
	Oid			types[PARAMS] = {query->array_type, TEXTARRAYOID, TEXTARRAYOID};
	MemoryContext old = MemoryContextSwitchTo(query->graph->budget->context);
	StringInfoData sql;
	SqlPlan    *plan;

	if (!OidIsValid(types[PARAM_KEYS]))
		types[PARAM_KEYS] = TEXTARRAYOID;
	initStringInfo(&sql);
	append_select(query, &sql);
	appendStringInfoString(&sql, condition);
	appendStringInfoString(&sql, g->filter);
	plan = sql_plan(sql.data, types, PARAMS);
	check_relations(query, plan);
	MemoryContextSwitchTo(old);
	return plan;
}

static const SqlPlan *
plan_of_all(QueryGraph *g)
{
	if (g->all == NULL)
		g->all = make_plan(g, "");
	return g->all;
}

static const SqlPlan *
plan_of_keys(QueryGraph *g, GraphDirection direction)
{
	AttrNumber	end = end_of(g->query, direction);

	if (g->keys[direction] == NULL)
		g->keys[direction] = make_plan(g, psprintf(" AND e.%s %s ANY ($1)",
												   column_name(g->query, end), g->query->equals));
	return g->keys[direction];
}

/* Is it better to read all rows than to ask for those at so many nodes? */
static bool
wants_all(QueryGraph *g, GraphDirection direction, uint64 count)
{
	double		cost;

	if (!OidIsValid(g->query->array_type))
		return true;
	if (count <= PLANNED_KEYS || sql_plan_is_late(plan_of_keys(g, direction)))
		return false;
	cost = sql_plan_cost(plan_of_keys(g, direction)) * count / PLANNED_KEYS;
	return cost > CHEAP_COST && cost > sql_plan_cost(plan_of_all(g));
}

/* ---- questions ---- */

/* What is asked about some nodes, and who takes the rows. */
typedef struct Question
{
	QueryGraph *g;
	GraphDirection direction;
	const uint32 *nodes;		/* NULL: all */
	uint64		count;
	bool		(*put) (struct Question *question, uint32 from, uint32 to, TupleTableSlot *slot);
	bool		is_over;		/* no more rows are wanted */

	/* of an expansion */
	GraphWalk  *walk;
	uint64		first;			/* place in the walk of nodes[0] */
	uint64		begin;			/* where its new nodes begin */

	/* of a gathering */
	GraphArcs  *arcs;
	struct GatheredArcs *gathered;
} Question;

/* The place of a node among those asked about, or -1. */
static int64
place_of(const Question *question, uint32 node)
{
	uint32		place = question->g->query->places[node];

	return place < question->count && question->nodes[place] == node ? (int64) place : -1;
}

static bool
put_row(void *answer, TupleTableSlot *slot)
{
	Question   *question = answer;
	SqlQuery   *query = question->g->query;
	int			near = question->direction == GRAPH_OUT ? ROW_SOURCE : ROW_TARGET;
	int			far = question->direction == GRAPH_OUT ? ROW_TARGET : ROW_SOURCE;
	uint32		from;

	/* no edge, for an image either */
	if (slot->tts_isnull[near] || slot->tts_isnull[far])
		return true;
	from = question->nodes == NULL ? number_node(query, key_of(query, slot, near)) :
		sql_values_find(query->values, key_of(query, slot, near));
	if (from == GRAPH_NO_NODE ||
		(question->nodes != NULL && place_of(question, from) < 0))
		return true;
	if (!question->put(question, from, number_node(query, key_of(query, slot, far)), slot))
		question->is_over = true;
	return !question->is_over;
}

static void
set_param(ParamListInfo params, int place, Oid type, ArrayType *value)
{
	params->params[place].ptype = type;
	params->params[place].pflags = PARAM_FLAG_CONST;
	params->params[place].isnull = value == NULL;
	params->params[place].value = PointerGetDatum(value);
}

static ParamListInfo
make_params(const QueryGraph *g, ArrayType *keys)
{
	ParamListInfo params = makeParamList(PARAMS);

	set_param(params, PARAM_KEYS, OidIsValid(g->query->array_type) ? g->query->array_type :
			  TEXTARRAYOID, keys);
	set_param(params, PARAM_TYPES, TEXTARRAYOID, g->types);
	set_param(params, PARAM_GUESSES, TEXTARRAYOID, g->guesses);
	return params;
}

/* The values of some nodes, as an array for the query. */
static ArrayType *
key_array(const SqlQuery *query, const uint32 *nodes, uint64 count)
{
	Oid			type = get_element_type(query->array_type);
	Datum	   *keys = palloc(count * sizeof(Datum));
	int16		length;
	bool		by_value;
	char		align;

	for (uint64 i = 0; i < count; i++)
		keys[i] = sql_values_get(query->values, nodes[i]);
	get_typlenbyvalalign(type, &length, &by_value, &align);
	return construct_array(keys, count, type, length, by_value, align);
}

static void
run(Question *question, const SqlPlan *plan, ArrayType *keys)
{
	sql_plan_run(plan, question->g->query->graph->snapshot, make_params(question->g, keys),
				 put_row, question);
}

static void
ask_for_keys(Question *question)
{
	const SqlPlan *plan = plan_of_keys(question->g, question->direction);
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "parseltongue keys",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);

	for (uint64 i = 0; i < question->count && !question->is_over; i += MAX_KEYS)
	{
		/* the walk's array of nodes moves when it grows */
		ArrayType  *keys = key_array(question->g->query, question->nodes + i,
									 Min(MAX_KEYS, question->count - i));

		CHECK_FOR_INTERRUPTS();
		run(question, plan, keys);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}

/* Ask in one direction, which must be GRAPH_OUT or GRAPH_IN. */
static void
ask(Question *question)
{
	SqlQuery   *query = question->g->query;

	for (uint64 i = 0; question->nodes != NULL && i < question->count; i++)
	{
		pt_check_interrupts(i);
		query->places[question->nodes[i]] = i;
	}
	if (question->nodes == NULL || wants_all(question->g, question->direction, question->count))
		run(question, plan_of_all(question->g), NULL);
	else
		ask_for_keys(question);
}

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

/* An edge for an answer: its number, and what its row has to tell. */
static GraphEdge
keep_edge(SqlQuery *query, TupleTableSlot *slot, GraphDirection direction)
{
	QueryEdge  *edge;

	query->edges = pt_grow(query->graph->budget, query->edges, &query->edge_capacity,
						   query->nedges + 1, sizeof(QueryEdge));
	edge = &query->edges[query->nedges];
	memset(edge, 0, sizeof(QueryEdge));
	edge->is_fact = slot->tts_isnull[ROW_CONFIDENCE];
	if (!edge->is_fact)
		edge->confidence = DatumGetFloat8(slot->tts_values[ROW_CONFIDENCE]);
	if (query->keep_rows)
	{
		edge->label = keep_text(query, slot, ROW_LABEL);
		edge->location = keep_text(query, slot, ROW_LOCATION);
	}
	return ++query->nedges | (direction == GRAPH_IN ? GRAPH_EDGE_REVERSED : 0);
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
	uint32		parent = (uint32) (question->first + place_of(question, from));
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
			walk->edges[place] = keep_edge(query, slot, question->direction);
		return true;
	}
	if (walk->count >= walk->max_nodes)
	{
		walk->truncated = true;
		return false;
	}
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
	ask(&question);
}

/* ---- all edges in memory ---- */

/* Is there room for some pairs more, and for a projection of all of them then? */
static bool
has_room(const QueryGraph *g)
{
	const SqlQuery *query = g->query;
	Size		pairs = g->npairs + SQL_VALUES_BATCH <= g->capacities[GRAPH_IN] ? 0 :
		2 * Max(2 * g->npairs, 64) * sizeof(uint32);

	return pairs == 0 ||
		pt_budget_has(query->graph->budget, pairs + 4 * g->npairs * sizeof(uint32) +
					  4 * (Size) sql_values_count(query->values) * sizeof(uint64));
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
	pairs->ends[GRAPH_OUT][pairs->count] = key_of(query, slot, ROW_SOURCE);
	pairs->ends[GRAPH_IN][pairs->count++] = key_of(query, slot, ROW_TARGET);
	/* other values are the row's, and go with it */
	if (query->is_integer[ROW_SOURCE] && pairs->count < SQL_VALUES_BATCH)
		return true;
	return number_pairs(pairs);
}

/* Read all edges. Where there is no room they are not held, and that is all. */
static void
hold_all(QueryGraph *g)
{
	SqlQuery   *query = g->query;
	PtBudget   *budget = query->graph->budget;
	Pairs	   *pairs = MemoryContextAlloc(budget->context, sizeof(Pairs));

	pairs->g = g;
	pairs->count = 0;
	sql_plan_run(plan_of_all(g), query->graph->snapshot, make_params(g, NULL), put_pair, pairs);
	if (!g->is_too_large)
		(void) number_pairs(pairs);
	pfree(pairs);
	note_nodes(query);
	g->is_held = !g->is_too_large;
	for (int i = GRAPH_OUT; g->is_too_large && i <= GRAPH_IN; i++)
	{
		pt_free(budget, g->ends[i]);
		g->ends[i] = NULL;
	}
}

/* Are all edges held? Reads them if that is better than to ask for some. */
static bool
holds_all(QueryGraph *g, GraphDirection direction, uint64 count)
{
	if (!g->is_held && !g->is_too_large &&
		wants_all(g, direction == GRAPH_BOTH ? GRAPH_OUT : direction, count))
		hold_all(g);
	return g->is_held;
}

static void
expand_held(QueryGraph *g, GraphWalk *walk, uint64 first, uint64 last)
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

static void
expand(Graph *graph, GraphWalk *walk, uint64 first, uint64 last)
{
	QueryGraph *g = (QueryGraph *) graph;
	uint64		begin = walk->count;

	graph_walk_cover(walk, graph->nnodes);
	if (first == last)
		return;
	if (!(walk->keep & GRAPH_KEEP_EDGES) && holds_all(g, walk->direction, last - first))
	{
		expand_held(g, walk, first, last);
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
	uint64		count;
	uint64		capacity;
} GatheredArcs;

static bool
put_arc(Question *question, uint32 from, uint32 to, TupleTableSlot *slot)
{
	SqlQuery   *query = question->g->query;
	GatheredArcs *gathered = question->gathered;
	GraphArc   *arc;

	if (!graph_is_within(question->arcs, to))
		return true;
	gathered->arcs = pt_grow(query->graph->budget, gathered->arcs, &gathered->capacity,
							 gathered->count + 1, sizeof(GraphArc));
	arc = &gathered->arcs[gathered->count++];
	arc->from = question->nodes == NULL ? from : (uint32) place_of(question, from);
	arc->to = to;
	arc->edge = keep_edge(query, slot, question->direction);
	return question->arcs->limit == 0 || gathered->count < question->arcs->limit;
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
		ask(&question);
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
	arcs->place += arcs->narcs;
	if (arcs->narcs == 0)
	{
		pt_free(g->query->graph->budget, gathered->arcs);
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

/* ---- which edges count ---- */

/* The condition for a type, or a guess that stands for it. */
static void
append_types(const SqlQuery *query, StringInfo filter)
{
	const char *label = column_name(query, query->shape->label);

	appendStringInfo(filter, " AND (e.%s::pg_catalog.text COLLATE pg_catalog.\"C\" OPERATOR(pg_catalog.=) ANY ($2)", label);
	if (query->shape->confidence != InvalidAttrNumber)
		appendStringInfo(filter, " OR (e.%s::pg_catalog.numeric OPERATOR(pg_catalog.<) 1::pg_catalog.numeric "
						 "AND e.%s::pg_catalog.text COLLATE pg_catalog.\"C\" OPERATOR(pg_catalog.=) ANY ($3))",
						 column_name(query, query->shape->confidence), label);
	appendStringInfoChar(filter, ')');
}

static void
append_confidence(const SqlQuery *query, int hundredths, StringInfo filter)
{
	const char *confidence = column_name(query, query->shape->confidence);

	appendStringInfo(filter, " AND (e.%s IS NULL OR e.%s::pg_catalog.numeric OPERATOR(pg_catalog.>=) %d.%02d)",
					 confidence, confidence, hundredths / 100, hundredths % 100);
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
		append_confidence(query, min_confidence, &filter);
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
	return number_node(graph->query, value);
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
	const QueryEdge *kept = &graph->query->edges[(edge->edge & ~GRAPH_EDGE_REVERSED) - 1];
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
	MemoryContextSwitchTo(old);
}

const SqlSource sql_query_source = {
	.follow = follow,
	.facts = facts,
	.find_node = find_node,
	.node_value = node_value,
	.edge_row = edge_row,
	.names_nodes = names_nodes,
};
