/*
 * image_graph.c
 *		An image, seen through a snapshot, as a graph for kernels.
 *
 * The order of questions makes a walk cheap: is the other end visited (most
 * are: nothing more is asked), does the label count, is the row visible. Only
 * edges that discover a node, or point at an invisible one, pay for
 * visibility. Edges that pass the first question are gathered, so that the
 * memory which the others need is on its way before it is looked at.
 *
 *		a -> b, a -> c, b -> c: from a, the edge b -> c finds c visited and its
 *		row is never looked at. If a -> c is invisible, c is still unvisited
 *		when b -> c comes up. Marking c visited before asking for visibility
 *		would lose it.
 *
 * A level whose frontier is a good part of the graph need not be walked in the
 * order in which it was found, nor along the edges that leave it. Its nodes
 * are sorted, so that memory is read front to back. Or, where fewer edges have
 * to be looked at that way, the nodes not yet visited are asked for an edge
 * from the frontier, of which one is enough: Beamer, Asanovic and Patterson,
 * "Direction-optimizing breadth-first search" (2012). An edge from some other
 * visited node would not do: it may have been found a moment ago, on the same
 * level, or never, since kernels mark nodes as visited to keep them out.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "graph/graph_walk.h"
#include "image/image_private.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "utils/float.h"

/* how many nodes ahead of the walk to ask memory for */
#define PREFETCH_OFFSETS 16
#define PREFETCH_ENDS 8

/* edges gathered before their rows are judged, and how many in one go */
#define BATCH_EDGES 512
#define BATCH_STEP 64

/* a pause is due after so many batches or nodes */
#define PAUSE_EVERY 64

/* a frontier of at least one node in so many is dense */
#define DENSE_FRACTION 64

/*
 * An edge that may lead to a new node, and the place of the node it leaves; where
 * a walk looks back, that new node.
 */
typedef struct Candidate
{
	uint32		edge;
	uint32		parent;
} Candidate;

typedef struct ImageGraph
{
	Graph		graph;			/* must be first */
	Image	   *image;
	PtVisibility *vis;
	const bool *labels;			/* by label id: follow it? NULL for all */
	bool		has_kills;
	uint32		steps;			/* of some microseconds each */
	int			ncandidates;
	Candidate	candidates[BATCH_EDGES];
} ImageGraph;

void
image_set_pause(Image *image, ImagePause pause, void *arg)
{
	image->pause = pause;
	image->pause_arg = arg;
}

/* Between two questions for visibility, in loops that may be long. */
static inline void
pause_between(ImageGraph *g)
{
	if (unlikely(++g->steps % PAUSE_EVERY == 0) && g->image->pause != NULL)
		g->image->pause(g->image->pause_arg);
}

/* Where rows have died since the base was built. */
static pg_noinline bool
is_alive_and_visible(const ImageOverlay *overlay, PtVisibility *vis, const ItemPointerData *tid)
{
	/* a killed one is not fetched: its page may have been cut off the table */
	return !image_overlay_is_killed(overlay, tid) && pt_row_is_visible(vis, tid);
}

/* Does an edge of the base count for this walk? */
static inline bool
counts(const ImageGraph *g, const ImageRows *rows, uint32 edge)
{
	if (g->labels != NULL && !g->labels[image_edge_label(rows, edge)])
		return false;
	if (unlikely(g->has_kills))
		return is_alive_and_visible(g->image->overlay, g->vis, &rows->tuples[edge].tid);
	return pt_row_is_visible(g->vis, &rows->tuples[edge].tid);
}

/* An edge is known by the place of its row. */
static inline GraphEdge
edge_of(const ItemPointerData *tid, GraphDirection direction)
{
	return (direction == GRAPH_IN ? GRAPH_EDGE_REVERSED : 0) |
		(uint64) ItemPointerGetBlockNumberNoCheck(tid) << 16 |
		ItemPointerGetOffsetNumberNoCheck(tid);
}

ItemPointerData
image_edge_tid(GraphEdge edge)
{
	ItemPointerData tid;

	ItemPointerSet(&tid, (edge & ~GRAPH_EDGE_REVERSED) >> 16, edge & 0xFFFF);
	return tid;
}

/* Returns false when the walk is full. */
static inline bool
discover(GraphWalk *walk, uint32 node, uint32 parent,
		 const ItemPointerData *tid, GraphDirection direction)
{
	if (walk->count >= walk->max_nodes)
	{
		walk->truncated = true;
		return false;
	}
	graph_walk_add(walk, node, parent, edge_of(tid, direction));
	return true;
}

