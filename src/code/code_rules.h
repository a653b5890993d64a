/*
 * code_rules.h
 *		Rules about what may not depend on what.
 *
 *		rules:		{ line }
 *		line:		[ rule ] [ "#" anything ]
 *		rule:		side ( "->" | "->>" ) side
 *		side:		patterns [ "!" patterns ] | "!" patterns
 *		patterns:	pattern { "," pattern }
 *
 * src/kernel/ -> src/function/ forbids edges, src/kernel/ ->> src/function/ ways. A
 * side has what one of its patterns has, or all there is if it has none before the
 * "!", and none of those behind it.
 *
 * A pattern has a path, and what is below it. * stands for anything but slashes,
 * ** for anything, a folder ** for any number of folders or none. What is in
 * double quotes stands for itself, which paths with one of ,!"<> need. "#" begins a
 * comment in front of a line or after a blank.
 */
#ifndef CODE_RULES_H
#define CODE_RULES_H

#include "base/pt_texts.h"

typedef struct CodePattern CodePattern;

typedef struct CodeSide
{
	CodePattern *patterns;		/* NULL: all */
	CodePattern *exceptions;
} CodeSide;

typedef struct CodeRule
{
	PtText		text;			/* as it was written, without blanks and comment */
	CodeSide	from;
	CodeSide	to;
	bool		is_transitive;
} CodeRule;

/*
 * Read rules, in the current memory context; the text must stay. Error 42601 with
 * the place, 54000 for more than CODE_MAX_RULES or patterns that are too long.
 */
extern CodeRule *code_read_rules(PtText rules, int *count);

#define CODE_MAX_RULES 10000

/* Does a side have it, a normal path or a key? O(its length × that of the patterns), interruptible. */
extern bool code_side_has(const CodeSide *side, PtText subject);

#endif							/* CODE_RULES_H */
