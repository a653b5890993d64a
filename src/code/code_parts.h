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
#include "lib/stringinfo.h"

/* What a part may be looked up as, besides the name of an entity. */
typedef enum CodePartKind
{
	CODE_PART_MODULE,			/* of a module, no entity: what is before ::, where files or folders are modules */
	CODE_PART_FIELD,			/* a field, too: there is something after it and, where variables are no fields, before */
	CODE_PART_ENTITY			/* nothing else */
} CodePartKind;

typedef void (*CodePartFunction) (void *state, PtText part, CodePartKind kind);

/*
 * Call a function for each part of a name: what stands between separators, without
 * the () of a call, and, where that has other characters, for each word in it, as
 * folders and languages separate by others. Where calls are told apart by the types of
 * their arguments, parts of these are fields. The same part may come several times.
 * O(length), interruptible.
 */
extern void code_each_part(PtText name, const CodeLanguage *grammar, CodePartFunction function, void *state);

/* The same of types of which a file sees all, a.b::C, in its property opens. */
extern void code_each_part_of_opened(PtText opens, const CodeLanguage *grammar, CodePartFunction function, void *state);

/*
 * The same as a text that tells what is looked up: name of an entity, .name of a field,
 * name/ of a module. Of a field it is not that of an entity of its name. In place of
 * what is in result.
 */
extern PtText code_part_token(PtText part, CodePartKind kind, StringInfo result);

/*
 * A word that every name of the module that a file is has for a part: of the file
 * without its extension, or of its folder where that is named; empty if there is none.
 * is_index: it stands for its folder.
 */
extern PtText code_module_word(PtText path, bool *is_index);

#endif							/* CODE_PARTS_H */
