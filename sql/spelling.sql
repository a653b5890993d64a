--
-- One entity, several spellings of its key: every generation of keys against
-- every other, across imports in either order; what is ambiguous is left alone.
--
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS parseltongue;
CREATE SCHEMA pt_spelling;
SET search_path = pt_spelling, public;
SELECT pt_create_codebase('pt_spelt');
CREATE FUNCTION outcome(command text, OUT state text, OUT message text, OUT detail text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE command;
	state := 'ok';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
END $$;
SET parseltongue.graph = 'pt_spelt.pt_edge';

-- load in lines 3 to 20 of src/io.rs, as it may be written; and who else is in that codebase
CREATE TABLE spelling (i serial, key text);
INSERT INTO spelling (key) VALUES
	('rust:fn:load:__src_io_rs:3-20'), ('rust:fn:load:./src/io.rs:3-20'), ('rust:fn:load:src/io.rs:3-20'), ('rust:fn:load:src_io_rs:3-20'), ('rs:function:load:.\src\io.rs:3-20'),
	('Rust:method:Store::load<T>:src/io.rs:3-20'), ('rust:fn:__lt__T_as_Store__gt__::load:__src_io_rs:3-20'),
	('rust:fn:load:__src_io_rs:T1706284800'), ('rust:fn:load:__src_io:T1706284800'), ('rust:fn:load:./src/io.rs:T1706284800'),
	('src_io_rs-load-fn-abc12345'), ('./src/io.rs-load-fn-abc12345'), ('__src_io_rs-load-function-abc12345'),
	('rust|||fn|||io|||load|||src/io.rs|||sig_v3'), ('rust|||fn||||||load|||./src/io.rs|||'), ('rs|||fn||||||load|||src\io.rs|||3-20'), ('rust|||fn||||||load|||__src_io_rs|||T1706284800');
CREATE FUNCTION neighbours() RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(jsonb_build_object('key', k, 'file_path', nullif(f, ''))) FROM (VALUES
		('rust:fn:save:__src_io_rs:30-40', 'src/io.rs'), ('rust:struct:load:__src_io_rs:3-20', 'src/io.rs'), ('rust:mod:load:__src_io_rs:3-20', ''), ('python:fn:load:__src_io_py:3-20', 'src/io.py'),
		('rust:fn:load:__src_io_io_rs:3-20', ''), ('rust:fn:load:__lib_io_rs:3-20', 'lib/io.rs'), ('rust:fn:load:unknown:0-0', ''), ('rust:file:./src/io.rs:1-1', ''), ('load', 'src/io.rs')) v (k, f) $$;
-- each as the entity, and all as ends of edges: which of these are another's after entities then edges, edges then entities, both in one
CREATE FUNCTION strangers(file text, first integer, last integer, ways text[], OUT way text, OUT entity text, OUT joined bigint, OUT strangers text) RETURNS SETOF record LANGUAGE plpgsql AS $$
DECLARE
	e jsonb;
	d CONSTANT jsonb := (SELECT jsonb_agg(jsonb_build_object('from_key', key, 'to_key', 'rust:fn:open' || i || ':unknown:0-0')) || jsonb_agg(jsonb_build_object('from_key', 'rust:fn:main' || i || ':./src/main.rs:1-9', 'to_key', key)) FROM spelling);
BEGIN
	FOR entity, way IN SELECT key, w FROM spelling, unnest(ways) w WHERE w = 'together' OR i % 3 = 0 ORDER BY i, w LOOP
		TRUNCATE pt_spelt.pt_entity, pt_spelt.pt_edge;
		e := neighbours() || jsonb_build_object('key', entity, 'file_path', file, 'line_start', first, 'line_end', last);
		IF way = 'together' THEN
			joined := (pt_import(jsonb_build_object('edges', d, 'entities', e))).edges_joined;
		ELSIF way = 'entity first' THEN
			PERFORM pt_import(e);
			joined := (pt_import(d)).edges_joined;
		ELSE
			PERFORM pt_import(d);
			joined := (pt_import(e)).edges_joined;
		END IF;
		strangers := (SELECT string_agg(from_key, ' ' ORDER BY from_key COLLATE "C") FROM pt_spelt.pt_edge WHERE pt_key_name(to_key) ~ 'open' AND from_key <> entity);
		IF strangers IS DISTINCT FROM (SELECT string_agg(to_key, ' ' ORDER BY to_key COLLATE "C") FROM pt_spelt.pt_edge WHERE pt_key_name(from_key) ~ 'main' AND to_key <> entity) THEN
			RAISE WARNING 'the two ends differ';
		END IF;
		RETURN NEXT;
	END LOOP;
END $$;
-- the entity's lines are known: each key is that entity's
CREATE TABLE answer AS SELECT * FROM strangers('src/io.rs', 3, 20, '{entity first,edge first,together}');
SELECT count(*), count(DISTINCT entity) AS entities, count(strangers) AS strange, min(joined), max(joined) FROM answer;
SELECT DISTINCT entity, strangers FROM answer WHERE strangers IS NOT NULL ORDER BY 1, 2;
-- ... or unknown, but for those in keys; so is the file
DROP TABLE answer;
CREATE TABLE answer AS SELECT * FROM strangers(NULL, NULL, NULL, '{together}');
SELECT count(*), count(strangers) AS strange FROM answer;
SELECT DISTINCT entity, strangers FROM answer WHERE strangers IS NOT NULL ORDER BY 1, 2;
-- what is known of a key that is joined: all there is, and nothing more
CREATE FUNCTION spelt(keys text[], VARIADIC entities text[]) RETURNS TABLE (key text, entity text) LANGUAGE plpgsql AS $$
BEGIN
	TRUNCATE pt_spelt.pt_entity;
	INSERT INTO pt_spelt.pt_entity (key, file_path, line_start, line_end)
	SELECT split_part(e, '@', 1), nullif(split_part(e, '@', 2), ''), nullif(split_part(e, '@', 3), '')::integer, nullif(split_part(e, '@', 4), '')::integer FROM unnest(entities) e;
	RETURN QUERY SELECT s.key, s.entity FROM _parseltongue.pt_spellings(keys, 'pt_spelt.pt_entity') s ORDER BY s.key COLLATE "C";
END $$;
-- the entity is in other lines than a key says
SELECT * FROM spelt(ARRAY(SELECT s.key FROM spelling s), 'rust:fn:load:__src_io_rs:T5@src/io.rs@4@20');
-- two entities fit: neither is taken, unless the place tells them apart
SELECT * FROM spelt('{rust:fn:new:./src/a.rs:1-9}', 'rust:fn:new:__src_a_rs:1-9', 'rust:fn:new:src_a_rs:1-9');
SELECT * FROM spelt('{rust:fn:new:./src/a.rs:1-9,rust:fn:new:./src/a.rs:20-29,rust:fn:new:./src/a.rs:T17,src_a_rs-new-fn-abcdef}', 'rust:fn:new:__src_a_rs:1-9', 'rust:fn:new:__src_a_rs:20-29');
SELECT * FROM spelt('{rust:fn:new:./src/a.rs:1-9,rust:fn:new:./src/a.rs:20-29}', 'rust:fn:new:__src_a:T17@src/a.rs@1@9', 'rust:fn:new:__src_a:T18@src/a.rs@20@29');
SELECT * FROM spelt('{rust:fn:new:./src/a.rs:1-9,rust:fn:new:./src/a.rs:20-29}', 'rust:fn:new:__src_a:T17@src/a.rs', 'rust:fn:new:__src_a:T18@src/a.rs');
-- languages that the key tells
SELECT * FROM spelt('{rust:fn:new:./src/a.rs:1-9,src_a_rs-new-fn-abcdef}', 'rust:fn:new:__src_a_rs:1-9', 'python:fn:new:__src_a_rs:1-9');
-- qualifiers and scopes, where there are two
SELECT * FROM spelt('{rust:fn:Foo::new:./src/a.rs:T1,rust:fn:Bar::new:./src/a.rs:T2,rust:fn:new:./src/a.rs:T3,rust:fn:Baz::new:./src/a.rs:T4}', 'rust|||fn|||a::Foo|||new|||src/a.rs|||d0', 'rust|||fn|||a::Bar|||new|||src/a.rs|||d1');
-- a_b or a/b: two files are compared as paths where there are two
SELECT * FROM spelt('{c:fn:f:src/a/b.c:1-2,c:fn:f:src_a_b_c:1-2}', 'c:fn:f:src/a_b.c:1-2');
SELECT * FROM spelt('{c:fn:f:src/a/b.c:1-2,c:fn:f:src/a_b.c:1-2}', 'c:fn:f:__src_a_b_c:1-2@src/a_b.c');
SELECT * FROM spelt('{c:fn:f:src/a/b.c:1-2,c:fn:f:src/a_b.c:1-2}', 'c:fn:f:__src_a_b_c:1-2');
SELECT * FROM spelt('{c:fn:f:src/a/b.c:1-2,c:fn:f:.\\src\\a\\b.c:1-2}', 'c:fn:f:__src_a_b_c:1-2');
-- below a folder that was taken off the path
SELECT * FROM spelt('{c:fn:f:/home/me/tree/src/a.c:1-2,c:fn:f:C:\\me\\tree\\src\\a.c:1-2,c:fn:f:/other/src/a.c:1-2}', 'c:fn:f:__home_me_tree_src_a_c:1-2@src/a.c', 'c:fn:f:C__me_tree_src_a_c:1-2@src/a.c');
-- files; Windows
SELECT * FROM spelt('{rust:file:./src/a.rs:1-1,rust:file:src\\b.rs:1-1,rust:file:C:\\x\\c.rs:1-1,rust:file:src/d.rs:1-1}', 'rust:file:__src_a_rs:1-1', 'rust:file:src/b.rs:1-1', 'rust:file:C:/x/c.rs:1-1', 'rust:module:src/d.rs:src/d.rs:1-1');
-- no entity, no spelling: placeholders, keys without a file, an entity's own key
SELECT * FROM spelt('{c:fn:f:unknown:0-0,c:module:f:0-0,f,c:fn:f,c:fn:f:1-2,c:fn:f:a.c:1-2}', 'c:fn:f:a.c:1-2', 'c:fn:f:a_c:1-2', 'f', 'c:fn:f');
SELECT _parseltongue.pt_key_bucket(NULL), _parseltongue.pt_key_buckets(NULL), _parseltongue.pt_key_fits(NULL, 'a', 'b', true), _parseltongue.pt_key_fits('a', 'a', 'b', NULL) AS no_file, _parseltongue.pt_key_bucket('a') AS no_bucket, (SELECT count(*) FROM _parseltongue.pt_spellings('{}', 'pt_spelt.pt_entity'));
-- keys that fit have a bucket in common, and of the same place another
SELECT count(*), bool_and(_parseltongue.pt_key_bucket(a.key) = _parseltongue.pt_key_bucket(b.key)) AS buckets, bool_and(_parseltongue.pt_key_bucket(a.key) = (_parseltongue.pt_key_buckets(a.key))[1]) AS first_is_it,
	count(*) FILTER (WHERE (_parseltongue.pt_key_buckets(a.key))[3:] && (_parseltongue.pt_key_buckets(b.key, 3, 20))[3:]) AS places
FROM spelling a, spelling b WHERE _parseltongue.pt_key_fits(a.key, b.key, NULL, true);

-- a key's file is one of few; no statement for keys that are no text of SQL
SELECT count(DISTINCT _parseltongue.pt_key_file_bucket(key)) AS files, _parseltongue.pt_key_file_bucket('rust:fn:x:lib/a.rs:1-2') = _parseltongue.pt_key_file_bucket('c:struct:y:__lib_a_c:T7') AS alike, _parseltongue.pt_key_file_bucket('x') AS none FROM spelling;
SELECT _parseltongue.pt_spelling_query('SELECT k', 'pt_spelt.pt_entity') ~ '\(SELECT k\)' AS embedded;
SELECT _parseltongue.pt_join_keys(NULL, 'pt_spelt.pt_edge', 'pt_spelt.pt_entity'), _parseltongue.pt_join_keys('{}', 'pt_spelt.pt_edge', 'pt_spelt.pt_entity'), _parseltongue.pt_join_new_entities('pt_spelt.pt_edge', 'pt_spelt.pt_entity', NULL), _parseltongue.pt_join_new_entities('pt_spelt.pt_edge', 'pt_spelt.pt_entity', '{}');

-- edges that become one: a fact before guesses, the better guess before the other, and the place is kept
TRUNCATE pt_spelt.pt_entity, pt_spelt.pt_edge;
ALTER TABLE pt_spelt.pt_edge ADD note text, ADD twice text GENERATED ALWAYS AS (note || note) STORED, ADD id integer GENERATED ALWAYS AS IDENTITY;
INSERT INTO pt_spelt.pt_edge (from_key, to_key, source_location, confidence, method, reference_key, note) VALUES
	('c:fn:f:a.c:1-2', 'x', 'a.c:1', NULL, NULL, NULL, 'fact'), ('c:fn:f:_a_c:1-2', 'x', NULL, 0.5, 'file', 'r', 'guess'), ('c:fn:f:a_c:1-2', 'x', NULL, 0.9, 'file', 'r', 'guess'),
	('c:fn:f:a_c:1-2', 'y', NULL, 0.5, 'file', 'r', 'worse'), ('c:fn:f:./a.c:1-2', 'y', 'a.c:2', 0.8, 'import', 's', 'better'), ('c:fn:f:_a_c:1-2', 'y', NULL, 0.3, 'import', 's', 'worst'),
	('c:fn:f:a_c:1-2', 'z', 'a.c:3', NULL, NULL, NULL, 'first'), ('c:fn:f:./a.c:1-2', 'z', 'a.c:4', NULL, NULL, NULL, 'other'), ('c:fn:f:./a.c:1-2', 'c:fn:f:_a_c:1-2', NULL, NULL, NULL, NULL, 'itself'), ('c:fn:g:a.c:1-2', 'x', NULL, NULL, NULL, NULL, 'not here');
SELECT edges_inserted, edges_joined FROM pt_import('[{"key": "c:fn:f:a_c:1-2", "name": "f"}]');
SELECT from_key, to_key, source_location, confidence, method, reference_key, note, twice FROM pt_spelt.pt_edge ORDER BY from_key COLLATE "C", to_key COLLATE "C";
SELECT count(DISTINCT id) FROM pt_spelt.pt_edge;
ALTER TABLE pt_spelt.pt_edge DROP note CASCADE, DROP id;

-- told not to; the same again is unchanged; deleted by either spelling; an edge of its own wins over a dependency, whatever its spelling
TRUNCATE pt_spelt.pt_entity, pt_spelt.pt_edge;
CREATE TABLE document AS SELECT '{"entities": [{"key": "c:fn:f:__a_c:1-2", "file_path": "a.c", "forward_deps": ["c:fn:g:__b_c:1-2"]}, {"key": "c:fn:g:__b_c:1-2", "file_path": "b.c"}],
	"edges": [{"from_key": "c:fn:f:./a.c:1-2", "to_key": "c:fn:g:./b.c:1-2"}, {"from_key": "c:fn:f:./a.c:1-2", "to_key": "c:fn:g:./b.c:1-2", "edge_type": "Uses", "source_location": "a.c:2"}, {"from_key": "c:fn:f:a.c:1-2", "to_key": "c:fn:g:b.c:1-2"}]}'::jsonb AS d;
