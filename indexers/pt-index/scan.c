/*
 * scan.c
 *		What one file defines, and what it refers to, by its language's query.
 *
 * The query's matches are taken as they come, by define.c, refer.c and bind.c, and
 * put in order at the end, by place.c.
 *
 * Nothing recurses over the depth of a tree but tree-sitter, which does not.
 */
#include "bind.h"
#include "cpp.h"
#include "define.h"
#include "export.h"
#include "name.h"
#include "place.h"
#include "refer.h"
#include "report.h"
#include "test.h"

#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>

#define MAX_LANGUAGES 32

typedef enum CaptureKind
{
	CAPTURE_DEFINITION,
	CAPTURE_CAPITALS,
	CAPTURE_NAME,
	CAPTURE_SCOPE,
	CAPTURE_NOTHING,
	CAPTURE_SECTION,
	CAPTURE_REFERENCE,
	CAPTURE_CALL,				/* whose name is another capture */
	CAPTURE_CALL_NAME,
	CAPTURE_CALL_TOKEN,
	CAPTURE_ELEMENT,
	CAPTURE_REQUIRE,			/* for these a match counts if their text is a certain name */
	CAPTURE_TESTS,
	CAPTURE_WRAPS,
	CAPTURE_BINDS,
	CAPTURE_DECLARES,
	CAPTURE_REGISTERS,
	CAPTURE_IMPORT,
	CAPTURE_IMPORT_NAME,
	CAPTURE_BLOCK,				/* in which variables hold */
	CAPTURE_BINDING,			/* one of BindingNodes */
	CAPTURE_EXPORT,				/* one of ExportNodes */
	CAPTURE_GIVES
} CaptureKind;

typedef struct Capture
{
	CaptureKind kind;
	ReferenceKind reference;
	const char *type;			/* of a definition */
	size_t		node;			/* of a binding or an export: where in its nodes */
} Capture;

/* A query, compiled when its language is first met; for all threads. */
typedef struct CompiledQuery
{
	TSQuery    *query;
	Capture    *captures;
} CompiledQuery;

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
		{"section", {CAPTURE_SECTION}},
		{"def.capitals", {CAPTURE_CAPITALS, 0, "constant"}},
		{"call", {CAPTURE_REFERENCE, REFERENCE_CALL}},
		{"call.in", {CAPTURE_CALL, REFERENCE_CALL}},
		{"call.name", {CAPTURE_CALL_NAME, REFERENCE_CALL}},
		{"call.token", {CAPTURE_CALL_TOKEN, REFERENCE_CALL}},
		{"value", {CAPTURE_REFERENCE, REFERENCE_VALUE}},
		{"value.known", {CAPTURE_REFERENCE, REFERENCE_KNOWN_VALUE}},
		{"value.decorated", {CAPTURE_REFERENCE, REFERENCE_DECORATED}},
		{"type", {CAPTURE_REFERENCE, REFERENCE_TYPE}},
		{"constant", {CAPTURE_REFERENCE, REFERENCE_CONSTANT}},
		{"base", {CAPTURE_REFERENCE, REFERENCE_EXTENDS}},
		{"trait", {CAPTURE_REFERENCE, REFERENCE_IMPLEMENTS}},
		{"element", {CAPTURE_ELEMENT, REFERENCE_CALL}},
		{"require", {CAPTURE_REQUIRE}},
		{"block", {CAPTURE_BLOCK}},
		{"tests", {CAPTURE_TESTS}},
		{"wraps", {CAPTURE_WRAPS}},
		{"binds", {CAPTURE_BINDS}},
		{"declares", {CAPTURE_DECLARES}},
		{"registers", {CAPTURE_REGISTERS}},
		{"import", {CAPTURE_IMPORT, REFERENCE_IMPORT}},
		{"import.name", {CAPTURE_IMPORT_NAME, REFERENCE_IMPORT}},
		{"bind", {CAPTURE_BINDING, 0, NULL, offsetof(BindingNodes, name)}},
		{"bind.local", {CAPTURE_BINDING, 0, NULL, offsetof(BindingNodes, local)}},
		{"bind.field", {CAPTURE_BINDING, 0, NULL, offsetof(BindingNodes, field)}},
		{"bind.type", {CAPTURE_BINDING, 0, NULL, offsetof(BindingNodes, type)}},
		{"bind.value", {CAPTURE_BINDING, 0, NULL, offsetof(BindingNodes, value)}},
		{"bind.list", {CAPTURE_BINDING, 0, NULL, offsetof(BindingNodes, list)}},
		{"bind.set", {CAPTURE_BINDING, 0, NULL, offsetof(BindingNodes, set)}},
		{"bind.of", {CAPTURE_BINDING, 0, NULL, offsetof(BindingNodes, of)}},
		{"bind.key", {CAPTURE_BINDING, 0, NULL, offsetof(BindingNodes, key)}},
		{"bind.given", {CAPTURE_BINDING, 0, NULL, offsetof(BindingNodes, given)}},
		{"bind.gives", {CAPTURE_BINDING, 0, NULL, offsetof(BindingNodes, gives)}},
		{"bind.result", {CAPTURE_BINDING, 0, NULL, offsetof(BindingNodes, result)}},
		{"out", {CAPTURE_EXPORT, 0, NULL, offsetof(ExportNodes, name)}},
		{"out.as", {CAPTURE_EXPORT, 0, NULL, offsetof(ExportNodes, as)}},
		{"out.from", {CAPTURE_EXPORT, 0, NULL, offsetof(ExportNodes, module)}},
		{"out.all", {CAPTURE_EXPORT, 0, NULL, offsetof(ExportNodes, all)}},
		{"out.default", {CAPTURE_EXPORT, 0, NULL, offsetof(ExportNodes, standard)}},
		{"gives", {CAPTURE_GIVES}},
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
	text_free(&scanner->parsed);
	free(scanner->found);
	free(scanner->names);
	free(scanner->sections);
	free(scanner->results);
	free(scanner->extents);
	free(scanner);
	free(scan->definitions);
	free(scan->references);
	bind_free(scan->bindings);
	free(scan->bindings);
	memset(scan, 0, sizeof(*scan));
}

