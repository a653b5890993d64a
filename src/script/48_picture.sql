
-- ---------------------------------------------------------------------------
-- Pictures of edge rows.
-- ---------------------------------------------------------------------------

CREATE FUNCTION _parseltongue.pt_picture_add(state internal, from_key text, to_key text, edge_type text) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_picture_add(internal, text, text, text) IS
'The step of pt_to_dot, pt_to_mermaid and pt_to_json.';
CREATE FUNCTION _parseltongue.pt_picture_add(state internal, from_key text, to_key text) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_picture_add(internal, text, text) IS
'The step of pt_to_dot, pt_to_mermaid and pt_to_json without types.';

CREATE FUNCTION _parseltongue.pt_picture_dot(state internal) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION _parseltongue.pt_picture_dot(internal) IS 'The last step of pt_to_dot.';

CREATE FUNCTION _parseltongue.pt_picture_mermaid(state internal) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION _parseltongue.pt_picture_mermaid(internal) IS 'The last step of pt_to_mermaid.';

CREATE FUNCTION _parseltongue.pt_picture_json(state internal) RETURNS jsonb
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION _parseltongue.pt_picture_json(internal) IS 'The last step of pt_to_json.';

CREATE AGGREGATE @extschema@.pt_to_dot(from_key text, to_key text, edge_type text) (
	SFUNC = _parseltongue.pt_picture_add,
	STYPE = internal,
	FINALFUNC = _parseltongue.pt_picture_dot,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.pt_to_dot(text, text, text) IS
'The edge rows as a Graphviz digraph, for dot -Tsvg. Nodes are labelled with pt_key_name, those of one name with the rest of their keys, too; the tooltip is the key. Nodes that are not local (pt_key_kind) look different, guesses (types that end in " (resolved)") are dashed. Types are written unless all edges are Calls or have none. O(n log n).';

CREATE AGGREGATE @extschema@.pt_to_dot(from_key text, to_key text) (
	SFUNC = _parseltongue.pt_picture_add,
	STYPE = internal,
	FINALFUNC = _parseltongue.pt_picture_dot,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.pt_to_dot(text, text) IS
'Edges without types as a Graphviz digraph, for dot -Tsvg. Otherwise as with types.';

CREATE AGGREGATE @extschema@.pt_to_mermaid(from_key text, to_key text, edge_type text) (
	SFUNC = _parseltongue.pt_picture_add,
	STYPE = internal,
	FINALFUNC = _parseltongue.pt_picture_mermaid,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.pt_to_mermaid(text, text, text) IS
'The edge rows as a Mermaid flowchart, for Markdown between ```mermaid and ```. Drawn as by pt_to_dot. Mermaid itself draws up to 500 edges and 50,000 characters unless configured otherwise. O(n log n).';

CREATE AGGREGATE @extschema@.pt_to_mermaid(from_key text, to_key text) (
	SFUNC = _parseltongue.pt_picture_add,
	STYPE = internal,
	FINALFUNC = _parseltongue.pt_picture_mermaid,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.pt_to_mermaid(text, text) IS
'Edges without types as a Mermaid flowchart, for Markdown between ```mermaid and ```. Otherwise as with types.';

CREATE AGGREGATE @extschema@.pt_to_json(from_key text, to_key text, edge_type text) (
	SFUNC = _parseltongue.pt_picture_add,
	STYPE = internal,
	FINALFUNC = _parseltongue.pt_picture_json,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.pt_to_json(text, text, text) IS
'The edge rows as {"nodes": [{"id", "name", "kind"}], "edges": [{"from", "to", "type"}]}. id, from and to are keys, name and kind what pt_key_name and pt_key_kind say of them, type is null where there is none. O(n log n).';

CREATE AGGREGATE @extschema@.pt_to_json(from_key text, to_key text) (
	SFUNC = _parseltongue.pt_picture_add,
	STYPE = internal,
	FINALFUNC = _parseltongue.pt_picture_json,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.pt_to_json(text, text) IS
'Edges without types as {"nodes": [{"id", "name", "kind"}], "edges": [{"from", "to", "type"}]}. Otherwise as with types.';

-- ---------------------------------------------------------------------------
-- The step of the same for nodes and types that are not text: integers, uuids,
-- enums. 49_node_types.sql makes the aggregates.
-- ---------------------------------------------------------------------------

CREATE FUNCTION _parseltongue.pt_picture_add(state internal, source anycompatiblenonarray, target anycompatiblenonarray, edge_type anynonarray) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_picture_add(internal, anycompatiblenonarray, anycompatiblenonarray, anynonarray) IS
'The step of pt_to_dot, pt_to_mermaid and pt_to_json where nodes or types are not text.';
CREATE FUNCTION _parseltongue.pt_picture_add(state internal, source anycompatiblenonarray, target anycompatiblenonarray, edge_type text) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_picture_add(internal, anycompatiblenonarray, anycompatiblenonarray, text) IS
'The step of pt_to_dot, pt_to_mermaid and pt_to_json where nodes are not text.';
CREATE FUNCTION _parseltongue.pt_picture_add(state internal, source anycompatiblenonarray, target anycompatiblenonarray) RETURNS internal
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL SAFE COST 1;
COMMENT ON FUNCTION _parseltongue.pt_picture_add(internal, anycompatiblenonarray, anycompatiblenonarray) IS
'The step of pt_to_dot, pt_to_mermaid and pt_to_json without types where nodes are not text.';