SELECT edges_inserted, edges_unchanged, edges_joined FROM document, pt_import(d, join_spellings => false);
SELECT edges_inserted, edges_unchanged, edges_joined FROM document, pt_import(d - 'edges', join_spellings => false);
TRUNCATE pt_spelt.pt_entity, pt_spelt.pt_edge;
SELECT edges_inserted, edges_unchanged, edges_joined FROM document, pt_import(d, join_spellings => NULL);
SELECT edges_inserted, edges_unchanged, edges_joined FROM document, pt_import(d);
SELECT from_key, to_key, edge_type, source_location FROM pt_spelt.pt_edge ORDER BY edge_type COLLATE "C";
SELECT edges_deleted, entities_deleted FROM pt_import('{"-CodeGraph": {"headers": ["ISGL1_key"], "rows": [["c:fn:f:__a_c:1-2"]]}, "-DependencyEdges": {"headers": ["from_key", "to_key", "edge_type"], "rows": [["c:fn:f:./a.c:1-2", "c:fn:g:./b.c:1-2", "Uses"]]}}');

-- resolving joins, too, and counts one candidate; if told not to, it is still one
CREATE FUNCTION given() RETURNS void LANGUAGE sql AS $$
	TRUNCATE pt_spelt.pt_entity, pt_spelt.pt_edge;
	INSERT INTO pt_spelt.pt_edge (from_key, to_key) VALUES ('rust:fn:main:./src/main.rs:1-9', 'rust:fn:load:unknown:0-0'), ('rust:fn:load:./src/io.rs:3-20', 'rust:fn:open:unknown:0-0');
	INSERT INTO pt_spelt.pt_entity (key, entity_type, file_path, line_start, line_end) VALUES ('rust:fn:load:__src_io_rs:3-20', 'function', 'src/io.rs', 3, 20); $$;
