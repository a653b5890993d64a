/*
 * adj_page.h
 *		On-disk format of an adjacency index.
 *
 * Block 0 is the metapage. It also stages the newest entries: an insert
 * touches nothing else until the stage is full, and Generic WAL, whose cost
 * is comparing the page, compares about a kilobyte. When the stage is full
 * its entries move, in one WAL record, to the tail of the log: a chain of
 * pages of fixed-size entries in order of arrival.
 *
 * Every entry has a position: its ordinal number in the log of this epoch.
 * The log is totally ordered; an entry never moves to another position, and
 * no position below the end is ever written again within an epoch, except
 * that VACUUM sets AdjDead on it.
 *
 * VACUUM marks entries dead and, in the same WAL record, appends a tombstone
 * that names the page and the entries it killed. Readers that have seen the
 * log up to some position learn of the deaths below it from the tombstones
 * above it.
 *
 * Where the file cannot grow a death may go without a tombstone. Then the record
 * that marks it raises the era, and images of an earlier one are of no use.
 *
 * Compaction copies the live entries to a new chain and raises the epoch.
 * Every page of a chain carries the epoch and the position of its first
 * entry, so a reader that follows a stale link notices.
 *
 * Format 2 has two things that format 1 has not. An index with a weight column
 * has entries of 48 bytes, AdjWeightedEntry, tombstones among them; the metapage
 * says so. And a row that has one end only, the other being NULL, has an entry as
 * well, a half: whoever wants edges passes over it, VACUUM and compaction treat it
 * like any other. An index keeps its format until it is built anew.
 */
#ifndef ADJ_PAGE_H
#define ADJ_PAGE_H

#include "storage/bufpage.h"
#include "storage/itemptr.h"

#define ADJ_MAGIC			0x50744A61
#define ADJ_FORMAT_VERSION	2	/* of what is built; 1 is read and appended to as well */
#define ADJ_OLDEST_VERSION	1
#define ADJ_HALVES_VERSION	2	/* the first that has rows with one end */
#define ADJ_PAGE_ID			0xFFAD	/* last two bytes of every page */
#define ADJ_METAPAGE		0

/* flags of an entry */
#define ADJ_DEAD			0x0001	/* removed by VACUUM */
#define ADJ_TOMBSTONE		0x0002	/* an AdjTombstone, not an AdjEntry */
#define ADJ_NO_LABEL		0x0004	/* label column NULL, or none */
#define ADJ_NO_SOURCE		0x0008	/* the row has no such end, so it is no edge; */
#define ADJ_NO_TARGET		0x0010	/* neither label nor confidence nor weight */
#define ADJ_CONFIDENCE		0xFF00	/* of a guess, in hundredths; 0: a fact */
#define ADJ_CONFIDENCE_SHIFT 8

/* of a row with one end */
#define ADJ_HALF			(ADJ_NO_SOURCE | ADJ_NO_TARGET)

/* is not, or no longer, an edge */
#define ADJ_NO_EDGE			(ADJ_DEAD | ADJ_TOMBSTONE | ADJ_HALF)

/* is an entry, not dead, of a row with one end */
static inline bool
adj_is_half(uint16 flags)
{
	return (flags & ADJ_HALF) && !(flags & (ADJ_DEAD | ADJ_TOMBSTONE));
}

/* what tells the edges of one label id from those of another */
#define ADJ_LABEL_FLAGS		(ADJ_NO_LABEL | ADJ_CONFIDENCE)

typedef struct AdjEntry
{
	uint64		source;			/* fingerprints */
	uint64		target;
	uint64		label;
	uint32		source_check;	/* independent second hashes */
	uint32		target_check;
	ItemPointerData tid;
	uint16		flags;
} AdjEntry;

/*
 * An entry of an index with a weight. A NaN with bits of its own is what the
 * column's NULL is kept as; others are the column's NaN.
 */
typedef struct AdjWeightedEntry
{
	AdjEntry	entry;
	double		weight;
} AdjWeightedEntry;

#define ADJ_NULL_WEIGHT_BITS UINT64CONST(0x7FF84E554C4C0000)

static inline double
adj_null_weight(void)
{
	uint64		bits = ADJ_NULL_WEIGHT_BITS;
	double		weight;

	memcpy(&weight, &bits, sizeof(weight));
	return weight;
}

static inline bool
adj_is_null_weight(double weight)
{
	uint64		bits;

	memcpy(&bits, &weight, sizeof(bits));
	return bits == ADJ_NULL_WEIGHT_BITS;
}

#define ADJ_KILL_BYTES		26

typedef struct AdjTombstone
{
	uint64		first_pos;		/* position of the page's first entry */
	BlockNumber block;			/* the page */
	uint8		killed[ADJ_KILL_BYTES]; /* bit i: entry first_pos + i */
	uint16		flags;			/* at the same offset as in AdjEntry */
} AdjTombstone;

