--
-- Two small graphs with answers known by hand.
--
--   G8: A->B A->C B->D C->D D->E E->F F->D G->H H->G
--   G5: A->B->C->D->E
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_golden;
SET search_path = pt_golden, public;

CREATE TABLE g8 (f text NOT NULL, t text NOT NULL, kind text, source_location text);
CREATE INDEX g8_adjacency ON g8 USING adjacency (f, t, kind);
INSERT INTO g8 (f, t, kind, source_location) VALUES
	('A', 'B', 'Calls', 'a.c:1'), ('A', 'C', 'Uses', 'a.c:2'), ('B', 'D', 'Calls', 'b.c:1'),
	('C', 'D', 'Calls', NULL), ('D', 'E', 'Calls', 'd.c:1'), ('E', 'F', 'Uses', 'e.c:1'),
	('F', 'D', NULL, 'f.c:1'), ('G', 'H', 'Calls', 'g.c:1'), ('H', 'G', 'Calls', 'h.c:1');
CREATE TABLE g5 (f integer, t integer);
INSERT INTO g5 VALUES (1, 2), (2, 3), (3, 4), (4, 5);
CREATE INDEX g5_adjacency ON g5 USING adjacency (f, t);

-- One line a start: its nodes, as distance:nodes.
CREATE FUNCTION blast(graph regclass, start text, hops integer DEFAULT 3, direction text DEFAULT 'in', types text[] DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(format('%s:%s', distance, keys), ' ' ORDER BY distance) FROM (
		SELECT distance, string_agg(key, ',' ORDER BY key) AS keys
		FROM pt_blast_radius(start, hops, direction, types, graph => graph) GROUP BY distance) s $$;

-- who depends on D: B, C, F at 1; A, E at 2. On A: nobody.
SELECT * FROM pt_blast_radius('D', graph => 'g8') ORDER BY distance, key;
SELECT * FROM pt_blast_radius('A', graph => 'g8') ORDER BY distance, key;
SELECT * FROM pt_blast_radius('5', NULL, graph => 'g5') ORDER BY distance, key;
-- what A depends on: B and C at 1, D at 2, E at 3, F at 4
SELECT * FROM pt_blast_radius('A', NULL, 'out', graph => 'g8') ORDER BY distance, key;
SELECT * FROM pt_blast_radius('1', 10, 'out', graph => 'g5') ORDER BY distance, key;

-- every start, every direction
SELECT s AS start, blast('g8', s, NULL) AS "in", blast('g8', s, NULL, 'out') AS "out", blast('g8', s, NULL, 'both') AS "both"
FROM unnest(ARRAY['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H']) s ORDER BY s;
SELECT s AS start, blast('g5', s::text, NULL) AS "in", blast('g5', s::text, NULL, 'out') AS "out", blast('g5', s::text, NULL, 'both') AS "both"
FROM generate_series(1, 5) s ORDER BY s;

-- every bound
SELECT h AS hops, blast('g8', 'D', h) AS "in", blast('g8', 'A', h, 'out') AS "out", blast('g8', 'F', h, 'both') AS "both"
FROM unnest(ARRAY[0, 1, 2, 3, 4, 5, 2147483647, NULL]) WITH ORDINALITY h(h, i) ORDER BY i;
-- the default is 3 hops
SELECT count(*), max(distance) FROM pt_blast_radius('5', graph => 'g5');

-- labels: F->D has none, so a filter never follows it
SELECT l.types, blast('g8', 'D', NULL, 'in', l.types) AS "in", blast('g8', 'A', NULL, 'out', l.types) AS "out"
FROM (VALUES (1, '{Calls}'::text[]), (2, '{Uses}'), (3, '{Calls,Uses}'), (4, '{Uses,Calls,Uses}'), (5, '{calls}'), (6, '{}'), (7, NULL)) l(i, types)
ORDER BY i;

-- counts by hop
SELECT * FROM pt_blast_radius_summary('D', graph => 'g8') ORDER BY distance;
SELECT * FROM pt_blast_radius_summary('A', NULL, 'out', graph => 'g8') ORDER BY distance;
SELECT * FROM pt_blast_radius_summary('A', graph => 'g8') ORDER BY distance;
SELECT * FROM pt_blast_radius_summary('1', 2, 'out', graph => 'g5') ORDER BY distance;
SELECT * FROM pt_blast_radius_summary('D', 0, graph => 'g8') ORDER BY distance;
SELECT * FROM pt_blast_radius_summary('A', NULL, 'out', '{Calls}', graph => 'g8') ORDER BY distance;
SELECT pt_blast_radius_count('D', graph => 'g8'), pt_blast_radius_count('A', NULL, 'out', graph => 'g8'), pt_blast_radius_count('A', graph => 'g8'),
	pt_blast_radius_count('1', 2, 'out', graph => 'g5'), pt_blast_radius_count('D', 0, graph => 'g8'),
	pt_blast_radius_count('A', NULL, 'out', '{Calls}', graph => 'g8');

-- callers and callees
SELECT * FROM pt_callers('D', graph => 'g8') ORDER BY from_key;
SELECT * FROM pt_callees('A', graph => 'g8') ORDER BY to_key;
SELECT * FROM pt_callers('A', graph => 'g8') ORDER BY from_key;
SELECT * FROM pt_callers('D', '{Calls}', graph => 'g8') ORDER BY from_key;
SELECT * FROM pt_callees('A', '{Uses,Nothing}', graph => 'g8') ORDER BY to_key;
SELECT * FROM pt_callees('A', '{}', graph => 'g8') ORDER BY to_key;
SELECT * FROM pt_callers('3', graph => 'g5') ORDER BY from_key;
SELECT * FROM pt_callees('5', graph => 'g5') ORDER BY from_key;

-- breadth-first search; D is reached from A by B or by C
SELECT node, distance, CASE WHEN node = 'D' THEN 'B or C' ELSE parent END AS parent,
	   node <> 'D' OR parent IN ('B', 'C') AS parent_ok
FROM pt_bfs('g8', 'A'::text) ORDER BY distance, node;
SELECT * FROM pt_bfs('g8', 'D'::text) ORDER BY distance, node;
SELECT * FROM pt_bfs('g8', 'G'::text, direction => 'both') ORDER BY distance, node;
SELECT * FROM pt_bfs('g5', 3, direction => 'in') ORDER BY distance, node;
SELECT * FROM pt_bfs('g5', 3, direction => 'both') ORDER BY distance, node;
SELECT * FROM pt_bfs('g5', 1, hops => 0) ORDER BY distance, node;
SELECT * FROM pt_bfs('g5', 1, hops => 2) ORDER BY distance, node;
SELECT * FROM pt_multi_source_bfs('g8', ARRAY['E', 'G', 'E']) ORDER BY distance, node;
SELECT * FROM pt_multi_source_bfs('g5', ARRAY[2, 4]) ORDER BY distance, node;
SELECT * FROM pt_multi_source_bfs('g5_adjacency', ARRAY[2, 4], direction => 'in') ORDER BY distance, node;

-- parallel edges, edges to oneself, and edges that are none
CREATE TABLE odd (f bigint, t bigint, kind integer);
CREATE INDEX odd_adjacency ON odd USING adjacency (f, t, kind);
INSERT INTO odd VALUES (1, 1, 1), (1, 2, 1), (1, 2, 1), (1, 2, 2), (2, 1, 3), (3, 3, NULL), (4, NULL, 1), (NULL, 5, 1), (NULL, NULL, NULL), (2, 6, NULL);
SELECT * FROM pt_bfs('odd', 1::bigint) ORDER BY distance, node;
SELECT * FROM pt_bfs('odd', 1::bigint, direction => 'both') ORDER BY distance, node;
SELECT * FROM pt_bfs('odd', 3::bigint) ORDER BY distance, node;
SELECT * FROM pt_bfs('odd', 2::bigint, edge_types => '{3,1}') ORDER BY distance, node;
SELECT * FROM pt_callers('1', graph => 'odd') ORDER BY from_key, edge_type;
SELECT * FROM pt_callees('1', graph => 'odd') ORDER BY to_key, edge_type;
SELECT * FROM pt_callees('1', '{2}', graph => 'odd') ORDER BY to_key, edge_type;
SELECT * FROM pt_blast_radius('3', NULL, 'both', graph => 'odd') ORDER BY distance, key;
SELECT * FROM pt_bfs('odd', 4::bigint, missing_ok => true) ORDER BY distance, node;
SELECT * FROM pt_bfs('odd', 5::bigint, missing_ok => true) ORDER BY distance, node;

-- the extremes of each integer type, and starts of any width
CREATE TABLE wide (f bigint, t bigint);
CREATE INDEX wide_adjacency ON wide USING adjacency (f, t);
INSERT INTO wide VALUES (1, -9223372036854775808), (-9223372036854775808, 9223372036854775807), (9223372036854775807, 0), (0, -1), (-1, 32767);
SELECT * FROM pt_bfs('wide', 1::bigint) ORDER BY distance;
SELECT * FROM pt_bfs('wide', 1::smallint, hops => 0) ORDER BY distance;
SELECT * FROM pt_bfs('wide', 0::smallint) ORDER BY distance;
SELECT * FROM pt_bfs('wide', 0) ORDER BY distance;
SELECT * FROM pt_multi_source_bfs('wide', ARRAY[0, -1]::smallint[]) ORDER BY distance, node;
SELECT * FROM pt_blast_radius('32767', NULL, graph => 'wide') ORDER BY distance;
CREATE TABLE small (f smallint, t smallint);
CREATE INDEX small_adjacency ON small USING adjacency (f, t);
INSERT INTO small VALUES (-32768, 32767), (32767, 0);
SELECT * FROM pt_bfs('small', (-32768)::smallint) ORDER BY distance;
SELECT * FROM pt_bfs('small', -32768) ORDER BY distance;
SELECT * FROM pt_bfs('small', -32768::bigint) ORDER BY distance;
SELECT node, distance, parent IN (-32768, 0) AS parent_ok FROM pt_multi_source_bfs('small', ARRAY[-32768, 0]::bigint[], direction => 'both') ORDER BY distance, node;

-- uuids, also by their text
CREATE TABLE ids (f uuid, t uuid);
CREATE INDEX ids_adjacency ON ids USING adjacency (f, t);
INSERT INTO ids VALUES ('00000000-0000-0000-0000-000000000001', 'ffffffff-ffff-ffff-ffff-ffffffffffff'),
	('ffffffff-ffff-ffff-ffff-ffffffffffff', '00000000-0000-0000-0000-000000000000');
SELECT * FROM pt_bfs('ids', '00000000-0000-0000-0000-000000000001'::uuid) ORDER BY distance;
SELECT * FROM pt_blast_radius('{00000000-0000-0000-0000-000000000000}', 1, graph => 'ids');
SELECT * FROM pt_blast_radius('FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', NULL, 'both', graph => 'ids') ORDER BY key;
SELECT * FROM pt_callers('ffffffffffffffffffffffffffffffff', graph => 'ids') ORDER BY from_key;

-- names that need quotes, columns dropped and added, a source_location of another type
CREATE DOMAIN location AS text;
CREATE TABLE "Weird Table" ("Sou""rce" text, dropped integer, "tar get" text, "select" varchar, "table" text);
ALTER TABLE "Weird Table" DROP COLUMN dropped;
CREATE INDEX "I x" ON "Weird Table" USING adjacency ("Sou""rce", "tar get", "select");
INSERT INTO "Weird Table" VALUES ('a', 'b', 'l'), ('b', 'c', 'l');
ALTER TABLE "Weird Table" ADD COLUMN source_location location DEFAULT 'unknown:0';
INSERT INTO "Weird Table" VALUES ('c', 'd', NULL, NULL, 'x:1');
SELECT * FROM pt_callees('a', graph => '"Weird Table"');
SELECT * FROM pt_callers('d', graph => '"I x"');
SELECT * FROM pt_bfs('"Weird Table"', 'a'::text, edge_types => '{l}') ORDER BY distance;
CREATE TABLE lines (f integer, t integer, source_location integer);
CREATE INDEX lines_adjacency ON lines USING adjacency (f, t);
INSERT INTO lines VALUES (1, 2, 42), (1, 3, NULL);
SELECT * FROM pt_callees('1', graph => 'lines') ORDER BY to_key;
CREATE TABLE added (x integer);
INSERT INTO added VALUES (0);
ALTER TABLE added ADD COLUMN f integer DEFAULT 5, ADD COLUMN t integer DEFAULT 6;
CREATE INDEX added_adjacency ON added USING adjacency (f, t);
INSERT INTO added VALUES (0, 6);
SELECT * FROM pt_bfs('added', 5) ORDER BY distance;

-- an empty graph
CREATE TABLE empty (f integer, t integer);
CREATE INDEX empty_adjacency ON empty USING adjacency (f, t);
SELECT * FROM pt_bfs('empty', 1, missing_ok => true);
SELECT * FROM pt_multi_source_bfs('empty', '{}'::integer[]);
SELECT * FROM pt_blast_radius('1', missing_ok => true, graph => 'empty');
SELECT * FROM pt_blast_radius_summary('1', missing_ok => true, graph => 'empty');
SELECT * FROM pt_callers('1', missing_ok => true, graph => 'empty');
SELECT nodes, edges, dead_entries FROM pt_graph_status('empty');
SELECT nodes, edges, dead_entries, index FROM pt_graph_status('g8');
SELECT nodes, edges, dead_entries, index FROM pt_graph_status('odd_adjacency');

-- wherever a function may stand: in a list of columns, joined, in a subquery
SELECT pt_bfs('g5', 1) ORDER BY 1 LIMIT 2;
SELECT g5.f, b.node FROM g5, LATERAL pt_bfs('g5', g5.f, hops => 1) b ORDER BY 1, 2;
SELECT count(*) FROM g5 WHERE t IN (SELECT node FROM pt_bfs('g5', 3));
SELECT s.start, (SELECT count(*) FROM pt_blast_radius(s.start, NULL, 'both', graph => 'g8')) AS n
FROM unnest(ARRAY['A', 'G']) s(start) ORDER BY 1;
SELECT x.node, y.node FROM pt_bfs('g5', 4) x, pt_bfs('g5', x.node, direction => 'in', hops => 1) y ORDER BY 1, 2;

-- the tables of the extension are the default graph
BEGIN;
TRUNCATE pt_entity, pt_edge;
INSERT INTO pt_edge (from_key, to_key, source_location) SELECT f, t, source_location FROM g8;
SELECT * FROM pt_blast_radius('D') ORDER BY distance, key;
SELECT * FROM pt_blast_radius_summary('D', direction => 'out') ORDER BY distance;
SELECT * FROM pt_callers('D', '{Calls}') ORDER BY from_key;
SELECT * FROM pt_callees('D') ORDER BY to_key;
SELECT * FROM pt_bfs('pt_edge', 'G'::text) ORDER BY distance;
SELECT index, nodes, edges FROM pt_graph_status();
SELECT index, nodes, edges FROM pt_graph_status('pt_edge_adjacency');
ROLLBACK;

DROP SCHEMA pt_golden CASCADE;
