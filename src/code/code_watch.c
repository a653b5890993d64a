/*
 * code_watch.c
 *		pt_watch_statement, pt_watch_commit: the triggers of a codebase that
 *		somebody watches.
 *
 * After each statement those watches are noted whose radius an edge that it
 * changed may belong to. An edge belongs to the radius of a key if its target is
 * the key, or within one hop less of it; so a walk along the edges from the
 * targets of all changed edges finds all such keys at once, and whoever changes
 * edges far from any of them pays for a short walk. The graph as the statement
 * leaves it suffices: of the edges that it takes away from a path the one next to
 * the key still has its target there.
 *
 * Noted watches are rows of a table, whose deferred trigger fires when the
 * transaction commits, once for each. It compares the radius as the transaction
 * found it with what the transaction makes of it: two walks under one snapshot
 * that differ in whether they see the transaction's own changes, so that what
 * others committed meanwhile is in both.
 *
 * Both run as the owner of the edges, like a check of a foreign key: a writer
 * needs no rights on what the watches are kept in, and the owner gets none of the
 * writer's.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "base/pt_interrupts.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "function/sql_relation.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(pt_watch_statement);
PG_FUNCTION_INFO_V1(pt_watch_commit);

/* A statement that changes more is not looked at: each watch is compared. */
#define MAX_CHANGED_EDGES 10000

/* What makes an edge another one for walks. */
static const char *const edge_columns[] = {"to_key", "from_key", "edge_type", "confidence"};

typedef struct WatchOwner
{
	Oid			saved_user;
	int			saved_context;
} WatchOwner;

/* Errors undo it, as they end the transaction that it was done in. */
static WatchOwner
become_owner(Relation table)
{
	WatchOwner	owner;

	GetUserIdAndSecContext(&owner.saved_user, &owner.saved_context);
	SetUserIdAndSecContext(RelationGetForm(table)->relowner,
						   owner.saved_context | SECURITY_LOCAL_USERID_CHANGE);
	return owner;
}

static void
be_caller(WatchOwner owner)
{
	SetUserIdAndSecContext(owner.saved_user, owner.saved_context);
}

/* A plan that is kept, of statements that call functions by their full names. */
static SPIPlanPtr
prepare(SPIPlanPtr *kept, const char *statement, int nargs, Oid *types)
{
	if (*kept == NULL)
	{
		SPIPlanPtr	plan = SPI_prepare(statement, nargs, types);

		if (plan == NULL)
			elog(ERROR, "could not prepare \"%s\": %s", statement, SPI_result_code_string(SPI_result));
		if (SPI_keepplan(plan) != 0)
			elog(ERROR, "could not keep a plan");
		*kept = plan;
	}
	return *kept;
}

static void
run(SPIPlanPtr plan, Datum *values, const char *nulls, bool read_only)
{
	int			result = SPI_execute_plan(plan, values, nulls, read_only, 0);

	if (result != SPI_OK_SELECT)
		elog(ERROR, "could not run a query: %s", SPI_result_code_string(result));
}

/* ---- after a statement ---- */

/* The rows that a statement has put, or those that it has taken. */
typedef struct ChangedRows
{
	Tuplestorestate *store;
	TupleTableSlot *slot;
	int			pointer;
} ChangedRows;

static ChangedRows
open_rows(Tuplestorestate *store, TupleDesc desc)
{
	ChangedRows	rows = {.store = store};

	if (store == NULL)
		return rows;
	/* other triggers read with pointers of their own */
	rows.pointer = tuplestore_alloc_read_pointer(store, EXEC_FLAG_REWIND);
	tuplestore_select_read_pointer(store, rows.pointer);
	tuplestore_rescan(store);
	rows.slot = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	return rows;
}

static bool
next_row(ChangedRows *rows)
{
	if (rows->store == NULL)
		return false;
	tuplestore_select_read_pointer(rows->store, rows->pointer);
	return tuplestore_gettupleslot(rows->store, true, false, rows->slot);
}

static void
close_rows(ChangedRows *rows)
{
	if (rows->slot != NULL)
		ExecDropSingleTupleTableSlot(rows->slot);
}

static bool
is_same_edge(TupleTableSlot *a, TupleTableSlot *b, TupleDesc desc, const AttrNumber *columns)
{
	for (int i = 0; i < lengthof(edge_columns); i++)
	{
		Form_pg_attribute column = TupleDescAttr(desc, columns[i] - 1);
		bool		a_null;
		bool		b_null;
		Datum		a_value = slot_getattr(a, columns[i], &a_null);
		Datum		b_value = slot_getattr(b, columns[i], &b_null);

		if (a_null != b_null ||
			(!a_null && !datum_image_eq(a_value, b_value, column->attbyval, column->attlen)))
			return false;
	}
	return true;
}

