/*
 * sql_statement.c
 *		Statements that C runs on tables of users.
 *
 * The owner of a table may have rules on it. Triggers change rows; a rule changes
 * the statement, so what comes of it is no longer what the caller counts.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "function/sql_statement.h"

#define SHOWN_BYTES 200			/* of a statement */

void
sql_check_result(int result, int expected, const char *sql)
{
	if (result == expected)
		return;
	if (result == SPI_OK_REWRITTEN)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("a rule of a table replaces a statement of parseltongue"),
				 errdetail("The statement begins with \"%.*s\".", SHOWN_BYTES, sql),
				 errhint("Drop the rule; a trigger may do what it does.")));
	elog(ERROR, "statement failed: %s: %s", SPI_result_code_string(result), sql);
}

void
sql_run(const char *sql, int expected)
{
	sql_check_result(SPI_execute(sql, false, 0), expected, sql);
}
