/*
 * place.c
 *		Definitions and references in their order, each with the definition around it.
 *
 * A query gives them in no useful order. Both are sorted by place, and a sweep finds
 * for each the definition around it.
 */
#include "place.h"

#include "argument.h"
#include "mean.h"
#include "name.h"

#include <stdlib.h>

#define MAX_SECTIONS 100
#define SAID_BEFORE 8			/* references that may say the same */

static int
by_name(const void *a, const void *b)
{
	uint32_t	x = ((const Definition *) a)->name_start;
	uint32_t	y = ((const Definition *) b)->name_start;

	return x < y ? -1 : x > y;
}

static int
by_place(const void *a, const void *b)
{
	const Definition *x = a;
	const Definition *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->end != y->end ? (x->end > y->end ? -1 : 1) : 0;
}

static int
by_offset(const void *a, const void *b)
{
	uint32_t	x = *(const uint32_t *) a;
	uint32_t	y = *(const uint32_t *) b;

	return x < y ? -1 : x > y;
}

/* At one place the reference that says most comes first. */
static int
by_start(const void *a, const void *b)
{
	static const int rank[] = {
		[REFERENCE_IMPORT] = 0, [REFERENCE_EXTENDS] = 1, [REFERENCE_IMPLEMENTS] = 1, [REFERENCE_CALL] = 2,
		[REFERENCE_VALUE] = 3, [REFERENCE_KNOWN_VALUE] = 4, [REFERENCE_DECORATED] = 4, [REFERENCE_TYPE] = 5, [REFERENCE_CONSTANT] = 6
	};
	const Found *x = a;
	const Found *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return rank[x->reference.kind] - rank[y->reference.kind];
}

/* How much a type says. */
static int
weight(const char *type)
{
	return strcmp(type, "constant") == 0 ? 0 : strcmp(type, "typedef") == 0 ? 1 : strcmp(type, "class") == 0 ? 2 : 3;
}

/* Of definitions with one name the one that says most stays, or the largest. */
static void
drop_wrapped(Scan *scan)
{
	size_t		kept = 0;

	qsort(scan->definitions, scan->ndefinitions, sizeof(Definition), by_name);
	for (size_t i = 0; i < scan->ndefinitions; i++)
	{
		const Definition *definition = &scan->definitions[i];
		Definition *before = kept > 0 ? &scan->definitions[kept - 1] : NULL;
		int			more;

		if (before == NULL || before->name_start != definition->name_start)
		{
			scan->definitions[kept++] = *definition;
			continue;
		}
		/* a function is more than the constant that holds it */
		more = weight(definition->type) - weight(before->type);
		if (more > 0 || (more == 0 && definition->end - definition->start > before->end - before->start))
			*before = *definition;
	}
	scan->ndefinitions = kept;
}

