/*
 * adj_validate.c
 *		Is an operator class one that the access method can use?
 *
 * A class names a type of columns, and its family the operators by which scans find
 * rows. There are no support functions: the method knows how to hash the types that
 * it takes. The class of anyelement is for char(n), name, oid and all enums, and so that
 * for other types the method says which there are, and not the server that there is no
 * class; columns are judged when an index is made (adj_check_definition).
 */
#include "postgres.h"

#include "access/amvalidate.h"
#include "access/htup_details.h"
#include "adjacency/adj_columns.h"
#include "adjacency/adj_handler.h"
#include "adjacency/adj_scan.h"
#include "catalog/pg_amop.h"
#include "catalog/pg_amproc.h"
#include "catalog/pg_opclass.h"
#include "catalog/pg_opfamily.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/lsyscache.h"
#include "utils/regproc.h"
#include "utils/syscache.h"

static bool
check_class(const FormData_pg_opclass *class)
{
	if (class->opcintype != ANYELEMENTOID && class->opcintype != ANYENUMOID &&
		!adj_is_column_type(class->opcintype))
	{
		ereport(INFO,
				(errcode(ERRCODE_INVALID_OBJECT_DEFINITION),
				 errmsg("operator class \"%s\" of access method %s is for type %s, which no column may have",
						NameStr(class->opcname), "adjacency",
						format_type_be(class->opcintype))));
		return false;
	}
	if (OidIsValid(class->opckeytype))
	{
		ereport(INFO,
				(errcode(ERRCODE_INVALID_OBJECT_DEFINITION),
				 errmsg("operator class \"%s\" of access method %s has storage type %s, but values are not converted",
						NameStr(class->opcname), "adjacency",
						format_type_be(class->opckeytype))));
		return false;
	}
	return true;
}

static bool
check_operator(const FormData_pg_amop *operator, const char *family)
{
	bool		is_legal = operator->amopstrategy == 1 &&
		operator->amoppurpose == AMOP_SEARCH && !OidIsValid(operator->amopsortfamily) &&
		check_amop_signature(operator->amopopr, BOOLOID,
							 operator->amoplefttype, operator->amoprighttype);

	if (!is_legal ||
		!adj_scan_knows(get_opcode(operator->amopopr),
						operator->amoplefttype, operator->amoprighttype))
	{
		ereport(INFO,
				(errcode(ERRCODE_INVALID_OBJECT_DEFINITION),
				 is_legal ?
				 errmsg("operator family \"%s\" of access method %s contains operator %s, which no scan can use",
						family, "adjacency", format_operator(operator->amopopr)) :
				 errmsg("operator family \"%s\" of access method %s contains invalid specification for operator %s",
						family, "adjacency", format_operator(operator->amopopr))));
		return false;
	}
	return true;
}

static bool
check_operators(Oid family, const char *name)
{
	CatCList   *list = SearchSysCacheList1(AMOPSTRATEGY, ObjectIdGetDatum(family));
	bool		result = true;

	for (int i = 0; i < list->n_members; i++)
		result &= check_operator((Form_pg_amop) GETSTRUCT(&list->members[i]->tuple), name);
	ReleaseCatCacheList(list);
	return result;
}

/* The server lets nobody add one, as the method says that it has none. */
static bool
check_functions(Oid family, const char *name)
{
	CatCList   *list = SearchSysCacheList1(AMPROCNUM, ObjectIdGetDatum(family));
	bool		result = list->n_members == 0;

	if (!result)
		ereport(INFO,
				(errcode(ERRCODE_INVALID_OBJECT_DEFINITION),
				 errmsg("operator family \"%s\" of access method %s contains support functions, of which there are none",
						name, "adjacency")));
	ReleaseCatCacheList(list);
	return result;
}

bool
adj_validate(Oid opclass)
{
	HeapTuple	tuple = SearchSysCache1(CLAOID, ObjectIdGetDatum(opclass));
	Form_pg_opclass class;
	HeapTuple	family;
	const char *name;
	bool		result;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for operator class %u", opclass);
	class = (Form_pg_opclass) GETSTRUCT(tuple);
	family = SearchSysCache1(OPFAMILYOID, ObjectIdGetDatum(class->opcfamily));
	if (!HeapTupleIsValid(family))
		elog(ERROR, "cache lookup failed for operator family %u", class->opcfamily);
	name = NameStr(((Form_pg_opfamily) GETSTRUCT(family))->opfname);

	result = check_class(class);
	result &= check_operators(class->opcfamily, name);
	result &= check_functions(class->opcfamily, name);

	ReleaseSysCache(family);
	ReleaseSysCache(tuple);
	return result;
}
