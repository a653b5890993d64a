/*
 * mean.c
 *		What a name means at the place where it is written.
 *
 * It is looked up outwards from there, among definitions and bindings; what it is bound to
 * is an expression in turn, up to a depth.
 */
#include "mean.h"

#include "cpp.h"
#include "go.h"
#include "name.h"

#include <ctype.h>
#include <string.h>

#define MAX_DEPTH 8				/* of values of values */

/* what has the type that it is given, for what is asked here */
#define WRAPPERS " Optional Type type Promise Awaitable Readonly Partial Required NonNullable Final ClassVar "

/* What a name was found to be. */
typedef enum Meaning
{
	MEANS_NOTHING_HERE,			/* nobody in the file binds it */
	MEANS_SOMETHING,			/* something without a name */
	MEANS_NAMED,				/* what the text says: a module's member, or of this file */
	MEANS_INSTANCE				/* something of that type, or that it gives */
} Meaning;

static Span
first_part(Span name, Span *rest)
{
	for (size_t i = 0; i < name.length; i++)
	{
		size_t		separator = name.bytes[i] == '.' || name.bytes[i] == '\\' ? 1 :
			i + 1 < name.length && (memcmp(name.bytes + i, "::", 2) == 0 || memcmp(name.bytes + i, "->", 2) == 0) ? 2 : 0;

		if (separator > 0 && i > 0)
		{
			*rest = (Span) {name.bytes + i + separator, name.length - i - separator};
			return (Span) {name.bytes, i};
		}
	}
	*rest = (Span) {"", 0};
	return name;
}

static void
add_separated(const Scan *scan, Text *text, Span part)
{
	if (part.length == 0)
		return;
	if (text->length > 0 && !span_ends(text_span(text), "::"))
		text_adds(text, scan->language->separator);
	text_add(text, part);
}

/* The full name of a definition within its file. */
static void
full_name(const Scan *scan, int number, Text *text)
{
	const Definition *definition = &scan->definitions[number];

	text_clear(text);
	text_add(text, definition->scope);
	add_separated(scan, text, definition->name);
}

/* By convention a type: a capital, with a small letter somewhere, or alone. */
static bool
looks_like_type(Span name)
{
	Span		before;
	Span		last = name_last_part(name, &before);

	while (last.length > 1 && last.bytes[0] == '_')
		last = (Span) {last.bytes + 1, last.length - 1};
	return last.length > 0 && isupper((unsigned char) last.bytes[0]) && !name_is_constant(last);
}

/*
 * The full name of the class around a place; false if there is none. Its number
 * is NO_DEFINITION if the class is elsewhere, as that of C++'s A::f may be.
 */
static bool
class_name(const Scan *scan, int scope, int *class, Text *text)
{
	*class = bind_class_around(scan, scope);
	if (*class != NO_DEFINITION)
	{
		full_name(scan, *class, text);
		return true;
	}
	/* of C++ it may stand in a namespace */
	while (scope != NO_DEFINITION && scan->definitions[scope].parent != NO_DEFINITION &&
		   !(scan->language->traits & LANGUAGE_CXX && strcmp(scan->definitions[scope].type, "method") == 0))
		scope = scan->definitions[scope].parent;
	if (scope == NO_DEFINITION || strcmp(scan->definitions[scope].type, "method") != 0)
		return false;
	text_clear(text);
	text_add(text, scan->definitions[scope].scope);
	return text->length > 0;
}

static Meaning mean(Scan *scan, Span written, int scope, uint32_t start, int depth, Text *text);
static Meaning type_of(Scan *scan, const Binding *binding, int depth, Text *type);

/* ---- types ---- */

static Span
trimmed(Span span)
{
	while (span.length > 0 && strchr(" \t\r\n:\"'(", span.bytes[0]) != NULL)
		span = (Span) {span.bytes + 1, span.length - 1};
	while (span.length > 0 && strchr(" \t\r\n\"')", span.bytes[span.length - 1]) != NULL)
		span.length--;
	return span;
}

/* The one alternative of a union that is not nothing; empty if there are several. */
static Span
only_alternative(Span annotation, char separator)
{
	Span		only = {"", 0};
	size_t		start = 0;
	int			depth = 0;

	for (size_t i = 0; i <= annotation.length; i++)
	{
		char		c = i < annotation.length ? annotation.bytes[i] : separator;

		depth += c != '\0' && strchr("<[({", c) != NULL;
		depth -= c != '\0' && strchr(">])}", c) != NULL;
		if (c == separator && depth <= 0)
		{
			Span		part = trimmed((Span) {annotation.bytes + start, i - start});

			start = i + 1;
			if (part.length == 0 || language_has(" None null undefined ", part))
				continue;
			if (only.length > 0)
				return (Span) {"", 0};
			only = part;
		}
	}
	return only;
}

