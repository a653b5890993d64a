/*
 * image_cache.c
 *		A session's images: finding, building, catching up, replacing.
 *
 * An image is caught up with the log whenever it is opened, by reading what is
 * new, as long as that is less work and memory than a new base. While a call
 * uses an image it is not changed: user code may begin a call within that one,
 * and that gets another image on the same base if it has to catch up further.
 */
#include "postgres.h"

#include "base/pt_guc.h"
#include "image/image_private.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

/* merge an overlay of more entries than this, and than 1/32 of the base */
#define MERGE_MIN_ENTRIES 25000
#define MERGE_FRACTION 32

/* an edge in the rows of both directions */
#define MIN_BYTES_PER_EDGE 24

static dlist_head images = DLIST_STATIC_INIT(images);
static dlist_head bases = DLIST_STATIC_INIT(bases);
static dlist_head open_uses = DLIST_STATIC_INIT(open_uses);
static uint64 seen_generation = 0;

/* being caught up or merged, so not to be evicted */
static CachedImage *busy = NULL;

/* of the image being opened */
static ImageOrigin origin;

/* ---- forgetting ---- */

static void
let_go_of_base(HeldBase *held)
{
	if (--held->images > 0)
		return;
	dlist_delete(&held->node);
	if (held->segment != NULL)
		dsm_detach(held->segment);
	MemoryContextDelete(held->context);
}

static void
destroy(CachedImage *cached)
{
	HeldBase   *held = cached->held;

	MemoryContextDelete(cached->context);
	let_go_of_base(held);
}

/* Nobody will find it any more; who uses it keeps it. */
static void
forget(CachedImage *cached)
{
	if (cached == busy)
		busy = NULL;
	dlist_delete(&cached->node);
	cached->forgotten = true;
	if (cached->uses == 0)
		destroy(cached);
}

/* Drop the image used least recently; false if there is none to drop. */
static bool
evict_one(void)
{
	dlist_iter	iter;

	dlist_reverse_foreach(iter, &images)
	{
		CachedImage *cached = dlist_container(CachedImage, node, iter.cur);

		if (cached != busy && cached->uses == 0)
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
		HeldBase   *held = cached->held;

		if (held->segment != NULL &&
			!image_registry_may_keep(held->slot, dsm_segment_handle(held->segment),
									 image_same_key(&cached->key, key)))
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

		if (image_same_key(&cached->key, key))
			found = cached;
		else if (cached->index == index)
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

/* What holds a base. The context is the base's own, if it is local. */
static HeldBase *
hold(MemoryContext context, ImageBase *base, dsm_segment *segment, int slot)
{
	HeldBase   *held = MemoryContextAllocZero(context, sizeof(HeldBase));

	held->base = base;
	held->segment = segment;
	held->slot = slot;
	held->context = context;
	return held;
}

/* A new image on a base, with an empty overlay. */
static CachedImage *
remember(const ImageKey *key, Oid index, HeldBase *held)
{
	MemoryContext context = AllocSetContextCreate(held->context, "parseltongue image",
												  ALLOCSET_SMALL_SIZES);
	CachedImage *volatile cached = NULL;

	PG_TRY();
	{
		cached = MemoryContextAllocZero(context, sizeof(CachedImage));
		cached->key = *key;
		cached->index = index;
		cached->context = context;
		image_base_view(held->base, &cached->view);
		cached->overlay = image_overlay_create(&cached->view, context);
	}
	PG_CATCH();
	{
		MemoryContextDelete(context);
		PG_RE_THROW();
	}
	PG_END_TRY();
	cached->held = held;
	if (held->images++ == 0)
		dlist_push_head(&bases, &held->node);
	cached->merge_at = Max(MERGE_MIN_ENTRIES, held->base->nedges / MERGE_FRACTION);
	dlist_push_head(&images, &cached->node);
	return cached;
}

/* Goes with the caller's context until keep_context. */
static MemoryContext
create_context(void)
{
	/* made now, so that keep_context cannot fail */
	(void) image_memory_context();
	return AllocSetContextCreate(CurrentMemoryContext, "parseltongue base",
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
	  const CachedImage *merge_from, MemoryContext context, int claim)
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
			cached = remember(key, RelationGetRelid(index),
							  hold(context, base, place.segment, claim));
	}
	PG_END_ENSURE_ERROR_CLEANUP(abandon_base, PointerGetDatum(&place));

	release_claim(&place);
	if (cached == NULL)
		MemoryContextDelete(context);
	else
		origin = merge_from != NULL ? IMAGE_MERGED : IMAGE_BUILT;
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
		cached = remember(key, index, hold(context, dsm_segment_address(segment),
										   segment, slot));
	}
	PG_CATCH();
	{
		dsm_detach(segment);
		MemoryContextDelete(context);
		PG_RE_THROW();
	}
	PG_END_TRY();
	origin = IMAGE_ATTACHED;
	return cached;
}

/* What holds a segment that a call under way keeps mapped, or NULL. */
static HeldBase *
find_held(dsm_segment *segment)
{
	dlist_iter	iter;

	dlist_foreach(iter, &bases)
	{
		HeldBase   *held = dlist_container(HeldBase, node, iter.cur);

		if (held->segment == segment)
			return held;
	}
	return NULL;
}

/*
 * Would it fit into shared memory? What does not is not claimed: those who
 * waited for it would wait in vain.
 */
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
	{
		HeldBase   *held = find_held(segment);

		if (held == NULL)
			return attach(key, RelationGetRelid(index), context, segment, slot);
		MemoryContextDelete(context);
		return remember(key, RelationGetRelid(index), held);
	}
	return build(index, copy, key, NULL, context, slot);
}

