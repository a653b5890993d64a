/*
 * image_cache.c
 *		The images that a session remembers.
 */
#include "postgres.h"

#include "base/pt_guc.h"
#include "common/hashfn.h"
#include "image/image_cache.h"
#include "utils/memutils.h"

/* merge an overlay of more entries than the setting says, and than 1/32 of the base */
#define MERGE_FRACTION 32

/* The images of an index, the newest first. */
typedef struct IndexImages
{
	Oid			index;			/* hash key */
	char		status;
	CachedImage *first;
} IndexImages;

#define SH_PREFIX indeximages
#define SH_ELEMENT_TYPE IndexImages
#define SH_KEY_TYPE Oid
#define SH_KEY index
#define SH_HASH_KEY(tb, key) murmurhash32(key)
#define SH_EQUAL(tb, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

static dlist_head images = DLIST_STATIC_INIT(images);
static dlist_head bases = DLIST_STATIC_INIT(bases);
static indeximages_hash *by_index = NULL;
static uint64 seen_generation = 0;
static CachedImage *busy = NULL;

/* ---- by index ---- */

CachedImage *
image_cache_of_index(Oid index)
{
	IndexImages *entry = by_index == NULL ? NULL : indeximages_lookup(by_index, index);

	return entry == NULL ? NULL : entry->first;
}

/* Fails, if at all, before anything has changed. */
static void
link_image(CachedImage *cached)
{
	IndexImages *entry;
	bool		found;

	if (by_index == NULL)
		by_index = indeximages_create(image_memory_context(), 16, NULL);
	entry = indeximages_insert(by_index, cached->index, &found);
	cached->next_of_index = found ? entry->first : NULL;
	entry->first = cached;
	dlist_push_head(&images, &cached->node);
}

static void
unlink_image(CachedImage *cached)
{
	IndexImages *entry = indeximages_lookup(by_index, cached->index);
	CachedImage **link = &entry->first;

	while (*link != cached)
		link = &(*link)->next_of_index;
	*link = cached->next_of_index;
	if (entry->first == NULL)
		indeximages_delete_item(by_index, entry);
	dlist_delete(&cached->node);
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
	CachedImage *cached = image_cache_of_index(successor->index);

	while (cached->successor != successor)
		cached = cached->next_of_index;
	return cached;
}

void
image_cache_unuse(CachedImage *cached)
{
	if (--cached->uses == 0 && cached->forgotten)
		destroy(cached);
}

void
image_cache_forget(CachedImage *cached)
{
	if (cached == busy)
		busy = NULL;
	part_from_successor(cached);
	if (cached->is_successor)
		part_from_successor(predecessor_of(cached));
	unlink_image(cached);
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
			image_cache_forget(cached);
			return true;
		}
	}
	return false;
}

/* See image_cache_begin. */
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
			image_cache_forget(cached);
	}
	image_registry_let_go();
	seen_generation = generation;
}

void
image_cache_begin(void)
{
	image_memory_set_evict(evict_one);
	busy = NULL;
	let_go();
}

/* ---- finding ---- */

CachedImage *
image_cache_find(const ImageKey *key, Oid index)
{
	CachedImage *found = NULL;
	CachedImage *next;

	for (CachedImage *cached = image_cache_of_index(index); cached != NULL; cached = next)
	{
		next = cached->next_of_index;
		if (cached->is_successor)
			continue;
		if (image_same_key(&cached->key, key))
			found = cached;
		else
			image_cache_forget(cached);
	}
	return found;
}

CachedImage *
image_cache_look(const ImageKey *key, Oid index)
{
	CachedImage *cached = image_cache_of_index(index);

	while (cached != NULL && !image_same_key(&cached->key, key))
		cached = cached->next_of_index;
	return cached;
}

HeldBase *
image_cache_find_held(ImageRef ref)
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

/* ---- remembering ---- */

HeldBase *
image_cache_hold(MemoryContext context, ImageBase *base, ImageRef ref)
{
	HeldBase   *held = MemoryContextAllocZero(context, sizeof(HeldBase));

	held->base = base;
	held->ref = ref;
	held->context = context;
	return held;
}

uint64
image_merge_bound(const ImageBase *base)
{
	uint64		size = base->nedges + base->nhalves[GRAPH_OUT] + base->nhalves[GRAPH_IN];

	return Max((uint64) pt_debug_merge_entries, size / MERGE_FRACTION);
}

CachedImage *
image_cache_remember(const ImageKey *key, Oid index, HeldBase *held)
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
		link_image(cached);
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
	cached->merge_at = image_merge_bound(held->base);
	return cached;
}

void
image_cache_touch(CachedImage *cached)
{
	dlist_move_head(&images, &cached->node);
	if (cached->held->ref.slot >= 0)
		image_registry_touch(cached->held->ref);
}

void
image_cache_set_busy(CachedImage *cached)
{
	busy = cached;
}

void
image_cache_set_successor(CachedImage *cached, CachedImage *successor)
{
	cached->successor = successor;
	successor->is_successor = true;
}
