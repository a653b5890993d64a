/*
 * work.c
 *		Files of a tree, read by several threads.
 *
 * Each thread has a parser, a connection and a batch of rows of its own; what
 * they share is the number of the next file, and the files known from before.
 * The largest files come first, so that no thread ends long after the others.
 * A batch is one transaction: a server takes many small ones more slowly. If it
 * refuses a batch, the files are tried one by one, and only what is wrong stays
 * out.
 *
 * Memory: one file, its tree and one batch for each thread.
 */
#include "work.h"

#include "known.h"
#include "report.h"
#include "rows.h"
#include "scan.h"
#include "sha256.h"
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BATCH_BYTES (8 << 20)
#define BATCH_FILES 500
#define MINIFIED_BYTES 16384	/* smaller files may have what lines they like */
#define MINIFIED_LINE 500		/* bytes in a line on average */

typedef struct Work
{
	const Options *options;
	const SourceTree *tree;
	const SourceFile **order;	/* files as they are to be read */
	size_t		next;
	KnownFiles *known;
	pthread_mutex_t lock;		/* of the two above, and of the stream */
	bool		wrote;			/* something to the stream */
	volatile bool failed;
} Work;

typedef struct Worker
{
	Work	   *work;
	pthread_t	thread;
	Store	   *store;
	Scan		scan;
	Rows		rows;
	Text		content;
	Text		path;			/* as it is in pt_entity */
} Worker;

volatile int work_stopped;

/* ---- reading ---- */

