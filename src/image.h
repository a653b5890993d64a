/*
 * image.h
 *		The graph image: an adjacency index decoded for walking.
 *
 * A base is immutable: dense node ids, and for each direction the edges of a
 * node side by side (compressed sparse rows), each with its label and the TID
 * of its row. It is one flat chunk, so it can live in dynamic shared memory
 * and be read by every session, or in a session's own memory.
 *
 * An overlay is what one session has read of the log since its base was
 * built: new nodes, new edges, deaths. It grows by reading the log's new tail,
 * and is merged into a new base when it has grown large.
 *
 * An image holds all entries that VACUUM has not removed, visible or not. It
 * belongs to no snapshot; a walk asks for each edge it takes whether its
 * snapshot sees the row.
 */
#ifndef IMAGE_H
#define IMAGE_H

#include "adj.h"
#include "adj_visible.h"
#include "datatype/timestamp.h"
#include "graph.h"
#include "port/atomics.h"
#include "pt_compat.h"
#include "storage/dsm.h"

#define IMAGE_NO_NODE PG_UINT32_MAX
#define IMAGE_NO_EDGE PG_UINT32_MAX
#define IMAGE_NO_LABEL 0		/* label id of a certain edge without label */

/* more label ids than this do not fit into 16 bits */
#define IMAGE_SHORT_LABELS (PG_UINT16_MAX + 1)

/* direction as an array index, PtDirection less PT_BOTH */
#define IMAGE_DIRECTIONS 2

/*
 * Which log an image is of. The file number alone would not do: in-place
 * truncation keeps it, CREATE DATABASE copies it.
 */
typedef struct ImageKey
{
	Oid			database;
	Oid			tablespace;
	PtRelFileNumber relnumber;
	uint32		epoch;
	uint64		incarnation;
} ImageKey;

static inline bool
image_same_key(const ImageKey *a, const ImageKey *b)
{
	return a->database == b->database && a->tablespace == b->tablespace &&
		a->relnumber == b->relnumber && a->epoch == b->epoch &&
		a->incarnation == b->incarnation;
}

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

/* ---- base (image_base.c, image_build.c, image_merge.c) ---- */

#define IMAGE_MAGIC UINT64CONST(0x34676D4974507C31)

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
} ImageBase;

/* What there is to know of an edge's row. */
typedef struct ImageTuple
{
	ItemPointerData tid;
	uint16		label;			/* the lower half of its id */
} ImageTuple;

StaticAssertDecl(sizeof(ImageTuple) == 8, "an edge takes 12 bytes in each direction");

/*
 * Compressed sparse rows, with pointers of this process: the edges of node v
 * are offsets[v] .. offsets[v + 1]. The other ends stand apart from the rest,
 * since most edges of a walk lead to a node it has visited, and of those
 * nothing else is looked at. So do the upper halves of label ids, which few
 * graphs need.
 */
typedef struct ImageRows
{
	uint32	   *offsets;
	uint32	   *ends;
	ImageTuple *tuples;
	uint16	   *high_labels;	/* NULL if there are no more than IMAGE_SHORT_LABELS */
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
} ImageView;

extern Size image_base_layout(ImageBase *header, bool with_keys);
extern void image_base_view(ImageBase *base, ImageView *view);
extern void image_base_fill_slots(ImageView *view);
extern uint32 image_base_find(const ImageView *view, AdjNode node, bool *collision);
extern uint32 image_base_find_label(const ImageView *view, ImageLabel label);
extern void image_too_large(const char *what, uint64 limit);
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
	/* integers are their own hash, so keep the confidence well above them */
	return image_hash(seed, label.hash + ((uint64) label.flags << 40));
}

/*
 * Where a base is put once it is known what will be in it. image_base_layout
 * has yet to be called on the header: the place decides whether there is room
 * for keys. What comes back begins with the header. NULL: nowhere, give up.
 */
typedef ImageBase *(*ImageAllocate) (ImageBase *header, void *arg);

/* ---- keys (image_keys.c) ---- */

extern Size image_key_room(const ImageBase *header);
extern void image_init_keys(ImageView *view);
extern void image_copy_keys(ImageView *to, const ImageView *from);
extern const char *image_find_key(const ImageView *view, uint32 node);
extern void image_keep_key(ImageView *view, uint32 node, const char *key, Size size);

/* NULL: the chain of pages changed while it was read */
extern ImageBase *image_build(Relation index, const AdjMetaCopy *copy,
							  ImageAllocate allocate, void *arg);

/* ---- overlay (image_overlay.c) ---- */

typedef struct ImageOverlay ImageOverlay;

typedef struct OverlayEdge
{
	uint32		node[IMAGE_DIRECTIONS]; /* [PT_OUT] target, [PT_IN] source */
	uint32		next[IMAGE_DIRECTIONS]; /* next edge from the other end */
	uint64		pos;			/* in the log */
	ItemPointerData tid;
	bool		dead;
	uint32		label;
} OverlayEdge;