/*
 * Have the memory on its way that judging the first n candidates takes. Inlined
 * for certain: GCC takes a function that only prefetches for one without effect.
 */
static pg_attribute_always_inline void
prefetch_rows(const ImageGraph *g, const ImageRows *rows, int n)
{
	for (int i = 0; i < n; i++)
		__builtin_prefetch(&rows->tuples[g->candidates[i].edge]);
	for (int i = 0; i < n && g->vis->file != NULL; i++)
		pt_prefetch_row(g->vis, &rows->tuples[g->candidates[i].edge].tid);
}

/* ---- looking ahead: from the frontier along its edges ---- */

/* Judge the candidates. Returns false when the walk is full. */
static bool
judge(ImageGraph *g, GraphWalk *walk, GraphDirection direction)
{
	const ImageRows *rows = &g->image->view.rows[direction];
	const ImageTuple *tuples = rows->tuples;
	const uint32 *ends = rows->ends;
	int			n = g->ncandidates;

	pause_between(g);
	g->ncandidates = 0;
	prefetch_rows(g, rows, n);
	for (int i = 0; i < n; i++)
	{
		Candidate	c = g->candidates[i];

		/* an earlier candidate may have led there */
		if (!graph_is_visited(walk, ends[c.edge]) && counts(g, rows, c.edge) &&
			!discover(walk, ends[c.edge], c.parent, &tuples[c.edge].tid, direction))
			return false;
	}
	return true;
}

/*
 * Gather the edges of a node that lead to what is not visited. No branch
 * depends on that, since nobody could foresee it.
 */
static inline bool
gather(ImageGraph *g, GraphWalk *walk, uint32 node, uint32 parent, GraphDirection direction)
{
	const uint32 *offsets = g->image->view.rows[direction].offsets;
	const uint32 *ends = g->image->view.rows[direction].ends;
	const uint64 *visited = walk->visited;
	uint32		last = offsets[node + 1];

	g->vis->tally.edges += last - offsets[node];
	for (uint32 e = offsets[node]; e < last;)
	{
		uint32		stop = e + Min(last - e, BATCH_STEP);
		int			n = g->ncandidates;

		for (; e < stop; e++)
		{
			g->candidates[n].edge = e;
			g->candidates[n].parent = parent;
			n += ~(visited[ends[e] / 64] >> (ends[e] % 64)) & 1;
		}
		g->ncandidates = n;
		if (n > BATCH_EDGES - BATCH_STEP && !judge(g, walk, direction))
			return false;
		if (e < last)
			CHECK_FOR_INTERRUPTS();
	}
	return true;
}

/* The rows of nodes soon to be expanded: first where they are, then they. */
static pg_attribute_always_inline void
prefetch(const ImageView *view, const ImageRows *rows, const uint32 *nodes,
		 uint64 at, uint64 count)
{
	if (at + PREFETCH_OFFSETS < count && nodes[at + PREFETCH_OFFSETS] < view->nnodes)
		__builtin_prefetch(&rows->offsets[nodes[at + PREFETCH_OFFSETS]]);
	if (at + PREFETCH_ENDS < count && nodes[at + PREFETCH_ENDS] < view->nnodes)
		__builtin_prefetch(&rows->ends[rows->offsets[nodes[at + PREFETCH_ENDS]]]);
}

/*
 * Add what is one edge of the base away from the frontier, the count nodes
 * from the place first on, or those in sorted if that is given. Returns false
 * when the walk is full.
 */
static bool
look_ahead(ImageGraph *g, GraphWalk *walk, uint64 first, const uint32 *sorted, uint64 count,
		   GraphDirection direction)
{
	const ImageView *view = &g->image->view;

	g->ncandidates = 0;
	for (uint64 i = 0; i < count; i++)
	{
		/* the walk's array moves when it grows */
		const uint32 *nodes = sorted != NULL ? sorted : walk->nodes + first;

		CHECK_FOR_INTERRUPTS();
		prefetch(view, &view->rows[direction], nodes, i, count);
		if (nodes[i] < view->nnodes &&
			!gather(g, walk, nodes[i], (uint32) (first + i), direction))
			return false;
	}
	return judge(g, walk, direction);
}

/* ---- dense frontiers ---- */

