/*
 * kernel_heap.c
 *		What a search reaches next: the cheapest first.
 *
 * A heap of four children a node, which is flatter than one of two, so that an
 * item that becomes cheaper, as most do at first, moves over fewer cache lines
 * (LaMarca and Ladner, "The influence of caches on the performance of heaps",
 * 1996). Items know their slots.
 */
#include "postgres.h"

#include "kernel/kernel_heap.h"

#define CHILDREN 4

/* Items are told apart, so that the order is the same each time. */
static inline bool
comes_before(const KernelHeap *heap, uint32 a, uint32 b)
{
	const KernelCost *x = &heap->costs[a];
	const KernelCost *y = &heap->costs[b];

	if (x->cost != y->cost)
		return x->cost < y->cost;
	return x->hops != y->hops ? x->hops < y->hops : a < b;
}

static inline void
put(KernelHeap *heap, uint64 slot, uint32 item)
{
	heap->items[slot] = item;
	heap->costs[item].slot = (uint32) slot;
}

/* Put an item where a slot is free, or nearer to the top. */
static void
lift(KernelHeap *heap, uint64 slot, uint32 item)
{
	while (slot > 0)
	{
		uint64		parent = (slot - 1) / CHILDREN;

		if (!comes_before(heap, item, heap->items[parent]))
			break;
		put(heap, slot, heap->items[parent]);
		slot = parent;
	}
	put(heap, slot, item);
}

void
kernel_heap_push(KernelHeap *heap, uint32 item, PtBudget *budget)
{
	heap->items = pt_grow(budget, heap->items, &heap->capacity, heap->count + 1, sizeof(uint32));
	lift(heap, heap->count++, item);
}

void
kernel_heap_lift(KernelHeap *heap, uint32 item)
{
	lift(heap, heap->costs[item].slot, item);
}

uint32
kernel_heap_pop(KernelHeap *heap)
{
	uint32		top = heap->items[0];
	uint32		item = heap->items[--heap->count];
	uint64		slot = 0;

	heap->costs[top].slot = KERNEL_NO_SLOT;
	if (heap->count == 0)
		return top;
	for (;;)
	{
		uint64		first = slot * CHILDREN + 1;
		uint64		last = Min(first + CHILDREN, heap->count);
		uint64		best = first;

		if (first >= heap->count)
			break;
		for (uint64 i = first + 1; i < last; i++)
		{
			if (comes_before(heap, heap->items[i], heap->items[best]))
				best = i;
		}
		if (!comes_before(heap, heap->items[best], item))
			break;
		put(heap, slot, heap->items[best]);
		slot = best;
	}
	put(heap, slot, item);
	return top;
}
