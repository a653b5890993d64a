/*
 * image_tasks.c
 *		What background workers are asked to do, and which there are.
 *
 * Whether a worker looks for its next task or ends, and whether a session finds
 * one that will look, is decided under the same lock, so no task is left behind
 * by a worker that was about to end.
 *
 * Nothing is tried for ever. A task that failed is not taken on again for the
 * same base, and sessions merge it themselves, as if there were no workers. One
 * that somebody stood in the way of rests for a second, and each time twice as
 * long, up to half a minute. A worker that was asked for and has not begun within
 * ten seconds never will, and loses its place.
 */
#include "postgres.h"

#include "image/image_tasks.h"
#include "miscadmin.h"
#include "utils/timestamp.h"

#define REST_MS 1000
#define REST_DOUBLINGS 5
#define BEGIN_WITHIN_MS 10000

/* what nobody has come back to for so long can be forgotten */
#define FORGET_AFTER_MS 60000

static ImageTaskTable *table = NULL;
static LWLock *lock = NULL;

void
image_tasks_attach(ImageTaskTable *found, LWLock *its_lock)
{
	table = found;
	lock = its_lock;
}

/* ---- with the lock held ---- */

static ImageTask *
find_task(Oid database, Oid index)
{
	for (int i = 0; i < IMAGE_TASKS; i++)
	{
		ImageTask  *task = &table->tasks[i];

		if (task->state != TASK_FREE && task->database == database && task->index == index)
			return task;
	}
	return NULL;
}

/* A place for a task: a free one, or one that matters no more. NULL: none. */
static ImageTask *
find_place(TimestampTz now)
{
	ImageTask  *oldest = NULL;

	for (int i = 0; i < IMAGE_TASKS; i++)
	{
		ImageTask  *task = &table->tasks[i];

		if (task->state == TASK_FREE)
			return task;
		if (task->state != TASK_UNDERWAY &&
			TimestampDifferenceExceeds(task->since, now, FORGET_AFTER_MS) &&
			(oldest == NULL || task->since < oldest->since))
			oldest = task;
	}
	return oldest;
}

static void
put(ImageTask *task, ImageTaskState state, TimestampTz now)
{
	task->state = state;
	task->since = now;
}

/* Will never begin. */
static bool
is_lost(const ImageWorker *worker, TimestampTz now)
{
	return !worker->has_begun &&
		TimestampDifferenceExceeds(worker->asked_at, now, BEGIN_WITHIN_MS);
}

/* Does a database have a worker? How many others are there, and who may come? */
static bool
look_at_workers(Oid database, TimestampTz now, int *others, int *place)
{
	bool		found = false;

	*others = 0;
	*place = -1;
	for (int i = 0; i < PT_MOST_WORKERS; i++)
	{
		ImageWorker *worker = &table->workers[i];

		if (!OidIsValid(worker->database) || is_lost(worker, now))
			*place = i;
		else if (worker->database == database)
			found = true;
		else if (!worker->is_waiting)
			(*others)++;
	}
	return found;
}

static ImageWorkerRef
reserve_worker(Oid database, int place, TimestampTz now)
{
	ImageWorker *worker = &table->workers[place];
	ImageWorkerRef ref;

	worker->database = database;
	worker->life++;
	worker->has_begun = false;
	worker->is_waiting = false;
	worker->asked_at = now;
	memset(&ref, 0, sizeof(ref));
	ref.database = database;
	ref.place = place;
	ref.life = worker->life;
	return ref;
}

/* The worker, unless its place is another's. */
static ImageWorker *
worker_of(const ImageWorkerRef *ref)
{
	ImageWorker *worker = &table->workers[ref->place];

	return worker->database == ref->database && worker->life == ref->life ? worker : NULL;
}

static int
rest_ms(const ImageTask *task)
{
	return REST_MS << Min(Max(task->rests - 1, 0), REST_DOUBLINGS);
}

/* What becomes of tasks of a database in one state. */
static void
put_tasks(Oid database, ImageTaskState from, ImageTaskState to)
{
	TimestampTz now = GetCurrentTimestamp();

	for (int i = 0; i < IMAGE_TASKS; i++)
		if (table->tasks[i].state == from && table->tasks[i].database == database)
			put(&table->tasks[i], to, now);
}

/* ---- for sessions ---- */

/* Should it be done now, or has it been refused or put off? */
static bool
is_due(const ImageTask *task, ImageRef base, TimestampTz now, TaskAnswer *answer)
{
	*answer = TASK_TAKEN;
	/* where there is no base yet, none tells one try from the next: another, after a while */
	if (task->state == TASK_FAILED && image_same_ref(task->base, base) &&
		(base.slot >= 0 || !TimestampDifferenceExceeds(task->since, now, FORGET_AFTER_MS)))
		*answer = TASK_REFUSED;
	else if (task->state != TASK_UNDERWAY &&
			 !(task->state == TASK_RESTING && image_same_ref(task->base, base) &&
			   !TimestampDifferenceExceeds(task->since, now, rest_ms(task))))
		return true;
	return false;
}

/* A worker of the database that waits for what lingers has something to do. */
static void
wake_worker(Oid database)
{
	for (int i = 0; i < PT_MOST_WORKERS; i++)
	{
		ImageWorker *worker = &table->workers[i];

		if (worker->database == database && worker->has_begun && worker->is_waiting)
			SetLatch(worker->latch);
	}
}

