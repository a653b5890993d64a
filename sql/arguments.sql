--
-- Every wrong argument of every function: its SQLSTATE, message and hint.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_arguments;
SET search_path = pt_arguments, public;

-- Runs a query and shows how it ended; warnings go their own way.
CREATE FUNCTION outcome(command text, OUT state text, OUT message text, OUT detail text, OUT hint text)
LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	EXECUTE command;
	GET DIAGNOSTICS n = ROW_COUNT;
	state := 'ok';
	message := n || ' rows';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
		detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	detail := nullif(detail, '');
	hint := nullif(hint, '');
END $$;

CREATE TABLE calls (f text, t text, kind text, source_location text);
CREATE INDEX calls_adjacency ON calls USING adjacency (f, t, kind);
INSERT INTO calls VALUES ('main', 'parse_file', 'Calls'), ('parse_file', 'parse_line', 'Calls'),
	('parse_line', 'emit', 'Uses'), ('emit', 'main', NULL);
CREATE TABLE numbers (a integer, b integer);
CREATE INDEX numbers_adjacency ON numbers USING adjacency (a, b);
INSERT INTO numbers SELECT i, i + 1 FROM generate_series(1, 20) i;
CREATE TABLE labelled (a bigint, b bigint, kind smallint);
CREATE INDEX labelled_adjacency ON labelled USING adjacency (a, b, kind);
INSERT INTO labelled VALUES (1, 2, 1), (2, 3, 2), (3, 4000000000, 1), (4, 70000, NULL);
CREATE TABLE ids (a uuid, b uuid);
CREATE INDEX ids_adjacency ON ids USING adjacency (a, b);
INSERT INTO ids VALUES ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002');

\x on
-- ---------------------------------------------------------------------------
-- Bounds and directions, the same in each function that takes them.
-- ---------------------------------------------------------------------------
SELECT q AS query, o.*
FROM unnest(ARRAY[
	$$SELECT pt_blast_radius('main', -1, graph => 'calls')$$,
	$$SELECT pt_blast_radius('main', -2147483648, graph => 'calls')$$,
	$$SELECT pt_blast_radius_summary('main', -1, graph => 'calls')$$,
	$$SELECT pt_blast_radius_count('main', -1, graph => 'calls')$$,
	$$SELECT pt_bfs('calls', 'main'::text, -1)$$,
	$$SELECT pt_bfs('numbers', 1, -1)$$,
	$$SELECT pt_multi_source_bfs('numbers', ARRAY[1], -1)$$,
	$$SELECT pt_blast_radius('main', 1, 'sideways', graph => 'calls')$$,
	$$SELECT pt_blast_radius('main', 1, '', graph => 'calls')$$,
	$$SELECT pt_blast_radius('main', 1, 'IN', graph => 'calls')$$,
	$$SELECT pt_blast_radius('main', 1, 'inn', graph => 'calls')$$,
	$$SELECT pt_blast_radius_summary('main', 1, ' in', graph => 'calls')$$,
	$$SELECT pt_bfs('numbers', 1, direction => 'up')$$,
	$$SELECT pt_blast_radius('main', max_nodes => -1, graph => 'calls')$$,
	$$SELECT pt_blast_radius('main', max_nodes => -9223372036854775808, graph => 'calls')$$,
	$$SELECT pt_blast_radius_summary('main', max_nodes => -1, graph => 'calls')$$,
	$$SELECT pt_bfs('numbers', 1, max_nodes => -1)$$,
	$$SELECT pt_multi_source_bfs('numbers', '{}'::integer[], -1)$$,
	$$SELECT pt_multi_source_bfs('numbers', '{}'::integer[], direction => 'up')$$]) WITH ORDINALITY q(q, i),
	LATERAL outcome(q) o
ORDER BY i;

