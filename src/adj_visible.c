/*
 * adj_visible.c
 *		Fetching the visible row version at a TID.
 */
#include "postgres.h"

#include "adj_visible.h"
#include "storage/bufmgr.h"

void
adj_visibility_begin(AdjVisibility *vis, Relation heap, Snapshot snapshot, bool use_map)
{
	vis->heap = heap;
	vis->snapshot = snapshot;
	vis->use_map = use_map;
	vis->map_buffer = InvalidBuffer;
	vis->map_bits = NULL;
	vis->map_first = 0;
	vis->fetch = table_index_fetch_begin(heap);
	vis->slot = table_slot_create(heap, NULL);
}

void
adj_visibility_end(AdjVisibility *vis)
{
	if (BufferIsValid(vis->map_buffer))
		ReleaseBuffer(vis->map_buffer);
	ExecDropSingleTupleTableSlot(vis->slot);
	table_index_fetch_end(vis->fetch);
}

/*
 * Put the row version of the HOT chain at tid that the snapshot sees into
 * vis->slot; false if there is none. In a serializable transaction this also
 * notes conflicts with writers.
 */
bool
adj_fetch_row(AdjVisibility *vis, ItemPointer tid)
{
	bool		call_again = false;

	/* an MVCC snapshot sees at most one member of a chain */
	return table_index_fetch_tuple(vis->fetch, tid, vis->snapshot, vis->slot,
								   &call_again, NULL);
}

/*
 * Pin the page of the visibility map that tells of a heap block, and say
 * whether the block is all-visible.
 */
bool
adj_open_map_page(AdjVisibility *vis, BlockNumber heap_block)
{
	uint8		status = visibilitymap_get_status(vis->heap, heap_block, &vis->map_buffer);

	vis->map_bits = NULL;
	if (BufferIsValid(vis->map_buffer))
	{
		vis->map_bits = (const volatile uint8 *) PageGetContents(BufferGetPage(vis->map_buffer));
		vis->map_first = heap_block - heap_block % ADJ_MAP_BLOCKS_PER_PAGE;
	}
	return (status & VISIBILITYMAP_ALL_VISIBLE) != 0;
}
