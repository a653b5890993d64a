
-- ---------------------------------------------------------------------------
-- Change: what nobody uses, which tests to run, two codebases compared.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_is_test(entity_class text, entity_type text, file_path text) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 2;
COMMENT ON FUNCTION @extschema@.pt_is_test(text, text, text) IS
'Is an entity with these columns a test? Its class is TEST, or its type test, or its file is one by the conventions of its language, whatever the class: in a folder such as tests or Acme.Tests, or named like test_x.py, x_test.go, x.spec.ts, XTest.java. Never NULL. O(length).';

CREATE FUNCTION _parseltongue.pt_referrer_count(key text, without text[], edge_types text[], min_confidence float8, graph regclass) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10;
COMMENT ON FUNCTION _parseltongue.pt_referrer_count(text, text[], text[], float8, regclass) IS
'Internal: how many other nodes lead to key by edges that a walk follows, but not of types without (NULL: of any). For many keys in one query, by the other arguments of the first. Errors as of a walk. O(edges) the first time, then O(1).';

CREATE FUNCTION _parseltongue.pt_is_reached(key text, starts text[], edge_types text[], min_confidence float8, graph regclass) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10;
COMMENT ON FUNCTION _parseltongue.pt_is_reached(text, text[], text[], float8, regclass) IS
'Internal: whether a walk from starts along edges comes to key, or begins there; starts that are no nodes are none. For many keys in one query, as pt_referrer_count.';

CREATE FUNCTION @extschema@.pt_unreferenced(
	entity_types text[] DEFAULT NULL,
	mode text DEFAULT 'unreferenced',
	entry_points text[] DEFAULT NULL,
	max_results bigint DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL
) RETURNS TABLE (key text, name text, entity_type text, file_path text, line_start integer, referrers bigint)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 1000000 ROWS 1000
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	tables record;
	entry_condition text := 'e.key = ANY ($2)';
	starts text[];
BEGIN
	IF mode IS NULL OR mode NOT IN ('unreferenced', 'unreachable') THEN
		RAISE EXCEPTION '%', coalesce('invalid mode: "' || mode || '"', 'mode must not be NULL') USING
			ERRCODE = CASE WHEN mode IS NULL THEN 'null_value_not_allowed' ELSE 'invalid_parameter_value' END,
			HINT = 'Use ''unreferenced'' or ''unreachable''.';
	ELSIF array_position(entity_types, NULL) IS NOT NULL THEN
		RAISE EXCEPTION 'entity_types must not contain NULL' USING ERRCODE = 'null_value_not_allowed',
			HINT = 'Name the types to list, or pass NULL instead of an array.';
	ELSIF array_position(entry_points, NULL) IS NOT NULL AND missing_ok IS NOT TRUE THEN
		RAISE EXCEPTION 'entry_points must not contain NULL' USING ERRCODE = 'null_value_not_allowed',
			HINT = 'Name entities by their keys, or pass NULL instead of an array for the usual ones.';
	ELSIF max_results < 0 THEN
		RAISE EXCEPTION 'max_results must not be negative: %', max_results USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Use 0 or more, or NULL for no bound.';
	END IF;
	tables := _parseltongue.pt_graph_tables(graph);
	PERFORM _parseltongue.pt_require_columns(tables.edges, '{from_key,to_key,edge_type,confidence}'),
		_parseltongue.pt_require_columns(tables.entities, '{name,entity_type,file_path,line_start}'
			|| CASE WHEN entry_points IS NULL THEN '{language,entity_class}' ELSE '{}' END::text[]);

	IF entry_points IS NULL THEN
		entry_condition := 'e.name IN (''main'', ''Main'', ''wmain'', ''WinMain'', ''DllMain'', ''_start'') '
			'OR e.name = ''init'' AND _parseltongue.pt_language_family(e.language) = ''go'' '
			'OR @extschema@.pt_is_test(e.entity_class, e.entity_type, e.file_path) '
			'OR starts_with(e.name, ''__'') AND e.name ~ ''^__.+__$''';
		IF mode = 'unreachable' THEN
			EXECUTE format('SELECT coalesce(array_agg(e.key), ''{}'') FROM (SELECT e.key, coalesce(e.name, @extschema@.pt_key_name(e.key)) AS name, '
						   'e.language, e.entity_class, e.entity_type, e.file_path FROM %s AS e) AS e WHERE %s', tables.entities, entry_condition) INTO starts;
		END IF;
	ELSE
		entry_points := _parseltongue.pt_respell(entry_points, tables.edges);
		-- that they exist
		EXECUTE 'SELECT count(*) FROM @extschema@.pt_multi_source_bfs($1, $2, 0::bigint, missing_ok => $3)'
			USING coalesce(graph, tables.edges), entry_points, missing_ok;
		starts := CASE mode WHEN 'unreachable' THEN array_remove(entry_points, NULL) END;
	END IF;

	-- What can be told of a row alone several processes look at, hence OFFSET.
	RETURN QUERY EXECUTE format($query$
		SELECT u.*, CASE WHEN $7 IS NULL THEN 0 ELSE _parseltongue.pt_referrer_count(u.key, $3, $4, $5, $6) END
		FROM (SELECT e.* FROM (
			SELECT e.key, e.name, e.entity_type, e.file_path, e.line_start
			FROM (SELECT e.key, coalesce(e.name, @extschema@.pt_key_name(e.key)) AS name, e.entity_type, e.file_path, e.line_start%1$s FROM %2$s AS e) AS e
			WHERE CASE WHEN $1 IS NULL THEN coalesce(e.entity_type, '') NOT IN ('module', 'mod', 'namespace', 'package', 'impl', 'file')
					   ELSE e.entity_type = ANY ($1) END
			  AND @extschema@.pt_key_kind(e.key) = 'local' AND (%3$s) IS NOT TRUE
			OFFSET 0
		) AS e
		WHERE CASE WHEN $7 IS NULL THEN _parseltongue.pt_referrer_count(e.key, $3, $4, $5, $6) = 0
			ELSE NOT _parseltongue.pt_is_reached(e.key, $7, $4, $5, $6) END
		ORDER BY e.file_path COLLATE "C", e.line_start, e.key COLLATE "C" LIMIT $8) AS u$query$,
		CASE WHEN entry_points IS NULL THEN ', e.language, e.entity_class' ELSE '' END, tables.entities, entry_condition)
		USING entity_types, entry_points, CASE WHEN edge_types IS NULL THEN '{Contains}'::text[] END, edge_types, min_confidence,
			coalesce(graph, tables.edges), starts, max_results;
