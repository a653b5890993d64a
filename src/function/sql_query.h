/*
 * sql_query.h
 *		Any relation as a source of edges: a query for each level of a walk.
 */
#ifndef SQL_QUERY_H
#define SQL_QUERY_H

#include "function/sql_graph.h"

/*
 * Prepare the graph, whose relation is open and has a shape, to be asked by
 * queries. keep_rows: labels and locations of edges will be shown; weights are read
 * where the graph's call reads them. Error 42883
 * for nodes of a type without a hash function.
 */
extern void sql_query_open(SqlGraph *graph, bool keep_rows);

#endif							/* SQL_QUERY_H */
