/*
 * graph_project.c
 *		The visible edges of a graph as compressed sparse rows.
 *
 * Edges are gathered in the order in which the source gives them. If that is
 * by node, as an image does it, they are in place already and only counted;
 * otherwise they are placed by counting.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "graph/graph_project.h"

#define BATCH 1024

typedef struct NodePlace
{
	uint32		node;
	uint32		place;
} NodePlace;

typedef struct Projector
{
	Graph	   *graph;
	const GraphWalk *walk;		/* NULL: all nodes */
	PtBudget   *budget;
	int			flags;
	GraphProjection *result;
	NodePlace  *places;			/* of the walk's nodes, by node */

	uint32	   *froms;			/* the row of each edge gathered */
	uint64		from_capacity;
	uint64		end_capacity;
	uint64		edge_capacity;
	uint64		weight_capacity;
	bool		in_order;		/* of their rows */
} Projector;

/* ---- nodes ---- */

static int
compare_nodes(const void *a, const void *b, void *arg)
{
	uint32		x = ((const NodePlace *) a)->node;
	uint32		y = ((const NodePlace *) b)->node;

	return x < y ? -1 : x > y;
}

static void
sort_places(Projector *p)
{
	uint64		count = p->walk->count;

	p->places = pt_alloc(p->budget, count, sizeof(NodePlace));
	for (uint64 i = 0; i < count; i++)
	{
		pt_check_interrupts(i);
		p->places[i].node = p->walk->nodes[i];
		p->places[i].place = i;
	}
	pt_sort(p->places, count, sizeof(NodePlace), compare_nodes, NULL);
}

/* The row of a node; it is in the walk, if there is one. */
static uint32
row_of(const Projector *p, uint32 node)
{
	NodePlace	key = {node, 0};

	if (p->walk == NULL)
		return node;
	return p->places[pt_lower_bound(p->places, p->walk->count, sizeof(NodePlace), &key,
									compare_nodes, NULL)].place;
}

/* ---- gathering ---- */

/* Room for so many edges more. */
static void
make_room(Projector *p, uint64 more)
{
	GraphProjection *result = p->result;
	uint64		needed = result->nedges + more;

	p->froms = pt_grow(p->budget, p->froms, &p->from_capacity, needed, sizeof(uint32));
	result->ends = pt_grow(p->budget, result->ends, &p->end_capacity, needed, sizeof(uint32));
	if (p->flags & GRAPH_PROJECT_EDGES)
		result->edges = pt_grow(p->budget, result->edges, &p->edge_capacity, needed,
								sizeof(GraphEdge));
	if (p->flags & GRAPH_PROJECT_WEIGHTS)
		result->weights = pt_grow(p->budget, result->weights, &p->weight_capacity, needed,
								  sizeof(double));
}

static inline void
gather(Projector *p, uint32 from, uint32 to, GraphEdge edge, double weight)
{
	GraphProjection *result = p->result;
	uint64		at = result->nedges++;

	p->froms[at] = from;
	result->ends[at] = to;
	if (result->edges != NULL)
		result->edges[at] = edge;
	if (result->weights != NULL)
		result->weights[at] = weight;
	if (at > 0 && from < p->froms[at - 1])
		p->in_order = false;
}

static void
gather_edges(Projector *p, GraphDirection direction, bool loops)
{
	GraphArcs	question = {0};

	if (p->walk != NULL)
	{
		question.nodes = p->walk->nodes;
		question.count = p->walk->count;
		question.within = p->walk->visited;
		question.within_nodes = p->graph->nnodes;
	}
	question.direction = direction;
	question.ends_only = (p->flags & GRAPH_PROJECT_EDGES) == 0;
	question.with_infinite = (p->flags & GRAPH_PROJECT_INFINITE) != 0;
	question.arcs = pt_alloc(p->budget, BATCH, sizeof(GraphArc));
	question.capacity = BATCH;
	if (p->flags & GRAPH_PROJECT_WEIGHTS)
		question.weights = pt_alloc(p->budget, BATCH, sizeof(double));
	while (graph_edges(p->graph, &question))
	{
		make_room(p, question.narcs);
		for (uint32 i = 0; i < question.narcs; i++)
		{
			uint32		from = question.arcs[i].from;
			uint32		to = row_of(p, question.arcs[i].to);

			if (from != to || (loops && !(p->flags & GRAPH_PROJECT_NO_LOOPS)))
				gather(p, from, to, question.arcs[i].edge,
					   question.weights == NULL ? 1 : question.weights[i]);
		}
	}
	pt_free(p->budget, question.weights);
	pt_free(p->budget, question.arcs);
}

