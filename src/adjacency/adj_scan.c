/*
 * adj_scan.c
 *		Bitmap scans: the places of the rows that have some nodes at their ends.
 *
 * From an image if there is one, else by reading the log from its beginning, which
 * is remembered when that is asked for again. No
 * barrier is entered: with an MVCC snapshot, and there is no other for bitmaps, a
 * place that VACUUM has freed meanwhile leads to a row that is looked at under
 * the snapshot and compared again, or to none.
 *
 * What the index cannot answer is answered by all pages of the table, which the
 * server then searches: a scan that names no end, as a row without ends has no
 * entry; an index of format 1, which lacks rows with one end; an operator or a
 * collation by which other values are equal than those with one fingerprint.
 * Plans that come to that are never the cheapest (adj_cost.c).
 */
#include "postgres.h"

#include "access/relscan.h"
#include "access/table.h"
#include "adjacency/adj_recall.h"
#include "adjacency/adj_scan.h"
#include "base/pt_compat.h"
#include "base/pt_sort.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "utils/array.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/* what the server guesses of a page that is all in a bitmap */
#define ROWS_PER_PAGE 10

typedef struct AdjScan
{
	MemoryContext context;		/* of one question */
	MemoryContext parent;		/* of the scan */
	bool		has_read_log;
	AdjRecall  *recall;			/* NULL: the log has not been asked for twice */
} AdjScan;

/*
 * Functions by which equal values have one fingerprint, and the types that they
 * compare, a column with a value.
 */
typedef struct ScanOperator
{
	Oid			function;
	Oid			column;
	Oid			value;
} ScanOperator;

static const ScanOperator scan_operators[] = {
	{F_INT2EQ, INT2OID, INT2OID},
	{F_INT24EQ, INT2OID, INT4OID},
	{F_INT28EQ, INT2OID, INT8OID},
	{F_INT42EQ, INT4OID, INT2OID},
	{F_INT4EQ, INT4OID, INT4OID},
	{F_INT48EQ, INT4OID, INT8OID},
	{F_INT82EQ, INT8OID, INT2OID},
	{F_INT84EQ, INT8OID, INT4OID},
	{F_INT8EQ, INT8OID, INT8OID},
	{F_OIDEQ, OIDOID, OIDOID},
	{F_TEXTEQ, TEXTOID, TEXTOID},
	{F_TEXTEQ, VARCHAROID, TEXTOID},
	{F_TEXTEQNAME, TEXTOID, NAMEOID},
	{F_TEXTEQNAME, VARCHAROID, NAMEOID},
	{F_BPCHAREQ, BPCHAROID, BPCHAROID},
	{F_NAMEEQ, NAMEOID, NAMEOID},
	{F_NAMEEQTEXT, NAMEOID, TEXTOID},
	{F_UUID_EQ, UUIDOID, UUIDOID},
};

static const AdjScanImages *scan_images = NULL;

void
adj_scan_set_images(const AdjScanImages *images)
{
	scan_images = images;
}

bool
adj_scan_has_image(Relation index, const AdjMetaCopy *copy, int ends)
{
	bool		with_halves = ends == 1 && copy->meta.halves > 0;

	return scan_images != NULL && scan_images->are_there(index, copy, with_halves);
}

/* ---- the bitmap ---- */

static void
flush_places(AdjPlaces *places)
{
	tbm_add_tuples(places->bitmap, places->tids, places->count, true);
	places->added += places->count;
	places->count = 0;
}

void
adj_add_place(AdjPlaces *places, const ItemPointerData *tid)
{
	places->tids[places->count++] = *tid;
	if (places->count == ADJ_SCAN_BATCH)
		flush_places(places);
}

static int64
add_all_pages(Relation index, TIDBitmap *bitmap)
{
	Relation	heap = table_open(index->rd_index->indrelid, AccessShareLock);
	BlockNumber blocks = RelationGetNumberOfBlocks(heap);

	for (BlockNumber block = 0; block < blocks; block++)
	{
		CHECK_FOR_INTERRUPTS();
		tbm_add_page(bitmap, block);
	}
	table_close(heap, AccessShareLock);
	return (int64) blocks * ROWS_PER_PAGE;
}

/* ---- what is looked for ---- */

static int
compare_nodes(const void *a, const void *b, void *arg)
{
	uint64		x = ((const AdjNode *) a)->fingerprint;
	uint64		y = ((const AdjNode *) b)->fingerprint;

	return x < y ? -1 : x > y;
}

bool
adj_end_matches(const AdjScanEnd *end, uint64 fingerprint)
{
	AdjNode		key = {fingerprint, 0};
	uint64		at;

	if (end->count == 1)
		return end->nodes[0].fingerprint == fingerprint;
	at = pt_lower_bound(end->nodes, end->count, sizeof(AdjNode), &key, compare_nodes, NULL);
	return at < (uint64) end->count && end->nodes[at].fingerprint == fingerprint;
}

