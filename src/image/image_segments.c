/*
 * image_segments.c
 *		The dynamic shared memory that images are in.
 *
 * A segment is pinned, so it stays while no session has it mapped. When its
 * last image goes, nobody will look at its memory again, but sessions that
 * have walked one of its images may have it mapped, and an idle session runs
 * no code that could let go of it. So the memory is taken out from under the
 * mapping (punched), where the platform can do that. What is left is a segment
 * without memory, which goes with its last mapping, or is filled again for
 * another image of about its size.
 *
 * Memory that has been punched is not written to before it has been asked for
 * anew (populated): to touch it while /dev/shm is full would be a bus error.
 *
 * Areas are divided into blocks, first fit. The first is small; each is as
 * large as all before it, up to a sixteenth of what images may take, so there
 * are few. An image that would take more than a quarter of such an area has a
 * segment of its own, until there are many: then a larger area is made for it
 * and others of its kind, if that may be large enough.
 */
#include "postgres.h"

#ifndef WIN32
#include <sys/mman.h>
#endif

#include "access/xact.h"
#include "base/pt_attempt.h"
#include "graph/graph_walk.h"
#include "image/image_segments.h"
#include "storage/shmem.h"

#define BLOCK_SIZE ((Size) 4096)
#define FIRST_AREA ((Size) 1024 * 1024)
#define LARGEST_AREA ((Size) 64 * 1024 * 1024)

/* an image takes at most one in so many of an area, and an area of the room */
#define IMAGES_OF_AREA 4
#define AREAS_OF_ROOM 16

static ImageSegmentTable *table = NULL;
static LWLock *lock = NULL;

/* mapped by this process */
static dsm_segment *mapped[IMAGE_SEGMENTS_MAPPED];

/* being emptied by this process */
static bool emptying[IMAGE_SEGMENTS_MAPPED];
static bool any_emptying = false;

/* no attempt to put memory back where it was punched has failed */
static bool can_refill = true;

void
image_segments_attach(ImageSegmentTable *found, LWLock *its_lock)
{
	table = found;
	lock = its_lock;
}

const ImageSegment *
image_segments_get(int segment)
{
	return &table->segments[segment];
}

/* ---- what the platform does with memory ---- */

/* Take memory out from under its mappings; false if that cannot be done. */
static bool
punch(void *address, Size size)
{
#ifdef MADV_REMOVE
	return madvise(address, size, MADV_REMOVE) == 0;
#else
	return false;
#endif
}

/* Put memory back where it was punched; false if there is none. */
static bool
populate(void *address, Size size)
{
#ifdef MADV_POPULATE_WRITE
	return madvise(address, size, MADV_POPULATE_WRITE) == 0;
#else
	return false;
#endif
}

bool
image_segments_can_refill(void)
{
	return can_refill;
}

/* ---- what is taken ---- */

static bool
holds_images(const ImageSegment *segment)
{
	return segment->state == SEGMENT_MADE || segment->state == SEGMENT_LIVE;
}

ImageTaken
image_segments_taken(const bool *kept)
{
	ImageTaken	taken = {0, 0, 0};

	for (int i = 0; i < IMAGE_SEGMENTS_MAPPED; i++)
	{
		const ImageSegment *segment = &table->segments[i];

		if (segment->state == SEGMENT_FREE ||
			(holds_images(segment) && kept != NULL && !kept[i]))
			continue;
		if (segment->of_server)
			taken.of_server += segment->bytes;
		else
			taken.of_system += segment->bytes;
		taken.segments += holds_images(segment);
	}
	return taken;
}

bool
image_segments_fit(const ImageTaken *taken, Size more, const ImageRoom *room)
{
	return taken->segments < IMAGE_SEGMENTS &&
		taken->of_server + taken->of_system + more <= room->all &&
		(taken->of_server + more <= room->of_server ||
		 (taken->of_system + more <= room->of_system && more <= room->free));
}

/* ---- blocks of an area ---- */

static uint32
blocks_of(const ImageSegment *area, Size size)
{
	return (uint32) ((size + area->block - 1) / area->block);
}