/* Of an intersection the first type that has a name. */
static Span
first_named(Span annotation)
{
	size_t		start = 0;
	int			depth = 0;

	for (size_t i = 0; i <= annotation.length; i++)
	{
		char		c = i < annotation.length ? annotation.bytes[i] : '&';

		depth += c != '\0' && strchr("<[({", c) != NULL;
		depth -= c != '\0' && strchr(">])}", c) != NULL;
		if (c == '&' && depth <= 0)
		{
			Span		part = trimmed((Span) {annotation.bytes + start, i - start});

			if (part.length > 0 && name_is_plain((Span) {part.bytes, 1}))
				return part;
			start = i + 1;
		}
	}
	return annotation;
}

Span
mean_type_name(const Scan *scan, Span annotation)
{
	bool		is_python = scan->language->traits & LANGUAGE_DOCSTRING;

	for (int depth = 0; depth < MAX_DEPTH; depth++)
	{
		size_t		length = 0;
		Span		name;
		Span		last;
		Span		before;

		annotation = only_alternative(trimmed(annotation), '|');
		if (memchr(annotation.bytes, '&', annotation.length) != NULL)
			annotation = first_named(annotation);
		if (span_starts(annotation, "readonly "))
			annotation = trimmed((Span) {annotation.bytes + 9, annotation.length - 9});
		while (length < annotation.length && annotation.bytes[length] != '<' && annotation.bytes[length] != '[')
			length++;
		name = trimmed((Span) {annotation.bytes, length});
		if (!name_is_plain(name))
			return (Span) {"", 0};
		if (scan->language->traits & LANGUAGE_TYPED)
			return name;
		if (length == annotation.length)
			return name;
		if (!is_python && annotation.bytes[length] == '[')
			return (Span) {"", 0};
		last = name_last_part(name, &before);
		if (is_python && span_is(last, "Union"))
			annotation = only_alternative((Span) {annotation.bytes + length + 1, annotation.length - length - 2}, ',');
		else if (language_has(WRAPPERS, last))
			annotation = (Span) {annotation.bytes + length + 1, annotation.length - length - 2};
		else
			return annotation.bytes[annotation.length - 1] == (is_python ? ']' : '>') ? name : (Span) {"", 0};
	}
	return (Span) {"", 0};
}

/* The brackets behind the type of an array. */
static void
add_brackets(Text *type, Span annotation)
{
	size_t		at = annotation.length;

	while (at > 1 && annotation.bytes[at - 1] == ']' && memchr(annotation.bytes, '[', at) != NULL)
	{
		text_adds(type, "[]");
		while (annotation.bytes[at - 1] != '[')
			at--;
		at--;
		while (at > 0 && annotation.bytes[at - 1] == ' ')
			at--;
	}
}

static bool
type_of_annotation(Scan *scan, const Binding *binding, int depth, Text *type)
{
	Span		name = mean_type_name(scan, binding->expression);
	bool		is_typed = scan->language->traits & LANGUAGE_TYPED;
	Meaning		meaning;

	if (name.length == 0)
		return false;
	meaning = mean(scan, name, binding->scope, binding->start, depth + 1, type);
	/* what a name is that no type of the file has, is the package's, the language's or a parameter */
	if (is_typed && meaning == MEANS_NOTHING_HERE)
	{
		text_clear(type);
		text_add(type, name);
	}
	if (is_typed)
		add_brackets(type, binding->expression);
	switch (meaning)
	{
		case MEANS_NAMED:
			return true;
		case MEANS_INSTANCE:
			return is_typed;
		case MEANS_NOTHING_HERE:
			if (is_typed)
				return true;
			if (!scan->bindings->has_wildcard)
				return false;
			text_clear(type);
			text_add(type, name);
			return true;
		default:
			return false;
	}
}

/*
 * In a language with LANGUAGE_BLOCKS: the type, with [] behind it for each list that is around
 * it. What no type of the file has for a name is another file's.
 */
static bool
type_in_blocks(Scan *scan, const Binding *binding, int depth, Text *type)
{
	int			lists;
	Span		name = scan->language->traits & LANGUAGE_C ? cpp_type_name(binding->expression, &lists) :
		go_type_name(binding->expression, &lists);
	Meaning		meaning;

	lists -= binding->is_element;
	if (name.length == 0 || lists < 0)
		return false;
	meaning = mean(scan, name, binding->scope, binding->start, depth + 1, type);
	if (meaning == MEANS_SOMETHING)
		return false;
	if (meaning == MEANS_NOTHING_HERE)
	{
		text_clear(type);
		text_add(type, name);
	}
	while (lists-- > 0)
		text_adds(type, "[]");
	return true;
}

