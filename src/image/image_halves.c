/*
 * image_halves.c
 *		The rows of a base that have one end.
 *
 * They are sorted by the fingerprint of that end and belong to no node: one that
 * only such rows have is none of the graph.
 */
#include "postgres.h"

#include "base/pt_sort.h"
#include "image/image_base.h"

int
image_compare_halves(const ImageHalf *a, const ImageHalf *b)
{
	if (a->fingerprint != b->fingerprint)
		return a->fingerprint < b->fingerprint ? -1 : 1;
	return ItemPointerCompare(unconstify(ItemPointerData *, &a->tid),
							  unconstify(ItemPointerData *, &b->tid));
}

static int
compare(const void *a, const void *b, void *arg)
{
	return image_compare_halves(a, b);
}

void
image_sort_halves(ImageHalf *halves, uint64 count)
{
	pt_sort(halves, count, sizeof(ImageHalf), compare, NULL);
}

static int
compare_fingerprint(const void *half, const void *key, void *arg)
{
	uint64		a = ((const ImageHalf *) half)->fingerprint;
	uint64		b = *(const uint64 *) key;

	return a < b ? -1 : a > b;
}

uint64
image_find_halves(const ImageView *view, GraphDirection direction, uint64 fingerprint)
{
	return pt_lower_bound(view->halves[direction], view->nhalves[direction], sizeof(ImageHalf),
						  &fingerprint, compare_fingerprint, NULL);
}
