/*
 * sql_index.c
 *		The table and the index of a graph: found, locked, opened.
 *
 * REINDEX CONCURRENTLY and its like swap one index for another while walks go
 * on. In the catalog that is one transaction, so every snapshot of pg_index has
 * one valid index. A session's caches may show it half done, both valid or
 * neither: what it had looked up before is from before the swap until the
 * invalidation comes, which is some time after the commit, and what it looks
 * up meanwhile is from after. No number of tries is enough for that: the one
 * who swaps may have lost the processor in between.
 *
 * So, of several valid indexes of the same columns any will do (and for a walk that
 * asks for no weights any weight), and where the
 * caches know of none the catalog is asked itself, under one snapshot. What was
 * found valid after the table had been locked is complete for the statement:
 *
 *	- Everybody feeds an index that is valid, and goes on when it is not valid
 *	  any more, until all who held a lock on its table then have let it go.
 *	- On a standby nobody waits for us: the index may be fed no longer by the
 *	  time it is locked. The statement's snapshot is from before the index was
 *	  found valid, so all rows it sees have their entries. Those of TIDs used
 *	  again since then lead to rows it does not see, and every row is fetched.
 *	  The same goes for an index that the snapshot itself sees as valid, which is
 *	  the better one where the snapshot is older than what is valid now. What a
 *	  plain REINDEX has built since cannot be told from it, see "Limits".
 *	- Before it is dropped somebody takes an exclusive lock on it, on standbys
 *	  too. If it is gone when we get ours, another has taken its place.
 *
 * A call that names an index by its OID means the graph, and gets another index
 * of the same columns where that one was swapped away.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "access/xlog.h"
#include "adjacency/adj_handler.h"
#include "base/pt_compat.h"
#include "base/pt_interrupts.h"
#include "catalog/indexing.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_index.h"
#include "catalog/pg_inherits.h"
#include "commands/defrem.h"
#include "function/sql_graph.h"
#include "function/sql_index.h"
#include "function/sql_tables.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "storage/proc.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

/* how often it is looked whether a lock is free, or an invalidation has come */
#define LOOK_EVERY_MS 1

/* ---- what the catalog says of an index ---- */

static bool
is_valid(HeapTuple row)
{
	Form_pg_index index = (Form_pg_index) GETSTRUCT(row);

	return index->indisvalid && index->indisready && index->indislive;
}

static bool
has_weight(HeapTuple row)
{
	Form_pg_index index = (Form_pg_index) GETSTRUCT(row);

	return index->indnatts > index->indnkeyatts;
}

/* Is it of the same ends, label and confidence, whatever the weight? */
static bool
is_same_graph(HeapTuple row, HeapTuple other)
{
	Form_pg_index a = (Form_pg_index) GETSTRUCT(row);
	Form_pg_index b = (Form_pg_index) GETSTRUCT(other);

	return a->indnkeyatts == b->indnkeyatts &&
		memcmp(a->indkey.values, b->indkey.values, a->indnkeyatts * sizeof(int16)) == 0;
}

static bool
has_columns_of(HeapTuple row, HeapTuple other)
{
	Form_pg_index a = (Form_pg_index) GETSTRUCT(row);
	Form_pg_index b = (Form_pg_index) GETSTRUCT(other);

	return a->indnatts == b->indnatts && a->indnkeyatts == b->indnkeyatts &&
		memcmp(a->indkey.values, b->indkey.values, a->indnatts * sizeof(int16)) == 0;
}

/* Its snapshot may need row versions that the index lacks. */
static bool
is_barred(HeapTuple row)
{
	return ((Form_pg_index) GETSTRUCT(row))->indcheckxmin &&
		!TransactionIdPrecedes(HeapTupleHeaderGetXmin(row->t_data), TransactionXmin);
}

/*
 * Does the statement's snapshot see the index as it is now? On a standby it may
 * be older: nobody waited for it before the index came into use, so rows that it
 * sees and that were deleted before may have no entry.
 */
static bool
is_seen(HeapTuple row)
{
	Snapshot	snapshot = GetActiveSnapshot();

	return !snapshot->takenDuringRecovery ||
		!XidInMVCCSnapshot(HeapTupleHeaderGetXmin(row->t_data), snapshot);
}

/* InvalidOid if the index is gone. */
static Oid
access_method(Oid index)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(index));
	Oid			result;

	if (!HeapTupleIsValid(tuple))
		return InvalidOid;
	result = ((Form_pg_class) GETSTRUCT(tuple))->relam;
	ReleaseSysCache(tuple);
	return result;
}

