/*
 * image_memory.c
 *		The memory that a session may use for images of its own.
 *
 * Everything lives below one context, so what is used can always be asked
 * and no error path can lose count.
 */
#include "postgres.h"

#ifndef WIN32
#include <sys/mman.h>
#endif

#include "base/pt_guc.h"
#include "image/image_memory.h"
#include "utils/memutils.h"

/* of the processors that matter; smaller tables gain little by large pages */
#define LARGE_PAGE ((Size) 2 * 1024 * 1024)
#define LEAST_IN_LARGE_PAGES (4 * LARGE_PAGE)

static MemoryContext top_context = NULL;

static bool (*evict_one) (void) = NULL;

void
image_memory_set_evict(bool (*evict) (void))
{
	evict_one = evict;
}

MemoryContext
image_memory_context(void)
{
	if (top_context == NULL)
		top_context = AllocSetContextCreate(TopMemoryContext,
											"parseltongue images",
											ALLOCSET_SMALL_SIZES);
	return top_context;
}

static Size
available(void)
{
	Size		limit = (Size) pt_local_image_memory * 1024;
	Size		used = MemoryContextMemAllocated(image_memory_context(), true);

	return used < limit ? limit - used : 0;
}

bool
image_memory_is_plenty(Size needed)
{
	Size		half = (Size) pt_local_image_memory * 1024 / 2;
	Size		left = available();

	return left >= half && left - half >= needed;
}

bool
image_memory_make_room(Size needed)
{
	if (needed > (Size) pt_local_image_memory * 1024)
		return false;
	/* to ask what is available takes a look at each image there is */
	if (needed == 0)
		return true;
	while (available() < needed)
		if (evict_one == NULL || !evict_one())
			return false;
	return true;
}

void
image_memory_check(Size more)
{
	if (!image_memory_make_room(more))
		ereport(ERROR,
				(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
				 errmsg("graph image needs %zu kB more memory than parseltongue.local_image_memory allows",
						(more - available() + 1023) / 1024),
				 errdetail("The limit is %d kB, of which %zu kB are in use.",
						   pt_local_image_memory,
						   MemoryContextMemAllocated(image_memory_context(), true) / 1024),
				 errhint("Raise parseltongue.local_image_memory, or give the server room to share the image with parseltongue.shared_image_memory.")));
}

void *
image_alloc(MemoryContext context, Size size)
{
	image_memory_check(size);
	return MemoryContextAllocHuge(context, size);
}

void
image_want_large_pages(void *memory, Size size)
{
#ifdef MADV_HUGEPAGE
	char	   *first = (char *) TYPEALIGN(LARGE_PAGE, memory);
	char	   *end = (char *) TYPEALIGN_DOWN(LARGE_PAGE, (char *) memory + size);

	if (size >= LEAST_IN_LARGE_PAGES)
		(void) madvise(first, end - first, MADV_HUGEPAGE);
#endif
}

void *
image_alloc_table(MemoryContext context, Size size)
{
	void	   *table = image_alloc(context, size);

	image_want_large_pages(table, size);
	memset(table, 0, size);
	return table;
}
