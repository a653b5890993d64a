
-- ---------------------------------------------------------------------------
-- The neighbourhood of a key.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_subgraph(
	key text,
	hops integer DEFAULT 2,
	direction text DEFAULT 'both',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT 200,
	max_edges bigint DEFAULT 1000,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL,
	min_confidence numeric DEFAULT NULL
) RETURNS TABLE (from_key text, to_key text, edge_type text, source_location text, from_distance integer, to_distance integer, truncated boolean)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 100;
COMMENT ON FUNCTION @extschema@.pt_subgraph(text, integer, text, text[], bigint, bigint, boolean, regclass, numeric) IS
'The nodes within hops edges of key, itself among them, and every edge between two of them (the induced subgraph), each row of the edge table once, nearest first. from_distance and to_distance: hops from key to either end. A key without any such edge is one row with a NULL to_key. direction: both, in (who depends on key) or out, for the walk; the edges among its nodes come whichever way they point. hops: 0 for key alone, NULL for no bound. edge_types: labels to follow and to show, NULL for all. max_nodes, max_edges: cut the answer there; truncated is then true in every row, and there is a warning; NULL for no bound. min_confidence: follow guesses from there on, too. graph: as for pt_blast_radius. Errors: 42704 unknown key unless missing_ok, 22023 bad argument, 53400 more memory than parseltongue.local_image_memory. Breadth-first search: O(edges touched + edges that leave the nodes).';

CREATE FUNCTION @extschema@.pt_tree(
	key text,
	hops integer DEFAULT 3,
	direction text DEFAULT 'in',
	edge_types text[] DEFAULT NULL,
	max_nodes bigint DEFAULT 1000,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL,
	min_confidence numeric DEFAULT NULL
) RETURNS SETOF text
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 100;
COMMENT ON FUNCTION @extschema@.pt_tree(text, integer, text, text[], bigint, boolean, regclass, numeric) IS
'What is within hops edges of key as the lines of a tree: each node once, at its minimum distance, indented under one node that is a hop nearer; children by their keys, bytewise. The first line is key. max_nodes: show that many, the first line among them; where nodes are left out, a line says how many below that point. The walk itself is not cut, only hops (NULL for no bound) bounds it. Drawn with Unicode''s box-drawing characters, with ASCII in databases of other encodings. Other arguments and errors as for pt_blast_radius; 53400 more memory than parseltongue.local_image_memory. O(edges touched + n log n) for n lines.';
