/*
 * cache.c
 *		Hashes of files by what the file system says of them.
 *
 * A line for each file: what its status is, its hash, its path.
 */
#include "cache.h"

#include "sha256.h"

#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define HEADER "pt-index hashes 1\n"
#define TICK 2					/* seconds */

/* The folder that caches are in, which is made; false if there is none. */
static bool
cache_folder(Text *folder)
{
	const char *home = getenv("XDG_CACHE_HOME");

	text_clear(folder);
	if (home != NULL && *home == '/')
		text_adds(folder, home);
	else if ((home = getenv("HOME")) != NULL && *home == '/')
		text_addf(folder, "%s/.cache", home);
	else
		return false;
	mkdir(folder->bytes, 0700);
	text_adds(folder, "/pt-index");
	mkdir(folder->bytes, 0700);
	return true;
}

/* The name of a tree's cache; false if it has none. */
static bool
cache_path(const SourceTree *tree, Text *path)
{
	char		link[64];
	char		top[PATH_MAX];
	char		hash[65];
	ssize_t		length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", tree->directory);
	length = readlink(link, top, sizeof(top));
	if (length <= 0 || (size_t) length == sizeof(top) || !cache_folder(path))
		return false;
	sha256((Span) {top, length}, hash);
	text_addf(path, "/%s", hash);
	return true;
}

static void
describe(const SourceFile *file, Text *status)
{
	text_clear(status);
	text_addf(status, "%" PRIu64 " %" PRIu64 " %" PRId64 " %" PRId64, file->size, file->inode, file->modified,
			  file->changed);
}

/* STATUS HASH PATH, with the numbers of a status before the others. */
static void
read_line(KnownFiles *cache, char *line)
{
	char	   *hash = line;
	char	   *path;

	for (int i = 0; i < 4 && hash != NULL; i++)
		hash = strchr(hash, ' ') ? strchr(hash, ' ') + 1 : NULL;
	path = hash ? strchr(hash, ' ') : NULL;
	if (path == NULL || path - hash != 64)
		return;
	hash[-1] = *path = '\0';
	known_add(cache, path + 1, hash, line);
}

KnownFiles *
cache_read(const SourceTree *tree)
{
	Text		path = {NULL, 0, 0};
	FILE	   *in = cache_path(tree, &path) ? fopen(path.bytes, "re") : NULL;
	KnownFiles *cache = NULL;
	char	   *line = NULL;
	size_t		room = 0;
	ssize_t		length;

	text_free(&path);
	if (in == NULL)
		return NULL;
	if (getline(&line, &room, in) > 0 && strcmp(line, HEADER) == 0)
	{
		cache = known_create();
		while ((length = getline(&line, &room, in)) > 0)
		{
			if (line[length - 1] == '\n')
				line[length - 1] = '\0';
			read_line(cache, line);
		}
	}
	free(line);
	fclose(in);
	return cache;
}

const char *
cache_hash(const KnownFiles *cache, const SourceFile *file)
{
	const char *before = cache ? known_reasons(cache, file->path) : NULL;
	Text		status = {NULL, 0, 0};
	bool		same;

	if (before == NULL)
		return NULL;
	describe(file, &status);
	same = strcmp(before, status.bytes) == 0;
	text_free(&status);
	return same ? known_hash(cache, file->path) : NULL;
}

bool
cache_can_keep(const SourceFile *file)
{
	int64_t		limit = (time(NULL) - TICK) * INT64_C(1000000000);

	return file->modified < limit && file->changed < limit;
}

/* To another name first, so that nobody sees half of it. */
void
cache_write(const SourceTree *tree, char (*hashes)[65])
{
	Text		path = {NULL, 0, 0};
	Text		meanwhile = {NULL, 0, 0};
	Text		status = {NULL, 0, 0};
	int			descriptor = -1;
	FILE	   *out;
	bool		done;

	if (cache_path(tree, &path))
	{
		text_addf(&meanwhile, "%s.XXXXXX", path.bytes);
		descriptor = mkostemp(meanwhile.bytes, O_CLOEXEC);
	}
	if (descriptor >= 0 && (out = fdopen(descriptor, "w")) != NULL)
	{
		fputs(HEADER, out);
		for (size_t i = 0; i < tree->count; i++)
		{
			if (hashes[i][0] == '\0' || strchr(tree->files[i].path, '\n') != NULL)
				continue;
			describe(&tree->files[i], &status);
			fprintf(out, "%s %s %s\n", status.bytes, hashes[i], tree->files[i].path);
		}
		done = ferror(out) == 0;
		if (fclose(out) != 0 || !done || rename(meanwhile.bytes, path.bytes) != 0)
			unlink(meanwhile.bytes);
	}
	text_free(&path);
	text_free(&meanwhile);
	text_free(&status);
}
