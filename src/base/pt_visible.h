/*
 * pt_visible.h
 *		Is the row version at a TID visible to a walk's snapshot?
 *
 * Asked in this order, of which the first that can tell does:
 *
 *	map		a set bit of the visibility map says yes without touching the heap
 *	page	the walk has judged the page before, or looked at its proof
 *	proof	an earlier walk of the session has judged the page, and its LSN is
 *			still the same
 *	judging	all rows of the page at once, where that pays
 *	fetch	of the one row
 *
 * The map is sound only under the vacuum barrier (adj_barrier.h), for a TID
 * that was in the log and not yet dead when the walk read the log under it.
 * The map's pages stay pinned from one question to the next; their bits are
 * looked at each time.
 *
 * Why no lock on the map is needed: if our snapshot sees the row's deletion,
 * the deleter cleared the bit before it committed, and taking the snapshot
 * ordered us after that. If the row was inserted after our snapshot, its
 * inserter cleared the bit before it logged the entry, and reading the entry
 * (under a buffer lock, or from an image published under a lock) ordered us
 * after that; the bit cannot be set again while our snapshot does not see
 * the row.
 *
 * What a walk has been told about a pointer stays true for it: of the row that
 * its snapshot sees nothing is removed, and what takes the place of one that it
 * does not see is a row it does not see either. So is what it has been told of
 * pointers behind the page's last, and of those that were unused.
 *
 * A proof is as good as fetching the row now (the proof's own contract is in
 * pt_pages.h). Whatever changes what a page says, hints aside, gives it a new
 * LSN before the change can matter to us: a transaction that our snapshot sees
 * set it before it committed, and taking the snapshot ordered us after that;
 * of one that it does not see, the page before the change says the same. So
 * where the LSN is the proof's the page is the one that was judged, and what a
 * fetch would find there follows from which of its transactions had finished
 * for our snapshot: all of them, as is checked, and then the proof has it, or
 * the row is fetched. This asks for no barrier and holds in recovery, where
 * replay sets the LSN. It asks for a table whose changes are all logged.
 */
#ifndef PT_VISIBLE_H
#define PT_VISIBLE_H

#include "access/tableam.h"
#include "access/visibilitymap.h"
#include "base/pt_proof.h"
#include "base/pt_tally.h"
#include "executor/tuptable.h"
#include "storage/buf_internals.h"
#include "storage/bufmgr.h"
#include "utils/rel.h"
#include "utils/snapshot.h"

/*
 * Pages of the map to keep pinned. Each tells of 255 MB of the table; an edge
 * and the next are anywhere in it.
 */
#define PT_MAP_PINS 16

typedef struct PtVisibility
{
	Relation	heap;
	Snapshot	snapshot;
	bool		use_map;
	bool		use_pages;		/* may pages be judged? */
	Buffer		map_buffers[PT_MAP_PINS];	/* pinned pages of the map, or InvalidBuffer */
	BlockNumber map_firsts[PT_MAP_PINS];	/* first heap block each tells of */
	const volatile uint8 *map_bits; /* bits of the page asked last */
	BlockNumber map_first;
	MemoryContext context;		/* of the call */
	PtFileUse  *use;			/* of what is known of the pages, once asked for */
	PtFile	   *file;			/* that */
	uint64		walk;			/* our number there */
	bool		is_full;		/* there is no room for more pages */
	IndexFetchTableData *fetch;
	TupleTableSlot *slot;
	PtTally		tally;
} PtVisibility;

/* layout of the visibility map, part of the on-disk format of heap tables */
#define PT_MAP_BLOCKS_PER_BYTE (BITS_PER_BYTE / BITS_PER_HEAPBLOCK)
#define PT_MAP_BLOCKS_PER_PAGE \
	((BLCKSZ - MAXALIGN(SizeOfPageHeaderData)) * PT_MAP_BLOCKS_PER_BYTE)

/*
 * What besides fetching rows one by one may tell. Judging pages and proofs are
 * for tables of the heap access method and not for serializable transactions,
 * in which fetching a row is what notices a conflict. The map asks for the
 * barrier besides.
 */
#define PT_VISIBLE_BY_PAGE	0x01
#define PT_VISIBLE_BY_MAP	0x02

/*
 * Begin to ask about rows of a heap, which is open and locked until the end,
 * under a snapshot that is registered until then. The slot is in the current
 * memory context. End it, unless an error ends the call: the pins are the
 * resource owner's, and what else it has goes with the context.
 */
extern void pt_visibility_begin(PtVisibility *vis, Relation heap,
								Snapshot snapshot, int by);
