/*
 * code_name.h
 *		What names are compared by.
 */
#ifndef CODE_NAME_H
#define CODE_NAME_H

#include "code/code_language.h"
#include "lib/stringinfo.h"

/*
 * Of a qualified name of a language the last part, without its arguments, with
 * what keys have in place of the characters that they do without. It replaces
 * what is in result. O(length), interruptible.
 */
extern void code_match_name(PtText name, const CodeLanguage *language, StringInfo result);

/*
 * What stands before that part in the name, up to it; empty if nothing does.
 */
extern PtText code_match_qualifier(PtText name, const CodeLanguage *language);

/* Where the parenthesis at the end of a name begins, or -1 if there is none. */
extern int	code_find_parameters(PtText name);

/* A name with what keys have in place of characters, and nothing else changed. */
extern void code_sanitize(PtText name, StringInfo result);

#endif							/* CODE_NAME_H */
