/*
 * sql_spelling.c
 *		Keys that a call names and the graph spells otherwise.
 *
 * Exporters spell one key in several ways (src/script/34_spelling.sql), and who
 * asks has whichever he has met. Nearly all keys of calls are on an edge as they
 * stand, which the image tells at once, so a query is asked for the others only.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "function/sql_node.h"
#include "function/sql_relation.h"
#include "function/sql_source.h"
#include "function/sql_spelling.h"
#include "function/sql_statement.h"
#include "function/sql_tables.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(pt_respell);

/* Places of keys that are on no edge. */
typedef struct LooseKeys
{
	Datum	  **places;
	uint64		count;
	uint64		capacity;
} LooseKeys;

/* Has the graph entities that are known under other keys, too, which the caller may read? */
static bool
has_spellings(const SqlGraph *graph)
{
	static const char *const columns[] = {"file_path", "line_start", "line_end"};

	return graph->columns.node_type == TEXTOID && OidIsValid(graph->entity_table) &&
		sql_has_columns(graph->entity_table, columns, lengthof(columns)) &&
		pg_class_aclcheck(graph->entity_table, GetUserId(), ACL_SELECT) == ACLCHECK_OK;
}

/* Which of at most SQL_FIND_BATCH keys are on no visible edge? */
static void
find_loose(SqlGraph *graph, const Datum *keys, int count, bool *is_loose)
{
	Datum		values[SQL_FIND_BATCH] = {0};
	uint32		nodes[SQL_FIND_BATCH];

	for (int i = 0; i < count; i++)
		values[i] = sql_node_argument(graph, keys[i], TEXTOID);
	graph->source->find_nodes(graph, values, count, nodes);
	for (int i = 0; i < count; i++)
		is_loose[i] = nodes[i] == GRAPH_NO_NODE || !sql_graph_has_visible_edge(graph, nodes[i]);
}

/* Where queries give the edges, the one that is asked anyway may as well tell. */
static void
note_loose(SqlGraph *graph, Datum *keys, int count, LooseKeys *loose)
{
	bool		is_loose[SQL_FIND_BATCH];

	memset(is_loose, true, sizeof(is_loose));
	for (int first = 0; first < count; first += SQL_FIND_BATCH)
	{
		int			batch = Min(SQL_FIND_BATCH, count - first);

		CHECK_FOR_INTERRUPTS();
		sql_graph_pause(graph);
		if (graph->query == NULL)
			find_loose(graph, keys + first, batch, is_loose);
		for (int i = 0; i < batch; i++)
		{
			if (!is_loose[i])
				continue;
			loose->places = pt_grow(graph->budget, loose->places, &loose->capacity,
									loose->count + 1, sizeof(Datum *));
			loose->places[loose->count++] = &keys[first + i];
		}
	}
}

static ArrayType *
array_of_keys(SqlGraph *graph, const LooseKeys *loose)
{
	Datum	   *keys = pt_alloc(graph->budget, loose->count, sizeof(Datum));
	ArrayType  *array;

	for (uint64 i = 0; i < loose->count; i++)
		keys[i] = *loose->places[i];
	array = construct_array(keys, (int) loose->count, TEXTOID, -1, false, TYPALIGN_INT);
	pt_free(graph->budget, keys);
	return array;
}

/* Run a query with the keys as its parameter; is there a row? Within SPI. */
static bool
has_row(const char *sql, ArrayType *keys)
{
	Oid			type = TEXTARRAYOID;
	Datum		value = PointerGetDatum(keys);

	sql_check_result(SPI_execute_with_args(sql, 1, &type, &value, NULL, true, 1), SPI_OK_SELECT, sql);
	return SPI_processed > 0;
}

/*
 * The same array with the keys of entities, in the current memory context; NULL if
 * none is another. That all are entities, without edges, is found out by itself:
 * it is what most such keys are, and the other query is a large one.
 */
static ArrayType *
ask(const SqlGraph *graph, ArrayType *keys)
{
	MemoryContext context = CurrentMemoryContext;
	ArrayType  *respelled = NULL;

	SPI_connect();
	if (has_row(psprintf("SELECT FROM pg_catalog.unnest($1) AS u (k) WHERE NOT EXISTS "
						 "(SELECT FROM %s AS e WHERE e.key OPERATOR(pg_catalog.=) u.k)",
						 sql_qualified_name(graph->entity_table)), keys) &&
		has_row(psprintf("SELECT pg_catalog.array_agg(COALESCE(s.entity, u.k) ORDER BY u.n) "
						 "FROM pg_catalog.unnest($1) WITH ORDINALITY AS u (k, n) "
						 "LEFT JOIN _parseltongue.pt_spellings($1, %u::pg_catalog.regclass) AS s "
						 "ON s.key OPERATOR(pg_catalog.=) u.k HAVING pg_catalog.int8gt(pg_catalog.count(s.key), 0)",
						 graph->entity_table), keys))
	{
		bool		isnull;
		Datum		result = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull);
		MemoryContext old = MemoryContextSwitchTo(context);

		respelled = DatumGetArrayTypePCopy(result);
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
	return respelled;
}

static void
put_keys(const LooseKeys *loose, ArrayType *respelled)
{
	Datum	   *elements;
	int			count;

	deconstruct_array(respelled, TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &count);
	for (int i = 0; i < count; i++)
		*loose->places[i] = elements[i];
}

void
sql_respell(SqlGraph *graph, SqlOptions *options, Datum *keys, int count, Oid type)
{
	SqlSet	   *sets[] = {&options->avoid, &options->within, &options->stop_at};
	LooseKeys	loose = {0};
	ArrayType  *respelled;

	if (!has_spellings(graph))
		return;
	if (type == TEXTOID)
		note_loose(graph, keys, count, &loose);
	for (int i = 0; i < lengthof(sets); i++)
	{
		if (sets[i]->is_given && sets[i]->type == TEXTOID)
			note_loose(graph, sets[i]->nodes, sets[i]->count, &loose);
	}
	if (loose.count == 0)
		return;
	sql_graph_unsync(graph);
	respelled = ask(graph, array_of_keys(graph, &loose));
	sql_graph_sync(graph);
	if (respelled != NULL)
		put_keys(&loose, respelled);
	pt_free(graph->budget, loose.places);
}

/* For functions in SQL that look keys up themselves. */
Datum
pt_respell(PG_FUNCTION_ARGS)
{
	SqlOptions	options = {0};
	SqlGraph	graph;
	Datum	   *elements;
	Datum	   *keys;
	bool	   *nulls;
	int			dimension;
	int			lower_bound = 1;
	int			count = 0;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), TEXTOID, -1, false, TYPALIGN_INT,
					  &elements, &nulls, &dimension);
	keys = palloc_extended(((Size) dimension + 1) * sizeof(Datum), MCXT_ALLOC_HUGE);
	for (int i = 0; i < dimension; i++)
	{
		if (!nulls[i])
			keys[count++] = elements[i];
	}
	sql_graph_open(&graph, fcinfo, 1, 0, "keys", "Give fewer keys.");
	sql_graph_sync(&graph);
	sql_respell(&graph, &options, keys, count, TEXTOID);
	sql_graph_leave(&graph);
	sql_graph_close(&graph);
	count = 0;
	for (int i = 0; i < dimension; i++)
	{
		if (!nulls[i])
			elements[i] = keys[count++];
	}
	PG_RETURN_ARRAYTYPE_P(construct_md_array(elements, nulls, 1, &dimension, &lower_bound,
											 TEXTOID, -1, false, TYPALIGN_INT));
}
