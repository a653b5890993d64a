/*
 * work.h
 *		Files of a tree, read by several threads into a database or a stream.
 */
#ifndef WORK_H
#define WORK_H

#include "store.h"
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
	bool		watch;
	const char *since;			/* a commit, or NULL */
	bool		resolve;
	bool		quiet;
	bool		verbose;
	uint64_t	max_bytes;		/* of a file */
	double		max_seconds;	/* for a file */
} Options;

/*
 * What can be done before the tree is read, in a thread: connecting, and, where files
 * may be as they were, asking what the database has of them.
 */
typedef struct Beginning Beginning;

extern Beginning *work_begin(const Options *options);

/*
 * Index the tree, or what of it is asked for; the beginning, which may be NULL, is used
 * up. False, after a message, if that was given up.
 */
extern bool work_index(const Options *options, const SourceTree *tree, Beginning *beginning);

/* There is nothing to be indexed after all. */
extern void work_give_up(Beginning *beginning);

/*
 * One that indexes what is asked for of a tree, again and again, each time in
 * one transaction. False means, after a message, that there is no connection.
 */
typedef struct Follower Follower;

extern Follower *follower_create(const Options *options, const SourceTree *tree);
extern bool follower_connect(Follower *follower);
extern void follower_disconnect(Follower *follower);
extern bool follower_apply(Follower *follower, Resolution *resolution);
extern void follower_free(Follower *follower);

/* Set by a signal: stop after the files at hand. */
extern volatile int work_stopped;

#endif							/* WORK_H */
