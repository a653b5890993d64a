/*
 * adj_cost.c
 *		What the planner is told of a bitmap scan.
 *
 * With an image it costs about what a hash index would. Without one all of the log
 * is read, twice if the scan is asked more than once. A scan that would come to all pages of the table costs
 * more than any other way to read the table. So it is said of a scan for an
 * end that is the first column of a btree or hash index, too, or one behind others
 * for all of which the query has a value: who has made one wants it used, and no plan
 * shall change for an adjacency index beside it.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/stratnum.h"
#include "adjacency/adj_recall.h"
#include "adjacency/adj_scan.h"
#include "catalog/pg_am.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "optimizer/paths.h"
#include "utils/lsyscache.h"
#include "utils/selfuncs.h"
#include "utils/spccache.h"

/* added to what shall not be chosen */
#define NEVER_COST 1.0e10

/* operators that a look-up in an image counts as, reading the metapage included */
#define LOOK_UP_OPERATORS 100

/* ---- what other indexes serve ---- */

/* Is this column of an index, in either place of the operator, equal to something? */
static bool
is_equality(const OpExpr *clause, IndexOptInfo *index, int column)
{
	Oid			op = clause->opno;

	if (list_length(clause->args) != 2)
		return false;
	if (!match_index_to_operand(linitial(clause->args), column, index))
	{
		if (!match_index_to_operand(lsecond(clause->args), column, index))
			return false;
		op = get_commutator(op);
	}
	return OidIsValid(op) &&
		get_op_opfamily_strategy(op, index->opfamily[column]) == BTEqualStrategyNumber;
}

/* Does a clause give a column of a btree a value, or some? */
static bool
gives_value(Node *clause, IndexOptInfo *index, int column)
{
	if (IsA(clause, OpExpr))
		return is_equality((OpExpr *) clause, index, column);
	if (IsA(clause, ScalarArrayOpExpr))
	{
		const ScalarArrayOpExpr *any = (ScalarArrayOpExpr *) clause;

		return any->useOr && match_index_to_operand(linitial(any->args), column, index) &&
			get_op_opfamily_strategy(any->opno, index->opfamily[column]) == BTEqualStrategyNumber;
	}
	if (IsA(clause, NullTest))
		return ((NullTest *) clause)->nulltesttype == IS_NULL &&
			match_index_to_operand((Node *) ((NullTest *) clause)->arg, column, index);
	/* a boolean column, which is a clause itself */
	if (IsA(clause, BooleanTest))
		clause = (Node *) ((BooleanTest *) clause)->arg;
	else if (is_notclause(clause))
		clause = (Node *) get_notclausearg((Expr *) clause);
	return match_index_to_operand(clause, column, index);
}

static bool
some_gives_value(List *clauses, IndexOptInfo *index, int column)
{
	ListCell   *cell;

	foreach(cell, clauses)
		if (gives_value((Node *) lfirst_node(RestrictInfo, cell)->clause, index, column))
			return true;
	return false;
}

/* Does the query, where this path is used, give a column of another index a value? */
static bool
is_given(const IndexPath *path, IndexOptInfo *other, int column)
{
	const RelOptInfo *rel = path->indexinfo->rel;
	const ParamPathInfo *outer = path->path.param_info;
	ListCell   *cell;

	/* within an OR the path's own clauses are those of the arm */
	foreach(cell, path->indexclauses)
		if (gives_value((Node *) lfirst_node(IndexClause, cell)->rinfo->clause, other, column))
			return true;
	return some_gives_value(rel->baserestrictinfo, other, column) ||
		(outer != NULL && some_gives_value(outer->ppi_clauses, other, column));
}

static bool
serves(const IndexPath *path, IndexOptInfo *other, int column)
{
	const IndexOptInfo *info = path->indexinfo;

	if ((other->relam != BTREE_AM_OID && other->relam != HASH_AM_OID) ||
		(other->indpred != NIL && !other->predOK))
		return false;
	for (int i = 0; i < other->nkeycolumns; i++)
	{
		if (other->indexkeys[i] == info->indexkeys[column] &&
			other->indexcollations[i] == info->indexcollations[column])
			return true;
		if (!is_given(path, other, i))
			return false;
	}
	return false;
}

