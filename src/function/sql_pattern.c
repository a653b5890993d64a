/*
 * sql_pattern.c
 *		Patterns of edge types, as automata.
 *
 *		choice:		sequence { "|" sequence }
 *		sequence:	item { item }
 *		item:		[ "<" ] atom [ quantifier ]
 *		atom:		type | "." | "(" choice ")"
 *		type:		letters, digits and "_", or anything in double quotes
 *		quantifier:	"?" | "*" | "+" | "{" m "}" | "{" [ m ] "," [ n ] "}"
 *
 * "<" turns what follows round: <(a b) is <b <a. So it is gone once a pattern
 * has been read: its steps have directions. The tree of what is left becomes an
 * automaton as in Glushkov, "The abstract theory of automata" (1961), with a
 * state for each step and one to begin in. A quantifier copies what it is about,
 * a{2,4} being a a (a a?)?, so that a node is in few states at a time; copies
 * without steps are not made, or ((a{0}){255}){255} would take its time.
 */
#include "postgres.h"

#include "base/pt_varatt.h"
#include "function/sql_pattern.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"

/* steps, copies included; a state more is the first */
#define MAX_STEPS (MATCH_MAX_STATES - 1)

#define NO_BOUND (-1)

/* ---- reading ---- */

typedef enum PatternKind
{
	PATTERN_STEP,
	PATTERN_SEQUENCE,
	PATTERN_CHOICE,
	PATTERN_REPEAT
} PatternKind;

typedef struct PatternNode
{
	PatternKind kind;
	int			symbol;			/* of a step */
	List	   *parts;			/* of a sequence or a choice */
	struct PatternNode *part;	/* that is repeated */
	int			least;
	int			most;			/* or NO_BOUND */
} PatternNode;

typedef struct PatternReader
{
	const char *pattern;
	const char *at;
	const char *end;
	SqlPattern *result;
	int			nsteps;			/* read so far */
} PatternReader;

static PatternNode *read_choice(PatternReader *r, bool is_reversed);

/* Of the character at a place; none is at the end. */
static int
length_at(const PatternReader *r, const char *at)
{
	return pg_mbcharcliplen(at, (int) (r->end - at), 1);
}

static int
number_of_character(const PatternReader *r, const char *at)
{
	return pg_mbstrlen_with_len(r->pattern, (int) (at - r->pattern)) + 1;
}

static void
syntax_error(const PatternReader *r, const char *at, const char *detail)
{
	int			length = length_at(r, at);

	ereport(ERROR,
			(errcode(ERRCODE_SYNTAX_ERROR),
			 length == 0 ?
			 errmsg("syntax error at end of pattern, at character %d",
					number_of_character(r, at)) :
			 errmsg("syntax error in pattern at or near \"%.*s\", at character %d",
					length, at, number_of_character(r, at)),
			 errdetail_internal("%s", detail),
			 errhint("A pattern is made of types (in double quotes if they have special characters), \".\" for any type, \"<\" before what is walked against its direction, blanks for sequence, \"|\" for choice, parentheses, and the quantifiers ?, *, +, {m}, {m,}, {,n} and {m,n}.")));
}

static void
too_many_steps(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("pattern has too many steps"),
			 errdetail("It may have %d, each counted as often as quantifiers repeat it.", MAX_STEPS),
			 errhint("Use smaller numbers in quantifiers, or * and +.")));
}

static void
skip_blanks(PatternReader *r)
{
	while (r->at < r->end && strchr(" \t\r\n\f\v", *r->at) != NULL)
		r->at++;
}

/* Skip a character, and blanks before it, if it is the next. */
static bool
skip(PatternReader *r, char character)
{
	skip_blanks(r);
	if (r->at >= r->end || *r->at != character)
		return false;
	r->at++;
	return true;
}

static bool
is_name_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		c == '_' || IS_HIGHBIT_SET(c);
}

/* A type in quotes, which begins here. A quote within it is written twice. */
static char *
read_quoted_type(PatternReader *r)
{
	const char *begin = r->at++;
	StringInfoData type;

	initStringInfo(&type);
	for (; r->at < r->end; r->at++)
	{
		if (*r->at == '"' && (++r->at >= r->end || *r->at != '"'))
			return type.data;
		appendStringInfoCharMacro(&type, *r->at);
	}
	syntax_error(r, begin, "The quoted type that begins here has no end.");
	return NULL;				/* keep compiler quiet */
}

