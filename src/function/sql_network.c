/*
 * sql_network.c
 *		The whole graph of a call, for algorithms over all of it.
 *
 * While a source still knows which edge is which, one is remembered of each
 * node, since text and uuid nodes have no name but in rows. Then the edges are
 * no more than pairs of numbers, 4 bytes an edge and direction.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "function/sql_cost.h"
#include "function/sql_hint.h"
#include "function/sql_naming.h"
#include "function/sql_network.h"
#include "function/sql_node.h"
#include "function/sql_sets.h"
#include "function/sql_source.h"
#include "function/sql_spelling.h"
#include "graph/graph_sets.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

/* ---- arguments ---- */

void
sql_network_begin(SqlNetwork *network, FunctionCallInfo fcinfo, int flags)
{
	Oid			second = PG_NARGS() > 1 ? sql_declared_type(fcinfo, 1) : InvalidOid;
	bool		typed = second == INT8OID || second == UUIDOID;
	int			has = SQL_OPTION_SETS | (flags & SQL_NETWORK_KEYS ? 0 : SQL_OPTION_NO_KEYS) |
		(flags & SQL_NETWORK_GRAPH_LAST ? SQL_OPTION_GRAPH : 0);

	memset(network, 0, sizeof(SqlNetwork));
	network->fcinfo = fcinfo;
	network->flags = flags;
	network->node_type = typed ? second : TEXTOID;
	network->first = flags & SQL_NETWORK_GRAPH_LAST ? 0 :
		typed && !(flags & SQL_NETWORK_ROOT) ? 2 : 1;
	network->options = sql_options(fcinfo, has);
	if (flags & SQL_NETWORK_SCALAR)
		return;
	InitMaterializedSRF(fcinfo, 0);
	network->result = (ReturnSetInfo *) fcinfo->resultinfo;
}

/* ---- loading ---- */

/* Nodes of the source that have any edge, ascending. */
typedef struct FoundNodes
{
	uint32	   *nodes;
	uint64		count;
	GraphEdge  *edges;			/* by which they are named; NULL if they are not */
} FoundNodes;

/* A bit for each node that has any edge. */
static uint64 *
bits_of_nodes(const GraphProjection *rows, PtBudget *budget)
{
	uint64	   *bits = pt_alloc(budget, GRAPH_WORDS(rows->nnodes), sizeof(uint64));

	memset(bits, 0, GRAPH_WORDS(rows->nnodes) * sizeof(uint64));
	for (uint32 v = 0; v < rows->nnodes; v++)
	{
		pt_check_interrupts(v);
		if (graph_row_size(rows, v) > 0)
			graph_set_bit(bits, v);
		for (uint64 i = rows->offsets[v]; i < rows->offsets[v + 1]; i++)
		{
			pt_check_interrupts(i);
			graph_set_bit(bits, rows->ends[i]);
		}
	}
	return bits;
}

static FoundNodes
find_nodes(const GraphProjection *rows, PtBudget *budget)
{
	uint64	   *bits = bits_of_nodes(rows, budget);
	FoundNodes	found = {pt_alloc(budget, rows->nnodes, sizeof(uint32))};

	for (uint32 v = 0; v < rows->nnodes; v++)
	{
		pt_check_interrupts(v);
		if (graph_bit(bits, v))
			found.nodes[found.count++] = v;
	}
	pt_free(budget, bits);
	return found;
}

/* A node's key where nodes are integers, which need no edge to be named by. */
static Datum
integer_key(SqlGraph *graph, uint32 node)
{
	return Int64GetDatum(adj_integer_value(graph->source->node_value(graph, node, GRAPH_NO_EDGE),
										   graph->columns.node_type));
}

/* ---- numbering ---- */

