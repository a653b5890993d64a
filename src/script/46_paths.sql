
CREATE FUNCTION @extschema@.pt_paths(
	start_key text,
	end_key text,
	max_paths bigint DEFAULT 10,
	hops bigint DEFAULT NULL,
	direction text DEFAULT 'out',
	shortest_only boolean DEFAULT false,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	stop_at text[] DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL,
	OUT path integer,
	OUT step integer,
	OUT from_key text,
	OUT to_key text,
	OUT edge_type text,
	OUT source_location text,
	OUT confidence float8,
	OUT node text
) RETURNS SETOF record
AS 'MODULE_PATHNAME', 'pt_paths_0_2' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 50;
COMMENT ON FUNCTION @extschema@.pt_paths(text, text, bigint, bigint, text, boolean, text[], float8, text[], text[], text[], boolean, regclass) IS
'The max_paths (NULL: all, which may be very many) shortest simple paths from start_key to end_key, shortest first, each as its edges in order, with the nodes that these lead to. No two visit the same nodes in the same order: of parallel edges one is shown. Errors: as pt_path, and 53400 out of memory. Yen (1971), with bounds from a backward walk.';
