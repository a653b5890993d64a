/*
 * sql_naming.c
 *		Keys of nodes, and their order.
 *
 * Many keys of a codebase begin alike, with the language, the kind, and a name's first
 * part, so comparing them costs more than all else. They are sorted by eight bytes at a
 * time: what these do not tell apart by the next eight, and few by all that they have.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "base/pt_varatt.h"
#include "catalog/pg_type.h"
#include "function/sql_cost.h"
#include "function/sql_hint.h"
#include "function/sql_naming.h"
#include "function/sql_node.h"
#include "function/sql_plan.h"
#include "function/sql_relation.h"
#include "function/sql_source.h"
#include "nodes/params.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/memutils.h"
#include "utils/uuid.h"

/* edges asked for at a time */
#define BATCH 1024

/* of keys that begin alike: so few are compared, and from so many on a radix sort is quicker */
#define FEW_ALIKE 16
#define MANY_ALIKE 1024

/* ---- keys ---- */

/* Eight bytes of a key, from one on: zeros behind its end. */
static uint64
key_bytes(Datum key, Oid type, Size from)
{
	unsigned char bytes[sizeof(uint64)] = {0};
	Size		length = type == UUIDOID ? UUID_LEN : VARSIZE_ANY_EXHDR(DatumGetPointer(key));
	const char *data = type == UUIDOID ? (const char *) DatumGetUUIDP(key)->data :
		VARDATA_ANY(DatumGetPointer(key));
	uint64		number = 0;

	if (from < length)
		memcpy(bytes, data + from, Min(length - from, sizeof(bytes)));
	for (int i = 0; i < (int) sizeof(bytes); i++)
		number = number << 8 | bytes[i];
	return number;
}

uint64
sql_key_prefix(Datum key, Oid type)
{
	if (type == INT8OID)
		return (uint64) DatumGetInt64(key) ^ SQL_INTEGER_SIGN;
	return key_bytes(key, type, 0);
}

void
sql_naming_begin(SqlNaming *naming, SqlNetwork *network)
{
	MemoryContext context = network->graph.budget->context;

	memset(naming, 0, sizeof(SqlNaming));
	naming->network = network;
	naming->context = AllocSetContextCreate(context, "parseltongue keys", ALLOCSET_DEFAULT_SIZES);
	naming->scratch = AllocSetContextCreate(context, "parseltongue key", ALLOCSET_DEFAULT_SIZES);
}

/* Keys have been made: take what their context has grown by. */
static void
charge_keys(SqlNaming *naming)
{
	Size		now = MemoryContextMemAllocated(naming->context, true);

	if (now > naming->charged)
		pt_budget_take(naming->network->graph.budget, now - naming->charged);
	naming->charged = Max(now, naming->charged);
}

static void
add_named(SqlNaming *naming, Datum key, uint32 node)
{
	SqlNetwork *network = naming->network;

	naming->nodes = pt_grow(network->graph.budget, naming->nodes, &naming->capacity,
							naming->count + 1, sizeof(NamedNode));
	naming->nodes[naming->count++] =
		(NamedNode) {sql_key_prefix(key, network->key_type), key, node};
	charge_keys(naming);
}

/* ---- nodes ---- */

/* Of the nodes at some places, for each that has an edge in a direction the first one. */
static void
ask_for_edges(SqlGraph *graph, const uint32 *nodes, const uint32 *places, uint64 count,
			  GraphDirection direction, GraphEdge *edges)
{
	PtBudget   *budget = graph->budget;
	GraphArcs	question = {0};
	uint32	   *asked = pt_alloc(budget, count, sizeof(uint32));
	uint64	   *most = pt_alloc(budget, count, sizeof(uint64));

	for (uint64 i = 0; i < count; i++)
	{
		pt_check_interrupts(i);
		asked[i] = nodes[places[i]];
		most[i] = 0;
	}
	question.nodes = asked;
	question.count = count;
	question.direction = direction;
	question.most = most;
	question.arcs = pt_alloc(budget, BATCH, sizeof(GraphArc));
	question.capacity = BATCH;
	while (graph_edges(graph->all, &question))
	{
		for (uint32 i = 0; i < question.narcs; i++)
			edges[places[question.arcs[i].from]] = question.arcs[i].edge ^ GRAPH_EDGE_REVERSED;
	}
	pt_free(budget, question.arcs);
	pt_free(budget, most);
	pt_free(budget, asked);
}

