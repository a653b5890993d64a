/*
 * refer.h
 *		What a file calls, uses and imports, where it is written.
 */
#ifndef REFER_H
#define REFER_H

#include "scanner.h"

/* What a node names; that of an element is a call only if it is not the language's own. */
extern void refer_take(Scan *scan, ReferenceKind kind, bool is_element, TSNode node);

/* What is called is all of a call up to the end of its name. */
extern void refer_take_call(Scan *scan, TSNode call, TSNode name);

/* A name among tokens that no grammar has read, as in Rust's macros. */
extern void refer_take_token(Scan *scan, TSNode name);

/* Is it a function by which code is imported, or mixed in? */
extern bool refer_requires(Span name);

/* What is imported, without quotes and brackets; with a part of it, that, too. */
extern void refer_take_import(Scan *scan, TSNode node, TSNode part);

#endif							/* REFER_H */
