/*
 * sql_hint.h
 *		Keys that a call names and the graph does not have.
 */
#ifndef SQL_HINT_H
#define SQL_HINT_H

#include "function/sql_graph.h"

/* Has the graph a table of entities, and may the caller read their keys? */
extern bool sql_may_read_entities(const SqlGraph *graph);

/*
 * Is a key that is on no edge known all the same, as far as the caller may see: as
 * an entity, or at one end of a row whose other end is NULL? After leave, since
 * this runs queries, under the grants and policies of the caller.
 */
extern bool sql_graph_knows(SqlGraph *graph, text *key);

/*
 * Report a start that is neither an entity nor on any edge, error 42704, with
 * similar keys in the hint. node is of a type that arguments may have. After
 * leave, since it runs queries. Does not return.
 */
extern void sql_missing_key(SqlGraph *graph, Datum node, Oid type);

#endif							/* SQL_HINT_H */
