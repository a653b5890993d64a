/*
 * The limit: breadth-first search over compressed sparse rows in the memory of
 * one process. No database, no transactions, no keys, nothing shared; what a C
 * programmer writes in an afternoon. Nobody answers faster with this method.
 */
#include <stdlib.h>

#include "rival.h"

typedef struct Rows
{
	uint32_t   *first;			/* nodes + 1 */
	uint32_t   *end;			/* the other end of each edge */
} Rows;

static Rows out_rows;
static Rows in_rows;
static long nodes;
static uint8_t *visited;
static uint32_t *queue;
static uint32_t *distance;

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
rival_load(const Setup *setup)
{
	size_t		n;
	uint32_t   *edge = rival_edges(setup, &n);

	nodes = setup->nodes;
	out_rows = build(edge, n, 0);
	in_rows = build(edge, n, 1);
	free(edge);
	visited = rival_alloc(nodes);
	queue = rival_alloc(nodes * sizeof(uint32_t));
	distance = rival_alloc(nodes * sizeof(uint32_t));
	rival_say("version", "gcc " __VERSION__);
	rival_say("settings", "-O2, one thread, one byte a node for visited");
	rival_say("query", "queue and visited array; rows: arrays of nodes and distances");
}

Answer
rival_ask(const Question *question)
{
	const Rows *rows = question->in ? &in_rows : &out_rows;
	long		head = 0;
	long		tail = 0;
	long		level = 0;
	long		touched = 0;

	queue[tail++] = (uint32_t) atol(question->start);
	visited[queue[0]] = 1;
	distance[0] = 0;
	while (head < tail && level != question->hops)
	{
		long		level_end = tail;

		level++;
		for (; head < level_end; head++)
		{
			uint32_t	node = queue[head];

			touched += rows->first[node + 1] - rows->first[node];
			for (uint32_t i = rows->first[node]; i < rows->first[node + 1]; i++)
			{
				uint32_t	other = rows->end[i];

				if (visited[other])
					continue;
				visited[other] = 1;
				if (question->rows)
					distance[tail] = (uint32_t) level;
				queue[tail++] = other;
			}
		}
		if (tail == level_end)
		{
			level--;
			break;
		}
	}
	for (long i = 0; i < tail; i++)
		visited[queue[i]] = 0;
	return (Answer) {.count = tail - 1, .touched = touched, .levels = level};
}
