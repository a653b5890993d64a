/*
 * sql_retired.c
 *		C functions that earlier versions of the extension declared otherwise.
 *
 * Between the installation of a new library and ALTER EXTENSION UPDATE, a
 * database calls the library by the old version's declarations. A C function
 * whose arguments or result columns change must not read the old ones as if
 * they were the new: its new form gets another symbol, and the old symbol moves
 * here, where it ends in an error:
 *
 *		PG_FUNCTION_INFO_V1(pt_something);
 *
 *		Datum
 *		pt_something(PG_FUNCTION_ARGS)
 *		{
 *			return pt_retired(fcinfo);
 *		}
 *
 * Symbols stay for good, as an update may start from any version.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/regproc.h"

PG_FUNCTION_INFO_V1(pt_retired);

/* of 0.1.0 */
PG_FUNCTION_INFO_V1(pt_blast_radius);
PG_FUNCTION_INFO_V1(pt_blast_radius_summary);
PG_FUNCTION_INFO_V1(pt_blast_radius_count);
PG_FUNCTION_INFO_V1(pt_impact);
PG_FUNCTION_INFO_V1(pt_callers);
PG_FUNCTION_INFO_V1(pt_callees);
PG_FUNCTION_INFO_V1(pt_bfs);
PG_FUNCTION_INFO_V1(pt_bfs_array);
PG_FUNCTION_INFO_V1(pt_path);
PG_FUNCTION_INFO_V1(pt_paths);
PG_FUNCTION_INFO_V1(pt_subgraph);
PG_FUNCTION_INFO_V1(pt_tree);
PG_FUNCTION_INFO_V1(pt_resolve_references);
PG_FUNCTION_INFO_V1(pt_graph_status);
PG_FUNCTION_INFO_V1(pt_insert_entity);
PG_FUNCTION_INFO_V1(pt_match_name);
PG_FUNCTION_INFO_V1(pt_match_qualifier);

Datum
pt_retired(PG_FUNCTION_ARGS)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("function %s is declared as an earlier version of parseltongue had it",
					format_procedure(fcinfo->flinfo->fn_oid)),
			 errdetail("The library of a later version is installed."),
			 errhint("Run ALTER EXTENSION parseltongue UPDATE in this database.")));
}

Datum
pt_blast_radius(PG_FUNCTION_ARGS)
{
	return pt_retired(fcinfo);
}

Datum
pt_blast_radius_summary(PG_FUNCTION_ARGS)
{
	return pt_retired(fcinfo);
}

Datum
pt_blast_radius_count(PG_FUNCTION_ARGS)
{
	return pt_retired(fcinfo);
}

Datum
pt_impact(PG_FUNCTION_ARGS)
{
	return pt_retired(fcinfo);
}

Datum
pt_callers(PG_FUNCTION_ARGS)
{
	return pt_retired(fcinfo);
}

Datum
pt_callees(PG_FUNCTION_ARGS)
{
	return pt_retired(fcinfo);
}

Datum
pt_bfs(PG_FUNCTION_ARGS)
{
	return pt_retired(fcinfo);
}

Datum
pt_bfs_array(PG_FUNCTION_ARGS)
{
	return pt_retired(fcinfo);
}

Datum
pt_path(PG_FUNCTION_ARGS)
{
	return pt_retired(fcinfo);
}

Datum
pt_paths(PG_FUNCTION_ARGS)
{
	return pt_retired(fcinfo);
}

Datum
pt_subgraph(PG_FUNCTION_ARGS)
{
	return pt_retired(fcinfo);
}

Datum
pt_tree(PG_FUNCTION_ARGS)
{
	return pt_retired(fcinfo);
}

Datum
pt_resolve_references(PG_FUNCTION_ARGS)
{
	return pt_retired(fcinfo);
}

Datum
pt_match_name(PG_FUNCTION_ARGS)
{
	return pt_retired(fcinfo);
}

Datum
pt_match_qualifier(PG_FUNCTION_ARGS)
{
	return pt_retired(fcinfo);
}

Datum
pt_graph_status(PG_FUNCTION_ARGS)
{
	return pt_retired(fcinfo);
}

Datum
pt_insert_entity(PG_FUNCTION_ARGS)
{
	return pt_retired(fcinfo);
}
