/*
 * adj_recall.c
 *		What a scan remembers of the log, for its next questions.
 *
 * Entries are collected and sorted by one end. What does not fit into memory is
 * written as a run of blocks to a temporary file; of each block the first entry's
 * end stays in memory, so that a look-up reads from each run the blocks that it
 * needs and no others. Runs are not merged: there are few.
 *
 * All questions of a scan are asked under one snapshot, whose rows have been in
 * the log since before it was taken. Whatever else is remembered does no harm, as
 * with an image (src/README, "Ordinary queries").
 */
#include "postgres.h"

#include <math.h>

#include "adjacency/adj_recall.h"
#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "miscadmin.h"
#include "optimizer/optimizer.h"
#include "storage/buffile.h"
#include "utils/memutils.h"

typedef struct RecalledEntry
{
	uint64		end;			/* fingerprint; sorted by it */
	uint64		other_end;
	ItemPointerData tid;
	uint16		flags;			/* of the entry */
} RecalledEntry;

#define BLOCK_ENTRIES ((int) (BLCKSZ / sizeof(RecalledEntry)))
#define FIRST_CAPACITY 1024

/* A sorted run in the file. */
typedef struct Run
{
	uint64		first_block;
	uint64		count;
	uint64	   *firsts;			/* end of the first entry of each block */
} Run;

struct AdjRecall
{
	MemoryContext context;
	bool		by_source;
	RecalledEntry *entries;		/* the last run, in memory */
	uint64		count;
	uint64		capacity;
	uint64		most;			/* that memory may have */
	BufFile    *file;			/* NULL: all is in memory */
	uint64		blocks;			/* of the file */
	Run		   *runs;
	int			nruns;
	int			runs_capacity;
	RecalledEntry block[BLOCK_ENTRIES];
};

static uint64
most_in_memory(void)
{
	return Max(get_hash_memory_limit() / sizeof(RecalledEntry), FIRST_CAPACITY);
}

static int
compare_entries(const void *a, const void *b, void *arg)
{
	uint64		x = ((const RecalledEntry *) a)->end;
	uint64		y = ((const RecalledEntry *) b)->end;

	return x < y ? -1 : x > y;
}

static int
compare_firsts(const void *first, const void *key, void *arg)
{
	uint64		x = *(const uint64 *) first;
	uint64		y = *(const uint64 *) key;

	return x < y ? -1 : x > y;
}

/* ---- the file ---- */

static uint64
blocks_of(uint64 count)
{
	return (count + BLOCK_ENTRIES - 1) / BLOCK_ENTRIES;
}

static void
add_run(AdjRecall *recall)
{
	Run		   *run;

	if (recall->nruns == recall->runs_capacity)
	{
		recall->runs_capacity = Max(16, recall->runs_capacity * 2);
		recall->runs = recall->runs == NULL ?
			palloc(recall->runs_capacity * sizeof(Run)) :
			repalloc(recall->runs, recall->runs_capacity * sizeof(Run));
	}
	run = &recall->runs[recall->nruns++];
	run->first_block = recall->blocks;
	run->count = recall->count;
	run->firsts = palloc_extended(blocks_of(recall->count) * sizeof(uint64), MCXT_ALLOC_HUGE);
}

/* Write what is in memory, sorted, as a run. */
static void
write_run(AdjRecall *recall)
{
	const RecalledEntry *entries = recall->entries;
	Run		   *run;

	if (recall->file == NULL)
		recall->file = BufFileCreateTemp(false);
	add_run(recall);
	run = &recall->runs[recall->nruns - 1];
	for (uint64 i = 0; i < recall->count; i += BLOCK_ENTRIES)
	{
		uint64		count = Min(recall->count - i, (uint64) BLOCK_ENTRIES);
		PGAlignedBlock block;

		CHECK_FOR_INTERRUPTS();
		memset(block.data, 0, BLCKSZ);
		memcpy(block.data, entries + i, count * sizeof(RecalledEntry));
		BufFileWrite(recall->file, block.data, BLCKSZ);
		run->firsts[i / BLOCK_ENTRIES] = entries[i].end;
		recall->blocks++;
	}
	recall->count = 0;
}

/* How many entries the block of a run has. */
static int
read_block(AdjRecall *recall, const Run *run, uint64 block)
{
	PGAlignedBlock buffer;

	if (BufFileSeekBlock(recall->file, run->first_block + block) != 0 ||
		BufFileRead(recall->file, buffer.data, BLCKSZ) != BLCKSZ)
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not read a temporary file of a scan: %m")));
	memcpy(recall->block, buffer.data, sizeof(recall->block));
	return (int) Min(run->count - block * BLOCK_ENTRIES, (uint64) BLOCK_ENTRIES);
}

/* ---- remembering ---- */

static void
sort_entries(AdjRecall *recall)
{
	pt_sort(recall->entries, recall->count, sizeof(RecalledEntry), compare_entries, NULL);
}

