/*
 * code_match.h
 *		What a reference by name may mean: entities in, candidates out.
 *
 * Create a resolver, add all entities, then all imports, finish; from then on
 * ask. A number of an entity is for good; its text moves while entities are
 * added. Everything is in the memory that the resolver was created with and
 * goes with its context. An answer is the resolver's and valid until the next
 * question.
 *
 * The rules are in README.md ("Resolving references"). What belongs to SQL
 * (the forms of keys, languages that go together) is the caller's: here a
 * language is a number, a name the part that is compared.
 */
#ifndef CODE_MATCH_H
#define CODE_MATCH_H

#include "base/pt_texts.h"
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
	MATCH_BY_FILE,
	MATCH_BY_IMPORT,
	MATCH_BY_FOLDER,
	MATCH_UNIQUE,
	MATCH_NEAREST,
	MATCH_SELF,
	MATCH_OTHER,
	MATCH_METHODS
} MatchMethod;

typedef struct MatchEntity
{
	PtText		key;
	PtText		path;			/* empty if unknown */
	PtText		name;
	uint32		language;
	MatchClass	kind_class;
	bool		is_static;		/* meant in its own file only */
} MatchEntity;

typedef struct MatchReference
{
	uint32		source;			/* entity that refers to something */
	uint32		language;
	PtText		name;
	MatchClass	wanted;
	const PtText *qualifier;	/* the parts that say something */
	int			nqualifier;
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

extern CodeMatcher *code_matcher_create(PtBudget *budget, uint32 max_candidates,
											  bool alternatives);
extern uint32 code_matcher_add(CodeMatcher *resolver, const MatchEntity *entity);
extern uint32 code_matcher_find(const CodeMatcher *resolver, PtText key);
extern uint32 code_matcher_language(const CodeMatcher *resolver, uint32 entity);
extern void code_matcher_import(CodeMatcher *resolver, uint32 source, PtText part);
extern void code_matcher_finish(CodeMatcher *resolver);
extern PtText code_matcher_key(const CodeMatcher *resolver, uint32 entity);
extern uint32 code_matcher_rank(const CodeMatcher *resolver, uint32 entity);
extern MatchAnswer code_match(CodeMatcher *resolver, const MatchReference *reference);

/* src_main_rs for ./src/main.rs, src/main.rs and __src_main_rs */
extern void code_file_id(PtText path, StringInfo id);

#endif							/* CODE_MATCH_H */
