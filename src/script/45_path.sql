
-- ---------------------------------------------------------------------------
-- Paths.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_path(
	start_key text,
	end_key text,
	hops bigint DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	stop_at text[] DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL,
	OUT step integer,
	OUT from_key text,
	OUT to_key text,
	OUT edge_type text,
	OUT source_location text,
	OUT confidence float8,
	OUT node text
) RETURNS SETOF record
AS 'MODULE_PATHNAME', 'pt_path_0_2' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 10;
COMMENT ON FUNCTION @extschema@.pt_path(text, text, bigint, text, text[], float8, text[], text[], text[], boolean, regclass) IS
'One shortest path from start_key to end_key of at most hops edges (NULL: any number), its edges in order, as they are stored, each with the node that it leads to. No rows if there is none, or the keys are the same. Errors: 42704 no such key unless missing_ok, 22004 and 22023 bad argument. Bidirectional breadth-first search, O(edges touched).';

CREATE FUNCTION @extschema@.pt_reachable(
	start_key text,
	end_key text,
	hops bigint DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	stop_at text[] DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL
) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION @extschema@.pt_reachable(text, text, bigint, text, text[], float8, text[], text[], text[], boolean, regclass) IS
'Is there a path from start_key to end_key of at most hops edges (NULL: any number)? A key reaches itself. Errors: 42704 no such key unless missing_ok, 22004 and 22023 bad argument. Bidirectional breadth-first search, O(edges touched).';
