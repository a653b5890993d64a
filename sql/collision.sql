--
-- Two keys with one fingerprint: an error that says to REINDEX, never a wrong
-- answer. debug_hash_bits keeps so few bits that it happens; the index's seed
-- is random, so which keys collide differs from run to run.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_collision;
SET search_path = pt_collision, public;
LOAD 'parseltongue';

CREATE FUNCTION outcome(command text, OUT state text, OUT hint text)
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE command;
	state := 'ok';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, hint = PG_EXCEPTION_HINT;
END $$;

-- certain: 60 keys in 16 fingerprints
CREATE TABLE crowded (a text, b text, kind text);
INSERT INTO crowded SELECT 'k' || i, 'k' || i + 1, 'x' FROM generate_series(1, 60) i;
SET parseltongue.debug_hash_bits = 4;
CREATE INDEX crowded_adjacency ON crowded USING adjacency (a, b, kind);
SELECT * FROM outcome($$SELECT pt_bfs('crowded', 'k1'::text)$$);
SELECT q, o.state, o.hint LIKE '%REINDEX%' AS hint FROM unnest(ARRAY[
	$$SELECT pt_bfs('crowded', 'k1'::text, 1)$$,
	$$SELECT pt_multi_source_bfs('crowded', ARRAY['k1', 'k9'])$$,
	$$SELECT pt_bfs('crowded', 'nobody'::text, missing_ok => true)$$,
	$$SELECT pt_blast_radius('k5', graph => 'crowded')$$,
	$$SELECT pt_blast_radius_summary('k5', graph => 'crowded')$$,
	$$SELECT pt_callers('k5', graph => 'crowded')$$,
	$$SELECT pt_callees('k5', graph => 'crowded')$$,
	$$SELECT pt_graph_status('crowded')$$]) WITH ORDINALITY q(q, i), LATERAL outcome(q) o ORDER BY i;
-- the index agrees with the table all the same
SELECT * FROM pt_check_index('crowded_adjacency');
-- the index knows its bits: the setting alone changes nothing
RESET parseltongue.debug_hash_bits;
SELECT state FROM outcome($$SELECT pt_bfs('crowded', 'k1'::text)$$);
INSERT INTO crowded VALUES ('k61', 'k62', 'x');
SELECT state FROM outcome($$SELECT pt_bfs('crowded', 'k1'::text)$$);
-- REINDEX is the cure
REINDEX INDEX crowded_adjacency;
SELECT count(*), max(distance) FROM pt_bfs('crowded', 'k1'::text);
SELECT * FROM pt_check_index('crowded_adjacency');
-- and back
SET parseltongue.debug_hash_bits = 1;
REINDEX INDEX crowded_adjacency;
SELECT state FROM outcome($$SELECT pt_bfs('crowded', 'k1'::text)$$);
RESET parseltongue.debug_hash_bits;
VACUUM FULL crowded;
SELECT count(*), max(distance) FROM pt_bfs('crowded', 'k1'::text);

-- Uncertain: in the image's base, in its overlay, in starts nobody knows. Each
-- answer is exact or the error; both must have happened.
CREATE TABLE outcomes (what text, state text, right_ boolean);
CREATE FUNCTION try_key(graph regclass, start text, what text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	expected text;
	found text;
	known boolean;
BEGIN
	EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE a = $1 OR b = $1)', graph) INTO known USING start;
	EXECUTE format($q$WITH RECURSIVE w AS (SELECT $1 AS n UNION SELECT CASE w.n WHEN a THEN b ELSE a END FROM w JOIN %s ON w.n IN (a, b))
		SELECT string_agg(n, ' ' ORDER BY n COLLATE "C") FROM w$q$, graph) INTO expected USING start;
	SELECT string_agg(node, ' ' ORDER BY node COLLATE "C") INTO found FROM pt_bfs(graph, start, NULL, 'both', missing_ok => true);
	INSERT INTO outcomes VALUES (what, CASE WHEN known THEN 'answer' ELSE 'unknown' END, found IS NOT DISTINCT FROM expected);
	SELECT sum(entities)::text INTO found FROM pt_blast_radius_summary(start, NULL, 'both', missing_ok => true, graph => graph);
	INSERT INTO outcomes VALUES (what, 'summary', coalesce(found, '0') = CASE WHEN known THEN cardinality(string_to_array(expected, ' ')) - 1 ELSE 0 END::text);
	SELECT count(*)::text INTO found FROM pt_callees(start, missing_ok => true, graph => graph);
	EXECUTE format('SELECT count(*)::text FROM %s WHERE a = $1', graph) INTO expected USING start;
	INSERT INTO outcomes VALUES (what, 'callees', found = expected);
