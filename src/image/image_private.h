/*
 * image_private.h
 *		What an image is to the files that make it: base and overlay together.
 *
 * A session remembers an image of each index it has used, and each call has a
 * use of it. Images may share a base: one that a call uses does not change, so
 * a call within that call, which has to catch up further, gets another.
 */
#ifndef IMAGE_PRIVATE_H
#define IMAGE_PRIVATE_H

#include "image/image.h"
#include "image/image_memory.h"
#include "image/image_overlay.h"
#include "image/image_registry.h"
#include "lib/ilist.h"

/* A base, and how many images of the session stand on it. */
typedef struct HeldBase
{
	dlist_node	node;			/* of all that are held */
	ImageBase  *base;			/* if shared, to be looked at while pinned */
	ImageRef	ref;			/* in the registry; slot -1 if it is local */
	MemoryContext context;		/* the base's, if it is local; this struct's */
	int			images;
} HeldBase;

/*
 * What the session remembers of an index. It does not change while it is in
 * use, but for being forgotten; then it goes when the last use ends.
 */
typedef struct CachedImage
{
	dlist_node	node;			/* most recently used first */
	ImageKey	key;
	Oid			index;
	ImageView	view;
	ImageOverlay *overlay;
	uint64		merge_at;		/* entries of the overlay that make a merge due */
	TimestampTz asked_at;		/* when a worker was asked to do it; 0: never */
	HeldBase   *held;
	MemoryContext context;		/* everything but the base */
	int			uses;
	bool		forgotten;
} CachedImage;

/*
 * One use of it, by one call. It keeps its base pinned from before the base is
 * looked at, so it begins before there is an image.
 */
struct Image
{
	ImageView	view;
	ImageOverlay *overlay;
	CachedImage *cached;		/* NULL before it is found and once closed */
	ImageRef	pinned;			/* slot -1: nothing */
	ImagePause	pause;			/* NULL: none */
	void	   *pause_arg;
	bool		is_open;
	ImageOrigin origin;
	dlist_node	node;			/* of all that are open */
	ResourceOwner owner;		/* it ends with it at the latest */
	MemoryContextCallback at_end;	/* of the call's memory context */
};

/*
 * Of what is followed, the facts (image_labels.c); NULL if that is all, or if
 * follow is NULL. Taken from the budget, a byte a label.
 */
extern bool *image_follow_facts(const Image *image, const bool *follow, PtBudget *budget);

/*
 * An image of this index was published: if the file may go with the transaction,
 * so shall the image (image_gone.c).
 */
extern void image_gone_note_made(Relation index);

/* Nodes of base and overlay: their ids are below this. */
extern uint32 image_node_count(const Image *image);

#endif							/* IMAGE_PRIVATE_H */