SELECT given();
SELECT resolved, ambiguous, unresolved, edges_joined FROM pt_resolve_references(join_spellings => false);
SELECT from_key, to_key, confidence FROM pt_spelt.pt_edge ORDER BY from_key COLLATE "C", to_key COLLATE "C";
SELECT resolved, ambiguous, unresolved, edges_joined FROM pt_resolve_references();
SELECT resolved, ambiguous, unresolved, edges_joined FROM pt_resolve_references();
SELECT from_key, to_key, confidence FROM pt_spelt.pt_edge ORDER BY from_key COLLATE "C", to_key COLLATE "C";
-- a key in another spelling is understood: by walks, edges, paths, trees; not if it is an entity's or on an edge
SELECT k, r.* FROM unnest('{rust:fn:load:./src/io.rs:3-20,rust:fn:load:__src_io_rs:3-20,rs:fn:load:src\\io.rs:T5}'::text[]) k, pt_blast_radius(k, min_confidence => 0.5) r;
SELECT pt_blast_radius_count('rust:fn:load:./src/io.rs:3-20'), (SELECT entities FROM pt_blast_radius_summary('rust:fn:load:./src/io.rs:3-20')), (SELECT from_key FROM pt_callers('rust:fn:load:./src/io.rs:3-20')), (SELECT to_key FROM pt_callees('rust:fn:load:./src/io.rs:3-20'));
SELECT from_key, to_key FROM pt_path('rust:fn:main:./src/main.rs:1-9', 'rust:fn:load:./src/io.rs:3-20');
SELECT count(*) FROM pt_paths('rust:fn:main:src/main.rs:1-9', 'rust:fn:load:./src/io.rs:3-20', missing_ok => true);
INSERT INTO pt_spelt.pt_entity (key) VALUES ('rust:fn:main:__src_main_rs:1-9');
SELECT count(*) FROM pt_path('rust:fn:main:src_main_rs:1-9', 'rust:fn:load:./src/io.rs:3-20');
SELECT edges_joined FROM pt_resolve_references();
SELECT from_key, to_key FROM pt_path('rust:fn:main:src_main_rs:1-9', 'rust:fn:load:./src/io.rs:3-20');
SELECT count(*) FROM pt_paths('rust:fn:main:src_main_rs:1-9', 'rust:fn:load:./src/io.rs:3-20');
SELECT count(*) FROM pt_subgraph('rust:fn:load:./src/io.rs:3-20', 1);
SELECT pt_tree FROM pt_tree('rust:fn:load:./src/io.rs:3-20');
-- and so are several: NULL and what nobody knows stay what they are
SELECT * FROM pt_impact('{rust:fn:load:./src/io.rs:3-20,NULL,rust:fn:none:x.rs:1-2}', missing_ok => true);
SELECT key, distance, nearest_key, total FROM pt_impact_page('{rust:fn:load:./src/io.rs:3-20}');
SELECT why, count FROM pt_possible_callers_summary('{rust:fn:load:./src/io.rs:3-20}', min_confidence => 1) WHERE count > 0;
SELECT place, key, relation FROM pt_context('{rust:fn:load:./src/io.rs:3-20}') WHERE place IS NOT NULL;
SELECT key FROM pt_unreferenced(mode => 'unreachable', entry_points => '{rust:fn:main:./src/main.rs:1-9}');
UPDATE pt_spelt.pt_entity SET entity_class = 'TEST';
SELECT key, distance, nearest_key FROM pt_affected_tests('{rust:fn:load:./src/io.rs:3-20,NULL}', missing_ok => true);
SELECT _parseltongue.pt_respell('{x,NULL,rust:fn:load:./src/io.rs:3-20}', 'pt_spelt.pt_edge'), _parseltongue.pt_respell('{}', 'pt_spelt.pt_edge') AS none, _parseltongue.pt_respell(NULL, 'pt_spelt.pt_edge') IS NULL AS unknown;
SELECT state, message FROM outcome($$SELECT pt_impact('{rust:fn:load:./src/io.rs:3-20,rust:fn:none:x.rs:1-2}')$$);
SELECT count(*) FROM pt_blast_radius('rust:fn:load:./src/io.rs:4-20', missing_ok => true);
SELECT key FROM pt_unreferenced();
-- guesses of other tools: joined with all that is known of them, in each form of a document; a fact takes their place
TRUNCATE pt_spelt.pt_entity, pt_spelt.pt_edge;
CREATE VIEW guessed AS SELECT from_key, to_key, confidence, method, reference_key FROM pt_spelt.pt_edge ORDER BY from_key COLLATE "C", to_key COLLATE "C";
SELECT entities_inserted, edges_inserted, edges_joined FROM pt_import('{"nodes": [{"id": "c:fn:f:__a_c:1-2", "file": "a.c"}], "links": [
	{"source": "c:fn:f:./a.c:1-2", "target": "x", "confidence": 0.7, "method": "m", "reference_key": "r"}, {"source": "c:fn:f:a.c:1-2", "target": "y", "confidence": 0.3},
	{"source": "c:fn:f:./a.c:1-2", "target": "y", "method": "fact"}, {"source": "c:fn:f:a.c:1-2", "target": "y", "confidence": 0.4}]}'::text);