static const ScanOperator *
find_operator(const ScanKey key, Oid stored)
{
	if (OidIsValid(key->sk_collation) && !get_collation_isdeterministic(key->sk_collation))
		return NULL;
	for (int i = 0; i < lengthof(scan_operators); i++)
		if (scan_operators[i].function == key->sk_func.fn_oid &&
			scan_operators[i].column == stored)
			return &scan_operators[i];
	return NULL;
}

bool
adj_scan_knows(Oid function, Oid column, Oid value)
{
	for (int i = 0; i < lengthof(scan_operators); i++)
		if (scan_operators[i].function == function &&
			scan_operators[i].column == column && scan_operators[i].value == value)
			return true;
	return false;
}

static AdjNode
hash_argument(const AdjColumns *columns, Datum value, Oid type)
{
	if (adj_is_integer(type))
		return adj_hash_integer(adj_integer_value(value, type));
	return adj_hash_node(columns, adj_stored_value(value, type));
}

/* The nodes of an array; NULL equals nothing. */
static AdjScanEnd
find_array(const AdjColumns *columns, Datum argument, Oid type)
{
	ArrayType  *array = DatumGetArrayTypeP(argument);
	AdjScanEnd	end = {.is_given = true};
	int16		length;
	bool		by_value;
	char		align;
	Datum	   *values;
	bool	   *nulls;
	int			count;

	get_typlenbyvalalign(ARR_ELEMTYPE(array), &length, &by_value, &align);
	deconstruct_array(array, ARR_ELEMTYPE(array), length, by_value, align,
					  &values, &nulls, &count);
	end.nodes = palloc(Max(count, 1) * sizeof(AdjNode));
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!nulls[i])
			end.nodes[end.count++] = hash_argument(columns, values[i], type);
	}
	pt_sort(end.nodes, end.count, sizeof(AdjNode), compare_nodes, NULL);
	return end;
}

static AdjScanEnd
find_value(const AdjColumns *columns, Datum argument, Oid type)
{
	AdjScanEnd	end = {.is_given = true, .count = 1};

	end.nodes = palloc(sizeof(AdjNode));
	end.nodes[0] = hash_argument(columns, argument, type);
	return end;
}

/* What the keys ask for; false if nothing can be equal to one of them. */
static bool
find_ends(IndexScanDesc scan, const AdjColumns *columns, AdjSearch *search)
{
	memset(search, 0, sizeof(AdjSearch));
	for (int i = 0; i < scan->numberOfKeys; i++)
	{
		ScanKey		key = &scan->keyData[i];
		bool		is_source = key->sk_attno == ADJ_SOURCE_COLUMN + 1;
		AdjScanEnd *end = is_source ? &search->source : &search->target;
		const ScanOperator *op;
		AdjScanEnd	found;

		if (key->sk_flags & SK_ISNULL)
			return false;
		/* the server compares labels */
		if (!is_source && key->sk_attno != ADJ_TARGET_COLUMN + 1)
			continue;
		op = find_operator(key, is_source ? columns->source_stored : columns->target_stored);
		if (op == NULL)
			continue;
		found = key->sk_flags & SK_SEARCHARRAY ?
			find_array(columns, key->sk_argument, op->value) :
			find_value(columns, key->sk_argument, op->value);
		if (found.count == 0)
			return false;
		if (!end->is_given || found.count < end->count)
			*end = found;
	}
	return true;
}

/* ---- the log ---- */

/* What is looked for in the log, and where what is found goes. */
typedef struct LogSearch
{
	const AdjSearch *search;
	AdjPlaces  *places;
} LogSearch;

static void
add_batch(const AdjReader *reader, void *arg)
{
	const AdjSearch *search = ((LogSearch *) arg)->search;

	for (int i = 0; i < reader->count; i++)
	{
		const AdjEntry *entry = adj_reader_entry(reader, i);

		if (entry->flags & (ADJ_DEAD | ADJ_TOMBSTONE))
			continue;
		if (search->source.is_given &&
			((entry->flags & ADJ_NO_SOURCE) || !adj_end_matches(&search->source, entry->source)))
			continue;
		if (search->target.is_given &&
			((entry->flags & ADJ_NO_TARGET) || !adj_end_matches(&search->target, entry->target)))
			continue;
		adj_add_place(((LogSearch *) arg)->places, &entry->tid);
	}
}

static bool
read_log(Relation index, const AdjMetaCopy *copy, AdjTakeBatch take, void *arg)
{
	AdjReader  *reader = palloc(sizeof(AdjReader));
	BufferAccessStrategy strategy = copy->meta.log_pages > (uint32) NBuffers / 4 ?
		GetAccessStrategy(BAS_BULKREAD) : NULL;
	AdjReadStatus status;

	adj_reader_init(reader, index, copy, InvalidBlockNumber, 0, strategy);
	while ((status = adj_reader_next(reader)) == ADJ_READ_OK)
		take(reader, arg);
	if (strategy != NULL)
		FreeAccessStrategy(strategy);
	pfree(reader);
	return status == ADJ_READ_END;
}

