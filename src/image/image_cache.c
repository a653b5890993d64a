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

#include "base/pt_attempt.h"
#include "base/pt_guc.h"
#include "image/image_private.h"
#include "image/image_tasks.h"
#include "image/image_worker.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

/* merge an overlay of more entries than the setting says, and than 1/32 of the base */
#define MERGE_FRACTION 32

/* a log of fewer entries is read so quickly that no worker is started for an image */
#define WANT_MIN_ENTRIES 25000

/*
 * A session merges itself where workers let its overlay grow to so many times as
 * much, or so many if one is at it or will be; it asks for one this often.
 */
#define MERGE_PATIENCE 4
#define MERGE_PATIENCE_IN_HAND 16
#define ASK_EVERY_MS 200

/*
 * Entries that a call reads of the log for a new base, while it is answered from
 * the former one: so many more, a few milliseconds, than have been written since
 * the last call.
 */
#define STEP_ENTRIES 16384

/* an edge in the rows of both directions, and its weight */
#define MIN_BYTES_PER_EDGE 24
#define BYTES_PER_WEIGHT (IMAGE_DIRECTIONS * sizeof(double))

/* a build that takes so many microseconds is logged */
#define BUILD_TO_REPORT 3000000

static dlist_head images = DLIST_STATIC_INIT(images);
static dlist_head bases = DLIST_STATIC_INIT(bases);
static uint64 seen_generation = 0;

/* being caught up or merged, so not to be evicted */
static CachedImage *busy = NULL;

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

static bool
is_for_others(const Opening *o)
{
	return o->what_for == FOR_OTHERS || o->what_for == FOR_LATER;
}

/* ---- forgetting ---- */

static void
let_go_of_base(HeldBase *held)
{
	if (--held->images > 0)
		return;
	dlist_delete(&held->node);
	MemoryContextDelete(held->context);
}

static void
destroy(CachedImage *cached)
{
	HeldBase   *held = cached->held;

	MemoryContextDelete(cached->context);
	let_go_of_base(held);
}

/* Its successor, if it has one, is an image like others from now on. */
static void
part_from_successor(CachedImage *cached)
{
	if (cached->successor != NULL)
		cached->successor->is_successor = false;
	cached->successor = NULL;
}

/* The one whose successor this is. */
static CachedImage *
predecessor_of(const CachedImage *successor)
{
	dlist_iter	iter;

	dlist_foreach(iter, &images)
	{
		CachedImage *cached = dlist_container(CachedImage, node, iter.cur);

		if (cached->successor == successor)
			return cached;
	}
	return NULL;
}

void
image_cache_unuse(CachedImage *cached)
{
	if (--cached->uses == 0 && cached->forgotten)
		destroy(cached);
}

/* Nobody will find it any more; who uses it keeps it. */
static void
forget(CachedImage *cached)
{
	if (cached == busy)
		busy = NULL;
	part_from_successor(cached);
	if (cached->is_successor)
		part_from_successor(predecessor_of(cached));
	dlist_delete(&cached->node);
	cached->forgotten = true;
	if (cached->uses == 0)
		destroy(cached);
}

/*
 * Drop the image used least recently; false if there is none to drop. A successor
 * is another's business while that one is there.
 */
static bool
evict_one(void)
{
	dlist_iter	iter;

	dlist_reverse_foreach(iter, &images)
	{
		CachedImage *cached = dlist_container(CachedImage, node, iter.cur);

		if (cached != busy && cached->uses == 0 && !cached->is_successor)
		{
			forget(cached);
			return true;
		}
	}
	return false;
}

/*
 * Forget shared bases that have gone, and what was built on them; give back what
 * is more than the setting allows, if it has been lowered.
 */
static void
let_go(void)
{
	dlist_mutable_iter iter;
	uint64		generation;

	if (!image_registry_attached())
		return;
	image_registry_keep_to_setting();
	if ((generation = image_registry_generation()) == seen_generation)
		return;
	dlist_foreach_modify(iter, &images)
	{
		CachedImage *cached = dlist_container(CachedImage, node, iter.cur);
		ImageRef	ref = cached->held->ref;

		if (ref.slot >= 0 && !image_registry_is_current(ref))
			forget(cached);
	}
	image_registry_let_go();
	seen_generation = generation;
}

/* ---- finding ---- */

