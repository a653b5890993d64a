/*
 * code_rules.c
 *		Rules about what may not depend on what.
 *
 * A pattern is an automaton of a state for each of its bytes, and is in many states
 * at a time (Thompson 1968): O(states × bytes), whatever it says. Most begin with a
 * folder's name, which is compared first.
 */
#include "postgres.h"

#include <limits.h>

#include "code/code_path.h"
#include "code/code_rules.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

/* of a pattern; what it has a bit for each state in */
#define MAX_PATTERN_BYTES 2000

typedef enum TokenKind
{
	TOKEN_BYTE,
	TOKEN_SOME,					/* *: anything but slashes */
	TOKEN_ANY,					/* **: anything */
	TOKEN_FOLDERS				/* before ** and a slash: these, or nothing */
} TokenKind;

typedef struct Token
{
	uint8		kind;
	char		byte;
} Token;

struct CodePattern
{
	Token	   *tokens;
	int			ntokens;
	int			nplain;			/* so many bytes begin it */
	bool		is_folder;		/* it ends with a slash */
	CodePattern *next;
};

typedef struct RuleReader
{
	const char *line;			/* where it begins */
	const char *at;
	const char *end;			/* of the line, or of the rule within it */
	int			number;			/* of the line */
} RuleReader;

/* ---- reading ---- */

static void
syntax_error(const RuleReader *r, const char *at, const char *detail)
{
	int			length = pg_mbcharcliplen(at, (int) (r->end - at), 1);
	int			character = pg_mbstrlen_with_len(r->line, (int) (at - r->line)) + 1;

	ereport(ERROR,
			(errcode(ERRCODE_SYNTAX_ERROR),
			 length == 0 ?
			 errmsg("syntax error at end of rule, in line %d, at character %d", r->number, character) :
			 errmsg("syntax error in rule at or near \"%.*s\", in line %d, at character %d",
					length, at, r->number, character),
			 errdetail_internal("%s", detail),
			 errhint("A rule forbids edges, as in \"src/kernel/ -> src/function/, src/code/ ! src/code/code_text.h\", or with ->> ways of any length.")));
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static void
skip_blanks(RuleReader *r)
{
	while (r->at < r->end && is_blank(*r->at))
		r->at++;
}

static bool
skip(RuleReader *r, char character)
{
	skip_blanks(r);
	if (r->at >= r->end || *r->at != character)
		return false;
	r->at++;
	return true;
}

static bool
is_arrow(const RuleReader *r, const char *at)
{
	return r->end - at >= 2 && at[0] == '-' && at[1] == '>';
}

/* What is in quotes, which begin here. One within is written twice. */
static void
read_quoted(RuleReader *r, StringInfo text)
{
	const char *begin = r->at++;

	for (; r->at < r->end; r->at++)
	{
		if (*r->at == '"' && (++r->at >= r->end || *r->at != '"'))
			return;
		appendStringInfoCharMacro(text, *r->at);
	}
	syntax_error(r, begin, "This double quote has no other one in its line.");
}

static void
read_bare(RuleReader *r, StringInfo text)
{
	const char *begin = r->at;
	const char *end;

	while (r->at < r->end && strchr(",!\"<>", *r->at) == NULL && !is_arrow(r, r->at))
		r->at++;
	for (end = r->at; end > begin && is_blank(end[-1]);)
		end--;
	if (end == begin)
		syntax_error(r, begin, "A path is expected here, or a pattern of paths.");
	code_normal_path((PtText) {begin, (int) (end - begin)}, text);
	if (text->len == 0)
		syntax_error(r, begin, "No file is at this path.");
}

/* The tokens of a text, in which stars are special or not. */
static CodePattern *
make_pattern(const StringInfo text, bool is_plain)
{
	CodePattern *pattern = palloc0(sizeof(CodePattern));
	Token	   *tokens = palloc(Max(text->len, 1) * sizeof(Token));
	int			count = 0;

	for (int i = 0; i < text->len; i++)
	{
		bool		is_star = text->data[i] == '*' && !is_plain;
		bool		is_double = is_star && text->data[i + 1] == '*';

		if (is_double && text->data[i + 2] == '/' && (i == 0 || text->data[i - 1] == '/'))
			tokens[count++] = (Token) {TOKEN_FOLDERS, 0};
		tokens[count++] = (Token) {is_double ? TOKEN_ANY : is_star ? TOKEN_SOME : TOKEN_BYTE,
			text->data[i]};
		i += is_double;
		if (!is_star && pattern->nplain == count - 1)
			pattern->nplain = count;
	}
	pattern->tokens = tokens;
	pattern->ntokens = count;
	pattern->is_folder = text->len > 0 && text->data[text->len - 1] == '/';
	return pattern;
}

static CodePattern *
read_pattern(RuleReader *r)
{
	StringInfoData text;
	CodePattern *pattern;
	const char *begin;
	bool		is_quoted;

	skip_blanks(r);
	begin = r->at;
	is_quoted = r->at < r->end && *r->at == '"';
	initStringInfo(&text);
	if (is_quoted)
		read_quoted(r, &text);
	else
		read_bare(r, &text);
	if (text.len == 0)
		syntax_error(r, begin, "A path is expected within these double quotes.");
	if (text.len > MAX_PATTERN_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("pattern in line %d of rules is too long", r->number),
				 errdetail("It may have %d bytes.", MAX_PATTERN_BYTES)));
	pattern = make_pattern(&text, is_quoted);
	pfree(text.data);
	return pattern;
}

static CodePattern *
read_patterns(RuleReader *r)
{
	CodePattern *first = read_pattern(r);

	for (CodePattern *last = first; skip(r, ','); last = last->next)
		last->next = read_pattern(r);
	return first;
}

