/*
 * sql_tree.c
 *		pt_tree: what is around a key, drawn as an indented tree.
 *
 * The tree is that of a breadth-first walk: each node once, at its least
 * distance, under the node from which the walk first reached it. Of a node that
 * more than one edge leads to, the tree shows one.
 *
 *		main -> parse, main -> read, parse -> read; from read, inward:
 *
 *		read
 *		├── main
 *		└── parse		and not main again below parse
 *
 * The walk runs to its end. Nodes beyond max_nodes, in the order of the walk,
 * are only counted, at the node above that is shown; so the counts are exact.
 *
 * O(edges touched + n log n) for n nodes shown.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "sql_path.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(pt_tree);

#define NO_NODE PG_UINT32_MAX

/* A node that is shown, at its place in the walk. */
typedef struct TreeNode
{
	text	   *key;
	uint32		parent;
	uint32		first_child;	/* children in the order of their keys */
	uint32		next_sibling;
	uint32		omitted;		/* nodes below it that are not shown */
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
	SqlPathEnd	start;
	PtWalk	   *walk;
	uint64		max_nodes;
	Size		memory;			/* bytes taken after the walk */

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

/* for databases that are not in UTF-8 */
static const TreeStyle ascii_style = {"|-- ", "`-- ", "|   ", "    ", "..."};

/* ---- the walk ---- */

/* Half of the memory is the walk's. */
static void
take_memory(Tree *tree, Size bytes)
{
	tree->memory += bytes;
	if (tree->memory > sql_walk_memory() / 2)
		ereport(ERROR,
				(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
				 errmsg("tree needs more than %zu kB of memory", sql_walk_memory() / 1024),
				 errhint("Raise parseltongue.local_image_memory, or bound the tree by hops or max_nodes.")));
}

static void
walk_tree(Tree *tree, PtDirection direction, const bool *labels, uint64 hops)
{
	PtGraph    *graph = image_graph_create(tree->graph.image, &tree->graph.vis, labels);
	PtTreeEdge	none = {0, 0, 0};

	tree->walk = graph_walk_create(direction, PT_KEEP_EDGES | PT_KEEP_PARENTS,
								   sql_walk_memory() / 2);
	if (tree->start.node == IMAGE_NO_NODE)
		return;
	graph_visited_acquire(tree->walk, 0, graph->nnodes);
	graph_walk_add(tree->walk, tree->start.node, PT_NO_PARENT, none);
	kernel_bfs(graph, tree->walk, hops);
	graph_visited_release(tree->walk, graph->nnodes);
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

/* The key of a node, from the row of the edge that led to it. */
static text *
fetch_key(Tree *tree, uint32 place, MemoryContext context)
{
	const PtWalk *walk = tree->walk;
	PtTreeEdge	reached = walk->edges[place];
	SqlEdge		edge = sql_tree_edge(reached, walk->nodes[place], walk->nodes[walk->parents[place]]);
	Datum		values[SQL_EDGE_COLUMNS];
	bool		nulls[SQL_EDGE_COLUMNS];

	sql_edge_row(&tree->graph, &edge, values, nulls);
	return copy_text(values[reached.node_is_source ? 0 : 1], context);
}

static void
fetch_nodes(Tree *tree)
{
	MemoryContext context = CurrentMemoryContext;
	MemoryContext row_context = AllocSetContextCreate(context, "parseltongue row",
													  ALLOCSET_DEFAULT_SIZES);

	take_memory(tree, tree->shown * sizeof(TreeNode));
	tree->nodes = palloc_extended(tree->shown * sizeof(TreeNode), MCXT_ALLOC_HUGE);
	MemoryContextSwitchTo(row_context);
	for (uint32 i = 0; i < tree->shown; i++)
	{
		TreeNode   *node = &tree->nodes[i];

		CHECK_FOR_INTERRUPTS();
		node->key = i == 0 ?
			copy_text(sql_node_canonical(&tree->graph, PointerGetDatum(tree->start.key), TEXTOID), context) :
			fetch_key(tree, i, context);
		node->parent = i == 0 ? NO_NODE : tree->walk->parents[i];
		node->first_child = node->next_sibling = NO_NODE;
		node->omitted = 0;
		take_memory(tree, GetMemoryChunkSpace(node->key));
		MemoryContextReset(row_context);
	}
	MemoryContextSwitchTo(context);
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

	take_memory(tree, cut * sizeof(uint32));
	below = palloc_extended(cut * sizeof(uint32), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (uint64 i = cut; i-- > 0;)
	{
		uint32		parent = tree->walk->parents[tree->shown + i];

		CHECK_FOR_INTERRUPTS();
		if (parent < tree->shown)
			tree->nodes[parent].omitted += below[i] + 1;
		else
			below[parent - tree->shown] += below[i] + 1;
	}
	pfree(below);
}

/* By key, bytewise; interrupts are looked for now and then. */
static int
compare_keys(const void *a, const void *b, void *arg)
{
	static uint32 calls = 0;
	const TreeNode *nodes = arg;
	const text *x = nodes[*(const uint32 *) a].key;
	const text *y = nodes[*(const uint32 *) b].key;
	int			order = memcmp(VARDATA_ANY(x), VARDATA_ANY(y),
							   Min(VARSIZE_ANY_EXHDR(x), VARSIZE_ANY_EXHDR(y)));

	if ((++calls & 0xFFFF) == 0)
		CHECK_FOR_INTERRUPTS();
	if (order != 0)
		return order;
	return VARSIZE_ANY_EXHDR(x) < VARSIZE_ANY_EXHDR(y) ? -1 : VARSIZE_ANY_EXHDR(x) > VARSIZE_ANY_EXHDR(y);
}

/* Hang each node under its parent, the last by key first. */
static void
link_children(Tree *tree)
{
	uint32	   *order;

	take_memory(tree, tree->shown * sizeof(uint32));
	order = palloc_extended(tree->shown * sizeof(uint32), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < tree->shown; i++)
		order[i] = i;
	qsort_arg(order, tree->shown, sizeof(uint32), compare_keys, tree->nodes);
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
	pfree(order);
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
	put_line(tree);
	tree->line.len = length;
	if (!root)
		appendStringInfoString(&tree->line, last ? tree->style->below_last : tree->style->below_child);
}

/* Depth first, without recursion. */
static void
put_tree(Tree *tree)
{
	int		   *lengths;		/* by depth, of what stands before a node */
	uint32		at = 0;
	uint64		depth = 0;

	take_memory(tree, tree->walk->levels * sizeof(int));
	lengths = palloc_extended((tree->walk->levels + 1) * sizeof(int), MCXT_ALLOC_HUGE);
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
	text	   *key = copy_text(sql_node_canonical(&tree->graph, PointerGetDatum(tree->start.key), TEXTOID),
								CurrentMemoryContext);

	if (tree->max_nodes == 0)
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
	tree->shown = Min(tree->walk->count, tree->max_nodes);
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

Datum
pt_tree(PG_FUNCTION_ARGS)
{
	Tree		tree = {0};
	text	   *key = sql_key(fcinfo, 0, "key");
	uint64		hops = sql_bound(fcinfo, 1, "hops");
	PtDirection direction = sql_direction(fcinfo, 2);
	ArrayType  *edge_types = sql_edge_types(fcinfo, 3);
	bool		missing_ok = sql_flag(fcinfo, 5);
	int			min_confidence = sql_min_confidence(fcinfo, 7);

	tree.max_nodes = sql_max_nodes(fcinfo, 4);
	tree.style = GetDatabaseEncoding() == PG_UTF8 ? &unicode_style : &ascii_style;
	initStringInfo(&tree.line);
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	tree.result = (ReturnSetInfo *) fcinfo->resultinfo;

	sql_graph_open(&tree.graph, fcinfo, 6, edge_types != NULL ? SQL_READ_LABEL : 0);
	sql_graph_sync(&tree.graph);
	tree.start = sql_find_end(&tree.graph, key);
	walk_tree(&tree, direction, sql_label_filter(&tree.graph, edge_types, min_confidence), hops);
	sql_graph_leave(&tree.graph);

	put_lines(&tree);
	if (sql_check_end(&tree.graph, &tree.start, missing_ok) && tree.start.node == IMAGE_NO_NODE)
		put_lone_start(&tree);
	sql_graph_close(&tree.graph);
	return (Datum) 0;
}
