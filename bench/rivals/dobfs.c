/*
 * The second limit: direction-optimising breadth-first search over the same
 * arrays as csr.c. Where the frontier has many edges, the nodes not yet visited
 * look back for a neighbour in it, and one is enough. Beamer, Asanovic and
 * Patterson, "Direction-Optimizing Breadth-First Search" (2012); when to turn is
 * decided as in the bfs of the GAP benchmark suite, with its alpha and beta:
 * the frontier is a queue that slides along for steps ahead, and a bitmap for
 * steps back. One thread.
 */
#include <stdlib.h>
#include <string.h>

#include "rows.h"

#define ALPHA 15
#define BETA 18

typedef struct Search
{
	const Question *question;
	const Rows *ahead;
	const Rows *back;
	long		head;			/* the frontier is queue[head .. tail-1] */
	long		tail;
	long		level;
	long		levels;			/* the last one that found a node */
	long		count;			/* nodes visited */
	long		touched;
	bool		has_turned;		/* the queue does not have all visited nodes */
} Search;

static long nodes;
static size_t words;
static uint64_t *visited;
static uint64_t *front;
static uint64_t *found;
static uint32_t *queue;
static uint32_t *distance;		/* of the node in the same place of the queue */

static inline bool
has_bit(const uint64_t *map, uint32_t node)
{
	return map[node >> 6] >> (node & 63) & 1;
}

static inline void
set_bit(uint64_t *map, uint32_t node)
{
	map[node >> 6] |= UINT64_C(1) << (node & 63);
}

static inline void
push(Search *s, uint32_t node)
{
	if (s->question->rows)
		distance[s->tail] = (uint32_t) s->level;
	queue[s->tail++] = node;
}

/* The next level becomes the queue's. Returns the number of edges that leave it. */
static long
step_ahead(Search *s)
{
	const Rows *rows = s->ahead;
	long		level_end = s->tail;
	long		scout = 0;

	s->level++;
	for (; s->head < level_end; s->head++)
	{
		uint32_t	node = queue[s->head];

		s->touched += rows->first[node + 1] - rows->first[node];
		for (uint32_t i = rows->first[node]; i < rows->first[node + 1]; i++)
		{
			uint32_t	other = rows->end[i];

			if (has_bit(visited, other))
				continue;
			set_bit(visited, other);
			scout += rows->first[other + 1] - rows->first[other];
			push(s, other);
		}
	}
	if (s->tail > level_end)
		s->levels = s->level;
	s->count += s->tail - level_end;
	return scout;
}

/* Of 64 nodes those, not visited, that have a neighbour in the frontier. */
static inline uint64_t
look_back(Search *s, size_t word)
{
	const Rows *rows = s->back;
	uint64_t	here = 0;

	for (uint64_t open = ~visited[word]; open; open &= open - 1)
	{
		uint32_t	node = (uint32_t) (word << 6) + (uint32_t) __builtin_ctzll(open);
		uint32_t	i = rows->first[node];

		while (i < rows->first[node + 1] && !has_bit(front, rows->end[i]))
			i++;
		if (i < rows->first[node + 1])
		{
			here |= open & -open;
			i++;
		}
		s->touched += i - rows->first[node];
	}
	return here;
}

/* The next level becomes the bitmap's. Returns its number of nodes. */
static long
step_back(Search *s)
{
	uint64_t   *swapped = front;
	long		awake = 0;

	s->level++;
	for (size_t word = 0; word < words; word++)
	{
		uint64_t	here = look_back(s, word);

		found[word] = here;
		visited[word] |= here;
		awake += __builtin_popcountll(here);
	}
	front = found;
	found = swapped;
	if (awake > 0)
		s->levels = s->level;
	s->count += awake;
	return awake;
}

static void
queue_to_bitmap(const Search *s)
{
	memset(front, 0, words * sizeof(uint64_t));
	for (long i = s->head; i < s->tail; i++)
		set_bit(front, queue[i]);
}

static void
bitmap_to_queue(Search *s)
{
	s->head = s->tail;
	for (size_t word = 0; word < words; word++)
		for (uint64_t rest = front[word]; rest; rest &= rest - 1)
			push(s, (uint32_t) (word << 6) + (uint32_t) __builtin_ctzll(rest));
}

/* Steps back while the frontier grows or is large; then it is the queue's again. */
static void
turn_back(Search *s)
{
	long		awake = s->tail - s->head;
	long		before;

	queue_to_bitmap(s);
	s->has_turned = true;
	do
	{
		before = awake;
		awake = step_back(s);
		if (s->question->rows)
			bitmap_to_queue(s);
	} while ((awake >= before || awake > nodes / BETA) && s->level != s->question->hops);
	if (!s->question->rows)
		bitmap_to_queue(s);
}

static void
search(Search *s)
{
	long		to_check = s->ahead->first[nodes];
	long		scout = s->ahead->first[queue[0] + 1] - s->ahead->first[queue[0]];

	while (s->head < s->tail && s->level != s->question->hops)
	{
		if (scout > to_check / ALPHA)
		{
			turn_back(s);
			scout = 1;
		}
		else
		{
			to_check -= scout;
			scout = step_ahead(s);
		}
	}
}

/* Nodes behind the last count as visited, so that nobody asks for their rows. */
static void
forget(const Search *s)
{
	if (s->has_turned)
	{
		memset(visited, 0, words * sizeof(uint64_t));
		if (nodes % 64 != 0)
			visited[words - 1] = ~UINT64_C(0) << (nodes % 64);
	}
	else
		for (long i = 0; i < s->tail; i++)
			visited[queue[i] >> 6] &= ~(UINT64_C(1) << (queue[i] & 63));
}

void
rival_load(const Setup *setup)
{
	rows_load(setup);
	nodes = setup->nodes;
	words = ((size_t) nodes + 63) / 64;
	visited = rival_alloc(words * sizeof(uint64_t));
	front = rival_alloc(words * sizeof(uint64_t));
	found = rival_alloc(words * sizeof(uint64_t));
	queue = rival_alloc(nodes * sizeof(uint32_t));
	distance = rival_alloc(nodes * sizeof(uint32_t));
	forget(&(Search) {.has_turned = true});
	rival_say("version", "gcc " __VERSION__);
	rival_say("settings", "-O2, one thread, one bit a node for visited, alpha 15, beta 18");
	rival_say("query", "queue and bitmap, ahead or back by level; rows: arrays of nodes and distances");
}

Answer
rival_ask(const Question *question)
{
	Search		s = {.question = question, .ahead = rows_ahead(question), .back = rows_back(question)};

	push(&s, (uint32_t) atol(question->start));
	set_bit(visited, queue[0]);
	s.count = 1;
	search(&s);
	forget(&s);
	for (long i = 1; question->into && i < s.tail; i++)
		rival_row(question, queue[i], distance[i]);
	return (Answer) {.count = s.count - 1, .touched = s.touched, .levels = s.levels};
}
