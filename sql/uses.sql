-- What a call leaves behind when an error ends it within a cursor that goes on.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_uses;
SET search_path = pt_uses, public;
CREATE TABLE a (s int, t int);
INSERT INTO a SELECT i, i + 1 FROM generate_series(1, 50) AS i;
CREATE INDEX a_graph ON a USING adjacency (s, t);
CREATE TEMP TABLE b (s int, t int);
INSERT INTO b SELECT i, i + 1 FROM generate_series(1, 400) AS i;
CREATE INDEX b_graph ON b USING adjacency (s, t);
SELECT count(*) FROM pt_bfs('a', 1);

-- the cursor's memory stays after its error, the image it used must not be held by it
BEGIN;
DECLARE c CURSOR FOR SELECT * FROM pt_bfs('a', 999);
SAVEPOINT s;
\set VERBOSITY sqlstate
FETCH c;
\set VERBOSITY default
ROLLBACK TO s;
-- another overlay on the same base, which then makes room for another graph
INSERT INTO a VALUES (51, 52);
SELECT count(*) FROM pt_bfs('a', 1);
DO $$
DECLARE
	found bigint;
BEGIN
	FOR kilobytes IN 64 .. 256 BY 16 LOOP
		PERFORM set_config('parseltongue.local_image_memory', kilobytes || 'kB', true);
		REINDEX INDEX pg_temp.b_graph;
		BEGIN
			PERFORM count(*) FROM pt_bfs('b', 1);
		EXCEPTION WHEN configuration_limit_exceeded THEN NULL;
		END;
		PERFORM set_config('parseltongue.local_image_memory', '512MB', true);
		found := (SELECT count(*) FROM pt_bfs('pt_uses.a', 1));
		IF found <> 52 THEN
			RAISE EXCEPTION '% nodes with % kB', found, kilobytes;
		END IF;
	END LOOP;
END $$;
ROLLBACK;
SELECT count(*) FROM pt_bfs('a', 1);

-- the same many times, each with a cursor of its own, and the log growing
CREATE FUNCTION broken_cursors(n int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	c refcursor;
	total bigint := 0;
BEGIN
	FOR i IN 1 .. n LOOP
		c := NULL;
		OPEN c FOR SELECT * FROM pt_bfs('pt_uses.a', 1000 + i);
		BEGIN
			FETCH c INTO total;
		EXCEPTION WHEN undefined_object THEN NULL;
		END;
		INSERT INTO pt_uses.a VALUES (1, 2);
		total := (SELECT count(*) FROM pt_bfs('pt_uses.a', 1));
	END LOOP;
	RETURN total;
END $$;
SELECT broken_cursors(50);
SELECT count(*) FROM pt_bfs('a', 1);
DROP SCHEMA pt_uses CASCADE;
