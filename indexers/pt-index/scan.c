/*
 * scan.c
 *		What one file defines, and what it refers to, by its language's query.
 *
 * The query gives definitions and references in no useful order. Both are
 * sorted by place, and a sweep finds for each the definition around it. What
 * stands before a definition, comments and attributes, is read from the text:
 * asking the tree for siblings would be quadratic in their number.
 *
 * Nothing recurses over the depth of a tree but tree-sitter, which does not.
 */
#include "scan.h"

#include "argument.h"
#include "bind.h"
#include "name.h"
#include "report.h"

#include <ctype.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_LANGUAGES 32
#define BLOCK_BYTES 65536
#define MAX_SIGNATURE 500
#define MAX_NAME 500
#define MAX_TOKENS 200
#define SAID_BEFORE 8			/* references that may say the same */
#define MAX_LINES_ABOVE 200

typedef enum CaptureKind
{
	CAPTURE_DEFINITION,
	CAPTURE_CAPITALS,
	CAPTURE_NAME,
	CAPTURE_SCOPE,
	CAPTURE_NOTHING,
	CAPTURE_REFERENCE,
	CAPTURE_CALL,				/* whose name is another capture */
	CAPTURE_CALL_NAME,
	CAPTURE_CALL_TOKEN,
	CAPTURE_ELEMENT,
	CAPTURE_REQUIRE,
	CAPTURE_IMPORT,
	CAPTURE_IMPORT_NAME,
	CAPTURE_BINDING				/* one of BindingNodes */
} CaptureKind;

typedef struct Capture
{
	CaptureKind kind;
	ReferenceKind reference;
	const char *type;			/* of a definition */
	size_t		node;			/* of a binding: where in BindingNodes */
} Capture;

/* A query, compiled when its language is first met; for all threads. */
typedef struct CompiledQuery
{
	TSQuery    *query;
	Capture    *captures;
} CompiledQuery;

typedef struct Block
{
	struct Block *next;
	char		bytes[BLOCK_BYTES];
} Block;

/* A reference with what it is sorted by. */
typedef struct Found
{
	Reference	reference;
	uint32_t	start;
	uint32_t	end;
} Found;

typedef struct Scanner
{
	TSParser   *parser;
	TSQueryCursor *cursor;
	const Language *language;
	const char *path;
	Span		content;
	struct timespec deadline;

	Block	   *blocks;			/* texts of this file, the first has room */
	size_t		block_used;
	Text		scratch;

	size_t		definitions_room;
	size_t		references_room;
	Found	   *found;
	size_t		nfound;
	size_t		found_room;
	uint32_t   *names;			/* where names of definitions begin */
	size_t		names_room;
	size_t		nnames;
} Scanner;

static pthread_mutex_t compile_lock = PTHREAD_MUTEX_INITIALIZER;
static CompiledQuery compiled[MAX_LANGUAGES];

/* ---- queries ---- */

