/*
 * What the rivals written in C share: the conversation with bench/harness.py.
 *
 * At the start a rival says on standard output, tabs between fields,
 *
 *     version TEXT | settings TEXT | query TEXT     as often as it likes
 *     loaded SECONDS
 *     ready
 *
 * and then answers each line of standard input
 *
 *     DIRECTION HOPS MODE START LEVELS WARM RUNS BUDGET
 *
 * (in|out|both, -1 for no bound, count|rows|set, a node, an upper bound of
 * distances, 1 for an untimed run first, timed runs at most, milliseconds after
 * which no further run begins) with
 *
 *     answer COUNT TOUCHED LEVELS MICROSECONDS...
 *
 * or "cannot". Where the untimed run alone exceeds the budget, it is the
 * measurement. A set is rows that are also written to FOLDER/answer, one a line:
 * the node and, if the rival gives it, a tab and its distance. It is asked for
 * once, to be compared. rival.py and rival.js speak the same.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rival.h"

#define MAX_RUNS 1000

static char answer_path[4096];

void
rival_row(const Question *question, long node, long distance)
{
	fprintf(question->into, "%ld\t%ld\n", node, distance);
}

static FILE *
open_answer(void)
{
	FILE	   *file = fopen(answer_path, "w");

	if (!file)
		rival_die("%s: %s", answer_path, strerror(errno));
	return file;
}

static void
close_answer(FILE *file)
{
	bool		failed = ferror(file);

	if (fclose(file) != 0 || failed)
		rival_die("%s: %s", answer_path, strerror(errno));
}

static double
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static void
converse(char *line)
{
	static double times[MAX_RUNS];
	char		direction[8];
	char		mode[8];
	static char start[4096];
	Question	question;
	Answer		answer = {0};
	int			warm;
	int			runs;
	int			done = 0;
	double		budget;
	double		begun = now_us();

	if (sscanf(line, "%7[^\t]\t%ld\t%7[^\t]\t%4095[^\t]\t%ld\t%d\t%d\t%lf", direction,
			   &question.hops, mode, start, &question.levels, &warm, &runs, &budget) != 8)
		rival_die("not understood: %s", line);
	question.in = strcmp(direction, "in") == 0;
	question.both = strcmp(direction, "both") == 0;
	question.rows = strcmp(mode, "count") != 0;
	question.into = strcmp(mode, "set") == 0 ? open_answer() : NULL;
	question.start = start;
	if (runs > MAX_RUNS)
		runs = MAX_RUNS;

	if (warm)
	{
		answer = rival_ask(&question);
		times[0] = now_us() - begun;
		if (times[0] > budget * 1000)
			done = runs = 1;
	}
	for (; done < runs && (done == 0 || now_us() - begun < budget * 1000); done++)
	{
		double		from = now_us();

		answer = rival_ask(&question);
		times[done] = now_us() - from;
	}
	if (question.into)
		close_answer(question.into);
	if (answer.count < 0)
	{
		printf("cannot\n");
		return;
	}
	printf("answer\t%ld\t%ld\t%ld", answer.count, answer.touched, answer.levels);
	for (int i = 0; i < done; i++)
		printf("\t%.1f", times[i]);
	printf("\n");
}

int
main(int argc, char **argv)
{
	static char line[8192];
	Setup		setup;
	double		begun = now_us();

	if (argc < 5)
	{
		fprintf(stderr, "usage: %s GRAPH EDGES NODES FOLDER [MORE]\n", argv[0]);
		return 2;
	}
	setup = (Setup) {.graph = argv[1], .edges = argv[2], .nodes = atol(argv[3]),
					 .folder = argv[4], .more = argv[5]};
	snprintf(answer_path, sizeof(answer_path), "%s/answer", setup.folder);
	rival_load(&setup);
	printf("loaded\t%.3f\nready\n", (now_us() - begun) / 1e6);
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin))
	{
		line[strcspn(line, "\n")] = '\0';
		converse(line);
		fflush(stdout);
	}
	return 0;
}
