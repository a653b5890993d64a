/*
 * image_graph.c
 *		An image, seen through a snapshot, as a graph for kernels.
 *
 * The order of questions makes a walk cheap: is the other end visited (most
 * are: nothing more is asked), does the label count, is the row visible. Only
 * edges that discover a node, or point at an invisible one, pay for
 * visibility.
 *
 *		a -> b, a -> c, b -> c: from a, the edge b -> c finds c visited and its
 *		row is never looked at. If a -> c is invisible, c is still unvisited
 *		when b -> c comes up. Marking c visited before asking for visibility
 *		would lose it.
 */
#include "postgres.h"

#include "image.h"
#include "miscadmin.h"

/* check for interrupts after so many edges of one node */
#define EDGES_PER_CHECK 4096

/* how many nodes ahead of the walk to ask memory for */
#define PREFETCH_OFFSETS 16
#define PREFETCH_EDGES 8

typedef struct ImageGraph
{
	PtGraph		graph;			/* must be first */
	Image	   *image;
	AdjVisibility *vis;
	const bool *labels;			/* by label id: follow it? NULL for all */
	bool		has_kills;
	bool		has_overlay;
} ImageGraph;

static inline bool
edge_is_visible(const ImageOverlay *overlay, bool has_kills,
				AdjVisibility *vis, const ItemPointerData *tid)
{
	ItemPointerData copy = *tid;
	bool		all_visible = vis->use_map &&
		adj_page_is_all_visible(vis, ItemPointerGetBlockNumberNoCheck(&copy));

	/* a killed one is not fetched: its page may have been cut off the table */
	if (has_kills && image_overlay_is_killed(overlay, tid))
		return false;
	return all_visible || adj_fetch_row(vis, &copy);
}

static inline PtTreeEdge
tree_edge(const ItemPointerData *tid, PtDirection direction)
{
	PtTreeEdge	edge;

	edge.block = ItemPointerGetBlockNumberNoCheck(tid);
	edge.offset = ItemPointerGetOffsetNumberNoCheck(tid);
	edge.node_is_source = direction == PT_IN;
	return edge;
}

/* Returns false when the walk is full. */
static inline bool
discover(PtWalk *walk, uint32 node, uint32 parent,
		 const ItemPointerData *tid, PtDirection direction)
{
	if (walk->count >= walk->max_nodes)
	{
		walk->truncated = true;
		return false;
	}
	graph_walk_add(walk, node, parent, tree_edge(tid, direction));
	return true;
}

static bool
expand_base(ImageGraph *g, PtWalk *walk, uint32 parent, PtDirection direction)
{
	const ImageRows *rows = &g->image->view.rows[direction];
	uint32		node = walk->nodes[parent];
	uint32		last = rows->offsets[node + 1];

	for (uint32 e = rows->offsets[node]; e < last; e++)
	{
		const ImageEdge *edge = &rows->edges[e];

		if (unlikely(e % EDGES_PER_CHECK == 0))
			CHECK_FOR_INTERRUPTS();
		if (graph_is_visited(walk, edge->node))
			continue;
		if (g->labels != NULL && !g->labels[edge->label])
			continue;
		if (!edge_is_visible(g->image->overlay, g->has_kills, g->vis, &edge->tid))
			continue;
		if (!discover(walk, edge->node, parent, &edge->tid, direction))
			return false;
	}
	return true;
}

