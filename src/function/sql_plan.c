/*
 * sql_plan.c
 *		A query that is planned once and run again and again.
 */
#include "postgres.h"

#include "base/pt_compat.h"
#include "executor/executor.h"
#include "function/sql_plan.h"
#include "function/sql_tables.h"
#include "jit/jit.h"
#include "nodes/nodeFuncs.h"
#include "tcop/tcopprot.h"
#include "utils/memutils.h"

struct SqlPlan
{
	const char *sql;
	Query	   *query;			/* to be planned for each run, or NULL */
	PlannedStmt *statement;
};

/* Is there a node in the plan that is not the core's, as those of Citus are? */
static bool
has_custom_scan(PlanState *state, void *context)
{
	return IsA(state, CustomScanState) || pt_planstate_tree_walker(state, has_custom_scan, context);
}

/* Read no table of Citus as if it were one of ours: it is empty here. */
static void
check_distributed(const QueryDesc *query)
{
	ListCell   *lc;

	if (has_custom_scan(query->planstate, NULL))
		return;
	foreach(lc, query->plannedstmt->relationOids)
		sql_refuse_distributed(lfirst_oid(lc));
}

SqlPlan *
sql_plan(const char *sql, const Oid *types, int ntypes)
{
	List	   *statements = pg_parse_query(sql);
	List	   *queries = pg_analyze_and_rewrite_fixedparams(linitial_node(RawStmt, statements),
															 sql, types, ntypes, NULL);
	SqlPlan    *plan = palloc0(sizeof(SqlPlan));

	/* a rule makes several of one query, but not of a SELECT */
	Assert(list_length(queries) == 1);
	plan->sql = sql;
	if (sql_has_distributed())
		plan->query = linitial_node(Query, queries);
	else
		plan->statement = pt_plan_query(linitial_node(Query, queries), sql, NULL);
	return plan;
}

bool
sql_plan_is_late(const SqlPlan *plan)
{
	return plan->query != NULL;
}

double
sql_plan_cost(const SqlPlan *plan)
{
	return plan->statement->planTree->total_cost;
}

double
sql_plan_rows(const SqlPlan *plan)
{
	return plan->statement->planTree->plan_rows;
}

List *
sql_plan_relations(const SqlPlan *plan)
{
	return plan->statement == NULL ? NIL : plan->statement->relationOids;
}

/* ---- running ---- */

typedef struct RowReceiver
{
	DestReceiver receiver;		/* must be first */
	SqlPutRow	put;
	void	   *answer;
} RowReceiver;

static void
start_rows(DestReceiver *self, int operation, TupleDesc desc)
{
}

static bool
receive_row(TupleTableSlot *slot, DestReceiver *self)
{
	RowReceiver *rows = (RowReceiver *) self;

	slot_getallattrs(slot);
	return rows->put(rows->answer, slot);
}

static void
end_rows(DestReceiver *self)
{
}

void
sql_plan_run(const SqlPlan *plan, Snapshot snapshot, ParamListInfo params,
			 SqlPutRow put, void *answer)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "parseltongue query",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	RowReceiver rows = {{receive_row, start_rows, end_rows, end_rows, DestNone}, put, answer};
	PlannedStmt *statement = plan->statement;
	QueryDesc  *query;

	if (plan->query != NULL)
		statement = pt_plan_query(copyObject(plan->query), plan->sql, params);
	/* compiled code would be thrown away after each of many small runs */
	statement->jitFlags = PGJIT_NONE;
	PushActiveSnapshot(snapshot);
	query = CreateQueryDesc(statement, plan->sql, snapshot, InvalidSnapshot,
							&rows.receiver, params, NULL, 0);
	ExecutorStart(query, 0);
	if (plan->query != NULL)
		check_distributed(query);
	pt_executor_run(query);
	ExecutorFinish(query);
	ExecutorEnd(query);
	FreeQueryDesc(query);
	PopActiveSnapshot();
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}
