/*
 * pt_sort.h
 *		Sorting that can be interrupted, and searching what is sorted.
 */
#ifndef PT_SORT_H
#define PT_SORT_H

typedef int (*PtCompare) (const void *a, const void *b, void *arg);

/*
 * Sort count elements in place, O(n log n) comparisons on average. Looks for
 * interrupts; the comparison must not. Not stable: let it tell all apart.
 */
extern void pt_sort(void *array, size_t count, size_t element, PtCompare compare, void *arg);

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
