/*
 * sql_query_ask.c
 *		The queries over a relation that is a graph: planned, asked, rows numbered.
 *
 * A question about some nodes is one of two queries. With few nodes: the rows of
 * which one end is among them, for which indexes serve. With many: all rows, of
 * which those at other nodes are dropped. The planner says what either costs; it
 * counts on ten elements in an array that it does not know. Where the end asked for
 * is what a table is partitioned by, nodes are joined to it one by one, so that each
 * is looked for in one partition only.
 *
 * Each query is planned once in a call (sql_plan.h), and all plans of a call
 * must read the same relations: a partition that comes or goes in between is an
 * error, never a mixture.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "catalog/pg_type.h"
#include "function/sql_query_private.h"
#include "function/sql_relation.h"
#include "function/sql_tables.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "partitioning/partdefs.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/partcache.h"

/* as the planner has it for an array that it does not know */
#define PLANNED_KEYS 10

/* below this cost nobody asks whether another plan would do better */
#define CHEAP_COST 1000

/* keys in one question, and their bytes */
#define MAX_KEYS 10000
#define MAX_KEY_BYTES (16 * 1024 * 1024)

/* parameters of the queries */
enum
{
	PARAM_KEYS,
	PARAM_TYPES,
	PARAM_GUESSES,
	PARAM_LEAST,				/* confidence */
	PARAM_FACT,					/* the confidence below which an edge is a guess */
	PARAMS
};

/* ---- nodes ---- */

void
sql_query_note_nodes(SqlQuery *query)
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

uint32
sql_query_number(SqlQuery *query, Datum key)
{
	uint32		node = sql_values_number(query->values, key);

	if (node >= query->nplaces || node >= query->graphs->graph.nnodes)
		sql_query_note_nodes(query);
	return node;
}

/* ---- plans ---- */

const char *
sql_query_column(const SqlQuery *query, AttrNumber attno)
{
	return quote_identifier(NameStr(TupleDescAttr(RelationGetDescr(query->graph->heap),
												  attno - 1)->attname));
}

static AttrNumber
end_of(const SqlQuery *query, GraphDirection direction)
{
	return direction == GRAPH_OUT ? query->shape->source : query->shape->target;
}

/* An end as nodes are told apart. A name is a text. */
static char *
end_column(const SqlQuery *query, AttrNumber attno, Oid type)
{
	return psprintf("e.%s%s", sql_query_column(query, attno),
					type == NAMEOID ? "::pg_catalog.text" : "");
}