static bool
expand_overlay(ImageGraph *g, PtWalk *walk, uint32 parent, PtDirection direction)
{
	const ImageOverlay *overlay = g->image->overlay;
	uint32		e = image_overlay_first(overlay, walk->nodes[parent], direction);
	uint32		seen = 0;

	while (e != IMAGE_NO_EDGE)
	{
		const OverlayEdge *edge = image_overlay_edge(overlay, e);
		uint32		other = edge->node[direction];

		if (++seen % EDGES_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		e = edge->next[direction];
		if (edge->dead || graph_is_visited(walk, other))
			continue;
		if (g->labels != NULL && !g->labels[edge->label])
			continue;
		if (!adj_row_is_visible(g->vis, &edge->tid))
			continue;
		if (!discover(walk, other, parent, &edge->tid, direction))
			return false;
	}
	return true;
}

/* The rows of nodes soon to be expanded: first where they are, then they. */
static inline void
prefetch(const ImageGraph *g, const PtWalk *walk, uint64 at, uint64 last,
		 PtDirection direction)
{
	const ImageRows *rows = &g->image->view.rows[direction];
	uint32		nnodes = g->image->view.nnodes;

	if (at + PREFETCH_OFFSETS < last)
	{
		uint32		node = walk->nodes[at + PREFETCH_OFFSETS];

		if (node < nnodes)
			__builtin_prefetch(&rows->offsets[node]);
	}
	if (at + PREFETCH_EDGES < last)
	{
		uint32		node = walk->nodes[at + PREFETCH_EDGES];

		if (node < nnodes)
		{
			const ImageEdge *row = &rows->edges[rows->offsets[node]];

			__builtin_prefetch(row);
			__builtin_prefetch((const char *) row + PG_CACHE_LINE_SIZE / 2);
		}
	}
}

static bool
expand_direction(ImageGraph *g, PtWalk *walk, uint32 parent, uint64 last,
				 PtDirection direction)
{
	prefetch(g, walk, parent, last, direction);
	if (walk->nodes[parent] < g->image->view.nnodes &&
		!expand_base(g, walk, parent, direction))
		return false;
	return !g->has_overlay || expand_overlay(g, walk, parent, direction);
}

static void
expand(PtGraph *graph, PtWalk *walk, uint64 first, uint64 last)
{
	ImageGraph *g = (ImageGraph *) graph;

	for (uint64 i = first; i < last; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (walk->direction != PT_IN && !expand_direction(g, walk, i, last, PT_OUT))
			return;
		if (walk->direction != PT_OUT && !expand_direction(g, walk, i, last, PT_IN))
			return;
	}
}

PtGraph *
image_graph_create(Image *image, AdjVisibility *vis, const bool *labels)
{
	ImageGraph *g = palloc(sizeof(ImageGraph));

	g->graph.nnodes = image_node_count(image);
	g->graph.expand = expand;
	g->image = image;
	g->vis = vis;
	g->labels = labels;
	g->has_kills = image_overlay_has_kills(image->overlay);
	g->has_overlay = image_overlay_edge_count(image->overlay) > 0;
	return &g->graph;
}

/*
 * Call back for every visible edge at a node, parallel ones each. Returns
 * false if the callback stopped it.
 */
bool
image_visit_edges(Image *image, AdjVisibility *vis, const bool *labels,
				  uint32 node, PtDirection direction,
				  ImageEdgeCallback callback, void *arg)
{
	const ImageOverlay *overlay = image->overlay;
	const ImageRows *rows = &image->view.rows[direction];
	bool		has_kills = image_overlay_has_kills(overlay);

	if (node < image->view.nnodes)
	{
		for (uint32 e = rows->offsets[node]; e < rows->offsets[node + 1]; e++)
		{
			const ImageEdge *edge = &rows->edges[e];

			if (e % EDGES_PER_CHECK == 0)
				CHECK_FOR_INTERRUPTS();
			if ((labels == NULL || labels[edge->label]) &&
				edge_is_visible(overlay, has_kills, vis, &edge->tid) &&
				!callback(edge->node, &edge->tid, direction, arg))
				return false;
		}
	}
	for (uint32 e = image_overlay_first(overlay, node, direction); e != IMAGE_NO_EDGE;)
	{
		const OverlayEdge *edge = image_overlay_edge(overlay, e);

		CHECK_FOR_INTERRUPTS();
		if (!edge->dead && (labels == NULL || labels[edge->label]) &&
			adj_row_is_visible(vis, &edge->tid) &&
			!callback(edge->node[direction], &edge->tid, direction, arg))
			return false;
		e = edge->next[direction];
	}
	return true;
}
