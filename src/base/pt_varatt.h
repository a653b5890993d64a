/*
 * pt_varatt.h
 *		The layout of values of variable length: until 15 part of postgres.h.
 */
#ifndef PT_VARATT_H
#define PT_VARATT_H

#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#endif							/* PT_VARATT_H */
