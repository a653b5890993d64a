/*
 * sql_check.c
 *		pt_check_index: an index compared with its table.
 *
 * The log's live entries are sorted by TID, then the table is scanned under
 * the statement's snapshot and each visible row looked up. What is left over
 * must at least point at a line pointer in use: VACUUM frees one only after
 * it has marked the entry, and the barrier, held throughout, keeps it from
 * getting that far with entries read here.
 *
 * A materialized view without contents is compared like any table: it stores no
 * rows, and its index should have no entries.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/tableam.h"
#include "base/pt_compat.h"
#include "base/pt_sort.h"
#include "catalog/index.h"
#include "catalog/pg_class.h"
#include "funcapi.h"
#include "function/sql_args.h"
#include "function/sql_graph.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(pt_check_index);

typedef struct CheckedEntry
{
	AdjEntry	entry;
	double		weight;			/* if there is one */
	bool		matched;
} CheckedEntry;

typedef struct IndexCheck
{
	SqlGraph	graph;
	ReturnSetInfo *result;
	CheckedEntry *entries;
	uint64		count;
} IndexCheck;

static void
report(IndexCheck *check, const char *problem, ItemPointer tid, const char *detail)
{
	Datum		values[3];
	bool		nulls[3] = {false, false, false};

	values[0] = CStringGetTextDatum(problem);
	values[1] = PointerGetDatum(tid);
	values[2] = CStringGetTextDatum(detail);
	tuplestore_putvalues(check->result->setResult, check->result->setDesc, values, nulls);
}

static int
compare_entries(const void *a, const void *b, void *arg)
{
	return ItemPointerCompare((ItemPointer) &((const CheckedEntry *) a)->entry.tid,
							  (ItemPointer) &((const CheckedEntry *) b)->entry.tid);
}

/* Read all live entries and sort them. */
static void
read_entries(IndexCheck *check)
{
	SqlGraph   *graph = &check->graph;
	AdjReader  *reader = palloc(sizeof(AdjReader));
	uint64		capacity = AdjEndOfLog(&graph->copy.meta) + 1;
	AdjReadStatus status;

	check->entries = pt_alloc(graph->budget, capacity, sizeof(CheckedEntry));
	adj_reader_init(reader, graph->index, &graph->copy, InvalidBlockNumber, 0, NULL);
	while ((status = adj_reader_next(reader)) == ADJ_READ_OK)
	{
		for (int i = 0; i < reader->count; i++)
		{
			const AdjEntry *entry = adj_reader_entry(reader, i);

			if (entry->flags & (ADJ_DEAD | ADJ_TOMBSTONE))
				continue;
			check->entries[check->count].entry = *entry;
			check->entries[check->count].weight = graph->columns.has_weight ?
				AdjEntryWeight(entry) : 0;
			check->entries[check->count++].matched = false;
		}
	}
	if (status == ADJ_READ_CHANGED)
		adj_log_is_broken(graph->index, reader->at_block);
	pfree(reader);
	pt_sort(check->entries, check->count, sizeof(CheckedEntry), compare_entries, NULL);
}

/* The first entry with a TID, or NULL. */
static CheckedEntry *
find_entry(IndexCheck *check, ItemPointer tid)
{
	CheckedEntry key;
	uint64		at;

	key.entry.tid = *tid;
	at = pt_lower_bound(check->entries, check->count, sizeof(CheckedEntry), &key,
						compare_entries, NULL);
	if (at < check->count && ItemPointerEquals(&check->entries[at].entry.tid, tid))
		return &check->entries[at];
	return NULL;
}

static bool
same_edge(const AdjEntry *a, const AdjEntry *b)
{
	return a->source == b->source && a->source_check == b->source_check &&
		a->target == b->target && a->target_check == b->target_check &&
		a->label == b->label &&
		(a->flags & (ADJ_LABEL_FLAGS | ADJ_HALF)) == (b->flags & (ADJ_LABEL_FLAGS | ADJ_HALF));
}

/* Bit by bit: so is NULL told from NaN. */
static bool
same_weight(const IndexCheck *check, double a, double b)
{
	return !check->graph.columns.has_weight || memcmp(&a, &b, sizeof(double)) == 0;
}

