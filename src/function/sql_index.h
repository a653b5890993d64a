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
 * Open what a graph's edges are read from with AccessShareLock, given a table or
 * its adjacency index, a view or another relation: the relation, and if all that
 * the caller may see of it is told by a valid adjacency index, that index; else
 * *index is NULL: views, tables in parts, foreign ones, those of Citus and under
 * row-level security, and those without a valid index. *named is the index that
 * was given, or InvalidOid.
 *
 * A table is locked before its index, as everybody does, and everything is
 * looked at again under the lock. Of several indexes on the same columns any
 * will do, also in the place of one that is named, unless reads has
 * SQL_READ_ITSELF. Close both; the locks stay to the end of the transaction. May
 * wait for a lock.
 *
 * Errors: 42P01 if there is none, 42809 for what is no graph, 42501 if the
 * caller may read nothing of it, 0A000 for what cannot be read here, 42P08 with
 * several indexes on different columns, 55000 for one that is named and not
 * valid.
 */
extern void sql_open_relation(Oid relation, int reads, Relation *heap, Relation *index,
							  Oid *named);

/* The name of an adjacency index of the table that is not valid, or NULL. */
extern char *sql_invalid_index(Relation heap);

/*
 * Would sql_open_relation() find an index for the table, by its name? Locks the
 * table as that does.
 */
extern bool sql_has_adjacency(Oid table);

/*
 * Lock the toast table and its indexes, so that toasted keys may be read under
 * the barrier. Waits where REINDEX CONCURRENTLY is about to swap an index.
 */
extern void sql_lock_toast(Relation heap);

#endif							/* SQL_INDEX_H */
