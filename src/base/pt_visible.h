/*
 * pt_visible.h
 *		Is the row version at a TID visible to a walk's snapshot?
 *
 * With use_map, a set bit of the visibility map answers yes without touching
 * the heap. That is sound only under the vacuum barrier (adj_barrier.h), for a
 * TID that was in the log and not yet dead when the walk read the log under
 * it. The map's pages stay pinned from one question to the next; their bits
 * are looked at each time.
 *
 * Why no lock on the map is needed: if our snapshot sees the row's deletion,
 * the deleter cleared the bit before it committed, and taking the snapshot
 * ordered us after that. If the row was inserted after our snapshot, its
 * inserter cleared the bit before it logged the entry, and reading the entry
 * (under a buffer lock, or from an image published under a lock) ordered us
 * after that; the bit cannot be set again while our snapshot does not see
 * the row.
 */
#ifndef PT_VISIBLE_H
#define PT_VISIBLE_H

#include "access/tableam.h"
#include "access/visibilitymap.h"
#include "executor/tuptable.h"
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
	Buffer		map_buffers[PT_MAP_PINS];	/* pinned pages of the map, or InvalidBuffer */
	BlockNumber map_firsts[PT_MAP_PINS];	/* first heap block each tells of */
	const volatile uint8 *map_bits; /* bits of the page asked last */
	BlockNumber map_first;
	IndexFetchTableData *fetch;
	TupleTableSlot *slot;
} PtVisibility;

/* layout of the visibility map, part of the on-disk format of heap tables */
#define PT_MAP_BLOCKS_PER_BYTE (BITS_PER_BYTE / BITS_PER_HEAPBLOCK)
#define PT_MAP_BLOCKS_PER_PAGE \
	((BLCKSZ - MAXALIGN(SizeOfPageHeaderData)) * PT_MAP_BLOCKS_PER_BYTE)

/*
 * Begin to ask about rows of a heap, which is open and locked until the end,
 * under a snapshot that is registered until then. The slot is in the current
 * memory context. End it, unless an error ends the call: the pins are the
 * resource owner's.
 */
extern void pt_visibility_begin(PtVisibility *vis, Relation heap,
								Snapshot snapshot, bool use_map);
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

/*
 * The question itself. Where the map does not settle it, the row is fetched.
 */
static inline bool
pt_row_is_visible(PtVisibility *vis, const ItemPointerData *tid)
{
	ItemPointerData copy = *tid;

	if (vis->use_map &&
		pt_page_is_all_visible(vis, ItemPointerGetBlockNumberNoCheck(&copy)))
		return true;
	return pt_fetch_row(vis, &copy);
}

#endif							/* PT_VISIBLE_H */
