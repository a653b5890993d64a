/*
 * image_worker.h
 *		Background workers that build and merge images for all sessions.
 */
#ifndef IMAGE_WORKER_H
#define IMAGE_WORKER_H

#include "image/image_registry.h"
#include "postmaster/bgworker.h"

/*
 * Ask for the merge of a base that an index has, or with none, slot -1, that one be
 * built if there is room that is free; a worker is started where none
 * is at work in this database. False if nobody will do it: no worker can be had,
 * or one has failed. Waits for nothing.
 */
extern bool image_worker_ask(Oid database, Oid index, ImageRef base);

/* ---- for workers themselves ---- */

/*
 * Fill in what all workers have in common: an entry point of this library, to run
 * once. What it is to know goes to bgw_extra.
 */
extern void image_worker_describe(BackgroundWorker *worker, const char *entry_point,
								  const char *name);

/*
 * Connect to a database, with what settings there are for sessions kept out. Does
 * not return if it cannot.
 */
extern void image_worker_connect(Oid database);

/* Between two tasks: end if told to, and take over settings that have changed. */
extern void image_worker_between_tasks(void);

typedef enum WorkResult
{
	WORK_DONE,
	WORK_PUT_OFF,				/* somebody was in the way */
	WORK_FAILED
} WorkResult;

/*
 * Have the image of an index built or merged, in a transaction of its own, without
 * a snapshot and without waiting for anybody. Errors are logged. If it is optional
 * nothing goes for it, and room that is not there is no failure.
 */
extern WorkResult image_worker_do(Oid index, bool is_optional);

/* Does somebody want the database to himself? Then the worker must end. */
extern bool image_worker_is_in_the_way(void);

#endif							/* IMAGE_WORKER_H */
