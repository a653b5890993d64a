/*
 * work.c
 *		Files of a tree, read by several threads.
 *
 * Each thread has a parser, a connection, once it has something to write, and a batch
 * of rows of its own; what they share is the number of the next file, and the files
 * known from before.
 * The largest files come first, so that no thread ends long after the others.
 * A batch is one transaction: a server takes many small ones more slowly. If it
 * refuses a batch, the files are tried one by one, and only what is wrong stays
 * out.
 *
 * A follower is a worker that stays, for a tree that is watched. What it is asked
 * for is one transaction; if something of that is refused, it is done as above.
 *
 * Memory: one file, its tree and one batch for each thread; of a follower all
 * rows of what it is asked for.
 */
#include "work.h"

#include "cache.h"
#include "go.h"
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
	const char *graph;			/* to connect to */
	const SourceFile **order;	/* files as they are to be read */
	size_t		next;
	KnownFiles *known;
	KnownFiles *cache;			/* hashes of files that need not be read for that, or NULL */
	char		(*hashes)[65];	/* by number in the tree, to be kept, or NULL */
	bool	   *unfit;			/* by number in the tree: it cannot be indexed any more */
	pthread_mutex_t lock;		/* of the next number and the stream */
	bool		wrote;			/* something to the stream */
	volatile bool failed;
} Work;

/* A worker that stays, and its work. */
struct Follower
{
	Work	   *work;
	struct Worker *worker;
};

typedef struct Worker
{
	Work	   *work;
	pthread_t	thread;
	Store	   *store;
	Scan		scan;
	Rows		rows;
	Text		content;
	Text		path;			/* as it is in pt_entity */
	Text		import_path;	/* of its folder, in Go */
} Worker;

volatile int work_stopped;

/* ---- reading ---- */

/* A path of the tree as it is in pt_entity. */
static void
known_path(Text *path, const Options *options, const char *in_tree)
{
	text_clear(path);
	text_adds(path, options->prefix);
	text_add_utf8(path, span_of(in_tree));
	text_normal_path(path);
}

/* What is known of a file from before goes, as it is no source code now. */
static void
set_unfit(Worker *worker, const SourceFile *file)
{
	worker->work->unfit[file - worker->work->tree->files] = true;
}

/* A folder without the slash at its end; of the top under a prefix, too. */
static void
cut_slash(Text *path)
{
	if (path->length > 0 && path->bytes[path->length - 1] == '/')
		path->bytes[--path->length] = '\0';
}

/*
 * Is there another file whose path is what this one's becomes in the database, where
 * all paths are UTF-8 and have slashes? Of the two that one counts.
 */
static bool
has_twin(const Worker *worker, const SourceFile *file)
{
	const char *known = worker->path.bytes + strlen(worker->work->options->prefix);
	struct stat status;

	return strcmp(known, file->path) != 0 &&
		fstatat(worker->work->tree->directory, known, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode);
}

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
		/* it may have gone since it was listed */
		if (errno == ENOENT)
			set_unfit(worker, file);
		else
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
	if (content->length <= limit && memchr(content->bytes, '\0', content->length) == NULL)
		return true;
	report_omit(content->length > limit ? OMIT_LARGE : OMIT_BINARY, file->path, NULL);
	set_unfit(worker, file);
	return false;
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
	StoreResult result;

	if (worker->store == NULL)
		worker->store = store_open(worker->work->options->conninfo, worker->work->graph);
	if (worker->store == NULL)
		return false;
	result = store_replace(worker->store, rows, 0, rows->nfiles);
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
		done = worker->work->options->json ? write_stream(worker) : write_stored(worker);
	rows_clear(&worker->rows);
	if (!done)
		worker->work->failed = true;
	return done;
}

/* ---- a file ---- */