END $$;
COMMENT ON FUNCTION @extschema@.pt_unreferenced(text[], text, text[], bigint, text[], float8, boolean, regclass) IS
'Candidates for dead code: entities that nothing else refers to (unless edge_types names it, Contains is no reference) or, with mode unreachable, that entry_points (NULL: main, tests and the like) do not lead to. referrers: how many others, as dead, refer to it. By file and line, the first max_results (NULL: all). Errors: 42704 no such entry point unless missing_ok, 22004, 22023 bad argument, 42809 not a codebase. O(entities + edges).';

CREATE FUNCTION @extschema@.pt_affected_tests(
	keys text[],
	hops bigint DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	stop_at text[] DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL
) RETURNS TABLE (key text, name text, file_path text, line_start integer, distance integer, certain boolean, nearest_key text)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 10000 ROWS 100
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	tables CONSTANT record := _parseltongue.pt_graph_tables(graph);
	starts text[];
	reached text[];
	distances integer[];
	certains boolean[];
	nearest text[];
BEGIN
	PERFORM _parseltongue.pt_require_columns(tables.entities, '{name,entity_type,entity_class,file_path,line_start}');
	starts := _parseltongue.pt_respell(keys, tables.edges);
	-- As arrays, so that the server knows how many there are: a few entities it looks up, of many it reads all.
	SELECT array_agg(i.key), array_agg(i.distance), array_agg(i.certain), array_agg(i.nearest_key) INTO reached, distances, certains, nearest
	FROM @extschema@.pt_impact(starts, hops, edge_types => edge_types, min_confidence => min_confidence,
							   avoid => avoid, within => within, stop_at => stop_at, missing_ok => missing_ok, graph => coalesce(graph, tables.edges)) AS i;
	RETURN QUERY EXECUTE format($query$
		SELECT e.key, coalesce(e.name, @extschema@.pt_key_name(e.key)), e.file_path, e.line_start, i.distance, i.certain, i.nearest_key
		FROM (SELECT * FROM unnest($1, $2, $3, $4)
			  UNION ALL SELECT DISTINCT k, 0, true, k FROM unnest($5) AS k WHERE k IS NOT NULL) AS i (key, distance, certain, nearest_key)
		JOIN %s AS e ON e.key = i.key
		WHERE @extschema@.pt_is_test(e.entity_class, e.entity_type, e.file_path)
		ORDER BY i.distance, e.key COLLATE "C"$query$, tables.entities)
		USING reached, distances, certains, nearest, starts;
