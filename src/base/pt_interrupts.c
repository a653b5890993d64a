/*
 * pt_interrupts.c
 *		Looking for interrupts in loops whose steps take nanoseconds.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"

void		(*pt_interrupt_hook) (void) = NULL;
