/*
 * pt_attempt.c
 *		What may fail for want of memory without being an error.
 */
#include "postgres.h"

#include "base/pt_attempt.h"

void
pt_attempt_begin(PtAttempt *attempt)
{
	attempt->context = CurrentMemoryContext;
	attempt->owner = CurrentResourceOwner;
	attempt->own = ResourceOwnerCreate(attempt->owner, "parseltongue attempt");
	CurrentResourceOwner = attempt->own;
}

static void
release(PtAttempt *attempt, bool success)
{
	CurrentResourceOwner = attempt->owner;
	ResourceOwnerRelease(attempt->own, RESOURCE_RELEASE_BEFORE_LOCKS, success, false);
	ResourceOwnerRelease(attempt->own, RESOURCE_RELEASE_LOCKS, success, false);
	ResourceOwnerRelease(attempt->own, RESOURCE_RELEASE_AFTER_LOCKS, success, false);
	ResourceOwnerDelete(attempt->own);
}

void
pt_attempt_end(PtAttempt *attempt)
{
	release(attempt, true);
}

void
pt_attempt_failed(PtAttempt *attempt, bool is_forgiven)
{
	ErrorData  *error;

	MemoryContextSwitchTo(attempt->context);
	error = CopyErrorData();
	release(attempt, false);
	if (ERRCODE_TO_CATEGORY(error->sqlerrcode) != ERRCODE_INSUFFICIENT_RESOURCES && !is_forgiven)
		ReThrowError(error);
	FlushErrorState();
	FreeErrorData(error);
}
