/*
 * image_build.c
 *		Decoding the whole log into a base.
 *
 * Two phases. Decoding reads the log once, gives nodes dense ids in order of
 * first appearance, and keeps each edge as (source, target, label, TID).
 * Placing sorts the edges into rows of both directions by counting. Rows with one
 * end are collected on the side, as long as there is memory for them. Dead
 * entries are left out. Tombstones can be passed over: the marks they announce
 * were set in the same WAL records, before we read the pages.
 *
 * image_base.h tells the cost.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "catalog/pg_type.h"
#include "graph/graph.h"
#include "image/image_base.h"
#include "image/image_memory.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

/* keys of source code have 30 to 80 characters on average */
#define EXPECTED_TEXT_KEY 64

typedef struct NodeSlot
{
	uint64		fingerprint;
	uint32		check;
	uint32		node;			/* id + 1, or 0 if free */
} NodeSlot;

typedef struct Decoder
{
	Relation	index;
	MemoryContext context;
	uint64		hash_seed;
	uint32		key_size;		/* of a node, on average */

	NodeSlot   *slots;
	uint32		slot_mask;
	uint64	   *fingerprints;	/* by node */
	uint32	   *checks;
	uint32		nnodes;
	uint32		node_capacity;

	ImageLabel *labels;			/* by label id */
	uint32		nlabels;
	uint32		label_capacity;
	uint32	   *label_slots;	/* open addressing, made on demand */
	uint32		label_slot_mask;
	ImageLabel	last_label;
	uint32		last_label_id;

	uint32	   *ends[IMAGE_DIRECTIONS]; /* [GRAPH_OUT] targets, [GRAPH_IN] sources */
	uint16	   *edge_labels;	/* lower halves of the ids */
	uint16	   *high_labels;	/* upper halves, once there is one */
	ItemPointerData *tids;
	bool		has_weights;
	double	   *weights;		/* if it has */
	uint32		nedges;
	uint32		edge_capacity;

	bool		has_halves;		/* until something else needs their memory */
	ImageHalf  *halves[IMAGE_DIRECTIONS];
	uint64		nhalves[IMAGE_DIRECTIONS];
	uint64		half_capacity[IMAGE_DIRECTIONS];
} Decoder;

#define FIRST_LABEL_SLOTS 1024

/* ---- growing ---- */

static void
drop_halves(Decoder *d)
{
	d->has_halves = false;
	for (int i = 0; i < IMAGE_DIRECTIONS; i++)
	{
		if (d->halves[i] != NULL)
			pfree(d->halves[i]);
		d->halves[i] = NULL;
		d->nhalves[i] = d->half_capacity[i] = 0;
	}
}

/* No graph is too large because of rows that are no edges. */
static void
check_memory(Decoder *d, Size more)
{
	if (d->has_halves && !image_memory_make_room(more))
		drop_halves(d);
	image_memory_check(more);
}

static void *
resize(Decoder *d, void *old, Size new_size)
{
	/* while it is copied, both exist */
	check_memory(d, new_size);
	if (old == NULL)
		old = MemoryContextAllocHuge(d->context, new_size);
	else
		old = repalloc_huge(old, new_size);
	image_want_large_pages(old, new_size);
	return old;
}

static void
allocate_edges(Decoder *d, uint64 capacity)
{
	if (capacity <= d->edge_capacity)
		image_too_large("edges", PG_UINT32_MAX - 1);
	for (int i = 0; i < IMAGE_DIRECTIONS; i++)
		d->ends[i] = resize(d, d->ends[i], capacity * sizeof(uint32));
	d->edge_labels = resize(d, d->edge_labels, capacity * sizeof(uint16));
	if (d->high_labels != NULL)
		d->high_labels = resize(d, d->high_labels, capacity * sizeof(uint16));
	d->tids = resize(d, d->tids, capacity * sizeof(ItemPointerData));
	if (d->has_weights)
		d->weights = resize(d, d->weights, capacity * sizeof(double));
	d->edge_capacity = (uint32) capacity;
}

static void
grow_edges(Decoder *d)
{
	allocate_edges(d, Min((uint64) d->edge_capacity * 3 / 2 + 1024, PG_UINT32_MAX - 1));
}

static void
grow_slots(Decoder *d, uint64 nslots)
{
	NodeSlot   *old = d->slots;
	uint32		old_mask = d->slot_mask;

	check_memory(d, nslots * sizeof(NodeSlot));
	d->slots = image_alloc_table(d->context, nslots * sizeof(NodeSlot));
	d->slot_mask = (uint32) (nslots - 1);
	if (old == NULL)
		return;
	for (uint64 i = 0; i <= old_mask; i++)
	{
		uint32		slot;

		pt_check_interrupts(i);
		if (old[i].node == 0)
			continue;
		slot = image_hash(d->hash_seed, old[i].fingerprint) & d->slot_mask;
		while (d->slots[slot].node != 0)
			slot = (slot + 1) & d->slot_mask;
		d->slots[slot] = old[i];
	}
	pfree(old);
}

