/*
 * adj_hash.c
 *		Fingerprints of nodes and labels.
 *
 * An integer or oid is its own fingerprint, and a label of an enum its OID. Text,
 * varchar, char(n) without the blanks at its end, name and uuid are hashed as
 * bytes with the index's random seed, twice: 64 bits that name the node, and
 * 32 independent bits by which readers notice two nodes with one name. So
 * text equality must be equality of bytes, which is why nondeterministic
 * collations are refused.
 */
#include "postgres.h"

#include "adjacency/adj_columns.h"
#include "base/pt_varatt.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"
#include "utils/uuid.h"

/* Any constant: makes the second hash a different function from the first. */
#define CHECK_SEED UINT64CONST(0x9E3779B97F4A7C15)

static AdjNode
hash_bytes_twice(const AdjColumns *columns, const unsigned char *data, int length)
{
	AdjNode		node;

	node.fingerprint = hash_bytes_extended(data, length, columns->hash_seed);
	node.check = (uint32) (hash_bytes_extended(data, length,
											   columns->hash_seed ^ CHECK_SEED) >> 32);
	if (columns->hash_bits < 64)
		node.fingerprint &= (UINT64CONST(1) << columns->hash_bits) - 1;
	return node;
}

AdjNode
adj_hash_integer(int64 value)
{
	AdjNode		node = {(uint64) value, 0};

	return node;
}

int64
adj_integer_value(Datum value, Oid type)
{
	switch (type)
	{
		case INT2OID:
			return DatumGetInt16(value);
		case INT4OID:
			return DatumGetInt32(value);
		case OIDOID:
			return DatumGetObjectId(value);
		default:
			return DatumGetInt64(value);
	}
}

Datum
adj_stored_value(Datum stored, Oid type)
{
	switch (type)
	{
		case TEXTOID:
		case VARCHAROID:
			return PointerGetDatum(PG_DETOAST_DATUM_PACKED(stored));
		case BPCHAROID:
			return DirectFunctionCall1(rtrim1, stored);
		case NAMEOID:
			return PointerGetDatum(cstring_to_text(NameStr(*DatumGetName(stored))));
		default:
			return stored;
	}
}

Datum
adj_node_value(const AdjColumns *columns, Datum stored, Oid type)
{
	int64		value;

	if (type == columns->node_type || !adj_is_integer(type))
		return adj_stored_value(stored, type);
	value = adj_integer_value(stored, type);
	return columns->node_type == INT8OID ? Int64GetDatum(value) : Int32GetDatum((int32) value);
}

AdjNode
adj_hash_node(const AdjColumns *columns, Datum value)
{
	struct varlena *text;
	AdjNode		node;

	if (adj_is_integer(columns->node_type))
		return adj_hash_integer(adj_integer_value(value, columns->node_type));
	if (columns->node_type == UUIDOID)
		return hash_bytes_twice(columns, DatumGetUUIDP(value)->data, UUID_LEN);

	text = PG_DETOAST_DATUM_PACKED(value);
	node = hash_bytes_twice(columns, (unsigned char *) VARDATA_ANY(text),
							VARSIZE_ANY_EXHDR(text));
	if ((Pointer) text != DatumGetPointer(value))
		pfree(text);
	return node;
}

/* The same of what a column has. Leaves no memory behind: builds are long. */
static AdjNode
hash_stored_node(const AdjColumns *columns, Datum stored, Oid type)
{
	Datum		value;
	AdjNode		node;

	if (adj_is_integer(type))
		return adj_hash_integer(adj_integer_value(stored, type));
	value = adj_stored_value(stored, type);
	node = adj_hash_node(columns, value);
	if (columns->node_type == TEXTOID && value != stored)
		pfree(DatumGetPointer(value));
	return node;
}

