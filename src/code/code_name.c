/*
 * code_name.c
 *		pt_match_name, pt_match_qualifier, pt_query_name, pt_reference_name,
 *		pt_entity_name, pt_entity_file: what names are compared by.
 *
 * A reference may be qualified and have arguments, and its definition may have
 * neither: client::send::<u32> means send. Of a name the last part counts,
 * split at what separates names in its language, without arguments in
 * brackets. What only looks like a separator or a bracket is left alone: in
 * operators, in the names of lambdas and other nameless things, which begin
 * with a bracket, and between quotes.
 *
 * Keys may have __lt__ for < and so on; both forms of a name are one. All that
 * is looked for is ASCII, which in every server encoding is never part of
 * another character. Names may have megabytes.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "catalog/pg_type.h"
#include "code/code_key.h"
#include "code/code_name.h"
#include "code/code_path.h"
#include "code/code_text.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(pt_match_name_0_2);
PG_FUNCTION_INFO_V1(pt_match_qualifier_0_2);
PG_FUNCTION_INFO_V1(pt_query_name);
PG_FUNCTION_INFO_V1(pt_reference_name);
PG_FUNCTION_INFO_V1(pt_entity_name);
PG_FUNCTION_INFO_V1(pt_entity_file);

typedef struct Bracket
{
	char		opening;
	char		closing;
	const char *opening_marker;
	const char *closing_marker;
	uint32		grammar;		/* of languages where it has arguments */
} Bracket;

static const Bracket brackets[] = {
	{'<', '>', "__lt__", "__gt__", NAME_ANGLES},
	{'[', ']', "__lb__", "__rb__", NAME_SQUARES},
	{'(', ')', NULL, NULL, NAME_ROUNDS},
	{'{', '}', "__lc__", "__rc__", 0},
};

/* ---- pieces of names ---- */

static bool
ends_with(PtText part, const char *suffix)
{
	int			length = strlen(suffix);

	return part.length >= length &&
		memcmp(part.bytes + part.length - length, suffix, length) == 0;
}

/* The text up to a place. */
static PtText
up_to(PtText name, int at)
{
	return (PtText) {name.bytes, at};
}

static PtText
from(PtText name, int at)
{
	return (PtText) {name.bytes + at, name.length - at};
}

