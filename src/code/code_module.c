/*
 * code_module.c
 *		Files of a codebase by number, and the modules that they are for imports.
 *
 * Every end of a path that begins with a folder, or is the file, is a row of one
 * array, sorted by that end: what a module's name may mean is a range of it.
 *
 * Where imports name folders, as in Go, files say by which path theirs is imported: these
 * are another array, sorted by that path. Those of one path and folder are a package.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "code/code_module.h"
#include "code/code_path.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"

/* The end of a file's path, as a module is named by it. */
typedef struct Module
{
	uint32		name;			/* in names */
	uint32		file;
	int			cut;			/* bytes of the path before it */
} Module;

typedef struct File
{
	bool		is_qualified;
	bool		is_index;		/* its folder's module */
	bool		is_stub;		/* declares what another file defines */
	bool		is_module;
	bool		is_found;		/* as a module */
	uint32		opens;			/* in names, or PT_NO_TEXT */
	bool		in_folder;		/* imports name its folder */
	uint32		unit;			/* the file that stands for its package */
	uint32		entity;			/* that it is itself, or PT_NO_TEXT */
} File;

/* A file of a package that is imported by a path. */
typedef struct Packaged
{
	uint32		path;			/* in names */
	uint32		file;
} Packaged;

struct CodeModules
{
	PtBudget   *budget;
	PtTexts		paths;			/* of files, by number */
	PtTexts		names;
	File	   *file;
	uint64		file_room;
	Module	   *rows;
	uint64		count;
	uint64		room;
	Packaged   *packaged;		/* by import path, folder and path of the file */
	uint64		npackaged;
	uint32	   *rank;			/* of files, by path */
	StringInfoData scratch;
};

/* ---- gathering ---- */

CodeModules *
code_modules_create(PtBudget *budget)
{
	CodeModules *modules = MemoryContextAllocZero(budget->context, sizeof(CodeModules));
	MemoryContext old = MemoryContextSwitchTo(budget->context);

	modules->budget = budget;
	initStringInfo(&modules->scratch);
	MemoryContextSwitchTo(old);
	pt_texts_init(&modules->paths, budget);
	pt_texts_init(&modules->names, budget);
	return modules;
}

static void
add_name(CodeModules *modules, PtText name, uint32 file, int cut)
{
	modules->rows = pt_grow(modules->budget, modules->rows, &modules->room, modules->count + 1, sizeof(Module));
	modules->rows[modules->count++] = (Module) {pt_texts_add(&modules->names, name, NULL), file, cut};
}

/* All names that a file has as a module: ends of its path that begin with a folder or are the file. */
static void
add_names(CodeModules *modules, PtText path, uint32 file)
{
	int			dot = path.length;
	int			slash = path.length;
	PtText		stem;

	while (slash > 0 && path.bytes[slash - 1] != '/')
		slash--;
	while (dot > slash + 1 && path.bytes[dot - 1] != '.')
		dot--;
	if (dot > slash + 1)
	{
		modules->file[file].is_stub = pt_text_is((PtText) {path.bytes + dot, path.length - dot}, "pyi");
		path.length = dot - 1;
	}
	if (path.length > 2 && memcmp(path.bytes + path.length - 2, ".d", 2) == 0)
	{
		modules->file[file].is_stub = true;
		path.length -= 2;
	}
	stem = (PtText) {path.bytes + slash, path.length - slash};
	if (code_is_index(stem))
	{
		modules->file[file].is_index = true;
		path.length = Max(slash - 1, 0);
	}
	add_name(modules, path, file, 0);
	for (int at = 0; at < path.length; at++)
	{
		CHECK_FOR_INTERRUPTS();
		if (path.bytes[at] == '/')
			add_name(modules, (PtText) {path.bytes + at + 1, path.length - at - 1}, file, at);
	}
}

uint32
code_modules_add(CodeModules *modules, PtText path, const CodeLanguage *grammar)
{
	bool		is_new;
	uint32		file;

	code_normal_path(path, &modules->scratch);
	path = (PtText) {modules->scratch.data, modules->scratch.len};
	file = pt_texts_add(&modules->paths, path, &is_new);
	modules->file = pt_grow(modules->budget, modules->file, &modules->file_room, (uint64) file + 1, sizeof(File));
	if (is_new)
		modules->file[file] = (File) {.opens = PT_NO_TEXT, .unit = file, .entity = PT_NO_TEXT};
	modules->file[file].in_folder |= code_has_folders(grammar);
	if (code_has_modules(grammar) && !modules->file[file].is_module && path.length > 0)
	{
		modules->file[file].is_module = true;
		add_names(modules, path, file);
	}
	return file;
}

