/*
 * adj_vacuum.c
 *		Marking dead entries, and telling the images about them.
 *
 * A death is written twice in one WAL record: as ADJ_DEAD on the entry, which
 * keeps it out of images built from now on, and as a tombstone at the end of
 * the log, which takes it out of images that exist. One without the other
 * would either hide the death from an image for ever or resurrect the entry.
 * One tombstone covers all deaths that one call finds on one page.
 *
 * Where the disk is full there may be no page for tombstones. VACUUM is what
 * makes room there, so it must not fail: deaths then go without, and the record
 * raises the era, which makes all images of the index be built anew. A page that
 * can be had is asked for beforehand, with nothing locked, so that it is no error
 * if it cannot.
 *
 * Only after the tombstones are written and the walks that may not have read
 * them are over (adj_barrier.c) do we return, and only then may VACUUM free
 * the line pointers.
 */
#include "postgres.h"

#include "adjacency/adj_barrier.h"
#include "adjacency/adj_handler.h"
#include "adjacency/adj_log.h"
#include "base/pt_compat.h"
#include "miscadmin.h"

typedef struct AdjVacuumState
{
	Relation	index;
	IndexBulkDeleteCallback callback;
	void	   *callback_state;
	uint64		live;
	uint64		killed;
	bool		is_full;		/* the file cannot grow */
} AdjVacuumState;

/* Which of some entries of a size are dead now; returns their number. */
static int
find_dead(AdjVacuumState *state, const void *entries, int entry_size, int count, bool *dead)
{
	int			found = 0;

	for (int i = 0; i < count; i++)
	{
		const AdjEntry *entry = AdjEntryAt(entries, i, entry_size);
		ItemPointerData tid = entry->tid;

		dead[i] = false;
		if (entry->flags & (ADJ_DEAD | ADJ_TOMBSTONE))
			continue;
		if (state->callback(&tid, state->callback_state))
		{
			dead[i] = true;
			found++;
		}
		else
			state->live++;
	}
	return found;
}

static int
find_batch_dead(AdjVacuumState *state, const AdjReader *reader, bool *dead)
{
	return find_dead(state, reader->entries.bytes, reader->entry_size, reader->count, dead);
}

/*
 * Begin a record, with room for a tombstone if that can be had; returns whether
 * it can. Others may take a page before we come to it.
 */
static bool
begin_with_room(AdjVacuumState *state, AdjAppend *append)
{
	for (;;)
	{
		adj_append_begin(append, state->index);
		if (adj_append_fits(append))
			return true;
		if (state->is_full)
			return false;
		adj_append_cancel(append);
		CHECK_FOR_INTERRUPTS();
		state->is_full = !adj_reserve_page(state->index);
	}
}

/* Mark the dead of one page and append their tombstone. */
static void
kill_entries(AdjVacuumState *state, const AdjReader *reader, const bool *dead, int found)
{
	int			offset = (int) (reader->pos - reader->page_first);
	union
	{
		AdjTombstone tombstone;
		AdjWeightedEntry entry;
	}			u;
	AdjAppend	append;
	Page		page;

	memset(&u, 0, sizeof(u));
	u.tombstone.first_pos = reader->page_first;
	u.tombstone.block = reader->block;
	u.tombstone.flags = ADJ_TOMBSTONE;
	for (int i = 0; i < reader->count; i++)
		if (dead[i])
			u.tombstone.killed[(offset + i) / 8] |= 1 << ((offset + i) % 8);

	if (begin_with_room(state, &append))
		adj_append_entry(&append, &u.entry);
	else
		append.meta->era++;
	page = adj_append_page(&append, reader->block);
	for (int i = 0; i < reader->count; i++)
		if (dead[i])
			AdjPageEntry(page, offset + i, reader->entry_size)->flags |= ADJ_DEAD;
	append.meta->dead += found;
	append.meta->unsettled = 1;
	adj_append_finish(&append);

	state->killed += found;
}

/* Mark entries of the stage where they are, if it has not been moved since. */
static bool
kill_staged(AdjVacuumState *state, AdjAppend *append, const AdjMetaCopy *copy,
			const bool *dead, int found)
{
	if (append->meta->logged != copy->meta.logged || append->meta->epoch != copy->meta.epoch)
		return false;
	Assert(memcmp(AdjPageStage(append->meta_page), copy->stage,
				  copy->meta.staged * copy->meta.entry_size) == 0);
	for (uint32 i = 0; i < copy->meta.staged; i++)
		if (dead[i])
			AdjStageEntry(append->meta_page, i)->flags |= ADJ_DEAD;
	append->meta->dead += found;
	append->meta->unsettled = 1;
	append->meta->era++;
	state->killed += found;
	return true;
}