-- ---------------------------------------------------------------------------
-- NULL in each position.
-- ---------------------------------------------------------------------------
SELECT q AS query, o.*
FROM unnest(ARRAY[
	$$SELECT pt_blast_radius(NULL, graph => 'calls')$$,
	$$SELECT pt_blast_radius(NULL, missing_ok => true, graph => 'calls')$$,
	$$SELECT pt_blast_radius('main', NULL, graph => 'calls')$$,
	$$SELECT pt_blast_radius('main', direction => NULL, graph => 'calls')$$,
	$$SELECT pt_blast_radius('main', edge_types => NULL, graph => 'calls')$$,
	$$SELECT pt_blast_radius('main', max_nodes => NULL, graph => 'calls')$$,
	$$SELECT pt_blast_radius('main', missing_ok => NULL, graph => 'calls')$$,
	$$SELECT pt_blast_radius('other', missing_ok => NULL, graph => 'calls')$$,
	$$SELECT pt_blast_radius('no such key', missing_ok => true, graph => NULL)$$,
	$$SELECT pt_blast_radius_summary(NULL, graph => 'calls')$$,
	$$SELECT pt_blast_radius_count(NULL, graph => 'calls')$$,
	$$SELECT pt_blast_radius_count('main', NULL, graph => 'calls')$$,
	$$SELECT pt_blast_radius_count('main', direction => NULL, graph => 'calls')$$,
	$$SELECT pt_blast_radius_count('main', missing_ok => NULL, graph => 'calls')$$,
	$$SELECT pt_blast_radius_summary('main', NULL, graph => 'calls')$$,
	$$SELECT pt_blast_radius_summary('main', direction => NULL, graph => 'calls')$$,
	$$SELECT pt_blast_radius_summary('main', max_nodes => NULL, graph => 'calls')$$,
	$$SELECT pt_blast_radius_summary('main', missing_ok => NULL, graph => 'calls')$$,
	$$SELECT pt_callers(NULL, graph => 'calls')$$,
	$$SELECT pt_callers('main', NULL, graph => 'calls')$$,
	$$SELECT pt_callers('main', missing_ok => NULL, graph => 'calls')$$,
	$$SELECT pt_callers('no such key', missing_ok => true, graph => NULL)$$,
	$$SELECT pt_callees(NULL, graph => 'calls')$$,
	$$SELECT pt_callees('main', NULL, graph => 'calls')$$,
	$$SELECT pt_callees('main', missing_ok => NULL, graph => 'calls')$$,
	$$SELECT pt_bfs(NULL, 1)$$,
	$$SELECT pt_bfs('numbers', NULL::integer)$$,
	$$SELECT pt_bfs('numbers', NULL::integer, missing_ok => true)$$,
	$$SELECT pt_multi_source_bfs('numbers', NULL::integer[])$$,
	$$SELECT pt_bfs('numbers', NULL::smallint)$$,
	$$SELECT pt_bfs('calls', NULL::text)$$,
	$$SELECT pt_multi_source_bfs('calls', NULL::text[])$$,
	$$SELECT pt_bfs('ids', NULL::uuid)$$,
	$$SELECT pt_bfs('numbers', 1, NULL)$$,
	$$SELECT pt_bfs('numbers', 1, direction => NULL)$$,
	$$SELECT pt_bfs('numbers', 1, edge_types => NULL)$$,
	$$SELECT pt_bfs('numbers', 1, max_nodes => NULL)$$,
	$$SELECT pt_bfs('numbers', 1, missing_ok => NULL)$$,
	$$SELECT pt_multi_source_bfs('numbers', ARRAY[1, NULL])$$,
	$$SELECT pt_multi_source_bfs('numbers', ARRAY[1, NULL], missing_ok => true)$$,
	$$SELECT pt_multi_source_bfs('calls', ARRAY['main', NULL])$$,
	$$SELECT pt_bfs('calls', 'main'::text, edge_types => ARRAY['Calls', NULL])$$,
	$$SELECT pt_blast_radius('main', edge_types => ARRAY[NULL]::text[], graph => 'calls')$$,
	$$SELECT pt_callers('main', ARRAY['Calls', NULL], graph => 'calls')$$,
	$$SELECT pt_callees('main', ARRAY['Calls', NULL], graph => 'calls')$$,
	$$SELECT pt_check_index(NULL)$$]) WITH ORDINALITY q(q, i),
	LATERAL outcome(q) o
ORDER BY i;

