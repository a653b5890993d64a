/*
 * The limit of algorithms over the whole graph: plain C over arrays in one
 * process, one thread, nodes numbered from 0, what a programmer writes who has
 * the textbook open. No database, no keys, no visibility, nothing shared. Nodes
 * are those that an edge has, as in a table of edges.
 *
 * Called with EDGES NODES, it loads the graph and answers lines of standard
 * input, each the name of an algorithm, with a checksum of the answer and the
 * microseconds that it took on rows that are there already; "rows" makes these.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rival.h"

#define DAMPING 0.85
#define ITERATIONS 10

typedef struct Rows
{
	uint32_t   *first;			/* nodes + 1 */
	uint32_t   *end;
} Rows;

static uint32_t *edge;			/* source, target, source, target, ... */
static size_t nedges;
static uint32_t nodes;
static Rows out_rows;
static Rows in_rows;

static Rows
make_rows(int from)
{
	Rows		rows = {rival_alloc(((size_t) nodes + 2) * sizeof(uint32_t)), rival_alloc(nedges * sizeof(uint32_t))};

	for (size_t i = 0; i < nedges; i++)
		rows.first[edge[2 * i + from] + 2]++;
	for (uint32_t v = 2; v < nodes + 2; v++)
		rows.first[v] += rows.first[v - 1];
	for (size_t i = 0; i < nedges; i++)
		rows.end[rows.first[edge[2 * i + from] + 1]++] = edge[2 * i + 1 - from];
	return rows;
}

static double
all_rows(void)
{
	free(out_rows.first);
	free(out_rows.end);
	free(in_rows.first);
	free(in_rows.end);
	out_rows = make_rows(0);
	in_rows = make_rows(1);
	return nedges;
}

/* ---- weakly connected components: union by index, paths halved ---- */

static uint32_t
find(uint32_t *parent, uint32_t v)
{
	while (parent[v] != v)
		v = parent[v] = parent[parent[v]];
	return v;
}

static double
components(void)
{
	uint32_t   *parent = rival_alloc(nodes * sizeof(uint32_t));
	double		count = 0;

	for (uint32_t v = 0; v < nodes; v++)
		parent[v] = v;
	for (uint32_t v = 0; v < nodes; v++)
	{
		for (uint32_t i = out_rows.first[v]; i < out_rows.first[v + 1]; i++)
		{
			uint32_t	a = find(parent, v);
			uint32_t	b = find(parent, out_rows.end[i]);

			if (a < b)
				parent[b] = a;
			else
				parent[a] = b;
		}
	}
	for (uint32_t v = 0; v < nodes; v++)
		count += find(parent, v) == v;
	free(parent);
	return count;
}

/* ---- strongly connected components: Tarjan (1972), with a stack of its own ---- */

static double
strong(void)
{
	uint32_t   *number = rival_alloc(nodes * sizeof(uint32_t));
	uint32_t   *low = rival_alloc(nodes * sizeof(uint32_t));
	uint32_t   *next = rival_alloc(nodes * sizeof(uint32_t));
	uint32_t   *path = rival_alloc(nodes * sizeof(uint32_t));
	uint32_t   *stack = rival_alloc(nodes * sizeof(uint32_t));
	uint32_t	npath = 0;
	uint32_t	nstack = 0;
	uint32_t	numbered = 0;
	double		count = 0;

	for (uint32_t root = 0; root < nodes; root++)
	{
		if (number[root] != 0)
			continue;
		path[npath++] = stack[nstack++] = root;
		number[root] = low[root] = ++numbered;
		next[root] = out_rows.first[root];
		while (npath > 0)
		{
			uint32_t	v = path[npath - 1];

			if (next[v] < out_rows.first[v + 1])
			{
				uint32_t	w = out_rows.end[next[v]++];

				if (number[w] == 0)
				{
					path[npath++] = stack[nstack++] = w;
					number[w] = low[w] = ++numbered;
					next[w] = out_rows.first[w];
				}
				else if (number[w] < low[v])
					low[v] = number[w];
				continue;
			}
			npath--;
			if (npath > 0 && low[v] < low[path[npath - 1]])
				low[path[npath - 1]] = low[v];
			if (low[v] == number[v])
			{
				count++;
				do
				{
					/* no longer less than anything */
					number[stack[--nstack]] = UINT32_MAX;
				} while (stack[nstack] != v);
			}
		}
	}
	free(number);
	free(low);
	free(next);
	free(path);
	free(stack);
	return count;
}

/* ---- k-core: Batagelj and Zaversnik (2003), of the simple undirected graph ---- */

