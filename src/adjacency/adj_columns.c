/*
 * adj_columns.c
 *		Which definitions an adjacency index accepts, and what its columns are.
 */
#include "postgres.h"

#include "adjacency/adj_columns.h"
#include "adjacency/adj_log.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* of numeric(3,2) */
#define CONFIDENCE_TYPMOD	(((3 << 16) | 2) + VARHDRSZ)

/* lists for hints */
#define WEIGHT_TYPES "smallint, integer, bigint, real, double precision and numeric"
#define LABEL_TYPES "text, varchar, char(n), name, smallint, integer, bigint, oid and enums"

static Oid
stored_type(Relation index, int column)
{
	return getBaseType(TupleDescAttr(RelationGetDescr(index), column)->atttypid);
}

/* The type whose values and equality one has, if it is not that itself. */
static Oid
value_type(Oid type)
{
	return type == VARCHAROID || type == BPCHAROID || type == NAMEOID ? TEXTOID : type;
}

static Oid
column_type(Relation index, int column)
{
	return value_type(stored_type(index, column));
}

bool
adj_is_integer(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID || type == OIDOID;
}

static bool
is_node_type(Oid type)
{
	return adj_is_integer(type) || type == TEXTOID || type == UUIDOID;
}

/*
 * The type of nodes, given those of both columns: of integers the wider one, as
 * an integer is the same node in any width. An oid is unsigned, and no integer
 * is compared with one.
 */
static Oid
common_type(Oid source, Oid target)
{
	if (source != target &&
		adj_is_integer(source) && source != OIDOID && adj_is_integer(target) && target != OIDOID)
		return get_typlen(source) < get_typlen(target) ? target : source;
	return source == target && is_node_type(source) ? source : InvalidOid;
}

bool
adj_are_node_types(Oid source, Oid target)
{
	return OidIsValid(common_type(value_type(getBaseType(source)),
								  value_type(getBaseType(target))));
}

static bool
is_label_type(Oid type)
{
	return type == TEXTOID || adj_is_integer(type) || type_is_enum(type);
}

bool
adj_is_column_type(Oid type)
{
	Oid			value = value_type(getBaseType(type));

	/* a confidence is numeric */
	return is_node_type(value) || is_label_type(value) || value == NUMERICOID;
}

/* A class may say that something else is stored, but nothing is converted. */
static void
check_storage(Relation heap, Relation index)
{
	for (int i = 0; i < IndexRelationGetNumberOfKeyAttributes(index); i++)
	{
		AttrNumber	attno = index->rd_index->indkey.values[i];
		Form_pg_attribute column = TupleDescAttr(RelationGetDescr(heap), attno - 1);
		Oid			stored = TupleDescAttr(RelationGetDescr(index), i)->atttypid;

		if (stored != column->atttypid)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("adjacency index \"%s\" cannot store a column of type %s as %s",
							RelationGetRelationName(index),
							format_type_be(column->atttypid), format_type_be(stored)),
					 errhint("Use the default operator class of the column's type.")));
	}
}

/*
 * Texts that a nondeterministic collation calls equal have different bytes,
 * hence different fingerprints. The column's own collation counts as much as
 * the index's: it is what the table's queries compare by.
 */
static void
check_collation(Relation index, int column, Oid collation)
{
	if (OidIsValid(collation) && !get_collation_isdeterministic(collation))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("adjacency index \"%s\" cannot use nondeterministic collation \"%s\"",
						RelationGetRelationName(index), get_collation_name(collation)),
				 errhint("Give column \"%s\" a deterministic collation, such as \"C\".",
						 NameStr(TupleDescAttr(RelationGetDescr(index), column)->attname))));
}

/* The table's column that an index's is on, quoted. */
static const char *
column_name(Relation index, int column)
{
	return quote_identifier(get_attname(index->rd_index->indrelid,
										index->rd_index->indkey.values[column], false));
}

