/*
 * code_path.h
 *		Paths of files, in whatever way they are written.
 *
 * A slash and a backslash separate folders alike, so a path of Windows is the
 * same file as that path with slashes. Nothing here is an error, and nothing
 * looks at a file system. All of it is O(length).
 */
#ifndef CODE_PATH_H
#define CODE_PATH_H

#include "base/pt_texts.h"
#include "lib/stringinfo.h"

static inline bool
code_is_slash(char c)
{
	return c == '/' || c == '\\';
}

/*
 * A path with slashes, the letter of a drive in upper case, and without ./ at
 * its front and // within, in place of what is in result: src/main.rs of
 * .\src\main.rs, C:/src/a.rs of c:\src\a.rs.
 */
extern void code_normal_path(PtText path, StringInfo result);

/*
 * What all spellings of a file's path have in common, in place of what is in
 * id: src_main_rs for ./src/main.rs, src\main.rs and __src_main_rs.
 */
extern void code_file_id(PtText path, StringInfo id);

/*
 * Is it a path, and not what a key has in place of one, __src_main_rs, from
 * which two files may look alike?
 */
extern bool code_is_path(PtText path);

/* The bytes before the first slash of a path that begins with a drive, C:\ or \\?\C:\, else 0. */
extern int	code_drive_length(PtText path);

/* Is a file of this name, without its extension, what imports mean by the name of its folder? */
extern bool code_is_index(PtText stem);

/* Without the extension, if it is one of source code; . or _ stands before it. */
extern PtText code_without_extension(PtText path);

/* Is it the extension of a file of source code? */
extern bool code_is_extension(PtText extension);

#endif							/* CODE_PATH_H */