bool
scan_is_type(const char *type)
{
	static const char *const types[] = {"class", "struct", "union", "enum", "interface", "trait", "impl", "object", "protocol", "typedef"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
	{
		if (strcmp(type, types[i]) == 0)
			return true;
	}
	return false;
}

/* By the conventions of Python and Ruby, of Go, and of PHPUnit and XCTest. */
static bool
is_test_name(Span name, const char *path)
{
	if (span_ends(span_of(path), "Test.php") || span_ends(span_of(path), "Tests.swift"))
		return span_starts(name, "test");
	if (!span_ends(span_of(path), "_test.go"))
		return span_starts(name, "test_");
	return span_starts(name, "Test") || span_starts(name, "Benchmark") || span_starts(name, "Fuzz") ||
		span_starts(name, "Example");
}

/* Is it a method of something that has a name? */
static bool
is_member(const Scan *scan, const Definition *definition)
{
	return definition->parent == NO_DEFINITION ? definition->scope.length > 0 :
		scan_is_type(scan->definitions[definition->parent].type);
}

/* A method of an object that is no type: not to be seen by its name alone. */
static void
put_in_nameless(Scan *scan, Definition *definition)
{
	Text	   *scope = &scan->scanner->scratch;

	text_clear(scope);
	text_add(scope, definition->scope);
	text_adds(scope, scope->length > 0 ? ".?" : "?");
	if (scope->length <= MAX_NAME)
		definition->scope = scanner_keep(scan->scanner, text_span(scope));
}

/*
 * What a member of a type does not say itself: members of interfaces are as
 * visible as these, so is what an impl has for a trait; C++ means no visibility
 * by static there.
 */
static void
place_member(const Language *language, Definition *definition, const Definition *parent)
{
	if (!scan_is_type(parent->type))
		return;
	if (strcmp(parent->type, "trait") == 0 || (strcmp(parent->type, "interface") == 0 && (language->traits & LANGUAGE_PRIVATE)))
		definition->visibility = parent->visibility;
	else if (strcmp(parent->type, "impl") == 0 && language->traits & LANGUAGE_ATTRIBUTES &&
			 memmem(parent->signature.bytes, parent->signature.length, " for ", 5) != NULL)
		definition->visibility = span_of("public");
	else if ((language->traits & LANGUAGE_C) && strcmp(definition->visibility.bytes, "private") == 0)
	{
		definition->visibility = span_of("public");
		definition->is_static = false;
	}
}

/* Ruby's "private def run": what is right before it on its line. */
static Span
said_before(const Scanner *scanner, const Definition *definition)
{
	static const char *const words[] = {"public", "private", "protected"};
	uint32_t	first = definition->start;
	Span		line;

	while (first > 0 && scanner->content.bytes[first - 1] != '\n' && definition->start - first < 20)
		first--;
	line = (Span) {scanner->content.bytes + first, definition->start - first};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
	{
		if (span_ends(line, " ") && span_ends((Span) {line.bytes, line.length - 1}, words[i]))
			return span_of(words[i]);
	}
	return (Span) {"", 0};
}

/* In C++ and Ruby the last section before it in its class tells; private is what C++ begins with in a class. */
static void
place_in_section(const Scan *scan, Definition *definition)
{
	const Scanner *scanner = scan->scanner;
	const Definition *parent = &scan->definitions[definition->parent];
	Span		said = said_before(scanner, definition);
	size_t		low = 0;
	size_t		high = scanner->nsections;

	if (said.length > 0)
	{
		definition->visibility = said;
		return;
	}
	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (scanner->sections[middle] < definition->start)
			low = middle + 1;
		else
			high = middle;
	}
	/* sections of classes in between are passed over, but not without end */
	for (int looks = 0; low-- > 0 && scanner->sections[low] > parent->start && looks < MAX_SECTIONS; looks++)
	{
		const char *section = scanner->content.bytes + scanner->sections[low];

		if (scan_definition_at(scan, scanner->sections[low]) != definition->parent)
			continue;
		definition->visibility = span_of(span_starts((Span) {section, 3}, "pub") ? "public" : span_starts((Span) {section, 3}, "pri") ? "private" : "protected");
		return;
	}
	if ((scanner->language->traits & LANGUAGE_C) && strcmp(parent->type, "class") == 0)
		definition->visibility = span_of("private");
}

/* A name as part of a scope: of one with blanks, as tests may have, what names are compared by. */
static void
add_scope_name(Text *scope, Span name)
{
	for (size_t i = 0; i < name.length; i++)
		text_addc(scope, name.bytes[i] == ' ' ? '_' : name.bytes[i]);
}

/* What follows from where it stands. */
static void
place_definition(Scan *scan, Definition *definition)
{
	Scanner    *scanner = scan->scanner;
	bool		is_function = strcmp(definition->type, "function") == 0;
	/* void Job::run() in a namespace; what a script adds to an object is no member */
	bool		is_qualified = definition->scope.length > 0 &&
		(!(scanner->language->traits & LANGUAGE_BINDINGS) || scanner->language->traits & LANGUAGE_CXX);

	if (definition->parent != NO_DEFINITION)
	{
		const Definition *parent = &scan->definitions[definition->parent];
		Text	   *scope = &scanner->scratch;

		text_clear(scope);
		text_add(scope, parent->scope);
		if (scope->length > 0)
			text_adds(scope, scanner->language->separator);
		add_scope_name(scope, parent->name);
		if (definition->scope.length > 0)
		{
			text_adds(scope, scanner->language->separator);
			text_add(scope, definition->scope);
		}
		if (scope->length <= MAX_NAME)
			definition->scope = scanner_keep(scanner, text_span(scope));
		if (is_function && (scan_is_type(parent->type) || is_qualified))
			definition->type = "method";
		place_member(scanner->language, definition, parent);
		if (parent->is_test && is_function && strcmp(parent->type, "test") != 0)
			definition->is_test = true;
	}
	else if (is_function && definition->scope.length > 0)
		definition->type = "method";
	if (definition->is_nameless || ((scanner->language->traits & LANGUAGE_BINDINGS) && !(scanner->language->traits & LANGUAGE_CXX) &&
									strcmp(definition->type, "method") == 0 &&
									!is_member(scan, definition)))
		put_in_nameless(scan, definition);
	if (scanner->language->traits & LANGUAGE_TEST_NAMES)
		definition->is_test |= is_test_name(definition->name, scanner->path) &&
			(is_function || strcmp(definition->type, "method") == 0);
	if (definition->is_test && (strcmp(definition->type, "function") == 0 || strcmp(definition->type, "method") == 0))
		definition->type = "test";
}

