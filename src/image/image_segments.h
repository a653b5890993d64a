/*
 * image_segments.h
 *		The dynamic shared memory that images are in.
 *
 * The whole server has a few hundred segments of it, and parallel queries need
 * them. Images take few: small ones are together in areas, large ones have a
 * segment of their own, and there are at most IMAGE_SEGMENTS of both.
 *
 * Where an image is, is its extent. A session maps the segment when it first
 * needs it and keeps it mapped, used or not; memory that no image is in any
 * more is given back all the same.
 *
 * The table is part of the registry, and under its lock. Functions say whether
 * they are to be called with the lock held or take it themselves.
 */
#ifndef IMAGE_SEGMENTS_H
#define IMAGE_SEGMENTS_H

#include "image/image_room.h"
#include "storage/dsm.h"
#include "storage/lwlock.h"

/* with images in them, and with those that idle sessions have mapped yet */
#define IMAGE_SEGMENTS 32
#define IMAGE_SEGMENTS_MAPPED 64

/* an area is divided into so many blocks */
#define IMAGE_AREA_BLOCKS 8192

typedef enum ImageSegmentState
{
	SEGMENT_FREE,				/* there is none */
	SEGMENT_MADE,				/* being created */
	SEGMENT_LIVE,				/* images are in it, or about to be */
	SEGMENT_EMPTYING,			/* its memory is being given back */
	SEGMENT_EMPTY				/* sessions have it mapped, that is all */
} ImageSegmentState;

typedef struct ImageSegment
{
	ImageSegmentState state;
	dsm_handle	handle;
	Size		size;
	Size		bytes;			/* of memory that it takes */
	Size		block;			/* of an area; 0: one image has all of it */
	bool		of_server;		/* of the memory that the server set aside */
	bool		has_holes;		/* there may be no memory behind some of it */
	int			images;
	int			mapped;			/* sessions */
	uint64		blocks[IMAGE_AREA_BLOCKS / 64]; /* of an area: taken? */
} ImageSegment;

typedef struct ImageSegmentTable
{
	ImageSegment segments[IMAGE_SEGMENTS_MAPPED];
} ImageSegmentTable;

typedef struct ImageExtent
{
	int			segment;		/* -1: none */
	Size		offset;
	Size		size;
} ImageExtent;

/* What segments take. */
typedef struct ImageTaken
{
	Size		of_server;		/* bytes of the memory set aside */
	Size		of_system;
	int			segments;
} ImageTaken;

/* What this process uses, once it has found the registry. */
extern void image_segments_attach(ImageSegmentTable *table, LWLock *lock);

/* ---- with the lock held in exclusive mode ---- */

/*
 * Room in the areas there are; false if there is none. An area is found by its
 * blocks, O(bytes of all areas / 4 kB / 64) at worst.
 */
extern bool image_segments_place(Size size, const ImageRoom *room, ImageExtent *extent);

/*
 * A segment for an image of this size, and maybe others. False if there is no
 * room, or there are too many. image_segments_create must follow.
 */
extern bool image_segments_reserve(Size size, const ImageRoom *room, ImageExtent *extent);

/*
 * The image is gone; it may have none. image_segments_give_back must follow
 * once the lock is released.
 */
extern void image_segments_free(ImageExtent *extent);

/* ---- with the lock held ---- */

/* All that is taken; or, if kept is given, by those segments of which it is true. */
extern ImageTaken image_segments_taken(const bool *kept);

/* Would there be room for a segment of so many bytes? */
extern bool image_segments_fit(const ImageTaken *taken, Size more, const ImageRoom *room);

extern const ImageSegment *image_segments_get(int segment);

/* ---- without the lock ---- */

/*
 * Make what has been reserved. False if there is no memory for it: then the
 * extent is none. After an error it is still the caller's to free.
 */
extern bool image_segments_create(ImageExtent *extent, const ImageRoom *room);

/*
 * May memory be put back into segments that were emptied? Not once that has
 * failed in this process, as on kernels that cannot.
 */
extern bool image_segments_can_refill(void);

/*
 * Give back what image_segments_free has left. In clean-up only the memory that
 * this process has mapped is given back while others have it mapped, as
 * mapping it might fail.
 */
extern void image_segments_give_back(bool in_cleanup);

/*
 * Where an extent is in this process. It is the caller's, or pinned, for as
 * long as the address is used. NULL if there is no memory to map it.
 */
extern void *image_segments_address(const ImageExtent *extent);

/* Unmap segments that no image is in. */
extern void image_segments_let_go(void);

#endif							/* IMAGE_SEGMENTS_H */
