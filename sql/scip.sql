--
-- Indexes of a compiler, as tools/pt-import stages them: symbols become keys, and facts
-- settle what a parser left open, in whichever order the two come. test/t/345_scip.pl
-- has the reading of files.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
TRUNCATE pt_entity, pt_edge;
SELECT pt_create_codebase('pt_scip');
SET search_path = pt_scip, public;
SET parseltongue.graph = 'pt_scip.pt_edge';

-- a file as a parser writes it; with another hash it is another content
CREATE FUNCTION parse(file text, hash text, shift integer DEFAULT 0) RETURNS text LANGUAGE sql AS $$
	SELECT r::text FROM pt_replace_file(file, CASE file WHEN 'a.py' THEN format('{
		"entities": [{"key": "python:file:a.py:1-1", "entity_type": "file", "language": "python", "properties": {"content_hash": %1$s, "indexer": "pt-index"}},
			{"key": "python:fn:run:a.py:%2$s-%3$s", "entity_type": "function", "line_start": %2$s, "line_end": %3$s},
			{"key": "python:fn:inner:a.py:%4$s-%4$s", "entity_type": "function", "line_start": %4$s, "line_end": %4$s}],
		"edges": [{"from_key": "python:fn:run:a.py:%2$s-%3$s", "to_key": "python:fn:x.load:unresolved-reference:0-0"},
			{"from_key": "python:fn:run:a.py:%2$s-%3$s", "to_key": "python:fn:Job:unresolved-reference:0-0"},
			{"from_key": "python:fn:run:a.py:%2$s-%3$s", "to_key": "python:fn:other:unresolved-reference:0-0"},
			{"from_key": "python:fn:run:a.py:%2$s-%3$s", "to_key": "python:fn:inner:a.py:%4$s-%4$s", "edge_type": "Contains"},
			{"from_key": "python:fn:inner:a.py:%4$s-%4$s", "to_key": "python:fn:load:unresolved-reference:0-0"}]}',
		to_json(hash), 2 + shift, 9 + shift, 5 + shift)::jsonb
	ELSE format('{
		"entities": [{"key": "python:file:b.py:1-1", "entity_type": "file", "language": "python", "properties": {"content_hash": %1$s, "indexer": "pt-index"}},
			{"key": "python:fn:load:b.py:%2$s-%3$s", "entity_type": "function", "line_start": %2$s, "line_end": %3$s},
			{"key": "python:fn:load:b.py:4-5", "entity_type": "function", "line_start": 4, "line_end": 5},
			{"key": "python:class:Job:b.py:6-8", "entity_type": "class", "line_start": 6, "line_end": 8},
			{"key": "python:fn:other:b.py:9-9", "entity_type": "function", "line_start": 9, "line_end": 9}]}', to_json(hash), 1 + shift, 3 + shift)::jsonb END) AS r $$;

-- an index of the two: run has a decorator that the parser does not count, and calls the
-- second load; what other is it does not know; it knows a variable, too
CREATE PROCEDURE load_index(variable text DEFAULT 'kept') LANGUAGE plpgsql AS $$
DECLARE
	said record;
