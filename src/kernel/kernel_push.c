/*
 * kernel_push.c
 *		Personalised PageRank near some nodes, without looking at the rest.
 *
 * Andersen, Chung, Lang, "Local graph partitioning using PageRank vectors"
 * (2006): of a score that has come to a node and is not settled, a part is
 * settled there and the rest pushed along its edges, as long as it is more
 * than epsilon for each of them. Here all such nodes push at the same time,
 * round by round, and scores are integers: sums are the same in any order, so
 * neither the order of edges nor the numbers of nodes show in the answer. A
 * source is asked once a round and direction.
 *
 * Whether a node pushes depends on how many edges it has, and those of a hub
 * are too many to count: it is asked for twice as many as would keep it from
 * pushing, and again only when that has been outgrown. So what is read for a
 * node is in proportion to what has come to it.
 *
 * In the end a node is given, of what is unsettled, the part that it would
 * settle by pushing. Oracle: power iteration.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "common/hashfn.h"
#include "kernel/kernel_push.h"

/* all scores together */
#define WHOLE (UINT64CONST(1) << 60)

#define ARCS_IN_BATCH 1024
#define NO_ROW PG_UINT64_MAX

/* What is known of a node, by place. */
typedef struct PushState
{
	uint64		settled;
	uint64		residue;
	uint64		taken;			/* of the residue, to be pushed in this round */
	uint64		row;			/* where it begins in ends, or NO_ROW */
	uint32		nout;			/* its edges: so many along, then so many against them */
	uint32		nin;
	uint64		least;			/* edges that it has at least */
	bool		queued;
} PushState;

/* An edge that the source has given, of a node of the question. */
typedef struct PushArc
{
	uint32		asked;
	uint32		to;
	GraphEdge	edge;
} PushArc;

typedef struct Pusher
{
	Graph	   *graph;
	GraphPush  *push;
	PtBudget   *budget;
	uint64		epsilon;		/* of WHOLE */

	/* by place */
	uint64		node_room;
	PushState  *states;
	uint64		state_room;
	uint32	   *slots;			/* hash table of places + 1, 0 is free */
	uint64		nslots;			/* a power of 2 */

	uint32	   *ends;			/* rows: places */
	uint64		nends;
	uint64		end_room;

	uint32	   *queue;			/* places that may push in this round, and the next */
	uint32	   *next;
	uint64		queued;
	uint64		nexts;
	uint64		queue_room;
	uint64		next_room;
	uint64		pushed;			/* edges */

	/* a question */
	uint32	   *asked;			/* places */
	uint32	   *nodes;
	uint64	   *most;			/* edges that are of interest */
	uint64	   *counts;			/* that there are, in either direction, up to one more */
	uint64		nasked;
	uint64		asked_room[4];
	PushArc    *arcs[2];		/* by direction */
	uint64		narcs[2];
	uint64		arc_room[2];
	GraphArc	batch[ARCS_IN_BATCH];
} Pusher;

/* ---- nodes ---- */

static uint64
slot_of(const Pusher *p, uint32 node)
{
	uint64		slot = murmurhash32(node) & (p->nslots - 1);

	while (p->slots[slot] != 0 && p->push->nodes[p->slots[slot] - 1].node != node)
		slot = (slot + 1) & (p->nslots - 1);
	return slot;
}

static void
make_slots(Pusher *p, uint64 nslots)
{
	pt_free(p->budget, p->slots);
	p->slots = pt_alloc(p->budget, nslots, sizeof(uint32));
	memset(p->slots, 0, nslots * sizeof(uint32));
	p->nslots = nslots;
	for (uint32 i = 0; i < p->push->count; i++)
	{
		pt_check_interrupts(i);
		p->slots[slot_of(p, p->push->nodes[i].node)] = i + 1;
	}
}

