/*
 * sql_columns.c
 *		Do the tables of a codebase have the columns that a function reads?
 *
 * A codebase is any schema with tables called pt_entity and pt_edge, so its
 * tables may be older than the function, or made by hand. Statements over them
 * would say only that a column does not exist, somewhere in their own text.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "function/sql_relation.h"
#include "function/sql_tables.h"
#include "lib/stringinfo.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

PG_FUNCTION_INFO_V1(pt_require_columns);

static List *
missing_columns(Oid table, const char *const *columns, int count)
{
	List	   *missing = NIL;

	for (int i = 0; i < count; i++)
	{
		if (get_attnum(table, columns[i]) == InvalidAttrNumber)
			missing = lappend(missing, (void *) columns[i]);
	}
	return missing;
}

bool
sql_has_columns(Oid table, const char *const *columns, int count)
{
	return missing_columns(table, columns, count) == NIL;
}

/* ALTER TABLE for the columns, with the types of the extension's own table. */
static char *
missing_hint(Oid table, List *missing)
{
	StringInfoData hint;
	Oid			original = get_relname_relid(get_rel_name(table), sql_extension_schema());
	ListCell   *lc;

	initStringInfo(&hint);
	appendStringInfo(&hint, "ALTER TABLE %s", sql_qualified_name(table));
	foreach(lc, missing)
	{
		const char *column = lfirst(lc);
		AttrNumber	attno = OidIsValid(original) ? get_attnum(original, column) : InvalidAttrNumber;
		Oid			type;
		int32		typmod;
		Oid			collation;

		if (attno == InvalidAttrNumber)
			return "pt_create_codebase makes tables with all columns.";
		get_atttypetypmodcoll(original, attno, &type, &typmod, &collation);
		appendStringInfo(&hint, "%s ADD COLUMN %s %s", lc == list_head(missing) ? "" : ",",
						 quote_identifier(column), format_type_with_typemod(type, typmod));
	}
	appendStringInfoChar(&hint, '.');
	return hint.data;
}

void
sql_require_columns(Oid table, const char *const *columns, int count)
{
	List	   *missing = missing_columns(table, columns, count);
	StringInfoData list;
	ListCell   *lc;

	/* that it does not exist is for whoever opens it to say */
	if (missing == NIL || get_rel_name(table) == NULL)
		return;
	initStringInfo(&list);
	foreach(lc, missing)
		appendStringInfo(&list, "%s\"%s\"", lc == list_head(missing) ? "" : ", ",
						 (const char *) lfirst(lc));
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg_plural("table \"%s.%s\" lacks the column %s", "table \"%s.%s\" lacks the columns %s",
						   list_length(missing), get_namespace_name(get_rel_namespace(table)),
						   get_rel_name(table), list.data),
			 errdetail("This function reads or writes them in each codebase."),
			 errhint("%s", missing_hint(table, missing))));
}

Datum
pt_require_columns(PG_FUNCTION_ARGS)
{
	Datum	   *elements;
	int			count;
	const char **columns;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false, TYPALIGN_INT,
					  &elements, NULL, &count);
	columns = palloc(count * sizeof(char *));
	for (int i = 0; i < count; i++)
		columns[i] = TextDatumGetCString(elements[i]);
	sql_require_columns(PG_GETARG_OID(0), columns, count);
	PG_RETURN_VOID();
}
