
-- ---------------------------------------------------------------------------
-- Files come in: all that is known of them is replaced.
--
-- What an indexer reads of a file is all there is to know of it, so what was
-- known before, and is not said again, goes. A lock for each file, taken in one
-- order, keeps two writers of the same file apart: all rows that are written
-- belong to one file, so writers of different files never wait for each other.
-- ---------------------------------------------------------------------------

CREATE FUNCTION _parseltongue.pt_file_state(files text[], edges regclass, entities regclass, OUT what text, OUT name text) RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000 ROWS 1000
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN QUERY EXECUTE format($q$
		WITH entity AS MATERIALIZED (
			SELECT key, e.name, entity_type, language, file_path, line_start, signature, properties - '{content_hash,doc}'::text[] AS said,
				   _parseltongue.pt_entity_name(e.name, key, language) AS match_name,
				   row_number() OVER (PARTITION BY file_path, e.name, properties ->> 'scope' ORDER BY line_start, key COLLATE "C") AS place
			FROM %1$s AS e
			WHERE _parseltongue.pt_normal_path(file_path) = ANY ($1) AND _parseltongue.pt_entity_file(file_path, key) = ANY (ARRAY(SELECT _parseltongue.pt_file_id(f) FROM unnest($1) AS f))
		)
		SELECT 'entity ' || (key, e.name, entity_type, language, file_path, line_start, signature, said)::text, match_name FROM entity AS e
		UNION ALL
		-- by whatever key, and in the order that there is
		SELECT 'shape ' || (e.name, entity_type, language, file_path, signature, said, place)::text, NULL FROM entity AS e
		UNION ALL
		SELECT 'shape ' || (e.name, file_path, said -> 'scope', d.to_key, row_number() OVER (PARTITION BY d.from_key ORDER BY d.ctid))::text, NULL
		FROM entity AS e JOIN %2$s AS d ON d.from_key = e.key
		WHERE d.edge_type = 'Extends' AND d.reference_key IS NULL AND coalesce(d.confidence, 1) = 1 $q$,
		entities, edges) USING files;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_file_state(text[], regclass, regclass) IS
'Internal: what references may mean because of files: a row for each entity in them, with the name that it is found by, and one without its key, "shape", and a name; and such a row for each base of a type.';

CREATE FUNCTION _parseltongue.pt_note_change(files text[], gone text[], before text[], before_names text[], edges regclass, entities regclass) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	pending CONSTANT regclass := _parseltongue.pt_codebase_table(edges, 'pt_pending');
	loose boolean;
	names text[];
	reshaped boolean := true;
BEGIN
	IF pending IS NULL THEN
		RETURN;
	END IF;
	-- Of edges from what is no entity nobody can tell whom they concern.
	EXECUTE format($q$
		SELECT EXISTS (
			SELECT FROM (SELECT DISTINCT element ->> 'from_key' AS key FROM pg_temp.pt_import_stage WHERE section = 2) AS d
			WHERE NOT EXISTS (SELECT FROM pg_temp.pt_import_stage WHERE section = 1
							  AND coalesce(element ->> 'ISGL1_key', element ->> 'isgl1_key', element ->> 'key') = d.key)
			  AND @extschema@.pt_key_kind(key) IN ('local', 'file') AND NOT EXISTS (SELECT FROM %s AS e WHERE e.key = d.key)) $q$, entities) INTO loose;
	IF before IS NOT NULL THEN
		WITH state AS MATERIALIZED (
			SELECT b.what, b.name, 1 AS times FROM unnest(before, before_names) AS b (what, name)
			UNION ALL
			SELECT s.what, s.name, -1 FROM _parseltongue.pt_file_state(files, edges, entities) AS s
		), changed AS MATERIALIZED (
			SELECT s.what, s.name FROM state AS s GROUP BY 1, 2 HAVING sum(times) <> 0
		)
		SELECT coalesce((SELECT array_agg(DISTINCT c.name) FROM changed AS c WHERE c.what LIKE 'entity %'), '{}'),
			   EXISTS (SELECT FROM changed AS c WHERE c.what LIKE 'shape %')
		INTO names, reshaped;
	END IF;
	EXECUTE format('INSERT INTO %s (files, gone, names, reshaped) VALUES ($1, $2, $3, $4)', pending)
		USING CASE WHEN NOT loose THEN files END, nullif(gone, '{}'), names, reshaped;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_note_change(text[], text[], text[], text[], regclass, regclass) IS
