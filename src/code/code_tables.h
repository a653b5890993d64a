/*
 * code_tables.h
 *		The tables of a codebase: pt_edge, and pt_entity in the same schema, of one owner.
 */
#ifndef CODE_TABLES_H
#define CODE_TABLES_H

#include "fmgr.h"

typedef struct CodeTables
{
	Oid			graph;			/* as the caller named it */
	Oid			edges;
	Oid			entities;
	char	   *schema;			/* of both */
} CodeTables;

/*
 * Those of the graph that argument argno names, the edge table or its index;
 * NULL means the default graph. Takes no lock: whoever uses the tables by their
 * names does. Errors: 42P01 if there is none, 42809 if it is not the edge table
 * of a codebase, 0A000 if Citus manages one of the tables. Which columns they
 * have is for whoever needs them to ask (sql_require_columns).
 */
extern CodeTables code_tables(FunctionCallInfo fcinfo, int argno);

#endif							/* CODE_TABLES_H */
