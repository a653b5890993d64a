/*
 * code_include.h
 *		Which files of C a file includes, by what it says.
 *
 * Everything is in the context of the budget.
 */
#ifndef CODE_INCLUDE_H
#define CODE_INCLUDE_H

#include "base/pt_texts.h"
#include "lib/stringinfo.h"

/* What a file includes, as texts. */
typedef struct CodeInclude
{
	uint32		file;
	uint32		exact;			/* the path that it is from the file's own folder, or PT_NO_TEXT */
	uint32		end;			/* what the path ends with that is meant, wherever it is, or PT_NO_TEXT */
} CodeInclude;

typedef struct CodeIncludes
{
	PtBudget   *budget;
	PtTexts		files;			/* normal paths */
	PtTexts		texts;
	CodeInclude *rows;			/* by file, once finished */
	uint64		count;
	uint64		room;
	StringInfoData path;		/* scratch */
	StringInfoData scratch;
} CodeIncludes;

/* How well something included fits a file. */
typedef enum CodeIncludeFit
{
	INCLUDE_NOT,
	INCLUDE_BY_END,				/* its path ends so */
	INCLUDE_EXACTLY				/* it is that, from the folder of the file that includes it */
} CodeIncludeFit;

extern void code_includes_init(CodeIncludes *includes, PtBudget *budget);

/* A file includes what is written there, without quotes and brackets. */
extern void code_includes_add(CodeIncludes *includes, PtText path, PtText written);

/* All is added. O(n log n). */
extern void code_includes_finish(CodeIncludes *includes);

/* Does one file include another? O(log n + what it includes). */
extern CodeIncludeFit code_includes_fit(CodeIncludes *includes, PtText from, PtText path);

/* Is it one of C's and POSIX's own headers, assert.h? A file of the tree may be called so, but is not meant by that alone. */
extern bool code_is_standard_header(PtText written);

#endif							/* CODE_INCLUDE_H */
