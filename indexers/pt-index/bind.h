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

#define EVERYWHERE UINT32_MAX

typedef enum BindingKind
{
	BINDING_NONE,				/* to None, null: it may be anything */
	BINDING_VALUE,				/* to what an expression gives, if that is known */
	BINDING_TYPE,				/* something of a type */
	BINDING_IMPORT
} BindingKind;

/* before the name of a field of what a function returns */
#define BINDING_OF_RESULT "()"

typedef struct Binding
{
	Span		name;			/* a field's without what is before it */
	BindingKind kind;
	bool		is_field;
	bool		is_local;		/* of a function, or of nothing */
	bool		is_set;			/* not declared here */
	bool		is_given;		/* by a function: a field of its result, or what it gives a function */
	Span		module;			/* of an import */
	Span		expression;		/* the name of a value or type, or of what is imported; may be empty */
	uint32_t	start;
	int			scope;			/* definition it stands in */
	int			owner;			/* definition in which it holds: for a field the class */
	bool		is_element;		/* its type is that of what is in a list of the annotated type */
	uint32_t	from;			/* with LANGUAGE_BLOCKS it holds behind this place, */
	uint32_t	until;			/* up to this one, or everywhere: EVERYWHERE */
} Binding;

/* A name by which others find something that has another one here, or stands elsewhere. */
typedef struct Export
{
	Span		name;			/* empty: all that the module has */
	Span		local;			/* the name here or in the module; empty: the module itself */
	Span		module;			/* empty: this file */
} Export;

typedef struct Bindings
{
	Binding    *all;			/* by owner, name and place */
	size_t		count;
	size_t		room;
	size_t	   *by_name;		/* definitions by parent and name */
	size_t		by_name_room;
	Span		package;		/* that the file is in, where it is named; may be empty */
	Export	   *exports;
	size_t		nexports;
	size_t		exports_room;
	Text		opens;			/* packages and types all of which can be seen, with blanks between them */
	bool		has_imports;
	bool		has_wildcard;	/* imports names that are not said */
	Text		scratch;
} Bindings;

/* Nodes of one match of a query; null where it has none. */
typedef struct BindingNodes
{
	TSNode		name;
	TSNode		local;			/* a name that holds only within a function */
	TSNode		field;
	TSNode		type;
	TSNode		value;
	TSNode		list;			/* type of a list, of which this is something, or a field */
	TSNode		module;
	TSNode		member;
	TSNode		whole;			/* the module under a name */
	TSNode		standard;		/* its default */
	TSNode		wildcard;
	TSNode		package;		/* that the file is in */
	TSNode		set;			/* a name that is set where it need not be declared */
	TSNode		of;				/* what a field of is bound: a value, or an annotation */
	TSNode		key;			/* the field, if it is called otherwise */
	TSNode		given;			/* a name that a function without a name is given */
	TSNode		gives;			/* the annotation of what a function gives to one that it is given */
	TSNode		result;			/* a field of what a function returns */
} BindingNodes;

extern void bind_clear(Bindings *bindings);
extern void bind_free(Bindings *bindings);

/* A match that has a name, a field, a module or a package. Texts are kept by the scan. */
extern void bind_take(Scan *scan, const BindingNodes *nodes);

/* All definitions are in order: from now on names can be looked up. False if it is late. */
extern bool bind_arrange(Scan *scan);

/* A definition of a name in another one, or at the top; NO_DEFINITION if none is. */
extern int	bind_find_definition(const Scan *scan, int parent, Span name);

/* What holds at a place: the last before it, but an import or a type rather than a value. Or NULL. */
extern const Binding *bind_find(const Scan *scan, int owner, Span name, uint32_t start);

/* The class around a definition, or itself; NO_DEFINITION if there is none. */
extern int	bind_class_around(const Scan *scan, int definition);

#endif							/* BIND_H */
