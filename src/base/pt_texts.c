/*
 * pt_texts.c
 *		Texts by number: one array of bytes, and a hash table of numbers.
 */
#include "postgres.h"

#include "base/pt_texts.h"
#include "common/hashfn.h"

void
pt_texts_init(PtTexts *texts, PtBudget *budget)
{
	memset(texts, 0, sizeof(*texts));
	texts->budget = budget;
}

/* The slot of a text, or the empty one where it belongs. */
static uint32
find_slot(const PtTexts *texts, PtText text, uint32 hash)
{
	uint32		mask = texts->nslots - 1;
	uint32		slot = hash & mask;

	while (texts->slots[slot] != 0)
	{
		uint32		number = texts->slots[slot] - 1;

		if (texts->hashes[number] == hash)
		{
			PtText		there = pt_text(texts, number);

			if (there.length == text.length &&
				memcmp(there.bytes, text.bytes, text.length) == 0)
				break;
		}
		slot = (slot + 1) & mask;
	}
	return slot;
}

static uint32
hash_text(PtText text)
{
	return hash_bytes((const unsigned char *) text.bytes, text.length);
}

static void
grow_slots(PtTexts *texts)
{
	uint32		mask;

	if (texts->nslots > PG_UINT32_MAX / 4)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many different texts")));
	texts->nslots = Max(64, texts->nslots * 2);
	texts->slots = pt_resize(texts->budget, texts->slots, texts->nslots, sizeof(uint32));
	memset(texts->slots, 0, texts->nslots * sizeof(uint32));
	mask = texts->nslots - 1;
	for (uint32 i = 0; i < texts->count; i++)
	{
		uint32		slot = texts->hashes[i] & mask;

		while (texts->slots[slot] != 0)
			slot = (slot + 1) & mask;
		texts->slots[slot] = i + 1;
	}
}

static void
make_room(PtTexts *texts, int length)
{
	Size		used = texts->count == 0 ? 0 : texts->ends[texts->count - 1];

	if (texts->count == texts->capacity)
	{
		texts->capacity = Max(32, texts->capacity * 2);
		texts->ends = pt_resize(texts->budget, texts->ends, texts->capacity, sizeof(Size));
		texts->hashes = pt_resize(texts->budget, texts->hashes, texts->capacity, sizeof(uint32));
	}
	if (used + length >= texts->size)
	{
		texts->size = Max(texts->size * 2, Max(used + length + 1, 256));
		texts->bytes = pt_resize(texts->budget, texts->bytes, texts->size, 1);
	}
}

uint32
pt_texts_add(PtTexts *texts, PtText text, bool *is_new)
{
	uint32		hash = hash_text(text);
	uint32		slot;
	Size		start;

	/* half full at most */
	if (texts->count >= texts->nslots / 2)
		grow_slots(texts);
	slot = find_slot(texts, text, hash);
	if (is_new != NULL)
		*is_new = texts->slots[slot] == 0;
	if (texts->slots[slot] != 0)
		return texts->slots[slot] - 1;

	make_room(texts, text.length);
	start = texts->count == 0 ? 0 : texts->ends[texts->count - 1];
	memcpy(texts->bytes + start, text.bytes, text.length);
	texts->ends[texts->count] = start + text.length;
	texts->hashes[texts->count] = hash;
	texts->slots[slot] = ++texts->count;
	return texts->count - 1;
}

uint32
pt_texts_find(const PtTexts *texts, PtText text)
{
	uint32		slot;

	if (texts->count == 0)
		return PT_NO_TEXT;
	slot = find_slot(texts, text, hash_text(text));
	return texts->slots[slot] == 0 ? PT_NO_TEXT : texts->slots[slot] - 1;
}
