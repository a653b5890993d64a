/*
 * code_scope.c
 *		What a qualified name means: by scopes, modules, types and their bases.
 *
 * A name is walked from its first part to the last. At first there is a module,
 * or what can be seen of this name from where the reference stands; then each
 * part is a member of what came before: of a module what its file defines, of a
 * type what stands in it, or in the nearest of its bases that has it. A field
 * and what a function returns lead on to the type that their entity names, which
 * is looked up in the same way, from there.
 *
 * A module has for others what its file's entity says, as fields: what it passes on, by = and
 * the name that it has where it is, and variables, by their types. An entity of a function
 * has as fields what its result has, and what it gives to functions that it is given.
 *
 * What is meant is looked up anew for each reference; of bases and fields it is
 * remembered. Bases are searched in depth, in their order.
 *
 * Nothing here is certain: an assignment, a condition or a base that is not here
 * may have changed what a name means. How often it does is in docs/resolving.md.
 */
#include "postgres.h"

#include "code/code_member.h"
#include "code/code_module.h"
#include "code/code_overload.h"
#include "code/code_scope.h"
#include "miscadmin.h"

#define MAX_DEPTH 12			/* of names that lead to names */
#define MAX_BASES 200			/* looked at for one name */
#define MAX_PASSED 100			/* modules that are, for a name that others pass on */

/* A name that is being walked: where it is seen from, and how. */
typedef struct Walked
{
	bool		is_type;		/* and what is asked is the type of what it leads to */
	uint32		context;
	bool		to_type;
	int			arguments;
	PtText		rest;
} Walked;

struct CodeScopes
{
	PtBudget   *budget;
	CodeModules *modules;
	CodeMembers members;
	StringInfoData spec;		/* the module that a walk is in */
	CodeFound	found;
	int			steps;			/* bases looked at */
	int			lists;			/* around the type that was found last, of which something is in them */
	bool		gathers;		/* what bases have is wanted, too, where functions are told apart by what they take */
	bool		is_foreign;		/* the walk has left what is here */
	bool		leads_on;		/* it has ended before the last part of the name */
	bool		ends_in_type;	/* or with what a type that is known does not have */
	Walked		walked[2 * (MAX_DEPTH + 2)];	/* the names of walks within each other */
	int			nwalked;
	bool		is_cut;			/* it has gone too far, or in a circle */
	bool		went_too_far;	/* some walk has */
};

/* ---- gathering ---- */

CodeScopes *
code_scopes_create(PtBudget *budget)
{
	CodeScopes *scopes = MemoryContextAllocZero(budget->context, sizeof(CodeScopes));
	MemoryContext old = MemoryContextSwitchTo(budget->context);

	scopes->budget = budget;
	initStringInfo(&scopes->spec);
	MemoryContextSwitchTo(old);
	scopes->modules = code_modules_create(budget);
	code_members_init(&scopes->members, budget);
	return scopes;
}

void
code_scopes_add(CodeScopes *scopes, uint32 number, const MatchEntity *entity)
{
	uint32		file = code_modules_add(scopes->modules, entity->path, entity->grammar);

	if (entity->kind_class == MATCH_FILE)
		code_modules_found(scopes->modules, file, entity->grammar);
	code_members_add(&scopes->members, number, file, entity);
}

void
code_scopes_qualified(CodeScopes *scopes, uint32 number)
{
	code_modules_qualify(scopes->modules, scopes->members.entities[number].file);
}

void
code_scopes_open(CodeScopes *scopes, uint32 number, PtText opens)
{
	code_modules_open(scopes->modules, scopes->members.entities[number].file, opens);
}

void
code_scopes_interface(CodeScopes *scopes, uint32 number, PtText name, uint32 line)
{
	code_members_interface(&scopes->members, number, name, line);
}

void
code_scopes_field(CodeScopes *scopes, uint32 number, PtText name, PtText type)
{
	code_members_field(&scopes->members, number, name, type);
}

void
code_scopes_base(CodeScopes *scopes, uint32 number, PtText name, uint32 line)
{
	code_members_base(&scopes->members, number, name, line);
}

void
code_scopes_known_base(CodeScopes *scopes, uint32 number, uint32 base, uint32 line)
{
	code_members_known_base(&scopes->members, number, base, line);
}

void
code_scopes_base_place(CodeScopes *scopes, uint32 number, PtText name, uint32 place)
{
	code_members_place(&scopes->members, number, name, place);
}

/* ---- types ---- */

static const CodeMember *
member(const CodeScopes *scopes, uint32 entity)
{
	return &scopes->members.entities[entity];
}

/*
 * The number of a part of a name, or PT_NO_TEXT. That nothing has it is no reason not to
 * look for it: where something unknown is on the way, it may be there.
 */
static uint32
name_of(const CodeScopes *scopes, PtText part)
{
	return pt_texts_find(&scopes->members.names, part);
}

typedef struct Search Search;

static uint32 meaning_of(CodeScopes *scopes, uint32 context, PtText text, int depth);
static int	search_member(CodeScopes *scopes, Search *search, uint32 type, int depth);
static int	search_bases(CodeScopes *scopes, Search *search, uint32 type, int depth);

/* Is what the type of a field says no type, but what the field is: another name of that? */
static bool
is_alias(PtText type)
{
	return type.length > 1 && type.bytes[0] == '=';
}

/* What a base or a field's type is, remembered. */
static uint32
meaning_of_relation(CodeScopes *scopes, CodeRelations *relations, uint64 row, int depth)
{
	CodeRelation *relation = &relations->rows[row];
	bool		was_cut = scopes->is_cut;

	if (relation->meaning == CODE_BEING_ASKED || (relation->meaning == CODE_NOT_ASKED && depth > MAX_DEPTH))
	{
		scopes->is_cut = true;
		scopes->went_too_far |= depth > MAX_DEPTH;
		return CODE_NOTHING;
	}
	if (relation->meaning == CODE_NOT_ASKED && is_alias(pt_text(&scopes->members.texts, relation->type)))
		relation->meaning = CODE_NOTHING;
	if (relation->meaning == CODE_NOT_ASKED)
	{
		uint32		meaning;

		relation->meaning = CODE_BEING_ASKED;
		scopes->is_cut = false;
		meaning = meaning_of(scopes, relation->entity, pt_text(&scopes->members.texts, relation->type), depth + 1);
		/* what was cut short may be more from elsewhere */
		relation->meaning = scopes->is_cut && depth > 0 ? CODE_NOT_ASKED : meaning;
		relation->lists = scopes->lists;
		scopes->is_cut |= was_cut;
		return meaning;
	}
	scopes->lists = relation->lists;
	return relation->meaning;
}

/* What a name of a type stands for, if it is but another name; CODE_NOTHING if it is not. */
static uint32
type_of_alias(CodeScopes *scopes, uint32 type, int depth)
{
	const CodeMember *it = member(scopes, type);
	uint32		meaning = CODE_NOTHING;

	if (it->kind_class == MATCH_TYPE && it->returns != CODE_NOTHING && depth <= MAX_DEPTH)
		meaning = meaning_of(scopes, type, pt_text(&scopes->members.texts, it->returns), depth + 1);
	return meaning == type ? CODE_NOTHING : meaning;
}

/* Do two functions take the same? */
static bool
takes_the_same(const CodeScopes *scopes, uint32 a, uint32 b)
{
	const CodeMember *x = member(scopes, a);
	const CodeMember *y = member(scopes, b);

	return x->parameters == y->parameters && x->arity.least == y->arity.least && x->arity.most == y->arity.most;
}

/* Those of others that no function found takes the same as, which would override them. */
static void
add_others(const CodeScopes *scopes, CodeFound *found, const CodeFound *others)
{
	for (uint32 i = 0; i < others->count; i++)
	{
		bool		is_overridden = false;

		for (uint32 j = 0; j < found->count && !is_overridden; j++)
			is_overridden = takes_the_same(scopes, found->entities[j], others->entities[i]);
		if (!is_overridden && found->count < CODE_MAX_FOUND)
			found->entities[found->count++] = others->entities[i];
	}
}

/* A search in a type and its bases, in each once, however they extend each other. */
struct Search
{
	uint32		name;
	uint32		seen[MAX_BASES];
	int			count;
};

