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

#include "export.h"
#include "expression.h"
#include "go.h"
#include "mean.h"
#include "module.h"
#include "name.h"
#include "scanner.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define BINDING_NOWHERE (NO_DEFINITION - 1)
#define MAX_PLACE 50			/* of a parameter */
#define MAX_LEVELS 4			/* of nodes around one */

void
bind_clear(Bindings *bindings)
{
	bindings->count = bindings->nexports = 0;
	bindings->package = (Span) {"", 0};
	text_clear(&bindings->opens);
	bindings->has_imports = bindings->has_wildcard = false;
}

void
bind_free(Bindings *bindings)
{
	free(bindings->all);
	free(bindings->exports);
	free(bindings->by_name);
	text_free(&bindings->scratch);
	text_free(&bindings->opens);
}

/* ---- taking ---- */

/* What a variable is set to. */
static void
take_value(Scan *scan, TSNode value, Binding *binding)
{
	binding->kind = BINDING_VALUE;
	if (ts_node_is_null(value))
		return;
	value = expression_within(value);
	if (has_type(value, "none") || has_type(value, "null") || has_type(value, "undefined"))
		binding->kind = BINDING_NONE;
	else if (has_type(value, "as_expression") && ts_node_named_child_count(value) > 1)
	{
		binding->expression = node_text(scan, ts_node_named_child(value, 1));
		binding->kind = BINDING_TYPE;
	}
	else if (has_type(value, "call") && !ts_node_is_null(expression_cast(scan, value, child_field(value, "function"))))
	{
		binding->expression = node_text(scan, expression_cast(scan, value, child_field(value, "function")));
		binding->kind = BINDING_TYPE;
	}
	else
		binding->expression = expression_names(scan, value);
}

/* Which child of its parent a node is, among those with names. */
static uint32_t
number_among(TSNode parent, TSNode node)
{
	uint32_t	count = ts_node_named_child_count(parent);
	uint32_t	place = 0;

	while (place < count && !ts_node_eq(ts_node_named_child(parent, place), node))
		place++;
	return place;
}

/* What is made, cast or asserted says its type; what else is set to something has that of its value. */
static void
take_blocks_value(Scan *scan, TSNode value, Binding *binding)
{
	TSNode		type = expression_type(scan, value);

	binding->kind = BINDING_VALUE;
	if (!ts_node_is_null(type))
	{
		binding->kind = BINDING_TYPE;
		binding->expression = node_text(scan, type);
	}
	else
		binding->expression = expression_names(scan, value);
}

/* Something in what a range goes over. */
static void
take_element(Scan *scan, TSNode list, Binding *binding)
{
	Text	   *scratch = &scan->bindings->scratch;
	TSNode		type = expression_type(scan, list);
	Span		names = ts_node_is_null(type) ? expression_names(scan, list) : (Span) {"", 0};

	binding->kind = BINDING_TYPE;
	if (!ts_node_is_null(type))
	{
		binding->expression = node_text(scan, type);
		binding->is_element = true;
	}
	else if (names.length > 0)
	{
		text_clear(scratch);
		text_add(scratch, names);
		text_adds(scratch, ".[]");
		binding->kind = BINDING_VALUE;
		binding->expression = scan_keep(scan, text_span(scratch));
	}
}

/* Where a value is one of several, or gives several. */
static void
take_one_of_values(Scan *scan, TSNode name, TSNode values, Binding *binding)
{
	TSNode		around = ts_node_parent(name);
	uint32_t	place = number_among(around, name);
	uint32_t	count = ts_node_named_child_count(values);

	binding->kind = BINDING_NONE;
	binding->from = ts_node_end_byte(values) - 1;
	if (has_type(ts_node_parent(values), "range_clause"))
	{
		/* of a single one it is said that it comes out of a channel */
		if (place == ts_node_named_child_count(around) - 1)
			take_element(scan, values, binding);
	}
	else if (!has_type(values, "expression_list"))
	{
		if (place == 0)
			take_blocks_value(scan, values, binding);
	}
	else if (place == 0 || (count > 1 && place < count))
		take_blocks_value(scan, ts_node_named_child(values, place), binding);
}

