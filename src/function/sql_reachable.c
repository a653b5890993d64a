/*
 * sql_reachable.c
 *		pt_reachable: is there a way from one key to another?
 */
#include "postgres.h"

#include "base/pt_varatt.h"
#include "function/sql_args.h"
#include "function/sql_sets.h"
#include "function/sql_start.h"
#include "kernel/kernel_path.h"

PG_FUNCTION_INFO_V1(pt_reachable);

/* arguments of pt_reachable before the common options */
enum
{
	ARG_START_KEY,
	ARG_END_KEY,
	ARG_HOPS,
	ARG_DIRECTION
};

/* Search under the barrier, from both ends. */
static bool
search(SqlGraph *graph, const SqlStart *from, const SqlStart *to,
	   GraphDirection direction, uint64 hops)
{
	GraphWalk  *forward;
	GraphWalk  *backward;
	uint64		forward_end;
	uint64		backward_end;
	bool		found;

	if (from->node == GRAPH_NO_NODE || to->node == GRAPH_NO_NODE)
		return false;
	if (from->node == to->node)
		return true;
	if (!graph_sets_admit(&graph->sets, to->node))
		return false;
	forward = sql_walk_begin(graph, direction, 0);
	graph_walk_start(forward, from->node);
	graph_sets_bound_path(&graph->sets, forward, to->node);
	backward = sql_walk_begin(graph, graph_reverse(direction), 0);
	graph_walk_start(backward, to->node);
	graph_sets_bound_path(&graph->sets, backward, from->node);
	found = kernel_path(graph->view, forward, backward, hops, &forward_end, &backward_end);
	graph_walk_end(forward);
	graph_walk_end(backward);
	return found;
}

/* A key without edges reaches itself, too. */
static bool
is_same_key(const text *a, const text *b)
{
	return VARSIZE_ANY_EXHDR(a) == VARSIZE_ANY_EXHDR(b) &&
		memcmp(VARDATA_ANY(a), VARDATA_ANY(b), VARSIZE_ANY_EXHDR(a)) == 0;
}

Datum
pt_reachable(PG_FUNCTION_ARGS)
{
	text	   *keys[2];
	uint64		hops = sql_bound(fcinfo, ARG_HOPS, "hops");
	GraphDirection direction = sql_direction(fcinfo, ARG_DIRECTION);
	SqlOptions	options = sql_options(fcinfo, SQL_OPTION_SETS | SQL_OPTION_STOP_AT | SQL_OPTION_GRAPH);
	SqlGraph	graph;
	SqlStart	ends[2];
	bool		found;

	if (sql_is_absent(fcinfo, ARG_START_KEY, "start_key", options.missing_ok) ||
		sql_is_absent(fcinfo, ARG_END_KEY, "end_key", options.missing_ok))
		PG_RETURN_BOOL(false);
	keys[0] = sql_key(fcinfo, ARG_START_KEY, "start_key");
	keys[1] = sql_key(fcinfo, ARG_END_KEY, "end_key");
	sql_graph_open(&graph, fcinfo, options.graph_argno,
				   options.edge_types != NULL ? SQL_READ_LABEL : 0, "path",
				   "Raise parseltongue.local_image_memory, or bound the path by hops.");
	sql_graph_sync(&graph);
	sql_find_starts(&graph, &options, keys, lengthof(keys), ends);
	sql_graph_follow(&graph, options.edge_types, options.min_confidence);
	sql_graph_bound(&graph, &options);
	found = search(&graph, &ends[0], &ends[1], direction, hops);
	sql_graph_leave(&graph);
	for (int i = 0; i < lengthof(ends); i++)
		sql_check_start(&graph, &ends[i], options.missing_ok);
	sql_graph_close(&graph);
	PG_RETURN_BOOL(found || is_same_key(ends[0].key, ends[1].key));
}
