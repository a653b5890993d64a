/*
 * code_resolve.c
 *		pt_resolve_references: guesses for references that a parser left open;
 *		pt_resolve_pending: the same of what has changed;
 *		pt_language_family: which languages are compared.
 *
 * Entities and facts are read with cursors, under one snapshot: first all that
 * can be meant, and what files import, then the references one by one. What
 * code_match.c finds for them is sorted, by the numbers that the keys of
 * both ends have in the order of their bytes, so that the table's btree is
 * written from left to right; of two references that mean the same the better
 * one stays. Then one statement compares that with the guesses there are, and
 * writes the differences: running it again is cheap for everybody who reads
 * the log, and twice is as good as once.
 *
 * All of it is SQL with the caller's rights. The guesses are a named
 * tuplestore for that statement, as the rows of a statement are for its
 * triggers.
 */
#include "postgres.h"

#include "base/pt_compat.h"

#include "access/xact.h"
#include "base/pt_varatt.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "code/code_key.h"
#include "code/code_match.h"
#include "code/code_name.h"
#include "code/code_pending.h"
#include "code/code_tables.h"
#include "code/code_text.h"
#include "code/code_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "function/sql_relation.h"
#include "function/sql_source.h"
#include "function/sql_tables.h"
#include "miscadmin.h"
#include "parser/parse_oper.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/formatting.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"
#include "utils/tuplesort.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(pt_resolve_references_0_2);
PG_FUNCTION_INFO_V1(pt_resolve_pending);
PG_FUNCTION_INFO_V1(pt_language_family);

/* rows of a cursor at a time */
#define BATCH 1000

/* columns of a guess */
#define GUESS_PLACE 0			/* numbers of both ends */
#define GUESS_TYPE 3
#define GUESS_COLUMNS 8

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
	Datum		confidences[101];	/* by hundredths */
	Datum		methods[MATCH_METHODS];
	TupleDesc	desc;
	TupleTableSlot *slot;
	Tuplesortstate *sort;
	Tuplestorestate *guesses;

	/* counted */
	int64		references;
	int64		resolved;
	int64		ambiguous;
	int64		total;
	int64		inserted;
	int64		updated;
	int64		deleted;
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

		while (at < end && code_separator(language, at, end) == 0)
			at++;
		part = (PtText) {start, at - start};
		if (at < end)
			at += code_separator(language, at, end);
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

#define ENTITY_QUERY \
	"SELECT key::text, name::text, entity_type::text, language::text, file_path::text, " \
	"properties ->> 'linkage' = 'static', properties ->> 'scope', properties ->> 'returns', " \
	"properties -> 'fields', properties -> 'qualified' = 'true', line_start FROM %s"
#define ENTITY_COLUMNS 11

typedef void (*RowFunction) (Resolution *r, const Datum *values, const bool *nulls);

