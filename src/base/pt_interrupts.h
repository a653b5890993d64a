/*
 * pt_interrupts.h
 *		Looking for interrupts in loops whose steps take nanoseconds.
 */
#ifndef PT_INTERRUPTS_H
#define PT_INTERRUPTS_H

#include "miscadmin.h"

/* steps of such a loop, a fraction of a millisecond together */
#define PT_CHECK_EVERY 4096

/*
 * In each step, with a number that goes up or down by one. No lock is held
 * that holds interrupts off.
 */
static inline void
pt_check_interrupts(uint64 step)
{
	if (step % PT_CHECK_EVERY == 0)
		CHECK_FOR_INTERRUPTS();
}

#endif							/* PT_INTERRUPTS_H */
