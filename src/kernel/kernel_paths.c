/*
 * kernel_paths.c
 *		The k shortest simple paths between two nodes, shortest first.
 *
 * Yen, "Finding the k shortest loopless paths in a network" (1971), with
 * Lawler's partition (1972): all paths not yet found are divided into classes.
 * A class is a prefix, the last node of it called the spur, and a set of
 * banned nodes that must not come next. Once the shortest path of a class is
 * found, the rest of the class is divided again, by where a path leaves the
 * one found:
 *
 *		s -> a, s -> b, a -> t, b -> t, a -> b
 *
 *		class (s, ban none): shortest is s a t. What is left of it is
 *		(s, ban a) and (s a, ban t).
 *		(s, ban a): s b t. (s a, ban t): s a b t. Each is divided further,
 *		into classes without a path.
 *
 * Yen searches the graph for each class when it arises, most of them in vain.
 * Here a class waits in a queue by a lower bound of its paths' length, and is
 * searched when no other can have a shorter path, as in Al Zoobi, Coudert and
 * Nisse, "Space and time trade-off for the k shortest simple paths problem"
 * (2020). So classes that cannot win are never searched.
 *
 * What makes searches small is the distance of nodes to the end, without
 * regard to any prefix, which one backward walk finds, level by level, as deep
 * as needed. A search is A* (Hart, Nilsson and Raphael 1968) with that
 * distance for the rest of the way: as long as no prefix bars the way it goes
 * straight to the end, and it looks at no node from which the end is too far
 * for the search's bound. The bound is the class's own at first; a search in
 * vain says which one to try next, and from then on it looks ahead twice as
 * far each time, so that there are few of them.
 *
 * Which shortcuts would be wrong:
 *	- To enumerate depth first, cutting where the distance is too large: right,
 *	  but exponential where prefixes bar the way, for the distance does not
 *	  know of them.
 *	- To close a node for a search when it is first seen rather than at the
 *	  least estimate: a longer way to it may be seen first.
 *	- To ban the nodes that may not come next altogether: they may come later.
 *
 * Between two nodes any one edge stands for all, since paths differ by their
 * nodes: the first that the graph comes upon.
 *
 * One backward walk; then for each path found at most as many classes as it
 * has edges, each searched O(log length) times in O(edges) at the very worst.
 * In most graphs a search touches the edges of little more than its own path.
 * The edges of a hub are looked at again for each path that leaves another
 * there.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "kernel/kernel_paths.h"
#include "miscadmin.h"

#define NONE PG_UINT32_MAX
#define NO_STEPS PG_UINT64_MAX

/* A class of paths: see above. */
typedef struct PathClass
{
	uint64		prefix;			/* steps[prefix .. prefix + spur] */
	uint64		path;			/* steps of its shortest path, if known, else NO_STEPS */
	uint32		spur;			/* edges before the spur */
	uint32		banned;			/* first of a chain of bans, or NONE */
	uint32		bound;			/* none of its paths is shorter */
	uint32		look_ahead;		/* how far beyond it to search */
	uint32		next;			/* in the queue */
} PathClass;

typedef struct Ban
{
	uint32		node;
	uint32		next;
} Ban;

/* A way from the spur to a node. */
typedef struct SearchEntry
{
	uint32		node;
	uint32		parent;			/* entry before it, or NONE */
	uint32		length;			/* of the whole path so far */
	uint32		next;			/* in its bucket */
	GraphEdge	edge;
} SearchEntry;

/* Stacks of entries or classes by length; grows on demand. */
typedef struct Buckets
{
	uint32	   *heads;
	uint64		capacity;
} Buckets;

typedef struct PathSearch
{
	Graph	   *graph;
	GraphPaths *result;
	PtBudget   *budget;			/* of the arrays below and the result */
	uint32		start;
	uint32		end;
	uint32		cap;			/* no path may be longer */

	/* distances to the end: of the nodes that the backward walk has visited */
	GraphWalk  *backward;
	uint32	   *distances;		/* by node; of others without a value */
	uint64		covered;		/* nodes that all arrays have room for */
	uint64		distance_capacity;
	uint32		depth;			/* levels walked */
	bool		exhausted;		/* what is not visited does not lead to the end */

	/* classes */
	PathClass  *classes;
	uint64		nclasses;
	uint64		class_capacity;
	uint64		waiting;
	Buckets		queue;			/* by bound */
	Ban		   *bans;
	uint64		nbans;
	uint64		ban_capacity;

	/*
	 * One search. The scratch walk expands one node at a time. Its visited
	 * bits say what it must not find: nodes without a distance, at all times;
	 * nodes of the prefix; nodes that have been expanded, or wait for it in
	 * the current bucket.
	 */
	GraphWalk  *scratch;
	SearchEntry *entries;
	uint64		nentries;
	uint64		entry_capacity;
	Buckets		open;			/* by length of the whole path, estimated */
} PathSearch;

