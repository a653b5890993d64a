/*
 * sql_status.c
 *		pt_graph_status: what an index and its image hold; pt_graph_source:
 *		where the edges of a graph are found.
 */
#include "postgres.h"

#include "funcapi.h"
#include "function/sql_graph.h"
#include "function/sql_shape.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(pt_graph_status_0_2);
PG_FUNCTION_INFO_V1(pt_graph_source);

/* column of pt_graph_status */
#define IMAGE_PLACE 8

static Datum
age_of(TimestampTz built_at)
{
	Interval   *age = palloc0(sizeof(Interval));

	age->time = Max(0, GetCurrentTimestamp() - built_at);
	return IntervalPGetDatum(age);
}

static void
fill_status(SqlGraph *graph, Datum *values)
{
	const AdjMeta *meta = &graph->copy.meta;
	ImageStatus image = image_status(graph->image);

	values[0] = ObjectIdGetDatum(RelationGetRelid(graph->index));
	values[1] = Int64GetDatum(image.nodes);
	values[2] = Int64GetDatum(adj_live_edges(meta));
	values[3] = Int64GetDatum(meta->dead + meta->tombstones);
	values[4] = Int64GetDatum(AdjEndOfLog(meta));
	values[5] = Int64GetDatum(meta->epoch);
	values[6] = Int64GetDatum((int64) RelationGetNumberOfBlocks(graph->index) * BLCKSZ);
	values[7] = Int64GetDatum(image.base_bytes);
	values[IMAGE_PLACE] = CStringGetTextDatum(image.is_shared ? "shared" : "local");
	values[9] = age_of(image.built_at);
	values[10] = Int64GetDatum(image.overlay_edges);
	values[11] = Int64GetDatum(image.overlay_bytes);
	values[12] = Int32GetDatum((int32) meta->version);
}

static TupleDesc
row_type(FunctionCallInfo fcinfo)
{
	TupleDesc	desc;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "function must return a row");
	return BlessTupleDesc(desc);
}

Datum
pt_graph_status_0_2(PG_FUNCTION_ARGS)
{
	TupleDesc	desc = row_type(fcinfo);
	SqlGraph	graph;
	Datum		values[13] = {0};
	bool		nulls[13] = {false};

	sql_graph_open(&graph, fcinfo, 0, SQL_READ_LABEL, "status",
				   "Raise parseltongue.local_image_memory.");
	sql_graph_sync(&graph);
	if (graph.image != NULL)
		fill_status(&graph, values);
	else
	{
		memset(nulls, true, sizeof(nulls));
		nulls[IMAGE_PLACE] = false;
		values[IMAGE_PLACE] = CStringGetTextDatum("none");
	}
	sql_graph_leave(&graph);
	sql_graph_close(&graph);
	return HeapTupleGetDatum(heap_form_tuple(desc, values, nulls));
}

/* ---- pt_graph_source ---- */

static const char *const shape_rules[] = {"index", "names"};

Datum
pt_graph_source(PG_FUNCTION_ARGS)
{
	TupleDesc	desc = row_type(fcinfo);
	SqlGraph	graph;
	SqlShape	shape;
	Datum		values[7] = {0};
	bool		nulls[7] = {false};
	HeapTuple	row;

	sql_graph_open(&graph, fcinfo, 0, 0, "status", "Raise parseltongue.local_image_memory.");
	shape = graph.index == NULL ? graph.shape :
		sql_shape(graph.heap, RelationGetRelid(graph.index));
	values[0] = CStringGetTextDatum(graph.index != NULL ? "image" : "query");
	for (int i = 0; i < 5; i++)
	{
		AttrNumber	attno = (const AttrNumber[]) {shape.source, shape.target, shape.label,
		shape.confidence,
		shape.other_weight == InvalidAttrNumber ? shape.weight : InvalidAttrNumber}[i];

		nulls[i + 1] = attno == InvalidAttrNumber;
		if (!nulls[i + 1])
			values[i + 1] = NameGetDatum(&TupleDescAttr(RelationGetDescr(graph.heap),
														attno - 1)->attname);
	}
	values[6] = CStringGetTextDatum(shape_rules[shape.rule]);
	row = heap_form_tuple(desc, values, nulls);
	sql_graph_close(&graph);
	return HeapTupleGetDatum(row);
}