/*
 * Is what a source has by node wanted as it is? It takes room for all of its edges, also for
 * those that do not count: where few do, the others must not be what does not fit.
 */
static bool
takes_rows(Graph *graph, const GraphWalk *walk, GraphDirection direction, int flags,
		   const PtBudget *budget)
{
	return walk == NULL && flags == 0 && direction != GRAPH_BOTH && graph->ops->rows != NULL &&
		pt_budget_has(budget, ((Size) graph->nnodes + 1) * sizeof(uint64) +
					  (Size) graph->ops->edge_bound(graph) * sizeof(uint32));
}

/* What a source gives as it is, by node. */
static void
take_rows(GraphProjection *result, Graph *graph, GraphDirection direction, PtBudget *budget)
{
	uint64		bound = graph->ops->edge_bound(graph);

	result->nnodes = graph->nnodes;
	result->offsets = pt_alloc(budget, (uint64) result->nnodes + 1, sizeof(uint64));
	result->ends = pt_alloc(budget, bound, sizeof(uint32));
	graph->ops->rows(graph, direction, result->offsets, result->ends);
	result->nedges = result->offsets[result->nnodes];
	if (result->nedges < bound)
		result->ends = pt_resize(budget, result->ends, result->nedges, sizeof(uint32));
}

/* ---- placing ---- */

/* offsets[v + 1] is how many edges are in the rows up to v. */
static void
count_rows(Projector *p)
{
	GraphProjection *result = p->result;

	result->offsets = pt_alloc(p->budget, (uint64) result->nnodes + 1, sizeof(uint64));
	memset(result->offsets, 0, ((uint64) result->nnodes + 1) * sizeof(uint64));
	for (uint64 i = 0; i < result->nedges; i++)
	{
		pt_check_interrupts(i);
		result->offsets[p->froms[i] + 1]++;
	}
	for (uint64 v = 0; v < result->nnodes; v++)
	{
		pt_check_interrupts(v);
		result->offsets[v + 1] += result->offsets[v];
	}
}

static void
place_edges(Projector *p)
{
	GraphProjection *result = p->result;
	uint64	   *next = pt_alloc(p->budget, (uint64) result->nnodes + 1, sizeof(uint64));
	uint32	   *ends = pt_alloc(p->budget, result->nedges, sizeof(uint32));
	GraphEdge  *edges = result->edges == NULL ? NULL :
		pt_alloc(p->budget, result->nedges, sizeof(GraphEdge));
	double	   *weights = result->weights == NULL ? NULL :
		pt_alloc(p->budget, result->nedges, sizeof(double));

	memcpy(next, result->offsets, result->nnodes * sizeof(uint64));
	for (uint64 i = 0; i < result->nedges; i++)
	{
		uint64		to = next[p->froms[i]]++;

		pt_check_interrupts(i);
		ends[to] = result->ends[i];
		if (edges != NULL)
			edges[to] = result->edges[i];
		if (weights != NULL)
			weights[to] = result->weights[i];
	}
	pt_free(p->budget, next);
	pt_free(p->budget, result->ends);
	pt_free(p->budget, result->edges);
	pt_free(p->budget, result->weights);
	result->ends = ends;
	result->edges = edges;
	result->weights = weights;
}

/* ---- one of parallel edges ---- */

typedef struct RowEdge
{
	uint32		end;
	GraphEdge	edge;
	double		weight;
} RowEdge;

