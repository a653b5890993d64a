/*
 * pt_interrupts.h
 *		Looking for interrupts: in loops whose steps take nanoseconds, and in waits.
 */
#ifndef PT_INTERRUPTS_H
#define PT_INTERRUPTS_H

#include "miscadmin.h"

/* steps of such a loop, a fraction of a millisecond together */
#define PT_CHECK_EVERY 4096

/*
 * In processes that work for others: called wherever a long loop looks for
 * interrupts, and may raise an error. NULL in sessions.
 */
extern void (*pt_interrupt_hook) (void);

/* Between two steps that take longer, of whole pages for instance. */
static inline void
pt_take_interrupts(void)
{
	CHECK_FOR_INTERRUPTS();
	if (unlikely(pt_interrupt_hook != NULL))
		pt_interrupt_hook();
}

/*
 * In each step, with a number that goes up or down by one. No lock is held
 * that holds interrupts off.
 */
static inline void
pt_check_interrupts(uint64 step)
{
	if (step % PT_CHECK_EVERY == 0)
		pt_take_interrupts();
}

/*
 * Wait for so long, or until the process is told something, and look for interrupts;
 * event is what pg_stat_activity calls it. Does not return if the postmaster is gone.
 */
extern void pt_nap(long milliseconds, uint32 event);

#endif							/* PT_INTERRUPTS_H */
