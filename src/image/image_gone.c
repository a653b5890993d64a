/*
 * image_gone.c
 *		Giving back the images of indexes that are gone.
 *
 * Nobody will ask again for the image of an index that was dropped, or of a
 * file that REINDEX, TRUNCATE or CLUSTER has replaced. The server tells every
 * session of such changes, the one that makes them first; the session notes the
 * index, and looks into the catalog before its transaction commits. So whoever
 * drops an index gives its image back, and if he has not loaded the library,
 * the next one to commit who has. If the transaction fails after all an image
 * is lost that has to be built again, nothing more.
 *
 * Nobody is told of an index whose transaction fails, so that transaction drops
 * the images that it made of its own files itself.
 *
 * Of databases the server tells as well, but only the others: to the session
 * that drops one it says so by a hook.
 *
 * What was dropped while nobody had the library loaded is found when a session
 * comes upon the registry: it looks for some of the images of its database, and
 * for the databases. Everything costs a look into the server's caches an index.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "base/pt_compat.h"
#include "catalog/objectaccess.h"
#include "catalog/pg_class.h"
#include "catalog/pg_database.h"
#include "commands/defrem.h"
#include "image/image_private.h"
#include "image/image_registry.h"
#include "miscadmin.h"
#include "utils/inval.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#define MAX_NOTED 64

/* images of a database to look for when a session comes, and how often each */
#define MAX_LOOKED_FOR 100
#define LOOK_EVERY_MS 60000

/* relations that may have gone or have another file; too many: look for all */
static Oid	noted[MAX_NOTED];
static int	nnoted = 0;
static bool too_many = false;

/* images of files that the transaction has made, and that may go with it */
typedef struct MadeFile
{
	Oid			index;
	Oid			tablespace;
	PtRelFileNumber relnumber;
} MadeFile;

static MadeFile made[MAX_NOTED];
static int	nmade = 0;

/* a database that this session drops, and whether others may have gone */
static Oid	dropped_database = InvalidOid;
static bool databases_changed = false;

/* something was dropped, maybe before this session has found the registry */
static bool need_registry = false;

/* has this session looked for what was gone before it came? */
static bool has_looked = false;

static object_access_hook_type previous_hook = NULL;

/* ---- noting ---- */

static void
note_relation(Datum arg, Oid relation)
{
	/* without a registry it is not known yet which of them matter */
	if (!OidIsValid(relation) ||
		(image_registry_attached() && !image_registry_knows(MyDatabaseId, relation)))
		return;
	for (int i = 0; i < nnoted; i++)
		if (noted[i] == relation)
			return;
	if (nnoted < MAX_NOTED)
		noted[nnoted++] = relation;
	else
		too_many = true;
}

static void
note_databases(Datum arg, PtSysCacheId cache, uint32 hash)
{
	databases_changed = true;
}

static void
note_drop(ObjectAccessType access, Oid class, Oid object, int column, void *arg)
{
	if (previous_hook)
		previous_hook(access, class, object, column, arg);
	if (access != OAT_DROP || (class != DatabaseRelationId && class != RelationRelationId))
		return;
	need_registry = true;
	if (class == DatabaseRelationId)
		dropped_database = object;
}

void
image_gone_note_made(Relation index)
{
	if ((index->rd_createSubid == InvalidSubTransactionId &&
		 PtRelFirstSubid(index) == InvalidSubTransactionId) || nmade == MAX_NOTED)
		return;
	made[nmade].index = RelationGetRelid(index);
	made[nmade].tablespace = PtRelSpc(index);
	made[nmade++].relnumber = PtRelNumber(index);
}

/* ---- looking ---- */

/* Drop the images of an index, but for that of the file it has, if it is there. */
static void
check_index(Oid index)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(index));
	Oid			tablespace = InvalidOid;
	PtRelFileNumber file = 0;

	if (HeapTupleIsValid(tuple))
	{
		Form_pg_class form = (Form_pg_class) GETSTRUCT(tuple);

		tablespace = OidIsValid(form->reltablespace) ? form->reltablespace : MyDatabaseTableSpace;
		file = form->relfilenode;
		ReleaseSysCache(tuple);
	}
	image_registry_drop_index(MyDatabaseId, index, tablespace, file);
}

