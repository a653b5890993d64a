/*
 * pt_visible.c
 *		Fetching the visible row version at a TID.
 */
#include "postgres.h"

#include "base/pt_compat.h"
#include "base/pt_visible.h"
#include "storage/bufmgr.h"

void
pt_visibility_begin(PtVisibility *vis, Relation heap, Snapshot snapshot, bool use_map)
{
	vis->heap = heap;
	vis->snapshot = snapshot;
	vis->use_map = use_map;
	for (int i = 0; i < PT_MAP_PINS; i++)
		vis->map_buffers[i] = InvalidBuffer;
	vis->map_bits = NULL;
	vis->map_first = 0;
	vis->fetch = pt_index_fetch_begin(heap);
	vis->slot = table_slot_create(heap, NULL);
}

void
pt_visibility_end(PtVisibility *vis)
{
	for (int i = 0; i < PT_MAP_PINS; i++)
		if (BufferIsValid(vis->map_buffers[i]))
			ReleaseBuffer(vis->map_buffers[i]);
	ExecDropSingleTupleTableSlot(vis->slot);
	table_index_fetch_end(vis->fetch);
}

void
pt_visibility_unpin(PtVisibility *vis)
{
	ExecClearTuple(vis->slot);
	table_index_fetch_reset(vis->fetch);
}

bool
pt_fetch_row(PtVisibility *vis, ItemPointer tid)
{
	bool		call_again = false;

	/* an MVCC snapshot sees at most one member of a chain */
	return table_index_fetch_tuple(vis->fetch, tid, vis->snapshot, vis->slot,
								   &call_again, NULL);
}

bool
pt_open_map_page(PtVisibility *vis, BlockNumber heap_block)
{
	BlockNumber page = heap_block / PT_MAP_BLOCKS_PER_PAGE;
	int			i = page % PT_MAP_PINS;

	vis->map_bits = NULL;
	if (!BufferIsValid(vis->map_buffers[i]) ||
		vis->map_firsts[i] != page * PT_MAP_BLOCKS_PER_PAGE)
	{
		/* this releases the pin on another page */
		(void) visibilitymap_get_status(vis->heap, heap_block, &vis->map_buffers[i]);
		vis->map_firsts[i] = page * PT_MAP_BLOCKS_PER_PAGE;
		if (!BufferIsValid(vis->map_buffers[i]))
			return false;
	}
	vis->map_first = vis->map_firsts[i];
	vis->map_bits = (const volatile uint8 *) PageGetContents(BufferGetPage(vis->map_buffers[i]));
	return true;
}
