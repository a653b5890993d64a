/*
 * refer.c
 *		What a file calls, uses and imports, where it is written.
 */
#include "refer.h"

#include "argument.h"
#include "define.h"
#include "expression.h"
#include "name.h"

#include <ctype.h>

#define MAX_TOKENS 200

/* The call that something is what is called of, by itself or as its name; else the node. */
static TSNode
call_around(TSNode node)
{
	TSNode		parent = ts_node_parent(node);

	return ts_node_is_null(parent) ? node : parent;
}

static void
add_reference(Scan *scan, ReferenceKind kind, Span name, TSNode node)
{
	Scanner    *scanner = scan->scanner;
	Found		found = {{kind, name, ts_node_start_point(node).row + 1, NO_DEFINITION},
	ts_node_start_byte(node), ts_node_end_byte(node)};

	found.reference.arguments = kind == REFERENCE_CALL && scanner->language->traits & LANGUAGE_OVERLOADS ?
		arity_of_call(call_around(node)) : ARITY_UNKNOWN;
	found.reference.types = found.reference.arguments > 0 ? argument_take(scan, call_around(node)) : (Span) {"", 0};
	scanner->found = GROW(scanner->found, scanner->nfound, scanner->found_room);
	scanner->found[scanner->nfound++] = found;
}

/* Too common to be worth a reference: letters, and types of the language's own. */
static bool
is_silent(const Language *language, Span name)
{
	return name.length <= 1 || language_has(language->silent, name);
}

/*
 * A::f, where a function is named and not called, as A.f; of A::new the type. False if
 * that is made of something without a name, an array.
 */
static bool
plain_member_reference(Text *name)
{
	char	   *colons = memmem(name->bytes, name->length, "::", 2);
	Span		rest;

	if (colons == NULL)
		return true;
	rest = (Span) {colons + 2, name->length - (colons + 2 - name->bytes)};
	if (span_is(rest, "new"))
	{
		name->length = colons - name->bytes;
		return name->bytes[0] != '?';
	}
	*colons = '.';
	memmove(colons + 1, rest.bytes, rest.length);
	name->length--;
	return true;
}

void
refer_take(Scan *scan, ReferenceKind kind, bool is_element, TSNode node)
{
	Scanner    *scanner = scan->scanner;
	Span		written = scanner_text(scanner, node);
	Span		qualifier;

	if (kind == REFERENCE_CONSTANT)
	{
		if (name_is_constant(written) && !is_silent(scanner->language, written))
			add_reference(scan, REFERENCE_CONSTANT, written, node);
		return;
	}
	/* :save of Ruby */
	if (kind == REFERENCE_KNOWN_VALUE && written.length > 1 && written.bytes[0] == ':')
		written = (Span) {written.bytes + 1, written.length - 1};
	if (kind == REFERENCE_KNOWN_VALUE && define_has_sign(scanner, written))
	{
		add_reference(scan, kind, written, node);
		return;
	}
	if (!name_of_expression(&scanner->scratch, written) || !scanner_takes_name(scanner, text_span(&scanner->scratch)))
		return;
	if (kind == REFERENCE_VALUE && strcmp(scanner->language->separator, ".") == 0 &&
		!plain_member_reference(&scanner->scratch))
		return;
	if (is_element &&
		!isupper((unsigned char) name_last_part(text_span(&scanner->scratch), &qualifier).bytes[0]))
		return;
	if (kind == REFERENCE_TYPE && is_silent(scanner->language, text_span(&scanner->scratch)))
		return;
	if ((scanner->language->traits & LANGUAGE_BINDINGS) && kind == REFERENCE_CALL &&
		span_starts(text_span(&scanner->scratch), "?"))
	{
		Span		expression = expression_names(scan, node);

		if (expression.length > 0)
		{
			text_clear(&scanner->scratch);
			text_add(&scanner->scratch, expression);
		}
	}
	written = name_last_part(text_span(&scanner->scratch), &qualifier);
	add_reference(scan, (scanner->language->traits & LANGUAGE_INTERFACES) && kind == REFERENCE_EXTENDS &&
				  written.length > 1 && written.bytes[0] == 'I' && isupper((unsigned char) written.bytes[1]) ?
				  REFERENCE_IMPLEMENTS : kind, scanner_keep(scanner, text_span(&scanner->scratch)), node);
}