/* The content of a file; false if it is left out, which is reported. */
static bool
read_file(Worker *worker, const SourceFile *file)
{
	int			descriptor = openat(worker->work->tree->directory, file->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	Text	   *content = &worker->content;
	uint64_t	limit = worker->work->options->max_bytes;
	char		some[65536];
	ssize_t		n;

	text_clear(content);
	if (descriptor < 0)
	{
		report_omit(OMIT_UNREADABLE, file->path, strerror(errno));
		return false;
	}
	while ((n = read(descriptor, some, sizeof(some))) > 0 && content->length <= limit)
		text_add(content, (Span) {some, n});
	if (n < 0)
		report_omit(OMIT_UNREADABLE, file->path, strerror(errno));
	close(descriptor);
	if (n < 0)
		return false;
	if (content->length > limit)
	{
		report_omit(OMIT_LARGE, file->path, NULL);
		return false;
	}
	if (memchr(content->bytes, '\0', content->length) != NULL)
	{
		report_omit(OMIT_BINARY, file->path, NULL);
		return false;
	}
	return true;
}

static bool
is_minified(const char *path, Span content)
{
	size_t		lines = 1;

	if (strstr(path, ".min.") != NULL)
		return true;
	if (content.length < MINIFIED_BYTES)
		return false;
	for (const char *at = content.bytes, *end = at + content.length;
		 at < end && (at = memchr(at, '\n', end - at)) != NULL; at++)
		lines++;
	return content.length / lines > MINIFIED_LINE;
}

/* ---- writing ---- */

static void
count_done(const Rows *rows, size_t first, size_t last)
{
	Tally		done = {0};

	for (size_t i = first; i < last; i++)
	{
		done.files++;
		done.bytes += rows->files[i].bytes;
		done.entities += rows->files[i].nentities;
		done.edges += rows->files[i].nedges;
	}
	report_done(&done);
}

/* False if there is no use to go on. */
static bool
write_stored(Worker *worker)
{
	Rows	   *rows = &worker->rows;
	StoreResult result = store_replace(worker->store, rows, 0, rows->nfiles);

	if (result == STORE_DONE)
	{
		count_done(rows, 0, rows->nfiles);
		return true;
	}
	for (size_t i = 0; i < rows->nfiles && result != STORE_LOST && !work_stopped; i++)
	{
		if (rows->nfiles > 1)
			result = store_replace(worker->store, rows, i, i + 1);
		if (result == STORE_DONE)
			count_done(rows, i, i + 1);
		else if (result == STORE_REFUSED)
			report_omit(OMIT_REFUSED, rows->files[i].path, store_error(worker->store));
	}
	if (result == STORE_LOST)
		report_error("%s", store_error(worker->store));
	return result != STORE_LOST;
}

/* As one array, which other threads continue. */
static bool
write_stream(Worker *worker)
{
	Work	   *work = worker->work;
	const Text *texts[] = {&worker->rows.entities, &worker->rows.edges};
	bool		done = true;

	pthread_mutex_lock(&work->lock);
	for (int i = 0; i < 2; i++)
	{
		if (texts[i]->length == 0)
			continue;
		done = done && (!work->wrote || fputs(",\n", stdout) >= 0) &&
			fwrite(texts[i]->bytes, 1, texts[i]->length, stdout) == texts[i]->length;
		work->wrote = true;
	}
	pthread_mutex_unlock(&work->lock);
	if (done)
		count_done(&worker->rows, 0, worker->rows.nfiles);
	else
		report_error("cannot write: %s", strerror(errno));
	return done;
}

static bool
write_batch(Worker *worker)
{
	bool		done = true;

	if (worker->rows.nfiles > 0)
		done = worker->store ? write_stored(worker) : write_stream(worker);
	rows_clear(&worker->rows);
	if (!done)
		worker->work->failed = true;
	return done;
}

/* ---- a file ---- */

/* Has this file the content that it had when it was indexed? */
static bool
is_unchanged(Worker *worker, const char *hash)
{
	Work	   *work = worker->work;
	const char *before;
	bool		same;

	if (work->known == NULL)
		return false;
	pthread_mutex_lock(&work->lock);
	before = known_hash(work->known, worker->path.bytes);
	same = before != NULL && strcmp(before, hash) == 0;
	pthread_mutex_unlock(&work->lock);
	return same;
}

/* The key of the file's entity, should a header have been taken for the other language. */
static char *
other_key(const Language *language, const SourceFile *file, const char *path)
{
	const Language *other = language == file->language ? language_of_path("x.hpp") : file->language;
	Text		key = {NULL, 0, 0};

	if (strcmp(ending_of(path), ".h") != 0)
		return NULL;
	text_addf(&key, "%s:file:%s:1-1", other->name, path);
	return key.bytes;
}

static void
index_file(Worker *worker, const SourceFile *file)
{
	const Options *options = worker->work->options;
	const Language *language;
	Span		content;
	char		hash[65];

	text_clear(&worker->path);
	text_adds(&worker->path, options->prefix);
	text_add_utf8(&worker->path, span_of(file->path));
	if (!read_file(worker, file))
		return;
	content = text_span(&worker->content);
	if (is_minified(file->path, content))
	{
		report_omit(OMIT_MINIFIED, file->path, NULL);
		return;
	}
	sha256(content, hash);
	if (is_unchanged(worker, hash))
	{
		report_done(&(Tally) {.unchanged = 1, .bytes = content.length});
		return;
	}
	language = language_of_content(file->language, file->path, content);
	switch (scan_file(&worker->scan, language, worker->path.bytes, content, options->max_seconds))
	{
		case SCAN_TOO_LONG:
			report_omit(OMIT_TIME, file->path, NULL);
			return;
		case SCAN_WITH_ERRORS:
			report_omit(OMIT_ERROR, file->path, NULL);
			break;
		case SCAN_DONE:
			break;
	}
	rows_add_file(&worker->rows, &(RowSource) {worker->path.bytes, language, content, hash}, &worker->scan);
	worker->rows.files[worker->rows.nfiles - 1].other_key = other_key(language, file, worker->path.bytes);
}

static void *
do_work(void *argument)
{
	Worker	   *worker = argument;
	Work	   *work = worker->work;
	bool		going = true;

	while (going && !work->failed && !work_stopped)
	{
		size_t		number;

		pthread_mutex_lock(&work->lock);
		number = work->next++;
		pthread_mutex_unlock(&work->lock);
		if (number >= work->tree->count)
			break;
		index_file(worker, work->order[number]);
		if (worker->rows.entities.length + worker->rows.edges.length > BATCH_BYTES ||
			worker->rows.nfiles >= BATCH_FILES)
			going = write_batch(worker);
	}
	if (going && !work->failed && !work_stopped)
		write_batch(worker);
	return NULL;
}

/* ---- all of them ---- */

static int
larger_first(const void *a, const void *b)
{
	const SourceFile *x = *(const SourceFile *const *) a;
	const SourceFile *y = *(const SourceFile *const *) b;

	return x->size != y->size ? (x->size < y->size ? 1 : -1) : strcmp(x->path, y->path);
}

/* The order of reading: by size, but a stream is the same each time. */
static void
order_files(Work *work)
{
	const SourceTree *tree = work->tree;
	uint64_t	bytes = 0;

	work->order = make_room(NULL, tree->count, sizeof(SourceFile *));
	for (size_t i = 0; i < tree->count; i++)
	{
		work->order[i] = &tree->files[i];
		bytes += tree->files[i].size;
	}
	if (!work->options->json && tree->count > 0)
		qsort(work->order, tree->count, sizeof(SourceFile *), larger_first);
	report_start(tree->count, bytes);
}

static bool
open_worker(Worker *worker, Work *work, Store *store)
{
	memset(worker, 0, sizeof(*worker));
	worker->work = work;
	worker->store = store;
	worker->rows.format = work->options->json ? ROWS_JSON : ROWS_COPY;
	worker->rows.with_code = work->options->with_code;
	if (!work->options->json && store == NULL)
		worker->store = store_open(work->options->conninfo, work->options->graph, false);
	scan_create(&worker->scan);
	return work->options->json || worker->store != NULL;
}

static void
close_worker(Worker *worker)
{
	scan_free(&worker->scan);
	rows_free(&worker->rows);
	text_free(&worker->content);
	text_free(&worker->path);
	if (worker->store != NULL)
		store_close(worker->store);
}

/* The first thread is the caller's. */
static void
run_workers(Work *work, Worker *workers, int count)
{
	int			started = 1;

	for (; started < count; started++)
	{
		if (pthread_create(&workers[started].thread, NULL, do_work, &workers[started]) != 0)
			break;
	}
	do_work(&workers[0]);
	for (int i = 1; i < started; i++)
		pthread_join(workers[i].thread, NULL);
	(void) work;
}

/*
 * Remove what is no longer there: known files that the tree does not have. One
 * that is there but cannot be read stays.
 */
static bool
remove_gone(Work *work, Store *store)
{
	const char **paths;
	size_t		count;
	Text		path = {NULL, 0, 0};
	StoreResult result = STORE_DONE;

	for (size_t i = 0; i < work->tree->count; i++)
	{
		text_clear(&path);
		text_adds(&path, work->options->prefix);
		text_add_utf8(&path, span_of(work->tree->files[i].path));
		known_hash(work->known, path.bytes);
	}
	text_free(&path);
	count = known_unseen(work->known, &paths);
	if (count > 0)
		result = store_remove(store, paths, count);
	if (result == STORE_DONE)
		report_done(&(Tally) {.removed = count});
	else
		report_error("could not remove files: %s", store_error(store));
	free(paths);
	return result == STORE_DONE;
}

static bool
resolve(Store *store)
{
	Resolution	resolution;

	report_doing("resolving references");
	if (store_resolve(store, &resolution) != STORE_DONE)
	{
		report_error("could not resolve references: %s", store_error(store));
		return false;
	}
	report_note("%llu references: %llu resolved, %llu ambiguous, %llu open",
				(unsigned long long) resolution.references, (unsigned long long) resolution.resolved,
				(unsigned long long) resolution.ambiguous, (unsigned long long) resolution.open);
	return true;
}

/* What is in the database from before. */
static bool
read_known(Work *work, Store *store)
{
	if (!work->options->update)
		return true;
	work->known = known_create();
	if (store_known_files(store, work->options->prefix, known_add, work->known) == STORE_DONE)
		return true;
	report_error("%s", store_error(store));
	return false;
}

bool
work_index(const Options *options, const SourceTree *tree)
{
	Work		work = {.options = options, .tree = tree, .lock = PTHREAD_MUTEX_INITIALIZER};
	int			count = tree->count < (size_t) options->threads ? (tree->count > 0 ? (int) tree->count : 1) : options->threads;
	Worker	   *workers = make_room(NULL, count, sizeof(Worker));
	Store	   *store = NULL;
	int			opened = 0;
	bool		done;

	if (!options->json)
		store = store_open(options->conninfo, options->graph, options->create);
	done = (options->json || store != NULL) && read_known(&work, store);
	while (done && opened < count)
	{
		done = open_worker(&workers[opened], &work, opened == 0 ? store : NULL);
		opened++;
	}
	if (done)
	{
		order_files(&work);
		if (options->json)
			fputs("[\n", stdout);
		run_workers(&work, workers, count);
		if (options->json && (fputs("\n]\n", stdout) < 0 || fflush(stdout) != 0))
			work.failed = true;
		done = !work.failed && !work_stopped;
	}
	if (done && options->update)
		done = remove_gone(&work, store);
	if (done)
		report_summary();
	if (done && !options->json && options->resolve)
		done = resolve(store);
	if (opened == 0 && store != NULL)
		store_close(store);
	while (opened > 0)
		close_worker(&workers[--opened]);
	free(workers);
	free(work.order);
	if (work.known != NULL)
		known_free(work.known);
	return done;
}