static int
compare_row_edges(const void *a, const void *b, void *arg)
{
	const RowEdge *x = a;
	const RowEdge *y = b;

	if (x->end != y->end)
		return x->end < y->end ? -1 : 1;
	if (x->weight != y->weight)
		return x->weight < y->weight ? -1 : 1;
	return x->edge < y->edge ? -1 : x->edge > y->edge;
}

/*
 * Sort a row and write it, without doubles, from a place on. Returns where it
 * ends.
 */
static uint64
merge_row(GraphProjection *result, RowEdge *row, uint64 first, uint64 last, uint64 to)
{
	uint64		start = to;

	for (uint64 i = first; i < last; i++)
	{
		row[i - first].end = result->ends[i];
		row[i - first].edge = result->edges == NULL ? GRAPH_NO_EDGE : result->edges[i];
		row[i - first].weight = result->weights == NULL ? 1 : result->weights[i];
	}
	pt_sort(row, last - first, sizeof(RowEdge), compare_row_edges, NULL);
	for (uint64 i = 0; i < last - first; i++)
	{
		if (to > start && result->ends[to - 1] == row[i].end)
			continue;
		result->ends[to] = row[i].end;
		if (result->edges != NULL)
			result->edges[to] = row[i].edge;
		if (result->weights != NULL)
			result->weights[to] = row[i].weight;
		to++;
	}
	return to;
}

static void
merge_parallel(Projector *p)
{
	GraphProjection *result = p->result;
	RowEdge    *row = NULL;
	uint64		capacity = 0;
	uint64		to = 0;
	uint64		first = 0;

	for (uint32 v = 0; v < result->nnodes; v++)
	{
		uint64		last = result->offsets[v + 1];

		CHECK_FOR_INTERRUPTS();
		row = pt_grow(p->budget, row, &capacity, last - first, sizeof(RowEdge));
		to = merge_row(result, row, first, last, to);
		result->offsets[v + 1] = to;
		first = last;
	}
	result->nedges = to;
	pt_free(p->budget, row);
}

GraphProjection *
graph_project(Graph *graph, const GraphWalk *walk, GraphDirection direction, int flags,
			  PtBudget *budget)
{
	GraphProjection *result = MemoryContextAllocZero(budget->context, sizeof(GraphProjection));
	Projector	p = {0};

	if (takes_rows(graph, walk, direction, flags, budget))
	{
		take_rows(result, graph, direction, budget);
		return result;
	}
	p.graph = graph;
	p.walk = walk;
	p.budget = budget;
	p.flags = flags;
	p.result = result;
	p.in_order = true;
	if (walk != NULL)
		sort_places(&p);
	if (direction != GRAPH_IN)
		gather_edges(&p, GRAPH_OUT, true);
	if (direction != GRAPH_OUT)
		gather_edges(&p, GRAPH_IN, direction == GRAPH_IN);
	pt_free(budget, p.places);
	result->nnodes = walk != NULL ? walk->count : graph->nnodes;
	count_rows(&p);
	if (!p.in_order)
		place_edges(&p);
	pt_free(budget, p.froms);
	if (flags & GRAPH_PROJECT_MERGE)
		merge_parallel(&p);
	return result;
}

/* ---- of pairs ---- */

GraphProjection *
graph_project_pairs(const uint32 *froms, const uint32 *ends, uint64 count, uint32 nnodes,
					PtBudget *budget)
{
	GraphProjection *result = MemoryContextAllocZero(budget->context, sizeof(GraphProjection));

	result->nnodes = nnodes;
	result->nedges = count;
	result->offsets = pt_alloc(budget, (uint64) nnodes + 2, sizeof(uint64));
	result->ends = pt_alloc(budget, count, sizeof(uint32));
	memset(result->offsets, 0, ((uint64) nnodes + 2) * sizeof(uint64));
	/* two places too far, so that placing moves each to where its row begins */
	for (uint64 i = 0; i < count; i++)
	{
		pt_check_interrupts(i);
		result->offsets[froms[i] + 2]++;
	}
	for (uint64 v = 2; v < (uint64) nnodes + 2; v++)
	{
		pt_check_interrupts(v);
		result->offsets[v] += result->offsets[v - 1];
	}
	for (uint64 i = 0; i < count; i++)
	{
		pt_check_interrupts(i);
		result->ends[result->offsets[froms[i] + 1]++] = ends[i];
	}
	return result;
}

