/*
 * image_attempt.c
 *		What may fail for want of memory without being an error.
 */
#include "postgres.h"

#include "image/image_attempt.h"

void
image_attempt_begin(ImageAttempt *attempt)
{
	attempt->context = CurrentMemoryContext;
	attempt->owner = CurrentResourceOwner;
	attempt->own = ResourceOwnerCreate(attempt->owner, "parseltongue image");
	CurrentResourceOwner = attempt->own;
}

static void
release(ImageAttempt *attempt, bool success)
{
	CurrentResourceOwner = attempt->owner;
	ResourceOwnerRelease(attempt->own, RESOURCE_RELEASE_BEFORE_LOCKS, success, false);
	ResourceOwnerRelease(attempt->own, RESOURCE_RELEASE_LOCKS, success, false);
	ResourceOwnerRelease(attempt->own, RESOURCE_RELEASE_AFTER_LOCKS, success, false);
	ResourceOwnerDelete(attempt->own);
}

void
image_attempt_end(ImageAttempt *attempt)
{
	release(attempt, true);
}

void
image_attempt_failed(ImageAttempt *attempt, bool may_be_internal)
{
	ErrorData  *error;

	MemoryContextSwitchTo(attempt->context);
	error = CopyErrorData();
	release(attempt, false);
	if (ERRCODE_TO_CATEGORY(error->sqlerrcode) != ERRCODE_INSUFFICIENT_RESOURCES &&
		!(may_be_internal && error->sqlerrcode == ERRCODE_INTERNAL_ERROR))
		ReThrowError(error);
	FlushErrorState();
	FreeErrorData(error);
}
