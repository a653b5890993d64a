/*
 * pt_pages.c
 *		Judging all rows of a page of the heap at once.
 *
 * Most versions have hint bits that say all; of the others the server is
 * asked, which sets the bits where it may, so that nobody has to look into the
 * commit log twice.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/transam.h"
#include "access/xact.h"
#include "base/pt_compat.h"
#include "base/pt_pages.h"
#include "storage/bufmgr.h"
#include "storage/bufpage.h"
#include "utils/snapmgr.h"

/* A page being judged. */
typedef struct Judge
{
	Relation	heap;
	BlockNumber block;
	Buffer		buffer;
	Page		page;
	Snapshot	snapshot;
	TransactionId settled;		/* found finished last; of one load all rows have the same */
	PtVerdict  *verdict;
} Judge;

/* ---- transactions ---- */

/*
 * Is a transaction of low to high in progress for a snapshot? Says yes where
 * it cannot be told: subtransactions that the snapshot has no room for.
 */
static bool
range_has_running(Snapshot snapshot, TransactionId low, TransactionId high)
{
	if (low == high)
		return XidInMVCCSnapshot(low, snapshot);
	if (snapshot->suboverflowed || TransactionIdFollowsOrEquals(high, snapshot->xmax))
		return true;
	for (uint32 i = 0; i < snapshot->xcnt; i++)
	{
		if (TransactionIdFollowsOrEquals(snapshot->xip[i], low) &&
			TransactionIdPrecedesOrEquals(snapshot->xip[i], high))
			return true;
	}
	for (int32 i = 0; i < snapshot->subxcnt; i++)
	{
		if (TransactionIdFollowsOrEquals(snapshot->subxip[i], low) &&
			TransactionIdPrecedesOrEquals(snapshot->subxip[i], high))
			return true;
	}
	return false;
}

bool
pt_has_finished(Snapshot snapshot, TransactionId newest, TransactionId low, TransactionId high)
{
	if (TransactionIdIsValid(newest) && !TransactionIdPrecedes(newest, snapshot->xmin))
		return false;
	return !TransactionIdIsValid(low) ||
		TransactionIdPrecedes(high, snapshot->xmin) ||
		!range_has_running(snapshot, low, high);
}

/*
 * A transaction that is not older than all that run: if it has finished for
 * the snapshot it goes into the range, which must have none that runs. Our own
 * has not finished, though the snapshot does not list it.
 */
static bool
extend_range(Judge *j, TransactionId xid)
{
	PtVerdict  *v = j->verdict;
	TransactionId low = v->low;
	TransactionId high = v->high;

	if (TransactionIdIsValid(low) &&
		TransactionIdFollowsOrEquals(xid, low) && TransactionIdPrecedesOrEquals(xid, high))
		return !TransactionIdIsCurrentTransactionId(xid) && !XidInMVCCSnapshot(xid, j->snapshot);
	if (TransactionIdIsCurrentTransactionId(xid) || XidInMVCCSnapshot(xid, j->snapshot))
		return false;
	if (!TransactionIdIsValid(low))
		low = high = xid;
	else if (TransactionIdPrecedes(xid, low))
		low = xid;
	else
		high = xid;
	if (range_has_running(j->snapshot, low, high))
		return false;
	v->low = low;
	v->high = high;
	j->settled = xid;
	return true;
}

/* Has a transaction finished for the snapshot? Then it is noted. */
static inline bool
finished(Judge *j, TransactionId xid)
{
	PtVerdict  *v = j->verdict;

	if (likely(TransactionIdPrecedes(xid, j->snapshot->xmin)))
	{
		if (!TransactionIdIsValid(v->newest) || TransactionIdFollows(xid, v->newest))
			v->newest = xid;
		return true;
	}
	return xid == j->settled || extend_range(j, xid);
}

/* ---- versions ---- */

/*
 * Have the transactions that decide about a version finished? Who has only
 * locked the row decides nothing. A multixact that has an updater may have one
 * that runs, and is not looked into.
 */
static bool
is_settled(Judge *j, HeapTupleHeader version)
{
	uint16		mask = version->t_infomask;

	if (mask & HEAP_MOVED)
		return false;
	if ((mask & HEAP_XMIN_FROZEN) != HEAP_XMIN_FROZEN &&
		!finished(j, HeapTupleHeaderGetRawXmin(version)))
		return false;
	if ((mask & HEAP_XMAX_INVALID) || HEAP_XMAX_IS_LOCKED_ONLY(mask))
		return true;
	return !(mask & HEAP_XMAX_IS_MULTI) && finished(j, HeapTupleHeaderGetRawXmax(version));
}

static HeapTupleHeader
version_at(const Judge *j, OffsetNumber offset)
{
	return (HeapTupleHeader) PageGetItem(j->page, PageGetItemId(j->page, offset));
}

/* What a judgement adds to the verdict. */
static inline void
conclude(Judge *j, OffsetNumber offset, bool seen, bool settled)
{
	PtVerdict  *v = j->verdict;
	int			word = (offset - 1) / 64;
	uint64		bit = UINT64CONST(1) << ((offset - 1) % 64);

	if (seen)
		v->seen[word] |= bit;
	else
		v->all_seen = false;
	if (!settled)
	{
		v->asks[word] |= bit;
		v->has_asks = true;
	}
}