/* What a binding is; MEANS_SOMETHING if it is not known. */
static Meaning
type_of(Scan *scan, const Binding *binding, int depth, Text *type)
{
	Meaning		meaning = MEANS_SOMETHING;

	if (depth > MAX_DEPTH || binding->expression.length == 0)
		return meaning;
	if (binding->kind == BINDING_TYPE && scan->language->traits & LANGUAGE_BLOCKS)
		return type_in_blocks(scan, binding, depth, type) ? MEANS_INSTANCE : MEANS_SOMETHING;
	if (binding->kind == BINDING_TYPE)
		return type_of_annotation(scan, binding, depth, type) ? MEANS_INSTANCE : MEANS_SOMETHING;
	if (binding->kind == BINDING_VALUE)
		meaning = mean(scan, binding->expression, binding->scope, binding->start, depth + 1, type);
	/* what the file does not have another one of its folder may */
	if (meaning == MEANS_NOTHING_HERE && scan->language->traits & LANGUAGE_FOLDERS && binding->kind == BINDING_VALUE)
	{
		text_clear(type);
		text_add(type, binding->expression);
		return MEANS_NAMED;
	}
	return meaning >= MEANS_NAMED ? meaning : MEANS_SOMETHING;
}

bool
mean_binding_type(Scan *scan, const Binding *binding, Text *type)
{
	return type_of(scan, binding, 0, type) != MEANS_SOMETHING;
}

bool
mean_result(Scan *scan, Span names, int scope, uint32_t start, Text *type)
{
	/* what it is called of, be that of a class below */
	if (span_is(names, "this") || (span_is(names, "self") && (scan->language->traits & LANGUAGE_DOCSTRING)))
	{
		text_clear(type);
		text_adds(type, "this");
		return true;
	}
	return type_of(scan, &(Binding) {.kind = BINDING_VALUE, .expression = names, .scope = scope, .start = start}, 0,
				   type) != MEANS_SOMETHING;
}

bool
mean_annotation(Scan *scan, Span annotation, int scope, uint32_t start, Text *type)
{
	Span		name = mean_type_name(scan, annotation);
	Span		before;

	/* what it is called of, be that of a class below */
	if (span_is(name, "this") ||
		((scan->language->traits & LANGUAGE_DOCSTRING) && span_is(name_last_part(name, &before), "Self")))
	{
		text_clear(type);
		text_adds(type, "this");
		return true;
	}
	return type_of(scan, &(Binding) {.kind = BINDING_TYPE, .expression = annotation, .scope = scope, .start = start}, 0,
				   type) != MEANS_SOMETHING;
}

const Binding *
mean_next_field(Scan *scan, int class, size_t *at, Text *type)
{
	const Bindings *bindings = scan->bindings;

	bool		is_class = class != NO_DEFINITION && scan_is_type(scan->definitions[class].type);

	while (*at < bindings->count && bindings->all[*at].owner < class)
		++*at;
	for (; *at < bindings->count && bindings->all[*at].owner == class; ++*at)
	{
		const Binding *binding = &bindings->all[*at];

		if (*at > 0 && binding[-1].owner == class && span_same(binding[-1].name, binding->name))
			continue;
		if (class == NO_DEFINITION ? binding->until != EVERYWHERE || binding->kind == BINDING_IMPORT : binding->is_given == is_class)
			continue;
		/* a parameter of a type, or of what decorates it, is none of its fields */
		if (class != NO_DEFINITION && !binding->is_field && !(scan->language->traits & LANGUAGE_DOCSTRING))
			continue;
		binding = bind_find(scan, class, binding->name, 0);
		if (type_of(scan, binding, 0, type) == MEANS_SOMETHING)
			continue;
		++*at;
		return binding;
	}
	return NULL;
}

/* ---- names ---- */

