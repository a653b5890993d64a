-- Algorithms over whole graphs: what they answer, of which edges, and in which
-- type; what they refuse. test/t/320_algorithms.pl compares the answers with
-- networkx.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
RESET client_min_messages;
CREATE SCHEMA algorithms;
SET search_path = algorithms, public;

CREATE TABLE g8 (a text, b text, kind text, trust numeric(3,2));
INSERT INTO g8 VALUES ('A', 'B', 'Calls'), ('A', 'C', 'Calls'), ('B', 'D', 'Calls'), ('C', 'D', 'Calls'), ('D', 'E', 'Calls'),
	('E', 'F', 'Calls'), ('F', 'D', 'Uses'), ('G', 'H', 'Calls'), ('H', 'G', 'Calls');
CREATE INDEX ON g8 USING adjacency (a, b, kind, trust);
CREATE TABLE g5 (a int, b int);
INSERT INTO g5 VALUES (1, 2), (2, 3), (3, 4), (4, 5);
CREATE INDEX ON g5 USING adjacency (a, b);

-- The golden answers of the tool whose data this is.
SELECT * FROM pt_components('g8');
SELECT * FROM pt_strong_components('g8');
SELECT * FROM pt_kcore('g8');
SELECT * FROM pt_kcore('g5');
SELECT node, round(score::numeric, 6) AS score, rank FROM pt_pagerank('g8');
SELECT node, round(score::numeric, 6) AS score, rank FROM pt_pagerank('g5');
SELECT * FROM pt_degree('g8');

-- Cycles: one shortest of each strong component, and what leads to itself.
SELECT * FROM pt_cycles('g8');
CREATE TABLE knot (a text, b text);
INSERT INTO knot VALUES ('a', 'b'), ('b', 'c'), ('c', 'a'), ('c', 'd'), ('d', 'c'), ('d', 'd'), ('d', 'd'), ('e', 'e'), ('d', 'e');
CREATE INDEX ON knot USING adjacency (a, b);
SELECT * FROM pt_cycles('knot');
SELECT cycle, string_agg(from_node, ' ' ORDER BY step) AS nodes FROM pt_cycles('knot', mode => 'elementary') GROUP BY cycle ORDER BY cycle;
SELECT count(DISTINCT cycle) FROM pt_cycles('knot', mode => 'elementary', max_cycles => 2);
SELECT count(*) FROM pt_cycles('knot', max_cycles => 0);
SELECT pt_has_cycle('g8'), pt_has_cycle('g5'), pt_has_cycle('g8', edge_types => '{Uses}');

-- An order: every edge leads to a later place.
SELECT * FROM pt_topological_sort('g5');
SELECT * FROM pt_topological_sort('g8');
SELECT * FROM pt_topological_sort('g8', cyclic => 'condense');
SELECT s.node, s.place, s.layer FROM pt_topological_sort('g8', edge_types => '{Uses}') AS s;

-- What the graph falls apart without; what gates it; what could go.
SELECT * FROM pt_bridges('g8');
SELECT * FROM pt_articulation_points('g8');
SELECT * FROM pt_dominators('g8', 'A');
SELECT * FROM pt_dominators('g5', 3);
SELECT * FROM pt_dominators('g5', '3');
SELECT * FROM pt_dominators('g8', 'A', edge_types => '{Uses}');
SELECT * FROM pt_dominators('g8', NULL, missing_ok => true);
SELECT pt_reachable('A', 'F', graph => 'g8'), pt_reachable('F', 'A', graph => 'g8'), pt_reachable('A', 'A', graph => 'g8'), pt_reachable(1, 5, graph => 'g5'), pt_reachable('A', 'F', edge_types => '{Uses}', graph => 'g8'),
	pt_reachable('A', 'Z', missing_ok => true, graph => 'g8'), pt_reachable('Z', 'Z', missing_ok => true, graph => 'g8'), pt_reachable(NULL, 'A', missing_ok => true, graph => 'g8');
-- as a walk with the same arguments has it
SELECT count(*) AS asked, count(*) FILTER (WHERE pt_reachable(a, b, hops, direction, avoid => avoid, stop_at => stop_at, graph => 'g8')
	<> EXISTS (SELECT FROM pt_bfs('g8', a, hops, direction, avoid => avoid, stop_at => stop_at) WHERE node = b)) AS wrong
