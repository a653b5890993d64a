/*
 * code_picture.c
 *		pt_to_dot, pt_to_mermaid, pt_to_json: aggregates that draw edge rows.
 *
 * One state for all three: the distinct nodes by key, and the edges between
 * them. A final function sorts nodes by key and edges by their ends, bytewise,
 * so a picture depends on the set of rows only, and draws equal edges once:
 * the paths of pt_paths share some, and call sites of one function in another
 * are parallel edges.
 *
 * A final function leaves the state as it is, for it may be called again: by a
 * window, or by another aggregate over the same rows, with which PostgreSQL
 * shares the state.
 *
 * O(n log n) for n rows.
 */
#include "postgres.h"

#include "base/pt_compat.h"
#include "base/pt_sort.h"
#include "base/pt_texts.h"
#include "base/pt_varatt.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "function/sql_source.h"
#include "miscadmin.h"
#include "parser/parse_coerce.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(pt_picture_add);
PG_FUNCTION_INFO_V1(pt_picture_dot);
PG_FUNCTION_INFO_V1(pt_picture_mermaid);
PG_FUNCTION_INFO_V1(pt_picture_json);

/* from code_key.c */
extern Datum pt_key_kind(PG_FUNCTION_ARGS);
extern Datum pt_key_name(PG_FUNCTION_ARGS);

/* the type of an edge that a picture need not name */
#define PLAIN_TYPE "Calls"

/* ---- the state ---- */

typedef struct PictureEdge
{
	uint32		from;			/* number among the texts */
	uint32		to;
	uint32		type;			/* or PT_NO_TEXT */
} PictureEdge;

/* Keys and types alike are kept once, in one table of texts. */
typedef struct Picture
{
	PtBudget   *budget;
	PtTexts		texts;
	bool	   *is_node;		/* by number: a key, not only a type */
	uint64		node_capacity;
	PictureEdge *edges;
	uint64		nedges;
	uint64		edge_capacity;
} Picture;

static Picture *
create_picture(MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	Picture    *picture = palloc0(sizeof(Picture));

	picture->budget = pt_budget_create("picture",
								 "Raise parseltongue.local_image_memory, or draw fewer edges.");
	pt_texts_init(&picture->texts, picture->budget);
	MemoryContextSwitchTo(old);
	return picture;
}

/* state, from_key, to_key, edge_type */
#define ADD_ARGUMENTS 4

/* How arguments of a call that are not text are written, found once. */
static FmgrInfo *
output_functions(FunctionCallInfo fcinfo)
{
	FmgrInfo   *functions = fcinfo->flinfo->fn_extra;

	if (functions != NULL)
		return functions;
	functions = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, ADD_ARGUMENTS * sizeof(FmgrInfo));
	for (int i = 1; i < PG_NARGS(); i++)
	{
		Oid			type = get_fn_expr_argtype(fcinfo->flinfo, i);
		Oid			output;
		bool		is_varlena;

		/* without an expression it is a call of the function of text */
		if (!OidIsValid(type) || type == UNKNOWNOID || IsBinaryCoercible(type, TEXTOID))
			continue;
		getTypeOutputInfo(type, &output, &is_varlena);
		fmgr_info_cxt(output, &functions[i], fcinfo->flinfo->fn_mcxt);
	}
	fcinfo->flinfo->fn_extra = functions;
	return functions;
}

/* An argument that is not NULL, in its text form; points into it or is palloc'd. */
static PtText
argument_text(FunctionCallInfo fcinfo, int argno)
{
	FmgrInfo   *output = &output_functions(fcinfo)[argno];
	text	   *value;
	char	   *string;

	if (OidIsValid(output->fn_oid))
	{
		string = OutputFunctionCall(output, PG_GETARG_DATUM(argno));
		return (PtText) {string, strlen(string)};
	}
	value = PG_GETARG_TEXT_PP(argno);
	return (PtText) {VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)};
}

