/*
 * pt_sort.h
 *		Sorting that can be interrupted, and searching what is sorted.
 */
#ifndef PT_SORT_H
#define PT_SORT_H

#include "base/pt_budget.h"

typedef int (*PtCompare) (const void *a, const void *b, void *arg);

/*
 * Sort count elements in place, O(n log n) comparisons on average. Looks for
 * interrupts; the comparison must not. Not stable: let it tell all apart.
 */
extern void pt_sort(void *array, size_t count, size_t element, PtCompare compare, void *arg);

/* A number to sort by, and what it is of. */
typedef struct PtNumbered
{
	uint64		number;
	uint32		item;
} PtNumbered;

/*
 * Sort by number, the least first; those of equal numbers stay in their order.
 * A radix sort from the least byte on: O(n) a byte in which any two numbers
 * differ. As much memory again from the budget meanwhile. Interruptible.
 */
extern void pt_sort_numbered(PtNumbered *items, uint64 count, PtBudget *budget);

/* Doubles in the order of unsigned numbers; no NaN. */
static inline uint64
pt_number_of_double(double value)
{
	uint64		bits;

	value += 0.0;				/* of the two zeros the positive one */
	memcpy(&bits, &value, sizeof(bits));
	return bits & UINT64CONST(1) << 63 ? ~bits : bits | UINT64CONST(1) << 63;
}

/*
 * The place of the first of count sorted elements that is not less than key,
 * count if all are less. The comparison has the element first, then the key.
 */
static inline uint64
pt_lower_bound(const void *array, uint64 count, Size element, const void *key,
			   PtCompare compare, void *arg)
{
	uint64		low = 0;
	uint64		high = count;

	while (low < high)
	{
		uint64		middle = low + (high - low) / 2;

		if (compare((const char *) array + middle * element, key, arg) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

#endif							/* PT_SORT_H */