/* Is it to be searched in this type? Not if it has gone too far, either. */
static bool
begin_type(CodeScopes *scopes, Search *search, uint32 type, int depth)
{
	for (int i = 0; i < search->count; i++)
	{
		if (search->seen[i] == type)
			return false;
	}
	if (depth > MAX_DEPTH || ++scopes->steps > MAX_BASES || search->count == MAX_BASES)
	{
		scopes->is_cut = scopes->went_too_far = true;
		return false;
	}
	CHECK_FOR_INTERRUPTS();
	search->seen[search->count++] = type;
	return true;
}

/* To what was found in a type what its bases have by that name, the nearest first. */
static void
gather_inherited(CodeScopes *scopes, Search *search, uint32 type, int depth)
{
	const CodeRelations *bases = &scopes->members.bases;
	CodeFound	found = scopes->found;
	bool		is_foreign = scopes->is_foreign;

	for (uint64 row = code_relations_first(bases, type, 0); row < bases->count && bases->rows[row].entity == type; row++)
	{
		uint32		base = meaning_of_relation(scopes, &scopes->members.bases, row, depth);

		CHECK_FOR_INTERRUPTS();
		scopes->found.count = 0;
		if (base != CODE_NOTHING && search_member(scopes, search, base, depth + 1) >= 0)
			add_others(scopes, &found, &scopes->found);
	}
	scopes->found = found;
	scopes->is_foreign = is_foreign;
}

static int
search_member(CodeScopes *scopes, Search *search, uint32 type, int depth)
{
	if (!begin_type(scopes, search, type, depth))
		return -1;
	if (!code_members_in(&scopes->members, type, search->name, &scopes->found))
		return search_bases(scopes, search, type, depth);
	if (scopes->gathers)
		gather_inherited(scopes, search, type, depth);
	return 0;
}

/* How far away it was in the nearest base that has it, or -1; of another name of a type, in that. */
static int
search_bases(CodeScopes *scopes, Search *search, uint32 type, int depth)
{
	uint32		alias;

	for (uint64 row = code_relations_first(&scopes->members.bases, type, 0);
		 row < scopes->members.bases.count && scopes->members.bases.rows[row].entity == type; row++)
	{
		uint32		base = meaning_of_relation(scopes, &scopes->members.bases, row, depth);
		int			distance;

		if (base == CODE_NOTHING)
		{
			scopes->is_foreign = true;
			continue;
		}
		distance = search_member(scopes, search, base, depth + 1);
		if (distance >= 0)
			return distance + 1;
	}
	alias = type_of_alias(scopes, type, depth);
	return alias == CODE_NOTHING ? -1 : search_member(scopes, search, alias, depth + 1);
}

/*
 * A member of a type or of its bases, into found; how far away it was, -1 if
 * there is none.
 */
static int
find_member(CodeScopes *scopes, uint32 type, uint32 name, bool in_bases_only, int depth)
{
	Search		search;

	search.name = name;
	search.count = 0;
	return in_bases_only ? search_bases(scopes, &search, type, depth) : search_member(scopes, &search, type, depth);
}

static uint32
search_field(CodeScopes *scopes, Search *search, uint32 type, int depth)
{
	uint64		row;
	uint32		alias;

	if (!begin_type(scopes, search, type, depth))
		return CODE_NOTHING;
	if (code_members_field_row(&scopes->members, type, search->name, &row))
	{
		uint32		meaning = meaning_of_relation(scopes, &scopes->members.fields, row, depth);

		/* where all types are said, one that is not here is a library's */
		scopes->is_foreign |= meaning == CODE_NOTHING && code_has_folders(member(scopes, type)->grammar);
		return meaning;
	}
	for (row = code_relations_first(&scopes->members.bases, type, 0);
		 row < scopes->members.bases.count && scopes->members.bases.rows[row].entity == type; row++)
	{
		uint32		base = meaning_of_relation(scopes, &scopes->members.bases, row, depth);
		uint32		found = base == CODE_NOTHING ? CODE_NOTHING : search_field(scopes, search, base, depth + 1);

		if (found != CODE_NOTHING)
			return found;
	}
	alias = type_of_alias(scopes, type, depth);
	return alias == CODE_NOTHING ? CODE_NOTHING : search_field(scopes, search, alias, depth + 1);
}

/* The type of a field of a type or its bases, or CODE_NOTHING. */
static uint32
type_of_field(CodeScopes *scopes, uint32 type, uint32 name, int depth)
{
	Search		search;

	search.name = name;
	search.count = 0;
	return search_field(scopes, &search, type, depth);
}

/* Of what has the name of the type that it stands in, a constructor, that type; else CODE_NOTHING. */
static uint32
type_of_constructor(CodeScopes *scopes, uint32 entity)
{
	const CodeMember *it = member(scopes, entity);
	PtText		scope = pt_text(&scopes->members.texts, it->scope);
	uint32		type;

	if (pt_compare_texts(code_scope_last(scope, it->grammar), pt_text(&scopes->members.names, it->name)) != 0)
		return CODE_NOTHING;
	type = code_entity_of_scope(&scopes->members, it->file, scope, it->grammar, &scopes->found);
	/* of C++ that may be declared elsewhere */
	if (type == CODE_NOTHING && code_language_is(it->grammar, "cpp") &&
		code_members_type(&scopes->members, scopes->modules, it->file, it->language, scope, it->name, &scopes->found))
		type = scopes->found.entities[0];
	return type != CODE_NOTHING && member(scopes, type)->kind_class == MATCH_TYPE ? type : CODE_NOTHING;
}

/* What a function gives that is called, a class itself; CODE_NOTHING if nobody says. */
static uint32
type_of_result(CodeScopes *scopes, uint32 entity, int depth)
{
	const CodeMember *it = member(scopes, entity);
	uint32		type;

	scopes->lists = 0;
	/* an alias says what it stands for */
	if (it->kind_class == MATCH_TYPE && (it->returns == CODE_NOTHING || depth > MAX_DEPTH))
		return entity;
	if (it->kind_class == MATCH_TYPE)
		return meaning_of(scopes, entity, pt_text(&scopes->members.texts, it->returns), depth + 1);
	if (it->kind_class != MATCH_CALLABLE)
		return CODE_NOTHING;
	if (it->returns == CODE_NOTHING)
		return type_of_constructor(scopes, entity);
	type = meaning_of(scopes, entity, pt_text(&scopes->members.texts, it->returns), depth + 1);
	scopes->is_foreign |= type == CODE_NOTHING && code_has_folders(it->grammar);
	return type;
}

/* ---- names ---- */

/* Where a walk along a name is. */
typedef struct Walk
{
	uint32		context;		/* the entity from which it is seen */
	const CodeLanguage *grammar;
	PtText		rest;
	bool		in_module;		/* spec and file are the place, else entity is */
	uint32		file;			/* of the module, or CODE_NOTHING if it is a folder */
	uint32		entity;
	bool		in_bases;		/* super of it */
	bool		to_type;		/* is it the name of one? */
	int			lists;			/* around what it is at */
	PtText		package;		/* that its first part is in; bytes is NULL if it does not say */
	int			arguments;		/* with which it is called, or MATCH_ANY_ARGUMENTS */
	uint32		receiver;		/* what the last part is a member of, or CODE_NOTHING */
	bool		has_home;		/* it stands at the top of this file, by this name */
	uint32		home;
	uint32		home_name;
	int			depth;
	ScopeAnswer how;
} Walk;

/* The next part of the name; whether it is called. */
static PtText
next_part(Walk *walk, bool *is_called)
{
	const char *start = walk->rest.bytes;
	const char *end = walk->rest.bytes + walk->rest.length;
	const char *at = start;
	PtText		part;

	while (at < end && (*at == '?' || code_separator(walk->grammar, start, at, end) == 0))
		at++;
	part = (PtText) {start, at - start};
	if (at < end)
		at += code_separator(walk->grammar, start, at, end);
	walk->rest = (PtText) {at, end - at};
	*is_called = part.length > 2 && memcmp(part.bytes + part.length - 2, "()", 2) == 0;
	if (*is_called)
		part.length -= 2;
	return part;
}

/* Where "::" is, after which a name begins that is a module's; or -1. */
static int
end_of_module(PtText text)
{
	for (int at = 0; at + 1 < text.length; at++)
	{
		if (text.bytes[at] == ':' && text.bytes[at + 1] == ':')
			return at;
	}
	return -1;
}