/* The row of an index as the statement's snapshot sees it, or NULL; a copy. */
static HeapTuple
row_in_snapshot(Oid index)
{
	HeapTuple	row = NULL;
	Relation	catalog;
	SysScanDesc scan;
	ScanKeyData key;

	if (!ActiveSnapshotSet())
		return NULL;
	catalog = table_open(IndexRelationId, AccessShareLock);
	ScanKeyInit(&key, Anum_pg_index_indexrelid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(index));
	scan = systable_beginscan(catalog, IndexRelidIndexId, true, GetActiveSnapshot(), 1, &key);
	row = systable_getnext(scan);
	if (row != NULL)
		row = heap_copytuple(row);
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return row;
}

/*
 * The row of an index, or, if it is gone, as the statement's snapshot still
 * sees it: whoever named it may have done so before it was swapped away.
 */
static HeapTuple
find_row(Oid index)
{
	HeapTuple	row = SearchSysCacheCopy1(INDEXRELID, ObjectIdGetDatum(index));

	return row != NULL ? row : row_in_snapshot(index);
}

/* Was this a valid index when the statement began? */
static bool
was_valid(Oid index)
{
	HeapTuple	row = row_in_snapshot(index);

	return row != NULL && is_valid(row);
}

Oid
sql_graph_table(Oid relation)
{
	char		kind = get_rel_relkind(relation);
	HeapTuple	row;

	if (kind != '\0' && kind != RELKIND_INDEX && kind != RELKIND_PARTITIONED_INDEX)
		return relation;
	row = find_row(relation);
	return row == NULL ? InvalidOid : ((Form_pg_index) GETSTRUCT(row))->indrelid;
}

/* ---- choosing among the indexes of a table ---- */

typedef struct Candidates
{
	Oid			access_method;	/* adjacency */
	int			reads;			/* SQL_READ_WEIGHT: one with a weight, if there is one */
	HeapTuple	wanted;			/* only indexes of these columns, or NULL */
	bool		any_weight;		/* and of any weight, or none */
	HeapTuple	best;			/* valid; a copy */
	Oid			other;			/* valid, but of other columns */
	bool		vanished;		/* one was dropped while we looked */
} Candidates;

static Oid
oid_of(HeapTuple row)
{
	return ((Form_pg_index) GETSTRUCT(row))->indexrelid;
}

/* Is it one of those that are asked for? */
static bool
is_wanted(const Candidates *c, HeapTuple row)
{
	return c->wanted == NULL || has_columns_of(row, c->wanted) ||
		(c->any_weight && is_same_graph(row, c->wanted));
}

/* Does a call want to know which weight it is? */
static bool
differs(const Candidates *c, HeapTuple row)
{
	if (!is_same_graph(row, c->best))
		return true;
	return (c->reads & SQL_READ_WEIGHT) && has_weight(row) && has_weight(c->best) &&
		!has_columns_of(row, c->best);
}

static bool
is_better(const Candidates *c, HeapTuple row)
{
	if ((c->reads & SQL_READ_WEIGHT) && has_weight(row) != has_weight(c->best))
		return has_weight(row);
	return is_barred(c->best) && !is_barred(row);
}

/*
 * Of several the first will do that our snapshot may use. They come in the
 * order of their OIDs, so that all sessions walk the same image.
 */
static void
consider(Candidates *c, HeapTuple row)
{
	Oid			method;

	if (!is_valid(row) || !is_wanted(c, row))
		return;
	method = access_method(oid_of(row));
	c->vanished |= !OidIsValid(method);
	if (method != c->access_method)
		return;
	if (c->best != NULL && differs(c, row))
		c->other = oid_of(row);
	else if (c->best == NULL || is_better(c, row))
		c->best = heap_copytuple(row);
}

static void
start_over(Candidates *c)
{
	c->best = NULL;
	c->other = InvalidOid;
	c->vanished = false;
}

static void
ask_caches(Candidates *c, Relation heap)
{
	List	   *oids = RelationGetIndexList(heap);
	ListCell   *lc;

	start_over(c);
	foreach(lc, oids)
	{
		HeapTuple	row = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(lfirst_oid(lc)));

		if (!HeapTupleIsValid(row))
			continue;
		consider(c, row);
		ReleaseSysCache(row);
	}
	list_free(oids);
}

static bool
is_decided(const Candidates *c)
{
	return c->best != NULL && !OidIsValid(c->other);
}