'Internal: write into pt_pending which files are replaced and the difference that it makes. gone: keys that were deleted; before, before_names: pt_file_state as it was; NULL if nothing was there.';

CREATE FUNCTION _parseltongue.pt_keep_facts(files text[], edges regclass, entities regclass) RETURNS text[]
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
SET enable_mergejoin = off
SET enable_nestloop = off
SET jit = off
AS $$
DECLARE
	kept text[];
	joined text[];
	ends text[];
BEGIN
	-- Facts hold for the content that they were found in. Without a hash nobody knows.
	EXECUTE format($q$
		SELECT array_agg(o.file_path) FILTER (WHERE kept), array_agg(o.key) FILTER (WHERE NOT kept)
		FROM (SELECT o.key, o.file_path, bool_or(coalesce(n.hash = coalesce(o.properties ->> 'content_hash', n.hash), false)) AS kept
			  FROM %s AS o
				  LEFT JOIN (SELECT element ->> 'file_path' AS file_path, element #>> '{properties,content_hash}' AS hash
							 FROM pg_temp.pt_import_stage WHERE section = 1 AND element ->> 'entity_type' = 'file') AS n ON n.file_path = o.file_path
			  WHERE o.file_path = ANY ($1) AND o.entity_type = 'file' AND o.properties ->> 'facts' = 'scip' GROUP BY o.key) AS o $q$, entities)
	INTO kept, joined USING files;
	IF joined IS NOT NULL THEN
		EXECUTE format('UPDATE %s SET properties = properties - ''facts'' WHERE key = ANY ($1)', entities) USING joined;
	END IF;
	IF kept IS NULL THEN
		RETURN '{}';
	END IF;

	-- What only the index knew, and now another knows, too, under the same key or another.
	EXECUTE format($q$
		UPDATE %s AS o SET properties = properties - '{indexer,name_line,scope,visibility}'::text[]
		WHERE file_path = ANY ($1) AND properties ->> 'indexer' = 'scip'
		  AND EXISTS (SELECT FROM pg_temp.pt_import_stage WHERE section = 1 AND element ->> 'key' = o.key) $q$, entities) USING kept;
	EXECUTE format($q$
		SELECT array_agg(p.key ORDER BY p.key COLLATE "C"), array_agg(p.entity ORDER BY p.key COLLATE "C")
		FROM (SELECT o.key, m.key AS entity
			  FROM (SELECT key, hashtextextended(key, 0) AS n FROM %1$s WHERE file_path = ANY ($1) AND properties ->> 'indexer' = 'scip') AS o JOIN (%2$s) AS m USING (n)
			  UNION ALL
			  SELECT o.key, n.element ->> 'key'
			  FROM %1$s AS o JOIN pg_temp.pt_import_stage AS n ON n.section = 1 AND n.element ->> 'entity_type' = 'file' AND n.element ->> 'file_path' = o.file_path
			  WHERE o.file_path = ANY ($1) AND o.entity_type = 'file' AND o.properties ->> 'indexer' = 'scip') AS p
		WHERE p.key <> p.entity $q$,
		entities, _parseltongue.pt_same_definition_query(
			format($q$SELECT hashtextextended(key, 0) AS n, file_path, language, name, _parseltongue.pt_type_class(entity_type) AS class, (properties ->> 'name_line')::integer AS line
				   FROM %s WHERE file_path = ANY ($1) AND entity_type <> 'file' AND properties ->> 'indexer' = 'scip'$q$, entities),
			$q$SELECT element ->> 'key' AS key, element ->> 'file_path' AS file_path, coalesce(element ->> 'name', @extschema@.pt_key_name(element ->> 'key')) AS name,
				   coalesce(element ->> 'language', @extschema@.pt_key_language(element ->> 'key')) AS language, element ->> 'entity_type' AS entity_type, (element ->> 'line_start')::integer AS line_start, (element ->> 'line_end')::integer AS line_end
			   FROM pg_temp.pt_import_stage WHERE section = 1$q$))
	INTO joined, ends USING kept;
	IF joined IS NOT NULL THEN
		-- Two files that are joined at the same time may share edges: one goes after the other.
		PERFORM pg_advisory_xact_lock(hashtextextended('pt_keep_facts', edges::oid::bigint));
		PERFORM _parseltongue.pt_rename_entities(joined, ends, edges, entities);
	END IF;
	RETURN kept;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_keep_facts(text[], regclass, regclass) IS