/* Those not looked for of late; all: whenever that was. */
static void
look_for_indexes(bool all)
{
	TimestampTz since = GetCurrentTimestamp();
	Oid			indexes[MAX_LOOKED_FOR];
	int			count;

	if (!all)
		since = TimestampTzPlusMilliseconds(since, -LOOK_EVERY_MS);
	do
	{
		count = image_registry_unchecked(MyDatabaseId, since, indexes, MAX_LOOKED_FOR);
		for (int i = 0; i < count; i++)
			check_index(indexes[i]);
	} while (all && count == MAX_LOOKED_FOR);
}

static void
look_for_databases(void)
{
	Oid			database = InvalidOid;

	while (OidIsValid(database = image_registry_next_database(database)))
		if (database != MyDatabaseId &&
			!SearchSysCacheExists1(DATABASEOID, ObjectIdGetDatum(database)))
			image_registry_drop_database(database);
}

static void
check_noted(void)
{
	Oid			indexes[MAX_NOTED];
	int			count = nnoted;

	/* looking may bring news */
	memcpy(indexes, noted, count * sizeof(Oid));
	nnoted = 0;
	for (int i = 0; i < count; i++)
		check_index(indexes[i]);
	if (too_many)
		look_for_indexes(true);
	too_many = false;
}

/* A subtransaction may have made a file, and have failed. */
static void
check_made(void)
{
	for (int i = 0; i < nmade; i++)
		check_index(made[i].index);
}

static void
check_databases(void)
{
	if (OidIsValid(dropped_database))
		image_registry_drop_database(dropped_database);
	dropped_database = InvalidOid;
	if (databases_changed)
		look_for_databases();
	databases_changed = false;
}

/* Is one of those noted an index that may have an image? */
static bool
have_noted_adjacency(void)
{
	Oid			adjacency = nnoted == 0 ? InvalidOid : get_index_am_oid("adjacency", true);
	bool		found = too_many;

	for (int i = 0; i < nnoted && OidIsValid(adjacency) && !found; i++)
	{
		HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(noted[i]));

		if (!HeapTupleIsValid(tuple))
			continue;
		found = ((Form_pg_class) GETSTRUCT(tuple))->relam == adjacency;
		ReleaseSysCache(tuple);
	}
	return found;
}

static void
before_commit(void)
{
	if (need_registry || (!image_registry_attached() && have_noted_adjacency()))
		image_registry_attach();
	need_registry = false;
	if (!image_registry_attached())
	{
		/* nobody is known to have images */
		nnoted = 0;
		too_many = false;
		return;
	}
	if (!has_looked)
	{
		has_looked = true;
		databases_changed = true;
		look_for_indexes(false);
	}
	if (nnoted > 0 || too_many)
		check_noted();
	check_made();
	if (OidIsValid(dropped_database) || databases_changed)
		check_databases();
	image_registry_keep_to_setting();
}

static void
after_end(XactEvent event)
{
	for (int i = 0; i < nmade && event == XACT_EVENT_ABORT; i++)
		image_registry_drop_file(MyDatabaseId, made[i].tablespace, made[i].relnumber);
	nmade = 0;
}

static void
at_end(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE)
		after_end(event);
	if (event == XACT_EVENT_PRE_COMMIT && OidIsValid(MyDatabaseId))
		before_commit();
}

void
image_gone_init(void)
{
	CacheRegisterRelcacheCallback(note_relation, (Datum) 0);
	CacheRegisterSyscacheCallback(DATABASEOID, note_databases, (Datum) 0);
	RegisterXactCallback(at_end, NULL);
	/* where all sessions have the library none has missed anything */
	has_looked = process_shared_preload_libraries_in_progress;
	previous_hook = object_access_hook;
	object_access_hook = note_drop;
}