/* Both rows of each node as one, each end once; both are sorted. */
static Rows
undirected(void)
{
	Rows		both = {rival_alloc(((size_t) nodes + 1) * sizeof(uint32_t)), rival_alloc(2 * nedges * sizeof(uint32_t))};
	uint32_t	n = 0;

	for (uint32_t v = 0; v < nodes; v++)
	{
		uint32_t	o = out_rows.first[v];
		uint32_t	i = in_rows.first[v];

		while (o < out_rows.first[v + 1] || i < in_rows.first[v + 1])
		{
			uint32_t	a = o < out_rows.first[v + 1] ? out_rows.end[o] : UINT32_MAX;
			uint32_t	b = i < in_rows.first[v + 1] ? in_rows.end[i] : UINT32_MAX;

			o += a <= b;
			i += b <= a;
			both.end[n] = a < b ? a : b;
			n += both.end[n] != v;
		}
		both.first[v + 1] = n;
	}
	return both;
}

static double
core(void)
{
	Rows		both = undirected();
	uint32_t   *degree = rival_alloc(nodes * sizeof(uint32_t));
	uint32_t   *place = rival_alloc(nodes * sizeof(uint32_t));
	uint32_t   *order = rival_alloc(nodes * sizeof(uint32_t));
	uint32_t   *start;
	uint32_t	most = 0;
	double		sum = 0;

	for (uint32_t v = 0; v < nodes; v++)
	{
		degree[v] = both.first[v + 1] - both.first[v];
		if (degree[v] > most)
			most = degree[v];
	}
	start = rival_alloc((most + 2) * sizeof(uint32_t));
	for (uint32_t v = 0; v < nodes; v++)
		start[degree[v] + 1]++;
	for (uint32_t d = 1; d <= most + 1; d++)
		start[d] += start[d - 1];
	for (uint32_t v = 0; v < nodes; v++)
		order[place[v] = start[degree[v]]++] = v;
	memmove(start + 1, start, (most + 1) * sizeof(uint32_t));
	start[0] = 0;
	for (uint32_t i = 0; i < nodes; i++)
	{
		uint32_t	v = order[i];

		sum += degree[v];
		for (uint32_t e = both.first[v]; e < both.first[v + 1]; e++)
		{
			uint32_t	u = both.end[e];

			if (degree[u] > degree[v])
			{
				uint32_t	first = start[degree[u]];
				uint32_t	w = order[first];

				order[first] = u;
				order[place[u]] = w;
				place[w] = place[u];
				place[u] = first;
				start[degree[u]]++;
				degree[u]--;
			}
		}
	}
	free(both.first);
	free(both.end);
	free(degree);
	free(place);
	free(order);
	free(start);
	return sum;
}

/* ---- PageRank as LDBC Graphalytics defines it: so many iterations ---- */

static double
pagerank(void)
{
	double	   *rank = rival_alloc(nodes * sizeof(double));
	double	   *share = rival_alloc(nodes * sizeof(double));
	double		greatest = 0;

	for (uint32_t v = 0; v < nodes; v++)
		rank[v] = 1.0 / nodes;
	for (int k = 0; k < ITERATIONS; k++)
	{
		double		lost = 0;
		double		base;

		for (uint32_t v = 0; v < nodes; v++)
		{
			uint32_t	degree = out_rows.first[v + 1] - out_rows.first[v];

			if (degree == 0)
				lost += rank[v];
			else
				share[v] = rank[v] / degree;
		}
		base = (1 - DAMPING) / nodes + DAMPING * lost / nodes;
		for (uint32_t v = 0; v < nodes; v++)
		{
			double		sum = 0;

			for (uint32_t i = in_rows.first[v]; i < in_rows.first[v + 1]; i++)
				sum += share[in_rows.end[i]];
			rank[v] = base + DAMPING * sum;
		}
	}
	for (uint32_t v = 0; v < nodes; v++)
		if (rank[v] > greatest)
			greatest = rank[v];
	free(rank);
	free(share);
	return greatest;
}

static const struct
{
	const char *name;
	double		(*run) (void);
} algorithms[] = {
	{"rows", all_rows},
	{"components", components},
	{"strong", strong},
	{"core", core},
	{"pagerank", pagerank},
};

/* Nodes without an edge go; the others keep their order. */
static void
number_nodes(uint32_t most)
{
	uint32_t   *number = rival_alloc(most * sizeof(uint32_t));

	for (size_t i = 0; i < 2 * nedges; i++)
		number[edge[i]] = 1;
	for (uint32_t v = 0; v < most; v++)
		if (number[v])
			number[v] = nodes++;
	for (size_t i = 0; i < 2 * nedges; i++)
		edge[i] = number[edge[i]];
	free(number);
}

static double
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

int
main(int argc, char **argv)
{
	char		line[64];

	if (argc != 3)
	{
		fprintf(stderr, "usage: %s EDGES NODES\n", argv[0]);
		return 2;
	}
	edge = rival_edges(&(Setup) {.edges = argv[1]}, &nedges);
	number_nodes((uint32_t) atol(argv[2]));
	all_rows();
	printf("ready\n");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin))
	{
		line[strcspn(line, "\n")] = '\0';
		for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++)
		{
			if (strcmp(line, algorithms[i].name) == 0)
			{
				double		begun = now_us();
				double		answer = algorithms[i].run();

				printf("%s\t%.1f\t%.12g\n", line, now_us() - begun, answer);
			}
		}
		fflush(stdout);
	}
	return 0;
}
