/*
 * image_registry.c
 *		Which bases are in shared memory.
 *
 * The registry is a table of slots (image_slots.c), one of segments (image_segments.c)
 * and one of tasks (image_tasks.c) under one LWLock, which is held for look-ups only.
 * To find a base that is there takes it in shared mode.
 *
 * From PostgreSQL 17 on the registry is a named segment and needs no
 * configuration; before, it exists when the library is preloaded. Without it
 * every session has images of its own, and the same answers.
 *
 * Those who wait for a base sleep on a condition variable; if the builder
 * gives up, one of them takes over.
 */
#include "postgres.h"

#include "access/xact.h"
#include "base/pt_attempt.h"
#include "base/pt_guc.h"
#include "image/image.h"
#include "image/image_registry.h"
#include "image/image_segments.h"
#include "image/image_slots.h"
#include "image/image_tasks.h"
#include "miscadmin.h"
#include "storage/condition_variable.h"
#include "storage/ipc.h"
#include "storage/lwlock.h"
#include "storage/shmem.h"
#include "utils/timestamp.h"

#define REGISTRY_NAME "parseltongue images 12"	/* the number: its layout, and the bases' */
#define TRANCHE_NAME "parseltongue"

typedef struct Registry
{
	LWLock		lock;
	int			tranche;
	ConditionVariable changed;
	ImageSegmentTable segments;
	ImageTaskTable tasks;
	ImageSlotTable slots;
} Registry;

static Registry *registry = NULL;

/* ---- finding the registry ---- */

static void
PT_DSM_INIT(init_registry, ptr)
{
	Registry   *made = ptr;

	memset(made, 0, sizeof(Registry));
	made->tranche = pt_new_tranche(TRANCHE_NAME);
	LWLockInitialize(&made->lock, made->tranche);
	ConditionVariableInit(&made->changed);
	image_slots_init(&made->slots);
}

static void
use_registry(Registry *found)
{
	pt_name_tranche(found->tranche, TRANCHE_NAME);
	image_segments_attach(&found->segments, &found->lock);
	image_tasks_attach(&found->tasks, &found->lock);
	image_slots_attach(&found->slots);
	registry = found;
}

#ifdef PT_HAVE_NAMED_DSM

void
image_registry_init(void)
{
}

static void
get_registry(void *arg)
{
	bool		found;

	*(Registry **) arg = pt_get_named_dsm(REGISTRY_NAME, sizeof(Registry), init_registry, &found);
}

/*
 * Attach to the registry, or create it, unless there is no room for it, or an
 * earlier attempt of somebody's has left the server's entry for it half made,
 * as 17's first minor releases do.
 */
void
image_registry_attach(void)
{
	static const int forgiven[] = {ERRCODE_INTERNAL_ERROR, 0};
	Registry   *found = NULL;

	if (registry == NULL && pt_shared_image_memory > 0 &&
		pt_attempt(get_registry, &found, forgiven))
		use_registry(found);
}

#else

static shmem_request_hook_type previous_request_hook = NULL;
static shmem_startup_hook_type previous_startup_hook = NULL;

static void
request_registry(void)
{
	if (previous_request_hook)
		previous_request_hook();
	RequestAddinShmemSpace(sizeof(Registry));
}

static void
startup_registry(void)
{
	bool		found;
	Registry   *made;

	if (previous_startup_hook)
		previous_startup_hook();
	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	made = ShmemInitStruct(REGISTRY_NAME, sizeof(Registry), &found);
	if (!found)
		init_registry(made);
	LWLockRelease(AddinShmemInitLock);
	use_registry(made);
}

void
image_registry_init(void)
{
	if (!process_shared_preload_libraries_in_progress)
		return;
	previous_request_hook = shmem_request_hook;
	shmem_request_hook = request_registry;
	previous_startup_hook = shmem_startup_hook;
	shmem_startup_hook = startup_registry;
}

void
image_registry_attach(void)
{
}

#endif

bool
image_registry_attached(void)
{
	return registry != NULL;
}

bool
image_registry_available(void)
{
	return registry != NULL && pt_shared_image_memory > 0;
}

bool
image_registry_has_room(Size size)
{
	ImageRoom	room = image_room();
	ImageTaken	taken;

	LWLockAcquire(&registry->lock, LW_SHARED);
	taken = image_segments_taken(NULL);
	LWLockRelease(&registry->lock);
	return image_segments_fit(&taken, size, &room);
}