static void
add_target(ArrayBuildState **targets, TupleTableSlot *row, AttrNumber column, Oid output)
{
	bool		is_null;
	Datum		value = slot_getattr(row, column, &is_null);

	if (!is_null)
		*targets = accumArrayResult(*targets,
									CStringGetTextDatum(OidOutputFunctionCall(output, value)),
									false, TEXTOID, CurrentMemoryContext);
}

/*
 * The targets of the edges that a statement changed, as text[]: NULL if there are
 * too many, or all were (by TRUNCATE). none: there are none.
 */
static Datum
changed_targets(TriggerData *trigger, bool *is_null, bool *none)
{
	TupleDesc	desc = RelationGetDescr(trigger->tg_relation);
	ChangedRows	old = open_rows(trigger->tg_oldtable, desc);
	ChangedRows	new = open_rows(trigger->tg_newtable, desc);
	bool		is_update = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event);
	ArrayBuildState *targets = NULL;
	AttrNumber	columns[lengthof(edge_columns)];
	Oid			output;
	bool		varlena;
	uint64		nrows = 0;

	*is_null = old.store == NULL && new.store == NULL;
	*none = false;
	if (*is_null)
		return (Datum) 0;
	for (int i = 0; i < lengthof(edge_columns); i++)
	{
		columns[i] = SPI_fnumber(desc, edge_columns[i]);
		if (columns[i] <= 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("column \"%s\" of table \"%s\" does not exist", edge_columns[i],
							RelationGetRelationName(trigger->tg_relation))));
	}
	getTypeOutputInfo(TupleDescAttr(desc, columns[0] - 1)->atttypid, &output, &varlena);
	while (!*is_null)
	{
		bool		has_old = next_row(&old);
		bool		has_new = next_row(&new);

		CHECK_FOR_INTERRUPTS();
		if (!has_old && !has_new)
			break;
		*is_null = ++nrows > MAX_CHANGED_EDGES;
		/* the rows of an update come in one order on both sides */
		if (is_update && has_old && has_new && is_same_edge(old.slot, new.slot, desc, columns))
			continue;
		if (has_old)
			add_target(&targets, old.slot, columns[0], output);
		if (has_new)
			add_target(&targets, new.slot, columns[0], output);
	}
	close_rows(&old);
	close_rows(&new);
	*none = !*is_null && targets == NULL;
	return *is_null || *none ? (Datum) 0 : makeArrayResult(targets, CurrentMemoryContext);
}

Datum
pt_watch_statement(PG_FUNCTION_ARGS)
{
	static SPIPlanPtr kept = NULL;
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	Oid			types[] = {REGCLASSOID, TEXTARRAYOID, BOOLOID};
	Datum		values[3];
	char		nulls[] = "   ";
	bool		is_null;
	bool		none;
	WatchOwner	owner;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(trigger->tg_event) ||
		TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" must be fired after a statement", "pt_watch_statement"),
				 errhint("pt_watch makes the triggers.")));
	SPI_connect();
	values[0] = ObjectIdGetDatum(RelationGetRelid(trigger->tg_relation));
	values[1] = changed_targets(trigger, &is_null, &none);
	values[2] = BoolGetDatum(TRIGGER_FIRED_BY_TRUNCATE(trigger->tg_event));
	if (!none)
	{
		nulls[1] = is_null ? 'n' : ' ';
		owner = become_owner(trigger->tg_relation);
		run(prepare(&kept, "SELECT _parseltongue.pt_watch_touch($1, $2, $3)", 3, types),
			values, nulls, false);
		be_caller(owner);
	}
	SPI_finish();
	return PointerGetDatum(NULL);
}

/* ---- when the transaction commits ---- */

typedef struct WatchColumn
{
	const char *name;
	Oid			type;
} WatchColumn;

/* The columns of a noted watch that say what it is, and whom to tell. */
static const WatchColumn watch_columns[] = {
	{"key", TEXTOID}, {"hops", INT8OID}, {"edge_types", TEXTARRAYOID}, {"min_confidence", FLOAT8OID}
};
static const WatchColumn channel_column = {"channel", TEXTOID};

/*
 * A column of the row that a trigger is fired for. The table is a user's, who may
 * have altered it, or have put the trigger on another one.
 */
