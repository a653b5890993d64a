/*
 * sql_match.c
 *		pt_match: keys that ways of a pattern lead to.
 *		pt_match_path: one such way, edge by edge.
 *
 * Of each type that the pattern names the source gives the graph of its edges,
 * which means the same as edge_types elsewhere: guesses of the type included,
 * if they are trusted.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "function/sql_args.h"
#include "function/sql_edges.h"
#include "function/sql_node.h"
#include "function/sql_pattern.h"
#include "function/sql_sets.h"
#include "function/sql_start.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(pt_match);
PG_FUNCTION_INFO_V1(pt_match_path);

/* arguments of pt_match before the common options */
enum
{
	MATCH_START_KEY,
	MATCH_PATTERN
};

#define MATCH_OPTIONS \
	(SQL_OPTION_NO_TYPES | SQL_OPTION_SETS | SQL_OPTION_STOP_AT | SQL_OPTION_MAX_NODES | SQL_OPTION_GRAPH)

/* arguments of pt_match_path before the common options */
enum
{
	PATH_START_KEY,
	PATH_END_KEY,
	PATH_PATTERN
};

#define PATH_OPTIONS \
	(SQL_OPTION_NO_TYPES | SQL_OPTION_SETS | SQL_OPTION_STOP_AT | SQL_OPTION_GRAPH)

static SqlPattern *
pattern_argument(FunctionCallInfo fcinfo, int argno)
{
	sql_require(fcinfo, argno, "pattern");
	return sql_pattern(PG_GETARG_TEXT_PP(argno));
}

static void
check_types(const SqlGraph *graph, const SqlPattern *pattern)
{
	bool		has_types = graph->index != NULL ? graph->columns.has_label :
		graph->shape.label != InvalidAttrNumber;

	if (pattern->names_types && !has_types)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 graph->index != NULL ?
				 errmsg("index \"%s\" has no label column to compare the types of the pattern with",
						RelationGetRelationName(graph->index)) :
				 errmsg("relation \"%s\" has no label column to compare the types of the pattern with",
						RelationGetRelationName(graph->heap)),
				 errhint("Use \".\" for edges of any type.")));
}

/* The graphs of a pattern's symbols. Those of both directions share one. */
static MatchSymbol *
follow_symbols(SqlGraph *graph, const SqlPattern *pattern, const SqlOptions *options)
{
	MatchSymbol *symbols = palloc0((pattern->nsymbols + 1) * sizeof(MatchSymbol));

	check_types(graph, pattern);
	sql_graph_follow(graph, NULL, options->min_confidence);
	for (int i = 0; i < pattern->nsymbols; i++)
	{
		const SqlSymbol *symbol = &pattern->symbols[i];

		CHECK_FOR_INTERRUPTS();
		symbols[i].direction = symbol->direction;
		symbols[i].graph = graph->view;
		for (int j = 0; j < i && symbol->type != NULL; j++)
		{
			if (pattern->symbols[j].type != NULL &&
				strcmp(pattern->symbols[j].type, symbol->type) == 0)
				symbols[i].graph = symbols[j].graph;
		}
		if (symbol->type != NULL && symbols[i].graph == graph->view)
		{
			Datum		type = CStringGetTextDatum(symbol->type);

			symbols[i].graph = graph->source->follow(graph,
													 construct_array(&type, 1, TEXTOID, -1, false, TYPALIGN_INT),
													 options->min_confidence);
		}
	}
	return symbols;
}

/* ---- pt_match ---- */

typedef struct SqlMatch
{
	SqlGraph	graph;
	ReturnSetInfo *result;
	SqlPattern *pattern;
	SqlOptions	options;
	SqlStart	start;
	Datum		start_value;	/* as results show it */
	GraphWalk  *reached;
} SqlMatch;

static bool
matches_empty_way(const SqlMatch *m)
{
	return bms_is_member(0, m->pattern->automaton.accepting);
}

static void
put_row(SqlMatch *m, Datum key, uint64 distance)
{
	Datum		values[2] = {key, Int32GetDatum((int32) distance)};
	bool		nulls[2] = {false, false};

	tuplestore_putvalues(m->result->setResult, m->result->setDesc, values, nulls);
}

/* Open, walk, leave the barrier. */
static void
run_match(SqlMatch *m, FunctionCallInfo fcinfo, text *key)
{
	SqlGraph   *graph = &m->graph;
	MatchSymbol *symbols;

	sql_graph_open(graph, fcinfo, m->options.graph_argno,
				   m->pattern->names_types ? SQL_READ_LABEL : 0, "match",
				   "Raise parseltongue.local_image_memory, or bound the match by max_nodes.");
	sql_graph_sync(graph);
	sql_find_starts(graph, &m->options, &key, 1, &m->start);
	m->start_value = sql_node_canonical(graph, PointerGetDatum(m->start.key), TEXTOID);
	symbols = follow_symbols(graph, m->pattern, &m->options);
	sql_graph_bound(graph, &m->options);
	m->reached = sql_walk_begin(graph, GRAPH_OUT,
								graph->source->names_nodes(graph) ? 0 : GRAPH_KEEP_EDGES);
	m->reached->max_nodes = m->options.max_nodes;
	if (m->start.node != GRAPH_NO_NODE)
		kernel_match(graph->view, &m->pattern->automaton, symbols, &graph->sets,
					 m->start.node, m->reached);
	graph_walk_end(m->reached);
	sql_graph_leave(graph);
}

