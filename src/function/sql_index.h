/*
 * sql_index.h
 *		The table and the index of a graph: found, locked, opened.
 */
#ifndef SQL_INDEX_H
#define SQL_INDEX_H

#include "utils/rel.h"

/*
 * The table of a graph, which may be named by its index, even by one that has
 * been swapped away since the statement began; InvalidOid if nothing has that
 * OID. Takes no lock.
 */
extern Oid	sql_graph_table(Oid relation);

/*
 * Open a table and a valid adjacency index of it, given either, with
 * AccessShareLock. The table is locked first, as everybody does, and everything
 * is looked at again under the lock. Of several indexes on the same columns any
 * will do, also in the place of one that is named, unless reads has
 * SQL_READ_ITSELF. Close both; the locks stay to the end of the transaction. May
 * wait for a lock.
 *
 * Errors: 42P01 if there is none, 42809 for what is no graph, 42501 if the
 * caller may read nothing of it, 0A000 for partitions, tables of Citus and what
 * cannot be read here, 42704 without a valid index, 42P08 with several on
 * different columns, 55000 for an index that is named and not valid.
 */
extern void sql_open_adjacency(Oid relation, int reads, Relation *heap, Relation *index);

/*
 * Would the table, by its name, be opened by sql_open_adjacency()? Locks the
 * table as that does.
 */
extern bool sql_has_adjacency(Oid table);

/*
 * Lock the toast table and its indexes, so that toasted keys may be read under
 * the barrier. Waits where REINDEX CONCURRENTLY is about to swap an index.
 */
extern void sql_lock_toast(Relation heap);

#endif							/* SQL_INDEX_H */
