/*
 * sql_paths.c
 *		pt_paths: the shortest simple paths between two keys, edge by edge.
 */
#include "postgres.h"

#include "funcapi.h"
#include "function/sql_args.h"
#include "function/sql_edges.h"
#include "function/sql_sets.h"
#include "function/sql_start.h"
#include "kernel/kernel_paths.h"

PG_FUNCTION_INFO_V1(pt_paths_0_2);

/* arguments of pt_paths before the common options */
enum
{
	ARG_START_KEY,
	ARG_END_KEY,
	ARG_MAX_PATHS,
	ARG_HOPS,
	ARG_DIRECTION,
	ARG_SHORTEST_ONLY
};

/* Search under the barrier. */
static void
search(SqlGraph *graph, const SqlStart *from, const SqlStart *to,
	   GraphDirection direction, GraphPaths *paths)
{
	GraphWalk  *backward;

	if (from->node == GRAPH_NO_NODE || to->node == GRAPH_NO_NODE || from->node == to->node ||
		!graph_sets_admit(&graph->sets, to->node))
		return;
	backward = sql_walk_begin(graph, graph_reverse(direction), 0);
	graph_walk_start(backward, to->node);
	graph_sets_bound_path(&graph->sets, backward, from->node);
	kernel_paths(graph->view, backward, from->node, paths);
	graph_walk_end(backward);
}

/* Where in the paths the rows have come to. */
typedef struct PathCursor
{
	const GraphPaths *paths;
	uint64		path;
	uint32		step;
	uint64		edges;			/* of all paths */
} PathCursor;

static PathCursor
begin_rows(const GraphPaths *paths)
{
	PathCursor	cursor = {paths, 0, 0, 0};

	for (uint64 i = 0; i < paths->count; i++)
		cursor.edges += paths->paths[i].length;
	return cursor;
}

static SqlEdge
next_edge(void *answer, uint64 place, Datum *values, bool *nulls)
{
	PathCursor *cursor = answer;
	const GraphPath *path = &cursor->paths->paths[cursor->path];
	const GraphPathStep *step;

	if (cursor->step == path->length)
	{
		path = &cursor->paths->paths[++cursor->path];
		cursor->step = 0;
	}
	step = &cursor->paths->steps[path->first + ++cursor->step];
	values[0] = Int32GetDatum((int32) (cursor->path + 1));
	values[1] = Int32GetDatum((int32) cursor->step);
	return sql_tree_edge(step->edge, step->node, step[-1].node);
}

Datum
pt_paths_0_2(PG_FUNCTION_ARGS)
{
	text	   *keys[2];
	GraphPaths	paths = {0};
	PathCursor	cursor;
	GraphDirection direction = sql_direction(fcinfo, ARG_DIRECTION);
	SqlOptions	options = sql_options(fcinfo, SQL_OPTION_SETS | SQL_OPTION_STOP_AT | SQL_OPTION_GRAPH);
	SqlGraph	graph;
	SqlStart	ends[2];

	/* paths are numbered with integers */
	paths.max_paths = Min(sql_bound(fcinfo, ARG_MAX_PATHS, "max_paths"), PG_INT32_MAX);
	paths.max_hops = sql_bound(fcinfo, ARG_HOPS, "hops");
	paths.shortest_only = sql_flag(fcinfo, ARG_SHORTEST_ONLY);

	InitMaterializedSRF(fcinfo, 0);
	if (sql_is_absent(fcinfo, ARG_START_KEY, "start_key", options.missing_ok) ||
		sql_is_absent(fcinfo, ARG_END_KEY, "end_key", options.missing_ok))
		return (Datum) 0;
	keys[0] = sql_key(fcinfo, ARG_START_KEY, "start_key");
	keys[1] = sql_key(fcinfo, ARG_END_KEY, "end_key");
	sql_graph_open(&graph, fcinfo, options.graph_argno, SQL_READ_LABEL | SQL_READ_LOCATION,
				   "paths",
				   "Raise parseltongue.local_image_memory, or ask for fewer or shorter paths.");
	sql_graph_sync(&graph);
	sql_find_starts(&graph, &options, keys, lengthof(keys), ends);
	sql_graph_follow(&graph, options.edge_types, options.min_confidence);
	sql_graph_bound(&graph, &options);
	search(&graph, &ends[0], &ends[1], direction, &paths);
	sql_graph_leave(&graph);

	cursor = begin_rows(&paths);
	sql_put_edges(&graph, (ReturnSetInfo *) fcinfo->resultinfo, cursor.edges, 2,
				  next_edge, &cursor);
	for (int i = 0; i < lengthof(ends); i++)
		sql_check_start(&graph, &ends[i], options.missing_ok);
	sql_graph_close(&graph);
	return (Datum) 0;
}
