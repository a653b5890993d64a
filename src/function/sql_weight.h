/*
 * sql_weight.h
 *		Has a graph weights, and what to say if not.
 */
#ifndef SQL_WEIGHT_H
#define SQL_WEIGHT_H

#include "function/sql_graph.h"

/*
 * Error 42703 if the graph, of which relation and index or shape are known, has no
 * column for weights, 42702 if two could be meant.
 */
extern void sql_require_weight(const SqlGraph *graph);

#endif							/* SQL_WEIGHT_H */
