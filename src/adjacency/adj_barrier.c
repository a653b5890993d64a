/*
 * adj_barrier.c
 *		The vacuum barrier: a walk and the removal of what it may read.
 *
 * A walk trusts the visibility map for row versions it found in an image. The
 * map's word is good only while VACUUM cannot remove such a row version and
 * mark its page all-visible, with another row in the same place. So a walk
 * holds a lock in share mode from before it reads the end of the log until it
 * has judged its last edge, and VACUUM, once its tombstones are in the log,
 * waits for the walks that may not have read them.
 *
 * There are two lock tags, and the metapage's parity says which one a new
 * walk takes: VACUUM flips the parity and waits for the old tag alone, so
 * that walks which start meanwhile (and read the tombstones) do not queue
 * behind it. A cancelled wait can leave walks on the tag that is idle by the
 * next VACUUM; that one waits for the idle tag before it flips.
 *
 * The tags are tuple locks on the index, which has no tuples to lock
 * otherwise: they show in pg_locks, take part in deadlock detection, and are
 * released on error. A walk waits for nothing while it holds one.
 *
 * In recovery there is no barrier: nothing replays the wait. There every edge
 * is fetched from the heap under a snapshot taken before the log was read, for
 * which a row in a reused place is still in progress.
 */
#include "postgres.h"

#include "adjacency/adj_barrier.h"
#include "storage/lmgr.h"
#include "storage/lock.h"

static ItemPointerData
barrier_tag(int parity)
{
	ItemPointerData tid;

	ItemPointerSet(&tid, ADJ_METAPAGE, FirstOffsetNumber + parity);
	return tid;
}

int
adj_barrier_enter(Relation index, AdjMetaCopy *copy)
{
	adj_read_meta(index, copy);
	for (;;)
	{
		int			parity = copy->meta.parity;
		ItemPointerData tid = barrier_tag(parity);

		LockTuple(index, &tid, ShareLock);
		/* the parity may have been flipped before we had the lock */
		adj_read_meta(index, copy);
		if (copy->meta.parity == parity)
			return parity;
		UnlockTuple(index, &tid, ShareLock);
	}
}

void
adj_barrier_leave(Relation index, int tag)
{
	ItemPointerData tid = barrier_tag(tag);

	UnlockTuple(index, &tid, ShareLock);
}

bool
adj_barrier_is_awaited(Relation index, int tag)
{
	ItemPointerData tid = barrier_tag(tag);
	LOCKTAG		lock;

	SET_LOCKTAG_TUPLE(lock, index->rd_lockInfo.lockRelId.dbId,
					  index->rd_lockInfo.lockRelId.relId,
					  ItemPointerGetBlockNumber(&tid), ItemPointerGetOffsetNumber(&tid));
	return LockHasWaiters(&lock, ShareLock, false);
}

static void
wait_for_tag(Relation index, int parity)
{
	ItemPointerData tid = barrier_tag(parity);

	LockTuple(index, &tid, ExclusiveLock);
	UnlockTuple(index, &tid, ExclusiveLock);
}

void
adj_barrier_pass(Relation index)
{
	AdjMetaCopy copy;
	AdjAppend	append;
	int			parity;

	adj_read_meta(index, &copy);
	parity = copy.meta.parity;

	wait_for_tag(index, 1 - parity);

	adj_append_begin(&append, index);
	append.meta->parity = 1 - parity;
	adj_append_finish(&append);

	wait_for_tag(index, parity);
}
