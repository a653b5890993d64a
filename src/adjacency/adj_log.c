/*
 * adj_log.c
 *		The log of an adjacency index: reading it and appending to it.
 *
 * adj_page.h has the format. An append changes the metapage's copy, and pages
 * only where the stage overflows: the tail, and a new page behind it if the
 * stage does not fit there. Generic WAL writes what differs.
 */
#include "postgres.h"

#include "adjacency/adj_columns.h"
#include "adjacency/adj_log.h"
#include "base/pt_attempt.h"
#include "base/pt_compat.h"
#include "base/pt_interrupts.h"

/* ---- pages ---- */

static void
init_page(Page page)
{
	PageInit(page, BLCKSZ, sizeof(AdjPageOpaqueData));
	AdjPageGetOpaque(page)->next = InvalidBlockNumber;
	AdjPageGetOpaque(page)->page_id = ADJ_PAGE_ID;
	((PageHeader) page)->pd_lower = MAXALIGN(SizeOfPageHeaderData);
}

void
adj_init_metapage(Page page, int hash_bits, int entry_size)
{
	AdjMeta    *meta;

	init_page(page);
	meta = AdjPageGetMeta(page);
	memset(meta, 0, sizeof(AdjMeta));
	meta->magic = ADJ_MAGIC;
	meta->version = ADJ_FORMAT_VERSION;
	meta->entry_size = entry_size;
	meta->hash_bits = hash_bits;
	if (!pg_strong_random(&meta->incarnation, sizeof(meta->incarnation)) ||
		!pg_strong_random(&meta->hash_seed, sizeof(meta->hash_seed)))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not generate random values for an adjacency index")));
	meta->first_block = InvalidBlockNumber;
	meta->last_block = InvalidBlockNumber;
	meta->free_head = InvalidBlockNumber;
	meta->retired_head = InvalidBlockNumber;
	meta->retired_last = InvalidBlockNumber;
	meta->building_head = InvalidBlockNumber;
	adj_set_staged(page, 0);
}

/* pd_lower always covers the stage: Generic WAL zeroes what is beyond. */
void
adj_set_staged(Page meta_page, int staged)
{
	AdjPageGetMeta(meta_page)->staged = staged;
	((PageHeader) meta_page)->pd_lower =
		ADJ_STAGE_OFFSET + staged * AdjPageGetMeta(meta_page)->entry_size;
}

void
adj_init_log_page(Page page, uint32 epoch, uint64 first_pos)
{
	init_page(page);
	AdjPageGetOpaque(page)->epoch = epoch;
	AdjPageGetOpaque(page)->first_pos = first_pos;
}

void
adj_page_add(Page page, const void *entries, int count, int entry_size)
{
	int			have = AdjPageCount(page, entry_size);

	Assert(have + count <= AdjPageCapacity(entry_size));
	memcpy(AdjPageEntry(page, have, entry_size), entries, count * entry_size);
	((PageHeader) page)->pd_lower += count * entry_size;
}

/* Can this version read it, and is it of the columns that the index has? */
static bool
is_known_format(Relation index, const AdjMeta *meta)
{
	if (meta->version < ADJ_OLDEST_VERSION || meta->version > ADJ_FORMAT_VERSION)
		return false;
	return meta->entry_size == adj_entry_size(index);
}

static void
check_metapage(Relation index, Page page)
{
	AdjMeta    *meta = AdjPageGetMeta(page);

	if (PageIsNew(page) ||
		PageGetSpecialSize(page) != sizeof(AdjPageOpaqueData) ||
		AdjPageGetOpaque(page)->page_id != ADJ_PAGE_ID ||
		meta->magic != ADJ_MAGIC ||
		meta->staged > ADJ_STAGE_SIZE)
		ereport(ERROR,
				(errcode(ERRCODE_INDEX_CORRUPTED),
				 errmsg("index \"%s\" has no valid adjacency metapage",
						RelationGetRelationName(index)),
				 errhint("REINDEX it.")));
	if (!is_known_format(index, meta))
		ereport(ERROR,
				(errcode(ERRCODE_INDEX_CORRUPTED),
				 errmsg("adjacency index \"%s\" has format version %u with entries of %u bytes, expected at most %u with %d",
						RelationGetRelationName(index), meta->version, meta->entry_size,
						ADJ_FORMAT_VERSION, adj_entry_size(index)),
				 errhint("REINDEX it with the installed version of parseltongue.")));
}

