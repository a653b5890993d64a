/*
 * code_steps.c
 *		Queries over the tables of a codebase, one after the other.
 *
 * What a query leaves is a named tuplestore, as the rows of a statement are for
 * its triggers: the planner knows how many rows it has.
 */
#include "postgres.h"

#include "base/pt_compat.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "code/code_steps.h"
#include "executor/spi.h"
#include "executor/tstoreReceiver.h"
#include "function/sql_relation.h"
#include "function/sql_statement.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/* rows of a cursor at a time */
#define BATCH 1000

void
code_steps_begin(CodeSteps *steps, const CodeTables *tables, Oid notes)
{
	memset(steps, 0, sizeof(CodeSteps));
	steps->tables = tables;
	steps->words[0][0] = "@entities";
	steps->words[0][1] = sql_qualified_name(tables->entities);
	steps->words[1][0] = "@edges";
	steps->words[1][1] = sql_qualified_name(tables->edges);
	steps->words[2][0] = "@notes";
	steps->words[2][1] = OidIsValid(notes) ? sql_qualified_name(notes) : "";
	steps->words[3][0] = "@extension";
	steps->words[3][1] = quote_identifier(get_namespace_name(sql_extension_schema()));
}

char *
code_steps_fill(const CodeSteps *steps, const char *query)
{
	StringInfoData filled;

	initStringInfo(&filled);
	while (*query != '\0')
	{
		int			i = 0;

		while (i < lengthof(steps->words) &&
			   strncmp(query, steps->words[i][0], strlen(steps->words[i][0])) != 0)
			i++;
		if (i < lengthof(steps->words))
		{
			appendStringInfoString(&filled, steps->words[i][1]);
			query += strlen(steps->words[i][0]);
		}
		else
			appendStringInfoChar(&filled, *query++);
	}
	return filled.data;
}

/* ---- rows for a function ---- */

/* The rows that SPI has fetched. */
static void
take_rows(MemoryContext context, CodeRowFunction function, void *state)
{
	MemoryContext old = MemoryContextSwitchTo(context);

	for (uint64 i = 0; i < SPI_processed; i++)
	{
		Datum		values[CODE_MAX_COLUMNS];
		bool		nulls[CODE_MAX_COLUMNS];

		CHECK_FOR_INTERRUPTS();
		Assert(SPI_tuptable->tupdesc->natts <= CODE_MAX_COLUMNS);
		heap_deform_tuple(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, values, nulls);
		function(state, SPI_tuptable->vals[i], values, nulls);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(old);
}

void
code_each_row(const char *query, int narguments, const Datum *arguments, CodeRowFunction function, void *state)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "parseltongue row", ALLOCSET_DEFAULT_SIZES);
	Oid			types[] = {TEXTARRAYOID, TEXTARRAYOID};
	Datum		values[] = {0, 0};
	Portal		portal;

	Assert(narguments <= lengthof(types));
	for (int i = 0; i < narguments; i++)
		values[i] = arguments[i];
	portal = SPI_cursor_open_with_args(NULL, query, narguments, types, values, NULL, true, 0);
	for (;;)
	{
		SPI_cursor_fetch(portal, true, BATCH);
		if (SPI_processed == 0)
			break;
		take_rows(context, function, state);
		SPI_freetuptable(SPI_tuptable);
	}
	SPI_cursor_close(portal);
	MemoryContextDelete(context);
}

/* ---- rows for other queries ---- */

void
code_steps_own(CodeSteps *steps, const char *name, TupleDesc desc, Tuplestorestate *store)
{
	EphemeralNamedRelationData *relation = palloc0(sizeof(EphemeralNamedRelationData));

	Assert(steps->nstores < CODE_MAX_STORES);
	steps->names[steps->nstores] = name;
	steps->stores[steps->nstores++] = store;
	relation->md.name = pstrdup(name);
	relation->md.tupdesc = desc;
	relation->md.enrtype = ENR_NAMED_TUPLESTORE;
	relation->md.enrtuples = tuplestore_tuple_count(store);
	relation->reldata = store;
	if (SPI_register_relation(relation) != SPI_OK_REL_REGISTER)
		elog(ERROR, "could not register %s", name);
}

void
code_steps_keep(CodeSteps *steps, const char *name, const char *const *columns, const char *query)
{
	Tuplestorestate *store = tuplestore_begin_heap(false, false, work_mem);
	DestReceiver *receiver = CreateDestReceiver(DestTuplestore);
	SPIExecuteOptions options = {.dest = receiver};
	TupleDesc	desc;
	int			ncolumns = 0;

	while (columns[ncolumns] != NULL)
		ncolumns++;
	desc = CreateTemplateTupleDesc(ncolumns);
	for (int i = 0; i < ncolumns; i++)
		TupleDescInitEntry(desc, i + 1, columns[i], TEXTOID, -1, 0);
	pt_finalize_tupdesc(desc);
	/* columns of users may have become something else than text */
	SetTuplestoreDestReceiverParams(receiver, store, CurrentMemoryContext, false, desc,
									"columns of a codebase have other types than they should");
	sql_check_result(SPI_execute_extended(code_steps_fill(steps, query), &options), SPI_OK_SELECT, query);
	receiver->rDestroy(receiver);
	code_steps_own(steps, name, desc, store);
}

void
code_steps_keep_texts(CodeSteps *steps, const char *name, const char *column, const PtTexts *texts)
{
	TupleDesc	desc = CreateTemplateTupleDesc(1);
	Tuplestorestate *store = tuplestore_begin_heap(false, false, work_mem);

	TupleDescInitEntry(desc, 1, column, TEXTOID, -1, 0);
	pt_finalize_tupdesc(desc);
	for (uint32 i = 0; i < texts->count; i++)
	{
		PtText		text = pt_text(texts, i);
		Datum		value = PointerGetDatum(cstring_to_text_with_len(text.bytes, text.length));
		bool		isnull = false;

		CHECK_FOR_INTERRUPTS();
		tuplestore_putvalues(store, desc, &value, &isnull);
		pfree(DatumGetPointer(value));
	}
	code_steps_own(steps, name, desc, store);
}

bool
code_steps_any(const CodeSteps *steps, const char *query)
{
	sql_check_result(SPI_execute(code_steps_fill(steps, query), false, 1), SPI_OK_SELECT, query);
	return SPI_processed > 0;
}

Datum
code_text_array(const PtTexts *texts, uint32 from, uint32 to)
{
	ArrayBuildState *array = initArrayResult(TEXTOID, CurrentMemoryContext, false);

	for (uint32 i = from; i < to; i++)
	{
		PtText		text = pt_text(texts, i);

		CHECK_FOR_INTERRUPTS();
		array = accumArrayResult(array, PointerGetDatum(cstring_to_text_with_len(text.bytes, text.length)), false,
								 TEXTOID, CurrentMemoryContext);
	}
	return makeArrayResult(array, CurrentMemoryContext);
}

void
code_steps_end(CodeSteps *steps)
{
	while (steps->nstores > 0)
	{
		SPI_unregister_relation(steps->names[--steps->nstores]);
		tuplestore_end(steps->stores[steps->nstores]);
	}
}
