-- pt_subgraph and pt_tree: the nodes around a key, all edges among them, and the walk as a tree
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
DROP SCHEMA IF EXISTS subgraph CASCADE;
CREATE SCHEMA subgraph;
SET search_path = subgraph, public;
SET jit = off;

-- a line with a short cut, a cycle, parallel edges, self-loops, an island, a lone self-loop
CREATE TABLE e (a text, b text, kind text, source_location text);
CREATE INDEX e_graph ON e USING adjacency (a, b, kind);
INSERT INTO e VALUES
	('a', 'b', 'Calls', 'a.c:1'), ('b', 'c', 'Calls', 'b.c:2'), ('c', 'd', 'Calls', 'c.c:3'),
	('d', 'e', 'Calls', 'd.c:4'), ('a', 'd', 'Uses', 'a.c:5'), ('e', 'a', 'Calls', NULL),
	('e', 'e', 'Calls', NULL), ('x', 'y', 'Calls', 'x.c:1'), ('x', 'y', 'Calls', 'x.c:2'), ('x', 'y', 'Uses', NULL),
	('l', 'l', 'Calls', 'l.c:1');

SELECT * FROM pt_subgraph('b', 1, graph => 'e') ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C", source_location COLLATE "C";
SELECT * FROM pt_subgraph('a', 2, 'out', graph => 'e') ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C", source_location COLLATE "C";
SELECT * FROM pt_subgraph('a', 1, 'in', graph => 'e') ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C", source_location COLLATE "C";
SELECT * FROM pt_subgraph('x', graph => 'e') ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C", source_location COLLATE "C";
SELECT * FROM pt_subgraph('y', direction => 'in', edge_types => '{Uses}', graph => 'e') ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C", source_location COLLATE "C";
-- one node: with a loop, without any edge among the nodes, an entity without any edge at all
SELECT * FROM pt_subgraph('l', graph => 'e');
SELECT * FROM pt_subgraph('e', 0, graph => 'e');
SELECT * FROM pt_subgraph('a', 0, graph => 'e');
SELECT * FROM pt_subgraph('y', 5, 'out', graph => 'e');
SELECT * FROM pt_subgraph('a', edge_types => '{Nothing}', graph => 'e');
BEGIN;
SELECT pt_insert_entity('c:fn:alone:src/a.c:1-2');
SELECT * FROM pt_subgraph('c:fn:alone:src/a.c:1-2');
SELECT * FROM pt_tree('c:fn:alone:src/a.c:1-2');
ROLLBACK;

-- cut: nearest first, and every row says so
SET client_min_messages = notice;
SELECT count(*), bool_and(truncated), max(from_distance), max(to_distance) FROM pt_subgraph('a', NULL, 'out', max_nodes => 3, graph => 'e');
SELECT count(*), bool_and(truncated), max(from_distance), max(to_distance) FROM pt_subgraph('a', NULL, 'out', max_edges => 2, graph => 'e');
SELECT count(*), bool_and(truncated) FROM pt_subgraph('a', NULL, max_nodes => 5, max_edges => 7, graph => 'e');
SELECT * FROM pt_subgraph('a', max_edges => 0, graph => 'e');
SELECT * FROM pt_subgraph('a', max_nodes => 1, graph => 'e');
SELECT * FROM pt_subgraph('a', max_nodes => 0, graph => 'e');
SELECT count(*), bool_or(truncated) FROM pt_subgraph('a', NULL, max_nodes => NULL, max_edges => NULL, graph => 'e');
SET client_min_messages = warning;

-- the tree
SELECT * FROM pt_tree('e', graph => 'e');
SELECT * FROM pt_tree('a', NULL, 'out', graph => 'e');
SELECT * FROM pt_tree('a', 1, 'both', graph => 'e');
SELECT * FROM pt_tree('a', 0, graph => 'e');
SELECT * FROM pt_tree('x', graph => 'e');
SELECT * FROM pt_tree('y', edge_types => '{Uses}', graph => 'e');
SELECT pt_tree('l', graph => 'e');
SELECT * FROM pt_tree('a', NULL, 'out', edge_types => '{Calls}', max_nodes => 3, graph => 'e');
SELECT * FROM pt_tree('a', NULL, 'out', max_nodes => 1, graph => 'e');
SELECT * FROM pt_tree('a', NULL, 'out', max_nodes => 0, graph => 'e');
CREATE TABLE t (a text, b text);
CREATE INDEX ON t USING adjacency (a, b);
INSERT INTO t VALUES ('root', 'b'), ('root', 'a'), ('root', 'ab'), ('root', 'B'), ('a', 'a2'), ('a', 'a1'), ('a1', 'a11'), ('a1', 'a12'),
	('b', 'b1'), ('b1', 'b2'), ('b2', 'b3'), ('ab', 'ab1'), ('a11', 'a111'), ('b2', 'a');