static bool
other_index_serves(const IndexPath *path, int column)
{
	ListCell   *cell;

	foreach(cell, path->indexinfo->rel->indexlist)
		if (serves(path, lfirst(cell), column))
			return true;
	return false;
}

/* ---- costs ---- */

/* How many ends a scan gives, unless another index serves one of them: then none. */
static int
count_ends(const IndexPath *path)
{
	bool		given[2] = {false, false};
	ListCell   *cell;

	foreach(cell, path->indexclauses)
	{
		int			column = lfirst_node(IndexClause, cell)->indexcol;

		if (column > ADJ_TARGET_COLUMN)
			continue;
		if (other_index_serves(path, column))
			return 0;
		given[column] = true;
	}
	return given[ADJ_SOURCE_COLUMN] + given[ADJ_TARGET_COLUMN];
}

/* How the index would answer. */
typedef enum AnswerBy
{
	BY_IMAGE,
	BY_LOG,
	BY_TABLE
} AnswerBy;

static AnswerBy
answer_by(const IndexPath *path, AdjMeta *meta)
{
	const IndexOptInfo *info = path->indexinfo;
	AdjMetaCopy copy;
	Relation	index;
	AnswerBy	by = BY_LOG;
	int			ends = count_ends(path);

	/* one that somebody only imagines has no file */
	if (info->hypothetical || ends == 0)
		return BY_TABLE;
	/* the planner has it locked */
	index = index_open(info->indexoid, NoLock);
	adj_read_meta(index, &copy);
	*meta = copy.meta;
	if (copy.meta.version < ADJ_HALVES_VERSION)
		by = BY_TABLE;
	else if (adj_scan_has_image(index, &copy, ends))
		by = BY_IMAGE;
	index_close(index, NoLock);
	return by;
}

/* The log is read twice at most; then it is remembered. */
static Cost
log_cost(const AdjMeta *meta, double page_cost, double loops, double look_ups)
{
	double		entries = AdjEndOfLog(meta);
	Cost		to_read = (meta->log_pages + 1) * page_cost +
		entries * (cpu_index_tuple_cost + cpu_operator_cost);
	Cost		to_remember;
	Cost		to_ask;

	if (loops <= 2)
		return to_read;
	adj_recall_cost(entries, page_cost, &to_remember, &to_ask);
	return Min(to_read, (2 * to_read + to_remember) / loops +
			   (LOOK_UP_OPERATORS * cpu_operator_cost + to_ask) * look_ups);
}

void
adj_cost_estimate(PlannerInfo *root, IndexPath *path, double loop_count,
				  Cost *startup_cost, Cost *total_cost,
				  Selectivity *selectivity, double *correlation, double *pages)
{
	const IndexOptInfo *info = path->indexinfo;
	GenericCosts costs = {0};
	AdjMeta		meta;
	double		random_page;
	double		seq_page;

	genericcostestimate(root, path, loop_count, &costs);
	get_tablespace_page_costs(info->reltablespace, &random_page, &seq_page);
	*selectivity = costs.indexSelectivity;
	*correlation = 0;
	*pages = costs.numIndexPages;
	switch (answer_by(path, &meta))
	{
		case BY_IMAGE:
			*total_cost = costs.indexTotalCost +
				LOOK_UP_OPERATORS * cpu_operator_cost * costs.num_sa_scans;
			break;
		case BY_LOG:
			*pages = meta.log_pages + 1;
			*total_cost = log_cost(&meta, seq_page, loop_count, costs.num_sa_scans);
			break;
		case BY_TABLE:
			*pages = info->rel->pages;
			*total_cost = NEVER_COST + 2 * (*pages * seq_page + info->rel->tuples * cpu_tuple_cost);
			break;
	}
	/* a bitmap is complete before the first row comes */
	*startup_cost = *total_cost;
}
