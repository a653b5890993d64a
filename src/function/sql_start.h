/*
 * sql_start.h
 *		A key that a call starts from or wants to reach.
 */
#ifndef SQL_PATH_H
#define SQL_PATH_H

#include "function/sql_graph.h"

typedef struct SqlPathEnd
{
	text	   *key;
	uint32		node;			/* IMAGE_NO_NODE if it has no visible edge */
} SqlPathEnd;

/* Between sync and leave. */
extern SqlPathEnd sql_find_end(SqlGraph *graph, text *key);

/*
 * Is the key known, at least as an entity? If not, an error unless missing_ok.
 * After leave and after the rows were fetched, since it may run a query.
 */
extern bool sql_check_end(SqlGraph *graph, const SqlPathEnd *end, bool missing_ok);

#endif							/* SQL_PATH_H */
