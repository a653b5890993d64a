/*
 * sql_edges.c
 *		pt_callers and pt_callees: the edges at one node.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "sql_graph.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(pt_callers);
PG_FUNCTION_INFO_V1(pt_callees);

/* The visible edges at a node, gathered under the barrier. */
typedef struct EdgeAtNode
{
	uint32		other;
	ItemPointerData tid;
} EdgeAtNode;

typedef struct EdgeList
{
	uint32		node;
	PtDirection direction;
	EdgeAtNode *edges;
	uint64		count;
	uint64		capacity;
} EdgeList;

static bool
gather(uint32 other, const ItemPointerData *tid, PtDirection direction, void *arg)
{
	EdgeList   *list = arg;

	if (list->count == list->capacity)
	{
		uint64		capacity = Max(64, list->capacity * 2);

		if (capacity > sql_walk_memory() / sizeof(EdgeAtNode))
			ereport(ERROR,
					(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
					 errmsg("edges of one node need more than %zu kB of memory",
							sql_walk_memory() / 1024),
					 errhint("Raise parseltongue.local_image_memory.")));
		list->edges = list->edges == NULL ?
			palloc(capacity * sizeof(EdgeAtNode)) :
			repalloc_huge(list->edges, capacity * sizeof(EdgeAtNode));
		list->capacity = capacity;
	}
	list->edges[list->count].other = other;
	list->edges[list->count++].tid = *tid;
	return true;
}

static Datum
label_text(const SqlGraph *graph, Datum label)
{
	if (graph->columns.label_type == TEXTOID)
		return label;
	return sql_node_to_text(label, graph->columns.label_type);
}

/* source_location as text, whatever the column's type */
static Datum
location_text(const SqlGraph *graph, Datum location)
{
	Oid			type = TupleDescAttr(RelationGetDescr(graph->heap),
									 graph->location_attno - 1)->atttypid;
	Oid			output;
	bool		is_varlena;

	if (getBaseType(type) == TEXTOID || getBaseType(type) == VARCHAROID)
		return location;
	getTypeOutputInfo(type, &output, &is_varlena);
	return CStringGetTextDatum(OidOutputFunctionCall(output, location));
}

/* An edge by which a walk reached a node. */
SqlEdge
sql_tree_edge(PtTreeEdge edge, uint32 node, uint32 parent)
{
	SqlEdge		result;

	ItemPointerSet(&result.tid, edge.block, edge.offset);
	result.source = edge.node_is_source ? node : parent;
	result.target = edge.node_is_source ? parent : node;
	return result;
}

/* The columns of an edge, which was seen visible. */
void
sql_edge_row(SqlGraph *graph, const SqlEdge *edge, Datum *values, bool *nulls)
{
	const AdjColumns *columns = &graph->columns;
	TupleTableSlot *slot = graph->vis.slot;
	ItemPointerData tid = edge->tid;

	if (!adj_fetch_row(&graph->vis, &tid))
		sql_corrupt_row(graph, &tid, "The row is not visible, though it was seen before.");
	values[0] = sql_node_to_text(sql_row_node(graph, &tid, columns->source_attno, edge->source),
								 columns->node_type);
	values[1] = sql_node_to_text(sql_row_node(graph, &tid, columns->target_attno, edge->target),
								 columns->node_type);
	nulls[0] = nulls[1] = false;
	nulls[2] = nulls[3] = true;
	if (columns->has_label)
	{
		values[2] = slot_getattr(slot, columns->label_attno, &nulls[2]);
		if (!nulls[2])
			values[2] = label_text(graph, values[2]);
	}
	if (graph->location_attno != InvalidAttrNumber)
	{
		values[3] = slot_getattr(slot, graph->location_attno, &nulls[3]);
		if (!nulls[3])
			values[3] = location_text(graph, values[3]);
	}
}

/* An answer of edges, a row each, in a memory context that is reset row by row. */
void
sql_put_edges(SqlGraph *graph, ReturnSetInfo *result, uint64 count,
			  int first_column, SqlNextEdge next, void *answer)
{
	MemoryContext row_context = AllocSetContextCreate(CurrentMemoryContext,
													  "parseltongue row",
													  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old;
	int			columns = result->setDesc->natts;
	Datum	   *values = palloc0(columns * sizeof(Datum));
	bool	   *nulls = palloc0(columns * sizeof(bool));

	old = MemoryContextSwitchTo(row_context);
	for (uint64 i = 0; i < count; i++)
	{
		SqlEdge		edge;

		CHECK_FOR_INTERRUPTS();
		edge = next(answer, i, values, nulls);
		sql_edge_row(graph, &edge, values + first_column, nulls + first_column);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		MemoryContextReset(row_context);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(row_context);
}

static SqlEdge
next_edge(void *answer, uint64 place, Datum *values, bool *nulls)
{
	const EdgeList *list = answer;
	const EdgeAtNode *at = &list->edges[place];
	SqlEdge		edge;

	edge.tid = at->tid;
	edge.source = list->direction == PT_OUT ? list->node : at->other;
	edge.target = list->direction == PT_OUT ? at->other : list->node;
	return edge;
}

static Datum
edges_at(FunctionCallInfo fcinfo, PtDirection direction)
{
	text	   *key = sql_key(fcinfo, 0, "key");
	ArrayType  *edge_types = sql_edge_types(fcinfo, 1);
	bool		missing_ok = sql_flag(fcinfo, 2);
	int			min_confidence = sql_min_confidence(fcinfo, 4);
	bool	   *labels;
	EdgeList	list = {0};
	bool		known = false;
	SqlGraph	graph;

	InitMaterializedSRF(fcinfo, 0);
	sql_graph_open(&graph, fcinfo, 3, SQL_READ_LABEL | SQL_READ_LOCATION);
	sql_graph_sync(&graph);
	list.direction = direction;
	list.node = image_find_node(graph.image,
								sql_node_hash(&graph, PointerGetDatum(key), TEXTOID));
	labels = sql_label_filter(&graph, edge_types, min_confidence);
	if (list.node != IMAGE_NO_NODE)
	{
		image_visit_edges(graph.image, &graph.vis, labels, list.node, direction,
						  gather, &list);
		known = list.count > 0 || sql_graph_has_visible_edge(&graph, list.node);
	}
	sql_graph_leave(&graph);

	sql_put_edges(&graph, (ReturnSetInfo *) fcinfo->resultinfo, list.count, 0, next_edge, &list);
	if (!known && !missing_ok && !sql_graph_is_entity(&graph, key))
		sql_unknown_key(&graph, PointerGetDatum(key), TEXTOID);
	sql_graph_close(&graph);
	return (Datum) 0;
}

Datum
pt_callers(PG_FUNCTION_ARGS)
{
	return edges_at(fcinfo, PT_IN);
}

Datum
pt_callees(PG_FUNCTION_ARGS)
{
	return edges_at(fcinfo, PT_OUT);
}
