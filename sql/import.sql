--
-- pt_import and pt_export: the shapes of documents, what becomes of each
-- field, bad documents and bad rows, and that the trip there and back changes
-- nothing.
--
SET client_min_messages = warning;
SET client_encoding = 'UTF8';
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_imports;
SET search_path = pt_imports, public;
TRUNCATE pt_entity, pt_edge, pt_import_rejection;

CREATE FUNCTION outcome(command text, OUT state text, OUT message text, OUT detail text, OUT hint text)
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE command;
	state := 'ok';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	detail := nullif(detail, '');
	hint := nullif(hint, '');
END $$;
-- inserted, updated, unchanged, deleted, rejected
CREATE FUNCTION load(document jsonb, root text DEFAULT NULL, dependency_type text DEFAULT 'Uses', OUT entities bigint[], OUT edges bigint[])
LANGUAGE sql AS $$
	SELECT ARRAY[entities_inserted, entities_updated, entities_unchanged, entities_deleted, entities_rejected],
		   ARRAY[edges_inserted, edges_updated, edges_unchanged, edges_deleted, edges_rejected]
	FROM pt_import(document, root, dependency_type) $$;
CREATE VIEW entities AS
	SELECT key, name, entity_type AS type, entity_class AS class, language AS lang, file_path AS file,
		   line_start AS first, line_end AS last, signature, code, properties
	FROM pt_entity ORDER BY key COLLATE "C";
CREATE VIEW edges AS SELECT from_key, to_key, edge_type, source_location FROM pt_edge ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C";
CREATE VIEW rejections AS
	SELECT dense_rank() OVER (ORDER BY import_id) AS import, kind, position, reason, left(content, 60) AS content, imported_at <= now() AS past
	FROM pt_import_rejection ORDER BY import_id, position COLLATE "C";

-- ---------------------------------------------------------------------------
-- (a) lists as served over HTTP: the whole answer, its data, the bare array.
-- ---------------------------------------------------------------------------
SELECT * FROM load('{"success": true, "endpoint": "/code-entities-list-all", "data": {"total_count": 2, "entities": [
	{"key": "rust:fn:main:__src_main_rs:1-10", "file_path": "./src/main.rs", "entity_type": "function", "entity_class": "CODE", "language": "rust"},
	{"key": "rust:struct:List<T>:unresolved-reference:0-0", "file_path": "", "entity_type": "struct", "entity_class": "CODE", "language": "rust"}]}}');
SELECT * FROM load('{"entities": [{"key": "rust:fn:main:__src_main_rs:1-10", "entity_class": "TEST"}]}');
SELECT * FROM load('{"success": true, "data": [{"key": "rust:fn:main:__src_main_rs:1-10"}, {"key": "src_lib_rs-new_feature-fn-abc12345"}]}');
SELECT * FROM load('{"data": {"edges": [{"from_key": "a", "to_key": "b", "edge_type": "Calls", "source_location": "./src/a.rs:7"}]}}');
SELECT * FROM load('[{"from_key": "a", "to_key": "b"}, {"from_key": "b", "to_key": "c", "edge_type": "Uses", "source_location": null},
	{"key": "b", "name": "bee", "language": null}, {"from_key": "a", "to_key": "b", "source_location": "src/a.rs:8"}]');
SELECT * FROM entities;
SELECT * FROM edges;
SELECT * FROM load('[]');
SELECT * FROM load('{"edges": [], "entities": []}');
SELECT * FROM load('{"data": []}');
-- unchanged rows are not written: the row versions stay
CREATE TABLE versions AS SELECT ctid AS place, xmin::text AS writer, key FROM pt_entity;
SELECT * FROM load('[{"key": "b"}, {"key": "b", "name": "bee"}]');
SELECT count(*) FROM versions v JOIN pt_entity e ON (e.ctid, e.xmin::text, e.key) = (v.place, v.writer, v.key);

-- ---------------------------------------------------------------------------
-- (c) files of releases 0.8 to 1.0.
-- ---------------------------------------------------------------------------
TRUNCATE pt_entity, pt_edge;
SELECT * FROM load('{"export_metadata": {"level": 0, "total_edges": 3}, "edges": [
	{"from_key": "rust:file:./src/entities.rs:1-1", "to_key": "rust:module:HashMap:0-0", "edge_type": "Uses"},
	{"from_key": "rust:fn:run:./src/entities.rs:3-9", "to_key": "rust:fn:new:unknown:0-0", "edge_type": "Calls"},
	{"from_key": "rust:fn:run:./src/entities.rs:3-9", "to_key": "rust:fn:new:unknown:0-0", "edge_type": "Calls"}]}');
SELECT * FROM load($${"export_metadata": {"level": 1}, "entities": [
	{"isgl1_key": "rust:fn:run:__src_entities_rs:3-9", "current_ind": 1, "future_ind": 0, "entity_name": "run", "entity_type": "function", "line_number": 0,
	 "file_path": "././src/entities.rs", "entity_class": "CODE", "interface_signature": "{\"name\": \"run\", \"line_range\": {\"start\": 30, \"end\": 90}, \"documentation\": null}",
	 "forward_deps": ["rust:fn:new:unknown:0-0", "rust:fn:own:x:1-2"], "reverse_deps": ["rust:fn:main:__src_main_rs:1-10"]},
	{"isgl1_key": "src_lib_rs-new_feature-fn-abc12345", "current_ind": 0, "future_ind": true, "future_action": "Create", "future_code": "fn x() {}", "tdd_classification": "not_a_test",
	 "interface_signature": "{\"line_range\": {\"start\": 30, \"end\": 90}}", "current_code": "fn old() {}"},
	{"isgl1_key": "rust:fn:auth:__src_auth:T1706284800", "interface_signature": "not json"},
	{"isgl1_key": "rust:fn:new:unknown:0-0", "interface_signature": "{\"line_range\": {\"start\": 0, \"end\": 0}}"},
	{"isgl1_key": "rust:fn:far:x:99999999999-1", "interface_signature": "{\"line_range\": {\"start\": \"x\", \"end\": 1.5}}"}, {"isgl1_key": "rust:fn:huge:x:7-8", "interface_signature": "{\"line_range\": 1e999999}"}]}$$);
