/*
 * adj_barrier.h
 *		The vacuum barrier: a walk and the removal of what it may read.
 *
 * While a walk is inside, VACUUM frees no row version that the walk may have
 * found in the log, and reuses no page of it. Walks do not wait for each
 * other, and for VACUUM only if it flips the parity just then. Not to be
 * entered in recovery.
 */
#ifndef ADJ_BARRIER_H
#define ADJ_BARRIER_H

#include "adjacency/adj_log.h"

/*
 * Enter, and read the metapage from within. Returns what to leave with. The
 * caller must wait for nothing until it has left, since VACUUM waits for it;
 * the end of the transaction leaves, too.
 */
extern int	adj_barrier_enter(Relation index, AdjMetaCopy *copy);
extern void adj_barrier_leave(Relation index, int tag);

/* Does VACUUM wait for those who are inside with us? */
extern bool adj_barrier_is_awaited(Relation index, int tag);

/*
 * Wait until every walk that entered before this call has left. For VACUUM
 * alone, which its lock on the table keeps to one at a time; no page of the
 * index is locked. Interruptible: who is cancelled has not passed.
 */
extern void adj_barrier_pass(Relation index);

#endif							/* ADJ_BARRIER_H */
