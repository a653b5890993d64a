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
 * Members stand in one array, sorted by home, the scope of a file, and name.
 * Where languages let members of a type stand elsewhere, they are also sorted by
 * the type's name. What is meant is looked up anew for each reference; of bases
 * and fields it is remembered. Bases are searched in depth, in their order.
 *
 * Nothing here is certain: an assignment, a condition or a base that is not here
 * may have changed what a name means. How often it does is in docs/resolving.md.
 */
#include "postgres.h"

#include "base/pt_sort.h"
#include "code/code_path.h"
#include "code/code_scope.h"
#include "miscadmin.h"

#define NONE PG_UINT32_MAX
#define MAX_DEPTH 12			/* of names that lead to names */
#define MAX_BASES 200			/* looked at for one name */
#define MAX_FOUND 25
#define MAX_EXPORTED 1000		/* of one name, looked at */

typedef struct Thing
{
	uint32		file;
	uint32		scope;			/* in texts */
	uint32		name;
	uint32		returns;		/* in texts, or NONE */
	uint32		line;
	uint32		language;
	uint16		class;
	bool		is_static;
	uint64		first_base;		/* once finished */
	uint64		first_field;
	const CodeLanguage *grammar;
} Thing;

/* An entity by what it is looked up by. */
typedef struct Member
{
	uint32		home;			/* or the type's name */
	uint32		name;
	uint32		entity;
} Member;

/* What a type has: a base, or a field of this name. */
typedef struct Relation
{
	uint64		name;			/* of a field, in names; of a base its place among them */
	uint32		entity;
	uint32		type;			/* in texts */
	uint32		meaning;		/* an entity, NONE, or one of these */
} Relation;

#define NOT_ASKED (NONE - 1)
#define BEING_ASKED (NONE - 2)

/* The end of a file's path, as a module is named by it. */
typedef struct Module
{
	uint32		name;			/* in module_names */
	uint32		file;
	int			cut;			/* bytes of the path before it */
} Module;

typedef struct Members
{
	Member	   *rows;
	uint64		count;
	uint64		room;
} Members;

typedef struct Relations
{
	Relation   *rows;
	uint64		count;
	uint64		room;
} Relations;

/* What relations are sorted with. */
typedef struct Asking
{
	const CodeScopes *scopes;
	const Relations *relations;
	const uint32 *rank;
} Asking;

typedef struct File
{
	bool		is_qualified;
	bool		is_index;		/* its folder's module */
	bool		is_stub;		/* declares what another file defines */
	bool		is_module;
} File;

struct CodeScopes
{
	PtBudget   *budget;
	PtTexts		texts;			/* scopes, types */
	PtTexts		names;
	PtTexts		homes;			/* file and scope */
	PtTexts		files;			/* paths */
	PtTexts		module_names;
	Thing	   *things;
	uint64		nthings;
	uint64		thing_room;
	File	   *file;
	uint64		file_room;
	Members		at_home;
	Members		of_type;
	Members		at_top;			/* home is 0 */
	Relations	bases;
	Relations	fields;
	Module	   *modules;
	uint64		nmodules;
	uint64		module_room;
	StringInfoData scratch;
	StringInfoData path;
	StringInfoData spec;

	const uint32 *rank;			/* of entities, by key */
	uint32		found[MAX_FOUND + 1];
	uint32		nfound;			/* one more than MAX_FOUND: too many */
	int			steps;			/* bases looked at */
	bool		is_foreign;		/* the walk has left what is here */
	bool		is_cut;			/* it has gone too far, or in a circle */
};

/* ---- gathering ---- */

CodeScopes *
code_scopes_create(PtBudget *budget)
{
	CodeScopes *scopes = MemoryContextAllocZero(budget->context, sizeof(CodeScopes));
	MemoryContext old = MemoryContextSwitchTo(budget->context);

	scopes->budget = budget;
	initStringInfo(&scopes->scratch);
	initStringInfo(&scopes->path);
	initStringInfo(&scopes->spec);
	MemoryContextSwitchTo(old);
	pt_texts_init(&scopes->texts, budget);
	pt_texts_init(&scopes->names, budget);
	pt_texts_init(&scopes->homes, budget);
	pt_texts_init(&scopes->files, budget);
	pt_texts_init(&scopes->module_names, budget);
	return scopes;
}

static bool
has_modules(const CodeLanguage *grammar)
{
	return (grammar->grammar & NAME_MODULES) != 0;
}

/* What stands between the parts of a scope. */
static const char *
separator_of(const CodeLanguage *grammar)
{
	if (code_language_is(grammar, "php"))
		return "\\";
	return code_language_is(grammar, "rust") || code_language_is(grammar, "ruby") ||
		(grammar->family != NULL && strcmp(grammar->family, "c") == 0) ? "::" : ".";
}

