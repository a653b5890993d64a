/*
 * sql_sets.c
 *		Sets of nodes that an argument of a call names.
 *
 * The arrays have been taken apart before the vacuum barrier is entered. What
 * is left to do within it waits for nothing: to hash a value and to look it up
 * in the image. A source that numbers nodes as it meets them numbers these
 * first.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "function/sql_node.h"
#include "function/sql_sets.h"
#include "function/sql_source.h"
#include "graph/graph_sets.h"
#include "miscadmin.h"
#include "utils/memutils.h"

/* a pause is due after so many nodes, about a millisecond */
#define PAUSE_EVERY (64 * SQL_FIND_BATCH)

static void
add_nodes(SqlGraph *graph, GraphWalk *set, const SqlSet *named, int first, int count)
{
	Datum		values[SQL_FIND_BATCH] = {0};
	uint32		nodes[SQL_FIND_BATCH];

	/* a number stands for its text form where nodes are texts */
	for (int i = 0; i < count; i++)
		values[i] = graph->columns.node_type == TEXTOID ?
			sql_node_argument(graph, sql_node_to_text(named->nodes[first + i], named->type), TEXTOID) :
			sql_node_argument(graph, named->nodes[first + i], named->type);
	graph->source->find_nodes(graph, values, count, nodes);
	for (int i = 0; i < count; i++)
	{
		if (nodes[i] != GRAPH_NO_NODE)
			graph_set_add(graph->view, set, nodes[i]);
	}
}

/* Returns NULL where none is given. */
static GraphWalk *
look_up(SqlGraph *graph, const SqlSet *named)
{
	MemoryContext context;
	MemoryContext old;
	GraphWalk  *set;

	if (!named->is_given)
		return NULL;
	set = graph_set_begin(graph->view, graph->budget);
	context = AllocSetContextCreate(CurrentMemoryContext, "parseltongue set",
									ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(context);
	for (int i = 0; i < named->count; i += SQL_FIND_BATCH)
	{
		CHECK_FOR_INTERRUPTS();
		if (i % PAUSE_EVERY == 0)
			sql_graph_pause(graph);
		add_nodes(graph, set, named, i, Min(SQL_FIND_BATCH, named->count - i));
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	return set;
}

void
sql_graph_bound(SqlGraph *graph, const SqlOptions *options)
{
	graph->sets.avoid = look_up(graph, &options->avoid);
	graph->sets.within = look_up(graph, &options->within);
	graph->sets.stop_at = look_up(graph, &options->stop_at);
}
