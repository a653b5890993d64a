-- ---------------------------------------------------------------------------
-- Which graph a call means.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_default_graph() RETURNS regclass
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION @extschema@.pt_default_graph() IS
'The graph that a call means when its argument graph is NULL: the table or index that parseltongue.graph names, else the extension''s own pt_edge. Errors: 42P01 it does not exist.';

CREATE FUNCTION @extschema@.pt_entity_table(graph regclass DEFAULT NULL) RETURNS regclass
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION @extschema@.pt_entity_table(regclass) IS
'The table of entities that belongs to a graph: pt_entity in the schema of an edge table pt_edge; NULL if there is none. graph: an edge table or its adjacency index, NULL as everywhere.';

CREATE FUNCTION @extschema@.pt_codebase_edges(graph regclass DEFAULT NULL) RETURNS regclass
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	named regclass := coalesce(graph, @extschema@.pt_default_graph());
	edges regclass := coalesce((SELECT indrelid FROM pg_index WHERE indexrelid = named), named);
BEGIN
	IF @extschema@.pt_entity_table(edges) IS NULL THEN
		RAISE EXCEPTION '"%" is not the edge table of a code base', edges USING ERRCODE = 'wrong_object_type',
			DETAIL = 'A code base is a schema with the tables pt_entity and pt_edge.',
			HINT = 'Make one with pt_create_codebase.';
	END IF;
	RETURN edges;
END $$;
COMMENT ON FUNCTION @extschema@.pt_codebase_edges(regclass) IS
'The edge table of the code base that graph names, by its table or index; NULL for the default graph. Errors: 42809 graph is not the edge table of a code base.';
