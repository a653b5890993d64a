/*
 * pt_compat.h
 *		Differences between PostgreSQL 15 and 19, all in one place.
 *
 * No other file tests PG_VERSION_NUM, but pt_varatt.h, since many want that
 * and nothing else. What has no comment is the server's function of that name,
 * with its contract.
 */
#ifndef PT_COMPAT_H
#define PT_COMPAT_H

#include "access/tableam.h"
#include "commands/vacuum.h"
#include "pgstat.h"
#include "storage/bufmgr.h"
#include "storage/lmgr.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "utils/guc.h"
#include "utils/guc_tables.h"
#include "utils/jsonb.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/wait_event.h"
#if PG_VERSION_NUM >= 170000
#include "storage/dsm_registry.h"
#endif

#if PG_VERSION_NUM < 150000
#error "parseltongue needs PostgreSQL 15 or later"
#endif

/* What names the file of an open relation. */
#if PG_VERSION_NUM >= 160000
#define PtRelDb(rel) ((rel)->rd_locator.dbOid)
#define PtRelSpc(rel) ((rel)->rd_locator.spcOid)
#define PtRelNumber(rel) ((rel)->rd_locator.relNumber)
#define PtRelFirstSubid(rel) ((rel)->rd_firstRelfilelocatorSubid)
typedef RelFileNumber PtRelFileNumber;
#else
#define PtRelDb(rel) ((rel)->rd_node.dbNode)
#define PtRelSpc(rel) ((rel)->rd_node.spcNode)
#define PtRelNumber(rel) ((rel)->rd_node.relNode)
#define PtRelFirstSubid(rel) ((rel)->rd_firstRelfilenodeSubid)
typedef Oid PtRelFileNumber;
#endif

/* Of the main fork. */
#if PG_VERSION_NUM >= 160000
#define pt_read_recent_buffer(rel, block, recent) \
	ReadRecentBuffer((rel)->rd_locator, MAIN_FORKNUM, block, recent)
#else
#define pt_read_recent_buffer(rel, block, recent) \
	ReadRecentBuffer((rel)->rd_node, MAIN_FORKNUM, block, recent)
#endif

#if PG_VERSION_NUM >= 180000
#define pt_vacuum_delay_point() vacuum_delay_point(false)
#else
#define pt_vacuum_delay_point() vacuum_delay_point()
#endif

/* Does the current user own a relation? Error 42P01 if there is none. */
#if PG_VERSION_NUM >= 160000
#define PtOwnsRelation(oid) object_ownercheck(RelationRelationId, (oid), GetUserId())
#else
#define PtOwnsRelation(oid) pg_class_ownercheck((oid), GetUserId())
#endif

/* From 17 on a library can get shared memory without being preloaded. */
#if PG_VERSION_NUM >= 170000
#define PT_HAVE_NAMED_DSM 1
#endif

/*
 * Declares the function that pt_get_named_dsm calls for a segment it has
 * created. From 19 on it has a second argument, of no use to us.
 */
#if PG_VERSION_NUM >= 190000
#define PT_DSM_INIT(name, ptr) name(void *ptr, void *arg)
#define pt_get_named_dsm(name, size, init, found) GetNamedDSMSegment(name, size, init, found, NULL)
#elif PG_VERSION_NUM >= 170000
#define PT_DSM_INIT(name, ptr) name(void *ptr)
#define pt_get_named_dsm(name, size, init, found) GetNamedDSMSegment(name, size, init, found)
#else
#define PT_DSM_INIT(name, ptr) name(void *ptr)
#endif

/*
 * A new tranche of locks, and its name, which until 18 each process has to
 * tell, and from 19 on is shared memory's.
 */
#if PG_VERSION_NUM >= 190000
#define pt_new_tranche(name) LWLockNewTrancheId(name)
#define pt_name_tranche(tranche, name) ((void) 0)
#else
#define pt_new_tranche(name) LWLockNewTrancheId()
#define pt_name_tranche(tranche, name) LWLockRegisterTranche(tranche, name)
#endif

/* For EXPLAIN ANALYZE, which tells of it from 18 on. */
#if PG_VERSION_NUM >= 180000
#define pt_count_index_search(scan) \
	((scan)->instrument ? (void) (scan)->instrument->nsearches++ : (void) 0)
#else
#define pt_count_index_search(scan) ((void) 0)
#endif

/*
 * What the statistics know of an index's scans: how many, and from 16 on when the
 * last was, else 0.
 */
typedef struct PtIndexUse
{
	PgStat_Counter scans;
	TimestampTz last;
} PtIndexUse;

static inline PtIndexUse
pt_index_use(Oid index)
{
	PgStat_StatTabEntry *entry = pgstat_fetch_stat_tabentry(index);
	PtIndexUse	use = {0, 0};

	if (entry == NULL)
		return use;
	use.scans = entry->numscans;
#if PG_VERSION_NUM >= 160000
	use.last = entry->lastscan;
#endif
	return use;
}

/* Which cache a callback is told of. */
#if PG_VERSION_NUM >= 190000
typedef SysCacheIdentifier PtSysCacheId;
#else
typedef int PtSysCacheId;
#endif

