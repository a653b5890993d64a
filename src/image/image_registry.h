/*
 * image_registry.h
 *		Which bases are in shared memory.
 *
 * The registry says for each log whether its base is there, or being built, so
 * that one session builds it and all use it. Who has a base from here is
 * attached to its segment: the memory stays until the last lets go with
 * dsm_detach, also after a newer base has taken its place.
 *
 * Its lock is held inside these functions only, for look-ups; nothing is
 * waited for under it, and it comes after relation locks and the vacuum
 * barrier. But for attach and available, all of them need a registry that is
 * available.
 */
#ifndef IMAGE_REGISTRY_H
#define IMAGE_REGISTRY_H

#include "base/pt_compat.h"
#include "image/image_base.h"
#include "storage/dsm.h"

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
	uint64		incarnation;
} ImageKey;

static inline bool
image_same_key(const ImageKey *a, const ImageKey *b)
{
	return a->database == b->database && a->tablespace == b->tablespace &&
		a->relnumber == b->relnumber && a->epoch == b->epoch &&
		a->incarnation == b->incarnation;
}

/* From 17 on: find the registry, or make it; no error if there is no room. */
extern void image_registry_attach(void);

/* Has it been found, and is sharing wanted? */
extern bool image_registry_available(void);

/* ---- finding ---- */

typedef enum RegistryAnswer
{
	REGISTRY_FOUND,				/* attached to a ready base */
	REGISTRY_CLAIMED,			/* nobody builds it: the caller must */
	REGISTRY_NONE				/* no room to share it */
} RegistryAnswer;

/*
 * Attach to the base of a log, or wait for whoever builds it, or claim the
 * building of it. The caller holds the vacuum barrier, as the builder does, so
 * neither waits for VACUUM. Interruptible.
 *
 * *slot is the base's or the claim's. A mapping in *segment is pinned: it is
 * the caller's to detach. A claim must end, also on ERROR and FATAL, in
 * image_registry_release_claim or image_registry_publish: others wait for it.
 */
extern RegistryAnswer image_registry_find(const ImageKey *key, Oid index,
										  dsm_segment **segment, int *slot);

/* Claim the building of a newer base; false if somebody else does it. */
extern bool image_registry_claim(const ImageKey *key, Oid index, int *slot);

/* ---- while a base is used ---- */

/*
 * May we keep the base we are attached to? Not if it has been superseded, nor
 * if it is called in and not what the caller is about to use. O(1). It need
 * not be asked before the generation has changed.
 */
extern bool image_registry_may_keep(int slot, dsm_handle handle, bool about_to_use);

/* Changes whenever some base is published, superseded or called in. */
extern uint64 image_registry_generation(void);

/* Note that a base is used. */
extern void image_registry_touch(int slot);

/* ---- publishing what has been claimed ---- */

/*
 * Shared memory for the base of a claim, its mapping pinned, or NULL if there
 * is no room for it. Idle bases may have been dropped for it. A luxury, which
 * is larger than need be, gets room only where there is plenty.
 */
extern ImageBase *image_registry_allocate(int claim, Size size, bool is_luxury,
										  dsm_segment **segment);

/*
 * Make it the base that all sessions use, and older ones of the index
 * superseded. The caller is attached to it.
 */
extern void image_registry_publish(int claim, dsm_segment *segment);

/* Give a claim up, if it has not been published, and wake those who wait. */
extern void image_registry_release_claim(int claim);

#endif							/* IMAGE_REGISTRY_H */
