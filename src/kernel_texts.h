/*
 * kernel_texts.h
 *		Texts by number, within a bound of memory.
 *
 * A KernelTexts gives equal texts one number, counted from 0 in the order in
 * which they come, and remembers the text of each. Numbers are for good; what
 * kernel_text returns moves with the next kernel_texts_add.
 *
 * All that is allocated through one KernelMemory is in its context and goes
 * with it. What would exceed the limit is error 53400.
 */
#ifndef KERNEL_TEXTS_H
#define KERNEL_TEXTS_H

/* Some bytes of somebody else's, without a terminating zero. */
typedef struct KernelText
{
	const char *bytes;
	int			length;
} KernelText;

typedef struct KernelMemory
{
	MemoryContext context;
	Size		limit;
	const char *purpose;		/* for the error: "resolving references" */
} KernelMemory;

typedef struct KernelTexts
{
	KernelMemory *memory;
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
} KernelTexts;

#define KERNEL_NO_TEXT PG_UINT32_MAX

/* An array, old or NULL, made to hold count elements of a size. */
extern void *kernel_resize(KernelMemory *memory, void *old, uint64 count, Size size);

extern void kernel_texts_init(KernelTexts *texts, KernelMemory *memory);
extern uint32 kernel_texts_add(KernelTexts *texts, KernelText text, bool *is_new);
extern uint32 kernel_texts_find(const KernelTexts *texts, KernelText text);

static inline KernelText
kernel_text(const KernelTexts *texts, uint32 number)
{
	Size		start = number == 0 ? 0 : texts->ends[number - 1];

	return (KernelText) {texts->bytes + start, (int) (texts->ends[number] - start)};
}

/* Is it this C string? */
static inline bool
kernel_text_is(KernelText text, const char *string)
{
	return text.length == strlen(string) && memcmp(text.bytes, string, text.length) == 0;
}

/* The order of the bytes: that of COLLATE "C". */
static inline int
kernel_compare_texts(KernelText a, KernelText b)
{
	int			order = memcmp(a.bytes, b.bytes, Min(a.length, b.length));

	return order != 0 ? order : a.length - b.length;
}

#endif							/* KERNEL_TEXTS_H */
