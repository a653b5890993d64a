/*
 * image_start.c
 *		Images that come back after the server has started.
 *
 * Images are in shared memory and gone with it. Where the library is preloaded a
 * leader begins once the server takes connections, on a standby, too, and has a
 * worker look after one database after another. That builds the shared images of
 * indexes that have been walked, those first that were walked last, as long as
 * there is room: no other image goes for them.
 *
 * Which ones have been walked the server's own statistics know, so nothing is
 * written anywhere. They survive a shutdown, belong to one server (a backup that was
 * taken while it ran begins without), and are lost in a crash: then no image comes
 * back by itself, and whatever a worker may have crashed over is not tried again.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "base/pt_compat.h"
#include "base/pt_guc.h"
#include "base/pt_interrupts.h"
#include "catalog/pg_class.h"
#include "catalog/pg_database.h"
#include "commands/defrem.h"
#include "image/image.h"
#include "image/image_registry.h"
#include "image/image_worker.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "pgstat.h"
#include "storage/ipc.h"
#include "tcop/tcopprot.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"

/* when an index is tried again that somebody was in the way of */
#define SECOND_TRY_MS 1000

PGDLLEXPORT void pt_image_start_main(Datum arg);
PGDLLEXPORT void pt_image_database_main(Datum arg);

/* ---- the leader ---- */

void
image_start_init(void)
{
	BackgroundWorker leader;

	if (!process_shared_preload_libraries_in_progress || IsBinaryUpgrade ||
		pt_prewarm_setting == PT_PREWARM_OFF || pt_shared_image_memory == 0)
		return;
	image_worker_describe(&leader, "pt_image_start_main", "parseltongue prewarm leader");
	RegisterBackgroundWorker(&leader);
}

/* Those that one can connect to, in a list of the given context. */
static List *
list_databases(MemoryContext context)
{
	List	   *databases = NIL;
	Relation	catalog;
	TableScanDesc scan;
	HeapTuple	row;

	StartTransactionCommand();
	catalog = table_open(DatabaseRelationId, AccessShareLock);
	scan = table_beginscan_catalog(catalog, 0, NULL);
	while ((row = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		Form_pg_database form = (Form_pg_database) GETSTRUCT(row);
		MemoryContext old;

		/* a limit of -2 is a database that was not dropped to the end */
		if (!form->datallowconn || form->datconnlimit < -1)
			continue;
		old = MemoryContextSwitchTo(context);
		databases = lappend_oid(databases, form->oid);
		MemoryContextSwitchTo(old);
	}
	table_endscan(scan);
	table_close(catalog, AccessShareLock);
	CommitTransactionCommand();
	MemoryContextSwitchTo(context);
	return databases;
}

/* Have a worker look after a database. False if none can be had. */
static bool
look_after(Oid database)
{
	BackgroundWorker worker;
	BackgroundWorkerHandle *handle;

	image_worker_describe(&worker, "pt_image_database_main", "parseltongue prewarm worker");
	worker.bgw_main_arg = ObjectIdGetDatum(database);
	worker.bgw_notify_pid = MyProcPid;
	if (!RegisterDynamicBackgroundWorker(&worker, &handle))
		return false;
	if (WaitForBackgroundWorkerShutdown(handle) == BGWH_POSTMASTER_DIED)
		proc_exit(1);
	return true;
}

void
pt_image_start_main(Datum arg)
{
	MemoryContext context = AllocSetContextCreate(TopMemoryContext, "parseltongue databases",
												  ALLOCSET_SMALL_SIZES);
	ListCell   *lc;

	image_worker_connect(InvalidOid);
	foreach(lc, list_databases(context))
	{
		image_worker_between_tasks();
		if (look_after(lfirst_oid(lc)))
			continue;
		ereport(LOG,
				(errmsg("graph images are not built after the start: no background worker is free"),
				 errhint("You may need to increase max_worker_processes.")));
		break;
	}
}

/* ---- a worker of a database ---- */

typedef struct UsedIndex
{
	Oid			index;
	PtIndexUse	use;
} UsedIndex;

/* Walked last first; where that is not known, walked most first. */
static int
compare_use(const ListCell *a, const ListCell *b)
{
	const UsedIndex *left = lfirst(a);
	const UsedIndex *right = lfirst(b);

	if (left->use.last != right->use.last)
		return left->use.last > right->use.last ? -1 : 1;
	if (left->use.scans != right->use.scans)
		return left->use.scans > right->use.scans ? -1 : 1;
	return left->index < right->index ? -1 : left->index > right->index;
}

static List *
add_index(List *indexes, const FormData_pg_class *form, MemoryContext context)
{
	PtIndexUse	use = pt_index_use(form->oid);
	UsedIndex  *found;
	MemoryContext old;

	if (form->relkind != RELKIND_INDEX || form->relpersistence == RELPERSISTENCE_TEMP ||
		(use.scans == 0 && pt_prewarm_setting != PT_PREWARM_ALL))
		return indexes;
	old = MemoryContextSwitchTo(context);
	found = palloc(sizeof(UsedIndex));
	found->index = form->oid;
	found->use = use;
	indexes = lappend(indexes, found);
	MemoryContextSwitchTo(old);
	return indexes;
}

/* Indexes of this database to be built, in order, in a list of the given context. */
static List *
list_indexes(MemoryContext context)
{
	List	   *indexes = NIL;
	Oid			adjacency;

	StartTransactionCommand();
	adjacency = get_index_am_oid("adjacency", true);
	if (OidIsValid(adjacency))
	{
		Relation	catalog = table_open(RelationRelationId, AccessShareLock);
		ScanKeyData key;
		TableScanDesc scan;
		HeapTuple	row;

		ScanKeyInit(&key, Anum_pg_class_relam, BTEqualStrategyNumber, F_OIDEQ,
					ObjectIdGetDatum(adjacency));
		scan = table_beginscan_catalog(catalog, 1, &key);
		while ((row = heap_getnext(scan, ForwardScanDirection)) != NULL)
		{
			CHECK_FOR_INTERRUPTS();
			indexes = add_index(indexes, (Form_pg_class) GETSTRUCT(row), context);
		}
		table_endscan(scan);
		table_close(catalog, AccessShareLock);
	}
	CommitTransactionCommand();
	MemoryContextSwitchTo(context);
	list_sort(indexes, compare_use);
	return indexes;
}

/* Have images built. What is left are those that somebody was in the way of. */
static List *
build_images(List *indexes)
{
	List	   *left = NIL;
	ListCell   *lc;

	foreach(lc, indexes)
	{
		UsedIndex  *used = lfirst(lc);

		image_worker_between_tasks();
		if (image_worker_is_in_the_way())
			return NIL;
		if (image_worker_do(used->index, true) == WORK_PUT_OFF)
			left = lappend(left, used);
	}
	return left;
}

void
pt_image_database_main(Datum arg)
{
	MemoryContext context = AllocSetContextCreate(TopMemoryContext, "parseltongue indexes",
												  ALLOCSET_SMALL_SIZES);
	List	   *left;

	image_worker_connect(DatumGetObjectId(arg));
	/* where there is no room for it that is no error in a transaction */
	StartTransactionCommand();
	image_registry_attach();
	CommitTransactionCommand();
	if (!image_registry_available())
		return;
	pgstat_report_activity(STATE_RUNNING, "building graph images");
	left = build_images(list_indexes(context));
	if (left == NIL)
		return;
	/* it is set in a process that begins */
	ResetLatch(MyLatch);
	pt_nap(SECOND_TRY_MS, pt_new_wait_event("ParseltonguePrewarmRest"));
	(void) build_images(left);
}
