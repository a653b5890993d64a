/*
 * sql_graph.c
 *		Opening a graph for a statement.
 *
 * The order of steps is what makes answers exact:
 *
 *	open	lock table and index for the transaction, check privileges, take the
 *			statement's snapshot, take predicate locks. Where the index does not
 *			tell all that this user would see, queries do it: then the steps
 *			that follow are the executor's
 *	sync	enter the vacuum barrier (not in recovery); only then read the
 *			log's end and catch the image up. Whatever the snapshot sees was
 *			logged before its transaction committed, so it is in the image
 *	walk	judge edges by visibility map and heap
 *	leave	the barrier. Rows that were seen stay where they are while the
 *			snapshot is registered, so keys may be fetched afterwards
 *	close
 *
 * A long walk leaves before it is over when VACUUM waits for it. From then on the
 * map is not used, so that it takes what a walk in recovery takes: rows of the
 * log's end as of sync, fetched under a snapshot that is older.
 *
 * Between sync and leave: no SPI, no user code, no other lock that could be
 * waited for.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "adjacency/adj_barrier.h"
#include "base/pt_compat.h"
#include "function/sql_args.h"
#include "function/sql_index.h"
#include "function/sql_last.h"
#include "function/sql_query.h"
#include "function/sql_relation.h"
#include "function/sql_source.h"
#include "function/sql_tables.h"
#include "function/sql_weight.h"
#include "pgstat.h"
#include "storage/lmgr.h"
#include "storage/predicate.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

/* a walk that takes longer looks whether VACUUM waits for it, this often */
#define LONG_WALK_MS 1000
#define LOOK_EVERY_MS 100

/* Can this snapshot use this index? */
static void
check_snapshot(const SqlGraph *graph)
{
	Relation	index = graph->index;

	if (!IsMVCCSnapshot(graph->snapshot))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("a graph can only be read with an MVCC snapshot")));
	if (PtOldSnapshotThreshold() >= 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("a graph cannot be read while old_snapshot_threshold is set"),
				 errhint("Set old_snapshot_threshold to -1.")));
	if (index->rd_index->indcheckxmin &&
		!TransactionIdPrecedes(HeapTupleHeaderGetXmin(index->rd_indextuple->t_data),
							   TransactionXmin))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("index \"%s\" cannot be used by this transaction yet",
						RelationGetRelationName(index)),
				 errdetail("It was created after the transaction's snapshot, or over rows whose older versions it lacks."),
				 errhint("Ask again in a new transaction.")));
}

/* What SELECT refuses to read: there is no answer that it could be asked for. */
static void
refuse_unpopulated(Relation heap)
{
	if (heap->rd_rel->relkind == RELKIND_MATVIEW && !RelationIsPopulated(heap))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("materialized view \"%s\" has not been populated",
						RelationGetRelationName(heap)),
				 errhint("Use the REFRESH MATERIALIZED VIEW command.")));
}

/* The rest of opening, where an index tells all. */
static void
open_image(SqlGraph *graph, int reads)
{
	graph->source = &sql_image_source;
	adj_check_collations(graph->heap, graph->index);
	adj_check_confidence(graph->heap, graph->index);
	adj_check_weight(graph->index);
	graph->has_weights = adj_has_weight(graph->index);
	if (reads & SQL_READ_WEIGHT)
		sql_require_weight(graph);
	if (reads & SQL_READ_LOCATION)
		graph->location_attno = sql_location_column(graph->heap);
	sql_check_privileges(graph->heap, graph->index, reads, graph->location_attno);
	if (!(reads & SQL_READ_STORAGE))
		refuse_unpopulated(graph->heap);

	/* toasted keys are read under the barrier, so their table is locked now */
	sql_lock_toast(graph->heap);

	check_snapshot(graph);
	PredicateLockRelation(graph->heap, graph->snapshot);
	PredicateLockRelation(graph->index, graph->snapshot);
}

static const char *
column_name(const SqlGraph *graph, AttrNumber attno)
{
	return quote_identifier(NameStr(TupleDescAttr(RelationGetDescr(graph->heap),
												  attno - 1)->attname));
}

