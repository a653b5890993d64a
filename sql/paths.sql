-- pt_paths: the k shortest simple paths
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
DROP SCHEMA IF EXISTS paths CASCADE;
CREATE SCHEMA paths;
SET search_path = paths, public;
SET jit = off;

-- the example of the kernel, a longer way round, parallel edges, self-loops, an island
CREATE TABLE e (a text, b text, kind text, source_location text);
CREATE INDEX e_graph ON e USING adjacency (a, b, kind);
INSERT INTO e VALUES
	('s', 'a', 'Calls', 's.c:1'), ('s', 'b', 'Calls', 's.c:2'), ('a', 't', 'Calls', 'a.c:1'), ('b', 't', 'Calls', 'b.c:1'),
	('a', 'b', 'Uses', 'a.c:2'), ('t', 's', 'Calls', NULL), ('a', 'a', 'Calls', NULL), ('a', 't', 'Uses', 'a.c:3'), ('a', 't', 'Calls', 'a.c:4'),
	('x', 'y', 'Calls', NULL), ('b', 's', 'Calls', NULL);

-- a path's nodes in a line
CREATE FUNCTION shown(start_key text, end_key text, k integer DEFAULT 10, hops integer DEFAULT NULL, direction text DEFAULT 'out',
	edge_types text[] DEFAULT NULL, shortest_only boolean DEFAULT false, graph regclass DEFAULT 'e')
RETURNS TABLE (length bigint, nodes text) LANGUAGE sql AS $$
	SELECT * FROM (
		SELECT count(*) AS length, start_key || string_agg(CASE direction WHEN 'in' THEN ' < ' || from_key ELSE ' > ' || to_key END, '' ORDER BY step) AS nodes
		FROM pt_paths(start_key, end_key, k, hops, direction, shortest_only, edge_types, graph => shown.graph)
		GROUP BY path) AS p
	ORDER BY p.length, p.nodes COLLATE "C"
$$;
SELECT * FROM pt_paths('s', 't', edge_types => '{Calls}', graph => 'e') WHERE from_key <> 'a' AND to_key <> 'a' ORDER BY step;
SELECT * FROM shown('s', 't');
SELECT * FROM shown('s', 't', hops => 2);
SELECT * FROM shown('s', 't', shortest_only => true);
SELECT * FROM shown('s', 't', edge_types => '{Calls}');
SELECT length FROM shown('s', 't', 2);
SELECT * FROM shown('t', 'a', direction => 'in');
SELECT * FROM shown('x', 'y');
-- parallel edges: one of them
SELECT count(*), count(DISTINCT path), bool_and(edge_type IN ('Calls', 'Uses')) FROM pt_paths('a', 't', hops => 1, graph => 'e');
SELECT path, step, source_location FROM pt_paths('a', 't', hops => 1, edge_types => '{Uses}', graph => 'e');
-- nothing
SELECT * FROM shown('s', 't', 0);
SELECT * FROM shown('s', 't', hops => 1);
SELECT * FROM shown('s', 't', hops => 0);
SELECT * FROM shown('s', 's');
SELECT * FROM shown('y', 'x');
SELECT * FROM shown('s', 'x', direction => 'both');
SELECT count(*) FROM shown('s', 't', NULL);

-- bad arguments
\set VERBOSITY sqlstate
SELECT * FROM pt_paths('s', 'nobody', graph => 'e');
SELECT * FROM pt_paths('nobody', 's', graph => 'e');
SELECT count(*) FROM pt_paths('nobody', 's', missing_ok => true, graph => 'e');
SELECT * FROM pt_paths(NULL, 't', graph => 'e');
SELECT * FROM pt_paths('s', NULL, graph => 'e');
SELECT * FROM pt_paths('s', 't', -1, graph => 'e');
SELECT * FROM pt_paths('s', 't', hops => -1, graph => 'e');
SELECT * FROM pt_paths('s', 't', direction => 'up', graph => 'e');
SELECT * FROM pt_paths('s', 't', direction => NULL, graph => 'e');
SELECT * FROM pt_paths('s', 't', edge_types => '{Calls,NULL}', graph => 'e');
SELECT * FROM pt_paths('s', 't', graph => 'pg_class');
SELECT count(*) FROM pt_paths('s', 't', NULL, NULL, edge_types => NULL, shortest_only => NULL, missing_ok => NULL, graph => 'e', min_confidence => NULL);
\set VERBOSITY default

-- what the snapshot does not see is no path
BEGIN;
DELETE FROM e WHERE a = 's' AND b = 'b';
INSERT INTO e VALUES ('s', 't', 'Calls', 'own');
SELECT * FROM shown('s', 't');
ROLLBACK;
SELECT * FROM shown('s', 't');

