/*
 * graph_rows.c
 *		A graph's rows both ways, over nodes in an order of one's own.
 *
 * Rows are turned by counting: edges are visited by ascending source, and so
 * come to the rows of their targets in that order.
 */
#include "postgres.h"

#include <math.h>

#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "graph/graph_rows.h"

static GraphProjection *
create_rows(uint32 nnodes, PtBudget *budget)
{
	GraphProjection *rows = MemoryContextAllocZero(budget->context, sizeof(GraphProjection));

	rows->nnodes = nnodes;
	rows->offsets = pt_alloc(budget, (uint64) nnodes + 1, sizeof(uint64));
	memset(rows->offsets, 0, ((uint64) nnodes + 1) * sizeof(uint64));
	return rows;
}

/* From counts, that of row v at v + 1, to where rows end. */
static void
add_up(GraphProjection *rows, PtBudget *budget)
{
	for (uint64 v = 0; v < rows->nnodes; v++)
	{
		pt_check_interrupts(v);
		rows->offsets[v + 1] += rows->offsets[v];
	}
	rows->nedges = rows->offsets[rows->nnodes];
	rows->ends = pt_alloc(budget, rows->nedges, sizeof(uint32));
}

/* ---- rows by weight ---- */

/* rows up to this long are sorted where they are: most are */
#define SHORT_ROW 24

typedef struct WeightedEnd
{
	uint32		end;
	double		weight;
} WeightedEnd;

/* Of parallel edges the lightest comes first. */
static int
compare_weighted_ends(const void *a, const void *b, void *arg)
{
	const WeightedEnd *x = a;
	const WeightedEnd *y = b;

	if (x->end != y->end)
		return x->end < y->end ? -1 : 1;
	return x->weight < y->weight ? -1 : x->weight > y->weight;
}

static void
sort_weighted_row(uint32 *ends, double *weights, uint64 count, PtBudget *budget)
{
	WeightedEnd some[SHORT_ROW];
	WeightedEnd *row = count <= SHORT_ROW ? some : pt_alloc(budget, count, sizeof(WeightedEnd));

	for (uint64 i = 0; i < count; i++)
	{
		pt_check_interrupts(i);
		row[i] = (WeightedEnd) {ends[i], weights[i]};
	}
	pt_sort(row, count, sizeof(WeightedEnd), compare_weighted_ends, NULL);
	for (uint64 i = 0; i < count; i++)
	{
		pt_check_interrupts(i);
		ends[i] = row[i].end;
		weights[i] = row[i].weight;
	}
	if (row != some)
		pt_free(budget, row);
}

/* A sum that is infinite though its parts are not would pass for one without bound. */
static double
add_weights(double weight, double other)
{
	double		sum = weight + other;

	if (unlikely(isinf(sum)) && !isinf(weight) && !isinf(other))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("weights of parallel edges add up to more than double precision holds")));
	return sum;
}

/* What parallel edges weigh together: one below 0 is not made up for by others. */
static void
merge_weight(double *weight, double other, int flags)
{
	bool		adds = (flags & GRAPH_PROJECT_SUM) && *weight >= 0 && other >= 0;

	*weight = adds ? add_weights(*weight, other) : Min(*weight, other);
}

/* A sorted row without what the flags leave out. Returns how much is left. */
static uint64
thin_row(uint32 *ends, double *weights, uint64 count, uint32 node, int flags)
{
	uint64		to = 0;

	for (uint64 i = 0; i < count; i++)
	{
		pt_check_interrupts(i);
		if (ends[i] == node && (flags & GRAPH_PROJECT_NO_LOOPS))
			continue;
		if (to > 0 && ends[to - 1] == ends[i] && (flags & GRAPH_PROJECT_MERGE))
		{
			if (weights != NULL)
				merge_weight(&weights[to - 1], weights[i], flags);
			continue;
		}
		if (weights != NULL)
			weights[to] = weights[i];
		ends[to++] = ends[i];
	}
	return to;
}

/* Sorted rows in place, without what the flags leave out. */
static void
thin_rows(GraphProjection *rows, int flags)
{
	uint64		to = 0;
	uint64		first = 0;

	for (uint32 v = 0; v < rows->nnodes; v++)
	{
		uint64		last = rows->offsets[v + 1];
		uint64		kept = thin_row(rows->ends + first, NULL, last - first, v, flags);

		pt_check_interrupts(v);
		memmove(rows->ends + to, rows->ends + first, kept * sizeof(uint32));
		to += kept;
		rows->offsets[v + 1] = to;
		first = last;
	}
	rows->nedges = to;
}

/* how far ahead what is somewhere else in memory is fetched */
#define AHEAD 32

/*
 * Have on its way what going through the row of order[v] takes, first where it
 * is, then it. Inlined for certain: GCC takes a function that only prefetches for
 * one without effect.
 */
