/*
 * sql_edges.c
 *		Answers whose rows are edges; pt_callers and pt_callees.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "function/sql_args.h"
#include "function/sql_edges.h"
#include "function/sql_hint.h"
#include "function/sql_sets.h"
#include "function/sql_spelling.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(pt_callers_0_2);
PG_FUNCTION_INFO_V1(pt_callees_0_2);

/* argument of pt_callers and pt_callees before the common options */
#define ARG_KEY 0

/* edges asked for at a time */
#define BATCH 256

SqlEdge
sql_tree_edge(GraphEdge edge, uint32 node, uint32 parent)
{
	bool		reversed = (edge & GRAPH_EDGE_REVERSED) != 0;
	SqlEdge		result = {edge, reversed ? node : parent, reversed ? parent : node, node};

	return result;
}

void
sql_put_edges(SqlGraph *graph, ReturnSetInfo *result, uint64 count,
			  int first_column, SqlNextEdge next, void *answer)
{
	MemoryContext row_context = AllocSetContextCreate(CurrentMemoryContext,
													  "parseltongue row",
													  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old;
	int			columns = result->setDesc->natts;
	Datum	   *values = palloc0(columns * sizeof(Datum));
	bool	   *nulls = palloc0(columns * sizeof(bool));

	old = MemoryContextSwitchTo(row_context);
	for (uint64 i = 0; i < count; i++)
	{
		SqlEdge		edge;

		CHECK_FOR_INTERRUPTS();
		edge = next(answer, i, values, nulls);
		graph->source->edge_row(graph, &edge, values + first_column, nulls + first_column);
		/* of a path the node that a step leads to is told, too */
		if (first_column > 0)
			values[first_column + SQL_EDGE_COLUMNS] =
				values[first_column + (edge.end == edge.target ? 1 : 0)];
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		MemoryContextReset(row_context);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(row_context);
}

/* ---- pt_callers, pt_callees ---- */

/*
 * The visible edges at a node, gathered under the barrier. Those count that a
 * walk of one hop from the node could go along: the node itself is its start.
 */
typedef struct EdgeList
{
	uint32		node;
	GraphDirection direction;
	GraphArc   *arcs;
	uint64		count;
	uint64		capacity;
} EdgeList;

/* Of arcs that have come, keep those that lead where the call may go. */
static uint32
keep_admitted(const SqlGraph *graph, const EdgeList *list, GraphArc *arcs, uint32 count)
{
	uint32		kept = 0;

	for (uint32 i = 0; i < count; i++)
	{
		if (arcs[i].to == list->node || graph_sets_admit(&graph->sets, arcs[i].to))
			arcs[kept++] = arcs[i];
	}
	return kept;
}

static void
gather(SqlGraph *graph, EdgeList *list)
{
	GraphArcs	question = {0};

	question.nodes = &list->node;
	question.count = 1;
	question.direction = list->direction;
	question.capacity = BATCH;
	do
	{
		list->arcs = pt_grow(graph->budget, list->arcs, &list->capacity, list->count + BATCH,
							 sizeof(GraphArc));
		question.arcs = list->arcs + list->count;
		(void) graph_edges(graph->view, &question);
		list->count += keep_admitted(graph, list, question.arcs, question.narcs);
	} while (question.narcs > 0);
}

static SqlEdge
next_edge(void *answer, uint64 place, Datum *values, bool *nulls)
{
	const EdgeList *list = answer;
	const GraphArc *arc = &list->arcs[place];

	return sql_tree_edge(arc->edge, arc->to, list->node);
}

static Datum
edges_at(FunctionCallInfo fcinfo, GraphDirection direction)
{
	SqlOptions	options = sql_options(fcinfo, SQL_OPTION_SETS | SQL_OPTION_GRAPH);
	EdgeList	list = {0};
	bool		known = false;
	SqlGraph	graph;
	Datum		key;

	InitMaterializedSRF(fcinfo, 0);
	if (sql_is_absent(fcinfo, ARG_KEY, "key", options.missing_ok))
		return (Datum) 0;
	key = PointerGetDatum(sql_key(fcinfo, ARG_KEY, "key"));
	sql_graph_open(&graph, fcinfo, options.graph_argno, SQL_READ_LABEL | SQL_READ_LOCATION,
				   "edges of one node", "Raise parseltongue.local_image_memory.");
	sql_graph_sync(&graph);
	list.direction = direction;
	sql_respell(&graph, &options, &key, 1, TEXTOID);
	list.node = sql_find_key(&graph, DatumGetTextPP(key));
	sql_graph_follow(&graph, options.edge_types, options.min_confidence);
	sql_graph_bound(&graph, &options);
	if (list.node != GRAPH_NO_NODE)
	{
		gather(&graph, &list);
		known = list.count > 0 || sql_graph_has_visible_edge(&graph, list.node);
	}
	sql_graph_leave(&graph);
	sql_put_edges(&graph, (ReturnSetInfo *) fcinfo->resultinfo, list.count, 0, next_edge, &list);
	if (!known && !options.missing_ok && !sql_graph_knows(&graph, DatumGetTextPP(key)))
		sql_missing_key(&graph, key, TEXTOID);
	sql_graph_close(&graph);
	return (Datum) 0;
}

Datum
pt_callers_0_2(PG_FUNCTION_ARGS)
{
	return edges_at(fcinfo, GRAPH_IN);
}

Datum
pt_callees_0_2(PG_FUNCTION_ARGS)
{
	return edges_at(fcinfo, GRAPH_OUT);
}
