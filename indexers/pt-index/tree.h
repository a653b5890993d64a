/*
 * tree.h
 *		The files under a folder.
 */
#ifndef TREE_H
#define TREE_H

#include "language.h"

typedef struct SourceFile
{
	char	   *path;			/* from the top of the tree, in its own bytes */
	const Language *language;	/* by its name */
	uint64_t	size;
	uint64_t	inode;
	int64_t		modified;		/* in nanoseconds, as the next */
	int64_t		changed;
} SourceFile;

/* What is to be looked at again. */
typedef struct AskedPath
{
	char	   *path;			/* from the top of the tree, without a slash at its end */
	bool		is_folder;		/* all below it, too */
} AskedPath;

typedef struct SourceTree
{
	int			directory;		/* open */
	bool		with_ignored;
	char	   *package;		/* by which Python imports all of it, or "" */
	SourceFile *files;			/* by path */
	size_t		count;
	size_t		room;
	bool		is_whole;		/* or these are files among those asked for */
	AskedPath  *asked;
	size_t		nasked;
	size_t		asked_room;
	struct FolderRules *rules;	/* of folders on the way to these */
	size_t		nrules;
	size_t		rules_room;
} SourceTree;

/*
 * A tree without files yet. Hidden ones, symbolic links and, unless everything
 * is wanted, what .gitignore names are going to be left out; what is left out
 * is reported. False, after an error message, if the folder cannot be read.
 */
extern bool tree_open(SourceTree *tree, const char *folder, bool with_ignored);

/* All files of known languages. */
extern void tree_read(SourceTree *tree);

/* Ask for a path, once; and find the files that are there of those asked for. */
extern void tree_ask(SourceTree *tree, const char *path, bool is_folder);
extern void tree_read_asked(SourceTree *tree);

/*
 * The folders that are read, from one on: "" is the top. The path, without a
 * slash at its end, is good during the call.
 */
typedef void (*FolderFunction) (void *state, const char *path);
extern void tree_folders(SourceTree *tree, const char *path, FolderFunction function, void *state);

/* Forget files and what was asked for, and rules if they may have changed. */
extern void tree_forget(SourceTree *tree, bool with_rules);

#endif							/* TREE_H */
