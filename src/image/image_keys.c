/*
 * image_keys.c
 *		The keys of nodes, beside the graph.
 *
 * To the index a text or uuid node is a hash; which key it is stands in the
 * rows of the table. Whoever has fetched a key from a row leaves it here, so
 * that no session need look for a row again to name that node. A node is its
 * key for ever, under any snapshot: only whether it is reached depends on
 * that, and the walk has found out.
 *
 * Room is reserved with the base, if there is plenty: keys are a luxury. It
 * may hold all of them, or not: one that is not here is fetched. A key is
 * written behind the end, then its place is published; nothing is moved or
 * changed. Two sessions may write the same key at the same time, which wastes
 * its bytes.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "image/image_private.h"

/* places count in units that a varlena header may be aligned to */
#define KEY_UNIT sizeof(uint32)

Size
image_key_room(const ImageBase *header)
{
	return Min(mul_size(header->nnodes, header->key_size), (Size) PG_UINT32_MAX * KEY_UNIT);
}

void
image_init_keys(ImageView *view)
{
	if (view->base->key_room > 0)
		memset(view->key_places, 0, (Size) view->nnodes * sizeof(uint32));
}

const char *
image_find_key(const Image *image, uint32 node)
{
	const ImageView *view = &image->view;
	uint32		place;

	if (view->base->key_room == 0 || node >= view->nnodes)
		return NULL;
	place = *(volatile uint32 *) &view->key_places[node];
	if (place == 0)
		return NULL;
	pg_read_barrier();
	return view->keys + (place - 1) * KEY_UNIT;
}

void
image_keep_key(Image *image, uint32 node, const char *key, Size size)
{
	ImageView  *view = &image->view;
	ImageBase  *base = view->base;
	Size		taken = TYPEALIGN(KEY_UNIT, size);
	uint64		at;

	if (node >= view->nnodes || base->key_room < taken ||
		pg_atomic_read_u64(&base->key_end) > base->key_room - taken ||
		image_find_key(image, node) != NULL)
		return;
	at = pg_atomic_fetch_add_u64(&base->key_end, taken);
	/* somebody else may have been quicker */
	if (at > base->key_room - taken)
		return;
	memcpy(view->keys + at, key, size);
	pg_write_barrier();
	*(volatile uint32 *) &view->key_places[node] = (uint32) (at / KEY_UNIT) + 1;
}

/*
 * Keys may be added to the other base meanwhile: places are read first, so
 * what they lead to has been written.
 */
void
image_copy_keys(ImageView *to, const ImageView *from)
{
	Size		end;

	image_init_keys(to);
	if (to->base->key_room == 0 || from->base->key_room == 0)
		return;
	for (uint32 node = 0; node < from->nnodes; node++)
	{
		pt_check_interrupts(node);
		to->key_places[node] = *(volatile uint32 *) &from->key_places[node];
	}
	pg_read_barrier();
	/* nodes do not get fewer, so this fits */
	end = Min(pg_atomic_read_u64(&from->base->key_end), from->base->key_room);
	memcpy(to->keys, from->keys, end);
	pg_atomic_write_u64(&to->base->key_end, end);
}
