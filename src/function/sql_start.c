/*
 * sql_start.c
 *		A key that a call starts from or wants to reach.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "function/sql_hint.h"
#include "function/sql_source.h"
#include "function/sql_spelling.h"
#include "function/sql_start.h"

SqlStart
sql_find_start(SqlGraph *graph, text *key)
{
	SqlStart	start = {key, sql_find_key(graph, key)};

	if (start.node != GRAPH_NO_NODE && !sql_graph_has_visible_edge(graph, start.node))
		start.node = GRAPH_NO_NODE;
	return start;
}

void
sql_find_starts(SqlGraph *graph, SqlOptions *options, text *const *keys, int count,
				SqlStart *starts)
{
	Datum	   *values = palloc(count * sizeof(Datum));

	for (int i = 0; i < count; i++)
		values[i] = PointerGetDatum(keys[i]);
	sql_respell(graph, options, values, count, TEXTOID);
	for (int i = 0; i < count; i++)
		starts[i] = sql_find_start(graph, DatumGetTextPP(values[i]));
	pfree(values);
}

void
sql_check_start(SqlGraph *graph, const SqlStart *start, bool missing_ok)
{
	if (start->node == GRAPH_NO_NODE && !missing_ok && !sql_graph_knows(graph, start->key))
		sql_missing_key(graph, PointerGetDatum(start->key), TEXTOID);
}
