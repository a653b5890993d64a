/*
 * image_registry.h
 *		Which bases are in shared memory.
 *
 * The registry says for each log whether its base is there, or being built, so
 * that one session builds it and all use it. A base is used while it is pinned,
 * from the moment it is found to the end of the call. Nothing else keeps it:
 * one that is not pinned may go at any time, whoever has its memory mapped,
 * and pinning it again says so.
 *
 * Its lock is held inside these functions only, for look-ups; nothing is
 * waited for under it, and it comes after relation locks and the vacuum
 * barrier. But for those that say so, all of them need a registry that is
 * available.
 */
#ifndef IMAGE_REGISTRY_H
#define IMAGE_REGISTRY_H

#include "base/pt_compat.h"
#include "image/image.h"
#include "image/image_base.h"

/*
 * Which log an image is of. The file number alone would not do: in-place
 * truncation keeps it, CREATE DATABASE copies it.
 */
typedef struct ImageKey
{
	Oid			database;
	Oid			tablespace;
	PtRelFileNumber relnumber;
	uint32		epoch;
	uint32		era;
	uint64		incarnation;
} ImageKey;

static inline bool
image_same_key(const ImageKey *a, const ImageKey *b)
{
	return a->database == b->database && a->tablespace == b->tablespace &&
		a->relnumber == b->relnumber && a->epoch == b->epoch &&
		a->era == b->era &&
		a->incarnation == b->incarnation;
}

/*
 * A base of the registry: its slot, and which of those that have been there.
 * Slot -1: none.
 */
typedef struct ImageRef
{
	int			slot;
	uint32		life;
} ImageRef;

static inline bool
image_same_ref(ImageRef a, ImageRef b)
{
	return a.slot == b.slot && (a.slot < 0 || a.life == b.life);
}

/* From 17 on: find the registry, or make it; no error if there is no room. */
extern void image_registry_attach(void);

/* Has this process found it? For the rest of its life, then. */
extern bool image_registry_attached(void);

/* Has it been found, and is sharing wanted? */
extern bool image_registry_available(void);

/* Could it hold a base of so many bytes, whatever else there is? */
extern bool image_registry_could_hold(Size size);

/*
 * Is there room for a segment of so many bytes, without dropping a base for it?
 * Areas may have some all the same. Needs a registry that is available.
 */
extern bool image_registry_has_room(Size size);

/* ---- finding ---- */

typedef enum RegistryAnswer
{
	REGISTRY_FOUND,				/* there is a ready base, pinned now */
	REGISTRY_CLAIMED,			/* nobody builds it: the caller must */
	REGISTRY_BUSY,				/* somebody builds it */
	REGISTRY_NONE				/* no room to share it */
} RegistryAnswer;

/*
 * Find the base of a log, or wait for whoever builds it, or claim the building
 * of it. The caller may hold the vacuum barrier: whoever has a claim holds it,
 * too, or does not enter it, so he does not wait for VACUUM. Interruptible.
 *
 * *ref is the base or the claim. A pin is the caller's to drop. A claim must
 * end, also on ERROR and FATAL, in image_registry_release_claim or
 * image_registry_publish: others wait for it.
 */
extern RegistryAnswer image_registry_find(const ImageKey *key, Oid index, ImageRef *ref);

/* The same, without waiting. */
extern RegistryAnswer image_registry_try_find(const ImageKey *key, Oid index, ImageRef *ref);

/* Only if it is ready: then it is pinned. No claim is made. */
extern bool image_registry_find_ready(const ImageKey *key, Oid index, ImageRef *ref);

/* Is it ready, and what does it have? No longer, maybe, when this returns. */
extern bool image_registry_has(const ImageKey *key, bool *has_halves);

/* How large is the newest base of an index, of whichever of its files? False without one. */
extern bool image_registry_size(Oid database, Oid index, ImageSize *size);

/*
 * Wait while somebody builds a newer base of a log; false if nobody does.
 * Interruptible.
 */
extern bool image_registry_await(const ImageKey *key);

/* Claim the building of a newer base; false if somebody else does it. */
extern bool image_registry_claim(const ImageKey *key, Oid index, ImageRef *ref);

/* ---- using a base ---- */

/*
 * Pin a base that was found before; false if it has gone. Takes no lock.
 */
