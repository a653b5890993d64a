/*
 * adj.h
 *		The adjacency access method, as the rest of the extension sees it.
 *
 * Layers: everything here knows relations, buffers and WAL, nothing of images
 * or kernels.
 */
#ifndef ADJ_H
#define ADJ_H

#include "access/amapi.h"
#include "access/generic_xlog.h"
#include "adjacency/adj_page.h"
#include "nodes/execnodes.h"
#include "utils/rel.h"

/* ---- columns and hashes (adj_columns.c, adj_hash.c) ---- */

/* A node's identity in the index: for integers the value itself. */
typedef struct AdjNode
{
	uint64		fingerprint;
	uint32		check;
} AdjNode;

/*
 * What an index is made of. Cached in rd_amcache, hence one flat chunk.
 * incarnation tells whether the cache still describes the file: an in-place
 * TRUNCATE rebuilds the index without a relcache invalidation reaching us
 * first.
 */
typedef struct AdjColumns
{
	uint64		incarnation;
	uint64		hash_seed;
	int			hash_bits;
	bool		has_label;
	bool		has_confidence;
	Oid			node_type;		/* base type: text for varchar */
	Oid			label_type;
	AttrNumber	source_attno;	/* in the heap */
	AttrNumber	target_attno;
	AttrNumber	label_attno;
} AdjColumns;

/* places of the columns in the index */
#define ADJ_LABEL_COLUMN	2
#define ADJ_CONFIDENCE_COLUMN 3
#define ADJ_MAX_COLUMNS		4

extern void adj_check_definition(Relation heap, Relation index,
								 IndexInfo *indexInfo);
extern void adj_check_collations(Relation heap, Relation index);
extern void adj_check_confidence(Relation heap, Relation index);
extern void adj_describe_columns(Relation index, const AdjMeta *meta,
								 AdjColumns *columns);
extern const AdjColumns *adj_columns(Relation index, const AdjMeta *meta);
extern bool adj_is_integer(Oid type);
extern int64 adj_integer_value(Datum value, Oid type);
extern AdjNode adj_hash_node(const AdjColumns *columns, Datum value);
extern AdjNode adj_hash_integer(int64 value);
extern uint64 adj_hash_label(const AdjColumns *columns, Datum value);
extern bool adj_form_entry(const AdjColumns *columns, const Datum *values,
						   const bool *isnull, ItemPointer tid, AdjEntry *entry);

/* ---- the log (adj_log.c) ---- */

/* A consistent copy of the metapage and its stage. */
typedef struct AdjMetaCopy
{
	AdjMeta		meta;
	AdjEntry	stage[ADJ_STAGE_SIZE];
} AdjMetaCopy;

extern void adj_init_metapage(Page page, int hash_bits);
extern void adj_init_log_page(Page page, uint32 epoch, uint64 first_pos);
extern void adj_page_add(Page page, const AdjEntry *entries, int count);
extern void adj_check_metapage(Relation index, Page page);
extern bool adj_is_log_page(Page page, uint32 epoch);
extern void adj_set_staged(Page meta_page, int staged);
extern void adj_copy_meta(Page page, AdjMetaCopy *copy);

extern void adj_read_meta(Relation index, AdjMetaCopy *copy);
#define AdjEndOfLog(m) ((m)->logged + (m)->staged)

/*
 * Reads the log from a position to the end that a metapage copy gives, a page
 * at a time. adj_reader_next copies what the next page holds into entries[]:
 * count entries, the first at position pos. block is InvalidBlockNumber for
 * entries that came from the stage.
 *
 * It returns ADJ_READ_CHANGED when the chain is not of the copy's epoch any
 * more. Under the vacuum barrier that does not happen; on a standby the caller
 * reads the metapage again and starts over.
 */
typedef enum AdjReadStatus
{
	ADJ_READ_OK,
	ADJ_READ_END,
	ADJ_READ_CHANGED
} AdjReadStatus;

typedef struct AdjReader
{
	Relation	index;
	const AdjMetaCopy *copy;
	BlockNumber at_block;		/* page that holds, or precedes, at_pos */
	uint64		at_pos;			/* next position to read */
	BufferAccessStrategy strategy;

	BlockNumber block;
	uint64		pos;
	uint64		page_first;		/* position of the page's first entry */
	int			count;
	AdjEntry	entries[ADJ_ENTRIES_PER_PAGE];
} AdjReader;

extern void adj_reader_init(AdjReader *reader, Relation index,
							const AdjMetaCopy *copy, BlockNumber block,
							uint64 pos, BufferAccessStrategy strategy);
extern AdjReadStatus adj_reader_next(AdjReader *reader);
extern bool adj_read_entries(Relation index, BlockNumber block, uint32 epoch,
							 uint64 first_pos, AdjEntry *entries, int *count);

/*
 * Appends under the exclusive lock on the metapage, everything between begin
 * and finish in one WAL record. At most one adj_append_page, and either it or
 * the appends may touch a page first; four buffers in the worst case.
 */
typedef struct AdjAppend
{
	Relation	index;
	GenericXLogState *state;
	Buffer		meta_buffer;
	Buffer		tail_buffer;
	Buffer		new_buffer;
	Buffer		other_buffer;
	Page		meta_page;
	Page		tail_page;
	Page		new_page;
	AdjMeta    *meta;
} AdjAppend;

extern void adj_append_begin(AdjAppend *append, Relation index);
extern void adj_append_entry(AdjAppend *append, const AdjEntry *entry);
extern void adj_append_flush(AdjAppend *append);
extern Page adj_append_page(AdjAppend *append, BlockNumber block);
extern void adj_append_finish(AdjAppend *append);
extern void adj_append_cancel(AdjAppend *append);
extern Buffer adj_allocate_page(Relation index, AdjMeta *meta);

/* ---- the vacuum barrier (adj_barrier.c) ---- */

extern int	adj_barrier_enter(Relation index, AdjMetaCopy *copy);
extern void adj_barrier_leave(Relation index, int tag);
extern void adj_barrier_pass(Relation index);

/* ---- access method callbacks ---- */

extern IndexBuildResult *adj_build(Relation heap, Relation index, IndexInfo *indexInfo);
extern void adj_build_empty(Relation index);
extern bool adj_insert(Relation index, Datum *values, bool *isnull,
					   ItemPointer tid, Relation heap,
					   IndexUniqueCheck check_unique, bool index_unchanged,
					   IndexInfo *indexInfo);
extern IndexBulkDeleteResult *adj_bulk_delete(IndexVacuumInfo *info,
											  IndexBulkDeleteResult *stats,
											  IndexBulkDeleteCallback callback,
											  void *callback_state);
extern IndexBulkDeleteResult *adj_vacuum_cleanup(IndexVacuumInfo *info,
												 IndexBulkDeleteResult *stats);
extern void adj_compact_if_due(IndexVacuumInfo *info);

extern bool adj_is_adjacency_index(Relation index);

#endif							/* ADJ_H */
