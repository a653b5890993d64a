/*
 * code_key.c
 *		pt_key_kind, pt_key_name, pt_key_language, pt_key_path: what the text
 *		of a key says; pt_match_name, pt_match_qualifier: what names are
 *		compared by; pt_max_key_bytes: how long a key may be.
 *
 * Keys are opaque to the graph; these functions read the forms that the
 * releases of Parseltongue have written. In order of the rules, first match
 * wins:
 *
 *	LANGUAGE:TYPE:NAME:unresolved-reference:0-0		unresolved
 *	LANGUAGE:TYPE:NAME:unknown:0-0					unresolved
 *	LANGUAGE:TYPE:NAME:external-dependency-PACKAGE:0-0	external
 *	LANGUAGE:file:PATH...							file
 *	LANGUAGE:TYPE:NAME:0-0							import
 *	LANGUAGE:TYPE:NAME[:ANYTHING]					local
 *	PATH-NAME-TYPE-HASH								local
 *	anything else									local
 *
 * for example, in the same order,
 *
 *	rust:fn:build_cli:unresolved-reference:0-0
 *	rust:fn:new:unknown:0-0
 *	rust:module:Parser:external-dependency-clap:0-0
 *	rust:file:./src/entities.rs:1-1
 *	rust:module:std::fmt:0-0
 *	rust:fn:main:__src_main_rs:1-10, rust:fn:auth:__src_auth:T1706284800
 *	src_lib_rs-new_feature-fn-abc12345
 *	main
 *
 * LANGUAGE and TYPE are the first two parts, not empty. NAME is not empty
 * either. In the first three forms it is all between TYPE and the marker,
 * colons included; in the others it ends before the first separator, which is
 * a colon that does not belong to a "::": of a run of an odd number of colons
 * the first separates, a run of an even number is text. So the name in
 * "rust:module:super::super:0-0" is super::super, and in
 * "cpp:fn:::main:src_a_cpp:1-2" it is ::main.
 *
 * HASH is 6 to 64 lower-case hexadecimal digits, TYPE before it is letters and
 * underscores, NAME what stands before that up to the next hyphen, PATH not
 * empty and such a key has no colon. (PATH may contain hyphens.) That form
 * does not tell its language. A key that fits none of these is its own name.
 *
 * A marker counts only in front of the lines 0-0: a file may be called
 * unknown.
 *
 * All separators are ASCII, which in every server encoding is never part of
 * another character. Keys may have megabytes.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "base/pt_varatt.h"
#include "code/code_key.h"
#include "fmgr.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(pt_key_kind);
PG_FUNCTION_INFO_V1(pt_key_name);
PG_FUNCTION_INFO_V1(pt_key_language);
PG_FUNCTION_INFO_V1(pt_key_path);
PG_FUNCTION_INFO_V1(pt_match_name);
PG_FUNCTION_INFO_V1(pt_match_qualifier);
PG_FUNCTION_INFO_V1(pt_max_key_bytes);

/* by kind */
static const char *const kinds[] = {"local", "file", "import", "external", "unresolved"};

#define NO_LINES ":0-0"
#define EXTERNAL ":external-dependency-"

/* Does the text end with suffix, and something come before it? */
static bool
ends_with(PtText part, const char *suffix)
{
	int			length = strlen(suffix);

	return part.length > length &&
		memcmp(part.bytes + part.length - length, suffix, length) == 0;
}

/* Where the last occurrence of a marker begins, past the first byte; or -1. */
static int
last_occurrence(PtText part, const char *marker)
{
	int			length = strlen(marker);

	for (int at = part.length - length; at > 0; at--)
	{
		if (memcmp(part.bytes + at, marker, length) == 0)
			return at;
	}
	return -1;
}

/* The length of the name at the start of a text: up to the first separator. */
static int
name_length(PtText part)
{
	int			at = 0;

	while (at < part.length)
	{
		int			run = 0;

		while (at + run < part.length && part.bytes[at + run] == ':')
			run++;
		if (run % 2 == 1)
			break;
		at += Max(run, 1);
	}
	return at;
}

