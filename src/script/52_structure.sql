-- ---------------------------------------------------------------------------
-- Algorithms over a whole graph: how it hangs together.
--
-- The graph comes first, then a function's own options, then those that all
-- have. 53_network_types.sql makes further signatures, with a witness of the
-- type of nodes behind the graph: so that none is mistaken for one, no
-- function's own first option is bigint or uuid.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_components(
	graph regclass DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (component bigint, node text, size bigint)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1000
SUPPORT _parseltongue.pt_network_rows;
COMMENT ON FUNCTION @extschema@.pt_components(regclass, text[], float8, text[], text[]) IS
'The parts of a graph between which there is no edge, in either direction: each node with the number of its component, from 1 in the order of their least keys, and how many nodes that has. Of a codebase entities without edges are listed, too. Errors: 42P01 no such graph, 53400 out of memory. O(edges + n log n).';

CREATE FUNCTION @extschema@.pt_strong_components(
	graph regclass DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (component bigint, node text, size bigint, risk text)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1000
SUPPORT _parseltongue.pt_network_rows;
COMMENT ON FUNCTION @extschema@.pt_strong_components(regclass, text[], float8, text[], text[]) IS
'Sets of nodes that all reach each other: each node with the number of its component, from 1 in the order of their least keys, and how many nodes that has. risk: MEDIUM for 2 nodes, HIGH for more, NULL for 1. Entities and errors as of pt_components. Tarjan''s algorithm, O(edges + n log n).';

CREATE FUNCTION @extschema@.pt_has_cycle(
	graph regclass DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000;
COMMENT ON FUNCTION @extschema@.pt_has_cycle(regclass, text[], float8, text[], text[]) IS
'Does any node reach itself along edges? An edge from a node to itself is a cycle. Errors as of pt_components. O(edges + n log n).';

CREATE FUNCTION @extschema@.pt_cycles(
	graph regclass DEFAULT NULL,
	mode text DEFAULT 'shortest',
	max_cycles bigint DEFAULT 1000,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (cycle bigint, step integer, from_node text, to_node text)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_cycles(regclass, text, bigint, text[], float8, text[], text[]) IS
'Cycles, a row for each edge. mode: shortest, one shortest cycle of each strong component of two or more nodes, and each edge from a node to itself; or elementary, all cycles that pass no node twice, of which there may be exponentially many. max_cycles: no more than that, with a warning (01PT1); NULL is no bound. Errors as of pt_components, 22023 bad argument. Shortest: O(edges) where edges have one back, O(nodes edges) of a component at worst; elementary: O(nodes + edges) a cycle.';

CREATE FUNCTION @extschema@.pt_topological_sort(
	graph regclass DEFAULT NULL,
	cyclic text DEFAULT 'error',
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (node text, place bigint, layer bigint)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1000
SUPPORT _parseltongue.pt_network_rows;
COMMENT ON FUNCTION @extschema@.pt_topological_sort(regclass, text, text[], float8, text[], text[]) IS
'All nodes on edges in an order in which every edge leads to a later one. layer: 1 more than edges on the longest way to the node; places are by layer, then by key. cyclic: error, or condense, which sorts strong components, whose nodes share a layer and stand together. Errors: 22000 the graph has a cycle, which the message shows, others as of pt_components. O(edges + n log n).';

CREATE FUNCTION @extschema@.pt_bridges(
	graph regclass DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (from_node text, to_node text)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 100;
COMMENT ON FUNCTION @extschema@.pt_bridges(regclass, text[], float8, text[], text[]) IS
'Edges without which a component falls apart, as they are stored; they count in both directions. Where two nodes have several edges, either way, none of these is a bridge. Errors as of pt_components. O(edges + n log n).';

CREATE FUNCTION @extschema@.pt_articulation_points(
	graph regclass DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (node text, parts bigint)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 100;
COMMENT ON FUNCTION @extschema@.pt_articulation_points(regclass, text[], float8, text[], text[]) IS
'Nodes without which a component falls apart, edges counting in both directions, and into how many parts. Errors as of pt_components. O(edges + n log n).';

CREATE FUNCTION @extschema@.pt_dominators(
	graph regclass,
	start text,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	missing_ok boolean DEFAULT false
) RETURNS TABLE (node text, dominator text, depth integer)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1000
SUPPORT _parseltongue.pt_network_rows;
COMMENT ON FUNCTION @extschema@.pt_dominators(regclass, text, text[], float8, text[], text[], boolean) IS
'Of each node that start reaches its immediate dominator: the last other node that every way from start to it passes, NULL for start itself. depth: how many nodes dominate it, which the dominators of its dominator are. graph: NULL for the default. No rows if start is on no edge that is followed. Errors: 42704 no such start unless missing_ok, 42804 another type, others as of pt_components. O(edges log n).';

CREATE FUNCTION @extschema@.pt_transitive_reduction(
	graph regclass DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (from_node text, to_node text)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 1000
SUPPORT _parseltongue.pt_network_rows;
COMMENT ON FUNCTION @extschema@.pt_transitive_reduction(regclass, text[], float8, text[], text[]) IS
'The edges of a graph without cycles that no longer way replaces: the fewest between which the same nodes reach each other. Errors: 22000 the graph has a cycle, which the message shows, others as of pt_components. O(n edges) at worst.';

CREATE FUNCTION @extschema@.pt_feedback_edges(
	graph regclass DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (from_node text, to_node text)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 100;
COMMENT ON FUNCTION @extschema@.pt_feedback_edges(regclass, text[], float8, text[], text[]) IS
'Edges without which the graph has no cycle, few of them: a heuristic, as to find the fewest is out of reach. Edges from a node to itself are among them, edges on no cycle are not. Errors as of pt_components. Eades, Lin and Smyth''s algorithm, O(edges + n log n).';
