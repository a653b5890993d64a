/*
 * code_guess.c
 *		Guesses: what references are taken for, gathered and written as edges.
 *
 * They are sorted by the numbers that the keys of both ends have in the order of
 * their bytes, so that the table's btree is written from left to right; of two
 * references that mean the same the better one stays. Then one statement compares
 * that with the guesses there are, and writes the differences: running it again is
 * cheap for everybody who reads the log, and twice is as good as once.
 *
 * The guesses are a named tuplestore for that statement, as the rows of a statement
 * are for its triggers.
 */
#include "postgres.h"

#include "base/pt_compat.h"

#include "access/xact.h"
#include "base/pt_varatt.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "code/code_guess.h"
#include "code/code_key.h"
#include "code/code_text.h"
#include "executor/spi.h"
#include "function/sql_source.h"
#include "function/sql_statement.h"
#include "miscadmin.h"
#include "parser/parse_oper.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/resowner.h"

/* columns of a guess */
#define GUESS_PLACE 0			/* numbers of both ends */
#define GUESS_TYPE 3
#define GUESS_COLUMNS 8

/* ---- gathering ---- */

void
code_guesses_begin(CodeGuesses *guesses)
{
	static const char *const methods[] = {
		"scope", "member", "inherited", "module", "export", "file", "import", "folder", "unique", "nearest",
		"self", "other"
	};
	static const char *const columns[] = {
		"place", "from_key", "to_key", "edge_type", "source_location", "confidence", "method", "reference_key"
	};
	AttrNumber	attnos[] = {1, 4, 6, 8};
	Oid			operators[] = {Int8LessOperator, TextLessOperator, InvalidOid, TextLessOperator};
	Oid			collations[] = {InvalidOid, C_COLLATION_OID, InvalidOid, C_COLLATION_OID};
	bool		nulls_first[] = {false, false, false, false};

	StaticAssertStmt(lengthof(methods) == MATCH_METHODS, "a name for each method");
	memset(guesses, 0, sizeof(CodeGuesses));
	get_sort_group_operators(NUMERICOID, false, false, true, NULL, NULL, &operators[2], NULL);
	guesses->desc = CreateTemplateTupleDesc(GUESS_COLUMNS);
	for (int i = 0; i < GUESS_COLUMNS; i++)
		TupleDescInitEntry(guesses->desc, i + 1, columns[i],
						   i == GUESS_PLACE ? INT8OID : i == 5 ? NUMERICOID : TEXTOID, -1, 0);
	pt_finalize_tupdesc(guesses->desc);
	for (int i = 0; i < lengthof(guesses->confidences); i++)
		guesses->confidences[i] = NumericGetDatum(int64_div_fast_to_numeric(i, 2));
	for (int i = 0; i < MATCH_METHODS; i++)
		guesses->methods[i] = CStringGetTextDatum(methods[i]);
	guesses->slot = MakeSingleTupleTableSlot(guesses->desc, &TTSOpsVirtual);
	guesses->sort = tuplesort_begin_heap(guesses->desc, lengthof(attnos), attnos, operators, collations,
										 nulls_first, work_mem, NULL, TUPLESORT_NONE);
}

void
code_guesses_put(CodeGuesses *guesses, const CodeGuess *guess)
{
	PtText		from = code_text(guess->from);
	PtText		type = code_text(guess->type);
	int			suffix = strlen(SQL_RESOLVED_SUFFIX);
	TupleTableSlot *slot = guesses->slot;
	text	   *resolved;

	if ((Size) from.length + guess->to.length + type.length + suffix > CODE_MAX_KEY_BYTES)
	{
		guesses->left_out++;
		return;
	}
	resolved = palloc(VARHDRSZ + type.length + suffix);
	SET_VARSIZE(resolved, VARHDRSZ + type.length + suffix);
	memcpy(VARDATA(resolved), type.bytes, type.length);
	memcpy(VARDATA(resolved) + type.length, SQL_RESOLVED_SUFFIX, suffix);
	ExecClearTuple(slot);
	memset(slot->tts_isnull, false, GUESS_COLUMNS * sizeof(bool));
	slot->tts_values[GUESS_PLACE] = Int64GetDatum((int64) guess->place);
	slot->tts_values[1] = guess->from;
	slot->tts_values[2] = PointerGetDatum(cstring_to_text_with_len(guess->to.bytes, guess->to.length));
	slot->tts_values[GUESS_TYPE] = PointerGetDatum(resolved);
	slot->tts_values[4] = guess->location;
	slot->tts_isnull[4] = !guess->has_location;
	slot->tts_values[5] = guesses->confidences[guess->percent];
	slot->tts_values[6] = guesses->methods[guess->method];
	slot->tts_values[7] = guess->reference;
	ExecStoreVirtualTuple(slot);
	tuplesort_puttupleslot(guesses->sort, slot);
}

/* The sorted guesses, each edge once: the first one is the best. */
static void
keep_best(CodeGuesses *guesses)
{
	TupleTableSlot *next = MakeSingleTupleTableSlot(guesses->desc, &TTSOpsMinimalTuple);
	TupleTableSlot *last = MakeSingleTupleTableSlot(guesses->desc, &TTSOpsMinimalTuple);
	TupleTableSlot *swap;

	ExecDropSingleTupleTableSlot(guesses->slot);
	tuplesort_performsort(guesses->sort);
	guesses->sorted = tuplestore_begin_heap(false, false, work_mem);
	while (tuplesort_gettupleslot(guesses->sort, true, true, next, NULL))
	{
		CHECK_FOR_INTERRUPTS();
		slot_getallattrs(next);
		if (!TTS_EMPTY(last) && next->tts_values[GUESS_PLACE] == last->tts_values[GUESS_PLACE] &&
			pt_compare_texts(code_text(next->tts_values[GUESS_TYPE]),
								 code_text(last->tts_values[GUESS_TYPE])) == 0)
			continue;
		tuplestore_puttupleslot(guesses->sorted, next);
		guesses->total++;
		swap = last;
		last = next;
		next = swap;
	}
	ExecDropSingleTupleTableSlot(next);
	ExecDropSingleTupleTableSlot(last);
	tuplesort_end(guesses->sort);
}

