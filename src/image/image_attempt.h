/*
 * image_attempt.h
 *		What may fail for want of memory without being an error.
 *
 * An attempt has a resource owner of its own, so that what it leaves behind
 * goes without the transaction's end:
 *
 *		image_attempt_begin(&attempt);
 *		PG_TRY();
 *		{
 *			...
 *		}
 *		PG_CATCH();
 *		{
 *			image_attempt_failed(&attempt, false);
 *			return NULL;
 *		}
 *		PG_END_TRY();
 *		image_attempt_end(&attempt);
 */
#ifndef IMAGE_ATTEMPT_H
#define IMAGE_ATTEMPT_H

#include "utils/palloc.h"
#include "utils/resowner.h"

typedef struct ImageAttempt
{
	MemoryContext context;
	ResourceOwner owner;
	ResourceOwner own;			/* of what the attempt leaves behind */
} ImageAttempt;

extern void image_attempt_begin(ImageAttempt *attempt);

/* It went well. */
extern void image_attempt_end(ImageAttempt *attempt);

/*
 * In PG_CATCH: swallow the error if it is the want of some resource (a full
 * /dev/shm is no reason to fail), or, if may_be_internal, an internal one.
 * Any other goes on.
 */
extern void image_attempt_failed(ImageAttempt *attempt, bool may_be_internal);

#endif							/* IMAGE_ATTEMPT_H */