/* A kind of wait that pg_stat_activity shows, from 17 on by its own name. */
#if PG_VERSION_NUM >= 170000
#define pt_new_wait_event(name) WaitEventExtensionNew(name)
#else
#define pt_new_wait_event(name) PG_WAIT_EXTENSION
#endif

#if PG_VERSION_NUM >= 190000
#define pt_index_fetch_begin(heap) table_index_fetch_begin(heap, SO_NONE)
#else
#define pt_index_fetch_begin(heap) table_index_fetch_begin(heap)
#endif

/* To be called on a descriptor made here once its columns are in it. */
#if PG_VERSION_NUM >= 190000
#define pt_finalize_tupdesc(desc) TupleDescFinalize(desc)
#else
#define pt_finalize_tupdesc(desc) ((void) 0)
#endif

/*
 * A jsonb value under construction in the current memory context: zeroed at
 * first, the result at the end.
 */
#if PG_VERSION_NUM >= 190000
typedef JsonbInState PtJsonbState;
#else
typedef struct PtJsonbState
{
	JsonbParseState *levels;
	JsonbValue *result;
} PtJsonbState;
#endif

static inline void
pt_push_jsonb(PtJsonbState *state, JsonbIteratorToken token, JsonbValue *value)
{
#if PG_VERSION_NUM >= 190000
	pushJsonbValue(state, token, value);
#else
	state->result = pushJsonbValue(&state->levels, token, value);
#endif
}

/* What a setting's check hook passes on is freed by the server, each in its way. */
#if PG_VERSION_NUM >= 160000
#define PtSettingAlloc(size) guc_malloc(LOG, (size))
#define PtSettingFree(value) guc_free(value)
#else
#define PtSettingAlloc(size) malloc(size)
#define PtSettingFree(value) free(value)
#endif

/* The server's record of a setting, or NULL. */
static inline struct config_generic *
pt_find_setting(const char *name)
{
#if PG_VERSION_NUM >= 160000
	return find_option(name, false, true, LOG);
#else
	struct config_generic **all = get_guc_variables();

	for (int i = 0; i < GetNumConfigOptions(); i++)
	{
		if (strcmp(all[i]->name, name) == 0)
			return all[i];
	}
	return NULL;
#endif
}

/* Until 16 a setting could make old rows vanish under a snapshot. */
#if PG_VERSION_NUM >= 170000
#define PtOldSnapshotThreshold() (-1)
#define pt_test_for_old_snapshot(snapshot, relation, page) ((void) 0)
#else
#define PtOldSnapshotThreshold() (old_snapshot_threshold)
#define pt_test_for_old_snapshot(snapshot, relation, page) \
	TestForOldSnapshot(snapshot, relation, page)
#endif

/* A plan for a query that reads, which no parallel workers help. */
#if PG_VERSION_NUM >= 190000
#define pt_plan_query(query, sql, params) pg_plan_query(query, sql, 0, params, NULL)
#else
#define pt_plan_query(query, sql, params) pg_plan_query(query, sql, 0, params)
#endif

/* Before 16 the walker has no prototype, which newer compilers take for no arguments. */
#if PG_VERSION_NUM >= 160000
#define pt_planstate_tree_walker(state, walker, context) \
	planstate_tree_walker(state, walker, context)
#else
#define pt_planstate_tree_walker(state, walker, context) \
	planstate_tree_walker(state, (void *) (walker), context)
#endif

/* All rows of a query that was started. */
#if PG_VERSION_NUM >= 180000
#define pt_executor_run(query) ExecutorRun(query, ForwardScanDirection, 0)
#else
#define pt_executor_run(query) ExecutorRun(query, ForwardScanDirection, 0, true)
#endif

/*
 * Extend a relation's main or init fork by one zeroed block and return it,
 * pinned and exclusively locked. Waits for others who extend the file. On 15
 * the extension lock is taken here, on later versions by ExtendBufferedRel.
 */
static inline Buffer
pt_extend_relation(Relation rel, ForkNumber fork)
{
#if PG_VERSION_NUM >= 160000
	return ExtendBufferedRel(BMR_REL(rel), fork, NULL, EB_LOCK_FIRST);
#else
	Buffer		buf;
	bool		lock = !RELATION_IS_LOCAL(rel);

	if (lock)
		LockRelationForExtension(rel, ExclusiveLock);
	buf = ReadBufferExtended(rel, fork, P_NEW, RBM_NORMAL, NULL);
	LockBuffer(buf, BUFFER_LOCK_EXCLUSIVE);
	if (lock)
		UnlockRelationForExtension(rel, ExclusiveLock);
	return buf;
#endif
}

/*
 * May a subtransaction be begun in parallel mode? From 17 on, by who takes no command
 * id: its end begins another command if the one under way has taken one, as CREATE TABLE
 * AS has, and that is an error then. VACUUM takes none.
 */
#if PG_VERSION_NUM >= 170000
#define pt_parallel_subtransactions() ((MyProc->statusFlags & PROC_IN_VACUUM) != 0)
#else
#define pt_parallel_subtransactions() false
#endif

#endif							/* PT_COMPAT_H */
