/*
 * argument.h
 *		Types of arguments and parameters, by which functions of one name are told
 *		apart, in languages with LANGUAGE_TYPED; of others nothing.
 *
 * Types are names, as bind.h has them, with [] behind those of arrays. With commas
 * between them; ? is one that is not known, & a function without a name.
 */
#ifndef ARGUMENT_H
#define ARGUMENT_H

#include "scan.h"

/*
 * What stands in the arguments of a call, or in the parameters of a definition: of no
 * use but for the next two, once names can be looked up.
 */
extern Span argument_take(Scan *scan, TSNode call);
extern Span argument_parameters(Scan *scan, TSNode definition);

/* The types of a reference's arguments; empty if none is known. */
extern Span argument_types(Scan *scan, const Reference *reference, uint32_t start);

/*
 * The types of a definition's parameters, Object... for any number of them. False if it
 * has none.
 */
extern bool argument_parameter_types(Scan *scan, int definition, Text *types);

#endif							/* ARGUMENT_H */
