/*
 * code_scope.h
 *		What a qualified name means: by scopes, modules, types and their bases.
 *
 * For files whose references are qualified as docs/indexing.md describes. Such
 * a name says by which module, class or value something is reached; it means
 * what is there, or nothing. Entities have the numbers of the matcher, and all
 * is in the context of its budget.
 */
#ifndef CODE_SCOPE_H
#define CODE_SCOPE_H

#include "code/code_language.h"
#include "code/code_match.h"

typedef struct CodeScopes CodeScopes;

/* How a name was found. */
typedef enum ScopeAnswer
{
	SCOPE_OLD_RULES,			/* its file does not say how names are qualified, or this one does not */
	SCOPE_NOTHING,				/* it means nothing that is here */
	SCOPE_GUESS,				/* only what has the name is known */
	SCOPE_IMPORTED,				/* by its file, from the top of another one */
	SCOPE_ELSEWHERE,			/* at the top of another file */
	SCOPE_VISIBLE,				/* in a scope around it */
	SCOPE_MEMBER,				/* of a type that is known */
	SCOPE_INHERITED,			/* of one of its bases */
	SCOPE_MODULE,				/* in the module that it names */
	SCOPE_EXPORTED				/* somewhere below that module, which may pass it on */
} ScopeAnswer;

extern CodeScopes *code_scopes_create(PtBudget *budget);

/* ---- gathering ---- */

/* Entities are added in the order of their numbers. */
extern void code_scopes_add(CodeScopes *scopes, uint32 number, const MatchEntity *entity);

/* The file of an entity says how its references are qualified. */
extern void code_scopes_qualified(CodeScopes *scopes, uint32 number);

/* As code_matcher_field and the like. */
extern void code_scopes_open(CodeScopes *scopes, uint32 number, PtText opens);
extern void code_scopes_interface(CodeScopes *scopes, uint32 number, PtText name, uint32 line);
extern void code_scopes_field(CodeScopes *scopes, uint32 number, PtText name, PtText type);
extern void code_scopes_base(CodeScopes *scopes, uint32 number, PtText name, uint32 line);
extern void code_scopes_known_base(CodeScopes *scopes, uint32 number, uint32 base, uint32 line);
extern void code_scopes_base_place(CodeScopes *scopes, uint32 number, PtText name, uint32 place);

/* All is added; rank has the place of each entity's key in the order of their bytes. O(n log n). */
extern void code_scopes_finish(CodeScopes *scopes, const uint32 *rank);

/* ---- answering ---- */

/*
 * What a reference means. Entities are the scopes' own and good until the next
 * question. O(log n) for each part of the name and each base of its types.
 */
extern ScopeAnswer code_scopes_find(CodeScopes *scopes, const MatchReference *reference,
									const uint32 **entities, uint32 *count);

/* As code_matcher_is_whole. O(files). */
extern bool code_scopes_is_whole(const CodeScopes *scopes);

#endif							/* CODE_SCOPE_H */