SELECT * FROM pt_tree('root', NULL, 'out', graph => 't');
SELECT * FROM pt_tree('root', NULL, 'out', max_nodes => 8, graph => 't');

-- bad arguments
\set VERBOSITY sqlstate
SELECT * FROM pt_subgraph('nobody', graph => 'e');
SELECT * FROM pt_subgraph('nobody', missing_ok => true, graph => 'e');
SELECT * FROM pt_subgraph(NULL, graph => 'e');
SELECT * FROM pt_subgraph('a', -1, graph => 'e');
SELECT * FROM pt_subgraph('a', direction => 'up', graph => 'e');
SELECT * FROM pt_subgraph('a', direction => NULL, graph => 'e');
SELECT * FROM pt_subgraph('a', edge_types => '{Calls,NULL}', graph => 'e');
SELECT * FROM pt_subgraph('a', max_nodes => -1, graph => 'e');
SELECT * FROM pt_subgraph('a', graph => 'pg_class');
SELECT count(*) FROM pt_subgraph('a', NULL, edge_types => NULL, max_nodes => NULL, max_edges => NULL, missing_ok => NULL, graph => 'e', min_confidence => NULL);
SELECT * FROM pt_tree('nobody', graph => 'e');
SELECT * FROM pt_tree('nobody', missing_ok => true, graph => 'e');
SELECT * FROM pt_tree(NULL, graph => 'e');
SELECT * FROM pt_tree('a', -1, graph => 'e');
SELECT * FROM pt_tree('a', direction => 'up', graph => 'e');
SELECT * FROM pt_tree('a', direction => NULL, graph => 'e');
SELECT * FROM pt_tree('a', edge_types => '{NULL}', graph => 'e');
SELECT * FROM pt_tree('a', max_nodes => -1, graph => 'e');
SELECT count(*) FROM pt_tree('a', NULL, edge_types => NULL, max_nodes => NULL, missing_ok => NULL, graph => 'e', min_confidence => NULL);
\set VERBOSITY default
SELECT * FROM pt_subgraph('a', max_edges => -1, graph => 'e');

-- what the snapshot does not see is not there
BEGIN;
DELETE FROM e WHERE a = 'a' AND b = 'd';
INSERT INTO e VALUES ('a', 'new', 'Calls', 'own');
SELECT from_key, to_key, source_location FROM pt_subgraph('a', 1, 'out', graph => 'e') ORDER BY to_key COLLATE "C";
SELECT * FROM pt_tree('a', 1, 'out', graph => 'e');
ROLLBACK;
SELECT from_key, to_key FROM pt_subgraph('a', 1, 'out', graph => 'e') ORDER BY to_key COLLATE "C";

-- random graphs against recursive SQL (seed 0.37)
CREATE TABLE r (a integer, b integer, kind integer, source_location integer GENERATED ALWAYS AS IDENTITY);
CREATE INDEX ON r USING adjacency (a, b, kind);

-- nodes within hops, then all edges among them, as multisets of rows
CREATE FUNCTION subgraph_errors(dir text, kinds text[], starts int[], bound int) RETURNS TABLE (problem text, start int, edge text) LANGUAGE plpgsql AS $$
DECLARE
	rows bigint := 0;