'Internal: which of these files are what they were when an index in SCIP was imported, by the content_hash in the table and in the one that pt_import_stage made. Of these files the entities that are about to come, and were written by the index under other keys, take their place: edges get the new keys, and rows to come the symbols. Of others it forgets that there was an index. Reads all entities.';

CREATE FUNCTION _parseltongue.pt_rename_entities(old_keys text[], new_keys text[], edges regclass, entities regclass) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
AS $$
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
	EXECUTE format($q$
		WITH gone AS (
			DELETE FROM %s WHERE key = ANY ($1) RETURNING key, properties
		)
		UPDATE pg_temp.pt_import_stage AS s
		SET element = s.element || jsonb_build_object('properties',
				jsonb_strip_nulls(jsonb_build_object('symbol', g.properties -> 'symbol', 'doc', g.properties -> 'doc', 'facts', g.properties -> 'facts',
													 'generated', g.properties -> 'generated')) || coalesce(s.element -> 'properties', '{}'))
		FROM unnest($1, $2) AS n (old, new) JOIN gone AS g ON g.key = n.old
		WHERE s.section = 1 AND s.element ->> 'key' = n.new $q$, entities) USING old_keys, new_keys;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_rename_entities(text[], text[], regclass, regclass) IS
'Internal: the entities of the old keys go; edges get the new ones, and rows of new entities in the table that pt_import_stage made what an index said of the old.';

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

CREATE FUNCTION _parseltongue.pt_replace_staged(files text[], file_keys text[], graph regclass,
	OUT entities_written bigint, OUT entities_deleted bigint, OUT edges_written bigint, OUT edges_deleted bigint
)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
AS $$
DECLARE
	tables CONSTANT record := _parseltongue.pt_graph_tables(graph);
	known boolean := true;
	gone text[];
	before text[];
	before_names text[];
	kept text[] := '{}';			-- files whose facts stay
	counts record;
