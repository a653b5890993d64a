/*
 * sql_paths.c
 *		pt_paths: the shortest simple paths between two keys, edge by edge.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "sql_path.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

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

static void
put_paths(SqlGraph *graph, ReturnSetInfo *rsinfo, const PtPaths *paths)
{
	MemoryContext row_context = AllocSetContextCreate(CurrentMemoryContext,
													  "parseltongue row",
													  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(row_context);
	Datum		values[2 + SQL_EDGE_COLUMNS];
	bool		nulls[2 + SQL_EDGE_COLUMNS] = {false};

	for (uint64 i = 0; i < paths->count; i++)
	{
		const PtPathStep *steps = &paths->steps[paths->paths[i].first];

		for (uint32 step = 1; step <= paths->paths[i].length; step++)
		{
			ItemPointerData tid;

			CHECK_FOR_INTERRUPTS();
			ItemPointerSet(&tid, steps[step].edge.block, steps[step].edge.offset);
			values[0] = Int32GetDatum((int32) (i + 1));
			values[1] = Int32GetDatum((int32) step);
			sql_edge_row(graph, &tid, values + 2, nulls + 2);
			tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
			MemoryContextReset(row_context);
		}
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(row_context);
}

Datum
pt_paths(PG_FUNCTION_ARGS)
{
	text	   *start_key = sql_key(fcinfo, 0, "start_key");
	text	   *end_key = sql_key(fcinfo, 1, "end_key");
	PtPaths		paths = {0};
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

	put_paths(&graph, (ReturnSetInfo *) fcinfo->resultinfo, &paths);
	(void) sql_check_end(&graph, &from, missing_ok);
	(void) sql_check_end(&graph, &to, missing_ok);
	sql_graph_close(&graph);
	return (Datum) 0;
}
