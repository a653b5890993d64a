/*
 * image_cache.c
 *		A session's images: finding, building, catching up, replacing.
 *
 * image_open is called under the vacuum barrier (except in recovery) with the
 * metapage read under it, and returns an image that has everything the log
 * held then. An image stays valid until the next image_open of the session:
 * walks run no user code, so they do not nest.
 */
#include "postgres.h"

#include "access/xact.h"
#include "image.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "utils/memutils.h"

/* merge an overlay of more entries than this, and than 1/32 of the base */
#define MERGE_MIN_ENTRIES 25000
#define MERGE_FRACTION 32

/* session memory to expect for an edge while its image is built */
#define BUILD_BYTES_PER_EDGE 56

typedef struct CachedImage
{
	dlist_node	node;			/* most recently used first */
	Image		image;
} CachedImage;

static dlist_head images = DLIST_STATIC_INIT(images);
static uint64 seen_generation = 0;

/* ---- forgetting ---- */

static void
forget(CachedImage *cached)
{
	dlist_delete(&cached->node);
	if (cached->image.segment != NULL)
		dsm_detach(cached->image.segment);
	MemoryContextDelete(cached->image.context);
}

static bool
same_key(const ImageKey *a, const ImageKey *b)
{
	return a->database == b->database && a->tablespace == b->tablespace &&
		a->relnumber == b->relnumber && a->epoch == b->epoch &&
		a->incarnation == b->incarnation;
}

/* Let go of all shared bases that have been superseded. */
static void
forget_superseded(void)
{
	dlist_mutable_iter iter;
	uint64		generation;

	if (!image_registry_available() ||
		(generation = image_registry_generation()) == seen_generation)
		return;
	dlist_foreach_modify(iter, &images)
	{
		CachedImage *cached = dlist_container(CachedImage, node, iter.cur);

		if (cached->image.segment != NULL &&
			!image_registry_is_current(cached->image.slot,
									   dsm_segment_handle(cached->image.segment)))
			forget(cached);
	}
	seen_generation = generation;
}

/* The cached image of a log; images of the index's former logs are dropped. */
static CachedImage *
find_cached(const ImageKey *key, Oid index)
{
	CachedImage *found = NULL;
	dlist_mutable_iter iter;

	dlist_foreach_modify(iter, &images)
	{
		CachedImage *cached = dlist_container(CachedImage, node, iter.cur);

		if (same_key(&cached->image.key, key))
			found = cached;
		else if (cached->image.index == index)
			forget(cached);
	}
	return found;
}

/* Drop images, least recently used first, until so much is available. */
static void
make_room(Size needed)
{
	while (!dlist_is_empty(&images) && image_memory_available() < needed)
		forget(dlist_container(CachedImage, node, dlist_tail_node(&images)));
}

/* ---- building ---- */

/* Where a base is going: shared memory if claim >= 0 and it fits. */
typedef struct BasePlace
{
	MemoryContext context;
	int			claim;
	dsm_segment *segment;
} BasePlace;

static ImageBase *
allocate_base(Size size, void *arg)
{
	BasePlace  *place = arg;

	if (place->claim >= 0)
	{
		ImageBase  *base = image_registry_allocate(place->claim, size, &place->segment);

		if (base != NULL)
			return base;
	}
	return image_alloc(place->context, size);
}

/* On ERROR and FATAL: nothing half-built stays behind, no claim either. */
static void
abandon_base(int code, Datum arg)
{
	BasePlace  *place = (BasePlace *) DatumGetPointer(arg);

	if (place->segment != NULL)
		dsm_detach(place->segment);
	if (place->claim >= 0)
		image_registry_release_claim(place->claim);
	MemoryContextDelete(place->context);
}

static CachedImage *
remember(MemoryContext context, const ImageKey *key, Oid index,
		 ImageBase *base, dsm_segment *segment, int slot)
{
	CachedImage *cached = MemoryContextAllocZero(context, sizeof(CachedImage));

	cached->image.key = *key;
	cached->image.index = index;
	cached->image.context = context;
	image_base_view(base, &cached->image.view);
	cached->image.overlay = image_overlay_create(&cached->image.view, context);
	cached->image.segment = segment;
	cached->image.slot = slot;
	dlist_push_head(&images, &cached->node);
	return cached;
}

/* Goes with the caller's context until keep_context. */
static MemoryContext
create_context(void)
{
	return AllocSetContextCreate(CurrentMemoryContext, "parseltongue image",
								 ALLOCSET_SMALL_SIZES);
}

/* From now on somebody must delete it on error. */
static void
keep_context(MemoryContext context)
{
	MemoryContextSetParent(context, image_memory_context());
}

/*
 * Build a base, from the log or by merging an image we have, publish it if it
 * could be put into shared memory, and cache it. NULL if the log changed
 * underneath. With claim < 0 the base is the session's own.
 */
static CachedImage *
build(Relation index, const AdjMetaCopy *copy, const ImageKey *key,
	  const Image *merge_from, MemoryContext context, int claim)
{
	BasePlace	place = {context, claim, NULL};
	CachedImage *volatile cached = NULL;

	keep_context(context);
	PG_ENSURE_ERROR_CLEANUP(abandon_base, PointerGetDatum(&place));
	{
		ImageBase  *base;

		if (merge_from != NULL)
			base = image_merge(&merge_from->view, merge_from->overlay,
							   allocate_base, &place);
		else
			base = image_build(index, copy, allocate_base, &place);
		if (place.segment != NULL && base != NULL)
			image_registry_publish(claim, place.segment);
		if (base != NULL)
			cached = remember(context, key, RelationGetRelid(index),
							  base, place.segment, claim);
	}
	PG_END_ENSURE_ERROR_CLEANUP(abandon_base, PointerGetDatum(&place));

	if (claim >= 0)
		image_registry_release_claim(claim);
	if (cached == NULL)
		MemoryContextDelete(context);
	return cached;
}

