/*
 * sql_shape.c
 *		Which columns of a relation are its graph.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "adjacency/adj_columns.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "function/sql_relation.h"
#include "function/sql_shape.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

/* columns that a message names */
#define MAX_SHOWN 10

/*
 * What columns are called, in several schools. Others are never taken for the
 * ends of edges, however few there are: two numbers are more often an id and an
 * amount.
 */
static const char *const names[][ADJ_MAX_COLUMNS] = {
	{"from_key", "to_key", "edge_type", "confidence"},
	{"source", "target", "label", "confidence"},
	{"from_node", "to_node", "label", "confidence"},
	{"parent", "child", "label", "confidence"},
	{"src", "dst", "label", "confidence"},
	{"a", "b", "label", "confidence"}
};

/* the ends, for a hint */
#define NAME_PAIRS \
	"source and target, from_key and to_key, from_node and to_node, parent and child, src and dst, or a and b"

/* and the weight */
static const char *const weight_names[] = {"weight", "cost"};

/* ---- of an adjacency index ---- */

static void
set_column(SqlShape *shape, int place, AttrNumber attno)
{
	AttrNumber *const columns[] = {&shape->source, &shape->target, &shape->label,
	&shape->confidence};

	*columns[place] = attno;
}

static bool
has_method(Oid index, Oid method)
{
	HeapTuple	row = SearchSysCache1(RELOID, ObjectIdGetDatum(index));
	bool		result = HeapTupleIsValid(row) &&
		((Form_pg_class) GETSTRUCT(row))->relam == method;

	if (HeapTupleIsValid(row))
		ReleaseSysCache(row);
	return result;
}

/* A column that could be the weight, or none. */
static void
add_weight(SqlShape *shape, AttrNumber attno)
{
	if (attno == InvalidAttrNumber || attno == shape->weight)
		return;
	if (shape->weight == InvalidAttrNumber)
		shape->weight = attno;
	else
		shape->other_weight = attno;
}

/* Take the columns of an index; false if the shape has others already. */
static bool
add_index(SqlShape *shape, Oid index)
{
	HeapTuple	row = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(index));
	Form_pg_index fields;
	SqlShape	found = {SQL_SHAPE_INDEX};
	bool		first = shape->source == InvalidAttrNumber;
	bool		same;

	if (!HeapTupleIsValid(row))
		return true;
	fields = (Form_pg_index) GETSTRUCT(row);
	for (int i = 0; i < fields->indnkeyatts; i++)
		set_column(&found, i, fields->indkey.values[i]);
	if (fields->indnatts > fields->indnkeyatts)
		found.weight = fields->indkey.values[fields->indnkeyatts];
	ReleaseSysCache(row);
	same = found.source == shape->source && found.target == shape->target &&
		found.label == shape->label && found.confidence == shape->confidence;
	if (first)
		*shape = found;
	else if (same)
		add_weight(shape, found.weight);
	return first || same;
}

static bool
find_index(Relation relation, Oid wanted, SqlShape *shape)
{
	Oid			method = get_index_am_oid("adjacency", false);
	Oid			first = InvalidOid;
	List	   *oids;
	ListCell   *lc;

	/* one that is named may have been dropped since */
	if (OidIsValid(wanted) && add_index(shape, wanted) && shape->source != InvalidAttrNumber)
		return true;
	oids = RelationGetIndexList(relation);
	foreach(lc, oids)
	{
		if (!has_method(lfirst_oid(lc), method))
			continue;
		if (!add_index(shape, lfirst_oid(lc)))
			ereport(ERROR,
					(errcode(ERRCODE_AMBIGUOUS_PARAMETER),
					 errmsg("table \"%s\" has more than one adjacency index: \"%s\" and \"%s\"",
							RelationGetRelationName(relation),
							get_rel_name(first), get_rel_name(lfirst_oid(lc))),
					 errdetail("They are on different columns."),
					 errhint("Name the index instead of the table.")));
		first = lfirst_oid(lc);
	}
	list_free(oids);
	return OidIsValid(first);
}

/* ---- by names ---- */

/* The number of a column that can be read, or InvalidAttrNumber. */
static AttrNumber
column_named(Relation relation, const char *name)
{
	TupleDesc	desc = RelationGetDescr(relation);

	for (int i = 0; i < desc->natts; i++)
	{
		if (!TupleDescAttr(desc, i)->attisdropped &&
			strcmp(NameStr(TupleDescAttr(desc, i)->attname), name) == 0)
			return i + 1;
	}
	return InvalidAttrNumber;
}

static bool
is_weight(Relation relation, AttrNumber attno)
{
	return adj_is_weight_type(getBaseType(TupleDescAttr(RelationGetDescr(relation), attno - 1)->atttypid));
}

/* Where no index tells. */
static void
find_weight(Relation relation, SqlShape *shape)
{
	for (int i = 0; i < lengthof(weight_names); i++)
	{
		AttrNumber	attno = column_named(relation, weight_names[i]);

		if (attno != InvalidAttrNumber && is_weight(relation, attno))
			add_weight(shape, attno);
	}
}

