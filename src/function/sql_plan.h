/*
 * sql_plan.h
 *		A query that is planned once and run again and again.
 *
 * The server's cache of plans would plan anew where a definition has changed,
 * and then see partitions that were attached meanwhile. A recursive query does
 * not: its plan is made once. So is this one, and the locks that planning took
 * keep it good to the end of the transaction.
 */
#ifndef SQL_PLAN_H
#define SQL_PLAN_H

#include "executor/tuptable.h"
#include "nodes/params.h"
#include "utils/snapshot.h"

typedef struct SqlPlan SqlPlan;

/* Called for each row; false ends the run. The slot's row is deformed. */
typedef bool (*SqlPutRow) (void *answer, TupleTableSlot *slot);

/*
 * Plan a SELECT as the current user, in the current memory context. Parameters
 * are of these types. Takes the locks that the server takes for a query, waiting
 * where it would. Errors are the server's own, and 0A000 for a table of Citus
 * that its planner does not take care of.
 *
 * Where Citus is installed the plan is only known once the parameters are: it
 * cannot plan a query over many shards without them. Then cost, rows and
 * relations are not known, and each run plans anew.
 */
extern SqlPlan *sql_plan(const char *sql, const Oid *types, int ntypes);

/* Is a plan made for each run? */
extern bool sql_plan_is_late(const SqlPlan *plan);

/* What the planner expects of a run, in its own units; and of how many rows. */
extern double sql_plan_cost(const SqlPlan *plan);
extern double sql_plan_rows(const SqlPlan *plan);

/* The relations that the plan reads, as a list of OIDs. */
extern List *sql_plan_relations(const SqlPlan *plan);

/*
 * Run it under a snapshot with the current user's rights. Runs user code where
 * the query does. Leaves no memory behind.
 */
extern void sql_plan_run(const SqlPlan *plan, Snapshot snapshot, ParamListInfo params,
						 SqlPutRow put, void *answer);

#endif							/* SQL_PLAN_H */
