-- Groups in whole graphs: what the functions say that find them, of which edges,
-- and what they refuse. test/t/320_algorithms.pl compares the answers with
-- networkx.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
RESET client_min_messages;
CREATE SCHEMA groups;
SET search_path = groups, public;

-- Two cliques of four, joined by an edge, and a pair; several rows for some edges, and loops.
CREATE TABLE cliques (a int, b int);
INSERT INTO cliques SELECT i, k FROM generate_series(1, 8) AS i, generate_series(1, 8) AS k WHERE i < k AND (i - 1) / 4 = (k - 1) / 4;
INSERT INTO cliques VALUES (4, 5), (2, 1), (2, 1), (3, 3), (9, 10);
CREATE INDEX ON cliques USING adjacency (a, b);

-- Each takes the community of most neighbours; directed, who is before and behind a node has two voices.
SELECT * FROM pt_label_propagation('cliques');
SELECT * FROM pt_label_propagation('cliques', NULL::bigint, max_iterations => 1);
SELECT node, community FROM pt_label_propagation('cliques', directed => false, max_iterations => 1) WHERE node::int < 4;
SELECT count(*) FROM pt_label_propagation('cliques', max_iterations => 0) WHERE node = community AND size = 1;
-- the ends of an edge on its own exchange communities for ever
SELECT node, community FROM pt_label_propagation('cliques', max_iterations => 9) WHERE node IN ('9', '10');

SELECT t.node, triangles, round(c.coefficient::numeric, 6) AS coefficient, round(d.coefficient::numeric, 6) AS directed
FROM pt_triangles('cliques', NULL::bigint) AS t JOIN pt_clustering_coefficient('cliques', NULL::bigint) AS c USING (node)
	JOIN pt_clustering_coefficient('cliques', NULL::bigint, directed => true) AS d USING (node)
ORDER BY node;

-- Communities: cliques come apart, or stay together where resolution is low; loops and parallel edges weigh.
SELECT community, node, size, round(modularity::numeric, 6) AS modularity FROM pt_communities('cliques', NULL::bigint);
SELECT resolution, count(DISTINCT community) AS communities, round(min(modularity)::numeric, 6) AS modularity
FROM unnest('{0,0.05,1,20}'::float8[]) AS resolution, LATERAL pt_communities('cliques', resolution) GROUP BY resolution ORDER BY resolution;
SELECT count(*) FROM pt_communities('cliques', max_iterations => 0) WHERE size = 1;
-- seeds decide where several answers are as good: on a ring which neighbours go together
CREATE TABLE ring (a int, b int);
INSERT INTO ring SELECT i, (i + 1) % 30 FROM generate_series(0, 29) AS i;
CREATE INDEX ON ring USING adjacency (a, b);
SELECT count(DISTINCT groups) > 1 AS differ FROM (SELECT array_agg(community ORDER BY node::int) AS groups FROM generate_series(1, 8) AS seed, LATERAL pt_communities('ring', seed => seed) GROUP BY seed) AS x;
SELECT count(DISTINCT groups) FROM (SELECT array_agg(community ORDER BY node::int) AS groups FROM generate_series(1, 4) AS i, LATERAL pt_communities('ring', seed => 5 + i * 0) GROUP BY i) AS x;

-- Groups of one's own.
SELECT round(pt_modularity('cliques', (SELECT jsonb_object_agg(node, community) FROM pt_communities('cliques')))::numeric, 6) AS found,
	round(pt_modularity('cliques', (SELECT jsonb_object_agg(i, 'all') FROM generate_series(1, 10) AS i))::numeric, 6) AS together,
	round(pt_modularity('cliques', (SELECT jsonb_object_agg(i, i) FROM generate_series(1, 11) AS i))::numeric, 6) AS alone,
	round(pt_modularity('cliques', (SELECT jsonb_object_agg(i, i % 2) FROM generate_series(1, 10) AS i), resolution => 0)::numeric, 6) AS odd_and_even;
-- a number is the same community as its text
SELECT pt_modularity('ring', (SELECT jsonb_object_agg(i, CASE i % 2 WHEN 0 THEN '7'::jsonb ELSE '"7"' END) FROM generate_series(0, 29) AS i));

-- Who has the same neighbours.
CREATE TABLE likes (who text, what text);
INSERT INTO likes VALUES ('ann', 'tea'), ('ann', 'jam'), ('ann', 'pie'), ('ben', 'tea'), ('ben', 'jam'), ('ben', 'tea'), ('cat', 'pie'), ('dan', 'ham'), ('eve', 'jam'), ('eve', 'tea'), ('ann', 'ann');
CREATE INDEX ON likes USING adjacency (who, what);
SELECT node, round(jaccard::numeric, 4) AS jaccard, round(overlap::numeric, 4) AS overlap, common, rank FROM pt_similarity('likes', 'ann');
SELECT node, common, rank FROM pt_similarity('likes', 'ann', max_results => 2);
SELECT node, common FROM pt_similarity('likes', 'ann', max_results => 0);
SELECT node, common FROM pt_similarity('likes', 'tea', direction => 'in');
SELECT node, common FROM pt_similarity('likes', 'tea', direction => 'out');
SELECT node, pg_typeof(node), common, rank FROM pt_similarity('cliques', 1::bigint, max_results => NULL) WHERE rank < 3;
SELECT count(*) FROM pt_similarity('likes', 'zoe', missing_ok => true);

