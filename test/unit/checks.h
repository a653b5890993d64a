/*
 * checks.h
 *		What the files of this module compare with: a seed that a failure names, and
 *		how many comparisons have been made of it.
 */
#ifndef CHECKS_H
#define CHECKS_H

#include "base/pt_budget.h"
#include "fmgr.h"
#include "utils/memutils.h"

static int64 seed;
static int64 comparisons;

static inline void
check(bool equal, const char *what)
{
	comparisons++;
	if (!equal)
		elog(ERROR, "%s differs, seed " INT64_FORMAT, what, seed);
}

static inline PtBudget *
begin(FunctionCallInfo fcinfo)
{
	seed = PG_GETARG_INT64(0);
	comparisons = 0;
	return pt_budget_create("unit test", "Raise it.");
}

/* What is to be run where memory ends. */
typedef void (*Work) (void *self, PtBudget *budget);

/* With so much more than the budget has taken. False if memory ended: by the right error. */
static inline bool
runs_within(Work work, void *self, PtBudget *budget, Size limit)
{
	MemoryContext context = CurrentMemoryContext;
	volatile bool done = false;

	PG_TRY();
	{
		budget->limit = budget->used + limit;
		work(self, budget);
		done = true;
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		if (geterrcode() != ERRCODE_CONFIGURATION_LIMIT_EXCEEDED)
			PG_RE_THROW();
		FlushErrorState();
	}
	PG_END_TRY();
	pt_budget_delete(budget);
	return done;
}

#endif							/* CHECKS_H */
