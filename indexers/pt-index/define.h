/*
 * define.h
 *		What a definition says of itself: name, signature, documentation, visibility.
 */
#ifndef DEFINE_H
#define DEFINE_H

#include "scanner.h"

/* What a function returns, a value in it. */
extern void define_take_result(Scan *scan, TSNode value);

/* The definition of a type at a node; scope is null where it does not name one. */
extern void define_take(Scan *scan, const char *type, TSNode node, TSNode name, TSNode scope);

/* Does a name in Ruby end with ! or ?, which its grammar leaves out? */
extern bool define_has_sign(const Scanner *scanner, Span written);

#endif							/* DEFINE_H */
