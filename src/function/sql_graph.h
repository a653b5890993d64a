/*
 * sql_graph.h
 *		A graph open for a statement.
 *
 * Order of use, which the comment of sql_graph.c explains: open, sync, follow,
 * walk, leave, fetch rows, close. Between sync and leave the call holds the
 * vacuum barrier and must wait for nothing. After an error nothing is left to
 * do: locks, pins, the snapshot and the memory go with the transaction's.
 */
#ifndef SQL_GRAPH_H
#define SQL_GRAPH_H

#include "adjacency/adj_columns.h"
#include "adjacency/adj_log.h"
#include "base/pt_budget.h"
#include "base/pt_visible.h"
#include "fmgr.h"
#include "function/sql_shape.h"
#include "graph/graph_sets.h"
#include "graph/graph_walk.h"
#include "image/image.h"
#include "utils/array.h"

typedef struct SqlSource SqlSource;
typedef struct SqlQuery SqlQuery;

typedef struct SqlGraph
{
	const SqlSource *source;	/* what gives the edges */
	PtBudget   *budget;			/* of the call */
	Relation	heap;
	Relation	index;			/* NULL where queries give the edges */
	AdjColumns	columns;
	AttrNumber	location_attno; /* source_location, or InvalidAttrNumber */
	Oid			entity_table;	/* of a graph that has one */
	bool		is_default;		/* did the call name none? */
	bool		has_weights;	/* is there a column of them? */
	bool		reads_weights;	/* does the call read it? Else each edge weighs 1 */
	Snapshot	snapshot;

	SqlShape	shape;			/* where queries give the edges */
	SqlQuery   *query;

	/* from sync on */
	bool		in_recovery;
	int			barrier;		/* tag held, or -1 */
	TimestampTz look_at;		/* when to look whether VACUUM waits for it */
	AdjMetaCopy copy;
	Image	   *image;
	PtVisibility vis;
	Graph	   *all;			/* every visible edge */

	/* from follow on */
	Graph	   *view;			/* the visible edges that the call follows */
	GraphSets	sets;			/* where its walks may go */
} SqlGraph;

/* what a call reads: columns besides the nodes, which it needs SELECT for */
#define SQL_READ_LABEL		0x01
#define SQL_READ_LOCATION	0x02
/* what is stored, not what it says: of a view without contents, too */
#define SQL_READ_STORAGE	0x04
/*
 * the index that is named itself: another in its place will do only if it was
 * swapped away since the statement began
 */
#define SQL_READ_ITSELF		0x08

/*
 * The weights of edges, which graph_edges() gives then where it is asked for them.
 * A graph without them is an error: 42703, or 42702 where two columns could be meant.
 */
#define SQL_READ_WEIGHT		0x10

/*
 * Whom a walk trusts, in hundredths of confidence: facts only, or what the
 * setting says. An edge of confidence 1 is a fact.
 */
#define SQL_TRUST_FACTS 100
#define SQL_TRUST_SETTING (-1)

/* what a call needs memory for, and what to do if there is not enough */
#define SQL_BOUND_HINT \
	"Raise parseltongue.local_image_memory, or bound the walk by hops or max_nodes."

/*
 * Open the graph that argument argno names (NULL: the default graph) with
 * AccessShareLock on everything the call can touch, kept to the end of the
 * transaction. Where an index tells all, checks that the caller may read it and
 * the snapshot may use it: the errors of sql_relation.h, and 55000 for the
 * snapshot. Elsewhere queries will be asked: the errors of sql_shape.h, and a
 * warning for a table that merely lacks an index. what and hint are for the
 * error 53400 of a call that exceeds its memory.
 */
extern void sql_graph_open(SqlGraph *graph, FunctionCallInfo fcinfo, int argno, int reads,
						   const char *what, const char *hint);

/*
 * Enter the barrier, except in recovery, and read the metapage from within.
 * Part of sync; on its own for a call that reads the log itself.
 */
extern void sql_graph_enter(SqlGraph *graph);

/*
 * Enter the barrier and catch up with the log. Errors and cost are those of
 * image_open.
 */
extern void sql_graph_sync(SqlGraph *graph);

/*
 * Undo sync, to sync again: what was learned from the graph since is void. The
 * barrier is left.
 */
extern void sql_graph_unsync(SqlGraph *graph);

/*
 * Which edges count from now on: those of some types (NULL: all), facts and
 * guesses of at least so many hundredths, or as parseltongue.min_confidence
 * has it. Error 22023 if the index has no column for what is asked; the setting
 * asks for nothing.
 */
extern void sql_graph_follow(SqlGraph *graph, ArrayType *edge_types, int min_confidence);

/*
 * The graph that the same call would follow if it trusted facts only; NULL if
 * it is the same. Between follow and leave.
 */
extern Graph *sql_graph_facts(SqlGraph *graph);

/*
 * The walk is over: let VACUUM pass. Rows seen may still be fetched. A walk that
 * goes on for more than a second leaves by itself when VACUUM waits.
 */
extern void sql_graph_leave(SqlGraph *graph);

/*
 * Leave, and ask for edges all the same: as a walk does that left by itself, each
 * row is looked at from now on. For calls that compute in between.
 */
extern void sql_graph_step_out(SqlGraph *graph);

/*
 * In a long step between sync and leave, now and then: leave if the call has
 * gone on for more than a second and VACUUM waits.
 */
extern void sql_graph_pause(SqlGraph *graph);

/* Everything goes but the locks, the budget and what was taken from it too. */
extern void sql_graph_close(SqlGraph *graph);

/* A walk over the edges that the call follows, within its budget. */
extern GraphWalk *sql_walk_begin(SqlGraph *graph, GraphDirection direction, int keep);

/*
 * Is there a visible edge at the node, whatever is followed? Between sync and
 * leave.
 */
extern bool sql_graph_has_visible_edge(SqlGraph *graph, uint32 node);

#endif							/* SQL_GRAPH_H */
