/*
 * pt_attempt.h
 *		What may fail for want of some resource without being an error.
 */
#ifndef PT_ATTEMPT_H
#define PT_ATTEMPT_H

/*
 * Do something that may fail; false if it did, and for want of a resource (class 53:
 * a full disk or /dev/shm is no reason to fail), or with one of the SQLSTATEs that are
 * forgiven besides, a list that ends in 0, or NULL. Any other error goes on.
 *
 * It is done in a subtransaction, which is what cleans up after an error: LWLocks,
 * buffers half read, pins, mappings. So the caller holds no LWLock and no content lock
 * of a buffer, and what lasts beyond the attempt must not be of its resource owner. The
 * memory context is the caller's.
 *
 * Where no subtransaction can be had, it is done all the same, and every error is
 * an error: outside of transactions, and in parallel mode, but for VACUUM from 17 on.
 *
 * One or two microseconds, and a new command where the one under way has written:
 * nothing for each row.
 */
extern bool pt_attempt(void (*what) (void *arg), void *arg, const int *forgiven);

#endif							/* PT_ATTEMPT_H */
