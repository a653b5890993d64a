--
-- More pairs of label and confidence than fit into 16 bits, and labels of rows
-- that never committed or are gone: answers stay those of recursive queries.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_labels;
SET search_path = pt_labels, public;
SET jit = off;				-- would compile for longer than it runs

-- Nodes reached from 0 and edges that leave it, by these types and from this
-- confidence on, that are in the answer or in that of a recursive query, but
-- not in both; and how many there are to be right about.
CREATE FUNCTION wrong(graph regclass, types text[], lowest numeric DEFAULT NULL, OUT reached bigint, OUT wrong bigint)
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format($query$
		WITH RECURSIVE edges AS MATERIALIZED (
			SELECT a, b, kind::text AS kind FROM %1$s
			WHERE ($1 IS NULL OR kind::text = ANY ($1)) AND (confidence IS NULL OR confidence >= $2)
		), expected (node) AS (
			SELECT 0 UNION SELECT b FROM expected JOIN edges ON a = node
		), walked AS MATERIALIZED (
			SELECT node FROM pt_bfs(%1$L, 0, edge_types => $1, min_confidence => $2)
		), back AS MATERIALIZED (
			SELECT node FROM pt_bfs(%1$L, (SELECT max(node) FROM expected), NULL, 'in', edge_types => $1, min_confidence => $2)
		), listed AS MATERIALIZED (
			SELECT from_key, to_key, edge_type FROM pt_callees('0', $1, graph => %1$L, min_confidence => $2)
		)
		SELECT (SELECT count(*) FROM expected),
			(SELECT count(*) FROM (SELECT node FROM expected EXCEPT ALL SELECT node FROM walked) d) +
			(SELECT count(*) FROM (SELECT node FROM walked EXCEPT ALL SELECT node FROM expected) d) +
			(SELECT count(*) FROM (SELECT '0', b::text, kind FROM edges WHERE a = 0 EXCEPT ALL SELECT from_key, to_key, edge_type FROM listed) d) +
			(SELECT count(*) FROM (SELECT * FROM listed EXCEPT ALL SELECT '0', b::text, kind FROM edges WHERE a = 0) d) +
			CASE WHEN EXISTS (SELECT FROM back WHERE node = 0) THEN 0 ELSE 1 END
	$query$, graph) INTO reached, wrong USING types, CASE WHEN graph::text = 'guesses' THEN coalesce(lowest, 0.5) ELSE lowest END;
END $$;

-- types whose numbers share their lower 16 bits, wherever the numbers begin,
-- few, and every other one of all
CREATE VIEW sample (n, what, types) AS
VALUES (1, 'all', NULL::text[]),
	(2, 'one', '{L5}'), (3, 'its double', '{L65541}'), (4, 'both', '{L5,L65541}'),
	(5, 'around the edge', '{L65534,L65535,L65536,L65537}'),
	(6, 'one more', '{L4464}'), (7, 'its double', '{L70000}'), (8, 'unknown', '{M}'),
	(9, 'half', (SELECT array_agg('L' || i) FROM generate_series(1, 80000, 2) i)),
	(10, 'other half', (SELECT array_agg('L' || i) FROM generate_series(2, 80000, 2) i));

-- Built. The second level's frontier is dense.
CREATE TABLE many (a integer, b integer, kind text, confidence numeric(3,2)) WITH (autovacuum_enabled = off);
INSERT INTO many SELECT 0, i, 'L' || i FROM generate_series(1, 70000) i;
INSERT INTO many SELECT i, 100000 + i % 5000, 'L' || i * 31 % 70000 + 1 FROM generate_series(1, 70000) i;
CREATE INDEX many_adjacency ON many USING adjacency (a, b, kind);
SELECT n, what, w.* FROM sample, wrong('many', types) w ORDER BY n;

-- In the overlay: new labels, and none.
INSERT INTO many SELECT 0, i, 'L' || i FROM generate_series(70001, 70020) i;
INSERT INTO many VALUES (0, -1, NULL), (-1, -2, 'L70001'), (-2, -3, 'L5');
SELECT n, what, w.* FROM sample, wrong('many', types) w ORDER BY n;
SELECT * FROM wrong('many', '{L70001,L4465}');