/* Cut the text before its last hyphen; what is after it. False without one. */
static bool
split_last_hyphen(PtText *part, PtText *tail)
{
	for (int at = part->length - 1; at >= 0; at--)
	{
		if (part->bytes[at] == '-')
		{
			tail->bytes = part->bytes + at + 1;
			tail->length = part->length - at - 1;
			part->length = at;
			return true;
		}
	}
	return false;
}

static bool
consists_of(PtText part, const char *characters)
{
	for (int i = 0; i < part.length; i++)
	{
		if (part.bytes[i] == '\0' || strchr(characters, part.bytes[i]) == NULL)
			return false;
	}
	return part.length > 0;
}

/* PATH-NAME-TYPE-HASH: its parts, or false. */
static bool
parse_hyphens(PtText key, PtText *type, PtText *name, PtText *path)
{
	PtText		hash;

	return split_last_hyphen(&key, &hash) &&
		hash.length >= 6 && hash.length <= 64 && consists_of(hash, "0123456789abcdef") &&
		split_last_hyphen(&key, type) &&
		consists_of(*type, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") &&
		split_last_hyphen(&key, name) && name->length > 0 && (*path = key).length > 0;
}

/* 1-10 or T1706284800: no path, but the last part of a key that has one */
static bool
is_place(PtText part)
{
	return consists_of(part, "0123456789-") ||
		(part.length > 1 && part.bytes[0] == 'T' &&
		 consists_of((PtText) {part.bytes + 1, part.length - 1}, "0123456789"));
}

/* The path in ":PATH[:PLACE]", what follows the name of a local key. */
static PtText
find_path(PtText rest)
{
	PtText		none = {NULL, 0};
	int			last;

	if (rest.length < 2)
		return none;
	rest.bytes++;
	rest.length--;
	last = rest.length;
	while (last > 0 && rest.bytes[last - 1] != ':')
		last--;
	if (is_place((PtText) {rest.bytes + last, rest.length - last}))
		rest.length = Max(0, last - 1);
	return rest.length > 0 ? rest : none;
}

/* LANGUAGE:TYPE:NAME...: all three, or false. */
static bool
parse_colons(PtText key, CodeKey *parsed)
{
	const char *first = memchr(key.bytes, ':', key.length);
	const char *second = first ? memchr(first + 1, ':', key.bytes + key.length - first - 1) : NULL;
	PtText		rest;
	int			at;

	if (second == NULL || first == key.bytes || second == first + 1)
		return false;
	rest.bytes = second + 1;
	rest.length = key.bytes + key.length - rest.bytes;
	parsed->language.bytes = key.bytes;
	parsed->language.length = first - key.bytes;
	parsed->kind = CODE_KEY_LOCAL;
	parsed->name = rest;
	parsed->name.length = name_length(rest);

	parsed->path = find_path((PtText) {rest.bytes + parsed->name.length,
								rest.length - parsed->name.length});
	if (second - first == 5 && memcmp(first, ":file", 5) == 0)
	{
		parsed->kind = CODE_KEY_FILE;
		parsed->path = parsed->name;
	}
	if (ends_with(rest, NO_LINES))
	{
		PtText		unmarked = {rest.bytes, rest.length - (int) strlen(NO_LINES)};

		if (ends_with(unmarked, ":unresolved-reference"))
		{
			parsed->kind = CODE_KEY_UNRESOLVED;
			parsed->name.length = unmarked.length - strlen(":unresolved-reference");
		}
		else if (ends_with(unmarked, ":unknown"))
		{
			parsed->kind = CODE_KEY_UNRESOLVED;
			parsed->name.length = unmarked.length - strlen(":unknown");
		}
		else if ((at = last_occurrence(unmarked, EXTERNAL)) > 0)
		{
			parsed->kind = CODE_KEY_EXTERNAL;
			parsed->name.length = at;
		}
		else if (parsed->name.length == unmarked.length && parsed->kind == CODE_KEY_LOCAL)
			parsed->kind = CODE_KEY_IMPORT;
	}
	if (parsed->kind != CODE_KEY_LOCAL && parsed->kind != CODE_KEY_FILE)
		parsed->path.bytes = NULL;
	return parsed->name.length > 0;
}

/* What is between the first colon and the second, or the end. */
static PtText
second_part(PtText key)
{
	const char *end = key.bytes + key.length;
	const char *first = memchr(key.bytes, ':', key.length);
	const char *second;

	if (first == NULL)
		return (PtText) {"", 0};
	first++;
	second = memchr(first, ':', end - first);
	return (PtText) {first, (second == NULL ? end : second) - first};
}

CodeKey
code_parse_key(PtText key)
{
	CodeKey		parsed;

	if (!parse_colons(key, &parsed))
	{
		parsed.kind = CODE_KEY_LOCAL;
		parsed.language.bytes = NULL;
		if (memchr(key.bytes, ':', key.length) == NULL &&
			parse_hyphens(key, &parsed.type, &parsed.name, &parsed.path))
			return parsed;
		parsed.name = key;
		parsed.path.bytes = NULL;
	}
	parsed.type = second_part(key);
	return parsed;
}

static CodeKey
parse_key(text *key)
{
	return code_parse_key((PtText) {VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key)});
}