/* ---- writing ---- */

#define IS_GUESS "confidence IS NOT NULL AND reference_key IS NOT NULL"
#define KEY_COLUMNS "from_key, to_key, edge_type"
#define OTHER_COLUMNS "source_location, confidence, method, reference_key"
#define SAME_EDGE(a, b) \
	"(" a ".from_key = " b ".from_key AND " a ".to_key = " b ".to_key AND " a ".edge_type = " b ".edge_type)"
#define DIFFERS(a, b) \
	"((" a ".source_location, " a ".confidence, " a ".method, " a ".reference_key) IS DISTINCT FROM " \
	"(" b ".source_location, " b ".confidence, " b ".method, " b ".reference_key))"

/* what stands in the way of a guess, or is one */
#define ANY_QUERY "SELECT FROM %s WHERE edge_type LIKE '%%" SQL_RESOLVED_SUFFIX "' OR (" IS_GUESS ") LIMIT 1"

#define INSERT_ALL \
	"INSERT INTO %s (" KEY_COLUMNS ", " OTHER_COLUMNS ") SELECT " KEY_COLUMNS ", " OTHER_COLUMNS " FROM pt_guess"

/* what a user wrote in the place of a guess stays */
#define WRITE_DIFFERENCES \
	"WITH change AS MATERIALIZED (" \
	" SELECT g.place IS NULL AS is_gone, g.place, coalesce(g.from_key, e.from_key) AS from_key," \
	"  coalesce(g.to_key, e.to_key) AS to_key, coalesce(g.edge_type, e.edge_type) AS edge_type," \
	"  g.source_location, g.confidence, g.method, g.reference_key" \
	" FROM pt_guess AS g" \
	" FULL JOIN (SELECT " KEY_COLUMNS ", " OTHER_COLUMNS " FROM %2$s WHERE " IS_GUESS ") AS e ON " SAME_EDGE("g", "e") \
	" WHERE g.place IS NULL OR e.from_key IS NULL OR " DIFFERS("g", "e") \
	"), gone AS (" \
	" DELETE FROM %1$s AS e USING change AS c" \
	" WHERE c.is_gone AND " SAME_EDGE("e", "c") " AND e.confidence IS NOT NULL AND e.reference_key IS NOT NULL" \
	" RETURNING 1" \
	"), put AS (" \
	" INSERT INTO %1$s AS e (" KEY_COLUMNS ", " OTHER_COLUMNS ")" \
	" SELECT " KEY_COLUMNS ", " OTHER_COLUMNS " FROM change WHERE NOT is_gone ORDER BY place, edge_type COLLATE \"C\"" \
	" ON CONFLICT (" KEY_COLUMNS ") DO UPDATE SET source_location = EXCLUDED.source_location," \
	"  confidence = EXCLUDED.confidence, method = EXCLUDED.method, reference_key = EXCLUDED.reference_key" \
	"  WHERE e.confidence IS NOT NULL AND e.reference_key IS NOT NULL AND " DIFFERS("e", "EXCLUDED") \
	" RETURNING e.xmax = 0 AS is_new" \
	") SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new), (SELECT count(*) FROM gone) FROM put"

/* A number in the first row of what SPI has run. */
static int64
result_count(int column)
{
	bool		isnull;

	return DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, column, &isnull));
}

/*
 * Insert them where there are none, which costs a quarter less than looking
 * for conflicts one by one. False, and nothing is inserted, if there is a
 * conflict all the same: with what another session has written since.
 */
static bool
insert_all(CodeGuesses *guesses, const char *edges)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	volatile bool inserted = false;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		sql_run(psprintf(INSERT_ALL, edges), SPI_OK_INSERT);
		guesses->inserted = SPI_processed;
		inserted = true;
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		if (error->sqlerrcode != ERRCODE_UNIQUE_VIOLATION)
			ReThrowError(error);
		FreeErrorData(error);
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	return inserted;
}

void
code_guesses_write(CodeGuesses *guesses, const char *edges, const char *existing, bool everything)
{
	EphemeralNamedRelationData relation = {{0}};

	keep_best(guesses);
	relation.md.name = "pt_guess";
	relation.md.tupdesc = guesses->desc;
	relation.md.enrtype = ENR_NAMED_TUPLESTORE;
	relation.md.enrtuples = guesses->total;
	relation.reldata = guesses->sorted;
	if (SPI_register_relation(&relation) != SPI_OK_REL_REGISTER)
		elog(ERROR, "could not register the guesses");

	if (everything)
		sql_run(psprintf(ANY_QUERY, edges), SPI_OK_SELECT);
	if (!everything || SPI_processed > 0 || !insert_all(guesses, edges))
	{
		sql_run(psprintf(WRITE_DIFFERENCES, edges, existing), SPI_OK_SELECT);
		guesses->inserted = result_count(1);
		guesses->updated = result_count(2);
		guesses->deleted = result_count(3);
	}
	SPI_unregister_relation("pt_guess");
	tuplestore_end(guesses->sorted);
}
