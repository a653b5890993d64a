/*
 * kernel_match.c
 *		Ways whose edges, read in order, match a pattern.
 *
 * Breadth-first search over pairs of a node and a state of the pattern's
 * automaton: Mendelzon and Wood, "Finding regular simple paths in graph
 * databases" (1989), of which this is the easy half, ways that may come to a
 * node more than once. Automata are as in Glushkov, "The abstract theory of
 * automata" (1961): what leads into a state is always the same symbol. So each
 * state has a walk of its own, over the edges of its symbol alone, and in each
 * wave is expanded from what the states before it reached in the last wave. A
 * source of edges need not tell what type an edge is.
 *
 *		Pattern a b*, edges x -a-> y -b-> x: state 1 (a) reaches y, state 2 (b)
 *		x and stops there, as no a may follow. One walk for all states would be
 *		wrong: that x was there at the start says nothing of x in state 2.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "kernel/kernel_match.h"

/* A pair: a state, and the place of a node in the state's walk. */
typedef struct MatchPlace
{
	uint32		state;
	uint32		place;
} MatchPlace;

typedef struct MatchState
{
	GraphWalk  *walk;			/* NULL until something leads here */
	Bitmapset  *before;			/* states that lead here */
	uint64		first;			/* of the nodes of the last wave */
	uint64		last;			/* behind them */
	MatchPlace *origins;		/* by place: where it was reached from, if kept */
	uint64		capacity;
} MatchState;

typedef struct MatchRun
{
	Graph	   *graph;
	const MatchAutomaton *automaton;
	const MatchSymbol *symbols;
	const GraphSets *sets;
	PtBudget   *budget;
	int			keep;
	uint64		distance;		/* of the last wave */
	MatchState *states;
	GraphWalk  *asked;			/* whose bits say what is in a question already */
	MatchPlace *sources;		/* of a question, in its order */
	uint64		capacity;
} MatchRun;

static void
begin(MatchRun *run, uint32 start)
{
	int			nstates = run->automaton->nstates;
	Size		bytes = nstates * sizeof(MatchState);

	run->states = memset(pt_alloc(run->budget, nstates, sizeof(MatchState)), 0, bytes);
	for (int state = 0; state < nstates; state++)
	{
		int			next = -1;

		while ((next = bms_next_member(run->automaton->follow[state], next)) >= 0)
			run->states[next].before = bms_add_member(run->states[next].before, state);
	}
	run->asked = graph_set_begin(run->graph, run->budget);
	run->states[0].walk = graph_walk_begin(run->graph, run->budget, GRAPH_OUT, run->keep);
	graph_walk_start(run->states[0].walk, start);
	run->states[0].last = 1;
}

static void
end(MatchRun *run)
{
	for (int state = 0; state < run->automaton->nstates; state++)
	{
		if (run->states[state].walk != NULL)
			graph_walk_end(run->states[state].walk);
	}
	graph_walk_end(run->asked);
}

/* ---- a wave ---- */

/* Put a node into the question, behind those that the state's walk has. */
static void
add_source(MatchRun *run, GraphWalk *walk, uint32 node, MatchPlace from)
{
	uint64		count = run->asked->count;

	graph_walk_cover(run->asked, run->graph->nnodes);
	if (graph_is_visited(run->asked, node))
		return;
	graph_walk_start(run->asked, node);
	run->sources = pt_grow(run->budget, run->sources, &run->capacity, count + 1,
						   sizeof(MatchPlace));
	run->sources[count] = from;
	if (walk->count == walk->capacity)
		graph_walk_grow(walk);
	walk->nodes[walk->count++] = node;
}

/* What a state is to be expanded from: new nodes of the states before it. */
static void
add_sources(MatchRun *run, MatchState *to)
{
	int			before = -1;

	while ((before = bms_next_member(to->before, before)) >= 0)
	{
		const MatchState *from = &run->states[before];

		for (uint64 i = from->first; i < from->last; i++)
		{
			uint32		node = from->walk->nodes[i];

			pt_check_interrupts(i);
			/* starts are left in any case */
			if (run->distance > 0 && run->sets->stop_at != NULL &&
				graph_set_has(run->sets->stop_at, node))
				continue;
			add_source(run, to->walk, node, (MatchPlace) {before, (uint32) i});
		}
	}
}

static void
forget_sources(MatchRun *run)
{
	for (uint64 i = 0; i < run->asked->count; i++)
	{
		pt_check_interrupts(i);
		graph_clear_bit(run->asked->visited, run->asked->nodes[i]);
	}
	run->asked->count = 0;
}

/*
 * Take the question's nodes, which begin at a place, out of the walk again, so
 * that those it led to come in their stead.
 */
static void
close_up(MatchRun *run, MatchState *to, uint64 place, uint64 nsources)
{
	GraphWalk  *walk = to->walk;
	uint64		found = walk->count - place - nsources;

	for (uint64 i = place; i < place + found; i++)
	{
		pt_check_interrupts(i);
		walk->nodes[i] = walk->nodes[i + nsources];
		if (run->keep & GRAPH_KEEP_EDGES)
			walk->edges[i] = walk->edges[i + nsources];
		if (run->keep & GRAPH_KEEP_PARENTS)
		{
			to->origins = pt_grow(run->budget, to->origins, &to->capacity, i + 1,
								  sizeof(MatchPlace));
			to->origins[i] = run->sources[walk->parents[i + nsources] - place];
		}
	}
	walk->count = place + found;
}

