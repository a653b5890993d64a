/*
 * sql_cost.h
 *		What functions share that go by the weights of edges.
 */
#ifndef SQL_COST_H
#define SQL_COST_H

#include "function/sql_source.h"
#include "kernel/kernel_dijkstra.h"

/* Which of two nodes has the lesser key: integers by value, uuid and others by bytes. */
typedef struct SqlNodeOrder
{
	SqlGraph   *graph;
	const uint32 *nodes;		/* of a graph whose nodes are places here; NULL: of the source */
	MemoryContext scratch;
} SqlNodeOrder;

extern SqlNodeOrder sql_node_order(SqlGraph *graph, const uint32 *nodes);

/* A KernelCompareNodes, after leave. */
extern int	sql_compare_nodes(void *order, uint32 a, GraphEdge to_a, uint32 b, GraphEdge to_b);

/* The type that keys are compared in: bigint, uuid or text. */
extern Oid	sql_order_type(const SqlGraph *graph);

/* A value of the node type in it, and a node that an edge leads to, after leave. */
extern Datum sql_order_value(const SqlGraph *graph, Datum value);
extern Datum sql_order_key(SqlGraph *graph, uint32 node, GraphEdge edge);

extern int	sql_compare_order_keys(Datum a, Datum b, Oid type);

/* The argument max_cost: NULL is no bound, infinite. */
extern double sql_max_cost(FunctionCallInfo fcinfo, int argno);

/* Error 22003 for an edge that a search has refused. After leave. Does not return. */
extern void sql_refuse_weight(SqlGraph *graph, const GraphDijkstra *search);

#endif							/* SQL_COST_H */