/* Has this file the content that it had when it was indexed? */
static bool
is_unchanged(Worker *worker, const SourceFile *file, const char *hash)
{
	Work	   *work = worker->work;
	const char *before;
	const char *reasons;
	bool		same;

	if (work->known == NULL)
		return false;
	before = known_hash(work->known, worker->path.bytes);
	same = before != NULL && strcmp(before, hash) == 0;
	reasons = same ? known_reasons(work->known, worker->path.bytes) : "";
	/* what was left out of it still is */
	if (strstr(reasons, report_reason(OMIT_ERROR)) != NULL)
		report_omit(OMIT_ERROR, file->path, NULL);
	if (strstr(reasons, report_reason(OMIT_LONG)) != NULL)
		report_omit(OMIT_LONG, worker->path.bytes, NULL);
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

/* Is it known without reading that a file is as it was? */
static bool
is_cached(Worker *worker, const SourceFile *file)
{
	Work	   *work = worker->work;
	const char *hash = work->known ? cache_hash(work->cache, file) : NULL;

	if (hash == NULL || file->size > work->options->max_bytes || !is_unchanged(worker, file, hash))
		return false;
	memcpy(work->hashes[file - work->tree->files], hash, sizeof(*work->hashes));
	report_done(&(Tally) {.unchanged = 1, .bytes = file->size});
	return true;
}

static void
keep_hash(const Work *work, const SourceFile *file, const char *hash)
{
	if (work->hashes != NULL && cache_can_keep(file))
		memcpy(work->hashes[file - work->tree->files], hash, sizeof(*work->hashes));
}

static void
index_file(Worker *worker, const SourceFile *file)
{
	const Options *options = worker->work->options;
	const Language *language;
	ScanResult	result;
	Span		content;
	char		hash[65];

	known_path(&worker->path, options, file->path);
	if (has_twin(worker, file))
	{
		report_omit(OMIT_TWIN, file->path, NULL);
		set_unfit(worker, file);
		return;
	}
	if (is_cached(worker, file) || !read_file(worker, file))
		return;
	content = text_span(&worker->content);
	if (is_minified(file->path, content))
	{
		report_omit(OMIT_MINIFIED, file->path, NULL);
		set_unfit(worker, file);
		return;
	}
	sha256(content, hash);
	keep_hash(worker->work, file, hash);
	if (is_unchanged(worker, file, hash))
	{
		report_done(&(Tally) {.unchanged = 1, .bytes = content.length});
		return;
	}
	language = language_of_content(file->language, file->path, content);
	if (language->traits & LANGUAGE_FOLDERS)
		go_import_path(worker->work->tree->directory, file->path, options->prefix, content, &worker->import_path);
	worker->scan.import_path = text_span(&worker->import_path);
	result = scan_file(&worker->scan, language, worker->path.bytes, content, options->max_seconds);
	if (result == SCAN_TOO_LONG ||
		!rows_add_file(&worker->rows, &(RowSource) {worker->path.bytes, language, content, hash}, &worker->scan))
	{
		report_omit(OMIT_TIME, file->path, NULL);
		return;
	}
	if (result == SCAN_WITH_ERRORS)
		report_omit(OMIT_ERROR, file->path, NULL);
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

/* ---- threads ---- */

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
	work->unfit = make_room(NULL, tree->count, sizeof(bool));
	memset(work->unfit, 0, tree->count * sizeof(bool));
	for (size_t i = 0; i < tree->count; i++)
	{
		work->order[i] = &tree->files[i];
		bytes += tree->files[i].size;
	}
	if (!work->options->json && tree->count > 0)
		qsort(work->order, tree->count, sizeof(SourceFile *), larger_first);
	report_start(tree->count, bytes);
}

/* With a store, or one of its own later. */
static void
open_worker(Worker *worker, Work *work, Store *store)
{
	memset(worker, 0, sizeof(*worker));
	worker->work = work;
	worker->store = store;
	worker->rows.format = work->options->json ? ROWS_JSON : ROWS_COPY;
	worker->rows.with_code = work->options->with_code;
	scan_create(&worker->scan);
	/* under a prefix the name is in the paths */
	worker->scan.package = span_of(work->options->prefix[0] == '\0' ? work->tree->package : "");
}

static void
close_worker(Worker *worker)
{
	scan_free(&worker->scan);
	rows_free(&worker->rows);
	text_free(&worker->content);
	text_free(&worker->path);
	text_free(&worker->import_path);
	if (worker->store != NULL)
		store_close(worker->store);
}

/* The first thread is the caller's. */
static void
run_workers(Worker *workers, int count)
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
}

