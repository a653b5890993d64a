
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
RETURN pg_catalog.regexp_replace(
	CASE WHEN pg_catalog.starts_with(path, prefix)
		 THEN pg_catalog.substr(path, pg_catalog.length(prefix) OPERATOR(pg_catalog.+) 1) ELSE path END, '^(\./+)+', '');
COMMENT ON FUNCTION @extschema@.pt_import_relative(text, text) IS
'Internal: the path, or path:line, without the prefix, then without ./ at its front. prefix: ends in a slash; NULL for none.';

CREATE FUNCTION @extschema@.pt_import_field(element jsonb, headers text[], name text) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 2
RETURN CASE WHEN headers IS NULL THEN element OPERATOR(pg_catalog.->) name
			ELSE element OPERATOR(pg_catalog.->) (pg_catalog.array_position(headers, name) OPERATOR(pg_catalog.-) 1) END;
COMMENT ON FUNCTION @extschema@.pt_import_field(jsonb, text[], text) IS
'Internal: a field of an element, by name in an object (headers NULL) or by the place of its header in a row; NULL if there is none.';

CREATE FUNCTION @extschema@.pt_import_misfit(element jsonb, headers text[]) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE COST 2
RETURN CASE WHEN headers IS NULL THEN NULL
			WHEN CASE WHEN pg_catalog.jsonb_typeof(element) OPERATOR(pg_catalog.=) 'array'
					  THEN pg_catalog.jsonb_array_length(element) OPERATOR(pg_catalog.=) pg_catalog.cardinality(headers) ELSE false END THEN NULL
			ELSE pg_catalog.format('not an array of %s values', pg_catalog.cardinality(headers)) END;
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
		PERFORM @extschema@.pt_refuse_distributed(edge_table), @extschema@.pt_refuse_distributed(entity_table);
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
'Internal: the tables of a codebase. graph: its pt_edge or the adjacency index of that. Errors: 22004 NULL, 42P01 it has no table pt_entity beside it, is not named pt_edge, or lacks columns, 0A000 a table is managed by Citus.';

-- ---------------------------------------------------------------------------
-- Which shape is it?
-- ---------------------------------------------------------------------------

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
	PERFORM @extschema@.pt_require_columns(entity_table,
		'{name,entity_type,entity_class,language,file_path,line_start,line_end,signature,code,properties,updated_at}');
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
'Import an export of Parseltongue: an array of entities and edges, an object with "entities" or "edges", or CozoDB''s relations CodeGraph and DependencyEdges (with a leading "-": rows to delete), each alone or as "data". root: a folder to take off the front of file paths, from which ./ goes in any case. dependency_type: the type of the edges made of forward_deps and reverse_deps, NULL for none. graph: the codebase, by its pt_edge; NULL for pt_default_graph(). A relation''s row replaces the entity''s columns, an object changes the fields it has; of a repeated key the last wins; what is the same is not written. Edges are written and deleted as facts: one that was a guess becomes a fact, a guess is not deleted. Rows are written in key order; a document with deletions locks out other writers. Rejected rows go to pt_import_rejection under import_id. Errors: 22023 unknown shape, 22004 NULL, 42P01 the graph is no codebase, 42703 its table of entities lacks a column. O(n log n).';

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
	PERFORM @extschema@.pt_require_columns(tables.entity_table,
		'{name,entity_type,entity_class,language,file_path,line_start,line_end,signature,code,properties}');
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
'All entities and all facts among the edges of a codebase as CozoDB''s relations CodeGraph and DependencyEdges, in key order, as pt_import takes them; four more headers (name, line_start, line_end, properties) carry what CodeGraph has no column for, and the folder levels are those of file_path. Guesses are left out: pt_resolve_references makes them again. graph: the codebase, by its pt_edge; NULL for pt_default_graph(). Errors: 42P01 the graph is no codebase, 42703 its table of entities lacks a column, 54000 beyond 256 MB, the limit of a jsonb array.';
