/*
 * name.c
 *		Names and first lines, read from the source text.
 */
#include "name.h"

#include <ctype.h>
#include <string.h>

bool
name_has_byte(char c)
{
	return (unsigned char) c >= 0x80 || isalnum((unsigned char) c) || c == '_' || c == '$';
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The bytes of a separator that ends at a place, 0 for none. */
static size_t
separator_before(const char *start, const char *end)
{
	if (end - start >= 2 && (memcmp(end - 2, "::", 2) == 0 || memcmp(end - 2, "->", 2) == 0 ||
							 memcmp(end - 2, "?.", 2) == 0))
		return end - start >= 3 && memcmp(end - 3, "?->", 3) == 0 ? 3 : 2;
	return end > start && (end[-1] == '.' || end[-1] == '\\') ? 1 : 0;
}

/* The start of the angle brackets that end at a place, or the place. */
static const char *
before_angles(const char *start, const char *end)
{
	int			depth = 0;

	for (const char *at = end; at > start; at--)
	{
		if (at[-1] == '>' && !(at - 1 > start && at[-2] == '-'))
			depth++;
		else if (at[-1] == '<' && --depth == 0)
			return at - 1;
		else if (at[-1] == ';' || at[-1] == '{')
			break;
		if (depth == 0)
			break;
	}
	return end;
}

bool
name_of_expression(Text *text, Span expression)
{
	const char *start = expression.bytes;
	const char *end = expression.bytes + expression.length;
	Span		parts[32];		/* from the last to the first: names, separators */
	int			nparts = 0;
	bool		complete = false;

	text_clear(text);
	while (nparts + 2 < 32)
	{
		const char *name;
		size_t		separator;

		while (end > start && (is_space(end[-1]) || end[-1] == '!'))
			end--;
		name = end;
		end = before_angles(start, end);
		/* of Rust's a::<T> and the like */
		if ((nparts == 0 || end < name) && separator_before(start, end) > 0)
			end -= separator_before(start, end);
		name = end;
		while (name > start && name_has_byte(name[-1]))
			name--;
		if (name > start && name < end && (name[-1] == '#' || name[-1] == '~' || name[-1] == '@'))
			name--;
		if (name == end)
		{
			/* a name in front is the whole program's */
			complete = end == start && nparts > 0;
			break;
		}
		parts[nparts++] = (Span) {name, end - name};
		end = name;
		while (end > start && is_space(end[-1]))
			end--;
		separator = separator_before(start, end);
		if (separator == 0)
		{
			complete = end == start;
			break;
		}
		parts[nparts++] = (Span) {end - separator, separator};
		end -= separator;
	}
	if (nparts == 0 || isdigit((unsigned char) parts[0].bytes[0]))
		return false;
	if (nparts % 2 == 0 && !complete)
		text_adds(text, "?");
	/* what begins with a separator is in no scope: that says nothing */
	if (nparts % 2 == 0 && complete)
		nparts--;
	for (int i = nparts - 1; i >= 0; i--)
	{
		if (span_is(parts[i], "?.") || span_is(parts[i], "?->"))
			text_addc(text, '.');
		else if (i > 0 && span_is(parts[i], "$this"))
			text_adds(text, "this");
		else
			text_add(text, parts[i]);
	}
	return true;
}

Span
name_last_part(Span name, Span *qualifier)
{
	size_t		at = name.length;

	while (at > 0 && separator_before(name.bytes, name.bytes + at) == 0)
		at--;
	*qualifier = (Span) {name.bytes, at - (at > 0 ? separator_before(name.bytes, name.bytes + at) : 0)};
	return (Span) {name.bytes + at, name.length - at};
}

bool
name_is_constant(Span name)
{
	int			letters = 0;

	for (size_t i = 0; i < name.length; i++)
	{
		char		c = name.bytes[i];

		if (c >= 'A' && c <= 'Z')
			letters++;
		else if (c != '_' && !isdigit((unsigned char) c))
			return false;
	}
	return letters >= 2;
}

void
name_one_line(Text *text, Span source, size_t limit)
{
	size_t		start = text->length;
	bool		blank = false;

	for (size_t i = 0; i < source.length && text->length - start < limit; i++)
	{
		if (is_space(source.bytes[i]))
		{
			blank = text->length > start;
			continue;
		}
		if (blank)
			text_addc(text, ' ');
		blank = false;
		text_addc(text, source.bytes[i]);
	}
}

/* A line of a comment without what marks it as one. */
static Span
bare(Span line)
{
	while (line.length > 0 && strchr(" \t\r/*#!-;\"'<", line.bytes[0]) != NULL)
		line = (Span) {line.bytes + 1, line.length - 1};
	while (line.length > 0 && strchr(" \t\r/*\"'", line.bytes[line.length - 1]) != NULL)
		line.length--;
	return line;
}

Span
name_first_line(Span comment)
{
	const char *at = comment.bytes;
	const char *end = comment.bytes + comment.length;

	/* prefixes of Python's strings */
	while (at < end && end - at > 1 && strchr("rRuUbBfF", *at) != NULL && strchr("rRuUbBfF\"'", at[1]) != NULL)
		at++;
	while (at < end)
	{
		const char *newline = memchr(at, '\n', end - at);
		const char *stop = newline ? newline : end;
		Span		line = bare((Span) {at, stop - at});

		/* not a rule of dashes, nor a tag alone */
		if (line.length > 1 && !span_is(line, "summary>") && !span_is(line, "summary"))
		{
			if (line.length > 300)
				line.length = 300;
			return line;
		}
		if (newline == NULL)
			break;
		at = newline + 1;
	}
	return (Span) {"", 0};
}

bool
name_has_word(Span text, const char *word)
{
	size_t		length = strlen(word);

	for (size_t i = 0; i + length <= text.length; i++)
	{
		if (memcmp(text.bytes + i, word, length) == 0 &&
			(i == 0 || !name_has_byte(text.bytes[i - 1])) &&
			(i + length == text.length || !name_has_byte(text.bytes[i + length])))
			return true;
	}
	return false;
}

bool
name_is_plain(Span text)
{
	for (size_t i = 0; i < text.length; i++)
	{
		char		c = text.bytes[i];

		if (!isalnum((unsigned char) c) && c != '_' && c != '$' && c != '.' && c != '#' && (unsigned char) c < 0x80)
			return false;
	}
	return text.length > 0 && !isdigit((unsigned char) text.bytes[0]);
}

size_t
name_package_length(Span name)
{
	for (size_t at = 0; at < name.length; at++)
	{
		if (isupper((unsigned char) name.bytes[at]) && (at == 0 || name.bytes[at - 1] == '.'))
			return at;
	}
	return name.length + 1;
}