extern ImageOverlay *image_overlay_create(const ImageView *view, MemoryContext parent);
extern void image_overlay_destroy(ImageOverlay *overlay);
extern AdjReadStatus image_overlay_sync(ImageOverlay *overlay, Relation index,
										const AdjMetaCopy *copy);
extern bool image_overlay_is_broken(const ImageOverlay *overlay);
extern Size image_overlay_cost(const ImageOverlay *overlay, const AdjMetaCopy *copy);
extern uint32 image_overlay_edge_count(const ImageOverlay *overlay);
extern uint64 image_overlay_entries(const ImageOverlay *overlay);
extern Size image_overlay_bytes(const ImageOverlay *overlay);
extern uint32 image_overlay_node_count(const ImageOverlay *overlay);
extern AdjNode image_overlay_node(const ImageOverlay *overlay, uint32 node);
extern uint32 image_overlay_find_node(const ImageOverlay *overlay, AdjNode node);
extern uint32 image_overlay_label_count(const ImageOverlay *overlay);
extern ImageLabel image_overlay_label(const ImageOverlay *overlay, uint32 label);
extern uint32 image_overlay_find_label(const ImageOverlay *overlay, ImageLabel label);
extern bool image_overlay_has_guesses(const ImageOverlay *overlay);
extern uint32 image_overlay_first(const ImageOverlay *overlay, uint32 node, PtDirection direction);
extern const OverlayEdge *image_overlay_edge(const ImageOverlay *overlay, uint32 edge);
extern bool image_overlay_has_kills(const ImageOverlay *overlay);
extern bool image_overlay_is_killed(const ImageOverlay *overlay, const ItemPointerData *tid);
extern BlockNumber image_overlay_end_block(const ImageOverlay *overlay);
extern uint64 image_overlay_end_pos(const ImageOverlay *overlay);

/* ---- merge (image_merge.c) ---- */

extern ImageBase *image_merge(const ImageView *view, const ImageOverlay *overlay,
							  ImageAllocate allocate, void *arg);

/* ---- memory (image_memory.c) ---- */

extern MemoryContext image_memory_context(void);
extern void image_memory_check(Size more);
extern Size image_memory_available(void);
extern bool image_memory_is_plenty(Size needed);
extern bool image_memory_make_room(Size needed);
extern void *image_alloc(MemoryContext context, Size size);

/* ---- sharing (image_registry.c) ---- */

extern void image_registry_init(void);

/* From 17 on: find the registry, or make it; no error if there is no room. */
extern void image_registry_attach(void);

/* Has it been found, and is sharing wanted? */
extern bool image_registry_available(void);

typedef enum RegistryAnswer
{
	REGISTRY_FOUND,				/* attached to a ready base */
	REGISTRY_CLAIMED,			/* nobody builds it: the caller must */
	REGISTRY_NONE				/* no room to share it */
} RegistryAnswer;

extern RegistryAnswer image_registry_find(const ImageKey *key, Oid index,
										  dsm_segment **segment, int *slot);
extern bool image_registry_claim(const ImageKey *key, Oid index, int *slot);
extern bool image_registry_may_keep(int slot, dsm_handle handle, bool about_to_use);
extern uint64 image_registry_generation(void);
extern ImageBase *image_registry_allocate(int claim, Size size, bool is_luxury,
										  dsm_segment **segment);
extern void image_registry_touch(int slot);
extern void image_registry_publish(int claim, dsm_segment *segment);
extern void image_registry_release_claim(int claim);

/* ---- images (image_cache.c) ---- */

typedef struct Image
{
	ImageKey	key;
	Oid			index;
	ImageView	view;
	ImageOverlay *overlay;
	MemoryContext context;		/* everything of this image's own */
	dsm_segment *segment;		/* NULL if the base is local */
	int			slot;			/* of the registry */
} Image;

extern bool image_evict_one(void);
extern Image *image_open(Relation index, AdjMetaCopy *copy, bool in_recovery);
extern uint32 image_find_node(const Image *image, AdjNode node);
extern uint32 image_node_count(const Image *image);
extern AdjNode image_node(const Image *image, uint32 node);
extern uint32 image_find_label(const Image *image, ImageLabel label);
extern ImageLabel image_label(const Image *image, uint32 label);
extern uint32 image_label_count(const Image *image);

/* ---- images as graphs (image_graph.c) ---- */

extern PtGraph *image_graph_create(Image *image, AdjVisibility *vis,
								   const bool *labels);

/* one visible edge at a node; return false to stop */
typedef bool (*ImageEdgeCallback) (uint32 other, const ItemPointerData *tid,
								   PtDirection direction, void *arg);
extern bool image_visit_edges(Image *image, AdjVisibility *vis, const bool *labels,
							  uint32 node, PtDirection direction,
							  ImageEdgeCallback callback, void *arg);

#endif							/* IMAGE_H */
