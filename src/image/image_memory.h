/*
 * image_memory.h
 *		The memory that a session may use for images of its own.
 *
 * The limit is parseltongue.local_image_memory. Whoever is about to allocate
 * asks first; what counts as used is all that is below one context.
 */
#ifndef IMAGE_MEMORY_H
#define IMAGE_MEMORY_H

#include "utils/palloc.h"

/*
 * The context, which lasts as long as the session. Whatever counts is below.
 */
extern MemoryContext image_memory_context(void);

/*
 * Who makes room: drops the image used least recently, of those not in use.
 * False if there is none to drop.
 */
extern void image_memory_set_evict(bool (*evict) (void));

/*
 * Drop images that are not in use until so many bytes are available. False if
 * that is not possible; some may have been dropped all the same.
 */
extern bool image_memory_make_room(Size needed);

/* The same, but error 53400 where there is not enough. */
extern void image_memory_check(Size more);

/*
 * Would so many bytes leave half of the limit to others, without dropping any?
 * For what is a luxury.
 */
extern bool image_memory_is_plenty(Size needed);

/*
 * Check and allocate, in a context below image_memory_context. Uninitialized.
 */
extern void *image_alloc(MemoryContext context, Size size);

/*
 * Advise the system to put memory into large pages, before it is first written
 * to. A table that is larger than what the processor remembers of the page table
 * costs a second miss for each look-up, and each small page a fault.
 */
extern void image_want_large_pages(void *memory, Size size);

/* Check and allocate a table, zeroed, in large pages if there are any. */
extern void *image_alloc_table(MemoryContext context, Size size);

#endif							/* IMAGE_MEMORY_H */
