/*
 * RocksDB: breadth-first search by prefix scans. A key is a direction byte,
 * the node, and the other end, numbers big-endian; there is no value. In the
 * asking process, without a query language or rows of the edges.
 */
#include <rocksdb/c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rival.h"

#define KEY_LENGTH 9
#define CACHE_BYTES ((size_t) 2000000000)
#ifndef ROCKSDB_VERSION
#define ROCKSDB_VERSION "unknown"
#endif

static rocksdb_t *database;
static rocksdb_readoptions_t *read_options;
static long nodes;
static uint8_t *visited;
static uint32_t *queue;
static uint32_t *distance;

static void
check(char *error)
{
	if (error)
		rival_die("%s", error);
}

static void
put_number(char *to, uint32_t number)
{
	for (int i = 0; i < 4; i++)
		to[i] = (char) (number >> (24 - 8 * i));
}

static uint32_t
get_number(const char *from)
{
	uint32_t	number = 0;

	for (int i = 0; i < 4; i++)
		number = number << 8 | (uint8_t) from[i];
	return number;
}

static void
put_edge(rocksdb_writebatch_t *batch, char direction, uint32_t node, uint32_t other)
{
	char		key[KEY_LENGTH];

	key[0] = direction;
	put_number(key + 1, node);
	put_number(key + 5, other);
	rocksdb_writebatch_put(batch, key, KEY_LENGTH, "", 0);
}

static void
fill(const Setup *setup)
{
	size_t		n;
	uint32_t   *edge = rival_edges(setup, &n);
	rocksdb_writebatch_t *batch = rocksdb_writebatch_create();
	rocksdb_writeoptions_t *options = rocksdb_writeoptions_create();
	char	   *error = NULL;

	rocksdb_writeoptions_disable_WAL(options, 1);
	for (size_t i = 0; i < n; i++)
	{
		put_edge(batch, 'o', edge[2 * i], edge[2 * i + 1]);
		put_edge(batch, 'i', edge[2 * i + 1], edge[2 * i]);
		if (rocksdb_writebatch_count(batch) >= 10000 || i + 1 == n)
		{
			rocksdb_write(database, options, batch, &error);
			check(error);
			rocksdb_writebatch_clear(batch);
		}
	}
	rocksdb_compact_range(database, NULL, 0, NULL, 0);
	rocksdb_writebatch_destroy(batch);
	rocksdb_writeoptions_destroy(options);
	free(edge);
}

void
rival_load(const Setup *setup)
{
	rocksdb_options_t *options = rocksdb_options_create();
	rocksdb_block_based_table_options_t *table = rocksdb_block_based_options_create();
	char		path[4096];
	char	   *error = NULL;
	rocksdb_iterator_t *any;

	snprintf(path, sizeof(path), "%s/edges.rocksdb", setup->folder);
	rocksdb_block_based_options_set_block_cache(table, rocksdb_cache_create_lru(CACHE_BYTES));
	rocksdb_options_set_block_based_table_factory(options, table);
	rocksdb_options_set_create_if_missing(options, 1);
	rocksdb_options_set_compression(options, rocksdb_no_compression);
	rocksdb_options_increase_parallelism(options, 2);
	database = rocksdb_open(options, path, &error);
	check(error);
	read_options = rocksdb_readoptions_create();
	rocksdb_readoptions_set_verify_checksums(read_options, 0);

	any = rocksdb_create_iterator(database, read_options);
	rocksdb_iter_seek_to_first(any);
	if (!rocksdb_iter_valid(any))
		fill(setup);
	rocksdb_iter_destroy(any);

	nodes = setup->nodes;
	visited = rival_alloc(nodes);
	queue = rival_alloc(nodes * sizeof(uint32_t));
	distance = rival_alloc(nodes * sizeof(uint32_t));
	rival_say("version", ROCKSDB_VERSION);
	rival_say("settings", "block cache 2 GB, no compression, compacted after loading, one iterator a question, "
			  "checksums not verified");
	rival_say("query", "for each node of the queue: seek to direction + node, next while the prefix lasts; "
			  "visited array");
}

/* Appends to the queue what leaves the node and is new. */
static long
expand(rocksdb_iterator_t *scan, char direction, uint32_t node, uint32_t level, long tail)
{
	char		prefix[5];

	prefix[0] = direction;
	put_number(prefix + 1, node);
	for (rocksdb_iter_seek(scan, prefix, sizeof(prefix)); rocksdb_iter_valid(scan);
		 rocksdb_iter_next(scan))
	{
		size_t		length;
		const char *key = rocksdb_iter_key(scan, &length);
		uint32_t	other;

		if (length != KEY_LENGTH || memcmp(key, prefix, sizeof(prefix)) != 0)
			break;
		other = get_number(key + sizeof(prefix));
		if (visited[other])
			continue;
		visited[other] = 1;
		distance[tail] = level;
		queue[tail++] = other;
	}
	return tail;
}

Answer
rival_ask(const Question *question)
{
	rocksdb_iterator_t *scan = rocksdb_create_iterator(database, read_options);
	long		head = 0;
	long		tail = 0;

	queue[tail++] = (uint32_t) atol(question->start);
	visited[queue[0]] = 1;
	distance[0] = 0;
	for (; head < tail; head++)
		if (question->hops < 0 || distance[head] < question->hops)
			tail = expand(scan, question->in ? 'i' : 'o', queue[head], distance[head] + 1, tail);
	for (long i = 0; i < tail; i++)
		visited[queue[i]] = 0;
	for (long i = 1; question->into && i < tail; i++)
		rival_row(question, queue[i], distance[i]);
	rocksdb_iter_destroy(scan);
	return (Answer) {.count = tail - 1, .touched = -1, .levels = -1};
}