/* What is declared with auto, or by a range. */
static void
take_deduced(Scan *scan, TSNode type, TSNode value, Binding *binding)
{
	binding->kind = BINDING_NONE;
	if (ts_node_is_null(value))
		return;
	binding->from = ts_node_end_byte(value) - 1;
	if (has_type(ts_node_parent(type), "for_range_loop"))
		take_element(scan, value, binding);
	else
		take_blocks_value(scan, value, binding);
}

/* In a language with LANGUAGE_BLOCKS. */
static void
take_in_blocks(Scan *scan, const BindingNodes *nodes, TSNode name, Binding *binding)
{
	TSNode		type = ts_node_is_null(nodes->list) ? nodes->type : nodes->list;

	binding->from = binding->start;
	/* auto is the type of the value */
	if (!ts_node_is_null(type) && has_type(type, "placeholder_type_specifier"))
	{
		take_deduced(scan, type, nodes->value, binding);
		return;
	}
	if (ts_node_is_null(type))
	{
		if (!ts_node_is_null(nodes->value))
			take_one_of_values(scan, name, nodes->value, binding);
		return;
	}
	binding->kind = BINDING_TYPE;
	binding->expression = node_text(scan, type);
	/* any number of parameters are a list */
	if (!ts_node_is_null(nodes->list))
	{
		text_clear(&scan->bindings->scratch);
		text_adds(&scan->bindings->scratch, "[]");
		text_add(&scan->bindings->scratch, binding->expression);
		binding->expression = scan_keep(scan, text_span(&scan->bindings->scratch));
	}
	/* of a switch over types the name stands before all of these */
	if (has_type(ts_node_parent(type), "type_case"))
	{
		binding->start = binding->from = ts_node_start_byte(type);
		/* behind several types it has that of what is switched over */
		if (!ts_node_is_null(ts_node_next_sibling(type)) && has_type(ts_node_next_sibling(type), ","))
			binding->kind = BINDING_NONE;
	}
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

/* Java's: of a.b.C and a.b.C.D types, which are called by their last part; of a.b.* what is in it. */
static void
take_typed_import(Scan *scan, TSNode node)
{
	Span		name = node_text(scan, node);
	TSNode		import = ts_node_parent(node);
	TSNode		last = ts_node_named_child(import, ts_node_named_child_count(import) - 1);
	size_t		length = name_package_length(name);
	Span		package = {name.bytes, length > 0 ? length - 1 : 0};
	Span		type = {name.bytes + length, length < name.length ? name.length - length : 0};
	Span		before;

	scan->bindings->has_imports = true;
	if (!name_is_plain(name))
		return;
	if (has_type(last, "asterisk"))
		add_open(scan->bindings, package, type);
	else if (type.length > 0)
		add_binding(scan, (Binding) {.kind = BINDING_IMPORT, .name = name_last_part(name, &before), .module = package,
			.expression = type, .start = ts_node_start_byte(node)});
}

/* Go's: of "a.b/c" all names, which are called by the last part or another name. */
static void
take_folder_import(Scan *scan, TSNode path)
{
	TSNode		name = child_field(ts_node_parent(path), "name");
	Span		written = node_text(scan, path);
	Binding		binding = {.kind = BINDING_IMPORT, .expression = {"", 0}, .start = ts_node_start_byte(path)};

	scan->bindings->has_imports = true;
	if (written.length < 3)
		return;
	binding.module = (Span) {written.bytes + 1, written.length - 2};
	binding.name = ts_node_is_null(name) ? go_package_name(binding.module) : node_text(scan, name);
	if (span_is(binding.name, "."))
		add_open(scan->bindings, binding.module, (Span) {"", 0});
	else if (!span_is(binding.name, "_"))
		add_binding(scan, binding);
}

/* What package a file is in, by the path by which its folder is imported: tests outside of it are by themselves. */
static void
take_package(Scan *scan, TSNode name)
{
	Bindings   *bindings = scan->bindings;

	if (!(scan->language->traits & LANGUAGE_FOLDERS))
	{
		add_open(bindings, node_text(scan, name), (Span) {"", 0});
		return;
	}
	text_clear(&bindings->scratch);
	text_add(&bindings->scratch, scan->import_path);
	if (span_ends(scan->path, "_test.go") && span_ends(node_text(scan, name), "_test"))
		text_adds(&bindings->scratch, "_test");
	bindings->package = scan_keep(scan, text_span(&bindings->scratch));
}

static void
take_import(Scan *scan, const BindingNodes *nodes)
{
	Binding		binding = {.kind = BINDING_IMPORT, .expression = {"", 0}};
	Bindings   *bindings = scan->bindings;
	TSNode		name = nodes->name;

	if (scan->language->traits & (LANGUAGE_TYPED | LANGUAGE_FOLDERS))
	{
		if (scan->language->traits & LANGUAGE_TYPED)
			take_typed_import(scan, nodes->module);
		else
			take_folder_import(scan, nodes->module);
		return;
	}
	bindings->has_imports = true;
	if (!ts_node_is_null(nodes->wildcard))
	{
		bindings->has_wildcard = true;
		export_all(scan, module_named(scan, node_text(scan, nodes->module)));
		return;
	}
	binding.module = module_named(scan, node_text(scan, nodes->module));
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
		binding.module = module_named(scan, first);
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

/* A name and a field of it. */
static Span
keep_field(Scan *scan, Span name, Span field)
{
	Text	   *scratch = &scan->bindings->scratch;

	if (name.length == 0)
		return name;
	text_clear(scratch);
	text_add(scratch, name);
	text_addc(scratch, '.');
	text_add(scratch, field);
	return scan_keep(scan, text_span(scratch));
}

/* What is bound is a field of a value, or of something of a type. */
static void
take_field_of(Scan *scan, const BindingNodes *nodes, Binding *binding)
{
	bool		is_type = has_type(nodes->of, "type_annotation");
	Span		name = is_type ? mean_type_name(scan, node_text(scan, nodes->of)) : expression_names(scan, nodes->of);

	binding->kind = BINDING_VALUE;
	binding->expression = keep_field(scan, name, ts_node_is_null(nodes->key) ? binding->name :
									 node_text(scan, nodes->key));
}

/* Which child a node is, comments aside; what a function takes as this does not count. */
static int
place_among(TSNode parent, TSNode node)
{
	int			place = 0;

	for (uint32_t i = 0; i < ts_node_named_child_count(parent) && i < MAX_PLACE; i++)
	{
		TSNode		child = ts_node_named_child(parent, i);
		TSNode		pattern = child_field(child, "pattern");

		if (ts_node_eq(child, node))
			return place;
		place += !has_type(child, "comment") && !(!ts_node_is_null(pattern) && has_type(pattern, "this"));
	}
	return -1;
}

/* A node above one of some type, of one of a few levels. */
static TSNode
node_above(TSNode node, const char *type)
{
	for (int level = 0; level < MAX_LEVELS && !ts_node_is_null(node) && !has_type(node, type); level++)
		node = ts_node_parent(node);
	return node;
}

/* The place of the parameter around a node, which is left at its function; -1 if there is none. */
static int
place_of_parameter(TSNode *node)
{
	TSNode		parameter = *node;
	TSNode		parent = ts_node_parent(parameter);
	int			place = 0;

	if (!ts_node_is_null(parent) &&
		(has_type(parent, "required_parameter") || has_type(parent, "optional_parameter")))
	{
		parameter = parent;
		parent = ts_node_parent(parent);
	}
	if (ts_node_is_null(parent))
		return -1;
	if (has_type(parent, "formal_parameters"))
	{
		place = place_among(parent, parameter);
		parent = ts_node_parent(parent);
	}
	*node = parent;
	return place;
}

/* @0@1: what the first parameter, a function, is given as its second. */
static Span
keep_places(Scan *scan, Span name, int outer, int inner)
{
	Text	   *scratch = &scan->bindings->scratch;

	if (outer < 0 || inner < 0)
		return (Span) {"", 0};
	text_clear(scratch);
	text_add(scratch, name);
	text_addf(scratch, "@%d@%d", outer, inner);
	return scan_keep(scan, text_span(scratch));
}

/* A parameter of a function that a call is given: the function that is called says what it gives. */
static void
take_given(Scan *scan, TSNode name, Binding *binding)
{
	TSNode		function = name;
	int			inner = place_of_parameter(&function);
	TSNode		arguments = inner < 0 ? function : ts_node_parent(function);
	TSNode		call;
	bool		is_new;
	Span		called;

	binding->kind = BINDING_VALUE;
	if (inner < 0 || ts_node_is_null(arguments) || !has_type(arguments, "arguments"))
		return;
	call = ts_node_parent(arguments);
	is_new = has_type(call, "new_expression");
	called = expression_names(scan, child_field(call, is_new ? "constructor" : "function"));
	if (is_new)
		called = keep_field(scan, called, span_of("constructor"));
	called = keep_field(scan, called, (Span) {"", 0});
	if (called.length > 0)
		binding->expression = keep_places(scan, called, place_among(arguments, function), inner);
}

/* The same where it is declared: a field of the function that has such a parameter. */
static void
take_gives(Scan *scan, TSNode annotation)
{
	Binding		binding = {.kind = BINDING_TYPE, .is_field = true, .is_given = true, .module = {"", 0},
	.expression = node_text(scan, annotation), .start = ts_node_start_byte(annotation)};
	TSNode		function = ts_node_parent(annotation);
	bool		is_this = has_type(child_field(function, "pattern"), "this");
	int			inner = is_this ? -1 : place_of_parameter(&function);
	TSNode		outer = node_above(function, "type_annotation");

	if (inner < 0 || ts_node_is_null(outer) || !has_type(outer, "type_annotation"))
		return;
	outer = ts_node_parent(outer);
	binding.name = keep_places(scan, (Span) {"", 0}, place_of_parameter(&outer), inner);
	if (binding.name.length > 0)
		add_binding(scan, binding);
}

/* A field of what a function returns, where that type has no name. */
static void
take_result(Scan *scan, const BindingNodes *nodes)
{
	Text	   *scratch = &scan->bindings->scratch;

	text_clear(scratch);
	text_adds(scratch, BINDING_OF_RESULT);
	text_add(scratch, node_text(scan, nodes->result));
	add_binding(scan, (Binding) {.kind = BINDING_TYPE, .is_field = true, .is_given = true, .module = {"", 0},
		.name = scan_keep(scan, text_span(scratch)), .expression = node_text(scan, nodes->type),
		.start = ts_node_start_byte(nodes->result)});
}

/* What is neither of a name nor of a field; true if it was taken. */
static bool
take_other(Scan *scan, const BindingNodes *nodes)
{
	if (!ts_node_is_null(nodes->module))
		take_import(scan, nodes);
	else if (!ts_node_is_null(nodes->package))
		take_package(scan, nodes->package);
	else if (ts_node_is_null(nodes->name) && ts_node_is_null(nodes->field) && !ts_node_is_null(nodes->list))
		/* what is in a list that has a name */
		add_binding(scan, (Binding) {.kind = BINDING_TYPE, .name = span_of("[]"), .is_field = true, .is_element = true,
			.expression = node_text(scan, nodes->list), .start = ts_node_start_byte(nodes->list), .until = EVERYWHERE});
	else if (!ts_node_is_null(nodes->gives))
		take_gives(scan, nodes->gives);
	else if (!ts_node_is_null(nodes->result))
		take_result(scan, nodes);
	else
		return false;
	return true;
}

void
bind_take(Scan *scan, const BindingNodes *nodes)
{
	bool		is_local = !ts_node_is_null(nodes->local);
	bool		is_field = !ts_node_is_null(nodes->field);
	TSNode		name = is_field ? nodes->field : is_local ? nodes->local : !ts_node_is_null(nodes->given) ? nodes->given :
		!ts_node_is_null(nodes->set) ? nodes->set : nodes->name;
	Binding		binding = {.module = {"", 0}, .expression = {"", 0}};
	Span		before;

	if (take_other(scan, nodes) || ts_node_is_null(name) ||
		!name_of_expression(&scan->bindings->scratch, node_text(scan, name)))
		return;
	binding.name = name_last_part(text_span(&scan->bindings->scratch), &before);
	if (before.length > 0 && !is_field && !language_has(" self cls this ", before))
		return;
	binding.is_field = is_field || before.length > 0;
	binding.is_local = is_local;
	binding.is_set = !ts_node_is_null(nodes->set);
	binding.name = scan_keep(scan, binding.name);
	binding.start = ts_node_start_byte(name);
	if (scan->language->traits & LANGUAGE_BLOCKS)
		take_in_blocks(scan, nodes, name, &binding);
	else if (scan->language->traits & LANGUAGE_TYPED)
		take_declared(scan, nodes, name, &binding);
	else if (!ts_node_is_null(nodes->type))
	{
		binding.kind = BINDING_TYPE;
		binding.expression = node_text(scan, nodes->type);
	}
	else if (!ts_node_is_null(nodes->of))
		take_field_of(scan, nodes, &binding);
	else if (!ts_node_is_null(nodes->given))
		take_given(scan, name, &binding);
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
	order = (x->kind < y->kind) - (x->kind > y->kind);
	/* of two that a query finds at one place the one that says more is the last */
	if (order == 0 && x->expression.length != y->expression.length)
		order = x->expression.length < y->expression.length ? -1 : 1;
	return order;
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

int
bind_class_around(const Scan *scan, int definition)
{
	while (definition != NO_DEFINITION && !scan_is_type(scan->definitions[definition].type))
		definition = scan->definitions[definition].parent;
	return definition;
}

static int
by_start(const void *a, const void *b)
{
	const Extent *x = a;
	const Extent *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->end > y->end ? -1 : x->end < y->end;
}

/* Blocks in their order, each with the one around it. */
static void
place_blocks(Scanner *scanner)
{
	int			innermost = NO_EXTENT;

	if (scanner->nextents > 0)
		qsort(scanner->extents, scanner->nextents, sizeof(Extent), by_start);
	for (size_t i = 0; i < scanner->nextents; i++)
	{
		Extent	   *extent = &scanner->extents[i];

		while (innermost != NO_EXTENT && scanner->extents[innermost].end <= extent->start)
			innermost = scanner->extents[innermost].parent;
		extent->parent = innermost;
		innermost = i;
	}
}

/* Where the innermost block around a place ends. */
static uint32_t
end_of_block(const Scanner *scanner, uint32_t place)
{
	size_t		low = 0;
	size_t		high = scanner->nextents;
	int			at;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (scanner->extents[middle].start <= place)
			low = middle + 1;
		else
			high = middle;
	}
	at = (int) low - 1;
	while (at != NO_EXTENT && scanner->extents[at].end <= place)
		at = scanner->extents[at].parent;
	return at == NO_EXTENT ? EVERYWHERE : scanner->extents[at].end;
}

/*
 * The definition in which a binding holds. What is in an enum of C can be seen outside of it;
 * what is local and in no function holds nowhere: the parameter of one that is only declared.
 */
static int
owner_of(const Scan *scan, const Binding *binding)
{
	int			owner = binding->scope;

	if (binding->is_given)
		return owner;
	if (binding->is_field)
		return bind_class_around(scan, owner);
	if (binding->is_local)
		return owner != NO_DEFINITION && !scan_is_type(scan->definitions[owner].type) &&
			strcmp(scan->definitions[owner].type, "namespace") != 0 ? owner : BINDING_NOWHERE;
	if (scan->language->traits & LANGUAGE_C && owner != NO_DEFINITION && strcmp(scan->definitions[owner].type, "enum") == 0)
		return scan->definitions[owner].parent;
	return owner;
}

/* The innermost definition around each binding, and where it holds. */
static bool
place_bindings(Scan *scan)
{
	Bindings   *bindings = scan->bindings;

	place_blocks(scan->scanner);
	for (size_t i = 0; i < bindings->count; i++)
	{
		Binding    *binding = &bindings->all[i];

		if (i % SCAN_BETWEEN_LOOKS == 0 && scan_is_late(scan))
			return false;
		binding->scope = scan_definition_at(scan, binding->start);
		binding->owner = owner_of(scan, binding);
		/* what has the definition's own name stands outside of it */
		if (binding->scope != NO_DEFINITION && scan->definitions[binding->scope].name_start == binding->start)
			binding->owner = scan->definitions[binding->scope].parent;
		binding->until = binding->is_field || binding->kind == BINDING_IMPORT ? EVERYWHERE :
			end_of_block(scan->scanner, binding->start);
	}
	return true;
}

/* The first binding of a name in a scope, or where it would be. */
static size_t
first_of(const Bindings *bindings, int owner, Span name)
{
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
	return low;
}

static bool
is_declared(const Bindings *bindings, int owner, Span name)
{
	for (size_t i = first_of(bindings, owner, name);
		 i < bindings->count && bindings->all[i].owner == owner && span_same(bindings->all[i].name, name); i++)
	{
		if (!bindings->all[i].is_set && !bindings->all[i].is_field)
			return true;
	}
	return false;
}

/* What is set in a function may be declared in one around it. All are sorted, before and after. */
static bool
place_set(Scan *scan)
{
	Bindings   *bindings = scan->bindings;
	int		   *owners = make_room(NULL, bindings->count + 1, sizeof(int));
	bool		in_time = true;

	for (size_t i = 0; in_time && i < bindings->count; i++)
	{
		Binding    *binding = &bindings->all[i];
		int			at = binding->owner;

		in_time = i % SCAN_BETWEEN_LOOKS != 0 || !scan_is_late(scan);
		while (binding->is_set && at != NO_DEFINITION && !is_declared(bindings, at, binding->name))
			at = scan->definitions[at].parent;
		owners[i] = at;
	}
	for (size_t i = 0; in_time && i < bindings->count; i++)
		bindings->all[i].owner = owners[i];
	free(owners);
	if (in_time && bindings->count > 0)
		qsort(bindings->all, bindings->count, sizeof(Binding), by_owner);
	return in_time;
}

bool
bind_arrange(Scan *scan)
{
	Bindings   *bindings = scan->bindings;

	if (!place_bindings(scan))
		return false;
	if (bindings->count > 0)
		qsort(bindings->all, bindings->count, sizeof(Binding), by_owner);
	if (!place_set(scan))
		return false;
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

int
bind_find_definition(const Scan *scan, int parent, Span name)
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
	for (; low < scan->ndefinitions; low++)
	{
		size_t		found = scan->bindings->by_name[low];
		const Definition *definition = &scan->definitions[found];

		if (definition->parent != parent || !span_same(definition->name, name))
			break;
		/* a method of an object without a name is not seen, nor one that stands outside of its type */
		if (!span_ends(definition->scope, "?") &&
			!(scan->language->traits & LANGUAGE_BLOCKS && strcmp(definition->type, "method") == 0 &&
			  (parent == NO_DEFINITION || !scan_is_type(scan->definitions[parent].type))))
			return found;
	}
	return NO_DEFINITION;
}

/*
 * Of bindings of one name the one whose block is the innermost around a place; of two at
 * one place the one that says more, which a query finds by another pattern.
 */
static const Binding *
innermost(const Binding *first, size_t count, uint32_t place)
{
	const Binding *best = NULL;

	for (size_t i = 0; i < count; i++)
	{
		const Binding *binding = &first[i];
		bool		is_again = best != NULL && best->start == binding->start;

		if (is_again && binding->kind < best->kind)
			continue;
		if (binding->until == EVERYWHERE && (best == NULL || is_again))
			best = binding;
		else if (binding->until != EVERYWHERE && binding->from < place && place < binding->until)
			best = binding;		/* those that begin later are further inside */
	}
	return best;
}

const Binding *
bind_find(const Scan *scan, int owner, Span name, uint32_t start)
{
	const Bindings *bindings = scan->bindings;
	const Binding *best = NULL;

	size_t		low = first_of(bindings, owner, name);
	size_t		high = low;

	while (high < bindings->count && bindings->all[high].owner == owner && span_same(bindings->all[high].name, name))
		high++;
	if (scan->language->traits & LANGUAGE_BLOCKS)
		return innermost(&bindings->all[low], high - low, start);
	for (; low < high; low++)
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
