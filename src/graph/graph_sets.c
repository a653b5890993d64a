/*
 * graph_sets.c
 *		Sets of nodes that say where a walk may go.
 *
 * What must not be entered is barred before a walk begins, by the bits that
 * tell what it has visited. So whoever expands a walk, by whatever edges,
 * obeys without knowing it, and a walk without sets pays nothing.
 *
 * A source that meets nodes as it goes numbers those of the sets first. All
 * that it meets later is in none of them.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "graph/graph_sets.h"

GraphWalk *
graph_set_begin(Graph *graph, PtBudget *budget)
{
	return graph_walk_begin(graph, budget, GRAPH_OUT, 0);
}

void
graph_set_add(Graph *graph, GraphWalk *set, uint32 node)
{
	graph_walk_cover(set, graph->nnodes);
	if (!graph_is_visited(set, node))
		graph_walk_start(set, node);
}

bool
graph_set_has(const GraphWalk *set, uint32 node)
{
	return node < graph_walk_covered(set) && graph_is_visited(set, node);
}

bool
graph_sets_admit(const GraphSets *sets, uint32 node)
{
	return (sets->avoid == NULL || !graph_set_has(sets->avoid, node)) &&
		(sets->within == NULL || graph_set_has(sets->within, node));
}

void
graph_sets_bound(const GraphSets *sets, GraphWalk *walk)
{
	if (sets->within != NULL)
		graph_walk_confine(walk, sets->within);
	if (sets->avoid != NULL)
		graph_walk_bar(walk, sets->avoid);
	walk->stop_at = sets->stop_at;
}

void
graph_sets_bound_path(const GraphSets *sets, GraphWalk *walk, uint32 far_end)
{
	if (sets->within != NULL)
		graph_walk_confine(walk, sets->within);
	if (sets->avoid != NULL)
		graph_walk_bar(walk, sets->avoid);
	if (sets->stop_at != NULL)
		graph_walk_bar(walk, sets->stop_at);
	graph_clear_bit(walk->visited, far_end);
}

void
graph_sets_cut(const GraphSets *sets, GraphProjection *rows)
{
	uint64		kept = 0;
	uint64		first = 0;

	if (sets->avoid == NULL && sets->within == NULL)
		return;
	for (uint32 v = 0; v < rows->nnodes; v++)
	{
		uint64		last = rows->offsets[v + 1];
		bool		is_admitted = graph_sets_admit(sets, v);

		pt_check_interrupts(v);
		for (uint64 i = first; is_admitted && i < last; i++)
		{
			pt_check_interrupts(i);
			if (!graph_sets_admit(sets, rows->ends[i]))
				continue;
			rows->ends[kept] = rows->ends[i];
			if (rows->edges != NULL)
				rows->edges[kept] = rows->edges[i];
			if (rows->weights != NULL)
				rows->weights[kept] = rows->weights[i];
			kept++;
		}
		rows->offsets[v + 1] = kept;
		first = last;
	}
	rows->nedges = kept;
}

void
graph_sets_end(GraphSets *sets)
{
	GraphWalk  *all[] = {sets->avoid, sets->within, sets->stop_at};

	for (int i = 0; i < lengthof(all); i++)
	{
		if (all[i] != NULL)
			graph_walk_end(all[i]);
	}
	memset(sets, 0, sizeof(GraphSets));
}
