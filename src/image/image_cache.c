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
#include "image/image.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "base/pt_guc.h"
#include "storage/ipc.h"
#include "utils/memutils.h"

/* merge an overlay of more entries than this, and than 1/32 of the base */
#define MERGE_MIN_ENTRIES 25000
#define MERGE_FRACTION 32

/* an edge in the rows of both directions */
#define MIN_BYTES_PER_EDGE 24

typedef struct CachedImage
{
	dlist_node	node;			/* most recently used first */
	uint64		merge_at;		/* entries of the overlay that make a merge due */
	Image		image;
} CachedImage;

static dlist_head images = DLIST_STATIC_INIT(images);
static uint64 seen_generation = 0;

/* being caught up or merged, so not to be evicted */
static CachedImage *busy = NULL;

/* ---- forgetting ---- */

static void
forget(CachedImage *cached)
{
	if (cached == busy)
		busy = NULL;
	dlist_delete(&cached->node);
	if (cached->image.segment != NULL)
		dsm_detach(cached->image.segment);
	MemoryContextDelete(cached->image.context);
}

/* Drop the image used least recently; false if there is none to drop. */
bool
image_evict_one(void)
{
	dlist_iter	iter;

	dlist_reverse_foreach(iter, &images)
	{
		CachedImage *cached = dlist_container(CachedImage, node, iter.cur);

		if (cached != busy)
		{
			forget(cached);
			return true;
		}
	}
	return false;
}

/*
 * Let go of shared bases that have been superseded, or that room is needed
 * for and we are not about to use.
 */
static void
let_go(const ImageKey *key)
{
	dlist_mutable_iter iter;
	uint64		generation;

	if (!image_registry_available() ||
		(generation = image_registry_generation()) == seen_generation)
		return;
	dlist_foreach_modify(iter, &images)
	{
		CachedImage *cached = dlist_container(CachedImage, node, iter.cur);
		Image	   *image = &cached->image;

		if (image->segment != NULL &&
			!image_registry_may_keep(image->slot, dsm_segment_handle(image->segment),
									 image_same_key(&image->key, key)))
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

		if (image_same_key(&cached->image.key, key))
			found = cached;
		else if (cached->image.index == index)
			forget(cached);
	}
	return found;
}

/* ---- building ---- */

/* Where a base is going: shared memory if claim >= 0 and it fits. */
typedef struct BasePlace
{
	MemoryContext context;
	int			claim;
	bool		optional;		/* a merge: rather none than another place */
	dsm_segment *segment;
} BasePlace;

static void
release_claim(BasePlace *place)
{
	if (place->claim >= 0)
		image_registry_release_claim(place->claim);
	place->claim = -1;
}

/* With room for keys if there is plenty; NULL if there is no room at all. */
static ImageBase *
allocate_shared(ImageBase *header, BasePlace *place)
{
	ImageBase  *base = NULL;

	if (header->key_size > 0)
		base = image_registry_allocate(place->claim, image_base_layout(header, true),
									   true, &place->segment);
	if (base == NULL)
		base = image_registry_allocate(place->claim, image_base_layout(header, false),
									   false, &place->segment);
	return base;
}

static ImageBase *
allocate_base(ImageBase *header, void *arg)
{
	BasePlace  *place = arg;
	ImageBase  *base = NULL;

	if (place->claim >= 0)
	{
		base = allocate_shared(header, place);
		if (base == NULL && place->optional)
			return NULL;
		/* it will be our own; whoever waits for it need not any longer */
		if (base == NULL)
			release_claim(place);
	}
	if (base == NULL)
	{
		if (!image_memory_is_plenty(image_base_layout(header, true)))
			(void) image_base_layout(header, false);
		if (place->optional && !image_memory_make_room(header->size))
			return NULL;
		base = image_alloc(place->context, header->size);
	}
	memcpy(base, header, sizeof(ImageBase));
	return base;
}

/* On ERROR and FATAL: nothing half-built stays behind, no claim either. */
static void
abandon_base(int code, Datum arg)
{
	BasePlace  *place = (BasePlace *) DatumGetPointer(arg);

	if (place->segment != NULL)
		dsm_detach(place->segment);
	release_claim(place);
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
	cached->merge_at = Max(MERGE_MIN_ENTRIES, base->nedges / MERGE_FRACTION);
	dlist_push_head(&images, &cached->node);
	return cached;
}

