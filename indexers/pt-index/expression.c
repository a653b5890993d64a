/*
 * expression.c
 *		What an expression is made of, as names.
 */
#include "expression.h"

#include "bind.h"
#include "mean.h"
#include "name.h"
#include "node.h"

#define MAX_PARTS 12			/* of a name */
#define MAX_EXPRESSION 400

TSNode
expression_within(TSNode node)
{
	static const char *const types[] = {
		"await", "await_expression", "parenthesized_expression", "non_null_expression", "satisfies_expression"
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]) && ts_node_named_child_count(node) > 0; i++)
	{
		if (strcmp(ts_node_type(node), types[i]) == 0)
		{
			node = ts_node_named_child(node, 0);
			i = -1;
		}
	}
	return node;
}

TSNode
expression_cast(const Scan *scan, TSNode call, TSNode called)
{
	static const TSNode none = {{0}, NULL, NULL};
	TSNode		arguments = child_field(call, "arguments");
	Span		name;

	if (!has_type(call, "call") || ts_node_is_null(called) || ts_node_is_null(arguments) ||
		ts_node_named_child_count(arguments) != 2)
		return none;
	name = node_text(scan, called);
	if (!(span_is(name, "cast") || span_is(name, "typing.cast") || span_is(name, "t.cast")))
		return none;
	return ts_node_named_child(arguments, 0);
}

/* The parts of a name from the last to the first. */
typedef struct Parts
{
	Span		part[MAX_PARTS];
	bool		is_called[MAX_PARTS];
	int			count;
} Parts;

static bool
add_part_of_name(Parts *parts, Span part, bool is_called)
{
	if (parts->count == MAX_PARTS || !name_is_plain(part) || memchr(part.bytes, '.', part.length) != NULL)
		return false;
	parts->part[parts->count] = part;
	parts->is_called[parts->count++] = is_called;
	return true;
}

/* The name of a type that is made or cast to: its parts, the last of which is called. */
static bool
add_type(Parts *parts, Span name)
{
	bool		is_last = true;

	while (name.length > 0)
	{
		size_t		start = name.length;

		while (start > 0 && name.bytes[start - 1] != '.')
			start--;
		if (!add_part_of_name(parts, (Span) {name.bytes + start, name.length - start}, is_last))
			return false;
		name.length = start > 0 ? start - 1 : 0;
		is_last = false;
	}
	return true;
}

/*
 * Expressions of Java, where an object may be made, cast or a text. What is cast or made is
 * called, as in other languages. False if there is something in it that has no name.
 */
static bool
take_apart_typed(const Scan *scan, TSNode node, Parts *parts)
{
	for (;;)
	{
		node = expression_within(node);
		if (has_type(node, "method_invocation") || has_type(node, "field_access"))
		{
			bool		is_call = has_type(node, "method_invocation");
			TSNode		object = child_field(node, "object");
			Span		member = node_text(scan, child_field(node, is_call ? "name" : "field"));

			/* the object around this one, A.this */
			if (!is_call && span_is(member, "this"))
				return add_part_of_name(parts, node_text(scan, object), true);
			if (!add_part_of_name(parts, member, is_call))
				return false;
			if (ts_node_is_null(object))
				return is_call;
			node = object;
		}
		else if (has_type(node, "object_creation_expression") || has_type(node, "cast_expression"))
		{
			Span		name = node_text(scan, child_field(node, "type"));
			const char *angle = memchr(name.bytes, '<', name.length);

			if (angle != NULL)
				name.length = angle - name.bytes;
			return name_is_plain(name) && add_type(parts, name);
		}
		else if (has_type(node, "string_literal"))
			return add_part_of_name(parts, span_of("String"), true);
		else if (has_type(node, "class_literal"))
			return add_part_of_name(parts, span_of("Class"), true);
		else
			return (has_type(node, "identifier") || has_type(node, "this") || has_type(node, "super")) &&
				add_part_of_name(parts, node_text(scan, node), false);
	}
}

