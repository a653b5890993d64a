/*
 * test.h
 *		Tests that are no functions by themselves: calls that are given a text and a
 *		function, and macros.
 */
#ifndef TEST_H
#define TEST_H

#include "scanner.h"

/* Is what is called a function or macro that makes a test: it, describe.each([1, 2]), TEST_CASE? */
extern bool test_is_made_by(Span called);

/*
 * The name of a test by what makes it and a text: "it saves all", without signs that names are put
 * together by. It has a blank in it, so that no name in the code is taken for it; empty if the
 * text says nothing.
 */
extern Span test_name(Scanner *scanner, Span called, Span text);

/*
 * Of what looks like a function, TEST(Suite, adds), the second name as it is written, and the scope
 * in which the test stands. False if it is none.
 */
extern bool test_of_macro(const Scanner *scanner, TSNode macro, Span *name, Span *scope);

#endif							/* TEST_H */
