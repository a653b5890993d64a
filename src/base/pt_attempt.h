/*
 * pt_attempt.h
 *		What may fail for want of memory without being an error.
 *
 * An attempt has a resource owner of its own, so that what it leaves behind
 * goes without the transaction's end:
 *
 *		pt_attempt_begin(&attempt);
 *		PG_TRY();
 *		{
 *			...
 *		}
 *		PG_CATCH();
 *		{
 *			pt_attempt_failed(&attempt, false);
 *			return NULL;
 *		}
 *		PG_END_TRY();
 *		pt_attempt_end(&attempt);
 */
#ifndef PT_ATTEMPT_H
#define PT_ATTEMPT_H

#include "utils/palloc.h"
#include "utils/resowner.h"

typedef struct PtAttempt
{
	MemoryContext context;
	ResourceOwner owner;
	ResourceOwner own;			/* of what the attempt leaves behind */
} PtAttempt;

extern void pt_attempt_begin(PtAttempt *attempt);

/* It went well. */
extern void pt_attempt_end(PtAttempt *attempt);

/*
 * In PG_CATCH: swallow the error if it is the want of some resource (a full
 * /dev/shm is no reason to fail), or one that the caller forgives, by its
 * geterrcode(). Any other goes on.
 */
extern void pt_attempt_failed(PtAttempt *attempt, bool is_forgiven);

#endif							/* PT_ATTEMPT_H */