SELECT * FROM guessed;
SELECT edges_updated, edges_unchanged, edges_joined FROM pt_import('[{"from_key": "c:fn:f:a.c:1-2", "to_key": "x", "confidence": 1, "method": "sure"}, {"from_key": "c:fn:f:a.c:1-2", "to_key": "y", "confidence": 0.9}]'::json);
SELECT edges_inserted, edges_joined FROM pt_import('[{"from_key": "c:fn:f:a.c:1-2", "to_key": "z", "confidence": 0.6}]'::text, join_spellings => false);
SELECT edges_inserted, edges_joined FROM pt_import('[{"from_key": "c:fn:f:a.c:1-2", "to_key": "x"}]'::json, join_spellings => false);
SELECT * FROM guessed;
-- pt_insert_edges joins nothing, resolving does; a fact says what is known of it, beside one that says nothing
SELECT pt_insert_edges('[{"from_key": "w", "to_key": "c:fn:f:.\\a.c:1-2", "confidence": 0.8, "method": "m"}]'), (SELECT edges_joined FROM pt_resolve_references(join_spellings => false));
SELECT edges_joined FROM pt_resolve_references();
SELECT * FROM guessed;
SELECT state, message, detail FROM outcome($$SELECT pt_import('[{"key": 5}, {"from_key": "c:fn:f:a.c:1-2", "to_key": "y", "confidence": 2}]')$$);

