/*
 * adj_insert.c
 *		One row, one log entry, at once.
 *
 * Nothing is deferred to the end of the statement or transaction: an entry
 * must be in the log before its transaction can commit, whatever happens to
 * the index in between.
 */
#include "postgres.h"

#include "adjacency/adj_columns.h"
#include "adjacency/adj_handler.h"
#include "adjacency/adj_log.h"
#include "storage/predicate.h"

bool
adj_insert(Relation index, Datum *values, bool *isnull, ItemPointer tid,
		   Relation heap, IndexUniqueCheck check_unique, bool index_unchanged,
		   IndexInfo *indexInfo)
{
	/* a copy: detoasting a key may make the relcache drop the original */
	AdjColumns	columns = *adj_columns(index, NULL);
	AdjWeightedEntry entry;
	AdjAppend	append;

	/* Hash before locking, for the same reason. */
	if (!adj_form_entry(&columns, values, isnull, tid, &entry))
		return false;

	adj_append_begin(&append, index);
	while (append.meta->incarnation != columns.incarnation)
	{
		AdjMeta		meta = *append.meta;

		/* Rebuilt in place since the columns were cached: another seed. */
		adj_append_cancel(&append);
		columns = *adj_columns(index, &meta);
		(void) adj_form_entry(&columns, values, isnull, tid, &entry);
		adj_append_begin(&append, index);
	}
	adj_append_entry(&append, &entry);
	adj_append_finish(&append);

	/*
	 * The core checked before calling us; a reader that took its predicate
	 * lock since then has not seen the entry unless it read the log after us.
	 */
	CheckForSerializableConflictIn(index, NULL, InvalidBlockNumber);
	return false;
}
