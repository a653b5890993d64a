/*
 * bind.c
 *		What the names in a file stand for, as far as the file alone tells.
 *
 * Bindings and definitions are sorted by where they hold and by name; a name is
 * looked up outwards from where it stands. Which of several bindings in one
 * scope holds is told by their order in the text: the last before the place, or
 * the first; annotations before assignments. Blocks are no scopes.
 */
#include "bind.h"

#include "name.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 8				/* of values of values */
#define MAX_PARTS 12			/* of a name */

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

static bool is_a_name(Span text);

void
bind_clear(Bindings *bindings)
{
	bindings->count = 0;
	bindings->package = (Span) {"", 0};
	text_clear(&bindings->opens);
	bindings->has_imports = bindings->has_wildcard = false;
}

void
bind_free(Bindings *bindings)
{
	free(bindings->all);
	free(bindings->by_name);
	text_free(&bindings->scratch);
	text_free(&bindings->opens);
}

static Span
node_text(const Scan *scan, TSNode node)
{
	uint32_t	start = ts_node_start_byte(node);

	return (Span) {scan->content.bytes + start, ts_node_end_byte(node) - start};
}

static bool
is_one_of(Span span, const char *words)
{
	return language_has(words, span);
}

/* ---- modules ---- */

/* A path without its last part; false if there is none. */
static bool
go_up(Text *path)
{
	if (path->length == 0)
		return false;
	while (path->length > 0 && path->bytes[path->length - 1] != '/')
		path->length--;
	if (path->length > 0)
		path->length--;
	return true;
}

static void
add_part(Text *path, Span part)
{
	if (path->length > 0)
		text_addc(path, '/');
	text_add(path, part);
}

/* Is the whole tree, or something in it, called so? */
static bool
is_in_package(const Scan *scan, Span written)
{
	size_t		length = scan->package.length;

	return length > 0 && written.length >= length &&
		memcmp(written.bytes, scan->package.bytes, length) == 0 &&
		(written.length == length || written.bytes[length] == '.');
}

/*
 * Python's: of ..a.b the path from the top of the tree, and so of tree.a.b; else as
 * it is.
 */
static bool
python_module(const Scan *scan, Span written, Text *module, bool *is_path)
{
	Span		part = {written.bytes, 0};

	text_clear(module);
	*is_path = true;
	if (is_in_package(scan, written))
	{
		size_t		length = scan->package.length + (written.length > scan->package.length);

		written = (Span) {written.bytes + length, written.length - length};
	}
	else if (span_starts(written, "."))
		text_add(module, scan->path);
	else
	{
		*is_path = false;
		text_add(module, written);
		return true;
	}
	for (; written.length > 0 && written.bytes[0] == '.'; written = (Span) {written.bytes + 1, written.length - 1})
	{
		if (!go_up(module))
			return false;
	}
	for (part.bytes = written.bytes; written.length > 0;)
	{
		const char *dot = memchr(written.bytes, '.', written.length);

		part = (Span) {written.bytes, dot ? (size_t) (dot - written.bytes) : written.length};
		add_part(module, part);
		written.bytes += part.length + (dot != NULL);
		written.length -= part.length + (dot != NULL);
	}
	return true;
}

