/*
 * image_use.c
 *		Uses of images: each is one call's, and pins the base that it needs.
 *
 * A use ends when the call says so, or, after an error, with the memory or the
 * resource owner of the call, or with the session.
 */
#include "postgres.h"

#include "image/image_private.h"
#include "storage/ipc.h"
#include "utils/resowner.h"

static dlist_head open_uses = DLIST_STATIC_INIT(open_uses);

static void
drop_pin(Image *use)
{
	ImageRef	pinned = use->pinned;

	use->pinned.slot = -1;
	if (pinned.slot >= 0)
		image_registry_unpin(pinned);
}

/* The use has a base now that is pinned for it, or a local one. */
void
image_use_take_pin(Image *use, ImageRef ref)
{
	drop_pin(use);
	use->pinned = ref;
}

/* Pin a base for the use instead of what it had; false if it has gone. */
bool
image_use_pin(Image *use, const HeldBase *held)
{
	if (held->ref.slot >= 0 && !image_registry_pin(held->ref))
		return false;
	image_use_take_pin(use, held->ref);
	return true;
}

static void
end_use(void *arg)
{
	Image	   *image = arg;
	CachedImage *cached = image->cached;

	if (!image->is_open)
		return;
	image->is_open = false;
	image->cached = NULL;
	dlist_delete(&image->node);
	if (cached != NULL)
		image_cache_unuse(cached);
	drop_pin(image);
}

/* The session ends in the midst of a call: others must not wait for its pins. */
static void
drop_all_pins(int code, Datum arg)
{
	dlist_iter	iter;

	dlist_foreach(iter, &open_uses)
		drop_pin(dlist_container(Image, node, iter.cur));
	image_registry_clean_up();
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

Image *
image_use_begin(void)
{
	static bool registered = false;
	Image	   *image = palloc0(sizeof(Image));

	if (!registered)
	{
		RegisterResourceReleaseCallback(release_uses, NULL);
		before_shmem_exit(drop_all_pins, 0);
	}
	registered = true;
	image->owner = CurrentResourceOwner;
	image->pinned.slot = -1;
	image->is_open = true;
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