-- a graph that is asked by queries: without an index, and as a policy has it
DROP INDEX pt_spelt.pt_edge_adjacency;
SET client_min_messages = error;
CREATE VIEW asked AS SELECT (SELECT found_by FROM pt_graph_source('pt_spelt.pt_edge')) AS by, (SELECT string_agg(key, ' ' ORDER BY key COLLATE "C") FROM pt_blast_radius('c:fn:f:a.c:1-2', NULL, 'out', missing_ok => true)) AS radius,
	pt_blast_radius_count('c:fn:f:./a.c:1-2', NULL, 'out', missing_ok => true), (SELECT string_agg(from_key, ' ') FROM pt_callers('c:fn:f:./a.c:1-2', missing_ok => true)) AS callers, (SELECT string_agg(to_key, ' ') FROM pt_path('w', 'c:fn:f:./a.c:1-2', missing_ok => true)) AS path,
	(SELECT string_agg(key, ' ' ORDER BY key COLLATE "C") FROM pt_impact('{c:fn:f:a.c:1-2}', NULL, 'out', missing_ok => true)) AS impact,
	(SELECT count(*) FROM pt_paths('w', 'c:fn:f:./a.c:1-2', missing_ok => true)) AS paths, (SELECT count(*) FROM pt_subgraph('c:fn:f:./a.c:1-2', 1, missing_ok => true)) AS subgraph, (SELECT string_agg(pt_tree, ' ') FROM pt_tree('c:fn:f:./a.c:1-2', 1, missing_ok => true)) AS tree;