/* ---- what is known, and what of that is gone ---- */

/* Those of the known files that are asked for. */
typedef struct AskedFiles
{
	KnownFiles *asked;
	KnownFiles *known;
} AskedFiles;

/* Is a path among these, or a folder that it is in, whose hash is a slash? The top is "". */
static bool
is_in(const KnownFiles *paths, const char *path)
{
	bool		found = known_hash(paths, path) != NULL;
	char	   *folder = copy_span(span_of(path));

	while (!found && *folder != '\0')
	{
		char	   *slash = strrchr(folder, '/');
		const char *kind;

		*(slash ? slash : folder) = '\0';
		kind = known_hash(paths, folder);
		found = kind != NULL && *kind == '/';
	}
	free(folder);
	return found;
}

static void
add_if_asked(void *state, const char *path, const char *hash, const char *reasons)
{
	AskedFiles *files = state;

	if (is_in(files->asked, path))
		known_add(files->known, path, hash, reasons);
}

/* What is in the database from before, of what the tree is to tell that was asked for something. */
static StoreResult
read_known_asked(Work *work, Store *store)
{
	const SourceTree *tree = work->tree;
	Text		path = {NULL, 0, 0};
	Text		paths = {NULL, 0, 0};
	AskedFiles	files = {known_create(), known_create()};
	bool		has_folders = false;
	StoreResult result;

	work->known = files.known;
	for (size_t i = 0; i < tree->nasked; i++)
	{
		known_path(&path, work->options, tree->asked[i].path);
		cut_slash(&path);
		array_add(&paths, path.bytes);
		known_add(files.asked, path.bytes, tree->asked[i].is_folder ? "/" : "", "");
		has_folders |= tree->asked[i].is_folder;
	}
	array_end(&paths);
	result = store_known_files(store, work->options->prefix, has_folders ? NULL : &paths, add_if_asked, &files);
	known_free(files.asked);
	text_free(&paths);
	text_free(&path);
	return result;
}

/* What could not be read, files and folders, as paths of the database. */
static KnownFiles *
find_unreadable(const Work *work)
{
	KnownFiles *unreadable = known_create();
	Text		path = {NULL, 0, 0};
	size_t		count;
	const LeftOut *left_out = report_left_out(&count);

	for (size_t i = 0; i < count; i++)
	{
		if (left_out[i].omission != OMIT_UNREADABLE)
			continue;
		known_path(&path, work->options, strcmp(left_out[i].path, ".") == 0 ? "" : left_out[i].path);
		cut_slash(&path);
		known_add(unreadable, path.bytes, "/", "");
	}
	text_free(&path);
	return unreadable;
}

/*
 * What is no longer there, known files that the tree does not have, or that
 * are no source code any more; how many. One that cannot be read stays, and so
 * does all of a folder that cannot. The array is to be freed.
 */
static size_t
find_gone(Work *work, const char ***paths)
{
	Text		path = {NULL, 0, 0};
	KnownFiles *unreadable = find_unreadable(work);
	size_t		count;
	size_t		gone = 0;

	for (size_t i = 0; i < work->tree->count; i++)
	{
		known_path(&path, work->options, work->tree->files[i].path);
		if (!work->unfit[i])
			known_see(work->known, path.bytes);
	}
	text_free(&path);
	count = known_unseen(work->known, paths);
	for (size_t i = 0; i < count; i++)
	{
		if (!is_in(unreadable, (*paths)[i]))
			(*paths)[gone++] = (*paths)[i];
	}
	known_free(unreadable);
	return gone;
}

