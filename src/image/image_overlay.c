/*
 * image_overlay.c
 *		What a session has read of the log since its base was built.
 *
 * New nodes get ids above the base's. New edges are kept in log order, linked
 * from both of their ends. A tombstone names a page and positions on it: an
 * entry the overlay holds is found by its position, one of the base by its
 * TID, which is enough there, since at the time of the death no other live
 * entry had that TID and a later one with a reused TID lies behind the
 * tombstone, in the overlay.
 *
 * An error while entries are taken over (no memory, say, in the midst of
 * growing a hash table) leaves the overlay broken, and nothing is tried to
 * repair it: whoever opens the image next reads the tail anew.
 */
#include "postgres.h"

#include "base/pt_sort.h"
#include "common/hashfn.h"
#include "image/image_filter.h"
#include "image/image_memory.h"
#include "image/image_overlay.h"
#include "storage/shmem.h"
#include "utils/memutils.h"

/* session memory to expect for an entry read, growth of tables included */
#define BYTES_PER_ENTRY 144
#define BYTES_PER_WEIGHT 16

typedef struct NewNode
{
	uint64		fingerprint;	/* hash key */
	uint32		check;
	uint32		node;
	char		status;
} NewNode;

typedef struct NodeEdges
{
	uint32		node;			/* hash key */
	uint32		first[IMAGE_DIRECTIONS];	/* newest edge, each direction */
	char		status;
} NodeEdges;

typedef struct EndHalves
{
	uint64		fingerprint;	/* hash key */
	uint32		first[IMAGE_DIRECTIONS];	/* newest half, each direction */
	char		status;
} EndHalves;

typedef struct KilledTid
{
	uint64		tid;			/* hash key, packed */
	char		status;
} KilledTid;

typedef struct LabelId
{
	ImageLabel	label;			/* hash key */
	uint32		id;
	char		status;
} LabelId;

#define SH_PREFIX newnode
#define SH_ELEMENT_TYPE NewNode
#define SH_KEY_TYPE uint64
#define SH_KEY fingerprint
#define SH_HASH_KEY(tb, key) image_hash(*(uint64 *) (tb)->private_data, key)
#define SH_EQUAL(tb, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

#define SH_PREFIX nodeedges
#define SH_ELEMENT_TYPE NodeEdges
#define SH_KEY_TYPE uint32
#define SH_KEY node
#define SH_HASH_KEY(tb, key) murmurhash32(key)
#define SH_EQUAL(tb, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

#define SH_PREFIX endhalves
#define SH_ELEMENT_TYPE EndHalves
#define SH_KEY_TYPE uint64
#define SH_KEY fingerprint
#define SH_HASH_KEY(tb, key) image_hash(*(uint64 *) (tb)->private_data, key)
#define SH_EQUAL(tb, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

#define SH_PREFIX killedtid
#define SH_ELEMENT_TYPE KilledTid
#define SH_KEY_TYPE uint64
#define SH_KEY tid
#define SH_HASH_KEY(tb, key) image_hash(*(uint64 *) (tb)->private_data, key)
#define SH_EQUAL(tb, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

#define SH_PREFIX labelid
#define SH_ELEMENT_TYPE LabelId
#define SH_KEY_TYPE ImageLabel
#define SH_KEY label
#define SH_HASH_KEY(tb, key) image_hash_label(*(uint64 *) (tb)->private_data, key)
#define SH_EQUAL(tb, a, b) image_same_label(a, b)
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

struct ImageOverlay
{
	MemoryContext context;
	const ImageView *view;		/* the base below */
	uint64		hash_seed;
	bool		broken;			/* an error hit while entries were taken over */
	uint64		pos;			/* log position read up to */
	BlockNumber block;			/* page where to read on */
	uint64		entries;		/* read so far, tombstones included */

	newnode_hash *node_table;
	AdjNode    *nodes;			/* node view->nnodes + i */
	uint32		nnodes;
	uint32		node_capacity;

	labelid_hash *label_table;
	ImageLabel *labels;			/* label view->nlabels + i */
	uint32		nlabels;
	uint32		label_capacity;
	bool		has_guesses;	/* among these labels */

