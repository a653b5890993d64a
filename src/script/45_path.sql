-- ---------------------------------------------------------------------------
-- Paths.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_path(
	start_key text,
	end_key text,
	max_hops integer DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL,
	min_confidence numeric DEFAULT NULL,
	OUT step integer,
	OUT from_key text,
	OUT to_key text,
	OUT edge_type text,
	OUT source_location text
) RETURNS SETOF record
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 10;
COMMENT ON FUNCTION @extschema@.pt_path(text, text, integer, text, text[], boolean, regclass, numeric) IS
'One shortest path from start_key to end_key, its edges in order; step counts from 1. No rows if there is no path of at most max_hops edges (NULL: of any length), or if the keys are the same. direction: out follows edges from source to target, in backwards, both either way; each row shows the edge as it is stored. edge_types: labels to follow, NULL for all. min_confidence: follow guesses of at least this confidence, too. Errors: 42704 unknown key unless missing_ok, 22023 bad argument. Bidirectional breadth-first search: O(edges touched).';