SELECT * FROM entities;
SELECT * FROM edges;
-- of releases 0.7 and 0.8: type, class, file and state are within other fields, unless they are beside them, too
SELECT * FROM load($$[{"isgl1_key": "rust:fn:check_io:src_io_rs:3-20", "current_code": "fn check_io() {}",
	"interface_signature": {"name": "check_io", "entity_type": "Function", "visibility": "Private", "file_path": "./src/io.rs", "line_range": {"start": 3, "end": 20}, "language_specific": {"language": "rust"}},
	"tdd_classification": {"entity_class": "TestImplementation", "testability": "High"}, "temporal_state": {"current_ind": true, "future_ind": false, "future_action": null}},
	{"isgl1_key": "src_io_rs-Io-impl-abc12345", "interface_signature": "{\"entity_type\": {\"ImplBlock\": {\"struct_name\": \"Io\"}}, \"file_path\": \"src/io.rs\", \"language_specific\": {\"language\": \"rust\"}}",
	 "tdd_classification": "{\"entity_class\": \"CodeImplementation\"}", "temporal_state": {"current_ind": false, "future_ind": true, "future_action": "Create"}},
	{"isgl1_key": "rust:fn:beside:x:1-2", "entity_type": "macro", "entity_class": "CODE", "file_path": "x.rs", "current_ind": 1, "interface_signature": {"entity_type": "ProcMacro", "file_path": "y.rs"}, "tdd_classification": {"entity_class": "TestImplementation"}, "temporal_state": {"current_ind": false}},
	{"isgl1_key": "rust:fn:rubbish:x:1-2", "interface_signature": {"entity_type": 5, "file_path": null, "language_specific": 7}, "tdd_classification": "{", "temporal_state": "x"}, {"isgl1_key": "rust:fn:rubbish2:x:1-2", "interface_signature": ["entity_type"], "tdd_classification": [5]}]$$);
SELECT key, type, class, lang, file, first, properties, pt_is_test(class, type, file) FROM entities WHERE key ~ 'check_io|Io|beside|rubbish';
DELETE FROM pt_entity WHERE key ~ 'check_io|Io|beside|rubbish';
-- another type for the dependencies, or none
SELECT * FROM load('[{"key": "x", "forward_deps": ["y", "y"], "reverse_deps": ["w"]}]', dependency_type => 'Calls');
SELECT * FROM load('[{"key": "x", "forward_deps": ["z"]}]', dependency_type => NULL);
SELECT * FROM edges WHERE 'x' IN (from_key, to_key);
-- an edge of its own wins over a dependency, wherever it stands
SELECT * FROM load('{"edges": [{"from_key": "x", "to_key": "q", "edge_type": "Uses", "source_location": "x.c:1"}], "entities": [{"key": "x", "forward_deps": ["q"]}]}');
SELECT * FROM edges WHERE to_key = 'q';
-- a folder to take off
SELECT * FROM load('[{"key": "p1", "file_path": "/home/me/tree/src/a.c"}, {"key": "p2", "file_path": "/home/me/treehouse/b.c"}, {"key": "p3", "file_path": "./"},
	{"key": "p4", "file_path": ".//src/../x"}, {"from_key": "p1", "to_key": "p2", "source_location": "/home/me/tree/./src/a.c:3"}]', root => '/home/me/tree/');
SELECT key, file FROM entities WHERE key LIKE 'p_';
SELECT * FROM edges WHERE from_key = 'p1';

-- ---------------------------------------------------------------------------
-- (b) CozoDB's relations, by header name; a leading minus deletes.
-- ---------------------------------------------------------------------------
TRUNCATE pt_entity, pt_edge;
SELECT * FROM load($${"ok": true, "data": {
	"CodeGraph": {"headers": ["ISGL1_key", "Current_Code", "Future_Code", "interface_signature", "TDD_Classification", "lsp_meta_data", "current_ind", "future_ind", "Future_Action",
		"file_path", "language", "last_modified", "entity_type", "entity_class", "birth_timestamp", "content_hash", "semantic_path", "root_subfolder_L1", "root_subfolder_L2"],
	 "rows": [
		["rust:fn:main:__src_main_rs:1-10", "fn main() {}", null, "{\"name\": \"main\"}", "{\"entity_class\": \"CODE\"}", null, true, false, null, "./crates/core/src/main.rs", "rust", "2026-01-02T03:04:05Z", "function", "CODE", 1706284800, "abc", "crates_core", "wrong", "wrong"],
		["rust:fn:edit:__src_main_rs:11-20", "old", "new", "{}", "not_a_test", "{}", true, true, "Edit", "src/main.rs", "rust", "", "function", "TEST", null, null, null, "", ""],
		["rust:fn:gone:__src_main_rs:21-30", "gone", null, "{", "", null, 1, 0, "Delete", "main.rs", "", "x", "", "", null, null, null, null, null]], "next": null},
	"DependencyEdges": {"headers": ["to_key", "from_key", "source_location", "edge_type"],
	 "rows": [["b", "a", "./a.rs:1", "Calls"], ["c", "b", null, "Implements"], ["b", "a", "a.rs:2", "Calls"]], "next": null}}}$$);
SELECT * FROM entities;
SELECT * FROM edges;
-- an older generation: what is missing is gone from the row, but not what was never its
UPDATE pt_entity SET properties = properties || '{"owner": "io team"}';
SELECT * FROM load('{"CodeGraph": {"headers": ["future_ind", "current_ind", "ISGL1_key", "entity_type", "Unheard_Of"], "rows": [[false, false, "rust:fn:edit:__src_main_rs:11-20", "method", [1]]]}}');
SELECT * FROM entities WHERE name = 'edit';
SELECT * FROM load('{"DependencyEdges": {"headers": ["from_key", "to_key"], "rows": [["a", "b"], ["a", "c"]]}}');
SELECT * FROM edges;
SELECT * FROM load('{"-CodeGraph": {"headers": ["ISGL1_key"], "rows": [["rust:fn:gone:__src_main_rs:21-30"], ["nobody"], ["rust:fn:gone:__src_main_rs:21-30"]]},
	"-DependencyEdges": {"headers": ["from_key", "to_key", "edge_type"], "rows": [["a", "b", "Calls"], ["b", "c", "Calls"]]},
	"DependencyEdges": {"headers": ["from_key", "to_key", "edge_type"], "rows": [["a", "b", "Uses"]]}}');
SELECT * FROM load('{"data": {"-DependencyEdges": {"headers": ["from_key", "to_key"], "rows": [["a", "c"]]}, "-CodeGraph": {"headers": ["ISGL1_key"], "rows": []}}}');
SELECT key FROM entities;
SELECT * FROM edges;