/* Places of nodes that want an edge to be named by, and have none yet. Returns how many. */
static uint64
places_without(SqlGraph *graph, const uint32 *nodes, const GraphEdge *edges, uint64 count,
			   uint32 *places)
{
	uint64		found = 0;

	for (uint64 i = 0; i < count; i++)
	{
		pt_check_interrupts(i);
		if (edges[i] == GRAPH_NO_EDGE && !graph->source->has_name(graph, nodes[i]))
			places[found++] = (uint32) i;
	}
	return found;
}

GraphEdge *
sql_naming_edges(SqlGraph *graph, const uint32 *nodes, uint64 count)
{
	PtBudget   *budget = graph->budget;
	GraphEdge  *edges = pt_alloc(budget, count, sizeof(GraphEdge));
	uint32	   *places = pt_alloc(budget, count, sizeof(uint32));

	memset(edges, 0, count * sizeof(GraphEdge));
	for (int direction = GRAPH_OUT; direction <= GRAPH_IN; direction++)
	{
		uint64		without = places_without(graph, nodes, edges, count, places);

		ask_for_edges(graph, nodes, places, without, direction, edges);
	}
	pt_free(budget, places);
	return edges;
}

/* A node's key as it is sorted and shown, in the naming's context. */
static Datum
make_key(SqlNaming *naming, uint32 node, GraphEdge edge)
{
	SqlNetwork *network = naming->network;
	SqlGraph   *graph = &network->graph;
	Oid			type = graph->columns.node_type;
	MemoryContext old = MemoryContextSwitchTo(naming->scratch);
	Datum		key = graph->source->node_value(graph, node, edge);

	if (network->key_type == INT8OID)
		key = Int64GetDatum(adj_integer_value(key, type));
	else if (network->key_type == TEXTOID)
		key = sql_node_to_text(key, type);
	MemoryContextSwitchTo(naming->context);
	key = datumCopy(key, network->key_type == INT8OID, network->key_type == UUIDOID ? UUID_LEN : -1);
	MemoryContextSwitchTo(old);
	MemoryContextReset(naming->scratch);
	return key;
}

void
sql_naming_nodes(SqlNaming *naming, const uint32 *nodes, const GraphEdge *edges, uint64 count)
{
	for (uint64 i = 0; i < count; i++)
	{
		pt_check_interrupts(i);
		add_named(naming, make_key(naming, nodes[i], edges[i]), nodes[i]);
	}
}

/* ---- entities ---- */

static bool
put_entity(void *answer, TupleTableSlot *slot)
{
	SqlNaming  *naming = answer;
	MemoryContext old = MemoryContextSwitchTo(naming->context);
	Datum		key = PointerGetDatum(DatumGetTextPCopy(slot->tts_values[0]));

	MemoryContextSwitchTo(old);
	add_named(naming, key, GRAPH_NO_NODE);
	return true;
}

/* Hashed, however many there are. */
#define IS_AMONG(set) "EXISTS (SELECT FROM pg_catalog.unnest(" set ") AS s (k) WHERE k OPERATOR(pg_catalog.=) key)"

static void
set_texts(ParamListInfo params, int place, const SqlSet *set)
{
	ParamExternData *param = &params->params[place];

	param->ptype = TEXTARRAYOID;
	param->pflags = PARAM_FLAG_CONST;
	param->isnull = !set->is_given;
	if (set->is_given)
		param->value = PointerGetDatum(construct_array(set->nodes, set->count, TEXTOID, -1, false,
													   TYPALIGN_INT));
}

void
sql_naming_entities(SqlNaming *naming)
{
	SqlGraph   *graph = &naming->network->graph;
	const SqlOptions *options = &naming->network->options;
	Oid			types[] = {TEXTARRAYOID, TEXTARRAYOID};
	ParamListInfo params = makeParamList(lengthof(types));
	SqlPlan    *plan;

	if (naming->network->key_type != TEXTOID || !sql_may_read_entities(graph))
		return;
	set_texts(params, 0, &options->avoid);
	set_texts(params, 1, &options->within);
	plan = sql_plan(psprintf("SELECT key FROM (SELECT key::pg_catalog.text FROM %s) AS e WHERE key IS NOT NULL%s%s",
							 sql_qualified_name(graph->entity_table),
							 options->avoid.is_given ? " AND NOT " IS_AMONG("$1") : "",
							 options->within.is_given ? " AND " IS_AMONG("$2") : ""),
					types, lengthof(types));
	sql_plan_run(plan, graph->snapshot, params, put_entity, naming);
}

/* ---- order ---- */

/* Nodes that agree in so many bytes of their keys. */
typedef struct AlikeKeys
{
	uint64		first;
	uint64		last;
	Size		bytes;
} AlikeKeys;

typedef struct Alikes
{
	AlikeKeys  *items;
	uint64		count;
	uint64		capacity;
} Alikes;

