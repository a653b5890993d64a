/*
 * sql_image.c
 *		The adjacency index and its image as a source for SQL.
 *
 * Nodes get their values from the image, if it has them, else from the row of
 * the edge by which they were reached. Which label ids a walk follows is
 * decided before it, so the walk itself knows of no types and no confidence.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "base/pt_guc.h"
#include "base/pt_varatt.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_type.h"
#include "function/sql_args.h"
#include "function/sql_node.h"
#include "function/sql_source.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/uuid.h"

/* ---- nodes ---- */

static AdjNode
hash_node(const AdjColumns *columns, Datum value)
{
	return adj_is_integer(columns->node_type) ? adj_hash_integer(DatumGetInt64(value)) :
		adj_hash_node(columns, value);
}

static uint32
find_node(SqlGraph *graph, Datum value)
{
	return image_find_node(graph->image, hash_node(&graph->columns, value));
}

static void
find_nodes(SqlGraph *graph, const Datum *values, int count, uint32 *nodes)
{
	AdjNode		hashes[SQL_FIND_BATCH] = {{0}};

	for (int i = 0; i < count; i++)
		hashes[i] = hash_node(&graph->columns, values[i]);
	image_find_nodes(graph->image, hashes, count, nodes);
}

uint32
sql_find_key(SqlGraph *graph, text *key)
{
	return graph->source->find_node(graph, sql_node_argument(graph, PointerGetDatum(key), TEXTOID));
}

/* An entry that does not fit its row: never skipped, always reported. */
static void
corrupt_row(const SqlGraph *graph, const ItemPointerData *tid, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INDEX_CORRUPTED),
			 errmsg("adjacency index \"%s\" does not fit row (%u,%u) of table \"%s\"",
					RelationGetRelationName(graph->index),
					ItemPointerGetBlockNumberNoCheck(tid),
					ItemPointerGetOffsetNumberNoCheck(tid),
					RelationGetRelationName(graph->heap)),
			 errdetail_internal("%s", detail),
			 errhint("REINDEX the index; pt_check_index lists all differences.")));
}

/*
 * One end of the row in the slot, as a value of the node column. It must be
 * the node that the row's index entry names.
 */
static Datum
row_node(SqlGraph *graph, const ItemPointerData *tid, AttrNumber attno, uint32 node)
{
	AdjNode		expected = image_node(graph->image, node);
	AdjNode		hash;
	bool		isnull;
	Datum		value = slot_getattr(graph->vis.slot, attno, &isnull);

	if (isnull)
		corrupt_row(graph, tid, "The row has a NULL node.");
	value = adj_node_value(&graph->columns, value, attno == graph->columns.source_attno ?
						   graph->columns.source_stored : graph->columns.target_stored);
	hash = adj_hash_node(&graph->columns, value);
	if (hash.fingerprint != expected.fingerprint || hash.check != expected.check)
		corrupt_row(graph, tid, "The row names another node than its index entry.");
	return value;
}

/* The row of an edge that was seen visible, into the slot. */
static ItemPointerData
fetch_row(SqlGraph *graph, GraphEdge edge)
{
	ItemPointerData tid = image_edge_tid(edge);

	if (!pt_fetch_row(&graph->vis, &tid))
		corrupt_row(graph, &tid,
					"The row is not visible, though its page is all-visible or it was seen before.");
	return tid;
}

static Datum
fetch_node(SqlGraph *graph, uint32 node, GraphEdge edge)
{
	ItemPointerData tid = fetch_row(graph, edge);

	return row_node(graph, &tid, edge & GRAPH_EDGE_REVERSED ?
					graph->columns.source_attno : graph->columns.target_attno, node);
}

static Datum
node_value(SqlGraph *graph, uint32 node, GraphEdge edge)
{
	Oid			type = graph->columns.node_type;
	const char *key;
	Datum		value;

	/* an integer is its own fingerprint */
	if (adj_is_integer(type))
		return sql_integer_datum((int64) image_node(graph->image, node).fingerprint, type);
	key = image_find_key(graph->image, node);
	if (key != NULL)
		return PointerGetDatum(key);
	value = fetch_node(graph, node, edge);
	image_keep_key(graph->image, node, DatumGetPointer(value),
				   type == UUIDOID ? UUID_LEN : VARSIZE_ANY(DatumGetPointer(value)));
	/* the next fetch takes the row away */
	return datumCopy(value, false, type == UUIDOID ? UUID_LEN : -1);
}

