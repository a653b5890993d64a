/*
 * image_load.h
 *		Bases: built from the log, merged, or found where somebody has built one.
 *
 * What returns an image has pinned its base for the use that the opening has. NULL is
 * no error: the log has changed underneath, or there is no room where the base should
 * be; then the use has pinned what it had before.
 */
#ifndef IMAGE_LOAD_H
#define IMAGE_LOAD_H

#include "image/image_private.h"

/* What an image is opened for. */
typedef enum OpeningFor
{
	FOR_WALK,
	FOR_SCAN,					/* if it is there, of whatever age */
	FOR_SESSION,				/* to have it, so what is to be done is done */
	FOR_OTHERS,					/* a worker: shared, or not at all */
	FOR_LATER					/* the same, without driving others out */
} OpeningFor;

/* What is being opened, and the use that will be of it. */
typedef struct Opening
{
	Relation	index;
	const AdjMetaCopy *copy;
	OpeningFor	what_for;
	ImageKey	key;
	Image	   *use;
} Opening;

static inline bool
image_is_for_others(const Opening *o)
{
	return o->what_for == FOR_OTHERS || o->what_for == FOR_LATER;
}

/* Which log an index has now. */
extern ImageKey image_key_of(Relation index, const AdjMetaCopy *copy);

/*
 * Would its base fit into shared memory? What does not is not claimed: those who
 * waited for it would wait in vain.
 */
extern bool image_may_share(Relation index, const AdjMetaCopy *copy);

/* What a base of all that lives takes at least. */
extern Size image_least_size(const AdjMeta *meta);

/* Find or build the base of a log we have no image of. May wait for who builds it. */
extern CachedImage *image_load(Opening *o);

/* The same only if somebody has built it. Waits for nobody. */
extern CachedImage *image_load_ready(Opening *o);

/*
 * What a worker has to do with the base of a log it has no image of: build it if
 * nobody does or has, and merge into it if there is one. Waits for nobody.
 */
extern CachedImage *image_load_for_others(Opening *o);

/*
 * A base from the log although we had one, because our overlay has grown too large; or
 * the newer one that somebody else is making just now.
 */
extern CachedImage *image_rebuild(Opening *o, ImageRef had);

/*
 * A base merged from an image of ours, if there is room, and nobody else does it. The
 * image stays.
 */
extern CachedImage *image_load_merged(Opening *o, const CachedImage *cached);

#endif							/* IMAGE_LOAD_H */
