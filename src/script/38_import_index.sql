-- ---------------------------------------------------------------------------
-- Indexes come in: what a compiler knew.
--
-- An index names definitions by symbols and says where each is defined and used.
-- Here symbols become keys: that of the entity which is there already, if another
-- indexer has read the file, else one of the index's own; of what is defined
-- nowhere in the index, a placeholder. Then it is an import like any other.
--
-- An index in SCIP comes of a compiler or a type checker, so its edges are facts,
-- with the method scip, by which they are told from those that another indexer
-- states. Two things follow of a fact. References of the same name from the same
-- source are settled: pt_resolve_references makes no guess of them. And where
-- such a reference is a call, or a base, which an index does not tell from any
-- other use, so is the fact.
--
-- pt_replace_staged brings the two together if the other indexer comes second.
-- ---------------------------------------------------------------------------

CREATE FUNCTION _parseltongue.pt_fact_name(key text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 2
RETURN _parseltongue.pt_match_name(@extschema@.pt_key_name(key), @extschema@.pt_key_language(key));
COMMENT ON FUNCTION _parseltongue.pt_fact_name(text) IS
'Internal: the name of what a fact leads to, as pt_reference_name has that of a reference. O(length).';

CREATE FUNCTION _parseltongue.pt_inner_query(unseen text, files text, edges text, entities text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE COST 10
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT format($q$
	WITH RECURSIVE inner_entity AS MATERIALIZED (
		SELECT e.key, f.key AS file_key
		FROM (SELECT key, file_path FROM %4$s AS e WHERE entity_type IS DISTINCT FROM 'file' AND (%1$s)) AS e
			JOIN (SELECT key, file_path FROM %4$s AS f WHERE entity_type = 'file' AND file_path IN (%2$s)) AS f USING (file_path)
	), around AS MATERIALIZED (
		SELECT i.key AS inner_key, coalesce(c.from_key, i.file_key) AS outer_key
		FROM inner_entity AS i LEFT JOIN %3$s AS c ON c.to_key = i.key AND c.edge_type = 'Contains'
	), chain AS (
		SELECT inner_key, outer_key FROM around
		UNION
		SELECT c.inner_key, a.outer_key FROM chain AS c JOIN around AS a ON a.inner_key = c.outer_key
	)
	SELECT inner_key, outer_key FROM chain WHERE outer_key NOT IN (SELECT key FROM inner_entity) $q$, unseen, files, edges, entities)
$$;
COMMENT ON FUNCTION _parseltongue.pt_inner_query(text, text, text, text) IS
'Internal: a query for the entities that an index takes for part of another, such as functions within functions, and that one, or else the file (inner_key, outer_key). unseen: a condition on the entity e for having no symbol; files: a query for the files of the index; edges, entities: tables or queries in parentheses.';

CREATE FUNCTION _parseltongue.pt_settled_references(edges regclass, entities regclass) RETURNS TABLE (from_key text, name text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 100000 ROWS 1000
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
	indexed boolean;
BEGIN
	EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE entity_type = ''file'' AND properties ->> ''facts'' = ''scip'')', entities) INTO indexed;
	IF NOT indexed THEN
		RETURN;
	END IF;
	-- Of what is gone since nobody knows any more.
	RETURN QUERY EXECUTE format($q$
		WITH fact AS MATERIALIZED (
			SELECT DISTINCT f.from_key::text, _parseltongue.pt_fact_name(f.to_key) AS name FROM %1$s AS f
			WHERE f.method = 'scip' AND coalesce(f.confidence, 1) = 1 AND f.edge_type IN ('Calls', 'Uses')
			  AND CASE @extschema@.pt_key_kind(f.to_key) WHEN 'external' THEN true WHEN 'unresolved' THEN false
					   ELSE EXISTS (SELECT FROM %2$s AS e WHERE e.key = f.to_key) END
		)
		SELECT f.from_key, f.name FROM fact AS f
		UNION
		SELECT i.inner_key::text, f.name FROM fact AS f JOIN (%3$s) AS i ON i.outer_key = f.from_key $q$, edges, entities,
		_parseltongue.pt_inner_query('NOT e.properties ? ''symbol''',
			format('SELECT file_path FROM %s WHERE entity_type = ''file'' AND properties ->> ''facts'' = ''scip''', entities), edges::text, entities::text));
END $$;
COMMENT ON FUNCTION _parseltongue.pt_settled_references(regclass, regclass) IS
'Internal: the references that facts of an index tell the meaning of, by their source and the name that pt_reference_name gives. Reads the entities, but for pt_enable_updates, and if a file is marked as indexed both tables.';

CREATE FUNCTION _parseltongue.pt_confirmed_query(facts text, inner_entities text, edges text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE COST 10
SET search_path = pg_catalog, pg_temp
AS $$
	-- Within another entity a name may mean several things; only one of one meaning is known there.
	SELECT format($q$
	SELECT DISTINCT ON (e.from_key COLLATE "C", f.to_key COLLATE "C", e.edge_type COLLATE "C")
		   e.from_key, f.to_key, e.edge_type, e.source_location
	FROM (WITH fact AS MATERIALIZED (
			SELECT from_key, to_key, _parseltongue.pt_fact_name(to_key) AS name,
				   _parseltongue.pt_type_class(_parseltongue.pt_key_type(to_key)) AS class
			FROM (SELECT DISTINCT from_key, to_key FROM (%1$s) AS f WHERE edge_type IN ('Calls', 'Uses') OFFSET 0) AS f
			WHERE @extschema@.pt_key_kind(to_key) IN ('local', 'external')
		  )
		  SELECT * FROM fact
		  UNION ALL
		  SELECT i.inner_key, min(to_key), name, min(class) FROM fact JOIN (%2$s) AS i ON i.outer_key = from_key
		  GROUP BY i.inner_key, name HAVING count(DISTINCT to_key) = 1) AS f
		JOIN %3$s AS e ON e.from_key = f.from_key
	WHERE e.edge_type IN ('Calls', 'Extends', 'Implements') AND coalesce(e.confidence, 1) = 1
	  AND @extschema@.pt_key_kind(e.to_key) = 'unresolved' AND _parseltongue.pt_reference_name(e.to_key) = f.name
	  AND _parseltongue.pt_class_fits(CASE e.edge_type WHEN 'Calls' THEN 'callable' ELSE 'type' END, f.class)
	ORDER BY e.from_key COLLATE "C", f.to_key COLLATE "C", e.edge_type COLLATE "C", e.source_location COLLATE "C" $q$, facts, inner_entities, edges)
$$;
COMMENT ON FUNCTION _parseltongue.pt_confirmed_query(text, text, text) IS
'Internal: a query for what a parser''s references to names say of facts: that they are calls, name a base, or stand in an inner function (from_key, to_key, edge_type, source_location). facts: a query for from_key, to_key and edge_type; inner_entities: that of pt_inner_query; edges: a table or a query in parentheses.';

CREATE FUNCTION _parseltongue.pt_same_definition_query(symbols text, entities text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE COST 10
SET search_path = pg_catalog, pg_temp
AS $$
	-- The range of a definition may begin with its comment, its decorators or its
	-- first word, but its name is within all of them. Of several of a name that are
	-- within each other the innermost is meant; of several names in one entity the
	-- first. A variable may be a function to one who looks closer.
	SELECT format($q$
	SELECT DISTINCT ON (key COLLATE "C") n, key
	FROM (SELECT DISTINCT ON (d.n) d.n, e.key, d.line - e.line_start AS distance
		  FROM (%1$s) AS d
			  JOIN (SELECT key, file_path, _parseltongue.pt_match_name(name, language) AS name, _parseltongue.pt_language_family(language) AS family,
						   _parseltongue.pt_type_class(entity_type) AS class, line_start, line_end
					FROM (%2$s) AS e WHERE entity_type <> 'file') AS e
			  ON e.file_path = d.file_path AND e.name = _parseltongue.pt_match_name(d.name, d.language)
				  AND e.family = _parseltongue.pt_language_family(d.language) AND d.line BETWEEN e.line_start AND e.line_end
		  WHERE e.class = d.class OR d.class = 'value' AND d.line = e.line_start
		  ORDER BY d.n, e.class = d.class DESC, e.line_start DESC, e.line_end, e.key COLLATE "C") AS p
	ORDER BY key COLLATE "C", distance, n $q$, symbols, entities)
$$;
COMMENT ON FUNCTION _parseltongue.pt_same_definition_query(text, text) IS
'Internal: a query for which entity a definition of an index is (n, key), each at most once. symbols: a query for its number n, file_path, language, name, class of pt_type_class, and the line of its name; entities: one for columns of pt_entity.';

CREATE FUNCTION _parseltongue.pt_index_symbols(tool text, root text, prefix text, entities regclass) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
SET jit = off
SET enable_mergejoin = off
SET enable_nestloop = off
SET work_mem = '64MB'
AS $$
BEGIN
	CREATE TEMPORARY TABLE pt_index_symbol ON COMMIT DROP AS
	SELECT n, s.file_path, s.symbol, package, s.name, s.language, s.entity_type, _parseltongue.pt_type_class(s.entity_type) AS class,
		   line, s.line_start, s.line_end, element,
		   base || CASE WHEN s.entity_type <> 'file' AND row_number() OVER w > 1 THEN '-' || row_number() OVER w ELSE '' END AS key,
		   false AS known, false AS documented
	FROM (SELECT *, CASE entity_type WHEN 'file' THEN format('%s:file:%s:1-1', language, file_path)
						 ELSE format('%s:%s:%s:%s:%s-%s', language, coalesce(element ->> 'key_type', entity_type),
									 -- a colon ends a name
									 regexp_replace(name, '(?<!:):(?!:)', '_', 'g'), file_path, line_start, line_end) END AS base
		  FROM (SELECT DISTINCT ON (file_path COLLATE "C", symbol COLLATE "C", line) *
				FROM (SELECT position AS n, element,
							 coalesce(nullif(rtrim(prefix, '/'), '') || '/', '')
								 || _parseltongue.pt_import_relative(element ->> 'file_path', nullif(rtrim(root, '/'), '') || '/') AS file_path,
							 element ->> 'symbol' AS symbol, element ->> 'package' AS package, element ->> 'name' AS name,
							 element ->> 'language' AS language, element ->> 'entity_type' AS entity_type,
							 (element ->> 'line')::integer AS line, (element ->> 'line_start')::integer AS line_start,
							 (element ->> 'line_end')::integer AS line_end
					  FROM pg_temp.pt_import_stage WHERE section = 3) AS s
				ORDER BY file_path COLLATE "C", symbol COLLATE "C", line, n) AS s) AS s
	WINDOW w AS (PARTITION BY base ORDER BY n);
	ANALYZE pg_temp.pt_index_symbol;

	EXECUTE format($q$
		UPDATE pg_temp.pt_index_symbol AS s SET key = e.key, known = true, documented = e.documented
		FROM (SELECT m.n, m.key, e.properties ? 'doc' AS documented FROM (%s) AS m JOIN %s AS e ON e.key = m.key) AS e WHERE e.n = s.n $q$,
		_parseltongue.pt_same_definition_query('SELECT n, file_path, language, name, class, line FROM pg_temp.pt_index_symbol WHERE line IS NOT NULL',
			format($q$SELECT * FROM %s WHERE file_path IN (SELECT file_path FROM pg_temp.pt_index_symbol) AND properties ->> 'indexer' IS DISTINCT FROM %L$q$,
				   entities, tool)), entities);
	EXECUTE format($q$
		UPDATE pg_temp.pt_index_symbol AS s SET key = e.key, known = e.known
		FROM (SELECT DISTINCT ON (file_path) file_path, key, properties ->> 'indexer' IS DISTINCT FROM %2$L AS known FROM %1$s
			  WHERE entity_type = 'file' AND file_path IN (SELECT file_path FROM pg_temp.pt_index_symbol)
			  ORDER BY file_path, properties ->> 'indexer' IS DISTINCT FROM %2$L DESC, key COLLATE "C") AS e
		WHERE s.entity_type = 'file' AND e.file_path = s.file_path $q$, entities, tool);

	-- what a symbol means where nothing else tells: in its file the longest one, elsewhere the first
	CREATE TEMPORARY TABLE pt_index_target ON COMMIT DROP AS
	SELECT symbol, file_path, key, class, entity_type, row_number() OVER (PARTITION BY symbol ORDER BY file_path COLLATE "C") = 1 AS is_first
	FROM (SELECT DISTINCT ON (symbol COLLATE "C", file_path COLLATE "C") * FROM pg_temp.pt_index_symbol
		  ORDER BY symbol COLLATE "C", file_path COLLATE "C", line_end - line_start DESC, line) AS s
	WHERE symbol <> '';
	ANALYZE pg_temp.pt_index_target;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_index_symbols(text, text, text, regclass) IS
'Internal: of the definitions in section 3 of the table that pt_import_stage made the temporary tables pt_index_symbol and pt_index_target, with their keys: those of entities that others wrote, or new ones. Reads all entities. O(n log n).';

CREATE FUNCTION _parseltongue.pt_index_edges(tool text, root text, prefix text, edges regclass, entities regclass) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
SET jit = off
SET enable_mergejoin = off
SET enable_nestloop = off
SET work_mem = '64MB'
AS $$
BEGIN
	CREATE TEMPORARY TABLE pt_index_edge ON COMMIT DROP AS
	SELECT DISTINCT ON (from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C") from_key, to_key, edge_type, source_location, confidence
	FROM (
		SELECT from_key, to_key, from_type, to_type, role, file_path || ':' || line AS source_location, line, confidence,
			   CASE role
				   WHEN 'edge' THEN type
				   WHEN 'contains' THEN 'Contains'
				   WHEN 'implementation' THEN CASE
					   WHEN to_type IN ('interface', 'trait', 'protocol') THEN CASE WHEN from_type = to_type THEN 'Extends' ELSE 'Implements' END
					   WHEN class = 'type' AND (to_type IS NOT NULL OR language IN ('python', 'c', 'cpp', 'ruby')) THEN 'Extends'
					   ELSE 'Implements' END
				   -- outside of definitions a name of elsewhere is imported, as far as an index tells
				   WHEN 'reference' THEN CASE WHEN class = 'callable' AND (from_type <> 'file' OR is_here) THEN 'Calls' ELSE 'Uses' END
				   ELSE 'Uses' END AS edge_type
		FROM (
			SELECT r.*, coalesce(f0.key, f1.key, f2.key, CASE WHEN r."from" IS NULL THEN f3.key END) AS from_key,
				   coalesce(f0.entity_type, f1.entity_type, f2.entity_type, f3.entity_type) AS from_type,
				   coalesce(t0.key, t1.key, t2.key, r.language || ':' || r.key_type || ':' || r.name
							|| CASE WHEN p.package IS NULL AND r.package IS NOT NULL THEN ':external-dependency-' || r.package ELSE ':unresolved-reference' END
							|| ':0-0') AS to_key,
				   coalesce(t0.entity_type, t1.entity_type, t2.entity_type) AS to_type,
				   coalesce(t0.class, t1.class, t2.class, r.reference_class) AS class,
				   coalesce(t0.file_path, t1.file_path, t2.file_path) IS NOT DISTINCT FROM r.file_path AS is_here
			FROM (SELECT coalesce(nullif(rtrim(prefix, '/'), '') || '/', '')
							 || _parseltongue.pt_import_relative(element ->> 'file_path', nullif(rtrim(root, '/'), '') || '/') AS file_path,
						 element ->> 'from' AS "from", (element ->> 'from_line')::integer AS from_line, element ->> 'to' AS "to",
						 (element ->> 'to_line')::integer AS to_line, element ->> 'role' AS role, element ->> 'type' AS type,
						 (element ->> 'line')::integer AS line, element ->> 'language' AS language, element ->> 'key_type' AS key_type,
						 element ->> 'name' AS name, element ->> 'package' AS package, element ->> 'class' AS reference_class,
						 (element ->> 'confidence')::numeric AS confidence
				  FROM pg_temp.pt_import_stage WHERE section = 4) AS r
				LEFT JOIN pg_temp.pt_index_symbol AS f0 ON f0.symbol = r."from" AND f0.file_path = r.file_path AND f0.line = r.from_line
				LEFT JOIN pg_temp.pt_index_target AS f1 ON f1.symbol = r."from" AND f1.file_path = r.file_path
				LEFT JOIN pg_temp.pt_index_target AS f2 ON f2.symbol = r."from" AND f2.is_first
				LEFT JOIN pg_temp.pt_index_symbol AS f3 ON f3.symbol = '' AND f3.file_path = r.file_path
				LEFT JOIN pg_temp.pt_index_symbol AS t0 ON t0.symbol = r."to" AND t0.file_path = r.file_path AND t0.line = r.to_line
				LEFT JOIN pg_temp.pt_index_target AS t1 ON t1.symbol = r."to" AND t1.file_path = r.file_path
				LEFT JOIN pg_temp.pt_index_target AS t2 ON t2.symbol = r."to" AND t2.is_first
				LEFT JOIN (SELECT DISTINCT package FROM pg_temp.pt_index_symbol) AS p ON p.package = r.package
			OFFSET 0
		) AS r
	) AS r
	WHERE from_key IS NOT NULL AND to_key IS NOT NULL AND (role <> 'contains' OR from_type <> 'file' AND to_type IS NOT NULL)
	  AND (from_key <> to_key OR edge_type = 'Calls')
	ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C", line;
	ANALYZE pg_temp.pt_index_edge;

	IF tool = 'scip' THEN
		EXECUTE format($q$
			INSERT INTO pg_temp.pt_index_edge (from_key, to_key, edge_type, source_location)
			SELECT * FROM (%s) AS c
			WHERE NOT EXISTS (SELECT FROM pg_temp.pt_index_edge AS n WHERE (n.from_key, n.to_key, n.edge_type) = (c.from_key, c.to_key, c.edge_type)) $q$,
			_parseltongue.pt_confirmed_query('SELECT * FROM pg_temp.pt_index_edge',
				_parseltongue.pt_inner_query('NOT EXISTS (SELECT FROM pg_temp.pt_index_symbol AS s WHERE s.key = e.key)',
					'SELECT file_path FROM pg_temp.pt_index_symbol', edges::text, entities::text), edges::text));
	END IF;
	-- what another indexer states is no news
	EXECUTE format($q$
		DELETE FROM pg_temp.pt_index_edge AS n USING %s AS e
		WHERE (e.from_key, e.to_key, e.edge_type) = (n.from_key, n.to_key, n.edge_type)
		  AND coalesce(e.confidence, 1) = 1 AND e.method IS DISTINCT FROM %L $q$, edges, tool);
END $$;
COMMENT ON FUNCTION _parseltongue.pt_index_edges(text, text, text, regclass, regclass) IS
'Internal: of the references in section 4 of the table that pt_import_stage made, after pt_index_symbols, the temporary table pt_index_edge: what is to be written. Reads all edges. O(n log n).';

CREATE FUNCTION _parseltongue.pt_index_forget(tool text, edges regclass, entities regclass,
	OUT edges_deleted bigint, OUT entities_deleted bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
SET jit = off
SET enable_mergejoin = off
SET enable_nestloop = off
SET work_mem = '64MB'
AS $$
BEGIN
	EXECUTE format($q$
		DELETE FROM %1$s AS e
		WHERE e.method = $1 AND e.reference_key IS NULL
		  AND (e.from_key IN (SELECT key FROM %2$s WHERE file_path IN (SELECT file_path FROM pg_temp.pt_index_symbol)
							  UNION SELECT key FROM pg_temp.pt_index_symbol)
			   -- of an entity that has got another key since
			   OR regexp_replace(e.source_location, ':[0-9]+$', '') IN (SELECT file_path FROM pg_temp.pt_index_symbol))
		  AND NOT EXISTS (SELECT FROM pg_temp.pt_index_edge AS n WHERE (n.from_key, n.to_key, n.edge_type) = (e.from_key, e.to_key, e.edge_type)) $q$,
		edges, entities) USING tool;
	GET DIAGNOSTICS edges_deleted = ROW_COUNT;
	-- facts of files that are not in this index
	EXECUTE format($q$
		SELECT _parseltongue.pt_move_facts(array_agg(e.key), array_agg(n.key), $2)
		FROM %1$s AS e JOIN pg_temp.pt_index_target AS n ON n.symbol = e.properties ->> 'symbol' AND n.is_first
		WHERE e.file_path IN (SELECT file_path FROM pg_temp.pt_index_symbol) AND e.properties ->> 'indexer' = $1 AND n.key <> e.key
		  AND NOT EXISTS (SELECT FROM pg_temp.pt_index_symbol AS s WHERE s.key = e.key) $q$, entities) USING tool, edges;
	EXECUTE format($q$
		DELETE FROM %s AS e WHERE file_path IN (SELECT file_path FROM pg_temp.pt_index_symbol) AND properties ->> 'indexer' = $1
		  AND NOT EXISTS (SELECT FROM pg_temp.pt_index_symbol AS s WHERE s.key = e.key) $q$, entities) USING tool;
	GET DIAGNOSTICS entities_deleted = ROW_COUNT;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_index_forget(text, regclass, regclass) IS
'Internal: after pt_index_edges, delete what an earlier index of the same tool said of these files and this one does not.';

CREATE FUNCTION _parseltongue.pt_index_stage(tool text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- Of an entity that others wrote the columns stay, which an import leaves if they are NULL.
	INSERT INTO pg_temp.pt_import_stage (section, position, element)
	SELECT 1, row_number() OVER (ORDER BY n) - 1,
		   jsonb_build_object('key', key, 'properties', jsonb_strip_nulls(jsonb_build_object(
				'symbol', CASE WHEN tool = 'scip' THEN symbol END,
				'doc', CASE WHEN NOT documented THEN element ->> 'doc' END,
				'facts', CASE WHEN entity_type = 'file' AND tool = 'scip' THEN tool END,
				'indexer', CASE WHEN NOT known THEN tool END,
				'scope', CASE WHEN NOT known THEN element ->> 'scope' END,
				'generated', element -> 'generated',
				'visibility', CASE WHEN NOT known THEN element ->> 'visibility' END,
				'name_line', CASE WHEN NOT known THEN line END)))
		   || CASE WHEN known THEN '{"name": null, "entity_type": null, "entity_class": null, "language": null, "line_start": null, "line_end": null}'
				   ELSE jsonb_build_object('name', name, 'entity_type', entity_type, 'language', language, 'file_path', file_path,
					   'entity_class', coalesce(element ->> 'entity_class', 'CODE'), 'line_start', coalesce(line_start, 1), 'line_end', line_end)
					   || CASE WHEN element ? 'signature' THEN jsonb_build_object('interface_signature', jsonb_build_object('text', element ->> 'signature')) ELSE '{}' END
			  END
	FROM (SELECT DISTINCT ON (key COLLATE "C") n, key, file_path, name, language, entity_type, line, line_start,
				 max(line_end) OVER w AS line_end, known, documented, element,
				 -- a file has a row of its own, and perhaps those of symbols that stand for it
				 nullif(max(symbol COLLATE "C") OVER w, '') AS symbol
		  FROM pg_temp.pt_index_symbol WINDOW w AS (PARTITION BY key COLLATE "C")
		  ORDER BY key COLLATE "C", element ? 'doc' DESC, n) AS s;
	INSERT INTO pg_temp.pt_import_stage (section, position, element)
	SELECT 2, (SELECT coalesce(max(position), -1) FROM pg_temp.pt_import_stage WHERE section = 2)
		   + row_number() OVER (ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C"),
		   jsonb_strip_nulls(jsonb_build_object('from_key', from_key, 'to_key', to_key, 'edge_type', edge_type,
				'source_location', source_location, 'confidence', confidence, 'method', tool))
	FROM pg_temp.pt_index_edge;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_index_stage(text) IS
'Internal: put what pt_index_symbols and pt_index_edges found into the table that pt_import_stage made, entities in section 1, edges in section 2.';

CREATE FUNCTION _parseltongue.pt_import_index_staged(
	tool text, root text, prefix text, graph regclass,
	OUT import_id bigint,
	OUT entities_inserted bigint, OUT entities_updated bigint, OUT entities_unchanged bigint,
	OUT entities_deleted bigint, OUT entities_rejected bigint,
	OUT edges_inserted bigint, OUT edges_updated bigint, OUT edges_unchanged bigint,
	OUT edges_deleted bigint, OUT edges_rejected bigint, OUT edges_joined bigint
)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
SET jit = off
AS $$
DECLARE
	tables CONSTANT record := _parseltongue.pt_graph_tables(graph);
	imported record;
	settled bigint := 0;
BEGIN
	PERFORM _parseltongue.pt_require_columns(tables.edges, '{from_key,to_key,edge_type,source_location,confidence,method,reference_key}'),
		_parseltongue.pt_require_columns(tables.entities, '{name,entity_type,language,file_path,line_start,line_end,properties}');
	-- What it says of many files replaces what was known of them.
	PERFORM _parseltongue.pt_lock_tables(tables.entities, tables.edges, 'SHARE ROW EXCLUSIVE', 'SHARE ROW EXCLUSIVE');
	PERFORM _parseltongue.pt_index_symbols(tool, root, prefix, tables.entities);
	PERFORM _parseltongue.pt_index_edges(tool, root, prefix, tables.edges, tables.entities);
	SELECT f.edges_deleted, f.entities_deleted INTO edges_deleted, entities_deleted
	FROM _parseltongue.pt_index_forget(tool, tables.edges, tables.entities) AS f;
	PERFORM _parseltongue.pt_index_stage(tool);
	SELECT * INTO imported FROM _parseltongue.pt_import_run('{"entities": [1], "edges": [2]}', true, NULL, NULL, false, tables.edges);
	IF tool = 'scip' THEN
		EXECUTE format($q$
			DELETE FROM %1$s AS g USING _parseltongue.pt_settled_references(%2$L, %3$L) AS s
			WHERE g.confidence < 1 AND g.reference_key IS NOT NULL
			  AND g.from_key = s.from_key AND _parseltongue.pt_reference_name(g.reference_key) = s.name $q$,
			tables.edges, tables.edges::oid, tables.entities::oid);
		GET DIAGNOSTICS settled = ROW_COUNT;
	END IF;
	DROP TABLE pg_temp.pt_index_symbol, pg_temp.pt_index_target, pg_temp.pt_index_edge;
	import_id := imported.import_id;
	entities_inserted := (imported.entities).inserted;
	entities_updated := (imported.entities).updated;
	entities_unchanged := (imported.entities).unchanged;
	entities_rejected := (imported.entities).rejected;
	edges_inserted := (imported.edges).inserted;
	edges_updated := (imported.edges).updated;
	edges_unchanged := (imported.edges).unchanged;
	edges_deleted := edges_deleted + settled;
	edges_rejected := (imported.edges).rejected;
	edges_joined := 0;
END $$;
COMMENT ON FUNCTION _parseltongue.pt_import_index_staged(text, text, text, regclass) IS
'Import what an index says, as tools/pt-import has put it into the table that pt_import_stage made: definitions in section 3, references in section 4. tool: scip, whose edges are facts that settle references, or another''s name, which becomes their method; root, prefix: a folder to take off the front of file paths, and one to put there, NULL for none. Entities that others have written of the same files are found by name and lines and keep their columns; what an earlier index of this tool said of these files and this one does not is deleted, and so are guesses that it settles. Returns the counts of pt_import. Locks out other writers until the end of the transaction. Errors: as pt_import_staged. O(n log n), and reads both tables.';
