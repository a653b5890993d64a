/*
 * code_path.c
 *		pt_normal_path, pt_import_relative, pt_file_id: paths in the form in
 *		which they are compared.
 *
 * Exporters write the path of one file as ./src/io.rs, src\io.rs and, where a
 * key must do without these characters, __src_io_rs. All separators are ASCII,
 * which in every server encoding is never part of another character.
 */
#include "postgres.h"

#include "code/code_path.h"
#include "code/code_text.h"
#include "fmgr.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(pt_normal_path);
PG_FUNCTION_INFO_V1(pt_import_relative);
PG_FUNCTION_INFO_V1(pt_file_id);

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Does it begin with a drive, C:\, which may be written in either case? */
static bool
begins_with_drive(PtText path)
{
	return path.length > 2 && is_letter(path.bytes[0]) && path.bytes[1] == ':' &&
		code_is_slash(path.bytes[2]);
}

/* A path without ./ at its front, however often. */
static PtText
without_dots(PtText path)
{
	while (path.length > 1 && path.bytes[0] == '.' && code_is_slash(path.bytes[1]))
	{
		path.bytes += 2;
		path.length -= 2;
		while (path.length > 0 && code_is_slash(path.bytes[0]))
		{
			path.bytes++;
			path.length--;
		}
	}
	return path;
}

/*
 * Of \\?\C:\src, which Windows has for long paths, C:\src; of
 * \\?\UNC\server\share, server\share, is_share being set.
 */
static PtText
without_prefix(PtText path, bool *is_share)
{
	*is_share = false;
	if (path.length > 4 && code_is_slash(path.bytes[0]) && code_is_slash(path.bytes[1]) &&
		path.bytes[2] == '?' && code_is_slash(path.bytes[3]))
	{
		path.bytes += 4;
		path.length -= 4;
		if (path.length > 4 && memcmp(path.bytes, "UNC", 3) == 0 && code_is_slash(path.bytes[3]))
		{
			path.bytes += 4;
			path.length -= 4;
			*is_share = true;
		}
	}
	return path;
}

void
code_normal_path(PtText path, StringInfo result)
{
	bool		is_share;

	resetStringInfo(result);
	path = without_prefix(without_dots(path), &is_share);
	if (is_share)
		appendStringInfoString(result, "//");
	for (int i = 0; i < path.length; i++)
	{
		char		c = path.bytes[i];

		if (!code_is_slash(c))
			appendStringInfoCharMacro(result, c);
		/* that of a share begins with two */
		else if (i < 2 || !code_is_slash(path.bytes[i - 1]))
			appendStringInfoCharMacro(result, '/');
	}
	if (begins_with_drive((PtText) {result->data, result->len}))
		result->data[0] &= ~0x20;
}

void
code_file_id(PtText path, StringInfo id)
{
	bool		is_share;

	path = without_prefix(path, &is_share);
	while (path.length > 0 && path.bytes[0] != '\0' && strchr("./\\_", path.bytes[0]) != NULL)
	{
		path.bytes++;
		path.length--;
	}
	resetStringInfo(id);
	appendBinaryStringInfo(id, path.bytes, path.length);
	if (begins_with_drive(path))
		id->data[0] &= ~0x20;
	for (int i = 0; i < path.length; i++)
	{
		if (id->data[i] != '\0' && strchr("./\\:", id->data[i]) != NULL)
			id->data[i] = '_';
	}
}

int
code_drive_length(PtText path)
{
	bool		is_share;
	PtText		rest = without_prefix(path, &is_share);

	return begins_with_drive(rest) ? rest.bytes - path.bytes + 2 : 0;
}

bool
code_is_path(PtText path)
{
	for (int i = 0; i < path.length; i++)
	{
		if (path.bytes[i] == '.' || code_is_slash(path.bytes[i]))
			return true;
	}
	return false;
}

bool
code_is_extension(PtText extension)
{
	static const char *const extensions[] = {
		"rs", "py", "pyi", "js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "java", "kt", "kts",
		"go", "c", "h", "cc", "cpp", "cxx", "hh", "hpp", "hxx", "m", "mm", "cs", "rb", "php", "swift",
		"scala", "sc", "sql", "vue", "svelte", "ex", "exs", "lua", "pl", "pm", "dart", "r", "jl", "hs",
		"ml", "mli", "fs", "clj", "erl", "sh"
	};

	if (extension.length == 0 || extension.length > 6)
		return false;
	for (int i = 0; i < lengthof(extensions); i++)
	{
		if (extensions[i][0] == extension.bytes[0] && pt_text_is(extension, extensions[i]))
			return true;
	}
	return false;
}

bool
code_is_index(PtText stem)
{
	return pt_text_is(stem, "__init__") || pt_text_is(stem, "index");
}

PtText
code_without_extension(PtText path)
{
	for (int at = path.length - 1; at > 0; at--)
	{
		char		c = path.bytes[at];

		if (code_is_slash(c))
			break;
		if (c != '.' && c != '_')
			continue;
		if (code_is_extension((PtText) {path.bytes + at + 1, path.length - at - 1}))
			path.length = at;
		break;
	}
	return path;
}

static text *
text_result(StringInfo result)
{
	return cstring_to_text_with_len(result->data, result->len);
}

Datum
pt_normal_path(PG_FUNCTION_ARGS)
{
	StringInfoData result;

	initStringInfo(&result);
	code_normal_path(code_text(PG_GETARG_DATUM(0)), &result);
	PG_RETURN_TEXT_P(text_result(&result));
}

/* Is a path below a folder, both being normal? */
static bool
is_below(StringInfo path, StringInfo folder)
{
	return path->len > folder->len && memcmp(path->data, folder->data, folder->len) == 0 &&
		path->data[folder->len] == '/';
}

Datum
pt_import_relative(PG_FUNCTION_ARGS)
{
	StringInfoData path;
	StringInfoData root;
	StringInfoData result;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	initStringInfo(&path);
	initStringInfo(&result);
	code_normal_path(code_text(PG_GETARG_DATUM(0)), &path);
	if (!PG_ARGISNULL(1))
	{
		initStringInfo(&root);
		code_normal_path(code_text(PG_GETARG_DATUM(1)), &root);
		while (root.len > 0 && root.data[root.len - 1] == '/')
			root.data[--root.len] = '\0';
		if (root.len > 0 && is_below(&path, &root))
		{
			int			start = root.len;

			while (path.data[start] == '/')
				start++;
			code_normal_path((PtText) {path.data + start, path.len - start}, &result);
			PG_RETURN_TEXT_P(text_result(&result));
		}
	}
	PG_RETURN_TEXT_P(text_result(&path));
}

Datum
pt_file_id(PG_FUNCTION_ARGS)
{
	StringInfoData id;

	initStringInfo(&id);
	code_file_id(code_text(PG_GETARG_DATUM(0)), &id);
	PG_RETURN_TEXT_P(text_result(&id));
}