/* Is there a newer base than that of an image, which is pinned? */
static bool
is_superseded(const CachedImage *cached)
{
	return cached->held->ref.slot >= 0 && image_registry_is_superseded(cached->held->ref);
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

		if (cached->is_successor)
			continue;
		if (image_same_key(&cached->key, key))
			found = cached;
		else if (cached->index == index)
			forget(cached);
	}
	return found;
}

/* ---- building ---- */

/* Where a base is going: shared memory if there is a claim and it fits. */
typedef struct BasePlace
{
	const Opening *opening;
	MemoryContext context;
	ImageRef	claim;
	bool		optional;		/* rather none than another place */
	ImageNeed	need;
	bool		is_shared;
} BasePlace;

static void
release_claim(BasePlace *place)
{
	if (place->claim.slot >= 0)
		image_registry_release_claim(place->claim);
	place->claim.slot = -1;
}

/*
 * With room for keys if there is plenty; NULL if there is no room at all. Others go
 * for halves as they do for edges: the image is there for both.
 */
static ImageBase *
allocate_shared(ImageBase *header, BasePlace *place)
{
	ImageBase  *base = NULL;

	if (header->key_size > 0)
		base = image_registry_allocate(place->claim, image_base_layout(header, true), IMAGE_LUXURY);
	if (base == NULL)
		base = image_registry_allocate(place->claim, image_base_layout(header, false), place->need);
	place->is_shared = base != NULL;
	return base;
}

/* With halves it is made where it should be, or not: what walks need comes first. */
static ImageBase *
allocate_base(ImageBase *header, void *arg)
{
	BasePlace  *place = arg;
	ImageBase  *base = NULL;
	bool		optional = place->optional || header->has_halves;

	if (place->claim.slot >= 0)
	{
		base = allocate_shared(header, place);
		if (base == NULL && optional)
			return NULL;
		/* it will be our own; whoever waits for it need not any longer */
		if (base == NULL)
			release_claim(place);
	}
	if (base == NULL)
	{
		if (!image_memory_is_plenty(image_base_layout(header, true)))
			(void) image_base_layout(header, false);
		if (optional && !image_memory_make_room(header->size))
			return NULL;
		base = image_alloc(place->context, header->size);
	}
	memcpy(base, header, sizeof(ImageBase));
	return base;
}

/*
 * On ERROR and FATAL: nothing half-built stays behind, no claim either. A walk that
 * has no time for the first base, as by a statement_timeout, would be cancelled each
 * time, so a worker is to build it.
 */
static void
abandon_base(int code, Datum arg)
{
	BasePlace  *place = (BasePlace *) DatumGetPointer(arg);
	const Opening *o = place->opening;
	bool		had_claim = place->claim.slot >= 0;

	release_claim(place);
	image_registry_clean_up();
	MemoryContextDelete(place->context);
	if (had_claim && o->what_for == FOR_WALK && !proc_exit_inprogress &&
		geterrcode() == ERRCODE_QUERY_CANCELED)
		image_want(o->index, o->copy);
}

/* What holds a base. The context is the base's own, if it is local. */
static HeldBase *
hold(MemoryContext context, ImageBase *base, ImageRef ref)
{
	HeldBase   *held = MemoryContextAllocZero(context, sizeof(HeldBase));

	held->base = base;
	held->ref = ref;
	held->context = context;
	return held;
}

static uint64
merge_bound(const ImageBase *base)
{
	uint64		size = base->nedges + base->nhalves[GRAPH_OUT] + base->nhalves[GRAPH_IN];

	return Max((uint64) pt_debug_merge_entries, size / MERGE_FRACTION);
}

