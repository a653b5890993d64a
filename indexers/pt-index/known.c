/*
 * known.c
 *		Files that were indexed before: a hash table by path.
 */
#include "known.h"

#include <stdlib.h>
#include <string.h>

typedef struct Known
{
	char	   *path;
	char	   *hash;
	char	   *reasons;
	uint32_t	number;			/* of its path, to compare first */
	bool		seen;
} Known;

struct KnownFiles
{
	Known	   *files;
	size_t		count;
	size_t		room;
	uint32_t   *slots;			/* numbers of files, or UINT32_MAX */
	size_t		nslots;			/* a power of two */
};

KnownFiles *
known_create(void)
{
	KnownFiles *known = make_room(NULL, 1, sizeof(KnownFiles));

	memset(known, 0, sizeof(*known));
	return known;
}

void
known_free(KnownFiles *known)
{
	for (size_t i = 0; i < known->count; i++)
	{
		free(known->files[i].path);
		free(known->files[i].hash);
		free(known->files[i].reasons);
	}
	free(known->files);
	free(known->slots);
	free(known);
}

static uint32_t
number_of(const char *path)
{
	uint32_t	number = 2166136261u;

	for (const char *c = path; *c != '\0'; c++)
		number = (number ^ (unsigned char) *c) * 16777619u;
	return number ^ number >> 15;
}

static uint32_t *
slot_of(const KnownFiles *known, const char *path, uint32_t number)
{
	size_t		at = number & (known->nslots - 1);

	while (known->slots[at] != UINT32_MAX &&
		   (known->files[known->slots[at]].number != number || strcmp(known->files[known->slots[at]].path, path) != 0))
		at = (at + 1) & (known->nslots - 1);
	return &known->slots[at];
}

static void
grow_slots(KnownFiles *known)
{
	known->nslots = known->nslots ? 2 * known->nslots : 1024;
	known->slots = make_room(known->slots, known->nslots, sizeof(uint32_t));
	memset(known->slots, 0xFF, known->nslots * sizeof(uint32_t));
	for (size_t i = 0; i < known->count; i++)
		*slot_of(known, known->files[i].path, known->files[i].number) = i;
}

void
known_add(void *state, const char *path, const char *hash, const char *reasons)
{
	KnownFiles *known = state;
	uint32_t	number = number_of(path);
	uint32_t   *slot;

	if (2 * (known->count + 1) > known->nslots)
		grow_slots(known);
	slot = slot_of(known, path, number);
	if (*slot != UINT32_MAX)
		return;
	known->files = GROW(known->files, known->count, known->room);
	*slot = known->count;
	known->files[known->count++] = (Known) {
		copy_span(span_of(path)), copy_span(span_of(hash)), copy_span(span_of(reasons)), number, false
	};
}

static Known *
find(const KnownFiles *known, const char *path)
{
	uint32_t	place = known->nslots > 0 ? *slot_of(known, path, number_of(path)) : UINT32_MAX;

	return place == UINT32_MAX ? NULL : &known->files[place];
}

const char *
known_hash(const KnownFiles *known, const char *path)
{
	const Known *file = find(known, path);

	return file ? file->hash : NULL;
}

void
known_see(KnownFiles *known, const char *path)
{
	Known	   *file = find(known, path);

	if (file != NULL)
		file->seen = true;
}

const char *
known_reasons(const KnownFiles *known, const char *path)
{
	const Known *file = find(known, path);

	return file ? file->reasons : NULL;
}

size_t
known_unseen(const KnownFiles *known, const char ***paths)
{
	size_t		count = 0;

	*paths = make_room(NULL, known->count, sizeof(char *));
	for (size_t i = 0; i < known->count; i++)
	{
		if (!known->files[i].seen)
			(*paths)[count++] = known->files[i].path;
	}
	return count;
}