/* Called with every visible row; tid is the root of its HOT chain. */
static void
check_row(Relation index, ItemPointer tid, Datum *values, bool *isnull,
		  bool tuple_is_alive, void *arg)
{
	IndexCheck *check = arg;
	CheckedEntry *found = find_entry(check, tid);
	AdjWeightedEntry expected;

	if (!adj_form_entry(&check->graph.columns, values, isnull, tid, &expected))
	{
		if (found != NULL)
		{
			found->matched = true;
			report(check, "mismatch", tid, "the row has a NULL node, yet an entry");
		}
		return;
	}
	if (found == NULL)
	{
		report(check, "missing", tid, "the row has no entry");
		return;
	}
	found->matched = true;
	if (!same_edge(&found->entry, &expected.entry))
		report(check, "mismatch", tid,
			   "the entry names other nodes, another label or confidence than the row");
	else if (!same_weight(check, found->weight, expected.weight))
		report(check, "mismatch", tid, "the entry has another weight than the row");
}

static void
scan_table(IndexCheck *check)
{
	Relation	heap = check->graph.heap;
	Relation	index = check->graph.index;
	IndexInfo  *info = BuildIndexInfo(index);
	TableScanDesc scan = table_beginscan_strat(heap, check->graph.snapshot, 0, NULL,
											   true, true);

	/* so that the snapshot decides what is scanned */
	info->ii_Concurrent = true;
	table_index_build_scan(heap, index, info, true, false, check_row, check, scan);
}

/* Is the line pointer unused, or beyond the end of the table? */
static bool
is_dangling(Relation heap, ItemPointer tid, BlockNumber blocks)
{
	Buffer		buffer;
	Page		page;
	OffsetNumber offset = ItemPointerGetOffsetNumberNoCheck(tid);
	bool		dangling;

	if (ItemPointerGetBlockNumberNoCheck(tid) >= blocks)
		return true;
	buffer = ReadBuffer(heap, ItemPointerGetBlockNumberNoCheck(tid));
	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	page = BufferGetPage(buffer);
	dangling = PageIsNew(page) || offset > PageGetMaxOffsetNumber(page) ||
		!ItemIdIsUsed(PageGetItemId(page, offset));
	UnlockReleaseBuffer(buffer);
	return dangling;
}

static void
check_leftovers(IndexCheck *check)
{
	Relation	heap = check->graph.heap;
	BlockNumber blocks = RelationGetNumberOfBlocks(heap);

	for (uint64 i = 0; i < check->count; i++)
	{
		CheckedEntry *checked = &check->entries[i];

		CHECK_FOR_INTERRUPTS();
		if (i > 0 && ItemPointerEquals(&checked->entry.tid, &checked[-1].entry.tid))
			report(check, "duplicate", &checked->entry.tid, "two entries for one row");
		else if (!checked->matched && check->graph.barrier >= 0 &&
				 is_dangling(heap, &checked->entry.tid, blocks))
			report(check, "dangling", &checked->entry.tid, "the entry points at no row");
	}
}

Datum
pt_check_index(PG_FUNCTION_ARGS)
{
	IndexCheck	check = {0};
	SqlGraph   *graph = &check.graph;
	Oid			oid;

	InitMaterializedSRF(fcinfo, 0);
	check.result = (ReturnSetInfo *) fcinfo->resultinfo;
	sql_require(fcinfo, 0, "index");
	oid = PG_GETARG_OID(0);
	if (get_rel_relkind(oid) != '\0' && !PtOwnsRelation(oid))
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_INDEX, get_rel_name(oid));
	if (get_rel_relkind(oid) == RELKIND_PARTITIONED_INDEX)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("index \"%s\" is partitioned, and has no entries", get_rel_name(oid)),
				 errhint("Check the indexes of its partitions.")));
	if (get_rel_relkind(oid) != '\0' && get_rel_relkind(oid) != RELKIND_INDEX)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("relation \"%s\" is not an index", get_rel_name(oid)),
				 errhint("Name an adjacency index.")));

	sql_graph_open(graph, fcinfo, 0, SQL_READ_LABEL | SQL_READ_STORAGE | SQL_READ_ITSELF,
				   "check", "Raise parseltongue.local_image_memory.");
	/* it may be another than the one named, and of another owner */
	if (!PtOwnsRelation(RelationGetRelid(graph->index)))
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_INDEX,
					   RelationGetRelationName(graph->index));
	if (graph->heap->rd_tableam != GetHeapamTableAmRoutine())
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("only indexes on heap tables can be checked")));
	sql_graph_enter(graph);
	read_entries(&check);
	scan_table(&check);
	check_leftovers(&check);
	sql_graph_leave(graph);
	sql_graph_close(graph);
	return (Datum) 0;
}
