/*
 * code_near.c
 *		What has to be read of a codebase so that some references mean what they mean in
 *		all of it.
 *
 * In a file that does not qualify its references these lead nowhere, and neither do
 * imports: what such a reference is compared with has its name.
 *
 * Elsewhere that has the name of one of its parts, or of a part of a type that such an
 * entity leads on to: what it returns, what it extends, what a field of such a name is,
 * and, of what is called where the types of arguments tell functions apart, what it
 * takes. So entities are read by these names, and of those the names that they bring in,
 * until there are no more. What a name is seen from are the scopes around it, which are
 * in its file: of these only what that file has is read; and types of which all is
 * seen in that file.
 *
 * Modules are known by their paths, so where there are any, all files are read. The
 * imports of a file count for names that nothing qualifies.
 */
#include "postgres.h"

#include "base/pt_compat.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "code/code_key.h"
#include "code/code_language.h"
#include "code/code_module.h"
#include "code/code_name.h"
#include "code/code_near.h"
#include "code/code_parts.h"
#include "code/code_path.h"
#include "code/code_text.h"
#include "code/code_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

/* What is remembered of an entity that has been read. */
typedef struct Near
{
	const CodeLanguage *grammar;
	uint32		file;			/* in texts; as pt_entity_file has it */
	uint32		scope;			/* in texts */
	uint32		name;			/* in texts */
	bool		is_file;		/* its fields are what a module has for others */
	bool		is_followed;	/* what it leads on to is needed */
	bool		has_context;	/* and so is what is around it */
} Near;

/* A field whose type is needed once its name is. */
typedef struct Field
{
	uint32		near;			/* of which entity */
	uint32		type;			/* in texts */
	uint32		next;			/* of this name + 1, or 0 */
} Field;

typedef struct Reader
{
	CodeSteps  *steps;
	PtBudget   *budget;

	/* what is needed, and how many of each have been read */
	PtTexts		plain_names;	/* of entities that do not lead on, */
	PtTexts		names;			/* and of those that do */
	PtTexts		members;		/* that may be fields */
	PtTexts		places;			/* names within a file: file, zero byte, name */
	PtTexts		keys;
	PtTexts		types;			/* keys of what may have bases */
	PtTexts		source_files;
	PtTexts		qualified;		/* those among them that qualify their references */
	PtTexts		called;			/* names of what is called with arguments of some types */
	PtTexts		opening;		/* files that see all of some types */
	PtTexts		importing;		/* files whose imports count */
	uint32		members_followed;
	uint32		names_followed;
	uint32		names_read;
	uint32		places_read;
	uint32		keys_read;
	uint32		types_read;
	uint32		opening_read;
	bool		has_modules;	/* is there something in a language that has, or of which folders are imported? */
	bool		leads_on;		/* does a reference? */
	bool		files_read;

	/* what has been read */
	PtTexts		texts;
	PtTexts		loaded;			/* keys */
	Near	   *near;			/* by number of a loaded key */
	uint64		near_room;
	PtTexts		field_names;
	uint32	   *first_field;	/* by number of a name, + 1, or 0 */
	uint64		first_room;
	Field	   *fields;
	uint64		nfields;
	uint64		field_room;
	PtTexts		importers;		/* keys of what may import something */
	Tuplestorestate *entities;
	Tuplestorestate *bases;
	StringInfoData scratch;
} Reader;


#define SOURCES_QUERY \
	"SELECT " CODE_ENTITY_COLUMNS " FROM (SELECT DISTINCT from_key FROM pt_reference) AS r JOIN @entities AS e ON e.key = r.from_key"
#define NAMES_QUERY \
	"SELECT " CODE_ENTITY_COLUMNS " FROM unnest($1) AS n (name) JOIN @entities AS e ON " CODE_NAME_OF("e") " = n.name AND e.key IS NOT NULL"
/*
 * Most names are rare, so of each all are read, once, and not what is in all those files.
 * IS TRUE keeps it so: as a join the planner would look up a name for each of its files.
 */