static char *
read_type(PatternReader *r)
{
	const char *begin = r->at;

	if (r->at < r->end && *r->at == '"')
		return read_quoted_type(r);
	while (r->at < r->end && is_name_character(*r->at))
		r->at++;
	if (r->at == begin)
		syntax_error(r, r->at, "A type, \".\" or \"(\" is expected here.");
	return pnstrdup(begin, r->at - begin);
}

static int
number_of_symbol(SqlPattern *pattern, char *type, GraphDirection direction)
{
	for (int i = 0; i < pattern->nsymbols; i++)
	{
		const SqlSymbol *symbol = &pattern->symbols[i];

		if (symbol->direction == direction &&
			(type == NULL || symbol->type == NULL ? type == symbol->type :
			 strcmp(type, symbol->type) == 0))
			return i;
	}
	pattern->symbols[pattern->nsymbols] = (SqlSymbol) {type, direction};
	pattern->names_types |= type != NULL;
	return pattern->nsymbols++;
}

static PatternNode *
make_node(PatternKind kind)
{
	PatternNode *node = palloc0(sizeof(PatternNode));

	node->kind = kind;
	return node;
}

static PatternNode *
read_step(PatternReader *r, bool is_reversed)
{
	PatternNode *step = make_node(PATTERN_STEP);
	char	   *type = skip(r, '.') ? NULL : read_type(r);

	if (++r->nsteps > MAX_STEPS)
		too_many_steps();
	step->symbol = number_of_symbol(r->result, type, is_reversed ? GRAPH_IN : GRAPH_OUT);
	return step;
}

/* Returns NO_BOUND where there is no number. */
static int
read_number(PatternReader *r)
{
	int			number = NO_BOUND;

	skip_blanks(r);
	for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++)
	{
		number = Max(number, 0) * 10 + (*r->at - '0');
		if (number > MAX_STEPS)
			too_many_steps();
	}
	return number;
}

/* A quantifier in braces, of which the first has been read. */
static void
read_bounds(PatternReader *r, PatternNode *repeat)
{
	const char *begin = r->at - 1;

	repeat->least = repeat->most = read_number(r);
	if (skip(r, ','))
		repeat->most = read_number(r);
	else if (repeat->least == NO_BOUND)
		syntax_error(r, r->at, "A number or \",\" is expected here.");
	if (!skip(r, '}'))
		syntax_error(r, r->at, "The quantifier is expected to end here, with \"}\".");
	repeat->least = Max(repeat->least, 0);
	if (repeat->most != NO_BOUND && repeat->most < repeat->least)
		syntax_error(r, begin, "The first number of a quantifier must not be greater than the second.");
}

/* Returns NULL where there is none. */
static PatternNode *
read_quantifier(PatternReader *r)
{
	PatternNode *repeat = make_node(PATTERN_REPEAT);

	repeat->most = NO_BOUND;
	if (skip(r, '{'))
		read_bounds(r, repeat);
	else if (skip(r, '?'))
		repeat->most = 1;
	else if (skip(r, '+'))
		repeat->least = 1;
	else if (!skip(r, '*'))
		return NULL;
	skip_blanks(r);
	if (r->at < r->end && strchr("{?+*", *r->at) != NULL)
		syntax_error(r, r->at, "A quantifier cannot follow another; put parentheses around what it is about.");
	return repeat;
}

static PatternNode *
read_item(PatternReader *r, bool is_reversed)
{
	PatternNode *node;
	PatternNode *repeat;

	CHECK_FOR_INTERRUPTS();
	if (skip(r, '<'))
		is_reversed = !is_reversed;
	if (skip(r, '('))
	{
		node = read_choice(r, is_reversed);
		if (!skip(r, ')'))
			syntax_error(r, r->at, "A \")\" is expected here.");
	}
	else
		node = read_step(r, is_reversed);
	repeat = read_quantifier(r);
	if (repeat == NULL)
		return node;
	repeat->part = node;
	return repeat;
}

static PatternNode *
read_sequence(PatternReader *r, bool is_reversed)
{
	PatternNode *sequence = make_node(PATTERN_SEQUENCE);

	do
	{
		PatternNode *item = read_item(r, is_reversed);

		sequence->parts = is_reversed ? lcons(item, sequence->parts) :
			lappend(sequence->parts, item);
		skip_blanks(r);
	} while (r->at < r->end && *r->at != '|' && *r->at != ')');
	return list_length(sequence->parts) == 1 ? linitial(sequence->parts) : sequence;
}

