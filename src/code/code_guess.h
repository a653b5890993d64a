/*
 * code_guess.h
 *		Guesses: what references are taken for, gathered and written as edges.
 *
 * Begin, put them, write. Within one connection of SPI, in whose context it all
 * is; the sorting takes work_mem, and disk beyond that.
 */
#ifndef CODE_GUESS_H
#define CODE_GUESS_H

#include "access/tupdesc.h"
#include "code/code_match.h"
#include "executor/tuptable.h"
#include "utils/tuplesort.h"
#include "utils/tuplestore.h"

typedef struct CodeGuess
{
	uint64		place;			/* of both its keys, in the order of their bytes */
	Datum		from;			/* of the edge that it is made of, as texts */
	Datum		reference;
	Datum		type;
	Datum		location;
	bool		has_location;
	PtText		to;
	int			percent;		/* confidence, in hundredths */
	MatchMethod method;
} CodeGuess;

typedef struct CodeGuesses
{
	/* how many there are, and what writing them has come to */
	int64		total;
	int64		inserted;
	int64		updated;
	int64		deleted;
	int64		left_out;		/* whose keys are too long */

	Datum		confidences[101];	/* by hundredths */
	Datum		methods[MATCH_METHODS];
	TupleDesc	desc;
	TupleTableSlot *slot;
	Tuplesortstate *sort;
	Tuplestorestate *sorted;
} CodeGuesses;

extern void code_guesses_begin(CodeGuesses *guesses);

/* One more; what is in it is copied. One whose keys are too long for an edge is left out. */
extern void code_guesses_put(CodeGuesses *guesses, const CodeGuess *guess);

/*
 * Write what differs: of two guesses that are one edge the better one, and of those that
 * are there and not among them, in existing, an item of FROM, nothing stays. What
 * somebody else wrote in the place of a guess does. everything: existing are all there
 * are. Counts what it did.
 */
extern void code_guesses_write(CodeGuesses *guesses, const char *edges, const char *existing, bool everything);

#endif							/* CODE_GUESS_H */
