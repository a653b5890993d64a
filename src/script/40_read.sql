
-- ---------------------------------------------------------------------------
-- Reading.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_blast_radius(
	key text,
	hops integer DEFAULT 3,
	direction text DEFAULT 'in',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (entity_key text, distance integer)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 100;
COMMENT ON FUNCTION @extschema@.pt_blast_radius(text, integer, text, text[], bigint, boolean, regclass, numeric) IS
'Everything that a change of key can reach within hops edges, each node once at its minimum distance, nearest first; never the start itself. direction: in (who depends on key), out, or both. hops: 0 for nothing, NULL for no bound. edge_types: labels to follow, NULL for all. max_nodes: cut the answer there, with a warning. graph: an edge table with one adjacency index, or such an index; NULL for the default graph. min_confidence: follow guesses of at least this confidence, too; NULL for facts only. Errors: 42704 unknown key unless missing_ok, 22023 bad argument. Breadth-first search: O(edges touched).';

CREATE FUNCTION @extschema@.pt_blast_radius_summary(
	key text,
	hops integer DEFAULT 3,
	direction text DEFAULT 'in',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (distance integer, entities bigint)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 500 ROWS 5;
COMMENT ON FUNCTION @extschema@.pt_blast_radius_summary(text, integer, text, text[], bigint, boolean, regclass, numeric) IS
'The number of entities pt_blast_radius finds at each distance, without fetching their keys. Same arguments and errors; distances without entities are not listed.';

CREATE FUNCTION @extschema@.pt_blast_radius_count(
	key text,
	hops integer DEFAULT 3,
	direction text DEFAULT 'in',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL,
	min_confidence numeric DEFAULT NULL
) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 500;
COMMENT ON FUNCTION @extschema@.pt_blast_radius_count(text, integer, text, text[], bigint, boolean, regclass, numeric) IS
'The number of entities pt_blast_radius finds, without fetching their keys: 0 for a key that is known but has no dependents. Same arguments and errors.';

CREATE FUNCTION @extschema@.pt_impact(
	keys text[],
	hops integer DEFAULT 3,
	direction text DEFAULT 'in',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (entity_key text, distance integer, nearest_key text)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_impact(text[], integer, text, text[], bigint, boolean, regclass, numeric) IS
'Everything that a change of any of keys can reach, in one walk from all of them: each entity once, with its distance to the nearest of keys and that key (of several as near, the one that comes first among keys). The keys themselves are not listed. Arguments and errors as of pt_blast_radius; a NULL in keys is 22004. O(edges touched).';

CREATE FUNCTION @extschema@.pt_callers(
	key text,
	edge_types text[] DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (from_key text, to_key text, edge_type text, source_location text)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100 ROWS 10;
COMMENT ON FUNCTION @extschema@.pt_callers(text, text[], boolean, regclass, numeric) IS
'The edges that end in key, one row each. edge_type is NULL where the index has no label column, source_location where the table has no such column. min_confidence: list guesses of at least this confidence, too. Errors: 42704 unknown key unless missing_ok. O(edges of the key).';

CREATE FUNCTION @extschema@.pt_callees(
	key text,
	edge_types text[] DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (from_key text, to_key text, edge_type text, source_location text)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100 ROWS 10;
COMMENT ON FUNCTION @extschema@.pt_callees(text, text[], boolean, regclass, numeric) IS
'The edges that start at key, one row each. Otherwise as pt_callers.';

CREATE FUNCTION @extschema@.pt_bfs(
	graph regclass,
	start smallint,
	max_depth integer DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (node smallint, depth integer, parent smallint)
AS 'MODULE_PATHNAME', 'pt_bfs' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_bfs(regclass, smallint, integer, text, text[], bigint, boolean, numeric) IS
'Breadth-first search from start, which is listed at depth 0 with a NULL parent (unless unknown and missing_ok); each node once at its minimum depth with one parent on a shortest path. Nodes come back as smallint; one that does not fit is an error (22003). max_depth: NULL for no bound. direction: out, in or both. min_confidence: follow guesses of at least this confidence, too; NULL for facts only. Errors: 42704 unknown start unless missing_ok, 22023 bad argument. O(edges touched).';

CREATE FUNCTION @extschema@.pt_bfs(
	graph regclass,
	starts smallint[],
	max_depth integer DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (node smallint, depth integer, parent smallint)
AS 'MODULE_PATHNAME', 'pt_bfs_array' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_bfs(regclass, smallint[], integer, text, text[], bigint, boolean, numeric) IS
'Breadth-first search from each of starts at once, which are listed at depth 0 with a NULL parent (unless unknown and missing_ok); each node once at its minimum depth with one parent on a shortest path. Nodes come back as smallint; one that does not fit is an error (22003). max_depth: NULL for no bound. direction: out, in or both. min_confidence: follow guesses of at least this confidence, too; NULL for facts only. Errors: 42704 unknown start unless missing_ok, 22023 bad argument. O(edges touched).';

CREATE FUNCTION @extschema@.pt_bfs(
	graph regclass,
	start integer,
	max_depth integer DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (node integer, depth integer, parent integer)
AS 'MODULE_PATHNAME', 'pt_bfs' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_bfs(regclass, integer, integer, text, text[], bigint, boolean, numeric) IS
'Breadth-first search from start, which is listed at depth 0 with a NULL parent (unless unknown and missing_ok); each node once at its minimum depth with one parent on a shortest path. Nodes come back as integer; one that does not fit is an error (22003). max_depth: NULL for no bound. direction: out, in or both. min_confidence: follow guesses of at least this confidence, too; NULL for facts only. Errors: 42704 unknown start unless missing_ok, 22023 bad argument. O(edges touched).';

CREATE FUNCTION @extschema@.pt_bfs(
	graph regclass,
	starts integer[],
	max_depth integer DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (node integer, depth integer, parent integer)
AS 'MODULE_PATHNAME', 'pt_bfs_array' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_bfs(regclass, integer[], integer, text, text[], bigint, boolean, numeric) IS
'Breadth-first search from each of starts at once, which are listed at depth 0 with a NULL parent (unless unknown and missing_ok); each node once at its minimum depth with one parent on a shortest path. Nodes come back as integer; one that does not fit is an error (22003). max_depth: NULL for no bound. direction: out, in or both. min_confidence: follow guesses of at least this confidence, too; NULL for facts only. Errors: 42704 unknown start unless missing_ok, 22023 bad argument. O(edges touched).';

CREATE FUNCTION @extschema@.pt_bfs(
	graph regclass,
	start bigint,
	max_depth integer DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (node bigint, depth integer, parent bigint)
AS 'MODULE_PATHNAME', 'pt_bfs' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_bfs(regclass, bigint, integer, text, text[], bigint, boolean, numeric) IS
'Breadth-first search from start, which is listed at depth 0 with a NULL parent (unless unknown and missing_ok); each node once at its minimum depth with one parent on a shortest path. Nodes come back as bigint; one that does not fit is an error (22003). max_depth: NULL for no bound. direction: out, in or both. min_confidence: follow guesses of at least this confidence, too; NULL for facts only. Errors: 42704 unknown start unless missing_ok, 22023 bad argument. O(edges touched).';

CREATE FUNCTION @extschema@.pt_bfs(
	graph regclass,
	starts bigint[],
	max_depth integer DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (node bigint, depth integer, parent bigint)
AS 'MODULE_PATHNAME', 'pt_bfs_array' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_bfs(regclass, bigint[], integer, text, text[], bigint, boolean, numeric) IS
'Breadth-first search from each of starts at once, which are listed at depth 0 with a NULL parent (unless unknown and missing_ok); each node once at its minimum depth with one parent on a shortest path. Nodes come back as bigint; one that does not fit is an error (22003). max_depth: NULL for no bound. direction: out, in or both. min_confidence: follow guesses of at least this confidence, too; NULL for facts only. Errors: 42704 unknown start unless missing_ok, 22023 bad argument. O(edges touched).';

CREATE FUNCTION @extschema@.pt_bfs(
	graph regclass,
	start text,
	max_depth integer DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (node text, depth integer, parent text)
AS 'MODULE_PATHNAME', 'pt_bfs' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_bfs(regclass, text, integer, text, text[], bigint, boolean, numeric) IS
'Breadth-first search from start, which is listed at depth 0 with a NULL parent (unless unknown and missing_ok); each node once at its minimum depth with one parent on a shortest path. Nodes come back as text; one that does not fit is an error (22003). max_depth: NULL for no bound. direction: out, in or both. min_confidence: follow guesses of at least this confidence, too; NULL for facts only. Errors: 42704 unknown start unless missing_ok, 22023 bad argument. O(edges touched).';

CREATE FUNCTION @extschema@.pt_bfs(
	graph regclass,
	starts text[],
	max_depth integer DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (node text, depth integer, parent text)
AS 'MODULE_PATHNAME', 'pt_bfs_array' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_bfs(regclass, text[], integer, text, text[], bigint, boolean, numeric) IS
'Breadth-first search from each of starts at once, which are listed at depth 0 with a NULL parent (unless unknown and missing_ok); each node once at its minimum depth with one parent on a shortest path. Nodes come back as text; one that does not fit is an error (22003). max_depth: NULL for no bound. direction: out, in or both. min_confidence: follow guesses of at least this confidence, too; NULL for facts only. Errors: 42704 unknown start unless missing_ok, 22023 bad argument. O(edges touched).';

CREATE FUNCTION @extschema@.pt_bfs(
	graph regclass,
	start uuid,
	max_depth integer DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (node uuid, depth integer, parent uuid)
AS 'MODULE_PATHNAME', 'pt_bfs' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_bfs(regclass, uuid, integer, text, text[], bigint, boolean, numeric) IS
'Breadth-first search from start, which is listed at depth 0 with a NULL parent (unless unknown and missing_ok); each node once at its minimum depth with one parent on a shortest path. Nodes come back as uuid; one that does not fit is an error (22003). max_depth: NULL for no bound. direction: out, in or both. min_confidence: follow guesses of at least this confidence, too; NULL for facts only. Errors: 42704 unknown start unless missing_ok, 22023 bad argument. O(edges touched).';

CREATE FUNCTION @extschema@.pt_bfs(
	graph regclass,
	starts uuid[],
	max_depth integer DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (node uuid, depth integer, parent uuid)
AS 'MODULE_PATHNAME', 'pt_bfs_array' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_bfs(regclass, uuid[], integer, text, text[], bigint, boolean, numeric) IS
'Breadth-first search from each of starts at once, which are listed at depth 0 with a NULL parent (unless unknown and missing_ok); each node once at its minimum depth with one parent on a shortest path. Nodes come back as uuid; one that does not fit is an error (22003). max_depth: NULL for no bound. direction: out, in or both. min_confidence: follow guesses of at least this confidence, too; NULL for facts only. Errors: 42704 unknown start unless missing_ok, 22023 bad argument. O(edges touched).';

