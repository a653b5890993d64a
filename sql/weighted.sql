-- By the weights of edges: least costs, cheapest paths, spanning trees, flows, and
-- algorithms over whole graphs with weighted => true. test/t/320_algorithms.pl
-- compares the answers with networkx.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
RESET client_min_messages;
CREATE SCHEMA weighted;
SET search_path = weighted, public;
SET extra_float_digits = 0;

-- ties, edges that weigh nothing, parallel ones, loops, one that is not passable, an island
CREATE TABLE road (a text, b text, kind text, cost numeric);
CREATE INDEX road_adj ON road USING adjacency (a, b, kind) INCLUDE (cost);
INSERT INTO road VALUES ('s', 'a', 'way', 1), ('s', 'b', 'way', 1), ('a', 'b', 'way', 0), ('b', 'a', 'way', 0), ('a', 't', 'way', 2), ('b', 't', 'way', 2),
	('t', 'u', 'way', 5), ('s', 't', 'toll', 3), ('s', 't', 'toll', 7), ('u', 'v', 'way', NULL), ('t', 't', 'way', 1), ('x', 'y', 'way', 3);
CREATE VIEW queried AS SELECT a, b, kind AS label, cost FROM road;

SELECT * FROM pt_dijkstra('road', 's');
SELECT * FROM pt_dijkstra('road', 's', '{u,a,s}');
SELECT * FROM pt_dijkstra('road', 's', max_cost => 3, edge_types => '{way}');
SELECT * FROM pt_dijkstra('road', 't', direction => 'in');
SELECT * FROM pt_dijkstra('road', 'a', direction => 'both');
SELECT * FROM pt_dijkstra('road', 's', avoid => '{t}');
SELECT * FROM pt_dijkstra('road', 's', within => '{a,t}');
SELECT * FROM pt_dijkstra('road', 's', stop_at => '{t}');
SELECT * FROM pt_dijkstra('road', 's', max_nodes => 3);
SELECT * FROM pt_dijkstra('road', 's', '{}');
SELECT * FROM pt_dijkstra('road', 'v');
SELECT * FROM pt_dijkstra('road', 'nowhere', missing_ok => true);
SELECT * FROM pt_dijkstra('road', 's', '{nowhere,t,NULL}', missing_ok => true);
SELECT * FROM pt_dijkstra('road', NULL, missing_ok => true);

SELECT step, from_key, to_key, edge_type, node, cost, total_cost FROM pt_dijkstra_path('s', 'u', graph => 'road');
SELECT step, from_key, to_key, edge_type, node, cost, total_cost FROM pt_dijkstra_path('s', 'u', edge_types => '{way}', graph => 'road');
SELECT step, from_key, to_key, node, cost, total_cost FROM pt_dijkstra_path('u', 's', direction => 'in', avoid => '{a}', graph => 'road');
SELECT count(*) FROM pt_dijkstra_path('s', 'u', max_cost => 7.9, graph => 'road');
SELECT count(*) FROM pt_dijkstra_path('s', 'u', max_cost => 8, graph => 'road');
SELECT count(*) FROM pt_dijkstra_path('s', 'u', stop_at => '{t}', graph => 'road');
SELECT count(*) FROM pt_dijkstra_path('s', 'u', stop_at => '{u,s}', graph => 'road');
SELECT count(*) FROM pt_dijkstra_path('s', 's', graph => 'road');
SELECT count(*) FROM pt_dijkstra_path('s', 'v', graph => 'road');
SELECT count(*) FROM pt_dijkstra_path('s', 'u', avoid => '{u}', graph => 'road');

CREATE FUNCTION shown(k bigint, graph regclass, max_cost float8 DEFAULT NULL) RETURNS TABLE (path int, nodes text, cost float8) LANGUAGE sql AS $$
	SELECT path, 's' || string_agg(' > ' || node, '' ORDER BY step), max(total_cost)
	FROM pt_dijkstra_paths('s', 't', k, max_cost, graph => shown.graph) GROUP BY path ORDER BY path
