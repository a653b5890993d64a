
-- ---------------------------------------------------------------------------
-- Exports come in: what becomes of a part. First what is common to entities
-- and edges, then the entities.
-- ---------------------------------------------------------------------------

CREATE FUNCTION _parseltongue.pt_import_statement(part _parseltongue.pt_import_part, job _parseltongue.pt_import_job,
	judged text, identity text, columns text, action text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE COST 10
RETURN format($q$
	WITH call AS NOT MATERIALIZED (
		SELECT %1$L::_parseltongue.pt_import_part AS part, %2$L::_parseltongue.pt_import_job AS job
	), judged AS MATERIALIZED (
		%3$s
	), rejected AS (
		INSERT INTO @extschema@.pt_import_rejection (import_id, kind, position, reason, content)
		SELECT (job).import_id, (part).kind,
			   _parseltongue.pt_import_place(CASE source WHEN 0 THEN (part).entity_path ELSE (part).path END,
										   ord, field, dep_ord),
			   reason, content
		FROM call, judged WHERE reason IS NOT NULL
		RETURNING 1
	), last AS MATERIALIZED (
		SELECT DISTINCT ON (%4$s) %5$s FROM judged WHERE reason IS NULL
		ORDER BY %4$s, source DESC, ord DESC, dep_ord DESC
	), done AS (
		%6$s
	)
	SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new),
		   CASE WHEN (SELECT (part).doomed FROM call) THEN 0 ELSE (SELECT count(*) FROM last) - count(*) END,
		   count(*) FILTER (WHERE is_new IS NULL), (SELECT count(*) FROM rejected), %7$s
	FROM done $q$, part, job, judged, identity, columns, action,
	CASE (part).kind WHEN 'edge' THEN '(SELECT count(*) FROM last WHERE joined), NULL::text[]'
					 ELSE '0, ARRAY(SELECT key FROM done WHERE is_new LIMIT 1000)' END);
COMMENT ON FUNCTION _parseltongue.pt_import_statement(_parseltongue.pt_import_part, _parseltongue.pt_import_job, text, text, text, text) IS
'Internal: the statement for a part, with $1 the document; it returns pt_import_counts. Its queries find part and job, as constants, in call. judged: the query for what the elements of the part (source 1) and the dependencies of its entities (source 0) mean, with their ord, for a dependency field and dep_ord (else NULL), and reason and content of what is rejected (else NULL); identity: what is unique: of the same the last good one counts, and last has its columns, of edges also joined; action: what is done with last, in order of identity, returning is_new, NULL of what is deleted, and of entities the key. Of new ones it returns up to 1000.';

-- ---------------------------------------------------------------------------
-- Entities.
-- ---------------------------------------------------------------------------

