-- ---------------------------------------------------------------------------
-- Which graph a call means.
-- ---------------------------------------------------------------------------

-- PARALLEL RESTRICTED: a worker does not know under whose rights a setting was made.
CREATE FUNCTION @extschema@.pt_default_graph() RETURNS regclass
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1;
COMMENT ON FUNCTION @extschema@.pt_default_graph() IS
'The graph that a call means when its argument graph is NULL: the table or index that parseltongue.graph names, else the extension''s own pt_edge. Within a SECURITY DEFINER function the setting counts only if it was made there, or by that function''s SET clause. Errors: 42P01 it does not exist.';

CREATE FUNCTION _parseltongue.pt_default_graph_if_any() RETURNS regclass
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1;
COMMENT ON FUNCTION _parseltongue.pt_default_graph_if_any() IS
'Internal: as pt_default_graph, but NULL if it does not exist, and whether or not the caller may use it.';

CREATE FUNCTION @extschema@.pt_entity_table(graph regclass DEFAULT NULL) RETURNS regclass
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1;
COMMENT ON FUNCTION @extschema@.pt_entity_table(regclass) IS
'The table of entities that belongs to a graph: pt_entity in the schema of an edge table pt_edge, of the same owner; NULL if there is none. graph: an edge table or its adjacency index, NULL as everywhere.';

CREATE FUNCTION _parseltongue.pt_refuse_distributed(relation regclass) RETURNS void
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_refuse_distributed(regclass) IS
'Internal: an error (0A000) if the table is one of the Citus extension''s, whose rows are elsewhere.';

CREATE FUNCTION _parseltongue.pt_require_columns(relation regclass, columns text[]) RETURNS void
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_require_columns(regclass, text[]) IS
'Internal: an error (42703) if a table of a codebase lacks one of these columns.';

CREATE FUNCTION _parseltongue.pt_graph_tables(
	graph regclass DEFAULT NULL,
	OUT edges regclass,
	OUT entities regclass
)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10;
COMMENT ON FUNCTION _parseltongue.pt_graph_tables(regclass) IS
'The two tables of a codebase: its edges, and the entities beside them. graph: an edge table or its adjacency index, NULL as everywhere. Errors: 42P01 it does not exist, 42809 it is not the edge table of a codebase, 0A000 a table is managed by Citus. O(1).';

CREATE FUNCTION _parseltongue.pt_trusted(min_confidence float8) RETURNS numeric
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_trusted(float8) IS
'The least confidence that a call with this argument trusts, in hundredths: parseltongue.min_confidence for NULL. Errors: 22023 not between 0 and 1.';

CREATE FUNCTION _parseltongue.pt_types(edge_types text[]) RETURNS text[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_types(text[]) IS
'The types of the guesses that stand for edges of these types. Errors: 22004 one of them is NULL.';

CREATE FUNCTION _parseltongue.pt_graph_columns(
	graph regclass,
	OUT edges regclass, OUT source text, OUT target text, OUT label text, OUT confidence text
)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 1000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	given CONSTANT regclass := coalesce(graph, @extschema@.pt_default_graph());
BEGIN
	SELECT coalesce((SELECT indrelid FROM pg_index WHERE indexrelid = given), given),
		quote_ident(s.from_column), quote_ident(s.to_column), quote_ident(s.type_column), quote_ident(s.confidence_column)
	INTO edges, source, target, label, confidence
	FROM @extschema@.pt_graph_source(given) AS s;
	PERFORM _parseltongue.pt_refuse_distributed(edges);
END $$;
COMMENT ON FUNCTION _parseltongue.pt_graph_columns(regclass) IS
'Internal: the table of a graph and its columns, quoted, for statements over it; label and confidence NULL where there is none. Errors as of a walk.';

CREATE FUNCTION _parseltongue.pt_walk_rows(internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_walk_rows(internal) IS
'Planner support: how many rows a walk is likely to return, by the size of the graph''s image or the statistics of its edge table, hops and max_nodes.';

CREATE FUNCTION _parseltongue.pt_network_rows(internal) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_network_rows(internal) IS
'Planner support: how many rows an algorithm over a whole graph is likely to return, by the statistics of its tables.';