/* A copy of a text that stays until the next file. */
Span
scanner_keep(Scanner *scanner, Span span)
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
	return scanner_keep(scan->scanner, span);
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

/* Is it a declaration, using x = ... or (using x of ..., that begins where start is? */
static bool
is_using(Span content, const char *start, const char *at)
{
	const char *end = content.bytes + content.length;
	const char *name = at + 6;
	Span		rest;

	while (name < end && (isalnum((unsigned char) *name) || *name == '_' || *name == '$'))
		name++;
	if (name == at + 6)
		return false;
	while (name < end && *name == ' ')
		name++;
	rest = (Span) {name, end - name};
	if (span_starts(rest, "of "))
		return start > content.bytes && start[-1] == '(';
	return span_starts(rest, "=") && (start == content.bytes || strchr("\n\r;{(", start[-1]) != NULL);
}

/*
 * The grammar does not know "using x = ...", which binds as const does. What is parsed has that
 * in its place; names are read from the content, in which nothing moves.
 */
static Span
without_using(Scan *scan, Span content)
{
	const char *end = content.bytes + content.length;
	Text	   *parsed = &scan->scanner->parsed;
	int			traits = scan->language->traits;

	text_clear(parsed);
	if (!(traits & LANGUAGE_BINDINGS) || traits & (LANGUAGE_TYPED | LANGUAGE_DOCSTRING) ||
		memmem(content.bytes, content.length, "using ", 6) == NULL)
		return content;
	text_add(parsed, content);
	for (const char *at = content.bytes; (at = memmem(at, end - at, "using ", 6)) != NULL; at += 6)
	{
		const char *start = at;

		if (at - content.bytes >= 6 && memcmp(at - 6, "await ", 6) == 0)
			start = at - 6;
		while (start > content.bytes && (start[-1] == ' ' || start[-1] == '\t'))
			start--;
		if (!is_using(content, start, at))
			continue;
		memset(parsed->bytes + (start - content.bytes), ' ', at - start);
		memcpy(parsed->bytes + (at - content.bytes), "const", 5);
	}
	return text_span(parsed);
}

static const char *
read_content(void *payload, uint32_t at, TSPoint position, uint32_t *length)
{
	const Scan *scan = payload;

	(void) position;
	*length = at < scan->scanner->read.length ? scan->scanner->read.length - at : 0;
	return scan->scanner->read.bytes + at;
}

/* ---- matches ---- */

static void
take_section(Scanner *scanner, TSNode node)
{
	if (!language_has(" public protected private ", scanner_text(scanner, node)))
		return;
	scanner->sections = GROW(scanner->sections, scanner->nsections, scanner->sections_room);
	scanner->sections[scanner->nsections++] = ts_node_start_byte(node);
}