/* What follows the class around a place: a member of it, or of a field's type. */
static Meaning
mean_in_class(Scan *scan, int class, Span rest, int depth, Text *text)
{
	Span		after;
	Span		field = first_part(rest, &after);
	bool		is_typed = scan->language->traits & LANGUAGE_TYPED;
	const Binding *binding;

	/* another one of its kind */
	if (after.length > 0 && language_has(" __class__() constructor() ", field))
		return mean_in_class(scan, class, after, depth, text);
	if (after.length > 0 && (is_typed || bind_find_definition(scan, class, field) == NO_DEFINITION))
	{
		binding = bind_find(scan, class, field, 0);
		if (binding != NULL && type_of(scan, binding, depth + 1, text) != MEANS_SOMETHING)
		{
			add_separated(scan, text, after);
			return MEANS_NAMED;
		}
	}
	full_name(scan, class, text);
	add_separated(scan, text, rest);
	return MEANS_NAMED;
}

/* The first part of a name, what follows it, and whether brackets do. */
typedef struct Written
{
	Span		first;
	Span		rest;
	bool		is_called;
	uint32_t	start;			/* where it stands */
} Written;

/* What follows from a text that the first part means, and what is behind that. */
static Meaning
go_on(const Scan *scan, const Written *name, bool gives_itself, Text *text)
{
	if (name->is_called && !gives_itself)
		text_adds(text, "()");
	add_separated(scan, text, name->rest);
	return name->is_called && name->rest.length == 0 ? MEANS_INSTANCE : MEANS_NAMED;
}

static Meaning
mean_definition(const Scan *scan, int number, const Written *name, Text *text)
{
	const char *type = scan->definitions[number].type;
	bool		is_type = scan_is_type(type);

	if (name->rest.length > 0 && name->rest.bytes[0] != '@' && !name->is_called && !is_type &&
		strcmp(type, "namespace") != 0)
		return MEANS_SOMETHING;
	full_name(scan, number, text);
	return go_on(scan, name, is_type, text);
}

/* What is behind a type, whose lists it may take something out of; false if it takes none of a list. */
static bool
add_behind_type(const Scan *scan, Text *type, Span rest)
{
	bool		is_taken = false;

	while (span_ends(text_span(type), "[]") && !span_ends(text_span(type), ".[]") && rest.length > 0)
	{
		Span		part = first_part(rest, &rest);

		if (!span_is(part, "[]") && !(scan->language->traits & LANGUAGE_C && language_has(CPP_ELEMENTS, part)))
			return false;
		type->length -= 2;
		is_taken = true;
	}
	/* of what is in a map */
	if (is_taken && scan->language->traits & LANGUAGE_C)
	{
		Span		after;

		if (span_is(first_part(rest, &after), "second"))
			rest = after;
	}
	add_separated(scan, type, rest);
	return true;
}

static Meaning
mean_binding(Scan *scan, const Binding *binding, const Written *name, int depth, Text *text)
{
	Meaning		meaning;

	if (binding->kind == BINDING_IMPORT)
	{
		if (binding->module.length == 0)
			return MEANS_SOMETHING;
		text_clear(text);
		text_add(text, binding->module);
		text_adds(text, "::");
		add_separated(scan, text, binding->expression);
		return go_on(scan, name, binding->expression.length > 0 && looks_like_type(binding->expression), text);
	}
	meaning = name->is_called ? MEANS_SOMETHING : type_of(scan, binding, depth + 1, text);
	if (meaning == MEANS_SOMETHING || name->rest.length == 0)
		return meaning;
	return add_behind_type(scan, text, name->rest) ? MEANS_NAMED : MEANS_SOMETHING;
}

/* In the innermost scope outwards from this one in which the name is bound, if it can be seen. */
static Meaning
mean_in_scope(Scan *scan, Written name, int scope, int depth, Text *text)
{
	bool		is_typed = scan->language->traits & LANGUAGE_TYPED;
	bool		has_blocks = scan->language->traits & LANGUAGE_BLOCKS;
	bool		has_members = scan->language->traits & LANGUAGE_CXX;

	for (int at = scope;; at = scan->definitions[at].parent)
	{
		bool		is_class = at != NO_DEFINITION && scan_is_type(scan->definitions[at].type);

		if (!is_class || at == scope || is_typed || has_members)
		{
			const Binding *binding = bind_find(scan, at, name.first, name.start);
			int			definition = is_class && has_blocks && !has_members ? NO_DEFINITION :
				bind_find_definition(scan, at, name.first);

			/* members are not seen without what they are of */
			if (has_blocks && !has_members && binding != NULL && binding->is_field)
				binding = NULL;

			/* variables and functions may have one name */
			if (is_typed && name.is_called && binding != NULL && binding->kind != BINDING_IMPORT)
				binding = NULL;
			if (is_typed && !name.is_called && definition != NO_DEFINITION && !scan_is_type(scan->definitions[definition].type))
				definition = NO_DEFINITION;
			/* what makes an object has the name of its class */
			if (is_typed && is_class && definition != NO_DEFINITION && span_same(scan->definitions[at].name, name.first))
				definition = at;
			if (definition != NO_DEFINITION && (binding == NULL || binding->kind != BINDING_IMPORT))
				return mean_definition(scan, definition, &name, text);
			if (binding != NULL && (is_class || !binding->is_field))
				return mean_binding(scan, binding, &name, depth, text);
		}
		if (at == NO_DEFINITION)
			return MEANS_NOTHING_HERE;
	}
}

