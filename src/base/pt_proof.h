/*
 * pt_proof.h
 *		What a session knows of the pages of the heaps it walks over.
 *
 * There is a record of each heap's file, with an entry for each page that has
 * been judged. A walk writes into it which pages it knows, and whether it has
 * judged them itself; the next walk starts with none, whatever the entries
 * say. Walks may nest: the one that comes back knows nothing any more, and
 * asks again.
 *
 * A verdict with the page's LSN is a proof: it stands for later walks, which
 * look whether the LSN is still the same (pt_visible.h has the argument).
 *
 * All records together take at most a quarter of what a call may, the same
 * setting's. Where there is no room pages are not judged. A record goes when
 * the session hears of any change of its table's definition or statistics, so
 * after VACUUM, when walks have no need of it, and after ANALYZE.
 */
#ifndef PT_PROOF_H
#define PT_PROOF_H

#include "base/pt_pages.h"
#include "lib/ilist.h"
#include "utils/relcache.h"

/* pages that are allocated together, with a bit each in a word */
#define PT_GROUP_PAGES 64

/* What is not looked at once the walk knows the page; 40 bytes. */
typedef struct PtPage
{
	uint64		lsn;			/* 0: the verdict is no proof */
	uint64	   *asks;			/* bits, if there are any */
	TransactionId newest;		/* see PtVerdict */
	TransactionId low;
	TransactionId high;
	Buffer		buffer;			/* where the page was last, or invalid */
	OffsetNumber last;
	uint8		asks_words;		/* that asks has room for */
	uint8		form;
} PtPage;

/* what form says */
#define PT_PAGE_JUDGED		0x01
#define PT_PAGE_WHOLE		0x02	/* a row is seen at each pointer: no bits are kept */
#define PT_PAGE_ALL_SEEN	0x04	/* a row is seen wherever an entry may lead */
#define PT_PAGE_HAS_ASKS	0x08

/* words of a page's bits that lie together, and the one more that few need */
#define PT_NEAR_WORDS 4
#define PT_GROUP_WORDS (PT_GROUP_PAGES * (PT_NEAR_WORDS + 1))

StaticAssertDecl(PT_PAGE_WORDS <= PT_NEAR_WORDS + 1, "a page's bits do not fit");

/*
 * What a walk needs to know of some pages is here and in seen, so that an edge
 * costs a line of cache or two. A bit a page: where sure is set the walk goes by
 * seen, or by all_seen. Then by_itself says that it has judged the page;
 * without sure, that it has looked at the proof, and that has asks.
 */
typedef struct PtPageGroup
{
	uint64		walk;			/* that the next three are of */
	uint64		sure;
	uint64		by_itself;
	uint64		all_seen;		/* wherever an entry may lead; only where sure */
	uint64		once;			/* a two-bit counter of fetches since the page */
	uint64		twice;			/* was judged */
	uint64	   *seen;			/* PT_GROUP_WORDS of bits, but of whole pages; or NULL */
	PtPage	   *pages;			/* NULL until one has been judged */
} PtPageGroup;

typedef struct PtFile
{
	dlist_node	node;			/* most recently used first */
	Oid			heap;
	Oid			tablespace;
	uint32		number;			/* of the file */
	bool		has_proofs;		/* are verdicts kept beyond the walk? */
	MemoryContext context;		/* of all of it, and below: */
	MemoryContext pages;		/* of groups' pages */
	MemoryContext seen;			/* of groups' bits */
	int			uses;
	bool		forgotten;
	BlockNumber ngroups;
	BlockNumber wanted;			/* groups that the file would need */
	uint64		fetches;		/* for want of groups */
	PtPageGroup *groups;
} PtFile;

/* A use of a record. It ends with the memory context that it is in, or before. */
typedef struct PtFileUse
{
	PtFile	   *file;
	MemoryContextCallback at_end;
} PtFileUse;

/*
 * Use the record of a heap's file, which is made if need be. The use is in the
 * context. NULL if there is no room.
 */
extern PtFileUse *pt_file_use(Relation heap, MemoryContext context);
extern void pt_file_release(PtFileUse *use);

/* The number of a walk, for PtPageGroup: no two of a session have the same. */
extern uint64 pt_new_walk(void);

/*
 * The group that a block is in, as far as this walk knows it. NULL if the
 * file has none yet: then they cost more than they could have saved so far, or
 * there is no room.
 */
extern PtPageGroup *pt_file_group(PtFile *file, Relation heap, BlockNumber block, uint64 walk);

/* The entry of a page that has been judged, or NULL. */
extern PtPage *pt_file_page(const PtFile *file, BlockNumber block);

/*
 * Note that a row of the page is asked for that nobody knows of. True if the
 * page should be judged: rows of it have been fetched so often that judging it
 * would have cost as much.
 */
extern bool pt_page_is_due(PtPageGroup *group, BlockNumber block);

/*
 * Keep the verdict of this walk, which knows the page from now on; false if
 * there is no room.
 */
extern bool pt_file_keep(PtFile *file, BlockNumber block, const PtVerdict *verdict);

static inline uint64
pt_page_bit(BlockNumber block)
{
	return UINT64CONST(1) << (block % PT_GROUP_PAGES);
}

/* Where the bit of a pointer is among its group's. */
static inline int
pt_seen_word(BlockNumber block, OffsetNumber offset)
{
	int			page = block % PT_GROUP_PAGES;
	int			word = (offset - 1) / 64;

	return word < PT_NEAR_WORDS ? page * PT_NEAR_WORDS + word :
		PT_GROUP_PAGES * PT_NEAR_WORDS + page;
}

/* Is a row seen there? For pages that are not whole; offsets are legal ones. */
static inline bool
pt_is_seen(const PtPageGroup *group, BlockNumber block, OffsetNumber offset)
{
	return (group->seen[pt_seen_word(block, offset)] >> ((offset - 1) % 64)) & 1;
}

/* Does the verdict leave it open? */
static inline bool
pt_page_asks(const PtPage *page, OffsetNumber offset)
{
	return (page->form & PT_PAGE_HAS_ASKS) && offset <= page->last &&
		((page->asks[(offset - 1) / 64] >> ((offset - 1) % 64)) & 1);
}

#endif							/* PT_PROOF_H */
