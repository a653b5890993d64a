/*
 * image_build.c
 *		Decoding the whole log into a base.
 *
 * Two phases. Decoding reads the log once, gives nodes dense ids in order of
 * first appearance, and keeps each edge as (source, target, label, TID).
 * Placing sorts the edges into rows of both directions by counting, in two
 * steps, as no cache holds all rows: first by parts of the nodes, then within each
 * part. Rows with one end are collected on the side, as long as there is memory for
 * them. Dead entries are left out. Tombstones can be passed over: the marks they
 * announce were set in the same WAL records, before we read the pages.
 *
 * Nearly all the time goes into waiting for memory. To look up a node costs a miss,
 * which is asked for ahead; to partition the look-ups by hash as well would cost as
 * much in writing them out, and to sort the log would take from nodes the numbers
 * that their order of appearance gives neighbours. Integers of a sequence are looked
 * up in an array, of which most is in the cache. The table of other nodes is at most
 * half full: at three quarters building takes a third more time.
 *
 * image_base.h tells the cost.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "catalog/pg_type.h"
#include "graph/graph.h"
#include "image/image_base.h"
#include "image/image_memory.h"
#include "port/pg_bitutils.h"
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

	uint64	   *fingerprints;	/* by node */
	uint32	   *checks;
	uint32		nnodes;
	uint32		node_capacity;

	/* the numbers of nodes that are integers below ndirect */
	bool		are_integers;
	uint32	   *direct;			/* id + 1, or 0 if none */
	uint64		ndirect;
	uint32		by_length[64];	/* how many nodes, by the leftmost bit */

	/* those of other nodes: open addressing, in the order of hashes */
	char	   *slot_memory;
	NodeSlot   *slots;			/* in it, where a cache line begins */
	uint64		nslots;
	int			slot_shift;
	uint64		nhashed;		/* nodes that are here */

	ImageLabel *labels;			/* by label id */
	uint32		nlabels;
	uint32		label_capacity;
	uint32	   *label_slots;	/* open addressing, made on demand */
	uint32		label_slot_mask;
	ImageLabel	last_label;
	uint32		last_label_id;

	/* edges in log order, as the rows of a base have them */
	uint32	   *ends[IMAGE_DIRECTIONS]; /* [GRAPH_OUT] targets, [GRAPH_IN] sources */
	ImageTuple *tuples;
	uint16	   *high_labels;	/* once a label needs them */
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

/*
 * Looking for a node begins at the first slot of a cache line, as the line that
 * follows one has to be waited for.
 */
#define FIRST_NODE_SLOTS 1024
#define CACHE_LINE 64
#define LINE_SLOTS (CACHE_LINE / sizeof(NodeSlot))

/*
 * Of integers that stand in an array, so many for each that is a node: its entries
 * of 4 bytes then take no more than two slots do, and a node has two to four.
 */
#define DIRECT_SPARSE 8
#define DIRECT_BITS_MOST 33

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
	d->tuples = resize(d, d->tuples, capacity * sizeof(ImageTuple));
	if (d->high_labels != NULL)
		d->high_labels = resize(d, d->high_labels, capacity * sizeof(uint16));
	if (d->has_weights)
		d->weights = resize(d, d->weights, capacity * sizeof(double));
	d->edge_capacity = (uint32) capacity;
}

static void
grow_edges(Decoder *d)
{
	allocate_edges(d, Min((uint64) d->edge_capacity * 3 / 2 + 1024, PG_UINT32_MAX - 1));
}

/* ---- numbering nodes ---- */

/* Before either array or slots grow: hashes have 32 bits, so there are no more slots than 2^32. */
static void
check_node_count(const Decoder *d)
{
	if (d->nnodes >= PG_UINT32_MAX / 2 - 1)
		image_too_large("nodes", PG_UINT32_MAX / 2 - 1);
}

static void
grow_nodes(Decoder *d)
{
	uint64		capacity = (uint64) d->node_capacity * 2;

	check_node_count(d);
	d->fingerprints = resize(d, d->fingerprints, capacity * sizeof(uint64));
	d->checks = resize(d, d->checks, capacity * sizeof(uint32));
	d->node_capacity = (uint32) capacity;
}

static uint32
add_node(Decoder *d, uint64 fingerprint, uint32 check)
{
	if (d->nnodes == d->node_capacity)
		grow_nodes(d);
	d->fingerprints[d->nnodes] = fingerprint;
	d->checks[d->nnodes] = check;
	d->by_length[pg_leftmost_one_pos64(fingerprint | 1)]++;
	return d->nnodes++;
}

