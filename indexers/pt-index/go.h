/*
 * go.h
 *		What only Go has: import paths, and types as they are written.
 */
#ifndef GO_H
#define GO_H

#include "text.h"

/*
 * The path by which the folder of a file is imported: that of its module, which the
 * nearest go.mod says, and the folders below it; what is below vendor, or below src with
 * a host's name, has its own. Where nobody says it, ./ and the folder, with prefix before
 * it. path is from the directory, which is open. A file that no build takes is by itself.
 */
extern void go_import_path(int directory, const char *path, const char *prefix, Span content, Text *result);

/* What a package is called that is imported by a path, if the import does not say so. */
extern Span go_package_name(Span import_path);

/*
 * The name of the type that something of this type is, or has in it: of T, *T, []T and
 * map[string]T that is T. lists: how many lists, maps or channels are around it. Empty if
 * the type has no name.
 */
extern Span go_type_name(Span type, int *lists);

#endif							/* GO_H */
