/*
 * sql_relation.h
 *		From the name of a graph to its table and index.
 */
#ifndef SQL_RELATION_H
#define SQL_RELATION_H

#include "fmgr.h"
#include "utils/rel.h"

/*
 * The graph of a call that names none: the setting's, else pt_edge in the
 * schema of the function that is being called. Error 42P01 if there is none.
 * Takes no lock.
 */
extern Oid	sql_default_graph(FunctionCallInfo fcinfo);

/*
 * The table of a graph, which may be named by its index; InvalidOid if nothing
 * has that OID. Takes no lock.
 */
extern Oid	sql_graph_table(Oid relation);

/*
 * The entities of an edge table: a table pt_entity with text keys beside a
 * pt_edge, or InvalidOid. Takes no lock.
 */
extern Oid	sql_entity_table(Oid heap);

/*
 * Open a table and its adjacency index, given either, with AccessShareLock.
 * The table is locked first, as everybody does, and everything is looked at
 * again under the lock. Close both; the locks stay to the end of the
 * transaction. May wait for a lock, and some milliseconds for a REINDEX.
 *
 * Errors: 42P01 if there is none, 42809 for what is no graph, 42501 if the
 * caller may read nothing of it, 0A000 for partitions and for what cannot be
 * read here, 42704 without a usable index, 42P08 with more than one, 55000 for
 * an index that is named and not usable.
 */
extern void sql_open_adjacency(Oid relation, Relation *heap, Relation *index);

/* A column source_location that an edge row shows, or InvalidAttrNumber. */
extern AttrNumber sql_location_column(Relation heap);

/*
 * Error 42501 unless the caller has SELECT on the table, or on its columns
 * that are read: the nodes, the confidence, and if said so label and location,
 * and no row-level security is in the way.
 */
extern void sql_check_privileges(Relation heap, Relation index, bool label, AttrNumber location);

#endif							/* SQL_RELATION_H */
