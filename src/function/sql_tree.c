/*
 * sql_tree.c
 *		pt_tree: what is around a key, drawn as an indented tree.
 *
 * The tree is that of a breadth-first walk: each node once, at its least
 * distance, under the node from which the walk first reached it. Of a node
 * that more than one edge leads to, the tree shows one.
 *
 *		main -> parse, main -> read, parse -> read; from read, inward:
 *
 *		read
 *		├── main
 *		└── parse		and not main again below parse
 *
 * A node that was reached by a guess has its confidence after the key.
 *
 * The walk runs to its end. Nodes beyond max_nodes, in the order of the walk,
 * are only counted, at the node above that is shown; so the counts are exact.
 *
 * O(edges touched + n log n) for n nodes shown.
 */
#include "postgres.h"

#include "base/pt_sort.h"
#include "base/pt_texts.h"
#include "base/pt_varatt.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "function/sql_args.h"
#include "function/sql_edges.h"
#include "function/sql_node.h"
#include "function/sql_sets.h"
#include "function/sql_start.h"
#include "kernel/kernel_bfs.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(pt_tree_0_2);

/* arguments of pt_tree before the common options */
enum
{
	ARG_KEY,
	ARG_HOPS,
	ARG_DIRECTION
};

#define NO_NODE PG_UINT32_MAX

/* A node that is shown, at its place in the walk. */
typedef struct TreeNode
{
	text	   *key;
	uint32		parent;
	uint32		first_child;	/* children in the order of their keys */
	uint32		next_sibling;
	uint32		omitted;		/* nodes below it that are not shown */
	double		confidence;		/* of the edge that led to it; 1 for a fact */
} TreeNode;

/* What lines are drawn with. */
typedef struct TreeStyle
{
	const char *child;
	const char *last_child;
	const char *below_child;
	const char *below_last;
	const char *more;
} TreeStyle;

typedef struct Tree
{
	SqlGraph	graph;
	ReturnSetInfo *result;
	SqlStart	start;
	GraphWalk  *walk;
	SqlOptions	options;

	TreeNode   *nodes;
	uint32		shown;
	const TreeStyle *style;
	StringInfoData line;		/* what stands before a node, then the node */
} Tree;

static const TreeStyle unicode_style = {
	"\xe2\x94\x9c\xe2\x94\x80\xe2\x94\x80 ",	/* U+251C U+2500 U+2500 */
	"\xe2\x94\x94\xe2\x94\x80\xe2\x94\x80 ",	/* U+2514 U+2500 U+2500 */
	"\xe2\x94\x82   ",			/* U+2502 */
	"    ",
	"\xe2\x80\xa6"				/* U+2026 */
};

/* for clients or databases whose encoding may lack these */
static const TreeStyle ascii_style = {"|-- ", "`-- ", "|   ", "    ", "..."};

/* ---- the walk ---- */

static void
walk_tree(Tree *tree, GraphDirection direction, uint64 hops)
{
	tree->walk = sql_walk_begin(&tree->graph, direction, GRAPH_KEEP_EDGES | GRAPH_KEEP_PARENTS);
	if (tree->start.node != GRAPH_NO_NODE)
	{
		graph_walk_start(tree->walk, tree->start.node);
		graph_sets_bound(&tree->graph.sets, tree->walk);
		kernel_bfs(tree->graph.view, tree->walk, hops);
	}
	graph_walk_end(tree->walk);
}

/* ---- the nodes that are shown ---- */

static text *
copy_text(Datum value, MemoryContext context)
{
	text	   *packed = DatumGetTextPP(value);
	MemoryContext old = MemoryContextSwitchTo(context);
	text	   *copy = cstring_to_text_with_len(VARDATA_ANY(packed), VARSIZE_ANY_EXHDR(packed));

	MemoryContextSwitchTo(old);
	return copy;
}

/*
 * The key of a node, and how the edge is trusted that led to it. Both ends of
 * the edge must fit its row.
 */
static void
fetch_node(Tree *tree, uint32 place, MemoryContext context)
{
	TreeNode   *node = &tree->nodes[place];
	const GraphWalk *walk = tree->walk;
	SqlEdge		edge = sql_tree_edge(walk->edges[place], walk->nodes[place],
									 walk->nodes[walk->parents[place]]);
	Datum		values[SQL_EDGE_COLUMNS];
	bool		nulls[SQL_EDGE_COLUMNS];

	tree->graph.source->edge_row(&tree->graph, &edge, values, nulls);
	node->key = copy_text(values[edge.source == walk->nodes[place] ? 0 : 1], context);
	if (!nulls[SQL_EDGE_CONFIDENCE])
		node->confidence = DatumGetFloat8(values[SQL_EDGE_CONFIDENCE]);
}

