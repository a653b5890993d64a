/*
 * kernel_heap.h
 *		What a search reaches next: the cheapest first.
 */
#ifndef KERNEL_HEAP_H
#define KERNEL_HEAP_H

#include "base/pt_budget.h"

#define KERNEL_NO_SLOT PG_UINT32_MAX

/* What it costs to reach an item, and by how many edges; of equal costs fewer come first. */
typedef struct KernelCost
{
	double		cost;
	uint32		hops;
	uint32		slot;			/* in the heap, or KERNEL_NO_SLOT */
} KernelCost;

/* Items are places in costs, which is its user's and may move. */
typedef struct KernelHeap
{
	KernelCost *costs;
	uint32	   *items;
	uint64		count;
	uint64		capacity;
} KernelHeap;

static inline bool
kernel_is_cheaper(const KernelCost *a, const KernelCost *b)
{
	return a->cost < b->cost || (a->cost == b->cost && a->hops < b->hops);
}

/* An item that is not in the heap. O(log of its size). */
extern void kernel_heap_push(KernelHeap *heap, uint32 item, PtBudget *budget);

/* An item in the heap has become cheaper. */
extern void kernel_heap_lift(KernelHeap *heap, uint32 item);

/* Take the cheapest, of several the least item, out of a heap that is not empty. */
extern uint32 kernel_heap_pop(KernelHeap *heap);

#endif							/* KERNEL_HEAP_H */
