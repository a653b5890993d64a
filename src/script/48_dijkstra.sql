
-- ---------------------------------------------------------------------------
-- Least costs, of edges that weigh something.
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.pt_dijkstra(
	graph regclass,
	start text,
	targets text[] DEFAULT NULL,
	max_cost float8 DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	stop_at text[] DEFAULT NULL,
	max_nodes bigint DEFAULT NULL,
	missing_ok boolean DEFAULT false
) RETURNS TABLE (node text, cost float8, parent text)
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000
SUPPORT _parseltongue.pt_network_rows;
COMMENT ON FUNCTION @extschema@.pt_dijkstra(regclass, text, text[], float8, text, text[], float8, text[], text[], text[], bigint, boolean) IS
'What it costs at least to get from start to each node, within max_cost (NULL: any), by the weights of edges, with the node before it on such a way; start itself costs 0. Cheapest first, then by key. targets: only these, and no further. Costs are added up in the order of the way. Of ways that cost the same the one of fewest edges counts, then the parent with the least key. An edge whose weight is NULL is not passable. max_nodes: the cheapest so many; avoid, within, stop_at as in pt_bfs. graph: NULL for the default. Errors: 22003 an edge that is looked at has a negative weight, 42703 no weights, 42704 no such key unless missing_ok, 42804 another type. Dijkstra (1959), O((nodes + edges) log n) of what is reached.';

CREATE FUNCTION @extschema@.pt_dijkstra_path(
	start_key text,
	end_key text,
	max_cost float8 DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	stop_at text[] DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL,
	OUT step integer,
	OUT from_key text,
	OUT to_key text,
	OUT edge_type text,
	OUT source_location text,
	OUT confidence float8,
	OUT node text,
	OUT cost float8,
	OUT total_cost float8
) RETURNS SETOF record
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 10;
COMMENT ON FUNCTION @extschema@.pt_dijkstra_path(text, text, float8, text, text[], float8, text[], text[], text[], boolean, regclass) IS
'The cheapest path from start_key to end_key that costs at most max_cost (NULL: any), its edges in order, as they are stored, each with the node that it leads to, its weight, and what the path costs so far. Of paths that cost the same one of fewest edges, then by the keys of nodes, as of pt_dijkstra. No rows if there is none, or the keys are the same. Errors: as pt_path, 22003 and 42703 as pt_dijkstra. Dijkstra''s algorithm from both ends, O((nodes + edges) log n) of what is reached.';

CREATE FUNCTION @extschema@.pt_dijkstra_paths(
	start_key text,
	end_key text,
	max_paths bigint DEFAULT 10,
	max_cost float8 DEFAULT NULL,
	direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL,
	min_confidence float8 DEFAULT NULL,
	avoid text[] DEFAULT NULL,
	within text[] DEFAULT NULL,
	stop_at text[] DEFAULT NULL,
	missing_ok boolean DEFAULT false,
	graph regclass DEFAULT NULL,
	OUT path integer,
	OUT step integer,
	OUT from_key text,
	OUT to_key text,
	OUT edge_type text,
	OUT source_location text,
	OUT confidence float8,
	OUT node text,
	OUT cost float8,
	OUT total_cost float8
) RETURNS SETOF record
AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 50;
COMMENT ON FUNCTION @extschema@.pt_dijkstra_paths(text, text, bigint, float8, text, text[], float8, text[], text[], text[], boolean, regclass) IS
'The max_paths (NULL: all, which may be very many) cheapest simple paths from start_key to end_key that cost at most max_cost, cheapest first, each as pt_dijkstra_path shows it. Of paths that cost the same those of fewer edges come first, then by the keys of nodes from the end back. No two visit the same nodes in the same order: of parallel edges the lightest is shown. Errors: as pt_dijkstra_path, and 53400 out of memory. Yen (1971), O(max_paths * length) searches of what lies between at worst.';