static void
put_reached(SqlMatch *m)
{
	const GraphWalk *walk = m->reached;
	MemoryContext row_context = AllocSetContextCreate(CurrentMemoryContext,
													  "parseltongue row",
													  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(row_context);
	uint64		distance = 0;

	for (uint64 i = 0; i < walk->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		while (i >= graph_level_end(walk, distance))
			distance++;
		/* the start, which no edge led to */
		if (distance == 0)
			put_row(m, m->start_value, 0);
		else
			put_row(m, sql_node_to_text(m->graph.source->node_value(&m->graph, walk->nodes[i],
																	walk->edges == NULL ? GRAPH_NO_EDGE : walk->edges[i]),
										m->graph.columns.node_type), distance);
		MemoryContextReset(row_context);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(row_context);
}

/* A start that is known, but on no edge: only the empty way begins there. */
static void
put_start_without_edges(SqlMatch *m)
{
	sql_check_start(&m->graph, &m->start, m->options.missing_ok);
	if (m->start.node != GRAPH_NO_NODE || !matches_empty_way(m))
		return;
	if (m->options.max_nodes > 0)
		put_row(m, m->start_value, 0);
	else
		m->reached->truncated = true;
}

Datum
pt_match(PG_FUNCTION_ARGS)
{
	SqlMatch	m = {0};

	InitMaterializedSRF(fcinfo, 0);
	m.result = (ReturnSetInfo *) fcinfo->resultinfo;
	m.options = sql_options(fcinfo, MATCH_OPTIONS);
	m.pattern = pattern_argument(fcinfo, MATCH_PATTERN);
	if (sql_is_absent(fcinfo, MATCH_START_KEY, "start_key", m.options.missing_ok))
		return (Datum) 0;
	run_match(&m, fcinfo, sql_key(fcinfo, MATCH_START_KEY, "start_key"));
	put_reached(&m);
	put_start_without_edges(&m);
	if (m.reached->truncated)
		sql_warn_truncated(m.options.max_nodes);
	sql_graph_close(&m.graph);
	return (Datum) 0;
}

/* ---- pt_match_path ---- */

static SqlEdge
next_edge(void *answer, uint64 place, Datum *values, bool *nulls)
{
	const MatchWay *way = answer;

	values[0] = Int32GetDatum((int32) (place + 1));
	return sql_tree_edge(way->edges[place], way->nodes[place + 1], way->nodes[place]);
}

Datum
pt_match_path(PG_FUNCTION_ARGS)
{
	SqlOptions	options = sql_options(fcinfo, PATH_OPTIONS);
	SqlPattern *pattern = pattern_argument(fcinfo, PATH_PATTERN);
	MatchWay	way = {0};
	MatchSymbol *symbols;
	text	   *keys[2];
	SqlGraph	graph;
	SqlStart	ends[2];

	InitMaterializedSRF(fcinfo, 0);
	if (sql_is_absent(fcinfo, PATH_START_KEY, "start_key", options.missing_ok) ||
		sql_is_absent(fcinfo, PATH_END_KEY, "end_key", options.missing_ok))
		return (Datum) 0;
	keys[0] = sql_key(fcinfo, PATH_START_KEY, "start_key");
	keys[1] = sql_key(fcinfo, PATH_END_KEY, "end_key");
	sql_graph_open(&graph, fcinfo, options.graph_argno, SQL_READ_LABEL | SQL_READ_LOCATION,
				   "match", "Raise parseltongue.local_image_memory.");
	sql_graph_sync(&graph);
	sql_find_starts(&graph, &options, keys, lengthof(keys), ends);
	symbols = follow_symbols(&graph, pattern, &options);
	sql_graph_bound(&graph, &options);
	if (ends[0].node != GRAPH_NO_NODE && ends[1].node != GRAPH_NO_NODE)
		kernel_match_way(graph.view, &pattern->automaton, symbols, &graph.sets,
						 ends[0].node, ends[1].node, graph.budget, &way);
	sql_graph_leave(&graph);

	sql_put_edges(&graph, (ReturnSetInfo *) fcinfo->resultinfo, way.count, 1, next_edge, &way);
	for (int i = 0; i < lengthof(ends); i++)
		sql_check_start(&graph, &ends[i], options.missing_ok);
	sql_graph_close(&graph);
	return (Datum) 0;
}
