/*
 * test.c
 *		Tests that are no functions by themselves: calls that are given a text and a
 *		function, and macros.
 *
 * What makes a test is known by its name alone: that of Jest, Mocha, Vitest, node:test,
 * Playwright, QUnit, RSpec, Minitest, Kotest, ScalaTest, Catch2 and GoogleTest.
 */
#include "test.h"

#include <ctype.h>

#define MAX_TEST_NAME 100

/* The next of the names with dots between them that something is called by; nothing behind what it is called with. */
static Span
next_name(Span *called)
{
	size_t		length = 0;
	Span		name;

	while (length < called->length && (isalnum((unsigned char) called->bytes[length]) || called->bytes[length] == '_'))
		length++;
	name = (Span) {called->bytes, length};
	if (length < called->length && called->bytes[length] == '.')
		*called = (Span) {called->bytes + length + 1, called->length - length - 1};
	else
		called->length = 0;
	return name;
}

/* That which makes tests, without the object that some have it in. */
static Span
first_name(Span *called)
{
	Span		first = next_name(called);

	return language_has(" QUnit Deno ", first) ? next_name(called) : first;
}

bool
test_is_made_by(Span called)
{
	if (!language_has(" it test describe suite specify context should fit xit xtest fdescribe xdescribe"
					  " TEST_CASE TEST_CASE_METHOD TEMPLATE_TEST_CASE SCENARIO ", first_name(&called)))
		return false;
	while (called.length > 0)
	{
		if (!language_has(" describe only skip each for concurrent sequential serial parallel fails failing fixme slow todo"
						  " runIf skipIf ", next_name(&called)))
			return false;
	}
	return true;
}

Span
test_name(Scanner *scanner, Span called, Span text)
{
	char		name[MAX_TEST_NAME];
	Span		first = first_name(&called);
	size_t		length = first.length < sizeof(name) / 2 ? first.length : 0;
	size_t		shortest = length + 1;

	memcpy(name, first.bytes, length);
	name[length++] = ' ';
	for (size_t i = 0; i < text.length && length < sizeof(name); i++)
	{
		char		c = text.bytes[i];

		if (isalnum((unsigned char) c) || (unsigned char) c >= 0x80 || strchr("_-,=", c) != NULL)
			name[length++] = c;
		else if (name[length - 1] != ' ')
			name[length++] = ' ';
	}
	/* not half a letter */
	while (length == sizeof(name) && (unsigned char) name[length - 1] >= 0x80)
		length--;
	while (name[length - 1] == ' ' && length > shortest)
		length--;
	return scanner_keep(scanner, (Span) {name, length > shortest ? length : 0});
}

static Span
trimmed(const char *start, const char *end)
{
	while (start < end && isspace((unsigned char) *start))
		start++;
	while (end > start && isspace((unsigned char) end[-1]))
		end--;
	return (Span) {start, end - start};
}

bool
test_of_macro(const Scanner *scanner, TSNode macro, Span *name, Span *scope)
{
	Span		written = scanner_text(scanner, macro);
	const char *start = written.bytes + written.length;
	const char *end = memchr(start, ')', scanner->content.bytes + scanner->content.length - start);
	const char *comma;

	if (end == NULL || *start != '(')
		return false;
	comma = memchr(start, ',', end - start);
	if (language_has(" BOOST_AUTO_TEST_CASE BOOST_FIXTURE_TEST_CASE BOOST_DATA_TEST_CASE ", written))
	{
		*name = trimmed(start + 1, comma ? comma : end);
		return name->length > 0;
	}
	if (comma == NULL || !language_has(" TEST TEST_F TEST_P TYPED_TEST TYPED_TEST_P ", written))
		return false;
	*scope = trimmed(start + 1, comma);
	*name = trimmed(comma + 1, end);
	return name->length > 0 && scope->length > 0;
}
