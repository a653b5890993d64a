-- ---------------------------------------------------------------------------
-- Algorithms over a whole graph by the weights of its edges.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_bellman_ford(
	graph regclass,
	start text,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	missing_ok boolean DEFAULT false
) RETURNS TABLE (node text, cost float8, parent text)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 1000
SUPPORT _parseltongue.pt_network_rows;
COMMENT ON FUNCTION @extschema@.pt_bellman_ford(regclass, text, text, text[], float8, text[], text[], boolean) IS
'What it costs at least to get from start to each node, where weights of edges may be negative, with the node before it on such a way; start itself costs 0. Cheapest first, then by key; ties and NULL weights as of pt_dijkstra. graph: NULL for the default. Errors: 22000 a cycle of negative cost can be reached, which is shown, 42703 no weights, 42704 no such key unless missing_ok, 42804 another type, others as of pt_components. Bellman (1958) and Ford, O(n edges) at worst.';

CREATE FUNCTION @extschema@.pt_minimum_spanning_tree(
	graph regclass DEFAULT NULL,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL
) RETURNS TABLE (from_node text, to_node text, weight float8)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1000
SUPPORT _parseltongue.pt_network_rows;
COMMENT ON FUNCTION @extschema@.pt_minimum_spanning_tree(regclass, text[], float8, text[], text[]) IS
'The edges of least weight in sum that hold together what hangs together, edges being undirected; of several components a tree each. As they are stored, the lightest first; of edges of the same weight those between the least keys. Weights may be negative; an edge whose weight is NULL is none. Of parallel edges the lightest counts, edges from a node to itself do not. Errors: 42703 no weights, others as of pt_components. Kruskal (1956), O(edges log n).';

CREATE FUNCTION @extschema@.pt_max_flow(
	graph regclass,
	source text,
	sink text,
	directed boolean DEFAULT true,
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	missing_ok boolean DEFAULT false
) RETURNS TABLE (from_node text, to_node text, capacity float8, flow float8, in_cut boolean)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.pt_max_flow(regclass, text, text, boolean, text[], float8, text[], text[], boolean) IS
'How much can flow from source to sink if weights are capacities: the edges that something flows along, and how much; those of parallel edges add up. in_cut: without these edges nothing could flow, and no cheaper ones would do; their capacities add up to the whole flow. Of several such cuts the nearest to source. directed => false: along edges either way. An edge whose weight is NULL carries nothing, one of infinite weight has no bound. By keys. graph: NULL for the default. Errors: 22000 nothing bounds the flow, with a way, 22003 a negative capacity, 22023 source and sink are one, 42703 no weights, 42704 no such key unless missing_ok, 42804 another type, others as of pt_components. Dinic (1970), O(n^2 edges) at worst, hardly ever.';
