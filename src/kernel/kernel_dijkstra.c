/*
 * kernel_dijkstra.c
 *		Least costs from a node, of edges that weigh something.
 *
 * Dijkstra, "A note on two problems in connexion with graphs" (1959), with a heap
 * whose items become cheaper in place. The key is (cost, edges), so what an edge
 * leads to is greater than what it comes from even where it weighs nothing, or
 * too little to change the sum; all edges by which a node has its least key
 * are kept, and they have no cycle. Which of them is shown is a matter of the
 * keys of nodes, which nobody knows while edges are read.
 *
 *		s -> a 1, s -> b 1, a -> b 0, b -> a 0: both are one edge from s, so
 *		neither is the parent of the other.
 *
 * Where a question for one node costs as much as one for many, the graph is
 * asked for all that waits in the heap, and for what the edges that are there
 * already lead to, as soon as a node is settled whose edges are not there yet.
 * So there are about as many questions as ways have edges, not as many as
 * nodes. What came too early is looked at when its node is settled, so the
 * answer is the same, errors too; and no more comes early than a few times
 * what has been settled.
 *
 * Two searches that meet: Nicholson, "Finding the shortest route between two
 * points in a network" (1966). When what both settle next adds up to more than
 * a way costs, each edge of a way as cheap has been seen from one of its ends.
 * Halves are added up in another order than the whole, so what was seen is
 * searched again by those who want the exact cost; a slack makes sure that it
 * is all there.
 *
 * O((nodes + edges) log nodes) of what is reached. Oracles:
 * networkx.single_source_dijkstra_path_length.
 */
#include "postgres.h"

#include <math.h>

#include "base/pt_interrupts.h"
#include "kernel/kernel_dijkstra.h"

#define NONE PG_UINT32_MAX
#define NOT_ASKED (PG_UINT32_MAX - 1)
#define BATCH 256

/* how many nodes that are not reached yet are asked about at a time: so many, and some times
 * as many as have been settled */
#define AHEAD 256
#define AHEAD_TIMES 4

/* ---- nodes ---- */

/* Make room for nodes that the graph has met since. */
static void
cover(GraphDijkstra *d)
{
	graph_walk_cover(d->walk, d->graph->nnodes);
	d->places = pt_grow(d->budget, d->places, &d->place_capacity, d->graph->nnodes,
						sizeof(uint32));
}

uint32
kernel_dijkstra_place(const GraphDijkstra *d, uint32 node)
{
	if (node >= graph_walk_covered(d->walk) || !graph_is_visited(d->walk, node))
		return GRAPH_NO_NODE;
	return d->places[node];
}

static bool
may_enter(const GraphDijkstra *d, uint32 node)
{
	const GraphSets *sets = d->sets;

	if (d->barred != NULL && graph_bit(d->barred, node))
		return false;
	if (sets == NULL || node == d->far_end)
		return true;
	return graph_sets_admit(sets, node) &&
		(d->far_end == GRAPH_NO_NODE || sets->stop_at == NULL ||
		 !graph_set_has(sets->stop_at, node));
}

/* A place for a node, which is not reached yet. */
static uint32
add_node(GraphDijkstra *d, uint32 node)
{
	uint32		place = (uint32) d->walk->count;

	d->costs = pt_grow(d->budget, d->costs, &d->cost_capacity, (uint64) place + 1,
					   sizeof(KernelCost));
	d->ties = pt_grow(d->budget, d->ties, &d->tie_first_capacity, (uint64) place + 1,
					  sizeof(uint32));
	if (d->asks_many)
		d->fetched = pt_grow(d->budget, d->fetched, &d->fetched_first_capacity,
							 (uint64) place + 1, sizeof(uint32));
	graph_walk_start(d->walk, node);
	d->places[node] = place;
	d->costs[place] = (KernelCost) {INFINITY, 0, KERNEL_NO_SLOT};
	d->ties[place] = NONE;
	if (d->asks_many)
		d->fetched[place] = NOT_ASKED;
	d->heap.costs = d->costs;
	return place;
}

static void
reach(GraphDijkstra *d, uint32 place, double cost, uint32 hops)
{
	d->costs[place].cost = cost;
	d->costs[place].hops = hops;
	kernel_heap_push(&d->heap, place, d->budget);
}

/* ---- ties ---- */

