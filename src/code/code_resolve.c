/*
 * code_resolve.c
 *		pt_resolve_references: guesses for references that a parser left open;
 *		pt_resolve_pending: the same of what has changed;
 *		pt_language_family: which languages are compared.
 *
 * Entities and facts are read with cursors, under one snapshot: first all that
 * can be meant, and what files import, then the references one by one. What
 * code_match.c finds for them are guesses, which code_guess.c writes.
 *
 * All of it is SQL with the caller's rights.
 */
#include "postgres.h"

#include <math.h>

#include "base/pt_guc.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "code/code_guess.h"
#include "code/code_include.h"
#include "code/code_key.h"
#include "code/code_match.h"
#include "code/code_name.h"
#include "code/code_near.h"
#include "code/code_pending.h"
#include "code/code_tables.h"
#include "code/code_text.h"
#include "code/code_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "function/sql_relation.h"
#include "function/sql_source.h"
#include "function/sql_statement.h"
#include "function/sql_tables.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/formatting.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

PG_FUNCTION_INFO_V1(pt_resolve_references_0_2);
PG_FUNCTION_INFO_V1(pt_resolve_pending);
PG_FUNCTION_INFO_V1(pt_language_family);

/* No file system has longer paths: each folder of one and all ends of it are kept. */
#define MAX_PATH_BYTES 4096

typedef struct Language
{
	uint32		family;			/* a number in family_names */
	const CodeLanguage *grammar;
} Language;

typedef struct Resolution
{
	/* asked */
	CodeTables	tables;
	char	   *edges;			/* names for statements */
	char	   *entities;
	Oid			pending;		/* notes of what has changed, or InvalidOid */
	bool		everything;		/* or what these notes concern */
	CodeRows	rows;			/* to be read */
	uint32		max_candidates;
	bool		alternatives;
	bool		join_spellings;

	/* read */
	PtBudget   *budget;
	CodeMatcher *resolver;
	PtTexts		languages;		/* as they are written; */
	Language   *language;		/* by number */
	uint64		language_room;
	PtTexts		family_names;
	uint32		rust;
	StringInfoData name;		/* scratch */
	uint32		entity_rows;	/* entities that have a row */
	bool		has_strangers;	/* are there sources that have none? */
	PtTexts		loose;			/* keys of edges that have none, but might */
	PtTexts		aliases;		/* those that are another's; empty at first */
	PtText	   *parts;			/* of a qualifier, scratch */
	int			nparts;
	uint64		parts_room;

	/* found */
	CodeGuesses guesses;

	/* counted */
	int64		references;
	int64		resolved;
	int64		ambiguous;
	int64		joined;
} Resolution;

/* ---- what is compared ---- */

/*
 * The name of a language's family, palloc'd: of those that call each other's
 * code, C and C++ say, the first; of a language that is not known its own name
 * in lower case.
 */
static char *
language_family(PtText language, Oid collation)
{
	const char *family = code_language(language)->family;

	return family != NULL ? pstrdup(family) :
		str_tolower(language.bytes, language.length, collation);
}

Datum
pt_language_family(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_TEXT_P(cstring_to_text(""));
	PG_RETURN_TEXT_P(cstring_to_text(language_family(code_text(PG_GETARG_DATUM(0)),
													 PG_GET_COLLATION())));
}

/* What is known of a language, or of one that is unknown. Moves with the next. */
static Language *
language_of(Resolution *r, PtText name)
{
	bool		is_new;
	uint32		number;
	char	   *family;

	if (name.bytes == NULL)
		name = (PtText) {"", 0};
	number = pt_texts_add(&r->languages, name, &is_new);
	if (!is_new)
		return &r->language[number];
	r->language = pt_grow(r->budget, r->language, &r->language_room, (uint64) number + 1,
						  sizeof(Language));
	family = language_family(name, DEFAULT_COLLATION_OID);
	r->language[number].family = pt_texts_add(&r->family_names,
											  (PtText) {family, strlen(family)}, NULL);
	r->language[number].grammar = code_language(name);
	return &r->language[number];
}

