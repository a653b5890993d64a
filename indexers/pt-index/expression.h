/*
 * expression.h
 *		What an expression is made of, as names.
 */
#ifndef EXPRESSION_H
#define EXPRESSION_H

#include "scan.h"

/*
 * An expression as its names with dots between them, and brackets behind those
 * that are called: a.b().c. Empty if it has something that has no name.
 */
extern Span expression_names(Scan *scan, TSNode node);

/*
 * The type that an expression says it is of, in a language with LANGUAGE_BLOCKS: what is
 * made, cast or asserted. A null node if it says none.
 */
extern TSNode expression_type(const Scan *scan, TSNode node);

/* A node within brackets, after await and the like. */
extern TSNode expression_within(TSNode node);

/* The first argument of Python's cast(), a type; a null node if it is none. */
extern TSNode expression_cast(const Scan *scan, TSNode call, TSNode called);

#endif							/* EXPRESSION_H */