BEGIN
	-- as they are imported
	files := ARRAY(SELECT DISTINCT _parseltongue.pt_normal_path(f) FROM unnest(files) AS f);
	PERFORM _parseltongue.pt_require_columns(tables.edges, '{from_key,to_key,edge_type,confidence,reference_key}'),
		_parseltongue.pt_require_columns(tables.entities, '{name,entity_type,language,file_path,signature,properties}');
	PERFORM pg_advisory_xact_lock(h)
	FROM (SELECT DISTINCT hashtextextended(f, tables.edges::oid::bigint) AS h FROM unnest(files) AS f ORDER BY h) AS l;
	IF file_keys IS NOT NULL THEN
		EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE key = ANY ($1))', tables.entities) INTO known USING file_keys;
	END IF;
	entities_deleted := 0;
	edges_deleted := 0;
	IF known THEN
		SELECT coalesce(array_agg(s.what), '{}'), coalesce(array_agg(s.name), '{}') INTO before, before_names
		FROM _parseltongue.pt_file_state(files, tables.edges, tables.entities) AS s;
		kept := _parseltongue.pt_keep_facts(files, tables.edges, tables.entities);
		EXECUTE format($q$
			WITH old AS MATERIALIZED (
				SELECT key, file_path = ANY ($2) AS kept FROM %1$s
				WHERE _parseltongue.pt_normal_path(file_path) = ANY ($1) AND _parseltongue.pt_entity_file(file_path, key) = ANY (ARRAY(SELECT _parseltongue.pt_file_id(f) FROM unnest($1) AS f))
				UNION
				-- those that pt_keep_facts has renamed
				SELECT element ->> 'key', true FROM pg_temp.pt_import_stage WHERE section = 1 AND element ->> 'file_path' = ANY ($2)
			), new AS MATERIALIZED (
				SELECT element ->> 'from_key' AS from_key, element ->> 'to_key' AS to_key, coalesce(element ->> 'edge_type', 'Calls') AS edge_type
				FROM pg_temp.pt_import_stage WHERE section = 2 AND element ->> 'from_key' IS NOT NULL AND element ->> 'to_key' IS NOT NULL
			)
			DELETE FROM %2$s AS e USING old
			WHERE e.from_key = old.key AND (e.reference_key IS NOT NULL OR coalesce(e.confidence, 1) = 1)
			  -- what an index said and is said again becomes this indexer's
			  AND (e.method IS NOT DISTINCT FROM 'scip' AND e.reference_key IS NULL AND old.kept)
				  = CASE WHEN e.reference_key IS NULL THEN (e.from_key, e.to_key, e.edge_type) IN (SELECT from_key, to_key, edge_type FROM new)
						 ELSE (e.from_key, e.reference_key) IN (SELECT from_key, to_key FROM new) END $q$,
			tables.entities, tables.edges) USING files, kept;
		GET DIAGNOSTICS edges_deleted = ROW_COUNT;
		EXECUTE format($q$
			WITH new AS MATERIALIZED (
				SELECT coalesce(element ->> 'ISGL1_key', element ->> 'isgl1_key', element ->> 'key') AS key FROM pg_temp.pt_import_stage WHERE section = 1
			), gone AS (
				DELETE FROM %s AS e
				WHERE _parseltongue.pt_normal_path(file_path) = ANY ($1) AND _parseltongue.pt_entity_file(file_path, key) = ANY (ARRAY(SELECT _parseltongue.pt_file_id(f) FROM unnest($1) AS f))
				  -- of a row that a database of another tool had brought nothing stays
				  AND (NOT EXISTS (SELECT FROM new WHERE new.key = e.key)
					   OR properties ->> 'indexer' IN ('codegraph', 'codebase-memory-mcp', 'code-review-graph'))
				  AND NOT (file_path = ANY ($2) AND coalesce(properties ->> 'indexer', '') = 'scip')
				RETURNING e.key)
			SELECT coalesce(array_agg(key), '{}') FROM gone $q$,
			tables.entities) INTO gone USING files, kept;
		entities_deleted := cardinality(gone);
	END IF;
	SELECT (i.entities).inserted + (i.entities).updated AS entities, (i.edges).inserted + (i.edges).updated AS edges INTO counts
	FROM _parseltongue.pt_import_run('{"entities": [1], "edges": [2]}', true, NULL, NULL, false, tables.edges) AS i;
	entities_written := counts.entities;
	edges_written := counts.edges;
	IF kept <> '{}' AND counts.edges > 0 THEN
		edges_written := edges_written + _parseltongue.pt_confirm_facts(kept, tables.edges, tables.entities);
	END IF;
	IF entities_written + entities_deleted + edges_written + edges_deleted > 0 THEN
		PERFORM _parseltongue.pt_note_change(files, gone, before, before_names, tables.edges, tables.entities);
	END IF;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_replace_staged(text[], text[], regclass) IS
