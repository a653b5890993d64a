/*
 * image_overlay.h
 *		What one session has read of the log since its base was built.
 *
 * New nodes and new labels have ids behind the base's; an edge or half is in the base
 * or here, and a death is noted here for either. An overlay grows by reading
 * the log's new tail, but never while a call uses it, and is merged into a new
 * base when it has grown large.
 *
 * All of it is in a context of its own below image_memory_context. What it
 * grows by counts as memory of the session: error 53400, after which it may be
 * broken. Pointers to its edges last until the next sync.
 */
#ifndef IMAGE_OVERLAY_H
#define IMAGE_OVERLAY_H

#include "graph/graph.h"
#include "image/image_base.h"

#define IMAGE_NO_EDGE PG_UINT32_MAX

typedef struct ImageOverlay ImageOverlay;

/* An edge that the base does not have. */
typedef struct OverlayEdge
{
	uint32		node[IMAGE_DIRECTIONS]; /* [GRAPH_OUT] target, [GRAPH_IN] source */
	uint32		next[IMAGE_DIRECTIONS]; /* next edge from the other end */
	uint64		pos;			/* in the log */
	ItemPointerData tid;
	bool		dead;
	uint32		label;
} OverlayEdge;

/* A row with one end that the base does not have. */
typedef struct OverlayHalf
{
	uint64		fingerprint;	/* of its end */
	uint64		pos;			/* in the log */
	uint32		next;			/* of the same end */
	ItemPointerData tid;
	uint8		direction;		/* GRAPH_OUT: it has a source; GRAPH_IN: a target */
	bool		dead;
} OverlayHalf;

/*
 * An empty overlay of a base, in a context below parent, with which it goes.
 * The view must stay where it is as long.
 */
extern ImageOverlay *image_overlay_create(const ImageView *view, MemoryContext parent);

/* ---- growing ---- */

/*
 * Read the log up to the end that copy gives: ADJ_READ_END, or
 * ADJ_READ_CHANGED, and then the overlay is of no use. O(entries read).
 * Interruptible. Errors 53400, 54000, XX002.
 */
extern AdjReadStatus image_overlay_sync(ImageOverlay *overlay, Relation index,
										const AdjMetaCopy *copy);

/*
 * The same, but not further than the page that has the entry so many ahead: the
 * overlay may not be at the end then. O(most).
 */
extern AdjReadStatus image_overlay_read(ImageOverlay *overlay, Relation index,
										const AdjMetaCopy *copy, uint64 most);

/* Did an error hit while entries were taken over? Then it must not be used. */
extern bool image_overlay_is_broken(const ImageOverlay *overlay);

/*
 * Session memory, besides what the overlay has, that reading the log up to
 * the end given by copy may take, or so many entries of it. 0 if there is nothing
 * to read.
 */
extern Size image_overlay_cost(const ImageOverlay *overlay, const AdjMetaCopy *copy);
extern Size image_overlay_read_cost(const ImageOverlay *overlay, const AdjMetaCopy *copy,
									uint64 most);

/* How far the log has been read: up to this position, and it goes on here. */
extern uint64 image_overlay_end_pos(const ImageOverlay *overlay);
extern BlockNumber image_overlay_end_block(const ImageOverlay *overlay);

/* Entries read so far, tombstones included; memory in bytes. */
extern uint64 image_overlay_entries(const ImageOverlay *overlay);
extern Size image_overlay_bytes(const ImageOverlay *overlay);

/* ---- nodes: only those that the base does not have ---- */

/* How many there are, and what the index knows one by; node is its id. */
extern uint32 image_overlay_node_count(const ImageOverlay *overlay);
extern AdjNode image_overlay_node(const ImageOverlay *overlay, uint32 node);

/* The id of a node, or GRAPH_NO_NODE. O(1). */
extern uint32 image_overlay_find_node(const ImageOverlay *overlay, AdjNode node);

/* ---- labels ---- */

/* Only those that the base does not have, by id. */
extern uint32 image_overlay_label_count(const ImageOverlay *overlay);
extern ImageLabel image_overlay_label(const ImageOverlay *overlay, uint32 label);

/* The id of a label of base or overlay, or IMAGE_NO_LABEL. O(1). */
extern uint32 image_overlay_find_label(const ImageOverlay *overlay, ImageLabel label);

/* Can there be edges with a confidence, in base or overlay? */
extern bool image_overlay_has_guesses(const ImageOverlay *overlay);

/* ---- edges ---- */

/* By number, in log order, the dead ones included. */
extern uint32 image_overlay_edge_count(const ImageOverlay *overlay);
extern const OverlayEdge *image_overlay_edge(const ImageOverlay *overlay, uint32 edge);

/* The weight of one, as its entry has it; only if the base has weights. */
extern double image_overlay_weight(const ImageOverlay *overlay, uint32 edge);

/*
 * The newest edge at a node of base or overlay, or IMAGE_NO_EDGE; the others
 * hang on its next. O(1).
 */
extern uint32 image_overlay_first(const ImageOverlay *overlay, uint32 node,
								  GraphDirection direction);

/* Has the edge, or half, of the base with this TID died since? Any at all? O(1). */
extern bool image_overlay_is_killed(const ImageOverlay *overlay, const ItemPointerData *tid);
extern bool image_overlay_has_kills(const ImageOverlay *overlay);

/* ---- halves: none if the base has none for want of room ---- */

/* By number, in log order, the dead ones included. */
extern uint32 image_overlay_half_count(const ImageOverlay *overlay);
extern const OverlayHalf *image_overlay_half(const ImageOverlay *overlay, uint32 half);

/* The newest half with an end, or IMAGE_NO_EDGE; the others hang on its next. O(1). */
extern uint32 image_overlay_first_half(const ImageOverlay *overlay, uint64 fingerprint,
									   GraphDirection direction);

/* ---- merging (image_merge.c) ---- */

/*
 * A new base from a base and an overlay, which stay as they are, in what
 * allocate returns; NULL if that gave up. O(nodes + edges + halves), interruptible.
 */
extern ImageBase *image_merge(const ImageView *view, const ImageOverlay *overlay,
							  ImageAllocate allocate, void *arg);

#endif							/* IMAGE_OVERLAY_H */