/* By key; a node before an entity of that key. */
static int
compare_named(const void *a, const void *b, void *arg)
{
	const NamedNode *x = a;
	const NamedNode *y = b;
	int			order;

	order = sql_compare_order_keys(x->key, y->key, *(const Oid *) arg);
	if (order != 0)
		return order;
	return x->node < y->node ? -1 : x->node > y->node;
}

static int
compare_prefixes(const void *a, const void *b, void *arg)
{
	uint64		x = ((const NamedNode *) a)->prefix;
	uint64		y = ((const NamedNode *) b)->prefix;

	return x < y ? -1 : x > y;
}

static void
sort_by_prefix(NamedNode *nodes, uint64 count, PtBudget *budget)
{
	PtNumbered *order;
	NamedNode  *sorted;

	if (count < MANY_ALIKE)
	{
		pt_sort(nodes, count, sizeof(NamedNode), compare_prefixes, NULL);
		return;
	}
	order = pt_alloc(budget, count, sizeof(PtNumbered));
	for (uint64 i = 0; i < count; i++)
	{
		pt_check_interrupts(i);
		order[i] = (PtNumbered) {nodes[i].prefix, (uint32) i};
	}
	pt_sort_numbered(order, count, budget);
	sorted = pt_alloc(budget, count, sizeof(NamedNode));
	for (uint64 i = 0; i < count; i++)
	{
		pt_check_interrupts(i);
		sorted[i] = nodes[order[i].item];
	}
	memcpy(nodes, sorted, count * sizeof(NamedNode));
	pt_free(budget, sorted);
	pt_free(budget, order);
}

/* Of nodes sorted by prefix note those that it does not tell apart. */
static void
note_alike(SqlNaming *naming, Alikes *alikes, uint64 first, uint64 last, Size bytes)
{
	const NamedNode *nodes = naming->nodes;

	for (uint64 i = first, end; i < last; i = end)
	{
		for (end = i + 1; end < last && nodes[end].prefix == nodes[i].prefix; end++)
			pt_check_interrupts(end);
		if (end - i < 2)
			continue;
		alikes->items = pt_grow(naming->network->graph.budget, alikes->items, &alikes->capacity,
								alikes->count + 1, sizeof(AlikeKeys));
		alikes->items[alikes->count++] = (AlikeKeys) {i, end, bytes};
	}
}

/* Have keys no more than so many bytes, if the last eight of them are these? */
static bool
is_end(uint64 prefix, Size bytes, Oid type)
{
	/* no text has a zero in it */
	return type == INT8OID || (type == UUIDOID ? bytes >= UUID_LEN : (prefix & 0xFF) == 0);
}

static void
sort_named(SqlNaming *naming)
{
	PtBudget   *budget = naming->network->graph.budget;
	Oid			type = naming->network->key_type;
	Alikes		alikes = {0};

	sort_by_prefix(naming->nodes, naming->count, budget);
	note_alike(naming, &alikes, 0, naming->count, sizeof(uint64));
	while (alikes.count > 0)
	{
		AlikeKeys	alike = alikes.items[--alikes.count];
		NamedNode  *nodes = naming->nodes + alike.first;
		uint64		count = alike.last - alike.first;

		CHECK_FOR_INTERRUPTS();
		if (count <= FEW_ALIKE || is_end(nodes->prefix, alike.bytes, type))
		{
			pt_sort(nodes, count, sizeof(NamedNode), compare_named, &type);
			continue;
		}
		for (uint64 i = 0; i < count; i++)
		{
			pt_check_interrupts(i);
			nodes[i].prefix = key_bytes(nodes[i].key, type, alike.bytes);
		}
		sort_by_prefix(nodes, count, budget);
		note_alike(naming, &alikes, alike.first, alike.last, alike.bytes + sizeof(uint64));
	}
	pt_free(budget, alikes.items);
}

/*
 * An entity that is a node, too, follows it. Equal keys have been alike all along, so
 * their prefixes are the same.
 */
static void
drop_doubles(SqlNaming *naming)
{
	uint64		kept = 0;

	for (uint64 i = 0; i < naming->count; i++)
	{
		pt_check_interrupts(i);
		if (i > 0 && naming->nodes[i].node == GRAPH_NO_NODE &&
			naming->nodes[i].prefix == naming->nodes[kept - 1].prefix &&
			sql_compare_order_keys(naming->nodes[i].key, naming->nodes[kept - 1].key, TEXTOID) == 0)
			continue;
		naming->nodes[kept++] = naming->nodes[i];
	}
	naming->count = kept;
}

void
sql_naming_sort(SqlNaming *naming)
{
	charge_keys(naming);
	sort_named(naming);
	drop_doubles(naming);
}