/* How rows are made. */
static int
project_flags(const SqlNetwork *network)
{
	return (network->flags & SQL_NETWORK_MERGE ? GRAPH_PROJECT_MERGE : 0) |
		(network->flags & SQL_NETWORK_NO_LOOPS ? GRAPH_PROJECT_NO_LOOPS : 0) |
		(network->flags & SQL_NETWORK_SUM ? GRAPH_PROJECT_SUM : 0);
}

static void
begin_numbers(SqlNetwork *network, uint64 count)
{
	network->nnodes = (uint32) count;
	network->keys = pt_alloc(network->graph.budget, count, sizeof(Datum));
	network->order = pt_alloc(network->graph.budget, count, sizeof(uint32));
}

/* In the source's own order: they get keys when they are to be shown. */
static void
number_unnamed(SqlNetwork *network, const FoundNodes *found)
{
	Size		bytes = found->count * sizeof(Datum);

	begin_numbers(network, found->count);
	memset(network->keys, 0, bytes);
	memcpy(network->order, found->nodes, found->count * sizeof(uint32));
}

/* Integers are sorted by what they are, so there is nothing to name. */
static void
number_integers(SqlNetwork *network, const FoundNodes *found)
{
	SqlGraph   *graph = &network->graph;
	PtNumbered *nodes = pt_alloc(graph->budget, found->count, sizeof(PtNumbered));

	for (uint64 i = 0; i < found->count; i++)
	{
		pt_check_interrupts(i);
		nodes[i] = (PtNumbered) {sql_key_prefix(integer_key(graph, found->nodes[i]), INT8OID),
			found->nodes[i]};
	}
	pt_sort_numbered(nodes, found->count, graph->budget);
	begin_numbers(network, found->count);
	for (uint32 v = 0; v < network->nnodes; v++)
	{
		pt_check_interrupts(v);
		network->keys[v] = Int64GetDatum((int64) (nodes[v].number ^ SQL_INTEGER_SIGN));
		network->order[v] = nodes[v].item;
	}
	pt_free(graph->budget, nodes);
}

static void
number_named(SqlNetwork *network, const FoundNodes *found)
{
	PtBudget   *budget = network->graph.budget;
	SqlNaming	naming;

	sql_naming_begin(&naming, network);
	sql_naming_nodes(&naming, found->nodes, found->edges, found->count);
	if (network->flags & SQL_NETWORK_ENTITIES)
		sql_naming_entities(&naming);
	sql_naming_sort(&naming);
	begin_numbers(network, naming.count);
	for (uint32 v = 0; v < network->nnodes; v++)
	{
		pt_check_interrupts(v);
		network->keys[v] = naming.nodes[v].key;
		network->order[v] = naming.nodes[v].node;
	}
	pt_free(budget, naming.nodes);
}

/* The source's rows, by the numbers that nodes have now, as the call wants them. */
static void
number_rows(SqlNetwork *network, GraphProjection *rows)
{
	PtBudget   *budget = network->graph.budget;
	int			flags = project_flags(network);

	if (network->flags & SQL_NETWORK_AS_FOUND)
	{
		network->out = rows;
		return;
	}
	if (rows->weights != NULL)
	{
		network->out = graph_renumber_weighted(rows, network->order, network->nnodes, flags, budget);
		if (!(network->flags & SQL_NETWORK_OUT_ONLY))
			network->in = graph_turn(network->out, budget);
	}
	else if (network->flags & SQL_NETWORK_BY_SIZE)
	{
		network->places = pt_alloc(budget, network->nnodes, sizeof(uint32));
		network->in = graph_turn_by_size(rows, network->order, network->nnodes, network->places,
										 &network->out, budget);
	}
	else
	{
		network->in = graph_turn_numbered(rows, network->order, network->nnodes, flags, budget);
		network->out = graph_turn(network->in, budget);
	}
	graph_free_rows(rows, budget);
	if (!(network->flags & SQL_NETWORK_UNNAMED))
	{
		pt_free(budget, network->order);
		network->order = NULL;
	}
	if ((network->flags & SQL_NETWORK_OUT_ONLY) && network->in != NULL)
	{
		graph_free_rows(network->in, budget);
		network->in = NULL;
	}
}

