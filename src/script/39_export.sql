
-- ---------------------------------------------------------------------------
-- Exports go out.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_export(graph regclass DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
	tables record := _parseltongue.pt_graph_tables(graph);
	document jsonb;
BEGIN
	PERFORM _parseltongue.pt_require_columns(tables.edges, '{from_key,to_key,edge_type,source_location,confidence,method,reference_key}'),
		_parseltongue.pt_require_columns(tables.entities,
			'{name,entity_type,entity_class,language,file_path,line_start,line_end,signature,code,properties}');
	EXECUTE format($q$
	SELECT jsonb_build_object('ok', true, 'data', jsonb_build_object(
		'CodeGraph', jsonb_build_object(
			'headers', jsonb_build_array('ISGL1_key', 'Current_Code', 'Future_Code', 'interface_signature',
				'TDD_Classification', 'lsp_meta_data', 'current_ind', 'future_ind', 'Future_Action', 'file_path',
				'language', 'last_modified', 'entity_type', 'entity_class', 'birth_timestamp', 'content_hash',
				'semantic_path', 'root_subfolder_L1', 'root_subfolder_L2',
				'name', 'line_start', 'line_end', 'properties'),
			'rows', (
				SELECT coalesce(jsonb_agg(jsonb_build_array(
					key, code, fields -> 'Future_Code', coalesce(signature::text, fields ->> 'interface_signature'),
					coalesce(fields ->> 'TDD_Classification', ''), fields -> 'lsp_meta_data',
					NOT fields ? 'current_ind', fields ? 'future_ind', fields -> 'Future_Action',
					coalesce(file_path, ''), coalesce(language, ''), coalesce(fields ->> 'last_modified', ''),
					coalesce(entity_type, ''), coalesce(entity_class, ''), fields -> 'birth_timestamp',
					fields -> 'content_hash', fields -> 'semantic_path',
					CASE WHEN cardinality(folders) > 1 THEN folders[1] ELSE '' END,
					CASE WHEN cardinality(folders) > 2 THEN folders[2] ELSE '' END,
					name, line_start, line_end, nullif(properties - ARRAY(SELECT jsonb_object_keys(fields)), '{}')
					) ORDER BY key COLLATE "C"), '[]')
				FROM %1$s,
					 LATERAL (SELECT string_to_array(ltrim(translate(file_path, chr(92), '/'), '/'), '/')) AS f (folders),
					 -- The properties that a header carries so that pt_import reads them back the same.
					 LATERAL (
						SELECT coalesce(jsonb_object_agg(p.key, p.value), '{}')
						FROM jsonb_each(properties) AS p
						WHERE CASE
							WHEN p.key IN ('Future_Code', 'Future_Action', 'lsp_meta_data',
										   'content_hash', 'semantic_path') THEN jsonb_typeof(p.value) = 'string'
							WHEN p.key IN ('TDD_Classification', 'last_modified')
								THEN jsonb_typeof(p.value) = 'string' AND p.value <> '""'
							WHEN p.key = 'birth_timestamp' THEN jsonb_typeof(p.value) = 'number'
							WHEN p.key = 'current_ind' THEN p.value = 'false'
							WHEN p.key = 'future_ind' THEN p.value = 'true'
							WHEN p.key = 'interface_signature' THEN signature IS NULL
								AND jsonb_typeof(p.value) = 'string'
								AND _parseltongue.pt_parse_json(p.value #>> '{}') IS NULL
							ELSE false END
					 ) AS p (fields)),
			'next', NULL),
		'DependencyEdges', jsonb_build_object(
			'headers', jsonb_build_array('from_key', 'to_key', 'edge_type', 'source_location', 'confidence', 'method'),
			'rows', (
				SELECT coalesce(jsonb_agg(jsonb_build_array(from_key, to_key, edge_type, source_location, confidence, method)
					ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C"), '[]')
				FROM %2$s WHERE coalesce(confidence, 1) = 1 OR reference_key IS NULL),
			'next', NULL))) $q$,
		tables.entities, tables.edges)
	INTO document;
	RETURN document;
END $$;
COMMENT ON FUNCTION @extschema@.pt_export(regclass) IS
'All entities and edges of a codebase as CozoDB''s relations CodeGraph and DependencyEdges, in key order, as pt_import takes them; more headers (name, line_start, line_end, properties; confidence, method) carry what these have no column for, and the folder levels are those of file_path. Guesses that pt_resolve_references made (they have a reference_key) are left out: it makes them again. graph: the codebase, by its pt_edge; NULL for pt_default_graph(). Errors: 42809 the graph is no codebase, 42703 a table of it lacks a column, 54000 beyond 256 MB, the limit of a jsonb array.';