FROM unnest('{A,C,F}'::text[]) AS a, pt_bfs('g8', 'A', direction => 'both') AS n (b), unnest('{0,1,2,NULL}'::bigint[]) AS hops, unnest('{in,out,both}'::text[]) AS direction,
	(VALUES (NULL::text[], NULL::text[]), ('{B}', NULL), (NULL, '{C,D}')) AS s (avoid, stop_at);
SELECT * FROM pt_feedback_edges('g8');
SELECT * FROM pt_feedback_edges('knot');
CREATE TABLE shortcut (a text, b text);
INSERT INTO shortcut VALUES ('a', 'b'), ('b', 'c'), ('a', 'c'), ('a', 'c'), ('c', 'd'), ('a', 'd');
CREATE INDEX ON shortcut USING adjacency (a, b);
SELECT * FROM pt_transitive_reduction('shortcut');

-- How much each node weighs.
SELECT * FROM pt_hotspots('g8');
SELECT * FROM pt_betweenness('g8');
SELECT * FROM pt_betweenness('g5', NULL::bigint);
SELECT node, round(score::numeric, 6) AS score, rank FROM pt_betweenness('g5', directed => false, normalized => true);
SELECT count(*), sum(score) > 0 AS some FROM pt_betweenness('g8', samples => 4, seed => 1);
SELECT count(*) FROM (SELECT * FROM pt_betweenness('g8', samples => 4, seed => 1) EXCEPT SELECT * FROM pt_betweenness('g8', samples => 4, seed => 1)) AS x;
SELECT node, round(score::numeric, 6) AS score, rank FROM pt_closeness('g8');
SELECT node, round(score::numeric, 6) AS score, rank FROM pt_closeness('g5', direction => 'both');
SELECT node, round(score::numeric, 6) AS score, rank FROM pt_harmonic('g8');
SELECT node, round(score::numeric, 6) AS score, rank FROM pt_hits('shortcut', tolerance => 1e-9);
SELECT node, round(score::numeric, 6) AS score, rank FROM pt_hits('shortcut', role => 'hub', tolerance => 1e-9);
SELECT node, round(score::numeric, 6) AS score, rank FROM pt_eigenvector('knot', directed => false, tolerance => 1e-9);
SELECT node, round(score::numeric, 6) AS score, rank FROM pt_katz('g8', tolerance => 1e-9);
SELECT node, score FROM pt_katz('g5', alpha => 0.5, normalized => false, tolerance => 0, max_iterations => 10);

-- Nodes in their own type; a witness may have any value.
SELECT node, pg_typeof(node) FROM pt_components('g5', NULL::bigint);
SELECT pg_typeof(node), count(*) FROM pt_pagerank('g5', 17::bigint, damping => 0.5) GROUP BY 1;
CREATE TABLE ids (a uuid, b uuid);
INSERT INTO ids SELECT md5(i::text)::uuid, md5((i + 1)::text)::uuid FROM generate_series(1, 3) AS i;
SELECT component, pg_typeof(node), size FROM pt_strong_components('ids', NULL::uuid);
CREATE INDEX ON ids USING adjacency (a, b);
SELECT component, node, pg_typeof(node), size FROM pt_strong_components('ids', NULL::uuid);
SELECT * FROM pt_degree('g8', NULL::bigint);
SELECT * FROM pt_degree('g5', NULL::uuid);

-- Which signatures there are.
SELECT p.oid::regprocedure, array_to_string(ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proallargtypes[p.pronargs + 1:]) WITH ORDINALITY AS u (t, n) ORDER BY n), ', ') AS columns
FROM pg_proc AS p JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e' JOIN pg_extension AS x ON x.oid = d.refobjid
WHERE x.extname = 'parseltongue' AND 'witness' = ANY (p.proargnames)
ORDER BY p.proname COLLATE "C", p.proargtypes[1];