EXCEPTION WHEN index_corrupted THEN
	INSERT INTO outcomes VALUES (what, 'collision', true);
END $$;
CREATE TABLE thin (a text, b text) WITH (autovacuum_enabled = off);
DO $$
BEGIN
	-- few keys among 256 fingerprints, anew each time; then one more at a time
	FOR round IN 1 .. 12 LOOP
		TRUNCATE thin;
		SET LOCAL parseltongue.debug_hash_bits = 8;
		DROP INDEX IF EXISTS thin_adjacency;
		INSERT INTO thin SELECT 'r' || round || 'k' || i, 'r' || round || 'k' || i + 1 FROM generate_series(1, 5) i;
		CREATE INDEX thin_adjacency ON thin USING adjacency (a, b);
		PERFORM try_key('thin', 'r' || round || 'k3', 'base');
		FOR i IN 6 .. 40 LOOP
			INSERT INTO thin VALUES ('r' || round || 'k' || i, 'r' || round || 'k' || i + 1);
			PERFORM try_key('thin', 'r' || round || 'k' || 1 + i / 2, 'overlay');
		END LOOP;
		EXECUTE 'REINDEX INDEX thin_adjacency';
		PERFORM try_key('thin', 'r' || round || 'k1', 'rebuilt');
		DELETE FROM thin WHERE length(a) > 4;
		PERFORM try_key('thin', a, 'fewer') FROM (SELECT a FROM thin LIMIT 2) t;
	END LOOP;
END $$;
-- a start nobody knows may share a fingerprint with one that is known
TRUNCATE thin;
INSERT INTO thin VALUES ('one', 'two');
DO $$
BEGIN
	SET LOCAL parseltongue.debug_hash_bits = 3;
	-- a seed under which the two that are known do not collide
	LOOP
		REINDEX INDEX thin_adjacency;
		BEGIN
			EXIT WHEN (SELECT count(*) FROM pt_bfs('thin', 'one'::text)) = 2;
		EXCEPTION WHEN index_corrupted THEN
			NULL;
		END;
	END LOOP;
END $$;
SELECT count(try_key('thin', 'stranger ' || i, 'stranger')::text) FROM generate_series(1, 100) i;
SELECT count(*) FILTER (WHERE NOT right_) AS wrong, count(*) > 400 AS many,
	   count(*) FILTER (WHERE state = 'collision') > 0 AS collisions, count(*) FILTER (WHERE state = 'answer') > 0 AS answers,
	   count(*) FILTER (WHERE what = 'overlay' AND state = 'answer') > 0 AS overlay_answers,
	   count(*) FILTER (WHERE what = 'stranger' AND state IN ('unknown', 'collision')) AS strangers
FROM outcomes;
SELECT what, state, count(*) FROM outcomes WHERE NOT right_ GROUP BY 1, 2 ORDER BY 1, 2;

-- uuids are hashed too; integers are their own fingerprints and never collide
SET parseltongue.debug_hash_bits = 2;
CREATE TABLE ids (a uuid, b uuid);
INSERT INTO ids SELECT md5(i::text)::uuid, md5((i + 1)::text)::uuid FROM generate_series(1, 20) i;
CREATE INDEX ids_adjacency ON ids USING adjacency (a, b);
SELECT state FROM outcome($$SELECT pt_bfs('ids', md5('1')::uuid)$$);
CREATE TABLE numbers (a integer, b integer);
INSERT INTO numbers SELECT i, i + 1 FROM generate_series(1, 100) i;
CREATE INDEX numbers_adjacency ON numbers USING adjacency (a, b);
SELECT count(*), max(distance) FROM pt_bfs('numbers', 1);
RESET parseltongue.debug_hash_bits;
REINDEX INDEX ids_adjacency;
SELECT count(*), max(distance) FROM pt_bfs('ids', md5('1')::uuid);

DROP SCHEMA pt_collision CASCADE;
