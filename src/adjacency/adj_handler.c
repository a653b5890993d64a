/*
 * adj_handler.c
 *		The index access method: what the core may ask of it.
 *
 * The planner never scans an adjacency index: it has no operators and no scan
 * functions. It is kept up like any index and read by the functions of this
 * extension.
 */
#include "postgres.h"

#include "adjacency/adj_handler.h"
#include "commands/vacuum.h"
#include "fmgr.h"
#include "nodes/pathnodes.h"

PG_FUNCTION_INFO_V1(pt_adjacency_handler);

static bool
adj_validate(Oid opclass)
{
	/* a class names a type, and adj_check_definition judges types */
	return true;
}

static bytea *
adj_options(Datum reloptions, bool validate)
{
	if (validate && DatumGetPointer(reloptions) != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("access method \"adjacency\" has no storage parameters"),
				 errhint("Leave out the WITH clause.")));
	return NULL;
}

/* Called only if some path considered the index, which none should. */
static void
adj_cost_estimate(PlannerInfo *root, IndexPath *path, double loop_count,
				  Cost *startup_cost, Cost *total_cost,
				  Selectivity *selectivity, double *correlation, double *pages)
{
	*startup_cost = *total_cost = 1.0e10;
	*selectivity = 1.0;
	*correlation = 0.0;
	*pages = 1.0e10;
}

static IndexScanDesc
adj_begin_scan(Relation index, int nkeys, int norderbys)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("adjacency index \"%s\" cannot be scanned",
					RelationGetRelationName(index)),
			 errhint("Ask it through functions such as pt_bfs.")));
	return NULL;
}

static void
adj_rescan(IndexScanDesc scan, ScanKey keys, int nkeys, ScanKey orderbys, int norderbys)
{
	elog(ERROR, "adjacency index cannot be scanned");
}

static void
adj_end_scan(IndexScanDesc scan)
{
	elog(ERROR, "adjacency index cannot be scanned");
}

Datum
pt_adjacency_handler(PG_FUNCTION_ARGS)
{
	IndexAmRoutine *am = makeNode(IndexAmRoutine);

	am->amstrategies = 0;
	am->amsupport = 0;
	am->amoptsprocnum = 0;
	am->amcanmulticol = true;
	am->amcaninclude = true;	/* the weight */
	am->amstorage = true;
	am->ampredlocks = false;	/* readers lock the whole index */
	am->amparallelvacuumoptions = VACUUM_OPTION_NO_PARALLEL;
	am->amkeytype = InvalidOid;

	am->ambuild = adj_build;
	am->ambuildempty = adj_build_empty;
	am->aminsert = adj_insert;
	am->ambulkdelete = adj_bulk_delete;
	am->amvacuumcleanup = adj_vacuum_cleanup;
	am->amcostestimate = adj_cost_estimate;
	am->amoptions = adj_options;
	am->amvalidate = adj_validate;
	am->ambeginscan = adj_begin_scan;
	am->amrescan = adj_rescan;
	am->amendscan = adj_end_scan;

	PG_RETURN_POINTER(am);
}

bool
adj_is_adjacency_index(Relation index)
{
	return index->rd_rel->relkind == RELKIND_INDEX &&
		index->rd_indam != NULL && index->rd_indam->ambuild == adj_build;
}
