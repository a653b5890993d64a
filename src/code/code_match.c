/*
 * code_match.c
 *		Candidates for references by name, by where they are.
 *
 * Every method looks for entities of a name and class whose file, folder or
 * module is a given one. So the candidates stand in three arrays, each sorted
 * by name and then by class and one of these, and a method is a range of one
 * of them, found by binary search:
 *
 *		in_file		class, file, folder		all candidates
 *		in_folder	class, folder			what others can see
 *		in_module	class, module			what others can see
 *
 * Folders are numbered in preorder, so that all that is somewhere below a
 * folder is a range, too: the nearest candidates are the first range that is
 * not empty on the way up to the root. No group is gathered unless it is small
 * enough to be an answer: a reference costs O(depth of folders * log n + names
 * imported * log n + candidates found), however many entities have its name.
 * Looking at the candidates one by one would be quadratic in those; that is done
 * for what files of C include only, as far as there are not too many.
 *
 * Of several functions of C with one name a program has one: they are for other
 * platforms, behind an #if, or of other programs. A call means each of them in its
 * own build, so these do not share the confidence.
 *
 * Memory is for the entities: their keys, names and paths, and about 100 bytes
 * each. References are not kept.
 */
#include "postgres.h"

#include "base/pt_sort.h"
#include "code/code_candidate.h"
#include "code/code_common.h"
#include "code/code_include.h"
#include "code/code_match.h"
#include "code/code_module.h"
#include "code/code_place.h"
#include "code/code_platform.h"
#include "code/code_scope.h"
#include "lib/qunique.h"
#include "miscadmin.h"

typedef struct Entity
{
	uint32		path;
	uint32		name;			/* PT_NO_TEXT: nobody means it */
	uint32		language;
	uint16		class;
	bool		is_static;
	bool		is_macro;
	bool		is_inner;		/* stands in something */
	bool		is_method;
	bool		is_c;			/* no other language of its family */
	MatchArity	arity;
} Entity;

/* A file imports something: a part of a path that it names. */
typedef struct Import
{
	uint32		file;
	uint32		language;
	uint32		folder;
	uint32		part;
} Import;

struct CodeMatcher
{
	PtBudget   *budget;
	CodeScopes *scopes;
	uint32		max;			/* candidates of an answer */
	bool		alternatives;

	/* gathered */
	PtTexts		keys;
	PtTexts		names;			/* language and name */
	CodePlaces	places;
	CodeIncludes includes;
	Entity	   *entities;		/* by number */
	Import	   *imports;
	uint64		nimports;
	uint64		entity_room;
	uint64		import_room;
	StringInfoData scratch;

	/* finished */
	uint32	   *rank;			/* of an entity's key in byte order */
	CodeCandidates in_file;
	CodeCandidates in_folder;
	CodeCandidates in_module;

	/* the answer */
	uint32	   *found;
	uint64		nfound;
	uint64		found_room;
};

/* A reference, with numbers. */
typedef struct Need
{
	const MatchReference *reference;
	uint32		name;
	const CodePlace *place;
	ScopeAnswer scope;			/* what scopes say of it */
	bool		is_common;		/* and everybody has such a function */
} Need;

/* ---- gathering ---- */

CodeMatcher *
code_matcher_create(PtBudget *budget, uint32 max_candidates, bool alternatives)
{
	CodeMatcher *matcher = MemoryContextAllocZero(budget->context, sizeof(CodeMatcher));
	MemoryContext old = MemoryContextSwitchTo(budget->context);

	matcher->budget = budget;
	matcher->scopes = code_scopes_create(budget);
	matcher->max = max_candidates;
	matcher->alternatives = alternatives;
	initStringInfo(&matcher->scratch);
	MemoryContextSwitchTo(old);
	pt_texts_init(&matcher->keys, budget);
	pt_texts_init(&matcher->names, budget);
	code_places_init(&matcher->places, budget);
	code_includes_init(&matcher->includes, budget);
	return matcher;
}

/* What the names of a language are numbered by. */
static PtText
name_of(StringInfo scratch, uint32 language, PtText name)
{
	resetStringInfo(scratch);
	appendBinaryStringInfo(scratch, (const char *) &language, sizeof(language));
	appendBinaryStringInfo(scratch, name.bytes, name.length);
	return (PtText) {scratch->data, scratch->len};
}

