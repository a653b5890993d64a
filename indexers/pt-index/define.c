/*
 * define.c
 *		What a definition says of itself: name, signature, documentation, visibility.
 *
 * What stands before it, comments and attributes, is read from the text: asking the
 * tree for siblings would be quadratic in their number.
 */
#include "define.h"

#include "argument.h"
#include "expression.h"
#include "name.h"
#include "test.h"

#include <ctype.h>

#define MAX_SIGNATURE 500
#define MAX_LINES_ABOVE 200

/* Where what is said about a definition ends and what it does begins. */
static uint32_t
start_of_body(TSNode node)
{
	static const char *const inner[] = {"definition", "declaration", "value", "right"};

	for (int depth = 0; depth < 4; depth++)
	{
		TSNode		body = child_field(node, "body");
		TSNode		next = {{0}, NULL, NULL};

		if (!ts_node_is_null(body))
			return ts_node_start_byte(body);
		for (int i = 0; i < 4 && next.id == NULL; i++)
			next = child_field(node, inner[i]);
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

/* What another name of a type stands for, if that has one. */
static Span
alias_of(const Scanner *scanner, TSNode node)
{
	TSNode		value = child_field(node, "value");

	if (ts_node_is_null(value) || has_type(value, "function_type") || has_type(value, "object_type"))
		return (Span) {"", 0};
	return scanner_text(scanner, value);
}

/* What a function says that it returns. */
static Span
returns_of(const Scanner *scanner, TSNode node)
{
	static const char *const inner[] = {"definition", "declaration", "value", "right"};

	if (scanner->language->traits & LANGUAGE_CXX)
	{
		TSNode		type;

		if (has_type(node, "template_declaration"))
			node = ts_node_named_child(node, ts_node_named_child_count(node) - 1);
		/* what an alias stands for, too */
		type = has_type(node, "function_definition") || has_type(node, "field_declaration") || has_type(node, "alias_declaration") ||
			has_type(node, "type_definition") ? child_field(node, "type") : node;
		return ts_node_is_null(type) || type.id == node.id || has_type(type, "primitive_type") ? (Span) {"", 0} : scanner_text(scanner, type);
	}
	if (scanner->language->traits & LANGUAGE_FOLDERS)
	{
		TSNode		result = child_field(node, "result");

		/* of several the first */
		if (!ts_node_is_null(result) && has_type(result, "parameter_list"))
			result = ts_node_named_child(result, 0);
		if (!ts_node_is_null(result) && has_type(result, "parameter_declaration"))
			result = child_field(result, "type");
		return ts_node_is_null(result) ? (Span) {"", 0} : scanner_text(scanner, result);
	}
	if (scanner->language->traits & LANGUAGE_TYPED)
	{
		TSNode		type = child_field(node, "type");

		return strcmp(ts_node_type(node), "method_declaration") == 0 && !ts_node_is_null(type) &&
			strcmp(ts_node_type(type), "void_type") != 0 ?
			scanner_text(scanner, type) : (Span) {"", 0};
	}
	for (int depth = 0; depth < 4; depth++)
	{
		TSNode		returns = child_field(node, "return_type");
		TSNode		next = {{0}, NULL, NULL};

		if (has_type(node, "type_alias_declaration"))
			return alias_of(scanner, node);
		if (!ts_node_is_null(returns))
			return scanner_text(scanner, returns);
		for (int i = 0; i < 4 && next.id == NULL; i++)
			next = child_field(node, inner[i]);
		if (next.id == NULL && strcmp(ts_node_type(node), "lexical_declaration") == 0)
			next = ts_node_named_child(node, 0);
		if (next.id == NULL)
			break;
		node = next;
	}
	return (Span) {"", 0};
}

/* A signature on one line, without what introduces a body. */
static Span
one_line(Scanner *scanner, Span written)
{
	Span		signature;

	text_clear(&scanner->scratch);
	name_one_line(&scanner->scratch, written, MAX_SIGNATURE);
	signature = text_span(&scanner->scratch);
	while (signature.length > 0 && strchr(" :={\\", signature.bytes[signature.length - 1]) != NULL)
		signature.length--;
	if (span_ends(signature, " =>"))
		signature.length -= 3;
	return scanner_keep(scanner, signature);
}

static Span
signature_of(Scanner *scanner, TSNode node)
{
	uint32_t	start = ts_node_start_byte(node);

	return one_line(scanner, (Span) {scanner->content.bytes + start, start_of_body(node) - start});
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
	static const char *const words[] = {"test", "Test", "Fact", "Theory", "TestMethod", "TestCase", "ParameterizedTest",
	"RepeatedTest", "TestFactory", "TestTemplate", "DataTestMethod", "rstest", "test_case"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
	{
		if (name_has_word(attributes, words[i]))
			return true;
	}
	return false;
}

/* May a definition have this before it on its line, and still be what the comment above is of? */
static bool
is_introduction(Span before)
{
	while (before.length > 0 && isspace((unsigned char) before.bytes[0]))
		before = (Span) {before.bytes + 1, before.length - 1};
	while (before.length > 0 && isspace((unsigned char) before.bytes[before.length - 1]))
		before.length--;
	return before.length == 0 || span_is(before, "type") || span_is(before, "const");
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
	uint32_t	comment_end;

	while (above > 0 && scanner->content.bytes[above - 1] != '\n')
		above--;
	if (!is_introduction((Span) {scanner->content.bytes + above, definition->start - above}))
		return;
	comment_end = above;
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
	if (first < definition->start)
		definition->documentation = name_first_line((Span) {scanner->content.bytes + first, comment_end - first});
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
	if (before.length < 1000 && before.length > 0 && strchr("@[#", before.bytes[0]) != NULL && says_test(before))
		definition->is_test = true;
	for (size_t i = 0; before.length < 1000 && i < sizeof(words) / sizeof(words[0]); i++)
	{
		/* elsewhere that is about inheritance */
		if (strcmp(words[i], "open") == 0 && strcmp(scanner->language->name, "swift") != 0)
			continue;
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

/* What the name of an operator, or of what a language calls by a sign, begins with in C#. */
static const char *
before_name(TSNode node)
{
	const char *type = ts_node_type(ts_node_parent(node));

	return strcmp(type, "operator_declaration") == 0 ? "operator" :
		strcmp(type, "conversion_operator_declaration") == 0 ? "operator " :
		strcmp(type, "destructor_declaration") == 0 ? "~" : "";
}

/* Where the word operator is in a name, or NULL: my_operator has none. */
static const char *
find_operator(Span written)
{
	static const char word[] = "operator";
	const char *end = written.bytes + written.length;
	const char *at = written.length < MAX_NAME ? memmem(written.bytes, written.length, word, sizeof(word) - 1) : NULL;

	for (; at != NULL; at = memmem(at + 1, end - at - 1, word, sizeof(word) - 1))
	{
		const char *behind = at + sizeof(word) - 1;

		if ((at == written.bytes || !name_has_byte(at[-1])) && (behind == end || !name_has_byte(*behind)))
			return at;
	}
	return NULL;
}

/* Of operator bool() const what comes before the brackets, but of operator() all. */
static Span
operator_name(Span written)
{
	static const size_t length = sizeof("operator") - 1;
	const char *bracket = memchr(written.bytes + length, '(', written.length - length);

	if (bracket != NULL && bracket > written.bytes + length)
		written.length = bracket - written.bytes;
	return written;
}

/*
 * Is it a word that begins a statement, in C and what looks like it? Where a macro
 * or an #if hides a part of one, if (x) { ... } may be taken for a function.
 */
static bool
is_statement(const Scanner *scanner, Span name)
{
	return scanner->language->traits & (LANGUAGE_C | LANGUAGE_INTERFACES | LANGUAGE_TYPED) &&
		language_has(" if else for while do switch case return goto ", name);
}

/* A name with ? or ! at its end, as in Ruby. */
bool
define_has_sign(const Scanner *scanner, Span written)
{
	return (scanner->language->traits & LANGUAGE_SIGNS) && written.length > 1 && written.length <= MAX_NAME &&
		strchr("?!", written.bytes[written.length - 1]) != NULL;
}

/* Name and scope, of a node that is a name. False if it has none. */
static bool
read_name(Scanner *scanner, Definition *definition, TSNode node)
{
	Span		written = scanner_text(scanner, node);
	Span		name;
	Span		scope = {"", 0};
	const char *operator = scanner->language->traits & LANGUAGE_C ? find_operator(written) : NULL;

	if (define_has_sign(scanner, written))
	{
		definition->name = scanner_keep(scanner, written);
		return true;
	}
	if (operator == NULL && *before_name(node) == '\0' && name_of_expression(&scanner->scratch, written))
		name = name_last_part(text_span(&scanner->scratch), &scope);
	else
	{
		Text		line = {NULL, 0, 0};

		while (written.length > 1 && strchr("\"'`", written.bytes[0]) != NULL)
			written = (Span) {written.bytes + 1, written.length - 2};
		if (operator != NULL && operator > written.bytes + 2)
		{
			name_of_expression(&scanner->scratch, (Span) {written.bytes, operator - written.bytes - 2});
			scope = scanner_keep(scanner, text_span(&scanner->scratch));
			written = (Span) {operator, written.length - (operator - written.bytes)};
		}
		if (operator == written.bytes)
			written = operator_name(written);
		text_adds(&line, before_name(node));
		name_one_line(&line, written, 100);
		name = scanner_keep(scanner, text_span(&line));
		text_free(&line);
	}
	if (name.length == 0 || is_statement(scanner, name) || !scanner_takes_name(scanner, name))
		return false;
	definition->name = scanner_keep(scanner, name);
	if (!span_starts(scope, "?") && !span_is(scope, "exports") && !span_is(scope, "module.exports") &&
		!span_is(scope, "module") && !span_is(scope, "this"))
	{
		if (span_ends(scope, ".prototype"))
			scope.length -= strlen(".prototype");
		definition->scope = scanner_keep(scanner, scope);
	}
	return true;
}

bool
define_wraps(Span called)
{
	Span		before;

	return (span_starts(called, "styled") && called.length > 6 && strchr(".(<", called.bytes[6]) != NULL) ||
		language_has(" memo forwardRef lazy observer useCallback ", name_last_part(called, &before));
}

bool
define_registers(Span decorator)
{
	const char *bracket = memchr(decorator.bytes, '(', decorator.length);
	Span		before;
	Span		last;

	if (bracket != NULL)
		decorator.length = bracket - decorator.bytes;
	last = name_last_part(decorator, &before);
	if (before.length == 0)
		return language_has(" receiver register task shared_task fixture command hookimpl route ", last);
	/* those of the library, and of properties, give something else for it */
	return !language_has(" functools contextlib abc typing unittest mock asyncio dataclasses ", before) &&
		!language_has(" setter getter deleter patch wraps ", last);
}

bool
define_declares(Span macro)
{
	return span_starts(macro, "DEFINE_") || span_starts(macro, "DECLARE_") || span_ends(macro, "LIST_HEAD");
}

/* Where its last text is: macros, and blocks by indentation, end with a line that is empty. */
static uint32_t
last_line(const Scanner *scanner, const Definition *definition, uint32_t line)
{
	for (uint32_t end = definition->end; end > definition->start && isspace((unsigned char) scanner->content.bytes[end - 1]); end--)
		line -= scanner->content.bytes[end - 1] == '\n';
	return line;
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

/* From where to where it is; a test that is a call begins with what is called. */
static void
read_extent(const Scanner *scanner, Definition *definition, TSNode node, TSNode first)
{
	definition->start = ts_node_start_byte(first);
	definition->end = ts_node_end_byte(node);
	definition->code = (Span) {scanner->content.bytes + definition->start, definition->end - definition->start};
	definition->first_line = ts_node_start_point(first).row + 1;
	definition->last_line = last_line(scanner, definition, ts_node_end_point(node).row + 1);
}

/* A test that is a call: its name is a text, and that, as it is written, what it says of itself. */
static bool
read_test(Scanner *scanner, Definition *definition, TSNode node, TSNode name, TSNode called)
{
	Span		text = scanner_text(scanner, name);
	const char *newline;

	while (text.length > 1 && strchr("\"'`", text.bytes[0]) != NULL)
		text = (Span) {text.bytes + 1, text.length - 2};
	definition->name = test_name(scanner, scanner_text(scanner, called), text);
	read_extent(scanner, definition, node, called);
	read_above(scanner, definition);
	if (definition->documentation.length == 0)
		definition->documentation = name_first_line(text);
	newline = memchr(definition->code.bytes, '\n', definition->code.length);
	definition->signature = one_line(scanner, newline == NULL ? definition->code :
									 (Span) {definition->code.bytes, newline - definition->code.bytes});
	definition->visibility = span_of("public");
	definition->is_test = true;
	return definition->name.length > 0;
}

/* Name and scope, of a function that may be a macro that makes a test. */
static bool
read_function_name(Scanner *scanner, Definition *definition, TSNode name, TSNode scope)
{
	Span		qualifier;
	Span		test;

	if ((scanner->language->traits & LANGUAGE_C) && strcmp(definition->type, "function") == 0 &&
		test_of_macro(scanner, name, &test, &definition->scope))
	{
		definition->name = test_name(scanner, scanner_text(scanner, name), test);
		definition->name_start = test.bytes - scanner->content.bytes;
		definition->is_test = true;
		scanner_note_name(scanner, ts_node_start_byte(name));
		return definition->name.length > 0;
	}
	if (!read_name(scanner, definition, name))
		return false;
	if (!ts_node_is_null(scope) && name_of_expression(&scanner->scratch, scanner_text(scanner, scope)))
		definition->scope = scanner_keep(scanner, name_last_part(text_span(&scanner->scratch), &qualifier));
	return true;
}

/* All that a definition says of itself; false if it has no name. */
static bool
read_definition(Scan *scan, Definition *definition, TSNode node, TSNode name, TSNode scope)
{
	Scanner    *scanner = scan->scanner;

	if (!read_function_name(scanner, definition, name, scope))
		return false;
	/* what a macro takes is not what its test does */
	if (scanner->language->traits & LANGUAGE_OVERLOADS && !scan_is_type(definition->type) && !definition->is_test)
		definition->arity = arity_of_definition(node, scanner->content.bytes);
	read_extent(scanner, definition, node, node);
	read_above(scanner, definition);
	if (scanner->language->traits & LANGUAGE_DOCSTRING)
		read_docstring(scanner, node, definition);
	definition->signature = signature_of(scanner, node);
	read_visibility(scanner, definition, ts_node_start_byte(name));
	definition->returns = returns_of(scanner, node);
	definition->is_nameless = scanner->language->traits & LANGUAGE_TYPED && is_in_nameless(node);
	definition->parameters = argument_parameters(scan, node);
	return true;
}

void
define_take(Scan *scan, const char *type, TSNode node, TSNode name, TSNode scope)
{
	Scanner    *scanner = scan->scanner;
	Definition	definition = {type, .parent = NO_DEFINITION, .arity = {ARITY_UNKNOWN, ARITY_UNKNOWN}};

	definition.scope = definition.documentation = definition.visibility = (Span) {"", 0};
	definition.name_start = ts_node_start_byte(name);
	if (!(strcmp(type, "test") == 0 ? read_test(scanner, &definition, node, name, scope) :
		  read_definition(scan, &definition, node, name, scope)))
		return;
	scan->definitions = GROW(scan->definitions, scan->ndefinitions, scanner->definitions_room);
	scan->definitions[scan->ndefinitions++] = definition;
}

#define MAX_LEVELS 30			/* of nodes between what is returned and its function */

void
define_take_result(Scan *scan, TSNode value)
{
	static const char *const functions[] = {
		"function_declaration", "method_definition", "arrow_function", "function_expression", "function_definition"
	};
	Scanner    *scanner = scan->scanner;
	TSNode		function = ts_node_parent(value);
	Span		names;

	for (int level = 0; level < MAX_LEVELS && !ts_node_is_null(function);
		 level++, function = ts_node_parent(function))
	{
		for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		{
			if (!has_type(function, functions[i]))
				continue;
			/* it says itself what it returns */
			if (!ts_node_is_null(child_field(function, "return_type")))
				return;
			names = expression_names(scan, value);
			if (names.length == 0)
				return;
			scanner->results = GROW(scanner->results, scanner->nresults, scanner->results_room);
			scanner->results[scanner->nresults++] = (Result) {names, ts_node_start_byte(value), ts_node_end_byte(function)};
			return;
		}
	}
}