END $$;
COMMENT ON FUNCTION @extschema@.pt_affected_tests(text[], bigint, text[], float8, text[], text[], text[], boolean, regclass) IS
'The tests to run after a change of keys, nearest first: those within hops edges (NULL: any number) that depend on one of them, with the nearest of keys, and those among keys, at distance 0. certain: without guesses, too. Errors: 42704 no such key unless missing_ok, 42809 not a codebase. O(edges touched).';

CREATE FUNCTION _parseltongue.pt_diff_pairs(entities_a regclass, entities_b regclass) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 100
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	-- What an entity is, as hashes of 128 bits: its code, its signature without
	-- its place, its class. All text in byte order, for the sake of the sorts.
	side CONSTANT text := $sql$
		SELECT %L AS side, key COLLATE "C" AS key, coalesce(name, @extschema@.pt_key_name(key)) COLLATE "C" AS name,
			   language COLLATE "C" AS language, entity_type COLLATE "C" AS type, translate(file_path, chr(92), '/') COLLATE "C" AS file, line_start,
			   ARRAY[hashtextextended(body, 0), hashtextextended(body, 1), hashtextextended(outline, 0), hashtextextended(outline, 1),
					 hashtextextended(entity_class, 0)] AS digest, body IS NOT NULL AS has_body,
			   concat(translate(file_path, chr(92), '/'), ':' || line_start, '-' || line_end) AS place
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
	RETURN 'WITH step0 AS (' || format(side, 'a', entities_a) || ' UNION ALL ' || format(side, 'b', entities_b) || '), '
		-- the same key and content; the same content in the same file; the same code in another file; the same key; the same name in the same file
		'step1 AS MATERIALIZED (SELECT *, count(*) OVER (PARTITION BY key) = 2 AS key_in_both, '
			'count(*) OVER (PARTITION BY key, name, language, type, digest) = 2 AS paired FROM step0), '
		'step2 AS MATERIALIZED (' || format(step, 'step1', alike2) || '), '
		'step3 AS MATERIALIZED (' || format(step, 'step2', alike3) || '), '
		'step4 AS MATERIALIZED (' || format(step, 'step3', alike4) || '), '
		'step5 AS MATERIALIZED (' || format(step, 'step4', alike5) || '), '
		'pair AS MATERIALIZED (' || format(pairs, 'step2', alike2) || ' UNION ALL ' || format(pairs, 'step3', alike3)
			|| ' UNION ALL ' || format(pairs, 'step4', alike4) || ' UNION ALL ' || format(pairs, 'step5', alike5) || ')';
END $$;
COMMENT ON FUNCTION _parseltongue.pt_diff_pairs(regclass, regclass) IS
'Internal: a WITH clause that pairs the entities of two codebases: pair has them, step1 those alike in all, step5 what is left of either.';

CREATE FUNCTION @extschema@.pt_diff(
	graph_a regclass,
	graph_b regclass DEFAULT NULL
) RETURNS TABLE (object text, change text, key_a text, key_b text, to_key_a text, to_key_b text, edge_type text, detail text)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 1000000 ROWS 1000
SET search_path = pg_catalog, pg_temp
SET jit = off
SET enable_nestloop = off
AS $pt_diff$
#variable_conflict use_column
DECLARE
	tables_a CONSTANT record := _parseltongue.pt_graph_tables(graph_a);
	tables_b CONSTANT record := _parseltongue.pt_graph_tables(graph_b);
BEGIN
	PERFORM _parseltongue.pt_require_columns(t.edges, '{from_key,to_key,edge_type,source_location,confidence}'),
		_parseltongue.pt_require_columns(t.entities,
			'{name,entity_type,entity_class,language,file_path,line_start,line_end,signature,code,properties}')
	FROM (VALUES (tables_a.edges, tables_a.entities), (tables_b.edges, tables_b.entities)) AS t (edges, entities);
	RETURN QUERY EXECUTE _parseltongue.pt_diff_pairs(tables_a.entities, tables_b.entities)
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
			  WHERE confidence IS NULL OR confidence = 1) AS x
		FULL JOIN (SELECT from_key COLLATE "C" AS from_key, to_key COLLATE "C" AS to_key, edge_type COLLATE "C" AS edge_type, source_location
				   FROM %2$s WHERE confidence IS NULL OR confidence = 1) AS y
			ON y.from_key = x.new_from AND y.to_key = x.new_to AND y.edge_type = x.edge_type
		WHERE x.from_key IS NULL OR y.from_key IS NULL$query$, tables_a.edges, tables_b.edges);
