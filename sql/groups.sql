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

-- Each takes the label that most neighbours have; directed, who is before and behind a node has two voices.
SELECT * FROM pt_label_propagation('cliques');
SELECT * FROM pt_label_propagation('cliques', NULL::bigint, max_iterations => 1);
SELECT node, label FROM pt_label_propagation('cliques', directed => false, max_iterations => 1) WHERE node::int < 4;
SELECT count(*) FROM pt_label_propagation('cliques', max_iterations => 0) WHERE node = label AND size = 1;
-- the ends of an edge on its own exchange labels for ever
SELECT node, label FROM pt_label_propagation('cliques', max_iterations => 9) WHERE node IN ('9', '10');

SELECT t.node, triangles, round(c.coefficient::numeric, 6) AS coefficient, round(d.coefficient::numeric, 6) AS directed
FROM pt_triangles('cliques', NULL::bigint) AS t JOIN pt_clustering_coefficient('cliques', NULL::bigint) AS c USING (node)
	JOIN pt_clustering_coefficient('cliques', NULL::bigint, directed => true) AS d USING (node)
ORDER BY node;

-- Some edges, or none; entities without edges are groups of their own.
SELECT pt_insert_edge('k', 'l', 'Calls'), pt_insert_edge('l', 'm', 'Calls'), pt_insert_edge('k', 'm', 'Uses');
INSERT INTO pt_entity (key) VALUES ('k'), ('lone');
SELECT * FROM pt_triangles() WHERE node IN ('k', 'l', 'm', 'lone');
SELECT * FROM pt_triangles(edge_types => '{Calls}') WHERE node IN ('k', 'l', 'm', 'lone');
SELECT * FROM pt_label_propagation(max_iterations => 10) WHERE node IN ('k', 'l', 'm', 'lone');
CREATE TABLE nothing (a text, b text);
CREATE INDEX ON nothing USING adjacency (a, b);
SELECT (SELECT count(*) FROM pt_label_propagation('nothing')) AS labels, (SELECT count(*) FROM pt_triangles('nothing')) AS triangles,
	(SELECT count(*) FROM pt_clustering_coefficient('nothing')) AS coefficients;

-- Refused.
DO $$
DECLARE
	call text;
	state text; message text; hint text;
BEGIN
	FOREACH call IN ARRAY ARRAY[
		'pt_label_propagation(''cliques'', max_iterations => -1)', 'pt_label_propagation(''cliques'', max_iterations => NULL)', 'pt_label_propagation(''cliques'', NULL::uuid)',
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
\set VERBOSITY sqlstate
SET parseltongue.local_image_memory = '4MB';
SELECT count(*) FROM pt_label_propagation('chain', NULL::bigint);
RESET parseltongue.local_image_memory;
SET statement_timeout = '100ms';
SELECT count(*) FROM pt_label_propagation('chain', NULL::bigint, max_iterations => 1000000000);
RESET statement_timeout;
\set VERBOSITY default

DELETE FROM pt_entity WHERE key IN ('k', 'lone');
DELETE FROM pt_edge WHERE from_key IN ('k', 'l');
SET client_min_messages = warning;
DROP SCHEMA groups CASCADE;
