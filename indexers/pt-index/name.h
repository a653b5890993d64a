/*
 * name.h
 *		Names and first lines, read from the source text.
 */
#ifndef NAME_H
#define NAME_H

#include "text.h"

/* May this be in a name? */
extern bool name_has_byte(char c);

/*
 * The name that an expression ends with, as far as names and their separators
 * lead to it: a.b->c, std::max. What is before it and no name, as in f(x).y or
 * "text".y, becomes a question mark. Arguments in angle brackets are left out.
 * False if it does not end with a name.
 */
extern bool name_of_expression(Text *text, Span expression);

/* Cut a qualified name before its last part: that part. */
extern Span name_last_part(Span name, Span *qualifier);

/* Is it written in capitals, with two letters at least? */
extern bool name_is_constant(Span name);

/* Text on one line, blanks for white space, at most so many bytes. */
extern void name_one_line(Text *text, Span source, size_t limit);

/* The first line of a comment or docstring that says something. */
extern Span name_first_line(Span comment);

/* Is a text a name, or several with dots between them? */
extern bool name_is_plain(Span text);

/* Where the package of a full name ends, and the name of a type begins, which has a capital. */
extern size_t name_package_length(Span name);

/* Is there this word in a text? */
extern bool name_has_word(Span text, const char *word);

#endif							/* NAME_H */
