/*
 * adj_compact.c
 *		Rewriting the log without its dead entries.
 *
 * When dead entries and tombstones outweigh the live, VACUUM copies the live
 * entries to a new chain of pages, catches up with what was appended
 * meanwhile, and under the metapage lock switches first page, tail and epoch
 * in one WAL record. Images are of an epoch, so they are built anew.
 *
 * The old chain is retired: walks that began before the switch may read it
 * until the barrier has been passed. Then it becomes the free chain, from
 * which appends take pages. A chain that an error or a crash left unfinished
 * hangs on building_head and is reclaimed by the next compaction. The file
 * never shrinks.
 */
#include "postgres.h"

#include "adjacency/adj_barrier.h"
#include "adjacency/adj_handler.h"
#include "base/pt_compat.h"
#include "miscadmin.h"

#define MAX_CATCH_UP_ROUNDS 10

/* what may be copied with appends locked out */
#define MAX_LOCKED_PAGES 4

typedef struct AdjCompaction
{
	Relation	index;
	uint32		epoch;			/* of the new chain */
	int			entry_size;
	PGAlignedBlock page;		/* the page being filled */
	uint64		entries;
	uint32		pages;
	BlockNumber first_block;
	BlockNumber last_block;		/* last page written */
} AdjCompaction;

static bool
compaction_is_due(const AdjMeta *meta)
{
	uint64		garbage = meta->dead + meta->tombstones;

	return meta->logged > AdjPageCapacity(meta->entry_size) && garbage > meta->logged / 2;
}

/* ---- chains ---- */

static BlockNumber
next_of_chain(Relation index, BlockNumber block)
{
	Buffer		buffer = ReadBuffer(index, block);
	BlockNumber next;

	CHECK_FOR_INTERRUPTS();
	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	next = AdjPageGetOpaque(BufferGetPage(buffer))->next;
	UnlockReleaseBuffer(buffer);
	return next;
}

static BlockNumber
end_of_chain(Relation index, BlockNumber block)
{
	for (;;)
	{
		BlockNumber next = next_of_chain(index, block);

		if (!BlockNumberIsValid(next))
			return block;
		block = next;
	}
}

/* Put the chain *head .. last in front of the free chain, and clear *head. */
static void
free_chain(Relation index, BlockNumber last, size_t head_offset)
{
	AdjAppend	append;
	Page		page;
	BlockNumber *head;

	adj_append_begin(&append, index);
	head = (BlockNumber *) ((char *) append.meta + head_offset);
	page = adj_append_page(&append, last);
	AdjPageGetOpaque(page)->next = append.meta->free_head;
	append.meta->free_head = *head;
	*head = InvalidBlockNumber;
	adj_append_finish(&append);
}

static void
free_retired_chain(Relation index)
{
	AdjMetaCopy copy;

	adj_read_meta(index, &copy);
	if (!BlockNumberIsValid(copy.meta.retired_head))
		return;
	adj_barrier_pass(index);
	free_chain(index, copy.meta.retired_last, offsetof(AdjMeta, retired_head));
}

static void
free_unfinished_chain(Relation index)
{
	AdjMetaCopy copy;

	adj_read_meta(index, &copy);
	if (BlockNumberIsValid(copy.meta.building_head))
		free_chain(index, end_of_chain(index, copy.meta.building_head),
				   offsetof(AdjMeta, building_head));
}

/*
 * Have as many pages in the free chain as the new chain may need; false if the
 * file cannot grow so far.
 */
static bool
reserve_pages(Relation index, const AdjMeta *meta)
{
	uint64		live = AdjEndOfLog(meta) - meta->dead - meta->tombstones;
	uint64		needed = live / AdjPageCapacity(meta->entry_size) + 2;
	BlockNumber block = meta->free_head;

	while (needed > 0 && BlockNumberIsValid(block))
	{
		block = next_of_chain(index, block);
		needed--;
	}
	for (; needed > 0; needed--)
		if (!adj_reserve_page(index))
			return false;
	return true;
}

/* ---- copying ---- */

/*
 * Write the page being filled and link it. The caller holds the metapage
 * exclusively, since allocation changes it.
 */
static void
write_page(AdjCompaction *compaction, Buffer meta_buffer)
{
	GenericXLogState *state = GenericXLogStart(compaction->index);
	AdjMeta    *meta = AdjPageGetMeta(GenericXLogRegisterBuffer(state, meta_buffer, 0));
	Buffer		buffer = adj_allocate_page(compaction->index, meta);
	BlockNumber block = BufferGetBlockNumber(buffer);
	Buffer		previous = InvalidBuffer;
	Page		page;

	page = GenericXLogRegisterBuffer(state, buffer, GENERIC_XLOG_FULL_IMAGE);
	memcpy(page, compaction->page.data, BLCKSZ);

	if (BlockNumberIsValid(compaction->last_block))
	{
		previous = ReadBuffer(compaction->index, compaction->last_block);
		LockBuffer(previous, BUFFER_LOCK_EXCLUSIVE);
		page = GenericXLogRegisterBuffer(state, previous, 0);
		AdjPageGetOpaque(page)->next = block;
	}
	else
	{
		compaction->first_block = block;
		meta->building_head = block;
	}
	GenericXLogFinish(state);

	if (BufferIsValid(previous))
		UnlockReleaseBuffer(previous);
	UnlockReleaseBuffer(buffer);
	compaction->last_block = block;
	compaction->pages++;
	adj_init_log_page((Page) compaction->page.data, compaction->epoch, compaction->entries);
}