static int
compare_rows(const ListCell *a, const ListCell *b)
{
	Oid			x = oid_of(lfirst(a));
	Oid			y = oid_of(lfirst(b));

	return x < y ? -1 : x > y;
}

/* The rows of a table's indexes, by OID, under one snapshot; NULL is a new one. */
static List *
read_catalog(Oid heap, Snapshot snapshot)
{
	Relation	catalog = table_open(IndexRelationId, AccessShareLock);
	List	   *rows = NIL;
	SysScanDesc scan;
	ScanKeyData key;
	HeapTuple	row;

	/* one that was kept would be as old as what the caches have */
	InvalidateCatalogSnapshot();
	ScanKeyInit(&key, Anum_pg_index_indrelid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(heap));
	scan = systable_beginscan(catalog, IndexIndrelidIndexId, true, snapshot, 1, &key);
	while ((row = systable_getnext(scan)) != NULL)
		rows = lappend(rows, heap_copytuple(row));
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	list_sort(rows, compare_rows);
	return rows;
}

static void
ask_catalog(Candidates *c, Relation heap, Snapshot snapshot)
{
	List	   *rows = read_catalog(RelationGetRelid(heap), snapshot);
	ListCell   *lc;

	start_over(c);
	foreach(lc, rows)
		consider(c, lfirst(lc));
}

/* Wait a moment for somebody who swaps indexes, or for replay, which tell nobody. */
static void
wait_for_swap(void)
{
	static uint32 event = 0;

	if (event == 0)
		event = pt_new_wait_event("ParseltongueIndexSwap");
	pt_nap(LOOK_EVERY_MS, event);
}

/*
 * Lock and open an index that may be about to be dropped; NULL if it is gone. In
 * recovery replay has the lock then, and replay may itself wait for our snapshot
 * to go: nobody would see that the two wait for each other. So there the wait
 * ends after deadlock_timeout, also with NULL.
 */
static Relation
try_open_passing(Oid oid)
{
	TimestampTz start = GetCurrentTimestamp();
	Relation	relation;

	if (!RecoveryInProgress())
		return try_relation_open(oid, AccessShareLock);
	while (!ConditionalLockRelationOid(oid, AccessShareLock))
	{
		if (TimestampDifferenceExceeds(start, GetCurrentTimestamp(), DeadlockTimeout))
			return NULL;
		wait_for_swap();
	}
	relation = try_relation_open(oid, AccessShareLock);
	UnlockRelationOid(oid, AccessShareLock);
	return relation;
}

/* An index of a table that was opened, or NULL. */
static Relation
check_index(Relation heap, Relation index)
{
	if (index != NULL && (index->rd_index == NULL ||
						  index->rd_index->indrelid != RelationGetRelid(heap)))
	{
		/* the number was given to another relation meanwhile */
		relation_close(index, AccessShareLock);
		return NULL;
	}
	return index;
}

/* Is the index in use, by all that replay or others have told us by now? */
static bool
is_in_use(Oid oid)
{
	HeapTuple	row;
	bool		result;

	AcceptInvalidationMessages();
	row = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(oid));
	if (!HeapTupleIsValid(row))
		return false;
	result = is_valid(row);
	ReleaseSysCache(row);
	return result;
}

/*
 * Lock and open an index of a table; NULL if it is gone or about to go. One that
 * is in use is waited for, as any query that reads the table does.
 */
static Relation
try_index(Relation heap, Oid oid)
{
	Relation	index = try_open_passing(oid);

	if (index == NULL && RecoveryInProgress() && is_in_use(oid))
		index = try_relation_open(oid, AccessShareLock);
	return check_index(heap, index);
}

/*
 * The index that is as c->best, but that the statement's snapshot sees as valid,
 * if it is still there: complete for that snapshot, whatever became of it. A walk
 * that asks for no weights may also have one that was replaced for the weight's sake.
 */
static Relation
try_older_index(const Candidates *c, Relation heap)
{
	Candidates	older = {.access_method = c->access_method, .wanted = c->best,
	.any_weight = c->wanted == NULL && !(c->reads & SQL_READ_WEIGHT)};

	ask_catalog(&older, heap, GetActiveSnapshot());
	if (!is_decided(&older))
		return NULL;
	return check_index(heap, try_open_passing(oid_of(older.best)));
}

/*
 * A valid adjacency index of a locked table, locked, or NULL: then c->other
 * tells whether there is more than one graph. Tries again only if an index was
 * dropped between being found and being locked, so somebody else got on.
 */
