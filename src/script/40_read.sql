
-- ---------------------------------------------------------------------------
-- Reading.
--
-- Functions on code take the key first and answer with keys; those on any
-- graph take the graph first and answer with nodes. A function's own options
-- come first, then those that all have: edge_types, min_confidence, avoid,
-- within, stop_at, max_nodes, missing_ok, graph. C reads these from the end.
--
-- What is defined here and in the next parts for keys and nodes of type text,
-- 49_node_types.sql defines for other types.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_blast_radius(
	key text,
	hops bigint DEFAULT 3,
	direction text DEFAULT 'in',
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	stop_at text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL
) RETURNS TABLE (key text, distance integer, certain boolean)
AS 'MODULE_PATHNAME', 'pt_blast_radius_0_2' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 100
SUPPORT _parseltongue.pt_walk_rows;
COMMENT ON FUNCTION @extschema@.pt_blast_radius(text, bigint, text, text[], float8, text[], text[], text[], bigint, boolean, regclass) IS
'Everything that a change of key can reach within hops edges (NULL: any number), each key once at its least distance, nearest first, without key itself. certain: reached without guesses, too. avoid: keys that are not entered; within: no others are; stop_at: they are not left. Errors: 42704 no such key unless missing_ok, 22004 and 22023 bad argument. Breadth-first search, O(edges touched).';

CREATE FUNCTION @extschema@.pt_blast_radius_summary(
	key text,
	hops bigint DEFAULT 3,
	direction text DEFAULT 'in',
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	stop_at text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL
) RETURNS TABLE (distance integer, entities bigint, certain bigint)
AS 'MODULE_PATHNAME', 'pt_blast_radius_summary_0_2' LANGUAGE C STABLE PARALLEL RESTRICTED COST 500 ROWS 5;
COMMENT ON FUNCTION @extschema@.pt_blast_radius_summary(text, bigint, text, text[], float8, text[], text[], text[], bigint, boolean, regclass) IS
'How many keys pt_blast_radius finds at each distance, and how many of them need no guess. Distances without any are not listed. Arguments and errors as of pt_blast_radius. O(edges touched); no row is fetched.';

CREATE FUNCTION @extschema@.pt_blast_radius_count(
	key text,
	hops bigint DEFAULT 3,
	direction text DEFAULT 'in',
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	stop_at text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL
) RETURNS bigint
AS 'MODULE_PATHNAME', 'pt_blast_radius_count_0_2' LANGUAGE C STABLE PARALLEL RESTRICTED COST 500;
COMMENT ON FUNCTION @extschema@.pt_blast_radius_count(text, bigint, text, text[], float8, text[], text[], text[], bigint, boolean, regclass) IS
'How many keys pt_blast_radius finds: 0 for one that exists and has no dependents. Arguments and errors as of pt_blast_radius. O(edges touched); no row is fetched.';

CREATE FUNCTION @extschema@.pt_impact(
	keys text[],
	hops bigint DEFAULT 3,
	direction text DEFAULT 'in',
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	stop_at text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL
) RETURNS TABLE (key text, distance integer, certain boolean, nearest_key text)
AS 'MODULE_PATHNAME', 'pt_impact_0_2' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000
SUPPORT _parseltongue.pt_walk_rows;
COMMENT ON FUNCTION @extschema@.pt_impact(text[], bigint, text, text[], float8, text[], text[], text[], bigint, boolean, regclass) IS
'Everything that a change of any of keys can reach, in one walk from all of them: each key once, with its distance to the nearest of keys, and that one (of several as near, the first among keys). The keys themselves are not listed. Arguments and errors as of pt_blast_radius. O(edges touched).';

CREATE FUNCTION @extschema@.pt_callers(
	key text,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL
) RETURNS TABLE (from_key text, to_key text, edge_type text, source_location text, confidence float8)
AS 'MODULE_PATHNAME', 'pt_callers_0_2' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100 ROWS 10;
COMMENT ON FUNCTION @extschema@.pt_callers(text, text[], float8, text[], text[], boolean, regclass) IS
'The edges that end in key, a row each, from nodes not in avoid, and in within if it is given; confidence is NULL for a fact. edge_type is NULL where the index has no label column, source_location where the table has no such column. Errors: 42704 no such key unless missing_ok, 22004 and 22023 bad argument. O(edges of the key).';

CREATE FUNCTION @extschema@.pt_callees(
	key text,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL
) RETURNS TABLE (from_key text, to_key text, edge_type text, source_location text, confidence float8)
AS 'MODULE_PATHNAME', 'pt_callees_0_2' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100 ROWS 10;
COMMENT ON FUNCTION @extschema@.pt_callees(text, text[], float8, text[], text[], boolean, regclass) IS
'The edges that start at key, a row each. Otherwise as pt_callers.';

CREATE FUNCTION @extschema@.pt_bfs(
	graph regclass,
	start text,
	hops bigint DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	stop_at text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false
) RETURNS TABLE (node text, distance integer, parent text, certain boolean)
AS 'MODULE_PATHNAME', 'pt_bfs_0_2' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000
SUPPORT _parseltongue.pt_walk_rows;
COMMENT ON FUNCTION @extschema@.pt_bfs(regclass, text, bigint, text, text[], float8, text[], text[], text[], bigint, boolean) IS
'Breadth-first search from start: each node within hops edges (NULL: any number) once, at its least distance, with a parent on a shortest path; start itself at distance 0. certain: reached without guesses, too. avoid: nodes that are not entered; within: no others are; stop_at: they are not left. graph: NULL for the default. Errors: 42704 no such start unless missing_ok, 42804 another type. O(edges touched).';

CREATE FUNCTION @extschema@.pt_multi_source_bfs(
	graph regclass,
	starts text[],
	hops bigint DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	stop_at text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false
) RETURNS TABLE (node text, distance integer, parent text, certain boolean)
AS 'MODULE_PATHNAME', 'pt_multi_source_bfs' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000
SUPPORT _parseltongue.pt_walk_rows;
COMMENT ON FUNCTION @extschema@.pt_multi_source_bfs(regclass, text[], bigint, text, text[], float8, text[], text[], text[], bigint, boolean) IS
'Breadth-first search from all of starts at once: each node within hops edges of any of them (NULL: any number) once, at its least distance. An untyped literal is an array of text. Otherwise as pt_bfs.';