/* The first of so many free blocks side by side, or -1. */
static int
find_blocks(const ImageSegment *area, uint32 count)
{
	uint32		blocks = (uint32) (area->size / area->block);
	uint32		run = 0;

	for (uint32 i = 0; i < blocks; i++)
	{
		/* a word of which all is taken */
		if (i % 64 == 0 && ~area->blocks[i / 64] == 0)
		{
			run = 0;
			i += 63;
			continue;
		}
		run = graph_bit(area->blocks, i) ? 0 : run + 1;
		if (run == count)
			return (int) (i + 1 - count);
	}
	return -1;
}

static void
mark_blocks(ImageSegment *area, const ImageExtent *extent, bool taken)
{
	uint32		first = (uint32) (extent->offset / area->block);
	uint32		last = first + blocks_of(area, extent->size);

	for (uint32 i = first; i < last; i++)
	{
		if (taken)
			graph_set_bit(area->blocks, i);
		else
			graph_clear_bit(area->blocks, i);
	}
}

static bool
place_in(int i, Size size, ImageExtent *extent)
{
	ImageSegment *area = &table->segments[i];
	int			first = find_blocks(area, blocks_of(area, size));

	if (first < 0)
		return false;
	*extent = (ImageExtent) {i, first * area->block, size};
	mark_blocks(area, extent, true);
	area->images++;
	return true;
}

/* ---- a place for an image ---- */

static Size
largest_area(const ImageRoom *room)
{
	return Min(LARGEST_AREA, image_room_most(room) / AREAS_OF_ROOM);
}

bool
image_segments_place(Size size, const ImageRoom *room, ImageExtent *extent)
{
	if (size > largest_area(room) / IMAGES_OF_AREA)
		return false;
	for (int i = 0; i < IMAGE_SEGMENTS_MAPPED; i++)
		if (table->segments[i].state == SEGMENT_LIVE && table->segments[i].block > 0 &&
			place_in(i, size, extent))
			return true;
	return false;
}

/* The size of a new area for an image, or 0 if it gets a segment of its own. */
static Size
area_size(Size image, const ImageTaken *taken, const ImageRoom *room)
{
	Size		largest = largest_area(room);
	Size		areas = 0;
	Size		size;

	for (int i = 0; i < IMAGE_SEGMENTS_MAPPED; i++)
		if (holds_images(&table->segments[i]) && table->segments[i].block > 0)
			areas += table->segments[i].size;
	size = Min(largest, Max(FIRST_AREA, areas));
	/* while there are few segments, no memory is set aside for more like this */
	if (taken->segments >= IMAGE_SEGMENTS / 2)
		size = Min(largest, Max(size, IMAGES_OF_AREA * image));
	if (image > size / IMAGES_OF_AREA)
		return 0;
	/* rather a smaller one than none */
	while (size / 2 >= image && !image_segments_fit(taken, size, room))
		size /= 2;
	return size;
}

/* An empty segment that sessions have mapped yet, and of about this size. */
static int
find_empty(Size size)
{
	for (int i = 0; i < IMAGE_SEGMENTS_MAPPED; i++)
	{
		const ImageSegment *segment = &table->segments[i];

		if (segment->state == SEGMENT_EMPTY && segment->size >= size &&
			segment->size / 2 <= size && (can_refill || !segment->has_holes))
			return i;
	}
	return -1;
}

static int
find_free(void)
{
	for (int i = 0; i < IMAGE_SEGMENTS_MAPPED; i++)
		if (table->segments[i].state == SEGMENT_FREE)
			return i;
	return -1;
}

/*
 * Whether an empty segment can be filled again is known only when it is tried,
 * so image_segments_create may give that up.
 */
bool
image_segments_reserve(Size size, const ImageRoom *room, ImageExtent *extent)
{
	ImageTaken	taken = image_segments_taken(NULL);
	Size		area = area_size(size, &taken, room);
	Size		block = area > BLOCK_SIZE * IMAGE_AREA_BLOCKS ? 2 * BLOCK_SIZE : BLOCK_SIZE;
	Size		whole = area > 0 ? area : size;
	int			i = area > 0 ? -1 : find_empty(size);
	ImageSegment *segment;

	whole = TYPEALIGN(block, whole);
	/* memory that it still has need not be found again */
	if (i >= 0 && !image_segments_fit(&taken, whole - Min(whole, table->segments[i].bytes), room))
		i = -1;
	if (i < 0)
	{
		if (!image_segments_fit(&taken, whole, room) || (i = find_free()) < 0)
			return false;
		segment = &table->segments[i];
		memset(segment, 0, sizeof(ImageSegment));
		segment->size = whole;
	}
	segment = &table->segments[i];
	segment->state = SEGMENT_MADE;
	segment->block = area > 0 ? block : 0;
	segment->bytes = Max(segment->bytes, whole);
	segment->images = 1;
	*extent = (ImageExtent) {i, 0, size};
	if (area > 0)
		mark_blocks(segment, extent, true);
	return true;
}

