/*
 * code_platform.c
 *		Which platforms a file is for, by the words of its path.
 */
#include "postgres.h"

#include "code/code_platform.h"

#define WINDOWS		0x0001
#define POSIX		0x0002		/* any of the next ones */
#define LINUX		0x0004
#define APPLE		0x0008
#define BSD			0x0010
#define SOLARIS		0x0020
#define AIX			0x0040
#define HPUX		0x0080
#define ZOS			0x0100
#define OS400		0x0200
#define HURD		0x0400
#define QNX			0x0800
#define HAIKU		0x1000
#define CYGWIN		0x2000
#define WASM		0x4000
#define AMIGA		0x8000
#define OS2			0x10000
#define NETWARE		0x20000
#define VMS			0x40000
#define DOS			0x80000

#define LIKE_POSIX	(LINUX | APPLE | BSD | SOLARIS | AIX | HPUX | ZOS | OS400 | HURD | QNX | HAIKU | CYGWIN | WASM)

static const struct
{
	const char *word;
	uint32		platforms;
}			words[] = {
	{"win", WINDOWS}, {"win32", WINDOWS}, {"win64", WINDOWS}, {"windows", WINDOWS}, {"winnt", WINDOWS}, {"mingw", WINDOWS},
	{"msvc", WINDOWS}, {"wince", WINDOWS}, {"uwp", WINDOWS}, {"unix", POSIX}, {"posix", POSIX}, {"linux", LINUX},
	{"android", LINUX}, {"darwin", APPLE}, {"macos", APPLE}, {"macosx", APPLE}, {"osx", APPLE}, {"mac", APPLE}, {"ios", APPLE},
	{"apple", APPLE}, {"cocoa", APPLE}, {"bsd", BSD | APPLE}, {"freebsd", BSD}, {"openbsd", BSD}, {"netbsd", BSD},
	{"dragonfly", BSD}, {"sunos", SOLARIS}, {"solaris", SOLARIS}, {"illumos", SOLARIS}, {"aix", AIX}, {"hpux", HPUX},
	{"zos", ZOS}, {"os390", ZOS}, {"ibmi", OS400}, {"os400", OS400}, {"hurd", HURD}, {"qnx", QNX}, {"haiku", HAIKU},
	{"beos", HAIKU}, {"cygwin", CYGWIN}, {"wasm", WASM}, {"wasi", WASM}, {"emscripten", WASM}, {"amiga", AMIGA}, {"os2", OS2},
	{"netware", NETWARE}, {"vms", VMS}, {"dos", DOS}, {"msdos", DOS}
};

static bool
is_in_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

uint32
code_platforms(PtText path)
{
	uint32		platforms = 0;

	for (int at = 0; at < path.length;)
	{
		int			start = at;

		while (at < path.length && is_in_word(path.bytes[at]))
			at++;
		for (int i = 0; at > start && i < lengthof(words); i++)
		{
			if (strlen(words[i].word) == at - start && pg_strncasecmp(words[i].word, path.bytes + start, at - start) == 0)
				platforms |= words[i].platforms;
		}
		at += at == start;
	}
	/* src/unix/linux.c is for Linux */
	return platforms & LIKE_POSIX ? platforms & ~POSIX : platforms;
}

bool
code_platforms_meet(uint32 a, uint32 b)
{
	if (a == 0 || b == 0 || (a & b) != 0)
		return true;
	return (a & POSIX && b & LIKE_POSIX) || (b & POSIX && a & LIKE_POSIX);
}
