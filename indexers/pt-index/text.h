/*
 * text.h
 *		Growing texts, and memory that is there or ends the program.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A stretch of bytes that belongs to somebody else. */
typedef struct Span
{
	const char *bytes;
	size_t		length;
} Span;

/* A text of its own, with a zero byte after it. Zeros are an empty one. */
typedef struct Text
{
	char	   *bytes;
	size_t		length;
	size_t		room;
} Text;

/* Memory: NULL is never returned. */
extern void *make_room(void *old, size_t count, size_t size);
extern char *copy_span(Span span);

/* Room for one more element of an array that has count. */
#define GROW(array, count, room) \
	((count) < (room) ? (array) : \
	 ((room) = (room) ? 2 * (room) : 64, make_room((array), (room), sizeof(*(array)))))

extern Span span_of(const char *string);
extern bool span_is(Span span, const char *string);
extern bool span_same(Span a, Span b);
extern bool span_starts(Span span, const char *start);
extern bool span_ends(Span span, const char *end);

extern void text_clear(Text *text);
extern void text_free(Text *text);
extern void text_add(Text *text, Span span);
extern void text_adds(Text *text, const char *string);
extern void text_addc(Text *text, char c);
extern void text_addf(Text *text, const char *format,...) __attribute__((format(printf, 2, 3)));
extern Span text_span(const Text *text);

/*
 * Bytes of unknown encoding as UTF-8: what is not valid is taken as Latin-1, a
 * zero byte as a blank.
 */
extern void text_add_utf8(Text *text, Span span);

/*
 * Make a path what pt_normal_path makes of it, by which files are told apart in the
 * database: slashes for backslashes, none of them twice, a drive in upper case.
 */
extern void text_normal_path(Text *path);

/* A JSON string, in its quotes, of bytes of unknown encoding. */
extern void text_add_json(Text *text, Span span);

/* A value in the text format of COPY: what is JSON needs nothing but this. */
extern void text_add_copy(Text *text, Span span);

#endif							/* TEXT_H */