/* The number of an argument's text, PT_NO_TEXT if it is NULL. */
static uint32
intern_argument(FunctionCallInfo fcinfo, Picture *picture, int argno, bool is_node)
{
	uint32		number;
	bool		is_new;

	if (argno >= PG_NARGS() || PG_ARGISNULL(argno))
		return PT_NO_TEXT;
	number = pt_texts_add(&picture->texts, argument_text(fcinfo, argno), &is_new);
	picture->is_node = pt_grow(picture->budget, picture->is_node, &picture->node_capacity,
							   (uint64) number + 1, sizeof(bool));
	picture->is_node[number] = is_node || (!is_new && picture->is_node[number]);
	return number;
}

/* (state, from_key, to_key [, edge_type]); where an end is NULL, the other. */
Datum
pt_picture_add(PG_FUNCTION_ARGS)
{
	MemoryContext context;
	Picture    *picture;
	uint32		from;
	uint32		to;

	if (!AggCheckCallContext(fcinfo, &context))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("aggregate function called in non-aggregate context")));
	picture = PG_ARGISNULL(0) ? NULL : (Picture *) PG_GETARG_POINTER(0);
	if (picture == NULL)
		picture = create_picture(context);

	from = intern_argument(fcinfo, picture, 1, true);
	to = intern_argument(fcinfo, picture, 2, true);
	if (from != PT_NO_TEXT && to != PT_NO_TEXT)
	{
		uint32		type = intern_argument(fcinfo, picture, 3, false);

		picture->edges = pt_grow(picture->budget, picture->edges, &picture->edge_capacity,
								 picture->nedges + 1, sizeof(PictureEdge));
		picture->edges[picture->nedges++] = (PictureEdge) {from, to, type};
	}
	PG_RETURN_POINTER(picture);
}

/* ---- what is drawn: sorted, numbered, named ---- */

/* A text with a zero behind it. */
typedef struct DrawnText
{
	char	   *bytes;
	uint32		length;
} DrawnText;

typedef struct DrawnNode
{
	const DrawnText *key;
	const char *kind;
	const char *name;
	const char *rest;			/* of the key, behind the name; or NULL */
	const char *detail;			/* tells it from others of its name; or NULL */
} DrawnNode;

typedef struct Drawing
{
	DrawnNode  *nodes;			/* by key */
	uint64		nnodes;
	PictureEdge *edges;			/* places in nodes; type is that of the texts */
	uint64		nedges;
	const DrawnText *texts;
	bool		show_types;
} Drawing;

static int
compare_texts(const DrawnText *a, const DrawnText *b)
{
	int			order = memcmp(a->bytes, b->bytes, Min(a->length, b->length));

	if (order != 0)
		return order;
	return a->length < b->length ? -1 : a->length > b->length;
}

static int
compare_by_text(const void *a, const void *b, void *arg)
{
	const DrawnText *texts = arg;

	return compare_texts(&texts[*(const uint32 *) a], &texts[*(const uint32 *) b]);
}

static int
compare_edges(const void *a, const void *b, void *arg)
{
	const PictureEdge *x = a;
	const PictureEdge *y = b;
	const DrawnText *texts = arg;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	if (x->type == y->type)
		return 0;
	if (x->type == PT_NO_TEXT || y->type == PT_NO_TEXT)
		return x->type == PT_NO_TEXT ? -1 : 1;
	return compare_texts(&texts[x->type], &texts[y->type]);
}

static int
compare_names(const void *a, const void *b, void *arg)
{
	const DrawnNode *x = *(DrawnNode *const *) a;
	const DrawnNode *y = *(DrawnNode *const *) b;
	int			order = strcmp(x->name, y->name);

	if (order == 0 && x->rest != NULL && y->rest != NULL)
		order = strcmp(x->rest, y->rest);
	else if (order == 0)
		order = (x->rest != NULL) - (y->rest != NULL);
	return order;
}

/* In LANGUAGE:TYPE:NAME:REST, the REST; else NULL. */
static const char *
rest_of_key(const char *key, const char *name)
{
	const char *at = strchr(key, ':');
	size_t		length = strlen(name);

	at = at == NULL ? NULL : strchr(at + 1, ':');
	if (at == NULL || strncmp(at + 1, name, length) != 0 ||
		at[1 + length] != ':' || at[2 + length] == '\0')
		return NULL;
	return at + 2 + length;
}

/*
 * Nodes of one name get a second line: the rest of their keys, or the whole
 * key where the rest does not tell them apart, either.
 */