extern bool image_registry_pin(ImageRef ref);

/* Is there a newer one than this, which the caller has pinned? Or was it dropped? */
extern bool image_registry_is_superseded(ImageRef ref);

/*
 * The use ends. Who is the last to use a superseded base gives its memory back.
 * Safe in the clean-up after an error, and at exit.
 */
extern void image_registry_unpin(ImageRef ref);

/*
 * Where a base, pinned or claimed by the caller, is in this process. Good while
 * it is. NULL if there is no memory to map it.
 */
extern ImageBase *image_registry_base(ImageRef ref);

/* Is it there, and may it be pinned? No longer, maybe, when this returns. */
extern bool image_registry_is_current(ImageRef ref);

/* Changes whenever some base goes, or is superseded. */
extern uint64 image_registry_generation(void);

/* Give back and unmap memory that no base is in any more. */
extern void image_registry_let_go(void);

/*
 * Give back what an error or the end of the session has kept from being given
 * back. Maps nothing and fails in nothing.
 */
extern void image_registry_clean_up(void);

/* Note that a base is used. */
extern void image_registry_touch(ImageRef ref);

/* ---- publishing what has been claimed ---- */

/* How much room is made for a base. */
typedef enum ImageNeed
{
	IMAGE_NEEDED,				/* bases that nobody uses are dropped for it */
	IMAGE_SPARE,				/* what is free */
	IMAGE_LUXURY				/* as long as half of all room stays free */
} ImageNeed;

/* Shared memory for the base of a claim, or NULL if there is no room for it. */
extern ImageBase *image_registry_allocate(ImageRef claim, Size size, ImageNeed need);

/*
 * Make it the base that all sessions use, and older ones of the index or of its
 * file superseded. It took so long to build, in microseconds. It is pinned for
 * the caller. Cannot fail; let_go should follow.
 *
 * lingers: the former base of the same log may be pinned for some seconds more, by
 * sessions that come over to the new one; the one before it no longer. Who says so
 * ends that.
 */
extern void image_registry_publish(ImageRef claim, const ImageBase *base, int64 cost, bool lingers);

/*
 * Are there superseded bases of this database that linger? They go if nobody uses
 * them and it is time, or, with now, in any case: that is safe at exit.
 */
extern bool image_registry_end_lingering(Oid database, bool now);

/* Give a claim up, if it has not been published, and wake those who wait. */
extern void image_registry_release_claim(ImageRef claim);

/* ---- bases that nobody will ask for any more ---- */

/* Is, or was a moment ago, a base of this index of this database there, or being built? */
extern bool image_registry_knows(Oid database, Oid index);

/* Drop the bases of an index, but for those of a file, if one is given. */
extern void image_registry_drop_index(Oid database, Oid index,
									  Oid tablespace, PtRelFileNumber relnumber);
extern void image_registry_drop_database(Oid database);

/* Drop the bases of a file. Maps nothing and fails in nothing. */
extern void image_registry_drop_file(Oid database, Oid tablespace, PtRelFileNumber relnumber);

/*
 * The indexes of so many bases of a database that this has not told of since
 * some time.
 */
extern int	image_registry_unchecked(Oid database, TimestampTz since, Oid *indexes, int max);

/* The next larger OID of a database that there are bases of; InvalidOid: none. */
extern Oid	image_registry_next_database(Oid database);

/*
 * If the setting has changed since this session last asked, drop unused bases
 * until the others are within it. Needs a registry that is attached.
 */
extern void image_registry_keep_to_setting(void);

/* ---- looking at it ---- */

typedef struct ImageInfo
{
	ImageKey	key;
	Oid			index;
	const char *state;			/* building, ready or superseded */
	Size		bytes;
	int			segment;		/* -1: none as yet */
	bool		is_area;		/* there are others in it, or may be */
	Size		segment_bytes;
	int			mapped;			/* sessions that have the segment mapped */
	int			uses;			/* calls that use the base now */
	TimestampTz built_at;
	int64		cost;			/* microseconds to build it */
	TimestampTz last_used;
} ImageInfo;

/*
 * All bases, in an array in the current memory context; returns how many. Needs
 * a registry that is attached.
 */
extern int	image_registry_list(ImageInfo **infos);

#endif							/* IMAGE_REGISTRY_H */
