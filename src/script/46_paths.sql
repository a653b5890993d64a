
CREATE FUNCTION @extschema@.pt_paths(
	start_key text,
	end_key text,
	k integer DEFAULT 10,
	max_hops integer DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	shortest_only boolean DEFAULT false,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL,
	min_confidence numeric DEFAULT NULL,
	OUT path integer,
	OUT step integer,
	OUT from_key text,
	OUT to_key text,
	OUT edge_type text,
	OUT source_location text
) RETURNS SETOF record
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 50;
COMMENT ON FUNCTION @extschema@.pt_paths(text, text, integer, integer, text, text[], boolean, boolean, regclass, numeric) IS
'The k shortest simple paths from start_key to end_key, shortest first, each as its edges in order; path and step count from 1. A simple path visits no node twice. k: NULL for all there are, which may be very many. max_hops: no longer ones, NULL for any length. shortest_only: only those of the least length. Two paths differ in a node: of parallel edges one is shown, whichever the index has first. direction: out follows edges from source to target, in backwards, both either way; each row shows the edge as it is stored. edge_types: labels to follow, NULL for all. min_confidence: follow guesses from there on, too. No rows if there is no path, or if the keys are the same. Errors: 42704 unknown key unless missing_ok, 22023 bad argument, 53400 more memory than parseltongue.local_image_memory. Yen''s algorithm with lower bounds from one backward walk: that walk, O(edges touched), and for each path O(its length) searches, as a rule of few edges each, at worst O(edges log length).';
