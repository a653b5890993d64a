-- ---------------------------------------------------------------------------
-- Algorithms over a whole graph: what weighs how much in it.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_degree(
	graph regclass DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL
) RETURNS TABLE (node text, in_degree bigint, out_degree bigint, degree bigint, in_neighbours bigint, out_neighbours bigint, neighbours bigint)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_degree(regclass, text[], float8) IS
'How many edges end in each node, start there, and both; and how many other nodes these edges lead from, to, and either. Parallel edges count each, an edge from a node to itself at both ends. Of a codebase entities without edges are listed, too. Errors as of pt_components. O(edges + n log n).';

CREATE FUNCTION @extschema@.pt_kcore(
	graph regclass DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL
) RETURNS TABLE (node text, coreness bigint, layer text)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_kcore(regclass, text[], float8) IS
'Of each node the greatest k so that it is in a part of the graph where every node has k neighbours, edges being undirected. layer: CORE for 8 and more, MID from 3, PERIPHERAL below. Parallel edges and those from a node to itself count for nothing more. Entities and errors as of pt_components. O(edges + n log n).';

CREATE FUNCTION @extschema@.pt_pagerank(
	graph regclass DEFAULT NULL,
	damping float8 DEFAULT 0.85,
	max_iterations bigint DEFAULT 100,
	tolerance float8 DEFAULT 1e-6,
	personalization text[] DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	missing_ok boolean DEFAULT false
) RETURNS TABLE (node text, score float8, rank bigint)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_pagerank(regclass, float8, bigint, float8, text[], text[], float8, boolean) IS
'How likely one is to be at each node after many steps along edges, when with probability 1 - damping a step leads to any node instead, or to any of personalization. Highest first; scores sum to 1, equal ones share a rank. Ends when scores change by less than tolerance in sum, or after max_iterations (0 as tolerance: all of them); a warning (01PT3) says if they still change. Errors as of pt_components, 22023 bad argument, 42704 no such node unless missing_ok. O(iterations edges).';
