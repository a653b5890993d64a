/*
 * sql_network.h
 *		The whole graph of a call, for algorithms over all of it.
 *
 * The edges that the statement sees and the call follows are projected under
 * the vacuum barrier, which is left before anything is computed. From then on
 * nodes are numbered in the order of their keys: integers by value, text and
 * uuid by their bytes, others by their text form. So a node with a lesser
 * number has a lesser key, and no answer depends on the order in which rows
 * were written.
 *
 * A function's arguments are: the graph; a witness of the type of its nodes,
 * in signatures that have one; its own; the common tail (sql_args.h). The
 * witness is bigint or uuid and tells itself by that: no function's own first
 * argument is of these types. Questions about code have the graph last, and no witness.
 */
#ifndef SQL_NETWORK_H
#define SQL_NETWORK_H

#include "base/pt_sort.h"
#include "function/sql_args.h"
#include "function/sql_graph.h"
#include "graph/graph_rows.h"
#include "nodes/execnodes.h"

typedef struct SqlNetwork
{
	SqlGraph	graph;
	ReturnSetInfo *result;		/* NULL for a function of one value */
	FunctionCallInfo fcinfo;
	int			flags;
	SqlOptions	options;
	Oid			node_type;		/* that nodes are returned as: text, bigint, uuid */
	int			first;			/* place of the function's own first argument */
	Datum	   *named;			/* nodes that arguments name: the roots, or others */
	int			nnamed;
	Oid			named_type;
	Datum		roots[2];

	/* from sql_network_load on, which respells what is named */
	bool		root_is_seen;	/* is the root on any visible edge? */
	bool		sink_is_seen;
	uint32		nnodes;
	Datum	   *keys;			/* by number: bigint, uuid or text */
	Oid			key_type;		/* which of them */
	uint32	   *order;			/* by number, with SQL_NETWORK_AS_FOUND or UNNAMED: what the source
								 * numbers the node; GRAPH_NO_NODE for an entity without edges */
	uint32	   *places;			/* by number, with SQL_NETWORK_BY_SIZE, else NULL */
	GraphProjection *out;		/* sorted rows, by source */
	GraphProjection *in;		/* by target; NULL if only the others are wanted */
} SqlNetwork;

/* what a function wants */
#define SQL_NETWORK_MERGE		0x01	/* of parallel edges, one */
#define SQL_NETWORK_NO_LOOPS	0x02	/* no edges from a node to itself; it stays a node */
#define SQL_NETWORK_ENTITIES	0x04	/* of a codebase also entities without such edges */
#define SQL_NETWORK_SCALAR		0x08	/* the function returns one value */
#define SQL_NETWORK_ROOT		0x10	/* what could be a witness is an argument: a node */
#define SQL_NETWORK_KEYS		0x20	/* it names nodes, and has missing_ok */
#define SQL_NETWORK_OUT_ONLY	0x40	/* rows by source will do */
#define SQL_NETWORK_WEIGHTS		0x80	/* what edges weigh; those that weigh NULL are none */
#define SQL_NETWORK_INFINITE	0x2000	/* with weights: edges of infinite weight, too */
#define SQL_NETWORK_SUM			0x100	/* what is merged weighs the sum, not the least */
#define SQL_NETWORK_SINK		0x200	/* with a root, another node behind it */
#define SQL_NETWORK_GRAPH_LAST	0x400	/* the graph is the last argument, its own are the first */

/*
 * Without weights or entities: nodes are told by their places, and of the rows by source only
 * how long they are (graph_turn_by_size).
 */
#define SQL_NETWORK_BY_SIZE		0x800

/*
 * Rows by source of nodes as the source numbers them, in no order, as their edges are: where
 * an answer does not depend on it, not to number edges saves a third of the time.
 */
#define SQL_NETWORK_AS_FOUND	0x1000

/*
 * For answers of which only the best rows are shown: nodes are numbered in the order in
 * which the source has them, and have no keys but for those that sql_network_name_best
 * gives some. Without what looks for nodes by key, and without entities. Where to name a
 * node costs nothing, as of integers, the flag goes and nodes are numbered as usual.
 */
#define SQL_NETWORK_UNNAMED		0x4000

/* integers in the order of unsigned numbers: this bit the other way */
#define SQL_INTEGER_SIGN (UINT64CONST(1) << 63)

/* the most that an argument resolution may be, so that what it scales stays finite */
#define SQL_MOST_RESOLUTION 1e9

