-- What a newcomer gets wrong, and what the message says to do about it. Each hint
-- that can be followed is followed.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA mistakes;
SET search_path = mistakes, public;
\set SHOW_CONTEXT always

-- a weight as the third column, and none at all
CREATE TABLE road (a text, b text, minutes numeric);
INSERT INTO road VALUES ('home', 'park', 4), ('park', 'pier', 2.5);
CREATE INDEX ON road USING adjacency (a, b, minutes);
CREATE INDEX ON road USING adjacency (a, b);
SELECT pt_dijkstra('road', 'home');
CREATE INDEX ON road USING adjacency (a, b) INCLUDE (minutes);
SELECT * FROM pt_dijkstra('road', 'home');
SELECT pt_dijkstra_path('home', 'pier');

-- the graph where the key stands
SELECT pt_blast_radius('road');
SELECT key FROM pt_blast_radius('park', graph => 'road');

-- a name for a key: the code that has it comes before placeholders, whose keys are short
SELECT pt_create_codebase('mistakes_code');
SELECT pt_insert_entity('rust:fn:load:./src/a_long_way/down/io.rs:3-20', graph => 'mistakes_code.pt_edge');
SELECT count(*) FROM unnest('{load:unknown:0-0,load:external-dependency-x:0-0,load:unresolved-reference:0-0}'::text[]) AS k,
	LATERAL (SELECT pt_insert_edge('rust:fn:main:./src/main.rs:1-9', 'rust:fn:' || k, graph => 'mistakes_code.pt_edge') OFFSET 0) AS e;
SELECT pt_blast_radius('load', graph => 'mistakes_code.pt_edge');
SELECT pt_drop_codebase('mistakes_code');

-- an integer where a type of nodes is told by bigint
SELECT pt_pagerank('road', NULL::integer);

-- a text that is no node
CREATE TABLE link (a bigint, b bigint);
INSERT INTO link VALUES (1, 2);
CREATE INDEX ON link USING adjacency (a, b);
SELECT pt_bfs('link', 'one');
SELECT pt_reachable(1, 9223372036854775808, graph => 'link');

-- columns of which an index takes none: to create one is no advice then
CREATE TABLE measured (a numeric, b numeric);
INSERT INTO measured VALUES (1.5, 2.5);
SELECT count(*) FROM pt_bfs('measured', '1.5');
SELECT pt_bfs('measured', 1);
-- integers of two widths, and what are not
CREATE TABLE mixed (a integer, b bigint);
INSERT INTO mixed VALUES (1, 2);
SELECT count(*) FROM pt_bfs('mixed', 1);
CREATE INDEX ON mixed USING adjacency (a, b);
SELECT count(*) FROM pt_bfs('mixed', 1);
CREATE TABLE different (a integer, b text);
SELECT count(*) FROM pt_bfs('different', 1);
CREATE INDEX ON different USING adjacency (a, b);
ALTER TABLE different ALTER COLUMN b TYPE integer USING b::integer;
CREATE INDEX ON different USING adjacency (a, b);

-- columns that need not be ends of edges: an index tells, or a view that names them
CREATE TABLE payment (id bigint, amount bigint);
INSERT INTO payment VALUES (1, 2);
SELECT pt_bfs('payment', 1);
CREATE TABLE known (who text, whom text, since date);
INSERT INTO known VALUES ('ann', 'bob', '2020-01-01');
SELECT pt_bfs('known', 'ann');
CREATE INDEX ON known USING adjacency (who, whom);
SELECT node FROM pt_bfs('known', 'ann');
CREATE VIEW knows AS SELECT who, whom FROM known;
SELECT pt_bfs('knows', 'ann');
CREATE VIEW known_by AS SELECT whom AS source, who AS target FROM known;
SELECT node FROM pt_bfs('known_by', 'bob');

-- no graph is named, and the default one has nothing
CREATE TABLE nothing (source text, target text);
CREATE INDEX ON nothing USING adjacency (source, target);
SET parseltongue.graph = 'mistakes.nothing';
SELECT pt_path('ann', 'bob');
RESET parseltongue.graph;
SELECT node FROM pt_path('ann', 'bob', graph => 'known');

-- a view that one may not read
CREATE ROLE mistakes_other;
GRANT USAGE ON SCHEMA mistakes TO mistakes_other;
SET ROLE mistakes_other;
SELECT pt_bfs('known_by', 'bob');
RESET ROLE;
DROP OWNED BY mistakes_other;
DROP ROLE mistakes_other;

-- a setting that names nothing
SET parseltongue.graph = 'mistakes.nowhere';
SELECT pt_blast_radius('x');
SELECT pt_insert_edge('x', 'y');
SET parseltongue.graph = 'no_schema.nowhere';
SELECT pt_default_graph();
RESET parseltongue.graph;

-- an index that has parts
CREATE TABLE parts (a integer, b integer) PARTITION BY HASH (a);
CREATE TABLE part PARTITION OF parts FOR VALUES WITH (modulus 1, remainder 0);
CREATE INDEX parts_graph ON parts USING adjacency (a, b);
SELECT pt_check_index('parts_graph');
SELECT pt_check_index('part_a_b_idx');

DROP SCHEMA mistakes CASCADE;
