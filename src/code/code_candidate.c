/*
 * code_candidate.c
 *		Entities by name and by a place: a sorted array, in which those that may
 *		be meant are a range.
 */
#include "postgres.h"

#include "base/pt_sort.h"
#include "code/code_candidate.h"

void
code_candidates_init(CodeCandidates *candidates, uint64 room, PtBudget *budget)
{
	candidates->rows = pt_resize(budget, NULL, room, sizeof(CodeCandidate));
	candidates->count = 0;
	candidates->first = NULL;
}

void
code_candidates_add(CodeCandidates *candidates, uint32 name, uint32 entity, uint64 place)
{
	candidates->rows[candidates->count++] = (CodeCandidate) {name, entity, place};
}

static int
compare_candidates(const void *a, const void *b, void *arg)
{
	const CodeCandidate *x = a;
	const CodeCandidate *y = b;

	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return x->entity < y->entity ? -1 : x->entity > y->entity;
}

void
code_candidates_finish(CodeCandidates *candidates, uint32 names, PtBudget *budget)
{
	uint64		at = 0;

	pt_sort(candidates->rows, candidates->count, sizeof(CodeCandidate), compare_candidates, NULL);
	candidates->first = pt_resize(budget, NULL, (uint64) names + 1, sizeof(uint64));
	for (uint32 name = 0; name < names; name++)
	{
		while (at < candidates->count && candidates->rows[at].name < name)
			at++;
		candidates->first[name] = at;
	}
	candidates->first[names] = candidates->count;
}

/* The first row of a name at a place or, if past it is asked for, after it. */
static uint64
find_row(const CodeCandidates *candidates, uint32 name, uint64 place, bool past)
{
	uint64		low = candidates->first[name];
	uint64		high = candidates->first[name + 1];

	while (low < high)
	{
		uint64		middle = low + (high - low) / 2;

		if (candidates->rows[middle].place < place ||
			(past && candidates->rows[middle].place == place))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint64
code_candidates_find(const CodeCandidates *candidates, uint32 name, uint64 from, uint64 to, uint64 *start)
{
	*start = find_row(candidates, name, from, false);
	return find_row(candidates, name, to, true) - *start;
}