/* The place of a node, which it gets if it has none. */
static uint32
place_of(Pusher *p, uint32 node, GraphEdge edge)
{
	GraphPush  *push = p->push;
	uint64		slot = slot_of(p, node);

	if (p->slots[slot] != 0)
		return p->slots[slot] - 1;
	push->nodes = pt_grow(p->budget, push->nodes, &p->node_room, (uint64) push->count + 1,
						  sizeof(PushedNode));
	p->states = pt_grow(p->budget, p->states, &p->state_room, (uint64) push->count + 1,
						sizeof(PushState));
	push->nodes[push->count] = (PushedNode) {node, edge};
	push->nodes[push->count].distance[GRAPH_OUT] = KERNEL_NO_DISTANCE;
	push->nodes[push->count].distance[GRAPH_IN] = KERNEL_NO_DISTANCE;
	p->states[push->count] = (PushState) {.row = NO_ROW,.least = 1};
	p->slots[slot] = ++push->count;
	if (push->count > p->nslots / 2)
		make_slots(p, 2 * p->nslots);
	return push->count - 1;
}

/* Let a place push in the next round, if it has enough. */
static void
queue_place(Pusher *p, uint32 place)
{
	PushState  *state = &p->states[place];

	if (state->queued || state->residue / p->epsilon < state->least)
		return;
	state->queued = true;
	p->next = pt_grow(p->budget, p->next, &p->next_room, p->nexts + 1, sizeof(uint32));
	p->next[p->nexts++] = place;
}

/* ---- edges ---- */

static void
ask_about(Pusher *p, uint32 place, uint64 most)
{
	uint64		n = p->nasked++;

	p->asked = pt_grow(p->budget, p->asked, &p->asked_room[0], p->nasked, sizeof(uint32));
	p->nodes = pt_grow(p->budget, p->nodes, &p->asked_room[1], p->nasked, sizeof(uint32));
	p->most = pt_grow(p->budget, p->most, &p->asked_room[2], p->nasked, sizeof(uint64));
	p->counts = pt_grow(p->budget, p->counts, &p->asked_room[3], p->nasked, sizeof(uint64));
	p->asked[n] = place;
	p->nodes[n] = p->push->nodes[place].node;
	p->most[n] = most;
	p->counts[n] = 0;
}

/* May an edge be followed to a node? Starts are places already. */
static bool
admits(const Pusher *p, uint32 node)
{
	const GraphSets *sets = p->push->sets;
	uint32		slot;

	if (sets == NULL || graph_sets_admit(sets, node))
		return true;
	slot = p->slots[slot_of(p, node)];
	return slot != 0 && slot - 1 < p->push->nstarts;
}

/* Gather the edges of the nodes asked about in one direction. */
static void
gather(Pusher *p, GraphDirection direction)
{
	GraphArcs	arcs = {0};

	arcs.nodes = p->nodes;
	arcs.count = p->nasked;
	arcs.most = p->most;
	arcs.direction = direction;
	arcs.arcs = p->batch;
	arcs.capacity = ARCS_IN_BATCH;
	p->narcs[direction] = 0;
	while (graph_edges(p->graph, &arcs))
	{
		CHECK_FOR_INTERRUPTS();
		p->arcs[direction] = pt_grow(p->budget, p->arcs[direction], &p->arc_room[direction],
									 p->narcs[direction] + arcs.narcs, sizeof(PushArc));
		for (uint32 i = 0; i < arcs.narcs; i++)
		{
			const GraphArc *arc = &arcs.arcs[i];

			if (p->counts[arc->from] > p->most[arc->from])
				continue;
			p->counts[arc->from]++;
			if (admits(p, arc->to))
				p->arcs[direction][p->narcs[direction]++] = (PushArc) {arc->from, arc->to,
				arc->edge};
		}
	}
}

