/*
 * sql_values.c
 *		Nodes numbered as they are met, by their value.
 */
#include "postgres.h"

#include "adjacency/adj_columns.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "function/sql_values.h"
#include "graph/graph.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

typedef struct ValueEntry
{
	uint32		hash;
	uint32		number;
	char		status;
} ValueEntry;

struct SqlValues
{
	PtBudget   *budget;
	bool		is_integer;
	bool		by_value;
	int16		length;
	FmgrInfo	hash;
	FmgrInfo	equal;
	Oid			collation;
	Datum	   *values;			/* by number */
	uint64		count;
	uint64		capacity;
	Datum		asked;			/* what is looked for, as no. GRAPH_NO_NODE */
	struct valuehash_hash *table;
	Size		charged;		/* for the table */
};

static inline Datum
value_of(const SqlValues *values, uint32 number)
{
	return number == GRAPH_NO_NODE ? values->asked : values->values[number];
}

static bool
are_equal(SqlValues *values, uint32 a, uint32 b)
{
	Datum		x = value_of(values, a);
	Datum		y = value_of(values, b);

	if (values->is_integer)
		return DatumGetInt64(x) == DatumGetInt64(y);
	return DatumGetBool(FunctionCall2Coll(&values->equal, values->collation, x, y));
}

static uint32
hash_value(SqlValues *values, Datum value)
{
	if (values->is_integer)
		return murmurhash32(hash_combine((uint32) (DatumGetInt64(value) >> 32),
										 (uint32) DatumGetInt64(value)));
	return murmurhash32(DatumGetUInt32(FunctionCall1Coll(&values->hash, values->collation, value)));
}

#define SH_PREFIX valuehash
#define SH_ELEMENT_TYPE ValueEntry
#define SH_KEY_TYPE uint32
#define SH_KEY number
#define SH_HASH_KEY(tb, key) hash_value((tb)->private_data, value_of((tb)->private_data, key))
#define SH_EQUAL(tb, a, b) are_equal((tb)->private_data, a, b)
#define SH_STORE_HASH
#define SH_GET_HASH(tb, a) (a)->hash
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

SqlValues *
sql_values_create(Oid type, Oid collation, PtBudget *budget)
{
	SqlValues  *values = MemoryContextAllocZero(budget->context, sizeof(SqlValues));

	values->budget = budget;
	values->collation = collation;
	values->is_integer = adj_is_integer(type);
	if (!values->is_integer)
	{
		TypeCacheEntry *entry = lookup_type_cache(type, TYPECACHE_HASH_PROC | TYPECACHE_EQ_OPR_FINFO);

		if (!OidIsValid(entry->hash_proc) || !OidIsValid(entry->eq_opr_finfo.fn_oid))
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_FUNCTION),
					 errmsg("nodes cannot be of type %s", format_type_be(type)),
					 errdetail("The type has no default hash operator class."),
					 errhint("Cast the columns to a type that has one, such as text, in a view.")));
		fmgr_info_cxt(entry->hash_proc, &values->hash, budget->context);
		fmgr_info_cxt(entry->eq_opr_finfo.fn_oid, &values->equal, budget->context);
		values->by_value = entry->typbyval;
		values->length = entry->typlen;
	}
	values->table = valuehash_create(budget->context, 256, values);
	return values;
}

/* The table grows by itself: account for it, before it does. */
static void
charge_table(SqlValues *values)
{
	Size		bytes;

	if (values->table->members < values->table->grow_threshold)
		return;
	bytes = 2 * values->table->size * sizeof(ValueEntry);
	pt_budget_take(values->budget, bytes);
	pt_budget_return(values->budget, values->charged);
	values->charged = bytes;
}

static Datum
copy_value(SqlValues *values, Datum value)
{
	MemoryContext old;

	if (values->is_integer || values->by_value)
		return value;
	old = MemoryContextSwitchTo(values->budget->context);
	value = values->length == -1 ? PointerGetDatum(PG_DETOAST_DATUM_COPY(value)) :
		datumCopy(value, false, values->length);
	MemoryContextSwitchTo(old);
	pt_budget_take(values->budget, GetMemoryChunkSpace(DatumGetPointer(value)));
	return value;
}

uint32
sql_values_number(SqlValues *values, Datum value)
{
	uint32		hash = hash_value(values, value);
	ValueEntry *entry;
	bool		found;

	values->asked = value;
	entry = valuehash_lookup_hash(values->table, GRAPH_NO_NODE, hash);
	if (entry != NULL)
		return entry->number;
	if (values->count >= GRAPH_NO_NODE - 1)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a graph cannot have more than %u nodes", GRAPH_NO_NODE - 1)));
	charge_table(values);
	values->values = pt_grow(values->budget, values->values, &values->capacity,
							 values->count + 1, sizeof(Datum));
	values->values[values->count] = copy_value(values, value);
	entry = valuehash_insert_hash(values->table, (uint32) values->count, hash, &found);
	entry->number = values->count;
	return values->count++;
}

uint32
sql_values_find(SqlValues *values, Datum value)
{
	ValueEntry *entry;

	values->asked = value;
	entry = valuehash_lookup_hash(values->table, GRAPH_NO_NODE, hash_value(values, value));
	return entry == NULL ? GRAPH_NO_NODE : entry->number;
}

uint32
sql_values_count(const SqlValues *values)
{
	return values->count;
}

Datum
sql_values_get(const SqlValues *values, uint32 number)
{
	return values->values[number];
}
