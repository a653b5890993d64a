/*
 * image_worker.c
 *		Background workers that build and merge images for all sessions.
 *
 * A session that finds the overlay of a shared base large asks for a merge and
 * goes on with what it has. The worker attaches to the base like any session,
 * reads the log's tail and publishes what it has merged; sessions come over to
 * that with their next call. src/README argues why it needs neither barrier nor
 * snapshot.
 *
 * A worker is in nobody's way for long. It takes its locks only if it gets them
 * at once, and ten times a second it looks whether anybody waits for them, for its
 * transaction, as REINDEX CONCURRENTLY does, or for its database: DROP DATABASE
 * and CREATE DATABASE ... TEMPLATE fail after five seconds of waiting for other
 * sessions, and know nothing of workers. Then it lets go of everything; what it
 * has done so far is lost.
 *
 * It is not there for long either: where there is nothing more to do in its
 * database it ends, once what it has superseded is gone. That lingers for some
 * seconds, in which sessions come over to what is new at their leisure.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "adjacency/adj_handler.h"
#include "base/pt_compat.h"
#include "base/pt_interrupts.h"
#include "catalog/index.h"
#include "catalog/pg_database.h"
#include "image/image.h"
#include "image/image_tasks.h"
#include "image/image_worker.h"
#include "pgstat.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "storage/lmgr.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "tcop/tcopprot.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

/* how often a worker looks whether it is in somebody's way */
#define LOOK_EVERY_MS 100
#define LOOK_CLOSELY_EVERY_MS 1000

PGDLLEXPORT void pt_image_worker_main(Datum arg);

/* ---- asking ---- */

void
image_worker_describe(BackgroundWorker *worker, const char *entry_point, const char *name)
{
	memset(worker, 0, sizeof(BackgroundWorker));
	worker->bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
	/* on standbys, too */
	worker->bgw_start_time = BgWorkerStart_ConsistentState;
	worker->bgw_restart_time = BGW_NEVER_RESTART;
	strlcpy(worker->bgw_library_name, "parseltongue", sizeof(worker->bgw_library_name));
	strlcpy(worker->bgw_function_name, entry_point, sizeof(worker->bgw_function_name));
	strlcpy(worker->bgw_name, name, sizeof(worker->bgw_name));
	strlcpy(worker->bgw_type, name, sizeof(worker->bgw_type));
}

static bool
start_worker(const ImageWorkerRef *ref)
{
	BackgroundWorker worker;

	StaticAssertStmt(sizeof(*ref) <= BGW_EXTRALEN, "a worker is told its place");
	image_worker_describe(&worker, "pt_image_worker_main", "parseltongue merge");
	memcpy(worker.bgw_extra, ref, sizeof(*ref));
	return RegisterDynamicBackgroundWorker(&worker, NULL);
}

bool
image_worker_ask(Oid database, Oid index, ImageRef base)
{
	ImageWorkerRef ref;
	TaskAnswer	answer = image_tasks_ask(database, index, base, &ref);

	if (answer == TASK_NEEDS_WORKER && !start_worker(&ref))
	{
		image_tasks_not_started(&ref);
		return false;
	}
	return answer != TASK_REFUSED;
}

/* ---- being in nobody's way ---- */

/* the relations that are locked, when to look again, and what was seen */
static Oid	locked_heap = InvalidOid;
static Oid	locked_index = InvalidOid;
static TimestampTz look_at = 0;
static TimestampTz look_closely_at = 0;
static bool gives_way = false;

/*
 * A new session takes this lock on its database. Who drops, renames or copies the
 * database holds one that conflicts while he waits for others to go.
 */
bool
image_worker_is_in_the_way(void)
{
	LOCKTAG		tag;

	SET_LOCKTAG_OBJECT(tag, InvalidOid, DatabaseRelationId, MyDatabaseId, 0);
	if (LockAcquire(&tag, RowExclusiveLock, false, true) == LOCKACQUIRE_NOT_AVAIL)
		return true;
	LockRelease(&tag, RowExclusiveLock, false);
	return false;
}

/*
 * Requests for our relations in the server's table of locks, granted or not: locks
 * like ours are not in it as a rule, until somebody asks for one that excludes them.
 */
static int
count_requests(void)
{
	LOCKTAG		heap;
	LOCKTAG		index;

	SET_LOCKTAG_RELATION(heap, MyDatabaseId, locked_heap);
	SET_LOCKTAG_RELATION(index, MyDatabaseId, locked_index);
	return (OidIsValid(locked_heap) ? LockWaiterCount(&heap) : 0) +
		(OidIsValid(locked_index) ? LockWaiterCount(&index) : 0);
}

