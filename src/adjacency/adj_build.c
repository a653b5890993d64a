/*
 * adj_build.c
 *		CREATE INDEX: full log pages straight from the heap scan.
 */
#include "postgres.h"

#include "access/tableam.h"
#include "access/xloginsert.h"
#include "adjacency/adj_columns.h"
#include "adjacency/adj_handler.h"
#include "adjacency/adj_log.h"
#include "base/pt_compat.h"
#include "base/pt_guc.h"
#include "miscadmin.h"

typedef struct AdjBuildState
{
	Relation	index;
	AdjColumns	columns;
	PGAlignedBlock page;		/* the page being filled */
	BlockNumber block;			/* where it will go */
	uint64		entries;
} AdjBuildState;

/* Write out an image as the relation's block, which must be the next one. */
static void
write_new_page(Relation index, ForkNumber fork, BlockNumber block, Page image)
{
	Buffer		buffer = pt_extend_relation(index, fork);

	if (BufferGetBlockNumber(buffer) != block)
		elog(ERROR, "unexpected block %u of index \"%s\", expected %u",
			 BufferGetBlockNumber(buffer), RelationGetRelationName(index), block);

	START_CRIT_SECTION();
	memcpy(BufferGetPage(buffer), image, BLCKSZ);
	MarkBufferDirty(buffer);
	/* the init fork of an unlogged index is logged all the same */
	if (fork == INIT_FORKNUM || RelationNeedsWAL(index))
		log_newpage_buffer(buffer, true);
	END_CRIT_SECTION();

	UnlockReleaseBuffer(buffer);
}

static void
build_callback(Relation index, ItemPointer tid, Datum *values, bool *isnull,
			   bool tuple_is_alive, void *arg)
{
	AdjBuildState *state = arg;
	Page		page = (Page) state->page.data;
	AdjWeightedEntry entry;
	int			size = adj_entry_size(index);

	if (!adj_form_entry(&state->columns, values, isnull, tid, &entry))
		return;

	if (AdjPageCount(page, size) == AdjPageCapacity(size))
	{
		AdjPageGetOpaque(page)->next = state->block + 1;
		write_new_page(index, MAIN_FORKNUM, state->block, page);
		state->block++;
		adj_init_log_page(page, 0, state->entries);
	}
	adj_page_add(page, &entry, 1, size);
	state->entries++;
}

/* Tell the metapage, written first, where the log is. */
static void
finish_metapage(AdjBuildState *state)
{
	Buffer		buffer = ReadBuffer(state->index, ADJ_METAPAGE);
	AdjMeta    *meta = AdjPageGetMeta(BufferGetPage(buffer));

	LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
	START_CRIT_SECTION();
	meta->first_block = ADJ_METAPAGE + 1;
	meta->last_block = state->block;
	meta->log_pages = state->block;
	meta->logged = state->entries;
	MarkBufferDirty(buffer);
	if (RelationNeedsWAL(state->index))
		log_newpage_buffer(buffer, true);
	END_CRIT_SECTION();
	UnlockReleaseBuffer(buffer);
}

IndexBuildResult *
adj_build(Relation heap, Relation index, IndexInfo *indexInfo)
{
	AdjBuildState *state;
	IndexBuildResult *result;
	PGAlignedBlock meta_page;

	if (RelationGetNumberOfBlocks(index) != 0)
		elog(ERROR, "index \"%s\" already contains data", RelationGetRelationName(index));
	adj_check_definition(heap, index, indexInfo);

	adj_init_metapage((Page) meta_page.data, pt_debug_hash_bits, adj_entry_size(index));
	write_new_page(index, MAIN_FORKNUM, ADJ_METAPAGE, (Page) meta_page.data);

	state = palloc0(sizeof(AdjBuildState));
	state->index = index;
	state->block = ADJ_METAPAGE + 1;
	adj_describe_columns(index, AdjPageGetMeta((Page) meta_page.data), &state->columns);
	adj_init_log_page((Page) state->page.data, 0, 0);

	result = palloc0(sizeof(IndexBuildResult));
	result->heap_tuples = table_index_build_scan(heap, index, indexInfo, true, true,
												 build_callback, state, NULL);
	result->index_tuples = state->entries;

	if (state->entries > 0)
	{
		write_new_page(index, MAIN_FORKNUM, state->block, (Page) state->page.data);
		finish_metapage(state);
	}
	pfree(state);
	return result;
}

/* The init fork of an unlogged index: a metapage and nothing else. */
void
adj_build_empty(Relation index)
{
	PGAlignedBlock page;

	adj_init_metapage((Page) page.data, pt_debug_hash_bits, adj_entry_size(index));
	write_new_page(index, INIT_FORKNUM, ADJ_METAPAGE, (Page) page.data);
}
