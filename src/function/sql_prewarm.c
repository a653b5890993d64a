/*
 * sql_prewarm.c
 *		pt_prewarm: have a graph's image before it is needed.
 *
 * What a walk would build, or leave to a worker to merge, is done here and now.
 * Nothing is walked, so the barrier is not entered: VACUUM does not wait for a
 * build, however long it takes.
 */
#include "postgres.h"

#include "funcapi.h"
#include "function/sql_graph.h"
#include "function/sql_last.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(pt_prewarm);

enum
{
	COLUMN_INDEX,
	COLUMN_NODES,
	COLUMN_EDGES,
	COLUMN_BYTES,
	COLUMN_PLACE,
	COLUMN_ORIGIN,
	COLUMN_TIME,
	COLUMNS
};

static void
fill_row(const SqlGraph *graph, Datum *values)
{
	AdjMetaCopy copy;
	Image	   *image = image_prepare(graph->index, &copy);
	ImageStatus status = image_status(image);

	values[COLUMN_INDEX] = ObjectIdGetDatum(RelationGetRelid(graph->index));
	values[COLUMN_NODES] = Int64GetDatum((int64) status.nodes);
	values[COLUMN_EDGES] = Int64GetDatum((int64) adj_live_edges(&copy.meta));
	values[COLUMN_BYTES] = Int64GetDatum((int64) status.base_bytes);
	values[COLUMN_PLACE] = CStringGetTextDatum(status.is_shared ? "shared" : "local");
	values[COLUMN_ORIGIN] = CStringGetTextDatum(sql_origin_name(status.origin));
	image_close(image);
}

Datum
pt_prewarm(PG_FUNCTION_ARGS)
{
	TimestampTz begin = GetCurrentTimestamp();
	Interval   *elapsed = palloc0(sizeof(Interval));
	TupleDesc	desc;
	SqlGraph	graph;
	Datum		values[COLUMNS] = {0};
	bool		nulls[COLUMNS] = {false};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "pt_prewarm must return a row");
	sql_graph_open(&graph, fcinfo, 0, 0, "image", "Raise parseltongue.local_image_memory.");
	if (graph.index != NULL)
		fill_row(&graph, values);
	else
	{
		memset(nulls, true, sizeof(nulls));
		nulls[COLUMN_PLACE] = nulls[COLUMN_TIME] = false;
		values[COLUMN_PLACE] = CStringGetTextDatum("none");
	}
	sql_graph_close(&graph);
	elapsed->time = GetCurrentTimestamp() - begin;
	values[COLUMN_TIME] = IntervalPGetDatum(elapsed);
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}