static bool
is_log_page(Page page, uint32 epoch)
{
	return !PageIsNew(page) &&
		PageGetSpecialSize(page) == sizeof(AdjPageOpaqueData) &&
		AdjPageGetOpaque(page)->page_id == ADJ_PAGE_ID &&
		AdjPageGetOpaque(page)->epoch == epoch &&
		((PageHeader) page)->pd_lower >= MAXALIGN(SizeOfPageHeaderData) &&
		((PageHeader) page)->pd_lower <= ((PageHeader) page)->pd_special;
}

/* ---- reading ---- */

void
adj_copy_meta(Page page, AdjMetaCopy *copy)
{
	memcpy(&copy->meta, AdjPageGetMeta(page), sizeof(AdjMeta));
	memcpy(copy->stage, AdjPageStage(page), copy->meta.staged * copy->meta.entry_size);
}

void
adj_read_meta(Relation index, AdjMetaCopy *copy)
{
	Buffer		buffer = ReadBuffer(index, ADJ_METAPAGE);

	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	check_metapage(index, BufferGetPage(buffer));
	adj_copy_meta(BufferGetPage(buffer), copy);
	UnlockReleaseBuffer(buffer);
}

void
adj_reader_init(AdjReader *reader, Relation index, const AdjMetaCopy *copy,
				BlockNumber block, uint64 pos, BufferAccessStrategy strategy)
{
	reader->index = index;
	reader->copy = copy;
	reader->at_block = block;
	reader->at_pos = pos;
	reader->strategy = strategy;
	reader->count = 0;
	reader->entry_size = copy->meta.entry_size;
}

/*
 * Copy the page at reader->at_block. If it holds at_pos, fill the batch and
 * return true; else step to the next page. *changed: the chain is broken.
 */
static bool
read_log_page(AdjReader *reader, bool *changed)
{
	const AdjMeta *meta = &reader->copy->meta;
	Buffer		buffer;
	Page		page;
	AdjPageOpaque opaque;
	uint64		end;
	bool		found = false;

	buffer = ReadBufferExtended(reader->index, MAIN_FORKNUM, reader->at_block,
								RBM_NORMAL, reader->strategy);
	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	page = BufferGetPage(buffer);
	/* a damaged page may have no such part */
	opaque = is_log_page(page, meta->epoch) ? AdjPageGetOpaque(page) : NULL;

	if (opaque == NULL || opaque->first_pos > reader->at_pos)
		*changed = true;
	else
	{
		end = Min(opaque->first_pos + AdjPageCount(page, reader->entry_size), meta->logged);
		if (reader->at_pos < end)
		{
			reader->block = reader->at_block;
			reader->page_first = opaque->first_pos;
			reader->pos = reader->at_pos;
			reader->count = (int) (end - reader->at_pos);
			memcpy(reader->entries.bytes,
				   AdjPageEntry(page, reader->at_pos - opaque->first_pos, reader->entry_size),
				   reader->count * reader->entry_size);
			reader->at_pos = end;
			found = true;
		}
		else if (BlockNumberIsValid(opaque->next))
			reader->at_block = opaque->next;
		else
			*changed = true;
	}
	UnlockReleaseBuffer(buffer);
	return found;
}

AdjReadStatus
adj_reader_next(AdjReader *reader)
{
	const AdjMeta *meta = &reader->copy->meta;

	pt_take_interrupts();

	while (reader->at_pos < meta->logged)
	{
		bool		changed = false;

		/* pages that come before, of a damaged log maybe in a circle */
		CHECK_FOR_INTERRUPTS();
		if (!BlockNumberIsValid(reader->at_block))
			reader->at_block = meta->first_block;
		if (!BlockNumberIsValid(reader->at_block))
			return ADJ_READ_CHANGED;
		if (read_log_page(reader, &changed))
			return ADJ_READ_OK;
		if (changed)
			return ADJ_READ_CHANGED;
	}

	if (reader->at_pos < AdjEndOfLog(meta))
	{
		int			skip = (int) (reader->at_pos - meta->logged);

		reader->block = InvalidBlockNumber;
		reader->page_first = meta->logged;
		reader->pos = reader->at_pos;
		reader->count = meta->staged - skip;
		memcpy(reader->entries.bytes, AdjEntryAt(reader->copy->stage, skip, reader->entry_size),
			   reader->count * reader->entry_size);
		reader->at_pos = AdjEndOfLog(meta);
		return ADJ_READ_OK;
	}
	return ADJ_READ_END;
}

