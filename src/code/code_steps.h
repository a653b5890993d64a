/*
 * code_steps.h
 *		Queries over the tables of a codebase, one after the other, each of which
 *		may leave rows under a name for the next ones. Within SPI.
 */
#ifndef CODE_STEPS_H
#define CODE_STEPS_H

#include "base/pt_texts.h"
#include "code/code_tables.h"
#include "access/htup.h"
#include "utils/tuplestore.h"

/*
 * Is an edge d, as a query names it, a fact? What another tool guessed is resolved as
 * little as what we did.
 */
#define CODE_IS_FACT(d) "(" d ".confidence IS NULL OR " d ".confidence = 1) AND " d ".reference_key IS NULL"

/* By what other files find an entity e, and the id of the file that it is in. */
#define CODE_NAME_OF(e) "_parseltongue.pt_entity_name(" e ".name, " e ".key, " e ".language)"
#define CODE_FILE_OF(e) "_parseltongue.pt_entity_file(" e ".file_path, " e ".key)"

#define CODE_MAX_STORES 12
#define CODE_MAX_COLUMNS 16

/*
 * In queries these words stand for tables and the extension's schema: @entities,
 * @edges, @notes, @extension.
 */
typedef struct CodeSteps
{
	const CodeTables *tables;
	const char *words[4][2];
	const char *names[CODE_MAX_STORES]; /* of named tuplestores */
	Tuplestorestate *stores[CODE_MAX_STORES];
	int			nstores;
} CodeSteps;

/* notes is the table of notes, or InvalidOid. */
extern void code_steps_begin(CodeSteps *steps, const CodeTables *tables, Oid notes);

/* A query with names in place of the words. */
extern char *code_steps_fill(const CodeSteps *steps, const char *query);

/* A row of a query; good until the function returns, and so is what that allocates. */
typedef void (*CodeRowFunction) (void *state, HeapTuple row, const Datum *values, const bool *nulls);

/*
 * Call a function for each row of a query, a thousand at a time; arguments are arrays of
 * text, if there are any. It may run no statement itself. Interruptible.
 */
extern void code_each_row(const char *query, int narguments, const Datum *arguments, CodeRowFunction function,
						  void *state);

/* Run a query, and keep its rows, columns of text, whose names end with NULL, under a name. */
extern void code_steps_keep(CodeSteps *steps, const char *name, const char *const *columns, const char *query);

/* Give rows that were put into a store, of these columns, a name; the steps own it then. */
extern void code_steps_own(CodeSteps *steps, const char *name, TupleDesc desc, Tuplestorestate *store);

/* The same of texts, as rows of one column. */
extern void code_steps_keep_texts(CodeSteps *steps, const char *name, const char *column, const PtTexts *texts);

/* Does a query find a row? */
extern bool code_steps_any(const CodeSteps *steps, const char *query);

/* Texts from one number up to another as an array for a query. */
extern Datum code_text_array(const PtTexts *texts, uint32 from, uint32 to);

/* All names are forgotten. */
extern void code_steps_end(CodeSteps *steps);

#endif							/* CODE_STEPS_H */
