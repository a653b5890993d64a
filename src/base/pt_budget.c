/*
 * pt_budget.c
 *		The memory that one call may take.
 */
#include "postgres.h"

#include "base/pt_budget.h"
#include "base/pt_guc.h"
#include "utils/memutils.h"

#define INITIAL_CAPACITY 64

PtBudget *
pt_budget_create(const char *what, const char *hint)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "parseltongue call",
												  ALLOCSET_DEFAULT_SIZES);
	PtBudget   *budget = MemoryContextAllocZero(context, sizeof(PtBudget));

	budget->context = context;
	budget->limit = (Size) pt_local_image_memory * 1024;
	budget->what = what;
	budget->hint = hint;
	return budget;
}

void
pt_budget_delete(PtBudget *budget)
{
	MemoryContextDelete(budget->context);
}

void
pt_budget_take(PtBudget *budget, Size bytes)
{
	if (!pt_budget_has(budget, bytes))
		ereport(ERROR,
				(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
				 errmsg("memory required for %s exceeds \"parseltongue.local_image_memory\"",
						budget->what),
				 errdetail("%zu kB in use, %zu kB more needed, limit %zu kB.",
						   budget->used / 1024, (bytes + 1023) / 1024, budget->limit / 1024),
				 errhint("%s", budget->hint)));
	budget->used += bytes;
	budget->most = Max(budget->most, budget->used);
}

void
pt_budget_return(PtBudget *budget, Size bytes)
{
	Assert(bytes <= budget->used);
	budget->used -= bytes;
}

void *
pt_alloc(PtBudget *budget, uint64 count, Size element)
{
	return pt_resize(budget, NULL, count, element);
}

/* What an array is charged: its chunk, once it exists, tells its size. */
void *
pt_resize(PtBudget *budget, void *array, uint64 count, Size element)
{
	Size		before = array == NULL ? 0 : GetMemoryChunkSpace(array);
	Size		bytes = Max(mul_size(count, element), 1);

	if (bytes > before)
		pt_budget_take(budget, bytes - before);
	array = array == NULL ?
		MemoryContextAllocExtended(budget->context, bytes, MCXT_ALLOC_HUGE) :
		repalloc_huge(array, bytes);
	budget->used -= Max(bytes, before);
	budget->used += GetMemoryChunkSpace(array);
	budget->most = Max(budget->most, budget->used);
	return array;
}

void
pt_check_count(uint64 count, uint32 end, const char *what)
{
	if (count >= end)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many %s for one call", what),
				 errdetail("It can keep %u of them.", end),
				 errhint("Ask for fewer results, or bound the question by depth, cost or edge types.")));
}

void
pt_free(PtBudget *budget, void *array)
{
	if (array == NULL)
		return;
	pt_budget_return(budget, GetMemoryChunkSpace(array));
	pfree(array);
}

void *
pt_grow(PtBudget *budget, void *array, uint64 *capacity, uint64 needed, Size element)
{
	uint64		larger = Max(Max(INITIAL_CAPACITY, *capacity * 2), needed);

	if (needed <= *capacity)
		return array;
	array = pt_resize(budget, array, larger, element);
	*capacity = larger;
	return array;
}
