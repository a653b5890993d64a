/*
 * sql_args.c
 *		Arguments of the SQL functions: checked, with errors that name them.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "base/pt_guc.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "function/sql_args.h"
#include "function/sql_node.h"
#include "function/sql_source.h"
#include "parser/parse_coerce.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/syscache.h"

PG_FUNCTION_INFO_V1(pt_trusted);
PG_FUNCTION_INFO_V1(pt_types);

void
sql_require(FunctionCallInfo fcinfo, int argno, const char *name)
{
	if (PG_ARGISNULL(argno))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be NULL", name)));
}

bool
sql_is_absent(FunctionCallInfo fcinfo, int argno, const char *name, bool missing_ok)
{
	if (!missing_ok)
		sql_require(fcinfo, argno, name);
	return PG_ARGISNULL(argno);
}

/* 'a', 'b' or 'c', of these. */
static char *
list_choices(const char *const *choices, int count)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < count; i++)
		appendStringInfo(&list, "%s'%s'", i == 0 ? "" : i < count - 1 ? ", " : " or ", choices[i]);
	return list.data;
}

int
sql_choice(FunctionCallInfo fcinfo, int argno, const char *name,
		   const char *const *choices, int count)
{
	char	   *given;

	if (PG_ARGISNULL(argno))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be NULL", name),
				 errhint("Use %s.", list_choices(choices, count))));
	given = text_to_cstring(PG_GETARG_TEXT_PP(argno));
	for (int i = 0; i < count; i++)
	{
		if (strcmp(given, choices[i]) == 0)
			return i;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid %s: \"%s\"", name, given),
			 errhint("Use %s.", list_choices(choices, count))));
}

GraphDirection
sql_direction(FunctionCallInfo fcinfo, int argno)
{
	static const char *const names[] = {"in", "out", "both"};
	static const GraphDirection directions[] = {GRAPH_IN, GRAPH_OUT, GRAPH_BOTH};

	return directions[sql_choice(fcinfo, argno, "direction", names, lengthof(names))];
}

uint64
sql_bound(FunctionCallInfo fcinfo, int argno, const char *name)
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

double
sql_number(FunctionCallInfo fcinfo, int argno, const char *name, double least, double most)
{
	double		number;

	if (PG_ARGISNULL(argno))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be NULL", name),
				 /* NULL::integer is taken for this rather than for a bigint */
				 argno == 1 ?
				 errhint("Leave it out for its default. Nodes are returned in another type than text if NULL::bigint or NULL::uuid stands here.") :
				 errhint("Leave it out for its default.")));
	number = PG_GETARG_FLOAT8(argno);
	if (!(number >= least && number <= most))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 isinf(most) ? errmsg("%s must not be less than %g: %s", name, least,
									  DatumGetCString(DirectFunctionCall1(float8out, Float8GetDatum(number)))) :
				 errmsg("%s must be between %g and %g: %s", name, least, most,
						DatumGetCString(DirectFunctionCall1(float8out, Float8GetDatum(number))))));
	return number;
}

bool
sql_flag(FunctionCallInfo fcinfo, int argno)
{
	return !PG_ARGISNULL(argno) && PG_GETARG_BOOL(argno);
}

text *
sql_key(FunctionCallInfo fcinfo, int argno, const char *name)
{
	Oid			type = get_fn_expr_argtype(fcinfo->flinfo, argno);

	sql_require(fcinfo, argno, name);
	/* without an expression it is a call of the function of text */
	if (!OidIsValid(type))
		return PG_GETARG_TEXT_PP(argno);
	type = getBaseType(type);
	if (type == UUIDOID || adj_is_integer(type))
		return DatumGetTextPP(sql_node_to_text(PG_GETARG_DATUM(argno), type));
	if (type == NAMEOID || type == BPCHAROID)
		return DatumGetTextPP(adj_stored_value(PG_GETARG_DATUM(argno), type));
	if (!IsBinaryCoercible(type, TEXTOID))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("%s must be text, an integer or a uuid, not %s", name,
						format_type_be(type))));
	return PG_GETARG_TEXT_PP(argno);
}

Datum *
sql_start_elements(ArrayType *array, const char *name, bool missing_ok, int *count)
{
	Datum	   *elements;
	bool	   *nulls;
	int			all;
	int16		length;
	bool		by_value;
	char		align;

	if (!missing_ok && array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not contain NULL", name)));
	get_typlenbyvalalign(ARR_ELEMTYPE(array), &length, &by_value, &align);
	deconstruct_array(array, ARR_ELEMTYPE(array), length, by_value, align,
					  &elements, &nulls, &all);
	*count = 0;
	for (int i = 0; i < all; i++)
	{
		if (!nulls[i])
			elements[(*count)++] = elements[i];
	}
	return elements;
}

Datum *
sql_elements(ArrayType *array, const char *name, int *count)
{
	return sql_start_elements(array, name, false, count);
}

Oid
sql_declared_type(FunctionCallInfo fcinfo, int argno)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(fcinfo->flinfo->fn_oid));
	Oid			type;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", fcinfo->flinfo->fn_oid);
	type = ((Form_pg_proc) GETSTRUCT(tuple))->proargtypes.values[argno];
	ReleaseSysCache(tuple);
	return type;
}