-- Where an edge is several rows: degrees and PageRank count each, coreness none.
CREATE TABLE many (a int, b int);
INSERT INTO many VALUES (1, 2), (1, 2), (1, 3), (2, 2), (3, 1);
CREATE INDEX ON many USING adjacency (a, b);
SELECT * FROM pt_degree('many');
SELECT node, round(score::numeric, 6) AS score, rank FROM pt_pagerank('many', tolerance => 1e-12, max_iterations => 1000);
SELECT * FROM pt_kcore('many');

-- Other sources: a view, a table in parts, rows that a policy hides; NULLs are no edges.
CREATE VIEW upper_half AS SELECT a, b FROM g5 WHERE a >= 3;
SELECT * FROM pt_components('upper_half');
CREATE TABLE parts (source int, target int) PARTITION BY RANGE (source);
CREATE TABLE part1 PARTITION OF parts FOR VALUES FROM (0) TO (10);
CREATE TABLE part2 PARTITION OF parts FOR VALUES FROM (10) TO (20);
INSERT INTO parts VALUES (1, 11), (11, 1), (2, 3), (9, NULL);
SELECT * FROM pt_strong_components('parts', NULL::bigint);
CREATE ROLE regress_pt_algorithms;
GRANT USAGE ON SCHEMA algorithms TO regress_pt_algorithms;
ALTER TABLE many ENABLE ROW LEVEL SECURITY;
CREATE POLICY threes ON many USING (3 IN (a, b));
SET ROLE regress_pt_algorithms;
SELECT * FROM pt_components('many');
RESET ROLE;
GRANT SELECT ON many TO regress_pt_algorithms;
SET ROLE regress_pt_algorithms;
SELECT * FROM pt_components('many');
RESET ROLE;

-- The edges that the statement sees.
BEGIN;
DELETE FROM g5 WHERE a = 2;
SELECT component, string_agg(node, ' ') AS nodes FROM pt_components('g5') GROUP BY component ORDER BY component;
ROLLBACK;
SELECT component, string_agg(node, ' ') AS nodes FROM pt_components('g5') GROUP BY component ORDER BY component;

-- A codebase: entities without edges are parts of it, too, but have no weight. The default graph.
SELECT pt_insert_edge('k', 'l', 'Calls'), pt_insert_edge('l', 'k', 'Uses');
INSERT INTO pt_entity (key) VALUES ('k'), ('lone');
SELECT * FROM pt_components() WHERE node IN ('k', 'l', 'lone');
SELECT node, degree FROM pt_degree(edge_types => '{Calls}') WHERE node IN ('k', 'l', 'lone');
SELECT node FROM pt_pagerank() WHERE node IN ('k', 'l', 'lone') ORDER BY node;
SELECT pt_reachable('lone', 'lone'), pt_reachable('k', 'l'), pt_reachable('k', 'lone');
SELECT pt_insert_edge('k', 'rust:fn:load:unresolved-reference:0-0', 'Calls');
SELECT node, degree FROM pt_hotspots() WHERE node IN ('k', 'l', 'rust:fn:load:unresolved-reference:0-0');
SELECT node, degree FROM pt_hotspots(placeholders => true) WHERE node IN ('k', 'l', 'rust:fn:load:unresolved-reference:0-0');
DELETE FROM pt_entity WHERE key IN ('k', 'lone');
DELETE FROM pt_edge WHERE from_key IN ('k', 'l');

-- Where scores begin anew, and how long they are made better.
SELECT node, round(score::numeric, 6) AS score, rank FROM pt_pagerank('g8', personalization => '{G,H}', tolerance => 1e-9, max_iterations => 1000);
SELECT node, round(score::numeric, 6) AS score, rank FROM pt_pagerank('g5', NULL::bigint, personalization => ARRAY[4, 2]::bigint[], tolerance => 1e-9, max_iterations => 1000);
SELECT node, score FROM pt_pagerank('g5', personalization => '{}');
SELECT node, score FROM pt_pagerank('g5', max_iterations => 0, tolerance => 0);
SELECT count(*) FROM pt_pagerank('g8', max_iterations => 2);
SELECT count(*) FROM pt_pagerank('g8', max_iterations => 2, tolerance => 0);