Datum
pt_key_kind(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(kinds[parse_key(PG_GETARG_TEXT_PP(0)).kind]));
}

Datum
pt_key_name(PG_FUNCTION_ARGS)
{
	PtText		name = parse_key(PG_GETARG_TEXT_PP(0)).name;

	PG_RETURN_TEXT_P(cstring_to_text_with_len(name.bytes, name.length));
}

Datum
pt_key_language(PG_FUNCTION_ARGS)
{
	PtText		language = parse_key(PG_GETARG_TEXT_PP(0)).language;

	if (language.bytes == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(language.bytes, language.length));
}

Datum
pt_key_path(PG_FUNCTION_ARGS)
{
	PtText		path = parse_key(PG_GETARG_TEXT_PP(0)).path;

	if (path.bytes == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(path.bytes, path.length));
}

/* Does a marker, what a key has in place of a bracket, end at this byte? */
static bool
ends_marker(PtText name, int at, const char *marker)
{
	int			length = strlen(marker);

	return at + 1 >= length && memcmp(name.bytes + at + 1 - length, marker, length) == 0;
}

/* collect::<T>, or collect::__lt__T__gt__, without its ::<T> */
static PtText
without_turbofish(PtText name)
{
	int			depth = 0;

	for (int at = name.length - 1; at > 2; at--)
	{
		bool		arrow = name.bytes[at] == '>' && name.bytes[at - 1] == '-';
		bool		opens = name.bytes[at] == '<' || ends_marker(name, at, "__lt__");

		pt_check_interrupts(at);
		if ((name.bytes[at] == '>' && !arrow) || ends_marker(name, at, "__gt__"))
			depth++;
		else if (opens && --depth == 0)
		{
			if (name.bytes[at] != '<')
				at -= strlen("__lt__") - 1;
			if (at > 2 && name.bytes[at - 1] == ':' && name.bytes[at - 2] == ':')
				name.length = at - 2;
			break;
		}
		if (depth <= 0)
			break;				/* no bracket at the end */
	}
	return name;
}

/* of lib/utils.js, utils; an empty part if this is no path */
static PtText
last_of_path(PtText name)
{
	PtText		part = {name.bytes, 0};
	int			at = name.length;

	while (at > 0 && name.bytes[at - 1] != '/')
		at--;
	if (at == 0)
		return part;
	part.bytes = name.bytes + at;
	part.length = name.length - at;
	for (int dot = part.length - 1; dot > 0; dot--)
	{
		if (part.bytes[dot] == '.')
		{
			part.length = dot;
			break;
		}
	}
	return part;
}

/*
 * The length of the operator's symbol, or of what a key has for it, that ends
 * here.
 */
static int
symbol_length(PtText name)
{
	static const char *const markers[] = {"__lt__", "__gt__", "__lb__", "__rb__", "__c__"};
	char		last = name.length > 0 ? name.bytes[name.length - 1] : '\0';

	if (last != '\0' && strchr("+-*/%^&|~!=<>,()[]", last) != NULL)
		return 1;
	for (int i = 0; i < lengthof(markers); i++)
	{
		if (ends_marker(name, name.length - 1, markers[i]))
			return strlen(markers[i]);
	}
	return 0;
}

