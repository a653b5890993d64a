/*
 * ignore.h
 *		What .gitignore says about files.
 *
 * The rules of a folder are those of its own .gitignore and of the folders
 * above it, up to the top of the tree. They stay until the program ends.
 */
#ifndef IGNORE_H
#define IGNORE_H

#include <stdbool.h>

typedef struct Ignore Ignore;

/*
 * The rules of a folder, whose .gitignore is read from an open directory; where
 * there is none, those of above. folder is its path from the top, "" or ending
 * with a slash.
 */
extern Ignore *ignore_read(int directory, const char *folder, Ignore *above);

/* Is this file or folder left out? path is from the top of the tree. */
extern bool ignore_matches(const Ignore *ignore, const char *path, bool is_folder);

#endif							/* IGNORE_H */
