
-- ---------------------------------------------------------------------------
-- Functions as earlier versions declared them, for views and functions that
-- were made then: an update moves them here, under the names they have, so that
-- whoever knows them by OID goes on. Each is a query over what took its place,
-- and trusts facts only where a call says nothing, as all did. They differ from
-- what they were in two things: an edge of confidence 1 is a fact, and a type
-- asked for means its guesses, too.
--
-- Arguments are cast to the types that the functions declare: another function
-- of that name, which somebody has put into the schema, could fit better.
-- ---------------------------------------------------------------------------

DO $retired$
DECLARE
	path CONSTANT text := pg_catalog.current_setting('search_path');
	tail CONSTANT text := 'edge_types text[] DEFAULT NULL, max_nodes bigint DEFAULT NULL, missing_ok boolean DEFAULT false, graph regclass DEFAULT NULL, '
		'min_confidence numeric DEFAULT NULL';
	short_tail CONSTANT text := 'edge_types text[] DEFAULT NULL, missing_ok boolean DEFAULT false, graph regclass DEFAULT NULL, min_confidence numeric DEFAULT NULL';
	radius CONSTANT text := 'key text, hops integer DEFAULT 3, direction text DEFAULT ''in'', ' || tail;
	-- the arguments of today's functions
	radius_now CONSTANT text := 'hops::bigint, direction, edge_types, min_confidence::float8, max_nodes => max_nodes, missing_ok => missing_ok, graph => graph)';
	short_now CONSTANT text := 'edge_types => edge_types, min_confidence => min_confidence::float8, missing_ok => missing_ok, graph => graph)';
	retired record;