-- ---------------------------------------------------------------------------
-- There and back.
-- ---------------------------------------------------------------------------
SELECT jsonb_pretty(pt_export());
-- everything a table may hold
INSERT INTO pt_entity (key, name, signature, code, line_start, line_end, properties) VALUES
	('odd 1', NULL, 'null', '', 0, 0, '{"a": null, "current_ind": true, "future_ind": false, "TDD_Classification": "", "last_modified": "", "interface_signature": "rubbish"}'),
	('odd 2', 'n', '"s"', NULL, -5, 2147483647, '{"current_ind": false, "future_ind": true, "Future_Action": null, "birth_timestamp": "soon", "content_hash": {"x": [null]}}'),
	('odd 3', '', '{"line_range": {"start": 3, "end": 4}}', ' ', NULL, NULL, '{"current_ind": 1, "future_ind": 0, "TDD_Classification": 5, "interface_signature": {}}'),
	('odd 4', 'x', NULL, NULL, NULL, NULL, '{"interface_signature": "{}", "key": "other", "ISGL1_key": 7, "forward_deps": ["x"], "file_path": "y", "properties": {"properties": 1}}'),
	('odd 5', 'x', NULL, NULL, NULL, NULL, '{"interface_signature": "{", "Future_Code": "\"\\\u00e9", "": 1}'),
	('c:fn:odd:x:5-6', NULL, '[1, 1.50, {"b": 1, "a": 2}]', NULL, NULL, NULL, '{"name": "n", "language": "l", "root_subfolder_L1": "kept"}');
INSERT INTO pt_edge VALUES ('é', '日本', '', ''), ('a', 'a', 'Calls', 'x');
CREATE TABLE before AS SELECT * FROM entities;
CREATE TABLE before_edges AS SELECT * FROM pt_edge;
CREATE TABLE trip AS SELECT pt_export() AS document;
SELECT load.* FROM trip, load(document);
TRUNCATE pt_entity, pt_edge;
SELECT load.* FROM trip, load(document -> 'data');
SELECT * FROM before EXCEPT SELECT * FROM entities;
SELECT * FROM entities EXCEPT SELECT * FROM before;
SELECT * FROM before_edges EXCEPT SELECT * FROM pt_edge;
SELECT count(*) FROM pt_edge;
SELECT document = pt_export() AS identical FROM trip;
SELECT load.* FROM trip, load(document);
-- and through text, as a file
SELECT load.* FROM trip, load(document::text::jsonb);
-- folder levels are those of the path
SELECT count(*) FROM unnest('{a.c,src/a.c,x/y/z/a.c,/abs/x/a.c}'::text[]) AS f, pt_insert_entity('folder ' || f, file_path => f);
SELECT r ->> 9 AS file_path, r ->> 17 AS "L1", r ->> 18 AS "L2"
FROM jsonb_array_elements(pt_export() #> '{data,CodeGraph,rows}') AS r WHERE starts_with(r ->> 0, 'folder ') ORDER BY (r ->> 9) COLLATE "C";
TRUNCATE pt_entity, pt_edge;
SELECT * FROM load(pt_export());

-- ---------------------------------------------------------------------------
-- Documents of no known shape.
-- ---------------------------------------------------------------------------
SELECT document, o.* FROM unnest(ARRAY['null', '5', '"entities"', '{}', '{"data": 5}', '{"data": {"rows": []}}', '{"success": false, "error": "no such database"}',
	'[1, 2]', '[[]]', '["key"]', '[{"name": "x"}]', '{"entities": {}}', '{"edges": null}', '{"CodeGraph": []}', '{"CodeGraph": {"rows": []}}',
	'{"CodeGraph": {"headers": ["x"], "rows": {}}}', '{"CodeGraph": {"headers": [1], "rows": []}}', '{"CodeGraph": {"headers": ["isgl1_key"], "rows": []}}',
	'{"-DependencyEdges": {"headers": ["edge_type"], "rows": []}}', '{"DependencyEdges": {"headers": ["from_key", "to_key", "x", "x"], "rows": []}}',
	'{"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, "g": 7, "h": 8, "i": 9, "j": 10, "k": 11}']) WITH ORDINALITY AS d (document, n),
	outcome(format('SELECT pt_import(%L)', document)) AS o ORDER BY n;
SELECT * FROM outcome('SELECT pt_import(NULL)');
-- what the type jsonb refuses
SELECT state FROM unnest(ARRAY['[{"key": "a"}', '[{"key": "\ud800"}]', '[{"key": "\u0000"}]', '[{"key": "\ud83d"}]', '']) WITH ORDINALITY AS d (document, n),
	outcome(format('SELECT pt_import(%L)', document)) ORDER BY n;
SELECT state FROM outcome($$SELECT pt_import((repeat('[', 100000) || repeat(']', 100000))::jsonb)$$);
SELECT count(*) FROM pt_import_rejection;
-- relations nobody knows are named
SELECT * FROM load('{"CodeGraph": {"headers": ["ISGL1_key"], "rows": []}, "FileWordCoverage": {"headers": [], "rows": []}}');

-- ---------------------------------------------------------------------------
-- Bad rows are listed and do not stop the others.
-- ---------------------------------------------------------------------------
SELECT * FROM load('{"entities": [{"key": "good 1"}, 5, "key", null, [], {}, {"key": 5}, {"key": ""}, {"key": null}, {"key": {"a": 1}}, {"key": "k", "entity_type": 5}, {"key": "k", "file_path": ["x"]},
	{"key": "k", "current_ind": 2}, {"key": "k", "future_ind": "yes"}, {"key": "k", "line_start": 1.5}, {"key": "k", "line_end": 3000000000}, {"key": "k", "line_end": "3"},
	{"key": "k", "forward_deps": "x"}, {"key": "k", "properties": []}, {"key": "good 2", "reverse_deps": ["fine", 5, "", null]}, {"key": "k", "Current_Code": false}, {"key": "good 3", "properties": null}],
	"edges": [{"from_key": "a"}, {"to_key": "a"}, {"from_key": 1, "to_key": "a"}, {"from_key": "a", "to_key": []}, {"from_key": "", "to_key": "a"}, {"from_key": "a", "to_key": ""}, 7, null, {"from_key": "a", "to_key": "b", "edge_type": 1},
	{"from_key": "a", "to_key": "b", "source_location": {}}, {"from_key": "good", "to_key": "good"}]}');
SELECT * FROM load('{"CodeGraph": {"headers": ["ISGL1_key", "name"], "rows": [["cut"], ["long", "x", 1], {"ISGL1_key": "x", "name": "y"}, null, ["good 4", null], [null, null], 3, []]},
	"DependencyEdges": {"headers": ["from_key", "to_key"], "rows": [["a"], "a", ["good", "too"], []]},
	"-CodeGraph": {"headers": ["ISGL1_key", "name"], "rows": [["good 1"], ["good 2", 1], [null, 1], [5, 6]]},
	"-DependencyEdges": {"headers": ["from_key", "to_key", "edge_type"], "rows": [["good", "good"], ["good", "good", null], [1, "good", "Calls"], ["a", 2, "Calls"], {}]}}');
