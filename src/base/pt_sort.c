/*
 * pt_sort.c
 *		qsort of the server's template, with its checks for interrupts, and a
 *		radix sort.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "miscadmin.h"

#define ST_SORT pt_sort
#define ST_ELEMENT_TYPE_VOID
#define ST_COMPARE_RUNTIME_POINTER
#define ST_COMPARE_ARG_TYPE void
#define ST_CHECK_FOR_INTERRUPTS
#define ST_SCOPE
#define ST_DECLARE
#define ST_DEFINE
#include "lib/sort_template.h"

/* ---- by radix ---- */

#define DIGIT_BITS 8
#define DIGIT_VALUES (1 << DIGIT_BITS)
#define DIGITS (64 / DIGIT_BITS)

static inline int
digit_of(uint64 number, int digit)
{
	return (number >> (digit * DIGIT_BITS)) & (DIGIT_VALUES - 1);
}

/* Move all to where their digit says. places: where each value's items begin. */
static void
move_by_digit(const PtNumbered *from, PtNumbered *to, uint64 count, int digit, uint64 *places)
{
	for (uint64 i = 0; i < count; i++)
	{
		pt_check_interrupts(i);
		to[places[digit_of(from[i].number, digit)]++] = from[i];
	}
}

/* From how many items have a value to where they begin. Do they all have one? */
static bool
add_up(uint64 *counts, uint64 count)
{
	uint64		place = 0;
	bool		equal = false;

	for (int value = 0; value < DIGIT_VALUES; value++)
	{
		uint64		here = counts[value];

		equal |= here == count;
		counts[value] = place;
		place += here;
	}
	return equal;
}

void
pt_sort_numbered(PtNumbered *items, uint64 count, PtBudget *budget)
{
	uint64		(*counts)[DIGIT_VALUES] = pt_alloc(budget, DIGITS, sizeof(*counts));
	PtNumbered *scratch = pt_alloc(budget, count, sizeof(PtNumbered));
	PtNumbered *from = items;
	PtNumbered *to = scratch;

	memset(counts, 0, DIGITS * sizeof(*counts));
	for (uint64 i = 0; i < count; i++)
	{
		pt_check_interrupts(i);
		for (int digit = 0; digit < DIGITS; digit++)
			counts[digit][digit_of(items[i].number, digit)]++;
	}
	for (int digit = 0; digit < DIGITS; digit++)
	{
		PtNumbered *swap = from;

		if (add_up(counts[digit], count))
			continue;
		move_by_digit(from, to, count, digit, counts[digit]);
		from = to;
		to = swap;
	}
	if (from != items)
		memcpy(items, from, count * sizeof(PtNumbered));
	pt_free(budget, scratch);
	pt_free(budget, counts);
}
