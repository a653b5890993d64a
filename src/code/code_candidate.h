/*
 * code_candidate.h
 *		Entities by name and by a place: a sorted array, in which those that may
 *		be meant are a range.
 */
#ifndef CODE_CANDIDATE_H
#define CODE_CANDIDATE_H

#include "base/pt_budget.h"

/* A candidate by what it is looked up by, which is packed by CODE_PLACE_NUMBER. */
typedef struct CodeCandidate
{
	uint32		name;
	uint32		entity;
	uint64		place;
} CodeCandidate;

#define CODE_PLACE_BITS 31
#define CODE_PLACE_MAX ((UINT64CONST(1) << CODE_PLACE_BITS) - 1)
#define CODE_PLACE_NUMBER(class, a, b) \
	((uint64) (class) << (2 * CODE_PLACE_BITS) | (uint64) (a) << CODE_PLACE_BITS | (uint64) (b))

typedef struct CodeCandidates
{
	CodeCandidate *rows;
	uint64		count;
	uint64	   *first;			/* by name: its first row; one more at the end */
} CodeCandidates;

/* Room for so many, within the budget. */
extern void code_candidates_init(CodeCandidates *candidates, uint64 room, PtBudget *budget);

/* One more; there must be room. */
extern void code_candidates_add(CodeCandidates *candidates, uint32 name, uint32 entity, uint64 place);

/* All are added, of names with numbers below this one. O(n log n). */
extern void code_candidates_finish(CodeCandidates *candidates, uint32 names, PtBudget *budget);

/* How many have a name. */
static inline uint64
code_candidates_count(const CodeCandidates *candidates, uint32 name)
{
	return candidates->first[name + 1] - candidates->first[name];
}

/* The rows of a name from one place to another; how many. O(log n). */
extern uint64 code_candidates_find(const CodeCandidates *candidates, uint32 name, uint64 from, uint64 to,
								   uint64 *start);

#endif							/* CODE_CANDIDATE_H */