/*
 * A bit for each node of the frontier, if it is dense: then its rows are
 * better read in the order in which they lie in memory, or those of the nodes
 * that are not visited instead. NULL if it is not dense, if the walk
 * wants to know from which place a node was reached, or if memory is short.
 */
static uint64 *
mark_frontier(const ImageGraph *g, const GraphWalk *walk, uint64 first, uint64 last)
{
	uint32		nnodes = g->graph.nnodes;
	Size		bytes = ((Size) nnodes / 64 + 1) * sizeof(uint64);
	uint64	   *frontier;

	/* sort_frontier may want four bytes for each of its nodes */
	if ((walk->keep & GRAPH_KEEP_PARENTS) || last - first <= nnodes / DENSE_FRACTION ||
		!pt_budget_has(walk->budget, 4 * (bytes + (last - first) * sizeof(uint32))))
		return NULL;
	frontier = palloc_extended(bytes, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO | MCXT_ALLOC_NO_OOM);
	for (uint64 i = first; frontier != NULL && i < last; i++)
	{
		uint32		node = walk->nodes[i];

		if (i % PT_CHECK_EVERY == 0)
			CHECK_FOR_INTERRUPTS();
		graph_set_bit(frontier, node);
	}
	return frontier;
}

/* The nodes of a marked frontier, in order; at most *count, then so many. */
static uint32 *
sort_frontier(const ImageGraph *g, const uint64 *frontier, uint64 *count)
{
	uint32	   *nodes = palloc_extended(*count * sizeof(uint32), MCXT_ALLOC_HUGE);

	*count = 0;
	for (uint32 word = 0; word <= g->graph.nnodes / 64; word++)
	{
		if (word % PT_CHECK_EVERY == 0)
			CHECK_FOR_INTERRUPTS();
		for (uint64 bits = frontier[word]; bits != 0; bits &= bits - 1)
			nodes[(*count)++] = word * 64 + pg_rightmost_one_pos64(bits);
	}
	return nodes;
}

/*
 * Would it be cheaper to look back, from each node that is not visited along
 * its edges, until one comes from the frontier? If the frontier is one node in
 * n, one edge in n does, about.
 */
static bool
back_is_cheaper(const ImageGraph *g, const GraphWalk *walk, uint64 frontier)
{
	double		nnodes = g->image->view.nnodes;
	double		degree = g->image->view.nedges / nnodes;
	double		unvisited = nnodes - Min(nnodes, walk->count);

	return nnodes > 0 && unvisited * Min(degree, nnodes / frontier) < frontier * degree;
}

/*
 * The first edge from the frontier to a node, from place e on, or last if there
 * is none before that.
 */
static inline uint32
find_from_frontier(ImageGraph *g, const uint64 *frontier, const uint32 *ends, uint32 e,
				   uint32 last)
{
	uint32		first = e;

	while (e < last && !graph_bit(frontier, ends[e]))
	{
		if (unlikely(++e % PT_CHECK_EVERY == 0))
			CHECK_FOR_INTERRUPTS();
	}
	g->vis->tally.edges += Min(e + 1, last) - first;
	return e;
}

/*
 * Judge the candidates, each the first edge from the frontier to its node,
 * which is in parent; where one does not count, the ones after it. Returns
 * false when the walk is full.
 */
static bool
judge_back(ImageGraph *g, GraphWalk *walk, const uint64 *frontier, GraphDirection direction)
{
	const ImageRows *rows = &g->image->view.rows[graph_reverse(direction)];
	int			n = g->ncandidates;

	g->ncandidates = 0;
	prefetch_rows(g, rows, n);
	for (int i = 0; i < n; i++)
	{
		uint32		node = g->candidates[i].parent;
		uint32		e = g->candidates[i].edge;
		uint32		last = rows->offsets[node + 1];

		while (e < last && !counts(g, rows, e))
			e = find_from_frontier(g, frontier, rows->ends, e + 1, last);
		if (e < last &&
			!discover(walk, node, GRAPH_NO_PARENT, &rows->tuples[e].tid, direction))
			return false;
	}
	return true;
}

