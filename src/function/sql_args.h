/*
 * sql_args.h
 *		Arguments of the SQL functions: checked, with errors that name them.
 *
 * argno is the argument's position, from 0. Required ones that are NULL are
 * error 22004; what is out of its range is 22023. What comes by reference is
 * detoasted, in the current memory context.
 */
#ifndef SQL_ARGS_H
#define SQL_ARGS_H

#include "fmgr.h"
#include "graph/graph.h"
#include "utils/array.h"

/* Error 22004 if the argument is NULL. */
extern void sql_require(FunctionCallInfo fcinfo, int argno, const char *name);

/* Required: 'in', 'out' or 'both'. */
extern GraphDirection sql_direction(FunctionCallInfo fcinfo, int argno);

/* A number of hops or paths, not negative; NULL is no bound, PG_UINT64_MAX. */
extern uint64 sql_bound(FunctionCallInfo fcinfo, int argno, const char *name);

/* The same as bigint: max_nodes, max_edges. */
extern uint64 sql_max_rows(FunctionCallInfo fcinfo, int argno, const char *name);

/* NULL is false. */
extern bool sql_flag(FunctionCallInfo fcinfo, int argno);

/* Required. May have a short header. */
extern text *sql_key(FunctionCallInfo fcinfo, int argno, const char *name);

/* The elements of an array. Required, and so are they. */
extern Datum *sql_array(FunctionCallInfo fcinfo, int argno, const char *name, int *count);

/* Of text, its elements required. NULL: all types. */
extern ArrayType *sql_edge_types(FunctionCallInfo fcinfo, int argno);

/*
 * The least confidence to trust, in hundredths; SQL_FACTS_ONLY for NULL. What
 * lies between two hundredths counts as the upper one, as no edge is there.
 */
extern int	sql_min_confidence(FunctionCallInfo fcinfo, int argno);

#endif							/* SQL_ARGS_H */
