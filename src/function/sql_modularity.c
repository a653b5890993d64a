/*
 * sql_modularity.c
 *		pt_modularity: how good are groups that the caller gives?
 */
#include "postgres.h"

#include <math.h>

#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "catalog/pg_type.h"
#include "function/sql_network.h"
#include "kernel/kernel_modularity.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

PG_FUNCTION_INFO_V1(pt_modularity);

/* of a key in a message */
#define SHOWN_BYTES 100

/* own arguments of pt_modularity */
enum
{
	MODULARITY_LABELS,
	MODULARITY_RESOLUTION,
	MODULARITY_WEIGHTED
};

/* A label as text: in the argument, or in the budget's context. */
typedef struct LabelledNode
{
	const char *label;
	uint32		size;
	uint32		node;
} LabelledNode;

typedef struct Labelling
{
	SqlNetwork *network;
	MemoryContext key_context;
	LabelledNode *nodes;
	uint64		count;
	uint64		capacity;
} Labelling;

static int
compare_labels(const void *a, const void *b, void *arg)
{
	const LabelledNode *x = a;
	const LabelledNode *y = b;
	int			order = memcmp(x->label, y->label, Min(x->size, y->size));

	if (order != 0)
		return order;
	return x->size < y->size ? -1 : x->size > y->size;
}

/* The node that a key of the object names, or GRAPH_NO_NODE. */
static uint32
find_key(Labelling *labelling, const JsonbValue *key)
{
	MemoryContext old = MemoryContextSwitchTo(labelling->key_context);
	text	   *name = cstring_to_text_with_len(key->val.string.val, key->val.string.len);
	uint32		node = sql_network_find(labelling->network, PointerGetDatum(name), TEXTOID);

	MemoryContextSwitchTo(old);
	MemoryContextReset(labelling->key_context);
	return node;
}

static void
refuse_label(const JsonbValue *key)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("community of \"%.*s\" must be a string or a number",
					pg_mbcliplen(key->val.string.val, key->val.string.len, SHOWN_BYTES),
					key->val.string.val)));
}

static LabelledNode
read_label(Labelling *labelling, const JsonbValue *key, const JsonbValue *value, uint32 node)
{
	PtBudget   *budget = labelling->network->graph.budget;
	MemoryContext old;
	char	   *number;

	if (value->type == jbvString)
		return (LabelledNode) {value->val.string.val, value->val.string.len, node};
	if (value->type != jbvNumeric)
		refuse_label(key);
	old = MemoryContextSwitchTo(budget->context);
	/* 1 and 1.0 are one */
	number = numeric_normalize(value->val.numeric);
	MemoryContextSwitchTo(old);
	pt_budget_take(budget, GetMemoryChunkSpace(number));
	return (LabelledNode) {number, strlen(number), node};
}

static void
read_labels(Labelling *labelling, Jsonb *labels)
{
	JsonbIterator *iterator;
	JsonbValue	key;
	JsonbValue	value;

	if (!JB_ROOT_IS_OBJECT(labels))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("communities must be a JSON object"),
				 errhint("Give the community of each node, as by jsonb_object_agg(node, community).")));
	iterator = JsonbIteratorInit(&labels->root);
	(void) JsonbIteratorNext(&iterator, &key, true);
	while (JsonbIteratorNext(&iterator, &key, true) == WJB_KEY)
	{
		uint32		node = find_key(labelling, &key);

		CHECK_FOR_INTERRUPTS();
		(void) JsonbIteratorNext(&iterator, &value, true);
		/* what has no edges changes nothing */
		if (node == GRAPH_NO_NODE)
			continue;
		labelling->nodes = pt_grow(labelling->network->graph.budget, labelling->nodes,
								   &labelling->capacity, labelling->count + 1,
								   sizeof(LabelledNode));
		labelling->nodes[labelling->count++] = read_label(labelling, &key, &value, node);
	}
}

/* Numbers of groups by node; each node is in one. */
static uint32 *
number_labels(Labelling *labelling)
{
	SqlNetwork *network = labelling->network;
	uint32	   *groups = pt_alloc(network->graph.budget, network->nnodes, sizeof(uint32));
	uint32		group = 0;

	memset(groups, 0xFF, network->nnodes * sizeof(uint32));
	pt_sort(labelling->nodes, labelling->count, sizeof(LabelledNode), compare_labels, NULL);
	for (uint64 i = 0; i < labelling->count; i++)
	{
		const LabelledNode *labelled = &labelling->nodes[i];

		pt_check_interrupts(i);
		if (groups[labelled->node] != GRAPH_NO_NODE)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("node \"%s\" is in two communities",
							sql_network_name(network, labelled->node))));
		if (i > 0 && compare_labels(labelled - 1, labelled, NULL) != 0)
			group++;
		groups[labelled->node] = group;
	}
	for (uint32 v = 0; v < network->nnodes; v++)
	{
		pt_check_interrupts(v);
		if (groups[v] == GRAPH_NO_NODE)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("node \"%s\" has no community", sql_network_name(network, v)),
					 errhint("Give the community of each node that is on an edge.")));
	}
	return groups;
}

Datum
pt_modularity(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	Labelling	labelling = {&network};
	double		resolution;
	uint32	   *groups;
	double		modularity = 0;
	bool		has_edges;

	sql_network_begin(&network, fcinfo, SQL_NETWORK_SCALAR);
	resolution = sql_number(fcinfo, network.first + MODULARITY_RESOLUTION, "resolution",
							0, SQL_MOST_RESOLUTION);
	sql_network_weigh(&network, network.first + MODULARITY_WEIGHTED);
	sql_network_load(&network);
	if (network.flags & SQL_NETWORK_WEIGHTS)
		sql_network_check_weights(&network, false,
								  SQL_NETWORK_WEIGHT_HINT);
	labelling.key_context = AllocSetContextCreate(network.graph.budget->context,
												  "parseltongue labels", ALLOCSET_SMALL_SIZES);
	/* an aggregate over the nodes of an empty graph is NULL */
	if (!PG_ARGISNULL(network.first + MODULARITY_LABELS))
		read_labels(&labelling, PG_GETARG_JSONB_P(network.first + MODULARITY_LABELS));
	groups = number_labels(&labelling);
	has_edges = network.out->nedges > 0;
	if (has_edges)
		modularity = kernel_modularity(sql_network_both_ways(&network), groups, resolution,
									   network.graph.budget);
	sql_network_end(&network);
	/* edges that weigh nothing are none */
	if (!has_edges || isnan(modularity))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(modularity);
}
