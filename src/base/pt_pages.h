/*
 * pt_pages.h
 *		Judging all rows of a page of the heap at once.
 *
 * To fetch a row costs about as much as to judge a page: pins, locks and
 * memory that has to come are the same.
 *
 * A verdict says of each line pointer whether the snapshot sees a row there,
 * as if the row were fetched by that TID. The root of a HOT chain stands for
 * the chain; where an index entry cannot lead (a heap-only tuple, a pointer
 * that is dead, unused or behind the last) nobody sees anything.
 *
 * Where the transactions that made and removed the versions had all finished
 * for the snapshot, every snapshot for which they have finished sees the same,
 * as long as the page is what it was. The others are asks: what they say is
 * good for this snapshot only.
 */
#ifndef PT_PAGES_H
#define PT_PAGES_H

#include "access/htup_details.h"
#include "storage/buf.h"
#include "utils/rel.h"
#include "utils/snapshot.h"

/* words of a bitmap of a page's line pointers, of which the first has bit 0 */
#define PT_PAGE_WORDS ((MaxHeapTuplesPerPage + 63) / 64)

typedef struct PtVerdict
{
	uint64		lsn;			/* of the page, in no particular byte order */
	Buffer		buffer;			/* where it was, not pinned any more */
	OffsetNumber last;			/* offset number of the last line pointer */
	bool		all_seen;		/* is a row seen wherever an entry may lead? */
	bool		has_asks;

	/* of the transactions of those that are no asks: */
	TransactionId newest;		/* those before the snapshot's xmin; or invalid */
	TransactionId low;			/* range of the others; or invalid */
	TransactionId high;

	uint64		seen[PT_PAGE_WORDS];
	uint64		asks[PT_PAGE_WORDS];
} PtVerdict;

/*
 * Judge a page of a table of the heap access method under a snapshot that is
 * registered, in no serializable transaction. False if the page has more line
 * pointers than a page can have. One page is read, and locked in share mode
 * for some microseconds; hint bits are set as any scan does.
 */
extern bool pt_judge_page(Relation heap, BlockNumber block, Snapshot snapshot,
						  PtVerdict *verdict);

/*
 * Have all transactions finished for a snapshot that were found on a page and
 * are no asks?
 */
extern bool pt_has_finished(Snapshot snapshot, TransactionId newest,
							TransactionId low, TransactionId high);

/*
 * A page's LSN as PtVerdict has it, read without a lock. Always 0 where eight
 * bytes cannot be read at once. *buffer is where the page was last, or invalid,
 * and is set to where it is: if it is still there, that is found out at half the
 * cost, but does not count as a use of the buffer, for which it would be kept.
 * By name it does.
 */
extern uint64 pt_page_lsn(Relation heap, BlockNumber block, Buffer *buffer, bool by_name);

#endif							/* PT_PAGES_H */
