/*
 * sql_graph.h
 *		What the SQL functions share: opening a graph for a statement, its
 *		arguments, node values.
 */
#ifndef SQL_GRAPH_H
#define SQL_GRAPH_H

#include "fmgr.h"
#include "image.h"
#include "nodes/execnodes.h"
#include "utils/array.h"

/*
 * A graph open for reading. Order of use, which the comments of sql_graph.c
 * explain: open, sync, walk, leave, fetch rows, close.
 */
typedef struct SqlGraph
{
	Relation	heap;
	Relation	index;
	AdjColumns	columns;
	Oid			home;			/* the extension's schema */
	AttrNumber	location_attno; /* source_location, or InvalidAttrNumber */
	Oid			entity_table;	/* of a graph that has one */
	Snapshot	snapshot;
	bool		in_recovery;
	int			barrier;		/* tag held, or -1 */
	AdjMetaCopy copy;
	Image	   *image;
	AdjVisibility vis;
} SqlGraph;

/* columns that a call reads besides the nodes, and needs SELECT for */
#define SQL_READ_LABEL		0x01
#define SQL_READ_LOCATION	0x02

/*
 * The index that is named is itself what is asked about: another in its place
 * will do only if it was swapped away since the statement began.
 */
#define SQL_READ_ITSELF		0x04

extern Oid	sql_default_graph(FunctionCallInfo fcinfo);
extern Oid	sql_entity_table(Oid heap);
extern void sql_graph_open(SqlGraph *graph, FunctionCallInfo fcinfo, int argno,
						   int reads);
extern void sql_graph_enter(SqlGraph *graph);
extern void sql_graph_sync(SqlGraph *graph);
extern void sql_graph_leave(SqlGraph *graph);
extern void sql_graph_close(SqlGraph *graph);
extern bool sql_graph_has_visible_edge(SqlGraph *graph, uint32 node);
extern bool sql_graph_is_entity(SqlGraph *graph, text *key);
extern void sql_unknown_key(SqlGraph *graph, Datum node, Oid type);
extern void sql_corrupt_row(SqlGraph *graph, ItemPointer tid, const char *detail);
extern Datum sql_row_node(SqlGraph *graph, ItemPointer tid, AttrNumber attno, uint32 node);
extern Size sql_walk_memory(void);

/* ---- table and index (sql_index.c) ---- */

extern Oid	sql_graph_table(Oid relation);
extern void sql_open_adjacency(Oid relation, int reads, Relation *heap, Relation *index);
extern void sql_lock_toast(Relation heap);

/* ---- edge rows (sql_edges.c) ---- */

/* from_key, to_key, edge_type, source_location */
#define SQL_EDGE_COLUMNS 4

/* An edge of an answer: the place of its row, and its ends as the image has them. */
typedef struct SqlEdge
{
	ItemPointerData tid;
	uint32		source;
	uint32		target;
} SqlEdge;

/*
 * The next edge of an answer. Sets the columns of the row that are the caller's
 * own; those of the edge begin at first_column.
 */
typedef SqlEdge (*SqlNextEdge) (void *answer, uint64 place, Datum *values, bool *nulls);

extern SqlEdge sql_tree_edge(PtTreeEdge edge, uint32 node, uint32 parent);
extern void sql_edge_row(SqlGraph *graph, const SqlEdge *edge, Datum *values, bool *nulls);
extern void sql_put_edges(SqlGraph *graph, ReturnSetInfo *result, uint64 count,
						  int first_column, SqlNextEdge next, void *answer);

/* ---- arguments (sql_args.c) ---- */

extern PtDirection sql_direction(FunctionCallInfo fcinfo, int argno);
extern uint64 sql_bound(FunctionCallInfo fcinfo, int argno, const char *name);
extern uint64 sql_max_nodes(FunctionCallInfo fcinfo, int argno);
extern bool sql_flag(FunctionCallInfo fcinfo, int argno);
extern text *sql_key(FunctionCallInfo fcinfo, int argno, const char *name);
extern ArrayType *sql_edge_types(FunctionCallInfo fcinfo, int argno);

/* a walk that trusts no guess */
#define SQL_FACTS_ONLY (-1)

/* the type of a guess: that of the edge it was made from, and this */
#define SQL_RESOLVED_SUFFIX " (resolved)"

extern int	sql_min_confidence(FunctionCallInfo fcinfo, int argno);
extern bool *sql_label_filter(SqlGraph *graph, ArrayType *edge_types, int min_confidence);

/* ---- node values (sql_node.c) ---- */

extern Datum sql_node_canonical(const SqlGraph *graph, Datum value, Oid type);
extern AdjNode sql_node_hash(const SqlGraph *graph, Datum value, Oid type);
extern Datum sql_node_value(const SqlGraph *graph, Datum value, Oid type);
extern Datum sql_node_to_text(Datum value, Oid type);
extern bool sql_node_known(const SqlGraph *graph, uint32 node, Datum *value);
extern void sql_node_learn(SqlGraph *graph, uint32 node, Datum value);

#endif							/* SQL_GRAPH_H */