-- Merged, with nothing dead.
INSERT INTO many SELECT i, i % 3, 'L' || i % 80000 FROM generate_series(200000, 230000) i;
SELECT n, what, w.* FROM sample, wrong('many', types) w ORDER BY n;

-- Merged, with labels that nobody has any more: numbered anew.
DELETE FROM many WHERE a = 0 AND b % 3 = 0;
VACUUM many;
INSERT INTO many SELECT i, i % 3, 'L' || i % 80000 FROM generate_series(300000, 330000) i;
SELECT n, what, w.* FROM sample, wrong('many', types) w ORDER BY n;

-- So few labels in the end that 16 bits do. In a session of its own.
DELETE FROM many WHERE substr(kind, 2)::integer > 60000;
VACUUM many;
\c -
SET search_path = pt_labels, public;
SET jit = off;
INSERT INTO many SELECT i, i % 3, 'L5' FROM generate_series(400000, 430000) i;
SELECT n, what, w.* FROM sample, wrong('many', types) w ORDER BY n;
SELECT * FROM pt_check_index('many_adjacency');
DROP TABLE many;

-- Few labels, but with each confidence.
CREATE TABLE guesses (a integer, b integer, kind integer, confidence numeric(3,2)) WITH (autovacuum_enabled = off);
INSERT INTO guesses SELECT 0, i, i / 101, nullif(i % 101, 0) / 100.0 FROM generate_series(1, 70700) i;
CREATE INDEX guesses_adjacency ON guesses USING adjacency (a, b, kind, confidence);
SELECT lowest, types, w.* FROM (VALUES (NULL), (0), (0.01), (0.4), (0.99), (1)) l (lowest),
	(VALUES (NULL::text[]), ('{7}'), ('{51,656,699,700}')) t (types), wrong('guesses', types, lowest) w ORDER BY lowest, types;
INSERT INTO guesses SELECT 0, i, i / 101, nullif(i % 101, 0) / 100.0 FROM generate_series(70701, 70900) i;
SELECT lowest, types, w.* FROM (VALUES (NULL), (0), (0.4), (1)) l (lowest),
	(VALUES (NULL::text[]), ('{7}'), ('{51,656,699,700,701}')) t (types), wrong('guesses', types, lowest) w ORDER BY lowest, types;
DROP TABLE guesses;

-- The labels of rows that were rolled back, in a base that all share.
CREATE TABLE undone (a integer, b integer, kind text, confidence numeric(3,2)) WITH (autovacuum_enabled = off);
INSERT INTO undone SELECT i, i + 1, 'x' FROM generate_series(0, 100000) i;
CREATE INDEX undone_adjacency ON undone USING adjacency (a, b, kind);
SELECT count(*) FROM pt_bfs('undone', 99990);
BEGIN;
INSERT INTO undone SELECT 1, 2, 'L' || i FROM generate_series(1, 65500) i;
ROLLBACK;
SELECT count(*) FROM pt_bfs('undone', 99990);
SELECT image_bytes AS with_undone FROM pt_prewarm('undone') \gset
VACUUM undone;
\c -
SET search_path = pt_labels, public;
SET jit = off;
INSERT INTO undone SELECT 99990, 1, 'M' || i FROM generate_series(1, 100) i;
SELECT count(DISTINCT kind) FROM undone;
SELECT count(*) FROM pt_bfs('undone', 99990, edge_types => '{x}');
SELECT count(*) FROM pt_bfs('undone', 99990, edge_types => '{M100}');
SELECT * FROM wrong('undone', '{x,M7}');
VACUUM undone;
\c -
SET search_path = pt_labels, public;
SET jit = off;
SELECT * FROM wrong('undone', '{x,M7}');
SELECT * FROM pt_callees('99990', '{M7,L7}', graph => 'undone');
-- the next merge leaves them out
INSERT INTO undone SELECT 99990, 1, 'x' FROM generate_series(1, 30000) i;
SELECT * FROM wrong('undone', '{x,M7}');
SELECT * FROM pt_callees('99990', '{M7,L7}', graph => 'undone');
SELECT image_bytes < :with_undone - 65000 * 16 AS smaller FROM pt_prewarm('undone');
SELECT * FROM pt_check_index('undone_adjacency');

\set VERBOSITY terse
DROP SCHEMA pt_labels CASCADE;