#define PLACES_QUERY \
	"SELECT " CODE_ENTITY_COLUMNS " FROM (SELECT DISTINCT name FROM unnest($2) AS p (name)) AS n JOIN @entities AS e ON " CODE_NAME_OF("e") " = n.name" \
	" WHERE ((" CODE_FILE_OF("e") " || '', n.name) IN (SELECT file, name FROM unnest($1, $2) AS p (file, name))) IS TRUE AND e.key IS NOT NULL"
#define KEYS_QUERY \
	"SELECT " CODE_ENTITY_COLUMNS " FROM unnest($1) AS k (key) JOIN @entities AS e ON e.key = k.key"
/* the files of sources, which say how names in them are qualified */
#define SOURCE_FILES_QUERY \
	"SELECT " CODE_ENTITY_COLUMNS " FROM unnest($1) AS f (id)" \
	" JOIN @entities AS e ON hashtextextended(" CODE_FILE_OF("e") ", 0) = hashtextextended(f.id, 0)" \
	" WHERE e.entity_type = 'file' AND " CODE_FILE_OF("e") " || '' = f.id AND e.key IS NOT NULL"
#define FILES_QUERY \
	"SELECT " CODE_ENTITY_COLUMNS " FROM @entities AS e WHERE e.entity_type = 'file' AND e.key IS NOT NULL" \
	" AND (_parseltongue.pt_has_modules(coalesce(e.language, @extension.pt_key_language(e.key)))" \
	"  OR _parseltongue.pt_language_family(coalesce(e.language, @extension.pt_key_language(e.key))) = 'go')"
#define BASES_QUERY \
	"SELECT d.from_key::text, d.to_key::text, d.edge_type::text, d.source_location::text, d.confidence, d.reference_key::text" \
	" FROM unnest($1) AS k (key) JOIN @edges AS d ON d.from_key = k.key AND d.edge_type IN ('Extends', 'Implements')" \
	" WHERE d.to_key IS NOT NULL AND " CODE_IS_FACT("d")
#define REFERENCES_QUERY "SELECT from_key, to_key, edge_type FROM pt_reference"
/* what is in files, and may import something, which is looked up for one by one: most edges of a codebase are of that type */
#define IMPORTERS_QUERY \
	"SELECT " CODE_ENTITY_COLUMNS " FROM unnest($1) AS f (id) JOIN @entities AS e ON " CODE_FILE_OF("e") " = f.id" \
	" WHERE EXISTS (SELECT FROM @edges AS d WHERE d.from_key = e.key AND d.edge_type = 'Uses'" \
	"  AND " CODE_IS_FACT("d") " OFFSET 0)"

/* ---- what is needed ---- */

static void
need_name(void *state, PtText name, CodePartKind kind)
{
	Reader	   *reader = state;

	if (name.length > 0 && kind != CODE_PART_MODULE)
		pt_texts_add(&reader->names, name, NULL);
	if (kind == CODE_PART_FIELD)
		pt_texts_add(&reader->members, name, NULL);
}

typedef struct InFile
{
	Reader	   *reader;
	PtText		file;
} InFile;

static void
need_in_file(void *state, PtText name, CodePartKind kind)
{
	InFile	   *in = state;
	StringInfo	scratch = &in->reader->scratch;

	resetStringInfo(scratch);
	appendBinaryStringInfo(scratch, in->file.bytes, in->file.length);
	appendStringInfoChar(scratch, '\0');
	appendBinaryStringInfo(scratch, name.bytes, name.length);
	pt_texts_add(&in->reader->places, (PtText) {scratch->data, scratch->len}, NULL);
}

/* The scopes that an entity is in, and that it is. */
static void
need_context(Reader *reader, uint32 number)
{
	Near	   *near = &reader->near[number];
	InFile		in = {reader, pt_text(&reader->texts, near->file)};

	if (near->has_context)
		return;
	near->has_context = true;
	code_each_part(pt_text(&reader->texts, near->scope), near->grammar, need_in_file, &in);
	need_in_file(&in, pt_text(&reader->texts, near->name), CODE_PART_ENTITY);
	if (near->grammar->grammar & NAME_PACKAGES)
		pt_texts_add(&reader->opening, in.file, NULL);
}

/* What a type is named by, as it is seen from an entity. */
static void
need_type(Reader *reader, uint32 number, PtText type)
{
	need_context(reader, number);
	code_each_part(type, reader->near[number].grammar, need_name, reader);
}