BEGIN
	FOREACH start IN ARRAY starts LOOP
		CONTINUE WHEN NOT EXISTS (SELECT FROM r WHERE a IS NOT NULL AND b IS NOT NULL AND start IN (a, b));
		CREATE TEMP TABLE want ON COMMIT DROP AS
		WITH RECURSIVE f AS MATERIALIZED (
			SELECT * FROM r WHERE a IS NOT NULL AND b IS NOT NULL AND (kinds IS NULL OR kind::text = ANY (kinds))
		), w (n, d) AS (
			SELECT start, 0
			UNION
			SELECT CASE WHEN dir <> 'in' AND f.a = w.n THEN f.b ELSE f.a END, w.d + 1
			FROM w JOIN f ON (dir <> 'in' AND f.a = w.n) OR (dir <> 'out' AND f.b = w.n)
			WHERE w.d < bound
		), n AS MATERIALIZED (
			SELECT n, min(d) AS d FROM w GROUP BY n
		)
		SELECT f.a::text, f.b::text, f.kind::text, f.source_location::text, s.d AS da, t.d AS db, false AS cut
		FROM f JOIN n s ON s.n = f.a JOIN n t ON t.n = f.b;
		CREATE TEMP TABLE got ON COMMIT DROP AS
		SELECT * FROM pt_subgraph(start::text, bound, dir, NULL, kinds, max_nodes => NULL, graph => 'r') WHERE to_key IS NOT NULL;
		RETURN QUERY SELECT 'missing', start, m::text FROM (SELECT * FROM want EXCEPT ALL SELECT * FROM got) m;
		RETURN QUERY SELECT 'surplus', start, m::text FROM (SELECT * FROM got EXCEPT ALL SELECT * FROM want) m;
		SELECT rows + count(*) INTO rows FROM want;
		-- a cut answer is a part of the whole, of the right size, and hangs together as it grows
		RETURN QUERY SELECT 'cut', start, m::text FROM (
			SELECT from_key, to_key, edge_type, source_location, from_distance, to_distance
			FROM pt_subgraph(start::text, bound, dir, 10, kinds, max_nodes => NULL, graph => 'r') WHERE to_key IS NOT NULL
			EXCEPT ALL SELECT a, b, kind, source_location, da, db FROM want) m;
		IF (SELECT count(*) FROM pt_subgraph(start::text, bound, dir, 10, kinds, max_nodes => NULL, graph => 'r') WHERE to_key IS NOT NULL)
			<> least(10, (SELECT count(*) FROM want)) THEN
			problem := 'number of edges'; RETURN NEXT;
		END IF;
		RETURN QUERY WITH p AS (
			SELECT * FROM pt_subgraph(start::text, bound, dir, 10, kinds, max_nodes => NULL, graph => 'r') WITH ORDINALITY WHERE to_key IS NOT NULL
		)
		SELECT 'loose', start, p::text FROM p WHERE NOT EXISTS (
			SELECT FROM p q WHERE q.ordinality < p.ordinality AND ARRAY[q.from_key, q.to_key] && ARRAY[p.from_key, p.to_key])
			AND start::text NOT IN (p.from_key, p.to_key) AND p.from_key <> p.to_key;
		DROP TABLE want, got;
	END LOOP;
	IF rows = 0 THEN
		problem := 'nothing compared'; start := NULL; RETURN NEXT;
	END IF;
END $$;

-- a tree read back: the nodes and distances of pt_blast_radius, children in order below a neighbour
CREATE FUNCTION tree_errors(dir text, kinds text[], starts int[], bound int, cut bigint) RETURNS TABLE (problem text, start int, at text) LANGUAGE plpgsql AS $$
DECLARE
	distance int;
	up text[];
	last text[];
	key text;
	omitted bigint;
	l record;
BEGIN
	FOREACH start IN ARRAY starts LOOP
		CONTINUE WHEN NOT EXISTS (SELECT FROM r WHERE a IS NOT NULL AND b IS NOT NULL AND start IN (a, b));
		CREATE TEMP TABLE got (node text, distance int) ON COMMIT DROP;
		omitted := 0;
		up := '{}';
		last := '{}';
		FOR l IN SELECT line, n FROM pt_tree(start::text, bound, dir, kinds, cut, graph => 'r') WITH ORDINALITY AS t (line, n) LOOP
			key := regexp_replace(l.line, '^[│├└─ ]*', '');
			distance := (length(l.line) - length(key)) / 4;
			at := l.line;
			IF key ~ '^… [0-9]+ more$' THEN
				omitted := omitted + substr(key, 3, length(key) - 7)::bigint;
				CONTINUE;
			END IF;
			INSERT INTO got VALUES (key, distance);
			up[distance + 1] := key;
			IF distance > 0 AND NOT EXISTS (SELECT FROM r WHERE (kinds IS NULL OR kind::text = ANY (kinds)) AND (
				(dir <> 'in' AND a = up[distance]::int AND b = key::int) OR (dir <> 'out' AND b = up[distance]::int AND a = key::int))) THEN
				problem := 'no edge'; RETURN NEXT;
			END IF;
			IF last[distance + 1] COLLATE "C" >= key THEN
				problem := 'order'; RETURN NEXT;
			END IF;
			last := last[1:distance] || key;
		END LOOP;
		at := NULL;
		IF cut IS NULL THEN
			RETURN QUERY SELECT 'missing', start, m::text FROM (
				SELECT * FROM pt_blast_radius(start::text, bound, dir, kinds, graph => 'r') UNION ALL SELECT start::text, 0
				EXCEPT ALL SELECT * FROM got) m;
		END IF;
		RETURN QUERY SELECT 'surplus', start, m::text FROM (
			SELECT * FROM got EXCEPT ALL
			(SELECT * FROM pt_blast_radius(start::text, bound, dir, kinds, graph => 'r') UNION ALL SELECT start::text, 0)) m;
		IF omitted + (SELECT count(*) FROM got) <> 1 + (SELECT count(*) FROM pt_blast_radius(start::text, bound, dir, kinds, graph => 'r')) THEN
			problem := 'number left out'; RETURN NEXT;
		END IF;
		IF (SELECT count(*) FROM got) > cut THEN
			problem := 'not cut'; RETURN NEXT;
		END IF;
		DROP TABLE got;
	END LOOP;
