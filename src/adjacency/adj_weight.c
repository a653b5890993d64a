/*
 * adj_weight.c
 *		Weights of edges: numbers of any type, as double precision.
 *
 * Whole numbers beyond 2^53 and decimals become the nearest double, as a cast
 * makes them. What a weight may be is not asked here: the table may hold
 * infinities and NaN, and walks that ask for weights judge them.
 */
#include "postgres.h"

#include "adjacency/adj_columns.h"
#include "catalog/pg_type.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

bool
adj_is_weight_type(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID ||
		type == FLOAT4OID || type == FLOAT8OID || type == NUMERICOID;
}

static double
numeric_value(Datum value)
{
	Numeric		number = DatumGetNumeric(value);
	double		weight = DatumGetFloat8(DirectFunctionCall1(numeric_float8, NumericGetDatum(number)));

	if ((Pointer) number != DatumGetPointer(value))
		pfree(number);
	return weight;
}

double
adj_weight_value(Datum value, Oid type)
{
	double		weight;

	switch (type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
			return (double) adj_integer_value(value, type);
		case FLOAT4OID:
			weight = DatumGetFloat4(value);
			break;
		case FLOAT8OID:
			weight = DatumGetFloat8(value);
			break;
		case NUMERICOID:
			weight = numeric_value(value);
			break;
		default:
			/* ALTER TABLE can make an integer an oid without a build */
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("type of the weight of an adjacency index is not supported any more"),
					 errhint("Drop the index, or change the type of the column back.")));
	}
	/* the one NaN that is left for the column's: another stands for NULL */
	return isnan(weight) ? get_float8_nan() : weight;
}
