/*
 * image_merge.c
 *		A new base from a base and an overlay, by copying.
 *
 * Node and label ids stay what they are; new ones follow. Each row becomes
 * the base's row less what has died, then the overlay's edges. Memory is read
 * and written in order, and nothing is hashed but the table of nodes.
 */
#include "postgres.h"

#include "image/image_overlay.h"
#include "miscadmin.h"
#include "utils/timestamp.h"

static uint32
copy_base_row(ImageRows *to, uint32 at, const ImageRows *from, uint32 node,
			  const ImageOverlay *overlay, bool kills)
{
	uint32		first = from->offsets[node];
	uint32		last = from->offsets[node + 1];

	if (!kills)
	{
		memcpy(to->ends + at, from->ends + first, (last - first) * sizeof(uint32));
		memcpy(to->tuples + at, from->tuples + first, (last - first) * sizeof(ImageTuple));
		return at + (last - first);
	}
	for (uint32 e = first; e < last; e++)
	{
		if ((e & 0xFFF) == 0)
			CHECK_FOR_INTERRUPTS();
		if (image_overlay_is_killed(overlay, &from->tuples[e].tid))
			continue;
		to->ends[at] = from->ends[e];
		to->tuples[at++] = from->tuples[e];
	}
	return at;
}

static void
copy_rows(ImageView *to, const ImageView *from, const ImageOverlay *overlay,
		  GraphDirection direction)
{
	ImageRows  *rows = &to->rows[direction];
	bool		kills = image_overlay_has_kills(overlay);
	uint32		at = 0;

	for (uint32 node = 0; node < to->nnodes; node++)
	{
		if ((node & 0xFFF) == 0)
			CHECK_FOR_INTERRUPTS();
		rows->offsets[node] = at;
		if (node < from->nnodes)
			at = copy_base_row(rows, at, &from->rows[direction], node, overlay, kills);
		for (uint32 e = image_overlay_first(overlay, node, direction); e != IMAGE_NO_EDGE;)
		{
			const OverlayEdge *edge = image_overlay_edge(overlay, e);

			if (!edge->dead)
			{
				rows->ends[at] = edge->node[direction];
				rows->tuples[at].label = edge->label;
				rows->tuples[at++].tid = edge->tid;
			}
			e = edge->next[direction];
		}
	}
	rows->offsets[to->nnodes] = at;
	if (at != to->nedges)
		elog(ERROR, "merge of a graph image placed %u edges, expected %u", at, to->nedges);
}

static uint32
count_live_edges(const ImageView *view, const ImageOverlay *overlay)
{
	uint64		count = view->nedges;

	if (image_overlay_has_kills(overlay))
	{
		const ImageRows *rows = &view->rows[GRAPH_OUT];

		count = 0;
		for (uint32 e = 0; e < view->nedges; e++)
		{
			if ((e & 0xFFFF) == 0)
				CHECK_FOR_INTERRUPTS();
			if (!image_overlay_is_killed(overlay, &rows->tuples[e].tid))
				count++;
		}
	}
	for (uint32 e = 0; e < image_overlay_edge_count(overlay); e++)
	{
		if ((e & 0xFFFF) == 0)
			CHECK_FOR_INTERRUPTS();
		if (!image_overlay_edge(overlay, e)->dead)
			count++;
	}
	if (count > PG_UINT32_MAX - 1)
		image_too_large("edges", PG_UINT32_MAX - 1);
	return (uint32) count;
}

ImageBase *
image_merge(const ImageView *view, const ImageOverlay *overlay,
			ImageAllocate allocate, void *arg)
{
	ImageBase	header = {0};
	ImageBase  *base;
	ImageView	merged;
	uint32		nnodes = view->nnodes + image_overlay_node_count(overlay);
	uint32		nlabels = view->nlabels + image_overlay_label_count(overlay);

	header.nnodes = nnodes;
	header.nedges = count_live_edges(view, overlay);
	header.nlabels = nlabels;
	header.key_size = view->base->key_size;
	header.hash_seed = view->hash_seed;
	header.end_pos = image_overlay_end_pos(overlay);
	header.end_block = image_overlay_end_block(overlay);
	header.built_at = GetCurrentTimestamp();

	base = allocate(&header, arg);
	if (base == NULL)
		return NULL;
	image_base_view(base, &merged);

	memcpy(merged.fingerprints, view->fingerprints, (Size) view->nnodes * sizeof(uint64));
	memcpy(merged.checks, view->checks, (Size) view->nnodes * sizeof(uint32));
	for (uint32 node = view->nnodes; node < nnodes; node++)
	{
		AdjNode		added = image_overlay_node(overlay, node);

		merged.fingerprints[node] = added.fingerprint;
		merged.checks[node] = added.check;
	}
	memcpy(merged.labels, view->labels, (Size) view->nlabels * sizeof(ImageLabel));
	for (uint32 label = view->nlabels; label < nlabels; label++)
		merged.labels[label] = image_overlay_label(overlay, label);
	image_copy_keys(&merged, view);
	image_base_fill_slots(&merged);
	copy_rows(&merged, view, overlay, GRAPH_OUT);
	copy_rows(&merged, view, overlay, GRAPH_IN);
	return base;
}
