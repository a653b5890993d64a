--
-- What the planner expects of walks: by the statistics of the table, within a
-- factor of ten where the graph is even, and the constant where nothing is known.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_rows;
SET search_path = pt_rows, public;
SET max_parallel_workers_per_gather = 0;

CREATE FUNCTION plan(query text) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
	RETURN plan #> '{0,Plan}';
END $$;
CREATE FUNCTION expected(query text) RETURNS numeric LANGUAGE sql AS $$ SELECT (plan(query) ->> 'Plan Rows')::numeric $$;
CREATE FUNCTION answered(query text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
	rows numeric;
BEGIN
	EXECUTE 'SELECT count(*) FROM (' || query || ') AS q' INTO rows;
	RETURN rows;
END $$;

CREATE TABLE g AS SELECT hashint4(i) & 16383 AS a, hashint4(i + 1000000) & 16383 AS b FROM generate_series(1, 60000) AS i;
CREATE INDEX g_index ON g USING adjacency (a, b);
SELECT proname, count(*) FROM pg_proc WHERE prosupport = '_parseltongue.pt_walk_rows'::regproc GROUP BY 1 ORDER BY 1;
-- not analyzed yet
SELECT expected('SELECT * FROM pt_bfs(''g'', 1)');
ANALYZE g;
SELECT query, answered / 10 <= expected AND expected <= answered * 10 AS near
FROM unnest(ARRAY['pt_bfs(''g'', 7)', 'pt_bfs(''g_index'', 7, 1)', 'pt_bfs(''g'', 7, 3)', 'pt_bfs(''g'', 7, 2, ''both'')', 'pt_bfs(''g'', ''7'', 4, ''in'')', 'pt_bfs(''g'', 7, 0)', 'pt_bfs(''g'', 7, max_nodes => 20)',
	'pt_blast_radius(7, graph => ''g'')', 'pt_blast_radius(''7'', NULL, graph => ''g'')', 'pt_impact(''{1,2,3,4}'', 2, graph => ''g'')', 'pt_multi_source_bfs(''g'', ''{1,2,3,4}''::int[], 2)', 'pt_multi_source_bfs(''g'', ''{1,2,3,4}'', 2)']) WITH ORDINALITY AS u (query, n),
	LATERAL (SELECT expected('SELECT * FROM ' || query), answered('SELECT * FROM ' || query)) AS e ORDER BY n;
SET parseltongue.graph = 'pt_rows.g';
SELECT expected('SELECT * FROM pt_bfs(NULL, 7)') > 5000 AS many;
SET parseltongue.graph = 'pt_rows.nothing';
SELECT expected('SELECT * FROM pt_bfs(NULL, 7)');
RESET parseltongue.graph;
-- algorithms over the whole graph have a row for each node, as a rule
SELECT count(*) > 60 AS many FROM pg_proc WHERE prosupport = '_parseltongue.pt_network_rows'::regproc;
SELECT query, answered / 2 <= expected AND expected <= answered * 2 AS near
FROM unnest(ARRAY['pt_components(''g'')', 'pt_pagerank(''g'', NULL::bigint)', 'pt_topological_sort(''g_index'', cyclic => ''condense'')', 'pt_dominators(''g'', 7)', 'pt_coupling(''g'')']) WITH ORDINALITY AS u (query, n),
	LATERAL (SELECT expected('SELECT * FROM ' || query), answered('SELECT * FROM ' || query)) AS e ORDER BY n;
CREATE TABLE w AS SELECT a, b, 1 AS cost FROM g WHERE a < b;
CREATE INDEX ON w USING adjacency (a, b) INCLUDE (cost);
ANALYZE w;
SELECT expected('SELECT * FROM pt_transitive_reduction(''w'')') > 20000 AS edges, expected('SELECT * FROM pt_dijkstra(''w'', 7)') > 5000 AS nodes, expected('SELECT * FROM pt_dijkstra(''w'', 7, ''{8,9}'')') AS targets,
	expected('SELECT * FROM pt_dijkstra(''w'', 7, max_nodes => 5)') AS bounded, expected('SELECT * FROM pt_dijkstra(''w'', 7, max_cost => 5)') AS unknown, expected('SELECT * FROM pt_coupling(''g'', group_by => ''file'')') AS grouped,
	expected('SELECT * FROM pt_degree(''g'', within => ''{7,8,9}'')') AS within;
-- a join with what a walk reaches is no loop over an index
CREATE TABLE item AS SELECT i AS id, 'x' AS t FROM generate_series(0, 16383) AS i;
ALTER TABLE item ADD PRIMARY KEY (id);
ANALYZE item;
SELECT plan('SELECT count(*) FROM pt_bfs(''g'', 7) JOIN item ON id = node')::text NOT LIKE '%Nested Loop%' AS no_loop;
-- Nobody has analyzed this one, but it has been walked.
CREATE TABLE h AS SELECT a, b, 1 AS weight FROM g;
CREATE INDEX ON h USING adjacency (a, b) INCLUDE (weight);
SELECT expected('SELECT * FROM pt_bfs(''h'', 7)') AS before, (SELECT count(*) FROM pt_bfs('h', 7)) > 5000 AS many;
SELECT expected('SELECT * FROM pt_bfs(''h'', 7)') > 5000 AS many, expected('SELECT * FROM pt_pagerank(''h'')') > 5000 AS nodes, expected('SELECT * FROM pt_bfs(''h'', 7, 1)') < 20 AS few;
SELECT plan('SELECT count(*) FROM pt_bfs(''h'', 7) JOIN item ON id = node')::text NOT LIKE '%Nested Loop%' AS no_loop, plan('SELECT count(*) FROM pt_dijkstra(''h'', 7) JOIN item ON id = node')::text NOT LIKE '%Nested Loop%' AS nor_by_costs;
-- what is nobody's to estimate
CREATE TABLE none (a int, b int);
SELECT expected('SELECT * FROM pt_bfs(''none'', 1)');
SELECT expected('SELECT * FROM pt_bfs(''pg_class'', 1)');
SELECT expected('SELECT * FROM pt_bfs(0, 1)');
SET plan_cache_mode = force_generic_plan;
PREPARE question(regclass, int, bigint) AS SELECT * FROM pt_bfs($1, $2, $3);
SELECT expected('EXECUTE question(''g'', 1, 1)');
SET client_min_messages = error;
DROP SCHEMA pt_rows CASCADE;