/* The home of a scope in a file, by its number or what it would be looked up by. */
static PtText
home_text(StringInfo scratch, uint32 file, PtText scope)
{
	resetStringInfo(scratch);
	appendBinaryStringInfo(scratch, (const char *) &file, sizeof(file));
	appendBinaryStringInfo(scratch, scope.bytes, scope.length);
	return (PtText) {scratch->data, scratch->len};
}

static void
add_module_name(CodeScopes *scopes, PtText path, uint32 file, int cut)
{
	scopes->modules = pt_grow(scopes->budget, scopes->modules, &scopes->module_room,
							  scopes->nmodules + 1, sizeof(Module));
	scopes->modules[scopes->nmodules++] = (Module) {pt_texts_add(&scopes->module_names, path, NULL), file, cut};
}

/* Is it the file that a folder's name means, where imports name folders? */
static bool
is_index(PtText stem)
{
	return pt_text_is(stem, "__init__") || pt_text_is(stem, "index");
}

/* All names that a file has as a module: ends of its path that begin with a folder or are the file. */
static void
add_modules(CodeScopes *scopes, PtText path, uint32 file)
{
	int			dot = path.length;
	int			slash = path.length;
	PtText		stem;

	while (slash > 0 && path.bytes[slash - 1] != '/')
		slash--;
	while (dot > slash + 1 && path.bytes[dot - 1] != '.')
		dot--;
	if (dot > slash + 1)
	{
		scopes->file[file].is_stub = pt_text_is((PtText) {path.bytes + dot, path.length - dot}, "pyi");
		path.length = dot - 1;
	}
	if (path.length > 2 && memcmp(path.bytes + path.length - 2, ".d", 2) == 0)
	{
		scopes->file[file].is_stub = true;
		path.length -= 2;
	}
	stem = (PtText) {path.bytes + slash, path.length - slash};
	if (is_index(stem))
	{
		scopes->file[file].is_index = true;
		path.length = Max(slash - 1, 0);
	}
	add_module_name(scopes, path, file, 0);
	for (int at = 0; at < path.length; at++)
	{
		CHECK_FOR_INTERRUPTS();
		if (path.bytes[at] == '/')
			add_module_name(scopes, (PtText) {path.bytes + at + 1, path.length - at - 1}, file, at);
	}
}

static uint32
add_file(CodeScopes *scopes, PtText path, const CodeLanguage *grammar)
{
	bool		is_new;
	uint32		file;

	code_normal_path(path, &scopes->path);
	path = (PtText) {scopes->path.data, scopes->path.len};
	file = pt_texts_add(&scopes->files, path, &is_new);
	scopes->file = pt_grow(scopes->budget, scopes->file, &scopes->file_room, (uint64) file + 1, sizeof(File));
	if (is_new)
		scopes->file[file] = (File) {false};
	if (has_modules(grammar) && !scopes->file[file].is_module && path.length > 0)
	{
		scopes->file[file].is_module = true;
		add_modules(scopes, path, file);
	}
	return file;
}

static void
add_member(CodeScopes *scopes, Members *members, uint32 home, uint32 name, uint32 entity)
{
	members->rows = pt_grow(scopes->budget, members->rows, &members->room, members->count + 1, sizeof(Member));
	members->rows[members->count++] = (Member) {home, name, entity};
}

/* The last part of a scope. */
static PtText
last_of_scope(PtText scope, const CodeLanguage *grammar)
{
	int			start = 0;

	for (int at = 0; at < scope.length;)
	{
		int			separator = code_separator(grammar, scope.bytes + at, scope.bytes + scope.length);

		at += Max(separator, 1);
		if (separator > 0)
			start = at;
	}
	return (PtText) {scope.bytes + start, scope.length - start};
}

void
code_scopes_add(CodeScopes *scopes, uint32 number, const MatchEntity *entity)
{
	Thing	   *thing;
	bool		can_be_meant = entity->kind_class < MATCH_IMPL;

	Assert(number == scopes->nthings);
	scopes->things = pt_grow(scopes->budget, scopes->things, &scopes->thing_room,
							 (uint64) number + 1, sizeof(Thing));
	scopes->nthings = (uint64) number + 1;
	thing = &scopes->things[number];
	thing->file = add_file(scopes, entity->path, entity->grammar);
	thing->scope = pt_texts_add(&scopes->texts, entity->scope, NULL);
	thing->name = pt_texts_add(&scopes->names, entity->name, NULL);
	thing->returns = entity->returns.length > 0 ? pt_texts_add(&scopes->texts, entity->returns, NULL) : NONE;
	thing->line = entity->line;
	thing->language = entity->language;
	thing->grammar = entity->grammar;
	thing->class = entity->kind_class;
	thing->is_static = entity->is_static;
	thing->first_base = thing->first_field = 0;
	if (!can_be_meant)
		return;
	add_member(scopes, &scopes->at_home,
			   pt_texts_add(&scopes->homes, home_text(&scopes->scratch, thing->file, entity->scope), NULL),
			   thing->name, number);
	if (entity->scope.length == 0 && has_modules(entity->grammar))
		add_member(scopes, &scopes->at_top, 0, thing->name, number);
	if (entity->scope.length > 0 && !has_modules(entity->grammar))
		add_member(scopes, &scopes->of_type,
				   pt_texts_add(&scopes->names, last_of_scope(entity->scope, entity->grammar), NULL),
				   thing->name, number);
}