/* The same nodes as looking ahead finds, in other order. */
static bool
look_back(ImageGraph *g, GraphWalk *walk, const uint64 *frontier, GraphDirection direction)
{
	const ImageRows *rows = &g->image->view.rows[graph_reverse(direction)];
	uint32		nnodes = g->image->view.nnodes;

	g->ncandidates = 0;
	for (uint32 word = 0; word <= nnodes / 64; word++)
	{
		uint64		unvisited = ~walk->visited[word];

		if (word == nnodes / 64)
			unvisited &= (UINT64CONST(1) << (nnodes % 64)) - 1;
		CHECK_FOR_INTERRUPTS();
		pause_between(g);
		for (; unvisited != 0; unvisited &= unvisited - 1)
		{
			uint32		node = word * 64 + pg_rightmost_one_pos64(unvisited);
			uint32		last = rows->offsets[node + 1];
			uint32		e = find_from_frontier(g, frontier, rows->ends,
											   rows->offsets[node], last);

			if (e < last)
				g->candidates[g->ncandidates++] = (Candidate) {e, node};
		}
		if (g->ncandidates > BATCH_EDGES - 64 && !judge_back(g, walk, frontier, direction))
			return false;
	}
	return judge_back(g, walk, frontier, direction);
}

/* ---- the overlay ---- */

/* Follow an edge. Returns false when the walk is full. */
static inline bool
follow(ImageGraph *g, GraphWalk *walk, const OverlayEdge *edge, uint32 parent,
	   GraphDirection direction)
{
	g->vis->tally.edges++;
	if (edge->dead || graph_is_visited(walk, edge->node[direction]))
		return true;
	if (g->labels != NULL && !g->labels[edge->label])
		return true;
	return !pt_row_is_visible(g->vis, &edge->tid) ||
		discover(walk, edge->node[direction], parent, &edge->tid, direction);
}

/* The edges of each node of the frontier. */
static bool
look_up_overlay(ImageGraph *g, GraphWalk *walk, uint64 first, uint64 last, GraphDirection direction)
{
	const ImageOverlay *overlay = g->image->overlay;

	for (uint64 i = first; i < last; i++)
	{
		uint32		e = image_overlay_first(overlay, walk->nodes[i], direction);

		CHECK_FOR_INTERRUPTS();
		pause_between(g);
		for (uint32 seen = 1; e != IMAGE_NO_EDGE; seen++)
		{
			const OverlayEdge *edge = image_overlay_edge(overlay, e);

			if (seen % PT_CHECK_EVERY == 0)
				CHECK_FOR_INTERRUPTS();
			if (!follow(g, walk, edge, (uint32) i, direction))
				return false;
			e = edge->next[direction];
		}
	}
	return true;
}

/* All edges, where there are fewer than nodes in the frontier. */
static bool
scan_overlay(ImageGraph *g, GraphWalk *walk, const uint64 *frontier, GraphDirection direction)
{
	const ImageOverlay *overlay = g->image->overlay;
	uint32		nedges = image_overlay_edge_count(overlay);

	for (uint32 e = 0; e < nedges; e++)
	{
		const OverlayEdge *edge = image_overlay_edge(overlay, e);
		uint32		node = edge->node[graph_reverse(direction)];

		if (e % PT_CHECK_EVERY == 0)
			CHECK_FOR_INTERRUPTS();
		if (graph_bit(frontier, node) &&
			!follow(g, walk, edge, GRAPH_NO_PARENT, direction))
			return false;
	}
	return true;
}

/* ---- a level ---- */

static bool
expand_base(ImageGraph *g, GraphWalk *walk, const uint64 *frontier, uint64 first, uint64 last,
			GraphDirection direction)
{
	uint64		count = last - first;
	uint32	   *sorted;
	bool		more;

	if (frontier == NULL)
		return look_ahead(g, walk, first, NULL, count, direction);
	if (back_is_cheaper(g, walk, count))
		return look_back(g, walk, frontier, direction);
	sorted = sort_frontier(g, frontier, &count);
	more = look_ahead(g, walk, first, sorted, count, direction);
	pfree(sorted);
	return more;
}

/* Returns false when the walk is full, like what it calls. */
static bool
expand_direction(ImageGraph *g, GraphWalk *walk, uint64 first, uint64 last, GraphDirection direction)
{
	uint64	   *frontier = mark_frontier(g, walk, first, last);
	uint32		overlay_edges = image_overlay_edge_count(g->image->overlay);
	bool		more = expand_base(g, walk, frontier, first, last, direction);

	if (more && overlay_edges > 0)
		more = frontier != NULL && overlay_edges < last - first ?
			scan_overlay(g, walk, frontier, direction) :
			look_up_overlay(g, walk, first, last, direction);
	if (frontier != NULL)
		pfree(frontier);
	return more;
}

