/*
 * code_match.h
 *		What a reference by name may mean: entities in, candidates out.
 *
 * Create a matcher, add all entities, then all imports, finish; from then on
 * ask. Everything is in the context of the budget that the matcher was created
 * with and goes with it; beyond it is error 53400, after which the matcher
 * must not be used. Texts that are given are copied. A number of an entity is
 * for good; its text moves while entities are added.
 *
 * The rules are in docs/resolving.md. What belongs to SQL (the forms of keys,
 * languages that go together) is the caller's: here a language is a number, a
 * name the part that is compared.
 */
#ifndef CODE_MATCH_H
#define CODE_MATCH_H

#include "base/pt_texts.h"
#include "code/code_language.h"
#include "lib/stringinfo.h"

/*
 * What kind of thing an entity is, or is wanted. The first four can be meant;
 * where nothing but distance tells them apart, the first of them is.
 */
typedef enum MatchClass
{
	MATCH_CALLABLE,
	MATCH_MODULE,
	MATCH_TYPE,
	MATCH_VALUE,
	MATCH_IMPL,
	MATCH_FILE,
	MATCH_ANY
} MatchClass;

typedef enum MatchMethod
{
	MATCH_BY_SCOPE,
	MATCH_BY_MEMBER,
	MATCH_BY_INHERITED,
	MATCH_BY_MODULE,
	MATCH_BY_EXPORT,
	MATCH_BY_FILE,
	MATCH_BY_IMPORT,
	MATCH_BY_FOLDER,
	MATCH_UNIQUE,
	MATCH_NEAREST,
	MATCH_SELF,
	MATCH_OTHER,
	MATCH_METHODS
} MatchMethod;

/* How many arguments a function takes, as far as that is known: 0 to MATCH_MOST_ARGUMENTS. */
typedef struct MatchArity
{
	uint16		least;
	uint16		most;
} MatchArity;

#define MATCH_MOST_ARGUMENTS 1000
#define MATCH_ANY_ARGUMENTS (-1)

static inline bool
match_takes(MatchArity arity, int arguments)
{
	return arguments == MATCH_ANY_ARGUMENTS || (arguments >= arity.least && arguments <= arity.most);
}

typedef struct MatchEntity
{
	PtText		key;
	PtText		path;			/* empty if unknown */
	PtText		name;
	uint32		language;
	MatchClass	kind_class;
	bool		is_static;		/* meant in its own file only */
	bool		is_method;		/* a function that a type has */
	bool		is_macro;
	PtText		scope;			/* what it stands in, in its file; empty if in nothing */
	uint32		line;			/* where it begins, 0 if unknown */
	PtText		returns;		/* name of the type that it returns; empty if unknown */
	MatchArity	arity;			/* how many arguments it takes */
	PtText		parameters;		/* and their types; empty if unknown */
	const CodeLanguage *grammar;
} MatchEntity;

typedef struct MatchReference
{
	uint32		source;			/* entity that refers to something */
	uint32		language;
	PtText		name;
	MatchClass	wanted;
	const PtText *qualifier;	/* the parts that say something */
	int			nqualifier;
	PtText		full;			/* the name with all that qualifies it */
	int			arguments;		/* of a call, or MATCH_ANY_ARGUMENTS */
	PtText		types;			/* of these; empty if unknown */
	bool		is_value;		/* not called: it may be anything, of which only functions and types are wanted */
	const CodeLanguage *grammar;
} MatchReference;

typedef struct MatchAnswer
{
	MatchMethod	method;
	uint32		best;			/* how many; 0 if the reference stays open */
	uint32		others;			/* how many, after the best ones */
	const uint32 *entities;
	int			best_percent;	/* confidence of each */
	int			other_percent;
} MatchAnswer;

typedef struct CodeMatcher CodeMatcher;

#define MATCH_NO_ENTITY PT_NO_TEXT

/*
 * A matcher without entities. A reference with more than max_candidates best
 * candidates stays open. With alternatives an answer has, besides these, what
 * else has the name, if that is not too much either.
 */
extern CodeMatcher *code_matcher_create(PtBudget *budget, uint32 max_candidates,
										bool alternatives);

/* ---- gathering ---- */

/* Add an entity; its number. One whose key is known stays what it was. */
extern uint32 code_matcher_add(CodeMatcher *matcher, const MatchEntity *entity);

/* The file of an entity imports something whose path has this part. */
extern void code_matcher_import(CodeMatcher *matcher, uint32 source, PtText part);

/* The file of an entity, which is C or the like, includes what is written there. */
extern void code_matcher_include(CodeMatcher *matcher, uint32 source, PtText written);

/*
 * The file of an entity qualifies its references, as docs/indexing.md describes:
 * they are looked up by scopes, modules and types, see code_scope.h.
 */
extern void code_matcher_qualified(CodeMatcher *matcher, uint32 source);

/*
 * All of these packages, and of the types that stand behind a package's "::", can be seen in
 * the file of an entity, the earlier ones first; with blanks between them.
 */
extern void code_matcher_open(CodeMatcher *matcher, uint32 source, PtText opens);

/* A field of a type and the name of its own type. */
extern void code_matcher_field(CodeMatcher *matcher, uint32 type, PtText name, PtText field_type);

/*
 * A base of a type: a name, or an entity, and the line that says so. Bases are in
 * the order of the places that the type says they have, then of their lines.
 */
extern void code_matcher_base(CodeMatcher *matcher, uint32 type, PtText base, uint32 line);
extern void code_matcher_known_base(CodeMatcher *matcher, uint32 type, uint32 base, uint32 line);

/* An interface, where it is a base, too; those come after the others. */
extern void code_matcher_interface(CodeMatcher *matcher, uint32 type, PtText base, uint32 line);
extern void code_matcher_base_place(CodeMatcher *matcher, uint32 type, PtText base, uint32 place);

/*
 * All is added: from now on there are answers. O(n log n) for n entities and
 * imports, interruptible. Error 54000 for more than 2^31 of something.
 */
extern void code_matcher_finish(CodeMatcher *matcher);

/* ---- entities ---- */

/* The number of a key, or MATCH_NO_ENTITY. */
extern uint32 code_matcher_find(const CodeMatcher *matcher, PtText key);
extern PtText code_matcher_key(const CodeMatcher *matcher, uint32 entity);
extern uint32 code_matcher_language(const CodeMatcher *matcher, uint32 entity);

/* The place of a key among all in the order of their bytes. After finish. */
extern uint32 code_matcher_rank(const CodeMatcher *matcher, uint32 entity);

/* ---- answering ---- */

/*
 * What a reference means. The answer is the matcher's and good until the next
 * question; with best 0 the reference stays open. O(log n) for each folder
 * above the source and each import of its file, and O(candidates found),
 * however many entities have the name.
 */
extern MatchAnswer code_match(CodeMatcher *matcher, const MatchReference *reference);

/*
 * Is all that was asked what names and files alone decide? Not if a name led too far to
 * be followed, or modules are known by other entities than files; then what is asked
 * of a part of the entities may be something else.
 */
extern bool code_matcher_is_whole(const CodeMatcher *matcher);

#endif							/* CODE_MATCH_H */
