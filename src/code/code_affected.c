/*
 * code_affected.c
 *		By which names something else may be meant since files were replaced.
 *
 * A name is walked from part to part, and each part is looked up by its name: in a
 * module, a scope, a type or its bases (code_scope.c). So where entities of some
 * names have come, gone or changed, a walk can end elsewhere only
 *
 *	- if one of its parts is such a name,
 *	- if a part leads on by a type that is named by way of one: then what that type is
 *	  of is such a name as well, a field or what returns it,
 *	- or if it looks for a member in a type whose bases are others. Who gets to that
 *	  type does so by its name, or by a type that extends it, so these are such names,
 *	  too. Where members are seen without the name of their type, all that is in the
 *	  file of that one may look there.
 *
 * Where the types of arguments tell functions apart, these are parts of a call's name,
 * and those of parameters lead on from the function's. A file that sees all of another
 * type than before, or of one that is such a name, is to what is in it as a type with
 * other bases.
 *
 * So much for one step; there is another as long as that brings in names. A file that
 * came or went is a module, and every name of it has one word for a part. A file that
 * stands for its folder decides what the others in it may be called.
 *
 * What matters of a change is what pt_file_state tells: not where things stand.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "code/code_affected.h"
#include "code/code_key.h"
#include "code/code_language.h"
#include "code/code_parts.h"
#include "code/code_text.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

/* Beyond that it is no less to resolve everything. */
#define MAX_NAMES 20000

typedef struct Affected
{
	CodeSteps  *steps;
	PtBudget   *budget;
	PtTexts		names;			/* as code_part_token has them */
	PtTexts		files;			/* by pt_entity_file */
	StringInfoData scratch;
	bool		unknown;		/* nobody can tell */
} Affected;

/* what a query tells of an entity e */
#define COLUMNS \
	CODE_NAME_OF("e") ", coalesce(e.language, @extension.pt_key_language(e.key))::text," \
	" e.properties ->> 'returns', (e.properties -> 'fields')::jsonb, " CODE_FILE_OF("e") ", e.properties ->> 'scope'," \
	" e.entity_type = 'file', e.properties ->> 'parameters', e.properties ->> 'opens'"
#define IS_BASE_FACT(d) \
	d ".edge_type IN ('Extends', 'Implements') AND " CODE_IS_FACT(d)
#define HAS_BASE "EXISTS (SELECT FROM @edges AS d WHERE d.from_key = e.key AND " IS_BASE_FACT("d") ")"

/* Entities of the files that were replaced, new files first. */
#define CHANGED_QUERY \
	"SELECT " COLUMNS ", " HAS_BASE ", f.is_new, f.rebased" \
	" FROM (SELECT _parseltongue.pt_file_id(value) AS id, bool_or(what = 'new') AS is_new, bool_or(what = 'rebased') AS rebased" \
	"  FROM pt_noted WHERE what IN ('file', 'new', 'rebased') GROUP BY 1) AS f" \
	" JOIN @entities AS e ON " CODE_FILE_OF("e") " = f.id ORDER BY f.is_new DESC"

/* Those that have types named by way of something. */
#define TYPES_QUERY \
	"SELECT " COLUMNS " FROM @entities AS e" \
	" WHERE e.properties ?| '{fields,opens,parameters,returns}' AND _parseltongue.pt_type_parts(e.properties, e.language, e.key) && $1"

/* Types that extend something of such a name, or by way of one; by an index of what bases are named by, */
#define BASES_QUERY \
	"SELECT " COLUMNS " FROM (" \
	" SELECT DISTINCT d.from_key FROM @edges AS d" \
	" WHERE array_append(_parseltongue.pt_reference_parts(d.to_key), _parseltongue.pt_reference_name(d.to_key)) && $1" \
	"  AND _parseltongue.pt_reference_name(d.to_key) IS NOT NULL AND " IS_BASE_FACT("d") \
	") AS d JOIN @entities AS e ON e.key = d.from_key"

/* as somebody knows, */
#define KNOWN_BASES_QUERY \
	"SELECT " COLUMNS " FROM unnest($1) AS n (name)" \
	" JOIN @entities AS b ON " CODE_NAME_OF("b") " = n.name" \
	" JOIN @edges AS d ON d.to_key = b.key AND _parseltongue.pt_reference_name(d.to_key) IS NULL AND " IS_BASE_FACT("d") \
	" JOIN @entities AS e ON e.key = d.from_key"

/* or knew. */
#define GONE_BASES_QUERY \
	"SELECT " COLUMNS " FROM pt_noted AS g" \
	" JOIN @edges AS d ON d.to_key = g.value AND _parseltongue.pt_reference_name(d.to_key) IS NULL AND " IS_BASE_FACT("d") \
	" JOIN @entities AS e ON e.key = d.from_key WHERE g.what = 'gone'"

/* What is in files in which members may be others. */
#define FILES_QUERY \
	"SELECT " COLUMNS ", " HAS_BASE " FROM unnest($1) AS f (id)" \
	" JOIN @entities AS e ON " CODE_FILE_OF("e") " = f.id"

