/*
 * language.h
 *		The languages that are read: how files are told apart, grammar, query.
 *
 * What a query may capture is said in queries/README.
 */
#ifndef LANGUAGE_H
#define LANGUAGE_H

#include "text.h"
#include "tree_sitter/api.h"

/* traits of a language */
#define LANGUAGE_C			1	/* static functions are of their file only */
#define LANGUAGE_UNDERSCORE	2	/* what begins with one is private */
#define LANGUAGE_UPPERCASE	4	/* what begins with a capital is public */
#define LANGUAGE_PRIVATE	8	/* what does not say otherwise is private */
#define LANGUAGE_DOCSTRING	16	/* the comment is the first text of the body */
#define LANGUAGE_TEST_NAMES	32	/* functions are tests by name and file */
#define LANGUAGE_ATTRIBUTES	64	/* #[...] is no comment */
#define LANGUAGE_INTERFACES	128	/* IName is an interface */
#define LANGUAGE_BINDINGS	256	/* its query says what names are bound to */
#define LANGUAGE_OVERLOADS	512	/* functions of one name are told apart by what they take */
#define LANGUAGE_TYPED		1024	/* all that is bound says its type; types of a package need no import */
#define LANGUAGE_SIGNS		2048	/* names may end with ? or ! */
#define LANGUAGE_BLOCKS		4096	/* a variable has one type, and holds in its block */
#define LANGUAGE_FOLDERS	8192	/* the files of a folder see what each other define; imports name folders */
#define LANGUAGE_MEMBERS	16384	/* members of a class are seen in it by their name alone */
#define LANGUAGE_CAPITALS	32768	/* functions begin with a capital, variables do not */
#define LANGUAGE_CXX		65536	/* classes, namespaces and declarations as in C++ */

typedef struct Language
{
	const char *name;			/* in keys and the column language */
	const char *endings;		/* of files, each between blanks */
	const TSLanguage *(*grammar) (void);
	const char *query;			/* its text, and the name of its file */
	const char *query_name;
	const char *separator;		/* between the parts of a qualified name */
	const char *silent;			/* types and constants of its own library, between blanks */
	const char *builtins;		/* functions that need no import, between blanks, or NULL */
	const char *own;			/* words for the object itself, its class or base, between blanks */
	int			traits;
} Language;

extern const Language languages[];
extern const int nlanguages;

/* Is this one of the words between blanks? */
extern bool language_has(const char *words, Span word);

/* The language of a file by its name; NULL if it is not read. */
extern const Language *language_of_path(const char *path);

/*
 * The language of a file whose name leaves it open, .h, by what is in it; else
 * as it is.
 */
extern const Language *language_of_content(const Language *language, const char *path, Span content);

/* The ending of a name with its dot; "no ending" if it has none. */
extern const char *ending_of(const char *path);

#endif							/* LANGUAGE_H */