static PatternNode *
read_choice(PatternReader *r, bool is_reversed)
{
	PatternNode *choice = make_node(PATTERN_CHOICE);

	check_stack_depth();
	do
		choice->parts = lappend(choice->parts, read_sequence(r, is_reversed));
	while (skip(r, '|'));
	return list_length(choice->parts) == 1 ? linitial(choice->parts) : choice;
}

/* ---- the automaton ---- */

/* A part of it: where one may enter and leave, and whether one may pass it by. */
typedef struct Fragment
{
	bool		is_optional;
	Bitmapset  *first;
	Bitmapset  *last;
} Fragment;

static Fragment make_fragment(MatchAutomaton *automaton, const PatternNode *node);

static void
connect_states(MatchAutomaton *automaton, const Bitmapset *from, const Bitmapset *to)
{
	int			state = -1;

	while ((state = bms_next_member(from, state)) >= 0)
		automaton->follow[state] = bms_add_members(automaton->follow[state], to);
}

static Fragment
make_state(MatchAutomaton *automaton, int symbol)
{
	int			state = automaton->nstates;

	if (state > MAX_STEPS)
		too_many_steps();
	automaton->symbols[state] = symbol;
	automaton->nstates++;
	return (Fragment) {false, bms_make_singleton(state), bms_make_singleton(state)};
}

static Fragment
concatenate(MatchAutomaton *automaton, Fragment a, Fragment b)
{
	Fragment	both;

	connect_states(automaton, a.last, b.first);
	both.is_optional = a.is_optional && b.is_optional;
	both.first = a.is_optional ? bms_union(a.first, b.first) : a.first;
	both.last = b.is_optional ? bms_union(a.last, b.last) : b.last;
	return both;
}

/* From the last copy to the first, as each may be followed by those behind it. */
static Fragment
repeat(MatchAutomaton *automaton, const PatternNode *node)
{
	Fragment	result = {true, NULL, NULL};
	int			copies = node->most == NO_BOUND ? Max(node->least, 1) : node->most;

	for (int i = copies; i > 0; i--)
	{
		Fragment	copy = make_fragment(automaton, node->part);

		if (copy.first == NULL)
			break;
		if (node->most == NO_BOUND && i == copies)
			connect_states(automaton, copy.last, copy.first);
		result = i == copies ? copy : concatenate(automaton, copy, result);
		result.is_optional |= i > node->least;
	}
	return result;
}

static Fragment
make_fragment(MatchAutomaton *automaton, const PatternNode *node)
{
	Fragment	result = {node->kind != PATTERN_CHOICE, NULL, NULL};
	ListCell   *part;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (node->kind == PATTERN_STEP)
		return make_state(automaton, node->symbol);
	if (node->kind == PATTERN_REPEAT)
		return repeat(automaton, node);
	foreach(part, node->parts)
	{
		Fragment	next = make_fragment(automaton, lfirst(part));

		if (node->kind == PATTERN_SEQUENCE)
		{
			result = concatenate(automaton, result, next);
			continue;
		}
		result.is_optional |= next.is_optional;
		result.first = bms_union(result.first, next.first);
		result.last = bms_union(result.last, next.last);
	}
	return result;
}

static void
make_automaton(MatchAutomaton *automaton, const PatternNode *tree)
{
	Fragment	whole;

	automaton->symbols = palloc0(MATCH_MAX_STATES * sizeof(int));
	automaton->follow = palloc0(MATCH_MAX_STATES * sizeof(Bitmapset *));
	automaton->nstates = 1;
	whole = make_fragment(automaton, tree);
	automaton->follow[0] = whole.first;
	automaton->accepting = whole.is_optional ? bms_add_member(bms_copy(whole.last), 0) : whole.last;
}

SqlPattern *
sql_pattern(const text *pattern)
{
	SqlPattern *result = palloc0(sizeof(SqlPattern));
	PatternReader r = {VARDATA_ANY(pattern)};
	PatternNode *tree;

	r.at = r.pattern;
	r.end = r.pattern + VARSIZE_ANY_EXHDR(pattern);
	r.result = result;
	result->symbols = palloc0(MAX_STEPS * sizeof(SqlSymbol));
	tree = read_choice(&r, false);
	if (r.at < r.end)
		syntax_error(&r, r.at, "There is no \"(\" that this could end.");
	make_automaton(&result->automaton, tree);
	return result;
}