void
code_scopes_qualified(CodeScopes *scopes, uint32 number)
{
	scopes->file[scopes->things[number].file].is_qualified = true;
}

static void
add_relation(CodeScopes *scopes, Relations *relations, Relation relation)
{
	relations->rows = pt_grow(scopes->budget, relations->rows, &relations->room,
							  relations->count + 1, sizeof(Relation));
	relations->rows[relations->count++] = relation;
}

void
code_scopes_field(CodeScopes *scopes, uint32 number, PtText name, PtText type)
{
	add_relation(scopes, &scopes->fields, (Relation) {
				 pt_texts_add(&scopes->names, name, NULL), number,
				 pt_texts_add(&scopes->texts, type, NULL), NOT_ASKED});
}

void
code_scopes_base(CodeScopes *scopes, uint32 number, PtText name, uint64 place)
{
	add_relation(scopes, &scopes->bases, (Relation) {
				 place, number, pt_texts_add(&scopes->texts, name, NULL), NOT_ASKED});
}

/* ---- order ---- */

static int
compare_members(const void *a, const void *b, void *arg)
{
	const Member *x = a;
	const Member *y = b;

	if (x->home != y->home)
		return x->home < y->home ? -1 : 1;
	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	return 0;
}

/* Those of one name in one file stand in the order of their lines. */
static int
compare_places(const void *a, const void *b, void *arg)
{
	const CodeScopes *scopes = arg;
	const Member *x = a;
	const Member *y = b;
	const Thing *s = &scopes->things[x->entity];
	const Thing *t = &scopes->things[y->entity];
	int			order = compare_members(a, b, NULL);

	if (order != 0)
		return order;
	if (s->file != t->file)
		return s->file < t->file ? -1 : 1;
	if (s->line != t->line)
		return s->line < t->line ? -1 : 1;
	return scopes->rank[x->entity] < scopes->rank[y->entity] ? -1 : 1;
}

static int
compare_relations(const void *a, const void *b, void *arg)
{
	const Relation *x = a;
	const Relation *y = b;

	if (x->entity != y->entity)
		return x->entity < y->entity ? -1 : 1;
	return x->name < y->name ? -1 : x->name > y->name;
}

static int
compare_modules(const void *a, const void *b, void *arg)
{
	const Module *x = a;
	const Module *y = b;

	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	if (x->cut != y->cut)
		return x->cut < y->cut ? -1 : 1;
	return x->file < y->file ? -1 : x->file > y->file;
}

/* ---- members ---- */

/* Those of a name at home somewhere: the first row, and how many. */
static uint64
members_of(const Members *members, uint32 home, uint32 name, uint64 *count)
{
	Member		least = {home, name, 0};
	uint64		start = pt_lower_bound(members->rows, members->count, sizeof(Member), &least,
									   compare_members, NULL);

	*count = 0;
	while (start + *count < members->count && members->rows[start + *count].home == home &&
		   members->rows[start + *count].name == name)
		++*count;
	return start;
}

static void
add_found(CodeScopes *scopes, uint32 entity)
{
	for (uint32 i = 0; i < scopes->nfound; i++)
	{
		if (scopes->found[i] == entity)
			return;
	}
	if (scopes->nfound <= MAX_FOUND)
		scopes->found[scopes->nfound++] = entity;
}

/* Of those found the one whose key is the first. */
static uint32
least_found(const CodeScopes *scopes)
{
	uint32		least = scopes->found[0];

	for (uint32 i = 1; i < scopes->nfound; i++)
	{
		if (scopes->rank[scopes->found[i]] < scopes->rank[least])
			least = scopes->found[i];
	}
	return least;
}

/*
 * Take those of these rows. Where one name can be bound once only, the last
 * definition is the one that counts.
 */
static bool
take_rows(CodeScopes *scopes, const Members *members, uint64 start, uint64 count)
{
	scopes->nfound = 0;
	if (count == 0)
		return false;
	if (has_modules(scopes->things[members->rows[start].entity].grammar))
	{
		start += count - 1;
		count = 1;
	}
	for (uint64 i = start; i < start + count; i++)
		add_found(scopes, members->rows[i].entity);
	return true;
}

static bool
find_at_home(CodeScopes *scopes, uint32 file, PtText scope, uint32 name)
{
	uint32		home = pt_texts_find(&scopes->homes, home_text(&scopes->scratch, file, scope));
	uint64		count;
	uint64		start;

	if (home == PT_NO_TEXT || name == PT_NO_TEXT)
		return false;
	start = members_of(&scopes->at_home, home, name, &count);
	return take_rows(scopes, &scopes->at_home, start, count);
}

