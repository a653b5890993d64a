/*
 * ignore.c
 *		What .gitignore says, by the rules of gitignore(5).
 *
 * Of several patterns that match the last one counts, and a folder's own before
 * those above it. A file in a folder that is left out cannot be taken in again:
 * the caller does not enter such a folder. Matching is by backtracking over the
 * stars, with a bound on the steps, so that no pattern takes for ever.
 */
#include "ignore.h"
#include "text.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_IGNORE_BYTES (1 << 20)
#define MAX_STEPS 100000

typedef struct Pattern
{
	char	   *glob;
	bool		negated;
	bool		folders_only;
	bool		anchored;		/* else its last part is compared with names */
} Pattern;

struct Ignore
{
	Ignore	   *above;
	size_t		prefix;			/* bytes of the folder's path */
	Pattern    *patterns;
	size_t		count;
	size_t		room;
};

/* ---- matching ---- */

/* A character class, of which at is behind the bracket; NULL if it has no end. */
static const char *
match_class(const char *at, char c, bool *matched)
{
	bool		negated = *at == '!' || *at == '^';
	bool		found = false;
	const char *start;

	at += negated;
	start = at;
	while (*at != '\0' && (*at != ']' || at == start))
	{
		char		from = *at == '\\' && at[1] != '\0' ? *++at : *at;
		char		to = from;

		if (at[1] == '-' && at[2] != ']' && at[2] != '\0')
		{
			at += 2;
			to = *at == '\\' && at[1] != '\0' ? *++at : *at;
		}
		if ((unsigned char) c >= (unsigned char) from && (unsigned char) c <= (unsigned char) to)
			found = true;
		at++;
	}
	*matched = found != negated;
	return *at == ']' ? at + 1 : NULL;
}

static bool
match_glob(const char *glob, const char *path, int *steps)
{
	for (; *glob != '\0'; glob++, path++)
	{
		bool		matched;
		const char *behind;

		if (++*steps > MAX_STEPS)
			return false;
		switch (*glob)
		{
			case '*':
				if (glob[1] == '*')
				{
					while (*glob == '*')
						glob++;
					/* of a **, and its slash, nothing may be left over, too */
					if (*glob == '/' && match_glob(glob + 1, path, steps))
						return true;
					for (;; path++)
					{
						if (match_glob(glob, path, steps))
							return true;
						if (*path == '\0' || *steps > MAX_STEPS)
							return false;
					}
				}
				for (;; path++)
				{
					if (match_glob(glob + 1, path, steps))
						return true;
					if (*path == '\0' || *path == '/' || *steps > MAX_STEPS)
						return false;
				}
			case '?':
				if (*path == '\0' || *path == '/')
					return false;
				break;
			case '[':
				if (*path == '\0' || *path == '/')
					return false;
				behind = match_class(glob + 1, *path, &matched);
				if (behind == NULL || !matched)
					return false;
				glob = behind - 1;
				break;
			case '\\':
				if (glob[1] != '\0')
					glob++;
				/* fall through */
			default:
				if (*glob != *path)
					return false;
		}
	}
	return *path == '\0';
}

static bool
pattern_matches(const Pattern *pattern, const char *path, bool is_folder)
{
	const char *name = strrchr(path, '/');
	int			steps = 0;

	if (pattern->folders_only && !is_folder)
		return false;
	if (!pattern->anchored && name != NULL)
		path = name + 1;
	return match_glob(pattern->glob, path, &steps);
}

bool
ignore_matches(const Ignore *ignore, const char *path, bool is_folder)
{
	for (; ignore != NULL; ignore = ignore->above)
	{
		for (size_t i = ignore->count; i-- > 0;)
		{
			if (pattern_matches(&ignore->patterns[i], path + ignore->prefix, is_folder))
				return !ignore->patterns[i].negated;
		}
	}
	return false;
}

/* ---- reading ---- */

static void
add_pattern(Ignore *ignore, char *line)
{
	size_t		length = strlen(line);
	Pattern		pattern = {NULL, false, false, false};

	while (length > 0 && (line[length - 1] == '\r' ||
						  (line[length - 1] == ' ' && !(length > 1 && line[length - 2] == '\\'))))
		line[--length] = '\0';
	if (*line == '#' || *line == '\0')
		return;
	if (*line == '!')
	{
		pattern.negated = true;
		line++;
		length--;
	}
	if (length > 0 && line[length - 1] == '/')
	{
		pattern.folders_only = true;
		line[--length] = '\0';
	}
	pattern.anchored = strchr(line, '/') != NULL;
	if (*line == '/')
		line++;
	if (*line == '\0')
		return;
	pattern.glob = copy_span(span_of(line));
	ignore->patterns = GROW(ignore->patterns, ignore->count, ignore->room);
	ignore->patterns[ignore->count++] = pattern;
}

Ignore *
ignore_read(int directory, const char *folder, Ignore *above)
{
	int			file = openat(directory, ".gitignore", O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	char	   *content;
	char	   *line;
	char	   *rest = NULL;
	size_t		length = 0;
	ssize_t		n;
	Ignore	   *ignore;

	if (file < 0)
		return above;
	content = make_room(NULL, MAX_IGNORE_BYTES + 1, 1);
	while (length < MAX_IGNORE_BYTES && (n = read(file, content + length, MAX_IGNORE_BYTES - length)) > 0)
		length += n;
	close(file);
	content[length] = '\0';

	ignore = make_room(NULL, 1, sizeof(Ignore));
	*ignore = (Ignore) {above, strlen(folder), NULL, 0, 0};
	for (line = strtok_r(content, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest))
		add_pattern(ignore, line);
	free(content);
	return ignore;
}