static Datum
column_value(TriggerData *trigger, const WatchColumn *wanted, char *null)
{
	TupleDesc	desc = RelationGetDescr(trigger->tg_relation);
	int			column = SPI_fnumber(desc, wanted->name);
	bool		is_null;
	Datum		value;

	if (column <= 0 || SPI_gettypeid(desc, column) != wanted->type)
		ereport(ERROR,
				(errcode(column <= 0 ? ERRCODE_UNDEFINED_COLUMN : ERRCODE_DATATYPE_MISMATCH),
				 errmsg("table \"%s\" has no column \"%s\" of type %s", RelationGetRelationName(trigger->tg_relation),
						wanted->name, format_type_be(wanted->type)),
				 errhint("pt_watch makes the table with its trigger. Drop the table to have it made anew.")));
	value = SPI_getbinval(trigger->tg_trigtuple, desc, column, &is_null);
	*null = is_null ? 'n' : ' ';
	return value;
}

typedef struct WatchRadius
{
	Datum		values[4];		/* keys, distances, how many, and what was wrong */
	char		nulls[4];
} WatchRadius;

/* What is within a watch's radius, under the active snapshot. */
static WatchRadius
find_radius(Datum *watch, const char *nulls)
{
	static SPIPlanPtr kept = NULL;
	Oid			types[] = {REGCLASSOID, TEXTOID, INT8OID, TEXTARRAYOID, FLOAT8OID};
	WatchRadius	radius;

	run(prepare(&kept, "SELECT keys, distances, entities, problem FROM _parseltongue.pt_watch_radius($1, $2, $3, $4, $5)", 5, types),
		watch, nulls, true);
	if (SPI_processed != 1)
		elog(ERROR, "the radius of a watch has " UINT64_FORMAT " rows", SPI_processed);
	for (int i = 0; i < lengthof(radius.values); i++)
	{
		Form_pg_attribute column = TupleDescAttr(SPI_tuptable->tupdesc, i);
		bool		is_null;
		Datum		value = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, i + 1, &is_null);

		radius.nulls[i] = is_null ? 'n' : ' ';
		radius.values[i] = is_null ? (Datum) 0 : datumCopy(value, column->attbyval, column->attlen);
	}
	SPI_freetuptable(SPI_tuptable);
	return radius;
}

/*
 * The radius before the transaction and after it. One snapshot, first as if the
 * transaction had done nothing: not even made the tables.
 */
static void
find_both(TriggerData *trigger, WatchRadius *before, WatchRadius *after)
{
	Datum		watch[1 + lengthof(watch_columns)];
	char		nulls[1 + lengthof(watch_columns)];

	watch[0] = ObjectIdGetDatum(sql_table_beside(RelationGetRelid(trigger->tg_relation), "pt_edge"));
	nulls[0] = ' ';
	for (int i = 0; i < lengthof(watch_columns); i++)
		watch[i + 1] = column_value(trigger, &watch_columns[i], nulls + i + 1);
	PushCopiedSnapshot(GetTransactionSnapshot());
	GetActiveSnapshot()->curcid = FirstCommandId;
	*before = find_radius(watch, nulls);
	GetActiveSnapshot()->curcid = GetCurrentCommandId(false);
	*after = find_radius(watch, nulls);
	PopActiveSnapshot();
}

Datum
pt_watch_commit(PG_FUNCTION_ARGS)
{
	static SPIPlanPtr kept = NULL;
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	Oid			types[] = {REGCLASSOID, TEXTOID, TEXTOID, TEXTARRAYOID, INT4ARRAYOID, INT8OID, TEXTOID,
	TEXTARRAYOID, INT4ARRAYOID, INT8OID, TEXTOID};
	Datum		values[11];
	char		nulls[] = "           ";
	WatchRadius	before;
	WatchRadius	after;
	WatchOwner	owner;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event) || !TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" must be fired after a row was inserted", "pt_watch_commit"),
				 errhint("pt_watch makes the triggers.")));
	SPI_connect();
	owner = become_owner(trigger->tg_relation);
	find_both(trigger, &before, &after);
	values[0] = ObjectIdGetDatum(RelationGetRelid(trigger->tg_relation));
	values[1] = column_value(trigger, &channel_column, nulls + 1);
	values[2] = column_value(trigger, &watch_columns[0], nulls + 2);
	memcpy(values + 3, before.values, sizeof(before.values));
	memcpy(nulls + 3, before.nulls, sizeof(before.nulls));
	memcpy(values + 7, after.values, sizeof(after.values));
	memcpy(nulls + 7, after.nulls, sizeof(after.nulls));
	run(prepare(&kept, "SELECT _parseltongue.pt_watch_report($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", 11, types),
		values, nulls, false);
	be_caller(owner);
	SPI_finish();
	return PointerGetDatum(NULL);
}
