-- Metrics of code, by entity, file and folder, and rules about what may depend on what.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
RESET client_min_messages;
CREATE SCHEMA metrics;
SET search_path = metrics, public;

CREATE TABLE g8 (a text, b text, kind text, trust numeric(3,2));
INSERT INTO g8 VALUES ('A', 'B', 'Calls'), ('A', 'C', 'Calls'), ('B', 'D', 'Calls'), ('C', 'D', 'Calls'), ('D', 'E', 'Calls'),
	('E', 'F', 'Calls'), ('F', 'D', 'Uses'), ('G', 'H', 'Calls'), ('H', 'G', 'Calls');
CREATE INDEX ON g8 USING adjacency (a, b, kind, trust);
CREATE TABLE g5 (a int, b int);
INSERT INTO g5 VALUES (1, 2), (2, 3), (3, 4), (4, 5);
CREATE INDEX ON g5 USING adjacency (a, b);

-- The golden answers of the tool whose data this is.
SELECT * FROM pt_coupling('g8');
SELECT * FROM pt_coupling('g5', NULL::bigint);
SELECT * FROM pt_technical_debt('g8');
SELECT * FROM pt_technical_debt('g5', NULL::bigint);
SELECT * FROM pt_entropy('g8');
SELECT * FROM pt_entropy('g5');

-- A second implementation, on random graphs with parallel edges, edges from a node to itself, and hubs.
CREATE TABLE sampled (g int, a text, b text, kind text);
SELECT setseed(0.15);
INSERT INTO sampled SELECT g, 'n' || (random() * n)::int, 'n' || (random() ^ 2 * n)::int, (ARRAY['Calls', 'Uses', 'Implements', NULL])[1 + (random() * 3)::int]
FROM (VALUES (1, 5, 6), (2, 12, 40), (3, 40, 60), (4, 40, 400), (5, 150, 600), (6, 90, 2000), (7, 300, 1500)) AS s (g, n, m), generate_series(1, m);
-- hubs: of many, some, and hardly any of the pairs have an end in common
INSERT INTO sampled SELECT 8, 'hub', 'm' || i, 'Calls' FROM generate_series(1, 300) AS i
UNION ALL SELECT 8, 'm' || i, 'e' || i % k, 'Calls' FROM generate_series(1, 300) AS i, (VALUES (2), (7), (150)) AS s (k) WHERE i % (k / 2) <> 0;
CREATE TABLE edges (a text, b text, kind text);
CREATE INDEX ON edges USING adjacency (a, b, kind);

CREATE VIEW expected_coupling AS
WITH e AS MATERIALIZED (SELECT DISTINCT a, b FROM edges WHERE a <> b),
	n AS (SELECT a AS node FROM edges UNION SELECT b FROM edges),
	shares AS (SELECT DISTINCT s.a AS p, t.a AS q FROM e AS s JOIN e AS t USING (b)),
	pairs AS (SELECT x.a AS node, count(*) FILTER (WHERE p IS NULL)::float8 / count(*) AS lcom
		FROM e AS x JOIN e AS y ON y.a = x.a AND y.b > x.b LEFT JOIN shares ON p = x.b AND q = y.b GROUP BY x.a),
	around AS (SELECT node, count(*) AS cbo FROM (SELECT a AS node, b FROM e UNION SELECT b, a FROM e) AS s GROUP BY node),
	responses AS (SELECT node, count(*) AS rfc FROM (SELECT a AS node, b FROM e UNION SELECT e.a, f.b FROM e JOIN e AS f ON f.a = e.b) AS s GROUP BY node),
	outgoing AS (SELECT a AS node, count(*) AS wmc FROM edges WHERE a <> b GROUP BY a),
	before AS (SELECT b AS node, count(*) AS afferent FROM e GROUP BY b),
	behind AS (SELECT a AS node, count(*) AS efferent FROM e GROUP BY a),
	m AS (SELECT node, coalesce(cbo, 0) AS cbo, coalesce(lcom, 0) AS lcom, coalesce(rfc, 0) AS rfc, coalesce(wmc, 0) AS wmc, coalesce(afferent, 0) AS afferent, coalesce(efferent, 0) AS efferent
		FROM n LEFT JOIN pairs USING (node) LEFT JOIN around USING (node) LEFT JOIN responses USING (node) LEFT JOIN outgoing USING (node) LEFT JOIN before USING (node) LEFT JOIN behind USING (node))
