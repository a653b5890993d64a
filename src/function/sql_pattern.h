/*
 * sql_pattern.h
 *		Patterns of edge types, as automata.
 */
#ifndef SQL_PATTERN_H
#define SQL_PATTERN_H

#include "kernel/kernel_match.h"

/* What a step of a pattern asks for. */
typedef struct SqlSymbol
{
	char	   *type;			/* NULL: any */
	GraphDirection direction;
} SqlSymbol;

typedef struct SqlPattern
{
	MatchAutomaton automaton;
	SqlSymbol  *symbols;		/* different ones */
	int			nsymbols;
	bool		names_types;
} SqlPattern;

/*
 * Compile a pattern, in the current memory context. Error 42601 at a character,
 * 54000 if it has too many steps. Waits for nothing but the catalog.
 */
extern SqlPattern *sql_pattern(const text *pattern);

#endif							/* SQL_PATTERN_H */