void
image_segments_free(ImageExtent *extent)
{
	int			i = extent->segment;
	ImageSegment *segment;

	extent->segment = -1;
	if (i < 0)
		return;
	segment = &table->segments[i];
	if (segment->block > 0)
		mark_blocks(segment, extent, false);
	if (--segment->images > 0)
		return;
	/* what was not made after all has no handle */
	if (segment->handle == DSM_HANDLE_INVALID)
	{
		segment->state = SEGMENT_FREE;
		return;
	}
	segment->state = SEGMENT_EMPTYING;
	emptying[i] = any_emptying = true;
}

/* ---- mappings ---- */

/*
 * Runs on dsm_detach and at the end of the session. The last to let go of an
 * empty segment ends it.
 */
static void
on_detach(dsm_segment *mapping, Datum arg)
{
	int			i = DatumGetInt32(arg);
	ImageSegment *segment = &table->segments[i];
	dsm_handle	ended = DSM_HANDLE_INVALID;

	mapped[i] = NULL;
	LWLockAcquire(lock, LW_EXCLUSIVE);
	Assert(segment->mapped > 0);
	if (--segment->mapped == 0 && segment->state == SEGMENT_EMPTY)
	{
		ended = segment->handle;
		segment->state = SEGMENT_FREE;
	}
	LWLockRelease(lock);
	if (ended != DSM_HANDLE_INVALID)
		dsm_unpin_segment(ended);
}

/* Count this process among those that have it mapped, or no longer. */
static void
count_mapping(ImageSegment *segment, int change)
{
	LWLockAcquire(lock, LW_EXCLUSIVE);
	segment->mapped += change;
	LWLockRelease(lock);
}

/* A segment that is being mapped. */
typedef struct Mapping
{
	int			segment;
	volatile bool is_counted;	/* by its detaching, from now on */
} Mapping;

static void
map_segment(void *arg)
{
	Mapping    *m = arg;
	dsm_segment *mapping = dsm_attach(table->segments[m->segment].handle);

	if (mapping == NULL)
		return;
	on_dsm_detach(mapping, on_detach, Int32GetDatum(m->segment));
	m->is_counted = true;
	dsm_pin_mapping(mapping);
	mapped[m->segment] = mapping;
}

/*
 * The caller has counted itself, and the segment stays while it does this. From
 * the registration on, detaching drops the count. False if there is no memory.
 */
static bool
map(int i)
{
	Mapping		m = {i, false};

	PG_TRY();
	{
		(void) pt_attempt(map_segment, &m, NULL);
	}
	PG_CATCH();
	{
		if (!m.is_counted)
			count_mapping(&table->segments[i], -1);
		PG_RE_THROW();
	}
	PG_END_TRY();
	if (!m.is_counted)
		count_mapping(&table->segments[i], -1);
	return mapped[i] != NULL;
}

static bool
ensure_mapped(int i)
{
	if (mapped[i] != NULL)
		return true;
	count_mapping(&table->segments[i], 1);
	return map(i);
}

void *
image_segments_address(const ImageExtent *extent)
{
	if (!ensure_mapped(extent->segment))
		return NULL;
	return (char *) dsm_segment_address(mapped[extent->segment]) + extent->offset;
}

void
image_segments_let_go(void)
{
	for (int i = 0; i < IMAGE_SEGMENTS_MAPPED; i++)
	{
		ImageSegmentState state;

		if (mapped[i] == NULL || emptying[i])
			continue;
		LWLockAcquire(lock, LW_SHARED);
		state = table->segments[i].state;
		LWLockRelease(lock);
		if (state == SEGMENT_EMPTYING || state == SEGMENT_EMPTY)
			dsm_detach(mapped[i]);
	}
}

