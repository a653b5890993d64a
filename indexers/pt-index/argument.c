/*
 * argument.c
 *		Types of arguments and parameters, by which functions of one name are told
 *		apart.
 *
 * As long as there is a syntax tree, what an argument is is written down: a letter
 * and a text, with a byte between arguments that no source has. When names can be
 * looked up it becomes the type.
 */
#include "argument.h"

#include "expression.h"
#include "mean.h"
#include "name.h"
#include "node.h"

#include <ctype.h>
#include <string.h>

#define BETWEEN '\x1f'
#define TYPE 'T'				/* of this type */
#define VALUE 'V'				/* what this name means */
#define ELEMENT 'E'				/* what is in the array of this name */
#define FUNCTION '&'
#define UNKNOWN '?'

#define MAX_DEPTH 6				/* of expressions */
#define MAX_TYPES 160			/* bytes for all arguments of a call */

/* ---- what stands there ---- */

static void
put(Text *text, char kind, const char *name)
{
	text_addc(text, kind);
	text_adds(text, name);
}

/* A literal, by the type of its node; false if it is none. */
static bool
take_literal(const Scan *scan, TSNode node, Text *text)
{
	static const char *const literals[][2] = {
		{"string_literal", "String"}, {"character_literal", "char"}, {"true", "boolean"}, {"false", "boolean"},
		{"null_literal", "null"}, {"class_literal", "Class"}, {"instanceof_expression", "boolean"}
	};
	const char *type = ts_node_type(node);
	Span		written = node_text(scan, node);
	char		last = written.length > 0 ? tolower((unsigned char) written.bytes[written.length - 1]) : '\0';

	for (size_t i = 0; i < sizeof(literals) / sizeof(literals[0]); i++)
	{
		if (strcmp(type, literals[i][0]) == 0)
		{
			put(text, TYPE, literals[i][1]);
			return true;
		}
	}
	if (strstr(type, "floating_point_literal") != NULL)
		put(text, TYPE, last == 'f' ? "float" : "double");
	else if (strstr(type, "integer_literal") != NULL)
		put(text, TYPE, last == 'l' ? "long" : "int");
	else
		return false;
	return true;
}

static void take_value(Scan *scan, TSNode node, int depth, Text *text);

/* Is an expression a text, or a sum that begins or ends with one? */
static bool
is_text(TSNode node, int depth)
{
	TSNode		left = child_field(node, "left");
	TSNode		right = child_field(node, "right");

	if (!has_type(node, "binary_expression"))
		return has_type(node, "string_literal");
	return depth < MAX_DEPTH && (is_text(left, depth + 1) || is_text(right, depth + 1));
}

static void
take_binary(Scan *scan, TSNode node, int depth, Text *text)
{
	static const char *const truths[] = {"==", "!=", "<", ">", "<=", ">=", "&&", "||"};
	Span		operator = node_text(scan, child_field(node, "operator"));
	TSNode		left = child_field(node, "left");

	for (size_t i = 0; i < sizeof(truths) / sizeof(truths[0]); i++)
	{
		if (span_is(operator, truths[i]))
		{
			put(text, TYPE, "boolean");
			return;
		}
	}
	if (span_is(operator, "+") && is_text(node, 0))
		put(text, TYPE, "String");
	else if (strstr(ts_node_type(left), "integer_literal") != NULL && strchr("lL", node_text(scan, left).bytes[node_text(scan, left).length - 1]) == NULL)
		take_value(scan, child_field(node, "right"), depth + 1, text);
	else
		take_value(scan, left, depth + 1, text);
}

/* An array that is made: its type, with brackets for its dimensions. */
static void
take_array(const Scan *scan, TSNode node, Text *text)
{
	text_addc(text, TYPE);
	text_add(text, node_text(scan, child_field(node, "type")));
	for (uint32_t i = 0; i < ts_node_named_child_count(node); i++)
	{
		TSNode		child = ts_node_named_child(node, i);
		Span		written = node_text(scan, child);

		if (has_type(child, "dimensions_expr"))
			text_adds(text, "[]");
		for (size_t at = 0; has_type(child, "dimensions") && at < written.length; at++)
		{
			if (written.bytes[at] == '[')
				text_adds(text, "[]");
		}
	}
}

