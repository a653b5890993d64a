/*
 * sql_spelling.h
 *		Keys that a call names and the graph spells otherwise.
 */
#ifndef SQL_SPELLING_H
#define SQL_SPELLING_H

#include "function/sql_args.h"
#include "function/sql_graph.h"

/*
 * Of a call's keys, so many of a type, and of the sets in its options: put the
 * key of the entity in the place of each text that is on no edge and no entity,
 * but another spelling of exactly one entity's key, as pt_import would. Only of a
 * codebase, by the entities that the caller may read. Arrays are written to.
 *
 * Between sync and follow, before nodes are looked up: where there is something
 * to ask, the barrier is left and entered again. Errors of sync, 53400 beyond the
 * budget. O(keys), interruptible, and a query for those on no edge.
 */
extern void sql_respell(SqlGraph *graph, SqlOptions *options, Datum *keys, int count, Oid type);

#endif							/* SQL_SPELLING_H */
