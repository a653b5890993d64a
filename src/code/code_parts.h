/*
 * code_parts.h
 *		The parts of a qualified name, by any of which it may lead on.
 *
 * A name that is walked from its first part to its last, as code_scope.c does it,
 * can come by nothing that has not one of these names.
 */
#ifndef CODE_PARTS_H
#define CODE_PARTS_H

#include "code/code_language.h"

typedef void (*CodePartFunction) (void *state, PtText part);

/*
 * Call a function for each part of a name: what stands between separators, without
 * the () of a call, and, where that has other characters, for each word in it, as
 * folders and languages separate by others. The same part may come several times.
 * O(length), interruptible.
 */
extern void code_each_part(PtText name, const CodeLanguage *grammar, CodePartFunction function, void *state);

/*
 * A word that every name of the module that a file is has for a part: of the file
 * without its extension, or of its folder where that is named; empty if there is none.
 * is_index: it stands for its folder.
 */
extern PtText code_module_word(PtText path, bool *is_index);

#endif							/* CODE_PARTS_H */
