/*
 * module.h
 *		Modules as references name them.
 */
#ifndef MODULE_H
#define MODULE_H

#include "scan.h"

/*
 * What is written after from or import in Python, or as a source in JavaScript, as a name;
 * paths from the top of the tree begin with "./". Empty if it leads out of the tree.
 */
extern Span module_named(Scan *scan, Span written);

#endif							/* MODULE_H */