SELECT * FROM asked;
CREATE INDEX ON pt_spelt.pt_edge USING adjacency (from_key, to_key, edge_type, confidence);
CREATE ROLE pt_spelling_reader;
GRANT USAGE ON SCHEMA pt_spelling, pt_spelt TO pt_spelling_reader;
GRANT SELECT ON pt_spelt.pt_edge, pt_spelt.pt_entity, asked TO pt_spelling_reader;
ALTER TABLE pt_spelt.pt_edge ENABLE ROW LEVEL SECURITY;
CREATE POLICY but_y ON pt_spelt.pt_edge USING (to_key <> 'y');
SET ROLE pt_spelling_reader;
SELECT string_agg(key, ' ' ORDER BY key COLLATE "C") FROM pt_blast_radius('c:fn:f:a.c:1-2', NULL, 'out');
SELECT from_key, to_key FROM pt_callers('c:fn:f:./a.c:1-2');
RESET ROLE;
-- whose entities are hidden has no other spelling
ALTER TABLE pt_spelt.pt_entity ENABLE ROW LEVEL SECURITY;
SET ROLE pt_spelling_reader;
SELECT state, message FROM outcome($$SELECT pt_callers('c:fn:f:./a.c:1-2')$$);
RESET ROLE;
ALTER TABLE pt_spelt.pt_edge DISABLE ROW LEVEL SECURITY;
ALTER TABLE pt_spelt.pt_entity DISABLE ROW LEVEL SECURITY;
DROP OWNED BY pt_spelling_reader;
DROP ROLE pt_spelling_reader;
DROP VIEW asked, guessed;
SET client_min_messages = warning;

-- a key that a plan keeps as a constant is read again and again
INSERT INTO pt_spelt.pt_entity (key, file_path, line_start, line_end) VALUES ('rust:fn:load:__src_io_rs:3-20', 'src/io.rs', 3, 20), ('rust:fn:main:__src_main_rs:1-9', 'src/main.rs', 1, 9);
INSERT INTO pt_spelt.pt_edge (from_key, to_key) VALUES ('rust:fn:main:__src_main_rs:1-9', 'rust:fn:load:__src_io_rs:3-20');
DO $$
DECLARE
	n bigint;
	rows text;
BEGIN
	FOR i IN 1..8 LOOP
		n := pt_blast_radius_count('rs:function:load:./src/io.rs:3-20');
		rows := (SELECT string_agg(w::text, ' ') FROM (
			SELECT key FROM pt_blast_radius('rs:function:load:./src/io.rs:3-20') UNION ALL SELECT from_key FROM pt_callers('rs:function:load:./src/io.rs:3-20')
			UNION ALL SELECT from_key FROM pt_path('rust:fn:main:./src/main.rs:1-9', 'rs:function:load:./src/io.rs:3-20')
			UNION ALL SELECT from_key FROM pt_paths('rust:fn:main:./src/main.rs:1-9', 'rs:function:load:./src/io.rs:3-20')
			UNION ALL SELECT from_key FROM pt_subgraph('rs:function:load:./src/io.rs:3-20', 1, 'both') UNION ALL SELECT t FROM pt_tree('rs:function:load:./src/io.rs:3-20', direction => 'in') AS t (t)
			UNION ALL SELECT entities::text FROM pt_blast_radius_summary('rs:function:load:./src/io.rs:3-20')
			UNION ALL SELECT i.key FROM pt_impact('{rs:function:load:./src/io.rs:3-20}') AS i) AS v (w));
	END LOOP;
	RAISE WARNING '%: %', n, rows;
END $$;

-- Every argument that takes keys understands them: @name is the entity's key, and then another spelling of it.
TRUNCATE pt_spelt.pt_entity, pt_spelt.pt_edge;
ALTER TABLE pt_spelt.pt_edge ADD weight float8 DEFAULT 1;
DROP INDEX pt_spelt.pt_edge_from_key_to_key_edge_type_confidence_idx;
CREATE INDEX ON pt_spelt.pt_edge USING adjacency (from_key, to_key, edge_type, confidence) INCLUDE (weight);
INSERT INTO pt_spelt.pt_entity (key, file_path, entity_type, entity_class) SELECT format('rust:fn:%s:__src_io_rs:%s-%s', n, i, i), 'src/io.rs', 'function', CASE n WHEN 'a' THEN 'TEST' END FROM unnest('{a,b,c,d,e,lone}'::text[]) WITH ORDINALITY u (n, i);
INSERT INTO pt_spelt.pt_edge (from_key, to_key) SELECT f.key, t.key FROM (VALUES ('a', 'b'), ('b', 'c'), ('c', 'd'), ('a', 'e'), ('e', 'd'), ('d', 'b')) v (f, t) JOIN pt_spelt.pt_entity f ON f.name IS NULL AND pt_key_name(f.key) = v.f JOIN pt_spelt.pt_entity t ON pt_key_name(t.key) = v.t;
CREATE FUNCTION answer(question text, other boolean) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	e record;
	answers text;
