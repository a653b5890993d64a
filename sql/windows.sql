--
-- Paths of Windows: whatever is asked about a path has the same answer with
-- backslashes as with slashes.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_windows;
SET search_path = pt_windows, public;

-- paths as such: one file each, however it is written
SELECT _parseltongue.pt_normal_path(p) AS path, string_agg(p, ' ' ORDER BY p COLLATE "C") AS written
FROM unnest(ARRAY['src/a.rs', 'src\a.rs', '.\src\a.rs', './src\a.rs', '.\\src\\a.rs', './/src//a.rs', 'C:\src\a.rs', 'c:/src/a.rs', 'C:\\src\\a.rs', '\\?\C:\src\a.rs', '//server/share/a.rs', '\\server\share\a.rs', '\\server\share\\a.rs', '\\?\UNC\server\share\a.rs', '..\a.rs', '../a.rs', '\src\a.rs', '/src/a.rs', '', '.\', './', 'a:b']) p
GROUP BY 1 ORDER BY min(p COLLATE "C");
SELECT _parseltongue.pt_file_id(p) AS id, string_agg(p, ' ' ORDER BY p COLLATE "C") AS written
FROM unnest(ARRAY['src/a.rs', 'src\a.rs', '.\src\a.rs', '__src_a_rs', 'C:\src\a.rs', 'C:/src/a.rs', 'C__src_a_rs', 'c:\src\a.rs', 'c:/src/a.rs', '\\server\share\a.rs', '//server/share/a.rs', '\\?\C:\src\a.rs', '..\a.rs', '../a.rs']) p
GROUP BY 1 ORDER BY min(p COLLATE "C");
-- a folder taken off
SELECT p AS path, r AS root, _parseltongue.pt_import_relative(p, r) AS relative FROM (VALUES ('C:\me\tree\src\a.c', 'C:\me\tree'), ('C:\me\tree\src\a.c', 'c:/me/tree/'), ('C:/me/tree/src/a.c', 'C:\me\tree\'), ('C:\me\treehouse\a.c', 'C:\me\tree'), ('\\s\tree\src\a.c', '\\s\tree'), ('//s/tree/src/a.c', '\\s\tree\'),
	('.\src\a.c:7', NULL), ('C:\me\tree\.\src\a.c:7', 'C:\me\tree'), ('C:\me\tree', 'C:\me\tree'), ('C:\a.c', 'C:\'), ('\a.c', '\'), ('a\b', '')) v (p, r);
-- what a key says of its file, and that it is of one kind
SELECT key, pt_key_kind(key) AS kind, pt_key_name(key) AS name, pt_key_path(key) AS path FROM unnest(ARRAY['rust:fn:a:src\a.rs:1-2', 'rust:fn:a:.\src\a.rs:T17', 'rust:fn:a:C:\src\a.rs:1-2', 'rust:fn:a:C:/src/a.rs', 'rust:fn:a:\\server\share\a.rs:1-2', 'rust:file:.\src\a.rs:1-1', 'rust:file:C:\src\a.rs:1-1', 'rust:file:C:/src/a.rs:1-1', 'rust:file:C:\src\a.rs', 'rust:file:\\?\C:\a.rs:1-1',
	'src\a.rs-main-fn-abcdef', 'rust|||fn||||||a|||C:\src\a.rs|||d0', 'rust|||file||||||a.rs|||src\a.rs|||']) WITH ORDINALITY k (key, i) ORDER BY i;
-- tests
SELECT p FROM unnest(ARRAY['tests/io.rs', 'src/test/java/com/X.java', 'C:/acme/Acme.Tests/Helpers.cs', 'src/x_test.go', 'src/a.rs', 'contest/a.rs', '//s/tests/a.c', './e2e/login.ts', 'a/tests.rs', 'tests']) p
WHERE pt_is_test('CODE', 'function', p) IS DISTINCT FROM pt_is_test('CODE', 'function', replace(p, '/', '\'));

-- Two codebases that differ in the slashes of everything.
SELECT pt_create_codebase('pt_unix'), pt_create_codebase('pt_dos');
CREATE TABLE document AS SELECT '{"entities": [
	{"key": "rust:fn:main:C:/p/src/main.rs:1-9", "file_path": "C:/p/src/main.rs", "entity_type": "function"},
	{"key": "rust:fn:load:C:/p/src/io/file.rs:1-9", "file_path": "C:/p/src/io/file.rs", "entity_type": "function"}, {"key": "rust:fn:load:C:/p/lib/file.rs:1-9", "file_path": "C:/p/lib/file.rs", "entity_type": "function"},
	{"key": "rust:fn:send:C:/p/src/net/mod.rs:1-9", "file_path": "C:/p/src/net/mod.rs", "entity_type": "function"}, {"key": "rust:fn:send:C:/p/src/mail.rs:1-9", "file_path": "C:/p/src/mail.rs", "entity_type": "function"},
	{"key": "rust:fn:near:C:/p/src/b.rs:1-9", "file_path": "C:/p/src/b.rs", "entity_type": "function"}, {"key": "rust:fn:near:C:/p/lib/b.rs:1-9", "file_path": "C:/p/lib/b.rs", "entity_type": "function"},
	{"key": "rust:fn:check:C:/p/tests/io.rs:1-9", "file_path": "C:/p/tests/io.rs", "entity_type": "function", "entity_class": "CODE"},
	{"key": "js:fn:utils:C:/p/web/utils.js:1-9", "file_path": "C:/p/web/utils.js", "entity_type": "function"},
	{"key": "rust:fn:joined:__p_src_io_rs:3-5", "file_path": "C:/p/src/io.rs"}, {"key": "rust:file:C:/p/src/main.rs:1-1", "file_path": "C:/p/src/main.rs", "entity_type": "file"}],
 "edges": [{"from_key": "rust:fn:main:C:/p/src/main.rs:1-9", "to_key": "rust:fn:load:unknown:0-0", "source_location": "C:/p/src/main.rs:3"}, {"from_key": "rust:fn:main:C:/p/src/main.rs:1-9", "to_key": "rust:fn:net::send:unknown:0-0"},
	{"from_key": "rust:fn:main:C:/p/src/main.rs:1-9", "to_key": "rust:fn:io/file/load:unknown:0-0", "edge_type": "Reads"}, {"from_key": "rust:fn:main:C:/p/src/main.rs:1-9", "to_key": "rust:fn:near:unknown:0-0"},
	{"from_key": "rust:fn:check:C:/p/tests/io.rs:1-9", "to_key": "rust:fn:main:unknown:0-0"}, {"from_key": "rust:file:C:/p/src/main.rs:1-1", "to_key": "rust:module:crate::io::file:0-0", "edge_type": "Uses"},
	{"from_key": "js:fn:start:C:/p/web/main.js:1-9", "to_key": "js:module:./lib/utils.js:0-0", "edge_type": "Uses"}, {"from_key": "rust:fn:joined:/p/src/io.rs:3-5", "to_key": "rust:fn:near:unknown:0-0"}]}'::jsonb AS d;
SELECT entities_inserted, edges_inserted, edges_joined FROM document, pt_import(d, 'C:/p', graph => 'pt_unix.pt_edge');
-- as text, where JSON doubles a backslash
SELECT entities_inserted, edges_inserted, edges_joined FROM document, pt_import(replace(replace(d::text, '/', '\\'), 'a\\b', 'a/b')::jsonb, 'C:\p', graph => 'pt_dos.pt_edge');
SELECT key, file_path FROM pt_unix.pt_entity WHERE file_path ~ '\\' OR file_path ~ '^C:';
SELECT count(*) FROM pt_dos.pt_entity d JOIN pt_unix.pt_entity u ON u.file_path = d.file_path AND u.name = d.name AND u.key = replace(d.key, '\', '/');
SELECT resolved, ambiguous, unresolved FROM pt_resolve_references('pt_unix.pt_edge');
SELECT resolved, ambiguous, unresolved FROM pt_resolve_references('pt_dos.pt_edge');
CREATE VIEW differing AS
	SELECT 'edges' AS what, x::text FROM ((SELECT from_key, to_key, edge_type, source_location, confidence, method FROM pt_unix.pt_edge) EXCEPT (SELECT replace(from_key, '\', '/'), replace(to_key, '\', '/'), edge_type, replace(source_location, '\', '/'), confidence, method FROM pt_dos.pt_edge)) x
	UNION ALL
	SELECT 'tests', x::text FROM (SELECT key, distance FROM pt_affected_tests('{rust:fn:near:C:/p/src/b.rs:1-9}', graph => 'pt_unix.pt_edge') EXCEPT SELECT replace(key, '\', '/'), distance FROM pt_affected_tests(ARRAY['rust:fn:near:C:\p\src\b.rs:1-9'], graph => 'pt_dos.pt_edge')) x
	UNION ALL
	SELECT 'unreferenced', x::text FROM (SELECT key, row_number() OVER () FROM pt_unreferenced(graph => 'pt_unix.pt_edge') EXCEPT SELECT replace(key, '\', '/'), row_number() OVER () FROM pt_unreferenced(graph => 'pt_dos.pt_edge')) x
	UNION ALL
	SELECT 'unreachable', x::text FROM (SELECT key FROM pt_unreferenced(mode => 'unreachable', graph => 'pt_unix.pt_edge') EXCEPT SELECT replace(key, '\', '/') FROM pt_unreferenced(mode => 'unreachable', graph => 'pt_dos.pt_edge')) x
	UNION ALL
	SELECT 'levels', x::text FROM (SELECT r ->> 9, r ->> 17, r ->> 18 FROM jsonb_array_elements(pt_export('pt_unix.pt_edge') #> '{data,CodeGraph,rows}') r EXCEPT SELECT replace(r ->> 9, '\', '/'), r ->> 17, r ->> 18 FROM jsonb_array_elements(pt_export('pt_dos.pt_edge') #> '{data,CodeGraph,rows}') r) x;
SELECT * FROM differing;
SELECT key, distance FROM pt_affected_tests('{rust:fn:near:C:/p/src/b.rs:1-9}', graph => 'pt_unix.pt_edge');
SELECT to_key, confidence, method FROM pt_dos.pt_edge WHERE from_key = 'rust:fn:main:C:\p\src\main.rs:1-9' AND confidence > 0.5 ORDER BY to_key COLLATE "C";
-- what was written without an import keeps its backslashes, and has the same answers
UPDATE pt_dos.pt_entity SET file_path = '.\' || replace(file_path, '/', '\');
SELECT guesses_unchanged > 0 AS some, guesses_inserted + guesses_updated + guesses_deleted AS other FROM pt_resolve_references('pt_dos.pt_edge');
SELECT * FROM differing WHERE what NOT IN ('unreferenced', 'levels');
SELECT change, count(*) FROM pt_diff('pt_dos.pt_edge', 'pt_dos.pt_edge') GROUP BY 1;
DROP VIEW differing;
-- so a file that was written without an import is replaced, whoever asks
SELECT r.* FROM unnest(ARRAY['src/io/file.rs', 'src\b.rs']) f, pt_replace_file(f, jsonb_build_object('entities', jsonb_build_array(jsonb_build_object('key', 'new of ' || f, 'file_path', replace(f, '/', '\')))), 'pt_dos.pt_edge') r;
SELECT key, file_path FROM pt_dos.pt_entity WHERE file_path ~ 'src.(b|io.file)' ORDER BY key COLLATE "C";
-- a codebase is compared with itself as written on the other system
SELECT pt_create_codebase('pt_other');
INSERT INTO pt_other.pt_entity (key, name, file_path) VALUES ('a', 'f', 'src/a.c'), ('b', 'g', 'src/b.c');
SELECT pt_create_codebase('pt_third');
INSERT INTO pt_third.pt_entity (key, name, file_path) VALUES ('a', 'f', 'src\a.c'), ('c', 'g', 'src\b.c');
SELECT object, change, key_a, key_b, detail FROM pt_diff('pt_other.pt_edge', 'pt_third.pt_edge');
SELECT pt_drop_codebase(c) FROM unnest('{pt_unix,pt_dos,pt_other,pt_third}'::text[]) c;
DROP SCHEMA pt_windows CASCADE;