/* Rust's own library: neither looked for nor imported from. */
static bool
is_standard(PtText name)
{
	static const char *const roots[] = {"std::", "core::", "alloc::"};

	if (name.length > 2 && memcmp(name.bytes, "::", 2) == 0)
		name = (PtText) {name.bytes + 2, name.length - 2};
	for (int i = 0; i < lengthof(roots); i++)
	{
		if (name.length >= strlen(roots[i]) && memcmp(name.bytes, roots[i], strlen(roots[i])) == 0)
			return true;
	}
	return false;
}

/* Is a part of a path neither empty nor one of these words? */
static bool
says_something(PtText part, const char *const *silent)
{
	for (int i = 0; silent[i] != NULL; i++)
	{
		if (pt_text_is(part, silent[i]))
			return false;
	}
	return part.length > 0;
}

/*
 * Gather the parts of what qualifies a name, but for those that say nothing.
 * What marks a part, as in a?.b, does not belong to it.
 */
static void
split_qualifier(Resolution *r, PtText path, const CodeLanguage *language,
				const char *const *silent)
{
	const char *at = path.bytes;
	const char *end = path.bytes + path.length;

	r->nparts = 0;
	while (at < end)
	{
		const char *start = at;
		PtText		part;

		while (at < end && code_separator(language, start, at, end) == 0)
			at++;
		part = (PtText) {start, at - start};
		if (at < end)
			at += code_separator(language, start, at, end);
		while (part.length > 1 && strchr("?!", part.bytes[part.length - 1]) != NULL)
			part.length--;
		if (!says_something(part, silent))
			continue;
		CHECK_FOR_INTERRUPTS();
		r->parts = pt_grow(r->budget, r->parts, &r->parts_room, r->nparts + 1, sizeof(PtText));
		r->parts[r->nparts++] = part;
	}
}

/* ---- reading ---- */

/* of CODE_ENTITY_COLUMNS */
#define ENTITY_COLUMNS 15

/* A number at the start of a text, which it leaves; -1 if there is none. */
static int
read_number(PtText *text)
{
	int			number = -1;

	for (; text->length > 0 && text->bytes[0] >= '0' && text->bytes[0] <= '9'; text->bytes++, text->length--)
		number = Min(10 * Max(number, 0) + (text->bytes[0] - '0'), MATCH_MOST_ARGUMENTS);
	return number;
}

/*
 * What a function takes: 2, 1-3, or 1- for one and more. In C++ the values of
 * parameters stand where it is declared, which need not be where it is defined.
 */
static MatchArity
read_arity(PtText text, const CodeLanguage *grammar)
{
	MatchArity	arity = {0, MATCH_MOST_ARGUMENTS};
	int			least = read_number(&text);
	int			most = least;

	if (least < 0)
		return arity;
	if (text.length > 0 && text.bytes[0] == '-')
	{
		text = (PtText) {text.bytes + 1, text.length - 1};
		most = read_number(&text);
	}
	if (!code_language_is(grammar, "cpp"))
		arity.least = least;
	if (most >= 0)
		arity.most = most;
	return arity;
}

/*
 * How many arguments a call has, (2) or their types (int,String) behind its name, which
 * loses them.
 */
static int
read_arguments(PtText *name, const CodeLanguage *grammar, PtText *types)
{
	int			start = name->length - 1;
	int			depth = 1;
	int			count = 1;
	PtText		digits;

	*types = (PtText) {"", 0};
	if ((grammar->grammar & NAME_ROUNDS) == 0 || name->length < 4 || name->bytes[name->length - 1] != ')')
		return MATCH_ANY_ARGUMENTS;
	for (; start > 0 && depth > 0; start--)
	{
		depth += (name->bytes[start - 1] == ')') - (name->bytes[start - 1] == '(');
		count += depth == 1 && name->bytes[start - 1] == ',';
	}
	if (start < 1 || depth > 0 || start == name->length - 2)
		return MATCH_ANY_ARGUMENTS;
	*types = (PtText) {name->bytes + start + 1, name->length - start - 2};
	digits = *types;
	if (types->bytes[0] >= '0' && types->bytes[0] <= '9')
		count = read_number(&digits);
	else if ((grammar->grammar & NAME_PACKAGES) == 0)
		return MATCH_ANY_ARGUMENTS;
	else
		digits.length = 0;
	if (digits.length > 0)
		return MATCH_ANY_ARGUMENTS;
	if (types->bytes[0] >= '0' && types->bytes[0] <= '9')
		*types = (PtText) {"", 0};
	name->length = start;
	return count;
}