/* Of the object itself, its class, or with super what its bases have. */
static Meaning
mean_of_self(Scan *scan, const Written *name, int scope, int depth, Text *text)
{
	bool		has_bindings = scan->language->traits & LANGUAGE_BINDINGS;
	bool		is_super = language_has(" super base parent ", name->first);
	const Binding *own = has_bindings && span_is(name->first, "this") ?
		bind_find(scan, scope, name->first, name->start) : NULL;
	Span		after;
	int			class;

	/* a function of TypeScript may say what this is */
	if (own != NULL && name->rest.length > 0 && type_of(scan, own, depth + 1, text) != MEANS_SOMETHING)
	{
		add_separated(scan, text, name->rest);
		return MEANS_NAMED;
	}
	/* of other languages types of fields are not known */
	if (!has_bindings && first_part(name->rest, &after).length != name->rest.length)
		return MEANS_NOTHING_HERE;
	if (!class_name(scan, scope, &class, text))
		return has_bindings ? MEANS_SOMETHING : MEANS_NOTHING_HERE;
	if (name->rest.length == 0)
		return MEANS_INSTANCE;
	if (!is_super && class != NO_DEFINITION)
		return mean_in_class(scan, class, name->rest, depth, text);
	if (is_super)
		add_separated(scan, text, span_of("super"));
	add_separated(scan, text, name->rest);
	return MEANS_NAMED;
}

static Meaning
mean(Scan *scan, Span written, int scope, uint32_t start, int depth, Text *text)
{
	Written		name = {.start = start};

	if (depth > MAX_DEPTH)
		return MEANS_SOMETHING;
	name.first = first_part(written, &name.rest);
	name.is_called = span_ends(name.first, "()");
	if (name.is_called)
		name.first.length -= 2;
	if (language_has(scan->language->own, name.first) &&
		(name.rest.length > 0 || language_has(" self cls this ", name.first)))
		return mean_of_self(scan, &name, scope, depth, text);
	if (!(scan->language->traits & LANGUAGE_BINDINGS))
		return MEANS_NOTHING_HERE;
	return mean_in_scope(scan, name, scope, depth, text);
}

/* Is it the name of a variable or a parameter, seen from a place? */
static bool
is_variable(Scan *scan, Span name, int scope, uint32_t start)
{
	for (int at = scope;; at = scan->definitions[at].parent)
	{
		const Binding *binding = bind_find(scan, at, name, start);

		if (binding != NULL && !binding->is_field)
			return binding->kind != BINDING_IMPORT;
		if (at == NO_DEFINITION || bind_find_definition(scan, at, name) != NO_DEFINITION)
			return false;
	}
}

/* ?.name for something of which nothing is known. */
static void
put_unknown(Scan *scan, Reference *reference, Text *text)
{
	Span		before;
	Span		last = name_last_part(reference->name, &before);

	text_clear(text);
	text_adds(text, "?");
	text_adds(text, scan->language->separator);
	text_add(text, last);
	reference->name = scan_keep(scan, text_span(text));
}

/*
 * A name by itself that is called, where variables and functions may have one: what is
 * imported, unless the file has it.
 */
static void
qualify_called(Scan *scan, Reference *reference, uint32_t start)
{
	const Binding *binding = bind_find(scan, NO_DEFINITION, reference->name, start);
	Text	   *scratch = &scan->bindings->scratch;

	for (int at = reference->definition; binding != NULL; at = scan->definitions[at].parent)
	{
		if (bind_find_definition(scan, at, reference->name) != NO_DEFINITION)
			return;
		if (at == NO_DEFINITION)
			break;
	}
	if (binding == NULL || binding->kind != BINDING_IMPORT)
		return;
	text_clear(scratch);
	text_add(scratch, binding->module);
	text_adds(scratch, "::");
	text_add(scratch, binding->expression);
	reference->name = scan_keep(scan, text_span(scratch));
}

/*
 * A name whose first part nothing in the file has: a full name, of a type of the package, or
 * a field that a base has. False if it is a type, or a call.
 */