bool
image_registry_could_hold(Size size)
{
	ImageRoom	room = image_room();

	return size <= image_room_most(&room);
}

/* What has been freed under the lock is given back after it. */
static void
unlock_registry(void)
{
	LWLockRelease(&registry->lock);
	image_segments_give_back(false);
}

/* ---- finding ---- */

/* What waiting for another session's build is called. */
static uint32
wait_event(void)
{
	static uint32 event = 0;

	if (event == 0)
		event = pt_new_wait_event("ParseltongueImageBuild");
	return event;
}

/* The same without excluding others, which does for nearly all who look. */
static bool
find_ready_shared(const ImageKey *key, Oid index, ImageRef *ref)
{
	bool		found;

	LWLockAcquire(&registry->lock, LW_SHARED);
	found = image_slot_use_ready(key, index, ref);
	LWLockRelease(&registry->lock);
	return found;
}

RegistryAnswer
image_registry_try_find(const ImageKey *key, Oid index, ImageRef *ref)
{
	RegistryAnswer answer = REGISTRY_NONE;
	int			i;

	if (find_ready_shared(key, index, ref))
		return REGISTRY_FOUND;
	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	if ((i = image_slot_find(SLOT_READY, key)) >= 0)
	{
		*ref = image_slot_use(i, index);
		answer = REGISTRY_FOUND;
	}
	else if (image_slot_find(SLOT_CLAIMED, key) >= 0)
		answer = REGISTRY_BUSY;
	else if ((i = image_slot_claim(key, index)) >= 0)
	{
		*ref = image_slot_ref(i);
		answer = REGISTRY_CLAIMED;
	}
	LWLockRelease(&registry->lock);
	return answer;
}

bool
image_registry_find_ready(const ImageKey *key, Oid index, ImageRef *ref)
{
	int			i;

	if (find_ready_shared(key, index, ref))
		return true;
	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	if ((i = image_slot_find(SLOT_READY, key)) >= 0)
		*ref = image_slot_use(i, index);
	LWLockRelease(&registry->lock);
	return i >= 0;
}

bool
image_registry_has(const ImageKey *key, bool *has_halves)
{
	int			i;

	LWLockAcquire(&registry->lock, LW_SHARED);
	if ((i = image_slot_find(SLOT_READY, key)) >= 0)
		*has_halves = image_slot_at(i)->has_halves;
	LWLockRelease(&registry->lock);
	return i >= 0;
}

bool
image_registry_size(Oid database, Oid index, ImageSize *size)
{
	int			i;

	LWLockAcquire(&registry->lock, LW_SHARED);
	if ((i = image_slot_of_index(database, index, true)) >= 0)
		*size = image_slot_at(i)->graph;
	LWLockRelease(&registry->lock);
	return i >= 0;
}

RegistryAnswer
image_registry_find(const ImageKey *key, Oid index, ImageRef *ref)
{
	RegistryAnswer answer;

	ConditionVariablePrepareToSleep(&registry->changed);
	for (;;)
	{
		CHECK_FOR_INTERRUPTS();
		answer = image_registry_try_find(key, index, ref);
		if (answer != REGISTRY_BUSY)
			break;
		ConditionVariableSleep(&registry->changed, wait_event());
	}
	ConditionVariableCancelSleep();
	/* what made way for a claim */
	image_segments_give_back(true);
	return answer;
}

bool
image_registry_await(const ImageKey *key)
{
	bool		waited = false;

	ConditionVariablePrepareToSleep(&registry->changed);
	for (;;)
	{
		bool		is_claimed;

		CHECK_FOR_INTERRUPTS();
		LWLockAcquire(&registry->lock, LW_SHARED);
		is_claimed = image_slot_find(SLOT_CLAIMED, key) >= 0;
		LWLockRelease(&registry->lock);
		if (!is_claimed)
			break;
		waited = true;
		ConditionVariableSleep(&registry->changed, wait_event());
	}
	ConditionVariableCancelSleep();
	return waited;
}

bool
image_registry_claim(const ImageKey *key, Oid index, ImageRef *ref)
{
	int			i = -1;

	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	if (image_slot_find(SLOT_CLAIMED, key) < 0)
		i = image_slot_claim(key, index);
	if (i >= 0)
		*ref = image_slot_ref(i);
	LWLockRelease(&registry->lock);
	image_segments_give_back(true);
	return i >= 0;
}

/* ---- using a base ---- */

bool
image_registry_pin(ImageRef ref)
{
	return image_slot_pin(ref);
}

