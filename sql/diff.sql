-- pt_diff, pt_diff_radius: two codebases compared
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
DROP SCHEMA IF EXISTS diff, diff_a, diff_b CASCADE;
CREATE SCHEMA diff;
SET search_path = diff, public;
SET jit = off;
\set SHOW_CONTEXT never

CREATE PROCEDURE codebase(name text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', name);
	EXECUTE format('CREATE SCHEMA %I', name);
	EXECUTE format('CREATE TABLE %I.pt_entity (LIKE public.pt_entity INCLUDING ALL)', name);
	EXECUTE format('CREATE TABLE %I.pt_edge (LIKE public.pt_edge INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (from_key, to_key, edge_type))', name);
	EXECUTE format('CREATE INDEX pt_edge_adjacency ON %I.pt_edge USING adjacency (from_key, to_key, edge_type)', name);
END $$;
-- functions with a body of 10 lines in files, keys with the lines
CREATE PROCEDURE put(codebase text, name text, file text, line int, code text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('INSERT INTO %I.pt_entity (key, name, entity_type, entity_class, language, file_path, line_start, line_end, signature, code)
		VALUES ($1, $2, ''function'', ''CODE'', ''c'', $3, $4, $4 + 9, jsonb_build_object(''name'', $2, ''line_range'', jsonb_build_object(''start'', $4, ''end'', $4 + 9)), $5)', codebase)
	USING format('c:fn:%s:%s:%s-%s', name, translate(file, '/.', '__'), line, line + 9), name, file, line, code;
END $$;

-- by hand: a line above every function of a.c; one of them changed as well; two of the same name
CALL codebase('diff_a');
CALL codebase('diff_b');
CALL put('diff_a', 'main', 'a.c', 1, 'main {run}');
CALL put('diff_a', 'run', 'a.c', 11, 'run {step; new}');
CALL put('diff_a', 'step', 'a.c', 21, 'step {}');
CALL put('diff_a', 'new', 'a.c', 31, 'new {A}');
CALL put('diff_a', 'new', 'a.c', 41, 'new {B}');
CALL put('diff_a', 'old', 'b.c', 1, 'old {}');
CALL put('diff_a', 'stay', 'b.c', 11, 'stay {old}');
CALL put('diff_a', 'wander', 'b.c', 21, 'wander {}');
CALL put('diff_b', 'main', 'a.c', 11, 'main {run}');
CALL put('diff_b', 'run', 'a.c', 21, 'run {step; new; fresh}');
CALL put('diff_b', 'step', 'a.c', 31, 'step {}');
CALL put('diff_b', 'new', 'a.c', 41, 'new {A}');
CALL put('diff_b', 'new', 'a.c', 51, 'new {B}');
CALL put('diff_b', 'fresh', 'a.c', 61, 'fresh {}');
CALL put('diff_b', 'stay', 'b.c', 11, 'stay {old}');
CALL put('diff_b', 'wander', 'c.c', 1, 'wander {}');
INSERT INTO diff_a.pt_edge (from_key, to_key, source_location) VALUES
	('c:fn:main:a_c:1-10', 'c:fn:run:a_c:11-20', 'a.c:2'), ('c:fn:run:a_c:11-20', 'c:fn:step:a_c:21-30', 'a.c:12'),
	('c:fn:run:a_c:11-20', 'c:fn:new:a_c:41-50', 'a.c:13'), ('c:fn:stay:b_c:11-20', 'c:fn:old:b_c:1-10', 'b.c:12'),
	('c:fn:stay:b_c:11-20', 'c:fn:puts:unknown:0-0', 'b.c:13'), ('c:fn:main:a_c:1-10', 'c:fn:stay:b_c:11-20', NULL);
INSERT INTO diff_a.pt_edge (from_key, to_key, edge_type, confidence) VALUES ('c:fn:step:a_c:21-30', 'c:fn:wander:b_c:21-30', 'Calls (resolved)', 0.9);
INSERT INTO diff_b.pt_edge (from_key, to_key, source_location) VALUES
	('c:fn:main:a_c:11-20', 'c:fn:run:a_c:21-30', 'a.c:12'), ('c:fn:run:a_c:21-30', 'c:fn:step:a_c:31-40', 'a.c:22'),
	('c:fn:run:a_c:21-30', 'c:fn:new:a_c:41-50', 'a.c:23'), ('c:fn:run:a_c:21-30', 'c:fn:fresh:a_c:61-70', 'a.c:24'),
	('c:fn:stay:b_c:11-20', 'c:fn:old:b_c:1-10', 'b.c:12'), ('c:fn:stay:b_c:11-20', 'c:fn:puts:unknown:0-0', 'b.c:13'),
	('c:fn:main:a_c:11-20', 'c:fn:stay:b_c:11-20', NULL);
SELECT object, change, coalesce(key_a, key_b) AS key, key_b, to_key_a, to_key_b, edge_type, detail FROM pt_diff('diff_a.pt_edge', 'diff_b.pt_edge')
ORDER BY object DESC, change, coalesce(key_a, key_b) COLLATE "C", coalesce(to_key_a, to_key_b) COLLATE "C";
-- run calls the other new now: in a new {B} at 41-50, in b new {A} at 41-50. stay still calls old, which is gone
SELECT * FROM pt_diff_radius('diff_a.pt_edge', 'diff_b.pt_edge') ORDER BY distance, key COLLATE "C";
SELECT * FROM pt_diff_radius('diff_a.pt_edge', 'diff_b.pt_edge', 1) ORDER BY distance, key COLLATE "C";
SELECT * FROM pt_diff_radius('diff_a.pt_edge', 'diff_b.pt_edge', 0) ORDER BY distance, key COLLATE "C";
SELECT * FROM pt_diff_radius('diff_a.pt_edge', 'diff_b.pt_edge', NULL) ORDER BY distance, key COLLATE "C";
-- by keys of the newer one: main has another key in the older one
SELECT key FROM pt_diff_radius('diff_a.pt_edge', 'diff_b.pt_edge', avoid => '{c:fn:main:a_c:11-20}');
SELECT key FROM pt_diff_radius('diff_a.pt_edge', 'diff_b.pt_edge', within => '{c:fn:main:a_c:11-20}');
SELECT count(*) FROM pt_diff_radius('diff_a.pt_edge', 'diff_b.pt_edge', within => '{}');
-- only old is taken for changed: main depends on it through stay
BEGIN;
DELETE FROM diff_b.pt_edge WHERE from_key LIKE 'c:fn:run:%';
DELETE FROM diff_a.pt_edge WHERE from_key LIKE 'c:fn:run:%';
UPDATE diff_b.pt_entity SET code = (SELECT code FROM diff_a.pt_entity WHERE name = 'run') WHERE name = 'run';
SELECT key, distance FROM pt_diff_radius('diff_a.pt_edge', 'diff_b.pt_edge') ORDER BY distance, key;
SELECT key, distance FROM pt_diff_radius('diff_a.pt_edge', 'diff_b.pt_edge', stop_at => '{c:fn:stay:b_c:11-20}') ORDER BY distance, key;
SELECT key, distance FROM pt_diff_radius('diff_a.pt_edge', 'diff_b.pt_edge', avoid => '{c:fn:main:a_c:11-20}') ORDER BY distance, key;
ROLLBACK;
-- what each column does
UPDATE diff_b.pt_entity SET entity_class = 'TEST', signature = signature || '{"returns": "int"}' WHERE name = 'main';
UPDATE diff_b.pt_entity SET signature = signature || '{"module_path": ["x"], "file_path": "y"}' WHERE name = 'step';
UPDATE diff_b.pt_entity SET entity_type = 'method' WHERE name = 'stay';
UPDATE diff_b.pt_entity SET properties = '{"last_modified": "today"}', updated_at = '2020-01-01';
SELECT change, key_b, detail FROM pt_diff('diff_a.pt_edge', 'diff_b.pt_edge') WHERE key_b ~ 'main|step|stay' AND object = 'entity' ORDER BY key_b COLLATE "C";
-- code that was not exported: its hash is compared, and without one the place pairs
UPDATE diff_a.pt_entity SET code = NULL, properties = jsonb_build_object('content_hash', code) WHERE name IN ('run', 'wander');
UPDATE diff_b.pt_entity SET code = NULL, properties = jsonb_build_object('content_hash', code) WHERE name IN ('run', 'wander');
UPDATE diff_a.pt_entity SET code = NULL WHERE name IN ('new', 'old');
UPDATE diff_b.pt_entity SET code = NULL WHERE name IN ('new', 'old');
SELECT change, key_a, key_b, detail FROM pt_diff('diff_a.pt_edge', 'diff_b.pt_edge') WHERE coalesce(key_a, key_b) ~ 'run|new|wander|old' AND object = 'entity'
ORDER BY coalesce(key_a, key_b) COLLATE "C";

-- which is which: the key of the new that is gone is now the other one's, so its edges are not the same;
-- three alike where there were two: those with the same keys stay
CALL codebase('diff_a');
CALL codebase('diff_b');
CALL put('diff_a', 'new', 'a.c', 1, 'new {A}');
CALL put('diff_a', 'new', 'a.c', 11, 'new {B}');
CALL put('diff_b', 'new', 'a.c', 1, 'new {B}');
CALL put('diff_a', 'dup', 'b.c', 11, 'dup');
CALL put('diff_a', 'dup', 'b.c', 31, 'dup');
CALL put('diff_b', 'dup', 'b.c', 1, 'dup');
CALL put('diff_b', 'dup', 'b.c', 11, 'dup');
CALL put('diff_b', 'dup', 'b.c', 21, 'dup');
CALL put('diff_b', 'dup', 'c.c', 1, 'dup');
INSERT INTO diff_a.pt_edge (from_key, to_key) VALUES ('x', 'c:fn:new:a_c:1-10'), ('c:fn:new:a_c:1-10', 'y'), ('z', 'c:fn:new:a_c:11-20');
INSERT INTO diff_b.pt_edge (from_key, to_key) VALUES ('x', 'c:fn:new:a_c:1-10'), ('z', 'c:fn:new:a_c:1-10');
SELECT object, change, key_a, key_b, to_key_a, to_key_b, detail FROM pt_diff('diff_a.pt_edge', 'diff_b.pt_edge')
ORDER BY object DESC, change, coalesce(key_a, key_b) COLLATE "C", coalesce(to_key_a, to_key_b) COLLATE "C";
SELECT * FROM pt_diff_radius('diff_a.pt_edge', 'diff_b.pt_edge') ORDER BY distance, key COLLATE "C";

-- nothing differs from itself, and an empty one from everything
SELECT count(*) FROM pt_diff('diff_a.pt_edge', 'diff_a.pt_edge');
SELECT count(*) FROM pt_diff_radius('diff_a.pt_edge', 'diff_a.pt_edge_adjacency');
CALL codebase('diff_b');
SELECT object, change, count(*) FROM pt_diff('diff_a.pt_edge', 'diff_b.pt_edge') GROUP BY 1, 2 ORDER BY 1, 2;
SELECT object, change, count(*) FROM pt_diff('diff_b.pt_edge', 'diff_a.pt_edge') GROUP BY 1, 2 ORDER BY 1, 2;
SELECT count(*) FROM pt_diff('diff_b.pt_edge', 'diff_b.pt_edge');
-- NULL is the graph of the setting
SET parseltongue.graph = 'diff_a.pt_edge';
SELECT count(*) FROM pt_diff('diff_a.pt_edge');
SELECT object, change, count(*) FROM pt_diff(NULL, 'diff_b.pt_edge') GROUP BY 1, 2 ORDER BY 1, 2;
SELECT count(*) FROM pt_diff_radius('diff_a.pt_edge');
RESET parseltongue.graph;

-- bad arguments
CREATE TABLE bare (a text, b text);
CREATE INDEX ON bare USING adjacency (a, b);
SELECT * FROM pt_diff('bare', 'diff_a.pt_edge');
\set VERBOSITY sqlstate
SELECT * FROM pt_diff('diff_a.pt_edge', 'bare');
SELECT * FROM pt_diff_radius('bare', 'diff_a.pt_edge');
SELECT * FROM pt_diff_radius('diff_a.pt_edge', 'diff_b.pt_edge', -1);
SELECT * FROM pt_diff('diff_a.pt_edge', 'pg_class');
\set VERBOSITY default

-- Random codebases, changed at random by a program that notes what it did
-- (seed 0.37). Bodies are unique, but for the names "new", which are often
-- several to a file, in turn with bodies of their own.
CREATE TABLE script (file int, place int, name text, code text, fate text, new_file int, new_code text);
CREATE PROCEDURE change_at_random(functions int, files int) LANGUAGE plpgsql AS $$
BEGIN
	TRUNCATE script;
	INSERT INTO script
	SELECT file, row_number() OVER (PARTITION BY file ORDER BY i), name, 'body ' || i, fate,
		   CASE WHEN fate = 'elsewhere' THEN file + 1000 ELSE file END, CASE WHEN fate = 'changed' THEN 'other body ' || i ELSE 'body ' || i END
	FROM (SELECT i, floor(random() * files)::int AS file, CASE WHEN random() < 0.2 THEN 'new' ELSE 'f' || i END AS name,
				 CASE WHEN r < 0.1 THEN 'removed' WHEN r < 0.2 THEN 'added' WHEN r < 0.3 THEN 'changed' WHEN r < 0.4 THEN 'elsewhere' ELSE 'same' END AS fate
		  FROM (SELECT i, random() AS r FROM generate_series(1, functions) AS i) AS x) AS y;
	-- of several in a file under one name which is which cannot be told if they change
	UPDATE script SET fate = 'same', new_code = code, new_file = file WHERE name = 'new' AND fate IN ('removed', 'added', 'changed');
	CALL codebase('diff_a');
	CALL codebase('diff_b');
	INSERT INTO diff_a.pt_entity (key, name, entity_type, language, file_path, line_start, line_end, code)
	SELECT format('c:fn:%s:%s:%s-%s', name, file, line, line + 9), name, 'function', 'c', file, line, line + 9, code
	FROM (SELECT *, 10 * row_number() OVER (PARTITION BY file ORDER BY place) AS line FROM script WHERE fate <> 'added') AS s;
	INSERT INTO diff_b.pt_entity (key, name, entity_type, language, file_path, line_start, line_end, code)
	SELECT format('c:fn:%s:%s:%s-%s', name, new_file, line, line + 9), name, 'function', 'c', new_file, line, line + 9, new_code
	FROM (SELECT *, 10 * row_number() OVER (PARTITION BY new_file ORDER BY place) AS line FROM script WHERE fate <> 'removed') AS s;
	-- edges between bodies, some only before, some only after
	CREATE TEMP TABLE link ON COMMIT DROP AS
	SELECT DISTINCT ON (x, y) x, y, random() AS r
	FROM (SELECT 1 + floor(random() * functions)::int AS x, 1 + floor(random() * functions)::int AS y FROM generate_series(1, functions * 3)) AS l;
	INSERT INTO diff_a.pt_edge (from_key, to_key)
	SELECT f.key, t.key FROM link JOIN (SELECT key, substring(code FROM '[0-9]+$')::int AS i FROM diff_a.pt_entity) AS f ON f.i = x JOIN (SELECT key, substring(code FROM '[0-9]+$')::int AS i FROM diff_a.pt_entity) AS t ON t.i = y WHERE r < 0.9;
	INSERT INTO diff_b.pt_edge (from_key, to_key)
	SELECT f.key, t.key FROM link JOIN (SELECT key, substring(code FROM '[0-9]+$')::int AS i FROM diff_b.pt_entity) AS f ON f.i = x JOIN (SELECT key, substring(code FROM '[0-9]+$')::int AS i FROM diff_b.pt_entity) AS t ON t.i = y WHERE r > 0.1;
	CREATE TEMP TABLE expected ON COMMIT DROP AS
	WITH number AS (SELECT *, substring(code FROM '[0-9]+$')::int AS i FROM script),
		pair AS (
		SELECT n.i, n.fate, a.key AS ka, b.key AS kb, (a.file_path, a.line_start) IS DISTINCT FROM (b.file_path, b.line_start) AS elsewhere
		FROM number AS n LEFT JOIN diff_a.pt_entity AS a ON a.code = n.code LEFT JOIN diff_b.pt_entity AS b ON b.code = n.new_code)
	SELECT 'entity' AS object, CASE WHEN fate IN ('removed', 'added', 'changed') THEN fate ELSE 'moved' END AS change, ka AS key_a, kb AS key_b,
		   NULL::text AS to_key_a, NULL::text AS to_key_b
	FROM pair WHERE fate IN ('removed', 'added', 'changed') OR elsewhere
	UNION ALL
	SELECT 'edge', 'removed', f.ka, NULL, t.ka, NULL FROM link JOIN pair AS f ON f.i = x JOIN pair AS t ON t.i = y
	WHERE r < 0.9 AND f.ka IS NOT NULL AND t.ka IS NOT NULL AND (r <= 0.1 OR f.kb IS NULL OR t.kb IS NULL)
	UNION ALL
	SELECT 'edge', 'added', NULL, f.kb, NULL, t.kb FROM link JOIN pair AS f ON f.i = x JOIN pair AS t ON t.i = y
	WHERE r > 0.1 AND f.kb IS NOT NULL AND t.kb IS NOT NULL AND (r >= 0.9 OR f.ka IS NULL OR t.ka IS NULL);
	CREATE TABLE IF NOT EXISTS outcome (run int, change text, expected bigint, missing bigint, surplus bigint);
	INSERT INTO outcome
	SELECT (SELECT coalesce(max(run), 0) + 1 FROM outcome), object || ' ' || change, count(*) FILTER (WHERE wanted), count(*) FILTER (WHERE NOT got), count(*) FILTER (WHERE NOT wanted)
	FROM (SELECT object, change, key_a, key_b, to_key_a, to_key_b, bool_or(source = 1) AS wanted, bool_or(source = 2) AS got
		  FROM (SELECT *, 1 AS source FROM expected UNION ALL
				SELECT object, change, key_a, key_b, to_key_a, to_key_b, 2 FROM pt_diff('diff_a.pt_edge', 'diff_b.pt_edge')) AS u
		  GROUP BY 1, 2, 3, 4, 5, 6) AS g
	GROUP BY 2;
	-- the radius, walked by recursive queries from what is expected
	CREATE TEMP TABLE radius ON COMMIT DROP AS
	WITH RECURSIVE map AS (SELECT key_a, key_b FROM expected WHERE object = 'entity' AND key_a IS NOT NULL AND key_b IS NOT NULL),
	gone AS (SELECT key_a FROM expected WHERE object = 'entity' AND change = 'removed'),
	start AS (
		SELECT key_b AS key FROM expected WHERE change = 'added' OR object = 'entity' AND change = 'changed'
		UNION SELECT coalesce(m.key_b, e.key_a) FROM expected AS e LEFT JOIN map AS m USING (key_a)
		WHERE object = 'edge' AND change = 'removed' AND e.key_a NOT IN (SELECT key_a FROM gone)),
	walk_b (key, d) AS (SELECT key, 0 FROM start UNION SELECT from_key, d + 1 FROM walk_b JOIN diff_b.pt_edge ON to_key = key WHERE d < 2),
	walk_a (key, d) AS (SELECT key_a, 0 FROM gone UNION SELECT from_key, d + 1 FROM walk_a JOIN diff_a.pt_edge ON to_key = key WHERE d < 2)
	SELECT key AS key, min(d) AS distance
	FROM (SELECT key, d FROM walk_b UNION ALL
		  SELECT coalesce(m.key_b, key), d FROM walk_a LEFT JOIN map AS m ON m.key_a = key WHERE key NOT IN (SELECT key_a FROM gone)) AS w
	WHERE key NOT IN (SELECT key FROM start) GROUP BY 1;
	INSERT INTO outcome
	SELECT (SELECT max(run) FROM outcome), 'radius', (SELECT count(*) FROM radius),
		   (SELECT count(*) FROM (SELECT * FROM radius EXCEPT SELECT key, distance FROM pt_diff_radius('diff_a.pt_edge', 'diff_b.pt_edge', 2)) AS m),
		   (SELECT count(*) FROM (SELECT key, distance FROM pt_diff_radius('diff_a.pt_edge', 'diff_b.pt_edge', 2) EXCEPT SELECT * FROM radius) AS s);
	COMMIT;
END $$;
SELECT setseed(0.37);
CALL change_at_random(60, 4);
CALL change_at_random(200, 10);
CALL change_at_random(300, 3);
CALL change_at_random(400, 80);
SELECT * FROM outcome WHERE missing > 0 OR surplus > 0 ORDER BY run, change;
SELECT change, count(*) AS runs, sum(expected) > 20 AS enough FROM outcome GROUP BY 1 ORDER BY 1;
-- its pairs can be asked for by themselves
SELECT _parseltongue.pt_diff_pairs('diff_a.pt_entity', 'diff_b.pt_entity') ~ '^WITH step0 AS .* pair AS MATERIALIZED ' AS is_clause;
DROP SCHEMA diff, diff_a, diff_b CASCADE;