static void
add_tie(GraphDijkstra *d, uint32 place, const GraphTie *tie)
{
	uint32		at = d->spare_tie;

	if (at != NONE)
		d->spare_tie = d->all_ties[at].next;
	else
	{
		pt_check_count(d->nties, NONE, "ways of equal cost");
		d->all_ties = pt_grow(d->budget, d->all_ties, &d->tie_capacity, d->nties + 1,
							  sizeof(GraphTie));
		at = (uint32) d->nties++;
	}
	d->all_ties[at] = *tie;
	d->all_ties[at].next = d->ties[place];
	d->ties[place] = at;
}

/* They have been beaten. */
static void
drop_ties(GraphDijkstra *d, uint32 place)
{
	while (d->ties[place] != NONE)
	{
		uint32		at = d->ties[place];

		d->ties[place] = d->all_ties[at].next;
		d->all_ties[at].next = d->spare_tie;
		d->spare_tie = at;
	}
}

static bool
is_better(GraphDijkstra *d, const GraphTie *a, const GraphTie *b, KernelCompareNodes compare,
		  void *arg)
{
	uint32		x = d->walk->nodes[a->from];
	uint32		y = d->walk->nodes[b->from];

	if (x != y)
		return compare == NULL ? x < y : compare(arg, x, a->edge ^ GRAPH_EDGE_REVERSED,
												 y, b->edge ^ GRAPH_EDGE_REVERSED) < 0;
	return a->weight != b->weight ? a->weight < b->weight : a->edge < b->edge;
}

const GraphTie *
kernel_dijkstra_parent(GraphDijkstra *d, uint32 place, KernelCompareNodes compare, void *arg)
{
	uint32		best = d->ties[place];

	for (uint32 at = d->all_ties[best].next; at != NONE; at = d->all_ties[at].next)
	{
		CHECK_FOR_INTERRUPTS();
		if (is_better(d, &d->all_ties[at], &d->all_ties[best], compare, arg))
			best = at;
	}
	return &d->all_ties[best];
}

/* ---- edges ---- */

/* Returns false if the edge is refused. */
static bool
relax(GraphDijkstra *d, uint32 from, uint32 to, GraphEdge edge, double weight)
{
	GraphTie	tie = {from, NONE, edge, weight};
	KernelCost	cost = {d->costs[from].cost + weight, d->costs[from].hops + 1, KERNEL_NO_SLOT};
	uint32		place = kernel_dijkstra_place(d, to);
	KernelCost *known = place == GRAPH_NO_NODE ? NULL : &d->costs[place];

	if (!(weight >= 0))
	{
		d->is_refused = true;
		d->refused = (GraphWeightedArc) {d->walk->nodes[from], to, edge, weight};
		return false;
	}
	if (cost.cost > d->max_cost || isinf(cost.cost) || (known == NULL && !may_enter(d, to)) ||
		(from == 0 && d->barred_next != NULL && graph_bit(d->barred_next, to)) ||
		(d->rest != NULL && (cost.cost + d->rest[to]) * (1 - KERNEL_COST_SLACK) > d->most))
		return true;
	if (d->seen != NULL)
	{
		bool		back = d->is_backward;
		uint32		node = d->walk->nodes[from];

		graph_arcs_add(d->seen, &(GraphWeightedArc) {back ? to : node, back ? node : to,
													 back ? edge ^ GRAPH_EDGE_REVERSED : edge,
													 weight}, d->budget);
	}
	if (known == NULL)
		place = add_node(d, to);
	if (known == NULL || isinf(known->cost))
		reach(d, place, cost.cost, cost.hops);
	else if (known->slot == KERNEL_NO_SLOT || kernel_is_cheaper(known, &cost))
		return true;
	else if (kernel_is_cheaper(&cost, known))
	{
		known->cost = cost.cost;
		known->hops = cost.hops;
		kernel_heap_lift(&d->heap, place);
		drop_ties(d, place);
	}
	add_tie(d, place, &tie);
	return true;
}

/* What is asked next, in one direction. */
static GraphArcs
question(GraphDijkstra *d, const uint32 *nodes, uint64 count, GraphDirection direction)
{
	GraphArcs	arcs = {0};

	arcs.nodes = nodes;
	arcs.count = count;
	arcs.direction = direction;
	arcs.arcs = d->arcs;
	arcs.weights = d->weights;
	arcs.capacity = BATCH;
	return arcs;
}