static void
tell_apart(Drawing *drawing)
{
	DrawnNode **order = palloc_extended(drawing->nnodes * sizeof(DrawnNode *), MCXT_ALLOC_HUGE);

	for (uint64 i = 0; i < drawing->nnodes; i++)
		order[i] = &drawing->nodes[i];
	pt_sort(order, drawing->nnodes, sizeof(DrawnNode *), compare_names, NULL);
	for (uint64 i = 0; i < drawing->nnodes; i++)
	{
		DrawnNode  *node = order[i];
		DrawnNode  *before = i > 0 ? order[i - 1] : NULL;
		DrawnNode  *after = i + 1 < drawing->nnodes ? order[i + 1] : NULL;
		bool		same_name = (before && strcmp(before->name, node->name) == 0) ||
			(after && strcmp(after->name, node->name) == 0);
		bool		same_rest = (before && compare_names(&before, &node, NULL) == 0) ||
			(after && compare_names(&after, &node, NULL) == 0);

		if (same_name)
			node->detail = same_rest || node->rest == NULL ? node->key->bytes : node->rest;
		if (node->detail != NULL && strcmp(node->detail, node->name) == 0)
			node->detail = NULL;
	}
	pfree(order);
}

static void
describe_node(DrawnNode *node, const DrawnText *key)
{
	Datum		datum = PointerGetDatum(cstring_to_text_with_len(key->bytes, key->length));

	CHECK_FOR_INTERRUPTS();
	node->key = key;
	node->name = TextDatumGetCString(DirectFunctionCall1(pt_key_name, datum));
	node->kind = TextDatumGetCString(DirectFunctionCall1(pt_key_kind, datum));
	node->rest = rest_of_key(key->bytes, node->name);
	node->detail = NULL;
	pfree(DatumGetPointer(datum));
}

/*
 * Number the nodes in the order of their keys; numbers is by the number of the
 * text.
 */
static void
draw_nodes(Drawing *drawing, const Picture *picture, uint32 *numbers)
{
	uint32	   *order = palloc_extended(((uint64) picture->texts.count + 1) * sizeof(uint32),
										MCXT_ALLOC_HUGE);

	drawing->nnodes = 0;
	for (uint32 i = 0; i < picture->texts.count; i++)
	{
		if (picture->is_node[i])
			order[drawing->nnodes++] = i;
	}
	pt_sort(order, drawing->nnodes, sizeof(uint32), compare_by_text, (void *) drawing->texts);
	drawing->nodes = palloc_extended((drawing->nnodes + 1) * sizeof(DrawnNode), MCXT_ALLOC_HUGE);
	for (uint64 i = 0; i < drawing->nnodes; i++)
	{
		numbers[order[i]] = i;
		describe_node(&drawing->nodes[i], &drawing->texts[order[i]]);
	}
	pfree(order);
}

/* The distinct edges in order. */
static void
draw_edges(Drawing *drawing, const Picture *picture, const uint32 *numbers)
{
	uint64		distinct = 0;

	drawing->edges = palloc_extended((picture->nedges + 1) * sizeof(PictureEdge), MCXT_ALLOC_HUGE);
	for (uint64 i = 0; i < picture->nedges; i++)
	{
		drawing->edges[i] = picture->edges[i];
		drawing->edges[i].from = numbers[picture->edges[i].from];
		drawing->edges[i].to = numbers[picture->edges[i].to];
	}
	pt_sort(drawing->edges, picture->nedges, sizeof(PictureEdge), compare_edges,
			(void *) drawing->texts);
	for (uint64 i = 0; i < picture->nedges; i++)
	{
		PictureEdge edge = drawing->edges[i];

		if (distinct > 0 &&
			compare_edges(&edge, &drawing->edges[distinct - 1], (void *) drawing->texts) == 0)
			continue;
		drawing->edges[distinct++] = edge;
		if (edge.type != PT_NO_TEXT && strcmp(drawing->texts[edge.type].bytes, PLAIN_TYPE) != 0)
			drawing->show_types = true;
	}
	drawing->nedges = distinct;
}