static bool
remove_gone(Work *work, Store *store)
{
	const char **paths;
	size_t		count = find_gone(work, &paths);
	StoreResult result = STORE_DONE;

	if (count > 0)
		result = store_remove(store, paths, count);
	if (result == STORE_DONE)
		report_done(&(Tally) {.removed = count});
	else
		report_error("could not remove files: %s", store_error(store));
	free(paths);
	return result == STORE_DONE;
}

/* ---- what is left out ---- */

/* The arrays are to be freed. */
static LeftOutRows
left_out_rows(const Options *options, const SourceTree *tree)
{
	LeftOutRows rows = {options->prefix};
	Text		path = {NULL, 0, 0};
	Text		detail = {NULL, 0, 0};
	size_t		count;
	const LeftOut *left_out = report_left_out(&count);

	for (size_t i = 0; i < tree->nasked && !tree->is_whole; i++)
	{
		known_path(&path, options, tree->asked[i].path);
		array_add(&rows.looked_at, path.bytes);
		if (tree->asked[i].is_folder)
		{
			text_addc(&path, '/');
			array_add(&rows.looked_at, path.bytes);
		}
	}
	if (!tree->is_whole)
		array_end(&rows.looked_at);
	for (size_t i = 0; i < count; i++)
	{
		const Language *language = language_of_path(left_out[i].path);

		/* what has become rows has the prefix already */
		if (left_out[i].omission == OMIT_LONG || left_out[i].omission == OMIT_REFUSED)
		{
			text_clear(&path);
			text_adds(&path, left_out[i].path);
		}
		else
			known_path(&path, options, left_out[i].path);
		text_clear(&detail);
		if (left_out[i].detail != NULL)
			text_add_utf8(&detail, span_of(left_out[i].detail));
		array_add(&rows.paths, path.bytes);
		array_add(&rows.languages, language ? language->name : NULL);
		array_add(&rows.reasons, report_reason(left_out[i].omission));
		array_add(&rows.details, left_out[i].detail ? detail.bytes : NULL);
	}
	array_end(&rows.paths);
	array_end(&rows.languages);
	array_end(&rows.reasons);
	array_end(&rows.details);
	text_free(&path);
	text_free(&detail);
	return rows;
}

static void
free_left_out_rows(LeftOutRows *rows)
{
	text_free(&rows->looked_at);
	text_free(&rows->paths);
	text_free(&rows->languages);
	text_free(&rows->reasons);
	text_free(&rows->details);
}

static bool
put_left_out(const Work *work, Store *store)
{
	LeftOutRows rows = left_out_rows(work->options, work->tree);
	bool		done = store_put_left_out(store, &rows) == STORE_DONE;

	if (!done)
		report_error("could not write what is left out: %s", store_error(store));
	free_left_out_rows(&rows);
	return done;
}

/* ---- all of them ---- */

static bool
resolve(const Options *options, Store *store)
{
	Resolution	resolution;
	bool		changed = options->update || options->since != NULL;

	report_doing("resolving references");
	if (store_resolve(store, changed, &resolution) != STORE_DONE)
	{
		report_error("could not resolve references: %s; pt_resolve_references does it later", store_error(store));
		return false;
	}
	report_note("%llu references%s: %llu resolved, %llu ambiguous, %llu open",
				(unsigned long long) resolution.references, changed ? " that may have changed" : "",
				(unsigned long long) resolution.resolved, (unsigned long long) resolution.ambiguous,
				(unsigned long long) resolution.open);
	return true;
}

/* After all files are read, for a database. */
static bool
finish(Work *work, Store *store)
{
	const Options *options = work->options;
	bool		told;
	bool		resolved;

	if (work->known != NULL && !remove_gone(work, store))
		return false;
	told = put_left_out(work, store);
	report_summary(work->tree->is_whole && work->tree->count == 0);
	/* for want of memory, say; what was read stays all the same */
	resolved = (!options->resolve || resolve(options, store)) && told;
	/* statistics, too, are of what is there in the end */
	if (!store_is_new(store) || (store_prepare(store) == STORE_DONE && store_publish(store) == STORE_DONE))
		return resolved;
	report_error("could not give the codebase its name: %s", store_error(store));
	return false;
}

