/*
 * report.c
 *		Progress on a terminal, and a summary that leaves nothing out silently.
 */
#include "report.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define EXAMPLES 3
#define ENDINGS 8
#define WIDTH 76

typedef struct Ending
{
	char	   *name;
	uint64_t	count;
} Ending;

typedef struct Omitted
{
	uint64_t	count;
	char	   *examples[EXAMPLES];
} Omitted;

static const char *const reasons[OMISSIONS] = {
	[OMIT_LANGUAGE] = "of kinds that are not read",
	[OMIT_IGNORED] = "by .gitignore",
	[OMIT_HIDDEN] = "hidden, with a dot before the name",
	[OMIT_LINK] = "symbolic links",
	[OMIT_SPECIAL] = "neither files nor folders",
	[OMIT_UNREADABLE] = "that cannot be read",
	[OMIT_LARGE] = "larger than --max-size",
	[OMIT_BINARY] = "with zero bytes, so no text",
	[OMIT_MINIFIED] = "minified",
	[OMIT_TWIN] = "whose path, in UTF-8 and with slashes, is that of another file",
	[OMIT_TIME] = "that took longer than --max-time",
	[OMIT_REFUSED] = "that the server refused",
	[OMIT_LONG] = "names or keys that are too long",
	[OMIT_ERROR] = "with errors of syntax, indexed as far as understood",
};

static const char *const words[OMISSIONS] = {
	[OMIT_LANGUAGE] = "kind", [OMIT_IGNORED] = "ignored", [OMIT_HIDDEN] = "hidden", [OMIT_LINK] = "link",
	[OMIT_SPECIAL] = "special", [OMIT_UNREADABLE] = "unreadable", [OMIT_LARGE] = "large", [OMIT_BINARY] = "binary",
	[OMIT_MINIFIED] = "minified", [OMIT_TWIN] = "twin", [OMIT_TIME] = "time", [OMIT_REFUSED] = "refused", [OMIT_LONG] = "long",
	[OMIT_ERROR] = "syntax",
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool quiet;
static bool verbose;
static bool on_terminal;
static bool line_shown;
static Omitted omitted[OMISSIONS];
static LeftOut *left_out;
static size_t nleft_out;
static size_t left_out_room;
static Ending *endings;
static size_t nendings;
static size_t endings_room;
static Tally expected;
static Tally tally;
static struct timespec started;
static double told = -1;

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - started.tv_sec) + (now.tv_nsec - started.tv_nsec) / 1e9;
}

/* A number with commas. */
static const char *
number(uint64_t n, char buffer[32])
{
	char		digits[24];
	int			length = snprintf(digits, sizeof(digits), "%llu", (unsigned long long) n);
	char	   *at = buffer;

	for (int i = 0; i < length; i++)
	{
		if (i > 0 && (length - i) % 3 == 0)
			*at++ = ',';
		*at++ = digits[i];
	}
	*at = '\0';
	return buffer;
}

static void
clear_line(void)
{
	if (line_shown)
		fprintf(stderr, "\r%*s\r", WIDTH, "");
	line_shown = false;
}

static void
show_line(const char *line)
{
	if (!on_terminal || quiet)
		return;
	fprintf(stderr, "\r%-*.*s", WIDTH, WIDTH, line);
	fflush(stderr);
	line_shown = true;
}

void
report_options(bool is_quiet, bool is_verbose)
{
	quiet = is_quiet;
	verbose = is_verbose;
	on_terminal = isatty(STDERR_FILENO);
	clock_gettime(CLOCK_MONOTONIC, &started);
}

/* ---- gathering ---- */

static void
count_ending(const char *ending)
{
	for (size_t i = 0; i < nendings; i++)
	{
		if (strcmp(endings[i].name, ending) == 0)
		{
			endings[i].count++;
			return;
		}
	}
	/* what is rare enough to come this late is in the sum only */
	if (nendings >= 1000)
		return;
	endings = GROW(endings, nendings, endings_room);
	endings[nendings++] = (Ending) {copy_span(span_of(ending)), 1};
}

/* What a file is called, and why it is left out; nothing that a terminal would obey. */
static char *
described(const char *path, const char *detail)
{
	Text		text = {NULL, 0, 0};

	text_add_utf8(&text, span_of(path));
	if (detail != NULL)
		text_addf(&text, " (%s)", detail);
	for (size_t i = 0; i < text.length; i++)
	{
		if ((unsigned char) text.bytes[i] < ' ' || text.bytes[i] == 0x7F)
			text.bytes[i] = '?';
	}
	return text.bytes;
}

void
report_omit(Omission omission, const char *path, const char *detail)
{
	Omitted    *of = &omitted[omission];
	char	   *shown;

	pthread_mutex_lock(&lock);
	if (omission == OMIT_LANGUAGE)
		count_ending(detail);
	else if (of->count < EXAMPLES)
		of->examples[of->count] = described(path, detail);
	of->count++;
	left_out = GROW(left_out, nleft_out, left_out_room);
	left_out[nleft_out++] = (LeftOut) {omission, copy_span(span_of(path)), detail ? copy_span(span_of(detail)) : NULL};
	if (verbose)
	{
		clear_line();
		shown = described(path, NULL);
		fprintf(stderr, "pt-index: %s: %s%s%s\n", shown, reasons[omission], detail ? ": " : "", detail ? detail : "");
		free(shown);
	}
	pthread_mutex_unlock(&lock);
}