/* What is called is all of a call up to the end of its name. */
void
refer_take_call(Scan *scan, TSNode call, TSNode name)
{
	Scanner    *scanner = scan->scanner;
	uint32_t	start = ts_node_start_byte(call);
	Span		called = {scanner->content.bytes + start, ts_node_end_byte(name) - start};
	bool		signed_name = define_has_sign(scanner, scanner_text(scanner, name));
	Span		expression;

	called.length -= signed_name;
	if (!name_of_expression(&scanner->scratch, called))
		return;
	if (signed_name)
		text_addc(&scanner->scratch, called.bytes[called.length]);
	if (!scanner_takes_name(scanner, text_span(&scanner->scratch)))
		return;
	if ((scanner->language->traits & LANGUAGE_BINDINGS) && (span_starts(text_span(&scanner->scratch), "?") ||
			memmem(scanner->scratch.bytes, scanner->scratch.length, ".this.", 6) != NULL) &&
		(expression = expression_names(scan, call)).length > 2)
		/* without the brackets of the call itself */
		add_reference(scan, REFERENCE_CALL, (Span) {expression.bytes, expression.length - 2}, name);
	else
		add_reference(scan, REFERENCE_CALL, scanner_keep(scanner, text_span(&scanner->scratch)), name);
}

/* A name among tokens that no grammar has read, as in Rust's macros. */
void
refer_take_token(Scan *scan, TSNode name)
{
	Scanner    *scanner = scan->scanner;
	uint32_t	start = ts_node_start_byte(name);
	uint32_t	end = ts_node_end_byte(name);
	uint32_t	before = start < MAX_TOKENS ? start : MAX_TOKENS;

	if (end < scanner->content.length && scanner->content.bytes[end] == '(' &&
		name_of_expression(&scanner->scratch, (Span) {scanner->content.bytes + start - before, end - start + before}))
		add_reference(scan, REFERENCE_CALL, scanner_keep(scanner, text_span(&scanner->scratch)), name);
}

/* Is it a function by which code is imported, or mixed in? */
bool
refer_requires(Span name)
{
	static const char *const names[] = {"require", "require_relative", "load", "include", "extend", "prepend"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
	{
		if (span_is(name, names[i]))
			return true;
	}
	return false;
}

/* What is imported, without quotes and brackets; with a part of it, that, too. */
void
refer_take_import(Scan *scan, TSNode node, TSNode part)
{
	Scanner    *scanner = scan->scanner;
	Text		name = {NULL, 0, 0};
	Span		written = scanner_text(scanner, node);

	if (span_starts(written, "import "))
		written = (Span) {written.bytes + 7, written.length - 7};
	while (written.length > 1 && strchr("\"'`<", written.bytes[0]) != NULL)
		written = (Span) {written.bytes + 1, written.length - 2};
	for (size_t i = 0; i < written.length; i++)
	{
		/* several things of a module, in a bracket */
		if (strchr("{*", written.bytes[i]) != NULL)
			written.length = i;
	}
	while (written.length > 1 && span_ends(written, "._"))
		written.length -= 2;
	while (written.length > 0 && written.bytes[written.length - 1] == '.' && written.bytes[0] != '.')
		written.length--;
	name_one_line(&name, written, MAX_NAME);
	if (!ts_node_is_null(part))
	{
		if (name.length > 0 && !span_ends(text_span(&name), scanner->language->separator))
			text_adds(&name, scanner->language->separator);
		name_one_line(&name, scanner_text(scanner, part), MAX_NAME);
	}
	if (name.length > 0)
		add_reference(scan, REFERENCE_IMPORT, scanner_keep(scanner, text_span(&name)), node);
	text_free(&name);
}

