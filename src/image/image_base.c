/*
 * image_base.c
 *		Layout of a base, and its tables of nodes and labels.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "graph/graph.h"
#include "image/image_base.h"
#include "port/pg_bitutils.h"

/* nodes whose slots are asked of memory before they are filled */
#define FILL_AHEAD 16

static Size
place(Size *end, Size size)
{
	Size		at = *end;

	*end = add_size(at, MAXALIGN(size));
	return at;
}

Size
image_base_layout(ImageBase *header, bool with_keys)
{
	Size		end = MAXALIGN(sizeof(ImageBase));
	uint64		slots = pg_nextpower2_64(Max(16, (uint64) header->nnodes * 3 / 2));
	uint64		label_slots = pg_nextpower2_64(Max(16, (uint64) header->nlabels * 3 / 2));

	header->magic = IMAGE_MAGIC;
	header->slot_mask = (uint32) (slots - 1);
	header->label_slot_mask = (uint32) (label_slots - 1);
	header->fingerprints = place(&end, mul_size(header->nnodes, sizeof(uint64)));
	header->checks = place(&end, mul_size(header->nnodes, sizeof(uint32)));
	header->slots = place(&end, mul_size(slots, sizeof(uint32)));
	header->labels = place(&end, mul_size(header->nlabels, sizeof(ImageLabel)));
	header->label_slots = place(&end, mul_size(label_slots, sizeof(uint32)));
	for (int d = 0; d < IMAGE_DIRECTIONS; d++)
	{
		header->offsets[d] = place(&end, mul_size((Size) header->nnodes + 1, sizeof(uint32)));
		header->ends[d] = place(&end, mul_size(header->nedges, sizeof(uint32)));
		header->tuples[d] = place(&end, mul_size(header->nedges, sizeof(ImageTuple)));
		header->high_labels[d] = header->nlabels <= IMAGE_SHORT_LABELS ? 0 :
			place(&end, mul_size(header->nedges, sizeof(uint16)));
		header->weights[d] = !header->has_weights ? 0 :
			place(&end, mul_size(header->nedges, sizeof(double)));
	}
	for (int d = 0; d < IMAGE_DIRECTIONS; d++)
	{
		if (!header->has_halves)
			header->nhalves[d] = 0;
		header->halves[d] = place(&end, mul_size(header->nhalves[d], sizeof(ImageHalf)));
	}
	header->key_room = with_keys ? image_key_room(header) : 0;
	if (header->key_room > 0)
	{
		header->key_places = place(&end, mul_size(header->nnodes, sizeof(uint32)));
		header->keys = place(&end, header->key_room);
	}
	pg_atomic_init_u64(&header->key_end, 0);
	header->size = end;
	return end;
}

void
image_base_view(ImageBase *base, ImageView *view)
{
	char	   *start = (char *) base;

	if (base->magic != IMAGE_MAGIC)
		elog(ERROR, "graph image has a bad header");

	view->base = base;
	view->nnodes = base->nnodes;
	view->nedges = base->nedges;
	view->nlabels = base->nlabels;
	view->slot_mask = base->slot_mask;
	view->hash_seed = base->hash_seed;
	view->fingerprints = (uint64 *) (start + base->fingerprints);
	view->checks = (uint32 *) (start + base->checks);
	view->slots = (uint32 *) (start + base->slots);
	view->labels = (ImageLabel *) (start + base->labels);
	view->label_slots = (uint32 *) (start + base->label_slots);
	view->key_places = (uint32 *) (start + base->key_places);
	view->keys = start + base->keys;
	view->has_halves = base->has_halves;
	for (int d = 0; d < IMAGE_DIRECTIONS; d++)
	{
		view->rows[d].offsets = (uint32 *) (start + base->offsets[d]);
		view->rows[d].ends = (uint32 *) (start + base->ends[d]);
		view->rows[d].tuples = (ImageTuple *) (start + base->tuples[d]);
		view->rows[d].high_labels = base->high_labels[d] == 0 ? NULL :
			(uint16 *) (start + base->high_labels[d]);
		view->rows[d].weights = base->weights[d] == 0 ? NULL :
			(double *) (start + base->weights[d]);
		view->nhalves[d] = base->nhalves[d];
		view->halves[d] = (ImageHalf *) (start + base->halves[d]);
	}
}

