/*
 * image_registry.c
 *		Which bases are in shared memory.
 *
 * The registry is a fixed table of slots under one LWLock, which is held for
 * table look-ups only. A slot is a claim (somebody builds), a ready base, or a
 * retired one, superseded or dropped while calls were using it, which goes with
 * the last of them. What a background worker has superseded lingers for some
 * seconds before: nobody finds it any more, but sessions that had it may go on
 * using it. Where bases are is the business of image_segments.c.
 *
 * How many calls use a base is counted in an atomic word of its slot, so that
 * beginning and ending a use take no lock. The word also has the slot's life,
 * which changes with each base that is put there, whether a new use may begin,
 * and whether there is a newer one. So a session that remembers a base finds out
 * by one look that it has gone, and nobody need ask sessions before a base is
 * dropped.
 *
 * When room is needed the bases used least recently go. One that took long to
 * build stays for ten times as long after its last use; the newcomer is then
 * built locally rather than that two large ones drive each other out.
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
#include "common/hashfn.h"
#include "image/image.h"
#include "image/image_registry.h"
#include "image/image_segments.h"
#include "image/image_tasks.h"
#include "miscadmin.h"
#include "port/atomics.h"
#include "storage/condition_variable.h"
#include "storage/ipc.h"
#include "storage/lwlock.h"
#include "storage/shmem.h"
#include "utils/timestamp.h"

#define REGISTRY_NAME "parseltongue images 11"	/* the number: its layout, and the bases' */
#define REGISTRY_SLOTS 4096
#define TRANCHE_NAME "parseltongue"

/* how long a base is kept after its last use, in terms of what it cost */
#define KEEP_FACTOR 10

/* how long sessions may take to come over to a base that a worker has merged */
#define LINGER_MS 3000

/* a slot's word: life, may uses begin, is it superseded, uses */
#define WORD_OPEN (UINT64CONST(1) << 31)
#define WORD_SUPERSEDED (UINT64CONST(1) << 30)
#define WORD_USES (WORD_SUPERSEDED - 1)
#define WORD_LIFE(word) ((uint32) ((word) >> 32))
#define MAKE_WORD(life, rest) ((uint64) (life) << 32 | (rest))

typedef enum SlotState
{
	SLOT_FREE,
	SLOT_CLAIMED,
	SLOT_READY,
	SLOT_LINGERING,
	SLOT_RETIRED
} SlotState;

typedef struct RegistrySlot
{
	pg_atomic_uint64 word;
	SlotState	state;
	ImageKey	key;
	ImageExtent extent;
	bool		has_halves;
	ImageSize	graph;
	int64		cost;			/* microseconds to build it */
	TimestampTz built_at;
	TimestampTz last_used;
	TimestampTz checked;		/* when somebody looked whether the index is there */
	TimestampTz lingers_until;	/* once it is superseded, if it lingers */
} RegistrySlot;

typedef struct Registry
{
	LWLock		lock;
	int			tranche;
	int			top;			/* slots above have never been used */
	ConditionVariable changed;
	pg_atomic_uint64 generation;	/* counts bases that went */
	ImageSegmentTable segments;
	ImageTaskTable tasks;
	/* of slots that are not free, side by side, as they are looked for */
	uint32		hashes[REGISTRY_SLOTS]; /* of keys */
	Oid			indexes[REGISTRY_SLOTS];
	RegistrySlot slots[REGISTRY_SLOTS];
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
	pg_atomic_init_u64(&made->generation, 0);
	for (int i = 0; i < REGISTRY_SLOTS; i++)
		pg_atomic_init_u64(&made->slots[i].word, 0);
}

static void
use_registry(Registry *found)
{
	pt_name_tranche(found->tranche, TRANCHE_NAME);
	image_segments_attach(&found->segments, &found->lock);
	image_tasks_attach(&found->tasks, &found->lock);
	registry = found;
}

#ifdef PT_HAVE_NAMED_DSM

void
image_registry_init(void)
{
}

/*
 * Attach to the registry, or create it; NULL if there is no room for it, or
 * an earlier attempt of somebody's has left the server's entry for it half
 * made, as 17's first minor releases do.
 *
 * GetNamedDSMSegment fails with its own LWLocks held, and those are let go
 * here, not by the end of the transaction. The caller holds none.
 */
