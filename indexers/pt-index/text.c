/*
 * text.c
 *		Growing texts: UTF-8, JSON and what COPY takes.
 */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *
make_room(void *old, size_t count, size_t size)
{
	void	   *room = size > 0 && count > SIZE_MAX / size ? NULL : realloc(old, count * size + 1);

	if (room == NULL)
	{
		fprintf(stderr, "pt-index: out of memory\n");
		exit(1);
	}
	return room;
}

char *
copy_span(Span span)
{
	char	   *copy = make_room(NULL, span.length + 1, 1);

	if (span.length > 0)
		memcpy(copy, span.bytes, span.length);
	copy[span.length] = '\0';
	return copy;
}

Span
span_of(const char *string)
{
	return (Span) {string, strlen(string)};
}

bool
span_same(Span a, Span b)
{
	return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

bool
span_is(Span span, const char *string)
{
	return span_same(span, span_of(string));
}

bool
span_starts(Span span, const char *start)
{
	size_t		length = strlen(start);

	return span.length >= length && memcmp(span.bytes, start, length) == 0;
}

bool
span_ends(Span span, const char *end)
{
	size_t		length = strlen(end);

	return span.length >= length && memcmp(span.bytes + span.length - length, end, length) == 0;
}

/* ---- growing ---- */

static void
reserve(Text *text, size_t more)
{
	size_t		wanted = text->length + more + 1;

	if (wanted <= text->room)
		return;
	text->room = wanted < 2 * text->room ? 2 * text->room : wanted + 64;
	text->bytes = make_room(text->bytes, text->room, 1);
}

void
text_clear(Text *text)
{
	reserve(text, 0);
	text->length = 0;
	text->bytes[0] = '\0';
}

void
text_free(Text *text)
{
	free(text->bytes);
	*text = (Text) {NULL, 0, 0};
}

void
text_add(Text *text, Span span)
{
	reserve(text, span.length);
	if (span.length > 0)
		memcpy(text->bytes + text->length, span.bytes, span.length);
	text->length += span.length;
	text->bytes[text->length] = '\0';
}

void
text_adds(Text *text, const char *string)
{
	text_add(text, span_of(string));
}

void
text_addc(Text *text, char c)
{
	text_add(text, (Span) {&c, 1});
}

void
text_addf(Text *text, const char *format,...)
{
	char		some[256];
	va_list		args;
	int			length;

	va_start(args, format);
	length = vsnprintf(some, sizeof(some), format, args);
	va_end(args);
	if (length < (int) sizeof(some))
	{
		text_add(text, (Span) {some, length});
		return;
	}
	reserve(text, length);
	va_start(args, format);
	vsnprintf(text->bytes + text->length, length + 1, format, args);
	va_end(args);
	text->length += length;
}

Span
text_span(const Text *text)
{
	return (Span) {text->bytes ? text->bytes : "", text->length};
}

/* ---- UTF-8 ---- */

/* The length of the character at a place, 0 if it is not valid UTF-8. */
static size_t
character(const unsigned char *at, const unsigned char *end)
{
	size_t		length = *at < 0x80 ? 1 : *at < 0xC2 ? 0 : *at < 0xE0 ? 2 : *at < 0xF0 ? 3 : *at < 0xF5 ? 4 : 0;

	if (length == 0 || (size_t) (end - at) < length)
		return 0;
	for (size_t i = 1; i < length; i++)
	{
		if ((at[i] & 0xC0) != 0x80)
			return 0;
	}
	if ((*at == 0xE0 && at[1] < 0xA0) || (*at == 0xED && at[1] > 0x9F) ||
		(*at == 0xF0 && at[1] < 0x90) || (*at == 0xF4 && at[1] > 0x8F))
		return 0;
	return length;
}

static void
add_latin1(Text *text, unsigned char c)
{
	char		two[2] = {(char) (0xC0 | c >> 6), (char) (0x80 | (c & 0x3F))};

	text_add(text, (Span) {two, 2});
}

void
text_add_utf8(Text *text, Span span)
{
	const unsigned char *at = (const unsigned char *) span.bytes;
	const unsigned char *end = at + span.length;

	reserve(text, span.length);
	while (at < end)
	{
		const unsigned char *start = at;
		size_t		length = 1;

		while (at < end && *at != '\0' && (length = character(at, end)) > 0)
			at += length;
		text_add(text, (Span) {(const char *) start, at - start});
		if (at == end)
			break;
		if (*at == '\0')
			text_addc(text, ' ');
		else
			add_latin1(text, *at);
		at++;
	}
}

void
text_normal_path(Text *path)
{
	size_t		length = 0;

	for (size_t i = 0; i < path->length; i++)
	{
		char		c = path->bytes[i] == '\\' ? '/' : path->bytes[i];

		if (c != '/' || i < 2 || path->bytes[length - 1] != '/')
			path->bytes[length++] = c;
	}
	path->length = length;
	path->bytes[length] = '\0';
	if (length > 2 && path->bytes[1] == ':' && path->bytes[2] == '/' && path->bytes[0] >= 'a' && path->bytes[0] <= 'z')
		path->bytes[0] -= 'a' - 'A';
}

void
text_add_json(Text *text, Span span)
{
	const unsigned char *at = (const unsigned char *) span.bytes;
	const unsigned char *end = at + span.length;

	reserve(text, span.length + 2);
	text_addc(text, '"');
	while (at < end)
	{
		const unsigned char *start = at;
		size_t		length = 1;

		while (at < end && *at >= 0x20 && *at != '"' && *at != '\\' && (length = character(at, end)) > 0)
			at += length;
		text_add(text, (Span) {(const char *) start, at - start});
		if (at == end)
			break;
		switch (*at)
		{
			case '"':
				text_adds(text, "\\\"");
				break;
			case '\\':
				text_adds(text, "\\\\");
				break;
			case '\n':
				text_adds(text, "\\n");
				break;
			case '\t':
				text_adds(text, "\\t");
				break;
			case '\r':
				text_adds(text, "\\r");
				break;
			case '\0':
				text_addc(text, ' ');
				break;
			default:
				if (*at < 0x20)
					text_addf(text, "\\u%04x", *at);
				else
					add_latin1(text, *at);
		}
		at++;
	}
	text_addc(text, '"');
}

void
text_add_copy(Text *text, Span span)
{
	const char *at = span.bytes;
	const char *end = at + span.length;

	reserve(text, span.length);
	while (at < end)
	{
		const char *start = at;

		while (at < end && *at != '\\' && *at != '\t' && *at != '\n' && *at != '\r')
			at++;
		text_add(text, (Span) {start, at - start});
		if (at == end)
			break;
		text_adds(text, *at == '\\' ? "\\\\" : *at == '\t' ? "\\t" : *at == '\n' ? "\\n" : "\\r");
		at++;
	}
}