END $$;

SET client_min_messages = error;	-- the cuts are meant
SELECT setseed(0.37);
INSERT INTO r (a, b, kind) SELECT nullif(floor(random() * 100)::int, 99), floor(random() * 100), nullif(floor(random() * 4)::int, 0) FROM generate_series(1, 250);
CREATE TABLE s AS SELECT array_agg(g * 7) AS starts FROM generate_series(0, 13) AS g;
SELECT e.* FROM s, subgraph_errors('both', NULL, starts, 2) e;
SELECT e.* FROM s, subgraph_errors('out', NULL, starts, 3) e;
SELECT e.* FROM s, subgraph_errors('in', '{1,2}', starts, 4) e;
SELECT e.* FROM s, tree_errors('in', NULL, starts, 3, NULL) e;
SELECT e.* FROM s, tree_errors('out', NULL, starts, NULL, NULL) e;
SELECT e.* FROM s, tree_errors('both', '{1,3}', starts, NULL, 20) e;
-- the same rows partly dead, partly in the log's new tail
DELETE FROM r WHERE random() < 0.2;
VACUUM r;
INSERT INTO r (a, b, kind) SELECT floor(random() * 110), floor(random() * 110), nullif(floor(random() * 4)::int, 0) FROM generate_series(1, 60);
DELETE FROM r WHERE random() < 0.1;
SELECT e.* FROM s, subgraph_errors('both', NULL, starts, 2) e;
SELECT e.* FROM s, subgraph_errors('out', '{1,2,3}', starts, 4) e;
SELECT e.* FROM s, tree_errors('in', NULL, starts, NULL, NULL) e;
SELECT e.* FROM s, tree_errors('out', NULL, starts, 4, 7) e;

-- a client whose encoding lacks the characters that lines are drawn with
SET client_encoding = 'WIN1252';
SELECT * FROM pt_tree('a', 1, 'out', graph => 'e');
SELECT * FROM pt_tree('a', 2, 'out', max_nodes => 2, graph => 'e');
SET client_encoding = 'LATIN1';
SELECT * FROM pt_tree('a', 1, 'out', graph => 'e');
SET client_encoding = 'GB18030';
SELECT count(*) > 0 AS drawn FROM pt_tree('a', 1, 'out', graph => 'e') AS t WHERE strpos(t, chr(9472)) > 0;
SET client_encoding = 'UTF8';
SELECT count(*) > 0 AS drawn FROM pt_tree('a', 1, 'out', graph => 'e') AS t WHERE strpos(t, chr(9472)) > 0;

-- memory is bounded
CREATE TABLE star AS SELECT 0 AS a, g AS b FROM generate_series(1, 200000) AS g;
CREATE INDEX ON star USING adjacency (a, b);
SELECT count(*) FROM pt_subgraph('0', max_nodes => NULL, max_edges => NULL, graph => 'star');
SELECT count(*), max(length(t)) FROM pt_tree('0', direction => 'out', max_nodes => NULL, graph => 'star') t;
SELECT t FROM pt_tree('0', direction => 'out', max_nodes => 1, graph => 'star') t;
SET parseltongue.local_image_memory = '5MB';
\set VERBOSITY sqlstate
SELECT count(*) FROM pt_subgraph('0', max_nodes => NULL, max_edges => NULL, graph => 'star');
SELECT count(*) FROM pt_tree('0', direction => 'out', max_nodes => NULL, graph => 'star') t;
\set VERBOSITY default
RESET parseltongue.local_image_memory;
DROP SCHEMA subgraph CASCADE;
