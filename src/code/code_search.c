/*
 * code_search.c
 *		What a search need not look at: names that nothing of the query is in.
 *
 * Without an index a search passes over all entities, and what decides of a name,
 * lower() and patterns, takes a microsecond each. These take some nanoseconds, and say
 * no only where the others would. A letter of ASCII means itself in either case; lower()
 * may make something else of one, as it does in Turkish, but not something that is
 * another letter of ASCII. All that is not ASCII is let pass.
 */
#include "postgres.h"

#include "code/code_text.h"

PG_FUNCTION_INFO_V1(pt_may_contain);
PG_FUNCTION_INFO_V1(pt_may_be_misspelt);

/* characters that a slip may put in the place of others */
#define SLIP 2

static inline char
fold(char c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static bool
is_ascii(PtText text)
{
	for (int i = 0; i < text.length; i++)
	{
		if (IS_HIGHBIT_SET(text.bytes[i]))
			return false;
	}
	return true;
}

static bool
begins_with(const char *bytes, PtText part)
{
	for (int i = 0; i < part.length; i++)
	{
		if (fold(bytes[i]) != fold(part.bytes[i]))
			return false;
	}
	return true;
}

/* May a text in lower case have a part in it? */
Datum
pt_may_contain(PG_FUNCTION_ARGS)
{
	PtText		text = code_text(PG_GETARG_DATUM(0));
	PtText		part = code_text(PG_GETARG_DATUM(1));

	if (part.length == 0)
		PG_RETURN_BOOL(true);
	for (int i = 0; i + part.length <= text.length; i++)
	{
		if (fold(text.bytes[i]) == fold(part.bytes[0]) && begins_with(text.bytes + i, part))
			PG_RETURN_BOOL(true);
	}
	PG_RETURN_BOOL(!is_ascii(text) || !is_ascii(part));
}

/* How many characters at the beginning, or at the end, have two texts in common? */
static int
count_common(PtText a, PtText b, bool from_end)
{
	int			most = Min(a.length, b.length);
	int			count = 0;

	while (count < most &&
		   fold(a.bytes[from_end ? a.length - 1 - count : count]) ==
		   fold(b.bytes[from_end ? b.length - 1 - count : count]))
		count++;
	return count;
}

/* May a name in lower case be another one but for a slip? */
Datum
pt_may_be_misspelt(PG_FUNCTION_ARGS)
{
	PtText		name = code_text(PG_GETARG_DATUM(0));
	PtText		sought = code_text(PG_GETARG_DATUM(1));

	if (abs(name.length - sought.length) <= 1 &&
		count_common(name, sought, false) + count_common(name, sought, true) >= sought.length - SLIP)
		PG_RETURN_BOOL(true);
	PG_RETURN_BOOL(!is_ascii(name) || !is_ascii(sought));
}
