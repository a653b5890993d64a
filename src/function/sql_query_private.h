/*
 * sql_query_private.h
 *		What the files of a graph that is asked by queries share.
 */
#ifndef SQL_QUERY_PRIVATE_H
#define SQL_QUERY_PRIVATE_H

#include "function/sql_plan.h"
#include "function/sql_query.h"
#include "function/sql_values.h"
#include "graph/graph_project.h"

/* columns of their rows; those behind the ends only where edges are kept */
enum
{
	ROW_SOURCE,
	ROW_TARGET,
	ROW_CONFIDENCE,
	ROW_WEIGHT,
	ROW_LABEL,
	ROW_LOCATION
};

/* What is kept of an edge for its row in an answer. */
typedef struct QueryEdge
{
	double		confidence;
	bool		is_fact;		/* has no confidence */
	text	   *label;			/* or NULL */
	text	   *location;		/* or NULL */
} QueryEdge;

typedef struct QueryGraph QueryGraph;

struct SqlQuery
{
	SqlGraph   *graph;
	const SqlShape *shape;
	bool		is_integer[2];	/* are the ends, by column? */
	Oid			end_types[2];
	Oid			array_type;		/* of node keys, or InvalidOid if there is none */
	const char *equals;			/* the operator between them */
	SqlValues  *values;			/* the nodes */
	uint32	   *places;			/* by node: where in what is asked; may be stale */
	uint64		nplaces;
	bool		keep_rows;		/* labels and locations, too */
	QueryEdge  *edges;			/* by number less 1 */
	uint64		nedges;
	uint64		edge_capacity;
	List	   *relations;		/* that the first plan reads */
	QueryGraph *graphs;			/* all that exist */
};

/* The edges that pass a filter, as a graph. */
struct QueryGraph
{
	Graph		graph;			/* must be first */
	SqlQuery   *query;
	const char *filter;			/* of SQL, beginning with AND, or empty */
	ArrayType  *types;			/* parameters of it, or NULL */
	ArrayType  *guesses;
	int			min_confidence; /* in hundredths */

	/* all edges, once they have been read */
	uint32	   *ends[2];		/* by direction: the end that it leaves */
	uint64		npairs;
	uint64		capacities[2];
	bool		is_held;
	bool		is_too_large;	/* for that */
	GraphProjection *rows[2];	/* by direction, once it is asked for */

	SqlPlan    *all;
	SqlPlan    *keys[2];		/* by direction */
	QueryGraph *next;
};

/* ---- asking (sql_query_ask.c) ---- */

/* A value of either end, as nodes are told apart. */
static inline Datum
sql_query_key(const SqlQuery *query, TupleTableSlot *slot, int column)
{
	return query->is_integer[column] ?
		Int64GetDatum(adj_integer_value(slot->tts_values[column], query->end_types[column])) :
		slot->tts_values[column];
}

/* Takes an edge from a node that was asked about; false if no more are wanted. */
struct Question;
typedef bool (*SqlPutArc) (struct Question *question, uint32 from, uint32 to, TupleTableSlot *slot);

/* What is asked about some nodes, and who takes the rows. */
typedef struct Question
{
	QueryGraph *g;
	GraphDirection direction;
	const uint32 *nodes;		/* NULL: all */
	uint64		count;
	SqlPutArc	put;
	bool		is_over;		/* no more rows are wanted */

	/* of an expansion */
	GraphWalk  *walk;
	uint64		first;			/* place in the walk of nodes[0] */
	uint64		begin;			/* where its new nodes begin */

	/* of a gathering */
	GraphArcs  *arcs;
	struct GatheredArcs *gathered;

	/* of a look at which of them have an edge: bits by place, and how many */
	uint64	   *visible;
	uint64		nvisible;
} Question;

/* The number of a node, and room for the nodes there are by now. */
extern uint32 sql_query_number(SqlQuery *query, Datum key);
extern void sql_query_note_nodes(SqlQuery *query);

/* The place of a node among those asked about, or -1. */
static inline int64
sql_query_place(const Question *question, uint32 node)
{
	uint32		place = question->g->query->places[node];

	return place < question->count && question->nodes[place] == node ? (int64) place : -1;
}

/* A column's name, quoted. */
extern const char *sql_query_column(const SqlQuery *query, AttrNumber attno);

/* Is it better to read all rows than to ask for those at so many nodes? */
extern bool sql_query_wants_all(QueryGraph *g, GraphDirection direction, uint64 count);

/* Ask in one direction, which must be GRAPH_OUT or GRAPH_IN. */
extern void sql_query_ask(Question *question);

/* Read all rows that pass the filter. */
extern void sql_query_read_all(QueryGraph *g, SqlPutRow put, void *answer);

/* ---- all edges in memory (sql_query_hold.c) ---- */

/*
 * Are all edges held? Reads them if that is better than to ask for those at so
 * many nodes. Where there is no room nothing of them stays.
 */
extern bool sql_query_holds_all(QueryGraph *g, GraphDirection direction, uint64 count);

/* Expand a walk, by the edges that are held. */
extern void sql_query_expand_held(QueryGraph *g, GraphWalk *walk, uint64 first, uint64 last);

#endif							/* SQL_QUERY_PRIVATE_H */
