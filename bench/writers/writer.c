/*
 * WRITER FOLDER entity|edge|read WORKERS OPERATIONS BATCH FIRST: durable writes of
 * an embedded store, timed one by one. Each of WORKERS threads does OPERATIONS
 * transactions of BATCH items, numbered from FIRST on. Prints the microseconds of
 * each, one a line, and at last "total SECONDS" for all of it.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "writer.h"

typedef struct Worker
{
	pthread_t	thread;
	void	   *connection;
	long		first;
	double	   *times;
} Worker;

static Work work;
static int	operations;
static int	batch;

static double
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

void
writer_die(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	exit(1);
}

const char *
writer_file(char *text, long item)
{
	snprintf(text, TEXT_LENGTH, "src/file_%ld.c", item / 100);
	return text;
}

const char *
writer_key(char *text, long item)
{
	snprintf(text, TEXT_LENGTH, "c:fn:name_%ld:src/file_%ld.c:1-20", item, item / 100);
	return text;
}

static void *
run(void *argument)
{
	Worker	   *worker = argument;

	for (int i = 0; i < operations; i++)
	{
		double		begun = now_us();

		writer_work(worker->connection, work, worker->first + (long) i * batch, batch);
		worker->times[i] = now_us() - begun;
	}
	return NULL;
}

int
main(int argc, char **argv)
{
	int			workers;
	long		first;
	Worker	   *worker;
	double		begun;

	if (argc != 7)
	{
		fprintf(stderr, "usage: %s FOLDER entity|edge|read WORKERS OPERATIONS BATCH FIRST\n", argv[0]);
		return 2;
	}
	work = strcmp(argv[2], "edge") == 0 ? WORK_EDGE : strcmp(argv[2], "read") == 0 ? WORK_READ : WORK_ENTITY;
	workers = atoi(argv[3]);
	operations = atoi(argv[4]);
	batch = atoi(argv[5]);
	first = atol(argv[6]);
	writer_open(argv[1]);
	worker = calloc((size_t) workers, sizeof(Worker));
	if (!worker)
		writer_die("workers", "no memory");
	for (int i = 0; i < workers; i++)
	{
		worker[i].connection = writer_connect();
		worker[i].first = first + (long) i * operations * batch;
		worker[i].times = calloc((size_t) operations, sizeof(double));
		if (!worker[i].times)
			writer_die("times", "no memory");
	}
	begun = now_us();
	for (int i = 0; i < workers; i++)
		if (pthread_create(&worker[i].thread, NULL, run, &worker[i]) != 0)
			writer_die("thread", "cannot be started");
	for (int i = 0; i < workers; i++)
		pthread_join(worker[i].thread, NULL);
	begun = now_us() - begun;
	for (int i = 0; i < workers; i++)
		for (int j = 0; j < operations; j++)
			printf("%.1f\n", worker[i].times[j]);
	printf("total %.6f\n", begun / 1e6);
	return 0;
}
