/*
 * known.h
 *		Files that were indexed before, by path.
 */
#ifndef KNOWN_H
#define KNOWN_H

#include "text.h"

typedef struct KnownFiles KnownFiles;

extern KnownFiles *known_create(void);
extern void known_free(KnownFiles *known);

/* For store_known_files; state is the KnownFiles. */
extern void known_add(void *state, const char *path, const char *hash);

/*
 * The hash that a file had, NULL if it was not there. The file is marked as
 * seen, for which threads need a lock of theirs.
 */
extern const char *known_hash(KnownFiles *known, const char *path);

/* Those that nobody has asked for; how many. The array is to be freed. */
extern size_t known_unseen(const KnownFiles *known, const char ***paths);

#endif							/* KNOWN_H */