static pg_attribute_always_inline void
prefetch_row(const GraphProjection *rows, const uint32 *order, uint32 nnodes, uint64 v)
{
	if (v + 2 * AHEAD < nnodes && order[v + 2 * AHEAD] != GRAPH_NO_NODE)
		__builtin_prefetch(&rows->offsets[order[v + 2 * AHEAD]]);
	if (v + AHEAD < nnodes && order[v + AHEAD] != GRAPH_NO_NODE)
		__builtin_prefetch(&rows->ends[rows->offsets[order[v + AHEAD]]]);
}

/* The new number of each node. */
static uint32 *
numbers_of(const uint32 *order, uint32 nnodes, uint32 before, PtBudget *budget)
{
	uint32	   *numbers = pt_alloc(budget, before, sizeof(uint32));

	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		if (order[v] != GRAPH_NO_NODE)
			numbers[order[v]] = v;
	}
	return numbers;
}

GraphProjection *
graph_renumber_weighted(const GraphProjection *rows, const uint32 *order, uint32 nnodes, int flags,
						PtBudget *budget)
{
	GraphProjection *result = create_rows(nnodes, budget);
	uint32	   *numbers = numbers_of(order, nnodes, rows->nnodes, budget);
	uint64		place = 0;

	result->ends = pt_alloc(budget, rows->nedges, sizeof(uint32));
	result->weights = pt_alloc(budget, rows->nedges, sizeof(double));
	for (uint32 v = 0; v < nnodes; v++)
	{
		uint64		size = order[v] == GRAPH_NO_NODE ? 0 : graph_row_size(rows, order[v]);
		uint64		first = size == 0 ? 0 : rows->offsets[order[v]];
		uint32	   *ends = result->ends + place;
		double	   *weights = result->weights + place;

		pt_check_interrupts(v);
		prefetch_row(rows, order, nnodes, v);
		for (uint64 i = 0; i < size; i++)
		{
			pt_check_interrupts(i);
			ends[i] = numbers[rows->ends[first + i]];
			weights[i] = rows->weights[first + i];
		}
		sort_weighted_row(ends, weights, size, budget);
		place += thin_row(ends, weights, size, v, flags);
		result->offsets[v + 1] = place;
	}
	result->nedges = place;
	pt_free(budget, numbers);
	return result;
}

/* ---- turning ---- */

GraphProjection *
graph_turn(const GraphProjection *rows, PtBudget *budget)
{
	GraphProjection *result = create_rows(rows->nnodes, budget);
	uint64	   *offsets = result->offsets;
	const uint32 *ends = rows->ends;
	uint64		nedges = rows->nedges;

	for (uint64 i = 0; i < nedges; i++)
	{
		pt_check_interrupts(i);
		if (i + AHEAD < nedges)
			__builtin_prefetch(&offsets[ends[i + AHEAD] + 1], 1);
		offsets[ends[i] + 1]++;
	}
	add_up(result, budget);
	if (rows->weights != NULL)
		result->weights = pt_alloc(budget, nedges, sizeof(double));
	/* each offset moves to where its row ends, and so to the next one's place */
	for (uint32 v = 0; v < rows->nnodes; v++)
	{
		pt_check_interrupts(v);
		for (uint64 i = rows->offsets[v]; i < rows->offsets[v + 1]; i++)
		{
			pt_check_interrupts(i);
			if (i + 2 * AHEAD < nedges)
				__builtin_prefetch(&offsets[ends[i + 2 * AHEAD]], 1);
			if (i + AHEAD < nedges)
				__builtin_prefetch(&result->ends[offsets[ends[i + AHEAD]]], 1);
			if (rows->weights != NULL)
				result->weights[offsets[ends[i]]] = rows->weights[i];
			result->ends[offsets[ends[i]]++] = v;
		}
	}
	memmove(offsets + 1, offsets, rows->nnodes * sizeof(uint64));
	offsets[0] = 0;
	return result;
}

/* Is the edge of a row left out whatever there is besides? */
static inline bool
is_left_out(uint32 node, uint32 end, int flags)
{
	return (flags & GRAPH_PROJECT_NO_LOOPS) && node == end;
}

/* How many edges lead to each node, as rows number them. */
static uint64 *
count_ends(const GraphProjection *rows, int flags, PtBudget *budget)
{
	uint64	   *counts = pt_alloc(budget, rows->nnodes, sizeof(uint64));

	memset(counts, 0, rows->nnodes * sizeof(uint64));
	for (uint32 v = 0; v < rows->nnodes; v++)
	{
		pt_check_interrupts(v);
		for (uint64 i = rows->offsets[v]; i < rows->offsets[v + 1]; i++)
		{
			pt_check_interrupts(i);
			if (i + AHEAD < rows->nedges)
				__builtin_prefetch(&counts[rows->ends[i + AHEAD]], 1);
			if (!is_left_out(v, rows->ends[i], flags))
				counts[rows->ends[i]]++;
		}
	}
	return counts;
}