/*
 * Add the live entries of a batch. meta_buffer is the locked metapage, or
 * InvalidBuffer to lock it for the length of a page write.
 */
static void
copy_batch(AdjCompaction *compaction, const AdjReader *reader, Buffer meta_buffer)
{
	Page		page = (Page) compaction->page.data;
	int			size = compaction->entry_size;

	for (int i = 0; i < reader->count; i++)
	{
		const AdjEntry *entry = adj_reader_entry(reader, i);

		if (entry->flags & (ADJ_DEAD | ADJ_TOMBSTONE))
			continue;
		if (AdjPageCount(page, size) == AdjPageCapacity(size))
		{
			Buffer		buffer = meta_buffer;

			if (!BufferIsValid(meta_buffer))
			{
				buffer = ReadBuffer(compaction->index, ADJ_METAPAGE);
				LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
			}
			write_page(compaction, buffer);
			if (!BufferIsValid(meta_buffer))
				UnlockReleaseBuffer(buffer);
		}
		adj_page_add(page, entry, 1, size);
		compaction->entries++;
	}
}

/*
 * Copy log pages, not the stage, from the reader's place to the end that its
 * metapage copy gives.
 */
static void
copy_log(AdjCompaction *compaction, AdjReader *reader, Buffer meta_buffer)
{
	while (reader->at_pos < reader->copy->meta.logged)
	{
		if (!BufferIsValid(meta_buffer))
			pt_vacuum_delay_point();
		if (adj_reader_next(reader) != ADJ_READ_OK)
			adj_log_is_broken(compaction->index, reader->at_block);
		copy_batch(compaction, reader, meta_buffer);
	}
}

/* Drop tombstones from the stage: the copy left out what they killed. The dead, too. */
static int
drop_staged_tombstones(Page meta_page)
{
	const AdjMeta *meta = AdjPageGetMeta(meta_page);
	int			kept = 0;

	for (uint32 i = 0; i < meta->staged; i++)
		if (!(AdjStageEntry(meta_page, i)->flags & (ADJ_TOMBSTONE | ADJ_DEAD)))
			memmove(AdjStageEntry(meta_page, kept++), AdjStageEntry(meta_page, i),
					meta->entry_size);
	return kept;
}

/* The one record that makes the new chain the log. */
static void
switch_logs(AdjCompaction *compaction, Buffer meta_buffer)
{
	GenericXLogState *state = GenericXLogStart(compaction->index);
	Page		page = GenericXLogRegisterBuffer(state, meta_buffer, 0);
	AdjMeta    *meta = AdjPageGetMeta(page);

	meta->retired_head = meta->first_block;
	meta->retired_last = meta->last_block;
	meta->building_head = InvalidBlockNumber;
	meta->first_block = compaction->first_block;
	meta->last_block = compaction->last_block;
	meta->log_pages = compaction->pages;
	meta->epoch = compaction->epoch;
	meta->logged = compaction->entries;
	meta->dead = 0;
	meta->tombstones = 0;
	adj_set_staged(page, drop_staged_tombstones(page));
	GenericXLogFinish(state);
}

/*
 * Copy the rest with appends locked out, then switch. False if writers are too
 * far ahead: then the next VACUUM tries again.
 */
static bool
finish_compaction(AdjCompaction *compaction, AdjReader *reader, AdjMetaCopy *copy)
{
	Buffer		meta_buffer = ReadBuffer(compaction->index, ADJ_METAPAGE);

	LockBuffer(meta_buffer, BUFFER_LOCK_EXCLUSIVE);
	adj_copy_meta(BufferGetPage(meta_buffer), copy);
	if (copy->meta.logged - reader->at_pos >
		MAX_LOCKED_PAGES * AdjPageCapacity(compaction->entry_size))
	{
		UnlockReleaseBuffer(meta_buffer);
		return false;
	}
	copy_log(compaction, reader, meta_buffer);
	if (AdjPageCount((Page) compaction->page.data, compaction->entry_size) > 0)
		write_page(compaction, meta_buffer);
	switch_logs(compaction, meta_buffer);
	UnlockReleaseBuffer(meta_buffer);
	return true;
}

void
adj_compact_if_due(IndexVacuumInfo *info)
{
	AdjCompaction compaction = {.index = info->index};
	AdjMetaCopy copy;
	AdjReader  *reader;

	adj_read_meta(info->index, &copy);
	if (BlockNumberIsValid(copy.meta.retired_head))
		free_retired_chain(info->index);
	if (!compaction_is_due(&copy.meta))
		return;
	free_unfinished_chain(info->index);
	adj_read_meta(info->index, &copy);
	if (!reserve_pages(info->index, &copy.meta))
		return;

	compaction.epoch = copy.meta.epoch + 1;
	compaction.entry_size = copy.meta.entry_size;
	compaction.first_block = compaction.last_block = InvalidBlockNumber;
	adj_init_log_page((Page) compaction.page.data, compaction.epoch, 0);

	reader = palloc(sizeof(AdjReader));
	adj_reader_init(reader, info->index, &copy, InvalidBlockNumber, 0, info->strategy);
	for (int round = 0; round < MAX_CATCH_UP_ROUNDS; round++)
	{
		copy_log(&compaction, reader, InvalidBuffer);
		adj_read_meta(info->index, &copy);
		if (copy.meta.logged - reader->at_pos <= AdjPageCapacity(compaction.entry_size))
			break;
	}
	if (finish_compaction(&compaction, reader, &copy))
		free_retired_chain(info->index);
	pfree(reader);
}