/* ---- entities ---- */

/*
 * Is the type of a field needed? What a module has for others may be no member of anything;
 * all that it has from another one, or as its default, goes by names that are not its own.
 */
static bool
is_needed(const Reader *reader, bool is_of_file, PtText name)
{
	return pt_texts_find(&reader->members, name) != PT_NO_TEXT ||
		(is_of_file && (name.length == 0 || name.bytes[0] == '*' || pt_text_is(name, "default") ||
						pt_texts_find(&reader->names, name) != PT_NO_TEXT));
}

/* A field: its type is needed if its name is, or as soon as that is. */
static void
add_field(Reader *reader, uint32 number, PtText name, PtText type)
{
	bool		is_new;
	uint32		field;

	if (is_needed(reader, reader->near[number].is_file, name))
	{
		need_type(reader, number, type);
		return;
	}
	field = pt_texts_add(&reader->field_names, name, &is_new);
	reader->first_field = pt_grow(reader->budget, reader->first_field, &reader->first_room, (uint64) field + 1,
								  sizeof(uint32));
	if (is_new)
		reader->first_field[field] = 0;
	reader->fields = pt_grow(reader->budget, reader->fields, &reader->field_room, reader->nfields + 1, sizeof(Field));
	reader->fields[reader->nfields++] = (Field) {
		number, pt_texts_add(&reader->texts, type, NULL), reader->first_field[field]
	};
	reader->first_field[field] = reader->nfields;
}

static void
add_fields(Reader *reader, uint32 number, Jsonb *fields)
{
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	value;
	PtText		name = {"", 0};

	if (!JB_ROOT_IS_OBJECT(fields))
		return;
	it = JsonbIteratorInit(&fields->root);
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		if (token == WJB_KEY)
			name = (PtText) {value.val.string.val, value.val.string.len};
		else if (token == WJB_VALUE && value.type == jbvString)
			add_field(reader, number, name, (PtText) {value.val.string.val, value.val.string.len});
	}
}

/* The number of an entity, whose row is kept. */
static uint32
add_entity(Reader *reader, HeapTuple row, const Datum *values, const bool *nulls)
{
	PtText		key = code_text(values[0]);
	CodeKey		parts = code_parse_key(key);
	PtText		path = nulls[4] ? parts.path : code_text(values[4]);
	bool		is_new;
	uint32		number = pt_texts_add(&reader->loaded, key, &is_new);
	Near	   *near;

	if (!is_new)
		return number;
	tuplestore_puttuple(reader->entities, row);
	reader->near = pt_grow(reader->budget, reader->near, &reader->near_room, (uint64) number + 1, sizeof(Near));
	near = &reader->near[number];
	*near = (Near) {code_language(nulls[3] ? parts.language : code_text(values[3]))};
	resetStringInfo(&reader->scratch);
	if (path.bytes != NULL)
		code_file_id(path, &reader->scratch);
	near->file = pt_texts_add(&reader->texts, (PtText) {reader->scratch.data, reader->scratch.len}, NULL);
	near->scope = pt_texts_add(&reader->texts, nulls[6] ? (PtText) {"", 0} : code_text(values[6]), NULL);
	code_match_name(nulls[1] ? parts.name : code_text(values[1]), near->grammar, &reader->scratch);
	near->name = pt_texts_add(&reader->texts, (PtText) {reader->scratch.data, reader->scratch.len}, NULL);
	reader->has_modules |= code_has_modules(near->grammar) || code_has_folders(near->grammar);
	return number;
}

static bool
is_callable(const Datum *values, const bool *nulls)
{
	PtText		type = nulls[2] ? code_parse_key(code_text(values[0])).type : code_text(values[2]);

	return code_class_of_type(type) == MATCH_CALLABLE;
}

/* What may be meant: it leads on. */
static void
take_entity(void *state, HeapTuple row, const Datum *values, const bool *nulls)
{
	Reader	   *reader = state;
	uint32		number = add_entity(reader, row, values, nulls);

	if (reader->near[number].is_followed)
		return;
	reader->near[number].is_followed = true;
	/* a function has no bases */
	if (!is_callable(values, nulls))
		pt_texts_add(&reader->types, code_text(values[0]), NULL);
	if (!nulls[7])
		need_type(reader, number, code_text(values[7]));
	if (!nulls[8])
		add_fields(reader, number, DatumGetJsonbP(values[8]));
	if (!nulls[13] && pt_texts_find(&reader->called, pt_text(&reader->texts, reader->near[number].name)) != PT_NO_TEXT)
		need_type(reader, number, code_text(values[13]));
}