/* Note that a task is wanted, and who is to do it. */
static TaskAnswer
want(ImageTask *task, Oid database, Oid index, ImageRef base, ImageWorkerRef *worker)
{
	TimestampTz now = GetCurrentTimestamp();
	int			others;
	int			place;

	if (task->database != database || task->index != index ||
		!image_same_ref(task->base, base))
		task->rests = 0;
	task->database = database;
	task->index = index;
	task->base = base;
	put(task, TASK_WANTED, now);
	wake_worker(database);
	if (look_at_workers(database, now, &others, &place) ||
		others >= pt_max_workers || place < 0)
		return TASK_TAKEN;
	*worker = reserve_worker(database, place, now);
	return TASK_NEEDS_WORKER;
}

TaskAnswer
image_tasks_ask(Oid database, Oid index, ImageRef base, ImageWorkerRef *worker)
{
	TimestampTz now = GetCurrentTimestamp();
	TaskAnswer	answer;
	ImageTask  *task;

	if (pt_max_workers == 0)
		return TASK_REFUSED;
	LWLockAcquire(lock, LW_EXCLUSIVE);
	task = find_task(database, index);
	if (task == NULL || is_due(task, base, now, &answer))
	{
		if (task == NULL)
			task = find_place(now);
		answer = task == NULL ? TASK_REFUSED : want(task, database, index, base, worker);
	}
	LWLockRelease(lock);
	return answer;
}

void
image_tasks_not_started(const ImageWorkerRef *worker)
{
	LWLockAcquire(lock, LW_EXCLUSIVE);
	if (worker_of(worker) != NULL)
	{
		worker_of(worker)->database = InvalidOid;
		put_tasks(worker->database, TASK_WANTED, TASK_FREE);
	}
	LWLockRelease(lock);
}

bool
image_tasks_is_in_hand(Oid database, Oid index)
{
	ImageTask  *task;
	bool		is_in_hand;

	LWLockAcquire(lock, LW_SHARED);
	task = find_task(database, index);
	is_in_hand = task != NULL && (task->state == TASK_WANTED || task->state == TASK_UNDERWAY);
	LWLockRelease(lock);
	return is_in_hand;
}

/* ---- for workers ---- */

bool
image_tasks_begin(const ImageWorkerRef *ref)
{
	ImageWorker *worker;

	LWLockAcquire(lock, LW_EXCLUSIVE);
	worker = worker_of(ref);
	if (worker != NULL)
	{
		worker->has_begun = true;
		worker->latch = MyLatch;
	}
	LWLockRelease(lock);
	return worker != NULL;
}

/*
 * May it take a task on? One that was waiting counted for nobody else, so others may
 * have begun, as many as may be at work.
 */
static bool
may_work(const ImageWorker *worker)
{
	int			others;
	int			place;

	if (worker == NULL || !worker->is_waiting)
		return true;
	(void) look_at_workers(worker->database, GetCurrentTimestamp(), &others, &place);
	return others < pt_max_workers;
}

/* May one worker more wait for what lingers? Each keeps a process from others. */
static bool
may_wait(const ImageWorker *worker)
{
	int			waiting = 0;

	for (int i = 0; i < PT_MOST_WORKERS; i++)
		waiting += &table->workers[i] != worker && OidIsValid(table->workers[i].database) &&
			table->workers[i].is_waiting;
	return worker != NULL && waiting < pt_max_workers;
}

TaskNext
image_tasks_next(const ImageWorkerRef *ref, bool would_stay, ImageTask *task)
{
	ImageTask  *found = NULL;
	ImageWorker *worker;
	bool		may;
	bool		stays;

	LWLockAcquire(lock, LW_EXCLUSIVE);
	worker = worker_of(ref);
	may = may_work(worker);
	for (int i = 0; i < IMAGE_TASKS && may && found == NULL; i++)
		if (table->tasks[i].state == TASK_WANTED && table->tasks[i].database == ref->database)
			found = &table->tasks[i];
	if (found != NULL)
	{
		put(found, TASK_UNDERWAY, GetCurrentTimestamp());
		*task = *found;
	}
	stays = found == NULL && would_stay && may_wait(worker);
	if (worker != NULL)
		worker->is_waiting = stays;
	if (worker != NULL && found == NULL && !stays)
		worker->database = InvalidOid;
	LWLockRelease(lock);
	return found != NULL ? NEXT_TASK : stays ? NEXT_WAIT : NEXT_END;
}

void
image_tasks_end(const ImageTask *ended, ImageTaskState state)
{
	ImageTask  *task;

	LWLockAcquire(lock, LW_EXCLUSIVE);
	task = find_task(ended->database, ended->index);
	if (task != NULL && task->state == TASK_UNDERWAY)
	{
		put(task, state, GetCurrentTimestamp());
		if (state == TASK_RESTING)
			task->rests++;
	}
	LWLockRelease(lock);
}

void
image_tasks_worker_ends(const ImageWorkerRef *ref, bool could_begin)
{
	ImageWorker *worker;

	LWLockAcquire(lock, LW_EXCLUSIVE);
	worker = worker_of(ref);
	if (worker != NULL)
	{
		worker->database = InvalidOid;
		put_tasks(ref->database, TASK_UNDERWAY, TASK_FAILED);
		if (!could_begin)
			put_tasks(ref->database, TASK_WANTED, TASK_FAILED);
	}
	LWLockRelease(lock);
}
