/*
 * watch.c
 *		A tree that is followed while it changes, by inotify.
 *
 * Every folder that is read has a watch. What is saved is gathered until
 * nothing has happened for a moment, but not for long, and is then one batch:
 * the files it names are looked at again, in one transaction. An editor that
 * writes another file and renames it says the same of the name in the end. A
 * folder that comes is watched first and looked at then, so that nothing is
 * missed between.
 *
 * What cannot be told by events is told by looking at the whole tree, as
 * --update does: at the start, after the queue has overflown, after a change of
 * .gitignore, and after the connection was lost.
 */
#include "watch.h"

#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define QUIET_MS 100			/* without an event, and a batch is complete */
#define BATCH_MS 1000			/* since its first event, and it is, too */
#define MANY_PATHS 2000			/* beyond that the tree is looked at instead */
#define LONGEST_WAIT 30			/* seconds between attempts to connect */
#define ATTEMPTS 20
#define MAX_FAILURES 5			/* of batches, one after the other */

#define EVENTS (IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_ATTRIB | \
				IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK)

typedef struct Watch
{
	const Options *options;
	SourceTree *tree;
	int			descriptor;
	char	  **paths;			/* of folders, by number of the watch; NULL for none */
	size_t		room;
	bool		everything;		/* the batch is the whole tree */
	bool		rules_changed;
	bool		failed;
	bool		gone;			/* the top is */
} Watch;

static double
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

/* ---- watches ---- */

static void
add_watch(void *state, const char *path)
{
	Watch	   *watch = state;
	Text		name = {NULL, 0, 0};
	int			number;

	/* by the descriptor: the tree may have another name by now */
	text_addf(&name, "/proc/self/fd/%d/%s", watch->tree->directory, *path ? path : ".");
	number = inotify_add_watch(watch->descriptor, name.bytes, EVENTS);
	text_free(&name);
	if (number < 0)
	{
		/* what has gone meanwhile needs none */
		if (errno == ENOENT || errno == ENOTDIR || watch->failed)
			return;
		if (errno == ENOSPC)
			report_error("too many folders to watch: raise fs.inotify.max_user_watches");
		else
			report_error("cannot watch %s: %s", *path ? path : ".", strerror(errno));
		watch->failed = true;
		return;
	}
	if ((size_t) number >= watch->room)
	{
		size_t		room = 2 * (size_t) number + 64;

		watch->paths = make_room(watch->paths, room, sizeof(char *));
		memset(watch->paths + watch->room, 0, (room - watch->room) * sizeof(char *));
		watch->room = room;
	}
	free(watch->paths[number]);
	watch->paths[number] = copy_span(span_of(path));
}

static void
forget_watch(Watch *watch, size_t number)
{
	free(watch->paths[number]);
	watch->paths[number] = NULL;
}

/* A folder is there no longer under this name, nor what is below it. */
static void
remove_watches(Watch *watch, const char *path)
{
	size_t		length = strlen(path);

	for (size_t i = 0; i < watch->room; i++)
	{
		const char *other = watch->paths[i];

		if (other != NULL && strncmp(other, path, length) == 0 && (other[length] == '\0' || other[length] == '/'))
		{
			inotify_rm_watch(watch->descriptor, (int) i);
			forget_watch(watch, i);
		}
	}
}

/* ---- events ---- */

/* Has a file that has just come all of its content, as a link has? */
static bool
comes_whole(const Watch *watch, const char *path)
{
	struct stat status;

	return fstatat(watch->tree->directory, path, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode) &&
		(status.st_size > 0 || status.st_nlink > 1);
}

static void
note_event(Watch *watch, const struct inotify_event *event)
{
	Text		path = {NULL, 0, 0};
	const char *folder;
	bool		is_folder = (event->mask & IN_ISDIR) != 0;

	if (event->mask & IN_Q_OVERFLOW)
	{
		watch->everything = true;
		return;
	}
	if (event->wd < 0 || (size_t) event->wd >= watch->room || watch->paths[event->wd] == NULL)
		return;
	folder = watch->paths[event->wd];
	if (event->mask & (IN_IGNORED | IN_DELETE_SELF))
	{
		/* as of what is no longer mounted */
		watch->gone |= *folder == '\0';
		forget_watch(watch, event->wd);
		return;
	}
	if (event->len == 0)
		return;
	if (strcmp(event->name, ".gitignore") == 0)
	{
		watch->rules_changed = watch->everything = true;
		return;
	}
	if (event->name[0] == '.' || (!is_folder && language_of_path(event->name) == NULL))
		return;
	text_addf(&path, "%s%s%s", folder, *folder ? "/" : "", event->name);
	/* what comes empty is told once more when it is written */
	if (!is_folder && event->mask & IN_CREATE && !comes_whole(watch, path.bytes))
	{
		text_free(&path);
		return;
	}
	if (is_folder && event->mask & (IN_DELETE | IN_MOVED_FROM))
		remove_watches(watch, path.bytes);
	if (is_folder && event->mask & (IN_CREATE | IN_MOVED_TO | IN_ATTRIB))
		tree_folders(watch->tree, path.bytes, add_watch, watch);
	tree_ask(watch->tree, path.bytes, is_folder);
	if (watch->tree->nasked > MANY_PATHS)
		watch->everything = true;
	text_free(&path);
}

static bool
has_batch(const Watch *watch)
{
	return watch->everything || watch->tree->nasked > 0;
}