$$;
SELECT * FROM shown(10, 'road');
SELECT * FROM shown(2, 'road');
SELECT * FROM shown(NULL, 'road', 3);
SELECT * FROM shown(0, 'road');

SELECT * FROM pt_bellman_ford('road', 's');
SELECT * FROM pt_minimum_spanning_tree('road');
SELECT * FROM pt_max_flow('road', 's', 'u');
SELECT * FROM pt_max_flow('road', 's', 't');
SELECT * FROM pt_max_flow('road', 't', 's');
SELECT * FROM pt_max_flow('road', 't', 's', directed => false);
SELECT * FROM pt_max_flow('road', 's', 'y');
-- what has no bound is in no cut; elsewhere such an edge is none
CREATE TABLE pipe (a text, b text, cost float8);
CREATE INDEX ON pipe USING adjacency (a, b) INCLUDE (cost);
CREATE VIEW queried_pipe AS SELECT * FROM pipe;
INSERT INTO pipe VALUES ('s', 'a', 'Infinity'), ('s', 'b', 2), ('a', 'c', 3), ('b', 'c', 'Infinity'), ('c', 't', 'Infinity'), ('c', 't', 1), ('a', 'b', 1), ('t', 'x', 'Infinity'), ('x', 'y', NULL);
SELECT * FROM pt_max_flow('pipe', 's', 't');
SELECT * FROM pt_max_flow('queried_pipe', 's', 't', directed => false);
SELECT sum(flow) FROM pt_max_flow('pipe', 'a', 'x') WHERE in_cut;
SELECT count(*) FROM pt_max_flow('pipe', 's', 'y');
-- parallel edges whose sum is no number do not pass for one without bound
CREATE TABLE much_at_once (a text, b text, cost float8);
CREATE INDEX ON much_at_once USING adjacency (a, b) INCLUDE (cost);
CREATE VIEW queried_much AS SELECT * FROM much_at_once;
INSERT INTO much_at_once VALUES ('s', 'a', 1e308), ('s', 'a', 1e308), ('a', 't', 5);
\set VERBOSITY sqlstate
SELECT * FROM pt_max_flow('much_at_once', 's', 't');
SELECT * FROM pt_max_flow('queried_much', 's', 't', directed => false);
\set VERBOSITY default
UPDATE much_at_once SET cost = 'Infinity' WHERE ctid = (SELECT min(ctid) FROM much_at_once);
SELECT * FROM pt_max_flow('much_at_once', 's', 't');
SELECT * FROM pt_dijkstra('pipe', 's');
SELECT count(*) FROM pt_dijkstra_path('s', 't', graph => 'pipe');
SELECT * FROM pt_minimum_spanning_tree('pipe');
SELECT node, round(score::numeric, 6) AS score, rank FROM pt_pagerank('road', weighted => true);
SELECT node, round(score::numeric, 6) AS score, rank FROM pt_betweenness('road', weighted => true, avoid => '{b}');
SELECT node, round(score::numeric, 6) AS score, rank FROM pt_closeness('road', weighted => true);
SELECT node, round(score::numeric, 6) AS score, rank FROM pt_harmonic('road', weighted => true);
SELECT community, node, size, round(modularity::numeric, 6) AS modularity FROM pt_communities('road', weighted => true);
SELECT round(pt_modularity('road', '{"s": 1, "a": 1, "b": 1, "t": 2, "u": 2, "x": 3, "y": 3}', weighted => true)::numeric, 6);

