/*
 * store.h
 *		The database: what is there, rows in, references resolved.
 *
 * A store is a connection and for one thread. Files go in together, each with
 * all its rows or none; what was there of them before goes.
 */
#ifndef STORE_H
#define STORE_H

#include "rows.h"

typedef struct Store Store;

typedef enum StoreResult
{
	STORE_DONE,
	STORE_REFUSED,				/* these rows; others may be taken */
	STORE_LOST					/* no use to go on */
} StoreResult;

typedef struct Resolution
{
	uint64_t	references;
	uint64_t	resolved;
	uint64_t	ambiguous;
	uint64_t	open;
} Resolution;

/* A file that was indexed before. */
typedef void (*KnownFile) (void *state, const char *path, const char *hash);

/*
 * Connect, and find the codebase: graph is its pt_edge, NULL for the default
 * one. NULL after an error message.
 */
extern Store *store_open(const char *conninfo, const char *graph, bool create);
extern void store_close(Store *store);

/* Why the last call did not succeed. */
extern const char *store_error(Store *store);

/* Files of this indexer whose path begins with a prefix. */
extern StoreResult store_known_files(Store *store, const char *prefix, KnownFile found, void *state);

/* Replace files by these rows, those from the first to before the last. */
extern StoreResult store_replace(Store *store, const Rows *rows, size_t first, size_t last);

/* Remove files. */
extern StoreResult store_remove(Store *store, const char *const *paths, size_t count);

extern StoreResult store_resolve(Store *store, Resolution *resolution);

#endif							/* STORE_H */