/* Rows in the order of new numbers, whose ends have their old ones. */
static GraphProjection *
order_rows(const GraphProjection *rows, const uint32 *order, uint32 nnodes, PtBudget *budget)
{
	GraphProjection *result = create_rows(nnodes, budget);
	uint64		place = 0;

	result->ends = pt_alloc(budget, rows->nedges, sizeof(uint32));
	for (uint32 v = 0; v < nnodes; v++)
	{
		uint64		first = order[v] == GRAPH_NO_NODE ? 0 : rows->offsets[order[v]];
		uint64		size = order[v] == GRAPH_NO_NODE ? 0 : graph_row_size(rows, order[v]);

		pt_check_interrupts(v);
		prefetch_row(rows, order, nnodes, v);
		for (uint64 i = 0; i < size; i++)
		{
			pt_check_interrupts(i);
			result->ends[place + i] = rows->ends[first + i];
		}
		place += size;
		result->offsets[v + 1] = place;
	}
	result->nedges = place;
	return result;
}

/* from so many edges on it does not matter how many a row has */
#define LONG_ROW 4096

/*
 * Places of nodes, by new number, whose rows are to stand in the order of their
 * sizes, which are known by old number.
 */
static void
order_by_size(const uint64 *sizes, const uint32 *order, uint32 nnodes, uint32 *places,
			  PtBudget *budget)
{
	uint32	   *next = pt_alloc(budget, LONG_ROW + 2, sizeof(uint32));

	memset(next, 0, (LONG_ROW + 2) * sizeof(uint32));
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		places[v] = (uint32) Min(sizes[order[v]], LONG_ROW);
		next[places[v] + 1]++;
	}
	for (uint32 size = 1; size <= LONG_ROW; size++)
		next[size] += next[size - 1];
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		places[v] = next[places[v]]++;
	}
	pt_free(budget, next);
}

/*
 * Where rows begin, by new number or by the places that nodes have; and by old
 * number, in place of how many edges lead there, where the next one goes.
 */
static void
begin_turned(GraphProjection *result, const uint32 *order, const uint32 *places, uint64 *next)
{
	for (uint32 v = 0; v < result->nnodes; v++)
	{
		pt_check_interrupts(v);
		if (order[v] != GRAPH_NO_NODE)
			result->offsets[(places == NULL ? v : places[v]) + 1] = next[order[v]];
	}
	for (uint64 v = 0; v < result->nnodes; v++)
	{
		pt_check_interrupts(v);
		result->offsets[v + 1] += result->offsets[v];
	}
	for (uint32 v = 0; v < result->nnodes; v++)
	{
		pt_check_interrupts(v);
		if (order[v] != GRAPH_NO_NODE)
			next[order[v]] = result->offsets[places == NULL ? v : places[v]];
	}
	result->nedges = result->offsets[result->nnodes];
}

/* Give the edges of ordered rows to the rows of their ends. */
static void
turn_ordered(const GraphProjection *ordered, const uint32 *order, const uint32 *places, int flags,
			 uint64 *next, GraphProjection *result)
{
	const uint32 *ends = ordered->ends;

	for (uint32 v = 0; v < ordered->nnodes; v++)
	{
		uint32		place = places == NULL ? v : places[v];

		pt_check_interrupts(v);
		for (uint64 i = ordered->offsets[v]; i < ordered->offsets[v + 1]; i++)
		{
			pt_check_interrupts(i);
			if (i + 2 * AHEAD < ordered->nedges)
			{
				__builtin_prefetch(&next[ends[i + 2 * AHEAD]], 1);
				__builtin_prefetch(&result->ends[next[ends[i + AHEAD]]], 1);
			}
			if (!is_left_out(order[v], ends[i], flags))
				result->ends[next[ends[i]]++] = place;
		}
	}
}

GraphProjection *
graph_turn_numbered(const GraphProjection *rows, const uint32 *order, uint32 nnodes, int flags,
					PtBudget *budget)
{
	GraphProjection *result = create_rows(nnodes, budget);
	uint64	   *next = count_ends(rows, flags, budget);
	GraphProjection *ordered = order_rows(rows, order, nnodes, budget);

	begin_turned(result, order, NULL, next);
	result->ends = pt_alloc(budget, result->nedges, sizeof(uint32));
	turn_ordered(ordered, order, NULL, flags, next, result);
	graph_free_rows(ordered, budget);
	pt_free(budget, next);
	if (flags & GRAPH_PROJECT_MERGE)
		thin_rows(result, flags);
	return result;
}