uint32 *
sql_network_groups(SqlNetwork *network, const uint32 *groups)
{
	PtBudget   *budget = network->graph.budget;
	uint32		found = network->out->nnodes;
	uint32	   *first = pt_alloc(budget, found, sizeof(uint32));
	uint32	   *least = pt_alloc(budget, network->nnodes, sizeof(uint32));

	memset(first, 0xFF, found * sizeof(uint32));
	for (uint32 v = 0; v < network->nnodes; v++)
	{
		uint32		node = network->order[v];

		pt_check_interrupts(v);
		least[v] = v;
		if (node == GRAPH_NO_NODE)
			continue;
		if (first[groups[node]] == GRAPH_NO_NODE)
			first[groups[node]] = v;
		least[v] = first[groups[node]];
	}
	pt_free(budget, first);
	return least;
}

static void
check_witness(const SqlNetwork *network)
{
	Oid			type = network->graph.columns.node_type;

	if (network->node_type == TEXTOID || network->node_type == network->key_type)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("nodes of table \"%s\" have type %s, not %s",
					RelationGetRelationName(network->graph.heap), format_type_be(type),
					format_type_be(network->node_type)),
			 network->flags & SQL_NETWORK_ROOT ? errhint("Give the node as text.") :
			 errhint("Leave out the second argument for nodes as text.")));
}

/* The root, and the sink behind it. */
static void
name_roots(SqlNetwork *network)
{
	network->named = network->roots;
	network->named_type = network->node_type;
	network->nnamed = network->flags & SQL_NETWORK_SINK ? 2 : 1;
	for (int i = 0; i < network->nnamed; i++)
	{
		Datum		root = network->fcinfo->args[network->first + i].value;

		network->roots[i] = network->node_type == TEXTOID ?
			PointerGetDatum(PG_DETOAST_DATUM_PACKED(root)) : root;
	}
}

/* Is it on any visible edge? Between sync and leave. */
static bool
look_for_root(SqlNetwork *network, int place)
{
	SqlGraph   *graph = &network->graph;
	uint32		node = graph->source->find_node(graph, sql_node_argument(graph, network->roots[place],
																		 network->node_type));

	return node != GRAPH_NO_NODE && sql_graph_has_visible_edge(graph, node);
}

/* Leaves the barrier: unnamed nodes may be named later, by edges that are asked for then. */
static void
number_nodes(SqlNetwork *network, GraphProjection *rows)
{
	SqlGraph   *graph = &network->graph;
	bool		integers = network->key_type == INT8OID && graph->source->names_nodes(graph);
	FoundNodes	found;

	graph_sets_cut(&graph->sets, rows);
	graph_sets_end(&graph->sets);
	found = find_nodes(rows, graph->budget);
	if (integers)
		network->flags &= ~SQL_NETWORK_UNNAMED;
	if (network->flags & SQL_NETWORK_UNNAMED)
		sql_graph_step_out(graph);
	else if (!integers)
		found.edges = sql_naming_edges(graph, found.nodes, found.count);
	sql_graph_leave(graph);
	if (network->flags & SQL_NETWORK_UNNAMED)
		number_unnamed(network, &found);
	else if (integers)
		number_integers(network, &found);
	else
		number_named(network, &found);
	pt_free(graph->budget, found.nodes);
	pt_free(graph->budget, found.edges);
}

