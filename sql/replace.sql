--
-- Files in place of what was known of them: pt_replace_file. And Contains, which
-- indexers write: to be part of something is not to be used.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
TRUNCATE pt_entity, pt_edge;
SELECT pt_create_codebase('pt_replace');
SET search_path = pt_replace, public;
SET parseltongue.graph = 'pt_replace.pt_edge';

CREATE VIEW content AS
	SELECT file_path AS a, key AS b, name AS c, line_start::text AS d FROM pt_entity
	UNION ALL SELECT from_key, to_key, edge_type, coalesce(confidence::text, '') || coalesce(' ' || method, '') FROM pt_edge;

SELECT * FROM pt_replace_file('src/a.py', '{
	"entities": [{"key": "py:fn:one:src/a.py:1-2"}, {"key": "py:fn:two:src/a.py:3-4", "file_path": "src/a.py"}],
	"edges": [{"from_key": "py:fn:one:src/a.py:1-2", "to_key": "py:fn:two:unknown:0-0"}, {"from_key": "py:fn:one:src/a.py:1-2", "to_key": "py:fn:far:unknown:0-0"}]}');
SELECT * FROM pt_replace_file('src/b.py', '{"entities": [{"key": "py:fn:far:src/b.py:1-2"}],
	"edges": [{"from_key": "py:fn:far:src/b.py:1-2", "to_key": "py:fn:two:unknown:0-0"}]}');
SELECT resolved FROM pt_resolve_references();
-- a guess of somebody else stays
INSERT INTO pt_edge (from_key, to_key, confidence, method) VALUES ('py:fn:one:src/a.py:1-2', 'elsewhere', 0.4, 'mine');
SELECT * FROM content ORDER BY a COLLATE "C", b COLLATE "C", c COLLATE "C";

-- the same again changes nothing; guesses made of edges that stay are left alone
SELECT * FROM pt_replace_file('src/a.py', '{
	"entities": [{"key": "py:fn:one:src/a.py:1-2"}, {"key": "py:fn:two:src/a.py:3-4"}],
	"edges": [{"from_key": "py:fn:one:src/a.py:1-2", "to_key": "py:fn:two:unknown:0-0"}, {"from_key": "py:fn:one:src/a.py:1-2", "to_key": "py:fn:far:unknown:0-0"}]}');
-- one function is longer now and calls less: its old key goes, with its edges and what was guessed from them
SELECT * FROM pt_replace_file('src/a.py', '{
	"entities": [{"key": "py:fn:one:src/a.py:1-2"}, {"key": "py:fn:two:src/a.py:3-9"}],
	"edges": [{"from_key": "py:fn:one:src/a.py:1-2", "to_key": "py:fn:two:unknown:0-0"}]}');
SELECT * FROM content ORDER BY a COLLATE "C", b COLLATE "C", c COLLATE "C";
-- references of other files find the new one
SELECT resolved, guesses_inserted, guesses_deleted FROM pt_resolve_references();
-- a file goes; another codebase, by name; several in one transaction
SELECT * FROM pt_replace_file('src/b.py', '{}');
SELECT * FROM pt_replace_file('src/b.py', '{}', graph => 'public.pt_edge');
BEGIN;
SELECT entities_written FROM pt_replace_file('c', '{"entities": [{"key": "c"}]}');
SELECT entities_written, entities_deleted FROM pt_replace_file('c', '{"entities": [{"key": "d"}]}');
COMMIT;
SELECT * FROM content ORDER BY a COLLATE "C", b COLLATE "C", c COLLATE "C";

-- a path is one file however it is written: what an index knows of the content stays
SELECT * FROM pt_replace_file('src/x.rs', '{
	"entities": [{"key": "rust:file:src/x.rs:1-1", "entity_type": "file", "properties": {"content_hash": "1", "facts": "scip"}}, {"key": "rust:fn:f:src/x.rs:1-2"}],
	"edges": [{"from_key": "rust:fn:f:src/x.rs:1-2", "to_key": "rust:fn:g:src/y.rs:1-2", "edge_type": "Uses", "method": "scip"}]}');
SELECT path, r.* FROM unnest('{./src/x.rs,src/x.rs,src\\x.rs}'::text[]) WITH ORDINALITY AS p (path, n), pt_replace_file(path, '{
	"entities": [{"key": "rust:file:src/x.rs:1-1", "entity_type": "file", "file_path": "././src/x.rs", "properties": {"content_hash": "1"}}, {"key": "rust:fn:f:src/x.rs:1-2", "file_path": "src/x.rs"}]}') AS r ORDER BY n;
SELECT to_key, method FROM pt_edge WHERE from_key LIKE '%src/x.rs%';
BEGIN;
SELECT _parseltongue.pt_import_stage() IS NOT NULL AS staged;
INSERT INTO pg_temp.pt_import_stage (section, position, element) VALUES
	(1, 0, '{"key": "rust:file:src/x.rs:1-1", "entity_type": "file", "file_path": "./src/x.rs", "properties": {"content_hash": "1"}}'),
	(1, 1, '{"key": "rust:fn:f:src/x.rs:1-2", "file_path": "./src/x.rs"}');
SELECT * FROM _parseltongue.pt_replace_staged('{./src/x.rs}', NULL, NULL);
COMMIT;
SELECT to_key, method FROM pt_edge WHERE from_key LIKE '%src/x.rs%';
SELECT * FROM pt_replace_file('./src/x.rs', '{}');
-- more files than the server has locks for
BEGIN;
SELECT _parseltongue.pt_import_stage() IS NOT NULL AS staged;
SELECT r.* FROM _parseltongue.pt_replace_staged(ARRAY(SELECT 'many/' || i FROM generate_series(1, 30000) AS i), NULL, NULL) AS r;
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();
COMMIT;

-- rejections, and mistakes
\set SHOW_CONTEXT never
SELECT * FROM pt_replace_file('c', '{"entities": [{"key": ""}, {"key": "e"}, 7], "edges": [{"from_key": "e"}]}');
SELECT kind, position, reason FROM public.pt_import_rejection ORDER BY import_id DESC, position COLLATE "C" LIMIT 3;
SELECT pt_replace_file('c', '{"entities": [{"key": "f", "file_path": "g"}]}');
SELECT pt_replace_file('c', '{"entities": 1}');
SELECT pt_replace_file('c', '[]');
SELECT pt_replace_file('c', NULL);
SELECT pt_replace_file(NULL, '{}');
SELECT pt_replace_file('c', '{"entities": [{"key": ""}]}');
SELECT pt_replace_file('c', '{}', 'pg_class');

-- of what a type contains, what nobody calls is unreferenced
DELETE FROM pt_entity;
DELETE FROM pt_edge;
SELECT pt_insert_entities('[{"key": "C", "entity_type": "class"}, {"key": "C.m", "entity_type": "method"}, {"key": "C.n", "entity_type": "method"}]');
SELECT pt_insert_edges('[{"from_key": "C", "to_key": "C.m", "edge_type": "Contains"}, {"from_key": "C", "to_key": "C.n", "edge_type": "Contains"},
	{"from_key": "C.m", "to_key": "C.n"}]');
SELECT key, referrers FROM pt_unreferenced();
SELECT key, referrers FROM pt_unreferenced(edge_types => '{Calls,Contains}');
SELECT key FROM pt_unreferenced(mode => 'unreachable', entry_points => '{C}');

RESET parseltongue.graph;
DROP SCHEMA pt_replace CASCADE;