/* ---- buckets ---- */

static uint32 *
bucket(PathSearch *s, Buckets *buckets, uint32 at)
{
	uint64		before = buckets->capacity;

	buckets->heads = pt_grow(s->budget, buckets->heads, &buckets->capacity,
							 (uint64) at + 1, sizeof(uint32));
	for (uint64 i = before; i < buckets->capacity; i++)
		buckets->heads[i] = NONE;
	return &buckets->heads[at];
}

/* ---- bits of what a search must not find ---- */

static inline void
bar(PathSearch *s, uint32 node)
{
	graph_set_bit(s->scratch->visited, node);
}

static inline void
unbar(PathSearch *s, uint32 node)
{
	graph_clear_bit(s->scratch->visited, node);
}

/*
 * Make room for nodes that the graph has met since. They have no distance yet,
 * so they must not be found.
 */
static void
cover(PathSearch *s)
{
	uint32		nnodes = s->graph->nnodes;

	if (nnodes <= s->covered)
		return;
	s->distances = pt_grow(s->budget, s->distances, &s->distance_capacity, nnodes,
						   sizeof(uint32));
	graph_walk_cover(s->scratch, nnodes);
	graph_walk_cover(s->backward, nnodes);
	for (; s->covered < nnodes; s->covered++)
	{
		pt_check_interrupts(s->covered);
		bar(s, s->covered);
	}
}

/* ---- distances to the end ---- */

static void
note_distances(PathSearch *s, uint64 first)
{
	for (uint64 i = first; i < s->backward->count; i++)
	{
		uint32		node = s->backward->nodes[i];

		CHECK_FOR_INTERRUPTS();
		s->distances[node] = s->depth;
		unbar(s, node);
	}
}

/* Know the distance of every node at most so far from the end. */
static void
deepen(PathSearch *s, uint32 depth)
{
	while (s->depth < depth && !s->exhausted)
	{
		GraphWalk  *walk = s->backward;
		uint64		first = walk->level_start[walk->levels - 1];
		uint64		last = walk->count;

		CHECK_FOR_INTERRUPTS();
		graph_begin_level(walk);
		s->graph->ops->expand(s->graph, walk, first, last);
		cover(s);
		s->depth++;
		note_distances(s, last);
		s->exhausted = walk->count == last;
	}
}

/*
 * No path may be longer. A simple one visits no node twice, and once the
 * backward walk is through it has been at all that can be on one.
 */
static uint32
longest(const PathSearch *s)
{
	return s->exhausted ? (uint32) Min(s->cap, s->backward->count - 1) : s->cap;
}

/* ---- one search ---- */

static void
push_entry(PathSearch *s, uint32 estimate, SearchEntry entry)
{
	uint32	   *head = bucket(s, &s->open, estimate);

	s->entries = pt_grow(s->budget, s->entries, &s->entry_capacity, s->nentries + 1,
						 sizeof(SearchEntry));
	entry.next = *head;
	s->entries[s->nentries] = entry;
	*head = s->nentries++;
}

/*
 * Begin with a bucket: of its entries drop those of nodes that were reached at
 * a smaller estimate, and bar the others' nodes.
 */
static void
open_bucket(PathSearch *s, uint32 estimate)
{
	uint32		at = *bucket(s, &s->open, estimate);
	uint32		kept = NONE;

	while (at != NONE)
	{
		SearchEntry *entry = &s->entries[at];
		uint32		next = entry->next;

		CHECK_FOR_INTERRUPTS();
		if (!graph_is_visited(s->scratch, entry->node))
		{
			bar(s, entry->node);
			entry->next = kept;
			kept = at;
		}
		at = next;
	}
	*bucket(s, &s->open, estimate) = kept;
}

/*
 * Push what is one edge from an entry's node, unless it is too far from the
 * end. Returns the least estimate among what was left out.
 */
static uint32
expand_entry(PathSearch *s, uint32 at, uint32 estimate, uint32 bound)
{
	GraphWalk  *walk = s->scratch;
	uint32		length = s->entries[at].length + 1;
	uint32		beyond = NONE;

	walk->nodes[0] = s->entries[at].node;
	walk->count = 1;
	s->graph->ops->expand(s->graph, walk, 0, 1);
	for (uint64 i = 1; i < walk->count; i++)
	{
		uint32		node = walk->nodes[i];
		SearchEntry entry = {node, at, length, NONE, walk->edges[i]};
		uint64		whole;

		CHECK_FOR_INTERRUPTS();
		/* met just now, so it has no distance */
		if (node >= s->covered)
			continue;
		whole = (uint64) length + s->distances[node];
		/* barred from now on only if there is no shorter way to it */
		if (whole > estimate)
			unbar(s, node);
		if (whole <= bound)
			push_entry(s, (uint32) whole, entry);
		else
			beyond = Min(beyond, (uint32) whole);
	}
	cover(s);
	return beyond;
}