/* The scope that an entity is for what stands in it. */
static PtText
scope_within(CodeScopes *scopes, uint32 entity, StringInfo result)
{
	const Thing *thing = &scopes->things[entity];
	PtText		scope = pt_text(&scopes->texts, thing->scope);
	PtText		name = pt_text(&scopes->names, thing->name);

	resetStringInfo(result);
	appendBinaryStringInfo(result, scope.bytes, scope.length);
	if (scope.length > 0)
		appendStringInfoString(result, separator_of(thing->grammar));
	appendBinaryStringInfo(result, name.bytes, name.length);
	return (PtText) {result->data, result->len};
}

static uint32 meaning_of(CodeScopes *scopes, uint32 context, PtText text, int depth);

/* What a base or a field's type is, remembered. */
static uint32
meaning_of_relation(CodeScopes *scopes, Relations *relations, uint64 row, int depth)
{
	Relation   *relation = &relations->rows[row];
	bool		was_cut = scopes->is_cut;

	if (relation->meaning == BEING_ASKED || (relation->meaning == NOT_ASKED && depth > MAX_DEPTH))
	{
		scopes->is_cut = true;
		return NONE;
	}
	if (relation->meaning == NOT_ASKED)
	{
		uint32		meaning;

		relation->meaning = BEING_ASKED;
		scopes->is_cut = false;
		meaning = meaning_of(scopes, relation->entity, pt_text(&scopes->texts, relation->type), depth + 1);
		/* what was cut short may be more from elsewhere */
		relation->meaning = scopes->is_cut && depth > 0 ? NOT_ASKED : meaning;
		scopes->is_cut |= was_cut;
		return meaning;
	}
	return relation->meaning;
}

static uint64
first_relation(const Relations *relations, uint32 entity, uint32 name)
{
	Relation	least = {name, entity};

	return pt_lower_bound(relations->rows, relations->count, sizeof(Relation), &least, compare_relations, NULL);
}

/* Members of one type by name, into found. */
static bool
find_own_member(CodeScopes *scopes, uint32 type, uint32 name)
{
	const Thing *thing = &scopes->things[type];
	StringInfoData within;
	bool		found;

	initStringInfo(&within);
	found = find_at_home(scopes, thing->file, scope_within(scopes, type, &within), name);
	pfree(within.data);
	if (!found && !has_modules(thing->grammar) && thing->class == MATCH_TYPE)
	{
		uint64		count;
		uint64		start = members_of(&scopes->of_type, thing->name, name, &count);

		scopes->nfound = 0;
		for (uint64 i = start; i < start + count; i++)
		{
			uint32		entity = scopes->of_type.rows[i].entity;

			CHECK_FOR_INTERRUPTS();
			if (scopes->things[entity].language == thing->language)
				add_found(scopes, entity);
		}
		found = scopes->nfound > 0;
	}
	return found;
}

/*
 * A member of a type or of its bases, into found; how far away it was, -1 if
 * there is none.
 */
static int
find_member(CodeScopes *scopes, uint32 type, uint32 name, bool in_bases_only, int depth)
{
	if (depth > MAX_DEPTH || ++scopes->steps > MAX_BASES)
	{
		scopes->is_cut = true;
		return -1;
	}
	CHECK_FOR_INTERRUPTS();
	if (!in_bases_only && find_own_member(scopes, type, name))
		return 0;
	for (uint64 row = first_relation(&scopes->bases, type, 0);
		 row < scopes->bases.count && scopes->bases.rows[row].entity == type; row++)
	{
		uint32		base = meaning_of_relation(scopes, &scopes->bases, row, depth);
		int			distance;

		if (base == NONE)
		{
			scopes->is_foreign = true;
			continue;
		}
		distance = base == type ? -1 : find_member(scopes, base, name, false, depth + 1);
		if (distance >= 0)
			return distance + 1;
	}
	return -1;
}

/* The type of a field of a type or its bases, or NONE. */
static uint32
type_of_field(CodeScopes *scopes, uint32 type, uint32 name, int depth)
{
	uint64		row = first_relation(&scopes->fields, type, name);

	if (depth > MAX_DEPTH || ++scopes->steps > MAX_BASES)
	{
		scopes->is_cut = true;
		return NONE;
	}
	CHECK_FOR_INTERRUPTS();
	if (row < scopes->fields.count && scopes->fields.rows[row].entity == type &&
		scopes->fields.rows[row].name == name)
		return meaning_of_relation(scopes, &scopes->fields, row, depth);
	for (row = first_relation(&scopes->bases, type, 0);
		 row < scopes->bases.count && scopes->bases.rows[row].entity == type; row++)
	{
		uint32		base = meaning_of_relation(scopes, &scopes->bases, row, depth);
		uint32		found = base == NONE || base == type ? NONE :
			type_of_field(scopes, base, name, depth + 1);

		if (found != NONE)
			return found;
	}
	return NONE;
}

