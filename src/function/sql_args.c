/*
 * sql_args.c
 *		Arguments of the SQL functions: checked, with errors that name them.
 */
#include "postgres.h"

#include "function/sql_args.h"
#include "function/sql_graph.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"

void
sql_require(FunctionCallInfo fcinfo, int argno, const char *name)
{
	if (PG_ARGISNULL(argno))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be NULL", name)));
}

GraphDirection
sql_direction(FunctionCallInfo fcinfo, int argno)
{
	char	   *direction;

	sql_require(fcinfo, argno, "direction");
	direction = text_to_cstring(PG_GETARG_TEXT_PP(argno));
	if (strcmp(direction, "in") == 0)
		return GRAPH_IN;
	if (strcmp(direction, "out") == 0)
		return GRAPH_OUT;
	if (strcmp(direction, "both") == 0)
		return GRAPH_BOTH;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid direction: \"%s\"", direction),
			 errhint("Use 'in', 'out' or 'both'.")));
}

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
sql_max_rows(FunctionCallInfo fcinfo, int argno, const char *name)
{
	if (PG_ARGISNULL(argno))
		return PG_UINT64_MAX;
	if (PG_GETARG_INT64(argno) < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must not be negative: " INT64_FORMAT, name,
						PG_GETARG_INT64(argno)),
				 errhint("Use 0 or more, or NULL for no bound.")));
	return PG_GETARG_INT64(argno);
}

bool
sql_flag(FunctionCallInfo fcinfo, int argno)
{
	return !PG_ARGISNULL(argno) && PG_GETARG_BOOL(argno);
}

text *
sql_key(FunctionCallInfo fcinfo, int argno, const char *name)
{
	sql_require(fcinfo, argno, name);
	return PG_GETARG_TEXT_PP(argno);
}

Datum *
sql_array(FunctionCallInfo fcinfo, int argno, const char *name, int *count)
{
	ArrayType  *array;
	Datum	   *elements;
	int16		length;
	bool		by_value;
	char		align;

	sql_require(fcinfo, argno, name);
	array = PG_GETARG_ARRAYTYPE_P(argno);
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not contain NULL", name)));
	get_typlenbyvalalign(ARR_ELEMTYPE(array), &length, &by_value, &align);
	deconstruct_array(array, ARR_ELEMTYPE(array), length, by_value, align,
					  &elements, NULL, count);
	return elements;
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

int
sql_min_confidence(FunctionCallInfo fcinfo, int argno)
{
	Datum		value;
	Datum		zero;
	Datum		one;
	Datum		hundredths;

	if (PG_ARGISNULL(argno))
		return SQL_FACTS_ONLY;
	value = PG_GETARG_DATUM(argno);
	zero = NumericGetDatum(int64_to_numeric(0));
	one = NumericGetDatum(int64_to_numeric(1));
	if (numeric_is_nan(DatumGetNumeric(value)) ||
		DatumGetBool(DirectFunctionCall2(numeric_lt, value, zero)) ||
		DatumGetBool(DirectFunctionCall2(numeric_gt, value, one)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid min_confidence: %s",
						DatumGetCString(DirectFunctionCall1(numeric_out, value))),
				 errhint("Use 0 to 1: 0 trusts all guesses, NULL none.")));
	hundredths = DirectFunctionCall2(numeric_mul, value, NumericGetDatum(int64_to_numeric(100)));
	return DatumGetInt32(DirectFunctionCall1(numeric_int4,
											 DirectFunctionCall1(numeric_ceil, hundredths)));
}
