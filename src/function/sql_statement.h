/*
 * sql_statement.h
 *		Statements that C runs on tables of users.
 */
#ifndef SQL_STATEMENT_H
#define SQL_STATEMENT_H

/*
 * What SPI has said of a statement is what was expected, SPI_OK_SELECT and the
 * like. Error 0A000 if a rule on a table has put something else in its place.
 */
extern void sql_check_result(int result, int expected, const char *sql);

/* Run a statement, within SPI. Errors as above, and its own. */
extern void sql_run(const char *sql, int expected);

#endif							/* SQL_STATEMENT_H */