void
sql_network_load(SqlNetwork *network)
{
	SqlGraph   *graph = &network->graph;
	GraphProjection *rows;

	sql_graph_open(graph, network->fcinfo, network->options.graph_argno,
				   (network->options.edge_types != NULL ? SQL_READ_LABEL : 0) |
				   (network->flags & SQL_NETWORK_WEIGHTS ? SQL_READ_WEIGHT : 0),
				   "graph algorithm",
				   "Raise parseltongue.local_image_memory, or choose edges by edge_types or min_confidence.");
	sql_graph_sync(graph);
	network->key_type = adj_is_integer(graph->columns.node_type) ? INT8OID :
		graph->columns.node_type == UUIDOID ? UUIDOID : TEXTOID;
	check_witness(network);
	if (network->flags & SQL_NETWORK_ROOT)
		name_roots(network);
	sql_respell(graph, &network->options, network->named, network->nnamed, network->named_type);
	sql_graph_follow(graph, network->options.edge_types, network->options.min_confidence);
	if (network->flags & SQL_NETWORK_ROOT)
		network->root_is_seen = look_for_root(network, 0);
	if (network->flags & SQL_NETWORK_SINK)
		network->sink_is_seen = look_for_root(network, 1);
	sql_graph_bound(graph, &network->options);
	rows = graph_project(graph->view, NULL, GRAPH_OUT,
						 (network->flags & SQL_NETWORK_WEIGHTS ? GRAPH_PROJECT_WEIGHTS : 0) |
						 (network->flags & SQL_NETWORK_INFINITE ? GRAPH_PROJECT_INFINITE : 0),
						 graph->budget);
	number_nodes(network, rows);
	number_rows(network, rows);
}

/* ---- names of some ---- */

static int
compare_items(const void *a, const void *b, void *arg)
{
	uint32		x = ((const PtNumbered *) a)->item;
	uint32		y = ((const PtNumbered *) b)->item;

	return x < y ? -1 : x > y;
}

static int
compare_numbers(const void *a, const void *b, void *arg)
{
	uint32		x = *(const uint32 *) a;
	uint32		y = *(const uint32 *) b;

	return x < y ? -1 : x > y;
}

/* Name some nodes, and put them in the order of their keys. */
static void
name_items(SqlNetwork *network, PtNumbered *items, uint64 count)
{
	SqlGraph   *graph = &network->graph;
	PtBudget   *budget = graph->budget;
	PtNumbered *found = pt_alloc(budget, count, sizeof(PtNumbered));
	uint32	   *nodes = pt_alloc(budget, count, sizeof(uint32));
	GraphEdge  *edges;
	SqlNaming	naming;

	pt_sort(items, count, sizeof(PtNumbered), compare_items, NULL);
	for (uint64 i = 0; i < count; i++)
	{
		pt_check_interrupts(i);
		found[i] = items[i];
		/* numbers go up as those of the source do */
		nodes[i] = network->order[items[i].item];
	}
	edges = sql_naming_edges(graph, nodes, count);
	sql_naming_begin(&naming, network);
	sql_naming_nodes(&naming, nodes, edges, count);
	sql_naming_sort(&naming);
	for (uint64 i = 0; i < count; i++)
	{
		pt_check_interrupts(i);
		items[i] = found[pt_lower_bound(nodes, count, sizeof(uint32), &naming.nodes[i].node,
										compare_numbers, NULL)];
		network->keys[items[i].item] = naming.nodes[i].key;
	}
	pt_free(budget, naming.nodes);
	pt_free(budget, edges);
	pt_free(budget, nodes);
	pt_free(budget, found);
}

uint64
sql_network_name_best(SqlNetwork *network, PtNumbered *items, uint64 count, uint64 first,
					  uint64 wanted)
{
	uint64		last = first + Min(wanted, count - first);

	if (!(network->flags & SQL_NETWORK_UNNAMED) || last == first)
		return last;
	while (last < count && items[last].number == items[last - 1].number)
		pt_check_interrupts(last++);
	name_items(network, items + first, last - first);
	pt_sort_numbered(items + first, last - first, network->graph.budget);
	return last;
}

GraphProjection *
sql_network_both_ways(SqlNetwork *network)
{
	return graph_both_ways(network->out, network->in, project_flags(network),
						   network->graph.budget);
}

