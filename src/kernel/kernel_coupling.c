/*
 * kernel_coupling.c
 *		How each node is tied to its neighbours.
 *
 * To tell which ends of a node have an end in common, the rows of its ends are
 * turned: of each node that they lead to, which of the ends lead there. Those are
 * the ends that share it. What one end shares with others is the union of these
 * over its row. Where many share one node they are a bitmap, which a union takes
 * 64 at a time; there are few such nodes, so that all bitmaps together take no more
 * than 8 bytes an edge. Oracle: the definition in SQL, sql/metrics.sql.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "kernel/kernel_coupling.h"
#include "port/pg_bitutils.h"

typedef struct Coupling
{
	const GraphProjection *out;
	PtBudget   *budget;
	uint64		steps;			/* since interrupts were looked for */

	/* what the ends of the node at hand lead to, in the order in which it was met */
	uint32	   *places;			/* by node: 1 + place in met; 0 elsewhere */
	uint32	   *met;
	uint32	   *shares;			/* by place: how many of the ends lead there */
	uint64	   *starts;			/* by place: where they are, in lists or in bitmaps */
	uint32		nmet;

	/* ends by their place in the node's row */
	uint64		words;			/* of a bitmap over them */
	uint32	   *lists;
	uint64		lists_capacity;
	uint64	   *bitmaps;
	uint64		bitmaps_capacity;
	uint64	   *shared;			/* with the one at hand; clear in between */
	uint64		shared_capacity;
	uint32	   *touched;		/* bits to clear, where no bitmap was taken in */
	uint64		touched_capacity;
} Coupling;

static void
take_steps(Coupling *c, uint64 steps)
{
	c->steps += steps;
	if (c->steps < PT_CHECK_EVERY)
		return;
	c->steps = 0;
	pt_take_interrupts();
}

/* ---- neighbours ---- */

/* How many nodes are in one of two sorted rows, or in both. */
static uint32
count_around(Coupling *c, const GraphProjection *in, uint32 node)
{
	const GraphProjection *out = c->out;
	uint64		o = out->offsets[node];
	uint64		i = in->offsets[node];
	uint64		o_end = out->offsets[node + 1];
	uint64		i_end = in->offsets[node + 1];
	uint32		count = 0;

	for (; o < o_end && i < i_end; count++)
	{
		uint32		a = out->ends[o];
		uint32		b = in->ends[i];

		o += a <= b;
		i += b <= a;
		take_steps(c, 1);
	}
	return count + (uint32) (o_end - o) + (uint32) (i_end - i);
}

/* ---- ends of ends ---- */

/* Do all ends of a node lead back to it? Then they share it. */
static bool
all_lead_back(Coupling *c, const GraphProjection *in, uint32 node)
{
	const GraphProjection *out = c->out;

	if (graph_row_size(in, node) < graph_row_size(out, node))
		return false;
	for (uint64 i = out->offsets[node]; i < out->offsets[node + 1]; i++)
	{
		take_steps(c, 1);
		if (!graph_has_end(in, node, out->ends[i]))
			return false;
	}
	return true;
}

/*
 * Meet what the ends of a node lead to. If only what is met matters, that may end
 * once all nodes are.
 */
static void
meet(Coupling *c, uint32 node, bool only_met)
{
	const GraphProjection *out = c->out;

	c->nmet = 0;
	for (uint64 i = out->offsets[node]; i < out->offsets[node + 1]; i++)
	{
		uint32		end = out->ends[i];

		if (only_met && c->nmet == out->nnodes)
			return;
		for (uint64 k = out->offsets[end]; k < out->offsets[end + 1]; k++)
		{
			uint32		w = out->ends[k];

			take_steps(c, 1);
			if (c->places[w] == 0)
			{
				c->met[c->nmet] = w;
				c->shares[c->nmet] = 0;
				c->places[w] = ++c->nmet;
			}
			c->shares[c->places[w] - 1]++;
		}
	}
}

static void
forget_met(Coupling *c)
{
	for (uint32 i = 0; i < c->nmet; i++)
	{
		take_steps(c, 1);
		c->places[c->met[i]] = 0;
	}
}

/* How many nodes are ends or ends of these. */
static uint32
count_responses(Coupling *c, uint32 node)
{
	const GraphProjection *out = c->out;
	uint32		count = c->nmet;

	for (uint64 i = out->offsets[node]; i < out->offsets[node + 1]; i++)
	{
		take_steps(c, 1);
		count += c->places[out->ends[i]] == 0;
	}
	return count;
}

/* ---- pairs ---- */

/* What fewer lead to than a bitmap has words is a list. */
static bool
is_bitmap(const Coupling *c, uint32 place)
{
	return c->shares[place] > c->words;
}

/* Room for what leads to each node that was met, and where it begins. */
static void
place_sharers(Coupling *c, uint64 degree)
{
	uint64		nlists = 0;
	uint64		nwords = 0;

	c->words = degree / 64 + 1;
	for (uint32 place = 0; place < c->nmet; place++)
	{
		take_steps(c, 1);
		c->starts[place] = is_bitmap(c, place) ? nwords : nlists;
		if (is_bitmap(c, place))
			nwords += c->words;
		else
			nlists += c->shares[place];
	}
	c->lists = pt_grow(c->budget, c->lists, &c->lists_capacity, nlists + 1, sizeof(uint32));
	c->bitmaps = pt_grow(c->budget, c->bitmaps, &c->bitmaps_capacity, nwords + 1, sizeof(uint64));
	memset(c->bitmaps, 0, nwords * sizeof(uint64));
	c->touched = pt_grow(c->budget, c->touched, &c->touched_capacity, degree, sizeof(uint32));
	if (c->shared_capacity < c->words)
	{
		c->shared = pt_grow(c->budget, c->shared, &c->shared_capacity, c->words, sizeof(uint64));
		memset(c->shared, 0, c->shared_capacity * sizeof(uint64));
	}
}

