/*
 * code_files.c
 *		pt_folder; the files that nodes of a network are in, and networks of
 *		files and folders.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "base/pt_sort.h"
#include "base/pt_varatt.h"
#include "catalog/pg_type.h"
#include "code/code_files.h"
#include "code/code_key.h"
#include "code/code_path.h"
#include "code/code_text.h"
#include "function/sql_hint.h"
#include "function/sql_plan.h"
#include "function/sql_relation.h"
#include "function/sql_tables.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(pt_folder);

/* ---- paths ---- */

PtText
code_folder(PtText path)
{
	int			length = path.length;

	while (length > 0 && path.bytes[length - 1] != '/')
		length--;
	if (length == 0)
		return path.length == 2 && path.bytes[1] == ':' ? path : (PtText) {".", 1};
	/* a root keeps its slash */
	if (length == 1 || (length == 3 && path.bytes[1] == ':'))
		return (PtText) {path.bytes, length};
	return (PtText) {path.bytes, length - 1};
}

Datum
pt_folder(PG_FUNCTION_ARGS)
{
	PtText		folder = code_folder(code_text(PG_GETARG_DATUM(0)));

	PG_RETURN_TEXT_P(cstring_to_text_with_len(folder.bytes, folder.length));
}

/* ---- files ---- */

static PtText
key_of(const SqlNetwork *network, uint32 node)
{
	const text *key = (const text *) DatumGetPointer(network->keys[node]);

	return (PtText) {VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key)};
}

bool
code_is_placeholder(const SqlNetwork *network, uint32 node)
{
	CodeKeyKind kind;

	if (network->key_type != TEXTOID)
		return false;
	kind = code_parse_key(key_of(network, node)).kind;
	return kind != CODE_KEY_LOCAL && kind != CODE_KEY_FILE;
}

typedef struct FileReader
{
	SqlNetwork *network;
	PtTexts    *files;
	uint32	   *numbers;
	StringInfoData path;
	uint64		rows;
} FileReader;

static void
set_file(FileReader *reader, uint32 node, PtText path)
{
	code_normal_path(path, &reader->path);
	if (reader->path.len > 0)
		reader->numbers[node] = pt_texts_add(reader->files,
											 (PtText) {reader->path.data, reader->path.len}, NULL);
}

static bool
put_file(void *answer, TupleTableSlot *slot)
{
	FileReader *reader = answer;
	uint32		node = sql_network_find(reader->network, slot->tts_values[0], TEXTOID);

	pt_check_interrupts(reader->rows++);
	if (node != GRAPH_NO_NODE)
		set_file(reader, node, code_text(slot->tts_values[1]));
	return true;
}

static void
read_entities(FileReader *reader)
{
	static const char *const columns[] = {"file_path"};
	SqlGraph   *graph = &reader->network->graph;
	SqlPlan    *plan;

	if (!sql_may_read_entities(graph) ||
		!sql_has_columns(graph->entity_table, columns, lengthof(columns)))
		return;
	plan = sql_plan(psprintf("SELECT key::pg_catalog.text, file_path::pg_catalog.text FROM %s "
							 "WHERE key IS NOT NULL AND file_path IS NOT NULL",
							 sql_qualified_name(graph->entity_table)), NULL, 0);
	sql_plan_run(plan, graph->snapshot, NULL, put_file, reader);
}

uint32 *
code_files(SqlNetwork *network, PtTexts *files, bool ids)
{
	FileReader	reader = {network, files};

	pt_texts_init(files, network->graph.budget);
	reader.numbers = pt_alloc(network->graph.budget, network->nnodes, sizeof(uint32));
	memset(reader.numbers, 0xFF, network->nnodes * sizeof(uint32));
	if (network->key_type != TEXTOID)
		return reader.numbers;
	initStringInfo(&reader.path);
	for (uint32 v = 0; v < network->nnodes; v++)
	{
		CodeKey		key = code_parse_key(key_of(network, v));

		CHECK_FOR_INTERRUPTS();
		if (key.path.bytes != NULL && (ids || code_is_path(key.path)))
			set_file(&reader, v, key.path);
	}
	read_entities(&reader);
	pfree(reader.path.data);
	return reader.numbers;
}

/* ---- nodes taken together ---- */

CodeGrouping
code_grouping(FunctionCallInfo fcinfo, int argno)
{
	char	   *group_by;

	if (PG_ARGISNULL(argno))
		return CODE_BY_NODE;
	group_by = text_to_cstring(PG_GETARG_TEXT_PP(argno));
	if (strcmp(group_by, "file") == 0)
		return CODE_BY_FILE;
	if (strcmp(group_by, "folder") == 0)
		return CODE_BY_FOLDER;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid group_by: \"%s\"", group_by),
			 errhint("Use 'file', 'folder' or NULL.")));
}

/* The numbers of files' folders. */
static uint32 *
folders_of(const PtTexts *files, PtTexts *folders, PtBudget *budget)
{
	uint32	   *numbers = pt_alloc(budget, files->count, sizeof(uint32));

	pt_texts_init(folders, budget);
	for (uint32 i = 0; i < files->count; i++)
	{
		pt_check_interrupts(i);
		numbers[i] = pt_texts_add(folders, code_folder(pt_text(files, i)), NULL);
	}
	return numbers;
}

/* By the bytes. */
static int
compare_texts(const void *a, const void *b, void *arg)
{
	const PtTexts *texts = arg;

	return pt_compare_texts(pt_text(texts, *(const uint32 *) a),
							pt_text(texts, *(const uint32 *) b));
}

/*
 * Let the network's nodes be the texts that groups of its nodes have, sorted. Returns the
 * numbers of these nodes by text.
 */
