/*
 * code_write.c
 *		pt_insert_entity, pt_insert_entities, pt_insert_edge, pt_insert_edges,
 *		pt_delete_entity.
 *
 * All of it is SQL over pt_entity and pt_edge, run with the caller's rights:
 * the tables are ordinary ones, and these functions only save typing. Batches
 * write in key order, so that two of them cannot deadlock. The tables are
 * those of a codebase: pt_entity and pt_edge of one schema.
 */
#include "postgres.h"

#include "base/pt_varatt.h"
#include "catalog/pg_type.h"
#include "code/code_tables.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "function/sql_args.h"
#include "function/sql_index.h"
#include "function/sql_relation.h"
#include "function/sql_tables.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/hsearch.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/rls.h"

PG_FUNCTION_INFO_V1(pt_insert_entity_0_2);
PG_FUNCTION_INFO_V1(pt_insert_entities);
PG_FUNCTION_INFO_V1(pt_insert_edge);
PG_FUNCTION_INFO_V1(pt_insert_edges);
PG_FUNCTION_INFO_V1(pt_delete_entity);

typedef enum StatementId
{
	UPSERT_ENTITY,
	UPSERT_EDGE,
	UPSERT_ENTITIES,
	UPSERT_EDGES,
	DELETE_ENTITY,
	DELETE_EDGES_FROM,
	DELETE_EDGES_TO,
	DELETE_EDGES_TO_PLAIN,
	STATEMENTS
} StatementId;

typedef struct Statement
{
	const char *sql;			/* @ stands for the extension's schema, # for the tables' */
	int			nargs;
	Oid			types[11];
} Statement;

#define KEEP(column) column " = COALESCE(EXCLUDED." column ", e." column ")"

/* xmax of a row version is 0 only if it was not made by an update */
#define IS_NEW "RETURNING pg_catalog.xideqint4(e.xmax, 0)"

#define ENTITY_COLUMNS \
	"key, entity_type, name, entity_class, language, file_path, " \
	"line_start, line_end, signature, code, properties, updated_at"

#define ENTITY_UPDATES \
	KEEP("entity_type") ", " KEEP("name") ", " KEEP("entity_class") ", " \
	KEEP("language") ", " KEEP("file_path") ", " KEEP("line_start") ", " \
	KEEP("line_end") ", " KEEP("signature") ", " KEEP("code") ", " \
	"updated_at = pg_catalog.now()"

#define IS_GUESS(edge) "pg_catalog.numeric_lt(" edge ".confidence, 1::pg_catalog.numeric) IS TRUE"

/*
 * A fact takes a guess's place, but no guess a fact's. What is known of a guess
 * says nothing of a fact, save where it is.
 */
#define EDGE_UPDATES \
	KEEP("source_location") ", confidence = EXCLUDED.confidence, " \
	"method = COALESCE(EXCLUDED.method, " \
	"CASE WHEN (" IS_GUESS("EXCLUDED") ") OR (" IS_GUESS("e") ") IS FALSE THEN e.method END), " \
	"reference_key = COALESCE(EXCLUDED.reference_key, " \
	"CASE WHEN " IS_GUESS("EXCLUDED") " THEN e.reference_key END) " \
	"WHERE (" IS_GUESS("EXCLUDED") ") IS FALSE OR (" IS_GUESS("e") ")"

#define ELEMENTS \
	"pg_catalog.jsonb_array_elements($1) WITH ORDINALITY AS t (v, ord)"

#define FIELD(name) "pg_catalog.jsonb_object_field(v, '" name "')"
#define TEXT_FIELD(name) "pg_catalog.jsonb_object_field_text(v, '" name "')"

/* in hundredths, of which none makes a fact of a guess or nothing of it */
#define ROUNDED(number) \
	"CASE WHEN pg_catalog.numeric_lt(" number ", 1::pg_catalog.numeric) " \
	"THEN GREATEST(0.01::pg_catalog.numeric, LEAST(0.99::pg_catalog.numeric, pg_catalog.round(" number ", 2))) " \
	"ELSE " number " END"

/*
 * The statements run under the caller's search_path: every function and
 * operator is qualified, or somebody else's could be picked.
 */
