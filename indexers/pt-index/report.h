/*
 * report.h
 *		What is said: progress on a terminal, and at the end what was indexed,
 *		what was left out, and why. All of it may be called by any thread.
 */
#ifndef REPORT_H
#define REPORT_H

#include "text.h"

/* why something is not in the index, or not all of it */
typedef enum Omission
{
	OMIT_LANGUAGE,				/* a file of a language that is not read */
	OMIT_IGNORED,
	OMIT_HIDDEN,
	OMIT_LINK,
	OMIT_SPECIAL,
	OMIT_UNREADABLE,
	OMIT_LARGE,
	OMIT_BINARY,
	OMIT_MINIFIED,
	OMIT_TWIN,					/* another file has its path, in UTF-8 and with slashes */
	OMIT_TIME,
	OMIT_REFUSED,				/* by the server */
	OMIT_LONG,					/* an edge or entity whose key is too long */
	OMIT_ERROR,					/* read, with errors of syntax in it */
	OMISSIONS
} Omission;

/* One thing that is left out. */
typedef struct LeftOut
{
	Omission	omission;
	char	   *path;			/* as it was reported */
	char	   *detail;			/* or NULL */
} LeftOut;

/* What becomes of the files that are read. */
typedef struct Tally
{
	uint64_t	files;
	uint64_t	bytes;
	uint64_t	unchanged;		/* files that --update need not read */
	uint64_t	removed;		/* files that are no longer there */
	uint64_t	entities;
	uint64_t	edges;
} Tally;

/* Say nothing but errors; list every path that is left out. */
extern void report_options(bool quiet, bool verbose);

/* Something is left out. For OMIT_LANGUAGE detail is its ending, else why. */
extern void report_omit(Omission omission, const char *path, const char *detail);

/* That many files and bytes are to be read; the time runs from now on. */
extern void report_start(uint64_t files, uint64_t bytes);

/* So much more is done. */
extern void report_done(const Tally *more);

/* What the program does now, for a terminal. */
extern void report_doing(const char *what);

/* What was done, as a text of its own lines; whether a whole tree had nothing to be read. */
extern void report_summary(bool had_nothing);

extern void report_note(const char *format,...) __attribute__((format(printf, 1, 2)));
extern void report_error(const char *format,...) __attribute__((format(printf, 1, 2)));

/* Was a file left out because of an error, not because of what it is? */
extern bool report_failed(void);

extern Tally report_tally(void);

/* All that is left out; the word for a reason, as pt_left_out has it. */
extern const LeftOut *report_left_out(size_t *count);
extern const char *report_reason(Omission omission);

/* Forget what was done and left out: something else begins. */
extern void report_forget(void);

#endif							/* REPORT_H */
