/*
 * image_slots.h
 *		The registry's slots: what is being built, and what is there.
 *
 * A slot is a claim (somebody builds), a ready base, or a retired one, superseded or
 * dropped while calls were using it, which goes with the last of them. What a
 * background worker has superseded lingers for some seconds before: nobody finds it
 * any more, but sessions that had it may go on using it.
 *
 * How many calls use a base is counted in an atomic word of its slot, so that
 * beginning and ending a use take no lock. The word also has the slot's life,
 * which changes with each base that is put there, whether a new use may begin,
 * and whether there is a newer one. So a session that remembers a base finds out
 * by one look that it has gone, and nobody need ask sessions before a base is
 * dropped.
 *
 * The table is part of the registry, and under its lock. Functions say whether they
 * are to be called with it held.
 */
#ifndef IMAGE_SLOTS_H
#define IMAGE_SLOTS_H

#include "image/image.h"
#include "image/image_registry.h"
#include "image/image_segments.h"
#include "port/atomics.h"

#define IMAGE_SLOTS 4096

/* a power of two */
#define IMAGE_BUCKETS 4096

typedef enum ImageSlotState
{
	SLOT_FREE,
	SLOT_CLAIMED,
	SLOT_READY,
	SLOT_LINGERING,
	SLOT_RETIRED
} ImageSlotState;

typedef struct ImageSlot
{
	pg_atomic_uint64 word;
	ImageSlotState state;
	Oid			index;
	ImageKey	key;
	int			next_of_file;	/* of the same bucket; -1: none */
	int			next_of_index;	/* or, if it is free, the next that is */
	ImageExtent extent;
	bool		has_halves;
	ImageSize	graph;
	int64		cost;			/* microseconds to build it */
	TimestampTz built_at;
	TimestampTz last_used;
	TimestampTz checked;		/* when somebody looked whether the index is there */
	TimestampTz lingers_until;	/* once it is superseded, if it lingers */
} ImageSlot;

typedef struct ImageSlotTable
{
	int			top;			/* slots above have never been used */
	int			first_free;		/* of those below; -1: none */
	int			lingering;		/* how many do */
	pg_atomic_uint64 generation;	/* counts bases that went */
	int			by_file[IMAGE_BUCKETS]; /* first slot of each bucket */
	int			by_index[IMAGE_BUCKETS];
	ImageSlot	slots[IMAGE_SLOTS];
} ImageSlotTable;

/* Make it empty. */
extern void image_slots_init(ImageSlotTable *table);

/* What this process uses, once it has found the registry. */
extern void image_slots_attach(ImageSlotTable *table);

/* ---- without the lock ---- */

extern ImageSlot *image_slot(ImageRef ref);

/* Begin a use, if it is still there; and end one: true if it has to be freed then. */
extern bool image_slot_pin(ImageRef ref);
extern bool image_slot_unpin(ImageRef ref);

/* As image_registry_is_superseded, _is_current and _generation. */
extern bool image_slot_is_superseded(ImageRef ref);
extern bool image_slot_is_current(ImageRef ref);
extern uint64 image_slots_generation(void);

/* May there be a slot of this index? If not, there was none a moment ago. */
extern bool image_slots_may_have(Oid database, Oid index);

/* ---- with the lock held ---- */

/* Of a log, in a state; -1: none. As good as O(1). */
extern int	image_slot_find(ImageSlotState state, const ImageKey *key);

/* Of an index, whichever of its files, in any state or ready; -1: none. As good as O(1). */
extern int	image_slot_of_index(Oid database, Oid index, bool is_ready);

/*
 * Pin the ready base of a log, unless another index is noted for it, which is for
 * image_slot_use to change.
 */
extern bool image_slot_use_ready(const ImageKey *key, Oid index, ImageRef *ref);

/* The next slot that is in use, from this one on; -1 behind the last. */
extern int	image_slot_next(int slot);

extern ImageSlot *image_slot_at(int slot);
extern ImageRef image_slot_ref(int slot);

/* Would there be room for a segment if all that need not stay went? O(slots). */
extern bool image_slots_could_make_room(Size size, const ImageRoom *room, TimestampTz now);

/* ---- with the lock held in exclusive mode ---- */

/* Pin the base of a slot, which is that of an index now. */
extern ImageRef image_slot_use(int slot, Oid index);

/*
 * A claim in a slot that is free, or made so: O(slots) then. -1: none can be.
 */
extern int	image_slot_claim(const ImageKey *key, Oid index);

/*
 * Nobody uses it, or ever will: the next that is put here has another life. What its
 * memory was is to be given back (image_segments_give_back).
 */
extern void image_slot_free(ImageSlot *slot);

/* A claim has become a base, pinned for the caller, and others superseded by it. */
extern void image_slot_publish(ImageRef claim, bool lingers, TimestampTz now);

/*
 * Drop a base that lingers, or else the one that was used least recently, if
 * nobody uses it; false if there is none. A use that begins just now loses it,
 * and looks again. O(slots).
 */
extern bool image_slots_evict_one(TimestampTz now);

/* As image_registry_end_lingering; O(slots) if any does. */
extern bool image_slots_end_lingering(Oid database, bool now);

/* As those of the registry. The first two are as good as O(1), the third O(slots). */
extern void image_slots_drop_index(Oid database, Oid index, Oid tablespace,
								   PtRelFileNumber relnumber);
extern void image_slots_drop_file(Oid database, Oid tablespace, PtRelFileNumber relnumber);
extern void image_slots_drop_database(Oid database);

/* How many calls use a base, lock or not. */
extern int	image_slot_uses(const ImageSlot *slot);

#endif							/* IMAGE_SLOTS_H */