/* Does somebody wait for the end of our transaction? Nobody else can have this lock. */
static bool
is_end_awaited(void)
{
	VirtualTransactionId me;
	LOCKTAG		mine;

	GET_VXID_FROM_PGPROC(me, *MyProc);
	SET_LOCKTAG_VIRTUALTRANSACTION(mine, me);
	return LockWaiterCount(&mine) > 1;
}

/*
 * Of all locks there are, is one on our relations waited for that excludes readers?
 * Who waits for a weaker one waits for others.
 */
static bool
is_relation_awaited(void)
{
	LockData   *data = GetLockStatusData();
	bool		found = false;

	for (int i = 0; i < data->nelements && !found; i++)
	{
		const LockInstanceData *lock = &data->locks[i];
		const LOCKTAG *tag = &lock->locktag;

		found = lock->waitLockMode == AccessExclusiveLock &&
			tag->locktag_type == LOCKTAG_RELATION && tag->locktag_field1 == MyDatabaseId &&
			(tag->locktag_field2 == locked_heap || tag->locktag_field2 == locked_index);
	}
	pfree(data->locks);
	pfree(data);
	return found;
}

/*
 * Is somebody kept waiting by us? Only looking says so: a lock that conflicts
 * with his request would be granted to us, who hold what he waits for, ahead of
 * him (from 17 on). To look at one lock is cheap, and tells how many have asked for it,
 * not whether all have got it. So if any have, all locks are looked at: when their
 * number changes, and once a second. Nothing is locked for it, so no invalidation
 * is met, which might have to read catalogs, and wait for them, with a claim held.
 */
static bool
is_awaited(TimestampTz now)
{
	static int	seen = 0;
	int			requests = count_requests();
	bool		look = requests > 0 && (requests != seen || now >= look_closely_at);

	seen = requests;
	if (look)
		look_closely_at = TimestampTzPlusMilliseconds(now, LOOK_CLOSELY_EVERY_MS);
	return is_end_awaited() || (look && is_relation_awaited());
}

/* The hook of long loops. Catalogs were read: their snapshot is not kept either. */
static void
give_way(void)
{
	TimestampTz now = GetCurrentTimestamp();

	if (now < look_at)
		return;
	look_at = TimestampTzPlusMilliseconds(now, LOOK_EVERY_MS);
	InvalidateCatalogSnapshot();
	gives_way = image_worker_is_in_the_way() || is_awaited(now);
	if (gives_way)
		ereport(ERROR,
				(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
				 errmsg("background worker of parseltongue gives way")));
}

/* ---- working ---- */

/*
 * Lock the index, the table first: WORK_DONE, or put off if somebody is in the way.
 * An index that is not to be seen has gone, or its transaction is still under way;
 * then its sessions do their work themselves.
 */
static WorkResult
lock_relations(Oid index)
{
	Oid			heap = IndexGetRelation(index, true);

	if (!OidIsValid(heap))
		return WORK_FAILED;
	if (!ConditionalLockRelationOid(heap, AccessShareLock))
		return WORK_PUT_OFF;
	locked_heap = heap;
	if (!ConditionalLockRelationOid(index, AccessShareLock))
		return WORK_PUT_OFF;
	locked_index = index;
	/* it may have gone, or become another table's, before we had the locks */
	if (IndexGetRelation(index, true) == heap &&
		SearchSysCacheExists1(RELOID, ObjectIdGetDatum(heap)) &&
		SearchSysCacheExists1(RELOID, ObjectIdGetDatum(index)))
		return WORK_DONE;
	return WORK_FAILED;
}

/* Is it an index with a log, complete, that sessions may share an image of? */
static bool
has_log(Relation index)
{
	return adj_is_adjacency_index(index) && index->rd_index->indisvalid &&
		index->rd_index->indislive &&
		index->rd_rel->relpersistence != RELPERSISTENCE_TEMP &&
		!(RecoveryInProgress() && index->rd_rel->relpersistence == RELPERSISTENCE_UNLOGGED);
}

/* In a transaction, which the caller ends. */
static WorkResult
work(Oid oid, bool is_optional)
{
	WorkResult	result = lock_relations(oid);
	Relation	index;

	if (result != WORK_DONE)
		return result;
	index = index_open(oid, NoLock);
	/* what was left behind by looking at catalogs holds up VACUUM */
	InvalidateCatalogSnapshot();
	if (!has_log(index) || !(image_refresh(index, is_optional) || is_optional))
		result = WORK_FAILED;
	index_close(index, NoLock);
	return result;
}

/* Who reads the log may wonder which image it was. */
static void
add_context(void *arg)
{
	errcontext("building the graph image of index %u in the background", *(Oid *) arg);
}