/* Room for one entry more. */
static void
make_room(AdjRecall *recall)
{
	if (recall->count < recall->capacity)
		return;
	if (recall->capacity == recall->most)
	{
		sort_entries(recall);
		write_run(recall);
		return;
	}
	recall->capacity = Min(recall->capacity * 2, recall->most);
	recall->entries = repalloc_huge(recall->entries, recall->capacity * sizeof(RecalledEntry));
}

static void
add_entry(AdjRecall *recall, const AdjEntry *entry)
{
	RecalledEntry *added;

	if (entry->flags & (ADJ_DEAD | ADJ_TOMBSTONE |
						(recall->by_source ? ADJ_NO_SOURCE : ADJ_NO_TARGET)))
		return;
	make_room(recall);
	added = &recall->entries[recall->count++];
	added->end = recall->by_source ? entry->source : entry->target;
	added->other_end = recall->by_source ? entry->target : entry->source;
	added->tid = entry->tid;
	added->flags = entry->flags;
}

static void
add_batch(const AdjReader *reader, void *arg)
{
	for (int i = 0; i < reader->count; i++)
		add_entry(arg, adj_reader_entry(reader, i));
}

AdjRecall *
adj_recall_create(Relation index, AdjMetaCopy *copy, const AdjSearch *search)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "parseltongue recall",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	AdjRecall  *recall = palloc0(sizeof(AdjRecall));

	recall->context = context;
	recall->by_source = search->source.is_given;
	recall->most = most_in_memory();
	recall->capacity = FIRST_CAPACITY;
	recall->entries = palloc(recall->capacity * sizeof(RecalledEntry));
	adj_scan_log(index, copy, add_batch, recall);
	sort_entries(recall);
	if (recall->file != NULL)
	{
		write_run(recall);
		pfree(recall->entries);
		recall->entries = NULL;
	}
	MemoryContextSwitchTo(caller);
	return recall;
}

void
adj_recall_free(AdjRecall *recall)
{
	if (recall->file != NULL)
		BufFileClose(recall->file);
	MemoryContextDelete(recall->context);
}

/* ---- recalling ---- */

/* Add those of some sorted entries that have an end; are there more behind them? */
static bool
add_places(const AdjRecall *recall, const RecalledEntry *entries, uint64 count, uint64 end,
		   const AdjScanEnd *other, AdjPlaces *places)
{
	uint16		no_other = recall->by_source ? ADJ_NO_TARGET : ADJ_NO_SOURCE;
	RecalledEntry key = {.end = end};

	for (uint64 i = pt_lower_bound(entries, count, sizeof(RecalledEntry), &key, compare_entries, NULL);
		 i < count; i++)
	{
		pt_check_interrupts(i);
		if (entries[i].end != end)
			return false;
		if (!other->is_given || (!(entries[i].flags & no_other) &&
								 adj_end_matches(other, entries[i].other_end)))
			adj_add_place(places, &entries[i].tid);
	}
	return true;
}

static void
search_run(AdjRecall *recall, const Run *run, uint64 end, const AdjScanEnd *other,
		   AdjPlaces *places)
{
	uint64		blocks = blocks_of(run->count);
	uint64		block = pt_lower_bound(run->firsts, blocks, sizeof(uint64), &end,
									   compare_firsts, NULL);

	/* the block before the first that begins with it may have some at its end */
	for (block -= block > 0; block < blocks && run->firsts[block] <= end; block++)
	{
		int			count;

		CHECK_FOR_INTERRUPTS();
		count = read_block(recall, run, block);
		if (!add_places(recall, recall->block, count, end, other, places))
			break;
	}
}

bool
adj_recall_pays(const AdjRecall *recall, const AdjSearch *search)
{
	const AdjScanEnd *end = recall->by_source ? &search->source : &search->target;

	return (uint64) end->count * recall->nruns <= recall->blocks;
}

void
adj_recall_search(AdjRecall *recall, const AdjSearch *search, AdjPlaces *places)
{
	const AdjScanEnd *end = recall->by_source ? &search->source : &search->target;
	const AdjScanEnd *other = recall->by_source ? &search->target : &search->source;

	for (int i = 0; i < end->count; i++)
	{
		uint64		fingerprint = end->nodes[i].fingerprint;

		CHECK_FOR_INTERRUPTS();
		if (i > 0 && fingerprint == end->nodes[i - 1].fingerprint)
			continue;
		if (recall->file == NULL)
			(void) add_places(recall, recall->entries, recall->count, fingerprint, other, places);
		for (int r = 0; r < recall->nruns; r++)
			search_run(recall, &recall->runs[r], fingerprint, other, places);
	}
}

void
adj_recall_cost(double entries, double page_cost, double *to_make, double *to_ask)
{
	double		most = most_in_memory();
	double		comparisons = entries * log2(Max(entries, 2));

	*to_make = 2 * cpu_operator_cost * comparisons;
	*to_ask = 2 * cpu_operator_cost * log2(Max(entries, 2));
	if (entries > most)
	{
		*to_make += page_cost * entries / BLOCK_ENTRIES;
		*to_ask += page_cost * ceil(entries / most);
	}
}
