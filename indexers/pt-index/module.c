/*
 * module.c
 *		Modules as references name them.
 */
#include "module.h"

#include <string.h>

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

Span
module_named(Scan *scan, Span written)
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
