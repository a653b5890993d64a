/*
 * image_load.c
 *		Bases: built from the log, merged, or found where somebody has built one.
 *
 * Whoever is to build a base has a claim to it in the registry, if it can be shared.
 * Where it does not fit it is the session's own, unless that is of no use.
 */
#include "postgres.h"

#include "base/pt_guc.h"
#include "image/image_cache.h"
#include "image/image_load.h"
#include "image/image_want.h"
#include "storage/ipc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

/* an edge in the rows of both directions, and its weight */
#define MIN_BYTES_PER_EDGE 24
#define BYTES_PER_WEIGHT (IMAGE_DIRECTIONS * sizeof(double))

/* a build that takes so many microseconds is logged */
#define BUILD_TO_REPORT 3000000

/* ---- which, and where ---- */

ImageKey
image_key_of(Relation index, const AdjMetaCopy *copy)
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

Size
image_least_size(const AdjMeta *meta)
{
	return adj_live_edges(meta) *
		(MIN_BYTES_PER_EDGE + (meta->entry_size > sizeof(AdjEntry) ? BYTES_PER_WEIGHT : 0));
}

bool
image_may_share(Relation index, const AdjMetaCopy *copy)
{
	if (index->rd_rel->relpersistence == RELPERSISTENCE_TEMP)
		return false;
	image_registry_attach();
	return image_registry_available() && image_registry_could_hold(image_least_size(&copy->meta));
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
	bool		may_be_wanted;	/* by others, if we are cancelled */
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
 * On ERROR and FATAL: nothing half-built stays behind, no claim either. What a walk
 * had no time for a worker is to build.
 */
static void
abandon_base(int code, Datum arg)
{
	BasePlace  *place = (BasePlace *) DatumGetPointer(arg);
	const Opening *o = place->opening;

	if (place->claim.slot >= 0 && place->may_be_wanted && !proc_exit_inprogress &&
		geterrcode() == ERRCODE_QUERY_CANCELED)
		image_want_later(&o->key, RelationGetRelid(o->index), image_least_size(&o->copy->meta));
	release_claim(place);
	image_registry_clean_up();
	MemoryContextDelete(place->context);
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
	now = image_key_of(o->index, &copy);
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
	return image_cache_remember(&o->key, RelationGetRelid(o->index),
								image_cache_hold(place->context, base, ref));
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

	place.optional = merge_from != NULL || image_is_for_others(o);
	place.need = o->what_for == FOR_LATER ? IMAGE_SPARE : IMAGE_NEEDED;
	place.may_be_wanted = o->what_for == FOR_WALK && image_is_worth_asking(o->index, o->copy);
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

/* An image on a base that the use has pinned; NULL if it cannot be mapped. */
static CachedImage *
attach(Opening *o, MemoryContext context)
{
	CachedImage *volatile cached = NULL;
	HeldBase   *held = image_cache_find_held(o->use->pinned);
	ImageBase  *base;

	o->use->origin = IMAGE_ATTACHED;
	if (held != NULL)
	{
		MemoryContextDelete(context);
		return image_cache_remember(&o->key, RelationGetRelid(o->index), held);
	}
	if ((base = image_registry_base(o->use->pinned)) == NULL)
		return NULL;
	keep_context(context);
	PG_TRY();
	{
		cached = image_cache_remember(&o->key, RelationGetRelid(o->index),
									  image_cache_hold(context, base, o->use->pinned));
	}
	PG_CATCH();
	{
		MemoryContextDelete(context);
		PG_RE_THROW();
	}
	PG_END_TRY();
	return cached;
}

/* ---- finding ---- */

CachedImage *
image_load_ready(Opening *o)
{
	MemoryContext context;
	ImageRef	ref = {-1, 0};

	if (!image_may_share(o->index, o->copy))
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

CachedImage *
image_load_for_others(Opening *o)
{
	MemoryContext context;
	ImageRef	ref = {-1, 0};

	if (!image_may_share(o->index, o->copy) ||
		(o->what_for == FOR_LATER &&
		 !image_registry_has_room(image_least_size(&o->copy->meta))))
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

/* Nothing between the claim and build() can fail, or the claim would stay. */
CachedImage *
image_load(Opening *o)
{
	MemoryContext context = create_context();
	ImageRef	ref = {-1, 0};

	if (image_may_share(o->index, o->copy) &&
		image_registry_find(&o->key, RelationGetRelid(o->index), &ref) == REGISTRY_FOUND)
		return attach_found(o, context, ref);
	return build(o, NULL, context, ref);
}

/* ---- newer ones ---- */

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

CachedImage *
image_rebuild(Opening *o, ImageRef had)
{
	MemoryContext context = create_context();
	ImageRef	claim = {-1, 0};
	bool		can_share = image_may_share(o->index, o->copy);

	if (image_is_for_others(o))
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

CachedImage *
image_load_merged(Opening *o, const CachedImage *cached)
{
	MemoryContext context = create_context();
	ImageRef	claim = {-1, 0};
	bool		go;

	if (cached->held->ref.slot >= 0)
		go = image_registry_claim(&cached->key, cached->index, &claim);
	else
		go = image_memory_make_room(cached->held->base->size +
									image_overlay_bytes(cached->overlay) * 2);
	if (go)
		return build(o, cached, context, claim);
	MemoryContextDelete(context);
	return NULL;
}
