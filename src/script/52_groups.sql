-- ---------------------------------------------------------------------------
-- Algorithms over a whole graph: what belongs together in it.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_label_propagation(
	graph regclass DEFAULT NULL,
	directed boolean DEFAULT true,
	max_iterations bigint DEFAULT 10,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL
) RETURNS TABLE (node text, label text, size bigint)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_label_propagation(regclass, boolean, bigint, text[], float8) IS
'Groups by label propagation as LDBC defines it (CDLP): each node begins as its own label; max_iterations times all take the label that most neighbours have, the least of several. directed: what a node leads to and what leads to it count both, a node that does both twice; otherwise once. Parallel edges and those from a node to itself count for nothing more. By label, then by node; size: how many nodes have the label. Entities and errors as of pt_components, 22023 bad argument. O(iterations edges).';

CREATE FUNCTION @extschema@.pt_triangles(
	graph regclass DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL
) RETURNS TABLE (node text, triangles bigint)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_triangles(regclass, text[], float8) IS
'How many pairs of each node''s neighbours are neighbours of each other, edges being undirected; the sum is three times the triangles of the graph. Parallel edges and those from a node to itself count for nothing more. Entities and errors as of pt_components. O(edges sqrt(edges)) at worst.';

CREATE FUNCTION @extschema@.pt_clustering_coefficient(
	graph regclass DEFAULT NULL,
	directed boolean DEFAULT false,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL
) RETURNS TABLE (node text, coefficient float8)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_clustering_coefficient(regclass, boolean, text[], float8) IS
'Of the pairs of each node''s neighbours the part that are neighbours of each other; 0 with fewer than two neighbours. directed: as LDBC defines it (LCC), neighbours are those in either direction, and of the two edges that each pair could have, one each way, the part that there is counts. Entities, edges and errors as of pt_triangles. O(edges sqrt(edges)) at worst.';
