/*
 * graph_rows.c
 *		A graph's rows both ways, over nodes in an order of one's own.
 *
 * Rows are turned by counting: edges are visited by ascending source, and so
 * come to the rows of their targets in that order.
 */
#include "postgres.h"

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

/* ---- renumbering ---- */

/* rows up to this long are sorted by insertion: most are */
#define SHORT_ROW 24

static int
compare_ends(const void *a, const void *b, void *arg)
{
	uint32		x = *(const uint32 *) a;
	uint32		y = *(const uint32 *) b;

	return x < y ? -1 : x > y;
}

static void
sort_row(uint32 *ends, uint64 count)
{
	if (count > SHORT_ROW)
	{
		pt_sort(ends, count, sizeof(uint32), compare_ends, NULL);
		return;
	}
	for (uint64 i = 1; i < count; i++)
	{
		uint32		end = ends[i];
		uint64		to = i;

		for (; to > 0 && ends[to - 1] > end; to--)
			ends[to] = ends[to - 1];
		ends[to] = end;
	}
}

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

/* What parallel edges weigh together: one below 0 is not made up for by others. */
static void
merge_weight(double *weight, double other, int flags)
{
	bool		adds = (flags & GRAPH_PROJECT_SUM) && *weight >= 0 && other >= 0;

	*weight = adds ? *weight + other : Min(*weight, other);
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

/* Sort a row that has been written, and thin it. Returns how much is left. */
static uint64
finish_row(GraphProjection *rows, uint64 first, uint64 count, uint32 node, int flags,
		   PtBudget *budget)
{
	uint32	   *ends = rows->ends + first;
	double	   *weights = rows->weights == NULL ? NULL : rows->weights + first;

	if (weights == NULL)
		sort_row(ends, count);
	else
		sort_weighted_row(ends, weights, count, budget);
	return flags == 0 ? count : thin_row(ends, weights, count, node, flags);
}

/* how far ahead what is somewhere else in memory is fetched */
#define AHEAD 32

/* The ends of all edges, by their new numbers. */
static void
renumber_ends(uint32 *ends, const GraphProjection *rows, const uint32 *numbers)
{
	for (uint64 i = 0; i < rows->nedges; i++)
	{
		pt_check_interrupts(i);
		if (i + AHEAD < rows->nedges)
			__builtin_prefetch(&numbers[rows->ends[i + AHEAD]]);
		ends[i] = numbers[rows->ends[i]];
	}
}

/*
 * Have on its way what moving the row of order[v] takes, first where it is, then it.
 * Inlined for certain: GCC takes a function that only prefetches for one without effect.
 */
static pg_attribute_always_inline void
prefetch_row(const GraphProjection *rows, const uint32 *ends, const uint32 *order, uint32 nnodes, uint64 v)
{
	if (v + AHEAD < nnodes && order[v + AHEAD] < rows->nnodes)
		__builtin_prefetch(&rows->offsets[order[v + AHEAD]]);
	if (v + AHEAD / 2 < nnodes && order[v + AHEAD / 2] < rows->nnodes)
		__builtin_prefetch(&ends[rows->offsets[order[v + AHEAD / 2]]]);
}

GraphProjection *
graph_renumber(const GraphProjection *rows, const uint32 *order, const uint32 *numbers,
			   uint32 nnodes, int flags, PtBudget *budget)
{
	GraphProjection *result = create_rows(nnodes, budget);
	uint32	   *ends = pt_alloc(budget, rows->nedges, sizeof(uint32));
	uint64		place = 0;

	renumber_ends(ends, rows, numbers);
	result->ends = pt_alloc(budget, rows->nedges, sizeof(uint32));
	if (rows->weights != NULL)
		result->weights = pt_alloc(budget, rows->nedges, sizeof(double));
	for (uint32 v = 0; v < nnodes; v++)
	{
		uint32		row = order[v];
		uint64		size = row < rows->nnodes ? graph_row_size(rows, row) : 0;

		pt_check_interrupts(v);
		prefetch_row(rows, ends, order, nnodes, v);
		if (size > 0)
		{
			memcpy(result->ends + place, ends + rows->offsets[row], size * sizeof(uint32));
			if (rows->weights != NULL)
				memcpy(result->weights + place, rows->weights + rows->offsets[row], size * sizeof(double));
			size = finish_row(result, place, size, v, flags, budget);
		}
		place += size;
		result->offsets[v + 1] = place;
	}
	result->nedges = place;
	pt_free(budget, ends);
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