static const Statement statements[STATEMENTS] = {
	[UPSERT_ENTITY] = {
		"INSERT INTO #.pt_entity AS e (" ENTITY_COLUMNS ") "
		"VALUES ($1, $2, $3, $4, $5, $6, $7::pg_catalog.int4, $8::pg_catalog.int4, $9, $10, COALESCE($11, '{}'), pg_catalog.now()) "
		"ON CONFLICT (key) DO UPDATE SET " ENTITY_UPDATES ", "
		"properties = COALESCE($11, e.properties) " IS_NEW,
	11, {TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, INT8OID, INT8OID, JSONBOID, TEXTOID, JSONBOID}},

	[UPSERT_EDGE] = {
		"INSERT INTO #.pt_edge AS e (from_key, to_key, edge_type, source_location) "
		"VALUES ($1, $2, $3, $4) ON CONFLICT (from_key, to_key, edge_type) DO UPDATE SET "
		EDGE_UPDATES " " IS_NEW,
	4, {TEXTOID, TEXTOID, TEXTOID, TEXTOID}},

	/*
	 * Of a repeated key the last value of each field wins, as if the elements
	 * were inserted one by one; JSON null is no value.
	 */
	[UPSERT_ENTITIES] = {
		"WITH field AS ("
		" SELECT DISTINCT ON (1, 2)"
		" " TEXT_FIELD("key") " COLLATE pg_catalog.\"C\" AS entity, f.key COLLATE pg_catalog.\"C\" AS field, f.value"
		" FROM " ELEMENTS ", pg_catalog.jsonb_each(t.v) AS f"
		" WHERE pg_catalog.textne(pg_catalog.jsonb_typeof(f.value), 'null')"
		" ORDER BY 1, 2, t.ord DESC"
		"), merged AS ("
		" SELECT entity, pg_catalog.jsonb_object_agg(field, value) AS v FROM field GROUP BY entity"
		") "
		"INSERT INTO #.pt_entity AS e (" ENTITY_COLUMNS ") "
		"SELECT entity, " TEXT_FIELD("entity_type") ", " TEXT_FIELD("name") ", "
		TEXT_FIELD("entity_class") ", " TEXT_FIELD("language") ", " TEXT_FIELD("file_path") ", "
		TEXT_FIELD("line_start") "::pg_catalog.numeric::pg_catalog.int4, "
		TEXT_FIELD("line_end") "::pg_catalog.numeric::pg_catalog.int4, "
		FIELD("signature") ", " TEXT_FIELD("code") ", "
		"pg_catalog.jsonb_concat(COALESCE(" FIELD("properties") ", '{}'), "
		"pg_catalog.jsonb_delete(v, 'key', 'entity_type', 'name', 'entity_class', 'language', 'file_path', "
		"'line_start', 'line_end', 'signature', 'code', 'properties', 'updated_at')), "
		"pg_catalog.now() "
		"FROM merged ORDER BY entity "
		"ON CONFLICT (key) DO UPDATE SET " ENTITY_UPDATES ", "
		"properties = pg_catalog.jsonb_concat(e.properties, EXCLUDED.properties)",
	1, {JSONBOID}},

	[UPSERT_EDGES] = {
		"INSERT INTO #.pt_edge AS e (from_key, to_key, edge_type, source_location, confidence, method, reference_key) "
		"SELECT DISTINCT ON (f, t, y) f, t, y, l, " ROUNDED("c") ", m, r FROM ("
		" SELECT " TEXT_FIELD("from_key") " COLLATE pg_catalog.\"C\" AS f, " TEXT_FIELD("to_key") " COLLATE pg_catalog.\"C\" AS t,"
		" COALESCE(" TEXT_FIELD("edge_type") ", 'Calls') COLLATE pg_catalog.\"C\" AS y,"
		" " TEXT_FIELD("source_location") " AS l, " TEXT_FIELD("confidence") "::pg_catalog.numeric AS c,"
		" " TEXT_FIELD("method") " AS m, " TEXT_FIELD("reference_key") " AS r, ord"
		" FROM " ELEMENTS ") AS x "
		"ORDER BY f, t, y, (pg_catalog.numeric_lt(c, 1::pg_catalog.numeric) IS TRUE), ord DESC "
		"ON CONFLICT (from_key, to_key, edge_type) DO UPDATE SET " EDGE_UPDATES,
	1, {JSONBOID}},

	[DELETE_ENTITY] = {
		"DELETE FROM #.pt_entity WHERE key OPERATOR(pg_catalog.=) $1",
	1, {TEXTOID}},

	[DELETE_EDGES_FROM] = {
		"DELETE FROM #.pt_edge WHERE from_key OPERATOR(pg_catalog.=) $1",
	1, {TEXTOID}},

	/* there is no btree on to_key: the adjacency index finds the rows */
	[DELETE_EDGES_TO] = {
		"DELETE FROM #.pt_edge AS e "
		"USING @.pt_callers($1, min_confidence => 0::pg_catalog.float8, missing_ok => true, graph => $2) AS c "
		"WHERE e.from_key OPERATOR(pg_catalog.=) c.from_key AND e.to_key OPERATOR(pg_catalog.=) $1",
	2, {TEXTOID, REGCLASSOID}},

	[DELETE_EDGES_TO_PLAIN] = {
		"DELETE FROM #.pt_edge WHERE to_key OPERATOR(pg_catalog.=) $1",
	1, {TEXTOID}},
};