/* SELECT and FROM, and what else. Columns that the relation lacks are NULL. */
static void
append_select(const SqlQuery *query, StringInfo sql, const char *joined)
{
	const SqlShape *shape = query->shape;

	appendStringInfo(sql, "SELECT %s, %s",
					 end_column(query, shape->source, query->end_types[ROW_SOURCE]),
					 end_column(query, shape->target, query->end_types[ROW_TARGET]));
	if (shape->confidence == InvalidAttrNumber)
		appendStringInfoString(sql, ", NULL");
	else
		appendStringInfo(sql, ", e.%s::pg_catalog.float8", sql_query_column(query, shape->confidence));
	if (!query->graph->reads_weights)
		appendStringInfoString(sql, ", NULL");
	else
		appendStringInfo(sql, ", e.%s::pg_catalog.float8", sql_query_column(query, shape->weight));
	if (query->keep_rows)
	{
		const AttrNumber texts[] = {shape->label, shape->location};

		for (int i = 0; i < lengthof(texts); i++)
		{
			if (texts[i] == InvalidAttrNumber)
				appendStringInfoString(sql, ", NULL");
			else
				appendStringInfo(sql, ", e.%s::pg_catalog.text", sql_query_column(query, texts[i]));
		}
	}
	appendStringInfo(sql, " FROM %s%s AS e WHERE true", joined,
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
make_plan(QueryGraph *g, const char *joined, const char *condition)
{
	SqlQuery   *query = g->query;
	Oid			types[PARAMS] = {query->array_type, TEXTARRAYOID, TEXTARRAYOID, NUMERICOID, NUMERICOID};
	MemoryContext old = MemoryContextSwitchTo(query->graph->budget->context);
	StringInfoData sql;
	SqlPlan    *plan;

	if (!OidIsValid(types[PARAM_KEYS]))
		types[PARAM_KEYS] = TEXTARRAYOID;
	initStringInfo(&sql);
	append_select(query, &sql, joined);
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
		g->all = make_plan(g, "", "");
	return g->all;
}

/* Does a value of this column tell the partition, so that the others are not looked at? */
static bool
tells_partition(const SqlQuery *query, AttrNumber attno)
{
	Relation	heap = query->graph->heap;
	PartitionKey key = heap->rd_rel->relkind == RELKIND_PARTITIONED_TABLE ?
		RelationGetPartitionKey(heap) : NULL;

	return key != NULL && key->partnatts == 1 && key->partattrs[0] == attno &&
		!sql_has_distributed();
}

/* One by one would be a message to another server for each node. */
static bool
reads_elsewhere(const SqlPlan *plan)
{
	ListCell   *lc;

	foreach(lc, sql_plan_relations(plan))
		if (get_rel_relkind(lfirst_oid(lc)) == RELKIND_FOREIGN_TABLE)
			return true;
	return false;
}

static SqlPlan *
make_plan_of_keys(QueryGraph *g, AttrNumber end)
{
	const SqlQuery *query = g->query;
	const char *column = sql_query_column(query, end);

	if (tells_partition(query, end))
	{
		SqlPlan    *plan = make_plan(g, "pg_catalog.unnest($1) AS k (k), ",
									 psprintf(" AND e.%s %s k.k", column, query->equals));

		if (!reads_elsewhere(plan))
			return plan;
	}
	return make_plan(g, "", psprintf(" AND e.%s %s ANY ($1)", column, query->equals));
}

static const SqlPlan *
plan_of_keys(QueryGraph *g, GraphDirection direction)
{
	if (g->keys[direction] == NULL)
		g->keys[direction] = make_plan_of_keys(g, end_of(g->query, direction));
	return g->keys[direction];
}

bool
sql_query_wants_all(QueryGraph *g, GraphDirection direction, uint64 count)
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
	from = question->nodes == NULL ? sql_query_number(query, sql_query_key(query, slot, near)) :
		sql_values_find(query->values, sql_query_key(query, slot, near));
	if (from == GRAPH_NO_NODE ||
		(question->nodes != NULL && sql_query_place(question, from) < 0))
		return true;
	if (!question->put(question, from, sql_query_number(query, sql_query_key(query, slot, far)), slot))
		question->is_over = true;
	return !question->is_over;
}

/* NULL for a pointer that is none. */
static void
set_param(ParamListInfo params, int place, Oid type, void *value)
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
	set_param(params, PARAM_LEAST, NUMERICOID, int64_div_fast_to_numeric(g->min_confidence, 2));
	set_param(params, PARAM_FACT, NUMERICOID, int64_div_fast_to_numeric(SQL_TRUST_FACTS, 2));
	return params;
}

/*
 * The values of the first of some nodes, as an array for the query; at least one,
 * and as many as one question may have. Sets how many they are.
 */
static ArrayType *
key_array(const SqlQuery *query, const uint32 *nodes, uint64 count, int *taken)
{
	Oid			type = get_element_type(query->array_type);
	Datum	   *keys = palloc(Min(count, MAX_KEYS) * sizeof(Datum));
	Size		bytes = 0;
	int16		length;
	bool		by_value;
	char		align;
	int			n = 0;

	get_typlenbyvalalign(type, &length, &by_value, &align);
	while (n < Min(count, MAX_KEYS) && bytes < MAX_KEY_BYTES)
	{
		keys[n] = sql_values_get(query->values, nodes[n]);
		bytes += by_value ? 0 : datumGetSize(keys[n], by_value, length);
		n++;
	}
	*taken = n;
	return construct_array(keys, n, type, length, by_value, align);
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

	for (uint64 i = 0; i < question->count && !question->is_over;)
	{
		int			taken;

		/* the walk's array of nodes moves when it grows */
		ArrayType  *keys = key_array(question->g->query, question->nodes + i,
									 question->count - i, &taken);

		CHECK_FOR_INTERRUPTS();
		run(question, plan, keys);
		MemoryContextReset(context);
		i += taken;
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}

void
sql_query_ask(Question *question)
{
	SqlQuery   *query = question->g->query;

	for (uint64 i = 0; question->nodes != NULL && i < question->count; i++)
	{
		pt_check_interrupts(i);
		query->places[question->nodes[i]] = i;
	}
	if (question->nodes == NULL || sql_query_wants_all(question->g, question->direction, question->count))
		run(question, plan_of_all(question->g), NULL);
	else
		ask_for_keys(question);
}

void
sql_query_read_all(QueryGraph *g, SqlPutRow put, void *answer)
{
	sql_plan_run(plan_of_all(g), g->query->graph->snapshot, make_params(g, NULL), put, answer);
}
