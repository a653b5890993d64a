/*
 * place.h
 *		Definitions and references in their order, each with the definition around it.
 */
#ifndef PLACE_H
#define PLACE_H

#include "scanner.h"

/* Each definition finds the one around it. */
extern void place_definitions(Scan *scan);

/* Each reference finds the definition around it; of several at a place one stays. False if it is late. */
extern bool place_references(Scan *scan);

#endif							/* PLACE_H */