/* The innermost definition around a place; those that end before it go. */
static int
definition_around(const Scan *scan, int innermost, uint32_t start)
{
	while (innermost != NO_DEFINITION && scan->definitions[innermost].end <= start)
		innermost = scan->definitions[innermost].parent;
	return innermost;
}

int
scan_definition_at(const Scan *scan, uint32_t start)
{
	size_t		low = 0;
	size_t		high = scan->ndefinitions;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (scan->definitions[middle].start <= start)
			low = middle + 1;
		else
			high = middle;
	}
	return definition_around(scan, (int) low - 1, start);
}

/* A type that is defined by what gives it the same name: typedef struct x {} x. */
static void
drop_named_twice(Scan *scan)
{
	size_t		kept = 0;

	for (size_t i = 0; i < scan->ndefinitions; i++)
	{
		const Definition *definition = &scan->definitions[i];
		const Definition *before = kept > 0 ? &scan->definitions[kept - 1] : NULL;

		if (before != NULL && definition->start < before->end && scan_is_type(definition->type) && scan_is_type(before->type) &&
			span_same(definition->name, before->name))
			continue;
		scan->definitions[kept++] = *definition;
	}
	scan->ndefinitions = kept;
}

/*
 * Where names of definitions stand, in order. An impl's is that of a type, to
 * which it refers.
 */
static void
note_names(Scan *scan)
{
	Scanner    *scanner = scan->scanner;

	for (size_t i = 0; i < scan->ndefinitions; i++)
	{
		if (strcmp(scan->definitions[i].type, "impl") != 0)
			scanner_note_name(scanner, scan->definitions[i].name_start);
	}
	if (scanner->nnames > 0)
		qsort(scanner->names, scanner->nnames, sizeof(uint32_t), by_offset);
}

static void
place_in_sections(Scan *scan)
{
	bool		by_class = strcmp(scan->language->name, "cpp") == 0;

	if (scan->scanner->nsections > 0)
		qsort(scan->scanner->sections, scan->scanner->nsections, sizeof(uint32_t), by_offset);
	for (size_t i = 0; (by_class || scan->language->traits & LANGUAGE_SIGNS) && i < scan->ndefinitions; i++)
	{
		Definition *definition = &scan->definitions[i];

		if (definition->parent != NO_DEFINITION && (by_class ? scan_is_type(scan->definitions[definition->parent].type) :
			strcmp(definition->type, "method") == 0 || strcmp(definition->type, "test") == 0))
			place_in_section(scan, definition);
	}
}

/* What functions return that do not say so: the first that has names. */
static void
place_results(Scan *scan)
{
	const Scanner *scanner = scan->scanner;

	for (size_t i = 0; i < scanner->nresults; i++)
	{
		const Result *result = &scanner->results[i];
		int			number = scan_definition_at(scan, result->start);
		Definition *definition = number == NO_DEFINITION ? NULL : &scan->definitions[number];

		/* that of a function without a name in it is none of its own */
		if (definition == NULL || scan_is_type(definition->type) || definition->returns.length > 0 ||
			(definition->gives.length > 0 && definition->gives_start < result->start) ||
			result->end > definition->end || result->end + 2 < definition->end)
			continue;
		definition->gives = result->names;
		definition->gives_start = result->start;
	}
}

