/*
 * sql_args.c
 *		Arguments of the SQL functions: checked, with errors that name them.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "sql_graph.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

/* check for interrupts after so many labels */
#define LABELS_PER_CHECK 65536

static void
null_argument(const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("%s must not be NULL", name)));
}

PtDirection
sql_direction(FunctionCallInfo fcinfo, int argno)
{
	char	   *direction;

	if (PG_ARGISNULL(argno))
		null_argument("direction");
	direction = text_to_cstring(PG_GETARG_TEXT_PP(argno));
	if (strcmp(direction, "in") == 0)
		return PT_IN;
	if (strcmp(direction, "out") == 0)
		return PT_OUT;
	if (strcmp(direction, "both") == 0)
		return PT_BOTH;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid direction: \"%s\"", direction),
			 errhint("Use 'in', 'out' or 'both'.")));
}

/* A number of hops; NULL is no bound. */
uint64
sql_bound(FunctionCallInfo fcinfo, int argno, const char *name)
{
	if (PG_ARGISNULL(argno))
		return PG_UINT64_MAX;
	if (PG_GETARG_INT32(argno) < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must not be negative: %d", name, PG_GETARG_INT32(argno)),
				 errhint("Use 0 or more, or NULL for no bound.")));
	return PG_GETARG_INT32(argno);
}

uint64
sql_max_nodes(FunctionCallInfo fcinfo, int argno)
{
	if (PG_ARGISNULL(argno))
		return PG_UINT64_MAX;
	if (PG_GETARG_INT64(argno) < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("max_nodes must not be negative: " INT64_FORMAT,
						PG_GETARG_INT64(argno)),
				 errhint("Use 0 or more, or NULL for no bound.")));
	return PG_GETARG_INT64(argno);
}

/* NULL is false. */
bool
sql_flag(FunctionCallInfo fcinfo, int argno)
{
	return !PG_ARGISNULL(argno) && PG_GETARG_BOOL(argno);
}

text *
sql_key(FunctionCallInfo fcinfo, int argno, const char *name)
{
	if (PG_ARGISNULL(argno))
		null_argument(name);
	return PG_GETARG_TEXT_PP(argno);
}

ArrayType *
sql_edge_types(FunctionCallInfo fcinfo, int argno)
{
	ArrayType  *array;

	if (PG_ARGISNULL(argno))
		return NULL;
	array = PG_GETARG_ARRAYTYPE_P(argno);
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("edge_types must not contain NULL"),
				 errhint("Name the edge types to follow, or pass NULL instead of an array for all edges.")));
	return array;
}

/*
 * The least confidence to trust, in hundredths; SQL_FACTS_ONLY for NULL. What
 * lies between two hundredths counts as the upper one, as no edge is there.
 */
int
sql_min_confidence(FunctionCallInfo fcinfo, int argno)
{
	Datum		value;
	Datum		hundredths;

	if (PG_ARGISNULL(argno))
		return SQL_FACTS_ONLY;
	value = PG_GETARG_DATUM(argno);
	if (numeric_is_nan(DatumGetNumeric(value)) ||
		DatumGetBool(DirectFunctionCall2(numeric_lt, value, NumericGetDatum(int64_to_numeric(0)))) ||
		DatumGetBool(DirectFunctionCall2(numeric_gt, value, NumericGetDatum(int64_to_numeric(1)))))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid min_confidence: %s",
						DatumGetCString(DirectFunctionCall1(numeric_out, value))),
				 errhint("Use 0 to 1: 0 trusts all guesses, NULL none.")));
	hundredths = DirectFunctionCall2(numeric_mul, value, NumericGetDatum(int64_to_numeric(100)));
	return DatumGetInt32(DirectFunctionCall1(numeric_int4,
											 DirectFunctionCall1(numeric_ceil, hundredths)));
}