-- A graph without edges.
CREATE TABLE nothing (a text, b text);
CREATE INDEX ON nothing USING adjacency (a, b);
SELECT (SELECT count(*) FROM pt_components('nothing')) AS components, (SELECT count(*) FROM pt_pagerank('nothing')) AS ranks,
	(SELECT count(*) FROM pt_cycles('nothing')) AS cycles, (SELECT count(*) FROM pt_topological_sort('nothing')) AS sorted, pt_has_cycle('nothing'),
	(SELECT count(*) FROM pt_kcore('nothing')) AS cores;

-- Refused.
DO $$
DECLARE
	call text;
	state text; message text; hint text;
BEGIN
	FOREACH call IN ARRAY ARRAY[
		'pt_components(''missing'')', 'pt_components(''g5'', edge_types => ''{Calls}'')', 'pt_degree(''g5'', min_confidence => 0.5)', 'pt_degree(''g8'', min_confidence => 2)',
		'pt_cycles(''g8'', mode => ''longest'')', 'pt_cycles(''g8'', mode => NULL)', 'pt_cycles(''g8'', max_cycles => -1)',
		'pt_topological_sort(''g8'', cyclic => ''maybe'')', 'pt_topological_sort(''g8'', cyclic => NULL)', 'pt_topological_sort(''knot'')',
		'pt_transitive_reduction(''knot'')', 'pt_dominators(''g8'', ''Z'')', 'pt_dominators(''g8'', NULL)', 'pt_dominators(''g8'', 1)', 'pt_dominators(''g5'', ''x'')',
		'pt_reachable(''Z'', ''A'', graph => ''g8'')', 'pt_reachable(''A'', NULL, graph => ''g8'')', 'pt_betweenness(''g8'', samples => 0)', 'pt_betweenness(''g8'', samples => -1)', 'pt_betweenness(''g8'', seed => NULL)',
		'pt_closeness(''g8'', direction => ''up'')', 'pt_hits(''g8'', role => ''boss'')', 'pt_katz(''g8'', alpha => 1)', 'pt_katz(''g8'', alpha => 2)', 'pt_katz(''g8'', beta => -1)',
		'pt_pagerank(''g8'', damping => 1.1)', 'pt_pagerank(''g8'', damping => NULL)', 'pt_pagerank(''g8'', damping => ''NaN'')', 'pt_pagerank(''g8'', tolerance => -1)',
		'pt_pagerank(''g8'', max_iterations => NULL)', 'pt_pagerank(''g8'', max_iterations => -1)', 'pt_pagerank(''g8'', personalization => ''{A,Z}'')',
		'pt_pagerank(''g8'', personalization => ''{A,NULL}'')', 'pt_pagerank(''g5'', personalization => ''{x}'')', 'pt_pagerank(''g8'', personalization => ''{A}'', edge_types => ''{Uses}'')',
		'pt_pagerank(''g5'', NULL::bigint, personalization => ''{1,77}'')', 'pt_pagerank(''g5'', NULL::bigint, personalization => ''{x}'')']
	LOOP
		BEGIN
			EXECUTE 'SELECT * FROM ' || call;
			RAISE NOTICE '%: no error', call;
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
			RAISE INFO '%: % % (%)', call, state, message, hint;
		END;
	END LOOP;
END $$;

-- Long chains and stars: no recursion, and no more than near linear time.
CREATE UNLOGGED TABLE chain (a int, b int);
INSERT INTO chain SELECT i, i + 1 FROM generate_series(1, 1000000) AS i;
CREATE INDEX ON chain USING adjacency (a, b);
CREATE UNLOGGED TABLE star (a int, b int);
INSERT INTO star SELECT 0, i FROM generate_series(1, 1000000) AS i;
CREATE INDEX ON star USING adjacency (a, b);
SELECT count(*), max(component) FROM pt_strong_components('chain', NULL::bigint);
SELECT count(*), max(layer) FROM pt_topological_sort('chain', NULL::bigint);
SELECT count(*), max(coreness) FROM pt_kcore('star', NULL::bigint);
SELECT node, rank FROM pt_pagerank('star', NULL::bigint) ORDER BY score LIMIT 1;
SELECT count(*), max(depth) FROM pt_dominators('chain', 1);
SELECT * FROM pt_articulation_points('star', NULL::bigint);
SELECT pt_reachable(1, 1000001, graph => 'chain'), pt_reachable(1000001, 1, graph => 'chain');
-- closed, the chain is one cycle
INSERT INTO chain VALUES (1000001, 1);
SELECT count(*), max(cycle) FROM pt_cycles('chain', NULL::bigint);
SELECT count(*) FROM pt_feedback_edges('chain', NULL::bigint);
SELECT * FROM pt_topological_sort('chain');
-- ---- nodes to avoid, and to stay within ----

