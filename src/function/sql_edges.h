/*
 * sql_edges.h
 *		Answers whose rows are edges.
 */
#ifndef SQL_EDGES_H
#define SQL_EDGES_H

#include "function/sql_source.h"
#include "nodes/execnodes.h"

/*
 * The next edge of an answer, called for place 0, 1, ... in the row's memory
 * context. Sets the columns of the row that are the caller's own; those of the
 * edge begin at first_column.
 */
typedef SqlEdge (*SqlNextEdge) (void *answer, uint64 place, Datum *values, bool *nulls);

/* The edge by which a walk reached a node from another. */
extern SqlEdge sql_tree_edge(GraphEdge edge, uint32 node, uint32 parent);

/*
 * Put an answer of count edges, a row each, in a memory context that is reset
 * row by row. Where columns stand before the edge's, it is a path's, and one column
 * behind them names the end that the path goes on from. After leave. Interruptible. Error XX002 for a row that does not
 * fit the index.
 */
extern void sql_put_edges(SqlGraph *graph, ReturnSetInfo *result, uint64 count,
						  int first_column, SqlNextEdge next, void *answer);

#endif							/* SQL_EDGES_H */