uint32
code_matcher_add(CodeMatcher *matcher, const MatchEntity *in)
{
	bool		is_new;
	uint32		number = pt_texts_add(&matcher->keys, in->key, &is_new);
	Entity	   *entity;

	if (!is_new)
		return number;
	matcher->entities = pt_grow(matcher->budget, matcher->entities, &matcher->entity_room,
								(uint64) number + 1, sizeof(Entity));
	entity = &matcher->entities[number];
	entity->path = code_places_add(&matcher->places, in->path);
	entity->name = PT_NO_TEXT;
	entity->language = in->language;
	entity->class = in->kind_class;
	entity->is_static = in->is_static;
	entity->is_macro = in->is_macro;
	entity->is_inner = in->scope.length > 0;
	entity->is_method = in->is_method;
	entity->is_c = code_language_is(in->grammar, "c");
	entity->arity = in->arity;
	if (in->kind_class < MATCH_IMPL)
		entity->name = pt_texts_add(&matcher->names,
									name_of(&matcher->scratch, in->language, in->name), NULL);
	code_scopes_add(matcher->scopes, number, in);
	return number;
}

void
code_matcher_qualified(CodeMatcher *matcher, uint32 source)
{
	code_scopes_qualified(matcher->scopes, source);
}

void
code_matcher_open(CodeMatcher *matcher, uint32 source, PtText opens)
{
	code_scopes_open(matcher->scopes, source, opens);
}

void
code_matcher_interface(CodeMatcher *matcher, uint32 type, PtText base, uint32 line)
{
	code_scopes_interface(matcher->scopes, type, base, line);
}

void
code_matcher_field(CodeMatcher *matcher, uint32 type, PtText name, PtText field_type)
{
	code_scopes_field(matcher->scopes, type, name, field_type);
}

void
code_matcher_base(CodeMatcher *matcher, uint32 type, PtText base, uint32 line)
{
	code_scopes_base(matcher->scopes, type, base, line);
}

void
code_matcher_known_base(CodeMatcher *matcher, uint32 type, uint32 base, uint32 line)
{
	code_scopes_known_base(matcher->scopes, type, base, line);
}

void
code_matcher_base_place(CodeMatcher *matcher, uint32 type, PtText base, uint32 place)
{
	code_scopes_base_place(matcher->scopes, type, base, place);
}

uint32
code_matcher_find(const CodeMatcher *matcher, PtText key)
{
	return pt_texts_find(&matcher->keys, key);
}

PtText
code_matcher_key(const CodeMatcher *matcher, uint32 entity)
{
	return pt_text(&matcher->keys, entity);
}

uint32
code_matcher_language(const CodeMatcher *matcher, uint32 entity)
{
	return matcher->entities[entity].language;
}

void
code_matcher_import(CodeMatcher *matcher, uint32 source, PtText part)
{
	const Entity *entity = &matcher->entities[source];
	const CodePlace *place = &matcher->places.place[entity->path];

	if (place->file == CODE_UNKNOWN_FILE || part.length == 0)
		return;
	matcher->imports = pt_grow(matcher->budget, matcher->imports, &matcher->import_room,
							   matcher->nimports + 1, sizeof(Import));
	matcher->imports[matcher->nimports++] = (Import) {
		place->file, entity->language, place->folder, pt_texts_add(&matcher->places.parts, part, NULL)
	};
}

/* The path of an entity's file, as it is written. */
static PtText
path_of(const CodeMatcher *matcher, uint32 entity)
{
	return pt_text(&matcher->places.paths, matcher->entities[entity].path);
}

void
code_matcher_include(CodeMatcher *matcher, uint32 source, PtText written)
{
	code_includes_add(&matcher->includes, path_of(matcher, source), written);
}

/* ---- finishing ---- */

static int
compare_imports(const void *a, const void *b, void *arg)
{
	const Import *x = a;
	const Import *y = b;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	if (x->language != y->language)
		return x->language < y->language ? -1 : 1;
	if (x->folder != y->folder)
		return x->folder < y->folder ? -1 : 1;
	return x->part < y->part ? -1 : x->part > y->part;
}

static int
compare_keys(const void *a, const void *b, void *keys)
{
	return pt_compare_texts(pt_text(keys, *(const uint32 *) a),
								pt_text(keys, *(const uint32 *) b));
}

static void
rank_keys(CodeMatcher *matcher)
{
	uint32	   *order = pt_resize(matcher->budget, NULL, matcher->keys.count, sizeof(uint32));

	for (uint32 i = 0; i < matcher->keys.count; i++)
		order[i] = i;
	pt_sort(order, matcher->keys.count, sizeof(uint32), compare_keys, &matcher->keys);
	matcher->rank = pt_resize(matcher->budget, NULL, matcher->keys.count, sizeof(uint32));
	for (uint32 i = 0; i < matcher->keys.count; i++)
		matcher->rank[order[i]] = i;
	pt_free(matcher->budget, order);
}

/* Each import of a file once. */
static void
sort_imports(CodeMatcher *matcher)
{
	if (matcher->nimports == 0)
		return;
	pt_sort(matcher->imports, matcher->nimports, sizeof(Import), compare_imports, NULL);
	matcher->nimports = qunique_arg(matcher->imports, matcher->nimports, sizeof(Import),
									compare_imports, NULL);
}