/* Of text, without NULL. NULL: all types. */
static ArrayType *
edge_types_argument(FunctionCallInfo fcinfo, int argno)
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

/* NULL: no such set. What an array is taken from may have NULLs by oversight. */
static SqlSet
set_argument(FunctionCallInfo fcinfo, int argno, const char *name)
{
	SqlSet		set = {0};
	ArrayType  *array;

	if (PG_ARGISNULL(argno))
		return set;
	array = PG_GETARG_ARRAYTYPE_P(argno);
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not contain NULL", name),
				 errhint("Leave NULLs out, or pass NULL instead of an array for no such set.")));
	set.is_given = true;
	set.type = ARR_ELEMTYPE(array);
	set.nodes = sql_elements(array, name, &set.count);
	return set;
}

/*
 * By way of numeric: 0.07 times 100 is more than 7 in binary, and its ceiling
 * would be 8.
 */
int
sql_hundredths(double confidence)
{
	Datum		hundredths;

	if (!(confidence >= 0 && confidence <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("min_confidence must be between 0 and 1: %s",
						DatumGetCString(DirectFunctionCall1(float8out,
															Float8GetDatum(confidence)))),
				 errhint("0 trusts all guesses, 1 none; NULL stands for parseltongue.min_confidence.")));
	hundredths = DirectFunctionCall2(numeric_mul,
									 DirectFunctionCall1(float8_numeric,
														 Float8GetDatum(confidence)),
									 NumericGetDatum(int64_to_numeric(100)));
	return DatumGetInt32(DirectFunctionCall1(numeric_int4,
											 DirectFunctionCall1(numeric_ceil, hundredths)));
}

SqlOptions
sql_options(FunctionCallInfo fcinfo, int has)
{
	SqlOptions	options = {0};
	int			argno = PG_NARGS();

	options.graph_argno = (has & SQL_OPTION_GRAPH) ? --argno : 0;
	options.missing_ok = (has & SQL_OPTION_NO_KEYS) ? false : sql_flag(fcinfo, --argno);
	options.max_nodes = (has & SQL_OPTION_MAX_NODES) ?
		sql_bound(fcinfo, --argno, "max_nodes") : PG_UINT64_MAX;
	if (has & SQL_OPTION_STOP_AT)
		options.stop_at = set_argument(fcinfo, --argno, "stop_at");
	if (has & SQL_OPTION_SETS)
	{
		options.within = set_argument(fcinfo, --argno, "within");
		options.avoid = set_argument(fcinfo, --argno, "avoid");
	}
	--argno;
	options.min_confidence = PG_ARGISNULL(argno) ? SQL_TRUST_SETTING :
		sql_hundredths(PG_GETARG_FLOAT8(argno));
	if (!(has & SQL_OPTION_NO_TYPES))
		options.edge_types = edge_types_argument(fcinfo, --argno);
	return options;
}

void
sql_warn_truncated(uint64 max_nodes)
{
	ereport(WARNING,
			(errcode(SQL_WARNING_TRUNCATED),
			 errmsg_plural("result truncated at " UINT64_FORMAT " node",
						   "result truncated at " UINT64_FORMAT " nodes",
						   max_nodes, max_nodes),
			 errhint("Raise max_nodes, or pass NULL for all.")));
}

/* ---- for functions in SQL ---- */

Datum
pt_trusted(PG_FUNCTION_ARGS)
{
	int			hundredths = sql_hundredths(PG_ARGISNULL(0) ? pt_min_confidence_setting :
											PG_GETARG_FLOAT8(0));

	return DirectFunctionCall2(numeric_div,
							   NumericGetDatum(int64_to_numeric(hundredths)),
							   NumericGetDatum(int64_to_numeric(100)));
}

Datum
pt_types(PG_FUNCTION_ARGS)
{
	int			count;
	Datum	   *types = sql_elements(edge_types_argument(fcinfo, 0), "edge_types", &count);

	for (int i = 0; i < count; i++)
		types[i] = sql_guess_type(types[i]);
	PG_RETURN_ARRAYTYPE_P(construct_array(types, count, TEXTOID, -1, false, TYPALIGN_INT));
}
