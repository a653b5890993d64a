/*
 * code_member.c
 *		Entities by what they stand in, and what types have: bases and fields.
 *
 * Members stand in one array, sorted by home, the scope of a file, and name.
 * Where languages let members of a type stand elsewhere, they are also sorted by
 * the type's name; where files are modules, what stands at their top is, by its
 * own. Bases and fields are sorted by the type that has them.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "code/code_member.h"
#include "miscadmin.h"

#define MAX_EXPORTED 1000		/* of one name, looked at */

/* ---- gathering ---- */

void
code_members_init(CodeMembers *members, PtBudget *budget)
{
	MemoryContext old = MemoryContextSwitchTo(budget->context);

	memset(members, 0, sizeof(CodeMembers));
	members->budget = budget;
	initStringInfo(&members->scratch);
	MemoryContextSwitchTo(old);
	pt_texts_init(&members->texts, budget);
	pt_texts_init(&members->names, budget);
	pt_texts_init(&members->homes, budget);
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
add_row(CodeMembers *members, CodeMemberRows *to, uint32 home, uint32 name, uint32 entity)
{
	to->rows = pt_grow(members->budget, to->rows, &to->room, to->count + 1, sizeof(CodeMemberRow));
	to->rows[to->count++] = (CodeMemberRow) {home, name, entity};
}

void
code_members_add(CodeMembers *members, uint32 number, uint32 file, const MatchEntity *entity)
{
	CodeMember *member;

	Assert(number == members->count);
	members->entities = pt_grow(members->budget, members->entities, &members->room,
								(uint64) number + 1, sizeof(CodeMember));
	members->count = (uint64) number + 1;
	member = &members->entities[number];
	member->file = file;
	member->scope = pt_texts_add(&members->texts, entity->scope, NULL);
	member->name = pt_texts_add(&members->names, entity->name, NULL);
	member->returns = entity->returns.length > 0 ? pt_texts_add(&members->texts, entity->returns, NULL) : CODE_NOTHING;
	member->line = entity->line;
	member->language = entity->language;
	member->kind_class = entity->kind_class;
	member->arity = entity->arity;
	member->parameters = entity->parameters.length > 0 ? pt_texts_add(&members->texts, entity->parameters, NULL) : CODE_NOTHING;
	member->grammar = entity->grammar;
	if (entity->kind_class >= MATCH_IMPL)
		return;					/* nobody means it */
	/* at home in its package, which is not known yet */
	if (code_has_folders(entity->grammar))
		return;
	add_row(members, &members->at_home,
			pt_texts_add(&members->homes, home_text(&members->scratch, file, entity->scope), NULL),
			member->name, number);
	if (entity->scope.length == 0 && code_has_modules(entity->grammar))
		add_row(members, &members->at_top, 0, member->name, number);
	if (entity->kind_class == MATCH_TYPE && !code_has_modules(entity->grammar))
		add_row(members, &members->types, entity->language, member->name, number);
	if (entity->scope.length > 0 && !code_has_modules(entity->grammar))
		add_row(members, &members->of_type,
				pt_texts_add(&members->names, code_scope_last(entity->scope, entity->grammar), NULL),
				member->name, number);
}

static void
add_relation(CodeMembers *members, CodeRelations *to, CodeRelation relation)
{
	to->rows = pt_grow(members->budget, to->rows, &to->room, to->count + 1, sizeof(CodeRelation));
	to->rows[to->count++] = relation;
}

void
code_members_field(CodeMembers *members, uint32 number, PtText name, PtText type)
{
	add_relation(members, &members->fields, (CodeRelation) {
				 pt_texts_add(&members->names, name, NULL), number,
				 pt_texts_add(&members->texts, type, NULL), CODE_NOT_ASKED});
}

/* Those whose place nobody says are in the order of their lines, after the others. */
#define PLACE_OF_LINE(line) ((UINT64CONST(1) << 32) + (line))

void
code_members_base(CodeMembers *members, uint32 number, PtText name, uint32 line)
{
	add_relation(members, &members->bases, (CodeRelation) {
				 PLACE_OF_LINE(line), number, pt_texts_add(&members->texts, name, NULL), CODE_NOT_ASKED});
}

/* An interface comes after all other bases. */
#define PLACE_OF_INTERFACE(line) ((UINT64CONST(1) << 33) + (line))

void
code_members_interface(CodeMembers *members, uint32 number, PtText name, uint32 line)
{
	add_relation(members, &members->bases, (CodeRelation) {
				 PLACE_OF_INTERFACE(line), number, pt_texts_add(&members->texts, name, NULL), CODE_NOT_ASKED});
}

void
code_members_known_base(CodeMembers *members, uint32 number, uint32 base, uint32 line)
{
	PtText		name = pt_text(&members->names, members->entities[base].name);

	add_relation(members, &members->bases, (CodeRelation) {
				 PLACE_OF_LINE(line), number, pt_texts_add(&members->texts, name, NULL), base});
}

void
code_members_place(CodeMembers *members, uint32 number, PtText name, uint32 place)
{
	add_relation(members, &members->declared, (CodeRelation) {
				 place, number, pt_texts_add(&members->texts, name, NULL)});
}

/* What is at home in a package rather than in a file. */
static void
settle_in_packages(CodeMembers *members)
{
	for (uint32 i = 0; i < members->count; i++)
	{
		const CodeMember *member = &members->entities[i];
		uint32		unit = code_modules_unit(members->modules, member->file);
		uint32		home;

		CHECK_FOR_INTERRUPTS();
		if (member->kind_class >= MATCH_IMPL || !code_has_folders(member->grammar))
			continue;
		home = pt_texts_add(&members->homes, home_text(&members->scratch, unit, pt_text(&members->texts, member->scope)), NULL);
		add_row(members, &members->at_home, home, member->name, i);
	}
}

/* Variables of all files of a package are fields of one of these. */
static void
settle_variables(CodeMembers *members)
{
	uint32		nfiles = 0;

	for (uint32 i = 0; i < members->count; i++)
	{
		pt_check_interrupts(i);
		nfiles = Max(nfiles, members->entities[i].file + 1);
	}
	members->file_entity = pt_resize(members->budget, NULL, nfiles, sizeof(uint32));
	for (uint32 i = 0; i < nfiles; i++)
		members->file_entity[i] = CODE_NOTHING;
	for (uint32 i = 0; i < members->count; i++)
	{
		const CodeMember *member = &members->entities[i];

		pt_check_interrupts(i);
		if (member->kind_class == MATCH_FILE && code_has_folders(member->grammar) &&
			code_modules_unit(members->modules, member->file) == member->file)
			members->file_entity[member->file] = i;
	}
	for (uint64 i = 0; i < members->fields.count; i++)
	{
		CodeRelation *field = &members->fields.rows[i];
		uint32		owner;

		pt_check_interrupts(i);
		if (members->entities[field->entity].kind_class != MATCH_FILE)
			continue;
		owner = code_members_variables(members, members->entities[field->entity].file);
		field->entity = owner != CODE_NOTHING ? owner : field->entity;
	}
}

/* ---- order ---- */

static int
compare_rows(const void *a, const void *b, void *arg)
{
	const CodeMemberRow *x = a;
	const CodeMemberRow *y = b;

	if (x->home != y->home)
		return x->home < y->home ? -1 : 1;
	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	return 0;
}

/* Those of one name in one file stand in the order of their lines; files, whenever they were read, in that of their paths. */
static int
compare_places(const void *a, const void *b, void *arg)
{
	const CodeMembers *members = arg;
	const CodeMemberRow *x = a;
	const CodeMemberRow *y = b;
	const CodeMember *s = &members->entities[x->entity];
	const CodeMember *t = &members->entities[y->entity];
	int			order = compare_rows(a, b, NULL);

	if (order != 0)
		return order;
	if (s->file != t->file)
		return members->file_rank[s->file] < members->file_rank[t->file] ? -1 : 1;
	if (s->line != t->line)
		return s->line < t->line ? -1 : 1;
	return members->rank[x->entity] < members->rank[y->entity] ? -1 : 1;
}

static int
compare_relations(const void *a, const void *b, void *arg)
{
	const CodeRelation *x = a;
	const CodeRelation *y = b;

	if (x->entity != y->entity)
		return x->entity < y->entity ? -1 : 1;
	return x->name < y->name ? -1 : x->name > y->name;
}

/* Bases of one place in the order of their names; what is known of one that is named alike after it. */
static int
compare_bases(const void *a, const void *b, void *arg)
{
	const CodeMembers *members = arg;
	const CodeRelation *x = a;
	const CodeRelation *y = b;
	int			order = compare_relations(a, b, NULL);

	if (order == 0)
		order = pt_compare_texts(pt_text(&members->texts, x->type), pt_text(&members->texts, y->type));
	if (order != 0 || x->meaning == y->meaning)
		return order;
	if (x->meaning == CODE_NOT_ASKED || y->meaning == CODE_NOT_ASKED)
		return x->meaning == CODE_NOT_ASKED ? -1 : 1;
	return members->rank[x->meaning] < members->rank[y->meaning] ? -1 : 1;
}

/* By type and base, not by place, but for those that are declared twice. */
static int
compare_declared(const void *a, const void *b, void *arg)
{
	const CodeRelation *x = a;
	const CodeRelation *y = b;

	if (x->entity != y->entity)
		return x->entity < y->entity ? -1 : 1;
	if (x->type != y->type)
		return x->type < y->type ? -1 : 1;
	return x->name < y->name ? -1 : x->name > y->name;
}

/* Bases get the places that their types say they have. */
static void
place_bases(CodeMembers *members)
{
	CodeRelations *declared = &members->declared;

	pt_sort(declared->rows, declared->count, sizeof(CodeRelation), compare_declared, NULL);
	for (uint64 i = 0; i < members->bases.count && declared->count > 0; i++)
	{
		CodeRelation *base = &members->bases.rows[i];
		CodeRelation least = {0, base->entity, base->type};
		uint64		row = pt_lower_bound(declared->rows, declared->count, sizeof(CodeRelation), &least,
										 compare_declared, NULL);

		CHECK_FOR_INTERRUPTS();
		if (row < declared->count && declared->rows[row].entity == base->entity &&
			declared->rows[row].type == base->type)
			base->name = declared->rows[row].name;
	}
	pt_sort(members->bases.rows, members->bases.count, sizeof(CodeRelation), compare_bases, members);
}

static void
sort_rows(CodeMembers *members, CodeMemberRows *rows)
{
	pt_sort(rows->rows, rows->count, sizeof(CodeMemberRow), compare_places, members);
}

void
code_members_finish(CodeMembers *members, const CodeModules *modules, const uint32 *rank, const uint32 *file_rank)
{
	if (members->bases.count > PG_UINT32_MAX || members->fields.count > PG_UINT32_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many bases or fields of types to resolve references")));
	members->rank = rank;
	members->file_rank = file_rank;
	members->modules = modules;
	settle_in_packages(members);
	settle_variables(members);
	sort_rows(members, &members->at_home);
	sort_rows(members, &members->of_type);
	sort_rows(members, &members->at_top);
	sort_rows(members, &members->types);
	place_bases(members);
	/* a variable may be declared for several platforms */
	pt_sort(members->fields.rows, members->fields.count, sizeof(CodeRelation), compare_bases, members);
}

/* ---- scopes ---- */

const char *
code_scope_separator(const CodeLanguage *grammar)
{
	if (code_language_is(grammar, "php"))
		return "\\";
	return code_language_is(grammar, "rust") || code_language_is(grammar, "ruby") ||
		(grammar->family != NULL && strcmp(grammar->family, "c") == 0) ? "::" : ".";
}

PtText
code_scope_last(PtText scope, const CodeLanguage *grammar)
{
	int			start = 0;

	for (int at = 0; at < scope.length;)
	{
		int			separator = code_separator(grammar, scope.bytes, scope.bytes + at, scope.bytes + scope.length);

		at += Max(separator, 1);
		if (separator > 0)
			start = at;
	}
	return (PtText) {scope.bytes + start, scope.length - start};
}

PtText
code_scope_outer(PtText scope, const CodeLanguage *grammar)
{
	PtText		last = code_scope_last(scope, grammar);

	scope.length = Max(0, (int) (last.bytes - scope.bytes) - (int) strlen(code_scope_separator(grammar)));
	return scope;
}

PtText
code_scope_within(const CodeMembers *members, uint32 entity, StringInfo result)
{
	const CodeMember *member = &members->entities[entity];
	PtText		scope = pt_text(&members->texts, member->scope);
	PtText		name = pt_text(&members->names, member->name);

	resetStringInfo(result);
	appendBinaryStringInfo(result, scope.bytes, scope.length);
	if (scope.length > 0)
		appendStringInfoString(result, code_scope_separator(member->grammar));
	appendBinaryStringInfo(result, name.bytes, name.length);
	return (PtText) {result->data, result->len};
}

/* ---- members ---- */

static void
add_found(const CodeMembers *members, CodeFound *found, uint32 entity)
{
	const CodeMember *member = &members->entities[entity];

	if (member->kind_class == MATCH_CALLABLE && !match_takes(member->arity, found->arguments))
		return;
	for (uint32 i = 0; i < found->count; i++)
	{
		if (found->entities[i] == entity)
			return;
	}
	if (found->count <= CODE_MAX_FOUND)
		found->entities[found->count++] = entity;
}

/* Those of a name at home somewhere: the first row, and how many, of which there may be very many. */
static uint64
rows_of(const CodeMemberRows *rows, uint32 home, uint32 name, uint64 *count)
{
	CodeMemberRow least = {home, name, 0};
	CodeMemberRow next = {home, name + 1, 0};
	uint64		start = pt_lower_bound(rows->rows, rows->count, sizeof(CodeMemberRow), &least, compare_rows, NULL);

	*count = pt_lower_bound(rows->rows, rows->count, sizeof(CodeMemberRow), &next, compare_rows, NULL) - start;
	return start;
}

/*
 * Of definitions of one name the last; in JavaScript, where a type may have that of a function,
 * of what is wanted. PG_UINT64_MAX if none stands in the lines that are asked for.
 */
static uint64
last_wanted(const CodeMembers *members, uint64 start, uint64 count, const CodeFound *found)
{
	const CodeMemberRow *rows = members->at_home.rows;
	uint64		last = PG_UINT64_MAX;

	for (uint64 row = start + count; row-- > start;)
	{
		const CodeMember *member = &members->entities[rows[row].entity];

		CHECK_FOR_INTERRUPTS();
		if (!code_language_is_script(member->grammar))
			return row;
		if (found->end_line > 0 && (member->line < found->first_line || member->line >= found->end_line))
			continue;
		if (last == PG_UINT64_MAX)
			last = row;
		if (member->kind_class == found->wanted)
			return row;
	}
	return last;
}

/* The lines of a type of JavaScript before those of something else of its name, in which other things may stand. */
static void
ask_for_lines(CodeMembers *members, uint32 type, CodeFound *found)
{
	const CodeMember *member = &members->entities[type];
	PtText		scope = pt_text(&members->texts, member->scope);
	uint32		home;
	uint64		count = 0;
	uint64		start = 0;

	found->first_line = member->line;
	found->end_line = 0;
	if (!code_language_is_script(member->grammar))
		return;
	home = pt_texts_find(&members->homes, home_text(&members->scratch, member->file, scope));
	if (home != PT_NO_TEXT)
		start = rows_of(&members->at_home, home, member->name, &count);
	for (uint64 row = start + count; count > 1 && row-- > start;)
	{
		const CodeMember *other = &members->entities[members->at_home.rows[row].entity];

		CHECK_FOR_INTERRUPTS();
		if (other->kind_class == MATCH_CALLABLE)
			found->end_line = found->end_line == 0 ? PG_UINT32_MAX : found->end_line;
		if (other->kind_class == MATCH_CALLABLE && other->line > member->line)
			found->end_line = other->line;
	}
}

bool
code_members_at(CodeMembers *members, uint32 file, PtText scope, uint32 name, CodeFound *found)
{
	uint32		unit = code_modules_unit(members->modules, file);
	uint32		home = pt_texts_find(&members->homes, home_text(&members->scratch, unit, scope));
	const CodeMemberRow *rows = members->at_home.rows;
	uint64		count;
	uint64		start;

	if (home == PT_NO_TEXT || name == PT_NO_TEXT)
		return false;
	start = rows_of(&members->at_home, home, name, &count);
	found->count = 0;
	if (count == 0)
		return false;
	/* where a name can be bound once only, the last definition is the one that counts */
	if (code_has_modules(members->entities[rows[start].entity].grammar))
	{
		start = last_wanted(members, start, count, found);
		count = 1;
		if (start == PG_UINT64_MAX)
			return false;
	}
	for (uint64 i = start; i < start + count && found->count <= CODE_MAX_FOUND; i++)
		add_found(members, found, rows[i].entity);
	return found->count > 0;
}

bool
code_members_of(const CodeMembers *members, uint32 type_name, uint32 name, uint32 language, CodeFound *found)
{
	uint64		count;
	uint64		start;

	found->count = 0;
	if (name == PT_NO_TEXT)
		return false;
	start = rows_of(&members->of_type, type_name, name, &count);
	for (uint64 i = start; i < start + count && found->count <= CODE_MAX_FOUND; i++)
	{
		uint32		entity = members->of_type.rows[i].entity;

		CHECK_FOR_INTERRUPTS();
		if (members->entities[entity].language == language)
			add_found(members, found, entity);
	}
	return found->count > 0;
}

static bool is_scope_of(PtText scope, PtText type);

/* Of members of any type of a name those that may be of this one. */
static bool
keep_of_type(const CodeMembers *members, uint32 type, CodeFound *found)
{
	StringInfoData full;
	PtText		within;
	uint32		kept = 0;

	initStringInfo(&full);
	within = code_scope_within(members, type, &full);
	for (uint32 i = 0; i < found->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (is_scope_of(pt_text(&members->texts, members->entities[found->entities[i]].scope), within))
			found->entities[kept++] = found->entities[i];
	}
	found->count = kept;
	pfree(full.data);
	return kept > 0;
}

bool
code_members_in(CodeMembers *members, uint32 type, uint32 name, CodeFound *found)
{
	const CodeMember *member = &members->entities[type];
	StringInfoData within;
	bool		any;

	initStringInfo(&within);
	ask_for_lines(members, type, found);
	any = code_members_at(members, member->file, code_scope_within(members, type, &within), name, found);
	found->end_line = 0;
	pfree(within.data);
	/* in Java all of a type stands in its file, in Go in its package */
	if (any || code_has_modules(member->grammar) || code_has_folders(member->grammar) ||
		(member->grammar->grammar & NAME_PACKAGES) || member->kind_class != MATCH_TYPE)
		return any;
	any = code_members_of(members, member->name, name, member->language, found);
	if (any && code_language_is(member->grammar, "cpp"))
		any = keep_of_type(members, type, found);
	return any;
}

static int
count_slashes(PtText path)
{
	int			count = 0;

	for (int i = 0; i < path.length; i++)
		count += path.bytes[i] == '/';
	return count;
}

bool
code_members_below(const CodeMembers *members, const CodeModules *modules, PtText folder, uint32 name, CodeFound *found)
{
	uint64		count;
	uint64		start;
	int			least = PG_INT32_MAX;

	found->count = 0;
	if (name == PT_NO_TEXT)
		return false;
	start = rows_of(&members->at_top, 0, name, &count);
	if (count > MAX_EXPORTED)
		return false;
	for (uint64 i = start; i < start + count; i++)
	{
		uint32		entity = members->at_top.rows[i].entity;
		uint32		file = members->entities[entity].file;
		PtText		path = code_modules_path(modules, file);
		int			depth = count_slashes(path);

		CHECK_FOR_INTERRUPTS();
		if (!code_path_is_below(path, folder) || depth > least)
			continue;
		if (depth < least)
			found->count = 0;
		least = depth;
		if (found->count > 0 && members->entities[found->entities[found->count - 1]].file == file)
			found->count--;
		add_found(members, found, entity);
	}
	return found->count > 0;
}

#define SCOPE_WEIGHT 1000		/* of a scope against folders */

/*
 * How near a scope of C++ is to another one: the more it has in common with it the nearer, if
 * it is around it; else it has to be named, or opened.
 */
static int
scope_weight(PtText scope, PtText from)
{
	if (scope.length > from.length || memcmp(scope.bytes, from.bytes, scope.length) != 0 ||
		(scope.length > 0 && scope.length < from.length && from.bytes[scope.length] != ':'))
		return 0;
	return 1 + scope.length;
}

/* May a scope of C++ be this type, each written with as many namespaces as it takes? */
static bool
is_scope_of(PtText scope, PtText type)
{
	PtText		shorter = scope.length < type.length ? scope : type;
	PtText		longer = scope.length < type.length ? type : scope;
	const char *end = longer.bytes + longer.length - shorter.length;

	return memcmp(end, shorter.bytes, shorter.length) == 0 && (end == longer.bytes || end[-1] == ':');
}

bool
code_members_type(const CodeMembers *members, const CodeModules *modules, uint32 from, uint32 language,
				  PtText scope, uint32 name, CodeFound *found)
{
	PtText		here = code_modules_path(modules, from);
	int			most = -1;
	uint64		count;
	uint64		start;
	uint32		file = CODE_NO_FILE;

	found->count = 0;
	if (name == PT_NO_TEXT)
		return false;
	start = rows_of(&members->types, language, name, &count);
	if (count > MAX_EXPORTED)
		return false;
	for (uint64 i = start; i < start + count; i++)
	{
		uint32		entity = members->types.rows[i].entity;
		const CodeMember *member = &members->entities[entity];
		int			common = code_common_folders(here, code_modules_path(modules, member->file));

		CHECK_FOR_INTERRUPTS();
		if (code_language_is(member->grammar, "cpp"))
			common += SCOPE_WEIGHT * scope_weight(pt_text(&members->texts, member->scope), scope);
		if (common > most)
			found->count = 0;
		/* declared twice in one file it is one type */
		if (common > most || (common == most && members->entities[entity].file != file))
			add_found(members, found, entity);
		if (common >= most)
			file = members->entities[entity].file;
		most = Max(most, common);
	}
	return found->count == 1;
}

bool
code_members_packaged(const CodeMembers *members, const CodeModules *modules, uint32 from, uint32 language,
					  PtText package, uint32 name, CodeFound *found)
{
	PtText		here = code_modules_path(modules, from);
	int			most = -1;
	uint64		count;
	uint64		start;

	found->count = 0;
	if (name == PT_NO_TEXT)
		return false;
	start = rows_of(&members->types, language, name, &count);
	for (uint64 i = start; i < start + count; i++)
	{
		uint32		entity = members->types.rows[i].entity;
		const CodeMember *member = &members->entities[entity];
		int			common;

		CHECK_FOR_INTERRUPTS();
		if (pt_text(&members->texts, member->scope).length > 0 || !code_modules_in_package(modules, member->file, package))
			continue;
		common = code_common_folders(here, code_modules_path(modules, member->file));
		if (common > most)
			found->count = 0;
		if (common >= most)
			add_found(members, found, entity);
		most = Max(most, common);
	}
	return found->count > 0;
}

uint32
code_members_variables(const CodeMembers *members, uint32 file)
{
	return members->file_entity[code_modules_unit(members->modules, file)];
}

uint32
code_found_least(const CodeMembers *members, const CodeFound *found)
{
	uint32		least = found->entities[0];

	for (uint32 i = 1; i < found->count; i++)
	{
		if (members->rank[found->entities[i]] < members->rank[least])
			least = found->entities[i];
	}
	return least;
}

uint32
code_entity_of_scope(CodeMembers *members, uint32 file, PtText scope, const CodeLanguage *grammar, CodeFound *found)
{
	uint32		name = pt_texts_find(&members->names, code_scope_last(scope, grammar));
	int			arguments = found->arguments;
	bool		any;

	found->arguments = MATCH_ANY_ARGUMENTS;
	any = code_members_at(members, file, code_scope_outer(scope, grammar), name, found);
	found->arguments = arguments;
	return any ? found->entities[0] : CODE_NOTHING;
}

/* ---- bases and fields ---- */

uint64
code_relations_first(const CodeRelations *relations, uint32 entity, uint64 name)
{
	CodeRelation least = {name, entity};

	return pt_lower_bound(relations->rows, relations->count, sizeof(CodeRelation), &least, compare_relations, NULL);
}

bool
code_members_field_row(const CodeMembers *members, uint32 entity, uint32 name, uint64 *row)
{
	const CodeRelations *fields = &members->fields;

	if (name == PT_NO_TEXT)
		return false;
	*row = code_relations_first(fields, entity, name);
	return *row < fields->count && fields->rows[*row].entity == entity && fields->rows[*row].name == name;
}

bool
code_members_has_fields(const CodeMembers *members, uint32 entity)
{
	uint64		row = code_relations_first(&members->fields, entity, 0);

	return row < members->fields.count && members->fields.rows[row].entity == entity;
}

/* What rows are put in order with. */
typedef struct Ordering
{
	const CodeMembers *members;
	const CodeRelations *relations;
} Ordering;

/* Fields are numbered in the order of reading, so their names decide. */
static int
compare_by_content(const void *a, const void *b, void *arg)
{
	const Ordering *ordering = arg;
	const CodeMembers *members = ordering->members;
	uint32		i = *(const uint32 *) a;
	uint32		j = *(const uint32 *) b;
	const CodeRelation *x = &ordering->relations->rows[i];
	const CodeRelation *y = &ordering->relations->rows[j];

	if (x->entity != y->entity)
		return members->rank[x->entity] < members->rank[y->entity] ? -1 : 1;
	if (ordering->relations == &members->fields && x->name != y->name)
		return pt_compare_texts(pt_text(&members->names, x->name), pt_text(&members->names, y->name));
	return i < j ? -1 : i > j;
}

uint32 *
code_relations_order(const CodeMembers *members, const CodeRelations *relations)
{
	Ordering	ordering = {members, relations};
	uint32	   *order = pt_resize(members->budget, NULL, relations->count, sizeof(uint32));

	for (uint64 i = 0; i < relations->count; i++)
		order[i] = i;
	pt_sort(order, relations->count, sizeof(uint32), compare_by_content, &ordering);
	return order;
}
