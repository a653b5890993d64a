/*
 * graph_arcs.c
 *		Weighted edges gathered one by one, and the nodes at their ends numbered.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "graph/graph_arcs.h"

void
graph_arcs_add(GraphArcList *list, const GraphWeightedArc *arc, PtBudget *budget)
{
	list->arcs = pt_grow(budget, list->arcs, &list->capacity, list->count + 1,
						 sizeof(GraphWeightedArc));
	list->arcs[list->count++] = *arc;
}

static int
compare_nodes(const void *a, const void *b, void *arg)
{
	uint32		x = *(const uint32 *) a;
	uint32		y = *(const uint32 *) b;

	return x < y ? -1 : x > y;
}

uint32 *
graph_arcs_nodes(const GraphArcList *list, Graph *graph, uint32 *count, PtBudget *budget)
{
	GraphWalk  *nodes = graph_walk_begin(graph, budget, GRAPH_OUT, 0);

	for (uint64 i = 0; i < 2 * list->count; i++)
	{
		uint32		node = i % 2 == 0 ? list->arcs[i / 2].from : list->arcs[i / 2].to;

		pt_check_interrupts(i);
		if (!graph_is_visited(nodes, node))
			graph_walk_start(nodes, node);
	}
	graph_walk_end(nodes);
	*count = (uint32) nodes->count;
	pt_sort(nodes->nodes, *count, sizeof(uint32), compare_nodes, NULL);
	return nodes->nodes;
}

void
graph_arcs_number(GraphArcList *list, const uint32 *nodes, const uint32 *numbers, uint32 count)
{
	for (uint64 i = 0; i < 2 * list->count; i++)
	{
		uint32	   *node = i % 2 == 0 ? &list->arcs[i / 2].from : &list->arcs[i / 2].to;
		uint64		place = pt_lower_bound(nodes, count, sizeof(uint32), node, compare_nodes, NULL);

		pt_check_interrupts(i);
		*node = numbers == NULL ? (uint32) place : numbers[place];
	}
}

/* What was seen from both ends comes twice. */
static int
compare_arcs(const void *a, const void *b, void *arg)
{
	const GraphWeightedArc *x = a;
	const GraphWeightedArc *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	if (x->weight != y->weight)
		return x->weight < y->weight ? -1 : 1;
	return x->edge < y->edge ? -1 : x->edge > y->edge;
}

GraphProjection *
graph_arcs_project(GraphArcList *list, uint32 nnodes, PtBudget *budget)
{
	GraphProjection *rows = MemoryContextAllocZero(budget->context, sizeof(GraphProjection));
	uint64		kept = 0;
	uint32		node = 0;

	pt_sort(list->arcs, list->count, sizeof(GraphWeightedArc), compare_arcs, NULL);
	rows->nnodes = nnodes;
	rows->offsets = pt_alloc(budget, (uint64) nnodes + 1, sizeof(uint64));
	rows->ends = pt_alloc(budget, list->count, sizeof(uint32));
	rows->edges = pt_alloc(budget, list->count, sizeof(GraphEdge));
	rows->weights = pt_alloc(budget, list->count, sizeof(double));
	rows->offsets[0] = 0;
	for (uint64 i = 0; i < list->count; i++)
	{
		const GraphWeightedArc *arc = &list->arcs[i];

		pt_check_interrupts(i);
		if (i > 0 && arc->from == arc[-1].from && arc->to == arc[-1].to)
			continue;
		while (node < arc->from)
			rows->offsets[++node] = kept;
		rows->ends[kept] = arc->to;
		rows->edges[kept] = arc->edge;
		rows->weights[kept++] = arc->weight;
	}
	while (node < nnodes)
		rows->offsets[++node] = kept;
	rows->nedges = kept;
	return rows;
}

GraphProjection *
graph_arcs_project_back(GraphArcList *list, uint32 nnodes, PtBudget *budget)
{
	for (uint64 i = 0; i < list->count; i++)
	{
		GraphWeightedArc *arc = &list->arcs[i];
		uint32		from = arc->from;

		pt_check_interrupts(i);
		arc->from = arc->to;
		arc->to = from;
		arc->edge ^= GRAPH_EDGE_REVERSED;
	}
	return graph_arcs_project(list, nnodes, budget);
}
