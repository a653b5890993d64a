/*
 * sql_source.h
 *		What a source of edges does for SQL, besides being a graph.
 *
 * A graph numbers its nodes; SQL has values, labels and rows. A source is
 * chosen when a graph is opened, and asked through this table from then on.
 * The order of steps that makes its answers exact is sql_graph.c's.
 */
#ifndef SQL_SOURCE_H
#define SQL_SOURCE_H

#include "function/sql_graph.h"
#include "utils/builtins.h"

/* the type of a guess: that of the edge it was made from, and this */
#define SQL_RESOLVED_SUFFIX " (resolved)"

static inline Datum
sql_guess_type(Datum type)
{
	return CStringGetTextDatum(psprintf("%s" SQL_RESOLVED_SUFFIX, TextDatumGetCString(type)));
}

/* from_key, to_key, edge_type, source_location, confidence */
#define SQL_EDGE_COLUMNS 5

/* places among them */
#define SQL_EDGE_TYPE 2
#define SQL_EDGE_LOCATION 3
#define SQL_EDGE_CONFIDENCE 4

/* An edge of an answer, and its ends as the graph numbers them. */
typedef struct SqlEdge
{
	GraphEdge	edge;
	uint32		source;
	uint32		target;
	uint32		end;			/* that of these which a walk or path goes on from */
} SqlEdge;

#define SQL_FIND_BATCH 64

struct SqlSource
{
	/*
	 * The graph of the visible edges that a call follows: those of some types
	 * (NULL: all), facts and guesses of at least so many hundredths. Between
	 * sync and leave.
	 */
	Graph	   *(*follow) (SqlGraph *graph, ArrayType *edge_types, int min_confidence);

	/*
	 * Of the graph that a call follows, the one of its facts; NULL if it has
	 * nothing else. Between follow and leave.
	 */
	Graph	   *(*facts) (SqlGraph *graph);

	/*
	 * The node of a value that an argument gives, or GRAPH_NO_NODE. The value
	 * is of the node type as sql_node_argument makes it. Between sync and
	 * leave.
	 */
	uint32		(*find_node) (SqlGraph *graph, Datum value);

	/* The same for many, at most SQL_FIND_BATCH, which is faster. */
	void		(*find_nodes) (SqlGraph *graph, const Datum *values, int count, uint32 *nodes);

	/*
	 * Which of some nodes have a visible edge, whatever is followed: sets their
	 * bits, by place, in a bitmap that comes without any. Between sync and leave.
	 */
	void		(*find_visible) (SqlGraph *graph, const uint32 *nodes, uint64 count,
								 uint64 *visible);

	/*
	 * The value of a node that a walk reached by an edge, in the current
	 * memory context or in the image. After leave. Error XX002 if the edge's
	 * row does not fit.
	 */
	Datum		(*node_value) (SqlGraph *graph, uint32 node, GraphEdge edge);

	/*
	 * The columns of an edge that was seen visible, SQL_EDGE_COLUMNS of them,
	 * in the current memory context or in the row's buffer, so good until the
	 * next call. After leave. Error XX002 if the row does not fit.
	 */
	void		(*edge_row) (SqlGraph *graph, const SqlEdge *edge, Datum *values, bool *nulls);

	/* Are nodes named without the edges that a walk reached them by? */
	bool		(*names_nodes) (const SqlGraph *graph);

	/*
	 * A node as adj_hash_node has its value by the graph's columns, so that values can be
	 * compared with nodes when the graph is closed.
	 */
	AdjNode		(*node_hash) (const SqlGraph *graph, uint32 node);

	/* Is at least this one? It stays so until the graph is closed. */
	bool		(*has_name) (const SqlGraph *graph, uint32 node);
};

/* The adjacency index and its image (sql_image.c). */
extern const SqlSource sql_image_source;

/* Queries over a relation (sql_query.c). */
extern const SqlSource sql_query_source;

/*
 * The node of a text key, or GRAPH_NO_NODE. Between sync and leave. Error
 * 22P02 if it is no node's text form.
 */
extern uint32 sql_find_key(SqlGraph *graph, text *key);

#endif							/* SQL_SOURCE_H */
