/*
 * cache.h
 *		Hashes of files by what the file system says of them, so that a large tree need
 *		not be read to see that hardly anything has changed.
 *
 * A file has the hash that it had if its size, its times and its place on the disk are
 * what they were: its content cannot change without its time of change, which no program
 * can set. What changed less than two seconds before it was read is not kept, as it may
 * have changed again within the same tick. In a folder of the user's,
 * $XDG_CACHE_HOME/pt-index or ~/.cache/pt-index, a file for each tree, which may be
 * deleted at any time. Nothing here is an error.
 */
#ifndef CACHE_H
#define CACHE_H

#include "known.h"
#include "tree.h"

/* What is known of the files of this tree; NULL if nothing is. To be freed by known_free. */
extern KnownFiles *cache_read(const SourceTree *tree);

/* The hash of a file, NULL if it is not known. */
extern const char *cache_hash(const KnownFiles *cache, const SourceFile *file);

/* May the hash of a file be kept that is read now? */
extern bool cache_can_keep(const SourceFile *file);

/* Keep these hashes, by number in the tree, "" where there is none, in place of what was kept. */
extern void cache_write(const SourceTree *tree, char (*hashes)[65]);

#endif							/* CACHE_H */
