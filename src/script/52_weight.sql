-- ---------------------------------------------------------------------------
-- Algorithms over a whole graph: what weighs how much in it.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_degree(
	graph regclass DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (node text, in_degree bigint, out_degree bigint, degree bigint, in_neighbours bigint, out_neighbours bigint, neighbours bigint)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1000
SUPPORT _parseltongue.pt_network_rows;
COMMENT ON FUNCTION @extschema@.pt_degree(regclass, text[], float8, text[], text[]) IS
'How many edges end in each node, start there, and both; and how many other nodes these edges lead from, to, and either. Parallel edges count each, an edge from a node to itself at both ends. Of a codebase entities without edges are listed, too. Errors as of pt_components. O(edges + n log n).';

CREATE FUNCTION @extschema@.pt_hotspots(
	graph regclass DEFAULT NULL,
	placeholders boolean DEFAULT false,
	max_results bigint DEFAULT 100,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (node text, in_degree bigint, out_degree bigint, degree bigint, rank bigint)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 100
SUPPORT _parseltongue.pt_network_rows;
COMMENT ON FUNCTION @extschema@.pt_hotspots(regclass, boolean, bigint, text[], float8, text[], text[]) IS
'What has the most to do with others, at most max_results (NULL: all): from how many other nodes edges lead to each, to how many from it, and both together, by which they are ranked, the highest first; equal ones share a rank. placeholders: list keys, too, that stand for what is not part of the code (kinds unresolved, import, external). Errors as of pt_components, 22023 bad argument. O(edges + n log n) for n nodes that are named, which are those listed and what is left out among them.';

CREATE FUNCTION @extschema@.pt_kcore(
	graph regclass DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (node text, coreness bigint, level text)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1000
SUPPORT _parseltongue.pt_network_rows;
COMMENT ON FUNCTION @extschema@.pt_kcore(regclass, text[], float8, text[], text[]) IS
'Of each node the greatest k so that it is in a part of the graph where every node has k neighbours, edges being undirected. level: CORE for 8 and more, MID from 3, PERIPHERAL below. Parallel edges and those from a node to itself count for nothing more. Entities and errors as of pt_components. O(edges + n log n).';

CREATE FUNCTION @extschema@.pt_pagerank(
	graph regclass DEFAULT NULL,
	damping float8 DEFAULT 0.85,
	max_iterations bigint DEFAULT 100,
	tolerance float8 DEFAULT 1e-6,
	personalization text[] DEFAULT NULL,
	weighted boolean DEFAULT false,
	max_results bigint DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	missing_ok boolean DEFAULT false
) RETURNS TABLE (node text, score float8, rank bigint)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1000
SUPPORT _parseltongue.pt_network_rows;
COMMENT ON FUNCTION @extschema@.pt_pagerank(regclass, float8, bigint, float8, text[], boolean, bigint, text[], float8, text[], text[], boolean) IS
'How likely one is to be at each node after many steps along edges, when with probability 1 - damping a step leads to any node instead, or to any of personalization. weighted: edges are taken in proportion to their weights. Highest first, at most max_results (NULL: all); scores sum to 1, equal ones share a rank. Ends when scores change by less than tolerance in sum, or after max_iterations (0 as tolerance: all of them); a warning (01PT3) says if they still change. Errors as of pt_components, 22003 a negative weight, 22023 bad argument, 42703 no weights, 42704 no such node unless missing_ok. O(iterations edges).';

CREATE FUNCTION @extschema@.pt_betweenness(
	graph regclass DEFAULT NULL,
	directed boolean DEFAULT true,
	normalized boolean DEFAULT false,
	samples bigint DEFAULT NULL,
	seed bigint DEFAULT 0,
	weighted boolean DEFAULT false,
	max_results bigint DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (node text, score float8, rank bigint)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000000 ROWS 1000
SUPPORT _parseltongue.pt_network_rows;
COMMENT ON FUNCTION @extschema@.pt_betweenness(regclass, boolean, boolean, bigint, bigint, boolean, bigint, text[], float8, text[], text[]) IS
'How many shortest paths between other nodes pass each node: of several between two nodes each counts for its share. Highest first, at most max_results (NULL: all); equal ones share a rank. normalized: as a part of all pairs. samples: look only at paths from so many nodes, drawn by seed, and scale the result; NULL is all. weighted: paths are as long as their edges weigh. Errors as of pt_components, 22003 a weight that is not greater than 0, 22023 bad argument, 42703 no weights. Brandes'' algorithm, O(n edges), or O(samples edges), with weights log n times as much.';

CREATE FUNCTION @extschema@.pt_closeness(
	graph regclass DEFAULT NULL,
	direction text DEFAULT 'in',
	weighted boolean DEFAULT false,
	max_results bigint DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (node text, score float8, rank bigint)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000000 ROWS 1000
SUPPORT _parseltongue.pt_network_rows;
COMMENT ON FUNCTION @extschema@.pt_closeness(regclass, text, boolean, bigint, text[], float8, text[], text[]) IS
'How near each node is to those that reach it (direction in), that it reaches (out), or either way: 1 / their mean distance, times their part of all other nodes. weighted: distances are what edges weigh. Highest first, at most max_results (NULL: all); equal ones share a rank. Errors as of pt_components, 22003 a negative weight, 22023 bad argument, 42703 no weights. O(n edges), with weights log n times as much.';

CREATE FUNCTION @extschema@.pt_harmonic(
	graph regclass DEFAULT NULL,
	direction text DEFAULT 'in',
	weighted boolean DEFAULT false,
	max_results bigint DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (node text, score float8, rank bigint)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000000 ROWS 1000
SUPPORT _parseltongue.pt_network_rows;
COMMENT ON FUNCTION @extschema@.pt_harmonic(regclass, text, boolean, bigint, text[], float8, text[], text[]) IS
'The sum of 1 / distance over all nodes that reach each node (direction in), that it reaches (out), or either way. Otherwise as pt_closeness.';

CREATE FUNCTION @extschema@.pt_hits(
	graph regclass DEFAULT NULL,
	role text DEFAULT 'authority',
	max_iterations bigint DEFAULT 100,
	tolerance float8 DEFAULT 1e-6,
	max_results bigint DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (node text, score float8, rank bigint)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1000
SUPPORT _parseltongue.pt_network_rows;
COMMENT ON FUNCTION @extschema@.pt_hits(regclass, text, bigint, float8, bigint, text[], float8, text[], text[]) IS
'How good an authority each node is, to which good hubs lead; or, with role hub, how good a hub, which leads to good authorities. Scores sum to 1. Highest first, at most max_results (NULL: all); equal ones share a rank. max_iterations, tolerance and errors as of pt_pagerank. Kleinberg''s algorithm, O(iterations edges).';

CREATE FUNCTION @extschema@.pt_eigenvector(
	graph regclass DEFAULT NULL,
	directed boolean DEFAULT true,
	max_iterations bigint DEFAULT 100,
	tolerance float8 DEFAULT 1e-6,
	max_results bigint DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (node text, score float8, rank bigint)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1000
SUPPORT _parseltongue.pt_network_rows;
COMMENT ON FUNCTION @extschema@.pt_eigenvector(regclass, boolean, bigint, float8, bigint, text[], float8, text[], text[]) IS
'Scores that are in proportion to the sum of the scores of those that lead to a node, or, if not directed, of its neighbours; their squares sum to 1. Highest first, at most max_results (NULL: all); equal ones share a rank. max_iterations, tolerance and errors as of pt_pagerank. O(iterations edges).';

CREATE FUNCTION @extschema@.pt_katz(
	graph regclass DEFAULT NULL,
	alpha float8 DEFAULT 0.1,
	beta float8 DEFAULT 1,
	directed boolean DEFAULT true,
	normalized boolean DEFAULT true,
	max_iterations bigint DEFAULT 100,
	tolerance float8 DEFAULT 1e-6,
	max_results bigint DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (node text, score float8, rank bigint)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1000
SUPPORT _parseltongue.pt_network_rows;
COMMENT ON FUNCTION @extschema@.pt_katz(regclass, float8, float8, boolean, boolean, bigint, float8, bigint, text[], float8, text[], text[]) IS
'Scores of beta, and alpha times the sum of the scores of those that lead to a node, or, if not directed, of its neighbours. normalized: their squares sum to 1. Highest first, at most max_results (NULL: all); equal ones share a rank. max_iterations and tolerance as of pt_pagerank. Errors as of pt_pagerank, 22023 alpha is too great for the graph. O(iterations edges).';
