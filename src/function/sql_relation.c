/*
 * sql_relation.c
 *		Which graph a call means, and what the caller may read of it.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "adjacency/adj_columns.h"
#include "base/pt_guc.h"
#include "catalog/namespace.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_type.h"
#include "function/sql_graph.h"
#include "function/sql_index.h"
#include "function/sql_relation.h"
#include "function/sql_tables.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/varlena.h"

#define EDGE_TABLE "pt_edge"
#define ENTITY_TABLE "pt_entity"
#define LOCATION_COLUMN "source_location"

static RangeVar *
parse_name(const char *name)
{
	return makeRangeVarFromNameList(textToQualifiedNameList(cstring_to_text(name)));
}

/* ---- where the extension is ---- */

/* Found once, until an access method is made or dropped, as the extension does. */
static Oid	extension_schema = InvalidOid;

static void
forget_schema(Datum arg, int cache, uint32 hash)
{
	extension_schema = InvalidOid;
}

static Oid
find_extension_schema(void)
{
	Relation	catalog = table_open(ExtensionRelationId, AccessShareLock);
	Oid			result = InvalidOid;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	row;

	ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber, F_NAMEEQ,
				CStringGetDatum("parseltongue"));
	scan = systable_beginscan(catalog, ExtensionNameIndexId, true, NULL, 1, &key);
	row = systable_getnext(scan);
	if (row != NULL)
		result = ((Form_pg_extension) GETSTRUCT(row))->extnamespace;
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return result;
}

Oid
sql_extension_schema(void)
{
	static bool registered = false;

	if (OidIsValid(extension_schema))
		return extension_schema;
	if (!registered)
		CacheRegisterSyscacheCallback(AMOID, forget_schema, (Datum) 0);
	registered = true;
	extension_schema = find_extension_schema();
	if (!OidIsValid(extension_schema))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("extension \"parseltongue\" does not exist")));
	return extension_schema;
}

/* ---- the default graph ---- */

Oid
sql_default_graph(void)
{
	const char *setting = pt_default_graph_name();
	Oid			schema;
	Oid			relation;

	if (setting[0] != '\0')
	{
		relation = RangeVarGetRelid(parse_name(setting), NoLock, true);
		if (!OidIsValid(relation))
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_TABLE),
					 errmsg("relation \"%s\" does not exist", setting),
					 errdetail("The setting parseltongue.graph names it as the graph of calls that name none."),
					 errhint("Set parseltongue.graph to another relation or to an empty string, or use the argument graph.")));
		return relation;
	}
	schema = sql_extension_schema();
	relation = get_relname_relid(EDGE_TABLE, schema);
	if (!OidIsValid(relation))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("table \"%s.%s\" does not exist",
						get_namespace_name(schema), EDGE_TABLE),
				 errhint("Name an edge table with the argument graph, or set parseltongue.graph.")));
	return relation;
}

/* ---- the tables of a codebase ---- */

/* InvalidOid if there is no such relation any more. */
static Oid
relation_owner(Oid relation)
{
	HeapTuple	row = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
	Oid			owner = InvalidOid;

	if (HeapTupleIsValid(row))
	{
		owner = ((Form_pg_class) GETSTRUCT(row))->relowner;
		ReleaseSysCache(row);
	}
	return owner;
}

Oid
sql_table_beside(Oid heap, const char *name)
{
	Oid			table = get_relname_relid(name, get_rel_namespace(heap));

	if (!OidIsValid(table) || get_rel_relkind(table) != RELKIND_RELATION ||
		relation_owner(table) != relation_owner(heap))
		return InvalidOid;
	return table;
}

Oid
sql_own_table_beside(Oid heap, const char *name)
{
	Oid			found = get_relname_relid(name, get_rel_namespace(heap));
	Oid			table = sql_table_beside(heap, name);
	char	   *owner;

	if (OidIsValid(table) || !OidIsValid(found))
		return table;
	owner = GetUserNameFromId(relation_owner(heap), true);
	ereport(ERROR,
			(errcode(ERRCODE_DUPLICATE_TABLE),
			 errmsg("relation \"%s\" is in the way of the table of this name of codebase \"%s\"",
					sql_qualified_name(found), sql_qualified_name(heap)),
			 get_rel_relkind(found) != RELKIND_RELATION || owner == NULL ?
			 errdetail("It is not a table.") :
			 errdetail("It is not owned by role \"%s\", as the edges are. Its triggers and policies would run with the rights of whoever uses it.",
					   owner),
			 get_rel_relkind(found) != RELKIND_RELATION || owner == NULL ?
			 errhint("Drop or rename it.") :
			 errhint("If it is the codebase's: \"ALTER TABLE %s OWNER TO %s\". Otherwise drop or rename it.",
					 sql_qualified_name(found), quote_identifier(owner))));
	return InvalidOid;			/* not reached */
}

