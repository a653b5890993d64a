/*
 * image_registry.c
 *		Which bases are in shared memory.
 *
 * The registry is a fixed table of slots under one LWLock, which is held for
 * table look-ups only. A slot is a claim (somebody builds), a ready base, or a
 * superseded one, which counts against the budget until the last session has
 * let go of it. The bases themselves are dynamic shared memory segments,
 * pinned while ready.
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
#include "base/pt_guc.h"
#include "image/image.h"
#include "image/image_registry.h"
#include "miscadmin.h"
#include "port/atomics.h"
#include "storage/condition_variable.h"
#include "storage/ipc.h"
#include "storage/lwlock.h"
#include "storage/shmem.h"
#include "utils/resowner.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

#define REGISTRY_NAME "parseltongue images 3"	/* the number: its layout, and the bases' */
#define REGISTRY_SLOTS 512
#define TRANCHE_NAME "parseltongue"

typedef enum SlotState
{
	SLOT_FREE,
	SLOT_CLAIMED,
	SLOT_READY,
	SLOT_SUPERSEDED
} SlotState;

typedef struct RegistrySlot
{
	SlotState	state;
	ImageKey	key;
	Oid			index;
	dsm_handle	handle;
	Size		size;
	int			attached;		/* sessions */
	bool		called_in;		/* who does not use it, let go */
	TimestampTz last_used;
} RegistrySlot;

typedef struct Registry
{
	LWLock		lock;
	int			tranche;
	ConditionVariable changed;
	pg_atomic_uint64 generation;	/* counts publications and evictions */
	RegistrySlot slots[REGISTRY_SLOTS];
} Registry;

static Registry *registry = NULL;

/* superseded under the lock, to be unpinned after it */
static dsm_handle doomed[REGISTRY_SLOTS];
static int	ndoomed = 0;

/* ---- what may fail for want of shared memory, without an error ---- */

typedef struct Attempt
{
	MemoryContext context;
	ResourceOwner owner;
	ResourceOwner own;			/* of what the attempt leaves behind */
} Attempt;

static void
begin_attempt(Attempt *attempt)
{
	attempt->context = CurrentMemoryContext;
	attempt->owner = CurrentResourceOwner;
	attempt->own = ResourceOwnerCreate(attempt->owner, "parseltongue image");
	CurrentResourceOwner = attempt->own;
}

static void
end_attempt(Attempt *attempt, bool success)
{
	CurrentResourceOwner = attempt->owner;
	ResourceOwnerRelease(attempt->own, RESOURCE_RELEASE_BEFORE_LOCKS, success, false);
	ResourceOwnerRelease(attempt->own, RESOURCE_RELEASE_LOCKS, success, false);
	ResourceOwnerRelease(attempt->own, RESOURCE_RELEASE_AFTER_LOCKS, success, false);
	ResourceOwnerDelete(attempt->own);
}

/*
 * In PG_CATCH: swallow the error if it is the want of some resource (a full
 * /dev/shm is no reason to fail), or, if may_be_internal, an internal one.
 */
static void
attempt_failed(Attempt *attempt, bool may_be_internal)
{
	ErrorData  *error;

	MemoryContextSwitchTo(attempt->context);
	error = CopyErrorData();
	end_attempt(attempt, false);
	if (ERRCODE_TO_CATEGORY(error->sqlerrcode) != ERRCODE_INSUFFICIENT_RESOURCES &&
		!(may_be_internal && error->sqlerrcode == ERRCODE_INTERNAL_ERROR))
		ReThrowError(error);
	FlushErrorState();
	FreeErrorData(error);
}

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
	Attempt		attempt;
	bool		found;
	Registry   *volatile result = NULL;

	begin_attempt(&attempt);
	PG_TRY();
	{
		result = pt_get_named_dsm(REGISTRY_NAME, sizeof(Registry),
								  init_registry, &found);
	}
	PG_CATCH();
	{
		LWLockReleaseAll();
		attempt_failed(&attempt, true);
		return NULL;
	}
	PG_END_TRY();
	end_attempt(&attempt, true);
	pt_name_tranche(result->tranche, TRANCHE_NAME);
	return result;
}

