/*
 * code_platform.h
 *		Which platforms a file is for, by the words of its path.
 */
#ifndef CODE_PLATFORM_H
#define CODE_PLATFORM_H

#include "base/pt_texts.h"

/* The platforms that a path names, src/win32/io.c or os_linux.c, as bits; 0 for none. O(length). */
extern uint32 code_platforms(PtText path);

/* May code for these platforms and code for those be in one program? Code that names none may be in any. */
extern bool code_platforms_meet(uint32 a, uint32 b);

#endif							/* CODE_PLATFORM_H */
