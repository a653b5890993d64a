/*
 * git.h
 *		What git knows to have changed.
 */
#ifndef GIT_H
#define GIT_H

#include "tree.h"

/*
 * Ask a tree, the folder of which this is, for the files that differ from a
 * commit of the git work tree that it is part of, or that git does not follow.
 * False, after an error message, if it is not in one, or has no such commit.
 */
extern bool git_ask_changed(SourceTree *tree, const char *folder, const char *commit);

#endif							/* GIT_H */