-- ---------------------------------------------------------------------------
-- Keys nobody knows.
-- ---------------------------------------------------------------------------
SELECT q AS query, o.*
FROM unnest(ARRAY[
	$$SELECT pt_blast_radius('parse_lin', graph => 'calls')$$,
	$$SELECT pt_blast_radius('PARSE_FILE', graph => 'calls')$$,
	$$SELECT pt_blast_radius('', graph => 'calls')$$,
	$$SELECT pt_blast_radius('main ', 0, graph => 'calls')$$,
	$$SELECT pt_blast_radius_summary('parse_lin', graph => 'calls')$$,
	$$SELECT pt_blast_radius_count('parse_lin', graph => 'calls')$$,
	$$SELECT pt_callers('parse_lin', graph => 'calls')$$,
	$$SELECT pt_callees('parse_lin', graph => 'calls')$$,
	$$SELECT pt_bfs('calls', 'zzz'::text)$$,
	$$SELECT pt_multi_source_bfs('calls', ARRAY['main', 'zzz'])$$,
	$$SELECT pt_bfs('numbers', 0)$$,
	$$SELECT pt_multi_source_bfs('numbers', ARRAY[1, 2, 99])$$,
	$$SELECT pt_bfs('numbers', 4000000000)$$,
	$$SELECT pt_bfs('ids', '00000000-0000-0000-0000-000000000003'::uuid)$$,
	$$SELECT pt_blast_radius('77', graph => 'numbers')$$,
	$$SELECT pt_blast_radius('99999999999', graph => 'numbers')$$,
	$$SELECT pt_blast_radius('zzz', missing_ok => true, graph => 'calls')$$,
	$$SELECT pt_blast_radius_summary('zzz', missing_ok => true, graph => 'calls')$$,
	$$SELECT pt_blast_radius_count('zzz', missing_ok => true, graph => 'calls')$$,
	$$SELECT pt_callers('zzz', missing_ok => true, graph => 'calls')$$,
	$$SELECT pt_callees('zzz', missing_ok => true, graph => 'calls')$$,
	$$SELECT pt_bfs('calls', 'zzz'::text, missing_ok => true)$$,
	$$SELECT pt_multi_source_bfs('calls', ARRAY['zzz', 'main', 'yyy'], missing_ok => true)$$,
	$$SELECT pt_bfs('numbers', 99, missing_ok => true)$$,
	$$SELECT pt_bfs('numbers', 4000000000, missing_ok => true)$$]) WITH ORDINALITY q(q, i),
	LATERAL outcome(q) o
ORDER BY i;

-- ---------------------------------------------------------------------------
-- Starts and keys of the wrong type; nodes that do not fit the start's type.
-- ---------------------------------------------------------------------------
SELECT q AS query, o.*
FROM unnest(ARRAY[
	$$SELECT pt_bfs('numbers', 'x'::text)$$,
	$$SELECT pt_bfs('numbers', '1'::text)$$,
	$$SELECT pt_bfs('calls', 1)$$,
	$$SELECT pt_multi_source_bfs('calls', ARRAY[1::smallint])$$,
	$$SELECT pt_bfs('ids', '00000000-0000-0000-0000-000000000001'::text)$$,
	$$SELECT pt_bfs('calls', '00000000-0000-0000-0000-000000000001'::uuid)$$,
	$$SELECT pt_bfs('ids', 1::bigint)$$,
	$$SELECT pt_bfs('labelled', 1::integer)$$,
	$$SELECT pt_bfs('labelled', 1::integer, 2)$$,
	$$SELECT pt_bfs('labelled', 4::smallint)$$,
	$$SELECT pt_multi_source_bfs('labelled', ARRAY[4]::smallint[])$$,
	$$SELECT pt_bfs('labelled', 1::bigint)$$,
	$$SELECT pt_blast_radius('x', graph => 'numbers')$$,
	$$SELECT pt_blast_radius('', graph => 'numbers')$$,
	$$SELECT pt_blast_radius('1.5', graph => 'numbers')$$,
	$$SELECT pt_blast_radius('x', missing_ok => true, graph => 'numbers')$$,
	$$SELECT pt_blast_radius_summary('99999999999999999999', graph => 'labelled')$$,
	$$SELECT pt_blast_radius(' 2 ', graph => 'numbers')$$,
	$$SELECT pt_callers('x', graph => 'numbers')$$,
	$$SELECT pt_callees('not a uuid', graph => 'ids')$$]) WITH ORDINALITY q(q, i),
	LATERAL outcome(q) o
ORDER BY i;