/*
 * Expand a state. The walk is lent the nodes that it is expanded from: their
 * bits are not set, so it may reach them all the same.
 */
static void
expand(MatchRun *run, int state)
{
	MatchState *to = &run->states[state];
	const MatchSymbol *symbol = &run->symbols[run->automaton->symbols[state]];
	uint64		place;

	if (to->walk == NULL)
	{
		to->walk = graph_walk_begin(symbol->graph, run->budget, symbol->direction, run->keep);
		graph_sets_bound(run->sets, to->walk);
	}
	place = to->walk->count;
	add_sources(run, to);
	if (run->asked->count > 0)
	{
		symbol->graph->ops->expand(symbol->graph, to->walk, place, to->walk->count);
		close_up(run, to, place, run->asked->count);
	}
	forget_sources(run);
}

/* What the last wave found gives way to what was found since. */
static bool
advance(MatchRun *run)
{
	bool		found = false;

	for (int state = 0; state < run->automaton->nstates; state++)
	{
		MatchState *s = &run->states[state];

		if (s->walk == NULL)
			continue;
		s->first = s->last;
		s->last = s->walk->count;
		found |= s->first < s->last;
	}
	run->distance++;
	return found;
}

/* Returns false if nothing new was reached. */
static bool
next_wave(MatchRun *run)
{
	Bitmapset  *next = NULL;
	int			state;

	CHECK_FOR_INTERRUPTS();
	for (state = 0; state < run->automaton->nstates; state++)
	{
		if (run->states[state].first < run->states[state].last)
			next = bms_add_members(next, run->automaton->follow[state]);
	}
	state = -1;
	while ((state = bms_next_member(next, state)) >= 0)
		expand(run, state);
	bms_free(next);
	return advance(run);
}

/* ---- all nodes ---- */

/* The accepting ones of the last wave. Returns false when reached is full. */
static bool
add_reached(MatchRun *run, GraphWalk *reached)
{
	int			state = -1;

	while ((state = bms_next_member(run->automaton->accepting, state)) >= 0)
	{
		const MatchState *s = &run->states[state];

		for (uint64 i = s->first; i < s->last; i++)
		{
			uint32		node = s->walk->nodes[i];

			pt_check_interrupts(i);
			graph_walk_cover(reached, node + 1);
			if (graph_is_visited(reached, node))
				continue;
			if (reached->count >= reached->max_nodes)
			{
				reached->truncated = true;
				return false;
			}
			graph_walk_add(reached, node, GRAPH_NO_PARENT,
						   run->distance > 0 && (run->keep & GRAPH_KEEP_EDGES) ?
						   s->walk->edges[i] : GRAPH_NO_EDGE);
		}
	}
	return true;
}

void
kernel_match(Graph *graph, const MatchAutomaton *automaton, const MatchSymbol *symbols,
			 const GraphSets *sets, uint32 start, GraphWalk *reached)
{
	MatchRun	run = {graph, automaton, symbols, sets, reached->budget,
	reached->keep & GRAPH_KEEP_EDGES};

	begin(&run, start);
	while (add_reached(&run, reached) && next_wave(&run))
		graph_begin_level(reached);
	end(&run);
}

/* ---- one way ---- */

/* Where the last wave found a node in an accepting state. */
static bool
find_end(MatchRun *run, uint32 node, MatchPlace *place)
{
	int			state = -1;

	while ((state = bms_next_member(run->automaton->accepting, state)) >= 0)
	{
		const MatchState *s = &run->states[state];

		for (uint64 i = s->first; i < s->last; i++)
		{
			pt_check_interrupts(i);
			if (s->walk->nodes[i] != node)
				continue;
			*place = (MatchPlace) {state, (uint32) i};
			return true;
		}
	}
	return false;
}

static void
trace_back(MatchRun *run, MatchPlace at, MatchWay *way)
{
	way->count = run->distance;
	way->edges = pt_alloc(run->budget, way->count, sizeof(GraphEdge));
	way->nodes = pt_alloc(run->budget, way->count + 1, sizeof(uint32));
	for (uint64 i = way->count; i > 0; i--)
	{
		const MatchState *s = &run->states[at.state];

		pt_check_interrupts(i);
		way->nodes[i] = s->walk->nodes[at.place];
		way->edges[i - 1] = s->walk->edges[at.place];
		at = s->origins[at.place];
	}
	way->nodes[0] = run->states[0].walk->nodes[0];
}

bool
kernel_match_way(Graph *graph, const MatchAutomaton *automaton, const MatchSymbol *symbols,
				 const GraphSets *sets, uint32 start, uint32 target, PtBudget *budget, MatchWay *way)
{
	MatchRun	run = {graph, automaton, symbols, sets, budget,
	GRAPH_KEEP_EDGES | GRAPH_KEEP_PARENTS};
	MatchPlace	place;
	bool		found;

	begin(&run, start);
	while (!(found = find_end(&run, target, &place)) && next_wave(&run))
		;
	if (found)
		trace_back(&run, place, way);
	end(&run);
	return found;
}
