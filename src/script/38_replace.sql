
-- ---------------------------------------------------------------------------
-- Files come in: all that is known of them is replaced.
--
-- What an indexer reads of a file is all there is to know of it, so what was
-- known before, and is not said again, goes. A lock for each file, taken in one
-- order, keeps two writers of the same file apart: all rows that are written
-- belong to one file, so writers of different files never wait for each other.
-- Many files would take more locks than the server has room for: who writes so
-- many keeps all others out.
--
-- What is written is a document, or, if that is NULL, the table that pt_import_stage
-- made: temporary tables are nothing for who may not make them, or prepares the
-- transaction.
-- ---------------------------------------------------------------------------

CREATE FUNCTION _parseltongue.pt_document_rows(document jsonb) RETURNS TABLE (section integer, "position" bigint, element jsonb)
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1000 ROWS 1000
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN QUERY SELECT 1, e.o - 1, e.v FROM jsonb_array_elements(document -> 'entities') WITH ORDINALITY AS e (v, o)
		UNION ALL SELECT 2, e.o - 1, e.v FROM jsonb_array_elements(document -> 'edges') WITH ORDINALITY AS e (v, o);
END $$;
COMMENT ON FUNCTION _parseltongue.pt_document_rows(jsonb) IS
'Internal: the entities (section 1) and edges (section 2) of a document as rows of the table that pt_import_stage makes. O(n).';

CREATE FUNCTION _parseltongue.pt_file_state(files text[], edges regclass, entities regclass, OUT what text, OUT name text) RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 ROWS 1000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	indexed boolean;
BEGIN
	-- Whom facts lead to is known by its key.
	EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE entity_type = ''file'' AND properties ->> ''facts'' = ''scip'')', entities) INTO indexed;
	RETURN QUERY EXECUTE format($q$
		WITH entity AS MATERIALIZED (
			SELECT key, e.name, entity_type, language, file_path, signature, properties -> 'scope' AS scope, properties - '{content_hash,doc,fields,bases}'::text[] AS said,
				   properties -> 'fields' AS fields, properties -> 'bases' AS bases, CASE entity_type WHEN 'file' THEN properties -> 'opens' END AS opens,
				   CASE WHEN entity_type IS DISTINCT FROM 'file' THEN _parseltongue.pt_entity_name(e.name, key, language) END AS match_name,
				   -- of several of a name the order counts, of their lines and of their keys
				   row_number() OVER (PARTITION BY file_path, e.name ORDER BY line_start, key COLLATE "C") AS place,
				   row_number() OVER (PARTITION BY file_path, e.name ORDER BY key COLLATE "C") AS key_place
			FROM %1$s AS e
			WHERE _parseltongue.pt_normal_path(file_path) = ANY ($1) AND _parseltongue.pt_entity_file(file_path, key) = ANY (ARRAY(SELECT _parseltongue.pt_file_id(f) FROM unnest($1) AS f))
		)
		SELECT 'entity ' || (e.name, entity_type, language, file_path, signature, said, place, key_place, CASE WHEN $2 THEN key END)::text, match_name FROM entity AS e
		UNION ALL
		SELECT 'key ' || (e.name, entity_type, language, file_path, signature, said, place)::text, key FROM entity AS e WHERE entity_type IS DISTINCT FROM 'file'
		UNION ALL
		SELECT 'module ' || (file_path, language)::text, file_path FROM entity AS e WHERE entity_type = 'file' AND _parseltongue.pt_has_modules(coalesce(language, @extschema@.pt_key_language(key)))
		UNION ALL
		-- by which path the folder of a file is imported
		SELECT 'opens ' || (file_path, language, said -> 'opens')::text, file_path FROM entity AS e WHERE entity_type = 'file' AND said ? 'opens' AND _parseltongue.pt_language_family(coalesce(language, @extschema@.pt_key_language(key))) = 'go'
		UNION ALL
		SELECT 'field ' || (e.name, entity_type, language, file_path, scope, place, f.key, f.value)::text, '.' || f.key
		FROM entity AS e, jsonb_each(CASE jsonb_typeof(fields) WHEN 'object' THEN fields END) AS f
		UNION ALL
		-- of a module that is what it has for others, by its name alone; or all that somebody else has, and nobody knows what
		SELECT CASE WHEN f.key ~ '^([*]|default$)' THEN 'passed on ' ELSE 'field ' END || (file_path, f.key, f.value)::text, f.key
		FROM entity AS e, jsonb_each(CASE jsonb_typeof(fields) WHEN 'object' THEN fields END) AS f WHERE entity_type = 'file'
		UNION ALL
		SELECT 'base ' || (e.name, file_path, scope, place, bases, opens, b.keys)::text, match_name
		FROM entity AS e LEFT JOIN LATERAL (
			SELECT array_agg(d.to_key ORDER BY left(substring(d.source_location FROM ':([0-9]+)$'), 9)::integer, d.to_key COLLATE "C") AS keys
			FROM %2$s AS d WHERE d.from_key = e.key AND d.edge_type IN ('Extends', 'Implements') AND d.reference_key IS NULL AND coalesce(d.confidence, 1) = 1) AS b ON true
		WHERE b.keys IS NOT NULL OR bases IS NOT NULL OR opens IS NOT NULL $q$,
		entities, edges) USING files, indexed;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_file_state(text[], regclass, regclass) IS