	nodeedges_hash *edge_table;
	ImageFilter edge_filter;	/* of its nodes */
	OverlayEdge *edges;			/* in log order */
	uint32		nedges;
	uint32		edge_capacity;
	double	   *weights;		/* of these edges, if the base has weights */
	uint32		weight_capacity;

	endhalves_hash *half_table;
	OverlayHalf *halves;		/* in log order */
	uint32		nhalves;
	uint32		half_capacity;

	killedtid_hash *killed;		/* of the base */
	ImageFilter killed_filter;	/* of their number_of_tid */
};

static inline uint64
pack_tid(const ItemPointerData *tid)
{
	return ((uint64) ItemPointerGetBlockNumberNoCheck(tid) << 16) |
		ItemPointerGetOffsetNumberNoCheck(tid);
}

/* For the filter: rows that follow each other in the heap do so here, though their pages have fewer. */
static inline uint64
number_of_tid(uint64 packed)
{
	return (packed >> 16 << 8) + (packed & 0xFFFF);
}

ImageOverlay *
image_overlay_create(const ImageView *view, MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(parent, "parseltongue overlay",
												  ALLOCSET_SMALL_SIZES);
	ImageOverlay *overlay = MemoryContextAllocZero(context, sizeof(ImageOverlay));

	overlay->context = context;
	overlay->view = view;
	overlay->hash_seed = view->hash_seed;
	overlay->pos = view->base->end_pos;
	overlay->block = view->base->end_block;
	overlay->node_table = newnode_create(context, 16, &overlay->hash_seed);
	overlay->edge_table = nodeedges_create(context, 16, NULL);
	overlay->half_table = endhalves_create(context, 16, &overlay->hash_seed);
	overlay->killed = killedtid_create(context, 16, &overlay->hash_seed);
	overlay->label_table = labelid_create(context, 16, &overlay->hash_seed);
	image_filter_init(&overlay->edge_filter, context);
	image_filter_init(&overlay->killed_filter, context);
	return overlay;
}

/* As its base. That may be looked at while it is pinned only; the view always. */
static inline bool
has_weights(const ImageOverlay *overlay)
{
	return overlay->view->rows[GRAPH_OUT].weights != NULL;
}

/* ---- taking over entries ---- */

static void *
grow(ImageOverlay *overlay, void *array, uint32 *capacity, Size element)
{
	uint64		wanted = Max(64, (uint64) *capacity * 2);

	if (wanted > PG_UINT32_MAX / 2)
		image_too_large("edges behind the base of its image", PG_UINT32_MAX / 2);
	image_memory_check(wanted * element);
	if (array == NULL)
		array = MemoryContextAllocHuge(overlay->context, wanted * element);
	else
		array = repalloc_huge(array, wanted * element);
	*capacity = (uint32) wanted;
	return array;
}

static uint32
take_node(ImageOverlay *overlay, Relation index, AdjNode node)
{
	bool		collision;
	uint32		id = image_base_find(overlay->view, node, &collision);
	NewNode    *entry;
	bool		found;

	if (collision)
		image_collision(index);
	if (id != GRAPH_NO_NODE)
		return id;

	if (overlay->nnodes == overlay->node_capacity)
		overlay->nodes = grow(overlay, overlay->nodes, &overlay->node_capacity,
							  sizeof(AdjNode));
	if ((uint64) overlay->view->nnodes + overlay->nnodes >= PG_UINT32_MAX / 2)
		image_too_large("nodes", PG_UINT32_MAX / 2);
	entry = newnode_insert(overlay->node_table, node.fingerprint, &found);
	if (!found)
	{
		overlay->nodes[overlay->nnodes] = node;
		entry->check = node.check;
		entry->node = overlay->view->nnodes + overlay->nnodes++;
	}
	else if (entry->check != node.check)
		image_collision(index);
	return entry->node;
}

