/*
 * image_want.h
 *		Asking a worker for images that are not there.
 */
#ifndef IMAGE_WANT_H
#define IMAGE_WANT_H

#include "image/image.h"
#include "image/image_registry.h"

/* Is an index such that a worker would be asked for its image, and see it? */
extern bool image_is_worth_asking(Relation index, const AdjMetaCopy *copy);

/*
 * Ask for the image of a log once the transaction has ended, unless it is there then
 * or there is no room for so many bytes. For the clean-up after an error: does
 * nothing but note it. Of several the last counts.
 */
extern void image_want_later(const ImageKey *key, Oid index, Size size);

#endif							/* IMAGE_WANT_H */