static inline uint64
slot_of(const Decoder *d, uint64 fingerprint)
{
	return (image_hash(d->hash_seed, fingerprint) >> d->slot_shift) & ~(uint64) (LINE_SLOTS - 1);
}

static void
insert_node(Decoder *d, const NodeSlot *node)
{
	uint64		slot;

	if (node->fingerprint < d->ndirect)
	{
		d->direct[node->fingerprint] = node->node;
		return;
	}
	slot = slot_of(d, node->fingerprint);
	while (d->slots[slot].node != 0)
		slot = (slot + 1) & (d->nslots - 1);
	d->slots[slot] = *node;
	d->nhashed++;
}

/*
 * How many integers, from 0, the array is to have: the largest power of two of which
 * one in DIRECT_SPARSE is a node, and no fewer than now. *nbelow: nodes among them.
 */
static uint64
choose_direct(const Decoder *d, uint64 *nbelow)
{
	uint64		chosen = 0;
	uint64		below = 0;

	*nbelow = 0;
	for (int bits = 1; bits <= DIRECT_BITS_MOST && d->are_integers; bits++)
	{
		uint64		size = UINT64CONST(1) << bits;

		below += d->by_length[bits - 1];
		if (size > below * DIRECT_SPARSE && size != d->ndirect)
			continue;
		chosen = size;
		*nbelow = below;
	}
	return chosen;
}

static void
grow_direct(Decoder *d, uint64 size)
{
	d->direct = resize(d, d->direct, size * sizeof(uint32));
	memset(d->direct + d->ndirect, 0, (size - d->ndirect) * sizeof(uint32));
	d->ndirect = size;
}

/*
 * Slots are full. Nodes that have become dense enough go to the array, as Lua does it
 * with its tables; for the others there are new slots, of which they take a quarter.
 * Being in the order of hashes these are written in sequence.
 */
static void
grow_slots(Decoder *d)
{
	char	   *old_memory = d->slot_memory;
	NodeSlot   *old = d->slots;
	uint64		nold = d->nslots;
	uint64		nbelow;
	uint64		ndirect = choose_direct(d, &nbelow);

	check_node_count(d);
	if (ndirect > d->ndirect)
		grow_direct(d, ndirect);
	d->nslots = pg_nextpower2_64(Max(FIRST_NODE_SLOTS, ((uint64) d->nnodes - nbelow) * 4));
	check_memory(d, d->nslots * sizeof(NodeSlot) + CACHE_LINE);
	d->slot_memory = image_alloc_table(d->context, d->nslots * sizeof(NodeSlot) + CACHE_LINE);
	d->slots = (NodeSlot *) TYPEALIGN(CACHE_LINE, d->slot_memory);
	d->slot_shift = 32 - pg_leftmost_one_pos64(d->nslots);
	d->nhashed = 0;
	for (uint64 i = 0; i < nold; i++)
	{
		pt_check_interrupts(i);
		if (old[i].node != 0)
			insert_node(d, &old[i]);
	}
	if (old_memory != NULL)
		pfree(old_memory);
}

static pg_noinline uint32
add_hashed(Decoder *d, uint64 fingerprint, uint32 check)
{
	NodeSlot	added = {fingerprint, check};

	/* at most half full */
	if (d->nhashed >= d->nslots / 2)
		grow_slots(d);
	added.node = add_node(d, fingerprint, check) + 1;
	insert_node(d, &added);
	return added.node - 1;
}

static pg_noinline uint32
add_direct(Decoder *d, uint64 fingerprint, uint32 check)
{
	uint32		node = add_node(d, fingerprint, check);

	d->direct[fingerprint] = node + 1;
	return node;
}

static pg_attribute_always_inline uint32
decode_node(Decoder *d, uint64 fingerprint, uint32 check)
{
	uint64		slot;

	if (fingerprint < d->ndirect)
		return d->direct[fingerprint] != 0 ? d->direct[fingerprint] - 1 :
			add_direct(d, fingerprint, check);
	slot = slot_of(d, fingerprint);
	while (d->slots[slot].node != 0)
	{
		if (d->slots[slot].fingerprint == fingerprint)
		{
			if (d->slots[slot].check != check)
				image_collision(d->index);
			return d->slots[slot].node - 1;
		}
		slot = (slot + 1) & (d->nslots - 1);
	}
	return add_hashed(d, fingerprint, check);
}

/* All nodes are numbered. */
static void
free_numbers(Decoder *d)
{
	pfree(d->slot_memory);
	d->slot_memory = NULL;
	d->slots = NULL;
	if (d->direct != NULL)
		pfree(d->direct);
	d->direct = NULL;
}

