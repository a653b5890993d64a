/*
 * sql_values.h
 *		Nodes numbered as they are met, by their value.
 *
 * For sources that have no fingerprints: two values are one node if the default
 * equality of their type says so, as UNION in a recursive query does. Of equal
 * values that look different the first one met stands for the node.
 */
#ifndef SQL_VALUES_H
#define SQL_VALUES_H

#include "base/pt_budget.h"

typedef struct SqlValues SqlValues;

/*
 * None yet. Integers of any width are given as int8. Error 42883 if the type
 * can neither be hashed nor ordered.
 */
extern SqlValues *sql_values_create(Oid type, Oid collation, PtBudget *budget);

/*
 * The number of a value, the next one if it is new, then of a copy in the
 * budget's context. Error 53400 beyond the budget, 54000 beyond 2^32 - 2.
 */
extern uint32 sql_values_number(SqlValues *values, Datum value);

/*
 * The same for many, which is faster for integers: their places in memory are on
 * the way before they are looked at. At most SQL_VALUES_BATCH.
 */
#define SQL_VALUES_BATCH 64
extern void sql_values_number_many(SqlValues *values, const Datum *many, int count,
								   uint32 *numbers);

/* The same without numbering what is new: GRAPH_NO_NODE for that. */
extern uint32 sql_values_find(SqlValues *values, Datum value);

/* Forget those numbered since there were so many, with their memory. O(count). */
extern void sql_values_forget(SqlValues *values, uint32 count);

/* How many there are, and what each is. */
extern uint32 sql_values_count(const SqlValues *values);
extern Datum sql_values_get(const SqlValues *values, uint32 number);

#endif							/* SQL_VALUES_H */