-- A view gives the same as the table of which it is one.
CREATE FUNCTION differ(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	indexed text;
	asked text;
BEGIN
	EXECUTE format('SELECT string_agg(r::text, '';'') FROM ' || call || ' AS r', 'road') INTO indexed;
	EXECUTE format('SELECT string_agg(r::text, '';'') FROM ' || call || ' AS r', 'queried') INTO asked;
	RETURN CASE WHEN indexed IS DISTINCT FROM asked OR indexed IS NULL THEN format('%s: %s, %s', call, indexed, asked) END;
END $$;
SELECT differ(call) FROM unnest(ARRAY['pt_dijkstra(''%s'', ''s'')', 'pt_dijkstra(''%s'', ''t'', direction => ''both'', max_cost => 4)', 'pt_dijkstra_path(''s'', ''u'', graph => ''%s'')',
	'pt_dijkstra_paths(''s'', ''u'', 3, graph => ''%s'')', 'pt_dijkstra_paths(''s'', ''u'', NULL, direction => ''both'', graph => ''%s'')', 'pt_bellman_ford(''%s'', ''s'')',
	'pt_minimum_spanning_tree(''%s'')', 'pt_max_flow(''%s'', ''s'', ''t'')', 'pt_pagerank(''%s'', weighted => true)', 'pt_closeness(''%s'', weighted => true)']) AS call
WHERE differ(call) IS NOT NULL;

-- Other types.
CREATE TABLE lanes (a int, b int, cost smallint);
CREATE INDEX ON lanes USING adjacency (a, b) INCLUDE (cost);
INSERT INTO lanes VALUES (9, 10, 1), (9, 100, 1), (10, 1, 1), (100, 1, 1), (1, -5, 2);
SELECT pg_typeof(node), d.* FROM pt_dijkstra('lanes', 9, '{-5,1}'::bigint[]) AS d;
SELECT * FROM pt_dijkstra('lanes', '9', '{-5}');
SELECT step, from_key, to_key, total_cost FROM pt_dijkstra_path(9, -5, graph => 'lanes');
SELECT count(*), count(DISTINCT path) FROM pt_dijkstra_paths(9, -5, graph => 'lanes');
SELECT pg_typeof(node), f.* FROM pt_bellman_ford('lanes', 10) AS f;
SELECT pg_typeof(from_node), t.* FROM pt_minimum_spanning_tree('lanes', NULL::bigint) AS t;
SELECT pg_typeof(from_node), f.* FROM pt_max_flow('lanes', 9, 1) AS f;
CREATE TABLE links (a uuid, b uuid, cost real);
CREATE INDEX ON links USING adjacency (a, b) INCLUDE (cost);
INSERT INTO links SELECT ('00000000-0000-0000-0000-00000000000' || i)::uuid, ('00000000-0000-0000-0000-00000000000' || i + 1)::uuid, i FROM generate_series(1, 3) AS i;
SELECT pg_typeof(node), right(node::text, 1), cost, right(parent::text, 1) FROM pt_dijkstra('links', '00000000-0000-0000-0000-000000000001'::uuid);
SELECT sum(flow) FROM pt_max_flow('links', '00000000-0000-0000-0000-000000000001'::uuid, '00000000-0000-0000-0000-000000000003'::uuid) WHERE in_cut;

-- What the statement sees: one's own changes, and no others'.
BEGIN;
UPDATE road SET cost = 0.5 WHERE a = 'a' AND b = 't';
SELECT node, cost, parent FROM pt_dijkstra('road', 's', '{t}');
SAVEPOINT here;
DELETE FROM road WHERE a = 'a' AND b = 't';
UPDATE road SET cost = 1 WHERE a = 't' AND b = 'u';
SELECT node, cost, parent FROM pt_dijkstra('road', 's', '{t,u}');
SELECT total_cost FROM pt_dijkstra_path('s', 'u', graph => 'road') ORDER BY step DESC LIMIT 1;
ROLLBACK TO here;
SELECT node, cost, parent FROM pt_dijkstra('road', 's', '{t,u}');
ROLLBACK;
SELECT node, cost, parent FROM pt_dijkstra('road', 's', '{t,u}');

-- Negative weights: where they are meant, and where they are not.
INSERT INTO road VALUES ('u', 'w', 'way', -4), ('w', 'z', 'way', 1);
SELECT * FROM pt_bellman_ford('road', 't');
SELECT * FROM pt_bellman_ford('road', 'z', direction => 'in');
SELECT * FROM pt_minimum_spanning_tree('road') LIMIT 2;
-- an edge that is not looked at does not matter
SELECT * FROM pt_dijkstra('road', 's', '{u}');
SELECT count(*) FROM pt_dijkstra_path('s', 't', graph => 'road');
INSERT INTO road VALUES ('z', 'u', 'back', 1);
-- parallel edges do not make up for it
CREATE TABLE pair (a text, b text, weight float8);
CREATE INDEX ON pair USING adjacency (a, b) INCLUDE (weight);
INSERT INTO pair VALUES ('a', 'b', -1), ('a', 'b', 3);
CREATE TABLE much (a text, b text, weight float8);
CREATE INDEX ON much USING adjacency (a, b) INCLUDE (weight);
INSERT INTO much VALUES ('a', 'b', 1e308), ('b', 'c', 1e308), ('c', 'd', 1);
SELECT * FROM pt_dijkstra('much', 'a');
CREATE TABLE bare (a text, b text);
CREATE INDEX ON bare USING adjacency (a, b);
INSERT INTO bare VALUES ('a', 'b');
CREATE TABLE poison (a text, b text, weight float8);
CREATE INDEX ON poison USING adjacency (a, b) INCLUDE (weight);
CREATE VIEW poison_view AS SELECT * FROM poison;
INSERT INTO poison VALUES ('a', 'b', 'NaN'), ('c', 'd', '-Infinity');
DO $$
DECLARE
	call text;
	state text; message text; detail text; hint text;
BEGIN
	FOREACH call IN ARRAY ARRAY[
		'pt_dijkstra(''road'', ''s'')', 'pt_dijkstra(''queried'', ''s'')', 'pt_dijkstra(''road'', ''w'', direction => ''in'')', 'pt_dijkstra_path(''t'', ''z'', graph => ''road'')',
		'pt_dijkstra_path(''z'', ''t'', direction => ''in'', graph => ''queried'')', 'pt_dijkstra_paths(''t'', ''z'', graph => ''road'')',
		'pt_bellman_ford(''road'', ''s'')', 'pt_bellman_ford(''queried'', ''w'', direction => ''in'')', 'pt_bellman_ford(''road'', ''u'', edge_types => ''{way}'', direction => ''both'')',
		'pt_max_flow(''road'', ''s'', ''w'')', 'pt_max_flow(''pair'', ''a'', ''b'')', 'pt_pagerank(''road'', weighted => true)', 'pt_communities(''road'', weighted => true)',
		'pt_modularity(''pair'', ''{"a": 1, "b": 1}'', weighted => true)', 'pt_betweenness(''road'', weighted => true)', 'pt_closeness(''pair'', weighted => true)',
		'pt_harmonic(''pair'', weighted => true)', 'pt_pagerank(''much'', weighted => true)',
		'pt_dijkstra(''bare'', ''a'')', 'pt_dijkstra_path(''a'', ''b'', graph => ''bare'')', 'pt_bellman_ford(''bare'', ''a'')', 'pt_minimum_spanning_tree(''bare'')',
		'pt_max_flow(''bare'', ''a'', ''b'')', 'pt_pagerank(''bare'', weighted => true)',
		'pt_dijkstra(''road'', ''nowhere'')', 'pt_dijkstra(''road'', ''s'', ''{t,nowhere}'')', 'pt_dijkstra(''road'', ''s'', ''{t,NULL}'')', 'pt_dijkstra(''road'', NULL)', 'pt_dijkstra(''road'', 1)',
		'pt_dijkstra(''road'', ''s'', max_cost => -1)', 'pt_dijkstra(''road'', ''s'', max_cost => ''NaN'')', 'pt_dijkstra(''road'', ''s'', direction => ''up'')', 'pt_dijkstra(''road'', ''s'', max_nodes => -1)',
		'pt_dijkstra_path(''s'', ''nowhere'', graph => ''road'')', 'pt_dijkstra_path(NULL, ''s'', graph => ''road'')', 'pt_dijkstra_paths(''s'', ''t'', -1, graph => ''road'')',
		'pt_bellman_ford(''road'', ''nowhere'')', 'pt_bellman_ford(''road'', NULL)', 'pt_max_flow(''road'', ''s'', ''nowhere'')', 'pt_max_flow(''road'', ''nowhere'', ''s'')',
		'pt_max_flow(''road'', ''s'', ''s'')', 'pt_max_flow(''road'', ''s'', NULL)', 'pt_max_flow(''pipe'', ''b'', ''x'')', 'pt_max_flow(''queried_pipe'', ''x'', ''b'', directed => false)',
		'pt_max_flow(''poison'', ''a'', ''b'')', 'pt_dijkstra(''poison'', ''a'')', 'pt_dijkstra(''poison'', ''c'')', 'pt_max_flow(''poison_view'', ''a'', ''b'')']
	LOOP
		BEGIN
			EXECUTE 'SELECT * FROM ' || call;
			RAISE NOTICE '%: no error', call;
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
			RAISE INFO '%: % % % (%)', call, state, message, detail, hint;
		END;
	END LOOP;
END $$;

-- Large ones: a grid has ways without number that cost the same, a chain is deep, a star is wide.
CREATE UNLOGGED TABLE grid (a int, b int, cost float8);
INSERT INTO grid SELECT x * 100 + y, (x + dx) * 100 + y + dy, 1 + (x * 7 + y * 3) % 5
	FROM generate_series(0, 99) AS x, generate_series(0, 99) AS y, (VALUES (0, 1), (1, 0)) AS d (dx, dy) WHERE x + dx < 100 AND y + dy < 100;
CREATE INDEX ON grid USING adjacency (a, b) INCLUDE (cost);
CREATE VIEW queried_grid AS SELECT * FROM grid;
SELECT count(*), max(cost) FROM pt_dijkstra('grid', 0);
SELECT count(*), max(total_cost) FROM pt_dijkstra_path(0, 9999, graph => 'grid');
SELECT count(*), max(total_cost) FROM pt_dijkstra_path(0, 2020, direction => 'both', graph => 'queried_grid');
SELECT count(DISTINCT path), min(c), max(c) FROM (SELECT path, max(total_cost) AS c FROM pt_dijkstra_paths(0, 3030, 50, graph => 'grid') GROUP BY path) AS p;
SELECT count(*), sum(weight) FROM pt_minimum_spanning_tree('grid', NULL::bigint);
SELECT sum(flow) FROM pt_max_flow('grid', 0, 9999) WHERE in_cut;
SELECT b.cost = d.cost AND b.parent = d.parent AS same, count(*) FROM pt_bellman_ford('grid', 0) AS b JOIN pt_dijkstra('grid', 0) AS d USING (node) WHERE node <> 0 GROUP BY 1;
CREATE UNLOGGED TABLE chain (a int, b int, cost real);
INSERT INTO chain SELECT i, i + 1, 0.5 FROM generate_series(1, 100000) AS i;
INSERT INTO chain SELECT 0, i, 1 FROM generate_series(300001, 400000) AS i;
CREATE INDEX ON chain USING adjacency (a, b) INCLUDE (cost);
SELECT count(*), max(cost) FROM pt_dijkstra('chain', 1);
SELECT count(*), max(cost) FROM pt_dijkstra('chain', 0);
SELECT count(*), max(total_cost) FROM pt_dijkstra_path(1, 100001, graph => 'chain');
SELECT count(*), max(total_cost) FROM pt_dijkstra_paths(1, 3001, graph => 'chain');
SELECT count(*), max(cost) FROM pt_bellman_ford('chain', 1);
SELECT count(*), sum(flow) FROM pt_max_flow('chain', 1, 100001);
SELECT count(*) FROM pt_minimum_spanning_tree('chain', NULL::bigint);

-- Weights that do not add up exactly: one path and the first of several are those of the parents, to the last digit.
SELECT setseed(0.5);
CREATE TABLE rough (a int, b int, cost float8);
INSERT INTO rough SELECT x * 30 + y, (x + dx) * 30 + y + dy, 0.1 * (1 + floor(random() * 3))
	FROM generate_series(0, 29) AS x, generate_series(0, 29) AS y, (VALUES (0, 1), (1, 0), (1, 1)) AS d (dx, dy) WHERE x + dx < 30 AND y + dy < 30;
CREATE INDEX ON rough USING adjacency (a, b) INCLUDE (cost);
CREATE TABLE tree AS SELECT * FROM pt_dijkstra('rough', 0);
CREATE VIEW ways AS WITH RECURSIVE way (target, node, steps) AS (
	SELECT node, node, 0 FROM tree WHERE node % 29 = 1
	UNION ALL SELECT target, parent, steps + 1 FROM way JOIN tree USING (node) WHERE parent IS NOT NULL)
	SELECT target, string_agg(node::text, ' ' ORDER BY steps DESC) AS nodes FROM way GROUP BY target;
SELECT count(*), count(*) FILTER (WHERE p.nodes = w.nodes AND p.cost = t.cost) AS as_one, count(*) FILTER (WHERE q.nodes = w.nodes AND q.cost = t.cost) AS as_first, bool_and(q.worst >= q.cost) AS in_order
FROM ways AS w JOIN tree AS t ON t.node = target,
	LATERAL (SELECT '0 ' || string_agg(x.node, ' ' ORDER BY step) AS nodes, max(total_cost) AS cost FROM pt_dijkstra_path(0, target, graph => 'rough') AS x) AS p,
	LATERAL (SELECT '0 ' || string_agg(x.node, ' ' ORDER BY step) FILTER (WHERE path = 1) AS nodes, max(total_cost) FILTER (WHERE path = 1) AS cost, max(total_cost) AS worst FROM pt_dijkstra_paths(0, target, 4, graph => 'rough') AS x) AS q;
-- what a path costs is enough for it
SELECT count(*) FILTER (WHERE b.cost = f.cost) = count(*) AS same FROM (SELECT node, cost FROM tree WHERE node % 29 = 1) AS f,
	LATERAL (SELECT max(total_cost) AS cost FROM pt_dijkstra_paths(0, f.node, 1, max_cost => f.cost, graph => 'rough')) AS b;

-- It is bounded.
SET parseltongue.local_image_memory = '1MB';
DO $$
DECLARE
	call text;
	message text;
BEGIN
	FOREACH call IN ARRAY ARRAY['pt_dijkstra(''chain'', 1)', 'pt_dijkstra_path(1, 100001, graph => ''chain'')', 'pt_dijkstra_paths(0, 9999, graph => ''grid'')',
		'pt_bellman_ford(''chain'', 1)', 'pt_max_flow(''chain'', 1, 100001)', 'pt_minimum_spanning_tree(''chain'')']
	LOOP
		BEGIN
			EXECUTE 'SELECT count(*) FROM ' || call;
			RAISE NOTICE '%: no error', call;
		EXCEPTION WHEN configuration_limit_exceeded THEN
			GET STACKED DIAGNOSTICS message = PG_EXCEPTION_HINT;
			RAISE INFO '%: %', call, message;
		END;
	END LOOP;
END $$;
RESET parseltongue.local_image_memory;

SET client_min_messages = warning;
DROP SCHEMA weighted CASCADE;