/* A byte that an identifier ends with: a letter in any script, a digit. */
static bool
ends_identifier(char c)
{
	return IS_HIGHBIT_SET(c) || (c != '\0' && strchr("_$`\"?!'", c) != NULL) ||
		(c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Does a separator end right before this place? */
static bool
is_after_separator(PtText name, int at, const CodeLanguage *language)
{
	const char *end = name.bytes + name.length;

	return at > 0 && (code_separator(language, name.bytes, name.bytes + at - 1, end) == 1 ||
					  (at > 1 && code_separator(language, name.bytes, name.bytes + at - 2, end) == 2));
}

/* The length of the bracket that ends at the end of a text, or 0. */
static int
closing_length(PtText name, const Bracket *bracket)
{
	if (name.length > 0 && name.bytes[name.length - 1] == bracket->closing)
		return bracket->closing == '>' && ends_with(name, "->") ? 0 : 1;
	if (bracket->closing_marker != NULL && ends_with(name, bracket->closing_marker))
		return strlen(bracket->closing_marker);
	return 0;
}

static int
opening_length(PtText name, const Bracket *bracket)
{
	if (name.length > 0 && name.bytes[name.length - 1] == bracket->opening)
		return 1;
	if (bracket->opening_marker != NULL && ends_with(name, bracket->opening_marker))
		return strlen(bracket->opening_marker);
	return 0;
}

/* Where the bracket at the end of a name begins, or -1 if it does not. */
static int
find_opening(PtText name, const Bracket *bracket)
{
	int			depth = 0;

	while (name.length > 0)
	{
		int			closes = closing_length(name, bracket);
		int			opens = opening_length(name, bracket);

		pt_check_interrupts(name.length);
		if (closes > 0)
			depth++;
		name.length -= Max(closes, Max(opens, 1));
		if (opens > 0 && --depth == 0)
			return name.length;
	}
	return -1;
}

/* Is it called lambda, anonymous or the like, after its bracket? */
static bool
is_nameless(PtText bracketed)
{
	static const char *const words[] = {"lambda", "anonymous", "unnamed", "closure"};
	int			skip = ends_with(up_to(bracketed, Min(6, bracketed.length)), "__lt__") ? 6 : 1;

	for (int i = 0; i < lengthof(words); i++)
	{
		int			length = strlen(words[i]);

		if (bracketed.length >= skip + length &&
			pg_strncasecmp(bracketed.bytes + skip, words[i], length) == 0)
			return true;
	}
	return false;
}

/* Does a bracket that ends here hold arguments? In all languages f() is a call. */
static bool
holds_arguments(PtText name, const Bracket *bracket, const CodeLanguage *language)
{
	int			closes = closing_length(name, bracket);
	PtText		inner = up_to(name, name.length - closes);

	if (closes == 0)
		return false;
	return (language->grammar & bracket->grammar) != 0 ||
		(opening_length(inner, bracket) > 0 &&
		 (bracket->opening == '(' ||
		  (bracket->opening == '[' && (language->grammar & NAME_ARRAYS) != 0)));
}

/*
 * Without what is in brackets at its end and belongs to the identifier before
 * them: Vec<T>, collect::<T>, Map[K, V], f(int).
 */
static PtText
without_arguments(PtText name, const CodeLanguage *language)
{
	for (;;)
	{
		int			opening = -1;
		PtText		before;

		for (int i = 0; i < lengthof(brackets) && opening < 0; i++)
		{
			if (holds_arguments(name, &brackets[i], language))
				opening = find_opening(name, &brackets[i]);
		}
		if (opening <= 0)
			return name;
		before = up_to(name, opening);
		if (ends_with(before, "::") && !is_nameless(from(name, opening)) &&
			strcmp(language->family ? language->family : "", "c") != 0)
			before.length -= 2;
		/* f<T>(int): type arguments are next */
		if (before.length == 0 || (!ends_identifier(before.bytes[before.length - 1]) &&
								   strchr(">]", before.bytes[before.length - 1]) == NULL))
			return name;
		name = before;
	}
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
		if (ends_with(name, markers[i]))
			return strlen(markers[i]);
	}
	return 0;
}

/* ---- the last part, by what it may be ---- */

/* Does "operator" stand at this place, as the beginning of a part? */
static bool
begins_operator(PtText name, int at)
{
	const int	length = strlen("operator");
	PtText		before = up_to(name, at);

	return at >= 0 && at + length <= name.length &&
		memcmp(name.bytes + at, "operator", length) == 0 &&
		(at == 0 || before.bytes[at - 1] == '.' || ends_with(before, "::") ||
		 ends_with(before, "->"));
}

/* Of ns::operator<<, operator<<: its brackets hide nothing, and its / makes no path. */
static PtText
symbolic_operator(PtText name)
{
	PtText		none = {name.bytes, 0};
	PtText		before = name;
	int			symbol;

	while ((symbol = symbol_length(before)) > 0)
	{
		pt_check_interrupts(before.length);
		before.length -= symbol;
	}
	/* C# has a space there, and keys an underscore for it */
	if (before.length < name.length &&
		(ends_with(before, "operator ") || ends_with(before, "operator_")))
		before.length--;
	before.length -= strlen("operator");
	if (before.length + (int) strlen("operator") == name.length ||
		!begins_operator(name, before.length))
		return none;
	return from(name, before.length);
}

int
code_find_parameters(PtText name)
{
	return closing_length(name, &brackets[2]) > 0 ? find_opening(name, &brackets[2]) : -1;
}

/*
 * An operator of C++ or C#; an empty part if it is none. A conversion or a
 * literal has a word, operator std::string, operator""_km; one with a symbol
 * may have arguments.
 */
static PtText
operator_part(PtText name)
{
	int			length = strlen("operator");
	int			parameters = code_find_parameters(name);
	PtText		part = symbolic_operator(up_to(name, Max(parameters, 0)));

	/* these may be its own brackets */
	if (part.length == 0)
		part = symbolic_operator(name);
	if (part.length > 0)
		return part;
	if (closing_length(name, &brackets[0]) > 0)
	{
		int			opening = find_opening(name, &brackets[0]);

		if (opening > 0 && ends_identifier(name.bytes[opening + (name.bytes[opening] == '<' ? 1 : 6)]))
			part = symbolic_operator(up_to(name, opening));
		if (part.length > 0)
			return part;
	}
	for (int at = 0; at + length < name.length; at++)
	{
		char		after = name.bytes[at + length];

		pt_check_interrupts(at);
		if ((after == ' ' || after == '"') && begins_operator(name, at))
			return from(parameters > at ? up_to(name, parameters) : name, at);
	}
	return part;
}

/* Of Foo#<=>, <=>, in a language whose operators are names as they stand. */
static PtText
symbol_part(PtText name, const CodeLanguage *language)
{
	int			at = name.length;
	int			separator;

	while (at > 0 && name.bytes[at - 1] != '\0' &&
		   strchr("+-*/%^&|~!=<>?@#:.[]\\", name.bytes[at - 1]) != NULL)
		at--;
	if (at == 0)
		return name;
	separator = code_separator(language, name.bytes, name.bytes + at, name.bytes + name.length);
	if (at == name.length || separator == 0 || at + separator == name.length)
		return (PtText) {name.bytes, 0};
	return from(name, at + separator);
}

/* Of lib/utils.js, utils; an empty part if this is no path of a file. */
static PtText
file_part(PtText name, const CodeLanguage *language)
{
	PtText		none = {name.bytes, 0};
	PtText		part = name;
	int			dot = 0;
	int			at = name.length;

	while (at > 0 && !code_is_slash(name.bytes[at - 1]))
		at--;
	if (at == 0 || at == name.length)
		return none;
	part = from(name, at);
	for (int i = 0; i < part.length; i++)
	{
		if (part.bytes[i] == '.')
			dot = i;
		else if (code_separator(language, part.bytes, part.bytes + i, part.bytes + part.length) > 0 ||
				 strchr("<>()", part.bytes[i]) != NULL)
			return none;
	}
	if (!(language->grammar & NAME_FILES) &&
		(dot == 0 || !code_is_extension(from(part, dot + 1))))
		return none;
	if (dot > 0)
		part.length = dot;
	/* what only declares: x.d.ts */
	if (dot > 2 && strcmp(language->family ? language->family : "", "javascript") == 0 &&
		ends_with(part, ".d"))
		part.length -= 2;
	return part;
}

/* Of a.`b c.d`, what is between the quotes, with these. */
static PtText
quoted_part(PtText name, const CodeLanguage *language)
{
	char		quote = name.length > 1 ? name.bytes[name.length - 1] : '\0';
	int			at = name.length - 2;

	if (quote == '`' || quote == '"')
	{
		while (at > 0 && name.bytes[at] != quote)
			at--;
		if (name.bytes[at] == quote && (at == 0 || is_after_separator(name, at, language)))
			return from(name, at);
	}
	return (PtText) {name.bytes, 0};
}

/* What is after the last separator that is not within brackets. */
static PtText
separated_part(PtText name, const CodeLanguage *language)
{
	int			depth = 0;

	for (int at = name.length - 1; at > 0; at--)
	{
		PtText		before = up_to(name, at + 1);

		pt_check_interrupts(at);
		for (int i = 0; i < lengthof(brackets); i++)
		{
			if (brackets[i].opening == '<' && !(language->grammar & NAME_ANGLES))
				continue;
			if (closing_length(before, &brackets[i]) > 0)
				depth++;
			else if (opening_length(before, &brackets[i]) > 0)
				depth--;
		}
		/* what Java calls a lambda, lambda$main$0, is one part */
		if (depth <= 0 && is_after_separator(name, at, language) &&
			!ends_with(up_to(name, at), "lambda$"))
			return from(name, at);
	}
	return name;
}

/* Without the mark of an optional type, or of several: of List<T>?, List<T>. */
static PtText
without_optional(PtText name, const CodeLanguage *language)
{
	while ((language->grammar & NAME_OPTIONAL) && name.length > 1 &&
		   (name.bytes[name.length - 1] == '?' || name.bytes[name.length - 1] == '!'))
		name.length--;
	if ((language->grammar & NAME_ARRAYS) && name.length > 3 && ends_with(name, "..."))
		name.length -= 3;
	return name;
}

/* A word that ends a text, behind a space or what a key has for it; 0 if it does not. */
static int
last_word_length(PtText name, const char *word)
{
	int			length = strlen(word);

	return ends_with(name, word) && name.length > length &&
		strchr(" _", name.bytes[name.length - length - 1]) != NULL ? length + 1 : 0;
}

/* Of C++'s f(int) const noexcept, f(int). */
static PtText
without_specifiers(PtText name)
{
	static const char *const words[] = {"const", "volatile", "noexcept", "override", "final", "&", "&&"};
	PtText		rest = name;

	for (int i = 0; i < lengthof(words);)
	{
		int			length = last_word_length(rest, words[i]);

		pt_check_interrupts(rest.length);
		rest.length -= length;
		i = length > 0 ? 0 : i + 1;
	}
	return rest.length > 0 && rest.bytes[rest.length - 1] == ')' ? rest : name;
}

/* What <stdio.h> and "util.h" have in their brackets or quotes. */
static PtText
without_delimiters(PtText name)
{
	int			closes = closing_length(name, &brackets[0]);
	int			opens = name.length > 0 && name.bytes[0] == '<' ? 1 : strlen("__lt__");

	if (name.length > 2 && name.bytes[0] == '"' && name.bytes[name.length - 1] == '"' &&
		memchr(name.bytes + 1, '"', name.length - 2) == NULL)
		return (PtText) {name.bytes + 1, name.length - 2};
	if (closes > 0 && name.length > opens + closes && find_opening(name, &brackets[0]) == 0 &&
		!is_nameless(name))
		return (PtText) {name.bytes + opens, name.length - opens - closes};
	return name;
}

/* Of <stdio.h> and net/util.h, as they are included, stdio and net/util. */
static PtText
without_include(PtText name)
{
	static const char *const headers[] = {".h", ".hh", ".hpp", ".hxx"};

	name = without_delimiters(name);
	for (int i = 0; i < lengthof(headers); i++)
	{
		int			length = strlen(headers[i]);

		if (name.length > length && ends_with(name, headers[i]))
			return up_to(name, name.length - length);
	}
	return name;
}

/* Of -[Foo bar:baz:], which Objective-C calls a method, bar:baz:. */
static PtText
without_receiver(PtText name)
{
	const Bracket *bracket = &brackets[1];
	bool		is_method = name.length > 1 && (name.bytes[0] == '-' || name.bytes[0] == '+') &&
		closing_length(name, bracket) > 0 && find_opening(name, bracket) == 1;
	bool		is_plain = is_method && name.bytes[1] == bracket->opening;
	int			start = 1 + (is_plain ? 1 : strlen(bracket->opening_marker));

	for (int i = start; is_method && i < name.length; i++)
	{
		if (name.bytes[i] == (is_plain ? ' ' : '_'))
			return (PtText) {name.bytes + i + 1, name.length - i - 1 - closing_length(name, bracket)};
	}
	return name;
}

/* Of Mod.fun/2, as Elixir and Erlang name a function by its parameters, Mod.fun. */
static PtText
without_parameter_count(PtText name)
{
	int			at = name.length;

	while (at > 0 && name.bytes[at - 1] >= '0' && name.bytes[at - 1] <= '9')
		at--;
	if (at > 1 && at < name.length && name.bytes[at - 1] == '/')
		name.length = at - 1;
	return name;
}

/* Of Foo::class, which names a type, Foo. */
static PtText
without_suffix(PtText name, const char *suffix)
{
	int			length = strlen(suffix);

	if (name.length > length && ends_with(name, suffix))
		name.length -= length;
	return name;
}

/* Without what some languages put around a name as a whole. */
static PtText
unwrapped(PtText name, const CodeLanguage *language)
{
	if (name.length == 0)
		return name;
	if (language == code_any_language())
		return without_parameter_count(name);
	if (!code_language_is_known(language))
		return name;
	if (strcmp(language->family, "c") == 0)
		return without_include(without_receiver(without_specifiers(name)));
	if (code_language_is(language, "elixir"))
		return without_parameter_count(name.length > 1 && name.bytes[0] == '&' ?
									   from(name, 1) : name);
	if (code_language_is(language, "perl") && name.length > 1 && name.bytes[0] == '&')
		return from(name, 1);
	if (code_language_is(language, "erlang"))
		return without_parameter_count(name);
	if (code_language_is(language, "php"))
		return without_suffix(name.length > 1 && name.bytes[0] == '?' ? from(name, 1) : name, "::class");
	if (code_language_is(language, "java"))
		return without_suffix(name, ".class");
	if (code_language_is(language, "kotlin"))
		return without_suffix(ends_with(name, "::class.java") ? without_suffix(name, ".java") : name, "::class");
	if (code_language_is(language, "haskell") && name.length > 2 && name.bytes[0] == '(' &&
		find_opening(name, &brackets[2]) == 0)
		return (PtText) {name.bytes + 1, name.length - 2};
	return name;
}

static PtText
last_part(PtText name, const CodeLanguage *language)
{
	PtText		part;

	name = unwrapped(name, language);
	if (language->family == NULL || strcmp(language->family, "c") == 0 ||
		strcmp(language->family, "csharp") == 0)
	{
		part = operator_part(name);
		if (part.length > 0)
			return part;
	}
	if (language->grammar & NAME_SYMBOLS)
	{
		part = symbol_part(name, language);
		if (part.length > 0)
			return part;
	}
	name = without_arguments(without_optional(name, language), language);
	part = file_part(name, language);
	if (part.length > 0)
		return part;
	part = quoted_part(name, language);
	if (part.length > 0)
		return part;
	return separated_part(name, language);
}

/* ---- what is compared ---- */

/* Without a mark before the name, if something follows. */
static PtText
without_start(PtText part, const char *mark)
{
	int			length = strlen(mark);

	if (part.length > length && memcmp(part.bytes, mark, length) == 0)
		return from(part, length);
	return part;
}

static PtText
without_end(PtText part, char mark)
{
	if (part.length > 1 && part.bytes[part.length - 1] == mark)
		part.length--;
	return part;
}

/* Of List`1 and Sort``2, List and Sort: C# counts type parameters so. */
static PtText
without_arity(PtText part)
{
	int			at = part.length;

	while (at > 0 && part.bytes[at - 1] >= '0' && part.bytes[at - 1] <= '9')
		at--;
	if (at > 1 && at < part.length && part.bytes[at - 1] == '`')
		part.length = at - 1;
	return without_end(part, '`');
}

/* Without what marks a name and is not part of it: `x`, r#x, x!, @x, $x, *x. */
static PtText
bare_part(PtText part, const CodeLanguage *language)
{
	const char *name = code_language_is_known(language) ? language->names[0] : "";
	char		first = part.length > 2 ? part.bytes[0] : '\0';

	if (first != '\0' && first == part.bytes[part.length - 1] &&
		(first == '`' || (first == '"' && strcmp(name, "sql") == 0)))
		return (PtText) {part.bytes + 1, part.length - 2};
	if (strcmp(name, "rust") == 0)
		return without_end(without_start(part, "r#"), '!');
	if (strcmp(name, "python") == 0)
		return without_start(part, "~");	/* Sphinx's short form */
	if (strcmp(name, "csharp") == 0)
		return without_arity(without_start(part, "@"));
	if (strcmp(name, "php") == 0)
		return without_start(part, "$");
	if (strcmp(name, "go") == 0)
		return without_start(part, "*");
	if (strcmp(name, "sql") == 0 && first == '[' && part.bytes[part.length - 1] == ']')
		return (PtText) {part.bytes + 1, part.length - 2};
	if (strcmp(name, "sql") == 0 && part.length > 12 && ends_with(up_to(part, 6), "__lb__") &&
		ends_with(part, "__rb__"))
		return (PtText) {part.bytes + 6, part.length - 12};
	return part;
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
code_sanitize(PtText name, StringInfo result)
{
	resetStringInfo(result);
	for (int i = 0; i < name.length; i++)
	{
		const char *replacement = sanitized(name.bytes[i]);

		pt_check_interrupts(i);
		if (replacement == NULL)
			appendStringInfoCharMacro(result, name.bytes[i]);
		else
			appendStringInfoString(result, replacement);
		/* a comma and the space after it are one */
		if (name.bytes[i] == ',' && i + 1 < name.length && name.bytes[i + 1] == ' ')
			i++;
	}
}

void
code_match_name(PtText name, const CodeLanguage *language, StringInfo result)
{
	PtText		part = bare_part(last_part(name, language), language);
	const int	length = strlen("operator ");

	code_sanitize(part, result);
	/* operator + and operator+ */
	if (part.length > length &&
		(memcmp(part.bytes, "operator ", length) == 0 || memcmp(part.bytes, "operator_", length) == 0) &&
		symbol_length(up_to(part, length + 1)) == 1)
	{
		memmove(result->data + length - 1, result->data + length, result->len - length + 1);
		result->len--;
	}
}

PtText
code_match_qualifier(PtText name, const CodeLanguage *language)
{
	name.length = last_part(name, language).bytes - name.bytes;
	return name;
}

Datum
pt_match_name_0_2(PG_FUNCTION_ARGS)
{
	StringInfoData result;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	initStringInfo(&result);
	code_match_name(code_text_argument(fcinfo, 0), code_language(code_text_argument(fcinfo, 1)), &result);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(result.data, result.len));
}

Datum
pt_match_qualifier_0_2(PG_FUNCTION_ARGS)
{
	PtText		qualifier;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	qualifier = code_match_qualifier(code_text_argument(fcinfo, 0),
									 code_language(code_text_argument(fcinfo, 1)));
	PG_RETURN_TEXT_P(cstring_to_text_with_len(qualifier.bytes, qualifier.length));
}

/*
 * Of a qualified name, as somebody types it who does not say in which language, the
 * last part and what stands before it, as an array; NULL of what is not qualified.
 */
Datum
pt_query_name(PG_FUNCTION_ARGS)
{
	PtText		name = code_text_argument(fcinfo, 0);
	PtText		part = last_part(name, code_any_language());
	Datum		parts[2];

	if (part.length == 0 || part.bytes == name.bytes)
		PG_RETURN_NULL();
	parts[0] = PointerGetDatum(cstring_to_text_with_len(part.bytes, part.length));
	parts[1] = PointerGetDatum(cstring_to_text_with_len(name.bytes, part.bytes - name.bytes));
	PG_RETURN_ARRAYTYPE_P(construct_array(parts, lengthof(parts), TEXTOID, -1, false, TYPALIGN_INT));
}

/* The name that a placeholder's key refers to something by; NULL for other keys. */
Datum
pt_reference_name(PG_FUNCTION_ARGS)
{
	CodeKey		key = code_parse_key(code_text_argument(fcinfo, 0));
	StringInfoData result;

	if (key.kind == CODE_KEY_LOCAL || key.kind == CODE_KEY_FILE)
		PG_RETURN_NULL();
	initStringInfo(&result);
	code_match_name(key.name, code_language(key.language), &result);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(result.data, result.len));
}

/* The name of an entity: what its row says, else its key. */
Datum
pt_entity_name(PG_FUNCTION_ARGS)
{
	CodeKey		key;
	PtText		name;
	PtText		language;
	StringInfoData result;

	if (PG_ARGISNULL(1))
		PG_RETURN_NULL();
	key = code_parse_key(code_text_argument(fcinfo, 1));
	name = PG_ARGISNULL(0) ? key.name : code_text_argument(fcinfo, 0);
	language = PG_ARGISNULL(2) ? key.language : code_text_argument(fcinfo, 2);
	initStringInfo(&result);
	code_match_name(name, code_language(language), &result);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(result.data, result.len));
}

/* All spellings of the path of an entity's file, in the same way. */
Datum
pt_entity_file(PG_FUNCTION_ARGS)
{
	PtText		path = code_text_argument(fcinfo, 0);
	StringInfoData id;

	if (PG_ARGISNULL(0) && PG_ARGISNULL(1))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(0))
		path = code_parse_key(code_text_argument(fcinfo, 1)).path;
	initStringInfo(&id);
	if (path.bytes != NULL)
		code_file_id(path, &id);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(id.data, id.len));
}
