/*
 * code_member.h
 *		Entities by what they stand in, and what types have: bases and fields.
 *
 * Entities have the numbers of the matcher, and all is in the context of the
 * budget.
 */
#ifndef CODE_MEMBER_H
#define CODE_MEMBER_H

#include "code/code_match.h"
#include "code/code_module.h"

#define CODE_MAX_FOUND 25
#define CODE_NOTHING PG_UINT32_MAX	/* no entity, or no type */

/* Entities that a name may mean. */
typedef struct CodeFound
{
	int			arguments;		/* asked for: what takes so many, or MATCH_ANY_ARGUMENTS; */
	MatchClass	wanted;			/* and where a type and a function have one name, which of these; */
	uint32		first_line;		/* of what stands in them what stands here, */
	uint32		end_line;		/* if that is not 0 */
	uint32		entities[CODE_MAX_FOUND + 1];
	uint32		count;			/* one more than CODE_MAX_FOUND: too many */
} CodeFound;

typedef struct CodeMember
{
	uint32		file;
	uint32		scope;			/* in texts */
	uint32		name;			/* in names */
	uint32		returns;		/* in texts, or CODE_NOTHING */
	uint32		line;
	uint32		language;
	MatchClass	kind_class;
	MatchArity	arity;
	uint32		parameters;		/* in texts, or CODE_NOTHING */
	const CodeLanguage *grammar;
} CodeMember;

/* An entity by what it is looked up by. */
typedef struct CodeMemberRow
{
	uint32		home;			/* or the type's name */
	uint32		name;
	uint32		entity;
} CodeMemberRow;

typedef struct CodeMemberRows
{
	CodeMemberRow *rows;
	uint64		count;
	uint64		room;
} CodeMemberRows;

/* What a type has: a base, or a field of this name. */
typedef struct CodeRelation
{
	uint64		name;			/* of a field, in names; of a base its place */
	uint32		entity;
	uint32		type;			/* in texts */
	uint32		meaning;		/* an entity, CODE_NOTHING, or not asked yet */
	uint32		lists;			/* of how many lists it is something in, where fields say that */
} CodeRelation;

#define CODE_NOT_ASKED (CODE_NOTHING - 1)
#define CODE_BEING_ASKED (CODE_NOTHING - 2)

typedef struct CodeRelations
{
	CodeRelation *rows;			/* by entity and name, once finished */
	uint64		count;
	uint64		room;
} CodeRelations;

typedef struct CodeMembers
{
	PtBudget   *budget;
	PtTexts		texts;			/* scopes, types */
	PtTexts		names;
	PtTexts		homes;			/* file and scope */
	CodeMember *entities;		/* by number */
	uint64		count;
	uint64		room;
	CodeMemberRows at_home;
	CodeMemberRows of_type;
	CodeMemberRows at_top;		/* home is 0 */
	CodeMemberRows types;		/* home is the language */
	CodeRelations bases;
	CodeRelations declared;		/* bases by name and their places */
	CodeRelations fields;
	const CodeModules *modules; /* once finished */
	uint32	   *file_entity;	/* by number of a file that stands for a package, the entity that has its variables */
	const uint32 *rank;			/* of entities, by key */
	const uint32 *file_rank;	/* of files, by path */
	StringInfoData scratch;
} CodeMembers;

/* ---- gathering ---- */

extern void code_members_init(CodeMembers *members, PtBudget *budget);

/* Entities are added in the order of their numbers. */
extern void code_members_add(CodeMembers *members, uint32 number, uint32 file, const MatchEntity *entity);

/* A field of a type, and the name of its own type. */
extern void code_members_field(CodeMembers *members, uint32 number, PtText name, PtText type);

/* A base of a type by name, and the line that says so; one that is known. */
extern void code_members_base(CodeMembers *members, uint32 number, PtText name, uint32 line);
extern void code_members_interface(CodeMembers *members, uint32 number, PtText name, uint32 line);
extern void code_members_known_base(CodeMembers *members, uint32 number, uint32 base, uint32 line);

