/*
 * What the two limits share: the graph in arrays.
 */
#include <stdlib.h>

#include "rows.h"

static long nodes;
static Rows out_rows;
static Rows in_rows;
static Rows both_rows;

/* The list is sorted, so each row is. */
static Rows
build(const uint32_t *edge, size_t n, int from)
{
	Rows		rows;
	uint32_t   *next = rival_alloc((nodes + 1) * sizeof(uint32_t));

	rows.first = rival_alloc((nodes + 1) * sizeof(uint32_t));
	rows.end = rival_alloc(n * sizeof(uint32_t));
	for (size_t i = 0; i < n; i++)
		rows.first[edge[2 * i + from] + 1]++;
	for (long i = 0; i < nodes; i++)
	{
		rows.first[i + 1] += rows.first[i];
		next[i] = rows.first[i];
	}
	for (size_t i = 0; i < n; i++)
		rows.end[next[edge[2 * i + from]]++] = edge[2 * i + 1 - from];
	free(next);
	return rows;
}

void
rows_load(const Setup *setup)
{
	size_t		n;
	uint32_t   *edge = rival_edges(setup, &n);

	nodes = setup->nodes;
	out_rows = build(edge, n, 0);
	in_rows = build(edge, n, 1);
	free(edge);
}

/* Merge what leaves a node and what enters it. Returns the end of the row. */
static uint32_t
merge_row(long node, uint32_t at)
{
	uint32_t	o = out_rows.first[node];
	uint32_t	i = in_rows.first[node];

	while (o < out_rows.first[node + 1] || i < in_rows.first[node + 1])
	{
		uint32_t	out = o < out_rows.first[node + 1] ? out_rows.end[o] : UINT32_MAX;
		uint32_t	in = i < in_rows.first[node + 1] ? in_rows.end[i] : UINT32_MAX;

		both_rows.end[at++] = out < in ? out : in;
		o += out <= in;
		i += in <= out;
	}
	return at;
}

static const Rows *
both(void)
{
	if (!both_rows.first)
	{
		both_rows.first = rival_alloc((nodes + 1) * sizeof(uint32_t));
		both_rows.end = rival_alloc(2 * (size_t) out_rows.first[nodes] * sizeof(uint32_t));
		for (long node = 0; node < nodes; node++)
			both_rows.first[node + 1] = merge_row(node, both_rows.first[node]);
	}
	return &both_rows;
}

/* The edges that a question follows. */
const Rows *
rows_ahead(const Question *question)
{
	return question->both ? both() : question->in ? &in_rows : &out_rows;
}

/* The same edges from their other ends. */
const Rows *
rows_back(const Question *question)
{
	return question->both ? both() : question->in ? &out_rows : &in_rows;
}
