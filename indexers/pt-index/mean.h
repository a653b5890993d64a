/*
 * mean.h
 *		What a name means at the place where it is written.
 */
#ifndef MEAN_H
#define MEAN_H

#include "bind.h"

/*
 * What a reference in a definition at a place means, in place of what is
 * written there. True if it is something that the language brings with it.
 */
extern bool mean_qualify(Scan *scan, Reference *reference, uint32_t start);

/* Of a reference to a function's own definition, whence and to what it leads. False if there is none. */
extern bool mean_decorated(Scan *scan, Reference *reference, uint32_t start);

/*
 * May a name that is handed over, or stored, be that of a function? False if the file knows it to
 * be something else, or nothing. What is of this file, or imported, is qualified then.
 */
extern bool mean_function(Scan *scan, Reference *reference, uint32_t start);

/*
 * What an expression is, as names in a language with LANGUAGE_TYPED: a type, or a name that
 * leads to a value. False if nothing is known of it.
 */
extern bool mean_value(Scan *scan, Span expression, int scope, uint32_t start, Text *text);

/* The name of the type that an annotation says something is of, as it is written; empty if there is none. */
extern Span mean_type_name(const Scan *scan, Span annotation);

/* The type of what a variable is bound to, or a name that leads to a value; false if it is not known. */
extern bool mean_binding_type(Scan *scan, const Binding *binding, Text *type);

/* What a function returns that does not say so, by the names of a value in it; false if that is not known. */
extern bool mean_result(Scan *scan, Span names, int scope, uint32_t start, Text *type);

/* The type that an annotation names, qualified; false if it is not one known type. */
extern bool mean_annotation(Scan *scan, Span annotation, int scope, uint32_t start, Text *type);

/*
 * The next field of a class whose type is known, and that; NULL if there is no
 * more. at is 0 at first and need not be set back for classes further down.
 */
extern const Binding *mean_next_field(Scan *scan, int class, size_t *at, Text *type);

#endif							/* MEAN_H */
