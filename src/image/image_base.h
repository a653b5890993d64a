/*
 * image_base.h
 *		The base of an image: the log as it was when somebody decoded it.
 *
 * A base is immutable: dense node ids, and for each direction the edges of a
 * node side by side (compressed sparse rows), each with its label and the TID
 * of its row. It is one flat chunk, so it can live in dynamic shared memory
 * and be read by every session, or in a session's own memory. Only keys are
 * added to it later, by any session, without a lock.
 *
 * It holds all entries that VACUUM had not removed, visible or not.
 */
#ifndef IMAGE_BASE_H
#define IMAGE_BASE_H

#include "adjacency/adj_columns.h"
#include "adjacency/adj_log.h"
#include "datatype/timestamp.h"
#include "graph/graph.h"
#include "port/atomics.h"

#define IMAGE_NO_LABEL 0		/* label id of a certain edge without label */

/* more label ids than this do not fit into 16 bits */
#define IMAGE_SHORT_LABELS (PG_UINT16_MAX + 1)

/* direction as an array index, GraphDirection less GRAPH_BOTH */
#define IMAGE_DIRECTIONS 2

/*
 * What a label id stands for: a label, and how certain the edges with it are.
 * Both come from the log's entries, so a walk decides by one look at the id.
 */
typedef struct ImageLabel
{
	uint64		hash;
	uint32		flags;			/* ADJ_LABEL_FLAGS of the entries */
	uint32		spare;
} ImageLabel;

static inline ImageLabel
image_entry_label(const AdjEntry *entry)
{
	ImageLabel	label = {entry->label, entry->flags & ADJ_LABEL_FLAGS, 0};

	return label;
}

static inline bool
image_same_label(ImageLabel a, ImageLabel b)
{
	return a.hash == b.hash && a.flags == b.flags;
}

#define IMAGE_MAGIC UINT64CONST(0x35676D4974507C32)

/*
 * Header of the chunk; the arrays follow at these offsets from it. Immutable
 * once it is built, but for the keys, which sessions add.
 */
typedef struct ImageBase
{
	uint64		magic;
	Size		size;
	uint32		nnodes;
	uint32		nedges;
	uint32		nlabels;		/* with number 0, no label */
	uint32		slot_mask;		/* slots of the node table, less one */
	uint32		label_slot_mask;
	bool		has_guesses;	/* has a label a confidence? */
	bool		has_weights;
	bool		has_halves;		/* those there are; else there was no room for them */
	uint32		key_size;		/* bytes of a node's key, on average; 0: no keys */
	uint64		hash_seed;		/* of the node table */
	uint64		end_pos;		/* the log is in here up to this position */
	BlockNumber end_block;		/* page where to read on */
	TimestampTz built_at;
	Size		fingerprints;	/* uint64[nnodes] */
	Size		checks;			/* uint32[nnodes] */
	Size		slots;			/* uint32[slot_mask + 1], node + 1 or 0 */
	Size		labels;			/* ImageLabel[nlabels] */
	Size		label_slots;	/* uint32[label_slot_mask + 1], label or 0 */
	Size		key_places;		/* uint32[nnodes], see image_keys.c */
	Size		keys;			/* so many bytes: */
	Size		key_room;
	pg_atomic_uint64 key_end;	/* bytes of keys taken */
	Size		offsets[IMAGE_DIRECTIONS];	/* uint32[nnodes + 1] */
	Size		ends[IMAGE_DIRECTIONS]; /* uint32[nedges] */
	Size		tuples[IMAGE_DIRECTIONS];	/* ImageTuple[nedges] */
	Size		high_labels[IMAGE_DIRECTIONS];	/* uint16[nedges], or 0: none */
	Size		weights[IMAGE_DIRECTIONS];	/* double[nedges], or 0: none */
	uint64		nhalves[IMAGE_DIRECTIONS];
	Size		halves[IMAGE_DIRECTIONS];	/* ImageHalf[nhalves] */
} ImageBase;

/* What there is to know of an edge's row. */
typedef struct ImageTuple
{
	ItemPointerData tid;
	uint16		label;			/* the lower half of its id */
} ImageTuple;

StaticAssertDecl(sizeof(ImageTuple) == 8, "an edge takes 12 bytes in each direction");

/*
 * A row with one end, the other being NULL: [GRAPH_OUT] of those that have a source,
 * [GRAPH_IN] a target. Only ordinary queries ask for them, so they make no nodes,
 * and walks do without them where there is no room. Sorted.
 */
typedef struct ImageHalf
{
	uint64		fingerprint;	/* of its end */
	ItemPointerData tid;
	uint16		spare;
} ImageHalf;

StaticAssertDecl(sizeof(ImageHalf) == 16, "a row with one end takes 16 bytes");

/*
 * Compressed sparse rows, with pointers of this process: the edges of node v
 * are offsets[v] .. offsets[v + 1]. The other ends stand apart from the rest,
 * since most edges of a walk lead to a node it has visited, and of those
 * nothing else is looked at. So do the upper halves of label ids, which few
 * graphs need, and weights, which few walks ask for.
 */
typedef struct ImageRows
{
	uint32	   *offsets;
	uint32	   *ends;
	ImageTuple *tuples;
	uint16	   *high_labels;	/* NULL if there are no more than IMAGE_SHORT_LABELS */
	double	   *weights;		/* as entries have them; NULL if they have none */
} ImageRows;