/* ---- a projection as a graph ---- */

typedef struct ProjectedGraph
{
	Graph		graph;			/* must be first */
	const GraphProjection *rows[2]; /* by direction */
} ProjectedGraph;

static bool
expand_node(const GraphProjection *rows, GraphWalk *walk, uint64 place)
{
	uint32		node = walk->nodes[place];

	/* one that was met later has no edges */
	if (node >= rows->nnodes)
		return true;
	for (uint64 i = rows->offsets[node]; i < rows->offsets[node + 1]; i++)
	{
		GraphEdge	edge = rows->edges == NULL ? GRAPH_NO_EDGE : rows->edges[i];

		pt_check_interrupts(i);
		if (graph_is_visited(walk, rows->ends[i]))
			continue;
		if (walk->count >= walk->max_nodes)
		{
			walk->truncated = true;
			return false;
		}
		graph_walk_add(walk, rows->ends[i], place, edge);
	}
	return true;
}

static void
expand(Graph *graph, GraphWalk *walk, uint64 first, uint64 last)
{
	const ProjectedGraph *projected = (const ProjectedGraph *) graph;

	for (; first < last; first++)
	{
		CHECK_FOR_INTERRUPTS();
		if (walk->direction != GRAPH_IN &&
			!expand_node(projected->rows[GRAPH_OUT], walk, first))
			return;
		if (walk->direction != GRAPH_OUT &&
			!expand_node(projected->rows[GRAPH_IN], walk, first))
			return;
	}
}

static bool
edges(Graph *graph, GraphArcs *arcs)
{
	const GraphProjection *rows = ((const ProjectedGraph *) graph)->rows[arcs->direction];

	arcs->narcs = 0;
	for (; arcs->place < (arcs->nodes == NULL ? rows->nnodes : arcs->count);
		 arcs->place++, arcs->cursor = 0)
	{
		uint32		node = arcs->nodes == NULL ? arcs->place : arcs->nodes[arcs->place];

		CHECK_FOR_INTERRUPTS();
		for (uint64 i = rows->offsets[node] + arcs->cursor; i < rows->offsets[node + 1]; i++)
		{
			if (arcs->narcs == arcs->capacity)
				return true;
			arcs->cursor++;
			if (!graph_is_within(arcs, rows->ends[i]))
				continue;
			arcs->arcs[arcs->narcs].from = arcs->place;
			arcs->arcs[arcs->narcs].to = rows->ends[i];
			if (arcs->weights != NULL)
				arcs->weights[arcs->narcs] = rows->weights == NULL ? 1 : rows->weights[i];
			arcs->arcs[arcs->narcs++].edge = rows->edges == NULL ? GRAPH_NO_EDGE : rows->edges[i];
		}
	}
	return arcs->narcs > 0;
}

static uint64
edge_bound(Graph *graph)
{
	const ProjectedGraph *projected = (const ProjectedGraph *) graph;

	return projected->rows[projected->rows[GRAPH_OUT] != NULL ? GRAPH_OUT : GRAPH_IN]->nedges;
}

static const GraphOps projection_ops = {expand, edges, edge_bound};

Graph *
graph_of_projection(const GraphProjection *forward, const GraphProjection *backward,
					PtBudget *budget)
{
	ProjectedGraph *projected = MemoryContextAllocZero(budget->context, sizeof(ProjectedGraph));

	projected->graph.ops = &projection_ops;
	projected->graph.nnodes = forward != NULL ? forward->nnodes : backward->nnodes;
	projected->rows[GRAPH_OUT] = forward;
	projected->rows[GRAPH_IN] = backward;
	return &projected->graph;
}
