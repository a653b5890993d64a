/*
 * image.h
 *		The graph image: an adjacency index decoded for walking.
 *
 * An image holds all entries that VACUUM has not removed, visible or not. It
 * belongs to no snapshot: as a graph it asks for each edge it takes whether a
 * snapshot sees the row.
 *
 * A call opens an image and has it until it closes it: the session may open it
 * again meanwhile, and catch up further, without the first use noticing. After
 * an error the use ends with the resource owner it was opened under.
 */
#ifndef IMAGE_H
#define IMAGE_H

#include "adjacency/adj_columns.h"
#include "adjacency/adj_log.h"
#include "base/pt_budget.h"
#include "base/pt_visible.h"
#include "datatype/timestamp.h"
#include "graph/graph.h"

typedef struct Image Image;

/* When the library is loaded: asks for shared memory, where that is needed. */
extern void image_registry_init(void);

/* When the library is loaded: look out for indexes that go, and their images. */
extern void image_gone_init(void);

/* When the library is loaded: ask for images that sessions had no time for. */
extern void image_want_init(void);

/* When the library is loaded: build images after the server has started. */
extern void image_start_init(void);

/*
 * The image of an index, with everything in the log that *copy describes:
 * found, attached to, built or merged, and caught up. Where a merge is due a
 * worker is asked for it, if there can be one. The caller holds the
 * vacuum barrier, and *copy was read under it; in recovery there is no
 * barrier, the log may be replaced while it is read, and then *copy is read
 * again. The use is allocated in the current memory context. May wait for
 * another session's build, interruptibly.
 *
 * O(what the log has had since the last call); where a base is to be built,
 * O(entries).
 *
 * Errors: 53400 if the image needs more memory than the session may use, 54000
 * for what is too large for any image, XX002 if the log is broken or two keys
 * have one fingerprint.
 */
extern Image *image_open(Relation index, AdjMetaCopy *copy, bool in_recovery);

/*
 * The same for a call that will not walk: no barrier, *copy is read here, and what
 * there is to be done is not left to a worker.
 */
extern Image *image_prepare(Relation index, AdjMetaCopy *copy);

/*
 * The same for an ordinary query, which needs no image: no barrier, and only what
 * this session or another has. NULL if there is none, none that can be mapped, no
 * memory for what the log has had since, an error in that, or if the log is replaced
 * meanwhile. Builds
 * nothing and waits for nobody; a worker is asked for a merge that is due. The use
 * is allocated in the current memory context, which should not live long.
 */
extern Image *image_open_ready(Relation index, AdjMetaCopy *copy);

/* Is there likely one, with the rows that have one end if need be? Attaches to none. */
extern bool image_is_ready(Relation index, const AdjMetaCopy *copy, bool with_halves);

/* Of an image, without what the log has had since it was built. */
typedef struct ImageSize
{
	uint64		nodes;
	uint64		edges;
} ImageSize;

/*
 * How large is the image of an index that this session or another has, or had of a
 * former file of it? False if nobody has one. For estimates: it need not be there any
 * longer. Takes no lock on the index.
 */
extern bool image_known_size(Oid index, ImageSize *size);

/*
 * Somebody could have used one. Ask a worker to build it, if it is worth while and there
 * is room that is free. Waits for nothing.
 */
extern void image_want(Relation index, const AdjMetaCopy *copy);

/* When the library is loaded: let images answer scans of indexes. */
extern void image_scan_init(void);

/*
 * For a worker: have the shared image of an index built, if nobody has, or merged,
 * if that is due. No barrier, no snapshot, and no waiting. If it is optional no
 * other image goes for it. False if that is not done: somebody else is at it, there
 * is no room, or the log has been replaced meanwhile. Errors are those of
 * image_open. O(entries).
 */
extern bool image_refresh(Relation index, bool is_optional);

/* The use ends, and with it graphs and pointers that came from it. */
extern void image_close(Image *image);

/*
 * Whoever walks the image's edges calls this, some times a second at least. It
 * may change how the visibility is told that the graphs were created with: they
 * are between two questions.
 */
typedef void (*ImagePause) (void *arg);

extern void image_set_pause(Image *image, ImagePause pause, void *arg);

/* ---- nodes: base's and newer ones together ---- */

/* GRAPH_NO_NODE if no entry has the node. O(1). */
extern uint32 image_find_node(const Image *image, AdjNode node);

/* The same for many, all of whose memory is asked for before it is looked at. */
extern void image_find_nodes(const Image *image, const AdjNode *nodes, int count, uint32 *found);

/* What the index knows a node by; node is an id of this image. O(1). */
extern AdjNode image_node(const Image *image, uint32 node);

/*
 * The key of a node, if somebody has left it: a text's varlena, or a uuid's
 * bytes. NULL if not. Good until the image is closed.
 */
extern const char *image_find_key(const Image *image, uint32 node);

/*
 * Leave the key of a node, so many bytes, for all sessions, as long as the
 * base is there; if it has room. They are copied. No lock is taken.
 */
extern void image_keep_key(Image *image, uint32 node, const char *key, Size size);

/* ---- as a graph ---- */

/* A type of edges: those with a label, or only the guesses among them. */
typedef struct ImageType
{
	uint64		hash;			/* of the label */
	bool		only_guesses;
} ImageType;

/*
 * Which label ids to follow, for image_graph_create: those of some types
 * (NULL: of all), facts, and guesses of at least min_confidence hundredths.
 * NULL if that is all of them. Taken from the budget, a byte a label.
 */
extern bool *image_follow(const Image *image, const ImageType *types, int ntypes,
						  int min_confidence, PtBudget *budget);

/*
 * The edges of the image whose rows are visible and whose labels are to be
 * followed. Where weights are asked for, edges are left out whose weight is NULL
 * or infinity: they lead nowhere at any cost. NaN and -infinity are error 22003. It lives in the current memory context and is valid while image
 * and vis are. An edge of it stands for the place of its row.
 */
extern Graph *image_graph_create(Image *image, PtVisibility *vis, const bool *follow);

/*
 * Of such a graph, the one of those of its edges that are facts, without a
 * confidence or of confidence 1; NULL if all are. In the current memory
 * context, but for a byte a label from the budget.
 */
extern Graph *image_graph_facts(const Graph *graph, PtBudget *budget);

/* Has the index a weight, which the graph's edges give where they are asked for it? */
extern bool image_has_weights(const Image *image);

/* The place of an edge's row. */
extern ItemPointerData image_edge_tid(GraphEdge edge);

/* ---- for pt_graph_status and pt_last_walk ---- */

/* What it took to open an image, besides reading what is new in the log. */
typedef enum ImageOrigin
{
	IMAGE_KEPT,					/* the session had it */
	IMAGE_ATTACHED,				/* another session had built it */
	IMAGE_BUILT,
	IMAGE_MERGED				/* from the one that the session had */
} ImageOrigin;

/* As of the log's end that the image was opened with; bytes are in memory. */
typedef struct ImageStatus
{
	uint64		nodes;
	Size		base_bytes;
	bool		is_shared;
	TimestampTz built_at;
	uint64		overlay_edges;
	Size		overlay_bytes;
	ImageOrigin origin;
} ImageStatus;

extern ImageStatus image_status(const Image *image);

#endif							/* IMAGE_H */
