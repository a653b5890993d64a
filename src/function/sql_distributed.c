/*
 * sql_distributed.c
 *		Tables of the Citus extension are not read without it.
 *
 * Citus keeps the rows of a table in other tables, its shards, on any node, and
 * reroutes statements in the planner. Who reads the table itself, as an image
 * does, finds an empty shell. The catalog pg_dist_partition names every such
 * table: distributed ones, by hash or by schema, and their partitions, reference
 * tables, and local ones that Citus manages. Shards are not in it: they are
 * ordinary tables.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "catalog/pg_namespace.h"
#include "function/sql_tables.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"

#define CITUS_TABLES "pg_dist_partition"
#define CITUS_TABLES_INDEX "pg_dist_partition_logical_relid_index"
#define CITUS_TABLE_COLUMN "logicalrelid"

PG_FUNCTION_INFO_V1(pt_refuse_distributed);

/* Is there a row of the catalog for this table? */
static bool
is_listed(Relation catalog, AttrNumber column, Oid table)
{
	Oid			index = get_relname_relid(CITUS_TABLES_INDEX, PG_CATALOG_NAMESPACE);
	ScanKeyData key;
	SysScanDesc scan;
	bool		listed;

	ScanKeyInit(&key, column, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(table));
	scan = systable_beginscan(catalog, index, OidIsValid(index), NULL, 1, &key);
	listed = HeapTupleIsValid(systable_getnext(scan));
	systable_endscan(scan);
	return listed;
}

/*
 * Is it in the catalog of Citus?
 *
 * Where Citus is not installed this is one look-up in the cache of catalogs,
 * which remembers that there is no such table and is told when one comes.
 */
bool
sql_is_distributed(Oid table)
{
	Oid			oid = get_relname_relid(CITUS_TABLES, PG_CATALOG_NAMESPACE);
	Relation	catalog;
	AttrNumber	column;
	bool		distributed;

	if (!OidIsValid(oid) || (catalog = try_table_open(oid, AccessShareLock)) == NULL)
		return false;
	column = get_attnum(oid, CITUS_TABLE_COLUMN);
	distributed = column != InvalidAttrNumber && is_listed(catalog, column, table);
	table_close(catalog, AccessShareLock);
	return distributed;
}

bool
sql_has_distributed(void)
{
	return OidIsValid(get_relname_relid(CITUS_TABLES, PG_CATALOG_NAMESPACE));
}

/* Refuse a table whose rows are elsewhere. */
void
sql_refuse_distributed(Oid table)
{
	if (sql_is_distributed(table))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("table \"%s\" is managed by Citus", get_rel_name(table)),
				 errdetail("Its rows are in shards; what this server has under that name is an empty shell, and a walk would find nothing."),
				 errhint("Keep the edges in a table that Citus does not manage, or walk a shard by its name.")));
}

Datum
pt_refuse_distributed(PG_FUNCTION_ARGS)
{
	sql_refuse_distributed(PG_GETARG_OID(0));
	PG_RETURN_VOID();
}
