/*
 * sql_shape.h
 *		Which columns of a relation are its graph.
 */
#ifndef SQL_SHAPE_H
#define SQL_SHAPE_H

#include "access/attnum.h"
#include "utils/rel.h"

/* how the columns were found */
typedef enum SqlShapeRule
{
	SQL_SHAPE_INDEX,			/* those of an adjacency index */
	SQL_SHAPE_NAMES				/* what they are called tells */
} SqlShapeRule;

/* InvalidAttrNumber for what the relation does not have. */
typedef struct SqlShape
{
	SqlShapeRule rule;
	AttrNumber	source;
	AttrNumber	target;
	AttrNumber	label;
	AttrNumber	confidence;
	AttrNumber	weight;
	AttrNumber	other_weight;	/* a second one that could be meant */
	AttrNumber	location;		/* shown in rows of edges */
	Oid			node_type;		/* base type; of integers the wider one */
	Oid			collation;		/* of both nodes */
} SqlShape;

/*
 * The columns of the adjacency index that is given (InvalidOid: of the only
 * one there is, valid or not, on a partitioned table, too); else those named
 * from_key, to_key, edge_type, confidence, or source, target, label, confidence,
 * or with another pair of names for the ends. The weight is what such an index
 * INCLUDEs, else a column of numbers named weight or cost.
 *
 * Errors: 42P08 adjacency indexes on different columns, 42703 no such columns,
 * 42804 nodes of two types.
 */
extern SqlShape sql_shape(Relation relation, Oid index);

#endif							/* SQL_SHAPE_H */