/* An entity: what its row says, else its key. Without a row only the key. */
static uint32
add_entity(Resolution *r, const Datum *values, const bool *nulls)
{
	MatchEntity	entity = {code_text(values[0])};
	CodeKey		key = code_parse_key(entity.key);
	PtText		type = nulls[2] ? key.type : code_text(values[2]);
	Language   *language = language_of(r, nulls[3] ? key.language : code_text(values[3]));

	if (key.kind != CODE_KEY_LOCAL && key.kind != CODE_KEY_FILE)
		return MATCH_NO_ENTITY;
	code_match_name(nulls[1] ? key.name : code_text(values[1]), language->grammar, &r->name);
	entity.name = (PtText) {r->name.data, r->name.len};
	entity.kind_class = pt_text_is(type, "file") ? MATCH_FILE : code_class_of_type(type);
	entity.language = language->family;
	entity.path = nulls[4] ? key.path : code_text(values[4]);
	if (entity.path.bytes == NULL || entity.path.length > MAX_PATH_BYTES)
		entity.path = (PtText) {"", 0};
	entity.is_macro = pt_text_is(type, "macro");
	/* of C a macro is its file's own, too, unless that is a header */
	entity.is_static = (!nulls[5] && DatumGetBool(values[5])) ||
		(code_language_is(language->grammar, "c") && pt_text_is(type, "macro") && entity.path.length > 2 &&
		 memcmp(entity.path.bytes + entity.path.length - 2, ".c", 2) == 0);
	entity.is_method = pt_text_is(type, "method");
	/* one that nobody means */
	if (r->aliases.count > 0 && pt_texts_find(&r->aliases, entity.key) != PT_NO_TEXT)
		entity.kind_class = MATCH_IMPL;
	entity.scope = nulls[6] ? (PtText) {"", 0} : code_text(values[6]);
	entity.returns = nulls[7] ? (PtText) {"", 0} : code_text(values[7]);
	entity.line = nulls[10] ? 0 : DatumGetInt32(values[10]);
	entity.arity = read_arity(nulls[12] ? (PtText) {"", 0} : code_text(values[12]), language->grammar);
	entity.parameters = nulls[13] ? (PtText) {"", 0} : code_text(values[13]);
	entity.grammar = language->grammar;
	return code_matcher_add(r->resolver, &entity);
}

/* The fields of a type: an object of names and names of types. */
static void
add_fields(Resolution *r, uint32 type, Jsonb *fields)
{
	JsonbIterator *it;
	JsonbValue	value;
	JsonbIteratorToken token;
	PtText		name = {NULL, 0};

	if (!JB_ROOT_IS_OBJECT(fields))
		return;
	it = JsonbIteratorInit(&fields->root);
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		if (token == WJB_KEY)
			name = (PtText) {value.val.string.val, value.val.string.len};
		else if (token == WJB_VALUE && value.type == jbvString)
			code_matcher_field(r->resolver, type, name,
							   (PtText) {value.val.string.val, value.val.string.len});
	}
}

/* The bases of a type in their order: an array of names. */
static void
add_places(Resolution *r, uint32 type, Jsonb *bases)
{
	JsonbIterator *it;
	JsonbValue	value;
	JsonbIteratorToken token;
	uint32		place = 0;

	if (!JB_ROOT_IS_ARRAY(bases) || JB_ROOT_IS_SCALAR(bases))
		return;
	it = JsonbIteratorInit(&bases->root);
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		if (token == WJB_ELEM && value.type == jbvString)
			code_matcher_base_place(r->resolver, type,
									(PtText) {value.val.string.val, value.val.string.len}, place++);
	}
}

