/*
 * export.h
 *		What a file's names are to others, where they are not what it defines itself.
 */
#ifndef EXPORT_H
#define EXPORT_H

#include "bind.h"

/* Nodes of one match of a query; null where it has none. */
typedef struct ExportNodes
{
	TSNode		name;			/* here, or in the module */
	TSNode		as;				/* for others */
	TSNode		module;
	TSNode		all;			/* a module, all names of which are passed on */
	TSNode		standard;		/* the name here of what has none for others */
} ExportNodes;

extern void export_take(Scan *scan, const ExportNodes *nodes);

/* All names of a module are this file's, too. */
extern void export_all(Scan *scan, Span module);

/*
 * The next name of the file's that others find something by which is no definition of
 * it: its type, or = and what it is. False if there is no more. at is 0 at first.
 */
extern bool export_next(Scan *scan, size_t *at, Text *name, Text *means);

#endif							/* EXPORT_H */
