--
-- The writing functions, and writing without them: whatever a client does to
-- the tables, the next query sees it.
--
SET client_min_messages = warning;
SET client_encoding = 'UTF8';
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_write;
SET search_path = pt_write, public;
TRUNCATE pt_entity, pt_edge;

CREATE FUNCTION outcome(command text, OUT state text, OUT message text, OUT detail text)
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE command;
	state := 'ok';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	detail := nullif(detail, '');
END $$;

-- One line: the whole component of a key.
CREATE FUNCTION around(key text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(distance || ':' || key, ' ' ORDER BY distance, key COLLATE "C")
	FROM pt_blast_radius(key, NULL, 'both', missing_ok => true) $$;

CREATE VIEW entities AS
	SELECT key, name, entity_type AS type, entity_class AS class, language AS lang, file_path AS file,
		   line_start AS first, line_end AS last, signature, code, properties
	FROM pt_entity ORDER BY key COLLATE "C";
CREATE VIEW edges AS SELECT * FROM pt_edge ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C";

-- ---------------------------------------------------------------------------
-- pt_insert_entity: a value given replaces, an absent one stays.
-- ---------------------------------------------------------------------------
SELECT pt_insert_entity('c:fn:main:src/main.c:1-20', entity_type => 'function', language => 'c', file_path => 'src/main.c');
SELECT * FROM entities;
SELECT pt_insert_entity('c:fn:main:src/main.c:1-20', name => 'main', line_start => 1, line_end => 20);
SELECT pt_insert_entity('c:fn:main:src/main.c:1-20', 'method', signature => '{"a": [1]}', properties => '{"x": 1}', code => '', entity_class => 'CODE');
SELECT * FROM entities;
SELECT pt_insert_entity('c:fn:main:src/main.c:1-20', signature => 'null', properties => '{"y": 2}');
SELECT pt_insert_entity('c:fn:main:src/main.c:1-20');
SELECT signature, properties, name, type FROM entities;
SELECT pt_insert_entity(key => 'positional', entity_type => 't', name => 'n', entity_class => 'TEST', language => 'l',
	file_path => 'f', line_start => -1, line_end => 0, signature => '[]', code => 'c', properties => '{}');
SELECT * FROM entities WHERE key = 'positional';
SELECT pt_insert_entity('positional', 't2', 'n2', 'c2', 'l2', 'f2', 3, 4, '"s"', 'code', '{"p": null}');
SELECT * FROM entities WHERE key = 'positional';
-- updated_at moves with a write, even one that changes nothing, and only for that entity
UPDATE pt_entity SET updated_at = '2000-01-01';
SELECT pt_insert_entity('positional');
SELECT key, updated_at = '2000-01-01' AS old FROM pt_entity ORDER BY key;

-- ---------------------------------------------------------------------------
-- pt_insert_entities
-- ---------------------------------------------------------------------------
TRUNCATE pt_entity;
SELECT pt_insert_entities('[
	{"key": "b", "name": "B", "entity_type": "function", "entity_class": "CODE", "language": "c", "file_path": "b.c",
	 "line_start": 1, "line_end": 9, "signature": {"args": []}, "code": "int b;", "properties": {"p": 1}, "complexity": 7, "tags": ["x", "y"]},
	{"key": "a", "unknown": null, "nested": {"deep": {"deeper": true}}},
	{"key": "c", "line_start": 12, "name": null}]');
SELECT * FROM entities;
-- absent stays, given replaces, null is absent; unknown fields merge into what is there
SELECT pt_insert_entities('[{"key": "b", "name": "B2", "entity_type": null, "complexity": 8, "more": 1}]');
SELECT * FROM entities WHERE key = 'b';
SELECT pt_insert_entities('[{"key": "b", "properties": {"q": 2}}]');
SELECT properties FROM entities WHERE key = 'b';
-- duplicates: one row, and the last value of each field
SELECT pt_insert_entities('[{"key": "d", "name": "first", "language": "c", "x": 1}, {"key": "e"},
	{"key": "d", "name": "second", "y": 2}, {"key": "d", "file_path": "d.c", "x": 3}]');
SELECT * FROM entities WHERE key IN ('d', 'e');
SELECT pt_insert_entities('[]');
-- all or none
SELECT state, message, detail FROM outcome($$SELECT pt_insert_entities('[{"key": "z1"}, {"key": "z2"}, {"name": "no key"}, {"key": "z3"}]')$$);
SELECT count(*) FROM pt_entity WHERE key LIKE 'z%';
-- names of fields are exact: others are properties
SELECT pt_insert_entities('[{"key": "f", "Name": "x", "updated_at": "2000-01-01", "KEY": "g"}]');
SELECT * FROM entities WHERE key IN ('f', 'g');
SELECT updated_at > '2020-01-01' AS now FROM pt_entity WHERE key = 'f';

-- ---------------------------------------------------------------------------
-- Edges.
-- ---------------------------------------------------------------------------
SELECT pt_insert_edge('a', 'b'), pt_insert_edge('a', 'b'), pt_insert_edge('a', 'b', 'Uses', 'a.c:1'), pt_insert_edge('b', 'a', source_location => 'b.c:1');
SELECT pt_insert_edge('a', 'b', source_location => 'a.c:7');
SELECT pt_insert_edge('a', 'b', 'Uses');
SELECT * FROM edges;
SELECT around('a'), around('b'), around('nobody');
SELECT pt_insert_edges('[
	{"from_key": "b", "to_key": "c"},
	{"from_key": "b", "to_key": "c", "edge_type": "Uses", "source_location": "b.c:2"},
	{"from_key": "c", "to_key": "c", "edge_type": "Extends"},
	{"from_key": "b", "to_key": "c", "edge_type": "Uses", "source_location": "b.c:3"},
	{"from_key": "a", "to_key": "b", "edge_type": "Uses"}]');
SELECT * FROM edges;
SELECT around('a');
SELECT pt_insert_edges('[]');
SELECT state, message, detail FROM outcome($$SELECT pt_insert_edges('[{"from_key": "z1", "to_key": "z2"}, {"from_key": "z2", "to_key": ""}]')$$);
SELECT around('z1');
-- pt_delete_entity
SELECT pt_delete_entity('c'), pt_delete_entity('c');
SELECT * FROM edges;
SELECT pt_delete_entity('c', true);
SELECT * FROM edges;
SELECT around('a');
SELECT pt_delete_entity('b', true), around('a'), around('b');
SELECT * FROM edges;
SELECT pt_delete_entity('a', NULL), pt_delete_entity('e', with_edges => false);

-- several writes within one command: each call sees those before it
SELECT count(*) FILTER (WHERE pt_insert_edge('chain' || i, 'chain' || i + 1)) AS new FROM generate_series(1, 50) i;
SELECT max(distance) FROM pt_blast_radius('chain51', NULL);
SELECT sum(pt_insert_edges(jsonb_build_array(jsonb_build_object('from_key', 'chain' || i, 'to_key', 'chain' || i + 1)))) FROM generate_series(40, 60) i;
SELECT max(distance) FROM pt_blast_radius('chain61', NULL);

-- a batch of size, in no order, twice
SELECT pt_insert_entities(jsonb_agg(jsonb_build_object('key', 'n' || md5(i::text), 'name', i::text, 'i', i))) FROM generate_series(1, 3000) i;
SELECT pt_insert_edges(jsonb_agg(jsonb_build_object('from_key', 'n' || md5(i::text), 'to_key', 'n' || md5((i + 1)::text)))) FROM generate_series(1, 3000) i;
SELECT pt_insert_edges(jsonb_agg(jsonb_build_object('from_key', 'n' || md5(i::text), 'to_key', 'n' || md5((i + 1)::text)))) FROM generate_series(1, 3000) i;
SELECT count(*), max(distance) FROM pt_blast_radius('n' || md5('3001'), NULL);
SELECT count(*), sum((properties->>'i')::int) FROM pt_entity WHERE key LIKE 'n%' AND properties ? 'i';

-- ---------------------------------------------------------------------------
-- Any client may write the tables: each change is in the next query.
-- ---------------------------------------------------------------------------
TRUNCATE pt_entity, pt_edge;
SELECT around('a');
INSERT INTO pt_edge (from_key, to_key) VALUES ('a', 'b'), ('b', 'c');
SELECT around('a');
COPY pt_edge FROM stdin;
c	d	Calls	c.c:1
d	e	Uses	\N
\.
SELECT around('a');
COPY pt_edge (from_key, to_key) FROM stdin WITH (FORMAT csv);
e,f
"f","g ""quoted"""
\.
SELECT around('a');
UPDATE pt_edge SET to_key = 'x' WHERE from_key = 'c';
SELECT around('a'), around('d');
UPDATE pt_edge SET source_location = 'somewhere';
SELECT around('a'), around('d');
UPDATE pt_edge SET from_key = 'x' WHERE from_key = 'd';
SELECT around('a');
DELETE FROM pt_edge WHERE from_key = 'b';
SELECT around('a'), around('c');
INSERT INTO pt_edge VALUES ('a', 'b', 'Calls', 'again') ON CONFLICT DO NOTHING;
INSERT INTO pt_edge VALUES ('a', 'b', 'Calls', 'again') ON CONFLICT (from_key, to_key, edge_type) DO UPDATE SET source_location = excluded.source_location;
INSERT INTO pt_edge VALUES ('a', 'b', 'Calls', 'again'), ('b', 'c', 'Calls', 'new') ON CONFLICT (from_key, to_key, edge_type) DO UPDATE SET to_key = 'y';
SELECT around('a'), around('b');
SELECT * FROM edges;
MERGE INTO pt_edge t USING (VALUES ('a', 'y'), ('y', 'w'), ('b', 'c')) s(f, t) ON t.from_key = s.f AND t.to_key = s.t
	WHEN MATCHED AND s.f = 'b' THEN DELETE
	WHEN MATCHED THEN UPDATE SET edge_type = 'Uses'
	WHEN NOT MATCHED THEN INSERT VALUES (s.f, s.t, 'Calls', NULL);
SELECT around('a'), around('b');
WITH moved AS (DELETE FROM pt_edge WHERE from_key = 'x' RETURNING *)
INSERT INTO pt_edge SELECT 'w', to_key, edge_type, source_location FROM moved;
SELECT around('a');
BEGIN;
TRUNCATE pt_edge;
SELECT around('a');
ROLLBACK;
SELECT around('a');
\set VERBOSITY sqlstate
INSERT INTO pt_edge VALUES ('', 'b');
INSERT INTO pt_edge VALUES (NULL, 'b');
INSERT INTO pt_edge VALUES ('a', 'b', NULL);
INSERT INTO pt_edge VALUES ('a', 'y', 'Uses');
INSERT INTO pt_entity (key) VALUES ('');
INSERT INTO pt_entity (key, properties) VALUES ('k', NULL);
\set VERBOSITY default
SELECT around('a');

-- ---------------------------------------------------------------------------
-- Keys are opaque.
-- ---------------------------------------------------------------------------
TRUNCATE pt_edge;
CREATE TABLE strange (i serial, key text);
INSERT INTO strange (key) VALUES
	('rust:fn:main:__src_main_rs:1-10'), ('rust:impl:List<Vec<Option<T>>>::new:src/a::b.rs:1-2'), ('it''s "quoted"'),
	('back\slash\\'), ('{"json": [1, 2]}'), ('{a,b}'), ('NULL'), ('null'), (' leading and trailing '), (' '), (E'tab\tnewline\ncr\r'),
	('$1'), ('%s'), (''';DROP TABLE pt_edge;--'), ('é'), ('é'), ('🐍🐍'), ('日本語'),
	('A'), ('a'), ('a '), ('aa'), (repeat('k', 232)), (repeat('k', 233)), (repeat('long/', 500)),
	(repeat('x', 2040)), (repeat('x', 2041)), (E'\x01'), ('0'), ('00'), ('-'), ('--'), ('true');
INSERT INTO pt_edge SELECT x.key, y.key, 'Calls', NULL FROM strange x JOIN strange y ON y.i = x.i + 1;
SELECT count(*) AS keys, max(distance) AS farthest,
	   (SELECT count(*) FROM strange s WHERE NOT EXISTS (SELECT FROM pt_bfs('pt_edge', 'rust:fn:main:__src_main_rs:1-10'::text) b WHERE b.node = s.key AND b.distance = s.i - 1)) AS missing
FROM pt_blast_radius('rust:fn:main:__src_main_rs:1-10', NULL, 'out');
SELECT i, octet_length(key), (SELECT key = (SELECT key FROM strange p WHERE p.i = s.i - 1) FROM pt_blast_radius(s.key, 1)) AS caller,
	   (SELECT string_agg(md5(to_key), '') = md5((SELECT key FROM strange n WHERE n.i = s.i + 1)) FROM pt_callees(s.key)) AS callee
FROM strange s ORDER BY i;

-- Keys too long for a btree, in a table without one: in line, compressed, out
-- of line, and both.
CREATE TABLE long (f text, t text, note text);
CREATE INDEX long_adjacency ON long USING adjacency (f, t);
CREATE FUNCTION long_key(i integer, kind text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT kind || i || CASE kind
		WHEN 'compressible' THEN repeat('abcdefghij', 1000)
		WHEN 'random' THEN (SELECT string_agg(md5(kind || i || n), '' ORDER BY n) FROM generate_series(1, 320) n)
		WHEN 'huge' THEN repeat('0123456789', 20000)
		ELSE '' END $$;
INSERT INTO long SELECT long_key(i, k), long_key(i + 1, k)
FROM generate_series(1, 20) i, unnest(ARRAY['plain', 'compressible', 'random', 'huge']) k;
INSERT INTO long SELECT long_key(21, a), long_key(1, b) FROM (VALUES ('plain', 'compressible'), ('compressible', 'random'), ('random', 'huge')) v(a, b);
SELECT count(*), max(distance), sum(length(key)) FROM pt_blast_radius('plain1', NULL, 'out', graph => 'long');
SELECT k, (SELECT count(*) FROM pt_bfs('long', long_key(11, k), hops => 3) b WHERE b.node = long_key(11 + b.distance, k)) AS nodes
FROM unnest(ARRAY['plain', 'compressible', 'random', 'huge']) k ORDER BY k;
SELECT count(*), sum(length(from_key)) FROM pt_callers(long_key(5, 'random'), graph => 'long');
ALTER TABLE long ALTER f SET STORAGE EXTERNAL, ALTER t SET STORAGE EXTERNAL;
INSERT INTO long VALUES (long_key(21, 'huge'), long_key(1, 'external')), (long_key(1, 'external'), long_key(2, 'huge'));
SELECT distance, left(node, 8) AS node FROM pt_bfs('long', long_key(20, 'huge'), hops => 3) ORDER BY distance;
UPDATE long SET note = 'hot';
REINDEX INDEX long_adjacency;
SELECT count(*), max(distance), sum(length(key)) FROM pt_blast_radius('plain1', NULL, 'out', graph => 'long');
SELECT * FROM pt_check_index('long_adjacency');
-- an unknown key is named in the message, but not at any length
SELECT state, length(message) < 10000 AS short FROM outcome($$SELECT pt_blast_radius(repeat('no', 50000), graph => 'long')$$);
DELETE FROM long WHERE f = long_key(21, 'random');
SELECT count(*) FROM pt_blast_radius('plain1', NULL, 'out', graph => 'long');

SELECT * FROM pt_check_index('pt_edge_adjacency');
TRUNCATE pt_entity, pt_edge;
DROP SCHEMA pt_write CASCADE;
