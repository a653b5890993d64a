/*
 * sql_weight.c
 *		Has a graph weights, and what to say if not; pt_weighted_edges.
 *
 * An edge without a known weight could be taken for one of weight 1. Answers would
 * look like those that were asked for, so it is an error.
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "function/sql_args.h"
#include "function/sql_node.h"
#include "function/sql_source.h"
#include "function/sql_weight.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(pt_weighted_edges);

/* edges asked for at a time */
#define BATCH 256

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

/* The first column that could be the weight: of numbers, and not in the list. */
static const char *
likely_weight(const SqlGraph *graph)
{
	TupleDesc	desc = RelationGetDescr(graph->heap);

	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		bool		is_taken = false;

		for (int j = 0; graph->index != NULL && j < IndexRelationGetNumberOfKeyAttributes(graph->index); j++)
			is_taken |= graph->index->rd_index->indkey.values[j] == att->attnum;
		if (graph->index == NULL)
			is_taken = att->attnum == graph->shape.source || att->attnum == graph->shape.target ||
				att->attnum == graph->shape.label;
		if (!att->attisdropped && !is_taken && adj_is_weight_type(getBaseType(att->atttypid)))
			return quote_identifier(NameStr(att->attname));
	}
	return NULL;
}

static void
no_weight(const SqlGraph *graph)
{
	char		kind = graph->heap->rd_rel->relkind;
	const char *likely = likely_weight(graph);
	StringInfoData columns;

	initStringInfo(&columns);
	append_columns(graph, &columns);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 graph->index != NULL ?
			 errmsg("index \"%s\" has no weight", RelationGetRelationName(graph->index)) :
			 errmsg("relation \"%s\" has no weight", RelationGetRelationName(graph->heap)),
			 likely == NULL && OidIsValid(graph->entity_table) ?
			 errhint("Name a graph that has one with the argument graph.") :
			 kind == RELKIND_RELATION || kind == RELKIND_MATVIEW || kind == RELKIND_PARTITIONED_TABLE ?
			 errhint("Create an index that includes one: \"CREATE INDEX ON %s USING adjacency (%s) INCLUDE (%s)\"%s.",
					 quote_identifier(RelationGetRelationName(graph->heap)), columns.data,
					 likely != NULL ? likely : "cost",
					 likely != NULL ? ", or another column of numbers" : ", with the column's own name") :
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

/* ---- pt_weighted_edges ---- */

typedef struct WeightedEdges
{
	SqlGraph	graph;
	uint32	   *nodes;			/* those asked about; NULL: all */
	uint64		nnodes;
	GraphArc   *arcs;			/* from is a node */
	double	   *weights;
	uint64		count;
	uint64		capacities[2];
} WeightedEdges;

/* The nodes of the keys that are given. Between sync and leave. */
static void
find_nodes(WeightedEdges *edges, ArrayType *keys)
{
	SqlGraph   *graph = &edges->graph;
	int			count;
	Datum	   *elements = sql_elements(keys, "keys", &count);

	edges->nodes = pt_alloc(graph->budget, count, sizeof(uint32));
	for (int i = 0; i < count; i++)
	{
		uint32		node = graph->source->find_node(graph, sql_node_argument(graph, elements[i], TEXTOID));

		CHECK_FOR_INTERRUPTS();
		if (node != GRAPH_NO_NODE)
			edges->nodes[edges->nnodes++] = node;
	}
}

static void
gather(WeightedEdges *edges, GraphDirection direction)
{
	PtBudget   *budget = edges->graph.budget;
	GraphArcs	question = {0};

	question.nodes = edges->nodes;
	question.count = edges->nnodes;
	question.direction = direction;
	question.capacity = BATCH;
	do
	{
		edges->arcs = pt_grow(budget, edges->arcs, &edges->capacities[0], edges->count + BATCH,
							  sizeof(GraphArc));
		edges->weights = pt_grow(budget, edges->weights, &edges->capacities[1],
								 edges->count + BATCH, sizeof(double));
		question.arcs = edges->arcs + edges->count;
		question.weights = edges->weights + edges->count;
		(void) graph_edges(edges->graph.view, &question);
		for (uint32 i = 0; edges->nodes != NULL && i < question.narcs; i++)
			question.arcs[i].from = edges->nodes[question.arcs[i].from];
		edges->count += question.narcs;
	} while (question.narcs > 0);
}

static void
put_edges(WeightedEdges *edges, ReturnSetInfo *result)
{
	SqlGraph   *graph = &edges->graph;
	Oid			type = graph->columns.node_type;
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "parseltongue row",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	bool		nulls[3] = {false, false, false};

	for (uint64 i = 0; i < edges->count; i++)
	{
		const GraphArc *arc = &edges->arcs[i];
		bool		reversed = (arc->edge & GRAPH_EDGE_REVERSED) != 0;
		Datum		values[3];

		CHECK_FOR_INTERRUPTS();
		/* the same edge, walked the other way, leads to the other end */
		values[reversed ? 1 : 0] =
			sql_node_to_text(graph->source->node_value(graph, arc->from, arc->edge ^ GRAPH_EDGE_REVERSED), type);
		values[reversed ? 0 : 1] =
			sql_node_to_text(graph->source->node_value(graph, arc->to, arc->edge), type);
		values[2] = Float8GetDatum(edges->weights[i]);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}

Datum
pt_weighted_edges(PG_FUNCTION_ARGS)
{
	WeightedEdges edges = {{0}};
	SqlGraph   *graph = &edges.graph;
	GraphDirection direction;

	InitMaterializedSRF(fcinfo, 0);
	direction = sql_direction(fcinfo, 1);
	sql_graph_open(graph, fcinfo, 0, SQL_READ_WEIGHT, "edges", "Raise parseltongue.local_image_memory.");
	sql_graph_sync(graph);
	sql_graph_follow(graph, NULL, SQL_TRUST_SETTING);
	if (!PG_ARGISNULL(2))
		find_nodes(&edges, PG_GETARG_ARRAYTYPE_P(2));
	for (int d = GRAPH_OUT; d <= GRAPH_IN; d++)
	{
		if (direction == GRAPH_BOTH || direction == (GraphDirection) d)
			gather(&edges, (GraphDirection) d);
	}
	sql_graph_leave(graph);
	put_edges(&edges, (ReturnSetInfo *) fcinfo->resultinfo);
	sql_graph_close(graph);
	return (Datum) 0;
}
