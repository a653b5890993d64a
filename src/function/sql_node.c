/*
 * sql_node.c
 *		Node values between the types of arguments, columns and results.
 *
 * Integers of any width stand for each other; text stands for the text form of
 * any node type; a uuid only for a uuid.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "function/sql_graph.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/uuid.h"

static int64
integer_value(Datum value, Oid type)
{
	switch (type)
	{
		case INT2OID:
			return DatumGetInt16(value);
		case INT4OID:
			return DatumGetInt32(value);
		default:
			return DatumGetInt64(value);
	}
}

static void
type_mismatch(const SqlGraph *graph, Oid type)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("nodes of \"%s\" are of type %s, not %s",
					RelationGetRelationName(graph->heap),
					format_type_be(graph->columns.node_type), format_type_be(type)),
			 graph->columns.node_type == TEXTOID ?
			 errhint("Give the start as text.") :
			 errhint("Give the start as %s, or as text.",
					 format_type_be(graph->columns.node_type))));
}

/* The identity of an argument of the given type. */
AdjNode
sql_node_hash(const SqlGraph *graph, Datum value, Oid type)
{
	Oid			node_type = graph->columns.node_type;

	if (adj_is_integer(node_type))
	{
		if (type == TEXTOID)
		{
			value = DirectFunctionCall1(int8in, CStringGetDatum(TextDatumGetCString(value)));
			type = INT8OID;
		}
		if (!adj_is_integer(type))
			type_mismatch(graph, type);
		return adj_hash_integer(integer_value(value, type));
	}
	if (type == TEXTOID && node_type == UUIDOID)
	{
		value = DirectFunctionCall1(uuid_in, CStringGetDatum(TextDatumGetCString(value)));
		type = UUIDOID;
	}
	if (type != node_type)
		type_mismatch(graph, type);
	return adj_hash_node(&graph->columns, value);
}

/* An argument in the form in which results show the same node. */
Datum
sql_node_canonical(const SqlGraph *graph, Datum value, Oid type)
{
	Oid			node_type = graph->columns.node_type;

	if (type != TEXTOID || node_type == TEXTOID)
		return value;
	if (node_type == UUIDOID)
		return sql_node_to_text(DirectFunctionCall1(uuid_in,
													CStringGetDatum(TextDatumGetCString(value))),
								UUIDOID);
	return sql_node_to_text(DirectFunctionCall1(int8in,
												CStringGetDatum(TextDatumGetCString(value))),
							INT8OID);
}

Datum
sql_node_to_text(Datum value, Oid type)
{
	char		digits[MAXINT8LEN + 1];

	switch (type)
	{
		case TEXTOID:
			return value;
		case UUIDOID:
			return CStringGetTextDatum(DatumGetCString(DirectFunctionCall1(uuid_out, value)));
		default:
			return PointerGetDatum(cstring_to_text_with_len(digits,
															pg_lltoa(integer_value(value, type), digits)));
	}
}

static Datum
integer_datum(int64 integer, Oid type)
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

/*
 * What is known of a node without looking at a row: an integer is its own
 * fingerprint. False if nothing is.
 */
bool
sql_node_known(const SqlGraph *graph, uint32 node, Datum *value)
{
	const char *key;

	if (adj_is_integer(graph->columns.node_type))
	{
		*value = integer_datum((int64) image_node(graph->image, node).fingerprint,
							   graph->columns.node_type);
		return true;
	}
	key = image_find_key(&graph->image->view, node);
	*value = PointerGetDatum(key);
	return key != NULL;
}

/* Remember what a row says of a node. */
void
sql_node_learn(SqlGraph *graph, uint32 node, Datum value)
{
	const char *key = DatumGetPointer(value);
	Oid			type = graph->columns.node_type;

	if (!adj_is_integer(type))
		image_keep_key(&graph->image->view, node, key,
					   type == UUIDOID ? UUID_LEN : VARSIZE_ANY(key));
}

/* A value of the node column as a result of the given type. */
Datum
sql_node_value(const SqlGraph *graph, Datum value, Oid type)
{
	Oid			node_type = graph->columns.node_type;
	int64		integer;

	if (type == TEXTOID)
		return sql_node_to_text(value, node_type);
	if (!adj_is_integer(node_type))
		return value;

	integer = integer_value(value, node_type);
	if ((type == INT2OID && integer != (int16) integer) ||
		(type == INT4OID && integer != (int32) integer))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("node " INT64_FORMAT " is out of range for type %s",
						integer, format_type_be(type)),
				 errhint("Give the start as bigint.")));
	return integer_datum(integer, type);
}