void
sql_network_end(SqlNetwork *network)
{
	sql_graph_close(&network->graph);
}

/* ---- nodes ---- */

uint32
sql_network_find(SqlNetwork *network, Datum value, Oid type)
{
	SqlGraph   *graph = &network->graph;
	Oid			node_type = graph->columns.node_type;
	Datum		key = sql_node_argument(graph, value, type);
	uint64		prefix;
	uint64		low = 0;
	uint64		high = network->nnodes;

	if (network->key_type == TEXTOID)
		key = sql_node_to_text(key, node_type);
	prefix = sql_key_prefix(key, network->key_type);
	while (low < high)
	{
		uint64		middle = low + (high - low) / 2;
		uint64		other = sql_key_prefix(network->keys[middle], network->key_type);
		int			order = other != prefix ? (other < prefix ? -1 : 1) :
			sql_compare_order_keys(network->keys[middle], key, network->key_type);

		if (order == 0)
			return (uint32) middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return GRAPH_NO_NODE;
}

/* A value that is no node of the network. */
static void
refuse_missing(SqlNetwork *network, Datum key, Oid type)
{
	text	   *shown = DatumGetTextPP(sql_node_to_text(key, type));

	/* it may be on other edges, or an entity */
	if (network->graph.view == network->graph.all && !sql_graph_knows(&network->graph, shown))
		sql_missing_key(&network->graph, key, type);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("key \"%s\" is on no edge that the call follows", text_to_cstring(shown)),
			 errhint("Pass missing_ok => true to go on without it.")));
}

static uint32
find_root(SqlNetwork *network, int place, bool is_seen)
{
	Datum		root = network->roots[place];
	Oid			type = network->node_type;

	if (!is_seen && !network->options.missing_ok &&
		!sql_graph_knows(&network->graph, DatumGetTextPP(sql_node_to_text(root, type))))
		sql_missing_key(&network->graph, root, type);
	return sql_network_find(network, root, type);
}

uint32
sql_network_find_root(SqlNetwork *network)
{
	return find_root(network, 0, network->root_is_seen);
}

uint32
sql_network_find_sink(SqlNetwork *network)
{
	return find_root(network, 1, network->sink_is_seen);
}

void
sql_network_mention(SqlNetwork *network, int argno, const char *name)
{
	FunctionCallInfo fcinfo = network->fcinfo;

	if (PG_ARGISNULL(argno))
		return;
	network->named_type = ARR_ELEMTYPE(PG_GETARG_ARRAYTYPE_P(argno));
	network->named = sql_start_elements(PG_GETARG_ARRAYTYPE_P(argno), name,
										network->options.missing_ok, &network->nnamed);
}

uint32 *
sql_network_find_named(SqlNetwork *network, uint32 *count)
{
	uint32	   *nodes;
	uint32		found = 0;
	uint32		kept = 0;

	*count = 0;
	if (network->named == NULL)
		return NULL;
	nodes = pt_alloc(network->graph.budget, network->nnamed, sizeof(uint32));
	for (int i = 0; i < network->nnamed; i++)
	{
		uint32		node = sql_network_find(network, network->named[i], network->named_type);

		CHECK_FOR_INTERRUPTS();
		if (node != GRAPH_NO_NODE)
			nodes[found++] = node;
		else if (!network->options.missing_ok)
			refuse_missing(network, network->named[i], network->named_type);
	}
	pt_sort(nodes, found, sizeof(uint32), compare_numbers, NULL);
	for (uint32 i = 0; i < found; i++)
	{
		if (i == 0 || nodes[i] != nodes[kept - 1])
			nodes[kept++] = nodes[i];
	}
	*count = kept;
	return nodes;
}

Datum
sql_network_node(const SqlNetwork *network, uint32 node)
{
	if (network->node_type == TEXTOID)
		return sql_node_to_text(network->keys[node], network->key_type);
	return network->keys[node];
}

#define SHOWN_CHARACTERS 100