static void
add_entity_row(void *state, HeapTuple row, const Datum *values, const bool *nulls)
{
	Resolution *r = state;
	uint32		entity = nulls[0] ? MATCH_NO_ENTITY : add_entity(r, values, nulls);

	r->entity_rows++;
	if (entity == MATCH_NO_ENTITY)
		return;
	if (!nulls[8])
		add_fields(r, entity, DatumGetJsonbP(values[8]));
	if (!nulls[9] && DatumGetBool(values[9]))
		code_matcher_qualified(r->resolver, entity);
	if (!nulls[14])
		code_matcher_open(r->resolver, entity, code_text(values[14]));
	if (!nulls[11])
		add_places(r, entity, DatumGetJsonbP(values[11]));
}

/* Remember a key that has no row, and may be another spelling of one that has. */
static void
note_loose(Resolution *r, PtText text, const CodeKey *key)
{
	if (r->entity_rows > 0 && key->path.length > 0 &&
		(key->kind == CODE_KEY_LOCAL || key->kind == CODE_KEY_FILE))
		pt_texts_add(&r->loose, text, NULL);
}

/* keys of all edges but our guesses; of facts also what they say */
#define SOURCE_QUERY \
	"SELECT from_key::text, to_key::text, edge_type = 'Uses', " CODE_IS_FACT("d") ", " \
	"CASE WHEN edge_type IN ('Extends', 'Implements') THEN coalesce(source_location::text, '') END," \
	" edge_type = 'Implements' FROM %s" \
	" WHERE reference_key IS NULL AND from_key IS NOT NULL AND to_key IS NOT NULL"

/* The line of a place, path:line; 0 without. */
static uint32
line_of(PtText location)
{
	uint64		line = 0;
	int			start = location.length;

	while (start > 0 && location.bytes[start - 1] >= '0' && location.bytes[start - 1] <= '9')
		start--;
	if (start == 0 || location.bytes[start - 1] != ':')
		return 0;
	for (int at = start; at < location.length && line < PG_INT32_MAX; at++)
		line = 10 * line + (location.bytes[at] - '0');
	return Min(line, PG_INT32_MAX);
}

/* What a type extends: a name, or an entity that somebody knows it to be. */
static void
add_base(Resolution *r, uint32 type, PtText to, const CodeKey *key, uint32 line, bool is_interface)
{
	uint32		base = code_matcher_find(r->resolver, to);

	/* elsewhere an interface has nothing that a type would not have itself */
	if (is_interface && (language_of(r, key->language)->grammar->grammar & NAME_PACKAGES) == 0)
		return;
	if (is_interface && key->kind == CODE_KEY_UNRESOLVED)
		code_matcher_interface(r->resolver, type, key->name, line);
	else if (key->kind == CODE_KEY_UNRESOLVED)
		code_matcher_base(r->resolver, type, key->name, line);
	else if (base != MATCH_NO_ENTITY)
		code_matcher_known_base(r->resolver, type, base, line);
}