static void
read_events(Watch *watch)
{
	_Alignas(struct inotify_event) char buffer[65536];
	ssize_t		n = read(watch->descriptor, buffer, sizeof(buffer));

	for (ssize_t at = 0; at < n;)
	{
		const struct inotify_event *event = (const struct inotify_event *) (buffer + at);

		note_event(watch, event);
		at += sizeof(struct inotify_event) + event->len;
	}
}

/* Is the top of the tree removed? No event tells that of a folder that is open. */
static bool
is_removed(const Watch *watch)
{
	struct stat status;

	return fstat(watch->tree->directory, &status) == 0 && status.st_nlink == 0;
}

/* Until there is a batch, or it is time to stop. */
static void
gather_batch(Watch *watch)
{
	double		first = 0;

	while (!work_stopped && !watch->failed && !watch->gone)
	{
		struct pollfd wanted = {watch->descriptor, POLLIN, 0};
		int			wait = has_batch(watch) ? QUIET_MS : 1000;
		int			ready = poll(&wanted, 1, wait);

		if (ready == 0 && has_batch(watch))
			return;
		if (ready <= 0)
		{
			watch->gone |= ready == 0 && is_removed(watch);
			continue;
		}
		read_events(watch);
		if (!has_batch(watch))
			continue;
		if (first == 0)
			first = now();
		else if (now() - first > BATCH_MS)
			return;
	}
}

/* ---- batches ---- */

static void
find_everything(Watch *watch)
{
	SourceTree *tree = watch->tree;

	tree_forget(tree, watch->rules_changed);
	watch->everything = watch->rules_changed = false;
	/* what is new is watched before it is looked at; what is watched stays so */
	tree_folders(tree, "", add_watch, watch);
	tree_read(tree);
}

static void
say_batch(const Resolution *resolution, double took)
{
	Tally		tally = report_tally();

	if (tally.files == 0 && tally.removed == 0)
		return;
	report_note("%llu files, %llu removed, %llu references looked at in %.2f s", (unsigned long long) tally.files,
				(unsigned long long) tally.removed, (unsigned long long) resolution->references, took / 1000);
}

/* Index the batch. False if there is no connection. */
static bool
do_batch(Watch *watch, Follower *follower)
{
	SourceTree *tree = watch->tree;
	Resolution	resolution = {0};
	double		started = now();
	bool		done;

	report_forget();
	if (watch->everything)
	{
		Beginning  *beginning = work_begin(watch->options);

		/* of any size, so it is no single transaction */
		find_everything(watch);
		done = work_index(watch->options, tree, beginning) || work_stopped;
	}
	else
	{
		tree_read_asked(tree);
		done = follower_apply(follower, watch->options->resolve ? &resolution : NULL);
		if (done && !work_stopped)
			say_batch(&resolution, now() - started);
	}
	tree_forget(tree, false);
	return done;
}

/* Connect again, after some time if need be. False if that is given up. */
static bool
connect_again(Follower *follower)
{
	report_error("connecting again");
	follower_disconnect(follower);
	for (int n = 0; n < ATTEMPTS && !work_stopped; n++)
	{
		unsigned int seconds = n < 5 ? 1u << n : LONGEST_WAIT;

		if (follower_connect(follower))
			return true;
		/* a signal ends it */
		if (n + 1 < ATTEMPTS && !work_stopped)
			sleep(seconds);
	}
	if (!work_stopped)
		report_error("given up after %d attempts to connect", ATTEMPTS);
	return false;
}

/* Batch after batch. */
static bool
follow(Watch *watch, Follower *follower)
{
	int			failures = 0;

	while (!work_stopped)
	{
		gather_batch(watch);
		if (watch->gone)
			report_error("%s is gone", watch->options->tree);
		if (watch->failed || watch->gone)
			return false;
		if (work_stopped)
			break;
		if (do_batch(watch, follower))
		{
			failures = 0;
			continue;
		}
		/* what is no matter of the connection is not tried for ever */
		if (++failures > MAX_FAILURES)
			report_error("given up after %d attempts", failures);
		if (failures > MAX_FAILURES || !connect_again(follower))
			return work_stopped;
		/* what was asked for is forgotten */
		watch->everything = true;
	}
	return true;
}

static void
close_watch(Watch *watch)
{
	close(watch->descriptor);
	for (size_t i = 0; i < watch->room; i++)
		free(watch->paths[i]);
	free(watch->paths);
}

bool
watch_tree(const Options *options, SourceTree *tree)
{
	Watch		watch = {.options = options, .tree = tree};
	Beginning  *beginning;
	Follower   *follower;
	bool		done;

	watch.descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (watch.descriptor < 0)
	{
		report_error("cannot watch: %s", strerror(errno));
		return false;
	}
	/* in this order: what changes while the tree is read is told as well */
	beginning = work_begin(options);
	find_everything(&watch);
	if (watch.failed)
		work_give_up(beginning);
	done = !watch.failed && work_index(options, tree, beginning);
	tree_forget(tree, false);
	if (done)
	{
		Options		later = *options;

		later.create = false;
		watch.options = &later;
		follower = follower_create(&later, tree);
		done = follower_connect(follower);
		if (done)
			report_note("watching %s", options->tree);
		done = done && follow(&watch, follower);
		follower_free(follower);
	}
	close_watch(&watch);
	return done || work_stopped;
}