static Registry *
attach_registry(void)
{
	PtAttempt	attempt;
	bool		found;
	Registry   *volatile result = NULL;

	pt_attempt_begin(&attempt);
	PG_TRY();
	{
		result = pt_get_named_dsm(REGISTRY_NAME, sizeof(Registry),
								  init_registry, &found);
	}
	PG_CATCH();
	{
		LWLockReleaseAll();
		pt_attempt_failed(&attempt, geterrcode() == ERRCODE_INTERNAL_ERROR);
		return NULL;
	}
	PG_END_TRY();
	pt_attempt_end(&attempt);
	return result;
}

void
image_registry_attach(void)
{
	Registry   *found;

	if (registry == NULL && pt_shared_image_memory > 0 &&
		(found = attach_registry()) != NULL)
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

/* ---- slots; the lock is held, exclusively by those that change them ---- */

static uint32
hash_key(const ImageKey *key)
{
	return hash_bytes((const unsigned char *) &key->incarnation, sizeof(key->incarnation)) ^
		(uint32) key->relnumber;
}

static int
find_slot(SlotState state, const ImageKey *key)
{
	uint32		hash = hash_key(key);

	for (int i = 0; i < registry->top; i++)
		if (registry->hashes[i] == hash && registry->slots[i].state == state &&
			image_same_key(&registry->slots[i].key, key))
			return i;
	return -1;
}

static int
find_free_slot(void)
{
	for (int i = 0; i < registry->top; i++)
		if (registry->slots[i].state == SLOT_FREE)
			return i;
	return registry->top < REGISTRY_SLOTS ? registry->top++ : -1;
}

static ImageRef
ref_of(int i)
{
	ImageRef	ref = {i, WORD_LIFE(pg_atomic_read_u64(&registry->slots[i].word))};

	return ref;
}

/* Nobody uses it, or ever will: the next that is put here has another life. */
static void
free_slot(RegistrySlot *slot)
{
	uint32		life = WORD_LIFE(pg_atomic_read_u64(&slot->word));

	image_segments_free(&slot->extent);
	slot->state = SLOT_FREE;
	registry->indexes[slot - registry->slots] = InvalidOid;
	pg_atomic_write_u64(&slot->word, MAKE_WORD(life + 1, 0));
	pg_atomic_fetch_add_u64(&registry->generation, 1);
}

/* May new uses of it begin? */
static bool
is_open(const RegistrySlot *slot)
{
	return slot->state == SLOT_READY || slot->state == SLOT_LINGERING;
}

/* An open base goes, at once or with its last use. */
static void
retire(RegistrySlot *slot)
{
	uint64		before = pg_atomic_fetch_and_u64(&slot->word, ~(WORD_OPEN | WORD_SUPERSEDED));

	slot->state = SLOT_RETIRED;
	if ((before & WORD_USES) == 0)
		free_slot(slot);
	else
		pg_atomic_fetch_add_u64(&registry->generation, 1);
}

/* What has been freed under the lock is given back after it. */
static void
unlock_registry(void)
{
	LWLockRelease(&registry->lock);
	image_segments_give_back(false);
}

static bool
is_used(const RegistrySlot *slot)
{
	return !is_open(slot) ||
		(pg_atomic_read_u64(unconstify(pg_atomic_uint64 *, &slot->word)) & WORD_USES) > 0;
}

/* Must it stay, because it is used or was a moment ago? */
static bool
must_stay(const RegistrySlot *slot, TimestampTz now)
{
	return is_used(slot) ||
		(slot->state == SLOT_READY && now - slot->last_used < slot->cost * KEEP_FACTOR);
}

/*
 * Drop a base that lingers, or else the one that was used least recently, if
 * nobody uses it; false if there is none. A use that begins just now loses it,
 * and looks again.
 */
static bool
evict_one(TimestampTz now)
{
	RegistrySlot *oldest = NULL;

	for (int i = 0; i < registry->top; i++)
	{
		RegistrySlot *slot = &registry->slots[i];

		if (must_stay(slot, now))
			continue;
		if (oldest == NULL || slot->state == SLOT_LINGERING ||
			(oldest->state != SLOT_LINGERING && slot->last_used < oldest->last_used))
			oldest = slot;
	}
	if (oldest == NULL)
		return false;
	retire(oldest);
	return true;
}

static int
make_claim(const ImageKey *key, Oid index)
{
	int			i = find_free_slot();
	RegistrySlot *slot;

	if (i < 0 && evict_one(GetCurrentTimestamp()))
		i = find_free_slot();
	if (i < 0)
		return -1;
	slot = &registry->slots[i];
	slot->state = SLOT_CLAIMED;
	slot->key = *key;
	slot->extent.segment = -1;
	slot->cost = 0;
	registry->hashes[i] = hash_key(key);
	registry->indexes[i] = index;
	return i;
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

/* Pin the base of a slot. The registry is locked exclusively. */
static ImageRef
use_slot(int i, Oid index)
{
	RegistrySlot *slot = &registry->slots[i];

	pg_atomic_fetch_add_u64(&slot->word, 1);
	/* the file may have a new index since */
	registry->indexes[i] = index;
	slot->last_used = GetCurrentTimestamp();
	return ref_of(i);
}

RegistryAnswer
image_registry_try_find(const ImageKey *key, Oid index, ImageRef *ref)
{
	RegistryAnswer answer = REGISTRY_NONE;
	int			i;

	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	if ((i = find_slot(SLOT_READY, key)) >= 0)
	{
		*ref = use_slot(i, index);
		answer = REGISTRY_FOUND;
	}
	else if (find_slot(SLOT_CLAIMED, key) >= 0)
		answer = REGISTRY_BUSY;
	else if ((i = make_claim(key, index)) >= 0)
	{
		*ref = ref_of(i);
		answer = REGISTRY_CLAIMED;
	}
	LWLockRelease(&registry->lock);
	return answer;
}

bool
image_registry_find_ready(const ImageKey *key, Oid index, ImageRef *ref)
{
	int			i;

	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	if ((i = find_slot(SLOT_READY, key)) >= 0)
		*ref = use_slot(i, index);
	LWLockRelease(&registry->lock);
	return i >= 0;
}

bool
image_registry_has(const ImageKey *key, bool *has_halves)
{
	int			i;

	LWLockAcquire(&registry->lock, LW_SHARED);
	if ((i = find_slot(SLOT_READY, key)) >= 0)
		*has_halves = registry->slots[i].has_halves;
	LWLockRelease(&registry->lock);
	return i >= 0;
}

bool
image_registry_size(Oid database, Oid index, ImageSize *size)
{
	bool		found = false;

	LWLockAcquire(&registry->lock, LW_SHARED);
	for (int i = 0; i < registry->top && !found; i++)
	{
		const RegistrySlot *slot = &registry->slots[i];

		if (registry->indexes[i] != index || slot->state != SLOT_READY ||
			slot->key.database != database)
			continue;
		*size = slot->graph;
		found = true;
	}
	LWLockRelease(&registry->lock);
	return found;
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
		is_claimed = find_slot(SLOT_CLAIMED, key) >= 0;
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
	if (find_slot(SLOT_CLAIMED, key) < 0)
		i = make_claim(key, index);
	if (i >= 0)
		*ref = ref_of(i);
	LWLockRelease(&registry->lock);
	image_segments_give_back(true);
	return i >= 0;
}

/* ---- using a base ---- */

bool
image_registry_pin(ImageRef ref)
{
	pg_atomic_uint64 *word = &registry->slots[ref.slot].word;
	uint64		now = pg_atomic_read_u64(word);

	while (WORD_LIFE(now) == ref.life && (now & WORD_OPEN))
		if (pg_atomic_compare_exchange_u64(word, &now, now + 1))
			return true;
	return false;
}

void
image_registry_unpin(ImageRef ref)
{
	RegistrySlot *slot = &registry->slots[ref.slot];
	uint64		now = pg_atomic_sub_fetch_u64(&slot->word, 1);

	Assert(WORD_LIFE(now) == ref.life);
	if ((now & (WORD_OPEN | WORD_USES)) != 0)
		return;
	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	if (slot->state == SLOT_RETIRED &&
		pg_atomic_read_u64(&slot->word) == MAKE_WORD(ref.life, 0))
		free_slot(slot);
	LWLockRelease(&registry->lock);
	image_segments_give_back(true);
}

ImageBase *
image_registry_base(ImageRef ref)
{
	return image_segments_address(&registry->slots[ref.slot].extent);
}

bool
image_registry_is_superseded(ImageRef ref)
{
	uint64		word = pg_atomic_read_u64(&registry->slots[ref.slot].word);

	return (word & (WORD_OPEN | WORD_SUPERSEDED)) != WORD_OPEN;
}

bool
image_registry_is_current(ImageRef ref)
{
	uint64		word = pg_atomic_read_u64(&registry->slots[ref.slot].word);

	return WORD_LIFE(word) == ref.life && (word & WORD_OPEN);
}

uint64
image_registry_generation(void)
{
	return pg_atomic_read_u64(&registry->generation);
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
	RegistrySlot *slot = &registry->slots[ref.slot];

	slot->last_used = Max(slot->last_used, GetCurrentStatementStartTimestamp());
}

/* ---- publishing ---- */

/*
 * Would there be room if all that need not stay went? Else nothing goes for
 * nothing.
 */
static bool
could_make_room(Size size, const ImageRoom *room, TimestampTz now)
{
	bool		kept[IMAGE_SEGMENTS_MAPPED] = {false};
	ImageRoom	then = *room;
	ImageTaken	taken;

	for (int i = 0; i < registry->top; i++)
	{
		RegistrySlot *slot = &registry->slots[i];

		if (slot->state != SLOT_FREE && slot->extent.segment >= 0 && must_stay(slot, now))
			kept[slot->extent.segment] = true;
	}
	taken = image_segments_taken(kept);
	/* of what goes images may take half, as of all that is free */
	then.free += (image_segments_taken(NULL).of_system - taken.of_system) / 2;
	return image_segments_fit(&taken, size, &then);
}

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
find_place(RegistrySlot *slot, Size size, ImageNeed need)
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
	else if (need == IMAGE_NEEDED && could_make_room(size, &room, now) && evict_one(now))
		answer = PLACE_RETRY;
	LWLockRelease(&registry->lock);
	if (answer == PLACE_RESERVED && !image_segments_create(&slot->extent, &room))
		answer = could_refill && !image_segments_can_refill() ? PLACE_RETRY : PLACE_NONE;
	return answer;
}

ImageBase *
image_registry_allocate(ImageRef claim, Size size, ImageNeed need)
{
	RegistrySlot *slot = &registry->slots[claim.slot];
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

/* Of the same log, but of a later state of it than another? */
static bool
is_newer(const ImageKey *key, const ImageKey *than)
{
	return key->incarnation == than->incarnation && key->tablespace == than->tablespace &&
		key->relnumber == than->relnumber &&
		(key->epoch > than->epoch || key->era > than->era);
}

/*
 * Of the same file, or of the index, whatever file it had. Who builds without the
 * barrier may be late: what is newer stays.
 */
static bool
is_superseded_by(int i, int by)
{
	const RegistrySlot *old = &registry->slots[i];
	const RegistrySlot *slot = &registry->slots[by];

	return i != by && is_open(old) &&
		old->key.database == slot->key.database &&
		!is_newer(&old->key, &slot->key) &&
		(registry->indexes[i] == registry->indexes[by] ||
		 (old->key.tablespace == slot->key.tablespace &&
		  old->key.relnumber == slot->key.relnumber));
}

/* It is superseded, and may be used by those who know it for a while. */
static void
linger(RegistrySlot *slot, TimestampTz now)
{
	slot->state = SLOT_LINGERING;
	slot->lingers_until = TimestampTzPlusMilliseconds(now, LINGER_MS);
	pg_atomic_fetch_or_u64(&slot->word, WORD_SUPERSEDED);
}

void
image_registry_publish(ImageRef claim, const ImageBase *base, int64 cost, bool lingers)
{
	RegistrySlot *slot = &registry->slots[claim.slot];
	TimestampTz now = GetCurrentTimestamp();

	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	for (int i = 0; i < registry->top; i++)
	{
		RegistrySlot *old = &registry->slots[i];

		if (!is_superseded_by(i, claim.slot))
			continue;
		/* of each log one, or frequent merges would fill all room with what has been */
		if (lingers && old->state == SLOT_READY && image_same_key(&old->key, &slot->key))
			linger(old, now);
		else
			retire(old);
	}
	slot->has_halves = base->has_halves;
	slot->graph = (ImageSize) {base->nnodes, base->nedges};
	slot->cost = cost;
	slot->built_at = slot->last_used = slot->checked = now;
	slot->state = SLOT_READY;
	pg_atomic_write_u64(&slot->word, MAKE_WORD(claim.life, WORD_OPEN | 1));
	LWLockRelease(&registry->lock);
	ConditionVariableBroadcast(&registry->changed);
	image_segments_give_back(false);
}

bool
image_registry_end_lingering(Oid database, bool now)
{
	TimestampTz time = GetCurrentTimestamp();
	bool		more = false;

	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	for (int i = 0; i < registry->top; i++)
	{
		RegistrySlot *slot = &registry->slots[i];

		if (slot->state != SLOT_LINGERING || slot->key.database != database)
			continue;
		/* the clock may have been set back */
		if (now || time >= slot->lingers_until ||
			slot->lingers_until > TimestampTzPlusMilliseconds(time, LINGER_MS))
			retire(slot);
		else
			more = true;
	}
	LWLockRelease(&registry->lock);
	image_segments_give_back(now);
	return more;
}

void
image_registry_release_claim(ImageRef claim)
{
	RegistrySlot *slot = &registry->slots[claim.slot];

	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	if (slot->state == SLOT_CLAIMED &&
		WORD_LIFE(pg_atomic_read_u64(&slot->word)) == claim.life)
		free_slot(slot);
	LWLockRelease(&registry->lock);
	image_segments_give_back(true);
	ConditionVariableBroadcast(&registry->changed);
}

/* ---- bases that nobody will ask for any more ---- */

bool
image_registry_knows(Oid database, Oid index)
{
	for (int i = 0; i < registry->top; i++)
		if (registry->indexes[i] == index && registry->slots[i].key.database == database)
			return true;
	return false;
}

void
image_registry_drop_index(Oid database, Oid index, Oid tablespace, PtRelFileNumber relnumber)
{
	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	for (int i = 0; i < registry->top; i++)
	{
		RegistrySlot *slot = &registry->slots[i];

		if (is_open(slot) && registry->indexes[i] == index &&
			slot->key.database == database &&
			!(slot->key.tablespace == tablespace && slot->key.relnumber == relnumber))
			retire(slot);
	}
	unlock_registry();
}

void
image_registry_drop_file(Oid database, Oid tablespace, PtRelFileNumber relnumber)
{
	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	for (int i = 0; i < registry->top; i++)
	{
		RegistrySlot *slot = &registry->slots[i];

		if (is_open(slot) && slot->key.database == database &&
			slot->key.tablespace == tablespace && slot->key.relnumber == relnumber)
			retire(slot);
	}
	LWLockRelease(&registry->lock);
	image_registry_clean_up();
}

void
image_registry_drop_database(Oid database)
{
	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	for (int i = 0; i < registry->top; i++)
		if (is_open(&registry->slots[i]) && registry->slots[i].key.database == database)
			retire(&registry->slots[i]);
	unlock_registry();
}

int
image_registry_unchecked(Oid database, TimestampTz since, Oid *indexes, int max)
{
	TimestampTz now = GetCurrentTimestamp();
	int			count = 0;

	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	for (int i = 0; i < registry->top && count < max; i++)
	{
		RegistrySlot *slot = &registry->slots[i];

		if (slot->state != SLOT_READY || slot->key.database != database ||
			slot->checked >= since)
			continue;
		/* the clock may have been set back */
		slot->checked = Max(now, since);
		indexes[count++] = registry->indexes[i];
	}
	LWLockRelease(&registry->lock);
	return count;
}

Oid
image_registry_next_database(Oid database)
{
	Oid			next = InvalidOid;

	LWLockAcquire(&registry->lock, LW_SHARED);
	for (int i = 0; i < registry->top; i++)
	{
		Oid			found = registry->slots[i].key.database;

		if (registry->slots[i].state == SLOT_READY && found > database &&
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
			evict_one(PG_INT64_MAX / 2);
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

	*infos = palloc(REGISTRY_SLOTS * sizeof(ImageInfo));
	LWLockAcquire(&registry->lock, LW_SHARED);
	for (int i = 0; i < registry->top; i++)
	{
		RegistrySlot *slot = &registry->slots[i];
		ImageInfo  *info = &(*infos)[count];

		if (slot->state == SLOT_FREE)
			continue;
		memset(info, 0, sizeof(ImageInfo));
		info->key = slot->key;
		info->index = registry->indexes[i];
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
		info->uses = (int) (pg_atomic_read_u64(&slot->word) & WORD_USES);
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