static bool
qualify_unbound(Scan *scan, Reference *reference, Text *text)
{
	Span		name = reference->name;
	size_t		length = name_package_length(name);
	Span		rest;
	Span		first = first_part(name, &rest);
	int			class;

	if (span_ends(first, "()") || (isupper((unsigned char) first.bytes[0]) && !name_is_constant(first)))
		return false;
	if (length > 0 && length < name.length)
	{
		text_clear(text);
		text_add(text, (Span) {name.bytes, length - 1});
		text_adds(text, "::");
		text_add(text, (Span) {name.bytes + length, name.length - length});
	}
	else if (class_name(scan, reference->definition, &class, text))
		add_separated(scan, text, name);
	else
		return false;
	reference->name = scan_keep(scan, text_span(text));
	return true;
}

bool
mean_value(Scan *scan, Span expression, int scope, uint32_t start, Text *text)
{
	Reference	reference = {REFERENCE_CONSTANT, expression, 0, scope};

	switch (mean(scan, expression, scope, start, 0, text))
	{
		case MEANS_SOMETHING:
			return false;
		case MEANS_NOTHING_HERE:
			if (!qualify_unbound(scan, &reference, text))
			{
				text_clear(text);
				text_add(text, expression);
			}
			return true;
		default:
			return true;
	}
}

/* x->f as x.f, which is the same here. */
static void
put_dots(Scan *scan, Reference *reference)
{
	Text	   *scratch = &scan->bindings->scratch;

	if (memmem(reference->name.bytes, reference->name.length, "->", 2) == NULL)
		return;
	text_clear(scratch);
	for (size_t i = 0; i < reference->name.length; i++)
	{
		bool		is_arrow = i + 1 < reference->name.length && memcmp(reference->name.bytes + i, "->", 2) == 0;

		text_addc(scratch, is_arrow ? '.' : reference->name.bytes[i]);
		i += is_arrow;
	}
	reference->name = scan_keep(scan, text_span(scratch));
}

/*
 * C++: something of a variable that the file does not have, which may be a field of the class
 * around it, or of a base; what is qualified by :: stays.
 */
static void
qualify_member(Scan *scan, Reference *reference, Text *text)
{
	Span		rest;
	Span		first = first_part(reference->name, &rest);
	const char *behind = first.bytes + first.length;
	int			class;

	if (rest.length == 0 || *behind == ':' || span_ends(first, "()"))
		return;
	if (class_name(scan, reference->definition, &class, text))
	{
		add_separated(scan, text, reference->name);
		reference->name = scan_keep(scan, text_span(text));
	}
	else if (reference->kind == REFERENCE_CALL)
		put_unknown(scan, reference, text);
}

/* What a reference names. In a language with LANGUAGE_BLOCKS a variable that is called is something. */
static Meaning
mean_reference(Scan *scan, const Reference *reference, uint32_t start, bool is_bare, Text *text)
{
	if (is_bare && reference->kind == REFERENCE_CALL && scan->language->traits & LANGUAGE_BLOCKS &&
		is_variable(scan, reference->name, reference->definition, start))
		return MEANS_SOMETHING;
	return mean(scan, reference->name, reference->definition, start, 0, text);
}

/* ---- functions that are handed over ---- */

/* What has a name in the innermost scope that has it; neither if nothing in the file does. */
typedef struct Seen
{
	int			definition;
	const Binding *binding;
} Seen;

static bool
look_up(const Scan *scan, Span name, int scope, uint32_t start, Seen *seen)
{
	bool		sees_members = scan->language->traits & LANGUAGE_MEMBERS;

	for (int at = scope;; at = scan->definitions[at].parent)
	{
		bool		is_class = at != NO_DEFINITION && scan_is_type(scan->definitions[at].type);

		*seen = (Seen) {NO_DEFINITION, NULL};
		if (!is_class || at == scope || sees_members)
		{
			seen->definition = bind_find_definition(scan, at, name);
			seen->binding = bind_find(scan, at, name, start);
		}
		if (seen->definition != NO_DEFINITION || seen->binding != NULL)
			return true;
		if (at == NO_DEFINITION)
			return false;
	}
}

/* May a definition be called? In C and C++ a type is no value. */
static bool
is_callable(const Scan *scan, int definition)
{
	if ((scan->language->traits & LANGUAGE_C) && scan_is_type(scan->definitions[definition].type))
		return false;
	return !language_has(" constant property namespace module impl enum ", span_of(scan->definitions[definition].type));
}

typedef enum Callable
{
	CALLABLE_ELSEWHERE,			/* if at all: it is not of this file */
	CALLABLE_HERE,
	CALLABLE_NOT
} Callable;