/* Are types of this language found by packages, and do all members say their types? */
static bool
has_packages(const CodeLanguage *grammar)
{
	return (grammar->grammar & NAME_PACKAGES) != 0;
}

/* By convention a type: a capital. */
static bool
begins_with_capital(PtText name)
{
	return name.length > 0 && name.bytes[0] >= 'A' && name.bytes[0] <= 'Z';
}

/* The same of a package, in whose name no part begins with a capital. */
static int
end_of_package(PtText text)
{
	int			end = end_of_module(text);

	for (int at = 0; at < end; at++)
	{
		if ((at == 0 || text.bytes[at - 1] == '.') && text.bytes[at] >= 'A' && text.bytes[at] <= 'Z')
			return -1;
	}
	return end;
}

/* The file of the module that is in spec; CODE_NO_FILE if it is a folder, or not here. */
static uint32
file_in_spec(CodeScopes *scopes, const Walk *walk)
{
	return code_modules_find(scopes->modules, (PtText) {scopes->spec.data, scopes->spec.len},
							 member(scopes, walk->context)->file, walk->grammar);
}

/* A module's name as a path: dots of Python are folders. */
static void
begin_module(CodeScopes *scopes, Walk *walk, PtText module)
{
	bool		has_dots = code_language_is(walk->grammar, "python") &&
		(module.length < 2 || memcmp(module.bytes, "./", 2) != 0);

	resetStringInfo(&scopes->spec);
	if (module.length > 2 && (module.bytes[0] == '@' || module.bytes[0] == '~') && module.bytes[1] == '/')
		module = (PtText) {module.bytes + 2, module.length - 2};
	for (int i = 0; i < module.length; i++)
		appendStringInfoChar(&scopes->spec, module.bytes[i] == '.' && has_dots ? '/' : module.bytes[i]);
	walk->in_module = true;
	walk->how = SCOPE_MODULE;
	walk->file = file_in_spec(scopes, walk);
}

static bool walk_name(CodeScopes *scopes, Walk *walk);

/* What something is that has another name here: found has it, or the walk goes on in a module. */
static bool
follow_alias(CodeScopes *scopes, Walk *walk, uint32 context, PtText name)
{
	int			end = end_of_module(name);
	Walk		inner = {.context = context, .grammar = walk->grammar, .rest = name, .to_type = walk->to_type,
	.arguments = walk->rest.length == 0 ? walk->arguments : MATCH_ANY_ARGUMENTS, .depth = walk->depth + 1};
	bool		is_module = end >= 0 && end + 2 == name.length;
	bool		found = false;

	if (is_module)
		begin_module(scopes, &inner, (PtText) {name.bytes, end});
	else
		found = walk_name(scopes, &inner);
	walk->in_module = !found;
	walk->file = inner.file;
	walk->has_home = inner.has_home;
	walk->home = inner.home;
	walk->home_name = inner.home_name;
	if (inner.how == SCOPE_EXPORTED)
		walk->how = SCOPE_EXPORTED;
	return found || (inner.in_module && inner.file != CODE_NO_FILE && (is_module || inner.rest.length == 0));
}

/* A name at the top of a file: defined there, a variable that leads on, or what others define. */
static bool
find_in_file(CodeScopes *scopes, Walk *walk, uint32 file, uint32 name)
{
	PtText		nowhere = {"", 0};
	uint32		entity = code_modules_entity(scopes->modules, file);
	uint64		row;
	PtText		type;

	if (code_members_at(&scopes->members, file, nowhere, name, &scopes->found))
	{
		walk->in_module = false;
		walk->has_home = true;
		walk->home = file;
		walk->home_name = name;
		return true;
	}
	if (entity == PT_NO_TEXT || !code_members_field_row(&scopes->members, entity, name, &row))
		return false;
	type = pt_text(&scopes->members.texts, scopes->members.fields.rows[row].type);
	if (is_alias(type))
		return follow_alias(scopes, walk, entity, (PtText) {type.bytes + 1, type.length - 1});
	if (walk->rest.length == 0 && !walk->to_type)
		return false;
	scopes->found.entities[0] = meaning_of_relation(scopes, &scopes->members.fields, row, walk->depth);
	scopes->found.count = 1;
	walk->in_module = false;
	return scopes->found.entities[0] != CODE_NOTHING;
}

/* Files that have been looked into for a name. */
typedef struct Visited
{
	uint32		files[MAX_PASSED];
	int			count;
} Visited;

/* In the modules all names of which a file passes on, and in those that these do. */
static bool
find_passed_on(CodeScopes *scopes, Walk *walk, uint32 file, uint32 name, Visited *visited)
{
	uint32		entity = code_modules_entity(scopes->modules, file);
	const CodeRelations *fields = &scopes->members.fields;

	if (entity == PT_NO_TEXT || name == PT_NO_TEXT)
		return false;
	for (int i = 0; i < visited->count; i++)
	{
		if (visited->files[i] == file)
			return false;
	}
	if (visited->count == MAX_PASSED)
	{
		scopes->is_cut = scopes->went_too_far = true;
		return false;
	}
	visited->files[visited->count++] = file;
	for (uint64 row = code_relations_first(fields, entity, 0); row < fields->count && fields->rows[row].entity == entity; row++)
	{
		PtText		field = pt_text(&scopes->members.names, fields->rows[row].name);
		PtText		module = pt_text(&scopes->members.texts, fields->rows[row].type);
		Walk		inner = {.context = entity, .grammar = walk->grammar};

		CHECK_FOR_INTERRUPTS();
		if (field.length == 0 || field.bytes[0] != '*' || module.length < 4)
			continue;
		begin_module(scopes, &inner, (PtText) {module.bytes + 1, module.length - 3});
		if (inner.file != CODE_NO_FILE && (find_in_file(scopes, walk, inner.file, name) ||
										   find_passed_on(scopes, walk, inner.file, name, visited)))
			return true;
	}
	return false;
}

/* A name that a module has, by itself or from others. */
static bool
find_in_module(CodeScopes *scopes, Walk *walk, PtText part)
{
	Visited		visited = {.count = 0};
	uint32		file = walk->file;
	StringInfoData spec;

	if (find_in_file(scopes, walk, file, name_of(scopes, part)))
		return true;
	initStringInfo(&spec);
	appendBinaryStringInfo(&spec, scopes->spec.data, scopes->spec.len);
	if (find_passed_on(scopes, walk, file, name_of(scopes, part), &visited))
	{
		pfree(spec.data);
		return true;
	}
	resetStringInfo(&scopes->spec);
	appendBinaryStringInfo(&scopes->spec, spec.data, spec.len);
	pfree(spec.data);
	walk->in_module = true;
	walk->file = file;
	return false;
}

/* Does a file say what a name of it is, even if that leads nowhere? */
static bool
is_said(CodeScopes *scopes, uint32 file, uint32 name)
{
	uint32		entity = code_modules_entity(scopes->modules, file);
	uint64		row;

	return entity != PT_NO_TEXT && code_members_field_row(&scopes->members, entity, name, &row);
}

/* A member of a module: of its file, a module below it, or passed on by it; in JavaScript the default under another name. */
static bool
step_in_module(CodeScopes *scopes, Walk *walk, PtText part)
{
	uint32		name = name_of(scopes, part);
	uint32		file = walk->file;
	PtText		folder;
	int			length;

	if (file != CODE_NO_FILE && find_in_module(scopes, walk, part))
		return true;
	if (file != CODE_NO_FILE && is_said(scopes, file, name))
		return false;
	length = scopes->spec.len;
	if (length > 0 && scopes->spec.data[length - 1] != '/')
		appendStringInfoChar(&scopes->spec, '/');
	appendBinaryStringInfo(&scopes->spec, part.bytes, part.length);
	walk->file = file_in_spec(scopes, walk);
	if (walk->file != CODE_NO_FILE || (file == CODE_NO_FILE && walk->rest.length > 0))
		return true;
	if (file == CODE_NO_FILE)
		return false;
	walk->how = SCOPE_EXPORTED;
	folder = code_modules_folder(scopes->modules, file);
	if (walk->rest.length > 0)
	{
		walk->file = code_modules_below(scopes->modules, folder, part);
		if (walk->file != CODE_NO_FILE)
		{
			PtText		found = code_modules_name(scopes->modules, walk->file);

			resetStringInfo(&scopes->spec);
			appendStringInfoString(&scopes->spec, "./");
			appendBinaryStringInfo(&scopes->spec, found.bytes, found.length);
			return true;
		}
	}
	walk->in_module = false;
	return code_members_below(&scopes->members, scopes->modules, folder, name, &scopes->found) ||
		(code_language_is_script(walk->grammar) &&
		 find_in_file(scopes, walk, file, name_of(scopes, (PtText) {"default", 7})));
}