BEGIN
	PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
	FOR retired IN
		-- of 0.1.0
		SELECT * FROM (VALUES
		('pt_blast_radius', radius, 'TABLE (entity_key text, distance integer)',
			'SELECT r.key, r.distance FROM @extschema@.pt_blast_radius(pt_blast_radius.key, ' || radius_now || ' AS r'),
		('pt_blast_radius_summary', radius, 'TABLE (distance integer, entities bigint)',
			'SELECT r.distance, r.entities FROM @extschema@.pt_blast_radius_summary(key, ' || radius_now || ' AS r'),
		('pt_blast_radius_count', radius, 'bigint',
			'SELECT @extschema@.pt_blast_radius_count(key, ' || radius_now),
		('pt_impact', replace(radius, 'key text', 'keys text[]'), 'TABLE (entity_key text, distance integer, nearest_key text)',
			'SELECT r.key, r.distance, r.nearest_key FROM @extschema@.pt_impact(keys, ' || radius_now || ' AS r'),
		('pt_callers', 'key text, ' || short_tail, 'TABLE (from_key text, to_key text, edge_type text, source_location text)',
			'SELECT r.from_key, r.to_key, r.edge_type, r.source_location FROM @extschema@.pt_callers(key, ' || short_now || ' AS r'),
		('pt_callees', 'key text, ' || short_tail, 'TABLE (from_key text, to_key text, edge_type text, source_location text)',
			'SELECT r.from_key, r.to_key, r.edge_type, r.source_location FROM @extschema@.pt_callees(key, ' || short_now || ' AS r'),
		('pt_path', 'start_key text, end_key text, max_hops integer DEFAULT NULL, direction text DEFAULT ''out'', ' || short_tail
				|| ', OUT step integer, OUT from_key text, OUT to_key text, OUT edge_type text, OUT source_location text', 'SETOF record',
			'SELECT r.step, r.from_key, r.to_key, r.edge_type, r.source_location FROM @extschema@.pt_path(start_key, end_key, max_hops::bigint, direction, '
				|| short_now || ' AS r'),
		('pt_paths', 'start_key text, end_key text, k integer DEFAULT 10, max_hops integer DEFAULT NULL, direction text DEFAULT ''out'', '
				|| replace(short_tail, 'missing_ok', 'shortest_only boolean DEFAULT false, missing_ok')
				|| ', OUT path integer, OUT step integer, OUT from_key text, OUT to_key text, OUT edge_type text, OUT source_location text', 'SETOF record',
			'SELECT r.path, r.step, r.from_key, r.to_key, r.edge_type, r.source_location FROM @extschema@.pt_paths(start_key, end_key, k::bigint, max_hops::bigint, direction, '
				'shortest_only, ' || short_now || ' AS r'),
		('pt_subgraph', replace(replace(replace(radius, 'DEFAULT 3', 'DEFAULT 2'), '''in''', '''both'''), 'max_nodes bigint DEFAULT NULL',
				'max_nodes bigint DEFAULT 200, max_edges bigint DEFAULT 1000'),
			'TABLE (from_key text, to_key text, edge_type text, source_location text, from_distance integer, to_distance integer, truncated boolean)',
			'SELECT r.from_key, r.to_key, r.edge_type, r.source_location, r.from_distance, r.to_distance, r.truncated '
				'FROM @extschema@.pt_subgraph(key, hops::bigint, direction, max_edges, edge_types, min_confidence::float8, max_nodes => max_nodes, missing_ok => missing_ok, graph => graph) AS r'),
		('pt_tree', replace(radius, 'max_nodes bigint DEFAULT NULL', 'max_nodes bigint DEFAULT 1000'), 'SETOF text',
			'SELECT @extschema@.pt_tree(key, ' || radius_now),
		('pt_unreferenced', 'entity_types text[] DEFAULT NULL, mode text DEFAULT ''unreferenced'', entry_points text[] DEFAULT NULL, edge_types text[] DEFAULT NULL, '
				'graph regclass DEFAULT NULL, min_confidence numeric DEFAULT NULL',
			'TABLE (key text, name text, entity_type text, file_path text, line_start integer, referrers bigint)',
			'SELECT * FROM @extschema@.pt_unreferenced(entity_types, mode, entry_points, edge_types => edge_types, min_confidence => min_confidence::float8, graph => graph)'),
		('pt_affected_tests', 'keys text[], hops integer DEFAULT NULL, graph regclass DEFAULT NULL, min_confidence numeric DEFAULT NULL',
			'TABLE (test_key text, name text, file_path text, line_start integer, distance integer, nearest_key text)',
			'SELECT r.key, r.name, r.file_path, r.line_start, r.distance, r.nearest_key '
				'FROM @extschema@.pt_affected_tests(keys, hops::bigint, min_confidence => min_confidence::float8, graph => graph) AS r'),
		('pt_diff', 'graph_a regclass, graph_b regclass DEFAULT NULL',
			'TABLE (what text, change text, key_a text, key_b text, to_key_a text, to_key_b text, edge_type text, detail text)',
			'SELECT * FROM @extschema@.pt_diff(graph_a, graph_b)'),
		('pt_diff_radius', 'graph_a regclass, graph_b regclass DEFAULT NULL, hops integer DEFAULT 3, min_confidence numeric DEFAULT NULL',
			'TABLE (entity_key text, distance integer, nearest_key text, change text)',
			'SELECT r.key, r.distance, r.nearest_key, r.change FROM @extschema@.pt_diff_radius(graph_a, graph_b, hops::bigint, min_confidence => min_confidence::float8) AS r'),
		('pt_statistics', 'graph regclass DEFAULT NULL', 'TABLE (what text, kind text, type text, count bigint)',
			'SELECT s.what, s.kind, s.type, s.count FROM (SELECT r.object, CASE r.object WHEN ''guesses'' THEN r.method ELSE r.kind END, r.type, sum(r.count)::bigint '
				'FROM @extschema@.pt_statistics(graph) AS r GROUP BY 1, 2, 3) AS s (what, kind, type, count) '
				'ORDER BY array_position(''{entities,edges,guesses,sources,targets}'', s.what), s.kind COLLATE "C", s.type COLLATE "C"')
		) AS v (name, arguments, result, query)
		UNION ALL
		SELECT 'pt_bfs', format('graph regclass, %s, max_depth integer DEFAULT NULL, direction text DEFAULT ''out'', %s', start, replace(tail, 'graph regclass DEFAULT NULL, ', '')),
			format('TABLE (node %1$s, depth integer, parent %1$s)', type),
			format('SELECT r.node::%1$s, r.distance, r.parent::%1$s FROM @extschema@.%2$s, max_depth::bigint, direction, edge_types, min_confidence::float8, max_nodes => max_nodes, missing_ok => missing_ok) AS r',
				   type, call)
		FROM unnest('{smallint,integer,bigint,text,uuid}'::text[], '{bigint,bigint,bigint,text,uuid}'::text[]) AS t (type, now),
			LATERAL (VALUES (format('start %s', type), format('pt_bfs(graph, start::%s', now)),
				(format('starts %s[]', type), format('pt_multi_source_bfs(graph, starts::%s[]', now))) AS c (start, call)
	LOOP
		EXECUTE format('CREATE OR REPLACE FUNCTION _parseltongue.%s(%s) RETURNS %s LANGUAGE sql STABLE PARALLEL RESTRICTED '
			'SET search_path = pg_catalog, pg_temp SET parseltongue.min_confidence = 1 AS %L',
			retired.name, retired.arguments, retired.result, retired.query);
	END LOOP;
	FOR retired IN
		SELECT oid::regprocedure AS function, proname FROM pg_proc
		WHERE pronamespace = '_parseltongue'::regnamespace AND 'parseltongue.min_confidence=1' = ANY (proconfig)
	LOOP
		EXECUTE format('COMMENT ON FUNCTION %s IS %L', retired.function, retired.proname || ' of an earlier version, for views and functions made then.');
	END LOOP;
	PERFORM set_config('search_path', path, true);