static bool
expand_directions(ImageGraph *g, GraphWalk *walk, uint64 first, uint64 last)
{
	return (walk->direction == GRAPH_IN || expand_direction(g, walk, first, last, GRAPH_OUT)) &&
		(walk->direction == GRAPH_OUT || expand_direction(g, walk, first, last, GRAPH_IN));
}

static void
expand(Graph *graph, GraphWalk *walk, uint64 first, uint64 last)
{
	ImageGraph *g = (ImageGraph *) graph;
	PtTally    *tally = &g->vis->tally;
	uint64		before = walk->count;
	uint64		step = last - first;
	bool		more = true;

	/* the first of several parents counts: its edges come before others' */
	if ((walk->keep & GRAPH_KEEP_PARENTS) &&
		(walk->direction == GRAPH_BOTH || image_overlay_edge_count(g->image->overlay) > 0))
		step = 1;
	for (; first < last && more; first += step)
		more = expand_directions(g, walk, first, first + step);
	tally->nodes += walk->count - before;
	tally->levels = Max(tally->levels, walk->levels - 1);
}

/* ---- edges ---- */

static pg_noinline void
bad_weight(const ImageGraph *g, double weight, const ItemPointerData *tid)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("weight of row (%u,%u) of table \"%s\" is %s",
					ItemPointerGetBlockNumberNoCheck(tid), ItemPointerGetOffsetNumberNoCheck(tid),
					RelationGetRelationName(g->vis->heap), isnan(weight) ? "NaN" : "-Infinity"),
			 errhint("Use a number, or NULL for an edge that cannot be passed.")));
}

/* Can an edge of this weight be passed at all, if weights are asked for? */
static inline bool
is_passable(const GraphArcs *arcs, double weight)
{
	return arcs->weights == NULL ||
		!(adj_is_null_weight(weight) || (weight == get_float8_infinity() && !arcs->with_infinite));
}

/*
 * Put an edge that counts, of a weight if weights are asked for. Returns false
 * when the batch is full.
 */
static inline bool
put_arc(const ImageGraph *g, GraphArcs *arcs, uint32 to, double weight,
		const ItemPointerData *tid)
{
	GraphArc   *arc;

	if (arcs->weights != NULL)
	{
		if (unlikely(isnan(weight) || weight == -get_float8_infinity()))
			bad_weight(g, weight, tid);
		arcs->weights[arcs->narcs] = weight;
	}
	arc = &arcs->arcs[arcs->narcs++];
	arc->from = arcs->place;
	arc->to = to;
	arc->edge = edge_of(tid, arcs->direction);
	arcs->given++;
	return arcs->narcs < arcs->capacity;
}

/*
 * The cursor of a question counts the edges of a node in the base; then, with
 * this bit, it is the number of the next one in the overlay.
 */
#define IN_OVERLAY (UINT64CONST(1) << 32)

/* Returns false when the batch is full. */
static bool
put_base_edges(ImageGraph *g, GraphArcs *arcs, uint32 node)
{
	const ImageRows *rows = &g->image->view.rows[arcs->direction];
	uint32		last = rows->offsets[node + 1];
	const double *weights = arcs->weights == NULL ? NULL : rows->weights;

	for (uint32 e = rows->offsets[node] + arcs->cursor; e < last && !graph_has_most(arcs); e++)
	{
		double		weight = weights == NULL ? 1 : weights[e];

		if (arcs->cursor++ % PT_CHECK_EVERY == 0)
			CHECK_FOR_INTERRUPTS();
		g->vis->tally.edges++;
		if (graph_is_within(arcs, rows->ends[e]) && is_passable(arcs, weight) &&
			counts(g, rows, e) &&
			!put_arc(g, arcs, rows->ends[e], weight, &rows->tuples[e].tid))
			return false;
	}
	return true;
}

static bool
put_overlay_edges(ImageGraph *g, GraphArcs *arcs)
{
	bool		weighted = arcs->weights != NULL && image_has_weights(g->image);
	uint32		e;

	while ((e = (uint32) arcs->cursor) != IMAGE_NO_EDGE && !graph_has_most(arcs))
	{
		const OverlayEdge *edge = image_overlay_edge(g->image->overlay, e);
		double		weight = weighted ? image_overlay_weight(g->image->overlay, e) : 1;
		uint32		to = edge->node[arcs->direction];

		CHECK_FOR_INTERRUPTS();
		g->vis->tally.edges++;
		arcs->cursor = IN_OVERLAY | edge->next[arcs->direction];
		if (graph_is_within(arcs, to) && !edge->dead && is_passable(arcs, weight) &&
			(g->labels == NULL || g->labels[edge->label]) &&
			pt_row_is_visible(g->vis, &edge->tid) && !put_arc(g, arcs, to, weight, &edge->tid))
			return false;
	}
	return true;
}

