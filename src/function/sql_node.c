/*
 * sql_node.c
 *		Node values between the types of arguments, columns and results.
 *
 * Integers of any width and oids stand for each other; text stands for the text
 * form of any node type; every other type only for itself. Blanks at the end of a
 * char(n) are no part of it.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "function/sql_node.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

static void
type_mismatch(const SqlGraph *graph, Oid type)
{
	Oid			node_type = graph->columns.node_type;

	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("nodes of table \"%s\" have type %s, not %s",
					RelationGetRelationName(graph->heap),
					format_type_be(node_type), format_type_be(type)),
			 /* a start can have no other types than these */
			 adj_is_integer(node_type) ? errhint("Give the start as an integer, or as text.") :
			 node_type == UUIDOID ? errhint("Give the start as uuid, or as text.") :
			 errhint("Give the start as text.")));
}

/* What a text was to be, where it cannot be that. */
static void
add_context(void *arg)
{
	const SqlGraph *graph = arg;

	errcontext("reading a text as a node of graph \"%s\"", RelationGetRelationName(graph->heap));
}

/* A text as the value it is the text form of. */
static Datum
value_of_text(const SqlGraph *graph, Datum value)
{
	Oid			node_type = graph->columns.node_type;
	ErrorContextCallback callback = {error_context_stack, add_context, unconstify(SqlGraph *, graph)};
	Oid			input;
	Oid			parameter;
	Datum		result;

	error_context_stack = &callback;
	if (adj_is_integer(node_type))
		result = DirectFunctionCall1(int8in, CStringGetDatum(TextDatumGetCString(value)));
	else
	{
		getTypeInputInfo(node_type, &input, &parameter);
		result = OidInputFunctionCall(input, TextDatumGetCString(value), parameter, -1);
	}
	error_context_stack = callback.previous;
	return result;
}

Datum
sql_node_argument(const SqlGraph *graph, Datum value, Oid type)
{
	Oid			node_type = graph->columns.node_type;

	if (type == TEXTOID && node_type != TEXTOID)
		return value_of_text(graph, value);
	if (type == TEXTOID && graph->columns.source_stored == BPCHAROID)
		return adj_stored_value(value, BPCHAROID);
	if (adj_is_integer(node_type) && adj_is_integer(type))
		return Int64GetDatum(adj_integer_value(value, type));
	if (type != node_type)
		type_mismatch(graph, type);
	return value;
}

Datum
sql_node_canonical(const SqlGraph *graph, Datum value, Oid type)
{
	Oid			node_type = graph->columns.node_type;

	if (type == TEXTOID && graph->columns.source_stored == BPCHAROID)
		return adj_stored_value(value, BPCHAROID);
	if (type != TEXTOID || node_type == TEXTOID)
		return value;
	return sql_node_to_text(value_of_text(graph, value),
							adj_is_integer(node_type) ? INT8OID : node_type);
}

Datum
sql_node_to_text(Datum value, Oid type)
{
	char		digits[MAXINT8LEN + 1];
	Oid			output;
	bool		is_varlena;
	int			length;

	if (type == TEXTOID)
		return value;
	if (type == BPCHAROID)
		return DirectFunctionCall1(rtrim1, value);
	if (adj_is_integer(type))
	{
		length = pg_lltoa(adj_integer_value(value, type), digits);
		return PointerGetDatum(cstring_to_text_with_len(digits, length));
	}
	getTypeOutputInfo(type, &output, &is_varlena);
	return CStringGetTextDatum(OidOutputFunctionCall(output, value));
}

Datum
sql_integer_datum(int64 integer, Oid type)
{
	switch (type)
	{
		case INT2OID:
			return Int16GetDatum((int16) integer);
		case INT4OID:
			return Int32GetDatum((int32) integer);
		default:
			return Int64GetDatum(integer);
	}
}

Datum
sql_node_value(const SqlGraph *graph, Datum value, Oid type)
{
	Oid			node_type = graph->columns.node_type;

	if (type == TEXTOID)
		return sql_node_to_text(value, node_type);
	if (adj_is_integer(node_type))
		return Int64GetDatum(adj_integer_value(value, node_type));
	return value;
}

const char *
sql_equality_operator(Oid type)
{
	Oid			operator = lookup_type_cache(type, TYPECACHE_EQ_OPR)->eq_opr;
	HeapTuple	row = SearchSysCache1(OPEROID, ObjectIdGetDatum(operator));
	const char *result;

	if (!HeapTupleIsValid(row))
		elog(ERROR, "cache lookup failed for operator %u", operator);
	result = psprintf("OPERATOR(%s.%s)",
					  quote_identifier(get_namespace_name(((Form_pg_operator) GETSTRUCT(row))->oprnamespace)),
					  NameStr(((Form_pg_operator) GETSTRUCT(row))->oprname));
	ReleaseSysCache(row);
	return result;
}