/* Of those found those of a class; false if there are none. */
static bool
keep_class(CodeScopes *scopes, MatchClass kind_class)
{
	uint32		kept = 0;

	for (uint32 i = 0; i < scopes->found.count; i++)
	{
		if (member(scopes, scopes->found.entities[i])->kind_class == kind_class)
			scopes->found.entities[kept++] = scopes->found.entities[i];
	}
	scopes->found.count = kept;
	return kept > 0;
}

/* The same of those that are of another one. */
static bool
drop_class(CodeScopes *scopes, MatchClass kind_class)
{
	uint32		kept = 0;

	for (uint32 i = 0; i < scopes->found.count; i++)
	{
		if (member(scopes, scopes->found.entities[i])->kind_class != kind_class)
			scopes->found.entities[kept++] = scopes->found.entities[i];
	}
	scopes->found.count = kept;
	return kept > 0;
}

/* Is it a function of C++'s containers that gives something in them, or an iterator? */
static bool
gives_element(const CodeLanguage *grammar, PtText part)
{
	static const char *const names[] = {
		"begin", "end", "cbegin", "cend", "front", "back", "top", "at", "find", "get", "lower_bound", "upper_bound"
	};

	for (int i = 0; i < lengthof(names) && code_language_is(grammar, "cpp"); i++)
	{
		if (pt_text_is(part, names[i]))
			return true;
	}
	return false;
}

/* Is something that is in lists named with [] for each of them? */
static bool
has_lists(const CodeLanguage *grammar)
{
	return code_has_folders(grammar) || code_language_is(grammar, "cpp");
}

/* A member of a type, which is called or is not; or of what a function gives. */
static bool
step_in_type(CodeScopes *scopes, Walk *walk, uint32 type, PtText part, bool is_called)
{
	uint32		name = name_of(scopes, part);
	int			distance = -1;

	if (pt_text_is(part, "super"))
	{
		walk->in_bases = true;
		scopes->found.entities[0] = type;
		scopes->found.count = 1;
		return true;
	}
	if (walk->lists > 0 && (pt_text_is(part, "[]") || (is_called && gives_element(walk->grammar, part))))
	{
		scopes->found.entities[0] = type;
		scopes->found.count = 1;
		scopes->lists = walk->lists - 1;
		return true;
	}
	/* a field and a function may have one name */
	if (has_packages(walk->grammar) && walk->rest.length > 0 && !is_called)
	{
		scopes->found.entities[0] = type_of_field(scopes, type, name, walk->depth);
		scopes->found.count = 1;
		return scopes->found.entities[0] != CODE_NOTHING ||
			(find_member(scopes, type, name, false, walk->depth) >= 0 && keep_class(scopes, MATCH_TYPE));
	}
	if (member(scopes, type)->kind_class != MATCH_CALLABLE)
		distance = find_member(scopes, type, name, walk->in_bases, walk->depth);
	walk->in_bases = false;
	if (distance >= 0)
	{
		walk->how = distance > 0 ? SCOPE_INHERITED : SCOPE_MEMBER;
		scopes->lists = 0;
		return true;
	}
	if (walk->rest.length == 0 && !walk->to_type)
		return false;
	scopes->found.entities[0] = type_of_field(scopes, type, name, walk->depth);
	scopes->found.count = 1;
	return scopes->found.entities[0] != CODE_NOTHING;
}

/*
 * The next part of a name that is at an entity. What stands at the top of a file may be a type
 * and a variable of that name as well, which has members of its own.
 */
static bool
step_in_entity(CodeScopes *scopes, Walk *walk, PtText part, bool is_called, bool has_home)
{
	uint32		file;
	uint64		row;
	uint32		type;

	if (step_in_type(scopes, walk, walk->entity, part, is_called))
		return true;
	if (!has_home)
		return false;
	file = code_modules_entity(scopes->modules, walk->home);
	if (file == PT_NO_TEXT || !code_members_field_row(&scopes->members, file, walk->home_name, &row))
		return false;
	type = meaning_of_relation(scopes, &scopes->members.fields, row, walk->depth);
	return type != CODE_NOTHING && step_in_type(scopes, walk, type, part, is_called);
}

/* Is it seen from within a scope, without what it belongs to? */
static bool
is_seen(CodeScopes *scopes, const Walk *walk, uint32 around)
{
	return around == CODE_NOTHING || member(scopes, around)->kind_class != MATCH_TYPE ||
		(walk->grammar->grammar & NAME_MEMBERS) != 0;
}

/* A type of a package by its name. */
static bool
find_packaged(CodeScopes *scopes, Walk *walk, PtText package, PtText part)
{
	const CodeMember *from = member(scopes, walk->context);

	if (!code_members_packaged(&scopes->members, scopes->modules, from->file, from->language, package,
							   name_of(scopes, part), &scopes->found))
		return false;
	walk->how = SCOPE_MODULE;
	return true;
}

/* A member of a type that stands behind a package's "::", which is in opened, or that type if it has the name. */
static bool
find_in_opened(CodeScopes *scopes, Walk *walk, PtText opened, int package, PtText part)
{
	PtText		path = {opened.bytes + package + 2, opened.length - package - 2};
	uint32		name = name_of(scopes, part);
	int			arguments = scopes->found.arguments;
	uint32		type;
	bool		found;

	if (path.length == 0)
		return false;
	type = meaning_of(scopes, walk->context, opened, walk->depth + 1);
	scopes->found.arguments = arguments;
	found = type != CODE_NOTHING && find_member(scopes, type, name, false, walk->depth) >= 0;
	if (found)
		walk->how = SCOPE_MODULE;
	return found;
}

/*
 * What the file of a reference sees besides what stands in it: types of packages by
 * their names, and members of types.
 */
static bool
find_open(CodeScopes *scopes, Walk *walk, PtText part, bool is_type)
{
	const CodeMember *from = member(scopes, walk->context);
	PtText		opens = code_modules_opens(scopes->modules, from->file);

	if (opens.length == 0 && is_type)
		return code_members_type(&scopes->members, scopes->modules, from->file, from->language,
								 pt_text(&scopes->members.texts, from->scope), name_of(scopes, part), &scopes->found);
	while (opens.length > 0)
	{
		const char *blank = memchr(opens.bytes, ' ', opens.length);
		PtText		opened = {opens.bytes, blank != NULL ? (int) (blank - opens.bytes) : opens.length};
		int			package = end_of_package(opened);

		CHECK_FOR_INTERRUPTS();
		if (package >= 0 ? find_in_opened(scopes, walk, opened, package, part) :
			is_type && find_packaged(scopes, walk, opened, part))
			return true;
		opens.bytes += opened.length + (blank != NULL);
		opens.length -= opened.length + (blank != NULL);
	}
	return false;
}

/* A variable that all files of a package see, which leads on to its type. */
static bool
find_variable(CodeScopes *scopes, Walk *walk, uint32 file, uint32 name)
{
	uint32		variables = code_members_variables(&scopes->members, file);

	if (variables == CODE_NOTHING || (walk->rest.length == 0 && !walk->to_type))
		return false;
	scopes->found.entities[0] = type_of_field(scopes, variables, name, walk->depth);
	scopes->found.count = 1;
	return scopes->found.entities[0] != CODE_NOTHING;
}

