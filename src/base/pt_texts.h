/*
 * pt_texts.h
 *		Texts by number, within a bound of memory.
 *
 * A PtTexts gives equal texts one number, counted from 0 in the order in
 * which they come, and remembers the text of each. Numbers are for good; what
 * pt_text returns moves with the next pt_texts_add.
 *
 * All of it is in the context of its budget and goes with it.
 */
#ifndef PT_TEXTS_H
#define PT_TEXTS_H

#include "base/pt_budget.h"

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

extern void pt_texts_init(PtTexts *texts, PtBudget *budget);
extern uint32 pt_texts_add(PtTexts *texts, PtText text, bool *is_new);
extern uint32 pt_texts_find(const PtTexts *texts, PtText text);

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

/* The order of the bytes: that of COLLATE "C". */
static inline int
pt_compare_texts(PtText a, PtText b)
{
	int			order = memcmp(a.bytes, b.bytes, Min(a.length, b.length));

	return order != 0 ? order : a.length - b.length;
}

#endif							/* PT_TEXTS_H */
