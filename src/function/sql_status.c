/*
 * sql_status.c
 *		pt_graph_status: what an index and its image hold.
 */
#include "postgres.h"

#include "funcapi.h"
#include "function/sql_graph.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(pt_graph_status);

static Datum
age_of(TimestampTz built_at)
{
	Interval   *age = palloc0(sizeof(Interval));

	age->time = Max(0, GetCurrentTimestamp() - built_at);
	return IntervalPGetDatum(age);
}

Datum
pt_graph_status(PG_FUNCTION_ARGS)
{
	SqlGraph	graph;
	const AdjMeta *meta = &graph.copy.meta;
	ImageStatus image;
	TupleDesc	desc;
	Datum		values[12];
	bool		nulls[12] = {false};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "pt_graph_status must return a row");
	desc = BlessTupleDesc(desc);

	sql_graph_open(&graph, fcinfo, 0, SQL_READ_LABEL, "status",
				   "Raise parseltongue.local_image_memory.");
	sql_graph_sync(&graph);
	image = image_status(graph.image);
	values[0] = ObjectIdGetDatum(RelationGetRelid(graph.index));
	values[1] = Int64GetDatum(image.nodes);
	values[2] = Int64GetDatum(AdjEndOfLog(meta) - meta->dead - meta->tombstones);
	values[3] = Int64GetDatum(meta->dead + meta->tombstones);
	values[4] = Int64GetDatum(AdjEndOfLog(meta));
	values[5] = Int64GetDatum(meta->epoch);
	values[6] = Int64GetDatum((int64) RelationGetNumberOfBlocks(graph.index) * BLCKSZ);
	values[7] = Int64GetDatum(image.base_bytes);
	values[8] = CStringGetTextDatum(image.is_shared ? "shared" : "local");
	values[9] = age_of(image.built_at);
	values[10] = Int64GetDatum(image.overlay_edges);
	values[11] = Int64GetDatum(image.overlay_bytes);
	sql_graph_leave(&graph);
	sql_graph_close(&graph);
	return HeapTupleGetDatum(heap_form_tuple(desc, values, nulls));
}