StaticAssertDecl(sizeof(AdjEntry) == 40, "AdjEntry is 40 bytes on disk");
StaticAssertDecl(sizeof(AdjWeightedEntry) == 48, "AdjWeightedEntry is 48 bytes on disk");
StaticAssertDecl(sizeof(AdjTombstone) == sizeof(AdjEntry),
				 "a tombstone takes the place of an entry");
StaticAssertDecl(offsetof(AdjTombstone, flags) == offsetof(AdjEntry, flags),
				 "flags tell entry and tombstone apart");

/* special space of a log page; the metapage has one too, for the page id */
typedef struct AdjPageOpaqueData
{
	uint64		first_pos;		/* position of the first entry */
	uint32		epoch;
	BlockNumber next;			/* next page of the chain */
	uint32		spare;
	uint16		flags;
	uint16		page_id;
} AdjPageOpaqueData;

typedef AdjPageOpaqueData *AdjPageOpaque;

#define AdjPageGetOpaque(page) ((AdjPageOpaque) PageGetSpecialPointer(page))

/* Entries side by side, of the size that the metapage gives: the i-th of them. */
#define AdjEntryAt(entries, i, size) ((AdjEntry *) ((char *) (entries) + (Size) (i) * (size)))
#define AdjEntryWeight(entry) (((const AdjWeightedEntry *) (entry))->weight)

#define AdjPageEntry(page, i, size) AdjEntryAt(PageGetContents(page), i, size)
#define ADJ_PAGE_ROOM \
	(BLCKSZ - MAXALIGN(SizeOfPageHeaderData) - MAXALIGN(sizeof(AdjPageOpaqueData)))
#define AdjPageCapacity(size) ((int) (ADJ_PAGE_ROOM / (size)))
#define AdjPageCount(page, size) \
	((int) ((((PageHeader) (page))->pd_lower - MAXALIGN(SizeOfPageHeaderData)) / (size)))

/* of the smallest entries: no page has more */
#define ADJ_MAX_PAGE_ENTRIES AdjPageCapacity(sizeof(AdjEntry))

/* What is on a page, copied. */
typedef union AdjEntryBuffer
{
	char		bytes[ADJ_PAGE_ROOM];
	AdjWeightedEntry align;
} AdjEntryBuffer;

StaticAssertDecl(BLCKSZ <= 8192, "a tombstone's bitmap covers a page of at most 8192 bytes");

#define ADJ_STAGE_SIZE		25

typedef struct AdjMeta
{
	uint32		magic;
	uint32		version;
	uint64		incarnation;	/* random, drawn by every build */
	uint64		hash_seed;		/* random, drawn by every build */
	uint32		epoch;			/* raised by compaction */
	uint16		entry_size;		/* 48 if there is a weight, else 40 */
	uint8		hash_bits;		/* 64 unless a test weakens the hash */
	uint8		parity;			/* which barrier tag new walks take */
	uint32		unsettled;		/* deaths whose barrier was not passed yet? */
	BlockNumber first_block;	/* of the log, or InvalidBlockNumber */
	BlockNumber last_block;
	BlockNumber free_head;		/* chain of reusable pages */
	BlockNumber retired_head;	/* last log, until the barrier has passed */
	BlockNumber retired_last;
	BlockNumber building_head;	/* chain of an unfinished compaction */
	uint32		log_pages;
	uint64		logged;			/* entries in log pages */
	uint64		dead;			/* of them, marked dead */
	uint64		tombstones;		/* of them, tombstones (staged ones too) */
	uint32		staged;			/* entries in the stage */
	uint32		era;			/* raised by deaths that have no tombstone */
	uint64		halves;			/* entries of rows with one end, not dead */
	uint32		spare[12];		/* zero; for a sorted segment */
} AdjMeta;

/* Entries that are edges, and not dead. */
static inline uint64
adj_live_edges(const AdjMeta *meta)
{
	uint64		all = meta->logged + meta->staged;
	uint64		others = meta->dead + meta->tombstones + meta->halves;

	return all - Min(all, others);
}

#define AdjPageGetMeta(page) ((AdjMeta *) PageGetContents(page))
#define ADJ_STAGE_OFFSET (MAXALIGN(SizeOfPageHeaderData) + MAXALIGN(sizeof(AdjMeta)))
#define AdjPageStage(page) ((char *) (page) + ADJ_STAGE_OFFSET)
#define AdjStageEntry(page, i) \
	AdjEntryAt(AdjPageStage(page), i, AdjPageGetMeta(page)->entry_size)

#endif							/* ADJ_PAGE_H */