const char *
sql_network_name(const SqlNetwork *network, uint32 node)
{
	text	   *name = DatumGetTextPP(sql_node_to_text(network->keys[node], network->key_type));
	Datum		shown = DirectFunctionCall2(text_left, PointerGetDatum(name),
											Int32GetDatum(SHOWN_CHARACTERS));

	return TextDatumGetCString(shown);
}

/* ---- weights ---- */

void
sql_network_check_weights(const SqlNetwork *network, bool positive, const char *hint)
{
	const GraphProjection *out = network->out;
	double		sum = 0;

	for (uint32 v = 0; v < out->nnodes; v++)
	{
		pt_check_interrupts(v);
		for (uint64 i = out->offsets[v]; i < out->offsets[v + 1]; i++)
		{
			double		weight = out->weights[i];

			pt_check_interrupts(i);
			sum += isinf(weight) ? 0 : weight;
			if (weight > 0 || (weight == 0 && !positive))
				continue;
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg(weight == 0 ? "edge from \"%s\" to \"%s\" of relation \"%s\" has weight %s" :
							"edge from \"%s\" to \"%s\" of relation \"%s\" has negative weight %s",
							sql_network_name(network, v), sql_network_name(network, out->ends[i]),
							RelationGetRelationName(network->graph.heap), float8out_internal(weight)),
					 errhint("%s", hint)));
		}
	}
	if (isinf(sum))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("weights of relation \"%s\" add up to more than double precision holds",
						RelationGetRelationName(network->graph.heap))));
}

void
sql_network_weigh(SqlNetwork *network, int argno)
{
	if (sql_flag(network->fcinfo, argno))
		network->flags |= SQL_NETWORK_WEIGHTS;
}

/* The node that is shown for a root on no edge that the call follows. */
Datum
sql_network_root_value(const SqlNetwork *network)
{
	return sql_node_canonical(&network->graph, network->roots[0], network->node_type);
}

/* ---- rows ---- */

/*
 * A row to be written over, where all columns are eight bytes that are passed by value: its
 * data are then laid out as an array of values is. NULL if they are not.
 */
static HeapTuple
plain_row(TupleDesc desc, Datum *values, bool *nulls)
{
	for (int i = 0; i < desc->natts; i++)
	{
		if (!TupleDescAttr(desc, i)->attbyval || TupleDescAttr(desc, i)->attlen != sizeof(Datum))
			return NULL;
	}
	return heap_form_tuple(desc, values, nulls);
}

static void
put_row(ReturnSetInfo *result, HeapTuple plain, Datum *values, bool *nulls)
{
	int			columns = result->setDesc->natts;

	for (int i = 0; plain != NULL && i < columns; i++)
	{
		if (nulls[i])
			plain = NULL;
	}
	if (plain == NULL)
	{
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		return;
	}
	/* to form a row of millions anew each time takes longer than to store it */
	memcpy((char *) plain->t_data + plain->t_data->t_hoff, values, columns * sizeof(Datum));
	tuplestore_puttuple(result->setResult, plain);
}

void
sql_put_rows(SqlNetwork *network, uint64 count, SqlFillRow fill, const void *answer)
{
	ReturnSetInfo *result = network->result;
	MemoryContext row_context = AllocSetContextCreate(CurrentMemoryContext, "parseltongue row",
													  ALLOCSET_DEFAULT_SIZES);
	int			columns = result->setDesc->natts;
	Datum	   *values = palloc0(columns * sizeof(Datum));
	bool	   *nulls = palloc0(columns * sizeof(bool));
	HeapTuple	plain = plain_row(result->setDesc, values, nulls);
	MemoryContext old = MemoryContextSwitchTo(row_context);

	for (uint64 i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		memset(nulls, 0, columns * sizeof(bool));
		fill(network, answer, i, values, nulls);
		put_row(result, plain, values, nulls);
		MemoryContextReset(row_context);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(row_context);
}
