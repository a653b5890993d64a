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