static Relation
choose_index(Candidates *c, Relation heap)
{
	c->access_method = get_index_am_oid("adjacency", false);
	for (;;)
	{
		Relation	index = NULL;

		CHECK_FOR_INTERRUPTS();
		ask_caches(c, heap);
		if (!is_decided(c))
			ask_catalog(c, heap, NULL);
		if (!is_decided(c) && !c->vanished)
			return NULL;
		if (!is_decided(c))
			continue;
		if (!is_seen(c->best))
			index = try_older_index(c, heap);
		if (index == NULL)
			index = try_index(heap, oid_of(c->best));
		if (index != NULL)
			return index;
	}
}

char *
sql_invalid_index(Relation heap)
{
	Oid			adjacency = get_index_am_oid("adjacency", false);
	ListCell   *lc;

	foreach(lc, RelationGetIndexList(heap))
	{
		HeapTuple	row = SearchSysCacheCopy1(INDEXRELID, ObjectIdGetDatum(lfirst_oid(lc)));

		if (HeapTupleIsValid(row) && !is_valid(row) && access_method(lfirst_oid(lc)) == adjacency)
			return get_rel_name(lfirst_oid(lc));
	}
	return NULL;
}

/* The only graph of a table; NULL if it has no valid index. */
static Relation
open_only_index(Relation heap, int reads)
{
	Candidates	c = {.reads = reads};
	Relation	index = choose_index(&c, heap);

	if (index == NULL && c.best != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_AMBIGUOUS_PARAMETER),
				 errmsg("table \"%s\" has more than one adjacency index: \"%s\" and \"%s\"",
						RelationGetRelationName(heap),
						get_rel_name(oid_of(c.best)), get_rel_name(c.other)),
				 errdetail("They are on different columns."),
				 errhint("Name the index instead of the table.")));
	return index;
}

static void
no_relation(Oid relation)
{
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_TABLE),
			 errmsg("relation with OID %u does not exist", relation)));
}

static void
not_adjacency(const char *index)
{
	ereport(ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
			 errmsg("index \"%s\" is not an adjacency index", index),
			 errhint("Name an index created with USING adjacency.")));
}

/* row is what was found of the index before its table was locked. */
static Relation
open_named_index(Relation heap, Oid oid, HeapTuple row, int reads)
{
	Candidates	c = {.wanted = row};
	Relation	index = try_index(heap, oid);
	Relation	successor = NULL;
	char	   *name;

	if (index != NULL && !adj_is_adjacency_index(index))
		not_adjacency(RelationGetRelationName(index));
	if (index != NULL && is_valid(index->rd_indextuple) &&
		((reads & SQL_READ_ITSELF) || is_seen(index->rd_indextuple)))
		return index;
	if (!(reads & SQL_READ_ITSELF) || was_valid(oid))
		successor = choose_index(&c, heap);
	name = get_rel_name(oid);
	if (successor == NULL && name == NULL)
		no_relation(oid);
	if (successor == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("adjacency index \"%s\" is not valid", name),
				 errhint("A concurrent build may be under way or may have failed; REINDEX it.")));
	/* the lock on it would keep it from being dropped */
	if (index != NULL)
		relation_close(index, AccessShareLock);
	return successor;
}

/* ---- table and index ---- */

/* Do children add rows that the table's own index does not have? */
static bool
has_children(Relation heap)
{
	return heap->rd_rel->relkind == RELKIND_PARTITIONED_TABLE ||
		(heap->rd_rel->relhassubclass &&
		 find_inheritance_children(RelationGetRelid(heap), NoLock) != NIL);
}

/* Is an index all that a walk needs to read of this relation as this user? */
static bool
is_told_by_index(Relation heap)
{
	char		kind = heap->rd_rel->relkind;

	return (kind == RELKIND_RELATION || kind == RELKIND_MATVIEW) && !has_children(heap) &&
		!sql_is_distributed(RelationGetRelid(heap)) &&
		check_enable_rls(RelationGetRelid(heap), InvalidOid, true) != RLS_ENABLED;
}

static void
check_kind(Oid relation)
{
	char		kind = get_rel_relkind(relation);

	if (kind != RELKIND_RELATION && kind != RELKIND_MATVIEW && kind != RELKIND_VIEW &&
		kind != RELKIND_FOREIGN_TABLE && kind != RELKIND_PARTITIONED_TABLE)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("relation \"%s\" cannot be read as a graph",
						get_rel_name(relation)),
				 errhint("Name a table, a view or an adjacency index.")));
}

