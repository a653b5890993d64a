/*
 * image_filter.c
 *		Which numbers a set surely does not have.
 */
#include "postgres.h"

#include "image/image_filter.h"
#include "image/image_memory.h"
#include "utils/memutils.h"

/* at least so many bits a member */
#define BITS_PER_MEMBER 16

void
image_filter_init(ImageFilter *filter, MemoryContext context)
{
	filter->words = MemoryContextAllocZero(context, sizeof(uint64));
	filter->mask = 63;
}

bool
image_filter_make_room(ImageFilter *filter, uint64 members, MemoryContext context)
{
	uint64		bits = filter->mask + 1;
	uint64	   *words;

	if (members <= bits / BITS_PER_MEMBER)
		return false;
	while (members > bits / BITS_PER_MEMBER)
		bits *= 2;
	image_memory_check(bits / BITS_PER_BYTE);
	words = MemoryContextAllocExtended(context, bits / BITS_PER_BYTE,
									   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	pfree(filter->words);
	filter->words = words;
	filter->mask = bits - 1;
	return true;
}
