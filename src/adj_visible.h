/*
 * adj_visible.h
 *		Is the row version at a TID visible to a walk's snapshot?
 *
 * With use_map, a set bit of the visibility map answers yes without touching
 * the heap. That is sound only under the vacuum barrier (adj_barrier.c), for a
 * TID that was in the log and not yet dead when the walk read the log under
 * it. The map's pages stay pinned from one question to the next; their bits are
 * looked at each time.
 *
 * Why no lock on the map is needed: if our snapshot sees the row's deletion,
 * the deleter cleared the bit before it committed, and taking the snapshot
 * ordered us after that. If the row was inserted after our snapshot, its
 * inserter cleared the bit before it logged the entry, and reading the entry
 * (under a buffer lock, or from an image published under a lock) ordered us
 * after that; the bit cannot be set again while our snapshot does not see
 * the row.
 */
#ifndef ADJ_VISIBLE_H
#define ADJ_VISIBLE_H

#include "access/tableam.h"
#include "access/visibilitymap.h"
#include "executor/tuptable.h"
#include "utils/rel.h"
#include "utils/snapshot.h"

/*
 * Pages of the map to keep pinned. Each tells of 255 MB of the table; an edge
 * and the next are anywhere in it.
 */
#define ADJ_MAP_PINS 16

typedef struct AdjVisibility
{
	Relation	heap;
	Snapshot	snapshot;
	bool		use_map;
	Buffer		map_buffers[ADJ_MAP_PINS];	/* pinned pages of the map, or InvalidBuffer */
	BlockNumber map_firsts[ADJ_MAP_PINS];	/* first heap block each tells of */
	const volatile uint8 *map_bits; /* bits of the page asked last */
	BlockNumber map_first;
	IndexFetchTableData *fetch;
	TupleTableSlot *slot;
} AdjVisibility;

/* layout of the visibility map, part of the on-disk format of heap tables */
#define ADJ_MAP_BLOCKS_PER_BYTE (BITS_PER_BYTE / BITS_PER_HEAPBLOCK)
#define ADJ_MAP_BLOCKS_PER_PAGE \
	((BLCKSZ - MAXALIGN(SizeOfPageHeaderData)) * ADJ_MAP_BLOCKS_PER_BYTE)

extern void adj_visibility_begin(AdjVisibility *vis, Relation heap,
								 Snapshot snapshot, bool use_map);
extern void adj_visibility_end(AdjVisibility *vis);
extern bool adj_fetch_row(AdjVisibility *vis, ItemPointer tid);
extern bool adj_open_map_page(AdjVisibility *vis, BlockNumber heap_block);

/* the bit of visibilitymap_get_status, without the call */
static inline bool
adj_page_is_all_visible(AdjVisibility *vis, BlockNumber heap_block)
{
	uint32		at = heap_block - vis->map_first;

	if (at >= ADJ_MAP_BLOCKS_PER_PAGE || vis->map_bits == NULL)
	{
		if (!adj_open_map_page(vis, heap_block))
			return false;
		at = heap_block - vis->map_first;
	}
	return (vis->map_bits[at / ADJ_MAP_BLOCKS_PER_BYTE] >>
			(at % ADJ_MAP_BLOCKS_PER_BYTE * BITS_PER_HEAPBLOCK)) &
		VISIBILITYMAP_ALL_VISIBLE;
}

static inline bool
adj_row_is_visible(AdjVisibility *vis, const ItemPointerData *tid)
{
	ItemPointerData copy = *tid;

	if (vis->use_map &&
		adj_page_is_all_visible(vis, ItemPointerGetBlockNumberNoCheck(&copy)))
		return true;
	return adj_fetch_row(vis, &copy);
}

#endif							/* ADJ_VISIBLE_H */
