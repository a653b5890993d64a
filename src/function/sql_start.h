/*
 * sql_start.h
 *		A key that a call starts from or wants to reach.
 */
#ifndef SQL_START_H
#define SQL_START_H

#include "function/sql_graph.h"

typedef struct SqlStart
{
	text	   *key;
	uint32		node;			/* GRAPH_NO_NODE if it has no visible edge */
} SqlStart;

/* Find the node of a key, which is not copied. Between sync and leave. */
extern SqlStart sql_find_start(SqlGraph *graph, text *key);

/* sql_respell for a key without a visible edge, which is in this argument. */
extern FunctionCallInfo sql_respell_start(SqlGraph *graph, FunctionCallInfo fcinfo, int argno,
										  const SqlStart *start);

/*
 * Error 42704 if the key is not known, not even as an entity, unless missing_ok:
 * then it is a start like one without edges. After leave and after the rows were
 * fetched, since it may run a query.
 */
extern void sql_check_start(SqlGraph *graph, const SqlStart *start, bool missing_ok);

#endif							/* SQL_START_H */
