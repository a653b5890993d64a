/*
 * code_module.h
 *		Files of a codebase by number, and the modules that they are for imports.
 *
 * A module is named by its path, or by an end of it: pkg/sub/m.py is the module
 * pkg/sub/m, and sub/m and m where nothing tells otherwise. Everything is in the
 * context of the budget.
 */
#ifndef CODE_MODULE_H
#define CODE_MODULE_H

#include "base/pt_texts.h"
#include "code/code_language.h"

typedef struct CodeModules CodeModules;

#define CODE_NO_FILE PG_UINT32_MAX

extern CodeModules *code_modules_create(PtBudget *budget);

/* Does a file of this language see what it imports by name, and no more? */
static inline bool
code_has_modules(const CodeLanguage *grammar)
{
	return (grammar->grammar & NAME_MODULES) != 0;
}

/* Do the files of a folder see what each other define, and do imports name folders? */
static inline bool
code_has_folders(const CodeLanguage *grammar)
{
	return (grammar->grammar & NAME_FOLDERS) != 0;
}

/* ---- gathering ---- */

/* The number of a file by its path, however that is written. Amortised O(length^2) of a new one. */
extern uint32 code_modules_add(CodeModules *modules, PtText path, const CodeLanguage *grammar);

/* The references of this file are qualified. */
extern void code_modules_qualify(CodeModules *modules, uint32 file);

/* There is an entity for this file itself, in a language. */
extern void code_modules_found(CodeModules *modules, uint32 file, const CodeLanguage *grammar);

/* That entity, once all are there. The first of several by rank stays. */
extern void code_modules_stand(CodeModules *modules, uint32 file, uint32 entity, const uint32 *rank);

/* What can be seen in this file besides what it imports by name: see code_matcher_open. */
extern void code_modules_open(CodeModules *modules, uint32 file, PtText opens);

/* All is added. O(n log n). */
extern void code_modules_finish(CodeModules *modules);

/* The place of each file's path in the order of their bytes; after that. */
extern const uint32 *code_modules_rank(const CodeModules *modules);

/* ---- answering ---- */

extern bool code_modules_is_qualified(const CodeModules *modules, uint32 file);
extern bool code_modules_any_qualified(const CodeModules *modules);

/* Is each module found as a file? O(files). */
extern bool code_modules_are_found(const CodeModules *modules);

/* The entity for a file itself; PT_NO_TEXT if there is none. */
extern uint32 code_modules_entity(const CodeModules *modules, uint32 file);

extern PtText code_modules_opens(const CodeModules *modules, uint32 file);
extern PtText code_modules_path(const CodeModules *modules, uint32 file);

/* The folder that a file is in; the empty text is the top. */
extern PtText code_modules_folder(const CodeModules *modules, uint32 file);

/* What the module of a file is called by its whole path. */
extern PtText code_modules_name(const CodeModules *modules, uint32 file);

/*
 * The file of a module by name, with "./" before it the whole path from the top,
 * seen from another file: that which shares most folders with it. CODE_NO_FILE
 * without. O(log n + modules of that name).
 */
extern uint32 code_modules_find(const CodeModules *modules, PtText name, uint32 from, const CodeLanguage *grammar);

/* The only module below a folder that is called so; CODE_NO_FILE if there are several. */
extern uint32 code_modules_below(const CodeModules *modules, PtText folder, PtText name);

/* Is a file in a package, a.b, by the folders that it is in? */
extern bool code_modules_in_package(const CodeModules *modules, uint32 file, PtText package);

/*
 * Where imports name folders: the file that stands for all those whose package a file is
 * in, that file itself if it does not say. It is the first of them by its path.
 */
extern uint32 code_modules_unit(const CodeModules *modules, uint32 file);

/*
 * The files that stand for packages of an import path, seen from another file: place is 0
 * at first. A path that no file says to be its own is that of a folder whose own is an end
 * of it, unless it is the library's. CODE_NO_FILE if there is no further one.
 * Those less deep come first. O(log n).
 */
extern uint32 code_modules_next_unit(CodeModules *modules, PtText import_path, uint64 *place);

/* How many folders two paths have in common, from the top. */
extern int	code_common_folders(PtText a, PtText b);

/* Is a path below a folder? All are below the empty one. */
extern bool code_path_is_below(PtText path, PtText folder);

#endif							/* CODE_MODULE_H */
