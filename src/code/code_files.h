/*
 * code_files.h
 *		The files that nodes of a network are in.
 */
#ifndef CODE_FILES_H
#define CODE_FILES_H

#include "base/pt_texts.h"
#include "function/sql_network.h"

/*
 * By node the number, among files, of the path of its file, in its normal form
 * (code_path.h), or PT_NO_TEXT where that is not known. Its entity tells, as far
 * as the caller may read that, or else its key; with ids also where that has no
 * path but the id of one, __src_main_rs. A loaded network whose graph is
 * still open. O(n log n). Memory from the network's budget: 4 bytes a node, and
 * the paths. Errors are those of a query of the entities, and 53400.
 */
extern uint32 *code_files(SqlNetwork *network, PtTexts *files, bool ids);

/* The folder of a normal path; "." or a root have themselves. O(length). */
extern PtText code_folder(PtText path);

/* Does the key stand for something that is not part of the code? */
extern bool code_is_placeholder(const SqlNetwork *network, uint32 node);

/* ---- nodes taken together ---- */

typedef enum CodeGrouping
{
	CODE_BY_NODE,
	CODE_BY_FILE,
	CODE_BY_FOLDER
} CodeGrouping;

/* The argument group_by: NULL, 'file' or 'folder'. Error 22023. */
extern CodeGrouping code_grouping(FunctionCallInfo fcinfo, int argno);

/*
 * Let a loaded network be one of files, folders, or of its own nodes, with
 * placeholders or without. A placeholder stands for itself; other nodes whose file
 * is not known go, if they are grouped, and the edges at what goes. Rows are sorted;
 * edges within a group are gone, those between two stay as many as they are. Error
 * 42804 if nodes are not of type text and are grouped, and those of code_files.
 */
extern void code_regroup(SqlNetwork *network, CodeGrouping grouping, bool placeholders);

#endif							/* CODE_FILES_H */