/* Which of the ends lead to each node that was met. */
static void
list_sharers(Coupling *c, uint32 node)
{
	const GraphProjection *out = c->out;
	uint64		first = out->offsets[node];

	for (uint64 i = first; i < out->offsets[node + 1]; i++)
	{
		uint32		end = out->ends[i];

		for (uint64 k = out->offsets[end]; k < out->offsets[end + 1]; k++)
		{
			uint32		place = c->places[out->ends[k]] - 1;

			take_steps(c, 1);
			if (is_bitmap(c, place))
				graph_set_bit(c->bitmaps + c->starts[place], (uint32) (i - first));
			else
				c->lists[c->starts[place]++] = (uint32) (i - first);
		}
	}
}

/* Take a bitmap into what is shared. Returns how many that is now. */
static uint64
take_bitmap(Coupling *c, const uint64 *bitmap)
{
	uint64		count = 0;

	take_steps(c, c->words);
	for (uint64 i = 0; i < c->words; i++)
	{
		c->shared[i] |= bitmap[i];
		count += pg_popcount64(c->shared[i]);
	}
	return count;
}

/* With how many ends of the node, itself included, an end of degree nodes shares one. */
static uint64
count_sharers(Coupling *c, uint32 end, uint64 degree)
{
	const GraphProjection *out = c->out;
	uint64		count = 0;
	uint64		ntouched = 0;
	bool		is_taken = false;

	for (uint64 k = out->offsets[end]; k < out->offsets[end + 1] && count < degree; k++)
	{
		uint32		place = c->places[out->ends[k]] - 1;

		if (!is_bitmap(c, place))
			continue;
		count = take_bitmap(c, c->bitmaps + c->starts[place]);
		is_taken = true;
	}
	for (uint64 k = out->offsets[end]; k < out->offsets[end + 1] && count < degree; k++)
	{
		uint32		place = c->places[out->ends[k]] - 1;

		take_steps(c, 1);
		if (is_bitmap(c, place))
			continue;
		/* they were listed up to where the next begins */
		for (uint64 i = c->starts[place] - c->shares[place]; i < c->starts[place]; i++)
		{
			take_steps(c, 1);
			if (graph_bit(c->shared, c->lists[i]))
				continue;
			graph_set_bit(c->shared, c->lists[i]);
			count++;
			if (!is_taken)
				c->touched[ntouched++] = c->lists[i];
		}
	}
	if (is_taken)
		memset(c->shared, 0, c->words * sizeof(uint64));
	for (uint64 i = 0; i < ntouched; i++)
		graph_clear_bit(c->shared, c->touched[i]);
	return count;
}

static bool
has_common_end(Coupling *c, uint64 degree)
{
	for (uint32 place = 0; place < c->nmet; place++)
	{
		take_steps(c, 1);
		if (c->shares[place] == degree)
			return true;
	}
	return false;
}

static double
part_apart(Coupling *c, uint32 node)
{
	const GraphProjection *out = c->out;
	uint64		degree = graph_row_size(out, node);
	uint64		pairs = degree * (degree - 1);	/* both ways */
	uint64		sharing = 0;

	if (has_common_end(c, degree))
		return 0;
	place_sharers(c, degree);
	list_sharers(c, node);
	for (uint64 i = out->offsets[node]; i < out->offsets[node + 1]; i++)
	{
		uint64		count = count_sharers(c, out->ends[i], degree);

		take_steps(c, 1);
		sharing += count > 0 ? count - 1 : 0;
	}
	return (double) (pairs - sharing) / (double) pairs;
}

/* ---- all nodes ---- */

static void
couple(Coupling *c, const GraphProjection *in, uint32 node, GraphCoupling *result)
{
	bool		is_settled = graph_row_size(c->out, node) < 2 || all_lead_back(c, in, node);

	result->around[node] = count_around(c, in, node);
	meet(c, node, is_settled);
	result->responses[node] = count_responses(c, node);
	result->apart[node] = is_settled ? 0 : part_apart(c, node);
	forget_met(c);
}

GraphCoupling
kernel_coupling(const GraphProjection *out, const GraphProjection *in, PtBudget *budget)
{
	uint32		nnodes = out->nnodes;
	Coupling	c = {out, budget};
	GraphCoupling result;

	result.around = pt_alloc(budget, nnodes, sizeof(uint32));
	result.responses = pt_alloc(budget, nnodes, sizeof(uint32));
	result.apart = pt_alloc(budget, nnodes, sizeof(double));
	c.places = pt_alloc(budget, nnodes, sizeof(uint32));
	c.met = pt_alloc(budget, nnodes, sizeof(uint32));
	c.shares = pt_alloc(budget, nnodes, sizeof(uint32));
	c.starts = pt_alloc(budget, nnodes, sizeof(uint64));
	memset(c.places, 0, nnodes * sizeof(uint32));
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		couple(&c, in, v, &result);
	}
	pt_free(budget, c.places);
	pt_free(budget, c.met);
	pt_free(budget, c.shares);
	pt_free(budget, c.starts);
	pt_free(budget, c.lists);
	pt_free(budget, c.bitmaps);
	pt_free(budget, c.shared);
	pt_free(budget, c.touched);
	return result;
}
