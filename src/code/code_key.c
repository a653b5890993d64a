/*
 * code_key.c
 *		pt_key_kind, pt_key_name, pt_key_language, pt_key_type, pt_key_path: what
 *		the text of a key says; pt_max_key_bytes: how long a key may be.
 *
 * Keys are opaque to the graph; these functions read the forms that the
 * releases of Parseltongue have written. In order of the rules, first match
 * wins:
 *
 *	LANGUAGE|||TYPE|||SCOPE|||NAME|||PATH|||PLACE	as below
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
 *	rust|||fn|||auth::service|||login|||src/auth/service.rs|||sig_v3
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
 * either. In the first form SCOPE, PATH and PLACE may be empty; its kind is told
 * by TYPE and PATH as that of other forms is. In the next three NAME is all
 * between TYPE and the marker, colons included; in the others it ends before the
 * first separator, which is a colon that does not belong to a "::" and is in no
 * parenthesis: of a run of an odd number of colons the first separates, a run of
 * an even number is text. So the name in "rust:module:super::super:0-0" is
 * super::super, and in "cpp:fn:::main:src_a_cpp:1-2" it is ::main. The PATH of a
 * file is all up to the lines: C:\src\a.rs is one.
 *
 * HASH is 6 to 64 lower-case hexadecimal digits, TYPE before it is letters and
 * underscores, NAME what stands before that up to the next hyphen, PATH not
 * empty and such a key has no colon, but that of a drive. (PATH may contain hyphens.)
 * That form does not tell its language. A key that fits none of these is its own name.
 *
 * A marker counts only in front of the lines 0-0: a file may be called
 * unknown.
 *
 * All separators are ASCII, which in every server encoding is never part of
 * another character. Keys may have megabytes.
 */
#include "postgres.h"

#include "base/pt_varatt.h"
#include "code/code_key.h"
#include "code/code_path.h"
#include "code/code_text.h"
#include "fmgr.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(pt_key_kind);
PG_FUNCTION_INFO_V1(pt_key_name);
PG_FUNCTION_INFO_V1(pt_key_language);
PG_FUNCTION_INFO_V1(pt_key_type);
PG_FUNCTION_INFO_V1(pt_key_path);
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

/* How long a parenthesis is that a text begins with; 0 if it does not end. */
static int
parenthesis_length(const char *at, const char *end)
{
	int			depth = 0;

	for (const char *c = at; c < end; c++)
	{
		if (*c == '(')
			depth++;
		else if (*c == ')' && --depth == 0)
			return c + 1 - at;
	}
	return 0;
}

/*
 * The length of the name at the start of a text: up to the first separator that
 * is not in a parenthesis, as the one of init(from:) in Swift is.
 */
