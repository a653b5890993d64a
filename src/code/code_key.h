/*
 * code_key.h
 *		What the text of a key says.
 *
 * Keys are any bytes: nothing here is an error. What is returned points into
 * the text that was asked about.
 */
#ifndef CODE_KEY_H
#define CODE_KEY_H

#include "base/pt_texts.h"

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
	CodeKeyKind kind;
	PtText		type;			/* empty if unknown */
	PtText		name;
	PtText		language;		/* bytes is NULL if unknown */
	PtText		path;			/* of its file; bytes is NULL if unknown */
	PtText		scope;			/* what the name is in; empty if unknown */
	PtText		place;			/* 1-10, T1706284800, a hash; empty if unknown */
} CodeKey;

/*
 * Bytes that a key may have that an import or pt_resolve_references writes, or
 * both keys and the type of an edge together: what the tables' btrees hold for
 * certain, a third of a page less some.
 */
#define CODE_MAX_KEY_BYTES 2600

/*
 * The parts of a key, by the rules in code_key.c. One that fits none of them
 * is local, and its own name. O(length).
 */
extern CodeKey code_parse_key(PtText key);

#endif							/* CODE_KEY_H */