-- small random graphs: all simple paths by brute force (seeds 0.11 to 0.16)
CREATE TABLE r (a integer, b integer, kind integer);
CREATE INDEX ON r USING adjacency (a, b, kind);
CREATE FUNCTION paths_errors(dir text, kinds text[], bound int, n_nodes int) RETURNS TABLE (problem text, at text) LANGUAGE plpgsql AS $$
DECLARE
	s int;
	t int;
	few int;
	compared bigint := 0;
BEGIN
	CREATE TEMP TABLE arcs ON COMMIT DROP AS
		SELECT DISTINCT x, y FROM (
			SELECT a AS x, b AS y FROM r WHERE dir <> 'in' AND (kinds IS NULL OR kind::text = ANY (kinds))
			UNION ALL SELECT b, a FROM r WHERE dir <> 'out' AND (kinds IS NULL OR kind::text = ANY (kinds))) u WHERE x <> y;
	CREATE TEMP TABLE want (nodes int[]) ON COMMIT DROP;
	CREATE TEMP TABLE got (path int, nodes int[]) ON COMMIT DROP;
	FOR s, t IN SELECT x, (x * 7 + 3) % n_nodes FROM generate_series(0, n_nodes - 1) x WHERE x <> (x * 7 + 3) % n_nodes LOOP
		TRUNCATE want, got;
		at := format('%s to %s', s, t);
		INSERT INTO want
		WITH RECURSIVE w (n, p) AS (
			SELECT s, ARRAY[s]
			UNION ALL
			SELECT y, p || y FROM w JOIN arcs ON x = n WHERE n <> t AND y <> ALL (p) AND (bound IS NULL OR cardinality(p) <= bound))
		SELECT p FROM w WHERE n = t;
		compared := compared + (SELECT count(*) FROM want);
		FOREACH few IN ARRAY ARRAY[1, 3, 10, NULL] LOOP
			TRUNCATE got;
			-- the edges are a chain from s, of rows that exist
			INSERT INTO got
			WITH RECURSIVE p AS MATERIALIZED (
				SELECT * FROM pt_paths(s::text, t::text, few, bound, dir, edge_types => kinds, missing_ok => true, graph => 'r')
			), c (path, step, n, nodes) AS (
				SELECT DISTINCT path, 0, s, ARRAY[s] FROM p
				UNION ALL
				SELECT c.path, c.step + 1, v, c.nodes || v FROM c JOIN p ON p.path = c.path AND p.step = c.step + 1,
					LATERAL (SELECT CASE WHEN dir <> 'in' AND from_key::int = n THEN to_key::int WHEN dir <> 'out' AND to_key::int = n THEN from_key::int END) v (v)
				WHERE EXISTS (SELECT FROM r WHERE a = from_key::int AND b = to_key::int AND kind::text IS NOT DISTINCT FROM edge_type AND (kinds IS NULL OR kind::text = ANY (kinds)))
			)
			SELECT path, nodes FROM c WHERE step = (SELECT max(step) FROM p WHERE p.path = c.path);
			IF (SELECT count(DISTINCT path) FROM pt_paths(s::text, t::text, few, bound, dir, edge_types => kinds, missing_ok => true, graph => 'r')) <> (SELECT count(*) FROM got) THEN
				problem := 'broken chain'; RETURN NEXT;
			END IF;
			IF EXISTS (SELECT nodes FROM got EXCEPT ALL SELECT nodes FROM want) THEN
				problem := 'not a simple path, or twice'; RETURN NEXT;
			END IF;
			IF (SELECT count(*) FROM got) <> least(few, (SELECT count(*) FROM want)) THEN
				problem := format('%s of %s paths, not %s', (SELECT count(*) FROM got), (SELECT count(*) FROM want), few); RETURN NEXT;
			END IF;
			IF ARRAY(SELECT cardinality(nodes) FROM got ORDER BY path) <> ARRAY(SELECT cardinality(nodes) FROM want ORDER BY 1 LIMIT few) THEN
				problem := 'not the shortest first'; RETURN NEXT;
			END IF;
		END LOOP;
		IF (SELECT count(DISTINCT path) FROM pt_paths(s::text, t::text, NULL, bound, dir, true, kinds, missing_ok => true, graph => 'r')) <>
			(SELECT count(*) FROM want WHERE cardinality(nodes) = (SELECT min(cardinality(nodes)) FROM want)) THEN
			problem := 'shortest only'; RETURN NEXT;
		END IF;
	END LOOP;
	DROP TABLE arcs, want, got;
	IF compared = 0 THEN
		problem := 'nothing compared'; at := NULL; RETURN NEXT;
	END IF;