/* A new image on a base, with an empty overlay. */
static CachedImage *
remember(const ImageKey *key, Oid index, HeldBase *held)
{
	MemoryContext context = AllocSetContextCreate(held->context, "parseltongue attempt",
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
	cached->merge_at = merge_bound(held->base);
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

/* Whoever waits for a build may wonder. */
static void
report_build(const Opening *o, const ImageBase *base, bool is_shared, int64 cost)
{
	if (cost < BUILD_TO_REPORT)
		return;
	ereport(LOG,
			(errmsg("graph image of index \"%s\" was built in %.1f s",
					RelationGetRelationName(o->index), cost / 1000000.0),
			 errdetail("%u nodes, %u edges, %zu kB in %s memory.",
					   base->nnodes, base->nedges, base->size / 1024,
					   is_shared ? "shared" : "local"),
			 errhidestmt(true)));
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
	key.era = copy->meta.era;
	key.incarnation = copy->meta.incarnation;
	return key;
}

/*
 * Who builds without the barrier may find at the end that the log is another by
 * now: nobody would ask for the base any more.
 */
static bool
is_too_late(const Opening *o)
{
	AdjMetaCopy copy;
	ImageKey	now;

	if (o->what_for == FOR_WALK)
		return false;
	adj_read_meta(o->index, &copy);
	now = make_key(o->index, &copy);
	return !image_same_key(&now, &o->key);
}

/* A base has been built: publish it if it is shared, and cache it. */
static CachedImage *
finish_build(Opening *o, BasePlace *place, ImageBase *base, int64 cost)
{
	ImageRef	ref = {-1, 0};

	if (place->is_shared)
	{
		ref = place->claim;
		/* a merging worker stays until what lingers has gone; others would leave it */
		image_registry_publish(ref, base, cost, o->what_for == FOR_OTHERS);
		image_gone_note_made(o->index);
		place->claim.slot = -1; /* fulfilled */
	}
	image_use_take_pin(o->use, ref);
	return remember(&o->key, RelationGetRelid(o->index), hold(place->context, base, ref));
}

/*
 * Build a base, from the log or by merging an image we have, publish it if it
 * could be put into shared memory, and cache it. Without a claim the base is
 * the session's own. NULL if the log changed underneath, or a base that is merged,
 * or for others, did not fit into shared memory; then the use has pinned what it
 * had before.
 */
static CachedImage *
build(Opening *o, const CachedImage *merge_from, MemoryContext context, ImageRef claim)
{
	BasePlace	place = {o, context, claim};
	CachedImage *volatile cached = NULL;
	TimestampTz begin = GetCurrentTimestamp();

	place.optional = merge_from != NULL || is_for_others(o);
	place.need = o->what_for == FOR_LATER ? IMAGE_SPARE : IMAGE_NEEDED;
	keep_context(context);
	PG_ENSURE_ERROR_CLEANUP(abandon_base, PointerGetDatum(&place));
	{
		ImageBase  *base;

		if (merge_from != NULL)
			base = image_merge(&merge_from->view, merge_from->overlay,
							   allocate_base, &place);
		else
			base = image_build(o->index, o->copy, allocate_base, &place);
		if (base != NULL && !is_too_late(o))
		{
			int64		cost = GetCurrentTimestamp() - begin;

			cached = finish_build(o, &place, base, cost);
			o->use->origin = merge_from != NULL ? IMAGE_MERGED : IMAGE_BUILT;
			report_build(o, base, place.is_shared, cost);
		}
	}
	PG_END_ENSURE_ERROR_CLEANUP(abandon_base, PointerGetDatum(&place));

	release_claim(&place);
	if (cached == NULL)
		MemoryContextDelete(context);
	else if (place.is_shared)
		image_registry_let_go();
	return cached;
}

/* What holds a base that a call under way uses, or NULL. */
static HeldBase *
find_held(ImageRef ref)
{
	dlist_iter	iter;

	dlist_foreach(iter, &bases)
	{
		HeldBase   *held = dlist_container(HeldBase, node, iter.cur);

		if (held->ref.slot >= 0 && image_same_ref(held->ref, ref))
			return held;
	}
	return NULL;
}

/* An image on a base that the use has pinned; NULL if it cannot be mapped. */
static CachedImage *
attach(Opening *o, MemoryContext context)
{
	CachedImage *volatile cached = NULL;
	HeldBase   *held = find_held(o->use->pinned);
	ImageBase  *base;

	o->use->origin = IMAGE_ATTACHED;
	if (held != NULL)
	{
		MemoryContextDelete(context);
		return remember(&o->key, RelationGetRelid(o->index), held);
	}
	if ((base = image_registry_base(o->use->pinned)) == NULL)
		return NULL;
	keep_context(context);
	PG_TRY();
	{
		cached = remember(&o->key, RelationGetRelid(o->index),
						  hold(context, base, o->use->pinned));
	}
	PG_CATCH();
	{
		MemoryContextDelete(context);
		PG_RE_THROW();
	}
	PG_END_TRY();
	return cached;
}

/* What a base of all that lives takes at least. */
static Size
least_size(const AdjMeta *meta)
{
	return adj_live_edges(meta) *
		(MIN_BYTES_PER_EDGE + (meta->entry_size > sizeof(AdjEntry) ? BYTES_PER_WEIGHT : 0));
}

/*
 * Would it fit into shared memory? What does not is not claimed: those who
 * waited for it would wait in vain.
 */
static bool
may_share(Relation index, const AdjMetaCopy *copy)
{
	if (index->rd_rel->relpersistence == RELPERSISTENCE_TEMP)
		return false;
	image_registry_attach();
	return image_registry_available() && image_registry_could_hold(least_size(&copy->meta));
}

/* Is there room to share it, without anything going for it? */
static bool
has_room(const AdjMetaCopy *copy)
{
	return image_registry_has_room(least_size(&copy->meta));
}

/* An image on a base that somebody else has built. */
static CachedImage *
load_ready(Opening *o)
{
	MemoryContext context;
	ImageRef	ref = {-1, 0};

	if (!may_share(o->index, o->copy))
		return NULL;
	context = create_context();
	if (!image_registry_find_ready(&o->key, RelationGetRelid(o->index), &ref))
	{
		MemoryContextDelete(context);
		return NULL;
	}
	image_use_take_pin(o->use, ref);
	return attach(o, context);
}

/*
 * What a worker has to do with the base of a log it has no image of: build it if
 * nobody does or has, and merge into it if there is one.
 */
static CachedImage *
load_for_others(Opening *o)
{
	MemoryContext context;
	ImageRef	ref = {-1, 0};

	if (!may_share(o->index, o->copy) || (o->what_for == FOR_LATER && !has_room(o->copy)))
		return NULL;
	context = create_context();
	switch (image_registry_try_find(&o->key, RelationGetRelid(o->index), &ref))
	{
		case REGISTRY_FOUND:
			image_use_take_pin(o->use, ref);
			return attach(o, context);
		case REGISTRY_CLAIMED:
			return build(o, NULL, context, ref);
		default:
			MemoryContextDelete(context);
			return NULL;
	}
}

/* An image on a base that was found, and pinned; one of our own if it cannot be mapped. */
static CachedImage *
attach_found(Opening *o, MemoryContext context, ImageRef ref)
{
	ImageRef	none = {-1, 0};
	CachedImage *cached;

	image_use_take_pin(o->use, ref);
	cached = attach(o, context);
	return cached != NULL ? cached : build(o, NULL, context, none);
}

/*
 * Find or build the base of a log we have no image of. Nothing between the
 * claim and build() can fail, or the claim would stay.
 */
static CachedImage *
load(Opening *o)
{
	MemoryContext context = create_context();
	ImageRef	ref = {-1, 0};

	if (may_share(o->index, o->copy) &&
		image_registry_find(&o->key, RelationGetRelid(o->index), &ref) == REGISTRY_FOUND)
		return attach_found(o, context, ref);
	return build(o, NULL, context, ref);
}

/* ---- catching up ---- */

/*
 * Claim the making of a base newer than one we had. Where somebody else makes one
 * wait for it: REGISTRY_FOUND and pinned, unless he gives up, and it is the former
 * one that is found again. REGISTRY_NONE if there is no place for a claim.
 */
static RegistryAnswer
claim_newer(Opening *o, ImageRef had, ImageRef *ref)
{
	Oid			index = RelationGetRelid(o->index);

	while (!image_registry_claim(&o->key, index, ref))
	{
		bool		waited = image_registry_await(&o->key);
		RegistryAnswer answer = image_registry_try_find(&o->key, index, ref);

		if (answer == REGISTRY_CLAIMED ||
			(answer == REGISTRY_FOUND && !image_same_ref(*ref, had)))
			return answer;
		if (answer == REGISTRY_FOUND)
			image_registry_unpin(*ref);
		ref->slot = -1;
		if (!waited && answer != REGISTRY_BUSY)
			return REGISTRY_NONE;
	}
	return REGISTRY_CLAIMED;
}

/*
 * A base from the log although there is one, because our overlay has grown too
 * large; or the newer one that somebody else is making just now. NULL if it is
 * for others and cannot be shared.
 */
static CachedImage *
rebuild(Opening *o, ImageRef had)
{
	MemoryContext context = create_context();
	ImageRef	claim = {-1, 0};
	bool		can_share = may_share(o->index, o->copy);

	if (is_for_others(o))
	{
		if (can_share && image_registry_claim(&o->key, RelationGetRelid(o->index), &claim))
			return build(o, NULL, context, claim);
		MemoryContextDelete(context);
		return NULL;
	}
	if (can_share && claim_newer(o, had, &claim) == REGISTRY_FOUND)
		return attach_found(o, context, claim);
	return build(o, NULL, context, claim);
}

/*
 * Replace an image whose overlay has grown large by a merged one. Where that
 * is somebody else's job, or there is no room, the image stays, and we try
 * again when the overlay has doubled.
 */
static CachedImage *
merge(Opening *o, CachedImage *cached)
{
	CachedImage *merged = NULL;
	MemoryContext context = create_context();
	ImageRef	claim = {-1, 0};
	bool		go;

	if (cached->held->ref.slot >= 0)
		go = image_registry_claim(&cached->key, cached->index, &claim);
	else
		go = image_memory_make_room(cached->held->base->size +
									image_overlay_bytes(cached->overlay) * 2);
	if (go)
		merged = build(o, cached, context, claim);
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

/*
 * Could a base of all that lives fit into the session's memory? If it cannot,
 * the overlay is let grow: it may fit, since its cost is an estimate.
 */
static bool
rebuild_could_fit(const AdjMetaCopy *copy)
{
	return least_size(&copy->meta) < (Size) pt_local_image_memory * 1024;
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

	Assert(cached->successor == NULL);
	forget(cached);
	return fresh;
}

/* Is it of no use as it is, so that its overlay has to be read from the start? */
static bool
must_start_over(const CachedImage *cached, const AdjMetaCopy *copy)
{
	return image_overlay_is_broken(cached->overlay) ||
		(cached->uses > 0 && image_overlay_cost(cached->overlay, copy) > 0);
}

/* Has it grown so large that there should be a new base? */
static bool
is_due(const CachedImage *cached)
{
	return image_overlay_entries(cached->overlay) > merge_bound(cached->held->base);
}

/*
 * Should this call merge an overlay that has grown so large? Not where a worker
 * will, within bounds.
 */
static bool
is_ours_to_merge(const Opening *o, CachedImage *cached)
{
	uint64		entries = image_overlay_entries(cached->overlay);
	TimestampTz now;

	/* one who wants it done waits with nothing, though others have failed */
	if (o->what_for == FOR_SESSION)
		return is_due(cached);
	if (entries <= cached->merge_at)
		return false;
	if ((o->what_for != FOR_WALK && o->what_for != FOR_SCAN) || cached->held->ref.slot < 0)
		return true;
	if (entries / MERGE_PATIENCE_IN_HAND > cached->merge_at)
		return true;
	now = GetCurrentTimestamp();
	if (cached->asked_at == 0 || TimestampDifferenceExceeds(cached->asked_at, now, ASK_EVERY_MS))
	{
		cached->asked_at = now;
		return !image_worker_ask(cached->key.database, cached->index, cached->held->ref);
	}
	return entries / MERGE_PATIENCE > cached->merge_at &&
		!image_tasks_is_in_hand(cached->key.database, cached->index);
}

/*
 * Read what the log has had since; or, if that takes too much memory, build a
 * base of all of it.
 */
static CachedImage *
catch_up(Opening *o, CachedImage *cached)
{
	const AdjMetaCopy *copy = o->copy;

	if (must_start_over(cached, copy))
		busy = cached = start_over(cached);
	if (!image_memory_make_room(image_overlay_cost(cached->overlay, copy)) &&
		(o->what_for == FOR_SCAN || rebuild_could_fit(copy)))
	{
		ImageRef	had = cached->held->ref;

		/* who walks will see what to do */
		if (o->what_for == FOR_SCAN)
			return NULL;
		forget(cached);
		busy = cached = rebuild(o, had);
		if (cached == NULL)
			return NULL;
	}
	if (image_overlay_sync(cached->overlay, o->index, copy) != ADJ_READ_END)
	{
		forget(cached);
		return NULL;
	}
	/* what is superseded has been merged */
	if (is_superseded(cached) || !is_ours_to_merge(o, cached) || o->what_for == FOR_SCAN)
		return cached;
	return merge(o, cached);
}

/* ---- coming over to a newer base ---- */

/*
 * The image on the newer base, pinned for a use of its own; NULL if it cannot be
 * had now.
 */
static CachedImage *
find_successor(Opening *o, CachedImage *cached)
{
	CachedImage *successor = cached->successor;

	if (successor != NULL &&
		(image_overlay_is_broken(successor->overlay) || !image_use_pin(o->use, successor->held)))
	{
		forget(successor);
		successor = NULL;
	}
	if (successor == NULL && (successor = load_ready(o)) != NULL)
	{
		cached->successor = successor;
		successor->is_successor = true;
	}
	return successor;
}

/*
 * Read some more of the log for the newer base. True if it is at the end now, or
 * cannot be had this way: then the image is to be given up for it. To have both is
 * a luxury, for which no other image goes, and no call fails for want of memory.
 */
static bool
step_over(Opening *o, CachedImage *cached)
{
	const AdjMetaCopy *copy = o->copy;
	CachedImage *successor = find_successor(o, cached);
	uint64		end = AdjEndOfLog(&copy->meta);
	uint64		read = Min(end, image_overlay_end_pos(cached->overlay));
	uint64		most = end - read + Min(STEP_ENTRIES, pt_debug_merge_entries);

	return successor == NULL ||
		!image_memory_is_plenty(image_overlay_read_cost(successor->overlay, copy, most)) ||
		image_overlay_read(successor->overlay, o->index, copy, most) != ADJ_READ_END ||
		image_overlay_end_pos(successor->overlay) >= end;
}

/*
 * A newer base than the image's is there. To catch up with what was written while
 * it was made may take a second, so a walk stays where it is until that is done, by
 * itself and by those after it, step by step; a scan stays in any case. False if the
 * image is to be given up: then the successor, if there is one, is found like others.
 */
static bool
stays(Opening *o, CachedImage *cached)
{
	Opening		next = *o;
	bool		is_over;

	/* to read it anew takes longer than to read the rest for the newer one */
	if (must_start_over(cached, o->copy))
		return false;
	if (o->what_for == FOR_SCAN)
		return true;
	if (o->what_for != FOR_WALK)
		return false;
	busy = cached;
	next.use = image_use_begin();
	is_over = step_over(&next, cached);
	image_close(next.use);
	return !is_over;
}

/*
 * The image that the session has of the log, pinned; NULL if there is none. Behind one
 * whose base has gone its successor may be found.
 */
static CachedImage *
find_pinned(Opening *o)
{
	CachedImage *cached;

	while ((cached = find_cached(&o->key, RelationGetRelid(o->index))) != NULL &&
		   !image_use_pin(o->use, cached->held))
		forget(cached);
	return cached;
}

/* One try; NULL if the log changed underneath. */
static CachedImage *
open_once(Opening *o)
{
	CachedImage *cached;

	image_memory_set_evict(evict_one);
	busy = NULL;
	o->use->origin = IMAGE_KEPT;
	let_go();
	cached = find_pinned(o);
	if (cached != NULL && is_superseded(cached) && !stays(o, cached))
	{
		forget(cached);
		cached = find_pinned(o);
		o->use->origin = IMAGE_ATTACHED;
	}
	if (cached == NULL)
		cached = o->what_for == FOR_SCAN ? load_ready(o) :
			is_for_others(o) ? load_for_others(o) : load(o);
	busy = cached;
	if (cached != NULL)
		cached = catch_up(o, cached);
	if (cached == NULL)
		return NULL;
	dlist_move_head(&images, &cached->node);
	if (cached->held->ref.slot >= 0)
		image_registry_touch(cached->held->ref);
	return cached;
}

/* ---- opening ---- */

static Image *
found_image(Image *use, CachedImage *cached)
{
	use->view = cached->view;
	use->overlay = cached->overlay;
	use->cached = cached;
	cached->uses++;
	return use;
}

static Image *
open_for(OpeningFor what_for, Relation index, AdjMetaCopy *copy, bool unguarded)
{
	Opening		o = {.index = index, .copy = copy, .what_for = what_for, .use = image_use_begin()};

	for (;;)
	{
		CachedImage *cached;
		ImageKey	now;

		o.key = make_key(index, copy);
		cached = open_once(&o);
		if (cached != NULL)
			return found_image(o.use, cached);
		if (unguarded)
			adj_read_meta(index, copy);
		now = make_key(index, copy);
		if (image_same_key(&o.key, &now))
			adj_log_is_broken(index, InvalidBlockNumber);
		CHECK_FOR_INTERRUPTS();
	}
}

Image *
image_open(Relation index, AdjMetaCopy *copy, bool in_recovery)
{
	return open_for(FOR_WALK, index, copy, in_recovery);
}

/*
 * One try for a query that can do without. It does not fail for want of memory, nor
 * for what only walks are to be told: two nodes of one fingerprint, or too many.
 */
static CachedImage *
try_open_once(Opening *o)
{
	PtAttempt	attempt;
	CachedImage *volatile cached = NULL;

	pt_attempt_begin(&attempt);
	PG_TRY();
	{
		cached = open_once(o);
	}
	PG_CATCH();
	{
		int			code = geterrcode();

		pt_attempt_failed(&attempt, code == ERRCODE_INDEX_CORRUPTED ||
						  code == ERRCODE_PROGRAM_LIMIT_EXCEEDED);
		return NULL;
	}
	PG_END_TRY();
	pt_attempt_end(&attempt);
	return cached;
}

Image *
image_open_ready(Relation index, AdjMetaCopy *copy)
{
	Opening		o = {.index = index, .copy = copy, .what_for = FOR_SCAN, .use = image_use_begin()};
	CachedImage *cached;

	o.key = make_key(index, copy);
	cached = try_open_once(&o);
	if (cached != NULL)
		return found_image(o.use, cached);
	image_close(o.use);
	return NULL;
}

bool
image_is_ready(Relation index, const AdjMetaCopy *copy, bool with_halves)
{
	ImageKey	key = make_key(index, copy);
	bool		has_halves;
	dlist_iter	iter;

	dlist_foreach(iter, &images)
	{
		const CachedImage *cached = dlist_container(CachedImage, node, iter.cur);

		if (image_same_key(&cached->key, &key) &&
			(cached->held->ref.slot < 0 || image_registry_is_current(cached->held->ref)))
			return cached->view.has_halves || !with_halves;
	}
	return may_share(index, copy) && image_registry_has(&key, &has_halves) &&
		(has_halves || !with_halves);
}

bool
image_known_size(Oid index, ImageSize *size)
{
	dlist_iter	iter;

	dlist_foreach(iter, &images)
	{
		const CachedImage *cached = dlist_container(CachedImage, node, iter.cur);

		if (cached->index != index)
			continue;
		*size = (ImageSize) {cached->view.nnodes, cached->view.nedges};
		return true;
	}
	image_registry_attach();
	return image_registry_available() && image_registry_size(MyDatabaseId, index, size);
}

/*
 * Not where there is a base that the session cannot use, nor for an index that a worker
 * would not see yet.
 */
void
image_want(Relation index, const AdjMetaCopy *copy)
{
	ImageKey	key = make_key(index, copy);
	ImageRef	none = {-1, 0};
	bool		has_halves;

	if (AdjEndOfLog(&copy->meta) >= WANT_MIN_ENTRIES &&
		index->rd_createSubid == InvalidSubTransactionId &&
		PtRelFirstSubid(index) == InvalidSubTransactionId &&
		may_share(index, copy) && !image_registry_has(&key, &has_halves) && has_room(copy))
		(void) image_worker_ask(key.database, RelationGetRelid(index), none);
}

Image *
image_prepare(Relation index, AdjMetaCopy *copy)
{
	for (;;)
	{
		Image	   *image;
		const CachedImage *cached;
		ImageKey	now;

		adj_read_meta(index, copy);
		image = open_for(FOR_SESSION, index, copy, true);
		cached = image->cached;
		if (cached->held->ref.slot < 0 || !is_due(cached))
			return image;
		if (!image_registry_await(&cached->key))
		{
			/* no room for it, unless the log was compacted while we merged */
			adj_read_meta(index, copy);
			now = make_key(index, copy);
			if (image_same_key(&cached->key, &now))
				return image;
		}
		/* somebody has merged it, or it is to be built anew */
		image_close(image);
	}
}

bool
image_refresh(Relation index, bool is_optional)
{
	AdjMetaCopy *copy = palloc(sizeof(AdjMetaCopy));
	Opening		o = {.index = index, .copy = copy, .use = image_use_begin()};
	CachedImage *cached;
	bool		done;

	o.what_for = is_optional ? FOR_LATER : FOR_OTHERS;
	adj_read_meta(index, copy);
	o.key = make_key(index, copy);
	cached = open_once(&o);
	done = cached != NULL && !is_due(cached);
	image_close(o.use);
	pfree(copy);
	return done;
}