static uint64
label_hash(const SqlGraph *graph, Datum label)
{
	if (adj_is_integer(graph->columns.label_type))
		return (uint64) DatumGetInt64(DirectFunctionCall1(int8in,
														  CStringGetDatum(TextDatumGetCString(label))));
	return adj_hash_label(&graph->columns, label);
}

/* That of the guesses made from edges with this label. */
static uint64
resolved_label_hash(const SqlGraph *graph, Datum label)
{
	char	   *type = TextDatumGetCString(label);
	char	   *resolved = psprintf("%s" SQL_RESOLVED_SUFFIX, type);
	text	   *value = cstring_to_text(resolved);
	uint64		hash = label_hash(graph, PointerGetDatum(value));

	pfree(value);
	pfree(resolved);
	pfree(type);
	return hash;
}

/* Follow the edges with a label: facts, and guesses if trusted. */
static void
follow_label(const SqlGraph *graph, uint64 hash, int min_confidence, bool *follow)
{
	int			last = image_overlay_has_guesses(graph->image->overlay) &&
		min_confidence != SQL_FACTS_ONLY ? 100 : 0;

	for (int percent = 0; percent <= last; percent++)
	{
		ImageLabel	label = {hash, (uint32) percent << ADJ_CONFIDENCE_SHIFT, 0};
		uint32		id;

		if (percent > 0 && percent < min_confidence)
			continue;
		id = image_find_label(graph->image, label);
		if (id != IMAGE_NO_LABEL)
			follow[id] = true;
	}
}

/* Follow the edges of all labels: facts, and guesses if trusted. */
static void
follow_all(const SqlGraph *graph, int min_confidence, bool *follow)
{
	uint32		count = image_label_count(graph->image);

	for (uint32 id = 0; id < count; id++)
	{
		int			percent = image_label(graph->image, id).flags >> ADJ_CONFIDENCE_SHIFT;

		if (id % LABELS_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		follow[id] = percent == 0 ||
			(min_confidence != SQL_FACTS_ONLY && percent >= min_confidence);
	}
}

/* A flag a label, none set. */
static bool *
make_filter(uint32 count)
{
	if (count > sql_walk_memory() / sizeof(bool))
		ereport(ERROR,
				(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
				 errmsg("choosing among %u labels needs more than %zu kB of memory",
						count, sql_walk_memory() / 1024),
				 errhint("Raise parseltongue.local_image_memory.")));
	return palloc_extended(count * sizeof(bool), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

/*
 * Which label ids to follow; NULL for all. A type asked for means its guesses,
 * too, where guesses are asked for: 'Calls' those of type 'Calls (resolved)'.
 */
bool *
sql_label_filter(SqlGraph *graph, ArrayType *edge_types, int min_confidence)
{
	Datum	   *elements;
	int			count;
	bool	   *follow;

	/* 0 asks for all edges: no column is needed for that */
	if (min_confidence > 0 && !graph->columns.has_confidence)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("index \"%s\" has no confidence column to compare min_confidence with",
						RelationGetRelationName(graph->index)),
				 errhint("Leave min_confidence out, or create the index with the confidence as its fourth column.")));
	if (edge_types != NULL && !graph->columns.has_label)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("index \"%s\" has no label column to compare edge_types with",
						RelationGetRelationName(graph->index)),
				 errhint("Leave edge_types out, or create the index with the label as its third column.")));
	if (edge_types == NULL && !image_overlay_has_guesses(graph->image->overlay))
		return NULL;

	follow = make_filter(image_label_count(graph->image));
	if (edge_types == NULL)
	{
		follow_all(graph, min_confidence, follow);
		return follow;
	}
	deconstruct_array(edge_types, TEXTOID, -1, false, TYPALIGN_INT,
					  &elements, NULL, &count);
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		follow_label(graph, label_hash(graph, elements[i]), min_confidence, follow);
		if (min_confidence != SQL_FACTS_ONLY && graph->columns.label_type == TEXTOID)
			follow_label(graph, resolved_label_hash(graph, elements[i]), min_confidence, follow);
	}
	return follow;
}
