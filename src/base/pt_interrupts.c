/*
 * pt_interrupts.c
 *		Looking for interrupts: in loops whose steps take nanoseconds, and in waits.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "storage/latch.h"

void		(*pt_interrupt_hook) (void) = NULL;

void
pt_nap(long milliseconds, uint32 event)
{
	(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
					 milliseconds, event);
	ResetLatch(MyLatch);
	CHECK_FOR_INTERRUPTS();
}
