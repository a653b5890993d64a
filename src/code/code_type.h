/*
 * code_type.h
 *		What kind of thing a type of entities is.
 */
#ifndef CODE_TYPE_H
#define CODE_TYPE_H

#include "code/code_match.h"

/*
 * The class of a type by its name, as exports write it: fn and function are
 * MATCH_CALLABLE. What is not known is MATCH_VALUE; file is, too, since a file
 * cannot be wanted.
 */
extern MatchClass code_class_of_type(PtText type);

#endif							/* CODE_TYPE_H */
