--
-- pt_impact: what a change of several keys can reach, and which of them is the
-- nearest; against pt_bfs from all of them and against recursive SQL.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_impact_test;
SET search_path = pt_impact_test, public;
SET jit = off;

CREATE FUNCTION outcome(command text, OUT state text, OUT message text, OUT hint text)
LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	EXECUTE command;
	GET DIAGNOSTICS n = ROW_COUNT;
	state := 'ok';
	message := n || ' rows';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
	hint := nullif(hint, '');
END $$;

-- ---------------------------------------------------------------------------
-- By hand: A->B A->C B->D C->D D->E E->F F->D G->H H->G
-- ---------------------------------------------------------------------------
CREATE TABLE g8 (f text, t text, kind text);
CREATE INDEX g8_adjacency ON g8 USING adjacency (f, t, kind);
INSERT INTO g8 VALUES ('A', 'B', 'Calls'), ('A', 'C', 'Uses'), ('B', 'D', 'Calls'), ('C', 'D', 'Calls'), ('D', 'E', 'Calls'), ('E', 'F', 'Uses'), ('F', 'D', NULL), ('G', 'H', 'Calls'), ('H', 'G', 'Calls');
CREATE FUNCTION impact(keys text[], hops integer DEFAULT 3, direction text DEFAULT 'in', types text[] DEFAULT NULL, max bigint DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(format('%s:%s/%s', distance, key, nearest_key), ' ' ORDER BY distance, key COLLATE "C") FROM pt_impact(keys, hops, direction, types, max_nodes => max, graph => 'g8') $$;
SELECT * FROM pt_impact('{D,G}', graph => 'g8') ORDER BY distance, key COLLATE "C";
SELECT k AS keys, impact(k) AS "in", impact(k, NULL, 'out') AS "out", impact(k, 1, 'both') AS "both, 1"
FROM (VALUES (1, '{D}'::text[]), (2, '{B,C}'), (3, '{C,B}'), (4, '{B,C,B,C,C}'), (5, '{E,B,G}'), (6, '{A,B,C,D,E,F,G,H}'), (7, '{A}'), (8, '{}')) v (i, k) ORDER BY i;
SELECT h AS hops, impact('{F,A}', h) AS "in", impact('{F,A}', h, 'out') AS "out" FROM unnest(ARRAY[0, 1, 2, 3, 4, 2147483647, NULL]) WITH ORDINALITY h (h, i) ORDER BY i;
SELECT t AS types, impact('{E,C}', NULL, 'in', t) AS "in", impact('{A,E}', NULL, 'out', t) AS "out" FROM (VALUES (1, '{Calls}'::text[]), (2, '{Uses}'), (3, '{Uses,Calls}'), (4, '{}'), (5, NULL)) v (i, t) ORDER BY i;
-- one key: the blast radius
SELECT count(*) AS different FROM unnest(ARRAY['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H']) k, unnest(ARRAY['in', 'out', 'both']) d,
	LATERAL (SELECT key, distance, nearest_key FROM pt_impact(ARRAY[k], NULL, d, graph => 'g8') EXCEPT ALL SELECT key, distance, k FROM pt_blast_radius(k, NULL, d, graph => 'g8')) x;
-- the default is 3 hops, inwards, all types
SELECT count(*) FROM (SELECT * FROM pt_impact('{D,H}', graph => 'g8') EXCEPT ALL SELECT * FROM pt_impact('{D,H}', 3, 'in', NULL, NULL, NULL, NULL, NULL, NULL, false, 'g8')) d;
-- nearest first
SELECT bool_and(distance >= before) AS nearest_first FROM (SELECT distance, lag(distance, 1, 0) OVER (ORDER BY ordinality) AS before FROM pt_impact('{D,G}', NULL, graph => 'g8') WITH ORDINALITY) d;

-- cut, with a warning; the keys do not count
SET client_min_messages = notice;
SELECT count(*), max(distance) FROM pt_impact('{D,G}', NULL, max_nodes => 3, graph => 'g8');
SELECT count(*), max(distance) FROM pt_impact('{D,G}', NULL, max_nodes => 0, graph => 'g8');
SELECT count(*), max(distance) FROM pt_impact('{D,G}', NULL, max_nodes => 6, graph => 'g8');
SELECT count(*), max(distance) FROM pt_impact('{D,G}', NULL, max_nodes => 5, graph => 'g8');
SELECT count(*) FROM pt_impact('{D,G}', 0, max_nodes => 0, graph => 'g8');
SET client_min_messages = warning;

-- bad arguments, and unknown keys
\x on
SELECT c AS call, o.* FROM unnest(ARRAY[
	'NULL', '''{D,NULL}''', '''{NULL}''', '''{}''', '''{D,D}''', '''{{D,G},{A,B}}''', '''{D}'', -1', '''{D}'', direction => ''up''', '''{D}'', direction => NULL', '''{D}'', edge_types => ''{Calls,NULL}''', '''{D}'', max_nodes => -1',
	'''{D}'', min_confidence => 0.5', '''{D,nobody}''', '''{D,nobody}'', missing_ok => true', '''{nobody,noone}'', missing_ok => true', '''{D,nobody}'', missing_ok => NULL', '''{""}''', '''{""}'', missing_ok => true',
	'''{D,nobody,G}'', NULL, ''in'', max_nodes => 1', '''{D,nobody}'', missing_ok => true, hops => NULL']) WITH ORDINALITY c (c, i), LATERAL outcome(format('SELECT pt_impact(%s, graph => ''g8'')', c)) o ORDER BY i;
\x off
SELECT impact('{}'), (SELECT count(*) FROM pt_impact(ARRAY[]::text[], graph => 'g8')) AS rows;
-- of several unknown keys one is named
SELECT state FROM outcome('SELECT pt_impact(''{nobody,D,noone}'', 0, graph => ''g8'')');
-- keys are known as entities, too
TRUNCATE pt_entity, pt_edge;
INSERT INTO pt_entity (key) VALUES ('lonely'), ('lonelier');
INSERT INTO pt_edge (from_key, to_key) VALUES ('caller', 'callee');
SELECT * FROM pt_impact('{lonely,callee,lonelier,lonely}');
SELECT state, message FROM outcome('SELECT pt_impact(''{lonely,callee,loneliest}'')');
TRUNCATE pt_entity, pt_edge;
-- other types of nodes: keys in their text form, whatever their spelling
CREATE TABLE numbers (a integer, b integer);
CREATE INDEX numbers_adjacency ON numbers USING adjacency (a, b);
INSERT INTO numbers VALUES (1, 2), (2, 3), (4, 3), (-7, 4);
SELECT * FROM pt_impact('{3," 4","+04"}', graph => 'numbers') ORDER BY distance, key COLLATE "C";
SELECT state FROM outcome('SELECT pt_impact(''{3,x}'', graph => ''numbers'')');
-- of several as near the first key counts, wherever the image has its edge: of
-- 10's edges to 20 and 21 the image knew before, of 11's and 12's not
CREATE TABLE late (a integer, b integer);
CREATE INDEX late_adjacency ON late USING adjacency (a, b);
INSERT INTO late VALUES (10, 20), (21, 10), (1, 11), (1, 12);
SELECT count(*) FROM pt_impact('{10}', NULL, 'both', graph => 'late');
INSERT INTO late VALUES (11, 20), (11, 21), (20, 12), (12, 21);
SELECT k AS keys, (SELECT string_agg(key || '/' || nearest_key, ' ' ORDER BY key) FROM pt_impact(k, 1, 'both', graph => 'late')) AS "both",
	(SELECT string_agg(key || '/' || nearest_key, ' ' ORDER BY key) FROM pt_impact(k, 1, 'out', graph => 'late')) AS "out"
FROM (VALUES (1, '{10,11,12}'::text[]), (2, '{11,10,12}'), (3, '{12,10,11}'), (4, '{12,11,10}')) v (i, k) ORDER BY i;
SELECT state FROM outcome('SELECT pt_impact(''{3,3000000000}'', graph => ''numbers'')');
SELECT state FROM outcome('SELECT pt_impact(''{3,3000000000}'', graph => ''numbers'', missing_ok => true)');
CREATE TABLE ids (a uuid, b uuid);
CREATE INDEX ids_adjacency ON ids USING adjacency (a, b);
INSERT INTO ids VALUES ('aaaaaaaa-0000-0000-0000-000000000001', 'aaaaaaaa-0000-0000-0000-000000000002');
SELECT * FROM pt_impact('{AAAAAAAA-0000-0000-0000-000000000002,"{aaaaaaaa00000000000000000000000a}"}', missing_ok => true, graph => 'ids');

-- ---------------------------------------------------------------------------
-- Random graphs.
-- ---------------------------------------------------------------------------
CREATE TABLE r (id serial, a integer, b integer, kind text, confidence numeric(3,2)) WITH (autovacuum_enabled = off);
CREATE INDEX r_adjacency ON r USING adjacency (a, b, kind, confidence);
CREATE FUNCTION add(n integer) RETURNS void LANGUAGE sql AS $$
	INSERT INTO r (a, b, kind, confidence) SELECT floor(random() * 120), floor(random() * random() * 120), (ARRAY['x', 'y', 'x (resolved)', NULL])[1 + floor(random() * 4)], CASE WHEN random() < 0.3 THEN ceil(random() * 99 + 1) / 100 END FROM generate_series(1, n) $$;
-- Of several as near the first of keys is the nearest: compared with a
-- recursion, which nobody told about levels.
CREATE FUNCTION differences(keys integer[], hops integer, direction text, types text[], lowest numeric) RETURNS TABLE (what text, node integer, distance integer, nearest text) LANGUAGE sql AS $$
	WITH RECURSIVE arcs AS MATERIALIZED (
		SELECT s, d FROM r, LATERAL (VALUES (a, b, 'out'), (b, a, 'in')) v (s, d, way)
		WHERE (direction = 'both' OR direction = way) AND (confidence IS NULL OR confidence >= coalesce(lowest, 0.5))
			AND (types IS NULL OR kind = ANY (types) OR (confidence < 1 AND kind = 'x (resolved)' AND 'x' = ANY (types)))
	), walk (n, distance, ord) AS (
		SELECT k, 0, ord FROM unnest(keys) WITH ORDINALITY k (k, ord)
		UNION
		SELECT arcs.d, walk.distance + 1, walk.ord FROM walk JOIN arcs ON arcs.s = walk.n WHERE walk.distance < coalesce(hops, 40)
	), right_ AS (
		SELECT DISTINCT ON (n) n, distance, keys[ord]::text AS nearest FROM walk ORDER BY n, distance, ord
	), found AS MATERIALIZED (
		SELECT key::integer AS n, distance, nearest_key AS nearest
		FROM pt_impact(keys::text[], hops, direction, types, graph => 'r', missing_ok => true, min_confidence => lowest)
	), bfs AS MATERIALIZED (
		SELECT * FROM pt_multi_source_bfs('r', keys, hops, direction, types, missing_ok => true, min_confidence => lowest) WHERE distance > 0
	)
	SELECT 'missing', x.* FROM (SELECT * FROM right_ WHERE distance > 0 EXCEPT ALL SELECT * FROM found) x
	UNION ALL
	SELECT 'surplus', x.* FROM (SELECT * FROM found EXCEPT ALL SELECT * FROM right_ WHERE distance > 0) x
	UNION ALL
	SELECT 'not as pt_bfs', x.*, NULL FROM ((SELECT n, distance FROM found EXCEPT ALL SELECT node, distance FROM bfs) UNION ALL (SELECT node, distance FROM bfs EXCEPT ALL SELECT n, distance FROM found)) x
$$;
-- keys as they come, duplicates and strangers (120 and above) among them
CREATE FUNCTION compare(seed double precision, times integer) RETURNS TABLE (keys integer[], hops integer, direction text, types text[], lowest numeric, what text, node integer, distance integer, nearest text) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM setseed(seed);
	FOR i IN 1 .. times LOOP
		keys := ARRAY(SELECT floor(random() * 125)::integer FROM generate_series(1, 1 + i % 9));
		IF i % 3 = 0 THEN keys := keys || keys[1] || keys; END IF;
		hops := (ARRAY[0, 1, 2, 3, 15, NULL])[1 + i % 6];
		types := CASE i % 4 WHEN 0 THEN '{x}'::text[] WHEN 1 THEN '{x,y}' END;
		lowest := (ARRAY[NULL, 0, 0.5, 1])[1 + i / 3 % 4];
		FOREACH direction IN ARRAY ARRAY['in', 'out', 'both'] LOOP
			FOR what, node, distance, nearest IN SELECT * FROM differences(keys, hops, direction, types, lowest) LIMIT 3 LOOP
				RETURN NEXT;
			END LOOP;
		END LOOP;
	END LOOP;
END $$;
SELECT setseed(0.17);
SELECT add(160);
SELECT * FROM compare(0.18, 40);
SELECT add(20);
UPDATE r SET b = a WHERE id % 19 = 0;
UPDATE r SET confidence = 0.5 WHERE id % 7 = 0;
DELETE FROM r WHERE id % 11 = 0;
SELECT * FROM compare(0.19, 30);
VACUUM r;
SELECT add(40);
SELECT * FROM compare(0.20, 30);
BEGIN;
DELETE FROM r WHERE id % 3 = 0;
SELECT * FROM compare(0.21, 15);
ROLLBACK;
SELECT * FROM compare(0.22, 15);
-- not nothing: several keys are somebody's nearest, and ties were there to decide
SELECT count(*) > 40 AS reached, count(DISTINCT nearest_key) > 4 AS keys, max(distance) > 3 AS far FROM pt_impact('{3,17,40,61,88,100,119,7}', NULL, 'both', graph => 'r', missing_ok => true);
SELECT count(*) > 3 AS ties FROM pt_impact('{3,17,40,61,88}', NULL, 'both', graph => 'r', missing_ok => true) x JOIN pt_impact('{88,61,40,17,3}', NULL, 'both', graph => 'r', missing_ok => true) y USING (key, distance) WHERE x.nearest_key <> y.nearest_key;
-- max_nodes: that many of the nearest, each with the right key
SET client_min_messages = error;
WITH whole AS MATERIALIZED (SELECT * FROM pt_impact('{3,17,40,61}', NULL, 'both', graph => 'r')), total AS (SELECT count(*)::integer AS n FROM whole)
SELECT cut, 'number' AS wrong FROM total, generate_series(0, total.n + 2, 5) cut WHERE (SELECT count(*) FROM pt_impact('{3,17,40,61}', NULL, 'both', max_nodes => cut, graph => 'r')) <> least(cut, n)
UNION ALL
SELECT cut, 'not in the whole' FROM total, generate_series(0, total.n + 2, 5) cut, LATERAL (SELECT key, distance, nearest_key FROM pt_impact('{3,17,40,61}', NULL, 'both', max_nodes => cut, graph => 'r') EXCEPT SELECT key, distance, nearest_key FROM whole) x
UNION ALL
SELECT cut, 'a nearer one left out' FROM total, generate_series(0, total.n + 2, 5) cut, LATERAL (SELECT array_agg(key) AS keys, max(distance) AS far FROM pt_impact('{3,17,40,61}', NULL, 'both', max_nodes => cut, graph => 'r')) x
WHERE EXISTS (SELECT FROM whole WHERE distance < far AND key <> ALL (keys));
SET client_min_messages = warning;
-- as many keys as there are nodes, and more
SELECT count(*) FROM pt_impact(ARRAY(SELECT i::text FROM generate_series(0, 130) i), NULL, 'both', graph => 'r', missing_ok => true);
SELECT count(*) = (SELECT count(*) FROM pt_multi_source_bfs('r', ARRAY(SELECT i % 50 FROM generate_series(0, 20000) i), missing_ok => true) WHERE distance > 0) AS same
FROM pt_impact(ARRAY(SELECT (i % 50)::text FROM generate_series(0, 20000) i), NULL, 'out', graph => 'r', missing_ok => true);
DROP SCHEMA pt_impact_test CASCADE;