-- ---------------------------------------------------------------------------
-- Labels.
-- ---------------------------------------------------------------------------
SELECT q AS query, o.*
FROM unnest(ARRAY[
	$$SELECT pt_bfs('numbers', 1, edge_types => '{Calls}')$$,
	$$SELECT pt_bfs('numbers', 1, edge_types => '{}')$$,
	$$SELECT pt_callers('2', '{Calls}', graph => 'numbers')$$,
	$$SELECT pt_bfs('labelled', 1::bigint, edge_types => '{1}')$$,
	$$SELECT pt_bfs('labelled', 1::bigint, edge_types => '{1,2}')$$,
	$$SELECT pt_bfs('labelled', 1::bigint, edge_types => '{x}')$$,
	$$SELECT pt_bfs('labelled', 1::bigint, edge_types => '{70000}')$$,
	$$SELECT pt_bfs('labelled', 1::bigint, edge_types => '{}')$$,
	$$SELECT pt_bfs('labelled', 1::bigint, edge_types => '{9}')$$,
	$$SELECT pt_callees('1', '{x}', graph => 'labelled')$$,
	$$SELECT pt_bfs('calls', 'main'::text, edge_types => '{}')$$,
	$$SELECT pt_bfs('calls', 'main'::text, edge_types => '{"",nothing}')$$,
	$$SELECT pt_bfs('calls', 'main'::text, edge_types => '{Calls,Uses,Calls}')$$,
	$$SELECT pt_bfs('calls', 'main'::text, edge_types => '{{Calls},{Uses}}')$$,
	$$SELECT pt_bfs('calls', 'main'::text, edge_types => '[5:6]={Calls,Uses}')$$,
	$$SELECT pt_multi_source_bfs('numbers', ARRAY[[1, 2], [19, 20]])$$,
	$$SELECT pt_multi_source_bfs('numbers', '[0:1]={19,20}'::integer[])$$,
	$$SELECT pt_multi_source_bfs('numbers', '{}'::integer[])$$,
	$$SELECT pt_multi_source_bfs('numbers', ARRAY[20, 20, 20])$$]) WITH ORDINALITY q(q, i),
	LATERAL outcome(q) o
ORDER BY i;

-- ---------------------------------------------------------------------------
-- Graphs that are none.
-- ---------------------------------------------------------------------------
CREATE TABLE plain (a integer PRIMARY KEY, b integer);
CREATE TABLE twice (a integer, b integer);
CREATE INDEX twice_out ON twice USING adjacency (a, b);
CREATE INDEX twice_in ON twice USING adjacency (b, a);
INSERT INTO twice VALUES (1, 2);
CREATE VIEW seen AS SELECT * FROM numbers;
CREATE MATERIALIZED VIEW stored AS SELECT * FROM numbers;
CREATE SEQUENCE counted;
CREATE TYPE composite AS (a integer, b integer);
SELECT g AS graph, o.*
FROM unnest(ARRAY['plain', 'plain_pkey', 'twice', 'seen', 'stored', 'counted', 'composite', 'nowhere', '4294967295', '0', 'pg_class']) WITH ORDINALITY g(g, i),
	LATERAL outcome(format('SELECT pt_bfs(%L, 1)', g)) o
ORDER BY i;
SELECT q AS query, o.*
FROM unnest(ARRAY[
	$$SELECT pt_bfs('twice_out', 1)$$,
	$$SELECT pt_bfs('twice_in', 2)$$,
	$$SELECT pt_blast_radius('1', graph => 'plain')$$,
	$$SELECT pt_blast_radius_summary('1', graph => 'twice')$$,
	$$SELECT pt_callers('1', graph => 'seen')$$,
	$$SELECT pt_callees('1', graph => 'plain_pkey')$$,
	$$SELECT pt_graph_status('plain')$$,
	$$SELECT pt_graph_status('seen')$$,
	$$SELECT pt_graph_status(4294967295::oid)$$,
	$$SELECT pt_check_index('plain')$$,
	$$SELECT pt_check_index('plain_pkey')$$,
	$$SELECT pt_check_index('seen')$$,
	$$SELECT pt_check_index(4294967295::oid)$$,
	$$SELECT pt_check_index('numbers_adjacency')$$]) WITH ORDINALITY q(q, i),
	LATERAL outcome(q) o
ORDER BY i;
SELECT o.state, o.message ~ 'numbers' AS names_it, o.hint IS NOT NULL AS hinted FROM outcome($$SELECT pt_check_index('numbers')$$) o;