BEGIN
	FOR e IN SELECT key, pt_key_name(key) AS n FROM pt_spelt.pt_entity LOOP
		question := regexp_replace(question, '@' || e.n || '\M', quote_literal(CASE WHEN other THEN format('rs:function:%s:./src/io.rs:T7', e.n) ELSE e.key END), 'g');
	END LOOP;
	EXECUTE format('SELECT string_agg(r::text, '' '' ORDER BY r::text) FROM (SELECT * FROM %s) AS r', question) INTO answers;
	RETURN answers;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE TABLE asked AS SELECT question, answer(question, false) AS as_is, answer(question, true) AS otherwise FROM unnest(ARRAY[
	'pt_blast_radius(@d, NULL, avoid => ARRAY[@c])', 'pt_blast_radius(@d, NULL, within => ARRAY[@c, @b])', 'pt_blast_radius(@d, NULL, stop_at => ARRAY[@c, @e])', 'pt_blast_radius_summary(@d, NULL, avoid => ARRAY[@c])', 'pt_blast_radius_count(@d, NULL, within => ARRAY[@e])',
	'pt_impact(ARRAY[@d, @c], avoid => ARRAY[@e], stop_at => ARRAY[@b])', 'pt_callers(@d, avoid => ARRAY[@c])', 'pt_callees(@a, within => ARRAY[@e])', 'pt_bfs(NULL, @a, avoid => ARRAY[@b])', 'pt_bfs(NULL, @lone)', 'pt_multi_source_bfs(NULL, ARRAY[@e, @c], within => ARRAY[@d])',
	'pt_path(@a, @d, avoid => ARRAY[@e])', 'pt_paths(@a, @d, within => ARRAY[@b, @c])', 'pt_subgraph(@a, 3, stop_at => ARRAY[@b])', 'pt_tree(@d, NULL, avoid => ARRAY[@c])', 'pt_match(@a, ''Calls+'', stop_at => ARRAY[@b])', 'pt_match_path(@a, @d, ''Calls+'', avoid => ARRAY[@e])',
	'pt_reachable(@a, @d, avoid => ARRAY[@e, @b])', 'pt_reachable(@lone, @lone)', 'pt_dijkstra(NULL, @a, ARRAY[@d, @c], avoid => ARRAY[@e])', 'pt_dijkstra_path(@a, @d, avoid => ARRAY[@e])', 'pt_dijkstra_paths(@a, @d, within => ARRAY[@b, @c])', 'pt_bellman_ford(NULL, @a, avoid => ARRAY[@e])', 'pt_max_flow(NULL, @a, @d, avoid => ARRAY[@e])',
	'pt_similarity(NULL, @c, avoid => ARRAY[@a])', 'pt_dominators(NULL, @a, avoid => ARRAY[@e])', 'pt_pagerank(personalization => ARRAY[@a], avoid => ARRAY[@e])', 'pt_components(within => ARRAY[@a, @e])', 'pt_degree(avoid => ARRAY[@a, @lone])', 'pt_cycles(avoid => ARRAY[@a])', 'pt_has_cycle(avoid => ARRAY[@b])', 'pt_topological_sort(within => ARRAY[@a, @e, @d])',
	'pt_coupling(avoid => ARRAY[@a])', 'pt_forbidden(''** -> **'', avoid => ARRAY[@c])', 'pt_context(ARRAY[@d], avoid => ARRAY[@c])', 'pt_possible_callers_summary(ARRAY[@d])', 'pt_affected_tests(ARRAY[@d], avoid => ARRAY[@e])', 'pt_unreferenced(mode => ''unreachable'', entry_points => ARRAY[@b])', 'pt_impact_page(ARRAY[@d], avoid => ARRAY[@c])', 'pt_callers_page(@d, avoid => ARRAY[@c])', 'pt_impact_summary(ARRAY[@d], stop_at => ARRAY[@c])']) WITH ORDINALITY q (question, i) ORDER BY i;
SELECT count(*), count(*) FILTER (WHERE as_is ~ '^[0-9A-Z]{5} ') AS errors, count(*) - count(as_is) AS empty FROM asked;
SELECT * FROM asked WHERE as_is IS DISTINCT FROM otherwise OR as_is ~ '^[0-9A-Z]{5} ';
SELECT answer('pt_watch(ARRAY[@d])', false) AS watched, answer('pt_unwatch(ARRAY[@d])', true) AS no_longer;
-- where old spellings of keys are in the index yet, under rows that are gone
INSERT INTO pt_spelt.pt_edge (from_key, to_key) VALUES ('rs:function:c:./src/io.rs:T7', 'x');
SELECT count(*) FROM pt_blast_radius('rust:fn:d:__src_io_rs:4-4', NULL, avoid => '{rs:function:c:./src/io.rs:T7}');
DELETE FROM pt_spelt.pt_edge WHERE to_key = 'x';
SELECT count(*) FROM pt_blast_radius('rust:fn:d:__src_io_rs:4-4', NULL, avoid => '{rs:function:c:./src/io.rs:T7}');
-- and where each step is a query
DROP INDEX pt_spelt.pt_edge_from_key_to_key_edge_type_confidence_weight_idx;
SET client_min_messages = error;
SELECT question, answer(question, false), answer(question, true) FROM asked WHERE answer(question, false) IS DISTINCT FROM answer(question, true);
SET client_min_messages = warning;
DROP TABLE asked;
CREATE INDEX ON pt_spelt.pt_edge USING adjacency (from_key, to_key, edge_type, confidence);

