/*
 * code_parts.c
 *		pt_reference_parts, pt_type_parts, pt_module_word, pt_has_modules: the parts of
 *		names, for indexes by which those are found that lead by way of something.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "catalog/pg_type.h"
#include "code/code_key.h"
#include "code/code_name.h"
#include "code/code_parts.h"
#include "code/code_path.h"
#include "code/code_text.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

PG_FUNCTION_INFO_V1(pt_reference_parts);
PG_FUNCTION_INFO_V1(pt_type_parts);
PG_FUNCTION_INFO_V1(pt_module_word);
PG_FUNCTION_INFO_V1(pt_has_modules);

/* ---- parts ---- */

/* Of an identifier, in whatever script. */
static bool
is_word_byte(char c)
{
	return IS_HIGHBIT_SET(c) || c == '_' || c == '$' || (c >= '0' && c <= '9') ||
		(c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void
each_word(PtText part, CodePartKind kind, CodePartFunction function, void *state)
{
	int			at = 0;

	while (at < part.length)
	{
		int			start;

		while (at < part.length && !is_word_byte(part.bytes[at]))
			at++;
		start = at;
		while (at < part.length && is_word_byte(part.bytes[at]))
			at++;
		if (at > start && at - start < part.length)
			function(state, (PtText) {part.bytes + start, at - start}, kind);
	}
}

/* Where the name of a module ends that a name begins with; where the name begins if there is none. */
static const char *
end_of_module(PtText name, const CodeLanguage *grammar)
{
	for (int at = 0; (grammar->grammar & (NAME_MODULES | NAME_FOLDERS)) && at + 1 < name.length; at++)
	{
		if (name.bytes[at] == ':' && name.bytes[at + 1] == ':')
			return name.bytes + at + 2;
	}
	return name.bytes;
}

/* Where the types of arguments stand behind a name, or -1. */
static int
find_argument_types(PtText name, const CodeLanguage *grammar)
{
	return grammar->grammar & NAME_PACKAGES ? code_find_parameters(name) : -1;
}

/* Is it a type, or leads to one? Not a number, a function without a name or what is unknown. */
static bool
is_argument_type(PtText text)
{
	return text.length > 0 && is_word_byte(text.bytes[0]) && (text.bytes[0] < '0' || text.bytes[0] > '9');
}

/* The same of a list of types. */
static void
each_part_of_arguments(PtText list, const CodeLanguage *grammar, CodePartFunction function, void *state)
{
	const char *at = list.bytes;
	const char *end = list.bytes + list.length;

	while (at < end)
	{
		const char *start = at;
		PtText		part;

		pt_check_interrupts(at - list.bytes);
		while (at < end && *at != ',' && code_separator(grammar, start, at, end) == 0)
			at++;
		part = (PtText) {start, at - start};
		if (at < end)
			at += Max(1, code_separator(grammar, start, at, end));
		if (part.length > 2 && memcmp(part.bytes + part.length - 2, "()", 2) == 0)
			part.length -= 2;
		if (!is_argument_type(part))
			continue;
		function(state, part, CODE_PART_FIELD);
		each_word(part, CODE_PART_FIELD, function, state);
	}
}

void
code_each_part(PtText name, const CodeLanguage *grammar, CodePartFunction function, void *state)
{
	int			arguments = find_argument_types(name, grammar);
	const char *at = name.bytes;
	const char *end = name.bytes + (arguments > 0 ? arguments : name.length);
	const char *first = end_of_module(name, grammar);

	while (at < end)
	{
		const char *start = at;
		CodePartKind kind;
		PtText		part;

		pt_check_interrupts(at - name.bytes);
		while (at < end && code_separator(grammar, start, at, end) == 0)
			at++;
		part = (PtText) {start, at - start};
		if (at < end)
			at += code_separator(grammar, start, at, end);
		if (part.length > 2 && memcmp(part.bytes + part.length - 2, "()", 2) == 0)
			part.length -= 2;
		if (part.length == 0)
			continue;
		/* where folders are what is imported, variables of all files are like fields of these */
		kind = start < first ? CODE_PART_MODULE :
			at < end && (start > first || (grammar->grammar & NAME_FOLDERS)) ? CODE_PART_FIELD : CODE_PART_ENTITY;
		function(state, part, kind);
		each_word(part, kind, function, state);
	}
	if (arguments > 0)
		each_part_of_arguments((PtText) {name.bytes + arguments + 1, name.length - arguments - 2}, grammar, function, state);
}

void
code_each_part_of_opened(PtText opens, const CodeLanguage *grammar, CodePartFunction function, void *state)
{
	const char *end = opens.bytes + opens.length;

	for (const char *at = opens.bytes; at < end; at++)
	{
		const char *start = at;
		const char *type = NULL;

		while (at < end && *at != ' ')
		{
			if (type == NULL && at + 1 < end && at[0] == ':' && at[1] == ':')
				type = at + 2;
			at++;
		}
		pt_check_interrupts(start - opens.bytes);
		if (type != NULL && type < at)
			code_each_part((PtText) {type, at - type}, grammar, function, state);
	}
}

PtText
code_part_token(PtText part, CodePartKind kind, StringInfo result)
{
	resetStringInfo(result);
	if (kind == CODE_PART_FIELD)
		appendStringInfoChar(result, '.');
	appendBinaryStringInfo(result, part.bytes, part.length);
	if (kind == CODE_PART_MODULE)
		appendStringInfoChar(result, '/');
	return (PtText) {result->data, result->len};
}

PtText
code_module_word(PtText path, bool *is_index)
{
	int			slash = path.length;
	int			dot = path.length;
	PtText		stem;

	while (slash > 0 && !code_is_slash(path.bytes[slash - 1]))
		slash--;
	while (dot > slash + 1 && path.bytes[dot - 1] != '.')
		dot--;
	if (dot > slash + 1)
		path.length = dot - 1;
	if (path.length > 2 && memcmp(path.bytes + path.length - 2, ".d", 2) == 0)
		path.length -= 2;
	stem = (PtText) {path.bytes + slash, path.length - slash};
	*is_index = pt_text_is(stem, "__init__") || pt_text_is(stem, "index");
	if (*is_index)
		path.length = Max(slash - 1, 0);
	while (path.length > 0 && !is_word_byte(path.bytes[path.length - 1]))
		path.length--;
	slash = path.length;
	while (slash > 0 && is_word_byte(path.bytes[slash - 1]))
		slash--;
	return (PtText) {path.bytes + slash, path.length - slash};
}

/* ---- as SQL has them ---- */

typedef struct Tokens
{
	ArrayBuildState *array;
	StringInfoData scratch;
} Tokens;

static void
add_token(Tokens *tokens, PtText part, CodePartKind kind)
{
	PtText		token = code_part_token(part, kind, &tokens->scratch);

	tokens->array = accumArrayResult(tokens->array, PointerGetDatum(cstring_to_text_with_len(token.bytes, token.length)),
									 false, TEXTOID, CurrentMemoryContext);
}

/* What may be a field may be another member as well. */
static void
add_to_array(void *state, PtText part, CodePartKind kind)
{
	add_token(state, part, kind);
	if (kind == CODE_PART_FIELD)
		add_token(state, part, CODE_PART_ENTITY);
}

static Datum
array_or_null(FunctionCallInfo fcinfo, const Tokens *tokens)
{
	if (tokens->array == NULL)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(makeArrayResult(tokens->array, CurrentMemoryContext));
}

/*
 * The parts of the name that a placeholder refers to something by; NULL if there is
 * a single one.
 */
Datum
pt_reference_parts(PG_FUNCTION_ARGS)
{
	CodeKey		key = code_parse_key(code_text_argument(fcinfo, 0));
	const CodeLanguage *grammar = code_language(key.language);
	Tokens		tokens = {NULL};
	int			length = 0;

	/* others are never looked for */
	if ((key.kind != CODE_KEY_UNRESOLVED && key.kind != CODE_KEY_IMPORT) ||
		(key.name.length > 0 && key.name.bytes[0] == '?'))
		PG_RETURN_NULL();
	while (length < key.name.length &&
		   code_separator(grammar, key.name.bytes, key.name.bytes + length,
						  key.name.bytes + key.name.length) == 0)
		length++;
	if (length == key.name.length && find_argument_types(key.name, grammar) < 0)
		PG_RETURN_NULL();
	initStringInfo(&tokens.scratch);
	code_each_part(key.name, grammar, add_to_array, &tokens);
	return array_or_null(fcinfo, &tokens);
}

/*
 * What the types of fields, of the result and, where they tell functions apart, of the
 * parameters of an entity are named by, and types of which a file sees all; NULL if there
 * are none.
 */
Datum
pt_type_parts(PG_FUNCTION_ARGS)
{
	Jsonb	   *properties = PG_ARGISNULL(0) ? NULL : PG_GETARG_JSONB_P(0);
	PtText		language = PG_ARGISNULL(1) ? code_parse_key(code_text_argument(fcinfo, 2)).language :
		code_text_argument(fcinfo, 1);
	const CodeLanguage *grammar = code_language(language);
	Tokens		tokens = {NULL};
	JsonbValue	buffer;
	JsonbValue *value;

	if (properties == NULL || !JB_ROOT_IS_OBJECT(properties))
		PG_RETURN_NULL();
	initStringInfo(&tokens.scratch);
	value = getKeyJsonValueFromContainer(&properties->root, "returns", strlen("returns"), &buffer);
	if (value != NULL && value->type == jbvString)
		code_each_part((PtText) {value->val.string.val, value->val.string.len}, grammar, add_to_array, &tokens);
	value = grammar->grammar & NAME_PACKAGES ?
		getKeyJsonValueFromContainer(&properties->root, "parameters", strlen("parameters"), &buffer) : NULL;
	if (value != NULL && value->type == jbvString)
		code_each_part((PtText) {value->val.string.val, value->val.string.len}, grammar, add_to_array, &tokens);
	value = grammar->grammar & NAME_PACKAGES ?
		getKeyJsonValueFromContainer(&properties->root, "opens", strlen("opens"), &buffer) : NULL;
	if (value != NULL && value->type == jbvString)
		code_each_part_of_opened((PtText) {value->val.string.val, value->val.string.len}, grammar, add_to_array, &tokens);
	value = getKeyJsonValueFromContainer(&properties->root, "fields", strlen("fields"), &buffer);
	if (value != NULL && value->type == jbvBinary && JsonContainerIsObject(value->val.binary.data))
	{
		JsonbIterator *it = JsonbIteratorInit(value->val.binary.data);
		JsonbIteratorToken token;
		JsonbValue	element;

		while ((token = JsonbIteratorNext(&it, &element, true)) != WJB_DONE)
		{
			CHECK_FOR_INTERRUPTS();
			if (token == WJB_VALUE && element.type == jbvString)
				code_each_part((PtText) {element.val.string.val, element.val.string.len}, grammar, add_to_array,
							   &tokens);
		}
	}
	return array_or_null(fcinfo, &tokens);
}

Datum
pt_module_word(PG_FUNCTION_ARGS)
{
	PtText		path = code_text_argument(fcinfo, 0);
	bool		is_index;
	PtText		word = code_module_word(path, &is_index);

	PG_RETURN_TEXT_P(cstring_to_text_with_len(word.bytes, word.length));
}

Datum
pt_has_modules(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL((code_language(code_text_argument(fcinfo, 0))->grammar & NAME_MODULES) != 0);
}
