/*
 * sql_start.h
 *		A key that a call starts from or wants to reach.
 */
#ifndef SQL_START_H
#define SQL_START_H

#include "function/sql_args.h"
#include "function/sql_graph.h"

typedef struct SqlStart
{
	text	   *key;
	uint32		node;			/* GRAPH_NO_NODE if it has no visible edge */
} SqlStart;

/* Find the node of a key, which is not copied. Between sync and leave. */
extern SqlStart sql_find_start(SqlGraph *graph, text *key);

/*
 * The same for some keys, after these and the sets of the options have been
 * respelled. Between sync and follow.
 */
extern void sql_find_starts(SqlGraph *graph, SqlOptions *options, text *const *keys, int count,
							SqlStart *starts);

/*
 * Error 42704 if the key is not known, not even as an entity, unless missing_ok:
 * then it is a start like one without edges. After leave and after the rows were
 * fetched, since it may run a query.
 */
extern void sql_check_start(SqlGraph *graph, const SqlStart *start, bool missing_ok);

#endif							/* SQL_START_H */