SELECT m.*, efferent::float8 / nullif(afferent + efferent, 0) AS instability,
	CASE failures WHEN 0 THEN (ARRAY['A', 'B', 'C'])[1 + warnings] WHEN 1 THEN 'D' ELSE 'F' END AS grade
FROM m, LATERAL (SELECT (cbo > 10)::int + (lcom > 0.8)::int, (rfc > 50)::int + (wmc > 50)::int) AS g (failures, warnings);
CREATE VIEW expected_debt AS
SELECT node, hours::bigint, CASE WHEN hours <= 4 THEN 'LOW' WHEN hours <= 8 THEN 'MEDIUM' ELSE 'HIGH' END AS level, cbo, lcom, wmc
FROM expected_coupling, LATERAL (SELECT CASE WHEN cbo > 10 THEN 4 ELSE 0 END + CASE WHEN lcom > 0.8 THEN 8 ELSE 0 END + CASE WHEN wmc > 15 THEN 2 ELSE 0 END) AS h (hours);
CREATE VIEW expected_entropy AS
WITH t AS (SELECT a AS node, kind, count(*) AS edges FROM edges GROUP BY a, kind),
	h AS (SELECT node, round((-sum(p * log(2, p)))::numeric, 9) AS entropy, sum(edges)::bigint AS edges, count(*) AS types
		FROM (SELECT node, edges, edges / sum(edges) OVER (PARTITION BY node) AS p FROM t) AS s GROUP BY node)
SELECT node, coalesce(entropy, 0) AS entropy, CASE WHEN entropy >= 1.4 THEN 'HIGH' WHEN entropy >= 1 THEN 'MODERATE' ELSE 'LOW' END AS level,
	coalesce(edges, 0) AS edges, coalesce(types, 0) AS types
FROM (SELECT a AS node FROM edges UNION SELECT b FROM edges) AS n LEFT JOIN h USING (node);

