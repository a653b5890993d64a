/*
 * image_cache.h
 *		The images that a session remembers.
 *
 * Of each index the session has used it has an image, found by the index in O(1),
 * and while a newer base is being caught up a second one, the successor. An image goes
 * when it is forgotten and the last call that uses it has ended.
 */
#ifndef IMAGE_CACHE_H
#define IMAGE_CACHE_H

#include "image/image_private.h"

/*
 * Before images are looked for: forget those whose shared bases have gone, and what
 * was built on them; give back what is more than the setting allows, if it has been
 * lowered. O(1), unless some base has gone; O(images) then.
 */
extern void image_cache_begin(void);

/* The image of a log; images of the index's former logs are forgotten. Or NULL. */
extern CachedImage *image_cache_find(const ImageKey *key, Oid index);

/* The same, successors included, without forgetting any. */
extern CachedImage *image_cache_look(const ImageKey *key, Oid index);

/* Some image of an index, of whichever of its logs, or NULL. */
extern CachedImage *image_cache_of_index(Oid index);

/* What holds a base. The context is the base's own, if it is local. */
extern HeldBase *image_cache_hold(MemoryContext context, ImageBase *base, ImageRef ref);

/* What holds a shared base of which there is an image, or NULL. O(bases). */
extern HeldBase *image_cache_find_held(ImageRef ref);

/* An overlay of more entries makes the merge of a base due. */
extern uint64 image_merge_bound(const ImageBase *base);

/* A new image on a base, with an empty overlay. */
extern CachedImage *image_cache_remember(const ImageKey *key, Oid index, HeldBase *held);

/* Nobody will find it any more; who uses it keeps it. */
extern void image_cache_forget(CachedImage *cached);

/* It is the one used last. */
extern void image_cache_touch(CachedImage *cached);

/* Being caught up or merged, so not to be evicted; until the next, or NULL. */
extern void image_cache_set_busy(CachedImage *cached);

/* From now on it is nobody's but that of the one it is to replace. */
extern void image_cache_set_successor(CachedImage *cached, CachedImage *successor);

#endif							/* IMAGE_CACHE_H */
