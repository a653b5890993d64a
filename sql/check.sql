--
-- pt_check_index: silent after honest work, and loud where the index was
-- tampered with. Tampering: while an index is marked as not ready, commands
-- and VACUUM leave it out. (VACUUM must find another, or it notes that the table
-- has none.)
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_check;
SET search_path = pt_check, public;

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
END $$;
CREATE PROCEDURE set_ready(index regclass, ready boolean) LANGUAGE sql AS
	$$ UPDATE pg_index SET indisready = ready WHERE indexrelid = index $$;

-- honest work
CREATE TABLE honest (a text, b text, kind integer) WITH (autovacuum_enabled = off);
CREATE INDEX honest_adjacency ON honest USING adjacency (a, b, kind);
SELECT * FROM pt_check_index('honest_adjacency');
INSERT INTO honest SELECT 'n' || i % 97, CASE WHEN i % 11 > 0 THEN 'n' || i % 89 END, nullif(i % 5, 0) FROM generate_series(1, 3000) i;
SELECT * FROM pt_check_index('honest_adjacency');
UPDATE honest SET kind = kind + 1 WHERE kind = 2;
UPDATE honest SET b = a WHERE kind = 1;
DELETE FROM honest WHERE kind = 4;
SELECT * FROM pt_check_index('honest_adjacency');
VACUUM honest;
SELECT * FROM pt_check_index('honest_adjacency');
BEGIN;
INSERT INTO honest SELECT 'm' || i, 'n' || i, 1 FROM generate_series(1, 500) i;
SELECT * FROM pt_check_index('honest_adjacency');
DELETE FROM honest WHERE kind = 1;
SELECT * FROM pt_check_index('honest_adjacency');
ROLLBACK;
SELECT * FROM pt_check_index('honest_adjacency');
DELETE FROM honest;
SELECT * FROM pt_check_index('honest_adjacency');
VACUUM honest;
VACUUM honest;
INSERT INTO honest SELECT 'n' || i % 97, 'n' || i % 89, i FROM generate_series(1, 2000) i;
SELECT * FROM pt_check_index('honest_adjacency');
CREATE TABLE integers (a bigint, b bigint);
CREATE INDEX integers_adjacency ON integers USING adjacency (a, b);
INSERT INTO integers SELECT i % 50, i % 60 FROM generate_series(1, 5000) i;
SELECT * FROM pt_check_index('integers_adjacency');
-- the owner's, in a read-only transaction too
BEGIN READ ONLY;
SELECT * FROM pt_check_index('integers_adjacency');
COMMIT;

-- missing: rows written while the index was not ready
CREATE TABLE missing (a integer, b integer, kind text) WITH (autovacuum_enabled = off);
CREATE INDEX missing_adjacency ON missing USING adjacency (a, b, kind);
INSERT INTO missing VALUES (1, 2, 'x'), (2, 3, 'x');
CALL set_ready('missing_adjacency', false);
INSERT INTO missing VALUES (3, 4, 'x'), (4, NULL, 'x'), (4, 5, NULL);
CALL set_ready('missing_adjacency', true);
SELECT * FROM pt_check_index('missing_adjacency') ORDER BY tid;
-- not by the index, which lacks it
DELETE FROM missing WHERE a + 0 = 3;
SELECT * FROM pt_check_index('missing_adjacency') ORDER BY tid;
REINDEX INDEX missing_adjacency;
SELECT * FROM pt_check_index('missing_adjacency') ORDER BY tid;

-- dangling: rows removed while it was not ready; their places were not told
CREATE TABLE dangling (a text, b text, kind text, id serial PRIMARY KEY) WITH (autovacuum_enabled = off);
CREATE INDEX dangling_adjacency ON dangling USING adjacency (a, b, kind);
INSERT INTO dangling VALUES ('a', 'b', 'x'), ('b', 'c', 'x'), ('c', 'd', 'y');
DELETE FROM dangling WHERE a > 'a';
SELECT * FROM pt_check_index('dangling_adjacency') ORDER BY tid;
CALL set_ready('dangling_adjacency', false);
VACUUM dangling;
CALL set_ready('dangling_adjacency', true);
SELECT * FROM pt_check_index('dangling_adjacency') ORDER BY tid;

-- mismatch: and other rows took their places
CALL set_ready('dangling_adjacency', false);
INSERT INTO dangling VALUES ('b', 'z', 'x'), ('c', 'd', 'z');
CALL set_ready('dangling_adjacency', true);
SELECT problem, tid FROM pt_check_index('dangling_adjacency') ORDER BY tid;
SELECT count(*) AS told FROM pt_check_index('dangling_adjacency') WHERE detail IS NOT NULL;
-- a walk that meets it says so or does without, but does not invent edges
SELECT state, hint FROM outcome($$SELECT pt_bfs('dangling', 'a'::text)$$);
-- duplicate: the same edge in the same place, entered twice
CALL set_ready('dangling_adjacency', false);
DELETE FROM dangling;
VACUUM dangling;
CALL set_ready('dangling_adjacency', true);
INSERT INTO dangling VALUES ('a', 'b', 'x'), ('b', 'c', 'x'), ('c', 'd', 'y');
SELECT problem, tid FROM pt_check_index('dangling_adjacency') ORDER BY tid, problem;
SELECT state, hint FROM outcome($$SELECT pt_callees('b', graph => 'dangling')$$);
REINDEX INDEX dangling_adjacency;
SELECT * FROM pt_check_index('dangling_adjacency') ORDER BY tid;
SELECT * FROM pt_bfs('dangling', 'a'::text) ORDER BY distance;

-- an index that is not ready or not valid answers nothing
CALL set_ready('dangling_adjacency', false);
SELECT state, hint FROM outcome($$SELECT pt_bfs('dangling_adjacency', 'a'::text)$$);
SELECT state, hint FROM outcome($$SELECT pt_check_index('dangling_adjacency')$$);
CALL set_ready('dangling_adjacency', true);

DROP SCHEMA pt_check CASCADE;