static bool
names_nodes(const SqlGraph *graph)
{
	return adj_is_integer(graph->columns.node_type);
}

static bool
has_name(const SqlGraph *graph, uint32 node)
{
	return names_nodes(graph) || image_find_key(graph->image, node) != NULL;
}

static AdjNode
node_hash(const SqlGraph *graph, uint32 node)
{
	return image_node(graph->image, node);
}

/* ---- rows of edges ---- */

static Datum
label_text(const SqlGraph *graph, Datum label)
{
	if (graph->columns.label_type == TEXTOID)
		return adj_stored_value(label, graph->columns.label_stored);
	if (graph->columns.label_is_enum)
		return CStringGetTextDatum(DatumGetCString(DirectFunctionCall1(enum_out, label)));
	return sql_node_to_text(label, graph->columns.label_type);
}

/* source_location as text, whatever the column's type */
static Datum
location_text(const SqlGraph *graph, Datum location)
{
	Oid			type = TupleDescAttr(RelationGetDescr(graph->heap),
									 graph->location_attno - 1)->atttypid;
	Oid			output;
	bool		is_varlena;

	if (getBaseType(type) == TEXTOID || getBaseType(type) == VARCHAROID)
		return location;
	getTypeOutputInfo(type, &output, &is_varlena);
	return CStringGetTextDatum(OidOutputFunctionCall(output, location));
}

static void
edge_row(SqlGraph *graph, const SqlEdge *edge, Datum *values, bool *nulls)
{
	const AdjColumns *columns = &graph->columns;
	TupleTableSlot *slot = graph->vis.slot;
	ItemPointerData tid = fetch_row(graph, edge->edge);

	for (int i = SQL_EDGE_TYPE; i < SQL_EDGE_COLUMNS; i++)
		nulls[i] = true;
	values[0] = sql_node_to_text(row_node(graph, &tid, columns->source_attno, edge->source),
								 columns->node_type);
	values[1] = sql_node_to_text(row_node(graph, &tid, columns->target_attno, edge->target),
								 columns->node_type);
	nulls[0] = nulls[1] = false;
	if (columns->has_label)
	{
		values[SQL_EDGE_TYPE] = slot_getattr(slot, columns->label_attno, &nulls[SQL_EDGE_TYPE]);
		if (!nulls[SQL_EDGE_TYPE])
			values[SQL_EDGE_TYPE] = label_text(graph, values[SQL_EDGE_TYPE]);
	}
	if (graph->location_attno != InvalidAttrNumber)
	{
		values[SQL_EDGE_LOCATION] = slot_getattr(slot, graph->location_attno,
												 &nulls[SQL_EDGE_LOCATION]);
		if (!nulls[SQL_EDGE_LOCATION])
			values[SQL_EDGE_LOCATION] = location_text(graph, values[SQL_EDGE_LOCATION]);
	}
	if (columns->has_confidence)
	{
		values[SQL_EDGE_CONFIDENCE] = slot_getattr(slot, columns->confidence_attno,
												   &nulls[SQL_EDGE_CONFIDENCE]);
		if (!nulls[SQL_EDGE_CONFIDENCE])
			values[SQL_EDGE_CONFIDENCE] = DirectFunctionCall1(numeric_float8,
															  values[SQL_EDGE_CONFIDENCE]);
	}
}

/* ---- which edges count ---- */

/* The OID of an enum's value, InvalidOid if it has none of that name. */
static Oid
find_enum_value(Oid type, text *label)
{
	char	   *name = text_to_cstring(label);
	HeapTuple	tuple;
	Oid			value;

	if (strlen(name) >= NAMEDATALEN)
		return InvalidOid;
	tuple = SearchSysCache2(ENUMTYPOIDNAME, ObjectIdGetDatum(type), CStringGetDatum(name));
	if (!HeapTupleIsValid(tuple))
		return InvalidOid;
	value = ((Form_pg_enum) GETSTRUCT(tuple))->oid;
	ReleaseSysCache(tuple);
	return value;
}

static uint64
label_hash(const SqlGraph *graph, text *label)
{
	if (graph->columns.label_is_enum)
	{
		Oid			value = find_enum_value(graph->columns.label_type, label);

		if (!OidIsValid(value))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("invalid input value for enum %s: \"%s\"",
							format_type_be(graph->columns.label_type), text_to_cstring(label)),
					 errhint("Types of edges are labels of index \"%s\".",
							 RelationGetRelationName(graph->index))));
		return adj_hash_label(&graph->columns, ObjectIdGetDatum(value));
	}
	if (adj_is_integer(graph->columns.label_type))
		return (uint64) DatumGetInt64(DirectFunctionCall1(int8in,
														  CStringGetDatum(text_to_cstring(label))));
	return adj_hash_label(&graph->columns, PointerGetDatum(label));
}

