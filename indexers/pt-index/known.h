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
extern void known_add(void *state, const char *path, const char *hash, const char *reasons);

/* The hash that a file had, NULL if it was not there. */
extern const char *known_hash(const KnownFiles *known, const char *path);

/* Mark a file as seen, if it is known. */
extern void known_see(KnownFiles *known, const char *path);

/* Why not all of a file was indexed, in words with blanks between them; NULL as above. */
extern const char *known_reasons(const KnownFiles *known, const char *path);

/* Those that nobody has seen; how many. The array is to be freed. */
extern size_t known_unseen(const KnownFiles *known, const char ***paths);

#endif							/* KNOWN_H */