-- ---------------------------------------------------------------------------
-- Writing.
-- ---------------------------------------------------------------------------
BEGIN;
SELECT q AS query, o.*
FROM unnest(ARRAY[
	$$SELECT pt_insert_entity(NULL)$$,
	$$SELECT pt_insert_entity('')$$,
	$$SELECT pt_insert_entity('pt:k', properties => '[]')$$,
	$$SELECT pt_insert_entity('pt:k', properties => '"x"')$$,
	$$SELECT pt_insert_entity('pt:k', properties => 'null')$$,
	$$SELECT pt_insert_edge(NULL, 'b')$$,
	$$SELECT pt_insert_edge('a', NULL)$$,
	$$SELECT pt_insert_edge('', 'b')$$,
	$$SELECT pt_insert_edge('a', '')$$,
	$$SELECT pt_insert_edge('pt:a', 'pt:b', NULL)$$,
	$$SELECT pt_delete_entity(NULL)$$,
	$$SELECT pt_delete_entity('')$$,
	$$SELECT pt_delete_entity('pt:no such key')$$,
	$$SELECT pt_delete_entity('pt:no such key', NULL)$$,
	$$SELECT pt_insert_entities(NULL)$$,
	$$SELECT pt_insert_entities('{}')$$,
	$$SELECT pt_insert_entities('null')$$,
	$$SELECT pt_insert_entities('5')$$,
	$$SELECT pt_insert_entities('"x"')$$,
	$$SELECT pt_insert_entities('[]')$$,
	$$SELECT pt_insert_entities('[1]')$$,
	$$SELECT pt_insert_entities('[null]')$$,
	$$SELECT pt_insert_entities('[{"key":"pt:k"}, []]')$$,
	$$SELECT pt_insert_entities('[{"key":"pt:k"}, {"name":"x"}]')$$,
	$$SELECT pt_insert_entities('[{"key":"pt:k"}, {"key":null}]')$$,
	$$SELECT pt_insert_entities('[{"key":"pt:k"}, {"key":""}]')$$,
	$$SELECT pt_insert_entities('[{"key":5}]')$$,
	$$SELECT pt_insert_entities('[{"key":["a"]}]')$$,
	$$SELECT pt_insert_entities('[{"key":"pt:k","line_start":"x"}]')$$,
	$$SELECT pt_insert_entities('[{"key":"pt:k","line_start":1.5}]')$$,
	$$SELECT pt_insert_entities('[{"key":"pt:k","line_end":99999999999}]')$$,
	$$SELECT pt_insert_entities('[{"key":"pt:k","name":{"a":1}}]')$$,
	$$SELECT pt_insert_entities('[{"key":"pt:k","properties":[1]}]')$$,
	$$SELECT pt_insert_entities('[{"key":"pt:k","properties":"x"}]')$$,
	$$SELECT pt_insert_edges(NULL)$$,
	$$SELECT pt_insert_edges('{}')$$,
	$$SELECT pt_insert_edges('[]')$$,
	$$SELECT pt_insert_edges('[[]]')$$,
	$$SELECT pt_insert_edges('[{}]')$$,
	$$SELECT pt_insert_edges('[{"from_key":"pt:a","to_key":"pt:b"}, {"from_key":"pt:a"}]')$$,
	$$SELECT pt_insert_edges('[{"from_key":"pt:a","to_key":null}]')$$,
	$$SELECT pt_insert_edges('[{"from_key":"","to_key":"pt:b"}]')$$,
	$$SELECT pt_insert_edges('[{"from_key":"pt:a","to_key":{}}]')$$,
	$$SELECT pt_insert_edges('[{"from_key":"pt:a","to_key":"pt:b","edge_type":7}]')$$,
	$$SELECT pt_insert_edges('[{"from_key":"pt:a","to_key":"pt:b","edge_type":null}]')$$,
	$$SELECT pt_insert_edges('[{"from_key":"pt:a","to_key":"pt:b","unknown":1}]')$$]) WITH ORDINALITY q(q, i),
	LATERAL outcome(q) o
ORDER BY i;
ROLLBACK;

-- settings; the messages of ranges differ between major versions
SELECT q AS query, o.state
FROM unnest(ARRAY[
	'SET parseltongue.local_image_memory = -1',
	'SET parseltongue.local_image_memory = ''lots''',
	'SET parseltongue.shared_image_memory = ''1MB''',
	'SET parseltongue.debug_hash_bits = 0',
	'SET parseltongue.debug_hash_bits = 65',
	'SET parseltongue.no_such_setting = 1']) WITH ORDINALITY q(q, i),
	LATERAL outcome(q) o
