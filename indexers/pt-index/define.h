/*
 * define.h
 *		What a definition says of itself: name, signature, documentation, visibility.
 */
#ifndef DEFINE_H
#define DEFINE_H

#include "scanner.h"

/* What a function returns, a value in it. */
extern void define_take_result(Scan *scan, TSNode value);

/*
 * The definition of a type at a node; scope is null where it does not name one. Of a test that
 * is a call it is what is called, and name a text.
 */
extern void define_take(Scan *scan, const char *type, TSNode node, TSNode name, TSNode scope);

/* Is it a function that gives another one for the one that it is given: React.memo, styled.div? */
extern bool define_wraps(Span called);

/* By its name a decorator that keeps what it is given, to be called later: app.route("/")? */
extern bool define_registers(Span decorator);

/* By convention a macro that declares a variable: DEFINE_MUTEX, LIST_HEAD? */
extern bool define_declares(Span macro);

/* Does a name in Ruby end with ! or ?, which its grammar leaves out? */
extern bool define_has_sign(const Scanner *scanner, Span written);

#endif							/* DEFINE_H */