static void
take_block(Scanner *scanner, TSNode node)
{
	scanner->extents = GROW(scanner->extents, scanner->nextents, scanner->extents_room);
	scanner->extents[scanner->nextents++] = (Extent) {ts_node_start_byte(node), ts_node_end_byte(node), NO_EXTENT};
}

bool
scanner_takes_name(const Scanner *scanner, Span name)
{
	if (name.length > MAX_NAME)
		report_omit(OMIT_LONG, scanner->path, NULL);
	return name.length <= MAX_NAME;
}

void
scanner_note_name(Scanner *scanner, uint32_t start)
{
	scanner->names = GROW(scanner->names, scanner->nnames, scanner->names_room);
	scanner->names[scanner->nnames++] = start;
}

/* Are the names that a match must have such? */
static bool
counts(const Scanner *scanner, const CompiledQuery *query, const TSQueryMatch *match)
{
	for (uint16_t i = 0; i < match->capture_count; i++)
	{
		CaptureKind kind = query->captures[match->captures[i].index].kind;
		Span		text = scanner_text(scanner, match->captures[i].node);

		if ((kind == CAPTURE_REQUIRE && !refer_requires(text)) || (kind == CAPTURE_TESTS && !test_is_made_by(text)) ||
			(kind == CAPTURE_WRAPS && !define_wraps(text)) || (kind == CAPTURE_BINDS && !span_is(text, "bind")) ||
			(kind == CAPTURE_DECLARES && !define_declares(text)) || (kind == CAPTURE_REGISTERS && !define_registers(text)))
			return false;
	}
	return true;
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
	TSNode		tests = none;
	const Capture *defined = NULL;
	BindingNodes bound = {0};
	ExportNodes exported = {0};
	bool		binds = false;
	bool		exports = false;

	if (!counts(scanner, query, match))
		return;
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
			case CAPTURE_EXPORT:
				*(TSNode *) ((char *) &exported + capture->node) = node;
				exports = true;
				break;
			case CAPTURE_GIVES:
				define_take_result(scan, node);
				break;
			case CAPTURE_NOTHING:
				scanner_note_name(scanner, ts_node_start_byte(node));
				break;
			case CAPTURE_BLOCK:
				take_block(scanner, node);
				break;
			case CAPTURE_SECTION:
				take_section(scanner, node);
				break;
			case CAPTURE_CALL_TOKEN:
				refer_take_token(scan, node);
				break;
			case CAPTURE_TESTS:
				tests = node;
				break;
			case CAPTURE_REQUIRE:
			case CAPTURE_WRAPS:
			case CAPTURE_BINDS:
			case CAPTURE_DECLARES:
			case CAPTURE_REGISTERS:
				break;
			default:
				refer_take(scan, capture->reference, capture->kind == CAPTURE_ELEMENT, node);
		}
	}
	if (binds)
		bind_take(scan, &bound);
	if (exports)
		export_take(scan, &exported);
	if (!ts_node_is_null(import))
		refer_take_import(scan, import, part);
	if (!ts_node_is_null(call) && !ts_node_is_null(part))
		refer_take_call(scan, call, part);
	if (defined != NULL && !ts_node_is_null(name) &&
		(defined->kind != CAPTURE_CAPITALS || name_is_constant(scanner_text(scanner, name))))
		define_take(scan, defined->type, definition, name, ts_node_is_null(tests) ? scope : tests);
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

	scan->ndefinitions = scan->nreferences = scanner->nfound = scanner->nnames = scanner->nsections = scanner->nresults = 0;
	scanner->nextents = 0;
	scan->language = language;
	scan->path = span_of(path);
	scan->content = content;
	bind_clear(scan->bindings);
	scanner->language = language;
	scanner->path = path;
	scanner->content = content;
	if (language->traits & LANGUAGE_C)
		scanner->read = language->traits & LANGUAGE_CXX && cpp_mask(content, &scanner->parsed) ?
			text_span(&scanner->parsed) : content;
	else
		scanner->read = without_using(scan, content);
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
		place_definitions(scan);
	in_time = in_time && bind_arrange(scan) && place_references(scan);
	if (!in_time)
	{
		scan->ndefinitions = scan->nreferences = 0;
		return SCAN_TOO_LONG;
	}
	return has_errors ? SCAN_WITH_ERRORS : SCAN_DONE;
}