/* What a function gives that is called, a class itself; NONE if nobody says. */
static uint32
type_of_result(CodeScopes *scopes, uint32 entity, int depth)
{
	const Thing *thing = &scopes->things[entity];

	if (thing->class == MATCH_TYPE)
		return entity;
	if (thing->class != MATCH_CALLABLE || thing->returns == NONE)
		return NONE;
	return meaning_of(scopes, entity, pt_text(&scopes->texts, thing->returns), depth + 1);
}

/* ---- modules ---- */

static int
common_folders(PtText a, PtText b)
{
	int			count = 0;

	for (int at = 0; at < a.length && at < b.length && a.bytes[at] == b.bytes[at]; at++)
		count += a.bytes[at] == '/';
	return count;
}

static uint64
first_module(const CodeScopes *scopes, const Module *least)
{
	return pt_lower_bound(scopes->modules, scopes->nmodules, sizeof(Module), least, compare_modules, NULL);
}

/* Is there a module of exactly this path that stands for its folder? */
static bool
is_package(const CodeScopes *scopes, PtText path)
{
	uint32		name = pt_texts_find(&scopes->module_names, path);
	Module		least = {name};

	if (name == PT_NO_TEXT)
		return false;
	for (uint64 i = first_module(scopes, &least);
		 i < scopes->nmodules && scopes->modules[i].name == name && scopes->modules[i].cut == 0; i++)
	{
		if (scopes->file[scopes->modules[i].file].is_index)
			return true;
	}
	return false;
}

/*
 * May a module be imported by a name that leaves out the beginning of its path?
 * What is left out must not be a package of Python itself; elsewhere it may be
 * if folders are named.
 */
static bool
can_be_cut(const CodeScopes *scopes, const Module *module, PtText name, const CodeLanguage *grammar)
{
	PtText		path = pt_text(&scopes->files, module->file);

	if (module->cut == 0)
		return true;
	if (code_language_is(grammar, "python"))
		return !is_package(scopes, (PtText) {path.bytes, module->cut});
	return memchr(name.bytes, '/', name.length) != NULL;
}

/* Of two files of one name that which defines what the other declares, or the first. */
static bool
is_preferred(const CodeScopes *scopes, uint32 file, uint32 other)
{
	if (scopes->file[file].is_stub != scopes->file[other].is_stub)
		return scopes->file[other].is_stub;
	return pt_compare_texts(pt_text(&scopes->files, file), pt_text(&scopes->files, other)) < 0;
}

/* The file of a module that is in spec, seen from another one; NONE without. */
static uint32
file_of_module(CodeScopes *scopes, uint32 from, const CodeLanguage *grammar)
{
	PtText		name = {scopes->spec.data, scopes->spec.len};
	PtText		here = pt_text(&scopes->files, from);
	bool		is_path = name.length >= 2 && memcmp(name.bytes, "./", 2) == 0;
	uint32		best = NONE;
	int			most = -1;
	Module		least;

	if (is_path)
		name = (PtText) {name.bytes + 2, name.length - 2};
	least = (Module) {pt_texts_find(&scopes->module_names, name)};
	if (least.name == PT_NO_TEXT)
		return NONE;
	for (uint64 i = first_module(scopes, &least);
		 i < scopes->nmodules && scopes->modules[i].name == least.name; i++)
	{
		const Module *module = &scopes->modules[i];
		int			common = common_folders(here, pt_text(&scopes->files, module->file));

		CHECK_FOR_INTERRUPTS();
		if (is_path ? module->cut > 0 : !can_be_cut(scopes, module, name, grammar))
			continue;
		if (common > most || (common == most && is_preferred(scopes, module->file, best)))
		{
			most = common;
			best = module->file;
		}
	}
	return best;
}

static int
count_slashes(PtText path)
{
	int			count = 0;

	for (int i = 0; i < path.length; i++)
		count += path.bytes[i] == '/';
	return count;
}

static bool
is_below(PtText path, PtText folder)
{
	return folder.length == 0 || (path.length > folder.length && path.bytes[folder.length] == '/' &&
								  memcmp(path.bytes, folder.bytes, folder.length) == 0);
}

/*
 * What has a name at the top of files below a folder: those that are least deep.
 * Of one file the last counts.
 */
static bool
find_below(CodeScopes *scopes, PtText folder, uint32 name)
{
	uint64		count;
	uint64		start;
	int			least = PG_INT32_MAX;

	scopes->nfound = 0;
	if (name == PT_NO_TEXT)
		return false;
	start = members_of(&scopes->at_top, 0, name, &count);
	if (count > MAX_EXPORTED)
		return false;
	for (uint64 i = start; i < start + count; i++)
	{
		uint32		entity = scopes->at_top.rows[i].entity;
		uint32		file = scopes->things[entity].file;
		PtText		path = pt_text(&scopes->files, file);
		int			depth = count_slashes(path);

		CHECK_FOR_INTERRUPTS();
		if (!is_below(path, folder) || depth > least)
			continue;
		if (depth < least)
			scopes->nfound = 0;
		least = depth;
		if (scopes->nfound > 0 && scopes->things[scopes->found[scopes->nfound - 1]].file == file)
			scopes->nfound--;
		add_found(scopes, entity);
	}
	return scopes->nfound > 0;
}

