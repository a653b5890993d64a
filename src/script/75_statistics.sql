
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
	PERFORM @extschema@.pt_require_columns(tables.edges, '{from_key,to_key,edge_type,confidence,method}'),
		@extschema@.pt_require_columns(tables.entities, '{entity_type}');
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
'What a codebase consists of, counted. what: entities, by kind of their key (pt_key_kind) and entity_type; edges, the facts among them, by kind of the target and edge_type; guesses, by method (in kind) and edge_type; sources and targets, the keys that facts start and end at, each once, by kind, with a NULL type. graph: NULL as everywhere. Errors: 42809 the graph has no entities, 42703 a table lacks a column. Reads both tables: O(entities + edges).';