/* Call a function for each row of a query of so many columns. Within SPI. */
static void
for_each_row(Resolution *r, const char *sql, RowFunction function)
{
	MemoryContext rows = AllocSetContextCreate(CurrentMemoryContext, "parseltongue rows",
											   ALLOCSET_DEFAULT_SIZES);
	SPIPlanPtr	plan = SPI_prepare(sql, 0, NULL);
	Portal		portal;

	if (plan == NULL)
		elog(ERROR, "could not prepare: %s", sql);
	portal = SPI_cursor_open(NULL, plan, NULL, NULL, true);
	for (;;)
	{
		MemoryContext old;

		SPI_cursor_fetch(portal, true, BATCH);
		if (SPI_processed == 0)
			break;
		old = MemoryContextSwitchTo(rows);
		for (uint64 i = 0; i < SPI_processed; i++)
		{
			Datum		values[ENTITY_COLUMNS];
			bool		nulls[ENTITY_COLUMNS];

			CHECK_FOR_INTERRUPTS();
			Assert(SPI_tuptable->tupdesc->natts <= lengthof(values));
			heap_deform_tuple(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, values, nulls);
			function(r, values, nulls);
		}
		MemoryContextSwitchTo(old);
		MemoryContextReset(rows);
		SPI_freetuptable(SPI_tuptable);
	}
	SPI_cursor_close(portal);
	SPI_freeplan(plan);
	MemoryContextDelete(rows);
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
	if (entity.path.bytes == NULL)
		entity.path = (PtText) {"", 0};
	entity.is_static = !nulls[5] && DatumGetBool(values[5]);
	/* one that nobody means */
	if (r->aliases.count > 0 && pt_texts_find(&r->aliases, entity.key) != PT_NO_TEXT)
		entity.kind_class = MATCH_IMPL;
	entity.scope = nulls[6] ? (PtText) {"", 0} : code_text(values[6]);
	entity.returns = nulls[7] ? (PtText) {"", 0} : code_text(values[7]);
	entity.line = nulls[10] ? 0 : DatumGetInt32(values[10]);
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

/* what another tool guessed is resolved as little as what we did */
#define IS_FACT "(confidence IS NULL OR confidence = 1) AND reference_key IS NULL"

static void
add_entity_row(Resolution *r, const Datum *values, const bool *nulls)
{
	uint32		entity = add_entity(r, values, nulls);

	r->entity_rows++;
	if (entity == MATCH_NO_ENTITY)
		return;
	if (!nulls[8])
		add_fields(r, entity, DatumGetJsonbP(values[8]));
	if (!nulls[9] && DatumGetBool(values[9]))
		code_matcher_qualified(r->resolver, entity);
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
	"SELECT from_key::text, to_key::text, edge_type = 'Uses', " IS_FACT ", " \
	"CASE edge_type WHEN 'Extends' THEN ctid END FROM %s WHERE reference_key IS NULL"

static uint64
place_of_row(ItemPointer tid)
{
	return (uint64) ItemPointerGetBlockNumber(tid) << 16 | ItemPointerGetOffsetNumber(tid);
}

/* The source of an edge, an entity, too; and what its file imports. */
static void
add_source(Resolution *r, const Datum *values, const bool *nulls)
{
	static const char *const silent[] = {"crate", "self", "super", "src", NULL};
	static const bool no_row[ENTITY_COLUMNS] = {false, true, true, true, true, true, true, true, true, true, true};
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
	/* bases are in the order of their rows */
	if (!nulls[4] && to.kind == CODE_KEY_UNRESOLVED)
		code_matcher_base(r->resolver, source, to.name, place_of_row((ItemPointer) DatumGetPointer(values[4])));
	if (!DatumGetBool(values[2]))
		return;
	if (to.kind == CODE_KEY_LOCAL || to.kind == CODE_KEY_FILE ||
		(code_matcher_language(r->resolver, source) == r->rust && is_standard(to.name)))
		return;
	grammar = language_of(r, to.language)->grammar;
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
	for_each_row(r, psprintf(ENTITY_QUERY, r->rows.entities), add_entity_row);
	for_each_row(r, psprintf(SOURCE_QUERY, r->rows.sources), add_source);
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
	int64		before = r->joined;

	for (uint32 start = 0; start < r->loose.count; start += LOOSE_KEYS)
	{
		values[0] = loose_keys(r, start);
		if (SPI_execute_with_args(r->join_spellings ?
								  "SELECT _parseltongue.pt_join_keys($1, $2, $3)" :
								  "SELECT key FROM _parseltongue.pt_spellings($1, $3)",
								  lengthof(types), types, values, NULL, false, 0) != SPI_OK_SELECT)
			elog(ERROR, "could not look for other spellings");
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
	"SELECT e.from_key::text, e.to_key::text, e.edge_type::text, e.source_location::text FROM %s WHERE " IS_FACT \
	" AND e.method IS DISTINCT FROM 'scip' AND NOT EXISTS (SELECT FROM _parseltongue.pt_settled_references(%u, %u) AS s" \
	" WHERE s.from_key = e.from_key AND s.name = _parseltongue.pt_reference_name(e.to_key))"

/* The guesses that an answer makes of a reference. */
static void
put_guesses(Resolution *r, uint32 source, const Datum *values, const bool *nulls,
			const MatchAnswer *answer)
{
	PtText		from = code_text(values[0]);
	PtText		type = code_text(values[2]);
	text	   *resolved = palloc(VARHDRSZ + type.length + strlen(SQL_RESOLVED_SUFFIX));

	SET_VARSIZE(resolved, VARHDRSZ + type.length + strlen(SQL_RESOLVED_SUFFIX));
	memcpy(VARDATA(resolved), type.bytes, type.length);
	memcpy(VARDATA(resolved) + type.length, SQL_RESOLVED_SUFFIX, strlen(SQL_RESOLVED_SUFFIX));
	for (uint32 i = 0; i < answer->best + answer->others; i++)
	{
		uint32		target = answer->entities[i];
		PtText		to = code_matcher_key(r->resolver, target);
		bool		is_best = i < answer->best;
		TupleTableSlot *slot = r->slot;

		CHECK_FOR_INTERRUPTS();
		if ((Size) from.length + to.length + VARSIZE(resolved) - VARHDRSZ > CODE_MAX_KEY_BYTES)
			continue;
		ExecClearTuple(slot);
		memset(slot->tts_isnull, false, GUESS_COLUMNS * sizeof(bool));
		slot->tts_values[GUESS_PLACE] =
			Int64GetDatum((int64) code_matcher_rank(r->resolver, source) << 32 |
						  code_matcher_rank(r->resolver, target));
		slot->tts_values[1] = values[0];
		slot->tts_values[2] = PointerGetDatum(cstring_to_text_with_len(to.bytes, to.length));
		slot->tts_values[GUESS_TYPE] = PointerGetDatum(resolved);
		slot->tts_values[4] = values[3];
		slot->tts_isnull[4] = nulls[3];
		slot->tts_values[5] = r->confidences[is_best ? answer->best_percent : answer->other_percent];
		slot->tts_values[6] = r->methods[is_best ? answer->method : MATCH_OTHER];
		slot->tts_values[7] = values[1];
		ExecStoreVirtualTuple(slot);
		tuplesort_puttupleslot(r->sort, slot);
	}
}

static void
resolve(Resolution *r, const Datum *values, const bool *nulls)
{
	static const char *const silent[] = {"self", "Self", "this", "crate", "super", NULL};
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
	r->references++;
	reference.source = code_matcher_find(r->resolver, code_text(values[0]));
	if (reference.source == MATCH_NO_ENTITY)
		return;
	if (pt_text_is(code_text(values[2]), "Implements"))
		reference.wanted = MATCH_TYPE;
	else if (key.kind == CODE_KEY_IMPORT)
		reference.wanted = MATCH_ANY;
	else
		reference.wanted = code_class_of_type(key.type);
	code_match_name(key.name, language->grammar, &r->name);
	reference.name = (PtText) {r->name.data, r->name.len};
	split_qualifier(r, code_match_qualifier(key.name, language->grammar), language->grammar, silent);
	reference.qualifier = r->parts;
	reference.nqualifier = r->nparts;
	reference.full = key.name;

	answer = code_match(r->resolver, &reference);
	if (answer.best == 1)
		r->resolved++;
	else if (answer.best > 1)
		r->ambiguous++;
	if (answer.best > 0)
		put_guesses(r, reference.source, values, nulls, &answer);
}

/* The sorted guesses, each edge once: the first one is the best. */
static void
keep_best(Resolution *r)
{
	TupleTableSlot *next = MakeSingleTupleTableSlot(r->desc, &TTSOpsMinimalTuple);
	TupleTableSlot *last = MakeSingleTupleTableSlot(r->desc, &TTSOpsMinimalTuple);
	TupleTableSlot *swap;

	tuplesort_performsort(r->sort);
	r->guesses = tuplestore_begin_heap(false, false, work_mem);
	while (tuplesort_gettupleslot(r->sort, true, true, next, NULL))
	{
		CHECK_FOR_INTERRUPTS();
		slot_getallattrs(next);
		if (!TTS_EMPTY(last) && next->tts_values[GUESS_PLACE] == last->tts_values[GUESS_PLACE] &&
			pt_compare_texts(code_text(next->tts_values[GUESS_TYPE]),
								 code_text(last->tts_values[GUESS_TYPE])) == 0)
			continue;
		tuplestore_puttupleslot(r->guesses, next);
		r->total++;
		swap = last;
		last = next;
		next = swap;
	}
	ExecDropSingleTupleTableSlot(next);
	ExecDropSingleTupleTableSlot(last);
	tuplesort_end(r->sort);
}

static void
find_guesses(Resolution *r)
{
	static const char *const methods[] = {
		"scope", "member", "inherited", "module", "export", "file", "import", "folder", "unique", "nearest", "self", "other"
	};
	static const char *const columns[] = {
		"place", "from_key", "to_key", "edge_type", "source_location", "confidence", "method", "reference_key"
	};
	AttrNumber	attnos[] = {1, 4, 6, 8};
	Oid			operators[] = {Int8LessOperator, TextLessOperator, InvalidOid, TextLessOperator};
	Oid			collations[] = {InvalidOid, C_COLLATION_OID, InvalidOid, C_COLLATION_OID};
	bool		nulls_first[] = {false, false, false, false};

	get_sort_group_operators(NUMERICOID, false, false, true, NULL, NULL, &operators[2], NULL);
	r->desc = CreateTemplateTupleDesc(GUESS_COLUMNS);
	for (int i = 0; i < GUESS_COLUMNS; i++)
		TupleDescInitEntry(r->desc, i + 1, columns[i],
						   i == GUESS_PLACE ? INT8OID : i == 5 ? NUMERICOID : TEXTOID, -1, 0);
	pt_finalize_tupdesc(r->desc);
	for (int i = 0; i < lengthof(r->confidences); i++)
		r->confidences[i] = NumericGetDatum(int64_div_fast_to_numeric(i, 2));
	for (int i = 0; i < MATCH_METHODS; i++)
		r->methods[i] = CStringGetTextDatum(methods[i]);
	r->slot = MakeSingleTupleTableSlot(r->desc, &TTSOpsVirtual);
	r->sort = tuplesort_begin_heap(r->desc, lengthof(attnos), attnos, operators, collations,
								   nulls_first, work_mem, NULL, TUPLESORT_NONE);
	for_each_row(r, psprintf(REFERENCE_QUERY, r->rows.references, r->tables.edges, r->tables.entities), resolve);
	ExecDropSingleTupleTableSlot(r->slot);
	pt_budget_delete(r->budget);
	keep_best(r);
}

/* ---- writing ---- */

#define IS_GUESS "confidence IS NOT NULL AND reference_key IS NOT NULL"
#define KEY_COLUMNS "from_key, to_key, edge_type"
#define OTHER_COLUMNS "source_location, confidence, method, reference_key"
#define SAME_EDGE(a, b) \
	"(" a ".from_key = " b ".from_key AND " a ".to_key = " b ".to_key AND " a ".edge_type = " b ".edge_type)"
#define DIFFERS(a, b) \
	"((" a ".source_location, " a ".confidence, " a ".method, " a ".reference_key) IS DISTINCT FROM " \
	"(" b ".source_location, " b ".confidence, " b ".method, " b ".reference_key))"

/* what stands in the way of a guess, or is one */
#define ANY_QUERY "SELECT FROM %s WHERE edge_type LIKE '%%" SQL_RESOLVED_SUFFIX "' OR (" IS_GUESS ") LIMIT 1"

#define INSERT_ALL \
	"INSERT INTO %s (" KEY_COLUMNS ", " OTHER_COLUMNS ") SELECT " KEY_COLUMNS ", " OTHER_COLUMNS " FROM pt_guess"

/* what a user wrote in the place of a guess stays */
#define WRITE_DIFFERENCES \
	"WITH change AS MATERIALIZED (" \
	" SELECT g.place IS NULL AS is_gone, g.place, coalesce(g.from_key, e.from_key) AS from_key," \
	"  coalesce(g.to_key, e.to_key) AS to_key, coalesce(g.edge_type, e.edge_type) AS edge_type," \
	"  g.source_location, g.confidence, g.method, g.reference_key" \
	" FROM pt_guess AS g" \
	" FULL JOIN (SELECT " KEY_COLUMNS ", " OTHER_COLUMNS " FROM %2$s WHERE " IS_GUESS ") AS e ON " SAME_EDGE("g", "e") \
	" WHERE g.place IS NULL OR e.from_key IS NULL OR " DIFFERS("g", "e") \
	"), gone AS (" \
	" DELETE FROM %1$s AS e USING change AS c" \
	" WHERE c.is_gone AND " SAME_EDGE("e", "c") " AND e.confidence IS NOT NULL AND e.reference_key IS NOT NULL" \
	" RETURNING 1" \
	"), put AS (" \
	" INSERT INTO %1$s AS e (" KEY_COLUMNS ", " OTHER_COLUMNS ")" \
	" SELECT " KEY_COLUMNS ", " OTHER_COLUMNS " FROM change WHERE NOT is_gone ORDER BY place, edge_type COLLATE \"C\"" \
	" ON CONFLICT (" KEY_COLUMNS ") DO UPDATE SET source_location = EXCLUDED.source_location," \
	"  confidence = EXCLUDED.confidence, method = EXCLUDED.method, reference_key = EXCLUDED.reference_key" \
	"  WHERE e.confidence IS NOT NULL AND e.reference_key IS NOT NULL AND " DIFFERS("e", "EXCLUDED") \
	" RETURNING e.xmax = 0 AS is_new" \
	") SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new), (SELECT count(*) FROM gone) FROM put"

/* Run a statement with names in it; its first row is in SPI_tuptable. */
static void
run(const char *sql, int expected)
{
	int			result = SPI_execute(sql, false, 0);

	if (result != expected)
		elog(ERROR, "statement failed: %s: %s", SPI_result_code_string(result), sql);
}

/*
 * Insert them where there are none, which costs a quarter less than looking
 * for conflicts one by one. False, and nothing is inserted, if there is a
 * conflict all the same: with what another session has written since.
 */
static bool
insert_all(Resolution *r)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	volatile bool inserted = false;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		run(psprintf(INSERT_ALL, r->edges), SPI_OK_INSERT);
		r->inserted = SPI_processed;
		inserted = true;
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		if (error->sqlerrcode != ERRCODE_UNIQUE_VIOLATION)
			ReThrowError(error);
		FreeErrorData(error);
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	return inserted;
}

static void
write_guesses(Resolution *r)
{
	EphemeralNamedRelationData guesses = {{0}};

	guesses.md.name = "pt_guess";
	guesses.md.tupdesc = r->desc;
	guesses.md.enrtype = ENR_NAMED_TUPLESTORE;
	guesses.md.enrtuples = r->total;
	guesses.reldata = r->guesses;
	if (SPI_register_relation(&guesses) != SPI_OK_REL_REGISTER)
		elog(ERROR, "could not register the guesses");

	if (r->everything)
		run(psprintf(ANY_QUERY, r->edges), SPI_OK_SELECT);
	if (!r->everything || SPI_processed > 0 || !insert_all(r))
	{
		run(psprintf(WRITE_DIFFERENCES, r->edges, r->rows.guesses), SPI_OK_SELECT);
		r->inserted = result_count(1);
		r->updated = result_count(2);
		r->deleted = result_count(3);
	}
	SPI_unregister_relation("pt_guess");
	tuplestore_end(r->guesses);
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

/* What is going to be read. The notes are taken before anything is. */
static void
choose_rows(Resolution *r)
{
	if (!r->everything)
	{
		code_pending_take(r->pending, &r->tables, &r->rows);
		return;
	}
	if (OidIsValid(r->pending))
		code_pending_forget(r->pending);
	r->rows = (CodeRows) {r->entities, r->edges, psprintf("%s AS e", r->edges), r->edges};
}

static void
resolve_references(Resolution *r)
{
	initStringInfo(&r->name);
	pt_texts_init(&r->aliases, pt_budget_create("resolving references",
												"Raise parseltongue.local_image_memory."));

	/* One at a time; others may write. What is read is of after the lock. */
	run(psprintf("LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE", r->edges), SPI_OK_UTILITY);
	CommandCounterIncrement();
	choose_rows(r);
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
	find_guesses(r);
	PopActiveSnapshot();
	write_guesses(r);
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
static void
resolve_once(Resolution *r)
{
	static bool under_way = false;

	if (under_way)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_IN_USE),
				 errmsg("references of this graph are already being resolved in this session"),
				 errhint("A trigger on the table of edges must not call it.")));
	under_way = true;
	PG_TRY();
	{
		resolve_references(r);
	}
	PG_FINALLY();
	{
		under_way = false;
	}
	PG_END_TRY();
}

/* Both calls: with the same arguments, so far as they have them. */
static Datum
resolve_call(FunctionCallInfo fcinfo, bool everything)
{
	Resolution	r = {0};
	TupleDesc	desc;
	Datum		values[9];
	bool		nulls[9] = {false};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	find_tables(&r, fcinfo);
	SPI_connect();
	r.max_candidates = max_candidates_argument(fcinfo, 1);
	r.alternatives = PG_ARGISNULL(2) || PG_GETARG_BOOL(2);
	r.join_spellings = everything && (PG_ARGISNULL(3) || PG_GETARG_BOOL(3));
	r.everything = everything || !OidIsValid(r.pending);
	PreventCommandIfReadOnly(everything ? "pt_resolve_references()" : "pt_resolve_changed()");
	resolve_once(&r);
	code_pending_end(&r.rows);
	SPI_finish();

	values[0] = Int64GetDatum(r.references);
	values[1] = Int64GetDatum(r.resolved);
	values[2] = Int64GetDatum(r.ambiguous);
	values[3] = Int64GetDatum(r.references - r.resolved - r.ambiguous);
	values[4] = Int64GetDatum(r.inserted);
	values[5] = Int64GetDatum(r.updated);
	values[6] = Int64GetDatum(r.total - r.inserted - r.updated);
	values[7] = Int64GetDatum(r.deleted);
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