/*
 * A death is recorded on a log page, so if any staged entry is dead, move the
 * stage there. Returns true if it was moved; then *copy is read anew. False as
 * well if there is no page for it, and the dead have been marked.
 */
static bool
flush_dead_stage(AdjVacuumState *state, AdjMetaCopy *copy)
{
	bool		dead[ADJ_STAGE_SIZE];
	int			found = find_dead(state, copy->stage, copy->meta.entry_size,
								  copy->meta.staged, dead);
	AdjAppend	append;
	bool		marked = false;

	if (found == 0)
		return false;

	adj_append_begin(&append, state->index);
	if (!adj_append_can_flush(&append))
	{
		adj_append_cancel(&append);
		state->is_full = !adj_reserve_page(state->index);
		adj_append_begin(&append, state->index);
	}
	if (!adj_append_can_flush(&append))
		marked = kill_staged(state, &append, copy, dead, found);
	else if (append.meta->staged > 0)
		adj_append_flush(&append);
	adj_append_finish(&append);
	if (marked)
		return false;
	state->live = 0;			/* they are counted again on their page */
	adj_read_meta(state->index, copy);
	return true;
}

/*
 * Wait for the walks that may not have read the tombstones. A VACUUM that was
 * cancelled here leaves the wait to the next one, which finds the entries
 * marked already and kills nothing itself.
 */
static void
settle(Relation index)
{
	AdjMetaCopy copy;
	AdjAppend	append;

	adj_read_meta(index, &copy);
	if (!copy.meta.unsettled)
		return;
	adj_barrier_pass(index);
	adj_append_begin(&append, index);
	append.meta->unsettled = 0;
	adj_append_finish(&append);
}

IndexBulkDeleteResult *
adj_bulk_delete(IndexVacuumInfo *info, IndexBulkDeleteResult *stats,
				IndexBulkDeleteCallback callback, void *callback_state)
{
	AdjVacuumState state = {info->index, callback, callback_state, 0, 0, false};
	AdjMetaCopy copy;
	AdjReader  *reader = palloc(sizeof(AdjReader));
	AdjReadStatus status;
	bool		dead[ADJ_MAX_PAGE_ENTRIES];
	bool		flushed;

	adj_read_meta(info->index, &copy);
	flushed = flush_dead_stage(&state, &copy);

	adj_reader_init(reader, info->index, &copy, InvalidBlockNumber, 0, info->strategy);
	while ((status = adj_reader_next(reader)) == ADJ_READ_OK)
	{
		int			found;

		pt_vacuum_delay_point();
		if (!BlockNumberIsValid(reader->block))
		{
			/*
			 * The stage. Either its entries have been looked at, or it was
			 * emptied after the dead were collected and holds none of them.
			 */
			if (flushed && find_batch_dead(&state, reader, dead) > 0)
				elog(ERROR, "dead row in an entry written after it died, in index \"%s\"",
					 RelationGetRelationName(info->index));
			continue;
		}
		found = find_batch_dead(&state, reader, dead);
		if (found > 0)
			kill_entries(&state, reader, dead, found);
	}
	if (status == ADJ_READ_CHANGED)
		adj_log_is_broken(info->index, reader->at_block);
	pfree(reader);

	settle(info->index);

	if (stats == NULL)
		stats = palloc0(sizeof(IndexBulkDeleteResult));
	stats->num_index_tuples = state.live;
	stats->tuples_removed += state.killed;
	return stats;
}

IndexBulkDeleteResult *
adj_vacuum_cleanup(IndexVacuumInfo *info, IndexBulkDeleteResult *stats)
{
	AdjMetaCopy copy;

	if (info->analyze_only)
		return stats;

	adj_compact_if_due(info);

	adj_read_meta(info->index, &copy);
	if (stats == NULL)
	{
		stats = palloc0(sizeof(IndexBulkDeleteResult));
		stats->num_index_tuples =
			AdjEndOfLog(&copy.meta) - copy.meta.dead - copy.meta.tombstones;
	}
	stats->num_pages = RelationGetNumberOfBlocks(info->index);

	/*
	 * Compaction keeps the old pages for later, so after a mass deletion the
	 * file is larger than before: VACUUM VERBOSE tells what is free in it. The
	 * metapage is neither that nor of the log.
	 */
	if (stats->num_pages > copy.meta.log_pages + 1)
		stats->pages_deleted = stats->pages_free = stats->num_pages - copy.meta.log_pages - 1;
	return stats;
}