/* Lock and open the table, which the caller may read something of. */
static Relation
open_table(Oid oid)
{
	Relation	heap;

	/* keep those who may read nothing of it from holding a lock on it */
	if (pg_class_aclcheck(oid, GetUserId(), ACL_SELECT) != ACLCHECK_OK &&
		pg_attribute_aclcheck_all(oid, GetUserId(), ACL_SELECT,
								  ACLMASK_ANY) != ACLCHECK_OK)
	{
		char		kind = get_rel_relkind(oid);

		/* it may just have been dropped */
		aclcheck_error(ACLCHECK_NO_PRIV,
					   kind == '\0' ? OBJECT_TABLE : get_relkind_objtype(kind), get_rel_name(oid));
	}

	heap = try_table_open(oid, AccessShareLock);
	if (heap == NULL)
		no_relation(oid);
	/* a lock that the transaction had already does not take note of them */
	AcceptInvalidationMessages();
	if (RELATION_IS_OTHER_TEMP(heap))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot access temporary tables of other sessions")));
	if (RecoveryInProgress() && heap->rd_rel->relpersistence != RELPERSISTENCE_PERMANENT)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot access temporary or unlogged relations during recovery")));
	return heap;
}

void
sql_open_relation(Oid relation, int reads, Relation *heap, Relation *index, Oid *named)
{
	char		kind = get_rel_relkind(relation);
	bool		is_index = kind == '\0' || kind == RELKIND_INDEX ||
		kind == RELKIND_PARTITIONED_INDEX;
	HeapTuple	row = is_index ? find_row(relation) : NULL;

	if (is_index && row == NULL)
		no_relation(relation);
	if (!is_index)
		check_kind(relation);
	*named = is_index ? relation : InvalidOid;
	*heap = open_table(is_index ? ((Form_pg_index) GETSTRUCT(row))->indrelid : relation);
	*index = NULL;
	if (is_told_by_index(*heap))
		*index = is_index ? open_named_index(*heap, relation, row, reads) : open_only_index(*heap, reads);
	/* one that was dropped meanwhile stands for its table */
	else if (is_index && kind != '\0' &&
			 access_method(relation) != get_index_am_oid("adjacency", false))
		not_adjacency(get_rel_name(relation));
}

bool
sql_has_adjacency(Oid table)
{
	Candidates	c = {0};
	Relation	heap = open_table(table);
	Relation	index = is_told_by_index(heap) ? choose_index(&c, heap) : NULL;

	if (index != NULL)
		relation_close(index, AccessShareLock);
	table_close(heap, NoLock);
	return index != NULL;
}

/* ---- toasted keys ---- */

/* Lock the indexes of a toast table; false if the server would not find a valid one. */
static bool
lock_toast_indexes(Oid toast_table)
{
	Relation	toast = table_open(toast_table, AccessShareLock);
	List	   *oids = RelationGetIndexList(toast);
	bool		valid = false;
	bool		gone = false;
	ListCell   *lc;

	foreach(lc, oids)
	{
		Relation	index = try_open_passing(lfirst_oid(lc));

		/* one that replay has had locked for long is about to go, and no loss */
		gone |= index == NULL && !SearchSysCacheExists1(RELOID, ObjectIdGetDatum(lfirst_oid(lc)));
		if (index == NULL)
			continue;
		valid |= index->rd_index->indisvalid;
		relation_close(index, NoLock);
	}
	table_close(toast, NoLock);
	return valid && !gone;
}

static bool
toast_is_broken(Oid toast_table)
{
	ListCell   *lc;

	foreach(lc, read_catalog(toast_table, NULL))
	{
		if (is_valid(lfirst(lc)))
			return false;
	}
	return true;
}

/*
 * Make ready for reading toasted keys, which is done under the barrier: the
 * toast table and its indexes are locked now. The server takes the first index
 * that its cache calls valid, and a cache half way through a swap has none; so
 * wait for the rest of it.
 */
void
sql_lock_toast(Relation heap)
{
	Oid			toast_table = heap->rd_rel->reltoastrelid;

	if (!OidIsValid(toast_table))
		return;
	while (!lock_toast_indexes(toast_table))
	{
		AcceptInvalidationMessages();
		if (lock_toast_indexes(toast_table) || toast_is_broken(toast_table))
			return;
		wait_for_swap();
	}
}