/* What a full name is that of. */
static Callable
named(const Scan *scan, Span name)
{
	int			owner = NO_DEFINITION;

	for (;;)
	{
		Span		rest;
		Span		part = first_part(name, &rest);
		int			definition = bind_find_definition(scan, owner, part);

		if (rest.length == 0 && definition == NO_DEFINITION)
			return bind_find(scan, owner, part, 0) != NULL ||
				(owner != NO_DEFINITION && strcmp(scan->definitions[owner].type, "enum") == 0) ? CALLABLE_NOT : CALLABLE_ELSEWHERE;
		if (rest.length == 0)
			return is_callable(scan, definition) ? CALLABLE_HERE : CALLABLE_NOT;
		if (definition == NO_DEFINITION)
			return CALLABLE_ELSEWHERE;
		owner = definition;
		name = rest;
	}
}

/* By its form, where nothing in the file has that name: what may be a function that stands elsewhere. */
static bool
may_be_elsewhere(const Scan *scan, Span name)
{
	int			traits = scan->language->traits;

	/* what the files of a folder share, or a header has, needs no import */
	if (traits & LANGUAGE_BINDINGS && !(traits & LANGUAGE_BLOCKS))
		return scan->bindings->has_wildcard || !(scan->bindings->has_imports || traits & LANGUAGE_DOCSTRING);
	if (traits & LANGUAGE_CAPITALS)
		return isupper((unsigned char) name.bytes[0]);
	/* in C what a macro is given need not be a value */
	if (name.length < 2 || language_has(scan->language->silent, name))
		return false;
	/* a field of a class that stands elsewhere is mostly called so */
	if ((traits & LANGUAGE_C) && (traits & LANGUAGE_MEMBERS))
		return !span_ends(name, "_") && !span_starts(name, "m_");
	return true;
}

/* A name by itself. */
static bool
is_function_name(Scan *scan, Reference *reference, uint32_t start)
{
	Seen		seen;
	int			parent;
	Text		text = {NULL, 0, 0};

	if (!look_up(scan, reference->name, reference->definition, start, &seen))
		return reference->kind == REFERENCE_VALUE && may_be_elsewhere(scan, reference->name);
	if (seen.binding != NULL && seen.binding->kind == BINDING_IMPORT)
		return reference->kind == REFERENCE_VALUE && seen.binding->module.length > 0;
	if (seen.definition == NO_DEFINITION || !is_callable(scan, seen.definition))
		return false;
	parent = scan->definitions[seen.definition].parent;
	if ((scan->language->traits & LANGUAGE_MEMBERS) && parent != NO_DEFINITION && scan_is_type(scan->definitions[parent].type))
	{
		full_name(scan, seen.definition, &text);
		reference->name = scan_keep(scan, text_span(&text));
		text_free(&text);
	}
	return true;
}

/* Of what has a name, and is bound to something of a type, the member by its full name. */
static void
put_member(Scan *scan, Reference *reference, Span type, Span member)
{
	Text	   *scratch = &scan->bindings->scratch;

	text_clear(scratch);
	text_add(scratch, type);
	add_separated(scan, scratch, member);
	reference->name = scan_keep(scan, text_span(scratch));
}

/* A name with something before it that may be of this file: what it may be, if that is a type or a module. */
static Callable
named_after(Scan *scan, Reference *reference, Span first, Span rest, uint32_t start)
{
	int			traits = scan->language->traits;
	Span		before;
	Seen		seen;

	if (look_up(scan, first, reference->definition, start, &seen))
	{
		if (seen.definition != NO_DEFINITION)
			return named(scan, reference->name);
		if (seen.binding->kind != BINDING_TYPE || !name_is_plain(seen.binding->expression))
			return CALLABLE_NOT;
		put_member(scan, reference, seen.binding->expression, rest);
		return named(scan, reference->name);
	}
	/* variants of types, and fields of what stands elsewhere */
	if (((traits & LANGUAGE_ATTRIBUTES) && isupper((unsigned char) name_last_part(rest, &before).bytes[0])) ||
		((traits & LANGUAGE_CAPITALS) && !isupper((unsigned char) first.bytes[0])))
		return CALLABLE_NOT;
	return CALLABLE_ELSEWHERE;
}