static CachedImage *
attach(const ImageKey *key, Oid index, MemoryContext context,
	   dsm_segment *segment, int slot)
{
	CachedImage *volatile cached = NULL;

	keep_context(context);
	PG_TRY();
	{
		cached = remember(context, key, index, dsm_segment_address(segment),
						  segment, slot);
	}
	PG_CATCH();
	{
		dsm_detach(segment);
		MemoryContextDelete(context);
		PG_RE_THROW();
	}
	PG_END_TRY();
	return cached;
}

/*
 * Find or build the base of a log we have no image of. Nothing between the
 * claim and build() can fail, or the claim would stay.
 */
static CachedImage *
load(Relation index, const AdjMetaCopy *copy, const ImageKey *key)
{
	Size		needed = mul_size(AdjEndOfLog(&copy->meta), BUILD_BYTES_PER_EDGE);
	MemoryContext context = create_context();
	dsm_segment *segment;
	int			slot = -1;

	make_room(needed);
	if (index->rd_rel->relpersistence != RELPERSISTENCE_TEMP &&
		image_registry_available() &&
		image_registry_find(key, RelationGetRelid(index), &segment, &slot) ==
		REGISTRY_FOUND)
		return attach(key, RelationGetRelid(index), context, segment, slot);
	return build(index, copy, key, NULL, context, slot);
}

/* ---- catching up ---- */

static bool
merge_is_due(const Image *image)
{
	return image_overlay_entries(image->overlay) >
		Max(MERGE_MIN_ENTRIES, image->view.nedges / MERGE_FRACTION);
}

/*
 * Replace an image whose overlay has grown large by a merged one. Where the
 * merge is somebody else's job, or there is no room, the image stays.
 */
static CachedImage *
merge(Relation index, const AdjMetaCopy *copy, CachedImage *cached)
{
	Image	   *image = &cached->image;
	CachedImage *merged;
	MemoryContext context;
	int			claim = -1;

	if (image_memory_available() <
		image->view.base->size + image_overlay_bytes(image->overlay) * 2)
		return cached;
	context = create_context();
	if (image->segment != NULL &&
		!image_registry_claim(&image->key, image->index, &claim))
	{
		MemoryContextDelete(context);
		return cached;
	}

	merged = build(index, copy, &image->key, image, context, claim);
	forget(cached);
	return merged;
}

static ImageKey
make_key(Relation index, const AdjMetaCopy *copy)
{
	ImageKey	key;

	memset(&key, 0, sizeof(key));
	key.database = PtRelDb(index);
	key.tablespace = PtRelSpc(index);
	key.relnumber = PtRelNumber(index);
	key.epoch = copy->meta.epoch;
	key.incarnation = copy->meta.incarnation;
	return key;
}

/* One try; NULL if the log changed underneath. */
static CachedImage *
open_once(Relation index, const AdjMetaCopy *copy)
{
	ImageKey	key = make_key(index, copy);
	CachedImage *cached = find_cached(&key, RelationGetRelid(index));

	if (cached == NULL)
		cached = load(index, copy, &key);
	if (cached == NULL)
		return NULL;
	if (image_overlay_sync(cached->image.overlay, index, copy) != ADJ_READ_END)
	{
		forget(cached);
		return NULL;
	}
	if (merge_is_due(&cached->image))
		cached = merge(index, copy, cached);
	dlist_move_head(&images, &cached->node);
	return cached;
}

/*
 * The image of an index, with everything in the log that *copy describes. In
 * recovery the log may be replaced while we read; then *copy is read again.
 */
Image *
image_open(Relation index, AdjMetaCopy *copy, bool in_recovery)
{
	forget_superseded();
	for (;;)
	{
		CachedImage *cached = open_once(index, copy);

		if (cached != NULL)
			return &cached->image;
		if (!in_recovery)
			ereport(ERROR,
					(errcode(ERRCODE_INDEX_CORRUPTED),
					 errmsg("the log of adjacency index \"%s\" is broken",
							RelationGetRelationName(index)),
					 errhint("REINDEX it.")));
		CHECK_FOR_INTERRUPTS();
		adj_read_meta(index, copy);
	}
}

/* ---- nodes and labels of base and overlay together ---- */

uint32
image_find_node(const Image *image, AdjNode node)
{
	bool		collision;
	uint32		found = image_base_find(&image->view, node, &collision);

	/* another node with this fingerprint: then this one has no edges */
	if (found != IMAGE_NO_NODE || collision)
		return found;
	return image_overlay_find_node(image->overlay, node);
}

uint32
image_node_count(const Image *image)
{
	return image->view.nnodes + image_overlay_node_count(image->overlay);
}

AdjNode
image_node(const Image *image, uint32 node)
{
	AdjNode		result;

	if (node >= image->view.nnodes)
		return image_overlay_node(image->overlay, node);
	result.fingerprint = image->view.fingerprints[node];
	result.check = image->view.checks[node];
	return result;
}

uint32
image_find_label(const Image *image, uint64 label)
{
	return image_overlay_find_label(image->overlay, label);
}

uint32
image_label_count(const Image *image)
{
	return image->view.nlabels + image_overlay_label_count(image->overlay);
}