/* The source of an edge, an entity, too; and what its file imports. */
static void
add_source(void *state, HeapTuple row, const Datum *values, const bool *nulls)
{
	static const char *const silent[] = {"crate", "self", "super", "src", NULL};
	static const bool no_row[ENTITY_COLUMNS] = {
		false, true, true, true, true, true, true, true, true, true, true, true, true, true, true
	};
	Resolution *r = state;
	PtText		from = code_text(values[0]);
	uint32		source = code_matcher_find(r->resolver, from);
	bool		is_fact = DatumGetBool(values[3]);
	CodeKey		to;
	const CodeLanguage *grammar;
	PtText		name;

	if (source == MATCH_NO_ENTITY)
	{
		CodeKey		key = code_parse_key(from);

		note_loose(r, from, &key);
		if (is_fact)
			add_entity(r, values, no_row);
		source = code_matcher_find(r->resolver, from);
		r->has_strangers |= source != MATCH_NO_ENTITY;
	}
	to = code_parse_key(code_text(values[1]));
	if (code_matcher_find(r->resolver, code_text(values[1])) == MATCH_NO_ENTITY)
		note_loose(r, code_text(values[1]), &to);
	if (source == MATCH_NO_ENTITY || !is_fact)
		return;
	if (!nulls[4])
		add_base(r, source, code_text(values[1]), &to, line_of(code_text(values[4])), DatumGetBool(values[5]));
	if (!DatumGetBool(values[2]))
		return;
	if (to.kind == CODE_KEY_LOCAL || to.kind == CODE_KEY_FILE ||
		(to.kind == CODE_KEY_UNRESOLVED && code_class_of_type(to.type) == MATCH_CALLABLE) ||
		(code_matcher_language(r->resolver, source) == r->rust && is_standard(to.name)))
		return;
	grammar = language_of(r, to.language)->grammar;
	if (code_language_is_c(grammar))
	{
		code_matcher_include(r->resolver, source, to.name);
		if (code_is_standard_header(to.name))
			return;
	}
	split_qualifier(r, code_match_qualifier(to.name, grammar), grammar, silent);
	for (int i = 0; i < r->nparts; i++)
		code_matcher_import(r->resolver, source, r->parts[i]);
	code_match_name(to.name, grammar, &r->name);
	name = (PtText) {r->name.data, r->name.len};
	if (says_something(name, silent))
		code_matcher_import(r->resolver, source, name);
}

static void
read_entities(Resolution *r)
{
	r->budget = pt_budget_create("resolving references",
								 "Raise parseltongue.local_image_memory.");
	r->resolver = code_matcher_create(r->budget, r->max_candidates, r->alternatives);
	pt_texts_init(&r->languages, r->budget);
	pt_texts_init(&r->family_names, r->budget);
	pt_texts_init(&r->loose, r->budget);
	r->language = NULL;
	r->parts = NULL;
	r->language_room = r->parts_room = 0;
	r->rust = pt_texts_add(&r->family_names, (PtText) {"rust", 4}, NULL);
	r->entity_rows = 0;
	r->has_strangers = false;
	PushActiveSnapshot(GetTransactionSnapshot());
	code_each_row(r->rows.entities, 0, NULL, add_entity_row, r);
	code_each_row(psprintf(SOURCE_QUERY, r->rows.sources), 0, NULL, add_source, r);
	PopActiveSnapshot();
}

/* ---- other spellings ---- */

/* A number in the first row of what SPI has run. */
static int64
result_count(int column)
{
	bool		isnull;

	return DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, column, &isnull));
}

/* keys at a time */
#define LOOSE_KEYS 100000

/* Some of the loose keys as an array of text, from one on. */
static Datum
loose_keys(Resolution *r, uint32 start)
{
	ArrayBuildState *keys = initArrayResult(TEXTOID, CurrentMemoryContext, false);
	uint32		end = Min(r->loose.count, start + LOOSE_KEYS);

	for (uint32 i = start; i < end; i++)
	{
		PtText		key = pt_text(&r->loose, i);

		CHECK_FOR_INTERRUPTS();
		keys = accumArrayResult(keys, PointerGetDatum(cstring_to_text_with_len(key.bytes, key.length)),
								false, TEXTOID, CurrentMemoryContext);
	}
	return makeArrayResult(keys, CurrentMemoryContext);
}

/*
 * Keys of edges that are another spelling of an entity's are replaced by that,
 * or, if that is not wanted, remembered. Is there one?
 */