void
image_registry_attach(void)
{
	if (registry == NULL && pt_shared_image_memory > 0)
		registry = attach_registry();
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

	if (previous_startup_hook)
		previous_startup_hook();
	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	registry = ShmemInitStruct(REGISTRY_NAME, sizeof(Registry), &found);
	if (!found)
		init_registry(registry);
	LWLockRelease(AddinShmemInitLock);
	pt_name_tranche(registry->tranche, TRANCHE_NAME);
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
image_registry_available(void)
{
	return registry != NULL && pt_shared_image_memory > 0;
}

/* ---- slots; the lock is held ---- */

static int
find_slot(SlotState state, const ImageKey *key)
{
	for (int i = 0; i < REGISTRY_SLOTS; i++)
		if (registry->slots[i].state == state &&
			(key == NULL || image_same_key(&registry->slots[i].key, key)))
			return i;
	return -1;
}

static void
supersede(RegistrySlot *slot)
{
	slot->state = slot->attached > 0 ? SLOT_SUPERSEDED : SLOT_FREE;
	doomed[ndoomed++] = slot->handle;
	pg_atomic_fetch_add_u64(&registry->generation, 1);
}

/*
 * Release the lock, then the segments superseded under it, which may take
 * long: the last to let go frees the memory.
 */
static void
unlock_registry(void)
{
	LWLockRelease(&registry->lock);
	while (ndoomed > 0)
		dsm_unpin_segment(doomed[--ndoomed]);
}

/*
 * Drop the ready base that nobody is attached to and was used least recently;
 * false if there is none.
 */
static bool
evict_one(void)
{
	RegistrySlot *oldest = NULL;

	for (int i = 0; i < REGISTRY_SLOTS; i++)
	{
		RegistrySlot *slot = &registry->slots[i];

		if (slot->state == SLOT_READY && slot->attached == 0 &&
			(oldest == NULL || slot->last_used < oldest->last_used))
			oldest = slot;
	}
	if (oldest == NULL)
		return false;
	supersede(oldest);
	return true;
}

/*
 * Ask the sessions to let go of bases they do not use any more. One that is
 * asked for again stays.
 */
static void
call_in_attached(void)
{
	for (int i = 0; i < REGISTRY_SLOTS; i++)
		if (registry->slots[i].state == SLOT_READY)
			registry->slots[i].called_in = true;
	pg_atomic_fetch_add_u64(&registry->generation, 1);
}

static int
make_claim(const ImageKey *key, Oid index)
{
	int			i = find_slot(SLOT_FREE, NULL);
	RegistrySlot *slot;

	if (i < 0 && evict_one())
		i = find_slot(SLOT_FREE, NULL);
	if (i < 0)
		return -1;
	slot = &registry->slots[i];
	memset(slot, 0, sizeof(RegistrySlot));
	slot->state = SLOT_CLAIMED;
	slot->key = *key;
	slot->index = index;
	return i;
}

/* Bytes of all slots; *idle: of ready bases that nobody is attached to. */
static Size
total_size(Size *idle)
{
	Size		total = 0;

	*idle = 0;
	for (int i = 0; i < REGISTRY_SLOTS; i++)
	{
		RegistrySlot *slot = &registry->slots[i];

		if (slot->state == SLOT_FREE)
			continue;
		total += slot->size;
		if (slot->state == SLOT_READY && slot->attached == 0)
			*idle += slot->size;
	}
	return total;
}

/*
 * Reserve room for a base, evicting idle ones if that helps. Those in use
 * cannot be taken away; their sessions are asked to let go, for the next time.
 * What is a luxury gets room where all bases together take no more than half
 * of the budget, so that it takes none from others.
 */
static bool
reserve(RegistrySlot *slot, Size size, bool is_luxury)
{
	Size		budget = (Size) pt_shared_image_memory * 1024;
	Size		idle;
	Size		total = total_size(&idle);

	if (size > budget || (is_luxury && total + size > budget / 2))
		return false;
	if (total - idle + size > budget)
	{
		call_in_attached();
		return false;
	}
	while (total_size(&idle) + size > budget)
		if (!evict_one())
			return false;
	slot->size = size;
	return true;
}

/* ---- attaching ---- */

static void
drop_attachment(int i)
{
	RegistrySlot *slot = &registry->slots[i];

	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	Assert(slot->attached > 0);
	slot->attached--;
	if (slot->state == SLOT_SUPERSEDED && slot->attached == 0)
		slot->state = SLOT_FREE;
	LWLockRelease(&registry->lock);
}

/* Runs on dsm_detach and at the end of the session. */
static void
on_detach(dsm_segment *segment, Datum arg)
{
	drop_attachment(DatumGetInt32(arg));
}

/* The caller has counted itself as attached; NULL if the base is gone. */
static dsm_segment *
attach_segment(int slot, dsm_handle handle)
{
	dsm_segment *volatile segment = dsm_find_mapping(handle);
	volatile bool registered = false;

	/* it may be mapped already, by a call that is under way; that one counts */
	if (segment != NULL)
	{
		drop_attachment(slot);
		return segment;
	}
	PG_TRY();
	{
		segment = dsm_attach(handle);
		if (segment != NULL)
		{
			on_dsm_detach(segment, on_detach, Int32GetDatum(slot));
			registered = true;
			dsm_pin_mapping(segment);
		}
	}
	PG_CATCH();
	{
		/* once registered, detaching drops the count */
		if (!registered)
			drop_attachment(slot);
		PG_RE_THROW();
	}
	PG_END_TRY();
	if (segment == NULL)
		drop_attachment(slot);
	return segment;
}

RegistryAnswer
image_registry_find(const ImageKey *key, Oid index, dsm_segment **segment, int *slot)
{
	RegistryAnswer answer = REGISTRY_NONE;

	ConditionVariablePrepareToSleep(&registry->changed);
	for (;;)
	{
		int			i;

		CHECK_FOR_INTERRUPTS();
		LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
		if ((i = find_slot(SLOT_READY, key)) >= 0)
		{
			dsm_handle	handle = registry->slots[i].handle;

			registry->slots[i].attached++;
			registry->slots[i].called_in = false;
			registry->slots[i].last_used = GetCurrentTimestamp();
			LWLockRelease(&registry->lock);
			*segment = attach_segment(i, handle);
			*slot = i;
			if (*segment == NULL)
				continue;
			answer = REGISTRY_FOUND;
			break;
		}
		if (find_slot(SLOT_CLAIMED, key) < 0)
		{
			*slot = make_claim(key, index);
			unlock_registry();
			answer = *slot < 0 ? REGISTRY_NONE : REGISTRY_CLAIMED;
			break;
		}
		LWLockRelease(&registry->lock);
		ConditionVariableSleep(&registry->changed, PG_WAIT_EXTENSION);
	}
	ConditionVariableCancelSleep();
	return answer;
}

bool
image_registry_claim(const ImageKey *key, Oid index, int *slot)
{
	*slot = -1;
	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	if (find_slot(SLOT_CLAIMED, key) < 0)
		*slot = make_claim(key, index);
	unlock_registry();
	return *slot >= 0;
}

uint64
image_registry_generation(void)
{
	return pg_atomic_read_u64(&registry->generation);
}

bool
image_registry_may_keep(int slot, dsm_handle handle, bool about_to_use)
{
	const RegistrySlot *held = &registry->slots[slot];
	bool		keep;

	LWLockAcquire(&registry->lock, LW_SHARED);
	keep = held->state == SLOT_READY && held->handle == handle &&
		(about_to_use || !held->called_in);
	LWLockRelease(&registry->lock);
	return keep;
}

/* Without the lock: a torn or lost store would only misorder eviction. */
void
image_registry_touch(int slot)
{
	registry->slots[slot].last_used = GetCurrentStatementStartTimestamp();
}

/* ---- publishing ---- */

static dsm_segment *
create_segment(Size size)
{
	Attempt		attempt;
	dsm_segment *volatile segment = NULL;

	begin_attempt(&attempt);
	PG_TRY();
	{
		segment = dsm_create(size, DSM_CREATE_NULL_IF_MAXSEGMENTS);
		if (segment != NULL)
			dsm_pin_mapping(segment);
	}
	PG_CATCH();
	{
		attempt_failed(&attempt, false);
		return NULL;
	}
	PG_END_TRY();
	end_attempt(&attempt, true);
	return segment;
}

ImageBase *
image_registry_allocate(int claim, Size size, bool is_luxury, dsm_segment **segment)
{
	bool		reserved;

	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	reserved = reserve(&registry->slots[claim], size, is_luxury);
	unlock_registry();
	if (!reserved)
		return NULL;

	*segment = create_segment(size);
	if (*segment == NULL)
	{
		LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
		registry->slots[claim].size = 0;
		LWLockRelease(&registry->lock);
		return NULL;
	}
	return dsm_segment_address(*segment);
}

void
image_registry_publish(int claim, dsm_segment *segment)
{
	RegistrySlot *slot = &registry->slots[claim];

	on_dsm_detach(segment, on_detach, Int32GetDatum(claim));

	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	slot->attached = 1;
	/* older bases of this index, of whatever log it had */
	for (int i = 0; i < REGISTRY_SLOTS; i++)
		if (registry->slots[i].state == SLOT_READY &&
			registry->slots[i].key.database == slot->key.database &&
			registry->slots[i].index == slot->index)
			supersede(&registry->slots[i]);
	dsm_pin_segment(segment);
	slot->handle = dsm_segment_handle(segment);
	slot->last_used = GetCurrentTimestamp();
	slot->state = SLOT_READY;
	pg_atomic_fetch_add_u64(&registry->generation, 1);
	unlock_registry();
	ConditionVariableBroadcast(&registry->changed);
}

void
image_registry_release_claim(int claim)
{
	LWLockAcquire(&registry->lock, LW_EXCLUSIVE);
	if (registry->slots[claim].state == SLOT_CLAIMED)
		registry->slots[claim].state = SLOT_FREE;
	LWLockRelease(&registry->lock);
	ConditionVariableBroadcast(&registry->changed);
}
