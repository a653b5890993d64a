--
-- Which snapshot a walk reads under: the same as a query in its place would,
-- in cursors, prepared statements, functions, triggers and isolation levels.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_snapshot;
SET search_path = pt_snapshot, public;
SET jit = off;

CREATE TABLE edges (id serial, a integer, b integer) WITH (autovacuum_enabled = off);
CREATE INDEX edges_adjacency ON edges USING adjacency (a, b);
INSERT INTO edges (a, b) VALUES (1, 2), (2, 3);
-- The walk from 1, and beside it what a recursive query finds in the same place.
CREATE VIEW walks AS
	WITH RECURSIVE w AS (SELECT 1 AS n UNION SELECT b FROM w JOIN edges ON a = n)
	SELECT (SELECT string_agg(node::text, ' ' ORDER BY node) FROM pt_bfs('edges', 1)) AS walk,
		   (SELECT string_agg(n::text, ' ' ORDER BY n) FROM w) AS recursive;
SELECT * FROM walks;

-- cursors, opened before and after changes in their own transaction
BEGIN;
DECLARE before CURSOR FOR SELECT * FROM walks;
DECLARE begun CURSOR FOR SELECT node FROM pt_bfs('edges', 1) ORDER BY node;
FETCH 1 FROM begun;
INSERT INTO edges (a, b) VALUES (3, 4), (4, 5);
DECLARE between CURSOR FOR SELECT * FROM walks;
DELETE FROM edges WHERE a = 2;
DECLARE after CURSOR FOR SELECT * FROM walks;
SELECT * FROM walks;
FETCH ALL FROM before;
FETCH ALL FROM between;
FETCH ALL FROM after;
FETCH ALL FROM begun;
SAVEPOINT s;
INSERT INTO edges (a, b) VALUES (2, 6);
DECLARE inside CURSOR WITH HOLD FOR SELECT * FROM walks;
DECLARE inside_too CURSOR FOR SELECT * FROM walks;
INSERT INTO edges (a, b) VALUES (6, 7);
FETCH ALL FROM inside_too;
RELEASE s;
UPDATE edges SET b = 8 WHERE b = 6;
COMMIT;
FETCH ALL FROM inside;
CLOSE inside;
SELECT * FROM walks;

-- within one statement: not the rows it writes itself
WITH new AS (INSERT INTO edges (a, b) VALUES (8, 9) RETURNING b) SELECT new.b, walks.* FROM new, walks;
SELECT * FROM walks;
WITH gone AS (DELETE FROM edges WHERE b = 9 RETURNING b) SELECT gone.b, walks.* FROM gone, walks;
SELECT * FROM walks;
INSERT INTO edges (a, b) SELECT node, node + 100 FROM pt_bfs('edges', 1);
SELECT * FROM walks;
UPDATE edges SET b = (SELECT max(node) + 1 FROM pt_bfs('edges', 1)) WHERE b > 100;
SELECT * FROM walks;
DELETE FROM edges WHERE b IN (SELECT node FROM pt_bfs('edges', 1, hops => 1)) AND b > 100;
SELECT * FROM walks;

-- functions: a volatile one sees what its caller's command did, a stable one does not
CREATE FUNCTION walk_volatile() RETURNS text VOLATILE LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT walk FROM walks); END $$;
CREATE FUNCTION walk_stable() RETURNS text STABLE LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT walk FROM walks); END $$;
CREATE FUNCTION recursive_volatile() RETURNS text VOLATILE LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT recursive FROM walks); END $$;
CREATE FUNCTION recursive_stable() RETURNS text STABLE LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT recursive FROM walks); END $$;
CREATE FUNCTION add(x integer, y integer) RETURNS text VOLATILE LANGUAGE sql AS $$ INSERT INTO edges (a, b) VALUES (x, y) RETURNING format('%s->%s', a, b) $$;
DELETE FROM edges WHERE id > 2;
INSERT INTO edges (a, b) VALUES (1, 2), (2, 3);
SELECT add(3, 10), walk_volatile(), recursive_volatile(), walk_stable(), recursive_stable();
SELECT walk_volatile(), walk_stable();
DO $$
BEGIN
	-- each insertion is seen by the next walk, a rolled-back one is not
	FOR i IN 10 .. 200 LOOP
		INSERT INTO edges (a, b) VALUES (i, i + 1);
		IF (SELECT count(*) FROM pt_bfs('edges', 10)) <> i - 8 THEN
			RAISE EXCEPTION 'walk of % nodes after %', (SELECT count(*) FROM pt_bfs('edges', 10)), i;
		END IF;
		BEGIN
			INSERT INTO edges (a, b) VALUES (i, -i);
			IF (SELECT count(*) FROM pt_bfs('edges', 10)) <> i - 7 THEN
				RAISE EXCEPTION 'own edge of % not seen', i;
			END IF;
			RAISE division_by_zero;
		EXCEPTION WHEN division_by_zero THEN
			NULL;
		END;
		IF i % 7 = 0 THEN
			UPDATE edges SET a = a WHERE a = 10;
		END IF;
	END LOOP;
