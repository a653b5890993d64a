/*
 * code_language.c
 *		The table of languages.
 *
 * Indexers call one language by several names, and one export may have two of
 * them: py in keys, python in a column.
 */
#include "postgres.h"

#include "code/code_language.h"

/*
 * What separates names in most languages does so in all: indexers write names
 * in ways of their own, and no identifier has these.
 */
#define USUAL (NAME_DOT | NAME_COLONS | NAME_ARROW)

#define C_GRAMMAR (USUAL | NAME_MEMBERS | NAME_ANGLES | NAME_ROUNDS | NAME_FILES)
#define JAVA_GRAMMAR (USUAL | NAME_MEMBERS | NAME_HASH | NAME_DOLLAR | NAME_ANGLES | NAME_ROUNDS | NAME_ARRAYS)
#define SCRIPT_GRAMMAR (USUAL | NAME_MODULES | NAME_ANGLES | NAME_FILES | NAME_ARRAYS)

static const CodeLanguage languages[] = {
	{{"rust", "rs"}, "rust", USUAL | NAME_ANGLES},
	{{"python", "py", "python3", "py3", "python2", "pyi", "cython"}, "python", USUAL | NAME_SQUARES | NAME_MODULES},
	{{"javascript", "js", "jsx", "mjs", "cjs", "node", "ecmascript"}, "javascript", SCRIPT_GRAMMAR},
	{{"typescript", "ts", "tsx", "mts", "cts"}, "javascript", SCRIPT_GRAMMAR | NAME_OPTIONAL},
	{{"vue", "svelte"}, "javascript", SCRIPT_GRAMMAR},
	{{"c", "h", "ansi c"}, "c", C_GRAMMAR},
	{{"cpp", "c++", "cc", "cxx", "hpp", "cplusplus", "hxx", "hh"}, "c", C_GRAMMAR},
	{{"objective-c", "objc", "objectivec", "obj-c"}, "c", C_GRAMMAR},
	{{"objective-c++", "objc++", "objcpp", "objectivecpp", "mm"}, "c", C_GRAMMAR},
	{{"csharp", "cs", "c#", "c-sharp", "c_sharp"}, "csharp",
	USUAL | NAME_MEMBERS | NAME_PLUS | NAME_ANGLES | NAME_ROUNDS | NAME_OPTIONAL | NAME_ARRAYS},
	{{"java"}, "java", JAVA_GRAMMAR | NAME_PACKAGES},
	{{"kotlin", "kt", "kts"}, "kotlin", JAVA_GRAMMAR | NAME_OPTIONAL},
	{{"scala", "sc"}, "scala",
	USUAL | NAME_MEMBERS | NAME_HASH | NAME_DOLLAR | NAME_SQUARES | NAME_ROUNDS | NAME_SYMBOLS},
	{{"go", "golang"}, "go", USUAL | NAME_SQUARES},
	{{"ruby", "rb"}, "ruby", USUAL | NAME_MEMBERS | NAME_HASH | NAME_SYMBOLS | NAME_FILES},
	{{"php", "php5", "php7", "php8"}, "php", USUAL | NAME_ANGLES | NAME_FILES | NAME_ARRAYS},
	{{"swift"}, "swift", USUAL | NAME_MEMBERS | NAME_ANGLES | NAME_SYMBOLS | NAME_OPTIONAL},
	{{"sql", "plpgsql", "pgsql", "postgresql", "tsql", "mysql"}, "sql", USUAL | NAME_ROUNDS},
	{{"lua"}, "lua", USUAL | NAME_COLON | NAME_FILES},
	{{"perl", "pl"}, "perl", USUAL},
	{{"dart"}, "dart", USUAL | NAME_ANGLES | NAME_OPTIONAL},
	{{"elixir", "ex", "exs"}, "elixir", USUAL},
	{{"haskell", "hs"}, "haskell", USUAL | NAME_SYMBOLS},
};

/* what keys were read by before there was a table */
static const CodeLanguage unknown = {
	{NULL}, NULL, USUAL | NAME_ANGLES | NAME_FILES
};

static bool
same_in_any_case(PtText text, const char *lower)
{
	if (text.length == 0 || pg_ascii_tolower((unsigned char) text.bytes[0]) != lower[0] ||
		text.length != strlen(lower))
		return false;
	for (int i = 0; i < text.length; i++)
	{
		if (pg_ascii_tolower((unsigned char) text.bytes[i]) != (unsigned char) lower[i])
			return false;
	}
	return true;
}

const CodeLanguage *
code_language(PtText name)
{
	if (name.bytes == NULL)
		return &unknown;
	for (int i = 0; i < lengthof(languages); i++)
	{
		for (int n = 0; n < lengthof(languages[i].names) && languages[i].names[n] != NULL; n++)
		{
			if (same_in_any_case(name, languages[i].names[n]))
				return &languages[i];
		}
	}
	return &unknown;
}

bool
code_language_is(const CodeLanguage *language, const char *name)
{
	return language->names[0] != NULL && strcmp(language->names[0], name) == 0;
}

int
code_separator(const CodeLanguage *language, const char *at, const char *end)
{
	uint32		grammar = language->grammar;
	char		next = at + 1 < end ? at[1] : '\0';

	switch (*at)
	{
		case '/':
		case '\\':
			return 1;
		case '.':
			/* in a sentence, which some languages take for a name, it is none */
			return (grammar & NAME_DOT) != 0 && next != ' ';
		case '#':
			return (grammar & NAME_HASH) != 0;
		case '+':
			return (grammar & NAME_PLUS) != 0;
		case '$':
			return (grammar & NAME_DOLLAR) != 0 && pg_ascii_tolower((unsigned char) next) >= 'a' &&
				pg_ascii_tolower((unsigned char) next) <= 'z';
		case '-':
			return (grammar & NAME_ARROW) != 0 && next == '>' ? 2 : 0;
		case ':':
			if (next == ':' && (grammar & NAME_COLONS))
				return 2;
			return (grammar & NAME_COLON) != 0;
		default:
			return 0;
	}
}
