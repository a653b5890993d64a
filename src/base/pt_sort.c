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

/* The digits in which any two numbers differ, the least first. Returns how many. */
static int
find_digits(const PtNumbered *items, uint64 count, int *digits)
{
	uint64		differ = 0;
	int			found = 0;

	for (uint64 i = 1; i < count; i++)
	{
		pt_check_interrupts(i);
		differ |= items[i].number ^ items[0].number;
	}
	for (int digit = 0; digit < DIGITS; digit++)
	{
		if (digit_of(differ, digit) != 0)
			digits[found++] = digit;
	}
	return found;
}

/* By digit, where the items of each value begin. */
static void
find_places(const PtNumbered *items, uint64 count, const int *digits, int ndigits,
			uint64 (*places)[DIGIT_VALUES])
{
	memset(places, 0, ndigits * sizeof(*places));
	for (uint64 i = 0; i < count; i++)
	{
		pt_check_interrupts(i);
		for (int d = 0; d < ndigits; d++)
			places[d][digit_of(items[i].number, digits[d])]++;
	}
	for (int d = 0; d < ndigits; d++)
	{
		uint64		place = 0;

		for (int value = 0; value < DIGIT_VALUES; value++)
		{
			uint64		here = places[d][value];

			places[d][value] = place;
			place += here;
		}
	}
}

void
pt_sort_numbered(PtNumbered *items, uint64 count, PtBudget *budget)
{
	int			digits[DIGITS];
	int			ndigits = find_digits(items, count, digits);
	uint64		(*places)[DIGIT_VALUES] = pt_alloc(budget, ndigits, sizeof(*places));
	PtNumbered *scratch = pt_alloc(budget, count, sizeof(PtNumbered));
	PtNumbered *from = items;
	PtNumbered *to = scratch;

	find_places(items, count, digits, ndigits, places);
	for (int d = 0; d < ndigits; d++)
	{
		PtNumbered *swap = from;

		move_by_digit(from, to, count, digits[d], places[d]);
		from = to;
		to = swap;
	}
	if (from != items)
		memcpy(items, from, count * sizeof(PtNumbered));
	pt_free(budget, scratch);
	pt_free(budget, places);
}