/* A version that has no chain behind it, and whose hint bits do not say all. */
static pg_noinline void
judge_version(Judge *j, OffsetNumber offset)
{
	ItemId		pointer = PageGetItemId(j->page, offset);
	HeapTupleData tuple;
	bool		seen;

	tuple.t_tableOid = RelationGetRelid(j->heap);
	tuple.t_data = (HeapTupleHeader) PageGetItem(j->page, pointer);
	tuple.t_len = ItemIdGetLength(pointer);
	ItemPointerSet(&tuple.t_self, j->block, offset);
	seen = HeapTupleSatisfiesVisibility(&tuple, j->snapshot, j->buffer);
	conclude(j, offset, seen, is_settled(j, tuple.t_data));
}

/* Are all versions of a HOT chain settled? It may be followed too far. */
static bool
chain_is_settled(Judge *j, OffsetNumber offset)
{
	for (int steps = 0; steps < MaxHeapTuplesPerPage; steps++)
	{
		ItemId		pointer;
		HeapTupleHeader version;

		if (offset < FirstOffsetNumber || offset > j->verdict->last)
			return true;
		pointer = PageGetItemId(j->page, offset);
		if (ItemIdIsRedirected(pointer))
		{
			offset = ItemIdGetRedirect(pointer);
			continue;
		}
		if (!ItemIdIsNormal(pointer))
			return true;
		version = version_at(j, offset);
		if (!is_settled(j, version))
			return false;
		if (!HeapTupleHeaderIsHotUpdated(version))
			return true;
		offset = ItemPointerGetOffsetNumber(&version->t_ctid);
	}
	return false;
}

static pg_noinline void
judge_chain(Judge *j, OffsetNumber root)
{
	HeapTupleData tuple;
	ItemPointerData tid;
	bool		seen;

	ItemPointerSet(&tid, j->block, root);
	seen = heap_hot_search_buffer(&tid, j->heap, j->buffer, j->snapshot, &tuple, NULL, true);
	conclude(j, root, seen, chain_is_settled(j, root));
}

static inline void
judge_pointer(Judge *j, OffsetNumber offset)
{
	ItemId		pointer = PageGetItemId(j->page, offset);
	HeapTupleHeader version;

	if (!ItemIdIsNormal(pointer))
	{
		if (ItemIdIsRedirected(pointer))
			judge_chain(j, offset);
		else if (ItemIdIsDead(pointer))
			j->verdict->all_seen = false;
		return;
	}
	version = version_at(j, offset);
	if (HeapTupleHeaderIsHeapOnly(version))
		return;
	if ((version->t_infomask & (HEAP_XMIN_COMMITTED | HEAP_XMAX_INVALID | HEAP_MOVED)) ==
		(HEAP_XMIN_COMMITTED | HEAP_XMAX_INVALID) &&
		((version->t_infomask & HEAP_XMIN_INVALID) ||
		 finished(j, HeapTupleHeaderGetRawXmin(version))))
		conclude(j, offset, true, true);
	else if (HeapTupleHeaderIsHotUpdated(version))
		judge_chain(j, offset);
	else
		judge_version(j, offset);
}

/* ---- pages ---- */

static uint64
read_lsn(Page page)
{
#ifdef PG_HAVE_8BYTE_SINGLE_COPY_ATOMICITY
	return *(const volatile uint64 *) &((PageHeader) page)->pd_lsn;
#else
	return 0;
#endif
}

bool
pt_judge_page(Relation heap, BlockNumber block, Snapshot snapshot, PtVerdict *verdict)
{
	Judge		j = {heap, block, InvalidBuffer, NULL, snapshot, InvalidTransactionId, verdict};
	bool		is_sane;

	memset(verdict, 0, sizeof(PtVerdict));
	verdict->all_seen = true;
	j.buffer = ReadBuffer(heap, block);
	LockBuffer(j.buffer, BUFFER_LOCK_SHARE);
	j.page = BufferGetPage(j.buffer);
	verdict->buffer = j.buffer;
	verdict->last = PageGetMaxOffsetNumber(j.page);
	is_sane = verdict->last <= MaxHeapTuplesPerPage;
	for (OffsetNumber offset = FirstOffsetNumber; is_sane && offset <= verdict->last; offset++)
		judge_pointer(&j, offset);
	/* hints, ours too, may move it while the page is locked in share mode */
	verdict->lsn = read_lsn(j.page);
	UnlockReleaseBuffer(j.buffer);
	return is_sane;
}

uint64
pt_page_lsn(Relation heap, BlockNumber block, Buffer *buffer, bool by_name)
{
	uint64		lsn;

	if (by_name || !BufferIsValid(*buffer) || !pt_read_recent_buffer(heap, block, *buffer))
		*buffer = ReadBuffer(heap, block);
	lsn = read_lsn(BufferGetPage(*buffer));
	ReleaseBuffer(*buffer);
	return lsn;
}