-- Windows' drives in either case, with a hash behind hyphens, too; a discriminator counts within its scope
SELECT * FROM spelt(ARRAY['rust:fn:f:c:/p/a.rs:1-2', 'rust:fn:f:c:\p\a.rs:T4', 'C:\p\a.rs-f-fn-abcdef12', '\\?\c:\p\a.rs-f-fn-abcdef12', 'C__p_a_rs-f-fn-abcdef12'], 'rust:fn:f:C:/p/a.rs:1-2@C:/p/a.rs@1@2');
SELECT * FROM spelt('{rust|||fn|||a::b|||f|||./src/a.rs|||d0,rs|||function|||a::c|||f|||./src/a.rs|||d0,rust|||fn||||||f|||./src/a.rs|||d0,rust|||fn|||a::c|||f|||./src/a.rs|||d1}', 'rust|||fn|||a::b|||f|||src/a.rs|||d0', 'rust|||fn|||a::c|||f|||src/a.rs|||d0');

-- what is looked for is found by indexes, if they may be used
SELECT (SELECT string_agg(pg_get_indexdef(i::regclass, 1, false), ' ') FROM pt_enable_updates('pt_spelt.pt_edge', imports => true) i WHERE i::text ~ 'spelling') AS made;
TRUNCATE pt_spelt.pt_entity, pt_spelt.pt_edge;
INSERT INTO pt_spelt.pt_entity (key) SELECT format('rust:fn:f%s:__src_f%s_rs:1-9', i, i % 100) FROM generate_series(1, 3000) i;
INSERT INTO pt_spelt.pt_edge (from_key, to_key) SELECT format('rust:fn:f%s:__src_f%s_rs:1-9', i, i % 100), format('rust:fn:g%s:./src/g.rs:1-9', i) FROM generate_series(1, 3000) i;
ANALYZE pt_spelt.pt_entity, pt_spelt.pt_edge;
CREATE FUNCTION read_by(command text, tables regclass[]) RETURNS TABLE (relation regclass, scans bigint) LANGUAGE plpgsql AS $$
BEGIN
	CREATE TEMPORARY TABLE before ON COMMIT DROP AS SELECT c.oid AS r, pg_stat_get_xact_numscans(c.oid) AS n FROM pg_class c WHERE c.oid = ANY (tables);
	EXECUTE command;
	RETURN QUERY SELECT b.r::regclass, pg_stat_get_xact_numscans(b.r) - n FROM before b ORDER BY 1;
END $$;
SET enable_seqscan = off;
SELECT relation, scans FROM read_by($$SELECT pt_blast_radius('rust:fn:f7:./src/f7.rs:1-9', missing_ok => true), pt_blast_radius('rust:fn:none:./src/none.rs:1-9', missing_ok => true)$$, '{pt_spelt.pt_entity,pt_spelt.pt_edge}');
SELECT relation, scans FROM read_by($$SELECT pt_import('[{"key": "rust:fn:g7:__src_g_rs:1-9"}]')$$, '{pt_spelt.pt_entity}');
RESET enable_seqscan;
SELECT to_key FROM pt_spelt.pt_edge WHERE from_key = 'rust:fn:f7:__src_f7_rs:1-9';

-- thousands of a name in one file
TRUNCATE pt_spelt.pt_entity, pt_spelt.pt_edge;
INSERT INTO pt_spelt.pt_entity (key) SELECT format('rust:fn:new:__src_a_rs:%s-%s', i, i) FROM generate_series(1, 3000) i;
INSERT INTO pt_spelt.pt_edge (from_key, to_key) SELECT format('rust:fn:new:./src/a.rs:%s-%s', i, i), format('rust:fn:new:./src/a.rs:%s-%s', i + 1, i + 1) FROM generate_series(1, 3000) i;
-- seconds of the processor's time that the session has had: as many on a busy machine
CREATE FUNCTION worked() RETURNS numeric LANGUAGE sql VOLATILE AS $$
	SELECT (f[12]::numeric + f[13]::numeric) / 100 FROM regexp_split_to_array(regexp_replace(pg_read_file('/proc/self/stat', 0, 2000), '.*\) ', ''), ' ') AS f $$;
SELECT worked() AS begun \gset
SELECT edges_joined FROM pt_resolve_references();
SELECT worked() - :begun < 20 AS soon;
SELECT count(*), count(*) FILTER (WHERE to_key ~ '__') AS joined FROM pt_spelt.pt_edge WHERE from_key ~ '__';
RESET parseltongue.graph;
SELECT pt_drop_codebase('pt_spelt');
DROP SCHEMA pt_spelling CASCADE;
