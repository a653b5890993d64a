/*
 * image_merge.c
 *		A new base from a base and an overlay, by copying.
 *
 * Node ids stay what they are; new ones follow. Labels are numbered anew, in the
 * same order, without those whose edges have all died: nothing else would ever
 * remove the labels of rows that were rolled back. Each row becomes the base's
 * row less what has died, then the overlay's edges. Halves stay sorted. O(nodes +
 * edges + halves), sequential, without hashing any key but the tables of nodes and
 * labels.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "image/image_memory.h"
#include "image/image_overlay.h"
#include "miscadmin.h"
#include "utils/timestamp.h"

/* What is merged, and the new number of each label. */
typedef struct Merge
{
	const ImageView *base;
	const ImageOverlay *overlay;
	bool		kills;			/* in the base; else its labels keep their numbers */
	uint32	   *labels;			/* by number in the image; while counting: is it used? */
	uint32		nlabels;		/* in the image */
	uint64		new_halves[IMAGE_DIRECTIONS];	/* of the overlay, that live */
} Merge;

/* A row of which nothing has died. */
static uint32
copy_whole_row(ImageRows *to, uint32 at, const ImageRows *from, uint32 first, uint32 count)
{
	memcpy(to->ends + at, from->ends + first, count * sizeof(uint32));
	memcpy(to->tuples + at, from->tuples + first, count * sizeof(ImageTuple));
	if (from->high_labels != NULL)
		memcpy(to->high_labels + at, from->high_labels + first, count * sizeof(uint16));
	else if (to->high_labels != NULL)
		memset(to->high_labels + at, 0, count * sizeof(uint16));
	if (to->weights != NULL)
		memcpy(to->weights + at, from->weights + first, count * sizeof(double));
	return at + count;
}

static uint32
copy_base_row(const Merge *m, ImageRows *to, uint32 at, const ImageRows *from, uint32 node)
{
	uint32		first = from->offsets[node];
	uint32		last = from->offsets[node + 1];

	if (!m->kills)
		return copy_whole_row(to, at, from, first, last - first);
	for (uint32 e = first; e < last; e++)
	{
		pt_check_interrupts(e);
		if (image_overlay_is_killed(m->overlay, &from->tuples[e].tid))
			continue;
		to->ends[at] = from->ends[e];
		to->tuples[at].tid = from->tuples[e].tid;
		if (to->weights != NULL)
			to->weights[at] = from->weights[e];
		image_set_edge_label(to, at++, m->labels[image_edge_label(from, e)]);
	}
	return at;
}

static void
copy_rows(const Merge *m, ImageView *to, GraphDirection direction)
{
	const ImageOverlay *overlay = m->overlay;
	ImageRows  *rows = &to->rows[direction];
	uint32		at = 0;

	for (uint32 node = 0; node < to->nnodes; node++)
	{
		pt_check_interrupts(node);
		rows->offsets[node] = at;
		if (node < m->base->nnodes)
			at = copy_base_row(m, rows, at, &m->base->rows[direction], node);
		for (uint32 e = image_overlay_first(overlay, node, direction); e != IMAGE_NO_EDGE;)
		{
			const OverlayEdge *edge = image_overlay_edge(overlay, e);

			if (!edge->dead)
			{
				rows->ends[at] = edge->node[direction];
				rows->tuples[at].tid = edge->tid;
				if (rows->weights != NULL)
					rows->weights[at] = image_overlay_weight(overlay, e);
				image_set_edge_label(rows, at++, m->labels[edge->label]);
			}
			e = edge->next[direction];
		}
	}
	rows->offsets[to->nnodes] = at;
	if (at != to->nedges)
		elog(ERROR, "merge of a graph image placed %u edges, expected %u", at, to->nedges);
}

/* Count the edges that live, and note which labels they have. */
static uint32
count_live_edges(Merge *m)
{
	const ImageRows *rows = &m->base->rows[GRAPH_OUT];
	uint64		count = 0;

	for (uint32 e = 0; m->kills && e < m->base->nedges; e++)
	{
		pt_check_interrupts(e);
		if (image_overlay_is_killed(m->overlay, &rows->tuples[e].tid))
			continue;
		m->labels[image_edge_label(rows, e)] = true;
		count++;
	}
	if (!m->kills)
	{
		count = m->base->nedges;
		for (uint32 label = 0; label < m->base->nlabels; label++)
			m->labels[label] = true;
	}
	for (uint32 e = 0; e < image_overlay_edge_count(m->overlay); e++)
	{
		const OverlayEdge *edge = image_overlay_edge(m->overlay, e);

		pt_check_interrupts(e);
		if (edge->dead)
			continue;
		m->labels[edge->label] = true;
		count++;
	}
	if (count > PG_UINT32_MAX - 1)
		image_too_large("edges", PG_UINT32_MAX - 1);
	return (uint32) count;
}

/* How many halves live, of each direction. */
static void
count_live_halves(Merge *m, uint64 *count)
{
	for (int d = 0; d < IMAGE_DIRECTIONS; d++)
	{
		count[d] = m->kills ? 0 : m->base->nhalves[d];
		for (uint64 h = 0; m->kills && h < m->base->nhalves[d]; h++)
		{
			pt_check_interrupts(h);
			count[d] += !image_overlay_is_killed(m->overlay, &m->base->halves[d][h].tid);
		}
	}
	for (uint32 h = 0; h < image_overlay_half_count(m->overlay); h++)
	{
		const OverlayHalf *half = image_overlay_half(m->overlay, h);

		pt_check_interrupts(h);
		m->new_halves[half->direction] += !half->dead;
	}
	for (int d = 0; d < IMAGE_DIRECTIONS; d++)
		count[d] += m->new_halves[d];
}

