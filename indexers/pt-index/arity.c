/*
 * arity.c
 *		How many arguments functions take and calls give, where several functions
 *		may have one name.
 *
 * The grammars call things differently, but alike: lists of parameters and of
 * arguments, whose named children are these, and comments. What is said of C++,
 * C#, Java and Kotlin is tried with the trees of test/index.
 */
#include "arity.h"

#include <stdint.h>
#include <string.h>

static TSNode
no_node(void)
{
	return (TSNode) {{0}, NULL, NULL};
}

static bool
has_type(TSNode node, const char *type)
{
	return strcmp(ts_node_type(node), type) == 0;
}

static bool
ends_with(const char *text, const char *end)
{
	size_t		length = strlen(text);

	return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

static bool
is_comment(TSNode node)
{
	return ends_with(ts_node_type(node), "comment");
}

/* Does the text of a node have these bytes? */
static bool
has_text(TSNode node, const char *content, const char *bytes)
{
	uint32_t	start = ts_node_start_byte(node);
	uint32_t	length = ts_node_end_byte(node) - start;

	return memmem(content + start, length, bytes, strlen(bytes)) != NULL;
}

static bool
starts_with(TSNode node, const char *content, const char *word)
{
	size_t		length = strlen(word);
	uint32_t	start = ts_node_start_byte(node);

	return ts_node_end_byte(node) - start > length && memcmp(content + start, word, length) == 0;
}

/* The list of parameters of a definition: its own child, or of its declarator. */
static TSNode
parameters_of(TSNode node)
{
	for (int depth = 0; depth < 5; depth++)
	{
		uint32_t	count = ts_node_named_child_count(node);
		TSNode		inner = no_node();

		for (uint32_t i = 0; i < count && i < 50; i++)
		{
			TSNode		child = ts_node_named_child(node, i);
			const char *type = ts_node_type(child);

			if (strncmp(type, "type_", 5) != 0 && strncmp(type, "template_", 9) != 0 &&
				(ends_with(type, "parameters") || ends_with(type, "parameter_list")))
				return child;
			if (ts_node_is_null(inner) && (ends_with(type, "declarator") || has_type(child, "function_definition")))
				inner = child;
		}
		if (ts_node_is_null(inner))
			break;
		node = inner;
	}
	return no_node();
}

/*
 * One of the list: a parameter, or in grammars without a node around them what
 * belongs to it. is_rest: it takes all there are, as has been said before it.
 */
static void
count_parameter(TSNode node, const char *content, Arity *arity, bool *is_rest)
{
	const char *type = ts_node_type(node);

	if (is_comment(node) || has_type(node, "receiver_parameter") || has_type(node, "attribute_list"))
		return;
	if (strstr(type, "modifiers") != NULL)
	{
		*is_rest = has_text(node, content, "vararg");
		return;
	}
	if (strstr(type, "parameter") == NULL)
	{
		/* the value that the parameter before it has without an argument */
		arity->least -= arity->least > 0;
		return;
	}
	if (*is_rest || has_type(node, "spread_parameter") || strncmp(type, "variadic", 8) == 0 ||
		starts_with(node, content, "params ") || has_text(node, content, "..."))
	{
		arity->most = ARITY_MAX;
		*is_rest = false;
		return;
	}
	if (arity->most < ARITY_MAX)
		arity->most++;
	if (!(strncmp(type, "optional", 8) == 0 || has_text(node, content, "=") || starts_with(node, content, "this ")))
		arity->least++;
}

Arity
arity_of_definition(TSNode definition, const char *content)
{
	Arity		arity = {0, 0};
	TSNode		list = parameters_of(definition);
	bool		is_rest = false;
	uint32_t	count;

	if (ts_node_is_null(list))
		return (Arity) {ARITY_UNKNOWN, ARITY_UNKNOWN};
	count = ts_node_child_count(list);
	for (uint32_t i = 0; i < count; i++)
	{
		TSNode		child = ts_node_child(list, i);

		if (ts_node_is_named(child))
			count_parameter(child, content, &arity, &is_rest);
		else if (has_type(child, "..."))
			arity.most = ARITY_MAX;
		else if (has_type(child, "params"))
		{
			/* C#: what follows has no node of its own */
			arity.most = ARITY_MAX;
			break;
		}
	}
	if (count == 3 && has_text(list, content, "(void)"))
		arity = (Arity) {0, 0};
	return arity;
}

static TSNode
child_of_type(TSNode node, const char *type)
{
	uint32_t	count = ts_node_named_child_count(node);

	for (uint32_t i = 0; i < count; i++)
	{
		TSNode		child = ts_node_named_child(node, i);

		if (has_type(child, type))
			return child;
	}
	return no_node();
}

/* Kotlin: is what follows a call a lambda, which is an argument of it? */
static bool
has_lambda_behind(TSNode call)
{
	TSNode		outer = ts_node_parent(call);
	TSNode		suffix;

	if (ts_node_is_null(outer) || !has_type(outer, "call_expression") ||
		!ts_node_eq(ts_node_named_child(outer, 0), call))
		return false;
	suffix = child_of_type(outer, "call_suffix");
	return !ts_node_is_null(suffix) && !ts_node_is_null(child_of_type(suffix, "annotated_lambda")) &&
		ts_node_is_null(child_of_type(suffix, "value_arguments"));
}

int
arity_of_call(TSNode call)
{
	TSNode		list = ts_node_child_by_field_name(call, "arguments", strlen("arguments"));
	TSNode		suffix = child_of_type(call, "call_suffix");
	int			count = 0;
	bool		has_lambda = false;

	if (!ts_node_is_null(suffix))
	{
		/* Kotlin: a lambda may stand behind the arguments, or in their place */
		has_lambda = !ts_node_is_null(child_of_type(suffix, "annotated_lambda")) || has_lambda_behind(call);
		list = child_of_type(suffix, "value_arguments");
	}
	if (ts_node_is_null(list))
		return has_lambda ? 1 : ARITY_UNKNOWN;
	for (uint32_t i = 0; i < ts_node_named_child_count(list); i++)
	{
		TSNode		argument = ts_node_named_child(list, i);
		const char *type = ts_node_type(argument);

		if (is_comment(argument))
			continue;
		if (strstr(type, "expansion") != NULL || strstr(type, "spread") != NULL || strncmp(type, "preproc", 7) == 0 ||
			!ts_node_is_null(child_of_type(argument, "spread_expression")) || ts_node_has_error(argument))
			return ARITY_UNKNOWN;
		count++;
	}
	return count + has_lambda < ARITY_MAX ? count + has_lambda : ARITY_UNKNOWN;
}