static DrawnText *
list_texts(const Picture *picture)
{
	DrawnText  *texts = palloc_extended(((uint64) picture->texts.count + 1) * sizeof(DrawnText),
										MCXT_ALLOC_HUGE);

	for (uint32 i = 0; i < picture->texts.count; i++)
	{
		PtText		t = pt_text(&picture->texts, i);

		CHECK_FOR_INTERRUPTS();
		texts[i].bytes = pnstrdup(t.bytes, t.length);
		texts[i].length = t.length;
	}
	return texts;
}

/* picture may be NULL: no rows. */
static Drawing
draw(const Picture *picture)
{
	Drawing		drawing = {0};
	uint32	   *numbers;

	if (picture == NULL)
		return drawing;
	numbers = palloc_extended(((uint64) picture->texts.count + 1) * sizeof(uint32),
							  MCXT_ALLOC_HUGE);
	drawing.texts = list_texts(picture);
	draw_nodes(&drawing, picture, numbers);
	draw_edges(&drawing, picture, numbers);
	tell_apart(&drawing);
	return drawing;
}

static const Picture *
picture_argument(FunctionCallInfo fcinfo)
{
	return PG_ARGISNULL(0) ? NULL : (const Picture *) PG_GETARG_POINTER(0);
}

/* Is the edge's type to be written? */
static bool
is_labelled(const Drawing *drawing, const PictureEdge *edge)
{
	return drawing->show_types && edge->type != PT_NO_TEXT && drawing->texts[edge->type].length > 0;
}

static bool
is_guess(const Drawing *drawing, const PictureEdge *edge)
{
	const DrawnText *type = edge->type == PT_NO_TEXT ? NULL : &drawing->texts[edge->type];
	size_t		suffix = strlen(SQL_RESOLVED_SUFFIX);

	return type != NULL && type->length >= suffix &&
		memcmp(type->bytes + type->length - suffix, SQL_RESOLVED_SUFFIX, suffix) == 0;
}

/* ---- Graphviz ---- */

/*
 * The inside of a quoted string that Graphviz reads as an escString: backslash
 * is its escape, & begins an HTML entity. Control characters have no place in
 * the SVG that comes of it.
 */
static void
append_dot_text(StringInfo out, const char *s)
{
	for (; *s != '\0'; s++)
	{
		switch (*s)
		{
			case '"':
				appendStringInfoString(out, "\\\"");
				break;
			case '\\':
				appendStringInfoString(out, "\\\\");
				break;
			case '&':
				appendStringInfoString(out, "&amp;");
				break;
			case '\n':
				appendStringInfoString(out, "\\n");
				break;
			default:
				appendStringInfoChar(out, (unsigned char) *s < 0x20 || *s == 0x7f ? ' ' : *s);
		}
	}
}

static const char *
dot_style(const char *kind)
{
	if (strcmp(kind, "unresolved") == 0)
		return ", style=\"rounded,dashed\", color=\"#999999\", fontcolor=\"#666666\"";
	if (strcmp(kind, "external") == 0)
		return ", fillcolor=\"#eeeeee\", color=\"#999999\"";
	if (strcmp(kind, "import") == 0)
		return ", style=\"rounded,dotted\", color=\"#999999\"";
	if (strcmp(kind, "file") == 0)
		return ", shape=note, style=filled, fillcolor=\"#fff8dc\"";
	return "";
}

static void
append_dot_edge(StringInfo out, const Drawing *drawing, const PictureEdge *edge)
{
	bool		label = is_labelled(drawing, edge);
	bool		guess = is_guess(drawing, edge);

	appendStringInfo(out, "\tn%u -> n%u", edge->from + 1, edge->to + 1);
	if (label)
	{
		appendStringInfoString(out, " [label=\"");
		append_dot_text(out, drawing->texts[edge->type].bytes);
		appendStringInfoChar(out, '"');
	}
	if (guess)
		appendStringInfoString(out, label ? ", style=dashed" : " [style=dashed");
	appendStringInfoString(out, label || guess ? "];\n" : ";\n");
}

