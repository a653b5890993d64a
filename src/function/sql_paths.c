/*
 * sql_paths.c
 *		pt_paths: the shortest simple paths between two keys, edge by edge.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "function/sql_start.h"

PG_FUNCTION_INFO_V1(pt_paths);

/* Search under the barrier. */
static void
search(SqlGraph *graph, const SqlPathEnd *from, const SqlPathEnd *to,
	   PtDirection direction, const bool *labels, PtPaths *paths)
{
	PtGraph    *g = image_graph_create(graph->image, &graph->vis, labels);
	PtTreeEdge	none = {0, 0, 0};
	PtWalk	   *backward;

	if (from->node == IMAGE_NO_NODE || to->node == IMAGE_NO_NODE || from->node == to->node)
		return;
	paths->memory_limit = sql_walk_memory() / 2;
	backward = graph_walk_create(graph_reverse(direction), 0, sql_walk_memory() / 2);
	graph_visited_acquire(backward, 0, g->nnodes);
	graph_walk_add(backward, to->node, PT_NO_PARENT, none);
	kernel_paths(g, backward, from->node, paths);
	graph_visited_release(backward, g->nnodes);
}

/* Where in the paths the rows have come to. */
typedef struct PathCursor
{
	const PtPaths *paths;
	uint64		path;
	uint32		step;
	uint64		edges;			/* of all paths */
} PathCursor;

static PathCursor
begin_rows(const PtPaths *paths)
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
	const PtPath *path = &cursor->paths->paths[cursor->path];
	const PtPathStep *step;

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
pt_paths(PG_FUNCTION_ARGS)
{
	text	   *start_key = sql_key(fcinfo, 0, "start_key");
	text	   *end_key = sql_key(fcinfo, 1, "end_key");
	PtPaths		paths = {0};
	PathCursor	cursor;
	PtDirection direction = sql_direction(fcinfo, 4);
	ArrayType  *edge_types = sql_edge_types(fcinfo, 5);
	bool		missing_ok = sql_flag(fcinfo, 7);
	int			min_confidence = sql_min_confidence(fcinfo, 9);
	SqlGraph	graph;
	SqlPathEnd	from;
	SqlPathEnd	to;

	/* paths are numbered with integers */
	paths.max_paths = Min(sql_bound(fcinfo, 2, "k"), PG_INT32_MAX);
	paths.max_hops = sql_bound(fcinfo, 3, "max_hops");
	paths.shortest_only = sql_flag(fcinfo, 6);

	InitMaterializedSRF(fcinfo, 0);
	sql_graph_open(&graph, fcinfo, 8, SQL_READ_LABEL | SQL_READ_LOCATION);
	sql_graph_sync(&graph);
	from = sql_find_end(&graph, start_key);
	to = sql_find_end(&graph, end_key);
	search(&graph, &from, &to, direction,
		   sql_label_filter(&graph, edge_types, min_confidence), &paths);
	sql_graph_leave(&graph);

	cursor = begin_rows(&paths);
	sql_put_edges(&graph, (ReturnSetInfo *) fcinfo->resultinfo, cursor.edges, 2, next_edge, &cursor);
	(void) sql_check_end(&graph, &from, missing_ok);
	(void) sql_check_end(&graph, &to, missing_ok);
	sql_graph_close(&graph);
	return (Datum) 0;
}
