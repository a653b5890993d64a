/*
 * image_filter.h
 *		Which numbers a set surely does not have.
 *
 * A bit for each number modulo a power of two, of which there are at least so
 * many for each member that few others meet a set one: Bloom, "Space/time
 * trade-offs in hash coding with allowable errors" (1970), with one function.
 * The numbers asked for in turn lie near each other, so their bits do as well;
 * a hash table beside which it stands is looked at for few of them.
 */
#ifndef IMAGE_FILTER_H
#define IMAGE_FILTER_H

typedef struct ImageFilter
{
	uint64	   *words;
	uint64		mask;			/* bits less one */
} ImageFilter;

/* Of no numbers; in a memory context, as all that it grows by. */
extern void image_filter_init(ImageFilter *filter, MemoryContext context);

/*
 * Have room for so many members. True if it has been emptied for that: then all
 * of them are to be added. O(members). An error 53400 or 53200 leaves it as it was.
 */
extern bool image_filter_make_room(ImageFilter *filter, uint64 members, MemoryContext context);

static inline void
image_filter_add(ImageFilter *filter, uint64 number)
{
	uint64		bit = number & filter->mask;

	filter->words[bit / 64] |= UINT64CONST(1) << (bit % 64);
}

static inline bool
image_filter_may_have(const ImageFilter *filter, uint64 number)
{
	uint64		bit = number & filter->mask;

	return (filter->words[bit / 64] >> (bit % 64)) & 1;
}

#endif							/* IMAGE_FILTER_H */