static void
place_candidates(CodeMatcher *matcher)
{
	uint64		count = 0;

	for (uint32 i = 0; i < matcher->keys.count; i++)
		count += matcher->entities[i].name != PT_NO_TEXT;
	code_candidates_init(&matcher->in_file, count, matcher->budget);
	code_candidates_init(&matcher->in_folder, count, matcher->budget);
	code_candidates_init(&matcher->in_module, 2 * count, matcher->budget);
	for (uint32 i = 0; i < matcher->keys.count; i++)
	{
		const Entity *entity = &matcher->entities[i];
		const CodePlace *place = &matcher->places.place[entity->path];
		uint32		folder = matcher->places.folder[place->folder].preorder;

		CHECK_FOR_INTERRUPTS();
		if (entity->name == PT_NO_TEXT)
			continue;
		code_candidates_add(&matcher->in_file, entity->name, i,
							CODE_PLACE_NUMBER(entity->class, place->file, folder));
		if (entity->is_static)
			continue;
		code_candidates_add(&matcher->in_folder, entity->name, i, CODE_PLACE_NUMBER(entity->class, 0, folder));
		code_candidates_add(&matcher->in_module, entity->name, i,
							CODE_PLACE_NUMBER(entity->class, 0, place->module));
		if (place->folder_name != place->module)
			code_candidates_add(&matcher->in_module, entity->name, i,
								CODE_PLACE_NUMBER(entity->class, 0, place->folder_name));
	}
	code_candidates_finish(&matcher->in_file, matcher->names.count, matcher->budget);
	code_candidates_finish(&matcher->in_folder, matcher->names.count, matcher->budget);
	code_candidates_finish(&matcher->in_module, matcher->names.count, matcher->budget);
}

