/*
 * sql_values.c
 *		Nodes numbered as they are met, by their value.
 *
 * Integers have a table of their own, which holds them: that saves looking
 * elsewhere, and that is most of what it costs. Types that can be ordered but not
 * hashed, such as money and bit strings, have a tree.
 */
#include "postgres.h"

#include "adjacency/adj_columns.h"
#include "base/pt_interrupts.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "function/sql_values.h"
#include "graph/graph.h"
#include "lib/rbtree.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

/* of the hash table at first */
#define TABLE_SIZE 256

typedef struct ValueEntry
{
	uint32		hash;
	uint32		number;
	char		status;
} ValueEntry;

typedef struct IntegerEntry
{
	int64		value;
	uint32		number;
	char		status;
} IntegerEntry;

static inline uint32
hash_integer(int64 value)
{
	return murmurhash32(hash_combine((uint32) (value >> 32), (uint32) value));
}

#define SH_PREFIX inthash
#define SH_ELEMENT_TYPE IntegerEntry
#define SH_KEY_TYPE int64
#define SH_KEY value
#define SH_HASH_KEY(tb, key) hash_integer(key)
#define SH_EQUAL(tb, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

typedef struct ValueNode
{
	RBTNode		node;			/* must be first */
	uint32		number;
} ValueNode;

struct SqlValues
{
	PtBudget   *budget;
	bool		is_integer;
	bool		by_value;
	int16		length;
	FmgrInfo	hash;
	FmgrInfo	equal;
	FmgrInfo	compare;		/* of a type that cannot be hashed */
	Oid			collation;
	Datum	   *values;			/* by number */
	uint64		count;
	uint64		capacity;
	Datum		asked;			/* what is looked for, as no. GRAPH_NO_NODE */
	struct inthash_hash *integers;	/* or */
	struct valuehash_hash *table;
	Size		charged;		/* for that; or */
	RBTree	   *tree;
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

	return DatumGetBool(FunctionCall2Coll(&values->equal, values->collation, x, y));
}

static uint32
hash_value(SqlValues *values, Datum value)
{
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

/* ---- the tree ---- */

static inline bool
is_ordered(const SqlValues *values)
{
	return OidIsValid(values->compare.fn_oid);
}

static int
compare_nodes(const RBTNode *a, const RBTNode *b, void *arg)
{
	SqlValues  *values = arg;
	Datum		x = value_of(values, ((const ValueNode *) a)->number);
	Datum		y = value_of(values, ((const ValueNode *) b)->number);

	return DatumGetInt32(FunctionCall2Coll(&values->compare, values->collation, x, y));
}

static RBTNode *
allocate_node(void *arg)
{
	SqlValues  *values = arg;

	return pt_alloc(values->budget, 1, sizeof(ValueNode));
}

static void
free_node(RBTNode *node, void *arg)
{
	pt_free(((SqlValues *) arg)->budget, node);
}

/* Each number is entered once, and for a value of its own. */
static void
combine_nodes(RBTNode *existing, const RBTNode *added, void *arg)
{
	elog(ERROR, "a node is numbered twice");
}

static uint32
find_in_tree(SqlValues *values, Datum value)
{
	ValueNode	wanted = {.number = GRAPH_NO_NODE};
	ValueNode  *found;

	values->asked = value;
	found = (ValueNode *) rbt_find(values->tree, &wanted.node);
	return found == NULL ? GRAPH_NO_NODE : found->number;
}

static void
enter_into_tree(SqlValues *values, uint32 number)
{
	ValueNode	added = {.number = number};
	bool		is_new;

	(void) rbt_insert(values->tree, &added.node, &is_new);
}

static void
empty_tree(SqlValues *values)
{
	RBTNode    *least;

	while ((least = rbt_leftmost(values->tree)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		rbt_delete(values->tree, least);
	}
}

/* ---- tables ---- */

static void
create_table(SqlValues *values)
{
	if (values->is_integer)
		values->integers = inthash_create(values->budget->context, TABLE_SIZE, NULL);
	else if (!is_ordered(values))
		values->table = valuehash_create(values->budget->context, TABLE_SIZE, values);
	else if (values->tree == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(values->budget->context);

		values->tree = rbt_create(sizeof(ValueNode), compare_nodes, combine_nodes,
								  allocate_node, free_node, values);
		MemoryContextSwitchTo(old);
	}
}

/* How values of a type are told apart: by hashing or, where it has none, by order. */
static void
find_functions(SqlValues *values, Oid type)
{
	TypeCacheEntry *entry = lookup_type_cache(type, TYPECACHE_HASH_PROC | TYPECACHE_EQ_OPR_FINFO |
											  TYPECACHE_CMP_PROC);
	MemoryContext context = values->budget->context;

	if (OidIsValid(entry->hash_proc) && OidIsValid(entry->eq_opr_finfo.fn_oid))
	{
		fmgr_info_cxt(entry->hash_proc, &values->hash, context);
		fmgr_info_cxt(entry->eq_opr_finfo.fn_oid, &values->equal, context);
	}
	else if (OidIsValid(entry->cmp_proc))
		fmgr_info_cxt(entry->cmp_proc, &values->compare, context);
	else
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_FUNCTION),
				 errmsg("nodes cannot be of type %s", format_type_be(type)),
				 errdetail("The type has no default operator class to hash or order it by."),
				 errhint("Cast the columns to a type that has one, such as text, bigint or uuid, in a view.")));
	values->by_value = entry->typbyval;
	values->length = entry->typlen;
}

