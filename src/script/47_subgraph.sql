
-- ---------------------------------------------------------------------------
-- The neighbourhood of a key.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_subgraph(
	key text,
	hops bigint DEFAULT 2,
	direction text DEFAULT 'both',
	max_edges bigint DEFAULT 1000,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	stop_at text[] DEFAULT NULL,
	max_nodes bigint DEFAULT 200,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL
) RETURNS TABLE (from_key text, to_key text, edge_type text, source_location text, confidence float8,
	from_distance integer, to_distance integer, truncated boolean)
AS 'MODULE_PATHNAME', 'pt_subgraph_0_2' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 100;
COMMENT ON FUNCTION @extschema@.pt_subgraph(text, bigint, text, bigint, text[], float8, text[], text[], text[], bigint, boolean, regclass) IS
'The keys within hops edges of key (NULL: any number), itself among them, and every edge between two of them, nearest first; without any, one row with a NULL to_key. truncated: max_nodes or max_edges cut it; a warning (01PT1) says so, too. Errors: 42704 no such key unless missing_ok, 53400 out of memory. O(edges of its nodes).';

CREATE FUNCTION @extschema@.pt_tree(
	key text,
	hops bigint DEFAULT 3,
	direction text DEFAULT 'in',
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	stop_at text[] DEFAULT NULL,
	max_nodes bigint DEFAULT 1000,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL
) RETURNS SETOF text
AS 'MODULE_PATHNAME', 'pt_tree_0_2' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 100;
COMMENT ON FUNCTION @extschema@.pt_tree(text, bigint, text, text[], float8, text[], text[], text[], bigint, boolean, regclass) IS
'What is within hops edges of key (NULL: any number) as lines of a tree: each key once, under one that is a hop nearer; if reached by a guess, with its confidence. max_nodes: show that many; lines and a warning (01PT1) count the others. Errors as of pt_subgraph. O(edges touched + n log n) for n lines.';