/* Each definition finds the one around it. */
void
place_definitions(Scan *scan)
{
	int			innermost = NO_DEFINITION;

	if (scan->ndefinitions > 0)
		drop_wrapped(scan);
	note_names(scan);
	if (scan->ndefinitions == 0)
		return;
	qsort(scan->definitions, scan->ndefinitions, sizeof(Definition), by_place);
	drop_named_twice(scan);
	for (size_t i = 0; i < scan->ndefinitions; i++)
	{
		innermost = definition_around(scan, innermost, scan->definitions[i].start);
		/* two names in one: typedef int number, *pointer */
		while (innermost != NO_DEFINITION && scan->definitions[innermost].start == scan->definitions[i].start &&
			   scan->definitions[innermost].end == scan->definitions[i].end)
			innermost = scan->definitions[innermost].parent;
		scan->definitions[i].parent = innermost;
		place_definition(scan, &scan->definitions[i]);
		innermost = i;
	}
	place_in_sections(scan);
	place_results(scan);
}

/* Is this where the name of a definition stands, which refers to nothing? */
static bool
is_name(const Scanner *scanner, uint32_t start)
{
	return scanner->nnames > 0 &&
		bsearch(&start, scanner->names, scanner->nnames, sizeof(uint32_t), by_offset) != NULL;
}

/*
 * Was the same thing said of this place before? Of geo::Circle its last part is
 * a type, too, of List<Item> its first.
 */
static bool
is_said(const Found **kept, size_t nkept, const Found *found)
{
	Span		qualifier;
	Span		name = name_last_part(found->reference.name, &qualifier);

	for (size_t i = 0; i < nkept && i < SAID_BEFORE; i++)
	{
		if ((kept[i]->start == found->start || kept[i]->end == found->end) &&
			span_same(name_last_part(kept[i]->reference.name, &qualifier), name))
			return true;
	}
	return false;
}

/* A class without a name in a function is nothing that has a base; nor is a type its own one. */
static bool
may_be_base(const Scan *scan, const Reference *reference)
{
	const Definition *definition;

	if ((reference->kind != REFERENCE_EXTENDS && reference->kind != REFERENCE_IMPLEMENTS) || reference->definition == NO_DEFINITION)
		return true;
	definition = &scan->definitions[reference->definition];
	return strcmp(definition->type, "function") != 0 && strcmp(definition->type, "method") != 0 &&
		strcmp(definition->type, "test") != 0 && !span_same(definition->name, reference->name);
}

/* Where it leads from and to, of what is handed over or stored; false if that is nothing. */
static bool
place_value(Scan *scan, Reference *reference, uint32_t start)
{
	switch (reference->kind)
	{
		case REFERENCE_DECORATED:
			return mean_decorated(scan, reference, start);
		case REFERENCE_VALUE:
		case REFERENCE_KNOWN_VALUE:
			return mean_function(scan, reference, start);
		default:
			return true;
	}
}

/* Each reference finds the definition around it; of several at a place one stays. False if it is late. */
bool
place_references(Scan *scan)
{
	Scanner    *scanner = scan->scanner;
	int			innermost = NO_DEFINITION;
	size_t		next = 0;
	const Found *kept[SAID_BEFORE];
	size_t		nkept = 0;

	if (scanner->nfound > 0)
		qsort(scanner->found, scanner->nfound, sizeof(Found), by_start);
	for (size_t i = 0; i < scanner->nfound; i++)
	{
		Found	   *found = &scanner->found[i];
		Reference	reference;

		if (i % SCAN_BETWEEN_LOOKS == 0 && scan_is_late(scan))
			return false;
		for (; next < scan->ndefinitions && scan->definitions[next].start <= found->start; next++)
			innermost = next;
		innermost = definition_around(scan, innermost, found->start);
		if (found->reference.kind != REFERENCE_IMPORT && found->reference.kind != REFERENCE_DECORATED &&
			(is_name(scanner, found->start) || is_said(kept, nkept, found)))
			continue;
		found->reference.definition = innermost;
		if (!may_be_base(scan, &found->reference))
			found->reference.kind = REFERENCE_TYPE;
		reference = found->reference;
		if (!place_value(scan, &reference, found->start))
			continue;
		kept[nkept++ % SAID_BEFORE] = found;
		scan->references = GROW(scan->references, scan->nreferences, scanner->references_room);
		reference.is_standard = mean_qualify(scan, &reference, found->start);
		reference.types = argument_types(scan, &reference, found->start);
		scan->references[scan->nreferences++] = reference;
	}
	return true;
}