/* The base of this name has this place among those of a type, if it is one. */
extern void code_members_place(CodeMembers *members, uint32 number, PtText name, uint32 place);

/*
 * All is added, to modules, too; rank has the place of each entity's key in the order
 * of their bytes, file_rank that of each file's path. O(n log n).
 */
extern void code_members_finish(CodeMembers *members, const CodeModules *modules, const uint32 *rank,
								const uint32 *file_rank);

/* ---- scopes ---- */

/* What stands between the parts of a scope. */
extern const char *code_scope_separator(const CodeLanguage *grammar);

/* The last part of a scope, and what is before it and its separator. */
extern PtText code_scope_last(PtText scope, const CodeLanguage *grammar);
extern PtText code_scope_outer(PtText scope, const CodeLanguage *grammar);

/* The scope that an entity is for what stands in it, in place of what is in result. */
extern PtText code_scope_within(const CodeMembers *members, uint32 entity, StringInfo result);

/* ---- members ---- */

/*
 * What has a name in a scope of a file, in place of what was found: the last of
 * them where a name is bound once. False if nothing has. O(log n).
 */
extern bool code_members_at(CodeMembers *members, uint32 file, PtText scope, uint32 name, CodeFound *found);

/* The entity that has the variables of the package of a file as its fields; CODE_NOTHING without. */
extern uint32 code_members_variables(const CodeMembers *members, uint32 file);

/* The same of what stands in a type, in its file or, where languages let it, in any. */
extern bool code_members_in(CodeMembers *members, uint32 type, uint32 name, CodeFound *found);

/* Members of whatever type has this name, in a language in which they may stand in any file. */
extern bool code_members_of(const CodeMembers *members, uint32 type_name, uint32 name, uint32 language,
							CodeFound *found);

/*
 * What has a name at the top of files below a folder: those that are least deep,
 * of one file the last. Not if far too many have it.
 */
extern bool code_members_below(const CodeMembers *members, const CodeModules *modules, PtText folder,
							   uint32 name, CodeFound *found);

/*
 * The type of a name in whatever file, seen from a scope of another one, where files are
 * no modules: in C++ that in the innermost scope around this one; the only one, or that which
 * shares most folders with it. False if there is none, or several of them are as near.
 * O(log n + types of that name).
 */
extern bool code_members_type(const CodeMembers *members, const CodeModules *modules, uint32 from, uint32 language,
							  PtText scope, uint32 name, CodeFound *found);

/* The type of a name in a package, in no other type; of several those that share most folders with a file. */
extern bool code_members_packaged(const CodeMembers *members, const CodeModules *modules, uint32 from, uint32 language,
								  PtText package, uint32 name, CodeFound *found);

/* The entity that a scope is: the one that has its last part as name; CODE_NOTHING without. */
extern uint32 code_entity_of_scope(CodeMembers *members, uint32 file, PtText scope, const CodeLanguage *grammar,
								   CodeFound *found);

/* Of those found the one whose key is the first. */
extern uint32 code_found_least(const CodeMembers *members, const CodeFound *found);

/* ---- bases and fields ---- */

/* The row of a field of an entity; false if it has none of this name. O(log n). */
extern bool code_members_field_row(const CodeMembers *members, uint32 entity, uint32 name, uint64 *row);

/* Has an entity fields? O(log n). */
extern bool code_members_has_fields(const CodeMembers *members, uint32 entity);

/* The first row of an entity that has this name, or a later one. O(log n). */
extern uint64 code_relations_first(const CodeRelations *relations, uint32 entity, uint64 name);

/*
 * Numbers of all rows, in an order that only what is in them decides: by the
 * keys of entities, the places of bases, the names of fields. To be freed.
 */
extern uint32 *code_relations_order(const CodeMembers *members, const CodeRelations *relations);

#endif							/* CODE_MEMBER_H */
