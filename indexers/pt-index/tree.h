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
} SourceFile;

typedef struct SourceTree
{
	int			directory;		/* open */
	SourceFile *files;			/* by path */
	size_t		count;
	size_t		room;
} SourceTree;

/*
 * All files of known languages. Hidden ones, symbolic links and, unless
 * everything is wanted, what .gitignore names are left out; what is left out is
 * reported. False, after an error message, if the folder cannot be read.
 */
extern bool tree_read(SourceTree *tree, const char *folder, bool with_ignored);

#endif							/* TREE_H */