END $$;
SELECT count(*), max(distance) FROM pt_bfs('edges', 10);
-- a procedure that commits as it goes
CREATE PROCEDURE commits() LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	FOR i IN 1 .. 20 LOOP
		DELETE FROM edges WHERE a = 201 - i;
		SELECT count(*) INTO n FROM pt_bfs('edges', 10);
		IF n <> 192 - i THEN
			RAISE EXCEPTION '% nodes after %', n, i;
		END IF;
		IF i % 3 = 0 THEN ROLLBACK; INSERT INTO edges (a, b) SELECT 201 - i, 202 - i WHERE NOT EXISTS (SELECT FROM edges WHERE a = 201 - i); DELETE FROM edges WHERE a = 201 - i; ELSE COMMIT; END IF;
	END LOOP;
END $$;
CALL commits();
SELECT count(*), max(distance) FROM pt_bfs('edges', 10);

-- a walk within the loop over another
DO $$
DECLARE
	r record;
	n integer := 0;
BEGIN
	FOR r IN SELECT node, distance FROM pt_bfs('edges', 10, hops => 30) LOOP
		INSERT INTO edges (a, b) VALUES (r.node, 100000 + r.node);
		IF (SELECT count(*) FROM pt_bfs('edges', r.node, hops => 1)) <> 3 THEN
			RAISE EXCEPTION 'at %', r.node;
		END IF;
		n := n + 1;
	END LOOP;
	IF n <> 31 THEN
		RAISE EXCEPTION '% nodes', n;
	END IF;
END $$;
SELECT count(*) FROM pt_bfs('edges', 10, hops => 30);

-- triggers: a row trigger sees the rows of its command so far, and can refuse a cycle
CREATE TABLE tree (a text, b text);
CREATE INDEX tree_adjacency ON tree USING adjacency (a, b);
CREATE FUNCTION refuse_cycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM pt_bfs('tree', NEW.b, missing_ok => true) WHERE node = NEW.a) THEN
		RAISE EXCEPTION 'cycle through %', NEW.a;
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER acyclic AFTER INSERT OR UPDATE ON tree FOR EACH ROW EXECUTE FUNCTION refuse_cycle();
CREATE CONSTRAINT TRIGGER acyclic_later AFTER INSERT ON tree DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_cycle();
INSERT INTO tree VALUES ('r', 'x'), ('r', 'y'), ('x', 'z');
INSERT INTO tree VALUES ('z', 'r');
INSERT INTO tree VALUES ('z', 'q'), ('q', 'r');
UPDATE tree SET b = 'r' WHERE b = 'z';
BEGIN;
ALTER TABLE tree DISABLE TRIGGER acyclic;
INSERT INTO tree VALUES ('z', 'q'), ('q', 'r');
COMMIT;
SELECT node, distance FROM pt_bfs('tree', 'r'::text) ORDER BY distance, node;