static bool
find_names(Relation relation, SqlShape *shape)
{
	for (int school = 0; school < lengthof(names); school++)
	{
		AttrNumber	source = column_named(relation, names[school][0]);
		AttrNumber	target = column_named(relation, names[school][1]);

		if (source == InvalidAttrNumber || target == InvalidAttrNumber)
			continue;
		shape->rule = SQL_SHAPE_NAMES;
		for (int i = 0; i < ADJ_MAX_COLUMNS; i++)
			set_column(shape, i, column_named(relation, names[school][i]));
		find_weight(relation, shape);
		return true;
	}
	return false;
}

/* The relation's columns, or the first of many, for a message. */
static char *
list_columns(Relation relation)
{
	TupleDesc	desc = RelationGetDescr(relation);
	StringInfoData list;
	int			shown = 0;

	initStringInfo(&list);
	for (int i = 0; i < desc->natts; i++)
	{
		if (TupleDescAttr(desc, i)->attisdropped)
			continue;
		if (++shown > MAX_SHOWN)
		{
			appendStringInfoString(&list, " and more");
			break;
		}
		appendStringInfo(&list, "%s\"%s\"", shown == 1 ? "" : ", ",
						 NameStr(TupleDescAttr(desc, i)->attname));
	}
	return list.data;
}

static void
no_columns(Relation relation)
{
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("relation \"%s\" has no columns known to be the ends of edges",
					RelationGetRelationName(relation)),
			 errdetail("It has %s.", list_columns(relation)),
			 relation->rd_rel->relkind == RELKIND_RELATION ||
			 relation->rd_rel->relkind == RELKIND_MATVIEW ||
			 relation->rd_rel->relkind == RELKIND_PARTITIONED_TABLE ?
			 errhint("Say which they are by an index, \"CREATE INDEX ON %s USING adjacency (source, target)\" with its columns, or by a view that names them source and target.",
					 quote_identifier(RelationGetRelationName(relation))) :
			 errhint("Name them " NAME_PAIRS ".")));
}

/* ---- types ---- */

static Oid
node_type_of(Relation relation, AttrNumber attno)
{
	Oid			type = getBaseType(TupleDescAttr(RelationGetDescr(relation), attno - 1)->atttypid);

	return type == VARCHAROID || type == NAMEOID ? TEXTOID : type;
}

/*
 * Two ends that are equal under one collation and not under the other would be
 * one node or two as the query goes.
 */
static void
check_collations(Relation relation, const SqlShape *shape)
{
	TupleDesc	desc = RelationGetDescr(relation);
	Oid			source = TupleDescAttr(desc, shape->source - 1)->attcollation;
	Oid			target = TupleDescAttr(desc, shape->target - 1)->attcollation;

	if (source != target &&
		((OidIsValid(source) && !get_collation_isdeterministic(source)) ||
		 (OidIsValid(target) && !get_collation_isdeterministic(target))))
		ereport(ERROR,
				(errcode(ERRCODE_COLLATION_MISMATCH),
				 errmsg("the ends of edges in relation \"%s\" have different collations, of which one is nondeterministic",
						RelationGetRelationName(relation)),
				 errhint("Give both the same collation with COLLATE in a view.")));
}

static void
check_types(Relation relation, SqlShape *shape)
{
	Oid			source = node_type_of(relation, shape->source);
	Oid			target = node_type_of(relation, shape->target);

	shape->node_type = source;
	/* an oid is unsigned, and no integer is compared with one */
	if (adj_is_integer(source) && adj_is_integer(target) && (source == OIDOID) == (target == OIDOID))
		shape->node_type = get_typlen(source) < get_typlen(target) ? target : source;
	else if (source != target)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("the ends of edges in relation \"%s\" are of types %s and %s",
						RelationGetRelationName(relation), format_type_be(source), format_type_be(target)),
				 errdetail("Columns \"%s\" and \"%s\" were taken for them.",
						   NameStr(TupleDescAttr(RelationGetDescr(relation), shape->source - 1)->attname),
						   NameStr(TupleDescAttr(RelationGetDescr(relation), shape->target - 1)->attname)),
				 errhint("Cast one of them in a view.")));
	check_collations(relation, shape);
	shape->collation = TupleDescAttr(RelationGetDescr(relation), shape->source - 1)->attcollation;
	if (!OidIsValid(shape->collation))
		shape->collation = get_typcollation(shape->node_type);
}

/* A confidence is a number; a column that is called so and is none has another meaning. */
static void
drop_strange_confidence(Relation relation, SqlShape *shape)
{
	Oid			type;

	if (shape->confidence == InvalidAttrNumber)
		return;
	type = getBaseType(TupleDescAttr(RelationGetDescr(relation), shape->confidence - 1)->atttypid);
	if (type != NUMERICOID && type != FLOAT4OID && type != FLOAT8OID && !adj_is_integer(type))
		shape->confidence = InvalidAttrNumber;
}

SqlShape
sql_shape(Relation relation, Oid index)
{
	SqlShape	shape = {0};

	if (!find_index(relation, index, &shape) && !find_names(relation, &shape))
		no_columns(relation);
	check_types(relation, &shape);
	drop_strange_confidence(relation, &shape);
	/* nothing looks at the types of an index on a partitioned table without partitions */
	if (shape.weight != InvalidAttrNumber && !is_weight(relation, shape.weight))
		shape.weight = InvalidAttrNumber;
	shape.location = sql_location_column(relation);
	return shape;
}