/* ---- decoding ---- */

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

/*
 * Entries ahead of the one that is decoded of which slots are asked of memory: the
 * node table is larger than any cache.
 */
#define DECODE_AHEAD 16

/* Inlined for certain: GCC takes a function that only prefetches for one without effect. */
static pg_attribute_always_inline void
prefetch_node(const Decoder *d, uint64 fingerprint)
{
	if (fingerprint < d->ndirect)
		__builtin_prefetch(&d->direct[fingerprint]);
	else
		__builtin_prefetch(&d->slots[slot_of(d, fingerprint)]);
}

static pg_attribute_always_inline void
prefetch_nodes(const Decoder *d, const AdjEntry *entry)
{
	prefetch_node(d, entry->source);
	prefetch_node(d, entry->target);
}

static inline void
decode_edge(Decoder *d, const AdjEntry *entry)
{
	uint32		label = decode_label(d, entry);

	d->ends[GRAPH_IN][d->nedges] = decode_node(d, entry->source, entry->source_check);
	d->ends[GRAPH_OUT][d->nedges] = decode_node(d, entry->target, entry->target_check);
	d->tuples[d->nedges].tid = entry->tid;
	d->tuples[d->nedges].label = (uint16) label;
	if (d->high_labels != NULL)
		d->high_labels[d->nedges] = (uint16) (label >> 16);
	if (d->has_weights)
		d->weights[d->nedges] = AdjEntryWeight(entry);
	d->nedges++;
}

