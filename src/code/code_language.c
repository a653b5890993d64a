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
/* ... and where what is in parentheses behind a name never belongs to it */
#define CALLED (USUAL | NAME_ROUNDS)

#define C_GRAMMAR (CALLED | NAME_MEMBER | NAME_MEMBERS | NAME_ANGLES | NAME_FILES)
#define JAVA_GRAMMAR (CALLED | NAME_MEMBERS | NAME_HASH | NAME_COLON | NAME_DOLLAR | NAME_ANGLES | NAME_ARRAYS)
#define SCRIPT_GRAMMAR \
	(CALLED | NAME_MEMBER | NAME_COLON | NAME_TILDE | NAME_MODULES | NAME_ANGLES | NAME_FILES | NAME_ARRAYS)

static const CodeLanguage languages[] = {
	{{"rust", "rs"}, "rust", CALLED | NAME_ANGLES},
	{{"python", "py", "python3", "py3", "python2", "pyi", "cython"}, "python", CALLED | NAME_COLON | NAME_SQUARES | NAME_MODULES},
	{{"javascript", "js", "jsx", "mjs", "cjs", "node", "ecmascript"}, "javascript", SCRIPT_GRAMMAR},
	{{"typescript", "ts", "tsx", "mts", "cts"}, "javascript", SCRIPT_GRAMMAR | NAME_OPTIONAL},
	{{"vue", "svelte"}, "javascript", SCRIPT_GRAMMAR},
	{{"c", "h", "ansi c"}, "c", C_GRAMMAR},
	{{"cpp", "c++", "cc", "cxx", "hpp", "cplusplus", "hxx", "hh"}, "c", C_GRAMMAR},
	{{"objective-c", "objc", "objectivec", "obj-c"}, "c", C_GRAMMAR},
	{{"objective-c++", "objc++", "objcpp", "objectivecpp", "mm"}, "c", C_GRAMMAR},
	{{"csharp", "cs", "c#", "c-sharp", "c_sharp"}, "csharp",
	CALLED | NAME_MEMBER | NAME_COLON | NAME_MEMBERS | NAME_PLUS | NAME_ANGLES | NAME_OPTIONAL | NAME_ARRAYS},
	{{"java"}, "java", JAVA_GRAMMAR | NAME_PACKAGES},
	{{"kotlin", "kt", "kts"}, "kotlin", JAVA_GRAMMAR | NAME_OPTIONAL},
	{{"scala", "sc"}, "scala",
	CALLED | NAME_MEMBERS | NAME_HASH | NAME_DOLLAR | NAME_SQUARES | NAME_SYMBOLS},
	{{"go", "golang"}, "go", CALLED | NAME_SQUARES | NAME_FOLDERS},
	{{"ruby", "rb"}, "ruby", CALLED | NAME_MEMBERS | NAME_HASH | NAME_SYMBOLS | NAME_FILES},
	{{"php", "php5", "php7", "php8"}, "php", CALLED | NAME_AT | NAME_ANGLES | NAME_FILES | NAME_ARRAYS},
	{{"swift"}, "swift", USUAL | NAME_MEMBERS | NAME_ANGLES | NAME_SYMBOLS | NAME_OPTIONAL},
	{{"sql", "plpgsql", "pgsql", "postgresql", "tsql", "mysql"}, "sql", CALLED},
	{{"lua"}, "lua", CALLED | NAME_COLON | NAME_FILES},
	{{"perl", "pl"}, "perl", CALLED},
	{{"dart"}, "dart", CALLED | NAME_ANGLES | NAME_OPTIONAL},
	{{"elixir", "ex", "exs"}, "elixir", CALLED},
	{{"erlang", "erl"}, "erlang", CALLED | NAME_COLON},
	{{"haskell", "hs"}, "haskell", USUAL | NAME_SYMBOLS},
};

/* what keys were read by before there was a table */
static const CodeLanguage unknown = {
	{NULL}, NULL, USUAL | NAME_ANGLES | NAME_FILES
};

static const CodeLanguage any = {
	{NULL}, NULL, USUAL | NAME_MEMBER | NAME_COLON | NAME_AT | NAME_ANGLES | NAME_SQUARES | NAME_ROUNDS | NAME_FILES
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

const CodeLanguage *
code_any_language(void)
{
	return &any;
}

bool
code_language_is(const CodeLanguage *language, const char *name)
{
	return language->names[0] != NULL && strcmp(language->names[0], name) == 0;
}

/* Does a name, or its arguments, end with this byte? */
static bool
ends_name(char c)
{
	return IS_HIGHBIT_SET(c) || strchr("_$)>]", c) != NULL ||
		(c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int
code_separator(const CodeLanguage *language, const char *start, const char *at, const char *end)
{
	uint32		grammar = language->grammar;
	char		next = at + 1 < end ? at[1] : '\0';
	bool		is_behind = at > start && at[-1] != '\0' && ends_name(at[-1]);

	switch (*at)
	{
		case '/':
		case '\\':
			return 1;
		case '.':
			/* in a sentence, which some languages take for a name, it is none */
			return (grammar & NAME_DOT) != 0 && next != ' ';
		case '#':
			return (grammar & NAME_HASH) != 0 || ((grammar & NAME_MEMBER) != 0 && is_behind);
		case '@':
			return (grammar & NAME_AT) != 0 && is_behind;
		case '~':
			return (grammar & NAME_TILDE) != 0 && is_behind;
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
