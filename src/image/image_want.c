/*
 * image_want.c
 *		Asking a worker for images that are not there.
 *
 * Who is cancelled while it builds an image, as by a statement_timeout, would be
 * each time, so a worker is to do it. The clean-up of the build is no place to start
 * one, and the session's next statement too late: it would build again before the
 * worker does. So it is asked for when the transaction has ended. What is done then
 * cannot fail: two LWLocks are taken for look-ups, and the postmaster is sent a signal.
 */
#include "postgres.h"

#include "access/xact.h"
#include "image/image_load.h"
#include "image/image_want.h"
#include "image/image_worker.h"

/* a log of fewer entries is read so quickly that no worker is started for an image */
#define WANT_MIN_ENTRIES 25000

/* what was being built when a cancel came */
typedef struct Wanted
{
	ImageKey	key;
	Oid			index;			/* InvalidOid: nothing */
	Size		size;
} Wanted;

static Wanted wanted;

bool
image_is_worth_asking(Relation index, const AdjMetaCopy *copy)
{
	return AdjEndOfLog(&copy->meta) >= WANT_MIN_ENTRIES &&
		index->rd_createSubid == InvalidSubTransactionId &&
		PtRelFirstSubid(index) == InvalidSubTransactionId;
}

/* Not where there is a base that the session cannot use. */
static void
ask(const ImageKey *key, Oid index, Size size)
{
	ImageRef	none = {-1, 0};
	bool		has_halves;

	if (!image_registry_has(key, &has_halves) && image_registry_has_room(size))
		(void) image_worker_ask(key->database, index, none);
}

void
image_want(Relation index, const AdjMetaCopy *copy)
{
	ImageKey	key = image_key_of(index, copy);

	if (image_is_worth_asking(index, copy) && image_may_share(index, copy))
		ask(&key, RelationGetRelid(index), image_least_size(&copy->meta));
}

void
image_want_later(const ImageKey *key, Oid index, Size size)
{
	wanted = (Wanted) {*key, index, size};
}

static void
at_end(XactEvent event, void *arg)
{
	if (!OidIsValid(wanted.index) ||
		(event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT && event != XACT_EVENT_PREPARE))
		return;
	if (image_registry_available())
		ask(&wanted.key, wanted.index, wanted.size);
	wanted.index = InvalidOid;
}

void
image_want_init(void)
{
	RegisterXactCallback(at_end, NULL);
}