ORDER BY i;
\x off

-- ---------------------------------------------------------------------------
-- max_nodes cuts, and says so; where it does not cut it is silent.
-- ---------------------------------------------------------------------------
SELECT * FROM pt_bfs('numbers', 1, max_nodes => 0) ORDER BY distance;
SELECT * FROM pt_bfs('numbers', 1, max_nodes => 1) ORDER BY distance;
SELECT * FROM pt_bfs('numbers', 1, max_nodes => 4) ORDER BY distance;
SELECT count(*) FROM pt_bfs('numbers', 1, max_nodes => 20);
SELECT count(*) FROM pt_bfs('numbers', 1, max_nodes => 21);
SELECT count(*) FROM pt_bfs('numbers', 1, max_nodes => 9223372036854775807);
SELECT * FROM pt_multi_source_bfs('numbers', ARRAY[1, 2, 3], max_nodes => 2) ORDER BY node;
SELECT * FROM pt_blast_radius('1', 3, 'out', max_nodes => 0, graph => 'numbers') ORDER BY distance;
SELECT * FROM pt_blast_radius('1', 3, 'out', max_nodes => 2, graph => 'numbers') ORDER BY distance;
SELECT * FROM pt_blast_radius('1', 3, 'out', max_nodes => 3, graph => 'numbers') ORDER BY distance;
SELECT * FROM pt_blast_radius('21', 3, 'out', max_nodes => 0, graph => 'numbers') ORDER BY distance;
SELECT * FROM pt_blast_radius_summary('1', NULL, 'out', max_nodes => 2, graph => 'numbers') ORDER BY distance;
SELECT sum(entities) FROM pt_blast_radius_summary('1', NULL, 'out', max_nodes => 19, graph => 'numbers');
SELECT sum(entities) FROM pt_blast_radius_summary('1', NULL, 'out', max_nodes => 20, graph => 'numbers');
SELECT pt_blast_radius_count('1', NULL, 'out', max_nodes => 19, graph => 'numbers');

-- an entity without edges is known, and without an entity an edge's end is
BEGIN;
INSERT INTO pt_entity (key, name) VALUES ('pt:lonely', 'lonely');
INSERT INTO pt_edge VALUES ('pt:x', 'pt:y');
SELECT * FROM pt_blast_radius('pt:lonely');
SELECT * FROM pt_blast_radius_summary('pt:lonely', NULL, 'both');
SELECT * FROM pt_callers('pt:lonely');
SELECT * FROM pt_callees('pt:lonely');
SELECT * FROM pt_bfs('pt_edge', 'pt:lonely'::text);
SELECT * FROM pt_multi_source_bfs('pt_edge', ARRAY['pt:lonely', 'pt:x']) ORDER BY distance, node;
SELECT * FROM pt_blast_radius('pt:x');
SELECT * FROM pt_blast_radius('pt:y');
\x on
SELECT * FROM outcome($$SELECT pt_blast_radius('pt:lonel')$$);
-- entities say nothing about other graphs
SELECT * FROM outcome($$SELECT pt_blast_radius('pt:lonely', graph => 'calls')$$);
DELETE FROM pt_entity WHERE key = 'pt:lonely';
SELECT state, message FROM outcome($$SELECT pt_blast_radius('pt:lonely')$$);
DELETE FROM pt_edge WHERE from_key = 'pt:x';
SELECT state, message FROM outcome($$SELECT pt_blast_radius('pt:x')$$);
\x off
ROLLBACK;

-- an edge whose labels are all filtered out still makes its ends known
SELECT * FROM pt_blast_radius('main', NULL, 'both', '{Nothing}', graph => 'calls');
-- a row with NULL in a node column is no edge, but whoever it names is known
INSERT INTO calls VALUES ('half', NULL, 'Calls'), (NULL, 'half', 'Calls');
SELECT state FROM outcome($$SELECT pt_blast_radius('half', graph => 'calls')$$);
SELECT state FROM outcome($$SELECT pt_blast_radius('hal', graph => 'calls')$$);
DELETE FROM calls WHERE t = 'half';
SELECT state FROM outcome($$SELECT pt_path('half', 'main', graph => 'calls')$$);
DELETE FROM calls WHERE f = 'half';
SELECT state FROM outcome($$SELECT pt_blast_radius('half', graph => 'calls')$$);