/* ---- catching up ---- */

/*
 * A base from the log although there is one, because our overlay has grown too
 * large.
 */
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
	CachedImage *merged = NULL;
	MemoryContext context = create_context();
	int			claim = -1;
	bool		go;

	if (cached->held->segment != NULL)
		go = image_registry_claim(&cached->key, cached->index, &claim);
	else
		go = image_memory_make_room(cached->held->base->size +
									image_overlay_bytes(cached->overlay) * 2);
	if (go)
		merged = build(index, copy, &cached->key, cached, context, claim);
	else
		MemoryContextDelete(context);
	if (merged == NULL)
	{
		cached->merge_at = image_overlay_entries(cached->overlay) * 2;
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

/*
 * Could a base of all that lives fit into the session's memory? If it cannot,
 * the overlay is let grow: it may fit, since its cost is an estimate.
 */
static bool
rebuild_could_fit(const AdjMetaCopy *copy)
{
	const AdjMeta *meta = &copy->meta;

	return (AdjEndOfLog(meta) - meta->dead - meta->tombstones) * MIN_BYTES_PER_EDGE <
		(Size) pt_local_image_memory * 1024;
}

/*
 * An image on the same base instead of one that must not be changed, because a
 * call uses it, or whose overlay is broken. It has nothing but the base until
 * the log's tail is read again.
 */
static CachedImage *
start_over(CachedImage *cached)
{
	CachedImage *fresh = remember(&cached->key, cached->index, cached->held);

	forget(cached);
	return fresh;
}

/*
 * Read what the log has had since; or, if that takes too much memory, build a
 * base of all of it.
 */
static CachedImage *
catch_up(Relation index, const AdjMetaCopy *copy, CachedImage *cached)
{
	ImageKey	key = cached->key;

	if (image_overlay_is_broken(cached->overlay) ||
		(cached->uses > 0 && image_overlay_cost(cached->overlay, copy) > 0))
		busy = cached = start_over(cached);
	if (!image_memory_make_room(image_overlay_cost(cached->overlay, copy)) &&
		rebuild_could_fit(copy))
	{
		forget(cached);
		busy = cached = rebuild(index, copy, &key);
		if (cached == NULL)
			return NULL;
	}
	if (image_overlay_sync(cached->overlay, index, copy) != ADJ_READ_END)
	{
		forget(cached);
		return NULL;
	}
	if (image_overlay_entries(cached->overlay) > cached->merge_at)
		cached = merge(index, copy, cached);
	return cached;
}

/* One try; NULL if the log changed underneath. */
static CachedImage *
open_once(Relation index, const AdjMetaCopy *copy)
{
	ImageKey	key = make_key(index, copy);
	CachedImage *cached;

	image_memory_set_evict(evict_one);
	busy = NULL;
	origin = IMAGE_KEPT;
	let_go(&key);
	cached = find_cached(&key, RelationGetRelid(index));
	if (cached == NULL)
		cached = load(index, copy, &key);
	busy = cached;
	if (cached != NULL)
		cached = catch_up(index, copy, cached);
	if (cached == NULL)
		return NULL;
	dlist_move_head(&images, &cached->node);
	if (cached->held->segment != NULL)
		image_registry_touch(cached->held->slot);
	return cached;
}

/* ---- uses ---- */

static void
end_use(void *arg)
{
	Image	   *image = arg;
	CachedImage *cached = image->cached;

	if (cached == NULL)
		return;
	image->cached = NULL;
	dlist_delete(&image->node);
	if (--cached->uses == 0 && cached->forgotten)
		destroy(cached);
}

/*
 * A resource owner is released: with it go the uses that a call has left behind
 * by an error. Its memory may stay much longer, that of a cursor for instance,
 * which a savepoint has survived.
 */
static void
release_uses(ResourceReleasePhase phase, bool is_commit, bool is_top_level, void *arg)
{
	dlist_mutable_iter iter;

	if (phase != RESOURCE_RELEASE_BEFORE_LOCKS)
		return;
	dlist_foreach_modify(iter, &open_uses)
	{
		Image	   *image = dlist_container(Image, node, iter.cur);

		if (image->owner == CurrentResourceOwner)
			end_use(image);
	}
}

static Image *
begin_use(CachedImage *cached)
{
	static bool registered = false;
	Image	   *image = palloc0(sizeof(Image));

	if (!registered)
		RegisterResourceReleaseCallback(release_uses, NULL);
	registered = true;
	image->view = cached->view;
	image->overlay = cached->overlay;
	image->cached = cached;
	image->origin = origin;
	image->owner = CurrentResourceOwner;
	cached->uses++;
	dlist_push_head(&open_uses, &image->node);
	image->at_end.func = end_use;
	image->at_end.arg = image;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &image->at_end);
	return image;
}

void
image_close(Image *image)
{
	end_use(image);
}

Image *
image_open(Relation index, AdjMetaCopy *copy, bool in_recovery)
{
	for (;;)
	{
		CachedImage *cached = open_once(index, copy);
		ImageKey	before = make_key(index, copy);
		ImageKey	now;

		if (cached != NULL)
			return begin_use(cached);
		if (in_recovery)
			adj_read_meta(index, copy);
		now = make_key(index, copy);
		if (image_same_key(&before, &now))
			adj_log_is_broken(index, InvalidBlockNumber);
		CHECK_FOR_INTERRUPTS();
	}
}
