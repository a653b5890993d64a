/*
 * sql_cost.c
 *		What functions share that go by the weights of edges.
 */
#include "postgres.h"

#include <math.h>

#include "base/pt_texts.h"
#include "catalog/pg_type.h"
#include "function/sql_args.h"
#include "function/sql_cost.h"
#include "function/sql_node.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/float.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/uuid.h"

Oid
sql_order_type(const SqlGraph *graph)
{
	return adj_is_integer(graph->columns.node_type) ? INT8OID :
		graph->columns.node_type == UUIDOID ? UUIDOID : TEXTOID;
}

Datum
sql_order_value(const SqlGraph *graph, Datum value)
{
	Oid			type = graph->columns.node_type;

	return sql_order_type(graph) == TEXTOID ? sql_node_to_text(value, type) : value;
}

Datum
sql_order_key(SqlGraph *graph, uint32 node, GraphEdge edge)
{
	Oid			type = graph->columns.node_type;
	Datum		value = graph->source->node_value(graph, node, edge);

	return adj_is_integer(type) ? Int64GetDatum(adj_integer_value(value, type)) :
		sql_order_value(graph, value);
}

int
sql_compare_order_keys(Datum a, Datum b, Oid type)
{
	if (type == INT8OID)
		return DatumGetInt64(a) < DatumGetInt64(b) ? -1 : DatumGetInt64(a) > DatumGetInt64(b);
	if (type == UUIDOID)
		return memcmp(DatumGetUUIDP(a)->data, DatumGetUUIDP(b)->data, UUID_LEN);
	return pt_compare_text_values(DatumGetPointer(a), DatumGetPointer(b));
}

SqlNodeOrder
sql_node_order(SqlGraph *graph, const uint32 *nodes)
{
	return (SqlNodeOrder) {graph, nodes, AllocSetContextCreate(CurrentMemoryContext, "parseltongue keys",
															   ALLOCSET_DEFAULT_SIZES)};
}

int
sql_compare_nodes(void *arg, uint32 a, GraphEdge to_a, uint32 b, GraphEdge to_b)
{
	const SqlNodeOrder *order = arg;
	SqlGraph   *graph = order->graph;
	MemoryContext old = MemoryContextSwitchTo(order->scratch);
	Oid			type = sql_order_type(graph);
	Datum		key;
	int			result;

	/* the second fetch may reuse what the first one's value is in */
	key = datumCopy(sql_order_key(graph, order->nodes == NULL ? a : order->nodes[a], to_a),
					type == INT8OID, type == UUIDOID ? UUID_LEN : -1);
	result = sql_compare_order_keys(key,
									sql_order_key(graph, order->nodes == NULL ? b : order->nodes[b], to_b),
									type);
	MemoryContextSwitchTo(old);
	MemoryContextReset(order->scratch);
	return result;
}

double
sql_max_cost(FunctionCallInfo fcinfo, int argno)
{
	return PG_ARGISNULL(argno) ? INFINITY : sql_number(fcinfo, argno, "max_cost", 0, INFINITY);
}

void
sql_refuse_weight(SqlGraph *graph, const GraphDijkstra *search)
{
	const GraphWeightedArc *arc = &search->refused;
	bool		reversed = (arc->edge & GRAPH_EDGE_REVERSED) != 0;
	Oid			type = graph->columns.node_type;
	char	   *keys[2];

	for (int i = 0; i < 2; i++)
	{
		bool		far = (i == 1) != reversed;
		Datum		value = graph->source->node_value(graph, far ? arc->to : arc->from,
													  far ? arc->edge : arc->edge ^ GRAPH_EDGE_REVERSED);

		keys[i] = TextDatumGetCString(sql_node_to_text(value, type));
	}
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("edge from \"%s\" to \"%s\" of relation \"%s\" has negative weight %s",
					keys[0], keys[1], RelationGetRelationName(graph->heap),
					float8out_internal(arc->weight)),
			 errhint("Use pt_bellman_ford where negative weights are meant.")));
}