/* A file's name without the endings that imports leave out, or do not. */
static Span
without_ending(Span path)
{
	static const char *const endings[] = {".d.ts", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts"};

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
	{
		if (span_ends(path, endings[i]))
			return (Span) {path.bytes, path.length - strlen(endings[i])};
	}
	return path;
}

/* Of './a/b.js' the path from the top of the tree, of a package its name. */
static bool
script_module(const Scan *scan, Span written, Text *module, bool *is_path)
{
	text_clear(module);
	while (written.length > 1 && strchr("\"'`", written.bytes[0]) != NULL)
		written = (Span) {written.bytes + 1, written.length - 2};
	*is_path = span_starts(written, ".");
	if (!*is_path)
	{
		/* a colon is what ends a module */
		for (size_t i = 0; i < written.length; i++)
			text_addc(module, written.bytes[i] == ':' ? '/' : written.bytes[i]);
		return written.length > 0;
	}
	written = without_ending(written);
	text_add(module, scan->path);
	go_up(module);
	while (written.length > 0)
	{
		const char *slash = memchr(written.bytes, '/', written.length);
		Span		part = {written.bytes, slash ? (size_t) (slash - written.bytes) : written.length};

		if (span_is(part, ".."))
		{
			if (!go_up(module))
				return false;
		}
		/* a folder's index is the folder */
		else if (part.length > 0 && !span_is(part, ".") && !(slash == NULL && span_is(part, "index")))
			add_part(module, part);
		written.bytes += part.length + (slash != NULL);
		written.length -= part.length + (slash != NULL);
	}
	return true;
}

/* A module as references name it; paths from the top of the tree begin with "./". */
static Span
module_of(Scan *scan, Span written)
{
	Text		module = {NULL, 0, 0};
	Text		name = {NULL, 0, 0};
	bool		is_path;
	bool		is_known = scan->language->traits & LANGUAGE_DOCSTRING ?
		python_module(scan, written, &module, &is_path) :
		script_module(scan, written, &module, &is_path);
	Span		kept = {"", 0};

	if (is_path)
		text_adds(&name, "./");
	text_add(&name, text_span(&module));
	if (is_known && name.length > 0 && name.length < 400)
		kept = scan_keep(scan, text_span(&name));
	text_free(&module);
	text_free(&name);
	return kept;
}

/* ---- taking ---- */

static TSNode
child_field(TSNode node, const char *name)
{
	return ts_node_child_by_field_name(node, name, strlen(name));
}

/* A node within brackets, after await and the like. */
static TSNode
inner_node(TSNode node)
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

static bool
has_type(TSNode node, const char *type)
{
	return strcmp(ts_node_type(node), type) == 0;
}

/* The first argument of Python's cast(), a type; a null node if it is none. */
static TSNode
cast_type(const Scan *scan, TSNode call, TSNode called)
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
	if (parts->count == MAX_PARTS || !is_a_name(part) || memchr(part.bytes, '.', part.length) != NULL)
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
		node = inner_node(node);
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
			return is_a_name(name) && add_type(parts, name);
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

/* Take an expression apart; false if there is something in it that has no name. */
static bool
take_apart(const Scan *scan, TSNode node, Parts *parts)
{
	bool		is_called = false;

	if (scan->language->traits & LANGUAGE_TYPED)
		return take_apart_typed(scan, node, parts);
	for (;;)
	{
		node = inner_node(node);
		if (has_type(node, "call") || has_type(node, "call_expression") || has_type(node, "new_expression"))
		{
			TSNode		called = child_field(node, has_type(node, "new_expression") ? "constructor" : "function");

			if (ts_node_is_null(called) || is_called)
				return false;
			if (span_is(node_text(scan, called), "super"))
				return add_part_of_name(parts, span_of("super"), false);
			if (!ts_node_is_null(cast_type(scan, node, called)))
			{
				node = cast_type(scan, node, called);
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
		{
			node = ts_node_named_child(node, 1);
			return has_type(node, "type_identifier") && !is_called && add_part_of_name(parts, node_text(scan, node), true);
		}
		return (has_type(node, "identifier") || has_type(node, "this") || has_type(node, "super")) &&
			add_part_of_name(parts, node_text(scan, node), is_called);
	}
}

Span
bind_expression(Scan *scan, TSNode node)
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
	return scratch->length < 400 ? scan_keep(scan, text_span(scratch)) : (Span) {"", 0};
}

/* What a variable is set to. */
static void
take_value(Scan *scan, TSNode value, Binding *binding)
{
	binding->kind = BINDING_VALUE;
	if (ts_node_is_null(value))
		return;
	value = inner_node(value);
	if (has_type(value, "none") || has_type(value, "null") || has_type(value, "undefined"))
		binding->kind = BINDING_NONE;
	else if (has_type(value, "as_expression") && ts_node_named_child_count(value) > 1)
	{
		binding->expression = node_text(scan, ts_node_named_child(value, 1));
		binding->kind = BINDING_TYPE;
	}
	else if (has_type(value, "call") && !ts_node_is_null(cast_type(scan, value, child_field(value, "function"))))
	{
		binding->expression = node_text(scan, cast_type(scan, value, child_field(value, "function")));
		binding->kind = BINDING_TYPE;
	}
	else
		binding->expression = bind_expression(scan, value);
}

static void
add_binding(Scan *scan, Binding binding)
{
	Bindings   *bindings = scan->bindings;

	bindings->all = GROW(bindings->all, bindings->count, bindings->room);
	bindings->all[bindings->count++] = binding;
}

/* One more package, or type, of which all can be seen. */
static void
add_open(Bindings *bindings, Span package, Span type)
{
	if (bindings->opens.length > 0)
		text_addc(&bindings->opens, ' ');
	text_add(&bindings->opens, package);
	if (type.length > 0)
	{
		text_adds(&bindings->opens, "::");
		text_add(&bindings->opens, type);
	}
}

/* Where the package of a full name ends, and the name of a type begins, which has a capital. */
static size_t
package_length(Span name)
{
	for (size_t at = 0; at < name.length; at++)
	{
		if (isupper((unsigned char) name.bytes[at]) && (at == 0 || name.bytes[at - 1] == '.'))
			return at;
	}
	return name.length + 1;
}

/* Java's: of a.b.C and a.b.C.D types, which are called by their last part; of a.b.* what is in it. */
static void
take_typed_import(Scan *scan, TSNode node)
{
	Span		name = node_text(scan, node);
	TSNode		import = ts_node_parent(node);
	TSNode		last = ts_node_named_child(import, ts_node_named_child_count(import) - 1);
	size_t		length = package_length(name);
	Span		package = {name.bytes, length > 0 ? length - 1 : 0};
	Span		type = {name.bytes + length, length < name.length ? name.length - length : 0};
	Span		before;

	scan->bindings->has_imports = true;
	if (!is_a_name(name))
		return;
	if (has_type(last, "asterisk"))
		add_open(scan->bindings, package, type);
	else if (type.length > 0)
		add_binding(scan, (Binding) {.kind = BINDING_IMPORT, .name = name_last_part(name, &before), .module = package,
			.expression = type, .start = ts_node_start_byte(node)});
}

static void
take_import(Scan *scan, const BindingNodes *nodes)
{
	Binding		binding = {.kind = BINDING_IMPORT, .expression = {"", 0}};
	Bindings   *bindings = scan->bindings;
	TSNode		name = nodes->name;

	if (scan->language->traits & LANGUAGE_TYPED)
	{
		take_typed_import(scan, nodes->module);
		return;
	}
	bindings->has_imports = true;
	if (!ts_node_is_null(nodes->wildcard))
	{
		bindings->has_wildcard = true;
		return;
	}
	binding.module = module_of(scan, node_text(scan, nodes->module));
	if (!ts_node_is_null(nodes->member))
	{
		binding.expression = node_text(scan, nodes->member);
		name = ts_node_is_null(name) ? nodes->member : name;
	}
	else if (!ts_node_is_null(nodes->whole))
		name = nodes->whole;
	else if (!ts_node_is_null(nodes->standard))
	{
		name = nodes->standard;
		binding.expression = node_text(scan, name);
	}
	if (ts_node_is_null(name))
	{
		/* import a.b binds a */
		Span		first = node_text(scan, nodes->module);
		const char *dot = memchr(first.bytes, '.', first.length);

		if (!(scan->language->traits & LANGUAGE_DOCSTRING))
			return;
		first.length = dot ? (size_t) (dot - first.bytes) : first.length;
		binding.name = first;
		binding.module = module_of(scan, first);
		binding.start = ts_node_start_byte(nodes->module);
	}
	else
	{
		binding.name = node_text(scan, name);
		binding.start = ts_node_start_byte(name);
	}
	add_binding(scan, binding);
}

/* The type that is declared, in a language where all say theirs. */
static void
take_declared(Scan *scan, const BindingNodes *nodes, TSNode name, Binding *binding)
{
	TSNode		parent = ts_node_parent(name);

	binding->kind = BINDING_TYPE;
	if (!ts_node_is_null(nodes->type) && !span_is(node_text(scan, nodes->type), "var"))
	{
		TSNode		around = ts_node_parent(nodes->type);

		binding->expression = node_text(scan, nodes->type);
		if (has_type(around, "spread_parameter"))
		{
			Text	   *scratch = &scan->bindings->scratch;

			text_clear(scratch);
			text_add(scratch, binding->expression);
			text_adds(scratch, "[]");
			binding->expression = scan_keep(scan, text_span(scratch));
		}
	}
	else if (has_type(parent, "type_parameter"))
		binding->expression = span_of("Object");
	else if (has_type(parent, "enum_constant"))
	{
		while (!ts_node_is_null(parent) && !has_type(parent, "enum_declaration"))
			parent = ts_node_parent(parent);
		if (!ts_node_is_null(parent))
			binding->expression = node_text(scan, child_field(parent, "name"));
	}
	else
		take_value(scan, nodes->value, binding);
}

void
bind_take(Scan *scan, const BindingNodes *nodes)
{
	bool		is_field = ts_node_is_null(nodes->name);
	TSNode		name = is_field ? nodes->field : nodes->name;
	Binding		binding = {.module = {"", 0}, .expression = {"", 0}};
	Span		before;

	if (!ts_node_is_null(nodes->module))
	{
		take_import(scan, nodes);
		return;
	}
	if (!ts_node_is_null(nodes->package))
	{
		add_open(scan->bindings, node_text(scan, nodes->package), (Span) {"", 0});
		return;
	}
	if (ts_node_is_null(name) || !name_of_expression(&scan->bindings->scratch, node_text(scan, name)))
		return;
	binding.name = name_last_part(text_span(&scan->bindings->scratch), &before);
	if (before.length > 0 && !is_one_of(before, " self cls this "))
		return;
	binding.is_field = is_field || before.length > 0;
	binding.name = scan_keep(scan, binding.name);
	binding.start = ts_node_start_byte(name);
	if (scan->language->traits & LANGUAGE_TYPED)
		take_declared(scan, nodes, name, &binding);
	else if (!ts_node_is_null(nodes->type))
	{
		binding.kind = BINDING_TYPE;
		binding.expression = node_text(scan, nodes->type);
	}
	else
		take_value(scan, nodes->value, &binding);
	add_binding(scan, binding);
}

/* ---- order ---- */

static int
compare_spans(Span a, Span b)
{
	int			order = memcmp(a.bytes, b.bytes, a.length < b.length ? a.length : b.length);

	return order != 0 ? order : a.length < b.length ? -1 : a.length > b.length;
}

static int
by_owner(const void *a, const void *b)
{
	const Binding *x = a;
	const Binding *y = b;
	int			order;

	if (x->owner != y->owner)
		return x->owner < y->owner ? -1 : 1;
	order = compare_spans(x->name, y->name);
	if (order != 0)
		return order;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (x->kind < y->kind) - (x->kind > y->kind);
}

static int
by_parent(const void *a, const void *b, void *arg)
{
	const Definition *all = arg;
	const Definition *x = &all[*(const size_t *) a];
	const Definition *y = &all[*(const size_t *) b];
	int			order;

	if (x->parent != y->parent)
		return x->parent < y->parent ? -1 : 1;
	order = compare_spans(x->name, y->name);
	return order != 0 ? order : x->start < y->start ? -1 : x->start > y->start;
}

/* The class around a definition, or itself; NO_DEFINITION if there is none. */
static int
class_around(const Scan *scan, int definition)
{
	while (definition != NO_DEFINITION && !scan_is_type(scan->definitions[definition].type))
		definition = scan->definitions[definition].parent;
	return definition;
}

/* The innermost definition around each binding, and where it holds. */
static bool
place_bindings(Scan *scan)
{
	Bindings   *bindings = scan->bindings;

	for (size_t i = 0; i < bindings->count; i++)
	{
		Binding    *binding = &bindings->all[i];

		if (i % SCAN_BETWEEN_LOOKS == 0 && scan_is_late(scan))
			return false;
		binding->scope = scan_definition_at(scan, binding->start);
		binding->owner = binding->is_field ? class_around(scan, binding->scope) : binding->scope;
		/* what has the definition's own name stands outside of it */
		if (binding->scope != NO_DEFINITION && scan->definitions[binding->scope].name_start == binding->start)
			binding->owner = scan->definitions[binding->scope].parent;
	}
	return true;
}

bool
bind_arrange(Scan *scan)
{
	Bindings   *bindings = scan->bindings;

	if (!place_bindings(scan))
		return false;
	if (bindings->count > 0)
		qsort(bindings->all, bindings->count, sizeof(Binding), by_owner);
	if (scan->ndefinitions > bindings->by_name_room)
	{
		bindings->by_name_room = scan->ndefinitions;
		bindings->by_name = make_room(bindings->by_name, scan->ndefinitions, sizeof(size_t));
	}
	for (size_t i = 0; i < scan->ndefinitions; i++)
		bindings->by_name[i] = i;
	if (scan->ndefinitions > 0)
		qsort_r(bindings->by_name, scan->ndefinitions, sizeof(size_t), by_parent, scan->definitions);
	return true;
}

/* ---- looking up ---- */

/* A definition of a name in another one, or at the top; NO_DEFINITION if none is. */
static int
find_definition(const Scan *scan, int parent, Span name)
{
	size_t		low = 0;
	size_t		high = scan->ndefinitions;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;
		const Definition *definition = &scan->definitions[scan->bindings->by_name[middle]];

		if (definition->parent < parent ||
			(definition->parent == parent && compare_spans(definition->name, name) < 0))
			low = middle + 1;
		else
			high = middle;
	}
	if (low < scan->ndefinitions)
	{
		size_t		found = scan->bindings->by_name[low];

		/* a method of an object without a name is not seen */
		if (scan->definitions[found].parent == parent && span_same(scan->definitions[found].name, name) &&
			!span_ends(scan->definitions[found].scope, "?"))
			return found;
	}
	return NO_DEFINITION;
}

/* What holds at a place: the last before it, but an import or a type rather than a value. */
static const Binding *
find_binding(const Scan *scan, int owner, Span name, uint32_t start)
{
	const Bindings *bindings = scan->bindings;
	const Binding *best = NULL;
	size_t		low = 0;
	size_t		high = bindings->count;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;
		const Binding *binding = &bindings->all[middle];

		if (binding->owner < owner || (binding->owner == owner && compare_spans(binding->name, name) < 0))
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < bindings->count && bindings->all[low].owner == owner && span_same(bindings->all[low].name, name); low++)
	{
		const Binding *binding = &bindings->all[low];

		if (best == NULL)
			best = binding;
		else if (binding->kind == BINDING_NONE && best->kind != BINDING_NONE)
			continue;
		else if (best->kind >= BINDING_TYPE && binding->kind < best->kind)
			continue;
		else if (binding->kind > best->kind && (binding->kind >= BINDING_TYPE || best->kind == BINDING_NONE))
			best = binding;
		else if (binding->start < start && binding->kind != BINDING_IMPORT)
			best = binding;
	}
	return best;
}

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

