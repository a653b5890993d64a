/*
 * watch.h
 *		A tree that is followed while it changes.
 */
#ifndef WATCH_H
#define WATCH_H

#include "work.h"

/*
 * Index what has changed in the tree, then whatever changes, until a signal
 * asks to stop. False, after a message, if that was given up before.
 */
extern bool watch_tree(const Options *options, SourceTree *tree);

#endif							/* WATCH_H */