/*
 * Of ns::operator<<, operator<<: its brackets hide nothing, and its / makes no
 * path. An empty part if this is no operator of C++.
 */
static PtText
operator_part(PtText name)
{
	const int	length = strlen("operator");
	PtText		before = name;
	PtText		none = {name.bytes, 0};
	int			symbol;

	while ((symbol = symbol_length(before)) > 0)
	{
		pt_check_interrupts(before.length);
		before.length -= symbol;
	}
	if (before.length == name.length || before.length < length ||
		memcmp(before.bytes + before.length - length, "operator", length) != 0)
		return none;
	before.length -= length;
	if (before.length > 0 && before.bytes[before.length - 1] != '.' &&
		!ends_with(before, "::") && !ends_with(before, "->") && !pt_text_is(before, "::"))
		return none;
	return (PtText) {name.bytes + before.length, name.length - before.length};
}

/*
 * The last part of a qualified name: an operator; of a path, the file without
 * its extension; else what is after the last ::, . or -> that is not within
 * <>. The whole name if nothing follows.
 */
static PtText
last_part(PtText name)
{
	PtText		operator = operator_part(name);
	PtText		of_path = last_of_path(name);
	int			depth = 0;

	if (operator.length > 0)
		return operator;
	if (of_path.length > 0)
		return of_path;
	name = without_turbofish(name);
	for (int at = name.length - 1; at > 0; at--)
	{
		char		c = name.bytes[at - 1];
		bool		arrow = name.bytes[at] == '>' && c == '-';
		bool		ends_here = c == '.' ||
			(c == ':' && at > 1 && name.bytes[at - 2] == ':') ||
			(c == '>' && at > 1 && name.bytes[at - 2] == '-');

		pt_check_interrupts(at);
		if ((name.bytes[at] == '>' && !arrow) || ends_marker(name, at, "__gt__"))
			depth++;
		else if (name.bytes[at] == '<' || ends_marker(name, at, "__lt__"))
			depth--;
		if (depth <= 0 && ends_here)
			return (PtText) {name.bytes + at, name.length - at};
	}
	return name;
}

/* What Parseltongue writes for characters that it keeps out of keys. */
static const char *
sanitized(char c)
{
	switch (c)
	{
		case '<':
			return "__lt__";
		case '>':
			return "__gt__";
		case '[':
			return "__lb__";
		case ']':
			return "__rb__";
		case '{':
			return "__lc__";
		case '}':
			return "__rc__";
		case ',':
			return "__c__";
		case ' ':
			return "_";
		default:
			return NULL;
	}
}

void
code_match_name(PtText name, StringInfo result)
{
	PtText		part = last_part(name);

	resetStringInfo(result);
	for (int i = 0; i < part.length; i++)
	{
		const char *replacement = sanitized(part.bytes[i]);

		pt_check_interrupts(i);
		if (replacement == NULL)
			appendStringInfoCharMacro(result, part.bytes[i]);
		else
			appendStringInfoString(result, replacement);
		/* a comma and the space after it are one */
		if (part.bytes[i] == ',' && i + 1 < part.length && part.bytes[i + 1] == ' ')
			i++;
	}
}

PtText
code_match_qualifier(PtText name)
{
	name.length = last_part(name).bytes - name.bytes;
	return name;
}

Datum
pt_match_name(PG_FUNCTION_ARGS)
{
	text	   *name = PG_GETARG_TEXT_PP(0);
	StringInfoData result;

	initStringInfo(&result);
	code_match_name((PtText) {VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name)}, &result);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(result.data, result.len));
}

Datum
pt_match_qualifier(PG_FUNCTION_ARGS)
{
	text	   *name = PG_GETARG_TEXT_PP(0);
	PtText		qualifier = code_match_qualifier((PtText) {VARDATA_ANY(name),
													 VARSIZE_ANY_EXHDR(name)});

	PG_RETURN_TEXT_P(cstring_to_text_with_len(qualifier.bytes, qualifier.length));
}

Datum
pt_max_key_bytes(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(CODE_MAX_KEY_BYTES);
}