static int
name_length(PtText part)
{
	int			at = 0;
	bool		opens = true;	/* may a parenthesis end? */

	while (at < part.length)
	{
		int			run = 0;

		if (part.bytes[at] == '(' && opens)
		{
			int			length = parenthesis_length(part.bytes + at, part.bytes + part.length);

			at += length;
			opens = length > 0;
			if (opens)
				continue;
		}
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

/* PATH-NAME-TYPE-HASH: its parts, or false. */
static bool
parse_hyphens(PtText key, CodeKey *parsed)
{
	PtText	   *hash = &parsed->place;

	return split_last_hyphen(&key, hash) &&
		hash->length >= 6 && hash->length <= 64 && code_consists_of(*hash, "0123456789abcdef") &&
		split_last_hyphen(&key, &parsed->type) &&
		code_consists_of(parsed->type, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") &&
		split_last_hyphen(&key, &parsed->name) && parsed->name.length > 0 &&
		(parsed->path = key).length > 0;
}

/* 1-10 or T1706284800: no path, but the last part of a key that has one */
static bool
is_place(PtText part)
{
	return code_consists_of(part, "0123456789-") ||
		(part.length > 1 && part.bytes[0] == 'T' &&
		 code_consists_of((PtText) {part.bytes + 1, part.length - 1}, "0123456789"));
}

/*
 * The path in "PATH[:PLACE]", what follows the name of a local key and a colon;
 * its bytes are NULL if there is none.
 */
static PtText
find_path(PtText rest, PtText *place)
{
	PtText		none = {NULL, 0};
	PtText		tail;
	int			last = rest.length;

	while (last > 0 && rest.bytes[last - 1] != ':')
		last--;
	tail = (PtText) {rest.bytes + last, rest.length - last};
	if (is_place(tail))
	{
		*place = tail;
		rest.length = Max(0, last - 1);
	}
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

	parsed->type = (PtText) {first + 1, second - first - 1};
	if (pt_text_is(parsed->type, "file"))
	{
		parsed->kind = CODE_KEY_FILE;
		parsed->name = parsed->path = find_path(rest, &parsed->place);
	}
	else if (parsed->name.length < rest.length)
		parsed->path = find_path((PtText) {rest.bytes + parsed->name.length + 1,
									rest.length - parsed->name.length - 1}, &parsed->place);
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

#define BARS "|||"

/*
 * Cut the text behind its first part; that part. It may be an operator of bars:
 * of a run of four or five the last three separate. False without a separator.
 */
static bool
split_bars(PtText *rest, PtText *part)
{
	int			run = 0;
	int			at;

	while (run < rest->length && rest->bytes[run] == '|')
		run++;
	if (run == 4 || run == 5)
		at = run - 3;
	else
	{
		for (at = 0; at + 3 <= rest->length; at++)
		{
			if (memcmp(rest->bytes + at, BARS, 3) == 0)
				break;
		}
	}
	if (at + 3 > rest->length)
		return false;
	*part = (PtText) {rest->bytes, at};
	rest->bytes += at + 3;
	rest->length -= at + 3;
	return true;
}

/* LANGUAGE|||TYPE|||SCOPE|||NAME|||PATH|||PLACE: its parts, or false. */
static bool
parse_bars(PtText key, CodeKey *parsed)
{
	if (!split_bars(&key, &parsed->language) || parsed->language.length == 0 ||
		!split_bars(&key, &parsed->type) || parsed->type.length == 0 ||
		!split_bars(&key, &parsed->scope) ||
		!split_bars(&key, &parsed->name) || parsed->name.length == 0 ||
		!split_bars(&key, &parsed->path))
		return false;
	parsed->place = key;
	parsed->kind = CODE_KEY_LOCAL;
	if (pt_text_is(parsed->type, "file"))
		parsed->kind = CODE_KEY_FILE;
	else if (pt_text_is(parsed->path, "unresolved-reference") || pt_text_is(parsed->path, "unknown"))
		parsed->kind = CODE_KEY_UNRESOLVED;
	else if (parsed->path.length > strlen(EXTERNAL) - 1 &&
			 memcmp(parsed->path.bytes, EXTERNAL + 1, strlen(EXTERNAL) - 1) == 0)
		parsed->kind = CODE_KEY_EXTERNAL;
	else if (parsed->path.length == 0)
		parsed->kind = CODE_KEY_IMPORT;
	if (parsed->kind == CODE_KEY_FILE && parsed->path.length == 0)
		parsed->path = parsed->name;
	else if (parsed->kind != CODE_KEY_LOCAL && parsed->kind != CODE_KEY_FILE)
		parsed->path.bytes = NULL;
	return true;
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
	CodeKey		parsed = {0};
	int			drive = code_drive_length(key);
	bool		has_colon = memchr(key.bytes + drive, ':', key.length - drive) != NULL;

	if (memchr(key.bytes, '|', key.length) != NULL && parse_bars(key, &parsed))
		return parsed;
	parsed = (CodeKey) {0};
	if (has_colon && parse_colons(key, &parsed))
		return parsed;
	parsed = (CodeKey) {0};
	if (!has_colon && parse_hyphens(key, &parsed))
		return parsed;
	parsed = (CodeKey) {.type = second_part(key), .name = key};
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
pt_key_type(PG_FUNCTION_ARGS)
{
	PtText		type = parse_key(PG_GETARG_TEXT_PP(0)).type;

	if (type.length == 0)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(type.bytes, type.length));
}

Datum
pt_key_path(PG_FUNCTION_ARGS)
{
	PtText		path = parse_key(PG_GETARG_TEXT_PP(0)).path;

	if (path.bytes == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(path.bytes, path.length));
}

Datum
pt_max_key_bytes(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(CODE_MAX_KEY_BYTES);
}
