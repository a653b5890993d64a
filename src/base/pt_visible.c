/*
 * pt_visible.c
 *		Is the row version at a TID visible to a walk's snapshot?
 */
#include "postgres.h"

#include "base/pt_compat.h"
#include "base/pt_visible.h"
#include "storage/bufmgr.h"

void
pt_visibility_begin(PtVisibility *vis, Relation heap, Snapshot snapshot, int by)
{
	vis->heap = heap;
	vis->snapshot = snapshot;
	vis->use_map = (by & PT_VISIBLE_BY_MAP) != 0;
	vis->use_pages = (by & PT_VISIBLE_BY_PAGE) != 0;
	vis->context = CurrentMemoryContext;
	vis->use = NULL;
	vis->file = NULL;
	vis->is_full = false;
	memset(&vis->tally, 0, sizeof(PtTally));
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
	if (vis->use != NULL)
		pt_file_release(vis->use);
	vis->use = NULL;
	vis->file = NULL;
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

/* ---- pages ---- */

/* The group of a block, as far as this walk knows it; NULL if there is none. */
static PtPageGroup *
find_group(PtVisibility *vis, BlockNumber block)
{
	if (vis->use_pages && vis->file == NULL)
	{
		vis->use = pt_file_use(vis->heap, vis->context);
		vis->use_pages = vis->use != NULL;
		if (vis->use_pages)
		{
			vis->file = vis->use->file;
			vis->walk = pt_new_walk();
		}
	}
	return vis->use_pages ? pt_file_group(vis->file, vis->heap, block, vis->walk) : NULL;
}

/*
 * The entry of a page, if the walk knows it or if it is a proof that stands
 * for our snapshot; or NULL.
 */
static PtPage *
find_verdict(PtVisibility *vis, PtPageGroup *group, BlockNumber block)
{
	uint64		bit = pt_page_bit(block);
	PtPage	   *page = pt_file_page(vis->file, block);

	if (page == NULL || ((group->sure | group->by_itself) & bit))
		return page;
	if (page->lsn == 0 ||
		!pt_has_finished(vis->snapshot, page->newest, page->low, page->high))
		return NULL;
	/* now and then by name, so that the page counts as used */
	if (pt_page_lsn(vis->heap, block, &page->buffer, (block + vis->walk) % 16 == 0) != page->lsn)
	{
		page->lsn = 0;
		return NULL;
	}
	if (page->form & PT_PAGE_HAS_ASKS)
		group->by_itself |= bit;
	else
		group->sure |= bit;
	if ((group->sure & bit) && (page->form & PT_PAGE_ALL_SEEN))
		group->all_seen |= bit;
	return page;
}

/* Judge a page; false if that cannot be done. */
static bool
judge(PtVisibility *vis, BlockNumber block)
{
	PtVerdict	verdict;

	if (vis->is_full || !pt_judge_page(vis->heap, block, vis->snapshot, &verdict))
		return false;
	vis->tally.pages_judged++;
	vis->is_full = !pt_file_keep(vis->file, block, &verdict);
	return !vis->is_full;
}

/* What an entry says that the walk goes by. */
static bool
sees(const PtPageGroup *group, const PtPage *page, BlockNumber block, OffsetNumber offset)
{
	if (offset < FirstOffsetNumber || offset > page->last)
		return false;
	return (page->form & PT_PAGE_WHOLE) || pt_is_seen(group, block, offset);
}

bool
pt_ask_page(PtVisibility *vis, const ItemPointerData *tid)
{
	BlockNumber block = ItemPointerGetBlockNumberNoCheck(tid);
	OffsetNumber offset = ItemPointerGetOffsetNumberNoCheck(tid);
	ItemPointerData copy = *tid;
	PtPageGroup *group = find_group(vis, block);
	PtPage	   *page = group == NULL ? NULL : find_verdict(vis, group, block);
	bool		sure = page != NULL && (group->sure & pt_page_bit(block));

	/* not even what a proof has open is sure */
	if (page != NULL && !sure && pt_page_asks(page, offset))
		page = NULL;
	if (page == NULL && group != NULL && pt_page_is_due(group, block) && judge(vis, block))
	{
		page = pt_file_page(vis->file, block);
		sure = true;
	}
	if (page == NULL)
	{
		vis->tally.by_fetching++;
		return pt_fetch_row(vis, &copy);
	}
	if (sure && (group->by_itself & pt_page_bit(block)))
		vis->tally.by_looking++;
	else
		vis->tally.by_proof++;
	return sees(group, page, block, offset);
}
