/*
 * cpp.c
 *		What only C++ has: types as they are written, and macros before names of types.
 */
#include "cpp.h"

#include "language.h"
#include "name.h"

#include <ctype.h>
#include <string.h>

#define SPECIFIERS " const volatile static struct class typename mutable constexpr inline extern register enum union "
#define POINTERS " unique_ptr shared_ptr weak_ptr optional reference_wrapper auto_ptr scoped_ptr scoped_refptr intrusive_ptr RefPtr "
#define LISTS " vector list deque set multiset unordered_set array span initializer_list queue stack priority_queue forward_list "
#define MAPS " map unordered_map multimap unordered_multimap "

/* ---- types ---- */

static bool
is_word(char c)
{
	return isalnum((unsigned char) c) || c == '_';
}

/* Without blanks and what does not matter around a type. */
static Span
bare_type(Span type)
{
	for (;;)
	{
		size_t		length = 0;

		while (type.length > 0 && strchr(" \t\r\n:&*(", type.bytes[0]) != NULL)
			type = (Span) {type.bytes + 1, type.length - 1};
		while (type.length > 0 && strchr(" \t\r\n&*)", type.bytes[type.length - 1]) != NULL)
			type.length--;
		while (length < type.length && is_word(type.bytes[length]))
			length++;
		if (length < type.length && language_has(SPECIFIERS, (Span) {type.bytes, length}))
			type = (Span) {type.bytes + length, type.length - length};
		else if (span_ends(type, " const"))
			type.length -= strlen(" const");
		else
			return type;
	}
}

/* One of the arguments in the angle brackets at the end of a type; empty if there are fewer. */
static Span
type_argument(Span type, int number)
{
	const char *start = memchr(type.bytes, '<', type.length);
	const char *end = type.bytes + type.length;
	int			depth = 0;

	for (const char *at = start; at != NULL && at < end; at++)
	{
		depth += (*at == '<' || *at == '(') - (*at == '>' || *at == ')');
		if ((depth == 1 && *at == ',') || depth == 0)
		{
			if (number-- == 0)
				return (Span) {start + 1, at - start - 1};
			start = at;
		}
		if (depth == 0)
			break;
	}
	return (Span) {"", 0};
}

/* The name before the angle brackets; and its last part. */
static Span
name_before_arguments(Span type, Span *last)
{
	const char *angle = memchr(type.bytes, '<', type.length);
	Span		before;

	if (angle != NULL)
		type.length = angle - type.bytes;
	*last = name_last_part(type, &before);
	return type;
}

Span
cpp_type_name(Span type, int *lists)
{
	*lists = 0;
	for (int depth = 0; depth < 8; depth++)
	{
		Span		last;
		Span		name;

		type = bare_type(type);
		/* an iterator is what it points to */
		if (span_ends(type, "iterator") && memmem(type.bytes, type.length, ">::", 3) != NULL)
		{
			while (type.length > 0 && type.bytes[type.length - 1] != '>')
				type.length--;
			--*lists;
		}
		if (span_starts(type, "[]"))
		{
			type = (Span) {type.bytes + 2, type.length - 2};
			++*lists;
			continue;
		}
		name = name_before_arguments(type, &last);
		if (name.length < type.length && language_has(POINTERS, last))
			type = type_argument(type, 0);
		else if (name.length < type.length && language_has(LISTS, last))
		{
			type = type_argument(type, 0);
			++*lists;
		}
		else if (name.length < type.length && language_has(MAPS, last))
		{
			type = type_argument(type, 1);
			++*lists;
		}
		else
		{
			for (size_t i = 0; i < name.length; i++)
			{
				if (!is_word(name.bytes[i]) && name.bytes[i] != ':')
					return (Span) {"", 0};
			}
			return name.length > 0 && !isdigit((unsigned char) name.bytes[0]) && !span_is(name, "auto") ? name : (Span) {"", 0};
		}
	}
	return (Span) {"", 0};
}

/* ---- macros ---- */

static size_t
word_at(Span content, size_t at)
{
	size_t		length = 0;

	while (at + length < content.length && is_word(content.bytes[at + length]))
		length++;
	return length;
}

static size_t
after_blanks(Span content, size_t at)
{
	while (at < content.length && strchr(" \t\r\n", content.bytes[at]) != NULL)
		at++;
	return at;
}

/* The macro between class or struct, which is at a place, and a name; empty if there is none. */
static Span
macro_at(Span content, size_t at)
{
	size_t		word = word_at(content, at);
	Span		macro;

	if (!(word == 5 && memcmp(content.bytes + at, "class", 5) == 0) && !(word == 6 && memcmp(content.bytes + at, "struct", 6) == 0))
		return (Span) {"", 0};
	at = after_blanks(content, at + word);
	macro = (Span) {content.bytes + at, word_at(content, at)};
	if (!name_is_constant(macro))
		return (Span) {"", 0};
	at += macro.length;
	if (at < content.length && content.bytes[at] == '(')
	{
		const char *close = memchr(content.bytes + at, ')', content.length - at < 100 ? content.length - at : 100);

		if (close == NULL)
			return (Span) {"", 0};
		macro.length += close + 1 - (content.bytes + at);
		at += close + 1 - (content.bytes + at);
	}
	at = after_blanks(content, at);
	word = word_at(content, at);
	/* class FINAL final : */
	return word > 0 && !(word == 5 && memcmp(content.bytes + at, "final", 5) == 0) ? macro : (Span) {"", 0};
}

bool
cpp_mask(Span content, Text *masked)
{
	bool		is_masked = false;

	text_clear(masked);
	for (size_t at = 0; at < content.length; at++)
	{
		Span		macro;

		if ((content.bytes[at] != 'c' && content.bytes[at] != 's') || (at > 0 && is_word(content.bytes[at - 1])))
			continue;
		macro = macro_at(content, at);
		if (macro.length == 0)
			continue;
		if (!is_masked)
			text_add(masked, content);
		is_masked = true;
		memset(masked->bytes + (macro.bytes - content.bytes), ' ', macro.length);
	}
	return is_masked;
}
