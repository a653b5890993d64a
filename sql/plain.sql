--
-- Graphs that are plain tables of edges: what functions for codebases say of
-- them, how the setting names them, and paths against the direction of edges.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_plain;
CREATE SCHEMA "pt Plain";
SET search_path = pt_plain, public;

CREATE TABLE dep (src text, dst text, kind text, trust numeric(3,2), note text);
CREATE INDEX dep_index ON dep USING adjacency (src, dst, kind, trust);
INSERT INTO dep VALUES ('rust:fn:main:src/main.rs:1-2', 'rust:fn:read_file:src/io.rs:1-9', 'Calls', NULL), ('rust:fn:read_file:src/io.rs:1-9', 'rust:fn:open:unknown:0-0', 'Calls', NULL),
	('app', 'lib', 'Uses', 0.5), ('app', 'Library', 'Uses', 1), ('app', NULL, 'Uses', NULL), ('app', 'libc', NULL, NULL);
CREATE TABLE numbers (a int, b int);
CREATE INDEX ON numbers USING adjacency (a, b);
INSERT INTO numbers VALUES (1, 12), (12, 123), (12, 2);

-- ---------------------------------------------------------------------------
-- pt_search and pt_statistics
-- ---------------------------------------------------------------------------
SELECT key, name, kind, match FROM pt_search('lib', graph => 'dep');
SELECT key, name, kind, match FROM pt_search('READ_FILE', graph => 'dep_index');
SELECT key, match FROM pt_search('rust:fn:main:src/main.rs:1-2', graph => 'dep');
SELECT key, match FROM pt_search('io.rs', graph => 'dep');
SELECT key, kind FROM pt_search('open', kinds => '{unresolved}', graph => 'dep');
SELECT key, match FROM pt_search('12', graph => 'numbers');
SELECT count(*) FROM pt_search('lib', 1, graph => 'dep');
SELECT count(*) FROM pt_search('lib', NULL, graph => 'dep');
SELECT * FROM pt_statistics('dep');
SELECT * FROM pt_statistics('numbers');
SELECT * FROM _parseltongue.pt_graph_columns('dep_index'), _parseltongue.pt_graph_columns('numbers') AS n;
CREATE FUNCTION outcome(command text, OUT state text, OUT message text, OUT hint text)
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE command;
	state := 'ok';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
END $$;
CREATE TABLE two (a int, b int, c int);
CREATE INDEX ON two USING adjacency (a, b);
CREATE INDEX two_index ON two USING adjacency (b, c);
CREATE TABLE none (a int, b int);
CREATE VIEW seen AS SELECT * FROM none;
SELECT q, o.* FROM unnest('{none,two,two_index,seen,pg_class_oid_index}'::text[]) WITH ORDINALITY AS g (g, n), unnest('{SELECT pt_statistics(%L),"SELECT pt_search(''x'', graph => %L)"}'::text[]) WITH ORDINALITY AS f (f, m),
	format(f, g) AS q, outcome(q) AS o ORDER BY n, m;

-- ---------------------------------------------------------------------------
-- The setting finds a relation as regclass does, when it is set.
-- ---------------------------------------------------------------------------
SET parseltongue.graph = 'dep';
SHOW parseltongue.graph;
SELECT key FROM pt_blast_radius('lib');
SET search_path = public;
SELECT key FROM pt_blast_radius('lib');
SET search_path = "pt Plain", pt_plain, public;
CREATE TABLE "pt Plain"."Dep" (a int, b int);
CREATE INDEX "Dep Index" ON "Dep" USING adjacency (a, b);
INSERT INTO "Dep" VALUES (1, 2);
SET parseltongue.graph = '"Dep Index"';
SHOW parseltongue.graph;
SELECT node FROM pt_bfs(NULL, 1) ORDER BY 1;
SET parseltongue.graph = 'nothing_here';
SET parseltongue.graph = 'DEP';
SHOW parseltongue.graph;
BEGIN;
SET LOCAL parseltongue.graph = numbers;
SELECT pt_default_graph();
ROLLBACK;
SHOW parseltongue.graph;
SELECT set_config('parseltongue.graph', 'numbers', false);
CREATE TEMPORARY TABLE dep (x int, y int);
CREATE INDEX ON pg_temp.dep USING adjacency (x, y);
INSERT INTO pg_temp.dep VALUES (7, 8);
SET parseltongue.graph = 'dep';
SELECT node FROM pt_bfs(NULL, 7) ORDER BY 1;
DROP TABLE pg_temp.dep;
ALTER ROLE CURRENT_USER SET parseltongue.graph = 'dep';
RESET parseltongue.graph;
SET search_path = pt_plain, public;

-- ---------------------------------------------------------------------------
-- A path names its nodes in order, whichever way its edges lead.
-- ---------------------------------------------------------------------------
SELECT step, from_key, to_key, node FROM pt_path(123, 1, direction => 'both', graph => 'numbers');
SELECT path, step, from_key, to_key, node FROM pt_paths('libc', 'Library', direction => 'both', graph => 'dep');
CREATE TABLE random AS SELECT (hashint4(i) & 127) AS a, (hashint4(i + 1000) & 127) AS b FROM generate_series(1, 300) i;
CREATE INDEX ON random USING adjacency (a, b);
SELECT way, count(*) > 50 AS many, count(*) FILTER (WHERE node NOT IN (from_key, to_key) OR before NOT IN (from_key, to_key) OR node = before
	OR way = 'out' AND node <> to_key OR way = 'in' AND node <> from_key OR is_last AND node <> t) AS wrong
FROM (SELECT way, t, p.*, lag(node, 1, s) OVER w AS before, lead(node) OVER w IS NULL AS is_last
	  FROM unnest('{out,in,both}'::text[]) way, (SELECT (i % 128)::text AS s, (i * 7 % 128)::text AS t FROM generate_series(1, 60) i) q,
		   LATERAL (SELECT 0 AS path, step, from_key, to_key, node FROM pt_path(s, t, direction => way, missing_ok => true, graph => 'random')
					UNION ALL SELECT path, step, from_key, to_key, node FROM pt_paths(s, t, 3, direction => way, missing_ok => true, graph => 'random')) p
	  WINDOW w AS (PARTITION BY way, s, t, path ORDER BY step)) AS x GROUP BY way ORDER BY way;

-- ---------------------------------------------------------------------------
-- Whose a codebase is: the schema public may be that of whoever owns the database.
-- ---------------------------------------------------------------------------
SELECT owner FROM pt_codebases() WHERE owner = 'pg_database_owner';
SELECT c.owner = pg_get_userbyid(CASE WHEN n.nspowner = 'pg_database_owner'::regrole THEN d.datdba ELSE n.nspowner END) AS same
FROM pt_codebases() c JOIN pg_namespace n ON n.nspname = c.name, pg_database d WHERE d.datname = current_database() AND c.name = 'public';

SET client_min_messages = error;
DROP SCHEMA pt_plain, "pt Plain" CASCADE;