static bool
edges(Graph *graph, GraphArcs *arcs)
{
	ImageGraph *g = (ImageGraph *) graph;
	uint64		count = arcs->nodes == NULL ? graph->nnodes : arcs->count;

	arcs->narcs = 0;
	for (; arcs->place < count; arcs->place++, arcs->cursor = arcs->given = 0)
	{
		uint32		node = arcs->nodes == NULL ? arcs->place : arcs->nodes[arcs->place];

		CHECK_FOR_INTERRUPTS();
		pause_between(g);
		if (!(arcs->cursor & IN_OVERLAY))
		{
			if (node < g->image->view.nnodes && !put_base_edges(g, arcs, node))
				return true;
			arcs->cursor = IN_OVERLAY |
				image_overlay_first(g->image->overlay, node, arcs->direction);
		}
		if (!put_overlay_edges(g, arcs))
			return true;
	}
	return arcs->narcs > 0;
}

/* ---- all edges ---- */

/* Those of a node in the base, from a place on. Returns where they end. */
static uint64
take_base_row(ImageGraph *g, const ImageRows *rows, uint32 node, uint32 *ends, uint64 to)
{
	uint32		first = rows->offsets[node];
	uint32		last = rows->offsets[node + 1];

	g->vis->tally.edges += last - first;
	for (uint32 e = first; e < last; e++)
	{
		if ((e - first) % PT_CHECK_EVERY == PT_CHECK_EVERY - 1)
			CHECK_FOR_INTERRUPTS();
		/* most count, so write it, and keep it if it does */
		ends[to] = rows->ends[e];
		to += counts(g, rows, e);
	}
	return to;
}

static uint64
take_overlay_row(ImageGraph *g, uint32 node, GraphDirection direction, uint32 *ends, uint64 to)
{
	uint32		e = image_overlay_first(g->image->overlay, node, direction);

	for (uint64 step = 1; e != IMAGE_NO_EDGE; step++)
	{
		const OverlayEdge *edge = image_overlay_edge(g->image->overlay, e);

		pt_check_interrupts(step);
		g->vis->tally.edges++;
		if (!edge->dead && (g->labels == NULL || g->labels[edge->label]) &&
			pt_row_is_visible(g->vis, &edge->tid))
			ends[to++] = edge->node[direction];
		e = edge->next[direction];
	}
	return to;
}

static void
rows(Graph *graph, GraphDirection direction, uint64 *offsets, uint32 *ends)
{
	ImageGraph *g = (ImageGraph *) graph;
	const ImageView *view = &g->image->view;
	bool		has_overlay = image_overlay_edge_count(g->image->overlay) > 0;
	uint64		count = 0;

	for (uint32 node = 0; node < graph->nnodes; node++)
	{
		CHECK_FOR_INTERRUPTS();
		pause_between(g);
		offsets[node] = count;
		if (node < view->nnodes)
			count = take_base_row(g, &view->rows[direction], node, ends, count);
		if (has_overlay)
			count = take_overlay_row(g, node, direction, ends, count);
	}
	offsets[graph->nnodes] = count;
}

static uint64
edge_bound(Graph *graph)
{
	const Image *image = ((ImageGraph *) graph)->image;

	return (uint64) image->view.nedges + image_overlay_edge_count(image->overlay);
}

static const GraphOps image_ops = {expand, edges, edge_bound, rows};

Graph *
image_graph_create(Image *image, PtVisibility *vis, const bool *labels)
{
	ImageGraph *g = palloc(sizeof(ImageGraph));

	g->graph.nnodes = image_node_count(image);
	g->graph.ops = &image_ops;
	g->image = image;
	g->vis = vis;
	g->labels = labels;
	g->has_kills = image_overlay_has_kills(image->overlay);
	g->steps = 0;
	return &g->graph;
}

Graph *
image_graph_facts(const Graph *graph, PtBudget *budget)
{
	const ImageGraph *g = (const ImageGraph *) graph;
	const bool *facts = image_follow_facts(g->image, g->labels, budget);

	return facts == NULL ? NULL : image_graph_create(g->image, g->vis, facts);
}
