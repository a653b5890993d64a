/*
 * adj_log.h
 *		The log of an adjacency index: reading it and appending to it.
 *
 * The index is open and locked by the caller: in AccessShareLock to read, in
 * RowExclusiveLock or more to append. An append holds the metapage exclusively
 * and takes every other page after it, so appends are totally ordered and
 * cannot deadlock. A reader holds one page at a time, in share mode, while it
 * copies what it needs. Nothing here may be called with a page of the index
 * locked, unless it says so.
 *
 * A log that is not what it should be is error XX002.
 */
#ifndef ADJ_LOG_H
#define ADJ_LOG_H

#include "access/generic_xlog.h"
#include "adjacency/adj_page.h"
#include "storage/bufmgr.h"
#include "utils/rel.h"

/* A consistent copy of the metapage and its stage. */
typedef struct AdjMetaCopy
{
	AdjMeta		meta;
	AdjWeightedEntry stage[ADJ_STAGE_SIZE]; /* room for entries of either size */
} AdjMetaCopy;

/* The position behind the last entry, those in the stage included. */
#define AdjEndOfLog(m) ((m)->logged + (m)->staged)

/* ---- pages, which the caller has locked or to itself ---- */

/*
 * Make a page the metapage of an empty index, with a seed and an incarnation.
 */
extern void adj_init_metapage(Page page, int hash_bits, int entry_size);

/* Make a page an empty one of the log, to begin with a position. */
extern void adj_init_log_page(Page page, uint32 epoch, uint64 first_pos);

/* Add entries of a size to a log page, which must have room for them. */
extern void adj_page_add(Page page, const void *entries, int count, int entry_size);

/* From now on the stage has so many entries. */
extern void adj_set_staged(Page meta_page, int staged);

/* Copy a metapage, which must be valid. */
extern void adj_copy_meta(Page page, AdjMetaCopy *copy);

/* ---- reading ---- */

/* Check and copy the metapage, under a share lock of its own. */
extern void adj_read_meta(Relation index, AdjMetaCopy *copy);

typedef enum AdjReadStatus
{
	ADJ_READ_OK,
	ADJ_READ_END,
	ADJ_READ_CHANGED			/* the chain is not of the copy's epoch any more */
} AdjReadStatus;

/*
 * Reads the log from a position to the end that a metapage copy gives, a page
 * at a time. It owns nothing, so it may be dropped at any point; the copy and
 * the strategy are the caller's and must outlive it.
 */
typedef struct AdjReader
{
	Relation	index;
	const AdjMetaCopy *copy;
	BlockNumber at_block;		/* page that holds, or precedes, at_pos */
	uint64		at_pos;			/* next position to read */
	BufferAccessStrategy strategy;

	/* what adj_reader_next has read */
	BlockNumber block;			/* InvalidBlockNumber: the stage */
	uint64		pos;			/* of the first of these entries */
	uint64		page_first;		/* position of the page's first entry */
	int			count;
	int			entry_size;
	AdjEntryBuffer entries;
} AdjReader;

/* The i-th of what adj_reader_next has read. */
static inline const AdjEntry *
adj_reader_entry(const AdjReader *reader, int i)
{
	return AdjEntryAt(reader->entries.bytes, i, reader->entry_size);
}

/*
 * Begin at pos. block is the page that holds it or one that comes before, or
 * InvalidBlockNumber to look from the start of the log. strategy may be NULL.
 */
extern void adj_reader_init(AdjReader *reader, Relation index,
							const AdjMetaCopy *copy, BlockNumber block,
							uint64 pos, BufferAccessStrategy strategy);

/*
 * Copy what the next page holds to the reader. Interruptible.
 *
 * Under the vacuum barrier ADJ_READ_CHANGED means that the log is broken; on a
 * standby the caller reads the metapage again and starts over.
 */
extern AdjReadStatus adj_reader_next(AdjReader *reader);

/*
 * Copy all entries of the page that a tombstone names; false if the page is not
 * of the log that meta describes, or not the one that is meant.
 */
extern bool adj_read_killed(Relation index, const AdjMeta *meta, const AdjTombstone *tombstone,
							AdjEntryBuffer *entries, int *count);

/*
 * Error XX002: the log does not go on where it should, after a page, or
 * somewhere if block is InvalidBlockNumber. Does not return.
 */
extern void adj_log_is_broken(Relation index, BlockNumber block);

/* ---- appending ---- */

/*
 * Changes to the log in one WAL record, all that is done between begin and
 * finish. At most one adj_append_page, and either it or the appends may touch
 * a page first; four buffers in the worst case.
 *
 * In between the metapage is locked exclusively: nothing that may wait, look
 * into catalogs or detoast. An error leaves the index as it was, but for a
 * page added to the file, and its clean-up releases the locks.
 */
typedef struct AdjAppend
{
	Relation	index;
	GenericXLogState *state;
	Buffer		meta_buffer;
	Buffer		tail_buffer;
	Buffer		new_buffer;
	Buffer		other_buffer;
	Page		meta_page;		/* as the record will leave it */
	Page		tail_page;
	Page		new_page;
	AdjMeta    *meta;			/* in meta_page; may be changed */
} AdjAppend;

/* Lock the metapage and begin a record. */
extern void adj_append_begin(AdjAppend *append, Relation index);

/*
 * Add an entry at the end of the log, without its weight if the index has none. A
 * full stage is moved to the tail first.
 */
extern void adj_append_entry(AdjAppend *append, const AdjWeightedEntry *entry);

/*
 * Is there room for another entry, or for the stage at the tail, in the pages
 * that the index has? Right after begin.
 */
extern bool adj_append_fits(AdjAppend *append);
extern bool adj_append_can_flush(AdjAppend *append);

/* Move the stage to the tail. At most once between begin and finish. */
extern void adj_append_flush(AdjAppend *append);

/*
 * Another page of the log, to be changed in the same record. Call it after
 * the appends, as it may be the tail. The page is the record's until finish.
 */
extern Page adj_append_page(AdjAppend *append, BlockNumber block);

/* Write the record, or forget the changes; release all that is held. */
extern void adj_append_finish(AdjAppend *append);
extern void adj_append_cancel(AdjAppend *append);

/*
 * Add a page to the file, to be used later; false if the file cannot grow, which is
 * an error where pt_attempt cannot help. Not between begin and finish, nor with
 * anything else locked.
 */
extern bool adj_reserve_page(Relation index);

/*
 * A page to write to, exclusively locked, with anything in it: from the free
 * chain, else by extending the file. The caller holds the metapage
 * exclusively; meta is the copy that its WAL record changes.
 */
extern Buffer adj_allocate_page(Relation index, AdjMeta *meta);

#endif							/* ADJ_LOG_H */