/* Where the rows of the nodes asked about begin, of which that of a hub is none. */
static void
place_rows(Pusher *p)
{
	for (int direction = GRAPH_OUT; direction <= GRAPH_IN; direction++)
	{
		for (uint64 i = 0; i < p->narcs[direction]; i++)
		{
			PushState  *state = &p->states[p->asked[p->arcs[direction][i].asked]];

			pt_check_interrupts(i);
			if (direction == GRAPH_OUT)
				state->nout++;
			else
				state->nin++;
		}
	}
	for (uint64 n = 0; n < p->nasked; n++)
	{
		PushState  *state = &p->states[p->asked[n]];

		pt_check_interrupts(n);
		if (p->counts[n] > p->most[n])
		{
			state->nout = state->nin = 0;
			state->least = p->most[n] + 1;
			continue;
		}
		state->row = p->nends;
		state->least = Max((uint64) state->nout + state->nin, 1);
		p->nends += (uint64) state->nout + state->nin;
	}
	p->ends = pt_grow(p->budget, p->ends, &p->end_room, p->nends, sizeof(uint32));
}

static void
fill_rows(Pusher *p)
{
	/* counts are now how many edges have been put into each row */
	memset(p->counts, 0, p->nasked * sizeof(uint64));
	for (int direction = GRAPH_OUT; direction <= GRAPH_IN; direction++)
	{
		for (uint64 i = 0; i < p->narcs[direction]; i++)
		{
			const PushArc *arc = &p->arcs[direction][i];
			uint32		place;

			pt_check_interrupts(i);
			if (p->states[p->asked[arc->asked]].row == NO_ROW)
				continue;
			place = place_of(p, arc->to, arc->edge);
			p->ends[p->states[p->asked[arc->asked]].row + p->counts[arc->asked]++] = place;
		}
	}
}

/* Read the rows of those in the queue that have none. */
static void
read_rows(Pusher *p)
{
	p->nasked = 0;
	for (uint64 i = 0; i < p->queued; i++)
	{
		const PushState *state = &p->states[p->queue[i]];

		pt_check_interrupts(i);
		if (state->row == NO_ROW)
			ask_about(p, p->queue[i], p->queue[i] < p->push->nstarts ? PG_UINT64_MAX - 1 :
					  2 * (state->residue / p->epsilon));
	}
	if (p->nasked == 0)
		return;
	gather(p, GRAPH_OUT);
	gather(p, GRAPH_IN);
	place_rows(p);
	fill_rows(p);
}

/* ---- rounds ---- */

/* Take what is to be pushed of all in the queue before any of it arrives. */
static void
take_residues(Pusher *p, bool is_first)
{
	for (uint64 i = 0; i < p->queued; i++)
	{
		PushState  *state = &p->states[p->queue[i]];

		pt_check_interrupts(i);
		state->queued = false;
		state->taken = 0;
		if (state->row == NO_ROW || (!is_first && state->residue / p->epsilon < state->least))
			continue;
		state->taken = state->residue;
		state->residue = 0;
	}
}

static void
push_along(Pusher *p, PushState *state)
{
	uint64		nedges = (uint64) state->nout + state->nin;
	uint64		share = nedges == 0 ? 0 : (uint64) (state->taken * p->push->damping) / nedges;

	/* what cannot be divided stays */
	state->settled += state->taken - share * nedges;
	p->pushed += nedges;
	for (uint64 i = 0; i < nedges; i++)
	{
		uint32		place = p->ends[state->row + i];

		pt_check_interrupts(i);
		p->states[place].residue += share;
		queue_place(p, place);
	}
}

static void
push_round(Pusher *p, bool is_first)
{
	uint32	   *swap = p->queue;
	uint64		room = p->queue_room;

	p->queue = p->next;
	p->queue_room = p->next_room;
	p->queued = p->nexts;
	p->next = swap;
	p->next_room = room;
	p->nexts = 0;
	read_rows(p);
	take_residues(p, is_first);
	for (uint64 i = 0; i < p->queued; i++)
	{
		PushState  *state = &p->states[p->queue[i]];

		CHECK_FOR_INTERRUPTS();
		if (state->taken > 0)
			push_along(p, state);
	}
}