/* The first of what a value may be, a ?? b, a || b, c ? a : b, or Python's a if c else b; null if it is no such. */
static TSNode
one_of_two(const Scan *scan, TSNode node)
{
	static const TSNode none = {{0}, NULL, NULL};
	TSNode		operator;

	if (has_type(node, "ternary_expression"))
		return child_field(node, "consequence");
	if (has_type(node, "conditional_expression") && ts_node_named_child_count(node) == 3)
		return ts_node_named_child(node, 0);
	if (!has_type(node, "binary_expression") && !has_type(node, "boolean_operator"))
		return none;
	operator = child_field(node, "operator");
	if (ts_node_is_null(operator) || !language_has(" ?? || or ", node_text(scan, operator)))
		return none;
	return child_field(node, "left");
}

static bool take_apart(const Scan *scan, TSNode node, Parts *parts);

/* Of two values the first that has names: they are mostly of one type. */
static bool
take_apart_either(const Scan *scan, TSNode node, Parts *parts)
{
	int			count = parts->count;
	TSNode		second = child_field(node, has_type(node, "ternary_expression") ? "alternative" : "right");

	if (take_apart(scan, one_of_two(scan, node), parts))
		return true;
	parts->count = count;
	if (has_type(node, "conditional_expression"))
		second = ts_node_named_child(node, 2);
	return !ts_node_is_null(second) && take_apart(scan, second, parts);
}

/* Take an expression apart; false if there is something in it that has no name. */
static bool
take_apart(const Scan *scan, TSNode node, Parts *parts)
{
	bool		is_called = false;

	if (scan->language->traits & LANGUAGE_TYPED)
		return take_apart_typed(scan, node, parts);
	for (;;)
	{
		node = expression_within(node);
		if (has_type(node, "call") || has_type(node, "call_expression") || has_type(node, "new_expression"))
		{
			TSNode		called = child_field(node, has_type(node, "new_expression") ? "constructor" : "function");

			if (ts_node_is_null(called) || is_called)
				return false;
			if (span_is(node_text(scan, called), "super"))
				return add_part_of_name(parts, span_of("super"), false);
			if (!ts_node_is_null(expression_cast(scan, node, called)))
			{
				node = expression_cast(scan, node, called);
				continue;
			}
			is_called = true;
			node = called;
			continue;
		}
		if (has_type(node, "attribute") || has_type(node, "member_expression"))
		{
			TSNode		member = child_field(node, has_type(node, "attribute") ? "attribute" : "property");

			if (ts_node_is_null(member) || !add_part_of_name(parts, node_text(scan, member), is_called))
				return false;
			is_called = false;
			node = child_field(node, "object");
			if (ts_node_is_null(node))
				return false;
			continue;
		}
		if (has_type(node, "as_expression") && ts_node_named_child_count(node) > 1)
			return !is_called && add_type(parts, mean_type_name(scan, node_text(scan, ts_node_named_child(node, 1))));
		if (!ts_node_is_null(one_of_two(scan, node)))
			return !is_called && take_apart_either(scan, node, parts);
		return (has_type(node, "identifier") || has_type(node, "this") || has_type(node, "super")) &&
			add_part_of_name(parts, node_text(scan, node), is_called);
	}
}

Span
expression_names(Scan *scan, TSNode node)
{
	Text	   *scratch = &scan->bindings->scratch;
	Parts		parts = {.count = 0};

	if (ts_node_is_null(node) || !take_apart(scan, node, &parts))
		return (Span) {"", 0};
	text_clear(scratch);
	for (int i = parts.count - 1; i >= 0; i--)
	{
		text_add(scratch, parts.part[i]);
		if (parts.is_called[i])
			text_adds(scratch, "()");
		if (i > 0)
			text_addc(scratch, '.');
	}
	return scratch->length < MAX_EXPRESSION ? scan_keep(scan, text_span(scratch)) : (Span) {"", 0};
}
