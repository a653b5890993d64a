/*
 * code_outline.c
 *		pt_first_line: the line by which code that has no signature is shown.
 *
 * SQL's string functions take a character at a time, and cost more than all else
 * that is done for an entity which pt_context may show.
 */
#include "postgres.h"

#include "base/pt_varatt.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(pt_first_line);

/* So much of the code is looked at, and so much of a line is shown: characters. */
#define MOST_READ 1000
#define MOST_SHOWN 200

Datum
pt_first_line(PG_FUNCTION_ARGS)
{
	text	   *code = PG_GETARG_TEXT_P_SLICE(0, 0, MOST_READ * pg_database_encoding_max_length());
	const char *line = VARDATA_ANY(code);
	int			length = VARSIZE_ANY_EXHDR(code);
	const char *end = line + pg_mbcharcliplen(line, length, MOST_READ);
	const char *next;

	while (line < end && strchr(" \t\r\n", *line) != NULL && *line != '\0')
		line++;
	next = memchr(line, '\n', end - line);
	if (next != NULL)
		end = next;
	end = line + pg_mbcharcliplen(line, end - line, MOST_SHOWN);
	while (line < end && end[-1] == ' ')
		end--;
	if (line == end)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(line, end - line));
}
