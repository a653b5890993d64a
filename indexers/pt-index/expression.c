/*
 * expression.c
 *		What an expression is made of, as names.
 */
#include "expression.h"

#include "bind.h"
#include "cpp.h"
#include "go.h"
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
	if (parts->count == MAX_PARTS ||
		(!span_is(part, "[]") && (!name_is_plain(part) || memchr(part.bytes, '.', part.length) != NULL)))
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

/* The first argument of a call. */
static TSNode
first_argument(TSNode call)
{
	TSNode		arguments = child_field(call, "arguments");

	return ts_node_is_null(arguments) ? arguments : ts_node_named_child(arguments, 0);
}

/* The first type in the angle brackets of a name, as of static_cast<T> and std::make_unique<T>; a null node without. */
static TSNode
first_type_argument(TSNode name)
{
	while (has_type(name, "qualified_identifier"))
		name = child_field(name, "name");
	if (!has_type(name, "template_function"))
		return (TSNode) {{0}, NULL, NULL};
	name = child_field(name, "arguments");
	return ts_node_is_null(name) ? name : ts_node_named_child(name, 0);
}

/* What a function is called without its template's arguments and what qualifies it. */
static Span
called_name(const Scan *scan, TSNode name)
{
	while (has_type(name, "qualified_identifier"))
		name = child_field(name, "name");
	if (has_type(name, "template_function"))
		name = child_field(name, "name");
	return ts_node_is_null(name) ? (Span) {"", 0} : node_text(scan, name);
}

static TSNode
cpp_expression_type(const Scan *scan, TSNode node)
{
	for (int depth = 0; depth < MAX_PARTS; depth++)
	{
		node = expression_within(node);
		if (has_type(node, "new_expression") || has_type(node, "cast_expression") || has_type(node, "compound_literal_expression"))
			return child_field(node, "type");
		if (has_type(node, "call_expression"))
		{
			TSNode		function = child_field(node, "function");
			Span		called = called_name(scan, function);

			if (language_has(" static_cast dynamic_cast reinterpret_cast const_cast make_unique make_shared static_pointer_cast "
							 "dynamic_pointer_cast ", called))
				return first_type_argument(function);
			if (!language_has(" move forward ", called))
				break;
			node = first_argument(node);
		}
		else if (has_type(node, "pointer_expression"))
			node = child_field(node, "argument");
		else
			break;
		if (ts_node_is_null(node))
			return node;
	}
	return (TSNode) {{0}, NULL, NULL};
}

TSNode
expression_type(const Scan *scan, TSNode node)
{
	if (scan->language->traits & LANGUAGE_C)
		return cpp_expression_type(scan, node);
	for (;;)
	{
		Span		called;

		node = expression_within(node);
		if (has_type(node, "composite_literal") || has_type(node, "type_assertion_expression") ||
			(has_type(node, "type_conversion_expression") && !has_type(child_field(node, "type"), "generic_type")))
			return child_field(node, "type");
		called = has_type(node, "call_expression") ? node_text(scan, child_field(node, "function")) : (Span) {"", 0};
		if (has_type(node, "unary_expression") && span_is(node_text(scan, child_field(node, "operator")), "&"))
			node = child_field(node, "operand");
		else if (language_has(" new make ", called))
			return first_argument(node);
		else if (span_is(called, "append"))
			node = first_argument(node);
		else
			return (TSNode) {{0}, NULL, NULL};
		if (ts_node_is_null(node))
			return node;
	}
}

/* The parts of a name with :: between them, without what is in angle brackets. */
static bool
add_qualified(Parts *parts, Span name, bool is_called)
{
	Text		plain = {NULL, 0, 0};
	bool		is_known = name_of_expression(&plain, name) && !span_starts(text_span(&plain), "?");
	Span		rest = {name.bytes, 0};

	/* parts point into the source, so they are cut from there */
	text_free(&plain);
	for (size_t end = name.length; is_known && end > 0;)
	{
		size_t		start = end;
		int			depth = 0;

		while (start > 0 && !(depth == 0 && start < end && name.bytes[start - 1] == ':'))
		{
			depth += (name.bytes[start - 1] == '>') - (name.bytes[start - 1] == '<');
			start--;
		}
		rest = (Span) {name.bytes + start, end - start};
		if (memchr(rest.bytes, '<', rest.length) != NULL)
			rest.length = (const char *) memchr(rest.bytes, '<', rest.length) - rest.bytes;
		is_known = add_part_of_name(parts, rest, is_called);
		is_called = false;
		end = start > 1 ? start - 2 : 0;
	}
	return is_known;
}

