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
 * use, but for being forgotten, or given a successor; then it goes when the last
 * use ends.
 */
typedef struct CachedImage
{
	dlist_node	node;			/* most recently used first */
	struct CachedImage *next_of_index;	/* another of this index, or NULL */
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

	/* on the base that has superseded this one's, being caught up; NULL: none */
	struct CachedImage *successor;
	bool		is_successor;	/* of one that stays until it is caught up */
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

/* ---- uses (image_use.c) ---- */

/* A use of nothing as yet, in the current memory context, which ends it as well. */
extern Image *image_use_begin(void);

/* Pin a base for the use instead of what it had; false if it has gone. */
extern bool image_use_pin(Image *use, const HeldBase *held);

/* The use has a base now that is pinned for it, or a local one. */
extern void image_use_take_pin(Image *use, ImageRef ref);

/* A use of it ends: if it is forgotten, and that was the last, it goes. */
extern void image_cache_unuse(CachedImage *cached);

/* ---- labels, files, nodes ---- */

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
