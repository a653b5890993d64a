/*
 * code_overload.h
 *		Which of several functions of one name a call means, by the types of its
 *		arguments.
 *
 * Types are names, with [] behind those of arrays and ... behind the last one if there
 * may be any number; ? is one that is not known, & a function without a name, null
 * itself. This is the order in which Java chooses, so far as types are known by name.
 */
#ifndef CODE_OVERLOAD_H
#define CODE_OVERLOAD_H

#include "base/pt_texts.h"

/* A type as something names it: what it means depends on where that is. */
typedef struct OverloadType
{
	PtText		name;
	uint32		context;		/* an entity */
} OverloadType;

#define OVERLOAD_IMPOSSIBLE (-1)
#define OVERLOAD_UNKNOWN (-2)

/*
 * How far a type is below another one, of which one at least is no type of the language's
 * own library; OVERLOAD_IMPOSSIBLE if it is not, OVERLOAD_UNKNOWN if nobody knows.
 */
typedef int (*OverloadDistance) (void *state, OverloadType from, OverloadType to);

#define OVERLOAD_MOST_ARGUMENTS 50

/* Cut a list of types at its commas; how many there are, but for those beyond the most. */
extern int	code_overload_split(PtText list, PtText *types);

/*
 * What it costs to take these arguments, the less the better; OVERLOAD_IMPOSSIBLE if it
 * cannot be.
 */
extern int	code_overload_cost(const OverloadType *arguments, int narguments, PtText parameters, uint32 context,
							   OverloadDistance distance, void *state);

/* What a constant of a type of Java's library is, Long.MAX_VALUE; ? if that is not known. */
extern PtText code_overload_library_constant(PtText type, PtText constant);

/* What a function of a type of Java's library returns, by its name; an empty text if that is not known. */
extern PtText code_overload_library_result(PtText type, PtText function);

#endif							/* CODE_OVERLOAD_H */
