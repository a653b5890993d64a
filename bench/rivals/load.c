/*
 * What programs in C share that load a graph: reading edges, and talking.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rival.h"

void
rival_die(const char *format, ...)
{
	va_list		arguments;

	printf("error\t");
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
	fflush(stdout);
	exit(1);
}

/* One line, whatever the text has. */
void
rival_say(const char *what, const char *text)
{
	printf("%s\t", what);
	for (; *text; text++)
		putchar(*text == '\n' || *text == '\t' ? ' ' : *text);
	putchar('\n');
}

void *
rival_alloc(size_t size)
{
	void	   *memory = calloc(1, size ? size : 1);

	if (!memory)
		rival_die("no memory for %zu bytes", size);
	return memory;
}

/* The edge list as source, target, source, target, ... */
uint32_t *
rival_edges(const Setup *setup, size_t *n)
{
	FILE	   *file = fopen(setup->edges, "r");
	size_t		allocated = 1 << 20;
	uint32_t   *edge = rival_alloc(2 * allocated * sizeof(uint32_t));
	char		line[64];

	if (!file)
		rival_die("%s: %s", setup->edges, strerror(errno));
	*n = 0;
	while (fgets(line, sizeof(line), file))
	{
		char	   *tab;

		if (*n == allocated)
		{
			allocated *= 2;
			edge = realloc(edge, 2 * allocated * sizeof(uint32_t));
			if (!edge)
				rival_die("no memory for the edges");
		}
		edge[2 * *n] = (uint32_t) strtoul(line, &tab, 10);
		edge[2 * *n + 1] = (uint32_t) strtoul(tab, NULL, 10);
		(*n)++;
	}
	fclose(file);
	return edge;
}