/* The overlay's halves that live, sorted, to where they are. */
static void
copy_new_halves(const Merge *m, ImageHalf *to, GraphDirection direction)
{
	uint64		at = 0;

	for (uint32 h = 0; h < image_overlay_half_count(m->overlay); h++)
	{
		const OverlayHalf *half = image_overlay_half(m->overlay, h);

		pt_check_interrupts(h);
		if (half->direction == direction && !half->dead)
			to[at++] = (ImageHalf) {half->fingerprint, half->tid, 0};
	}
	image_sort_halves(to, at);
}

/*
 * The overlay's are put at the end, where they are out of the way: as many places as
 * there are of the base's are before them, so none is written to before it is read.
 */
static void
copy_halves(const Merge *m, ImageView *to, GraphDirection direction)
{
	ImageHalf  *halves = to->halves[direction];
	uint64		count = to->nhalves[direction];
	uint64		next_new = count - m->new_halves[direction];
	uint64		at = 0;

	copy_new_halves(m, halves + next_new, direction);
	for (uint64 h = 0; h < m->base->nhalves[direction]; h++)
	{
		const ImageHalf *half = &m->base->halves[direction][h];

		pt_check_interrupts(h);
		if (m->kills && image_overlay_is_killed(m->overlay, &half->tid))
			continue;
		while (next_new < count && image_compare_halves(&halves[next_new], half) < 0)
			halves[at++] = halves[next_new++];
		halves[at++] = *half;
	}
	if (at != next_new)
		elog(ERROR, "merge of a graph image placed " UINT64_FORMAT " halves, expected " UINT64_FORMAT,
			 at, next_new);
}

/* Number the labels that are used. Those that are not keep the number 0. */
static uint32
number_labels(Merge *m)
{
	uint32		next = IMAGE_NO_LABEL + 1;

	m->labels[IMAGE_NO_LABEL] = IMAGE_NO_LABEL;
	for (uint32 label = IMAGE_NO_LABEL + 1; label < m->nlabels; label++)
	{
		pt_check_interrupts(label);
		if (m->labels[label])
			m->labels[label] = next++;
	}
	return next;
}

static void
copy_labels(const Merge *m, ImageView *to)
{
	to->labels[IMAGE_NO_LABEL] = m->base->labels[IMAGE_NO_LABEL];
	for (uint32 label = IMAGE_NO_LABEL + 1; label < m->nlabels; label++)
	{
		pt_check_interrupts(label);
		if (m->labels[label] != IMAGE_NO_LABEL)
			to->labels[m->labels[label]] = label < m->base->nlabels ?
				m->base->labels[label] : image_overlay_label(m->overlay, label);
	}
}

ImageBase *
image_merge(const ImageView *view, const ImageOverlay *overlay,
			ImageAllocate allocate, void *arg)
{
	ImageBase	header = {0};
	ImageBase  *base;
	ImageView	merged;
	uint32		nnodes = view->nnodes + image_overlay_node_count(overlay);
	Merge		m = {view, overlay, image_overlay_has_kills(overlay)};

	m.nlabels = view->nlabels + image_overlay_label_count(overlay);
	if (!image_memory_make_room((Size) m.nlabels * sizeof(uint32)))
		return NULL;
	m.labels = palloc_extended((Size) m.nlabels * sizeof(uint32),
							   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	header.nnodes = nnodes;
	header.nedges = count_live_edges(&m);
	header.nlabels = number_labels(&m);
	header.has_weights = view->base->has_weights;
	header.has_halves = view->has_halves;
	count_live_halves(&m, header.nhalves);
	header.key_size = view->base->key_size;
	header.hash_seed = view->hash_seed;
	header.end_pos = image_overlay_end_pos(overlay);
	header.end_block = image_overlay_end_block(overlay);
	header.built_at = GetCurrentTimestamp();

	base = allocate(&header, arg);
	if (base == NULL && header.has_halves)
	{
		header.has_halves = false;
		base = allocate(&header, arg);
	}
	if (base == NULL)
	{
		pfree(m.labels);
		return NULL;
	}
	image_base_view(base, &merged);

	memcpy(merged.fingerprints, view->fingerprints, (Size) view->nnodes * sizeof(uint64));
	memcpy(merged.checks, view->checks, (Size) view->nnodes * sizeof(uint32));
	for (uint32 node = view->nnodes; node < nnodes; node++)
	{
		AdjNode		added = image_overlay_node(overlay, node);

		merged.fingerprints[node] = added.fingerprint;
		merged.checks[node] = added.check;
	}
	copy_labels(&m, &merged);
	image_copy_keys(&merged, view);
	image_base_fill_slots(&merged);
	copy_rows(&m, &merged, GRAPH_OUT);
	copy_rows(&m, &merged, GRAPH_IN);
	for (int d = 0; d < IMAGE_DIRECTIONS && merged.has_halves; d++)
		copy_halves(&m, &merged, d);
	pfree(m.labels);
	return base;
}
