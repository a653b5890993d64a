/*
 * sha256.h
 *		SHA-256, by which it is told whether a text has changed.
 */
#ifndef SHA256_H
#define SHA256_H

#include "text.h"

/* The digest in hexadecimal digits, with a zero byte. */
extern void sha256(Span span, char hex[65]);

#endif							/* SHA256_H */