static void
grow_nodes(Decoder *d)
{
	uint64		capacity = (uint64) d->node_capacity * 2;

	if (d->nnodes >= PG_UINT32_MAX / 2 - 1)
		image_too_large("nodes", PG_UINT32_MAX / 2 - 1);
	d->fingerprints = resize(d, d->fingerprints, capacity * sizeof(uint64));
	d->checks = resize(d, d->checks, capacity * sizeof(uint32));
	/* at most half full */
	grow_slots(d, capacity * 2);
	d->node_capacity = (uint32) capacity;
}

/* ---- decoding ---- */

static inline uint32
decode_node(Decoder *d, uint64 fingerprint, uint32 check)
{
	uint32		slot = image_hash(d->hash_seed, fingerprint) & d->slot_mask;

	while (d->slots[slot].node != 0)
	{
		if (d->slots[slot].fingerprint == fingerprint)
		{
			if (d->slots[slot].check != check)
				image_collision(d->index);
			return d->slots[slot].node - 1;
		}
		slot = (slot + 1) & d->slot_mask;
	}

	if (d->nnodes == d->node_capacity)
	{
		grow_nodes(d);
		return decode_node(d, fingerprint, check);
	}
	d->fingerprints[d->nnodes] = fingerprint;
	d->checks[d->nnodes] = check;
	d->slots[slot].fingerprint = fingerprint;
	d->slots[slot].check = check;
	d->slots[slot].node = ++d->nnodes;
	return d->nnodes - 1;
}