#define WORDS_QUERY \
	"SELECT w FROM _parseltongue.pt_module_words(ARRAY(" \
	" SELECT e.file_path FROM (SELECT DISTINCT _parseltongue.pt_file_id(value) AS id FROM pt_noted WHERE what = 'new') AS f" \
	" JOIN @entities AS e ON " CODE_FILE_OF("e") " = f.id" \
	" WHERE e.entity_type = 'file' AND _parseltongue.pt_has_modules(coalesce(e.language, @extension.pt_key_language(e.key)))), %u) AS w"

/* ---- what a row says ---- */

typedef struct Lead
{
	PtText		name;
	const CodeLanguage *grammar;
	PtText		returns;		/* empty if that is not said */
	Jsonb	   *fields;			/* or NULL */
	PtText		file;
	PtText		scope;
	PtText		parameters;		/* empty if they lead nowhere */
	PtText		opens;			/* the same of what a file sees all of */
	bool		is_file;		/* its fields are what the module has for others */
} Lead;

#define LEAD_COLUMNS 9

static PtText
text_or_empty(const Datum *values, const bool *nulls, int column)
{
	return nulls[column] ? (PtText) {"", 0} : code_text(values[column]);
}

static Lead
read_lead(const Datum *values, const bool *nulls)
{
	Lead		lead;

	lead.name = text_or_empty(values, nulls, 0);
	lead.grammar = code_language(nulls[1] ? (PtText) {NULL, 0} : code_text(values[1]));
	lead.returns = text_or_empty(values, nulls, 2);
	lead.fields = nulls[3] ? NULL : DatumGetJsonbP(values[3]);
	lead.file = text_or_empty(values, nulls, 4);
	lead.scope = text_or_empty(values, nulls, 5);
	lead.is_file = !nulls[6] && DatumGetBool(values[6]);
	lead.parameters = lead.opens = (PtText) {"", 0};
	if (lead.grammar->grammar & NAME_PACKAGES)
	{
		lead.parameters = text_or_empty(values, nulls, 7);
		lead.opens = text_or_empty(values, nulls, 8);
	}
	return lead;
}

static void
add_name(Affected *affected, PtText name)
{
	if (name.length > 0)
		pt_texts_add(&affected->names, name, NULL);
}

/* Is a part of a text such a name? */
typedef struct Mention
{
	Affected   *affected;
	bool		found;
} Mention;

static void
find_mention(void *state, PtText part, CodePartKind kind)
{
	Mention    *mention = state;
	Affected   *affected = mention->affected;

	mention->found = mention->found ||
		pt_texts_find(&affected->names, code_part_token(part, kind, &affected->scratch)) != PT_NO_TEXT ||
		(kind == CODE_PART_FIELD && pt_texts_find(&affected->names, part) != PT_NO_TEXT);
}

static bool
mentions(Affected *affected, PtText text, const CodeLanguage *grammar)
{
	Mention		mention = {affected, false};

	code_each_part(text, grammar, find_mention, &mention);
	return mention.found;
}

/* The same of types of which a file sees all. */
static bool
opens_mentioned(Affected *affected, const Lead *lead)
{
	Mention		mention = {affected, false};

	code_each_part_of_opened(lead->opens, lead->grammar, find_mention, &mention);
	return mention.found;
}

/*
 * The name of a field. What a module has is found by it alone; if that is all of another
 * one, or what is called otherwise everywhere, nobody knows by which names.
 */
static void
add_field(Affected *affected, const Lead *lead, PtText field)
{
	add_name(affected, code_part_token(field, CODE_PART_FIELD, &affected->scratch));
	if (!lead->is_file)
		return;
	add_name(affected, field);
	affected->unknown |= (field.length > 0 && field.bytes[0] == '*') || pt_text_is(field, "default");
}

/* The names of fields of all types, or of those that mention something. */
static void
add_fields(Affected *affected, const Lead *lead, bool all)
{
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	value;
	PtText		field = {"", 0};

	if (lead->fields == NULL || !JB_ROOT_IS_OBJECT(lead->fields))
		return;
	it = JsonbIteratorInit(&lead->fields->root);
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		if (token == WJB_KEY)
			field = (PtText) {value.val.string.val, value.val.string.len};
		else if (token == WJB_VALUE && value.type == jbvString &&
				 (all || mentions(affected, (PtText) {value.val.string.val, value.val.string.len}, lead->grammar)))
			add_field(affected, lead, field);
	}
}

/* All by way of which an entity leads on, as its place is another one. */
static void
add_leads(Affected *affected, const Lead *lead, bool has_base)
{
	if (has_base || lead->returns.length > 0 || lead->parameters.length > 0)
		add_name(affected, lead->name);
	add_fields(affected, lead, true);
}

/* ---- rows ---- */

static void
take_name(void *state, HeapTuple row, const Datum *values, const bool *nulls)
{
	if (!nulls[0])
		add_name(state, code_text(values[0]));
}

