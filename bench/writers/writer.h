/* What an embedded store provides so that writer.c can time its writes. */
#ifndef WRITER_H
#define WRITER_H

#include <stdbool.h>

typedef enum Work
{
	WORK_ENTITY,
	WORK_EDGE,
	WORK_READ					/* one entity by key */
} Work;

#define TEXT_LENGTH 256

/* Open or create the store. */
extern void writer_open(const char *folder);

/* A connection for one thread. */
extern void *writer_connect(void);

/* Write items first .. first+n-1 in one durable transaction, or read them. */
extern void writer_work(void *connection, Work work, long first, int n);

/* writer.c: the keys and texts of an item. */
extern const char *writer_key(char *text, long item);
extern const char *writer_file(char *text, long item);
extern void writer_die(const char *what, const char *why) __attribute__((noreturn));

#endif