/* The label of the guesses of a type; false if it has none. */
static bool
guess_hash(const SqlGraph *graph, Datum type, uint64 *hash)
{
	text	   *guess;

	if (graph->columns.label_type != TEXTOID && !graph->columns.label_is_enum)
		return false;
	guess = DatumGetTextPP(sql_guess_type(type));
	if (graph->columns.label_is_enum && !OidIsValid(find_enum_value(graph->columns.label_type, guess)))
		return false;
	*hash = label_hash(graph, guess);
	return true;
}

/*
 * The types asked for. A type means its guesses, too: 'Calls' those of type
 * 'Calls (resolved)', but not facts of such a type.
 */
static ImageType *
image_types(const SqlGraph *graph, ArrayType *edge_types, int *count)
{
	Datum	   *elements;
	int			ntypes;
	ImageType  *types;

	deconstruct_array(edge_types, TEXTOID, -1, false, TYPALIGN_INT,
					  &elements, NULL, &ntypes);
	types = palloc_extended((2 * (Size) ntypes + 1) * sizeof(ImageType), MCXT_ALLOC_HUGE);
	*count = 0;
	for (int i = 0; i < ntypes; i++)
	{
		uint64		guess;

		CHECK_FOR_INTERRUPTS();
		types[(*count)++] = (ImageType) {label_hash(graph, DatumGetTextPP(elements[i])), false};
		if (guess_hash(graph, elements[i], &guess))
			types[(*count)++] = (ImageType) {guess, true};
	}
	return types;
}

/* Whom to trust, in hundredths, after a check that it can be told. */
static int
check_follow(const SqlGraph *graph, const ArrayType *edge_types, int min_confidence)
{
	if (min_confidence == SQL_TRUST_SETTING)
		min_confidence = graph->columns.has_confidence ?
			sql_hundredths(pt_min_confidence_setting) : 0;
	/* 0 asks for all edges: no column is needed for that */
	if (min_confidence > 0 && !graph->columns.has_confidence)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("index \"%s\" has no confidence column to compare min_confidence with",
						RelationGetRelationName(graph->index)),
				 errhint("Leave min_confidence out, or create the index with the confidence as its fourth column.")));
	if (edge_types != NULL && !graph->columns.has_label)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("index \"%s\" has no label column to compare edge_types with",
						RelationGetRelationName(graph->index)),
				 errhint("Leave edge_types out, or create the index with the label as its third column.")));
	return min_confidence;
}

static Graph *
follow(SqlGraph *graph, ArrayType *edge_types, int min_confidence)
{
	ImageType  *types = NULL;
	int			ntypes = 0;
	bool	   *followed;

	min_confidence = check_follow(graph, edge_types, min_confidence);
	if (edge_types != NULL)
		types = image_types(graph, edge_types, &ntypes);
	followed = image_follow(graph->image, types, ntypes, min_confidence, graph->budget);
	return followed == NULL ? graph->all :
		image_graph_create(graph->image, &graph->vis, followed);
}

static Graph *
facts(SqlGraph *graph)
{
	return image_graph_facts(graph->view, graph->budget);
}

static bool
has_edge(SqlGraph *graph, uint32 node, GraphDirection direction)
{
	GraphArcs	question = {0};
	GraphArc	first;

	question.nodes = &node;
	question.count = 1;
	question.direction = direction;
	question.arcs = &first;
	question.capacity = 1;
	return graph_edges(graph->all, &question);
}

/* A node at a time, since the first edge of each will do. */
static void
find_visible(SqlGraph *graph, const uint32 *nodes, uint64 count, uint64 *visible)
{
	for (uint64 i = 0; i < count; i++)
	{
		if (has_edge(graph, nodes[i], GRAPH_OUT) || has_edge(graph, nodes[i], GRAPH_IN))
			graph_set_bit(visible, (uint32) i);
	}
}

const SqlSource sql_image_source = {
	.follow = follow,
	.facts = facts,
	.find_node = find_node,
	.find_visible = find_visible,
	.find_nodes = find_nodes,
	.node_value = node_value,
	.edge_row = edge_row,
	.names_nodes = names_nodes,
	.node_hash = node_hash,
	.has_name = has_name,
};