uint64
adj_hash_label(const AdjColumns *columns, Datum value)
{
	struct varlena *text;
	uint64		hash;

	if (columns->label_is_enum)
		return DatumGetObjectId(value);
	if (adj_is_integer(columns->label_type))
		return (uint64) adj_integer_value(value, columns->label_type);

	text = PG_DETOAST_DATUM_PACKED(value);
	hash = hash_bytes_extended((unsigned char *) VARDATA_ANY(text),
							   VARSIZE_ANY_EXHDR(text), columns->hash_seed);
	if ((Pointer) text != DatumGetPointer(value))
		pfree(text);
	return hash;
}

static uint64
hash_stored_label(const AdjColumns *columns, Datum stored)
{
	Datum		value = adj_stored_value(stored, columns->label_stored);
	uint64		hash = adj_hash_label(columns, value);

	if (columns->label_type == TEXTOID && value != stored)
		pfree(DatumGetPointer(value));
	return hash;
}

/* A numeric in hundredths, as an entry keeps it. */
static uint16
confidence_flags(Datum value)
{
	Numeric		confidence = DatumGetNumeric(value);
	Numeric		hundred = int64_to_numeric(100);
	Datum		hundredths = DirectFunctionCall2(numeric_mul, NumericGetDatum(confidence),
												 NumericGetDatum(hundred));
	int			percent = numeric_is_nan(confidence) ? 0 :
		DatumGetInt32(DirectFunctionCall1(numeric_int4, hundredths));

	/* a build comes here with every row */
	pfree(hundred);
	pfree(DatumGetPointer(hundredths));
	if ((Pointer) confidence != DatumGetPointer(value))
		pfree(confidence);
	if (percent < 1 || percent > 100)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("confidence of an edge is out of range: %s",
						DatumGetCString(DirectFunctionCall1(numeric_out, value))),
				 errhint("Use more than 0 and at most 1, or NULL for an edge that is certain.")));
	return (uint16) (percent << ADJ_CONFIDENCE_SHIFT);
}

/* What an edge has besides its ends. */
static void
form_rest(const AdjColumns *columns, const Datum *values, const bool *isnull,
		  AdjWeightedEntry *formed)
{
	AdjEntry   *entry = &formed->entry;

	if (columns->has_confidence && !isnull[ADJ_CONFIDENCE_COLUMN])
		entry->flags |= confidence_flags(values[ADJ_CONFIDENCE_COLUMN]);
	if (columns->has_label && !isnull[ADJ_LABEL_COLUMN])
	{
		entry->label = hash_stored_label(columns, values[ADJ_LABEL_COLUMN]);
		entry->flags &= ~ADJ_NO_LABEL;
	}
	if (columns->has_weight && !isnull[columns->weight_column])
		formed->weight = adj_weight_value(values[columns->weight_column], columns->weight_stored);
}

bool
adj_form_entry(const AdjColumns *columns, const Datum *values,
			   const bool *isnull, ItemPointer tid, AdjWeightedEntry *formed)
{
	AdjEntry   *entry = &formed->entry;
	bool		no_source = isnull[ADJ_SOURCE_COLUMN];
	bool		no_target = isnull[ADJ_TARGET_COLUMN];
	AdjNode		none = {0, 0};
	AdjNode		source = none;
	AdjNode		target = none;

	if ((no_source && no_target) || ((no_source || no_target) && !columns->has_halves))
		return false;

	if (!no_source)
		source = hash_stored_node(columns, values[ADJ_SOURCE_COLUMN], columns->source_stored);
	if (!no_target)
		target = hash_stored_node(columns, values[ADJ_TARGET_COLUMN], columns->target_stored);
	entry->source = source.fingerprint;
	entry->source_check = source.check;
	entry->target = target.fingerprint;
	entry->target_check = target.check;
	entry->label = 0;
	entry->tid = *tid;
	entry->flags = ADJ_NO_LABEL;
	formed->weight = adj_null_weight();
	if (no_source)
		entry->flags |= ADJ_NO_SOURCE;
	else if (no_target)
		entry->flags |= ADJ_NO_TARGET;
	else
		form_rest(columns, values, isnull, formed);
	return true;
}
