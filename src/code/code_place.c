/*
 * code_place.c
 *		Where entities are: files, the folders around them, and what imports call
 *		both.
 *
 * Folders are numbered in preorder, so that all that is somewhere below a folder
 * is a range of numbers.
 */
#include "postgres.h"

#include "base/pt_sort.h"
#include "code/code_path.h"
#include "code/code_place.h"
#include "miscadmin.h"

void
code_places_init(CodePlaces *places, PtBudget *budget)
{
	MemoryContext old = MemoryContextSwitchTo(budget->context);
	PtText		nothing = {"", 0};

	memset(places, 0, sizeof(CodePlaces));
	places->budget = budget;
	initStringInfo(&places->scratch);
	initStringInfo(&places->normal);
	MemoryContextSwitchTo(old);
	pt_texts_init(&places->paths, budget);
	pt_texts_init(&places->files, budget);
	pt_texts_init(&places->folders, budget);
	pt_texts_init(&places->parts, budget);
	/* the empty text is file CODE_UNKNOWN_FILE, folder CODE_ROOT and part CODE_NO_PART */
	pt_texts_add(&places->files, nothing, NULL);
	pt_texts_add(&places->parts, nothing, NULL);
	pt_texts_add(&places->folders, nothing, NULL);
	places->folder = pt_grow(budget, NULL, &places->folder_room, CODE_ROOT + 1, sizeof(CodeFolder));
	places->folder[CODE_ROOT].parent = CODE_ROOT;
}

/* A text without the characters at its start that are among these. */
static PtText
trim_start(PtText text, const char *characters)
{
	while (text.length > 0 && strchr(characters, text.bytes[0]) != NULL && text.bytes[0] != '\0')
	{
		text.bytes++;
		text.length--;
	}
	return text;
}

/* Where the last of a character is, or -1. */
static int
last_of(PtText text, char character)
{
	for (int at = text.length - 1; at >= 0; at--)
	{
		if (text.bytes[at] == character)
			return at;
	}
	return -1;
}

static PtText
after_last(PtText text, char character)
{
	int			at = last_of(text, character) + 1;

	return (PtText) {text.bytes + at, text.length - at};
}

/* The number of a folder; those above it get numbers, too. */
static uint32
add_folder(CodePlaces *places, PtText name)
{
	bool		is_new;
	uint32		folder = pt_texts_add(&places->folders, name, &is_new);
	uint32		child = folder;

	while (is_new)
	{
		uint32		parent;

		CHECK_FOR_INTERRUPTS();
		name.length = Max(last_of(name, '/'), 0);
		parent = pt_texts_add(&places->folders, name, &is_new);
		places->folder = pt_grow(places->budget, places->folder, &places->folder_room,
								 (uint64) child + 1, sizeof(CodeFolder));
		places->folder[child].parent = parent;
		child = parent;
	}
	return folder;
}

/* Is it what a file is called that stands for its folder, in whatever language? */
static bool
stands_for_folder(PtText stem)
{
	return code_is_index(stem) || pt_text_is(stem, "mod") || pt_text_is(stem, "lib") || pt_text_is(stem, "main");
}

uint32
code_places_add(CodePlaces *places, PtText text)
{
	bool		is_new;
	uint32		number = pt_texts_add(&places->paths, text, &is_new);
	PtText		folder;
	PtText		stem;
	PtText		folder_name;
	CodePlace  *place;
	int			dot;

	if (!is_new)
		return number;
	code_normal_path(text, &places->normal);
	text = (PtText) {places->normal.data, places->normal.len};
	folder = trim_start(text, "./");
	stem = after_last(text, '/');
	dot = last_of(stem, '.');
	places->place = pt_grow(places->budget, places->place, &places->place_room,
							(uint64) number + 1, sizeof(CodePlace));
	place = &places->place[number];
	/* a path without / has no folders that could be told apart */
	folder.length = last_of(text, '/') < 0 ? 0 : Max(last_of(folder, '/'), 0);
	folder_name = after_last(folder, '/');
	if (dot > 0)
		stem.length = dot;
	code_file_id(text, &places->scratch);
	place->file = pt_texts_add(&places->files, (PtText) {places->scratch.data, places->scratch.len}, NULL);
	place->folder = add_folder(places, folder);
	place->folder_name = pt_texts_add(&places->parts, folder_name, NULL);
	place->module = place->folder != CODE_ROOT && stands_for_folder(stem) ? place->folder_name :
		pt_texts_add(&places->parts, stem, NULL);
	return number;
}

/*
 * As if / came before all other characters: what is below a folder follows it.
 */
static int
compare_folders(const void *a, const void *b, void *folders)
{
	PtText		x = pt_text(folders, *(const uint32 *) a);
	PtText		y = pt_text(folders, *(const uint32 *) b);
	int			at = 0;

	while (at < x.length && at < y.length && x.bytes[at] == y.bytes[at])
		at++;
	if (at == x.length || at == y.length)
		return x.length - y.length;
	if (x.bytes[at] == '/' || y.bytes[at] == '/')
		return x.bytes[at] == '/' ? -1 : 1;
	return (unsigned char) x.bytes[at] < (unsigned char) y.bytes[at] ? -1 : 1;
}

void
code_places_finish(CodePlaces *places)
{
	uint32		count = places->folders.count;
	uint32	   *order = pt_resize(places->budget, NULL, count, sizeof(uint32));

	for (uint32 i = 0; i < count; i++)
		order[i] = i;
	pt_sort(order, count, sizeof(uint32), compare_folders, &places->folders);
	for (uint32 i = 0; i < count; i++)
		places->folder[order[i]].preorder = places->folder[order[i]].last = i;
	for (uint32 i = count - 1; i > 0; i--)
	{
		CodeFolder *folder = &places->folder[order[i]];
		CodeFolder *parent = &places->folder[folder->parent];

		parent->last = Max(parent->last, folder->last);
	}
	pt_free(places->budget, order);
}
