/*
 * sql_args.c
 *		Arguments of the SQL functions: checked, with errors that name them.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "sql_graph.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

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

/* Which label ids to follow; NULL for all. */
bool *
sql_label_filter(SqlGraph *graph, ArrayType *edge_types)
{
	Datum	   *elements;
	int			count;
	bool	   *follow;

	if (edge_types == NULL)
		return NULL;
	if (!graph->columns.has_label)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("index \"%s\" has no label column to compare edge_types with",
						RelationGetRelationName(graph->index)),
				 errhint("Leave edge_types out, or create the index with the label as its third column.")));

	follow = palloc0(image_label_count(graph->image) * sizeof(bool));
	deconstruct_array(edge_types, TEXTOID, -1, false, TYPALIGN_INT,
					  &elements, NULL, &count);
	for (int i = 0; i < count; i++)
	{
		Datum		label = elements[i];
		uint64		hash;
		uint32		id;

		if (adj_is_integer(graph->columns.label_type))
			hash = (uint64) DatumGetInt64(DirectFunctionCall1(int8in,
															  CStringGetDatum(TextDatumGetCString(label))));
		else
			hash = adj_hash_label(&graph->columns, label);
		id = image_find_label(graph->image, hash);
		if (id != IMAGE_NO_LABEL)
			follow[id] = true;
	}
	return follow;
}