WorkResult
image_worker_do(Oid index, bool is_optional)
{
	MemoryContext context = CurrentMemoryContext;
	ErrorContextCallback callback = {error_context_stack, add_context, &index};
	volatile WorkResult result = WORK_FAILED;

	error_context_stack = &callback;
	gives_way = false;
	look_closely_at = 0;
	locked_heap = locked_index = InvalidOid;
	pt_interrupt_hook = give_way;
	PG_TRY();
	{
		SetCurrentStatementStartTimestamp();
		StartTransactionCommand();
		result = work(index, is_optional);
		CommitTransactionCommand();
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		HOLD_INTERRUPTS();
		if (gives_way)
			result = WORK_PUT_OFF;
		else
			EmitErrorReport();
		FlushErrorState();
		AbortCurrentTransaction();
		RESUME_INTERRUPTS();
	}
	PG_END_TRY();
	pt_interrupt_hook = NULL;
	error_context_stack = callback.previous;
	MemoryContextSwitchTo(context);
	return result;
}

/*
 * Settings for sessions that a worker must not have, as it would end or fail by
 * them: limits of time, and transactions that cannot begin on a standby. Neither
 * those of a database nor a reload come through.
 */
static void
keep_settings_out(void)
{
	static const struct
	{
		const char *name;
		const char *value;
	}			settings[] = {
		{"default_transaction_isolation", "read committed"},
		{"default_transaction_deferrable", "off"},
		{"statement_timeout", "0"},
		{"transaction_timeout", "0"},	/* from 17 on */
		{"lock_timeout", "0"},
		{"idle_in_transaction_session_timeout", "0"},
		{"idle_session_timeout", "0"}
	};

	for (int i = 0; i < lengthof(settings); i++)
		if (GetConfigOption(settings[i].name, true, false) != NULL)
			SetConfigOption(settings[i].name, settings[i].value, PGC_SUSET, PGC_S_OVERRIDE);
}

void
image_worker_connect(Oid database)
{
	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGTERM, die);
	BackgroundWorkerUnblockSignals();
	keep_settings_out();
	BackgroundWorkerInitializeConnectionByOid(database, InvalidOid, 0);
}

void
image_worker_between_tasks(void)
{
	CHECK_FOR_INTERRUPTS();
	if (!ConfigReloadPending)
		return;
	ConfigReloadPending = false;
	ProcessConfigFile(PGC_SIGHUP);
}

/* ---- a worker's life ---- */

static bool is_connected = false;

static void
end_worker(int code, Datum arg)
{
	image_tasks_worker_ends((ImageWorkerRef *) DatumGetPointer(arg), is_connected);
	if (is_connected)
		(void) image_registry_end_lingering(MyDatabaseId, true);
}

static void
wait_a_moment(void)
{
	static uint32 event = 0;

	if (event == 0)
		event = pt_new_wait_event("ParseltongueWorkerIdle");
	pt_nap(LOOK_EVERY_MS, event);
}

/* Where there was no room for it, it rests before it is tried again. */
static ImageTaskState
build_image(const ImageTask *task)
{
	switch (image_worker_do(task->index, true))
	{
		case WORK_DONE:
			return image_registry_knows(task->database, task->index) ? TASK_FREE : TASK_RESTING;
		case WORK_PUT_OFF:
			return TASK_RESTING;
		default:
			return TASK_FAILED;
	}
}

static ImageTaskState
merge_image(const ImageTask *task)
{
	static const ImageTaskState states[] = {
		[WORK_DONE] = TASK_FREE,
		[WORK_PUT_OFF] = TASK_RESTING,
		[WORK_FAILED] = TASK_FAILED
	};

	/* whoever needed room for another may have dropped it meanwhile */
	return image_registry_is_current(task->base) ?
		states[image_worker_do(task->index, false)] : TASK_FREE;
}

static void
do_task(const ImageTask *task)
{
	image_tasks_end(task, task->base.slot < 0 ? build_image(task) : merge_image(task));
}

void
pt_image_worker_main(Datum arg)
{
	static ImageWorkerRef me;
	ImageTask	task;

	memcpy(&me, MyBgworkerEntry->bgw_extra, sizeof(me));
	/* no transaction, so an error ends it; but who has asked has found the registry */
	image_registry_attach();
	if (!image_registry_attached() || !image_tasks_begin(&me))
		return;
	before_shmem_exit(end_worker, PointerGetDatum(&me));
	image_worker_connect(me.database);
	is_connected = true;
	pgstat_report_activity(STATE_RUNNING, "merging graph images");
	while (!image_worker_is_in_the_way())
	{
		bool		lingers = image_registry_end_lingering(me.database, false);
		TaskNext	next = image_tasks_next(&me, lingers, &task);

		if (next == NEXT_END)
			break;
		if (next == NEXT_TASK)
			do_task(&task);
		else
			wait_a_moment();
		image_worker_between_tasks();
	}
}