END $$;
CREATE FUNCTION random_graph(seed float8, nodes int, edges int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM setseed(seed);
	DELETE FROM r;
	INSERT INTO r SELECT floor(random() * nodes), floor(random() * nodes), nullif(floor(random() * 4)::int, 0) FROM generate_series(1, edges);
END $$;
SELECT random_graph(0.11, 12, 30);
SELECT * FROM paths_errors('out', NULL, NULL, 12);
SELECT * FROM paths_errors('in', NULL, NULL, 12);
SELECT random_graph(0.12, 9, 40);
SELECT * FROM paths_errors('out', NULL, NULL, 9);
SELECT random_graph(0.13, 14, 22);
SELECT * FROM paths_errors('both', NULL, NULL, 14);
SELECT random_graph(0.14, 30, 60);
SELECT * FROM paths_errors('out', NULL, 7, 30);
VACUUM r;
SELECT random_graph(0.15, 20, 60);
SELECT * FROM paths_errors('both', '{1,2}', 5, 20);
-- long ways and dead ends: two chains with rungs
SELECT random_graph(0.16, 1, 0);
INSERT INTO r SELECT g, g + 1, 1 FROM generate_series(0, 10) g UNION ALL SELECT g + 12, g + 11, 1 FROM generate_series(1, 10) g UNION ALL SELECT g, g + 12, 1 FROM generate_series(0, 10, 3) g;
SELECT * FROM paths_errors('both', NULL, NULL, 24);
SELECT * FROM paths_errors('out', NULL, NULL, 24);

-- the first path is as long as pt_path's
SELECT random_graph(0.17, 300, 900);
SELECT count(*) > 50 AS some, bool_and(p.length = q.length) AS same FROM generate_series(0, 99) g,
	LATERAL (SELECT count(*) AS length FROM pt_path(g::text, (g * 7 % 300 + 1)::text, missing_ok => true, graph => 'r')) p,
	LATERAL (SELECT count(*) AS length FROM pt_paths(g::text, (g * 7 % 300 + 1)::text, 3, missing_ok => true, graph => 'r') WHERE path = 1) q WHERE p.length > 0;

-- a grid has binomial(2n, n) shortest paths; only so many are looked for
CREATE TABLE grid AS SELECT x * 100 + y AS a, x * 100 + y + d AS b FROM generate_series(0, 30) x, generate_series(0, 30) y, unnest('{1,100}'::int[]) d
	WHERE CASE d WHEN 1 THEN y < 30 ELSE x < 30 END;
CREATE INDEX ON grid USING adjacency (a, b);
SELECT count(DISTINCT path), count(*), max(step) FROM pt_paths('0', '505', NULL, graph => 'grid');
SELECT count(DISTINCT path), count(*), max(step) FROM pt_paths('0', '3030', 1000, graph => 'grid');
SELECT count(DISTINCT path), min(step), max(step) FROM (SELECT path, max(step) AS step FROM pt_paths('0', '505', 1000, direction => 'both', graph => 'grid') GROUP BY path) p;
-- a prefix bars the way: beyond a gate that each longer path would have to pass twice there is a large dead end
CREATE TABLE gate AS SELECT 0 AS a, 1 AS b UNION ALL SELECT 1, 2 UNION ALL SELECT 0, 10 UNION ALL SELECT g, g + 1 FROM generate_series(10, 5000) g UNION ALL SELECT g, 1 FROM generate_series(10, 5000) g;
CREATE INDEX ON gate USING adjacency (a, b);
SELECT path, count(*) FROM pt_paths('0', '2', 5, graph => 'gate') GROUP BY path ORDER BY path;
SELECT path, count(*) FROM pt_paths('1', '2', 5, direction => 'both', graph => 'gate') GROUP BY path ORDER BY path;
-- through every node there is
CREATE TABLE line AS SELECT g AS a, g + 1 AS b FROM generate_series(0, 1) g;
CREATE INDEX ON line USING adjacency (a, b);
SELECT * FROM shown('0', '2', graph => 'line');
-- a long dead end, of which each step would have to be undone: searched a few times, not once for each length
INSERT INTO line SELECT g, g + 1 FROM generate_series(2, 60000) g;
-- seconds of the processor's time that the session has had: as many on a busy machine
CREATE FUNCTION worked() RETURNS numeric LANGUAGE sql VOLATILE AS $$
	SELECT (f[12]::numeric + f[13]::numeric) / 100 FROM regexp_split_to_array(regexp_replace(pg_read_file('/proc/self/stat', 0, 2000), '.*\) ', ''), ' ') AS f $$;
SELECT worked() AS begun \gset
SELECT * FROM pt_paths('1', '0', 2, direction => 'both', graph => 'line');
SELECT worked() - :begun < 30 AS soon;
-- can be cancelled, and memory is bounded
\set VERBOSITY sqlstate
BEGIN;
SET LOCAL statement_timeout = '50ms';
SELECT count(*) FROM pt_paths('0', '3030', NULL, graph => 'grid');
ROLLBACK;
\set VERBOSITY default
SET parseltongue.local_image_memory = '1MB';
\set VERBOSITY sqlstate
SELECT count(*) FROM pt_paths('0', '3030', NULL, graph => 'grid');
\set VERBOSITY default
RESET parseltongue.local_image_memory;
DROP SCHEMA paths CASCADE;
