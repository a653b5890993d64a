/*
 * graph.h
 *		What a kernel sees of a graph.
 *
 * Nodes are dense ids below nnodes. A kernel asks a graph to expand a
 * frontier, a level at a time, and the graph adds to the walk every node that
 * a visible edge reaches and the walk has not visited. Where the edges come
 * from, and what makes one visible, is the graph's business.
 *
 * Kernels know memory contexts, ereport, CHECK_FOR_INTERRUPTS and bit
 * operations; no relations, no SQL, no settings.
 */
#ifndef GRAPH_H
#define GRAPH_H

#include "utils/palloc.h"

typedef enum PtDirection
{
	PT_OUT,						/* from source to target */
	PT_IN,						/* from target to source */
	PT_BOTH
} PtDirection;

/*
 * The edge by which a walk reached a node: the place of its row, and which
 * column of the row names the node.
 */
typedef struct PtTreeEdge
{
	uint32		block;
	uint16		offset;
	uint16		node_is_source;
} PtTreeEdge;

#define PT_NO_PARENT PG_UINT32_MAX

/*
 * What a walk remembers of how it reached a node. The parent is the first node
 * of the walk from which an edge leads to it. Parents cost more than their
 * memory: a graph that need not tell them may expand a level in any order.
 */
#define PT_KEEP_EDGES	0x01
#define PT_KEEP_PARENTS	0x02

/*
 * A walk: the nodes reached, in order, which doubles as the queue. parents
 * (places in nodes) and edges are kept if the caller wants them. visited has
 * a bit for every node of the graph.
 */
typedef struct PtWalk
{
	PtDirection direction;
	uint64		max_nodes;		/* stop when nodes holds this many */
	int			keep;			/* PT_KEEP_... */
	Size		memory_limit;	/* bytes that the arrays may take */

	uint64	   *visited;
	int			visited_set;
	uint32	   *nodes;
	uint32	   *parents;
	PtTreeEdge *edges;
	uint64		count;
	uint64		capacity;
	bool		truncated;		/* max_nodes cut something */

	uint64	   *level_start;	/* place in nodes where each level begins */
	uint64		levels;
	uint64		level_capacity;
} PtWalk;

typedef struct PtGraph
{
	uint32		nnodes;

	/*
	 * Add to the walk what is one edge away from nodes[first .. last), in the
	 * walk's direction, in no particular order. Sets walk->truncated and returns when max_nodes is
	 * reached and there is more. Interruptible.
	 */
	void		(*expand) (struct PtGraph *graph, PtWalk *walk,
						   uint64 first, uint64 last);
} PtGraph;

extern PtWalk *graph_walk_create(PtDirection direction, int keep, Size memory_limit);
extern void graph_walk_grow(PtWalk *walk);

/* bitmaps a session keeps: so many walks of one kernel can be under way */
#define GRAPH_VISITED_SETS 2

extern void graph_visited_acquire(PtWalk *walk, int set, uint32 nnodes);
extern void graph_visited_release(PtWalk *walk, uint32 nnodes);

static inline bool
graph_is_visited(const PtWalk *walk, uint32 node)
{
	return (walk->visited[node / 64] >> (node % 64)) & 1;
}

/* Add an unvisited node. The caller has compared count with max_nodes. */
static inline void
graph_walk_add(PtWalk *walk, uint32 node, uint32 parent, PtTreeEdge edge)
{
	if (walk->count == walk->capacity)
		graph_walk_grow(walk);
	walk->visited[node / 64] |= UINT64CONST(1) << (node % 64);
	walk->nodes[walk->count] = node;
	if (walk->keep & PT_KEEP_EDGES)
		walk->edges[walk->count] = edge;
	if (walk->keep & PT_KEEP_PARENTS)
		walk->parents[walk->count] = parent;
	walk->count++;
}

static inline PtDirection
graph_reverse(PtDirection direction)
{
	return direction == PT_BOTH ? PT_BOTH : direction == PT_OUT ? PT_IN : PT_OUT;
}

extern void graph_begin_level(PtWalk *walk);

/* kernel_bfs.c */
extern void kernel_bfs(PtGraph *graph, PtWalk *walk, uint64 max_depth);

/* kernel_path.c */
extern bool kernel_path(PtGraph *graph, PtWalk *forward, PtWalk *backward,
						uint64 max_hops, uint64 *forward_end, uint64 *backward_end);

/* kernel_paths.c */

/* A node of a path, and the edge that leads to it; the first has none. */
typedef struct PtPathStep
{
	uint32		node;
	PtTreeEdge	edge;
} PtPathStep;

/* A path of length edges: steps[first .. first + length] */
typedef struct PtPath
{
	uint64		first;
	uint32		length;
} PtPath;

/* What is asked of kernel_paths, and what it found, shortest first. */
typedef struct PtPaths
{
	uint64		max_paths;
	uint64		max_hops;
	bool		shortest_only;	/* leave out what is longer than the first */
	Size		memory_limit;	/* bytes, besides the walk */

	PtPath	   *paths;
	uint64		count;
	uint64		capacity;
	PtPathStep *steps;
	uint64		nsteps;
	uint64		step_capacity;
} PtPaths;

extern void kernel_paths(PtGraph *graph, PtWalk *backward, uint32 start, PtPaths *paths);

#endif							/* GRAPH_H */
