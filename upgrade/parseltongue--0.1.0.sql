-- parseltongue extension script, concatenated from src/sql/*.sql by make.
\echo Use "CREATE EXTENSION parseltongue" to load this file. \quit

-- Statements that functions put together have this name in a format.
DO $$
BEGIN
	IF strpos($s$@extschema@$s$, '%') > 0 THEN
		RAISE EXCEPTION 'parseltongue cannot be in schema %', $s$@extschema@$s$ USING ERRCODE = 'invalid_schema_name',
			HINT = 'Choose one without a percent sign in its name.';
	END IF;
END $$;

-- ---------------------------------------------------------------------------
-- The access method and its operator classes.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_adjacency_handler(internal) RETURNS index_am_handler
AS 'MODULE_PATHNAME' LANGUAGE C;
COMMENT ON FUNCTION @extschema@.pt_adjacency_handler(internal) IS
'Handler of the index access method adjacency.';

CREATE ACCESS METHOD adjacency TYPE INDEX HANDLER @extschema@.pt_adjacency_handler;
COMMENT ON ACCESS METHOD adjacency IS
'Index on the edges of a graph: USING adjacency (source, target [, label [, confidence]]). Read by the pt_* functions, never by the planner.';

-- The classes name the types a column may have; the method has neither
-- operators nor support functions. varchar uses the class of text.
CREATE OPERATOR CLASS @extschema@.adjacency_int2_ops DEFAULT FOR TYPE smallint USING adjacency AS STORAGE smallint;
CREATE OPERATOR CLASS @extschema@.adjacency_int4_ops DEFAULT FOR TYPE integer  USING adjacency AS STORAGE integer;
CREATE OPERATOR CLASS @extschema@.adjacency_int8_ops DEFAULT FOR TYPE bigint   USING adjacency AS STORAGE bigint;
CREATE OPERATOR CLASS @extschema@.adjacency_text_ops DEFAULT FOR TYPE text     USING adjacency AS STORAGE text;
CREATE OPERATOR CLASS @extschema@.adjacency_uuid_ops DEFAULT FOR TYPE uuid     USING adjacency AS STORAGE uuid;
CREATE OPERATOR CLASS @extschema@.adjacency_numeric_ops DEFAULT FOR TYPE numeric USING adjacency AS STORAGE numeric;
COMMENT ON OPERATOR CLASS @extschema@.adjacency_int2_ops USING adjacency IS 'columns of type smallint in an adjacency index';
COMMENT ON OPERATOR FAMILY @extschema@.adjacency_int2_ops USING adjacency IS 'columns of type smallint in an adjacency index';
COMMENT ON OPERATOR CLASS @extschema@.adjacency_int4_ops USING adjacency IS 'columns of type integer in an adjacency index';
COMMENT ON OPERATOR FAMILY @extschema@.adjacency_int4_ops USING adjacency IS 'columns of type integer in an adjacency index';
COMMENT ON OPERATOR CLASS @extschema@.adjacency_int8_ops USING adjacency IS 'columns of type bigint in an adjacency index';
COMMENT ON OPERATOR FAMILY @extschema@.adjacency_int8_ops USING adjacency IS 'columns of type bigint in an adjacency index';
COMMENT ON OPERATOR CLASS @extschema@.adjacency_text_ops USING adjacency IS 'columns of type text and varchar in an adjacency index';
COMMENT ON OPERATOR FAMILY @extschema@.adjacency_text_ops USING adjacency IS 'columns of type text and varchar in an adjacency index';
COMMENT ON OPERATOR CLASS @extschema@.adjacency_uuid_ops USING adjacency IS 'columns of type uuid in an adjacency index';
COMMENT ON OPERATOR FAMILY @extschema@.adjacency_uuid_ops USING adjacency IS 'columns of type uuid in an adjacency index';
COMMENT ON OPERATOR CLASS @extschema@.adjacency_numeric_ops USING adjacency IS 'the confidence column of an adjacency index, numeric(3,2)';
COMMENT ON OPERATOR FAMILY @extschema@.adjacency_numeric_ops USING adjacency IS 'the confidence column of an adjacency index, numeric(3,2)';

-- ---------------------------------------------------------------------------
-- The tables: entities of a codebase, and the edges between them.
-- ---------------------------------------------------------------------------

CREATE TABLE @extschema@.pt_entity (
	key text PRIMARY KEY CHECK (key <> ''),
	name text,
	entity_type text,
	entity_class text,
	language text,
	file_path text,
	line_start integer,
	line_end integer,
	signature jsonb,
	code text,
	properties jsonb NOT NULL DEFAULT '{}',
	updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE @extschema@.pt_entity IS
'Entities (functions, types, modules, ...) by their opaque key. Any client may write here directly.';
COMMENT ON COLUMN @extschema@.pt_entity.key IS 'opaque, not empty; edges name entities by it';
COMMENT ON COLUMN @extschema@.pt_entity.entity_type IS 'function, method, struct, enum, trait, module, ... : any text';
COMMENT ON COLUMN @extschema@.pt_entity.entity_class IS 'CODE or TEST by convention';
COMMENT ON COLUMN @extschema@.pt_entity.line_start IS 'first line in file_path, counted from 1';
COMMENT ON COLUMN @extschema@.pt_entity.line_end IS 'last line in file_path';
COMMENT ON COLUMN @extschema@.pt_entity.properties IS 'everything that has no column of its own';
COMMENT ON COLUMN @extschema@.pt_entity.updated_at IS 'time of the last write through pt_insert_entity or pt_insert_entities';

CREATE TABLE @extschema@.pt_edge (
	from_key text NOT NULL CHECK (from_key <> ''),
	to_key text NOT NULL CHECK (to_key <> ''),
	edge_type text NOT NULL DEFAULT 'Calls',
	source_location text,
	confidence numeric(3,2) CHECK (confidence > 0 AND confidence <= 1),
	method text,
	reference_key text,
	PRIMARY KEY (from_key, to_key, edge_type),
	CONSTRAINT pt_edge_guess_check CHECK (confidence IS NOT NULL OR reference_key IS NULL)
);
COMMENT ON TABLE @extschema@.pt_edge IS
'Directed edges between entity keys: from_key depends on to_key. No foreign keys: an edge may come before its entities, or without them.';
COMMENT ON COLUMN @extschema@.pt_edge.edge_type IS 'Calls, Uses, Implements by convention: any text';
COMMENT ON COLUMN @extschema@.pt_edge.source_location IS 'where the dependency stands, as path:line';
COMMENT ON COLUMN @extschema@.pt_edge.confidence IS 'NULL for a fact; of a guess, how far to trust it, in (0, 1]. Walks follow facts, and guesses from min_confidence on';
COMMENT ON COLUMN @extschema@.pt_edge.method IS 'of a guess, how pt_resolve_references came to it';
COMMENT ON COLUMN @extschema@.pt_edge.reference_key IS 'of a guess, the unresolved to_key of the edge it was made from';

CREATE INDEX pt_edge_adjacency ON @extschema@.pt_edge USING adjacency (from_key, to_key, edge_type, confidence);
COMMENT ON INDEX @extschema@.pt_edge_adjacency IS 'what the pt_* functions walk';

SELECT pg_catalog.pg_extension_config_dump('@extschema@.pt_entity', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.pt_edge', '');
-- ---------------------------------------------------------------------------
-- Which graph a call means.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_default_graph() RETURNS regclass
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION @extschema@.pt_default_graph() IS
'The graph that a call means when its argument graph is NULL: the table or index that parseltongue.graph names, else the extension''s own pt_edge. Errors: 42P01 it does not exist.';

CREATE FUNCTION @extschema@.pt_entity_table(graph regclass DEFAULT NULL) RETURNS regclass
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION @extschema@.pt_entity_table(regclass) IS
'The table of entities that belongs to a graph: pt_entity in the schema of an edge table pt_edge; NULL if there is none. graph: an edge table or its adjacency index, NULL as everywhere.';

CREATE FUNCTION @extschema@.pt_graph_tables(
	graph regclass DEFAULT NULL,
	OUT edges regclass,
	OUT entities regclass
)
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 100
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	edges := coalesce(graph, @extschema@.pt_default_graph());
	edges := coalesce((SELECT indrelid::regclass FROM pg_index WHERE indexrelid = edges), edges);
	entities := @extschema@.pt_entity_table(edges);
	IF entities IS NULL THEN
		RAISE EXCEPTION '"%" is not the edge table of a codebase', edges USING ERRCODE = 'wrong_object_type',
			DETAIL = 'A codebase is a schema with the tables pt_entity and pt_edge.',
			HINT = 'Make one with pt_create_codebase.';
	END IF;
END $$;
COMMENT ON FUNCTION @extschema@.pt_graph_tables(regclass) IS
'The two tables of a codebase: its edges, and the entities beside them. graph: an edge table or its adjacency index, NULL as everywhere. Errors: 42809 no entities belong to it. O(1).';
-- ---------------------------------------------------------------------------
-- Several codebases in one database: each is a schema with the tables
-- pt_entity and pt_edge. No list of them is kept; the catalogs know.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_create_codebase(name text) RETURNS regclass
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	original regclass;
	copy name;
	parts text;
BEGIN
	IF name IS NULL THEN
		RAISE EXCEPTION 'name must not be NULL' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	IF octet_length(name) NOT BETWEEN 1 AND 63 THEN
		RAISE EXCEPTION 'invalid name of a codebase: "%"', name USING ERRCODE = 'invalid_name',
			HINT = 'It becomes the name of a schema: 1 to 63 bytes.';
	END IF;
	EXECUTE format('CREATE SCHEMA %I', name);
	EXECUTE format('COMMENT ON SCHEMA %I IS %L', name, 'codebase for parseltongue');
	-- Not LIKE, for which one would need to read the extension's tables.
	FOREACH original IN ARRAY '{@extschema@.pt_entity,@extschema@.pt_edge}'::regclass[] LOOP
		SELECT relname INTO STRICT copy FROM pg_class WHERE oid = original;
		SELECT string_agg(part, ', ' ORDER BY place) INTO parts
		FROM (
			SELECT attnum, format('%I %s', attname, format_type(atttypid, atttypmod)) || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END
				   || coalesce(' DEFAULT ' || pg_get_expr(adbin, adrelid), '')
			FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
			WHERE attrelid = original AND attnum > 0 AND NOT attisdropped
			UNION ALL
			SELECT 10000 + row_number() OVER (ORDER BY conname), format('CONSTRAINT %I %s', conname, pg_get_constraintdef(oid))
			FROM pg_constraint WHERE conrelid = original AND contype IN ('c', 'p')
		) AS p (place, part);
		EXECUTE format('CREATE TABLE %I.%I (%s)', name, copy, parts);
		EXECUTE format('COMMENT ON TABLE %I.%I IS %L', name, copy, obj_description(original, 'pg_class'));
		FOR parts IN
			SELECT format('COMMENT ON COLUMN %I.%I.%I IS %L', name, copy, attname, col_description(original, attnum))
			FROM pg_attribute WHERE attrelid = original AND col_description(original, attnum) IS NOT NULL
		LOOP
			EXECUTE parts;
		END LOOP;
	END LOOP;
	EXECUTE format('CREATE INDEX pt_edge_adjacency ON %I.pt_edge USING adjacency (from_key, to_key, edge_type, confidence)', name);
	RETURN format('%I.pt_edge', name)::regclass;
END $$;
COMMENT ON FUNCTION @extschema@.pt_create_codebase(text) IS
'Make a codebase: a schema of this name with empty tables pt_entity and pt_edge and their indexes, owned by the caller. Returns the edge table, which other functions take as graph, and parseltongue.graph as default. Rights are those of schema and tables. Errors: 22004 name is NULL, 42602 not 1 to 63 bytes, 42P06 the schema exists, 42501 no right to create schemas.';

CREATE FUNCTION @extschema@.pt_codebases(
	OUT name text,
	OUT graph regclass,
	OUT owner text,
	OUT entities bigint,
	OUT edges bigint,
	OUT bytes bigint,
	OUT is_default boolean
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL UNSAFE COST 1000 ROWS 10
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT n.nspname::text, t.oid::regclass, pg_get_userbyid(n.nspowner)::text,
		   CASE WHEN e.reltuples >= 0 THEN e.reltuples::bigint END, CASE WHEN t.reltuples >= 0 THEN t.reltuples::bigint END,
		   pg_total_relation_size(t.oid) + pg_total_relation_size(e.oid),
		   -- a setting that names nothing is no reason to list nothing
		   CASE WHEN setting = '' THEN t.oid = '@extschema@.pt_edge'::regclass
				ELSE EXISTS (SELECT FROM pg_class AS d WHERE d.relnamespace = n.oid AND parse_ident(nullif(setting, '')) = ARRAY[n.nspname, d.relname]::text[]
							 AND t.oid IN (d.oid, (SELECT indrelid FROM pg_index WHERE indexrelid = d.oid))) END
	FROM pg_class AS t
		JOIN pg_namespace AS n ON n.oid = t.relnamespace
		JOIN pg_class AS e ON e.oid = @extschema@.pt_entity_table(t.oid),
		(SELECT coalesce(current_setting('parseltongue.graph', true), '')) AS s (setting)
	WHERE t.relname = 'pt_edge' AND t.relkind = 'r' AND NOT pg_is_other_temp_schema(n.oid)
	ORDER BY n.nspname COLLATE "C"
$$;
COMMENT ON FUNCTION @extschema@.pt_codebases() IS
'The codebases of this database, the extension''s own tables among them: every schema with the tables pt_entity and pt_edge. entities and edges are estimates by the last ANALYZE or VACUUM, NULL before it; bytes includes indexes; is_default: what a call means that names no graph.';

CREATE FUNCTION @extschema@.pt_drop_codebase(name text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF name IS NULL THEN
		RAISE EXCEPTION 'name must not be NULL' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	IF NOT EXISTS (SELECT FROM pg_class AS t JOIN pg_namespace AS n ON n.oid = t.relnamespace
				   WHERE n.nspname = name AND t.relname = 'pt_edge' AND @extschema@.pt_entity_table(t.oid) IS NOT NULL) THEN
		RAISE EXCEPTION 'codebase "%" does not exist', name USING ERRCODE = 'undefined_object',
			HINT = 'pt_codebases() lists them.';
	END IF;
	IF format('%I.pt_edge', name)::regclass = '@extschema@.pt_edge'::regclass THEN
		RAISE EXCEPTION 'codebase "%" belongs to the extension', name USING ERRCODE = 'dependent_objects_still_exist',
			HINT = 'DROP EXTENSION removes it; TRUNCATE empties its tables.';
	END IF;
	EXECUTE format('DROP TABLE %1$I.pt_edge, %1$I.pt_entity', name);
	EXECUTE format('DROP SCHEMA %I', name);
END $$;
COMMENT ON FUNCTION @extschema@.pt_drop_codebase(text) IS
'Drop a codebase: its two tables and its schema. Errors: 22004 name is NULL, 42704 no such codebase, 2BP01 it is the extension''s own, or something else lives in the schema or depends on the tables; then nothing is dropped.';

-- ---------------------------------------------------------------------------
-- What the text of a key says.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_key_kind(key text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION @extschema@.pt_key_kind(text) IS
'What a key stands for: unresolved (rust:fn:new:unknown:0-0, rust:fn:new:unresolved-reference:0-0), external (rust:module:Parser:external-dependency-clap:0-0), import (rust:module:std::fmt:0-0), file (rust:file:./src/main.rs:1-1), or local: everything else. Reads the text only. O(length).';

CREATE FUNCTION @extschema@.pt_key_name(key text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION @extschema@.pt_key_name(text) IS
'The name in a key: the third part between colons (a double colon belongs to the name), new_feature in src_lib_rs-new_feature-fn-abc12345, the whole key if it fits no form. O(length).';

CREATE FUNCTION @extschema@.pt_key_language(key text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION @extschema@.pt_key_language(text) IS
'The language in a key: the first part between colons where there are three, else NULL. O(length).';

CREATE FUNCTION @extschema@.pt_key_path(key text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION @extschema@.pt_key_path(text) IS
'The file that a key names, as it is written there: ./src/main.rs or __src_main_rs; NULL for placeholders and keys that name none. O(length).';

CREATE FUNCTION @extschema@.pt_match_name(name text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION @extschema@.pt_match_name(text) IS
'What pt_resolve_references compares names by: the last part of a qualified name (an operator of C++; of a path the file without its extension, else what is after ::, . or ->, but not within <>; without ::<T> at the end), with List<string> written as keys write it, List__lt__string__gt__. O(length).';

CREATE FUNCTION @extschema@.pt_match_qualifier(name text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION @extschema@.pt_match_qualifier(text) IS
'What stands before the part of a name that pt_match_name compares: std::io:: of std::io::Read, lib/ of lib/utils.js, an empty text if nothing does. O(length).';

-- ---------------------------------------------------------------------------
-- Writing.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_insert_entity(
	key text,
	entity_type text DEFAULT NULL,
	name text DEFAULT NULL,
	entity_class text DEFAULT NULL,
	language text DEFAULT NULL,
	file_path text DEFAULT NULL,
	line_start integer DEFAULT NULL,
	line_end integer DEFAULT NULL,
	signature jsonb DEFAULT NULL,
	code text DEFAULT NULL,
	properties jsonb DEFAULT NULL,
	graph regclass DEFAULT NULL
) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100;
COMMENT ON FUNCTION @extschema@.pt_insert_entity(text, text, text, text, text, text, integer, integer, jsonb, text, jsonb, regclass) IS
'Insert or update one entity: a given value replaces, an absent (NULL) one stays. graph: the edge table of a codebase, NULL for the default graph. Returns true if the key is new. Errors: 22004 key is NULL, 23514 key is empty, 22023 properties is not a JSON object.';

CREATE FUNCTION @extschema@.pt_insert_entities(entities jsonb, graph regclass DEFAULT NULL) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION @extschema@.pt_insert_entities(jsonb, regclass) IS
'Insert or update a JSON array of entity objects, all or none, in key order. Fields are those of pt_entity; properties and unknown fields are merged into properties; of a repeated key the last value of each field wins. Returns the number of rows written. Errors: 22023 names the offending element, counted from 0.';

CREATE FUNCTION @extschema@.pt_insert_edge(
	from_key text,
	to_key text,
	edge_type text DEFAULT 'Calls',
	source_location text DEFAULT NULL,
	graph regclass DEFAULT NULL
) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100;
COMMENT ON FUNCTION @extschema@.pt_insert_edge(text, text, text, text, regclass) IS
'Insert one edge, or update its source_location if one is given. Returns true if the edge is new. Errors: 22004 a key is NULL, 23514 a key is empty.';

CREATE FUNCTION @extschema@.pt_insert_edges(edges jsonb, graph regclass DEFAULT NULL) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION @extschema@.pt_insert_edges(jsonb, regclass) IS
'Insert or update a JSON array of objects {from_key, to_key [, edge_type] [, source_location]}, all or none, in key order; of a repeated edge the last wins. Returns the number of rows written. Errors: 22023 names the offending element, counted from 0.';

CREATE FUNCTION @extschema@.pt_delete_entity(key text, with_edges boolean DEFAULT false, graph regclass DEFAULT NULL) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100;
COMMENT ON FUNCTION @extschema@.pt_delete_entity(text, boolean, regclass) IS
'Delete an entity and, with_edges, every edge from or to its key. Returns true if the entity existed. Errors: 22004 key is NULL.';

-- ---------------------------------------------------------------------------
-- Exports of Parseltongue, in and out.
--
-- All of it is a few statements over whole documents, so it is written in the
-- languages for that; C would only carry their text. They run with the
-- caller's rights under a search_path of pg_catalog, so triggers on the tables
-- must qualify what they name, as for pg_restore. Generic plans keep a
-- document from being copied into each plan as a constant; compiling these
-- large statements would take seconds.
--
--    pt_import_shape      which arrays of the document are to be read: parts
--    pt_import_elements   the elements of a part, from the document or a stage
--    pt_import_entities, pt_import_edges
--                         columns of each element, or the reason why not
--    pt_import_put_*, pt_import_delete_*
--                         what becomes of a part in the tables of a graph
--    pt_import_staged     all of it; pt_import and tools/pt-import call it
--
-- Functions without SET have a body that was parsed when they were created, so
-- that they can be inlined; they must not be declared more stable than it is.
-- ---------------------------------------------------------------------------

CREATE SEQUENCE @extschema@.pt_import_id;
COMMENT ON SEQUENCE @extschema@.pt_import_id IS 'numbers the calls of pt_import';

CREATE TABLE @extschema@.pt_import_rejection (
	import_id bigint NOT NULL,
	imported_at timestamptz NOT NULL DEFAULT now(),
	kind text NOT NULL,
	position text NOT NULL,
	reason text NOT NULL,
	content text,
	PRIMARY KEY (import_id, position)
);
COMMENT ON TABLE @extschema@.pt_import_rejection IS
'What pt_import could not take, one row each. Delete from it as you like: nothing reads it.';
COMMENT ON COLUMN @extschema@.pt_import_rejection.import_id IS 'as pt_import returned it';
COMMENT ON COLUMN @extschema@.pt_import_rejection.imported_at IS 'when that transaction began';
COMMENT ON COLUMN @extschema@.pt_import_rejection.kind IS 'entity or edge';
COMMENT ON COLUMN @extschema@.pt_import_rejection.position IS
'where in the document, counted from 0: [5], entities[5], entities[5].forward_deps[0], CodeGraph.rows[5]';
COMMENT ON COLUMN @extschema@.pt_import_rejection.reason IS 'what was wrong with it';
COMMENT ON COLUMN @extschema@.pt_import_rejection.content IS 'its first 1000 characters';

SELECT pg_catalog.pg_extension_config_dump('@extschema@.pt_import_id', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.pt_import_rejection', '');

CREATE FUNCTION @extschema@.pt_parse_json(document text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE COST 100
AS $$
BEGIN
	-- One qualified name and no operator: a search_path of its own would only cost time.
	RETURN document::pg_catalog.jsonb;
EXCEPTION WHEN OTHERS THEN
	RETURN NULL;
END $$;
COMMENT ON FUNCTION @extschema@.pt_parse_json(text) IS
'The text as jsonb, or NULL if it cannot be one. Runs a subtransaction.';


-- ---------------------------------------------------------------------------
-- Small change.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_import_json_fault(document text) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE COST 100
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	message text;
	detail text;
BEGIN
	PERFORM document::jsonb;
	RETURN NULL;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN left(concat_ws(': ', message, nullif(detail, '')), 500);
END $$;
COMMENT ON FUNCTION @extschema@.pt_import_json_fault(text) IS
'Internal: why the text cannot be jsonb, as the server says it, or NULL if it can. Runs a subtransaction.';

CREATE FUNCTION @extschema@.pt_import_relative(path text, prefix text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 2
RETURN regexp_replace(CASE WHEN starts_with(path, prefix) THEN substr(path, length(prefix) + 1) ELSE path END, '^(\./+)+', '');
COMMENT ON FUNCTION @extschema@.pt_import_relative(text, text) IS
'Internal: the path, or path:line, without the prefix, then without ./ at its front. prefix: ends in a slash; NULL for none.';

CREATE FUNCTION @extschema@.pt_import_field(element jsonb, headers text[], name text) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 2
RETURN CASE WHEN headers IS NULL THEN element -> name ELSE element -> (array_position(headers, name) - 1) END;
COMMENT ON FUNCTION @extschema@.pt_import_field(jsonb, text[], text) IS
'Internal: a field of an element, by name in an object (headers NULL) or by the place of its header in a row; NULL if there is none.';

CREATE FUNCTION @extschema@.pt_import_misfit(element jsonb, headers text[]) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE COST 2
RETURN CASE WHEN headers IS NULL THEN NULL
			WHEN CASE WHEN jsonb_typeof(element) = 'array' THEN jsonb_array_length(element) = cardinality(headers) ELSE false END THEN NULL
			ELSE format('not an array of %s values', cardinality(headers)) END;
COMMENT ON FUNCTION @extschema@.pt_import_misfit(jsonb, text[]) IS
'Internal: what is wrong with an element as a row under these headers, or NULL.';

CREATE FUNCTION @extschema@.pt_import_graph(graph regclass, OUT edge_table regclass, OUT entity_table regclass)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 100
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	missing text;
BEGIN
	IF graph IS NULL THEN
		RAISE EXCEPTION 'graph must not be NULL' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	entity_table := @extschema@.pt_entity_table(graph);
	edge_table := coalesce((SELECT indrelid FROM pg_index WHERE indexrelid = graph), graph);
	IF entity_table IS NULL THEN
		missing := format('There is no table pt_edge at "%s" with a table pt_entity in its schema.', edge_table);
	ELSE
		SELECT format('%s lacks %s.', edge_table, string_agg(c, ', ' ORDER BY n)) INTO missing
		FROM unnest('{from_key,to_key,edge_type,source_location,confidence,method,reference_key}'::text[]) WITH ORDINALITY AS u (c, n)
		WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = edge_table AND attname = c AND attnum > 0 AND NOT attisdropped)
		HAVING count(*) > 0;
	END IF;
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION 'graph "%" is no codebase', graph USING ERRCODE = 'undefined_table', DETAIL = missing,
			HINT = 'A codebase is a schema with the tables pt_entity and pt_edge, made with '
				'CREATE TABLE ... (LIKE @extschema@.pt_entity INCLUDING ALL), and likewise pt_edge.';
	END IF;
END $$;
COMMENT ON FUNCTION @extschema@.pt_import_graph(regclass) IS
'Internal: the tables of a codebase. graph: its pt_edge or the adjacency index of that. Errors: 22004 NULL, 42P01 it has no table pt_entity beside it, is not named pt_edge, or lacks columns.';

-- ---------------------------------------------------------------------------
-- Which shape is it?
-- ---------------------------------------------------------------------------

CREATE TYPE @extschema@.pt_import_part AS (
	kind text,
	doomed boolean,
	mixed boolean,
	place text,
	path text[],
	headers text[]
);
COMMENT ON TYPE @extschema@.pt_import_part IS 'internal: an array of a document that pt_import reads';
COMMENT ON COLUMN @extschema@.pt_import_part.kind IS 'entity or edge';
COMMENT ON COLUMN @extschema@.pt_import_part.doomed IS 'its elements are to be deleted';
COMMENT ON COLUMN @extschema@.pt_import_part.mixed IS 'it has entities and edges, told apart by their fields';
COMMENT ON COLUMN @extschema@.pt_import_part.place IS 'how rejections name it: entities, CodeGraph.rows, nothing';
COMMENT ON COLUMN @extschema@.pt_import_part.path IS 'where it is in the document';
COMMENT ON COLUMN @extschema@.pt_import_part.headers IS 'of a relation, whose elements are rows; NULL if they are objects';

CREATE FUNCTION @extschema@.pt_import_stage() RETURNS regclass
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 1000
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	CREATE TEMPORARY TABLE pt_import_stage (
		section integer NOT NULL,	-- which array, as the document names it
		position bigint NOT NULL,	-- in the array, from 0
		element jsonb,
		content text,				-- what may be no jsonb, if element is NULL
		reason text					-- why content is no element, if that is known
	) ON COMMIT DROP;
	RETURN 'pg_temp.pt_import_stage'::regclass;
END $$;
COMMENT ON FUNCTION @extschema@.pt_import_stage() IS
'Make the temporary table pt_import_stage for pt_import_staged, dropped at the end of the transaction: section (number of an array), position (in that array, from 0), element, or else content (text that may not be jsonb) and reason (NULL: to be found out). Errors: 42P07 the transaction has one already.';

CREATE FUNCTION @extschema@.pt_import_elements(document jsonb, stage regclass, path text[])
RETURNS TABLE (ord bigint, raw jsonb, fault text, content text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 1000 ROWS 10000
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF stage IS NULL THEN
		RETURN QUERY
			SELECT e.o - 1, e.v, NULL::text, NULL::text
			FROM jsonb_array_elements(document #> path) WITH ORDINALITY AS e (v, o);
		RETURN;
	END IF;
	RETURN QUERY EXECUTE format($q$
		SELECT position, v, CASE WHEN v IS NULL THEN coalesce(reason, @extschema@.pt_import_json_fault(content)) END,
			   CASE WHEN v IS NULL THEN left(content, 1000) END
		FROM %s, LATERAL (SELECT coalesce(element, CASE WHEN reason IS NULL THEN @extschema@.pt_parse_json(content) END) OFFSET 0) AS p (v)
		WHERE section = $1 $q$, stage)
	USING (document #>> (path || '0'::text))::integer;
END $$;
COMMENT ON FUNCTION @extschema@.pt_import_elements(jsonb, regclass, text[]) IS
'Internal: the elements of the array at a path of the document. stage: a table as pt_import_stage makes it, where they are if the array holds but the number of their section; NULL: they are in the array. ord: from 0; fault: why an element is no jsonb, raw being NULL then and content its first 1000 characters. O(n).';

CREATE FUNCTION @extschema@.pt_import_relation(content jsonb, base text[], relation text) RETURNS @extschema@.pt_import_part
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 1000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	headers jsonb := content #> ARRAY[relation, 'headers'];
	entity CONSTANT boolean := relation LIKE '%CodeGraph';
	names text;
BEGIN
	IF jsonb_typeof(headers) IS DISTINCT FROM 'array'
		OR jsonb_typeof(content #> ARRAY[relation, 'rows']) IS DISTINCT FROM 'array'
		OR EXISTS (SELECT FROM jsonb_array_elements(headers) AS h (v) WHERE jsonb_typeof(v) <> 'string') THEN
		RAISE EXCEPTION 'relation "%" is not an object with "headers" and "rows"', relation USING
			ERRCODE = 'invalid_parameter_value',
			DETAIL = 'Both must be arrays, and headers be strings.';
	END IF;
	SELECT string_agg(format('"%s"', n), ', ' ORDER BY n) INTO names
	FROM unnest(CASE WHEN entity THEN '{ISGL1_key}' ELSE '{from_key,to_key}' END::text[]) AS n
	WHERE NOT headers ? n;
	IF names IS NOT NULL THEN
		RAISE EXCEPTION 'relation "%" has no header %', relation, names USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT string_agg(format('"%s"', h), ', ' ORDER BY h COLLATE "C") INTO names
	FROM (SELECT h FROM jsonb_array_elements_text(headers) AS h GROUP BY h HAVING count(*) > 1) AS twice;
	IF names IS NOT NULL THEN
		RAISE EXCEPTION 'relation "%" repeats the header %', relation, names USING ERRCODE = 'invalid_parameter_value';
	END IF;
	RETURN ROW(CASE WHEN entity THEN 'entity' ELSE 'edge' END, starts_with(relation, '-'), false, relation || '.rows',
			base || ARRAY[relation, 'rows'], ARRAY(SELECT jsonb_array_elements_text(headers)))::@extschema@.pt_import_part;
END $$;
COMMENT ON FUNCTION @extschema@.pt_import_relation(jsonb, text[], text) IS
'Internal: the part that a relation of CozoDB is. content: the object of relations; base: its path. Errors: 22023 no headers or rows, a header missing or repeated.';

CREATE FUNCTION @extschema@.pt_import_shape(document jsonb, stage regclass) RETURNS SETOF @extschema@.pt_import_part
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 1000 ROWS 4
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	relations CONSTANT text[] := '{-CodeGraph,-DependencyEdges,CodeGraph,DependencyEdges}';	-- in the order of reading
	content jsonb := document;
	base text[] := '{}';
	name text;
	names text;
BEGIN
	IF jsonb_typeof(content) = 'object' AND NOT content ?| (relations || '{entities,edges}'::text[])
		AND jsonb_typeof(content -> 'data') IN ('object', 'array') THEN
		content := content -> 'data';
		base := '{data}';
	END IF;

	IF jsonb_typeof(content) = 'array' THEN
		IF content = '[]' OR EXISTS (
			SELECT FROM @extschema@.pt_import_elements(document, stage, base)
			WHERE fault IS NOT NULL OR jsonb_typeof(raw) = 'object' AND raw ?| '{ISGL1_key,isgl1_key,key,from_key,to_key}') THEN
			RETURN NEXT ROW('entity', false, true, '', base, NULL)::@extschema@.pt_import_part;
			RETURN NEXT ROW('edge', false, true, '', base, NULL)::@extschema@.pt_import_part;
			RETURN;
		END IF;
		names := 'It is an array with no object that has a key.';
	ELSIF jsonb_typeof(content) <> 'object' THEN
		names := format('It is a %s.', jsonb_typeof(content));
	ELSIF content ?| relations THEN
		FOREACH name IN ARRAY relations LOOP
			CONTINUE WHEN NOT content ? name;
			RETURN NEXT @extschema@.pt_import_relation(content, base, name);
		END LOOP;
		SELECT string_agg(format('"%s"', k), ', ' ORDER BY k COLLATE "C") INTO names
		FROM jsonb_object_keys(content) AS k WHERE k <> ALL (relations);
		IF names IS NOT NULL THEN
			RAISE WARNING 'left out of the import: %', names;
		END IF;
		RETURN;
	ELSIF content ?| '{entities,edges}' THEN
		FOREACH name IN ARRAY '{entities,edges}'::text[] LOOP
			IF jsonb_typeof(content -> name) <> 'array' THEN
				RAISE EXCEPTION 'field "%" of the document is not an array', name USING ERRCODE = 'invalid_parameter_value';
			END IF;
		END LOOP;
		-- Edges may come of entities alone, from their dependency arrays.
		RETURN NEXT ROW('entity', false, false, 'entities', base || '{entities}'::text[], NULL)::@extschema@.pt_import_part;
		RETURN NEXT ROW('edge', false, false, 'edges', base || '{edges}'::text[], NULL)::@extschema@.pt_import_part;
		RETURN;
	ELSE
		SELECT coalesce('It is an object with the fields ' || string_agg(format('"%s"', left(f, 60)), ', ' ORDER BY f COLLATE "C") || '.',
						'It is an empty object.')
		INTO names FROM (SELECT f FROM jsonb_object_keys(content) AS k (f) ORDER BY f COLLATE "C" LIMIT 10) AS k;
	END IF;
	RAISE EXCEPTION 'document is no export of a known shape' USING
		ERRCODE = 'invalid_parameter_value', DETAIL = names,
		HINT = 'Expected is an array of entities or edges, an object with the array "entities" or "edges", '
			'or one with the relations "CodeGraph" or "DependencyEdges"; any of them also as the field "data" of an object.';
END $$;
COMMENT ON FUNCTION @extschema@.pt_import_shape(jsonb, regclass) IS
'Internal: the parts of a document that are to be imported, in that order. stage: as in pt_import_elements. Errors: 22023 unknown shape.';

-- ---------------------------------------------------------------------------
-- Entities: columns, or the reason why not.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_import_judged(document jsonb, stage regclass, part @extschema@.pt_import_part)
RETURNS TABLE (ord bigint, key text, v jsonb, reason text, content text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 1000 ROWS 10000
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	-- A key must fit the tables' btrees: at most a third of a page less some bytes.
	max_key CONSTANT integer := 2600;
	text_fields CONSTANT text[] := '{name,entity_name,entity_type,entity_class,language,file_path,
		Current_Code,current_code,code}';
BEGIN
	-- OFFSET 0 keeps a value that is used often from being computed as often.
	RETURN QUERY
	WITH item AS (
		SELECT ord, raw, coalesce(fault, @extschema@.pt_import_misfit(raw, part.headers)) AS fault, content,
			   CASE WHEN part.headers IS NULL THEN raw
					WHEN @extschema@.pt_import_misfit(raw, part.headers) IS NULL
					THEN (SELECT jsonb_object_agg(part.headers[i], raw -> i - 1) FROM generate_series(1, cardinality(part.headers)) AS i)
			   END AS v
		FROM @extschema@.pt_import_elements(document, stage, part.path)
		WHERE NOT part.mixed OR fault IS NOT NULL OR jsonb_typeof(raw) <> 'object' OR NOT raw ?| '{from_key,to_key}'
		OFFSET 0
	), field AS (
		SELECT *,
			   CASE WHEN jsonb_typeof(v -> 'ISGL1_key') <> 'null' THEN v -> 'ISGL1_key'
					WHEN jsonb_typeof(v -> 'isgl1_key') <> 'null' THEN v -> 'isgl1_key'
					WHEN jsonb_typeof(v -> 'key') <> 'null' THEN v -> 'key' END AS k
		FROM item
		OFFSET 0
	)
	SELECT ord, CASE WHEN reason IS NULL THEN k #>> '{}' END, CASE WHEN reason IS NULL THEN v END, reason,
		   CASE WHEN reason IS NOT NULL THEN coalesce(content, left(raw::text, 1000)) END
	FROM field, LATERAL (SELECT CASE
		WHEN fault IS NOT NULL THEN fault
		WHEN jsonb_typeof(v) <> 'object' THEN 'not an object'
		WHEN k IS NULL THEN 'no key'
		WHEN jsonb_typeof(k) <> 'string' THEN 'the key is not a string'
		WHEN k = '""' THEN 'the key is empty'
		WHEN octet_length(k #>> '{}') > max_key THEN format('the key has %s bytes, more than %s', octet_length(k #>> '{}'), max_key)
		ELSE coalesce(
			(SELECT f || ' is not a string' FROM unnest(text_fields) AS f WHERE jsonb_typeof(v -> f) NOT IN ('string', 'null') LIMIT 1),
			(SELECT f || ' is neither a boolean nor 0 or 1' FROM unnest('{current_ind,future_ind}'::text[]) AS f
			 WHERE v -> f NOT IN ('true', 'false', '1', '0', 'null') LIMIT 1),
			(SELECT f || ' is not an integer' FROM unnest('{line_start,line_end}'::text[]) AS f
			 WHERE jsonb_typeof(v -> f) <> 'null'
			   AND NOT CASE WHEN jsonb_typeof(v -> f) = 'number' AND v ->> f ~ '^-?[0-9]{1,10}$'
							THEN (v ->> f)::bigint BETWEEN -2147483648 AND 2147483647 ELSE false END LIMIT 1),
			(SELECT f || ' is not an array' FROM unnest('{forward_deps,reverse_deps}'::text[]) AS f
			 WHERE jsonb_typeof(v -> f) NOT IN ('array', 'null') LIMIT 1),
			CASE WHEN jsonb_typeof(v -> 'properties') NOT IN ('object', 'null') THEN 'properties is not an object' END)
		END) AS r (reason);
END $$;
COMMENT ON FUNCTION @extschema@.pt_import_judged(jsonb, regclass, @extschema@.pt_import_part) IS
'Internal: the entities of a part as objects v with their key or, both being NULL, the reason of their rejection and their first 1000 characters. O(n).';

CREATE FUNCTION @extschema@.pt_import_entities(document jsonb, stage regclass, part @extschema@.pt_import_part, prefix text)
RETURNS TABLE (ord bigint, key text, name text, entity_type text, entity_class text, language text, file_path text, line_start integer,
	line_end integer, signature jsonb, code text, properties jsonb, reason text, content text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 1000 ROWS 10000
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	-- Fields with a column of their own, under all their names, and derived ones.
	column_fields CONSTANT text[] := '{ISGL1_key,isgl1_key,key,name,entity_name,entity_type,entity_class,language,
		file_path,Current_Code,current_code,code,interface_signature,line_start,line_end,properties,
		forward_deps,reverse_deps,root_subfolder_L1,root_subfolder_L2,current_ind,future_ind}';
	relational CONSTANT boolean := part.headers IS NOT NULL;
BEGIN
	RETURN QUERY
	SELECT ord, key,
		   CASE WHEN v ? 'name' THEN v ->> 'name' ELSE coalesce(v ->> 'entity_name', @extschema@.pt_key_name(key)) END,
		   nullif(v ->> 'entity_type', ''),
		   nullif(v ->> 'entity_class', ''),
		   CASE WHEN v ? 'language' THEN nullif(v ->> 'language', '') ELSE @extschema@.pt_key_language(key) END,
		   nullif(@extschema@.pt_import_relative(v ->> 'file_path', prefix), ''),
		   CASE WHEN v ? 'line_start' THEN (v ->> 'line_start')::integer ELSE lines.first END,
		   CASE WHEN v ? 'line_end' THEN (v ->> 'line_end')::integer ELSE lines.last END,
		   signature,
		   coalesce(v ->> 'Current_Code', v ->> 'current_code', v ->> 'code'),
		   CASE jsonb_typeof(v -> 'properties') WHEN 'object' THEN v -> 'properties' ELSE '{}' END || properties,
		   reason, content
	FROM @extschema@.pt_import_judged(document, stage, part),
		 LATERAL (SELECT CASE jsonb_typeof(v -> 'interface_signature')
				WHEN 'null' THEN NULL
				WHEN 'string' THEN @extschema@.pt_parse_json(v ->> 'interface_signature')
				ELSE v -> 'interface_signature' END OFFSET 0) AS s (signature),
		 -- The lines: those of the key, else those of the signature; 0-0 is none.
		 LATERAL (SELECT coalesce(substring(key FROM ':([0-9]{1,9})-[0-9]{1,9}$'), substring(signature #>> '{line_range,start}' FROM '^[0-9]{1,9}$'))::integer,
						 coalesce(substring(key FROM ':[0-9]{1,9}-([0-9]{1,9})$'), substring(signature #>> '{line_range,end}' FROM '^[0-9]{1,9}$'))::integer
				 ) AS r (first, last),
		 LATERAL (SELECT CASE WHEN r.first > 0 OR r.last > 0 THEN r.first END, CASE WHEN r.first > 0 OR r.last > 0 THEN r.last END) AS lines (first, last),
		 -- All else. What a relation must have and pt_export makes up is no value.
		 LATERAL (
			SELECT coalesce(jsonb_object_agg(name, value), '{}')
			FROM (
				SELECT CASE p.key WHEN 'future_code' THEN 'Future_Code' WHEN 'future_action' THEN 'Future_Action'
								  WHEN 'tdd_classification' THEN 'TDD_Classification' ELSE p.key END, p.value
				FROM jsonb_each(v - column_fields) AS p
				UNION ALL
				SELECT f, CASE v -> f WHEN '1' THEN 'true' WHEN '0' THEN 'false' ELSE v -> f END
				FROM unnest('{current_ind,future_ind}'::text[]) AS f WHERE v ? f
				UNION ALL
				SELECT 'interface_signature', v -> 'interface_signature' WHERE signature IS NULL AND v ? 'interface_signature'
			) AS p (name, value)
			WHERE value <> 'null' AND NOT (relational AND (name, value) IN
				(('current_ind', 'true'), ('future_ind', 'false'), ('TDD_Classification', '""'), ('last_modified', '""')))
		 ) AS p (properties);
END $$;
COMMENT ON FUNCTION @extschema@.pt_import_entities(jsonb, regclass, @extschema@.pt_import_part, text) IS
'Internal: the entities of a part as the columns of pt_entity, or the reason of their rejection. prefix: as in pt_import_relative. O(n).';

CREATE FUNCTION @extschema@.pt_import_put_entities(document jsonb, stage regclass, part @extschema@.pt_import_part, entity_table regclass,
	import_id bigint, prefix text, OUT total bigint, OUT inserted bigint, OUT updated bigint, OUT rejected bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	columns CONSTANT text[] := '{name,entity_type,entity_class,language,file_path,line_start,line_end,signature,code}';
	-- Fields of CodeGraph that live in properties.
	property_fields CONSTANT text[] := '{current_ind,future_ind,Future_Code,Future_Action,TDD_Classification,
		lsp_meta_data,last_modified,birth_timestamp,content_hash,semantic_path,interface_signature}';
	relational CONSTANT boolean := part.headers IS NOT NULL;
	merged text;
BEGIN
	-- A relation's row is all there is to know; an object says what it has.
	SELECT string_agg(format(CASE WHEN relational THEN 'EXCLUDED.%1$s' ELSE 'coalesce(EXCLUDED.%1$s, e.%1$s)' END, c), ', ' ORDER BY n)
	INTO merged FROM unnest(columns) WITH ORDINALITY AS u (c, n);

	-- last: the last good one of each key, in key order.
	EXECUTE format($q$
		WITH judged AS MATERIALIZED (
			SELECT * FROM @extschema@.pt_import_entities($1, $2, $3, $4)
		), rejected AS (
			INSERT INTO @extschema@.pt_import_rejection (import_id, kind, position, reason, content)
			SELECT $5, 'entity', format('%%s[%%s]', $3.place, ord), reason, content FROM judged WHERE reason IS NOT NULL
			RETURNING 1
		), last AS MATERIALIZED (
			SELECT DISTINCT ON (key COLLATE "C") * FROM judged WHERE reason IS NULL ORDER BY key COLLATE "C", ord DESC
		), put AS (
			INSERT INTO %1$s AS e (key, %2$s, properties, updated_at)
			SELECT key, %2$s, properties, now() FROM last ORDER BY key COLLATE "C"
			ON CONFLICT (key) DO UPDATE SET (%2$s, properties, updated_at) =
				ROW(%3$s, (e.properties - $6) || EXCLUDED.properties, EXCLUDED.updated_at)
			WHERE (e.properties, %4$s) IS DISTINCT FROM ((e.properties - $6) || EXCLUDED.properties, %3$s)
			RETURNING e.xmax = 0 AS is_new
		)
		SELECT (SELECT count(*) FROM last), (SELECT count(*) FROM put WHERE is_new),
			   (SELECT count(*) FROM put WHERE NOT is_new), (SELECT count(*) FROM rejected) $q$,
		entity_table, array_to_string(columns, ', '), merged, 'e.' || array_to_string(columns, ', e.'))
	INTO total, inserted, updated, rejected
	USING document, stage, part, prefix, import_id, CASE WHEN relational THEN property_fields ELSE '{}' END;
END $$;
COMMENT ON FUNCTION @extschema@.pt_import_put_entities(jsonb, regclass, @extschema@.pt_import_part, regclass, bigint, text) IS
'Internal: write the entities of a part, in key order. total: keys that it had; what was not inserted or updated of them is unchanged, or a trigger suppressed it. O(n log n).';

-- ---------------------------------------------------------------------------
-- Edges: the same.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_import_dependencies(document jsonb, stage regclass, part @extschema@.pt_import_part)
RETURNS TABLE (ord bigint, dep_ord bigint, field text, key jsonb, dep jsonb)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 1000 ROWS 10000
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	max_key CONSTANT integer := 2600;	-- such an entity is rejected as it is
BEGIN
	RETURN QUERY
	SELECT ord, d.o - 1, f, to_jsonb(k), d.v
	FROM @extschema@.pt_import_elements(document, stage, part.path),
		 LATERAL (SELECT coalesce(raw ->> 'ISGL1_key', raw ->> 'isgl1_key', raw ->> 'key')) AS k (k),
		 unnest('{forward_deps,reverse_deps}'::text[]) AS f,
		 jsonb_array_elements(CASE WHEN jsonb_typeof(raw -> f) = 'array' THEN raw -> f END) WITH ORDINALITY AS d (v, o)
	WHERE k <> '' AND octet_length(k) <= max_key;
END $$;
COMMENT ON FUNCTION @extschema@.pt_import_dependencies(jsonb, regclass, @extschema@.pt_import_part) IS
'Internal: the elements of the arrays forward_deps and reverse_deps (field) of a part''s entities. ord: place of the entity, dep_ord: place in its array, both from 0. O(n).';

CREATE FUNCTION @extschema@.pt_import_edges(document jsonb, stage regclass, part @extschema@.pt_import_part,
	entities @extschema@.pt_import_part, dependency_type text, prefix text)
RETURNS TABLE (source integer, ord bigint, dep_ord bigint, from_key text, to_key text, edge_type text, location text,
	reason text, place text, content text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 1000 ROWS 10000
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	max_key CONSTANT integer := 2600;
	with_dependencies CONSTANT boolean := entities.headers IS NULL AND dependency_type IS NOT NULL;
BEGIN
	-- f, t, y, l: the fields. Those of the dependency arrays come first: an edge
	-- of its own may have a location, and the last one wins.
	RETURN QUERY
	WITH item AS (
		SELECT 0 AS source, ord, dep_ord, field, dep AS raw, NULL::text AS fault, NULL::text AS content,
			   CASE field WHEN 'forward_deps' THEN key ELSE dep END AS f, CASE field WHEN 'forward_deps' THEN dep ELSE key END AS t,
			   to_jsonb(dependency_type) AS y, NULL::jsonb AS l
		FROM @extschema@.pt_import_dependencies(document, stage, entities)
		WHERE with_dependencies
		UNION ALL
		SELECT 1, ord, 0, NULL, raw,
			   CASE WHEN fault IS NOT NULL THEN fault
					WHEN part.headers IS NOT NULL THEN @extschema@.pt_import_misfit(raw, part.headers)
					WHEN jsonb_typeof(raw) <> 'object' THEN 'not an object' END,
			   content,
			   @extschema@.pt_import_field(raw, part.headers, 'from_key'), @extschema@.pt_import_field(raw, part.headers, 'to_key'),
			   @extschema@.pt_import_field(raw, part.headers, 'edge_type'), @extschema@.pt_import_field(raw, part.headers, 'source_location')
		FROM @extschema@.pt_import_elements(document, stage, part.path)
		WHERE NOT part.mixed OR (jsonb_typeof(raw) = 'object' AND raw ?| '{from_key,to_key}')
		OFFSET 0
	), field AS (
		SELECT *, f #>> '{}' AS from_key, t #>> '{}' AS to_key, coalesce(y #>> '{}', 'Calls') AS edge_type, l #>> '{}' AS location
		FROM item
		OFFSET 0
	)
	SELECT source, ord, dep_ord, from_key, to_key, edge_type, @extschema@.pt_import_relative(location, prefix), reason,
		   CASE WHEN reason IS NULL THEN NULL
				WHEN source = 0 THEN format('%s[%s].%s[%s]', entities.place, ord, field, dep_ord)
				ELSE format('%s[%s]', part.place, ord) END,
		   CASE WHEN reason IS NOT NULL THEN coalesce(content, left(raw::text, 1000)) END
	FROM field, LATERAL (SELECT CASE
		WHEN fault IS NOT NULL THEN fault
		WHEN from_key IS NULL THEN 'no from_key'
		WHEN to_key IS NULL THEN 'no to_key'
		WHEN jsonb_typeof(f) <> 'string' THEN 'from_key is not a string'
		WHEN jsonb_typeof(t) <> 'string' THEN 'to_key is not a string'
		WHEN jsonb_typeof(y) NOT IN ('string', 'null') THEN 'edge_type is not a string'
		WHEN jsonb_typeof(l) NOT IN ('string', 'null') THEN 'source_location is not a string'
		WHEN from_key = '' THEN 'from_key is empty'
		WHEN to_key = '' THEN 'to_key is empty'
		WHEN octet_length(from_key) + octet_length(to_key) + octet_length(edge_type) > max_key
			THEN format('from_key, to_key and edge_type have %s bytes, more than %s',
						octet_length(from_key) + octet_length(to_key) + octet_length(edge_type), max_key)
		END) AS r (reason);
END $$;
COMMENT ON FUNCTION @extschema@.pt_import_edges(jsonb, regclass, @extschema@.pt_import_part, @extschema@.pt_import_part, text, text) IS
'Internal: the edges of a part (source 1) and of the dependency arrays of the part entities (source 0), or the reason of their rejection with their place and first 1000 characters. dependency_type: as in pt_import; prefix: as in pt_import_relative. O(n).';

CREATE FUNCTION @extschema@.pt_import_put_edges(document jsonb, stage regclass, part @extschema@.pt_import_part,
	entities @extschema@.pt_import_part, edge_table regclass, import_id bigint, dependency_type text, prefix text,
	OUT total bigint, OUT inserted bigint, OUT updated bigint, OUT rejected bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	location text := CASE WHEN part.headers IS NULL
		THEN 'coalesce(EXCLUDED.source_location, CASE WHEN e.confidence IS NULL THEN e.source_location END)'
		ELSE 'EXCLUDED.source_location' END;
BEGIN
	-- An edge of a document is a fact, also where a guess was.
	EXECUTE format($q$
		WITH judged AS MATERIALIZED (
			SELECT * FROM @extschema@.pt_import_edges($1, $2, $3, $4, $5, $6)
		), rejected AS (
			INSERT INTO @extschema@.pt_import_rejection (import_id, kind, position, reason, content)
			SELECT $7, 'edge', place, reason, content FROM judged WHERE reason IS NOT NULL
			RETURNING 1
		), last AS MATERIALIZED (
			SELECT DISTINCT ON (from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C") from_key, to_key, edge_type, location
			FROM judged WHERE reason IS NULL
			ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C", source DESC, ord DESC, dep_ord DESC
		), put AS (
			INSERT INTO %1$s AS e (from_key, to_key, edge_type, source_location)
			SELECT from_key, to_key, edge_type, location FROM last
			ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C"
			ON CONFLICT (from_key, to_key, edge_type) DO UPDATE SET
				source_location = %2$s, confidence = NULL, method = NULL, reference_key = NULL
			WHERE e.source_location IS DISTINCT FROM %2$s OR e.confidence IS NOT NULL
			RETURNING e.xmax = 0 AS is_new
		)
		SELECT (SELECT count(*) FROM last), (SELECT count(*) FROM put WHERE is_new),
			   (SELECT count(*) FROM put WHERE NOT is_new), (SELECT count(*) FROM rejected) $q$,
		edge_table, location)
	INTO total, inserted, updated, rejected
	USING document, stage, part, entities, dependency_type, prefix, import_id;
END $$;
COMMENT ON FUNCTION @extschema@.pt_import_put_edges(jsonb, regclass, @extschema@.pt_import_part, @extschema@.pt_import_part, regclass, bigint, text, text) IS
'Internal: write the edges of a part and of the dependency arrays of the part entities, in key order, as facts. Counts as pt_import_put_entities. O(n log n).';

-- ---------------------------------------------------------------------------
-- Deletions.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_import_delete_entities(document jsonb, stage regclass, part @extschema@.pt_import_part, entity_table regclass,
	import_id bigint, OUT deleted bigint, OUT rejected bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	EXECUTE format($q$
		WITH item AS MATERIALIZED (
			SELECT ord, raw, coalesce(fault, @extschema@.pt_import_misfit(raw, $3.headers)) AS fault, content,
				   @extschema@.pt_import_field(raw, $3.headers, 'ISGL1_key') AS key
			FROM @extschema@.pt_import_elements($1, $2, $3.path)
		), judged AS MATERIALIZED (
			SELECT *, CASE
				WHEN fault IS NOT NULL THEN fault
				WHEN jsonb_typeof(key) <> 'string' THEN 'the key is not a string' END AS reason
			FROM item
		), rejected AS (
			INSERT INTO @extschema@.pt_import_rejection (import_id, kind, position, reason, content)
			SELECT $4, 'entity', format('%%s[%%s]', $3.place, ord), reason, coalesce(content, left(raw::text, 1000))
			FROM judged WHERE reason IS NOT NULL
			RETURNING 1
		), deleted AS (
			DELETE FROM %s AS e
			USING (SELECT DISTINCT key #>> '{}' AS key FROM judged WHERE reason IS NULL) AS d
			WHERE e.key = d.key
			RETURNING 1
		)
		SELECT (SELECT count(*) FROM deleted), (SELECT count(*) FROM rejected) $q$, entity_table)
	INTO deleted, rejected
	USING document, stage, part, import_id;
END $$;
COMMENT ON FUNCTION @extschema@.pt_import_delete_entities(jsonb, regclass, @extschema@.pt_import_part, regclass, bigint) IS
'Internal: delete the entities that the rows of a part name. O(n log n).';

CREATE FUNCTION @extschema@.pt_import_delete_edges(document jsonb, stage regclass, part @extschema@.pt_import_part, edge_table regclass,
	import_id bigint, OUT deleted bigint, OUT rejected bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- Guesses stay: pt_resolve_references makes them and takes them back.
	EXECUTE format($q$
		WITH item AS MATERIALIZED (
			SELECT ord, raw, coalesce(fault, @extschema@.pt_import_misfit(raw, $3.headers)) AS fault, content,
				   @extschema@.pt_import_field(raw, $3.headers, 'from_key') AS f,
				   @extschema@.pt_import_field(raw, $3.headers, 'to_key') AS t,
				   coalesce(@extschema@.pt_import_field(raw, $3.headers, 'edge_type'), '"Calls"') AS y
			FROM @extschema@.pt_import_elements($1, $2, $3.path)
		), judged AS MATERIALIZED (
			SELECT *, CASE
				WHEN fault IS NOT NULL THEN fault
				WHEN jsonb_typeof(f) <> 'string' THEN 'from_key is not a string'
				WHEN jsonb_typeof(t) <> 'string' THEN 'to_key is not a string'
				WHEN jsonb_typeof(y) <> 'string' THEN 'edge_type is not a string' END AS reason
			FROM item
		), rejected AS (
			INSERT INTO @extschema@.pt_import_rejection (import_id, kind, position, reason, content)
			SELECT $4, 'edge', format('%%s[%%s]', $3.place, ord), reason, coalesce(content, left(raw::text, 1000))
			FROM judged WHERE reason IS NOT NULL
			RETURNING 1
		), deleted AS (
			DELETE FROM %s AS e
			USING (SELECT DISTINCT f #>> '{}' AS f, t #>> '{}' AS t, y #>> '{}' AS y FROM judged WHERE reason IS NULL) AS d
			WHERE e.from_key = d.f AND e.to_key = d.t AND e.edge_type = d.y AND e.confidence IS NULL
			RETURNING 1
		)
		SELECT (SELECT count(*) FROM deleted), (SELECT count(*) FROM rejected) $q$, edge_table)
	INTO deleted, rejected
	USING document, stage, part, import_id;
END $$;
COMMENT ON FUNCTION @extschema@.pt_import_delete_edges(jsonb, regclass, @extschema@.pt_import_part, regclass, bigint) IS
'Internal: delete the facts that the rows of a part name; without an edge_type, those of type Calls. O(n log n).';

-- ---------------------------------------------------------------------------
-- In.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_import_staged(
	document jsonb,
	stage regclass,
	root text,
	dependency_type text,
	graph regclass,
	OUT import_id bigint,
	OUT entities_inserted bigint,
	OUT entities_updated bigint,
	OUT entities_unchanged bigint,
	OUT entities_deleted bigint,
	OUT entities_rejected bigint,
	OUT edges_inserted bigint,
	OUT edges_updated bigint,
	OUT edges_unchanged bigint,
	OUT edges_deleted bigint,
	OUT edges_rejected bigint
)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $$
DECLARE
	prefix text := nullif(rtrim(root, '/'), '') || '/';
	parts @extschema@.pt_import_part[];
	part @extschema@.pt_import_part;
	entities @extschema@.pt_import_part;	-- the part whose elements may have dependency arrays
	edge_table regclass;
	entity_table regclass;
	n record;
BEGIN
	IF document IS NULL THEN
		RAISE EXCEPTION 'document must not be NULL' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	SELECT g.edge_table, g.entity_table INTO edge_table, entity_table FROM @extschema@.pt_import_graph(graph) AS g;
	parts := ARRAY(SELECT p FROM @extschema@.pt_import_shape(document, stage) AS p);
	import_id := nextval('@extschema@.pt_import_id');
	entities_inserted := 0;
	entities_updated := 0;
	entities_unchanged := 0;
	entities_deleted := 0;
	entities_rejected := 0;
	edges_inserted := 0;
	edges_updated := 0;
	edges_unchanged := 0;
	edges_deleted := 0;
	edges_rejected := 0;

	-- Deletions come before the rest, so a document with deletions takes its rows
	-- in no single order: it keeps other writers away instead.
	FOREACH part IN ARRAY parts LOOP
		IF part.doomed THEN
			EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', CASE part.kind WHEN 'entity' THEN entity_table ELSE edge_table END);
		END IF;
	END LOOP;

	FOREACH part IN ARRAY parts LOOP
		IF part.doomed AND part.kind = 'entity' THEN
			n := @extschema@.pt_import_delete_entities(document, stage, part, entity_table, import_id);
			entities_deleted := n.deleted;
			entities_rejected := n.rejected;
		ELSIF part.doomed THEN
			n := @extschema@.pt_import_delete_edges(document, stage, part, edge_table, import_id);
			edges_deleted := n.deleted;
			edges_rejected := n.rejected;
		ELSIF part.kind = 'entity' THEN
			entities := part;
			n := @extschema@.pt_import_put_entities(document, stage, part, entity_table, import_id, prefix);
			entities_inserted := n.inserted;
			entities_updated := n.updated;
			entities_unchanged := n.total - n.inserted - n.updated;
			entities_rejected := entities_rejected + n.rejected;
		ELSE
			n := @extschema@.pt_import_put_edges(document, stage, part, entities, edge_table, import_id, dependency_type, prefix);
			edges_inserted := n.inserted;
			edges_updated := n.updated;
			edges_unchanged := n.total - n.inserted - n.updated;
			edges_rejected := edges_rejected + n.rejected;
		END IF;
	END LOOP;
END $$;
COMMENT ON FUNCTION @extschema@.pt_import_staged(jsonb, regclass, text, text, regclass) IS
'What pt_import does, for a document whose long arrays were loaded into a table first, as tools/pt-import does it. document: the export with each such array holding but the number of its section in the table; stage: that table, see pt_import_stage(), or NULL if the document is whole. The rest as in pt_import, without defaults. Memory does not grow with the table. Errors: as pt_import, 22004 graph is NULL. O(n log n).';

CREATE FUNCTION @extschema@.pt_import(
	document jsonb,
	root text DEFAULT NULL,
	dependency_type text DEFAULT 'Uses',
	graph regclass DEFAULT NULL,
	OUT import_id bigint,
	OUT entities_inserted bigint,
	OUT entities_updated bigint,
	OUT entities_unchanged bigint,
	OUT entities_deleted bigint,
	OUT entities_rejected bigint,
	OUT edges_inserted bigint,
	OUT edges_updated bigint,
	OUT edges_unchanged bigint,
	OUT edges_deleted bigint,
	OUT edges_rejected bigint
)
LANGUAGE sql VOLATILE PARALLEL UNSAFE COST 10000
SET plan_cache_mode = force_generic_plan
BEGIN ATOMIC
	SELECT * FROM @extschema@.pt_import_staged(document, NULL, root, dependency_type, coalesce(graph, @extschema@.pt_default_graph()));
END;
COMMENT ON FUNCTION @extschema@.pt_import(jsonb, text, text, regclass) IS
'Import an export of Parseltongue: an array of entities and edges, an object with "entities" or "edges", or CozoDB''s relations CodeGraph and DependencyEdges (with a leading "-": rows to delete), each alone or as "data". root: a folder to take off the front of file paths, from which ./ goes in any case. dependency_type: the type of the edges made of forward_deps and reverse_deps, NULL for none. graph: the codebase, by its pt_edge; NULL for pt_default_graph(). A relation''s row replaces the entity''s columns, an object changes the fields it has; of a repeated key the last wins; what is the same is not written. Edges are written and deleted as facts: one that was a guess becomes a fact, a guess is not deleted. Rows are written in key order; a document with deletions locks out other writers. Rejected rows go to pt_import_rejection under import_id. Errors: 22023 unknown shape, 22004 NULL, 42P01 the graph is no codebase. O(n log n).';

-- ---------------------------------------------------------------------------
-- Out.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_export_tables(graph regclass) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
	tables record := @extschema@.pt_import_graph(graph);
	document jsonb;
BEGIN
	EXECUTE format($q$
	SELECT jsonb_build_object('ok', true, 'data', jsonb_build_object(
		'CodeGraph', jsonb_build_object(
			'headers', jsonb_build_array('ISGL1_key', 'Current_Code', 'Future_Code', 'interface_signature', 'TDD_Classification',
				'lsp_meta_data', 'current_ind', 'future_ind', 'Future_Action', 'file_path', 'language', 'last_modified',
				'entity_type', 'entity_class', 'birth_timestamp', 'content_hash', 'semantic_path', 'root_subfolder_L1',
				'root_subfolder_L2', 'name', 'line_start', 'line_end', 'properties'),
			'rows', (
				SELECT coalesce(jsonb_agg(jsonb_build_array(key, code, fields -> 'Future_Code', coalesce(signature::text, fields ->> 'interface_signature'),
					coalesce(fields ->> 'TDD_Classification', ''), fields -> 'lsp_meta_data', NOT fields ? 'current_ind', fields ? 'future_ind',
					fields -> 'Future_Action', coalesce(file_path, ''), coalesce(language, ''), coalesce(fields ->> 'last_modified', ''),
					coalesce(entity_type, ''), coalesce(entity_class, ''), fields -> 'birth_timestamp', fields -> 'content_hash', fields -> 'semantic_path',
					CASE WHEN cardinality(folders) > 1 THEN folders[1] ELSE '' END, CASE WHEN cardinality(folders) > 2 THEN folders[2] ELSE '' END,
					name, line_start, line_end, nullif(properties - ARRAY(SELECT jsonb_object_keys(fields)), '{}')) ORDER BY key COLLATE "C"), '[]')
				FROM %1$s,
					 LATERAL (SELECT string_to_array(ltrim(file_path, '/'), '/')) AS f (folders),
					 -- The properties that a header carries so that pt_import reads them back the same.
					 LATERAL (
						SELECT coalesce(jsonb_object_agg(p.key, p.value), '{}')
						FROM jsonb_each(properties) AS p
						WHERE CASE
							WHEN p.key IN ('Future_Code', 'Future_Action', 'lsp_meta_data', 'content_hash', 'semantic_path') THEN jsonb_typeof(p.value) = 'string'
							WHEN p.key IN ('TDD_Classification', 'last_modified') THEN jsonb_typeof(p.value) = 'string' AND p.value <> '""'
							WHEN p.key = 'birth_timestamp' THEN jsonb_typeof(p.value) = 'number'
							WHEN p.key = 'current_ind' THEN p.value = 'false'
							WHEN p.key = 'future_ind' THEN p.value = 'true'
							WHEN p.key = 'interface_signature' THEN signature IS NULL AND jsonb_typeof(p.value) = 'string'
								AND @extschema@.pt_parse_json(p.value #>> '{}') IS NULL
							ELSE false END
					 ) AS p (fields)),
			'next', NULL),
		'DependencyEdges', jsonb_build_object(
			'headers', jsonb_build_array('from_key', 'to_key', 'edge_type', 'source_location'),
			'rows', (
				SELECT coalesce(jsonb_agg(jsonb_build_array(from_key, to_key, edge_type, source_location)
					ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C"), '[]')
				FROM %2$s WHERE confidence IS NULL),
			'next', NULL))) $q$,
		tables.entity_table, tables.edge_table)
	INTO document;
	RETURN document;
END $$;
COMMENT ON FUNCTION @extschema@.pt_export_tables(regclass) IS
'Internal: what pt_export returns. graph: as in pt_import_graph.';

CREATE FUNCTION @extschema@.pt_export(graph regclass DEFAULT NULL) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL UNSAFE COST 100000
RETURN @extschema@.pt_export_tables(coalesce(graph, @extschema@.pt_default_graph()));
COMMENT ON FUNCTION @extschema@.pt_export(regclass) IS
'All entities and all facts among the edges of a codebase as CozoDB''s relations CodeGraph and DependencyEdges, in key order, as pt_import takes them; four more headers (name, line_start, line_end, properties) carry what CodeGraph has no column for, and the folder levels are those of file_path. Guesses are left out: pt_resolve_references makes them again. graph: the codebase, by its pt_edge; NULL for pt_default_graph(). Errors: 42P01 the graph is no codebase, 54000 beyond 256 MB, the limit of a jsonb array.';

-- ---------------------------------------------------------------------------
-- Reading.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_blast_radius(
	key text,
	hops integer DEFAULT 3,
	direction text DEFAULT 'in',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (entity_key text, distance integer)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 100;
COMMENT ON FUNCTION @extschema@.pt_blast_radius(text, integer, text, text[], bigint, boolean, regclass, numeric) IS
'Everything that a change of key can reach within hops edges, each node once at its minimum distance, nearest first; never the start itself. direction: in (who depends on key), out, or both. hops: 0 for nothing, NULL for no bound. edge_types: labels to follow, NULL for all. max_nodes: cut the answer there, with a warning. graph: an edge table with one adjacency index, or such an index; NULL for the default graph. min_confidence: follow guesses of at least this confidence, too; NULL for facts only. Errors: 42704 unknown key unless missing_ok, 22023 bad argument. Breadth-first search: O(edges touched).';

CREATE FUNCTION @extschema@.pt_blast_radius_summary(
	key text,
	hops integer DEFAULT 3,
	direction text DEFAULT 'in',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (distance integer, entities bigint)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 500 ROWS 5;
COMMENT ON FUNCTION @extschema@.pt_blast_radius_summary(text, integer, text, text[], bigint, boolean, regclass, numeric) IS
'The number of entities pt_blast_radius finds at each distance, without fetching their keys. Same arguments and errors; distances without entities are not listed.';

CREATE FUNCTION @extschema@.pt_blast_radius_count(
	key text,
	hops integer DEFAULT 3,
	direction text DEFAULT 'in',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL,
	min_confidence numeric DEFAULT NULL
) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 500;
COMMENT ON FUNCTION @extschema@.pt_blast_radius_count(text, integer, text, text[], bigint, boolean, regclass, numeric) IS
'The number of entities pt_blast_radius finds, without fetching their keys: 0 for a key that is known but has no dependents. Same arguments and errors.';

CREATE FUNCTION @extschema@.pt_impact(
	keys text[],
	hops integer DEFAULT 3,
	direction text DEFAULT 'in',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (entity_key text, distance integer, nearest_key text)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_impact(text[], integer, text, text[], bigint, boolean, regclass, numeric) IS
'Everything that a change of any of keys can reach, in one walk from all of them: each entity once, with its distance to the nearest of keys and that key (of several as near, the one that comes first among keys). The keys themselves are not listed. Arguments and errors as of pt_blast_radius; a NULL in keys is 22004. O(edges touched).';

CREATE FUNCTION @extschema@.pt_callers(
	key text,
	edge_types text[] DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (from_key text, to_key text, edge_type text, source_location text)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100 ROWS 10;
COMMENT ON FUNCTION @extschema@.pt_callers(text, text[], boolean, regclass, numeric) IS
'The edges that end in key, one row each. edge_type is NULL where the index has no label column, source_location where the table has no such column. min_confidence: list guesses of at least this confidence, too. Errors: 42704 unknown key unless missing_ok. O(edges of the key).';

CREATE FUNCTION @extschema@.pt_callees(
	key text,
	edge_types text[] DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (from_key text, to_key text, edge_type text, source_location text)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100 ROWS 10;
COMMENT ON FUNCTION @extschema@.pt_callees(text, text[], boolean, regclass, numeric) IS
'The edges that start at key, one row each. Otherwise as pt_callers.';

CREATE FUNCTION @extschema@.pt_bfs(
	graph regclass,
	start smallint,
	max_depth integer DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (node smallint, depth integer, parent smallint)
AS 'MODULE_PATHNAME', 'pt_bfs' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_bfs(regclass, smallint, integer, text, text[], bigint, boolean, numeric) IS
'Breadth-first search from start, which is listed at depth 0 with a NULL parent (unless unknown and missing_ok); each node once at its minimum depth with one parent on a shortest path. Nodes come back as smallint; one that does not fit is an error (22003). max_depth: NULL for no bound. direction: out, in or both. min_confidence: follow guesses of at least this confidence, too; NULL for facts only. Errors: 42704 unknown start unless missing_ok, 22023 bad argument. O(edges touched).';

CREATE FUNCTION @extschema@.pt_bfs(
	graph regclass,
	starts smallint[],
	max_depth integer DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (node smallint, depth integer, parent smallint)
AS 'MODULE_PATHNAME', 'pt_bfs_array' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_bfs(regclass, smallint[], integer, text, text[], bigint, boolean, numeric) IS
'Breadth-first search from each of starts at once, which are listed at depth 0 with a NULL parent (unless unknown and missing_ok); each node once at its minimum depth with one parent on a shortest path. Nodes come back as smallint; one that does not fit is an error (22003). max_depth: NULL for no bound. direction: out, in or both. min_confidence: follow guesses of at least this confidence, too; NULL for facts only. Errors: 42704 unknown start unless missing_ok, 22023 bad argument. O(edges touched).';

CREATE FUNCTION @extschema@.pt_bfs(
	graph regclass,
	start integer,
	max_depth integer DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (node integer, depth integer, parent integer)
AS 'MODULE_PATHNAME', 'pt_bfs' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_bfs(regclass, integer, integer, text, text[], bigint, boolean, numeric) IS
'Breadth-first search from start, which is listed at depth 0 with a NULL parent (unless unknown and missing_ok); each node once at its minimum depth with one parent on a shortest path. Nodes come back as integer; one that does not fit is an error (22003). max_depth: NULL for no bound. direction: out, in or both. min_confidence: follow guesses of at least this confidence, too; NULL for facts only. Errors: 42704 unknown start unless missing_ok, 22023 bad argument. O(edges touched).';

CREATE FUNCTION @extschema@.pt_bfs(
	graph regclass,
	starts integer[],
	max_depth integer DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (node integer, depth integer, parent integer)
AS 'MODULE_PATHNAME', 'pt_bfs_array' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_bfs(regclass, integer[], integer, text, text[], bigint, boolean, numeric) IS
'Breadth-first search from each of starts at once, which are listed at depth 0 with a NULL parent (unless unknown and missing_ok); each node once at its minimum depth with one parent on a shortest path. Nodes come back as integer; one that does not fit is an error (22003). max_depth: NULL for no bound. direction: out, in or both. min_confidence: follow guesses of at least this confidence, too; NULL for facts only. Errors: 42704 unknown start unless missing_ok, 22023 bad argument. O(edges touched).';

CREATE FUNCTION @extschema@.pt_bfs(
	graph regclass,
	start bigint,
	max_depth integer DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (node bigint, depth integer, parent bigint)
AS 'MODULE_PATHNAME', 'pt_bfs' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_bfs(regclass, bigint, integer, text, text[], bigint, boolean, numeric) IS
'Breadth-first search from start, which is listed at depth 0 with a NULL parent (unless unknown and missing_ok); each node once at its minimum depth with one parent on a shortest path. Nodes come back as bigint; one that does not fit is an error (22003). max_depth: NULL for no bound. direction: out, in or both. min_confidence: follow guesses of at least this confidence, too; NULL for facts only. Errors: 42704 unknown start unless missing_ok, 22023 bad argument. O(edges touched).';

CREATE FUNCTION @extschema@.pt_bfs(
	graph regclass,
	starts bigint[],
	max_depth integer DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (node bigint, depth integer, parent bigint)
AS 'MODULE_PATHNAME', 'pt_bfs_array' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_bfs(regclass, bigint[], integer, text, text[], bigint, boolean, numeric) IS
'Breadth-first search from each of starts at once, which are listed at depth 0 with a NULL parent (unless unknown and missing_ok); each node once at its minimum depth with one parent on a shortest path. Nodes come back as bigint; one that does not fit is an error (22003). max_depth: NULL for no bound. direction: out, in or both. min_confidence: follow guesses of at least this confidence, too; NULL for facts only. Errors: 42704 unknown start unless missing_ok, 22023 bad argument. O(edges touched).';

CREATE FUNCTION @extschema@.pt_bfs(
	graph regclass,
	start text,
	max_depth integer DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (node text, depth integer, parent text)
AS 'MODULE_PATHNAME', 'pt_bfs' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_bfs(regclass, text, integer, text, text[], bigint, boolean, numeric) IS
'Breadth-first search from start, which is listed at depth 0 with a NULL parent (unless unknown and missing_ok); each node once at its minimum depth with one parent on a shortest path. Nodes come back as text; one that does not fit is an error (22003). max_depth: NULL for no bound. direction: out, in or both. min_confidence: follow guesses of at least this confidence, too; NULL for facts only. Errors: 42704 unknown start unless missing_ok, 22023 bad argument. O(edges touched).';

CREATE FUNCTION @extschema@.pt_bfs(
	graph regclass,
	starts text[],
	max_depth integer DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (node text, depth integer, parent text)
AS 'MODULE_PATHNAME', 'pt_bfs_array' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_bfs(regclass, text[], integer, text, text[], bigint, boolean, numeric) IS
'Breadth-first search from each of starts at once, which are listed at depth 0 with a NULL parent (unless unknown and missing_ok); each node once at its minimum depth with one parent on a shortest path. Nodes come back as text; one that does not fit is an error (22003). max_depth: NULL for no bound. direction: out, in or both. min_confidence: follow guesses of at least this confidence, too; NULL for facts only. Errors: 42704 unknown start unless missing_ok, 22023 bad argument. O(edges touched).';

CREATE FUNCTION @extschema@.pt_bfs(
	graph regclass,
	start uuid,
	max_depth integer DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (node uuid, depth integer, parent uuid)
AS 'MODULE_PATHNAME', 'pt_bfs' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_bfs(regclass, uuid, integer, text, text[], bigint, boolean, numeric) IS
'Breadth-first search from start, which is listed at depth 0 with a NULL parent (unless unknown and missing_ok); each node once at its minimum depth with one parent on a shortest path. Nodes come back as uuid; one that does not fit is an error (22003). max_depth: NULL for no bound. direction: out, in or both. min_confidence: follow guesses of at least this confidence, too; NULL for facts only. Errors: 42704 unknown start unless missing_ok, 22023 bad argument. O(edges touched).';

CREATE FUNCTION @extschema@.pt_bfs(
	graph regclass,
	starts uuid[],
	max_depth integer DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (node uuid, depth integer, parent uuid)
AS 'MODULE_PATHNAME', 'pt_bfs_array' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_bfs(regclass, uuid[], integer, text, text[], bigint, boolean, numeric) IS
'Breadth-first search from each of starts at once, which are listed at depth 0 with a NULL parent (unless unknown and missing_ok); each node once at its minimum depth with one parent on a shortest path. Nodes come back as uuid; one that does not fit is an error (22003). max_depth: NULL for no bound. direction: out, in or both. min_confidence: follow guesses of at least this confidence, too; NULL for facts only. Errors: 42704 unknown start unless missing_ok, 22023 bad argument. O(edges touched).';

-- ---------------------------------------------------------------------------
-- Paths.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_path(
	start_key text,
	end_key text,
	max_hops integer DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL,
	min_confidence numeric DEFAULT NULL,
	OUT step integer,
	OUT from_key text,
	OUT to_key text,
	OUT edge_type text,
	OUT source_location text
) RETURNS SETOF record
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 10;
COMMENT ON FUNCTION @extschema@.pt_path(text, text, integer, text, text[], boolean, regclass, numeric) IS
'One shortest path from start_key to end_key, its edges in order; step counts from 1. No rows if there is no path of at most max_hops edges (NULL: of any length), or if the keys are the same. direction: out follows edges from source to target, in backwards, both either way; each row shows the edge as it is stored. edge_types: labels to follow, NULL for all. min_confidence: follow guesses of at least this confidence, too. Errors: 42704 unknown key unless missing_ok, 22023 bad argument. Bidirectional breadth-first search: O(edges touched).';


CREATE FUNCTION @extschema@.pt_paths(
	start_key text,
	end_key text,
	k integer DEFAULT 10,
	max_hops integer DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	shortest_only boolean DEFAULT false,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL,
	min_confidence numeric DEFAULT NULL,
	OUT path integer,
	OUT step integer,
	OUT from_key text,
	OUT to_key text,
	OUT edge_type text,
	OUT source_location text
) RETURNS SETOF record
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 50;
COMMENT ON FUNCTION @extschema@.pt_paths(text, text, integer, integer, text, text[], boolean, boolean, regclass, numeric) IS
'The k shortest simple paths from start_key to end_key, shortest first, each as its edges in order; path and step count from 1. A simple path visits no node twice. k: NULL for all there are, which may be very many. max_hops: no longer ones, NULL for any length. shortest_only: only those of the least length. Two paths differ in a node: of parallel edges one is shown, whichever the index has first. direction: out follows edges from source to target, in backwards, both either way; each row shows the edge as it is stored. edge_types: labels to follow, NULL for all. min_confidence: follow guesses from there on, too. No rows if there is no path, or if the keys are the same. Errors: 42704 unknown key unless missing_ok, 22023 bad argument, 53400 more memory than parseltongue.local_image_memory. Yen''s algorithm with lower bounds from one backward walk: that walk, O(edges touched), and for each path O(its length) searches, as a rule of few edges each, at worst O(edges log length).';

-- ---------------------------------------------------------------------------
-- The neighbourhood of a key.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_subgraph(
	key text,
	hops integer DEFAULT 2,
	direction text DEFAULT 'both',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT 200,
	max_edges bigint DEFAULT 1000,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (from_key text, to_key text, edge_type text, source_location text, from_distance integer, to_distance integer, truncated boolean)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 100;
COMMENT ON FUNCTION @extschema@.pt_subgraph(text, integer, text, text[], bigint, bigint, boolean, regclass, numeric) IS
'The nodes within hops edges of key, itself among them, and every edge between two of them (the induced subgraph), each row of the edge table once, nearest first. from_distance and to_distance: hops from key to either end. A key without any such edge is one row with a NULL to_key. direction: both, in (who depends on key) or out, for the walk; the edges among its nodes come whichever way they point. hops: 0 for key alone, NULL for no bound. edge_types: labels to follow and to show, NULL for all. max_nodes, max_edges: cut the answer there; truncated is then true in every row, and there is a warning; NULL for no bound. min_confidence: follow guesses from there on, too. graph: as for pt_blast_radius. Errors: 42704 unknown key unless missing_ok, 22023 bad argument, 53400 more memory than parseltongue.local_image_memory. Breadth-first search: O(edges touched + edges that leave the nodes).';

CREATE FUNCTION @extschema@.pt_tree(
	key text,
	hops integer DEFAULT 3,
	direction text DEFAULT 'in',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT 1000,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL,
	min_confidence numeric DEFAULT NULL
) RETURNS SETOF text
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 100;
COMMENT ON FUNCTION @extschema@.pt_tree(text, integer, text, text[], bigint, boolean, regclass, numeric) IS
'What is within hops edges of key as the lines of a tree: each node once, at its minimum distance, indented under one node that is a hop nearer; children by their keys, bytewise. The first line is key. max_nodes: show that many, the first line among them; where nodes are left out, a line says how many below that point. The walk itself is not cut, only hops (NULL for no bound) bounds it. Drawn with Unicode''s box-drawing characters, with ASCII in databases of other encodings. Other arguments and errors as for pt_blast_radius; 53400 more memory than parseltongue.local_image_memory. O(edges touched + n log n) for n lines.';

-- ---------------------------------------------------------------------------
-- Pictures of edge rows.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_picture_add(state internal, from_key text, to_key text, edge_type text) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION @extschema@.pt_picture_add(internal, text, text, text) IS
'The step of pt_to_dot, pt_to_mermaid and pt_to_json.';
CREATE FUNCTION @extschema@.pt_picture_add(state internal, from_key text, to_key text) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION @extschema@.pt_picture_add(internal, text, text) IS
'The step of pt_to_dot, pt_to_mermaid and pt_to_json without types.';

CREATE FUNCTION @extschema@.pt_picture_dot(state internal) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION @extschema@.pt_picture_dot(internal) IS 'The last step of pt_to_dot.';

CREATE FUNCTION @extschema@.pt_picture_mermaid(state internal) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION @extschema@.pt_picture_mermaid(internal) IS 'The last step of pt_to_mermaid.';

CREATE FUNCTION @extschema@.pt_picture_json(state internal) RETURNS jsonb
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION @extschema@.pt_picture_json(internal) IS 'The last step of pt_to_json.';

CREATE AGGREGATE @extschema@.pt_to_dot(from_key text, to_key text, edge_type text) (
	SFUNC = @extschema@.pt_picture_add,
	STYPE = internal,
	FINALFUNC = @extschema@.pt_picture_dot,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.pt_to_dot(text, text, text) IS
'The edge rows as a Graphviz digraph, for dot -Tsvg. Nodes are labelled with pt_key_name, those of one name with the rest of their keys, too; the tooltip is the key. Nodes that are not local (pt_key_kind) look different, guesses (types that end in " (resolved)") are dashed. Types are written unless all edges are Calls or have none. Each distinct edge is drawn once, in the order of the keys, bytewise; a NULL end leaves the other one a node without that edge; no rows are an empty picture, not NULL. O(n log n).';

CREATE AGGREGATE @extschema@.pt_to_dot(from_key text, to_key text) (
	SFUNC = @extschema@.pt_picture_add,
	STYPE = internal,
	FINALFUNC = @extschema@.pt_picture_dot,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.pt_to_dot(text, text) IS
'Edges without types as a Graphviz digraph, for dot -Tsvg. Otherwise as with types.';

CREATE AGGREGATE @extschema@.pt_to_mermaid(from_key text, to_key text, edge_type text) (
	SFUNC = @extschema@.pt_picture_add,
	STYPE = internal,
	FINALFUNC = @extschema@.pt_picture_mermaid,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.pt_to_mermaid(text, text, text) IS
'The edge rows as a Mermaid flowchart, for Markdown between ```mermaid and ```. Drawn as by pt_to_dot. Mermaid itself draws up to 500 edges and 50,000 characters unless configured otherwise. Each distinct edge is drawn once, in the order of the keys, bytewise; a NULL end leaves the other one a node without that edge; no rows are an empty picture, not NULL. O(n log n).';

CREATE AGGREGATE @extschema@.pt_to_mermaid(from_key text, to_key text) (
	SFUNC = @extschema@.pt_picture_add,
	STYPE = internal,
	FINALFUNC = @extschema@.pt_picture_mermaid,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.pt_to_mermaid(text, text) IS
'Edges without types as a Mermaid flowchart, for Markdown between ```mermaid and ```. Otherwise as with types.';

CREATE AGGREGATE @extschema@.pt_to_json(from_key text, to_key text, edge_type text) (
	SFUNC = @extschema@.pt_picture_add,
	STYPE = internal,
	FINALFUNC = @extschema@.pt_picture_json,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.pt_to_json(text, text, text) IS
'The edge rows as {"nodes": [{"id", "name", "kind"}], "edges": [{"from", "to", "type"}]}. id, from and to are keys, name and kind what pt_key_name and pt_key_kind say of them, type is null where there is none. Each distinct edge is drawn once, in the order of the keys, bytewise; a NULL end leaves the other one a node without that edge; no rows are an empty picture, not NULL. O(n log n).';

CREATE AGGREGATE @extschema@.pt_to_json(from_key text, to_key text) (
	SFUNC = @extschema@.pt_picture_add,
	STYPE = internal,
	FINALFUNC = @extschema@.pt_picture_json,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.pt_to_json(text, text) IS
'Edges without types as {"nodes": [{"id", "name", "kind"}], "edges": [{"from", "to", "type"}]}. Otherwise as with types.';
-- ---------------------------------------------------------------------------
-- Looking after a graph.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_graph_status(
	graph regclass DEFAULT NULL,
	OUT index regclass,
	OUT nodes bigint,
	OUT edges bigint,
	OUT dead_entries bigint,
	OUT log_entries bigint,
	OUT epoch bigint,
	OUT index_bytes bigint,
	OUT image_bytes bigint,
	OUT image_place text,
	OUT image_age interval,
	OUT overlay_edges bigint,
	OUT overlay_bytes bigint
)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION @extschema@.pt_graph_status(regclass) IS
'State of a graph''s index and of the image this session reads (built if need be). nodes: distinct nodes, edges: index entries not yet removed by VACUUM, whether or not this snapshot sees them; dead_entries: removed ones still in the log; image_place: shared or local; image_age: time since the base was built; overlay_*: what this session keeps on top of it. Needs SELECT on the table and no row-level security.';

CREATE FUNCTION @extschema@.pt_check_index(
	index regclass
) RETURNS TABLE (problem text, tid tid, detail text)
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000 ROWS 1;
COMMENT ON FUNCTION @extschema@.pt_check_index(regclass) IS
'Compare an adjacency index with its table: one row for each difference, none when they agree. problem: missing (a visible row without an entry), mismatch (the entry names other nodes or another label), duplicate, dangling (an entry without any row). Only the owner of the index may call it. Reads the whole table.';
-- ---------------------------------------------------------------------------
-- Resolving references.
--
-- A parser that sees a call knows a name, not which of several functions it
-- means; it writes an edge to a placeholder. Here each such reference is
-- matched with the entities of its name, and what fits best is written beside
-- it as a guess: an edge of type "Calls (resolved)" from the same source to the
-- entity, with a confidence, the method, and the placeholder it stands for.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_type_class(type text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION @extschema@.pt_type_class(text) IS
'What kind of thing an entity type is, for matching references: callable (fn, function, method, macro, test, ...), type (struct, class, enum, trait, interface, ...), module (mod, module, namespace, package), impl, or value: everything else, NULL too.';

CREATE FUNCTION @extschema@.pt_language_family(language text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION @extschema@.pt_language_family(text) IS
'The languages whose code calls each other''s by name: c for C, C++ and Objective-C, javascript for JavaScript and TypeScript, else the language in lower case, an empty text for NULL.';

CREATE FUNCTION @extschema@.pt_file_id(path text) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION @extschema@.pt_file_id(text) IS
'A path in the one form that all spellings of it share: src_main_rs for ./src/main.rs, src/main.rs and __src_main_rs.';

CREATE FUNCTION @extschema@.pt_class_fits(wanted text, class text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1
AS $$
	SELECT CASE wanted WHEN 'any' THEN true WHEN 'callable' THEN class OPERATOR(pg_catalog.=) 'callable' OR class OPERATOR(pg_catalog.=) 'type'
		ELSE class OPERATOR(pg_catalog.=) wanted END
$$;
COMMENT ON FUNCTION @extschema@.pt_class_fits(text, text) IS
'Can a reference to something of the class wanted (of pt_type_class, or any) mean an entity of this class? What is called may be a type: its constructor.';

CREATE FUNCTION @extschema@.pt_resolve_references(
	graph regclass DEFAULT NULL,
	max_candidates integer DEFAULT 25,
	alternatives boolean DEFAULT true,
	OUT reference_edges bigint,
	OUT resolved bigint,
	OUT ambiguous bigint,
	OUT unresolved bigint,
	OUT guesses_inserted bigint,
	OUT guesses_updated bigint,
	OUT guesses_unchanged bigint,
	OUT guesses_deleted bigint
)
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000000
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
SET client_min_messages = warning
SET jit = off
SET enable_mergejoin = off
SET enable_nestloop = off
SET work_mem = '64MB';
COMMENT ON FUNCTION @extschema@.pt_resolve_references(regclass, integer, boolean) IS
'Match each edge to a placeholder (kind unresolved or import) with the entities of its language, name and kind of thing, and write what fits as guesses: edges of type "Calls (resolved)" to the entities, with confidence, method and reference_key, the placeholder. A key that is only the source of edges counts as an entity. Names are compared by pt_match_name, languages by pt_language_family, kinds of things by pt_type_class. The first method that finds any names the best candidates, which share its confidence evenly: file 0.95 (in the same file; not for imports and qualified names), import 0.90 (an import of the file, or the name''s qualifier, names the candidate''s file or folder), folder 0.80 (the same folder), unique 0.75 (the only one of its kind), nearest 0.60 (the deepest common folder); a function that can only mean itself 0.50 (self); half of it, but for import, where the name is qualified. With alternatives, all others of the name share the rest, none more than a best one, unless they and the best are more than max_candidates (method other). Entities with the property linkage static are meant in their own file only; what Rust names std, core or alloc is neither looked for nor counted. max_candidates: a reference with more stays unresolved. Guesses that no longer hold are deleted, only differences are written. graph: a codebase''s edge table, NULL for the default graph. Returns the number of references, how many have one best candidate (resolved), several (ambiguous) or none, and what was written. One call at a time on a graph; other writers need not wait. Needs memory for the entities, bounded by parseltongue.local_image_memory. Errors: 42809 no codebase, 22023 bad max_candidates, 25006 read-only transaction, 53400 too little memory, 55006 it is under way in this session, 40001 in a REPEATABLE READ transaction that another call overtook. O(edges log entities + guesses).';

CREATE FUNCTION @extschema@.pt_forget_resolutions(graph regclass DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	deleted bigint;
BEGIN
	EXECUTE format('DELETE FROM %s WHERE confidence IS NOT NULL AND reference_key IS NOT NULL', (@extschema@.pt_graph_tables(graph)).edges);
	GET DIAGNOSTICS deleted = ROW_COUNT;
	RETURN deleted;
END $$;
COMMENT ON FUNCTION @extschema@.pt_forget_resolutions(regclass) IS
'Undo pt_resolve_references: delete the guesses it has written, and nothing else. Returns their number. Reads the whole edge table.';

-- ---------------------------------------------------------------------------
-- Searching.
--
-- Written in plpgsql over dynamic SQL: the tables are known at run time only,
-- and so is the schema of pg_trgm, which need not be there at all. What a
-- search finds does not depend on the indexes; how long it takes does.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_enable_search(graph regclass DEFAULT NULL) RETURNS SETOF regclass
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000 ROWS 2
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
	entities CONSTANT regclass := (@extschema@.pt_graph_tables(graph)).entities;
	home CONSTANT oid := (SELECT relnamespace FROM pg_class WHERE oid = entities);
	trigrams name;
	made oid;
	wanted record;
BEGIN
	CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA @extschema@;
	SELECT nspname INTO trigrams FROM pg_extension JOIN pg_namespace AS n ON n.oid = extnamespace WHERE extname = 'pg_trgm';
	-- Parts of names and keys: a btree takes at most a third of a page.
	FOR wanted IN SELECT * FROM (VALUES
		('pt_entity_search_name', 'btree (left(lower(coalesce(name, @extschema@.pt_key_name(key))), 150) COLLATE "C", '
			'left(coalesce(name, @extschema@.pt_key_name(key)), 150) COLLATE "C", left(key, 300) COLLATE "C")'),
		('pt_entity_search_trigram', format('gin (lower(coalesce(name, @extschema@.pt_key_name(key))) %1$I.gin_trgm_ops, lower(key) %1$I.gin_trgm_ops)', trigrams))
		) AS v (name, definition) LOOP
		EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %s USING %s', wanted.name, entities, wanted.definition);
		SELECT c.oid INTO made FROM pg_class AS c JOIN pg_index ON indexrelid = c.oid
		WHERE relnamespace = home AND relname = wanted.name AND indrelid = entities AND indisvalid;
		IF made IS NULL THEN
			RAISE EXCEPTION 'relation "%" is in the way of the index of that name on "%"', wanted.name, entities USING
				ERRCODE = 'duplicate_table', HINT = 'Drop or rename it, and call pt_enable_search again.';
		END IF;
		RETURN NEXT made;
	END LOOP;
	EXECUTE format('ANALYZE %s', entities);
END $$;
COMMENT ON FUNCTION @extschema@.pt_enable_search(regclass) IS
'Make pt_search fast on a graph: create the extension pg_trgm if it is not there, the indexes pt_entity_search_name and pt_entity_search_trigram on its table of entities if they are not there, and ANALYZE the table. Returns the indexes; drop them to take it back. They make writing an entity slower, and pg_dump leaves out those on the extension''s own table. Needs ownership of the table. Errors: 42501 not the owner, 42P07 another relation has such a name, 0A000 pg_trgm is not installed on the machine. Locks the table against writers; O(entities log entities).';

-- ---------------------------------------------------------------------------
-- The search itself, in pieces: the arguments, what to look for, the tiers of
-- matches as SQL, and the rounds through them.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_search_check(query text, max_results integer, kinds text[]) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 100
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	all_kinds CONSTANT text[] := '{local,unresolved,external,import,file}';
BEGIN
	IF query IS NULL THEN
		RAISE EXCEPTION 'query must not be NULL' USING ERRCODE = 'null_value_not_allowed';
	ELSIF btrim(query) = '' THEN
		RAISE EXCEPTION 'query must not be empty' USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Give a name, a part of one, or a key.';
	ELSIF length(btrim(query)) > 10000 THEN
		RAISE EXCEPTION 'query has % characters, more than 10000', length(btrim(query)) USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Give a part of it.';
	ELSIF max_results < 0 THEN
		RAISE EXCEPTION 'max_results must not be negative: %', max_results USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Use 0 or more, or NULL for no bound.';
	ELSIF array_position(kinds, NULL) IS NOT NULL THEN
		RAISE EXCEPTION 'kinds must not contain NULL' USING ERRCODE = 'null_value_not_allowed',
			HINT = 'Name the kinds to find, or pass NULL instead of an array for all.';
	ELSIF NOT kinds <@ all_kinds THEN
		RAISE EXCEPTION 'unknown kind: "%"', (SELECT k FROM unnest(kinds) AS k WHERE k <> ALL (all_kinds) LIMIT 1) USING
			ERRCODE = 'invalid_parameter_value', HINT = format('The kinds are %s.', array_to_string(all_kinds, ', '));
	END IF;
END $$;
COMMENT ON FUNCTION @extschema@.pt_search_check(text, integer, text[]) IS
'Internal: the arguments of pt_search, or an error.';

CREATE FUNCTION @extschema@.pt_search_literal(part text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 2
AS $$ SELECT pg_catalog.regexp_replace(part, '([%_\\])', '\\\1', 'g') $$;
COMMENT ON FUNCTION @extschema@.pt_search_literal(text) IS
'Internal: a pattern for LIKE that means the text itself. Needs standard_conforming_strings.';

CREATE TYPE @extschema@.pt_search_terms AS (
	whole text,				-- the query
	sought text,			-- the name
	folded text,			-- the name in lower case
	size integer,			-- its characters
	start_pattern text,		-- for names that begin with it
	part_pattern text,		-- for names and keys that may contain it
	cut boolean,			-- ... and need not
	slips text[],			-- for names with a slip somewhere
	cover text[]			-- fewer, that match these and more
);
COMMENT ON TYPE @extschema@.pt_search_terms IS
'Internal: what pt_search looks for.';

-- A pattern is as long as an index needs to find few candidates: each trigram
-- costs a list of the index, which is read as far as the shortest one goes.
CREATE FUNCTION @extschema@.pt_search_terms(query text) RETURNS @extschema@.pt_search_terms
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
AS $$
DECLARE
	t @extschema@.pt_search_terms;
	stride integer;
BEGIN
	t.whole := btrim(query);
	-- a call means the function; operator() is a name of its own
	IF t.whole ~ '[[:alnum:]_]\(\)$' AND t.whole !~ 'operator\(\)$' THEN
		t.whole := left(t.whole, -2);
	END IF;
	-- A key is searched for by the name in it, since its trigrams are those of
	-- half the table.
	t.sought := CASE WHEN t.whole LIKE '%:%:%' OR t.whole ~ '-[A-Za-z_]+-[0-9a-f]{6,64}$'
		THEN @extschema@.pt_key_name(t.whole) ELSE t.whole END;
	t.folded := lower(t.sought);
	t.size := char_length(t.folded);
	t.start_pattern := @extschema@.pt_search_literal(left(t.folded, 150)) || '%';
	-- both ends, unless all letters are between them
	t.cut := t.size > 24 AND left(t.folded, 12) || ' ' || right(t.folded, 12) ~ '[[:alnum:]]{3}';
	t.part_pattern := '%' || CASE WHEN t.cut
		THEN @extschema@.pt_search_literal(left(t.folded, 12)) || '%' || @extschema@.pt_search_literal(right(t.folded, 12))
		ELSE @extschema@.pt_search_literal(t.folded) END || '%';
	IF t.size BETWEEN 5 AND 150 THEN
		t.slips := ARRAY(SELECT @extschema@.pt_search_literal(left(t.folded, i)) || '%'
							 || @extschema@.pt_search_literal(substr(t.folded, i + 3))
						 FROM generate_series(0, t.size - 2) AS i);
		-- A third is left out, and not more than ten characters before and
		-- after it are looked for. What leaves less than two trigrams, as _s%m
		-- does, would match too much; of n letters at the beginning there are n.
		stride := CASE WHEN t.size = 5 THEN 1 ELSE (t.size + 1) / 3 END;
		t.cover := ARRAY(SELECT @extschema@.pt_search_literal(before) || '%' || @extschema@.pt_search_literal(after)
						 FROM generate_series(0, t.size - 2, stride) AS i,
							  LATERAL (SELECT left(t.folded, least(i, 10)), right(substr(t.folded, i + stride + 2), 10)) AS p (before, after)
						 WHERE length(regexp_replace(before, '[^[:alnum:]]', '', 'g'))
							 + greatest(length(regexp_replace(after, '[^[:alnum:]]', '', 'g')) - 1, 0) >= 2);
	END IF;
	RETURN t;
END $$;
COMMENT ON FUNCTION @extschema@.pt_search_terms(text) IS
'Internal: what pt_search looks for, of a query that pt_search_check let pass. O(length).';

-- condition: what makes a match; rest: what keeps out those of earlier tiers.
-- Both are of an entity e, score of a candidate c. In text @name is the
-- entity's name, @folded the same in lower case. $1: whole, $2: sought, $3:
-- folded, $4: start_pattern, $5: part_pattern, $6: slips, $7: cover, $8: size.
-- common: what part_pattern is a part of, if most of the table might have it.
CREATE FUNCTION @extschema@.pt_search_tiers(terms @extschema@.pt_search_terms, trigrams text, of_round integer)
RETURNS TABLE (match text, score text, index_order text, condition text, rest text, common text)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 ROWS 8
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
AS $$
DECLARE
	long CONSTANT boolean := terms.size >= 150;		-- longer than what an index has of a name
	-- less than three letters in a row are in too many names
	letters CONSTANT boolean := terms.folded ~ '[[:alnum:]]{3}';
	covered CONSTANT text := '$8::float8 / char_length(c.name)';
	-- of c.key to the key sought, 0 to 1
	key_likeness CONSTANT text := CASE WHEN terms.sought = terms.whole THEN NULL
		WHEN trigrams IS NOT NULL THEN format('%s.similarity(c.key, $1)', trigrams)
		ELSE '(SELECT count(*) FILTER (WHERE a = b)::float8 / count(*) '
			'FROM unnest(string_to_array(c.key, '':''), string_to_array($1, '':'')) AS p (a, b))' END;
BEGIN
	RETURN QUERY SELECT t.match,
		format('%s + %s * (%s)', t.low, t.span, coalesce('0.7 * (' || t.quality || ') + 0.3 * ' || key_likeness, t.quality)),
		m[1], m[2], m[3], m[4]
	FROM (VALUES
		(1, 'key', true, 1.0, 0.0, '1.0', '', 'e.key = $1', 'true', ''),
		(1, 'name', true, 0.95, 0.04, '1.0', 'left(e.key, 300) COLLATE "C", e.key COLLATE "C"',
			'left(@folded, 150) COLLATE "C" = left($3, 150) AND left(@name, 150) COLLATE "C" = left($2, 150)'
				|| CASE WHEN long THEN ' AND @name = $2' ELSE '' END,
			'e.key <> $1', ''),
		(1, 'name in other case', true, 0.9, 0.04, '1.0', 'left(@name, 150) COLLATE "C", left(e.key, 300) COLLATE "C", e.key COLLATE "C"',
			'left(@folded, 150) COLLATE "C" = left($3, 150)' || CASE WHEN long THEN ' AND @folded = $3' ELSE '' END,
			'e.key <> $1 AND @name <> $2', ''),
		(1, 'prefix', true, 0.7, 0.19, covered,
			'left(@folded, 150) COLLATE "C", left(@name, 150) COLLATE "C", left(e.key, 300) COLLATE "C", e.key COLLATE "C"',
			'left(@folded, 150) COLLATE "C" LIKE $4' || CASE WHEN long THEN ' AND starts_with(@folded, $3)' ELSE '' END,
			'e.key <> $1 AND @folded <> $3', ''),
		(1, 'part', letters, 0.5, 0.19, covered, '',
			'@folded LIKE $5' || CASE WHEN terms.cut THEN ' AND strpos(@folded, $3) > 0' ELSE '' END,
			'e.key <> $1 AND NOT starts_with(@folded, $3)', '@folded'),
		(2, 'part of key', letters AND terms.sought = terms.whole, 0.3, 0.19, 'char_length($1)::float8 / char_length(c.key)', '',
			'lower(e.key) LIKE $5' || CASE WHEN terms.cut THEN ' AND strpos(lower(e.key), $3) > 0' ELSE '' END, 'true', 'lower(e.key)'),
		(3, 'misspelt', letters AND terms.cover <> '{}', 0.15, 0.14,
			coalesce(trigrams || '.similarity(lower(c.name), $3)', '1.0 / (1 + abs(char_length(c.name) - $8))'), '',
			'@folded LIKE ANY ($7) AND char_length(@folded) BETWEEN $8 - 1 AND $8 + 1 AND @folded || '''' LIKE ANY ($6)', 'true', ''),
		(4, 'similar', letters AND terms.size <= 40 AND trigrams IS NOT NULL, 0.0, 0.14, trigrams || '.similarity(lower(c.name), $3)', '',
			format('@folded OPERATOR(%s.%%) $3', trigrams), 'true', '')
		) AS t (round, match, possible, low, span, quality, index_order, condition, rest, common),
		LATERAL (SELECT array_agg(replace(replace(x, '@folded', 'lower(@name)'), '@name', 'coalesce(e.name, @extschema@.pt_key_name(e.key))') ORDER BY i)
				 FROM unnest(ARRAY[t.index_order, t.condition, t.rest, t.common]) WITH ORDINALITY AS u (x, i)) AS macros (m)
	WHERE t.round = of_round AND t.possible;
END $$;
COMMENT ON FUNCTION @extschema@.pt_search_tiers(@extschema@.pt_search_terms, text, integer) IS
'Internal: the ways in which a round of pt_search finds an entity, as pieces of SQL, best first. trigrams: the schema of pg_trgm, NULL without it.';

-- With indexes each tier is a step; without them the table is read once for all
-- of a round.
CREATE FUNCTION @extschema@.pt_search_steps(terms @extschema@.pt_search_terms, trigrams text, of_round integer, indexed boolean)
RETURNS TABLE (match text, score text, extra text, condition text, index_order text, common text)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 ROWS 5
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	tiers CONSTANT text := (SELECT string_agg(format(' WHEN %s THEN %L', t.condition, t.match), '' ORDER BY n)
		FROM @extschema@.pt_search_tiers(terms, trigrams, of_round) WITH ORDINALITY AS t (match, score, index_order, condition, rest, common, n) WHERE NOT indexed);
BEGIN
	IF indexed THEN
		RETURN QUERY SELECT quote_literal(t.match), t.score, '', t.condition || ' AND ' || t.rest, coalesce(' ORDER BY ' || nullif(t.index_order, ''), ''), t.common
		FROM @extschema@.pt_search_tiers(terms, trigrams, of_round) AS t;
	ELSIF tiers IS NOT NULL THEN
		RETURN QUERY SELECT 'c.match', format('CASE c.match%s END', string_agg(format(' WHEN %L THEN %s', t.match, t.score), '')),
			format(', CASE%s END AS match', tiers), format('CASE%s END IS NOT NULL', tiers), '', ''
		FROM @extschema@.pt_search_tiers(terms, trigrams, of_round) AS t;
	END IF;
END $$;
COMMENT ON FUNCTION @extschema@.pt_search_steps(@extschema@.pt_search_terms, text, integer, boolean) IS
'Internal: the queries of a round of pt_search, as pieces of SQL.';

CREATE FUNCTION @extschema@.pt_search_means(entities regclass, OUT trigrams text, OUT indexed boolean)
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 100
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	SELECT quote_ident(n.nspname) INTO trigrams
	FROM pg_extension AS x JOIN pg_namespace AS n ON n.oid = x.extnamespace
	WHERE x.extname = 'pg_trgm' AND has_schema_privilege(n.oid, 'USAGE');
	indexed := trigrams IS NOT NULL AND 2 = (
		SELECT count(*) FROM pg_index JOIN pg_class AS c ON c.oid = indexrelid
		WHERE indrelid = entities AND indisvalid AND c.relname IN ('pt_entity_search_name', 'pt_entity_search_trigram'));
END $$;
COMMENT ON FUNCTION @extschema@.pt_search_means(regclass) IS
'Internal: the schema of pg_trgm, quoted, NULL if there is none that the caller may use; and whether the table has the indexes of pt_enable_search.';

-- Longer names are to be more alike, as there are more of them. Calling
-- show_trgm loads the library, without which there is no such setting.
CREATE FUNCTION @extschema@.pt_search_threshold(trigrams text, name text) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	threshold text;
	old text;
BEGIN
	EXECUTE format('SELECT greatest(0.45, round((t - 6.0) / (t + 6.0), 2)) FROM cardinality(%s.show_trgm($1)) AS n (t)', trigrams)
	INTO threshold USING name;
	old := current_setting('pg_trgm.similarity_threshold');
	PERFORM set_config('pg_trgm.similarity_threshold', threshold, true);
	RETURN old;
END $$;
COMMENT ON FUNCTION @extschema@.pt_search_threshold(text, text) IS
'Internal: set how alike a name must be, for this transaction; returns what was set before.';

-- An index of trigrams lists all of what matches before the first row is
-- fetched. Where most of the table does, a few of its pages, spread over it, have
-- enough; reading it from the front could meet none for long. (VOLATILE, since
-- EXPLAIN is allowed in no other function.)
CREATE FUNCTION @extschema@.pt_search_share(entities regclass, condition text, wanted integer) RETURNS numeric
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 1000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	plan json;
	expected float8;
	total CONSTANT float8 := (SELECT reltuples FROM pg_class WHERE oid = entities);
BEGIN
	EXECUTE format('EXPLAIN (FORMAT JSON) SELECT FROM %s AS e WHERE %s', entities, condition) INTO plan;
	expected := plan -> 0 -> 'Plan' ->> 'Plan Rows';
	-- The list costs in proportion to the matches, the pages to the rows looked
	-- at for enough of them: about as much where both sides are equal.
	RETURN CASE WHEN total > 0 AND expected * expected > 8.0 * wanted * greatest(total, expected) THEN 200.0 * wanted / expected END;
END $$;
COMMENT ON FUNCTION @extschema@.pt_search_share(regclass, text, integer) IS
'Internal: how many percent of the pages of a table are likely to have twice the rows wanted that meet a condition, NULL where an index is quicker. By the planner''s estimate; reads no rows.';

CREATE FUNCTION @extschema@.pt_search(
	query text,
	max_results integer DEFAULT 20,
	kinds text[] DEFAULT NULL,
	graph regclass DEFAULT NULL
) RETURNS TABLE (key text, name text, kind text, entity_type text, language text, file_path text, line_start integer, score real, match text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 10000 ROWS 20
SET search_path = pg_catalog, pg_temp
SET jit = off
SET random_page_cost = 1
SET enable_seqscan = off
SET max_parallel_workers_per_gather = 0
AS $pt_search$
#variable_conflict use_column
DECLARE
	-- Of a tier with more entities than this, so many are ranked.
	candidates CONSTANT integer := 500;
	-- for format: columns, table, part of it, condition
	source CONSTANT text := 'SELECT e.key, coalesce(e.name, @extschema@.pt_key_name(e.key)) AS name, e.entity_type, e.language, '
		'e.file_path, e.line_start%s FROM %s AS e%s WHERE %s';
	-- match, score, source, bound
	ranking CONSTANT text := 'SELECT c.key, c.name, @extschema@.pt_key_kind(c.key), c.entity_type, c.language, c.file_path, c.line_start, c.score, %s '
		'FROM (SELECT c.*, (%s)::real AS score FROM (%s) AS c) AS c ORDER BY c.score DESC, c.key COLLATE "C" LIMIT %s';
	kind_filter CONSTANT text := CASE WHEN kinds IS NULL THEN '' ELSE format(' AND @extschema@.pt_key_kind(e.key) = ANY (%L)', kinds) END;
	t @extschema@.pt_search_terms;
	entities regclass;
	trigrams text;			-- schema of pg_trgm, quoted; NULL if that cannot be used
	indexed boolean;
	old_threshold text;
	step record;
	found_in text;
	share numeric;
	wanted integer;
	remaining integer := max_results;
	found_now integer;
	found_any boolean := false;
BEGIN
	PERFORM @extschema@.pt_search_check(query, max_results, kinds);
	entities := (@extschema@.pt_graph_tables(graph)).entities;
	SELECT u.trigrams, u.indexed INTO trigrams, indexed FROM @extschema@.pt_search_means(entities) AS u;
	t := @extschema@.pt_search_terms(query);
	-- First names that have all of the query in them; only if there are none,
	-- keys that do, then misspelt names, then similar ones. Within such a round
	-- the tiers, best first: scores of one lie above those of the next, and no
	-- entity is in two, so a tier is only asked for what is still missing.
	FOR round IN 1 .. 4 LOOP
		EXIT WHEN found_any OR remaining = 0;
		IF round = 4 AND trigrams IS NOT NULL THEN
			old_threshold := @extschema@.pt_search_threshold(trigrams, t.folded);
		END IF;
		FOR step IN SELECT * FROM @extschema@.pt_search_steps(t, trigrams, round, indexed) LOOP
			EXIT WHEN remaining <= 0;
			wanted := greatest(candidates, remaining);
			share := NULL;
			IF step.common <> '' AND remaining IS NOT NULL THEN
				share := @extschema@.pt_search_share(entities, format('%s LIKE %L', step.common, t.part_pattern) || kind_filter, wanted);
			END IF;
			LOOP
				found_in := format(source, step.extra, entities, ' TABLESAMPLE SYSTEM (' || share || ') REPEATABLE (0)',
					step.condition || kind_filter || step.index_order || CASE WHEN indexed AND remaining IS NOT NULL THEN ' LIMIT ' || wanted ELSE '' END);
				IF share IS NOT NULL THEN	-- too few are no answer
					found_in := format('WITH s AS MATERIALIZED (%s) SELECT * FROM s WHERE (SELECT count(*) FROM s) = %s', found_in, wanted);
				END IF;
				RETURN QUERY EXECUTE format(ranking, step.match, step.score, found_in, coalesce(remaining::text, 'ALL'))
					USING t.whole, t.sought, t.folded, t.start_pattern, t.part_pattern, t.slips, t.cover, t.size;
				GET DIAGNOSTICS found_now = ROW_COUNT;
				EXIT WHEN share IS NULL OR found_now > 0;
				share := NULL;
			END LOOP;
			found_any := found_any OR found_now > 0;
			remaining := remaining - found_now;
		END LOOP;
	END LOOP;
	PERFORM set_config('pg_trgm.similarity_threshold', old_threshold, true) WHERE old_threshold IS NOT NULL;
END $pt_search$;
COMMENT ON FUNCTION @extschema@.pt_search(text, integer, text[], regclass) IS
'Entities by name, best first, at most max_results (NULL: all). Ties go by key in byte order. match says how each was found: key (the query is its key), name, name in other case, prefix, part (all of the query is in the name); only if there are none of these, part of key; only then misspelt (two characters at one place are one to three others, the rest has letters to look for, and the name at most 150 characters), and only then similar (by the trigrams of pg_trgm, if that is installed). score, from 1 down, orders them so; within a match it says how much of the name the query covers or how alike they are. An entity without a name has the one in its key. A query that is a key is searched for by the name in it, and like keys come first; one that is a call, parse(), by the name before the parentheses. A query without three letters or digits in a row finds whole names and prefixes only. kinds: pt_key_kind of the keys to list, NULL for all. Rows of the table of entities only, as far as the caller may see them; not keys that only edges have. graph: NULL as everywhere. Errors: 22004 query is NULL, 22023 query empty or another bad argument, 42809 the graph has no entities. A scan of the table until pt_enable_search has been called; then a few index scans, and where more than 500 entities (or max_results) are found one way, so many are ranked: the first by name, but for part and the matches after it, which take them as they come, from a few pages spread over the table if most of it matches.';

-- ---------------------------------------------------------------------------
-- Change: what nobody uses, which tests to run, two codebases compared.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_is_test(entity_class text, entity_type text, file_path text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 5
AS $$
SELECT CASE
	WHEN entity_class IS NOT NULL THEN pg_catalog.upper(entity_class) OPERATOR(pg_catalog.=) 'TEST'
	ELSE false END
	OR coalesce(entity_type OPERATOR(pg_catalog.=) 'test', false)
	OR entity_class IS NULL AND coalesce(file_path OPERATOR(pg_catalog.~)
		'(^|/)(tests?|__tests__|specs?)/|(^|/)(test_[^/]*|[^/]*([_.-](test|tests|spec)|[a-z0-9](Test|Tests|Spec)))[.][^./]+$', false)
$$;
COMMENT ON FUNCTION @extschema@.pt_is_test(text, text, text) IS
'Is an entity with these columns a test? Its class is TEST, or its type test; if it has no class, also by its file: in a folder test, tests, __tests__, spec or specs, or named test_x.c, x_test.c, x.test.c, x-spec.c, XTest.c and the like. Never NULL. O(length).';

CREATE FUNCTION @extschema@.pt_unreferenced(
	entity_types text[] DEFAULT NULL,
	mode text DEFAULT 'unreferenced',
	entry_points text[] DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	graph regclass DEFAULT NULL,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (key text, name text, entity_type text, file_path text, line_start integer, referrers bigint)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 1000000 ROWS 1000
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	tables record;
	walk_options CONSTANT text := CASE WHEN min_confidence IS NOT NULL THEN ', min_confidence => $5' ELSE '' END;
	entry_condition text := 'e.key = ANY ($3)';
	edge_condition CONSTANT text := '(d.confidence IS NULL OR d.confidence >= $5) AND ($4 IS NULL OR d.edge_type = ANY ($4))';
	starts text[] := entry_points;
	dead_condition text;
BEGIN
	IF mode IS NULL OR mode NOT IN ('unreferenced', 'unreachable') THEN
		RAISE EXCEPTION 'invalid mode: %', coalesce('"' || mode || '"', 'NULL') USING
			ERRCODE = CASE WHEN mode IS NULL THEN 'null_value_not_allowed' ELSE 'invalid_parameter_value' END,
			HINT = 'Use ''unreferenced'' or ''unreachable''.';
	ELSIF array_position(entity_types, NULL) IS NOT NULL THEN
		RAISE EXCEPTION 'entity_types must not contain NULL' USING ERRCODE = 'null_value_not_allowed',
			HINT = 'Name the types to list, or pass NULL instead of an array.';
	ELSIF array_position(entry_points, NULL) IS NOT NULL THEN
		RAISE EXCEPTION 'entry_points must not contain NULL' USING ERRCODE = 'null_value_not_allowed',
			HINT = 'Name entities by their keys, or pass NULL instead of an array for the usual ones.';
	ELSIF array_position(edge_types, NULL) IS NOT NULL THEN
		RAISE EXCEPTION 'edge_types must not contain NULL' USING ERRCODE = 'null_value_not_allowed',
			HINT = 'Name the edge types that count, or pass NULL instead of an array for all.';
	ELSIF min_confidence < 0 OR min_confidence > 1 THEN
		RAISE EXCEPTION 'min_confidence must be between 0 and 1: %', min_confidence USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Use NULL to leave guesses out.';
	END IF;
	tables := @extschema@.pt_graph_tables(graph);

	IF entry_points IS NULL THEN
		entry_condition := 'coalesce(e.name, @extschema@.pt_key_name(e.key)) IN (''main'', ''Main'', ''wmain'', ''WinMain'', ''DllMain'', ''_start'') '
			'OR coalesce(e.name, @extschema@.pt_key_name(e.key)) ~ ''^__.+__$'' '
			'OR coalesce(e.name, @extschema@.pt_key_name(e.key)) = ''init'' AND e.language = ''go'' '
			'OR @extschema@.pt_is_test(e.entity_class, e.entity_type, e.file_path)';
	ELSE
		-- that they exist
		EXECUTE 'SELECT count(*) FROM @extschema@.pt_bfs($1, $2, 0)' USING coalesce(graph, tables.edges), entry_points;
	END IF;

	IF mode = 'unreferenced' THEN
		dead_condition := format('NOT EXISTS (SELECT FROM %s AS d WHERE d.to_key = e.key AND d.from_key <> d.to_key AND %s)',
								 tables.edges, edge_condition);
	ELSE
		IF entry_points IS NULL THEN
			-- those without edges would be looked up one by one
			EXECUTE format('SELECT coalesce(array_agg(e.key), ''{}'') FROM %s AS e WHERE (%s) AND EXISTS (SELECT FROM %s AS d WHERE d.from_key = e.key)',
						   tables.entities, entry_condition, tables.edges) INTO starts;
		END IF;
		dead_condition := format('NOT EXISTS (SELECT FROM (SELECT node FROM @extschema@.pt_bfs($1, $6, edge_types => $4%s) OFFSET 0) AS r WHERE r.node = e.key)',
								 walk_options);
	END IF;

	RETURN QUERY EXECUTE format($query$
		WITH dead AS MATERIALIZED (
			SELECT e.key, coalesce(e.name, @extschema@.pt_key_name(e.key)) AS name, e.entity_type, e.file_path, e.line_start
			FROM %s AS e
			WHERE @extschema@.pt_key_kind(e.key) = 'local'
			  AND CASE WHEN $2 IS NULL THEN coalesce(e.entity_type, '') NOT IN ('module', 'mod', 'namespace', 'package', 'impl', 'file')
					   ELSE e.entity_type = ANY ($2) END
			  AND (%s) IS NOT TRUE AND %s
		), referrers AS (
			SELECT d.to_key, count(DISTINCT d.from_key) AS n FROM %s AS d
			WHERE d.to_key IN (SELECT key FROM dead) AND d.from_key <> d.to_key AND %s
			GROUP BY d.to_key
		)
		SELECT dead.*, coalesce(n, 0) FROM dead LEFT JOIN referrers ON to_key = key
		ORDER BY file_path COLLATE "C", line_start, key COLLATE "C"$query$,
		tables.entities, entry_condition, dead_condition, tables.edges, edge_condition)
		USING coalesce(graph, tables.edges), entity_types, entry_points, edge_types, min_confidence, starts;
END $$;
COMMENT ON FUNCTION @extschema@.pt_unreferenced(text[], text, text[], text[], regclass, numeric) IS
'Candidates for dead code: entities of this codebase (key of kind local) that nothing else refers to, or, with mode unreachable, that cannot be reached from the entry points, though others as dead may refer to them: referrers counts these, each once, the entity itself never. By file and line. entity_types: the types to list; NULL for all but module, mod, namespace, package, impl and file, which nobody calls. entry_points: keys that are alive; NULL for entities named main (Main, wmain, WinMain, DllMain, _start), names like __init__, init in Go, and tests as pt_is_test tells them. edge_types: the edges that count, NULL for all. min_confidence: count guesses from this on, too; without it only facts, so run pt_resolve_references first where calls are unresolved. graph: NULL as everywhere. What is called by reflection, from outside or by its address is listed, too. Errors: 42704 unknown entry point, 22023 and 22004 bad argument, 42809 the graph has no entities. Reads both tables: O(entities + edges).';

CREATE FUNCTION @extschema@.pt_affected_tests(
	keys text[],
	hops integer DEFAULT NULL,
	graph regclass DEFAULT NULL,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (test_key text, name text, file_path text, line_start integer, distance integer, nearest_key text)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 10000 ROWS 100
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	tables CONSTANT record := @extschema@.pt_graph_tables(graph);
BEGIN
	RETURN QUERY EXECUTE format($query$
		SELECT e.key, coalesce(e.name, @extschema@.pt_key_name(e.key)), e.file_path, e.line_start, i.distance, i.nearest_key
		FROM (SELECT entity_key, distance, nearest_key
			  FROM @extschema@.pt_impact($1, $2, graph => $3, min_confidence => $4)
			  UNION ALL SELECT DISTINCT k, 0, k FROM unnest($1) AS k) AS i
		JOIN %s AS e ON e.key = i.entity_key
		WHERE @extschema@.pt_is_test(e.entity_class, e.entity_type, e.file_path)
		ORDER BY i.distance, e.key COLLATE "C"$query$, tables.entities)
		USING keys, hops, coalesce(graph, tables.edges), min_confidence;
END $$;
COMMENT ON FUNCTION @extschema@.pt_affected_tests(text[], integer, regclass, numeric) IS
'The tests to run after a change of keys: those that depend on one of them within hops edges (NULL: however far), each once with its distance to the nearest and that key; and the tests among keys, at distance 0. Nearest first. What is a test, pt_is_test says. min_confidence: follow guesses from this on, too. graph: NULL as everywhere. Errors: 42704 unknown key, 22004 and 22023 bad argument, 42809 the graph has no entities. One walk: O(edges touched).';

CREATE FUNCTION @extschema@.pt_diff(
	graph_a regclass,
	graph_b regclass DEFAULT NULL
) RETURNS TABLE (what text, change text, key_a text, key_b text, to_key_a text, to_key_b text, edge_type text, detail text)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 1000000 ROWS 1000
SET search_path = pg_catalog, pg_temp
SET jit = off
SET enable_nestloop = off
AS $pt_diff$
#variable_conflict use_column
DECLARE
	tables_a CONSTANT record := @extschema@.pt_graph_tables(graph_a);
	tables_b CONSTANT record := @extschema@.pt_graph_tables(graph_b);
	-- What an entity is, as hashes of 128 bits: its code, its signature without
	-- its place, its class. All text in byte order, for the sake of the sorts.
	side CONSTANT text := $sql$
		SELECT %L AS side, key COLLATE "C" AS key, coalesce(name, @extschema@.pt_key_name(key)) COLLATE "C" AS name,
			   language COLLATE "C" AS language, entity_type COLLATE "C" AS type, file_path COLLATE "C" AS file, line_start,
			   ARRAY[hashtextextended(body, 0), hashtextextended(body, 1), hashtextextended(outline, 0), hashtextextended(outline, 1),
					 hashtextextended(entity_class, 0)] AS digest, body IS NOT NULL AS has_body,
			   concat(file_path, ':' || line_start, '-' || line_end) AS place
		FROM (SELECT *, coalesce(code, properties ->> 'content_hash') AS body,
					 (CASE jsonb_typeof(signature) WHEN 'object' THEN signature - '{line_range,file_path,module_path}'::text[] ELSE signature END)::text AS outline
			  FROM %s OFFSET 0) AS e $sql$;
	-- Among the rows that a step left: those alike in some columns, if they are
	-- as many on both sides; n numbers them on each.
	step CONSTANT text := $sql$
		SELECT *, number_a = number_b AS paired
		FROM (SELECT side, key, name, language, type, file, line_start, digest, has_body, place, key_in_both,
					 count(*) FILTER (WHERE side = 'a') OVER alike AS number_a, count(*) FILTER (WHERE side = 'b') OVER alike AS number_b,
					 row_number() OVER (PARTITION BY %2$s, side ORDER BY file, line_start, key) AS n
			  FROM %1$s WHERE NOT paired WINDOW alike AS (PARTITION BY %2$s)) AS s $sql$;
	pairs CONSTANT text := $sql$
		SELECT max(key) FILTER (WHERE side = 'a') AS ka, max(key) FILTER (WHERE side = 'b') AS kb,
			   max(place) FILTER (WHERE side = 'a') AS place_a, max(place) FILTER (WHERE side = 'b') AS place_b,
			   max(digest) FILTER (WHERE side = 'a') AS digest_a, max(digest) FILTER (WHERE side = 'b') AS digest_b,
			   min(name) <> max(name) AS name, count(DISTINCT coalesce(type, '')) > 1 AS type, count(DISTINCT coalesce(language, '')) > 1 AS language
		FROM %s WHERE paired GROUP BY %s, n $sql$;
	alike2 CONSTANT text := 'name, language, type, file, digest';
	alike3 CONSTANT text := 'has_body, name, language, type, CASE WHEN has_body THEN digest END, CASE WHEN NOT has_body THEN key || side END';
	alike4 CONSTANT text := 'key';
	alike5 CONSTANT text := 'name, language, type, file';
BEGIN
	-- Pairs are found in five steps, each among what the earlier ones left, so
	-- that an identical entity under another key goes before a different one
	-- under the same: where line numbers are in the keys, a shifted entity may
	-- get the key that its neighbour had. By sorting, not by joins, since nobody
	-- can tell beforehand how much each step finds; nested loops are off for that.
	RETURN QUERY EXECUTE
		'WITH step0 AS (' || format(side, 'a', tables_a.entities) || ' UNION ALL ' || format(side, 'b', tables_b.entities) || '), '
		-- the same key and content; the same content in the same file; the same code in another file; the same key; the same name in the same file
		'step1 AS MATERIALIZED (SELECT *, count(*) OVER (PARTITION BY key) = 2 AS key_in_both, '
			'count(*) OVER (PARTITION BY key, name, language, type, digest) = 2 AS paired FROM step0), '
		'step2 AS MATERIALIZED (' || format(step, 'step1', alike2) || '), '
		'step3 AS MATERIALIZED (' || format(step, 'step2', alike3) || '), '
		'step4 AS MATERIALIZED (' || format(step, 'step3', alike4) || '), '
		'step5 AS MATERIALIZED (' || format(step, 'step4', alike5) || '), '
		'pair AS MATERIALIZED (' || format(pairs, 'step2', alike2) || ' UNION ALL ' || format(pairs, 'step3', alike3)
			|| ' UNION ALL ' || format(pairs, 'step4', alike4) || ' UNION ALL ' || format(pairs, 'step5', alike5) || ')'
		|| format($query$,
		-- What became of keys of a. A removed one whose key now means another
		-- entity becomes none.
		map AS MATERIALIZED (
			SELECT ka, kb FROM pair WHERE ka <> kb
			UNION ALL
			SELECT key, NULL FROM step5 WHERE NOT paired AND side = 'a' AND key_in_both
		)
		SELECT 'entity', CASE side WHEN 'a' THEN 'removed' ELSE 'added' END, CASE side WHEN 'a' THEN key END, CASE side WHEN 'b' THEN key END,
			   NULL, NULL, NULL, place
		FROM step5 WHERE NOT paired
		UNION ALL
		SELECT 'entity', CASE WHEN differences = '' THEN 'moved' ELSE 'changed' END, ka, kb, NULL, NULL, NULL,
			   concat_ws('; ', nullif(differences, ''), CASE WHEN place_a <> place_b THEN place_a || ' -> ' || place_b END)
		FROM (SELECT *, concat_ws(', ', CASE WHEN digest_a[1:2] <> digest_b[1:2] THEN 'code' END,
								  CASE WHEN digest_a[3:4] <> digest_b[3:4] THEN 'signature' END,
								  CASE WHEN digest_a[5] IS DISTINCT FROM digest_b[5] THEN 'class' END,
								  CASE WHEN type THEN 'type' END, CASE WHEN language THEN 'language' END, CASE WHEN name THEN 'name' END) AS differences
			  FROM pair) AS p
		UNION ALL
		SELECT 'entity', 'moved', key, key, NULL, NULL, NULL,
			   max(place) FILTER (WHERE side = 'a') || ' -> ' || max(place) FILTER (WHERE side = 'b')
		FROM step1 WHERE paired GROUP BY key HAVING min(place) <> max(place)
		UNION ALL
		SELECT 'edge', CASE WHEN x.from_key IS NULL THEN 'added' ELSE 'removed' END,
			   x.from_key, y.from_key, x.to_key, y.to_key, coalesce(x.edge_type, y.edge_type), coalesce(x.source_location, y.source_location)
		FROM (SELECT from_key, to_key, edge_type COLLATE "C" AS edge_type, source_location,
					 (CASE WHEN f.ka IS NULL THEN from_key ELSE f.kb END) COLLATE "C" AS new_from,
					 (CASE WHEN t.ka IS NULL THEN to_key ELSE t.kb END) COLLATE "C" AS new_to
			  FROM %1$s LEFT JOIN map AS f ON f.ka = from_key COLLATE "C" LEFT JOIN map AS t ON t.ka = to_key COLLATE "C"
			  WHERE confidence IS NULL) AS x
		FULL JOIN (SELECT from_key COLLATE "C" AS from_key, to_key COLLATE "C" AS to_key, edge_type COLLATE "C" AS edge_type, source_location
				   FROM %2$s WHERE confidence IS NULL) AS y
			ON y.from_key = x.new_from AND y.to_key = x.new_to AND y.edge_type = x.edge_type
		WHERE x.from_key IS NULL OR y.from_key IS NULL$query$, tables_a.edges, tables_b.edges);
END $pt_diff$;
COMMENT ON FUNCTION @extschema@.pt_diff(regclass, regclass) IS
'Two codebases compared, a row for each difference from graph_a to graph_b; NULL as everywhere. what: entity or edge. change: added, removed, changed or moved. key_a and key_b: the entity in each, of an edge its source; to_key_a, to_key_b, edge_type: its target and type. An entity is moved if it has other lines, file or key, but the same language, type, name and content; changed if its content is another: the code (else content_hash in properties), the signature without line_range, file_path and module_path, class, type, language or name. detail says what changed and from where to where; of an edge it is the source_location. Entities are paired by key and content, else content in the same file, else code in another file, else key, else name in the same file; several alike there in their order, if they are as many on both sides. So an entity under a key with its lines in it is the same one after a line was inserted above. Edges are compared under the keys that their ends have now; guesses are left out. In no order. Errors: 42809 a graph has no entities. Reads all four tables: O((entities + edges) log).';

CREATE FUNCTION @extschema@.pt_diff_radius(
	graph_a regclass,
	graph_b regclass DEFAULT NULL,
	hops integer DEFAULT 3,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (entity_key text, distance integer, nearest_key text, change text)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 1000000 ROWS 1000
SET search_path = pg_catalog, pg_temp
SET jit = off
SET enable_nestloop = off
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH difference AS MATERIALIZED (
		SELECT * FROM @extschema@.pt_diff(graph_a, graph_b)
	), map AS MATERIALIZED (
		SELECT key_a, key_b FROM difference WHERE what = 'entity' AND key_a <> key_b
	), removed AS MATERIALIZED (
		SELECT key_a FROM difference WHERE what = 'entity' AND change = 'removed'
	), start AS MATERIALIZED (
		SELECT key, min(change) AS change
		FROM (SELECT key_b AS key, change FROM difference WHERE what = 'entity' AND change IN ('added', 'changed')
			  UNION ALL
			  SELECT key_b, 'edges' FROM difference WHERE what = 'edge' AND change = 'added'
			  UNION ALL
			  SELECT coalesce(m.key_b, d.key_a), 'edges' FROM difference AS d LEFT JOIN map AS m ON m.key_a = d.key_a
			  WHERE what = 'edge' AND change = 'removed' AND NOT EXISTS (SELECT FROM removed AS r WHERE r.key_a = d.key_a)) AS s
		GROUP BY key
	), found AS (
		SELECT i.entity_key, i.distance, i.nearest_key, s.change
		FROM @extschema@.pt_impact(ARRAY(SELECT key FROM start ORDER BY key COLLATE "C"), hops, missing_ok => true,
								   graph => coalesce(graph_b, @extschema@.pt_default_graph()), min_confidence => min_confidence) AS i
		JOIN start AS s ON s.key = i.nearest_key
		UNION ALL
		SELECT coalesce(m.key_b, i.entity_key), i.distance, i.nearest_key, 'removed'
		FROM @extschema@.pt_impact(ARRAY(SELECT key_a FROM removed ORDER BY key_a COLLATE "C"), hops, missing_ok => true,
								   graph => coalesce(graph_a, @extschema@.pt_default_graph()), min_confidence => min_confidence) AS i
		LEFT JOIN map AS m ON m.key_a = i.entity_key
		WHERE NOT EXISTS (SELECT FROM removed AS r WHERE r.key_a = i.entity_key)
	)
	SELECT DISTINCT ON (f.entity_key COLLATE "C") f.entity_key, f.distance, f.nearest_key, f.change
	FROM found AS f
	WHERE NOT EXISTS (SELECT FROM start AS s WHERE s.key = f.entity_key)
	ORDER BY f.entity_key COLLATE "C", f.distance, f.change, f.nearest_key COLLATE "C";
END $$;
COMMENT ON FUNCTION @extschema@.pt_diff_radius(regclass, regclass, integer, numeric) IS
'What depends, within hops edges (NULL: however far), on what pt_diff finds between two codebases: each entity once, by key, with its distance to the nearest changed one and that key. change says what happened to that: added or changed; edges (it depends on something else than before, though it has not changed itself); or removed: then nearest_key is one of graph_a, and the dependants are those it had there, under their keys in graph_b. What has itself been added or changed is not listed, nor what has only moved. min_confidence: walk over guesses from this on, too. Errors: as pt_diff and pt_impact. O((entities + edges) log).';

-- ---------------------------------------------------------------------------
-- Statistics.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_statistics(
	graph regclass DEFAULT NULL
) RETURNS TABLE (what text, kind text, type text, count bigint)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 1000000 ROWS 50
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	tables CONSTANT record := @extschema@.pt_graph_tables(graph);
BEGIN
	-- Distinct keys in byte order: sorting by a locale takes several times as long.
	RETURN QUERY EXECUTE format($query$
		SELECT * FROM (
			SELECT 'entities' AS what, @extschema@.pt_key_kind(key) AS kind, entity_type AS type, count(*) AS n FROM %1$s GROUP BY 2, 3
			UNION ALL
			SELECT CASE WHEN confidence IS NULL THEN 'edges' ELSE 'guesses' END,
				   CASE WHEN confidence IS NULL THEN @extschema@.pt_key_kind(to_key) ELSE method END, edge_type, count(*)
			FROM %2$s GROUP BY 1, 2, 3
			UNION ALL
			SELECT 'sources', @extschema@.pt_key_kind(key), NULL, count(*)
			FROM (SELECT DISTINCT from_key COLLATE "C" AS key FROM %2$s WHERE confidence IS NULL) AS k GROUP BY 2
			UNION ALL
			SELECT 'targets', @extschema@.pt_key_kind(key), NULL, count(*)
			FROM (SELECT DISTINCT to_key COLLATE "C" AS key FROM %2$s WHERE confidence IS NULL) AS k GROUP BY 2
		) AS s
		ORDER BY array_position('{entities,edges,guesses,sources,targets}', what), kind COLLATE "C", type COLLATE "C"$query$,
		tables.entities, tables.edges);
END $$;
COMMENT ON FUNCTION @extschema@.pt_statistics(regclass) IS
'What a codebase consists of, counted. what: entities, by kind of their key (pt_key_kind) and entity_type; edges, the facts among them, by kind of the target and edge_type; guesses, by method (in kind) and edge_type; sources and targets, the keys that facts start and end at, each once, by kind, with a NULL type. graph: NULL as everywhere. Errors: 42809 the graph has no entities. Reads both tables: O(entities + edges).';
