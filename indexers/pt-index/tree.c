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
#include <stdio.h>
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
	Folder	   *folders;		/* to be entered */
	size_t		count;
	size_t		room;
	FolderFunction function;	/* if only folders are wanted */
	void	   *state;
} Walk;

/* What .gitignore says in a folder. */
typedef struct FolderRules
{
	char	   *path;			/* "" or with a slash at its end */
	Ignore	   *ignore;
} FolderRules;

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
	tree->files[tree->count++] = (SourceFile) {
		copy_span(span_of(path)), language, status->st_size, status->st_ino,
		status->st_mtim.tv_sec * INT64_C(1000000000) + status->st_mtim.tv_nsec,
		status->st_ctim.tv_sec * INT64_C(1000000000) + status->st_ctim.tv_nsec
	};
}

/* Something is left out, which need not be told if only folders are wanted. */
static void
omit(const Walk *walk, Omission omission, const char *path, const char *detail)
{
	if (walk->function == NULL)
		report_omit(omission, path, detail);
}

/*
 * An entry, by the name that it has from a folder that is open, and its type, as its
 * folder has it: of what is no source code nothing more is asked.
 */
static void
add_entry(Walk *walk, Ignore *ignore, const char *path, int folder, const char *name, unsigned char type)
{
	struct stat status;

	if (*(strrchr(path, '/') ? strrchr(path, '/') + 1 : path) == '.')
	{
		omit(walk, OMIT_HIDDEN, path, NULL);
		return;
	}
	if (type == DT_REG && language_of_path(path) == NULL &&
		(walk->tree->with_ignored || !ignore_matches(ignore, path, false)))
	{
		omit(walk, OMIT_LANGUAGE, path, ending_of(path));
		return;
	}
	if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
	{
		if (walk->tree->is_whole || errno != ENOENT)
			omit(walk, OMIT_UNREADABLE, path, strerror(errno));
		return;
	}
	if (!walk->tree->with_ignored && ignore_matches(ignore, path, S_ISDIR(status.st_mode)))
	{
		omit(walk, OMIT_IGNORED, path, NULL);
		return;
	}
	if (S_ISREG(status.st_mode))
	{
		if (walk->function == NULL)
			add_file(walk->tree, path, &status);
	}
	else if (S_ISDIR(status.st_mode))
	{
		Text		folder = {NULL, 0, 0};

		text_addf(&folder, "%s/", path);
		walk->folders = GROW(walk->folders, walk->count, walk->room);
		walk->folders[walk->count++] = (Folder) {folder.bytes, ignore};
	}
	else
		omit(walk, S_ISLNK(status.st_mode) ? OMIT_LINK : OMIT_SPECIAL, path, NULL);
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
		omit(walk, OMIT_UNREADABLE, *folder.path ? folder.path : ".", strerror(errno));
		if (descriptor >= 0)
			close(descriptor);
		return;
	}
	if (walk->function != NULL)
	{
		text_adds(&path, folder.path);
		if (path.length > 0)
			path.bytes[--path.length] = '\0';
		walk->function(walk->state, path.length > 0 ? path.bytes : "");
	}
	ignore = ignore_read(descriptor, folder.path, folder.ignore);
	while ((entry = readdir(directory)) != NULL)
	{
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
			strcmp(entry->d_name, ".git") == 0 || strcmp(entry->d_name, ".gitignore") == 0)
			continue;
		text_clear(&path);
		text_addf(&path, "%s%s", folder.path, entry->d_name);
		add_entry(walk, ignore, path.bytes, descriptor, entry->d_name, entry->d_type);
	}
	text_free(&path);
	closedir(directory);
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(((const SourceFile *) a)->path, ((const SourceFile *) b)->path);
}

/* Enter what waits, and what is found there. */
static void
finish_walk(Walk *walk)
{
	while (walk->count > 0)
	{
		Folder		next = walk->folders[--walk->count];

		read_folder(walk, next);
		free(next.path);
	}
	free(walk->folders);
}

static void
sort_files(SourceTree *tree)
{
	size_t		kept = 0;

	if (tree->count > 0)
		qsort(tree->files, tree->count, sizeof(SourceFile), by_path);
	/* what was asked for by itself and with its folder */
	for (size_t i = 0; i < tree->count; i++)
	{
		if (kept > 0 && strcmp(tree->files[kept - 1].path, tree->files[i].path) == 0)
			free(tree->files[i].path);
		else
			tree->files[kept++] = tree->files[i];
	}
	tree->count = kept;
}

/*
 * The name of the folder, if it is a package of Python and not a project in which
 * a package is called so.
 */
static char *
package_of(int directory, const char *folder)
{
	char	   *path = realpath(folder, NULL);
	const char *slash = path == NULL ? NULL : strrchr(path, '/');
	char	   *name = strdup(slash == NULL ? "" : slash + 1);
	char	   *module = malloc(strlen(name) + sizeof(".py"));

	sprintf(module, "%s.py", name);
	if (faccessat(directory, "__init__.py", F_OK, 0) != 0 || strchr(name, '.') != NULL ||
		faccessat(directory, name, F_OK, 0) == 0 || faccessat(directory, module, F_OK, 0) == 0)
		name[0] = '\0';
	free(module);
	free(path);
	return name;
}

