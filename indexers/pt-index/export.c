/*
 * export.c
 *		What a file's names are to others, where they are not what it defines itself.
 *
 * A module passes on what others define, under this name or another one, and has
 * variables that are no entities. Both are fields of the file's entity, read by
 * code_export.c: a variable by its type, what is passed on by = and the name that it
 * has where it stands.
 */
#include "export.h"

#include "mean.h"
#include "module.h"
#include "node.h"

#include <string.h>

static void
add_export(Bindings *bindings, Export export)
{
	bindings->exports = GROW(bindings->exports, bindings->nexports, bindings->exports_room);
	bindings->exports[bindings->nexports++] = export;
}

void
export_all(Scan *scan, Span module)
{
	if (module.length > 0)
		add_export(scan->bindings, (Export) {{"", 0}, {"", 0}, module});
}

void
export_take(Scan *scan, const ExportNodes *nodes)
{
	Export		export = {{"", 0}, {"", 0}, {"", 0}};

	if (!ts_node_is_null(nodes->all))
	{
		export_all(scan, module_named(scan, node_text(scan, nodes->all)));
		return;
	}
	if (!ts_node_is_null(nodes->standard))
	{
		export.name = span_of("default");
		export.local = node_text(scan, nodes->standard);
	}
	else
	{
		if (!ts_node_is_null(nodes->name))
			export.local = node_text(scan, nodes->name);
		export.name = ts_node_is_null(nodes->as) ? export.local : node_text(scan, nodes->as);
		if (!ts_node_is_null(nodes->module))
			export.module = module_named(scan, node_text(scan, nodes->module));
	}
	/* of a module that leads out of the tree nothing is known */
	if (export.module.length > 0 || ts_node_is_null(nodes->module))
		add_export(scan->bindings, export);
}

/* = and a name of a module, or the module itself. */
static void
put_alias(Text *means, Span module, Span name)
{
	text_clear(means);
	text_addc(means, '=');
	if (module.length > 0)
	{
		text_add(means, module);
		text_adds(means, "::");
	}
	text_add(means, name);
}

/* A variable that is a class under another name: its type is typeof that. */
static bool
put_type_itself(Scan *scan, const Binding *binding, Text *means)
{
	Span		type = binding->expression;
	Binding		of = *binding;
	Text		name = {NULL, 0, 0};
	bool		is_known;

	while (type.length > 0 && strchr(": \t\n", type.bytes[0]) != NULL)
		type = (Span) {type.bytes + 1, type.length - 1};
	if (!span_starts(type, "typeof "))
		return false;
	of.kind = BINDING_TYPE;
	of.expression = (Span) {type.bytes + 7, type.length - 7};
	is_known = mean_binding_type(scan, &of, &name);
	if (is_known)
		put_alias(means, (Span) {"", 0}, text_span(&name));
	text_free(&name);
	return is_known;
}

/* What a name at the top of the file is, if it is not what others would take it for anyhow. */
static bool
put_local(Scan *scan, Span local, Span name, Text *means)
{
	const Binding *binding = bind_find(scan, NO_DEFINITION, local, UINT32_MAX);
	int			definition = bind_find_definition(scan, NO_DEFINITION, local);

	if (binding != NULL && binding->kind == BINDING_IMPORT && definition == NO_DEFINITION)
	{
		put_alias(means, binding->module, binding->expression);
		return binding->module.length > 0;
	}
	if (binding != NULL && binding->kind == BINDING_TYPE && put_type_itself(scan, binding, means))
		return true;
	if (binding != NULL && binding->kind != BINDING_IMPORT && mean_binding_type(scan, binding, means))
		return true;
	if (definition == NO_DEFINITION || span_same(local, name))
		return false;
	put_alias(means, (Span) {"", 0}, local);
	return true;
}

/* In Python all that is bound at the top is to be had from elsewhere. */
static bool
next_bound(Scan *scan, size_t *at, Text *name, Text *means)
{
	const Bindings *bindings = scan->bindings;

	for (; *at < bindings->nexports + bindings->count; ++*at)
	{
		const Binding *binding = &bindings->all[*at - bindings->nexports];
		bool		is_again = *at > bindings->nexports && span_same(binding[-1].name, binding->name);

		if (binding->owner != NO_DEFINITION)
			break;
		if (is_again || binding->is_field || !put_local(scan, binding->name, binding->name, means))
			continue;
		/* who imports a library is not asked for it */
		if (span_ends(text_span(means), "::") && !span_starts(text_span(means), "=./"))
			continue;
		text_clear(name);
		text_add(name, binding->name);
		++*at;
		return true;
	}
	return false;
}

bool
export_next(Scan *scan, size_t *at, Text *name, Text *means)
{
	const Bindings *bindings = scan->bindings;

	for (; *at < bindings->nexports; ++*at)
	{
		const Export *export = &bindings->exports[*at];

		text_clear(name);
		text_add(name, export->name);
		if (export->module.length > 0)
			put_alias(means, export->module, export->local);
		else if (!put_local(scan, export->local, export->name, means))
			continue;
		/* a name of its own, for each */
		if (export->name.length == 0)
		{
			text_addc(name, '*');
			text_add(name, export->module);
		}
		++*at;
		return true;
	}
	return (scan->language->traits & LANGUAGE_DOCSTRING) && next_bound(scan, at, name, means);
}
