/*
 * image_open.c
 *		Opening an image: finding, catching up, replacing.
 *
 * An image is caught up with the log whenever it is opened, by reading what is
 * new, as long as that is less work and memory than a new base. While a call
 * uses an image it is not changed: user code may begin a call within that one,
 * and that gets another image on the same base if it has to catch up further.
 */
#include "postgres.h"

#include "base/pt_attempt.h"
#include "base/pt_guc.h"
#include "image/image_cache.h"
#include "image/image_load.h"
#include "image/image_tasks.h"
#include "image/image_worker.h"
#include "miscadmin.h"
#include "utils/timestamp.h"

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

/* Is there a newer base than that of an image, which is pinned? */
static bool
is_superseded(const CachedImage *cached)
{
	return cached->held->ref.slot >= 0 && image_registry_is_superseded(cached->held->ref);
}

/* ---- catching up ---- */

/*
 * Replace an image whose overlay has grown large by a merged one. Where that
 * is somebody else's job, or there is no room, the image stays, and we try
 * again when the overlay has doubled.
 */
static CachedImage *
merge(Opening *o, CachedImage *cached)
{
	CachedImage *merged = image_load_merged(o, cached);

	if (merged == NULL)
	{
		cached->merge_at = image_overlay_entries(cached->overlay) * 2;
		return cached;
	}
	image_cache_forget(cached);
	return merged;
}

/*
 * Could a base of all that lives fit into the session's memory? If it cannot,
 * the overlay is let grow: it may fit, since its cost is an estimate.
 */
static bool
rebuild_could_fit(const AdjMetaCopy *copy)
{
	return image_least_size(&copy->meta) < (Size) pt_local_image_memory * 1024;
}

/*
 * An image on the same base instead of one that must not be changed, because a
 * call uses it, or whose overlay is broken. It has nothing but the base until
 * the log's tail is read again.
 */
static CachedImage *
start_over(CachedImage *cached)
{
	CachedImage *fresh = image_cache_remember(&cached->key, cached->index, cached->held);

	Assert(cached->successor == NULL);
	image_cache_forget(cached);
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
	return image_overlay_entries(cached->overlay) > image_merge_bound(cached->held->base);
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
	{
		cached = start_over(cached);
		image_cache_set_busy(cached);
	}
	if (!image_memory_make_room(image_overlay_cost(cached->overlay, copy)) &&
		(o->what_for == FOR_SCAN || rebuild_could_fit(copy)))
	{
		ImageRef	had = cached->held->ref;

		/* who walks will see what to do */
		if (o->what_for == FOR_SCAN)
			return NULL;
		image_cache_forget(cached);
		cached = image_rebuild(o, had);
		image_cache_set_busy(cached);
		if (cached == NULL)
			return NULL;
	}
	if (image_overlay_sync(cached->overlay, o->index, copy) != ADJ_READ_END)
	{
		image_cache_forget(cached);
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
		image_cache_forget(successor);
		successor = NULL;
	}
	if (successor == NULL && (successor = image_load_ready(o)) != NULL)
		image_cache_set_successor(cached, successor);
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
	image_cache_set_busy(cached);
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

	while ((cached = image_cache_find(&o->key, RelationGetRelid(o->index))) != NULL &&
		   !image_use_pin(o->use, cached->held))
		image_cache_forget(cached);
	return cached;
}

/* Find or build it, and catch up; NULL if the log changed underneath. */
static CachedImage *
find_or_make(Opening *o)
{
	CachedImage *cached = find_pinned(o);

	o->use->origin = IMAGE_KEPT;
	if (cached != NULL && is_superseded(cached) && !stays(o, cached))
	{
		image_cache_forget(cached);
		cached = find_pinned(o);
		o->use->origin = IMAGE_ATTACHED;
	}
	if (cached == NULL)
		cached = o->what_for == FOR_SCAN ? image_load_ready(o) :
			image_is_for_others(o) ? image_load_for_others(o) : image_load(o);
	image_cache_set_busy(cached);
	return cached == NULL ? NULL : catch_up(o, cached);
}

/* One try; NULL if the log changed underneath. */
static CachedImage *
open_once(Opening *o)
{
	CachedImage *cached;

	image_cache_begin();
	cached = find_or_make(o);
	if (cached != NULL)
		image_cache_touch(cached);
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

		o.key = image_key_of(index, copy);
		cached = open_once(&o);
		if (cached != NULL)
			return found_image(o.use, cached);
		if (unguarded)
			adj_read_meta(index, copy);
		now = image_key_of(index, copy);
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
 * The image that the session has, if there is nothing new to read and nothing else to do:
 * so nothing that could fail.
 */
static CachedImage *
find_current(Opening *o)
{
	CachedImage *cached = image_cache_find(&o->key, RelationGetRelid(o->index));

	if (cached == NULL || must_start_over(cached, o->copy) ||
		image_overlay_cost(cached->overlay, o->copy) > 0 ||
		image_overlay_entries(cached->overlay) > cached->merge_at ||
		!image_use_pin(o->use, cached->held))
		return NULL;
	o->use->origin = IMAGE_KEPT;
	return cached;
}

/* What an attempt is to find. */
typedef struct Finding
{
	Opening    *opening;
	CachedImage *found;
} Finding;

static void
find(void *arg)
{
	Finding    *finding = arg;

	finding->found = find_or_make(finding->opening);
}

/*
 * One try for a query that can do without. It does not fail for want of memory, nor
 * for what only walks are to be told: two nodes of one fingerprint, or too many.
 */
static CachedImage *
try_open_once(Opening *o)
{
	static const int forgiven[] = {ERRCODE_INDEX_CORRUPTED, ERRCODE_PROGRAM_LIMIT_EXCEEDED, 0};
	Finding		finding = {o, NULL};

	image_cache_begin();
	finding.found = find_current(o);
	if (finding.found == NULL && !pt_attempt(find, &finding, forgiven))
		return NULL;
	if (finding.found != NULL)
		image_cache_touch(finding.found);
	return finding.found;
}

Image *
image_open_ready(Relation index, AdjMetaCopy *copy)
{
	Opening		o = {.index = index, .copy = copy, .what_for = FOR_SCAN, .use = image_use_begin()};
	CachedImage *cached;

	o.key = image_key_of(index, copy);
	cached = try_open_once(&o);
	if (cached != NULL)
		return found_image(o.use, cached);
	image_close(o.use);
	return NULL;
}

bool
image_is_ready(Relation index, const AdjMetaCopy *copy, bool with_halves)
{
	ImageKey	key = image_key_of(index, copy);
	const CachedImage *cached = image_cache_look(&key, RelationGetRelid(index));
	bool		has_halves;

	if (cached != NULL &&
		(cached->held->ref.slot < 0 || image_registry_is_current(cached->held->ref)))
		return cached->view.has_halves || !with_halves;
	return image_may_share(index, copy) && image_registry_has(&key, &has_halves) &&
		(has_halves || !with_halves);
}

bool
image_known_size(Oid index, ImageSize *size)
{
	const CachedImage *cached = image_cache_of_index(index);

	if (cached != NULL)
	{
		*size = (ImageSize) {cached->view.nnodes, cached->view.nedges};
		return true;
	}
	image_registry_attach();
	return image_registry_available() && image_registry_size(MyDatabaseId, index, size);
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
			now = image_key_of(index, copy);
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
	o.key = image_key_of(index, copy);
	cached = open_once(&o);
	done = cached != NULL && !is_due(cached);
	image_close(o.use);
	pfree(copy);
	return done;
}