static Capture
capture_of(const char *name)
{
	static const struct
	{
		const char *name;
		Capture		capture;
	}			known[] = {
		{"name", {CAPTURE_NAME}},
		{"scope", {CAPTURE_SCOPE}},
		{"nothing", {CAPTURE_NOTHING}},
		{"def.capitals", {CAPTURE_CAPITALS, 0, "constant"}},
		{"call", {CAPTURE_REFERENCE, REFERENCE_CALL}},
		{"call.in", {CAPTURE_CALL, REFERENCE_CALL}},
		{"call.name", {CAPTURE_CALL_NAME, REFERENCE_CALL}},
		{"call.token", {CAPTURE_CALL_TOKEN, REFERENCE_CALL}},
		{"type", {CAPTURE_REFERENCE, REFERENCE_TYPE}},
		{"constant", {CAPTURE_REFERENCE, REFERENCE_CONSTANT}},
		{"base", {CAPTURE_REFERENCE, REFERENCE_EXTENDS}},
		{"trait", {CAPTURE_REFERENCE, REFERENCE_IMPLEMENTS}},
		{"element", {CAPTURE_ELEMENT, REFERENCE_CALL}},
		{"require", {CAPTURE_REQUIRE}},
		{"import", {CAPTURE_IMPORT, REFERENCE_IMPORT}},
		{"import.name", {CAPTURE_IMPORT_NAME, REFERENCE_IMPORT}},
		{"bind", {CAPTURE_BINDING, 0, NULL, offsetof(BindingNodes, name)}},
		{"bind.field", {CAPTURE_BINDING, 0, NULL, offsetof(BindingNodes, field)}},
		{"bind.type", {CAPTURE_BINDING, 0, NULL, offsetof(BindingNodes, type)}},
		{"bind.value", {CAPTURE_BINDING, 0, NULL, offsetof(BindingNodes, value)}},
		{"from", {CAPTURE_BINDING, 0, NULL, offsetof(BindingNodes, module)}},
		{"from.name", {CAPTURE_BINDING, 0, NULL, offsetof(BindingNodes, member)}},
		{"from.all", {CAPTURE_BINDING, 0, NULL, offsetof(BindingNodes, whole)}},
		{"from.default", {CAPTURE_BINDING, 0, NULL, offsetof(BindingNodes, standard)}},
		{"from.wildcard", {CAPTURE_BINDING, 0, NULL, offsetof(BindingNodes, wildcard)}},
		{"package", {CAPTURE_BINDING, 0, NULL, offsetof(BindingNodes, package)}},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
	{
		if (strcmp(known[i].name, name) == 0)
			return known[i].capture;
	}
	if (strncmp(name, "def.", 4) == 0)
		return (Capture) {CAPTURE_DEFINITION, 0, name + 4};
	report_error("a query captures @%s, which means nothing", name);
	exit(1);
}

static const CompiledQuery *
compiled_query(const Language *language)
{
	CompiledQuery *of = &compiled[language - languages];

	pthread_mutex_lock(&compile_lock);
	if (of->query == NULL)
	{
		uint32_t	offset;
		TSQueryError error;

		of->query = ts_query_new(language->grammar(), language->query, strlen(language->query), &offset, &error);
		if (of->query == NULL)
		{
			int			line = 1;

			for (uint32_t i = 0; i < offset; i++)
				line += language->query[i] == '\n';
			report_error("the query %s.scm does not fit its grammar, at line %d: %.40s", language->query_name,
						 line, language->query + offset);
			exit(1);
		}
		of->captures = make_room(NULL, ts_query_capture_count(of->query), sizeof(Capture));
		for (uint32_t i = 0; i < ts_query_capture_count(of->query); i++)
		{
			uint32_t	length;

			of->captures[i] = capture_of(ts_query_capture_name_for_id(of->query, i, &length));
		}
	}
	pthread_mutex_unlock(&compile_lock);
	return of;
}

bool
scan_check_queries(void)
{
	for (int i = 0; i < nlanguages; i++)
		compiled_query(&languages[i]);
	return true;
}

/* ---- memory ---- */

void
scan_create(Scan *scan)
{
	Scanner    *scanner = make_room(NULL, 1, sizeof(Scanner));

	memset(scanner, 0, sizeof(*scanner));
	memset(scan, 0, sizeof(*scan));
	scan->bindings = make_room(NULL, 1, sizeof(Bindings));
	memset(scan->bindings, 0, sizeof(Bindings));
	scanner->parser = ts_parser_new();
	scanner->cursor = ts_query_cursor_new();
	ts_query_cursor_set_match_limit(scanner->cursor, 65536);
	scan->scanner = scanner;
}

static void
free_blocks(Scanner *scanner, Block *keep)
{
	while (scanner->blocks != keep)
	{
		Block	   *next = scanner->blocks->next;

		free(scanner->blocks);
		scanner->blocks = next;
	}
}

void
scan_free(Scan *scan)
{
	Scanner    *scanner = scan->scanner;

	ts_parser_delete(scanner->parser);
	ts_query_cursor_delete(scanner->cursor);
	free_blocks(scanner, NULL);
	text_free(&scanner->scratch);
	free(scanner->found);
	free(scanner->names);
	free(scanner);
	free(scan->definitions);
	free(scan->references);
	bind_free(scan->bindings);
	free(scan->bindings);
	memset(scan, 0, sizeof(*scan));
}

/* A copy of a text that stays until the next file. */
static Span
keep(Scanner *scanner, Span span)
{
	char	   *copy;

	if (span.length == 0)
		return (Span) {"", 0};
	if (span.length > BLOCK_BYTES)
		span.length = BLOCK_BYTES;
	if (scanner->blocks == NULL || scanner->block_used + span.length > BLOCK_BYTES)
	{
		Block	   *block = make_room(NULL, 1, sizeof(Block));

		block->next = scanner->blocks;
		scanner->blocks = block;
		scanner->block_used = 0;
	}
	copy = scanner->blocks->bytes + scanner->block_used;
	memcpy(copy, span.bytes, span.length);
	scanner->block_used += span.length;
	return (Span) {copy, span.length};
}

Span
scan_keep(Scan *scan, Span span)
{
	return keep(scan->scanner, span);
}

/* ---- time ---- */

static void
set_deadline(Scanner *scanner, double limit)
{
	clock_gettime(CLOCK_MONOTONIC, &scanner->deadline);
	scanner->deadline.tv_sec += (time_t) limit;
	scanner->deadline.tv_nsec += (long) ((limit - (time_t) limit) * 1e9);
}

bool
scan_is_late(const Scan *scan)
{
	const struct timespec *deadline = &scan->scanner->deadline;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec > deadline->tv_sec || (now.tv_sec == deadline->tv_sec && now.tv_nsec > deadline->tv_nsec);
}

static bool
stop_parsing(TSParseState *state)
{
	return scan_is_late(state->payload);
}

static bool
stop_query(TSQueryCursorState *state)
{
	return scan_is_late(state->payload);
}

static const char *
read_content(void *payload, uint32_t at, TSPoint position, uint32_t *length)
{
	const Scan *scan = payload;

	(void) position;
	*length = at < scan->content.length ? scan->content.length - at : 0;
	return scan->content.bytes + at;
}

/* ---- definitions ---- */

static Span
text_of(const Scanner *scanner, TSNode node)
{
	uint32_t	start = ts_node_start_byte(node);

	return (Span) {scanner->content.bytes + start, ts_node_end_byte(node) - start};
}

static TSNode
field(TSNode node, const char *name)
{
	return ts_node_child_by_field_name(node, name, strlen(name));
}

/* Where what is said about a definition ends and what it does begins. */
static uint32_t
start_of_body(TSNode node)
{
	static const char *const inner[] = {"definition", "declaration", "value", "right"};

	for (int depth = 0; depth < 4; depth++)
	{
		TSNode		body = field(node, "body");
		TSNode		next = {{0}, NULL, NULL};

		if (!ts_node_is_null(body))
			return ts_node_start_byte(body);
		for (int i = 0; i < 4 && next.id == NULL; i++)
			next = field(node, inner[i]);
		if (next.id == NULL && ts_node_named_child_count(node) > 0 &&
			(strcmp(ts_node_type(node), "template_declaration") == 0 ||
			 strcmp(ts_node_type(node), "lexical_declaration") == 0))
			next = ts_node_named_child(node, ts_node_named_child_count(node) - 1);
		if (next.id == NULL)
		{
			/* grammars without fields */
			uint32_t	count = ts_node_named_child_count(node);
			TSNode		last = count > 0 ? ts_node_named_child(node, count - 1) : next;

			if (last.id != NULL && strstr(ts_node_type(last), "body") != NULL)
				return ts_node_start_byte(last);
			break;
		}
		node = next;
	}
	return ts_node_end_byte(node);
}

/* What a function says that it returns. */
static Span
returns_of(const Scanner *scanner, TSNode node)
{
	static const char *const inner[] = {"definition", "declaration", "value", "right"};

	if (scanner->language->traits & LANGUAGE_TYPED)
	{
		TSNode		type = field(node, "type");

		return strcmp(ts_node_type(node), "method_declaration") == 0 && !ts_node_is_null(type) &&
			strcmp(ts_node_type(type), "void_type") != 0 ?
			text_of(scanner, type) : (Span) {"", 0};
	}
	for (int depth = 0; depth < 4; depth++)
	{
		TSNode		returns = field(node, "return_type");
		TSNode		next = {{0}, NULL, NULL};

		if (!ts_node_is_null(returns))
			return text_of(scanner, returns);
		for (int i = 0; i < 4 && next.id == NULL; i++)
			next = field(node, inner[i]);
		if (next.id == NULL && strcmp(ts_node_type(node), "lexical_declaration") == 0)
			next = ts_node_named_child(node, 0);
		if (next.id == NULL)
			break;
		node = next;
	}
	return (Span) {"", 0};
}

static Span
signature_of(Scanner *scanner, TSNode node)
{
	uint32_t	start = ts_node_start_byte(node);
	uint32_t	end = start_of_body(node);
	Span		signature;

	text_clear(&scanner->scratch);
	name_one_line(&scanner->scratch, (Span) {scanner->content.bytes + start, end - start}, MAX_SIGNATURE);
	signature = text_span(&scanner->scratch);
	while (signature.length > 0 && strchr(" :={\\", signature.bytes[signature.length - 1]) != NULL)
		signature.length--;
	if (span_ends(signature, " =>"))
		signature.length -= 3;
	return keep(scanner, signature);
}

/* A line without the white space around it; above moves to the line before. */
static Span
line_above(const Scanner *scanner, uint32_t *above)
{
	const char *content = scanner->content.bytes;
	uint32_t	end = *above;
	uint32_t	start;

	if (end == 0)
		return (Span) {NULL, 0};
	start = --end;
	while (start > 0 && content[start - 1] != '\n')
		start--;
	*above = start;
	while (start < end && isspace((unsigned char) content[start]))
		start++;
	while (end > start && isspace((unsigned char) content[end - 1]))
		end--;
	return (Span) {content + start, end - start};
}

/* Is one of these words an attribute of a test? */
static bool
says_test(Span attributes)
{
	static const char *const words[] = {"test", "Test", "Fact", "Theory", "TestMethod", "TestCase", "ParameterizedTest"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
	{
		if (name_has_word(attributes, words[i]))
			return true;
	}
	return false;
}

/*
 * What stands right above a definition: its comment, and attributes, one of
 * which may say that it is a test.
 */
static void
read_above(Scanner *scanner, Definition *definition)
{
	bool		hashes = (scanner->language->traits & (LANGUAGE_C | LANGUAGE_ATTRIBUTES)) == 0;
	uint32_t	above = definition->start;
	uint32_t	first = definition->start;

	while (above > 0 && scanner->content.bytes[above - 1] != '\n')
	{
		if (!isspace((unsigned char) scanner->content.bytes[above - 1]))
			return;
		above--;
	}
	for (int lines = 0; lines < MAX_LINES_ABOVE; lines++)
	{
		Span		line = line_above(scanner, &above);

		if (line.length == 0)
			break;
		if (span_starts(line, "#[") || span_starts(line, "@") || (span_starts(line, "[") && span_ends(line, "]")))
		{
			if (says_test(line))
				definition->is_test = true;
		}
		else if (span_ends(line, "*/"))
		{
			while (line.bytes != NULL && !span_starts(line, "/*") && lines++ < MAX_LINES_ABOVE)
				line = line_above(scanner, &above);
			if (line.bytes == NULL || !span_starts(line, "/*"))
				break;
			first = above;
		}
		else if (span_starts(line, "//") || (hashes && span_starts(line, "#")))
			first = above;
		else
			break;
	}
	definition->documentation = name_first_line((Span) {scanner->content.bytes + first, definition->start - first});
}

/* Python's: the first statement of the body is a string. */
static void
read_docstring(const Scanner *scanner, TSNode node, Definition *definition)
{
	uint32_t	start = start_of_body(node);
	Span		body = {scanner->content.bytes + start, definition->end - start};
	size_t		at = 0;

	while (at < body.length && strchr("rRuUbB", body.bytes[at]) != NULL && at < 2)
		at++;
	body.bytes += at;
	body.length -= at;
	if (span_starts(body, "\"\"\"") || span_starts(body, "'''"))
	{
		Span		rest = {body.bytes + 3, body.length - 3};
		const char *end = memmem(rest.bytes, rest.length, body.bytes, 3);

		if (end != NULL)
			rest.length = end - rest.bytes;
		definition->documentation = name_first_line(rest);
	}
	else if (body.length > 0 && strchr("\"'", body.bytes[0]) != NULL)
	{
		const char *newline = memchr(body.bytes, '\n', body.length);

		definition->documentation = name_first_line((Span) {body.bytes, newline ? (size_t) (newline - body.bytes) : body.length});
	}
}

/* Is this a part of a word in capitals, as in MEM_STATIC? */
static bool
has_capital_part(Span text, const char *part)
{
	size_t		length = strlen(part);

	for (size_t i = 0; i + length <= text.length; i++)
	{
		if (memcmp(text.bytes + i, part, length) == 0 && (i == 0 || !isalnum((unsigned char) text.bytes[i - 1])) &&
			(i + length == text.length || !isalnum((unsigned char) text.bytes[i + length])))
			return true;
	}
	return false;
}

static void
read_visibility(const Scanner *scanner, Definition *definition, uint32_t name_start)
{
	static const char *const words[] = {"public", "private", "protected", "internal", "fileprivate", "open", "pub", "export"};
	Span		before = {scanner->content.bytes + definition->start, name_start - definition->start};
	int			traits = scanner->language->traits;
	char		first = definition->name.length > 0 ? definition->name.bytes[0] : ' ';

	definition->visibility = span_of("public");
	if (traits & LANGUAGE_PRIVATE)
		definition->visibility = span_of("private");
	if (((traits & LANGUAGE_UNDERSCORE) && first == '_' && !span_ends(definition->name, "__")) || first == '#')
		definition->visibility = span_of("private");
	if ((traits & LANGUAGE_UPPERCASE) && !isupper((unsigned char) first))
		definition->visibility = span_of("private");
	if (before.length < 1000 && before.length > 0 && strchr("@[", before.bytes[0]) != NULL && says_test(before))
		definition->is_test = true;
	for (size_t i = 0; before.length < 1000 && i < sizeof(words) / sizeof(words[0]); i++)
	{
		if (name_has_word(before, words[i]))
			definition->visibility = span_of(i >= 6 ? "public" : words[i]);
	}
	if ((traits & LANGUAGE_C) && before.length < 1000 && strcmp(definition->type, "function") == 0 &&
		(name_has_word(before, "static") || has_capital_part(before, "STATIC")))
	{
		definition->visibility = span_of("private");
		definition->is_static = !span_ends(span_of(scanner->path), ".h") && definition->scope.length == 0;
	}
}

/* Name and scope, of a node that is a name. False if it has none. */
static bool
read_name(Scanner *scanner, Definition *definition, TSNode node)
{
	Span		written = text_of(scanner, node);
	Span		name;
	Span		scope = {"", 0};
	const char *operator = written.length < MAX_NAME ? memmem(written.bytes, written.length, "operator", 8) : NULL;

	if (operator == NULL && name_of_expression(&scanner->scratch, written))
		name = name_last_part(text_span(&scanner->scratch), &scope);
	else
	{
		Text		line = {NULL, 0, 0};

		while (written.length > 1 && strchr("\"'`", written.bytes[0]) != NULL)
			written = (Span) {written.bytes + 1, written.length - 2};
		if (operator != NULL && operator > written.bytes + 2)
		{
			scope = keep(scanner, (Span) {written.bytes, operator - written.bytes - 2});
			written = (Span) {operator, written.length - (operator - written.bytes)};
		}
		name_one_line(&line, written, 100);
		name = keep(scanner, text_span(&line));
		text_free(&line);
	}
	if (name.length == 0 || name.length > MAX_NAME)
		return false;
	definition->name = keep(scanner, name);
	if (!span_starts(scope, "?") && !span_is(scope, "exports") && !span_is(scope, "module.exports") &&
		!span_is(scope, "module") && !span_is(scope, "this"))
	{
		if (span_ends(scope, ".prototype"))
			scope.length -= strlen(".prototype");
		definition->scope = keep(scanner, scope);
	}
	return true;
}

/* Java: does it stand in the body of an object that is made, or of a constant of an enum? */
static bool
is_in_nameless(TSNode node)
{
	TSNode		body = ts_node_parent(node);
	TSNode		around = ts_node_is_null(body) ? body : ts_node_parent(body);

	return !ts_node_is_null(around) && (strcmp(ts_node_type(around), "object_creation_expression") == 0 ||
										strcmp(ts_node_type(around), "enum_constant") == 0);
}

static void
add_definition(Scan *scan, const char *type, TSNode node, TSNode name, TSNode scope)
{
	Scanner    *scanner = scan->scanner;
	Definition	definition = {type};
	TSPoint		end = ts_node_end_point(node);

	definition.scope = definition.documentation = definition.visibility = (Span) {"", 0};
	if (!read_name(scanner, &definition, name))
		return;
	if (!ts_node_is_null(scope) && name_of_expression(&scanner->scratch, text_of(scanner, scope)))
	{
		Span		qualifier;

		definition.scope = keep(scanner, name_last_part(text_span(&scanner->scratch), &qualifier));
	}
	definition.start = ts_node_start_byte(node);
	definition.end = ts_node_end_byte(node);
	definition.code = text_of(scanner, node);
	definition.first_line = ts_node_start_point(node).row + 1;
	definition.last_line = end.row + (end.column > 0 || definition.first_line == end.row + 1 ? 1 : 0);
	definition.parent = NO_DEFINITION;
	read_above(scanner, &definition);
	if (scanner->language->traits & LANGUAGE_DOCSTRING)
		read_docstring(scanner, node, &definition);
	definition.signature = signature_of(scanner, node);
	read_visibility(scanner, &definition, ts_node_start_byte(name));

	definition.returns = returns_of(scanner, node);
	definition.is_nameless = scanner->language->traits & LANGUAGE_TYPED && is_in_nameless(node);
	definition.parameters = argument_parameters(scan, node);
	definition.name_start = ts_node_start_byte(name);
	definition.arity = scanner->language->traits & LANGUAGE_OVERLOADS && !scan_is_type(type) ?
		arity_of_definition(node, scanner->content.bytes) : (Arity) {ARITY_UNKNOWN, ARITY_UNKNOWN};
	scan->definitions = GROW(scan->definitions, scan->ndefinitions, scanner->definitions_room);
	scan->definitions[scan->ndefinitions++] = definition;
}

/* ---- references ---- */

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

static void
take_reference(Scan *scan, const Capture *capture, TSNode node)
{
	Scanner    *scanner = scan->scanner;
	Span		written = text_of(scanner, node);
	Span		qualifier;

	if (capture->reference == REFERENCE_CONSTANT)
	{
		if (name_is_constant(written) && !is_silent(scanner->language, written))
			add_reference(scan, REFERENCE_CONSTANT, written, node);
		return;
	}
	if (!name_of_expression(&scanner->scratch, written) || scanner->scratch.length > MAX_NAME)
		return;
	if ((scanner->language->traits & LANGUAGE_TYPED) && capture->reference == REFERENCE_CALL &&
		!plain_member_reference(&scanner->scratch))
		return;
	if (capture->kind == CAPTURE_ELEMENT &&
		!isupper((unsigned char) name_last_part(text_span(&scanner->scratch), &qualifier).bytes[0]))
		return;
	if (capture->reference == REFERENCE_TYPE && is_silent(scanner->language, text_span(&scanner->scratch)))
		return;
	if ((scanner->language->traits & LANGUAGE_BINDINGS) && capture->reference == REFERENCE_CALL &&
		span_starts(text_span(&scanner->scratch), "?"))
	{
		Span		expression = bind_expression(scan, node);

		if (expression.length > 0)
		{
			text_clear(&scanner->scratch);
			text_add(&scanner->scratch, expression);
		}
	}
	written = name_last_part(text_span(&scanner->scratch), &qualifier);
	add_reference(scan, (scanner->language->traits & LANGUAGE_INTERFACES) && capture->reference == REFERENCE_EXTENDS &&
				  written.length > 1 && written.bytes[0] == 'I' && isupper((unsigned char) written.bytes[1]) ?
				  REFERENCE_IMPLEMENTS : capture->reference, keep(scanner, text_span(&scanner->scratch)), node);
}

/* What is called is all of a call up to the end of its name. */
static void
take_call(Scan *scan, TSNode call, TSNode name)
{
	Scanner    *scanner = scan->scanner;
	uint32_t	start = ts_node_start_byte(call);
	Span		expression;

	if (!name_of_expression(&scanner->scratch, (Span) {scanner->content.bytes + start, ts_node_end_byte(name) - start}) ||
		scanner->scratch.length > MAX_NAME)
		return;
	if ((scanner->language->traits & LANGUAGE_BINDINGS) && (span_starts(text_span(&scanner->scratch), "?") ||
			memmem(scanner->scratch.bytes, scanner->scratch.length, ".this.", 6) != NULL) &&
		(expression = bind_expression(scan, call)).length > 2)
		/* without the brackets of the call itself */
		add_reference(scan, REFERENCE_CALL, (Span) {expression.bytes, expression.length - 2}, name);
	else
		add_reference(scan, REFERENCE_CALL, keep(scanner, text_span(&scanner->scratch)), name);
}

/* A name among tokens that no grammar has read, as in Rust's macros. */
static void
take_token(Scan *scan, TSNode name)
{
	Scanner    *scanner = scan->scanner;
	uint32_t	start = ts_node_start_byte(name);
	uint32_t	end = ts_node_end_byte(name);
	uint32_t	before = start < MAX_TOKENS ? start : MAX_TOKENS;

	if (end < scanner->content.length && scanner->content.bytes[end] == '(' &&
		name_of_expression(&scanner->scratch, (Span) {scanner->content.bytes + start - before, end - start + before}))
		add_reference(scan, REFERENCE_CALL, keep(scanner, text_span(&scanner->scratch)), name);
}

/* Is it a function by which code is imported, or mixed in? */
static bool
is_requiring(Span name)
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
static void
take_import(Scan *scan, TSNode node, TSNode part)
{
	Scanner    *scanner = scan->scanner;
	Text		name = {NULL, 0, 0};
	Span		written = text_of(scanner, node);

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
		name_one_line(&name, text_of(scanner, part), MAX_NAME);
	}
	if (name.length > 0)
		add_reference(scan, REFERENCE_IMPORT, keep(scanner, text_span(&name)), node);
	text_free(&name);
}

/* ---- matches ---- */

/* What stands here is a name that refers to nothing. */
static void
note_name(Scanner *scanner, uint32_t start)
{
	scanner->names = GROW(scanner->names, scanner->nnames, scanner->names_room);
	scanner->names[scanner->nnames++] = start;
}

static void
take_match(Scan *scan, const CompiledQuery *query, const TSQueryMatch *match)
{
	Scanner    *scanner = scan->scanner;
	TSNode		none = {{0}, NULL, NULL};
	TSNode		definition = none;
	TSNode		name = none;
	TSNode		scope = none;
	TSNode		import = none;
	TSNode		part = none;
	TSNode		call = none;
	const Capture *defined = NULL;
	BindingNodes bound = {none, none, none, none, none, none, none, none, none, none};
	bool		binds = false;

	for (uint16_t i = 0; i < match->capture_count; i++)
	{
		const Capture *capture = &query->captures[match->captures[i].index];
		TSNode		node = match->captures[i].node;

		switch (capture->kind)
		{
			case CAPTURE_DEFINITION:
			case CAPTURE_CAPITALS:
				definition = node;
				defined = capture;
				break;
			case CAPTURE_NAME:
				name = node;
				break;
			case CAPTURE_SCOPE:
				scope = node;
				break;
			case CAPTURE_IMPORT:
				import = node;
				break;
			case CAPTURE_IMPORT_NAME:
			case CAPTURE_CALL_NAME:
				part = node;
				break;
			case CAPTURE_CALL:
				call = node;
				break;
			case CAPTURE_BINDING:
				*(TSNode *) ((char *) &bound + capture->node) = node;
				binds = true;
				break;
			case CAPTURE_NOTHING:
				note_name(scanner, ts_node_start_byte(node));
				break;
			case CAPTURE_CALL_TOKEN:
				take_token(scan, node);
				break;
			case CAPTURE_REQUIRE:
				if (!is_requiring(text_of(scanner, node)))
					return;
				break;
			default:
				take_reference(scan, capture, node);
		}
	}
	if (binds)
		bind_take(scan, &bound);
	if (!ts_node_is_null(import))
		take_import(scan, import, part);
	if (!ts_node_is_null(call) && !ts_node_is_null(part))
		take_call(scan, call, part);
	if (defined != NULL && !ts_node_is_null(name) &&
		(defined->kind != CAPTURE_CAPITALS || name_is_constant(text_of(scanner, name))))
		add_definition(scan, defined->type, definition, name, scope);
}

/* ---- order ---- */

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
		[REFERENCE_TYPE] = 3, [REFERENCE_CONSTANT] = 4
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

/* By the conventions of Python and Go. */
static bool
is_test_name(Span name, const char *path)
{
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
		definition->scope = keep(scan->scanner, text_span(scope));
}

/* What follows from where it stands. */
static void
place_definition(Scan *scan, Definition *definition)
{
	Scanner    *scanner = scan->scanner;
	bool		is_function = strcmp(definition->type, "function") == 0;

	if (definition->parent != NO_DEFINITION)
	{
		const Definition *parent = &scan->definitions[definition->parent];
		Text	   *scope = &scanner->scratch;

		text_clear(scope);
		text_add(scope, parent->scope);
		if (scope->length > 0)
			text_adds(scope, scanner->language->separator);
		text_add(scope, parent->name);
		if (definition->scope.length > 0)
		{
			text_adds(scope, scanner->language->separator);
			text_add(scope, definition->scope);
		}
		if (scope->length <= MAX_NAME)
			definition->scope = keep(scanner, text_span(scope));
		if (is_function && scan_is_type(parent->type))
			definition->type = "method";
		if (parent->is_test && is_function)
			definition->is_test = true;
	}
	else if (is_function && definition->scope.length > 0)
		definition->type = "method";
	if (definition->is_nameless || ((scanner->language->traits & LANGUAGE_BINDINGS) && strcmp(definition->type, "method") == 0 &&
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
			note_name(scanner, scan->definitions[i].name_start);
	}
	if (scanner->nnames > 0)
		qsort(scanner->names, scanner->nnames, sizeof(uint32_t), by_offset);
}

/* Each definition finds the one around it. */
static void
arrange_definitions(Scan *scan)
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
		scan->definitions[i].parent = innermost;
		place_definition(scan, &scan->definitions[i]);
		innermost = i;
	}
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

/* Each reference finds the definition around it; of several at a place one stays. False if it is late. */
static bool
arrange_references(Scan *scan)
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
		if (found->reference.kind != REFERENCE_IMPORT &&
			(is_name(scanner, found->start) || is_said(kept, nkept, found)))
			continue;
		kept[nkept++ % SAID_BEFORE] = found;
		found->reference.definition = innermost;
		reference = found->reference;
		scan->references = GROW(scan->references, scan->nreferences, scanner->references_room);
		reference.is_standard = bind_qualify(scan, &reference, found->start);
		reference.types = argument_types(scan, &reference, found->start);
		scan->references[scan->nreferences++] = reference;
	}
	return true;
}

