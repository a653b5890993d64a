/*
 * sql_start.c
 *		A key that a call starts from or wants to reach.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "function/sql_hint.h"
#include "function/sql_source.h"
#include "function/sql_start.h"

SqlStart
sql_find_start(SqlGraph *graph, text *key)
{
	SqlStart	start = {key, sql_find_key(graph, key)};

	if (start.node != GRAPH_NO_NODE && !sql_graph_has_visible_edge(graph, start.node))
		start.node = GRAPH_NO_NODE;
	return start;
}

FunctionCallInfo
sql_respell_start(SqlGraph *graph, FunctionCallInfo fcinfo, int argno, const SqlStart *start)
{
	return start->node != GRAPH_NO_NODE ? NULL : sql_respell(graph, fcinfo, argno, start->key);
}

void
sql_check_start(SqlGraph *graph, const SqlStart *start, bool missing_ok)
{
	if (start->node == GRAPH_NO_NODE && !missing_ok && !sql_graph_knows(graph, start->key))
		sql_missing_key(graph, PointerGetDatum(start->key), TEXTOID);
}