/* Of a module. */
static void
take_word(void *state, HeapTuple row, const Datum *values, const bool *nulls)
{
	((Affected *) state)->unknown |= nulls[0] || code_text(values[0]).length == 0;
	take_name(state, row, values, nulls);
}

/* Of an entity whose types mention something; and of one that is seen from elsewhere. */
static void
take_types(void *state, HeapTuple row, const Datum *values, const bool *nulls)
{
	Affected   *affected = state;
	Lead		lead = read_lead(values, nulls);

	if (mentions(affected, lead.returns, lead.grammar) || mentions(affected, lead.parameters, lead.grammar))
		add_name(affected, lead.name);
	if (opens_mentioned(affected, &lead))
		pt_texts_add(&affected->files, lead.file, NULL);
	add_fields(affected, &lead, false);
}

static void
take_rebased(void *state, HeapTuple row, const Datum *values, const bool *nulls)
{
	Affected   *affected = state;
	Lead		lead = read_lead(values, nulls);

	add_name(affected, lead.name);
	if (lead.grammar->grammar & NAME_MEMBERS)
		pt_texts_add(&affected->files, lead.file, NULL);
}

static void
take_of_file(void *state, HeapTuple row, const Datum *values, const bool *nulls)
{
	Lead		lead = read_lead(values, nulls);

	add_leads(state, &lead, DatumGetBool(values[LEAD_COLUMNS]));
}

/*
 * An entity of a file that was replaced. What scopes around it are decides what its
 * own types mean.
 */
static void
take_changed(void *state, HeapTuple row, const Datum *values, const bool *nulls)
{
	Affected   *affected = state;
	Lead		lead = read_lead(values, nulls);
	bool		has_base = DatumGetBool(values[LEAD_COLUMNS]);
	bool		is_new = DatumGetBool(values[LEAD_COLUMNS + 1]);

	if (is_new)
		add_name(affected, lead.name);
	if (is_new || mentions(affected, lead.scope, lead.grammar) ||
		pt_texts_find(&affected->names, lead.name) != PT_NO_TEXT)
		add_leads(affected, &lead, has_base);
	if (DatumGetBool(values[LEAD_COLUMNS + 2]) && (lead.grammar->grammar & NAME_MEMBERS))
		pt_texts_add(&affected->files, lead.file, NULL);
}

/* ---- all of them ---- */

static void
ask(Affected *affected, const char *query, int narguments, Datum argument, CodeRowFunction function)
{
	code_each_row(code_steps_fill(affected->steps, query), narguments, &argument, function, affected);
}

/* What else is to be added for names, and files, from some number on. */
static void
add_what_follows(Affected *affected, uint32 names_done, uint32 files_done)
{
	uint32		nnames = affected->names.count;
	uint32		nfiles = affected->files.count;

	if (nnames > names_done)
	{
		Datum		names = code_text_array(&affected->names, names_done, nnames);

		ask(affected, TYPES_QUERY, 1, names, take_types);
		ask(affected, BASES_QUERY, 1, names, take_rebased);
		ask(affected, KNOWN_BASES_QUERY, 1, names, take_rebased);
	}
	if (nfiles > files_done)
		ask(affected, FILES_QUERY, 1, code_text_array(&affected->files, files_done, nfiles), take_of_file);
}

static void
find_names(Affected *affected, bool qualified)
{
	uint32		names_done = 0;
	uint32		files_done = 0;

	ask(affected, "SELECT value FROM pt_noted WHERE what = 'name'", 0, 0, take_name);
	if (!qualified)
	{
		ask(affected, "SELECT name FROM pt_changed WHERE is_new = 'new'", 0, 0, take_name);
		return;
	}
	ask(affected, psprintf(WORDS_QUERY, affected->steps->tables->entities), 0, 0, take_word);
	ask(affected, CHANGED_QUERY, 0, 0, take_changed);
	ask(affected, GONE_BASES_QUERY, 0, 0, take_rebased);
	while (!affected->unknown && affected->names.count <= MAX_NAMES &&
		   (names_done < affected->names.count || files_done < affected->files.count))
	{
		uint32		nnames = affected->names.count;
		uint32		nfiles = affected->files.count;

		CHECK_FOR_INTERRUPTS();
		add_what_follows(affected, names_done, files_done);
		names_done = nnames;
		files_done = nfiles;
	}
}

bool
code_affected_names(CodeSteps *steps, bool qualified)
{
	Affected	affected = {steps};
	bool		is_known;

	initStringInfo(&affected.scratch);
	affected.budget = pt_budget_create("resolving references", "Raise parseltongue.local_image_memory.");
	pt_texts_init(&affected.names, affected.budget);
	pt_texts_init(&affected.files, affected.budget);
	find_names(&affected, qualified);
	is_known = !affected.unknown && affected.names.count <= MAX_NAMES;
	if (is_known)
	{
		code_steps_keep_texts(steps, "pt_name", "name", &affected.names);
		code_steps_keep_texts(steps, "pt_file", "id", &affected.files);
	}
	pt_budget_delete(affected.budget);
	return is_known;
}
