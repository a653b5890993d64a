/*
 * pt_compat.h
 *		Differences between PostgreSQL 15 and 18, all in one place.
 *
 * No other file tests PG_VERSION_NUM.
 */
#ifndef PT_COMPAT_H
#define PT_COMPAT_H

#include "access/amapi.h"
#include "commands/vacuum.h"
#include "storage/bufmgr.h"
#include "storage/lmgr.h"
#include "utils/guc.h"
#include "utils/guc_tables.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"				/* before, part of postgres.h */
#endif

#if PG_VERSION_NUM < 150000
#error "parseltongue needs PostgreSQL 15 or later"
#endif

#if PG_VERSION_NUM >= 160000
#define PtRelDb(rel) ((rel)->rd_locator.dbOid)
#define PtRelSpc(rel) ((rel)->rd_locator.spcOid)
#define PtRelNumber(rel) ((rel)->rd_locator.relNumber)
typedef RelFileNumber PtRelFileNumber;
#else
#define PtRelDb(rel) ((rel)->rd_node.dbNode)
#define PtRelSpc(rel) ((rel)->rd_node.spcNode)
#define PtRelNumber(rel) ((rel)->rd_node.relNode)
typedef Oid PtRelFileNumber;
#endif

#if PG_VERSION_NUM >= 180000
#define pt_vacuum_delay_point() vacuum_delay_point(false)
#else
#define pt_vacuum_delay_point() vacuum_delay_point()
#endif

#if PG_VERSION_NUM >= 160000
#define PtOwnsRelation(oid) object_ownercheck(RelationRelationId, (oid), GetUserId())
#else
#define PtOwnsRelation(oid) pg_class_ownercheck((oid), GetUserId())
#endif

/* From 17 on a library can get shared memory without being preloaded. */
#if PG_VERSION_NUM >= 170000
#define PT_HAVE_NAMED_DSM 1
#endif

/* What a setting's check hook passes on is freed by the server, each in its way. */
#if PG_VERSION_NUM >= 160000
#define PtSettingAlloc(size) guc_malloc(LOG, (size))
#else
#define PtSettingAlloc(size) malloc(size)
#endif

/* The server's record of a setting, or NULL. */
static inline struct config_generic *
pt_find_setting(const char *name)
{
#if PG_VERSION_NUM >= 160000
	return find_option(name, false, true, LOG);
#else
	struct config_generic **all = get_guc_variables();

	for (int i = 0; i < GetNumConfigOptions(); i++)
	{
		if (strcmp(all[i]->name, name) == 0)
			return all[i];
	}
	return NULL;
#endif
}

/* Until 16 a setting could make old rows vanish under a snapshot. */
#if PG_VERSION_NUM >= 170000
#define PtOldSnapshotThreshold() (-1)
#else
#define PtOldSnapshotThreshold() (old_snapshot_threshold)
#endif

/*
 * Extend a relation's main or init fork by one zeroed block and return it
 * exclusively locked. On 15 the extension lock is taken here, on later
 * versions by ExtendBufferedRel.
 */
static inline Buffer
pt_extend_relation(Relation rel, ForkNumber fork)
{
#if PG_VERSION_NUM >= 160000
	return ExtendBufferedRel(BMR_REL(rel), fork, NULL, EB_LOCK_FIRST);
#else
	Buffer		buf;
	bool		lock = !RELATION_IS_LOCAL(rel);

	if (lock)
		LockRelationForExtension(rel, ExclusiveLock);
	buf = ReadBufferExtended(rel, fork, P_NEW, RBM_NORMAL, NULL);
	LockBuffer(buf, BUFFER_LOCK_EXCLUSIVE);
	if (lock)
		UnlockRelationForExtension(rel, ExclusiveLock);
	return buf;
#endif
}

#endif							/* PT_COMPAT_H */