/* ---- distances ---- */

/* Breadth-first along the rows that were read, in one direction. */
static void
measure(Pusher *p, GraphDirection direction)
{
	PushedNode *nodes = p->push->nodes;
	uint64		end = p->push->nstarts;

	p->queue = pt_grow(p->budget, p->queue, &p->queue_room, p->push->count, sizeof(uint32));
	for (uint32 i = 0; i < p->push->nstarts; i++)
	{
		nodes[i].distance[direction] = 0;
		p->queue[i] = i;
	}
	for (uint64 first = 0; first < end; first++)
	{
		uint32		from = p->queue[first];
		const PushState *state = &p->states[from];
		uint64		skipped = direction == GRAPH_OUT ? 0 : state->nout;
		uint64		nedges = direction == GRAPH_OUT ? state->nout : state->nin;

		pt_check_interrupts(first);
		for (uint64 i = 0; i < nedges; i++)
		{
			uint32		to = p->ends[state->row + skipped + i];

			pt_check_interrupts(i);
			if (nodes[to].distance[direction] != KERNEL_NO_DISTANCE)
				continue;
			nodes[to].distance[direction] = nodes[from].distance[direction] + 1;
			p->queue[end++] = to;
		}
	}
}

/* ---- the whole ---- */

static void
begin(Pusher *p)
{
	GraphPush  *push = p->push;
	uint64		share = push->nstarts == 0 ? 0 : WHOLE / push->nstarts;

	p->epsilon = Max((uint64) (push->epsilon * (double) WHOLE), 1);
	make_slots(p, 1024);
	for (uint32 i = 0; i < push->nstarts; i++)
	{
		uint32		place;

		CHECK_FOR_INTERRUPTS();
		place = place_of(p, push->starts[i], GRAPH_NO_EDGE);
		p->states[place].residue = share;
		p->states[place].queued = true;
		p->next = pt_grow(p->budget, p->next, &p->next_room, p->nexts + 1, sizeof(uint32));
		p->next[p->nexts++] = place;
	}
}

static void
finish(Pusher *p)
{
	GraphPush  *push = p->push;
	uint64		rest = 0;

	for (uint32 i = 0; i < push->count; i++)
	{
		const PushState *state = &p->states[i];
		uint64		kept = state->residue - (uint64) (state->residue * push->damping);

		pt_check_interrupts(i);
		rest += state->residue;
		push->nodes[i].score = (double) (state->settled + kept) / (double) WHOLE;
	}
	push->rest = (double) rest / (double) WHOLE;
	measure(p, GRAPH_OUT);
	measure(p, GRAPH_IN);
}

void
kernel_push(Graph *graph, GraphPush *push, PtBudget *budget)
{
	Pusher	   *p = pt_alloc(budget, 1, sizeof(Pusher));

	memset(p, 0, sizeof(Pusher));
	p->graph = graph;
	p->push = push;
	p->budget = budget;
	push->nodes = NULL;
	push->count = 0;
	push->truncated = false;
	begin(p);
	for (bool is_first = true; p->nexts > 0 && !push->truncated; is_first = false)
	{
		push_round(p, is_first);
		push->truncated = p->nexts > 0 && p->pushed >= push->max_edges;
	}
	finish(p);
	pt_free(budget, p->slots);
	pt_free(budget, p->states);
	pt_free(budget, p->ends);
	pt_free(budget, p->queue);
	pt_free(budget, p->next);
	pt_free(budget, p->asked);
	pt_free(budget, p->nodes);
	pt_free(budget, p->most);
	pt_free(budget, p->counts);
	pt_free(budget, p->arcs[GRAPH_OUT]);
	pt_free(budget, p->arcs[GRAPH_IN]);
	pt_free(budget, p);
}