bool
adj_read_killed(Relation index, const AdjMeta *meta, const AdjTombstone *tombstone,
				AdjEntryBuffer *entries, int *count)
{
	Buffer		buffer = ReadBuffer(index, tombstone->block);
	Page		page = BufferGetPage(buffer);
	bool		valid;

	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	valid = is_log_page(page, meta->epoch) &&
		AdjPageGetOpaque(page)->first_pos == tombstone->first_pos;
	if (valid)
	{
		*count = AdjPageCount(page, meta->entry_size);
		memcpy(entries->bytes, PageGetContents(page), *count * meta->entry_size);
	}
	UnlockReleaseBuffer(buffer);
	return valid;
}

void
adj_log_is_broken(Relation index, BlockNumber block)
{
	ereport(ERROR,
			(errcode(ERRCODE_INDEX_CORRUPTED),
			 BlockNumberIsValid(block) ?
			 errmsg("the log of adjacency index \"%s\" is broken after page %u",
					RelationGetRelationName(index), block) :
			 errmsg("the log of adjacency index \"%s\" is broken",
					RelationGetRelationName(index)),
			 errhint("REINDEX it.")));
}

/* ---- appending ---- */

Buffer
adj_allocate_page(Relation index, AdjMeta *meta)
{
	Buffer		buffer;

	if (!BlockNumberIsValid(meta->free_head))
		return pt_extend_relation(index, MAIN_FORKNUM);

	buffer = ReadBuffer(index, meta->free_head);
	LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
	if (PageIsNew(BufferGetPage(buffer)) ||
		AdjPageGetOpaque(BufferGetPage(buffer))->page_id != ADJ_PAGE_ID)
		ereport(ERROR,
				(errcode(ERRCODE_INDEX_CORRUPTED),
				 errmsg("free page %u of adjacency index \"%s\" is not valid",
						meta->free_head, RelationGetRelationName(index)),
				 errhint("REINDEX it.")));
	meta->free_head = AdjPageGetOpaque(BufferGetPage(buffer))->next;
	return buffer;
}

void
adj_append_begin(AdjAppend *append, Relation index)
{
	append->index = index;
	append->meta_buffer = ReadBuffer(index, ADJ_METAPAGE);
	append->tail_buffer = InvalidBuffer;
	append->new_buffer = InvalidBuffer;
	append->other_buffer = InvalidBuffer;
	LockBuffer(append->meta_buffer, BUFFER_LOCK_EXCLUSIVE);
	check_metapage(index, BufferGetPage(append->meta_buffer));
	append->state = GenericXLogStart(index);
	append->meta_page = GenericXLogRegisterBuffer(append->state, append->meta_buffer, 0);
	append->meta = AdjPageGetMeta(append->meta_page);
}

static void
open_tail(AdjAppend *append)
{
	append->tail_buffer = ReadBuffer(append->index, append->meta->last_block);
	LockBuffer(append->tail_buffer, BUFFER_LOCK_EXCLUSIVE);
	if (!is_log_page(BufferGetPage(append->tail_buffer), append->meta->epoch))
		ereport(ERROR,
				(errcode(ERRCODE_INDEX_CORRUPTED),
				 errmsg("page %u of adjacency index \"%s\" is not the end of its log",
						append->meta->last_block, RelationGetRelationName(append->index)),
				 errhint("REINDEX it.")));
	append->tail_page = GenericXLogRegisterBuffer(append->state, append->tail_buffer, 0);
}

/* Link a new page behind the tail. */
static void
add_page(AdjAppend *append, uint64 first_pos)
{
	AdjMeta    *meta = append->meta;
	BlockNumber block;

	append->new_buffer = adj_allocate_page(append->index, meta);
	block = BufferGetBlockNumber(append->new_buffer);
	append->new_page = GenericXLogRegisterBuffer(append->state, append->new_buffer,
												 GENERIC_XLOG_FULL_IMAGE);
	adj_init_log_page(append->new_page, meta->epoch, first_pos);
	if (BufferIsValid(append->tail_buffer))
		AdjPageGetOpaque(append->tail_page)->next = block;
	else
		meta->first_block = block;
	meta->last_block = block;
	meta->log_pages++;
}

bool
adj_append_can_flush(AdjAppend *append)
{
	const AdjMeta *meta = append->meta;
	Buffer		buffer;
	int			room;

	if (meta->staged == 0 || BlockNumberIsValid(meta->free_head))
		return true;
	if (!BlockNumberIsValid(meta->last_block))
		return false;
	buffer = ReadBuffer(append->index, meta->last_block);
	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	room = AdjPageCapacity(meta->entry_size) -
		AdjPageCount(BufferGetPage(buffer), meta->entry_size);
	UnlockReleaseBuffer(buffer);
	return room >= (int) meta->staged;
}