CREATE FUNCTION _parseltongue.pt_import_node(raw jsonb) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE COST 50
BEGIN ATOMIC
	-- Of several names for one field the first counts; the others stay as they are.
	SELECT raw - coalesce(array_agg(field) FILTER (WHERE field IS NOT NULL), '{}')
		|| coalesce(jsonb_object_agg(meaning, CASE meaning WHEN 'key' THEN to_jsonb(value #>> '{}') ELSE value END)
					FILTER (WHERE meaning IS NOT NULL AND NOT derived), '{}')
	FROM (
		SELECT DISTINCT ON (meaning) meaning, field, raw -> field,
			   field = 'kind' AND raw ->> field = @extschema@.pt_key_kind(coalesce(raw ->> 'key', raw ->> 'id', raw ->> 'hash'))
		FROM (VALUES (1, 'key', 'id', '{string,number}'::text[]), (2, 'key', 'hash', '{string,number}'), (3, 'name', 'label', '{string}'),
					 (4, 'entity_type', 'type', '{string}'), (5, 'entity_type', 'kind', '{string}'),
					 (6, 'file_path', 'file', '{string}'), (7, 'line_start', 'line', '{number}')) AS m (n, meaning, field, types)
		WHERE jsonb_typeof(raw -> field) = ANY (types) AND coalesce(jsonb_typeof(raw -> meaning), 'null') = 'null'
		  AND NOT (meaning = 'key' AND raw ?| '{ISGL1_key,isgl1_key}') AND (field <> 'line' OR raw -> field > '0')
		ORDER BY meaning, n
	) AS f (meaning, field, value, derived);
END;
COMMENT ON FUNCTION _parseltongue.pt_import_node(jsonb) IS
'Internal: an object of the array "nodes" with the names that the fields of entities have: id or hash is the key, label the name, type or kind the type, file and line the place. What pt_to_json calls kind is no type, and goes.';

CREATE FUNCTION _parseltongue.pt_import_entity(raw jsonb, fault text, part _parseltongue.pt_import_part, prefix text)
RETURNS TABLE (reason text, key text, name text, entity_type text, entity_class text, language text, file_path text,
	line_start integer, line_end integer, signature jsonb, code text, properties jsonb)
LANGUAGE sql STABLE PARALLEL UNSAFE COST 1000 ROWS 1
BEGIN ATOMIC
	-- OFFSET 0 keeps a value that is used often from being computed as often.
	SELECT reason, CASE WHEN reason IS NULL THEN k #>> '{}' END,
		   CASE WHEN v ? 'name' THEN v ->> 'name' ELSE coalesce(v ->> 'entity_name', @extschema@.pt_key_name(key)) END,
		   CASE WHEN v ? 'entity_type' THEN nullif(v ->> 'entity_type', '') ELSE nested.entity_type END,
		   CASE WHEN v ? 'entity_class' THEN nullif(v ->> 'entity_class', '') ELSE nested.entity_class END,
		   CASE WHEN v ? 'language' THEN nullif(v ->> 'language', '') ELSE coalesce(@extschema@.pt_key_language(key), nested.language) END,
		   nullif(_parseltongue.pt_import_relative(CASE WHEN v ? 'file_path' THEN v ->> 'file_path' ELSE nested.file_path END, prefix), ''),
		   CASE WHEN v ? 'line_start' THEN (v ->> 'line_start')::integer WHEN first > 0 OR last > 0 THEN first END,
		   CASE WHEN v ? 'line_end' THEN (v ->> 'line_end')::integer WHEN first > 0 OR last > 0 THEN last END,
		   signature,
		   coalesce(v ->> 'Current_Code', v ->> 'current_code', v ->> 'code'),
		   CASE jsonb_typeof(v -> 'properties') WHEN 'object' THEN v -> 'properties' ELSE '{}' END || others
	FROM (SELECT coalesce(fault, _parseltongue.pt_import_misfit(raw, (part).headers)) OFFSET 0) AS m (misfit),
	LATERAL (
		SELECT CASE
			WHEN misfit IS NOT NULL OR (part).doomed THEN NULL
			WHEN (part).path[cardinality((part).path)] = 'nodes' THEN _parseltongue.pt_import_node(raw)
			WHEN (part).headers IS NULL THEN raw
			ELSE (SELECT jsonb_object_agg(h, raw -> n::integer - 1)
				  FROM unnest((part).headers) WITH ORDINALITY AS u (h, n)) END
		OFFSET 0
	) AS o (object),
	-- What is to be deleted is a row, of which nothing but its key is read.
	LATERAL (
		SELECT CASE
			WHEN (part).doomed THEN raw -> array_position((part).headers, 'ISGL1_key') - 1
			WHEN jsonb_typeof(object -> 'ISGL1_key') <> 'null' THEN object -> 'ISGL1_key'
			WHEN jsonb_typeof(object -> 'isgl1_key') <> 'null' THEN object -> 'isgl1_key'
			WHEN jsonb_typeof(object -> 'key') <> 'null' THEN object -> 'key' END
		OFFSET 0
	) AS k (k),
	LATERAL (
		SELECT CASE
			WHEN misfit IS NOT NULL THEN misfit
			WHEN k IS NULL THEN 'no key'
			WHEN jsonb_typeof(k) <> 'string' THEN 'the key is not a string'
			WHEN (part).doomed THEN NULL
			WHEN k = '""' THEN 'the key is empty'
			WHEN k <> ANY (ARRAY[nullif(object -> 'isgl1_key', 'null'), nullif(object -> 'key', 'null')]) THEN 'it has different keys'
			WHEN octet_length(k #>> '{}') > _parseltongue.pt_max_key_bytes() THEN
				format('the key has %s bytes, more than %s', octet_length(k #>> '{}'), _parseltongue.pt_max_key_bytes())
			ELSE coalesce(
				(SELECT f || ' is not a string'
				 FROM unnest('{name,entity_name,entity_type,entity_class,language,file_path,
					Current_Code,current_code,code}'::text[]) AS f
				 WHERE jsonb_typeof(object -> f) NOT IN ('string', 'null') LIMIT 1),
				(SELECT f || ' is neither a boolean nor 0 or 1' FROM unnest('{current_ind,future_ind}'::text[]) AS f
				 WHERE object -> f NOT IN ('true', 'false', '1', '0', 'null') LIMIT 1),
				(SELECT f || ' is not an integer' FROM unnest('{line_start,line_end}'::text[]) AS f
				 WHERE jsonb_typeof(object -> f) <> 'null'
				   AND NOT CASE WHEN jsonb_typeof(object -> f) = 'number' AND object ->> f ~ '^-?[0-9]{1,10}$'
								THEN (object ->> f)::bigint BETWEEN -2147483648 AND 2147483647 ELSE false END LIMIT 1),
				(SELECT f || ' is not an array' FROM unnest('{forward_deps,reverse_deps}'::text[]) AS f
				 WHERE jsonb_typeof(object -> f) NOT IN ('array', 'null') LIMIT 1),
				CASE WHEN jsonb_typeof(object -> 'properties') NOT IN ('object', 'null')
					 THEN 'properties is not an object' END)
			END
		OFFSET 0
	) AS r (reason),
	LATERAL (
		SELECT CASE WHEN reason IS NULL AND object IS NOT NULL THEN k #>> '{}' END,
			   CASE WHEN reason IS NULL THEN object END
		OFFSET 0
	) AS e (key, v),
	LATERAL (
		SELECT CASE jsonb_typeof(v -> 'interface_signature')
			WHEN 'null' THEN NULL
			WHEN 'string' THEN _parseltongue.pt_parse_json(v ->> 'interface_signature')
			ELSE v -> 'interface_signature' END
		OFFSET 0
	) AS s (signature),
	-- Releases before 0.9 have fields of the entity within these two objects.
	LATERAL (
		SELECT CASE WHEN t = 'ImplBlock' THEN 'impl' ELSE lower(regexp_replace(t, '([a-z])([A-Z])', '\1_\2', 'g')) END,
			   CASE c WHEN 'TestImplementation' THEN 'TEST' WHEN 'CodeImplementation' THEN 'CODE' ELSE nullif(c, '') END,
			   signature #>> '{language_specific,language}', signature ->> 'file_path'
		FROM (SELECT CASE jsonb_typeof(signature -> 'entity_type') WHEN 'string' THEN nullif(signature ->> 'entity_type', '')
						  WHEN 'object' THEN (SELECT k FROM jsonb_object_keys(signature -> 'entity_type') AS k LIMIT 1) END,
					 CASE jsonb_typeof(tdd -> 'entity_class') WHEN 'string' THEN tdd ->> 'entity_class' END
			  FROM (SELECT coalesce(v -> 'tdd_classification', v -> 'TDD_Classification')) AS c (classification),
				   LATERAL (SELECT CASE WHEN v ? 'entity_class' THEN NULL
								WHEN jsonb_typeof(classification) = 'object' THEN classification
								WHEN jsonb_typeof(classification) = 'string' AND classification #>> '{}' ~ '^\s*[{]'
									THEN _parseltongue.pt_parse_json(classification #>> '{}') END) AS d (tdd)) AS n (t, c)
		OFFSET 0
	) AS nested (entity_type, entity_class, language, file_path),
	-- The lines: those of the key, else those of the signature; 0-0 is none.
	LATERAL (
		SELECT coalesce(substring(key FROM ':([0-9]{1,9})-[0-9]{1,9}$'),
						substring(signature #>> '{line_range,start}' FROM '^[0-9]{1,9}$'))::integer,
			   coalesce(substring(key FROM ':[0-9]{1,9}-([0-9]{1,9})$'),
						substring(signature #>> '{line_range,end}' FROM '^[0-9]{1,9}$'))::integer
		OFFSET 0
	) AS lines (first, last),
	-- All that has no column. What a relation must have and pt_export makes up is no value.
	LATERAL (
		SELECT coalesce(jsonb_object_agg(field, value), '{}')
		FROM (
			SELECT CASE p.key WHEN 'future_code' THEN 'Future_Code' WHEN 'future_action' THEN 'Future_Action'
							  WHEN 'tdd_classification' THEN 'TDD_Classification' ELSE p.key END, p.value
			FROM jsonb_each(v - '{ISGL1_key,isgl1_key,key,name,entity_name,entity_type,entity_class,language,
				file_path,Current_Code,current_code,code,interface_signature,line_start,line_end,properties,
				forward_deps,reverse_deps,root_subfolder_L1,root_subfolder_L2,current_ind,future_ind}'::text[]) AS p
			WHERE p.key <> 'temporal_state' OR jsonb_typeof(p.value) <> 'object'
			UNION ALL
			SELECT f, CASE v -> f WHEN '1' THEN 'true' WHEN '0' THEN 'false' ELSE v -> f END
			FROM unnest('{current_ind,future_ind}'::text[]) AS f WHERE v ? f
			UNION ALL
			SELECT CASE f WHEN 'future_action' THEN 'Future_Action' ELSE f END, v -> 'temporal_state' -> f
			FROM unnest('{current_ind,future_ind,future_action}'::text[]) AS f
			WHERE v -> 'temporal_state' ? f AND jsonb_typeof(v -> 'temporal_state') = 'object' AND NOT v ? f
			UNION ALL
			SELECT 'interface_signature', v -> 'interface_signature'
			WHERE signature IS NULL AND v ? 'interface_signature'
			UNION ALL
			-- Of two fields for one column the second is no less worth.
			SELECT f, v -> f FROM unnest('{entity_name,current_code,code}'::text[]) AS f
			WHERE v ->> f <> CASE f WHEN 'entity_name' THEN v ->> 'name'
								  ELSE coalesce(v ->> 'Current_Code', v ->> 'current_code', v ->> 'code') END
		) AS p (field, value)
		WHERE value <> 'null' AND NOT ((part).headers IS NOT NULL AND (field, value) IN
			(('current_ind', 'true'), ('future_ind', 'false'), ('TDD_Classification', '""'), ('last_modified', '""')))
	) AS p (others);
END;
COMMENT ON FUNCTION _parseltongue.pt_import_entity(jsonb, text, _parseltongue.pt_import_part, text) IS
'Internal: an element of a part as the columns of pt_entity, or, with these NULL, the reason of its rejection. fault: as in pt_import_elements; prefix: as in pt_import_relative.';

CREATE FUNCTION _parseltongue.pt_import_entities(document jsonb, part _parseltongue.pt_import_part,
	job _parseltongue.pt_import_job) RETURNS _parseltongue.pt_import_counts
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	columns CONSTANT text[] := '{name,entity_type,entity_class,language,file_path,line_start,line_end,signature,code}';
	-- Fields of CodeGraph that live in properties.
	property_fields CONSTANT text := CASE WHEN part.headers IS NULL THEN '{}' ELSE '{current_ind,future_ind,Future_Code,
		Future_Action,TDD_Classification,lsp_meta_data,last_modified,birth_timestamp,content_hash,semantic_path,
		interface_signature}' END;
	judged CONSTANT text := $q$
		SELECT 1 AS source, e.ord, NULL::text AS field, NULL::bigint AS dep_ord, c.*,
			   CASE WHEN c.reason IS NOT NULL THEN coalesce(e.content, left(e.raw::text, 1000)) END AS content
		FROM call, _parseltongue.pt_import_elements($1, (job).staged, (part).path) AS e,
			 _parseltongue.pt_import_entity(e.raw, e.fault, part, (job).prefix) AS c
		WHERE NOT (part).mixed OR e.fault IS NOT NULL
		   OR jsonb_typeof(e.raw) <> 'object' OR NOT e.raw ?| '{from_key,to_key}' $q$;
	deletion CONSTANT text := $q$
		DELETE FROM %s AS e USING last WHERE e.key = last.key RETURNING NULL::boolean AS is_new, e.key $q$;
	upsert CONSTANT text := $q$
		INSERT INTO %1$s AS e (key, %2$s, properties, updated_at)
		SELECT key, %2$s, properties, now() FROM last ORDER BY key COLLATE "C"
		ON CONFLICT (key) DO UPDATE SET (%2$s, properties, updated_at) =
			ROW(%3$s, (e.properties - %4$L::text[]) || EXCLUDED.properties, EXCLUDED.updated_at)
		WHERE (e.properties, %5$s) IS DISTINCT FROM ((e.properties - %4$L::text[]) || EXCLUDED.properties, %3$s)
		RETURNING e.xmax = 0 AS is_new, e.key $q$;
	merged text;
	counts _parseltongue.pt_import_counts;
BEGIN
	-- A relation's row is all there is to know; an object says what it has.
	SELECT string_agg(format(CASE WHEN part.headers IS NULL THEN 'coalesce(EXCLUDED.%1$s, e.%1$s)'
								  ELSE 'EXCLUDED.%1$s' END, c), ', ' ORDER BY n)
	INTO merged FROM unnest(columns) WITH ORDINALITY AS u (c, n);

	-- One row, by a loop for its cursor, which has a generic plan.
	FOR counts IN EXECUTE _parseltongue.pt_import_statement(part, job, judged, 'key COLLATE "C"',
		CASE WHEN part.doomed THEN 'key' ELSE format('key, %s, properties', array_to_string(columns, ', ')) END,
		CASE WHEN part.doomed THEN format(deletion, job.entities)
			 ELSE format(upsert, job.entities, array_to_string(columns, ', '), merged, property_fields,
						 'e.' || array_to_string(columns, ', e.')) END)
	USING document LOOP
		RETURN counts;
	END LOOP;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_import_entities(jsonb, _parseltongue.pt_import_part, _parseltongue.pt_import_job) IS
'Internal: write the entities of a part, in key order, or delete those that its rows name. O(n log n).';