static uint32
take_label(ImageOverlay *overlay, const AdjEntry *log_entry)
{
	ImageLabel	label = image_entry_label(log_entry);
	LabelId    *entry;
	uint32		id;
	bool		found;

	if (label.flags == ADJ_NO_LABEL)
		return IMAGE_NO_LABEL;
	id = image_overlay_find_label(overlay, label);
	if (id != IMAGE_NO_LABEL)
		return id;
	if ((uint64) overlay->view->nlabels + overlay->nlabels >= PG_UINT32_MAX / 2)
		image_too_large("pairs of label and confidence", PG_UINT32_MAX / 2);
	if (overlay->nlabels == overlay->label_capacity)
		overlay->labels = grow(overlay, overlay->labels, &overlay->label_capacity,
							   sizeof(ImageLabel));
	entry = labelid_insert(overlay->label_table, label, &found);
	entry->id = overlay->view->nlabels + overlay->nlabels;
	overlay->labels[overlay->nlabels++] = label;
	overlay->has_guesses |= (label.flags & ADJ_CONFIDENCE) != 0;
	return entry->id;
}

static void
make_row(ImageOverlay *overlay, uint32 node)
{
	bool		found;
	NodeEdges  *row = nodeedges_insert(overlay->edge_table, node, &found);

	if (found)
		return;
	row->first[GRAPH_OUT] = row->first[GRAPH_IN] = IMAGE_NO_EDGE;
	if (image_filter_make_room(&overlay->edge_filter, overlay->edge_table->members, overlay->context))
	{
		nodeedges_iterator all;

		nodeedges_start_iterate(overlay->edge_table, &all);
		while ((row = nodeedges_iterate(overlay->edge_table, &all)) != NULL)
			image_filter_add(&overlay->edge_filter, row->node);
	}
	else
		image_filter_add(&overlay->edge_filter, node);
}

/* Inlined for certain: GCC takes a function that only prefetches for one without effect. */
static pg_attribute_always_inline void
prefetch_row(const ImageOverlay *overlay, uint32 node)
{
	const nodeedges_hash *table = overlay->edge_table;

	__builtin_prefetch(&table->data[murmurhash32(node) & table->sizemask]);
}

static void
take_edge(ImageOverlay *overlay, const AdjEntry *entry, uint64 pos, const uint32 *node)
{
	uint32		label = take_label(overlay, entry);
	OverlayEdge *edge;

	if (overlay->nedges == overlay->edge_capacity)
		overlay->edges = grow(overlay, overlay->edges, &overlay->edge_capacity,
							  sizeof(OverlayEdge));
	if (has_weights(overlay))
	{
		if (overlay->nedges == overlay->weight_capacity)
			overlay->weights = grow(overlay, overlay->weights, &overlay->weight_capacity,
									sizeof(double));
		overlay->weights[overlay->nedges] = AdjEntryWeight(entry);
	}
	/* both are made before either is looked up: one may move the other */
	make_row(overlay, node[GRAPH_OUT]);
	make_row(overlay, node[GRAPH_IN]);
	edge = &overlay->edges[overlay->nedges];
	edge->label = label;
	edge->tid = entry->tid;
	edge->pos = pos;
	edge->dead = false;
	for (int d = 0; d < IMAGE_DIRECTIONS; d++)
	{
		NodeEdges  *row = nodeedges_lookup(overlay->edge_table, node[d]);

		/* from the end at which it is met in this direction to the other */
		edge->node[d] = node[1 - d];
		edge->next[d] = row->first[d];
		row->first[d] = overlay->nedges;
	}
	overlay->nedges++;
}

/* Whoever reads a base without halves cannot use those behind it either. */
static void
take_half(ImageOverlay *overlay, const AdjEntry *entry, uint64 pos)
{
	int			direction = image_half_direction(entry);
	EndHalves  *end;
	OverlayHalf *half;
	bool		found;

	if (!overlay->view->has_halves)
		return;
	if (overlay->nhalves == overlay->half_capacity)
		overlay->halves = grow(overlay, overlay->halves, &overlay->half_capacity,
							   sizeof(OverlayHalf));
	half = &overlay->halves[overlay->nhalves];
	half->fingerprint = direction == GRAPH_OUT ? entry->source : entry->target;
	half->pos = pos;
	half->tid = entry->tid;
	half->direction = direction;
	half->dead = false;
	end = endhalves_insert(overlay->half_table, half->fingerprint, &found);
	if (!found)
		end->first[GRAPH_OUT] = end->first[GRAPH_IN] = IMAGE_NO_EDGE;
	half->next = end->first[direction];
	end->first[direction] = overlay->nhalves++;
}