/* What is around something: in its bases members are looked for. */
static void
take_scope(void *state, HeapTuple row, const Datum *values, const bool *nulls)
{
	Reader	   *reader = state;

	add_entity(reader, row, values, nulls);
	pt_texts_add(&reader->types, code_text(values[0]), NULL);
}

static void
take_source(void *state, HeapTuple row, const Datum *values, const bool *nulls)
{
	Reader	   *reader = state;
	uint32		number = add_entity(reader, row, values, nulls);

	pt_texts_add(&reader->source_files, pt_text(&reader->texts, reader->near[number].file), NULL);
}

/* The file of a source, which says how names in it are qualified. */
static void
take_source_file(void *state, HeapTuple row, const Datum *values, const bool *nulls)
{
	Reader	   *reader = state;
	uint32		number = add_entity(reader, row, values, nulls);

	if (!nulls[9] && DatumGetBool(values[9]))
		pt_texts_add(&reader->qualified, pt_text(&reader->texts, reader->near[number].file), NULL);
}

/* A file from which something is seen: of the types that it opens all is. */
static void
take_opening(void *state, HeapTuple row, const Datum *values, const bool *nulls)
{
	Reader	   *reader = state;
	uint32		number = add_entity(reader, row, values, nulls);

	if (!nulls[14])
		code_each_part_of_opened(code_text(values[14]), reader->near[number].grammar, need_name, reader);
}

/* What may be meant where names do not lead on. */
static void
take_plain(void *state, HeapTuple row, const Datum *values, const bool *nulls)
{
	add_entity(state, row, values, nulls);
}

static void
take_importer(void *state, HeapTuple row, const Datum *values, const bool *nulls)
{
	Reader	   *reader = state;

	add_entity(reader, row, values, nulls);
	pt_texts_add(&reader->importers, code_text(values[0]), NULL);
}

/* A file that can be imported, and what it has for others. */
static void
take_file(void *state, HeapTuple row, const Datum *values, const bool *nulls)
{
	Reader	   *reader = state;
	uint32		number = add_entity(reader, row, values, nulls);

	if (reader->near[number].is_file)
		return;
	reader->near[number].is_file = true;
	if (!nulls[8])
		add_fields(reader, number, DatumGetJsonbP(values[8]));
}

/* ---- edges ---- */

static void
take_base(void *state, HeapTuple row, const Datum *values, const bool *nulls)
{
	Reader	   *reader = state;
	uint32		number = pt_texts_find(&reader->loaded, code_text(values[0]));
	PtText		to = code_text(values[1]);
	CodeKey		key = code_parse_key(to);

	tuplestore_puttuple(reader->bases, row);
	if (key.kind == CODE_KEY_UNRESOLVED)
		need_type(reader, number, key.name);
	else
		pt_texts_add(&reader->keys, to, NULL);
}

typedef struct Qualifier
{
	bool		says_something;
} Qualifier;

static void
look_at_qualifier(void *state, PtText part, CodePartKind kind)
{
	static const char *const silent[] = {"self", "Self", "this", "crate", "super"};

	for (int i = 0; i < lengthof(silent); i++)
	{
		if (pt_text_is(part, silent[i]))
			return;
	}
	((Qualifier *) state)->says_something = true;
}

/* What the name of a reference leads to, by its last part and all of them, in the language of its file and its own. */
static void
need_parts(Reader *reader, uint32 source, const CodeKey *key, const CodeLanguage *grammar, PtText name)
{
	reader->leads_on = true;
	if (grammar->grammar & NAME_PACKAGES)
		pt_texts_add(&reader->called, name, NULL);
	need_name(reader, name, CODE_PART_ENTITY);
	need_context(reader, source);
	/* of what is not known nothing but its name counts */
	if (key->name.length > 0 && key->name.bytes[0] == '?')
		return;
	code_each_part(key->name, grammar, need_name, reader);
	if (reader->near[source].grammar != grammar)
		code_each_part(key->name, reader->near[source].grammar, need_name, reader);
}