/* ---- a file ---- */

ScanResult
scan_file(Scan *scan, const Language *language, const char *path, Span content, double limit)
{
	Scanner    *scanner = scan->scanner;
	TSInput		input = {scan, read_content, TSInputEncodingUTF8, NULL};
	TSParseOptions parse = {scan, stop_parsing};
	TSQueryCursorOptions ask = {scan, stop_query};
	const CompiledQuery *query = compiled_query(language);
	TSTree	   *tree;
	TSQueryMatch match;
	bool		has_errors;
	bool		in_time = true;

	scan->ndefinitions = scan->nreferences = scanner->nfound = scanner->nnames = 0;
	scan->language = language;
	scan->path = span_of(path);
	scan->content = content;
	bind_clear(scan->bindings);
	scanner->language = language;
	scanner->path = path;
	scanner->content = content;
	if (scanner->blocks != NULL)
	{
		Block	   *first = scanner->blocks;

		scanner->blocks = first->next;
		free_blocks(scanner, NULL);
		first->next = NULL;
		scanner->blocks = first;
		scanner->block_used = 0;
	}
	set_deadline(scanner, limit);

	ts_parser_reset(scanner->parser);
	ts_parser_set_language(scanner->parser, language->grammar());
	tree = ts_parser_parse_with_options(scanner->parser, NULL, input, parse);
	if (tree == NULL)
		return SCAN_TOO_LONG;
	has_errors = ts_node_has_error(ts_tree_root_node(tree));
	ts_query_cursor_exec_with_options(scanner->cursor, query->query, ts_tree_root_node(tree), &ask);
	for (uint64_t n = 1; in_time && ts_query_cursor_next_match(scanner->cursor, &match); n++)
	{
		take_match(scan, query, &match);
		in_time = n % SCAN_BETWEEN_LOOKS != 0 || !scan_is_late(scan);
	}
	ts_tree_delete(tree);
	/* the query may have been stopped without a further match */
	in_time = in_time && !scan_is_late(scan);
	if (in_time)
		arrange_definitions(scan);
	in_time = in_time && bind_arrange(scan) && arrange_references(scan);
	if (!in_time)
	{
		scan->ndefinitions = scan->nreferences = 0;
		return SCAN_TOO_LONG;
	}
	return has_errors ? SCAN_WITH_ERRORS : SCAN_DONE;
}