/* How to come to an index. */
static const char *
way_to_index(const SqlGraph *graph)
{
	TupleDesc	desc = RelationGetDescr(graph->heap);
	const char *source = column_name(graph, graph->shape.source);
	const char *target = column_name(graph, graph->shape.target);
	char	   *invalid = sql_invalid_index(graph->heap);

	if (invalid != NULL)
		return psprintf("Index \"%s\" is not valid: its build may be under way or may have failed; REINDEX it.",
						invalid);
	if (!adj_are_node_types(TupleDescAttr(desc, graph->shape.source - 1)->atttypid,
							TupleDescAttr(desc, graph->shape.target - 1)->atttypid))
		return psprintf("An index needs columns %s and %s to be of one of the types " ADJ_NODE_TYPES ".",
						source, target);
	return psprintf("Create one with \"CREATE INDEX ON %s USING adjacency (%s, %s)%s\".",
					quote_identifier(RelationGetRelationName(graph->heap)), source, target,
					!graph->reads_weights ? "" :
					psprintf(" INCLUDE (%s)", column_name(graph, graph->shape.weight)));
}

/* A table of which an index could tell all, if it had one. */
static void
warn_of_no_index(const SqlGraph *graph)
{
	char		kind = graph->heap->rd_rel->relkind;

	if ((kind == RELKIND_RELATION && !graph->heap->rd_rel->relhassubclass &&
		 !graph->heap->rd_rel->relrowsecurity &&
		 !sql_is_distributed(RelationGetRelid(graph->heap))) || kind == RELKIND_MATVIEW)
	{
		const char *hint = way_to_index(graph);

		ereport(WARNING,
				(errcode(SQL_WARNING_NO_INDEX),
				 errmsg("%s \"%s\" has no valid adjacency index, so each step is a query over it",
						kind == RELKIND_MATVIEW ? "materialized view" : "table",
						RelationGetRelationName(graph->heap)),
				 errhint("%s", hint)));
	}
}

/* The rest of opening, where queries are asked: the executor checks what they read. */
static void
open_query(SqlGraph *graph, Oid named, int reads)
{
	if (reads & (SQL_READ_STORAGE | SQL_READ_ITSELF))
	{
		sql_refuse_distributed(RelationGetRelid(graph->heap));
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("relation \"%s\" has no adjacency index that tells all of it",
						RelationGetRelationName(graph->heap)),
				 errhint("Name a table with a valid adjacency index, or such an index.")));
	}
	graph->shape = sql_shape(graph->heap, named);
	graph->has_weights = graph->shape.weight != InvalidAttrNumber;
	if (reads & SQL_READ_WEIGHT)
		sql_require_weight(graph);
	warn_of_no_index(graph);
	graph->source = &sql_query_source;
	sql_query_open(graph, (reads & SQL_READ_LOCATION) != 0);
}

void
sql_graph_open(SqlGraph *graph, FunctionCallInfo fcinfo, int argno, int reads,
			   const char *what, const char *hint)
{
	Oid			relation;
	Oid			named;

	memset(graph, 0, sizeof(SqlGraph));
	graph->budget = pt_budget_create(what, hint);
	graph->barrier = -1;

	if (!ActiveSnapshotSet())
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("a graph can only be read within a statement")));
	graph->is_default = PG_ARGISNULL(argno);
	relation = graph->is_default ? sql_default_graph() : PG_GETARG_OID(argno);
	sql_open_relation(relation, reads, &graph->heap, &graph->index, &named);
	graph->reads_weights = (reads & SQL_READ_WEIGHT) != 0;
	graph->entity_table = sql_entity_table(RelationGetRelid(graph->heap));
	graph->in_recovery = RecoveryInProgress();
	graph->snapshot = RegisterSnapshot(GetActiveSnapshot());
	if (graph->index != NULL)
		open_image(graph, reads);
	else
		open_query(graph, named, reads);
}

void
sql_graph_enter(SqlGraph *graph)
{
	if (graph->in_recovery)
		adj_read_meta(graph->index, &graph->copy);
	else
		graph->barrier = adj_barrier_enter(graph->index, &graph->copy);
	graph->columns = *adj_columns(graph->index, &graph->copy.meta);
}