/* The key of the start, as results show it. */
static text *
start_key(const Tree *tree, MemoryContext context)
{
	return copy_text(sql_node_canonical(&tree->graph, PointerGetDatum(tree->start.key), TEXTOID),
					 context);
}

static void
fetch_nodes(Tree *tree)
{
	MemoryContext context = tree->graph.budget->context;
	MemoryContext old = CurrentMemoryContext;
	MemoryContext row_context = AllocSetContextCreate(context, "parseltongue row",
													  ALLOCSET_DEFAULT_SIZES);

	tree->nodes = pt_alloc(tree->graph.budget, tree->shown, sizeof(TreeNode));
	MemoryContextSwitchTo(row_context);
	for (uint32 i = 0; i < tree->shown; i++)
	{
		TreeNode   *node = &tree->nodes[i];

		CHECK_FOR_INTERRUPTS();
		node->confidence = 1;
		if (i == 0)
			node->key = start_key(tree, context);
		else
			fetch_node(tree, i, context);
		node->parent = i == 0 ? NO_NODE : tree->walk->parents[i];
		node->first_child = node->next_sibling = NO_NODE;
		node->omitted = 0;
		pt_budget_take(tree->graph.budget, GetMemoryChunkSpace(node->key));
		MemoryContextReset(row_context);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(row_context);
}

/*
 * Count what is not shown at the last node above it that is. Parents come
 * before their children in the walk, so the way is from the end.
 */
static void
count_omitted(Tree *tree)
{
	uint64		cut = tree->walk->count - tree->shown;
	uint32	   *below;			/* by place less shown */

	below = pt_alloc(tree->graph.budget, cut, sizeof(uint32));
	memset(below, 0, cut * sizeof(uint32));
	for (uint64 i = cut; i-- > 0;)
	{
		uint32		parent = tree->walk->parents[tree->shown + i];

		CHECK_FOR_INTERRUPTS();
		if (parent < tree->shown)
			tree->nodes[parent].omitted += below[i] + 1;
		else
			below[parent - tree->shown] += below[i] + 1;
	}
	pt_free(tree->graph.budget, below);
}

/* By key, bytewise. */
static int
compare_keys(const void *a, const void *b, void *arg)
{
	const TreeNode *nodes = arg;

	return pt_compare_text_values(nodes[*(const uint32 *) a].key, nodes[*(const uint32 *) b].key);
}

/* Hang each node under its parent, the last by key first. */
static void
link_children(Tree *tree)
{
	uint32	   *order;

	order = pt_alloc(tree->graph.budget, tree->shown, sizeof(uint32));
	for (uint32 i = 0; i < tree->shown; i++)
		order[i] = i;
	pt_sort(order, tree->shown, sizeof(uint32), compare_keys, tree->nodes);
	for (uint32 i = tree->shown; i-- > 0;)
	{
		TreeNode   *node = &tree->nodes[order[i]];
		TreeNode   *parent;

		if (node->parent == NO_NODE)
			continue;
		parent = &tree->nodes[node->parent];
		node->next_sibling = parent->first_child;
		parent->first_child = order[i];
	}
	pt_free(tree->graph.budget, order);
}

/* ---- lines ---- */

static void
put_line(Tree *tree)
{
	Datum		value = PointerGetDatum(cstring_to_text_with_len(tree->line.data, tree->line.len));
	bool		null = false;

	CHECK_FOR_INTERRUPTS();
	tuplestore_putvalues(tree->result->setResult, tree->result->setDesc, &value, &null);
	pfree(DatumGetPointer(value));
}

static void
put_omitted(Tree *tree, uint64 omitted)
{
	int			length = tree->line.len;

	if (omitted == 0)
		return;
	if (tree->shown > 0)
		appendStringInfoString(&tree->line, tree->style->last_child);
	appendStringInfo(&tree->line, "%s " UINT64_FORMAT " more", tree->style->more, omitted);
	put_line(tree);
	tree->line.len = length;
}

/* The node's own line; then the line holds what stands before its children. */
static void
put_node(Tree *tree, uint32 place)
{
	const TreeNode *node = &tree->nodes[place];
	bool		root = node->parent == NO_NODE;
	bool		last = !root && node->next_sibling == NO_NODE &&
		tree->nodes[node->parent].omitted == 0;
	int			length = tree->line.len;

	if (!root)
		appendStringInfoString(&tree->line, last ? tree->style->last_child : tree->style->child);
	appendBinaryStringInfo(&tree->line, VARDATA_ANY(node->key), VARSIZE_ANY_EXHDR(node->key));
	if (node->confidence < 1)
		appendStringInfo(&tree->line, " (%.2f)", node->confidence);
	put_line(tree);
	tree->line.len = length;
	if (!root)
		appendStringInfoString(&tree->line,
							   last ? tree->style->below_last : tree->style->below_child);
}

/* Depth first, without recursion. */
static void
put_tree(Tree *tree)
{
	int		   *lengths;		/* by depth, of what stands before a node */
	uint32		at = 0;
	uint64		depth = 0;

	lengths = pt_alloc(tree->graph.budget, tree->walk->levels + 1, sizeof(int));
	for (;;)
	{
		lengths[depth] = tree->line.len;
		put_node(tree, at);
		if (tree->nodes[at].first_child != NO_NODE)
		{
			at = tree->nodes[at].first_child;
			depth++;
			continue;
		}
		/* up, until there is something beside it */
		for (;;)
		{
			put_omitted(tree, tree->nodes[at].omitted);
			tree->line.len = lengths[depth];
			if (tree->nodes[at].next_sibling != NO_NODE)
				break;
			if (tree->nodes[at].parent == NO_NODE)
				return;
			at = tree->nodes[at].parent;
			depth--;
		}
		at = tree->nodes[at].next_sibling;
	}
}

/* The start is an entity, or was reached by nothing: a tree of one node. */
static void
put_lone_start(Tree *tree)
{
	text	   *key = start_key(tree, CurrentMemoryContext);

	if (tree->options.max_nodes == 0)
	{
		put_omitted(tree, 1);
		return;
	}
	appendBinaryStringInfo(&tree->line, VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key));
	put_line(tree);
}