/* Where folders are packages: what one has at its top, of several that which shares most folders with a file. */
static bool
find_imported(CodeScopes *scopes, Walk *walk, PtText package, PtText part, bool is_called)
{
	PtText		here = code_modules_path(scopes->modules, member(scopes, walk->context)->file);
	PtText		nowhere = {"", 0};
	uint32		name = name_of(scopes, part);
	uint64		place = 0;
	uint32		unit;
	uint32		best = CODE_NO_FILE;
	int			most = -1;
	bool		found;

	if (name == PT_NO_TEXT)
		return false;
	while ((unit = code_modules_next_unit(scopes->modules, package, &place)) != CODE_NO_FILE)
	{
		int			common = code_common_folders(here, code_modules_path(scopes->modules, unit));
		uint32		variables = code_members_variables(&scopes->members, unit);
		uint64		row = code_relations_first(&scopes->members.fields, variables, name);

		CHECK_FOR_INTERRUPTS();
		if (common <= most ||
			(!code_members_at(&scopes->members, unit, nowhere, name, &scopes->found) &&
			 !(row < scopes->members.fields.count && scopes->members.fields.rows[row].entity == variables &&
			   scopes->members.fields.rows[row].name == name)))
			continue;
		most = common;
		best = unit;
	}
	if (best == CODE_NO_FILE)
		return false;
	walk->how = SCOPE_MODULE;
	found = code_members_at(&scopes->members, best, nowhere, name, &scopes->found);
	return found || (!is_called && find_variable(scopes, walk, best, name));
}

/*
 * The first part of a name without a package, where folders are: in the function around it,
 * in the file's own package, or in one all of which it sees.
 */
static bool
find_in_folder(CodeScopes *scopes, Walk *walk, PtText part, bool is_called)
{
	const CodeMember *from = member(scopes, walk->context);
	PtText		opens = code_modules_opens(scopes->modules, from->file);
	PtText		nowhere = {"", 0};
	uint32		name = name_of(scopes, part);
	StringInfoData scope;
	bool		found = false;

	if (name == PT_NO_TEXT)
		return false;
	walk->how = SCOPE_VISIBLE;
	if (from->kind_class == MATCH_CALLABLE)
	{
		initStringInfo(&scope);
		found = code_members_at(&scopes->members, from->file, code_scope_within(&scopes->members, walk->context, &scope),
								name, &scopes->found);
		pfree(scope.data);
	}
	if (!found)
		found = code_members_at(&scopes->members, from->file, nowhere, name, &scopes->found);
	if (!found && !is_called)
		found = find_variable(scopes, walk, from->file, name);
	for (bool is_own = true; !found && opens.length > 0; is_own = false)
	{
		const char *blank = memchr(opens.bytes, ' ', opens.length);
		PtText		opened = {opens.bytes, blank != NULL ? (int) (blank - opens.bytes) : opens.length};

		CHECK_FOR_INTERRUPTS();
		if (!is_own)
			found = find_imported(scopes, walk, opened, part, is_called);
		opens.bytes += opened.length + (blank != NULL);
		opens.length -= opened.length + (blank != NULL);
	}
	return found;
}

/* The first part of a name without a module: in the innermost scope that has it. */
static bool
find_visible(CodeScopes *scopes, Walk *walk, PtText part, bool is_called)
{
	bool		is_packaged = has_packages(walk->grammar);
	const CodeMember *from = member(scopes, walk->context);
	uint32		name = name_of(scopes, part);
	Visited		visited = {.count = 0};
	StringInfoData scope;
	PtText		within;
	bool		found = false;

	if (code_has_folders(from->grammar))
		return find_in_folder(scopes, walk, part, is_called);
	initStringInfo(&scope);
	if (from->kind_class == MATCH_FILE)
		within = (PtText) {"", 0};
	else
		within = code_scope_within(&scopes->members, walk->context, &scope);
	walk->how = SCOPE_VISIBLE;
	for (;;)
	{
		uint32		around = within.length == 0 ? CODE_NOTHING :
			code_entity_of_scope(&scopes->members, from->file, within, from->grammar, &scopes->found);
		int			distance = -1;

		CHECK_FOR_INTERRUPTS();
		/* a function of a type that another file declares */
		if (around == CODE_NOTHING && within.length > 0 && code_language_is(from->grammar, "cpp"))
		{
			CodeFound	found_before = scopes->found;

			if (code_members_type(&scopes->members, scopes->modules, from->file, from->language,
								  pt_text(&scopes->members.texts, from->scope),
								  name_of(scopes, code_scope_last(within, from->grammar)), &scopes->found))
				around = scopes->found.entities[0];
			scopes->found = found_before;
		}
		if (pt_text_is(code_scope_last(within, from->grammar), "?") && !is_packaged)
			found = false;		/* an object without a name */
		else if (around == CODE_NOTHING || member(scopes, around)->kind_class != MATCH_TYPE)
			found = code_members_at(&scopes->members, from->file, within, name, &scopes->found);
		else if (is_seen(scopes, walk, around))
		{
			distance = find_member(scopes, around, name, false, walk->depth);
			found = distance >= 0;
			if (found)
				walk->how = distance > 0 ? SCOPE_INHERITED : SCOPE_MEMBER;
		}
		/* where variables say their types, what is not called and leads on is a type */
		if (found && (is_packaged || code_language_is(walk->grammar, "cpp")) && walk->rest.length > 0 && !is_called)
			found = is_packaged ? keep_class(scopes, MATCH_TYPE) : drop_class(scopes, MATCH_CALLABLE);
		if (found && within.length == 0)
		{
			walk->has_home = true;
			walk->home = from->file;
			walk->home_name = name;
		}
		if (found || within.length == 0)
			break;
		within = code_scope_outer(within, from->grammar);
	}
	pfree(scope.data);
	if (!found && code_language_is(from->grammar, "python"))
		found = find_passed_on(scopes, walk, from->file, name, &visited);
	/* of what stands elsewhere other methods know more, but not where a name goes on from there */
	if (!found && is_packaged)
		found = find_open(scopes, walk, part, walk->to_type || (walk->rest.length > 0 && !is_called) || begins_with_capital(part));
	else if (!found && !code_has_modules(from->grammar) &&
			 (walk->to_type || walk->rest.length > 0 || code_language_is(from->grammar, "cpp")))
		found = code_members_type(&scopes->members, scopes->modules, from->file, from->language,
								  pt_text(&scopes->members.texts, from->scope), name, &scopes->found);
	return found;
}

static bool
stands_for_another(const CodeScopes *scopes, uint32 entity)
{
	return member(scopes, entity)->kind_class == MATCH_TYPE && member(scopes, entity)->returns != CODE_NOTHING;
}

/* The first part of a name whose package is said. */
static bool
find_in_package(CodeScopes *scopes, Walk *walk, PtText part, bool is_called)
{
	return code_has_folders(walk->grammar) ? find_imported(scopes, walk, walk->package, part, is_called) :
		find_packaged(scopes, walk, walk->package, part);
}

/* Where the package ends that a name says its first part is in; -1 if it says none. */
static int
end_of_said_package(const Walk *walk)
{
	return has_packages(walk->grammar) ? end_of_package(walk->rest) :
		code_has_folders(walk->grammar) ? end_of_module(walk->rest) : -1;
}

/* Does what a name goes on with say what a function gives to one that it is given, @0@1? */
static bool
is_given(PtText rest)
{
	return rest.length > 0 && rest.bytes[0] == '@';
}

/* From where a name goes on that has led to a function: from what it returns, if anything is known of that. */
static uint32
behind_function(CodeScopes *scopes, const Walk *walk, uint32 function)
{
	uint32		returns = member(scopes, function)->returns;
	uint32		result;

	if (is_given(walk->rest))
		return function;
	if (returns != CODE_NOTHING && pt_text_is(pt_text(&scopes->members.texts, returns), "this"))
		return walk->receiver;
	result = type_of_result(scopes, function, walk->depth);
	return result == CODE_NOTHING && code_members_has_fields(&scopes->members, function) ? function : result;
}