static int
compare_edge_pos(const void *edge, const void *pos, void *arg)
{
	uint64		a = ((const OverlayEdge *) edge)->pos;
	uint64		b = *(const uint64 *) pos;

	return a < b ? -1 : a > b;
}

static int
compare_half_pos(const void *half, const void *pos, void *arg)
{
	uint64		a = ((const OverlayHalf *) half)->pos;
	uint64		b = *(const uint64 *) pos;

	return a < b ? -1 : a > b;
}

/* Mark the entry at a position. One that is absent was dead when we read its page. */
static void
kill_at(ImageOverlay *overlay, uint64 pos)
{
	uint64		edge = pt_lower_bound(overlay->edges, overlay->nedges, sizeof(OverlayEdge),
									  &pos, compare_edge_pos, NULL);
	uint64		half = pt_lower_bound(overlay->halves, overlay->nhalves, sizeof(OverlayHalf),
									  &pos, compare_half_pos, NULL);

	if (edge < overlay->nedges && overlay->edges[edge].pos == pos)
		overlay->edges[edge].dead = true;
	else if (half < overlay->nhalves && overlay->halves[half].pos == pos)
		overlay->halves[half].dead = true;
}

/* The row of the base at a place has died. */
static void
kill_in_base(ImageOverlay *overlay, const ItemPointerData *tid)
{
	bool		found;
	KilledTid  *row = killedtid_insert(overlay->killed, pack_tid(tid), &found);

	if (found)
		return;
	if (image_filter_make_room(&overlay->killed_filter, overlay->killed->members, overlay->context))
	{
		killedtid_iterator all;

		killedtid_start_iterate(overlay->killed, &all);
		while ((row = killedtid_iterate(overlay->killed, &all)) != NULL)
			image_filter_add(&overlay->killed_filter, number_of_tid(row->tid));
	}
	else
		image_filter_add(&overlay->killed_filter, number_of_tid(row->tid));
}

/* Apply a tombstone; false if its page is not of this epoch any more. */
static bool
take_tombstone(ImageOverlay *overlay, Relation index, const AdjMeta *meta,
			   const AdjTombstone *tombstone)
{
	AdjEntryBuffer entries;
	int			count;

	if (!adj_read_killed(index, meta, tombstone, &entries, &count))
		return false;
	for (int i = 0; i < count; i++)
	{
		uint64		pos = tombstone->first_pos + i;

		if (!(tombstone->killed[i / 8] & (1 << (i % 8))))
			continue;
		if (pos < overlay->view->base->end_pos)
			kill_in_base(overlay, &AdjEntryAt(entries.bytes, i, meta->entry_size)->tid);
		else
			kill_at(overlay, pos);
	}
	return true;
}

static Size
bytes_per_entry(const ImageOverlay *overlay)
{
	return BYTES_PER_ENTRY + (has_weights(overlay) ? BYTES_PER_WEIGHT : 0);
}

/*
 * Entries are taken in chunks of so many: the base's nodes are all over its
 * memory, and so are the rows of their edges here, so those of a chunk are asked
 * for at once.
 */
#define CHUNK 32

static inline bool
is_edge(const AdjEntry *entry)
{
	return (entry->flags & (ADJ_TOMBSTONE | ADJ_NO_EDGE)) == 0;
}

/* The nodes of both ends of the edges from entry first up to end. */
static void
take_ends(ImageOverlay *overlay, Relation index, const AdjReader *reader, int first, int end,
		  uint32 (*node)[IMAGE_DIRECTIONS])
{
	AdjNode		ends[CHUNK][IMAGE_DIRECTIONS];
	int			count = 0;

	for (int i = first; i < end; i++)
	{
		const AdjEntry *entry = adj_reader_entry(reader, i);

		if (!is_edge(entry))
			continue;
		ends[count][GRAPH_OUT] = (AdjNode) {entry->source, entry->source_check};
		ends[count++][GRAPH_IN] = (AdjNode) {entry->target, entry->target_check};
	}
	image_base_prefetch(overlay->view, &ends[0][0], count * IMAGE_DIRECTIONS);
	for (int i = 0; i < count; i++)
	{
		for (int d = 0; d < IMAGE_DIRECTIONS; d++)
		{
			node[i][d] = take_node(overlay, index, ends[i][d]);
			prefetch_row(overlay, node[i][d]);
		}
	}
}