/* Goes with the caller's context until keep_context. */
static MemoryContext
create_context(void)
{
	/* made now, so that keep_context cannot fail */
	(void) image_memory_context();
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
 * could be put into shared memory, and cache it. With claim < 0 the base is
 * the session's own. NULL if the log changed underneath, or a merged base did
 * not fit into shared memory.
 */
static CachedImage *
build(Relation index, const AdjMetaCopy *copy, const ImageKey *key,
	  const Image *merge_from, MemoryContext context, int claim)
{
	BasePlace	place = {context, claim, merge_from != NULL, NULL};
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
		{
			image_registry_publish(claim, place.segment);
			place.claim = -1;	/* fulfilled */
		}
		if (base != NULL)
			cached = remember(context, key, RelationGetRelid(index),
							  base, place.segment, claim);
	}
	PG_END_ENSURE_ERROR_CLEANUP(abandon_base, PointerGetDatum(&place));

	release_claim(&place);
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

/* No use claiming what will not fit: those who wait for it would wait in vain. */
static bool
may_share(Relation index, const AdjMetaCopy *copy)
{
	const AdjMeta *meta = &copy->meta;
	uint64		edges = AdjEndOfLog(meta) - meta->dead - meta->tombstones;

	if (index->rd_rel->relpersistence == RELPERSISTENCE_TEMP)
		return false;
	image_registry_attach();
	return image_registry_available() &&
		edges <= (Size) pt_shared_image_memory * 1024 / MIN_BYTES_PER_EDGE;
}

/*
 * Find or build the base of a log we have no image of. Nothing between the
 * claim and build() can fail, or the claim would stay.
 */
static CachedImage *
load(Relation index, const AdjMetaCopy *copy, const ImageKey *key)
{
	MemoryContext context = create_context();
	dsm_segment *segment;
	int			slot = -1;

	if (may_share(index, copy) &&
		image_registry_find(key, RelationGetRelid(index), &segment, &slot) ==
		REGISTRY_FOUND)
		return attach(key, RelationGetRelid(index), context, segment, slot);
	return build(index, copy, key, NULL, context, slot);
}

/* ---- catching up ---- */

/* A base from the log although there is one: our overlay has grown too large. */
static CachedImage *
rebuild(Relation index, const AdjMetaCopy *copy, const ImageKey *key)
{
	MemoryContext context = create_context();
	int			claim = -1;

	if (may_share(index, copy))
		(void) image_registry_claim(key, RelationGetRelid(index), &claim);
	return build(index, copy, key, NULL, context, claim);
}

/*
 * Replace an image whose overlay has grown large by a merged one. Where that
 * is somebody else's job, or there is no room, the image stays, and we try
 * again when the overlay has doubled.
 */
static CachedImage *
merge(Relation index, const AdjMetaCopy *copy, CachedImage *cached)
{
	Image	   *image = &cached->image;
	CachedImage *merged = NULL;
	MemoryContext context = create_context();
	int			claim = -1;
	bool		go;

	if (image->segment != NULL)
		go = image_registry_claim(&image->key, image->index, &claim);
	else
		go = image_memory_make_room(image->view.base->size +
									image_overlay_bytes(image->overlay) * 2);
	if (go)
		merged = build(index, copy, &image->key, image, context, claim);
	else
		MemoryContextDelete(context);
	if (merged == NULL)
	{
		cached->merge_at = image_overlay_entries(image->overlay) * 2;
		return cached;
	}
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

/* Else reading the tail is worth a try. */
static bool
rebuild_could_fit(const AdjMetaCopy *copy)
{
	const AdjMeta *meta = &copy->meta;

	return (AdjEndOfLog(meta) - meta->dead - meta->tombstones) * MIN_BYTES_PER_EDGE <
		(Size) pt_local_image_memory * 1024;
}

/* An overlay for the old one, empty until the log's tail is read again. */
static void
replace_overlay(Image *image)
{
	ImageOverlay *broken = image->overlay;

	image->overlay = image_overlay_create(&image->view, image->context);
	image_overlay_destroy(broken);
}

/* One try; NULL if the log changed underneath. */
static CachedImage *
open_once(Relation index, const AdjMetaCopy *copy)
{
	ImageKey	key = make_key(index, copy);
	CachedImage *cached;

	busy = NULL;
	let_go(&key);
	cached = find_cached(&key, RelationGetRelid(index));
	if (cached == NULL)
		cached = load(index, copy, &key);
	busy = cached;
	if (cached != NULL && image_overlay_is_broken(cached->image.overlay))
		replace_overlay(&cached->image);
	if (cached != NULL &&
		!image_memory_make_room(image_overlay_cost(cached->image.overlay, copy)) &&
		rebuild_could_fit(copy))
	{
		forget(cached);
		busy = cached = rebuild(index, copy, &key);
	}
	if (cached == NULL)
		return NULL;
	if (image_overlay_sync(cached->image.overlay, index, copy) != ADJ_READ_END)
	{
		forget(cached);
		return NULL;
	}
	if (image_overlay_entries(cached->image.overlay) > cached->merge_at)
		cached = merge(index, copy, cached);
	dlist_move_head(&images, &cached->node);
	if (cached->image.segment != NULL)
		image_registry_touch(cached->image.slot);
	return cached;
}

/*
 * The image of an index, with everything in the log that *copy describes. In
 * recovery the log may be replaced while we read; then *copy is read again.
 */
Image *
image_open(Relation index, AdjMetaCopy *copy, bool in_recovery)
{
	for (;;)
	{
		CachedImage *cached = open_once(index, copy);
		ImageKey	before = make_key(index, copy);
		ImageKey	now;

		if (cached != NULL)
			return &cached->image;
		if (in_recovery)
			adj_read_meta(index, copy);
		now = make_key(index, copy);
		if (image_same_key(&before, &now))
			ereport(ERROR,
					(errcode(ERRCODE_INDEX_CORRUPTED),
					 errmsg("the log of adjacency index \"%s\" is broken",
							RelationGetRelationName(index)),
					 errhint("REINDEX it.")));
		CHECK_FOR_INTERRUPTS();
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
image_find_label(const Image *image, ImageLabel label)
{
	return image_overlay_find_label(image->overlay, label);
}

ImageLabel
image_label(const Image *image, uint32 label)
{
	if (label >= image->view.nlabels)
		return image_overlay_label(image->overlay, label);
	return image->view.labels[label];
}

uint32
image_label_count(const Image *image)
{
	return image->view.nlabels + image_overlay_label_count(image->overlay);
}