static void
fill_label_slots(ImageView *view)
{
	uint32		mask = view->base->label_slot_mask;

	memset(view->label_slots, 0, ((Size) mask + 1) * sizeof(uint32));
	view->base->has_guesses = false;
	for (uint32 label = IMAGE_NO_LABEL + 1; label < view->nlabels; label++)
	{
		uint32		slot = image_hash_label(view->hash_seed, view->labels[label]) & mask;

		pt_check_interrupts(label);
		while (view->label_slots[slot] != 0)
			slot = (slot + 1) & mask;
		view->label_slots[slot] = label;
		view->base->has_guesses |= (view->labels[label].flags & ADJ_CONFIDENCE) != 0;
	}
}

void
image_base_fill_slots(ImageView *view)
{
	fill_label_slots(view);
	memset(view->slots, 0, ((Size) view->slot_mask + 1) * sizeof(uint32));
	for (uint32 node = 0; node < view->nnodes; node++)
	{
		uint32		slot = image_hash(view->hash_seed, view->fingerprints[node]) & view->slot_mask;

		pt_check_interrupts(node);
		if (node + FILL_AHEAD < view->nnodes)
			__builtin_prefetch(&view->slots[image_hash(view->hash_seed,
													   view->fingerprints[node + FILL_AHEAD]) &
											view->slot_mask], 1);
		while (view->slots[slot] != 0)
			slot = (slot + 1) & view->slot_mask;
		view->slots[slot] = node + 1;
	}
}

uint32
image_base_find(const ImageView *view, AdjNode node, bool *collision)
{
	uint32		slot = image_hash(view->hash_seed, node.fingerprint) & view->slot_mask;

	*collision = false;
	while (view->slots[slot] != 0)
	{
		uint32		found = view->slots[slot] - 1;

		if (view->fingerprints[found] == node.fingerprint)
		{
			if (view->checks[found] == node.check)
				return found;
			*collision = true;
			return GRAPH_NO_NODE;
		}
		slot = (slot + 1) & view->slot_mask;
	}
	return GRAPH_NO_NODE;
}

/* First the slots, then what these lead to: each is a place of its own. */
void
image_base_prefetch(const ImageView *view, const AdjNode *nodes, int count)
{
	for (int i = 0; i < count; i++)
		__builtin_prefetch(&view->slots[image_hash(view->hash_seed, nodes[i].fingerprint) &
										view->slot_mask]);
	for (int i = 0; i < count; i++)
	{
		uint32		hash = image_hash(view->hash_seed, nodes[i].fingerprint);

		/* the next one, too: every third node is there */
		for (int j = 0; j < 2; j++)
		{
			uint32		slot = view->slots[(hash + j) & view->slot_mask];

			if (slot == 0)
				break;
			__builtin_prefetch(&view->fingerprints[slot - 1]);
			if (j == 0)
				__builtin_prefetch(&view->checks[slot - 1]);
		}
	}
}

/* The id of a label, or IMAGE_NO_LABEL. */
uint32
image_base_find_label(const ImageView *view, ImageLabel label)
{
	uint32		mask = view->base->label_slot_mask;
	uint32		slot = image_hash_label(view->hash_seed, label) & mask;

	while (view->label_slots[slot] != 0 &&
		   !image_same_label(view->labels[view->label_slots[slot]], label))
		slot = (slot + 1) & mask;
	return view->label_slots[slot];
}

void
image_too_large(const char *what, uint64 limit)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("graph has more than " UINT64_FORMAT " %s", limit, what),
			 errhint("Split the table; VACUUM removes what belongs to dead rows.")));
}

void
image_collision(Relation index)
{
	ereport(ERROR,
			(errcode(ERRCODE_INDEX_CORRUPTED),
			 errmsg("two nodes of adjacency index \"%s\" have the same fingerprint",
					RelationGetRelationName(index)),
			 errhint("REINDEX it (on a standby: on the primary), which draws a new hash seed.")));
}
