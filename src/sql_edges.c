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

PG_FUNCTION_INFO_V1(pt_callers);
PG_FUNCTION_INFO_V1(pt_callees);

/* The places of the visible edges, gathered under the barrier. */
typedef struct EdgeList
{
	ItemPointerData *tids;
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

		if (capacity > sql_walk_memory() / sizeof(ItemPointerData))
			ereport(ERROR,
					(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
					 errmsg("edges of one node need more than %zu kB of memory",
							sql_walk_memory() / 1024),
					 errhint("Raise parseltongue.local_image_memory.")));
		list->tids = list->tids == NULL ?
			palloc(capacity * sizeof(ItemPointerData)) :
			repalloc_huge(list->tids, capacity * sizeof(ItemPointerData));
		list->capacity = capacity;
	}
	list->tids[list->count++] = *tid;
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

/* The columns of the edge at tid, which was seen visible. */
void
sql_edge_row(SqlGraph *graph, ItemPointer tid, Datum *values, bool *nulls)
{
	const AdjColumns *columns = &graph->columns;
	TupleTableSlot *slot = graph->vis.slot;

	if (!adj_fetch_row(&graph->vis, tid))
		sql_corrupt_row(graph, tid, "The row is not visible, though it was seen before.");
	values[0] = slot_getattr(slot, columns->source_attno, &nulls[0]);
	values[1] = slot_getattr(slot, columns->target_attno, &nulls[1]);
	if (nulls[0] || nulls[1])
		sql_corrupt_row(graph, tid, "The row has a NULL node.");
	values[0] = sql_node_to_text(values[0], columns->node_type);
	values[1] = sql_node_to_text(values[1], columns->node_type);
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

static void
put_edges(SqlGraph *graph, ReturnSetInfo *rsinfo, const EdgeList *list)
{
	MemoryContext row_context = AllocSetContextCreate(CurrentMemoryContext,
													  "parseltongue row",
													  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(row_context);
	Datum		values[SQL_EDGE_COLUMNS];
	bool		nulls[SQL_EDGE_COLUMNS];

	for (uint64 i = 0; i < list->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		sql_edge_row(graph, &list->tids[i], values, nulls);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		MemoryContextReset(row_context);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(row_context);
}

static Datum
edges_at(FunctionCallInfo fcinfo, PtDirection direction)
{
	text	   *key = sql_key(fcinfo, 0, "key");
	ArrayType  *edge_types = sql_edge_types(fcinfo, 1);
	bool		missing_ok = sql_flag(fcinfo, 2);
	int			min_confidence = sql_min_confidence(fcinfo, 4);
	bool	   *labels;
	EdgeList	list = {NULL, 0, 0};
	bool		known = false;
	SqlGraph	graph;
	uint32		node;

	InitMaterializedSRF(fcinfo, 0);
	sql_graph_open(&graph, fcinfo, 3, SQL_READ_LABEL | SQL_READ_LOCATION);
	sql_graph_sync(&graph);
	node = image_find_node(graph.image,
						   sql_node_hash(&graph, PointerGetDatum(key), TEXTOID));
	labels = sql_label_filter(&graph, edge_types, min_confidence);
	if (node != IMAGE_NO_NODE)
	{
		image_visit_edges(graph.image, &graph.vis, labels, node, direction,
						  gather, &list);
		known = list.count > 0 || sql_graph_has_visible_edge(&graph, node);
	}
	sql_graph_leave(&graph);

	put_edges(&graph, (ReturnSetInfo *) fcinfo->resultinfo, &list);
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
