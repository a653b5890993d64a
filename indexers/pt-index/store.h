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

/* A file that was indexed before; reasons are those for which not all of it was. */
typedef void (*KnownFile) (void *state, const char *path, const char *hash, const char *reasons);

/* What a run under a prefix has left out, as it goes into pt_left_out. */
typedef struct LeftOutRows
{
	const char *prefix;
	Text		looked_at;		/* arrays; empty: all of the prefix */
	Text		paths;
	Text		languages;
	Text		reasons;
	Text		details;
} LeftOutRows;

/*
 * Connect, and find the codebase: graph is its pt_edge, NULL for the default
 * one. NULL after an error message.
 */
extern Store *store_open(const char *conninfo, const char *graph);

/*
 * The same, and make the codebase if it is not there: under another name, which
 * store_publish changes into its own. Until then nobody else makes one of this
 * name, and store_close drops it.
 */
extern Store *store_create(const char *conninfo, const char *graph);
extern StoreResult store_publish(Store *store);
extern void store_close(Store *store);

/* The codebase, for store_open. */
extern const char *store_graph(const Store *store);

/* Is it one that store_create has made? */
extern bool store_is_new(const Store *store);

/*
 * The tables of a codebase of an earlier version, and the indexes that updates
 * want, if they are not there and the user may make them.
 */
extern StoreResult store_prepare(Store *store);

/* Why the last call did not succeed. */
extern const char *store_error(Store *store);

/* Files of this indexer whose path begins with a prefix, or those among them that are named. */
extern StoreResult store_known_files(Store *store, const char *prefix, const Text *paths, KnownFile found, void *state);

/* An array of texts: begin with an empty Text, end. NULL is a value, too. */
extern void array_add(Text *array, const char *value);
extern void array_end(Text *array);

/* Replace files by these rows, those from the first to before the last. */
extern StoreResult store_replace(Store *store, const Rows *rows, size_t first, size_t last);

/* Remove files. */
extern StoreResult store_remove(Store *store, const char *const *paths, size_t count);

extern StoreResult store_put_left_out(Store *store, const LeftOutRows *rows);

/* Resolve all references, or those that what has changed may concern. */
extern StoreResult store_resolve(Store *store, bool changed, Resolution *resolution);

/*
 * All of it in one transaction: replace all these rows, remove files, say what
 * is left out and, if a resolution is wanted, resolve what has changed.
 */
extern StoreResult store_apply(Store *store, const Rows *rows, const char *const *gone, size_t ngone,
							   const LeftOutRows *left_out, Resolution *resolution);

#endif							/* STORE_H */