/* The only module below a folder that is called so; NONE if there are several. */
static uint32
module_below(CodeScopes *scopes, PtText folder, PtText part)
{
	Module		least = {pt_texts_find(&scopes->module_names, part)};
	uint32		found = NONE;

	if (least.name == PT_NO_TEXT)
		return NONE;
	for (uint64 i = first_module(scopes, &least);
		 i < scopes->nmodules && scopes->modules[i].name == least.name; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!is_below(pt_text(&scopes->files, scopes->modules[i].file), folder))
			continue;
		if (found != NONE)
			return NONE;
		found = scopes->modules[i].file;
	}
	return found;
}

static PtText
folder_of(PtText path)
{
	while (path.length > 0 && path.bytes[path.length - 1] != '/')
		path.length--;
	path.length = Max(path.length - 1, 0);
	return path;
}

/* ---- names ---- */

/* Where a walk along a name is. */
typedef struct Walk
{
	uint32		context;		/* the entity from which it is seen */
	const CodeLanguage *grammar;
	PtText		rest;
	bool		in_module;		/* spec and file are the place, else entity is */
	uint32		file;			/* of the module, or NONE if it is a folder */
	uint32		entity;
	bool		in_bases;		/* super of it */
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

	while (at < end && (*at == '?' || code_separator(walk->grammar, at, end) == 0))
		at++;
	part = (PtText) {start, at - start};
	if (at < end)
		at += code_separator(walk->grammar, at, end);
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
	walk->file = file_of_module(scopes, scopes->things[walk->context].file, walk->grammar);
}

/* The path of a module's file as that module's name. */
static void
set_spec(CodeScopes *scopes, uint32 file)
{
	PtText		path = pt_text(&scopes->files, file);

	if (scopes->file[file].is_index)
		path = folder_of(path);
	else
	{
		while (path.length > 0 && path.bytes[path.length - 1] != '.')
			path.length--;
		path.length = Max(path.length - 1, 0);
	}
	resetStringInfo(&scopes->spec);
	appendStringInfoString(&scopes->spec, "./");
	appendBinaryStringInfo(&scopes->spec, path.bytes, path.length);
}

/* A member of a module: defined in it, a module below it, or passed on by it. */
static bool
step_in_module(CodeScopes *scopes, Walk *walk, PtText part)
{
	uint32		name = pt_texts_find(&scopes->names, part);
	uint32		from = scopes->things[walk->context].file;
	uint32		file = walk->file;
	PtText		nowhere = {"", 0};
	int			length = scopes->spec.len;

	if (file != NONE && find_at_home(scopes, file, nowhere, name))
	{
		walk->in_module = false;
		return true;
	}
	if (length > 0 && scopes->spec.data[length - 1] != '/')
		appendStringInfoChar(&scopes->spec, '/');
	appendBinaryStringInfo(&scopes->spec, part.bytes, part.length);
	walk->file = file_of_module(scopes, from, walk->grammar);
	if (walk->file != NONE || (file == NONE && walk->rest.length > 0))
		return true;
	if (file == NONE)
		return false;
	walk->how = SCOPE_EXPORTED;
	if (walk->rest.length > 0)
	{
		walk->file = module_below(scopes, folder_of(pt_text(&scopes->files, file)), part);
		if (walk->file != NONE)
		{
			set_spec(scopes, walk->file);
			return true;
		}
	}
	walk->in_module = false;
	return find_below(scopes, folder_of(pt_text(&scopes->files, file)), name);
}

/* A member of an entity. */
static bool
step_in_entity(CodeScopes *scopes, Walk *walk, PtText part)
{
	uint32		name = pt_texts_find(&scopes->names, part);
	uint32		type = walk->entity;
	int			distance;

	if (pt_text_is(part, "super"))
	{
		walk->in_bases = true;
		scopes->found[0] = type;
		scopes->nfound = 1;
		return true;
	}
	if (name == PT_NO_TEXT)
		return false;
	distance = find_member(scopes, type, name, walk->in_bases, walk->depth);
	walk->in_bases = false;
	if (distance >= 0)
	{
		walk->how = distance > 0 ? SCOPE_INHERITED : SCOPE_MEMBER;
		return true;
	}
	if (walk->rest.length == 0)
		return false;
	scopes->found[0] = type_of_field(scopes, type, name, walk->depth);
	scopes->nfound = 1;
	return scopes->found[0] != NONE;
}

/* Is it seen from within a scope, without what it belongs to? */
static bool
is_seen(CodeScopes *scopes, const Walk *walk, uint32 around)
{
	return around == NONE || scopes->things[around].class != MATCH_TYPE ||
		(walk->grammar->grammar & NAME_MEMBERS) != 0;
}

