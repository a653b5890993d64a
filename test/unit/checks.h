/*
 * checks.h
 *		What the files of this module compare with: a seed that a failure names, and
 *		how many comparisons have been made of it.
 */
#ifndef CHECKS_H
#define CHECKS_H

#include "base/pt_budget.h"
#include "fmgr.h"

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

#endif							/* CHECKS_H */