/* A name with something before it. */
static bool
is_function_of(Scan *scan, Reference *reference, Span first, Span rest, uint32_t start)
{
	bool		has_bindings = scan->language->traits & LANGUAGE_BINDINGS;
	Text		text = {NULL, 0, 0};
	Callable	callable = CALLABLE_NOT;
	Meaning		meaning;

	if (!has_bindings && !language_has(scan->language->own, first))
		callable = named_after(scan, reference, first, rest, start);
	else
	{
		meaning = mean(scan, reference->name, reference->definition, start, 0, &text);
		/* of a module's members nothing is known, nor of what another file has */
		if (meaning == MEANS_NAMED)
			callable = has_bindings && memmem(text.bytes, text.length, "::", 2) != NULL ? CALLABLE_ELSEWHERE :
				named(scan, text_span(&text));
		else if (meaning == MEANS_NOTHING_HERE && scan->language->traits & LANGUAGE_BLOCKS)
			callable = CALLABLE_ELSEWHERE;
	}
	text_free(&text);
	return callable == CALLABLE_HERE || (callable == CALLABLE_ELSEWHERE && reference->kind == REFERENCE_VALUE);
}

bool
mean_decorated(Scan *scan, Reference *reference, uint32_t start)
{
	int			number = reference->definition;
	Text		text = {NULL, 0, 0};

	if (number == NO_DEFINITION || scan->definitions[number].name_start != start)
		return false;
	reference->kind = REFERENCE_VALUE;
	reference->definition = scan->definitions[number].parent;
	full_name(scan, number, &text);
	if (reference->definition != NO_DEFINITION && scan_is_type(scan->definitions[reference->definition].type))
		reference->name = scan_keep(scan, text_span(&text));
	text_free(&text);
	return true;
}

bool
mean_function(Scan *scan, Reference *reference, uint32_t start)
{
	Span		rest;
	Span		first;
	Span		before;
	Span		last;

	if (span_starts(reference->name, "?"))
		return false;
	/* a reference to a method says that it is one */
	if (scan->language->traits & LANGUAGE_TYPED)
		return true;
	first = first_part(reference->name, &rest);
	last = name_last_part(reference->name, &before);
	if (name_is_constant(last) || (rest.length == 0 && language_has(scan->language->own, first)) ||
		(rest.length > 0 ? !is_function_of(scan, reference, first, rest, start) : !is_function_name(scan, reference, start)))
		return false;
	reference->kind = REFERENCE_VALUE;
	return true;
}

bool
mean_qualify(Scan *scan, Reference *reference, uint32_t start)
{
	bool		has_bindings = scan->language->traits & LANGUAGE_BINDINGS;
	bool		is_typed = scan->language->traits & LANGUAGE_TYPED;
	Text		text = {NULL, 0, 0};
	Span		rest;
	bool		is_bare;
	bool		is_standard = false;

	if (reference->kind == REFERENCE_IMPORT || span_starts(reference->name, "?"))
		return false;
	first_part(reference->name, &rest);
	is_bare = rest.length == 0;
	if (is_typed && is_bare && reference->kind == REFERENCE_CALL)
	{
		qualify_called(scan, reference, start);
		return false;
	}
	/* what is called by its name alone is found by where that stands */
	if (is_bare && reference->kind == REFERENCE_CALL && scan->language->traits & LANGUAGE_CXX &&
		!is_variable(scan, reference->name, reference->definition, start))
		return false;
	switch (mean_reference(scan, reference, start, is_bare, &text))
	{
		case MEANS_NAMED:
			/* what is bare and of this file is found by where it stands */
			if (text.length < 500 && !(is_bare && memmem(text.bytes, text.length, "::", 2) == NULL &&
									   span_same(name_last_part(text_span(&text), &rest), reference->name)))
				reference->name = scan_keep(scan, text_span(&text));
			break;
		case MEANS_SOMETHING:
		case MEANS_INSTANCE:
			if (has_bindings && reference->kind == REFERENCE_CALL)
				put_unknown(scan, reference, &text);
			break;
		case MEANS_NOTHING_HERE:
			if (scan->language->traits & LANGUAGE_FOLDERS)
				break;
			if (scan->language->traits & LANGUAGE_CXX)
			{
				qualify_member(scan, reference, &text);
				break;
			}
			if (is_typed)
			{
				if (!is_bare)
					qualify_unbound(scan, reference, &text);
				break;
			}
			if (!has_bindings || reference->kind != REFERENCE_CALL || scan->bindings->has_wildcard)
				break;
			if (!is_bare)
				put_unknown(scan, reference, &text);
			else if (scan->bindings->has_imports || (scan->language->traits & LANGUAGE_DOCSTRING))
				is_standard = true;
			break;
	}
	text_free(&text);
	if (scan->language->traits & LANGUAGE_CXX)
		put_dots(scan, reference);
	return is_standard;
}
