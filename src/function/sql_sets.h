/*
 * sql_sets.h
 *		Sets of nodes that an argument of a call names.
 */
#ifndef SQL_SETS_H
#define SQL_SETS_H

#include "function/sql_args.h"
#include "function/sql_graph.h"

/*
 * Look up the nodes that the options name, into graph->sets. Those that the
 * graph does not have are left out. Between follow and leave, before walks
 * begin. Error 42804 or 22P02 if they cannot be nodes, 53400 beyond the budget.
 * O(nodes named), interruptible.
 */
extern void sql_graph_bound(SqlGraph *graph, const SqlOptions *options);

#endif							/* SQL_SETS_H */