static bool
settle_spellings(Resolution *r)
{
	Oid			types[] = {TEXTARRAYOID, REGCLASSOID, REGCLASSOID};
	Datum		values[] = {0, ObjectIdGetDatum(r->tables.edges), ObjectIdGetDatum(r->tables.entities)};
	const char *sql = r->join_spellings ? "SELECT _parseltongue.pt_join_keys($1, $2, $3)" :
		"SELECT key FROM _parseltongue.pt_spellings($1, $3)";
	int64		before = r->joined;

	for (uint32 start = 0; start < r->loose.count; start += LOOSE_KEYS)
	{
		values[0] = loose_keys(r, start);
		sql_check_result(SPI_execute_with_args(sql, lengthof(types), types, values, NULL, false, 0),
						 SPI_OK_SELECT, sql);
		if (r->join_spellings)
			r->joined += result_count(1);
		for (uint64 i = 0; !r->join_spellings && i < SPI_processed; i++)
		{
			bool		isnull;

			CHECK_FOR_INTERRUPTS();
			pt_texts_add(&r->aliases, code_text(SPI_getbinval(SPI_tuptable->vals[i],
															SPI_tuptable->tupdesc, 1, &isnull)), NULL);
		}
	}
	return r->joined > before || r->aliases.count > 0;
}

/* ---- finding ---- */

/* but for those whose meaning an index knows, as a fact says, or would if there were one */
#define REFERENCE_QUERY \
	"SELECT e.from_key::text, e.to_key::text, coalesce(e.edge_type::text, 'Calls'), e.source_location::text FROM %s" \
	" WHERE " CODE_IS_FACT("e") " AND e.from_key IS NOT NULL AND e.to_key IS NOT NULL" \
	" AND e.method IS DISTINCT FROM 'scip' AND NOT EXISTS (SELECT FROM _parseltongue.pt_settled_references(%u, %u) AS s" \
	" WHERE s.from_key = e.from_key AND s.name = _parseltongue.pt_reference_name(e.to_key))"

/* Is it a name that is handed over or stored, as a function may be, and not called? */
static bool
is_value(const CodeKey *to, PtText edge_type)
{
	return to->kind == CODE_KEY_UNRESOLVED && pt_text_is(edge_type, "Uses") &&
		code_class_of_type(to->type) == MATCH_CALLABLE;
}

/* The guesses that an answer makes of a reference. */
static void
put_guesses(Resolution *r, uint32 source, const Datum *values, const bool *nulls,
			const MatchAnswer *answer)
{
	for (uint32 i = 0; i < answer->best + answer->others; i++)
	{
		uint32		target = answer->entities[i];
		bool		is_best = i < answer->best;

		CHECK_FOR_INTERRUPTS();
		code_guesses_put(&r->guesses, &(CodeGuess) {
						 .place = (uint64) code_matcher_rank(r->resolver, source) << 32 |
						 code_matcher_rank(r->resolver, target),
						 .from = values[0], .reference = values[1], .type = values[2],
						 .location = values[3], .has_location = !nulls[3],
						 .to = code_matcher_key(r->resolver, target),
						 .percent = is_best ? answer->best_percent : answer->other_percent,
						 .method = is_best ? answer->method : MATCH_OTHER});
	}
}

static void
resolve(void *state, HeapTuple row, const Datum *values, const bool *nulls)
{
	static const char *const silent[] = {"self", "Self", "this", "crate", "super", NULL};
	Resolution *r = state;
	CodeKey		key = code_parse_key(code_text(values[1]));
	Language   *language;
	MatchReference reference;
	MatchAnswer	answer;

	if (key.kind != CODE_KEY_UNRESOLVED && key.kind != CODE_KEY_IMPORT)
		return;
	language = language_of(r, key.language);
	reference.language = language->family;
	if (reference.language == r->rust && is_standard(key.name))
		return;
	reference.source = code_matcher_find(r->resolver, code_text(values[0]));
	if (reference.source == MATCH_NO_ENTITY)
	{
		r->references++;
		return;
	}
	if (pt_text_is(code_text(values[2]), "Implements"))
		reference.wanted = MATCH_TYPE;
	else if (key.kind == CODE_KEY_IMPORT)
		reference.wanted = MATCH_ANY;
	else
		reference.wanted = code_class_of_type(key.type);
	reference.is_value = is_value(&key, code_text(values[2]));
	reference.arguments = read_arguments(&key.name, language->grammar, &reference.types);
	code_match_name(key.name, language->grammar, &r->name);
	reference.name = (PtText) {r->name.data, r->name.len};
	split_qualifier(r, code_match_qualifier(key.name, language->grammar), language->grammar, silent);
	reference.qualifier = r->parts;
	reference.nqualifier = r->nparts;
	reference.full = key.name;
	reference.grammar = language->grammar;

	answer = code_match(r->resolver, &reference);
	/* that a variable is no function is nothing that is left open */
	if (answer.best > 0 || !reference.is_value)
		r->references++;
	if (answer.best == 1)
		r->resolved++;
	else if (answer.best > 1)
		r->ambiguous++;
	if (answer.best > 0)
		put_guesses(r, reference.source, values, nulls, &answer);
}