static uint32 *
name_groups(SqlNetwork *network, const uint32 *groups, PtTexts *texts)
{
	PtBudget   *budget = network->graph.budget;
	uint32	   *order = pt_alloc(budget, texts->count, sizeof(uint32));
	uint32	   *numbers = pt_alloc(budget, texts->count, sizeof(uint32));
	uint32		count = 0;
	MemoryContext old;

	memset(numbers, 0xFF, texts->count * sizeof(uint32));
	for (uint32 v = 0; v < network->nnodes; v++)
	{
		pt_check_interrupts(v);
		if (groups[v] == PT_NO_TEXT || numbers[groups[v]] != GRAPH_NO_NODE)
			continue;
		numbers[groups[v]] = 0;
		order[count++] = groups[v];
	}
	pt_sort(order, count, sizeof(uint32), compare_texts, texts);
	network->keys = pt_alloc(budget, count, sizeof(Datum));
	network->nnodes = count;
	old = MemoryContextSwitchTo(budget->context);
	for (uint32 i = 0; i < count; i++)
	{
		PtText		name = pt_text(texts, order[i]);

		pt_check_interrupts(i);
		network->keys[i] = PointerGetDatum(cstring_to_text_with_len(name.bytes, name.length));
		pt_budget_take(budget, GetMemoryChunkSpace(DatumGetPointer(network->keys[i])));
		numbers[order[i]] = i;
	}
	MemoryContextSwitchTo(old);
	pt_free(budget, order);
	return numbers;
}

/* By node the number of its group, or GRAPH_NO_NODE; the network's nodes are groups then. */
static uint32 *
group_by_files(SqlNetwork *network, CodeGrouping grouping, bool placeholders)
{
	PtBudget   *budget = network->graph.budget;
	uint32		nnodes = network->nnodes;
	PtTexts		files;
	PtTexts		folders;
	PtTexts    *texts = &files;
	uint32	   *groups = code_files(network, &files, grouping == CODE_BY_FILE);
	uint32	   *numbers;

	if (grouping == CODE_BY_FOLDER)
	{
		uint32	   *folder_of_file = folders_of(&files, &folders, budget);

		for (uint32 v = 0; v < nnodes; v++)
		{
			pt_check_interrupts(v);
			if (groups[v] != PT_NO_TEXT)
				groups[v] = folder_of_file[groups[v]];
		}
		texts = &folders;
	}
	for (uint32 v = 0; v < nnodes; v++)
	{
		CHECK_FOR_INTERRUPTS();
		if (code_is_placeholder(network, v))
			groups[v] = placeholders ? pt_texts_add(texts, key_of(network, v), NULL) : PT_NO_TEXT;
	}
	numbers = name_groups(network, groups, texts);
	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		groups[v] = groups[v] == PT_NO_TEXT ? GRAPH_NO_NODE : numbers[groups[v]];
	}
	return groups;
}

/* The nodes themselves as groups. */
static uint32 *
number_nodes(SqlNetwork *network, bool placeholders)
{
	uint32		nnodes = network->nnodes;
	uint32	   *groups = pt_alloc(network->graph.budget, nnodes, sizeof(uint32));
	uint32		kept = 0;

	for (uint32 v = 0; v < nnodes; v++)
	{
		pt_check_interrupts(v);
		groups[v] = GRAPH_NO_NODE;
		if (!placeholders && code_is_placeholder(network, v))
			continue;
		network->keys[kept] = network->keys[v];
		groups[v] = kept++;
	}
	network->nnodes = kept;
	return groups;
}

/* The edges between two groups, by the nodes that groups are now. */
static GraphProjection *
project_groups(const GraphProjection *rows, const uint32 *groups, uint32 nnodes, PtBudget *budget)
{
	uint32	   *froms = pt_alloc(budget, rows->nedges, sizeof(uint32));
	uint32	   *ends = pt_alloc(budget, rows->nedges, sizeof(uint32));
	uint64		count = 0;
	GraphProjection *result;

	for (uint32 v = 0; v < rows->nnodes; v++)
	{
		pt_check_interrupts(v);
		if (groups[v] == GRAPH_NO_NODE)
			continue;
		for (uint64 i = rows->offsets[v]; i < rows->offsets[v + 1]; i++)
		{
			uint32		end = groups[rows->ends[i]];

			pt_check_interrupts(i);
			if (end == GRAPH_NO_NODE || end == groups[v])
				continue;
			froms[count] = groups[v];
			ends[count++] = end;
		}
	}
	result = graph_project_pairs(froms, ends, count, nnodes, budget);
	pt_free(budget, froms);
	pt_free(budget, ends);
	return result;
}

void
code_regroup(SqlNetwork *network, CodeGrouping grouping, bool placeholders)
{
	PtBudget   *budget = network->graph.budget;
	GraphProjection *rows;
	uint32	   *groups;

	if (grouping != CODE_BY_NODE && network->key_type != TEXTOID)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("nodes of table \"%s\" have type %s, not text, and are in no files",
						RelationGetRelationName(network->graph.heap),
						format_type_be(network->graph.columns.node_type)),
				 errhint("Leave out group_by.")));
	groups = grouping == CODE_BY_NODE ?
		number_nodes(network, placeholders) : group_by_files(network, grouping, placeholders);
	rows = project_groups(network->out, groups, network->nnodes, budget);
	pt_free(budget, groups);
	graph_free_rows(network->out, budget);
	graph_free_rows(network->in, budget);
	/* turned, rows are sorted */
	network->in = graph_turn(rows, budget);
	network->out = graph_turn(network->in, budget);
	graph_free_rows(rows, budget);
}