-- Some edges, or none; entities without edges are groups of their own.
SELECT pt_insert_edge('k', 'l', 'Calls'), pt_insert_edge('l', 'm', 'Calls'), pt_insert_edge('k', 'm', 'Uses');
INSERT INTO pt_entity (key) VALUES ('k'), ('lone');
SELECT * FROM pt_triangles() WHERE node IN ('k', 'l', 'm', 'lone');
SELECT * FROM pt_triangles(edge_types => '{Calls}') WHERE node IN ('k', 'l', 'm', 'lone');
SELECT community - min(community) OVER () AS community, node, size FROM pt_communities() WHERE node IN ('k', 'l', 'm', 'lone');
SELECT * FROM pt_label_propagation(max_iterations => 10) WHERE node IN ('k', 'l', 'm', 'lone');
CREATE TABLE nothing (a text, b text);
CREATE INDEX ON nothing USING adjacency (a, b);
SELECT (SELECT count(*) FROM pt_label_propagation('nothing')) AS labels, (SELECT count(*) FROM pt_triangles('nothing')) AS triangles,
	(SELECT count(*) FROM pt_clustering_coefficient('nothing')) AS coefficients, (SELECT count(*) FROM pt_communities('nothing')) AS communities,
	pt_modularity('nothing', '{}');

-- Refused.
DO $$
DECLARE
	call text;
	state text; message text; hint text;
BEGIN
	FOREACH call IN ARRAY ARRAY[
		'pt_label_propagation(''cliques'', max_iterations => -1)', 'pt_label_propagation(''cliques'', max_iterations => NULL)', 'pt_label_propagation(''cliques'', NULL::uuid)',
		'pt_communities(''cliques'', resolution => -1)', 'pt_communities(''cliques'', resolution => ''Infinity'')', 'pt_communities(''cliques'', seed => NULL)', 'pt_communities(''cliques'', max_iterations => NULL)',
		'pt_modularity(''ring'', NULL)', 'pt_modularity(''ring'', ''[1]'')', 'pt_modularity(''ring'', ''{"0": 1}'')', 'pt_modularity(''ring'', ''{"0": null}'')', 'pt_modularity(''ring'', ''{"0": {"a": 1}}'')',
		'pt_modularity(''ring'', ''{"x": 1}'')', 'pt_modularity(''ring'', ''{"1": 1, "01": 2}'')', 'pt_modularity(''ring'', ''{"1": 1}'', resolution => ''NaN'')',
		'pt_similarity(''likes'', NULL)', 'pt_similarity(''likes'', ''zoe'')', 'pt_similarity(''likes'', 1)', 'pt_similarity(''likes'', ''ann'', direction => ''up'')', 'pt_similarity(''likes'', ''ann'', max_results => -1)',
		'pt_triangles(''missing'')', 'pt_triangles(''cliques'', edge_types => ''{Calls}'')', 'pt_clustering_coefficient(''cliques'', min_confidence => 0.5)']
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

-- Long chains, stars and cliques; memory is bounded, time can be.
CREATE UNLOGGED TABLE chain (a int, b int);
INSERT INTO chain SELECT i, i + 1 FROM generate_series(1, 300000) AS i;
CREATE INDEX ON chain USING adjacency (a, b);
CREATE UNLOGGED TABLE star (a int, b int);
INSERT INTO star SELECT 0, i FROM generate_series(1, 300000) AS i;
CREATE INDEX ON star USING adjacency (a, b);
CREATE UNLOGGED TABLE clique (a int, b int);
INSERT INTO clique SELECT i, k FROM generate_series(1, 400) AS i, generate_series(1, 400) AS k WHERE i < k;
CREATE INDEX ON clique USING adjacency (a, b);
SELECT count(*), max(size) FROM pt_label_propagation('chain', NULL::bigint);
SELECT count(*), max(size) FROM pt_label_propagation('star', NULL::bigint);
SELECT count(*), max(triangles) FROM pt_triangles('star', NULL::bigint);
SELECT count(*), (sum(triangles) / 3)::bigint AS triangles FROM pt_triangles('clique', NULL::bigint);
SELECT min(coefficient), max(coefficient) FROM pt_clustering_coefficient('clique', NULL::bigint);
SELECT count(DISTINCT community) BETWEEN 100 AND 10000 AS many, max(size) < 10000 AS small FROM pt_communities('chain', NULL::bigint);
SELECT count(DISTINCT community) FROM pt_communities('star', NULL::bigint);
SELECT count(DISTINCT community) FROM pt_communities('clique', NULL::bigint);
SELECT count(*), max(jaccard) FROM pt_similarity('star', 1, max_results => NULL);
\set VERBOSITY sqlstate
SET parseltongue.local_image_memory = '4MB';
SELECT count(*) FROM pt_label_propagation('chain', NULL::bigint);
SELECT count(*) FROM pt_communities('chain', NULL::bigint);
RESET parseltongue.local_image_memory;
BEGIN;
SET LOCAL statement_timeout = '50ms';
SELECT count(*) FROM pt_label_propagation('chain', NULL::bigint, max_iterations => 1000000000);
ROLLBACK;
BEGIN;
SET LOCAL statement_timeout = '50ms';
SELECT count(*) FROM pt_communities('chain', NULL::bigint);
ROLLBACK;
\set VERBOSITY default

DELETE FROM pt_entity WHERE key IN ('k', 'lone');
DELETE FROM pt_edge WHERE from_key IN ('k', 'l');
SET client_min_messages = warning;
DROP SCHEMA groups CASCADE;