/* How long ordered rows are, by the places that nodes have. */
static GraphProjection *
sizes_by_place(const GraphProjection *ordered, const uint32 *places, PtBudget *budget)
{
	GraphProjection *result = create_rows(ordered->nnodes, budget);

	for (uint32 v = 0; v < ordered->nnodes; v++)
	{
		pt_check_interrupts(v);
		result->offsets[places[v] + 1] = graph_row_size(ordered, v);
	}
	for (uint64 v = 0; v < ordered->nnodes; v++)
	{
		pt_check_interrupts(v);
		result->offsets[v + 1] += result->offsets[v];
	}
	result->nedges = ordered->nedges;
	return result;
}

GraphProjection *
graph_turn_by_size(const GraphProjection *rows, const uint32 *order, uint32 nnodes,
				   uint32 *places, GraphProjection **sizes, PtBudget *budget)
{
	GraphProjection *result = create_rows(nnodes, budget);
	uint64	   *next = count_ends(rows, 0, budget);
	GraphProjection *ordered = order_rows(rows, order, nnodes, budget);

	order_by_size(next, order, nnodes, places, budget);
	begin_turned(result, order, places, next);
	result->ends = pt_alloc(budget, result->nedges, sizeof(uint32));
	turn_ordered(ordered, order, places, 0, next, result);
	*sizes = sizes_by_place(ordered, places, budget);
	graph_free_rows(ordered, budget);
	pt_free(budget, next);
	return result;
}

/* ---- both ways ---- */

/*
 * A node's two rows as one, from a place of the result on; NULL: only count.
 * Returns how many.
 */
static uint64
join_rows(const GraphProjection *out, const GraphProjection *in, uint32 node, int flags,
		  GraphProjection *result)
{
	uint64		first = result == NULL ? 0 : result->offsets[node];
	uint64		o = out->offsets[node];
	uint64		i = in->offsets[node];
	uint64		count = 0;
	uint32		last = GRAPH_NO_NODE;

	while (o < out->offsets[node + 1] || i < in->offsets[node + 1])
	{
		bool		outward = i == in->offsets[node + 1] ||
			(o < out->offsets[node + 1] && out->ends[o] <= in->ends[i]);
		uint32		end = outward ? out->ends[o] : in->ends[i];
		double		weight = out->weights == NULL ? 1 : outward ? out->weights[o] : in->weights[i];

		pt_check_interrupts(o + i);
		if (outward)
			o++;
		else
			i++;
		if (end == node && (!outward || (flags & GRAPH_PROJECT_NO_LOOPS)))
			continue;
		if (end == last && (flags & GRAPH_PROJECT_MERGE))
		{
			if (result != NULL && result->weights != NULL)
				merge_weight(&result->weights[first + count - 1], weight, flags);
			continue;
		}
		last = end;
		if (result != NULL)
			result->ends[first + count] = end;
		if (result != NULL && result->weights != NULL)
			result->weights[first + count] = weight;
		count++;
	}
	return count;
}

GraphProjection *
graph_both_ways(const GraphProjection *out, const GraphProjection *in, int flags,
				PtBudget *budget)
{
	GraphProjection *rows = create_rows(out->nnodes, budget);

	for (uint32 v = 0; v < rows->nnodes; v++)
	{
		pt_check_interrupts(v);
		rows->offsets[v + 1] = join_rows(out, in, v, flags, NULL);
	}
	add_up(rows, budget);
	if (out->weights != NULL)
		rows->weights = pt_alloc(budget, rows->nedges, sizeof(double));
	for (uint32 v = 0; v < rows->nnodes; v++)
	{
		pt_check_interrupts(v);
		(void) join_rows(out, in, v, flags, rows);
	}
	return rows;
}

GraphProjection *
graph_merge(const GraphProjection *rows, PtBudget *budget)
{
	GraphProjection *result = create_rows(rows->nnodes, budget);
	uint64		place = 0;

	result->ends = pt_alloc(budget, rows->nedges, sizeof(uint32));
	for (uint32 v = 0; v < rows->nnodes; v++)
	{
		uint64		count = graph_row_size(rows, v);

		pt_check_interrupts(v);
		memcpy(result->ends + place, rows->ends + rows->offsets[v], count * sizeof(uint32));
		place += thin_row(result->ends + place, NULL, count, v, GRAPH_PROJECT_MERGE);
		result->offsets[v + 1] = place;
	}
	result->nedges = place;
	return result;
}

void
graph_free_rows(GraphProjection *rows, PtBudget *budget)
{
	pt_free(budget, rows->offsets);
	pt_free(budget, rows->ends);
	pt_free(budget, rows->edges);
	pt_free(budget, rows->weights);
	pfree(rows);
}
