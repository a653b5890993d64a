/*
 * pt_texts.h
 *		Texts by number, within a bound of memory.
 *
 * A PtTexts gives equal texts one number, counted from 0 in the order in
 * which they come, and remembers the text of each. Numbers are for good; what
 * pt_text returns moves with the next pt_texts_add.
 *
 * All of it is in the context of its budget and goes with it. Besides its
 * bytes a text takes 12 bytes and two to four slots of 4; growing copies, and
 * needs both sizes for a moment.
 */
#ifndef PT_TEXTS_H
#define PT_TEXTS_H

#include "base/pt_budget.h"
#include "base/pt_varatt.h"

/* Some bytes of somebody else's, without a terminating zero. */
typedef struct PtText
{
	const char *bytes;
	int			length;
} PtText;

typedef struct PtTexts
{
	PtBudget   *budget;
	uint32		count;

	/* by number */
	uint32		capacity;
	Size	   *ends;			/* in bytes; a text begins where the one before ends */
	uint32	   *hashes;
	char	   *bytes;
	Size		size;			/* of bytes */

	/* open addressing: number + 1, or 0 */
	uint32		nslots;			/* a power of two */
	uint32	   *slots;
} PtTexts;

#define PT_NO_TEXT PG_UINT32_MAX

/* No texts yet, and no memory. */
extern void pt_texts_init(PtTexts *texts, PtBudget *budget);

/*
 * The number of a text, a new one if it has none; its bytes are copied. is_new
 * may be NULL. Error 53400 beyond the budget, 54000 beyond 2^30 texts. After
 * an error the texts must not be used. Amortised O(length).
 */
extern uint32 pt_texts_add(PtTexts *texts, PtText text, bool *is_new);

/* The number of a text, or PT_NO_TEXT. O(length). */
extern uint32 pt_texts_find(const PtTexts *texts, PtText text);

/* The text of a number, until the next one is added. */
static inline PtText
pt_text(const PtTexts *texts, uint32 number)
{
	Size		start = number == 0 ? 0 : texts->ends[number - 1];

	return (PtText) {texts->bytes + start, (int) (texts->ends[number] - start)};
}

/* Is it this C string? */
static inline bool
pt_text_is(PtText text, const char *string)
{
	return text.length == strlen(string) && memcmp(text.bytes, string, text.length) == 0;
}

/* As strcmp, by the bytes: the order of COLLATE "C". */
static inline int
pt_compare_texts(PtText a, PtText b)
{
	int			order = memcmp(a.bytes, b.bytes, Min(a.length, b.length));

	return order != 0 ? order : a.length - b.length;
}

/* The same of values that are not compressed and stand in memory. */
static inline int
pt_compare_text_values(const void *a, const void *b)
{
	return pt_compare_texts((PtText) {VARDATA_ANY(a), (int) VARSIZE_ANY_EXHDR(a)},
							(PtText) {VARDATA_ANY(b), (int) VARSIZE_ANY_EXHDR(b)});
}

#endif							/* PT_TEXTS_H */
