/*
 * cpp.h
 *		What only C++ has: types as they are written, and macros before names of types.
 */
#ifndef CPP_H
#define CPP_H

#include "text.h"

/* functions of containers that give something in them, or an iterator, with blanks between them */
#define CPP_ELEMENTS " begin() end() cbegin() cend() rbegin() rend() front() back() top() at() find() get() lower_bound() upper_bound() [] "

/*
 * The name of the type that something of this type is, points to or has in it: of const T &,
 * std::unique_ptr<T> and std::vector<T> that is T. lists: how many containers are around
 * it. Empty if the type has no name.
 */
extern Span cpp_type_name(Span type, int *lists);

/*
 * The content with blanks in place of what no grammar knows: a macro in capitals between
 * class or struct and the name, class EXPORT Job. False, and nothing is done, if there is none.
 */
extern bool cpp_mask(Span content, Text *masked);

#endif							/* CPP_H */