SqlValues *
sql_values_create(Oid type, Oid collation, PtBudget *budget)
{
	SqlValues  *values = MemoryContextAllocZero(budget->context, sizeof(SqlValues));

	values->budget = budget;
	values->collation = collation;
	values->is_integer = adj_is_integer(type);
	if (!values->is_integer)
		find_functions(values, type);
	create_table(values);
	return values;
}

/* A table grows by itself: account for it, before it does. */
static void
charge_table(SqlValues *values, uint32 members, uint32 threshold, uint64 size, Size element)
{
	if (members < threshold)
		return;
	pt_budget_take(values->budget, 2 * size * element);
	pt_budget_return(values->budget, values->charged);
	values->charged = 2 * size * element;
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

/* The next number, for a value that is new. */
static uint32
add_value(SqlValues *values, Datum value)
{
	if (values->count >= GRAPH_NO_NODE - 1)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a graph cannot have more than %u nodes", GRAPH_NO_NODE - 1)));
	values->values = pt_grow(values->budget, values->values, &values->capacity,
							 values->count + 1, sizeof(Datum));
	values->values[values->count] = copy_value(values, value);
	return values->count++;
}

/* Enter a number for its value, which is not in the table yet. */
static void
enter_integer(SqlValues *values, uint32 number, uint32 hash)
{
	bool		found;

	charge_table(values, values->integers->members, values->integers->grow_threshold,
				 values->integers->size, sizeof(IntegerEntry));
	inthash_insert_hash(values->integers, DatumGetInt64(values->values[number]), hash,
						&found)->number = number;
}

static void
enter_value(SqlValues *values, uint32 number, uint32 hash)
{
	bool		found;

	charge_table(values, values->table->members, values->table->grow_threshold,
				 values->table->size, sizeof(ValueEntry));
	(void) valuehash_insert_hash(values->table, number, hash, &found);
}

static uint32
number_in_tree(SqlValues *values, Datum value)
{
	uint32		number = find_in_tree(values, value);

	if (number != GRAPH_NO_NODE)
		return number;
	number = add_value(values, value);
	enter_into_tree(values, number);
	return number;
}

static uint32
number_integer(SqlValues *values, Datum value, uint32 hash)
{
	IntegerEntry *entry = inthash_lookup_hash(values->integers, DatumGetInt64(value), hash);
	uint32		number;

	if (entry != NULL)
		return entry->number;
	number = add_value(values, value);
	enter_integer(values, number, hash);
	return number;
}

uint32
sql_values_number(SqlValues *values, Datum value)
{
	ValueEntry *entry;
	uint32		hash;
	uint32		number;

	if (values->is_integer)
		return number_integer(values, value, hash_integer(DatumGetInt64(value)));
	if (is_ordered(values))
		return number_in_tree(values, value);
	hash = hash_value(values, value);
	values->asked = value;
	entry = valuehash_lookup_hash(values->table, GRAPH_NO_NODE, hash);
	if (entry != NULL)
		return entry->number;
	number = add_value(values, value);
	enter_value(values, number, hash);
	return number;
}

void
sql_values_forget(SqlValues *values, uint32 count)
{
	if (is_ordered(values))
		empty_tree(values);
	for (uint64 i = count; i < values->count; i++)
	{
		pt_check_interrupts(i);
		if (!values->is_integer && !values->by_value)
			pt_free(values->budget, DatumGetPointer(values->values[i]));
	}
	values->count = count;
	pt_budget_return(values->budget, values->charged);
	values->charged = 0;
	if (values->is_integer)
		inthash_destroy(values->integers);
	else if (!is_ordered(values))
		valuehash_destroy(values->table);
	create_table(values);
	for (uint32 i = 0; i < count; i++)
	{
		pt_check_interrupts(i);
		if (values->is_integer)
			enter_integer(values, i, hash_integer(DatumGetInt64(values->values[i])));
		else if (is_ordered(values))
			enter_into_tree(values, i);
		else
			enter_value(values, i, hash_value(values, values->values[i]));
	}
}

void
sql_values_number_many(SqlValues *values, const Datum *many, int count, uint32 *numbers)
{
	uint32		hashes[SQL_VALUES_BATCH];

	for (int i = 0; values->is_integer && i < count; i++)
	{
		hashes[i] = hash_integer(DatumGetInt64(many[i]));
		__builtin_prefetch(&values->integers->data[hashes[i] & values->integers->sizemask]);
	}
	for (int i = 0; i < count; i++)
		numbers[i] = values->is_integer ? number_integer(values, many[i], hashes[i]) :
			sql_values_number(values, many[i]);
}

uint32
sql_values_find(SqlValues *values, Datum value)
{
	ValueEntry *entry;

	if (values->is_integer)
	{
		IntegerEntry *integer = inthash_lookup(values->integers, DatumGetInt64(value));

		return integer == NULL ? GRAPH_NO_NODE : integer->number;
	}
	if (is_ordered(values))
		return find_in_tree(values, value);
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
