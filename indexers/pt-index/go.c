/*
 * go.c
 *		What only Go has: import paths, and types as they are written.
 *
 * Where a module begins is looked up for each file anew, as go.mod may change while a
 * tree is watched; it costs opening a file or two. A go.mod above the tree is not seen.
 */
#include "go.h"

#include "name.h"

#include <ctype.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MAX_GO_MOD 65536		/* bytes that are read of it; the module's path comes first */
#define MAX_HEAD 4096			/* of a file, in which it says whether it is built */

/* ---- paths ---- */

/* The path after "module" in a go.mod; empty without. */
static Span
module_in(Span text)
{
	while (text.length > 0)
	{
		const char *newline = memchr(text.bytes, '\n', text.length);
		Span		line = {text.bytes, newline ? (size_t) (newline - text.bytes) : text.length};

		text.bytes += line.length + (newline != NULL);
		text.length -= line.length + (newline != NULL);
		if (!span_starts(line, "module ") && !span_starts(line, "module\t"))
			continue;
		line = (Span) {line.bytes + 7, line.length - 7};
		while (line.length > 0 && strchr(" \t\"`", line.bytes[0]) != NULL)
			line = (Span) {line.bytes + 1, line.length - 1};
		for (size_t i = 0; i < line.length; i++)
		{
			if (strchr(" \t\r\"`", line.bytes[i]) != NULL)
				line.length = i;
		}
		return line;
	}
	return (Span) {"", 0};
}