void
image_registry_unpin(ImageRef ref)
{
	ImageSlot  *slot = image_slot(ref);

	if (!image_slot_unpin(ref))
		return;
	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	if (slot->state == SLOT_RETIRED && image_same_ref(image_slot_ref(ref.slot), ref) &&
		image_slot_uses(slot) == 0)
		image_slot_free(slot);
	LWLockRelease(&registry->lock);
	image_segments_give_back(true);
}

ImageBase *
image_registry_base(ImageRef ref)
{
	return image_segments_address(&image_slot(ref)->extent);
}

bool
image_registry_is_superseded(ImageRef ref)
{
	return image_slot_is_superseded(ref);
}

bool
image_registry_is_current(ImageRef ref)
{
	return image_slot_is_current(ref);
}

uint64
image_registry_generation(void)
{
	return image_slots_generation();
}

void
image_registry_let_go(void)
{
	image_segments_give_back(false);
	image_segments_let_go();
}

void
image_registry_clean_up(void)
{
	image_segments_give_back(true);
}

/* Without the lock: a torn or lost store would only misorder eviction. */
void
image_registry_touch(ImageRef ref)
{
	ImageSlot  *slot = image_slot(ref);

	slot->last_used = Max(slot->last_used, GetCurrentStatementStartTimestamp());
}

/* ---- publishing ---- */

/* Would a base leave half of what bases may take to others? */
static bool
is_plenty(Size size, const ImageRoom *room)
{
	ImageTaken	taken = image_segments_taken(NULL);
	ImageRoom	half = *room;

	half.all /= 2;
	half.of_server /= 2;
	half.of_system /= 2;
	return image_segments_fit(&taken, size, &half);
}

typedef enum PlaceAnswer
{
	PLACE_FOUND,
	PLACE_RESERVED,				/* its segment is yet to be made */
	PLACE_RETRY,				/* there may be room now */
	PLACE_NONE
} PlaceAnswer;

/* One try to find room for the base of a claim. */
static PlaceAnswer
find_place(ImageSlot *slot, Size size, ImageNeed need)
{
	ImageRoom	room = image_room();
	PlaceAnswer answer = PLACE_NONE;
	TimestampTz now = GetCurrentTimestamp();
	bool		could_refill = image_segments_can_refill();

	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	if (need == IMAGE_LUXURY && !is_plenty(size, &room))
		answer = PLACE_NONE;
	else if (image_segments_place(size, &room, &slot->extent))
		answer = PLACE_FOUND;
	else if (image_segments_reserve(size, &room, &slot->extent))
		answer = PLACE_RESERVED;
	/* nothing goes for nothing */
	else if (need == IMAGE_NEEDED && image_slots_could_make_room(size, &room, now) &&
			 image_slots_evict_one(now))
		answer = PLACE_RETRY;
	LWLockRelease(&registry->lock);
	if (answer == PLACE_RESERVED && !image_segments_create(&slot->extent, &room))
		answer = could_refill && !image_segments_can_refill() ? PLACE_RETRY : PLACE_NONE;
	return answer;
}

ImageBase *
image_registry_allocate(ImageRef claim, Size size, ImageNeed need)
{
	ImageSlot  *slot = image_slot(claim);
	PlaceAnswer answer;
	ImageBase  *base;

	do
	{
		CHECK_FOR_INTERRUPTS();
		answer = find_place(slot, size, need);
		image_segments_give_back(false);
	} while (answer == PLACE_RETRY);
	if (answer == PLACE_NONE)
		return NULL;

	base = image_segments_address(&slot->extent);
	if (base == NULL)
	{
		LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
		image_segments_free(&slot->extent);
		unlock_registry();
	}
	return base;
}

void
image_registry_publish(ImageRef claim, const ImageBase *base, int64 cost, bool lingers)
{
	ImageSlot  *slot = image_slot(claim);
	TimestampTz now = GetCurrentTimestamp();

	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	slot->has_halves = base->has_halves;
	slot->graph = (ImageSize) {base->nnodes, base->nedges};
	slot->cost = cost;
	image_slot_publish(claim, lingers, now);
	LWLockRelease(&registry->lock);
	ConditionVariableBroadcast(&registry->changed);
	image_segments_give_back(false);
}

bool
image_registry_end_lingering(Oid database, bool now)
{
	bool		more;

	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	more = image_slots_end_lingering(database, now);
	LWLockRelease(&registry->lock);
	image_segments_give_back(now);
	return more;
}