-- prepared statements, across changes of the data and of the index
CREATE TABLE changing (a integer, b integer);
CREATE INDEX changing_adjacency ON changing USING adjacency (a, b);
INSERT INTO changing (a, b) VALUES (1, 2), (2, 3);
SET plan_cache_mode = force_generic_plan;
PREPARE p (integer) AS SELECT string_agg(node::text, ' ' ORDER BY node) FROM pt_bfs('changing', $1);
EXECUTE p (1);
EXECUTE p (2);
INSERT INTO changing (a, b) VALUES (3, 4);
EXECUTE p (1);
REINDEX INDEX changing_adjacency;
EXECUTE p (1);
DROP INDEX changing_adjacency;
CREATE INDEX changing_again ON changing USING adjacency (b, a);
EXECUTE p (3);
VACUUM FULL changing;
EXECUTE p (3);
ALTER TABLE changing ALTER a TYPE bigint, ALTER b TYPE bigint;
EXECUTE p (3);
TRUNCATE changing;
INSERT INTO changing (a, b) VALUES (7, 3);
EXECUTE p (3);
DROP INDEX changing_again;
ALTER TABLE changing ALTER a TYPE integer, ALTER b TYPE integer;
CREATE INDEX changing_adjacency ON changing USING adjacency (a, b);
EXECUTE p (7);
RESET plan_cache_mode;
DEALLOCATE p;

-- isolation levels: own writes are seen in each, gone when rolled back
TRUNCATE edges;
INSERT INTO edges (a, b) VALUES (1, 2), (2, 3);
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT * FROM walks;
INSERT INTO edges (a, b) VALUES (3, 4);
SELECT * FROM walks;
SAVEPOINT s;
DELETE FROM edges WHERE a = 1;
INSERT INTO edges (a, b) VALUES (1, 3);
SELECT * FROM walks;
ROLLBACK TO s;
SELECT * FROM walks;
COMMIT;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT * FROM walks;
UPDATE edges SET b = 9 WHERE a = 3;
SELECT * FROM walks;
ROLLBACK;
BEGIN ISOLATION LEVEL SERIALIZABLE;
-- what a walk locks against others: the table and its index
SELECT count(*) FROM pt_bfs('edges', 1);
SELECT DISTINCT relation::regclass::text, mode FROM pg_locks WHERE pid = pg_backend_pid() AND mode = 'SIReadLock' AND page IS NULL AND relation::regclass::text IN ('edges', 'edges_adjacency') ORDER BY 1;
ROLLBACK;
SELECT * FROM walks;
BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY;
SELECT * FROM walks;
COMMIT;
BEGIN READ ONLY;
SELECT * FROM walks;
SELECT count(*) FROM pt_callers('2', graph => 'edges');
SELECT index FROM pt_graph_status('edges');
COMMIT;

-- another session has what is committed
BEGIN;
INSERT INTO edges (a, b) VALUES (3, 5);
SELECT * FROM walks;
\c -
SET client_min_messages = warning;
SET search_path = pt_snapshot, public;
SELECT * FROM walks;

-- locks: the table and the index until the end of the transaction, no other
BEGIN;
SELECT walk FROM walks;
SELECT relation::regclass, mode FROM pg_locks
WHERE pid = pg_backend_pid() AND locktype = 'relation' AND relation::regclass::text ~ '^edges' ORDER BY relation::regclass::text;
SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype NOT IN ('relation', 'virtualxid');
COMMIT;
-- none is left by errors either
BEGIN;
SAVEPOINT s;
SELECT * FROM pt_bfs('edges', 99);
ROLLBACK TO s;
SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype NOT IN ('relation', 'virtualxid');
SELECT walk FROM walks;
COMMIT;

-- a statement that stops early, and small memory
SELECT node FROM pt_bfs('edges', 1) LIMIT 1;
SELECT EXISTS (SELECT FROM pt_bfs('edges', 1) WHERE distance = 1);
TRUNCATE edges;
INSERT INTO edges (a, b) SELECT i / 3, i FROM generate_series(1, 20000) i;
SET work_mem = '64kB';
SELECT count(*), count(DISTINCT node), max(distance) FROM pt_bfs('edges', 1);
RESET work_mem;
SELECT count(*), max(distance) FROM pt_blast_radius('1', NULL, 'out', graph => 'edges');

DROP SCHEMA pt_snapshot CASCADE;