bool
adj_append_fits(AdjAppend *append)
{
	return append->meta->staged < ADJ_STAGE_SIZE || adj_append_can_flush(append);
}

/* A page to be added to the file, unlocked. */
typedef struct NewPage
{
	Relation	index;
	BlockNumber block;
} NewPage;

static void
extend(void *arg)
{
	NewPage    *page = arg;
	Buffer		buffer = pt_extend_relation(page->index, MAIN_FORKNUM);

	page->block = BufferGetBlockNumber(buffer);
	UnlockReleaseBuffer(buffer);
}

/* InvalidBlockNumber if the file cannot grow. */
static BlockNumber
try_extend(Relation index)
{
	/* a quota, or a limit on files, is an internal error to the server */
	static const int forgiven[] = {ERRCODE_INTERNAL_ERROR, 0};
	NewPage		page = {index, InvalidBlockNumber};

	return pt_attempt(extend, &page, forgiven) ? page.block : InvalidBlockNumber;
}

/* A page besides those that appending takes. */
static Page
register_page(AdjAppend *append, BlockNumber block, int flags)
{
	Assert(!BufferIsValid(append->other_buffer));

	append->other_buffer = ReadBuffer(append->index, block);
	LockBuffer(append->other_buffer, BUFFER_LOCK_EXCLUSIVE);
	return GenericXLogRegisterBuffer(append->state, append->other_buffer, flags);
}

bool
adj_reserve_page(Relation index)
{
	BlockNumber block = try_extend(index);
	AdjAppend	append;
	Page		page;

	if (!BlockNumberIsValid(block))
		return false;
	adj_append_begin(&append, index);
	/* whole, since nothing in the log says that the file is this long */
	page = register_page(&append, block, GENERIC_XLOG_FULL_IMAGE);
	init_page(page);
	AdjPageGetOpaque(page)->next = append.meta->free_head;
	append.meta->free_head = block;
	adj_append_finish(&append);
	return true;
}

void
adj_append_flush(AdjAppend *append)
{
	AdjMeta    *meta = append->meta;
	char	   *stage = AdjPageStage(append->meta_page);
	int			size = meta->entry_size;
	int			count = meta->staged;
	int			moved = 0;

	Assert(!BufferIsValid(append->tail_buffer) && !BufferIsValid(append->new_buffer));

	if (BlockNumberIsValid(meta->last_block))
	{
		open_tail(append);
		moved = Min(count, AdjPageCapacity(size) - AdjPageCount(append->tail_page, size));
		adj_page_add(append->tail_page, stage, moved, size);
	}
	if (moved < count)
	{
		add_page(append, meta->logged + moved);
		adj_page_add(append->new_page, AdjEntryAt(stage, moved, size), count - moved, size);
	}
	meta->logged += count;
	adj_set_staged(append->meta_page, 0);
}

void
adj_append_entry(AdjAppend *append, const AdjWeightedEntry *entry)
{
	AdjMeta    *meta = append->meta;

	if (meta->staged >= ADJ_STAGE_SIZE)
		adj_append_flush(append);
	memcpy(AdjStageEntry(append->meta_page, meta->staged), entry, meta->entry_size);
	if (entry->entry.flags & ADJ_TOMBSTONE)
		meta->tombstones++;
	else if (entry->entry.flags & ADJ_HALF)
		meta->halves++;
	adj_set_staged(append->meta_page, meta->staged + 1);
}

Page
adj_append_page(AdjAppend *append, BlockNumber block)
{
	if (BufferIsValid(append->tail_buffer) &&
		BufferGetBlockNumber(append->tail_buffer) == block)
		return append->tail_page;
	return register_page(append, block, 0);
}

static void
release_buffers(AdjAppend *append)
{
	if (BufferIsValid(append->other_buffer))
		UnlockReleaseBuffer(append->other_buffer);
	if (BufferIsValid(append->new_buffer))
		UnlockReleaseBuffer(append->new_buffer);
	if (BufferIsValid(append->tail_buffer))
		UnlockReleaseBuffer(append->tail_buffer);
	UnlockReleaseBuffer(append->meta_buffer);
}

void
adj_append_finish(AdjAppend *append)
{
	GenericXLogFinish(append->state);
	release_buffers(append);
}

void
adj_append_cancel(AdjAppend *append)
{
	GenericXLogAbort(append->state);
	release_buffers(append);
}
