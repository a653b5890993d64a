/*
 * code_language.h
 *		Programming languages: their names, and how names are put together in
 *		them.
 */
#ifndef CODE_LANGUAGE_H
#define CODE_LANGUAGE_H

#include "base/pt_texts.h"

/* what stands between the parts of a qualified name; slashes always do */
#define NAME_DOT		0x0001	/* . */
#define NAME_COLONS		0x0002	/* :: */
#define NAME_ARROW		0x0004	/* -> */
#define NAME_HASH		0x0008	/* # */
#define NAME_COLON		0x0010	/* : */
#define NAME_PLUS		0x0020	/* + */
#define NAME_DOLLAR		0x0040	/* $ before a letter, but in lambda$x */
#define NAME_MEMBER		0x0080	/* # behind a name: Foo#bar, but Foo.#bar is the #bar of Foo */
#define NAME_AT			0x80000 /* @ behind a name: Controller@action */
#define NAME_TILDE		0x40000 /* ~ behind a name: JSDoc's outer~inner */

/* what a name may have besides */
#define NAME_ANGLES		0x0100	/* arguments in <> */
#define NAME_SQUARES	0x0200	/* arguments in [] */
#define NAME_ROUNDS		0x0400	/* parameters in () */
#define NAME_SYMBOLS	0x0800	/* operators, which are names as they stand */
#define NAME_FILES		0x1000	/* a path, whatever its extension */
#define NAME_OPTIONAL	0x2000	/* ? or ! at the end of an optional type */
#define NAME_ARRAYS		0x10000	/* [] or ... behind a type */

/* how names are found */
#define NAME_MODULES	0x4000	/* a file sees what it imports by name, and no more */
#define NAME_MEMBERS	0x8000	/* members are seen in their type without its name */
#define NAME_PACKAGES	0x20000 /* types are in packages, which files name; members say their types */
#define NAME_FOLDERS	0x100000	/* files of a folder see what each other define; imports name folders */

typedef struct CodeLanguage
{
	const char *names[9];		/* lower case; the first is its name */
	const char *family;			/* of those that call each other's code */
	uint32		grammar;
} CodeLanguage;

/*
 * A language by any of its names, in any case; what holds for most of them if
 * it is none of those known here, or has no name (bytes is NULL).
 */
extern const CodeLanguage *code_language(PtText name);

/* Is it one of the languages known here? */
static inline bool
code_language_is_known(const CodeLanguage *language)
{
	return language->names[0] != NULL;
}

/* Is it the language of this name, the first one of its entry? */
extern bool code_language_is(const CodeLanguage *language, const char *name);

/* What a name is put together by that somebody types who does not say in which language. */
extern const CodeLanguage *code_any_language(void);

/* The length of the separator at a place of a qualified name from start on, or 0. */
extern int	code_separator(const CodeLanguage *language, const char *start, const char *at, const char *end);

/* Is it C, C++ or the like? */
static inline bool
code_language_is_c(const CodeLanguage *language)
{
	return language->family != NULL && strcmp(language->family, "c") == 0;
}

/* Is it JavaScript, TypeScript or the like? */
static inline bool
code_language_is_script(const CodeLanguage *language)
{
	return language->family != NULL && strcmp(language->family, "javascript") == 0;
}

#endif							/* CODE_LANGUAGE_H */
