
-- ---------------------------------------------------------------------------
-- Statistics.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_statistics(
	graph regclass DEFAULT NULL
) RETURNS TABLE (object text, kind text, method text, type text, count bigint)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 1000000 ROWS 50
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	plain record;
	tables record;
BEGIN
	-- Of a table of edges alone, what its index has.
	IF @extschema@.pt_entity_table(graph) IS NULL THEN
		plain := _parseltongue.pt_graph_columns(graph);
		RETURN QUERY EXECUTE format($query$
			WITH e (source, target, label, g) AS NOT MATERIALIZED (
				SELECT %2$s::text, %3$s::text, %4$s::text, %5$s < 1 IS TRUE FROM %1$s WHERE %2$s IS NOT NULL AND %3$s IS NOT NULL
			)
			SELECT * FROM (
				SELECT CASE WHEN g THEN 'guesses' ELSE 'edges' END AS object, @extschema@.pt_key_kind(target) AS kind, NULL AS method, label AS type, count(*) AS n
				FROM e GROUP BY 1, 2, 4
				UNION ALL
				SELECT 'sources', @extschema@.pt_key_kind(key), NULL, NULL, count(*)
				FROM (SELECT DISTINCT source COLLATE "C" AS key FROM e WHERE NOT g) AS k GROUP BY 2
				UNION ALL
				SELECT 'targets', @extschema@.pt_key_kind(key), NULL, NULL, count(*)
				FROM (SELECT DISTINCT target COLLATE "C" AS key FROM e WHERE NOT g) AS k GROUP BY 2
			) AS s
			ORDER BY array_position('{edges,guesses,sources,targets}', object), kind COLLATE "C", type COLLATE "C"$query$,
			plain.edges, plain.source, plain.target, coalesce(plain.label, 'NULL'), coalesce(plain.confidence, 'NULL::numeric'));
		RETURN;
	END IF;
	tables := _parseltongue.pt_graph_tables(graph);
	PERFORM _parseltongue.pt_require_columns(tables.edges, '{from_key,to_key,edge_type,confidence,method}'),
		_parseltongue.pt_require_columns(tables.entities, '{entity_type}');
	-- Distinct keys in byte order: sorting by a locale takes several times as long.
	RETURN QUERY EXECUTE format($query$
		SELECT * FROM (
			SELECT 'entities' AS object, @extschema@.pt_key_kind(key) AS kind, NULL AS method, entity_type AS type, count(*) AS n FROM %1$s GROUP BY 2, 4
			UNION ALL
			SELECT CASE WHEN g THEN 'guesses' ELSE 'edges' END, @extschema@.pt_key_kind(to_key), CASE WHEN g THEN method END, edge_type, count(*)
			FROM %2$s, LATERAL (SELECT confidence < 1 IS TRUE) AS c (g) GROUP BY 1, 2, 3, 4
			UNION ALL
			SELECT 'sources', @extschema@.pt_key_kind(key), NULL, NULL, count(*)
			FROM (SELECT DISTINCT from_key COLLATE "C" AS key FROM %2$s WHERE confidence < 1 IS NOT TRUE) AS k GROUP BY 2
			UNION ALL
			SELECT 'targets', @extschema@.pt_key_kind(key), NULL, NULL, count(*)
			FROM (SELECT DISTINCT to_key COLLATE "C" AS key FROM %2$s WHERE confidence < 1 IS NOT TRUE) AS k GROUP BY 2
		) AS s
		ORDER BY array_position('{entities,edges,guesses,sources,targets}', object), kind COLLATE "C", method COLLATE "C", type COLLATE "C"$query$,
		tables.entities, tables.edges);
END $$;
COMMENT ON FUNCTION @extschema@.pt_statistics(regclass) IS
'What a codebase consists of, counted: entities by kind of key and type; edges (facts) by kind of target and type; guesses by method and type; sources and targets, the keys that facts start and end at, by kind. Of a graph without entities, all but these. Errors: 42703 a column is missing, 42703 no columns known to be ends of edges. O(entities + edges).';