CREATE FUNCTION differences(one text, other text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	EXECUTE format('WITH a AS MATERIALIZED (%s), b AS MATERIALIZED (%s)
		SELECT count(*) FROM ((SELECT * FROM a EXCEPT ALL SELECT * FROM b) UNION ALL (SELECT * FROM b EXCEPT ALL SELECT * FROM a)) AS d', one, other) INTO n;
	RETURN n;
END $$;
DO $$
BEGIN
	FOR n IN 1 .. 8 LOOP
		TRUNCATE edges;
		INSERT INTO edges SELECT a, b, kind FROM sampled WHERE g = n;
		RAISE INFO 'graph %: % nodes, differences: %, %, %', n, (SELECT count(*) FROM pt_degree('edges')),
			differences('SELECT * FROM pt_coupling(''edges'')', 'SELECT * FROM expected_coupling'),
			differences('SELECT * FROM pt_technical_debt(''edges'')', 'SELECT * FROM expected_debt'),
			differences('SELECT node, round(entropy::numeric, 9) AS entropy, level, edges, types FROM pt_entropy(''edges'')', 'SELECT * FROM expected_entropy');
	END LOOP;
END $$;
-- what is last are the hubs: neither none nor all of the pairs
SELECT node, round(lcom::numeric, 6) AS lcom, rfc, grade FROM pt_coupling('edges') WHERE node = 'hub';
SELECT node, hours FROM pt_technical_debt('edges') LIMIT 1;
SELECT level, count(*) FROM pt_coupling('edges') JOIN pt_technical_debt('edges') USING (node) GROUP BY level ORDER BY level;

-- Codebases: where entities are, by their row or by their key; entities without edges; what is not part of the code.
SELECT pt_create_codebase('metrics_code');
SET parseltongue.graph = 'metrics_code.pt_edge';
INSERT INTO metrics_code.pt_entity (key, file_path, entity_type, entity_class) VALUES
	('run', 'src/main/run.c', 'function', 'CODE'), ('stop', '.\src\main\run.c', 'function', 'CODE'), ('load', './src/io/load.c', 'function', 'CODE'),
	('top', 'top.c', 'function', 'CODE'), ('check', 'test/run.c', 'function', 'TEST'), ('win', 'c:\work\win.c', 'function', 'CODE'), ('root', '/root.c', 'function', 'CODE'),
	('lone', 'src/io/lone.c', 'struct', 'CODE'), ('make', 'Makefile', 'file', 'CODE'), ('homeless', NULL, 'function', 'CODE'), ('rust:fn:moved:src/old.rs:1-2', 'src/new.rs', 'function', 'CODE');
INSERT INTO metrics_code.pt_edge (from_key, to_key, edge_type, confidence) VALUES
	('run', 'stop', 'Calls', NULL), ('run', 'load', 'Calls', NULL), ('run', 'load', 'Uses', NULL), ('stop', 'load', 'Calls', NULL), ('load', 'load', 'Calls', NULL),
	('top', 'run', 'Calls', NULL), ('check', 'run', 'Calls', NULL), ('check', 'top', 'Calls', 0.6), ('win', 'root', 'Calls', NULL), ('homeless', 'run', 'Calls', NULL),
	('run', 'rust:fn:print:unresolved-reference:0-0', 'Calls', NULL), ('load', 'rust:fn:print:unresolved-reference:0-0', 'Calls', NULL),
	('rust:fn:here:./src/here.rs:1-9', 'load', 'Calls', NULL), ('rust:fn:there:__src_there_rs:1-9', 'load', 'Uses', NULL), ('rust:fn:moved:src/old.rs:1-2', 'top', 'Implements', NULL),
	('rust:file:.\src\io\load.c:1-1', 'run', 'Uses', NULL);
SELECT node, cbo, wmc, afferent, efferent, instability FROM pt_coupling();
SELECT node, cbo, wmc, afferent, efferent, instability FROM pt_coupling(group_by => 'file');
SELECT node, cbo, wmc, afferent, efferent, instability FROM pt_coupling(group_by => 'folder');
SELECT node, cbo, wmc, efferent FROM pt_coupling(group_by => 'folder', placeholders => true) WHERE node IN ('src/main', 'src/io', 'rust:fn:print:unresolved-reference:0-0');
SELECT node, cbo FROM pt_coupling(placeholders => true) WHERE node IN ('run', 'rust:fn:print:unresolved-reference:0-0');
SELECT node, wmc FROM pt_coupling(edge_types => '{Uses}', min_confidence => 1, avoid => '{load}') WHERE wmc > 0;
SELECT node, round(entropy::numeric, 6) AS entropy, level, edges, types FROM pt_entropy() WHERE edges > 0;
SELECT node, edges, types FROM pt_entropy(placeholders => true) WHERE node = 'run';
SELECT node, edges FROM pt_entropy(min_confidence => 1, avoid => '{load}', edge_types => '{Calls}') WHERE edges > 0;
-- a guess is of the type that it was made from
INSERT INTO metrics_code.pt_edge (from_key, to_key, edge_type, confidence, method) VALUES ('check', 'stop', 'Calls (resolved)', 0.6, 'test');
SELECT * FROM pt_entropy(edge_types => '{Calls}') WHERE node = 'check';
DELETE FROM metrics_code.pt_edge WHERE to_key = 'stop' AND confidence IS NOT NULL;
SELECT * FROM pt_folder_tree();
-- files and folders are what SQL makes of them
CREATE VIEW file_edges AS
WITH f AS (SELECT k.key, coalesce(_parseltongue.pt_normal_path(file_path), _parseltongue.pt_normal_path(pt_key_path(k.key))) AS file
	FROM (SELECT from_key AS key FROM metrics_code.pt_edge UNION SELECT to_key FROM metrics_code.pt_edge UNION SELECT key FROM metrics_code.pt_entity) AS k LEFT JOIN metrics_code.pt_entity USING (key))
SELECT s.file AS a, t.file AS b FROM metrics_code.pt_edge JOIN f AS s ON s.key = from_key JOIN f AS t ON t.key = to_key
WHERE pt_key_kind(from_key) IN ('local', 'file') AND pt_key_kind(to_key) IN ('local', 'file') AND s.file <> t.file;
SELECT differences('SELECT * FROM pt_coupling(group_by => ''file'') WHERE cbo > 0', 'SELECT * FROM pt_coupling(''file_edges'')') AS by_file,
	differences('SELECT * FROM pt_technical_debt(group_by => ''file'') WHERE cbo > 0', 'SELECT * FROM pt_technical_debt(''file_edges'')') AS debt;
CREATE VIEW folder_edges AS SELECT * FROM (SELECT _parseltongue.pt_folder(a) AS a, _parseltongue.pt_folder(b) AS b FROM file_edges WHERE a ~ '[./]' AND b ~ '[./]') AS e WHERE a <> b;
SELECT differences('SELECT * FROM pt_coupling(group_by => ''folder'') WHERE cbo > 0', 'SELECT * FROM pt_coupling(''folder_edges'')') AS by_folder;
-- larger, with random files
TRUNCATE metrics_code.pt_edge, metrics_code.pt_entity;
SELECT setseed(0.15);
INSERT INTO metrics_code.pt_entity (key, file_path) SELECT 'k' || i, format('d%s/e%s/f%s.c', (random() * 3)::int, (random() * 3)::int, (random() * 3)::int) FROM generate_series(1, 400) AS i;
INSERT INTO metrics_code.pt_edge (from_key, to_key, edge_type) SELECT DISTINCT 'k' || 1 + (random() * 399)::int, 'k' || 1 + (random() ^ 3 * 399)::int, (ARRAY['Calls', 'Uses'])[1 + random()::int] FROM generate_series(1, 900);
SELECT differences('SELECT * FROM pt_coupling(group_by => ''file'') WHERE cbo > 0', 'SELECT * FROM pt_coupling(''file_edges'')') AS by_file,
	differences('SELECT * FROM pt_coupling(group_by => ''folder'') WHERE cbo > 0', 'SELECT * FROM pt_coupling(''folder_edges'')') AS by_folder;
SELECT differences('SELECT path, files, entities, own_files, own_entities FROM pt_folder_tree()', $q$
	WITH p AS (SELECT file_path, string_to_array(file_path, '/') AS parts FROM metrics_code.pt_entity),
		f AS (SELECT coalesce(nullif(array_to_string(parts[:d], '/'), ''), '.') AS path, file_path, d = 2 AS own FROM p, generate_series(0, 2) AS d)
	SELECT path, count(DISTINCT file_path), count(*), count(DISTINCT file_path) FILTER (WHERE own), count(*) FILTER (WHERE own) FROM f GROUP BY path$q$) AS folders;

-- Rules. Edges, and of ways a shortest one that passes neither side, from each that has one.
CREATE VIEW paths AS SELECT key, file_path AS file FROM metrics_code.pt_entity;
SELECT differences('SELECT from_key, to_key FROM pt_forbidden(''d0/, d1/e2/ -> d1/ ! d1/e2/, d1/e0/f1.c'')',
	$q$SELECT DISTINCT from_key, to_key FROM metrics_code.pt_edge JOIN paths AS f ON f.key = from_key JOIN paths AS t ON t.key = to_key
	WHERE from_key <> to_key AND (f.file LIKE 'd0/%' OR f.file LIKE 'd1/e2/%') AND t.file LIKE 'd1/%' AND t.file NOT LIKE 'd1/e2/%' AND t.file <> 'd1/e0/f1.c'$q$) AS edges;
CREATE FUNCTION expected_ways(f text, t text) RETURNS TABLE (from_key text, steps bigint) LANGUAGE sql AS $$
	WITH RECURSIVE e AS MATERIALIZED (SELECT DISTINCT e.from_key, e.to_key, f.file ~ $1 AS f, t.file ~ $1 AS tf, t.file ~ $2 AS tt
			FROM metrics_code.pt_edge AS e JOIN paths AS f ON f.key = e.from_key JOIN paths AS t ON t.key = e.to_key WHERE e.from_key <> e.to_key),
		w AS (SELECT e.from_key, e.to_key, e.tf, e.tt, 1::bigint AS steps FROM e WHERE e.f
			UNION SELECT w.from_key, e.to_key, e.tf, e.tt, w.steps + 1 FROM w JOIN e ON e.from_key = w.to_key WHERE NOT w.tf AND NOT w.tt AND w.steps < 16)
	SELECT w.from_key, min(w.steps) FROM w WHERE w.tt GROUP BY w.from_key $$;
SELECT sides, differences(format('SELECT (array_agg(from_key ORDER BY step))[1], max(step) FROM pt_forbidden(%L) GROUP BY violation', sides),
	format('SELECT * FROM expected_ways(%L, %L)', f, t)) AS ways,
	(SELECT max(step) FROM pt_forbidden(sides)) AS longest
FROM (VALUES ('d0/ ->> d3/', '^d0/', '^d3/'), ('**/f2.c ->> d3/e3/', '/f2.c', '^d3/e3/'), ('d1/e1 ->> ! d0/, d1/, d2/', '^d1/e1/', '^d3/'), ('* ->> d3/e3/f3.c', '', '^d3/e3/f3.c')) AS s (sides, f, t);
-- each step is an edge, begins where the one before ends, and the last is on the other side
SELECT count(*) FILTER (WHERE NOT EXISTS (SELECT FROM metrics_code.pt_edge AS e WHERE (e.from_key, e.to_key) = (s.from_key, s.to_key))) AS no_edge,
	count(*) FILTER (WHERE step > 1 AND before <> from_key) AS broken, count(*) FILTER (WHERE is_last <> (SELECT file LIKE 'd3/%' FROM paths WHERE key = to_key)) AS wrong_end
FROM (SELECT *, lag(to_key) OVER w AS before, lead(step) OVER w IS NULL AS is_last FROM pt_forbidden('d0/ ->> d3/') WINDOW w AS (PARTITION BY violation ORDER BY step)) AS s;

-- What patterns have.
TRUNCATE metrics_code.pt_edge, metrics_code.pt_entity;
INSERT INTO metrics_code.pt_entity (key, file_path) SELECT file, file FROM unnest('{a.c,src/a.c,src/a.h,src/ab/c.c,src/ab/d/c.c,srcs/a.c,test/a.c,src/test/a.c,"src/my file.c","src/x,y!z.c"}'::text[]) AS file;
INSERT INTO metrics_code.pt_edge (from_key, to_key) SELECT key, 'rust:fn:end:unknown:0-0' FROM metrics_code.pt_entity UNION ALL VALUES ('rust:fn:x:y:1-2', 'rust:fn:end:unknown:0-0');
SELECT pattern, string_agg(from_key, ' ' ORDER BY from_key COLLATE "C") AS has
FROM unnest('{src,src/,./src,src\\,src/a,src/a.c,src/a.c/,*,**,*.c,src/*.c,src/**.c,**.c,**/a.c,**/test/,**/**/**/a.c,src/**/c.c,src/a*,s*/a.c,*/*/*,"\"src/x,y!z.c\"","\"src/*.c\"",src/my file.c,rust:fn:*,! src,"src ! src/ab, src/test"}'::text[])
	WITH ORDINALITY AS p (pattern, n) LEFT JOIN LATERAL pt_forbidden(pattern || ' -> rust:fn:end:*', placeholders => true) ON true GROUP BY n, pattern ORDER BY n;
SELECT count(*) FROM pt_forbidden('* -> rust:fn:end:*');
SELECT rule, count(*) FROM pt_forbidden(E'# lines\n\n  src -> *   # all\r\n\t! src->>rust:* # ways\n', placeholders => true) GROUP BY rule ORDER BY rule COLLATE "C";
SELECT count(*) FROM pt_forbidden('') UNION ALL SELECT count(*) FROM pt_forbidden(E'# nothing\n\n');
-- a long pattern is no trouble
SELECT count(*) FROM pt_forbidden(repeat('*', 900) || repeat('**/', 300) || 'x -> *', placeholders => true);
-- keys of other types
SELECT * FROM pt_forbidden('1, 3 -> *', graph => 'g5');
SELECT * FROM pt_forbidden('A ->> E, F ! E', graph => 'g8');

-- Refused.
DO $$
DECLARE
	call text;
	state text; message text; detail text; hint text;
BEGIN
	FOREACH call IN ARRAY ARRAY[
		'pt_coupling(group_by => ''module'')', 'pt_coupling(''g5'', NULL::bigint, group_by => ''file'')', 'pt_technical_debt(''g5'', group_by => ''folder'')', 'pt_coupling(''missing'')',
		'pt_coupling(''g5'', avoid => ''{abc}'')', 'pt_bfs(''g5'', ''abc''::text, missing_ok => true)', 'pt_modularity(''g5'', ''{"abc": 1}'')',
		'pt_coupling(''g5'', edge_types => ''{Calls}'')', 'pt_entropy(''g5'', edge_types => ''{Calls}'')', 'pt_entropy(''g5'', min_confidence => 0.5)', 'pt_entropy(''missing'')', 'pt_folder_tree(''g5'')',
		'pt_forbidden(NULL)', 'pt_forbidden(''src/'')', 'pt_forbidden(E''# one\n\na -> b\na > b'')', 'pt_forbidden(''-> b'')', 'pt_forbidden(''a ->'')', 'pt_forbidden(''a, -> b'')', 'pt_forbidden(''a -> b, # c'')',
		'pt_forbidden(''a -> b -> c'')', 'pt_forbidden(''a ! -> b'')', 'pt_forbidden(''a -> "b'')', 'pt_forbidden(''a "b" -> c'')', 'pt_forbidden(''a -> ""'')', 'pt_forbidden(''./ -> a'')', 'pt_forbidden(''ä > b'')',
		'pt_forbidden(repeat(''x'', 3000) || '' -> b'')', 'pt_forbidden(repeat(E''a -> b\n'', 10001))', 'pt_forbidden(''a -> b'', graph => ''g5'', edge_types => ''{Calls}'')']
	LOOP
		BEGIN
			EXECUTE 'SELECT * FROM ' || call;
			RAISE NOTICE '%: no error', call;
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
			RAISE INFO '%: % % (%)', call, state, message, coalesce(nullif(detail, ''), hint);
		END;
	END LOOP;
END $$;

-- A hub of fifty thousand, and a clique. Of the hub's ends a third has no end; the others share one where both are odd or both are even.
CREATE UNLOGGED TABLE hub (a int, b int);
INSERT INTO hub SELECT 0, i FROM generate_series(1, 50000) AS i UNION ALL SELECT i, 100000 + i % k FROM generate_series(1, 50000) AS i, unnest('{2,300,7000,40000}'::int[]) AS k WHERE i % 3 > 0;
CREATE INDEX ON hub USING adjacency (a, b);
SELECT node, cbo, round(lcom::numeric, 6) AS lcom, rfc, grade FROM pt_coupling('hub', NULL::bigint) WHERE node = 0;
CREATE UNLOGGED TABLE clique (a int, b int);
INSERT INTO clique SELECT i, k FROM generate_series(1, 500) AS i, generate_series(1, 500) AS k;
CREATE INDEX ON clique USING adjacency (a, b);
SELECT DISTINCT cbo, lcom, rfc, wmc, instability, grade FROM pt_coupling('clique', NULL::bigint);
\set VERBOSITY sqlstate
BEGIN;
SET LOCAL statement_timeout = '10ms';
SELECT count(*) FROM pt_coupling('hub', NULL::bigint);
ROLLBACK;
\set VERBOSITY default
SET parseltongue.local_image_memory = '2MB';
\set VERBOSITY sqlstate
SELECT count(*) FROM pt_coupling('hub', NULL::bigint);
\set VERBOSITY default
RESET parseltongue.local_image_memory;

RESET parseltongue.graph;
DROP VIEW paths, file_edges, folder_edges CASCADE;
SET client_min_messages = warning;
SELECT pt_drop_codebase('metrics_code');
DROP SCHEMA metrics CASCADE;