static void
check_column_types(Relation index)
{
	Oid			source = column_type(index, ADJ_SOURCE_COLUMN);
	Oid			target = column_type(index, ADJ_TARGET_COLUMN);

	if (!is_node_type(source) || !is_node_type(target))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("adjacency index \"%s\" cannot use nodes of type %s",
						RelationGetRelationName(index),
						format_type_be(is_node_type(source) ? target : source)),
				 errhint("Supported types of node columns are " ADJ_NODE_TYPES ".")));
	if (!OidIsValid(common_type(source, target)))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("source and target of adjacency index \"%s\" differ in type: %s and %s",
						RelationGetRelationName(index),
						format_type_be(source), format_type_be(target)),
				 errhint("Give both the same type, as with \"ALTER TABLE %s ALTER COLUMN %s TYPE %s USING %s::%s\"; only integers may differ in width.",
						 quote_identifier(get_rel_name(index->rd_index->indrelid)),
						 column_name(index, ADJ_TARGET_COLUMN), format_type_be(source),
						 column_name(index, ADJ_TARGET_COLUMN), format_type_be(source))));
	if (IndexRelationGetNumberOfKeyAttributes(index) > ADJ_LABEL_COLUMN &&
		!is_label_type(column_type(index, ADJ_LABEL_COLUMN)))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("adjacency index \"%s\" cannot use labels of type %s",
						RelationGetRelationName(index),
						format_type_be(column_type(index, ADJ_LABEL_COLUMN))),
				 adj_is_weight_type(stored_type(index, ADJ_LABEL_COLUMN)) ?
				 errhint("The third column is a label, the fourth a confidence. Write USING adjacency (source, target) INCLUDE (weight) for a weight.") :
				 errhint("Supported types of the label column are " LABEL_TYPES ".")));
}

/*
 * A confidence is kept in hundredths. Were the column finer, walks would
 * compare min_confidence with something else than the table does.
 */
void
adj_check_confidence(Relation heap, Relation index)
{
	AttrNumber	attno;
	Form_pg_attribute att;
	int32		typmod;

	if (IndexRelationGetNumberOfKeyAttributes(index) <= ADJ_CONFIDENCE_COLUMN)
		return;
	attno = index->rd_index->indkey.values[ADJ_CONFIDENCE_COLUMN];
	att = TupleDescAttr(RelationGetDescr(heap), attno - 1);
	typmod = att->atttypmod;
	if (getBaseTypeAndTypmod(att->atttypid, &typmod) != NUMERICOID || typmod != CONFIDENCE_TYPMOD)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("adjacency index \"%s\" cannot use a confidence of type %s",
						RelationGetRelationName(index),
						format_type_with_typemod(att->atttypid, att->atttypmod)),
				 errhint("The confidence column must be numeric(3,2).")));
}

void
adj_check_weight(Relation index)
{
	int			column = IndexRelationGetNumberOfKeyAttributes(index);

	if (!adj_has_weight(index))
		return;
	if (IndexRelationGetNumberOfAttributes(index) > column + 1)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("adjacency index \"%s\" cannot include %d columns",
						RelationGetRelationName(index),
						IndexRelationGetNumberOfAttributes(index) - column),
				 errhint("INCLUDE one column, the weight of edges.")));
	if (!adj_is_weight_type(stored_type(index, column)))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("adjacency index \"%s\" cannot use a weight of type %s",
						RelationGetRelationName(index),
						format_type_be(TupleDescAttr(RelationGetDescr(index), column)->atttypid)),
				 errhint("Supported types of the weight column are " WEIGHT_TYPES ".")));
}

void
adj_check_collations(Relation heap, Relation index)
{
	for (int i = 0; i < IndexRelationGetNumberOfKeyAttributes(index); i++)
	{
		AttrNumber	attno = index->rd_index->indkey.values[i];

		check_collation(index, i, index->rd_indcollation[i]);
		check_collation(index, i,
						TupleDescAttr(RelationGetDescr(heap), attno - 1)->attcollation);
	}
}

