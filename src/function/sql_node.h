/*
 * sql_node.h
 *		Node values between the types of arguments, columns and results.
 */
#ifndef SQL_NODE_H
#define SQL_NODE_H

#include "function/sql_graph.h"

/*
 * An argument of a type as a value of the node column: text for text, uuid for
 * uuid, int8 for any integer. Error 42804 if its type cannot be one, 22P02 or
 * 22003 if its text is none.
 */
extern Datum sql_node_argument(const SqlGraph *graph, Datum value, Oid type);

/* An argument in the form in which results show the same node. */
extern Datum sql_node_canonical(const SqlGraph *graph, Datum value, Oid type);

/*
 * A value of the node column as a result of the type that a start was given in:
 * text, uuid, or bigint for integers of any width.
 */
extern Datum sql_node_value(const SqlGraph *graph, Datum value, Oid type);

/* A value of a node type as text. */
extern Datum sql_node_to_text(Datum value, Oid type);

/* The default equality of a type, as SQL has it whatever the search path is. */
extern const char *sql_equality_operator(Oid type);

/* An integer as a datum of an integer type that holds it. */
extern Datum sql_integer_datum(int64 integer, Oid type);

#endif							/* SQL_NODE_H */
