/*
 * sql_relation.h
 *		Which graph a call means, and what the caller may read of it.
 */
#ifndef SQL_RELATION_H
#define SQL_RELATION_H

#include "utils/rel.h"

/* The schema that the extension was created in. Error 42704 if it is gone. */
extern Oid	sql_extension_schema(void);

/*
 * The graph of a call that names none: the setting's, else the extension's
 * pt_edge. Error 42P01 if there is none. Takes no lock.
 */
extern Oid	sql_default_graph(void);

/* InvalidOid if it does not exist. Whether the caller may use it is not asked. */
extern Oid	sql_default_graph_if_any(void);

/*
 * The table of this name beside an edge table, or InvalidOid. It has the same owner:
 * anybody who may create in the schema could put one there, whose triggers,
 * policies and defaults run with the rights of whoever uses it. Takes no lock.
 */
extern Oid	sql_table_beside(Oid heap, const char *name);

/* The same, but error 42P07 where something else has the name. */
extern Oid	sql_own_table_beside(Oid heap, const char *name);

/*
 * The entities of an edge table: a table pt_entity with text keys beside a
 * pt_edge, of the same owner, or InvalidOid. Takes no lock.
 */
extern Oid	sql_entity_table(Oid heap);

/*
 * A relation's name for statements, with its schema and quoted. Palloc'd. Error
 * 42P01 if it has been dropped, as one without a lock may be at any time.
 */
extern char *sql_qualified_name(Oid relation);

/* A column source_location that an edge row shows, or InvalidAttrNumber. */
extern AttrNumber sql_location_column(Relation heap);

/*
 * Error 42501 unless the caller has SELECT on the table, or on its columns
 * that are read: the nodes, the confidence, the location if it is one, and what
 * reads says of label and weight (SQL_READ_LABEL, SQL_READ_WEIGHT of sql_graph.h).
 */
extern void sql_check_privileges(Relation heap, Relation index, int reads, AttrNumber location);

#endif							/* SQL_RELATION_H */