END $pt_diff$;
COMMENT ON FUNCTION @extschema@.pt_diff(regclass, regclass) IS
'Two codebases compared: a row for each entity or edge (object) that was added, removed, changed or moved from graph_a to graph_b. Entities are paired by key and content, so that one whose key has other lines now is the same. Guesses are left out. Errors: 42809 not a codebase, 42703 a column is missing. O(n log n).';

CREATE FUNCTION @extschema@.pt_diff_radius(
	graph_a regclass,
	graph_b regclass DEFAULT NULL,
	hops bigint DEFAULT 3,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	stop_at text[] DEFAULT NULL
) RETURNS TABLE (key text, distance integer, certain boolean, nearest_key text, change text)
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
		SELECT key_a, key_b FROM difference WHERE object = 'entity' AND key_a <> key_b
	), removed AS MATERIALIZED (
		SELECT key_a FROM difference WHERE object = 'entity' AND change = 'removed'
	), start AS MATERIALIZED (
		SELECT key, min(change) AS change
		FROM (SELECT key_b AS key, change FROM difference WHERE object = 'entity' AND change IN ('added', 'changed')
			  UNION ALL
			  SELECT key_b, 'edges' FROM difference WHERE object = 'edge' AND change = 'added'
			  UNION ALL
			  SELECT coalesce(m.key_b, d.key_a), 'edges' FROM difference AS d LEFT JOIN map AS m ON m.key_a = d.key_a
			  WHERE object = 'edge' AND change = 'removed' AND NOT EXISTS (SELECT FROM removed AS r WHERE r.key_a = d.key_a)) AS s
		GROUP BY key
	), bounds AS (
		-- as they are called in graph_a
		SELECT CASE WHEN avoid IS NOT NULL THEN ARRAY(SELECT coalesce(m.key_a, k) FROM unnest(avoid) AS k LEFT JOIN map AS m ON m.key_b = k) END AS avoid_a,
			   CASE WHEN within IS NOT NULL THEN ARRAY(SELECT coalesce(m.key_a, k) FROM unnest(within) AS k LEFT JOIN map AS m ON m.key_b = k) END AS within_a,
			   CASE WHEN stop_at IS NOT NULL THEN ARRAY(SELECT coalesce(m.key_a, k) FROM unnest(stop_at) AS k LEFT JOIN map AS m ON m.key_b = k) END AS stop_at_a
	), found AS (
		SELECT i.key, i.distance, i.certain, i.nearest_key, s.change
		FROM @extschema@.pt_impact(ARRAY(SELECT key FROM start ORDER BY key COLLATE "C"), hops, edge_types => edge_types, min_confidence => min_confidence,
								   avoid => avoid, within => within, stop_at => stop_at, missing_ok => true, graph => coalesce(graph_b, @extschema@.pt_default_graph())) AS i
		JOIN start AS s ON s.key = i.nearest_key
		UNION ALL
		SELECT coalesce(m.key_b, i.key), i.distance, i.certain, i.nearest_key, 'removed'
		FROM bounds, @extschema@.pt_impact(ARRAY(SELECT key_a FROM removed ORDER BY key_a COLLATE "C"), hops, edge_types => edge_types, min_confidence => min_confidence,
								   avoid => avoid_a, within => within_a, stop_at => stop_at_a, missing_ok => true, graph => coalesce(graph_a, @extschema@.pt_default_graph())) AS i
		LEFT JOIN map AS m ON m.key_a = i.key
		WHERE NOT EXISTS (SELECT FROM removed AS r WHERE r.key_a = i.key)
	)
	SELECT DISTINCT ON (f.key COLLATE "C") f.key, f.distance, bool_or(f.certain) OVER (PARTITION BY f.key COLLATE "C"), f.nearest_key, f.change
	FROM found AS f
	WHERE NOT EXISTS (SELECT FROM start AS s WHERE s.key = f.key)
	ORDER BY f.key COLLATE "C", f.distance, f.change, f.nearest_key COLLATE "C";
END $$;
COMMENT ON FUNCTION @extschema@.pt_diff_radius(regclass, regclass, bigint, text[], float8, text[], text[], text[]) IS
'What depends within hops edges (NULL: any number) on what pt_diff finds between two codebases, with the nearest of that and its change: added, changed, removed, or edges if only what it depends on is other. What has changed itself is not listed. Errors as of pt_diff. O(n log n).';
