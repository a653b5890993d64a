/*
 * generate KIND NODES EDGES SEED: a graph from a seed, to standard output.
 *
 * One edge a line, "source<TAB>target", sorted by both, each edge once and no
 * self-loops, so that every rival loads the same list and a checksum of it says
 * that two runs measured the same graph. Nodes are 0 .. NODES-1. Integers only:
 * the same list on every machine.
 *
 *   band       i -> i+1, i+2, i+3; EDGES does not matter
 *   code       60 % of the edges go to a neighbour at most 50 away, the rest to
 *              hubs: target NODES * u^4 for u uniform in [0,1)
 *   kronecker  R-MAT with 0.57, 0.19, 0.19, 0.05 as in Graph500, node numbers
 *              scattered; NODES must be a power of 2
 *   chain      i -> i+1
 *   star       the first half of the nodes -> node 0 -> the second half
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct EdgeList
{
	uint64_t   *edge;			/* source << 32 | target */
	size_t		n;
	size_t		allocated;
} EdgeList;

static uint64_t random_state;

/* splitmix64, Steele, Lea and Flood 2014 */
static uint64_t
random_bits(void)
{
	uint64_t	z = (random_state += 0x9E3779B97F4A7C15u);

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

/* Uniform enough in 0 .. limit-1: limit is far below 2^32. */
static uint64_t
random_below(uint64_t limit)
{
	return (random_bits() >> 32) * limit >> 32;
}

static void
add(EdgeList *list, uint64_t source, uint64_t target)
{
	if (list->n == list->allocated)
	{
		list->allocated = list->allocated ? 2 * list->allocated : 1024;
		list->edge = realloc(list->edge, list->allocated * sizeof(uint64_t));
		if (!list->edge)
		{
			perror("generate");
			exit(1);
		}
	}
	if (source != target)
		list->edge[list->n++] = source << 32 | target;
}

static void
band(EdgeList *list, uint64_t nodes)
{
	for (uint64_t i = 0; i < nodes; i++)
		for (uint64_t step = 1; step <= 3; step++)
			if (i + step < nodes)
				add(list, i, i + step);
}

static void
code(EdgeList *list, uint64_t nodes, uint64_t edges)
{
	for (uint64_t i = 0; i < edges; i++)
	{
		uint64_t	source = i * nodes / edges;
		uint64_t	target;

		if (random_below(100) < 60)
		{
			int64_t		near = (int64_t) source + (int64_t) random_below(101) - 50;

			target = near < 0 ? 0 : near >= (int64_t) nodes ? nodes - 1 : (uint64_t) near;
		}
		else
		{
			uint64_t	u = random_bits() >> 32;

			u = u * u >> 32;
			u = u * u >> 32;
			target = nodes * u >> 32;
		}
		add(list, source, target);
	}
}

/* A permutation of 0 .. nodes-1, for a power of 2: odd multiplier and shift. */
static uint64_t
scatter(uint64_t node, uint64_t nodes)
{
	uint64_t	mask = nodes - 1;

	node = node * 0x9E3779B1u & mask;
	node ^= node >> 7;
	return node * 0x85EBCA77u & mask;
}

static void
kronecker(EdgeList *list, uint64_t nodes, uint64_t edges)
{
	for (uint64_t i = 0; i < edges; i++)
	{
		uint64_t	source = 0;
		uint64_t	target = 0;

		for (uint64_t bit = 1; bit < nodes; bit <<= 1)
		{
			uint64_t	r = random_below(100);

			if (r >= 76)
				source |= bit;
			if ((r >= 57 && r < 76) || r >= 95)
				target |= bit;
		}
		add(list, scatter(source, nodes), scatter(target, nodes));
	}
}

static void
star(EdgeList *list, uint64_t nodes)
{
	for (uint64_t i = 1; i < nodes; i++)
	{
		if (i < nodes / 2)
			add(list, i, 0);
		else
			add(list, 0, i);
	}
}

static int
compare(const void *a, const void *b)
{
	uint64_t	x = *(const uint64_t *) a;
	uint64_t	y = *(const uint64_t *) b;

	return x < y ? -1 : x > y;
}

static void
write_sorted(EdgeList *list)
{
	qsort(list->edge, list->n, sizeof(uint64_t), compare);
	for (size_t i = 0; i < list->n; i++)
		if (i == 0 || list->edge[i] != list->edge[i - 1])
			printf("%llu\t%llu\n", (unsigned long long) (list->edge[i] >> 32),
				   (unsigned long long) (list->edge[i] & 0xFFFFFFFFu));
	if (fflush(stdout) != 0 || ferror(stdout))
	{
		perror("generate");
		exit(1);
	}
}

int
main(int argc, char **argv)
{
	EdgeList	list = {0};
	uint64_t	nodes = argc == 5 ? strtoull(argv[2], NULL, 10) : 0;
	uint64_t	edges = argc == 5 ? strtoull(argv[3], NULL, 10) : 0;

	if (nodes < 2 || nodes > UINT32_MAX)
	{
		fprintf(stderr, "usage: generate band|code|kronecker|chain|star NODES EDGES SEED\n");
		return 2;
	}
	random_state = strtoull(argv[4], NULL, 10);
	if (strcmp(argv[1], "band") == 0)
		band(&list, nodes);
	else if (strcmp(argv[1], "code") == 0 && edges > 0)
		code(&list, nodes, edges);
	else if (strcmp(argv[1], "kronecker") == 0 && (nodes & (nodes - 1)) == 0)
		kronecker(&list, nodes, edges);
	else if (strcmp(argv[1], "chain") == 0)
		for (uint64_t i = 0; i + 1 < nodes; i++)
			add(&list, i, i + 1);
	else if (strcmp(argv[1], "star") == 0)
		star(&list, nodes);
	else
	{
		fprintf(stderr, "generate: bad kind or size: %s %s %s\n", argv[1], argv[2], argv[3]);
		return 2;
	}
	write_sorted(&list);
	return 0;
}