static void
take_named(Scan *scan, TSNode node, char kind, Text *text)
{
	Span		expression = expression_names(scan, node);

	if (expression.length == 0)
	{
		text_addc(text, UNKNOWN);
		return;
	}
	text_addc(text, kind);
	text_add(text, expression);
}

/* What an expression is; depth is of those around it. */
static void
take_value(Scan *scan, TSNode node, int depth, Text *text)
{
	if (depth > MAX_DEPTH || ts_node_is_null(node))
		text_addc(text, UNKNOWN);
	else if (take_literal(scan, node, text))
		return;
	else if (has_type(node, "parenthesized_expression") || has_type(node, "update_expression"))
		take_value(scan, ts_node_named_child(node, 0), depth + 1, text);
	else if (has_type(node, "unary_expression"))
	{
		if (span_is(node_text(scan, child_field(node, "operator")), "!"))
			put(text, TYPE, "boolean");
		else
			take_value(scan, child_field(node, "operand"), depth + 1, text);
	}
	else if (has_type(node, "binary_expression"))
		take_binary(scan, node, depth, text);
	else if (has_type(node, "ternary_expression"))
	{
		TSNode		first = child_field(node, "consequence");

		take_value(scan, has_type(first, "null_literal") ? child_field(node, "alternative") : first, depth + 1, text);
	}
	else if (has_type(node, "cast_expression") || has_type(node, "object_creation_expression"))
	{
		text_addc(text, TYPE);
		text_add(text, node_text(scan, child_field(node, "type")));
	}
	else if (has_type(node, "array_creation_expression"))
		take_array(scan, node, text);
	else if (has_type(node, "lambda_expression") || has_type(node, "method_reference"))
		text_addc(text, FUNCTION);
	else if (has_type(node, "array_access"))
		take_named(scan, child_field(node, "array"), ELEMENT, text);
	else
		take_named(scan, node, VALUE, text);
}

static bool
is_comment(TSNode node)
{
	const char *type = ts_node_type(node);
	size_t		length = strlen(type);

	return length >= 7 && strcmp(type + length - 7, "comment") == 0;
}

Span
argument_take(Scan *scan, TSNode call)
{
	TSNode		list = child_field(call, "arguments");
	Text		text = {NULL, 0, 0};
	Span		kept;
	int			count = 0;

	if (!(scan->language->traits & LANGUAGE_TYPED) || ts_node_is_null(list))
		return (Span) {"", 0};
	for (uint32_t i = 0; i < ts_node_named_child_count(list); i++)
	{
		TSNode		argument = ts_node_named_child(list, i);

		if (is_comment(argument))
			continue;
		if (count++ > 0)
			text_addc(&text, BETWEEN);
		take_value(scan, argument, 0, &text);
	}
	kept = text.length < 1000 ? scan_keep(scan, text_span(&text)) : (Span) {"", 0};
	text_free(&text);
	return kept;
}

/* The type of a parameter; behind the last one ... says that there may be more. */
static void
take_parameter(const Scan *scan, TSNode node, Text *text)
{
	TSNode		type = child_field(node, "type");
	TSNode		dimensions = child_field(node, "dimensions");

	for (uint32_t i = 0; ts_node_is_null(type) && i < ts_node_named_child_count(node); i++)
	{
		TSNode		child = ts_node_named_child(node, i);

		if (!has_type(child, "modifiers") && strstr(ts_node_type(child), "annotation") == NULL && !is_comment(child))
			type = child;
	}
	text_addc(text, TYPE);
	if (!ts_node_is_null(type))
		text_add(text, node_text(scan, type));
	if (has_type(node, "spread_parameter"))
		text_adds(text, "...");
	else if (!ts_node_is_null(dimensions))
		text_add(text, node_text(scan, dimensions));
}

