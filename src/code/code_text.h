/*
 * code_text.h
 *		Texts of SQL as bytes.
 */
#ifndef CODE_TEXT_H
#define CODE_TEXT_H

#include "base/pt_texts.h"
#include "base/pt_varatt.h"
#include "fmgr.h"

/* A text's bytes, in the value itself unless it had to be detoasted. */
static inline PtText
code_text(Datum value)
{
	text	   *t = DatumGetTextPP(value);

	return (PtText) {VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t)};
}

/* The same of an argument; without bytes for NULL. */
static inline PtText
code_text_argument(FunctionCallInfo fcinfo, int argno)
{
	return PG_ARGISNULL(argno) ? (PtText) {NULL, 0} : code_text(PG_GETARG_DATUM(argno));
}

/* Is there something, and nothing but these characters? */
static inline bool
code_consists_of(PtText part, const char *characters)
{
	for (int i = 0; i < part.length; i++)
	{
		if (part.bytes[i] == '\0' || strchr(characters, part.bytes[i]) == NULL)
			return false;
	}
	return part.length > 0;
}

#endif							/* CODE_TEXT_H */
