/*
 * code_key.h
 *		What the text of a key says, for other functions in C. What is returned
 *		points into the text that was asked about.
 */
#ifndef CODE_KEY_H
#define CODE_KEY_H

#include "base/pt_texts.h"
#include "lib/stringinfo.h"

typedef enum CodeKeyKind
{
	CODE_KEY_LOCAL,
	CODE_KEY_FILE,
	CODE_KEY_IMPORT,
	CODE_KEY_EXTERNAL,
	CODE_KEY_UNRESOLVED
} CodeKeyKind;

typedef struct CodeKey
{
	CodeKeyKind	kind;
	PtText		type;			/* empty if unknown */
	PtText		name;
	PtText		language;		/* bytes is NULL if unknown */
	PtText		path;			/* of its file; bytes is NULL if unknown */
} CodeKey;

extern CodeKey code_parse_key(PtText key);

/* what names are compared by, and what stands before it */
extern void code_match_name(PtText name, StringInfo result);
extern PtText code_match_qualifier(PtText name);

#endif							/* CODE_KEY_H */