/* One part further; what it leads to is in found, or the walk is in a module. */
static bool
step(CodeScopes *scopes, Walk *walk, bool is_first)
{
	bool		is_called;
	PtText		part = next_part(walk, &is_called);
	bool		has_home = walk->has_home;

	walk->has_home = false;
	walk->receiver = is_first || walk->in_module ? CODE_NOTHING : walk->entity;
	scopes->found.count = 0;
	scopes->lists = 0;
	/* what the last part means is what is called */
	scopes->found.arguments = walk->rest.length == 0 ? walk->arguments : MATCH_ANY_ARGUMENTS;
	scopes->gathers = walk->rest.length == 0 && walk->arguments != MATCH_ANY_ARGUMENTS && has_packages(walk->grammar);
	scopes->found.wanted = is_called || (walk->rest.length == 0 && !walk->to_type) || is_given(walk->rest) ?
		MATCH_CALLABLE : MATCH_TYPE;
	if (part.length == 0)
		return false;
	if (is_first && walk->package.bytes != NULL ? !find_in_package(scopes, walk, part, is_called) :
		is_first ? !find_visible(scopes, walk, part, is_called) :
		walk->in_module ? !step_in_module(scopes, walk, part) : !step_in_entity(scopes, walk, part, is_called, has_home))
		return false;
	if (walk->in_module || walk->rest.length == 0)
		return !is_called || walk->rest.length > 0 || scopes->found.count > 0;
	/* on from there: from a value to its type */
	if (scopes->found.count > 1 && walk->how == SCOPE_EXPORTED)
		return false;
	walk->entity = code_found_least(&scopes->members, &scopes->found);
	if (member(scopes, walk->entity)->kind_class == MATCH_CALLABLE)
		walk->entity = behind_function(scopes, walk, walk->entity);
	else if (stands_for_another(scopes, walk->entity))
		walk->entity = type_of_result(scopes, walk->entity, walk->depth);
	walk->lists = scopes->lists;
	return walk->entity != CODE_NOTHING;
}

/* Is what a name begins with qualified by ::, and what may be behind that? */
static bool
leave_namespace(const Walk *whole, Walk *walk)
{
	int			end = end_of_module(whole->rest);

	if (!code_language_is(whole->grammar, "cpp") || end <= 0 ||
		(end == 3 && memcmp(whole->rest.bytes, "std", 3) == 0))
		return false;
	for (int at = 0; at < end; at++)
	{
		if (strchr(".->()[", whole->rest.bytes[at]) != NULL)
			return false;
	}
	*walk = *whole;
	walk->rest = (PtText) {whole->rest.bytes + end + 2, whole->rest.length - end - 2};
	return true;
}

static bool walk_parts(CodeScopes *scopes, Walk *walk);

/*
 * Walk a name to its end; found has what it means. A namespace of C++ is in many files, so a
 * name that does not lead on from one is looked for without it.
 */
static bool
walk_name(CodeScopes *scopes, Walk *walk)
{
	Walk		whole = *walk;
	bool		found = walk_parts(scopes, walk);

	for (int namespaces = 0; !found && namespaces < MAX_DEPTH && leave_namespace(&whole, walk); namespaces++)
	{
		whole = *walk;
		/* a function by its last part alone is not looked for here */
		if (!walk->to_type && end_of_module(walk->rest) < 0 && memchr(walk->rest.bytes, '.', walk->rest.length) == NULL)
			return false;
		found = walk_parts(scopes, walk);
	}
	return found;
}

static bool
walk_along(CodeScopes *scopes, Walk *walk)
{
	int			module = code_has_modules(walk->grammar) ? end_of_module(walk->rest) : -1;
	int			package = end_of_said_package(walk);
	bool		is_first = module < 0;

	walk->in_module = walk->in_bases = false;
	if (package >= 0)
	{
		walk->package = (PtText) {walk->rest.bytes, package};
		walk->rest = (PtText) {walk->rest.bytes + package + 2, walk->rest.length - package - 2};
	}
	if (module >= 0)
	{
		PtText		name = {walk->rest.bytes, module};

		walk->rest = (PtText) {walk->rest.bytes + module + 2, walk->rest.length - module - 2};
		begin_module(scopes, walk, name);
	}
	do
	{
		CHECK_FOR_INTERRUPTS();
		if (!step(scopes, walk, is_first))
			return false;
		is_first = false;
	} while (walk->rest.length > 0);
	return !walk->in_module && scopes->found.count > 0;
}

/*
 * Begin to walk a name, unless it leads back to itself: there it means nothing. What is cut
 * so is the same wherever one has begun and, unlike what has gone too far, no reason to
 * know more.
 */
static bool
begin_walk(CodeScopes *scopes, const Walk *walk, bool is_type)
{
	for (int i = 0; i < scopes->nwalked; i++)
	{
		const Walked *outer = &scopes->walked[i];

		if (outer->is_type == is_type && outer->context == walk->context && outer->to_type == walk->to_type &&
			outer->arguments == walk->arguments && pt_compare_texts(outer->rest, walk->rest) == 0)
		{
			scopes->is_cut = true;
			return false;
		}
	}
	if (walk->depth > MAX_DEPTH || scopes->nwalked == lengthof(scopes->walked))
	{
		scopes->is_cut = scopes->went_too_far = true;
		return false;
	}
	scopes->walked[scopes->nwalked++] = (Walked) {is_type, walk->context, walk->to_type, walk->arguments, walk->rest};
	return true;
}

static bool
walk_parts(CodeScopes *scopes, Walk *walk)
{
	bool		found;

	if (!begin_walk(scopes, walk, false))
		return false;
	found = walk_along(scopes, walk);
	scopes->nwalked--;
	return found;
}

/* The type that a text names, seen from an entity; CODE_NOTHING if it is not known. */
static uint32
meaning_of(CodeScopes *scopes, uint32 context, PtText text, int depth)
{
	Walk		walk = {.context = context, .grammar = member(scopes, context)->grammar, .to_type = true,
	.arguments = MATCH_ANY_ARGUMENTS, .depth = depth};
	int			arguments = scopes->found.arguments;
	MatchClass	wanted = scopes->found.wanted;
	bool		gathers = scopes->gathers;
	uint32		meaning = CODE_NOTHING;
	int			lists = 0;

	/* something in lists is named with [] for each of them */
	while (has_lists(walk.grammar) && text.length > 2 && memcmp(text.bytes + text.length - 2, "[]", 2) == 0 &&
		   text.bytes[text.length - 3] != '.')
	{
		text.length -= 2;
		lists++;
	}
	walk.rest = text;
	if (!begin_walk(scopes, &walk, true))
	{
		scopes->found.count = 0;
		return CODE_NOTHING;
	}
	if (walk_name(scopes, &walk) && (scopes->found.count == 1 || walk.how != SCOPE_EXPORTED))
	{
		uint32		found = code_found_least(&scopes->members, &scopes->found);
		uint32		returns = member(scopes, found)->returns;

		/* what a type's name leads to has the lists that are around it */
		if (member(scopes, found)->kind_class == MATCH_TYPE && !stands_for_another(scopes, found))
			meaning = found;
		else
			meaning = member(scopes, found)->kind_class == MATCH_CALLABLE && returns != CODE_NOTHING &&
				pt_text_is(pt_text(&scopes->members.texts, returns), "this") ? walk.receiver : type_of_result(scopes, found, depth);
	}
	scopes->lists += lists;
	scopes->nwalked--;
	scopes->found.count = 0;
	scopes->found.arguments = arguments;
	scopes->found.wanted = wanted;
	scopes->gathers = gathers;
	return meaning;
}

/* ---- finishing ---- */

/*
 * Find what all of them mean. Where names lead in a circle, or too far, that
 * depends on where one begins, so it is done in an order that the data decide,
 * and what was cut short on the way is asked again in its turn.
 */
static void
ask_all(CodeScopes *scopes, CodeRelations *relations)
{
	uint32	   *order = code_relations_order(&scopes->members, relations);

	for (uint64 i = 0; i < relations->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		scopes->steps = 0;
		meaning_of_relation(scopes, relations, order[i], 0);
		if (relations->rows[order[i]].meaning == CODE_NOT_ASKED)
			relations->rows[order[i]].meaning = CODE_NOTHING;
	}
	pt_free(scopes->budget, order);
}

void
code_scopes_finish(CodeScopes *scopes, const uint32 *rank)
{
	code_modules_finish(scopes->modules);
	code_members_finish(&scopes->members, scopes->modules, rank, code_modules_rank(scopes->modules));
	for (uint64 i = 0; i < scopes->members.count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (member(scopes, i)->kind_class == MATCH_FILE)
			code_modules_stand(scopes->modules, member(scopes, i)->file, i, rank);
	}
	ask_all(scopes, &scopes->members.bases);
	ask_all(scopes, &scopes->members.fields);
}

/* ---- answering ---- */