-- ---------------------------------------------------------------------------
-- A start on no edge, with missing_ok: as SELECT start UNION ... has it. A table
-- that refers to itself has rows without a parent and without children.
-- ---------------------------------------------------------------------------
CREATE TABLE staff (id int PRIMARY KEY, manager_id int REFERENCES staff);
CREATE INDEX ON staff USING adjacency (manager_id, id);
INSERT INTO staff VALUES (1, NULL), (2, 1), (3, 1), (4, 3), (99, NULL);
SELECT e.id, array_agg(b.node ORDER BY b.node) AS walked, bool_and(b.certain) AS certain,
	array_agg(b.node ORDER BY b.node)::int[] = (WITH RECURSIVE r (id) AS (SELECT e.id UNION SELECT x.id FROM staff x JOIN r ON x.manager_id = r.id)
										 SELECT array_agg(id ORDER BY id) FROM r) AS right
FROM staff e LEFT JOIN LATERAL pt_bfs('staff', e.id, missing_ok => true) b ON true GROUP BY 1 ORDER BY 1;
SELECT e.id, b.node, b.distance FROM staff e, LATERAL pt_bfs('staff', e.manager_id, 1, missing_ok => true) b ORDER BY 1, 3, 2;
-- who has nobody above and below is known by his own row
SELECT e.id, count(*) - 1 AS reports FROM staff e, LATERAL pt_bfs('staff', e.id) GROUP BY 1 ORDER BY 1;
SELECT * FROM pt_multi_source_bfs('staff', '{99,1,NULL,99,77}'::int[], missing_ok => true) ORDER BY distance, node;
SELECT * FROM pt_multi_source_bfs('staff', '{99,77,1}'::int[], max_nodes => 2, missing_ok => true);
SELECT q.query, o.* FROM unnest(ARRAY[
	$$SELECT pt_subgraph('99', missing_ok => true, graph => 'staff')$$,
	$$SELECT pt_tree('99', missing_ok => true, graph => 'staff')$$,
	$$SELECT pt_blast_radius('99', missing_ok => true, graph => 'staff')$$,
	$$SELECT pt_impact('{99,1}', missing_ok => true, direction => 'out', graph => 'staff')$$,
	$$SELECT pt_impact('{1,NULL}', missing_ok => true, direction => 'out', graph => 'staff')$$,
	$$SELECT pt_impact('{1,NULL}', direction => 'out', graph => 'staff')$$,
	$$SELECT pt_impact(NULL, missing_ok => true, graph => 'staff')$$,
	$$SELECT pt_multi_source_bfs('staff', NULL::int[], missing_ok => true)$$,
	$$SELECT pt_multi_source_bfs('staff', '{NULL}'::int[], missing_ok => true)$$,
	$$SELECT pt_multi_source_bfs('staff', NULL, missing_ok => true)$$,
	$$SELECT pt_bfs('staff', NULL, missing_ok => true)$$,
	$$SELECT pt_callers(NULL, missing_ok => true, graph => 'staff')$$,
	$$SELECT pt_callees(NULL::int, missing_ok => true, graph => 'staff')$$,
	$$SELECT pt_path(NULL, '1', missing_ok => true, graph => 'staff')$$,
	$$SELECT pt_path('1', NULL, missing_ok => true, graph => 'staff')$$,
	$$SELECT pt_paths('1', NULL, missing_ok => true, graph => 'staff')$$,
	$$SELECT pt_subgraph(NULL, missing_ok => true, graph => 'staff')$$,
	$$SELECT pt_tree(NULL, missing_ok => true, graph => 'staff')$$,
	$$SELECT pt_blast_radius_summary(NULL, missing_ok => true, graph => 'staff')$$,
	$$SELECT pt_blast_radius_count(NULL, missing_ok => true, graph => 'staff')$$,
	$$SELECT pt_affected_tests('{NULL}', missing_ok => true, graph => 'public.pt_edge')$$]) WITH ORDINALITY q(query, i), outcome(q.query) o ORDER BY i;
SELECT pt_blast_radius_count(NULL, missing_ok => true, graph => 'staff');
DROP TABLE staff;

DROP SCHEMA pt_arguments CASCADE;
