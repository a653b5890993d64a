/*
 * sql_key.h
 *		What the text of a key says, for other functions in C. What is returned
 *		points into the text that was asked about.
 */
#ifndef SQL_KEY_H
#define SQL_KEY_H

#include "kernel_texts.h"
#include "lib/stringinfo.h"

typedef enum SqlKeyKind
{
	SQL_KEY_LOCAL,
	SQL_KEY_FILE,
	SQL_KEY_IMPORT,
	SQL_KEY_EXTERNAL,
	SQL_KEY_UNRESOLVED
} SqlKeyKind;

typedef struct SqlKey
{
	SqlKeyKind	kind;
	KernelText	type;			/* empty if unknown */
	KernelText	name;
	KernelText	language;		/* bytes is NULL if unknown */
	KernelText	path;			/* of its file; bytes is NULL if unknown */
} SqlKey;

extern SqlKey sql_parse_key(KernelText key);

/* what names are compared by, and what stands before it */
extern void sql_match_name(KernelText name, StringInfo result);
extern KernelText sql_match_qualifier(KernelText name);

#endif							/* SQL_KEY_H */
