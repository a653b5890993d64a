/*
 * work.h
 *		Files of a tree, read by several threads into a database or a stream.
 */
#ifndef WORK_H
#define WORK_H

#include "tree.h"

typedef struct Options
{
	const char *tree;
	const char *conninfo;		/* or NULL */
	const char *graph;			/* or NULL */
	const char *prefix;			/* before all paths: "" or with a slash at its end */
	int			threads;
	bool		json;
	bool		with_code;
	bool		with_ignored;
	bool		create;
	bool		update;
	bool		resolve;
	bool		quiet;
	bool		verbose;
	uint64_t	max_bytes;		/* of a file */
	double		max_seconds;	/* for a file */
} Options;

/* Index the tree. False, after a message, if that was given up. */
extern bool work_index(const Options *options, const SourceTree *tree);

/* Set by a signal: stop after the files at hand. */
extern volatile int work_stopped;

#endif							/* WORK_H */
