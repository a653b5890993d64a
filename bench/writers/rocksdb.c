/*
 * RocksDB, every write batch synced. An entity is one key with its fields as the
 * value; an edge is two keys, one for each direction. Nothing is read before it is
 * written, and nobody is told whether it was new.
 */
#include <rocksdb/c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "writer.h"

static rocksdb_t *database;

static void
check(char *error)
{
	if (error)
		writer_die("rocksdb", error);
}

void
writer_open(const char *folder)
{
	rocksdb_options_t *options = rocksdb_options_create();
	char		path[4096];
	char	   *error = NULL;

	snprintf(path, sizeof(path), "%s/write.rocksdb", folder);
	rocksdb_options_set_create_if_missing(options, 1);
	database = rocksdb_open(options, path, &error);
	check(error);
}

/* The library's handle serves all threads. */
void *
writer_connect(void)
{
	return database;
}

static void
put_entity(rocksdb_writebatch_t *batch, long item)
{
	char		key[TEXT_LENGTH];
	char		file[TEXT_LENGTH];
	char		value[3 * TEXT_LENGTH];

	snprintf(value, sizeof(value), "%s\tfunction\tCODE\tc\t%s\t1\t20\t\t\t{}",
			 writer_key(key, item), writer_file(file, item));
	rocksdb_writebatch_put(batch, key, strlen(key), value, strlen(value));
}

static void
put_edge(rocksdb_writebatch_t *batch, long item)
{
	char		from[TEXT_LENGTH];
	char		to[TEXT_LENGTH];
	char		file[TEXT_LENGTH];
	char		key[3 * TEXT_LENGTH];

	writer_key(from, item);
	writer_key(to, item * 7919 % 1000003);
	writer_file(file, item);
	snprintf(key, sizeof(key), "o\t%s\t%s\tCalls", from, to);
	rocksdb_writebatch_put(batch, key, strlen(key), file, strlen(file));
	snprintf(key, sizeof(key), "i\t%s\t%s\tCalls", to, from);
	rocksdb_writebatch_put(batch, key, strlen(key), "", 0);
}

static void
get_entities(long first, int n)
{
	rocksdb_readoptions_t *options = rocksdb_readoptions_create();

	for (long item = first; item < first + n; item++)
	{
		char		key[TEXT_LENGTH];
		char	   *error = NULL;
		size_t		length;

		writer_key(key, item);
		free(rocksdb_get(database, options, key, strlen(key), &length, &error));
		check(error);
	}
	rocksdb_readoptions_destroy(options);
}

void
writer_work(void *connection, Work work, long first, int n)
{
	rocksdb_writebatch_t *batch;
	rocksdb_writeoptions_t *options;
	char	   *error = NULL;

	(void) connection;
	if (work == WORK_READ)
	{
		get_entities(first, n);
		return;
	}
	batch = rocksdb_writebatch_create();
	options = rocksdb_writeoptions_create();
	rocksdb_writeoptions_set_sync(options, 1);
	for (long item = first; item < first + n; item++)
	{
		if (work == WORK_ENTITY)
			put_entity(batch, item);
		else
			put_edge(batch, item);
	}
	rocksdb_write(database, options, batch, &error);
	check(error);
	rocksdb_writebatch_destroy(batch);
	rocksdb_writeoptions_destroy(options);
}