/* What is needed for a reference. */
static void
take_reference(void *state, HeapTuple row, const Datum *values, const bool *nulls)
{
	Reader	   *reader = state;
	CodeKey		key = code_parse_key(code_text(values[1]));
	const CodeLanguage *grammar = code_language(key.language);
	uint32		source = pt_texts_find(&reader->loaded, code_text(values[0]));
	Qualifier	qualifier = {false};
	PtText		name;

	if (source == PT_NO_TEXT)
		return;
	code_each_part(code_match_qualifier(key.name, grammar), grammar, look_at_qualifier, &qualifier);
	if (!qualifier.says_something)
		pt_texts_add(&reader->importing, pt_text(&reader->texts, reader->near[source].file), NULL);
	code_match_name(key.name, grammar, &reader->scratch);
	name = (PtText) {reader->scratch.data, reader->scratch.len};
	/* what is imported is found by where it is */
	if ((key.kind != CODE_KEY_IMPORT || (!nulls[2] && pt_text_is(code_text(values[2]), "Implements"))) &&
		pt_texts_find(&reader->qualified, pt_text(&reader->texts, reader->near[source].file)) != PT_NO_TEXT)
		need_parts(reader, source, &key, grammar, name);
	else
		pt_texts_add(&reader->plain_names, name, NULL);
}

/* ---- all of it ---- */

static void
ask(Reader *reader, const char *query, int narguments, const Datum *arguments, CodeRowFunction function)
{
	code_each_row(code_steps_fill(reader->steps, query), narguments, arguments, function, reader);
}

/* The same of texts that have been needed since some number. */
static void
ask_of(Reader *reader, const char *query, const PtTexts *texts, uint32 *done, CodeRowFunction function)
{
	uint32		count = texts->count;
	Datum		array;

	if (*done == count)
		return;
	array = code_text_array(texts, *done, count);
	*done = count;
	ask(reader, query, 1, &array, function);
	pfree(DatumGetPointer(array));
}

/* Fields of a name that is needed; or only what modules have by it. */
static void
follow_name(Reader *reader, PtText needed, bool of_files)
{
	uint32		name = pt_texts_find(&reader->field_names, needed);

	CHECK_FOR_INTERRUPTS();
	for (uint32 at = name == PT_NO_TEXT ? 0 : reader->first_field[name]; at > 0; at = reader->fields[at - 1].next)
	{
		Field	   *field = &reader->fields[at - 1];

		if (!of_files || reader->near[field->near].is_file)
			need_type(reader, field->near, pt_text(&reader->texts, field->type));
	}
}

/* Fields that are needed lead on. */
static void
follow_fields(Reader *reader)
{
	while (reader->members_followed < reader->members.count)
		follow_name(reader, pt_text(&reader->members, reader->members_followed++), false);
	while (reader->names_followed < reader->names.count)
		follow_name(reader, pt_text(&reader->names, reader->names_followed++), true);
}

/* Names within files, as two arrays. */
static void
read_places(Reader *reader)
{
	ArrayBuildState *arrays[2];
	Datum		arguments[2];
	uint32		count = reader->places.count;

	if (reader->places_read == count)
		return;
	for (int i = 0; i < 2; i++)
		arrays[i] = initArrayResult(TEXTOID, CurrentMemoryContext, false);
	for (; reader->places_read < count; reader->places_read++)
	{
		PtText		place = pt_text(&reader->places, reader->places_read);
		int			file = strnlen(place.bytes, place.length);

		CHECK_FOR_INTERRUPTS();
		arrays[0] = accumArrayResult(arrays[0], PointerGetDatum(cstring_to_text_with_len(place.bytes, file)), false,
									 TEXTOID, CurrentMemoryContext);
		arrays[1] = accumArrayResult(arrays[1], PointerGetDatum(cstring_to_text_with_len(place.bytes + file + 1,
																						 place.length - file - 1)),
									 false, TEXTOID, CurrentMemoryContext);
	}
	for (int i = 0; i < 2; i++)
		arguments[i] = makeArrayResult(arrays[i], CurrentMemoryContext);
	ask(reader, PLACES_QUERY, 2, arguments, take_scope);
}