END $retired$;

CREATE FUNCTION _parseltongue.pt_graph_status(
	graph regclass DEFAULT NULL,
	OUT index regclass, OUT nodes bigint, OUT edges bigint, OUT dead_entries bigint, OUT log_entries bigint, OUT epoch bigint,
	OUT index_bytes bigint, OUT image_bytes bigint, OUT image_place text, OUT image_age interval, OUT overlay_edges bigint, OUT overlay_bytes bigint
)
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 1000
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT index, nodes, edges, dead_entries, log_entries, epoch, index_bytes, image_bytes, image_place, image_age, overlay_edges, overlay_bytes
	FROM @extschema@.pt_graph_status(graph)
$$;
COMMENT ON FUNCTION _parseltongue.pt_graph_status(regclass) IS 'pt_graph_status of an earlier version, for views and functions made then.';

CREATE FUNCTION _parseltongue.pt_import(
	document jsonb, root text DEFAULT NULL, dependency_type text DEFAULT 'Uses', graph regclass DEFAULT NULL,
	OUT import_id bigint,
	OUT entities_inserted bigint, OUT entities_updated bigint, OUT entities_unchanged bigint,
	OUT entities_deleted bigint, OUT entities_rejected bigint,
	OUT edges_inserted bigint, OUT edges_updated bigint, OUT edges_unchanged bigint,
	OUT edges_deleted bigint, OUT edges_rejected bigint
)
LANGUAGE sql VOLATILE PARALLEL UNSAFE COST 10000
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT import_id, entities_inserted, entities_updated, entities_unchanged, entities_deleted, entities_rejected,
		   edges_inserted, edges_updated, edges_unchanged, edges_deleted, edges_rejected
	FROM @extschema@.pt_import(document, root, dependency_type, false, graph)
$$;
COMMENT ON FUNCTION _parseltongue.pt_import(jsonb, text, text, regclass) IS 'pt_import of an earlier version, for views and functions made then.';

CREATE FUNCTION _parseltongue.pt_resolve_references(
	graph regclass DEFAULT NULL, max_candidates integer DEFAULT 25, alternatives boolean DEFAULT true,
	OUT reference_edges bigint, OUT resolved bigint, OUT ambiguous bigint, OUT unresolved bigint,
	OUT guesses_inserted bigint, OUT guesses_updated bigint, OUT guesses_unchanged bigint, OUT guesses_deleted bigint
)
LANGUAGE sql VOLATILE PARALLEL UNSAFE COST 1000000
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT reference_edges, resolved, ambiguous, unresolved, guesses_inserted, guesses_updated, guesses_unchanged, guesses_deleted
	FROM @extschema@.pt_resolve_references(graph, max_candidates, alternatives, false)
$$;
COMMENT ON FUNCTION _parseltongue.pt_resolve_references(regclass, integer, boolean) IS 'pt_resolve_references of an earlier version, for views and functions made then.';

CREATE FUNCTION _parseltongue.pt_insert_entity(
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
LANGUAGE sql VOLATILE PARALLEL UNSAFE COST 100
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT @extschema@.pt_insert_entity(key, entity_type, name, entity_class, language, file_path, line_start::bigint, line_end::bigint,
		signature, code, properties, graph)
$$;
COMMENT ON FUNCTION _parseltongue.pt_insert_entity(text, text, text, text, text, text, integer, integer, jsonb, text, jsonb, regclass) IS
'pt_insert_entity of an earlier version, for views and functions made then.';

CREATE FUNCTION _parseltongue.pt_search(
	query text,
	max_results integer DEFAULT 20,
	kinds text[] DEFAULT NULL,
	graph regclass DEFAULT NULL
) RETURNS TABLE (key text, name text, kind text, entity_type text, language text, file_path text, line_start integer, score real, match text)
LANGUAGE sql STABLE PARALLEL UNSAFE COST 10000 ROWS 20
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT * FROM @extschema@.pt_search(query, max_results::bigint, kinds, graph)
$$;
COMMENT ON FUNCTION _parseltongue.pt_search(text, integer, text[], regclass) IS 'pt_search of an earlier version, for views and functions made then.';