Datum
pt_picture_dot(PG_FUNCTION_ARGS)
{
	Drawing		drawing = draw(picture_argument(fcinfo));
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoString(&out, "digraph parseltongue {\n"
						   "\tgraph [rankdir=LR, fontname=\"Helvetica,sans-serif\"];\n"
						   "\tnode [shape=box, style=\"rounded,filled\", fillcolor=\"#e8f0fe\", color=\"#5f7fbf\", "
						   "fontname=\"Helvetica,sans-serif\", fontsize=11, height=0.3];\n"
						   "\tedge [color=\"#666666\", fontname=\"Helvetica,sans-serif\", fontsize=9, arrowsize=0.7];\n");
	for (uint64 i = 0; i < drawing.nnodes; i++)
	{
		const DrawnNode *node = &drawing.nodes[i];

		CHECK_FOR_INTERRUPTS();
		appendStringInfo(&out, "\tn" UINT64_FORMAT " [label=\"", i + 1);
		append_dot_text(&out, node->name);
		if (node->detail != NULL)
		{
			appendStringInfoString(&out, "\\n");
			append_dot_text(&out, node->detail);
		}
		appendStringInfoString(&out, "\", tooltip=\"");
		append_dot_text(&out, node->key->bytes);
		appendStringInfo(&out, "\"%s];\n", dot_style(node->kind));
	}
	for (uint64 i = 0; i < drawing.nedges; i++)
	{
		CHECK_FOR_INTERRUPTS();
		append_dot_edge(&out, &drawing, &drawing.edges[i]);
	}
	appendStringInfoChar(&out, '}');
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}

/* ---- Mermaid ---- */

/* Within a word of any language; the same in every locale. */
static inline bool
is_word(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c >= 0x80;
}

/*
 * The inside of a quoted label. Mermaid reads it as HTML, after that as
 * Markdown, and has entity codes of its own: # number ;. Letters, digits and a
 * few signs that mean nothing to either stand for themselves, _ only within a
 * word and digits before a full stop only within a line; the colon is left
 * out, since Mermaid drops the ; of a line with "style", : and #.
 */
static void
append_mermaid_text(StringInfo out, const char *s)
{
	const char *line = s;
	bool		numbered = true;	/* only digits since the line began */

	for (; *s != '\0'; s++)
	{
		unsigned char c = *s;
		bool		in_word = s > line && is_word(s[-1]) && is_word(s[1]);

		if (c == '\n')
		{
			appendStringInfoString(out, "<br/>");
			line = s + 1;
			numbered = true;
			continue;
		}
		if (c < 0x20 || c == 0x7f)
			c = ' ';
		if (is_word(c) || c == '/' || c == ',' || (c == '_' && in_word) ||
			(c == '.' && !numbered) || ((c == ' ' || c == '-') && s > line))
			appendStringInfoChar(out, c);
		else
			appendStringInfo(out, "#%d;", c);
		numbered = numbered && c >= '0' && c <= '9';
	}
}

static void
append_mermaid_edge(StringInfo out, const Drawing *drawing, const PictureEdge *edge)
{
	appendStringInfo(out, "\n\tn%u %s", edge->from + 1, is_guess(drawing, edge) ? "-.->" : "-->");
	if (is_labelled(drawing, edge))
	{
		appendStringInfoString(out, "|\"");
		append_mermaid_text(out, drawing->texts[edge->type].bytes);
		appendStringInfoString(out, "\"|");
	}
	appendStringInfo(out, " n%u", edge->to + 1);
}

static const struct
{
	const char *kind;
	const char *style;
}			mermaid_classes[] = {
	{"unresolved", "stroke-dasharray: 4 3, stroke: #999, color: #666"},
	{"external", "fill: #eee, stroke: #999, color: #333"},
	{"import", "stroke-dasharray: 1 3, stroke: #999"},
	{"file", "fill: #fff8dc, stroke: #999, color: #333"}
};