static bool
look_one_way(GraphDijkstra *d, uint32 place, GraphDirection direction)
{
	uint32		node = d->walk->nodes[place];
	GraphArcs	arcs = question(d, &node, 1, direction);

	while (graph_edges(d->graph, &arcs))
	{
		cover(d);
		for (uint32 i = 0; i < arcs.narcs; i++)
		{
			if (!relax(d, place, d->arcs[i].to, d->arcs[i].edge, d->weights[i]))
				return false;
		}
	}
	return true;
}

/* ---- many at once ---- */

/* Note what a fetched edge leads to, unless it is known. */
static void
look_ahead(GraphDijkstra *d, uint32 node)
{
	if (kernel_dijkstra_place(d, node) != GRAPH_NO_NODE || !may_enter(d, node))
		return;
	d->ahead = pt_grow(d->budget, d->ahead, &d->ahead_capacity, d->nahead + 1, sizeof(uint32));
	d->ahead[d->nahead++] = add_node(d, node);
}

static void
fetch_one_way(GraphDijkstra *d, const uint32 *nodes, const uint32 *places, uint64 count,
			  GraphDirection direction)
{
	GraphArcs	arcs = question(d, nodes, count, direction);

	while (graph_edges(d->graph, &arcs))
	{
		pt_check_count(d->nfetched + arcs.narcs, NOT_ASKED, "edges");
		d->all_fetched = pt_grow(d->budget, d->all_fetched, &d->fetched_capacity,
								 d->nfetched + arcs.narcs, sizeof(GraphFetched));
		cover(d);
		for (uint32 i = 0; i < arcs.narcs; i++)
		{
			uint32		place = places[d->arcs[i].from];

			look_ahead(d, d->arcs[i].to);
			d->all_fetched[d->nfetched] = (GraphFetched) {d->arcs[i].to, d->fetched[place],
														  d->arcs[i].edge, d->weights[i]};
			d->fetched[place] = (uint32) d->nfetched++;
		}
	}
	cover(d);
}

/* The edges of a node, and of all that waits. */
static void
fetch(GraphDijkstra *d, uint32 first)
{
	uint64		waiting = d->heap.count + 1;
	uint64		ahead = Min(d->nahead, AHEAD + AHEAD_TIMES * d->nsettled);
	uint64		most = waiting + ahead;
	uint32	   *nodes = pt_alloc(d->budget, most, sizeof(uint32));
	uint32	   *places = pt_alloc(d->budget, most, sizeof(uint32));
	uint64		count = 0;

	for (uint64 i = 0; i < most; i++)
	{
		uint32		place = i == 0 ? first : i < waiting ? d->heap.items[i - 1] :
			d->ahead[d->nahead - 1 - (i - waiting)];

		pt_check_interrupts(i);
		if (d->fetched[place] != NOT_ASKED)
			continue;
		d->fetched[place] = NONE;
		nodes[count] = d->walk->nodes[place];
		places[count++] = place;
	}
	d->nahead -= ahead;
	if (d->direction != GRAPH_IN)
		fetch_one_way(d, nodes, places, count, GRAPH_OUT);
	if (d->direction != GRAPH_OUT)
		fetch_one_way(d, nodes, places, count, GRAPH_IN);
	pt_free(d->budget, nodes);
	pt_free(d->budget, places);
}

static bool
look_at_fetched(GraphDijkstra *d, uint32 place)
{
	if (d->fetched[place] == NOT_ASKED)
		fetch(d, place);
	for (uint32 at = d->fetched[place]; at != NONE; at = d->all_fetched[at].next)
	{
		const GraphFetched *edge = &d->all_fetched[at];

		CHECK_FOR_INTERRUPTS();
		if (!relax(d, place, edge->to, edge->edge, edge->weight))
			return false;
	}
	return true;
}

/* ---- the search ---- */

void
kernel_dijkstra_begin(GraphDijkstra *d, uint32 start, double cost, uint32 hops)
{
	d->walk = graph_walk_begin(d->graph, d->budget, d->direction, 0);
	d->arcs = pt_alloc(d->budget, BATCH, sizeof(GraphArc));
	d->weights = pt_alloc(d->budget, BATCH, sizeof(double));
	d->spare_tie = NONE;
	cover(d);
	reach(d, add_node(d, start), cost, hops);
}

void
kernel_dijkstra_again(GraphDijkstra *d, uint32 start, double cost, uint32 hops)
{
	for (uint64 i = 0; i < d->walk->count; i++)
	{
		pt_check_interrupts(i);
		graph_clear_bit(d->walk->visited, d->walk->nodes[i]);
	}
	d->walk->count = 0;
	d->heap.count = 0;
	d->nsettled = 0;
	d->nties = 0;
	d->nfetched = 0;
	d->nahead = 0;
	d->spare_tie = NONE;
	reach(d, add_node(d, start), cost, hops);
}

