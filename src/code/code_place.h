/*
 * code_place.h
 *		Where entities are: files, the folders around them, and what imports call
 *		both.
 *
 * Paths, files, folders and the parts of paths that imports may name have numbers.
 * Everything is in the context of the budget.
 */
#ifndef CODE_PLACE_H
#define CODE_PLACE_H

#include "base/pt_texts.h"
#include "lib/stringinfo.h"

/*
 * Where a path leads. A file is all spellings of its path; a path without a
 * folder is in the root, and so is one whose folder is unknown.
 */
typedef struct CodePlace
{
	uint32		file;			/* CODE_UNKNOWN_FILE if it has none */
	uint32		folder;
	uint32		module;			/* what imports call it: its own name, */
	uint32		folder_name;	/* and that of its folder; CODE_NO_PART for none */
} CodePlace;

#define CODE_UNKNOWN_FILE 0
#define CODE_NO_PART 0
#define CODE_ROOT 0

typedef struct CodeFolder
{
	uint32		parent;
	uint32		preorder;		/* its number in preorder, */
	uint32		last;			/* and that of the last one below it */
} CodeFolder;

typedef struct CodePlaces
{
	PtBudget   *budget;
	PtTexts		paths;
	PtTexts		files;
	PtTexts		folders;
	PtTexts		parts;
	CodePlace  *place;			/* by number of the path */
	CodeFolder *folder;			/* by number */
	uint64		place_room;
	uint64		folder_room;
	StringInfoData scratch;
	StringInfoData normal;		/* path */
} CodePlaces;

extern void code_places_init(CodePlaces *places, PtBudget *budget);

/* The number of a path. Amortised O(length). */
extern uint32 code_places_add(CodePlaces *places, PtText path);

/* All is added: folders get their numbers in preorder. O(n log n). */
extern void code_places_finish(CodePlaces *places);

#endif							/* CODE_PLACE_H */