'Replace all rows of files by those in the table that pt_import_stage made, entities in section 1, edges in section 2: what is there of these files from before and not among them is deleted, edges from their entities and guesses made of these edges too, but for what an index in SCIP said of content that is the same; the rest is imported as by pt_import, with keys as they are. What that may mean for references is noted in pt_pending. file_keys: if none of these entities is there, nothing of the files is; NULL: look. Locks the files, by name, until the end of the transaction. Errors: as pt_import_staged. O(n log n), and O(entities) if something is there, but for pt_enable_updates.';

CREATE FUNCTION _parseltongue.pt_indexed_files(graph regclass, files text[] DEFAULT NULL) RETURNS TABLE (file_path text, hash text, reasons text[])
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 100000 ROWS 1000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	tables CONSTANT record := _parseltongue.pt_graph_tables(graph);
	left_out CONSTANT regclass := _parseltongue.pt_codebase_table(tables.edges, 'pt_left_out');
BEGIN
	PERFORM _parseltongue.pt_require_columns(tables.entities, '{entity_type,file_path,properties}');
	RETURN QUERY EXECUTE format($q$
		SELECT e.file_path::text, e.properties ->> 'content_hash', %s FROM %s AS e
		WHERE e.entity_type = 'file' AND e.file_path IS NOT NULL AND e.properties ->> 'indexer' = 'pt-index' %s$q$,
		CASE WHEN left_out IS NOT NULL THEN format('(SELECT array_agg(reason) FROM %s AS l WHERE l.file_path = e.file_path AND reason IN (''syntax'', ''long''))', left_out) ELSE 'NULL::text[]' END,
		tables.entities,
		CASE WHEN files IS NOT NULL THEN 'AND e.file_path = ANY ($1) AND _parseltongue.pt_entity_file(e.file_path, e.key) = ANY (ARRAY(SELECT _parseltongue.pt_file_id(f) FROM unnest($1) AS f))' END) USING files;
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
		RAISE EXCEPTION 'document is not an object with arrays "entities" and "edges"' USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT e ->> 'file_path' INTO foreign_path FROM jsonb_array_elements(document -> 'entities') AS e
	WHERE _parseltongue.pt_normal_path(e ->> 'file_path') <> _parseltongue.pt_normal_path(file_path) LIMIT 1;
	IF foreign_path IS NOT NULL THEN
		RAISE EXCEPTION 'an entity is of another file: "%"', foreign_path USING ERRCODE = 'invalid_parameter_value',
			HINT = 'One call replaces one file; pt_import takes any number of them.';
	END IF;
	PERFORM _parseltongue.pt_import_stage();
	INSERT INTO pg_temp.pt_import_stage (section, position, element)
	SELECT 1, o - 1, CASE jsonb_typeof(e) WHEN 'object' THEN e || jsonb_build_object('file_path', file_path) ELSE e END
	FROM jsonb_array_elements(document -> 'entities') WITH ORDINALITY AS a (e, o)
	UNION ALL
	SELECT 2, o - 1, e FROM jsonb_array_elements(document -> 'edges') WITH ORDINALITY AS a (e, o);
	SELECT r.* INTO entities_written, entities_deleted, edges_written, edges_deleted
	FROM _parseltongue.pt_replace_staged(ARRAY[file_path], NULL, graph) AS r;
	DROP TABLE pg_temp.pt_import_stage;
END $$;
COMMENT ON FUNCTION @extschema@.pt_replace_file(text, jsonb, regclass) IS
'Replace all that is known of a file by a document, an object with the arrays "entities" and "edges" as pt_import takes them, either of which may be missing: entities of this file_path that it does not have are deleted, and of the edges from their entities, but for guesses of others, those that it does not have; the rest is imported. What an index in SCIP said of the file stays while the content_hash of its entity of type file is the same. An empty object removes the file. An entity without a file_path gets this one. Writers of one file wait for each other, of different files do not. Rejected rows go to pt_import_rejection. What that may mean for references pt_resolve_changed sees to. Errors: 22004 NULL, 22023 another shape, an entity of another file, or all rows are rejected, 42809 the graph is no codebase. O(entities + n log n), or, after pt_enable_updates, O(n log n).';