/* The entity that a scope is: the one that has its last part as name. NONE without. */
static uint32
entity_of_scope(CodeScopes *scopes, uint32 file, PtText scope, const CodeLanguage *grammar)
{
	PtText		last = last_of_scope(scope, grammar);
	PtText		outer = {scope.bytes, (int) (last.bytes - scope.bytes)};
	uint32		name = pt_texts_find(&scopes->names, last);

	outer.length = Max(0, outer.length - (int) strlen(separator_of(grammar)));
	return find_at_home(scopes, file, outer, name) ? scopes->found[0] : NONE;
}

/* The first part of a name without a module: in the innermost scope that has it. */
static bool
find_visible(CodeScopes *scopes, Walk *walk, PtText part)
{
	const Thing *from = &scopes->things[walk->context];
	uint32		name = pt_texts_find(&scopes->names, part);
	StringInfoData scope;
	PtText		within;
	bool		found = false;

	if (name == PT_NO_TEXT)
		return false;
	initStringInfo(&scope);
	if (from->class == MATCH_FILE)
		within = (PtText) {"", 0};
	else
		within = scope_within(scopes, walk->context, &scope);
	walk->how = SCOPE_VISIBLE;
	for (;;)
	{
		uint32		around = within.length == 0 ? NONE :
			entity_of_scope(scopes, from->file, within, from->grammar);
		int			distance = -1;

		CHECK_FOR_INTERRUPTS();
		if (pt_text_is(last_of_scope(within, from->grammar), "?"))
			found = false;		/* an object without a name */
		else if (around == NONE || scopes->things[around].class != MATCH_TYPE)
			found = find_at_home(scopes, from->file, within, name);
		else if (is_seen(scopes, walk, around))
		{
			distance = find_member(scopes, around, name, false, walk->depth);
			found = distance >= 0;
			if (found)
				walk->how = distance > 0 ? SCOPE_INHERITED : SCOPE_MEMBER;
		}
		if (found || within.length == 0)
			break;
		within.length = Max(0, (int) (last_of_scope(within, from->grammar).bytes - within.bytes) -
							(int) strlen(separator_of(from->grammar)));
	}
	pfree(scope.data);
	return found;
}

/* One part further; what it leads to is in found, or the walk is in a module. */
static bool
step(CodeScopes *scopes, Walk *walk, bool is_first)
{
	bool		is_called;
	PtText		part = next_part(walk, &is_called);

	scopes->nfound = 0;
	if (part.length == 0)
		return false;
	if (is_first ? !find_visible(scopes, walk, part) :
		walk->in_module ? !step_in_module(scopes, walk, part) : !step_in_entity(scopes, walk, part))
		return false;
	if (walk->in_module || walk->rest.length == 0)
		return !is_called || walk->rest.length > 0 || scopes->nfound > 0;
	/* on from there: from a value to its type */
	if (scopes->nfound > 1 && walk->how == SCOPE_EXPORTED)
		return false;
	walk->entity = least_found(scopes);
	if (scopes->things[walk->entity].class == MATCH_CALLABLE)
		walk->entity = type_of_result(scopes, walk->entity, walk->depth);
	return walk->entity != NONE;
}

/* Walk a name to its end; found has what it means. */
static bool
walk_name(CodeScopes *scopes, Walk *walk)
{
	int			module = has_modules(walk->grammar) ? end_of_module(walk->rest) : -1;
	bool		is_first = module < 0;

	if (walk->depth > MAX_DEPTH)
	{
		scopes->is_cut = true;
		return false;
	}
	walk->in_module = walk->in_bases = false;
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
	return !walk->in_module && scopes->nfound > 0;
}

/* The type that a text names, seen from an entity; NONE if it is not known. */
static uint32
meaning_of(CodeScopes *scopes, uint32 context, PtText text, int depth)
{
	Walk		walk = {.context = context, .grammar = scopes->things[context].grammar, .depth = depth};
	uint32		meaning = NONE;

	walk.rest = text;
	if (walk_name(scopes, &walk) && (scopes->nfound == 1 || walk.how != SCOPE_EXPORTED))
		meaning = type_of_result(scopes, least_found(scopes), depth);
	scopes->nfound = 0;
	return meaning;
}

/* ---- finishing ---- */

/* By the key of its entity, and the name of a field: not by the order of reading. */
static int
compare_askings(const void *a, const void *b, void *arg)
{
	const Asking *asking = arg;
	const Relation *x = &asking->relations->rows[*(const uint32 *) a];
	const Relation *y = &asking->relations->rows[*(const uint32 *) b];

	if (x->entity != y->entity)
		return asking->rank[x->entity] < asking->rank[y->entity] ? -1 : 1;
	if (x->name == y->name)
		return 0;
	if (asking->relations == &asking->scopes->fields)
		return pt_compare_texts(pt_text(&asking->scopes->names, x->name),
								pt_text(&asking->scopes->names, y->name));
	return x->name < y->name ? -1 : 1;
}