static void
decode_batch(Decoder *d, const AdjReader *reader)
{
	while (d->nedges + (uint64) reader->count > d->edge_capacity)
		grow_edges(d);
	for (int i = 0; i < Min(reader->count, DECODE_AHEAD); i++)
		prefetch_nodes(d, adj_reader_entry(reader, i));
	for (int i = 0; i < reader->count; i++)
	{
		const AdjEntry *entry = adj_reader_entry(reader, i);

		if (i + DECODE_AHEAD < reader->count)
			prefetch_nodes(d, adj_reader_entry(reader, i + DECODE_AHEAD));
		if (!(entry->flags & ADJ_NO_EDGE))
			decode_edge(d, entry);
		else if (adj_is_half(entry->flags))
			decode_half(d, entry);
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
	d->are_integers = adj_is_integer(adj_columns(index, meta)->node_type);
	/* room for a page more, which a batch may ask for */
	allocate_edges(d, Min(expected + ADJ_MAX_PAGE_ENTRIES, PG_UINT32_MAX - 1));
	d->node_capacity = 512;
	grow_nodes(d);
	grow_slots(d);
	d->label_capacity = 16;
	d->labels = resize(d, NULL, d->label_capacity * sizeof(ImageLabel));
	memset(&d->labels[IMAGE_NO_LABEL], 0, sizeof(ImageLabel));
	d->labels[IMAGE_NO_LABEL].flags = ADJ_NO_LABEL;
	d->nlabels = 1;
}

/* ---- placing ---- */

/*
 * A part is of so many nodes, a power of two: few enough for its rows to be in the
 * cache while they are filled, but not so few that there are too many parts to be
 * filled side by side. A node's number within its part has 16 bits.
 */
#define PART_BITS_LEAST 12
#define PART_BITS_MOST 16
#define PARTS_BITS 9

/* The rows of one direction, while they are filled. */
typedef struct Placing
{
	const Decoder *d;
	const uint32 *from;			/* whose rows edges go to */
	ImageRows	edges;			/* in log order: the other end, and the rest */
	ImageRows  *rows;
	ImageRows	aside;			/* room for the edges of a part */
	uint16	   *nodes;			/* of each edge once it is in its part */
	int			part_bits;
} Placing;

static int
choose_part_bits(uint32 nnodes)
{
	int			bits = pg_leftmost_one_pos32(nnodes | 1) + 1 - PARTS_BITS;

	return Min(Max(bits, PART_BITS_LEAST), PART_BITS_MOST);
}

static inline void
move_edge(ImageRows *to, uint32 at, const ImageRows *from, uint32 e)
{
	to->ends[at] = from->ends[e];
	to->tuples[at] = from->tuples[e];
	if (to->high_labels != NULL)
		to->high_labels[at] = from->high_labels[e];
	if (to->weights != NULL)
		to->weights[at] = from->weights[e];
}

/* Where the edges of each part begin, and behind the last part. */
static uint32 *
find_parts(const Placing *p, uint32 nparts)
{
	uint32	   *starts = MemoryContextAllocZero(p->d->context, ((Size) nparts + 2) * sizeof(uint32));

	/* counted two places ahead, so that filling moves each to where it belongs */
	for (uint32 e = 0; e < p->d->nedges; e++)
	{
		pt_check_interrupts(e);
		starts[(p->from[e] >> p->part_bits) + 2]++;
	}
	for (uint32 i = 2; i <= nparts; i++)
		starts[i] += starts[i - 1];
	return starts;
}

/* The first step: what the rows of a part will have is where they will be, in log order. */
static void
fill_parts(const Placing *p, uint32 *starts)
{
	uint32		mask = (UINT32_C(1) << p->part_bits) - 1;

	for (uint32 e = 0; e < p->d->nedges; e++)
	{
		uint32		at = starts[(p->from[e] >> p->part_bits) + 1]++;

		pt_check_interrupts(e);
		p->nodes[at] = (uint16) (p->from[e] & mask);
		move_edge(p->rows, at, &p->edges, e);
	}
}

static void
set_aside(const Placing *p, uint32 first, uint32 count)
{
	memcpy(p->aside.ends, p->rows->ends + first, count * sizeof(uint32));
	memcpy(p->aside.tuples, p->rows->tuples + first, count * sizeof(ImageTuple));
	if (p->rows->high_labels != NULL)
		memcpy(p->aside.high_labels, p->rows->high_labels + first, count * sizeof(uint16));
	if (p->rows->weights != NULL)
		memcpy(p->aside.weights, p->rows->weights + first, count * sizeof(double));
}

/* The second step: edges first to last - 1 into the rows that these offsets are of. */
static void
sort_part(const Placing *p, uint32 *offsets, uint32 nnodes, uint32 first, uint32 last)
{
	uint32		end = first;

	memset(offsets, 0, nnodes * sizeof(uint32));
	for (uint32 e = first; e < last; e++)
	{
		pt_check_interrupts(e);
		offsets[p->nodes[e]]++;
	}
	/* the ends of rows for now; filling them from behind finds their beginnings */
	for (uint32 v = 0; v < nnodes; v++)
		offsets[v] = end += offsets[v];
	set_aside(p, first, last - first);
	for (uint32 e = last; e-- > first;)
	{
		pt_check_interrupts(e);
		move_edge(p->rows, --offsets[p->nodes[e]], &p->aside, e - first);
	}
}

/*
 * Fill the rows of one direction: counting sort, which keeps log order within a
 * row. The first step writes in sequence to as many places as there are parts, the
 * second all over one part, which is in the cache.
 */
static void
place_rows(Placing *p, uint32 nnodes)
{
	uint32		nparts;
	uint32	   *starts;

	p->part_bits = choose_part_bits(nnodes);
	nparts = (nnodes >> p->part_bits) + 1;
	starts = find_parts(p, nparts);
	fill_parts(p, starts);
	for (uint32 i = 0; i < nparts; i++)
	{
		uint32		node = i << p->part_bits;

		sort_part(p, p->rows->offsets + node, Min(nnodes - node, UINT32_C(1) << p->part_bits),
				  starts[i], starts[i + 1]);
	}
	p->rows->offsets[nnodes] = p->d->nedges;
	pfree(starts);
}

/*
 * Room to set edges aside are the rows of the other direction, as long as they are
 * to be filled, and then what was decoded, which is in its parts by then.
 */
static void
place_edges(const Decoder *d, ImageView *view, uint16 *nodes)
{
	Placing		out = {.d = d, .from = d->ends[GRAPH_IN], .rows = &view->rows[GRAPH_OUT]};
	Placing		in = {.d = d, .from = d->ends[GRAPH_OUT], .rows = &view->rows[GRAPH_IN]};

	out.edges = (ImageRows) {NULL, d->ends[GRAPH_OUT], d->tuples, d->high_labels, d->weights};
	in.edges = (ImageRows) {NULL, d->ends[GRAPH_IN], d->tuples, d->high_labels, d->weights};
	out.aside = view->rows[GRAPH_IN];
	in.aside = in.edges;
	out.nodes = in.nodes = nodes;
	place_rows(&out, view->nnodes);
	place_rows(&in, view->nnodes);
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
	uint16	   *nodes;

	/* what has been decoded is numbered; what placing takes may cost the halves, so first */
	free_numbers(d);
	nodes = resize(d, NULL, (Size) Max(d->nedges, 1) * sizeof(uint16));
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
	place_edges(d, &view, nodes);
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