/* what to do about weights that an option asked for */
#define SQL_NETWORK_WEIGHT_HINT \
	"Leave weighted out, or such edges by edge_types or avoid."

/* Begin a call: arguments of the tail, the type of nodes, where rows go. */
extern void sql_network_begin(SqlNetwork *network, FunctionCallInfo fcinfo, int flags);

/*
 * Open, follow, project, leave, number. Errors are those of opening and
 * following a graph, 42804 if nodes are of another type than the witness, and
 * 53400. O(edges + n log n) for n nodes.
 */
extern void sql_network_load(SqlNetwork *network);

/*
 * Of items, nodes sorted by their numbers, the least of which are the best, have those from
 * the place first on in the order of their keys where numbers are equal: at least wanted,
 * if there are so many, and with SQL_NETWORK_UNNAMED those that are as good as the last of
 * them. These have keys then. Returns the place behind them. O(n log n) for n of them.
 */
extern uint64 sql_network_name_best(SqlNetwork *network, PtNumbered *items, uint64 count,
									uint64 first, uint64 wanted);

/* The undirected rows, made of out and in as the flags of the network say. */
extern GraphProjection *sql_network_both_ways(SqlNetwork *network);

/*
 * Groups of nodes as the source numbers them, each named by one of its nodes, as groups of
 * numbered nodes, each named by its least. With SQL_NETWORK_AS_FOUND. O(n).
 */
extern uint32 *sql_network_groups(SqlNetwork *network, const uint32 *groups);

/*
 * The number of a node that an argument gives as text or in its own type, or
 * GRAPH_NO_NODE. O(log n). Error 22P02 and 42804 if it cannot be a node.
 */
extern uint32 sql_network_find(SqlNetwork *network, Datum value, Oid type);

/*
 * Nodes are named in an argument, an array, which may be NULL. Between begin and
 * load; not with a root.
 */
extern void sql_network_mention(SqlNetwork *network, int argno, const char *name);

/*
 * Their numbers, NULL if the argument is. Each once, ascending. Error 42704 for one that
 * is not in the network, unless missing_ok.
 */
extern uint32 *sql_network_find_named(SqlNetwork *network, uint32 *count);

/*
 * The number of the root, the function's own first argument, which is not NULL, or
 * GRAPH_NO_NODE if it is on no edge that the call follows. Error 42704 if it is not in
 * the graph, unless missing_ok.
 */
extern uint32 sql_network_find_root(SqlNetwork *network);

/* The same for the node behind the root. */
extern uint32 sql_network_find_sink(SqlNetwork *network);

/* An argument weighted, between begin and load. */
extern void sql_network_weigh(SqlNetwork *network, int argno);

/* The root as the result shows it, whether it is a node or not. */
extern Datum sql_network_root_value(const SqlNetwork *network);

/*
 * Error 22003 for an edge that weighs less than 0, or also for one that weighs 0, and
 * for weights whose sum, infinite ones aside, is no number. hint says what to do. O(edges).
 */
extern void sql_network_check_weights(const SqlNetwork *network, bool positive, const char *hint);

/* A node as the result shows it, in the current memory context. */
extern Datum sql_network_node(const SqlNetwork *network, uint32 node);

/* A node as text for a message, cut. */
extern const char *sql_network_name(const SqlNetwork *network, uint32 node);

/*
 * Put rows, for places 0 .. count - 1. fill sets all columns, whose nulls are
 * false at first; what it allocates goes with the row. Interruptible.
 */
typedef void (*SqlFillRow) (const SqlNetwork *network, const void *answer, uint64 place,
							Datum *values, bool *nulls);

extern void sql_put_rows(SqlNetwork *network, uint64 count, SqlFillRow fill, const void *answer);

/*
 * Rows (node, score, rank), the highest score first, at most so many. Scores that agree in ten
 * digits share a rank, are in the order of their keys, and leave out the ranks after it.
 */
extern void sql_put_scores(SqlNetwork *network, const double *scores, uint64 max_results);

/*
 * Rows (group, node, size, ...) in groups that are named by their least node
 * and numbered from 1 in that order. fill, or NULL, sets further columns from
 * the size, given as the place.
 */
extern void sql_put_groups(SqlNetwork *network, const uint32 *least, SqlFillRow fill);

/* Rows (from_node, to_node), as they stand. */
extern void sql_put_pairs(SqlNetwork *network, const uint32 *froms, const uint32 *ends,
						  uint64 count);

/* Everything goes but the locks. */
extern void sql_network_end(SqlNetwork *network);

#endif							/* SQL_NETWORK_H */