void
code_matcher_finish(CodeMatcher *matcher)
{
	const CodePlaces *places = &matcher->places;

	if (matcher->keys.count > CODE_PLACE_MAX || places->files.count > CODE_PLACE_MAX ||
		places->folders.count > CODE_PLACE_MAX || places->parts.count > CODE_PLACE_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many entities to resolve references: %u", matcher->keys.count)));
	rank_keys(matcher);
	code_places_finish(&matcher->places);
	sort_imports(matcher);
	code_includes_finish(&matcher->includes);
	place_candidates(matcher);
	code_scopes_finish(matcher->scopes, matcher->rank);
}

uint32
code_matcher_rank(const CodeMatcher *matcher, uint32 entity)
{
	return matcher->rank[entity];
}

/* ---- answering ---- */

/*
 * How many candidates of a name are in this range of places. They are added to
 * those found, unless already these are more than an answer may have.
 */
static uint64
take(CodeMatcher *matcher, const CodeCandidates *candidates, uint32 name, uint64 from, uint64 to)
{
	uint64		start;
	uint64		count = code_candidates_find(candidates, name, from, to, &start);

	if (count > 0 && count <= matcher->max)
	{
		matcher->found = pt_grow(matcher->budget, matcher->found, &matcher->found_room,
								 matcher->nfound + count, sizeof(uint32));
		for (uint64 i = 0; i < count; i++)
			matcher->found[matcher->nfound++] = candidates->rows[start + i].entity;
	}
	return count;
}

static int
compare_numbers(const void *a, const void *b, void *arg)
{
	uint32		x = *(const uint32 *) a;
	uint32		y = *(const uint32 *) b;

	return x < y ? -1 : x > y;
}

/* Each of those found from start on once, in order. */
static void
sort_found(CodeMatcher *matcher, uint64 start)
{
	if (matcher->nfound - start < 2)
		return;
	pt_sort(matcher->found + start, matcher->nfound - start, sizeof(uint32), compare_numbers, NULL);
	matcher->nfound = start + qunique_arg(matcher->found + start, matcher->nfound - start,
										  sizeof(uint32), compare_numbers, NULL);
}

/*
 * In the file. Of two files that are spelt alike, folders tell which is meant,
 * if both have one.
 */
static uint64
take_of_file(CodeMatcher *matcher, const Need *need, MatchClass class)
{
	uint32		file = need->place->file;
	uint32		place = matcher->places.folder[need->place->folder].preorder;
	uint64		count;

	if (file == CODE_UNKNOWN_FILE || need->reference->nqualifier > 0 || need->scope != SCOPE_OLD_RULES ||
		need->reference->wanted == MATCH_ANY)
		return 0;
	if (need->place->folder == CODE_ROOT)
		return take(matcher, &matcher->in_file, need->name, CODE_PLACE_NUMBER(class, file, 0),
					CODE_PLACE_NUMBER(class, file, CODE_PLACE_MAX));
	count = take(matcher, &matcher->in_file, need->name, CODE_PLACE_NUMBER(class, file, place),
				 CODE_PLACE_NUMBER(class, file, place));
	return count + take(matcher, &matcher->in_file, need->name, CODE_PLACE_NUMBER(class, file, 0),
						CODE_PLACE_NUMBER(class, file, 0));
}

#define MAX_INCLUDED 1000		/* candidates that are looked at */

/*
 * In a file that the file includes, a static function, too. If what it names leads
 * to several files, in that which shares most folders with it.
 */
static uint64
take_of_includes(CodeMatcher *matcher, const Need *need, MatchClass class)
{
	PtText		here = path_of(matcher, need->reference->source);
	CodeIncludeFit best = INCLUDE_NOT;
	int			most = -1;
	uint64		first = matcher->nfound;
	uint64		start;
	uint64		count = code_candidates_find(&matcher->in_file, need->name, CODE_PLACE_NUMBER(class, 0, 0),
											 CODE_PLACE_NUMBER(class, CODE_PLACE_MAX, CODE_PLACE_MAX), &start);

	if (matcher->includes.count == 0 || count > MAX_INCLUDED || need->reference->nqualifier > 0 ||
		need->scope != SCOPE_OLD_RULES || need->reference->wanted == MATCH_ANY)
		return 0;
	for (uint64 i = start; i < start + count; i++)
	{
		uint32		entity = matcher->in_file.rows[i].entity;
		PtText		path = path_of(matcher, entity);
		CodeIncludeFit fit = code_includes_fit(&matcher->includes, here, path);
		int			common = fit == INCLUDE_BY_END ? code_common_folders(here, path) : 0;

		CHECK_FOR_INTERRUPTS();
		if (fit == INCLUDE_NOT || fit < best || (fit == best && common < most))
			continue;
		if (fit > best || common > most)
			matcher->nfound = first;
		best = fit;
		most = common;
		matcher->found = pt_grow(matcher->budget, matcher->found, &matcher->found_room, matcher->nfound + 1, sizeof(uint32));
		matcher->found[matcher->nfound++] = entity;
	}
	count = matcher->nfound - first;
	if (count > matcher->max)
		matcher->nfound = first;
	return count;
}

/* In a module that is called by a part of a path. */
static uint64
take_of_part(CodeMatcher *matcher, const Need *need, MatchClass class, uint32 part)
{
	if (part == CODE_NO_PART || part == PT_NO_TEXT)
		return 0;
	return take(matcher, &matcher->in_module, need->name, CODE_PLACE_NUMBER(class, 0, part),
				CODE_PLACE_NUMBER(class, 0, part));
}

/* The first import of a file by code of a language. */
static uint64
first_import(const CodeMatcher *matcher, uint32 file, uint32 language)
{
	uint64		low = 0;
	uint64		high = matcher->nimports;

	while (low < high)
	{
		uint64		middle = low + (high - low) / 2;
		const Import *import = &matcher->imports[middle];

		if (import->file < file || (import->file == file && import->language < language))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint64
take_of_imports(CodeMatcher *matcher, const Need *need, MatchClass class)
{
	uint32		file = need->place->file;
	uint32		folder = need->place->folder;
	uint32		language = need->reference->language;
	uint64		count = 0;

	if (file == CODE_UNKNOWN_FILE)
		return 0;
	for (uint64 i = first_import(matcher, file, language);
		 i < matcher->nimports && matcher->imports[i].file == file &&
		 matcher->imports[i].language == language; i++)
	{
		const Import *import = &matcher->imports[i];

		CHECK_FOR_INTERRUPTS();
		if (import->folder == folder || import->folder == CODE_ROOT || folder == CODE_ROOT)
			count = Max(count, take_of_part(matcher, need, class, import->part));
	}
	return count;
}

/* In the modules that the qualifier names; without one, in those imported. */
static uint64
take_of_modules(CodeMatcher *matcher, const Need *need, MatchClass class)
{
	const MatchReference *reference = need->reference;
	uint64		start = matcher->nfound;
	uint64		most = 0;

	if (code_candidates_count(&matcher->in_module, need->name) == 0 ||
		need->scope == SCOPE_GUESS)
		return 0;
	if (reference->nqualifier == 0)
		most = take_of_imports(matcher, need, class);
	for (int i = 0; i < reference->nqualifier; i++)
	{
		uint32		part = pt_texts_find(&matcher->places.parts, reference->qualifier[i]);

		most = Max(most, take_of_part(matcher, need, class, part));
	}
	/* several parts may lead to one entity */
	sort_found(matcher, start);
	return most > matcher->max ? most : matcher->nfound - start;
}

static uint64
take_of_folder(CodeMatcher *matcher, const Need *need, MatchClass class)
{
	uint32		place = matcher->places.folder[need->place->folder].preorder;

	if (need->place->folder == CODE_ROOT)
		return 0;
	return take(matcher, &matcher->in_folder, need->name, CODE_PLACE_NUMBER(class, 0, place),
				CODE_PLACE_NUMBER(class, 0, place));
}

/*
 * What may be meant where this is wanted. What is called may be a type: then
 * its constructor is meant; what is handed over, too, but in C and C++.
 */
static const MatchClass *
fitting(const MatchReference *reference, int *count)
{
	static const MatchClass all[] = {MATCH_CALLABLE, MATCH_MODULE, MATCH_TYPE, MATCH_VALUE};
	static const MatchClass called[] = {MATCH_CALLABLE, MATCH_TYPE};

	switch (reference->wanted)
	{
		case MATCH_ANY:
			*count = lengthof(all);
			return all;
		case MATCH_CALLABLE:
			*count = reference->is_value && code_language_is_c(reference->grammar) ? 1 : lengthof(called);
			return called;
		case MATCH_IMPL:
		case MATCH_FILE:
			*count = 0;
			return all;
		default:
			*count = 1;
			return &all[reference->wanted];
	}
}

typedef uint64 (*TakeFunction) (CodeMatcher *matcher, const Need *need, MatchClass class);

/*
 * The candidates that one method finds; how many there are. A type is called
 * only if no function could be.
 */
static uint64
take_by(CodeMatcher *matcher, const Need *need, TakeFunction take_class)
{
	int			nclasses;
	const MatchClass *classes = fitting(need->reference, &nclasses);
	uint64		count = 0;

	for (int i = 0; i < nclasses; i++)
	{
		count += take_class(matcher, need, classes[i]);
		if (count > 0 && need->reference->wanted == MATCH_CALLABLE)
			break;
	}
	return count;
}

/* Those of one class in the deepest folder above both. */
static uint64
take_nearest(CodeMatcher *matcher, const Need *need, MatchMethod *method)
{
	int			nclasses;
	const MatchClass *classes = fitting(need->reference, &nclasses);
	uint32		folder = need->place->folder;

	if (code_candidates_count(&matcher->in_folder, need->name) == 0)
		return 0;
	for (;;)
	{
		const CodeFolder *above = &matcher->places.folder[folder];

		for (int i = 0; i < nclasses; i++)
		{
			uint64		count = take(matcher, &matcher->in_folder, need->name,
									 CODE_PLACE_NUMBER(classes[i], 0, above->preorder),
									 CODE_PLACE_NUMBER(classes[i], 0, above->last));
			uint64		start;

			if (count == 0)
				continue;
			*method = MATCH_NEAREST;
			if (code_candidates_find(&matcher->in_folder, need->name, CODE_PLACE_NUMBER(classes[i], 0, 0),
						  CODE_PLACE_NUMBER(classes[i], 0, CODE_PLACE_MAX), &start) == 1)
				*method = MATCH_UNIQUE;
			return count;
		}
		if (folder == CODE_ROOT)
			return 0;
		folder = above->parent;
	}
}

/* Of those found what can be seen from other files by its name alone. */
static uint64
drop_inner(CodeMatcher *matcher, uint64 count)
{
	uint64		kept = 0;

	for (uint64 i = 0; i < matcher->nfound; i++)
	{
		if (!matcher->entities[matcher->found[i]].is_inner)
			matcher->found[kept++] = matcher->found[i];
	}
	matcher->nfound = kept;
	return count > matcher->max ? count : kept;
}

/* By its name alone no method of another type is handed over. */
static bool
is_no_method(const MatchReference *reference)
{
	return reference->is_value && reference->nqualifier == 0;
}

static uint64
drop_methods(CodeMatcher *matcher)
{
	uint64		kept = 0;

	for (uint64 i = 0; i < matcher->nfound; i++)
	{
		if (!matcher->entities[matcher->found[i]].is_method)
			matcher->found[kept++] = matcher->found[i];
	}
	return matcher->nfound = kept;
}

/* Of those found from start on what takes so many arguments, if there is any. */
static uint64
keep_taking(CodeMatcher *matcher, uint64 start, int arguments)
{
	uint64		kept = start;

	for (uint64 i = start; i < matcher->nfound; i++)
	{
		const Entity *entity = &matcher->entities[matcher->found[i]];

		if (entity->class != MATCH_CALLABLE || match_takes(entity->arity, arguments))
			matcher->found[kept++] = matcher->found[i];
	}
	if (kept > start || start > 0)
		matcher->nfound = kept;
	return matcher->nfound - start;
}

/* Of those found what is for a platform that the reference's file may be for, if there is any. */
static uint64
keep_platforms(CodeMatcher *matcher, const Need *need)
{
	uint32		here = code_platforms(path_of(matcher, need->reference->source));
	uint64		kept = 0;

	if (here == 0)
		return matcher->nfound;
	for (uint64 i = 0; i < matcher->nfound; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (code_platforms_meet(here, code_platforms(path_of(matcher, matcher->found[i]))))
			matcher->found[kept++] = matcher->found[i];
	}
	if (kept > 0)
		matcher->nfound = kept;
	return matcher->nfound;
}

/* The same of entities that somebody else has found, which are replaced; how many are left. */
static uint32
keep_built(CodeMatcher *matcher, const Need *need, const uint32 **entities, uint32 count)
{
	matcher->found = pt_grow(matcher->budget, matcher->found, &matcher->found_room, count, sizeof(uint32));
	memcpy(matcher->found, *entities, count * sizeof(uint32));
	matcher->nfound = count;
	*entities = matcher->found;
	return keep_platforms(matcher, need);
}

static uint64
take_best(CodeMatcher *matcher, const Need *need, MatchMethod *method)
{
	uint64		count;

	*method = MATCH_BY_FILE;
	count = take_by(matcher, need, take_of_file);
	if (count > 0)
		return count;
	*method = MATCH_BY_IMPORT;
	count = take_by(matcher, need, take_of_includes);
	if (count == 0)
		count = take_by(matcher, need, take_of_modules);
	if (count > 0 || need->scope == SCOPE_IMPORTED)
		return count;
	*method = MATCH_BY_FOLDER;
	count = take_by(matcher, need, take_of_folder);
	if (count > 0)
		return count;
	return take_nearest(matcher, need, method);
}

/*
 * Whatever else has the name, unless there is too much of it. The best ones
 * are sorted.
 */
static void
take_others(CodeMatcher *matcher, const Need *need, uint32 best)
{
	const CodeCandidates *candidates = &matcher->in_folder;
	int			nclasses;
	const MatchClass *classes = fitting(need->reference, &nclasses);
	bool		is_c = matcher->entities[matcher->found[0]].is_c;
	uint32		here = is_c ? code_platforms(path_of(matcher, need->reference->source)) : 0;

	if (!matcher->alternatives || need->scope != SCOPE_OLD_RULES ||
		code_candidates_count(candidates, need->name) > matcher->max)
		return;
	if (need->reference->wanted == MATCH_CALLABLE &&
		matcher->entities[matcher->found[0]].class == MATCH_CALLABLE)
		nclasses = 1;
	for (int i = 0; i < nclasses; i++)
	{
		uint64		start;
		uint64		count = code_candidates_find(candidates, need->name, CODE_PLACE_NUMBER(classes[i], 0, 0),
									  CODE_PLACE_NUMBER(classes[i], 0, CODE_PLACE_MAX), &start);

		matcher->found = pt_grow(matcher->budget, matcher->found, &matcher->found_room,
								 matcher->nfound + count, sizeof(uint32));
		for (uint64 row = start; row < start + count; row++)
		{
			uint32		entity = candidates->rows[row].entity;
			uint64		at = pt_lower_bound(matcher->found, best, sizeof(uint32), &entity,
											compare_numbers, NULL);

			if ((at == best || matcher->found[at] != entity) &&
				!(is_no_method(need->reference) && matcher->entities[entity].is_method) &&
				(here == 0 || code_platforms_meet(here, code_platforms(path_of(matcher, entity)))))
				matcher->found[matcher->nfound++] = entity;
		}
	}
}

/* What is known of a name, for how far methods are trusted that go by nothing else. */
typedef enum Known
{
	KNOWN_ALONE,				/* nothing qualifies it */
	KNOWN_OF_C,					/* the same in C, where a program has one of a name */
	KNOWN_QUALIFIED,			/* something does of which nothing is known, */
	KNOWN_NOT_FOUND,			/* or that was looked for, */
	KNOWN_SAYS_MUCH,			/* by a name of several words in Python, */
	KNOWN_IN_SCRIPT,			/* in JavaScript */
	KNOWN_NOT_TYPED,			/* where all that is the code's own says its type */
	KNOWN_COMMON,				/* everybody has it */
	KNOWN_COMMON_QUALIFIED,
	KNOWN_KINDS
} Known;

/* Is a name made of several words, as few in Python's library are? */
static bool
has_words(PtText name)
{
	int			start = 0;

	while (start < name.length && name.bytes[start] == '_')
		start++;
	while (name.length > start && name.bytes[name.length - 1] == '_')
		name.length--;
	return name.length > start && memchr(name.bytes + start, '_', name.length - start) != NULL;
}

static Known
what_is_known(const Need *need)
{
	const CodeLanguage *grammar = need->reference->grammar;
	bool		is_qualified = need->reference->nqualifier > 0;

	if (need->scope == SCOPE_GUESS)
		return grammar->grammar & NAME_PACKAGES ? KNOWN_NOT_TYPED : code_language_is_script(grammar) ? KNOWN_IN_SCRIPT :
			has_words(need->reference->name) ? KNOWN_SAYS_MUCH : KNOWN_NOT_FOUND;
	if (need->is_common)
		return is_qualified ? KNOWN_COMMON_QUALIFIED : KNOWN_COMMON;
	if (is_qualified)
		return KNOWN_QUALIFIED;
	return code_language_is(need->reference->grammar, "c") ? KNOWN_OF_C : KNOWN_ALONE;
}

/*
 * How far a method is trusted, in hundredths. What scopes tell, what is not found, and C
 * are measured: "./run bench resolve".
 */
static int
trust(MatchMethod method, const Need *need)
{
	static const int percent[MATCH_METHODS][KNOWN_KINDS] = {
		[MATCH_BY_SCOPE] = {99, 99, 99, 99, 99, 99, 99, 99, 99},
		[MATCH_BY_MEMBER] = {99, 99, 99, 99, 99, 99, 99, 99, 99},
		[MATCH_BY_INHERITED] = {98, 98, 98, 98, 98, 98, 98, 98, 98},
		[MATCH_BY_MODULE] = {99, 99, 99, 99, 99, 99, 99, 99, 99},
		[MATCH_BY_EXPORT] = {97, 97, 97, 97, 97, 97, 97, 97, 97},
		[MATCH_BY_FILE] = {95, 95, 95, 95, 95, 95, 95, 95, 95},
		[MATCH_BY_IMPORT] = {90, 98, 90, 90, 90, 90, 90, 90, 90},
		[MATCH_BY_FOLDER] = {80, 98, 40, 9, 90, 30, 2, 20, 15},
		[MATCH_UNIQUE] = {75, 98, 38, 2, 88, 8, 2, 3, 3},
		[MATCH_NEAREST] = {60, 95, 30, 2, 45, 5, 1, 3, 3},
		[MATCH_SELF] = {50, 50, 25, 5, 5, 5, 1, 3, 3},
	};

	return percent[method][what_is_known(need)];
}

/* Does the path of a file of C end so, .h? */
static bool
has_ending(PtText path, const char *ending)
{
	return path.length > 2 && memcmp(path.bytes + path.length - 2, ending, 2) == 0;
}

/* Is it the same file of C, or its header? */
static bool
is_one_unit(PtText a, PtText b)
{
	if (a.length > 2 && b.length > 2 && a.bytes[a.length - 2] == '.' && b.bytes[b.length - 2] == '.')
	{
		a.length -= 2;
		b.length -= 2;
	}
	return pt_compare_texts(a, b) == 0;
}

/* How many of some entities are in one file, at the most. */
static uint64
most_in_file(const CodeMatcher *matcher, const uint32 *entities, uint64 count)
{
	uint64		most = 0;

	for (uint64 i = 0; i < count; i++)
	{
		uint64		here = 0;

		for (uint64 other = 0; other < count; other++)
			here += pt_compare_texts(path_of(matcher, entities[i]), path_of(matcher, entities[other])) == 0;
		most = Max(most, here);
	}
	return most;
}

/*
 * Among how many of the best candidates the confidence is shared. Of C functions that
 * are no header's any program has one; of those of one file, too, by an #if.
 */
static uint64
sharing(const CodeMatcher *matcher, const Need *need, const uint32 *entities, uint64 count)
{
	uint64		units = 0;
	bool		has_headers = false;

	/* measured: in JavaScript members of one name in a folder are mostly those of a type and what it is made of */
	if (need->scope == SCOPE_GUESS && code_language_is_script(need->reference->grammar))
		return count <= 3 ? 1 : count - 1;
	/* a package of Go has one, by the files that are built */
	if (need->scope >= SCOPE_VISIBLE && code_has_folders(need->reference->grammar))
		return 1;
	/* of C++ overloads are in one file; those of several files are for other platforms, or programs */
	if (need->scope >= SCOPE_VISIBLE && code_language_is(need->reference->grammar, "cpp"))
		return most_in_file(matcher, entities, count);
	for (uint64 i = 0; i < count; i++)
	{
		const Entity *entity = &matcher->entities[entities[i]];
		bool		is_known = false;

		if (!entity->is_c || entity->class != MATCH_CALLABLE)
			return count;
		has_headers |= has_ending(path_of(matcher, entities[i]), ".h");
		for (uint64 other = 0; other < i && !is_known; other++)
			is_known = is_one_unit(path_of(matcher, entities[other]), path_of(matcher, entities[i]));
		units += !is_known;
	}
	return has_headers ? units : 1;
}

/* A part of some hundredths, rounded, but something. */
static int
share(int percent, uint64 count)
{
	return Max(1, (2 * percent + count) / (2 * count));
}

/* How the answer of scopes was found; false if it is none. */
static bool
method_of_scope(ScopeAnswer scope, MatchMethod *method)
{
	static const MatchMethod methods[] = {
		[SCOPE_VISIBLE] = MATCH_BY_SCOPE,
		[SCOPE_MEMBER] = MATCH_BY_MEMBER,
		[SCOPE_INHERITED] = MATCH_BY_INHERITED,
		[SCOPE_MODULE] = MATCH_BY_MODULE,
		[SCOPE_EXPORTED] = MATCH_BY_EXPORT
	};

	if (scope < SCOPE_VISIBLE)
		return false;
	*method = methods[scope];
	return true;
}

/*
 * Is what a file of C includes but a macro of a name that the C library has? Then it is for where
 * that has it not: measured, of 45 calls of such a name none meant it.
 */
static bool
is_other_platform(const CodeMatcher *matcher, const Need *need, MatchMethod method, uint64 count)
{
	if (!need->is_common || method != MATCH_BY_IMPORT)
		return false;
	for (uint64 i = 0; i < count; i++)
	{
		const Entity *entity = &matcher->entities[matcher->found[i]];

		if (!entity->is_c || !entity->is_macro)
			return false;
	}
	return true;
}

/*
 * The best candidates share the method's confidence, the others what is left
 * of it, but have no more than these.
 */
MatchAnswer
code_match(CodeMatcher *matcher, const MatchReference *reference)
{
	Need		need = {reference};
	MatchAnswer	answer = {MATCH_OTHER};
	const uint32 *entities;
	uint32		count;
	uint64		best;
	int			percent;
	int			rest;

	need.scope = code_scopes_find(matcher->scopes, reference, &entities, &count);
	if (need.scope == SCOPE_NOTHING || count > matcher->max || (need.scope == SCOPE_GUESS && reference->is_value))
		return answer;
	if (method_of_scope(need.scope, &answer.method))
	{
		if (count > 1 && (code_has_folders(reference->grammar) || code_language_is(reference->grammar, "cpp")))
			count = keep_built(matcher, &need, &entities, count);
		answer.best = count;
		answer.entities = entities;
		count = sharing(matcher, &need, entities, count);
		/* of two neither is likely: both below the usual threshold */
		answer.best_percent = share(count == 1 ? trust(answer.method, &need) : 96, count);
		return answer;
	}

	need.name = pt_texts_find(&matcher->names,
							  name_of(&matcher->scratch, reference->language, reference->name));
	if (need.name == PT_NO_TEXT)
		return answer;
	need.place = &matcher->places.place[matcher->entities[reference->source].path];
	matcher->nfound = 0;
	best = take_best(matcher, &need, &answer.method);
	if (need.scope == SCOPE_IMPORTED || need.scope == SCOPE_ELSEWHERE)
		best = drop_inner(matcher, best);
	if (best == 0 || best > matcher->max)
		return answer;
	Assert(matcher->nfound == best);
	if (is_no_method(reference))
		best = drop_methods(matcher);
	if (best == 0)
		return answer;
	if (best > 1 && matcher->entities[matcher->found[0]].is_c)
		best = keep_platforms(matcher, &need);
	if (reference->arguments != MATCH_ANY_ARGUMENTS)
		best = keep_taking(matcher, 0, reference->arguments);
	answer.best = best;
	sort_found(matcher, 0);
	take_others(matcher, &need, answer.best);
	if (reference->arguments != MATCH_ANY_ARGUMENTS)
		keep_taking(matcher, answer.best, reference->arguments);
	answer.others = matcher->nfound - answer.best;
	answer.entities = matcher->found;
	/* a function that calls itself is less likely than it looks */
	if (best == 1 && matcher->found[0] == reference->source)
		answer.method = MATCH_SELF;
	/* the best ones of what is called are of one class */
	need.is_common = reference->wanted == MATCH_CALLABLE &&
		matcher->entities[matcher->found[0]].class == MATCH_CALLABLE &&
		code_is_common(reference->grammar, reference->name, reference->nqualifier > 0);
	percent = is_other_platform(matcher, &need, answer.method, best) ? 3 : trust(answer.method, &need);
	answer.best_percent = share(percent, sharing(matcher, &need, matcher->found, best));
	/* of a name that everybody has most of the rest is the language's */
	rest = need.is_common ? Min(percent, 100 - percent) : 100 - percent;
	if (answer.others > 0)
		answer.other_percent = Min(share(rest, answer.others), answer.best_percent);
	return answer;
}

bool
code_matcher_is_whole(const CodeMatcher *matcher)
{
	return code_scopes_is_whole(matcher->scopes);
}