bool
tree_open(SourceTree *tree, const char *folder, bool with_ignored)
{
	*tree = (SourceTree) {open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), with_ignored};
	if (tree->directory < 0)
		report_error("cannot read %s: %s", folder, strerror(errno));
	else
		tree->package = package_of(tree->directory, folder);
	return tree->directory >= 0;
}

void
tree_read(SourceTree *tree)
{
	Walk		walk = {tree};

	tree->is_whole = true;
	walk.folders = GROW(walk.folders, walk.count, walk.room);
	walk.folders[walk.count++] = (Folder) {copy_span(span_of("")), NULL};
	finish_walk(&walk);
	sort_files(tree);
}

/* ---- what is asked for ---- */

void
tree_ask(SourceTree *tree, const char *path, bool is_folder)
{
	/* one save is several events, one after the other */
	for (size_t i = tree->nasked; i > 0 && i + 16 > tree->nasked; i--)
	{
		AskedPath  *asked = &tree->asked[i - 1];

		if (strcmp(asked->path, path) == 0)
		{
			asked->is_folder |= is_folder;
			return;
		}
	}
	tree->asked = GROW(tree->asked, tree->nasked, tree->asked_room);
	tree->asked[tree->nasked++] = (AskedPath) {copy_span(span_of(path)), is_folder};
}

/* The rules of a folder, "" or with a slash at its end, given those above it. */
static Ignore *
rules_of(SourceTree *tree, const char *folder, Ignore *above)
{
	Ignore	   *ignore = above;
	int			descriptor;

	for (size_t i = 0; i < tree->nrules; i++)
	{
		if (strcmp(tree->rules[i].path, folder) == 0)
			return tree->rules[i].ignore;
	}
	descriptor = openat(tree->directory, *folder ? folder : ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (descriptor >= 0)
	{
		ignore = ignore_read(descriptor, folder, above);
		close(descriptor);
	}
	tree->rules = GROW(tree->rules, tree->nrules, tree->rules_room);
	tree->rules[tree->nrules++] = (FolderRules) {copy_span(span_of(folder)), ignore};
	return ignore;
}

/*
 * Go down to a path as a walk from the top would. False if that would not come
 * there, as something on the way is left out or is no folder.
 */
static bool
reach(Walk *walk, const char *path, Ignore **ignore)
{
	SourceTree *tree = walk->tree;
	Text		folder = {NULL, 0, 0};
	bool		reached = true;

	*ignore = rules_of(tree, "", NULL);
	for (const char *slash = strchr(path, '/'); slash != NULL && reached; slash = strchr(slash + 1, '/'))
	{
		struct stat status;

		text_clear(&folder);
		text_add(&folder, (Span) {path, slash - path});
		reached = fstatat(tree->directory, folder.bytes, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode);
		if (!reached)
			break;
		if (strrchr(folder.bytes, '/') ? strrchr(folder.bytes, '/')[1] == '.' : folder.bytes[0] == '.')
		{
			omit(walk, OMIT_HIDDEN, folder.bytes, NULL);
			reached = false;
		}
		else if (!tree->with_ignored && ignore_matches(*ignore, folder.bytes, true))
		{
			omit(walk, OMIT_IGNORED, folder.bytes, NULL);
			reached = false;
		}
		text_addc(&folder, '/');
		if (reached)
			*ignore = rules_of(tree, folder.bytes, *ignore);
	}
	text_free(&folder);
	return reached;
}

/* As an entry of its folder, or the top itself. */
static void
visit(Walk *walk, const char *path, bool is_folder)
{
	const char *name = strrchr(path, '/');
	Ignore	   *ignore;
	size_t		before = walk->count;

	name = name ? name + 1 : path;
	if (*path == '\0')
	{
		walk->folders = GROW(walk->folders, walk->count, walk->room);
		walk->folders[walk->count++] = (Folder) {copy_span(span_of("")), NULL};
	}
	else if (strcmp(name, ".git") != 0 && strcmp(name, ".gitignore") != 0 && reach(walk, path, &ignore))
	{
		add_entry(walk, ignore, path, walk->tree->directory, path, DT_UNKNOWN);
		/* a folder where a file was */
		if (!is_folder && walk->count > before)
			free(walk->folders[--walk->count].path);
	}
}

void
tree_read_asked(SourceTree *tree)
{
	Walk		walk = {tree};

	tree->is_whole = false;
	for (size_t i = 0; i < tree->nasked; i++)
		visit(&walk, tree->asked[i].path, tree->asked[i].is_folder);
	finish_walk(&walk);
	sort_files(tree);
}

void
tree_folders(SourceTree *tree, const char *path, FolderFunction function, void *state)
{
	Walk		walk = {.tree = tree, .function = function, .state = state};

	visit(&walk, path, true);
	finish_walk(&walk);
}

void
tree_forget(SourceTree *tree, bool with_rules)
{
	for (size_t i = 0; i < tree->count; i++)
		free(tree->files[i].path);
	for (size_t i = 0; i < tree->nasked; i++)
		free(tree->asked[i].path);
	tree->count = tree->nasked = 0;
	for (size_t i = 0; with_rules && i < tree->nrules; i++)
		free(tree->rules[i].path);
	if (with_rules)
		tree->nrules = 0;
}
