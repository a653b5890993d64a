/*
 * pt_tally.h
 *		What a call has done, in numbers that cost next to nothing to keep.
 */
#ifndef PT_TALLY_H
#define PT_TALLY_H

typedef struct PtTally
{
	uint64		levels;			/* of the deepest walk */
	uint64		nodes;			/* reached, over all walks of the call */
	uint64		edges;			/* looked at, whether or not they counted */
	uint64		pages_judged;	/* of the table, all their rows at once */

	/* edges whose rows were asked about, by what told */
	uint64		by_map;
	uint64		by_proof;
	uint64		by_looking;
	uint64		by_fetching;
} PtTally;

#endif							/* PT_TALLY_H */