/*
 * Without the barrier the log may be compacted while it is read. Then it is read
 * anew: what has been taken from the old one does no harm.
 */
void
adj_scan_log(Relation index, AdjMetaCopy *copy, AdjTakeBatch take, void *arg)
{
	while (!read_log(index, copy, take, arg))
	{
		uint32		epoch = copy->meta.epoch;

		CHECK_FOR_INTERRUPTS();
		adj_read_meta(index, copy);
		if (copy->meta.epoch == epoch)
			adj_log_is_broken(index, InvalidBlockNumber);
	}
}

static void
search_log(Relation index, AdjMetaCopy *copy, const AdjSearch *search, AdjPlaces *places)
{
	LogSearch	log = {search, places};

	adj_scan_log(index, copy, add_batch, &log);
	if (scan_images != NULL)
		scan_images->want(index, copy);
}

/*
 * The first question reads the log, as most scans have only one. With the second it
 * is time to remember it, which costs a small multiple of that: however many follow,
 * no more than that is wasted, and however few.
 */
static void
ask_log(IndexScanDesc scan, AdjMetaCopy *copy, const AdjSearch *search, AdjPlaces *places)
{
	AdjScan    *state = scan->opaque;

	if (state->has_read_log && state->recall == NULL)
	{
		MemoryContext question = MemoryContextSwitchTo(state->parent);

		state->recall = adj_recall_create(scan->indexRelation, copy, search);
		MemoryContextSwitchTo(question);
	}
	if (state->recall != NULL && adj_recall_pays(state->recall, search))
		adj_recall_search(state->recall, search, places);
	else
		search_log(scan->indexRelation, copy, search, places);
	state->has_read_log = true;
}

/* ---- what the server calls ---- */

IndexScanDesc
adj_begin_scan(Relation index, int nkeys, int norderbys)
{
	IndexScanDesc scan = RelationGetIndexScan(index, nkeys, norderbys);
	AdjScan    *state = palloc0(sizeof(AdjScan));

	state->parent = CurrentMemoryContext;
	state->context = AllocSetContextCreate(CurrentMemoryContext, "parseltongue scan",
										   ALLOCSET_DEFAULT_SIZES);
	scan->opaque = state;
	return scan;
}

void
adj_rescan(IndexScanDesc scan, ScanKey keys, int nkeys, ScanKey orderbys, int norderbys)
{
	if (keys != NULL && scan->numberOfKeys > 0)
		memmove(scan->keyData, keys, scan->numberOfKeys * sizeof(ScanKeyData));
}

void
adj_end_scan(IndexScanDesc scan)
{
	AdjScan    *state = scan->opaque;

	if (state->recall != NULL)
		adj_recall_free(state->recall);
	MemoryContextDelete(state->context);
	pfree(state);
}

static int64
fill_bitmap(IndexScanDesc scan, TIDBitmap *bitmap)
{
	AdjScan    *state = scan->opaque;
	Relation	index = scan->indexRelation;
	AdjMetaCopy *copy = palloc(sizeof(AdjMetaCopy));
	AdjPlaces  *places = palloc(sizeof(AdjPlaces));
	AdjColumns	columns;
	AdjSearch	search;

	adj_read_meta(index, copy);
	/* a copy: detoasting an argument may make the relcache drop the original */
	columns = *adj_columns(index, &copy->meta);
	if (!find_ends(scan, &columns, &search))
		return 0;
	if (!columns.has_halves || (!search.source.is_given && !search.target.is_given))
		return add_all_pages(index, bitmap);
	places->bitmap = bitmap;
	places->added = 0;
	places->count = 0;
	if (state->recall != NULL || scan_images == NULL ||
		!scan_images->answer(index, copy, &search, places))
		ask_log(scan, copy, &search, places);
	flush_places(places);
	return places->added;
}

/*
 * Where old_snapshot_threshold lets VACUUM remove what a snapshot sees, entries
 * may have been missed. Each death changes the metapage, so it tells. Inserts
 * change it, too: what is refused is more than need be, as with a btree's pages.
 */
static void
test_for_old_snapshot(IndexScanDesc scan)
{
	Buffer		buffer;

	if (PtOldSnapshotThreshold() < 0)
		return;
	buffer = ReadBuffer(scan->indexRelation, ADJ_METAPAGE);
	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	pt_test_for_old_snapshot(scan->xs_snapshot, scan->indexRelation, BufferGetPage(buffer));
	UnlockReleaseBuffer(buffer);
}

int64
adj_get_bitmap(IndexScanDesc scan, TIDBitmap *bitmap)
{
	AdjScan    *state = scan->opaque;
	MemoryContext caller = MemoryContextSwitchTo(state->context);
	int64		added;

	pgstat_count_index_scan(scan->indexRelation);
	pt_count_index_search(scan);
	added = fill_bitmap(scan, bitmap);
	test_for_old_snapshot(scan);
	MemoryContextSwitchTo(caller);
	MemoryContextReset(state->context);
	return added;
}
