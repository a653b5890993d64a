
-- ---------------------------------------------------------------------------
-- Exports of Parseltongue, in and out.
--
-- All of it is a few statements over whole documents, so it is written in the
-- languages for that; C would only carry their text. They run with the
-- caller's rights under a search_path of pg_catalog, so triggers on the tables
-- must qualify what they name, as for pg_restore. Generic plans keep a
-- document from being copied into each plan as a constant; compiling these
-- large statements would take seconds.
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

CREATE FUNCTION @extschema@.pt_parse_json(json text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE COST 100
AS $$
BEGIN
	-- One qualified name and no operator: a search_path of its own would only cost time.
	RETURN json::pg_catalog.jsonb;
EXCEPTION WHEN OTHERS THEN
	RETURN NULL;
END $$;
COMMENT ON FUNCTION @extschema@.pt_parse_json(text) IS
'The text as jsonb, or NULL if it cannot be one. Runs a subtransaction.';

CREATE FUNCTION @extschema@.pt_import(
	document jsonb,
	root text DEFAULT NULL,
	dependency_type text DEFAULT 'Uses',
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
AS $pt_import$
#variable_conflict use_column
DECLARE
	-- A key must fit the tables' btrees: at most a third of a page less some bytes.
	max_key CONSTANT integer := 2600;
	relations CONSTANT text[] := '{-CodeGraph,CodeGraph,-DependencyEdges,DependencyEdges}';
	-- Fields with a column of their own, under all their names, and derived ones.
	column_fields CONSTANT text[] := '{ISGL1_key,isgl1_key,key,name,entity_name,entity_type,entity_class,language,
		file_path,Current_Code,current_code,code,interface_signature,line_start,line_end,properties,
		forward_deps,reverse_deps,root_subfolder_L1,root_subfolder_L2,current_ind,future_ind}';
	text_fields CONSTANT text[] := '{name,entity_name,entity_type,entity_class,language,file_path,
		Current_Code,current_code,code}';
	-- Fields of CodeGraph that live in properties.
	property_fields CONSTANT text[] := '{current_ind,future_ind,Future_Code,Future_Action,TDD_Classification,
		lsp_meta_data,last_modified,birth_timestamp,content_hash,semantic_path,interface_signature}';
	content jsonb := document;
	prefix text := nullif(rtrim(root, '/'), '') || '/';
	bare boolean;			-- an array without a name, of entities and edges
	relational boolean;		-- CozoDB's relations
	entities jsonb;
	entity_place text := '';
	entity_headers text[];	-- NULL: elements are objects
	edges jsonb;
	edge_place text := '';
	edge_headers text[];
	doomed jsonb;
	doomed_headers text[];
	relation text;
	names text;
	total bigint;
	written bigint;
	refused bigint;