/*
 * Saved plans of this session, by the names they were made with: a renamed
 * schema gets new ones. Plans of old names are not freed: a trigger may have
 * renamed it, and one of them be running.
 */
typedef struct PlansKey
{
	NameData	home;			/* the extension's schema */
	NameData	schema;			/* the tables' */
} PlansKey;

typedef struct Plans
{
	PlansKey	key;
	SPIPlanPtr	plans[STATEMENTS];
} Plans;

static HTAB *all_plans = NULL;

/* a codebase's plans take about 200 kB; of more, each call makes its own */
#define MAX_PLANS 16

/* The tables that a call writes to. */
typedef struct Target
{
	CodeTables	tables;
	PlansKey	names;
} Target;

static const char *const entity_columns[] = {
	"key", "entity_type", "name", "entity_class", "language", "file_path",
	"line_start", "line_end", "signature", "code", "properties", "updated_at"
};

static const char *const edge_columns[] = {
	"from_key", "to_key", "edge_type", "source_location", "confidence", "method", "reference_key"
};

/* What a target is for: which columns its tables need besides the keys. */
typedef enum Purpose
{
	FOR_ENTITIES,
	FOR_EDGES,
	FOR_DELETION
} Purpose;

/* Those of the graph that argument argno names, which must be a codebase. */
static Target
find_target(FunctionCallInfo fcinfo, int argno, Purpose purpose)
{
	Target		target;
	CodeTables	tables = code_tables(fcinfo, argno);

	if (purpose == FOR_ENTITIES)
		sql_require_columns(tables.entities, entity_columns, lengthof(entity_columns));
	else
		sql_require_columns(tables.edges, edge_columns,
							purpose == FOR_EDGES ? lengthof(edge_columns) : 2);
	memset(&target.names, 0, sizeof(target.names));
	namestrcpy(&target.names.home, get_namespace_name(sql_extension_schema()));
	namestrcpy(&target.names.schema, tables.schema);
	target.tables = tables;
	return target;
}

/* Those of names seen before, or NULL if there are too many to remember. */
static Plans *
find_plans(const PlansKey *key)
{
	Plans	   *plans;
	bool		found;

	if (all_plans == NULL)
	{
		HASHCTL		control = {0};

		control.keysize = sizeof(PlansKey);
		control.entrysize = sizeof(Plans);
		all_plans = hash_create("parseltongue plans", 8, &control, HASH_ELEM | HASH_BLOBS);
	}
	if (hash_get_num_entries(all_plans) >= MAX_PLANS)
		return hash_search(all_plans, key, HASH_FIND, NULL);
	plans = hash_search(all_plans, key, HASH_ENTER, &found);
	if (!found)
		memset(plans->plans, 0, sizeof(plans->plans));
	return plans;
}

/* The plan of a statement, prepared on first use. Within SPI. */
static SPIPlanPtr
get_plan(StatementId id, const PlansKey *names)
{
	const Statement *statement = &statements[id];
	Plans	   *plans = find_plans(names);
	SPIPlanPtr	plan;
	StringInfoData sql;

	if (plans != NULL && plans->plans[id] != NULL)
		return plans->plans[id];

	initStringInfo(&sql);
	for (const char *c = statement->sql; *c; c++)
	{
		if (*c == '@')
			appendStringInfoString(&sql, quote_identifier(NameStr(names->home)));
		else if (*c == '#')
			appendStringInfoString(&sql, quote_identifier(NameStr(names->schema)));
		else
			appendStringInfoChar(&sql, *c);
	}
	plan = SPI_prepare(sql.data, statement->nargs, (Oid *) statement->types);
	if (plan == NULL)
		elog(ERROR, "could not prepare: %s", sql.data);
	if (plans != NULL && SPI_keepplan(plan) == 0)
		plans->plans[id] = plan;
	return plan;
}

/* Run a statement with arguments; afterwards SPI_processed, SPI_tuptable. */
static void
run(StatementId id, const Target *target, Datum *values, const char *nulls)
{
	int			result = SPI_execute_plan(get_plan(id, &target->names),
										  values, nulls, false, 0);

	if (result < 0)
		elog(ERROR, "statement failed: %s", SPI_result_code_string(result));
}