static inline uint32
image_edge_label(const ImageRows *rows, uint32 edge)
{
	uint32		label = rows->tuples[edge].label;

	if (unlikely(rows->high_labels != NULL))
		label |= (uint32) rows->high_labels[edge] << 16;
	return label;
}

static inline void
image_set_edge_label(ImageRows *rows, uint32 edge, uint32 label)
{
	rows->tuples[edge].label = (uint16) label;
	if (rows->high_labels != NULL)
		rows->high_labels[edge] = (uint16) (label >> 16);
}

/* A base with pointers of this process. May be copied; owns nothing. */
typedef struct ImageView
{
	ImageBase  *base;
	uint32		nnodes;
	uint32		nedges;
	uint32		nlabels;
	uint32		slot_mask;
	uint64		hash_seed;
	uint64	   *fingerprints;
	uint32	   *checks;
	uint32	   *slots;
	ImageLabel *labels;
	uint32	   *label_slots;
	uint32	   *key_places;		/* if the base has room for keys */
	char	   *keys;
	ImageRows	rows[IMAGE_DIRECTIONS];
	bool		has_halves;
	uint64		nhalves[IMAGE_DIRECTIONS];
	ImageHalf  *halves[IMAGE_DIRECTIONS];
} ImageView;

/* ---- layout and look-up (image_base.c) ---- */

/*
 * Decide where everything goes in a base for so many nodes, edges and labels
 * as the header says, with room for keys or without. Where it says that there are
 * no halves it need not say how many. Sets the offsets and the
 * size in the header, and returns the size. May be called again.
 */
extern Size image_base_layout(ImageBase *header, bool with_keys);

/* Pointers into a base, good as long as this process has it where it is. */
extern void image_base_view(ImageBase *base, ImageView *view);

/*
 * Enter all nodes into the table of a base that is being made. Their
 * fingerprints are distinct. O(nodes), interruptible.
 */
extern void image_base_fill_slots(ImageView *view);

/*
 * Find a node, or GRAPH_NO_NODE. *collision: there is a node with this
 * fingerprint, but it is another. O(1).
 */
extern uint32 image_base_find(const ImageView *view, AdjNode node, bool *collision);

/* Have the memory on its way that finding these nodes takes. */
extern void image_base_prefetch(const ImageView *view, const AdjNode *nodes, int count);

/* The id of a label, or IMAGE_NO_LABEL. O(1). */
extern uint32 image_base_find_label(const ImageView *view, ImageLabel label);

/* Error 54000: more of something than any image can have. */
extern void image_too_large(const char *what, uint64 limit);

/* Error XX002: two nodes of the index have one fingerprint. */
extern void image_collision(Relation index);

/*
 * Mixes a fingerprint: integers are their own and far from random. The seed is
 * the index's, so nobody can choose integers that collide.
 */
static inline uint32
image_hash(uint64 seed, uint64 fingerprint)
{
	fingerprint ^= seed;
	fingerprint ^= fingerprint >> 33;
	fingerprint *= UINT64CONST(0xff51afd7ed558ccd);
	fingerprint ^= fingerprint >> 33;
	return (uint32) (fingerprint ^ (fingerprint >> 15));
}

static inline uint32
image_hash_label(uint64 seed, ImageLabel label)
{
	/*
	 * Integers are their own hash, so keep the confidence well above them.
	 * Pairs can still be chosen to collide: slow, never wrong.
	 */
	return image_hash(seed, label.hash + ((uint64) label.flags << 40));
}

/* ---- keys (image_keys.c) ---- */

/* Bytes that the keys of a base's nodes may take. */
extern Size image_key_room(const ImageBase *header);

/* A base that is being made has no keys as yet. */
extern void image_init_keys(ImageView *view);

/*
 * Take over the keys of another base, in which nodes have the same numbers and
 * to which keys may be added meanwhile. O(nodes + bytes), interruptible.
 */
extern void image_copy_keys(ImageView *to, const ImageView *from);

/* ---- halves (image_halves.c) ---- */

/* The one direction in which an entry is a half. */
static inline int
image_half_direction(const AdjEntry *entry)
{
	return (entry->flags & ADJ_NO_TARGET) ? GRAPH_OUT : GRAPH_IN;
}

/* O(n log n) comparisons; interruptible. */
extern void image_sort_halves(ImageHalf *halves, uint64 count);

/* Which of two comes first: <0, 0, >0. */
extern int	image_compare_halves(const ImageHalf *a, const ImageHalf *b);

/* The place of the first one of a base that has this end, if there is any. O(log halves). */
extern uint64 image_find_halves(const ImageView *view, GraphDirection direction,
								uint64 fingerprint);

/* ---- building (image_build.c) ---- */

/*
 * Where a base is put once it is known what will be in it. image_base_layout
 * has yet to be called on the header: the place decides whether there is room
 * for keys. What comes back begins with the header. NULL: nowhere, give up; or if
 * the header has halves, ask again without them.
 */
typedef ImageBase *(*ImageAllocate) (ImageBase *header, void *arg);

/*
 * Build a base from the log that copy describes, in what allocate returns.
 * That stays the caller's, also after an error. NULL if the log changed on the
 * way, which happens on a standby only, or if allocate gave up.
 *
 * O(entries), and the sorting of halves, with about 18 bytes an edge, 26 with a weight,
 * 16 a half and 44 to 88 a node of session memory while it runs. Interruptible. Errors
 * 53400, 54000, XX002.
 */
extern ImageBase *image_build(Relation index, const AdjMetaCopy *copy,
							  ImageAllocate allocate, void *arg);

#endif							/* IMAGE_BASE_H */
