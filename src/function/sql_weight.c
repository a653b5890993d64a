/*
 * sql_weight.c
 *		Has a graph weights, and what to say if not.
 *
 * An edge without a known weight could be taken for one of weight 1. Answers would
 * look like those that were asked for, so it is an error.
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "function/sql_weight.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"

static const char *
column_name(const SqlGraph *graph, AttrNumber attno)
{
	return NameStr(TupleDescAttr(RelationGetDescr(graph->heap), attno - 1)->attname);
}

/* The columns of the index that there is, or that the relation could have. */
static void
append_columns(const SqlGraph *graph, StringInfo list)
{
	const AttrNumber shape[] = {graph->shape.source, graph->shape.target, graph->shape.label,
	graph->shape.confidence};
	int			count = graph->index == NULL ? lengthof(shape) :
		IndexRelationGetNumberOfKeyAttributes(graph->index);

	for (int i = 0; i < count; i++)
	{
		AttrNumber	attno = graph->index == NULL ? shape[i] :
			graph->index->rd_index->indkey.values[i];

		/* a confidence is the fourth column only behind a label */
		if (attno == InvalidAttrNumber)
			break;
		appendStringInfo(list, "%s%s", i == 0 ? "" : ", ", quote_identifier(column_name(graph, attno)));
	}
}

static void
no_weight(const SqlGraph *graph)
{
	char		kind = graph->heap->rd_rel->relkind;
	StringInfoData columns;

	initStringInfo(&columns);
	append_columns(graph, &columns);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 graph->index != NULL ?
			 errmsg("index \"%s\" has no weight", RelationGetRelationName(graph->index)) :
			 errmsg("relation \"%s\" has no weight", RelationGetRelationName(graph->heap)),
			 kind == RELKIND_RELATION || kind == RELKIND_MATVIEW || kind == RELKIND_PARTITIONED_TABLE ?
			 errhint("Create an index that includes one: \"CREATE INDEX ON %s USING adjacency (%s) INCLUDE (cost)\", with the column's own name.",
					 quote_identifier(RelationGetRelationName(graph->heap)), columns.data) :
			 errhint("Let it have a column of numbers named weight or cost.")));
}

static void
two_weights(const SqlGraph *graph)
{
	const SqlShape *shape = &graph->shape;

	ereport(ERROR,
			(errcode(ERRCODE_AMBIGUOUS_COLUMN),
			 errmsg("weight of edges in relation \"%s\" may be column \"%s\" or \"%s\"",
					RelationGetRelationName(graph->heap), column_name(graph, shape->weight),
					column_name(graph, shape->other_weight)),
			 shape->rule == SQL_SHAPE_INDEX ? errhint("Name the index instead of the table.") :
			 errhint("Use a view that leaves one of them out.")));
}

void
sql_require_weight(const SqlGraph *graph)
{
	if (!graph->has_weights)
		no_weight(graph);
	if (graph->index == NULL && graph->shape.other_weight != InvalidAttrNumber)
		two_weights(graph);
}