static CodeSide
read_side(RuleReader *r)
{
	CodeSide	side = {0};

	skip_blanks(r);
	if (r->at >= r->end || *r->at != '!')
		side.patterns = read_patterns(r);
	if (skip(r, '!'))
		side.exceptions = read_patterns(r);
	return side;
}

static CodeRule
read_rule(RuleReader *r)
{
	CodeRule	rule = {0};
	const char *begin = r->at;

	rule.from = read_side(r);
	skip_blanks(r);
	if (!is_arrow(r, r->at))
		syntax_error(r, r->at, "An arrow is expected here: -> or ->>.");
	r->at += 2;
	if (r->at < r->end && *r->at == '>')
	{
		rule.is_transitive = true;
		r->at++;
	}
	rule.to = read_side(r);
	skip_blanks(r);
	if (r->at < r->end)
		syntax_error(r, r->at, "The rule should end here.");
	rule.text = (PtText) {begin, (int) (r->end - begin)};
	return rule;
}

/* Where a rule ends in its line: before a comment, and blanks. */
static const char *
end_of_rule(const char *at, const char *end)
{
	const char *begin = at;
	bool		is_quoted = false;

	for (; at < end; at++)
	{
		if (*at == '"')
			is_quoted = !is_quoted;
		if (*at == '#' && !is_quoted && (at == begin || is_blank(at[-1])))
			break;
	}
	while (at > begin && is_blank(at[-1]))
		at--;
	return at;
}

CodeRule *
code_read_rules(PtText rules, int *count)
{
	const char *end = rules.bytes + rules.length;
	int			capacity = 16;
	CodeRule   *result = palloc(capacity * sizeof(CodeRule));
	RuleReader	r = {rules.bytes};

	*count = 0;
	for (const char *next; r.line < end; r.line = next)
	{
		const char *line_end = memchr(r.line, '\n', end - r.line);

		CHECK_FOR_INTERRUPTS();
		line_end = line_end == NULL ? end : line_end;
		next = line_end + 1;
		r.number++;
		r.at = r.line;
		r.end = end_of_rule(r.line, line_end);
		skip_blanks(&r);
		if (r.at >= r.end)
			continue;
		if (*count == CODE_MAX_RULES)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("too many rules"),
					 errdetail("There may be %d.", CODE_MAX_RULES)));
		if (*count == capacity)
			result = repalloc(result, (capacity *= 2) * sizeof(CodeRule));
		result[(*count)++] = read_rule(&r);
	}
	return result;
}

/* ---- matching ---- */

#define STATE_WORDS (MAX_PATTERN_BYTES / 64 + 1)

typedef struct States
{
	uint64		bits[STATE_WORDS];
	int			least;			/* no lower one is set */
	int			most;
} States;

static void
clear_states(States *states)
{
	memset(states->bits, 0, sizeof(states->bits));
	states->least = INT_MAX;
	states->most = -1;
}

static bool
is_in(const States *states, int state)
{
	return (states->bits[state / 64] >> (state % 64)) & 1;
}

/* Be in a state, and in those that follow from it without a byte. */
static void
enter(const CodePattern *pattern, States *states, int state)
{
	while (!is_in(states, state))
	{
		states->bits[state / 64] |= UINT64CONST(1) << (state % 64);
		states->least = Min(states->least, state);
		states->most = Max(states->most, state);
		if (state == pattern->ntokens || pattern->tokens[state].kind == TOKEN_BYTE)
			return;
		/* **, a slash, and what is behind them */
		if (pattern->tokens[state].kind == TOKEN_FOLDERS)
			enter(pattern, states, state + 3);
		state++;
	}
}

/* Go on by a byte. */
static void
step(const CodePattern *pattern, const States *before, States *after, char byte)
{
	clear_states(after);
	for (int state = before->least; state <= before->most && state < pattern->ntokens; state++)
	{
		Token		token = pattern->tokens[state];

		if (!is_in(before, state))
			continue;
		if (token.kind == TOKEN_ANY || (token.kind == TOKEN_SOME && byte != '/'))
			enter(pattern, after, state);
		else if (token.kind == TOKEN_BYTE && token.byte == byte)
			enter(pattern, after, state + 1);
	}
}

/* Does the pattern have the subject, or a folder that this is in? */
static bool
has(const CodePattern *pattern, PtText subject)
{
	States		states[2];
	int			now = 0;
	int			at = pattern->nplain;

	if (subject.length < at)
		return false;
	for (int i = 0; i < at; i++)
	{
		if (pattern->tokens[i].byte != subject.bytes[i])
			return false;
	}
	if (at == pattern->ntokens)
		return at == subject.length || pattern->is_folder || subject.bytes[at] == '/';
	clear_states(&states[now]);
	enter(pattern, &states[now], at);
	for (;; at++)
	{
		CHECK_FOR_INTERRUPTS();
		if (is_in(&states[now], pattern->ntokens) &&
			(at == subject.length || subject.bytes[at] == '/' || pattern->is_folder))
			return true;
		if (at == subject.length || states[now].most < 0)
			return false;
		step(pattern, &states[now], &states[1 - now], subject.bytes[at]);
		now = 1 - now;
	}
}

bool
code_side_has(const CodeSide *side, PtText subject)
{
	bool		is_had = side->patterns == NULL;

	for (const CodePattern *p = side->patterns; p != NULL && !is_had; p = p->next)
		is_had = has(p, subject);
	for (const CodePattern *p = side->exceptions; p != NULL && is_had; p = p->next)
		is_had = !has(p, subject);
	return is_had;
}