/* Is a text a name, or several with dots between them? */
static bool
is_a_name(Span text)
{
	for (size_t i = 0; i < text.length; i++)
	{
		char		c = text.bytes[i];

		if (!isalnum((unsigned char) c) && c != '_' && c != '$' && c != '.' && c != '#' && (unsigned char) c < 0x80)
			return false;
	}
	return text.length > 0 && !isdigit((unsigned char) text.bytes[0]);
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
	*class = class_around(scan, scope);
	if (*class != NO_DEFINITION)
	{
		full_name(scan, *class, text);
		return true;
	}
	while (scope != NO_DEFINITION && scan->definitions[scope].parent != NO_DEFINITION)
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
			if (part.length == 0 || is_one_of(part, " None null undefined "))
				continue;
			if (only.length > 0)
				return (Span) {"", 0};
			only = part;
		}
	}
	return only;
}

/* The name of the type that an annotation says something is of; empty if there is none. */
static Span
annotated_name(const Scan *scan, Span annotation)
{
	bool		is_python = scan->language->traits & LANGUAGE_DOCSTRING;

	for (int depth = 0; depth < MAX_DEPTH; depth++)
	{
		size_t		length = 0;
		Span		name;
		Span		last;
		Span		before;

		annotation = only_alternative(trimmed(annotation), '|');
		if (span_starts(annotation, "readonly "))
			annotation = trimmed((Span) {annotation.bytes + 9, annotation.length - 9});
		while (length < annotation.length && annotation.bytes[length] != '<' && annotation.bytes[length] != '[')
			length++;
		name = trimmed((Span) {annotation.bytes, length});
		if (!is_a_name(name))
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
		else if (is_one_of(last, WRAPPERS))
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
	Span		name = annotated_name(scan, binding->expression);
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

/* What a binding is; MEANS_SOMETHING if it is not known. */
static Meaning
type_of(Scan *scan, const Binding *binding, int depth, Text *type)
{
	Meaning		meaning = MEANS_SOMETHING;

	if (depth > MAX_DEPTH || binding->expression.length == 0)
		return meaning;
	if (binding->kind == BINDING_TYPE)
		return type_of_annotation(scan, binding, depth, type) ? MEANS_INSTANCE : MEANS_SOMETHING;
	if (binding->kind == BINDING_VALUE)
		meaning = mean(scan, binding->expression, binding->scope, binding->start, depth + 1, type);
	return meaning >= MEANS_NAMED ? meaning : MEANS_SOMETHING;
}

bool
bind_annotation(Scan *scan, Span annotation, int scope, uint32_t start, Text *type)
{
	return type_of(scan, &(Binding) {.kind = BINDING_TYPE, .expression = annotation, .scope = scope, .start = start}, 0,
				   type) != MEANS_SOMETHING;
}

const Binding *
bind_next_field(Scan *scan, int class, size_t *at, Text *type)
{
	const Bindings *bindings = scan->bindings;

	while (*at < bindings->count && bindings->all[*at].owner < class)
		++*at;
	for (; *at < bindings->count && bindings->all[*at].owner == class; ++*at)
	{
		const Binding *binding = &bindings->all[*at];

		if (*at > 0 && binding[-1].owner == class && span_same(binding[-1].name, binding->name))
			continue;
		/* a parameter of a type is none of its fields */
		if (!binding->is_field && scan->language->traits & LANGUAGE_TYPED)
			continue;
		binding = find_binding(scan, class, binding->name, 0);
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
	if (after.length > 0 && is_one_of(field, " __class__() constructor() "))
		return mean_in_class(scan, class, after, depth, text);
	if (after.length > 0 && (is_typed || find_definition(scan, class, field) == NO_DEFINITION))
	{
		binding = find_binding(scan, class, field, 0);
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

	if (name->rest.length > 0 && !name->is_called && !is_type && strcmp(type, "namespace") != 0)
		return MEANS_SOMETHING;
	full_name(scan, number, text);
	return go_on(scan, name, is_type, text);
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
	add_separated(scan, text, name->rest);
	return MEANS_NAMED;
}

/* In the innermost scope outwards from this one in which the name is bound, if it can be seen. */
static Meaning
mean_in_scope(Scan *scan, Written name, int scope, int depth, Text *text)
{
	bool		is_typed = scan->language->traits & LANGUAGE_TYPED;

	for (int at = scope;; at = scan->definitions[at].parent)
	{
		bool		is_class = at != NO_DEFINITION && scan_is_type(scan->definitions[at].type);

		if (!is_class || at == scope || is_typed)
		{
			const Binding *binding = find_binding(scan, at, name.first, name.start);
			int			definition = find_definition(scan, at, name.first);

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
	bool		is_super = is_one_of(name->first, " super base parent ");
	const Binding *own = has_bindings && span_is(name->first, "this") ?
		find_binding(scan, scope, name->first, name->start) : NULL;
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
	if (is_one_of(name.first, scan->language->own) &&
		(name.rest.length > 0 || is_one_of(name.first, " self cls this ")))
		return mean_of_self(scan, &name, scope, depth, text);
	if (!(scan->language->traits & LANGUAGE_BINDINGS))
		return MEANS_NOTHING_HERE;
	return mean_in_scope(scan, name, scope, depth, text);
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
	const Binding *binding = find_binding(scan, NO_DEFINITION, reference->name, start);
	Text	   *scratch = &scan->bindings->scratch;

	for (int at = reference->definition; binding != NULL; at = scan->definitions[at].parent)
	{
		if (find_definition(scan, at, reference->name) != NO_DEFINITION)
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
	size_t		length = package_length(name);
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
bind_value(Scan *scan, Span expression, int scope, uint32_t start, Text *text)
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

bool
bind_qualify(Scan *scan, Reference *reference, uint32_t start)
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
	switch (mean(scan, reference->name, reference->definition, start, 0, &text))
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
	return is_standard;
}