/* The module that a folder is the top of, "" or with a slash at its end; false if it is of none. */
static bool
module_of(int directory, Span folder, Text *module)
{
	char		some[MAX_GO_MOD];
	Text		path = {NULL, 0, 0};
	int			descriptor;
	ssize_t		length;
	Span		name;

	text_add(&path, folder);
	text_adds(&path, "go.mod");
	descriptor = openat(directory, path.bytes, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	text_free(&path);
	if (descriptor < 0)
		return false;
	length = read(descriptor, some, sizeof(some));
	close(descriptor);
	name = module_in((Span) {some, length > 0 ? length : 0});
	text_clear(module);
	/* the library's own is imported without it */
	if (!span_is(name, "std"))
		text_add(module, name);
	return name.length > 0;
}

/* What is after the last folder of a name in a path, or the whole; whether there is one. */
static bool
after_folder(Span *path, const char *name)
{
	size_t		length = strlen(name);

	for (size_t at = path->length; at > 0; at--)
	{
		size_t		start = at - 1;

		if ((start == 0 || path->bytes[start - 1] == '/') && path->length - start > length + 1 &&
			memcmp(path->bytes + start, name, length) == 0 && path->bytes[start + length] == '/')
		{
			*path = (Span) {path->bytes + start + length + 1, path->length - start - length - 1};
			return true;
		}
	}
	return false;
}

/* Does a path begin with the name of a host, example.com? */
static bool
begins_with_host(Span path)
{
	const char *slash = memchr(path.bytes, '/', path.length);
	const char *dot = memchr(path.bytes, '.', path.length);

	return slash != NULL && dot != NULL && dot < slash && dot > path.bytes;
}

/* Does a file say before its package that no build takes it? */
static bool
is_ignored(Span content)
{
	Span		head = {content.bytes, content.length < MAX_HEAD ? content.length : MAX_HEAD};

	while (head.length > 0)
	{
		const char *newline = memchr(head.bytes, '\n', head.length);
		Span		line = {head.bytes, newline ? (size_t) (newline - head.bytes) : head.length};

		if (span_starts(line, "package "))
			return false;
		if (span_is(line, "//go:build ignore") || span_is(line, "// +build ignore") || span_is(line, "//+build ignore"))
			return true;
		head.bytes += line.length + (newline != NULL);
		head.length -= line.length + (newline != NULL);
	}
	return false;
}

void
go_import_path(int directory, const char *path, const char *prefix, Span content, Text *result)
{
	const char *slash = strrchr(path, '/');
	Span		folder = {path, slash ? (size_t) (slash + 1 - path) : 0};
	Span		top = folder;
	Span		own = folder;
	bool		has_module = false;

	text_clear(result);
	if (!after_folder(&own, "vendor") && !(after_folder(&own, "src") && begins_with_host(own)))
	{
		own = folder;
		while (!(has_module = module_of(directory, top, result)) && top.length > 0)
		{
			top.length--;
			while (top.length > 0 && top.bytes[top.length - 1] != '/')
				top.length--;
		}
		if (!has_module)
			text_addf(result, "./%s", prefix);
		else
			own = (Span) {folder.bytes + top.length, folder.length - top.length};
	}
	if (has_module && own.length > 0 && result->length > 0)
		text_addc(result, '/');
	text_add_utf8(result, own);
	if (result->length > 2 && result->bytes[result->length - 1] == '/')
		result->length--;
	if (is_ignored(content))
		text_addf(result, "/%s", slash ? slash + 1 : path);
}

/* Is it v and a number? */
static bool
is_version(Span part)
{
	for (size_t i = 1; i < part.length; i++)
	{
		if (!isdigit((unsigned char) part.bytes[i]))
			return false;
	}
	return part.length > 1 && part.bytes[0] == 'v';
}

static Span
last_folder(Span path)
{
	size_t		start = path.length;

	while (start > 0 && path.bytes[start - 1] != '/')
		start--;
	return (Span) {path.bytes + start, path.length - start};
}

Span
go_package_name(Span import_path)
{
	Span		name = last_folder(import_path);
	const char *dot;

	if (is_version(name) && name.length < import_path.length)
		name = last_folder((Span) {import_path.bytes, import_path.length - name.length - 1});
	dot = memchr(name.bytes, '.', name.length);
	if (dot != NULL)
		name.length = dot - name.bytes;
	if (span_ends(name, "-go"))
		name.length -= 3;
	/* what stands before a hyphen is mostly go */
	for (size_t i = name.length; i > 0; i--)
	{
		if (name.bytes[i - 1] == '-')
			return (Span) {name.bytes + i, name.length - i};
	}
	return name;
}

/* ---- types ---- */

static Span
without_blanks(Span type)
{
	while (type.length > 0 && isspace((unsigned char) type.bytes[0]))
		type = (Span) {type.bytes + 1, type.length - 1};
	while (type.length > 0 && isspace((unsigned char) type.bytes[type.length - 1]))
		type.length--;
	return type;
}

/* Behind the bracket that closes the one at the start; the end if none does. */
static Span
after_brackets(Span type)
{
	int			depth = 0;

	for (size_t i = 0; i < type.length; i++)
	{
		depth += (type.bytes[i] == '[') - (type.bytes[i] == ']');
		if (depth == 0)
			return (Span) {type.bytes + i + 1, type.length - i - 1};
	}
	return (Span) {type.bytes + type.length, 0};
}

Span
go_type_name(Span type, int *lists)
{
	static const char *const marks[] = {"<-chan ", "chan<- ", "chan ", "..."};
	const char *bracket;

	*lists = 0;
	for (;;)
	{
		size_t		mark = 0;

		type = without_blanks(type);
		if (span_starts(type, "*") || span_starts(type, "("))
		{
			if (type.bytes[0] == '(' && span_ends(type, ")"))
				type.length--;
			type = (Span) {type.bytes + 1, type.length - 1};
			continue;
		}
		if (span_starts(type, "map["))
			type = (Span) {type.bytes + 3, type.length - 3};
		if (span_starts(type, "["))
		{
			type = after_brackets(type);
			++*lists;
			continue;
		}
		while (mark < sizeof(marks) / sizeof(marks[0]) && !span_starts(type, marks[mark]))
			mark++;
		if (mark == sizeof(marks) / sizeof(marks[0]))
			break;
		type = (Span) {type.bytes + strlen(marks[mark]), type.length - strlen(marks[mark])};
		++*lists;
	}
	/* arguments of a type */
	bracket = memchr(type.bytes, '[', type.length);
	if (bracket != NULL)
		type.length = bracket - type.bytes;
	type = without_blanks(type);
	return name_is_plain(type) ? type : (Span) {"", 0};
}