extern void pt_visibility_end(PtVisibility *vis);

/* Let go of the row in the slot and of its page, until another is fetched. */
extern void pt_visibility_unpin(PtVisibility *vis);

/*
 * Put the row version of the HOT chain at tid that the snapshot sees into
 * vis->slot; false if there is none. The row before it leaves the slot. In a
 * serializable transaction this also notes conflicts with writers, which may
 * be error 40001. One page of the heap is read, and locked in share mode
 * meanwhile.
 */
extern bool pt_fetch_row(PtVisibility *vis, ItemPointer tid);

/*
 * Pin the page of the visibility map that tells of a heap block; false if
 * there is none, so the block is not all-visible.
 */
extern bool pt_open_map_page(PtVisibility *vis, BlockNumber heap_block);

/* The bit of visibilitymap_get_status, without the call. */
static inline bool
pt_page_is_all_visible(PtVisibility *vis, BlockNumber heap_block)
{
	uint32		at = heap_block - vis->map_first;

	if (at >= PT_MAP_BLOCKS_PER_PAGE || vis->map_bits == NULL)
	{
		if (!pt_open_map_page(vis, heap_block))
			return false;
		at = heap_block - vis->map_first;
	}
	return (vis->map_bits[at / PT_MAP_BLOCKS_PER_BYTE] >>
			(at % PT_MAP_BLOCKS_PER_BYTE * BITS_PER_HEAPBLOCK)) &
		VISIBILITYMAP_ALL_VISIBLE;
}

/* What the walk knows of a group of pages, or NULL. */
static inline PtPageGroup *
pt_known_group(const PtVisibility *vis, BlockNumber block)
{
	PtPageGroup *group;

	if (vis->file == NULL || block / PT_GROUP_PAGES >= vis->file->ngroups)
		return NULL;
	group = &vis->file->groups[block / PT_GROUP_PAGES];
	return group->walk == vis->walk ? group : NULL;
}

/* The question, where nothing that is at hand can tell. */
extern bool pt_ask_page(PtVisibility *vis, const ItemPointerData *tid);

/*
 * The question itself. Where entries that lead to a page lead to rows that are
 * seen, all of them, an entry is trusted to lead to one as it is with the map;
 * so under the barrier only.
 */
static inline bool
pt_row_is_visible(PtVisibility *vis, const ItemPointerData *tid)
{
	BlockNumber block = ItemPointerGetBlockNumberNoCheck(tid);
	OffsetNumber offset = ItemPointerGetOffsetNumberNoCheck(tid);
	uint64		bit = pt_page_bit(block);
	PtPageGroup *group;
	bool		all_seen;

	group = pt_known_group(vis, block);
	if (group == NULL || !(group->sure & bit))
	{
		if (!vis->use_map || !pt_page_is_all_visible(vis, block))
			return pt_ask_page(vis, tid);
		vis->tally.by_map++;
		return true;
	}
	all_seen = (group->all_seen & bit) != 0;
	if (all_seen && !vis->use_map)
		return pt_ask_page(vis, tid);
	if (group->by_itself & bit)
		vis->tally.by_looking++;
	else
		vis->tally.by_proof++;
	return all_seen || pt_is_seen(group, block, offset);
}

/*
 * Have the memory on its way that the question may take. Inlined for certain:
 * GCC takes a function that only prefetches for one without effect.
 */
static pg_attribute_always_inline void
pt_prefetch_row(const PtVisibility *vis, const ItemPointerData *tid)
{
	BlockNumber block = ItemPointerGetBlockNumberNoCheck(tid);
	uint64		bit = pt_page_bit(block);
	PtPageGroup *group;

	if (vis->file == NULL || block / PT_GROUP_PAGES >= vis->file->ngroups)
		return;
	group = &vis->file->groups[block / PT_GROUP_PAGES];
	if (group->walk == vis->walk && (group->sure & bit))
	{
		if (group->seen != NULL && !(group->all_seen & bit))
			__builtin_prefetch(&group->seen[pt_seen_word(block,
														 ItemPointerGetOffsetNumberNoCheck(tid))]);
	}
	else if (group->pages != NULL && group->pages[block % PT_GROUP_PAGES].lsn != 0)
	{
		Buffer		buffer = group->pages[block % PT_GROUP_PAGES].buffer;

		__builtin_prefetch(BufferGetPage(buffer));
		if (buffer > 0)
			__builtin_prefetch(GetBufferDescriptor(buffer - 1));
	}
}

#endif							/* PT_VISIBLE_H */
