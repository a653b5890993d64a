/*
 * sql_tables.h
 *		Which tables will do.
 */
#ifndef SQL_TABLES_H
#define SQL_TABLES_H

/* ---- tables of Citus (sql_distributed.c) ---- */

/* Is Citus installed in this database? */
extern bool sql_has_distributed(void);

/* Does it manage the table, so that its rows may be elsewhere? */
extern bool sql_is_distributed(Oid table);

/* Error 0A000 if so. */
extern void sql_refuse_distributed(Oid table);

/* ---- tables of a codebase (sql_columns.c) ---- */

/* Does a table have all of some columns? */
extern bool sql_has_columns(Oid table, const char *const *columns, int count);

/*
 * Error 42703 that names those it lacks, and shows of what type the extension's
 * own tables have them.
 */
extern void sql_require_columns(Oid table, const char *const *columns, int count);

#endif							/* SQL_TABLES_H */
