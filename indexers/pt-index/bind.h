/*
 * bind.h
 *		What the names in a file stand for, as far as the file alone tells.
 *
 * A name that is imported means something of a module, a variable may have a
 * type by its annotation or by what it is made with, self and this have that of
 * the class around them. docs/indexing.md has the form in which references say
 * so. Of languages without LANGUAGE_BINDINGS only the latter is known.
 */
#ifndef BIND_H
#define BIND_H

#include "scan.h"

typedef enum BindingKind
{
	BINDING_NONE,				/* to None, null: it may be anything */
	BINDING_VALUE,				/* to what an expression gives, if that is known */
	BINDING_TYPE,				/* something of a type */
	BINDING_IMPORT
} BindingKind;

typedef struct Binding
{
	Span		name;			/* a field's without what is before it */
	BindingKind kind;
	bool		is_field;
	Span		module;			/* of an import */
	Span		expression;		/* the name of a value or type, or of what is imported; may be empty */
	uint32_t	start;
	int			scope;			/* definition it stands in */
	int			owner;			/* definition in which it holds: for a field the class */
} Binding;

typedef struct Bindings
{
	Binding    *all;			/* by owner, name and place */
	size_t		count;
	size_t		room;
	size_t	   *by_name;		/* definitions by parent and name */
	size_t		by_name_room;
	Span		package;		/* that the file is in; may be empty */
	Text		opens;			/* packages and types all of which can be seen, with blanks between them */
	bool		has_imports;
	bool		has_wildcard;	/* imports names that are not said */
	Text		scratch;
} Bindings;

/* Nodes of one match of a query; null where it has none. */
typedef struct BindingNodes
{
	TSNode		name;
	TSNode		field;
	TSNode		type;
	TSNode		value;
	TSNode		module;
	TSNode		member;
	TSNode		whole;			/* the module under a name */
	TSNode		standard;		/* its default */
	TSNode		wildcard;
	TSNode		package;		/* that the file is in */
} BindingNodes;

extern void bind_clear(Bindings *bindings);
extern void bind_free(Bindings *bindings);

/* A match that has a name, a field, a module or a package. Texts are kept by the scan. */
extern void bind_take(Scan *scan, const BindingNodes *nodes);

/*
 * An expression as its names with dots between them, and brackets behind those
 * that are called: a.b().c. Empty if it has something that has no name.
 */
extern Span bind_expression(Scan *scan, TSNode node);

/* All definitions are in order: from now on names can be looked up. False if it is late. */
extern bool bind_arrange(Scan *scan);

/*
 * What a reference in a definition at a place means, in place of what is
 * written there. True if it is something that the language brings with it.
 */
extern bool bind_qualify(Scan *scan, Reference *reference, uint32_t start);

/*
 * What an expression is, as names in a language with LANGUAGE_TYPED: a type, or a name that
 * leads to a value. False if nothing is known of it.
 */
extern bool bind_value(Scan *scan, Span expression, int scope, uint32_t start, Text *text);

/* The type that an annotation names, qualified; false if it is not one known type. */
extern bool bind_annotation(Scan *scan, Span annotation, int scope, uint32_t start, Text *type);

/*
 * The next field of a class whose type is known, and that; NULL if there is no
 * more. at is 0 at first and need not be set back for classes further down.
 */
extern const Binding *bind_next_field(Scan *scan, int class, size_t *at, Text *type);

#endif							/* BIND_H */
