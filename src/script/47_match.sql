
-- ---------------------------------------------------------------------------
-- Ways by pattern: regular expressions over edge types.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_match(
	start_key text,
	pattern text,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	stop_at text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL
) RETURNS TABLE (key text, distance integer)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 100;
COMMENT ON FUNCTION @extschema@.pt_match(text, text, float8, text[], text[], text[], bigint, boolean, regclass) IS
'Keys that a way from start_key leads to whose edge types match pattern, as in ''Calls+ (Uses|<Implements){1,3}'', each once with the edges of the shortest such way, nearest first. A way may come to a key again; start_key is at distance 0 if the empty way matches. Errors: 42601 syntax of pattern, 54000 more than 255 steps, 42704 no such key unless missing_ok, 22004 and 22023 bad argument. Breadth-first search, O(steps * edges touched).';

CREATE FUNCTION @extschema@.pt_match_path(
	start_key text,
	end_key text,
	pattern text,
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
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 10;
COMMENT ON FUNCTION @extschema@.pt_match_path(text, text, text, float8, text[], text[], text[], boolean, regclass) IS
'One shortest way from start_key to end_key whose edge types match pattern, its edges in order, as they are stored, each with the node that it leads to. No rows if there is none, or it is empty. Pattern and errors as of pt_match. Breadth-first search, O(steps * edges touched).';
