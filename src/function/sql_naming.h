/*
 * sql_naming.h
 *		Keys of nodes, and their order.
 *
 * A text or a uuid that is a node stands in the image, if somebody has left it
 * there, or else in the row of an edge. So an edge is found for each such node
 * before it is named.
 */
#ifndef SQL_NAMING_H
#define SQL_NAMING_H

#include "function/sql_network.h"

/* A node by its key, of which the prefix decides most. */
typedef struct NamedNode
{
	uint64		prefix;
	Datum		key;
	uint32		node;			/* of the source; GRAPH_NO_NODE for an entity without edges */
} NamedNode;

/* Nodes as they are being named. */
typedef struct SqlNaming
{
	SqlNetwork *network;
	MemoryContext context;		/* of keys */
	MemoryContext scratch;		/* of what they are made from */
	Size		charged;
	NamedNode  *nodes;
	uint64		count;
	uint64		capacity;
} SqlNaming;

/* Keys are in contexts below the budget's, and are charged to it. */
extern void sql_naming_begin(SqlNaming *naming, SqlNetwork *network);

/*
 * By place an edge that leads to each of some nodes of the source, ascending, all of
 * which have a visible edge: GRAPH_NO_EDGE for one that is named without. Between
 * sync and leave, or after a step out of the barrier. O(nodes).
 */
extern GraphEdge *sql_naming_edges(SqlGraph *graph, const uint32 *nodes, uint64 count);

/* Name nodes by their edges. After leave. */
extern void sql_naming_nodes(SqlNaming *naming, const uint32 *nodes, const GraphEdge *edges,
							 uint64 count);

/* Take the entities that the caller may see, under the statement's snapshot. */
extern void sql_naming_entities(SqlNaming *naming);

/* Sort by key, and of an entity that is a node as well leave the node. */
extern void sql_naming_sort(SqlNaming *naming);

/* An integer's, uuid's or text's first eight bytes, as a number in the order of keys. */
extern uint64 sql_key_prefix(Datum key, Oid type);

#endif							/* SQL_NAMING_H */
