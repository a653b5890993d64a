-- ---------------------------------------------------------------------------
-- Algorithms over a whole graph: what belongs together in it.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_label_propagation(
	graph regclass DEFAULT NULL,
	directed boolean DEFAULT true,
	max_iterations bigint DEFAULT 10,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (community text, node text, size bigint)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1000
SUPPORT _parseltongue.pt_network_rows;
COMMENT ON FUNCTION @extschema@.pt_label_propagation(regclass, boolean, bigint, text[], float8, text[], text[]) IS
'Groups by label propagation as LDBC defines it (CDLP): each node begins as its own community; max_iterations times all join that of most neighbours, the least of several. community: the node that it began with. directed: what a node leads to and what leads to it count both, a node that does both twice; otherwise once. Parallel edges and those from a node to itself count for nothing more. By community, then by node; size: how many nodes it has. Entities and errors as of pt_components, 22023 bad argument. O(iterations edges).';

CREATE FUNCTION @extschema@.pt_triangles(
	graph regclass DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (node text, triangles bigint)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 1000
SUPPORT _parseltongue.pt_network_rows;
COMMENT ON FUNCTION @extschema@.pt_triangles(regclass, text[], float8, text[], text[]) IS
'How many pairs of each node''s neighbours are neighbours of each other, edges being undirected; the sum is three times the triangles of the graph. Parallel edges and those from a node to itself count for nothing more. Entities and errors as of pt_components. O(edges sqrt(edges)) at worst.';

CREATE FUNCTION @extschema@.pt_clustering_coefficient(
	graph regclass DEFAULT NULL,
	directed boolean DEFAULT false,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (node text, coefficient float8)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 1000
SUPPORT _parseltongue.pt_network_rows;
COMMENT ON FUNCTION @extschema@.pt_clustering_coefficient(regclass, boolean, text[], float8, text[], text[]) IS
'Of the pairs of each node''s neighbours the part that are neighbours of each other; 0 with fewer than two neighbours. directed: as LDBC defines it (LCC), neighbours are those in either direction, and of the two edges that each pair could have, one each way, the part that there is counts. Entities, edges and errors as of pt_triangles. O(edges sqrt(edges)) at worst.';

CREATE FUNCTION @extschema@.pt_communities(
	graph regclass DEFAULT NULL,
	resolution float8 DEFAULT 1,
	seed bigint DEFAULT 0,
	max_iterations bigint DEFAULT 2,
	weighted boolean DEFAULT false,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (community bigint, node text, size bigint, modularity float8)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 1000
SUPPORT _parseltongue.pt_network_rows;
COMMENT ON FUNCTION @extschema@.pt_communities(regclass, float8, bigint, bigint, boolean, text[], float8, text[], text[]) IS
'Communities with more edges within them than chance would give, edges being undirected; each hangs together. resolution: greater gives smaller ones. seed: the order in which nodes are looked at; the same gives the same. Ends when an iteration improves nothing, or after max_iterations; more than two rarely improve much. Numbered by the order of their least nodes; modularity: of the whole answer, NULL without edges. weighted: edges count as much as they weigh. Parallel edges count each, those from a node to itself for that. Entities and errors as of pt_components, 22003 a negative weight, 22023 bad argument, 42703 no weights. Leiden algorithm, O(edges) an iteration as a rule.';

CREATE FUNCTION @extschema@.pt_modularity(
	graph regclass,
	communities jsonb,
	resolution float8 DEFAULT 1,
	weighted boolean DEFAULT false,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS float8
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000;
COMMENT ON FUNCTION @extschema@.pt_modularity(regclass, jsonb, float8, boolean, text[], float8, text[], text[]) IS
'How many more edges there are within communities than chance would give, as a part of all edges, which are undirected; NULL without any. communities: an object with that of each node, a string or a number, as by jsonb_object_agg(node, community); nodes on no edge are ignored. graph: NULL for the default. Edges, resolution and weighted as of pt_communities. Errors: 22004 and 22023 bad argument, no community of a node, others as of pt_components. O(edges + n log n).';

CREATE FUNCTION @extschema@.pt_similarity(
	graph regclass,
	node text,
	direction text DEFAULT 'both',
	max_results bigint DEFAULT 10,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	missing_ok boolean DEFAULT false
) RETURNS TABLE (node text, jaccard float8, overlap float8, common bigint, rank bigint)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 10;
COMMENT ON FUNCTION @extschema@.pt_similarity(regclass, text, text, bigint, text[], float8, text[], text[], boolean) IS
'The max_results nodes (NULL: all) that have the most neighbours in common with node, as a part of those that either has (jaccard) and of those of the one with fewer (overlap), by which they are ranked in this order; equal ones share a rank. direction: neighbours are nodes that edges lead from (in), to (out), or either. Parallel edges and those from a node to itself count for nothing more. graph: NULL for the default. Errors: 42704 no such node unless missing_ok, 22004 and 22023 bad argument, 42804 another type, others as of pt_components. O(edges).';