Oid
sql_entity_table(Oid heap)
{
	char	   *name = get_rel_name(heap);
	Oid			entities;

	if (name == NULL || strcmp(name, EDGE_TABLE) != 0 ||
		get_rel_relkind(heap) != RELKIND_RELATION)
		return InvalidOid;
	entities = sql_table_beside(heap, ENTITY_TABLE);
	if (!OidIsValid(entities) ||
		get_atttype(entities, get_attnum(entities, "key")) != TEXTOID)
		return InvalidOid;
	return entities;
}

char *
sql_qualified_name(Oid relation)
{
	char	   *schema = get_namespace_name(get_rel_namespace(relation));
	char	   *name = get_rel_name(relation);

	if (schema == NULL || name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation with OID %u does not exist", relation)));
	return quote_qualified_identifier(schema, name);
}

PG_FUNCTION_INFO_V1(pt_default_graph);
PG_FUNCTION_INFO_V1(pt_default_graph_if_any);
PG_FUNCTION_INFO_V1(pt_entity_table);
PG_FUNCTION_INFO_V1(pt_codebase_table);

Datum
pt_default_graph(PG_FUNCTION_ARGS)
{
	PG_RETURN_OID(sql_default_graph());
}

Oid
sql_default_graph_if_any(void)
{
	const char *setting = pt_default_graph_name();
	Oid			schema = sql_extension_schema();
	const char *name = EDGE_TABLE;

	if (setting[0] != '\0')
	{
		RangeVar   *range = parse_name(setting);

		schema = get_namespace_oid(range->schemaname, true);
		name = range->relname;
	}
	return get_relname_relid(name, schema);
}

Datum
pt_default_graph_if_any(PG_FUNCTION_ARGS)
{
	Oid			relation = sql_default_graph_if_any();

	if (!OidIsValid(relation))
		PG_RETURN_NULL();
	PG_RETURN_OID(relation);
}

Datum
pt_entity_table(PG_FUNCTION_ARGS)
{
	Oid			relation = PG_ARGISNULL(0) ? sql_default_graph() : PG_GETARG_OID(0);
	Oid			entities = sql_entity_table(sql_graph_table(relation));

	if (!OidIsValid(entities))
		PG_RETURN_NULL();
	PG_RETURN_OID(entities);
}

Datum
pt_codebase_table(PG_FUNCTION_ARGS)
{
	Oid			edges = PG_GETARG_OID(0);
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(1));
	Oid			table = PG_GETARG_BOOL(2) ? sql_table_beside(edges, name) : sql_own_table_beside(edges, name);

	if (!OidIsValid(table))
		PG_RETURN_NULL();
	PG_RETURN_OID(table);
}

/* ---- what the caller may read ---- */

static void
check_column(Relation heap, AttrNumber attno)
{
	if (attno != InvalidAttrNumber &&
		pg_attribute_aclcheck(RelationGetRelid(heap), attno, GetUserId(),
							  ACL_SELECT) != ACLCHECK_OK)
		aclcheck_error(ACLCHECK_NO_PRIV, get_relkind_objtype(heap->rd_rel->relkind),
					   RelationGetRelationName(heap));
}

void
sql_check_privileges(Relation heap, Relation index, int reads, AttrNumber location)
{
	const int16 *columns = index->rd_index->indkey.values;
	int			ncolumns = IndexRelationGetNumberOfKeyAttributes(index);

	if (pg_class_aclcheck(RelationGetRelid(heap), GetUserId(), ACL_SELECT) != ACLCHECK_OK)
	{
		check_column(heap, columns[0]);
		check_column(heap, columns[1]);
		if ((reads & SQL_READ_LABEL) && ncolumns > ADJ_LABEL_COLUMN)
			check_column(heap, columns[ADJ_LABEL_COLUMN]);
		/* what is followed depends on it in any case */
		if (ncolumns > ADJ_CONFIDENCE_COLUMN)
			check_column(heap, columns[ADJ_CONFIDENCE_COLUMN]);
		if ((reads & SQL_READ_WEIGHT) && adj_has_weight(index))
			check_column(heap, columns[ncolumns]);
		check_column(heap, location);
	}
}

AttrNumber
sql_location_column(Relation heap)
{
	TupleDesc	desc = RelationGetDescr(heap);

	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		/* a virtual generated column (18 and later) has no value in the row */
		if (!att->attisdropped && att->attgenerated != 'v' && strcmp(NameStr(att->attname), LOCATION_COLUMN) == 0)
			return att->attnum;
	}
	return InvalidAttrNumber;
}