Datum
pt_picture_mermaid(PG_FUNCTION_ARGS)
{
	Drawing		drawing = draw(picture_argument(fcinfo));
	bool		used[lengthof(mermaid_classes)] = {false};
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoString(&out, "flowchart LR");
	for (uint64 i = 0; i < drawing.nnodes; i++)
	{
		const DrawnNode *node = &drawing.nodes[i];

		CHECK_FOR_INTERRUPTS();
		appendStringInfo(&out, "\n\tn" UINT64_FORMAT "[\"", i + 1);
		/* a label must not be empty */
		append_mermaid_text(&out, node->name[0] == '\0' ? " " : node->name);
		if (node->detail != NULL)
		{
			appendStringInfoString(&out, "<br/>");
			append_mermaid_text(&out, node->detail);
		}
		appendStringInfoString(&out, "\"]");
		for (int c = 0; c < lengthof(mermaid_classes); c++)
		{
			if (strcmp(node->kind, mermaid_classes[c].kind) != 0)
				continue;
			appendStringInfo(&out, ":::%s", node->kind);
			used[c] = true;
		}
	}
	for (uint64 i = 0; i < drawing.nedges; i++)
	{
		CHECK_FOR_INTERRUPTS();
		append_mermaid_edge(&out, &drawing, &drawing.edges[i]);
	}
	for (int c = 0; c < lengthof(mermaid_classes); c++)
	{
		if (used[c])
			appendStringInfo(&out, "\n\tclassDef %s %s", mermaid_classes[c].kind,
							 mermaid_classes[c].style);
	}
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}

/* ---- JSON ---- */

static void
push_string(PtJsonbState *state, JsonbIteratorToken token, const char *bytes, size_t length)
{
	JsonbValue	value;

	value.type = jbvString;
	value.val.string.val = unconstify(char *, bytes);
	value.val.string.len = length;
	pt_push_jsonb(state, token, &value);
}

/* s may be NULL, for null */
static void
push_member(PtJsonbState *state, const char *name, const char *s, size_t length)
{
	JsonbValue	null = {.type = jbvNull};

	push_string(state, WJB_KEY, name, strlen(name));
	if (s == NULL)
		pt_push_jsonb(state, WJB_VALUE, &null);
	else
		push_string(state, WJB_VALUE, s, length);
}

static void
push_nodes(PtJsonbState *state, const Drawing *drawing)
{
	push_string(state, WJB_KEY, "nodes", strlen("nodes"));
	pt_push_jsonb(state, WJB_BEGIN_ARRAY, NULL);
	for (uint64 i = 0; i < drawing->nnodes; i++)
	{
		const DrawnNode *node = &drawing->nodes[i];

		CHECK_FOR_INTERRUPTS();
		pt_push_jsonb(state, WJB_BEGIN_OBJECT, NULL);
		push_member(state, "id", node->key->bytes, node->key->length);
		push_member(state, "name", node->name, strlen(node->name));
		push_member(state, "kind", node->kind, strlen(node->kind));
		pt_push_jsonb(state, WJB_END_OBJECT, NULL);
	}
	pt_push_jsonb(state, WJB_END_ARRAY, NULL);
}

static void
push_edges(PtJsonbState *state, const Drawing *drawing)
{
	push_string(state, WJB_KEY, "edges", strlen("edges"));
	pt_push_jsonb(state, WJB_BEGIN_ARRAY, NULL);
	for (uint64 i = 0; i < drawing->nedges; i++)
	{
		const PictureEdge *edge = &drawing->edges[i];
		const DrawnText *from = drawing->nodes[edge->from].key;
		const DrawnText *to = drawing->nodes[edge->to].key;
		const DrawnText *type = edge->type == PT_NO_TEXT ? NULL : &drawing->texts[edge->type];

		CHECK_FOR_INTERRUPTS();
		pt_push_jsonb(state, WJB_BEGIN_OBJECT, NULL);
		push_member(state, "from", from->bytes, from->length);
		push_member(state, "to", to->bytes, to->length);
		push_member(state, "type", type ? type->bytes : NULL, type ? type->length : 0);
		pt_push_jsonb(state, WJB_END_OBJECT, NULL);
	}
	pt_push_jsonb(state, WJB_END_ARRAY, NULL);
}

Datum
pt_picture_json(PG_FUNCTION_ARGS)
{
	Drawing		drawing = draw(picture_argument(fcinfo));
	PtJsonbState state = {0};

	pt_push_jsonb(&state, WJB_BEGIN_OBJECT, NULL);
	push_nodes(&state, &drawing);
	push_edges(&state, &drawing);
	pt_push_jsonb(&state, WJB_END_OBJECT, NULL);
	PG_RETURN_JSONB_P(JsonbValueToJsonb(state.result));
}
