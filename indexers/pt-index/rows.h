/*
 * rows.h
 *		Entities and edges as tools/pt-import reads them: one JSON object each,
 *		described in docs/importing.md.
 */
#ifndef ROWS_H
#define ROWS_H

#include "scan.h"

typedef enum RowFormat
{
	ROWS_JSON,					/* objects with commas between them */
	ROWS_COPY					/* rows of the table that pt_import_stage makes */
} RowFormat;

/* A file, and where its rows begin. */
typedef struct RowFile
{
	char	   *path;			/* as it is in pt_entity */
	char	   *key;			/* of the file's own entity */
	char	   *other_key;		/* that it had if its language was told otherwise, or NULL */
	size_t		entities_from;
	size_t		edges_from;
	uint64_t	bytes;			/* of source text */
	uint64_t	nentities;
	uint64_t	nedges;
} RowFile;

/* Rows of several files. Zeros are none, in JSON. */
typedef struct Rows
{
	RowFormat	format;
	bool		with_code;
	Text		entities;
	Text		edges;
	RowFile    *files;
	size_t		nfiles;
	size_t		files_room;

	Text		row;			/* scratch */
	Text	   *keys;
	size_t		keys_room;
	uint32_t   *seen;
	size_t		seen_room;
	struct Edge *written;
	size_t		nwritten;
	size_t		written_room;
	uint32_t   *bases;			/* of a definition the first reference to one, or UINT32_MAX; */
	uint32_t   *next_base;		/* and the next by reference, behind these */
	size_t		bases_room;
	Span	   *shadows;		/* names of the language's functions that the file has another meaning for */
	size_t		nshadows;
	size_t		shadows_room;
} Rows;

/* What is told of a file besides what was scanned. */
typedef struct RowSource
{
	const char *path;			/* as it is to be in pt_entity, UTF-8 */
	const Language *language;
	Span		content;
	const char *hash;
} RowSource;

/* Add a file with all that a scan of it has found; false, and it is not added, if its time is over. */
extern bool rows_add_file(Rows *rows, const RowSource *source, Scan *scan);

extern void rows_clear(Rows *rows);
extern void rows_free(Rows *rows);

#endif							/* ROWS_H */