'Internal: what references may mean because of files, wherever in these it stands: a row for each entity, field of a type or module, bases of a type and file that is a module (what begins with entity, field, base or module; with passed on, if a module has all that another one has; with opens, if imports name its folder), with the name by which other files find it, .name of a field, of a module its path, and of what is opened; and what each key means (what begins with key), with the key.';

CREATE FUNCTION _parseltongue.pt_note_change(files text[], gone text[], gone_names text[], before text[], before_names text[], edges regclass, entities regclass, document jsonb DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	pending CONSTANT regclass := _parseltongue.pt_codebase_table(edges, 'pt_pending');
	stage CONSTANT text := CASE WHEN document IS NULL THEN 'pg_temp.pt_import_stage' ELSE '_parseltongue.pt_document_rows($1)' END;
	unknown boolean;
	names text[];
	others text[];			-- keys that mean another entity than before
	rebased boolean := true;
	words text[];
	modules text[];
BEGIN
	IF pending IS NULL THEN
		RETURN;
	END IF;
	-- Of edges from what is no entity nobody can tell whom they concern.
	EXECUTE format($q$
		SELECT EXISTS (
			SELECT FROM (SELECT element ->> 'from_key' FROM %2$s AS s WHERE section = 2
						 -- no join, of which the planner would not know how many rows it has
						 EXCEPT SELECT coalesce(element ->> 'ISGL1_key', element ->> 'isgl1_key', element ->> 'key') FROM %2$s AS s WHERE section = 1) AS d (key)
			WHERE @extschema@.pt_key_kind(key) IN ('local', 'file') AND NOT EXISTS (SELECT FROM %1$s AS e WHERE e.key = d.key)) $q$, entities, stage)
		INTO unknown USING document;
	-- And if these are the first files that qualify their references, of all that was there before.
	IF NOT unknown THEN
		EXECUTE format($q$
			SELECT EXISTS (SELECT FROM %2$s AS s WHERE section = 1 AND element #> '{properties,qualified}' = 'true')
				AND NOT EXISTS (SELECT FROM %1$s AS e WHERE entity_type = 'file' AND properties -> 'qualified' = 'true' AND _parseltongue.pt_normal_path(file_path) <> ALL ($2))
				AND EXISTS (SELECT FROM %1$s AS e WHERE _parseltongue.pt_normal_path(file_path) <> ALL ($2) OR file_path IS NULL) $q$, entities, stage)
			INTO unknown USING document, files;
	END IF;
	IF before IS NOT NULL THEN
		WITH state AS MATERIALIZED (
			SELECT b.what, b.name, 1 AS times FROM unnest(before, before_names) AS b (what, name)
			UNION ALL
			SELECT s.what, s.name, -1 FROM _parseltongue.pt_file_state(files, edges, entities) AS s
		), changed AS MATERIALIZED (
			SELECT s.what, s.name FROM state AS s GROUP BY 1, 2 HAVING sum(times) <> 0
		)
		SELECT coalesce((SELECT array_agg(DISTINCT c.name) FROM changed AS c WHERE c.name IS NOT NULL AND c.what NOT LIKE ALL ('{module %,opens %,key %}')), '{}'),
			   EXISTS (SELECT FROM changed AS c WHERE c.what LIKE 'base %'),
			   (SELECT array_agg(DISTINCT c.name) FROM changed AS c WHERE c.what LIKE 'module %'),
			   -- a file that came or went brings names with it; one that is in another package gives them another meaning
			   unknown OR EXISTS (SELECT FROM changed AS c WHERE c.what LIKE 'passed on %')
				OR EXISTS (SELECT FROM changed AS c WHERE c.what LIKE 'opens %' GROUP BY c.name HAVING count(*) > 1),
			   ARRAY(SELECT c.name FROM changed AS c WHERE c.what LIKE 'key %' GROUP BY c.name HAVING count(*) > 1)
		INTO names, rebased, modules, unknown, others;
		IF others <> '{}' THEN
			EXECUTE format('SELECT $1 || array_agg(e.key), $2 || array_agg(_parseltongue.pt_entity_name(e.name, e.key, e.language)) FROM %s AS e WHERE e.key = ANY ($3)', entities)
				INTO gone, gone_names USING gone, gone_names, others;
		END IF;
		IF modules IS NOT NULL THEN
			words := ARRAY(SELECT w FROM _parseltongue.pt_module_words(modules, entities) AS w);
			unknown := unknown OR '' = ANY (words);
			names := names || words;
		END IF;
	END IF;
	EXECUTE format('INSERT INTO %s (files, gone, gone_names, names, rebased) VALUES ($1, $2, $3, $4, $5)', pending)
		USING CASE WHEN NOT unknown THEN files END, nullif(gone, '{}'),
			ARRAY(SELECT CASE WHEN n = ANY (names) THEN NULL ELSE n END FROM unnest(gone_names) WITH ORDINALITY AS g (n, o) ORDER BY o), names, rebased;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_note_change(text[], text[], text[], text[], text[], regclass, regclass, jsonb) IS
'Internal: write into pt_pending which files are replaced and the difference that it makes. gone: keys that were deleted, gone_names: their names; before, before_names: pt_file_state as it was; NULL if nothing was there.';

CREATE FUNCTION _parseltongue.pt_keep_facts(files text[], edges regclass, entities regclass, INOUT document jsonb DEFAULT NULL, OUT kept text[])
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
SET enable_mergejoin = off
SET enable_nestloop = off
SET jit = off
AS $$
DECLARE
	stage CONSTANT text := CASE WHEN document IS NULL THEN 'pg_temp.pt_import_stage' ELSE '_parseltongue.pt_document_rows($2)' END;
	joined text[];
	ends text[];
BEGIN
	-- Facts hold for the content that they were found in. Without a hash nobody knows.
	EXECUTE format($q$
		SELECT array_agg(o.file_path) FILTER (WHERE kept), array_agg(o.key) FILTER (WHERE NOT kept)
		FROM (SELECT o.key, o.file_path, bool_or(coalesce(n.hash = coalesce(o.properties ->> 'content_hash', n.hash), false)) AS kept
			  FROM %s AS o
				  LEFT JOIN (SELECT element ->> 'file_path' AS file_path, element #>> '{properties,content_hash}' AS hash
							 FROM %s AS s WHERE section = 1 AND element ->> 'entity_type' = 'file') AS n ON n.file_path = o.file_path
			  WHERE o.file_path = ANY ($1) AND o.entity_type = 'file' AND o.properties ->> 'facts' = 'scip' GROUP BY o.key, o.file_path) AS o $q$, entities, stage)
	INTO kept, joined USING files, document;
	IF joined IS NOT NULL THEN
		EXECUTE format('UPDATE %s SET properties = properties - ''facts'' WHERE key = ANY ($1)', entities) USING joined;
	END IF;
	IF kept IS NULL THEN
		kept := '{}';
		RETURN;
	END IF;

	-- What only the index knew, and now another knows, too, under the same key or another.
	EXECUTE format($q$
		UPDATE %s AS o SET properties = properties - '{indexer,name_line,scope,visibility}'::text[]
		WHERE file_path = ANY ($1) AND properties ->> 'indexer' = 'scip'
		  AND EXISTS (SELECT FROM %s AS s WHERE section = 1 AND element ->> 'key' = o.key) $q$, entities, stage) USING kept, document;
	EXECUTE format($q$
		SELECT array_agg(p.key ORDER BY p.key COLLATE "C"), array_agg(p.entity ORDER BY p.key COLLATE "C")
		FROM (SELECT o.key, m.key AS entity
			  FROM (SELECT key, hashtextextended(key, 0) AS n FROM %1$s WHERE file_path = ANY ($1) AND properties ->> 'indexer' = 'scip') AS o JOIN (%2$s) AS m USING (n)
			  UNION ALL
			  SELECT o.key, n.element ->> 'key'
			  FROM %1$s AS o JOIN %3$s AS n ON n.section = 1 AND n.element ->> 'entity_type' = 'file' AND n.element ->> 'file_path' = o.file_path
			  WHERE o.file_path = ANY ($1) AND o.entity_type = 'file' AND o.properties ->> 'indexer' = 'scip') AS p
		WHERE p.key <> p.entity $q$,
		entities, _parseltongue.pt_same_definition_query(
			format($q$SELECT hashtextextended(key, 0) AS n, file_path, language, name, _parseltongue.pt_type_class(entity_type) AS class, (properties ->> 'name_line')::integer AS line
				   FROM %s WHERE file_path = ANY ($1) AND entity_type <> 'file' AND properties ->> 'indexer' = 'scip'$q$, entities),
			format($q$SELECT element ->> 'key' AS key, element ->> 'file_path' AS file_path, coalesce(element ->> 'name', @extschema@.pt_key_name(element ->> 'key')) AS name,
				   coalesce(element ->> 'language', @extschema@.pt_key_language(element ->> 'key')) AS language, element ->> 'entity_type' AS entity_type, (element ->> 'line_start')::integer AS line_start, (element ->> 'line_end')::integer AS line_end
				   FROM %s AS s WHERE section = 1$q$, stage)), stage)
	INTO joined, ends USING kept, document;
	IF joined IS NOT NULL THEN
		-- Two files that are joined at the same time may share edges: one goes after the other.
		PERFORM pg_advisory_xact_lock(hashtextextended('pt_keep_facts', edges::oid::bigint));
		document := _parseltongue.pt_rename_entities(joined, ends, edges, entities, document);
	END IF;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_keep_facts(text[], regclass, regclass, jsonb) IS
'Internal: which of these files are what they were when an index in SCIP was imported (kept), by the content_hash in the table and in the document, or the one that pt_import_stage made. Of these files the entities that are about to come, and were written by the index under other keys, take their place: edges get the new keys, and rows to come the symbols. Of others it forgets that there was an index. Reads all entities.';

CREATE FUNCTION _parseltongue.pt_rename_entities(old_keys text[], new_keys text[], edges regclass, entities regclass, document jsonb DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
AS $$
DECLARE
	said CONSTANT text := $q$jsonb_build_object('properties',
				jsonb_strip_nulls(jsonb_build_object('symbol', g.properties -> 'symbol', 'doc', g.properties -> 'doc', 'facts', g.properties -> 'facts',
													 'generated', g.properties -> 'generated')) || coalesce(s.element -> 'properties', '{}'))$q$;
BEGIN
	EXECUTE format($q$
		WITH name AS MATERIALIZED (
			SELECT * FROM unnest($1, $2) AS n (old, new)
		), gone AS (
			DELETE FROM %1$s AS e WHERE from_key = ANY ($1) OR to_key = ANY ($1) RETURNING e.*
		)
		INSERT INTO %1$s AS e (from_key, to_key, edge_type, source_location, confidence, method, reference_key)
		SELECT DISTINCT ON (from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C") *
		FROM (SELECT coalesce(f.new, from_key) AS from_key, coalesce(t.new, to_key) AS to_key, edge_type, source_location, confidence, method, reference_key
			  FROM gone LEFT JOIN name AS f ON f.old = from_key LEFT JOIN name AS t ON t.old = to_key) AS g
		ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C", coalesce(confidence, 1) DESC, source_location COLLATE "C"
		ON CONFLICT (from_key, to_key, edge_type) DO UPDATE
			SET (source_location, confidence, method, reference_key) = ROW(EXCLUDED.source_location, EXCLUDED.confidence, EXCLUDED.method, EXCLUDED.reference_key)
			WHERE e.confidence < coalesce(EXCLUDED.confidence, 1) $q$, edges) USING old_keys, new_keys;
	IF document IS NULL THEN
		EXECUTE format($q$
			WITH gone AS (
				DELETE FROM %s WHERE key = ANY ($1) RETURNING key, properties
			)
			UPDATE pg_temp.pt_import_stage AS s SET element = s.element || %s
			FROM unnest($1, $2) AS n (old, new) JOIN gone AS g ON g.key = n.old
			WHERE s.section = 1 AND s.element ->> 'key' = n.new $q$, entities, said) USING old_keys, new_keys;
	ELSE
		EXECUTE format($q$
			WITH gone AS (
				DELETE FROM %s WHERE key = ANY ($1) RETURNING key, properties
			)
			SELECT $3 || jsonb_build_object('entities', jsonb_agg(CASE WHEN g.new IS NULL THEN s.element ELSE s.element || %s END ORDER BY s.position))
			FROM _parseltongue.pt_document_rows($3) AS s
				LEFT JOIN (SELECT DISTINCT ON (n.new) n.new, g.properties FROM unnest($1, $2) AS n (old, new) JOIN gone AS g ON g.key = n.old
						   ORDER BY n.new, n.old) AS g ON g.new = s.element ->> 'key'
			WHERE s.section = 1 $q$, entities, said) INTO document USING old_keys, new_keys, document;
	END IF;
	RETURN document;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_rename_entities(text[], text[], regclass, regclass, jsonb) IS
'Internal: the entities of the old keys go; edges get the new ones, and new entities in the document, or in the table that pt_import_stage made, what an index said of the old. Returns the document.';

CREATE FUNCTION _parseltongue.pt_confirm_facts(files text[], edges regclass, entities regclass) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
SET enable_mergejoin = off
SET enable_nestloop = off
SET jit = off
AS $$
DECLARE
	keys text[];
	confirmed bigint;
BEGIN
	EXECUTE format('SELECT array_agg(key) FROM %s WHERE file_path = ANY ($1)', entities) INTO keys USING files;
	-- All of it is within these files, so that no more than their rows are read.
	EXECUTE format($q$
		INSERT INTO %1$s AS e (from_key, to_key, edge_type, source_location, method) SELECT c.*, 'scip' FROM (%2$s) AS c
		ON CONFLICT (from_key, to_key, edge_type) DO UPDATE
			SET (source_location, confidence, method, reference_key) = ROW(EXCLUDED.source_location, NULL, EXCLUDED.method, NULL)
			WHERE e.confidence < 1 $q$, edges,
		_parseltongue.pt_confirmed_query(
			format('SELECT from_key, to_key, edge_type FROM %s WHERE from_key = ANY ($1) AND method = ''scip'' AND coalesce(confidence, 1) = 1', edges),
			_parseltongue.pt_inner_query('NOT e.properties ? ''symbol''', 'SELECT unnest($2)', format('(SELECT * FROM %s WHERE from_key = ANY ($1))', edges),
										 format('(SELECT * FROM %s WHERE key = ANY ($1))', entities)),
			format('(SELECT * FROM %s WHERE from_key = ANY ($1))', edges))) USING keys, files;
	GET DIAGNOSTICS confirmed = ROW_COUNT;
	RETURN confirmed;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_confirm_facts(text[], regclass, regclass) IS
'Internal: write what pt_confirmed_query finds in these files, of which pt_keep_facts says that facts of them stay. Returns how many edges are written.';

CREATE FUNCTION _parseltongue.pt_note_moves(files text[], edges regclass, entities regclass, document jsonb DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
AS $$
DECLARE
	pending CONSTANT regclass := _parseltongue.pt_codebase_table(edges, 'pt_pending');
	stage CONSTANT text := CASE WHEN document IS NULL THEN 'pg_temp.pt_import_stage' ELSE '_parseltongue.pt_document_rows($2)' END;
	-- A symbol is a name within scopes. Of several of a name signatures tell which is meant, and of several of
	-- a signature their order, if there are as many as before.
	same CONSTANT text := format($q$
		old AS (
			SELECT *, row_number() OVER (PARTITION BY file_path, name, class, scope, signature ORDER BY line_start, key COLLATE "C") AS place,
				   count(*) OVER (PARTITION BY file_path, name, class, scope, signature) AS of, count(*) OVER (PARTITION BY file_path, name, class, scope) AS of_name
			FROM (SELECT key, file_path, coalesce(e.name, @extschema@.pt_key_name(key)) AS name, _parseltongue.pt_type_class(entity_type) AS class,
						 coalesce(properties ->> 'scope', '') AS scope, coalesce(signature ->> 'text', '') AS signature, line_start, properties -> 'symbol' AS symbol
				  FROM %s AS e
				  WHERE file_path = ANY ($1) AND entity_type IS DISTINCT FROM 'file' AND properties ->> 'indexer' IS DISTINCT FROM 'scip'
					AND _parseltongue.pt_entity_file(file_path, key) = ANY (ARRAY(SELECT _parseltongue.pt_file_id(f) FROM unnest($1) AS f))) AS e
		), new AS (
			SELECT *, row_number() OVER (PARTITION BY file_path, name, class, scope, signature ORDER BY line_start, key COLLATE "C") AS place,
				   count(*) OVER (PARTITION BY file_path, name, class, scope, signature) AS of, count(*) OVER (PARTITION BY file_path, name, class, scope) AS of_name
			FROM (SELECT element ->> 'key' AS key, element ->> 'file_path' AS file_path, coalesce(element ->> 'name', @extschema@.pt_key_name(element ->> 'key')) AS name,
						 _parseltongue.pt_type_class(element ->> 'entity_type') AS class, coalesce(element #>> '{properties,scope}', '') AS scope,
						 coalesce(element #>> '{interface_signature,text}', '') AS signature,
						 CASE WHEN jsonb_typeof(element -> 'line_start') = 'number' THEN (element ->> 'line_start')::numeric END AS line_start
				  FROM %s AS s
				  WHERE section = 1 AND element ->> 'file_path' = ANY ($1) AND element ->> 'key' <> '' AND element ->> 'entity_type' IS DISTINCT FROM 'file') AS e
		), same AS MATERIALIZED (
			SELECT o.key AS old, n.key AS new, o.symbol FROM old AS o JOIN new AS n USING (file_path, name, class, scope)
			WHERE o.symbol IS NOT NULL AND (o.of_name = 1 AND n.of_name = 1 OR (o.signature, o.place, o.of) = (n.signature, n.place, n.of))
		)$q$, entities, stage);
	said CONSTANT text := $q$s.element || jsonb_build_object('properties', jsonb_build_object('symbol', n.symbol) || coalesce(s.element -> 'properties', '{}'))$q$;
	applies CONSTANT text := $q$s.section = 1 AND s.element ->> 'key' = n.new AND coalesce(jsonb_typeof(s.element -> 'properties'), 'object') = 'object'$q$;
	indexed boolean;
	moved jsonb;
BEGIN
	EXECUTE format($q$
		SELECT EXISTS (SELECT FROM %s AS e WHERE file_path = ANY ($1) AND properties ? 'symbol' AND entity_type IS DISTINCT FROM 'file'
					   AND _parseltongue.pt_entity_file(file_path, key) = ANY (ARRAY(SELECT _parseltongue.pt_file_id(f) FROM unnest($1) AS f))) $q$, entities)
	INTO indexed USING files;
	IF NOT indexed THEN
		RETURN document;
	END IF;
	IF document IS NULL THEN
		EXECUTE format($q$
			WITH %s, told AS (UPDATE pg_temp.pt_import_stage AS s SET element = %s FROM same AS n WHERE %s)
			SELECT jsonb_object_agg(old, new) FROM same WHERE old <> new $q$, same, said, applies) INTO moved USING files;
	ELSE
		EXECUTE format($q$
			WITH %s
			SELECT (SELECT jsonb_object_agg(old, new) FROM same WHERE old <> new),
				   $2 || jsonb_build_object('entities', (
					   SELECT coalesce(jsonb_agg(CASE WHEN n.new IS NULL THEN s.element ELSE %s END ORDER BY s.position), '[]')
					   FROM _parseltongue.pt_document_rows($2) AS s LEFT JOIN (SELECT DISTINCT ON (new) * FROM same ORDER BY new, old) AS n ON %s
					   WHERE s.section = 1)) $q$, same, said, applies) INTO moved, document USING files, document;
	END IF;
	IF moved IS NOT NULL AND pending IS NOT NULL THEN
		-- the later note of a file is the one that was written later, whichever transaction began first
		EXECUTE format('INSERT INTO %s (files, names, rebased, written_at, moved) VALUES (''{}'', ''{}'', false, clock_timestamp(), $1)', pending) USING moved;
	END IF;
	RETURN document;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_note_moves(text[], regclass, regclass, jsonb) IS
'Internal: of definitions in these files that an index in SCIP knew, and that the document, or the table that pt_import_stage made, has, too, under whatever key, the symbols are kept, and keys that have changed noted in pt_pending for pt_follow_moves. Returns the document.';

CREATE FUNCTION _parseltongue.pt_move_facts(old_keys text[], new_keys text[], edges regclass) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
AS $$
DECLARE
	moved bigint;
BEGIN
	-- All at once: the new key of one may be the old one of another. Sorted, so that all are gone before the first comes.
	EXECUTE format($q$
		WITH gone AS (
			DELETE FROM %1$s AS e USING unnest($1, $2) AS n (old, new)
			WHERE e.to_key = n.old AND e.method = 'scip' AND e.reference_key IS NULL AND coalesce(e.confidence, 1) = 1
			RETURNING e.from_key, n.new AS to_key, e.edge_type, e.source_location, e.confidence, e.method
		)
		INSERT INTO %1$s (from_key, to_key, edge_type, source_location, confidence, method)
		SELECT DISTINCT ON (from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C") * FROM gone
		ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C", source_location COLLATE "C"
		ON CONFLICT (from_key, to_key, edge_type) DO NOTHING $q$, edges) USING old_keys, new_keys;
	GET DIAGNOSTICS moved = ROW_COUNT;
	RETURN moved;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_move_facts(text[], text[], regclass) IS
'Internal: facts of an index in SCIP that lead to the old keys lead to the new ones. Returns how many.';

CREATE FUNCTION _parseltongue.pt_follow_moves(edges regclass) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	pending CONSTANT regclass := _parseltongue.pt_codebase_table(edges, 'pt_pending');
	note jsonb;
	followed bigint := 0;
BEGIN
	FOR note IN EXECUTE format('WITH taken AS (DELETE FROM %s WHERE moved IS NOT NULL RETURNING moved, written_at) SELECT moved FROM taken ORDER BY written_at', pending) LOOP
		followed := followed + (SELECT _parseltongue.pt_move_facts(array_agg(key), array_agg(value), edges) FROM jsonb_each_text(note));
	END LOOP;
	RETURN followed;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_follow_moves(regclass) IS
'Internal: let facts follow the definitions that pt_note_moves has noted since. Returns how many edges. One at a time: for who holds the lock of pt_resolve_references.';

CREATE FUNCTION _parseltongue.pt_lock_files(files text[], edges regclass) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 1000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	max_files CONSTANT integer := 500;
	all_files CONSTANT bigint := hashtextextended('//', edges::oid::bigint);	-- no file is called so
BEGIN
	IF cardinality(files) > max_files THEN
		PERFORM pg_advisory_xact_lock(all_files);
	ELSE
		PERFORM pg_advisory_xact_lock_shared(all_files);
		PERFORM pg_advisory_xact_lock(h)
		FROM (SELECT DISTINCT hashtextextended(f, edges::oid::bigint) AS h FROM unnest(files) AS f ORDER BY h) AS l;
	END IF;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_lock_files(text[], regclass) IS
'Internal: lock these files of a codebase against others who write them, until the end of the transaction; more than 500: all files.';

CREATE FUNCTION _parseltongue.pt_replace_run(document jsonb, files text[], file_keys text[], graph regclass,
	OUT entities_written bigint, OUT entities_deleted bigint, OUT edges_written bigint, OUT edges_deleted bigint
)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
AS $$
DECLARE
	tables CONSTANT record := _parseltongue.pt_graph_tables(graph);
	stage CONSTANT text := CASE WHEN document IS NULL THEN 'pg_temp.pt_import_stage' ELSE '_parseltongue.pt_document_rows($3)' END;
	known boolean := true;
	gone text[];
	gone_names text[];
	before text[];
	before_names text[];
	kept text[] := '{}';			-- files whose facts stay
	counts record;
BEGIN
	-- as they are imported
	files := ARRAY(SELECT DISTINCT _parseltongue.pt_normal_path(f) FROM unnest(files) AS f);
	PERFORM _parseltongue.pt_require_columns(tables.edges, '{from_key,to_key,edge_type,confidence,reference_key}'),
		_parseltongue.pt_require_columns(tables.entities, '{name,entity_type,language,file_path,signature,properties}');
	PERFORM _parseltongue.pt_lock_tables(tables.entities, tables.edges, 'ROW EXCLUSIVE', 'ROW EXCLUSIVE');
	PERFORM _parseltongue.pt_lock_files(files, tables.edges);
	IF file_keys IS NOT NULL THEN
		EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE key = ANY ($1))', tables.entities) INTO known USING file_keys;
	END IF;
	entities_deleted := 0;
	edges_deleted := 0;
	IF known THEN
		IF document IS NULL THEN
			UPDATE pg_temp.pt_import_stage AS s SET element = element || jsonb_build_object('file_path', _parseltongue.pt_normal_path(element ->> 'file_path'))
			WHERE section = 1 AND _parseltongue.pt_normal_path(element ->> 'file_path') <> element ->> 'file_path';
		END IF;
		SELECT coalesce(array_agg(s.what), '{}'), coalesce(array_agg(s.name), '{}') INTO before, before_names
		FROM _parseltongue.pt_file_state(files, tables.edges, tables.entities) AS s;
		SELECT k.document, k.kept INTO document, kept FROM _parseltongue.pt_keep_facts(files, tables.edges, tables.entities, document) AS k;
		IF EXISTS (SELECT FROM unnest(files) AS f WHERE f <> ALL (kept)) THEN
			document := _parseltongue.pt_note_moves(ARRAY(SELECT f FROM unnest(files) AS f WHERE f <> ALL (kept)), tables.edges, tables.entities, document);
		END IF;
		EXECUTE format($q$
			WITH old AS MATERIALIZED (
				SELECT key, file_path = ANY ($2) AS kept FROM %1$s
				WHERE _parseltongue.pt_normal_path(file_path) = ANY ($1) AND _parseltongue.pt_entity_file(file_path, key) = ANY (ARRAY(SELECT _parseltongue.pt_file_id(f) FROM unnest($1) AS f))
				UNION
				-- those that pt_keep_facts has renamed
				SELECT element ->> 'key', true FROM %3$s AS s WHERE section = 1 AND element ->> 'file_path' = ANY ($2)
			), new AS MATERIALIZED (
				SELECT element ->> 'from_key' AS from_key, element ->> 'to_key' AS to_key, coalesce(element ->> 'edge_type', 'Calls') AS edge_type
				FROM %3$s AS s WHERE section = 2 AND element ->> 'from_key' IS NOT NULL AND element ->> 'to_key' IS NOT NULL
			)
			DELETE FROM %2$s AS e USING old
			WHERE e.from_key = old.key AND (e.reference_key IS NOT NULL OR coalesce(e.confidence, 1) = 1)
			  -- what an index said and is said again becomes this indexer's
			  AND (e.method IS NOT DISTINCT FROM 'scip' AND e.reference_key IS NULL AND old.kept)
				  = CASE WHEN e.reference_key IS NULL THEN (e.from_key, e.to_key, e.edge_type) IN (SELECT from_key, to_key, edge_type FROM new)
						 ELSE (e.from_key, e.reference_key) IN (SELECT from_key, to_key FROM new) END $q$,
			tables.entities, tables.edges, stage) USING files, kept, document;
		GET DIAGNOSTICS edges_deleted = ROW_COUNT;
		EXECUTE format($q$
			WITH new AS MATERIALIZED (
				SELECT coalesce(element ->> 'ISGL1_key', element ->> 'isgl1_key', element ->> 'key') AS key FROM %2$s AS s WHERE section = 1
			), gone AS (
				DELETE FROM %1$s AS e
				WHERE _parseltongue.pt_normal_path(file_path) = ANY ($1) AND _parseltongue.pt_entity_file(file_path, key) = ANY (ARRAY(SELECT _parseltongue.pt_file_id(f) FROM unnest($1) AS f))
				  -- of a row that a database of another tool had brought nothing stays
				  AND (NOT EXISTS (SELECT FROM new WHERE new.key = e.key)
					   OR properties ->> 'indexer' IN ('codegraph', 'codebase-memory-mcp', 'code-review-graph'))
				  AND NOT (file_path = ANY ($2) AND coalesce(properties ->> 'indexer', '') = 'scip')
				RETURNING e.key, _parseltongue.pt_entity_name(e.name, e.key, language) AS match_name)
			SELECT coalesce(array_agg(key), '{}'), array_agg(match_name) FROM gone $q$,
			tables.entities, stage) INTO gone, gone_names USING files, kept, document;
		entities_deleted := cardinality(gone);
		-- Properties are merged; what an entity no longer says of names would stay, and lead on.
		EXECUTE format($q$
			UPDATE %1$s AS e SET properties = e.properties - '{fields,returns,bases,opens}'::text[] FROM %2$s AS s
			WHERE _parseltongue.pt_normal_path(e.file_path) = ANY ($1) AND _parseltongue.pt_entity_file(e.file_path, e.key) = ANY (ARRAY(SELECT _parseltongue.pt_file_id(f) FROM unnest($1) AS f))
			  AND e.properties ?| '{fields,returns,bases,opens}' AND s.section = 1 AND e.key = s.element ->> 'key'
			  AND EXISTS (SELECT FROM unnest('{fields,returns,bases,opens}'::text[]) AS p WHERE e.properties ? p AND NOT coalesce(s.element -> 'properties' ? p, false)) $q$,
			tables.entities, stage) USING files, kept, document;
	END IF;
	SELECT (i.entities).inserted + (i.entities).updated AS entities, (i.edges).inserted + (i.edges).updated AS edges INTO counts
	FROM _parseltongue.pt_import_run(coalesce(document, '{"entities": [1], "edges": [2]}'), document IS NULL, NULL, NULL, false, tables.edges) AS i;
	entities_written := counts.entities;
	edges_written := counts.edges;
	IF kept <> '{}' AND counts.edges > 0 THEN
		edges_written := edges_written + _parseltongue.pt_confirm_facts(kept, tables.edges, tables.entities);
	END IF;
	IF entities_written + entities_deleted + edges_written + edges_deleted > 0 THEN
		PERFORM _parseltongue.pt_note_change(files, gone, gone_names, before, before_names, tables.edges, tables.entities, document);
	END IF;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_replace_run(jsonb, text[], text[], regclass) IS
'Internal: what pt_replace_file and pt_replace_staged do. document: an object with the arrays entities, whose paths are normal, and edges; NULL: the table that pt_import_stage made. The rest, and errors, as of pt_replace_staged.';

CREATE FUNCTION _parseltongue.pt_replace_staged(files text[], file_keys text[], graph regclass,
	OUT entities_written bigint, OUT entities_deleted bigint, OUT edges_written bigint, OUT edges_deleted bigint
)
LANGUAGE sql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
AS 'SELECT * FROM _parseltongue.pt_replace_run(NULL, $1, $2, $3)';
COMMENT ON FUNCTION _parseltongue.pt_replace_staged(text[], text[], regclass) IS
'Replace all rows of files by those in the table that pt_import_stage made, entities in section 1, edges in section 2: what is there of these files from before and not among them is deleted, edges from their entities and guesses made of these edges too, but for what an index in SCIP said of content that is the same; the rest is imported as by pt_import, with keys as they are. What that may mean for references is noted in pt_pending. file_keys: if none of these entities is there, nothing of the files is; NULL: look. Locks the files, by name, until the end of the transaction; of more than 500, all. Errors: as pt_import_staged. O(n log n), and O(entities) if something is there, but for pt_enable_updates.';

CREATE FUNCTION _parseltongue.pt_indexed_files(graph regclass, files text[] DEFAULT NULL) RETURNS TABLE (file_path text, hash text, reasons text[])
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 100000 ROWS 1000
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
	tables CONSTANT record := _parseltongue.pt_graph_tables(graph);
	normal CONSTANT text[] := ARRAY(SELECT _parseltongue.pt_normal_path(f) FROM unnest(files) AS f);
	left_out CONSTANT regclass := _parseltongue.pt_codebase_table(tables.edges, 'pt_left_out');
BEGIN
	PERFORM _parseltongue.pt_require_columns(tables.entities, '{entity_type,file_path,properties}');
	-- what was left out of files is gathered once, since it may be half of them
	RETURN QUERY EXECUTE format($q$
		SELECT e.file_path::text, e.properties ->> 'content_hash', %s FROM %s AS e %s
		WHERE e.entity_type = 'file' AND e.file_path IS NOT NULL AND e.properties ->> 'indexer' = 'pt-index' %s$q$,
		CASE WHEN left_out IS NOT NULL THEN 'l.reasons' ELSE 'NULL::text[]' END, tables.entities,
		CASE WHEN left_out IS NOT NULL THEN format('LEFT JOIN (SELECT file_path, array_agg(reason) AS reasons FROM %s AS l WHERE reason IN (''syntax'', ''long'') %s GROUP BY file_path) AS l ON l.file_path = e.file_path',
			left_out, CASE WHEN files IS NOT NULL THEN 'AND file_path = ANY ($1)' END) END,
		CASE WHEN files IS NOT NULL THEN 'AND e.file_path = ANY ($1) AND hashtextextended(_parseltongue.pt_entity_file(e.file_path, e.key), 0) = ANY (ARRAY(SELECT hashtextextended(_parseltongue.pt_file_id(f), 0) FROM unnest($1) AS f))' END) USING normal;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_indexed_files(regclass, text[]) IS
'Internal: the files that pt-index has read, or those among them that are named, with the hash of their content, and why not all of it was taken. Errors: 42809 the graph is no codebase. Reads all entities, but for pt_enable_updates only files.';

CREATE FUNCTION @extschema@.pt_replace_file(
	file_path text,
	document jsonb,
	graph regclass DEFAULT NULL,
	OUT entities_written bigint, OUT entities_deleted bigint, OUT edges_written bigint, OUT edges_deleted bigint
)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	foreign_path text;
BEGIN
	IF file_path IS NULL OR document IS NULL THEN
		RAISE EXCEPTION '% must not be NULL', CASE WHEN file_path IS NULL THEN 'file_path' ELSE 'document' END
			USING ERRCODE = 'null_value_not_allowed';
	END IF;
	IF jsonb_typeof(document) <> 'object' OR 'array' <> ANY (ARRAY[coalesce(jsonb_typeof(document -> 'entities'), 'array'),
																   coalesce(jsonb_typeof(document -> 'edges'), 'array')]) THEN
		RAISE EXCEPTION 'document is not an object with arrays "entities" and "edges"' USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Give {"entities": [...], "edges": [...]}, all that is in the file.';
	END IF;
	file_path := _parseltongue.pt_normal_path(file_path);
	SELECT e ->> 'file_path' INTO foreign_path FROM jsonb_array_elements(document -> 'entities') AS e
	WHERE _parseltongue.pt_normal_path(e ->> 'file_path') <> file_path LIMIT 1;
	IF foreign_path IS NOT NULL THEN
		RAISE EXCEPTION 'an entity is of another file: "%"', foreign_path USING ERRCODE = 'invalid_parameter_value',
			HINT = 'One call replaces one file; pt_import takes any number of them.';
	END IF;
	document := jsonb_build_object('edges', coalesce(document -> 'edges', '[]'), 'entities', coalesce(
		(SELECT jsonb_agg(CASE jsonb_typeof(e) WHEN 'object' THEN e || jsonb_build_object('file_path', file_path) ELSE e END ORDER BY o)
		 FROM jsonb_array_elements(document -> 'entities') WITH ORDINALITY AS a (e, o)), '[]'));
	SELECT r.* INTO entities_written, entities_deleted, edges_written, edges_deleted
	FROM _parseltongue.pt_replace_run(document, ARRAY[file_path], NULL, graph) AS r;
END $$;
COMMENT ON FUNCTION @extschema@.pt_replace_file(text, jsonb, regclass) IS
'Replace all that is known of a file by a document, an object with the arrays "entities" and "edges" as pt_import takes them, either of which may be missing: entities of this file_path that it does not have are deleted, and of the edges from their entities, but for guesses of others, those that it does not have; the rest is imported. What an index in SCIP said of the file stays while the content_hash of its entity of type file is the same. An empty object removes the file. An entity without a file_path gets this one. Writers of one file wait for each other, of different files do not. Rejected rows go to pt_import_rejection. What that may mean for references pt_resolve_changed sees to. Errors: 22004 NULL, 22023 another shape, an entity of another file, or all rows are rejected, 42809 the graph is no codebase. O(entities + n log n), or, after pt_enable_updates, O(n log n).';
