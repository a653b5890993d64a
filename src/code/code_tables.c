/*
 * code_tables.c
 *		pt_graph_tables: which tables are the codebase's.
 *
 * Who writes to a codebase or reads its entities asks here, in C or by the SQL
 * function, so there is one answer, and one error.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_class.h"
#include "code/code_tables.h"
#include "funcapi.h"
#include "function/sql_index.h"
#include "function/sql_relation.h"
#include "function/sql_tables.h"
#include "utils/lsyscache.h"

PG_FUNCTION_INFO_V1(pt_graph_tables);

/* Whether owners alone make the two tables none of a codebase. */
static bool
has_foreign_entities(Oid edges)
{
	Oid			entities = get_relname_relid("pt_entity", get_rel_namespace(edges));

	return OidIsValid(entities) && get_rel_relkind(entities) == RELKIND_RELATION &&
		strcmp(get_rel_name(edges), "pt_edge") == 0 && !OidIsValid(sql_table_beside(edges, "pt_entity"));
}

CodeTables
code_tables(FunctionCallInfo fcinfo, int argno)
{
	CodeTables	tables;
	char	   *name;

	tables.graph = PG_ARGISNULL(argno) ? sql_default_graph() : PG_GETARG_OID(argno);
	tables.edges = sql_graph_table(tables.graph);
	name = get_rel_name(tables.edges);
	tables.schema = get_namespace_name(get_rel_namespace(tables.edges));
	if (name == NULL || tables.schema == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation with OID %u does not exist", tables.graph)));
	tables.entities = sql_entity_table(tables.edges);
	if (!OidIsValid(tables.entities))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s.%s\" is not the edge table of a codebase", tables.schema, name),
				 has_foreign_entities(tables.edges) ?
				 errdetail("Table \"%s.pt_entity\" is not owned by the owner of the edges.", tables.schema) :
				 errdetail("A codebase is a schema with the tables pt_entity and pt_edge."),
				 errhint("Make one with pt_create_codebase.")));
	sql_refuse_distributed(tables.edges);
	sql_refuse_distributed(tables.entities);
	return tables;
}

Datum
pt_graph_tables(PG_FUNCTION_ARGS)
{
	CodeTables	tables = code_tables(fcinfo, 0);
	TupleDesc	desc;
	Datum		values[2];
	bool		nulls[2] = {false};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	values[0] = ObjectIdGetDatum(tables.edges);
	values[1] = ObjectIdGetDatum(tables.entities);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}
