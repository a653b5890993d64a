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

/*
 * Is the argument, a start, NULL? Error 22004 unless missing_ok: then nothing is
 * found from it, as by a join.
 */
extern bool sql_is_absent(FunctionCallInfo fcinfo, int argno, const char *name, bool missing_ok);

/* Required: one of some words, as its number among them. */
extern int	sql_choice(FunctionCallInfo fcinfo, int argno, const char *name,
					   const char *const *choices, int count);

/* Required: 'in', 'out' or 'both'. */
extern GraphDirection sql_direction(FunctionCallInfo fcinfo, int argno);

/*
 * A number of hops, nodes, edges or paths as bigint, not negative; NULL is no
 * bound, PG_UINT64_MAX.
 */
extern uint64 sql_bound(FunctionCallInfo fcinfo, int argno, const char *name);

/* Required: a number from a range; most may be infinite. */
extern double sql_number(FunctionCallInfo fcinfo, int argno, const char *name, double least,
						 double most);

/* NULL is false. */
extern bool sql_flag(FunctionCallInfo fcinfo, int argno);

/*
 * Required: the key as text, which may have a short header. Functions that
 * take keys of any type get the text form of an integer or a uuid. Error 42804
 * for other types.
 */
extern text *sql_key(FunctionCallInfo fcinfo, int argno, const char *name);

/*
 * The elements of an array, none of which may be NULL; of starts, which may if
 * missing_ok, those that are not.
 */
extern Datum *sql_elements(ArrayType *array, const char *name, int *count);
extern Datum *sql_start_elements(ArrayType *array, const char *name, bool missing_ok, int *count);

/* The type that the function declares for an argument; polymorphic as it is. */
extern Oid	sql_declared_type(FunctionCallInfo fcinfo, int argno);

/* An array of nodes, none of which is NULL. */
typedef struct SqlSet
{
	bool		is_given;		/* the array is not NULL */
	Datum	   *nodes;			/* point into it */
	Oid			type;
	int			count;
} SqlSet;

/*
 * The options that walks have in common. They are the last arguments, in this
 * order; functions that take the graph first end with missing_ok.
 */
typedef struct SqlOptions
{
	ArrayType  *edge_types;		/* of text without NULL; NULL: all types */
	int			min_confidence; /* as sql_graph_follow takes it */
	SqlSet		avoid;
	SqlSet		within;
	SqlSet		stop_at;
	uint64		max_nodes;		/* PG_UINT64_MAX where there is none */
	bool		missing_ok;
	int			graph_argno;	/* for sql_graph_open */
} SqlOptions;

/* which of them a function has besides edge_types, min_confidence, missing_ok */
#define SQL_OPTION_MAX_NODES	0x01
#define SQL_OPTION_GRAPH		0x02	/* last; otherwise it is argument 0 */
#define SQL_OPTION_SETS			0x10	/* avoid and within */
#define SQL_OPTION_STOP_AT		0x20
#define SQL_OPTION_NO_KEYS		0x04	/* it names no keys, and has no missing_ok */
#define SQL_OPTION_NO_TYPES		0x08	/* nor edge_types: a pattern says more */

extern SqlOptions sql_options(FunctionCallInfo fcinfo, int has);

/*
 * A confidence in hundredths. What lies between two of them counts as the upper
 * one, as no edge is there. Error 22023 unless it is 0 to 1.
 */
extern int	sql_hundredths(double confidence);

/* Warn that an answer ends at max_nodes. */
extern void sql_warn_truncated(uint64 max_nodes);

/* the errcode of such warnings: the class of warnings, and a code of our own */
#define SQL_WARNING_TRUNCATED MAKE_SQLSTATE('0', '1', 'P', 'T', '1')
#define SQL_WARNING_NO_INDEX MAKE_SQLSTATE('0', '1', 'P', 'T', '2')
#define SQL_WARNING_NOT_CONVERGED MAKE_SQLSTATE('0', '1', 'P', 'T', '3')

#endif							/* SQL_ARGS_H */
