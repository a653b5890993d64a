/*
 * adj_handler.h
 *		The access method: what the server calls, and how to know its indexes.
 *
 * The callbacks are called as the server's documentation of index access
 * methods says, with the locks and in the memory contexts it names there. Here
 * is what is particular to this one. Each may find the log broken, XX002.
 */
#ifndef ADJ_HANDLER_H
#define ADJ_HANDLER_H

#include "access/amapi.h"
#include "access/genam.h"
#include "nodes/execnodes.h"
#include "utils/rel.h"

/* Is an open relation an index of this access method? */
extern bool adj_is_adjacency_index(Relation index);

/* A definition that is refused: as adj_check_definition. O(rows). */
extern IndexBuildResult *adj_build(Relation heap, Relation index, IndexInfo *indexInfo);
extern void adj_build_empty(Relation index);

/*
 * The entry is in the log when this returns, whatever becomes of the
 * transaction. In a serializable one a conflict is error 40001. O(1).
 */
extern bool adj_insert(Relation index, Datum *values, bool *isnull,
					   ItemPointer tid, Relation heap,
					   IndexUniqueCheck check_unique, bool index_unchanged,
					   IndexInfo *indexInfo);

/*
 * Does not return before the walks that may find what was killed are over: it
 * passes the vacuum barrier. What was marked dead by an earlier call is not
 * shown to the callback again. O(entries).
 */
extern IndexBulkDeleteResult *adj_bulk_delete(IndexVacuumInfo *info,
											  IndexBulkDeleteResult *stats,
											  IndexBulkDeleteCallback callback,
											  void *callback_state);
extern IndexBulkDeleteResult *adj_vacuum_cleanup(IndexVacuumInfo *info,
												 IndexBulkDeleteResult *stats);

/*
 * Is an operator class, with its family, what the method can use? Says of each fault
 * at level INFO what it is. Faults do no harm to answers: what no scan can use is not
 * used, and columns are judged when an index is made.
 */
extern bool adj_validate(Oid opclass);

/*
 * The part of clean-up that rewrites the log where most of it is garbage, and
 * passes the barrier once more. Cancelled anywhere, it leaves the old log or
 * the new one, and the rest to the next VACUUM. O(entries) when due.
 */
extern void adj_compact_if_due(IndexVacuumInfo *info);

#endif							/* ADJ_HANDLER_H */