/* ---- making segments ---- */

/* Create and map a segment, both pinned. */
static void
create_segment(void *arg)
{
	int			i = *(int *) arg;
	ImageSegment *segment = &table->segments[i];
	dsm_segment *mapping = dsm_create(segment->size, DSM_CREATE_NULL_IF_MAXSEGMENTS);

	if (mapping == NULL)
		return;
	on_dsm_detach(mapping, on_detach, Int32GetDatum(i));
	count_mapping(segment, 1);
	dsm_pin_segment(mapping);
	dsm_pin_mapping(mapping);
	mapped[i] = mapping;
	/* from now on it is to be emptied, not forgotten */
	segment->handle = dsm_segment_handle(mapping);
	segment->of_server = ShmemAddrIsValid(dsm_segment_address(mapping));
}

/* False if there is no memory. */
static bool
create(int i)
{
	return pt_attempt(create_segment, &i, NULL) && mapped[i] != NULL;
}

/* Fill an empty segment again; false if that cannot be done. */
static bool
refill(int i, Size size)
{
	if (!ensure_mapped(i))
		return false;
	if (table->segments[i].has_holes)
		can_refill = populate(dsm_segment_address(mapped[i]), size);
	return can_refill || !table->segments[i].has_holes;
}

/*
 * Where the server put a segment is its choice, so only now it is known whether
 * images may have it.
 */
static bool
is_within(const ImageSegment *segment, const ImageRoom *room)
{
	ImageTaken	taken = image_segments_taken(NULL);

	return segment->of_server ? taken.of_server <= room->of_server :
		taken.of_system <= room->of_system;
}

bool
image_segments_create(ImageExtent *extent, const ImageRoom *room)
{
	int			i = extent->segment;
	ImageSegment *segment = &table->segments[i];
	bool		made = segment->handle == DSM_HANDLE_INVALID ?
		create(i) : refill(i, extent->size);

	LWLockAcquire(lock, LW_EXCLUSIVE);
	if (made && is_within(segment, room))
		segment->state = SEGMENT_LIVE;
	else
		image_segments_free(extent);
	LWLockRelease(lock);
	image_segments_give_back(false);
	return extent->segment >= 0;
}

/* ---- giving back ---- */

/* Take the memory from under the mappings of others. */
static bool
punch_segment(int i, bool in_cleanup)
{
	ImageSegment *segment = &table->segments[i];
	int			sessions;

	LWLockAcquire(lock, LW_SHARED);
	sessions = segment->mapped;
	LWLockRelease(lock);
	/* where nobody else has it, it goes as a whole */
	if (segment->of_server || sessions == (mapped[i] != NULL ? 1 : 0))
		return false;
	/* mapping it may fail, which would end a worker between two transactions */
	if (mapped[i] == NULL && (in_cleanup || !IsTransactionState() || !ensure_mapped(i)))
		return false;
	return punch(dsm_segment_address(mapped[i]), segment->size);
}

static void
empty_segment(int i, bool in_cleanup)
{
	ImageSegment *segment = &table->segments[i];
	bool		punched = punch_segment(i, in_cleanup);
	dsm_handle	ended = DSM_HANDLE_INVALID;

	LWLockAcquire(lock, LW_EXCLUSIVE);
	emptying[i] = false;
	segment->block = 0;
	memset(segment->blocks, 0, sizeof(segment->blocks));
	if (punched)
	{
		segment->has_holes = true;
		segment->bytes = 0;
	}
	segment->state = SEGMENT_EMPTY;
	if (segment->mapped == 0)
	{
		ended = segment->handle;
		segment->state = SEGMENT_FREE;
	}
	LWLockRelease(lock);
	if (ended != DSM_HANDLE_INVALID)
		dsm_unpin_segment(ended);
	else if (mapped[i] != NULL)
		dsm_detach(mapped[i]);
}

void
image_segments_give_back(bool in_cleanup)
{
	if (!any_emptying)
		return;
	for (int i = 0; i < IMAGE_SEGMENTS_MAPPED; i++)
		if (emptying[i])
			empty_segment(i, in_cleanup);
	any_emptying = false;
}