static void
check_key(FunctionCallInfo fcinfo, int argno, const char *name)
{
	sql_require(fcinfo, argno, name);
	if (VARSIZE_ANY_EXHDR(PG_GETARG_TEXT_PP(argno)) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_CHECK_VIOLATION),
				 errmsg("%s must not be empty", name)));
}

/* Run an upsert of the function's arguments but the graph; was the row new? */
static bool
upsert(StatementId id, FunctionCallInfo fcinfo)
{
	Target		target = find_target(fcinfo, statements[id].nargs,
										 id == UPSERT_EDGE ? FOR_EDGES : FOR_ENTITIES);
	Datum		values[11];
	char		nulls[11];
	bool		isnull;
	bool		is_new;

	for (int i = 0; i < statements[id].nargs; i++)
	{
		values[i] = PG_ARGISNULL(i) ? (Datum) 0 : PG_GETARG_DATUM(i);
		nulls[i] = PG_ARGISNULL(i) ? 'n' : ' ';
	}
	SPI_connect();
	run(id, &target, values, nulls);
	/* a trigger may have suppressed the row */
	is_new = SPI_processed > 0 &&
		DatumGetBool(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull));
	SPI_finish();
	return is_new;
}

Datum
pt_insert_entity_0_2(PG_FUNCTION_ARGS)
{
	check_key(fcinfo, 0, "key");
	if (!PG_ARGISNULL(10) && !JB_ROOT_IS_OBJECT(PG_GETARG_JSONB_P(10)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("properties must be a JSON object")));
	PG_RETURN_BOOL(upsert(UPSERT_ENTITY, fcinfo));
}

Datum
pt_insert_edge(PG_FUNCTION_ARGS)
{
	check_key(fcinfo, 0, "from_key");
	check_key(fcinfo, 1, "to_key");
	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("edge_type must not be NULL"),
				 errhint("Leave it out for 'Calls'.")));
	PG_RETURN_BOOL(upsert(UPSERT_EDGE, fcinfo));
}

/* ---- batches ---- */

typedef enum FieldKind
{
	FIELD_KEY,					/* required, a string, not empty */
	FIELD_STRING,
	FIELD_INTEGER,
	FIELD_OBJECT,
	FIELD_CONFIDENCE,
	FIELD_OF_GUESS				/* a string, and only beside a confidence */
} FieldKind;

typedef struct FieldRule
{
	const char *name;
	FieldKind	kind;
} FieldRule;

static const FieldRule entity_rules[] = {
	{"key", FIELD_KEY},
	{"entity_type", FIELD_STRING}, {"name", FIELD_STRING},
	{"entity_class", FIELD_STRING}, {"language", FIELD_STRING},
	{"file_path", FIELD_STRING}, {"code", FIELD_STRING},
	{"line_start", FIELD_INTEGER}, {"line_end", FIELD_INTEGER},
	{"properties", FIELD_OBJECT},
	{NULL}
};

static const FieldRule edge_rules[] = {
	{"from_key", FIELD_KEY}, {"to_key", FIELD_KEY},
	{"edge_type", FIELD_STRING}, {"source_location", FIELD_STRING},
	{"confidence", FIELD_CONFIDENCE}, {"method", FIELD_STRING},
	{"reference_key", FIELD_OF_GUESS},
	{NULL}
};

static bool
is_int4(Numeric value)
{
	char	   *digits = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value)));
	char	   *end;
	long long	number;

	errno = 0;
	number = strtoll(digits, &end, 10);
	/* 1.0 is one */
	if (*end == '.')
		end += 1 + strspn(end + 1, "0");
	return *end == '\0' && errno == 0 && number >= PG_INT32_MIN && number <= PG_INT32_MAX;
}

static bool
is_confidence(Numeric value)
{
	Datum		number = NumericGetDatum(value);

	return !numeric_is_nan(value) &&
		DatumGetBool(DirectFunctionCall2(numeric_gt, number, NumericGetDatum(int64_to_numeric(0)))) &&
		DatumGetBool(DirectFunctionCall2(numeric_le, number, NumericGetDatum(int64_to_numeric(1))));
}

/* The value of a field, or NULL if it is absent; JSON null is no value. */
static JsonbValue *
field_value(JsonbContainer *object, const char *name)
{
	JsonbValue *value = getKeyJsonValueFromContainer(object, name, strlen(name), NULL);

	return value == NULL || value->type == jbvNull ? NULL : value;
}