BEGIN
	PERFORM _parseltongue.pt_import_stage();
	INSERT INTO pg_temp.pt_import_stage (section, position, element)
	SELECT 3, row_number() OVER () - 1, e || '{"language": "python", "package": "own"}' FROM jsonb_array_elements(format('[
		{"symbol": "", "file_path": "a.py", "name": "a.py", "entity_type": "file", "line_end": 10},
		{"symbol": "a/", "file_path": "a.py", "name": "a.py", "entity_type": "file", "doc": "The module."},
		{"symbol": "a/run().", "file_path": "a.py", "name": "run", "entity_type": "function", "key_type": "fn", "line": 2, "line_start": 1, "line_end": 10, "doc": "Runs."},
		{"symbol": "", "file_path": "b.py", "name": "b.py", "entity_type": "file", "line_end": 10},
		{"symbol": "b/load().", "file_path": "b.py", "name": "load", "entity_type": "function", "key_type": "fn", "line": 4, "line_start": 4, "line_end": 5},
		{"symbol": "b/Job#", "file_path": "b.py", "name": "Job", "entity_type": "class", "line": 6, "line_start": 6, "line_end": 8},
		{"symbol": "b/Job#size.", "file_path": "b.py", "name": "size", "entity_type": "field", "scope": "Job", "line": 7, "line_start": 7, "line_end": 7},
		{"symbol": "b/%1$s.", "file_path": "b.py", "name": "%1$s", "entity_type": "variable", "line": 10, "line_start": 10, "line_end": 10}]', variable)::jsonb) AS e;
	INSERT INTO pg_temp.pt_import_stage (section, position, element)
	SELECT 4, row_number() OVER () - 1, e || '{"language": "python"}' FROM jsonb_array_elements('[
		{"file_path": "a.py", "from": "a/run().", "from_line": 2, "to": "b/load().", "role": "reference", "line": 3},
		{"file_path": "a.py", "from": "a/run().", "from_line": 2, "to": "b/Job#", "role": "reference", "line": 4},
		{"file_path": "a.py", "from": "a/run().", "from_line": 2, "to": "lib/open().", "role": "reference", "line": 4, "package": "lib", "key_type": "fn", "name": "open", "class": "callable"},
		{"file_path": "a.py", "from": "a/run().", "from_line": 2, "to": "a/lost().", "role": "reference", "line": 4, "package": "own", "key_type": "fn", "name": "lost", "class": "callable"},
		{"file_path": "a.py", "from": "a/run().", "from_line": 2, "to": "b/other().", "role": "reference", "line": 5, "package": "own", "key_type": "fn", "name": "other", "class": "callable"},
		{"file_path": "a.py", "to": "b/load().", "role": "reference", "line": 1},
		{"file_path": "b.py", "from": "b/Job#", "to": "b/Job#size.", "role": "contains", "line": 7},
		{"file_path": "b.py", "from": "b/", "to": "b/Job#", "role": "contains", "line": 6},
		{"file_path": "b.py", "from": "b/Job#", "from_line": 6, "to": "lib/Base#", "role": "implementation", "line": 6, "package": "lib", "key_type": "type", "name": "Base", "class": "type"}]') AS e;
	SELECT * INTO said FROM _parseltongue.pt_import_index_staged('scip', NULL, NULL, NULL);
	said.import_id := 0;
	RAISE INFO '%', said;
	DROP TABLE pg_temp.pt_import_stage;
END $$;
CREATE VIEW content AS
	SELECT 'entity' AS a, key AS b, coalesce(entity_type, '') AS c,
		   concat_ws(' ', line_start, line_end, (properties - '{content_hash,indexer}'::text[])::text, properties ->> 'indexer') AS d FROM pt_entity
	UNION ALL SELECT 'edge', from_key, to_key, concat_ws(' ', edge_type, confidence, method, source_location) FROM pt_edge;

-- the parser first: two functions of the name, so it can but guess
SELECT parse('a.py', 'one');
SELECT parse('b.py', 'one');
SELECT reference_edges, resolved, ambiguous FROM pt_resolve_references();
SELECT from_key, to_key, edge_type, confidence FROM pt_edge WHERE confidence < 1 ORDER BY from_key COLLATE "C", to_key COLLATE "C";
-- what the index says: where it settles a reference, no guess is left, nor comes back
CALL load_index();
SELECT * FROM content ORDER BY a COLLATE "C", b COLLATE "C", c COLLATE "C", d COLLATE "C";
SELECT reference_edges, resolved, ambiguous, guesses_inserted, guesses_deleted FROM pt_resolve_references();
SELECT key, certain FROM pt_blast_radius('python:fn:load:b.py:4-5') ORDER BY key COLLATE "C";
SELECT key, certain FROM pt_blast_radius('python:fn:load:b.py:1-3');
-- both again, in whichever order: nothing changes
CREATE TABLE both_ways AS SELECT * FROM content;
CREATE VIEW versions AS SELECT ctid AS place, xmin::text AS writer FROM pt_entity UNION ALL SELECT ctid, xmin::text FROM pt_edge;
CREATE TABLE before AS SELECT * FROM versions;
CALL load_index();
SELECT parse('a.py', 'one'), parse('b.py', 'one');
CALL load_index();
SELECT reference_edges, guesses_inserted, guesses_deleted FROM pt_resolve_references();
SELECT (SELECT count(*) FROM (TABLE before EXCEPT TABLE versions) AS d) + (SELECT count(*) FROM (TABLE versions EXCEPT TABLE before) AS d) AS changed;

-- the index first
TRUNCATE pt_entity, pt_edge;
CALL load_index();
SELECT * FROM content ORDER BY a COLLATE "C", b COLLATE "C", c COLLATE "C", d COLLATE "C";
SELECT parse('b.py', 'one');
SELECT parse('a.py', 'one');
SELECT reference_edges, resolved, ambiguous FROM pt_resolve_references();
(TABLE content EXCEPT TABLE both_ways) UNION ALL (TABLE both_ways EXCEPT TABLE content);

-- what the next index does not know any more goes
CALL load_index('renamed');
SELECT b FROM content WHERE b ~ 'b.py:10';
CALL load_index();
(TABLE content EXCEPT TABLE both_ways) UNION ALL (TABLE both_ways EXCEPT TABLE content);

-- a file that has changed: facts of it go, those that led to it stay for who knows where, and settle nothing
SELECT parse('a.py', 'two', 1);
SELECT * FROM content WHERE b ~ 'a\.py' ORDER BY a COLLATE "C", b COLLATE "C", c COLLATE "C", d COLLATE "C";
SELECT reference_edges, resolved, ambiguous FROM pt_resolve_references();
SELECT parse('a.py', 'one');
CALL load_index();
SELECT pt_replace_file('b.py', '{}');
SELECT * FROM _parseltongue.pt_settled_references('pt_edge', 'pt_entity') ORDER BY from_key COLLATE "C", name COLLATE "C";
SELECT parse('b.py', 'one');
SELECT * FROM _parseltongue.pt_settled_references('pt_edge', 'pt_entity') ORDER BY from_key COLLATE "C", name COLLATE "C";

-- a definition that has moved: facts of other files follow it when references are resolved, and settle what they settled before
CREATE FUNCTION move(shift integer, without text DEFAULT '') RETURNS text LANGUAGE sql AS $$
	SELECT pt_replace_file('b.py', jsonb_build_object('entities', jsonb_agg(e)))::text FROM (
		SELECT jsonb_build_object('key', format('python:%s:%s:b.py:%s-%s', t, n, f + shift, l + shift), 'name', n, 'entity_type', CASE t WHEN 'fn' THEN 'function' ELSE t END, 'language', 'python',
			'line_start', f + shift, 'line_end', l + shift) AS e
		FROM (VALUES ('fn', 'load', 1, 3), ('fn', 'load', 4, 5), ('class', 'Job', 6, 8), ('fn', 'other', 9, 9)) v (t, n, f, l) WHERE n <> without
		UNION ALL SELECT jsonb_build_object('key', 'python:file:b.py:1-1', 'entity_type', 'file', 'language', 'python', 'properties', jsonb_build_object('content_hash', format('%s %s', shift, without), 'indexer', 'pt-index'))) AS e $$;
CREATE VIEW facts AS SELECT from_key, to_key, edge_type, EXISTS (SELECT FROM pt_entity WHERE key = to_key) AS there FROM pt_edge WHERE method = 'scip' AND to_key LIKE '%:b.py:%';
CALL load_index();
SELECT move(3);
SELECT count(*) FILTER (WHERE there) AS there, count(*) FROM facts;
SELECT reference_edges, resolved, ambiguous FROM pt_resolve_references();
SELECT * FROM facts ORDER BY from_key COLLATE "C", to_key COLLATE "C", edge_type COLLATE "C";
SELECT count(*) FROM pt_pending;
-- on and back again before anybody resolves; then one that goes, which the fact about it waits for, and comes back; then at once
SELECT move(1), move(0);
SELECT changed_files FROM pt_resolve_changed();
SELECT to_key, there, count(*) FROM facts GROUP BY 1, 2 ORDER BY to_key COLLATE "C";
SELECT move(2, 'Job');
SELECT changed_files FROM pt_resolve_changed();
SELECT to_key, there, count(*) FROM facts GROUP BY 1, 2 ORDER BY to_key COLLATE "C";
SELECT from_key, to_key, confidence FROM pt_edge WHERE confidence < 1 ORDER BY from_key COLLATE "C", to_key COLLATE "C";
SELECT move(0);
SELECT changed_files FROM pt_resolve_changed();
SELECT to_key, there, count(*) FROM facts GROUP BY 1, 2 ORDER BY to_key COLLATE "C";
-- the next index says what is so
SELECT move(2);
CALL load_index();
SELECT count(*) FROM pt_resolve_references();
SELECT count(*) FILTER (WHERE NOT there) AS not_there FROM facts;
SELECT move(0);
SELECT count(*) FROM pt_resolve_references();
SELECT parse('b.py', 'one');
CALL load_index();

-- what these steps are made of
SELECT _parseltongue.pt_fact_name('rust:fn:std::io::read:external-dependency-std:0-0'), _parseltongue.pt_fact_name('python:fn:load:b.py:4-5');
SELECT _parseltongue.pt_inner_query('NOT e.properties ? ''symbol''', 'SELECT ''a.py''', 'pt_edge', 'pt_entity') AS query \gset
:query;
SELECT _parseltongue.pt_confirmed_query('SELECT from_key, to_key, edge_type FROM pt_edge WHERE method = ''scip''', 'SELECT ''x'' AS inner_key, ''y'' AS outer_key', 'pt_edge') AS query \gset
:query;
SELECT _parseltongue.pt_confirm_facts('{a.py}', 'pt_edge', 'pt_entity'), _parseltongue.pt_confirm_facts('{a.py}', 'pt_edge', 'pt_entity');
CREATE VIEW definition AS SELECT * FROM (VALUES (1, 'b.py', 'python', 'load', 'callable', 2), (2, 'b.py', 'py', 'load', 'callable', 4),
	(3, 'b.py', 'python', 'load', 'callable', 5), (4, 'b.py', 'python', 'other', 'value', 9), (5, 'b.py', 'python', 'Job', 'value', 7),
	(6, 'b.py', 'ruby', 'Job', 'type', 7)) AS v (n, file_path, language, name, class, line);
SELECT _parseltongue.pt_same_definition_query('TABLE definition', 'SELECT * FROM pt_entity') AS query \gset
:query;
BEGIN;
SELECT _parseltongue.pt_import_stage();
INSERT INTO pg_temp.pt_import_stage (section, position, element) VALUES
	(1, 0, '{"key": "k2", "entity_type": "function", "properties": {"doc": "new"}}'),
	(3, 0, '{"symbol": "s", "file_path": "/r/c.py", "name": "f:g", "language": "python", "entity_type": "function", "key_type": "fn", "line": 1, "line_start": 1, "line_end": 1}'),
	(3, 1, '{"symbol": "s", "file_path": "/r/c.py", "name": "f:g", "language": "python", "entity_type": "function", "key_type": "fn", "line": 1, "line_start": 1, "line_end": 1}'),
	(3, 2, '{"symbol": "t", "file_path": "/r/c.py", "name": "f:g", "language": "python", "entity_type": "function", "key_type": "fn", "line": 1, "line_start": 1, "line_end": 1}'),
	(4, 0, '{"from": "s", "to": "t", "file_path": "/r/c.py", "role": "edge", "type": "Calls", "line": 1, "confidence": 0.25}');
INSERT INTO pt_entity (key, properties) VALUES ('k1', '{"symbol": "S", "doc": "old", "indexer": "scip"}');
INSERT INTO pt_edge (from_key, to_key, edge_type, method, confidence) VALUES
	('k1', 'k1', 'Calls', 'scip', NULL), ('z', 'k1', 'Calls', 'scip', NULL), ('z', 'k2', 'Calls', 'mine', 0.5);
SELECT kept FROM _parseltongue.pt_keep_facts('{k}', 'pt_edge', 'pt_entity');
SELECT _parseltongue.pt_rename_entities('{k1}', '{k2}', 'pt_edge', 'pt_entity');
SELECT element FROM pg_temp.pt_import_stage WHERE section = 1;
SELECT * FROM pt_edge WHERE to_key LIKE 'k_' ORDER BY from_key COLLATE "C", to_key COLLATE "C";
SELECT _parseltongue.pt_index_symbols('mine', '/r/', 'p/', 'pt_entity');
SELECT symbol, key, known FROM pg_temp.pt_index_symbol ORDER BY symbol COLLATE "C";
SELECT _parseltongue.pt_index_edges('mine', '/r/', 'p/', 'pt_edge', 'pt_entity');
SELECT * FROM pg_temp.pt_index_edge;
INSERT INTO pt_edge (from_key, to_key, edge_type, method, source_location) VALUES ('gone', 'k1', 'Calls', 'mine', 'p/c.py:7');
INSERT INTO pt_entity (key, file_path, properties) VALUES ('gone', 'p/c.py', '{"indexer": "mine"}');
SELECT * FROM _parseltongue.pt_index_forget('mine', 'pt_edge', 'pt_entity');
SELECT _parseltongue.pt_index_stage('mine');
SELECT section, position, element FROM pg_temp.pt_import_stage WHERE section < 3 ORDER BY section, position, element ->> 'key' COLLATE "C";
ROLLBACK;

-- mistakes
\set VERBOSITY sqlstate
SELECT _parseltongue.pt_import_index_staged('scip', NULL, NULL, NULL);
SELECT _parseltongue.pt_import_index_staged('scip', NULL, NULL, 'pg_class');
\set VERBOSITY default

SET client_min_messages = error;
SET search_path = public;
SET parseltongue.graph = '';
DROP SCHEMA pt_scip CASCADE;