static bool
take_chunk(ImageOverlay *overlay, Relation index, const AdjReader *reader, int first, int end)
{
	uint32		node[CHUNK][IMAGE_DIRECTIONS];
	int			count = 0;

	take_ends(overlay, index, reader, first, end, node);
	for (int i = first; i < end; i++)
	{
		const AdjEntry *entry = adj_reader_entry(reader, i);

		if (entry->flags & ADJ_TOMBSTONE)
		{
			if (!take_tombstone(overlay, index, &reader->copy->meta, (const AdjTombstone *) entry))
				return false;
		}
		else if (is_edge(entry))
			take_edge(overlay, entry, reader->pos + i, node[count++]);
		else if (adj_is_half(entry->flags))
			take_half(overlay, entry, reader->pos + i);
		overlay->pos = reader->pos + i + 1;
		overlay->entries++;
	}
	return true;
}

static bool
take_batch(ImageOverlay *overlay, Relation index, const AdjReader *reader)
{
	/*
	 * The hash tables double when they fill up. Leave room for that: they
	 * take less than all else together.
	 */
	image_memory_check(MemoryContextMemAllocated(overlay->context, false) +
					   (Size) reader->count * bytes_per_entry(overlay));

	overlay->broken = true;
	for (int i = 0; i < reader->count; i += CHUNK)
	{
		if (!take_chunk(overlay, index, reader, i, Min(i + CHUNK, reader->count)))
			return false;
	}
	overlay->broken = false;
	return true;
}

/*
 * Make the table of rows as large as so many more entries will have it, rather than
 * double it again and again: it is what takes most of the time else.
 */
static void
expect_entries(ImageOverlay *overlay, uint64 entries)
{
	nodeedges_hash *table = overlay->edge_table;
	uint64		rows = table->members + entries;

	if (rows <= table->grow_threshold || rows >= PG_UINT32_MAX / 4 ||
		!image_memory_is_plenty(rows * 4 * sizeof(NodeEdges)))
		return;
	/* where there is no memory, the table is left half grown */
	overlay->broken = true;
	nodeedges_grow(table, Max(rows + rows / 8, table->size + 1));
	overlay->broken = false;
}

AdjReadStatus
image_overlay_read(ImageOverlay *overlay, Relation index, const AdjMetaCopy *copy, uint64 most)
{
	uint64		end = AdjEndOfLog(&copy->meta);
	AdjReader	reader;
	AdjReadStatus status;

	/* a base that another session built may be ahead of our copy */
	if (overlay->pos >= end)
		return ADJ_READ_END;
	most = Min(most, end - overlay->pos);
	expect_entries(overlay, most);
	end = overlay->pos + most;
	adj_reader_init(&reader, index, copy, overlay->block, overlay->pos, NULL);
	while ((status = adj_reader_next(&reader)) == ADJ_READ_OK)
	{
		/* the page that holds the entries, where the next sync looks first */
		if (BlockNumberIsValid(reader.at_block))
			overlay->block = reader.at_block;
		if (!take_batch(overlay, index, &reader))
			return ADJ_READ_CHANGED;
		if (overlay->pos >= end)
			return ADJ_READ_END;
	}
	return status;
}

AdjReadStatus
image_overlay_sync(ImageOverlay *overlay, Relation index, const AdjMetaCopy *copy)
{
	return image_overlay_read(overlay, index, copy, PG_UINT64_MAX);
}

bool
image_overlay_is_broken(const ImageOverlay *overlay)
{
	return overlay->broken;
}

