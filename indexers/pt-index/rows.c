/*
 * rows.c
 *		Entities and edges as tools/pt-import reads them.
 *
 * Keys are of the generation LANGUAGE:TYPE:NAME:PATH:FIRST-LAST. What is called
 * or used is a placeholder, for pt_resolve_references to resolve: its name says
 * by what it is reached, as bind.c knows it. What can only be the language's own
 * is external.
 */
#include "rows.h"

#include "argument.h"
#include "export.h"
#include "mean.h"
#include "name.h"
#include "report.h"
#include "sha256.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_KEY_BYTES 2600		/* as _parseltongue.pt_max_key_bytes() */
#define MAX_CODE_BYTES 65536
#define MAX_SAME_KEYS 10000

typedef struct Edge
{
	int			from;			/* a definition, or NO_DEFINITION for the file */
	Span		to;
	const char *type;
} Edge;

/* ---- keys ---- */

static const char *
type_in_key(const char *type)
{
	static const char *const names[][2] = {
		{"function", "fn"}, {"test", "fn"}, {"constant", "const"}, {"module", "mod"}, {"typedef", "type"}
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
	{
		if (strcmp(names[i][0], type) == 0)
			return names[i][1];
	}
	return type;
}

static uint32_t
hash_span(uint32_t hash, Span span)
{
	for (size_t i = 0; i < span.length; i++)
		hash = (hash ^ (unsigned char) span.bytes[i]) * 16777619u;
	return hash;
}

/* An empty table with room for twice so many. */
static void
clear_seen(Rows *rows, size_t count)
{
	size_t		room = 64;

	while (room < 2 * count)
		room *= 2;
	if (room > rows->seen_room)
	{
		rows->seen = make_room(rows->seen, room, sizeof(uint32_t));
		rows->seen_room = room;
	}
	memset(rows->seen, 0xFF, rows->seen_room * sizeof(uint32_t));
}

/* The place of a key among those seen: taken by the same one, or free. */
static uint32_t *
seen_key(Rows *rows, Span key)
{
	uint32_t	at = hash_span(2166136261u, key) & (rows->seen_room - 1);

	while (rows->seen[at] != UINT32_MAX && !span_same(text_span(&rows->keys[rows->seen[at]]), key))
		at = (at + 1) & (rows->seen_room - 1);
	return &rows->seen[at];
}

/*
 * The keys of all definitions, the file's own behind them. Of two on the same
 * lines the second has its number after them. False if it is late.
 */
static bool
make_keys(Rows *rows, const RowSource *source, const Scan *scan)
{
	size_t		count = scan->ndefinitions;

	if (count + 1 > rows->keys_room)
	{
		rows->keys = make_room(rows->keys, count + 1, sizeof(Text));
		memset(rows->keys + rows->keys_room, 0, (count + 1 - rows->keys_room) * sizeof(Text));
		rows->keys_room = count + 1;
	}
	clear_seen(rows, count);
	for (size_t i = 0; i < count; i++)
	{
		const Definition *definition = &scan->definitions[i];
		Text	   *key = &rows->keys[i];
		uint32_t   *place;
		size_t		length;

		if (i % SCAN_BETWEEN_LOOKS == 0 && scan_is_late(scan))
			return false;
		text_clear(key);
		text_addf(key, "%s:%s:", source->language->name, type_in_key(definition->type));
		text_add_utf8(key, definition->name);
		text_addf(key, ":%s:%u-%u", source->path, definition->first_line, definition->last_line);
		length = key->length;
		for (int n = 2; *(place = seen_key(rows, text_span(key))) != UINT32_MAX && n < MAX_SAME_KEYS; n++)
		{
			key->length = length;
			text_addf(key, "-%d", n);
		}
		*place = i;
	}
	text_clear(&rows->keys[count]);
	text_addf(&rows->keys[count], "%s:file:%s:1-1", source->language->name, source->path);
	return true;
}

/* ---- rows ---- */

static void
put_row(Rows *rows, Text *out, int section, uint64_t position)
{
	if (rows->format == ROWS_COPY)
	{
		text_addf(out, "%d\t%llu\t", section, (unsigned long long) position);
		text_add_copy(out, text_span(&rows->row));
		text_adds(out, "\t\\N\t\\N\n");
	}
	else
	{
		text_adds(out, out->length > 0 ? ",\n" : "");
		text_add(out, text_span(&rows->row));
	}
}

static void
add_field(Text *row, const char *name, Span value)
{
	if (value.length == 0)
		return;
	text_addf(row, "%s\"%s\":", row->length > 0 && row->bytes[row->length - 1] != '{' ? "," : "", name);
	text_add_json(row, value);
}

static void
put_entity(Rows *rows, RowFile *file, Span key)
{
	if (key.length > MAX_KEY_BYTES)
	{
		report_omit(OMIT_LONG, file->path, NULL);
		return;
	}
	put_row(rows, &rows->entities, 1, file->nentities++);
}

/* One more field of an object, which begins with the first. */
static void
add_typed_field(Text *row, int *count, Span name, Span type)
{
	text_adds(row, (*count)++ > 0 ? "," : ",\"fields\":{");
	text_add_json(row, name);
	text_addc(row, ':');
	text_add_json(row, type);
}

/* What types the variables of a file have. */
static void
add_variables(Text *row, Scan *scan)
{
	Text		type = {NULL, 0, 0};
	const Binding *binding;
	size_t		at = 0;
	int			count = 0;

	while ((binding = mean_next_field(scan, NO_DEFINITION, &at, &type)) != NULL)
		add_typed_field(row, &count, binding->name, text_span(&type));
	if (count > 0)
		text_addc(row, '}');
	text_free(&type);
}

/* The package that the file is in, and what else it sees without importing it by name. */
static void
add_opens(Text *row, const Bindings *bindings)
{
	Text		opens = {NULL, 0, 0};

	text_add(&opens, bindings->package);
	if (opens.length > 0 && bindings->opens.length > 0)
		text_addc(&opens, ' ');
	text_add(&opens, text_span(&bindings->opens));
	add_field(row, "opens", text_span(&opens));
	text_free(&opens);
}

/* What a file's names are to others, where that is not what it defines. */
static void
add_exports(Text *row, Scan *scan)
{
	Text		name = {NULL, 0, 0};
	Text		means = {NULL, 0, 0};
	size_t		at = 0;
	int			count = 0;

	while (export_next(scan, &at, &name, &means))
		add_typed_field(row, &count, text_span(&name), text_span(&means));
	if (count > 0)
		text_addc(row, '}');
	text_free(&name);
	text_free(&means);
}

/* The entity that a file is: what stands in no definition belongs to it. */
static void
add_file_entity(Rows *rows, RowFile *file, const RowSource *source, Scan *scan)
{
	const char *slash = strrchr(source->path, '/');
	uint32_t	lines = 0;
	Text	   *row = &rows->row;

	for (const char *at = source->content.bytes, *end = at + source->content.length;
		 at < end && (at = memchr(at, '\n', end - at)) != NULL; at++)
		lines++;
	if (source->content.length > 0 && source->content.bytes[source->content.length - 1] != '\n')
		lines++;
	text_clear(row);
	text_addc(row, '{');
	add_field(row, "key", span_of(file->key));
	add_field(row, "name", span_of(slash ? slash + 1 : source->path));
	text_addf(row, ",\"entity_type\":\"file\",\"entity_class\":\"CODE\",\"language\":\"%s\"", source->language->name);
	add_field(row, "file_path", span_of(source->path));
	text_addf(row, ",\"line_start\":1,\"line_end\":%u,\"properties\":{\"indexer\":\"pt-index\",\"qualified\":true", lines ? lines : 1);
	add_opens(row, scan->bindings);
	if (source->language->traits & LANGUAGE_FOLDERS)
		add_variables(row, scan);
	else if (scan->bindings->nexports > 0 || (scan->language->traits & LANGUAGE_DOCSTRING))
		add_exports(row, scan);
	add_field(row, "content_hash", span_of(source->hash));
	text_adds(row, "}}");
	put_entity(rows, file, span_of(file->key));
}

/* Is its code that of what it contains, above all? */
static bool
is_container(const char *type)
{
	return strcmp(type, "namespace") == 0 || strcmp(type, "module") == 0 || strcmp(type, "impl") == 0;
}

/* What types its fields have, of a class, or what it returns, as references say it. */
static void
add_types(Text *row, Scan *scan, size_t i, size_t *field)
{
	const Definition *definition = &scan->definitions[i];
	const Binding *binding;
	Text		type = {NULL, 0, 0};
	int			nfields = 0;

	if (definition->returns.length > 0 ? mean_annotation(scan, definition->returns, i, definition->start, &type) :
		definition->gives.length > 0 && mean_result(scan, definition->gives, i, definition->gives_start, &type))
		add_field(row, "returns", text_span(&type));
	if (argument_parameter_types(scan, i, &type))
		add_field(row, "parameters", text_span(&type));
	while ((binding = mean_next_field(scan, i, field, &type)) != NULL)
	{
		bool		is_of_result = span_starts(binding->name, BINDING_OF_RESULT);
		size_t		skipped = is_of_result ? strlen(BINDING_OF_RESULT) : 0;

		add_typed_field(row, &nfields, (Span) {binding->name.bytes + skipped, binding->name.length - skipped},
						text_span(&type));
	}
	if (nfields > 0)
		text_addc(row, '}');
	text_free(&type);
}

/* References that name a base: of each definition the first, and after each the next, in the order of their places. */
static void
find_bases(Rows *rows, const Scan *scan)
{
	if (scan->ndefinitions + scan->nreferences > rows->bases_room)
	{
		rows->bases_room = scan->ndefinitions + scan->nreferences;
		rows->bases = make_room(rows->bases, rows->bases_room, sizeof(uint32_t));
	}
	rows->next_base = rows->bases + scan->ndefinitions;
	if (scan->ndefinitions > 0)
		memset(rows->bases, 0xFF, scan->ndefinitions * sizeof(uint32_t));
	for (size_t i = scan->nreferences; i-- > 0;)
	{
		const Reference *reference = &scan->references[i];

		if (reference->kind != REFERENCE_EXTENDS || reference->definition == NO_DEFINITION)
			continue;
		rows->next_base[i] = rows->bases[reference->definition];
		rows->bases[reference->definition] = i;
	}
}

/* The bases of a class as placeholders name them, if there are several: edges have no order. */
static void
add_bases(Rows *rows, const Scan *scan, size_t i)
{
	Text	   *row = &rows->row;
	Text		name = {NULL, 0, 0};
	uint32_t	base = rows->bases[i];
	char		before = '[';

	if (base == UINT32_MAX || rows->next_base[base] == UINT32_MAX)
		return;
	text_addf(row, "%s\"bases\":", row->bytes[row->length - 1] != '{' ? "," : "");
	for (; base != UINT32_MAX; base = rows->next_base[base])
	{
		text_clear(&name);
		text_add_utf8(&name, scan->references[base].name);
		text_addc(row, before);
		text_add_json(row, text_span(&name));
		before = ',';
	}
	text_addc(row, ']');
	text_free(&name);
}

/* How many arguments it takes: 2, 1-3, or 1- for one and more. */
static void
add_arity(Text *row, Arity arity)
{
	char		text[32];

	if (arity.least == arity.most)
		snprintf(text, sizeof(text), "%d", arity.least);
	else if (arity.most == ARITY_MAX)
		snprintf(text, sizeof(text), "%d-", arity.least);
	else
		snprintf(text, sizeof(text), "%d-%d", arity.least, arity.most);
	add_field(row, "arity", span_of(text));
}

static void
add_entity(Rows *rows, RowFile *file, const RowSource *source, Scan *scan, size_t i, size_t *field)
{
	const Definition *definition = &scan->definitions[i];
	Span		key = text_span(&rows->keys[i]);
	Text	   *row = &rows->row;
	char		hash[65];

	sha256(definition->code, hash);
	text_clear(row);
	text_addc(row, '{');
	add_field(row, "key", key);
	add_field(row, "name", definition->name);
	add_field(row, "entity_type", span_of(definition->type));
	text_addf(row, ",\"entity_class\":\"%s\",\"language\":\"%s\"", definition->is_test ? "TEST" : "CODE",
			  source->language->name);
	add_field(row, "file_path", span_of(source->path));
	text_addf(row, ",\"line_start\":%u,\"line_end\":%u", definition->first_line, definition->last_line);
	text_adds(row, ",\"interface_signature\":{");
	add_field(row, "text", definition->signature);
	text_addc(row, '}');
	if (rows->with_code && definition->code.length <= MAX_CODE_BYTES && !is_container(definition->type))
		add_field(row, "code", definition->code);
	text_adds(row, ",\"properties\":{");
	add_field(row, "scope", definition->scope);
	add_field(row, "visibility", definition->visibility);
	add_field(row, "doc", definition->documentation);
	if (definition->is_static)
		add_field(row, "linkage", span_of("static"));
	if (definition->arity.least != ARITY_UNKNOWN)
		add_arity(row, definition->arity);
	add_field(row, "content_hash", (Span) {hash, 32});
	if (source->language->traits & LANGUAGE_BINDINGS)
		add_types(row, scan, i, field);
	add_bases(rows, scan, i);
	text_adds(row, "}}");
	put_entity(rows, file, key);
}

/* The place of an edge among those written: taken by the same one, or free. */
static uint32_t *
seen_edge(Rows *rows, const Edge *edge)
{
	uint32_t	at = hash_span(hash_span(2166136261u ^ (uint32_t) edge->from * 2654435761u, edge->to),
							   span_of(edge->type)) & (rows->seen_room - 1);

	for (; rows->seen[at] != UINT32_MAX; at = (at + 1) & (rows->seen_room - 1))
	{
		const Edge *other = &rows->written[rows->seen[at]];

		if (other->from == edge->from && other->type == edge->type && span_same(other->to, edge->to))
			break;
	}
	return &rows->seen[at];
}

static Span
key_of(const Rows *rows, const Scan *scan, int definition)
{
	return text_span(&rows->keys[definition == NO_DEFINITION ? (int) scan->ndefinitions : definition]);
}

/* An edge, unless it is there. to is good until the file is done. */
static void
add_edge(Rows *rows, RowFile *file, const Scan *scan, Edge edge, uint32_t line)
{
	Span		from = key_of(rows, scan, edge.from);
	uint32_t   *place = seen_edge(rows, &edge);
	Text	   *row = &rows->row;

	if (*place != UINT32_MAX)
		return;
	rows->written = GROW(rows->written, rows->nwritten, rows->written_room);
	*place = rows->nwritten;
	rows->written[rows->nwritten++] = edge;
	if (from.length + edge.to.length + strlen(edge.type) > MAX_KEY_BYTES)
	{
		report_omit(OMIT_LONG, file->path, NULL);
		return;
	}
	text_clear(row);
	text_addc(row, '{');
	add_field(row, "from_key", from);
	add_field(row, "to_key", edge.to);
	add_field(row, "edge_type", span_of(edge.type));
	text_adds(row, ",\"source_location\":");
	text_add_json(row, span_of(file->path));
	row->length--;				/* the quote */
	text_addf(row, ":%u\"}", line);
	put_row(rows, &rows->edges, 2, file->nedges++);
}

static void
note_shadow(Rows *rows, const RowSource *source, Span name)
{
	if (!language_has(source->language->builtins, name))
		return;
	for (size_t i = 0; i < rows->nshadows; i++)
	{
		if (span_same(rows->shadows[i], name))
			return;
	}
	rows->shadows = GROW(rows->shadows, rows->nshadows, rows->shadows_room);
	rows->shadows[rows->nshadows++] = name;
}

/* Of the names that the language brings with it, those that the file defines or imports. */
static void
find_shadows(Rows *rows, const RowSource *source, const Scan *scan)
{
	Span		qualifier;

	rows->nshadows = 0;
	for (size_t i = 0; source->language->builtins != NULL && i < scan->ndefinitions; i++)
		note_shadow(rows, source, scan->definitions[i].name);
	for (size_t i = 0; source->language->builtins != NULL && i < scan->nreferences; i++)
	{
		if (scan->references[i].kind == REFERENCE_IMPORT)
			note_shadow(rows, source, name_last_part(scan->references[i].name, &qualifier));
	}
}

/*
 * Does a call mean what the language brings with it? It does if nothing in the
 * file has that name, neither defined nor imported: what is elsewhere is out of
 * sight.
 */
static bool
is_builtin(const Rows *rows, const RowSource *source, const Reference *reference)
{
	if (reference->is_standard)
		return true;
	if (reference->kind != REFERENCE_CALL || source->language->builtins == NULL ||
		!language_has(source->language->builtins, reference->name))
		return false;
	for (size_t i = 0; i < rows->nshadows; i++)
	{
		if (span_same(rows->shadows[i], reference->name))
			return false;
	}
	return true;
}

/* The placeholder that a reference points to. */
static Span
placeholder(const Rows *rows, const RowSource *source, const Reference *reference, Text *key)
{
	static const char *const types[] = {
		[REFERENCE_CALL] = "fn", [REFERENCE_TYPE] = "type", [REFERENCE_CONSTANT] = "const",
		[REFERENCE_EXTENDS] = "type", [REFERENCE_IMPLEMENTS] = "type", [REFERENCE_IMPORT] = "module",
		[REFERENCE_VALUE] = "fn"
	};

	text_clear(key);
	text_addf(key, "%s:%s:", source->language->name, types[reference->kind]);
	text_add_utf8(key, reference->name);
	if (reference->types.length > 0)
	{
		text_addc(key, '(');
		text_add_utf8(key, reference->types);
		text_addc(key, ')');
	}
	else if (reference->arguments != ARITY_UNKNOWN)
		text_addf(key, "(%d)", reference->arguments);
	text_adds(key, reference->kind == REFERENCE_IMPORT ? ":0-0" :
			  is_builtin(rows, source, reference) ? ":external-dependency-builtins:0-0" : ":unresolved-reference:0-0");
	return text_span(key);
}

static void
add_edges(Rows *rows, RowFile *file, const RowSource *source, const Scan *scan)
{
	static const char *const types[] = {
		[REFERENCE_CALL] = "Calls", [REFERENCE_TYPE] = "Uses", [REFERENCE_CONSTANT] = "Uses",
		[REFERENCE_EXTENDS] = "Extends", [REFERENCE_IMPLEMENTS] = "Implements", [REFERENCE_IMPORT] = "Uses",
		[REFERENCE_VALUE] = "Uses"
	};
	Text	   *keys = make_room(NULL, scan->nreferences, sizeof(Text));

	clear_seen(rows, scan->ndefinitions + scan->nreferences);
	find_shadows(rows, source, scan);
	rows->nwritten = 0;
	memset(keys, 0, scan->nreferences * sizeof(Text));
	for (size_t i = 0; i < scan->ndefinitions; i++)
	{
		const Definition *definition = &scan->definitions[i];

		if (definition->parent != NO_DEFINITION)
			add_edge(rows, file, scan, (Edge) {definition->parent, text_span(&rows->keys[i]), "Contains"},
					 definition->first_line);
	}
	for (size_t i = 0; i < scan->nreferences; i++)
	{
		const Reference *reference = &scan->references[i];

		add_edge(rows, file, scan,
				 (Edge) {reference->definition, placeholder(rows, source, reference, &keys[i]), types[reference->kind]},
				 reference->line);
	}
	for (size_t i = 0; i < scan->nreferences; i++)
		text_free(&keys[i]);
	free(keys);
}

static void
free_file(RowFile *file)
{
	free(file->path);
	free(file->key);
	free(file->other_key);
}

static void
drop_last_file(Rows *rows)
{
	RowFile    *file = &rows->files[--rows->nfiles];

	rows->entities.length = file->entities_from;
	rows->edges.length = file->edges_from;
	free_file(file);
}

bool
rows_add_file(Rows *rows, const RowSource *source, Scan *scan)
{
	RowFile    *file;
	size_t		field = 0;

	if (!make_keys(rows, source, scan))
		return false;
	rows->files = GROW(rows->files, rows->nfiles, rows->files_room);
	file = &rows->files[rows->nfiles++];
	*file = (RowFile) {copy_span(span_of(source->path)), copy_span(text_span(&rows->keys[scan->ndefinitions])),
		NULL, rows->entities.length, rows->edges.length, source->content.length, 0, 0};
	add_file_entity(rows, file, source, scan);
	find_bases(rows, scan);
	for (size_t i = 0; i < scan->ndefinitions; i++)
	{
		/* what is nested deeply is said, and hashed, again and again */
		if (i % SCAN_BETWEEN_LOOKS == 0 && scan_is_late(scan))
		{
			drop_last_file(rows);
			return false;
		}
		add_entity(rows, file, source, scan, i, &field);
	}
	add_edges(rows, file, source, scan);
	return true;
}

void
rows_clear(Rows *rows)
{
	for (size_t i = 0; i < rows->nfiles; i++)
		free_file(&rows->files[i]);
	rows->nfiles = 0;
	text_clear(&rows->entities);
	text_clear(&rows->edges);
}

void
rows_free(Rows *rows)
{
	rows_clear(rows);
	for (size_t i = 0; i < rows->keys_room; i++)
		text_free(&rows->keys[i]);
	free(rows->keys);
	free(rows->seen);
	free(rows->written);
	free(rows->bases);
	free(rows->shadows);
	free(rows->files);
	text_free(&rows->entities);
	text_free(&rows->edges);
	text_free(&rows->row);
}
