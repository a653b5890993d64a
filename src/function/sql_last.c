/*
 * sql_last.c
 *		pt_last_walk: what the session's last walk has done.
 */
#include "postgres.h"

#include "funcapi.h"
#include "function/sql_last.h"
#include "miscadmin.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(pt_last_walk);

/* of the last call that has come to its end; no source: there was none */
static struct
{
	Oid			source;
	Oid			role;			/* with whose rights */
	bool		is_shared;
	ImageOrigin origin;
	PtTally		tally;
	Size		memory;
}			last;

void
sql_note_walk(const SqlGraph *graph)
{
	ImageStatus image;

	/* of queries the server tells elsewhere */
	last.source = InvalidOid;
	if (graph->image == NULL)
		return;
	image = image_status(graph->image);
	last.source = RelationGetRelid(graph->index);
	last.role = GetUserId();
	last.is_shared = image.is_shared;
	last.origin = image.origin;
	last.tally = graph->vis.tally;
	last.memory = graph->budget->most;
}

const char *
sql_origin_name(ImageOrigin origin)
{
	switch (origin)
	{
		case IMAGE_KEPT:
			return "kept";
		case IMAGE_ATTACHED:
			return "attached";
		case IMAGE_BUILT:
			return "built";
		case IMAGE_MERGED:
			return "merged";
	}
	elog(ERROR, "unknown image origin %d", (int) origin);
}

Datum
pt_last_walk(PG_FUNCTION_ARGS)
{
	const PtTally *tally = &last.tally;
	TupleDesc	desc;
	Datum		values[12];
	bool		nulls[12] = {false};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "pt_last_walk must return a row");
	/* a function's owner may read what its caller may not, even by counts */
	if (!OidIsValid(last.source) || last.role != GetUserId())
		PG_RETURN_NULL();
	values[0] = ObjectIdGetDatum(last.source);
	values[1] = CStringGetTextDatum(last.is_shared ? "shared" : "local");
	values[2] = CStringGetTextDatum(sql_origin_name(last.origin));
	values[3] = Int32GetDatum((int32) Min(tally->levels, PG_INT32_MAX));
	values[4] = Int64GetDatum(tally->nodes);
	values[5] = Int64GetDatum(tally->edges);
	values[6] = Int64GetDatum(tally->pages_judged);
	values[7] = Int64GetDatum(tally->by_map);
	values[8] = Int64GetDatum(tally->by_proof);
	values[9] = Int64GetDatum(tally->by_looking);
	values[10] = Int64GetDatum(tally->by_fetching);
	values[11] = Int64GetDatum(last.memory);
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}
