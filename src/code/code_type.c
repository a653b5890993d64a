/*
 * code_type.c
 *		pt_type_class: what kind of thing a type of entities is.
 */
#include "postgres.h"

#include "base/pt_varatt.h"
#include "code/code_type.h"
#include "fmgr.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(pt_type_class);

static const char *const class_names[] = {"callable", "module", "type", "value", "impl", "file"};

/* Some exports write Function for function. */
static bool
is_in_any_case(PtText type, const char *name)
{
	return type.length > 0 && pg_ascii_tolower((unsigned char) type.bytes[0]) == name[0] &&
		type.length == strlen(name) && pg_strncasecmp(type.bytes, name, type.length) == 0;
}

MatchClass
code_class_of_type(PtText type)
{
	static const char *const types[][14] = {
		[MATCH_CALLABLE] = {"fn", "function", "method", "macro", "proc_macro", "constructor",
		"destructor", "getter", "setter", "closure", "lambda", "test", NULL},
		[MATCH_MODULE] = {"mod", "module", "namespace", "package", NULL},
		[MATCH_TYPE] = {"struct", "class", "enum", "union", "trait", "interface", "protocol",
		"type", "typedef", "type_alias", "record", "object", NULL},
	};

	for (int class = 0; class < lengthof(types); class++)
	{
		for (int i = 0; types[class][i] != NULL; i++)
		{
			if (is_in_any_case(type, types[class][i]))
				return class;
		}
	}
	return is_in_any_case(type, "impl") ? MATCH_IMPL : MATCH_VALUE;
}

Datum
pt_type_class(PG_FUNCTION_ARGS)
{
	MatchClass	class = MATCH_VALUE;

	if (!PG_ARGISNULL(0))
	{
		text	   *type = PG_GETARG_TEXT_PP(0);

		class = code_class_of_type((PtText) {VARDATA_ANY(type), VARSIZE_ANY_EXHDR(type)});
	}
	PG_RETURN_TEXT_P(cstring_to_text(class_names[class]));
}
