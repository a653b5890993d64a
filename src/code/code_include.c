/*
 * code_include.c
 *		Which files of C a file includes, by what it says.
 *
 * What is included is looked for in the folder of the file that includes it;
 * else in folders that only a build knows, so that any file may be meant whose
 * path ends in the same way. What is included by what is included is not looked
 * at: that would have to be read for whatever file has changed.
 */
#include "postgres.h"

#include "base/pt_sort.h"
#include "code/code_include.h"
#include "code/code_path.h"
#include "miscadmin.h"

/* in the order of their bytes */
static const char *const standard_headers[] = {
	"aio.h", "assert.h", "complex.h", "ctype.h", "direct.h", "dirent.h", "dlfcn.h", "endian.h", "errno.h", "fcntl.h", "fenv.h",
	"float.h", "fnmatch.h", "getopt.h", "glob.h", "grp.h", "iconv.h", "inttypes.h", "io.h", "iso646.h", "langinfo.h", "libgen.h",
	"limits.h", "locale.h", "malloc.h", "math.h", "netdb.h", "poll.h", "process.h", "pthread.h", "pwd.h", "regex.h", "sched.h",
	"search.h", "semaphore.h", "setjmp.h", "signal.h", "stdalign.h", "stdarg.h", "stdatomic.h", "stdbool.h", "stddef.h",
	"stdint.h", "stdio.h", "stdlib.h", "stdnoreturn.h", "string.h", "strings.h", "syslog.h", "termios.h", "tgmath.h",
	"threads.h", "time.h", "uchar.h", "unistd.h", "utime.h", "wchar.h", "wctype.h", "windows.h"
};

bool
code_is_standard_header(PtText written)
{
	int			low = 0;
	int			high = lengthof(standard_headers);

	while (low < high)
	{
		int			middle = low + (high - low) / 2;
		const char *header = standard_headers[middle];
		int			order = pt_compare_texts((PtText) {header, strlen(header)}, written);

		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

void
code_includes_init(CodeIncludes *includes, PtBudget *budget)
{
	MemoryContext old = MemoryContextSwitchTo(budget->context);

	memset(includes, 0, sizeof(CodeIncludes));
	includes->budget = budget;
	initStringInfo(&includes->path);
	initStringInfo(&includes->scratch);
	MemoryContextSwitchTo(old);
	pt_texts_init(&includes->files, budget);
	pt_texts_init(&includes->texts, budget);
}

/* Take the last folder off a path; false if there is none. */
static bool
go_up(StringInfo path)
{
	if (path->len == 0)
		return false;
	while (path->len > 0 && path->data[path->len - 1] != '/')
		path->len--;
	path->len = Max(path->len - 1, 0);
	path->data[path->len] = '\0';
	return true;
}

/*
 * The path that something included is from a folder, in place of the folder;
 * false if it leads out of the tree. What is left of it without ./ and ../ is end.
 */
static bool
follow(StringInfo folder, PtText written, PtText *end)
{
	const char *at = written.bytes;
	const char *stop = written.bytes + written.length;
	bool		is_inside = true;

	*end = written;
	while (at < stop)
	{
		const char *slash = memchr(at, '/', stop - at);
		PtText		part = {at, (slash ? slash : stop) - at};

		at += part.length + (slash != NULL);
		if (pt_text_is(part, ".."))
		{
			is_inside &= go_up(folder);
			*end = (PtText) {at, stop - at};
		}
		else if (pt_text_is(part, ".") || part.length == 0)
			*end = end->bytes == part.bytes ? (PtText) {at, stop - at} : *end;
		else
		{
			if (folder->len > 0)
				appendStringInfoChar(folder, '/');
			appendBinaryStringInfo(folder, part.bytes, part.length);
		}
	}
	return is_inside;
}

void
code_includes_add(CodeIncludes *includes, PtText path, PtText written)
{
	CodeInclude row = {0, PT_NO_TEXT, PT_NO_TEXT};
	PtText		end;

	code_normal_path(written, &includes->scratch);
	written = (PtText) {includes->scratch.data, includes->scratch.len};
	code_normal_path(path, &includes->path);
	if (written.length == 0 || includes->path.len == 0)
		return;
	row.file = pt_texts_add(&includes->files, (PtText) {includes->path.data, includes->path.len}, NULL);
	go_up(&includes->path);
	if (follow(&includes->path, written, &end))
		row.exact = pt_texts_add(&includes->texts, (PtText) {includes->path.data, includes->path.len}, NULL);
	if (end.length > 0 && !code_is_standard_header(end))
		row.end = pt_texts_add(&includes->texts, end, NULL);
	includes->rows = pt_grow(includes->budget, includes->rows, &includes->room, includes->count + 1, sizeof(CodeInclude));
	includes->rows[includes->count++] = row;
}

static int
compare_includes(const void *a, const void *b, void *arg)
{
	const CodeInclude *x = a;
	const CodeInclude *y = b;

	return x->file < y->file ? -1 : x->file > y->file;
}

void
code_includes_finish(CodeIncludes *includes)
{
	if (includes->count > 0)
		pt_sort(includes->rows, includes->count, sizeof(CodeInclude), compare_includes, NULL);
}

static bool
ends_so(PtText path, PtText end)
{
	return path.length >= end.length && memcmp(path.bytes + path.length - end.length, end.bytes, end.length) == 0 &&
		(path.length == end.length || path.bytes[path.length - end.length - 1] == '/');
}

CodeIncludeFit
code_includes_fit(CodeIncludes *includes, PtText from, PtText path)
{
	CodeInclude least = {0};
	CodeIncludeFit fit = INCLUDE_NOT;

	code_normal_path(from, &includes->path);
	least.file = pt_texts_find(&includes->files, (PtText) {includes->path.data, includes->path.len});
	if (least.file == PT_NO_TEXT)
		return fit;
	code_normal_path(path, &includes->path);
	path = (PtText) {includes->path.data, includes->path.len};
	for (uint64 i = pt_lower_bound(includes->rows, includes->count, sizeof(CodeInclude), &least, compare_includes, NULL);
		 i < includes->count && includes->rows[i].file == least.file; i++)
	{
		const CodeInclude *row = &includes->rows[i];

		CHECK_FOR_INTERRUPTS();
		if (row->exact != PT_NO_TEXT && pt_compare_texts(pt_text(&includes->texts, row->exact), path) == 0)
			return INCLUDE_EXACTLY;
		if (row->end != PT_NO_TEXT && ends_so(path, pt_text(&includes->texts, row->end)))
			fit = INCLUDE_BY_END;
	}
	return fit;
}
