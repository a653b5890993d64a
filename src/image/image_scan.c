/*
 * image_scan.c
 *		The edges at some nodes, as places of rows, for ordinary queries.
 *
 * Only an image that is there already is asked. Rows with one end are looked for
 * beside the nodes; where there was no room for them in the image, and the index has
 * any, a scan for one end is left to the log.
 */
#include "postgres.h"

#include "adjacency/adj_scan.h"
#include "image/image_private.h"
#include "miscadmin.h"

/* *copy is of the log's end that the image was opened for, or later. */
static bool
is_good_for(const Image *image, const AdjMetaCopy *copy, const AdjSearch *search)
{
	return image->view.has_halves || copy->meta.halves == 0 ||
		(search->source.is_given && search->target.is_given);
}

/* The nodes of one end that the image has; returns how many. */
static int
find_nodes(const Image *image, const AdjScanEnd *end, GraphDirection direction,
		   uint32 *nodes, uint64 *edges)
{
	const uint32 *offsets = image->view.rows[direction].offsets;
	int			found = 0;

	*edges = 0;
	for (int i = 0; i < end->count; i++)
	{
		uint32		node;

		CHECK_FOR_INTERRUPTS();
		/* an array may have it twice */
		if (i > 0 && end->nodes[i].fingerprint == end->nodes[i - 1].fingerprint &&
			end->nodes[i].check == end->nodes[i - 1].check)
			continue;
		node = image_find_node(image, end->nodes[i]);
		if (node == GRAPH_NO_NODE)
			continue;
		if (node < image->view.nnodes)
			*edges += offsets[node + 1] - offsets[node];
		nodes[found++] = node;
	}
	return found;
}

/* Is the other end of an edge looked for as well? */
static inline bool
other_matches(const Image *image, const AdjScanEnd *other, uint32 node)
{
	return !other->is_given || adj_end_matches(other, image_node(image, node).fingerprint);
}

static void
add_edges(const Image *image, uint32 node, GraphDirection direction,
		  const AdjScanEnd *other, AdjPlaces *places)
{
	const ImageRows *rows = &image->view.rows[direction];
	const ImageOverlay *overlay = image->overlay;
	uint32		e;

	if (node < image->view.nnodes)
	{
		for (e = rows->offsets[node]; e < rows->offsets[node + 1]; e++)
		{
			if (e % ADJ_SCAN_BATCH == 0)
				CHECK_FOR_INTERRUPTS();
			if (other_matches(image, other, rows->ends[e]) &&
				!image_overlay_is_killed(overlay, &rows->tuples[e].tid))
				adj_add_place(places, &rows->tuples[e].tid);
		}
	}
	for (e = image_overlay_first(overlay, node, direction); e != IMAGE_NO_EDGE;)
	{
		const OverlayEdge *edge = image_overlay_edge(overlay, e);

		if (e % ADJ_SCAN_BATCH == 0)
			CHECK_FOR_INTERRUPTS();
		if (!edge->dead && other_matches(image, other, edge->node[direction]))
			adj_add_place(places, &edge->tid);
		e = edge->next[direction];
	}
}

static void
add_edges_of(const Image *image, const uint32 *nodes, int count, GraphDirection direction,
			 const AdjScanEnd *other, AdjPlaces *places)
{
	for (int i = 0; i < count; i++)
		add_edges(image, nodes[i], direction, other, places);
}

static void
add_halves_of(const Image *image, uint64 fingerprint, GraphDirection direction,
			  AdjPlaces *places)
{
	const ImageView *view = &image->view;
	const ImageOverlay *overlay = image->overlay;

	for (uint64 h = image_find_halves(view, direction, fingerprint);
		 h < view->nhalves[direction] && view->halves[direction][h].fingerprint == fingerprint; h++)
	{
		if (h % ADJ_SCAN_BATCH == 0)
			CHECK_FOR_INTERRUPTS();
		if (!image_overlay_is_killed(overlay, &view->halves[direction][h].tid))
			adj_add_place(places, &view->halves[direction][h].tid);
	}
	for (uint32 h = image_overlay_first_half(overlay, fingerprint, direction); h != IMAGE_NO_EDGE;)
	{
		const OverlayHalf *half = image_overlay_half(overlay, h);

		if (h % ADJ_SCAN_BATCH == 0)
			CHECK_FOR_INTERRUPTS();
		if (!half->dead)
			adj_add_place(places, &half->tid);
		h = half->next;
	}
}

/* The rows that have one of these ends only. */
static void
add_halves(const Image *image, const AdjScanEnd *end, GraphDirection direction,
		   AdjPlaces *places)
{
	for (int i = 0; i < end->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (i == 0 || end->nodes[i].fingerprint != end->nodes[i - 1].fingerprint)
			add_halves_of(image, end->nodes[i].fingerprint, direction, places);
	}
}

/* From the end at which there are fewer edges. */
static void
search_image(const Image *image, const AdjSearch *search, AdjPlaces *places)
{
	uint32	   *sources = palloc((Size) Max(search->source.count, 1) * sizeof(uint32));
	uint32	   *targets = palloc((Size) Max(search->target.count, 1) * sizeof(uint32));
	uint64		out_edges;
	uint64		in_edges;
	int			nsources = find_nodes(image, &search->source, GRAPH_OUT, sources, &out_edges);
	int			ntargets = find_nodes(image, &search->target, GRAPH_IN, targets, &in_edges);

	if (search->source.is_given && (!search->target.is_given || out_edges <= in_edges))
		add_edges_of(image, sources, nsources, GRAPH_OUT, &search->target, places);
	else
		add_edges_of(image, targets, ntargets, GRAPH_IN, &search->source, places);
	if (!search->target.is_given)
		add_halves(image, &search->source, GRAPH_OUT, places);
	if (!search->source.is_given)
		add_halves(image, &search->target, GRAPH_IN, places);
}

static bool
answer(Relation index, AdjMetaCopy *copy, const AdjSearch *search, AdjPlaces *places)
{
	Image	   *image = image_open_ready(index, copy);
	bool		is_good;

	if (image == NULL)
		return false;
	is_good = is_good_for(image, copy, search);
	if (is_good)
		search_image(image, search, places);
	image_close(image);
	return is_good;
}

static const AdjScanImages scan_images = {image_is_ready, answer, image_want};

void
image_scan_init(void)
{
	adj_scan_set_images(&scan_images);
}