/* Expressions of C++, likewise. */
static bool
take_apart_cpp(const Scan *scan, TSNode node, Parts *parts)
{
	bool		is_called = false;

	for (;;)
	{
		TSNode		type;

		node = expression_within(node);
		type = expression_type(scan, node);
		if (!ts_node_is_null(type))
		{
			int			lists;
			Span		name = cpp_type_name(node_text(scan, type), &lists);

			return lists == 0 && !is_called && name.length > 0 && add_qualified(parts, name, true);
		}
		if (has_type(node, "call_expression"))
		{
			if (is_called)
				return false;
			is_called = true;
			node = child_field(node, "function");
		}
		else if (has_type(node, "field_expression"))
		{
			TSNode		field = child_field(node, "field");

			if (has_type(field, "template_method"))
				field = child_field(field, "name");
			if (!add_part_of_name(parts, node_text(scan, field), is_called))
				return false;
			is_called = false;
			node = child_field(node, "argument");
		}
		else if (has_type(node, "pointer_expression"))
		{
			if (is_called)
				return false;
			node = child_field(node, "argument");
		}
		else if (has_type(node, "subscript_expression"))
		{
			if (is_called || !add_part_of_name(parts, span_of("[]"), false))
				return false;
			node = child_field(node, "argument");
		}
		else if (has_type(node, "qualified_identifier") || has_type(node, "template_function"))
			return add_qualified(parts, node_text(scan, node), is_called);
		else
			return (has_type(node, "identifier") || has_type(node, "this")) &&
				add_part_of_name(parts, node_text(scan, node), is_called);
		if (ts_node_is_null(node))
			return false;
	}
}

/*
 * Expressions of Go. Something in a list is its member [], whatever its index; what says its
 * type is called, as what it makes.
 */
static bool
take_apart_go(const Scan *scan, TSNode node, Parts *parts)
{
	bool		is_called = false;

	for (;;)
	{
		TSNode		type;

		node = expression_within(node);
		type = expression_type(scan, node);
		if (!ts_node_is_null(type))
		{
			int			lists;
			Span		name = go_type_name(node_text(scan, type), &lists);

			while (lists > 0 && parts->count > 0 && span_is(parts->part[parts->count - 1], "[]"))
			{
				parts->count--;
				lists--;
			}
			return lists == 0 && !is_called && name.length > 0 && add_type(parts, name);
		}
		if (has_type(node, "call_expression"))
		{
			if (is_called)
				return false;
			/* what is appended to has its type */
			if (span_is(node_text(scan, child_field(node, "function")), "append"))
				node = first_argument(node);
			else
			{
				is_called = true;
				node = child_field(node, "function");
			}
		}
		else if (has_type(node, "selector_expression"))
		{
			if (!add_part_of_name(parts, node_text(scan, child_field(node, "field")), is_called))
				return false;
			is_called = false;
			node = child_field(node, "operand");
		}
		else if (has_type(node, "unary_expression"))
		{
			Span		operator = node_text(scan, child_field(node, "operator"));

			if (is_called || !language_has(" <- & * ", operator))
				return false;
			if (span_is(operator, "<-") && !add_part_of_name(parts, span_of("[]"), false))
				return false;
			node = child_field(node, "operand");
		}
		else if (has_type(node, "index_expression") || has_type(node, "slice_expression"))
		{
			/* what is called with types in brackets is no list */
			if (has_type(node, "index_expression") && !is_called && !add_part_of_name(parts, span_of("[]"), false))
				return false;
			node = child_field(node, "operand");
		}
		else if (has_type(node, "type_conversion_expression"))
		{
			/* a function or a type, with types in brackets */
			node = child_field(node, "type");
			is_called = true;
		}
		else if (has_type(node, "type_instantiation_expression") || has_type(node, "generic_type"))
			node = child_field(node, "type");
		else if (has_type(node, "qualified_type"))
		{
			if (!add_part_of_name(parts, node_text(scan, child_field(node, "name")), is_called))
				return false;
			is_called = false;
			node = child_field(node, "package");
		}
		else
			return (has_type(node, "identifier") || has_type(node, "type_identifier") || has_type(node, "package_identifier")) &&
				add_part_of_name(parts, node_text(scan, node), is_called);
		if (ts_node_is_null(node))
			return false;
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

	if (scan->language->traits & LANGUAGE_BLOCKS)
		return scan->language->traits & LANGUAGE_C ? take_apart_cpp(scan, node, parts) : take_apart_go(scan, node, parts);
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