/* Is there something that is needed and has not been read? */
static bool
needs_more(const Reader *reader)
{
	return reader->members_followed < reader->members.count || reader->names_followed < reader->names.count ||
		reader->names_read < reader->names.count || reader->places_read < reader->places.count ||
		reader->keys_read < reader->keys.count || reader->types_read < reader->types.count ||
		reader->opening_read < reader->opening.count ||
		(reader->has_modules && !reader->files_read);
}

/* What names lead to. */
static void
read_needed(Reader *reader)
{
	uint32		files_read = 0;
	uint32		plain_read = 0;

	ask(reader, SOURCES_QUERY, 0, NULL, take_source);
	ask_of(reader, SOURCE_FILES_QUERY, &reader->source_files, &files_read, take_source_file);
	ask(reader, REFERENCES_QUERY, 0, NULL, take_reference);
	ask_of(reader, NAMES_QUERY, &reader->plain_names, &plain_read, take_plain);
	while (reader->leads_on && needs_more(reader))
	{
		follow_fields(reader);
		ask_of(reader, NAMES_QUERY, &reader->names, &reader->names_read, take_entity);
		ask_of(reader, KEYS_QUERY, &reader->keys, &reader->keys_read, take_entity);
		read_places(reader);
		ask_of(reader, BASES_QUERY, &reader->types, &reader->types_read, take_base);
		ask_of(reader, SOURCE_FILES_QUERY, &reader->opening, &reader->opening_read, take_opening);
		if (reader->has_modules && !reader->files_read)
			ask(reader, FILES_QUERY, 0, NULL, take_file);
		reader->files_read = reader->has_modules;
	}
}

static TupleDesc
columns_of(const char *const *names, const Oid *types, int count)
{
	TupleDesc	desc = CreateTemplateTupleDesc(count);

	for (int i = 0; i < count; i++)
		TupleDescInitEntry(desc, i + 1, names[i], types[i], -1, 0);
	pt_finalize_tupdesc(desc);
	return desc;
}

static void
keep_rows(Reader *reader)
{
	static const char *const entity_names[] = {
		"key", "name", "entity_type", "language", "file_path", "is_static", "scope", "returns", "fields", "qualified",
		"line_start", "bases", "arity", "parameters", "opens"
	};
	static const Oid entity_types[] = {
		TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, BOOLOID, TEXTOID, TEXTOID, JSONBOID, BOOLOID,
		INT4OID, JSONBOID, TEXTOID, TEXTOID, TEXTOID
	};
	static const char *const base_names[] = {
		"from_key", "to_key", "edge_type", "source_location", "confidence", "reference_key"
	};
	static const Oid base_types[] = {TEXTOID, TEXTOID, TEXTOID, TEXTOID, NUMERICOID, TEXTOID};

	code_steps_own(reader->steps, "pt_near", columns_of(entity_names, entity_types, lengthof(entity_names)),
				   reader->entities);
	code_steps_own(reader->steps, "pt_base", columns_of(base_names, base_types, lengthof(base_names)),
				   reader->bases);
	code_steps_keep_texts(reader->steps, "pt_importer", "key", &reader->importers);
}

void
code_near_read(CodeSteps *steps)
{
	Reader		reader = {steps};
	PtTexts    *texts[] = {&reader.plain_names, &reader.names, &reader.members, &reader.places, &reader.keys, &reader.types,
		&reader.source_files, &reader.qualified, &reader.called, &reader.opening, &reader.importing, &reader.texts,
	&reader.loaded, &reader.field_names, &reader.importers};
	uint32		importing_done = 0;

	reader.budget = pt_budget_create("resolving references", "Raise parseltongue.local_image_memory.");
	for (int i = 0; i < lengthof(texts); i++)
		pt_texts_init(texts[i], reader.budget);
	initStringInfo(&reader.scratch);
	reader.entities = tuplestore_begin_heap(false, false, work_mem);
	reader.bases = tuplestore_begin_heap(false, false, work_mem);
	read_needed(&reader);
	ask_of(&reader, IMPORTERS_QUERY, &reader.importing, &importing_done, take_importer);
	keep_rows(&reader);
	pt_budget_delete(reader.budget);
}