/*
 * False if there is something by way of which names lead, or guesses come, that those
 * who look at changes only would not see.
 */
static bool
find_guesses(Resolution *r)
{
	bool		is_whole;

	code_guesses_begin(&r->guesses);
	code_each_row(psprintf(REFERENCE_QUERY, r->rows.references, r->tables.edges, r->tables.entities), 0, NULL, resolve, r);
	is_whole = r->guesses.left_out == 0 && code_matcher_is_whole(r->resolver);
	pt_budget_delete(r->budget);
	return is_whole;
}

/* ---- the call ---- */

/* The tables of the codebase that the first argument means. */
static void
find_tables(Resolution *r, FunctionCallInfo fcinfo)
{
	static const char *const entity_columns[] = {
		"key", "name", "entity_type", "language", "file_path", "line_start", "line_end", "properties"
	};
	static const char *const edge_columns[] = {
		"from_key", "to_key", "edge_type", "source_location", "confidence", "method", "reference_key"
	};

	r->tables = code_tables(fcinfo, 0);
	sql_require_columns(r->tables.edges, edge_columns, lengthof(edge_columns));
	sql_require_columns(r->tables.entities, entity_columns, lengthof(entity_columns));
	r->edges = sql_qualified_name(r->tables.edges);
	r->entities = sql_qualified_name(r->tables.entities);
	r->pending = code_pending_table(&r->tables);
}

/*
 * What is going to be read. The notes are taken before anything is. False if these
 * cannot tell.
 */
static bool
choose_rows(Resolution *r)
{
	if (!r->everything)
		return code_pending_take(r->pending, &r->tables, &r->rows);
	if (OidIsValid(r->pending))
		code_pending_forget(r->pending);
	r->rows = (CodeRows) {
		psprintf("SELECT " CODE_ENTITY_COLUMNS " FROM %s AS e", r->entities), psprintf("%s AS d", r->edges),
		psprintf("%s AS e", r->edges), r->edges
	};
	return true;
}

/* memory that an entity takes at the least, and mostly */
#define LEAST_ENTITY_BYTES 250
#define USUAL_ENTITY_BYTES 450

/* Below that it does not take long to find out. */
#define MANY_ENTITIES 500000

/*
 * Of many entities not all are read to find out that memory does not suffice. How many
 * there are tells a sample of the table's pages.
 */
static void
require_memory(Resolution *r)
{
	Size		limit = (Size) pt_local_image_memory * 1024;
	double		entities;
	bool		isnull;

	sql_run(psprintf("SELECT 100.0::float8 * count(*) FROM %s TABLESAMPLE SYSTEM (1)", r->entities), SPI_OK_SELECT);
	entities = DatumGetFloat8(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull));
	if (entities < MANY_ENTITIES || entities * LEAST_ENTITY_BYTES <= limit)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
			 errmsg("memory required for resolving references exceeds \"parseltongue.local_image_memory\""),
			 errdetail("There are about %.0f entities, of about %d bytes each; the limit is %zu kB.",
					   entities, USUAL_ENTITY_BYTES, limit / 1024),
			 errhint("Set parseltongue.local_image_memory to '%.0fMB' or more and call pt_resolve_references().",
					 ceil(entities * USUAL_ENTITY_BYTES / (100 << 20)) * 100)));
}

