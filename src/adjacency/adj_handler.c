/*
 * adj_handler.c
 *		The index access method: what the core may ask of it.
 *
 * It is kept up like any index and read by the functions of this extension. To the
 * planner it offers bitmap scans for rows that have some node at an end. There is
 * no amgettuple: it would admit exclusion constraints, and snapshots that see what
 * is not committed.
 */
#include "postgres.h"

#include "adjacency/adj_handler.h"
#include "adjacency/adj_scan.h"
#include "commands/vacuum.h"
#include "fmgr.h"

PG_FUNCTION_INFO_V1(pt_adjacency_handler);

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

Datum
pt_adjacency_handler(PG_FUNCTION_ARGS)
{
	IndexAmRoutine *am = makeNode(IndexAmRoutine);

	am->amstrategies = 1;		/* equality */
	am->amsupport = 0;
	am->amoptsprocnum = 0;
	am->amcanmulticol = true;
	am->amoptionalkey = true;	/* by either end */
	am->amsearcharray = true;
	am->amcaninclude = true;	/* the weight */
	am->amstorage = true;		/* says nothing, but a class must say something */
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
	am->amgetbitmap = adj_get_bitmap;
	am->amendscan = adj_end_scan;

	PG_RETURN_POINTER(am);
}

bool
adj_is_adjacency_index(Relation index)
{
	return index->rd_rel->relkind == RELKIND_INDEX &&
		index->rd_indam != NULL && index->rd_indam->ambuild == adj_build;
}
