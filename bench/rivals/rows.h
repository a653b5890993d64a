/*
 * A graph as compressed sparse rows: the other ends of the edges of a node lie
 * side by side, sorted, from end[first[node]] to before end[first[node + 1]].
 */
#ifndef ROWS_H
#define ROWS_H

#include "rival.h"

typedef struct Rows
{
	uint32_t   *first;			/* nodes + 1 */
	uint32_t   *end;
} Rows;

/* The rows of all directions. Those of both, each neighbour once, are made when first asked for. */
extern void rows_load(const Setup *setup);
extern const Rows *rows_ahead(const Question *question);
extern const Rows *rows_back(const Question *question);

#endif
