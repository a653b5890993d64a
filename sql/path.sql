-- pt_path: valid, shortest, and none where there is none
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
DROP SCHEMA IF EXISTS path CASCADE;
CREATE SCHEMA path;
SET search_path = path, public;
SET jit = off;

-- a line with a short cut, a cycle, parallel edges, an island
CREATE TABLE e (a text, b text, kind text, source_location text);
CREATE INDEX e_graph ON e USING adjacency (a, b, kind);
INSERT INTO e VALUES
	('a', 'b', 'Calls', 'a.c:1'), ('b', 'c', 'Calls', 'b.c:2'), ('c', 'd', 'Calls', 'c.c:3'),
	('d', 'e', 'Calls', 'd.c:4'), ('a', 'd', 'Uses', 'a.c:5'), ('e', 'a', 'Calls', NULL),
	('e', 'e', 'Calls', NULL), ('x', 'y', 'Calls', NULL), ('x', 'y', 'Uses', NULL);

SELECT * FROM pt_path('a', 'e', graph => 'e') ORDER BY step;
SELECT * FROM pt_path('a', 'e', edge_types => '{Calls}', graph => 'e') ORDER BY step;
SELECT * FROM pt_path('e', 'c', direction => 'in', graph => 'e') ORDER BY step;
SELECT step, from_key, to_key FROM pt_path('c', 'a', direction => 'both', edge_types => '{Calls}', graph => 'e') ORDER BY step;
SELECT count(*) FROM pt_path('x', 'y', graph => 'e');

-- no path, the same key, too few hops
SELECT count(*) FROM pt_path('y', 'x', graph => 'e');
SELECT count(*) FROM pt_path('a', 'x', direction => 'both', graph => 'e');
SELECT count(*) FROM pt_path('e', 'e', graph => 'e');
SELECT count(*) FROM pt_path('a', 'e', 1, graph => 'e');
SELECT count(*) FROM pt_path('a', 'e', 2, graph => 'e');
SELECT count(*) FROM pt_path('a', 'e', 0, graph => 'e');

-- bad arguments
\set VERBOSITY sqlstate
SELECT * FROM pt_path('a', 'nobody', graph => 'e');
SELECT * FROM pt_path('nobody', 'a', graph => 'e');
SELECT count(*) FROM pt_path('nobody', 'a', missing_ok => true, graph => 'e');
SELECT * FROM pt_path(NULL, 'a', graph => 'e');
SELECT * FROM pt_path('a', NULL, graph => 'e');
SELECT * FROM pt_path('a', 'b', -1, graph => 'e');
SELECT * FROM pt_path('a', 'b', direction => 'up', graph => 'e');
SELECT * FROM pt_path('a', 'b', direction => NULL, graph => 'e');
SELECT * FROM pt_path('a', 'b', edge_types => '{Calls,NULL}', graph => 'e');
SELECT * FROM pt_path('a', 'b', graph => 'pg_class');
\set VERBOSITY default

-- what the snapshot does not see is no path
BEGIN;
DELETE FROM e WHERE a = 'a' AND b = 'd';
SELECT count(*) FROM pt_path('a', 'e', graph => 'e');
SAVEPOINT s;
INSERT INTO e VALUES ('a', 'e', 'Calls', 'own');
SELECT source_location FROM pt_path('a', 'e', graph => 'e');
ROLLBACK TO s;
SELECT count(*) FROM pt_path('a', 'e', graph => 'e');
ROLLBACK;
SELECT count(*) FROM pt_path('a', 'e', graph => 'e');

-- random graphs: the length is the distance that a breadth-first search finds,
-- and the edges are a chain of rows that exist (seed 0.71)
CREATE TABLE r (a integer NOT NULL, b integer NOT NULL, kind integer);
CREATE INDEX ON r USING adjacency (a, b, kind);
CREATE FUNCTION path_errors(dir text, kinds text[], pairs int) RETURNS TABLE (problem text, at text) LANGUAGE plpgsql AS $$
DECLARE
	s int;
	t int;
	want int;
	got int;
	at_node int;
	p record;
BEGIN
	FOR i IN 1..pairs LOOP
		s := floor(random() * 300);
		t := floor(random() * 300);
		CONTINUE WHEN s = t OR NOT EXISTS (SELECT FROM r WHERE s IN (a, b)) OR NOT EXISTS (SELECT FROM r WHERE t IN (a, b));
		want := NULL;
		WITH RECURSIVE w (n, d) AS (
			SELECT s, 0
			UNION
			SELECT CASE WHEN dir <> 'in' AND r.a = w.n THEN r.b ELSE r.a END, w.d + 1
			FROM w JOIN r ON (dir <> 'in' AND r.a = w.n) OR (dir <> 'out' AND r.b = w.n)
			WHERE w.d < 12 AND (kinds IS NULL OR r.kind::text = ANY (kinds))
		) SELECT min(d) INTO want FROM w WHERE n = t;
		got := 0;
		at_node := s;
		FOR p IN SELECT * FROM pt_path(s::text, t::text, direction => dir, edge_types => kinds, graph => 'r') ORDER BY step LOOP
			got := got + 1;
			IF p.step <> got OR NOT EXISTS (SELECT FROM r WHERE a = p.from_key::int AND b = p.to_key::int
				AND kind::text IS NOT DISTINCT FROM p.edge_type AND (kinds IS NULL OR kind::text = ANY (kinds))) THEN
				problem := 'no such edge'; at := format('%s -> %s', s, t); RETURN NEXT;
			END IF;
			IF dir <> 'in' AND p.from_key::int = at_node THEN
				at_node := p.to_key::int;
			ELSIF dir <> 'out' AND p.to_key::int = at_node THEN
				at_node := p.from_key::int;
			ELSE
				problem := 'broken chain'; at := format('%s -> %s', s, t); RETURN NEXT;
			END IF;
		END LOOP;
		IF got > 0 AND at_node <> t THEN
			problem := 'wrong end'; at := format('%s -> %s', s, t); RETURN NEXT;
		END IF;
		IF coalesce(want, 0) <> got AND (want IS NOT NULL OR got <= 12) THEN
			problem := format('length %s, not %s', got, want); at := format('%s -> %s', s, t); RETURN NEXT;
		END IF;
	END LOOP;
END $$;
SELECT setseed(0.71);
INSERT INTO r SELECT floor(random() * 300), floor(random() * 300), nullif(floor(random() * 4)::int, 0) FROM generate_series(1, 450);
SELECT * FROM path_errors('out', NULL, 60);
SELECT * FROM path_errors('in', NULL, 40);
SELECT * FROM path_errors('both', '{1,2}', 40);
DELETE FROM r WHERE random() < 0.2;
VACUUM r;
INSERT INTO r SELECT floor(random() * 300), floor(random() * 300), nullif(floor(random() * 4)::int, 0) FROM generate_series(1, 100);
SELECT * FROM path_errors('out', '{1,2,3}', 40);
SELECT * FROM path_errors('both', NULL, 20);
SELECT count(*) > 20 AS paths_were_found FROM generate_series(0, 99) AS g
	WHERE EXISTS (SELECT FROM pt_path(g::text, ((g * 7 + 3) % 300)::text, missing_ok => true, graph => 'r'));
DROP SCHEMA path CASCADE;
