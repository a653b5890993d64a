/*
 * code_common.h
 *		Names that everybody has: those of the libraries that languages bring with
 *		them. That something is called so says little about who is meant.
 */
#ifndef CODE_COMMON_H
#define CODE_COMMON_H

#include "code/code_language.h"

/*
 * Is it the name of something that comes with a language, and is called often: of a
 * member of something, or of what can be called without a receiver? O(log n).
 */
extern bool code_is_common(const CodeLanguage *language, PtText name, bool is_member);

#endif							/* CODE_COMMON_H */
