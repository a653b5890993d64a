/*
 * What a rival written in C provides; rival.c asks.
 *
 * The program is called with GRAPH EDGES NODES FOLDER [MORE]: a name, the file
 * that generate wrote, the number of nodes, a folder of its own. It loads the
 * graph and then answers questions, one a line (see rival.c).
 */
#ifndef RIVAL_H
#define RIVAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct Setup
{
	const char *graph;			/* name */
	const char *edges;			/* path of the edge list */
	const char *folder;			/* where the rival may keep files */
	const char *more;			/* further argument or NULL */
	long		nodes;
} Setup;

typedef struct Question
{
	bool		in;				/* against the edges' direction */
	bool		both;			/* either way; only some rivals are asked that */
	bool		rows;			/* nodes and distances, or only their count */
	FILE	   *into;			/* where rows are written, or NULL: see rival_row */
	long		hops;			/* -1: no bound */
	long		levels;			/* an upper bound of the answer's distances */
	const char *start;
} Question;

/* Nodes other than the start that are reached. */
typedef struct Answer
{
	long		count;
	long		touched;		/* edges looked at, or -1 if not known */
	long		levels;			/* greatest distance, or -1 if not known */
} Answer;

/* The rival: load says version, settings and queries, too. */
extern void rival_load(const Setup *setup);
extern Answer rival_ask(const Question *question);

/*
 * rival.c: one row of the answer, for a question with a file, as "node" or, where the
 * query gives distances, "node<TAB>distance".
 */
extern void rival_row(const Question *question, long node, long distance);

/* load.c */
extern void rival_say(const char *what, const char *text);
extern void rival_die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
extern void *rival_alloc(size_t size);
extern uint32_t *rival_edges(const Setup *setup, size_t *n);

#endif