BEGIN
	-- ---- which shape is it? ----
	IF document IS NULL THEN
		RAISE EXCEPTION 'document must not be NULL' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	IF jsonb_typeof(content) = 'object' AND NOT content ?| (relations || '{entities,edges}'::text[])
		AND jsonb_typeof(content -> 'data') IN ('object', 'array') THEN
		content := content -> 'data';
	END IF;
	bare := jsonb_typeof(content) = 'array';
	relational := NOT bare AND jsonb_typeof(content) = 'object' AND content ?| relations;
	IF bare THEN
		IF content <> '[]' AND NOT EXISTS (
			SELECT FROM jsonb_array_elements(content) AS e (v)
			WHERE jsonb_typeof(v) = 'object' AND v ?| '{ISGL1_key,isgl1_key,key,from_key,to_key}') THEN
			names := 'It is an array with no object that has a key.';
		END IF;
	ELSIF jsonb_typeof(content) <> 'object' THEN
		names := format('It is a %s.', jsonb_typeof(content));
	ELSIF NOT relational AND NOT content ?| '{entities,edges}' THEN
		SELECT coalesce('It is an object with the fields ' || string_agg(format('"%s"', left(f, 60)), ', ' ORDER BY f COLLATE "C") || '.',
						'It is an empty object.')
		INTO names FROM (SELECT f FROM jsonb_object_keys(content) AS k (f) ORDER BY f COLLATE "C" LIMIT 10) AS k;
	END IF;
	IF names IS NOT NULL THEN
		RAISE EXCEPTION 'document is no export of a known shape' USING
			ERRCODE = 'invalid_parameter_value', DETAIL = names,
			HINT = 'Expected is an array of entities or edges, an object with the array "entities" or "edges", '
				'or one with the relations "CodeGraph" or "DependencyEdges"; any of them also as the field "data" of an object.';
	END IF;

	IF relational THEN
		FOREACH relation IN ARRAY relations LOOP
			CONTINUE WHEN NOT content ? relation;
			IF jsonb_typeof(content #> ARRAY[relation, 'headers']) IS DISTINCT FROM 'array'
				OR jsonb_typeof(content #> ARRAY[relation, 'rows']) IS DISTINCT FROM 'array'
				OR EXISTS (SELECT FROM jsonb_array_elements(content #> ARRAY[relation, 'headers']) AS h (v) WHERE jsonb_typeof(v) <> 'string') THEN
				RAISE EXCEPTION 'relation "%" is not an object with "headers" and "rows"', relation USING
					ERRCODE = 'invalid_parameter_value',
					DETAIL = 'Both must be arrays, and headers be strings.';
			END IF;
			SELECT string_agg(format('"%s"', n), ', ' ORDER BY n) INTO names
			FROM unnest(CASE WHEN relation LIKE '%CodeGraph' THEN '{ISGL1_key}' ELSE '{from_key,to_key}' END::text[]) AS n
			WHERE NOT content #> ARRAY[relation, 'headers'] ? n;
			IF names IS NOT NULL THEN
				RAISE EXCEPTION 'relation "%" has no header %', relation, names USING ERRCODE = 'invalid_parameter_value';
			END IF;
			SELECT string_agg(format('"%s"', h), ', ' ORDER BY h COLLATE "C") INTO names
			FROM (SELECT h FROM jsonb_array_elements_text(content #> ARRAY[relation, 'headers']) AS h GROUP BY h HAVING count(*) > 1) AS twice;
			IF names IS NOT NULL THEN
				RAISE EXCEPTION 'relation "%" repeats the header %', relation, names USING ERRCODE = 'invalid_parameter_value';
			END IF;
		END LOOP;
		SELECT string_agg(format('"%s"', k), ', ' ORDER BY k COLLATE "C") INTO names
		FROM jsonb_object_keys(content) AS k WHERE k <> ALL (relations);
		IF names IS NOT NULL THEN
			RAISE WARNING 'left out of the import: %', names;
		END IF;
		entities := content #> '{CodeGraph,rows}';
		entity_place := 'CodeGraph.rows';
		entity_headers := ARRAY(SELECT jsonb_array_elements_text(content #> '{CodeGraph,headers}'));
		edges := content #> '{DependencyEdges,rows}';
		edge_place := 'DependencyEdges.rows';
		edge_headers := ARRAY(SELECT jsonb_array_elements_text(content #> '{DependencyEdges,headers}'));
	ELSIF bare THEN
		entities := content;
		edges := content;
	ELSE
		FOREACH relation IN ARRAY '{entities,edges}'::text[] LOOP
			IF jsonb_typeof(content -> relation) <> 'array' THEN
				RAISE EXCEPTION 'field "%" of the document is not an array', relation USING ERRCODE = 'invalid_parameter_value';
			END IF;
		END LOOP;
		entities := content -> 'entities';
		entity_place := 'entities';
		edges := content -> 'edges';
		edge_place := 'edges';
	END IF;

	import_id := nextval('@extschema@.pt_import_id');
	entities_deleted := 0;
	entities_rejected := 0;
	edges_deleted := 0;
	edges_rejected := 0;

	-- ---- deletions ----
	-- They come before the rest, so a document with deletions takes its rows in
	-- no single order: it keeps other writers away instead.
	IF content ? '-CodeGraph' AND relational THEN
		LOCK TABLE @extschema@.pt_entity IN SHARE ROW EXCLUSIVE MODE;
	END IF;
	IF content ? '-DependencyEdges' AND relational THEN
		LOCK TABLE @extschema@.pt_edge IN SHARE ROW EXCLUSIVE MODE;
	END IF;
	IF content ? '-CodeGraph' AND relational THEN
		doomed := content #> '{-CodeGraph,rows}';
		doomed_headers := ARRAY(SELECT jsonb_array_elements_text(content #> '{-CodeGraph,headers}'));
		WITH item AS MATERIALIZED (
			SELECT ord, raw,
				   raw -> (array_position(doomed_headers, 'ISGL1_key') - 1) AS key,
				   CASE WHEN jsonb_typeof(raw) = 'array' THEN jsonb_array_length(raw) = cardinality(doomed_headers) ELSE false END AS fits
			FROM jsonb_array_elements(doomed) WITH ORDINALITY AS e (raw, ord)
		), judged AS MATERIALIZED (
			SELECT *, CASE
				WHEN NOT fits THEN format('not an array of %s values', cardinality(doomed_headers))
				WHEN jsonb_typeof(key) <> 'string' THEN 'the key is not a string' END AS reason
			FROM item
		), rejected AS (
			INSERT INTO @extschema@.pt_import_rejection (import_id, kind, position, reason, content)
			SELECT pt_import.import_id, 'entity', format('-CodeGraph.rows[%s]', ord - 1), reason, left(raw::text, 1000)
			FROM judged WHERE reason IS NOT NULL
			RETURNING 1
		), deleted AS (
			DELETE FROM @extschema@.pt_entity AS e
			USING (SELECT DISTINCT key #>> '{}' AS key FROM judged WHERE reason IS NULL) AS d
			WHERE e.key = d.key
			RETURNING 1
		)
		SELECT (SELECT count(*) FROM deleted), (SELECT count(*) FROM rejected)
		INTO entities_deleted, entities_rejected;
	END IF;
	IF content ? '-DependencyEdges' AND relational THEN
		doomed := content #> '{-DependencyEdges,rows}';
		doomed_headers := ARRAY(SELECT jsonb_array_elements_text(content #> '{-DependencyEdges,headers}'));
		WITH item AS MATERIALIZED (
			SELECT ord, raw,
				   raw -> (array_position(doomed_headers, 'from_key') - 1) AS from_key,
				   raw -> (array_position(doomed_headers, 'to_key') - 1) AS to_key,
				   coalesce(raw -> (array_position(doomed_headers, 'edge_type') - 1), '"Calls"') AS edge_type,
				   CASE WHEN jsonb_typeof(raw) = 'array' THEN jsonb_array_length(raw) = cardinality(doomed_headers) ELSE false END AS fits
			FROM jsonb_array_elements(doomed) WITH ORDINALITY AS e (raw, ord)
		), judged AS MATERIALIZED (
			SELECT *, CASE
				WHEN NOT fits THEN format('not an array of %s values', cardinality(doomed_headers))
				WHEN jsonb_typeof(from_key) <> 'string' THEN 'from_key is not a string'
				WHEN jsonb_typeof(to_key) <> 'string' THEN 'to_key is not a string'
				WHEN jsonb_typeof(edge_type) <> 'string' THEN 'edge_type is not a string' END AS reason
			FROM item
		), rejected AS (
			INSERT INTO @extschema@.pt_import_rejection (import_id, kind, position, reason, content)
			SELECT pt_import.import_id, 'edge', format('-DependencyEdges.rows[%s]', ord - 1), reason, left(raw::text, 1000)
			FROM judged WHERE reason IS NOT NULL
			RETURNING 1
		), deleted AS (
			DELETE FROM @extschema@.pt_edge AS e
			USING (SELECT DISTINCT from_key #>> '{}' AS f, to_key #>> '{}' AS t, edge_type #>> '{}' AS y FROM judged WHERE reason IS NULL) AS d
			WHERE e.from_key = d.f AND e.to_key = d.t AND e.edge_type = d.y
			RETURNING 1
		)
		SELECT (SELECT count(*) FROM deleted), (SELECT count(*) FROM rejected)
		INTO edges_deleted, edges_rejected;
	END IF;

	-- ---- entities ----
	-- item: an object for each element. field: its columns. judged: what is wrong
	-- with it. last: the last good one of each key, in key order.
	-- OFFSET 0 keeps a value that is used often from being computed as often.
	WITH item AS (
		SELECT ord, raw,
			   CASE WHEN entity_headers IS NULL OR NOT relational THEN raw
					WHEN jsonb_typeof(raw) <> 'array' THEN NULL
					WHEN jsonb_array_length(raw) <> cardinality(entity_headers) THEN NULL
					ELSE (SELECT jsonb_object_agg(entity_headers[i], raw -> i - 1) FROM generate_series(1, cardinality(entity_headers)) AS i)
			   END AS v
		FROM jsonb_array_elements(entities) WITH ORDINALITY AS e (raw, ord)
		WHERE NOT bare OR jsonb_typeof(raw) <> 'object' OR NOT raw ?| '{from_key,to_key}'
		OFFSET 0
	), field AS (
		SELECT *,
			   CASE WHEN jsonb_typeof(v -> 'ISGL1_key') <> 'null' THEN v -> 'ISGL1_key'
					WHEN jsonb_typeof(v -> 'isgl1_key') <> 'null' THEN v -> 'isgl1_key'
					WHEN jsonb_typeof(v -> 'key') <> 'null' THEN v -> 'key' END AS k
		FROM item
		OFFSET 0
	), judged AS MATERIALIZED (
		SELECT ord, v, k #>> '{}' AS key, CASE WHEN reason IS NOT NULL THEN left(raw::text, 1000) END AS content, reason
		FROM field, LATERAL (SELECT CASE
			WHEN v IS NULL THEN format('not an array of %s values', cardinality(entity_headers))
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
			END) AS r (reason)
	), rejected AS (
		INSERT INTO @extschema@.pt_import_rejection (import_id, kind, position, reason, content)
		SELECT pt_import.import_id, 'entity', format('%s[%s]', entity_place, ord - 1), reason, content
		FROM judged WHERE reason IS NOT NULL
		RETURNING 1
	), last AS MATERIALIZED (
		SELECT DISTINCT ON (key COLLATE "C") key, v
		FROM judged WHERE reason IS NULL ORDER BY key COLLATE "C", ord DESC
	), put AS (
		INSERT INTO @extschema@.pt_entity AS e (key, name, entity_type, entity_class, language, file_path,
			line_start, line_end, signature, code, properties, updated_at)
		SELECT key,
			   CASE WHEN v ? 'name' THEN v ->> 'name' ELSE coalesce(v ->> 'entity_name', @extschema@.pt_key_name(key)) END,
			   nullif(v ->> 'entity_type', ''),
			   nullif(v ->> 'entity_class', ''),
			   CASE WHEN v ? 'language' THEN nullif(v ->> 'language', '') ELSE @extschema@.pt_key_language(key) END,
			   nullif(regexp_replace(CASE WHEN starts_with(v ->> 'file_path', prefix) THEN substr(v ->> 'file_path', length(prefix) + 1)
										  ELSE v ->> 'file_path' END, '^(\./+)+', ''), ''),
			   CASE WHEN v ? 'line_start' THEN (v ->> 'line_start')::integer ELSE lines.first END,
			   CASE WHEN v ? 'line_end' THEN (v ->> 'line_end')::integer ELSE lines.last END,
			   signature,
			   coalesce(v ->> 'Current_Code', v ->> 'current_code', v ->> 'code'),
			   CASE jsonb_typeof(v -> 'properties') WHEN 'object' THEN v -> 'properties' ELSE '{}' END || properties,
			   now()
		FROM last,
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
			 ) AS p (properties)
		ORDER BY key COLLATE "C"
		-- A relation's row is all there is to know; an object says what it has.
		ON CONFLICT (key) DO UPDATE SET
			name = coalesce(EXCLUDED.name, CASE WHEN NOT relational THEN e.name END),
			entity_type = coalesce(EXCLUDED.entity_type, CASE WHEN NOT relational THEN e.entity_type END),
			entity_class = coalesce(EXCLUDED.entity_class, CASE WHEN NOT relational THEN e.entity_class END),
			language = coalesce(EXCLUDED.language, CASE WHEN NOT relational THEN e.language END),
			file_path = coalesce(EXCLUDED.file_path, CASE WHEN NOT relational THEN e.file_path END),
			line_start = coalesce(EXCLUDED.line_start, CASE WHEN NOT relational THEN e.line_start END),
			line_end = coalesce(EXCLUDED.line_end, CASE WHEN NOT relational THEN e.line_end END),
			signature = coalesce(EXCLUDED.signature, CASE WHEN NOT relational THEN e.signature END),
			code = coalesce(EXCLUDED.code, CASE WHEN NOT relational THEN e.code END),
			properties = (e.properties - CASE WHEN relational THEN property_fields ELSE '{}' END) || EXCLUDED.properties,
			updated_at = EXCLUDED.updated_at
		WHERE (e.name, e.entity_type, e.entity_class, e.language, e.file_path,
			   e.line_start, e.line_end, e.signature, e.code, e.properties) IS DISTINCT FROM (
			coalesce(EXCLUDED.name, CASE WHEN NOT relational THEN e.name END),
			coalesce(EXCLUDED.entity_type, CASE WHEN NOT relational THEN e.entity_type END),
			coalesce(EXCLUDED.entity_class, CASE WHEN NOT relational THEN e.entity_class END),
			coalesce(EXCLUDED.language, CASE WHEN NOT relational THEN e.language END),
			coalesce(EXCLUDED.file_path, CASE WHEN NOT relational THEN e.file_path END),
			coalesce(EXCLUDED.line_start, CASE WHEN NOT relational THEN e.line_start END),
			coalesce(EXCLUDED.line_end, CASE WHEN NOT relational THEN e.line_end END),
			coalesce(EXCLUDED.signature, CASE WHEN NOT relational THEN e.signature END),
			coalesce(EXCLUDED.code, CASE WHEN NOT relational THEN e.code END),
			(e.properties - CASE WHEN relational THEN property_fields ELSE '{}' END) || EXCLUDED.properties)
		RETURNING e.xmax = 0 AS is_new
	)
	SELECT (SELECT count(*) FROM last), (SELECT count(*) FROM put), (SELECT count(*) FROM put WHERE is_new), (SELECT count(*) FROM rejected)
	INTO total, written, entities_inserted, refused;
	entities_updated := written - entities_inserted;
	entities_unchanged := total - written;		-- with those a trigger suppressed
	entities_rejected := entities_rejected + refused;

	-- ---- edges ----
	-- Those of the dependency arrays come first: an edge of its own may have a
	-- location, and the last one wins.
	WITH item AS (
		SELECT 0 AS source, ord, dep_ord, format('%s[%s].%s[%s]', entity_place, ord - 1, f, dep_ord - 1) AS position, dep AS raw,
			   jsonb_build_object('from_key', CASE f WHEN 'forward_deps' THEN k ELSE dep END,
								  'to_key', CASE f WHEN 'forward_deps' THEN dep ELSE k END,
								  'edge_type', dependency_type) AS v
		FROM jsonb_array_elements(CASE WHEN NOT relational AND dependency_type IS NOT NULL THEN entities END) WITH ORDINALITY AS e (element, ord),
			 unnest('{forward_deps,reverse_deps}'::text[]) AS f,
			 LATERAL (SELECT coalesce(element ->> 'ISGL1_key', element ->> 'isgl1_key', element ->> 'key')) AS key (key),
			 LATERAL (SELECT to_jsonb(key)) AS j (k),
			 jsonb_array_elements(CASE WHEN jsonb_typeof(element -> f) = 'array' THEN element -> f END) WITH ORDINALITY AS d (dep, dep_ord)
		WHERE key <> '' AND octet_length(key) <= max_key
		UNION ALL
		SELECT 1, ord, 0, format('%s[%s]', edge_place, ord - 1), raw,
			   CASE WHEN edge_headers IS NULL OR NOT relational THEN raw
					WHEN jsonb_typeof(raw) <> 'array' THEN NULL
					WHEN jsonb_array_length(raw) <> cardinality(edge_headers) THEN NULL
					ELSE (SELECT jsonb_object_agg(edge_headers[i], raw -> i - 1) FROM generate_series(1, cardinality(edge_headers)) AS i)
			   END
		FROM jsonb_array_elements(edges) WITH ORDINALITY AS e (raw, ord)
		WHERE NOT bare OR (jsonb_typeof(raw) = 'object' AND raw ?| '{from_key,to_key}')
		OFFSET 0
	), field AS (
		SELECT *, v ->> 'from_key' AS from_key, v ->> 'to_key' AS to_key,
			   coalesce(v ->> 'edge_type', 'Calls') AS edge_type, v ->> 'source_location' AS location
		FROM item
		OFFSET 0
	), judged AS MATERIALIZED (
		SELECT source, ord, dep_ord, position, from_key, to_key, edge_type,
			   regexp_replace(CASE WHEN starts_with(location, prefix) THEN substr(location, length(prefix) + 1) ELSE location END,
							  '^(\./+)+', '') AS location,
			   CASE WHEN reason IS NOT NULL THEN left(raw::text, 1000) END AS content, reason
		FROM field, LATERAL (SELECT CASE
			WHEN v IS NULL THEN format('not an array of %s values', cardinality(edge_headers))
			WHEN jsonb_typeof(v) <> 'object' THEN 'not an object'
			WHEN from_key IS NULL THEN 'no from_key'
			WHEN to_key IS NULL THEN 'no to_key'
			WHEN jsonb_typeof(v -> 'from_key') <> 'string' THEN 'from_key is not a string'
			WHEN jsonb_typeof(v -> 'to_key') <> 'string' THEN 'to_key is not a string'
			WHEN jsonb_typeof(v -> 'edge_type') NOT IN ('string', 'null') THEN 'edge_type is not a string'
			WHEN jsonb_typeof(v -> 'source_location') NOT IN ('string', 'null') THEN 'source_location is not a string'
			WHEN from_key = '' THEN 'from_key is empty'
			WHEN to_key = '' THEN 'to_key is empty'
			WHEN octet_length(from_key) + octet_length(to_key) + octet_length(edge_type) > max_key
				THEN format('from_key, to_key and edge_type have %s bytes, more than %s',
							octet_length(from_key) + octet_length(to_key) + octet_length(edge_type), max_key)
			END) AS r (reason)
	), rejected AS (
		INSERT INTO @extschema@.pt_import_rejection (import_id, kind, position, reason, content)
		SELECT pt_import.import_id, 'edge', position, reason, content
		FROM judged WHERE reason IS NOT NULL
		RETURNING 1
	), last AS MATERIALIZED (
		SELECT DISTINCT ON (from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C") from_key, to_key, edge_type, location
		FROM judged WHERE reason IS NULL
		ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C", source DESC, ord DESC, dep_ord DESC
	), put AS (
		INSERT INTO @extschema@.pt_edge AS e (from_key, to_key, edge_type, source_location)
		SELECT from_key, to_key, edge_type, location FROM last
		ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C"
		ON CONFLICT (from_key, to_key, edge_type) DO UPDATE SET
			source_location = coalesce(EXCLUDED.source_location, CASE WHEN NOT relational THEN e.source_location END)
		WHERE e.source_location IS DISTINCT FROM coalesce(EXCLUDED.source_location, CASE WHEN NOT relational THEN e.source_location END)
		RETURNING e.xmax = 0 AS is_new
	)
	SELECT (SELECT count(*) FROM last), (SELECT count(*) FROM put), (SELECT count(*) FROM put WHERE is_new), (SELECT count(*) FROM rejected)
	INTO total, written, edges_inserted, refused;
	edges_updated := written - edges_inserted;
	edges_unchanged := total - written;
	edges_rejected := edges_rejected + refused;
END $pt_import$;
COMMENT ON FUNCTION @extschema@.pt_import(jsonb, text, text) IS
'Import an export of Parseltongue: an array of entities and edges, an object with "entities" or "edges", or CozoDB''s relations CodeGraph and DependencyEdges (with a leading "-": rows to delete), each alone or as "data". root: a folder to take off the front of file paths, from which ./ goes in any case. dependency_type: the type of the edges made of forward_deps and reverse_deps, NULL for none. A relation''s row replaces the entity''s columns, an object changes the fields it has; of a repeated key the last wins; what is the same is not written. Rows are written in key order; a document with deletions locks out other writers. Rejected rows go to pt_import_rejection under import_id. Errors: 22023 unknown shape, 22004 NULL. O(n log n).';

CREATE FUNCTION @extschema@.pt_export() RETURNS jsonb
LANGUAGE sql STABLE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $pt_export$
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
				FROM @extschema@.pt_entity,
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
				FROM @extschema@.pt_edge),
			'next', NULL)))
$pt_export$;
COMMENT ON FUNCTION @extschema@.pt_export() IS
'All entities and edges as CozoDB''s relations CodeGraph and DependencyEdges, in key order, as pt_import takes them; four more headers (name, line_start, line_end, properties) carry what CodeGraph has no column for, and the folder levels are those of file_path. Errors: 54000 beyond 256 MB, the limit of a jsonb array.';
