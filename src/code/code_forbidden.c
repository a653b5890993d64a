/*
 * code_forbidden.c
 *		pt_forbidden: what depends on something that it may not depend on.
 *
 * A rule is about two sets of nodes. Direct violations are the edges between them;
 * else each node of the first set that gets to the second through nodes of neither
 * is one, with one shortest way. Whoever gets there through another node of the
 * first set is not: without that one's way he does not get there either.
 */
#include "postgres.h"

#include "base/pt_interrupts.h"
#include "code/code_files.h"
#include "code/code_rules.h"
#include "code/code_text.h"
#include "function/sql_node.h"
#include "kernel/kernel_crossing.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(pt_forbidden);

/* own arguments */
enum
{
	FORBIDDEN_RULES,
	FORBIDDEN_PLACEHOLDERS
};

/* An edge of a way. */
typedef struct ForbiddenStep
{
	int			rule;
	uint32		step;
	uint32		from;
	uint32		to;
	uint64		violation;
} ForbiddenStep;

typedef struct Verdict
{
	SqlNetwork *network;
	const CodeRule *rules;
	int			nrules;
	PtTexts		files;
	uint32	   *file_of;		/* by node; PT_NO_TEXT */
	ForbiddenStep *steps;
	uint64		count;
	uint64		capacity;
	uint64		nviolations;
} Verdict;

/* ---- the sets of a rule ---- */

/* The nodes on a side, a bit each: by their file, or by their key where that is not known. */
static uint64 *
nodes_of(Verdict *v, const CodeSide *side)
{
	SqlNetwork *network = v->network;
	PtBudget   *budget = network->graph.budget;
	uint64	   *nodes = pt_alloc(budget, GRAPH_WORDS(network->nnodes), sizeof(uint64));
	uint64	   *files = pt_alloc(budget, GRAPH_WORDS(v->files.count), sizeof(uint64));
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "parseltongue key",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);

	memset(nodes, 0, GRAPH_WORDS(network->nnodes) * sizeof(uint64));
	memset(files, 0, GRAPH_WORDS(v->files.count) * sizeof(uint64));
	for (uint32 i = 0; i < v->files.count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (code_side_has(side, pt_text(&v->files, i)))
			graph_set_bit(files, i);
	}
	for (uint32 node = 0; node < network->nnodes; node++)
	{
		bool		is_had;

		CHECK_FOR_INTERRUPTS();
		if (v->file_of[node] != PT_NO_TEXT)
			is_had = graph_bit(files, v->file_of[node]);
		else
			is_had = code_side_has(side, code_text(sql_node_to_text(network->keys[node],
																	network->key_type)));
		if (is_had)
			graph_set_bit(nodes, node);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	pt_free(budget, files);
	return nodes;
}

/* ---- violations ---- */

static void
add_step(Verdict *v, int rule, uint32 step, uint32 from, uint32 to)
{
	v->steps = pt_grow(v->network->graph.budget, v->steps, &v->capacity, v->count + 1,
					   sizeof(ForbiddenStep));
	v->nviolations += step == 1;
	v->steps[v->count++] = (ForbiddenStep) {rule, step, from, to, v->nviolations};
}

static void
find_edges(Verdict *v, int rule, const uint64 *from, const uint64 *to)
{
	const GraphProjection *out = v->network->out;

	for (uint32 node = 0; node < out->nnodes; node++)
	{
		pt_check_interrupts(node);
		if (!graph_bit(from, node))
			continue;
		for (uint64 i = out->offsets[node]; i < out->offsets[node + 1]; i++)
		{
			pt_check_interrupts(i);
			if (graph_bit(to, out->ends[i]))
				add_step(v, rule, 1, node, out->ends[i]);
		}
	}
}

static void
find_ways(Verdict *v, int rule, const uint64 *from, const uint64 *to)
{
	const GraphProjection *out = v->network->out;
	PtBudget   *budget = v->network->graph.budget;
	GraphCrossing crossing = {from, to};

	kernel_crossing(v->network->in, &crossing, budget);
	for (uint32 start = 0; start < out->nnodes; start++)
	{
		uint32		node = start;
		uint32		step = 0;
		uint32		next;

		pt_check_interrupts(start);
		if (!graph_bit(from, start))
			continue;
		while ((next = kernel_crossing_next(out, &crossing, node)) != GRAPH_NO_NODE)
		{
			add_step(v, rule, ++step, node, next);
			if (graph_bit(to, next))
				break;
			node = next;
		}
	}
	pt_free(budget, crossing.distances);
}

static void
fill_step(const SqlNetwork *network, const void *answer, uint64 place, Datum *values, bool *nulls)
{
	const Verdict *v = answer;
	const ForbiddenStep *step = &v->steps[place];
	PtText		rule = v->rules[step->rule].text;

	values[0] = PointerGetDatum(cstring_to_text_with_len(rule.bytes, rule.length));
	values[1] = Int64GetDatum((int64) step->violation);
	values[2] = Int32GetDatum((int32) step->step);
	values[3] = sql_network_node(network, step->from);
	values[4] = sql_network_node(network, step->to);
}

Datum
pt_forbidden(PG_FUNCTION_ARGS)
{
	SqlNetwork	network;
	Verdict		v = {&network};
	PtBudget   *budget;

	sql_network_begin(&network, fcinfo,
					  SQL_NETWORK_GRAPH_LAST | SQL_NETWORK_MERGE | SQL_NETWORK_NO_LOOPS);
	sql_require(fcinfo, FORBIDDEN_RULES, "rules");
	v.rules = code_read_rules(code_text(PG_GETARG_DATUM(FORBIDDEN_RULES)), &v.nrules);
	sql_network_load(&network);
	code_regroup(&network, CODE_BY_NODE, sql_flag(fcinfo, FORBIDDEN_PLACEHOLDERS));
	budget = network.graph.budget;
	v.file_of = code_files(&network, &v.files, false);
	for (int i = 0; i < v.nrules; i++)
	{
		uint64	   *from = nodes_of(&v, &v.rules[i].from);
		uint64	   *to = nodes_of(&v, &v.rules[i].to);

		if (v.rules[i].is_transitive)
			find_ways(&v, i, from, to);
		else
			find_edges(&v, i, from, to);
		pt_free(budget, from);
		pt_free(budget, to);
	}
	sql_put_rows(&network, v.count, fill_step, &v);
	sql_network_end(&network);
	return (Datum) 0;
}