/* What is wrong with a field of an element, or NULL. */
static const char *
field_problem(const FieldRule *rule, JsonbContainer *object)
{
	const JsonbValue *value = field_value(object, rule->name);
	bool		absent = value == NULL;

	switch (rule->kind)
	{
		case FIELD_KEY:
			if (absent)
				return psprintf("It has no \"%s\".", rule->name);
			if (value->type != jbvString)
				return psprintf("Its \"%s\" is not a string.", rule->name);
			return value->val.string.len == 0 ? psprintf("Its \"%s\" is empty.", rule->name) : NULL;
		case FIELD_STRING:
			return absent || value->type == jbvString ? NULL :
				psprintf("Its \"%s\" is not a string.", rule->name);
		case FIELD_INTEGER:
			return absent || (value->type == jbvNumeric && is_int4(value->val.numeric)) ? NULL :
				psprintf("Its \"%s\" is not an integer.", rule->name);
		case FIELD_OBJECT:
			return absent || (value->type == jbvBinary &&
							  JsonContainerIsObject(value->val.binary.data)) ? NULL :
				psprintf("Its \"%s\" is not an object.", rule->name);
		case FIELD_CONFIDENCE:
			if (!absent && value->type != jbvNumeric)
				return psprintf("Its \"%s\" is not a number.", rule->name);
			return absent || is_confidence(value->val.numeric) ? NULL :
				psprintf("Its \"%s\" is not above 0 and at most 1.", rule->name);
		case FIELD_OF_GUESS:
			if (!absent && value->type != jbvString)
				return psprintf("Its \"%s\" is not a string.", rule->name);
			return absent || field_value(object, "confidence") != NULL ? NULL :
				psprintf("It has a \"%s\", but no \"confidence\".", rule->name);
	}
	return NULL;
}

static void
check_batch(Jsonb *batch, const FieldRule *rules, const char *what)
{
	if (!JB_ROOT_IS_ARRAY(batch) || JB_ROOT_IS_SCALAR(batch))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be a JSON array", what),
				 errhint("Pass an array of objects.")));

	for (uint32 i = 0; i < JB_ROOT_COUNT(batch); i++)
	{
		JsonbValue *element = getIthJsonbValueFromContainer(&batch->root, i);
		const char *problem = NULL;

		CHECK_FOR_INTERRUPTS();
		if (element->type != jbvBinary || !JsonContainerIsObject(element->val.binary.data))
			problem = "It is not an object.";
		for (const FieldRule *rule = rules; problem == NULL && rule->name != NULL; rule++)
			problem = field_problem(rule, element->val.binary.data);
		if (problem != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("invalid element %u of %s", i, what),
					 errdetail("%s", problem),
					 errhint("Elements are counted from 0. Nothing was written.")));
		pfree(element);
	}
}

/* Check all elements of a JSON array, then write them; returns the rows. */
static int64
upsert_batch(FunctionCallInfo fcinfo, const FieldRule *rules, StatementId write, const char *what)
{
	Jsonb	   *batch = PG_GETARG_JSONB_P(0);
	Target		target = find_target(fcinfo, 1, write == UPSERT_EDGES ? FOR_EDGES : FOR_ENTITIES);
	Datum		values[1] = {JsonbPGetDatum(batch)};
	int64		written;

	check_batch(batch, rules, what);
	SPI_connect();
	run(write, &target, values, NULL);
	written = SPI_processed;
	SPI_finish();
	return written;
}

Datum
pt_insert_entities(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_INT64(upsert_batch(fcinfo, entity_rules, UPSERT_ENTITIES, "entities"));
}

Datum
pt_insert_edges(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_INT64(upsert_batch(fcinfo, edge_rules, UPSERT_EDGES, "edges"));
}

Datum
pt_delete_entity(PG_FUNCTION_ARGS)
{
	Target		target;
	Datum		values[2];
	bool		existed;

	sql_require(fcinfo, 0, "key");
	target = find_target(fcinfo, 2, FOR_DELETION);
	values[0] = PG_GETARG_DATUM(0);
	values[1] = ObjectIdGetDatum(target.tables.graph);

	SPI_connect();
	if (!PG_ARGISNULL(1) && PG_GETARG_BOOL(1))
	{
		/* a walk knows no policies and needs an index; otherwise the table is scanned */
		bool		walk = check_enable_rls(target.tables.edges, InvalidOid, false) != RLS_ENABLED &&
			sql_has_adjacency(target.tables.edges);

		run(DELETE_EDGES_FROM, &target, values, NULL);
		run(walk ? DELETE_EDGES_TO : DELETE_EDGES_TO_PLAIN, &target, values, NULL);
	}
	run(DELETE_ENTITY, &target, values, NULL);
	existed = SPI_processed > 0;
	SPI_finish();
	PG_RETURN_BOOL(existed);
}