/* Bar what a class may not visit; the bans only while the spur is expanded. */
static void
bar_prefix(PathSearch *s, const PathClass *class)
{
	for (uint32 i = 0; i < class->spur; i++)
		bar(s, s->result->steps[class->prefix + i].node);
}

static void
unbar_all(PathSearch *s, const PathClass *class)
{
	for (uint32 i = 0; i < class->spur; i++)
		unbar(s, s->result->steps[class->prefix + i].node);
	for (uint64 i = 0; i < s->nentries; i++)
	{
		CHECK_FOR_INTERRUPTS();
		unbar(s, s->entries[i].node);
	}
}

/* The spur's successors, without the banned ones. */
static uint32
expand_spur(PathSearch *s, const PathClass *class, uint32 at, uint32 estimate, uint32 bound)
{
	uint32		beyond;

	for (uint32 ban = class->banned; ban != NONE; ban = s->bans[ban].next)
		bar(s, s->bans[ban].node);
	beyond = expand_entry(s, at, estimate, bound);
	for (uint32 ban = class->banned; ban != NONE; ban = s->bans[ban].next)
		unbar(s, s->bans[ban].node);
	return beyond;
}

/* Write the path that ends with an entry down, prefix and all. */
static void
keep_path(PathSearch *s, PathClass *class, uint32 last)
{
	GraphPaths *result = s->result;
	uint32		length = s->entries[last].length;
	GraphPathStep *steps;

	result->steps = pt_grow(s->budget, result->steps, &result->step_capacity,
							result->nsteps + length + 1, sizeof(GraphPathStep));
	steps = result->steps + result->nsteps;
	memcpy(steps, result->steps + class->prefix, (class->spur + 1) * sizeof(GraphPathStep));
	for (uint32 at = last; s->entries[at].parent != NONE; at = s->entries[at].parent)
	{
		const SearchEntry *entry = &s->entries[at];

		steps[entry->length].node = entry->node;
		steps[entry->length].edge = entry->edge;
	}
	class->path = result->nsteps;
	class->bound = length;
	result->nsteps += length + 1;
}

/*
 * Find the shortest path of a class, if it is no longer than bound. Otherwise
 * raises the class's bound, to NONE if it has no path.
 */
static void
search_class(PathSearch *s, PathClass *class, uint32 bound)
{
	uint32		spur = s->result->steps[class->prefix + class->spur].node;
	SearchEntry root = {spur, NONE, class->spur, NONE, GRAPH_NO_EDGE};
	uint32		estimate = class->spur + s->distances[spur];
	uint32		beyond = NONE;
	uint32		found = NONE;

	/* so a node without a distance is too far for this bound */
	deepen(s, bound - class->spur - 1);
	if (!s->exhausted)
		beyond = class->spur + s->depth + 2;

	s->nentries = 0;
	bar_prefix(s, class);
	push_entry(s, estimate, root);
	for (; estimate <= bound && found == NONE; estimate++)
	{
		uint32	   *head;

		CHECK_FOR_INTERRUPTS();
		open_bucket(s, estimate);
		while (*(head = bucket(s, &s->open, estimate)) != NONE)
		{
			uint32		at = *head;

			CHECK_FOR_INTERRUPTS();
			*head = s->entries[at].next;
			if (found != NONE)
				continue;		/* leave the bucket empty */
			if (s->entries[at].node == s->end)
				found = at;
			else
				beyond = Min(beyond, at == 0 ? expand_spur(s, class, at, estimate, bound) :
							 expand_entry(s, at, estimate, bound));
		}
	}
	for (; estimate <= bound; estimate++)
		*bucket(s, &s->open, estimate) = NONE;
	unbar_all(s, class);

	if (found != NONE)
		keep_path(s, class, found);
	else
		class->bound = beyond;
}

/* ---- classes ---- */

static void
enqueue(PathSearch *s, uint32 at)
{
	uint32	   *head = bucket(s, &s->queue, s->classes[at].bound);

	s->classes[at].next = *head;
	*head = at;
	s->waiting++;
}

