/*
 * pt_budget.h
 *		The memory that one call may take, and arrays that grow within it.
 *
 * A budget belongs to a call, not to a part of it: walks, bitmaps, gathered
 * edges and what is made of them take from the same one. Whoever allocates by
 * other means than these functions takes and returns the bytes himself. What
 * would exceed the limit is error 53400; nothing has been allocated then.
 *
 * Arrays are in the budget's context and go with it. What an array grows to
 * may be somewhere else than it was: pointers into it do not survive.
 */
#ifndef PT_BUDGET_H
#define PT_BUDGET_H

#include "utils/palloc.h"

typedef struct PtBudget
{
	MemoryContext context;
	Size		limit;			/* bytes */
	Size		used;			/* of them */
	Size		most;			/* that were used at a time */
	const char *what;			/* that memory is needed for: "walk" */
	const char *hint;			/* what to do when it is not enough */
} PtBudget;

/*
 * A budget of parseltongue.local_image_memory, with a context below the
 * current one. The texts are not copied.
 */
extern PtBudget *pt_budget_create(const char *what, const char *hint);

/* The context goes, and all that is in it, the budget itself too. */
extern void pt_budget_delete(PtBudget *budget);

/* Account for bytes that are allocated by other means, and for their end. */
extern void pt_budget_take(PtBudget *budget, Size bytes);
extern void pt_budget_return(PtBudget *budget, Size bytes);

/* Is so much left? For what can be done without. */
static inline bool
pt_budget_has(const PtBudget *budget, Size bytes)
{
	return budget->used <= budget->limit && bytes <= budget->limit - budget->used;
}

/* An array of count elements, uninitialized. */
extern void *pt_alloc(PtBudget *budget, uint64 count, Size element);

/* An array, NULL or from here, resized to count elements. */
extern void *pt_resize(PtBudget *budget, void *array, uint64 count, Size element);

/*
 * Things that an array has are numbered by 32 bits, and there are count: error
 * 54000 if that is as many as end. what is their plural: "paths".
 */
extern void pt_check_count(uint64 count, uint32 end, const char *what);

/* Free an array from here, or NULL. */
extern void pt_free(PtBudget *budget, void *array);

/*
 * Room for at least needed elements: capacity doubles. Amortised O(1) an
 * element.
 */
extern void *pt_grow(PtBudget *budget, void *array, uint64 *capacity, uint64 needed, Size element);

#endif							/* PT_BUDGET_H */