void
code_modules_qualify(CodeModules *modules, uint32 file)
{
	modules->file[file].is_qualified = true;
}

void
code_modules_found(CodeModules *modules, uint32 file, const CodeLanguage *grammar)
{
	modules->file[file].is_found |= code_has_modules(grammar);
}

void
code_modules_stand(CodeModules *modules, uint32 file, uint32 entity, const uint32 *rank)
{
	uint32	   *known = &modules->file[file].entity;

	if (*known == PT_NO_TEXT || rank[entity] < rank[*known])
		*known = entity;
}

void
code_modules_open(CodeModules *modules, uint32 file, PtText opens)
{
	modules->file[file].opens = pt_texts_add(&modules->names, opens, NULL);
}

static int
compare_modules(const void *a, const void *b, void *arg)
{
	const Module *x = a;
	const Module *y = b;

	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	if (x->cut != y->cut)
		return x->cut < y->cut ? -1 : 1;
	return x->file < y->file ? -1 : x->file > y->file;
}

/* The first word of what a file sees, which is its own package. */
static PtText
own_package(const CodeModules *modules, uint32 file)
{
	PtText		opens = code_modules_opens(modules, file);
	const char *blank = memchr(opens.bytes, ' ', opens.length);

	return (PtText) {opens.bytes, blank != NULL ? (int) (blank - opens.bytes) : opens.length};
}

static int
count_folders(PtText path)
{
	int			count = 0;

	for (int at = 0; at < path.length; at++)
		count += path.bytes[at] == '/';
	return count;
}

/* Of one import path the folders that are less deep come first. */
static int
compare_packaged(const void *a, const void *b, void *arg)
{
	const CodeModules *modules = arg;
	const Packaged *x = a;
	const Packaged *y = b;
	int			order;

	if (x->path != y->path)
		return x->path < y->path ? -1 : 1;
	order = count_folders(pt_text(&modules->paths, x->file)) - count_folders(pt_text(&modules->paths, y->file));
	if (order == 0)
		order = pt_compare_texts(code_modules_folder(modules, x->file), code_modules_folder(modules, y->file));
	return order != 0 ? order : pt_compare_texts(pt_text(&modules->paths, x->file), pt_text(&modules->paths, y->file));
}

static bool
is_same_package(const CodeModules *modules, const Packaged *x, const Packaged *y)
{
	return x->path == y->path &&
		pt_compare_texts(code_modules_folder(modules, x->file), code_modules_folder(modules, y->file)) == 0;
}

/* Of each package the first file stands for all. */
static void
find_units(CodeModules *modules)
{
	uint64		room = 0;

	for (uint32 file = 0; file < modules->paths.count; file++)
	{
		PtText		path = own_package(modules, file);

		pt_check_interrupts(file);
		if (!modules->file[file].in_folder || path.length == 0)
			continue;
		modules->packaged = pt_grow(modules->budget, modules->packaged, &room, modules->npackaged + 1, sizeof(Packaged));
		modules->packaged[modules->npackaged++] = (Packaged) {pt_texts_add(&modules->names, path, NULL), file};
	}
	if (modules->npackaged > 0)
		pt_sort(modules->packaged, modules->npackaged, sizeof(Packaged), compare_packaged, modules);
	for (uint64 i = 0, first = 0; i < modules->npackaged; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!is_same_package(modules, &modules->packaged[first], &modules->packaged[i]))
			first = i;
		modules->file[modules->packaged[i].file].unit = modules->packaged[first].file;
	}
}

static int
compare_paths(const void *a, const void *b, void *paths)
{
	return pt_compare_texts(pt_text(paths, *(const uint32 *) a), pt_text(paths, *(const uint32 *) b));
}

static void
rank_files(CodeModules *modules)
{
	uint32	   *order = pt_resize(modules->budget, NULL, modules->paths.count, sizeof(uint32));

	for (uint32 i = 0; i < modules->paths.count; i++)
		order[i] = i;
	pt_sort(order, modules->paths.count, sizeof(uint32), compare_paths, &modules->paths);
	modules->rank = pt_resize(modules->budget, NULL, modules->paths.count, sizeof(uint32));
	for (uint32 i = 0; i < modules->paths.count; i++)
		modules->rank[order[i]] = i;
	pt_free(modules->budget, order);
}

void
code_modules_finish(CodeModules *modules)
{
	pt_sort(modules->rows, modules->count, sizeof(Module), compare_modules, NULL);
	find_units(modules);
	rank_files(modules);
}

const uint32 *
code_modules_rank(const CodeModules *modules)
{
	return modules->rank;
}

/* ---- files ---- */

bool
code_modules_is_qualified(const CodeModules *modules, uint32 file)
{
	return modules->file[file].is_qualified;
}