/* False, and nothing is written, if what is noted does not suffice to know what is to be done. */
static bool
resolve_references(Resolution *r)
{
	bool		is_whole;

	initStringInfo(&r->name);
	pt_texts_init(&r->aliases, pt_budget_create("resolving references",
												"Raise parseltongue.local_image_memory."));

	/* One at a time; others may write. What is read is of after the lock. */
	sql_run(psprintf("LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE", r->edges), SPI_OK_UTILITY);
	CommandCounterIncrement();
	if (OidIsValid(r->pending))
		code_pending_follow(&r->tables);
	if (r->everything)
		require_memory(r);
	if (!choose_rows(r))
		return false;
	read_entities(r);
	if (r->everything && settle_spellings(r))
	{
		pt_budget_delete(r->budget);
		read_entities(r);
	}
	if (r->everything && r->has_strangers && OidIsValid(r->pending))
		code_pending_everything(r->pending);
	code_matcher_finish(r->resolver);
	PushActiveSnapshot(GetTransactionSnapshot());
	is_whole = find_guesses(r);
	PopActiveSnapshot();
	if (!is_whole && !r->everything)
		return false;
	if (!is_whole && OidIsValid(r->pending))
		code_pending_everything(r->pending);
	code_guesses_write(&r->guesses, r->edges, r->rows.guesses, r->everything);
	return true;
}

static uint32
max_candidates_argument(FunctionCallInfo fcinfo, int argno)
{
	if (PG_ARGISNULL(argno) || PG_GETARG_INT64(argno) < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid max_candidates: %s",
						PG_ARGISNULL(argno) ? "NULL" : psprintf(INT64_FORMAT, PG_GETARG_INT64(argno))),
				 errhint("Use 1 or more: a reference with more candidates stays unresolved.")));
	return (uint32) Min(PG_GETARG_INT64(argno), PG_INT32_MAX);
}

/* Not within itself: a trigger on the table of edges might. */
static bool
resolve_once(Resolution *r)
{
	static bool under_way = false;
	bool		is_done;

	if (under_way)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_IN_USE),
				 errmsg("references of this graph are already being resolved in this session"),
				 errhint("A trigger on the table of edges must not call it.")));
	under_way = true;
	PG_TRY();
	{
		is_done = resolve_references(r);
	}
	PG_FINALLY();
	{
		under_way = false;
	}
	PG_END_TRY();
	return is_done;
}

/* Both calls: with the same arguments, so far as they have them. */
static Datum
resolve_call(FunctionCallInfo fcinfo, bool everything)
{
	Resolution	r = {0};
	TupleDesc	desc;
	Datum		values[9];
	bool		nulls[9] = {false};
	bool		is_done;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	find_tables(&r, fcinfo);
	SPI_connect();
	r.max_candidates = max_candidates_argument(fcinfo, 1);
	r.alternatives = PG_ARGISNULL(2) || PG_GETARG_BOOL(2);
	r.join_spellings = everything && (PG_ARGISNULL(3) || PG_GETARG_BOOL(3));
	r.everything = everything || !OidIsValid(r.pending);
	PreventCommandIfReadOnly(everything ? "pt_resolve_references()" : "pt_resolve_changed()");
	is_done = resolve_once(&r);
	code_pending_end(&r.rows);
	SPI_finish();
	if (!is_done)
		PG_RETURN_NULL();

	values[0] = Int64GetDatum(r.references);
	values[1] = Int64GetDatum(r.resolved);
	values[2] = Int64GetDatum(r.ambiguous);
	values[3] = Int64GetDatum(r.references - r.resolved - r.ambiguous);
	values[4] = Int64GetDatum(r.guesses.inserted);
	values[5] = Int64GetDatum(r.guesses.updated);
	values[6] = Int64GetDatum(r.guesses.total - r.guesses.inserted - r.guesses.updated);
	values[7] = Int64GetDatum(r.guesses.deleted);
	values[8] = Int64GetDatum(r.joined);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}

Datum
pt_resolve_references_0_2(PG_FUNCTION_ARGS)
{
	return resolve_call(fcinfo, true);
}

Datum
pt_resolve_pending(PG_FUNCTION_ARGS)
{
	return resolve_call(fcinfo, false);
}