/* Those of the found ones that can be meant where this is wanted. */
static void
keep_fitting(CodeScopes *scopes, MatchClass wanted)
{
	uint32		kept = 0;

	for (uint32 i = 0; i < scopes->found.count; i++)
	{
		MatchClass	class = member(scopes, scopes->found.entities[i])->kind_class;

		if (class == wanted || (wanted == MATCH_CALLABLE && class == MATCH_TYPE))
			scopes->found.entities[kept++] = scopes->found.entities[i];
	}
	scopes->found.count = kept;
}

/*
 * Members by the name of their type alone, where that may stand in another file
 * without being imported from there by name.
 */
static void
find_by_type_name(CodeScopes *scopes, const MatchReference *reference)
{
	uint32		name = name_of(scopes, reference->name);
	uint32		type_name;

	scopes->found.count = 0;
	if (reference->nqualifier == 0 || name == PT_NO_TEXT)
		return;
	type_name = name_of(scopes, reference->qualifier[reference->nqualifier - 1]);
	if (type_name != PT_NO_TEXT)
		code_members_of(&scopes->members, type_name, name, reference->language, &scopes->found);
}

/* ---- overloads ---- */

/* The part of a name at its end, and what comes before it. */
static PtText
last_part(PtText name, PtText *before)
{
	int			at = name.length;

	while (at > 0 && name.bytes[at - 1] != '.' && name.bytes[at - 1] != ':')
		at--;
	*before = (PtText) {name.bytes, at > 0 && name.bytes[at - 1] == '.' ? at - 1 : 0};
	return (PtText) {name.bytes + at, name.length - at};
}

/* What the last part of a name gives: the type of a field, or what a function returns. */
static OverloadType
type_of_last(CodeScopes *scopes, uint32 context, PtText before, PtText part, bool is_called)
{
	OverloadType type = {{"?", 1}, context};
	uint32		name = name_of(scopes, part);
	uint32		owner = before.length > 0 ? meaning_of(scopes, context, before, 0) : CODE_NOTHING;
	Walk		walk = {.context = context, .grammar = member(scopes, context)->grammar, .arguments = MATCH_ANY_ARGUMENTS};

	scopes->found.arguments = MATCH_ANY_ARGUMENTS;
	scopes->found.count = 0;
	if (name == PT_NO_TEXT || (owner == CODE_NOTHING && before.length > 0))
		return type;
	if (!is_called)
	{
		uint64		row = code_relations_first(&scopes->members.fields, owner, name);

		if (owner != CODE_NOTHING && row < scopes->members.fields.count && scopes->members.fields.rows[row].entity == owner &&
			scopes->members.fields.rows[row].name == name)
			type = (OverloadType) {pt_text(&scopes->members.texts, scopes->members.fields.rows[row].type), owner};
		return type;
	}
	if (owner != CODE_NOTHING ? find_member(scopes, owner, name, false, 0) >= 0 : find_visible(scopes, &walk, part, true))
	{
		uint32		function = code_found_least(&scopes->members, &scopes->found);

		if (member(scopes, function)->kind_class == MATCH_CALLABLE && member(scopes, function)->returns != CODE_NOTHING)
			type = (OverloadType) {pt_text(&scopes->members.texts, member(scopes, function)->returns), function};
	}
	return type;
}

/* By convention no type: all in capitals. */
static bool
is_constant(PtText name)
{
	for (int i = 0; i < name.length; i++)
	{
		if (name.bytes[i] >= 'a' && name.bytes[i] <= 'z')
			return false;
	}
	return name.length > 1;
}

/* The type of an argument: what is said, or what a name leads to that is a value. */
static OverloadType
type_of_argument(CodeScopes *scopes, uint32 context, PtText said)
{
	PtText		before;
	PtText		part = last_part(said, &before);
	bool		is_called = part.length > 2 && memcmp(part.bytes + part.length - 2, "()", 2) == 0;
	OverloadType type;

	if (!is_called && (before.length == 0 || (begins_with_capital(part) && !is_constant(part))))
		return (OverloadType) {said, context};
	part.length -= is_called ? 2 : 0;
	scopes->steps = 0;
	type = type_of_last(scopes, context, before, part, is_called);
	/* what is written so may be a type all the same */
	if (!is_called && pt_text_is(type.name, "?") && meaning_of(scopes, context, said, 0) != CODE_NOTHING)
		return (OverloadType) {said, context};
	if (!is_called && pt_text_is(type.name, "?"))
		type.name = code_overload_library_constant(before, part);
	if (is_called && pt_text_is(type.name, "?") && code_overload_library_result(before, part).length > 0)
		type.name = code_overload_library_result(before, part);
	return type;
}

/* How far above a type one of some name or meaning is; as OverloadDistance. */
static int
steps_up(CodeScopes *scopes, uint32 type, OverloadType wanted, uint32 target, int depth)
{
	int			best = OVERLOAD_IMPOSSIBLE;

	if (type == target)
		return 0;
	if (depth > MAX_DEPTH || ++scopes->steps > MAX_BASES)
		return OVERLOAD_UNKNOWN;
	for (uint64 row = code_relations_first(&scopes->members.bases, type, 0);
		 row < scopes->members.bases.count && scopes->members.bases.rows[row].entity == type; row++)
	{
		uint32		base = scopes->members.bases.rows[row].meaning;
		PtText		before;
		PtText		name = last_part(pt_text(&scopes->members.texts, scopes->members.bases.rows[row].type), &before);
		int			steps;

		CHECK_FOR_INTERRUPTS();
		if (base < CODE_BEING_ASKED)
			steps = steps_up(scopes, base, wanted, target, depth + 1);
		else
			steps = pt_compare_texts(name, last_part(wanted.name, &before)) == 0 ? 0 :
				target != CODE_NOTHING ? OVERLOAD_IMPOSSIBLE : OVERLOAD_UNKNOWN;
		if (steps >= 0 && (best < 0 || steps + 1 < best))
			best = steps + 1;
		else if (steps == OVERLOAD_UNKNOWN && best == OVERLOAD_IMPOSSIBLE)
			best = OVERLOAD_UNKNOWN;
	}
	return best;
}

static int
distance_of_types(void *state, OverloadType from, OverloadType to)
{
	CodeScopes *scopes = state;
	uint32		source;
	uint32		target;

	scopes->steps = 0;
	source = meaning_of(scopes, from.context, from.name, 0);
	target = meaning_of(scopes, to.context, to.name, 0);
	if (source == CODE_NOTHING)
		return target == CODE_NOTHING ? OVERLOAD_UNKNOWN : OVERLOAD_IMPOSSIBLE;
	scopes->steps = 0;
	return steps_up(scopes, source, to, target, 0);
}

/* Do two functions stand in one type? */
static bool
is_of_one_type(const CodeScopes *scopes, uint32 a, uint32 b)
{
	return member(scopes, a)->file == member(scopes, b)->file && member(scopes, a)->scope == member(scopes, b)->scope;
}

/* Of functions found those of the nearest type, which are the first. */
static void
keep_nearest(CodeScopes *scopes)
{
	CodeFound  *found = &scopes->found;
	uint32		kept = 1;

	while (kept < found->count && is_of_one_type(scopes, found->entities[0], found->entities[kept]))
		kept++;
	found->count = Min(kept, found->count);
}

/*
 * Of functions that take as many arguments those that take what is given best; all of the
 * nearest type if none does, as what cannot be told apart stands there.
 */
static void
keep_overloads(CodeScopes *scopes, const MatchReference *reference)
{
	CodeFound	found = scopes->found;
	CodeFound	kept = {found.arguments};
	PtText		said[OVERLOAD_MOST_ARGUMENTS];
	OverloadType arguments[OVERLOAD_MOST_ARGUMENTS];
	int			count = code_overload_split(reference->types, said);
	int			least = PG_INT32_MAX;

	for (int i = 0; i < count; i++)
		arguments[i] = type_of_argument(scopes, reference->source, said[i]);
	for (uint32 i = 0; i < found.count; i++)
	{
		uint32		entity = found.entities[i];
		uint32		parameters = member(scopes, entity)->parameters;
		int			cost;

		CHECK_FOR_INTERRUPTS();
		if (parameters == CODE_NOTHING)
			continue;
		cost = code_overload_cost(arguments, count, pt_text(&scopes->members.texts, parameters), entity,
								  distance_of_types, scopes);
		if (cost < 0 || cost > least || (cost == least && kept.count > 0 && !is_of_one_type(scopes, kept.entities[0], entity)))
			continue;
		if (cost < least)
			kept.count = 0;
		least = cost;
		kept.entities[kept.count++] = entity;
	}
	/* what has been asked on the way is found in the same place */
	scopes->found = kept.count > 0 ? kept : found;
	keep_nearest(scopes);
}

