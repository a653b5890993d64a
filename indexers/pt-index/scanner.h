/*
 * scanner.h
 *		What scanning one file works with: of scan.c, define.c, refer.c and place.c.
 */
#ifndef SCANNER_H
#define SCANNER_H

#include "node.h"
#include "scan.h"

#include <time.h>

#define BLOCK_BYTES 65536
#define MAX_NAME 500			/* with its scope */

typedef struct Block
{
	struct Block *next;
	char		bytes[BLOCK_BYTES];
} Block;

/* A reference with what it is sorted by. */
typedef struct Found
{
	Reference	reference;
	uint32_t	start;
	uint32_t	end;
} Found;

#define NO_EXTENT (-1)

/* From where to where a block goes. */
typedef struct Extent
{
	uint32_t	start;
	uint32_t	end;
	int			parent;			/* the block around it, or NO_EXTENT; once bind.c has them in order */
} Extent;
/* What a function returns, where it stands. */
typedef struct Result
{
	Span		names;
	uint32_t	start;
	uint32_t	end;			/* of the function */
} Result;

typedef struct Scanner
{
	TSParser   *parser;
	TSQueryCursor *cursor;
	const Language *language;
	const char *path;
	Span		content;
	Span		read;			/* what is parsed: the content, or */
	Text		parsed;			/* one in which something else stands for what the grammar does not know */
	struct timespec deadline;

	Block	   *blocks;			/* texts of this file, the first has room */
	size_t		block_used;
	Text		scratch;

	size_t		definitions_room;
	size_t		references_room;
	Found	   *found;
	size_t		nfound;
	size_t		found_room;
	uint32_t   *names;			/* where names of definitions begin */
	size_t		names_room;
	size_t		nnames;
	Result	   *results;		/* in the order of their places */
	size_t		results_room;
	size_t		nresults;
	uint32_t   *sections;		/* where a class says how visible the rest of it is */
	size_t		sections_room;
	size_t		nsections;
	Extent	   *extents;		/* of blocks */
	size_t		extents_room;
	size_t		nextents;
} Scanner;

static inline Span
scanner_text(const Scanner *scanner, TSNode node)
{
	uint32_t	start = ts_node_start_byte(node);

	return (Span) {scanner->content.bytes + start, ts_node_end_byte(node) - start};
}

/* A copy of a text that stays until the next file. */
extern Span scanner_keep(Scanner *scanner, Span span);

/* Is a name short enough? If not, that it is left out is reported. */
extern bool scanner_takes_name(const Scanner *scanner, Span name);

/* What stands here is a name that refers to nothing. */
extern void scanner_note_name(Scanner *scanner, uint32_t start);

#endif							/* SCANNER_H */