static void *
alloc_zeroed(Decoder *d, Size size)
{
	check_memory(d, size);
	return MemoryContextAllocExtended(d->context, size,
									  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

/* The slot of a label, or the free one where it belongs. */
static inline uint32
find_label_slot(const Decoder *d, ImageLabel label)
{
	uint32		slot = image_hash_label(d->hash_seed, label) & d->label_slot_mask;

	while (d->label_slots[slot] != 0 &&
		   !image_same_label(d->labels[d->label_slots[slot]], label))
		slot = (slot + 1) & d->label_slot_mask;
	return slot;
}

/* Make room for one label more; at most half of the slots are taken. */
static void
grow_label_slots(Decoder *d)
{
	uint64		nslots = FIRST_LABEL_SLOTS;

	if (d->label_slots != NULL)
	{
		if (d->nlabels <= d->label_slot_mask / 2)
			return;
		nslots = ((uint64) d->label_slot_mask + 1) * 2;
		pfree(d->label_slots);
		d->label_slots = NULL;
	}
	d->label_slots = alloc_zeroed(d, nslots * sizeof(uint32));
	d->label_slot_mask = (uint32) (nslots - 1);
	for (uint32 label = IMAGE_NO_LABEL + 1; label < d->nlabels; label++)
	{
		pt_check_interrupts(label);
		d->label_slots[find_label_slot(d, d->labels[label])] = label;
	}
}

static uint32
add_label(Decoder *d, ImageLabel label)
{
	if (d->nlabels >= PG_UINT32_MAX / 2)
		image_too_large("pairs of label and confidence", PG_UINT32_MAX / 2);
	if (d->nlabels == IMAGE_SHORT_LABELS)
		d->high_labels = alloc_zeroed(d, (Size) d->edge_capacity * sizeof(uint16));
	if (d->nlabels == d->label_capacity)
	{
		d->labels = resize(d, d->labels, (Size) d->label_capacity * 2 * sizeof(ImageLabel));
		d->label_capacity *= 2;
	}
	d->labels[d->nlabels] = label;
	return d->nlabels++;
}

static uint32
decode_label(Decoder *d, const AdjEntry *entry)
{
	ImageLabel	label = image_entry_label(entry);
	uint32		slot;

	if (label.flags == ADJ_NO_LABEL)
		return IMAGE_NO_LABEL;
	/* most edges carry the label of the edge before */
	if (image_same_label(label, d->last_label) && d->last_label_id != IMAGE_NO_LABEL)
		return d->last_label_id;

	grow_label_slots(d);
	slot = find_label_slot(d, label);
	if (d->label_slots[slot] == 0)
		d->label_slots[slot] = add_label(d, label);
	d->last_label = label;
	d->last_label_id = d->label_slots[slot];
	return d->last_label_id;
}

static void
decode_half(Decoder *d, const AdjEntry *entry)
{
	int			direction = image_half_direction(entry);
	uint64		capacity = d->half_capacity[direction];
	ImageHalf  *half;

	if (d->has_halves && d->nhalves[direction] == capacity)
	{
		capacity = capacity * 3 / 2 + 1024;
		if (image_memory_make_room(capacity * sizeof(ImageHalf)))
		{
			d->halves[direction] = resize(d, d->halves[direction], capacity * sizeof(ImageHalf));
			d->half_capacity[direction] = capacity;
		}
		else
			drop_halves(d);
	}
	if (!d->has_halves)
		return;
	half = &d->halves[direction][d->nhalves[direction]++];
	half->fingerprint = direction == GRAPH_OUT ? entry->source : entry->target;
	half->tid = entry->tid;
	half->spare = 0;
}

/* The node table is larger than any cache: ask for its lines ahead of use. */
static void
prefetch_nodes(const Decoder *d, const AdjReader *reader)
{
	for (int i = 0; i < reader->count; i++)
	{
		const AdjEntry *entry = adj_reader_entry(reader, i);

		__builtin_prefetch(&d->slots[image_hash(d->hash_seed, entry->source) & d->slot_mask]);
		__builtin_prefetch(&d->slots[image_hash(d->hash_seed, entry->target) & d->slot_mask]);
	}
}

static void
decode_batch(Decoder *d, const AdjReader *reader)
{
	prefetch_nodes(d, reader);
	while (d->nedges + (uint64) reader->count > d->edge_capacity)
		grow_edges(d);
	for (int i = 0; i < reader->count; i++)
	{
		const AdjEntry *entry = adj_reader_entry(reader, i);
		uint32		label;

		if (entry->flags & ADJ_NO_EDGE)
		{
			if (adj_is_half(entry->flags))
				decode_half(d, entry);
			continue;
		}
		d->ends[GRAPH_IN][d->nedges] = decode_node(d, entry->source, entry->source_check);
		d->ends[GRAPH_OUT][d->nedges] = decode_node(d, entry->target, entry->target_check);
		label = decode_label(d, entry);
		d->edge_labels[d->nedges] = (uint16) label;
		if (d->high_labels != NULL)
			d->high_labels[d->nedges] = (uint16) (label >> 16);
		d->tids[d->nedges] = entry->tid;
		if (d->has_weights)
			d->weights[d->nedges] = AdjEntryWeight(entry);
		d->nedges++;
	}
}

/* What to expect of a key in bytes. Integers are their own fingerprints. */
static uint32
key_size(Oid node_type)
{
	if (adj_is_integer(node_type))
		return 0;
	return node_type == UUIDOID ? UUID_LEN : EXPECTED_TEXT_KEY;
}

static void
init_decoder(Decoder *d, Relation index, const AdjMeta *meta, MemoryContext context)
{
	uint64		expected = adj_live_edges(meta);

	memset(d, 0, sizeof(Decoder));
	d->index = index;
	d->context = context;
	d->hash_seed = meta->hash_seed;
	d->has_halves = true;
	d->has_weights = adj_columns(index, meta)->has_weight;
	d->key_size = key_size(adj_columns(index, meta)->node_type);
	/* room for a page more, which a batch may ask for */
	allocate_edges(d, Min(expected + ADJ_MAX_PAGE_ENTRIES, PG_UINT32_MAX - 1));
	d->node_capacity = 512;
	grow_nodes(d);
	d->label_capacity = 16;
	d->labels = resize(d, NULL, d->label_capacity * sizeof(ImageLabel));
	memset(&d->labels[IMAGE_NO_LABEL], 0, sizeof(ImageLabel));
	d->labels[IMAGE_NO_LABEL].flags = ADJ_NO_LABEL;
	d->nlabels = 1;
}

/* ---- placing ---- */

/* edges whose places are found, and asked of memory, before they are filled */
#define PLACE_BATCH 64

/*
 * Place edges first .. last - 1 of those of from[e] and to[e]. Rows are all over
 * memory, so each place is a cache miss or two: they are asked for together.
 */
static inline void
place_batch(const Decoder *d, ImageRows *rows, const uint32 *from, const uint32 *to,
			uint32 first, uint32 last)
{
	uint32		places[PLACE_BATCH];

	for (uint32 e = last; e-- > first;)
	{
		uint32		at = --rows->offsets[from[e]];

		places[e - first] = at;
		__builtin_prefetch(&rows->ends[at], 1);
		__builtin_prefetch(&rows->tuples[at], 1);
	}
	for (uint32 e = first; e < last; e++)
	{
		uint32		at = places[e - first];

		rows->ends[at] = to[e];
		rows->tuples[at].tid = d->tids[e];
		rows->tuples[at].label = d->edge_labels[e];
		if (rows->high_labels != NULL)
			rows->high_labels[at] = d->high_labels[e];
		if (rows->weights != NULL)
			rows->weights[at] = d->weights[e];
	}
}

/*
 * Fill the rows of one direction: edge e goes to the row of from[e] with
 * to[e]. Counting sort, which keeps log order within a row.
 */
static void
place_rows(const Decoder *d, ImageRows *rows, uint32 nnodes,
		   const uint32 *from, const uint32 *to)
{
	uint32	   *offsets = rows->offsets;

	memset(offsets, 0, ((Size) nnodes + 1) * sizeof(uint32));
	for (uint32 e = 0; e < d->nedges; e++)
	{
		pt_check_interrupts(e);
		offsets[from[e]]++;
	}
	/* offsets[v] is the end of row v now; placing backwards finds it */
	for (uint32 v = 1; v <= nnodes; v++)
		offsets[v] += offsets[v - 1];
	for (uint32 last = d->nedges, first; last > 0; last = first)
	{
		first = (last - 1) / PLACE_BATCH * PLACE_BATCH;
		pt_check_interrupts(first);
		place_batch(d, rows, from, to, first, last);
	}
}

static void
place_halves(const Decoder *d, ImageView *view)
{
	for (int i = 0; i < IMAGE_DIRECTIONS; i++)
	{
		if (view->nhalves[i] > 0)
			memcpy(view->halves[i], d->halves[i], view->nhalves[i] * sizeof(ImageHalf));
		image_sort_halves(view->halves[i], view->nhalves[i]);
	}
}

static ImageBase *
place_base(Decoder *d, const AdjReader *reader, ImageAllocate allocate, void *arg)
{
	ImageBase	header = {0};
	ImageBase  *base;
	ImageView	view;

	header.nnodes = d->nnodes;
	header.nedges = d->nedges;
	header.nlabels = d->nlabels;
	header.has_weights = d->has_weights;
	header.has_halves = d->has_halves;
	memcpy(header.nhalves, d->nhalves, sizeof(header.nhalves));
	header.key_size = d->key_size;
	header.hash_seed = d->hash_seed;
	header.end_pos = reader->at_pos;
	header.end_block = reader->at_block;
	header.built_at = GetCurrentTimestamp();

	base = allocate(&header, arg);
	if (base == NULL && header.has_halves)
	{
		drop_halves(d);
		header.has_halves = false;
		base = allocate(&header, arg);
	}
	if (base == NULL)
		return NULL;
	image_base_view(base, &view);
	image_init_keys(&view);
	memcpy(view.fingerprints, d->fingerprints, (Size) d->nnodes * sizeof(uint64));
	memcpy(view.checks, d->checks, (Size) d->nnodes * sizeof(uint32));
	memcpy(view.labels, d->labels, (Size) d->nlabels * sizeof(ImageLabel));
	image_base_fill_slots(&view);
	place_rows(d, &view.rows[GRAPH_OUT], d->nnodes, d->ends[GRAPH_IN], d->ends[GRAPH_OUT]);
	place_rows(d, &view.rows[GRAPH_IN], d->nnodes, d->ends[GRAPH_OUT], d->ends[GRAPH_IN]);
	place_halves(d, &view);
	return base;
}

ImageBase *
image_build(Relation index, const AdjMetaCopy *copy, ImageAllocate allocate, void *arg)
{
	MemoryContext context = AllocSetContextCreate(image_memory_context(),
												  "parseltongue image build",
												  ALLOCSET_DEFAULT_SIZES);
	ImageBase  *base = NULL;

	PG_TRY();
	{
		Decoder		decoder;
		AdjReader  *reader = MemoryContextAlloc(context, sizeof(AdjReader));
		BufferAccessStrategy strategy = GetAccessStrategy(BAS_BULKREAD);
		AdjReadStatus status;

		init_decoder(&decoder, index, &copy->meta, context);
		adj_reader_init(reader, index, copy, InvalidBlockNumber, 0, strategy);
		while ((status = adj_reader_next(reader)) == ADJ_READ_OK)
			decode_batch(&decoder, reader);
		if (status == ADJ_READ_END)
			base = place_base(&decoder, reader, allocate, arg);
		FreeAccessStrategy(strategy);
	}
	PG_FINALLY();
	{
		MemoryContextDelete(context);
	}
	PG_END_TRY();
	return base;
}
