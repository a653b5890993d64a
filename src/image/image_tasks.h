/*
 * image_tasks.h
 *		What background workers are asked to do, and which there are.
 *
 * A task is to merge the shared image of an index, or to build it. Sessions ask; a worker of
 * the index's database does it, and all others that are asked for meanwhile. At
 * most parseltongue.max_workers are at work, one a database.
 *
 * The table is part of the registry and under its lock, which is taken inside
 * these functions and held for look-ups only.
 */
#ifndef IMAGE_TASKS_H
#define IMAGE_TASKS_H

#include "base/pt_guc.h"
#include "datatype/timestamp.h"
#include "image/image_registry.h"
#include "storage/latch.h"
#include "storage/lwlock.h"

#define IMAGE_TASKS 64

typedef enum ImageTaskState
{
	TASK_FREE,
	TASK_WANTED,
	TASK_UNDERWAY,
	TASK_RESTING,				/* somebody was in the way: again in a while */
	TASK_FAILED					/* not again with this base */
} ImageTaskState;

typedef struct ImageTask
{
	ImageTaskState state;
	Oid			database;
	Oid			index;
	ImageRef	base;			/* that is to be merged; slot -1: to be built */
	TimestampTz since;			/* it is in this state */
	int			rests;			/* how often it has rested with this base */
} ImageTask;

/* A worker, from when it is asked for to its end. */
typedef struct ImageWorker
{
	Oid			database;		/* InvalidOid: there is none */
	uint32		life;			/* which of those that had this place */
	bool		has_begun;
	bool		is_waiting;		/* it has nothing to do, and counts for nobody else */
	Latch	   *latch;			/* its own, once it has begun */
	TimestampTz asked_at;
} ImageWorker;

typedef struct ImageTaskTable
{
	ImageTask	tasks[IMAGE_TASKS];
	ImageWorker workers[PT_MOST_WORKERS];
} ImageTaskTable;

/* What this process uses, once it has found the registry. */
extern void image_tasks_attach(ImageTaskTable *table, LWLock *lock);

/* A worker's place in the table. */
typedef struct ImageWorkerRef
{
	Oid			database;
	int			place;
	uint32		life;
} ImageWorkerRef;

/* ---- for sessions ---- */

typedef enum TaskAnswer
{
	TASK_TAKEN,					/* a worker does it, or will in a while */
	TASK_NEEDS_WORKER,			/* the caller has to start one */
	TASK_REFUSED				/* nobody will */
} TaskAnswer;

/*
 * Ask for a merge of a base, or with none for one to be built. Where a worker is needed a place for it has been
 * reserved: image_tasks_not_started gives it and the task up.
 */
extern TaskAnswer image_tasks_ask(Oid database, Oid index, ImageRef base,
								  ImageWorkerRef *worker);
extern void image_tasks_not_started(const ImageWorkerRef *worker);

/* Is a merge of this index wanted or under way, and not put off? */
extern bool image_tasks_is_in_hand(Oid database, Oid index);

/* ---- for workers ---- */

/* Begin to work; false if the place has been given to another meanwhile. */
extern bool image_tasks_begin(const ImageWorkerRef *worker);

typedef enum TaskNext
{
	NEXT_TASK,
	NEXT_WAIT,					/* ask again soon */
	NEXT_END					/* the worker's place is free: who asks starts another */
} TaskNext;

/*
 * The next task of the worker's database, under way from now on. Where there is
 * none, or others are at work instead of it, the worker ends, unless it would stay
 * for what lingers, and no more than parseltongue.max_workers do so already.
 */
extern TaskNext image_tasks_next(const ImageWorkerRef *worker, bool would_stay, ImageTask *task);

/* The task has come to its end, in state TASK_FREE, TASK_RESTING or TASK_FAILED. */
extern void image_tasks_end(const ImageTask *task, ImageTaskState state);

/*
 * The worker ends, whatever it was at. Safe at exit, and more than once. Where it
 * could not even begin, since nobody can connect for instance, the next would fare
 * no better: all tasks of its database have failed.
 */
extern void image_tasks_worker_ends(const ImageWorkerRef *worker, bool could_begin);

#endif							/* IMAGE_TASKS_H */
