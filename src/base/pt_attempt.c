/*
 * pt_attempt.c
 *		What may fail for want of some resource without being an error.
 */
#include "postgres.h"

#include "access/xact.h"
#include "base/pt_attempt.h"
#include "base/pt_compat.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

static bool
is_forgiven(int code, const int *forgiven)
{
	if (ERRCODE_TO_CATEGORY(code) == ERRCODE_INSUFFICIENT_RESOURCES)
		return true;
	for (; forgiven != NULL && *forgiven != 0; forgiven++)
		if (code == *forgiven)
			return true;
	return false;
}

static bool
may_begin_subtransaction(void)
{
	return IsTransactionState() && (!IsInParallelMode() || pt_parallel_subtransactions());
}

bool
pt_attempt(void (*what) (void *arg), void *arg, const int *forgiven)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	volatile bool done = false;

	if (!may_begin_subtransaction())
	{
		what(arg);
		return true;
	}
	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		what(arg);
		ReleaseCurrentSubTransaction();
		done = true;
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
		if (!is_forgiven(error->sqlerrcode, forgiven))
			ReThrowError(error);
		FreeErrorData(error);
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	return done;
}
