/*
 * code_pending.h
 *		What has been written since references were resolved, and what of a
 *		codebase that concerns.
 *
 * Files that come in are noted in pt_pending, in the transaction that writes
 * them. Whoever resolves references takes the notes first and reads after
 * that: what is noted later is for the next one, so nothing is lost, whoever
 * else writes or resolves.
 */
#ifndef CODE_PENDING_H
#define CODE_PENDING_H

#include "code/code_steps.h"

/* What is to be read of a codebase. */
typedef struct CodeRows
{
	const char *entities;		/* a query for CODE_ENTITY_COLUMNS; the others are items of FROM: */
	const char *sources;		/* edges that say who there is, and what files import */
	const char *references;
	const char *guesses;		/* that may have to go */
	CodeSteps	steps;			/* whose rows these mean */
} CodeRows;

/*
 * The table of notes, InvalidOid if the codebase has none, as those of earlier
 * versions, or the caller may not use it. Error 42P07 if something else has its
 * name.
 */
extern Oid	code_pending_table(const CodeTables *tables);

/*
 * Let facts lead where the definitions are now that they led to. Within SPI, and
 * before the notes are taken or forgotten, which leaves those of moves.
 */
extern void code_pending_follow(const CodeTables *tables);

/* Forget all notes: everything is going to be resolved. Within SPI. */
extern void code_pending_forget(Oid pending);

/* Note that the next time, too, everything has to be. Within SPI. */
extern void code_pending_everything(Oid pending);

/*
 * Take the notes, and find what they concern. False if everything has to be resolved;
 * the notes are taken all the same. The rows are good until the end of this connection
 * of SPI. Costs what is concerned, given the indexes of pt_enable_updates; else the
 * codebase is read.
 */
extern bool code_pending_take(Oid pending, const CodeTables *tables, CodeRows *rows);
extern void code_pending_end(CodeRows *rows);

#endif							/* CODE_PENDING_H */