bool
code_modules_any_qualified(const CodeModules *modules)
{
	for (uint32 i = 0; i < modules->paths.count; i++)
	{
		pt_check_interrupts(i);
		if (modules->file[i].is_qualified)
			return true;
	}
	return false;
}

bool
code_modules_are_found(const CodeModules *modules)
{
	for (uint32 i = 0; i < modules->paths.count; i++)
	{
		pt_check_interrupts(i);
		if (modules->file[i].is_module && !modules->file[i].is_found)
			return false;
	}
	return true;
}

uint32
code_modules_entity(const CodeModules *modules, uint32 file)
{
	return modules->file[file].entity;
}

PtText
code_modules_opens(const CodeModules *modules, uint32 file)
{
	uint32		opens = modules->file[file].opens;

	return opens == PT_NO_TEXT ? (PtText) {"", 0} : pt_text(&modules->names, opens);
}

PtText
code_modules_path(const CodeModules *modules, uint32 file)
{
	return pt_text(&modules->paths, file);
}

PtText
code_modules_folder(const CodeModules *modules, uint32 file)
{
	PtText		path = pt_text(&modules->paths, file);

	while (path.length > 0 && path.bytes[path.length - 1] != '/')
		path.length--;
	path.length = Max(path.length - 1, 0);
	return path;
}

PtText
code_modules_name(const CodeModules *modules, uint32 file)
{
	PtText		path = pt_text(&modules->paths, file);

	if (modules->file[file].is_index)
		return code_modules_folder(modules, file);
	while (path.length > 0 && path.bytes[path.length - 1] != '.')
		path.length--;
	path.length = Max(path.length - 1, 0);
	return path;
}

bool
code_modules_in_package(const CodeModules *modules, uint32 file, PtText package)
{
	PtText		folder = code_modules_folder(modules, file);
	const char *end = folder.bytes + folder.length - package.length;

	if (folder.length < package.length || (folder.length > package.length && package.length > 0 && end[-1] != '/'))
		return false;
	for (int i = 0; i < package.length; i++)
	{
		if (end[i] != (package.bytes[i] == '.' ? '/' : package.bytes[i]))
			return false;
	}
	return true;
}

int
code_common_folders(PtText a, PtText b)
{
	int			count = 0;

	for (int at = 0; at < a.length && at < b.length && a.bytes[at] == b.bytes[at]; at++)
		count += a.bytes[at] == '/';
	return count;
}

bool
code_path_is_below(PtText path, PtText folder)
{
	return folder.length == 0 || (path.length > folder.length && path.bytes[folder.length] == '/' &&
								  memcmp(path.bytes, folder.bytes, folder.length) == 0);
}

/* ---- packages of folders ---- */

uint32
code_modules_unit(const CodeModules *modules, uint32 file)
{
	return modules->file[file].unit;
}