void
sql_graph_step_out(SqlGraph *graph)
{
	if (graph->image != NULL)
		graph->vis.use_map = false;
	sql_graph_leave(graph);
}

void
sql_graph_pause(SqlGraph *graph)
{
	TimestampTz now;

	if (graph->image == NULL)
		return;
	now = GetCurrentTimestamp();
	if (now < graph->look_at)
		return;
	graph->look_at = TimestampTzPlusMilliseconds(now, LOOK_EVERY_MS);
	/* it may wait for the pin on the page of the last row, too */
	pt_visibility_unpin(&graph->vis);
	if (graph->barrier < 0 || !adj_barrier_is_awaited(graph->index, graph->barrier))
		return;
	sql_graph_step_out(graph);
}

static void
pause_walk(void *arg)
{
	sql_graph_pause(arg);
}

/*
 * What may tell whether a row is visible, besides fetching it. Not the
 * visibility map in recovery, since there is no barrier. Nothing else in a
 * serializable transaction, since the fetch is what notices that the row's
 * deleter is a conflict; nor where a table access method may not keep map and
 * pages as heap does.
 */
static int
ways_to_tell(const SqlGraph *graph)
{
	if (IsolationIsSerializable() || graph->heap->rd_tableam != GetHeapamTableAmRoutine())
		return 0;
	if (graph->in_recovery || graph->snapshot->takenDuringRecovery)
		return PT_VISIBLE_BY_PAGE;
	return PT_VISIBLE_BY_PAGE | PT_VISIBLE_BY_MAP;
}

void
sql_graph_sync(SqlGraph *graph)
{
	MemoryContext old;

	if (graph->query != NULL)
		return;
	sql_graph_enter(graph);
	old = MemoryContextSwitchTo(graph->budget->context);
	graph->image = image_open(graph->index, &graph->copy, graph->in_recovery);
	pt_visibility_begin(&graph->vis, graph->heap, graph->snapshot, ways_to_tell(graph));
	graph->all = image_graph_create(graph->image, &graph->vis, NULL);
	graph->look_at = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), LONG_WALK_MS);
	image_set_pause(graph->image, pause_walk, graph);
	MemoryContextSwitchTo(old);
}

void
sql_graph_unsync(SqlGraph *graph)
{
	if (graph->query != NULL)
		return;
	sql_graph_leave(graph);
	pt_visibility_end(&graph->vis);
	image_close(graph->image);
	graph->image = NULL;
	graph->all = NULL;
}

void
sql_graph_follow(SqlGraph *graph, ArrayType *edge_types, int min_confidence)
{
	/* idx_scan of pg_stat_all_indexes tells whether an index is of use */
	if (graph->index != NULL)
		pgstat_count_index_scan(graph->index);
	graph->view = graph->source->follow(graph, edge_types, min_confidence);
}

Graph *
sql_graph_facts(SqlGraph *graph)
{
	return graph->source->facts(graph);
}

GraphWalk *
sql_walk_begin(SqlGraph *graph, GraphDirection direction, int keep)
{
	return graph_walk_begin(graph->view, graph->budget, direction, keep);
}

bool
sql_graph_has_visible_edge(SqlGraph *graph, uint32 node)
{
	uint64		visible = 0;

	graph->source->find_visible(graph, &node, 1, &visible);
	return visible != 0;
}

void
sql_graph_leave(SqlGraph *graph)
{
	if (graph->barrier >= 0)
		adj_barrier_leave(graph->index, graph->barrier);
	graph->barrier = -1;
}

void
sql_graph_close(SqlGraph *graph)
{
	if (graph->view != NULL)
		sql_note_walk(graph);
	graph_sets_end(&graph->sets);
	if (graph->image != NULL)
	{
		pt_visibility_end(&graph->vis);
		image_close(graph->image);
	}
	UnregisterSnapshot(graph->snapshot);
	if (graph->index != NULL)
		index_close(graph->index, NoLock);
	table_close(graph->heap, NoLock);
	pt_budget_delete(graph->budget);
}
