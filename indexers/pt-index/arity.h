/*
 * arity.h
 *		How many arguments functions take and calls give, where several functions
 *		may have one name.
 */
#ifndef ARITY_H
#define ARITY_H

#include <stdbool.h>

#include "tree_sitter/api.h"

#define ARITY_UNKNOWN (-1)
#define ARITY_MAX 999			/* as many as one likes */

typedef struct Arity
{
	int			least;			/* ARITY_UNKNOWN: nothing is known */
	int			most;
} Arity;

/* What the function takes that is defined at a node. */
extern Arity arity_of_definition(TSNode definition, const char *content);

/* How many arguments a call has; ARITY_UNKNOWN if that cannot be counted. */
extern int	arity_of_call(TSNode call);

#endif							/* ARITY_H */