static void
add_class(PathSearch *s, PathClass class)
{
	pt_check_count(s->nclasses, NONE, "classes of paths");
	s->classes = pt_grow(s->budget, s->classes, &s->class_capacity, s->nclasses + 1,
						 sizeof(PathClass));
	s->classes[s->nclasses++] = class;
	enqueue(s, s->nclasses - 1);
}

static uint32
add_ban(PathSearch *s, uint32 node, uint32 next)
{
	pt_check_count(s->nbans, NONE, "steps that paths must not take");
	s->bans = pt_grow(s->budget, s->bans, &s->ban_capacity, s->nbans + 1, sizeof(Ban));
	s->bans[s->nbans].node = node;
	s->bans[s->nbans].next = next;
	return s->nbans++;
}

/*
 * The shortest path of a class is a result; divide what is left of the class.
 */
static void
take_path(PathSearch *s, PathClass class)
{
	GraphPaths *result = s->result;
	GraphPath	path = {class.path, class.bound};

	result->paths = pt_grow(s->budget, result->paths, &result->capacity, result->count + 1,
							sizeof(GraphPath));
	result->paths[result->count++] = path;
	if (result->shortest_only)
		s->cap = Min(s->cap, path.length);
	if (result->count == result->max_paths)
		return;
	for (uint32 i = class.spur; i < path.length; i++)
	{
		PathClass	rest = {path.first, NO_STEPS, i, NONE, path.length, 0, NONE};

		CHECK_FOR_INTERRUPTS();
		rest.banned = add_ban(s, result->steps[path.first + i + 1].node,
							  i == class.spur ? class.banned : NONE);
		add_class(s, rest);
	}
}

/* Bring a class one step further: take its path, or search for it. */
static void
advance_class(PathSearch *s, uint32 at)
{
	PathClass	class = s->classes[at];
	uint32		least = class.bound;

	if (least > longest(s))
		return;
	if (class.path == NO_STEPS)
	{
		/* to look further than there are nodes is for when more of them are known */
		uint64		ahead = Min((uint64) least + class.look_ahead, s->graph->nnodes);

		search_class(s, &class, Min(Max(ahead, least), longest(s)));
		class.look_ahead = class.look_ahead == 0 ? 1 :
			Min(class.look_ahead, NONE / 2) * 2;
	}
	if (class.path != NO_STEPS && class.bound == least)
		take_path(s, class);
	else if (class.bound <= longest(s))
	{
		s->classes[at] = class;
		enqueue(s, at);
	}
}

/* The class of all paths, unless there is none. */
static void
add_first_class(PathSearch *s)
{
	PathClass	all = {0, NO_STEPS, 0, NONE, 0, 0, NONE};
	GraphPathStep first = {s->start, GRAPH_NO_EDGE};

	while (!graph_is_visited(s->backward, s->start) && s->depth < s->cap && !s->exhausted)
		deepen(s, s->depth + 1);
	if (!graph_is_visited(s->backward, s->start))
		return;
	s->result->steps = pt_grow(s->budget, NULL, &s->result->step_capacity, 1,
							   sizeof(GraphPathStep));
	s->result->steps[s->result->nsteps++] = first;
	all.bound = s->distances[s->start];
	add_class(s, all);
}

static void
prepare(PathSearch *s)
{
	s->scratch = graph_walk_begin(s->graph, s->budget, graph_reverse(s->backward->direction),
								  GRAPH_KEEP_EDGES);
	cover(s);
	graph_walk_grow(s->scratch);
	note_distances(s, 0);
}

/* Until enough paths are found, or no class is left that could have one. */
static void
search_paths(PathSearch *s)
{
	for (uint32 bound = 0; s->waiting > 0 && bound <= longest(s); bound++)
	{
		uint32	   *head;

		CHECK_FOR_INTERRUPTS();
		while (*(head = bucket(s, &s->queue, bound)) != NONE)
		{
			uint32		at = *head;

			CHECK_FOR_INTERRUPTS();
			*head = s->classes[at].next;
			s->waiting--;
			advance_class(s, at);
			if (s->result->count == s->result->max_paths)
				return;
		}
	}
}

void
kernel_paths(Graph *graph, GraphWalk *backward, uint32 start, GraphPaths *paths)
{
	PathSearch	s = {0};

	s.graph = graph;
	s.result = paths;
	s.budget = backward->budget;
	s.start = start;
	s.end = backward->nodes[0];
	s.backward = backward;
	s.cap = Min(paths->max_hops, NONE - 1);
	if (paths->max_paths == 0 || s.cap == 0)
		return;

	prepare(&s);
	add_first_class(&s);
	search_paths(&s);
	/* nodes are barred in it that it has not reached */
	graph_walk_discard(s.scratch);
}