void
report_start(uint64_t files, uint64_t bytes)
{
	expected.files = files;
	expected.bytes = bytes;
	clock_gettime(CLOCK_MONOTONIC, &started);
	told = -1;
}

void
report_done(const Tally *more)
{
	double		now;

	pthread_mutex_lock(&lock);
	tally.files += more->files;
	tally.bytes += more->bytes;
	tally.unchanged += more->unchanged;
	tally.removed += more->removed;
	tally.entities += more->entities;
	tally.edges += more->edges;
	now = seconds();
	if (on_terminal && !quiet && now - told >= 0.2)
	{
		char		line[256];
		char		a[32];
		char		b[32];
		double		left = tally.bytes > 0 && expected.bytes > tally.bytes ?
			now * (expected.bytes - tally.bytes) / tally.bytes : 0;

		told = now;
		snprintf(line, sizeof(line), "  %s of %s files, %.0f entities/s, %.0f edges/s, %.0f s left",
				 number(tally.files, a), number(expected.files, b), tally.entities / (now + 0.001),
				 tally.edges / (now + 0.001), left);
		show_line(line);
	}
	pthread_mutex_unlock(&lock);
}

void
report_doing(const char *what)
{
	char		line[256];

	pthread_mutex_lock(&lock);
	snprintf(line, sizeof(line), "  %s", what);
	show_line(line);
	pthread_mutex_unlock(&lock);
}

/* ---- telling ---- */

void
report_note(const char *format,...)
{
	va_list		args;

	if (quiet)
		return;
	pthread_mutex_lock(&lock);
	clear_line();
	fputs("  ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	pthread_mutex_unlock(&lock);
}

void
report_error(const char *format,...)
{
	va_list		args;

	pthread_mutex_lock(&lock);
	clear_line();
	fputs("pt-index: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	pthread_mutex_unlock(&lock);
}

static int
more_first(const void *a, const void *b)
{
	const Ending *x = a;
	const Ending *y = b;

	return x->count != y->count ? (x->count < y->count ? 1 : -1) : strcmp(x->name, y->name);
}

/* Of files of other kinds how many there are of each. */
static void
add_endings(Text *line)
{
	char		n[32];

	if (nendings == 0)
		return;
	qsort(endings, nendings, sizeof(Ending), more_first);
	for (size_t i = 0; i < nendings && i < ENDINGS; i++)
		text_addf(line, "%s%s %s", i == 0 ? ": " : ", ", number(endings[i].count, n), endings[i].name);
	if (nendings > ENDINGS)
		text_adds(line, ", ...");
}

static void
add_examples(Text *line, const Omitted *of)
{
	for (uint64_t i = 0; i < of->count && i < EXAMPLES; i++)
		text_addf(line, "%s%s", i == 0 ? ": " : ", ", of->examples[i]);
	if (of->count > EXAMPLES)
		text_adds(line, ", ...");
}

/* Why there was nothing, and what to do. */
static void
say_nothing_read(void)
{
	if (omitted[OMIT_IGNORED].count > 0)
		report_note("nothing was read: --no-ignore reads what .gitignore names, too");
	else if (omitted[OMIT_LANGUAGE].count > 0)
		report_note("nothing was read: of these endings none is that of a language that is read, which --languages lists");
	else
		report_note("nothing was read: there is no source code");
}

void
report_summary(bool had_nothing)
{
	char		n[4][32];
	double		took = seconds();
	Text		line = {NULL, 0, 0};

	report_note("%s files, %s entities, %s edges in %.1f s", number(tally.files, n[0]),
				number(tally.entities, n[1]), number(tally.edges, n[2]), took);
	if (tally.unchanged > 0 || tally.removed > 0)
		report_note("%s files unchanged, %s removed", number(tally.unchanged, n[0]), number(tally.removed, n[1]));
	for (int i = 0; i < OMISSIONS; i++)
	{
		if (omitted[i].count == 0)
			continue;
		text_clear(&line);
		text_addf(&line, "%s%s %s", i == OMIT_ERROR ? "" : "left out: ", number(omitted[i].count, n[0]), reasons[i]);
		if (i == OMIT_LANGUAGE)
			add_endings(&line);
		else
			add_examples(&line, &omitted[i]);
		report_note("%s", line.bytes);
	}
	if (had_nothing)
		say_nothing_read();
	text_free(&line);
}

bool
report_failed(void)
{
	return omitted[OMIT_UNREADABLE].count > 0 || omitted[OMIT_TIME].count > 0 || omitted[OMIT_REFUSED].count > 0;
}

Tally
report_tally(void)
{
	return tally;
}

const LeftOut *
report_left_out(size_t *count)
{
	*count = nleft_out;
	return left_out;
}

const char *
report_reason(Omission omission)
{
	return words[omission];
}

void
report_forget(void)
{
	for (size_t i = 0; i < nleft_out; i++)
	{
		free(left_out[i].path);
		free(left_out[i].detail);
	}
	for (int i = 0; i < OMISSIONS; i++)
	{
		for (int j = 0; j < EXAMPLES; j++)
			free(omitted[i].examples[j]);
	}
	for (size_t i = 0; i < nendings; i++)
		free(endings[i].name);
	nleft_out = nendings = 0;
	memset(omitted, 0, sizeof(omitted));
	tally = (Tally) {0};
}
