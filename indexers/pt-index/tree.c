/*
 * tree.c
 *		The files under a folder: no symbolic link is followed, so no loop is
 *		possible, and folders wait in a list, so that depth costs nothing.
 */
#include "tree.h"

#include "ignore.h"
#include "report.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Folder
{
	char	   *path;			/* "" or with a slash at its end */
	Ignore	   *ignore;			/* of the folder above */
} Folder;

typedef struct Walk
{
	SourceTree *tree;
	bool		with_ignored;
	Folder	   *folders;		/* to be entered */
	size_t		count;
	size_t		room;
} Walk;

static void
add_file(SourceTree *tree, const char *path, const struct stat *status)
{
	const Language *language = language_of_path(path);

	if (language == NULL)
	{
		report_omit(OMIT_LANGUAGE, path, ending_of(path));
		return;
	}
	tree->files = GROW(tree->files, tree->count, tree->room);
	tree->files[tree->count++] = (SourceFile) {copy_span(span_of(path)), language, status->st_size};
}

static void
add_entry(Walk *walk, Ignore *ignore, const char *path, const char *name)
{
	struct stat status;

	if (*name == '.')
	{
		report_omit(OMIT_HIDDEN, path, NULL);
		return;
	}
	if (fstatat(walk->tree->directory, path, &status, AT_SYMLINK_NOFOLLOW) != 0)
	{
		report_omit(OMIT_UNREADABLE, path, strerror(errno));
		return;
	}
	if (!walk->with_ignored && ignore_matches(ignore, path, S_ISDIR(status.st_mode)))
	{
		report_omit(OMIT_IGNORED, path, NULL);
		return;
	}
	if (S_ISREG(status.st_mode))
		add_file(walk->tree, path, &status);
	else if (S_ISDIR(status.st_mode))
	{
		Text		folder = {NULL, 0, 0};

		text_addf(&folder, "%s/", path);
		walk->folders = GROW(walk->folders, walk->count, walk->room);
		walk->folders[walk->count++] = (Folder) {folder.bytes, ignore};
	}
	else
		report_omit(S_ISLNK(status.st_mode) ? OMIT_LINK : OMIT_SPECIAL, path, NULL);
}

static void
read_folder(Walk *walk, Folder folder)
{
	int			descriptor = openat(walk->tree->directory, *folder.path ? folder.path : ".",
									O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR		   *directory = descriptor >= 0 ? fdopendir(descriptor) : NULL;
	Ignore	   *ignore;
	struct dirent *entry;
	Text		path = {NULL, 0, 0};

	if (directory == NULL)
	{
		report_omit(OMIT_UNREADABLE, *folder.path ? folder.path : ".", strerror(errno));
		if (descriptor >= 0)
			close(descriptor);
		return;
	}
	ignore = ignore_read(descriptor, folder.path, folder.ignore);
	while ((entry = readdir(directory)) != NULL)
	{
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
			strcmp(entry->d_name, ".git") == 0 || strcmp(entry->d_name, ".gitignore") == 0)
			continue;
		text_clear(&path);
		text_addf(&path, "%s%s", folder.path, entry->d_name);
		add_entry(walk, ignore, path.bytes, entry->d_name);
	}
	text_free(&path);
	closedir(directory);
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(((const SourceFile *) a)->path, ((const SourceFile *) b)->path);
}

bool
tree_read(SourceTree *tree, const char *folder, bool with_ignored)
{
	Walk		walk = {tree, with_ignored, NULL, 0, 0};

	*tree = (SourceTree) {open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), NULL, 0, 0};
	if (tree->directory < 0)
	{
		report_error("cannot read %s: %s", folder, strerror(errno));
		return false;
	}
	walk.folders = GROW(walk.folders, walk.count, walk.room);
	walk.folders[walk.count++] = (Folder) {copy_span(span_of("")), NULL};
	while (walk.count > 0)
	{
		Folder		next = walk.folders[--walk.count];

		read_folder(&walk, next);
		free(next.path);
	}
	free(walk.folders);
	if (tree->count > 0)
		qsort(tree->files, tree->count, sizeof(SourceFile), by_path);
	return true;
}