struct Beginning
{
	const Options *options;
	Store	   *store;			/* the first connection, or NULL after an error */
	KnownFiles *known;			/* of a whole tree, or NULL */
	pthread_t	thread;
	bool		in_thread;
};

static void *
do_begin(void *argument)
{
	Beginning  *beginning = argument;
	const Options *options = beginning->options;
	Store	   *store = options->create ? store_create(options->conninfo, options->graph) :
		store_open(options->conninfo, options->graph);
	StoreResult result = STORE_DONE;

	if (store != NULL && (options->update || options->since != NULL) && !store_is_new(store))
		result = store_prepare(store);
	if (store != NULL && result == STORE_DONE && options->update)
	{
		beginning->known = known_create();
		result = store_known_files(store, options->prefix, NULL, known_add, beginning->known);
	}
	if (result != STORE_DONE)
	{
		report_error("%s", store_error(store));
		store_close(store);
		store = NULL;
	}
	beginning->store = store;
	return NULL;
}

Beginning *
work_begin(const Options *options)
{
	Beginning  *beginning = make_room(NULL, 1, sizeof(Beginning));

	*beginning = (Beginning) {options};
	if (!options->json)
		beginning->in_thread = pthread_create(&beginning->thread, NULL, do_begin, beginning) == 0;
	return beginning;
}

/* What was begun. The store is NULL after an error. */
static Store *
end_beginning(Beginning *beginning, KnownFiles **known)
{
	Store	   *store;

	if (beginning->in_thread)
		pthread_join(beginning->thread, NULL);
	else if (!beginning->options->json)
		do_begin(beginning);
	store = beginning->store;
	*known = beginning->known;
	free(beginning);
	return store;
}

void
work_give_up(Beginning *beginning)
{
	KnownFiles *known;
	Store	   *store = end_beginning(beginning, &known);

	if (known != NULL)
		known_free(known);
	if (store != NULL)
		store_close(store);
}

/* The first connection, and what is known. */
static Store *
begin(Work *work, Beginning *beginning)
{
	Store	   *store = end_beginning(beginning ? beginning : work_begin(work->options), &work->known);

	if (store == NULL || work->options->since == NULL || read_known_asked(work, store) == STORE_DONE)
		return store;
	report_error("%s", store_error(store));
	store_close(store);
	return NULL;
}

static void
say_stopped(const Store *store)
{
	if (store != NULL && store_is_new(store))
		report_error("stopped; the codebase was not made");
	else
		report_error("stopped; what was committed stays");
}

/* Of a whole tree, which may be looked at again. */
static void
begin_cache(Work *work)
{
	if (work->options->json || !work->tree->is_whole)
		return;
	work->hashes = make_room(NULL, work->tree->count, sizeof(*work->hashes));
	memset(work->hashes, 0, work->tree->count * sizeof(*work->hashes));
	if (work->known != NULL)
		work->cache = cache_read(work->tree);
}