/* Is it a path of Go's own library, which begins with one of these folders? */
static bool
is_library(PtText path)
{
	/* in the order of their bytes */
	static const char *const folders[] = {
		"C", "archive", "arena", "bufio", "builtin", "bytes", "cmp", "compress", "container", "context", "crypto",
		"database", "debug", "embed", "encoding", "errors", "expvar", "flag", "fmt", "go", "hash", "html", "image", "index",
		"internal", "io", "iter", "log", "maps", "math", "mime", "net", "os", "path", "plugin", "reflect", "regexp",
		"runtime", "slices", "sort", "strconv", "strings", "structs", "sync", "syscall", "testing", "text", "time",
		"unicode", "unique", "unsafe", "weak"
	};
	const char *slash = memchr(path.bytes, '/', path.length);
	int			low = 0;
	int			high = lengthof(folders);

	path.length = slash != NULL ? slash - path.bytes : path.length;
	while (low < high)
	{
		int			middle = low + (high - low) / 2;
		int			order = pt_compare_texts((PtText) {folders[middle], strlen(folders[middle])}, path);

		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* The first file that says that this is its package's path, as a place in packaged; the end if none does. */
static uint64
first_packaged(const CodeModules *modules, PtText path)
{
	uint32		number = pt_texts_find(&modules->names, path);
	uint64		low = 0;
	uint64		high = modules->npackaged;

	if (number == PT_NO_TEXT)
		return high;
	while (low < high)
	{
		uint64		middle = low + (high - low) / 2;

		if (modules->packaged[middle].path < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < modules->npackaged && modules->packaged[low].path == number ? low : modules->npackaged;
}

/* The same of the longest end of a path that a file without a module has for its own. */
static uint64
first_by_end(CodeModules *modules, PtText path)
{
	uint64		found = modules->npackaged;

	if (is_library(path))
		return found;
	for (int at = 0; at < path.length && found == modules->npackaged; at++)
	{
		CHECK_FOR_INTERRUPTS();
		if (path.bytes[at] != '/')
			continue;
		resetStringInfo(&modules->scratch);
		appendStringInfoChar(&modules->scratch, '.');
		appendBinaryStringInfo(&modules->scratch, path.bytes + at, path.length - at);
		found = first_packaged(modules, (PtText) {modules->scratch.data, modules->scratch.len});
	}
	return found;
}

uint32
code_modules_next_unit(CodeModules *modules, PtText import_path, uint64 *place)
{
	uint64		at = *place;

	if (at == 0)
	{
		at = first_packaged(modules, import_path);
		if (at == modules->npackaged)
			at = first_by_end(modules, import_path);
	}
	else
	{
		const Packaged *before = &modules->packaged[at - 1];

		while (at < modules->npackaged && is_same_package(modules, before, &modules->packaged[at]))
			at++;
		if (at < modules->npackaged && modules->packaged[at].path != before->path)
			at = modules->npackaged;
	}
	*place = at + 1;
	return at < modules->npackaged ? modules->packaged[at].file : CODE_NO_FILE;
}

/* ---- modules ---- */

/* The first row of a name, which must be one. */
static uint64
first_row(const CodeModules *modules, uint32 name)
{
	Module		least = {name};

	return pt_lower_bound(modules->rows, modules->count, sizeof(Module), &least, compare_modules, NULL);
}

/* Is there a module of exactly this path that stands for its folder? */
static bool
is_package(const CodeModules *modules, PtText path)
{
	uint32		name = pt_texts_find(&modules->names, path);

	if (name == PT_NO_TEXT)
		return false;
	for (uint64 i = first_row(modules, name);
		 i < modules->count && modules->rows[i].name == name && modules->rows[i].cut == 0; i++)
	{
		if (modules->file[modules->rows[i].file].is_index)
			return true;
	}
	return false;
}

/*
 * May a module be imported by a name that leaves out the beginning of its path?
 * What is left out must not be a package of Python itself; elsewhere it may be
 * if folders are named.
 */
static bool
can_be_cut(const CodeModules *modules, const Module *module, PtText name, const CodeLanguage *grammar)
{
	PtText		path = pt_text(&modules->paths, module->file);

	if (module->cut == 0)
		return true;
	if (code_language_is(grammar, "python"))
		return !is_package(modules, (PtText) {path.bytes, module->cut});
	return memchr(name.bytes, '/', name.length) != NULL;
}

/* Of two files of one name that which defines what the other declares, or the first. */
static bool
is_preferred(const CodeModules *modules, uint32 file, uint32 other)
{
	if (modules->file[file].is_stub != modules->file[other].is_stub)
		return modules->file[other].is_stub;
	return pt_compare_texts(pt_text(&modules->paths, file), pt_text(&modules->paths, other)) < 0;
}

uint32
code_modules_find(const CodeModules *modules, PtText name, uint32 from, const CodeLanguage *grammar)
{
	PtText		here = pt_text(&modules->paths, from);
	bool		is_path = name.length >= 2 && memcmp(name.bytes, "./", 2) == 0;
	uint32		best = CODE_NO_FILE;
	int			most = -1;
	uint32		number;

	if (is_path)
		name = (PtText) {name.bytes + 2, name.length - 2};
	number = pt_texts_find(&modules->names, name);
	if (number == PT_NO_TEXT)
		return CODE_NO_FILE;
	for (uint64 i = first_row(modules, number); i < modules->count && modules->rows[i].name == number; i++)
	{
		const Module *module = &modules->rows[i];
		int			common = code_common_folders(here, pt_text(&modules->paths, module->file));

		CHECK_FOR_INTERRUPTS();
		if (is_path ? module->cut > 0 : !can_be_cut(modules, module, name, grammar))
			continue;
		if (common > most || (common == most && is_preferred(modules, module->file, best)))
		{
			most = common;
			best = module->file;
		}
	}
	return best;
}

uint32
code_modules_below(const CodeModules *modules, PtText folder, PtText name)
{
	uint32		number = pt_texts_find(&modules->names, name);
	uint32		found = CODE_NO_FILE;

	if (number == PT_NO_TEXT)
		return CODE_NO_FILE;
	for (uint64 i = first_row(modules, number); i < modules->count && modules->rows[i].name == number; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!code_path_is_below(pt_text(&modules->paths, modules->rows[i].file), folder))
			continue;
		if (found != CODE_NO_FILE)
			return CODE_NO_FILE;
		found = modules->rows[i].file;
	}
	return found;
}