Span
argument_parameters(Scan *scan, TSNode definition)
{
	TSNode		list = child_field(definition, "parameters");
	Text		text = {NULL, 0, 0};
	Span		kept;

	if (!(scan->language->traits & LANGUAGE_TYPED) || ts_node_is_null(list))
		return (Span) {"", 0};
	for (uint32_t i = 0; i < ts_node_named_child_count(list); i++)
	{
		TSNode		parameter = ts_node_named_child(list, i);

		if (is_comment(parameter) || has_type(parameter, "receiver_parameter"))
			continue;
		if (text.length > 0)
			text_addc(&text, BETWEEN);
		take_parameter(scan, parameter, &text);
	}
	kept = text.length < 2000 ? scan_keep(scan, text_span(&text)) : (Span) {"", 0};
	text_free(&text);
	return kept;
}

/* ---- what that is ---- */

/* The next of what has been taken, which it leaves; empty at the end. */
static Span
next(Span *taken)
{
	const char *end = taken->length > 0 ? memchr(taken->bytes, BETWEEN, taken->length) : NULL;
	Span		first = {taken->bytes, end != NULL ? (size_t) (end - taken->bytes) : taken->length};

	taken->bytes += first.length + (end != NULL);
	taken->length -= first.length + (end != NULL);
	return first;
}

/* Without [] at its end; false if there is none. */
static bool
without_brackets(Text *text)
{
	if (!span_ends(text_span(text), "[]"))
		return false;
	text->length -= 2;
	return true;
}

/* The type of one argument; false if it is not known. */
static bool
type_of(Scan *scan, Span taken, int scope, uint32_t start, Text *type)
{
	Span		name = {taken.bytes + 1, taken.length - 1};

	text_clear(type);
	switch (taken.bytes[0])
	{
		case TYPE:
			if (!span_is(name, "null"))
				return mean_annotation(scan, name, scope, start, type);
			text_add(type, name);
			return true;
		case VALUE:
			if (!mean_value(scan, name, scope, start, type))
				return false;
			if (span_ends(text_span(type), "[].length"))
			{
				text_clear(type);
				text_adds(type, "int");
			}
			return true;
		case ELEMENT:
			return mean_value(scan, name, scope, start, type) && without_brackets(type);
		case FUNCTION:
			text_addc(type, FUNCTION);
			return true;
		default:
			return false;
	}
}

Span
argument_types(Scan *scan, const Reference *reference, uint32_t start)
{
	Span		taken = reference->types;
	Text		types = {NULL, 0, 0};
	Text		type = {NULL, 0, 0};
	Span		kept = {"", 0};
	bool		is_any = false;

	while (taken.length > 0)
	{
		Span		argument = next(&taken);

		if (types.length > 0)
			text_addc(&types, ',');
		if (type_of(scan, argument, reference->definition, start, &type))
		{
			text_add(&types, text_span(&type));
			is_any = true;
		}
		else
			text_addc(&types, UNKNOWN);
	}
	if (is_any && types.length <= MAX_TYPES)
		kept = scan_keep(scan, text_span(&types));
	text_free(&types);
	text_free(&type);
	return kept;
}

bool
argument_parameter_types(Scan *scan, int number, Text *types)
{
	const Definition *definition = &scan->definitions[number];
	Span		taken = definition->parameters;
	Text		type = {NULL, 0, 0};

	text_clear(types);
	while (taken.length > 0)
	{
		Span		parameter = next(&taken);
		bool		is_rest = span_ends(parameter, "...");

		if (is_rest)
			parameter.length -= strlen("...");
		if (types->length > 0)
			text_addc(types, ',');
		if (type_of(scan, parameter, number, definition->start, &type))
			text_add(types, text_span(&type));
		else
			text_addc(types, UNKNOWN);
		if (is_rest)
			text_adds(types, "...");
	}
	text_free(&type);
	return types->length > 0;
}
