/*
 * scan.h
 *		What one file defines, and what it refers to.
 *
 * All spans point into the content that was scanned or into the scan's own
 * texts, and are good until the next one.
 */
#ifndef SCAN_H
#define SCAN_H

#include "arity.h"
#include "language.h"

#define NO_DEFINITION (-1)

typedef enum ReferenceKind
{
	REFERENCE_CALL,
	REFERENCE_TYPE,
	REFERENCE_CONSTANT,
	REFERENCE_EXTENDS,
	REFERENCE_IMPLEMENTS,
	REFERENCE_IMPORT,
	REFERENCE_VALUE,			/* a function that is handed over or stored, not called */
	REFERENCE_KNOWN_VALUE,		/* the same, if the file has a function of this name */
	REFERENCE_DECORATED			/* the name of a function's own definition, which is handed over to a decorator */
} ReferenceKind;

typedef struct Definition
{
	const char *type;			/* as in pt_entity */
	Span		name;			/* its last part */
	Span		scope;			/* what encloses it, qualified; may be empty */
	Span		signature;
	Span		documentation;	/* the first line of it */
	Span		visibility;
	Span		code;
	Span		returns;		/* its annotation; may be empty */
	Span		gives;			/* without that, the names of what it returns; may be empty */
	uint32_t	gives_start;
	Span		parameters;		/* types of what it takes, as argument.h has them */
	uint32_t	start;			/* bytes */
	uint32_t	end;
	uint32_t	name_start;
	uint32_t	first_line;
	uint32_t	last_line;
	int			parent;			/* the definition around it, or NO_DEFINITION */
	Arity		arity;			/* of a function, where several may have its name */
	bool		is_static;		/* of its file only */
	bool		is_nameless;	/* a member of an object whose class has no name */
	bool		is_test;
} Definition;

typedef struct Reference
{
	ReferenceKind kind;
	Span		name;			/* what it means, as bind.h says, without arguments */
	uint32_t	line;
	int			definition;		/* that it stands in, or NO_DEFINITION */
	bool		is_standard;	/* nothing of the tree: the language brings it with it */
	int			arguments;		/* of a call, as above, or ARITY_UNKNOWN */
	Span		types;			/* of these; empty if nothing is known of any */
} Reference;

typedef enum ScanResult
{
	SCAN_DONE,
	SCAN_WITH_ERRORS,			/* of syntax: as far as it was understood */
	SCAN_TOO_LONG				/* the time was up */
} ScanResult;

typedef struct Scan
{
	Definition *definitions;	/* by start, the outer one first */
	size_t		ndefinitions;
	Reference  *references;		/* by place */
	size_t		nreferences;

	Span		package;		/* by which Python imports the whole tree, or empty */
	Span		import_path;	/* by which Go imports what the file is in, or empty */

	/* the file */
	const Language *language;
	Span		path;
	Span		content;
	struct Bindings *bindings;
	struct Scanner *scanner;
} Scan;

/* A scanner is for one thread. */
extern void scan_create(Scan *scan);
extern void scan_free(Scan *scan);

/* What is in a file. It takes no longer than so many seconds. */
extern ScanResult scan_file(Scan *scan, const Language *language, const char *path, Span content, double limit);

/* Are the seconds of the last file over? For loops, which look once in so many turns. */
extern bool scan_is_late(const Scan *scan);
#define SCAN_BETWEEN_LOOKS 64

/* A copy of a text that stays until the next file. */
extern Span scan_keep(Scan *scan, Span span);

/* Is a definition of this type a class or the like? */
extern bool scan_is_type(const char *type);

/* The innermost definition around a place, or NO_DEFINITION. Definitions are in order. */
extern int	scan_definition_at(const Scan *scan, uint32_t start);

/* Do all queries fit their grammars? Reports those that do not. */
extern bool scan_check_queries(void);

#endif							/* SCAN_H */