void
image_registry_release_claim(ImageRef claim)
{
	ImageSlot  *slot = image_slot(claim);

	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	if (slot->state == SLOT_CLAIMED && image_same_ref(image_slot_ref(claim.slot), claim))
		image_slot_free(slot);
	LWLockRelease(&registry->lock);
	image_segments_give_back(true);
	ConditionVariableBroadcast(&registry->changed);
}

/* ---- bases that nobody will ask for any more ---- */

bool
image_registry_knows(Oid database, Oid index)
{
	bool		found;

	/* each session asks for each relation that changes */
	if (!image_slots_may_have(database, index))
		return false;
	LWLockAcquire(&registry->lock, LW_SHARED);
	found = image_slot_of_index(database, index, false) >= 0;
	LWLockRelease(&registry->lock);
	return found;
}

void
image_registry_drop_index(Oid database, Oid index, Oid tablespace, PtRelFileNumber relnumber)
{
	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	image_slots_drop_index(database, index, tablespace, relnumber);
	unlock_registry();
}

void
image_registry_drop_file(Oid database, Oid tablespace, PtRelFileNumber relnumber)
{
	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	image_slots_drop_file(database, tablespace, relnumber);
	LWLockRelease(&registry->lock);
	image_registry_clean_up();
}

void
image_registry_drop_database(Oid database)
{
	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	image_slots_drop_database(database);
	unlock_registry();
}

int
image_registry_unchecked(Oid database, TimestampTz since, Oid *indexes, int max)
{
	TimestampTz now = GetCurrentTimestamp();
	int			count = 0;

	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	for (int i = image_slot_next(0); i >= 0 && count < max; i = image_slot_next(i + 1))
	{
		ImageSlot  *slot = image_slot_at(i);

		if (slot->state != SLOT_READY || slot->key.database != database ||
			slot->checked >= since)
			continue;
		/* the clock may have been set back */
		slot->checked = Max(now, since);
		indexes[count++] = slot->index;
	}
	LWLockRelease(&registry->lock);
	return count;
}

Oid
image_registry_next_database(Oid database)
{
	Oid			next = InvalidOid;

	LWLockAcquire(&registry->lock, LW_SHARED);
	for (int i = image_slot_next(0); i >= 0; i = image_slot_next(i + 1))
	{
		Oid			found = image_slot_at(i)->key.database;

		if (image_slot_at(i)->state == SLOT_READY && found > database &&
			(!OidIsValid(next) || found < next))
			next = found;
	}
	LWLockRelease(&registry->lock);
	return next;
}

void
image_registry_keep_to_setting(void)
{
	static int	kept_to = -1;
	Size		all = (Size) pt_shared_image_memory * 1024;
	bool		more = kept_to != pt_shared_image_memory;

	while (more)
	{
		ImageTaken	taken;

		CHECK_FOR_INTERRUPTS();
		LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
		taken = image_segments_taken(NULL);
		/* whatever it cost: it has to go */
		more = taken.segments > 0 && taken.of_server + taken.of_system > all &&
			image_slots_evict_one(PG_INT64_MAX / 2);
		unlock_registry();
	}
	kept_to = pt_shared_image_memory;
}

/* ---- looking at it ---- */

int
image_registry_list(ImageInfo **infos)
{
	static const char *const states[] = {"", "building", "ready", "superseded", "superseded"};
	int			count = 0;

	*infos = palloc(IMAGE_SLOTS * sizeof(ImageInfo));
	LWLockAcquire(&registry->lock, LW_SHARED);
	for (int i = image_slot_next(0); i >= 0; i = image_slot_next(i + 1))
	{
		const ImageSlot *slot = image_slot_at(i);
		ImageInfo  *info = &(*infos)[count];

		memset(info, 0, sizeof(ImageInfo));
		info->key = slot->key;
		info->index = slot->index;
		info->state = states[slot->state];
		info->segment = slot->extent.segment;
		if (info->segment >= 0)
		{
			const ImageSegment *segment = image_segments_get(info->segment);

			info->bytes = slot->extent.size;
			info->is_area = segment->block > 0;
			info->segment_bytes = segment->size;
			info->mapped = segment->mapped;
		}
		info->uses = image_slot_uses(slot);
		if (slot->state != SLOT_CLAIMED)
		{
			info->built_at = slot->built_at;
			info->cost = slot->cost;
			info->last_used = slot->last_used;
		}
		count++;
	}
	LWLockRelease(&registry->lock);
	return count;
}