-- keys too long for the tables' indexes, and the longest that are not
SELECT * FROM load(jsonb_build_array(jsonb_build_object('key', repeat('long', 2500000)), jsonb_build_object('key', (SELECT left(string_agg(md5(i::text), ''), 2600) FROM generate_series(1, 100) i)),
	jsonb_build_object('from_key', 'a', 'to_key', repeat('é', 1300)), jsonb_build_object('key', 'deps', 'forward_deps', jsonb_build_array(repeat('x', 3000))),
	jsonb_build_object('from_key', (SELECT left(string_agg(md5(i::text), ''), 1300) FROM generate_series(1, 100) i), 'to_key', (SELECT left(string_agg(md5(i::text), ''), 1295) FROM generate_series(101, 200) i))));
SELECT * FROM load('[{"nothing": 1}, 2, {"key": "mixed"}, {"from_key": 3}]');
SELECT * FROM rejections;
SELECT left(key, 20) AS key, length(key) FROM entities;
SELECT left(from_key, 10) AS from_key, left(to_key, 10) AS to_key, edge_type FROM edges;
SELECT count(*) FILTER (WHERE octet_length(key) = _parseltongue.pt_max_key_bytes()) AS longest, count(*) FILTER (WHERE octet_length(key) > _parseltongue.pt_max_key_bytes()) AS longer FROM pt_entity;
-- the id is the one returned
SELECT count(*) AS imports, bool_and(r.import_id = i.import_id) AS same FROM pt_import('[{"key": 1}, {"key": "good 1"}, {"key": 2}]') i JOIN pt_import_rejection r ON r.import_id >= i.import_id;