/*
 * Find what all of them mean. Where names lead in a circle, or too far, that
 * depends on where one begins, so it is done in an order that the data decide,
 * and what was cut short on the way is asked again in its turn.
 */
static void
ask_all(CodeScopes *scopes, Relations *relations, const uint32 *rank)
{
	Asking		asking = {scopes, relations, rank};
	uint32	   *order = pt_resize(scopes->budget, NULL, relations->count, sizeof(uint32));

	for (uint64 i = 0; i < relations->count; i++)
		order[i] = i;
	pt_sort(order, relations->count, sizeof(uint32), compare_askings, &asking);
	for (uint64 i = 0; i < relations->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		scopes->steps = 0;
		meaning_of_relation(scopes, relations, order[i], 0);
		if (relations->rows[order[i]].meaning == NOT_ASKED)
			relations->rows[order[i]].meaning = NONE;
	}
	pt_free(scopes->budget, order);
}

void
code_scopes_finish(CodeScopes *scopes, const uint32 *rank)
{
	if (scopes->bases.count > PG_UINT32_MAX || scopes->fields.count > PG_UINT32_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many bases or fields of types to resolve references")));
	scopes->rank = rank;
	pt_sort(scopes->at_home.rows, scopes->at_home.count, sizeof(Member), compare_places, scopes);
	pt_sort(scopes->of_type.rows, scopes->of_type.count, sizeof(Member), compare_places, scopes);
	pt_sort(scopes->at_top.rows, scopes->at_top.count, sizeof(Member), compare_places, scopes);
	pt_sort(scopes->bases.rows, scopes->bases.count, sizeof(Relation), compare_relations, NULL);
	pt_sort(scopes->fields.rows, scopes->fields.count, sizeof(Relation), compare_relations, NULL);
	pt_sort(scopes->modules, scopes->nmodules, sizeof(Module), compare_modules, NULL);
	ask_all(scopes, &scopes->bases, rank);
	ask_all(scopes, &scopes->fields, rank);
}

/* ---- answering ---- */

/* Those of the found ones that can be meant where this is wanted. */
static void
keep_fitting(CodeScopes *scopes, MatchClass wanted)
{
	uint32		kept = 0;

	for (uint32 i = 0; i < scopes->nfound; i++)
	{
		MatchClass	class = scopes->things[scopes->found[i]].class;

		if (class == wanted || (wanted == MATCH_CALLABLE && class == MATCH_TYPE))
			scopes->found[kept++] = scopes->found[i];
	}
	scopes->nfound = kept;
}

/*
 * Members by the name of their type alone, where that may stand in another file
 * without being imported from there by name.
 */
static void
find_by_type_name(CodeScopes *scopes, const MatchReference *reference)
{
	PtText		type;
	uint32		name = pt_texts_find(&scopes->names, reference->name);
	uint32		type_name;
	uint64		count;
	uint64		start;

	scopes->nfound = 0;
	if (reference->nqualifier == 0 || name == PT_NO_TEXT)
		return;
	type = reference->qualifier[reference->nqualifier - 1];
	type_name = pt_texts_find(&scopes->names, type);
	if (type_name == PT_NO_TEXT)
		return;
	start = members_of(&scopes->of_type, type_name, name, &count);
	for (uint64 i = start; i < start + count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (scopes->things[scopes->of_type.rows[i].entity].language == reference->language)
			add_found(scopes, scopes->of_type.rows[i].entity);
	}
}

ScopeAnswer
code_scopes_find(CodeScopes *scopes, const MatchReference *reference, const uint32 **entities, uint32 *count)
{
	const Thing *source = &scopes->things[reference->source];
	Walk		walk = {.context = reference->source, .grammar = source->grammar, .rest = reference->full};
	bool		knows_modules = has_modules(source->grammar);

	*entities = scopes->found;
	*count = 0;
	if (!scopes->file[source->file].is_qualified || reference->wanted == MATCH_ANY ||
		source->language != reference->language)
		return SCOPE_OLD_RULES;
	if (reference->full.length > 0 && reference->full.bytes[0] == '?')
		return SCOPE_GUESS;
	scopes->steps = 0;
	scopes->is_foreign = false;
	if (!walk_name(scopes, &walk))
	{
		walk.how = SCOPE_MEMBER;
		scopes->nfound = 0;
		if (!knows_modules)
			find_by_type_name(scopes, reference);
	}
	if (scopes->nfound > MAX_FOUND)
		return SCOPE_NOTHING;
	if (scopes->nfound > 0)
	{
		keep_fitting(scopes, reference->wanted);
		*count = scopes->nfound;
		return *count > 0 ? walk.how : SCOPE_NOTHING;
	}
	if (!knows_modules)
		return SCOPE_OLD_RULES;
	if (scopes->is_foreign || end_of_module(reference->full) >= 0)
		return SCOPE_NOTHING;
	if (reference->nqualifier > 0)
		return SCOPE_GUESS;
	return code_language_is(source->grammar, "python") ? SCOPE_IMPORTED : SCOPE_ELSEWHERE;
}