CREATE FUNCTION differences(question text, rel regclass, filtered regclass, options text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	EXECUTE format('WITH a AS MATERIALIZED (SELECT * FROM %1$s), b AS MATERIALIZED (SELECT * FROM %2$s)
		SELECT count(*) FROM ((SELECT * FROM a EXCEPT ALL SELECT * FROM b) UNION ALL (SELECT * FROM b EXCEPT ALL SELECT * FROM a)) AS d',
		format(question, rel, options), format(question, filtered, '')) INTO n;
	RETURN n;
END $$;
SELECT setseed(0.15);
CREATE TABLE sampled (a bigint, b bigint);
INSERT INTO sampled SELECT (random() * 30)::int, (random() * 30)::int FROM generate_series(1, 90);
CREATE INDEX ON sampled USING adjacency (a, b);
CREATE VIEW sampled_view AS SELECT * FROM sampled;
CREATE VIEW bounded AS SELECT * FROM sampled WHERE a <> ALL ('{3,7,11}') AND b <> ALL ('{3,7,11}') AND a < 25 AND b < 25;
SELECT question, rel FROM (VALUES ('sampled'::regclass), ('sampled_view')) AS r (rel), unnest(ARRAY[
	'pt_components(''%s'', NULL::bigint%s)', 'pt_strong_components(''%s'', NULL::bigint%s)', 'pt_cycles(''%s'', NULL::bigint%s)', 'pt_has_cycle(''%s''%s)',
	'pt_topological_sort(''%s'', NULL::bigint, cyclic => ''condense''%s)', 'pt_bridges(''%s'', NULL::bigint%s)', 'pt_articulation_points(''%s'', NULL::bigint%s)',
	'pt_feedback_edges(''%s'', NULL::bigint%s)', 'pt_dominators(''%s'', 1%s)', 'pt_degree(''%s'', NULL::bigint%s)', 'pt_kcore(''%s'', NULL::bigint%s)',
	'pt_pagerank(''%s'', NULL::bigint%s)', 'pt_betweenness(''%s'', NULL::bigint%s)', 'pt_closeness(''%s'', NULL::bigint%s)', 'pt_harmonic(''%s'', NULL::bigint%s)',
	'pt_hits(''%s'', NULL::bigint%s)', 'pt_eigenvector(''%s'', NULL::bigint%s)', 'pt_katz(''%s'', NULL::bigint%s)', 'pt_label_propagation(''%s'', NULL::bigint%s)',
	'pt_triangles(''%s'', NULL::bigint%s)', 'pt_clustering_coefficient(''%s'', NULL::bigint%s)', 'pt_communities(''%s'', NULL::bigint%s)', 'pt_similarity(''%s'', 1::bigint%s)']) AS question
WHERE differences(question, rel, 'bounded', CASE WHEN question LIKE '%%has_cycle%%' THEN $o$, avoid => '{3,7,11,99}', within => ARRAY(SELECT generate_series(0, 24)::text)$o$
	ELSE $o$, avoid => '{3,7,11,99}', within => ARRAY(SELECT generate_series(0, 24)::bigint)$o$ END) <> 0;
-- without them the answers are others
SELECT count(*) > 0 AS other FROM (SELECT * FROM pt_pagerank('sampled') EXCEPT SELECT * FROM pt_pagerank('bounded')) AS d;
SELECT pt_reachable(1, 2, graph => 'sampled') AS free, pt_reachable(1, 2, within => '{1,2}', graph => 'sampled') AS within, pt_reachable(1, 2, avoid => '{2}', graph => 'sampled') AS avoided,
	(SELECT bool_or(node = '2') FROM pt_bfs('sampled', '1'::text, avoid => '{3,4,5,6,7}')) = pt_reachable(1, 2, avoid => '{3,4,5,6,7}', graph => 'sampled') AS same;
SELECT pt_create_codebase('algorithms_code');
INSERT INTO algorithms_code.pt_entity (key) VALUES ('lone'), ('x'), ('y'), ('z');
INSERT INTO algorithms_code.pt_edge (from_key, to_key) VALUES ('x', 'y'), ('y', 'z');
SELECT * FROM pt_components('algorithms_code.pt_edge', avoid => '{y,unknown}');
SELECT * FROM pt_components('algorithms_code.pt_edge', within => '{x,y,lone}');
SELECT * FROM pt_components('algorithms_code.pt_edge', within => '{}');
SELECT * FROM pt_components('algorithms_code.pt_edge', avoid => '{NULL}');
SELECT pt_drop_codebase('algorithms_code');

-- More shortest paths than a number can be, and scores whose squares are.
CREATE TABLE diamonds (a int, b int);
INSERT INTO diamonds SELECT 3 * i + x, 3 * i + y FROM generate_series(0, 1099) AS i, (VALUES (0, 1), (0, 2), (1, 3), (2, 3)) AS d (x, y);
CREATE INDEX ON diamonds USING adjacency (a, b);
-- between 3 i and those behind it all paths pass 3 j; half of them the upper node of a diamond
SELECT count(*) AS wrong FROM pt_betweenness('diamonds', NULL::bigint)
WHERE abs(score - CASE node % 3 WHEN 0 THEN node * (3300 - node)::float8 ELSE (node - node % 3 + 1) * (3300 - (node - node % 3) - 2) / 2.0 END) > 1e-6 * score;
CREATE TABLE layers (a int, b int);
INSERT INTO layers SELECT 30 * l + i, 30 * (l + 1) + j FROM generate_series(0, 150) AS l, generate_series(0, 29) AS i, generate_series(0, 29) AS j;
CREATE INDEX ON layers USING adjacency (a, b);
SELECT round(sum(score * score) FILTER (WHERE score > 1e-100)::numeric, 9) AS length, count(*) FILTER (WHERE score > 0.1) AS large FROM pt_katz('layers', alpha => 1, max_iterations => 160);
SELECT count(*) FROM pt_katz('layers');
-- a key is charged with all its bytes
CREATE TABLE heavy (a text, b text);
INSERT INTO heavy SELECT repeat(md5(i::text), 10000) || i, repeat(md5((i + 1)::text), 10000) || i + 1 FROM generate_series(1, 30) AS i;
CREATE INDEX ON heavy USING adjacency (a, b);
SET parseltongue.local_image_memory = '1MB';
\set VERBOSITY sqlstate
SELECT count(*) FROM pt_components('heavy');
\set VERBOSITY default
RESET parseltongue.local_image_memory;
SELECT count(*), max(length(node)) FROM pt_components('heavy');

-- Memory is bounded, time can be.
SET parseltongue.local_image_memory = '10MB';
\set VERBOSITY sqlstate
SELECT count(*) FROM pt_components('chain', NULL::bigint);
RESET parseltongue.local_image_memory;
BEGIN;
SET LOCAL statement_timeout = '100ms';
SELECT count(*) FROM pt_pagerank('chain', NULL::bigint, tolerance => 0, max_iterations => 1000000);
ROLLBACK;
BEGIN;
SET LOCAL statement_timeout = '100ms';
SELECT count(*) FROM pt_betweenness('chain', NULL::bigint);
ROLLBACK;
-- nor is one in which there is nothing to do
BEGIN;
SET LOCAL statement_timeout = '100ms';
SELECT count(*) FROM pt_pagerank('nothing', tolerance => 0, max_iterations => 9223372036854775807);
ROLLBACK;
\set VERBOSITY default

DROP OWNED BY regress_pt_algorithms;
DROP ROLE regress_pt_algorithms;
SET client_min_messages = warning;
DROP SCHEMA algorithms CASCADE;