Size
image_overlay_read_cost(const ImageOverlay *overlay, const AdjMetaCopy *copy, uint64 most)
{
	uint64		end = AdjEndOfLog(&copy->meta);

	if (overlay->pos >= end)
		return 0;
	return add_size(image_overlay_bytes(overlay),
					mul_size(Min(most, end - overlay->pos), bytes_per_entry(overlay)));
}

Size
image_overlay_cost(const ImageOverlay *overlay, const AdjMetaCopy *copy)
{
	return image_overlay_read_cost(overlay, copy, PG_UINT64_MAX);
}

/* ---- what a walk and a merge ask ---- */

uint32
image_overlay_node_count(const ImageOverlay *overlay)
{
	return overlay->nnodes;
}

AdjNode
image_overlay_node(const ImageOverlay *overlay, uint32 node)
{
	return overlay->nodes[node - overlay->view->nnodes];
}

uint32
image_overlay_find_node(const ImageOverlay *overlay, AdjNode node)
{
	NewNode    *entry = newnode_lookup(overlay->node_table, node.fingerprint);

	if (entry == NULL || entry->check != node.check)
		return GRAPH_NO_NODE;
	return entry->node;
}

uint32
image_overlay_label_count(const ImageOverlay *overlay)
{
	return overlay->nlabels;
}

ImageLabel
image_overlay_label(const ImageOverlay *overlay, uint32 label)
{
	return overlay->labels[label - overlay->view->nlabels];
}

bool
image_overlay_has_guesses(const ImageOverlay *overlay)
{
	return overlay->has_guesses || overlay->view->base->has_guesses;
}

uint32
image_overlay_find_label(const ImageOverlay *overlay, ImageLabel label)
{
	uint32		id = image_base_find_label(overlay->view, label);
	LabelId    *entry;

	if (id != IMAGE_NO_LABEL)
		return id;
	entry = labelid_lookup(overlay->label_table, label);
	return entry == NULL ? IMAGE_NO_LABEL : entry->id;
}

uint32
image_overlay_first(const ImageOverlay *overlay, uint32 node, GraphDirection direction)
{
	NodeEdges  *row;

	if (!image_filter_may_have(&overlay->edge_filter, node))
		return IMAGE_NO_EDGE;
	row = nodeedges_lookup(overlay->edge_table, node);
	return row == NULL ? IMAGE_NO_EDGE : row->first[direction];
}

const OverlayEdge *
image_overlay_edge(const ImageOverlay *overlay, uint32 edge)
{
	return &overlay->edges[edge];
}

double
image_overlay_weight(const ImageOverlay *overlay, uint32 edge)
{
	return overlay->weights[edge];
}

uint32
image_overlay_edge_count(const ImageOverlay *overlay)
{
	return overlay->nedges;
}

uint32
image_overlay_half_count(const ImageOverlay *overlay)
{
	return overlay->nhalves;
}

const OverlayHalf *
image_overlay_half(const ImageOverlay *overlay, uint32 half)
{
	return &overlay->halves[half];
}

uint32
image_overlay_first_half(const ImageOverlay *overlay, uint64 fingerprint,
						 GraphDirection direction)
{
	EndHalves  *end = endhalves_lookup(overlay->half_table, fingerprint);

	return end == NULL ? IMAGE_NO_EDGE : end->first[direction];
}

uint64
image_overlay_entries(const ImageOverlay *overlay)
{
	return overlay->entries;
}

Size
image_overlay_bytes(const ImageOverlay *overlay)
{
	return MemoryContextMemAllocated(overlay->context, true);
}

bool
image_overlay_has_kills(const ImageOverlay *overlay)
{
	return overlay->killed->members > 0;
}

bool
image_overlay_is_killed(const ImageOverlay *overlay, const ItemPointerData *tid)
{
	uint64		packed = pack_tid(tid);

	return image_filter_may_have(&overlay->killed_filter, number_of_tid(packed)) &&
		killedtid_lookup(overlay->killed, packed) != NULL;
}

BlockNumber
image_overlay_end_block(const ImageOverlay *overlay)
{
	return overlay->block;
}

uint64
image_overlay_end_pos(const ImageOverlay *overlay)
{
	return overlay->pos;
}