void
kernel_dijkstra_end(GraphDijkstra *d)
{
	graph_walk_end(d->walk);
}

double
kernel_dijkstra_least(const GraphDijkstra *d)
{
	return d->heap.count == 0 ? INFINITY : d->costs[d->heap.items[0]].cost;
}

uint32
kernel_dijkstra_settle(GraphDijkstra *d)
{
	CHECK_FOR_INTERRUPTS();
	if (d->heap.count == 0)
		return GRAPH_NO_NODE;
	d->settled = pt_grow(d->budget, d->settled, &d->settled_capacity, d->nsettled + 1,
						 sizeof(uint32));
	d->settled[d->nsettled] = kernel_heap_pop(&d->heap);
	return d->settled[d->nsettled++];
}

bool
kernel_dijkstra_look(GraphDijkstra *d, uint32 place)
{
	uint32		node = d->walk->nodes[place];

	/* a path ends there */
	if (node == d->far_end || (place != 0 && d->sets != NULL && d->sets->stop_at != NULL &&
							   graph_set_has(d->sets->stop_at, node)))
		return true;
	if (d->asks_many)
		return look_at_fetched(d, place);
	return (d->direction == GRAPH_IN || look_one_way(d, place, GRAPH_OUT)) &&
		(d->direction == GRAPH_OUT || look_one_way(d, place, GRAPH_IN));
}

/* ---- two searches ---- */

/* Settle a node of one search. What does the way by it cost? */
static double
advance(GraphDijkstra *d, const GraphDijkstra *other)
{
	uint32		place = kernel_dijkstra_settle(d);
	uint32		met = kernel_dijkstra_place(other, d->walk->nodes[place]);

	(void) kernel_dijkstra_look(d, place);
	return met == GRAPH_NO_NODE ? INFINITY : d->costs[place].cost + other->costs[met].cost;
}

static bool
can_go_on(const GraphDijkstra *forward, const GraphDijkstra *backward)
{
	return forward->heap.count > 0 && backward->heap.count > 0 &&
		!forward->is_refused && !backward->is_refused;
}

/* Has every edge of each way that costs so much been seen? */
static bool
have_seen(const GraphDijkstra *forward, const GraphDijkstra *backward, double bound)
{
	return kernel_dijkstra_least(forward) + kernel_dijkstra_least(backward) >
		bound * (1 + KERNEL_COST_SLACK);
}

double
kernel_dijkstra_meet(GraphDijkstra *forward, GraphDijkstra *backward, double best, double bound)
{
	while (can_go_on(forward, backward) && !have_seen(forward, backward, Min(best, bound)))
	{
		bool		ahead = forward->heap.count <= backward->heap.count;
		double		way = ahead ? advance(forward, backward) : advance(backward, forward);

		best = Min(best, way);
	}
	return best;
}

bool
kernel_dijkstra_widen(GraphDijkstra *forward, GraphDijkstra *backward, double bound,
					  uint64 most_settled)
{
	while (can_go_on(forward, backward) && !have_seen(forward, backward, bound))
	{
		if (forward->nsettled + backward->nsettled >= most_settled)
			return false;
		if (forward->heap.count <= backward->heap.count)
			(void) advance(forward, backward);
		else
			(void) advance(backward, forward);
	}
	return true;
}

/* What a node costs at least. */
static double
cost_at_least(const GraphDijkstra *d, uint32 node)
{
	uint32		place = kernel_dijkstra_place(d, node);
	double		least = kernel_dijkstra_least(d);

	return place == GRAPH_NO_NODE ? least : Min(least, d->costs[place].cost);
}

void
kernel_dijkstra_prune(GraphArcList *seen, const GraphDijkstra *forward,
					  const GraphDijkstra *backward, double bound)
{
	uint64		kept = 0;

	for (uint64 i = 0; i < seen->count; i++)
	{
		GraphWeightedArc arc = seen->arcs[i];

		pt_check_interrupts(i);
		if (cost_at_least(forward, arc.from) + arc.weight + cost_at_least(backward, arc.to) <=
			bound * (1 + KERNEL_COST_SLACK))
			seen->arcs[kept++] = arc;
	}
	seen->count = kept;
}