static void
put_lines(Tree *tree)
{
	tree->shown = Min(tree->walk->count, tree->options.max_nodes);
	if (tree->shown == 0)
	{
		put_omitted(tree, tree->walk->count);
		return;
	}
	fetch_nodes(tree);
	if (tree->walk->count > tree->shown)
		count_omitted(tree);
	link_children(tree);
	put_tree(tree);
}

/*
 * The lines are written to the client, unless a query does something else with
 * them: what its encoding lacks would be an error. Nobody can tell here which, and
 * so the same call always answers the same.
 */
static const TreeStyle *
choose_style(void)
{
	int			client = pg_get_client_encoding();

	if (GetDatabaseEncoding() != PG_UTF8)
		return &ascii_style;
	/* SQL_ASCII takes any bytes; GB18030 has all of Unicode */
	return client == PG_UTF8 || client == PG_SQL_ASCII || client == PG_GB18030 ?
		&unicode_style : &ascii_style;
}

Datum
pt_tree_0_2(PG_FUNCTION_ARGS)
{
	Tree		tree = {0};
	text	   *key;
	uint64		hops = sql_bound(fcinfo, ARG_HOPS, "hops");
	GraphDirection direction = sql_direction(fcinfo, ARG_DIRECTION);

	tree.options = sql_options(fcinfo, SQL_OPTION_SETS | SQL_OPTION_STOP_AT |
							   SQL_OPTION_MAX_NODES | SQL_OPTION_GRAPH);
	tree.style = choose_style();
	initStringInfo(&tree.line);
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	tree.result = (ReturnSetInfo *) fcinfo->resultinfo;
	if (sql_is_absent(fcinfo, ARG_KEY, "key", tree.options.missing_ok))
		return (Datum) 0;
	key = sql_key(fcinfo, ARG_KEY, "key");

	sql_graph_open(&tree.graph, fcinfo, tree.options.graph_argno,
				   tree.options.edge_types != NULL ? SQL_READ_LABEL : 0,
				   "tree",
				   "Raise parseltongue.local_image_memory, or bound the tree by hops or max_nodes.");
	sql_graph_sync(&tree.graph);
	sql_find_starts(&tree.graph, &tree.options, &key, 1, &tree.start);
	sql_graph_follow(&tree.graph, tree.options.edge_types, tree.options.min_confidence);
	sql_graph_bound(&tree.graph, &tree.options);
	walk_tree(&tree, direction, hops);
	sql_graph_leave(&tree.graph);

	put_lines(&tree);
	sql_check_start(&tree.graph, &tree.start, tree.options.missing_ok);
	if (tree.start.node == GRAPH_NO_NODE)
		put_lone_start(&tree);
	if (tree.walk->count > tree.shown)
		sql_warn_truncated(tree.options.max_nodes);
	sql_graph_close(&tree.graph);
	return (Datum) 0;
}