/* Of a type that is called its constructors, if it has any that may be meant. */
static void
find_constructors(CodeScopes *scopes, int arguments)
{
	uint32		type = scopes->found.entities[0];

	if (scopes->found.count != 1 || member(scopes, type)->kind_class != MATCH_TYPE)
		return;
	scopes->found.arguments = arguments;
	if (!code_members_in(&scopes->members, type, member(scopes, type)->name, &scopes->found) || !keep_class(scopes, MATCH_CALLABLE))
	{
		scopes->found.entities[0] = type;
		scopes->found.count = 1;
	}
}

/*
 * Of what a call may mean what its arguments fit, in a language that tells functions of one
 * name apart by them. Several constructors are as little as none: the type is meant.
 */
static void
choose_overload(CodeScopes *scopes, const MatchReference *reference)
{
	uint32		type = CODE_NOTHING;

	if (scopes->found.count == 1 && member(scopes, scopes->found.entities[0])->kind_class == MATCH_TYPE)
	{
		type = scopes->found.entities[0];
		find_constructors(scopes, reference->arguments);
	}
	if (scopes->found.count > 1 && scopes->found.count <= CODE_MAX_FOUND && reference->types.length > 0)
		keep_overloads(scopes, reference);
	else if (scopes->found.count > 1)
		keep_nearest(scopes);
	if (scopes->found.count > 1 && type == CODE_NOTHING)
	{
		CodeFound	found = scopes->found;

		type = type_of_constructor(scopes, found.entities[0]);
		scopes->found = found;
	}
	if (scopes->found.count > 1 && type != CODE_NOTHING)
	{
		scopes->found.entities[0] = type;
		scopes->found.count = 1;
	}
}

/* The same where constructors are told apart by how many arguments they take only. */
static void
find_constructor(CodeScopes *scopes, int arguments)
{
	uint32		type = scopes->found.entities[0];

	find_constructors(scopes, arguments);
	if (scopes->found.count > 1 && member(scopes, type)->kind_class == MATCH_TYPE)
	{
		scopes->found.entities[0] = type;
		scopes->found.count = 1;
	}
}

/* ---- references ---- */

/* What a name means that is called with so many arguments; how it was found. False if it means nothing. */
static bool
find_meaning(CodeScopes *scopes, const MatchReference *reference, int arguments, ScopeAnswer *how)
{
	const CodeMember *source = member(scopes, reference->source);
	Walk		walk = {.context = reference->source, .grammar = source->grammar, .rest = reference->full,
	.arguments = arguments, .entity = CODE_NOTHING};

	scopes->steps = 0;
	scopes->is_foreign = false;
	scopes->found.arguments = arguments;
	if (walk_name(scopes, &walk))
	{
		*how = walk.how;
		return true;
	}
	*how = SCOPE_MEMBER;
	scopes->leads_on = walk.rest.length > 0;
	scopes->ends_in_type = !scopes->leads_on && walk.entity != CODE_NOTHING &&
		member(scopes, walk.entity)->kind_class == MATCH_TYPE;
	scopes->found.count = 0;
	scopes->found.arguments = arguments;
	if (!code_has_modules(source->grammar) && !code_has_folders(source->grammar) &&
		(!has_packages(source->grammar) || code_modules_opens(scopes->modules, source->file).length == 0))
		find_by_type_name(scopes, reference);
	return scopes->found.count > 0;
}

/* Does something stand in an object without a name? */
static bool
is_in_nameless(const CodeScopes *scopes, uint32 entity)
{
	PtText		scope = pt_text(&scopes->members.texts, member(scopes, entity)->scope);

	return memchr(scope.bytes, '?', scope.length) != NULL;
}

/*
 * What is not found where types are in packages, and their members say theirs. Files that do
 * not say in which package they are may leave more unsaid.
 */
static ScopeAnswer
packaged_answer(const CodeScopes *scopes, const MatchReference *reference)
{
	if (code_modules_opens(scopes->modules, member(scopes, reference->source)->file).length == 0)
		return SCOPE_OLD_RULES;
	if (reference->nqualifier > 0)
		return scopes->leads_on && !scopes->is_foreign && end_of_module(reference->full) < 0 ? SCOPE_GUESS : SCOPE_NOTHING;
	/* an object without a name has members of its base */
	return is_in_nameless(scopes, reference->source) && !begins_with_capital(reference->full) ? SCOPE_OLD_RULES : SCOPE_NOTHING;
}

/*
 * C++, of what is not found. The standard library is not here; something of a value whose
 * type is not known is a guess, and so is what its type does not have.
 */
static ScopeAnswer
cpp_answer(const CodeScopes *scopes, const MatchReference *reference)
{
	PtText		name = reference->full;

	if (scopes->ends_in_type || (name.length > 5 && memcmp(name.bytes, "std::", 5) == 0))
		return SCOPE_NOTHING;
	if (memchr(name.bytes, '.', name.length) != NULL || memchr(name.bytes, '>', name.length) != NULL)
		return scopes->is_foreign ? SCOPE_NOTHING : SCOPE_GUESS;
	return SCOPE_OLD_RULES;
}

/* Has a name a part that is_given? */
static bool
says_given(PtText name)
{
	for (int at = 1; at < name.length; at++)
	{
		if (name.bytes[at - 1] == '.' && name.bytes[at] == '@')
			return true;
	}
	return false;
}

ScopeAnswer
code_scopes_find(CodeScopes *scopes, const MatchReference *reference, const uint32 **entities, uint32 *count)
{
	const CodeMember *source = member(scopes, reference->source);
	bool		knows_modules = code_has_modules(source->grammar);
	ScopeAnswer how;

	*entities = scopes->found.entities;
	*count = 0;
	if (!code_modules_is_qualified(scopes->modules, source->file) || reference->wanted == MATCH_ANY ||
		source->language != reference->language)
		return SCOPE_OLD_RULES;
	if (reference->full.length > 0 && reference->full.bytes[0] == '?')
		return SCOPE_GUESS;
	/* what takes another number may have been counted wrong */
	if (!find_meaning(scopes, reference, reference->arguments, &how) && reference->arguments != MATCH_ANY_ARGUMENTS)
		find_meaning(scopes, reference, MATCH_ANY_ARGUMENTS, &how);
	if (scopes->found.count > CODE_MAX_FOUND)
		return SCOPE_NOTHING;
	if (scopes->found.count > 0)
	{
		keep_fitting(scopes, reference->wanted);
		if (has_packages(source->grammar) && reference->wanted == MATCH_CALLABLE)
			choose_overload(scopes, reference);
		else if (code_language_is(source->grammar, "cpp") && reference->wanted == MATCH_CALLABLE)
			find_constructor(scopes, reference->arguments);
		*count = scopes->found.count;
		return *count > 0 ? how : SCOPE_NOTHING;
	}
	if (has_packages(source->grammar))
		return packaged_answer(scopes, reference);
	/* all that has a type says it: what that does not have is a library's, or a value */
	if (code_has_folders(source->grammar))
		return scopes->leads_on && !scopes->is_foreign && end_of_module(reference->full) < 0 ? SCOPE_GUESS : SCOPE_NOTHING;
	if (code_language_is(source->grammar, "cpp"))
		return cpp_answer(scopes, reference);
	if (!knows_modules)
		return SCOPE_OLD_RULES;
	if (says_given(reference->full))
		return SCOPE_GUESS;
	if (scopes->is_foreign || end_of_module(reference->full) >= 0)
		return SCOPE_NOTHING;
	if (reference->nqualifier > 0)
		return SCOPE_GUESS;
	return code_language_is(source->grammar, "python") ? SCOPE_IMPORTED : SCOPE_ELSEWHERE;
}

/* Where no file is qualified nobody asks. */
bool
code_scopes_is_whole(const CodeScopes *scopes)
{
	return !code_modules_any_qualified(scopes->modules) ||
		(!scopes->went_too_far && code_modules_are_found(scopes->modules));
}