bool
work_index(const Options *options, const SourceTree *tree, Beginning *beginning)
{
	Work		work = {.options = options, .tree = tree, .lock = PTHREAD_MUTEX_INITIALIZER};
	int			count = tree->count < (size_t) options->threads ? (tree->count > 0 ? (int) tree->count : 1) : options->threads;
	Worker	   *workers = make_room(NULL, count, sizeof(Worker));
	Store	   *store = begin(&work, beginning);
	int			opened = 0;
	bool		done = options->json || store != NULL;

	work.graph = store ? store_graph(store) : NULL;
	while (done && opened < count)
	{
		open_worker(&workers[opened], &work, opened == 0 ? store : NULL);
		opened++;
	}
	if (done)
	{
		order_files(&work);
		begin_cache(&work);
		if (options->json)
			fputs("[\n", stdout);
		run_workers(workers, count);
		if (options->json && (fputs("\n]\n", stdout) < 0 || fflush(stdout) != 0))
			work.failed = true;
		done = !work.failed && !work_stopped;
	}
	if (done && work.hashes != NULL)
		cache_write(tree, work.hashes);
	if (done && options->json)
		report_summary(tree->is_whole && tree->count == 0);
	else if (done)
		done = finish(&work, store);
	if (work_stopped && !done)
		say_stopped(store);
	while (opened > 1)
		close_worker(&workers[--opened]);
	if (opened == 1)
		close_worker(&workers[0]);
	else if (store != NULL)
		store_close(store);
	free(workers);
	free(work.order);
	free(work.unfit);
	free(work.hashes);
	if (work.cache != NULL)
		known_free(work.cache);
	if (work.known != NULL)
		known_free(work.known);
	return done;
}

/* ---- again and again ---- */

Follower *
follower_create(const Options *options, const SourceTree *tree)
{
	Follower   *follower = make_room(NULL, 1, sizeof(Follower));

	follower->work = make_room(NULL, 1, sizeof(Work));
	follower->worker = make_room(NULL, 1, sizeof(Worker));
	*follower->work = (Work) {.options = options, .tree = tree, .lock = PTHREAD_MUTEX_INITIALIZER};
	follower->worker->work = NULL;
	return follower;
}

bool
follower_connect(Follower *follower)
{
	const Options *options = follower->work->options;
	Store	   *store;

	follower_disconnect(follower);
	store = store_open(options->conninfo, options->graph);
	if (store != NULL)
		open_worker(follower->worker, follower->work, store);
	return store != NULL;
}

void
follower_disconnect(Follower *follower)
{
	if (follower->worker->work != NULL)
		close_worker(follower->worker);
	follower->worker->work = NULL;
}

void
follower_free(Follower *follower)
{
	follower_disconnect(follower);
	free(follower->worker);
	free(follower->work);
	free(follower);
}

/* File by file, of which one was refused. */
static StoreResult
apply_singly(Work *work, Worker *worker, Resolution *resolution)
{
	if (!write_stored(worker))
		return STORE_LOST;
	if (!remove_gone(work, worker->store) || !put_left_out(work, worker->store))
		return STORE_REFUSED;
	return resolution ? store_resolve(worker->store, true, resolution) : STORE_DONE;
}

/* Read all files, and write what is to be written. */
static StoreResult
apply(Work *work, Worker *worker, Resolution *resolution)
{
	const char **gone;
	size_t		ngone;
	LeftOutRows left_out;
	StoreResult result;

	for (size_t i = 0; i < work->tree->count && !work_stopped; i++)
		index_file(worker, &work->tree->files[i]);
	if (work_stopped)
		return STORE_DONE;
	ngone = find_gone(work, &gone);
	left_out = left_out_rows(work->options, work->tree);
	result = store_apply(worker->store, &worker->rows, gone, ngone, &left_out, resolution);
	if (result == STORE_DONE)
	{
		count_done(&worker->rows, 0, worker->rows.nfiles);
		report_done(&(Tally) {.removed = ngone});
	}
	else if (result == STORE_REFUSED)
		result = apply_singly(work, worker, resolution);
	free(gone);
	free_left_out_rows(&left_out);
	return result;
}

bool
follower_apply(Follower *follower, Resolution *resolution)
{
	Work	   *work = follower->work;
	Worker	   *worker = follower->worker;
	StoreResult result = read_known_asked(work, worker->store);

	order_files(work);
	if (result == STORE_DONE)
		result = apply(work, worker, resolution);
	if (result != STORE_DONE)
		report_error("%s", store_error(worker->store));
	rows_clear(&worker->rows);
	known_free(work->known);
	free(work->order);
	free(work->unfit);
	work->known = NULL;
	return result != STORE_LOST;
}