-- ---------------------------------------------------------------------------
-- Into another codebase, and facts among guesses.
-- ---------------------------------------------------------------------------
TRUNCATE pt_entity, pt_edge, pt_import_rejection;
CREATE SCHEMA "pt Other";
CREATE TABLE "pt Other".pt_entity (LIKE public.pt_entity INCLUDING ALL);
CREATE TABLE "pt Other".pt_edge (LIKE public.pt_edge INCLUDING ALL);
CREATE VIEW other AS SELECT (SELECT string_agg(key, ' ' ORDER BY key COLLATE "C") FROM "pt Other".pt_entity) AS entities,
	(SELECT string_agg(concat_ws('>', from_key, to_key, edge_type, source_location, confidence, method, reference_key), ' ' ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C") FROM "pt Other".pt_edge) AS edges;
SELECT entities_inserted, edges_inserted, edges_rejected FROM pt_import('[{"key": "o", "forward_deps": ["p", 5]}, {"from_key": "o", "to_key": "q"}]', graph => '"pt Other".pt_edge');
SELECT * FROM other;
SELECT count(*) AS entities, (SELECT count(*) FROM pt_edge) AS edges, (SELECT count(*) FROM pt_import_rejection) AS rejections FROM pt_entity;
-- named by the index, by the setting, and as the last argument
SELECT edges_unchanged FROM pt_import('[{"from_key": "o", "to_key": "q"}]', NULL, 'Uses', true, (SELECT indexrelid FROM pg_index WHERE indrelid = '"pt Other".pt_edge'::regclass AND NOT indisprimary));
SET parseltongue.graph = '"pt Other".pt_edge';
SELECT edges_unchanged FROM pt_import('[{"from_key": "o", "to_key": "q"}]');
SELECT edges_inserted FROM pt_import('[{"from_key": "o", "to_key": "q"}]', graph => 'public.pt_edge');
SELECT pt_export() = pt_export('"pt Other".pt_edge') AS same, pt_export() = pt_export('public.pt_edge') AS other;
RESET parseltongue.graph;
-- A guess is no fact: it is neither exported nor deleted, and becomes one when a document says so.
UPDATE "pt Other".pt_edge SET confidence = 0.5, method = 'name', reference_key = 'r', source_location = 'o.c:1' WHERE to_key = 'q';
INSERT INTO "pt Other".pt_edge VALUES ('o', 'q', 'Calls (resolved)', 'o.c:1', 0.9, 'name', 'r');
SELECT jsonb_path_query_array(pt_export('"pt Other".pt_edge'), '$.data.DependencyEdges.rows[*]');
SELECT edges_deleted FROM pt_import('{"-DependencyEdges": {"headers": ["from_key", "to_key", "edge_type"], "rows": [["o", "q", "Calls"], ["o", "q", "Calls (resolved)"], ["o", "p", "Uses"]]}}', graph => '"pt Other".pt_edge');
SELECT edges FROM other;
SELECT edges_inserted, edges_updated, edges_unchanged FROM pt_import('[{"from_key": "o", "to_key": "q"}, {"from_key": "o", "to_key": "p"}]', graph => '"pt Other".pt_edge');
SELECT edges FROM other;
UPDATE "pt Other".pt_edge SET confidence = 1 WHERE to_key = 'p';
SELECT edges_updated FROM pt_import('[{"from_key": "o", "to_key": "p"}]', graph => '"pt Other".pt_edge');
SELECT edges FROM other;
UPDATE "pt Other".pt_edge SET confidence = 1 WHERE to_key = 'p';
SELECT edges_updated FROM pt_import('{"DependencyEdges": {"headers": ["from_key", "to_key", "source_location"], "rows": [["o", "p", "o.c:7"]]}}', graph => '"pt Other".pt_edge');
SELECT edges FROM other;
SELECT edges_unchanged FROM pt_import(pt_export('"pt Other".pt_edge'), graph => '"pt Other".pt_edge');
-- An edge of confidence 1 is a fact: it is exported, and deleted.
BEGIN;
UPDATE "pt Other".pt_edge SET confidence = 1 WHERE to_key = 'p';
SELECT count(*) FROM jsonb_path_query(pt_export('"pt Other".pt_edge'), '$.data.DependencyEdges.rows[*]') AS r WHERE r ->> 1 = 'p';
SELECT edges_deleted FROM pt_import('{"-DependencyEdges": {"headers": ["from_key", "to_key", "edge_type"], "rows": [["o", "p", "Calls"]]}}', graph => '"pt Other".pt_edge');
ROLLBACK;
SELECT entities_deleted, edges_deleted FROM pt_import('{"-CodeGraph": {"headers": ["ISGL1_key"], "rows": [["o"]]}, "-DependencyEdges": {"headers": ["from_key", "to_key"], "rows": [["o", "q"]]}}', graph => '"pt Other".pt_edge');
SELECT * FROM other;
SELECT edges_inserted FROM pt_import(pt_export(), graph => '"pt Other".pt_edge');
-- what is no codebase
CREATE TABLE pt_imports.calls (from_key text, to_key text);
CREATE TABLE pt_imports.pt_entity (LIKE public.pt_entity INCLUDING ALL);
CREATE TABLE pt_imports.pt_edge (from_key text, to_key text, edge_type text);
SELECT g AS graph, o.* FROM unnest('{pt_imports.calls,pt_imports.pt_edge,pt_entity,0,pg_class_oid_index}'::text[]) WITH ORDINALITY AS u (g, n),
	unnest(ARRAY[format('SELECT pt_import(''[]'', graph => %L)', g), format('SELECT pt_export(%L)', g)]) WITH ORDINALITY AS c (command, m), outcome(command) AS o ORDER BY n, m;
SELECT state, message FROM unnest(ARRAY['SELECT pt_import(NULL, graph => NULL)', 'SELECT pt_import(''[]'', graph => ''nowhere'')', 'SELECT pt_export(NULL)', 'SELECT pt_import(''[]'', NULL, NULL, NULL)']) WITH ORDINALITY AS u (command, n), outcome(command) ORDER BY n;
DROP TABLE pt_imports.pt_entity, pt_imports.pt_edge, pt_imports.calls;

-- ---------------------------------------------------------------------------
-- Confidences: what is given is written, or the row is rejected; no guess takes
-- the place of a fact.
-- ---------------------------------------------------------------------------
SELECT pt_create_codebase('pt_guesses');
SET parseltongue.graph = 'pt_guesses.pt_edge';
CREATE VIEW guesses AS SELECT from_key AS f, to_key AS t, edge_type AS type, source_location AS location, confidence, method, reference_key AS reference
	FROM pt_guesses.pt_edge ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C";
SELECT * FROM load('[{"from_key": "a", "to_key": "b", "confidence": 0.3}, {"from_key": "a", "to_key": "c", "confidence": 1, "method": "type"},
	{"from_key": "a", "to_key": "d", "confidence": 0.999}, {"from_key": "a", "to_key": "e", "confidence": 0.001}, {"from_key": "a", "to_key": "f", "confidence": null},
	{"from_key": "a", "to_key": "g", "confidence": 0.7, "method": "name", "reference_key": "r", "source_location": "a:1"},
	{"from_key": "a", "to_key": "x1", "confidence": "0.5"}, {"from_key": "a", "to_key": "x2", "confidence": 0}, {"from_key": "a", "to_key": "x3", "confidence": 1.01},
	{"from_key": "a", "to_key": "x4", "confidence": -1e99}, {"from_key": "a", "to_key": "x5", "method": 1}, {"from_key": "a", "to_key": "x6", "reference_key": "r"},
	{"from_key": "a", "to_key": "x7", "confidence": 0.5, "reference_key": ["r"]}, {"from_key": "a", "to_key": "x8", "confidence": [0.5]}]');
SELECT position, reason FROM pt_import_rejection ORDER BY import_id DESC, length(position), position LIMIT 8;
SELECT * FROM guesses;
SELECT key, certain FROM pt_blast_radius('a', direction => 'out') ORDER BY key COLLATE "C";
-- facts win over guesses, in one document and in the table; a guess changes what it says of a guess
SELECT * FROM load('[{"from_key": "a", "to_key": "h", "source_location": "fact"}, {"from_key": "a", "to_key": "h", "confidence": 0.9, "source_location": "guess"},
	{"from_key": "a", "to_key": "f", "confidence": 0.9, "method": "guess"}, {"from_key": "a", "to_key": "c", "confidence": 0.9, "source_location": "guess"},
	{"from_key": "a", "to_key": "b", "confidence": 0.4}, {"from_key": "a", "to_key": "d", "confidence": 1}, {"from_key": "a", "to_key": "g", "confidence": 0.8},
	{"key": "a", "forward_deps": ["i"]}, {"from_key": "a", "to_key": "i", "edge_type": "Uses", "confidence": 0.5}, {"from_key": "a", "to_key": "e"}]');
SELECT * FROM guesses;
-- a relation's row is all that there is to know
SELECT * FROM load('{"DependencyEdges": {"headers": ["confidence", "from_key", "to_key", "method"], "rows": [[0.5, "a", "b", "x"], [null, "a", "c", null], [0.6, "a", "g", null], [2, "a", "b", null], [0.2, "a", "f", null]]}}');
SELECT * FROM guesses WHERE t IN ('b', 'c', 'f', 'g');
-- guesses without a reference go out and come back, and are deleted by name; those with one are for pt_resolve_references
UPDATE pt_guesses.pt_edge SET reference_key = 'r' WHERE to_key = 'g';
CREATE TABLE guesses_before AS SELECT * FROM guesses WHERE reference IS NULL;
CREATE TABLE guesses_trip AS SELECT pt_export() AS document;
TRUNCATE pt_guesses.pt_edge;
SELECT load.* FROM guesses_trip, load(document);
SELECT load.* FROM guesses_trip, load(document);
(TABLE guesses_before EXCEPT TABLE guesses) UNION ALL (TABLE guesses EXCEPT TABLE guesses_before);
INSERT INTO pt_guesses.pt_edge VALUES ('a', 'g', 'Calls', NULL, 0.6, 'name', 'r');
SELECT * FROM load('{"-DependencyEdges": {"headers": ["from_key", "to_key", "edge_type"], "rows": [["a", "b", "Calls"], ["a", "g", "Calls"]]}}');
SELECT t FROM guesses WHERE t IN ('b', 'g');
-- a reference that is certain is resolved, one that is a guess itself is not
SELECT * FROM load('[{"key": "rust:fn:new:src/n.rs:1-2"}, {"from_key": "rust:fn:old:src/n.rs:3-4", "to_key": "rust:fn:new:unknown:0-0", "confidence": 1},
	{"from_key": "rust:fn:older:src/n.rs:5-6", "to_key": "rust:fn:new:unknown:0-0", "confidence": 0.5}]');
SELECT reference_edges, resolved FROM pt_resolve_references();
-- the function that writes without a report
SELECT pt_insert_edges('[{"from_key": "w", "to_key": "b", "confidence": 0.5}, {"from_key": "w", "to_key": "c", "confidence": 0.999, "method": "m", "reference_key": "r"}, {"from_key": "w", "to_key": "d", "confidence": 1},
	{"from_key": "w", "to_key": "e"}, {"from_key": "w", "to_key": "e", "confidence": 0.9}, {"from_key": "w", "to_key": "f", "confidence": 0.0001}]');
SELECT pt_insert_edges('[{"from_key": "w", "to_key": "b", "confidence": 0.6, "source_location": "x"}, {"from_key": "w", "to_key": "c", "confidence": 0.5}, {"from_key": "w", "to_key": "d", "confidence": 0.5}, {"from_key": "w", "to_key": "e", "confidence": 0.5}, {"from_key": "w", "to_key": "f"}]');
SELECT pt_insert_edges('[{"from_key": "w", "to_key": "c"}]'), pt_insert_edge('w', 'b');
SELECT * FROM guesses WHERE f = 'w';
SELECT e AS element, o.detail FROM unnest(ARRAY['"confidence": "0.5"', '"confidence": 0', '"confidence": 1.001', '"confidence": true', '"method": 5', '"reference_key": "r"', '"confidence": 0.5, "reference_key": {}']) WITH ORDINALITY AS u (e, n),
	outcome(format('SELECT pt_insert_edges(%L)', '[{"from_key": "w", "to_key": "z", ' || e || '}]')) AS o ORDER BY n;

-- ---------------------------------------------------------------------------
-- Graphs as other tools write them, and pt_to_json.
-- ---------------------------------------------------------------------------
TRUNCATE pt_guesses.pt_entity, pt_guesses.pt_edge;
CREATE VIEW nodes AS SELECT key, name, entity_type AS type, file_path AS file, line_start AS line, properties FROM pt_guesses.pt_entity ORDER BY key COLLATE "C";
-- networkx
SELECT * FROM load('{"directed": true, "multigraph": true, "graph": {}, "nodes": [{"id": "a", "weight": 1}, {"id": 2}, {"id": null}, {"name": "x"}, {"id": "lonely", "label": "L"}],
	"links": [{"source": "a", "target": 2, "key": 0, "confidence": 0.5}, {"source": 2, "target": 18446744073709551615, "relation": "Uses"}, {"source": "a"}, {"source": {"id": "a"}, "target": 2}]}');
SELECT position, reason FROM pt_import_rejection ORDER BY import_id DESC, position LIMIT 4;
SELECT * FROM nodes;
SELECT * FROM guesses;
-- a snapshot of an early release
SELECT * FROM load('{"nodes": [{"hash": 13375578519503559960, "kind": "Trait", "name": "Display", "signature": "trait Display", "file_path": "./src/lib.rs", "line": 0},
	{"hash": 1754303143792833593, "kind": "Struct", "name": "User", "file": "src/lib.rs", "line": 7}], "edges": [{"from": 1754303143792833593, "to": 13375578519503559960, "kind": "Implements"}]}');
SELECT * FROM nodes WHERE key LIKE '1%';
SELECT f, t, type FROM guesses WHERE f LIKE '1%';
-- there and back
TRUNCATE pt_guesses.pt_entity, pt_guesses.pt_edge;
SELECT pt_insert_edges('[{"from_key": "rust:fn:main:src/main.rs:1-2", "to_key": "rust:fn:new:unknown:0-0"}, {"from_key": "a", "to_key": "b", "edge_type": "Uses"}, {"from_key": "b", "to_key": "a", "edge_type": "kind"}]');
CREATE TABLE picture AS SELECT pt_to_json(from_key, to_key, edge_type) AS document FROM pt_guesses.pt_edge;
SELECT load.* FROM picture, load(document);
SELECT * FROM nodes;
TRUNCATE pt_guesses.pt_edge;
SELECT load.* FROM picture, load(document);
SELECT document = (SELECT pt_to_json(from_key, to_key, edge_type) FROM pt_guesses.pt_edge) AS same FROM picture;
SELECT d, o.state, o.message, o.detail FROM unnest(ARRAY['{"nodes": [], "links": []}', '{"nodes": 7, "edges": []}', '{"data": [], "nodes": 7}', '{"nodes": [{"group": 1}], "links": [{"source": 0, "target": null}]}', '{"edges": [{"x": 1}, 5]}',
	'{"-DependencyEdges": {"headers": ["from_key", "to_key", "edge_type"], "rows": [[1, 2, 3]]}}', '{"-DependencyEdges": {"headers": ["from_key", "to_key", "edge_type"], "rows": [[1, 2, 3], ["absent", "absent", "Calls"]]}}']) WITH ORDINALITY AS u (d, n),
	outcome(format('SELECT pt_import(%L)', d)) AS o ORDER BY n;
-- of two fields for one thing neither is lost
SELECT * FROM load('[{"key": "two", "name": "a", "entity_name": "b", "Current_Code": "x", "code": "y"}, {"key": "two", "ISGL1_key": "three"}, {"key": "same", "isgl1_key": "same", "name": "a", "entity_name": "a"}]');
SELECT reason FROM pt_import_rejection ORDER BY import_id DESC LIMIT 1;
SELECT key, name, code, properties FROM pt_guesses.pt_entity WHERE key IN ('two', 'same') ORDER BY key;
RESET parseltongue.graph;
DROP VIEW guesses, nodes;
SELECT pt_drop_codebase('pt_guesses');

-- ---------------------------------------------------------------------------
-- The parts that pt_import is made of.
-- ---------------------------------------------------------------------------
SELECT j, _parseltongue.pt_import_json_fault(j) IS NULL AS sound, split_part(_parseltongue.pt_import_json_fault(j), ':', 1) AS fault FROM unnest(ARRAY['{}', '"\u0000"', '"\ud800"', '1e999999', NULL]) WITH ORDINALITY AS u (j, n) ORDER BY n;
SELECT _parseltongue.pt_import_relative('./src/a.c:3', NULL), _parseltongue.pt_import_relative('/x/./a.c', '/x/'), _parseltongue.pt_import_relative('/xy/a.c', '/x/'), _parseltongue.pt_import_relative('', '/x/'), _parseltongue.pt_import_relative(NULL, '/x/');
SELECT _parseltongue.pt_import_misfit('5', NULL), _parseltongue.pt_import_misfit('[1]', '{a}'), _parseltongue.pt_import_misfit('[1]', '{a,b}'), _parseltongue.pt_import_misfit('{"a": 1}', '{a}'), _parseltongue.pt_import_misfit('[]', '{}'), _parseltongue.pt_import_misfit(NULL, '{a}') AS nothing;
SELECT _parseltongue.pt_import_end('1.50'), _parseltongue.pt_import_end('"a"'), _parseltongue.pt_import_end('null') AS nothing, _parseltongue.pt_import_end('[]');
SELECT n, _parseltongue.pt_import_node(n::jsonb) FROM unnest(ARRAY['{"id": 7, "hash": 8, "label": "l", "type": "t", "kind": "k", "file": "f", "line": 3, "x": 1}', '{"key": "k", "id": 1, "kind": "local"}', '{"id": "a", "kind": "local", "name": "n", "label": "other"}', '{"id": null, "hash": 9, "type": 5, "line": 0}', '{"ISGL1_key": "i", "id": 1}', '{}']) WITH ORDINALITY AS u (n, o) ORDER BY o;
SELECT * FROM _parseltongue.pt_graph_tables('public.pt_edge_adjacency'), _parseltongue.pt_graph_tables('"pt Other".pt_edge') AS other;
SELECT d, p.*, _parseltongue.pt_import_place(p.path, 5, NULL, NULL) AS place, _parseltongue.pt_import_place(p.entity_path, 5, 'reverse_deps', 0) AS dependency_place FROM unnest(ARRAY['[]', '{"data": [{"key": "a"}]}', '{"edges": []}', '{"nodes": [], "links": []}', '{"nodes": [], "entities": [], "edges": []}', '{"CodeGraph": {"headers": ["ISGL1_key"], "rows": []}, "-CodeGraph": {"headers": ["x", "ISGL1_key"], "rows": []}}']::jsonb[]) WITH ORDINALITY AS u (d, n), _parseltongue.pt_import_shape(d, false) WITH ORDINALITY AS p ORDER BY n, p.ordinality;
SELECT _parseltongue.pt_import_relation('{"-DependencyEdges": {"headers": ["from_key", "to_key"], "rows": [[1]]}}', '{data}', '-DependencyEdges');
CREATE TABLE document AS SELECT '{"data": [{"key": "a", "forward_deps": ["b", 7]}, 5, {"from_key": "a", "to_key": "b", "source_location": "/r/x:1"}, {"key": ""}]}'::jsonb AS d;
SELECT e.* FROM document, _parseltongue.pt_import_elements(d, false, '{data}') AS e;
SELECT e.* FROM document, _parseltongue.pt_import_elements(d, false, '{edges}') AS e;
CREATE VIEW part AS SELECT d, (SELECT p FROM _parseltongue.pt_import_shape(d, false) p WHERE kind = 'entity') AS entity, (SELECT p FROM _parseltongue.pt_import_shape(d, false) p WHERE kind = 'edge') AS edge FROM document;
SELECT e.ord, c.key, c.name, c.properties, c.reason FROM part, _parseltongue.pt_import_elements(d, false, (entity).path) AS e, _parseltongue.pt_import_entity(e.raw, e.fault, entity, '/r/') AS c;
SELECT c.key, c.name, c.file_path, c.reason FROM _parseltongue.pt_import_entity('["k", "/r/./x"]', NULL, ROW('entity', false, false, '{}', '{key,file_path}', NULL), '/r/') AS c;
SELECT c.key, c.reason FROM part, _parseltongue.pt_import_entity(NULL, 'a fault', entity, NULL) AS c;
SELECT e.ord, c.* FROM part, _parseltongue.pt_import_elements(d, false, (edge).entity_path) AS e, _parseltongue.pt_import_dependencies(e.raw) AS c;
CREATE FUNCTION job(id bigint, dependency_type text, prefix text) RETURNS _parseltongue.pt_import_job LANGUAGE sql AS $$
	SELECT ROW(id, '"pt Other".pt_entity', '"pt Other".pt_edge', false, prefix, dependency_type, false)::_parseltongue.pt_import_job $$;
SELECT n.* FROM part, _parseltongue.pt_import_entities(d, entity, job(-1, NULL, NULL)) AS n;
BEGIN;
SELECT strpos(_parseltongue.pt_import_stated_edges(edge), 'no from_key') > 0 AS judges FROM part;
SELECT n.* FROM part, _parseltongue.pt_import_edges(d, edge, job(-5, NULL, '/r/')) AS n;
SELECT edges FROM other;
ROLLBACK;
SELECT n.* FROM part, _parseltongue.pt_import_edges(d, edge, job(-2, 'Uses', NULL)) AS n;
CREATE VIEW doomed AS SELECT d, _parseltongue.pt_import_relation(d, '{}', '-CodeGraph') AS entity, _parseltongue.pt_import_relation(d, '{}', '-DependencyEdges') AS edge
	FROM (SELECT '{"-CodeGraph": {"headers": ["ISGL1_key"], "rows": [["a"], 5]}, "-DependencyEdges": {"headers": ["from_key", "to_key", "edge_type"], "rows": [["a", "b", "Uses"], []]}}'::jsonb) AS d (d);
SELECT n.* FROM doomed, _parseltongue.pt_import_entities(d, entity, job(-3, NULL, NULL)) AS n;
SELECT n.* FROM doomed, _parseltongue.pt_import_edges(d, edge, job(-4, 'Uses', NULL)) AS n;
SELECT _parseltongue.pt_import_sum(ROW(1, 2, 3, 4, 5, 6, '{a}'), ROW(10, 20, 30, 40, 50, 60, '{b}'));
-- the statement around: of 1 the later one is taken, 3 is left alone
CREATE FUNCTION applied(judged text, action text) RETURNS _parseltongue.pt_import_counts LANGUAGE plpgsql AS $$
DECLARE
	part _parseltongue.pt_import_part := ROW('edge', false);
	counts _parseltongue.pt_import_counts;
BEGIN
	EXECUTE _parseltongue.pt_import_statement(part, job(-6, NULL, NULL), 'SELECT * FROM (' || judged || ') AS judged (k, source, ord, v, reason, field, dep_ord, content)', 'k', 'k, v, false AS joined', action) INTO counts USING '[]'::jsonb;
	RETURN counts;
END $$;
SELECT * FROM applied('VALUES (1, 1, 1, true, NULL, NULL, NULL, NULL), (1, 1, 2, false, NULL, NULL, NULL, NULL), (1, 0, 3, true, NULL, NULL, NULL, NULL), (2, 1, 3, true, NULL, NULL, NULL, NULL), (3, 1, 4, true, NULL, NULL, NULL, NULL), (1, 1, 5, true, $r$bad$r$, NULL, NULL, $r$c$r$), (1, 1, 6, true, $r$bad$r$, $r$f$r$, 7, $r$c$r$)',
	'SELECT v AS is_new FROM last WHERE k < 3');
SELECT * FROM other;
SELECT import_id, kind, position, reason, content FROM pt_import_rejection WHERE import_id < 0 ORDER BY import_id, position COLLATE "C";

-- ---------------------------------------------------------------------------
-- From a stage: the arrays hold the number of their section.
-- ---------------------------------------------------------------------------
TRUNCATE pt_entity, pt_edge, pt_import_rejection;
BEGIN;
SELECT _parseltongue.pt_import_stage();
SELECT state, message FROM outcome('SELECT _parseltongue.pt_import_stage()');
CREATE FUNCTION staged(document jsonb, OUT entities bigint[], OUT edges bigint[]) LANGUAGE sql AS $$
	SELECT ARRAY[entities_inserted, entities_updated, entities_unchanged, entities_deleted, entities_rejected],
		   ARRAY[edges_inserted, edges_updated, edges_unchanged, edges_deleted, edges_rejected]
	FROM _parseltongue.pt_import_staged(document, NULL, 'Uses', true, 'pt_edge') $$;
INSERT INTO pt_import_stage (section, position, element, content, reason) VALUES
	(7, 0, '{"from_key": "a", "to_key": "b"}', NULL, NULL), (7, 1, NULL, '{"from_key": "a", "to_key": "c\u00e9"}', NULL), (7, 2, NULL, '{"from_key": "a\u0000"}', NULL),
	(7, 3, NULL, 'too', 'much of it'), (7, 4, '5', NULL, NULL),
	(8, 0, '{"key": "a", "forward_deps": ["z", ""]}', NULL, NULL), (8, 1, NULL, 'NaN', NULL), (8, 2, NULL, repeat('[', 100000), NULL), (9, 0, '{"key": "never"}', NULL, NULL),
	(10, 0, '["r"]', NULL, NULL), (10, 1, '[]', NULL, NULL), (10, 2, NULL, '[1e999999]', NULL), (11, 0, '["a", "b"]', NULL, NULL), (11, 1, NULL, '["a"', NULL), (12, 0, NULL, '"\ud800"', NULL);
SELECT ord, raw, split_part(fault, ':', 1) AS fault, content FROM _parseltongue.pt_import_elements('{"edges": [7]}', true, '{edges}') ORDER BY ord;
SELECT * FROM staged('{"edges": [7], "entities": [8]}');
SELECT entities_unchanged, entities_rejected, edges_inserted, edges_unchanged, edges_rejected FROM _parseltongue.pt_import_staged('{"data": [8]}', NULL, 'Calls', true, 'pt_edge');
SELECT * FROM staged('{"CodeGraph": {"headers": ["ISGL1_key"], "rows": [10]}, "-DependencyEdges": {"headers": ["from_key", "to_key"], "rows": [11]}}');
SELECT state, message, split_part(detail, ':', 3) AS reason FROM outcome($$SELECT staged('[12]')$$);
SELECT * FROM staged('[]');
SELECT state, message, detail FROM outcome($$SELECT staged('[99]')$$);
SELECT state, message FROM unnest(ARRAY['SELECT staged(NULL)', 'SELECT staged(''{}'')', 'SELECT _parseltongue.pt_import_staged(''[]'', NULL, NULL, NULL, NULL)', 'SELECT _parseltongue.pt_import_run(''[{"key": "whole"}]'', false, NULL, NULL, NULL, ''pt_edge'')']) WITH ORDINALITY AS u (command, n), outcome(command) ORDER BY n;
COMMIT;
SELECT to_regclass('pg_temp.pt_import_stage');
SELECT state, message FROM outcome($$SELECT _parseltongue.pt_import_staged('{"edges": [1]}', NULL, NULL, true, 'pt_edge')$$);
SELECT dense_rank() OVER (ORDER BY import_id) AS import, kind, position, split_part(reason, ':', 1) AS reason, left(content, 60) AS content FROM pt_import_rejection ORDER BY import_id, kind, position COLLATE "C";
SELECT key FROM entities;
SELECT * FROM edges;

-- ---------------------------------------------------------------------------
-- Errors leave nothing; a caller's search_path changes nothing.
-- ---------------------------------------------------------------------------
TRUNCATE pt_entity, pt_edge, pt_import_rejection;
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = 'P0009'; END $$;
CREATE TRIGGER refuse BEFORE INSERT ON pt_edge FOR EACH ROW WHEN (NEW.to_key = 'refuse') EXECUTE FUNCTION refuse();
SELECT state, message FROM outcome($$SELECT pt_import('[{"key": "a"}, {"key": 5}, {"from_key": "a", "to_key": "refuse"}]')$$);
SELECT (SELECT count(*) FROM pt_entity) + (SELECT count(*) FROM pt_edge) + (SELECT count(*) FROM pt_import_rejection) AS rows;
DROP TRIGGER refuse ON pt_edge;
CREATE FUNCTION pt_imports.jsonb_typeof(jsonb) RETURNS text LANGUAGE sql AS $$ SELECT 'mine' $$;
CREATE FUNCTION pt_imports.pt_key_name(text) RETURNS text LANGUAGE sql AS $$ SELECT 'mine' $$;
CREATE FUNCTION pt_imports.never(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT false $$;
CREATE OPERATOR pt_imports.= (LEFTARG = text, RIGHTARG = text, FUNCTION = pt_imports.never);
CREATE TABLE pt_imports.pt_entity (LIKE public.pt_entity);
SET search_path = pt_imports, pg_catalog, public;
SELECT * FROM load('{"entities": [{"key": "c:fn:main:x:1-2", "interface_signature": "{}"}], "edges": [{"from_key": "a", "to_key": "b"}]}');
SELECT jsonb_array_length(pt_export() #> '{data,CodeGraph,rows}');
SET search_path = public;
SELECT key, name, signature FROM pt_entity;
SELECT _parseltongue.pt_parse_json('{"a": [1]}'), _parseltongue.pt_parse_json('{'), _parseltongue.pt_parse_json('"\u0000"'), _parseltongue.pt_parse_json('1e999999'), _parseltongue.pt_parse_json(NULL), _parseltongue.pt_parse_json(' 5 '), _parseltongue.pt_parse_json('');

-- ---------------------------------------------------------------------------
-- Many rows, in no order, twice.
-- ---------------------------------------------------------------------------
SELECT entities_inserted, edges_inserted FROM pt_import((SELECT jsonb_build_object('entities', jsonb_agg(jsonb_build_object('key', 'c:fn:f' || md5(i::text) || ':x:1-2', 'forward_deps', jsonb_build_array('c:fn:f' || md5((i + 1)::text) || ':x:1-2')))) FROM generate_series(1, 5000) i));
SELECT max(distance), count(*) FROM pt_blast_radius('c:fn:f' || md5('5001') || ':x:1-2', NULL);
SELECT entities_inserted, entities_updated, entities_unchanged, edges_unchanged FROM pt_import(pt_export());
SELECT * FROM pt_check_index('pt_edge_adjacency');
TRUNCATE pt_entity, pt_edge, pt_import_rejection;
SET client_min_messages = error;
DROP SCHEMA "pt Other" CASCADE;
DROP SCHEMA pt_imports CASCADE;