void
adj_check_definition(Relation heap, Relation index, IndexInfo *indexInfo)
{
	int			columns = indexInfo->ii_NumIndexKeyAttrs;

	if (columns < 2 || columns > ADJ_MAX_COLUMNS)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("adjacency index \"%s\" must have two to four columns, not %d",
						RelationGetRelationName(index), columns),
				 errhint("Write USING adjacency (source, target [, label [, confidence]]).")));
	if (indexInfo->ii_Expressions != NIL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("adjacency index \"%s\" cannot have expressions",
						RelationGetRelationName(index)),
				 errhint("Add a generated column and index that.")));
	if (indexInfo->ii_Predicate != NIL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("adjacency index \"%s\" cannot be partial",
						RelationGetRelationName(index)),
				 errdetail("Its answers would differ from the table's."),
				 errhint("Leave out the WHERE clause; use a label column to tell edges apart.")));
	for (int i = 0; i < indexInfo->ii_NumIndexAttrs; i++)
	{
		if (indexInfo->ii_IndexAttrNumbers[i] <= 0)
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("adjacency index \"%s\" cannot use system columns",
							RelationGetRelationName(index)),
					 errhint("Use other columns of the table.")));
	}
	adj_check_collations(heap, index);
	check_storage(heap, index);
	check_column_types(index);
	adj_check_confidence(heap, index);
	adj_check_weight(index);
	if (indexInfo->ii_IndexAttrNumbers[ADJ_SOURCE_COLUMN] ==
		indexInfo->ii_IndexAttrNumbers[ADJ_TARGET_COLUMN])
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_OBJECT_DEFINITION),
				 errmsg("source and target of adjacency index \"%s\" are one column",
						RelationGetRelationName(index)),
				 errhint("Write USING adjacency (source, target [, label [, confidence]]).")));
}

void
adj_describe_columns(Relation index, const AdjMeta *meta, AdjColumns *columns)
{
	const int16 *attnos = index->rd_index->indkey.values;
	int			ncolumns = IndexRelationGetNumberOfKeyAttributes(index);
	bool		has_label = ncolumns > ADJ_LABEL_COLUMN;

	memset(columns, 0, sizeof(AdjColumns));
	columns->incarnation = meta->incarnation;
	columns->hash_seed = meta->hash_seed;
	columns->hash_bits = meta->hash_bits;
	columns->has_label = has_label;
	columns->has_confidence = ncolumns > ADJ_CONFIDENCE_COLUMN;
	columns->has_weight = adj_has_weight(index);
	columns->has_halves = meta->version >= ADJ_HALVES_VERSION;
	columns->node_type = common_type(column_type(index, ADJ_SOURCE_COLUMN),
									 column_type(index, ADJ_TARGET_COLUMN));
	columns->label_type = has_label ? column_type(index, ADJ_LABEL_COLUMN) : InvalidOid;
	columns->source_stored = stored_type(index, ADJ_SOURCE_COLUMN);
	columns->target_stored = stored_type(index, ADJ_TARGET_COLUMN);
	columns->label_stored = has_label ? stored_type(index, ADJ_LABEL_COLUMN) : InvalidOid;
	columns->label_is_enum = has_label && type_is_enum(columns->label_type);
	columns->source_attno = attnos[ADJ_SOURCE_COLUMN];
	columns->target_attno = attnos[ADJ_TARGET_COLUMN];
	columns->label_attno = has_label ? attnos[ADJ_LABEL_COLUMN] : InvalidAttrNumber;
	columns->confidence_attno = columns->has_confidence ?
		attnos[ADJ_CONFIDENCE_COLUMN] : InvalidAttrNumber;
	columns->weight_column = ncolumns;
	columns->weight_stored = columns->has_weight ? stored_type(index, ncolumns) : InvalidOid;
	columns->weight_attno = columns->has_weight ? attnos[ncolumns] : InvalidAttrNumber;
}

const AdjColumns *
adj_columns(Relation index, const AdjMeta *meta)
{
	const AdjColumns *cached = index->rd_amcache;
	AdjColumns	columns;
	AdjMetaCopy copy;

	if (cached != NULL &&
		(meta == NULL || cached->incarnation == meta->incarnation))
		return cached;

	if (meta == NULL)
	{
		adj_read_meta(index, &copy);
		meta = &copy.meta;
	}
	/* looks into catalogs, so the cache may be gone afterwards */
	adj_describe_columns(index, meta, &columns);
	if (index->rd_amcache == NULL)
		index->rd_amcache = MemoryContextAlloc(index->rd_indexcxt, sizeof(AdjColumns));
	memcpy(index->rd_amcache, &columns, sizeof(AdjColumns));
	return index->rd_amcache;
}
