/*
 * The limit: breadth-first search over compressed sparse rows in the memory of
 * one process. No database, no transactions, no keys, nothing shared; what a C
 * programmer writes in an afternoon. Nobody answers faster with this method;
 * dobfs.c has a better one.
 */
#include <stdlib.h>

#include "rows.h"

static uint8_t *visited;
static uint32_t *queue;
static uint32_t *distance;

void
rival_load(const Setup *setup)
{
	rows_load(setup);
	visited = rival_alloc(setup->nodes);
	queue = rival_alloc(setup->nodes * sizeof(uint32_t));
	distance = rival_alloc(setup->nodes * sizeof(uint32_t));
	rival_say("version", "gcc " __VERSION__);
	rival_say("settings", "-O2, one thread, one byte a node for visited");
	rival_say("query", "queue and visited array; rows: arrays of nodes and distances");
}

Answer
rival_ask(const Question *question)
{
	const Rows *rows = rows_ahead(question);
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
	for (long i = 1; question->into && i < tail; i++)
		rival_row(question, queue[i], distance[i]);
	return (Answer) {.count = tail - 1, .touched = touched, .levels = level};
}
